package files

import (
	"bytes"
	"encoding/binary"
	"io"
)

// maxDirectory bounds the list of what is in a zip file, in bytes: 10,000 entries
// with long names.
const maxDirectory = 2 << 20

// looking lets as many lists be read at once as fit in memory.
var looking = make(chan struct{}, 2)

// countEntries counts what a zip file lists, header by header and without keeping
// any: what its end says of their number need not be so, and whoever reads the
// list keeps all of it. 0: its list is not where its end says, or too long.
func countEntries(r io.ReaderAt, size int64) (n int) {
	const endLen, headLen, comment = 22, 46, 1<<16 - 1
	tail := make([]byte, min(size, endLen+comment))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return 0
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < endLen {
		return 0
	}
	length, from := int64(binary.LittleEndian.Uint32(tail[at+12:])), int64(binary.LittleEndian.Uint32(tail[at+16:]))
	if length > maxDirectory || from+length != size-int64(len(tail)-at) {
		return 0
	}
	list := make([]byte, length)
	if _, err := r.ReadAt(list, from); err != nil {
		return 0
	}
	for len(list) >= headLen && bytes.HasPrefix(list, []byte("PK\x01\x02")) {
		n++
		next := headLen + int(binary.LittleEndian.Uint16(list[28:])) + int(binary.LittleEndian.Uint16(list[30:])) + int(binary.LittleEndian.Uint16(list[32:]))
		list = list[min(next, len(list)):]
	}
	return n
}
