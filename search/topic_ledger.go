package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"convivio/store/board"
	"convivio/store/markdown"
)

const (
	lately    = board.TopicWeeks * 7 // days of which every text is read
	longAgo   = 730                  // days that count as before
	fewest    = 3                    // ideas, and authors, without which nothing is a topic
	noDay     = int32(-1)
	dayLength = 24 * time.Hour
)

// A ledger holds which words came up in the texts of the last weeks, and in how
// many ideas of each board each of them came up before. To compare like with
// like, an idea counts once in each stretch as long as the period.
type ledger struct {
	seq   int64
	made  time.Time
	took  time.Duration
	end   time.Time // the midnight that ends today
	names map[string]bool

	boards map[int64]uint32 // a place in the counts for each board
	texts  []lateText       // newest first
	ideas  []int64          // by their place in lateText
	people int
	terms  []lateTerm
	before [][]boardCount // for each of board.TopicPeriods: ideas that were spoken of, by board
}

// lateText is a text of the last weeks. Ideas and authors are numbered from 0.
type lateText struct {
	ref          board.Ref
	board        uint32
	idea, author uint32
	day          int32 // 0 is today
}

// lateTerm is a word of those texts, or two that stand side by side.
type lateTerm struct {
	words  []string // terms of the index
	texts  []uint32 // that have it, newest first
	beside []uint32 // of two words: texts in which they stand side by side
	before [][]boardCount
}

// boardCount is a number of ideas on a board, by its place.
type boardCount struct {
	board uint32
	ideas uint32
}

// since is when a period begins that ends with today.
func since(now time.Time, days int) time.Time {
	y, m, d := now.Date()
	return time.Date(y, m, d+1-days, 0, 0, 0, 0, now.Location())
}

func (l *ledger) start(days int) time.Time { return since(l.end.Add(-time.Minute), days) }

// dayOf is how many days ago a time was; noDay for what is too long ago.
func (l *ledger) dayOf(micros int64) int32 {
	ago := l.end.Sub(time.UnixMicro(micros))
	if ago >= longAgo*dayLength {
		return noDay
	}
	return int32(max(0, ago-1) / dayLength) // #nosec G115 -- below longAgo
}

// makeLedger reads the texts of the last weeks, and counts in the index how often
// their words came up before.
func makeLedger(ctx context.Context, x *Index, src TopicSource, now time.Time) (*ledger, error) {
	began := time.Now()
	l := &ledger{seq: x.Seq(), made: now, end: since(now, 0), names: map[string]bool{}, boards: map[int64]uint32{}}
	names, err := src.PeopleNames(ctx)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	for _, name := range names {
		l.names[fold(name)] = true
		eachWord(name, func(w word) bool {
			l.names[w.folded] = true
			for _, p := range w.parts {
				l.names[p] = true
			}
			return true
		})
	}
	f, r, _, err := x.snapshot()
	if err != nil {
		return nil, x.fault(ctx, f, err)
	}
	defer func() { _ = r.Close() }()
	var all *columns
	var refs map[board.Where][]int64
	if err = contained(func() error {
		shards, err := shardsOf(r)
		if err == nil {
			all, refs, err = l.columns(ctx, shards)
		}
		return err
	}); err != nil {
		return nil, x.fault(ctx, f, err)
	}
	if err = l.read(ctx, src, refs); err != nil {
		return nil, err
	}
	if err = contained(func() error { return l.countBefore(ctx, all) }); err != nil {
		return nil, x.fault(ctx, f, err)
	}
	l.took = time.Since(began)
	return l, nil
}

// columns are what the index knows of its documents, by their numbers.
type columns struct {
	shards []*shard
	base   []uint32 // what a shard's own numbers begin at
	day    []int32
	board  []uint32
	unit   [][]uint32 // for each period: one number for each idea and stretch of time
	units  []uint32   // how many of them there are
}

// columns reads the facts of all documents, and which of them are late texts.
func (l *ledger) columns(ctx context.Context, shards []*shard) (*columns, map[board.Where][]int64, error) {
	c := &columns{shards: shards}
	var idea []int64
	late := map[board.Where][]int64{}
	for _, s := range shards {
		base := len(c.day)
		c.base = append(c.base, uint32(base)) // #nosec G115 -- bleve numbers documents with 32 bits
		all := int(s.seg.Count())             // #nosec G115 -- the same
		c.day = append(c.day, slices.Repeat([]int32{noDay}, all)...)
		c.board, idea = append(c.board, make([]uint32, all)...), append(idea, make([]int64, all)...)
		for doc := range all {
			if doc%4096 == 0 && ctx.Err() != nil {
				return nil, nil, ctx.Err()
			}
			n := uint32(doc) // #nosec G115 -- the same
			if s.gone != nil && s.gone.Contains(n) {
				continue
			}
			f, err := s.facts(n)
			if err != nil {
				return nil, nil, err
			}
			day := l.dayOf(f.at)
			c.day[base+doc], c.board[base+doc], idea[base+doc] = day, l.place(f.board), f.idea
			if day != noDay && day < lately {
				late[f.ref.Part] = append(late[f.ref.Part], f.ref.ID)
			}
		}
	}
	c.number(l, idea)
	return c, late, nil
}

// place is where a board stands in the counts.
func (l *ledger) place(id int64) uint32 {
	p, ok := l.boards[id]
	if !ok {
		p = uint32(len(l.boards)) // #nosec G115 -- there are few boards
		l.boards[id] = p
	}
	return p
}

// number gives each idea one number for each stretch in which it was spoken of,
// and counts them by board. What is no part of the past has none.
func (c *columns) number(l *ledger, idea []int64) {
	order := make([]uint32, 0, len(idea))
	for n, day := range c.day {
		if day != noDay {
			order = append(order, uint32(n)) // #nosec G115 -- documents of one index
		}
	}
	slices.SortFunc(order, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(idea[a], idea[b]), cmp.Compare(c.day[a], c.day[b]))
	})
	for _, days := range board.TopicPeriods {
		units, of, counts := uint32(0), make([]uint32, len(idea)), make([]uint32, len(l.boards))
		lastIdea, lastStretch := int64(0), int32(0)
		for _, n := range order {
			stretch := c.day[n] / int32(days) // #nosec G115 -- a few days
			if stretch == 0 {
				continue
			}
			if idea[n] != lastIdea || stretch != lastStretch {
				units++
				counts[c.board[n]]++
				lastIdea, lastStretch = idea[n], stretch
			}
			of[n] = units
		}
		c.unit, c.units = append(c.unit, of), append(c.units, units+1)
		l.before = append(l.before, counted32(counts))
	}
}

// counted32 lists the boards that have any.
func counted32(all []uint32) []boardCount {
	var out []boardCount
	for b, n := range all {
		if n > 0 {
			out = append(out, boardCount{uint32(b), n}) // #nosec G115 -- there are few boards
		}
	}
	return out
}

// countBefore counts, in the index, in how many ideas the words came up before.
func (l *ledger) countBefore(ctx context.Context, c *columns) error {
	stamps := make([][]uint32, len(board.TopicPeriods))
	for p := range stamps {
		stamps[p] = make([]uint32, c.units[p])
	}
	counts := make([]uint32, len(l.boards))
	var docs []uint32
	for n := range l.terms {
		t := &l.terms[n]
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var err error
		if docs, err = c.past(t.words, docs[:0]); err != nil {
			return err
		}
		for p := range board.TopicPeriods {
			clear(counts)
			for _, d := range docs {
				if u := c.unit[p][d]; u != 0 && stamps[p][u] != uint32(n)+1 { // #nosec G115 -- a number of terms
					stamps[p][u] = uint32(n) + 1 // #nosec G115
					counts[c.board[d]]++
				}
			}
			t.before = append(t.before, counted32(counts))
		}
	}
	return nil
}

// past are the documents of before that have all of the terms: of before the
// shortest period, since that is the past of one of them.
func (c *columns) past(terms []string, docs []uint32) ([]uint32, error) {
	shortest := int32(slices.Min(board.TopicPeriods)) // #nosec G115 -- a few days
	for n, s := range c.shards {
		have, err := s.term(textField, terms[0])
		for _, t := range terms[1:] {
			if have == nil || err != nil {
				break
			}
			var more *roaring.Bitmap
			more, err = s.term(textField, t)
			have = common(have, more)
		}
		if err != nil {
			return docs, err
		}
		if have == nil {
			continue
		}
		for it := have.Iterator(); it.HasNext(); {
			if d := c.base[n] + it.Next(); c.day[d] >= shortest {
				docs = append(docs, d)
			}
		}
	}
	return docs, nil
}

// read takes the late texts apart.
func (l *ledger) read(ctx context.Context, src TopicSource, refs map[board.Where][]int64) error {
	var docs []board.Document // without their texts
	w := newLateWords()
	var said [][]uint32
	for _, part := range parts {
		for ids := range slices.Chunk(refs[part], askAtOnce) {
			some, err := src.Documents(ctx, part, ids)
			if err != nil {
				return fmt.Errorf("read texts: %w", err)
			}
			for _, d := range some {
				if d.Part != board.InText {
					d.Tags = "" // the idea's
				}
				said = append(said, w.read(tongueOf(d.Lang), d.Title, apart(d.Tags), markdown.Text(d.HTML)))
				d.Title, d.Tags, d.HTML = "", "", ""
				docs = append(docs, d)
			}
		}
	}
	order := make([]int, len(docs))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := docs[a], docs[b]
		return cmp.Or(cmp.Compare(y.At, x.At), cmp.Compare(x.Part, y.Part), cmp.Compare(y.ID, x.ID))
	})
	ideas, people := map[int64]uint32{}, map[int64]uint32{}
	sorted := make([][]uint32, 0, len(docs))
	for _, n := range order {
		d := docs[n]
		idea, author := numbered(ideas, d.Idea), numbered(people, d.Author)
		if int(idea) == len(l.ideas) {
			l.ideas = append(l.ideas, d.Idea)
		}
		l.texts = append(l.texts, lateText{d.Ref, l.place(d.Board), idea, author, l.dayOf(d.At)})
		sorted = append(sorted, said[n])
	}
	l.people = len(people)
	l.terms = w.terms(l.texts, sorted)
	return nil
}

// numbered numbers what comes up, from 0.
func numbered(m map[int64]uint32, id int64) uint32 {
	n, ok := m[id]
	if !ok {
		n = uint32(len(m)) // #nosec G115 -- ideas and people of a few weeks
		m[id] = n
	}
	return n
}
