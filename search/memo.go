package search

import (
	"log/slog"
	"math"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"

	"convivio/store/board"
)

// A memo is what is remembered of one segment, which never changes: the facts
// of its documents, short, and what readers may see of them. Nothing in it points
// into the segment's file.
type memo struct {
	facts   atomic.Pointer[[]fact]
	of      []uint16 // in which period each was written; there once the facts are
	loading atomic.Bool
	seen    remembered // by what a reader may see
	begun   remembered // by how words begin, whoever asks
}

// fact is facts in 24 bytes. A part of 0: not kept here.
type fact struct {
	at          int64
	id, idea    uint32
	board       uint32
	part, stage byte
	lang        [2]byte
}

// sights is how many ways of seeing a segment are remembered.
const sights = 32

// memos are those of the segments that are searched.
type memos struct {
	mu sync.Mutex
	of map[segment.Segment]*memo
	// One memo is read at a time, beside the searches.
	reading sync.Mutex
	loads   sync.WaitGroup
	texts   atomic.Uint64 // in all segments, as last searched
}

// Prepare reads into memory what searches need of each segment, and would otherwise
// read as they go. Run does so by itself, beside what it does.
func (x *Index) Prepare() error {
	err := x.prepare()
	x.memos.loads.Wait()
	return err
}

// prepare begins to.
func (x *Index) prepare() error {
	_, r, st, err := x.snapshot()
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	if st.Building != nil { // what it makes is merged away again
		return nil
	}
	shards, err := shardsOf(r)
	if err == nil {
		x.memos.attach(shards)
	}
	return err
}

// attach gives shards their memos, and forgets those of segments that are gone.
func (c *memos) attach(list []*shard) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[segment.Segment]*memo{}
	}
	var texts uint64
	for _, s := range list {
		texts += s.seg.Count()
		if s.col = c.of[s.seg]; s.col == nil {
			s.col = &memo{}
			c.of[s.seg] = s.col
		}
	}
	c.texts.Store(texts)
	if len(c.of) > 2*len(list)+8 {
		kept := make(map[segment.Segment]*memo, len(list))
		for _, s := range list {
			kept[s.seg] = s.col
		}
		c.of = kept
	}
	for _, s := range list {
		if s.col.facts.Load() == nil && s.col.loading.CompareAndSwap(false, true) {
			s.seg.AddRef()
			c.loads.Go(func() { c.load(s.seg, s.col) })
		}
	}
}

// load reads the facts of a segment. Until they are there, and where they cannot
// be read, searches read those they need from the file.
func (c *memos) load(seg segment.Segment, col *memo) {
	c.reading.Lock()
	defer c.reading.Unlock()
	s := &shard{seg: seg}
	err := contained(func() error {
		list, of := make([]fact, seg.Count()), make([]uint16, seg.Count())
		for doc := range list {
			f, err := s.facts(uint32(doc)) // #nosec G115 -- bleve numbers documents with 32 bits
			if err != nil {
				return err
			}
			list[doc], of[doc] = f.short(), period(f.at)
		}
		col.of = of
		col.facts.Store(&list)
		return nil
	})
	if err == nil {
		err = seg.DecRef()
	}
	if err != nil {
		slog.Warn("the facts of a segment of the search index are not kept in memory", "error", err)
	}
}

func (f facts) short() fact {
	stage := stageLetter(f.stage)
	if f.ref.ID > math.MaxUint32 || f.idea > math.MaxUint32 || f.board > math.MaxUint32 || stage == otherStage || len(f.lang) != 0 && len(f.lang) != 2 {
		return fact{}
	}
	s := fact{at: f.at, id: uint32(f.ref.ID), idea: uint32(f.idea), board: uint32(f.board), part: partLetter[f.ref.Part], stage: stage} // #nosec G115 -- compared above
	copy(s.lang[:], f.lang)
	return s
}

// long is a short fact as it was; its digest and whether its board is private are not kept.
func (s *fact) long() facts {
	return facts{at: s.at, ref: s.ref(), idea: int64(s.idea), board: int64(s.board), stage: s.stageName(), lang: s.langName()}
}

func (s *fact) ref() board.Ref { return board.Ref{Part: partOf(s.part), ID: int64(s.id)} }

func (s *fact) stageName() string { return string(lettered[s.stage-'A']) }

func (s *fact) langName() string {
	if s.lang[0] == 0 {
		return ""
	}
	return langName(s.lang[:])
}

// key names what a reader may see, so that those who may see the same share it.
func (s sight) key(held map[int64]hold) string {
	var b strings.Builder
	b.WriteString(strconv.FormatBool(s.guest))
	for _, one := range s.boards {
		b.WriteByte(' ')
		b.WriteString(strconv.FormatInt(one.ID, 36))
		if held[one.ID].Private {
			b.WriteByte('p')
		}
	}
	for _, id := range s.hidden(held) {
		b.WriteByte('-')
		b.WriteString(strconv.FormatInt(id, 36))
	}
	return b.String()
}

// remembered are sets of documents of a segment, each worked out once. They stand
// in memory of their own.
type remembered struct {
	mu sync.Mutex
	of map[string]*roaring.Bitmap
}

// or answers what is remembered under a key, or what work works out; most are kept.
func (c *remembered) or(key string, most int, work func() (*roaring.Bitmap, error)) (*roaring.Bitmap, error) {
	c.mu.Lock()
	b, ok := c.of[key]
	c.mu.Unlock()
	if ok {
		return b, nil
	}
	b, err := work()
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.of) >= most || c.of == nil {
		c.of = map[string]*roaring.Bitmap{}
	}
	c.of[key] = b
	return b, nil
}

// own is a copy of a set that may stand in the segment's file.
func own(found *roaring.Bitmap) *roaring.Bitmap {
	if found == nil {
		return nil
	}
	b := roaring.New()
	b.Or(found)
	b.CloneCopyOnWriteContainers()
	return b
}
