// Package picture makes of a picture that somebody attached one that may be
// shown: its size is looked at before it is decoded, and it is encoded anew, so
// that nothing is left of what came with it (where it was taken, by what, and
// anything that is no picture) but the way it is to be held.
package picture

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"convivio/store/board"
)

// Limits on what is decoded.
const (
	MaxPixels = 40_000_000
	maxCostly = MaxPixels * 2 / 5 // pixels of a JPEG that is costly to decode
	MaxSide   = 10_000
	MaxFrames = 200
	viewSide  = 1280 // pixels: twice what a page gives a picture, for fine screens
)

// How a picture is encoded.
const (
	jpegQuality = 90
	viewQuality = 82
	largeView   = 300 << 10 // bytes from which a view is better off as JPEG
)

// decoding lets as many pictures be decoded at once as fit in memory.
var decoding = make(chan struct{}, 2)

// costly lets one picture at a time be decoded that takes several times the room
// of others: a progressive JPEG, of which all is kept until the end, and one of
// four colours. It is taken before decoding.
var costly = make(chan struct{}, 1)

// Shape is what a picture became.
type Shape struct {
	Type          string // media type
	Width, Height int
	ViewType      string
	Whole         bool // it is small enough to be its own view
}

// errDamaged is the answer to whatever a decoder does not like.
func errDamaged() error {
	return board.FieldFault("file", "This picture is damaged, or not what its name says. Open it, save it anew, and attach that one.")
}

// Make reads a picture of a type and writes it anew to full and, unless it is
// its own view, as pages show it to view. Errors: invalid, field file; ctx's.
func Make(ctx context.Context, raw []byte, mediaType string, full, view io.Writer) (Shape, error) {
	if err := look(raw, mediaType); err != nil {
		return Shape{}, err
	}
	turns := []chan struct{}{decoding}
	if isCostly(raw, mediaType) {
		turns = []chan struct{}{costly, decoding}
	}
	for _, turn := range turns {
		select {
		case turn <- struct{}{}:
			defer func() { <-turn }()
		case <-ctx.Done():
			return Shape{}, ctx.Err()
		}
	}
	if mediaType == "image/gif" {
		return makeGIF(raw, full, view)
	}
	m, err := decode(raw, mediaType)
	if err != nil {
		return Shape{}, errDamaged()
	}
	m = turned(m, orientation(raw, mediaType))
	s := Shape{Type: "image/png", Width: m.Bounds().Dx(), Height: m.Bounds().Dy()}
	if mediaType == "image/jpeg" || mediaType == "image/webp" && opaque(m) {
		s.Type = "image/jpeg"
		err = jpeg.Encode(full, m, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = png.Encode(full, m)
	}
	if err != nil {
		return Shape{}, err
	}
	return s.viewed(m, view)
}

func decode(raw []byte, mediaType string) (image.Image, error) {
	r := bytes.NewReader(raw)
	switch mediaType {
	case "image/jpeg":
		return jpeg.Decode(r)
	case "image/png":
		return png.Decode(r)
	case "image/webp":
		return webp.Decode(r)
	}
	return nil, image.ErrFormat
}

// look refuses a picture by its first bytes, before anything is decoded.
func look(raw []byte, mediaType string) error {
	var c image.Config
	var err error
	r := bytes.NewReader(raw)
	switch mediaType {
	case "image/jpeg":
		c, err = jpeg.DecodeConfig(r)
	case "image/png":
		c, err = png.DecodeConfig(r)
	case "image/gif":
		c, err = gif.DecodeConfig(r)
	case "image/webp":
		c, err = webp.DecodeConfig(r)
	default:
		err = image.ErrFormat
	}
	if err != nil || c.Width < 1 || c.Height < 1 {
		return errDamaged()
	}
	pixels := c.Width * c.Height // either is below 2³¹
	if c.ColorModel == color.NRGBA64Model || c.ColorModel == color.RGBA64Model {
		pixels *= 2
	}
	most := MaxPixels
	if isCostly(raw, mediaType) {
		most = maxCostly
	}
	if c.Width > MaxSide || c.Height > MaxSide || pixels > most {
		return board.FieldFault("file", "This picture is %d × %d pixels large; at most %d million pixels and %d a side are taken. Make it smaller, and attach that one.", c.Width, c.Height, most/1_000_000, MaxSide)
	}
	// A scan of a progressive picture costs a walk over all its pixels.
	if mediaType == "image/jpeg" && bytes.Count(raw, []byte{0xff, 0xda}) > 100 {
		return errDamaged()
	}
	if mediaType == "image/gif" {
		return lookAtFrames(raw)
	}
	return nil
}

// isCostly tells by the segment that describes a JPEG whether decoding it takes
// several times the room of others.
func isCostly(raw []byte, mediaType string) bool {
	if mediaType != "image/jpeg" {
		return false
	}
	for i := 2; i+9 < len(raw) && raw[i] == 0xff; {
		switch marker := raw[i+1]; {
		case marker == 0xff: // filling
			i++
			continue
		case marker == 0xc2:
			return true
		case marker == 0xc0 || marker == 0xc1:
			return raw[i+9] > 3 // components
		case marker == 0xda:
			return true // there is none where it belongs
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd7: // without a length
			i += 2
			continue
		}
		i += 2 + int(raw[i+2])<<8 + int(raw[i+3])
	}
	return true
}

// viewed writes the view of a picture.
func (s Shape) viewed(m image.Image, view io.Writer) (Shape, error) {
	s.ViewType = s.Type
	small := smaller(m)
	if small == nil {
		s.Whole = true
		return s, nil
	}
	if s.Type != "image/jpeg" {
		var b bytes.Buffer
		if err := png.Encode(&b, small); err != nil {
			return s, err
		}
		if b.Len() < largeView || !small.Opaque() {
			s.ViewType = "image/png"
			_, err := b.WriteTo(view)
			return s, err
		}
	}
	s.ViewType = "image/jpeg"
	return s, jpeg.Encode(view, small, &jpeg.Options{Quality: viewQuality})
}

// smaller scales a picture down to a view; nil: it is small enough.
func smaller(m image.Image) *image.RGBA {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	if w <= viewSide && h <= viewSide {
		return nil
	}
	to := image.Rect(0, 0, viewSide, max(1, h*viewSide/w))
	if h > w {
		to = image.Rect(0, 0, max(1, w*viewSide/h), viewSide)
	}
	small := image.NewRGBA(to)
	if w < 2*to.Dx() || h < 2*to.Dy() {
		draw.ApproxBiLinear.Scale(small, to, m, m.Bounds(), draw.Src, nil)
		return small
	}
	// Twice as large first, then four pixels into one: nearly as good as a filter
	// over all of them, which takes a hundred megabytes for a photograph.
	twice := image.NewRGBA(image.Rect(0, 0, 2*to.Dx(), 2*to.Dy()))
	draw.ApproxBiLinear.Scale(twice, twice.Rect, m, m.Bounds(), draw.Src, nil)
	for y := range to.Dy() {
		above, below := twice.Pix[2*y*twice.Stride:], twice.Pix[(2*y+1)*twice.Stride:]
		row := small.Pix[y*small.Stride : y*small.Stride+4*to.Dx()]
		for i := range row {
			at := 2*(i&^3) + i&3
			row[i] = byte((int(above[at]) + int(above[at+4]) + int(below[at]) + int(below[at+4]) + 2) / 4) // #nosec G115 -- the mean of bytes
		}
	}
	return small
}

func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// Shown is the size in which a page shows a picture: within a box, never larger
// than it is, and known before the picture is there.
func Shown(width, height int) (w, h int) {
	const boxWidth, boxHeight = 720, 540
	w, h = width, height
	if w > boxWidth {
		w, h = boxWidth, height*boxWidth/width
	}
	if h > boxHeight {
		w, h = width*boxHeight/height, boxHeight
	}
	return max(1, w), max(1, h)
}
