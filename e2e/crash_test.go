package e2e

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"convivio/client"
	"convivio/store/board"
)

// kills is how often the server is killed in the middle of its work.
const kills = 100

// acked is what the server said is saved.
type acked struct {
	mu       sync.Mutex
	comments map[int64]map[string]int64 // bodies and their ids, by idea
	ideas    map[string]int64
	files    map[string]int64 // named by an idea that was acknowledged, by their content
	sent     int
}

// TestKilledAHundredTimes kills the server at random moments while people post,
// reply and vote at once. Everything acknowledged must be there exactly once, and
// check must find nothing.
func TestKilledAHundredTimes(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a minute")
	}
	p := newProcess(t)
	p.start()
	admin := p.person("Ada Riva", "--role", "admin")
	var people []*client.Client
	for _, name := range []string{"Anna Gatti", "Bruno Sala", "Carla Neri", "Dino Galli"} {
		people = append(people, p.person(name))
	}
	ctx := within(t, 8*time.Minute)
	if _, err := admin.AddBoard(ctx, board.NewBoard{Slug: "prova", Name: "Prova"}); err != nil {
		t.Fatal(err)
	}
	a := &acked{comments: map[int64]map[string]int64{}, ideas: map[string]int64{}, files: map[string]int64{}}
	first, err := people[0].AddIdea(ctx, "prova", board.NewIdea{Title: "La prima"})
	if err != nil {
		t.Fatal(err)
	}
	a.ideas["La prima"] = first.ID
	for round := range kills {
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for n, who := range append(people, people...) {
			wg.Go(func() { a.writeUntil(ctx, stop, who, first.ID, fmt.Sprintf("%d-%d", round, n), round+n) })
		}
		time.Sleep(time.Duration(20+rand.IntN(250)) * time.Millisecond) // the moment of the blow
		p.kill()
		close(stop)
		wg.Wait()
		if t.Failed() {
			return
		}
		p.start()
	}
	a.compare(ctx, t, people[1])
	a.compareFiles(ctx, t, people[2])
	if code := p.stop(); code != 0 {
		t.Errorf("the server ended with %d after SIGTERM, want 0", code)
	}
	if out, err := p.try("check"); err != nil {
		t.Errorf("check: %v\n%s", err, out)
	}
}

// writeUntil writes as fast as the server answers and remembers what it acknowledged.
// Everybody begins with something else: where there is time for little, the blow
// falls into all of it all the same.
func (a *acked) writeUntil(ctx context.Context, stop <-chan struct{}, who *client.Client, idea int64, name string, from int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { <-stop; cancel() }()
	for n := from; ctx.Err() == nil; n++ {
		text := fmt.Sprintf("parola %s %d", name, n)
		switch n % 6 {
		case 5:
			a.attach(ctx, who, text)
		case 4:
			if i, err := who.AddIdea(ctx, "prova", board.NewIdea{Title: text}); err == nil {
				a.keep(func() { a.ideas[text] = i.ID })
			}
		case 3:
			_, _ = who.Vote(ctx, idea)
			_, _ = who.Unvote(ctx, idea)
		default:
			if c, err := who.Reply(ctx, idea, board.NewComment{Body: text}); err == nil {
				a.keep(func() {
					if a.comments[idea] == nil {
						a.comments[idea] = map[string]int64{}
					}
					a.comments[idea][text] = c.ID
				})
			}
		}
		a.keep(func() { a.sent++ })
	}
}

// attach attaches a file and posts an idea that names it.
func (a *acked) attach(ctx context.Context, who *client.Client, text string) {
	f, err := who.AddFile(ctx, text+".txt", strings.NewReader(text))
	if err != nil {
		return
	}
	if i, err := who.AddIdea(ctx, "prova", board.NewIdea{Title: "Con " + text, Body: f.Markdown}); err == nil {
		a.keep(func() { a.ideas["Con "+text], a.files[text] = i.ID, f.ID })
	}
}

// compareFiles reads every file back as somebody who did not attach it.
func (a *acked) compareFiles(ctx context.Context, t *testing.T, who *client.Client) {
	t.Helper()
	for text, id := range a.files {
		r, err := who.OpenFile(ctx, id)
		if err != nil {
			t.Errorf("file %d of %q: %v", id, text, err)
			continue
		}
		got, err := io.ReadAll(r)
		_ = r.Close()
		if err != nil || string(got) != text {
			t.Errorf("file %d reads %q, %v, want %q", id, got, err, text)
		}
	}
	if len(a.files) < kills/4 {
		t.Errorf("only %d acknowledged files: the test hit nothing", len(a.files))
	}
}

func (a *acked) keep(do func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	do()
}

// compare reads everything back through the front door.
func (a *acked) compare(ctx context.Context, t *testing.T, who *client.Client) {
	t.Helper()
	total := len(a.ideas)
	for idea, want := range a.comments {
		total += len(want)
		there := map[string][]int64{}
		for after := ""; ; {
			list, err := who.Comments(ctx, idea, board.OldestFirst, client.Page{Limit: 100, Cursor: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list.Items {
				there[c.Body] = append(there[c.Body], c.ID)
			}
			if after = list.Next; after == "" {
				break
			}
		}
		for body, id := range want {
			if got := there[body]; len(got) != 1 || got[0] != id {
				t.Errorf("comment %q was saved as %d, the thread has %v", body, id, got)
			}
		}
		for body, ids := range there {
			if len(ids) != 1 {
				t.Errorf("comment %q is there %d times", body, len(ids))
			}
		}
	}
	for title, id := range a.ideas {
		if i, err := who.Idea(ctx, id); err != nil || i.Title != title {
			t.Errorf("idea %q was saved as %d, which reads %q, %v", title, id, i.Title, err)
		}
	}
	t.Logf("%d acknowledged ideas and comments of %d requests are there", total, a.sent)
	if total < kills {
		t.Errorf("only %d acknowledged writes: the test hit nothing", total)
	}
}
