package server

import (
	"regexp"
	"slices"
	"testing"

	"convivio/store/board"
)

func TestListsAreInTheOrderOfTheReadersAlphabet(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	admin := f.people["admin"]
	for slug, name := range map[string]string{"z": "Zeta", "a": "àncora", "e": "Época", "b": "Alfa", "c": "eco"} {
		if _, err := f.store.AddBoard(f.Context(), admin, board.NewBoard{Slug: "ordine-" + slug, Name: name, Visibility: board.Open}, ""); err != nil {
			t.Fatal(err)
		}
	}
	var shown []string
	for _, m := range regexp.MustCompile(`<span class="name">([^<]*)</span>`).FindAllStringSubmatch(f.as("anna").get("/").body, -1) {
		shown = append(shown, m[1])
	}
	want := []string{"Alfa", "àncora", "eco", "Época", "Zeta"}
	rest := slices.DeleteFunc(slices.Clone(shown), func(name string) bool { return !slices.Contains(want, name) })
	if !slices.Equal(rest, want) {
		t.Errorf("the side lists %q, want among them %q in this order", shown, want)
	}
}
