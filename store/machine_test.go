package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"convivio/store/board"
)

// machine is somebody doing anything at all: what breaks a rule is refused, and
// nothing they do leaves counts, votes or history inconsistent.
type machine struct {
	*company
	rand   *rand.Rand
	people []board.Who
	steps  int
}

func (m *machine) somebody() board.Who { return m.people[m.rand.IntN(len(m.people))] }

// some is the number of an idea or comment, most of them there.
func (m *machine) some(ctx context.Context, table string) int64 {
	var last int64
	_ = m.readDB.QueryRowContext(ctx, `SELECT COALESCE(MAX(id), 1) FROM `+table).Scan(&last) // #nosec G202 -- the names of this file
	return 1 + m.rand.Int64N(last+1)
}

// act does one thing.
func (m *machine) act(ctx context.Context) error {
	who, idea, comment := m.somebody(), m.some(ctx, "idea"), m.some(ctx, "comment")
	var err error
	switch m.rand.IntN(20) {
	case 0, 1:
		_, err = m.AddIdea(ctx, who, []string{m.open, m.private}[m.rand.IntN(2)], board.NewIdea{Title: fmt.Sprint("Idea ", m.rand.IntN(1000))}, "")
	case 2, 3, 4:
		_, err = m.Vote(ctx, who, idea)
	case 5:
		_, err = m.Unvote(ctx, who, idea)
	case 6, 7:
		in := board.NewComment{Body: "Detto."}
		if m.rand.IntN(2) == 0 {
			in.ParentID = &comment
		}
		_, err = m.Reply(ctx, who, idea, in, "")
	case 8:
		_, err = m.DeleteComment(ctx, who, comment)
	case 9:
		_, err = m.RestoreComment(ctx, who, comment)
	case 10:
		if m.rand.IntN(3) == 0 {
			_, err = m.DeleteIdea(ctx, who, idea)
		}
	case 11:
		_, err = m.RestoreIdea(ctx, who, idea)
	case 12, 13, 14, 15:
		_, err = m.MoveIdea(ctx, who, idea, m.move())
	case 16:
		_, err = m.LockIdea(ctx, who, idea, m.rand.IntN(3) == 0)
	case 17:
		in := board.NewAnswer{Body: "Si fa."}
		if m.rand.IntN(2) == 0 {
			move := m.move()
			in.Move = &move
		}
		_, err = m.Answer(ctx, who, idea, in, "")
	case 18:
		_, err = m.MergeIdea(ctx, who, idea, board.NewMerge{Into: m.some(ctx, "idea"), Reason: "Lo stesso."})
	case 19:
		_, err = m.UnmergeIdea(ctx, who, idea, "")
	}
	if !ofPeople(err) {
		return fmt.Errorf("step %d: %w", m.steps, err)
	}
	m.steps++
	return nil
}

func (m *machine) move() board.Move {
	move := m.full(board.Stages[m.rand.IntN(len(board.Stages))])
	move.Owner, move.Quiet = m.somebody().ID, m.rand.IntN(2) == 0
	return move
}

// frozen finds votes that came or went while their idea's stage took none.
func (c *company) frozen() (faults []string) {
	c.t.Helper()
	rows, err := c.readDB.QueryContext(c.ctx, `
		SELECT l.seq, l.idea_id, COALESCE((SELECT g.to_stage FROM log x JOIN stage_change g ON g.id = x.subject_id
			WHERE x.kind = 'idea.staged' AND x.idea_id = l.idea_id AND x.seq < l.seq ORDER BY x.seq DESC LIMIT 1), 'new')
		FROM log l WHERE l.kind IN ('vote.cast', 'vote.withdrawn')`)
	if err != nil {
		c.t.Fatal(err)
	}
	faults, err = collect(rows, func(rows *sql.Rows) (string, error) {
		var seq, idea int64
		var stage board.Stage
		err := rows.Scan(&seq, &idea, &stage)
		if stage.VotesOpen() {
			return "", err
		}
		return fmt.Sprintf("event %d changed a vote on idea %d, which was %s", seq, idea, stage), err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return faults
}

func TestAnythingAtAllLeavesCountsVotesAndHistoryConsistent(t *testing.T) {
	c := newCompany(t)
	movers := c.movers()
	for round := range 3 {
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			m := &machine{company: c, rand: rand.New(rand.NewPCG(uint64(round), uint64(i)))} // #nosec G115 G404 -- a game that comes out the same
			for _, x := range movers {
				m.people = append(m.people, x.who)
			}
			m.people = append(m.people, c.mod, c.admin, c.mod)
			wg.Go(func() {
				for range 120 {
					if errs[i] == nil {
						errs[i] = m.act(c.ctx)
					}
				}
			})
		}
		wg.Wait()
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		c.clean()
		for _, fault := range c.frozen() {
			if fault != "" {
				t.Error(fault)
			}
		}
		if err := c.Forget(c.ctx); err != nil {
			t.Fatal(err)
		}
		c.clean()
	}
	var steps, merged int
	if err := c.readDB.QueryRowContext(c.ctx, `SELECT COUNT(*), COUNT(CASE WHEN to_stage = 'merged' THEN 1 END) FROM stage_change`).Scan(&steps, &merged); err != nil {
		t.Fatal(err)
	}
	if steps < 40 || merged == 0 {
		t.Errorf("only %d steps were taken, %d of them mergers: the machine idles", steps, merged)
	}
}
