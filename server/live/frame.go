package live

import (
	"bytes"
	"encoding/binary"
	"encoding/json"

	"github.com/gorilla/websocket"

	"convivio/store/board"
)

// Codes with which the hub closes a connection, beside those of the protocol:
// 1012 for a restart (the reason is "retry=" and milliseconds), 1013 for a
// reader that was too slow, 1008 for one that talks too much.
const (
	CloseReload    = 4000 // after a reload frame: read the page again, then listen from there
	CloseSignedOut = 4001 // the session or token does not hold any more
	CloseReplaced  = 4002 // somebody opened more pages than they may have; this was the oldest
)

// frame is a whole websocket frame as it goes over the wire. The server's
// frames are not masked, so the same bytes serve every connection.
type frame []byte

// newFrame puts a frame around a payload.
func newFrame(opcode int, payload []byte) frame {
	f := make(frame, 0, len(payload)+10)
	f = append(f, 0x80|byte(opcode)) // #nosec G115 -- a constant of the protocol
	switch n := len(payload); {
	case n < 126:
		f = append(f, byte(n))
	case n < 1<<16:
		f = binary.BigEndian.AppendUint16(append(f, 126), uint16(n))
	default:
		f = binary.BigEndian.AppendUint64(append(f, 127), uint64(n))
	}
	return append(f, payload...)
}

// textFrame is a frame with a value as JSON. HTML stays readable in it: frames
// are parsed by scripts, never by a browser.
func textFrame(value any) frame {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic(err) // the types given here encode
	}
	return newFrame(websocket.TextMessage, bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

func closeFrame(code int, reason string) frame {
	return newFrame(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason))
}

var (
	pingFrame   = newFrame(websocket.PingMessage, nil)
	reloadFrame = textFrame(struct {
		Kind board.EventKind `json:"kind"`
	}{board.ReloadFrame})
)
