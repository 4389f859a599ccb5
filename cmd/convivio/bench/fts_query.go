package bench

import (
	"context"
	"fmt"
	"strings"
	"unicode"
)

// ideas answers a query as people type it, as well as FTS5 can: texts with all
// words, then those where the last word goes on, then those with any; of each
// idea the best text. Phrases and words left out it knows itself; allowed, if not
// nil, are the ideas that the filters let through.
func (f *fts) ideas(ctx context.Context, q string, allowed map[int64]bool) (list []int64, err error) {
	seen := map[int64]bool{}
	for _, match := range ftsLadder(q) {
		if list, err = f.more(ctx, match, list, seen, allowed); err != nil || len(list) >= judgedRank {
			break
		}
	}
	return list[:min(len(list), judgedRank)], err
}

const ftsRows = 5_000 // texts of the demo company, at most: as many as it has

// more adds the ideas of the best texts to a list.
func (f *fts) more(ctx context.Context, match string, list []int64, seen, allowed map[int64]bool) ([]int64, error) {
	rows, err := f.db.QueryContext(ctx, ftsSearch, match, ftsRows)
	if err != nil {
		return list, fmt.Errorf("ask FTS5: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, idea int64
		var title, text string
		if err := rows.Scan(&id, &idea, &title, &text); err != nil {
			return list, fmt.Errorf("read from FTS5: %w", err)
		}
		if !seen[idea] && (allowed == nil || allowed[idea]) {
			seen[idea] = true
			list = append(list, idea)
		}
	}
	return list, rows.Err()
}

// ftsLadder writes a query in FTS5's own language, the strictest reading first.
func ftsLadder(q string) (steps []string) {
	var want, not []string
	for i, piece := range strings.Split(q, `"`) {
		if i%2 == 1 { // a phrase
			if words := runs(piece); len(words) > 0 {
				want = append(want, `"`+strings.Join(words, " ")+`"`)
			}
			continue
		}
		for field := range strings.FieldsSeq(piece) {
			to := &want
			if len(field) > 1 && field[0] == '-' {
				to = &not
			}
			for _, w := range runs(field) {
				*to = append(*to, `"`+w+`"`)
			}
		}
	}
	if len(want) == 0 {
		return nil
	}
	without := ""
	if len(not) > 0 {
		without = " NOT (" + strings.Join(not, " OR ") + ")"
	}
	all := strings.Join(want, " AND ")
	return []string{"(" + all + ")" + without, "(" + all + "*)" + without, "(" + strings.Join(want, " OR ") + ")" + without}
}

func runs(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
