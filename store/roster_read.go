package store

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"convivio/store/board"
)

// Limits of a roster.
const (
	MaxRoster     = 5 << 20 // bytes
	MaxRosterRows = 50_000
)

// Roster is a list of people, as a file of another system has it.
type Roster struct {
	Rows     []RosterRow
	Faults   []RosterFault // lines that cannot be taken
	Columns  []string      // that were understood, as the file calls them
	Ignored  []string      // that were not
	Encoding string        // empty: UTF-8; otherwise what the file was taken for
}

// RosterRow is one person of it. What is empty is not said, and stays as it is.
type RosterRow struct {
	Line  int
	Email string
	Name  string
	Team  string
	Site  string
	Lang  string
	Kind  board.Kind
}

// RosterFault is what is wrong with a line.
type RosterFault struct {
	Line  int
	Fault *board.Error
}

// rosterHeads are the columns as they may be called, without capitals and accents.
var rosterHeads = map[string][]string{
	"email": {"email", "e mail", "mail", "posta", "posta elettronica", "indirizzo email", "indirizzo e mail", "email aziendale", "e mail aziendale", "email address", "e mail address", "work email"},
	"name":  {"name", "full name", "name and surname", "nome e cognome", "nome completo", "nominativo", "cognome e nome", "dipendente"},
	"first": {"first name", "given name", "firstname", "nome"},
	"last":  {"last name", "surname", "family name", "lastname", "cognome"},
	"team":  {"team", "department", "reparto", "ufficio", "dipartimento", "area", "funzione", "unit", "unita"},
	"site":  {"site", "location", "office", "plant", "sede", "stabilimento", "luogo"},
	"kind":  {"kind", "type", "access", "tipo", "tipo di accesso", "accesso"},
	"lang":  {"language", "lang", "lingua"},
}

// ReadRoster reads a CSV file with a line of headings, in Italian or English:
// separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252.
// What is wrong with one line stands beside the others. Errors: invalid (field
// file) for what is no such file.
func ReadRoster(file []byte) (Roster, error) {
	var out Roster
	if len(file) > MaxRoster {
		return out, board.FieldFault("file", "This file is larger than %d MB.", MaxRoster>>20)
	}
	text, encoding := decoded(file)
	out.Encoding = encoding
	if first, rest, cut := strings.Cut(text, "\n"); cut && strings.HasPrefix(strings.ToLower(first), "sep=") {
		text = "\n" + rest // lines keep their numbers
	}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace = separator(text), -1, true
	head, err := in.Read()
	if err != nil {
		return out, board.FieldFault("file", "There is no list in this file. Save it as CSV, with a line of headings first.")
	}
	columns, err := out.readHead(head)
	if err != nil {
		return out, err
	}
	seen := map[string]int{}
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			out.Faults = append(out.Faults, RosterFault{broken.StartLine, board.Fault(board.Invalid, "The quotes of this line do not fit together, so the file was read no further. Mend it and bring the file again.")})
			break
		}
		if err != nil {
			return out, board.FieldFault("file", "There is no list in this file. Save it as CSV, with a line of headings first.")
		}
		line, _ := in.FieldPos(0)
		if len(out.Rows)+len(out.Faults) >= MaxRosterRows {
			return out, board.FieldFault("file", "There are more than %d lines in this file. Bring it in parts.", MaxRosterRows)
		}
		out.readLine(line, record, columns, seen)
	}
	return out, nil
}

// decoded turns a file into text, and says what it was taken for where that is
// not UTF-8.
func decoded(file []byte) (text, encoding string) {
	switch {
	case bytes.HasPrefix(file, []byte("\xef\xbb\xbf")):
		file = file[3:]
	case bytes.HasPrefix(file, []byte("\xff\xfe")), bytes.HasPrefix(file, []byte("\xfe\xff")):
		var order binary.ByteOrder = binary.LittleEndian
		if file[0] == 0xfe {
			order = binary.BigEndian
		}
		units := make([]uint16, 0, len(file)/2)
		for i := 2; i+1 < len(file); i += 2 {
			units = append(units, order.Uint16(file[i:]))
		}
		return string(utf16.Decode(units)), "UTF-16"
	}
	if utf8.Valid(file) {
		return string(file), ""
	}
	var b strings.Builder
	for _, c := range file {
		switch {
		case c >= 0x80 && c < 0xa0:
			b.WriteRune(windows1252[c-0x80])
		default:
			b.WriteRune(rune(c))
		}
	}
	return b.String(), "Windows-1252"
}

// windows1252 are the characters that Windows-1252 has where Latin-1 has none.
var windows1252 = [32]rune{'€', 0xfffd, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0xfffd, 'Ž', 0xfffd,
	0xfffd, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0xfffd, 'ž', 'Ÿ'}

// separator finds what stands most often between the headings.
func separator(text string) rune {
	head, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	best := ','
	for _, c := range ";\t" {
		if strings.Count(head, string(c)) > strings.Count(head, string(best)) {
			best = c
		}
	}
	return best
}

// readHead finds out what the columns are.
func (out *Roster) readHead(head []string) (map[string]int, error) {
	columns := map[string]int{}
	for i, cell := range head {
		cell = strings.TrimSpace(cell)
		folded := strings.Join(strings.Fields(searchable(cell)), " ")
		known := ""
		for column, names := range rosterHeads {
			if slices.Contains(names, folded) {
				known = column
			}
		}
		if _, twice := columns[known]; known == "" || twice {
			if cell != "" {
				out.Ignored = append(out.Ignored, cell)
			}
			continue
		}
		columns[known] = i
		out.Columns = append(out.Columns, cell)
	}
	_, last := columns["last"]
	if first, ok := columns["first"]; ok && !last { // "nome" alone is the whole name
		columns["name"] = first
		delete(columns, "first")
	}
	if _, ok := columns["email"]; !ok {
		return nil, board.FieldFault("file", "No column of this file is called e-mail: people are known by their addresses. The first line has to name the columns, such as: e-mail; name; team; site.")
	}
	return columns, nil
}

// readLine takes one line in, as a row or as a fault.
func (out *Roster) readLine(line int, record []string, columns map[string]int, seen map[string]int) {
	cell := func(name string) string {
		if i, ok := columns[name]; ok && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	if strings.TrimSpace(strings.Join(record, "")) == "" {
		return
	}
	row, err := rosterRow(cell)
	if err == nil && seen[row.Email] != 0 {
		err = board.FieldFault("email", "This address stands on line %d already. Leave one of the two out.", seen[row.Email])
	}
	if err != nil {
		var fault *board.Error
		if !errors.As(err, &fault) {
			fault = board.Fault(board.Invalid, "This line cannot be read.")
		}
		out.Faults = append(out.Faults, RosterFault{line, fault})
		return
	}
	row.Line, seen[row.Email] = line, line
	out.Rows = append(out.Rows, row)
}

// rosterRow checks one line's cells. Errors: invalid, naming the field.
func rosterRow(cell func(string) string) (r RosterRow, err error) {
	if r.Email, err = normalEmail(cell("email")); err != nil {
		return r, err
	}
	name := cell("name")
	if name == "" {
		name = cell("first") + " " + cell("last")
	}
	for _, f := range []struct {
		field, value string
		into         *string
	}{{"name", name, &r.Name}, {"team", cell("team"), &r.Team}, {"site", cell("site"), &r.Site}} {
		if *f.into, err = board.Line(f.field, f.value, board.MaxName, false); err != nil {
			return r, err
		}
	}
	switch strings.Join(strings.Fields(searchable(cell("kind"))), " ") {
	case "":
	case "employee", "dipendente", "interno", "internal":
		r.Kind = board.Employee
	case "guest", "ospite", "esterno", "external", "cliente", "fornitore", "customer", "supplier":
		r.Kind = board.Guest
	default:
		return r, board.FieldFault("kind", "Nobody knows the kind of access %q. Write employee or guest, or leave it empty.", cell("kind"))
	}
	switch strings.TrimSpace(searchable(cell("lang"))) {
	case "":
	case "it", "italiano", "italian", "ita":
		r.Lang = "it"
	case "en", "inglese", "english", "eng":
		r.Lang = "en"
	default:
		return r, board.FieldFault("lang", "The language %q is not known here. Write it or en, or leave it empty.", cell("lang"))
	}
	return r, nil
}
