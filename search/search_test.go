package search_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"convivio/search"
	"convivio/store/board"
)

var (
	employee = board.Who{ID: 10, Kind: board.Employee}
	member   = board.Who{ID: 11, Kind: board.Employee}
	guest    = board.Who{ID: 12, Kind: board.Guest}
)

// house is a store with its index, followed as the server does.
type house struct {
	*memory
	t   *testing.T
	x   *search.Index
	dir string
	end func()
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{memory: newMemory(), t: t, dir: t.TempDir()}
	h.start()
	t.Cleanup(func() { h.stop() })
	return h
}

// start opens the index and follows the log until stop.
func (h *house) start() {
	h.t.Helper()
	x, err := search.Open(h.dir, h.memory)
	if err != nil {
		h.t.Fatal(err)
	}
	h.x = x
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.Run(ctx) }()
	h.end = func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Errorf("Run: %v", err)
		}
		if err := x.Close(); err != nil {
			h.t.Errorf("Close: %v", err)
		}
		h.end = func() {}
	}
}

func (h *house) stop() { h.end() }

// settle waits until everything that happened can be found.
func (h *house) settle() {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := h.x.Wait(ctx, h.Head()); err != nil {
		h.t.Fatalf("waiting for event %d at %d (building: %t): %v", h.Head(), h.x.Seq(), h.x.Rebuilding(), err)
	}
}

func (h *house) search(who board.Who, q board.Query) board.Found {
	h.t.Helper()
	found, err := h.x.Search(context.Background(), who, q)
	if err != nil {
		h.t.Fatalf("Search(%+v): %v", q, err)
	}
	return found
}

// name is the text of a hit: i3 c7 a1.
func name(hit board.Hit) string {
	switch {
	case hit.Comment != nil:
		return fmt.Sprintf("c%d", *hit.Comment)
	case hit.Where == board.InAnswer:
		return fmt.Sprintf("a%d", hit.Idea)
	}
	return fmt.Sprintf("i%d", hit.Idea)
}

// names are the texts of a page, in their order.
func names(found board.Found) []string {
	list := []string{}
	for _, hit := range found.Hits {
		list = append(list, name(hit))
	}
	return list
}

// passages are all texts that have all the words, idea by idea, and how many ideas
// they stand under: it turns every page, and asks each idea for its other texts.
func (h *house) passages(who board.Who, q board.Query) (list []string, ideas int) {
	h.t.Helper()
	q.Limit = board.MaxPage
	for {
		found := h.search(who, q)
		for _, hit := range found.Hits {
			if hit.Partial {
				continue
			}
			ideas++
			one := q
			one.Idea, one.Cursor = hit.Idea, ""
			all := h.search(who, one)
			if len(all.Hits) != 1+hit.Others || all.Next != "" || all.Total != 1 && !all.Uncounted {
				h.t.Errorf("%+v: idea %d has %d texts, said to be %d, total %d", q, hit.Idea, len(all.Hits), 1+hit.Others, all.Total)
			}
			if !slices.Contains(names(all), name(hit)) {
				h.t.Errorf("%+v: %s is not among the texts of its idea: %v", q, name(hit), names(all))
			}
			for _, each := range all.Hits {
				if each.Idea != hit.Idea || each.Others != 0 {
					h.t.Errorf("%q: %s, with %d others, among the texts of idea %d", q.Q, name(each), each.Others, hit.Idea)
				}
			}
			list = append(list, names(all)...)
		}
		if q.Cursor = found.Next; q.Cursor == "" {
			return list, ideas
		}
	}
}

// finds checks which texts a query finds as it is typed, in any order, and that as
// many ideas are counted as they stand under.
func (h *house) finds(who board.Who, q board.Query, want ...string) board.Found {
	h.t.Helper()
	q.Exact = true
	found := h.search(who, q)
	got, ideas := h.passages(who, q)
	slices.Sort(got)
	slices.Sort(want)
	if total := found.Total; !slices.Equal(got, want) || total != ideas && !found.Uncounted || found.Uncounted && total != 0 {
		h.t.Errorf("%+v finds %v (total %d, %d ideas), want %v", q, got, found.Total, ideas, want)
	}
	return found
}

func words(q string) board.Query { return board.Query{Q: q} }

func TestWordsInTheirForms(t *testing.T) {
	h := open(t)
	b := h.addBoard("lavoro", false)
	h.addIdea(b, "Il voto elettronico", "Propongo che ogni idea della città abbia un codice, come PRJ-1234.", "mensa")
	h.addIdea(b, "Le idee dei colleghi", "I voti sono pochi; l'azienda e la qualità delle riunioni.", "smart-working c++")
	h.addIdea(b, "Shorter meetings", "The weekly meeting should have an agenda; see sess.opts and e-mail in C++ or the company's policies.", "")
	h.addComment(1, "Sono d'accordo: dell’AZIENDA resta più di quel che c'è, perché no?")
	h.addAnswer(1, "La proposta è stata accettata: grazie a tutti voi.")
	h.addIdea(b, "12345", "El parque necesita más árboles en las calles de los vecinos, y una fuente para los niños", "")
	h.addIdea(b, "你好世界", "数据库 search", "")
	h.settle()
	for _, c := range []struct {
		q    string
		want string
	}{
		{"voto", "i1 i2"}, {"voti", "i1 i2"}, {"VOTI!", "i1 i2"},
		{"idea ", "i1 i2"}, {"idee", "i1 i2"},
		{"citta", "i1"}, {"città", "i1"}, {"CITTÀ", "i1"}, {"cittÁ", "i1"},
		{"azienda", "i2 c1"}, {"l'azienda", "i2 c1"}, {"dell’azienda ", "i2 c1"}, {"aziende", "i2 c1"},
		{"qualita", "i2"}, {"riunione", "i2"}, {"collega ", "i2"},
		{"meeting", "i3"}, {"meetings", "i3"}, {"shorter meeting ", "i3"}, {"policy", "i3"}, {"company", "i3"}, {"agendas", "i3"},
		{"PRJ-1234", "i1"}, {"prj-1234 ", "i1"}, {"1234 ", "i1"}, {"1234", "i1 i4"}, {"prj ", "i1"}, {"prj 1234", "i1"}, {"PRJ-123", "i1"}, {"PRJ-9999", ""},
		{"sess.opts", "i3"}, {"opts ", "i3"}, {"sess opts", "i3"}, {"sess.op", "i3"},
		{"e-mail", "i3"}, {"email ", "i3"}, {"mail ", "i3"},
		{"C++", "i2 i3"}, {"c++ ", "i2 i3"},
		{"smart-working", "i2"}, {"mensa", "i1"},
		{"arboles", "i4"}, {"árboles", "i4"}, {"12345", "i4"},
		{"你好", "i5"}, {"世界", "i5"}, {"好世", "i5"}, {"数据", "i5"}, {"数世", ""},
		// all words, anywhere in one text
		{"voto codice", "i1"}, {"codice mensa voto", "i1"}, {"voto riunione", "i2"}, {"voto meeting", ""},
		// common words do not matter, unless they stand alone
		{"il voto della città", "i1"}, {"the meeting", "i3"}, {"come voto ", "i1 i2"}, {"perché", "c1"},
		// the last word as it is typed
		{"vo", "i1 i2"}, {"el", "i1 i4"}, {"eletr", ""}, {"elettr", "i1"}, {"elettronic", "i1"}, {"elettronici", "i1"}, {"propo", "i1 a1"},
		{"accetta", "a1"}, {"meet", "i3"}, {"mee", "i3"}, {"codice elet", "i1"}, {"elet codice", ""},
	} {
		h.finds(employee, words(c.q), strings.Fields(c.want)...)
	}
}

func TestWhereAndSnippet(t *testing.T) {
	h := open(t)
	b := h.addBoard("lavoro", false)
	long := strings.Repeat("Parole senza importanza che riempiono la pagina. ", 40)
	h.addIdea(b, "Orari della mensa", long+"Qui si parla di <b>biciclette</b> & caschi. "+long, "cucina")
	h.addComment(1, "Anche le mense degli altri sono piene")
	h.addAnswer(1, "La mensa resta aperta")
	h.addIdea(b, "Parcheggio", "", "")
	h.settle()
	for _, c := range []struct {
		q, name string
		where   board.Where
		snippet string
	}{
		{"mensa orari", "i1", board.InTitle, "<mark>Orari</mark> della <mark>mensa</mark> · Parole senza"},
		{"bicicletta ", "i1", board.InText, "&lt;b&gt;<mark>biciclette</mark>&lt;/b&gt; &amp; caschi"},
		{"biciclette mensa ", "i1", board.InTitle, "<mark>biciclette</mark>"},
		{"cucina", "i1", board.InText, "#<mark>cucina</mark>"},
		{"piene ", "c1", board.InComment, "Anche le mense degli altri sono <mark>piene</mark>"},
		{"aperta ", "a1", board.InAnswer, "La mensa resta <mark>aperta</mark>"},
		{"parcheg", "i2", board.InTitle, "<mark>Parcheggio</mark>"},
	} {
		found := h.finds(employee, words(c.q), c.name)
		if len(found.Hits) != 1 {
			continue
		}
		hit := found.Hits[0]
		if hit.Where != c.where || !strings.Contains(hit.Snippet, c.snippet) {
			t.Errorf("%q: where %s, snippet %q; want %s, %q", c.q, hit.Where, hit.Snippet, c.where, c.snippet)
		}
		if plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(hit.Snippet); strings.ContainsAny(plain, "<>") || len([]rune(plain)) > 280 {
			t.Errorf("%q: snippet %q", c.q, hit.Snippet)
		}
	}
	first := h.search(employee, words("mensa")).Hits
	if len(first) != 1 || first[0].Others != 2 || first[0].Board != "lavoro" || first[0].Title != "Orari della mensa" || first[0].Headline != "Orari della <mark>mensa</mark>" {
		t.Errorf("one idea with three texts: %+v", first)
	}
}

func TestFiltersAndFacets(t *testing.T) {
	h := open(t)
	one, two := h.addBoard("one", false), h.addBoard("two", false)
	for i := range 6 {
		h.addIdea([]int64{one, two}[i%2], fmt.Sprintf("Mensa %d", i+1), "", "")
	}
	h.addComment(1, "La mensa di tutti")
	h.addComment(2, "La mensa di nessuno")
	h.stage(2, board.Planned)
	h.settle()
	stamp := func(name string) time.Time {
		for ref, d := range h.texts {
			if name == string(ref.Part)+fmt.Sprint(ref.ID) {
				return time.UnixMicro(d.At)
			}
		}
		t.Fatalf("no %s", name)
		return time.Time{}
	}
	h.finds(employee, words("mensa"), "i1", "i2", "i3", "i4", "i5", "i6", "c1", "c2")
	h.finds(employee, board.Query{Q: "mensa", Board: "two"}, "i2", "i4", "i6", "c2")
	h.finds(employee, board.Query{Q: "mensa", Stage: board.Planned}, "i2", "c2")
	h.finds(employee, board.Query{Q: "mensa", Stage: board.New, Board: "one"}, "i1", "i3", "i5", "c1")
	h.finds(employee, board.Query{Q: "mensa", Author: 2}, "c1", "c2")
	h.finds(employee, board.Query{Q: "mensa", Author: 99})
	h.finds(employee, board.Query{Q: "mensa", From: stamp("text5")}, "i5", "i6", "c1", "c2")
	h.finds(employee, board.Query{Q: "mensa", From: stamp("text5"), To: stamp("comment1")}, "i5", "i6")
	h.finds(employee, board.Query{Q: "mensa", To: stamp("text1")})
	found := h.search(employee, board.Query{Q: "mensa", Limit: 1})
	if got := fmt.Sprint(found.Facets.Boards, found.Facets.Stages, found.Facets.Years); got != "[{one 3} {two 3}] [{new 5} {planned 1}] [{2026 6}]" || found.Total != 6 || len(found.Hits) != 1 {
		t.Errorf("facets %s, total %d, %d hits", got, found.Total, len(found.Hits))
	}
	for _, c := range []struct {
		q     board.Query
		field string
	}{
		{board.Query{Q: "mensa", Board: "none"}, "board"}, {board.Query{Q: "mensa", Stage: "x"}, "stage"},
		{board.Query{Q: "mensa", Limit: -1}, "limit"}, {board.Query{Q: "mensa", Cursor: "x"}, "cursor"}, {board.Query{Q: "", Cursor: "????"}, "cursor"},
		{board.Query{Q: "mensa", Cursor: strings.Repeat("A", 10_000)}, "cursor"},
		{board.Query{Q: "altro", Cursor: found.Next}, "cursor"}, {board.Query{Q: "mensa", Board: "one", Cursor: found.Next}, "cursor"},
	} {
		_, err := h.x.Search(context.Background(), employee, c.q)
		var fault *board.Error
		if !errors.As(err, &fault) || fault.Code != board.Invalid || fault.Field != c.field {
			t.Errorf("%+v: %v, want invalid on %s", c.q, err, c.field)
		}
	}
}

// A reader finds, counts and is shown only what they may see, whatever happened
// to the boards, also before the index has heard of it.
func TestAccess(t *testing.T) {
	h := open(t)
	public, private := h.addBoard("public", false), h.addBoard("private", true, member.ID)
	forGuest := h.addBoard("suppliers", false, guest.ID)
	h.addIdea(public, "Segreto di tutti", "", "")
	h.addIdea(private, "Segreto di pochi", "", "")
	h.addComment(2, "Un segreto in privato")
	h.addIdea(forGuest, "Segreto dei fornitori", "", "")
	h.settle()
	all := func() {
		t.Helper()
		h.finds(member, words("segreto"), "i1", "i2", "c1", "i3")
		h.finds(employee, words("segreto"), "i1", "i3")
		h.finds(guest, words("segreto"), "i3")
		h.finds(board.Who{ID: 99, Kind: board.Guest}, words("segreto"))
	}
	all()
	h.finds(employee, words("pochi"))
	if f := h.search(employee, words("segreto")).Facets; len(f.Boards) != 2 {
		t.Errorf("facets %v", f)
	}
	if _, err := h.x.Search(context.Background(), employee, board.Query{Q: "segreto", Board: "private"}); err == nil || err.Error() != "There is no board with this address." {
		t.Errorf("a private board as filter: %v", err)
	}
	// Membership counts at once.
	h.setMember(private, employee.ID, true)
	h.finds(employee, words("segreto"), "i1", "i2", "c1", "i3")
	h.setMember(private, employee.ID, false)
	all()
	// A board that becomes private is out of sight before the index knows.
	h.stop()
	h.start()
	h.settle()
	h.fail(errors.New("the store is busy"))
	h.setPrivate(public, true)
	h.finds(employee, words("segreto"), "i3")
	if f := h.search(employee, words("segreto")).Facets; len(f.Boards) != 1 {
		t.Errorf("facets %v", f)
	}
	h.fail(nil)
	h.settle()
	h.finds(employee, words("segreto"), "i3")
	h.setMember(public, employee.ID, true)
	h.finds(employee, words("segreto"), "i1", "i3")
	h.setMember(public, employee.ID, false)
	// One that becomes open is found by everyone, and the members never lose it.
	h.setPrivate(private, false)
	h.finds(member, words("pochi"), "i2")
	h.settle()
	h.finds(employee, words("segreto"), "i2", "c1", "i3")
	h.setPrivate(private, true)
	h.finds(employee, words("segreto"), "i3")
	h.settle()
	h.finds(employee, words("segreto"), "i3")
	h.finds(member, words("segreto"), "i2", "c1", "i3")
	problems(t, h)
}

func TestChanges(t *testing.T) {
	h := open(t)
	b := h.addBoard("b", false)
	h.addIdea(b, "Alpha", "rosso", "")
	h.addIdea(b, "Beta", "rosso", "")
	h.addComment(1, "rosso ancora")
	h.addComment(2, "rosso ancora")
	h.addAnswer(2, "rosso ancora")
	h.settle()
	h.finds(employee, words("rosso"), "i1", "i2", "c1", "c2", "a2")
	h.change(board.Ref{Part: board.InText, ID: 1}, board.IdeaEdited, func(d *board.Document) { d.Title, d.HTML = "Gamma", "<p>verde</p>" })
	h.change(board.Ref{Part: board.InComment, ID: 1}, board.CommentEdited, func(d *board.Document) { d.HTML = "<p>verde</p>" })
	h.deleteComment(2)
	h.vote(1)
	h.settle()
	h.finds(employee, words("rosso"), "i2", "a2")
	h.finds(employee, words("verde"), "i1", "c1")
	h.finds(employee, words("alpha"))
	h.deleteIdea(2)
	h.finds(employee, words("ancora")) // not shown, although still indexed
	h.settle()
	h.finds(employee, words("rosso"))
	h.addIdea(b, "Colleghi", "", "") // tells no language: every form of its words counts
	h.settle()
	h.finds(employee, words("collega "), "i3")
	h.setLang(b, "en") // then the board's language does
	h.settle()
	h.finds(employee, words("collega "))
	h.setLang(b, "it")
	h.settle()
	h.finds(employee, words("collega "), "i3")
	h.change(board.Ref{Part: board.InText, ID: 1}, "idea.turned_around", func(d *board.Document) { d.Title = "Delta" }) // a kind of later
	h.settle()
	h.finds(employee, words("delta"), "i1")
	problems(t, h)
}

// problems checks that the index equals the store.
func problems(t *testing.T, h *house) {
	t.Helper()
	h.stop()
	x, err := search.Open(h.dir, h.memory)
	if err != nil {
		t.Fatal(err)
	}
	list, err := x.Check(context.Background())
	if err != nil || len(list) > 0 {
		t.Errorf("Check: %v, %v", list, err)
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	h.start()
}
