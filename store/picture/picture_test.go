package picture_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"convivio/store/board"
	"convivio/store/picture"
)

// made is what a picture became.
type made struct {
	picture.Shape
	full, view []byte
}

func makeOf(t *testing.T, raw []byte, mediaType string) (made, error) {
	t.Helper()
	var full, view bytes.Buffer
	s, err := picture.Make(t.Context(), raw, mediaType, &full, &view)
	return made{s, full.Bytes(), view.Bytes()}, err
}

func must(t *testing.T, raw []byte, mediaType string) made {
	t.Helper()
	m, err := makeOf(t, raw, mediaType)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func refused(t *testing.T, name string, raw []byte, mediaType string) {
	t.Helper()
	_, err := makeOf(t, raw, mediaType)
	var fault *board.Error
	if !errors.As(err, &fault) || fault.Code != board.Invalid || fault.Field != "file" {
		t.Errorf("%s: got %v, want it refused", name, err)
	}
}

func decoded(t *testing.T, b []byte) (image.Image, string) {
	t.Helper()
	m, kind, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m, kind
}

// corners is a picture with a colour of its own in each corner.
func corners(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{200, 30, 30, 255} // upper left: red
			switch {
			case x >= w/2 && y < h/2:
				c = color.NRGBA{30, 160, 30, 255} // upper right: green
			case x < w/2 && y >= h/2:
				c = color.NRGBA{30, 30, 200, 255} // lower left: blue
			case y >= h/2:
				c = color.NRGBA{240, 240, 240, 255} // lower right: white
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// nameOf tells which corner of corners a pixel comes from.
func nameOf(c color.Color) string {
	r, g, b, _ := c.RGBA()
	switch {
	case r > 0x8000 && g > 0x8000:
		return "white"
	case r > g && r > b:
		return "red"
	case g > b:
		return "green"
	}
	return "blue"
}

func encoded(t *testing.T, m image.Image, mediaType string) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, m)
	if mediaType == "image/jpeg" {
		b.Reset()
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 95})
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif is a directory with an orientation, in either order of bytes, and a place.
func exif(order binary.ByteOrder, orientation uint16) []byte {
	b := []byte("MM\x00*\x00\x00\x00\x08")
	if order == binary.LittleEndian {
		b = []byte("II*\x00\x08\x00\x00\x00")
	}
	entry := make([]byte, 2+2*12+4)
	order.PutUint16(entry, 2)
	order.PutUint16(entry[2:], 0x010f) // who made the camera
	order.PutUint16(entry[4:], 2)
	order.PutUint32(entry[6:], 4)
	copy(entry[10:], "GPSX")
	order.PutUint16(entry[14:], 0x0112)
	order.PutUint16(entry[16:], 3)
	order.PutUint32(entry[18:], 1)
	order.PutUint16(entry[22:], orientation)
	return append(append(b, entry...), "GPSLatitude 45.71 CNRYplace"...)
}

// withExif puts Exif into a JPEG, behind its first marker.
func withExif(raw, exif []byte) []byte {
	segment := append([]byte("Exif\x00\x00"), exif...)
	head := []byte{0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(head[2:], uint16(len(segment)+2))
	return bytes.Join([][]byte{raw[:2], head, segment, raw[2:]}, nil)
}

func pngChunk(name string, data []byte) []byte {
	b := make([]byte, 8, len(data)+12)
	binary.BigEndian.PutUint32(b, uint32(len(data)))
	copy(b[4:], name)
	b = append(b, data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// TestPicturesAreTurnedAndLoseWhereTheyWereTaken encodes anew: nothing is left of
// what came with a picture but the way it is held.
func TestPicturesAreTurnedAndLoseWhereTheyWereTaken(t *testing.T) {
	want := map[uint16][2]string{ // upper left and upper right of what is looked at
		1: {"red", "green"}, 2: {"green", "red"}, 3: {"white", "blue"}, 4: {"blue", "white"},
		5: {"red", "blue"}, 6: {"blue", "red"}, 7: {"white", "green"}, 8: {"green", "white"},
		0: {"red", "green"}, 9: {"red", "green"},
	}
	for o, top := range want {
		for _, order := range []binary.ByteOrder{binary.BigEndian, binary.LittleEndian} {
			for _, kind := range []string{"image/jpeg", "image/png"} {
				raw := encoded(t, corners(64, 32), kind)
				if kind == "image/jpeg" {
					raw = withExif(raw, exif(order, o))
				} else {
					raw = bytes.Join([][]byte{raw[:33], pngChunk("eXIf", exif(order, o)), raw[33:]}, nil)
				}
				m := must(t, raw, kind)
				for _, s := range []string{"Exif", "eXIf", "GPS", "CNRY"} {
					if bytes.Contains(m.full, []byte(s)) {
						t.Fatalf("%s, %d: %q is left", kind, o, s)
					}
				}
				shown, _ := decoded(t, m.full)
				b := shown.Bounds()
				w, h := 64, 32
				if o >= 5 && o <= 8 {
					w, h = h, w
				}
				if b.Dx() != w || b.Dy() != h || m.Width != w || m.Height != h {
					t.Fatalf("%s, %d: %v, said %d × %d, want %d × %d", kind, o, b, m.Width, m.Height, w, h)
				}
				if l, r := nameOf(shown.At(4, 4)), nameOf(shown.At(w-5, 4)); l != top[0] || r != top[1] {
					t.Errorf("%s, orientation %d: %s and %s on top, want %v", kind, o, l, r, top)
				}
			}
		}
	}
}

// Exif that lies about its lengths is as if it were not there.
func TestBrokenExifIsPassedOver(t *testing.T) {
	raw := encoded(t, corners(64, 32), "image/jpeg")
	whole := exif(binary.BigEndian, 6)
	for n := range len(whole) {
		must(t, withExif(raw, whole[:n]), "image/jpeg")
	}
	wild := bytes.Clone(whole)
	binary.BigEndian.PutUint32(wild[4:], 0xfffffff0)
	must(t, withExif(raw, wild), "image/jpeg")
}

func TestAViewIsSmallerAndKeepsWhatCanBeSeenThrough(t *testing.T) {
	for _, tt := range []struct {
		w, h         int
		viewW, viewH int
	}{{1280, 90, 0, 0}, {2560, 100, 1280, 50}, {100, 1600, 80, 1280}, {9999, 1, 1280, 1}} {
		m := must(t, encoded(t, corners(tt.w, tt.h), "image/png"), "image/png")
		if tt.viewW == 0 {
			if !m.Whole || len(m.view) != 0 {
				t.Errorf("%d × %d is not its own view", tt.w, tt.h)
			}
			continue
		}
		view, kind := decoded(t, m.view)
		if b := view.Bounds(); b.Dx() != tt.viewW || b.Dy() != tt.viewH || "image/"+kind != m.ViewType || m.Whole {
			t.Errorf("%d × %d: the view is %v, %s, said %s", tt.w, tt.h, b, kind, m.ViewType)
		}
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 1400, 110))
	for i := range clear.Pix {
		clear.Pix[i] = byte(rand.IntN(256))
	}
	if m := must(t, encoded(t, clear, "image/png"), "image/png"); m.ViewType != "image/png" {
		t.Errorf("the view of a picture one can see through is %s", m.ViewType)
	}
	for i := 3; i < len(clear.Pix); i += 4 {
		clear.Pix[i] = 255
	}
	if m := must(t, encoded(t, clear, "image/png"), "image/png"); m.ViewType != "image/jpeg" || m.Type != "image/png" {
		t.Errorf("a photograph as PNG became %s, shown as %s", m.Type, m.ViewType)
	}
}

func animation(t *testing.T, frames, w, h int) []byte {
	t.Helper()
	g := &gif.GIF{Config: image.Config{Width: w, Height: h}}
	for range frames {
		g.Image = append(g.Image, image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White}))
		g.Delay = append(g.Delay, 5)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugeFrames is an animation that says how large its frames are, and no more.
func hugeFrames(frames int, w, h uint16) []byte {
	size := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, w), h)
	b := bytes.Join([][]byte{[]byte("GIF89a"), size, {0, 0, 0}}, nil)
	for range frames {
		b = bytes.Join([][]byte{b, {0x2c, 0, 0, 0, 0}, size, {0, 2, 0}}, nil)
	}
	return append(b, 0x3b)
}

func TestAnAnimationMovesAndItsViewStandsStill(t *testing.T) {
	m := must(t, animation(t, 3, 40, 20), "image/gif")
	g, err := gif.DecodeAll(bytes.NewReader(m.full))
	if err != nil || len(g.Image) != 3 || m.Type != "image/gif" {
		t.Errorf("%d frames, %s, %v", len(g.Image), m.Type, err)
	}
	if view, kind := decoded(t, m.view); kind != "png" || view.Bounds().Dx() != 40 || m.Whole {
		t.Errorf("the view is %s, %v", kind, view.Bounds())
	}
	if m := must(t, animation(t, 1, 40, 20), "image/gif"); !m.Whole {
		t.Error("one frame is its own view")
	}
}

// pngHeader is the beginning of a PNG with no more in it than its size, and one
// line of it.
func pngHeader(w, h uint32, depth, kind byte) []byte {
	size := binary.BigEndian.AppendUint32(nil, w)
	size = append(binary.BigEndian.AppendUint32(size, h), depth, kind, 0, 0, 0)
	var line bytes.Buffer
	z := zlib.NewWriter(&line)
	_, _ = z.Write(make([]byte, 1+min(w, 50_000)/8))
	_ = z.Close()
	return bytes.Join([][]byte{[]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", size), pngChunk("IDAT", line.Bytes()), pngChunk("IEND", nil)}, nil)
}

// S-076: a picture is measured before it is decoded.
func TestPixelBombsAreRefusedBeforeTheyAreDecoded(t *testing.T) {
	for name, raw := range map[string][]byte{
		"50,000 × 50,000, one bit each": pngHeader(50_000, 50_000, 1, 0),
		"one side too long":             pngHeader(10_001, 1, 8, 2),
		"41 megapixels":                 pngHeader(8_200, 5_000, 8, 2),
		"25 megapixels of 16 bits":      pngHeader(5_000, 5_000, 16, 2),
		"more than there can be":        pngHeader(0x7fffffff, 0x7fffffff, 1, 0),
		"nothing":                       pngHeader(0, 0, 1, 0),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		refused(t, name, raw, "image/png")
		runtime.ReadMemStats(&after)
		if spent := after.TotalAlloc - before.TotalAlloc; spent > 20<<20 {
			t.Errorf("%s: %d bytes were allocated to refuse it", name, spent)
		}
	}
	refused(t, "201 frames", animation(t, 201, 4, 4), "image/gif")
	must(t, animation(t, 200, 4, 4), "image/gif")
	refused(t, "a few frames that are huge", hugeFrames(9, 4000, 2500), "image/gif")
	scans := encoded(t, corners(64, 64), "image/jpeg")
	scans = append(scans[:len(scans)-2], bytes.Repeat([]byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0}, 200)...)
	refused(t, "a thousand scans", scans, "image/jpeg")
}

// S-006: what is no picture to the end, or another one, is refused, and what
// hangs on behind is gone.
func TestPolyglotsLoseTheirOtherHalf(t *testing.T) {
	script := []byte("<script>alert('CNRY')</script>")
	for _, kind := range []string{"image/png", "image/jpeg"} {
		raw := encoded(t, corners(64, 32), kind)
		m := must(t, append(bytes.Clone(raw), script...), kind)
		if bytes.Contains(m.full, []byte("CNRY")) {
			t.Errorf("%s: what hung on behind is still there", kind)
		}
		refused(t, kind+" cut short", raw[:len(raw)/2], kind)
		refused(t, kind+" that is another", raw, "image/gif")
	}
	commented := encoded(t, corners(64, 32), "image/png")
	commented = bytes.Join([][]byte{commented[:33], pngChunk("tEXt", append([]byte("c\x00"), script...)), commented[33:]}, nil)
	if m := must(t, commented, "image/png"); bytes.Contains(m.full, []byte("CNRY")) {
		t.Error("a comment is still there")
	}
	refused(t, "a GIF that is a script", append([]byte("GIF89a/*\x01\x00\x01\x00*/"), script...), "image/gif")
	for _, kind := range []string{"image/tiff", "image/bmp", "image/svg+xml", ""} {
		refused(t, kind, encoded(t, corners(8, 8), "image/png"), kind)
	}
}

func TestAPictureIsShownInABox(t *testing.T) {
	for _, tt := range [][4]int{{100, 50, 100, 50}, {1440, 1080, 720, 540}, {4000, 1000, 720, 180}, {1000, 4000, 135, 540}, {10_000, 1, 720, 1}, {1, 10_000, 1, 540}} {
		if w, h := picture.Shown(tt[0], tt[1]); w != tt[2] || h != tt[3] {
			t.Errorf("%d × %d is shown in %d × %d, want %d × %d", tt[0], tt[1], w, h, tt[2], tt[3])
		}
	}
}

// BenchmarkPhotograph is what a photograph of 12 megapixels costs.
func BenchmarkPhotograph(b *testing.B) {
	m := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = byte(i/4000 + i%97)
	}
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, m, nil); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		var full, view bytes.Buffer
		if _, err := picture.Make(b.Context(), raw.Bytes(), "image/jpeg", &full, &view); err != nil {
			b.Fatal(err)
		}
	}
}

// A progressive JPEG, and one of four colours, takes several times the room of
// others while it is decoded: fewer pixels of those are taken.
func TestCostlyPicturesAreTakenSmaller(t *testing.T) {
	frame := func(marker byte, components, w, h int) []byte {
		b := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, marker, 0, byte(8 + 3*components), 8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(components)}
		for c := range components {
			b = append(b, byte(c+1), 0x11, 0)
		}
		return append(b, 0xff, 0xda, 0, 12)
	}
	for _, tt := range []struct {
		marker           byte
		components, side int
		want             string
	}{
		{0xc0, 3, 6300, ""}, {0xc1, 3, 6300, ""}, {0xc0, 3, 6400, "40 million"},
		{0xc2, 3, 4000, ""}, {0xc2, 3, 4100, "16 million"}, {0xc2, 1, 4100, "16 million"}, {0xc0, 4, 4000, ""}, {0xc0, 4, 4100, "16 million"},
	} {
		_, err := makeOf(t, frame(tt.marker, tt.components, tt.side, tt.side), "image/jpeg")
		var fault *board.Error
		if !errors.As(err, &fault) {
			t.Fatalf("%+v: %v", tt, err)
		}
		if tooLarge := strings.Contains(fault.Error(), "million"); tooLarge != (tt.want != "") || !strings.Contains(fault.Error(), tt.want) {
			t.Errorf("%+v: got %v", tt, err)
		}
	}
}
