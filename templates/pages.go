// Package templates renders every page and part of Convivio: one struct per page
// or part, one component of the same name without its suffix (HomePage is shown
// by Home, CommentPart by Comment). Components read no rows and know no requests:
// handlers fill the structs and render.
//
// Every POST form carries a hidden field `key`, made of Page.Key and the form's
// own name, so that a double click is done once. Each struct lists the fields its
// forms send. Every form answers 303 when it worked; otherwise the same page is
// rendered again with the form's Fault set and what was typed kept. Forms for a
// text have a second button, preview=1: the page comes again with the text
// rendered above its form, and nothing is saved.
package templates

import (
	"time"

	"github.com/a-h/templ"

	"convivio/store/board"
)

// Page is what stands around every page.
type Page struct {
	Lang     string        // one of words.Langs, from words.Pick
	Path     string        // path and query shown, to come back to after a change of language
	Key      string        // fresh base of the page's form keys: whose it is, and 16 to 100 random letters and digits
	Who      *board.Who    // nil: nobody is signed in
	Boards   []board.Board // that the reader may see, for the side
	Epoch    string        // of the log, and
	Seq      int64         // its head, both read before (or in the same read as) the page's rows
	Unseen   int           // notices the reader has not seen
	ToReview int           // items that wait for the reader, who moderates
	Notice   string        // one line that confirms what was just done, already in Lang
	Demo     bool          // a demo: say so
	Shared   bool          // the device is used by others too: scripts keep nothing on it
	ReadOnly bool          // nothing can be saved until an operator has looked
	Off      string        // names of the features that are switched off, with spaces between
	Undo     *Undo         // what the reader deleted a moment ago; nil: nothing

	// Announced is what the reader has not put away; the layout chooses.
	Announced []board.Announcement
	FileLimit int64 // bytes of one file that may be attached
}

// Undo offers to take a deletion back. POST /comments/{id}/restore or
// /ideas/{id}/restore: nothing but key; of a decision, POST
// /review/decisions/{id}/undo: there.
type Undo struct {
	Comment  bool  // a comment was deleted; else an idea
	ID       int64 // of it, or of the decision
	Decision bool  // a moderator deleted what somebody else wrote
	Seconds  int   // that are left
}

// SignInPage asks who you are. POST /signin: email, password, shared, next; in a
// demo each person is a form of its own: person, next. Signed out, ?lang=it|en on
// this and the two password pages chooses the language.
type SignInPage struct {
	Page
	Email  string
	Shared bool   // as ticked: others use this device too
	Next   string // path to go to afterwards
	Fault  *board.Error
	Cast   []CastMember // people of the demo to become; empty: none offered
}

// CastMember is somebody of the demo whom one click becomes.
type CastMember struct {
	board.Person
	Note string // who they are in one sentence, in Page.Lang
}

// InvitationPage welcomes somebody new. POST /invitations/{token}: password, again.
// With First, it creates the first administrator, who says who they are:
// POST /first/{token}: name, email, password, again.
type InvitationPage struct {
	Page
	Token string
	First bool   // nobody is known yet: ask for name and email, and post to /first/{token}
	Name  string // as typed when First
	Email string // as typed when First
	Gone  bool   // used or too old: nothing to fill in
	Fault *board.Error
}

// ResetPage lets somebody choose a new password. POST /resets/{token}: password, again.
type ResetPage struct {
	Page
	Token string
	Name  string
	Email string
	Gone  bool
	Fault *board.Error
}

// HomePage shows what concerns the reader now; no idea stands in it twice.
type HomePage struct {
	Page
	Told       []NoticeGroup // not seen yet
	Waiting    []board.Idea  // for an answer of the reader's
	Again      []board.Idea  // on hold, to be looked at again
	Fresh      []board.Idea  // on boards the reader follows
	Moved      []board.Idea
	Growing    []board.Idea
	Topics     []board.Topic
	Uninformed bool // has not read the notice about personal data as it is now
	Newcomer   bool // has done nothing yet: offer ways to begin
	Silent     bool // there is no idea at all
}

// TopicsPage shows what grows: GET /topics: days, board.
type TopicsPage struct {
	Page
	Board  string // slug; empty: all that the reader may see
	Topics board.Topics
}

// MinePage lists the reader's ideas with their state and last answer.
type MinePage struct {
	Page
	Drafts  []board.IdeaDraft // on the first piece
	Ideas   []board.Idea
	Answers map[int64]board.Answer // last official answer by idea; the key is missing where there is none
	More    string                 // cursor of the next piece, empty at the end
}

// BoardsPage lists Page.Boards.
type BoardsPage struct {
	Page
}

// BoardPage lists a board's ideas. GET parameters: sort, stage, after.
type BoardPage struct {
	Page
	Board board.Board
	Sort  board.IdeaSort
	Stage board.Stage // empty: all
	Flow  board.Flow  // what the board made of the stages
	Ideas []board.Idea
	After string // cursor this piece starts from, empty at the top
	More  string

	Topics []board.Topic // that grow here
	Owners []board.Owner // employees see who answers
}

// BoardFormPage makes a board or changes one. POST /boards/new: slug, name,
// description, visibility, lang. POST /boards/{slug}/edit: the same without slug;
// what only a board that exists has is changed there too: /boards/{slug}/clock and
// /owners. GET ?q= finds people to own it.
type BoardFormPage struct {
	Page
	Slug   string // of the board changed; empty: a new one
	Typed  board.NewBoard
	Clock  ClockForm
	Owners OwnersForm
	Fault  *board.Error
}

// ClockForm is a board's clock being changed. POST /boards/{slug}/clock: time, unit,
// zone, week-0 (Monday) to week-6, holidays, extra (a day on a line).
type ClockForm struct {
	Time, Zone, Holidays, Extra string
	Unit                        board.Unit
	Week                        [7]string
	Fault                       *board.Error
}

// OwnersForm is who owes a board's answers. POST /boards/{slug}/owners: person or
// team; /boards/{slug}/owners/{id}/delete: nothing but key.
type OwnersForm struct {
	List  []board.Owner
	Teams []board.Team
	Query string
	Found []board.Person // by Query
	Fault *board.Error
}

// MembersPage shows who is on a board. GET ?q= finds people to add. POST
// /boards/{slug}/members: person, q; POST /boards/{slug}/members/{person}/delete.
type MembersPage struct {
	Page
	Board   board.Board
	Members []board.Member
	Query   string
	Found   []board.Person // people whom Query finds and who are no members
	Fault   *board.Error
}

// IdeaPage shows an idea with its thread. GET parameters: sort, after, at (id of a
// comment: the piece it stands on, opened where it is folded).
//
//	POST /ideas/{id}/vote, /ideas/{id}/unvote   nothing but key
//	POST /ideas/{id}/comments                   parent_id (empty: none), body
//	POST /ideas/{id}/answers                    body, cites (repeats), cites_were, was, move_was, those of the stage but
//	                                            quiet, at, do: publish (or none), save, schedule, unschedule, discard
//	POST /ideas/{id}/stage                      as MoveForm says
//	POST /ideas/{id}/delete                     ground, note, where somebody else wrote it
//	POST /ideas/{id}/lock, /ideas/{id}/unlock   nothing but key
type IdeaPage struct {
	Page
	Mine      string // the reader's own reactions: "34:agree a5:thanks"
	Idea      board.Idea
	Answers   []board.Answer
	Path      []board.StageChange
	Flow      board.Flow // of the idea's board
	Linked    board.Citations
	Thread    templ.Component // Thread(ThreadPart), or its cached bytes with the reader's signs in them
	Sort      board.CommentSort
	Unread    UnreadPart
	Held      []board.Held // comments of the reader's that wait for a moderator
	SlowFault *board.Error // of slow mode, which moderators set
	Comment   CommentForm
	Answer    AnswerForm // owners and moderators of the board
	Move      MoveForm   // moderators
	Merged    []board.MergedIdea
	Unmerge   UnmergeForm // moderators
}

// CommentForm is a comment being written. A reply that failed is shown again on
// the PermalinkPage of its parent, any other comment on its IdeaPage.
type CommentForm struct {
	Body      string
	Was       string         // of an edit: board.Wording of the text it changes
	Meanwhile *board.Version // saved while one wrote: shown beside Body
	Preview   *PreviewPart   // asked for without a script
	Fault     *board.Error
}

// AnswerForm is an official answer being written.
type AnswerForm struct {
	Body      string
	Cites     []int64            // chosen so far
	CitesWere []int64            // chosen in the draft that the form shows
	Comments  []board.Comment    // that may be cited, in the order of the thread
	Draft     *board.AnswerDraft // shared by all who may answer; nil: none
	Was       string             // sign of the draft's text that Body comes from
	Meanwhile *board.Version     // saved by somebody else while one wrote: shown beside Body
	Move      MoveForm           // a stage that the idea moves to with it
	MoveWas   string             // sign of the move that the draft shown holds
	At        string             // when to publish: 2026-11-23T09:00 by the clock of Zone
	Zone      *time.Location     // of the board
	Preview   *PreviewPart
	Fault     *board.Error
	Open      bool // show the form opened
}

// PermalinkPage is one comment on a page of its own, with what may be done to it
// and the branch below it: GET /comments/{id}; parameters sort, after. POST
// /comments/{id}/edit: body; /comments/{id}/delete: ground, note, where somebody else
// wrote it; replies go to POST /ideas/{id}/comments.
type PermalinkPage struct {
	Page
	Mine    string // as on IdeaPage
	Idea    board.Idea
	Comment board.Comment
	Above   []board.Comment // that it replies to, the outermost first
	Below   Branch
	Thread  templ.Component // the branch below it, a ThreadPart with Root
	Sort    board.CommentSort
	Reply   CommentForm
	Edit    CommentForm // Body empty and no Fault: the present text
}

// NewIdeaPage posts an idea. POST /boards/{slug}/new: title, body, tags (separated
// by spaces or commas).
type NewIdeaPage struct {
	Page
	Board   board.Board
	Form    IdeaForm
	Similar []board.Hit // ideas like the one typed so far
}

// SimilarPage lists ideas that resemble one, for readers without scripts:
// GET /ideas/{id}/similar; with part=1 only Similar.
type SimilarPage struct {
	Page
	Idea    board.Idea
	Similar []board.Hit
	Experts []board.Expert
}

// ChooseBoardPage asks on which of Page.Boards to post: GET /ideas/new, title to begin with.
type ChooseBoardPage struct {
	Page
	Title string
}

// EditIdeaPage changes an idea's words. POST /ideas/{id}/edit: title, body, tags.
type EditIdeaPage struct {
	Page
	Idea board.Idea
	Form IdeaForm
}

// IdeaForm is an idea being written.
type IdeaForm struct {
	Title     string
	Body      string
	Tags      string
	Draft     int64          // that it goes on with; 0: none
	Was       string         // of an edit or a draft: Wording of what it changes
	Meanwhile *board.Version // saved while one wrote: shown beside what was typed
	Preview   *PreviewPart
	Fault     *board.Error
}

// VersionsPage shows what the edits of an idea, or of one of its comments,
// changed. GET parameter: before, how many of the last edits to leave out.
type VersionsPage struct {
	Page
	Idea     board.Idea
	Comment  *board.Comment  // nil: the idea's own wordings
	Now      board.Version   // the wording that the first of Versions became
	Versions []board.Version // newest first
	More     int             // before of the next piece; 0 at the end
}

// after is the wording that an edit left.
func (p VersionsPage) after(i int) board.Version {
	if i == 0 {
		return p.Now
	}
	return p.Versions[i-1]
}

// PersonPage shows somebody and what they wrote that the reader may see. GET
// /people/{id} and /people/@handle.
type PersonPage struct {
	Page
	Person   board.Person
	Ideas    []board.Idea
	Comments []board.Comment
	Titles   map[int64]string // of the ideas that Comments are on
}

// PeoplePage is the directory, for employees. GET parameters: q, after.
type PeoplePage struct {
	Page
	People []board.Person
	Query  string
	More   string
}

// AccountPage is the reader's own settings. POST /account/language: lang (of
// words.Langs, or "" for the browser's), back (path to return to); /account/password:
// current, password, again; /account/devices/signout: nothing but key (every
// other device); /account/devices/{id}/signout; /account/tokens: name;
// /account/tokens/{id}/delete.
type AccountPage struct {
	Page
	Sessions      []board.Session
	Tokens        []board.Token
	TokenName     string // as typed
	Secret        string // of the token just made: shown this once
	Expert        bool   // may be named as one who knows
	ExpertFault   *board.Error
	PasswordFault *board.Error
	TokenFault    *board.Error
	Uncounted     bool // stands in no figure from next month on
}

// ErrorPage says what went wrong; not_found and unauthorized have words of their own.
type ErrorPage struct {
	Page
	Fault *board.Error
	ID    string // of the entry in the server's log, for internal errors
}
