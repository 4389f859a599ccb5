package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/a-h/templ"
	"github.com/maypok86/otter/v2"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

// A thread's HTML is the same for every reader of a board, so it is rendered
// once for each state of the thread, language and order. The last event of the
// thread is part of the key: nothing ever needs to be thrown out because it
// changed. What differs by reader (which comments are new, which branches are
// open because of them) is spliced into the bytes as they are sent: see view.

// shapeKey is a state of a thread in one order.
type shapeKey struct {
	idea, seq int64
	sort      board.CommentSort
}

// pieceKey is a piece of a thread, or of the branch below root, as rendered.
// access moves when somebody's team may have changed, which stands beside names.
type pieceKey struct {
	shapeKey
	access, root int64
	lang         string
	from         int
}

// piece is a rendered piece. It does not hold on to the shape it was laid out
// from, whose room another cache counts: ids, from the place from on, tell
// whether it stands in a shape.
type piece struct {
	html  []byte
	marks []templates.Mark
	ids   []int64
	from  int
}

// in tells whether a piece is of this shape. Two shapes may have been read for
// one state of a thread, one of them with what came in while it was read.
func (p *piece) in(sh *store.Shape) bool {
	return slices.Equal(p.ids, sh.IDs(p.from, min(p.from+threadPiece, len(sh.Nodes))))
}

// branchKey is a shape of a whole thread, with root 0, or of what stands below
// the comment root.
type branchKey struct {
	shapeKey
	root int64
}

// threadCache keeps shapes of threads and rendered pieces of them, within bounds.
type threadCache struct {
	shapes *otter.Cache[branchKey, *store.Shape]
	pieces *otter.Cache[pieceKey, *piece]
	cites  *otter.Cache[shapeKey, []board.Comment]
	marks  *otter.Cache[shapeKey, []board.Landmark]
}

const (
	threadCacheBytes = 64 << 20
	shapeCacheBytes  = 16 << 20
	markCacheBytes   = 8 << 20
	markBytes        = 120 // of a comment in the list to jump by
	nodeBytes        = 150 // of a comment in a shape, its place in the index included
	citableKept      = 50  // threads: few people answer, and each looks at few at once
)

func newThreadCache() threadCache {
	return threadCache{
		otter.Must(&otter.Options[branchKey, *store.Shape]{
			MaximumWeight: shapeCacheBytes,
			Weigher:       func(_ branchKey, s *store.Shape) uint32 { return uint32(nodeBytes*len(s.Nodes) + 300) }, // #nosec G115 -- a thread of 28 million comments is none
		}),
		otter.Must(&otter.Options[pieceKey, *piece]{
			MaximumWeight: threadCacheBytes,
			Weigher: func(_ pieceKey, p *piece) uint32 {
				return uint32(min(len(p.html)+24*len(p.marks)+8*len(p.ids)+300, 1<<31)) // #nosec G115 -- bounded
			},
		}),
		otter.Must(&otter.Options[shapeKey, []board.Comment]{MaximumSize: citableKept}),
		otter.Must(&otter.Options[shapeKey, []board.Landmark]{
			MaximumWeight: markCacheBytes,
			Weigher:       func(_ shapeKey, list []board.Landmark) uint32 { return uint32(markBytes*len(list) + 300) }, // #nosec G115 -- as above
		}),
	}
}

// shape gives the shape of a thread. Errors: invalid for an order that is none.
func (c threadCache) shape(ctx context.Context, st *store.Store, k shapeKey) (*store.Shape, error) {
	whole := branchKey{shapeKey: k}
	if s, ok := c.shapes.GetIfPresent(whole); ok {
		return s, nil
	}
	s, err := st.ShapeOf(ctx, k.idea, k.sort)
	if err != nil {
		return nil, err
	}
	c.shapes.Set(whole, s)
	return s, nil
}

// below gives the shape of what stands below the comment at a place of a thread.
func (c threadCache) below(k shapeKey, whole *store.Shape, at int) *store.Shape {
	branch := branchKey{k, whole.Nodes[at].ID}
	if s, ok := c.shapes.GetIfPresent(branch); ok {
		return s
	}
	s := whole.Under(at)
	c.shapes.Set(branch, s)
	return s
}

// piece gives a piece of a thread, for a reader who was found to see the idea.
func (c threadCache) piece(ctx context.Context, st *store.Store, sh *store.Shape, k pieceKey) (*piece, error) {
	if p, ok := c.pieces.GetIfPresent(k); ok && p.in(sh) {
		return p, nil
	}
	part, err := layOut(ctx, st, sh, k)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	marks, err := part.Write(ctx, &b)
	if err != nil {
		return nil, fmt.Errorf("render the thread of idea %d: %w", k.idea, err)
	}
	p := &piece{bytes.Clone(b.Bytes()), marks, sh.IDs(k.from, min(k.from+threadPiece, len(sh.Nodes))), k.from}
	c.pieces.Set(k, p)
	return p, nil
}

// landmarks lists what one can jump to in a thread; the order is none of it.
func (c threadCache) landmarks(ctx context.Context, st *store.Store, k shapeKey) ([]board.Landmark, error) {
	k.sort = ""
	if list, ok := c.marks.GetIfPresent(k); ok {
		return list, nil
	}
	list, err := st.Landmarks(ctx, k.idea)
	if err == nil {
		c.marks.Set(k, list)
	}
	return list, err
}

// citable lists the comments that an official answer may cite.
func (c threadCache) citable(ctx context.Context, st *store.Store, k shapeKey) ([]board.Comment, error) {
	if list, ok := c.cites.GetIfPresent(k); ok {
		return list, nil
	}
	all, err := st.Thread(ctx, k.idea, k.sort, board.MaxPage, "")
	if err != nil {
		return nil, err
	}
	list := slices.DeleteFunc(all.Items, func(c board.Comment) bool { return c.Deleted })
	c.cites.Set(k, list)
	return list, nil
}

// Long threads begin with their long branches folded, so that one sees what was
// said to the idea itself before what was said to that.
const (
	longThread = 60 // comments
	longBranch = 8  // replies
	aboveRead  = 50 // comments read above another, the outermost among them
)

// layOut reads what stands on a piece.
func layOut(ctx context.Context, st *store.Store, sh *store.Shape, k pieceKey) (part templates.ThreadPart, err error) {
	to := min(k.from+threadPiece, len(sh.Nodes))
	part = templates.ThreadPart{Lang: k.lang, Idea: k.idea, Root: k.root, Sort: k.sort, More: sh.Cursor(to)}
	if part.Comments, err = st.CommentsOf(ctx, sh.IDs(k.from, to)...); err != nil {
		return part, err
	}
	folded := folds(sh)
	for i := k.from; i < to; i++ {
		n := sh.Nodes[i]
		part.Comments[i-k.from].Depth = n.Depth
		part.Branches = append(part.Branches, templates.Branch{Replies: n.Replies, People: n.People, Folded: folded[i]})
	}
	if k.from > 0 && k.from < len(sh.Nodes) {
		before := sh.Cursor(sh.Before(k.from, threadPiece))
		part.Before = &before
		if part.Above, err = commentsAbove(ctx, st, sh, k.from); err != nil {
			return part, err
		}
	}
	if to < len(sh.Nodes) && sh.Nodes[to].Depth > 0 {
		end := sh.Root(to)
		end += sh.Nodes[end].Size + 1
		part.Rest, part.Past = end-to, sh.Cursor(end)
	}
	return part, nil
}

// commentsAbove reads what a comment replies to, the outermost first.
func commentsAbove(ctx context.Context, st *store.Store, sh *store.Shape, at int) ([]board.Comment, error) {
	places := sh.Above(at)
	if len(places) > aboveRead {
		places = slices.Concat(places[:1], places[len(places)-aboveRead+1:])
	}
	ids := make([]int64, 0, len(places))
	for _, i := range places {
		ids = append(ids, sh.Nodes[i].ID)
	}
	return st.CommentsOf(ctx, ids...)
}

// folds tells which branches begin folded: the long ones of a long thread, unless
// a comment in them changed the decision. A reply that is the only one to its
// comment does not fold by itself: a chain opens at once, not link by link.
func folds(sh *store.Shape) []bool {
	out := make([]bool, len(sh.Nodes))
	if len(sh.Nodes) <= longThread {
		return out
	}
	for i, n := range sh.Nodes {
		out[i] = n.Size > longBranch && (n.Parent < 0 || sh.Nodes[n.Parent].Size > n.Size+1)
	}
	for i, n := range sh.Nodes {
		if n.Cited {
			for _, a := range sh.Above(i) {
				out[a] = false
			}
		}
	}
	return out
}

// view is a piece of a thread as one reader sees it.
type view struct {
	thread templ.Component
	unread []int // places in the shape of what is new to them
	from   int   // where the piece begins
	to     int
}

// see splices into a piece of a shape what is one reader's: unread marks, and
// open branches around them and around the comment at (0: none).
func (p *piece) see(sh *store.Shape, lang string, unread []int, at int64) view {
	v := view{unread: unread, from: p.from, to: p.from + len(p.marks)}
	var cuts []cut
	opened := map[int]bool{}
	open := func(i int) {
		for ; i >= p.from && !opened[i]; i = sh.Nodes[i].Parent {
			opened[i] = true
			if m := p.marks[i-p.from]; m.Open > 0 {
				cuts = append(cuts, cut{m.Open, templates.OpenBranch})
			}
		}
	}
	word := ""
	for _, i := range unread {
		if i < v.from || i >= v.to {
			continue
		}
		if word == "" {
			word = templates.UnreadWord(lang)
		}
		m := p.marks[i-p.from]
		cuts = append(cuts, cut{m.Class, templates.UnreadClass}, cut{m.Word, word})
		open(sh.Nodes[i].Parent)
	}
	if i, ok := sh.Find(at); ok && i >= v.from && i < v.to {
		open(i)
	}
	if len(cuts) == 0 {
		v.thread = rawBytes(p.html)
		return v
	}
	slices.SortFunc(cuts, func(a, b cut) int { return a.at - b.at })
	v.thread = spliced{p.html, cuts}
	return v
}

// cut is what goes into HTML at a place.
type cut struct {
	at   int
	text string
}

// spliced is HTML that was rendered before, with pieces put in.
type spliced struct {
	html []byte
	cuts []cut
}

// Render writes the HTML and what goes into it.
func (s spliced) Render(_ context.Context, w io.Writer) error {
	from := 0
	for _, c := range s.cuts {
		if _, err := w.Write(s.html[from:c.at]); err != nil {
			return err
		}
		if _, err := io.WriteString(w, c.text); err != nil {
			return err
		}
		from = c.at
	}
	_, err := w.Write(s.html[from:])
	return err
}

// rawBytes is HTML that was rendered before.
type rawBytes []byte

// Render writes the HTML.
func (h rawBytes) Render(_ context.Context, w io.Writer) error {
	_, err := w.Write(h)
	return err
}
