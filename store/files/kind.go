package files

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"convivio/store/board"
)

// Kind is what a file is, by its bytes.
type Kind struct {
	Type    string   // media type
	Label   string   // what people call it
	Endings []string // of names, the usual one first
	Picture bool     // decoded and encoded again before it is kept
}

// The allow-list. Archives are not on it: what is in one cannot be looked at,
// neither here nor by somebody who is about to open it. Neither is anything that
// a browser would run: SVG, HTML, XML.
var (
	jpegKind = Kind{"image/jpeg", "JPEG", []string{".jpg", ".jpeg", ".jfif"}, true}
	pngKind  = Kind{"image/png", "PNG", []string{".png"}, true}
	gifKind  = Kind{"image/gif", "GIF", []string{".gif"}, true}
	webpKind = Kind{"image/webp", "WebP", []string{".webp"}, true}
	pdfKind  = Kind{"application/pdf", "PDF", []string{".pdf"}, false}
	textKind = Kind{"text/plain", "TXT", []string{".txt", ".md", ".log"}, false}
	csvKind  = Kind{"text/csv", "CSV", []string{".csv", ".tsv"}, false}
)

// office are documents that stand in a zip file, by a file that each has in it
// or, for OpenDocument, by the type it states.
var office = map[string]Kind{
	"word/document.xml":                               {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX", []string{".docx"}, false},
	"xl/workbook.xml":                                 {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX", []string{".xlsx"}, false},
	"ppt/presentation.xml":                            {"application/vnd.openxmlformats-officedocument.presentationml.presentation", "PPTX", []string{".pptx"}, false},
	"application/vnd.oasis.opendocument.text":         {"application/vnd.oasis.opendocument.text", "ODT", []string{".odt"}, false},
	"application/vnd.oasis.opendocument.spreadsheet":  {"application/vnd.oasis.opendocument.spreadsheet", "ODS", []string{".ods"}, false},
	"application/vnd.oasis.opendocument.presentation": {"application/vnd.oasis.opendocument.presentation", "ODP", []string{".odp"}, false},
}

// KindOf finds the kind of a type that KindIn gave.
func KindOf(mediaType string) Kind {
	for _, k := range []Kind{jpegKind, pngKind, gifKind, webpKind, pdfKind, textKind, csvKind} {
		if k.Type == mediaType {
			return k
		}
	}
	for _, k := range office {
		if k.Type == mediaType {
			return k
		}
	}
	return Kind{Type: "application/octet-stream", Label: "?", Endings: []string{".bin"}}
}

// What an office document may be when it is opened: nobody here opens it, but
// colleagues will.
const (
	maxEntries  = 10_000
	maxUnpacked = 200 << 20 // bytes
	maxRatio    = 100
)

// sniffed is how many bytes tell what a file is.
const sniffed = 3072

func notTaken() error {
	return board.FieldFault("file", "Files of this kind are not taken here. Pictures (JPEG, PNG, GIF, WebP), PDF, Word, Excel, PowerPoint, OpenDocument, text and CSV are.")
}

func damaged() error {
	return board.FieldFault("file", "This file is damaged, or not what its name says. Open it, save it anew, and attach that one.")
}

// KindIn looks at the bytes of a file. name is believed only between kinds that
// the bytes cannot tell apart. Errors: invalid, field file.
func KindIn(r io.ReaderAt, size int64, name string) (Kind, error) {
	begin := make([]byte, min(size, sniffed))
	if _, err := r.ReadAt(begin, 0); err != nil && err != io.EOF {
		return Kind{}, err
	}
	if bytes.HasPrefix(begin, []byte("PK")) {
		return officeIn(r, size)
	}
	is := mimetype.Detect(begin)
	for _, k := range []Kind{jpegKind, pngKind, gifKind, webpKind, pdfKind} {
		if is.Is(k.Type) {
			return k, nil
		}
	}
	text := false
	for m := is; m != nil; m = m.Parent() {
		kind, _, _ := strings.Cut(m.String(), ";")
		switch kind {
		case "text/html", "text/xml", "application/xml", "image/svg+xml", "application/xhtml+xml", "text/rtf":
			return Kind{}, notTaken()
		case "text/plain":
			text = true
		}
	}
	if !text || marksUp(begin) {
		return Kind{}, notTaken()
	}
	for _, e := range csvKind.Endings {
		if strings.EqualFold(path.Ext(name), e) {
			return csvKind, nil
		}
	}
	return textKind, nil
}

// marksUp tells whether a text begins like markup that a browser might run, also
// where the sniffer does not see it: behind spaces, marks of order, comments.
func marksUp(begin []byte) bool {
	s := strings.ToLower(strings.TrimLeft(string(begin), "\ufeff\x00 \t\r\n\v\f"))
	for _, tag := range []string{"<!", "<?", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<img", "<object", "<embed", "<math", "<link", "<style", "<x:", "<a ", "<form"} {
		if strings.HasPrefix(s, tag) {
			return true
		}
	}
	return false
}

// officeIn looks into a zip file without unpacking anything but the few bytes in
// which OpenDocument says what it is.
func officeIn(r io.ReaderAt, size int64) (Kind, error) {
	looking <- struct{}{}
	defer func() { <-looking }()
	if entries := countEntries(r, size); entries == 0 || entries > maxEntries {
		return Kind{}, damaged()
	}
	z, err := zip.NewReader(r, size)
	if err != nil || len(z.File) == 0 {
		return Kind{}, damaged()
	}
	var kind Kind
	var packed, unpacked uint64
	for _, f := range z.File {
		if !plainPath(f.Name) {
			return Kind{}, damaged()
		}
		packed, unpacked = packed+f.CompressedSize64, unpacked+f.UncompressedSize64
		if f.UncompressedSize64 > maxUnpacked || unpacked > maxUnpacked || unpacked > 10<<20 && unpacked > maxRatio*uint64(size) { // #nosec G115 -- a size
			return Kind{}, board.FieldFault("file", "This document would become very large when it is opened, so it is not taken.")
		}
		if strings.EqualFold(path.Base(f.Name), "vbaProject.bin") || strings.HasPrefix(f.Name, "Basic/") || strings.HasPrefix(f.Name, "Scripts/") {
			return Kind{}, board.FieldFault("file", "This document has macros in it. Save it without them, and attach that one.")
		}
		if k, ok := office[f.Name]; ok {
			kind = k
		}
	}
	if packed > uint64(size) { // #nosec G115 -- a size
		return Kind{}, damaged() // its pieces lie over each other
	}
	if first := z.File[0]; first.Name == "mimetype" {
		return office[stated(first)], known(office[stated(first)])
	}
	return kind, known(kind)
}

func known(k Kind) error {
	if k.Type == "" {
		return notTaken()
	}
	return nil
}

// stated reads what an OpenDocument says it is, stored as it stands.
func stated(f *zip.File) string {
	if f.Method != zip.Store || f.UncompressedSize64 > 100 {
		return ""
	}
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, 100))
	if err != nil {
		return ""
	}
	return string(b)
}

// plainPath tells whether a name in a zip file stays below where it is unpacked.
func plainPath(name string) bool {
	return name != "" && name[0] != '/' && !strings.ContainsAny(name, "\\\x00:") && !strings.HasPrefix(path.Clean(name), "..") && len(name) < 1000
}
