package server

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"convivio/client"
)

// described is what the API says of a call.
type described struct {
	Parameters []struct {
		Name, In string
		Required bool
	}
	RequestBody struct {
		Content map[string]struct{ Schema schemaRef }
	}
	Responses map[string]struct {
		Content map[string]struct{ Schema schemaRef }
	}
}

type schemaRef struct {
	Ref string `json:"$ref"`
}

// name of a schema: "Idea" of "#/components/schemas/Idea".
func (s schemaRef) name() string { return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:] }

type apiOfPrograms struct {
	Paths      map[string]map[string]described
	Components struct {
		Schemas map[string]struct{ Properties map[string]any }
	}
}

// find looks a path up: one that is written out goes before one with parameters.
func (a *apiOfPrograms) find(method, path string) (out described, found bool) {
	if out, found = a.Paths[path][method]; found {
		return out, true
	}
	for pattern, calls := range a.Paths {
		shape := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[^/]*\\\}`).ReplaceAllString(regexp.QuoteMeta(pattern), "[^/]+") + "$")
		if out, found = calls[method]; found && shape.MatchString(path) {
			return out, true
		}
	}
	return out, false
}

// sent is what a client sent.
type sent struct {
	method, path string
	query        url.Values
	body         []byte
}

func TestTheClientCallsWhatTheAPIDescribes(t *testing.T) {
	f := newFront(t, nil)
	var api apiOfPrograms
	if err := json.Unmarshal([]byte(f.nobody().get("/api/v1/openapi.json").body), &api); err != nil {
		t.Fatal(err)
	}
	var got []sent
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, sent{strings.ToLower(r.Method), strings.TrimPrefix(r.URL.Path, apiPrefix), r.URL.Query(), body})
		_, _ = w.Write([]byte(`{"state":"ready"}`)) // of a release: MakeRelease waits for it
	}))
	defer listener.Close()
	c, err := client.New(listener.URL, "cvt_any")
	if err != nil {
		t.Fatal(err)
	}
	calls := reflect.ValueOf(c)
	for i := range calls.NumMethod() {
		name, call := calls.Type().Method(i).Name, calls.Method(i)
		if name == "Live" { // a socket: live_test.go
			continue
		}
		got = nil
		answer := call.Call(argumentsOf(call.Type()))
		if err, failed := answer[len(answer)-1].Interface().(error); failed {
			t.Errorf("%s: %v", name, err)
		}
		if body, open := answer[0].Interface().(io.Closer); open {
			body.Close()
		}
		if len(got) != 1 {
			t.Errorf("%s sent %d requests", name, len(got))
			continue
		}
		is, found := api.find(got[0].method, got[0].path)
		if !found {
			t.Errorf("%s: there is no %s %s", name, got[0].method, got[0].path)
			continue
		}
		api.compare(t, name, is, got[0])
		if reads := answer[0].Type(); reads.Kind() == reflect.Slice && api.Components.Schemas[is.answers()].Properties["items"] == nil {
			t.Errorf("%s reads a list, the API answers %s", name, is.answers())
		} else if want := schemaOf(reads); want != "" && is.answers() != want {
			t.Errorf("%s reads %s, the API answers %s", name, want, is.answers())
		}
	}
}

// compare holds a request to what the API says it takes.
func (a *apiOfPrograms) compare(t *testing.T, name string, is described, got sent) {
	var known []string
	for _, p := range is.Parameters {
		if p.In != "query" {
			continue
		}
		known = append(known, p.Name)
		if p.Required && !got.query.Has(p.Name) {
			t.Errorf("%s leaves out %s, which is required", name, p.Name)
		}
	}
	for key := range got.query {
		if !slices.Contains(known, key) {
			t.Errorf("%s sends %s, which the API does not know", name, key)
		}
	}
	takes, json := is.RequestBody.Content["application/json"]
	if len(is.RequestBody.Content) > 0 != (len(got.body) > 0) {
		t.Errorf("%s sends %d bytes, the API takes %v", name, len(got.body), is.RequestBody.Content)
	}
	if json {
		fields := a.Components.Schemas[takes.Schema.name()].Properties
		for key := range keysOf(t, name, got.body) {
			if fields[key] == nil {
				t.Errorf("%s sends field %s, which %s does not have", name, key, takes.Schema.name())
			}
		}
	}
}

func keysOf(t *testing.T, name string, body []byte) (keys map[string]any) {
	if err := json.Unmarshal(body, &keys); err != nil {
		t.Errorf("%s sends %q: %v", name, body, err)
	}
	return keys
}

// answers is the schema of what is answered where all went well.
func (d described) answers() string {
	for status, r := range d.Responses {
		if status[0] == '2' && status != "202" {
			return r.Content["application/json"].Schema.name()
		}
	}
	return ""
}

// schemaOf names the schema of a struct of board; "" for other types.
func schemaOf(of reflect.Type) string {
	if of.Kind() != reflect.Struct {
		return ""
	}
	if item, list := strings.CutPrefix(of.Name(), "List["); list {
		return "List" + strings.TrimSuffix(item[strings.LastIndexByte(item, '.')+1:], "]")
	}
	return of.Name()
}

// argumentsOf are arguments for a method, with something in every field.
func argumentsOf(method reflect.Type) (list []reflect.Value) {
	for i := range method.NumIn() {
		v := reflect.New(method.In(i)).Elem()
		switch v.Interface(); method.In(i) {
		case reflect.TypeFor[context.Context]():
			v.Set(reflect.ValueOf(context.Background()))
		case reflect.TypeFor[io.Reader]():
			v.Set(reflect.ValueOf(bytes.NewReader([]byte("bytes"))))
		default:
			fill(v)
		}
		list = append(list, v)
	}
	return list
}

func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("alfa")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i))
			}
		}
	}
}
