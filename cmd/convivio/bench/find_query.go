package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"convivio/search"
	"convivio/store/board"
	"convivio/store/markdown"
)

// kind is a kind of question that is measured by itself.
type kind string

// The kinds, in the order of the table.
const (
	twoWords   kind = "two words, all required"
	threeWords kind = "three words, all required"
	question   kind = "a question of 6 to 12 words, partly matching"
	typing     kind = "as you type, prefixes of 2 to 8 letters"
	counting   kind = "facets of frequent words"
	alikeTitle kind = "similar ideas, of a title"
	alikeIdea  kind = "similar ideas, of an idea's text"
	hostile    kind = "hostile strings"
)

// ask is one question to all who search.
type ask struct {
	kind  kind
	text  string   // as a person types it
	words []string // folded, letters and digits only: for those whose syntax is theirs
	begin string   // the last word is being typed: what it begins with
	idea  int64    // that it must not find: it is its own text
}

// spokenText is a text of the sample that questions are drawn from.
type spokenText struct {
	idea  int64 // of an idea: its id
	title string
	words []string // running words
}

// sample is what questions are drawn from: texts that the reader may see.
type sample struct {
	random *rand.Rand
	texts  []spokenText
	often  map[string]int // texts of the sample that have a word
}

const (
	sampled    = 6_000 // texts, at most
	comparedAs = 600   // characters of an idea's text
	comparedBy = 32    // words of it
)

// wordsOf are the words of a text in lower case, those of letters and digits
// that are no longer than words are.
func wordsOf(text string) (list []string) {
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' && r != '-' && r != '_' && r != '.'
	}) {
		w = strings.ToLower(strings.Trim(w, ".-_'’"))
		if n := utf8.RuneCountInString(w); n < 2 || n > 20 || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			continue
		}
		list = append(list, w)
	}
	return list
}

// newSample reads every text of a store once and keeps some that the reader may see.
func newSample(ctx context.Context, st search.Source, who board.Who) (*sample, error) {
	s := &sample{random: newRandom(17), often: map[string]int{}}
	seen, err := st.SeenBoards(ctx, who)
	if err != nil {
		return nil, err
	}
	visible := map[int64]bool{}
	for _, b := range seen {
		visible[b.ID] = true
	}
	n := 0
	err = eachText(ctx, st, func(d board.Document, text string) error {
		if !visible[d.Board] {
			return nil
		}
		at := len(s.texts)
		if n++; at == sampled {
			if at = s.random.IntN(n); at >= sampled {
				return nil
			}
		} else {
			s.texts = append(s.texts, spokenText{})
		}
		one := spokenText{title: d.Title, words: wordsOf(text)}
		if d.Title != "" {
			one.idea = d.ID
		}
		s.texts[at] = one
		return nil
	})
	for _, t := range s.texts {
		for _, w := range distinct(t.words) {
			s.often[w]++
		}
	}
	if err == nil && len(s.texts) == 0 {
		err = fmt.Errorf("the reader may see no text")
	}
	return s, err
}

// eachText calls f with all texts of a store, as they are indexed.
func eachText(ctx context.Context, st search.Source, f func(d board.Document, text string) error) error {
	for _, part := range [...]board.Where{board.InText, board.InComment, board.InAnswer} {
		for after := int64(0); ; {
			docs, err := st.DocumentsAfter(ctx, part, board.Scope{}, after, 500)
			if err != nil {
				return err
			}
			for _, d := range docs {
				if err := f(d, markdown.Text(d.HTML)); err != nil {
					return err
				}
				after = d.ID
			}
			if len(docs) < 500 {
				break
			}
		}
	}
	return nil
}

func distinct(words []string) []string {
	out := slices.Clone(words)
	slices.Sort(out)
	return slices.Compact(out)
}

// draw makes n questions of a kind.
func (s *sample) draw(k kind, n int) (list []ask) {
	make := map[kind]func(i int) []ask{twoWords: s.required(2), threeWords: s.required(3), question: s.question, typing: s.typing,
		counting: s.counting(), alikeTitle: s.alikeTitle, alikeIdea: s.alikeIdea}[k]
	for i := 0; len(list) < n && i < 100*n; i++ {
		for _, a := range make(i) {
			a.kind = k
			list = append(list, a)
		}
	}
	return list[:min(len(list), n)]
}

func (s *sample) text() spokenText { return s.texts[s.random.IntN(len(s.texts))] }

// common tells whether so many texts have a word that it tells nothing.
func (s *sample) common(w string) bool { return s.often[w] > len(s.texts)/8 }

// telling are the words of a text that can be asked for, the most frequent first.
func (s *sample) telling(t spokenText) []string {
	list := slices.DeleteFunc(distinct(t.words), s.common)
	slices.SortStableFunc(list, func(a, b string) int { return s.often[b] - s.often[a] })
	return list
}

// required are words of one text: by turns any, the rarest with any others, and
// only of the more frequent half.
func (s *sample) required(n int) func(i int) []ask {
	return func(i int) []ask {
		list := s.telling(s.text())
		if len(list) < 2*n {
			return nil
		}
		var words []string
		switch i % 3 {
		case 1:
			words, list = append(words, list[len(list)-1]), list[:len(list)-1]
		case 2:
			list = list[:max(n, len(list)/2)]
		}
		for _, at := range s.random.Perm(len(list))[:n-len(words)] {
			words = append(words, list[at])
		}
		s.random.Shuffle(n, func(a, b int) { words[a], words[b] = words[b], words[a] })
		return []ask{{text: strings.Join(words, " "), words: words}}
	}
}

// question is 6 to 12 running words, common ones among them, the last third from
// another text: few texts have all.
func (s *sample) question(int) []ask {
	n := 6 + s.random.IntN(7)
	a, b := s.text().words, s.text().words
	own := n - n/3
	if len(a) < own || len(b) < n/3 {
		return nil
	}
	from, at := s.random.IntN(len(a)-own+1), s.random.IntN(len(b)-n/3+1)
	words := slices.Concat(a[from:from+own], b[at:at+n/3])
	return []ask{{text: strings.Join(words, " "), words: words}}
}

// typing is a query of two words, letter by letter.
func (s *sample) typing(i int) (list []ask) {
	for _, two := range s.required(2)(i) {
		first, second := two.words[0], two.words[1]
		for at := range first {
			if n := utf8.RuneCountInString(first[:at]); n >= 2 && n <= 8 {
				list = append(list, ask{text: first[:at], begin: first[:at]})
			}
		}
		for at := range second {
			if n := utf8.RuneCountInString(second[:at]); n >= 2 && n <= 8 {
				list = append(list, ask{text: first + " " + second[:at], words: []string{first}, begin: second[:at]})
			}
		}
	}
	return list
}

// counting is one of the two hundred most frequent words that tell something, or two of them.
func (s *sample) counting() func(i int) []ask {
	var list []string
	for w, n := range s.often {
		if !s.common(w) && n > 1 && utf8.RuneCountInString(w) > 2 {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b string) int {
		if s.often[a] != s.often[b] {
			return s.often[b] - s.often[a]
		}
		return strings.Compare(a, b)
	})
	list = list[:min(len(list), 200)]
	return func(i int) []ask {
		if len(list) < 2 {
			return nil
		}
		words := []string{list[s.random.IntN(len(list))]}
		if other := list[s.random.IntN(len(list))]; i%3 == 0 && other != words[0] {
			words = append(words, other)
		}
		return []ask{{text: strings.Join(words, " "), words: words}}
	}
}

func (s *sample) alikeTitle(int) []ask {
	t := s.text()
	if words := s.rarest(wordsOf(t.title)); t.idea != 0 && len(words) > 1 {
		return []ask{{text: t.title, words: words}}
	}
	return nil
}

func (s *sample) alikeIdea(int) []ask {
	t := s.text()
	if t.idea == 0 || len(t.words) < 10 {
		return nil
	}
	text := t.title + " " + strings.Join(t.words, " ")
	text = strings.ToValidUTF8(text[:min(len(text), comparedAs)], "")
	return []ask{{text: text, words: s.rarest(wordsOf(text)), idea: t.idea}}
}

// rarest chooses the words by which others are to find what is similar: they
// do not choose themselves, and any text with "the" in it is no fair question.
func (s *sample) rarest(words []string) []string {
	list := s.telling(spokenText{words: words})
	return list[max(0, len(list)-comparedBy):]
}

// hostileAsks are strings that other engines were brought down with.
func hostileAsks() (list []ask) {
	for _, text := range []string{"*", "?", "/.*/", "a~2", "a^1e9", "a* b* c*", "(((((((", `"`, `"""""""""""`, "-a -b -c", "a AND NOT b OR NOT c",
		strings.Repeat("NOT ", 500) + "a", strings.Repeat(`"a b" `, 300), strings.Repeat("-x ", 400), strings.Repeat("(", 5_000), strings.Repeat("a*", 2_000),
		"title:a text:b access:open board:1 _all:x", "author: board: tag: stage:", "before:9999-99-99 after:0000-00-00", "from:[1 TO 2]", "\x00\x01\x02", "\xff\xfe",
		strings.Repeat("e\u0301", 3_000), strings.Repeat("\u202e", 2_000), "ß ſ İ ﬁ ①", strings.Repeat("a", 1<<20), manyWords(10_000), strings.Repeat("il la the of ", 200),
		"' OR 1=1 --", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p", strings.Repeat("a-", 1_000), "日本語 " + strings.Repeat("漢", 500), "\U0001F600 \U0001F600", "i", "a b c d e f g h i j k l m n o p q r s t u v w x y z"} {
		list = append(list, ask{kind: hostile, text: text})
	}
	return list
}

func manyWords(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "w%d ", i)
	}
	return b.String()
}
