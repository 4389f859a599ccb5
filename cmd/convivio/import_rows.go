package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
)

// maxLine is how long a line of an import may be, in bytes.
const maxLine = 64 << 20

// input is one file of JSON lines, plain or compressed; the zero value is one
// that is not there.
type input struct{ path string }

// findInput finds DIR/KIND.jsonl or DIR/KIND.jsonl.zst.
func findInput(dir, kind string) (input, error) {
	var found []string
	for _, end := range []string{".jsonl", ".jsonl.zst"} {
		path := filepath.Join(dir, kind+end)
		switch _, err := os.Stat(path); {
		case err == nil:
			found = append(found, path)
		case !errors.Is(err, fs.ErrNotExist):
			return input{}, fmt.Errorf("look for %s: %w", path, err)
		}
	}
	switch len(found) {
	case 0:
		return input{}, nil
	case 1:
		return input{found[0]}, nil
	}
	return input{}, fmt.Errorf("there are both %s and %s; keep the one that counts", found[0], found[1])
}

func (in input) name() string { return filepath.Base(in.path) }

// lines calls f with every line that is not empty, counted from 1.
func (in input) lines(f func(n int, line []byte) error) error {
	if in.path == "" {
		return nil
	}
	file, err := os.Open(in.path) // #nosec G304 -- the operator names the folder
	if err != nil {
		return fmt.Errorf("read %s: %w", in.name(), err)
	}
	defer file.Close()
	var r io.Reader = file
	if strings.HasSuffix(in.path, ".zst") {
		z, err := zstd.NewReader(file)
		if err != nil {
			return fmt.Errorf("read %s: %w", in.name(), err)
		}
		defer z.Close()
		r = z
	}
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 0, 1<<16), maxLine)
	n := 0
	for scan.Scan() {
		n++
		if line := bytes.TrimSpace(scan.Bytes()); len(line) > 0 {
			if err := f(n, line); err != nil {
				return err
			}
		}
	}
	if err := scan.Err(); err != nil {
		return fmt.Errorf("read %s after line %d: %w", in.name(), n, err)
	}
	return nil
}

// count is the number of lines that are not empty.
func (in input) count() (n int, err error) {
	err = in.lines(func(int, []byte) error { n++; return nil })
	return n, err
}

// ref is the id of a row in its source, a string or a number there.
type ref string

// UnmarshalJSON reads either form; null is the empty ref.
func (r *ref) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		return nil
	}
	if len(b) > 0 && b[0] == '"' {
		var s string
		err := json.Unmarshal(b, &s)
		*r = ref(s)
		return err
	}
	var n json.Number
	err := json.Unmarshal(b, &n)
	*r = ref(n)
	return err
}

// The rows of an import as their files write them.
type (
	boardLine struct {
		ID                      ref
		Name, Description, Lang string
	}
	personLine struct {
		ID   ref
		Name string
	}
	ideaLine struct {
		ID, Board, Author         ref
		Title, Body, Status, Lang string
		Tags                      []string
		Votes                     json.Number
		CreatedAt                 string `json:"created_at"`
	}
	commentLine struct {
		ID, Idea, Parent, Author ref
		Body                     string
		Votes                    json.Number
		CreatedAt                string `json:"created_at"`
	}
	voteLine struct {
		Idea, User ref
		Vote       json.Number
		CreatedAt  string `json:"created_at"`
	}
)

// decode reads one line; damaged tells that bytes were no UTF-8, and stand as
// replacement characters now.
func decode[T any](line []byte) (row T, damaged bool, err error) {
	if !utf8.Valid(line) {
		line, damaged = bytes.ToValidUTF8(line, []byte("\uFFFD")), true
	}
	if err := json.Unmarshal(line, &row); err != nil {
		return row, damaged, fmt.Errorf("this is no JSON object of the kind expected: %w", err)
	}
	return row, damaged || halfSurrogate(line), nil
}

// halfSurrogate tells whether a line escapes one half of a UTF-16 pair without
// the other, which JSON allows and UTF-8 does not.
func halfSurrogate(line []byte) bool {
	for i := 0; i+6 <= len(line); i++ {
		if line[i] != '\\' {
			continue
		}
		if line[i+1] != 'u' {
			i++
			continue
		}
		switch high := surrogate(line[i:]); {
		case high == 0:
		case high < 0xdc00 && surrogate(line[i+6:]) >= 0xdc00:
			i += 6
		default:
			return true
		}
		i += 5
	}
	return false
}

// surrogate is the half of a pair that an escape such as \ud83d stands for, or 0.
func surrogate(b []byte) int {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0
	}
	n, err := strconv.ParseUint(string(b[2:6]), 16, 16)
	if err != nil || n < 0xd800 || n > 0xdfff {
		return 0
	}
	return int(n)
}

// cleanText takes out what no text here may hold: control characters but line
// feed and tab. Line ends become \n.
func cleanText(s string) (clean string, changed bool) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	clean = strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r):
			changed = true
			return -1
		}
		return r
	}, s)
	return clean, changed
}

// oneLine makes a title or name of a text.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// firstWords begins a text that has no title.
func firstWords(s string, max int) string {
	s = oneLine(s)
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	cut := string([]rune(s)[:max])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}

// parseTime reads when a row was written.
func parseTime(s string) (time.Time, error) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(form, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("created_at %q is no time such as 2026-11-22T08:00:00Z", s)
}

// wholeNumber reads a count; empty is 0.
func wholeNumber(n json.Number) (int, error) {
	if n == "" {
		return 0, nil
	}
	f, err := n.Float64()
	if err != nil || f != float64(int(f)) {
		return 0, fmt.Errorf("%q is no whole number", n.String())
	}
	return int(f), nil
}
