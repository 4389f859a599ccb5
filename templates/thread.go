package templates

import "convivio/store/board"

// nested is how many levels of replies stand inside each other. Deeper ones follow
// as neighbours and name whom they reply to, so that a thread of any depth stays
// readable and no browser meets elements nested without end. live.js knows the
// same number, as data-depth.
const nested = 5

// branch is a comment with the replies that stand inside it.
type branch struct {
	comment board.Comment
	replies []*branch
}

// branches makes a tree of a piece in reading order. What replies to a comment of
// an earlier piece stands at the top.
func branches(list []board.Comment) []*branch {
	top := &branch{}
	in := make(map[int64]*branch, len(list))    // where a comment stands
	nodes := make(map[int64]*branch, len(list)) // by id
	for _, c := range list {
		b := &branch{comment: c}
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

// depthClass says from where on a comment names whom it replies to: deep always,
// mid on narrow screens, which indent less.
func depthClass(c board.Comment) string {
	switch {
	case c.Depth > nested:
		return "comment deep"
	case c.Depth > nested-2:
		return "comment mid"
	}
	return "comment"
}
