package board

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits on what people write, chosen so that no accepted input is slow to show.
const (
	MaxTitle       = 200    // characters
	MaxBody        = 20_000 // bytes of Markdown: rendering is quadratic on hostile input
	MaxTags        = 8
	MaxTag         = 40 // characters
	MaxName        = 120
	MaxDescription = 500
	MaxTemplate    = 4_000
	MaxReason      = 2_000
	MaxStageName   = 40 // characters
	MaxMentions    = 20
	MaxFiles       = 20  // references to files in one text
	MaxFileName    = 255 // bytes
	MaxPins        = 3   // ideas pinned on a board
	MaxPage        = 100 // items a list returns at most
	MinPassword    = 15  // characters
	MaxPassword    = 256 // bytes
)

// UndoTime is how long who deleted a comment or an idea may take it back.
const UndoTime = 10 * time.Second

// Text checks a required or optional text of at most max characters and returns
// it trimmed and with line ends as \n. Errors: invalid, naming field.
func Text(field, s string, max int, required bool) (string, error) {
	if !utf8.ValidString(s) {
		return "", FieldFault(field, "This text is not valid UTF-8. Write it again, or save the file as UTF-8.")
	}
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	if strings.IndexFunc(s, forbiddenRune) >= 0 {
		return "", FieldFault(field, "This text contains control characters. Remove them and try again.")
	}
	if required && blank(s) {
		return "", FieldFault(field, "Write something here.")
	}
	if n := utf8.RuneCountInString(s); n > max {
		return "", FieldFault(field, "This is %d characters long; at most %d are allowed.", n, max)
	}
	return s, nil
}

// Line is Text without line breaks: titles, names.
func Line(field, s string, max int, required bool) (string, error) {
	s, err := Text(field, strings.ReplaceAll(s, "\r\n", "\n"), max, required)
	if err != nil {
		return "", err
	}
	return strings.Join(strings.Fields(s), " "), nil
}

// Body checks a Markdown text of at most MaxBody bytes. Errors: invalid, naming field.
func Body(field, s string, required bool) (string, error) {
	if len(s) > MaxBody {
		return "", FieldFault(field, "This text is %d bytes long; at most %d are allowed. Shorten it, or split it into several comments.", len(s), MaxBody)
	}
	return Text(field, s, MaxBody, required)
}

// forbiddenRune finds control characters other than line feed and tab.
func forbiddenRune(r rune) bool {
	return r == 0x7f || (unicode.IsControl(r) && r != '\n' && r != '\t')
}

// blank tells whether a text shows nothing: spaces and invisible characters alone.
func blank(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && r != '\u3164' && r != '\u2800'
	}) < 0
}

// Tags normalises tags: lower case, no leading #, spaces as hyphens, no doubles.
// Errors: invalid, field tags.
func Tags(tags []string) ([]string, error) {
	out := []string{}
	for _, t := range tags {
		t, err := Line("tags", t, MaxTag, false)
		if err != nil {
			return nil, err
		}
		t = strings.ToLower(strings.TrimLeft(t, "#"))
		t = strings.ReplaceAll(t, " ", "-")
		if t == "" || contains(out, t) {
			continue
		}
		if strings.IndexFunc(t, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.+", r)
		}) >= 0 {
			return nil, FieldFault("tags", "The tag %q has characters that tags cannot have. Use letters, digits and hyphens.", t)
		}
		if out = append(out, t); len(out) > MaxTags {
			return nil, FieldFault("tags", "There are %d tags; at most %d are allowed.", len(tags), MaxTags)
		}
	}
	return out, nil
}

// Slug checks a board's address. Errors: invalid, field slug.
func Slug(s string) (string, error) {
	ok := len(s) >= 2 && len(s) <= 60 && s[0] != '-' && s[len(s)-1] != '-'
	for i := 0; i < len(s) && ok; i++ {
		c := s[i]
		ok = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-'
	}
	if !ok || s == "new" {
		return "", FieldFault("slug", "Write an address of 2 to 60 lower-case letters, digits and hyphens, such as lavoro-e-spazi.")
	}
	return s, nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
