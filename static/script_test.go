package static

import (
	"strings"
	"testing"
	"testing/fstest"
)

func joined(t *testing.T, modules map[string]string) (string, tree, error) {
	t.Helper()
	source := fstest.MapFS{"css/tokens.css": {Data: []byte("@layer tokens;")}}
	for name, text := range modules {
		source["js/"+name+".js"] = &fstest.MapFile{Data: []byte(text)}
	}
	all, err := read(source)
	return string(all.files[Script].plain), all, err
}

func TestModulesBecomeOneScriptInTheOrderTheyWouldRun(t *testing.T) {
	got, all, err := joined(t, map[string]string{
		"main":  "import \"./b.js\";\nimport \"./a.js\";\n",
		"a":     "// A remark.\nimport { say as tell, lang } from \"./words.js\";\ntell(lang, \"// no remark\");\n",
		"b":     "import { lang } from \"./words.js\";\n/**\n * More\n * remarks.\n */\nexport async function go() {\n  await lang;\n}\n",
		"words": "export const lang = \"it\";\nexport function say() {}\n",
		"alone": "export const x = 1;\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `const $words = (() => {
const lang = "it";
function say() {}
return {lang, say};
})();
const $b = (() => {
const { lang } = $words;
async function go() {
await lang;
}
return {go};
})();
(() => {
const { say: tell, lang } = $words;
tell(lang, "// no remark");
})();
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, ok := all.files["js/words.js"]; ok {
		t.Error("a module that was taken in is served twice")
	}
	if _, ok := all.files["js/alone.js"]; !ok {
		t.Error("a module nobody asks for went missing")
	}
}

func TestModulesThatCannotBeJoinedAreRefused(t *testing.T) {
	for why, modules := range map[string]map[string]string{
		"asks for itself": {"main": "import \"./a.js\";\n", "a": "import \"./b.js\";\n", "b": "import \"./a.js\";\n"},
		"not there":       {"main": "import \"./a.js\";\n"},
		"not understood":  {"main": "export default 1;\n"},
		"several lines":   {"main": "const a = `\n  x`;\n"},
	} {
		if _, _, err := joined(t, modules); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%v: got %v, want %q", modules, err, why)
		}
	}
}
