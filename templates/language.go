package templates

import "convivio/templates/words"

// languageChoices are the languages to choose from, after a first choice that is none.
func languageChoices(first string) []choice {
	out := []choice{{"", first}}
	for _, code := range words.Langs {
		out = append(out, choice{code, words.Name(code)})
	}
	return out
}
