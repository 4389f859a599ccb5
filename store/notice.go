package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"convivio/store/board"
	"convivio/store/markdown"
)

// A notice row holds ids and a reason, never words. What it says, whether it is
// still to be shown and whether its reader may see it is decided from the rows
// of the moment, each time it is counted or listed.

// noticesKept is how long somebody can look back.
const noticesKept = board.NoticesKept

// noticeExcerpt is how much of a text a notice shows, in characters.
const noticeExcerpt = 160

// Rows keep a reason as its place in board.Reasons, counted from one. Those that SQL
// names: 5 moved, 6 commented, 8 matched, 9 merged, 10 unmerged, 11 relocated, 13
// entrusted, 14 due, 15 heard, 18 out of sight, 19 released, 20 late. A row of reason 6 stands
// for all comments since, until it is seen; its event is the first of them. A row of
// reason 8 stands for all that a saved search found since it was opened, one
// of reason 20 for all ideas of a board that are late and were told of since.

// mayRead is the condition on a notice's person p to see board b, as sees is for
// a reader who asks.
const mayRead = `(b.visibility = 'open' AND p.kind = 'employee'
	OR EXISTS (SELECT 1 FROM member m WHERE m.board_id = b.id AND m.person_id = p.id))`

// firstSaid is the first comment that a row of reason 6 stands for: of those since,
// one that is still there and by somebody else.
const firstSaid = `(SELECT x.id FROM comment x WHERE x.idea_id = n.idea_id AND x.added_seq >= n.seq
	AND x.deleted_at IS NULL AND x.author_id <> n.person_id ORDER BY x.added_seq LIMIT 1)`

// lateToo are the ideas that a row of reason 20 stands for, see TellLate.
const lateToo = ` FROM clock k WHERE k.board_id = (SELECT x.board_id FROM idea x WHERE x.id = n.idea_id) AND k.told_at >= n.at AND k.due_at <= k.told_at`

// noticeJoins joins notices to what they are about, and shownNow keeps those that
// their person may see now. What is gone, or moved out of sight, takes its notices with it; what was
// decided about somebody's own is theirs to know, whatever became of it, and so is
// that what they reported was looked at (15); that something went out of sight (18)
// as long as it is; and that a release is ready (19) as long as they may read releases.
const noticeJoins = ` FROM notice n
	JOIN person p ON p.id = n.person_id AND p.disabled_at IS NULL
	LEFT JOIN idea i ON n.decision_id IS NULL AND i.id = CASE n.reason WHEN 8 THEN COALESCE(` + firstFound + `, n.idea_id)
		WHEN 20 THEN (SELECT k.idea_id` + lateToo + ` ORDER BY k.due_at, k.idea_id LIMIT 1) ELSE n.idea_id END AND i.deleted_at IS NULL
	LEFT JOIN board b ON b.id = i.board_id AND ` + mayRead + `
	LEFT JOIN comment c ON n.decision_id IS NULL AND c.id = CASE n.reason WHEN 6 THEN ` + firstSaid + ` ELSE n.comment_id END`

const shownNow = `
	WHERE (n.decision_id IS NOT NULL OR n.reason = 15 OR n.reason = 18 AND b.id IS NULL OR n.reason = 19 AND ` + readsReleases + ` OR n.reason NOT IN (15, 18) AND b.id IS NOT NULL AND (n.comment_id IS NULL OR c.id IS NOT NULL AND c.deleted_at IS NULL))`

// noticeColumns go with noticeFrom.
const noticeColumns = `SELECT n.seq, n.reason, n.at, n.seen = 1, l.kind, COALESCE(b.slug, ''), COALESCE(b.name, ''), COALESCE(i.id, 0), COALESCE(i.title, ''), COALESCE(i.lang, ''),
	COALESCE(i.author_id = n.person_id, 0), COALESCE(c.id, 0), COALESCE(a.id, 0), COALESCE(a.name, ''), COALESCE(t.name, ''),
	CASE WHEN n.reason = 6 AND n.seen = 0 THEN
		(SELECT COUNT(DISTINCT x.author_id) FROM comment x WHERE x.idea_id = n.idea_id AND x.added_seq >= n.seq
		 AND x.deleted_at IS NULL AND x.author_id <> n.person_id) - 1
		WHEN n.reason = 8 AND n.seen = 0 THEN ` + foundToo + `
		WHEN n.reason = 20 AND n.seen = 0 THEN (SELECT COUNT(*)` + lateToo + `) - 1 ELSE 0 END,
	CASE WHEN n.reason = 5 THEN COALESCE((SELECT g.to_stage FROM stage_change g WHERE g.idea_id = i.id AND (g.id = l.subject_id OR l.subject_id IS NULL AND g.at = l.at) ORDER BY g.id LIMIT 1), i.stage) ELSE '' END,
	CASE WHEN n.reason = 5 THEN COALESCE((SELECT z.name FROM stage_change g JOIN board_stage z ON z.board_id = b.id AND z.stage = g.to_stage WHERE g.id = l.subject_id AND g.idea_id = i.id), '') ELSE '' END,
	CASE WHEN n.reason = 15 THEN '' WHEN c.id IS NOT NULL THEN c.html
		WHEN l.kind = 'idea.answered' THEN COALESCE((SELECT w.html FROM answer w WHERE w.id = l.subject_id), '')
		WHEN n.reason IN (5, 8, 9, 10, 11, 13, 14, 20) THEN '' ELSE COALESCE(i.html, '') END, COALESCE(n.saved_id, 0), COALESCE(g.name, ''),
	COALESCE(n.decision_id, 0), COALESCE(d.action, ''), COALESCE(d.person_id = n.person_id, 0),
	CASE WHEN n.reason = 19 THEN l.subject_id ELSE 0 END, CASE WHEN n.reason = 19 THEN COALESCE((SELECT x.last FROM release x WHERE x.number = l.subject_id), 0) ELSE 0 END`

const noticeWords = ` JOIN log l ON l.seq = n.seq
	LEFT JOIN person a ON a.id = CASE WHEN n.decision_id IS NULL THEN COALESCE(c.author_id, l.actor_id) ELSE n.person_id END
	LEFT JOIN team t ON t.id = a.team_id
	LEFT JOIN saved_search g ON g.id = n.saved_id
	LEFT JOIN decision d ON d.id = n.decision_id`

// noticeFrom is the notices that are shown, with the tables that their words come from.
const noticeFrom = noticeJoins + noticeWords + shownNow

func scanNotice(row interface{ Scan(...any) error }) (n board.Notice, err error) {
	var reason, us int64
	var kind board.EventKind
	var html string
	err = row.Scan(&n.Seq, &reason, &us, &n.Seen, &kind, &n.Board, &n.BoardName, &n.Idea, &n.Title, &n.Lang,
		&n.Own, &n.Comment, &n.Actor.ID, &n.Actor.Name, &n.Actor.Team, &n.Others, &n.Stage, &n.StageName, &html, &n.Saved, &n.Search,
		&n.Decision, &n.Action, &n.Concerns, &n.Release, &n.Month)
	if err != nil {
		return n, err
	}
	n.At, n.Answer, n.Split = at(us), kind == board.IdeaAnswered, kind == board.CommentSplit
	n.Along = kind == board.IdeaDeleted
	if n.Decision != 0 || reason == 15 || reason == 18 || reason == 19 {
		n.Actor = board.Author{} // a moderator, and no name; or nobody
	}
	if n.Board == "" { // nothing of what is not in sight
		n.Idea, n.Title, n.Lang, n.Comment = 0, "", "", 0
	}
	n.Excerpt = markdown.Excerpt(html, noticeExcerpt)
	if reason >= 1 && int(reason) <= len(board.Reasons) {
		n.Reason = board.Reasons[reason-1]
	}
	return n, nil
}

// Notices lists what somebody was told, newest first. Errors: invalid.
func (s *Store) Notices(ctx context.Context, who board.Who, limit int, after string) (board.Notices, error) {
	out := board.Notices{Items: []board.Notice{}}
	c, ok, err := parseCursor("notices", after)
	if err != nil {
		return out, err
	}
	if !ok {
		c.id = 1 << 62
	}
	limit = pageSize(limit)
	if out.Items, err = s.notices(ctx, ` AND n.person_id = $1 AND n.seq < $2 ORDER BY n.seq DESC LIMIT $3`, who.ID, c.id, limit+1); err != nil {
		return out, err
	}
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		out.Next = cursor{list: "notices", id: out.Items[limit-1].Seq}.String()
	}
	out.Unseen, err = s.Unseen(ctx, who.ID)
	return out, err
}

func (s *Store) notices(ctx context.Context, tail string, args ...any) ([]board.Notice, error) {
	// #nosec G202 -- tail is a literal of this package
	rows, err := s.readDB.QueryContext(ctx, noticeColumns+noticeFrom+tail, args...)
	if err != nil {
		return nil, fmt.Errorf("list notices: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Notice, error) { return scanNotice(rows) })
}

// SeeNotice marks one of somebody's notices as seen and tells what it is about,
// also where the mark cannot be saved; Seen says whether it was. Errors: not_found, also when its target is gone or out of sight.
func (s *Store) SeeNotice(ctx context.Context, who board.Who, seq int64) (board.Notice, error) {
	n, err := scanNotice(s.readDB.QueryRowContext(ctx, noticeColumns+noticeFrom+` AND n.person_id = $1 AND n.seq = $2`, who.ID, seq))
	if err != nil {
		return n, missingIfNone(err, "read notice %d", seq)
	}
	if !n.Seen {
		err := s.see(ctx, who.ID, ` AND seq = $2`, seq)
		readOn("that a notice was seen", err)
		n.Seen = err == nil
	}
	return n, nil
}

// ofIdea keeps the notices that the page of an idea answers: not those that lead elsewhere.
const ofIdea = ` AND saved_id IS NULL AND decision_id IS NULL AND reason <> 15`

// SeeReports marks what somebody was told of their reports as seen: they are
// looking at them.
func (s *Store) SeeReports(ctx context.Context, who board.Who) error {
	n, err := s.Unseen(ctx, who.ID)
	if err == nil && n > 0 {
		readOn("that reports were seen", s.see(ctx, who.ID, ` AND reason = 15`))
	}
	return err
}

// SeeReleases marks what somebody was told of releases as seen: they are looking at them.
func (s *Store) SeeReleases(ctx context.Context, who board.Who) error {
	n, err := s.Unseen(ctx, who.ID)
	if err == nil && n > 0 {
		readOn("that releases were seen", s.see(ctx, who.ID, ` AND reason = 19`))
	}
	return err
}

// SeeIdea marks what somebody was told of an idea, up to an event, as seen: they
// are looking at it, and go on doing so where that cannot be saved. Who has
// nothing unseen costs nothing.
func (s *Store) SeeIdea(ctx context.Context, who board.Who, idea, upto int64) error {
	n, err := s.Unseen(ctx, who.ID)
	if err != nil || n == 0 {
		return err
	}
	turn, known := s.unseen.noneOf(who.ID, idea)
	if known {
		return nil
	}
	var first int64 // of those that are unseen, whenever they were told
	if err := s.readDB.QueryRowContext(ctx, `SELECT COALESCE(MIN(seq), 0) FROM notice WHERE person_id = $1 AND idea_id = $2 AND seen = 0`+ofIdea,
		who.ID, idea).Scan(&first); err != nil {
		return fmt.Errorf("look for what person %d was told of idea %d: %w", who.ID, idea, err)
	}
	if first == 0 {
		s.unseen.keepNone(who.ID, idea, turn)
	}
	if first == 0 || first > upto {
		return nil
	}
	readOn("that notices were seen", s.see(ctx, who.ID, ` AND idea_id = $2`+ofIdea+` AND seq <= $3`, idea, upto))
	return nil
}

// readOn lets people read on where what is noted beside their reading cannot be
// saved: the disk is full, or the store read-only, which was said when it began.
func readOn(what string, err error) {
	if err != nil && !errors.Is(err, errReadOnly) && !errors.Is(err, context.Canceled) {
		slog.Error("people read on, but "+what+" was not kept", "error", err)
	}
}

// SeeNotices marks everything up to an event as seen: what came after the list
// was read stays new.
func (s *Store) SeeNotices(ctx context.Context, who board.Who, upto int64) error {
	return s.see(ctx, who.ID, ` AND seq <= $2`, upto)
}

func (s *Store) see(ctx context.Context, person int64, which string, args ...any) error {
	err := s.note(ctx, statement{`UPDATE notice SET seen = 1 WHERE person_id = $1 AND seen = 0` + which,
		append([]any{person}, args...)})
	s.unseen.changed([]int64{person})
	return err
}

// unseenCounts keeps how many notices people have not seen, until something
// about them changes, and tells those who show the numbers.
type unseenCounts struct {
	mu    sync.Mutex
	turn  int64 // grows with every change: a count read before it is not kept
	of    map[int64]unseenCount
	tells []func(people []int64)
}

type unseenCount struct {
	n      int
	access int64 // AccessHead it was read at
	none   int64 // the idea looked at last, if nothing unseen is about it; 0: none
}

// maxCounts bounds how many people's counts are kept.
const maxCounts = 50_000

func (u *unseenCounts) changed(people []int64) {
	if len(people) == 0 {
		return
	}
	u.mu.Lock()
	u.turn++
	for _, p := range people {
		delete(u.of, p)
	}
	tells := u.tells
	u.mu.Unlock()
	for _, tell := range tells {
		tell(people)
	}
}

// noneOf tells whether it is known that none of somebody's unseen notices is about
// an idea; turn is for keepNone.
func (u *unseenCounts) noneOf(person, idea int64) (turn int64, known bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	kept, ok := u.of[person]
	return u.turn, ok && kept.none == idea
}

// keepNone keeps that none of somebody's unseen notices is about an idea, unless
// something changed since a turn.
func (u *unseenCounts) keepNone(person, idea, turn int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if kept, ok := u.of[person]; ok && u.turn == turn {
		kept.none = idea
		u.of[person] = kept
	}
}

// forget lets every count be read anew.
func (u *unseenCounts) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.turn++
	u.of = nil
}

// OnNotices calls f whenever the unseen notices of people changed: ask Unseen or
// UnseenOf for the numbers. f must not block.
func (s *Store) OnNotices(f func(people []int64)) {
	s.unseen.mu.Lock()
	defer s.unseen.mu.Unlock()
	s.unseen.tells = append(s.unseen.tells, f)
}

// Unseen is how many notices somebody may see and has not seen.
func (s *Store) Unseen(ctx context.Context, person int64) (int, error) {
	access := s.AccessHead()
	s.unseen.mu.Lock()
	kept, ok := s.unseen.of[person]
	turn := s.unseen.turn
	s.unseen.mu.Unlock()
	if ok && kept.access == access {
		return kept.n, nil
	}
	counts, err := s.UnseenOf(ctx, []int64{person})
	if err != nil {
		return 0, err
	}
	s.unseen.mu.Lock()
	defer s.unseen.mu.Unlock()
	if s.unseen.turn == turn {
		if s.unseen.of == nil || len(s.unseen.of) >= maxCounts {
			s.unseen.of = map[int64]unseenCount{}
		}
		s.unseen.of[person] = unseenCount{n: counts[person], access: access}
	}
	return counts[person], nil
}

// unseenAtOnce is how many people's counts one statement reads.
const unseenAtOnce = 1024

// UnseenOf counts for several people; who has none is not in the answer.
func (s *Store) UnseenOf(ctx context.Context, people []int64) (map[int64]int, error) {
	out := make(map[int64]int, len(people))
	for len(people) > 0 {
		some := people[:min(len(people), unseenAtOnce)]
		people = people[len(some):]
		marks, args := inList(some, 1)
		// #nosec G202 -- placeholders alone are put together
		rows, err := s.readDB.QueryContext(ctx, `SELECT n.person_id, COUNT(*)`+noticeJoins+shownNow+` AND n.seen = 0 AND n.person_id IN (`+marks+`) GROUP BY n.person_id`, args...)
		if err != nil {
			return nil, fmt.Errorf("count unseen notices: %w", err)
		}
		pairs, err := collect(rows, func(rows *sql.Rows) (p [2]int64, err error) { err = rows.Scan(&p[0], &p[1]); return p, err })
		if err != nil {
			return nil, err
		}
		for _, p := range pairs {
			out[p[0]] = int(p[1])
		}
	}
	return out, nil
}

// tell tells one person of the event recorded last, in the verb's transaction:
// for what concerns few. What concerns many is found by the follower in notify.go.
// Nobody is told of what they did themselves.
func (tx *Tx) tell(person int64, reason board.Reason, idea, comment int64) error {
	if person == 0 || person == tx.actor {
		return nil
	}
	if _, err := tx.exec(`
		INSERT INTO notice (person_id, seq, reason, idea_id, comment_id, at)
		SELECT $1, $2, $3, $4, $5, $6 FROM person p WHERE p.id = $1 AND p.email IS NOT NULL AND p.disabled_at IS NULL
		ON CONFLICT (person_id, seq) DO UPDATE SET reason = excluded.reason`,
		person, tx.seq, slices.Index(board.Reasons, reason)+1, idea, orNull(comment), tx.Now); err != nil {
		return fmt.Errorf("tell person %d: %w", person, err)
	}
	tx.told = append(tx.told, person)
	return nil
}
