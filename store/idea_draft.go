package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"convivio/store/board"
	"convivio/store/markdown"
)

// Ideas that are being written stand in a table of their own, which nothing that
// lists, finds or tells of ideas reads. They concern their authors alone: keeping
// one is bookkeeping, and no event. AddIdea publishes one.

const draftColumns = `SELECT d.id, b.slug, b.name, d.title, d.body, d.tags, d.created_at, d.changed_at
	FROM idea_draft d JOIN board b ON b.id = d.board_id
	WHERE d.person_id = $2 AND ` + sees

func scanDraft(row interface{ Scan(...any) error }) (d board.IdeaDraft, err error) {
	var tags string
	var created, changed int64
	err = row.Scan(&d.ID, &d.Board, &d.BoardName, &d.Title, &d.Body, &tags, &created, &changed)
	d.Tags, d.CreatedAt, d.ChangedAt = strings.Fields(tags), at(created), at(changed)
	return d, err
}

// IdeaDrafts lists somebody's own drafts on boards they see, changed last first.
func (s *Store) IdeaDrafts(ctx context.Context, who board.Who) ([]board.IdeaDraft, error) {
	rows, err := s.readDB.QueryContext(ctx, draftColumns+` ORDER BY d.changed_at DESC, d.id DESC LIMIT $3`, string(who.Kind), who.ID, board.MaxDrafts)
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (board.IdeaDraft, error) { return scanDraft(rows) })
	return append([]board.IdeaDraft{}, list...), err
}

// IdeaDraft reads one of somebody's own drafts. Errors: not_found.
func (s *Store) IdeaDraft(ctx context.Context, who board.Who, id int64) (board.IdeaDraft, error) {
	d, err := scanDraft(s.readDB.QueryRowContext(ctx, draftColumns+` AND d.id = $3`, string(who.Kind), who.ID, id))
	return d, missingIfNone(err, "read draft %d", id)
}

// draftText is a draft's words, checked as far as half a text can be.
type draftText struct {
	title, body, tags string
	files             markdown.Naming
}

func (s *Store) draftText(ctx context.Context, who board.Who, in board.DraftIdea) (t draftText, err error) {
	if t.title, err = board.Line("title", in.Title, board.MaxTitle, false); err != nil {
		return t, err
	}
	text, err := s.render(ctx, who, "body", in.Body, false)
	if err != nil {
		return t, err
	}
	tags, err := board.Tags(in.Tags)
	if err != nil {
		return t, err
	}
	t.body, t.files, t.tags = text.body, text.files, strings.Join(tags, " ")
	if t.title == "" && t.body == "" {
		return t, board.FieldFault("title", "Write something here.")
	}
	return t, nil
}

// KeepIdeaDraft keeps an idea in the making on the server: a new one where id is 0,
// once for each key. Errors: not_found, invalid, conflict when there are MaxDrafts
// already, or (field was) when the draft changed meanwhile.
func (s *Store) KeepIdeaDraft(ctx context.Context, who board.Who, id int64, in board.DraftIdea, key string) (board.IdeaDraft, error) {
	text, err := s.draftText(ctx, who, in)
	if err != nil {
		return board.IdeaDraft{}, err
	}
	err = s.noteAs(ctx, who.ID, func(tx *Tx) error {
		if id != 0 {
			return tx.changeDraft(who, id, in, text)
		}
		id, err = tx.newDraft(who, in, text, key)
		return err
	})
	if err != nil {
		return board.IdeaDraft{}, err
	}
	return s.IdeaDraft(ctx, who, id)
}

func (tx *Tx) newDraft(who board.Who, in board.DraftIdea, t draftText, key string) (id int64, err error) {
	boardID, err := tx.boardFor(who, in.Board)
	if err != nil {
		return 0, err
	}
	if key == "" {
		key = fmt.Sprint(tx.Now)
	}
	var here int
	if err := tx.row(`SELECT COUNT(*), COALESCE(MAX(CASE WHEN made = $2 THEN id END), 0) FROM idea_draft WHERE person_id = $1`, who.ID, key).Scan(&here, &id); err != nil {
		return 0, fmt.Errorf("count drafts: %w", err)
	}
	switch {
	case id != 0:
		return id, tx.changeDraft(who, id, in, t)
	case here >= board.MaxDrafts:
		return 0, board.Fault(board.Conflict, "You have %d drafts already. Post or delete one to keep another.", board.MaxDrafts)
	}
	id, err = tx.insert(`INSERT INTO idea_draft (person_id, board_id, made, created_at, changed_at, title, tags, body)
		VALUES ($1, $2, $3, $4, $4, $5, $6, $7) RETURNING id`, who.ID, boardID, key, tx.Now, t.title, t.tags, t.body)
	if err != nil {
		return 0, fmt.Errorf("keep a draft: %w", err)
	}
	return id, tx.keepDraftFiles(who, id, t)
}

func (tx *Tx) changeDraft(who board.Who, id int64, in board.DraftIdea, t draftText) error {
	d, err := scanDraft(tx.row(draftColumns+` AND d.id = $3`, string(who.Kind), who.ID, id))
	if err != nil {
		return missingIfNone(err, "read draft %d", id)
	}
	if in.Was != "" && in.Was != d.Wording() {
		return errMeanwhile
	}
	slug := in.Board
	if slug == "" {
		slug = d.Board
	}
	boardID, err := tx.boardFor(who, slug)
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE idea_draft SET board_id = $1, changed_at = $2, title = $3, tags = $4, body = $5 WHERE id = $6`,
		boardID, tx.Now, t.title, t.tags, t.body, id); err != nil {
		return fmt.Errorf("keep draft %d: %w", id, err)
	}
	return tx.keepDraftFiles(who, id, t)
}

// keepDraftFiles keeps the writer's files that a draft names for as long as it does.
func (tx *Tx) keepDraftFiles(who board.Who, id int64, t draftText) error {
	if _, err := tx.exec(`DELETE FROM draft_file WHERE draft_id = $1`, id); err != nil {
		return fmt.Errorf("let go of the files of draft %d: %w", id, err)
	}
	if len(t.files.Absent) > 0 {
		return errNoFile
	}
	if len(t.files.Used) == 0 {
		return nil
	}
	marks, args := inList(t.files.Used, 3)
	// #nosec G202 -- placeholders alone are put together
	if _, err := tx.exec(`INSERT INTO draft_file (draft_id, file_id) SELECT $1, f.id FROM file f WHERE f.person_id = $2 AND f.id IN (`+marks+`)`,
		append([]any{id, who.ID}, args...)...); err != nil {
		return fmt.Errorf("keep the files of draft %d: %w", id, err)
	}
	return nil
}

// DeleteIdeaDraft forgets one of somebody's own drafts. Deleting again changes nothing.
func (s *Store) DeleteIdeaDraft(ctx context.Context, who board.Who, id int64) error {
	return s.noteAs(ctx, who.ID, func(tx *Tx) error { return tx.dropIdeaDraft(who.ID, id) })
}

func (tx *Tx) dropIdeaDraft(person, id int64) error {
	for _, st := range []statement{
		{`DELETE FROM draft_file WHERE draft_id IN (SELECT d.id FROM idea_draft d WHERE d.id = $1 AND d.person_id = $2)`, []any{id, person}},
		{`DELETE FROM idea_draft WHERE id = $1 AND person_id = $2`, []any{id, person}},
	} {
		if _, err := tx.exec(st.sql, st.args...); err != nil {
			return fmt.Errorf("let go of draft %d: %w", id, err)
		}
	}
	return nil
}

// publishDraft is the step from draft to new: the draft goes as its idea comes.
// One that is gone already (published from another window) is a conflict.
func (tx *Tx) publishDraft(person, id int64) error {
	if id == 0 {
		return nil
	}
	var there int64
	err := tx.row(`SELECT id FROM idea_draft WHERE id = $1 AND person_id = $2`, id, person).Scan(&there)
	if errors.Is(err, sql.ErrNoRows) {
		return board.Fault(board.Conflict, "This draft was posted or deleted meanwhile. Look at your ideas; if it is not there, post it as a new one.")
	}
	if err != nil {
		return fmt.Errorf("find draft %d: %w", id, err)
	}
	return tx.dropIdeaDraft(person, id)
}
