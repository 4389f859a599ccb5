package password

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"convivio/store/board"
)

// Check refuses passwords that are too short, too long or easily guessed; about
// is what everybody knows of the person, such as name and e-mail address. There
// are no rules about which characters to use: length is what helps. Errors:
// invalid, naming field.
func Check(field, password string, about ...string) error {
	if !utf8.ValidString(password) {
		return board.FieldFault(field, "This text is not valid UTF-8. Write it again, or save the file as UTF-8.")
	}
	password = norm.NFC.String(password)
	if len(password) > board.MaxPassword {
		return board.FieldFault(field, "This password is %d bytes long; at most %d are allowed.", len(password), board.MaxPassword)
	}
	if n := utf8.RuneCountInString(password); n < board.MinPassword {
		return board.FieldFault(field, "This password has %d characters; at least %d are needed. Four or five words you can remember make a good one.", n, board.MinPassword)
	}
	if guessable(password, about) {
		return board.FieldFault(field, "This password is easily guessed. Choose words that have nothing to do with you, Convivio or the keyboard.")
	}
	return nil
}

// obvious are runs that guessers try first. A password is judged by what is
// left of it without them.
var obvious = []string{
	"convivio", "password", "passwort", "benvenuto", "benvenuti", "welcome", "administrator", "amministratore", "admin",
	"qwertyuiop", "qwertzuiop", "qwerty", "asdfghjkl", "asdf", "zxcvbnm", "1qaz2wsx3edc4rfv", "1qaz", "2wsx",
	"abcdefghijklmnopqrstuvwxyz", "abcdefgh", "abcd", "12345678901234567890", "1234567890", "0987654321", "123456789", "987654321", "123456", "12345", "1234", "123",
	"iloveyou", "tiamo", "letmein", "monkey", "dragon", "football", "juventus", "forza", "inter", "milan", "napoli",
	"correcthorsebatterystaple", "correct horse battery staple", "trustno1", "cambiami", "changeme", "segreta", "segreto", "secret",
}

// leftAtLeast is how many different characters a password must have when the
// obvious is taken out.
const leftAtLeast = 5

func guessable(password string, about []string) bool {
	left := strings.ToLower(password)
	for _, word := range append(wordsOf(about), obvious...) {
		left = strings.ReplaceAll(left, word, "")
	}
	return different(left) < leftAtLeast
}

// wordsOf takes what is known of somebody apart, the longest pieces first as given.
func wordsOf(about []string) []string {
	var words []string
	for _, text := range about {
		text = strings.ToLower(norm.NFC.String(text))
		pieces := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for _, w := range append([]string{text}, pieces...) {
			if utf8.RuneCountInString(w) >= 3 {
				words = append(words, w)
			}
		}
	}
	return words
}

// different counts the different letters of a text; digits and signs, which
// people hang on at the end, count as two at most.
func different(s string) int {
	letters, others := map[rune]bool{}, map[rune]bool{}
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			letters[r] = true
		case !unicode.IsSpace(r):
			others[r] = true
		}
	}
	if len(letters) == 0 {
		return len(others) / 2 // digits alone: a long random number passes
	}
	return len(letters) + min(len(others), 2)
}
