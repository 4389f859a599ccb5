package words

import (
	"cmp"
	"slices"
)

// Language is all there is to say about a language: it stands in one file of this
// package, which hands it to add. docs/languages.md tells how to add one.
type Language struct {
	Code   string     // "it", as pages say in their lang attribute
	Name   string     // in the language itself: Italiano
	Short  [12]string // months as they stand in a date
	Months [12]string // months as they stand alone

	Thousands string // between groups of three digits
	Together  int    // a number of so many digits is still written without groups: 3 or 4
	Point     string // before decimals

	// Date writes a day; nil: 19 nov 2026.
	Date func(day int, month string, year int) string
	// Form tells which form of a sentence a number takes, 0 being the first; nil:
	// the first for one, the second for everything else.
	Form func(n int) int

	// Sentences by the English one; forms for numbers are separated by bars. Nil
	// for English itself.
	Sentences map[string]string
}

// Langs are the codes of the languages people can choose, the fallback first.
var Langs []string

// languages are what is known, in the order of Langs.
var languages []*Language

const fallback = "en"

// add makes a language known. English comes first, the others by their names.
func add(l Language) {
	languages = append(languages, &l)
	slices.SortFunc(languages, func(a, b *Language) int {
		return cmp.Or(-cmp.Compare(b2i(a.Code == fallback), b2i(b.Code == fallback)), cmp.Compare(a.Name, b.Name))
	})
	Langs = Langs[:0]
	for _, l := range languages {
		Langs = append(Langs, l.Code)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// in finds a language, or English.
func in(code string) *Language {
	for _, l := range languages {
		if l.Code == code {
			return l
		}
	}
	return languages[0]
}

// Name is a language's name in itself: Italiano.
func Name(code string) string { return in(code).Name }

// form tells which form of a sentence a number takes.
func (l *Language) form(n int) int {
	switch {
	case l.Form != nil:
		return l.Form(n)
	case n == 1:
		return 0
	}
	return 1
}
