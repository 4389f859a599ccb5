package templates

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheSheetOfKeysTellsTheTruth compares it with what keys.js listens to.
func TestTheSheetOfKeysTellsTheTruth(t *testing.T) {
	source, err := os.ReadFile("../static/js/keys.js")
	if err != nil {
		t.Fatal(err)
	}
	_, acts, ok := strings.Cut(string(source), "const acts = {\n")
	acts, _, closed := strings.Cut(acts, "\n};")
	if !ok || !closed {
		t.Fatal("keys.js has no list of acts any more")
	}
	var heard, listed []string
	for _, m := range regexp.MustCompile(`(?m)^  "?([^":\s])"?:`).FindAllStringSubmatch(acts, -1) {
		heard = append(heard, m[1])
	}
	for _, line := range keyLines("en") {
		if line.keys[0] != "Ctrl" && len(line.keys[0]) == 1 {
			listed = append(listed, line.keys...)
		}
	}
	slices.Sort(heard)
	slices.Sort(listed)
	if !slices.Equal(heard, listed) {
		t.Errorf("keys.js listens to %q, the sheet lists %q", heard, listed)
	}
}
