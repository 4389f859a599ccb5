package search

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"convivio/store/board"
)

// What people type is plain words, whatever signs stand among them, but for
// "phrases", -words left out, and filters such as author:anna. No other syntax is
// read, and nothing that is typed is an error.
const (
	maxQuery   = board.MaxQuery // characters; the rest is not read
	maxAsked   = 64             // words handed on, of which the rarest are looked for
	maxSaid    = 200
	maxPhrases = 8
	maxPieces  = 32  // filters, phrases and words left out
	maxValue   = 100 // characters of a filter's value
	maxOfDate  = 6   // words that a date, a stage and the like may have
)

// asked is one word of a query and all it may match.
type asked struct {
	folded     string
	typed      string     // as it was written
	terms      []string   // in the text, any of them
	parts      [][]string // of a compound: any of each of them, instead
	prefix     string     // the word is being typed: what the matching words begin with
	common     bool       // a stop word of some language, which texts of that language do not hold
	fixed      bool       // a code, a number or quoted: it is what it is, and not misspelt
	start, end int        // where it stands in what was typed, in bytes
}

// piece is a part of what was typed that is no plain word.
type piece struct {
	kind       kind
	value      string
	not        bool
	at         time.Time // of dates
	start, end int       // bytes of the question's text
}

// reading is a question while it is read.
type reading struct {
	question
	now      time.Time
	seen     map[string]bool
	shouting bool // all in capitals, which then tell nothing
}

func newReading(text string, now time.Time) reading {
	return reading{question: question{text: text}, now: now, seen: map[string]bool{}, shouting: shouted(text)}
}

// readQuestion takes a query apart: what is typed there, not what stands beside
// it. The word at the very end may still be growing.
func readQuestion(q board.Query, now time.Time) question {
	text := firstRunes(strings.ToValidUTF8(q.Q, "\uFFFD"), maxQuery)
	r := newReading(text, now)
	r.read(0)
	if len(r.words) == 0 && !slices.ContainsFunc(r.pieces, func(p piece) bool { return p.kind != board.FilterNot }) {
		r = newReading(text, now)
		r.plainWords(0, len(text), false) // nothing but words left out: they are what is looked for
	}
	r.words = required(asking(r.words))
	return r.question
}

// wordsOf are the words of a text in which no filter and no phrase is meant.
func wordsOf(text string) []asked {
	r := newReading(firstRunes(text, maxQuery), time.Time{})
	r.plainWords(0, len(r.text), false)
	return required(r.words)
}

func (r *reading) read(i int) {
	s := r.text
	for i < len(s) {
		if c, size := utf8.DecodeRuneInString(s[i:]); unicode.IsSpace(c) || opens(c) {
			i += size
			continue
		}
		not, j := r.minus(i)
		if len(r.pieces) < maxPieces {
			if end, ok := r.filterAt(i, j, not); ok {
				i = end
				continue
			}
			if from, to, end := quoted(s, j); end > 0 {
				r.phrase(i, from, to, end, not)
				i = end
				continue
			}
		} else {
			not = false
		}
		end := pieceEnd(s, j)
		r.plainWords(j, end, not)
		i = end
	}
}

// opens tells the signs that a filter or a phrase may stand behind.
func opens(r rune) bool { return r == '(' || r == '[' || r == '{' || r == ',' || r == ';' }

// minus tells whether what begins here is to be left out, and where it begins
// then: -word and -"a phrase", but neither a dash, an option nor a number.
func (r *reading) minus(i int) (not bool, begins int) {
	s := r.text
	sign, size := utf8.DecodeRuneInString(s[i:])
	if sign != '-' && sign != '\u2212' || i+size == len(s) {
		return false, i
	}
	next := firstRune(s[i+size:])
	if isQuote(next) {
		return true, i + size
	}
	end := pieceEnd(s, i+size)
	letters := 0
	for _, c := range s[i+size : end] {
		if unicode.IsLetter(c) {
			letters++
		}
	}
	return wordRune(next) && letters > 1 || unspaced(next), i + size
}

// pieceEnd is where plain words end: at a space, or where a phrase begins.
func pieceEnd(s string, i int) int {
	last := rune(-1)
	for j, c := range s[i:] {
		if unicode.IsSpace(c) {
			return i + j
		}
		if isQuote(c) && j > 0 && !wordRune(last) {
			return i + j
		}
		last = c
	}
	return len(s)
}

func isQuote(r rune) bool {
	return strings.ContainsRune("\"“”„‟«»＂", r) && r != utf8.RuneError
}

// quoted is what stands between the quotation marks that open here; end is 0
// where none do. Marks of any kind close, and one that is not closed is a plain sign.
func quoted(s string, i int) (from, to, end int) {
	c, size := utf8.DecodeRuneInString(s[i:])
	if i == len(s) || !isQuote(c) {
		return 0, 0, 0
	}
	from = i + size
	for j, c := range s[from:] {
		if isQuote(c) {
			return from, from + j, from + j + utf8.RuneLen(c)
		}
	}
	return 0, 0, 0
}

// phrase reads words in quotation marks. They are looked for as words too.
func (r *reading) phrase(start, from, to, end int, not bool) {
	var words []asked
	eachWord(r.text[from:to], func(w word) bool {
		if w.folded == "" { // combining marks alone
			return true
		}
		a := r.asked(w, from, false)
		a.fixed = true
		words = append(words, a)
		return len(words) < maxAsked
	})
	switch {
	case len(words) == 0 || len(r.phrases)+len(r.withoutPhrases) >= maxPhrases:
		r.plainWords(from, to, false)
		return
	case not:
		r.withoutPhrases = append(r.withoutPhrases, words)
		r.pieces = append(r.pieces, piece{kind: board.FilterNot, value: `"` + strings.TrimSpace(r.text[from:to]) + `"`, not: true, start: start, end: end})
		return
	}
	r.phrases = append(r.phrases, words)
	r.pieces = append(r.pieces, piece{kind: board.FilterPhrase, value: strings.TrimSpace(r.text[from:to]), start: start, end: end})
	for _, a := range words {
		r.want(a)
	}
}

// asked is a word that stands behind some byte of the text.
func (r *reading) asked(w word, from int, growing bool) asked {
	a := ask(w, growing)
	a.start, a.end = from+w.start, from+w.end
	a.typed = r.text[a.start:a.end]
	a.fixed = !correctable(a)
	if w.code && !r.shouting && !joining[a.folded] {
		a.fixed, a.common = true, false
	}
	return a
}

// plainWords reads a stretch without phrases and filters.
func (r *reading) plainWords(start, end int, not bool) {
	began := start
	if not {
		_, size := utf8.DecodeLastRuneInString(r.text[:start])
		began -= size
	}
	left := 0
	eachWord(r.text[start:end], func(w word) bool {
		if w.folded == "" { // combining marks alone
			return true
		}
		a := r.asked(w, start, !not && end == len(r.text) && start+w.end == end)
		if not {
			r.without = append(r.without, a)
			left++
			return len(r.without) < maxAsked
		}
		return r.want(a)
	})
	if left > 0 {
		r.pieces = append(r.pieces, piece{kind: board.FilterNot, value: r.text[start:end], not: true, start: began, end: end})
	}
}

// want adds a word that is looked for, while there is room.
func (r *reading) want(a asked) bool {
	if len(r.said) < maxSaid {
		r.said = append(r.said, a.folded)
	}
	if r.seen[a.folded] && a.prefix == "" {
		return true
	}
	r.seen[a.folded] = true
	if len(r.words) < maxAsked {
		r.words = append(r.words, a)
	}
	return len(r.words) < maxAsked
}

// filterAt reads a filter such as author:anna or board:"Idee per la mensa" and
// says where it ends. What is no filter, or has a value that it cannot have, is
// left to be read as words.
func (r *reading) filterAt(start, i int, not bool) (end int, ok bool) {
	s := r.text
	colon := -1
	for j, c := range s[i:min(len(s), i+24)] {
		if c == ':' {
			colon = i + j
		}
		if !unicode.IsLetter(c) && !unicode.IsMark(c) {
			break
		}
	}
	if colon <= i {
		return 0, false
	}
	k, known := filterNames[fold(s[i:colon])]
	if !known {
		return 0, false
	}
	from := len(s) - len(strings.TrimLeftFunc(s[colon+1:], unicode.IsSpace))
	for _, v := range r.values(kind(k), from) {
		typed := strings.Join(strings.Fields(s[v.from:v.to]), " ")
		if typed == "" || utf8.RuneCountInString(typed) > maxValue || sayable(typed) == "" {
			continue
		}
		if p, ok := r.set(piece{kind: kind(k), value: typed, not: not, start: start, end: v.end}, r.now); ok {
			r.pieces = append(r.pieces, p)
			return v.end, true
		}
	}
	return 0, false
}

// valueAt is where a filter's value may stand and where the filter ends then.
type valueAt struct{ from, to, end int }

// values are the values that what stands behind a colon may be, the longest
// first: in quotation marks, else up to a space; dates and what else is one of
// few may have spaces without.
func (r *reading) values(k kind, i int) (list []valueAt) {
	s := r.text
	if from, to, end := quoted(s, i); end > 0 {
		return []valueAt{{from, to, end}}
	}
	if c, size := utf8.DecodeRuneInString(s[i:]); isQuote(c) {
		return []valueAt{{i + size, len(s), len(s)}} // still being typed
	}
	end := i
	for n := 0; n < maxOfDate; n++ {
		from := end
		if n > 0 {
			for from < len(s) && (s[from] == ' ' || s[from] == '\t') {
				from++
			}
		}
		if end = valueEnd(s, from); end == from {
			break
		}
		to := i + len(strings.TrimRight(s[i:end], ",;.!?)]}"))
		list = append(list, valueAt{i + len(s[i:to]) - len(strings.TrimLeft(s[i:to], "@#")), to, to})
		if k == board.FilterAuthor || k == board.FilterBoard || k == board.FilterTag || k == board.FilterTeam {
			break
		}
	}
	slices.Reverse(list)
	return list
}

func valueEnd(s string, i int) int {
	if n := strings.IndexFunc(s[i:], unicode.IsSpace); n >= 0 {
		return i + n
	}
	return len(s)
}

// joining are words that people write in capitals to join others: no codes, and
// here without a meaning of their own.
var joining = set("and or not")

// correctable tells words that may be misspelt from codes and numbers.
func correctable(a asked) bool {
	if len(a.parts) > 0 || utf8.RuneCountInString(a.folded) < shortestSpelt {
		return false
	}
	for _, c := range a.folded {
		if !unicode.IsLetter(c) || unspaced(c) {
			return false
		}
	}
	return true
}

// shortestSpelt is how many letters a word has, at least, that is taken for misspelt.
const shortestSpelt = 3

func ask(w word, growing bool) asked {
	a := asked{folded: w.folded}
	a.terms, a.common = meanings(w.folded)
	if whole := joined(w); whole != "" {
		more, _ := meanings(whole)
		a.terms = append(a.terms, more...)
	}
	if len(w.parts) > 1 {
		a.common = false
		for _, p := range w.parts {
			terms, _ := meanings(p)
			a.parts = append(a.parts, terms)
		}
	}
	if growing {
		a.prefix = w.folded
	}
	return a
}

// required leaves the common words out where others are left. The word being
// typed stays: "la" may become lavoro.
func required(list []asked) []asked {
	var telling []asked
	for i, a := range list {
		if !a.common || i == len(list)-1 && i == 0 {
			telling = append(telling, a)
		}
	}
	if len(telling) == 0 {
		return list
	}
	return telling
}

func firstRunes(s string, n int) string {
	if len(s) > n*utf8.UTFMax {
		s = s[:n*utf8.UTFMax]
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
