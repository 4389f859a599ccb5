package live

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"convivio/store/board"
)

var zero time.Time

// chatter does n things to an idea: comments, edits, deletions and votes.
func (h *house) chatter(r *rand.Rand, idea int64, n int) {
	var mine []int64
	for i := range n {
		var err error
		switch k := r.IntN(6); {
		case k == 0 && len(mine) > 0:
			_, err = h.store.EditComment(h.Context(), h.anna, mine[r.IntN(len(mine))], board.CommentChange{Body: fmt.Sprint("Anzi ", i)})
		case k == 1 && len(mine) > 3:
			_, err = h.store.DeleteComment(h.Context(), h.anna, mine[0])
			mine = mine[1:]
		case k == 2:
			_, err = h.store.Vote(h.Context(), h.anna, idea)
		case k == 3:
			_, err = h.store.Unvote(h.Context(), h.anna, idea)
		default:
			var c board.Comment
			c, err = h.store.Reply(h.Context(), h.anna, idea, board.NewComment{Body: fmt.Sprint("Parola ", i)}, "")
			mine = append(mine, c.ID)
		}
		if err != nil {
			h.Error(err)
		}
	}
}

// follow listens to an idea through random disconnects until an event, and
// returns every frame it got.
func (h *house) follow(r *rand.Rand, who board.Who, idea, from int64, until func() int64) (all []heard) {
	last := from
	for {
		l, _ := h.dial(who, query("idea", idea, "after", last, "epoch", h.store.Epoch(), "html", "it"))
		if l == nil {
			h.again() // it is being restarted
			continue
		}
		for n := r.IntN(60); ; n-- {
			if done := until(); done != 0 && last >= done {
				_ = l.ws.Close()
				return all
			}
			f := l.next()
			if f.Kind == board.ReloadFrame {
				h.Errorf("told to reload after event %d", last)
				return all
			}
			if f.Kind == "closed" {
				break
			}
			if f.Seq > 0 && f.Kind != board.HelloFrame {
				all, last = append(all, f), f.Seq
			}
			if n <= 0 && f.Kind != board.HelloFrame {
				break
			}
		}
		_ = l.ws.NetConn().Close() // as a network does: without a word
	}
}

// eventsOn are the events of an idea that its readers may hear.
func (h *house) eventsOn(who board.Who, idea, after int64) (all []board.Event) {
	h.Helper()
	for {
		page, err := h.store.Events(h.Context(), who, after, 100)
		h.must(page, err)
		for _, e := range page.Items {
			if e.Idea == idea {
				all = append(all, e)
			}
		}
		if page.Seq == after {
			return all
		}
		after = page.Seq
	}
}

func (h *house) sameSeqs(got []heard, want []board.Event) {
	h.Helper()
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i].Seq != want[i].Seq || got[i].Kind != want[i].Kind {
			h.Errorf("%d frames, want %d events; they differ from number %d", len(got), len(want), i)
			return
		}
	}
}

func TestResumeTellsWhatWasMissedOnce(t *testing.T) {
	h := newHouse(t)
	idea := h.idea(h.open, "Pane")
	seed := rand.Uint64()
	t.Log("seed", seed)
	var last int64
	var mu sync.Mutex
	until := func() int64 { mu.Lock(); defer mu.Unlock(); return last }
	got := make([][]heard, 8)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = h.follow(rand.New(rand.NewPCG(seed, uint64(i))), h.bruno, idea.ID, idea.Seq, until) })
	}
	h.chatter(rand.New(rand.NewPCG(seed, 99)), idea.ID, 400)
	end := h.reply(h.anna, idea.ID, "Fine").Seq
	mu.Lock()
	last = end
	mu.Unlock()
	h.reply(h.anna, idea.ID, "Per chi aspetta ancora")
	wg.Wait()
	want := h.eventsOn(h.bruno, idea.ID, idea.Seq)
	for _, frames := range got {
		h.sameSeqs(frames, want[:len(frames)])
		if frames[len(frames)-1].Seq < end {
			t.Errorf("stopped at event %d, before %d", frames[len(frames)-1].Seq, end)
		}
	}
}

// TestManyClientsEndEqualToAFreshRead: whatever happens to the connections and
// to the hub, what clients put together from frames is what a fresh read shows.
func TestManyClientsEndEqualToAFreshRead(t *testing.T) {
	h := newHouse(t)
	seed := rand.Uint64()
	t.Log("seed", seed)
	idea := h.idea(h.open, "Pane")
	var last int64
	var mu sync.Mutex
	until := func() int64 { mu.Lock(); defer mu.Unlock(); return last }
	got := make([][]heard, 200)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = h.follow(rand.New(rand.NewPCG(seed, uint64(i))), h.bruno, idea.ID, idea.Seq, until) })
	}
	r := rand.New(rand.NewPCG(seed, 1000))
	h.chatter(r, idea.ID, 40)
	h.end()
	h.chatter(r, idea.ID, 20) // while no hub is there
	h.start()
	h.chatter(r, idea.ID, 40)
	moved, err := h.store.MoveIdea(t.Context(), h.boss, idea.ID, board.Move{Stage: board.InReview})
	h.must(moved, err)
	mu.Lock()
	last = moved.Seq
	mu.Unlock()
	locked, err := h.store.LockIdea(t.Context(), h.boss, idea.ID, true) // wakes those who wait for one more
	h.must(locked, err)
	wg.Wait()

	want := map[int64]string{0: ideaWords("it", locked)}
	list, err := h.store.Comments(t.Context(), h.bruno, idea.ID, board.OldestFirst, 100, "")
	h.must(list, err)
	for _, c := range list.Items {
		want[c.ID] = commentWords("it", c)
	}
	if list.Next != "" {
		t.Fatal("more comments than one page")
	}
	for i, frames := range got {
		shown := map[int64]string{}
		for _, f := range frames {
			shown[f.Comment] = f.HTML
		}
		if !maps.Equal(shown, want) {
			t.Errorf("client %d shows %v, want %v", i, shown, want)
		}
	}
}

func TestReloadWhereResumingIsNotPossible(t *testing.T) {
	h := newHouse(t)
	idea := h.idea(h.open, "Pane")
	for _, q := range []string{
		query("after", idea.Seq, "epoch", "un'altra"),
		query("epoch", "un'altra"),
		query("after", idea.Seq+1),
		query("idea", idea.ID, "after", int64(1)<<60, "html", "it"),
	} {
		l := h.listen(h.bruno, q)
		l.endsWith(true, CloseReload)
	}
	l := h.listen(h.bruno, query("after", idea.Seq, "epoch", h.store.Epoch()))
	l.until(h.idea(h.open, "Sale").Seq)
}

func TestReloadTooFarBehind(t *testing.T) {
	h := newHouse(t)
	start := h.idea(h.open, "Pane").Seq
	stays := h.listen(h.bruno, query("board", h.open))
	var wg sync.WaitGroup
	for i := range 100 {
		idea := h.idea(h.open, fmt.Sprint("Idea ", i))
		wg.Go(func() {
			for range TooFar / 200 {
				_, err := h.store.Vote(t.Context(), h.bruno, idea.ID)
				if err == nil {
					_, err = h.store.Unvote(t.Context(), h.bruno, idea.ID)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	go func() {
		for f := stays.next(); f.Kind != "closed"; f = stays.next() {
		}
	}()
	wg.Wait()
	head := h.store.Head()
	if head-start <= TooFar {
		t.Fatalf("only %d events", head-start)
	}
	h.listen(h.bruno, query("after", head-TooFar-1)).endsWith(true, CloseReload)
	all := h.listen(h.bruno, query("after", head-TooFar)).until(head)
	if len(all) != TooFar {
		t.Errorf("%d frames, want %d", len(all), TooFar)
	}
}

func TestASlowReaderIsCutOffAndResumes(t *testing.T) {
	h := newHouse(t)
	idea := h.idea(h.open, "Pane")
	h.smallBuffers.Store(true)
	slow := h.listen(h.bruno, query("idea", idea.ID, "html", "it"))
	h.smallBuffers.Store(false)
	quick := h.listen(h.boss, query("idea", idea.ID, "html", "it"))
	words := strings.Repeat("pane ", 200)
	var last int64
	for h.now().Figures().CutOff == 0 {
		last = h.reply(h.anna, idea.ID, words).Seq
		quick.until(last) // nobody waits for the slow one
	}
	heardLast := idea.Seq
	for f := slow.next(); f.Kind != "closed"; f = slow.next() {
		heardLast = f.Seq
	}
	if heardLast >= last {
		t.Fatal("the slow reader was cut off although it had everything")
	}
	again := h.listen(h.bruno, query("idea", idea.ID, "html", "it", "after", heardLast))
	h.sameSeqs(again.until(last), h.eventsOn(h.bruno, idea.ID, heardLast))
}

func TestDrainAsksEveryoneToComeBack(t *testing.T) {
	h := newHouse(t)
	idea := h.idea(h.open, "Pane")
	var all []*listener
	for range 20 {
		all = append(all, h.listen(h.bruno, query("idea", idea.ID, "html", "it")))
	}
	seq := h.reply(h.anna, idea.ID, "Ultima parola").Seq
	for _, l := range all[:10] {
		l.until(seq)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); h.end() }()
	for i, l := range all {
		f := l.next()
		if i >= 10 {
			if f.Seq != seq {
				t.Errorf("got %+v, want event %d before the end", f, seq)
			}
			f = l.next()
		}
		if f.Kind != "closed" || f.Count != websocket.CloseServiceRestart || !strings.HasPrefix(f.Reason, "retry=") {
			t.Errorf("got %+v, want close code 1012 with a hint when to come back", f)
		}
	}
	<-ended
	if _, status := h.dial(h.bruno, ""); status != 503 {
		t.Errorf("a connection to a hub that stops: status %d, want 503", status)
	}
	if n := h.now().Figures().Sockets; n != 0 {
		t.Errorf("%d connections after the drain", n)
	}
	h.start() // for the cleanup
}
