package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"regexp"

	"convivio/store/board"
)

// What people of the demo attach is made here: small, and the same each time.

// demoAttached are the files that texts of the demo name as {{file:…}}.
var demoAttached = map[string]struct {
	name  string
	bytes func() []byte
}{
	"pianta-ufficio":      {"pianta ufficio Bergamo.png", drawOffice},
	"ventilatori-sezione": {"sezione capannone 2.png", drawHall},
	"misure-rumore":       {"misure rumore.csv", noiseFigures},
}

var fileLink = regexp.MustCompile(`\{\{file:([a-z0-9-]+)\}\}`)

// attached attaches the files that a text names, and puts their addresses into it.
func (f *filling) attached(ctx context.Context, who board.Who, text string) (string, error) {
	var failed error
	out := fileLink.ReplaceAllStringFunc(text, func(link string) string {
		a, ok := demoAttached[fileLink.FindStringSubmatch(link)[1]]
		if !ok {
			failed = fmt.Errorf("%s is no file", link)
			return link
		}
		kept, err := f.st.AddFile(ctx, who, a.name, io.Reader(bytes.NewReader(a.bytes())), "")
		if err != nil {
			failed = err
			return link
		}
		return fmt.Sprintf("/files/%d", kept.ID)
	})
	return out, failed
}

// The colours of the drawings.
const (
	blank = iota
	wall
	table
	quiet
	loud
	shadow
)

// drawing is a sheet of paper and a few pens.
type drawing struct{ *image.Paletted }

func newDrawing(w, h int) drawing {
	return drawing{image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{
		color.RGBA{0xfb, 0xf9, 0xf5, 0xff}, color.RGBA{0x3a, 0x36, 0x31, 0xff}, color.RGBA{0xd9, 0xc7, 0xa8, 0xff},
		color.RGBA{0xb9, 0xd6, 0xc0, 0xff}, color.RGBA{0xf0, 0xb8, 0x9f, 0xff}, color.RGBA{0xe4, 0xdf, 0xd6, 0xff},
	})}
}

func (d drawing) box(x, y, w, h int, pen uint8) {
	for j := y; j < y+h; j++ {
		for i := x; i < x+w; i++ {
			d.SetColorIndex(i, j, pen)
		}
	}
}

// room is a box with walls around it and a door in the lower one.
func (d drawing) room(x, y, w, h int, floor uint8) {
	d.box(x, y, w, h, wall)
	d.box(x+8, y+8, w-16, h-16, floor)
	d.box(x+w/2-32, y+h-8, 64, 8, floor)
}

// desk is a table with a chair.
func (d drawing) desk(x, y int, pen uint8) {
	d.box(x+2, y+2, 74, 38, shadow)
	d.box(x, y, 74, 38, pen)
	d.disc(x+37, y+56, 11, wall)
}

func (d drawing) disc(x, y, r int, pen uint8) {
	for j := -r; j <= r; j++ {
		for i := -r; i <= r; i++ {
			if i*i+j*j <= r*r {
				d.SetColorIndex(x+i, y+j, pen)
			}
		}
	}
}

func (d drawing) png() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, d); err != nil {
		panic(err) // nothing but memory is written to
	}
	return b.Bytes()
}

// drawOffice is the large office from above: those who telephone move into the
// old sample room, behind two walls, with two booths beside it.
func drawOffice() []byte {
	d := newDrawing(1120, 720)
	d.room(20, 20, 1080, 680, blank)
	for row := range 3 {
		for column := range 4 {
			d.desk(80+column*130, 90+row*200, table)
		}
	}
	d.room(660, 60, 400, 330, quiet)
	for i := range 8 {
		d.desk(700+i%4*88, 110+i/4*130, loud)
	}
	d.room(660, 430, 180, 180, quiet)
	d.room(880, 430, 180, 180, quiet)
	d.desk(713, 490, loud)
	d.desk(933, 490, loud)
	return d.png()
}

// drawHall is the workshop cut through: warm air under the roof, and two large
// slow fans that bring it down again.
func drawHall() []byte {
	d := newDrawing(1120, 560)
	d.box(60, 80, 1000, 440, wall)
	d.box(72, 92, 976, 416, blank)
	d.box(72, 92, 976, 90, loud)
	d.box(72, 182, 976, 70, shadow)
	for _, x := range []int{320, 800} {
		d.box(x-4, 92, 8, 110, wall)
		d.box(x-150, 202, 300, 14, wall)
		d.disc(x, 209, 20, table)
		for i := range 3 {
			d.box(x-90+i*90, 250, 6, 90, quiet)
			d.disc(x-87+i*90, 350, 14, quiet)
		}
	}
	for x := 130; x < 1000; x += 150 {
		d.box(x, 450, 100, 20, table)
		d.box(x+10, 470, 8, 38, wall)
		d.box(x+82, 470, 8, 38, wall)
	}
	return d.png()
}

// noiseFigures is what Chiara measured, as the instrument writes it.
func noiseFigures() []byte {
	levels := []int{58, 61, 60, 74, 63, 62, 59, 61, 73, 60, 62, 57}
	var b bytes.Buffer
	b.WriteString("ora;dB(A);nota\r\n")
	for i, l := range levels {
		note := ""
		switch {
		case l == 74:
			note = "Riccardo"
		case l == 73:
			note = "stampante grande"
		}
		fmt.Fprintf(&b, "%02d:%02d;%d;%s\r\n", 9+i/4, i%4*15, l, note)
	}
	return b.Bytes()
}
