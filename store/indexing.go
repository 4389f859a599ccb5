package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"convivio/store/board"
	"convivio/store/markdown"
)

// What the search index reads: see search.Source.

// Changes reads the log after a seq, at most limit events, oldest first.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]board.Change, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT seq, kind, COALESCE(board_id, 0), COALESCE(idea_id, 0), COALESCE(comment_id, 0), COALESCE(subject_id, 0)
		FROM log WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read changes after %d: %w", after, err)
	}
	return collect(rows, func(rows *sql.Rows) (c board.Change, err error) {
		err = rows.Scan(&c.Seq, &c.Kind, &c.Board, &c.Idea, &c.Comment, &c.Subject)
		return c, err
	})
}

// The language of a text: what the text itself tells, else what the idea it
// stands under tells, else the board's, else its writer's.
const (
	ideaLang = `CASE WHEN i.lang <> '' THEN i.lang WHEN b.lang <> '' THEN b.lang ELSE p.lang END`
	textLang = `CASE WHEN x.lang <> '' THEN x.lang WHEN i.lang <> '' THEN i.lang WHEN b.lang <> '' THEN b.lang ELSE p.lang END`
)

// texts says where the three kinds of searchable text stand. x is the text, i
// its idea, b the board; a statement goes on with its own conditions.
var texts = map[board.Where]struct{ document, result, from string }{
	board.InText: {
		`i.id, i.id, i.board_id, b.visibility <> 'open', i.stage, i.author_id, i.created_at, ` + ideaLang + `, i.title, i.tags, i.answers > 0, EXISTS (SELECT 1 FROM clock k WHERE k.idea_id = i.id), i.html, i.renderer, i.body`,
		`i.id, i.id, NULL, i.created_at, i.tags, i.html, i.renderer, ` + staleBody("i") + `, i.lang`,
		` FROM idea i JOIN board b ON b.id = i.board_id JOIN person p ON p.id = i.author_id LEFT JOIN team t ON t.id = p.team_id
		  WHERE i.deleted_at IS NULL AND i.stage <> 'merged' AND i.id `,
	},
	board.InComment: {
		`x.id, i.id, i.board_id, b.visibility <> 'open', i.stage, x.author_id, x.created_at, ` + textLang + `, CASE WHEN x.label = 'merged' THEN (SELECT d.title FROM idea d WHERE d.id = x.merged_id) ELSE '' END,
			i.tags, i.answers > 0, EXISTS (SELECT 1 FROM clock k WHERE k.idea_id = i.id), x.html, x.renderer, x.body`,
		`x.id, i.id, x.id, x.created_at, '', x.html, x.renderer, ` + staleBody("x") + `, x.lang`,
		` FROM comment x JOIN idea i ON i.id = x.idea_id JOIN board b ON b.id = i.board_id JOIN person p ON p.id = x.author_id LEFT JOIN team t ON t.id = p.team_id
		  WHERE i.deleted_at IS NULL AND x.deleted_at IS NULL AND x.id `,
	},
	board.InAnswer: {
		`x.id, i.id, i.board_id, b.visibility <> 'open', i.stage, x.author_id, x.created_at, ` + textLang + `, '', i.tags, i.answers > 0, EXISTS (SELECT 1 FROM clock k WHERE k.idea_id = i.id), x.html, x.renderer, x.body`,
		`x.id, i.id, NULL, x.created_at, '', x.html, x.renderer, ` + staleBody("x") + `, x.lang`,
		` FROM answer x JOIN idea d ON d.id = x.idea_id JOIN idea i ON i.id = COALESCE(d.merged_into, d.id) JOIN board b ON b.id = i.board_id JOIN person p ON p.id = x.author_id LEFT JOIN team t ON t.id = p.team_id
		  WHERE i.deleted_at IS NULL AND x.id `,
	},
}

// staleBody is what a text was made of, only where fresh may have to make it anew:
// a search reads dozens of texts, nearly all of which are as today's renderer has them.
func staleBody(row string) string {
	return fmt.Sprintf(`CASE WHEN %s.renderer = %d THEN '' ELSE %[1]s.body END`, row, markdown.Version)
}

// Documents reads those of the texts that exist now, in any order.
func (s *Store) Documents(ctx context.Context, part board.Where, ids []int64) ([]board.Document, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	marks, args := inList(ids, 1)
	return s.documents(ctx, part, `IN (`+marks+`)`, args...)
}

// DocumentsAfter reads texts of one part with an id above after, by id, at most limit.
func (s *Store) DocumentsAfter(ctx context.Context, part board.Where, in board.Scope, after int64, limit int) ([]board.Document, error) {
	id := "x.id"
	if part == board.InText {
		id = "i.id"
	}
	switch {
	case in.Idea != 0:
		return s.documents(ctx, part, `> $1 AND i.id = $2 ORDER BY `+id+` LIMIT $3`, after, in.Idea, limit)
	case in.Board != 0:
		return s.documents(ctx, part, `> $1 AND i.board_id = $2 ORDER BY `+id+` LIMIT $3`, after, in.Board, limit)
	}
	return s.documents(ctx, part, `> $1 ORDER BY `+id+` LIMIT $2`, after, limit)
}

func (s *Store) documents(ctx context.Context, part board.Where, tail string, args ...any) ([]board.Document, error) {
	t := texts[part]
	// #nosec G202 -- tail is a literal of this file, or placeholders
	rows, err := s.readDB.QueryContext(ctx, `SELECT `+t.document+t.from+tail, args...)
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (d board.Document, err error) {
		var renderer int64
		var body string
		d.Part = part
		err = rows.Scan(&d.ID, &d.Idea, &d.Board, &d.Private, &d.Stage, &d.Author, &d.At, &d.Lang, &d.Title, &d.Tags, &d.Answered, &d.Waits, &d.HTML, &renderer, &body)
		d.HTML = fresh(d.HTML, body, renderer)
		return d, err
	})
}

// sights keeps which boards people see for as long as nothing changed about who sees
// what: each search, and each key pressed in one, begins with it.
type sights struct {
	mu     sync.Mutex
	access int64 // AccessHead they were read at
	boards int   // in all lists together
	of     map[sightOf][]board.SeenBoard
}

type sightOf struct {
	kind board.Kind
	id   int64
}

// mostSights bounds the boards of all lists kept: some 20 MB.
const mostSights = 200_000

// SeenBoards lists the boards somebody may see now. What comes is shared: nobody changes it.
func (s *Store) SeenBoards(ctx context.Context, who board.Who) ([]board.SeenBoard, error) {
	access, key, k := s.AccessHead(), sightOf{who.Kind, who.ID}, &s.sights
	k.mu.Lock()
	list, ok := k.of[key]
	ok = ok && k.access == access
	k.mu.Unlock()
	if ok {
		return list, nil
	}
	list, err := s.readSeenBoards(ctx, who)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case access < k.access: // newer ones are there
		return list, nil
	case access > k.access || k.of == nil || k.boards+len(list) > mostSights:
		k.of, k.boards = map[sightOf][]board.SeenBoard{}, 0
	}
	k.access, k.of[key] = access, list
	k.boards += len(list)
	return list, nil
}

func (s *Store) readSeenBoards(ctx context.Context, who board.Who) ([]board.SeenBoard, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT b.id, b.slug, b.name, b.visibility <> 'open' FROM board b WHERE `+sees+` ORDER BY b.id`,
		string(who.Kind), who.ID)
	if err != nil {
		return nil, fmt.Errorf("list boards seen: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (b board.SeenBoard, err error) {
		err = rows.Scan(&b.ID, &b.Slug, &b.Name, &b.Private)
		return b, err
	})
}

// Results reads those of the texts that somebody may see now, in any order: the
// last word on what a search shows, whatever the index believes.
func (s *Store) Results(ctx context.Context, who board.Who, refs []board.Ref) ([]board.Result, error) {
	ids := map[board.Where][]int64{}
	for _, r := range refs {
		ids[r.Part] = append(ids[r.Part], r.ID)
	}
	var out []board.Result
	for part, list := range ids {
		t := texts[part]
		marks, args := inList(list, 3)
		// #nosec G202 -- literals of this file, and placeholders
		rows, err := s.readDB.QueryContext(ctx, `
			SELECT `+t.result+`, i.title, i.lang, i.stage, `+stageName+`, i.votes, i.answers > 0, b.slug, b.name, p.id, p.name, COALESCE(t.name, '')`+t.from+`IN (`+marks+`) AND `+sees,
			append([]any{string(who.Kind), who.ID}, args...)...)
		if err != nil {
			return nil, fmt.Errorf("read results: %w", err)
		}
		found, err := collect(rows, func(rows *sql.Rows) (board.Result, error) { return scanResult(rows, part) })
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func scanResult(rows *sql.Rows, part board.Where) (r board.Result, err error) {
	var comment sql.NullInt64
	var us, renderer int64
	var body string
	h := &r.Hit
	r.Part = part
	err = rows.Scan(&r.ID, &h.Idea, &comment, &us, &r.Tags, &r.HTML, &renderer, &body, &h.Lang,
		&h.Title, &h.TitleLang, &h.Stage, &h.StageName, &h.Votes, &h.Answered, &h.Board, &h.BoardName, &h.Author.ID, &h.Author.Name, &h.Author.Team)
	if comment.Valid {
		h.Comment = &comment.Int64
	}
	r.HTML = fresh(r.HTML, body, renderer)
	h.At = at(us)
	return r, err
}
