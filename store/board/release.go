package board

import "time"

// Asked is what a release is asked for. The same request is the same release, for
// ever.
type Asked struct {
	From      Month       `json:"from" doc:"first month, such as 2026-01"`
	To        Month       `json:"to" doc:"last month"`
	By        []Dimension `json:"by" doc:"company, team, site, board; the company is always there"`
	Lang      string      `json:"lang" enum:"it,en"`
	Separator string      `json:"separator" enum:";,\\," doc:"of the CSV files; decimals are written with a comma where it is a semicolon and the language does so"`
	BOM       bool        `json:"bom" doc:"begin CSV files with a byte order mark, as some spreadsheets want"`
}

// Release is a numbered export that never changes.
type Release struct {
	Number  int64         `json:"number"`
	MadeAt  time.Time     `json:"made_at"`
	MadeBy  string        `json:"made_by,omitempty"` // empty: by the schedule
	Asked   Asked         `json:"asked"`
	Version string        `json:"version"` // of the software
	Figures int           `json:"figures"`
	Hidden  int           `json:"hidden"` // figures that are not shown as they are
	Files   []ReleaseFile `json:"files"`
}

// ReleaseFile is one file of a release.
type ReleaseFile struct {
	Name   string `json:"name"`
	Type   string `json:"type"` // media type
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
	Bytes  []byte `json:"-"`
}

// MaxReleaseMonths is how many months a release holds at most.
const MaxReleaseMonths = 36
