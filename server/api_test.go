package server

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestTheAPIDescribesItself(t *testing.T) {
	f := newFront(t, nil)
	a := f.nobody().get("/api/v1/openapi.json").has(http.StatusOK)
	var doc struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]map[string]any
	}
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Servers) != 1 || doc.Servers[0].URL != "/api/v1" || doc.Paths["/me"]["get"] == nil {
		t.Errorf("got %+v", doc)
	}
	told := toldCalls(t)
	for _, route := range f.server.Routes() {
		path, ok := strings.CutPrefix(route.Path, apiPrefix)
		if !ok || route.Method == http.MethodHead || path == "/openapi.json" {
			continue
		}
		path = parameter.ReplaceAllStringFunc(path, func(s string) string { return "{" + s[1:] + "}" })
		if doc.Paths[path][strings.ToLower(route.Method)] == nil {
			t.Errorf("%s %s is not described", route.Method, path)
		}
		if !told[route.Method+" "+path] {
			t.Errorf("%s %s does not stand in docs/api.md", route.Method, path)
		}
	}
	if strings.Contains(a.body, "$schema") {
		t.Error("the description mentions $schema")
	}
}

// toldCalls are the calls that docs/api.md tells of: "GET /boards".
func toldCalls(t *testing.T) map[string]bool {
	text, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, call := range regexp.MustCompile("`([A-Z,]+) (/[^`?]*)").FindAllStringSubmatch(string(text), -1) {
		for method := range strings.SplitSeq(call[1], ",") {
			out[method+" "+call[2]] = true
		}
	}
	return out
}

func TestBadJSONIsRefusedWithTheFieldNamed(t *testing.T) {
	f := newFront(t, nil)
	admin := f.program("admin")
	before := f.store.Head()
	for name, c := range map[string]struct {
		body   string
		status int
		field  string
	}{
		"an unknown field":       {`{"slug":"ab","name":"A","owner":1}`, 422, "owner"},
		"a field in other case":  {`{"slug":"ab","name":"A","Visibility":"private"}`, 422, "Visibility"},
		"a missing field":        {`{"slug":"ab"}`, 422, "name"},
		"a wrong type":           {`{"slug":"ab","name":7}`, 422, "name"},
		"an unknown value":       {`{"slug":"ab","name":"A","visibility":"secret"}`, 422, "visibility"},
		"a rule of ours":         {`{"slug":"A B","name":"A"}`, 422, "slug"},
		"bytes that are no text": {"{\"slug\":\"ab\",\"name\":\"\xff\xfe\"}", 400, "name"},
		"no JSON":                {`{"slug":`, 400, ""},
		"nothing":                {``, 400, ""},
		"an array":               {`[]`, 422, ""},
		"far too deep":           {strings.Repeat("[", 500_000), 400, ""},
		"too deep":               {strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), 400, ""},
	} {
		p := admin.send("POST", "/api/v1/boards", c.body).problem()
		if p.Status != c.status || p.Field != c.field || p.Code != "invalid" || p.Detail == "" {
			t.Errorf("%s: got %+v, want %d naming %q", name, p, c.status, c.field)
		}
	}
	if f.store.Head() != before {
		t.Error("something was written")
	}
}

func TestOnlyJSONIsTakenAsJSON(t *testing.T) {
	f := newFront(t, nil)
	admin := f.program("admin")
	for _, kind := range []string{"text/plain", "application/x-www-form-urlencoded", "application/xml", ""} {
		admin.do("POST", "/api/v1/boards", kind, `{"slug":"ab","name":"A"}`).has(http.StatusUnsupportedMediaType)
	}
	admin.do("POST", "/api/v1/boards", "application/json; charset=utf-8", `{"slug":"ab","name":"A"}`).has(http.StatusCreated, `"slug":"ab"`)
}

func TestAnAddressOfTheAPIThatLeadsNowhereIsAProblem(t *testing.T) {
	f := newFront(t, nil)
	for _, path := range []string{"/api", "/api/", "/api/v1", "/api/v1/none", "/api/v2/boards", "/api/v1/boards/none", "/api/v1/ideas/none", "/api/v1/ideas/99999"} {
		if p := f.program("anna").get(path).has(http.StatusNotFound).problem(); p.Code != "not_found" {
			t.Errorf("%s: got %+v", path, p)
		}
	}
}

func TestASessionAsksTheAPIToo(t *testing.T) {
	f := newFront(t, nil)
	anna := f.as("anna")
	anna.get("/api/v1/me").has(http.StatusOK, `"email":"anna@example.com"`)
	anna.header.Set("Authorization", "Bearer cvt_wrong")
	anna.get("/api/v1/me").has(http.StatusUnauthorized) // a token that fails is not made good by a cookie
	anna.header.Del("Authorization")
	anna.send("POST", "/api/v1/boards", `{}`).has(http.StatusForbidden) // no Origin: may be another site's
}

func TestProblemsAreSaidInTheReadersLanguage(t *testing.T) {
	f := newFront(t, nil)
	b := f.program("anna")
	b.header.Set("Accept-Language", "it")
	english := f.program("anna").get("/api/v1/none").problem()
	if p := b.get("/api/v1/none").problem(); p.Detail == english.Detail || p.Code != english.Code {
		t.Errorf("got %+v", p)
	}
}
