package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is where the sources of the whole program begin.
const module = "../.."

// speakers are the functions whose literals people read: the place of the first
// sentence among the arguments, and how many there are.
var speakers = map[string]struct{ at, n int }{
	"T":          {1, 1},
	"N":          {2, 2},
	"Fault":      {1, 1},
	"FieldFault": {1, 1},
}

// asides are the functions of this package that pass on what they were given.
var asides = []string{"templates/words/words.go"}

// said is a sentence and where it is said.
type said struct {
	sentence, plural, where string
}

// spoken finds every sentence that the program says to people.
func spoken(t *testing.T) []said {
	t.Helper()
	var all []said
	err := filepath.WalkDir(module, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(module, path)
		if d.IsDir() && (rel == "tools" || rel == "e2e" || d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && rel != "." || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), "data")) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || slices.Contains(asides, filepath.ToSlash(rel)) {
			return nil
		}
		found, err := inFile(t, path, filepath.ToSlash(rel))
		all = append(all, found...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func inFile(t *testing.T, path, rel string) (all []said, err error) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		how, ok := speaker(file, call.Fun)
		if !ok || len(call.Args) < how.at+how.n {
			return true
		}
		s := said{where: rel + ":" + strconv.Itoa(set.Position(call.Pos()).Line)}
		if s.sentence, ok = literal(call.Args[how.at]); ok && how.n == 2 {
			s.plural, ok = literal(call.Args[how.at+1])
		}
		if !ok {
			t.Errorf("%s: a sentence for people must be a literal where it is said, or it cannot be translated", s.where)
			return true
		}
		all = append(all, s)
		return true
	})
	return all, nil
}

// speaker recognises words.T, board.Fault and the like, and their bare names
// inside their own packages.
func speaker(file *ast.File, fun ast.Expr) (how struct{ at, n int }, ok bool) {
	var pkg, name string
	switch f := fun.(type) {
	case *ast.Ident:
		pkg, name = file.Name.Name, f.Name
	case *ast.SelectorExpr:
		x, isIdent := f.X.(*ast.Ident)
		if !isIdent {
			return how, false
		}
		pkg, name = x.Name, f.Sel.Name
	}
	if home := map[string]string{"T": "words", "N": "words", "Fault": "board", "FieldFault": "board"}[name]; home == "" || home != pkg {
		return how, false
	}
	return speakers[name], true
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z]`)

func verbs(s string) []string {
	v := verb.FindAllString(strings.ReplaceAll(s, "%%", ""), -1)
	slices.Sort(v)
	return v
}

func TestEverySentenceIsSaidInEveryLanguage(t *testing.T) {
	said := spoken(t)
	if len(said) < 100 {
		t.Fatalf("only %d sentences were found: the search for them is broken", len(said))
	}
	for _, l := range languages {
		if l.Code != fallback {
			complete(t, l, said)
		}
	}
}

// complete holds a language to what is said: all of it, with the same verbs, and nothing else.
func complete(t *testing.T, l *Language, all []said) {
	used := map[string]bool{}
	for _, s := range all {
		used[s.sentence] = true
		translated, ok := l.Sentences[s.sentence]
		if !ok {
			t.Errorf("%s: %s.go lacks %q", s.where, l.Code, s.sentence)
			continue
		}
		forms := strings.Split(translated, "|")
		if (len(forms) > 1) != (s.plural != "") {
			t.Errorf("%s: %q needs forms for numbers exactly if its English has them", s.where, s.sentence)
		}
		for i, form := range forms {
			english := s.sentence
			if i > 0 {
				english = s.plural
			}
			if got, want := verbs(form), verbs(english); !slices.Equal(got, want) {
				t.Errorf("%q has the verbs %q in English and %q in %s", english, want, got, l.Name)
			}
		}
	}
	for sentence := range l.Sentences {
		if !used[sentence] {
			t.Errorf("%s.go has %q, which nobody says", l.Code, sentence)
		}
	}
}

// TestALanguageIsOneFileInOrder: a language is added by one file, and what it says
// of a sentence stands where one looks for it.
func TestALanguageIsOneFileInOrder(t *testing.T) {
	for _, l := range languages {
		if l.Code == fallback {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), l.Code+".go", nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		var sentences []string
		ast.Inspect(file, func(n ast.Node) bool {
			pair, ok := n.(*ast.KeyValueExpr)
			if s, isLiteral := "", false; ok {
				if s, isLiteral = literal(pair.Key); isLiteral {
					sentences = append(sentences, s)
				}
			}
			return true
		})
		if len(sentences) != len(l.Sentences) {
			t.Errorf("%s.go has %d of the %d sentences of %s: a language is one file", l.Code, len(sentences), len(l.Sentences), l.Name)
		}
		for i := range sentences[1:] {
			if a, b := sentences[i], sentences[i+1]; strings.Compare(strings.ToLower(a), strings.ToLower(b)) > 0 {
				t.Errorf("%s.go has %q before %q", l.Code, a, b)
			}
		}
	}
}
