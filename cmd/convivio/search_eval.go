package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"convivio/search"
	"convivio/store"
	"convivio/store/board"
)

// searchEvalCommand scores the search by questions whose answers are known. The
// texts go through the store and the index, the questions through the search
// that people use; nothing of it touches the data folder.
type searchEvalCommand struct {
	Dir    []string `arg:"" help:"Folders with docs.jsonl (id, title, body, tags), queries.jsonl (id, text) and qrels.tsv (query, doc, grade), plain or .zst." placeholder:"DIR"`
	Out    string   `name:"run" help:"Also write what was found: query, doc, place and score a line. Of one folder." placeholder:"FILE"`
	Halves bool     `help:"Also score every other question by itself."`
}

// evalDoc, evalQuestion are rows of a relevance set.
type (
	evalQuestion struct {
		ID   ref
		Text string
		Self ref // a text that is the question itself, which is no answer
	}
	evalSet struct {
		name      string
		docs      []ideaLine
		questions []evalQuestion
		grades    map[string]map[string]int
	}
)

// Validate refuses one file for several runs.
func (c *searchEvalCommand) Validate() error {
	if c.Out != "" && len(c.Dir) != 1 {
		return errors.New("--run writes what was found in one folder; give one")
	}
	return nil
}

// Run scores one folder after the other.
func (c *searchEvalCommand) Run(ctx context.Context, p *program) error {
	for _, dir := range c.Dir {
		if err := c.eval(ctx, p, dir); err != nil {
			return err
		}
	}
	return nil
}

func (c *searchEvalCommand) eval(ctx context.Context, p *program, dir string) error {
	set, err := readEvalSet(dir)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "convivio-search-eval-")
	if err != nil {
		return fmt.Errorf("make a folder for the texts: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	st, err := store.Open(ctx, store.Options{Dir: folder})
	if err != nil {
		return fmt.Errorf("open a store for the texts: %w", err)
	}
	defer func() { _ = st.Close() }()
	who, names, err := set.fill(ctx, st)
	if err != nil {
		return err
	}
	x, err := search.Open(filepath.Join(folder, indexFolder), st)
	if err != nil {
		return fmt.Errorf("open an index for the texts: %w", err)
	}
	defer func() { _ = x.Close() }()
	if err := x.Rebuild(ctx, nil); err != nil {
		return fmt.Errorf("index the texts: %w", err)
	}
	ranked, took, err := set.ask(ctx, x, who, names)
	if err != nil {
		return err
	}
	if err := c.write(set, ranked); err != nil {
		return err
	}
	c.report(p, set, ranked, took)
	return nil
}

// report prints the figures of all questions, and of each half of them.
func (c *searchEvalCommand) report(p *program, set *evalSet, ranked [][]string, took []time.Duration) {
	var all scores
	var half [2]scores
	for i, q := range set.questions {
		all.add(ranked[i], set.grades[string(q.ID)])
		half[i%2].add(ranked[i], set.grades[string(q.ID)])
	}
	line := func(name string, s scores) {
		m := s.mean()
		p.printf("%-20s %6s questions  MRR@10 %.4f  nDCG@10 %.4f  recall@10 %.4f  recall@100 %.4f  first %.4f\n",
			name, grouped(m.questions), m.mrr10, m.ndcg10, m.recall10, m.recall100, m.first)
	}
	line(set.name, all)
	if c.Halves {
		line("  even", half[0])
		line("  odd", half[1])
	}
	slices.Sort(took)
	if n := len(took); n > 0 {
		p.printf("%-20s %6s texts  p50 %.1f ms  p99 %.1f ms\n", "", grouped(len(set.docs)),
			took[n/2].Seconds()*1e3, took[min(n-1, n*99/100)].Seconds()*1e3)
	}
}

// write keeps what was found for other programs to score.
func (c *searchEvalCommand) write(set *evalSet, ranked [][]string) error {
	if c.Out == "" {
		return nil
	}
	f, err := os.Create(c.Out)
	if err != nil {
		return fmt.Errorf("write the run: %w", err)
	}
	w := bufio.NewWriter(f)
	for i, q := range set.questions {
		for at, doc := range ranked[i] {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%d\t%d\n", q.ID, doc, at+1, len(ranked[i])-at)
		}
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		return fmt.Errorf("write the run: %w", err)
	}
	return nil
}

// fill puts the texts into a store as ideas of one board, and lets somebody in to
// look for them. names tells which text an idea is.
func (set *evalSet) fill(ctx context.Context, st *store.Store) (who board.Who, names map[int64]string, err error) {
	reader, _, err := st.AddPerson(ctx, store.Operator(), board.NewPerson{Email: "reader@example.com", Name: "Reader", Kind: board.Employee})
	if err != nil {
		return who, nil, fmt.Errorf("add a reader: %w", err)
	}
	to := st.ImportFrom("eval")
	if _, err := to.Boards(ctx, []store.ImportBoard{{Ref: "texts", Name: "Texts"}}); err != nil {
		return who, nil, fmt.Errorf("add a board: %w", err)
	}
	rows := make([]store.Rendered[store.ImportIdea], len(set.docs))
	for i, d := range set.docs {
		row := store.ImportIdea{Ref: string(d.ID), Board: "texts", Title: oneLine(d.Title), Body: d.Body, Tags: d.Tags, Lang: d.Lang, At: time.Now()}
		if len(d.Tags) > board.MaxTags { // what is beyond the limit stands in the text, as people would write it
			row.Tags, row.Body = d.Tags[:board.MaxTags], d.Body+"\n\n"+strings.Join(d.Tags[board.MaxTags:], ", ")
		}
		if row.Title == "" {
			row.Title = firstWords(row.Body, 80)
		}
		rows[i] = store.RenderIdea(row)
	}
	for some := range slices.Chunk(rows, batchRows) {
		if _, err := to.Ideas(ctx, some); err != nil {
			return who, nil, fmt.Errorf("add the texts: %w", err)
		}
	}
	names, err = to.IdeaRefs(ctx)
	return board.Who{ID: reader.ID, Name: reader.Name, Kind: board.Employee}, names, err
}

// ask searches for every question and gives the names of what was found.
func (set *evalSet) ask(ctx context.Context, x *search.Index, who board.Who, names map[int64]string) (ranked [][]string, took []time.Duration, err error) {
	for _, q := range set.questions {
		began := time.Now()
		found, err := x.Search(ctx, who, board.Query{Q: q.Text, Limit: board.MaxPage})
		if err != nil {
			return nil, nil, fmt.Errorf("search for %q: %w", q.Text, err)
		}
		took = append(took, time.Since(began))
		var list []string
		for _, h := range found.Hits {
			if name := names[h.Idea]; name != "" && name != string(q.Self) && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
		ranked = append(ranked, list)
	}
	return ranked, took, nil
}

func readEvalSet(dir string) (*evalSet, error) {
	set := &evalSet{name: filepath.Base(filepath.Clean(dir)), grades: map[string]map[string]int{}}
	docs, err := findInput(dir, "docs")
	if err != nil {
		return nil, err
	}
	questions, err := findInput(dir, "queries")
	if err != nil {
		return nil, err
	}
	grades := input{filepath.Join(dir, "qrels.tsv")}
	if _, err := os.Stat(grades.path); errors.Is(err, fs.ErrNotExist) {
		grades.path += ".zst"
	}
	if docs.path == "" || questions.path == "" {
		return nil, fmt.Errorf("%s has no docs.jsonl and queries.jsonl (or .jsonl.zst)", dir)
	}
	return set, errors.Join(
		docs.lines(func(_ int, line []byte) error {
			var d ideaLine
			err := json.Unmarshal(line, &d)
			set.docs = append(set.docs, d)
			return err
		}),
		questions.lines(func(_ int, line []byte) error {
			var q evalQuestion
			err := json.Unmarshal(line, &q)
			set.questions = append(set.questions, q)
			return err
		}),
		grades.lines(set.grade))
}

// grade reads a line of a query, a text and what it is worth; the first line names them.
func (set *evalSet) grade(n int, line []byte) error {
	part := strings.Fields(string(line))
	if len(part) != 3 {
		return fmt.Errorf("line %d of the grades has %d parts and not three", n, len(part))
	}
	g, err := strconv.Atoi(part[2])
	if err != nil {
		if n == 1 {
			return nil
		}
		return fmt.Errorf("line %d of the grades: %w", n, err)
	}
	if set.grades[part[0]] == nil {
		set.grades[part[0]] = map[string]int{}
	}
	set.grades[part[0]][part[1]] = g
	return nil
}
