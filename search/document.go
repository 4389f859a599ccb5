package search

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/document"

	"convivio/store/board"
	"convivio/store/markdown"
)

// layout is the version of what stands below; an index of another is built anew.
const layout = 3

// The fields of a document. One holds every stemmed word, so that all words of
// a query can be asked of one field; the title's words stand again in their own,
// to weigh more. Filters are one term each.
const (
	textField   = "text"   // stemmed words of title, body and tags
	titleField  = "title"  // stemmed words of the title
	typedField  = "typed"  // the words as they were typed, each once
	beginField  = "begin"  // the first letters of those
	accessField = "access" // open, or the private board: b7
	boardField  = "board"
	stageField  = "stage"
	authorField = "author"
	ideaField   = "idea"
	factsField  = "facts" // what is read back of each match, see facts
)

// partLetter begins a document's id, so that an idea and a comment of the same number differ.
var partLetter = map[board.Where]byte{board.InText: 'i', board.InComment: 'c', board.InAnswer: 'a'}

// documentID is a document's name in the index: i7, c12, a3.
func documentID(r board.Ref) string {
	return string(partLetter[r.Part]) + strconv.FormatInt(r.ID, 10)
}

// parseID reads what documentID wrote.
func parseID(id string) (r board.Ref, ok bool) {
	var err error
	if len(id) < 2 {
		return r, false
	}
	r.Part = partOf(id[0])
	r.ID, err = strconv.ParseInt(id[1:], 10, 64)
	return r, r.Part != "" && err == nil
}

func partOf(letter byte) board.Where {
	switch letter {
	case 'i':
		return board.InText
	case 'c':
		return board.InComment
	case 'a':
		return board.InAnswer
	}
	return ""
}

// access is the one word by which readers are let to a document.
func access(boardID int64, private bool) string {
	if !private {
		return "open"
	}
	return "b" + strconv.FormatInt(boardID, 10)
}

// facts are what the index tells of a match without asking the store: to
// filter by time, to count by board and stage, to order equal scores, and to
// check the index against the store.
type facts struct {
	at      int64
	ref     board.Ref
	idea    int64
	board   int64
	private bool
	stage   string
	digest  uint32 // of the words indexed
}

func factsOf(d board.Document) facts {
	h := fnv.New32a()
	for _, s := range []string{d.Title, d.Tags, d.Lang, strconv.FormatInt(d.Author, 10), d.HTML} {
		_, _ = h.Write([]byte(s))
		_, _ = h.Write([]byte{0})
	}
	return facts{max(0, d.At), d.Ref, d.Idea, d.Board, d.Private, string(d.Stage), h.Sum32()}
}

func (f facts) String() string {
	b := make([]byte, 0, 64)
	b = append(b, documentID(f.ref)...)
	for _, n := range [...]int64{f.at, f.idea, f.board, int64(f.digest)} {
		b = append(b, ' ')
		b = strconv.AppendInt(b, n, 36)
	}
	b = append(b, " o "...)
	if f.private {
		b[len(b)-2] = 'p'
	}
	return string(append(b, f.stage...))
}

// parseFacts reads what String wrote. It runs once a match, so it allocates nothing.
func parseFacts(b []byte) (f facts, ok bool) {
	if len(b) < 2 {
		return f, false
	}
	f.ref.Part = partOf(b[0])
	var digest int64
	rest := b[1:]
	ok = true
	for _, n := range [...]struct {
		to   *int64
		base int64
	}{{&f.ref.ID, 10}, {&f.at, 36}, {&f.idea, 36}, {&f.board, 36}, {&digest, 36}} {
		*n.to, rest, ok = number(rest, n.base, ok)
	}
	if !ok || len(rest) < 2 || f.ref.Part == "" {
		return f, false
	}
	f.digest, f.private, f.stage = uint32(digest), rest[0] == 'p', stageName(rest[2:]) // #nosec G115 -- written from 32 bits
	return f, true
}

// number reads a number and the space behind it.
func number(b []byte, base int64, ok bool) (int64, []byte, bool) {
	var n int64
	for i, c := range b {
		d := int64(-1)
		switch {
		case c == ' ':
			return n, b[i+1:], ok && i > 0
		case c >= '0' && c <= '9':
			d = int64(c - '0')
		case c >= 'a' && c <= 'z':
			d = int64(c-'a') + 10
		}
		if d < 0 || d >= base {
			return 0, nil, false
		}
		n = n*base + d
	}
	return 0, nil, false
}

// stageName is the stage without a copy where it is a known one.
func stageName(b []byte) string {
	for _, s := range board.Stages {
		if string(s) == string(b) {
			return string(s)
		}
	}
	return string(b)
}

// indexed is a document ready for bleve, with what it adds to the averages.
type indexed struct {
	doc          *document.Document
	words, title int
}

// prepare works out the terms of a text.
func prepare(d board.Document) indexed {
	t := tongueOf(d.Lang)
	var terms termLists
	terms.add(t, d.Title)
	title := terms.words
	terms.add(t, d.Tags)
	terms.add(t, markdown.Text(d.HTML))
	doc := document.NewDocument(documentID(d.Ref))
	doc.AddField(newField(textField, counted, terms.words))
	if len(title) > 0 {
		doc.AddField(newField(titleField, counted, title))
	}
	typed, begins := terms.asTyped()
	doc.AddField(newField(typedField, present, typed))
	doc.AddField(newField(beginField, present, begins))
	for _, one := range [...]struct{ name, term string }{
		{accessField, access(d.Board, d.Private)},
		{boardField, strconv.FormatInt(d.Board, 10)},
		{stageField, string(d.Stage)},
		{authorField, strconv.FormatInt(d.Author, 10)},
		{ideaField, strconv.FormatInt(d.Idea, 10)},
	} {
		doc.AddField(newField(one.name, present, []string{one.term}))
	}
	doc.AddField(newField(factsField, kept, []string{factsOf(d).String()}))
	return indexed{doc, len(terms.words), len(title)}
}

// termLists are the terms of a text: stemmed, in order, and as they were typed.
type termLists struct {
	words []string
	typed map[string]bool
}

func (l *termLists) add(t *tongue, text string) {
	if l.typed == nil {
		l.typed = map[string]bool{}
	}
	eachWord(text, func(w word) bool {
		l.one(t, w.folded)
		for _, p := range w.parts {
			l.one(t, p)
		}
		if whole := joined(w); whole != "" {
			l.one(t, whole)
		}
		return true
	})
}

func (l *termLists) one(t *tongue, folded string) {
	if t == unsureTongue {
		terms, _ := meanings(folded)
		l.words = append(l.words, terms...)
		l.typed[folded] = true
		return
	}
	if term := t.term(folded); term != "" {
		l.words = append(l.words, term)
		l.typed[folded] = true
	}
}

// joined is a compound written as one word: email for e-mail, 1234 for 1.234.
func joined(w word) string {
	if len(w.parts) != 2 || len(w.parts[0])+len(w.parts[1])+1 != len(w.folded) {
		return ""
	}
	digits := strings.Trim(w.parts[0]+w.parts[1], "0123456789") == ""
	switch w.folded[len(w.parts[0])] {
	case '-':
		if digits {
			return ""
		}
	case '.':
		if !digits {
			return ""
		}
	default:
		return ""
	}
	return w.parts[0] + w.parts[1]
}

// Beginnings of so many letters are terms of their own: as many words have them
// as no dictionary should be walked for. Longer ones are looked up among the words.
const (
	shortestBegin = 2
	longestBegin  = 4
)

// asTyped are the words as they were typed, and their beginnings.
func (l *termLists) asTyped() (typed, begins []string) {
	typed = make([]string, 0, len(l.typed))
	seen := make(map[string]bool, 2*len(l.typed))
	for w := range l.typed {
		typed = append(typed, w)
		letters := 0
		for i, r := range w {
			if letters++; letters >= shortestBegin {
				seen[w[:i+utf8.RuneLen(r)]] = true
			}
			if letters == longestBegin {
				break
			}
		}
	}
	begins = make([]string, 0, len(seen))
	for p := range seen {
		begins = append(begins, p)
	}
	return typed, begins
}
