package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"convivio/store/board"
)

// gatherActs counts what was written and voted for in the month. What a merge made
// of an idea elsewhere (its label, its votes there) is nobody's act.
func (q *closing) gatherActs(ctx context.Context) error {
	rows, err := q.tx.QueryContext(ctx, `
		SELECT 0, i.author_id, i.board_id, 0 FROM idea i WHERE i.created_at >= $1 AND i.created_at < $2 AND i.deleted_at IS NULL
		UNION ALL SELECT 1, c.author_id, i.board_id, COALESCE(u.author_id, 0) FROM comment c JOIN idea i ON i.id = c.idea_id
			LEFT JOIN comment u ON u.id = c.parent_id AND u.label = ''
			WHERE c.created_at >= $1 AND c.created_at < $2 AND c.deleted_at IS NULL AND c.label = '' AND i.deleted_at IS NULL
		UNION ALL SELECT 2, v.person_id, i.board_id, 0 FROM vote v JOIN idea i ON i.id = v.idea_id
			WHERE v.at >= $1 AND v.at < $2 AND v.via IS NULL AND i.deleted_at IS NULL`,
		micros(q.begins), micros(q.ends))
	if err != nil {
		return fmt.Errorf("read what was done: %w", err)
	}
	defer rows.Close()
	measures := []board.Measure{board.IdeasPosted, board.CommentsMade, board.VotesCast}
	for rows.Next() {
		var kind int
		var person, boardID, to int64
		if err := rows.Scan(&kind, &person, &boardID, &to); err != nil {
			return fmt.Errorf("scan what was done: %w", err)
		}
		q.add(measures[kind], person, boardID, 1)
		if q.entitled(person, boardID) {
			q.add(board.Contributors, person, boardID, 1)
		} else {
			q.add(board.Contributors, person, 0, 1)
		}
		if kind != 2 {
			q.miss(board.Contributors, person, boardID)
		}
		q.across(person, to, boardID)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read what was done: %w", err)
	}
	q.concentrate()
	return nil
}

// across counts a reply from one team to another.
func (q *closing) across(person, to, boardID int64) {
	a, known := q.stands(board.Across, person, boardID)
	b, ok := q.stands(board.Across, to, boardID)
	if !known || !ok || person == to || a.team == 0 || b.team == 0 {
		return
	}
	q.share(board.Across, person, boardID, a.team != b.team, unitKey{by: board.ByTeam, id: a.team}, unitKey{by: board.BySite, site: a.site})
}

// entitled tells whether a person could take part on a board.
func (q *closing) entitled(person, boardID int64) bool {
	b := q.boards[boardID]
	return b != nil && (!b.private || b.members[person])
}

// concentrate works out how much of the comments the most active tenth wrote: of
// fewer than fifty people that would be fewer than five.
func (q *closing) concentrate() {
	all := q.piles.at(board.CommentsMade, unitKey{by: board.ByCompany})
	x := q.piles.at(board.Concentration, unitKey{by: board.ByCompany})
	parts := make([]int64, 0, len(all.parts))
	for person, c := range all.parts {
		if _, ok := q.counts(person); ok {
			parts = append(parts, c)
			x.of += c
		}
	}
	slices.Sort(parts)
	for i := range len(parts) / 10 {
		x.part += parts[len(parts)-1-i]
		x.parts[int64(i+1)] = parts[len(parts)-1-i] // so many people stand behind the number
	}
}

// gatherYear finds who contributed in the twelve months up to the end.
func (q *closing) gatherYear(ctx context.Context) error {
	rows, err := q.tx.QueryContext(ctx, `
		SELECT author_id FROM idea WHERE created_at >= $1 AND created_at < $2 AND deleted_at IS NULL
		UNION SELECT c.author_id FROM comment c JOIN idea i ON i.id = c.idea_id
			WHERE c.created_at >= $1 AND c.created_at < $2 AND c.deleted_at IS NULL AND c.label = '' AND i.deleted_at IS NULL
		UNION SELECT v.person_id FROM vote v JOIN idea i ON i.id = v.idea_id WHERE v.at >= $1 AND v.at < $2 AND v.via IS NULL AND i.deleted_at IS NULL`, micros(q.before), micros(q.ends))
	if err != nil {
		return fmt.Errorf("read who contributed in a year: %w", err)
	}
	people, err := collect(rows, scanID)
	if err != nil {
		return err
	}
	x := q.piles.at(board.CommunityTies, unitKey{by: board.ByCompany})
	now := q.piles.at(board.Contributors, unitKey{by: board.ByCompany})
	x.absent = now.absent
	for _, person := range people {
		if _, ok := q.counts(person); ok {
			x.of++
			if now.parts[person] > 0 {
				x.parts[person] = 1
			}
		}
	}
	return nil
}

// adopt counts who has ever contributed, and who did for the first time, of those
// who had not before.
func (q *closing) adopt() {
	fresh := q.piles.at(board.Newcomers, unitKey{by: board.ByCompany})
	for person := range q.left {
		if first, ever := q.firsts[person]; ever && first < micros(q.ends) {
			q.miss(board.Adoption, person, 0)
		}
	}
	for person := range q.people {
		first, ever := q.firsts[person]
		switch {
		case ever && first < micros(q.begins):
			q.add(board.Adoption, person, 0, 1)
			continue
		case ever && first < micros(q.ends):
			q.add(board.Adoption, person, 0, 1)
			fresh.parts[person] = 1
		}
		fresh.of++
	}
}

// posted is an idea with what respond measures.
type posted struct {
	author, board, created   int64
	answered                 sql.NullInt64 // by an owner
	heard                    sql.NullInt64 // from anybody else
	decided                  sql.NullInt64
	writers, repliesToAReply int64
	merged                   bool
}

// gatherIdeas measures how ideas were answered, decided and talked about: those
// of the month, and for decisions those of the three months before.
func (q *closing) gatherIdeas(ctx context.Context) error {
	rows, err := q.tx.QueryContext(ctx, `
		SELECT i.author_id, i.board_id, i.created_at,
		       (SELECT MIN(a.created_at) FROM answer a WHERE a.idea_id = i.id AND a.by_owner = 1),
		       (SELECT MIN(h.at) FROM (SELECT MIN(c.created_at) AS at FROM comment c WHERE c.idea_id = i.id AND c.author_id <> i.author_id AND c.deleted_at IS NULL
			       UNION ALL SELECT MIN(a.created_at) FROM answer a WHERE a.idea_id = i.id) h),
		       (SELECT MIN(d.at) FROM stage_change d WHERE d.idea_id = i.id AND d.to_stage IN ('planned', 'in_progress', 'done', 'declined', 'parked', 'merged')),
		       (SELECT COUNT(DISTINCT c.author_id) FROM comment c WHERE c.idea_id = i.id AND c.author_id <> i.author_id AND c.deleted_at IS NULL AND c.created_at < $2),
		       (SELECT COUNT(*) FROM comment c JOIN comment u ON u.id = c.parent_id AND u.label = '' WHERE c.idea_id = i.id AND c.deleted_at IS NULL AND c.created_at < $2),
		       i.stage = 'merged'
		FROM idea i WHERE i.created_at >= $1 AND i.created_at < $2 AND i.deleted_at IS NULL AND i.stage <> 'withdrawn'`,
		micros((q.month - 3).Begins(q.begins.Location())), micros(q.ends))
	if err != nil {
		return fmt.Errorf("read how ideas were answered: %w", err)
	}
	list, err := collect(rows, func(rows *sql.Rows) (p posted, err error) {
		err = rows.Scan(&p.author, &p.board, &p.created, &p.answered, &p.heard, &p.decided, &p.writers, &p.repliesToAReply, &p.merged)
		return p, err
	})
	if err != nil {
		return err
	}
	for _, p := range list {
		if err := q.respond(p); err != nil {
			return err
		}
	}
	return nil
}

// respond puts one idea on the piles of what measures answers and decisions.
func (q *closing) respond(p posted) error {
	b := q.boards[p.board]
	if b == nil {
		return nil
	}
	age := q.month - board.MonthOf(at(p.created).In(q.begins.Location()))
	if m := map[board.Month]board.Measure{1: board.Decided30, 2: board.Decided60, 3: board.Decided90}[age]; m != "" {
		within := p.created + int64(age)*30*24*time.Hour.Microseconds()
		q.share(m, p.author, p.board, p.decided.Valid && p.decided.Int64 <= within)
	}
	if age != 0 || p.merged { // the thread of a merged idea is another idea's
		return nil
	}
	q.share(board.AnsweredHour, p.author, p.board, p.heard.Valid && p.heard.Int64-p.created <= time.Hour.Microseconds())
	q.share(board.Conversations, p.author, p.board, p.writers >= 2 && p.repliesToAReply > 0)
	return q.wait(p, b)
}

// wait keeps how many working hours an idea waited for its first answer.
func (q *closing) wait(p posted, b *audience) error {
	w, err := working(b.clock.calendar)
	if err != nil {
		return err
	}
	until := q.ends.Add(board.MonthRest)
	if p.answered.Valid && p.answered.Int64 < micros(until) {
		until = at(p.answered.Int64)
	} else {
		p.answered.Valid = false
	}
	waited := wait{hours: w.Between(at(p.created), until).Hours(), answered: p.answered.Valid}
	for _, m := range []board.Measure{board.FirstMedian, board.FirstMost} {
		q.share(m, p.author, p.board, false)
		for _, u := range []unitKey{{by: board.ByCompany}, {by: board.ByBoard, id: p.board}} {
			if _, ok := q.stands(m, p.author, p.board); ok && (u.by == board.ByBoard || !q.apart(m, p.board)) {
				x := q.piles.at(m, u)
				x.waits = append(x.waits, waited)
			}
		}
	}
	return nil
}

// gatherAnswers measures how many answers credit what people said.
func (q *closing) gatherAnswers(ctx context.Context) error {
	rows, err := q.tx.QueryContext(ctx, `
		SELECT i.author_id, i.board_id, EXISTS (SELECT 1 FROM answer_cite x WHERE x.answer_id = a.id)
		FROM answer a JOIN idea i ON i.id = a.idea_id WHERE a.created_at >= $1 AND a.created_at < $2 AND i.deleted_at IS NULL`, micros(q.begins), micros(q.ends))
	if err != nil {
		return fmt.Errorf("read what answers credit: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var author, boardID int64
		var cites bool
		if err := rows.Scan(&author, &boardID, &cites); err != nil {
			return fmt.Errorf("scan what answers credit: %w", err)
		}
		q.share(board.CreditGiven, author, boardID, cites)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read what answers credit: %w", err)
	}
	return nil
}
