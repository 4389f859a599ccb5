package store

import (
	"context"
	"slices"
	"sync"
	"time"

	"convivio/store/board"
)

// readMarks gathers where people have read to between two writes, and the
// visits under way.
type readMarks struct {
	flush   sync.Mutex // held while some are written
	mu      sync.Mutex
	seqs    map[readKey]int64 // to be written
	written map[readKey]int64 // being written, or written last: whoever reads the rows beside may see older ones
	visits  map[readKey]visit
}

// maxMarks bounds what waits in memory where nothing can be written.
const maxMarks = 200_000

type readKey struct{ person, idea int64 }

// visit is one person reading one idea: what is new is what came after since.
type visit struct {
	since int64
	began time.Time
}

// visitLasts is how long what was new at the beginning of a visit stays marked.
// The read mark moves as soon as the page is shown, so lists are right at once;
// but who comes back to the page within half an hour (a reload, a reply sent, a
// look at another page) finds the same comments marked as before. The half hour
// counts from the beginning, or somebody who looks in often would have marks for
// ever. Visits are kept in memory alone: nobody has to know when somebody read.
const visitLasts = 30 * time.Minute

// Read notes that a person has seen an idea and its thread as of seq, best the
// idea's own last event. It is kept in memory until FlushMarks.
func (s *Store) Read(person, idea, seq int64) {
	s.marks.mu.Lock()
	defer s.marks.mu.Unlock()
	s.marks.read(readKey{person, idea}, seq)
}

// of is the reading position that is not in the rows yet, or not in those that
// were read a moment ago; 0: none.
func (m *readMarks) of(person, idea int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := readKey{person, idea}
	return max(m.seqs[k], m.written[k])
}

func (m *readMarks) read(k readKey, seq int64) {
	if m.seqs == nil {
		m.seqs = map[readKey]int64{}
	}
	if old, ok := m.seqs[k]; seq > old && (ok || len(m.seqs) < maxMarks) {
		m.seqs[k] = seq
	}
}

// Visit notes that a person is shown an idea as of seq, whose Seen was read
// before, and answers which comments to mark as new: those added after since.
// On a first visit nothing is: all of it would be.
func (s *Store) Visit(person int64, idea board.Idea, seq int64) (since int64) {
	now := s.now()
	s.marks.mu.Lock()
	defer s.marks.mu.Unlock()
	k := readKey{person, idea.ID}
	s.marks.read(k, min(seq, idea.Seq))
	if v, ok := s.marks.visits[k]; ok && now.Sub(v.began) < visitLasts {
		return v.since
	}
	since = idea.Seen
	if since == 0 {
		since = seq
	}
	if s.marks.visits == nil {
		s.marks.visits = map[readKey]visit{}
	}
	s.marks.visits[k] = visit{since, now}
	return since
}

// Since tells which comments are marked as new to a person just now: those added
// after it; 0 for somebody who was never there. It begins no visit.
func (s *Store) Since(person int64, idea board.Idea) int64 {
	s.marks.mu.Lock()
	defer s.marks.mu.Unlock()
	if v, ok := s.marks.visits[readKey{person, idea.ID}]; ok && s.now().Sub(v.began) < visitLasts {
		return v.since
	}
	return idea.Seen
}

// forgetVisits drops the visits that are over.
func (m *readMarks) forgetVisits(now time.Time) {
	for k, v := range m.visits {
		if now.Sub(v.began) >= visitLasts {
			delete(m.visits, k)
		}
	}
}

// marksPerNote is how many reading positions one note writes.
const marksPerNote = 500

// writeMark keeps a reading position as the last event of the idea itself that was
// read: the head of the log at the visit would tell when it was. Where the page
// was older than what happened on the idea since, it is the last thing said
// before; 1 comes before everything that was said.
const writeMark = `
	INSERT INTO read_mark (person_id, idea_id, seq)
	SELECT $1, i.id, CASE
		WHEN i.last_seq <= $3 THEN i.last_seq
		WHEN EXISTS (SELECT 1 FROM log l WHERE l.seq = $3 AND l.idea_id = i.id) THEN $3
		ELSE COALESCE((SELECT MAX(c.added_seq) FROM comment c WHERE c.idea_id = i.id AND c.added_seq <= $3), 1) END
	FROM idea i WHERE i.id = $2
	ON CONFLICT (person_id, idea_id) DO UPDATE SET seq = excluded.seq WHERE excluded.seq > read_mark.seq`

// FlushMarks writes the reading positions gathered since the last call, also when
// ctx ends meanwhile: they are not the caller's alone. What could not be written
// waits for the next call.
func (s *Store) FlushMarks(ctx context.Context) error {
	m := &s.marks
	m.flush.Lock()
	defer m.flush.Unlock()
	m.mu.Lock()
	m.forgetVisits(s.now())
	m.written, m.seqs = m.seqs, nil
	list := make([]statement, 0, len(m.written))
	for k, seq := range m.written {
		list = append(list, statement{writeMark, []any{k.person, k.idea, seq}})
	}
	m.mu.Unlock()
	for some := range slices.Chunk(list, marksPerNote) {
		if err := s.note(context.WithoutCancel(ctx), some...); err != nil {
			m.mu.Lock()
			defer m.mu.Unlock()
			for k, seq := range m.written {
				m.read(k, seq)
			}
			return err
		}
	}
	return nil
}
