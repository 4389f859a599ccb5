package search

import (
	"html"
	"math/bits"
	"strings"
	"unicode/utf8"

	"convivio/store/board"
)

const (
	snippetRunes = 200
	lead         = 50       // characters before the first word found
	scanned      = 64 << 10 // bytes of a text that are looked at
)

// span is a word found in a text.
type span struct {
	start, end int
	asked      int // which word of the query
}

// hit makes what is shown of a result and its plain text: where its words stand,
// and the piece of text around them with the words marked. seen and title are what a
// look at both has found; nil: nobody has looked.
func (f *finder) hit(r board.Result, text string, seen, title *looked) board.Hit {
	h := r.Hit
	text = strings.ReplaceAll(text, "\n", " ")
	if r.Tags != "" {
		text = strings.TrimSpace(text + " #" + strings.ReplaceAll(r.Tags, " ", " #"))
	}
	if len(text) > scanned {
		text = strings.ToValidUTF8(text[:scanned], "")
	}
	if r.Tags != "" { // stand behind the text now
		seen = nil
	}
	spans, inTitle := f.already(seen, h.Lang, text), f.already(title, h.TitleLang, h.Title)
	if len(inTitle) > 0 {
		h.Headline = snippet(h.Title, inTitle, utf8.RuneCountInString(h.Title)+1)
	}
	h.Where = r.Part
	if r.Part != board.InText {
		h.Snippet = snippet(text, spans, snippetRunes)
		return h
	}
	if len(inTitle) > 0 && distinct(inTitle) >= distinct(spans) {
		h.Where = board.InTitle
	}
	if len(spans) > 0 || len(inTitle) == 0 {
		h.Snippet = snippet(text, spans, snippetRunes)
		return h
	}
	h.Snippet = snippet(h.Title, inTitle, snippetRunes)
	if room := snippetRunes - utf8.RuneCountInString(h.Title); room > 20 && text != "" {
		h.Snippet += " · " + snippet(text, nil, room)
	}
	return h
}

// finder tells the words of a query in texts, in any of their forms. It
// remembers what it was asked: the hits of a page share most of their words.
type finder struct {
	words []asked
	terms map[string]int        // under which term which word of the query is found
	codes map[string][]codePart // the parts of codes such as PRJ-1234
	known map[string]kin        // words of texts in the language read, and which of the query they are
	langs map[string]map[string]kin
	speak []*tongue    // what the words of the language read are stemmed by
	first [1024]uint64 // how words of the query begin, two bytes: no form of a word begins otherwise
}

func newFinder(words []asked) *finder {
	f := &finder{words: words, terms: map[string]int{}, langs: map[string]map[string]kin{}}
	for i, a := range words {
		f.begins(a.folded)
		f.begins(a.prefix)
		f.means(i, a.terms)
		for n, part := range a.parts {
			if !a.code() {
				f.means(i, part)
				continue
			}
			if f.codes == nil {
				f.codes = map[string][]codePart{}
			}
			f.begins(part[0])
			f.codes[part[0]] = append(f.codes[part[0]], codePart{i, n, len(a.parts)})
		}
	}
	return f
}

// means lets forms stand for a word of the query, unless they do for one before it.
func (f *finder) means(i int, forms []string) {
	for _, t := range forms {
		f.begins(t)
		if _, taken := f.terms[t]; !taken {
			f.terms[t] = i
		}
	}
}

func (f *finder) begins(word string) {
	switch len(word) {
	case 0:
	case 1:
		for second := range 256 {
			f.beginning(word[0], byte(second))
		}
	default:
		f.beginning(word[0], word[1])
		f.beginning(word[0], 0) // a word of one letter
		if word[1] == 'i' {     // dying is a form of die
			f.beginning(word[0], 'y')
		}
	}
}

func (f *finder) beginning(first, second byte) {
	at := int(first)<<8 | int(second)
	f.first[at/64] |= 1 << (at % 64)
}

// stranger tells, without looking it up, most of the words that are none of the query.
func (f *finder) stranger(folded string) bool {
	if folded == "" {
		return true
	}
	at := int(folded[0]) << 8
	if len(folded) > 1 {
		at |= int(folded[1])
	}
	return f.first[at/64]&(1<<(at%64)) == 0
}

// pass is where a plain word that begins at i ends, if it begins as no word of the
// query does; 0 where it takes a closer look to tell.
func (f *finder) pass(text string, i int) int {
	end := i + 1
	at := int(lower(text[i])) << 8
	if end < len(text) && plainByte[text[end]] {
		at |= int(lower(text[end]))
		end++
	}
	if f.first[at/64]&(1<<(at%64)) != 0 {
		return 0
	}
	for end < len(text) && plainByte[text[end]] {
		end++
	}
	if end == len(text) {
		return end
	}
	switch c := text[end]; {
	case c >= utf8.RuneSelf, c == '+', c == '#': // goes on, perhaps, or has a sign of its own
		return 0
	case c == '.' || c == '-' || c == '_' || c == '@' || c == '&' || c == '\'':
		if end+1 < len(text) && (plainByte[text[end+1]] || text[end+1] >= utf8.RuneSelf) {
			return 0
		}
	}
	return end
}

// lower is a letter of ASCII as it is folded.
func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// already are the places of the words of the query in a text, as far as a look has found them.
func (f *finder) already(l *looked, lang, text string) []span {
	if l == nil || l.cut || l.words != nil || f.codes != nil {
		return f.spans(lang, text)
	}
	return l.spans
}

// spans finds the words of the query in a text.
func (f *finder) spans(lang, text string) []span {
	f.listen(lang)
	var spans []span
	strangers, seen := 0, 0
	codes := f.codesIn()
	eachKin(text, f, &strangers, func(w word) bool {
		seen++
		i, start := f.which(w.folded), w.start
		if whole := joined(w); i < 0 && whole != "" {
			i = f.which(whole)
		}
		for _, p := range w.parts {
			if i < 0 {
				i = f.which(p)
			}
		}
		if i < 0 {
			i, start = codes.read(w, seen+strangers)
		}
		if i >= 0 {
			if n := len(spans); n > 0 && spans[n-1].start >= start {
				spans = spans[:n-1] // IMP of IMP 200 is a part of it
			}
			spans = append(spans, span{start, w.end, i})
		}
		return true
	})
	return spans
}

// kin is which word of the query a word of a text is.
type kin struct {
	asked int  // -1: none
	begun bool // it only begins as the one that is being typed
}

// listen is told the language of what is read next. Its words are known by the
// forms under which the index has them.
func (f *finder) listen(lang string) {
	if f.known = f.langs[lang]; f.known == nil {
		f.known = map[string]kin{}
		f.langs[lang] = f.known
	}
	if f.speak = []*tongue{tongueOf(lang)}; f.speak[0] == unsureTongue {
		f.speak = []*tongue{italianTongue, englishTongue}
	}
}

// which is the word of the query that a word of a text is; -1: none.
func (f *finder) which(folded string) int { return f.whichOf(folded).asked }

func (f *finder) whichOf(folded string) kin {
	if f.stranger(folded) {
		return kin{asked: -1}
	}
	if k, ok := f.known[folded]; ok {
		return k
	}
	k := f.find(folded)
	f.known[folded] = k
	return k
}

func (f *finder) find(folded string) kin {
	if i, ok := f.terms[folded]; ok {
		return kin{asked: i}
	}
	for _, t := range f.speak {
		if i, ok := f.terms[t.term(folded)]; ok {
			return kin{asked: i}
		}
	}
	for i, a := range f.words {
		if a.prefix != "" && strings.HasPrefix(folded, a.prefix) {
			return kin{i, true}
		}
	}
	return kin{asked: -1}
}

// distinct counts the words of the query that were found.
func distinct(spans []span) int {
	var seen uint64
	for _, s := range spans {
		seen |= 1 << (s.asked % 64)
	}
	return bits.OnesCount64(seen)
}

// snippet is the piece of a text with the most of what was found, escaped, the
// words marked, … where the text goes on.
func snippet(text string, spans []span, runes int) string {
	first := bestSpan(text, spans, runes)
	start := 0
	if first >= 0 {
		start = sentenceStart(text, spans[first].start)
	}
	end := forth(text, start, runes)
	if end == len(text) { // there is room before it: what was found stays in the first lines
		fill := back(text, end, runes)
		if first >= 0 {
			fill = max(fill, back(text, spans[first].start, lead))
		}
		start = min(start, wordStart(text, fill))
	} else if cut := strings.LastIndexByte(text[start:end], ' '); cut > 0 && !inside(spans, start+cut, end) {
		end = start + cut
	}
	var b strings.Builder
	if start > 0 {
		b.WriteString("… ")
	}
	at := start
	for _, s := range spans {
		if s.start < at || s.end > end {
			continue
		}
		b.WriteString(html.EscapeString(text[at:s.start]))
		b.WriteString("<mark>" + html.EscapeString(text[s.start:s.end]) + "</mark>")
		at = s.end
	}
	b.WriteString(html.EscapeString(strings.TrimRight(text[at:end], " ")))
	if end < len(text) {
		b.WriteString("…")
	}
	return b.String()
}

// bestSpan is the word found from which a piece of the text shows the most
// different words, then the most words; -1 when none was found.
func bestSpan(text string, spans []span, runes int) int {
	best, most := -1, 0
	for i := range spans {
		if i > 200 {
			break // long enough to have seen a good place
		}
		end := forth(text, spans[i].start, runes-2*lead)
		j := i
		for j < len(spans) && spans[j].end <= end {
			j++
		}
		if value := 1000*distinct(spans[i:j]) + j - i; value > most || best < 0 {
			best, most = i, value
		}
	}
	return best
}

// inside tells whether a word found lies between two places.
func inside(spans []span, start, end int) bool {
	for _, s := range spans {
		if s.start >= start && s.end <= end {
			return true
		}
	}
	return false
}

// back and forth go so many characters from a place.
func back(text string, from, runes int) int {
	for ; runes > 0 && from > 0; runes-- {
		_, size := utf8.DecodeLastRuneInString(text[:from])
		from -= size
	}
	return from
}

func forth(text string, from, runes int) int {
	for ; runes > 0 && from < len(text); runes-- {
		_, size := utf8.DecodeRuneInString(text[from:])
		from += size
	}
	return from
}

// sentenceStart is where the sentence of a place begins or, where that is far
// before it, a word not far before it.
func sentenceStart(text string, at int) int {
	far := back(text, at, 3*lead/2)
	for i := at; i > far && i > 1; i-- {
		if text[i-1] == ' ' && strings.IndexByte(".!?:;", text[i-2]) >= 0 {
			return i
		}
	}
	if far == 0 {
		return 0
	}
	return wordStart(text, back(text, at, lead))
}

// wordStart is the first beginning of a word at or after a place.
func wordStart(text string, at int) int {
	if at == 0 || text[at-1] == ' ' {
		return at
	}
	if i := strings.IndexByte(text[at:], ' '); i >= 0 && i < lead {
		return at + i + 1
	}
	return at
}
