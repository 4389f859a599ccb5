package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"convivio/store/markdown"
)

// Who is called by name in a text is found here. How much is read of one stretch
// of the log is bounded: the rest comes in the next.
const (
	mostTexts    = 200 // texts that call somebody; each calls at most board.MaxMentions people
	mostEdits    = 20  // edited ones among them
	mostWordings = 50  // earlier wordings of each that are looked at, the newest
	handlesOnce  = 1024
)

// call is a person named in the text of an event.
type call struct{ seq, person int64 }

// callingText is a text that calls somebody by name.
type callingText struct {
	seq, idea, comment int64
	edited, answer     bool
	handles            []string
}

// callingTexts finds the first texts of a stretch that call somebody.
func (s *Store) callingTexts(ctx context.Context, after, seq int64) ([]callingText, error) {
	rows, err := s.readDB.QueryContext(ctx, `WITH e AS MATERIALIZED (`+news+`)
		SELECT e.seq, e.kind IN ('comment.edited', 'idea.edited'), w.id IS NOT NULL, e.idea_id, COALESCE(e.comment_id, 0), COALESCE(c.html, w.html, i.html)
		FROM e JOIN idea i ON i.id = e.idea_id
		LEFT JOIN comment c ON c.id = e.comment_id
		LEFT JOIN answer w ON w.id = e.subject_id AND e.kind = 'idea.answered'
		WHERE e.kind <> 'idea.staged' AND COALESCE(c.html, w.html, i.html) LIKE '%class="mention"%' ORDER BY e.seq LIMIT $4`,
		after, seq, s.recent(), mostTexts)
	if err != nil {
		return nil, fmt.Errorf("read who is called by name: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (t callingText, err error) {
		var html string
		err = rows.Scan(&t.seq, &t.edited, &t.answer, &t.idea, &t.comment, &html)
		t.handles = markdown.Mentions(html)
		return t, err
	})
}

// named finds who is called by name in texts that were added, or in those edited
// without having been called there before: an edit tells nobody twice. It returns
// how far it looked, at most seq. Names that nobody has are left out.
func (s *Store) named(ctx context.Context, after, seq int64) ([]call, int64, error) {
	texts, err := s.callingTexts(ctx, after, seq)
	if err != nil || len(texts) == 0 {
		return nil, seq, err
	}
	if len(texts) == mostTexts {
		seq = texts[mostTexts-1].seq
	}
	edits := 0
	for i, t := range texts {
		if t.edited {
			edits++
		}
		if edits > mostEdits {
			seq, texts = t.seq-1, texts[:i]
			break
		}
	}
	people, err := s.withHandles(ctx, texts)
	if err != nil {
		return nil, seq, err
	}
	known, err := s.calledBefore(ctx, texts)
	if err != nil {
		return nil, seq, err
	}
	var out []call
	for _, t := range texts {
		for _, handle := range t.handles {
			place := calledAt{t.idea, t.comment, handle}
			if t.edited && known[place] {
				continue
			}
			known[place] = known[place] || !t.answer
			if id := people[handle]; id != 0 {
				out = append(out, call{t.seq, id})
			}
		}
	}
	return out, seq, nil
}

// withHandles finds the people that texts call.
func (s *Store) withHandles(ctx context.Context, texts []callingText) (map[string]int64, error) {
	var all []string
	for _, t := range texts {
		all = append(all, t.handles...)
	}
	slices.Sort(all)
	out := map[string]int64{}
	for some := range slices.Chunk(slices.Compact(all), handlesOnce) {
		marks, args := inList(some, 1)
		// #nosec G202 -- placeholders alone are put together
		rows, err := s.readDB.QueryContext(ctx, `SELECT id, handle FROM person WHERE handle IN (`+marks+`)`, args...)
		if err != nil {
			return nil, fmt.Errorf("find people by their handles: %w", err)
		}
		_, err = collect(rows, func(rows *sql.Rows) (id int64, err error) {
			var handle string
			err = rows.Scan(&id, &handle)
			out[handle] = id
			return id, err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

type calledAt struct {
	idea, comment int64
	handle        string
}

// calledBefore tells who was told that the edited ones of some texts name them,
// and who stood in an earlier wording.
func (s *Store) calledBefore(ctx context.Context, texts []callingText) (map[calledAt]bool, error) {
	known := map[calledAt]bool{}
	ideas, comments := []int64{0}, []int64{0} // 0 is none's: an IN list cannot be empty
	for _, t := range texts {
		switch {
		case t.edited && t.comment != 0:
			comments = append(comments, t.comment)
		case t.edited:
			ideas = append(ideas, t.idea)
		}
	}
	if len(ideas)+len(comments) == 2 {
		return known, nil
	}
	ofIdeas, args := inList(ideas, 2)
	ofComments, more := inList(comments, 2+len(args))
	args = slices.Concat([]any{mostWordings}, args, more)
	// #nosec G202 -- placeholders alone are put together
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT n.idea_id, COALESCE(n.comment_id, 0), p.handle, '' FROM notice n JOIN log l ON l.seq = n.seq JOIN person p ON p.id = n.person_id
			WHERE n.reason = 1 AND l.kind <> 'idea.answered'
			  AND (n.comment_id IN (`+ofComments+`) OR n.comment_id IS NULL AND n.idea_id IN (`+ofIdeas+`))
			  AND n.idea_id IN (SELECT c.idea_id FROM comment c WHERE c.id IN (`+ofComments+`) UNION ALL SELECT i.id FROM idea i WHERE i.id IN (`+ofIdeas+`))
		UNION ALL SELECT c.idea_id, c.id, '', v.body FROM (
			SELECT comment_id, body, ROW_NUMBER() OVER (PARTITION BY comment_id ORDER BY id DESC) AS nth FROM comment_version WHERE comment_id IN (`+ofComments+`)) v
			JOIN comment c ON c.id = v.comment_id WHERE v.nth <= $1 AND v.body LIKE '%@%'
		UNION ALL SELECT v.idea_id, 0, '', v.body FROM (
			SELECT idea_id, body, ROW_NUMBER() OVER (PARTITION BY idea_id ORDER BY id DESC) AS nth FROM idea_version WHERE idea_id IN (`+ofIdeas+`)) v
			WHERE v.nth <= $1 AND v.body LIKE '%@%'`, args...)
	if err != nil {
		return nil, fmt.Errorf("read who was called before: %w", err)
	}
	_, err = collect(rows, func(rows *sql.Rows) (x calledAt, err error) {
		var body string
		err = rows.Scan(&x.idea, &x.comment, &x.handle, &body)
		if x.handle != "" {
			known[x] = true
		} else if html, bad := markdown.Render("body", body); bad == nil {
			for _, handle := range markdown.Mentions(html) {
				known[calledAt{x.idea, x.comment, handle}] = true
			}
		}
		return x, err
	})
	return known, err
}
