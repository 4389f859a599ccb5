package store

import "convivio/store/board"

// What the audit log keeps of things before and after an act. Never texts, never
// e-mail addresses, never secrets.

// personAudit is a person.
type personAudit struct {
	Kind     board.Kind   `json:"kind,omitempty"`
	Roles    []board.Role `json:"roles,omitempty"`
	Team     string       `json:"team,omitempty"`
	Site     string       `json:"site,omitempty"`
	Disabled bool         `json:"disabled,omitempty"`
}

// lossAudit is what is missing and was accepted.
type lossAudit struct {
	Events int64            `json:"events,omitempty"`
	Missed *board.AuditHead `json:"audit,omitempty"` // how far the audit log was seen to go
}

// linkAudit is a single-use link; its secret is never kept.
type linkAudit struct {
	Purpose Purpose `json:"purpose"`
}

// tokenAudit is a key for programs.
type tokenAudit struct {
	Token int64  `json:"token"`
	Name  string `json:"name"`
}

// routeAudit is a page or form by its route's own name.
type routeAudit struct {
	Route string `json:"route"`
}

// countAudit says how much was taken in or given out.
type countAudit struct {
	Source string         `json:"source,omitempty"`
	Rows   map[string]int `json:"rows,omitempty"`
}
