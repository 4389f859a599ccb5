package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"convivio/store/board"
)

// logHead knows how far the log goes and wakes those who follow it.
type logHead struct {
	mu     sync.Mutex
	seq    int64
	access int64 // last group in which somebody's sight changed
	around int64 // last group in which more changed than threads and counts
	moved  chan struct{}
}

func newLogHead(seq int64) *logHead {
	return &logHead{seq: seq, access: seq, around: seq, moved: make(chan struct{})}
}

func (l *logHead) head() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seq
}

// advance is called by the writer alone, after the commit.
func (l *logHead) advance(seq int64, access, around bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if access {
		l.access = seq
	}
	if around {
		l.around = seq
	}
	if seq == l.seq {
		return
	}
	l.seq = seq
	close(l.moved)
	l.moved = make(chan struct{})
}

// reached waits until the head is at seq. Errors: ctx's.
func (l *logHead) reached(ctx context.Context, seq int64) error {
	for {
		l.mu.Lock()
		head, moved := l.seq, l.moved
		l.mu.Unlock()
		if head >= seq {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Head is the seq of the last event that is on disk.
func (s *Store) Head() int64 { return s.log.head() }

// AccessHead changes whenever somebody may have begun or ceased to see
// something: what was worked out before it must be worked out again.
func (s *Store) AccessHead() int64 {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.access
}

// AroundHead changes whenever something may have that pages show around threads and
// counts: see board.EventKind.ChangesAround.
func (s *Store) AroundHead() int64 {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	return s.log.around
}

// Epoch is the random word of this log; a restore renews it.
func (s *Store) Epoch() string { return s.epoch }

// Follow waits until the log has an event after seq, and returns its head.
// Errors: ctx's.
func (s *Store) Follow(ctx context.Context, seq int64) (int64, error) {
	for {
		s.log.mu.Lock()
		head, moved := s.log.seq, s.log.moved
		s.log.mu.Unlock()
		if head > seq {
			return head, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return head, ctx.Err()
		}
	}
}

// Entry is an event with what is needed, as things stand now, to decide who may
// hear of it. It never leaves the server as it is: see Access.Event.
type Entry struct {
	Seq     int64
	Kind    board.EventKind
	At      int64 // microseconds
	Actor   board.Author
	BoardID int64 // the board the idea is on now
	Board   string
	Private bool
	Idea    int64
	Comment int64
	Subject int64
	Gone    bool // the idea was deleted since
}

// Entries reads the log after a seq, at most limit events, oldest first.
func (s *Store) Entries(ctx context.Context, after int64, limit int) ([]Entry, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT l.seq, l.kind, l.at, COALESCE(l.actor_id, 0), COALESCE(p.name, ''),
		       COALESCE(b.id, 0), COALESCE(b.slug, ''), COALESCE(b.visibility, ''),
		       COALESCE(l.idea_id, 0), COALESCE(l.comment_id, 0), COALESCE(l.subject_id, 0),
		       i.deleted_at
		FROM log l
		LEFT JOIN idea i ON i.id = l.idea_id
		LEFT JOIN board b ON b.id = COALESCE(i.board_id, l.board_id)
		LEFT JOIN person p ON p.id = l.actor_id
		WHERE l.seq > $1
		ORDER BY l.seq
		LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read the log after %d: %w", after, err)
	}
	return collect(rows, func(rows *sql.Rows) (e Entry, err error) {
		var visibility string
		var deleted sql.NullInt64
		err = rows.Scan(&e.Seq, &e.Kind, &e.At, &e.Actor.ID, &e.Actor.Name, &e.BoardID, &e.Board, &visibility,
			&e.Idea, &e.Comment, &e.Subject, &deleted)
		e.Private, e.Gone = visibility != string(board.Open), deleted.Valid
		return e, err
	})
}

// Access is what somebody may see at one moment.
type Access struct {
	Guest   bool
	Boards  map[int64]bool // boards the person is a member of
	Tends   bool           // moderates every board that they see
	Answers map[int64]bool // boards that they own or moderate without that
}

// SeesBoard tells whether the person may see a board.
func (a Access) SeesBoard(id int64, private bool) bool {
	return a.Boards[id] || !private && !a.Guest
}

// Event gives the event as the person may hear of it; false: not at all.
func (a Access) Event(e Entry) (board.Event, bool) {
	to := e.Kind.Audience()
	if to == board.Nobody || e.BoardID == 0 || !a.SeesBoard(e.BoardID, e.Private) {
		return board.Event{}, false
	}
	if to == board.Answerers && !a.Tends && !a.Answers[e.BoardID] {
		return board.Event{}, false
	}
	if e.Gone && e.Kind != board.IdeaDeleted {
		return board.Event{}, false
	}
	ev := board.Event{Seq: e.Seq, Kind: e.Kind, Board: e.Board, Idea: e.Idea, Comment: e.Comment, At: at(e.At)}
	if e.Kind.ShowsActor() && e.Actor.ID != 0 {
		actor := e.Actor
		ev.Actor = &actor
	}
	return ev, true
}

// Access reads what a person may see. Errors: not_found for an unknown, disabled or
// suspended person.
func (s *Store) Access(ctx context.Context, person int64) (Access, error) {
	a := Access{Boards: map[int64]bool{}, Answers: map[int64]bool{}}
	who, err := s.who(ctx, person)
	if err != nil {
		return a, err
	}
	a.Guest, a.Tends = who.Kind != board.Employee, who.Moderates()
	for _, id := range append(who.Owns, who.Keeps...) {
		a.Answers[id] = true
	}
	rows, err := s.readDB.QueryContext(ctx, `SELECT board_id FROM member WHERE person_id = $1`, person)
	if err != nil {
		return a, fmt.Errorf("read boards of person %d: %w", person, err)
	}
	ids, err := collect(rows, scanID)
	for _, id := range ids {
		a.Boards[id] = true
	}
	return a, err
}

// Events answers GET events: what the person may hear of after a seq.
func (s *Store) Events(ctx context.Context, who board.Who, after int64, limit int) (board.Events, error) {
	out := board.Events{Epoch: s.epoch, Seq: after, Items: []board.Event{}}
	access, err := s.Access(ctx, who.ID)
	if err != nil {
		return out, err
	}
	entries, err := s.Entries(ctx, after, pageSize(limit))
	for _, e := range entries {
		if ev, ok := access.Event(e); ok {
			out.Items = append(out.Items, ev)
		}
		out.Seq = e.Seq
	}
	return out, err
}

// collect scans every row, closes them, and checks what went wrong on the way.
func collect[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		out = append(out, x)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read rows: %w", err)
	}
	return out, nil
}

func scanID(rows *sql.Rows) (id int64, err error) { err = rows.Scan(&id); return id, err }

// pageSize bounds what a caller asks for.
func pageSize(limit int) int {
	if limit <= 0 {
		return 50
	}
	return min(limit, board.MaxPage)
}
