package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convivio/search"
	"convivio/store"
	"convivio/store/board"
)

// judgedQuery is a line of the judged set: what somebody types in the demo
// company, and the titles of the ideas that answer it, with how well.
type judgedQuery struct {
	Class string         `json:"class"`
	Lang  string         `json:"lang"`
	Q     string         `json:"q"`
	Want  map[string]int `json:"want"`
}

// judgedClass is how well a class of queries was answered.
type judgedClass struct {
	class   string
	queries int
	ndcg    [1 + len(ftsTokens)]float64 // sums: ours, then FTS5 with each way to cut words
	mrr     [1 + len(ftsTokens)]float64
}

// rival is the best of FTS5: whoever sets it up takes the way to cut words that
// suits the texts.
func (c judgedClass) rival() (ndcg, mrr float64) {
	best := 1
	for i := range c.ndcg[1:] {
		if c.ndcg[1+i] > c.ndcg[best] {
			best = 1 + i
		}
	}
	return c.ndcg[best], c.mrr[best]
}

const judgedRank = 10 // hits of a query that count

// judge asks the judged queries over the demo company, ours and FTS5.
func (f *finder) judge(ctx context.Context) error {
	if f.Judged == "" {
		return nil
	}
	list, err := readJudged(f.Judged)
	if err != nil {
		return err
	}
	if err := f.say(ctx, "%d judged queries over the demo company", len(list)); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(f.dir, "demo-")
	if err != nil {
		return fmt.Errorf("make a folder for the demo: %w", err)
	}
	defer os.RemoveAll(dir)
	data := filepath.Join(dir, "data")
	demo, err := begin(ctx, dir, f.Binary, "demo", "serve", "--demo", "--data", data) // it is ready when it is filled
	if err != nil {
		return err
	}
	demo.end()
	st, err := store.Open(ctx, store.Options{Dir: data, Demo: true})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	index, err := search.Open(filepath.Join(dir, "index"), st)
	if err != nil {
		return err
	}
	defer func() { _ = index.Close() }()
	if err := index.Rebuild(ctx, nil); err != nil {
		return err
	}
	who, err := whoSeesMost(ctx, st)
	if err != nil {
		return err
	}
	var rivals []*fts
	for _, tokens := range ftsTokens {
		words, err := openFTS(ctx, filepath.Join(dir, fmt.Sprintf("fts-%d.db", len(rivals))), tokens, st, who)
		if errors.Is(err, errAbsent) {
			f.absent["FTS5"] = err.Error()
			return nil
		}
		if err != nil {
			return err
		}
		defer func() { _ = words.close() }()
		rivals = append(rivals, words)
	}
	return f.score(ctx, list, st, index, who, rivals)
}

// score adds up how well each class was answered.
func (f *finder) score(ctx context.Context, list []judgedQuery, st *store.Store, index *search.Index, who board.Who, rivals []*fts) error {
	titles := map[int64]string{}
	if err := eachText(ctx, st, func(d board.Document, _ string) error {
		if d.Part == board.InText {
			titles[d.Idea] = d.Title
		}
		return nil
	}); err != nil {
		return err
	}
	classes := map[string]*judgedClass{}
	for _, q := range list {
		c := classes[q.Class]
		if c == nil {
			c = &judgedClass{class: q.Class}
			classes[q.Class] = c
		}
		found, err := index.Search(ctx, who, board.Query{Q: q.Q, Lang: q.Lang, Limit: judgedRank})
		if err != nil {
			return fmt.Errorf("judged query %q: %w", q.Q, err)
		}
		var ours []int64
		for _, h := range found.Hits {
			ours = append(ours, h.Idea)
		}
		lists := [][]int64{ours}
		words, allowed, err := filtered(ctx, index, who, q)
		if err != nil {
			return fmt.Errorf("judged query %q: %w", q.Q, err)
		}
		for _, r := range rivals {
			theirs, err := r.ideas(ctx, words, allowed)
			if err != nil {
				return fmt.Errorf("judged query %q: %w", q.Q, err)
			}
			lists = append(lists, theirs)
		}
		c.queries++
		for i, ideas := range lists {
			ndcg, mrr := graded(ideas, titles, q.Want)
			c.ndcg[i] += ndcg
			c.mrr[i] += mrr
		}
	}
	for _, c := range classes {
		f.judged = append(f.judged, *c)
	}
	slices.SortFunc(f.judged, func(a, b judgedClass) int { return strings.Compare(a.class, b.class) })
	return nil
}

// filtered takes the filters of a query away and gives the ideas that they let
// through, which for FTS5 are a condition beside its words; nil: all.
func filtered(ctx context.Context, index *search.Index, who board.Who, q judgedQuery) (words string, allowed map[int64]bool, err error) {
	var filters []string
	for field := range strings.FieldsSeq(q.Q) {
		if name, value, ok := strings.Cut(field, ":"); ok && name != "" && value != "" && !strings.ContainsAny(field, `"“”`) {
			filters = append(filters, field)
			continue
		}
		words += field + " "
	}
	if len(filters) == 0 {
		return q.Q, nil, nil
	}
	allowed = map[int64]bool{}
	only := board.Query{Q: strings.Join(filters, " "), Lang: q.Lang, Limit: board.MaxPage}
	for {
		found, err := index.Search(ctx, who, only)
		if err != nil {
			return "", nil, err
		}
		for _, h := range found.Hits {
			allowed[h.Idea] = true
		}
		if only.Cursor = found.Next; only.Cursor == "" {
			return words, allowed, nil
		}
	}
}

func readJudged(path string) (list []judgedQuery, err error) {
	file, err := os.Open(path) // #nosec G304 -- who runs the bench names it
	if err != nil {
		return nil, fmt.Errorf("read the judged queries: %w", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var q judgedQuery
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return nil, fmt.Errorf("read the judged queries: %w", err)
		}
		list = append(list, q)
	}
	return list, lines.Err()
}

// whoSeesMost is an employee who may see as many boards as anybody.
func whoSeesMost(ctx context.Context, st *store.Store) (most board.Who, err error) {
	list, err := st.People(ctx, store.Operator(), "", board.MaxPage, "")
	if err != nil {
		return most, err
	}
	boards := -1
	for _, p := range list.Items {
		who := board.Who{ID: p.ID, Name: p.Name, Kind: p.Kind, Lang: "it"}
		seen, err := st.SeenBoards(ctx, who)
		if err != nil {
			return most, err
		}
		if len(seen) > boards {
			most, boards = who, len(seen)
		}
	}
	return most, nil
}

// graded scores a list of ideas: nDCG and reciprocal rank among the first ten.
func graded(ideas []int64, titles map[int64]string, want map[string]int) (ndcg, mrr float64) {
	gain := func(grade, rank int) float64 { return (math.Exp2(float64(grade)) - 1) / math.Log2(float64(rank)+2) }
	for rank, id := range ideas[:min(len(ideas), judgedRank)] {
		grade := want[titles[id]]
		ndcg += gain(grade, rank)
		if grade > 0 && mrr == 0 {
			mrr = 1 / float64(rank+1)
		}
	}
	grades := []int{}
	for _, g := range want {
		grades = append(grades, g)
	}
	slices.SortFunc(grades, func(a, b int) int { return b - a })
	best := 0.0
	for rank, g := range grades[:min(len(grades), judgedRank)] {
		best += gain(g, rank)
	}
	if best == 0 {
		return 0, mrr
	}
	return ndcg / best, mrr
}

// printJudged says how well each class was answered; better than FTS5 is meant.
func (f *finder) printJudged(r *report) {
	if len(f.judged) == 0 {
		return
	}
	fmt.Fprintln(r.out, "Relevance over the demo company, first ten ideas, beside SQLite FTS5 (all words, then the last as a beginning, then any; filters given to it; the better of plain and Porter's words)")
	fmt.Fprintln(r.out)
	table := [][]string{{"class", "queries", "nDCG@10", "FTS5", "MRR@10", "FTS5", ""}}
	for _, c := range f.judged {
		n := float64(c.queries)
		row := []string{c.class, fmt.Sprint(c.queries)}
		ndcg, mrr := c.rival()
		for _, sum := range []float64{c.ndcg[0], ndcg, c.mrr[0], mrr} {
			row = append(row, fmt.Sprintf("%.3f", sum/n))
		}
		table = append(table, append(row, r.verdict(c.ndcg[0] > ndcg)))
	}
	r.rows(table)
}
