package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"convivio/store/board"
	"convivio/store/markdown"
)

// reviewSight is on which boards somebody reviews: lists of ids as JSON.
type reviewSight struct {
	boards string // that they moderate and see; and themselves, as a number below zero
	sealed string // of which they read what is for the officer alone
	seen   string // whose words they may read
}

func (r reviewSight) none() bool { return !strings.Contains(r.boards, ",") && r.sealed == "[]" }

// reviewSees is the condition on review r for a sight given as $1 and $2: never
// what is about the reader themselves, for nobody judges their own case.
const reviewSees = `COALESCE(-r.person_id, 0) NOT IN (SELECT value FROM JSON_EACH($1))
	AND CASE WHEN r.officer = 1 THEN r.board_id IN (SELECT value FROM JSON_EACH($2)) ELSE r.board_id IN (SELECT value FROM JSON_EACH($1)) END`

func idList(ids []int64) string {
	if ids == nil {
		return "[]"
	}
	b, _ := json.Marshal(ids) // numbers can be written
	return string(b)
}

// reviewSight finds out on which boards somebody reviews.
func (s *Store) reviewSight(ctx context.Context, person int64) (reviewSight, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT b.id, `+mayRead+`, `+mayRead+` AND (w.roles IN (1, 3) OR EXISTS (SELECT 1 FROM board_role o WHERE o.board_id = b.id AND o.person_id = p.id AND o.role = 'moderator')),
			w.roles >= 2 OR EXISTS (SELECT 1 FROM board_role o WHERE o.board_id = b.id AND o.person_id = p.id AND o.role = 'officer')
		FROM person p
		JOIN (SELECT COALESCE(MAX(o.role IN ('admin', 'moderator')), 0) + 2 * COALESCE(MAX(o.role IN ('admin', 'officer')), 0) AS roles FROM person_role o WHERE o.person_id = $1) w
		JOIN board b WHERE p.id = $1 AND p.disabled_at IS NULL`, person)
	if err != nil {
		return reviewSight{}, fmt.Errorf("look where person %d reviews: %w", person, err)
	}
	boards, sealed, seen := []int64{-person}, []int64(nil), []int64(nil)
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var sees, moderates, heeds bool
		err := rows.Scan(&id, &sees, &moderates, &heeds)
		if sees {
			seen = append(seen, id)
		}
		if moderates {
			boards = append(boards, id)
		}
		if heeds {
			sealed = append(sealed, id)
		}
		return struct{}{}, err
	})
	return reviewSight{idList(boards), idList(sealed), idList(seen)}, err
}

// reviewCounts counts what waits, on all boards or one.
func (s *Store) reviewCounts(ctx context.Context, sight reviewSight, boardID int64) (board.ReviewCounts, error) {
	counts := board.ReviewCounts{}
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT r.kind, COUNT(*) FROM review r WHERE r.closed_at IS NULL AND `+reviewSees+` AND ($3 = 0 OR r.board_id = $3) GROUP BY r.kind`,
		sight.boards, sight.sealed, boardID)
	if err != nil {
		return nil, fmt.Errorf("count what is to be reviewed: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var kind board.ReviewKind
		var n int
		err := rows.Scan(&kind, &n)
		counts[kind] = n
		return struct{}{}, err
	})
	return counts, err
}

// ReviewListing chooses what of the review page is read.
type ReviewListing struct {
	Kind   board.ReviewKind // empty: all
	Board  string           // slug; empty: all
	Limit  int              // 0: 50
	Cursor string
}

// ReviewPage is a piece of the review page with how much waits in all.
type ReviewPage struct {
	board.List[board.ReviewItem]
	Counts board.ReviewCounts
}

// Reviews lists what waits for somebody who moderates, what is most urgent first.
// Errors: forbidden for who reviews nowhere, not_found for a board that they do
// not review, invalid (fields kind, cursor).
func (s *Store) Reviews(ctx context.Context, who board.Who, l ReviewListing) (p ReviewPage, err error) {
	p.Items = []board.ReviewItem{}
	if l.Kind != "" && !slices.Contains(board.ReviewKinds, l.Kind) {
		return p, board.FieldFault("kind", "There is no such kind.")
	}
	sight, boardID, err := s.reviewsOf(ctx, who, l.Board)
	if err != nil {
		return p, err
	}
	c, more, err := parseCursor("reviews"+string(l.Kind), l.Cursor)
	if err != nil {
		return p, err
	}
	if !more {
		c.value, c.id = -1<<62, 0
	}
	if p.Counts, err = s.reviewCounts(ctx, sight, boardID); err != nil {
		return p, err
	}
	limit := pageSize(l.Limit)
	which := `r.id IN (SELECT r.id FROM review r WHERE r.closed_at IS NULL AND ` + reviewSees + ` AND (r.due_at, r.id) > ($4, $5) AND ($6 = 0 OR r.board_id = $6)`
	args := []any{c.value, c.id, boardID, limit + 1}
	if l.Kind != "" {
		which, args = which+` AND r.kind = $8`, append(args, string(l.Kind))
	}
	if p.Items, err = s.reviewItems(ctx, who, sight, which+` ORDER BY r.due_at, r.id LIMIT $7) ORDER BY r.due_at, r.id`, args...); err != nil {
		return p, err
	}
	if len(p.Items) > limit {
		p.Items = p.Items[:limit]
		last := p.Items[limit-1]
		p.Next = cursor{list: "reviews" + string(l.Kind), value: micros(last.DueAt), id: last.ID}.String()
	}
	for i := range p.Items {
		if p.Items[i].Officer {
			p.Items[i].Excerpt, p.Items[i].Body, p.Items[i].HTML = "", "", "" // read on the item's own page, which the audit log keeps
		}
	}
	return p, s.fillReviews(ctx, p.Items, false)
}

// reviewsOf finds out what somebody reviews. Errors: forbidden, not_found.
func (s *Store) reviewsOf(ctx context.Context, who board.Who, slug string) (sight reviewSight, boardID int64, err error) {
	if sight, err = s.reviewSight(ctx, who.ID); err != nil {
		return sight, 0, err
	}
	if sight.none() {
		return sight, 0, board.Fault(board.Forbidden, "Only moderators can do this.")
	}
	if slug == "" {
		return sight, 0, nil
	}
	err = s.readDB.QueryRowContext(ctx, `SELECT id FROM board WHERE slug = $3 AND (id IN (SELECT value FROM JSON_EACH($1)) OR id IN (SELECT value FROM JSON_EACH($2)))`,
		sight.boards, sight.sealed, slug).Scan(&boardID)
	return sight, boardID, missingIfNone(err, "find board %s", slug)
}

// ReviewItem reads one item, also when it was decided. Errors: not_found.
func (s *Store) ReviewItem(ctx context.Context, who board.Who, id int64) (board.ReviewItem, error) {
	sight, err := s.reviewSight(ctx, who.ID)
	if err != nil {
		return board.ReviewItem{}, err
	}
	list, err := s.reviewItems(ctx, who, sight, `r.id = $4`, id)
	if err == nil && len(list) == 0 {
		err = board.Missing()
	}
	if err != nil {
		return board.ReviewItem{}, err
	}
	err = s.fillReviews(ctx, list, true)
	return list[0], err
}

// reviewColumns take a sight as $1, $2 and $3. Words are shown where the reader
// may see the board they stand on now. A warning counts for half a year.
const reviewColumns = `SELECT r.id, r.kind, r.version, b.slug, b.name, COALESCE(i.id, 0), COALESCE(c.id, 0), r.subject_id,
	i.title, c.id IS NOT NULL, COALESCE(c.html, i.html), COALESCE(c.body, i.body), COALESCE(c.lang, i.lang, ''),
	i.deleted_at IS NOT NULL OR c.deleted_at IS NOT NULL, COALESCE(i.board_id, r.board_id) NOT IN (SELECT value FROM JSON_EACH($3)),
	r.officer = 1, i.locked_at IS NOT NULL, COALESCE(p.id, 0), COALESCE(p.name, ''), COALESCE(t.name, ''), r.at, r.due_at,
	(SELECT COUNT(*) FROM decision d WHERE d.idea_id = i.id AND COALESCE(d.comment_id, 0) = COALESCE(c.id, 0) AND d.undone_at IS NULL),
	(SELECT COUNT(*) FROM decision d WHERE d.person_id = r.person_id AND d.action = 'warn' AND d.undone_at IS NULL AND d.overturned_at IS NULL AND d.at > r.at - 15811200000000),
	COALESCE(k.id, 0), COALESCE(k.name, ''), COALESCE(r.claimed_at, 0), COALESCE(e.id, 0), COALESCE(e.name, ''), r.entrusted_note, r.closed_at IS NOT NULL,
	COALESCE((SELECT o.title FROM idea o WHERE o.id = r.subject_id AND r.kind = 'duplicate' AND o.deleted_at IS NULL AND o.board_id IN (SELECT value FROM JSON_EACH($3))), '')
	FROM review r JOIN board b ON b.id = r.board_id
	` + itemWords + `
	LEFT JOIN person p ON p.id = r.person_id LEFT JOIN team t ON t.id = p.team_id
	LEFT JOIN person k ON k.id = r.claimed_by LEFT JOIN person e ON e.id = r.entrusted_to
	WHERE ` + reviewSees + ` AND `

// reviewExcerpt is how much of a text a row shows, in characters.
const reviewExcerpt = 400

// reviewItems reads rows of the review page; which takes its values from $4 on.
func (s *Store) reviewItems(ctx context.Context, who board.Who, sight reviewSight, which string, args ...any) ([]board.ReviewItem, error) {
	// #nosec G202 -- which is a literal of this file
	rows, err := s.readDB.QueryContext(ctx, reviewColumns+which, append([]any{sight.boards, sight.sealed, sight.seen}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("list what is to be reviewed: %w", err)
	}
	now := s.now()
	return collect(rows, func(rows *sql.Rows) (r board.ReviewItem, err error) {
		var title, html, body sql.NullString
		var opened, due, claimed int64
		var comment bool
		err = rows.Scan(&r.ID, &r.Kind, &r.Version, &r.Board, &r.BoardName, &r.Idea, &r.Comment, &r.Subject, &title, &comment, &html, &body, &r.Lang,
			&r.Gone, &r.Sealed, &r.Officer, &r.Locked, &r.Person.ID, &r.Person.Name, &r.Person.Team, &opened, &due, &r.Earlier, &r.Warnings,
			&r.Claimed.ID, &r.Claimed.Name, &claimed, &r.Entrusted.ID, &r.Entrusted.Name, &r.Handed, &r.Closed, &r.Other)
		if err != nil {
			return r, err
		}
		r.At, r.DueAt = at(opened), at(due)
		r.Overdue = now.After(r.DueAt)
		if now.Sub(at(claimed)) >= board.ClaimTime {
			r.Claimed = board.Author{}
		}
		r.Mine = r.Claimed.ID == who.ID && who.ID != 0
		if r.Sealed {
			r.Person, r.Idea, r.Comment = board.Author{}, 0, 0
		} else {
			r.Title, r.Body, r.HTML, r.Excerpt = title.String, body.String, html.String, markdown.Excerpt(html.String, reviewExcerpt)
		}
		if !r.Closed {
			r.Actions = actionsOn(r)
		}
		return r, nil
	})
}

// reportersNamed is from how many people on their reports are counted out.
const reportersNamed = 3

// fillReviews adds what people reported, in two statements for all rows; the
// words of what is for the officer alone only with sealed.
func (s *Store) fillReviews(ctx context.Context, items []board.ReviewItem, sealed bool) error {
	place := map[int64]*board.ReviewItem{}
	var ids []int64
	for i := range items {
		if items[i].Kind == board.ReportItem {
			place[items[i].ID], ids = &items[i], append(ids, items[i].ID)
		}
	}
	if err := s.fillWords(ctx, items, sealed); err != nil {
		return err
	}
	if len(ids) == 0 {
		return nil
	}
	if err := s.fillGrounds(ctx, place, ids, sealed); err != nil {
		return err
	}
	rows, err := s.readDB.QueryContext(ctx, `
		WITH past AS MATERIALIZED (
			SELECT o.person_id, SUM(o.outcome = 'right') AS rights, COUNT(*) AS n FROM report o
			WHERE o.outcome IN ('right', 'wrong') AND o.person_id IN (SELECT r.person_id FROM report r WHERE r.review_id IN (SELECT value FROM JSON_EACH($1)))
			GROUP BY o.person_id)
		SELECT r.review_id, SUM(p.rights), SUM(p.n) FROM report r JOIN past p ON p.person_id = r.person_id
		WHERE r.review_id IN (SELECT value FROM JSON_EACH($1)) GROUP BY r.review_id`, idList(ids))
	if err != nil {
		return fmt.Errorf("count how often reports were right: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var right, of int
		err := rows.Scan(&id, &right, &of)
		place[id].Trust = trust(place[id].Reporters, right, of)
		return struct{}{}, err
	})
	return err
}

// trust tells how often people were right, so that it is about no single one.
func trust(people, right, of int) board.Trust {
	mostly := of >= 3 && 3*right >= 2*of
	if people < reportersNamed {
		return board.Trust{Mostly: mostly}
	}
	return board.Trust{Right: right, Of: of, Mostly: mostly}
}

// fillGrounds adds on which grounds things were reported, and with what words.
func (s *Store) fillGrounds(ctx context.Context, place map[int64]*board.ReviewItem, ids []int64, sealed bool) error {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT r.review_id, r.ground, r.note, COALESCE(r.other_id, 0), COALESCE(i.title, '') FROM report r
		LEFT JOIN review v ON v.id = r.review_id
		LEFT JOIN idea i ON i.id = r.other_id AND i.deleted_at IS NULL AND i.board_id = v.board_id
		WHERE r.review_id IN (SELECT value FROM JSON_EACH($1)) ORDER BY r.review_id, r.ground, r.id`, idList(ids))
	if err != nil {
		return fmt.Errorf("read why things were reported: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var n board.ReportNote
		if err := rows.Scan(&id, &n.Ground, &n.Note, &n.Other, &n.Title); err != nil {
			return struct{}{}, err
		}
		it := place[id]
		it.Reporters++
		if last := len(it.Grounds) - 1; last >= 0 && it.Grounds[last].Ground == n.Ground {
			it.Grounds[last].Count++
		} else {
			it.Grounds = append(it.Grounds, board.GroundSum{Ground: n.Ground, Count: 1})
		}
		if (n.Note != "" || n.Other != 0) && (sealed || !it.Officer) {
			it.Notes = append(it.Notes, n)
		}
		return struct{}{}, nil
	})
	return err
}
