package board

import "time"

// HouseRules are what people of a company may expect of each other here.
type HouseRules struct {
	Lang      string     `json:"lang"`
	Body      string     `json:"body"` // Markdown
	HTML      string     `json:"html"`
	ChangedAt *time.Time `json:"changed_at,omitempty"` // null: as they come with Convivio
}
