package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"convivio/store/chain"
)

// recounts compare what is kept with what it is counted from. Each statement
// gives the rows that differ: an id and a sentence.
var recounts = []string{
	`SELECT i.id, 'idea ' || i.id || ' says ' || i.votes || ' votes, there are ' || (i.imported_votes + (SELECT COUNT(*) FROM vote v WHERE v.idea_id = i.id))
	   FROM idea i WHERE i.votes <> i.imported_votes + (SELECT COUNT(*) FROM vote v WHERE v.idea_id = i.id)`,
	`SELECT i.id, 'idea ' || i.id || ' says ' || i.comments || ' comments, there are ' || (SELECT COUNT(*) FROM comment c WHERE c.idea_id = i.id AND c.deleted_at IS NULL)
	   FROM idea i WHERE i.comments <> (SELECT COUNT(*) FROM comment c WHERE c.idea_id = i.id AND c.deleted_at IS NULL)`,
	`SELECT i.id, 'idea ' || i.id || ' says ' || i.answers || ' answers, there are ' || (SELECT COUNT(*) FROM answer a WHERE a.idea_id = i.id)
	   FROM idea i WHERE i.answers <> (SELECT COUNT(*) FROM answer a WHERE a.idea_id = i.id)`,
	`SELECT i.id, 'idea ' || i.id || ' was answered at another time than its first answer says'
	   FROM idea i WHERE COALESCE(i.answered_at, 0) <> COALESCE((SELECT MIN(a.created_at) FROM answer a WHERE a.idea_id = i.id), 0)`,
	`SELECT i.id, 'idea ' || i.id || ' stands in another stage than its last step'
	   FROM idea i WHERE i.stage <> COALESCE((SELECT c.to_stage FROM stage_change c WHERE c.idea_id = i.id ORDER BY c.id DESC LIMIT 1), 'new')`,
	`SELECT c.id, 'idea ' || c.idea_id || ' left another stage than it stood in'
	   FROM (SELECT id, idea_id, from_stage, LAG(to_stage, 1, 'new') OVER (PARTITION BY idea_id ORDER BY id) AS stood FROM stage_change) c WHERE c.from_stage <> c.stood`,
	`SELECT q.id, 'idea ' || q.idea_id || ' stands in a stage that promises nothing, and a promise holds'
	   FROM promise q JOIN idea i ON i.id = q.idea_id WHERE q.ended = '' AND i.stage NOT IN ('planned', 'in_progress')`,
	`SELECT q.id, 'what was promised of idea ' || q.idea_id || ' is another thing than its last step says'
	   FROM promise q JOIN stage_change c ON c.id = (SELECT MAX(x.id) FROM stage_change x WHERE x.idea_id = q.idea_id)
	   WHERE q.ended = '' AND (c.due <> q.due OR c.owner_id <> q.owner_id)`,
	`SELECT i.id, 'idea ' || i.id || ' was planned, and nothing holds of what was promised'
	   FROM idea i JOIN stage_change c ON c.id = (SELECT MAX(x.id) FROM stage_change x WHERE x.idea_id = i.id)
	   WHERE c.due <> '' AND NOT EXISTS (SELECT 1 FROM promise q WHERE q.idea_id = i.id AND q.ended = '')`,
	`SELECT i.id, 'idea ' || i.id || ' is to be looked at again, and is not parked'
	   FROM parked k JOIN idea i ON i.id = k.idea_id WHERE i.stage NOT IN ('parked', 'merged')`,
	`SELECT b.id, 'board ' || b.slug || ' says ' || b.ideas || ' ideas, there are ' || (SELECT COUNT(*) FROM idea i WHERE i.board_id = b.id AND i.deleted_at IS NULL AND i.merged_into IS NULL)
	   FROM board b WHERE b.ideas <> (SELECT COUNT(*) FROM idea i WHERE i.board_id = b.id AND i.deleted_at IS NULL AND i.merged_into IS NULL)`,
	`SELECT i.id, 'idea ' || i.id || ' says wrongly whether it waits for an answer'
	   FROM idea i LEFT JOIN clock k ON k.idea_id = i.id WHERE COALESCE(k.board_id, 0) <> CASE WHEN ` + owed + ` THEN i.board_id ELSE 0 END`,
	`SELECT b.id, 'board ' || b.slug || ' counts wrong what waits for an answer'
	   FROM board b WHERE b.waiting <> (SELECT COUNT(*) FROM clock k WHERE k.board_id = b.id)`,
	`SELECT comment.id, 'comment ' || comment.id || ' counts its replies wrong'
	   FROM comment WHERE replies <> (SELECT COUNT(*) FROM comment r WHERE r.parent_id = comment.id) OR repliers <> ` + countRepliers,
	`SELECT c.id, 'comment ' || c.id || ' is cited by another number of answers than it says'
	   FROM comment c WHERE c.cited <> (SELECT COUNT(*) FROM answer_cite x WHERE x.comment_id = c.id)`,
	`SELECT c.id, 'comment ' || c.id || ' does not stand under its parent'
	   FROM comment c LEFT JOIN comment p ON p.id = c.parent_id
	   WHERE c.depth <> COALESCE(p.depth + 1, 0) OR p.idea_id <> c.idea_id OR p.id >= c.id AND p.merged_id IS NULL`,
	`SELECT i.id, 'the log knows another last event of idea ' || i.id
	   FROM idea i LEFT JOIN (SELECT idea_id, MAX(seq) AS seq FROM log WHERE kind <> 'answer.drafted' GROUP BY idea_id) l ON l.idea_id = i.id
	   WHERE i.last_seq <> COALESCE(l.seq, 0)`,
	`SELECT i.id, 'the thread of idea ' || i.id || ' changed without saying so'
	   FROM idea i WHERE i.thread_seq > i.last_seq OR i.thread_seq < COALESCE((SELECT MAX(c.last_seq) FROM comment c WHERE c.idea_id = i.id), 0)`,
	`SELECT i.id, 'the thread of idea ' || i.id || ' does not know its last answer or reaction'
	   FROM idea i WHERE i.thread_seq < COALESCE((SELECT MAX(l.seq) FROM log l
	   WHERE l.idea_id = i.id AND l.kind IN ('idea.answered', 'idea.restored', 'reaction.added', 'reaction.withdrawn')), 0)`,
	`SELECT r.id, 'what was set aside under ' || r.id || ' has no words, or is not deleted'
	   FROM removed r JOIN idea i ON i.id = r.idea_id LEFT JOIN comment c ON c.id = r.comment_id
	   WHERE NOT EXISTS (SELECT 1 FROM removed_text t WHERE t.removed_id = r.id) OR COALESCE(c.deleted_at, i.deleted_at) IS NULL`,
	`SELECT c.id, 'comment ' || c.id || ' has no event that added it'
	   FROM comment c WHERE NOT EXISTS (SELECT 1 FROM log l WHERE l.seq = c.added_seq
	   AND (l.kind = 'comment.added' AND l.comment_id = c.id OR l.kind = 'idea.absorbed' AND l.subject_id = c.merged_id))`,
	`SELECT i.id, 'idea ' || i.id || ' was merged into ' || i.merged_into || ' and does not say so, or that one leads on, or stands on another board'
	   FROM idea i JOIN idea s ON s.id = i.merged_into
	   WHERE i.stage <> 'merged' OR s.merged_into IS NOT NULL OR COALESCE(s.deleted_at, 0) <> COALESCE(i.deleted_at, 0) OR s.board_id <> i.board_id
	      OR NOT EXISTS (SELECT 1 FROM merge m JOIN comment c ON c.id = m.label_id WHERE m.from_id = i.id AND m.undone_at IS NULL AND c.idea_id = s.id AND c.label = 'merged')`,
	`SELECT i.id, 'idea ' || i.id || ' is merged, but into none, or says ' || i.merged || ' ideas were merged into it'
	   FROM idea i WHERE i.stage = 'merged' AND i.merged_into IS NULL OR i.merged <> (SELECT COUNT(*) FROM idea k WHERE k.merged_into = i.id)`,
	`SELECT m.id, 'merge ' || m.id || ' is undone, and something still says that it came by it'
	   FROM merge m WHERE m.undone_at IS NOT NULL AND (EXISTS (SELECT 1 FROM comment c WHERE c.via = m.id)
	      OR EXISTS (SELECT 1 FROM vote v WHERE v.via = m.id) OR EXISTS (SELECT 1 FROM idea_follow f WHERE f.via = m.id))`,
	`SELECT v.idea_id, 'idea ' || v.idea_id || ' counts a vote that came by a merge and that nobody gave'
	   FROM vote v JOIN merge m ON m.id = v.via WHERE m.into_id <> v.idea_id OR NOT EXISTS (SELECT 1 FROM vote w WHERE w.idea_id = m.from_id AND w.person_id = v.person_id)`,
	`SELECT l.seq, 'event ' || l.seq || ' added an idea or comment that is not there'
	   FROM log l LEFT JOIN idea i ON i.id = l.idea_id LEFT JOIN comment c ON c.id = l.comment_id
	   WHERE l.kind IN ('idea.added', 'comment.added') AND (i.id IS NULL OR l.kind = 'comment.added' AND c.id IS NULL)`,
	`SELECT p.id, 'person ' || p.id || ' is suspended until another moment than was decided'
	   FROM person p WHERE p.suspended_until <> COALESCE((SELECT MAX(x.ends_at) FROM sanction x WHERE x.person_id = p.id AND x.kind = 'suspend' AND x.lifted_at IS NULL), 0)`,
	`SELECT h.id, 'held post ' || h.id || ' waits and has no words, or became what is not there'
	   FROM held h LEFT JOIN idea i ON i.id = h.posted_id AND h.idea_id IS NULL LEFT JOIN comment c ON c.id = h.posted_id AND h.idea_id IS NOT NULL
	   WHERE h.state = 'waiting' AND h.body || h.title = '' OR h.state = 'approved' AND i.id IS NULL AND c.id IS NULL`,
	`SELECT 0, 'the log has ' || COUNT(*) || ' events and ends at ' || MAX(seq) FROM log HAVING COUNT(*) <> COALESCE(MAX(seq), 0)`,
}

// Check looks for damage: SQLite's own integrity and foreign keys, every counter
// recounted, the log against the rows. It returns a sentence for each fault.
func (s *Store) Check(ctx context.Context) ([]string, error) {
	faults, err := s.pragmaFaults(ctx)
	if err != nil {
		return faults, err
	}
	for _, q := range recounts {
		rows, err := s.readDB.DB.QueryContext(ctx, q)
		if err != nil {
			return faults, fmt.Errorf("recount: %w", err)
		}
		found, err := collect(rows, func(rows *sql.Rows) (text string, err error) {
			var id int64
			err = rows.Scan(&id, &text)
			return text, err
		})
		if err != nil {
			return faults, err
		}
		faults = append(faults, found...)
	}
	unused, err := s.useFaults(ctx)
	faults = append(faults, unused...)
	if err != nil {
		return faults, err
	}
	broad, err := s.breadthFaults(ctx)
	faults = append(faults, broad...)
	if err != nil {
		return faults, err
	}
	bytes, err := s.fileFaults(ctx)
	faults = append(faults, bytes...)
	if err != nil {
		return faults, err
	}
	if _, err := s.VerifyAudit(ctx); err != nil {
		var broken *chain.Fault
		if !errors.As(err, &broken) {
			return faults, err
		}
		faults = append(faults, "audit log, "+broken.Error())
	}
	counts, err := s.tallyFaults(ctx)
	faults = append(faults, counts...)
	if err != nil {
		return faults, err
	}
	late, err := s.clockFaults(ctx)
	faults = append(faults, late...)
	if err != nil {
		return faults, err
	}
	cold, err := s.heatFaults(ctx)
	if n := s.Lost(); n > 0 {
		cold = append(cold, fmt.Sprintf("the last %d saved events are missing from the log", n))
	}
	return append(faults, cold...), err
}

func (s *Store) pragmaFaults(ctx context.Context) (faults []string, err error) {
	rows, err := s.readDB.DB.QueryContext(ctx, `PRAGMA integrity_check`)
	if err != nil {
		return nil, fmt.Errorf("check integrity: %w", err)
	}
	lines, err := collect(rows, func(rows *sql.Rows) (l string, err error) { err = rows.Scan(&l); return l, err })
	for _, l := range lines {
		if l != "ok" {
			faults = append(faults, "SQLite: "+l)
		}
	}
	if err != nil {
		return faults, err
	}
	rows, err = s.readDB.DB.QueryContext(ctx, `PRAGMA foreign_key_check`)
	if err != nil {
		return faults, fmt.Errorf("check foreign keys: %w", err)
	}
	broken, err := collect(rows, func(rows *sql.Rows) (string, error) {
		var table, parent string
		var row, fk sql.NullInt64
		err := rows.Scan(&table, &row, &parent, &fk)
		return fmt.Sprintf("row %d of %s points to a missing row of %s", row.Int64, table, parent), err
	})
	return append(faults, broken...), err
}

// heatFaults works every idea's heat out anew. Adding in another order rounds
// differently, hence the tolerance.
func (s *Store) heatFaults(ctx context.Context) (faults []string, err error) {
	rows, err := s.readDB.DB.QueryContext(ctx, `SELECT id, heat FROM idea`)
	if err != nil {
		return nil, fmt.Errorf("read heats: %w", err)
	}
	type kept struct {
		id   int64
		heat float64
	}
	list, err := collect(rows, func(rows *sql.Rows) (k kept, err error) { err = rows.Scan(&k.id, &k.heat); return k, err })
	if err != nil {
		return nil, err
	}
	query := func(q string, args ...any) (*sql.Rows, error) { return s.readDB.DB.QueryContext(ctx, q, args...) }
	for _, k := range list {
		want, err := heatFromRows(query, k.id)
		if err != nil {
			return faults, err
		}
		if math.Abs(want-k.heat) > 1e-6 {
			faults = append(faults, fmt.Sprintf("idea %d has heat %f, its votes and comments make %f", k.id, k.heat, want))
		}
	}
	return faults, nil
}
