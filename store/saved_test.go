package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"convivio/store/board"
)

// titles is a Finder that finds ideas by a word of their titles and comments by
// one of their text, as the reader may see them.
type titles struct {
	*company
	fault error
	asked int
}

func (f *titles) Seq() int64                        { return f.Head() }
func (f *titles) Wait(context.Context, int64) error { return nil }
func (f *titles) Search(ctx context.Context, who board.Who, q board.Query) (out board.Found, err error) {
	if f.asked++; f.fault != nil {
		return out, f.fault
	}
	word := strings.TrimSpace(q.Q)
	rows, err := f.readDB.QueryContext(ctx, `
		SELECT i.id, x.author FROM (SELECT id AS idea, title AS text, author_id AS author, created_at FROM idea
			UNION ALL SELECT idea_id, body, author_id, created_at FROM comment WHERE deleted_at IS NULL) x
		JOIN idea i ON i.id = x.idea AND i.deleted_at IS NULL JOIN board b ON b.id = i.board_id
		WHERE x.text LIKE $3 AND x.created_at >= $4 AND `+sees, string(who.Kind), who.ID, "%"+word+"%", micros(q.From))
	if err != nil {
		return out, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var h board.Hit
		if err := rows.Scan(&h.Idea, &h.Author.ID); err != nil {
			return out, err
		}
		out.Hits = append(out.Hits, h)
	}
	return out, rows.Err()
}

// round tells of saved searches until nothing is left to tell.
func (f *titles) round() {
	f.t.Helper()
	if err := f.WaitNotices(f.ctx, f.Head()); err != nil {
		f.t.Fatal(err)
	}
	for done := int64(0); done < f.Head(); {
		var err error
		if done, err = f.TellSaved(f.ctx, f, done); err != nil {
			f.t.Fatal(err)
		}
	}
}

func (c *company) save(who board.Who, query string) board.Saved {
	c.t.Helper()
	v, err := c.SaveSearch(c.ctx, who, board.NewSaved{Query: query})
	if err != nil {
		c.t.Fatal(err)
	}
	return v
}

// matches are the searches that somebody's notices tell of, with how many ideas.
func (c *company) matches(who board.Who) (out []string) {
	c.t.Helper()
	list, err := c.Notices(c.ctx, who, 100, "")
	if err != nil {
		c.t.Fatal(err)
	}
	unseen := 0
	for _, n := range list.Items {
		if !n.Seen {
			unseen++
		}
		if n.Reason == board.Matched {
			out = append(out, fmt.Sprintf("%s: %s+%d %t", n.Search, n.Title, n.Others, n.Seen))
		}
	}
	if unseen != list.Unseen {
		c.t.Errorf("%d notices are unseen, the count says %d", unseen, list.Unseen)
	}
	return out
}

func (c *company) expect(got []string, want ...string) {
	c.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		c.t.Errorf("got %q, want %q", got, want)
	}
}

func TestASavedSearchTellsWhatIsNewOnce(t *testing.T) {
	c := newCompany(t)
	c.tell()
	find := &titles{company: c}
	c.idea(c.bruno, c.open, "La mensa di prima")
	saved := c.save(c.anna, "q=mensa")
	find.round()
	c.expect(c.matches(c.anna))

	c.idea(c.bruno, c.open, "Una mensa nuova")
	c.idea(c.anna, c.open, "La mensa che propone lei stessa")
	find.round()
	c.expect(c.matches(c.anna), "mensa: Una mensa nuova+0 false")
	c.idea(c.bruno, c.open, "Mensa aperta la sera")
	find.round()
	find.round()
	c.expect(c.matches(c.anna), "mensa: Mensa aperta la sera+1 false")
	c.expect(c.matches(c.bruno))

	opened, err := c.OpenSaved(c.ctx, c.anna, saved.ID)
	if err != nil || opened.New != 2 {
		t.Errorf("opened %+v, %v", opened, err)
	}
	c.expect(c.matches(c.anna), "mensa: Una mensa nuova+0 true")
	find.round()
	c.expect(c.matches(c.anna), "mensa: Una mensa nuova+0 true")
	last := c.idea(c.bruno, c.open, "Orari della sala")
	c.reply(c.mod, last.ID, nil, "Quelli della mensa")
	find.round()
	if got := c.matches(c.anna); len(got) != 2 || got[0] != "mensa: Orari della sala+0 false" {
		t.Errorf("after a comment that matches: %q", got)
	}
	c.clean()
}

func TestASavedSearchTellsOfNothingItsOwnerMayNotSee(t *testing.T) {
	c := newCompany(t)
	c.tell()
	find := &titles{company: c}
	for _, who := range []board.Who{c.bruno, c.mod, c.guest} {
		c.save(who, "q=mensa")
	}
	c.idea(c.anna, c.private, "Mensa segreta")
	find.round()
	c.expect(c.matches(c.bruno))
	c.expect(c.matches(c.guest))
	c.expect(c.matches(c.mod), "mensa: Mensa segreta+0 false")
	c.idea(c.anna, c.open, "Mensa di tutti")
	find.round()
	c.expect(c.matches(c.bruno), "mensa: Mensa di tutti+0 false")
	c.expect(c.matches(c.mod), "mensa: Mensa di tutti+1 false")
	// What goes out of sight, or away, takes its part of the notice with it.
	c.do(c.RemoveMember(c.ctx, c.admin, c.private, c.mod.ID))
	c.expect(c.matches(c.mod), "mensa: Mensa di tutti+0 false")
	list, err := c.SavedSearches(c.ctx, c.mod)
	if err != nil || len(list) != 1 || list[0].New != 1 {
		t.Errorf("listed %+v, %v", list, err)
	}
	c.do(c.DeleteIdea(c.ctx, c.anna, 2))
	if err := c.WaitNotices(c.ctx, c.Head()); err != nil {
		t.Fatal(err)
	}
	c.expect(c.matches(c.mod))
	c.expect(c.matches(c.bruno))
}

func TestSearchThatCannotAnswerLosesNothing(t *testing.T) {
	c := newCompany(t)
	c.tell()
	find := &titles{company: c, fault: board.Fault(board.TooMany, "x")}
	for i := range savedPatience + 2 {
		c.save(c.anna, fmt.Sprintf("q=mensa&year=%d", 2020+i))
	}
	c.save(c.bruno, "q=mensa")
	c.idea(c.mod, c.open, "Una mensa")
	if err := c.WaitNotices(c.ctx, c.Head()); err != nil {
		t.Fatal(err)
	}
	done, err := c.TellSaved(c.ctx, find, 0)
	if !errors.Is(err, errLater) || done != 0 || find.asked != savedPatience {
		t.Errorf("told up to %d after %d searches, %v", done, find.asked, err)
	}
	find.fault = nil
	find.round()
	c.expect(c.matches(c.bruno), "mensa: Una mensa+0 false")
	find.asked = 0
	find.round()
	if find.asked != 0 {
		t.Errorf("%d searches although nothing is new", find.asked)
	}
}

func TestSavedSearchesAreTheirOwnersAlone(t *testing.T) {
	c := newCompany(t)
	c.tell()
	v := c.save(c.anna, "q=+orari++estivi&board=aperta&stage=&sort=votes")
	if v.Query != "board=aperta&q=orari++estivi" || v.Name != "orari estivi" {
		t.Errorf("kept as %+v", v)
	}
	if again := c.save(c.anna, "board=aperta&q=orari++estivi&idea=4"); again.ID != v.ID {
		t.Errorf("kept twice: %+v", again)
	}
	for _, try := range []func() error{
		func() error { _, err := c.SavedSearch(c.ctx, c.bruno, v.ID); return err },
		func() error { _, err := c.OpenSaved(c.ctx, c.bruno, v.ID); return err },
		func() error {
			_, err := c.RenameSaved(c.ctx, c.bruno, v.ID, board.SavedChange{Name: "x"})
			return err
		},
	} {
		var fault *board.Error
		if err := try(); !errors.As(err, &fault) || fault.Code != board.NotFound {
			t.Errorf("somebody else: %v", err)
		}
	}
	if err := c.DeleteSaved(c.ctx, c.bruno, v.ID); err != nil {
		t.Error(err)
	}
	if v, err := c.RenameSaved(c.ctx, c.anna, v.ID, board.SavedChange{Name: " Estate "}); err != nil || v.Name != "Estate" {
		t.Errorf("renamed %+v, %v", v, err)
	}
	for i := 1; i < board.MaxSaved; i++ {
		c.save(c.anna, fmt.Sprintf("q=x%d", i))
	}
	var fault *board.Error
	if _, err := c.SaveSearch(c.ctx, c.anna, board.NewSaved{Query: "q=troppo"}); !errors.As(err, &fault) || fault.Code != board.Conflict {
		t.Errorf("one too many: %v", err)
	}
	for _, bad := range []string{"", "q=", "board=aperta", "q=x&sort=score", "q=x&from=ieri", "%zz", "q=" + strings.Repeat("a", board.MaxQuery+1)} {
		if _, err := c.SaveSearch(c.ctx, c.bruno, board.NewSaved{Query: bad}); !errors.As(err, &fault) || fault.Code != board.Invalid {
			t.Errorf("%.20q: %v", bad, err)
		}
	}
	find := &titles{company: c}
	c.idea(c.bruno, c.open, "Mensa x1")
	find.round()
	if err := c.DeleteSaved(c.ctx, c.anna, v.ID+1); err != nil {
		t.Error(err)
	}
	c.expect(c.matches(c.anna))
	c.clean()
}

func TestManySavedSearchesAreToldInRounds(t *testing.T) {
	c := newCompany(t)
	c.tell()
	find := &titles{company: c}
	people := c.crowd(savedPerRound/board.MaxSaved + 2)
	for _, p := range people {
		for i := range board.MaxSaved {
			c.save(p, fmt.Sprintf("q=mensa&year=%d", 2000+i))
		}
	}
	c.idea(c.bruno, c.open, "Una mensa")
	find.round()
	for _, p := range people {
		list, err := c.SavedSearches(c.ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			if v.New != 1 {
				t.Fatalf("%s was told of %d ideas by %q", p.Name, v.New, v.Query)
			}
		}
		if n, err := c.Unseen(c.ctx, p.ID); err != nil || n != 1 {
			t.Errorf("%d notices for one event, %v", n, err)
		}
	}
}
