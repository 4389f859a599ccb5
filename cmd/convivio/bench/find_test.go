package bench

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convivio/search"
	"convivio/store"
)

func TestCopiesGrowTheDictionaryAsTheSetDoes(t *testing.T) {
	s := madeUp(2_000)
	dictionary := func(posts int) (words int, texts []string) {
		seen := map[string]bool{}
		if err := s.grow(posts, func(k talk) error {
			all := k.idea.Title + "\n" + k.idea.Body
			for _, c := range k.comments {
				all += "\n" + c.Body
			}
			eachRun(all, func(from, to int) { seen[strings.ToLower(all[from:to])] = true })
			texts = append(texts, all)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return len(seen), texts
	}
	half, _ := dictionary(1_000)
	one, _ := dictionary(2_000)
	three, first := dictionary(6_000)
	_, again := dictionary(6_000)
	if grew, before := float64(three-one)/4, float64(one-half); one <= half || grew < before/3 || grew > before*3 {
		t.Errorf("%d, %d, %d words in 1,000, 2,000, 6,000 posts: copies do not grow the dictionary as the set does", half, one, three)
	}
	for i := range first {
		if first[i] != again[i] {
			t.Fatalf("text %d is not the same twice:\n%s\n%s", i, first[i], again[i])
		}
	}
}

func TestFoldersAreRead(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"ideas.jsonl": `{"id":1,"board":"b","author":"u","title":"Mensa","body":"Più verdura","created_at":"2024-05-01T08:00:00Z"}` + "\n" +
			`{"id":"x2","board":"b","author":null,"title":"Orari\u0000","created_at":"2024-05-02T08:00:00Z"}` + "\n" + `broken`,
		"comments.jsonl": `{"id":7,"idea":1,"author":"u","body":"Sì","created_at":"2024-05-01T09:00:00Z"}` + "\n" +
			`{"id":8,"idea":99,"author":"u","body":"nowhere","created_at":"2024-05-01T09:00:00Z"}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := readSet(dir)
	if err != nil {
		t.Fatal(err)
	}
	if s.posts != 3 || len(s.talks) != 2 || s.talks[1].idea.Title != "Orari" || s.talks[0].comments[0].Body != "Sì" {
		t.Errorf("got %d posts: %+v", s.posts, s.talks)
	}
}

// TestEverybodyIsAskedTheSame measures a tiny set through every step but those
// that need this program as a process.
func TestEverybodyIsAskedTheSame(t *testing.T) {
	f := &finder{FindOptions: FindOptions{Sizes: []int{900}}, stages: stages{io.Discard}, dir: t.TempDir(), set: madeUp(600),
		asks:  asks{map[kind]int{twoWords: 20, threeWords: 20, question: 10, typing: 20, counting: 10, alikeTitle: 10, alikeIdea: 10}, time.Minute},
		drawn: map[kind][]ask{}, absent: map[string]string{"PostgreSQL": "not asked here"}}
	home := filepath.Join(f.dir, "900")
	data := filepath.Join(home, "data")
	if err := fillStore(t.Context(), data, f.set, 900); err != nil {
		t.Fatal(err)
	}
	buildHere(t, data)
	at := &sizeFound{posts: 900, answers: map[kind]map[string]*answered{}}
	f.sizes = append(f.sizes, at)
	if err := f.queries(t.Context(), at, home); err != nil {
		t.Fatal(err)
	}
	if at.share < 0.3 || at.share > 0.7 || at.rebuild.text == 0 {
		t.Errorf("the reader may see %.2f of %d bytes, want about half", at.share, at.rebuild.text)
	}
	for _, k := range kinds {
		us := at.answers[k][""]
		if us == nil || len(us.took) == 0 {
			t.Errorf("%s: nobody was asked", k)
			continue
		}
		if k != hostile && k != typing && us.hits == 0 {
			t.Errorf("%s: found nothing in %d questions", k, len(us.took))
		}
		if them := at.answers[k]["FTS5"]; f.absent["FTS5"] == "" && k != hostile && (len(them.took) != len(us.took) || them.hits == 0) {
			t.Errorf("%s: FTS5 was asked %d of %d questions and found %d", k, len(them.took), len(us.took), them.hits)
		}
	}
	var out strings.Builder
	f.print(&out)
	for _, want := range []string{"900 posts", string(twoWords), string(hostile)} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the tables lack %q:\n%s", want, out.String())
		}
	}
	pages, ideas, err := signIn(t.Context(), data)
	if err != nil || pages == "" || len(ideas) == 0 {
		t.Errorf("signed in as %q with %d ideas, %v", pages, len(ideas), err)
	}
}

func buildHere(t *testing.T, data string) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	index, err := search.Open(filepath.Join(data, indexFolder), st)
	if err != nil {
		t.Fatal(err)
	}
	if err := index.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := index.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestPostgresAnswersTheSame(t *testing.T) {
	dir, err := os.MkdirTemp("/tmp", "convivio-pg-") // another account reaches it
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil { // #nosec G302 -- the same
		t.Fatal(err)
	}
	c, err := beginCluster(t.Context(), filepath.Join(dir, "postgres"))
	if err != nil {
		t.Skip(err)
	}
	defer c.end()
	data := filepath.Join(dir, "data")
	if err := fillStore(t.Context(), data, madeUp(300), 300); err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(t.Context(), store.Options{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	who, err := readerOf(t.Context(), st)
	if err != nil {
		t.Fatal(err)
	}
	dsn, err := c.database(t.Context(), "bench_300")
	if err != nil {
		t.Fatal(err)
	}
	p, err := openPostgres(t.Context(), dsn, st, who, "italian", "italian 300")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSample(t.Context(), st, who)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds[:len(kinds)-1] {
		took, hits := time.Duration(0), 0
		for _, a := range s.draw(k, 5) {
			d, n, err := p.ask(t.Context(), a)
			if err != nil {
				t.Fatalf("%s, %q: %v", k, a.text, err)
			}
			took, hits = took+d, hits+n
		}
		if took == 0 || hits == 0 {
			t.Errorf("%s: %v for %d hits", k, took, hits)
		}
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
}

func TestFTSReadsWhatPeopleType(t *testing.T) {
	for q, want := range map[string]string{
		`mensa "orario estivo" -carne`: `("mensa" AND "orario estivo") NOT ("carne")`,
		`e-mail`:                       `("e" AND "mail")`,
		`"" - *`:                       ``,
	} {
		got := ""
		if steps := ftsLadder(q); len(steps) > 0 {
			got = steps[0]
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", q, got, want)
		}
	}
}

func TestGradesCountMostAtTheTop(t *testing.T) {
	titles := map[int64]string{1: "a", 2: "b", 3: "c"}
	want := map[string]int{"a": 2, "b": 1}
	if ndcg, mrr := graded([]int64{1, 2, 3}, titles, want); ndcg != 1 || mrr != 1 {
		t.Errorf("the best order scores %v, %v", ndcg, mrr)
	}
	worse, mrr := graded([]int64{3, 2, 1}, titles, want)
	if worse >= 1 || worse <= 0 || mrr != 0.5 {
		t.Errorf("a worse order scores %v, %v", worse, mrr)
	}
	if ndcg, mrr := graded(nil, titles, want); ndcg != 0 || mrr != 0 {
		t.Errorf("nothing scores %v, %v", ndcg, mrr)
	}
}

func TestRatiosAreOverTheSameQuestions(t *testing.T) {
	ms := time.Millisecond
	us := &answered{warm: []time.Duration{8 * ms}}
	them := &answered{}
	for i := range 100 { // ours becomes slow after they gave up
		us.took = append(us.took, time.Duration(1+i/60)*ms)
		if i < 60 {
			them.took = append(them.took, 4*ms)
		}
	}
	if got := beside(them, us); got[0] != "4.00 ms / 4.00 ms (of 60)" || got[1] != "0.25 / 0.25" {
		t.Errorf("got %q", got)
	}
	if got := beside(&answered{took: []time.Duration{4 * ms}, early: true}, us); got[0] != "4.00 ms (of 1)" || got[1] != "2.00" {
		t.Errorf("who answered while warming up: got %q", got)
	}
	if got := beside(nil, us); got[0] != "" || got[1] != "" {
		t.Errorf("nobody: got %q", got)
	}
}
