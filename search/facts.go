package search

import (
	"fmt"
	"hash/fnv"
	"strconv"

	"convivio/store/board"
)

// facts are what the index tells of a match without asking the store: to
// filter by time, to count by board, stage, year and language, to order equal
// scores, and to check the index against the store.
type facts struct {
	at      int64
	ref     board.Ref
	idea    int64
	board   int64
	private bool
	stage   string
	lang    string // two letters; empty: nothing tells
	digest  uint32 // of what was indexed
}

func factsOf(d board.Document) facts {
	h := fnv.New32a()
	for _, s := range [...]string{d.Title, d.Tags, d.Lang, strconv.FormatInt(d.Author, 10), strconv.FormatBool(d.Answered), strconv.FormatBool(d.Waits), d.HTML} {
		_, _ = h.Write([]byte(s))
		_, _ = h.Write([]byte{0})
	}
	return facts{max(0, d.At), d.Ref, d.Idea, d.Board, d.Private, string(d.Stage), twoLetters(d.Lang), h.Sum32()}
}

// twoLetters is the language as facts and filters hold it.
func twoLetters(lang string) string {
	if len(lang) != 2 {
		return ""
	}
	return lang
}

// String tells facts to people.
func (f facts) String() string {
	return fmt.Sprintf("idea %d, board %d, private %t, %s, %q, %d, %08x", f.idea, f.board, f.private, f.stage, f.lang, f.at, f.digest)
}

// encode writes facts short, since every document has its own: letters for what
// has few values, then the numbers.
func (f facts) encode() string {
	b := make([]byte, 0, 48)
	b = append(b, partLetter[f.ref.Part], 'o', stageLetter(f.stage))
	if f.private {
		b[1] = 'p'
	}
	if b = append(b, f.lang...); f.lang == "" {
		b = append(b, "--"...)
	}
	for _, n := range [...]int64{f.ref.ID, f.at, f.idea, f.board, int64(f.digest)} {
		b = appendNumber(b, n)
	}
	if b[2] == otherStage {
		b = append(b, f.stage...)
	}
	return string(b)
}

// otherStage stands for a stage that has no letter; its name follows the numbers.
const otherStage = '@'

// lettered are the stages by their letters, from A on. Indexes hold the letters: a
// new stage is added at the end, and none ever takes another's place.
var lettered = [...]board.Stage{board.New, board.InReview, board.Planned, board.InProgress, board.Done,
	board.Declined, board.Parked, board.Withdrawn, board.MergedInto}

func stageLetter(stage string) byte {
	for i, s := range lettered {
		if string(s) == stage {
			return 'A' + byte(i) // #nosec G115 -- a dozen stages
		}
	}
	return otherStage
}

// parseFacts reads what encode wrote. It runs once a match, so it allocates nothing.
func parseFacts(b []byte) (f facts, ok bool) {
	if len(b) < 5 {
		return f, false
	}
	stage := int(b[2]) - 'A'
	f.ref.Part, f.private, f.lang = partOf(b[0]), b[1] == 'p', langName(b[3:5])
	if f.ref.Part == "" || stage >= len(lettered) {
		return f, false
	}
	var digest int64
	b = b[5:]
	for _, to := range [...]*int64{&f.ref.ID, &f.at, &f.idea, &f.board, &digest} {
		if *to, b, ok = number(b); !ok {
			return f, false
		}
	}
	f.digest = uint32(digest) // #nosec G115 -- written from 32 bits
	if stage >= 0 {
		f.stage = string(lettered[stage])
	} else {
		f.stage = string(b)
	}
	return f, true
}

// langName is the language without a copy where it is a known one.
func langName(b []byte) string {
	switch string(b) {
	case "it":
		return "it"
	case "en":
		return "en"
	case "de":
		return "de"
	case "fr":
		return "fr"
	case "es":
		return "es"
	}
	if b[0] == '-' {
		return ""
	}
	return string(b)
}

// appendNumber writes a number six bits a byte, the highest first, the last byte
// marked: bleve sets values apart by 0xff, which must not occur.
func appendNumber(b []byte, n int64) []byte {
	shift := 0
	for n>>shift >= 0x40 {
		shift += 6
	}
	for ; shift > 0; shift -= 6 {
		b = append(b, byte(n>>shift)&0x3f)
	}
	return append(b, byte(n)&0x3f|0x40)
}

// number reads what appendNumber wrote.
func number(b []byte) (n int64, rest []byte, ok bool) {
	for i, c := range b {
		if i > 10 {
			break
		}
		n = n<<6 | int64(c&0x3f)
		if c&0x40 != 0 {
			return n, b[i+1:], true
		}
	}
	return 0, nil, false
}
