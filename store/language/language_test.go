package language_test

import (
	"strings"
	"testing"

	"convivio/store/language"
)

func TestOf(t *testing.T) {
	for _, c := range []struct{ text, fallback, want string }{
		{"Propongo di aprire la mensa anche la sera", "", "it"},
		{"Sono d'accordo, si può fare", "", "it"},
		{"L'azienda dovrebbe pagare il parcheggio", "en", "it"},
		{"Ok per me", "", "it"},
		{"Ottima proposta, grazie", "", "it"},
		{"Parcheggio bici coperto", "it", "it"},
		{"Parcheggio bici coperto", "", ""},
		{"Turni più flessibili in reparto", "", "it"},
		{"We should have a quiet room on every floor", "", "en"},
		{"Sounds good to me", "it", "en"},
		{"The build takes 40 minutes", "", "en"},
		{"Great idea, I'm in", "it", "en"},
		{"Wir sollten die Besprechungen kürzer machen, das ist für alle besser", "it", "de"},
		{"Nous devrions avoir plus de places de parking pour les vélos dans la cour", "en", "fr"},
		{"Los vecinos piden más árboles en las calles y una fuente para el parque", "it", "es"},
		{"", "it", "it"},
		{"12345 %% ---", "en", "en"},
		{"你好世界", "", ""},
		{"https://example.com/the/of/and/with", "it", "it"},
		{strings.Repeat("x", 100), "", ""},
		{"\xff\xfe il \xff della", "", "it"},
	} {
		if got := language.Of(c.text, c.fallback); got != c.want {
			t.Errorf("Of(%q, %q) = %q, want %q", c.text, c.fallback, got, c.want)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	text := strings.Repeat("Propongo di aprire la mensa anche la sera, così chi fa il turno può mangiare. ", 6)
	for b.Loop() {
		language.Of(text, "")
	}
}
