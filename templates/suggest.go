package templates

import "convivio/templates/words"

// SuggestedTemplate is what a new board may offer to begin an idea's text with.
func SuggestedTemplate(lang string) string {
	return "**" + words.T(lang, "The problem") + ":** …\n\n**" + words.T(lang, "The proposal") + ":** …\n\n**" + words.T(lang, "Who benefits") + ":** …"
}
