package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"convivio/store/board"
)

// rosterBatch is how many people of a roster are written in one verb: others
// write in between.
const rosterBatch = 100

// RosterOrder says what of a plan is to be done.
type RosterOrder struct {
	Disable bool // who is not in the file
	Invite  bool // make links for who is new
	// Done is told how many of the plan's people were looked at; Invited, who
	// can come in by which secret. Neither may be nil.
	Done    func(n int)
	Invited func(name, email, secret string)
}

// RosterResult is what came of a plan.
type RosterResult struct {
	Added    int `json:"added"`
	Changed  int `json:"changed"`
	Disabled int `json:"disabled"`
	Skipped  int `json:"skipped,omitempty"` // changed by somebody else meanwhile: left as they are
}

// ErrOtherPlan says that the company changed since a plan was shown.
var ErrOtherPlan = board.Fault(board.Conflict, "The company changed since you looked: what would be done now stands below. Look again before you import.")

// ApplyRoster does what a plan says, in batches, and nothing else: whoever
// changed since is left alone. Doing it again changes nothing. Errors: forbidden;
// conflict, ErrOtherPlan, when the plan is not what would be done now; those of
// writing, after which what was done so far stays.
func (s *Store) ApplyRoster(ctx context.Context, who board.Who, p RosterPlan, o RosterOrder) (out RosterResult, err error) {
	now, err := s.PlanRoster(ctx, who, p.Roster)
	if err != nil {
		return out, err
	}
	if now.Digest != p.Digest {
		return out, ErrOtherPlan
	}
	steps := s.rosterSteps(p, o, &out)
	for from := 0; from < len(steps); from += rosterBatch {
		batch := steps[from:min(from+rosterBatch, len(steps))]
		if err := s.rosterVerb(ctx, who, batch); err != nil {
			return out, errors.Join(err, s.rosterEnd(ctx, who, out))
		}
		o.Done(from + len(batch))
	}
	return out, s.rosterEnd(ctx, who, out)
}

// rosterStep is one person of a plan: do is run in the verb, then is run when it is saved.
type rosterStep struct {
	do   func(tx *Tx) (bool, error) // false: they changed meanwhile
	then func(done bool)
}

func (s *Store) rosterSteps(p RosterPlan, o RosterOrder, out *RosterResult) (steps []rosterStep) {
	counted := func(n *int, then func()) func(bool) {
		return func(done bool) {
			if !done {
				out.Skipped++
				return
			}
			*n++
			then()
		}
	}
	for _, row := range p.New {
		secret := newSecret()
		steps = append(steps, rosterStep{
			do: func(tx *Tx) (bool, error) { return tx.rosterAdd(row, o.Invite, secret) },
			then: counted(&out.Added, func() {
				if o.Invite {
					o.Invited(row.Name, row.Email, secret)
				}
			}),
		})
	}
	for _, c := range p.Changed {
		steps = append(steps, rosterStep{do: func(tx *Tx) (bool, error) { return tx.rosterChange(c) }, then: counted(&out.Changed, func() {})})
	}
	if o.Disable {
		for _, a := range p.Missing {
			steps = append(steps, rosterStep{do: func(tx *Tx) (bool, error) { return tx.rosterDisable(a.ID) }, then: counted(&out.Disabled, func() { s.revoked.tell(a.ID) })})
		}
	}
	return steps
}

// rosterVerb writes one batch.
func (s *Store) rosterVerb(ctx context.Context, who board.Who, batch []rosterStep) error {
	done := make([]bool, len(batch))
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		for i, step := range batch {
			var err error
			if done[i], err = step.do(tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, step := range batch {
		step.then(done[i])
	}
	return nil
}

// rosterEnd keeps in the audit log what an import did in all, also one that was broken off.
func (s *Store) rosterEnd(ctx context.Context, who board.Who, out RosterResult) error {
	return s.noteAs(context.WithoutCancel(ctx), who.ID, func(tx *Tx) error { return tx.audit(act{kind: board.PeopleImportedAct, after: out}) })
}

func (tx *Tx) rosterAdd(row RosterRow, invite bool, secret string) (bool, error) {
	err := tx.freeEmail(row.Email)
	var fault *board.Error
	if errors.As(err, &fault) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	id, err := tx.addPerson(board.NewPerson{Email: row.Email, Name: row.Name, Kind: row.Kind, Team: row.Team, Site: row.Site, Lang: row.Lang})
	if err != nil {
		return false, fmt.Errorf("add the person of line %d: %w", row.Line, err)
	}
	if err := tx.audit(act{kind: board.PersonAddedAct, person: id, after: personAudit{Kind: row.Kind, Team: row.Team, Site: row.Site}}); err != nil || !invite {
		return true, err
	}
	return true, tx.addLink(secret, Invitation, id)
}

func (tx *Tx) rosterChange(c RosterChange) (bool, error) {
	now, err := tx.personNow(c.ID)
	if err != nil {
		return false, err
	}
	if (RosterFields{now.Name, now.Team, now.Site, now.Kind}) != c.Was || c.Now.Kind == board.Guest && now.Roles != "" {
		return false, nil
	}
	return true, tx.changePerson(c.ID, PersonChange{Name: &c.Now.Name, Team: &c.Now.Team, Site: &c.Now.Site, Kind: &c.Now.Kind})
}

func (tx *Tx) rosterDisable(id int64) (bool, error) {
	now, err := tx.personNow(id)
	if err != nil || now.Disabled || now.Kind != board.Employee || slices.Contains(splitRoles(now.Roles), board.Admin) {
		return false, err
	}
	disabled := true
	return true, tx.changePerson(id, PersonChange{Disabled: &disabled})
}

// InvitationsRead keeps in the audit log that the links of an import were taken
// away as a file. Errors: forbidden.
func (s *Store) InvitationsRead(ctx context.Context, who board.Who, n int) error {
	if err := adminsOnly(who); err != nil {
		return err
	}
	return s.Exported(ctx, who, board.InvitationsReadAct, Target{}, map[string]int{"links": n})
}
