package board

import "time"

// Outcome says what became of an act.
type Outcome string

// The outcomes: it was done, it was not allowed, it broke off.
const (
	ActDone    Outcome = "done"
	ActRefused Outcome = "refused"
	ActFailed  Outcome = "failed"
)

// Outcomes lists every outcome, in the order forms show them.
var Outcomes = []Outcome{ActDone, ActRefused, ActFailed}

// The means of an act that no person signed in does; a person's are "session" or
// "token:7", the number being the token's.
const (
	ByCommand = "command" // the command line, at the machine itself
	ByServer  = "server"  // Convivio by itself, at its time
	ByVisitor = "visitor" // somebody not signed in
)

// AuditEntry is one link of the audit log's chain. Numbers are 0 where an act is
// about nothing of the kind.
type AuditEntry struct {
	Seq     int64     `json:"seq"`
	At      time.Time `json:"at"` // microseconds, UTC
	Act     Act       `json:"act"`
	Outcome Outcome   `json:"outcome"`
	Actor   int64     `json:"actor"`   // 0: nobody signed in
	Roles   string    `json:"roles"`   // what the actor's power came from: "admin", "board:moderator"
	Means   string    `json:"means"`   // session, token:7, command, server, visitor
	Request string    `json:"request"` // its id in answers and in the server's log
	Board   int64     `json:"board"`
	Idea    int64     `json:"idea"`
	Comment int64     `json:"comment"`
	Person  int64     `json:"person"`

	Name    Sealed `json:"name"`    // of the actor, as it was
	Address Sealed `json:"address"` // from where; erased after 21 days
	Target  Sealed `json:"target"`  // name of the person or board, as it was
	Before  Sealed `json:"before"`  // JSON
	After   Sealed `json:"after"`   // JSON
	Note    Sealed `json:"note"`    // the reason that was given

	Prev string `json:"prev"` // hash of the entry before, in hex
	Hash string `json:"hash"`
}

// Sealed is a value that may be erased without breaking the chain, which covers
// only SHA-256(salt and value). Salt and Sum are hex. No sum: there never was a
// value; a sum without salt: the value was erased.
type Sealed struct {
	Value string `json:"value,omitempty"`
	Salt  string `json:"salt,omitempty"`
	Sum   string `json:"sum,omitempty"`
}

// Erased tells whether there was a value that is gone.
func (s Sealed) Erased() bool { return s.Sum != "" && s.Salt == "" }

// Seals gives every sealed value of the entry, in the order in which the chain covers them.
func (e *AuditEntry) Seals() []*Sealed {
	return []*Sealed{&e.Name, &e.Address, &e.Target, &e.Before, &e.After, &e.Note}
}

// SealNames are the names of what Seals gives.
var SealNames = []string{"name", "address", "target", "before", "after", "note"}

// AuditFilter chooses entries. The zero value chooses all.
type AuditFilter struct {
	Actor   int64     `json:"actor,omitempty"`  // who did it
	Person  int64     `json:"person,omitempty"` // to whom it was done
	Who     string    `json:"-"`                // stands in the actor's name
	Whom    string    `json:"-"`                // stands in the name of the person or board
	Board   int64     `json:"board,omitempty"`
	Idea    int64     `json:"idea,omitempty"`
	Act     Act       `json:"act,omitempty"`
	Outcome Outcome   `json:"outcome,omitempty"`
	From    time.Time `json:"from,omitzero"` // inclusive
	To      time.Time `json:"to,omitzero"`   // exclusive
}

// AuditHead is the last entry of the chain: who keeps a copy of it elsewhere can
// prove later that nothing before it was changed or taken away.
type AuditHead struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"` // hex; empty while there is no entry
}

// Audit is a page of the audit log, the newest entry first.
type Audit struct {
	Items []AuditEntry `json:"items"`
	Next  string       `json:"next"`
	Head  AuditHead    `json:"head"`
}
