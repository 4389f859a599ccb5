package store

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"convivio/store/board"
)

const ourAddress = "https://idee.example.it"

// follow runs the follower of citations until the function it returns is called.
func (c *company) followCitations() (stop func()) {
	c.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- c.RunCitations(ctx, ourAddress) }()
	return func() {
		cancel()
		if err := <-done; err != nil {
			c.t.Error(err)
		}
	}
}

// cites writes down both sides of an idea as somebody sees them: "cites 3 1, cited by 7/12 4".
func (c *company) cites(who board.Who, idea int64) string {
	c.t.Helper()
	if err := c.WaitCitations(c.ctx, c.Head()); err != nil {
		c.t.Fatal(err)
	}
	found, err := c.Citations(c.ctx, who, idea)
	if err != nil {
		c.t.Fatal(err)
	}
	c.sameLinks(who, idea, found)
	var b strings.Builder
	for i, side := range [][]board.Citation{found.Cites, found.CitedBy} {
		for n, o := range side {
			if n == 0 {
				b.WriteString([]string{"cites", ", cited by"}[i])
			}
			fmt.Fprintf(&b, " %d", o.Idea)
			if o.Comment != nil {
				fmt.Fprintf(&b, "/%d", *o.Comment)
			}
		}
	}
	return strings.TrimPrefix(b.String(), ", ")
}

// sameLinks looks that a reader is told the same by what is kept for all readers.
func (c *company) sameLinks(who board.Who, idea int64, want board.Citations) {
	c.t.Helper()
	links, err := c.LinksOf(c.ctx, idea)
	if err != nil {
		c.t.Fatal(err)
	}
	boards, err := c.Boards(c.ctx, who)
	if err != nil {
		c.t.Fatal(err)
	}
	got, told := links.For(boards)
	got.Cites, got.CitedBy = append([]board.Citation{}, got.Cites...), append([]board.Citation{}, got.CitedBy...)
	if !told || !reflect.DeepEqual(got, want) {
		c.t.Errorf("%s is told of idea %d by what is kept: %+v (%v), want %+v", who.Name, idea, got, told, want)
	}
}

// TestLinksAreToldOnlyWhereTheyAreWhole hides an idea that cites behind many others
// that do, on a board that its reader does not see.
func TestLinksAreToldOnlyWhereTheyAreWhole(t *testing.T) {
	c := newCompany(t)
	defer c.followCitations()()
	one := c.idea(c.anna, c.open, "Una").ID
	seen, err := c.AddIdea(c.ctx, c.anna, c.open, board.NewIdea{Title: "Due", Body: "Come #1."}, "")
	if err != nil {
		t.Fatal(err)
	}
	for n := range citationsKept {
		c.do(c.AddIdea(c.ctx, c.anna, c.private, board.NewIdea{Title: fmt.Sprint("Riservata ", n), Body: "Come #1."}, ""))
	}
	c.do(nil, c.WaitCitations(c.ctx, c.Head()))
	links, err := c.LinksOf(c.ctx, one)
	if err != nil {
		t.Fatal(err)
	}
	boards, err := c.Boards(c.ctx, c.bruno)
	if err != nil {
		t.Fatal(err)
	}
	if got, told := links.For(boards); told || len(got.CitedBy) != 0 {
		t.Errorf("%+v was told as if it were all", got)
	}
	if got, err := c.Citations(c.ctx, c.bruno, one); err != nil || len(got.CitedBy) != 1 || got.CitedBy[0].Idea != seen.ID {
		t.Errorf("%+v cite idea 1, %v", got, err)
	}
}

func TestIdeasKnowWhatTheyCite(t *testing.T) {
	c := newCompany(t)
	stop := c.followCitations()
	one, two, three, four := c.idea(c.anna, c.open, "Una").ID, c.idea(c.anna, c.open, "Due").ID, c.idea(c.anna, c.open, "Tre").ID, c.idea(c.anna, c.open, "Quattro").ID
	private, err := c.AddIdea(c.ctx, c.anna, c.private, board.NewIdea{Title: "Riservata", Body: "Come #1, e come #99."}, "")
	if err != nil {
		t.Fatal(err)
	}
	hidden := private.ID
	sees := func(who board.Who, idea int64, want string) {
		t.Helper()
		if got := c.cites(who, idea); got != want {
			t.Errorf("%s sees of idea %d: %q, want %q", who.Name, idea, got, want)
		}
	}
	said := c.reply(c.bruno, two, nil, "Vedi #1 e [questa](/ideas/3#c1), e "+ourAddress+"/ideas/4, `#5`, #2, https://altrove.example.it/ideas/5.")
	sees(c.bruno, two, "cites 4 3 1")
	sees(c.bruno, one, fmt.Sprintf("cited by 2/%d", said.ID))
	sees(c.anna, one, fmt.Sprintf("cited by %d 2/%d", hidden, said.ID)) // who may see the board
	sees(c.anna, hidden, "cites 1")

	c.do(c.EditComment(c.ctx, c.bruno, said.ID, board.CommentChange{Body: "Vedi #3."}))
	sees(c.bruno, two, "cites 3")
	sees(c.bruno, four, "")
	c.do(c.Answer(c.ctx, c.mod, two, board.NewAnswer{Body: "Con #4."}, ""))
	body := "Nata da #3."
	c.do(c.EditIdea(c.ctx, c.anna, two, board.IdeaChange{Body: &body}))
	sees(c.bruno, two, "cites 4 3")
	sees(c.bruno, three, "cited by 2") // the text itself, rather than the comment

	c.do(c.DeleteComment(c.ctx, c.bruno, said.ID))
	c.do(c.DeleteIdea(c.ctx, c.anna, four))
	sees(c.bruno, two, "cites 3")
	c.do(c.RestoreIdea(c.ctx, c.anna, four))
	sees(c.bruno, two, "cites 4 3")
	sees(c.bruno, four, "cited by 2")

	rows := func() (all string) {
		c.do(nil, c.readDB.QueryRowContext(c.ctx, `SELECT GROUP_CONCAT(idea_id || ' ' || comment_id || ' ' || answer_id || ' ' || cited_id, '; ' ORDER BY 1)
			FROM citation`).Scan(&all))
		return all
	}
	before := rows()
	stop()
	for _, way := range []string{`UPDATE follower SET seq = 3 WHERE name = 'citations'`, `DELETE FROM follower WHERE name = 'citations'`} {
		if err := c.note(c.ctx, statement{way, nil}); err != nil {
			t.Fatal(err)
		}
		c.cited = newLogHead(0)
		stop = c.followCitations()
		sees(c.bruno, two, "cites 4 3")
		stop()
		if now := rows(); now != before {
			t.Errorf("after %s citations are\n%s, were\n%s", way, now, before)
		}
	}
	c.clean()
	if _, err := c.Citations(c.ctx, c.bruno, hidden); err == nil {
		t.Error("what a hidden idea cites was told")
	}
}
