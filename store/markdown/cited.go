package markdown

import (
	"slices"
	"strconv"
	"strings"
)

// mostCited bounds the ideas that one text leads to; a longer list is an index of its own.
const mostCited = 50

// IdeasIn lists the ideas that a rendered text leads to, in its order: written as
// #12, or linked by a path or by an address under base, which may be empty.
func IdeasIn(html, base string) []int64 {
	const begins, path = `href="`, "/ideas/"
	var out []int64
	for len(out) < mostCited {
		_, rest, found := strings.Cut(html, begins)
		if !found {
			break
		}
		html = rest
		if base != "" {
			rest = strings.TrimPrefix(rest, base)
		}
		rest, found = strings.CutPrefix(rest, path)
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if !found || len(rest) == digits || !strings.ContainsRune(`"/?#`, rune(rest[digits])) {
			continue
		}
		if id, err := strconv.ParseInt(rest[:digits], 10, 64); err == nil && id > 0 && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
