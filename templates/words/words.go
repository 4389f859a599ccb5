// Package words is what Convivio says to people, in their language. Pages and
// errors are written in English; the English sentence is the key under which the
// other languages are found, and what is shown where a language lacks it.
//
// An English word that needs several words elsewhere carries its context before
// a bar: "stage|New". A sentence with a number has its singular as the key, and
// the translation holds both forms with a bar between them.
package words

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"convivio/store/board"
)

// T says an English sentence in a language, with fmt verbs for args. Whole
// numbers are written with the language's thousands separator.
func T(lang, english string, args ...any) string {
	s, ok := in(lang).Sentences[english]
	if !ok {
		s = withoutContext(english)
	}
	return fill(lang, s, args)
}

// N says a sentence that depends on a number; n is the first of its verbs.
func N(lang string, n int, singular, plural string, args ...any) string {
	l := in(lang)
	forms := []string{withoutContext(singular), plural}
	if s, ok := l.Sentences[singular]; ok {
		forms = strings.Split(s, "|")
	} else {
		l = languages[0]
	}
	return fill(lang, forms[min(l.form(n), len(forms)-1)], append([]any{n}, args...))
}

// Error says an error in a language.
func Error(lang string, e *board.Error) string {
	return T(lang, e.Format, e.Args...)
}

func withoutContext(s string) string {
	if context, sentence, ok := strings.Cut(s, "|"); ok && !strings.Contains(context, " ") {
		return sentence
	}
	return s
}

func fill(lang, s string, args []any) string {
	if len(args) == 0 {
		return s
	}
	localized := make([]any, len(args))
	for i, a := range args {
		switch n := a.(type) {
		case int:
			localized[i] = numeral{lang, int64(n)}
		case int64:
			localized[i] = numeral{lang, n}
		case board.CalledStage:
			localized[i] = Called(lang, n.Stage, n.Name)
		case board.CalledStages:
			localized[i] = oneOf(lang, n)
		case time.Time:
			localized[i] = DateTime(lang, n)
		case board.Action:
			localized[i] = Done(lang, n)
		default:
			localized[i] = a
		}
	}
	return fmt.Sprintf(s, localized...)
}

// numeral prints a whole number as its language writes it.
type numeral struct {
	lang string
	n    int64
}

// Format writes %d and %v with separators and leaves other verbs to fmt.
func (x numeral) Format(f fmt.State, verb rune) {
	if verb == 'd' || verb == 'v' {
		_, _ = f.Write([]byte(Number(x.lang, x.n)))
		return
	}
	fmt.Fprintf(f, fmt.FormatString(f, verb), x.n)
}

// Number writes a whole number with its language's separators.
func Number(lang string, n int64) string {
	l := in(lang)
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	if len(digits) <= l.Together {
		return sign + digits
	}
	head := len(digits) % 3
	groups := make([]string, 0, 7)
	if head > 0 {
		groups = append(groups, digits[:head])
	}
	for i := head; i < len(digits); i += 3 {
		groups = append(groups, digits[i:i+3])
	}
	return sign + strings.Join(groups, l.Thousands)
}

// Tenths writes a number given in tenths with one decimal: 3,7.
func Tenths(lang string, tenths int64) string {
	return Number(lang, tenths/10) + in(lang).Point + strconv.FormatInt(tenths%10, 10)
}
