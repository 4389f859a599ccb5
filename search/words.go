package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A word as it stands in a text: folded (lower case, no accents), with the bytes
// it takes there. A compound such as PRJ-1234 or sess.opts is one word with its parts.
type word struct {
	folded     string
	parts      []string // folded; nil for a plain word; the next word takes their place
	start, end int
	code       bool // short and all in capitals: AI is no preposition where the words around it are not so
}

// maxWord bounds a word in bytes: beyond are keys and encoded data, told apart by their beginning.
const maxWord = 64

// eachWord calls found with every word of a text, in order, until it says stop.
func eachWord(text string, found func(word) bool) { eachKin(text, nil, nil, found) }

// eachKin is eachWord without most of the words that are none of those that a
// finder looks for: they are counted. Without a finder it leaves out nothing.
func eachKin(text string, f *finder, strangers *int, found func(word) bool) {
	var room []string
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
		case !plainByte[c]:
			i++
			continue
		case f != nil:
			if end := f.pass(text, i); end > 0 {
				*strangers++
				i = end
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case unspaced(r):
			end, more := ideographs(text, i, found)
			if !more {
				return
			}
			i = end
		case wordRune(r):
			w, end := compound(text, i, &room)
			if !found(w) {
				return
			}
			i = end
		default:
			i += size
		}
	}
}

func wordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return plainByte[r]
	}
	return (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)) && !unspaced(r)
}

// plainByte tells the letters and digits of ASCII: most of every text.
var plainByte = func() (is [256]bool) {
	for c := range is {
		is[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
	}
	return is
}()

// unspaced tells letters of scripts that set no spaces between words.
func unspaced(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// ideographs gives a run of unspaced letters as pairs, each sharing a letter
// with the next, so that any piece of the run of two letters or more is found.
func ideographs(text string, i int, found func(word) bool) (end int, more bool) {
	last := -1
	end = i
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !unspaced(r) && !unicode.IsMark(r) {
			break
		}
		if last >= 0 && !found(word{folded: fold(text[last : end+size]), start: last, end: end + size}) {
			return end, false
		}
		last = end
		end += size
	}
	if _, size := utf8.DecodeRuneInString(text[i:]); i+size == end {
		return end, found(word{folded: fold(text[i:end]), start: i, end: end})
	}
	return end, true
}

// compound reads a word and what is joined to it, the parts into the same room each time.
func compound(text string, start int, room *[]string) (word, int) {
	end := plain(text, start)
	w := word{start: start}
	first := text[start:end]
	if rest, ok := afterElision(text, first, end); ok {
		return compound(text, rest, room)
	}
	var parts []string
	for end < len(text) {
		joiner, size := joinerAt(text, end)
		if size == 0 {
			break
		}
		next := plain(text, end+size)
		if next == end+size {
			break
		}
		if joiner == '\'' && elided(text[start:end], text[end+size:next]) {
			break // vent'anni: two words
		}
		if joiner == '\'' {
			return ending(w, text, end, end+size, next), next
		}
		if parts == nil {
			parts = append((*room)[:0], fold(first))
		}
		parts = append(parts, fold(text[end+size:next]))
		*room = parts
		end = next
	}
	if parts == nil {
		if sign := signs(text, end); sign > end {
			parts, end = []string{fold(first)}, sign
		}
	}
	w.folded, w.parts, w.end = fold(text[start:end]), parts, end
	w.code = parts == nil && capitals(text[start:end])
	return w, end
}

// longestCode is how long a word of capitals may be to be a code: AI, IT, HR, HACCP.
const longestCode = 5

func capitals(s string) bool {
	if len(s) < 2 || len(s) > longestCode {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return true
}

// shouted tells whether a text is written in capitals, which then tell nothing.
func shouted(text string) bool {
	upper, lower := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z':
			if lower++; lower > longestCode {
				return false
			}
		case c >= 'A' && c <= 'Z':
			upper++
		}
	}
	return upper > longestCode && upper > lower
}

// plain is the end of a run of letters and digits.
func plain(text string, i int) int {
	for i < len(text) {
		if plainByte[text[i]] {
			i++
			continue
		}
		if text[i] < utf8.RuneSelf {
			break
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !wordRune(r) {
			break
		}
		i += size
	}
	return i
}

// joinerAt is a sign that joins two words into one, and its length; 0 when there is none.
func joinerAt(text string, i int) (joiner rune, size int) {
	switch c := text[i]; c {
	case '.', '-', '_', '@', '+', '&', '\'':
		return rune(c), 1
	}
	if strings.HasPrefix(text[i:], "’") {
		return '\'', len("’")
	}
	if strings.HasPrefix(text[i:], "\u2011") { // hyphen that does not break
		return '-', len("\u2011")
	}
	return 0, 0
}

// signs is the end of the signs that are part of a name: C++, C#.
func signs(text string, i int) int {
	n := 0
	for i+n < len(text) && n < 3 && (text[i+n] == '+' || text[i+n] == '#') {
		n++
	}
	if n > 2 || i+n < len(text) && wordRune(firstRune(text[i+n:])) {
		return i
	}
	return i + n
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// elisions are the Italian words that lose their vowel: l'azienda is found as azienda.
var elisions = set(`l un d c s m t v n gl all agl dall dagl dell degl nell negl sull sugl coll quell quest
	bell sant nessun ciascun qualcun alcun anch com dov quand cos tutt senz mezz trent neanch nient po mo`)

// afterElision is where the word behind an elided one begins.
func afterElision(text, first string, end int) (int, bool) {
	if end >= len(text) || text[end] != '\'' && text[end] < utf8.RuneSelf || len(first) > 8 || !elisions[fold(first)] {
		return 0, false
	}
	joiner, size := joinerAt(text, end)
	if joiner != '\'' || end+size >= len(text) || !wordRune(firstRune(text[end+size:])) {
		return 0, false
	}
	if next := plain(text, end+size); next-end-size == 1 && strings.ContainsAny(text[end+size:next], "smtdSMTD") {
		return 0, false // it's, I'm, don't
	}
	return end + size, true
}

// elided tells whether an apostrophe stands for the vowel that the first of two
// words lost before the next, as any Italian or French word may: vent'anni and
// bell'idea are two words, don't and o'clock are one.
func elided(first, next string) bool {
	n := len(first)
	return n > 2 && strings.IndexByte("aeiouhAEIOUH", next[0]) >= 0 &&
		plainByte[first[n-1]] && strings.IndexByte("aeiouAEIOU0123456789", first[n-1]) < 0
}

// ending leaves out what English sets behind an apostrophe: company's is found
// as company. Where the apostrophe stands for letters (don't), it is dropped.
func ending(w word, text string, end, tail, next int) word {
	w.end = next
	switch strings.ToLower(text[tail:next]) {
	case "s", "re", "ve", "ll", "d", "m":
		w.folded = fold(text[w.start:end])
	default:
		w.folded = fold(text[w.start:end] + text[tail:next])
	}
	return w
}

// fold brings a word to the form in which words are compared: lower case, and
// letters without accents.
func fold(s string) string {
	if len(s) > maxWord {
		s = strings.ToValidUTF8(s[:maxWord], "")
	}
	ascii, lower := true, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		ascii = ascii && c < utf8.RuneSelf
		lower = lower && (c < 'A' || c > 'Z')
	}
	switch {
	case ascii && lower:
		return s
	case ascii:
		return strings.ToLower(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if r >= 0x300 && r < 0x370 {
			continue // combining accents
		}
		if plain, ok := ligatures[r]; ok {
			b.WriteString(plain)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// ligatures are letters that no accent can be taken off.
var ligatures = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ł': "l", 'ı': "i", 'ð': "d", 'þ': "th", '\u2011': "-", '’': "'"}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
