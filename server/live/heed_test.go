package live

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"convivio/store/board"
)

func TestLosingAccessEndsTheFrames(t *testing.T) {
	h := newHouse(t)
	idea := h.idea(h.private, "Cambio sede")
	onBoard := h.listen(h.anna, query("board", h.private, "html", "it"))
	onIdea := h.listen(h.anna, query("idea", idea.ID, "html", "it"))
	everywhere := h.listen(h.anna, query("html", "it"))
	stays := h.listen(h.boss, query("idea", idea.ID))
	h.must(h.store.RemoveMember(t.Context(), h.boss, h.private, h.anna.ID))
	onBoard.endsWith(true, CloseReload)
	onIdea.endsWith(true, CloseReload)
	c := h.reply(h.boss, idea.ID, "Senza Anna")
	stays.until(c.Seq)
	open := h.idea(h.open, "Pane")
	if f := everywhere.next(); f.Seq != open.Seq {
		t.Errorf("got %+v, want event %d and nothing before it", f, open.Seq)
	}
	h.must(h.store.AddMember(t.Context(), h.boss, h.private, h.anna.ID))
	again := h.reply(h.boss, idea.ID, "Di nuovo con Anna")
	if f := everywhere.next(); f.Seq != again.Seq {
		t.Errorf("got %+v, want event %d", f, again.Seq)
	}
}

// TestNothingArrivesAfterTheLoss writes all the time while somebody is taken
// off the board: not a word written after that may reach them.
func TestNothingArrivesAfterTheLoss(t *testing.T) {
	h := newHouse(t)
	idea := h.idea(h.private, "Cambio sede")
	for range 15 {
		listeners := []*listener{
			h.listen(h.anna, query("idea", idea.ID, "html", "it")),
			h.listen(h.anna, query("html", "it", "after", max(0, h.store.Head()-20))),
			h.listen(h.anna, query("board", h.private)),
		}
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				for range 10 {
					h.reply(h.boss, idea.ID, "Parola")
				}
			})
		}
		lost, err := h.store.RemoveMember(t.Context(), h.boss, h.private, h.anna.ID)
		h.must(lost, err)
		wg.Wait()
		end := h.ideaOf(h.boss, h.open, "Fine").Seq
		for _, l := range listeners {
			for f := l.next(); f.Kind != "closed" && f.Seq != end; f = l.next() {
				if f.Kind != board.HelloFrame && f.Seq > lost {
					t.Fatalf("got %+v after access was lost by event %d", f, lost)
				}
			}
			_ = l.ws.Close()
		}
		h.must(h.store.AddMember(t.Context(), h.boss, h.private, h.anna.ID))
	}
}

func TestAPrivateBoardReachesNobodyElse(t *testing.T) {
	h := newHouse(t)
	const canary = "ornitorinco"
	secret := h.idea(h.private, canary)
	pub := h.idea(h.open, "Pane")
	start := int64(0)
	outside := []*listener{
		h.listen(h.bruno, query("html", "it", "after", start)),
		h.listen(h.bruno, query("board", h.open, "html", "en", "after", start)),
		h.listen(h.bruno, query("idea", pub.ID, "html", "it", "after", start)),
		h.listen(h.bruno, ""),
		h.listen(h.guest, query("html", "it", "after", start)),
	}
	c := h.reply(h.anna, secret.ID, canary)
	h.must(h.store.EditComment(t.Context(), h.anna, c.ID, board.CommentChange{Body: canary + "!"}))
	h.must(h.store.Vote(t.Context(), h.anna, secret.ID))
	h.must(h.store.Answer(t.Context(), h.boss, secret.ID, board.NewAnswer{Body: canary}, ""))
	h.must(h.store.DeleteIdea(t.Context(), h.anna, secret.ID))
	h.must(h.store.AddMember(t.Context(), h.boss, h.open, h.guest.ID))
	end := h.reply(h.anna, pub.ID, "Fine").Seq
	for i, l := range outside {
		for {
			f := l.next()
			if f.Kind == "closed" {
				t.Fatalf("listener %d: %+v", i, f)
			}
			if f.Board == h.private || f.Idea == secret.ID || f.Comment == c.ID || strings.Contains(fmt.Sprintf("%+v", f), canary) {
				t.Fatalf("listener %d heard %+v", i, f)
			}
			if f.Seq == end {
				break
			}
		}
	}
}

func TestABoardThatBecomesPrivate(t *testing.T) {
	h := newHouse(t)
	idea := h.idea(h.open, "Pane")
	h.must(h.store.AddMember(t.Context(), h.boss, h.open, h.anna.ID))
	inside := h.listen(h.anna, query("idea", idea.ID, "html", "it"))
	outside := h.listen(h.bruno, query("idea", idea.ID, "html", "it"))
	everywhere := h.listen(h.bruno, "")
	private, open := board.Private, board.Open
	h.must(h.store.ChangeBoard(t.Context(), h.boss, h.open, board.BoardChange{Visibility: &private}))
	outside.endsWith(true, CloseReload)
	c := h.reply(h.anna, idea.ID, "Tra noi")
	inside.until(c.Seq)
	h.must(h.store.ChangeBoard(t.Context(), h.boss, h.open, board.BoardChange{Visibility: &open, Confirm: "Mensa"}))
	everywhere.until(h.reply(h.anna, idea.ID, "Con tutti").Seq)
	h.listen(h.bruno, query("idea", idea.ID)).until(h.reply(h.anna, idea.ID, "Di nuovo").Seq)
}
