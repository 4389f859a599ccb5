package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convivio/store/board"
)

// power is what tells those who may from those who may not: whoever reaches one of
// these does something that others cannot.
var power = []string{"adminsOnly", "moderatorsOnly", "auditorsOnly", "admin", "moderator", "mayOnBoard", "owner", "mayAnswer", "officer",
	"Moderates", "ModeratesAny", "ModeratesBoard", "OwnsBoard", "HeedsBoard"}

// audits are the ways into the audit log.
var audits = []string{"audit", "auditOthers", "auditAdmin", "Looked", "Exported", "Asked", "auditAlone", "auditHourly"}

// writes are the ways into the writer: a method that reaches none only reads.
var writes = []string{"write", "note", "noteWith", "noteAs", "submit"}

// unaudited are verbs that take power and leave no entry, each with the reason.
var unaudited = map[string]string{
	"SaveAnswerDraft": "what is not published is nobody's act yet; who wrote the draft stands in it",
	"CiteInDraft":     "the same",
	"AddIdea":         "one's own words: those of moderators wait for nobody, which is all that the check of power is for",
	"EditIdea":        "the same",
	"Reply":           "the same",
	"EditComment":     "the same",
	"EditHeld":        "the same",
	"DeleteIdea":      "one's own words: a moderator is told to give a reason, which is TakeDown",
	"DeleteComment":   "the same",
	"OpenReview":      "lets something wait; what is then decided about it is audited",
	"Appeal":          "by the person concerned; whether the decider is somebody else is looked up",
}

// TestEveryVerbOfPowerIsAudited walks all exported methods of the store that take
// who acts, and write: those that reach a check of power must reach the audit log.
func TestEveryVerbOfPowerIsAudited(t *testing.T) {
	calls, exported := storeCalls(t)
	any := func(names []string, reached map[string]bool) bool {
		return slices.ContainsFunc(names, func(name string) bool { return reached[name] })
	}
	walked := 0
	for _, name := range exported {
		reached := reach(calls, name)
		if !any(power, reached) || !any(writes, reached) {
			continue
		}
		walked++
		kept := any(audits, reached)
		reason, excepted := unaudited[name]
		switch {
		case !kept && !excepted:
			t.Errorf("%s takes power and leaves nothing in the audit log: call tx.audit in its verb, or say in unaudited why not", name)
		case kept && excepted:
			t.Errorf("%s is audited, and need not stand in unaudited (%s)", name, reason)
		}
	}
	if walked < 25 {
		t.Errorf("only %d verbs of power were found: the walk is broken", walked)
	}
	for name := range unaudited {
		if !slices.Contains(exported, name) {
			t.Errorf("unaudited has %s, which is no method", name)
		}
	}
}

// storeCalls reads the sources of this package: what each function calls, by name,
// and the exported methods of Store that take who acts.
func storeCalls(t *testing.T) (calls map[string][]string, exported []string) {
	t.Helper()
	set := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls = map[string][]string{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if c, ok := n.(*ast.CallExpr); ok {
					switch fun := c.Fun.(type) {
					case *ast.Ident:
						calls[f.Name.Name] = append(calls[f.Name.Name], fun.Name)
					case *ast.SelectorExpr: // on what this package calls its own; others' methods may have any name
						if x, ok := fun.X.(*ast.Ident); ok && slices.Contains([]string{"tx", "s", "im", "who"}, x.Name) {
							calls[f.Name.Name] = append(calls[f.Name.Name], fun.Sel.Name)
						}
					}
				}
				return true
			})
			if f.Recv != nil && f.Name.IsExported() && receiver(f) == "Store" && takesWho(f) {
				exported = append(exported, f.Name.Name)
			}
		}
	}
	slices.Sort(exported)
	return calls, exported
}

func receiver(f *ast.FuncDecl) string {
	of := f.Recv.List[0].Type
	if p, ok := of.(*ast.StarExpr); ok {
		of = p.X
	}
	id, _ := of.(*ast.Ident)
	if id == nil {
		return ""
	}
	return id.Name
}

func takesWho(f *ast.FuncDecl) bool {
	return slices.ContainsFunc(f.Type.Params.List, func(p *ast.Field) bool {
		s, ok := p.Type.(*ast.SelectorExpr)
		return ok && s.Sel.Name == "Who"
	})
}

// reach are all functions that one calls, and those that they call.
func reach(calls map[string][]string, from string) map[string]bool {
	seen := map[string]bool{}
	next := slices.Clone(calls[from])
	for len(next) > 0 {
		name := next[len(next)-1]
		next = next[:len(next)-1]
		if !seen[name] && name != "FlushMarks" { // where people have read to is written down before it is read
			seen[name] = true
			next = append(next, calls[name]...)
		}
	}
	return seen
}

func TestEveryActIsListedOnce(t *testing.T) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "board/act.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Names) != 1 || !strings.HasSuffix(v.Names[0].Name, "Act") {
			return true
		}
		named++
		text := strings.Trim(v.Values[0].(*ast.BasicLit).Value, `"`)
		if !slices.Contains(board.Acts, board.Act(text)) {
			t.Errorf("%s (%s) is missing in board.Acts: nobody could look for it", v.Names[0].Name, text)
		}
		if noun, verb, ok := strings.Cut(text, "."); !ok || noun == "" || verb == "" {
			t.Errorf("%s is not of the form noun.past", text)
		}
		return true
	})
	if named < 30 || named != len(board.Acts) {
		t.Errorf("%d acts are named, %d listed", named, len(board.Acts))
	}
}
