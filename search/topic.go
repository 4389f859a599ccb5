package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"convivio/store/board"
)

// Topics finds what is spoken of more than before. A ledger counts in which
// ideas each word came up lately and, from the search index, how often before,
// board by board; what a reader is shown is summed over the boards they may see
// and tested on those sums alone. Nothing of it is kept on disk: what was deleted
// or edited is out with the next ledger, which is made when somebody looks and
// the log has moved on.
type Topics struct {
	index *Index
	src   TopicSource
	now   func() time.Time

	mu      sync.Mutex
	ledger  *ledger       // nil: none was made yet
	making  chan struct{} // closed when the one being made is ready; nil: none is
	sighted map[string]sighted
}

// TopicSource is what topics are found in besides the index.
type TopicSource interface {
	Source
	// PeopleNames lists what everybody is called.
	PeopleNames(ctx context.Context) ([]string, error)
}

// NewTopics finds topics in an index and the store it follows. now tells the time.
func NewTopics(x *Index, src TopicSource, now func() time.Time) *Topics {
	return &Topics{index: x, src: src, now: now, sighted: map[string]sighted{}}
}

const (
	defaultTopics = 12
	mostTopics    = 50
	ledgerRest    = 200                   // a ledger is used so many times as long as it took to make
	quickLedger   = time.Second / 4       // one that took no longer is waited for
	glance        = 30 * time.Millisecond // that somebody waits who would not
	sightedFor    = time.Minute           // topics found for a set of boards are used again so long
	mostSighted   = 200
)

// sighted are the topics of a set of boards, as they were found.
type sighted struct {
	of     *ledger
	at     time.Time
	topics []topic
	young  bool
}

// Growing lists what more ideas speak of than before, as far as the reader may
// see them. Where wait is false it hardly waits, and answers with what there is at hand. Errors:
// invalid (days, limit, board), too_many, ctx's.
func (t *Topics) Growing(ctx context.Context, who board.Who, q board.TopicQuery, wait bool) (board.Topics, error) {
	out := board.Topics{Items: []board.Topic{}}
	seen, err := t.src.SeenBoards(ctx, who)
	if err != nil {
		return out, fmt.Errorf("read what may be seen: %w", err)
	}
	if q, seen, err = checkTopics(q, seen); err != nil {
		return out, err
	}
	out.Days = q.Days
	l, err := t.current(ctx, wait)
	if err != nil || l == nil {
		out.From, out.NotReady = since(t.now(), q.Days), true
		return out, err
	}
	out.From = l.start(q.Days)
	found, err := t.sight(ctx, who, l, seen, q.Days)
	if err != nil {
		return out, err
	}
	out.Young = found.young
	return out, t.show(ctx, who, found.topics, q.Limit, &out)
}

// checkTopics settles a query. Errors: invalid.
func checkTopics(q board.TopicQuery, seen []board.SeenBoard) (board.TopicQuery, []board.SeenBoard, error) {
	if q.Days == 0 {
		q.Days = board.TopicPeriods[0]
	}
	if !slices.Contains(board.TopicPeriods, q.Days) {
		return q, nil, board.FieldFault("days", "Topics grow over 7, 30 or 90 days.")
	}
	if q.Limit < 0 {
		return q, nil, board.FieldFault("limit", "The limit is a number from 1 to %d.", mostTopics)
	}
	if q.Limit == 0 {
		q.Limit = defaultTopics
	}
	q.Limit = min(q.Limit, mostTopics)
	if q.Board == "" {
		return q, seen, nil
	}
	at := slices.IndexFunc(seen, func(b board.SeenBoard) bool { return b.Slug == q.Board })
	if at < 0 {
		return q, nil, board.FieldFault("board", "There is no board with this address.")
	}
	return q, seen[at : at+1], nil
}

// current is the ledger to read, made first where it must be. nil: there is none yet.
func (t *Topics) current(ctx context.Context, wait bool) (*ledger, error) {
	t.mu.Lock()
	l := t.ledger
	if l != nil && t.fresh(l) || t.index.Rebuilding() {
		t.mu.Unlock()
		return l, nil
	}
	if t.making == nil {
		t.making = make(chan struct{})
		go t.make(context.WithoutCancel(ctx), t.making)
	}
	ready := t.making
	t.mu.Unlock()
	if l != nil && l.took > quickLedger {
		return l, nil
	}
	var late <-chan time.Time
	if !wait {
		late = time.After(glance)
	}
	select {
	case <-ready:
	case <-late:
		return l, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ledger, nil
}

// fresh tells whether a ledger still holds, or is too new to be made again.
func (t *Topics) fresh(l *ledger) bool {
	age := t.now().Sub(l.made)
	return (l.seq == t.index.Seq() || age < ledgerRest*l.took) && age < 24*time.Hour
}

// make makes a ledger. One that fails leaves the old one, and is tried again
// when somebody looks.
func (t *Topics) make(ctx context.Context, ready chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	l, err := t.tryLedger(ctx)
	if err == nil && l == nil { // the index is just being made anew
		err = errNoFiles
	}
	if err != nil && !errors.Is(err, errNoFiles) {
		slog.WarnContext(ctx, "growing topics could not be worked out", "error", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.ledger = l
		clear(t.sighted)
	}
	t.making = nil
	close(ready)
}

// tryLedger makes a ledger; a fault of ours must not end the program.
func (t *Topics) tryLedger(ctx context.Context) (l *ledger, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return makeLedger(ctx, t.index, t.src, t.now())
}

// sight finds the topics of some boards, or those found for them just before.
// Who sees the same boards sees the same topics.
func (t *Topics) sight(ctx context.Context, who board.Who, l *ledger, seen []board.SeenBoard, days int) (sighted, error) {
	key := sightKey(seen, days)
	t.mu.Lock()
	s, ok := t.sighted[key]
	t.mu.Unlock()
	if ok && s.of == l && t.now().Sub(s.at) < sightedFor {
		return s, nil
	}
	if err := t.index.takeTurn(ctx); err != nil {
		return s, err
	}
	defer func() { <-t.index.slots }()
	s = sighted{of: l, at: t.now()}
	v := l.outlook(seen, days)
	if s.young = v.young(); !s.young {
		list, err := t.name(ctx, who, v, v.growing())
		if err != nil {
			return s, err
		}
		s.topics = v.group(list)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.sighted) >= mostSighted {
		clear(t.sighted)
	}
	t.sighted[key] = s
	return s, nil
}

// sightKey names a set of boards and a period.
func sightKey(seen []board.SeenBoard, days int) string {
	b := strconv.AppendInt(nil, int64(days), 10)
	for _, s := range seen { // in the order of their ids
		b = strconv.AppendInt(append(b, ' '), s.ID, 36)
	}
	return string(b)
}

// show fills in the ideas, as they are now and this reader may see them.
func (t *Topics) show(ctx context.Context, who board.Who, topics []topic, limit int, out *board.Topics) error {
	topics = topics[:min(len(topics), limit)]
	var refs []board.Ref
	asked := map[int64]bool{}
	for _, x := range topics {
		for _, id := range x.examples {
			if !asked[id] {
				asked[id] = true
				refs = append(refs, board.Ref{Part: board.InText, ID: id})
			}
		}
	}
	there := map[int64]board.TopicIdea{}
	for some := range slices.Chunk(refs, resultsAsked) {
		results, err := t.src.Results(ctx, who, some)
		if err != nil {
			return fmt.Errorf("read ideas: %w", err)
		}
		for _, r := range results {
			h := r.Hit
			there[h.Idea] = board.TopicIdea{Idea: h.Idea, Title: h.Title, TitleLang: h.TitleLang, Board: h.Board, Stage: h.Stage, Votes: h.Votes}
		}
	}
	for _, x := range topics {
		one := board.Topic{Words: x.words, Ideas: x.ideas, Weeks: x.weeks, Examples: []board.TopicIdea{}}
		for _, id := range x.examples {
			if idea, ok := there[id]; ok {
				one.Examples = append(one.Examples, idea)
			}
		}
		out.Items = append(out.Items, one)
	}
	return nil
}

// topic is something that grows, as it was found for a set of boards.
type topic struct {
	words    []string
	ideas    int
	weeks    []int
	examples []int64 // ideas
}

// Topics hold together what comes up in the same ideas.
const (
	mostWords   = 5   // of a topic, shown
	alike       = 0.3 // of the ideas of two words, at least, are the same where they are one topic
	mostExample = 3
)

// group joins the words that come up in the same ideas, the most telling first.
func (v *outlook) group(list []growth) []topic {
	type heap struct {
		members []growth
		ideas   map[uint32]int // how many of the words each has
	}
	var heaps []*heap
next:
	for _, c := range list {
		for _, h := range heaps {
			if overlap(h.members[0].ideas, c.ideas) >= alike {
				h.members = append(h.members, c)
				for _, i := range c.ideas {
					h.ideas[i]++
				}
				continue next
			}
		}
		h := &heap{[]growth{c}, map[uint32]int{}}
		for _, i := range c.ideas {
			h.ideas[i]++
		}
		heaps = append(heaps, h)
	}
	topics := make([]topic, len(heaps))
	for n, h := range heaps {
		topics[n] = topic{words: topicWords(h.members), ideas: len(h.ideas), weeks: v.weeks(h.members), examples: v.examples(h.ideas)}
	}
	return topics
}

// overlap is the share of two sets' elements, in order, that both have.
func overlap(a, b []uint32) float64 {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch cmp.Compare(a[i], b[j]) {
		case 0:
			both++
			i++
			j++
		case -1:
			i++
		default:
			j++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// topicWords are the words of a topic as it is shown: an expression stands for the
// words it is made of, and no form of a word stands beside another.
func topicWords(members []growth) []string {
	members = slices.Clone(members)
	slices.SortStableFunc(members, func(a, b growth) int { return cmp.Compare(len(b.terms), len(a.terms)) })
	said := map[string]bool{}
	var kept []growth
	for _, c := range members {
		if said[fold(c.shown)] || slices.ContainsFunc(c.terms, func(term string) bool { return said[term] }) {
			continue
		}
		kept = append(kept, c)
		said[fold(c.shown)] = true
		for _, term := range c.terms {
			said[term] = true
		}
	}
	slices.SortStableFunc(kept, func(a, b growth) int { return cmp.Compare(b.surprise, a.surprise) })
	var out []string
	for _, c := range kept[:min(len(kept), mostWords)] {
		out = append(out, c.shown)
	}
	return out
}
