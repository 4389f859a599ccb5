package static

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestColoursCanBeToldApart holds pairs of tokens to WCAG in both schemes: 4.5
// for text on what it stands on, 3 for borders and signs one must be able to see.
func TestColoursCanBeToldApart(t *testing.T) {
	schemes := [2]map[string]float64{{}, {}} // relative luminance by token, light and dark
	token := regexp.MustCompile(`--([a-z0-9-]+): light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)`)
	for _, m := range token.FindAllStringSubmatch(sources(t, "css/tokens.css")["css/tokens.css"], -1) {
		for i := range schemes {
			schemes[i][m[1]] = luminance(t, m[2+i])
		}
	}
	text := map[string][]string{
		"ink":       {"paper", "sheet", "brand-soft", "good-soft", "wait-soft", "bad-soft", "mark"},
		"ink-2":     {"paper", "sheet", "brand-soft", "good-soft", "wait-soft", "bad-soft"},
		"brand":     {"paper", "sheet", "brand-soft"},
		"brand-ink": {"brand"},
		"good":      {"paper", "sheet", "good-soft"},
		"wait":      {"paper", "sheet", "wait-soft"},
		"bad":       {"paper", "sheet", "bad-soft"},
	}
	signs := map[string][]string{"edge": {"paper", "sheet"}, "brand": {"paper", "sheet"}}
	for i, scheme := range schemes {
		for least, pairs := range map[float64]map[string][]string{4.5: text, 3: signs} {
			for over, unders := range pairs {
				for _, under := range unders {
					if scheme[over] == scheme[under] {
						t.Errorf("%s and %s: the token is gone, or they are the same", over, under)
					}
					light, dark := max(scheme[over], scheme[under]), min(scheme[over], scheme[under])
					if got := (light + 0.05) / (dark + 0.05); got < least {
						t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", [2]string{"light", "dark"}[i], over, under, got, least)
					}
				}
			}
		}
	}
}

// luminance of a colour written as six hexadecimal digits.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestOlderBrowsersHaveEveryColour counts on each token that names two colours
// being said once more for each scheme.
func TestOlderBrowsersHaveEveryColour(t *testing.T) {
	tokens := sources(t, "css/tokens.css")["css/tokens.css"]
	_, fallback, ok := strings.Cut(string(load().files[Styles].plain), "@supports not (color: light-dark(red, red))")
	if !ok || strings.Contains(fallback, "light-dark") {
		t.Fatalf("the styles end with %q", fallback)
	}
	light, dark, ok := strings.Cut(fallback, "prefers-color-scheme: dark")
	all := regexp.MustCompile(`(--[a-z0-9-]+): light-dark\(`).FindAllStringSubmatch(tokens, -1)
	if !ok || len(all) == 0 {
		t.Fatal("there is nothing to compare")
	}
	for _, m := range all {
		if !strings.Contains(light, m[1]+": ") || !strings.Contains(dark, m[1]+": ") {
			t.Errorf("%s has no colour in browsers that do not know light-dark()", m[1])
		}
	}
	if !strings.Contains(light, "--ink: #1f1d1a;") || !strings.Contains(dark, "--ink: #ece8e1;") {
		t.Errorf("ink is not the ink of its scheme in %q", fallback)
	}
}
