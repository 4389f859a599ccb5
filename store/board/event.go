package board

import "time"

// EventKind names what happened, in the past tense. Kinds are never renamed.
type EventKind string

// Everything that can happen. A kind without an entry in audiences reaches nobody.
const (
	BoardAdded        EventKind = "board.added"
	BoardChanged      EventKind = "board.changed"
	MemberAdded       EventKind = "member.added"
	MemberRemoved     EventKind = "member.removed"
	IdeaAdded         EventKind = "idea.added"
	IdeaEdited        EventKind = "idea.edited"
	IdeaDeleted       EventKind = "idea.deleted"
	IdeaRestored      EventKind = "idea.restored" // its deletion was taken back
	IdeaStaged        EventKind = "idea.staged"
	IdeaAnswered      EventKind = "idea.answered"
	AnswerDrafted     EventKind = "answer.drafted"  // the draft of an idea's answer changed, or is gone
	BreadthCounted    EventKind = "breadth.counted" // how widely some ideas are supported was told anew
	IdeaMerged        EventKind = "idea.merged"     // into another one, where its address leads
	IdeaUnmerged      EventKind = "idea.unmerged"   // it stands by itself again
	IdeaAbsorbed      EventKind = "idea.absorbed"   // another one was merged into it
	IdeaReleased      EventKind = "idea.released"   // that one was let go
	IdeaRelocated     EventKind = "idea.relocated"  // to another board
	CommentSplit      EventKind = "comment.split"   // it became an idea of its own
	IdeaLocked        EventKind = "idea.locked"
	IdeaUnlocked      EventKind = "idea.unlocked"
	CommentAdded      EventKind = "comment.added"
	CommentEdited     EventKind = "comment.edited"
	CommentDeleted    EventKind = "comment.deleted"
	CommentRestored   EventKind = "comment.restored"
	VoteCast          EventKind = "vote.cast"
	VoteWithdrawn     EventKind = "vote.withdrawn"
	ReactionAdded     EventKind = "reaction.added"
	ReactionWithdrawn EventKind = "reaction.withdrawn"
	ReportAdded       EventKind = "report.added"
	ReviewOpened      EventKind = "review.opened"    // something waits for a moderator
	ReviewClaimed     EventKind = "review.claimed"   // or let go of
	ReviewEntrusted   EventKind = "review.entrusted" // handed over
	ReviewClosed      EventKind = "review.closed"
	DecisionMade      EventKind = "decision.made"
	DecisionUndone    EventKind = "decision.undone"
	PersonAdded       EventKind = "person.added"
	PersonChanged     EventKind = "person.changed"
	TeamAdded         EventKind = "team.added"
	TeamChanged       EventKind = "team.changed"
	TeamRemoved       EventKind = "team.removed" // merged into another one, or empty
	SettingChanged    EventKind = "setting.changed"
	AnnouncementAdded EventKind = "announcement.added"
	AnnouncementEnded EventKind = "announcement.ended"
	BoardRoleChanged  EventKind = "board_role.changed" // somebody moderates a board now, or no more
	IdeaPinned        EventKind = "idea.pinned"
	IdeaUnpinned      EventKind = "idea.unpinned"
	PromiseAdrift     EventKind = "promise.adrift" // nobody sees to it any more, or somebody does again
	PromisePast       EventKind = "promise.past"   // the day of a promise is over, and its owner was told
	AnswersLate       EventKind = "answers.late"   // on a board, and who owes them was told
	ReleaseMade       EventKind = "release.made"
	ReleasesPlanned   EventKind = "releases.planned"
	LossAccepted      EventKind = "log.loss_accepted" // an operator went on after saved events were found missing

	IdeaSlowed        EventKind = "idea.slowed" // the pause between one's comments on it changed
	PostHeld          EventKind = "held.added"  // a post waits for a moderator
	HeldEdited        EventKind = "held.edited"
	PostWithdrawn     EventKind = "held.withdrawn"
	RuleAdded         EventKind = "rule.added" // or how many first posts wait
	RuleEnded         EventKind = "rule.ended"
	SanctionAdded     EventKind = "sanction.added"
	SanctionLifted    EventKind = "sanction.lifted"
	AppealAdded       EventKind = "appeal.added"
	AppealDecided     EventKind = "appeal.decided"
	HouseRulesChanged EventKind = "house_rules.changed"
)

// Audience says who may hear of an event.
type Audience int

// Nobody hears of what has no audience; Readers are those who may see the
// event's idea (or board) as it stands now; Answerers are those of them who own or
// moderate its board.
const (
	Nobody Audience = iota
	Readers
	Answerers
)

// audiences is the one table of who hears of what.
var audiences = map[EventKind]struct {
	to    Audience
	actor bool // the page shows who did it anyway
}{
	BoardAdded:        {Readers, false},
	BoardChanged:      {Readers, false},
	MemberAdded:       {Nobody, false},
	MemberRemoved:     {Nobody, false},
	IdeaAdded:         {Readers, true},
	IdeaEdited:        {Readers, false},
	IdeaDeleted:       {Readers, false},
	IdeaRestored:      {Readers, false},
	IdeaStaged:        {Readers, true},
	IdeaAnswered:      {Readers, true},
	AnswerDrafted:     {Answerers, false},
	BreadthCounted:    {Nobody, false},
	IdeaMerged:        {Readers, false},
	IdeaUnmerged:      {Readers, false},
	IdeaAbsorbed:      {Readers, false},
	IdeaReleased:      {Readers, false},
	IdeaRelocated:     {Readers, false},
	CommentSplit:      {Readers, false},
	IdeaLocked:        {Readers, false},
	IdeaUnlocked:      {Readers, false},
	CommentAdded:      {Readers, true},
	CommentEdited:     {Readers, false},
	CommentDeleted:    {Readers, false},
	CommentRestored:   {Readers, false},
	VoteCast:          {Readers, false},
	VoteWithdrawn:     {Readers, false},
	ReactionAdded:     {Readers, false},
	ReactionWithdrawn: {Readers, false},
	ReportAdded:       {Nobody, false},
	ReviewOpened:      {Nobody, false},
	ReviewClaimed:     {Nobody, false},
	ReviewEntrusted:   {Nobody, false},
	ReviewClosed:      {Nobody, false},
	DecisionMade:      {Nobody, false},
	DecisionUndone:    {Nobody, false},
	PersonAdded:       {Nobody, false},
	PersonChanged:     {Nobody, false},
	TeamAdded:         {Nobody, false},
	TeamChanged:       {Nobody, false},
	TeamRemoved:       {Nobody, false},
	SettingChanged:    {Nobody, false},
	AnnouncementAdded: {Nobody, false},
	AnnouncementEnded: {Nobody, false},
	BoardRoleChanged:  {Nobody, false},
	IdeaPinned:        {Readers, false},
	IdeaUnpinned:      {Readers, false},
	PromiseAdrift:     {Nobody, false},
	PromisePast:       {Nobody, false},
	AnswersLate:       {Nobody, false},
	ReleaseMade:       {Nobody, false},
	ReleasesPlanned:   {Nobody, false},
	LossAccepted:      {Nobody, false},

	IdeaSlowed:        {Readers, false},
	PostHeld:          {Nobody, false},
	HeldEdited:        {Nobody, false},
	PostWithdrawn:     {Nobody, false},
	RuleAdded:         {Nobody, false},
	RuleEnded:         {Nobody, false},
	SanctionAdded:     {Nobody, false},
	SanctionLifted:    {Nobody, false},
	AppealAdded:       {Nobody, false},
	AppealDecided:     {Nobody, false},
	HouseRulesChanged: {Nobody, false},
}

// Audience tells who may hear of events of this kind.
func (k EventKind) Audience() Audience { return audiences[k].to }

// ShowsActor tells whether the event may say who did it.
func (k EventKind) ShowsActor() bool { return audiences[k].actor }

// ChangesAccess tells whether the event may change what somebody can see.
func (k EventKind) ChangesAccess() bool {
	switch k {
	case BoardAdded, BoardChanged, MemberAdded, MemberRemoved, PersonAdded, PersonChanged, LossAccepted,
		TeamAdded, TeamChanged, TeamRemoved, SettingChanged, BoardRoleChanged, AnnouncementAdded, AnnouncementEnded,
		IdeaMerged, IdeaUnmerged, IdeaRelocated:
		return true
	}
	return false
}

// ChangesAround tells whether the event may change what pages show around threads
// and counts: boards, answers, decisions, what cites what, names. comment is what it
// is about, 0 for none. New links are told by themselves: see store.CitedHead.
func (k EventKind) ChangesAround(comment int64) bool {
	switch k {
	case VoteCast, VoteWithdrawn, CommentAdded:
		return false
	case ReactionAdded, ReactionWithdrawn:
		return comment == 0 // those to an answer stand with it
	}
	return true
}

// Event is an entry of the log as a reader may see it, and, with HTML, a live frame.
type Event struct {
	Seq     int64     `json:"seq"`
	Kind    EventKind `json:"kind"`
	Board   string    `json:"board,omitempty"`
	Idea    int64     `json:"idea,omitempty"`
	Comment int64     `json:"comment,omitempty"`
	Actor   *Author   `json:"actor,omitempty"`
	At      time.Time `json:"at"`
	HTML    string    `json:"html,omitempty"`
}

// Frame kinds that are no events of the log.
const (
	HelloFrame   EventKind = "hello"   // first frame: epoch and seq
	ReloadFrame  EventKind = "reload"  // what was missed cannot be told: read the page again
	ReadingFrame EventKind = "reading" // how many have the idea open
	WritingFrame EventKind = "writing" // how many write to it; a page says it of itself, without a count
)

// Hello is the first frame on a live connection.
type Hello struct {
	Kind  EventKind `json:"kind"`
	Epoch string    `json:"epoch"`
	Seq   int64     `json:"seq"`
}

// Reading is a live frame that says how many have an idea open, or write to it.
type Reading struct {
	Kind  EventKind `json:"kind"`
	Idea  int64     `json:"idea"`
	Count int       `json:"count"`
}

// Events is a page of the log: what the reader may hear after a seq. Seq is how
// far the page looked, the `after` of the next call.
type Events struct {
	Epoch string  `json:"epoch"`
	Seq   int64   `json:"seq"`
	Items []Event `json:"items"`
}

// List is one page of items and the cursor of the next, empty at the end.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}
