package words

import (
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Order compares names as a language puts them in order: à beside a, capitals
// beside small letters. What it returns is for one goroutine.
func Order(lang string) func(a, b string) int {
	tag, err := language.Parse(lang)
	if err != nil {
		tag = language.Make(fallback)
	}
	return collate.New(tag, collate.IgnoreCase).CompareString
}
