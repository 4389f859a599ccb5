package markdown

import (
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"convivio/store/board"
)

// A text names a file of this site as an image, ![alt](/files/12), or as a link,
// [name](/files/12). Whoever renders says which files its writer may name; any
// other is as if it had never been: its words alone are shown.

// File is what is shown of a file that a text names.
type File struct {
	Name          string // where the text gives none
	Detail        string // kind and size, beside a link: "PDF · 2 MB"
	Width, Height int    // in which a picture is shown; 0: no picture
}

// Files are those that a text may name, by id.
type Files map[int64]File

const filePath = "/files/"

// maxNamed bounds how many different files FileIDs looks for: more than a text may have.
const maxNamed = 4 * board.MaxFiles

// FileIDs finds the files that a text may be naming: all that it does name, and
// perhaps some more.
func FileIDs(src string) (ids []int64) {
	for {
		i := strings.Index(src, filePath)
		if i < 0 || len(ids) == maxNamed {
			return ids
		}
		src = src[i+len(filePath):]
		n := 0
		for n < len(src) && src[n] >= '0' && src[n] <= '9' {
			n++
		}
		if id := fileID(filePath + src[:n]); id != 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
}

// fileID reads an address that is exactly a file's; 0: it is not.
func fileID(address string) int64 {
	digits, ok := strings.CutPrefix(address, filePath)
	if !ok || digits == "" || len(digits) > 18 || digits[0] < '1' || digits[0] > '9' {
		return 0
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// fileAttribute is where a link or image keeps the file it names: nil when the
// writer may not name it.
var fileAttribute = []byte("convivio-file")

type named struct {
	id   int64
	file *File
}

// nameFiles finds the references to files in a parsed text. Errors: invalid,
// naming field, for too many.
func nameFiles(field string, doc ast.Node, files Files) (names Naming, err error) {
	references := 0
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		id := fileID(string(destination(n)))
		if id == 0 {
			return ast.WalkContinue, nil
		}
		name := named{id: id}
		if f, ok := files[id]; ok {
			name.file = &f
			references++
			names.Used = withID(names.Used, id)
		} else {
			names.Absent = withID(names.Absent, id)
		}
		n.SetAttribute(fileAttribute, name)
		return ast.WalkContinue, nil
	})
	if references > board.MaxFiles {
		return Naming{}, board.FieldFault(field, "This text names %d files; at most %d are allowed. Put the rest into another comment.", references, board.MaxFiles)
	}
	return names, nil
}

func withID(list []int64, id int64) []int64 {
	if slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

func destination(n ast.Node) []byte {
	switch n := n.(type) {
	case *ast.Link:
		return n.Destination
	case *ast.Image:
		return n.Destination
	}
	return nil
}

// fileOf is the file a link or image names; false: it names something else.
func fileOf(n ast.Node) (named, bool) {
	v, ok := n.Attribute(fileAttribute)
	if !ok {
		return named{}, false
	}
	name, ok := v.(named)
	return name, ok
}

// picture shows an image of ours, in a link to the whole of it.
func picture(w util.BufWriter, source []byte, n ast.Node, name named) {
	href := filePath + strconv.FormatInt(name.id, 10)
	linked := inLink(n)
	if !linked {
		_, _ = w.WriteString(`<a class="picture" href="` + href + `">`)
	}
	alt := strings.Join(strings.Fields(plainText(n, source)), " ")
	if alt == "" { // a link must say something
		alt = name.file.Name
	}
	_, _ = w.WriteString(`<img src="` + href + `/view" alt="`)
	_, _ = w.Write(util.EscapeHTML([]byte(alt)))
	_, _ = w.WriteString(`" width="` + strconv.Itoa(name.file.Width) + `" height="` + strconv.Itoa(name.file.Height) + `" loading="lazy">`)
	if !linked {
		_, _ = w.WriteString(`</a>`)
	}
}

// openFile begins the link to a file; closeFile ends it with its kind and size.
func openFile(w util.BufWriter, n ast.Node, name named) {
	_, _ = w.WriteString(`<a class="file" href="` + filePath + strconv.FormatInt(name.id, 10) + `">`)
	if !n.HasChildren() {
		_, _ = w.Write(util.EscapeHTML([]byte(name.file.Name)))
	}
}

func closeFile(w util.BufWriter, name named) {
	_, _ = w.WriteString(` <small>`)
	_, _ = w.Write(util.EscapeHTML([]byte(name.file.Detail)))
	_, _ = w.WriteString(`</small></a>`)
}

// plainText is the text within an inline node.
func plainText(n ast.Node, source []byte) string {
	var out strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Text:
			out.Write(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(c.Segment.Value(source)))))
			if c.SoftLineBreak() || c.HardLineBreak() {
				out.WriteByte(' ')
			}
		case *ast.String:
			out.Write(c.Value)
		case *ast.RawHTML:
			for i := range c.Segments.Len() {
				s := c.Segments.At(i)
				out.Write(s.Value(source))
			}
		case *ast.AutoLink:
			out.Write(c.Label(source))
		case *mention:
			out.WriteString("@" + c.handle)
		case *ref:
			out.WriteString("#" + strconv.FormatInt(c.id, 10))
		}
		return ast.WalkContinue, nil
	})
	return out.String()
}

// What this package writes for a picture and for the link to a file.
var (
	pictureHTML = regexp.MustCompile(`<img src="/files/([0-9]+)/view" alt="([^"]*)" width="([0-9]+)" height="([0-9]+)"`)
	fileHTML    = regexp.MustCompile(`<a class="file" href="/files/([0-9]+)">((?s:.*?)) <small>([^<]*)</small></a>`)
)

// FilesIn reads from HTML that this package made which files it shows: what
// stood in their rows when the text was saved, which never changes.
func FilesIn(rendered string) Files {
	if !strings.Contains(rendered, filePath) {
		return nil
	}
	files := Files{}
	for _, m := range pictureHTML.FindAllStringSubmatch(rendered, -1) {
		f := files[fileID(filePath+m[1])]
		f.Name = html.UnescapeString(m[2]) // what a text that gives no words was shown with
		f.Width, _ = strconv.Atoi(m[3])
		f.Height, _ = strconv.Atoi(m[4])
		files[fileID(filePath+m[1])] = f
	}
	for _, m := range fileHTML.FindAllStringSubmatch(rendered, -1) {
		f := files[fileID(filePath+m[1])]
		if f.Name == "" {
			f.Name = Text(m[2])
		}
		f.Detail = html.UnescapeString(m[3])
		files[fileID(filePath+m[1])] = f
	}
	return files
}
