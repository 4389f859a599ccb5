package search_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"convivio/search"
	"convivio/store/board"
	"convivio/store/language"
)

// PeopleNames makes a memory a search.TopicSource.
func (m *memory) PeopleNames(context.Context) ([]string, error) {
	return []string{"Tobia Ferro", "tobia.ferro", "Ada Monti"}, nil
}

// forum is a house whose texts are written on days of the past.
type forum struct {
	*house
	topics *search.Topics
	clock  time.Time
}

func openForum(t *testing.T) *forum {
	f := &forum{house: open(t), clock: time.Date(2026, 11, 20, 15, 0, 0, 0, time.Local)}
	f.topics = search.NewTopics(f.x, f.memory, func() time.Time { return f.clock })
	return f
}

// says adds an idea that somebody wrote some days ago.
func (f *forum) says(boardID, author int64, daysAgo float64, title, body string) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	ref := board.Ref{Part: board.InText, ID: f.next(board.InText)}
	f.texts[ref] = board.Document{Ref: ref, Idea: ref.ID, Board: boardID, Stage: board.New, Author: author,
		At:   f.clock.Add(-time.Duration(daysAgo * 24 * float64(time.Hour))).UnixMicro(),
		Lang: language.Of(title+"\n"+body, "it"), Title: title, HTML: html(body)}
	f.record(board.IdeaAdded, boardID, ref.ID, 0, 0)
	return ref.ID
}

// past fills a board with two years of talk about the same things, week after week.
func (f *forum) past(boardID int64) {
	for week := range 52 {
		for n, about := range []string{"La macchina del capannone è ferma", "Il parcheggio davanti al cancello è pieno", "La mensa serve la pasta fredda", "The printer on the second floor is out of paper"} {
			f.says(boardID, int64(n+1), float64(7*week+n)+0.5, about, "Succede spesso e nessuno sa perché.")
		}
	}
}

// growing are the topics a reader is shown, one line each.
func (f *forum) growing(who board.Who, q board.TopicQuery) (lines []string) {
	f.t.Helper()
	got, err := f.topics.Growing(f.t.Context(), who, q, true)
	if err != nil {
		f.t.Fatal(err)
	}
	if got.NotReady {
		f.t.Fatal("not ready")
	}
	for _, x := range got.Items {
		var ideas []string
		for _, e := range x.Examples {
			ideas = append(ideas, e.Title)
		}
		lines = append(lines, fmt.Sprint(strings.Join(x.Words, ", "), " | ", x.Ideas, " ", x.Weeks, " | ", strings.Join(ideas, "; ")))
	}
	return lines
}

func TestTopicsGrowAgainstTheirOwnPast(t *testing.T) {
	f := openForum(t)
	work := f.addBoard("lavoro", false)
	f.past(work)
	f.says(work, 5, 200, "Il muletto è rotto", "")
	var muletti []int64
	for n, day := range []float64{1, 4, 9, 16, 23} {
		title := []string{"Il muletto elettrico non si sente", "Un cicalino sul muletto elettrico", "Muletti elettrici e corsie strette", "Di notte il muletto elettrico fa paura", "Al muletto elettrico serve un cicalino"}[n]
		muletti = append(muletti, f.says(work, int64(1+n%4), day, title, "Ne parlavo con Tobia, che guida da anni."))
		f.says(work, 9, day, "Uno zeppelin per le consegne", "Lo zeppelin costa poco.") // one person's talk
	}
	f.settle()
	got := f.growing(employee, board.TopicQuery{})
	if len(got) != 1 || !strings.HasPrefix(got[0], "muletto elettrico") || !strings.Contains(got[0], "| 5 [") {
		t.Fatalf("got %q", got)
	}
	for _, not := range []string{"zeppelin", "tobia", "macchina", "elettric,", "muletti,"} {
		if strings.Contains(strings.ToLower(got[0]), not) {
			t.Errorf("%q holds %q", got[0], not)
		}
	}
	if week := f.growing(employee, board.TopicQuery{Days: 7}); len(week) != 0 {
		t.Errorf("two ideas of a week make a topic: %q", week)
	}
	if all := f.growing(employee, board.TopicQuery{Days: 90, Board: "lavoro"}); len(all) != 1 {
		t.Errorf("over 90 days: %q", all)
	}
	if guests := f.growing(guest, board.TopicQuery{}); len(guests) != 0 {
		t.Errorf("a guest is shown %q", guests)
	}
	for _, q := range []board.TopicQuery{{Days: 8}, {Days: -7}, {Limit: -1}, {Board: "altrove"}} {
		if _, err := f.topics.Growing(t.Context(), employee, q, true); err == nil {
			t.Errorf("%+v is answered", q)
		}
	}
	for _, id := range muletti[:3] {
		f.deleteIdea(id)
	}
	f.settle()
	f.clock = f.clock.Add(time.Hour)
	if got := f.growing(employee, board.TopicQuery{}); len(got) != 0 {
		t.Errorf("what was deleted is still a topic: %q", got)
	}
}

// TestWhatIsHiddenDoesNotShowInTopics compares a company in which a private board
// is full with one in which it is empty.
func TestWhatIsHiddenDoesNotShowInTopics(t *testing.T) {
	var worlds [2]string
	for i := range worlds {
		f := openForum(t)
		work := f.addBoard("lavoro", false)
		secret := f.addBoard("segreto", true, member.ID)
		f.past(work)
		for n := range 5 {
			f.says(work, int64(n), float64(2+3*n), fmt.Sprint("Tettoia numero ", n), "La tettoia delle biciclette; una proroga, forse.")
		}
		f.says(work, 2, 3, "Proroga dei lavori", "Un cantiere, i licenziamenti di cui si parla")
		if i == 1 {
			f.past(secret)
			for n := range 8 {
				f.says(secret, int64(n), float64(n), "Licenziamenti e proroga della TETTOIE", "Licenziamenti, biciclette nuove, cantiere. Le TETTOIE.")
				f.says(secret, int64(n), float64(100+n), "Tettoie e Tettoie", "La tettoia delle biciclette.")
			}
		}
		f.settle()
		for _, who := range []board.Who{employee, guest} {
			for _, days := range board.TopicPeriods {
				for _, slug := range []string{"", "lavoro"} {
					if slug != "" && who.ID == guest.ID {
						continue
					}
					worlds[i] += fmt.Sprintln(who.ID, days, slug, f.growing(who, board.TopicQuery{Days: days, Board: slug}))
				}
			}
		}
		if i == 1 {
			if got := fmt.Sprint(f.growing(member, board.TopicQuery{})); !strings.Contains(got, "licenziamenti") {
				t.Errorf("a member is shown %s", got)
			}
		}
	}
	if worlds[0] != worlds[1] {
		t.Errorf("the two worlds differ:\n%s\n%s", worlds[0], worlds[1])
	}
	if !strings.Contains(worlds[0], "tettoia") {
		t.Errorf("nothing grows:\n%s", worlds[0])
	}
}

func TestAYoungCompanyHasNoTopics(t *testing.T) {
	f := openForum(t)
	work := f.addBoard("lavoro", false)
	for n := range 12 {
		f.says(work, int64(n), float64(n), "La tettoia per le biciclette", "Piove.")
	}
	f.settle()
	got, err := f.topics.Growing(t.Context(), employee, board.TopicQuery{}, true)
	if err != nil || !got.Young || len(got.Items) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestSurprise(t *testing.T) {
	for _, tt := range []struct {
		a, c, b, d int
		want       float64
	}{
		{5, 10, 50, 100, 0}, // as often as before
		{1, 10, 50, 100, 0}, // less often
		{4, 10, 0, 60, 17.204},
		{10, 100, 10, 1000, 22.908},
	} {
		if got := search.Surprise(tt.a, tt.c, tt.b, tt.d); math.Abs(got-tt.want) > 0.001 {
			t.Errorf("%+v: got %.3f", tt, got)
		}
	}
}
