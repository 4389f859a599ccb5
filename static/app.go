package static

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
)

var coloured = regexp.MustCompile(`--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`)

// Colour gives a colour of tokens.css in the light and in the dark scheme, as
// #rrggbb. It panics for a token that is no colour: a mistake of the caller.
func Colour(token string) (light, dark string) {
	for _, m := range coloured.FindAllSubmatch(load().files[Styles].plain, -1) {
		if string(m[1]) == token {
			return string(m[2]), string(m[3])
		}
	}
	panic("static: there is no colour " + token)
}

// named is a colour of tokens.css that has one value for each scheme.
var named = regexp.MustCompile(`(--[a-z0-9-]+): light-dark\((.+), (.+)\);`)

// plainColours says the colours of tokens.css once more, for browsers that do not
// know light-dark(): without them, nothing there would have a colour at all.
func plainColours(tokens []byte) []byte {
	var schemes [2]bytes.Buffer
	for _, m := range named.FindAllSubmatch(tokens, -1) {
		for i := range schemes {
			fmt.Fprintf(&schemes[i], "%s: %s; ", m[1], m[2+i])
		}
	}
	return fmt.Appendf(nil, `
@supports not (color: light-dark(red, red)) {
  @layer tokens {
    :root { %s}
    @media (prefers-color-scheme: dark) { :root { %s} }
  }
}
`, schemes[0].Bytes(), schemes[1].Bytes())
}

// Worker is the service worker's script. It begins with what it cannot know by
// itself: the hash of this build, the files to keep of it, and the addresses of
// the page shown without a connection, by language.
func Worker(offline map[string]string) []byte {
	t := load()
	files := []string{}
	for name := range t.files {
		if path.Ext(name) != ".png" {
			files = append(files, Path(name))
		}
	}
	slices.Sort(files)
	facts, err := json.Marshal(map[string]any{"hash": t.hash, "files": files, "offline": offline})
	if err != nil {
		panic(err) // strings always encode
	}
	return slices.Concat([]byte("const build = "), facts, []byte(";\n"), t.worker)
}

// joinWorker takes the parts of the service worker out of the tree and makes one
// script of them: browsers differ in what a worker may import.
func joinWorker(contents map[string][]byte) []byte {
	var parts [][]byte
	for _, name := range sorted(contents) {
		if path.Dir(name) == "worker" {
			parts = append(parts, contents[name])
			delete(contents, name)
		}
	}
	return bytes.Join(parts, []byte("\n"))
}
