package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"convivio/store/board"
	"convivio/store/markdown"
)

// ideaColumns go with ideaFrom; both take the reader's kind as $1 and id as $2.
const ideaColumns = `i.id, b.slug, b.name, b.id, p.id, p.name, COALESCE(t.name, ''), i.title, i.body, i.html, i.renderer, i.excerpt, i.lang, i.tags,
	i.stage, ` + stageName + `, i.votes, i.comments, i.answers, i.created_at, i.edited_at, i.answered_at, i.locked_at, i.last_seq, i.thread_seq, i.moved_seq, i.heat, COALESCE(i.merged_into, 0), i.merged,
	EXISTS (SELECT 1 FROM pin x WHERE x.idea_id = i.id),
	EXISTS (SELECT 1 FROM vote v WHERE v.idea_id = i.id AND v.person_id = $2),
	COALESCE((SELECT f.follows FROM idea_follow f WHERE f.idea_id = i.id AND f.person_id = $2), 0) = 1,
	(SELECT COUNT(*) FROM reaction x WHERE x.person_id = $2 AND x.idea_id = i.id),
	i.breadth, i.breadth_at, i.breadth_told, k.idea_id IS NOT NULL, k.due_at, b.calendar, i.slow,
	r.seq,
	CASE WHEN r.seq IS NULL OR i.moved_seq <= r.seq THEN 0 ELSE
		(SELECT COUNT(*) FROM comment c WHERE c.idea_id = i.id AND c.added_seq > r.seq AND c.author_id <> $2 AND c.deleted_at IS NULL) END`

const ideaJoins = ` FROM idea i
	JOIN board b ON b.id = i.board_id
	JOIN person p ON p.id = i.author_id
	LEFT JOIN team t ON t.id = p.team_id
	LEFT JOIN clock k ON k.idea_id = i.id
	LEFT JOIN read_mark r ON r.idea_id = i.id AND r.person_id = $2
	WHERE i.deleted_at IS NULL`

const ideaFrom = ideaJoins + ` AND ` + sees

// alone keeps lists to ideas that stand by themselves. What was merged into
// another one is found there.
const alone = ` AND i.stage <> 'merged'`

// ideaRow is an idea with what lists sort by.
type ideaRow struct {
	board.Idea
	moved   int64
	heat    float64
	breadth int64
	// unsettled: what is new was counted from an older reading position than the
	// reader's, which waits to be written.
	unsettled bool
}

// scanIdea reads ideaColumns.
func (s *Store) scanIdea(row interface{ Scan(...any) error }, who board.Who) (r ideaRow, err error) {
	i := &r.Idea
	var tags string
	var renderer, created int64
	var calendar, breadth string
	var counted int64
	var edited, answered, locked, due, read sql.NullInt64
	err = row.Scan(&i.ID, &i.Board, &i.BoardName, &i.BoardID, &i.Author.ID, &i.Author.Name, &i.Author.Team, &i.Title, &i.Body, &i.HTML, &renderer, &i.Excerpt, &i.Lang, &tags,
		&i.Stage, &i.StageName, &i.Votes, &i.Comments, &i.Answers, &created, &edited, &answered, &locked, &i.Seq, &i.ThreadSeq, &r.moved, &r.heat, &i.MergedInto, &i.Merged,
		&i.Pinned, &i.Voted, &i.Followed, &i.Reacted, &r.breadth, &counted, &breadth, &i.Waits, &due, &calendar, &i.Slow, &read, &i.New)
	if err == nil {
		err = s.tick(i, due, calendar)
	}
	if err != nil {
		return r, err
	}
	i.Breadth = breadthOf(breadth, counted)
	i.HTML = fresh(i.HTML, i.Body, renderer)
	i.Tags = strings.Fields(tags)
	i.CreatedAt, i.EditedAt, i.AnsweredAt, i.Locked = at(created), atOrNil(edited), atOrNil(answered), locked.Valid
	mark := s.marks.of(who.ID, i.ID)
	i.Seen = max(read.Int64, mark)
	r.unsettled = mark > read.Int64 && mark < r.moved
	switch {
	case mark >= r.moved && mark > 0:
		i.New = 0
	case !read.Valid && mark == 0:
		i.New = -1
	}
	return r, nil
}

// fresh renders a text again when an older renderer made its HTML, which knows
// the files the text may name.
func fresh(html, body string, renderer int64) string {
	if !markdown.Stale(renderer, body) {
		return html
	}
	again, _, err := markdown.RenderFiles("body", body, markdown.FilesIn(html))
	if err != nil { // over today's limits: imported, or written before them
		return markdown.Paragraphs(body)
	}
	return again
}

// Idea reads one idea. Errors: not_found.
func (s *Store) Idea(ctx context.Context, who board.Who, id int64) (board.Idea, error) {
	r, err := s.scanIdea(s.readDB.QueryRowContext(ctx, `SELECT `+ideaColumns+ideaFrom+` AND i.id = $3`, string(who.Kind), who.ID, id), who)
	return r.Idea, missingIfNone(err, "read idea %d", id)
}

// ideaRows runs a list query, again where what is new was counted from an older
// reading position than the reader's: that one is written first.
func (s *Store) ideaRows(ctx context.Context, who board.Who, tail string, args ...any) ([]ideaRow, error) {
	list, err := s.ideaRowsNow(ctx, who, tail, args...)
	if err != nil || !slices.ContainsFunc(list, func(r ideaRow) bool { return r.unsettled }) {
		return list, err
	}
	if err := s.FlushMarks(ctx); err != nil {
		readOn("how far people have read", err)
		return list, nil
	}
	return s.ideaRowsNow(ctx, who, tail, args...)
}

func (s *Store) ideaRowsNow(ctx context.Context, who board.Who, tail string, args ...any) ([]ideaRow, error) {
	// #nosec G202 -- tail is a literal of this package
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+ideaColumns+ideaFrom+tail, append([]any{string(who.Kind), who.ID}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list ideas: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (ideaRow, error) { return s.scanIdea(rows, who) })
}

// Listing asks for ideas of a board.
type Listing struct {
	Board  string // slug
	Sort   board.IdeaSort
	Stage  board.Stage // empty: all
	Limit  int
	Cursor string
	Pins   bool // pinned ideas first, as pages show them
}

// Ideas lists the ideas of a board. Errors: not_found, invalid.
func (s *Store) Ideas(ctx context.Context, who board.Who, l Listing) (board.List[board.Idea], error) {
	out := board.List[board.Idea]{Items: []board.Idea{}}
	b, err := s.Board(ctx, who, l.Board)
	if err != nil {
		return out, err
	}
	if l.Sort == "" {
		l.Sort = board.Growing
	}
	if l.Stage != "" && !l.Stage.Known() {
		return out, board.FieldFault("stage", "There is no stage with this name.")
	}
	list := string(l.Sort) + ":" + l.Board + ":" + string(l.Stage)
	c, ok, err := parseCursor(list, l.Cursor)
	if err != nil {
		return out, err
	}
	limit := pageSize(l.Limit)
	rows, err := s.sorted(ctx, who, b.ID, l, c, ok, limit+1)
	if err != nil {
		return out, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		next := cursor{list: list, id: last.ID}
		switch l.Sort {
		case board.Growing:
			next.value = heatBits(last.heat)
		case board.MostVoted:
			next.value = int64(last.Votes)
		case board.Broadest:
			next.value = last.breadth
		case board.Latest:
			next.value = micros(*last.DueAt)
		}
		out.Next = next.String()
	}
	if l.pinsFirst() && !ok {
		if out.Items, err = s.pinned(ctx, who, b.ID); err != nil {
			return out, err
		}
	}
	for _, r := range rows {
		out.Items = append(out.Items, r.Idea)
	}
	return out, nil
}

// sorted reads one page of a board in an order that an index holds.
func (s *Store) sorted(ctx context.Context, who board.Who, boardID int64, l Listing, c cursor, more bool, limit int) ([]ideaRow, error) {
	filter := alone + ` AND i.board_id = $3 AND (CAST($4 AS TEXT) = '' OR i.stage = $4)`
	if l.pinsFirst() {
		filter += notPinned
	}
	args := []any{boardID, string(l.Stage), limit}
	switch l.Sort {
	case board.Growing:
		if more {
			return s.ideaRows(ctx, who, filter+` AND (i.heat, i.id) < ($6, $7) ORDER BY i.heat DESC, i.id DESC LIMIT $5`, append(args, heatOfBits(c.value), c.id)...)
		}
		return s.ideaRows(ctx, who, filter+` ORDER BY i.heat DESC, i.id DESC LIMIT $5`, args...)
	case board.Newest:
		if more {
			return s.ideaRows(ctx, who, filter+` AND i.id < $6 ORDER BY i.id DESC LIMIT $5`, append(args, c.id)...)
		}
		return s.ideaRows(ctx, who, filter+` ORDER BY i.id DESC LIMIT $5`, args...)
	case board.MostVoted:
		if more {
			return s.ideaRows(ctx, who, filter+` AND (i.votes, i.id) < ($6, $7) ORDER BY i.votes DESC, i.id DESC LIMIT $5`, append(args, c.value, c.id)...)
		}
		return s.ideaRows(ctx, who, filter+` ORDER BY i.votes DESC, i.id DESC LIMIT $5`, args...)
	case board.Latest:
		return s.dueRows(ctx, who, onClock+` AND k.board_id = $3 AND (CAST($4 AS TEXT) = '' OR i.stage = $4) AND k.due_at < $6 AND (k.due_at, k.idea_id) > ($7, $8)
			ORDER BY k.due_at, k.idea_id LIMIT $5`, append(args, micros(s.now()), c.value, c.id)...)
	case board.Broadest:
		if more {
			return s.ideaRows(ctx, who, filter+` AND (i.breadth, i.id) < ($6, $7) ORDER BY i.breadth DESC, i.id DESC LIMIT $5`, append(args, c.value, c.id)...)
		}
		return s.ideaRows(ctx, who, filter+` ORDER BY i.breadth DESC, i.id DESC LIMIT $5`, args...)
	case board.Unanswered:
		// Who has waited longest comes first.
		return s.ideaRows(ctx, who, filter+` AND k.board_id = $3 AND k.idea_id > $6 ORDER BY k.idea_id LIMIT $5`, append(args, c.id)...)
	}
	return nil, board.FieldFault("sort", "The order is one of growing, new, votes, breadth, unanswered and late.")
}

// Mine lists the ideas somebody posted, newest first. Errors: invalid.
func (s *Store) Mine(ctx context.Context, who board.Who, limit int, after string) (board.List[board.Idea], error) {
	return s.newestFirst(ctx, who, "mine", ` AND i.author_id = $2`, limit, after)
}

func (s *Store) newestFirst(ctx context.Context, who board.Who, list, filter string, limit int, after string) (board.List[board.Idea], error) {
	out := board.List[board.Idea]{Items: []board.Idea{}}
	c, ok, err := parseCursor(list, after)
	if err != nil {
		return out, err
	}
	if !ok {
		c.id = 1 << 62
	}
	limit = pageSize(limit)
	rows, err := s.ideaRows(ctx, who, filter+` AND i.id < $3 ORDER BY i.id DESC LIMIT $4`, c.id, limit+1)
	if err != nil {
		return out, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = cursor{list: list, id: rows[limit-1].ID}.String()
	}
	for _, r := range rows {
		out.Items = append(out.Items, r.Idea)
	}
	return out, nil
}

func (s *Store) some(ctx context.Context, who board.Who, tail string, args ...any) ([]board.Idea, error) {
	rows, err := s.ideaRows(ctx, who, tail, args...)
	out := make([]board.Idea, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.Idea)
	}
	return out, err
}

// IdeasBy lists ideas of a person that the reader may see, the most supported
// first: never by date, also among those that are alike, so that nobody's days can
// be followed.
func (s *Store) IdeasBy(ctx context.Context, who board.Who, person int64, n int) ([]board.Idea, error) {
	return s.some(ctx, who, alone+` AND i.author_id = $3 ORDER BY i.votes DESC, i.id * 40503 % 65521 LIMIT $4`, person, pageSize(n))
}
