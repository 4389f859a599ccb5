package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"convivio/store/board"
)

// MoveIdea brings an idea to another stage, as board.Stage's table allows, and
// keeps the step: moderators and the board's owners move ideas, authors withdraw
// theirs. An idea that stands there already stays as it is, unless what was
// promised or parked gets another day. Errors: not_found, forbidden, invalid,
// conflict when locked or when there is no such step (it says which there are).
func (s *Store) MoveIdea(ctx context.Context, who board.Who, id int64, m board.Move) (board.Idea, error) {
	m, err := checkMove(m)
	if err != nil {
		return board.Idea{}, err
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		t, err := tx.openIdea(who, id)
		if err != nil {
			return err
		}
		if st, ok := t.stage.Step(m.Stage); ok && m.Quiet && st.Reason && m.Stage != t.stage {
			return board.FieldFault("quiet", "Whoever wrote and supported this idea is told of such a step: it cannot be quiet.")
		}
		return tx.moveIdea(who, t, id, m)
	})
	if err != nil {
		return board.Idea{}, err
	}
	return s.Idea(ctx, who, id)
}

// checkMove checks what can be checked without rows. Errors: invalid.
func checkMove(m board.Move) (board.Move, error) {
	var err error
	if m.Reason, err = board.Text("reason", m.Reason, board.MaxReason, false); err != nil {
		return m, err
	}
	if m.Measured, err = board.Text("measured", m.Measured, board.MaxReason, false); err != nil {
		return m, err
	}
	if m.Until, err = board.ParseDay("until", string(m.Until)); err != nil {
		return m, err
	}
	if m.Due, err = board.ParseDay("due", string(m.Due)); err != nil {
		return m, err
	}
	if !m.Stage.Known() {
		return m, board.FieldFault("stage", "There is no stage with this name.")
	}
	return m, nil
}

// moveIdea is MoveIdea in a verb that does more; m went through checkMove.
func (tx *Tx) moveIdea(who board.Who, t target, id int64, m board.Move) error {
	by, err := tx.mover(who, t)
	if err != nil {
		return err
	}
	now, err := tx.standing(t, id)
	if err != nil {
		return err
	}
	m = now.complete(m)
	if by != 0 && m.Stage == t.stage && now.same(m) {
		return nil
	}
	flow, err := flowOf(tx.query, t.board)
	if err != nil {
		return err
	}
	if by&board.ByKeeper == 0 {
		m.Quiet = false
	}
	if err := flow.Check(t.stage, by, m); err != nil {
		return err
	}
	if err := tx.needs(t, now, m); err != nil {
		return err
	}
	if err := tx.step(t, id, who.ID, m); err != nil {
		return err
	}
	if by&board.ByKeeper == 0 {
		return nil
	}
	// The reason stands in the idea's history, and goes with the idea.
	return tx.audit(act{kind: board.IdeaMovedAct, board: t.board, idea: id, person: m.Owner,
		before: stood{Stage: t.stage, Due: now.Due, Until: now.Until}, after: stood{m.Stage, m.Due, m.Until, m.Quiet}})
}

// stood is where an idea stood, as the audit log keeps it.
type stood struct {
	Stage board.Stage `json:"stage"`
	Due   board.Day   `json:"due,omitempty"`
	Until board.Day   `json:"until,omitempty"`
	Quiet bool        `json:"quiet,omitempty"`
}

// mover is what somebody is to an idea they want to move.
func (tx *Tx) mover(who board.Who, t target) (by board.Mover, err error) {
	if t.author == who.ID {
		by |= board.ByAuthor
	}
	for _, role := range []board.BoardRole{board.BoardModerator, board.BoardOwner} {
		var fault *board.Error
		switch err := tx.mayOnBoard(who, t.board, role); {
		case err == nil:
			return by | board.ByKeeper, nil
		case !errors.As(err, &fault):
			return 0, err
		}
	}
	return by, nil
}

// standing is what an idea's stage carries: who sees to it and by when, or the
// day to look at it again.
type standing struct {
	promise int64 // 0: there is none that holds
	board.Move
}

// standing reads what the stage of an idea carries. What was done, or merged, and
// goes on after all finds the promise it had.
func (tx *Tx) standing(t target, id int64) (now standing, err error) {
	now.Stage = t.stage
	err = tx.row(`SELECT COALESCE(MAX(until), '') FROM parked WHERE idea_id = $1`, id).Scan(&now.Until)
	if err != nil {
		return now, fmt.Errorf("read until when idea %d is parked: %w", id, err)
	}
	ended := ""
	if t.stage == board.Done || t.stage == board.MergedInto {
		ended = string(t.stage)
	}
	err = tx.row(`SELECT id, owner_id, due FROM promise WHERE idea_id = $1 AND ended = $2 ORDER BY id DESC LIMIT 1`, id, ended).
		Scan(&now.promise, &now.Owner, &now.Due)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err != nil {
		return now, fmt.Errorf("read what was promised of idea %d: %w", id, err)
	}
	return now, nil
}

// complete leaves with a move only what its stage carries, and puts in what stays.
func (now standing) complete(m board.Move) board.Move {
	if m.Stage != board.Done {
		m.Measured = ""
	}
	if m.Stage != board.Parked {
		m.Until = ""
	} else if m.Until == "" {
		m.Until = now.Until
	}
	switch {
	case !m.Stage.Promises():
		m.Owner, m.Due = 0, ""
	default:
		if m.Owner == 0 {
			m.Owner = now.Owner
		}
		if m.Due == "" {
			m.Due = now.Due
		}
	}
	return m
}

// same tells whether a move to the same stage changes nothing.
func (now standing) same(m board.Move) bool {
	return m.Until == now.Until && (!m.Stage.Promises() || m.Owner == now.Owner && m.Due == now.Due)
}

// needs refuses a move that lacks what its stage carries. Errors: invalid, naming
// until, owner, due or measured.
func (tx *Tx) needs(t target, now standing, m board.Move) error {
	today := board.DayOf(at(tx.Now))
	switch {
	case m.Stage == board.Done && m.Measured == "":
		return board.FieldFault("measured", "Say how one knows: a number, what people say, what is there now.")
	case m.Stage == board.Parked && m.Until == "":
		return board.FieldFault("until", "Say when to look at the idea again.")
	case m.Stage == board.Parked && m.Until <= today:
		return board.FieldFault("until", "The day to look again must be later than today.")
	case !m.Stage.Promises():
		return nil
	case m.Owner == 0:
		return board.FieldFault("owner", "Say who sees to it.")
	case m.Due == "":
		return board.FieldFault("due", "Say by when it will be done.")
	case m.Due < today && m.Due != now.Due:
		return board.FieldFault("due", "This day is past. Promise a day that is still to come.")
	case m.Owner == now.Owner:
		return nil
	}
	var may bool
	if err := tx.row(`SELECT EXISTS (SELECT 1 FROM person p JOIN board b ON b.id = $2
		WHERE p.id = $1 AND p.email IS NOT NULL AND p.disabled_at IS NULL AND `+mayRead+`)`, m.Owner, t.board).Scan(&may); err != nil {
		return fmt.Errorf("look whether person %d sees board %d: %w", m.Owner, t.board, err)
	}
	if !may {
		return board.FieldFault("owner", "Choose somebody who sees this board.")
	}
	return nil
}

// step brings an idea to a stage and keeps where it came from, who sees to it and
// until when; what m leaves out stays as it was. It asks nobody whether that may
// be: moveIdea does, and the verbs that merge know.
func (tx *Tx) step(t target, id, author int64, m board.Move) error {
	now, err := tx.standing(t, id)
	if err != nil {
		return err
	}
	m = now.complete(m)
	change, err := tx.insert(`
		INSERT INTO stage_change (idea_id, from_stage, to_stage, author_id, reason, at, quiet, until, owner_id, due, measured)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
		id, string(t.stage), string(m.Stage), author, m.Reason, tx.Now, asInt(m.Quiet), string(m.Until), orNull(m.Owner), string(m.Due), m.Measured)
	if err != nil {
		return fmt.Errorf("keep the step: %w", err)
	}
	seq, err := tx.record(board.IdeaStaged, about{board: t.board, idea: id, subject: change})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE idea SET stage = $1, moved_seq = CASE $2 WHEN 1 THEN moved_seq ELSE $3 END, last_seq = $3 WHERE id = $4`,
		string(m.Stage), asInt(m.Quiet), seq, id); err != nil {
		return fmt.Errorf("move idea %d: %w", id, err)
	}
	if err := tx.carry(now, id, m); err != nil {
		return err
	}
	if err := tx.thaw(id, t.stage, m.Stage); err != nil {
		return err
	}
	return tx.setDue(id)
}

// carry keeps what the new stage carries, and ends what the old one did.
func (tx *Tx) carry(now standing, id int64, m board.Move) error {
	var list []statement
	switch {
	case m.Stage == board.Parked && m.Until != "":
		list = append(list, statement{`INSERT INTO parked (idea_id, until) VALUES ($1, $2) ON CONFLICT (idea_id) DO UPDATE SET until = excluded.until`, []any{id, string(m.Until)}})
	case m.Stage != board.MergedInto: // taken apart again, it is parked as it was
		list = append(list, statement{`DELETE FROM parked WHERE idea_id = $1`, []any{id}})
	}
	holds := m.Stage.Promises() && m.Owner != 0
	switch {
	case holds && now.promise == 0:
		list = append(list, statement{`INSERT INTO promise (idea_id, owner_id, due, first_due, made_at) VALUES ($1, $2, $3, $3, $4)`,
			[]any{id, m.Owner, string(m.Due), tx.Now}})
	case holds: // another day gets another reminder
		list = append(list, statement{`UPDATE promise SET told_at = CASE WHEN due = $1 AND owner_id = $2 THEN told_at END, adrift_at = CASE WHEN owner_id = $2 THEN adrift_at END, due = $1, owner_id = $2, ended = '', ended_on = '' WHERE id = $3`,
			[]any{string(m.Due), m.Owner, now.promise}})
	case now.promise != 0:
		list = append(list, statement{`UPDATE promise SET ended = $1, ended_on = $2 WHERE id = $3`,
			[]any{string(m.Stage), string(board.DayOf(at(tx.Now))), now.promise}})
	}
	for _, st := range list {
		if _, err := tx.exec(st.sql, st.args...); err != nil {
			return fmt.Errorf("keep what was promised of idea %d: %w", id, err)
		}
	}
	if holds && m.Owner != now.Owner {
		return tx.tell(m.Owner, board.Entrusted, id, 0)
	}
	return nil
}

// flowOf reads what a board made of the stages.
func flowOf(query func(string, ...any) (*sql.Rows, error), boardID int64) (board.Flow, error) {
	rows, err := query(`SELECT stage, name, no_use = 1 FROM board_stage WHERE board_id = $1 ORDER BY stage`, boardID)
	if err != nil {
		return nil, fmt.Errorf("read the stages of board %d: %w", boardID, err)
	}
	return collect(rows, func(rows *sql.Rows) (x board.StageSetting, err error) {
		err = rows.Scan(&x.Stage, &x.Name, &x.Off)
		return x, err
	})
}

// flows remembers what boards made of the stages, until somebody's sight changes:
// changing a board does that.
type flows struct {
	mu   sync.Mutex
	head int64
	of   map[int64]board.Flow
}

// Flow is what a board, by its id, made of the stages.
func (s *Store) Flow(ctx context.Context, boardID int64) (board.Flow, error) {
	head := s.AccessHead()
	s.flows.mu.Lock()
	if s.flows.of == nil || s.flows.head != head {
		s.flows.head, s.flows.of = head, map[int64]board.Flow{}
	}
	flow, ok := s.flows.of[boardID]
	s.flows.mu.Unlock()
	if ok {
		return flow, nil
	}
	flow, err := flowOf(func(q string, args ...any) (*sql.Rows, error) { return s.readDB.QueryContext(ctx, q, args...) }, boardID)
	if err != nil {
		return nil, err
	}
	s.flows.mu.Lock()
	defer s.flows.mu.Unlock()
	if s.flows.head == head {
		s.flows.of[boardID] = flow
	}
	return flow, nil
}

// stageName is a board's own name for the stage of idea i.
const stageName = `COALESCE((SELECT z.name FROM board_stage z WHERE z.board_id = i.board_id AND z.stage = i.stage), '')`

// Path lists the steps an idea took, oldest first. Errors: not_found.
func (s *Store) Path(ctx context.Context, who board.Who, idea int64) ([]board.StageChange, error) {
	if err := s.visible(ctx, who, idea); err != nil {
		return nil, err
	}
	return s.PathOf(ctx, idea)
}

// PathOf is Path for a caller that has just read the idea as its reader.
func (s *Store) PathOf(ctx context.Context, idea int64) ([]board.StageChange, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT c.from_stage, c.to_stage, COALESCE(z.name, ''), c.at, p.id, p.name, COALESCE(t.name, ''), c.reason, c.measured, c.until, c.due, c.quiet = 1,
		       COALESCE(o.id, 0), COALESCE(o.name, ''), COALESCE(u.name, '')
		FROM stage_change c JOIN idea i ON i.id = c.idea_id
		JOIN person p ON p.id = c.author_id LEFT JOIN team t ON t.id = p.team_id
		LEFT JOIN person o ON o.id = c.owner_id LEFT JOIN team u ON u.id = o.team_id
		LEFT JOIN board_stage z ON z.board_id = i.board_id AND z.stage = c.to_stage
		WHERE c.idea_id = $1 ORDER BY c.id`, idea)
	if err != nil {
		return nil, fmt.Errorf("read the path of idea %d: %w", idea, err)
	}
	return collect(rows, func(rows *sql.Rows) (c board.StageChange, err error) {
		var us int64
		var owner board.Author
		err = rows.Scan(&c.From, &c.To, &c.ToName, &us, &c.Author.ID, &c.Author.Name, &c.Author.Team, &c.Reason, &c.Measured, &c.Until, &c.Due, &c.Quiet,
			&owner.ID, &owner.Name, &owner.Team)
		c.At = at(us)
		if owner.ID != 0 {
			c.Owner = &owner
		}
		return c, err
	})
}
