package server

import (
	"encoding/json"
	"slices"
	"unicode/utf8"

	"convivio/store/board"
)

// checkText refuses texts that the JSON decoder would change without a word:
// bytes that are no UTF-8, and halves of characters (\ud800 with nothing after
// it), for each of which it puts U+FFFD. Errors: invalid, naming the field where
// the body is an object.
func checkText(body []byte) *board.Error {
	if soundText(body) {
		return nil
	}
	fault := board.Fault(board.Invalid, "This text is not valid UTF-8. Write it again, or save the file as UTF-8.")
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return fault
	}
	var bad []string
	for name, raw := range fields {
		if utf8.ValidString(name) && !soundText(raw) {
			bad = append(bad, name)
		}
	}
	if len(bad) > 0 {
		fault.Field = shorten(slices.Min(bad))
	}
	return fault
}

// soundText tells whether JSON is UTF-8 and names no half of a character.
func soundText(body []byte) bool {
	if !utf8.Valid(body) {
		return false
	}
	for i := 0; i+1 < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		i++
		if body[i] != 'u' {
			continue
		}
		switch unit := codeUnit(body, i+1); {
		case unit < 0xd800 || unit > 0xdfff:
		case unit < 0xdc00 && i+6 < len(body) && body[i+5] == '\\' && body[i+6] == 'u' && isLowHalf(codeUnit(body, i+7)):
			i += 10
		default:
			return false
		}
	}
	return true
}

func isLowHalf(unit int) bool { return unit >= 0xdc00 && unit <= 0xdfff }

// codeUnit reads four hexadecimal digits; -1 where there are none.
func codeUnit(body []byte, at int) int {
	if at+4 > len(body) {
		return -1
	}
	n := 0
	for _, c := range body[at : at+4] {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 + int(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			n = n<<4 + int(c|0x20-'a') + 10
		default:
			return -1
		}
	}
	return n
}
