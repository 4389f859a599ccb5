package store

import (
	"errors"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
)

// ways says how an idea may go, written apart from the table that the program
// reads: a the author, k who keeps the board; ! a reason is needed.
var ways = map[board.Stage]string{
	board.New:        "in_review:k planned:k in_progress:k done:k! declined:k! parked:k! withdrawn:a",
	board.InReview:   "planned:k in_progress:k done:k! declined:k! parked:k! new:k! withdrawn:a",
	board.Planned:    "in_progress:k done:k! planned:k! declined:k! parked:k! in_review:k! withdrawn:a",
	board.InProgress: "done:k! in_progress:k! planned:k! declined:k! parked:k! in_review:k!",
	board.Done:       "in_progress:k! in_review:k!",
	board.Declined:   "in_review:k! new:k!",
	board.Parked:     "in_review:k! new:k! planned:k! parked:k! declined:k! withdrawn:a",
	board.MergedInto: "",
	board.Withdrawn:  "new:ak!",
}

// way finds a step in ways.
func way(from, to board.Stage) (who string, reason, ok bool) {
	for _, w := range strings.Fields(ways[from]) {
		stage, who, _ := strings.Cut(w, ":")
		if stage == string(to) {
			return strings.TrimSuffix(who, "!"), strings.HasSuffix(who, "!"), true
		}
	}
	return "", false, false
}

// full is a move with all that its stage asks for.
func (c *company) full(to board.Stage) board.Move {
	now := time.UnixMicro(c.clock.Load())
	return board.Move{Stage: to, Reason: "Perché sì.", Measured: "Da 9 a 3.", Until: board.DayOf(now.AddDate(0, 2, 0)), Owner: c.mod.ID, Due: board.DayOf(now.AddDate(0, 3, 0))}
}

// stand brings an idea to a stage, past all rules.
func (c *company) stand(id int64, stage board.Stage) {
	c.t.Helper()
	_, err := c.write(c.ctx, c.mod.ID, func(tx *Tx) error {
		t, err := tx.idea(c.mod, id)
		if err != nil || t.stage == stage {
			return err
		}
		return tx.step(t, id, c.mod.ID, c.full(stage))
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// moverCase is somebody who tries to move an idea, and what they are to it: a, k or
// nothing; out: they do not see it.
type moverCase struct {
	name, may string
	who       board.Who
	out       bool
}

func (c *company) movers() []moverCase {
	c.t.Helper()
	keeper := c.person("Carla Cura", board.Employee)
	owner := c.person("Olga Capo", board.Employee)
	member := c.person("Milo Ospite", board.Guest)
	c.do(c.AddMember(c.ctx, c.admin, c.open, member.ID))
	c.do(c.AddOwner(c.ctx, c.admin, c.open, board.NewOwner{Person: owner.ID}))
	c.do(c.write(c.ctx, 0, func(tx *Tx) error {
		id, err := tx.boardFor(c.admin, c.open)
		if err != nil {
			return err
		}
		return tx.giveBoardRole(id, keeper.ID, board.BoardModerator)
	}))
	return []moverCase{
		{"author", "a", c.anna, false}, {"another employee", "", c.bruno, false}, {"guest on the board", "", member, false}, {"guest elsewhere", "", c.guest, true},
		{"moderator", "k", c.mod, false}, {"moderator of the board", "k", keeper, false}, {"owner of the board", "k", owner, false}, {"administrator", "k", c.admin, false},
	}
}

func TestEveryStepForEverybody(t *testing.T) {
	c := newCompany(t)
	movers := c.movers()
	for _, from := range board.Stages {
		idea := c.idea(c.anna, c.open, "Da "+string(from))
		c.stand(idea.ID, from)
		for _, to := range append([]board.Stage{board.Draft}, board.Stages...) {
			for _, m := range movers {
				who, reason, ok := way(from, to)
				may := ok && m.may != "" && strings.Contains(who, m.may)
				move := c.full(to)
				if from == to { // another day
					move.Due, move.Until = "2026-12-24", "2026-12-24"
				}
				if may && reason {
					bare := move
					bare.Reason = " "
					_, err := c.MoveIdea(c.ctx, m.who, idea.ID, bare)
					wants(t, err, board.Invalid, "reason")
				}
				before := c.Head()
				got, err := c.MoveIdea(c.ctx, m.who, idea.ID, move)
				switch {
				case to == board.Draft:
					wants(t, err, board.Invalid, "stage")
				case m.out:
					wants(t, err, board.NotFound, "")
				case may:
					if err != nil || got.Stage != to {
						t.Fatalf("%s to %s by %s: %v, it stands in %s", from, to, m.name, err, got.Stage)
					}
					idea = c.idea(c.anna, c.open, "Da "+string(from))
					c.stand(idea.ID, from)
					continue
				case from == to && m.may != "" && !ok: // it stands there already
					if err != nil {
						t.Errorf("%s to itself by %s: %v", from, m.name, err)
					}
				case m.may == "" || ok:
					wants(t, err, board.Forbidden, "")
				default:
					wants(t, err, board.Conflict, "stage")
				}
				if c.Head() != before {
					t.Errorf("%s to %s by %s left something in the log", from, to, m.name)
				}
			}
		}
		if from == board.MergedInto { // only said so: nothing was merged
			c.stand(idea.ID, board.New)
		}
	}
	c.clean()
}

func TestAConflictSaysWhatIsAllowed(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Bici")
	c.stand(idea.ID, board.Declined)
	c.do(c.ChangeStages(c.ctx, c.admin, c.open, []board.StageSetting{{Stage: board.InReview, Name: "Al vaglio"}}))
	_, err := c.MoveIdea(c.ctx, c.mod, idea.ID, c.full(board.Done))
	wants(t, err, board.Conflict, "stage")
	if want := "This idea is in the stage “declined” and cannot go to “done”. It can go to: Al vaglio, new."; err.Error() != want {
		t.Errorf("it says %q, want %q", err, want)
	}
}

func TestWhatAStageAsksFor(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.private, "Tettoia")
	for _, tt := range []struct {
		to     board.Stage
		change func(*board.Move)
		field  string
	}{
		{board.Planned, func(m *board.Move) { m.Owner = 0 }, "owner"},
		{board.Planned, func(m *board.Move) { m.Owner = c.bruno.ID }, "owner"}, // does not see the board
		{board.Planned, func(m *board.Move) { m.Owner = 999 }, "owner"},
		{board.InProgress, func(m *board.Move) { m.Due = "" }, "due"},
		{board.Planned, func(m *board.Move) { m.Due = "2026-03-01" }, "due"},
		{board.Planned, func(m *board.Move) { m.Due = "31/12/2026" }, "due"},
		{board.Planned, func(m *board.Move) { m.Due = "2026-02-30" }, "due"},
		{board.Parked, func(m *board.Move) { m.Until = "" }, "until"},
		{board.Parked, func(m *board.Move) { m.Until = "2026-03-02" }, "until"},
		{board.Done, func(m *board.Move) { m.Measured = " " }, "measured"},
		{board.Done, func(m *board.Move) { m.Reason = "" }, "reason"},
	} {
		m := c.full(tt.to)
		tt.change(&m)
		_, err := c.MoveIdea(c.ctx, c.mod, idea.ID, m)
		wants(t, err, board.Invalid, tt.field)
	}
	c.clean()
}

func TestVotesAreFrozenNeverErased(t *testing.T) {
	c := newCompany(t)
	for _, stage := range board.Stages {
		if stage == board.MergedInto {
			continue // its votes are another idea's
		}
		idea := c.idea(c.anna, c.open, string(stage))
		c.do(c.Vote(c.ctx, c.bruno, idea.ID))
		c.stand(idea.ID, stage)
		_, unvote := c.Unvote(c.ctx, c.bruno, idea.ID)
		_, vote := c.Vote(c.ctx, c.mod, idea.ID)
		open := stage == board.New || stage == board.InReview || stage == board.Planned
		if open {
			if unvote != nil || vote != nil {
				t.Errorf("%s takes votes, but: %v, %v", stage, unvote, vote)
			}
			continue
		}
		wants(t, unvote, board.Conflict, "idea")
		wants(t, vote, board.Conflict, "idea")
		if got, err := c.Idea(c.ctx, c.bruno, idea.ID); err != nil || got.Votes != 1 || !got.Voted {
			t.Errorf("%s: votes %d, voted %t, %v", stage, got.Votes, got.Voted, err)
		}
	}
	c.clean()
}

func TestHistoryKeepsEveryStep(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Tettoia")
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, c.full(board.Planned)))
	again := board.Move{Stage: board.Planned, Due: "2026-12-24", Reason: "La gru arriva a dicembre.", Quiet: true}
	c.recorded(func() { c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, again)) }, board.IdeaStaged)
	c.recorded(func() { c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, again)) }) // stands there already
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: board.InProgress}))
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: board.Done, Reason: "Montata.", Measured: "Venti posti su ventidue."}))
	path, err := c.Path(c.ctx, c.anna, idea.ID)
	if err != nil || len(path) != 4 {
		t.Fatalf("%d steps, %v", len(path), err)
	}
	second, third, last := path[1], path[2], path[3]
	if second.From != board.Planned || second.To != board.Planned || second.Due != "2026-12-24" || !second.Quiet || second.Owner == nil || second.Owner.ID != c.mod.ID {
		t.Errorf("another day reads %+v", second)
	}
	if third.Due != "2026-12-24" || third.Owner == nil {
		t.Errorf("who sees to it is forgotten: %+v", third)
	}
	if last.Measured != "Venti posti su ventidue." || last.Reason != "Montata." || last.Owner != nil {
		t.Errorf("done reads %+v", last)
	}
	_, err = c.MoveIdea(c.ctx, c.anna, idea.ID, board.Move{Stage: board.Withdrawn})
	wants(t, err, board.Conflict, "stage")
	c.clean()
}

func TestQuietChangesTellNobody(t *testing.T) {
	c := newCompany(t)
	c.tell()
	idea := c.idea(c.anna, c.open, "Tettoia")
	c.do(c.Vote(c.ctx, c.bruno, idea.ID))
	quiet := c.full(board.InReview)
	quiet.Quiet = true
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, quiet))
	for _, who := range []board.Who{c.anna, c.bruno} {
		if got := c.told(who); got != "" {
			t.Errorf("%s was told: %s", who.Name, got)
		}
	}
	refusal := c.full(board.Declined)
	refusal.Quiet = true
	_, err := c.MoveIdea(c.ctx, c.mod, idea.ID, refusal)
	wants(t, err, board.Invalid, "quiet")
	entrusted := c.full(board.Planned)
	entrusted.Owner, entrusted.Quiet = c.bruno.ID, true
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, entrusted)) // nobody but who sees to it
	if got := c.told(c.bruno); got != "entrusted 1" {
		t.Errorf("who sees to it was told: %s", got)
	}
	if got := c.told(c.anna); got != "" {
		t.Errorf("the author was told: %s", got)
	}
	c.clean()
}

func TestABoardsOwnStages(t *testing.T) {
	c := newCompany(t)
	idea := c.idea(c.anna, c.open, "Bici")
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: board.InReview}))
	change := func(who board.Who, list ...board.StageSetting) error {
		_, err := c.ChangeStages(c.ctx, who, c.open, list)
		return err
	}
	wants(t, change(c.mod, board.StageSetting{Stage: board.New, Name: "x"}), board.Forbidden, "")
	wants(t, change(c.admin, board.StageSetting{Stage: board.Declined, Off: true}), board.Invalid, "declined")
	wants(t, change(c.admin, board.StageSetting{Stage: board.Draft, Name: "x"}), board.Invalid, "stage")
	wants(t, change(c.admin, board.StageSetting{Stage: board.New, Name: "A"}, board.StageSetting{Stage: board.Done, Name: "A"}), board.Invalid, "done")
	err := change(c.admin, board.StageSetting{Stage: board.InReview, Off: true})
	wants(t, err, board.Conflict, "in_review")
	if !strings.Contains(err.Error(), "There are 1.") {
		t.Errorf("it does not say how many: %v", err)
	}
	c.recorded(func() {
		if err := change(c.admin, board.StageSetting{Stage: board.InReview, Name: "Al vaglio"}, board.StageSetting{Stage: board.Planned, Off: true}); err != nil {
			t.Fatal(err)
		}
	}, board.BoardChanged)
	_, err = c.MoveIdea(c.ctx, c.mod, idea.ID, c.full(board.Planned))
	wants(t, err, board.Conflict, "stage")
	if strings.Contains(err.Error(), "planned,") {
		t.Errorf("a stage the board does without is offered: %v", err)
	}
	got, err := c.Idea(c.ctx, c.anna, idea.ID)
	if err != nil || got.StageName != "Al vaglio" {
		t.Errorf("the idea calls its stage %q, %v", got.StageName, err)
	}
	if path, err := c.Path(c.ctx, c.anna, idea.ID); err != nil || path[0].ToName != "Al vaglio" {
		t.Errorf("the path reads %+v, %v", path, err)
	}
	if err := change(c.admin); err != nil { // everything as usual again
		t.Fatal(err)
	}
	c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, c.full(board.Planned)))
	c.clean()
}

// TestCheckFindsABrokenHistory damages what check compares.
func TestCheckFindsABrokenHistory(t *testing.T) {
	for _, damage := range []string{
		`UPDATE stage_change SET from_stage = 'done' WHERE id = (SELECT MAX(id) FROM stage_change)`,
		`DELETE FROM stage_change WHERE id = (SELECT MIN(id) FROM stage_change)`,
		`UPDATE promise SET ended = 'done' WHERE ended = ''`,
		`INSERT INTO parked (idea_id, until) SELECT id, '2027-01-01' FROM idea`,
	} {
		c := newCompany(t)
		idea := c.idea(c.anna, c.open, "Bici")
		c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, board.Move{Stage: board.InReview}))
		c.do(c.MoveIdea(c.ctx, c.mod, idea.ID, c.full(board.Planned)))
		c.clean()
		_, err := c.write(c.ctx, 0, func(tx *Tx) error {
			if _, err := tx.exec(damage); err != nil {
				return err
			}
			_, err := tx.record(board.PersonChanged, about{})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if faults, err := c.Check(c.ctx); err != nil || len(faults) == 0 {
			t.Errorf("check finds nothing after %s, %v", damage, err)
		}
	}
}

// somebody's errors are for people; all else is ours.
func ofPeople(err error) bool {
	var fault *board.Error
	return err == nil || errors.As(err, &fault)
}
