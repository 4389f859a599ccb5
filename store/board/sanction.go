package board

import "time"

// SanctionKind is what somebody may not do for a while.
type SanctionKind string

// The kinds of sanctions, the mildest first.
const (
	Warning    SanctionKind = "warn"    // a word to the person; takes nothing from them
	Silenced   SanctionKind = "silence" // reads, but does not write, vote or react
	Suspension SanctionKind = "suspend" // cannot sign in
)

// Sanction is what a moderator laid upon somebody. It ends by itself.
type Sanction struct {
	ID        int64        `json:"id"`
	Kind      SanctionKind `json:"kind"`
	Person    int64        `json:"-"`
	Board     string       `json:"board,omitempty"` // slug; empty: everywhere
	BoardName string       `json:"-"`
	At        time.Time    `json:"at"`
	EndsAt    time.Time    `json:"ends_at"`
	LiftedAt  *time.Time   `json:"lifted_at,omitempty"`
	Decision  int64        `json:"decision"`
}

// MaxSanction is how long a silence or a suspension lasts at most.
const MaxSanction = 366 * 24 * time.Hour

// MaxSlow is the longest pause between two comments of one person, in minutes.
const MaxSlow = 24 * 60
