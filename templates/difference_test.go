package templates

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func written(list []piece) string {
	var b strings.Builder
	for _, p := range list {
		fmt.Fprintf(&b, map[change]string{kept: "%s", taken: "[-%s-]", added: "{+%s+}", skipped: "…%s"}[p.what], p.text)
	}
	return b.String()
}

func TestDifferencesAreToldByTheWord(t *testing.T) {
	long := strings.Repeat("parola ", 200)
	for _, tt := range []struct{ before, after, want string }{
		{"", "", ""},
		{"uguale", "uguale", "uguale"},
		{"", "nuovo", "{+nuovo+}"},
		{"vecchio", "", "[-vecchio-]"},
		{"Dodici minuti.", "Undici minuti.", "[-Dodici-]{+Undici+} minuti."},
		{"il lunedì mattina alle 8", "il martedì pomeriggio alle 8", "il [-lunedì mattina-]{+martedì pomeriggio+} alle 8"},
		{"perché no", "perche no", "[-perché-]{+perche+} no"},
		{"a b c", "a c", "a [-b -]c"},
		{"uno\ndue\ntre", "uno\ntre\n", "uno\n[-due\n-]tre{+\n+}"},
		{long + "fine", long + "inizio", "…" + lastOf(long, contextKept) + "[-fine-]{+inizio+}"},
	} {
		if got := written(difference(tt.before, tt.after)); got != tt.want {
			t.Errorf("%.40q to %.40q: got %q, want %q", tt.before, tt.after, got, tt.want)
		}
	}
}

// TestDifferencesLoseNothing puts both wordings together again from the pieces.
func TestDifferencesLoseNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"a", "b", "c", " ", "\n", "è", ".", "parola"}
	random := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[r.IntN(len(words))])
		}
		return b.String()
	}
	for i := range 2000 {
		before := random(r.IntN(60))
		after := random(r.IntN(60))
		if i%2 == 0 && before != "" {
			after = before[:strings.LastIndexAny(before, "abc .\n")+1] + random(3) + before
		}
		a, b := wordsOf(before), wordsOf(after)
		list, ok := compare(a, b, mostSteps)
		if !ok {
			t.Fatal("gave up on a short text")
		}
		for _, list := range [][]piece{list, tidied(list), byLines(before, after)} {
			var old, new strings.Builder
			for _, p := range list {
				if p.what != added {
					old.WriteString(p.text)
				}
				if p.what != taken {
					new.WriteString(p.text)
				}
			}
			if old.String() != before || new.String() != after {
				t.Fatalf("%q to %q came out as %s", before, after, written(list))
			}
		}
	}
}

// TestHostileWordingsCostLittle compares texts of the greatest length that have
// nothing in common, in the ways that give most to compare.
func TestHostileWordingsCostLittle(t *testing.T) {
	for _, pair := range [][2]string{
		{strings.Repeat("a ", 10_000), strings.Repeat("b\n", 10_000)},
		{strings.Repeat("a\n", 10_000), strings.Repeat("b\n", 10_000)},
		{strings.Repeat("ab.", 6_666), strings.Repeat("ba,", 6_666)},
		{strings.Repeat("x", 20_000), strings.Repeat("y", 20_000)},
	} {
		var out []piece
		work := testing.AllocsPerRun(1, func() { out = difference(pair[0], pair[1]) })
		if len(out) == 0 || work > 200_000 {
			t.Errorf("%.6q: %d pieces, %.0f allocations", pair[0], len(out), work)
		}
	}
}
