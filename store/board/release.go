package board

import (
	"io"
	"iter"
	"time"
)

// Asked is what a release is asked for. The same request is the same release, for
// ever.
type Asked struct {
	From      Month       `json:"from" doc:"first month, such as 2026-01"`
	To        Month       `json:"to" doc:"last month"`
	By        []Dimension `json:"by" doc:"company, team, site, board; the company is always there"`
	Lang      string      `json:"lang" enum:"it,en"`
	Separator string      `json:"separator" pattern:"^[;,]$" patternDescription:"a semicolon or a comma" doc:"of the CSV files; decimals are written with a comma where it is a semicolon and the language does so"`
	BOM       bool        `json:"bom" doc:"begin CSV files with a byte order mark, as some spreadsheets want"`
}

// ReleaseState says how far a release is.
type ReleaseState string

// The states: one that was asked for waits, is made, and is then ready for ever, or
// could not be made, for a reason. Asking again for that one begins it anew.
const (
	ReleaseWaits  ReleaseState = "waits"
	ReleaseMaking ReleaseState = "making"
	ReleaseReady  ReleaseState = "ready"
	ReleaseFailed ReleaseState = "failed"
)

// Release is a numbered export that never changes once it is ready.
type Release struct {
	Number  int64         `json:"number"`
	State   ReleaseState  `json:"state" enum:"waits,making,ready,failed" doc:"files are there when it is ready"`
	Percent int           `json:"percent" doc:"how much of it is made, 0 to 100"`
	Reason  string        `json:"reason,omitempty" doc:"why it could not be made"`
	MadeAt  time.Time     `json:"made_at" doc:"or asked for, while it is not ready"`
	MadeBy  string        `json:"made_by,omitempty" doc:"who asked for it; empty: the schedule"`
	Asked   Asked         `json:"asked"`
	Version string        `json:"version,omitempty" doc:"of the software that made it"`
	Figures int           `json:"figures"`
	Hidden  int           `json:"hidden" doc:"figures that are not shown as they are"`
	Files   []ReleaseFile `json:"files"`
}

// ReleaseFile is one file of a release.
type ReleaseFile struct {
	Name   string `json:"name"`
	Type   string `json:"type"` // media type
	Size   int64  `json:"size"` // bytes
	SHA256 string `json:"sha256"`
}

// ReleaseSink takes the files of a release, one after the other.
type ReleaseSink interface {
	// Create ends the file before and begins the next one.
	Create(name, kind string) (io.Writer, error)
	// Made ends the file before and lists all that are ended.
	Made() ([]ReleaseFile, error)
}

// ReleaseMaker writes the files of a release from its figures, which can be read
// more than once: by dimension, month and unit.
type ReleaseMaker func(r Release, figures iter.Seq2[Figure, error], to ReleaseSink) error

// MaxReleaseMonths is how many months a release holds at most.
const MaxReleaseMonths = 36
