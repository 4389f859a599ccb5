package markdown

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is the plain text of HTML that this package made: tags removed, entities
// read, blocks on lines of their own.
func Text(src string) string {
	var out strings.Builder
	out.Grow(len(src))
	for {
		i := strings.IndexByte(src, '<')
		if i < 0 {
			out.WriteString(html.UnescapeString(src))
			break
		}
		out.WriteString(html.UnescapeString(src[:i]))
		end := strings.IndexByte(src[i:], '>') // attributes hold no raw >: the policy writes them escaped
		if end < 0 {
			break
		}
		if _, alt, ok := strings.Cut(src[i+1:i+end], ` alt="`); ok { // a picture says what it shows
			alt, _, _ = strings.Cut(alt, `"`)
			out.WriteString(html.UnescapeString(alt))
		}
		if !inline(src[i+1 : i+end]) {
			out.WriteByte('\n')
		}
		src = src[i+end+1:]
	}
	return squeeze(out.String())
}

// inline tells whether a tag stands within a line of text.
func inline(tag string) bool {
	tag = strings.TrimPrefix(tag, "/")
	if i := strings.IndexByte(tag, ' '); i >= 0 {
		tag = tag[:i]
	}
	switch tag {
	case "a", "small", "img", "em", "strong", "del", "code", "input", "label":
		return true
	}
	return false
}

// squeeze trims lines and leaves out the empty ones.
func squeeze(s string) string {
	var out strings.Builder
	out.Grow(len(s))
	for line := range strings.SplitSeq(s, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if out.Len() > 0 {
			out.WriteByte('\n')
		}
		out.WriteString(line)
	}
	return out.String()
}

// Excerpt is the first words of HTML that this package made, plain and on one
// line: at most so many characters, cut after a word, with … where it was cut.
func Excerpt(src string, runes int) string {
	const bytesEach = 12 // tags and entities included: enough HTML to find the characters in
	if limit := runes*bytesEach + 1024; len(src) > limit {
		cut := strings.LastIndexByte(src[:limit], '<')
		if cut <= 0 {
			cut = limit
		}
		src = strings.ToValidUTF8(src[:cut], "") + "<p>…"
	}
	text := strings.Join(strings.Fields(Text(src)), " ")
	if utf8.RuneCountInString(text) <= runes {
		return text
	}
	n, end, word := 0, 0, 0
	for i, r := range text {
		if n == runes {
			end = i
			break
		}
		if unicode.IsSpace(r) {
			word = i
		}
		n++
	}
	if r, _ := utf8.DecodeRuneInString(text[end:]); unicode.IsSpace(r) {
		word = end
	}
	if word == 0 {
		word = end // one word longer than the whole excerpt
	}
	return strings.TrimRight(text[:word], " ,;:.-–—…") + "…"
}
