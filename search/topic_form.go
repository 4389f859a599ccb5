package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"convivio/store/board"
	"convivio/store/markdown"
)

// name gives candidates the form in which people write them, from texts that the
// reader may see now. What too few of those hold, and what is somebody's name, is
// left out.
func (t *Topics) name(ctx context.Context, who board.Who, v *outlook, list []growth) ([]growth, error) {
	var refs []board.Ref
	asked := map[board.Ref]bool{}
	for _, c := range list {
		for _, n := range c.read {
			if ref := v.texts[n].ref; !asked[ref] {
				asked[ref] = true
				refs = append(refs, ref)
			}
		}
	}
	forms := newForms(list)
	for some := range slices.Chunk(refs, resultsAsked) {
		results, err := t.src.Results(ctx, who, some)
		if err != nil {
			return nil, fmt.Errorf("read texts: %w", err)
		}
		for _, r := range results {
			text := markdown.Text(r.HTML)
			if r.Part == board.InText {
				text = r.Hit.Title + "\n" + apart(r.Tags) + "\n" + text
			}
			forms.read(r.Hit.Idea, text)
		}
	}
	forms.choose(list, v.names)
	return slices.DeleteFunc(list, func(c growth) bool { return c.shown == "" }), nil
}

// forms counts how the words of candidates are written.
type forms struct {
	words map[string][]int    // candidates by their only term
	pairs map[[2]string][]int // and by their two
	seen  []written
}

// written is how one growth is written.
type written struct {
	ideas  map[int64]bool
	forms  map[string]int            // in small letters
	exact  map[string]map[string]int // of each form, as it stands within a sentence
	within int                       // a sentence, where a capital letter tells a name
}

func newForms(list []growth) *forms {
	f := &forms{map[string][]int{}, map[[2]string][]int{}, make([]written, len(list))}
	for i, c := range list {
		f.seen[i] = written{ideas: map[int64]bool{}, forms: map[string]int{}, exact: map[string]map[string]int{}}
		if len(c.terms) == 1 {
			f.words[c.terms[0]] = append(f.words[c.terms[0]], i)
			continue
		}
		pair := [2]string{c.terms[0], c.terms[1]}
		f.pairs[pair] = append(f.pairs[pair], i)
	}
	return f
}

// read counts the forms in a text of an idea.
func (f *forms) read(idea int64, text string) {
	var last []string // terms of the word before, where it stands beside this one
	var from, end int
	eachWord(text, func(w word) bool {
		if !tellable(w) {
			if !stopWord(w.folded) {
				last = nil
			}
			return true
		}
		terms, _ := meanings(w.folded)
		for _, a := range terms {
			for _, i := range f.words[a] {
				f.seen[i].add(idea, text, w.start, w.end)
			}
			if last == nil || !joint(text, end, w.start) {
				continue
			}
			for _, b := range last {
				for _, i := range f.pairs[[2]string{b, a}] {
					f.seen[i].add(idea, text, from, w.end)
				}
			}
		}
		last, from, end = terms, w.start, w.end
		return true
	})
}

// add counts what stands between two places of a text.
func (w *written) add(idea int64, text string, start, end int) {
	form := strings.Join(strings.Fields(text[start:end]), " ")
	small := strings.ToLower(form)
	w.ideas[idea] = true
	w.forms[small]++
	if begins(text[:start]) {
		return
	}
	w.within++
	if w.exact[small] == nil {
		w.exact[small] = map[string]int{}
	}
	w.exact[small][form]++
}

// begins tells whether a sentence begins behind a text.
func begins(before string) bool {
	before = strings.TrimRight(before, " \t\"'«“‘(*_-")
	return before == "" || strings.ContainsAny(before[len(before)-1:], ".!?:;\n")
}

// choose settles how candidates are shown. Names, and what too few ideas hold, stay without.
func (f *forms) choose(list []growth, names map[string]bool) {
	for i := range list {
		w := f.seen[i]
		if len(w.ideas) < fewest {
			continue
		}
		small := mostOf(w.forms)
		if called(small, names) && w.capital(names)*3 >= w.within {
			continue
		}
		list[i].shown = small
		if exact := w.exact[small]; len(exact) > 0 && exact[small]*3 < w.within {
			list[i].shown = mostOf(exact)
		}
	}
}

// capital counts where a word that somebody is called has a capital letter.
func (w *written) capital(names map[string]bool) (n int) {
	for form, times := range w.exact[mostOf(w.forms)] {
		if slices.ContainsFunc(strings.Fields(form), func(one string) bool { return unicode.IsUpper(firstRune(one)) && called(one, names) }) {
			n += times
		}
	}
	return n
}

// called tells whether one of the words is what somebody is called.
func called(form string, names map[string]bool) (yes bool) {
	eachWord(form, func(w word) bool {
		yes = names[w.folded] || slices.ContainsFunc(w.parts, func(p string) bool { return names[p] })
		return !yes
	})
	return yes
}

// mostOf is the most frequent; of several, the first in the alphabet.
func mostOf(counts map[string]int) (best string) {
	for s, n := range counts {
		if best == "" || n > counts[best] || n == counts[best] && s < best {
			best = s
		}
	}
	return best
}
