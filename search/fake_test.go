package search_test

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// memory is a store in memory: the rows, and a log of what happened to them.
type memory struct {
	mu       sync.Mutex
	epoch    string
	log      []board.Change
	moved    chan struct{}
	boards   map[int64]*memBoard
	texts    map[board.Ref]board.Document
	last     map[board.Where]int64
	votes    map[int64]int
	answered map[int64]bool // ideas
	failing  error          // what reads answer instead
	reads    int
	now      int64
	resulted []board.Ref // refs asked for by Results
}

type memBoard struct {
	slug    string
	lang    string
	private bool
	members map[int64]bool
}

func newMemory() *memory {
	return &memory{epoch: "epoch-1", moved: make(chan struct{}), boards: map[int64]*memBoard{}, texts: map[board.Ref]board.Document{}, last: map[board.Where]int64{}, votes: map[int64]int{}, answered: map[int64]bool{},
		now: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC).UnixMicro()}
}

// record appends to the log, under mu.
func (m *memory) record(kind board.EventKind, boardID, idea, comment, subject int64) int64 {
	seq := int64(len(m.log)) + 1
	m.log = append(m.log, board.Change{Seq: seq, Kind: kind, Board: boardID, Idea: idea, Comment: comment, Subject: subject})
	close(m.moved)
	m.moved = make(chan struct{})
	return seq
}

func (m *memory) addBoard(slug string, private bool, members ...int64) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := int64(len(m.boards)) + 1
	b := &memBoard{slug: slug, private: private, members: map[int64]bool{}}
	for _, p := range members {
		b.members[p] = true
	}
	m.boards[id] = b
	m.record(board.BoardAdded, id, 0, 0, 0)
	return id
}

func (m *memory) setPrivate(id int64, private bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.boards[id].private = private
	m.record(board.BoardChanged, id, 0, 0, 0)
}

func (m *memory) setLang(id int64, lang string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.boards[id].lang = lang
	m.record(board.BoardChanged, id, 0, 0, 0)
}

func (m *memory) setMember(id, person int64, member bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.boards[id].members[person] = member
	m.record(board.MemberAdded, id, 0, 0, person)
}

func (m *memory) next(part board.Where) int64 {
	m.last[part]++
	return m.last[part]
}

func html(md string) string {
	out, err := markdown.Render("body", md)
	if err != nil {
		out = markdown.Paragraphs(md)
	}
	return out
}

func (m *memory) addIdea(boardID int64, title, body, tags string) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now += 1_000_000
	ref := board.Ref{Part: board.InText, ID: m.next(board.InText)}
	m.texts[ref] = board.Document{Ref: ref, Idea: ref.ID, Board: boardID, Stage: board.New, Author: 1, At: m.now,
		Lang: language.Of(title+"\n"+body, ""), Title: title, Tags: tags, HTML: html(body)}
	m.record(board.IdeaAdded, boardID, ref.ID, 0, 0)
	return ref.ID
}

func (m *memory) addComment(idea int64, body string) int64 {
	return m.hang(board.InComment, idea, body, board.CommentAdded)
}

func (m *memory) addAnswer(idea int64, body string) int64 {
	return m.hang(board.InAnswer, idea, body, board.IdeaAnswered)
}

func (m *memory) hang(part board.Where, idea int64, body string, kind board.EventKind) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now += 1_000_000
	on := m.texts[board.Ref{Part: board.InText, ID: idea}]
	ref := board.Ref{Part: part, ID: m.next(part)}
	m.texts[ref] = board.Document{Ref: ref, Idea: idea, Board: on.Board, Stage: on.Stage, Author: 2, At: m.now, Lang: language.Of(body, on.Lang), HTML: html(body)}
	if part == board.InComment {
		m.record(kind, on.Board, idea, ref.ID, 0)
	} else {
		m.answered[idea] = true
		m.record(kind, on.Board, idea, 0, ref.ID)
	}
	return ref.ID
}

// change alters a text and records an event of some kind.
func (m *memory) change(ref board.Ref, kind board.EventKind, with func(*board.Document)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d := m.texts[ref]
	with(&d)
	m.texts[ref] = d
	comment := int64(0)
	if ref.Part == board.InComment {
		comment = ref.ID
	}
	m.record(kind, d.Board, d.Idea, comment, 0)
}

// stage moves an idea with all that hangs on it.
func (m *memory) stage(idea int64, stage board.Stage) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for ref, d := range m.texts {
		if d.Idea == idea {
			d.Stage = stage
			m.texts[ref] = d
		}
	}
	m.record(board.IdeaStaged, 0, idea, 0, 0)
}

func (m *memory) deleteComment(id int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	ref := board.Ref{Part: board.InComment, ID: id}
	idea := m.texts[ref].Idea
	delete(m.texts, ref)
	m.record(board.CommentDeleted, 0, idea, id, 0)
}

func (m *memory) deleteIdea(id int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for ref, d := range m.texts {
		if d.Idea == id {
			delete(m.texts, ref)
		}
	}
	m.record(board.IdeaDeleted, 0, id, 0, 0)
}

// fail lets what the index reads fail, or not; what readers are shown goes on.
func (m *memory) fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failing = err
}

func (m *memory) vote(idea int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.votes[idea]++
	m.record(board.VoteCast, 0, idea, 0, 0)
}

// What follows is search.Source.

func (m *memory) Epoch() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.epoch
}

func (m *memory) Head() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return int64(len(m.log))
}

func (m *memory) Follow(ctx context.Context, seq int64) (int64, error) {
	for {
		m.mu.Lock()
		head, moved := int64(len(m.log)), m.moved
		m.mu.Unlock()
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

func (m *memory) Changes(_ context.Context, after int64, limit int) ([]board.Change, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.failing != nil {
		return nil, m.failing
	}
	return slices.Clone(m.log[after:min(after+int64(limit), int64(len(m.log)))]), nil
}

func (m *memory) present(d board.Document) board.Document {
	b := m.boards[d.Board]
	d.Private = b.private
	if d.Lang == "" {
		d.Lang = b.lang
	}
	d.Tags = m.texts[board.Ref{Part: board.InText, ID: d.Idea}].Tags
	d.Answered = m.answered[d.Idea]
	d.Waits = !d.Answered && d.Stage.Waits()
	return d
}

func (m *memory) Documents(_ context.Context, part board.Where, ids []int64) ([]board.Document, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []board.Document
	for _, id := range ids {
		if d, ok := m.texts[board.Ref{Part: part, ID: id}]; ok {
			out = append(out, m.present(d))
		}
	}
	return out, m.failing
}

func (m *memory) DocumentsAfter(_ context.Context, part board.Where, in board.Scope, after int64, limit int) ([]board.Document, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	var out []board.Document
	for id := after + 1; id <= m.last[part] && len(out) < limit; id++ {
		if d, ok := m.texts[board.Ref{Part: part, ID: id}]; ok && (in.Board == 0 || in.Board == d.Board) && (in.Idea == 0 || in.Idea == d.Idea) {
			out = append(out, m.present(d))
		}
	}
	return out, m.failing
}

func (m *memory) sees(who board.Who, id int64) bool {
	b := m.boards[id]
	return b.members[who.ID] || !b.private && who.Kind == board.Employee
}

func (m *memory) SeenBoards(_ context.Context, who board.Who) ([]board.SeenBoard, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []board.SeenBoard
	for id, b := range m.boards {
		if m.sees(who, id) {
			out = append(out, board.SeenBoard{ID: id, Slug: b.slug, Name: b.slug, Private: b.private})
		}
	}
	return out, nil
}

func (m *memory) Named(_ context.Context, who board.Who, n board.Names) (named board.Named, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range append(n.People, n.Teams...) {
		if name == "me" {
			name = strconv.FormatInt(who.ID, 10)
		}
		if id, err := strconv.ParseInt(name, 10, 64); err == nil { // here people are called by their numbers
			named.Authors = append(named.Authors, id)
		}
	}
	for ref, d := range m.texts {
		if n.Mine && ref.Part == board.InText && d.Author == who.ID && m.sees(who, d.Board) {
			named.Ideas = append(named.Ideas, ref.ID)
		}
	}
	return named, nil
}

func (m *memory) Results(_ context.Context, who board.Who, refs []board.Ref) ([]board.Result, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []board.Result
	for _, ref := range refs {
		d, ok := m.texts[ref]
		if !ok || !m.sees(who, d.Board) {
			continue
		}
		h := board.Hit{Idea: d.Idea, Title: m.texts[board.Ref{Part: board.InText, ID: d.Idea}].Title, Board: m.boards[d.Board].slug,
			Stage: d.Stage, Author: board.Author{ID: d.Author}, Votes: m.votes[d.Idea], At: time.UnixMicro(d.At)}
		if ref.Part == board.InComment {
			h.Comment = &ref.ID
		}
		out = append(out, board.Result{Ref: ref, Hit: h, Tags: d.Tags, HTML: d.HTML})
	}
	m.resulted = append(m.resulted, refs...)
	return out, nil
}
