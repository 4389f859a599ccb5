package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"convivio/store/board"
)

const (
	fewWords     = 8   // of a title, the rarest, that ideas are compared by: two of them are enough
	manyWords    = 12  // of an idea: here it takes three
	comparedText = 600 // characters of a text that are read
)

// Similar finds ideas that the reader may see and that share the most telling
// words of a text (a title, the first words of an idea), the nearest first and n
// at most; not is the idea the text is of, 0 for a new one. Board, Title, Stage and Votes of the hits are filled, as they
// are now. Errors: too_many, unavailable, ctx's.
func (x *Index) Similar(ctx context.Context, who board.Who, text string, not int64, n int) ([]board.Hit, error) {
	words := compared(text)
	if len(words) == 0 {
		return nil, nil
	}
	if err := x.takeTurn(ctx); err != nil {
		return nil, err
	}
	defer func() { <-x.slots }()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	s, err := x.sightOf(ctx, who)
	if err != nil || len(s.boards) == 0 {
		return nil, err
	}
	found, err := x.near(ctx, words, s, not, n)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return x.shown(ctx, who, found, n)
}

// near finds the ideas nearest to some words, with some to spare. Which words
// are telling is judged by the ideas that the reader may see, and by presence
// alone which ideas are looked at: a few sets, however many texts there are.
func (x *Index) near(ctx context.Context, words []asked, s sight, not int64, n int) ([]candidate, error) {
	most, enough := fewWords, 2
	if not != 0 {
		most, enough = manyWords, 3
	}
	return x.ideas(ctx, s, not, func(v *view, open []*roaring.Bitmap) ([]scored, error) {
		k, err := v.look(words, open)
		if err != nil {
			return nil, err
		}
		k = k.tellingMost(most)
		if enough = min(enough, len(words)); len(k.words) < enough {
			return nil, nil // most words tell of something else
		}
		sets := make([]*roaring.Bitmap, len(open))
		for i, shard := range v.shards {
			titles := make([]*roaring.Bitmap, len(k.words))
			for w, a := range k.words {
				title, err := shard.any(titleField, a.terms)
				if err != nil {
					return nil, err
				}
				titles[w] = common(title, open[i])
			}
			sets[i] = union([]*roaring.Bitmap{atLeast(enough, k.sets[i]), atLeast(min(2, len(k.words)), titles)})
		}
		return v.score(k, lastWritten(sets, countedMatches), false)
	}, n+spare)
}

// ideas are the best of those that a question finds among the ideas the reader
// may see, but for one.
func (x *Index) ideas(ctx context.Context, s sight, not int64, find func(*view, []*roaring.Bitmap) ([]scored, error), n int) ([]candidate, error) {
	f, r, st, err := x.snapshot()
	if err != nil {
		return nil, x.fault(ctx, f, err)
	}
	defer func() { _ = r.Close() }()
	hands := x.assemble()
	defer hands.dismiss()
	in := rooms.Get().(*room)
	defer in.free()
	var found []candidate
	err = contained(func() error {
		v, err := x.memos.view(ctx, r, st, s, hands, in)
		if err != nil {
			return err
		}
		open := make([]*roaring.Bitmap, len(v.shards))
		for i, shard := range v.shards {
			ideas, err := shard.term(kindField, string(partLetter[board.InText]))
			if err != nil {
				return err
			}
			itself, err := shard.any(ideaField, numbers([]int64{not}))
			if err != nil {
				return err
			}
			open[i] = less(common(shard.seen, ideas), itself)
		}
		list, err := find(v, open)
		if err != nil {
			return err
		}
		slices.SortFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
		end := min(len(list), n)
		for end < len(list) && list[end].score == list[n-1].score { // the newest of equals, which the facts tell
			end++
		}
		found, err = v.facts(list[:end], filter{})
		slices.SortFunc(found, byMatch)
		found = slices.Clone(found[:min(len(found), n)])
		return err
	})
	if err != nil {
		return nil, x.fault(ctx, f, err)
	}
	return found, nil
}

// look looks up words among some documents, each with how many of these have it.
func (v *view) look(words []asked, open []*roaring.Bitmap) (*sought, error) {
	k := &sought{words: words, texts: make([]int, len(words)), open: open, sets: make([][]*roaring.Bitmap, len(open))}
	for n, s := range v.shards {
		if err := v.ctx.Err(); err != nil {
			return nil, err
		}
		for i, a := range words {
			has, err := s.has(a)
			if err != nil {
				return nil, err
			}
			has = common(has, open[n])
			k.sets[n] = append(k.sets[n], has)
			k.texts[i] += size(has)
		}
	}
	return k, nil
}

// tellingMost keeps the words that fewest documents have, but at least one; of
// those that many have, the longest.
func (k *sought) tellingMost(most int) *sought {
	var order []int
	for i, n := range k.texts {
		if n > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(k.texts[a], k.texts[b]), cmp.Compare(len(k.words[b].folded), len(k.words[a].folded)))
	})
	few := &sought{open: k.open, sets: make([][]*roaring.Bitmap, len(k.sets))}
	for _, i := range order[:min(len(order), most)] {
		few.words, few.texts = append(few.words, k.words[i]), append(few.texts, k.texts[i])
		for n := range k.sets {
			few.sets[n] = append(few.sets[n], k.sets[n][i])
		}
	}
	return few
}

// atLeast is what stands in so many of some sets; nil where nothing does.
func atLeast(n int, sets []*roaring.Bitmap) *roaring.Bitmap {
	in := make([]*roaring.Bitmap, n+1) // in[i]: what stands in i of those seen so far
	for _, s := range sets {
		if s == nil {
			continue
		}
		for i := n; i > 1; i-- {
			in[i] = union([]*roaring.Bitmap{in[i], common(in[i-1], s)})
		}
		in[1] = union([]*roaring.Bitmap{in[1], s})
	}
	if size(in[n]) == 0 {
		return nil
	}
	return in[n]
}

// titledAmong is how many ideas that have the words somewhere are looked at for
// those that have them in their title.
const titledAmong = 60

// Titled finds ideas that the reader may see whose titles have all the words of
// q, the last of which may be growing; n at most. Errors: those of Similar.
func (x *Index) Titled(ctx context.Context, who board.Who, q string, n int) ([]board.Hit, error) {
	words := wordsOf(q)
	s, err := x.sightOf(ctx, who)
	if err != nil || len(words) == 0 || len(s.boards) == 0 {
		return nil, err
	}
	if err := x.takeTurn(ctx); err != nil {
		return nil, err
	}
	defer func() { <-x.slots }()
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	found, err := x.ideas(ctx, s, 0, func(v *view, open []*roaring.Bitmap) ([]scored, error) {
		k, err := v.look(words, open)
		if err != nil {
			return nil, err
		}
		return v.score(k, lastWritten(k.every(), countedMatches), true)
	}, titledAmong)
	if err != nil {
		return nil, err
	}
	hits, err := x.shown(ctx, who, found, titledAmong)
	hits = slices.DeleteFunc(hits, func(h board.Hit) bool { return !titled(h.Title, words) })
	return hits[:min(len(hits), n)], err
}

// titled tells whether a title has all the words, in any of their forms.
func titled(title string, words []asked) bool {
	return !slices.ContainsFunc(words, func(a asked) bool {
		found := false
		eachWord(title, func(w word) bool {
			terms, _ := meanings(w.folded)
			found = a.prefix != "" && strings.HasPrefix(w.folded, a.prefix) || slices.Contains(w.parts, a.folded) ||
				slices.ContainsFunc(terms, func(t string) bool { return slices.Contains(a.terms, t) })
			return !found
		})
		return !found
	})
}

// sightOf reads what somebody may see now.
func (x *Index) sightOf(ctx context.Context, who board.Who) (sight, error) {
	seen, err := x.src.SeenBoards(ctx, who)
	if err != nil {
		return sight{}, fmt.Errorf("read what may be seen: %w", err)
	}
	return sight{guest: who.Kind != board.Employee, boards: seen}, nil
}

// shown reads matches from the store for this reader.
func (x *Index) shown(ctx context.Context, who board.Who, found []candidate, n int) ([]board.Hit, error) {
	refs := make([]board.Ref, len(found))
	for i, m := range found {
		refs[i] = m.ref()
	}
	results, err := x.src.Results(ctx, who, refs)
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	there := make(map[board.Ref]board.Hit, len(results))
	for _, r := range results {
		there[r.Ref] = r.Hit
	}
	hits := make([]board.Hit, 0, n)
	for _, ref := range refs {
		if h, ok := there[ref]; ok && len(hits) < n {
			h.Where = board.InTitle
			hits = append(hits, h)
		}
	}
	return hits, nil
}

// compared takes a text apart. A title's last word may still be growing.
func compared(text string) []asked {
	text = firstRunes(text, comparedText)
	var list []asked
	seen := map[string]bool{}
	eachWord(text, func(w word) bool {
		a := ask(w, w.end == len(text))
		if !seen[w.folded] && (!a.common || a.prefix != "") && len(w.folded) > 1 {
			seen[w.folded] = true
			list = append(list, a)
		}
		return true
	})
	return list
}
