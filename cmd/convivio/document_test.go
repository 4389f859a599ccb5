package main

import (
	"os"
	"path/filepath"
	"testing"

	"convivio/templates/law"
)

// TestDocumentsSayWhatTheProgramDoes compares the documents in docs/ with what the
// program writes from its lists.
func TestDocumentsSayWhatTheProgramDoes(t *testing.T) {
	for _, name := range law.Names {
		text, err := os.ReadFile(filepath.Join("..", "..", "docs", string(name)+".md"))
		if err != nil {
			t.Error(err)
		}
		if printed := must(t, "document", string(name)); printed != string(text) {
			t.Errorf("docs/%s.md is not what the program says any more: go run ./cmd/convivio document %[1]s > docs/%[1]s.md", name)
		}
	}
	refuses(t, "must be one of", "document", "nothing")
}
