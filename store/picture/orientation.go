package picture

import (
	"bytes"
	"encoding/binary"
	"image"

	"golang.org/x/image/draw"
)

// orientationTag says how a camera was held.
const orientationTag = 0x0112

// orientation reads how a picture is to be turned, 1 to 8 as Exif counts; 1: it
// is as it should be, or does not say.
func orientation(raw []byte, mediaType string) int {
	var exif []byte
	switch mediaType {
	case "image/jpeg":
		exif = jpegExif(raw)
	case "image/png":
		exif = chunk(raw, 8, "eXIf", binary.BigEndian, false)
	case "image/webp":
		exif = chunk(raw, 12, "EXIF", binary.LittleEndian, true)
	}
	return orientationIn(bytes.TrimPrefix(exif, []byte("Exif\x00\x00")))
}

// jpegExif finds the segment that holds Exif, before the picture itself.
func jpegExif(raw []byte) []byte {
	for i := 2; i+4 <= len(raw) && raw[i] == 0xff; {
		marker, size := raw[i+1], int(binary.BigEndian.Uint16(raw[i+2:]))
		end := i + 2 + size
		if marker == 0xda || marker == 0xd9 || size < 2 || end > len(raw) {
			return nil
		}
		if segment := raw[i+4 : end]; marker == 0xe1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return segment
		}
		i = end
	}
	return nil
}

// chunk finds a chunk by its name. In PNG the length stands before the name and
// a checksum after the data; in WebP the length stands after it, and lengths are even.
func chunk(raw []byte, i int, name string, order binary.ByteOrder, webp bool) []byte {
	for i+8 <= len(raw) {
		at, called := raw[i:i+4], raw[i+4:i+8]
		if webp {
			at, called = called, at
		}
		size := int(order.Uint32(at))
		if size < 0 || size > len(raw)-i-8 {
			return nil
		}
		if string(called) == name {
			return raw[i+8 : i+8+size]
		}
		i += 8 + size + size&1
		if !webp {
			i += 4 - size&1
		}
	}
	return nil
}

// orientationIn reads the tag from the first directory of Exif.
func orientationIn(exif []byte) int {
	if len(exif) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if string(exif[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(exif[4:]))
	if at+2 > int64(len(exif)) {
		return 1
	}
	entries := int64(order.Uint16(exif[at:]))
	for e := range entries {
		p := at + 2 + 12*e
		if p+12 > int64(len(exif)) {
			return 1
		}
		if order.Uint16(exif[p:]) == orientationTag {
			if v := int(order.Uint16(exif[p+8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
	}
	return 1
}

// turned gives a picture the way it is to be looked at.
func turned(m image.Image, orientation int) image.Image {
	if orientation <= 1 {
		return m
	}
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	// Encoders are quick with these two; what is opaque is the same in both.
	if opaque(m) {
		from, to := image.NewRGBA(image.Rect(0, 0, w, h)), image.NewRGBA(size)
		draw.Draw(from, from.Rect, m, b.Min, draw.Src)
		turn(orientation, w, h, from.Pix, to.Pix)
		return to
	}
	from, to := image.NewNRGBA(image.Rect(0, 0, w, h)), image.NewNRGBA(size)
	draw.Draw(from, from.Rect, m, b.Min, draw.Src)
	turn(orientation, w, h, from.Pix, to.Pix)
	return to
}

// turn copies pixels of four bytes to where they go.
func turn(orientation, w, h int, from, to []byte) {
	across := w
	if orientation >= 5 {
		across = h
	}
	for y := range h {
		row := from[4*y*w : 4*(y+1)*w]
		for x := range w {
			tx, ty := place(orientation, x, y, w, h)
			copy(to[4*(ty*across+tx):], row[4*x:4*x+4])
		}
	}
}

// place is where a pixel goes.
func place(orientation, x, y, w, h int) (tx, ty int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
