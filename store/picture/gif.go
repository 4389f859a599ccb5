package picture

import (
	"bytes"
	"image"
	"image/gif"
	"image/png"
	"io"

	"golang.org/x/image/draw"

	"convivio/store/board"
)

// maxFramePixels bounds the pixels of all frames together, a byte each.
const maxFramePixels = 2 * MaxPixels

// lookAtFrames walks over the blocks of a GIF without decoding it, and refuses
// one with too many frames. Errors: invalid, field file.
func lookAtFrames(raw []byte) error {
	frames, pixels, ok := countFrames(raw)
	switch {
	case frames > MaxFrames || pixels > maxFramePixels:
		return board.FieldFault("file", "This animation is too long: at most %d pictures, or fewer large ones, are taken. Shorten it, and attach that one.", MaxFrames)
	case !ok || frames == 0:
		return errDamaged()
	}
	return nil
}

func countFrames(raw []byte) (frames, pixels int, ok bool) {
	if len(raw) < 13 {
		return 0, 0, false
	}
	i := 13 + tableSize(raw[10])
	for i < len(raw) {
		switch raw[i] {
		case 0x21: // extension
			i = skipBlocks(raw, i+2)
		case 0x2c: // a frame
			if i+10 > len(raw) {
				return frames, pixels, false
			}
			frames++
			pixels += (int(raw[i+5]) | int(raw[i+6])<<8) * (int(raw[i+7]) | int(raw[i+8])<<8)
			i = skipBlocks(raw, i+11+tableSize(raw[i+9]))
		case 0x3b: // the end
			return frames, pixels, true
		default:
			return frames, pixels, false
		}
	}
	return frames, pixels, false
}

// tableSize is the length of a table of colours, by the flags before it.
func tableSize(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// skipBlocks goes past blocks that each say how long they are.
func skipBlocks(raw []byte, i int) int {
	for i < len(raw) && raw[i] != 0 {
		i += int(raw[i]) + 1
	}
	return i + 1
}

// makeGIF keeps an animation as it moves; its view stands still, as pages that
// people read should.
func makeGIF(raw []byte, full, view io.Writer) (Shape, error) {
	g, err := gif.DecodeAll(bytes.NewReader(raw))
	if err != nil || len(g.Image) == 0 || g.Config.Width < 1 || g.Config.Height < 1 {
		return Shape{}, errDamaged()
	}
	s := Shape{Type: "image/gif", Width: g.Config.Width, Height: g.Config.Height}
	if err := gif.EncodeAll(full, g); err != nil {
		return s, errDamaged() // frames that reach out of the picture
	}
	if len(g.Image) == 1 && s.Width <= viewSide && s.Height <= viewSide {
		s.ViewType, s.Whole = s.Type, true
		return s, nil
	}
	first := image.NewRGBA(image.Rect(0, 0, s.Width, s.Height))
	draw.Draw(first, g.Image[0].Bounds(), g.Image[0], g.Image[0].Bounds().Min, draw.Over)
	if small := smaller(first); small != nil {
		first = small
	}
	s.ViewType = "image/png"
	return s, png.Encode(view, first)
}
