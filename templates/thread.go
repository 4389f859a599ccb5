package templates

import (
	"bytes"
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates/words"
)

// nested is how many levels of replies stand inside each other. Deeper ones follow
// as neighbours and name whom they reply to, so that a thread of any depth stays
// readable and no browser meets elements nested without end. place.js knows the
// same number.
const nested = 5

// foldable is from how many replies on a branch can be folded.
const foldable = 2

// branch is a comment with the replies that stand inside it.
type branch struct {
	comment board.Comment
	place   int // in the piece
	replies []*branch
}

// branches makes a tree of a piece in reading order. What replies to a comment of
// an earlier piece stands at the top.
func branches(list []board.Comment) []*branch {
	top := &branch{}
	in := make(map[int64]*branch, len(list))    // where a comment stands
	nodes := make(map[int64]*branch, len(list)) // by id
	for i, c := range list {
		b := &branch{comment: c, place: i}
		nodes[c.ID] = b
		place := top
		if c.ParentID != nil {
			if parent := nodes[*c.ParentID]; parent != nil && parent.comment.Depth < nested {
				place = parent
			} else if parent != nil {
				place = in[parent.comment.ID]
			}
		}
		place.replies = append(place.replies, b)
		in[c.ID] = place
	}
	return top.replies
}

// Mark is where the signs of one reader go into the HTML of a thread: offsets in
// its bytes, which are the same for everybody. There is one for each comment of
// the piece, in reading order.
type Mark struct {
	Class int // after the comment's class
	Word  int // where what it says begins
	Open  int // in the tag of its branch; 0 where that does not begin folded
}

// UnreadClass and OpenBranch are what goes in at Mark.Class and Mark.Open.
const (
	UnreadClass = " unread"
	OpenBranch  = " open"
)

// UnreadWord is what goes in at Mark.Word, for those who have the page read aloud.
func UnreadWord(lang string) string {
	return `<span class="sr">` + templ.EscapeString(words.T(lang, "comment|New:")) + ` </span>`
}

// Write renders the thread and says where a reader's own signs go.
func (p ThreadPart) Write(ctx context.Context, b *bytes.Buffer) ([]Mark, error) {
	w := threadWriter{ctx: ctx, b: b, p: p, marks: make([]Mark, len(p.Comments))}
	if err := threadAbove(p).Render(ctx, b); err != nil {
		return nil, err
	}
	b.WriteString(`<ol class="thread" id="thread" data-sort="` + templ.EscapeString(string(p.Sort)) + `">`)
	if err := w.list(branches(p.Comments)); err != nil {
		return nil, err
	}
	b.WriteString(`</ol>`)
	return w.marks, threadFurther(p).Render(ctx, b)
}

// Thread is a piece of an idea's thread, the same for every reader.
func Thread(p ThreadPart) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b bytes.Buffer
		if _, err := p.Write(ctx, &b); err != nil {
			return err
		}
		_, err := w.Write(b.Bytes())
		return err
	})
}

// Comment is one comment without the replies to it.
func Comment(p CommentPart) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var b bytes.Buffer
		if _, err := openComment(ctx, &b, p.Lang, p.Comment); err != nil {
			return err
		}
		b.WriteString(`</li>`)
		_, err := w.Write(b.Bytes())
		return err
	})
}

type threadWriter struct {
	ctx   context.Context
	b     *bytes.Buffer
	p     ThreadPart
	marks []Mark
}

func (w *threadWriter) list(list []*branch) error {
	for _, b := range list {
		if err := w.branch(b); err != nil {
			return err
		}
	}
	return nil
}

// branch writes a comment and what replies to it. Long branches are <details>, so
// that they fold and open without a script, and open by themselves where a search
// in the page or a link finds something in them.
func (w *threadWriter) branch(b *branch) (err error) {
	m := &w.marks[b.place]
	if *m, err = openComment(w.ctx, w.b, w.p.Lang, b.comment); err != nil {
		return err
	}
	if len(b.replies) > 0 {
		below := w.below(b)
		folds := below.Replies >= foldable
		if folds {
			w.b.WriteString(`<details class="branch"`)
			if below.Folded {
				m.Open = w.b.Len()
			} else {
				w.b.WriteString(OpenBranch)
			}
			w.b.WriteString(`><summary>`)
			if err := branchSummary(w.p.Lang, below).Render(w.ctx, w.b); err != nil {
				return err
			}
			w.b.WriteString(`</summary>`)
		}
		w.b.WriteString(`<ol>`)
		if err := w.list(b.replies); err != nil {
			return err
		}
		w.b.WriteString(`</ol>`)
		if folds {
			w.b.WriteString(`</details>`)
		}
	}
	w.b.WriteString(`</li>`)
	return nil
}

func (w *threadWriter) below(b *branch) Branch {
	if b.place < len(w.p.Branches) {
		return w.p.Branches[b.place]
	}
	return Branch{}
}

// openComment writes a comment up to where the replies to it would stand.
func openComment(ctx context.Context, b *bytes.Buffer, lang string, c board.Comment) (m Mark, err error) {
	b.WriteString(`<li class="` + commentClass(c))
	m.Class = b.Len()
	b.WriteString(`" id="c` + strconv.FormatInt(c.ID, 10) + `" data-depth="` + strconv.Itoa(c.Depth) + `" data-seq="` + strconv.FormatInt(c.Added, 10))
	if c.ParentID != nil {
		b.WriteString(`" data-parent="` + strconv.FormatInt(*c.ParentID, 10))
	}
	b.WriteString(`"><div class="said">`)
	m.Word = b.Len()
	if err := said(lang, c).Render(ctx, b); err != nil {
		return m, err
	}
	b.WriteString(`</div>`)
	return m, nil
}

// commentClass says from where on a comment names whom it replies to: deep always,
// mid on narrow screens, which indent less.
func commentClass(c board.Comment) string {
	class := "comment"
	switch {
	case c.Depth > nested:
		class += " deep"
	case c.Depth > nested-2:
		class += " mid"
	}
	if c.Cited && !c.Deleted {
		class += " cited"
	}
	return class
}
