package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"convivio/store/board"
)

// Merging tells what merging an idea into another would do, to moderators of
// both boards. Errors: not_found, forbidden, invalid (field into).
func (s *Store) Merging(ctx context.Context, who board.Who, id, into int64) (out board.Merging, err error) {
	if out.From, err = s.tended(ctx, who, id); err != nil {
		return out, err
	}
	if out.From.MergedInto != 0 {
		return out, errMerged(out.From.MergedInto)
	}
	if id == into {
		return out, board.FieldFault("into", "An idea cannot be merged into itself.")
	}
	if out.Into, err = s.Idea(ctx, who, into); isNotFound(err) {
		return out, board.FieldFault("into", "There is no such idea.")
	}
	switch {
	case err != nil:
		return out, err
	case !who.ModeratesBoard(out.Into.BoardID):
		return out, board.FieldFault("into", "That idea stands on a board that you do not moderate.")
	case out.Into.MergedInto != 0:
		return out, board.FieldFault("into", "That idea was merged itself, into #%d: merge into that one.", out.Into.MergedInto)
	}
	err = s.readDB.QueryRowContext(ctx, `SELECT COUNT(*) FROM vote v JOIN vote w ON w.person_id = v.person_id AND w.idea_id = $2 WHERE v.idea_id = $1`, id, into).Scan(&out.Both)
	if err != nil {
		return out, fmt.Errorf("count who voted for both: %w", err)
	}
	out.Votes, out.Frozen = out.From.Votes+out.Into.Votes-out.Both, !out.Into.Stage.VotesOpen()
	out.Comments, out.Answers, out.Carried = out.From.Comments, out.From.Answers, out.From.Merged
	if out.Gain, err = s.gaining(ctx, out.From.BoardID, out.Into.BoardID); err != nil {
		return out, err
	}
	if out.From.BoardID != out.Into.BoardID {
		out.Lose, err = s.losing(ctx, id, out.Into.BoardID)
	}
	return out, err
}

// MergedHere lists what was merged into an idea, the latest first, for somebody
// who was found to see it.
func (s *Store) MergedHere(ctx context.Context, who board.Who, idea int64) ([]board.MergedIdea, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT i.id, i.title, i.lang, p.id, p.name, COALESCE(t.name, ''), m.label_id, i.votes, m.votes = 0, m.at,
			COALESCE((SELECT g.reason FROM stage_change g WHERE g.idea_id = i.id AND g.to_stage = 'merged' ORDER BY g.id DESC LIMIT 1), ''),
			EXISTS (SELECT 1 FROM vote v JOIN vote o ON o.idea_id = $1 AND o.person_id = v.person_id AND o.via IS NOT NULL WHERE v.idea_id = i.id AND v.person_id = $2)
		FROM idea i JOIN merge m ON m.from_id = i.id AND m.undone_at IS NULL
		JOIN person p ON p.id = i.author_id LEFT JOIN team t ON t.id = p.team_id
		WHERE i.merged_into = $1 ORDER BY m.id DESC`, idea, who.ID)
	if err != nil {
		return nil, fmt.Errorf("read what was merged into idea %d: %w", idea, err)
	}
	return collect(rows, func(rows *sql.Rows) (m board.MergedIdea, err error) {
		var us int64
		err = rows.Scan(&m.Idea, &m.Title, &m.TitleLang, &m.Author.ID, &m.Author.Name, &m.Author.Team, &m.Comment, &m.Votes, &m.Frozen, &us, &m.Reason, &m.Mine)
		m.At = at(us)
		return m, err
	})
}

// MergedInto lists what was merged into an idea. Errors: not_found.
func (s *Store) MergedInto(ctx context.Context, who board.Who, idea int64) ([]board.MergedIdea, error) {
	if err := s.visible(ctx, who, idea); err != nil {
		return nil, err
	}
	return s.MergedHere(ctx, who, idea)
}

// Label is the comment that stands for a merged idea; 0: none does. The reader
// was found to see the idea.
func (s *Store) Label(ctx context.Context, idea int64) (comment int64, err error) {
	err = s.readDB.QueryRowContext(ctx, `SELECT label_id FROM merge WHERE from_id = $1 AND undone_at IS NULL`, idea).Scan(&comment)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		err = fmt.Errorf("find the label of idea %d: %w", idea, err)
	}
	return comment, err
}

// errMerged answers what cannot be done to an idea while it is merged.
func errMerged(into int64) error {
	return board.Fault(board.Conflict, "This idea was merged into #%d: go on there.", into).On("idea")
}

func isNotFound(err error) bool {
	var fault *board.Error
	return errors.As(err, &fault) && fault.Code == board.NotFound
}

func scanText(rows *sql.Rows) (text string, err error) { err = rows.Scan(&text); return text, err }

// Unmerging tells who would read words that were changed since an idea was merged,
// if it went back to its board now. Errors: not_found.
func (s *Store) Unmerging(ctx context.Context, who board.Who, id int64) (board.Circle, error) {
	idea, err := s.tended(ctx, who, id)
	if err != nil {
		return board.Circle{}, err
	}
	var from int64
	err = s.readDB.QueryRowContext(ctx, `SELECT from_board FROM merge WHERE from_id = $1 AND undone_at IS NULL`, id).Scan(&from)
	if err != nil {
		return board.Circle{}, missingIfNone(err, "find the merge of idea %d", id)
	}
	if !who.ModeratesBoard(from) {
		return board.Circle{Names: []string{}}, nil
	}
	return s.gaining(ctx, idea.BoardID, from)
}
