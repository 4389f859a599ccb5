package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"convivio/store/board"
)

// silentUntil is until when person p may not write on board b; 0: they may. An
// end that has passed is for the reader to see.
const silentUntil = `COALESCE((SELECT MAX(x.ends_at) FROM sanction x WHERE x.person_id = p.id AND x.kind = 'silence'
	AND x.lifted_at IS NULL AND (x.board_id IS NULL OR x.board_id = b.id)), 0)`

// maySpeak refuses who was silenced. Errors: forbidden.
func (t target) maySpeak(now int64) error { return speaks(t.silent, now) }

func speaks(silent, now int64) error {
	if silent <= now {
		return nil
	}
	return board.Fault(board.Forbidden, "You can read here, but not write, vote or react until %s. What was decided and how to appeal stands among your notices.", at(silent))
}

// maySpeak refuses who was silenced on a board, or everywhere. Errors: forbidden.
func (tx *Tx) maySpeak(who board.Who, boardID int64) error {
	var until int64
	if err := tx.row(`SELECT `+silentUntil+` FROM person p, board b WHERE p.id = $1 AND b.id = $2`, who.ID, boardID).Scan(&until); err != nil {
		return fmt.Errorf("look whether person %d may write: %w", who.ID, err)
	}
	return speaks(until, tx.Now)
}

// writesOn finds a board on which somebody wants to write. Errors: not_found, forbidden.
func (tx *Tx) writesOn(who board.Who, slug string) (int64, error) {
	id, err := tx.boardFor(who, slug)
	if err == nil {
		err = tx.maySpeak(who, id)
	}
	return id, err
}

// slowly holds a person to the pause between two comments on an idea in slow
// mode. Moderators of the board answer when they must. Errors: too_many.
func (tx *Tx) slowly(who board.Who, t target, idea int64) error {
	if t.slow == 0 || who.ModeratesBoard(t.board) {
		return nil
	}
	var last sql.NullInt64
	err := tx.row(`
		SELECT MAX(w.at) FROM (SELECT MAX(c.created_at) AS at FROM comment c WHERE c.author_id = $1 AND c.idea_id = $2
			UNION ALL SELECT MAX(h.at) FROM held h WHERE h.author_id = $1 AND h.idea_id = $2 AND h.state = 'waiting') w`, who.ID, idea).Scan(&last)
	if err != nil {
		return fmt.Errorf("look when person %d last wrote on idea %d: %w", who.ID, idea, err)
	}
	left := last.Int64 + t.slow*60_000_000 - tx.Now
	if !last.Valid || left <= 0 {
		return nil
	}
	seconds := int((left + 999_999) / 1_000_000)
	return board.Fault(board.TooMany, "This conversation is in slow mode: one comment each every %[2]d minutes. You can send yours in %[3]d minutes; your words stay here.",
		seconds, int(t.slow), (seconds+59)/60)
}

// slowIdea sets the pause between two comments of one person on an idea, in
// minutes; 0: none. Errors: invalid, forbidden.
func (tx *Tx) slowIdea(who board.Who, t target, idea, minutes int64) error {
	if minutes < 0 || minutes > board.MaxSlow {
		return board.FieldFault("minutes", "Write a number of minutes from 0 to %d.", board.MaxSlow)
	}
	if err := tx.moderator(who, t.board); err != nil || minutes == t.slow {
		return err
	}
	seq, err := tx.record(board.IdeaSlowed, about{board: t.board, idea: idea})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE idea SET slow = $1, last_seq = $2 WHERE id = $3`, minutes, seq, idea); err != nil {
		return fmt.Errorf("slow idea %d: %w", idea, err)
	}
	return tx.audit(act{kind: board.IdeaSlowedAct, board: t.board, idea: idea, before: map[string]any{"minutes": t.slow}, after: map[string]any{"minutes": minutes}})
}

// SlowIdea lets everybody but moderators comment on an idea once in so many
// minutes; 0 ends that. It is a decision about somebody else's idea: its author is
// told, and may appeal. Errors: not_found, forbidden, invalid (field minutes).
func (s *Store) SlowIdea(ctx context.Context, who board.Who, idea int64, minutes int) (board.Idea, error) {
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		t, err := tx.idea(who, idea)
		if err != nil {
			return err
		}
		if err := tx.slowIdea(who, t, idea, int64(minutes)); err != nil || int64(minutes) == t.slow {
			return err
		}
		if err := tx.decisionOver(idea, board.Slow); err != nil || minutes == 0 { // what was said against it is no more
			return err
		}
		return tx.decideOthers(decision{action: board.Slow, board: t.board, idea: idea, person: t.author, was: t.slow})
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, idea)
}

// sanctionIn is what is to be laid upon somebody.
type sanctionIn struct {
	person int64
	kind   board.SanctionKind
	board  int64 // where; 0: everywhere
	until  int64 // microseconds; of a warning nothing
}

// sanction lays something upon somebody, for who may: moderators of the company,
// and on their board those who moderate it, who may warn and silence there. Nobody
// does so to an administrator or to themselves. What follows from it (the person
// is told, moderators see it) is the decision's. Errors: forbidden, invalid (field
// until), not_found.
func (tx *Tx) sanction(who board.Who, in sanctionIn) (id int64, err error) {
	if err := tx.maySanction(who, in); err != nil {
		return 0, err
	}
	switch in.kind {
	case board.Warning:
		in.until = tx.Now
	case board.Silenced, board.Suspension:
		if in.until <= tx.Now || in.until > tx.Now+board.MaxSanction.Microseconds() {
			return 0, board.FieldFault("until", "Say on which day it ends, at most a year from now.")
		}
	default:
		return 0, board.FieldFault("kind", "There is no such measure.")
	}
	if id, err = tx.insert(`INSERT INTO sanction (person_id, kind, board_id, at, ends_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
		in.person, string(in.kind), orNull(in.board), tx.Now, in.until); err != nil {
		return 0, fmt.Errorf("sanction person %d: %w", in.person, err)
	}
	if _, err := tx.record(board.SanctionAdded, about{subject: in.person}); err != nil {
		return 0, err
	}
	if in.kind == board.Suspension {
		if err := tx.suspended(in.person); err != nil {
			return 0, err
		}
		if _, err := tx.exec(`DELETE FROM session WHERE person_id = $1`, in.person); err != nil {
			return 0, fmt.Errorf("end sessions: %w", err)
		}
	}
	return id, tx.audit(act{kind: sanctionActs[in.kind], board: in.board, person: in.person, after: map[string]any{"until": at(in.until)}})
}

var sanctionActs = map[board.SanctionKind]board.Act{board.Warning: board.WarnedAct, board.Silenced: board.SilencedAct, board.Suspension: board.SuspendedAct}

// maySanction refuses what who may not lay upon a person. Errors: forbidden, not_found.
func (tx *Tx) maySanction(who board.Who, in sanctionIn) error {
	if in.person == who.ID {
		return board.Fault(board.Forbidden, "This is about yourself: somebody else decides about it.")
	}
	var admin bool
	err := tx.row(`SELECT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.id AND r.role = 'admin') FROM person p WHERE p.id = $1 AND p.email IS NOT NULL`, in.person).Scan(&admin)
	if err != nil {
		return missingIfNone(err, "find person %d", in.person)
	}
	if admin {
		return board.Fault(board.Forbidden, "Administrators cannot be warned, silenced or suspended. Take the role away first.")
	}
	if err := tx.moderator(who, in.board); err != nil {
		if in.board == 0 && who.ModeratesAny() {
			return board.Fault(board.Forbidden, "Moderators of a board can warn and silence people there. The rest is for moderators of the whole company.")
		}
		return err
	}
	if in.kind == board.Suspension {
		return tx.moderator(who, 0)
	}
	return nil
}

// suspended works out anew until when somebody cannot sign in.
func (tx *Tx) suspended(person int64) error {
	if _, err := tx.exec(`
		UPDATE person SET suspended_until = COALESCE((SELECT MAX(x.ends_at) FROM sanction x WHERE x.person_id = person.id AND x.kind = 'suspend' AND x.lifted_at IS NULL), 0)
		WHERE id = $1`, person); err != nil {
		return fmt.Errorf("suspend person %d: %w", person, err)
	}
	tx.revoked = append(tx.revoked, person)
	return tx.personChanged(person)
}

// lift ends a sanction before its time. One that has ended stays as it was.
func (tx *Tx) lift(id int64) error {
	var person int64
	var kind board.SanctionKind
	err := tx.row(`UPDATE sanction SET lifted_at = $1 WHERE id = $2 AND lifted_at IS NULL RETURNING person_id, kind`, tx.Now, id).Scan(&person, &kind)
	if err != nil {
		return missingIfNone(err, "lift sanction %d", id)
	}
	if _, err := tx.record(board.SanctionLifted, about{subject: person}); err != nil {
		return err
	}
	if kind == board.Suspension {
		if err := tx.suspended(person); err != nil {
			return err
		}
	}
	return tx.audit(act{kind: board.SanctionLiftedAct, person: person, before: map[string]any{"kind": kind}})
}

const sanctionColumns = `x.id, x.kind, x.person_id, COALESCE(b.slug, ''), COALESCE(b.name, ''), x.at, x.ends_at, x.lifted_at, COALESCE(d.id, 0)
	FROM sanction x LEFT JOIN board b ON b.id = x.board_id LEFT JOIN decision d ON d.sanction_id = x.id`

func scanSanction(row interface{ Scan(...any) error }) (x board.Sanction, err error) {
	var began, ends int64
	var lifted sql.NullInt64
	err = row.Scan(&x.ID, &x.Kind, &x.Person, &x.Board, &x.BoardName, &began, &ends, &lifted, &x.Decision)
	x.At, x.EndsAt, x.LiftedAt = at(began), at(ends), atOrNil(lifted)
	return x, err
}

// InForce lists what holds for somebody now, the last to end first; a person
// reads their own.
func (s *Store) InForce(ctx context.Context, person int64) ([]board.Sanction, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+sanctionColumns+`
		WHERE x.person_id = $1 AND x.ends_at > $2 AND x.lifted_at IS NULL ORDER BY x.ends_at DESC`, person, micros(s.now()))
	if err != nil {
		return nil, fmt.Errorf("list what holds for person %d: %w", person, err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Sanction, error) { return scanSanction(rows) })
}

// Suspended tells which suspension somebody is under; nil: none. For sign-in,
// after the person was made sure of.
func (s *Store) Suspended(ctx context.Context, person int64) (*board.Sanction, error) {
	list, err := s.InForce(ctx, person)
	at := slices.IndexFunc(list, func(x board.Sanction) bool { return x.Kind == board.Suspension })
	if err != nil || at < 0 {
		return nil, err
	}
	return &list[at], nil
}
