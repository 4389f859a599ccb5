package search

import "strings"

// italianStem is the form under which an Italian word, folded, is found: number
// and gender are taken off, and the ending of a verb where it surely is one. A
// stemmer that knows endings alone takes camere, reparti and cellulari for forms
// of verbs and parts them from camera, reparto and cellulare.
func italianStem(w string) string {
	if s, ok := italianOdd[w]; ok {
		return s
	}
	w = withoutEnglishS(w)
	base := italianBase(w)
	if base == w {
		return w
	}
	switch {
	case italianSides[base]:
		if c := w[len(w)-1]; c == 'a' || c == 'e' {
			return base + "a"
		}
		return base + "o"
	case italianNouns[base]:
		return base
	}
	return derivedFrom(w, base)
}

// withoutEnglishS takes the plural off an English word; Italian ones do not end in s.
func withoutEnglishS(w string) string {
	if n := len(w); n >= 5 && w[n-1] == 's' && w[n-2] != 's' {
		return w[:n-1]
	}
	return w
}

// italianBase takes off the last vowel, and the i or h before it that only keeps
// a sound: orario and orari, amica and amiche, ufficio and uffici.
func italianBase(w string) string {
	n := len(w)
	if n < 3 || strings.IndexByte("aeio", w[n-1]) < 0 {
		return w
	}
	if n--; n > 2 && w[n-1] == 'i' {
		n--
	}
	if n > 3 && w[n-1] == 'h' && (w[n-2] == 'c' || w[n-2] == 'g') {
		n--
	}
	return w[:n]
}

// A suffix is taken off where so many letters are left, and what stands in its place.
type suffix struct {
	tail, instead string
	left          int
}

// The longer come first. Endings in are and ato are those of the commonest
// verbs; those in ere are a noun's as often (camere), so they have to stand
// behind what verbs have there.
var italianEndings = []suffix{
	{"amenti", "", 3}, {"amento", "", 3}, {"imenti", "", 3}, {"imento", "", 3},
	{"atrice", "", 5}, {"atrici", "", 5}, {"azioni", "", 5}, {"azione", "", 5}, {"amente", "", 4},
	{"atore", "", 5}, {"atori", "", 5}, {"mente", "", 4},
	{"iamo", "", 4}, {"avano", "", 3}, {"evano", "", 3}, {"ano", "", 4}, {"ono", "", 4}, {"ava", "", 4}, {"ando", "", 4},
	{"are", "", 3}, {"ire", "", 3}, {"ato", "", 4}, {"ati", "", 4}, {"ata", "", 4}, {"ate", "", 4},
}

// derivedFrom takes a verb's ending off: w is the word, base what stands there without number and gender.
func derivedFrom(w, base string) string {
	if len(w) > 7 && (strings.HasSuffix(w, "trice") || strings.HasSuffix(w, "itrici")) && !strings.HasSuffix(base, "atric") {
		return base[:len(base)-len("ric")] + "or"
	}
	for _, e := range italianEndings {
		root, ok := strings.CutSuffix(w, e.tail)
		if !ok {
			continue
		}
		if len(root) < e.left || e.tail == "ano" && root[len(root)-1] == 'i' { // italiano, anziano
			return base
		}
		return italianRoot(root + e.instead)
	}
	for _, tail := range [...]string{"ere", "endo"} {
		if root, ok := strings.CutSuffix(w, tail); ok && len(root) >= 3 && likeVerb(root) {
			return root
		}
	}
	return base
}

// italianRoot is a root without a vowel at its end: viaggiare and viaggio, velocemente and veloce.
func italianRoot(root string) string {
	if n := len(root); n > 3 && strings.IndexByte("eio", root[n-1]) >= 0 {
		root = root[:n-1]
	}
	if n := len(root); n > 4 && root[n-1] == 'h' && (root[n-2] == 'c' || root[n-2] == 'g') {
		root = root[:n-1]
	}
	return root
}

// likeVerb tells roots that go with ere from plurals such as camere and opere.
func likeVerb(root string) bool {
	for _, end := range [...]string{"nd", "d", "gg", "ng", "rg", "gli", "rr", "tt", "sc", "c", "v", "mp"} {
		if strings.HasSuffix(root, end) {
			return true
		}
	}
	return false
}

// italianNouns are the bases of common nouns and adjectives that look like forms of verbs.
var italianNouns = set(`cellular particolar familiar popolar circolar titolar regolar scolar militar solar polar nuclear linear similar
	singolar secolar irregolar angolar altar alimentar elementar complementar parlamentar salutar ausiliar peculiar esemplar
	collar dollar scalar tutelar muscolar molecolar capillar preliminar seminar
	piacer dover carcer letter caratter primaver panter polver pover sincer legger
	mercat format privat gelat senat palat mandat legat sindacat candidat avvocat soldat deputat giornat serat annat nottat mattinat
	facciat regolament parlament testament toscan american african messican repubblican metropolitan napoletan capitan pakistan
	telefon citofon microfon patron richiam`)

// italianSides are the bases of words that mean one thing in a and e, another
// in o and i: casa and case, caso and casi.
var italianSides = set(`cas port post mod test tass fogl punt past banc boll coll scal pann fil not or pal tort soffitt gamb cors bust manic volt`)

// italianOdd are plurals that are made otherwise.
var italianOdd = map[string]string{"uomini": "uom", "buoi": "bue", "templi": "temp"}
