package search

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"convivio/store/board"
)

// The filters that people type before a colon, and the values some of them take,
// in Italian and English alike, folded. What is none of these is plain words.

// A kind of filter, as links and chips call it.
type kind = board.FilterKind

var filterNames = names(map[string]string{
	"author": "author autore autrice",
	"board":  "board bacheca",
	"tag":    "tag etichetta",
	"stage":  "stage status stato fase",
	"team":   "team gruppo reparto",
	"is":     "is e",
	"has":    "has ha con with",
	hasNot:   "no without senza",
	"before": "before prima",
	"after":  "after since dopo dal",
	"during": "during date durante data",
})

// stageNames are the stages as the pages call them, and as people do.
var stageNames = names(map[string]string{
	string(board.New):        "new|nuova|nuove|nuovo|nuovi",
	string(board.InReview):   "in review|review|in esame|esame|in valutazione",
	string(board.Planned):    "planned|pianificata|pianificate|pianificato|pianificati|in programma",
	string(board.InProgress): "in progress|progress|in corso|in lavorazione",
	string(board.Done):       "done|fatta|fatte|fatto|fatti|realizzata|realizzate|realizzato|completata|completate",
	string(board.Declined):   "declined|rejected|non accolta|non accolte|non accolto|respinta|respinte|rifiutata|rifiutate",
	string(board.Parked):     "parked|on hold|in sospeso|sospesa|sospese",
	string(board.MergedInto): "merged|unita|unite|unito|uniti",
	string(board.Withdrawn):  "withdrawn|ritirata|ritirate|ritirato",
})

var isNames = names(map[string]string{
	isUnanswered: "unanswered|not answered|without answer|senza risposta|senza risposte|non risposta|non risposte",
	isAnswered:   "answered|with answer|con risposta|con risposte|risposta|risposte",
	isLate:       "late|overdue|in ritardo|ritardo|scaduta|scadute",
	isMine:       "mine|my|mia|mie|mio|miei",
	isFollowed:   "followed|following|seguita|seguite|seguito|seguiti",
})

var hasNames = names(map[string]string{
	hasAttachment: "attachment|attachments|attached|file|files|allegato|allegati|allegata|un allegato",
	isAnswered:    "answer|answers|an answer|risposta|risposte|una risposta",
})

// What is: and has: may say.
const (
	isUnanswered  = "unanswered"
	isAnswered    = "answered"
	isLate        = "late"
	isMine        = "mine"
	isFollowed    = "followed"
	hasAttachment = "attachment"
	hasNot        = "no" // senza:allegato, the contrary of has:
)

// names turns lists of names, separated by bars or else by spaces, around.
func names(of map[string]string) map[string]string {
	m := map[string]string{}
	for meaning, list := range of {
		apart := " "
		if strings.Contains(list, "|") {
			apart = "|"
		}
		for name := range strings.SplitSeq(list, apart) {
			m[name] = meaning
		}
	}
	return m
}

// sayable brings what was typed to the form names are compared in: folded, words
// apart by one space, whatever joined them.
func sayable(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '-' || r == '_' || r == '\u2011' })
	for i, w := range words {
		words[i] = fold(w)
	}
	return strings.Join(words, " ")
}

// set adds a value to the filter, or to what is left out. It answers the piece
// as it would be written again; false where the value cannot be one.
func (q *question) set(p piece, now time.Time) (piece, bool) {
	f, ok := &q.filter, true
	if p.not {
		f = &q.except
	}
	switch p.kind {
	case board.FilterAuthor:
		f.people, ok = another(f.people, p.value)
	case board.FilterTeam:
		f.teams, ok = another(f.teams, p.value)
	case board.FilterBoard:
		f.boards = append(f.boards, p.value)
	case board.FilterTag:
		f.tags = append(f.tags, tagTerm(p.value))
	case board.FilterStage:
		if p.value, ok = stageNames[sayable(p.value)]; ok && !slices.Contains(f.stages, board.Stage(p.value)) {
			f.stages = append(f.stages, board.Stage(p.value))
		}
	case board.FilterIs:
		if p.value, ok = isNames[sayable(p.value)]; ok {
			q.is(p)
		}
	case board.FilterHas, hasNot:
		p.not = p.not != (p.kind == hasNot)
		if p.value, ok = hasNames[sayable(p.value)]; p.value == isAnswered {
			p.kind = board.FilterIs
			q.is(p)
		} else if p.kind = board.FilterHas; ok && p.not {
			q.except.attached = true
		} else if ok {
			q.filter.attached = true
		}
	default:
		return q.span(p, now)
	}
	return p, ok
}

// mostNames is how many people, and how many teams, a question may name: each is
// looked for among everybody.
const mostNames = 8

func another(names []string, name string) ([]string, bool) {
	switch {
	case slices.Contains(names, name):
		return names, true
	case len(names) == mostNames:
		return names, false
	}
	return append(names, name), true
}

// is adds what the idea is, or is not.
func (q *question) is(p piece) {
	f := &q.filter
	if p.not {
		f = &q.except
	}
	switch p.value {
	case isLate:
		f.late = true
	case isMine:
		f.mine = true
	case isFollowed:
		f.followed = true
	default:
		want := int8(1)
		if (p.value == isUnanswered) != p.not {
			want = -1
		}
		q.filter.nothing = q.filter.nothing || q.filter.answered == -want
		q.filter.answered = want
	}
}

// span narrows the time of writing. Not after a day is before it.
func (q *question) span(p piece, now time.Time) (piece, bool) {
	from, to, ok := spanOf(p.value, now)
	p.at = from
	switch {
	case !ok || p.kind == board.FilterDuring && p.not:
		return p, false
	case p.kind == board.FilterDuring:
		q.since(from)
		q.until(to)
	case (p.kind == board.FilterAfter) != p.not:
		q.since(from)
	default:
		q.until(from)
	}
	return p, true
}

func (q *question) since(t time.Time) {
	q.filter.from = max(q.filter.from, t.UnixMicro())
	q.filter.nothing = q.filter.nothing || q.filter.to != 0 && q.filter.from >= q.filter.to
}

func (q *question) until(t time.Time) {
	if to := max(1, t.UnixMicro()); q.filter.to == 0 || to < q.filter.to {
		q.filter.to = to
	}
	q.filter.nothing = q.filter.nothing || q.filter.from >= q.filter.to
}

// tagTerm is a tag as the index has it.
func tagTerm(s string) string { return fold(strings.ReplaceAll(strings.TrimSpace(s), " ", "-")) }

// named are the boards that somebody means, of those they may see: the one of
// this address or name, else those whose names have all its words.
func (s sight) named(typed string) (ids []int64) {
	want := sayable(typed)
	for _, b := range s.boards {
		if sayable(b.Slug) == want || sayable(b.Name) == want {
			ids = append(ids, b.ID)
		}
	}
	if len(ids) > 0 || want == "" {
		return ids
	}
	words := strings.Fields(want)
	for _, b := range s.boards {
		has := strings.Fields(sayable(b.Name))
		if !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(has, w) }) {
			ids = append(ids, b.ID)
		}
	}
	return ids
}
