package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"convivio/store/board"
	"convivio/store/markdown"
)

// The follower that knows which ideas cite which. What it made of a stretch of the
// log and how far it came are written in one transaction; applied again, or from
// the beginning, an event changes nothing.

const (
	citationBatch  = 1000 // events looked at in one go: verbs wait for what they make
	citationRest   = 50 * time.Millisecond
	citationsShown = 20 // on each side of an idea
	citationsKept  = 60 // on each side, among which a reader finds theirs
)

// RunCitations follows the log and keeps which ideas lead to which, until ctx
// ends. base is the address under which people reach the server, empty for none:
// links copied from the browser begin with it. Trouble is logged and tried again.
func (s *Store) RunCitations(ctx context.Context, base string) error {
	var seq int64
	err := s.readDB.QueryRowContext(ctx, `SELECT seq FROM follower WHERE name = 'citations'`).Scan(&seq)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read how far citations came: %w", err)
	}
	seq = min(seq, s.Head()) // beyond the log are events that are gone
	s.cited.advance(seq, false, false)
	for {
		head, err := s.Follow(ctx, s.cited.head())
		began, to := time.Now(), min(head, s.cited.head()+citationBatch)
		if err == nil {
			err = s.cite(ctx, s.cited.head(), to, base)
		}
		if ctx.Err() != nil {
			return nil
		}
		pause := max(citationRest, 2*time.Since(began))
		switch {
		case err == nil:
			s.cited.advance(to, false, false)
		case !errors.Is(err, errReadOnly):
			slog.Error("what ideas cite cannot be kept; trying again", "error", err)
			pause = time.Second
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

// CitedHead changes whenever what ideas cite may have.
func (s *Store) CitedHead() int64 { return s.linked.Load() }

// WaitCitations waits until what the texts up to seq cite is known. Errors: ctx's.
func (s *Store) WaitCitations(ctx context.Context, seq int64) error { return s.cited.reached(ctx, seq) }

// citing is a text as it stands now, with an event that it had.
type citing struct {
	idea, comment, answer int64
	added                 bool
	html                  string
}

// cite keeps what the texts changed in a stretch of the log lead to, and its end.
// A stretch that changed nothing here is not written down: looking at it again
// costs less.
func (s *Store) cite(ctx context.Context, after, seq int64, base string) error {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT COALESCE(c.idea_id, e.idea_id), COALESCE(e.comment_id, 0), COALESCE(w.id, 0), e.kind IN ('idea.added', 'comment.added', 'idea.answered'), COALESCE(c.html, w.html, i.html)
		FROM log e JOIN idea i ON i.id = e.idea_id
		LEFT JOIN comment c ON c.id = e.comment_id
		LEFT JOIN answer w ON w.id = e.subject_id AND e.kind = 'idea.answered'
		WHERE e.seq > $1 AND e.seq <= $2
		AND e.kind IN ('idea.added', 'idea.edited', 'idea.deleted', 'idea.restored', 'comment.added', 'comment.edited', 'comment.deleted', 'comment.restored', 'idea.answered')
		ORDER BY e.seq`, after, seq)
	if err != nil {
		return fmt.Errorf("read what cites: %w", err)
	}
	texts, err := collect(rows, func(rows *sql.Rows) (t citing, err error) {
		err = rows.Scan(&t.idea, &t.comment, &t.answer, &t.added, &t.html)
		return t, err
	})
	if err != nil {
		return err
	}
	var list []statement
	for _, t := range texts {
		list = append(list, t.statements(base)...)
	}
	if len(list) == 0 && seq-after < citationBatch {
		return nil
	}
	err = s.note(ctx, append(list, statement{`
		INSERT INTO follower (name, seq) VALUES ('citations', $1) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq`, []any{seq}})...)
	if err == nil && len(list) > 0 {
		s.linked.Store(seq)
	}
	return err
}

// statements write what a text leads to. Only what is there can be cited.
func (t citing) statements(base string) (list []statement) {
	if !t.added {
		list = append(list, statement{`DELETE FROM citation WHERE idea_id = $1 AND comment_id = $2 AND answer_id = $3`, []any{t.idea, t.comment, t.answer}})
	}
	if ids := markdown.IdeasIn(t.html, base); len(ids) > 0 {
		marks, args := inList(ids, 4)
		list = append(list, statement{`
			INSERT INTO citation (idea_id, comment_id, answer_id, cited_id)
			SELECT $1, $2, $3, id FROM idea WHERE id <> $1 AND id IN (` + marks + `) ON CONFLICT DO NOTHING`, append([]any{t.idea, t.comment, t.answer}, args...)})
	}
	return list
}

// Citations lists the ideas that one cites and those that cite it, as far as the
// reader may see them, the latest first. Errors: not_found.
func (s *Store) Citations(ctx context.Context, who board.Who, idea int64) (board.Citations, error) {
	if err := s.visible(ctx, who, idea); err != nil {
		return board.Citations{}, err
	}
	return s.CitationsOf(ctx, who, idea)
}

// CitationsOf is Citations for a caller that has just read the idea as its reader.
func (s *Store) CitationsOf(ctx context.Context, who board.Who, idea int64) (board.Citations, error) {
	return s.citations(ctx, idea, sees, citationsShown, string(who.Kind), who.ID)
}

// Links are the citations of an idea, on whichever board: what one reader may see of
// them is told by For alone.
type Links struct{ all board.Citations }

// LinksOf reads the citations of an idea for whoever may see it.
func (s *Store) LinksOf(ctx context.Context, idea int64) (Links, error) {
	all, err := s.citations(ctx, idea, `1 = 1`, citationsKept, "", 0)
	return Links{all}, err
}

// For tells which of them stand on the boards that a reader sees, which are given;
// false: there are so many others that CitationsOf has to be asked.
func (l Links) For(seen []board.Board) (out board.Citations, told bool) {
	slugs := make(map[string]bool, len(seen))
	for _, b := range seen {
		slugs[b.Slug] = true
	}
	var all [2]bool
	out.Cites, all[0] = linksOn(l.all.Cites, slugs)
	out.CitedBy, all[1] = linksOn(l.all.CitedBy, slugs)
	return out, all[0] && all[1]
}

func linksOn(list []board.Citation, slugs map[string]bool) (on []board.Citation, all bool) {
	for _, c := range list {
		if slugs[c.Board] && len(on) < citationsShown {
			on = append(on, c)
		}
	}
	return on, len(on) == citationsShown || len(list) < citationsKept
}

// citations reads the latest citations of an idea on each side, of other ideas that
// are seen: a condition on board b that takes a kind of person as $1 and an id as $2.
func (s *Store) citations(ctx context.Context, idea int64, seen string, limit int, kind string, person int64) (out board.Citations, err error) {
	const columns = `i.id AS idea, i.title, i.lang, b.slug, b.name, i.stage, ` + stageName + ` AS stage_name`
	const named = `SELECT side, idea, title, lang, slug, name, stage, stage_name, place`
	joins := ` JOIN board b ON b.id = i.board_id LEFT JOIN comment c ON c.id = x.comment_id
		WHERE i.deleted_at IS NULL AND c.deleted_at IS NULL AND x.idea_id <> x.cited_id AND ` + seen
	const last = ` GROUP BY i.id, b.id ORDER BY i.id DESC LIMIT $4`
	out = board.Citations{Cites: []board.Citation{}, CitedBy: []board.Citation{}}
	var some bool // most ideas cite none, and to look for that costs a fifth
	if err := s.readDB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM citation WHERE idea_id = $1) OR EXISTS (SELECT 1 FROM citation WHERE cited_id = $1)`, idea).
		Scan(&some); err != nil {
		return out, fmt.Errorf("look whether idea %d cites: %w", idea, err)
	}
	if !some {
		return out, nil
	}
	rows, err := s.readDB.QueryContext(ctx, `
		`+named+` FROM (SELECT 0 AS side, `+columns+`, 0 AS place FROM citation x JOIN idea i ON i.id = x.cited_id`+joins+` AND x.idea_id = $3`+last+`) AS cites
		UNION ALL
		`+named+` FROM (SELECT 1 AS side, `+columns+`, MIN(x.comment_id) AS place FROM citation x JOIN idea i ON i.id = x.idea_id`+joins+` AND x.cited_id = $3`+last+`) AS cited_by`,
		kind, person, idea, limit)
	if err != nil {
		return out, fmt.Errorf("read what idea %d cites: %w", idea, err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (c board.Citation, err error) {
		var side, comment int64
		err = rows.Scan(&side, &c.Idea, &c.Title, &c.TitleLang, &c.Board, &c.BoardName, &c.Stage, &c.StageName, &comment)
		if comment != 0 {
			c.Comment = &comment
		}
		if side == 0 {
			out.Cites = append(out.Cites, c)
		} else {
			out.CitedBy = append(out.CitedBy, c)
		}
		return c, err
	})
	return out, err
}
