package search

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"convivio/store/board"
	"convivio/store/markdown"
)

// layout is the version of what stands below; an index of another is built anew.
const layout = 8

// The fields of a document. One holds every stemmed word, so that all words of
// a query can be asked of one field; the title's words stand again in their own,
// to weigh more. Filters are one term each.
const (
	textField   = "text"   // stemmed words of title, body and tags
	titleField  = "title"  // stemmed words of the title
	typedField  = "typed"  // the words as they were typed, each once, the small ones too
	beginField  = "begin"  // the first letters of those
	accessField = "access" // open, or the private board: b7
	boardField  = "board"
	stageField  = "stage"
	authorField = "author"
	ideaField   = "idea"
	tagField    = "tag"   // of the idea, folded
	kindField   = "kind"  // i, c or a, as in the document's id
	langField   = "lang"  // two letters; none where nothing tells
	yearField   = "year"  // of writing: 2026
	monthField  = "month" // 2026-11
	markField   = "mark"  // markAnswered, markWaits, markFile
	factsField  = "facts" // what is read back of each match, see facts
)

// What a document may be marked with.
const (
	markAnswered = "answered" // its idea has an official answer
	markWaits    = "waits"    // its idea waits for an answer of an owner
	markFile     = "file"     // it names a file
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
	if d.Part == board.InText {
		terms.add(t, d.Tags)
	}
	terms.add(t, markdown.Text(d.HTML))
	doc := document.NewDocument(documentID(d.Ref))
	add := func(name string, options index.FieldIndexingOptions, terms ...string) {
		if len(terms) > 0 {
			doc.AddField(newField(name, options, terms))
		}
	}
	add(textField, counted, terms.words...)
	add(titleField, counted, title...)
	doc.AddField(terms.typedField())
	doc.AddField(terms.beginField())
	doc.AddField(commonField(accessField, access(d.Board, d.Private)))
	doc.AddField(commonField(boardField, strconv.FormatInt(d.Board, 10)))
	doc.AddField(commonField(stageField, string(d.Stage)))
	add(authorField, present, strconv.FormatInt(d.Author, 10))
	add(ideaField, present, strconv.FormatInt(d.Idea, 10))
	doc.AddField(commonField(kindField, string(partLetter[d.Part])))
	add(tagField, present, tags(d.Tags)...)
	if lang := twoLetters(d.Lang); lang != "" {
		doc.AddField(commonField(langField, lang))
	}
	day := time.UnixMicro(d.At).UTC().Format("2006-01")
	doc.AddField(commonField(yearField, day[:4]))
	doc.AddField(commonField(monthField, day))
	add(markField, present, marks(d)...)
	add(factsField, kept, factsOf(d).encode())
	return indexed{doc, len(terms.words), len(title)}
}

// tags are the terms of an idea's tags, which stand between spaces.
func tags(list string) (terms []string) {
	for t := range strings.FieldsSeq(list) {
		terms = append(terms, fold(t))
	}
	return terms
}

// marks are what the document can be filtered by besides.
func marks(d board.Document) (list []string) {
	if d.Answered {
		list = append(list, markAnswered)
	}
	if d.Waits {
		list = append(list, markWaits)
	}
	if len(markdown.FilesIn(d.HTML)) > 0 {
		list = append(list, markFile)
	}
	return list
}

// termLists are the terms of a text: stemmed, in order, and as they were typed.
type termLists struct {
	words []string
	typed map[string]bool // false: a stop word
}

func (l *termLists) add(t *tongue, text string) {
	if l.typed == nil {
		l.typed = map[string]bool{}
	}
	shouting := shouted(text)
	eachWord(text, func(w word) bool {
		if w.code && !shouting && t.stop[w.folded] {
			l.words = append(l.words, w.folded)
			l.typed[w.folded] = true
			return true
		}
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
		terms, _ := bothForms(folded)
		l.words = append(l.words, terms...)
		l.typed[folded] = true
		return
	}
	term := t.term(folded)
	if l.typed[folded] = l.typed[folded] || term != ""; term != "" {
		l.words = append(l.words, term)
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

// typedField holds the words as they were typed.
func (l *termLists) typedField() *field {
	f := &field{name: typedField, options: present, terms: make(index.TokenFrequencies, len(l.typed)), length: len(l.typed)}
	for w := range l.typed {
		f.terms[w] = times(0)
		f.bytes += len(w)
	}
	return f
}

// beginField holds the beginnings of the words that tell something.
func (l *termLists) beginField() *field {
	f := &field{name: beginField, options: present, terms: make(index.TokenFrequencies, 2*len(l.typed))}
	for w, telling := range l.typed {
		if !telling {
			continue
		}
		letters := 0
		for i, r := range w {
			if letters++; letters >= shortestBegin {
				begin := w[:i+utf8.RuneLen(r)]
				f.terms[begin] = times(0)
				f.bytes += len(begin)
			}
			if letters == longestBegin {
				break
			}
		}
	}
	f.length = len(f.terms)
	return f
}
