package static

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Script is the one script of the pages: js/main.js with every module it asks
// for. Twenty small answers weigh more than one, and each costs a phone a round
// trip. The modules stay as they are written, one behaviour each; here each
// becomes a function that runs where it was first asked for, as in a browser.
const Script = "js/main.js"

var (
	moduleImport = regexp.MustCompile(`(?m)^import (?:\{([^}]*)\} from )?"\./([a-z-]+)\.js";\n`)
	moduleExport = regexp.MustCompile(`(?m)^export ((?:async )?(?:function|const|class) (\w+))`)
	moduleLeft   = regexp.MustCompile(`(?m)^(?:import|export)\b.*`)
	moduleRemark = regexp.MustCompile(`(?m)^\s*(?://.*|/\*\*[^*]*(?:\*[^*/]+)*\*/)\n`)
	moduleIndent = regexp.MustCompile(`(?m)^ +`)
	moduleString = regexp.MustCompile(`"[^"\n]*"`)
)

// joinScripts puts Script and the modules it asks for into one file. Modules that
// it does not ask for, such as one a page asks for by itself, stay alone.
func joinScripts(contents map[string][]byte) error {
	if contents[Script] == nil {
		return nil
	}
	j := joiner{contents: contents, state: map[string]int{}}
	if err := j.add(strings.TrimSuffix(path.Base(Script), ".js")); err != nil {
		return err
	}
	for name := range j.state {
		delete(contents, "js/"+name+".js")
	}
	contents[Script] = []byte(j.out.String())
	return nil
}

// joiner walks the modules in the order in which a browser would run them.
type joiner struct {
	contents map[string][]byte
	state    map[string]int // 1 while what a module asks for is added, 2 afterwards
	out      strings.Builder
}

func (j *joiner) add(name string) error {
	source, ok := j.contents["js/"+name+".js"]
	switch {
	case !ok:
		return fmt.Errorf("js/%s.js is asked for and not there", name)
	case j.state[name] == 1:
		return fmt.Errorf("js/%s.js asks for itself, by way of others", name)
	case j.state[name] == 2:
		return nil
	}
	j.state[name] = 1
	text := string(source)
	for _, m := range moduleImport.FindAllStringSubmatch(text, -1) {
		if err := j.add(m[2]); err != nil {
			return err
		}
	}
	j.state[name] = 2
	return j.write(name, text)
}

// write adds a module as a function that returns what it exports. Remarks and
// indents stay in the sources.
func (j *joiner) write(name, text string) error {
	exports := moduleExport.FindAllStringSubmatch(text, -1)
	names := make([]string, len(exports))
	for i, m := range exports {
		names[i] = m[2]
	}
	text = moduleExport.ReplaceAllString(text, "$1")
	text = moduleImport.ReplaceAllStringFunc(text, func(s string) string {
		m := moduleImport.FindStringSubmatch(s)
		if m[1] == "" {
			return ""
		}
		return fmt.Sprintf("const {%s} = %s;\n", strings.ReplaceAll(m[1], " as ", ": "), variable(m[2]))
	})
	if left := moduleLeft.FindString(text); left != "" {
		return fmt.Errorf("js/%s.js: %q is not understood; export functions, constants and classes where they are declared", name, left)
	}
	text = moduleRemark.ReplaceAllString(text, "")
	open := func(line string) bool { return strings.Count(moduleString.ReplaceAllString(line, ""), "`")%2 != 0 }
	if slices.ContainsFunc(strings.Split(text, "\n"), open) {
		return fmt.Errorf("js/%s.js: a template of several lines would lose its indents", name)
	}
	text = moduleIndent.ReplaceAllString(text, "")
	if len(names) > 0 {
		fmt.Fprintf(&j.out, "const %s = (() => {\n%sreturn {%s};\n})();\n", variable(name), text, strings.Join(names, ", "))
	} else if strings.TrimSpace(text) != "" {
		fmt.Fprintf(&j.out, "(() => {\n%s})();\n", text)
	}
	return nil
}

// variable is what holds the exports of a module.
func variable(module string) string { return "$" + strings.ReplaceAll(module, "-", "_") }
