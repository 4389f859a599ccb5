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
