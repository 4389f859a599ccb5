package templates

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates/words"
)

// SearchPage is the search with its results. GET /search: what board.ParseQuery
// reads, and after; with part=1 only SearchResults, with part=quick QuickResults.
type SearchPage struct {
	Page
	SearchPart
}

// SearchPart is what a search found; SearchResults shows it.
type SearchPart struct {
	Lang    string
	Key     string // the page's
	Query   board.Query
	Author  string            // name behind Query.Author
	From    string            // as typed
	To      string            // as typed
	Names   map[string]string // names of boards by slug
	Found   board.Found
	Experts []board.Expert // on the first piece
	Saved   bool           // the reader keeps this search
	Fault   *board.Error
}

// SearchPath leads to the results of a search with one thing of it changed. What
// changes begins at the first piece of the list.
func SearchPath(q board.Query, change ...string) string {
	v := q.Values()
	for i := 0; i+1 < len(change); i += 2 {
		v.Del(change[i])
		if change[i+1] != "" {
			v.Set(change[i], change[i+1])
		}
	}
	if len(change) > 0 && change[0] == "q" {
		v.Del("exact")
	}
	if len(v) == 0 {
		return "/search"
	}
	return "/search?" + v.Encode()
}

// hidden is a field of a form that is sent along unseen.
type hidden struct{ name, value string }

// sentAlong are the parts of a query that a form with fields for the others sends along.
func sentAlong(q board.Query, but ...string) (out []hidden) {
	v := q.Values()
	for name := range v {
		if !slices.Contains(but, name) {
			out = append(out, hidden{name, v.Get(name)})
		}
	}
	slices.SortFunc(out, func(a, b hidden) int { return strings.Compare(a.name, b.name) })
	return out
}

func searchTitle(s SearchPart) string {
	if s.Query.Q != "" {
		return words.T(s.Lang, "%s: search", s.Query.Q)
	}
	return words.T(s.Lang, "Search")
}

// howMany says how much was found; nothing where that is not counted.
func howMany(s SearchPart) string {
	switch {
	case s.Found.Uncounted:
		return ""
	case s.Found.AtLeast:
		return words.T(s.Lang, "%d+ results", s.Found.Total)
	case s.Found.Total == 0 && len(s.Found.Hits) > 0:
		return words.T(s.Lang, "No result with all the words")
	}
	return words.N(s.Lang, s.Found.Total, "%d result", "%d results")
}

// milliseconds writes microseconds with one decimal, as the language does.
func milliseconds(lang string, us int64) string { return words.Tenths(lang, (us+50)/100) }

// filterChip is a filter that is set and the search without it.
type filterChip struct{ text, href string }

// filtersOf lists the filters of a search: those beside its words, then those typed among them.
func filtersOf(s SearchPart) (out []filterChip) {
	q := s.Query
	add := func(name, text string) { out = append(out, filterChip{text, SearchPath(q, name, "")}) }
	if q.Board != "" {
		add("board", named(s.Names, q.Board))
	}
	if q.Stage != "" {
		add("stage", words.Stage(s.Lang, q.Stage))
	}
	switch {
	case q.Author != 0 && s.Author != "":
		add("author", words.T(s.Lang, "Only by %s", s.Author))
	case q.Author != 0:
		add("author", words.T(s.Lang, "Only by one person"))
	}
	if !q.From.IsZero() {
		add("from", words.T(s.Lang, "from %s", words.Date(s.Lang, q.From)))
	}
	if !q.To.IsZero() {
		add("to", words.T(s.Lang, "until %s", words.Date(s.Lang, q.To.Add(-1))))
	}
	if q.Year != 0 {
		add("year", strconv.Itoa(q.Year))
	}
	if q.TextIn != "" {
		add("in", textLanguage(s.Lang, q.TextIn))
	}
	for _, f := range s.Found.Filters {
		out = append(out, filterChip{typedFilter(s, f), SearchPath(q, "q", f.Rest)})
	}
	return out
}

// typedFilter says a filter that was typed into a search.
func typedFilter(s SearchPart, f board.Filter) string {
	text := f.Value
	switch {
	case f.Kind == board.FilterStage && board.Stage(f.Value).Known():
		text = words.Stage(s.Lang, board.Stage(f.Value))
	case f.Kind == board.FilterBoard:
		text = named(s.Names, f.Value)
	case f.Kind == board.FilterAuthor:
		text = words.T(s.Lang, "Only by %s", f.Value)
	case f.Kind == board.FilterPhrase:
		text = words.T(s.Lang, "“%s”", strings.Trim(f.Value, `"`))
	case f.Kind == board.FilterTag:
		text = "#" + strings.TrimPrefix(f.Value, "#")
	case f.Kind == board.FilterBefore:
		text = words.T(s.Lang, "before %s", f.Value)
	case f.Kind == board.FilterAfter:
		text = words.T(s.Lang, "after %s", f.Value)
	case f.Kind == board.FilterHas && f.Value == "attachment":
		text = words.T(s.Lang, "with an attachment")
	case f.Kind == board.FilterIs:
		text = standing(s.Lang, f.Value)
	}
	if f.Not || f.Kind == board.FilterNot {
		return words.T(s.Lang, "without: %s", text)
	}
	return text
}

// standing says what is: asks for.
func standing(lang, value string) string {
	switch value {
	case "unanswered":
		return words.T(lang, "waiting for an answer")
	case "answered":
		return words.T(lang, "with an official answer")
	case "late":
		return words.T(lang, "owed an answer that is late")
	case "mine":
		return words.T(lang, "posted by you")
	case "followed":
		return words.T(lang, "followed by you")
	}
	return value
}

// textLanguage names the language of a text.
func textLanguage(lang, code string) string {
	switch code {
	case "it":
		return words.T(lang, "language|Italian")
	case "en":
		return words.T(lang, "language|English")
	case "de":
		return words.T(lang, "language|German")
	case "fr":
		return words.T(lang, "language|French")
	case "es":
		return words.T(lang, "language|Spanish")
	case "":
		return words.T(lang, "language|Not known")
	}
	return strings.ToUpper(code)
}

// facetGroup is one way to narrow results down.
type facetGroup struct {
	name, title string
	lines       []facetLine
}

type facetLine struct {
	value, text string
	count       int
	chosen      bool
}

// facetsShown is how many values of a facet stand open.
const facetsShown = 6

func (g facetGroup) first() []facetLine { return g.lines[:min(len(g.lines), facetsShown)] }
func (g facetGroup) rest() []facetLine  { return g.lines[min(len(g.lines), facetsShown):] }

// facetGroups are the facets in which there is something to choose, or to take back.
func facetGroups(s SearchPart) (out []facetGroup) {
	f, q := s.Found.Facets, s.Query
	add := func(name, title, chosen string, values []board.Facet, text func(string) string) {
		if len(values) < 2 && chosen == "" {
			return
		}
		g := facetGroup{name: name, title: title}
		for _, v := range values {
			if v.Value != "" {
				g.lines = append(g.lines, facetLine{v.Value, text(v.Value), v.Count, v.Value == chosen})
			}
		}
		if !slices.ContainsFunc(g.lines, func(l facetLine) bool { return l.chosen }) && chosen != "" {
			g.lines = append([]facetLine{{chosen, text(chosen), 0, true}}, g.lines...)
		}
		out = append(out, g)
	}
	year := ""
	if q.Year != 0 {
		year = strconv.Itoa(q.Year)
	}
	add("board", words.T(s.Lang, "Board"), q.Board, f.Boards, func(v string) string { return named(s.Names, v) })
	add("stage", words.T(s.Lang, "Stage"), string(q.Stage), f.Stages, func(v string) string { return words.Stage(s.Lang, board.Stage(v)) })
	add("year", words.T(s.Lang, "Year"), year, f.Years, func(v string) string { return v })
	add("in", words.T(s.Lang, "Language"), q.TextIn, f.Langs, func(v string) string { return textLanguage(s.Lang, v) })
	return out
}

func faceted(s SearchPart) bool { return len(facetGroups(s)) > 0 }

func named(names map[string]string, slug string) string {
	if n := names[slug]; n != "" {
		return n
	}
	return slug
}

// whereFound says in which part of an idea a passage stands.
func whereFound(lang string, h board.Hit) string {
	if h.Where == board.InComment {
		return words.T(lang, "In a comment by %s", h.Author.Name)
	}
	return words.Where(lang, h.Where)
}

// beyondTitle is the piece of text shown under a title, without the title that it
// begins with where nothing else was found.
func beyondTitle(h board.Hit) string {
	if h.Headline == "" {
		return h.Snippet
	}
	return strings.TrimPrefix(strings.TrimPrefix(h.Snippet, h.Headline), " · ")
}

func hitTime(lang string, at time.Time) templ.Component {
	if at.IsZero() {
		return templ.NopComponent
	}
	return when(lang, at)
}

func hitPath(h board.Hit) string {
	switch {
	case h.Comment != nil:
		return inThread(*h.Comment)
	case h.Where == board.InAnswer:
		return ideaPath(h.Idea) + "#answers"
	}
	return ideaPath(h.Idea)
}

// askPath leads to a new idea whose title is what was searched for, without what
// only a search understands.
func askPath(s SearchPart) string {
	var title []string
	for _, word := range strings.Fields(s.Query.Q) {
		if word = strings.Trim(word, `"«»“”`); word != "" && word[0] != '-' && !strings.Contains(word, ":") {
			title = append(title, word)
		}
	}
	asked := firstUpper(strings.Join(title, " "))
	if _, ok := s.Names[s.Query.Board]; ok {
		return NewIdeaPath(s.Query.Board, asked)
	}
	return address("/ideas/new", "title", asked)
}

func firstUpper(s string) string {
	for i, r := range s {
		if i == 0 {
			return strings.ToUpper(string(r)) + s[len(string(r)):]
		}
	}
	return s
}

// SavedPage lists the searches that the reader keeps. GET /search/saved; GET
// /search/saved/{id} leads to one. POST /search/saved: query, name;
// /search/saved/{id}/name: name; /search/saved/{id}/delete.
type SavedPage struct {
	Page
	Searches []SavedLine
	Wrong    int64 // search whose new name is at fault; 0: the one being saved
	Name     string
	Fault    *board.Error
}

// SavedLine is a saved search with its filters in words.
type SavedLine struct {
	board.Saved
	About SearchPart
}

// savedFilters says a saved search in words.
func savedFilters(l SavedLine) []string {
	var out []string
	if q := l.About.Query.Q; q != "" && q != l.Name {
		out = append(out, q)
	}
	for _, f := range filtersOf(l.About) {
		out = append(out, f.text)
	}
	return out
}

// savedQuery is what the form that saves a search sends.
func savedQuery(q board.Query) string {
	q.Sort, q.Idea = board.ByRelevance, 0
	return q.Values().Encode()
}

// savedPath leads to a saved search.
func savedPath(id int64) string { return "/search/saved/" + url.PathEscape(strconv.FormatInt(id, 10)) }

// plainPath leads to the words of a search without any filter.
func plainPath(s SearchPart) string {
	q := s.Query.Q
	if n := len(s.Found.Filters); n > 0 {
		var rest []string
		for _, word := range strings.Fields(q) {
			if word[0] != '-' && !strings.Contains(word, ":") {
				rest = append(rest, word)
			}
		}
		q = strings.Join(rest, " ")
	}
	return address("/search", "q", q)
}
