package templates

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How two wordings differ, word by word. The work is bounded: texts that have too
// little in common are told apart by whole lines, or shown one after the other.

// change says what happened to a piece of a text.
type change byte

const (
	kept change = iota
	taken
	added
	skipped // kept, and too long to be worth reading again
)

// piece is a run of text that stayed, went or came.
type piece struct {
	what change
	text string
}

const (
	mostSteps   = 800 // changed words, at most, that one comparison looks for
	shortSteps  = 200 // the same within changed lines
	contextKept = 160 // bytes of what stayed that are shown on either side of a change
)

// difference compares two wordings.
func difference(before, after string) []piece {
	a, b := wordsOf(before), wordsOf(after)
	list, ok := compare(a, b, mostSteps)
	if !ok {
		list = byLines(before, after)
	}
	return shortened(tidied(list))
}

// byLines compares lines, and words only within lines that changed.
func byLines(before, after string) (out []piece) {
	lines, ok := compare(strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n"), mostSteps)
	if !ok {
		return []piece{{taken, before}, {added, after}}
	}
	for i := 0; i < len(lines); i++ {
		if lines[i].what == taken && i+1 < len(lines) && lines[i+1].what == added {
			if words, ok := compare(wordsOf(lines[i].text), wordsOf(lines[i+1].text), shortSteps); ok {
				out = append(out, words...)
				i++
				continue
			}
		}
		out = append(out, lines[i])
	}
	return out
}

// wordsOf cuts a text into words, runs of spaces, line ends and signs.
func wordsOf(s string) (out []string) {
	kind := func(r rune) int {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			return 1
		case r == ' ' || r == '\t':
			return 2
		}
		return 0
	}
	for s != "" {
		r, end := utf8.DecodeRuneInString(s)
		for k := kind(r); k != 0 && end < len(s); {
			r, n := utf8.DecodeRuneInString(s[end:])
			if kind(r) != k {
				break
			}
			end += n
		}
		out = append(out, s[:end])
		s = s[end:]
	}
	return out
}

// compare finds a shortest way from a to b, after Myers; false where that takes
// more than so many steps.
func compare(a, b []string, most int) ([]piece, bool) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	middle, ok := steps(a[head:len(a)-tail], b[head:len(b)-tail], most)
	if !ok {
		return nil, false
	}
	out := pieces(nil, kept, a[:head])
	out = append(out, middle...)
	return pieces(out, kept, a[len(a)-tail:]), true
}

// steps walks the edit graph one more change at a time, keeping how far each
// diagonal was reached, and goes the way back from the end.
func steps(a, b []string, most int) ([]piece, bool) {
	most = min(most, len(a)+len(b))
	reached := make([]int32, 2*most+3)
	var trace [][]int32
	at := func(v []int32, k int) int { return int(v[k+most+1]) }
	for d := 0; d <= most; d++ {
		for k := -d; k <= d; k += 2 {
			x := 0
			if k == -d || k != d && at(reached, k-1) < at(reached, k+1) {
				x = at(reached, k+1)
			} else {
				x = at(reached, k-1) + 1
			}
			for y := x - k; x < len(a) && y < len(b) && y >= 0 && a[x] == b[y]; y++ {
				x++
			}
			reached[k+most+1] = int32(x) // #nosec G115 -- a place in a text of 20,000 bytes
			if x >= len(a) && x-k >= len(b) {
				return wayBack(a, b, d, func(d, k int) int { return int(trace[d][k+d]) }), true
			}
		}
		trace = append(trace, append([]int32(nil), reached[most+1-d:most+2+d]...))
	}
	return nil, len(a)+len(b) == 0
}

// wayBack turns how far each step came into pieces, from the end.
func wayBack(a, b []string, d int, reached func(d, k int) int) []piece {
	type run struct {
		what change
		list []string
	}
	var runs []run
	push := func(what change, list []string) {
		if len(list) > 0 {
			runs = append(runs, run{what, list})
		}
	}
	x, y := len(a), len(b)
	for ; d > 0; d-- {
		k := x - y
		down := k == -d || k != d && reach(reached, d-1, k-1) < reach(reached, d-1, k+1)
		from := k - 1
		if down {
			from = k + 1
		}
		px := reached(d-1, from)
		py := px - from
		sx, sy := px, py // where the step itself ends and what stayed begins
		if down {
			sy++
		} else {
			sx++
		}
		push(kept, a[sx:x])
		push(added, b[py:sy])
		push(taken, a[px:sx])
		x, y = px, py
	}
	push(kept, a[:x])
	var out []piece
	for i := len(runs) - 1; i >= 0; i-- {
		out = pieces(out, runs[i].what, runs[i].list)
	}
	return out
}

// reach is how far a diagonal was reached, -1 where it was not looked at.
func reach(reached func(d, k int) int, d, k int) int {
	if k < -d || k > d {
		return -1
	}
	return reached(d, k)
}

// pieces adds tokens to what there is, joining runs of one kind.
func pieces(out []piece, what change, list []string) []piece {
	if len(list) == 0 {
		return out
	}
	text := strings.Join(list, "")
	if n := len(out); n > 0 && out[n-1].what == what {
		out[n-1].text += text
		return out
	}
	return append(out, piece{what, text})
}

// tidied puts what went before what came, and takes a space between two changes
// as changed with them.
func tidied(list []piece) (out []piece) {
	var gone, came strings.Builder
	flush := func() {
		if gone.Len() > 0 {
			out = append(out, piece{taken, gone.String()})
		}
		if came.Len() > 0 {
			out = append(out, piece{added, came.String()})
		}
		gone.Reset()
		came.Reset()
	}
	for i, p := range list {
		inside := gone.Len()+came.Len() > 0 && i+1 < len(list)
		switch {
		case p.what == taken:
			gone.WriteString(p.text)
		case p.what == added:
			came.WriteString(p.text)
		case inside && strings.Trim(p.text, " ") == "":
			gone.WriteString(p.text)
			came.WriteString(p.text)
		default:
			flush()
			out = append(out, p)
		}
	}
	flush()
	return out
}

// shortened leaves out the middle of long pieces that stayed.
func shortened(list []piece) (out []piece) {
	for i, p := range list {
		if p.what != kept || len(p.text) <= 3*contextKept {
			out = append(out, p)
			continue
		}
		if i > 0 {
			out = append(out, piece{kept, upTo(p.text, contextKept)})
		}
		out = append(out, piece{skipped, ""})
		if i < len(list)-1 {
			out = append(out, piece{kept, lastOf(p.text, contextKept)})
		}
	}
	return out
}

// upTo is the beginning of a text, whole words of it.
func upTo(s string, n int) string {
	if i := strings.LastIndexAny(s[:n], " \n"); i > 0 {
		n = i
	}
	return strings.ToValidUTF8(s[:n], "")
}

// lastOf is the end of a text, whole words of it.
func lastOf(s string, n int) string {
	s = s[len(s)-n:]
	if i := strings.IndexAny(s, " \n"); i >= 0 {
		s = s[i:]
	}
	return strings.ToValidUTF8(s, "")
}
