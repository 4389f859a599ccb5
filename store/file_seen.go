package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"convivio/store/board"
	"convivio/store/markdown"
)

// unedited tells that no moderator edited the text of use u: where one did, the
// wordings that the reader may read decide, one by one.
const unedited = `NOT EXISTS (SELECT 1 FROM decision d WHERE d.action = 'edit' AND d.idea_id = u.idea_id AND COALESCE(d.comment_id, 0) = COALESCE(u.comment_id, 0)
	AND d.undone_at IS NULL AND d.overturned_at IS NULL)`

// seeFile reads file id for somebody who may see it now. Errors: sql.ErrNoRows.
func (s *Store) seeFile(ctx context.Context, who board.Who, id int64) (fileRow, error) {
	f, err := scanFile(s.readDB.QueryRowContext(ctx, `
		SELECT `+fileColumns+` FROM file f
		WHERE f.id = $3 AND (f.used = 0 AND f.person_id = $2 OR EXISTS (
			SELECT 1 FROM file_use u JOIN idea i ON i.id = u.idea_id JOIN board b ON b.id = i.board_id
			LEFT JOIN comment c ON c.id = u.comment_id
			WHERE u.file_id = f.id AND i.deleted_at IS NULL AND c.deleted_at IS NULL AND `+unedited+` AND `+sees+`))`,
		string(who.Kind), who.ID, id))
	if !errors.Is(err, sql.ErrNoRows) {
		return f, err
	}
	for _, named := range []func(context.Context, board.Who, int64) (bool, error){s.namedByWording, s.namedByHeld} {
		if yes, err := named(ctx, who, id); err != nil {
			return f, err
		} else if yes {
			return scanFile(s.readDB.QueryRowContext(ctx, `SELECT `+fileColumns+` FROM file f WHERE f.id = $1`, id))
		}
	}
	return f, sql.ErrNoRows
}

// namedByWording tells whether a wording names the file that the reader may read,
// of a text that a moderator edited: what was taken out is for its author and moderators.
func (s *Store) namedByWording(ctx context.Context, who board.Who, id int64) (bool, error) {
	const from = ` FROM file_use u JOIN idea i ON i.id = u.idea_id JOIN board b ON b.id = i.board_id LEFT JOIN comment c ON c.id = u.comment_id `
	const where = ` WHERE u.file_id = $4 AND i.deleted_at IS NULL AND c.deleted_at IS NULL AND ` + sees
	return s.names(ctx, id, func(int64) bool { return true }, `
		SELECT 0, COALESCE(c.body, i.body)`+from+where+`
		UNION ALL SELECT 0, a.body`+from+`JOIN answer a ON a.idea_id = i.id AND u.comment_id IS NULL`+where+`
		UNION ALL SELECT 0, v.body`+from+`JOIN idea_version v ON v.idea_id = i.id AND u.comment_id IS NULL`+where+` AND (`+keptOut("i.author_id", "d.idea_id = i.id AND d.comment_id IS NULL")+`)
		UNION ALL SELECT 0, v.body`+from+`JOIN comment_version v ON v.comment_id = c.id`+where+` AND (`+keptOut("c.author_id", "d.comment_id = c.id")+`)`,
		string(who.Kind), who.ID, asInt(who.Moderates()), id)
}

// namedByHeld tells whether a post names the file that waits for the reader, who
// moderates its board: nobody decides about what they cannot look at.
func (s *Store) namedByHeld(ctx context.Context, who board.Who, id int64) (bool, error) {
	return s.names(ctx, id, who.ModeratesBoard, `
		SELECT h.board_id, h.body FROM file f JOIN held h ON h.author_id = f.person_id AND h.state = 'waiting' JOIN board b ON b.id = h.board_id
		WHERE f.id = $3 AND `+sees, string(who.Kind), who.ID, id)
}

// names tells whether one of the texts that a query reads, each with its board,
// names the file, on a board that counts.
func (s *Store) names(ctx context.Context, id int64, counts func(board int64) bool, query string, args ...any) (bool, error) {
	rows, err := s.readDB.QueryContext(ctx, query, args...)
	if err != nil {
		return false, fmt.Errorf("read what names file %d: %w", id, err)
	}
	found, err := collect(rows, func(rows *sql.Rows) (names bool, err error) {
		var on int64
		var body string
		err = rows.Scan(&on, &body)
		return counts(on) && slices.Contains(markdown.FileIDs(body), id), err
	})
	return slices.Contains(found, true), err
}

// unnamed is the statement that forgets which file a wording named that a moderator
// took out, once nothing can be said against it (before is microseconds) and no
// text that stands, and no earlier wording, names it: nobody needs it any more.
func unnamed(before int64) statement {
	const names = ` LIKE '%/files/' || u.file_id || '%'`
	return statement{`DELETE FROM file_use WHERE id IN (SELECT u.id FROM file_use u JOIN idea i ON i.id = u.idea_id LEFT JOIN comment c ON c.id = u.comment_id
		JOIN decision d ON d.action = 'edit' AND d.idea_id = u.idea_id AND COALESCE(d.comment_id, 0) = COALESCE(u.comment_id, 0) AND d.at <= $1
			AND d.undone_at IS NULL AND d.overturned_at IS NULL
		WHERE i.deleted_at IS NULL AND c.deleted_at IS NULL AND NOT COALESCE(c.body, i.body)` + names + `
			AND NOT EXISTS (SELECT 1 FROM appeal a WHERE a.decision_id = d.id AND a.decided_at IS NULL)
			AND NOT EXISTS (SELECT 1 FROM answer a WHERE u.comment_id IS NULL AND a.idea_id = u.idea_id AND a.body` + names + `)
			AND NOT EXISTS (SELECT 1 FROM idea_version v WHERE u.comment_id IS NULL AND v.idea_id = u.idea_id AND v.body` + names + `)
			AND NOT EXISTS (SELECT 1 FROM comment_version v WHERE v.comment_id = u.comment_id AND v.body` + names + `))`, []any{before}}
}
