package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"convivio/store/board"
	"convivio/store/chain"
)

// What is looked at without being changed, what was refused, and what an
// administrator's account goes through stand in the audit log too. They have no
// verb, and may come often, so they are kept once an hour.

// Target is what an act is about; numbers are 0 where it is about nothing of the kind.
type Target struct{ Board, Idea, Comment, Person int64 }

// hourly remembers what was kept this hour, so that nothing is asked of the writer.
type hourly struct {
	mu   sync.Mutex
	hour int64
	done map[string]bool
}

func (h *hourly) was(hour int64, key string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.hour == hour && h.done[key]
}

func (h *hourly) is(hour int64, key string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.hour != hour {
		h.hour, h.done = hour, map[string]bool{}
	}
	h.done[key] = true
}

// Looked keeps that somebody looks at what others may not see, before it is shown
// to them: once for each person, thing and hour. Errors: unavailable, and then it
// must not be shown.
func (s *Store) Looked(ctx context.Context, who board.Who, kind board.Act, t Target) error {
	return s.auditHourly(ctx, who.ID, act{kind: kind, board: t.Board, idea: t.Idea, comment: t.Comment, person: t.Person})
}

// Exported keeps that somebody takes data out, each time, before they get it; what
// says how much of what, without the data. Errors: unavailable, and then they must not get it.
func (s *Store) Exported(ctx context.Context, who board.Who, kind board.Act, t Target, what any) error {
	return s.auditAlone(ctx, who.ID, act{kind: kind, board: t.Board, idea: t.Idea, comment: t.Comment, person: t.Person, after: what})
}

// Asked keeps that somebody asked for a page or form of power and was refused it,
// or that it broke off: once for each person, route and hour, so that nobody fills
// the log. Route is the route's own name, without what stood in its places.
func (s *Store) Asked(ctx context.Context, who board.Who, route string, became board.Outcome) error {
	return s.auditHourly(ctx, who.ID, act{kind: board.RouteAskedAct, outcome: became, after: routeAudit{route}})
}

// auditAlone keeps an act that changes nothing else.
func (s *Store) auditAlone(ctx context.Context, actor int64, a act) error {
	return s.noteAs(ctx, actor, func(tx *Tx) error { return tx.audit(a) })
}

// auditHourly is auditAlone, unless the same stands there in this hour already.
func (s *Store) auditHourly(ctx context.Context, actor int64, a act) error {
	what, err := auditValue(a.after)
	if err != nil {
		return err
	}
	hour := s.now().Truncate(time.Hour).UnixMicro()
	key := fmt.Sprint(actor, a.kind, a.outcome, a.board, a.idea, a.comment, a.person, what)
	if s.hourly.was(hour, key) {
		return nil
	}
	outcome := a.outcome
	if outcome == "" {
		outcome = board.ActDone
	}
	err = s.noteAs(ctx, actor, func(tx *Tx) error {
		var there bool
		err := tx.row(`
			SELECT EXISTS (SELECT 1 FROM audit WHERE act = $1 AND actor_id = $2 AND at >= $3 AND outcome = $4
				AND board_id = $5 AND idea_id = $6 AND comment_id = $7 AND person_id = $8 AND COALESCE(after, '') = $9)`,
			string(a.kind), actor, hour, string(outcome), a.board, a.idea, a.comment, a.person, what).Scan(&there)
		if err != nil {
			return fmt.Errorf("look into the audit log: %w", err)
		}
		if there {
			return nil
		}
		return tx.audit(a)
	})
	if err == nil {
		s.hourly.is(hour, key)
	}
	return err
}

// auditAdmin keeps how an administrator comes in and goes, as Italian law asks of
// those who administer a system. Nobody else's coming and going is kept.
func (tx *Tx) auditAdmin(a act) error {
	admin, err := tx.administers(a.person)
	if err != nil || !admin {
		return err
	}
	return tx.audit(a)
}

func (tx *Tx) administers(person int64) (admin bool, err error) {
	err = tx.row(`SELECT EXISTS (SELECT 1 FROM person_role WHERE person_id = $1 AND role = 'admin')`, person).Scan(&admin)
	if err != nil {
		err = fmt.Errorf("look up who administers: %w", err)
	}
	return admin, err
}

// refuseAdmin keeps, beside the answer and not before it, that a wrong password
// was given for an administrator's account: how long the answer takes must not
// tell whose account it is.
func (s *Store) refuseAdmin(ctx context.Context, person int64) {
	if person == 0 {
		return
	}
	ctx = context.WithoutCancel(ctx)
	s.beside.Go(func() {
		var admin bool
		err := s.readDB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM person_role WHERE person_id = $1 AND role = 'admin')`, person).Scan(&admin)
		if err == nil && admin {
			err = s.auditHourly(ctx, 0, act{kind: board.SessionRefusedAct, person: person, outcome: board.ActRefused})
		}
		if err != nil {
			slog.Error("a refused sign-in is not in the audit log", "error", err)
		}
	})
}

// forgetAddresses erases from the audit log from where acts older than 21 days
// came. The chain stays whole.
func (s *Store) forgetAddresses(ctx context.Context) error {
	before := micros(s.now().Add(-chain.AddressKept))
	var some bool
	if err := s.readDB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM audit WHERE address IS NOT NULL AND at < $1)`, before).Scan(&some); err != nil {
		return fmt.Errorf("look for addresses to erase: %w", err)
	}
	if !some {
		return nil
	}
	return s.noteWith(ctx, func(tx *Tx) error {
		// Not through tx.exec: the audit log is no bookkeeping, and its own guard lets this alone pass.
		_, err := tx.conn.ExecContext(tx.ctx, `UPDATE audit SET address = NULL, address_salt = NULL WHERE address IS NOT NULL AND at < $1`, before)
		if err != nil {
			return fmt.Errorf("erase addresses from the audit log: %w", err)
		}
		return nil
	})
}

// auditRestored keeps in the audit log of a copy that a folder is made from it. A
// copy from before there was such a log has none to keep it in.
func auditRestored(ctx context.Context, file string) error {
	db, err := sql.Open(driverName, dsn(file, "_synchronous=FULL&_secure_delete=on"))
	if err != nil {
		return fmt.Errorf("open the copy: %w", err)
	}
	db.SetMaxOpenConns(1)
	var there bool
	err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'audit')`).Scan(&there)
	if err == nil && there {
		err = hang(ctx, db, &board.AuditEntry{At: at(micros(time.Now())), Act: board.BackupRestoredAct, Outcome: board.ActDone, Means: board.ByCommand})
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("keep the restoring in the audit log: %w", err)
	}
	return nil
}
