package words

import (
	"slices"
	"strconv"
	"strings"
)

// maxAccept bounds the header that is parsed: it comes from anybody.
const maxAccept = 1 << 10

// Pick chooses the language of an answer: what the person chose, else the first
// known language by weight in an Accept-Language header, else English.
func Pick(preferred, acceptLanguage string) string {
	if slices.Contains(Langs, preferred) {
		return preferred
	}
	if len(acceptLanguage) > maxAccept {
		acceptLanguage = acceptLanguage[:maxAccept]
	}
	best, weight := Langs[0], 0.0
	for _, part := range strings.Split(acceptLanguage, ",") {
		tag, params, _ := strings.Cut(part, ";")
		lang, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if !slices.Contains(Langs, lang) {
			continue
		}
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			parsed, err := strconv.ParseFloat(v, 64)
			if err != nil {
				continue
			}
			q = parsed
		}
		if q > weight && q <= 1 {
			best, weight = lang, q
		}
	}
	return best
}
