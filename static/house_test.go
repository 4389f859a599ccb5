package static

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// sources are the files of a folder as they are written.
func sources(t *testing.T, pattern string) map[string]string {
	t.Helper()
	names, err := fs.Glob(embedded, pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %v, %v", pattern, names, err)
	}
	texts := map[string]string{}
	for _, name := range names {
		b, err := embedded.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(b)
	}
	return texts
}

func TestModulesAreSmall(t *testing.T) {
	for name, text := range sources(t, "js/*.js") {
		if lines := strings.Count(text, "\n"); lines >= 100 {
			t.Errorf("%s has %d lines; a module adds one behaviour in under 100", name, lines)
		}
	}
}

var (
	cssRemark = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssString = regexp.MustCompile(`"[^"]*"`)
	// rawColour is a colour that has no name of its own: only tokens.css says what colours are.
	rawColour = regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|:[^;{}]*\b(?:white|black|red|green|blue|gray|grey|orange|yellow|brown|silver)\b`)
	// physical sides are wrong for whoever reads from right to left.
	physical = regexp.MustCompile(`\b(?:margin|padding|border)-(?:left|right|top|bottom)\b|[\s;{](?:left|right|top|bottom)\s*:|text-align:\s*(?:left|right)|float:\s*(?:left|right)|[\s;{](?:min-|max-)?(?:width|height)\s*:`)
	layered  = regexp.MustCompile(`(?s)^(?:\s*@layer [a-z, ]+;)?(?:\s*@layer [a-z]+ \{.*\n\})+\s*$`)
	used     = regexp.MustCompile(`var\((--[a-z0-9-]+)`)
	declared = regexp.MustCompile(`(--[a-z0-9-]+)\s*:`)
)

// TestStylesAreASystem holds what a component's style sheet may say: everything
// in a layer, colours and spaces by their meaning, nothing shouted.
func TestStylesAreASystem(t *testing.T) {
	sheets := sources(t, "css/*.css")
	all := ""
	for _, text := range sheets {
		all += text
	}
	tokens := map[string]bool{}
	for _, m := range declared.FindAllStringSubmatch(sheets["css/tokens.css"], -1) {
		tokens[m[1]] = true
		if strings.Count(all, "var("+m[1]+")")+strings.Count(all, "var("+m[1]+",") == 0 {
			t.Errorf("nothing uses the token %s", m[1])
		}
	}
	for name, text := range sheets {
		bare := cssString.ReplaceAllString(cssRemark.ReplaceAllString(text, ""), `""`)
		if !layered.MatchString(bare) {
			t.Errorf("%s has rules outside of a layer", name)
		}
		if strings.Contains(bare, "!important") {
			t.Errorf("%s uses !important: order the layers instead", name)
		}
		if side := physical.FindString(bare); side != "" {
			t.Errorf("%s says %q: name sides by the direction of the text (inline, block, start, end)", name, strings.TrimSpace(side))
		}
		own := map[string]bool{}
		for _, m := range declared.FindAllStringSubmatch(bare, -1) {
			own[m[1]] = true
		}
		for _, m := range used.FindAllStringSubmatch(bare, -1) {
			if !tokens[m[1]] && !own[m[1]] {
				t.Errorf("%s uses %s, which neither it nor tokens.css declares", name, m[1])
			}
		}
		if name == "css/tokens.css" {
			continue
		}
		if colour := rawColour.FindString(bare); colour != "" {
			t.Errorf("%s says %q: a colour has its meaning, and tokens.css the colour of each", name, colour)
		}
	}
}

var styled = regexp.MustCompile(`\sstyle=|<style\b`)

func TestPagesHaveNoStylesOfTheirOwn(t *testing.T) {
	templates, err := fs.Glob(os.DirFS("../templates"), "*.templ")
	if err != nil || len(templates) == 0 {
		t.Fatal(templates, err)
	}
	for _, name := range templates {
		b, err := os.ReadFile(path.Join("../templates", name))
		if err != nil {
			t.Fatal(err)
		}
		if said := styled.Find(b); said != nil {
			t.Errorf("%s has%s: the content-security policy refuses it", name, said)
		}
	}
}
