package board

import (
	"slices"
	"time"
)

// Kind of person: an employee sees open boards and the directory, a guest
// (customer, supplier) only the boards they are a member of.
type Kind string

// The kinds of person.
const (
	Employee Kind = "employee"
	Guest    Kind = "guest"
)

// Role is what a person may do beyond talking. Roles are added to a person.
type Role string

// The roles. Auditor and council read what the later audit and release pages show.
const (
	Moderator Role = "moderator"
	HR        Role = "hr"
	Admin     Role = "admin"
	Auditor   Role = "auditor"
	Council   Role = "council"
	Officer   Role = "officer" // reads what was reported as illegal or dangerous, on every board
)

// Roles lists every role, in the order forms show them.
var Roles = []Role{Moderator, HR, Admin, Auditor, Council, Officer}

// Author is a person as the others see them beside their words.
type Author struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	Team string `json:"-"` // shown on pages beside the name
}

// Person is somebody who may sign in, or whose words were imported.
type Person struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Kind   Kind   `json:"kind"`
	Handle string `json:"handle,omitempty"` // what stands behind @ in a text
	Team   string `json:"team,omitempty"`
	Site   string `json:"site,omitempty"`
	Roles  []Role `json:"roles,omitempty"`
}

// NewPerson is what is needed to add a person.
type NewPerson struct {
	Email string
	Name  string
	Kind  Kind
	Roles []Role
	Team  string // created when it does not exist yet
	Site  string
	Lang  string
	Hash  string // encoded password hash; empty: cannot sign in by password yet
}

// Who is somebody asking for something: the principal of every verb and query.
type Who struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Kind  Kind   `json:"kind"`
	Roles []Role `json:"roles"`
	Lang  string `json:"lang"` // code such as "it", "" for the browser's
	Team  string `json:"team,omitempty"`

	// Keeps are the boards they moderate without the role, Owns those on which
	// they owe answers, themselves or through their team: ids.
	Keeps []int64 `json:"-"`
	Owns  []int64 `json:"-"`
	Heeds []int64 `json:"-"` // on which they are the named officer
}

// Has tells whether the person was given a role.
func (w Who) Has(role Role) bool {
	for _, r := range w.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// Moderates tells whether the person may answer, move and tidy what they can
// see, on every board.
func (w Who) Moderates() bool { return w.Has(Moderator) || w.Has(Admin) }

// ModeratesBoard tells the same of one board, by its id.
func (w Who) ModeratesBoard(id int64) bool { return w.Moderates() || slices.Contains(w.Keeps, id) }

// ModeratesAny tells whether there is a board that the person moderates.
func (w Who) ModeratesAny() bool { return w.Moderates() || len(w.Keeps) > 0 }

// OwnsBoard tells whether the person owes answers on a board, by its id.
func (w Who) OwnsBoard(id int64) bool { return slices.Contains(w.Owns, id) }

// HeedsAny tells whether reports of something illegal or dangerous may reach the person.
func (w Who) HeedsAny() bool { return w.Has(Officer) || w.Has(Admin) || len(w.Heeds) > 0 }

// Reviews tells whether there is a review page for the person.
func (w Who) Reviews() bool { return w.ModeratesAny() || w.HeedsAny() }

// BoardRole is what a person, or for answers a team, is to one board.
type BoardRole string

// The roles on a board: who owes its ideas an answer, who keeps it tidy, and to
// whom one turns with what is illegal or dangerous.
const (
	BoardOwner     BoardRole = "owner"
	BoardModerator BoardRole = "moderator"
	BoardOfficer   BoardRole = "officer" // reads what was reported there as illegal or dangerous
)

// Session is one signed-in device, as its owner sees it.
type Session struct {
	ID        int64     `json:"id"`
	Device    string    `json:"device"` // browser and system in a few words
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"` // to the hour
	Current   bool      `json:"current"`
}

// Token is a key for programs, as its owner sees it; the secret is shown once.
type Token struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"created_at"`
}

// Me answers who the caller is.
type Me struct {
	Who
	Epoch string `json:"epoch"`
	Seq   int64  `json:"seq"` // head of the log
}
