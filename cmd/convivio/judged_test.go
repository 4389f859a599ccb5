package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"convivio/search"
	"convivio/store"
	"convivio/store/board"
)

// judged is a query over the demo company with the titles of the ideas that
// answer it: 2 what was looked for, 1 what also helps. The grades were given by
// reading the texts, not the results.
type judged struct {
	Class, Lang, Q string
	Want           map[string]int
}

func readJudged(t *testing.T) (list []judged) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "judged.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var j judged
		if err := json.Unmarshal(lines.Bytes(), &j); err != nil {
			t.Fatal(err)
		}
		list = append(list, j)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// floors are what each class of queries scores at least: nDCG@10.
var floors = map[string]float64{
	"inflection": 0.93, "typo": 0.94, "code": 0.95, "phrase": 0.95, "filter": 0.95, "question": 0.9, "partial": 0.83,
	"accent": 0.93, "exact": 0.95, "prefix": 0.95, "language": 0.89, "where": 0.95,
}

// TestSearchFindsWhatPeopleMean asks the judged queries of the demo company's
// store and index, as a colleague who is no member of closed boards.
func TestSearchFindsWhatPeopleMean(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	st, err := openDemo(ctx, filepath.Join(dir, "data"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	x, err := search.Open(filepath.Join(dir, indexFolder), st)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	if err := x.Rebuild(ctx, nil); err != nil {
		t.Fatal(err)
	}
	reader, _, err := st.AddPerson(ctx, store.Operator(), board.NewPerson{Email: "judge@example.com", Name: "Judge", Kind: board.Employee})
	if err != nil {
		t.Fatal(err)
	}
	who := board.Who{ID: reader.ID, Name: reader.Name, Kind: board.Employee}
	known := map[string]bool{}
	for _, b := range texts(t).Boards {
		for _, i := range b.ideas {
			known[i.Title] = true
		}
	}
	classes := map[string]*scores{}
	began := time.Now()
	list := readJudged(t)
	for _, j := range list {
		found, err := x.Search(ctx, who, board.Query{Q: j.Q, Lang: j.Lang, Limit: 10})
		if err != nil {
			t.Fatalf("%q: %v", j.Q, err)
		}
		var ranked []string
		for _, h := range found.Hits {
			ranked = append(ranked, h.Title)
		}
		for title := range j.Want {
			if !known[title] {
				t.Errorf("%q wants %q, which the demo does not have", j.Q, title)
			}
		}
		if classes[j.Class] == nil {
			classes[j.Class] = &scores{}
		}
		classes[j.Class].add(ranked, j.Want)
		one := scores{}
		one.add(ranked, j.Want)
		if one.ndcg10 < 0.7 {
			t.Logf("%-10s %-40q %.2f %q", j.Class, j.Q, one.ndcg10, ranked[:min(3, len(ranked))])
		}
	}
	t.Logf("%d queries in %v", len(list), time.Since(began))
	for class, floor := range floors {
		s := classes[class]
		if s == nil {
			t.Errorf("no query of the class %s", class)
			continue
		}
		m := s.mean()
		t.Logf("%-10s %2d queries  nDCG@10 %.3f  MRR@10 %.3f  first %.3f", class, m.questions, m.ndcg10, m.mrr10, m.first)
		if m.ndcg10 < floor {
			t.Errorf("%s: nDCG@10 is %.3f, below %.2f", class, m.ndcg10, floor)
		}
	}
	if len(classes) != len(floors) || len(list) < 150 {
		t.Errorf("%d queries of %d classes; at least 150 of %d are promised", len(list), len(classes), len(floors))
	}
}
