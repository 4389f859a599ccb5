package store

import (
	"context"
	"database/sql"
	"fmt"

	"convivio/store/board"
)

// decisionColumns take a sight as $1, $2 and $3: by the board where what was decided
// about stands now.
const decisionColumns = `SELECT d.id, COALESCE(d.review_id, 0), d.kind, d.action, d.ground, d.note, b.slug, b.id, COALESCE(i.id, 0), COALESCE(d.comment_id, 0),
	CASE WHEN i.deleted_at IS NULL AND i.board_id IN (SELECT value FROM JSON_EACH($3)) THEN i.title ELSE '' END, d.subject_id,
	COALESCE(p.id, 0), COALESCE(p.name, ''), COALESCE(m.id, 0), COALESCE(m.name, ''), d.at, d.until, w.id IS NOT NULL, d.undone_at, d.overturned_at IS NOT NULL
	FROM decision d LEFT JOIN review r ON r.id = d.review_id
	LEFT JOIN comment c ON c.id = d.comment_id LEFT JOIN idea i ON i.id = COALESCE(c.idea_id, d.idea_id)
	JOIN board b ON b.id = COALESCE(i.board_id, d.board_id)
	LEFT JOIN person p ON p.id = d.person_id LEFT JOIN person m ON m.id = d.moderator_id
	LEFT JOIN removed w ON w.id = d.removed_id
	WHERE CASE WHEN r.officer = 1 THEN b.id IN (SELECT value FROM JSON_EACH($2)) ELSE b.id IN (SELECT value FROM JSON_EACH($1)) END AND `

func scanDecision(row interface{ Scan(...any) error }) (d board.Decision, err error) {
	var us int64
	var until, undone sql.NullInt64
	var title sql.NullString
	err = row.Scan(&d.ID, &d.Item, &d.Kind, &d.Action, &d.Ground, &d.Note, &d.Board, &d.BoardID, &d.Idea, &d.Comment, &title, &d.Subject,
		&d.Person.ID, &d.Person.Name, &d.Moderator.ID, &d.Moderator.Name, &us, &until, &d.Kept, &undone, &d.Overturned)
	d.Title, d.At, d.Until, d.UndoneAt = title.String, at(us), atOrNil(until), atOrNil(undone)
	a, _ := actionFor(d.Action)
	takesWords := d.Action == board.Hide || d.Action == board.Delete
	d.Undoable = a.undo != nil && d.UndoneAt == nil && !d.Overturned && (d.Kept || !takesWords)
	return d, err
}

// Decision reads one decision as moderators of its board do. Errors: not_found.
func (s *Store) Decision(ctx context.Context, who board.Who, id int64) (board.Decision, error) {
	sight, err := s.reviewSight(ctx, who.ID)
	if err != nil {
		return board.Decision{}, err
	}
	d, err := scanDecision(s.readDB.QueryRowContext(ctx, decisionColumns+`d.id = $4`, sight.boards, sight.sealed, sight.seen, id))
	return d, missingIfNone(err, "read decision %d", id)
}

// DecisionsOf reads decisions by their ids; those that somebody may not read are
// left out.
func (s *Store) DecisionsOf(ctx context.Context, who board.Who, ids []int64) (map[int64]board.Decision, error) {
	sight, err := s.reviewSight(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	rows, err := s.readDB.QueryContext(ctx, decisionColumns+`d.id IN (SELECT value FROM JSON_EACH($4))`, sight.boards, sight.sealed, sight.seen, idList(ids))
	if err != nil {
		return nil, fmt.Errorf("read decisions: %w", err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (board.Decision, error) { return scanDecision(rows) })
	out := make(map[int64]board.Decision, len(list))
	for _, d := range list {
		out[d.ID] = d
	}
	return out, err
}

// DecisionListing chooses decisions; zero fields choose all.
type DecisionListing struct {
	Board   string // slug
	Idea    int64  // about an idea itself or, with Comment, about one of its comments
	Comment int64
	Item    int64 // of the review page
	Limit   int
	Cursor  string
}

// Decisions lists what was decided on boards that somebody reviews, newest first.
// Errors: forbidden, not_found, invalid (field cursor).
func (s *Store) Decisions(ctx context.Context, who board.Who, l DecisionListing) (list board.List[board.Decision], err error) {
	list.Items = []board.Decision{}
	sight, boardID, err := s.reviewsOf(ctx, who, l.Board)
	if err != nil {
		return list, err
	}
	c, more, err := parseCursor("decisions", l.Cursor)
	if err != nil {
		return list, err
	}
	if !more {
		c.id = 1 << 62
	}
	limit := pageSize(l.Limit)
	which := `d.id < $4 AND ($5 = 0 OR b.id = $5)`
	args := []any{sight.boards, sight.sealed, sight.seen, c.id, boardID, limit + 1}
	switch {
	case l.Item != 0:
		which, args = which+` AND d.review_id = $7`, append(args, l.Item)
	case l.Comment != 0:
		which, args = which+` AND d.comment_id = $7`, append(args, l.Comment)
	case l.Idea != 0:
		which, args = which+` AND d.idea_id = $7 AND d.comment_id IS NULL`, append(args, l.Idea)
	}
	// #nosec G202 -- which is put together from literals
	rows, err := s.readDB.QueryContext(ctx, decisionColumns+which+` ORDER BY d.id DESC LIMIT $6`, args...)
	if err != nil {
		return list, fmt.Errorf("list decisions: %w", err)
	}
	if list.Items, err = collect(rows, func(rows *sql.Rows) (board.Decision, error) { return scanDecision(rows) }); err != nil {
		return list, err
	}
	if len(list.Items) > limit {
		list.Items = list.Items[:limit]
		list.Next = cursor{list: "decisions", id: list.Items[limit-1].ID}.String()
	}
	return list, nil
}
