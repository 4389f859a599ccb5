package store

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"convivio/store/board"
)

// spelled gives the letters that no decomposition turns into ASCII.
var spelled = strings.NewReplacer(
	"ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i", "ħ", "h", "ŋ", "n")

// foldedName writes a name in lower-case ASCII letters and digits, with sep
// between its words: "Àgata D’Amico" becomes "agata.d.amico".
func foldedName(name string, sep byte) string {
	var out []byte
	for _, r := range spelled.Replace(strings.ToLower(norm.NFKD.String(strings.ToLower(name)))) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			out = append(out, byte(r))
		case len(out) > 0 && out[len(out)-1] != sep:
			out = append(out, sep)
		}
	}
	return strings.Trim(string(out), string(sep))
}

// searchable writes a text as people search for it: in lower case, without
// accents, its words separated by spaces. Unlike foldedName it keeps the letters
// of every script.
func searchable(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 { // nearly every name: tens of thousands at once
		return strings.Map(func(r rune) rune {
			switch {
			case r >= 'A' && r <= 'Z':
				return r + 'a' - 'A'
			case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
				return r
			}
			return ' '
		}, text)
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return r
		}
		return ' '
	}, spelled.Replace(strings.ToLower(norm.NFKD.String(strings.ToLower(text)))))
}

// maxHandle is how long a handle may be before its number.
const maxHandle = 60

// newHandle makes what stands behind @ for a name, with a number when somebody
// has it already. It begins with a letter, so that it is never taken for an id.
func (tx *Tx) newHandle(name string) (string, error) {
	base := foldedName(name, '.')
	if len(base) > maxHandle {
		base = strings.TrimRight(base[:maxHandle], ".")
	}
	if base == "" || base[0] >= '0' && base[0] <= '9' {
		base = strings.TrimRight("person."+base, ".")
	}
	// The handles of the same name are next to each other in the index: digits
	// end where ':' begins.
	rows, err := tx.query(`SELECT handle FROM person WHERE handle >= $1 AND handle < $2`, base, base+":")
	if err != nil {
		return "", fmt.Errorf("look for handle %s: %w", base, err)
	}
	taken, err := collect(rows, func(rows *sql.Rows) (s string, err error) { err = rows.Scan(&s); return s, err })
	if err != nil {
		return "", err
	}
	highest := 0
	for _, h := range taken {
		n, err := strconv.Atoi(h[len(base):])
		if h == base {
			n, err = 1, nil
		}
		if err == nil {
			highest = max(highest, n)
		}
	}
	if highest == 0 {
		return base, nil
	}
	return base + strconv.Itoa(highest+1), nil
}

// maxEmail is how long an address may be, in bytes.
const maxEmail = 254

// normalEmail brings an address into the one form it is stored and compared in.
// Errors: invalid, field email.
func normalEmail(s string) (string, error) {
	if len(s) > 4*maxEmail { // before work is done on it
		s = ""
	}
	s = strings.ToLower(norm.NFKC.String(strings.TrimSpace(s)))
	local, domain, ok := strings.Cut(s, "@")
	ok = ok && len(s) <= maxEmail && local != "" && len(domain) >= 3 && !strings.Contains(domain, "@") &&
		strings.Contains(domain, ".") && !strings.Contains(domain, "..") && domain[0] != '.' && domain[len(domain)-1] != '.'
	for _, r := range s {
		ok = ok && unicode.IsGraphic(r) && !unicode.IsSpace(r) && !strings.ContainsRune(`<>()[],;:\"`, r)
	}
	if !ok {
		return "", board.FieldFault("email", "Write an e-mail address, such as marta.riva@example.com.")
	}
	return s, nil
}
