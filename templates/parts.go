package templates

import (
	"time"

	"convivio/store/board"
)

// Parts are pieces of pages that also travel alone: as GET …?part=1 and in live
// frames. A part says nothing about its reader, so that the same bytes serve all
// who may see it (Vote alone is made for one reader, and never sent in a frame).
//
// Each element at the top of a frame's html replaces the element of the page that
// has the same id; what is not on the page is ignored, except that a new comment
// is put under its parent and a new idea at the top of its board. So one frame
// serves every open page:
//
//	idea.added                    IdeaRow
//	idea.edited                   IdeaRow, IdeaText
//	idea.staged                   StageChip, Path, Promise, Clock, Owed
//	idea.answered                 Answers, Credit, IdeaState, Clock, Owed, and Comment for each comment cited
//	answer.drafted                AnswerDraft, to those alone who may answer
//	idea.absorbed, idea.released  VoteCount, CommentCount; the page reads its thread, Merged and Answers again
//	comment.split                 the same
//	idea.merged                   nothing: its page goes to the survivor
//	idea.unmerged, idea.relocated IdeaRow
//	idea.locked, idea.unlocked    IdeaState
//	idea.deleted                  nothing
//	idea.restored                 IdeaRow
//	vote.cast, vote.withdrawn     VoteCount
//	reaction.added, .withdrawn    Reactions
//	comment.added                 Comment, CommentCount
//	comment.edited                Comment
//	comment.deleted               Comment, CommentCount; Answers and Credit where it was cited
//	comment.restored              the same
//	board.changed                 nothing

// ThreadPart is a piece of an idea's thread, in reading order, or of the branch
// below one of its comments. Element #thread.
type ThreadPart struct {
	Lang     string
	Idea     int64
	Root     int64 // comment whose branch this is; 0: the whole thread
	Sort     board.CommentSort
	Comments []board.Comment // Depth counted from the top of what is shown
	Branches []Branch        // what stands below each of Comments; may be nil
	Above    []board.Comment // that the first one replies to, on an earlier piece
	Before   *string         // cursor of the piece before, "" for the first; nil: this is the first
	More     string          // cursor of the next piece, empty at the end
	Rest     int             // comments that the branch cut at the end still has
	Past     string          // cursor of what follows that branch
}

// path leads to a piece of the same thread.
func (p ThreadPart) path(after string) string {
	if p.Root != 0 {
		return branchPath(p.Root, p.Sort, after)
	}
	return threadPath(p.Idea, p.Sort, after)
}

// Branch is what stands below a comment, in its whole thread.
type Branch struct {
	Replies int
	People  int  // different people who wrote them
	Folded  bool // begins folded
}

// UnreadPart is what is new to the reader in a thread, in its headline. Element #unread.
type UnreadPart struct {
	Lang    string
	Count   int
	Href    string // of the first in reading order
	Further string // of the first that stands on another piece; empty: none does
}

// CommentPart is one comment without the replies to it. Element #c34.
type CommentPart struct {
	Lang    string
	Comment board.Comment
}

// CommentCountPart is how many comments an idea has. Element #comments-12.
type CommentCountPart struct {
	Lang string
	Idea int64
	N    int
}

// IdeaRowPart is an idea in a list. Element #i12.
type IdeaRowPart struct {
	Lang    string
	Idea    board.Idea // New > 0 shows how much is new to the reader; frames leave it 0
	Board   bool       // name the board: on pages with ideas of several
	Bare    bool       // no ids, for pages where an idea may stand twice
	Own     bool       // the page is about who wrote it: the name is left out
	Undated bool       // and about somebody else: so are dates
	Broad   bool       // say from how many teams its votes come
}

// IdeaTextPart is an idea's title, author and text. Element #text-12.
type IdeaTextPart struct {
	Lang string
	Idea board.Idea
}

// ClockPart is until when an idea is owed an answer, or nothing. Element #clock-12.
type ClockPart struct {
	Lang string
	Idea board.Idea
	Bare bool // no id, for pages where an idea may stand twice
}

// OwedPart says the same exactly, on the idea's page. Element #owed-12.
type OwedPart struct {
	Lang string
	Idea board.Idea
}

// IdeaStatePart says that an idea is locked, or nothing. Element #state-12.
type IdeaStatePart struct {
	Lang string
	Idea board.Idea
}

// StageChipPart is an idea's stage. Element #stage-12.
type StageChipPart struct {
	Lang  string
	Idea  int64
	Stage board.Stage
	Name  string // the board's own; empty: the usual one
}

// PathPart is the way an idea took through the stages. Element #path-12.
type PathPart struct {
	Lang    string
	Idea    board.Idea
	Flow    board.Flow // of the idea's board
	Changes []board.StageChange
}

// AnswersPart is the official answers to an idea, newest first: element #answers.
// Credit shows the same: element #credit-12.
type AnswersPart struct {
	Lang    string
	Idea    int64
	Answers []board.Answer // oldest first, as the store lists them
}

// AnswerDraftPart is the answer being written to an idea, for those alone who may
// write it. Element #draft-12.
type AnswerDraftPart struct {
	Lang  string
	Idea  int64
	Draft *board.AnswerDraft // nil: none
	Zone  *time.Location     // of the board
}

// VoteCountPart is how many voted. Element #votes-12.
type VoteCountPart struct {
	Lang  string
	Idea  int64
	Votes int
}

// VotePart is the one button of an idea, for one reader.
type VotePart struct {
	Lang string
	Idea board.Idea
	Key  string // the page's
}

// PreviewPart is a text as it will be shown once it is saved. Element #preview.
type PreviewPart struct {
	Lang  string
	Title string // of an idea
	HTML  string // rendered as saving would
	Fault *board.Error
}

// CompletionsPart is what @ or # may become where somebody writes: people or
// ideas, as asked for. Element #completions.
type CompletionsPart struct {
	Lang   string
	People []board.Person
	Ideas  []board.Idea // with title, stage and number; not nil where ideas were asked for
}

// SimilarPart is ideas that resemble another, the nearest first.
type SimilarPart struct {
	Lang  string
	Ideas []board.Hit
	Aside bool // beside an idea that is read: links lead there at once
}
