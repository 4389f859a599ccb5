package search

import (
	"slices"
	"strconv"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"convivio/store/board"
)

// sight is what a reader may see, in terms of the index.
type sight struct {
	guest  bool
	boards []board.SeenBoard
}

// board is a board by its slug, if the reader may see it.
func (s sight) board(slug string) (board.SeenBoard, bool) {
	for _, b := range s.boards {
		if b.Slug == slug {
			return b, true
		}
	}
	return board.SeenBoard{}, false
}

// slug names a board that the reader may see.
func (s sight) slug(id int64) (string, bool) {
	for _, b := range s.boards {
		if b.ID == id {
			return b.Slug, true
		}
	}
	return "", false
}

func numbers(ids []int64) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = strconv.FormatInt(id, 10)
	}
	return list
}

// see works out which documents of a shard the reader may see.
func (s *shard) see(who sight, held map[int64]hold, key string) (err error) {
	work := func() (*roaring.Bitmap, error) { return s.visible(who, held) }
	if s.col == nil {
		s.seen, err = work()
	} else {
		s.seen, err = s.col.seen.or(key, sights, func() (*roaring.Bitmap, error) {
			b, err := work()
			return own(b), err
		})
	}
	s.seen = less(s.seen, s.gone)
	s.open = s.seen
	return err
}

// visible are the documents of a segment that the reader may see, deleted ones
// among them. A board that changed its visibility is held both ways until its
// texts have been indexed again: held as open, it must not be found by those who
// may no longer see it.
func (s *shard) visible(who sight, held map[int64]hold) (*roaring.Bitmap, error) {
	if who.guest {
		var ids []int64
		for _, b := range who.boards {
			ids = append(ids, b.ID)
		}
		return s.any(boardField, numbers(ids))
	}
	words := []string{access(0, false)}
	for _, b := range who.boards {
		if held[b.ID].Private {
			words = append(words, access(b.ID, true))
		}
	}
	seen, err := s.any(accessField, words)
	if err != nil {
		return nil, err
	}
	hidden, err := s.any(boardField, numbers(who.hidden(held)))
	return less(seen, hidden), err
}

// hidden are the boards held as open that the reader may not see any more.
func (s sight) hidden(held map[int64]hold) (ids []int64) {
	for id, h := range held {
		if _, seen := s.slug(id); h.Open && !seen {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// narrow leaves open what a question's filters let through, without the words
// that must not stand there. Times are looked at again by whoever reads the facts.
func (s *shard) narrow(q question) error {
	if q.filter.nothing {
		s.open = nil
	}
	for _, m := range append(q.filter.marks(), q.filter.months()...) {
		b, err := s.any(m.field, m.terms)
		if err != nil {
			return err
		}
		if m.not {
			s.open = less(s.open, b)
		} else {
			s.open = common(s.open, b)
		}
	}
	if err := s.between(q.filter); err != nil {
		return err
	}
	for _, m := range q.except.marks() {
		b, err := s.any(m.field, m.terms)
		if err != nil {
			return err
		}
		if m.not {
			s.open = common(s.open, b)
		} else {
			s.open = less(s.open, b)
		}
	}
	for _, a := range q.without {
		b, err := s.has(a)
		if err != nil {
			return err
		}
		s.open = less(s.open, b)
	}
	if size(s.open) == 0 {
		s.open = nil
	}
	return nil
}

// mark is one thing that documents are filtered by: any of some terms.
type mark struct {
	field string
	terms []string
	not   bool
}

// marks are what a filter comes to in the index.
func (f filter) marks() (list []mark) {
	if f.byBoard {
		list = append(list, mark{boardField, numbers(f.boardIDs), false})
	}
	if len(f.stages) > 0 {
		terms := make([]string, len(f.stages))
		for i, st := range f.stages {
			terms[i] = string(st)
		}
		list = append(list, mark{stageField, terms, false})
	}
	if len(f.years) > 0 {
		terms := make([]string, len(f.years))
		for i, y := range f.years {
			terms[i] = strconv.Itoa(y)
		}
		list = append(list, mark{yearField, terms, false})
	}
	if len(f.langs) > 0 {
		list = append(list, mark{langField, f.langs, false})
	}
	for _, t := range f.tags {
		list = append(list, mark{tagField, []string{t}, false})
	}
	if f.byAuthor {
		list = append(list, mark{authorField, numbers(f.authors), false})
	}
	if f.byIdea {
		list = append(list, mark{ideaField, numbers(f.ideas), false})
	}
	switch {
	case f.answered > 0:
		list = append(list, mark{markField, []string{markAnswered}, false})
	case f.answered < 0:
		list = append(list, mark{markField, []string{markWaits}, false})
	}
	if f.attached {
		list = append(list, mark{markField, []string{markFile}, false})
	}
	return list
}

// maxMonths bounds the months that are looked up one by one.
const maxMonths = 120

// months are marks of the times of a filter, to the month: nothing outside them
// may take the place of what is within, where there is more than is looked at.
func (f filter) months() []mark {
	if f.from != 0 {
		until := time.Now().AddDate(0, 1, 0)
		if to := time.UnixMicro(f.to); f.to != 0 && to.Before(until) {
			until = to
		}
		if terms := monthsOf(time.UnixMicro(f.from), until, maxMonths); len(terms) < maxMonths {
			return []mark{{monthField, terms, false}}
		}
	}
	return f.outside()
}

// outside are the years, and the months of a year cut in two, that the times of a
// filter leave out.
func (f filter) outside() []mark {
	var years, months []string
	if f.from != 0 {
		from := time.UnixMicro(f.from).UTC()
		for y := firstYear; y < from.Year(); y++ {
			years = append(years, strconv.Itoa(y))
		}
		months = monthsOf(yearStart(from.Year()), monthStart(from), maxMonths)
	}
	if f.to != 0 {
		last := time.UnixMicro(f.to - 1).UTC()
		for y := last.Year() + 1; y <= time.Now().UTC().Year()+1; y++ {
			years = append(years, strconv.Itoa(y))
		}
		months = append(months, monthsOf(monthStart(last).AddDate(0, 1, 0), yearStart(last.Year()+1), maxMonths)...)
	}
	return []mark{{yearField, years, true}, {monthField, months, true}}
}

func yearStart(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }

func monthStart(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// monthsOf are the months that a stretch touches, to excluded, most at most.
func monthsOf(from, to time.Time, most int) (terms []string) {
	for month := monthStart(from.UTC()); month.Before(to) && len(terms) < most; month = month.AddDate(0, 1, 0) {
		terms = append(terms, month.Format("2006-01"))
	}
	return terms
}

// between leaves out what was written before or after in the months that begin
// and end the times of a filter: they must take nobody's place.
func (s *shard) between(f filter) error {
	for _, at := range [...]int64{f.from, f.to} {
		if at == 0 || s.open == nil {
			continue
		}
		written, err := s.term(monthField, time.UnixMicro(at).UTC().Format("2006-01"))
		if err != nil {
			return err
		}
		out := roaring.New()
		for it := iterate(common(s.open, written)); it.HasNext(); {
			doc := it.Next()
			facts, err := s.facts(doc)
			if err != nil {
				return err
			}
			if facts.at < f.from || f.to != 0 && facts.at >= f.to {
				out.Add(doc)
			}
		}
		s.open = less(s.open, out)
	}
	return nil
}

// iterate walks over a set; nil is empty.
func iterate(b *roaring.Bitmap) roaring.IntPeekable {
	if b == nil {
		return roaring.New().Iterator()
	}
	return b.Iterator()
}
