// Package law writes the documents that go with Convivio: what is collected, the
// notice to employees, the statement for a union agreement and the draft of an
// impact assessment. They are made from the lists that the program works by
// (board.Everything, board.Definitions), so that they cannot say something else. Drafts of
// engineers: the company's counsel and data protection officer decide.
package law

import (
	"fmt"
	"strings"
	"time"

	"convivio/store/board"
)

// Text is a sentence in the languages of the law: Italian, and English for all others.
type Text struct{ En, It string }

// In is the sentence for a reader's language.
func (t Text) In(lang string) string {
	if lang == "it" {
		return t.It
	}
	return t.En
}

// with puts values into a sentence.
func (t Text) with(en, it any) Text {
	return Text{fmt.Sprintf(t.En, en), fmt.Sprintf(t.It, it)}
}

// Name names a document: it is the last part of its address.
type Name string

// The documents.
const (
	Notice    Name = "notice"
	Collected Name = "collected"
	Agreement Name = "agreement"
	DPIA      Name = "dpia"
)

// Names lists the documents, those for everybody first.
var Names = []Name{Notice, Collected, Agreement, DPIA}

// ForAll tells whether everybody who is signed in may read a document; the others
// are for HR, the works council and administrators.
func (n Name) ForAll() bool { return n == Notice || n == Collected }

// Facts is what differs between one server and another.
type Facts struct {
	Version    string // of the software
	AccessDays int    // for how many days the access log is kept; 0: there is none
}

// Usual are the facts of a server on which nothing was changed.
var Usual = Facts{AccessDays: int(board.VisitsKept / day)}

const day = 24 * time.Hour

// Document is a text in one language.
type Document struct {
	Name   Name
	Lang   string
	Title  string
	Lead   string
	Blocks []Block
}

// Block is one of a heading, a paragraph, a list and a table.
type Block struct {
	Heading string
	Text    string
	Items   []string
	Ordered bool
	Heads   []string // of the table's columns; the first of a row names it
	Rows    [][]string
}

// Write writes a document in a language.
func Write(name Name, lang string, f Facts) Document {
	switch name {
	case Collected:
		return collectedDocument(lang, f)
	case Agreement:
		return agreement(lang, f)
	case DPIA:
		return assessment(lang, f)
	}
	return notice(lang, f)
}

func begin(name Name, lang string, title, lead Text) *Document {
	return &Document{Name: name, Lang: lang, Title: title.In(lang), Lead: lead.In(lang)}
}

func (d *Document) head(t Text) { d.Blocks = append(d.Blocks, Block{Heading: t.In(d.Lang)}) }

func (d *Document) say(list ...Text) {
	for _, t := range list {
		d.Blocks = append(d.Blocks, Block{Text: t.In(d.Lang)})
	}
}

func (d *Document) items(ordered bool, list ...Text) {
	b := Block{Ordered: ordered}
	for _, t := range list {
		b.Items = append(b.Items, t.In(d.Lang))
	}
	d.Blocks = append(d.Blocks, b)
}

func (d *Document) table(rows [][]string, heads ...Text) {
	b := Block{Rows: rows}
	for _, t := range heads {
		b.Heads = append(b.Heads, t.In(d.Lang))
	}
	d.Blocks = append(d.Blocks, b)
}

// Markdown writes a document as text: for files and the command line.
func (d Document) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n", d.Title, d.Lead)
	for _, x := range d.Blocks {
		switch {
		case x.Heading != "":
			fmt.Fprintf(&b, "\n## %s\n", x.Heading)
		case x.Text != "":
			fmt.Fprintf(&b, "\n%s\n", x.Text)
		case len(x.Heads) > 0:
			fmt.Fprintf(&b, "\n| %s |\n|%s\n", strings.Join(x.Heads, " | "), strings.Repeat("---|", len(x.Heads)))
			for _, row := range x.Rows {
				fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
			}
		default:
			b.WriteString("\n")
			for n, item := range x.Items {
				if mark := "-"; !x.Ordered {
					fmt.Fprintf(&b, "%s %s\n", mark, item)
				} else {
					fmt.Fprintf(&b, "%d. %s\n", n+1, item)
				}
			}
		}
	}
	return b.String()
}

// days says how long something is kept.
func days(d time.Duration) (en, it string) {
	count := func(n time.Duration, one, many string) string {
		if n == 1 {
			return "1 " + one
		}
		return fmt.Sprintf("%d %s", n, many)
	}
	switch {
	case d < time.Hour:
		return count(d/time.Minute, "minute", "minutes"), count(d/time.Minute, "minuto", "minuti")
	case d < day:
		return count(d/time.Hour, "hour", "hours"), count(d/time.Hour, "ora", "ore")
	}
	return count(d/day, "day", "days"), count(d/day, "giorno", "giorni")
}

// kept puts a time into a sentence.
func (t Text) kept(d time.Duration) Text {
	en, it := days(d)
	return t.with(en, it)
}
