package chain

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"convivio/store/board"
)

// Format is how entries are written to a file: both hold everything that is
// needed to check the chain.
type Format string

// The formats.
const (
	JSONLines Format = "jsonl"
	CSV       Format = "csv"
)

// columns of CSV: what people read first, the proof behind it.
var columns = []string{"seq", "at", "act", "outcome", "actor", "name", "roles", "means", "request", "address",
	"board", "idea", "comment", "person", "target", "before", "after", "note",
	"name_salt", "address_salt", "target_salt", "before_salt", "after_salt", "note_salt",
	"name_sum", "address_sum", "target_sum", "before_sum", "after_sum", "note_sum", "prev", "hash"}

// Writer writes entries to a file.
type Writer struct {
	lines *json.Encoder
	csv   *csv.Writer
}

// NewWriter begins a file. Comma separates the cells of CSV; some spreadsheets
// want a semicolon.
func NewWriter(w io.Writer, f Format, comma rune) (*Writer, error) {
	if f == JSONLines {
		return &Writer{lines: json.NewEncoder(w)}, nil
	}
	c := csv.NewWriter(w)
	c.Comma = comma
	return &Writer{csv: c}, c.Write(columns)
}

// Write writes an entry.
func (w *Writer) Write(e board.AuditEntry) error {
	if w.lines != nil {
		return w.lines.Encode(e)
	}
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	row := []string{number(e.Seq), e.At.UTC().Format(time.RFC3339Nano), string(e.Act), string(e.Outcome), number(e.Actor), e.Name.Value, e.Roles, e.Means,
		e.Request, e.Address.Value, number(e.Board), number(e.Idea), number(e.Comment), number(e.Person), e.Target.Value, e.Before.Value, e.After.Value, e.Note.Value}
	for _, s := range e.Seals() {
		row = append(row, s.Salt)
	}
	for _, s := range e.Seals() {
		row = append(row, s.Sum)
	}
	row = append(row, e.Prev, e.Hash)
	for i := range row {
		row[i] = board.Harmless(row[i])
	}
	return w.csv.Write(row)
}

// Flush writes what is still held back.
func (w *Writer) Flush() error {
	if w.csv == nil {
		return nil
	}
	w.csv.Flush()
	return w.csv.Error()
}

// Read reads a file that Writer wrote, of either format, and calls each with
// every entry. Errors: each's own; the file is neither.
func Read(r io.Reader, each func(board.AuditEntry) error) error {
	b := bufio.NewReader(r)
	start, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the file: %w", err)
	}
	if bytes.HasPrefix(start, []byte("\ufeff")) {
		_, _ = b.Discard(len("\ufeff"))
		start = start[len("\ufeff"):]
	}
	if bytes.HasPrefix(start, []byte("{")) {
		return readLines(b, each)
	}
	return readCSV(b, each)
}

func readLines(r io.Reader, each func(board.AuditEntry) error) error {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	for n := 1; ; n++ {
		var e board.AuditEntry
		err := d.Decode(&e)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d is no entry of an audit log: %w", n, err)
		}
		if err := each(e); err != nil {
			return err
		}
	}
}

func readCSV(b *bufio.Reader, each func(board.AuditEntry) error) error {
	c := csv.NewReader(b)
	head, err := b.Peek(4)
	if err != nil {
		return errors.New("this file is empty")
	}
	if head[3] == ';' { // after seq
		c.Comma = ';'
	}
	names, err := c.Read()
	if err != nil || strings.Join(names, " ") != strings.Join(columns, " ") {
		return errors.New("this is no exported audit log: neither its CSV nor its JSON lines")
	}
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("this is no whole exported audit log: %w", err)
		}
		e, err := entryOf(row)
		if err != nil {
			line, _ := c.FieldPos(0)
			return fmt.Errorf("line %d is no entry of an audit log: %w", line, err)
		}
		if err := each(e); err != nil {
			return err
		}
	}
}

func entryOf(row []string) (e board.AuditEntry, err error) {
	for i := range row {
		row[i] = strings.TrimPrefix(row[i], "'")
	}
	var errs []error
	number := func(s string) int64 {
		n, err := strconv.ParseInt(s, 10, 64)
		errs = append(errs, err)
		return n
	}
	e = board.AuditEntry{Seq: number(row[0]), Act: board.Act(row[2]), Outcome: board.Outcome(row[3]), Actor: number(row[4]), Roles: row[6], Means: row[7], Request: row[8],
		Board: number(row[10]), Idea: number(row[11]), Comment: number(row[12]), Person: number(row[13]), Prev: row[30], Hash: row[31]}
	e.At, err = time.Parse(time.RFC3339Nano, row[1])
	for i, value := range []string{row[5], row[9], row[14], row[15], row[16], row[17]} {
		*e.Seals()[i] = board.Sealed{Value: value, Salt: row[18+i], Sum: row[24+i]}
	}
	return e, errors.Join(append(errs, err)...)
}
