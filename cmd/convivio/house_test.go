package main_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The packages are rooms of a house, with arrows between them: who may import whom. A change that needs another arrow
// says in its message why.

const (
	module = "convivio"
	top    = "../.."
)

// rooms says which of our own packages each package may import. Below cmd everything may be.
var rooms = map[string][]string{
	"store/board":     {},
	"store/language":  {"store/board"},
	"store/markdown":  {"store/board"},
	"store/password":  {"store/board"},
	"store/files":     {"store/board"},
	"store/picture":   {"store/board"},
	"store/chain":     {"store/board"},
	"store/gate":      {"store/board"},
	"store":           {"store/board", "store/language", "store/markdown", "store/password", "store/files", "store/picture", "store/chain", "store/gate"},
	"store/storetest": {}, // for tests
	"search":          {"store/board", "store/language", "store/markdown"},
	"static":          {},
	"templates/words": {"store/board", "store/language"},
	"templates/law":   {"store/board", "templates/words"},
	"templates":       {"store/board", "templates/words", "templates/law", "static"},
	"templates/sheet": {"store/board", "templates/words"},
	"client":          {"store/board"},
	"server/live":     {"store", "store/board", "templates", "templates/words"},
	"server": {"store", "store/board", "store/chain", "store/language", "store/markdown", "store/password",
		"templates", "templates/words", "templates/sheet", "templates/law", "static", "server/live"},
}

// tools says who may import what comes from outside: a path covers everything below it.
var tools = map[string][]string{
	"database/sql":                         {"store", "store/storetest", "cmd/convivio/bench"}, // the bench asks others beside us
	"github.com/mattn/go-sqlite3":          {"store", "store/storetest"},
	"github.com/pressly/goose":             {"store"},
	"github.com/yuin/goldmark":             {"store/markdown"},
	"github.com/microcosm-cc":              {"store/markdown"},
	"golang.org/x/crypto/argon2":           {"store/password"},
	"golang.org/x/image":                   {"store/picture"},
	"github.com/gabriel-vasile/mimetype":   {"store/files"},
	"github.com/blevesearch":               {"search"},
	"github.com/RoaringBitmap":             {"search"},
	"net/http":                             {"server", "server/live", "static", "client", "cmd"},
	"github.com/labstack/echo":             {"server", "server/live", "cmd"},
	"github.com/danielgtaylor/huma":        {"server"},
	"github.com/gorilla/websocket":         {"server", "server/live", "client", "cmd"},
	"github.com/xuri/excelize":             {"templates/sheet"},
	"github.com/a-h/templ":                 {"templates", "server", "server/live"},
	"github.com/alecthomas/kong":           {"cmd"},
	"github.com/prometheus":                {"server", "server/live", "search", "cmd"},
	"os/exec":                              {"cmd"},
	"net/smtp":                             {},
	"html/template":                        {},
	"plugin":                               {},
	"github.com/blevesearch/bleve/v2/http": {}, // answers past the access filter
}

// listed is what `go list` says of a package.
type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	GoFiles    []string
	CgoFiles   []string
}

func list(t *testing.T, args ...string) []listed {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", append([]string{"list", "-json=ImportPath,Standard,Imports,GoFiles,CgoFiles"}, args...)...)
	command.Dir = top
	var refused strings.Builder
	command.Stderr = &refused
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go list %v: %v\n%s", args, err, refused.String())
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestArrowsPointWhereTheDesignSays(t *testing.T) {
	packages := list(t, "./...")
	if len(packages) < 5 {
		t.Fatalf("found %d packages: this test would hold nothing", len(packages))
	}
	for _, p := range packages {
		if len(p.GoFiles)+len(p.CgoFiles) == 0 {
			continue // tests alone may come in by every door
		}
		room := strings.TrimPrefix(p.ImportPath, module+"/")
		may, known := rooms[room]
		everything := strings.HasPrefix(room, "cmd/")
		if !known && !everything {
			t.Errorf("%s is a room that the house does not have yet: say in rooms what it may import", room)
			continue
		}
		for _, path := range p.Imports {
			if own, ours := strings.CutPrefix(path, module+"/"); ours {
				if !everything && !slices.Contains(may, own) {
					t.Errorf("%s imports %s; it may import %v", room, own, may)
				}
				continue
			}
			if allowed, limited := heldBack(path); limited && !slices.Contains(allowed, room) && !(everything && slices.Contains(allowed, "cmd")) {
				t.Errorf("%s imports %s; only %v may", room, path, allowed)
			}
		}
	}
}

// heldBack finds the rooms that may import an outside path, by the longest entry of tools that covers it.
func heldBack(path string) (allowed []string, limited bool) {
	longest := ""
	for covered, rooms := range tools {
		if (path == covered || strings.HasPrefix(path, covered+"/")) && len(covered) >= len(longest) {
			allowed, limited, longest = rooms, true, covered
		}
	}
	return allowed, limited
}

func TestVocabularyStandsOnTheStandardLibraryAlone(t *testing.T) {
	for _, p := range list(t, "-deps", "./store/board") {
		if !p.Standard && p.ImportPath != module+"/store/board" {
			t.Errorf("store/board needs %s", p.ImportPath)
		}
	}
}

// sources calls check with every file of the project whose name ends in one of the endings.
func sources(t *testing.T, folder string, endings []string, check func(path, text string)) {
	t.Helper()
	found := 0
	err := filepath.WalkDir(filepath.Join(top, folder), func(path string, d fs.DirEntry, err error) error {
		switch name := d.Name(); {
		case err != nil:
			return err
		case d.IsDir() && name != ".." && (strings.HasPrefix(name, ".") || name == "node_modules" || name == "bin" || strings.HasPrefix(name, "data")):
			return fs.SkipDir
		case d.IsDir() || !slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(name, e) }):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found++
		check(strings.TrimPrefix(filepath.ToSlash(path), top+"/"), string(text))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found == 0 {
		t.Fatalf("no %v under %q: this test would hold nothing", endings, folder)
	}
}

func generated(path string) bool { return strings.HasSuffix(path, "_templ.go") }
func tested(path string) bool    { return strings.HasSuffix(path, "_test.go") }

func TestNoFileIsTwoRoomsInOne(t *testing.T) {
	const lines = 450
	sources(t, "", []string{".go", ".templ", ".css"}, func(path, text string) {
		language := len(path) == len("templates/words/it.go") && strings.HasPrefix(path, "templates/words/") // a dictionary is one file, however much it says
		if n := strings.Count(text, "\n"); n > lines && !generated(path) && !tested(path) && !language {
			t.Errorf("%s has %d lines; %d is the most", path, n, lines)
		}
	})
	const scriptLines = 130
	sources(t, "static/js", []string{".js"}, func(path, text string) {
		if n := strings.Count(text, "\n"); n > scriptLines {
			t.Errorf("%s has %d lines; a script is one behaviour, and %d is the most", path, n, scriptLines)
		}
	})
}

// names that say too little, or that mean something else here: see the glossary of the design.
var poorNames = regexp.MustCompile(`^Get[A-Z]|(User|Ticket|Manager|Helper|Utils?|Service)s?([A-Z0-9]|$)`)

func TestExportedNamesAreThoseOfTheGlossary(t *testing.T) {
	sources(t, "", []string{".go"}, func(path, text string) {
		if generated(path) || tested(path) {
			return
		}
		for name, at := range exported(t, path, text) {
			if poorNames.MatchString(name) {
				t.Errorf("%s:%d: %s: not a name of this house", path, at, name)
			}
		}
	})
}

// exported finds the exported top-level names of a file and their lines.
func exported(t *testing.T, path, text string) map[string]int {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]int{}
	note := func(id *ast.Ident) {
		if id.IsExported() {
			names[id.Name] = set.Position(id.Pos()).Line
		}
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil { // a method may be named by an interface of somebody else's
				note(d.Name)
			}
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					note(s.Name)
				case *ast.ValueSpec:
					for _, id := range s.Names {
						note(id)
					}
				}
			}
		}
	}
	return names
}

// calling out is what a request to another machine is made with.
var callingOut = []string{"Client", "DefaultClient", "Transport", "DefaultTransport", "NewRequest", "NewRequestWithContext",
	"Get", "Head", "Post", "PostForm", "Dial", "DialTimeout", "Dialer", "DialTCP"}

func TestOnlyTheClientCallsOut(t *testing.T) {
	sources(t, "", []string{".go"}, func(path, text string) {
		if tested(path) || strings.HasPrefix(path, "client/") || strings.HasPrefix(path, "cmd/") {
			return
		}
		for _, call := range dials(t, path, text) {
			t.Errorf("%s: only client and cmd reach for another machine", call)
		}
	})
}

// dials finds the uses of callingOut in a file, each with where it stands.
func dials(t *testing.T, path, text string) (found []string) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		from, ok := s.X.(*ast.Ident)
		if ok && (from.Name == "http" || from.Name == "net" || from.Name == "websocket") && slices.Contains(callingOut, s.Sel.Name) {
			found = append(found, fmt.Sprintf("%s: %s.%s", set.Position(s.Pos()), from.Name, s.Sel.Name))
		}
		return true
	})
	return found
}

// against is what must not stand in some files, and why.
type against struct {
	pattern *regexp.Regexp
	reason  string
}

// inMarkup would be refused by the pages' own content-security policy, so it would silently not work.
var inMarkup = []against{
	{regexp.MustCompile(`(?i)\sstyle=["{]`), "styles go by class"},
	{regexp.MustCompile(`(?i)\son[a-z]+=["{]`), "behaviour goes into a module of static/js"},
	{regexp.MustCompile(`"(style|on(click|submit|change|input|load|error|focus|blur|key[a-z]+|mouse[a-z]+|toggle))":`), "neither styles nor handlers are attributes"},
	{regexp.MustCompile(`(?i)javascript:`), "scripts are no addresses"},
	{regexp.MustCompile(`(?i)<style\b`), "styles go into static/css"},
	{regexp.MustCompile(`(?i)<script(\s+type="module")?\s*>`), "scripts go into static/js; data goes into data- attributes"},
	{regexp.MustCompile(`(?i)(src|href|action)="(https?:)?//`), "pages load and send nothing elsewhere"},
}

func TestPagesCarryNeitherStylesNorScripts(t *testing.T) {
	sources(t, "templates", []string{".templ", ".go"}, func(path, text string) {
		if !generated(path) && !tested(path) {
			refuse(t, path, text, inMarkup)
		}
	})
}

func TestScriptsAndStylesLoadNothingFromElsewhere(t *testing.T) {
	sources(t, "static", []string{".js", ".css"}, func(path, text string) {
		refuse(t, path, text, []against{
			{regexp.MustCompile(`(?i)(url\(|import\s*\(?|from\s*)["']?(https?:)?//`), "everything a page needs is served by us"},
			{regexp.MustCompile(`\beval\(|\bnew Function\(|\bdocument\.write`), "no code from text"},
		})
	})
}

var makesHTML = regexp.MustCompile(`\.(inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|createContextualFragment|createPolicy|setHTMLUnsafe|parseFromString`)

func TestEveryIconHasAPicture(t *testing.T) {
	var styles strings.Builder
	sources(t, "static/css", []string{".css"}, func(_, text string) { styles.WriteString(text) })
	sources(t, "templates", []string{".templ"}, func(path, text string) {
		for _, icon := range regexp.MustCompile(`"icon[^"]* (icon-[a-z]+)"`).FindAllStringSubmatch(text, -1) {
			if !strings.Contains(styles.String(), "."+icon[1]+" {") {
				t.Errorf("%s: %s has no picture, and is a filled square", path, icon[1])
			}
		}
	})
}

// classed is what stands in a class attribute: words alone, or strings within an expression.
var classed = regexp.MustCompile(`class=(?:"([^"]*)"|\{([^}]*)\})`)

func TestEveryClassIsKnownBySomebody(t *testing.T) {
	var known strings.Builder // to a style, a script, or a test in a browser
	sources(t, "static", []string{".css", ".js"}, func(_, text string) { known.WriteString(text) })
	sources(t, "e2e", []string{".ts"}, func(_, text string) { known.WriteString(text) })
	sources(t, "templates", []string{".templ"}, func(path, text string) {
		for _, attribute := range classed.FindAllStringSubmatch(text, -1) {
			words := attribute[1]
			for _, quoted := range regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(attribute[2], -1) {
				words += " " + quoted[1]
			}
			for _, class := range strings.Fields(words) {
				begins := strings.HasSuffix(class, "-") // the rest follows from what is shown
				if !begins && !regexp.MustCompile(`[."]`+regexp.QuoteMeta(class)+`(?:[^\w-]|$)`).MatchString(known.String()) {
					t.Errorf("%s: class %s has no style, and no script or test asks for it", path, class)
				}
			}
		}
	})
}

func TestHTMLEntersAPageThroughOneModule(t *testing.T) {
	var modules []string
	sources(t, "static/js", []string{".js"}, func(path, text string) {
		if makesHTML.MatchString(text) {
			modules = append(modules, path)
		}
	})
	if len(modules) > 1 {
		t.Errorf("HTML enters pages in %v; one module holds the policy", modules)
	}
}

func TestQueriesNameTheirColumns(t *testing.T) {
	sources(t, "store", []string{".go", ".sql"}, func(path, text string) {
		refuse(t, path, text, []against{{regexp.MustCompile(`(?i)\bselect\s+([a-z]+\.)?\*`), "a new column would arrive where nobody expects it"}})
	})
}

// refuse reports every line of a file in which one of the patterns stands.
func refuse(t *testing.T, path, text string, rules []against) {
	t.Helper()
	for i, line := range strings.Split(text, "\n") {
		for _, rule := range rules {
			if rule.pattern.MatchString(line) {
				t.Errorf("%s: %s: %s", path+":"+strconv.Itoa(i+1), strings.TrimSpace(line), rule.reason)
			}
		}
	}
}

// gateCases are the cases of the privacy of figures: each is shown by a test that
// names it.
var gateCases = []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 23, 25, 27}

func TestEveryCaseOfTheGateHasATest(t *testing.T) {
	named := map[string]bool{}
	id := regexp.MustCompile(`\bP-\d\d\b`)
	sources(t, "", []string{".go"}, func(path, text string) {
		if tested(path) && !strings.HasSuffix(path, "house_test.go") {
			for _, name := range id.FindAllString(text, -1) {
				named[name] = true
			}
		}
	})
	for _, n := range gateCases {
		if name := fmt.Sprintf("P-%02d", n); !named[name] {
			t.Errorf("no test names %s", name)
		}
	}
}
