package board

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Rules of searches.
const (
	MaxQuery      = 1000 // characters of what is typed
	MaxSaved      = 20   // searches one person keeps
	MaxSavedName  = 100  // characters of the name of one
	MaxSavedQuery = 4000 // bytes of its address
)

// Saved is a search that somebody keeps, to be told when something new matches.
// Nobody else sees it.
type Saved struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Query     string    `json:"query"` // of its address: q=mensa&board=lavoro, see Query.Values
	New       int       `json:"new"`   // ideas found since it was opened last, that its owner may see
	CreatedAt time.Time `json:"created_at"`
}

// NewSaved is a search to be kept. A Name left empty becomes the words of the search.
type NewSaved struct {
	Name  string `json:"name,omitempty"`
	Query string `json:"query"`
}

// SavedChange is a new name for a saved search.
type SavedChange struct {
	Name string `json:"name"`
}

// Values is the query as the address of a page says it: what is not set is left
// out, days stand as 2006-01-02 in the server's time zone, to is the last day
// included. Lang, Limit and Cursor belong to whoever asks and are not in it.
func (q Query) Values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	number := func(name string, n int64) {
		if n != 0 {
			v.Set(name, strconv.FormatInt(n, 10))
		}
	}
	set("q", strings.TrimSpace(q.Q))
	set("board", q.Board)
	set("stage", string(q.Stage))
	number("author", q.Author)
	if !q.From.IsZero() {
		set("from", q.From.In(time.Local).Format(time.DateOnly))
	}
	if !q.To.IsZero() {
		set("to", q.To.In(time.Local).Add(-1).Format(time.DateOnly))
	}
	number("year", int64(q.Year))
	set("in", q.TextIn)
	number("idea", q.Idea)
	set("sort", string(q.Sort))
	if q.Exact {
		set("exact", "1")
	}
	return v
}

// ParseQuery reads what Values writes. What it could read is there with an error
// too. Errors: invalid, naming the field.
func ParseQuery(v url.Values) (q Query, err error) {
	fail := func(e error) {
		if err == nil {
			err = e
		}
	}
	number := func(name string) (n int64) {
		if s := v.Get(name); s != "" {
			var bad error
			if n, bad = strconv.ParseInt(s, 10, 64); bad != nil || n <= 0 {
				fail(FieldFault(name, "Write a number here."))
				return 0
			}
		}
		return n
	}
	q = Query{Q: strings.TrimSpace(strings.ToValidUTF8(v.Get("q"), "\uFFFD")), Board: v.Get("board"), Stage: Stage(v.Get("stage")), Author: number("author"),
		Year: int(min(number("year"), 9999)), TextIn: v.Get("in"), Idea: number("idea"), Sort: Order(v.Get("sort")), Exact: v.Get("exact") == "1"}
	if utf8.RuneCountInString(q.Q) > MaxQuery {
		fail(FieldFault("q", "A search has %d characters at most.", MaxQuery))
	}
	if !q.Sort.Known() {
		fail(FieldFault("sort", "There is no order of this name."))
		q.Sort = ByRelevance
	}
	var bad error
	if q.From, bad = day("from", v.Get("from")); bad != nil {
		fail(bad)
	}
	if q.To, bad = day("to", v.Get("to")); bad != nil {
		fail(bad)
	}
	if !q.To.IsZero() {
		q.To = q.To.AddDate(0, 0, 1) // the whole of the last day
	}
	return q, err
}

// Asks tells whether the query asks for anything: words, or whose texts.
func (q Query) Asks() bool { return strings.TrimSpace(q.Q) != "" || q.Author != 0 }

// Known tells whether o is an order of results.
func (o Order) Known() bool { return o == ByRelevance || o == ByNewest || o == ByVotes }

// day reads a date as date fields send it.
func day(field, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, time.Local)
	if err != nil {
		return t, FieldFault(field, "Write a date such as 2026-05-31.")
	}
	return t, nil
}
