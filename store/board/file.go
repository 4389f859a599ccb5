package board

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// File is what somebody attached: a picture, or a document.
type File struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Type      string    `json:"type"`            // media type, as the bytes show it
	Size      int64     `json:"size"`            // bytes
	Width     int       `json:"width,omitempty"` // pixels of a picture
	Height    int       `json:"height,omitempty"`
	Markdown  string    `json:"markdown" doc:"what names the file in a text of its owner"`
	CreatedAt time.Time `json:"created_at"`
}

// Picture tells whether pages show the file itself.
func (f File) Picture() bool { return f.Width > 0 }

// Reference is what names the file in a text.
func (f File) Reference() string {
	address := "(/files/" + strconv.FormatInt(f.ID, 10) + ")"
	if !f.Picture() {
		return "[" + escapeLabel.Replace(f.Name) + "]" + address
	}
	words := f.Name
	if dot := strings.LastIndexByte(words, '.'); dot > 0 {
		words = words[:dot]
	}
	return "![" + escapeLabel.Replace(words) + "]" + address
}

// escapeLabel keeps a name from ending the label it stands in, or from being formatted.
var escapeLabel = strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "*", `\*`, "`", "\\`", "<", `\<`, "&", `\&`)

// FileName makes a name to show, and to offer when the file is kept, from the
// name a file came with: no folders, nothing invisible or that turns the
// direction of writing, at most MaxFileName bytes, and an ending that says what
// is in it. endings are those of its kind, the usual one first.
func FileName(name string, endings []string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), !unicode.IsGraphic(r):
			return -1
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	base, ending := name, endings[0]
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		for _, e := range endings {
			if strings.EqualFold(name[dot:], e) {
				base, ending = name[:dot], name[dot:]
			}
		}
	} else if strings.EqualFold("."+name, endings[0]) {
		base = ""
	}
	if blank(base) {
		base = "file"
	}
	for len(base)+len(ending) > MaxFileName {
		_, n := utf8.DecodeLastRuneInString(base)
		base = base[:len(base)-n]
	}
	return base + ending
}
