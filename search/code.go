package search

import "strings"

// A code such as PRJ-1234 is found by its parts where they stand side by side,
// as in PRJ 1234 or PRJ-1234-B. One of them alone is another code, or none.

// codePart is a place in a code of the query.
type codePart struct{ asked, at, of int }

// codes follows the parts of codes through a text.
type codes struct {
	finder *finder
	open   map[int]openCode // by word of the query
}

// openCode is a code of which the first parts were seen.
type openCode struct {
	next  int // part
	word  int // of the text, the last one seen
	start int // byte
}

// codesIn follows the codes of the query through one text; nil where it has none.
func (f *finder) codesIn() *codes {
	if f.codes == nil {
		return nil
	}
	return &codes{f, map[int]openCode{}}
}

// read takes the next word of a text and tells which code ends with it, and where
// that begins; -1: none.
func (c *codes) read(w word, at int) (asked, start int) {
	if c == nil {
		return -1, w.start
	}
	asked, start = -1, w.start
	one := func(part string) {
		for _, p := range c.finder.codes[part] {
			o, ok := c.open[p.asked]
			switch {
			case p.at == 0:
				o = openCode{start: w.start}
			case !ok || o.next != p.at || at-o.word > 1:
				continue
			}
			o.next, o.word = p.at+1, at
			if c.open[p.asked] = o; o.next == p.of {
				asked, start = p.asked, o.start
			}
		}
	}
	if len(w.parts) == 0 {
		one(w.folded)
	}
	for _, p := range w.parts {
		one(p)
	}
	return asked, start
}

// code tells compounds with a number in them from those of words such as part-time.
func (a asked) code() bool {
	return len(a.parts) > 1 && strings.ContainsAny(a.folded, "0123456789")
}
