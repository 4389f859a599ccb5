package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestScoresAreThoseOfTheDefinitions(t *testing.T) {
	var s scores
	s.add([]string{"x", "a", "y", "b"}, map[string]int{"a": 2, "b": 1, "c": 1})
	want := (3/math.Log2(3) + 1/math.Log2(5)) / (3 + 1/math.Log2(3) + 1/math.Log2(4))
	if m := s.mean(); math.Abs(m.ndcg10-want) > 1e-9 || m.mrr10 != 0.5 || math.Abs(m.recall10-2.0/3) > 1e-9 || m.first != 0 {
		t.Errorf("%+v, want nDCG %.4f, MRR 0.5, recall 2/3", m, want)
	}
	s.add(nil, map[string]int{"a": 1})
	if m := s.mean(); m.questions != 2 || m.mrr10 != 0.25 {
		t.Errorf("a question without results: %+v", m)
	}
}

func TestSearchEvalScoresASet(t *testing.T) {
	dir, out := t.TempDir(), filepath.Join(t.TempDir(), "run")
	for name, text := range map[string]string{
		"docs.jsonl": `{"id":"d1","title":"Orari della mensa","body":"La mensa apre alle dodici.","tags":["mensa","pranzo"]}
{"id":"d2","title":"Parcheggio","body":"Le biciclette stanno sotto la tettoia."}
`,
		"queries.jsonl": `{"id":"q1","text":"quando apre la mensa?"}
{"id":"q2","text":"dove stanno le bici e la bicicletta"}
`,
		"qrels.tsv": "query\tdoc\trelevance\nq1\td1\t1\nq2\td2\t1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr strings.Builder
	if status := run(context.Background(), []string{"search-eval", "--halves", "--run", out, dir}, nil, &stdout, &stderr); status != 0 {
		t.Fatalf("exit %d: %s", status, stderr.String())
	}
	if !strings.Contains(stdout.String(), "2 questions  MRR@10 1.0000  nDCG@10 1.0000") {
		t.Errorf("printed %s", stdout.String())
	}
	written, err := os.ReadFile(out) // #nosec G304 -- of this test
	if err != nil || !strings.Contains(string(written), "q1\td1\t1\t") || !strings.Contains(string(written), "q2\td2\t1\t") {
		t.Errorf("the run: %q, %v", written, err)
	}
	if status := run(context.Background(), []string{"search-eval", t.TempDir()}, nil, &stdout, &stderr); status == 0 {
		t.Error("a folder without texts is scored")
	}
}
