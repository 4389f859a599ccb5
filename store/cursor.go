package store

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"convivio/store/board"
)

// A cursor is where a list goes on: the sort it belongs to, the last row's sort
// value and id. It is opaque on the wire and worthless in another list.
type cursor struct {
	list  string
	value int64
	id    int64
}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.list + "." + strconv.FormatInt(c.value, 36) + "." + strconv.FormatInt(c.id, 36)))
}

// parseCursor reads a cursor made for a list; ok is false at the start of the
// list. Errors: invalid, field cursor.
func parseCursor(list, s string) (c cursor, ok bool, err error) {
	if s == "" {
		return c, false, nil
	}
	bad := board.FieldFault("cursor", "This cursor does not belong to this list. Start again from the first page.")
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 100 {
		return c, false, bad
	}
	part := strings.Split(string(b), ".")
	if len(part) != 3 || part[0] != list {
		return c, false, bad
	}
	value, err1 := strconv.ParseInt(part[1], 36, 64)
	id, err2 := strconv.ParseInt(part[2], 36, 64)
	if err1 != nil || err2 != nil {
		return c, false, bad
	}
	return cursor{list, value, id}, true, nil
}

// Heat travels in a cursor as the bits of the number: nothing is rounded.
func heatBits(f float64) int64   { return int64(math.Float64bits(f)) }      // #nosec G115 -- bits, not a value
func heatOfBits(b int64) float64 { return math.Float64frombits(uint64(b)) } // #nosec G115 -- bits, not a value
