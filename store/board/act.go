package board

// Act names what somebody did with power over others, in the past tense, as the
// audit log keeps it. Acts are never renamed.
type Act string

// The acts that the audit log knows.
const (
	BoardAddedAct Act = "board.added"
)
