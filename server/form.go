package server

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"convivio/store/board"
)

// bind reads a form into a small struct of its own, whose fields are named by
// `form:"…"` tags: string, bool (a checkbox), int64, *int64 or []string. A field
// the struct does not have, and one sent twice that is no list, are refused:
// nothing gets in that the form does not offer. Errors: invalid, naming the field;
// forbidden when it was somebody else's form.
func (r *request) bind(into any) error {
	first := r.parseForm() // the rest is still read, so that the form can be shown again as it was typed
	if r.PostForm == nil {
		return first
	}
	if first == nil {
		first = r.checkKey()
	}
	v := reflect.ValueOf(into).Elem()
	fields := formFields(v.Type())
	for name, values := range r.PostForm {
		i, known := fields[name]
		var err error
		if known {
			err = setField(v.Field(i), name, values)
		} else {
			err = board.FieldFault(shorten(name), "This form has no field of this name.")
		}
		if first == nil {
			first = err
		}
	}
	return first
}

func (r *request) parseForm() error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "multipart/form-data" && takesFiles(r.URL.Path) {
		return r.parseParts()
	}
	if r.ContentLength != 0 && (err != nil || kind != "application/x-www-form-urlencoded") {
		return withStatus(http.StatusUnsupportedMediaType, board.Fault(board.Invalid, "This form was sent in a way that is not understood here."))
	}
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return tooLarge(large.Limit)
		}
		return withStatus(http.StatusBadRequest, board.Fault(board.Invalid, "This form was sent in a way that is not understood here."))
	}
	return nil
}

// formPlans keeps which field of a struct type has which name.
var formPlans sync.Map

func formFields(t reflect.Type) map[string]int {
	if plan, ok := formPlans.Load(t); ok {
		return plan.(map[string]int)
	}
	plan := map[string]int{}
	for i := range t.NumField() {
		name := t.Field(i).Tag.Get("form")
		if name == "" {
			panic("field " + t.Field(i).Name + " of a form has no name")
		}
		plan[name] = i
	}
	formPlans.Store(t, plan)
	return plan
}

func setField(f reflect.Value, name string, values []string) error {
	for i, s := range values {
		if !utf8.ValidString(s) {
			values[i] = strings.ToValidUTF8(s, "\uFFFD")
			if to, ok := f.Addr().Interface().(*string); ok {
				*to = values[i]
			}
			return board.FieldFault(name, "This text is not valid UTF-8. Write it again, or save the file as UTF-8.")
		}
	}
	if list, ok := f.Addr().Interface().(*[]string); ok {
		*list = values
		return nil
	}
	if len(values) != 1 {
		return board.FieldFault(name, "This was sent more than once.")
	}
	switch to := f.Addr().Interface().(type) {
	case *string:
		*to = values[0]
	case *bool:
		*to = values[0] != "" && values[0] != "false" && values[0] != "0"
	case *int64:
		return setID(to, name, values[0])
	case **int64:
		if values[0] == "" {
			return nil
		}
		*to = new(int64)
		return setID(*to, name, values[0])
	default:
		panic("a form cannot hold a " + f.Type().String())
	}
	return nil
}

func setID(to *int64, name, s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return board.FieldFault(name, "Write a number here.")
	}
	*to = n
	return nil
}

// decodedOnce undoes percent encoding once, or returns the text as it is.
func decodedOnce(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// shorten keeps a name somebody made up from filling an answer.
func shorten(name string) string {
	if len(name) > 40 || !utf8.ValidString(name) {
		return "?"
	}
	return name
}
