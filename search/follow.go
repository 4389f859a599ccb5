package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"convivio/store/board"
)

const (
	changesAtOnce   = 2_000
	tooFarBehind    = 100_000     // events; beyond it people's requests have to share
	retryAfter      = time.Second // when the store or the disk fails
	shortestPause   = 20 * time.Millisecond
	longestPause    = time.Second
	longestRest     = 5 * time.Second
	keepCursorAfter = 5 * time.Second // a cursor that moved over events without texts is written so often
)

// How often the folder is looked for when nothing happens, and how long passes
// between two times of throwing the files away. Tests make them shorter.
var (
	lookAfter   = 30 * time.Second
	renewAtMost = 10 * time.Second
)

// Run follows the log until ctx ends, and returns nil then. Between batches it
// rests, so that people's requests come first and batches grow with what waits;
// it does not rest while somebody waits in Wait.
func (x *Index) Run(ctx context.Context) error {
	x.working.Lock()
	defer x.working.Unlock()
	for ctx.Err() == nil {
		began := time.Now()
		err := x.step(ctx, lookAfter)
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			x.mend(ctx, err)
			continue
		}
		x.rest(ctx, time.Since(began))
	}
	return nil
}

// step does the next piece of work: some of the build, or the changes that
// wait. Where nothing waits it waits for a change, at most so long.
func (x *Index) step(ctx context.Context, atMost time.Duration) error {
	x.mu.Lock()
	f, st, applied := x.files, x.st, x.applied
	x.mu.Unlock()
	if f == nil {
		return errNoFiles
	}
	if err := x.lookAround(f); err != nil {
		return err
	}
	if x.eraseAsked(ctx, f, st) {
		return nil
	}
	if st.Building != nil {
		return x.buildSome(ctx, f, st)
	}
	wait, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	defer context.AfterFunc(f.alive, cancel)()
	x.mu.Lock()
	x.wake = cancel
	x.mu.Unlock()
	if len(x.erasing) > 0 {
		return nil
	}
	if _, err := x.src.Follow(wait, applied); err != nil {
		if ctx.Err() == nil && wait.Err() != nil {
			return nil // to look around
		}
		return fmt.Errorf("follow the log: %w", err)
	}
	changes, err := x.src.Changes(ctx, applied, changesAtOnce)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	if len(changes) == 0 {
		return nil
	}
	return x.apply(ctx, f, st, changes)
}

// lookAround notices files that are damaged, and now and then whether they were
// deleted under a running server. It has new segments read before somebody searches.
func (x *Index) lookAround(f *files) error {
	if err := f.broken(); err != nil {
		return err
	}
	if time.Since(x.looked) < lookAfter {
		return nil
	}
	x.looked = time.Now()
	if !f.there() {
		return damaged("the files are gone")
	}
	return x.prepare()
}

// mend answers a failure: files that are damaged are thrown away, anything else is tried again.
func (x *Index) mend(ctx context.Context, err error) {
	var bad *damageError
	if !errors.As(err, &bad) && !errors.Is(err, errNoFiles) {
		slog.Error("search index", "error", err)
		pause(ctx, retryAfter, nil)
		return
	}
	x.mu.Lock()
	last := x.renewals
	x.mu.Unlock()
	pause(ctx, time.Until(last.Add(renewAtMost)), nil)
	if ctx.Err() != nil {
		return
	}
	slog.Warn("the search index is thrown away and built anew", "reason", err)
	if err := x.renew(); err != nil {
		slog.Error("search index", "error", err)
		pause(ctx, retryAfter, nil)
	}
}

// rest leaves the processor to others. While people write it rests nine times as
// long as the last step took, and what waits makes larger batches, which cost
// less; once they pause, or too much has gathered, it works that off.
func (x *Index) rest(ctx context.Context, took time.Duration) {
	if x.waiting.Load() > 0 {
		return
	}
	head := x.src.Head()
	quiet, behind := head == x.headAtRest, head-x.Seq()
	x.headAtRest = head
	longest := longestPause
	switch {
	case !quiet && behind < tooFarBehind:
		took *= 9
		if behind > changesAtOnce { // many at once: what they write cannot be found at once anyway
			longest = longestRest
		}
	case x.Rebuilding() || behind > changesAtOnce:
		took /= 4
	}
	pause(ctx, min(max(took, shortestPause), longest), x.hurry)
}

func pause(ctx context.Context, d time.Duration, hurry <-chan struct{}) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-hurry:
	case <-ctx.Done():
	}
}

// work is what a run of changes asks to look at again. Looking twice, or too
// late, is harmless: what is read is the present.
type work struct {
	texts   map[board.Where]map[int64]bool
	threads map[int64]bool // ideas with all that hangs on them
	boards  map[int64]bool
	people  map[int64]bool // whose language may settle that of their texts
}

func workFor(changes []board.Change) work {
	w := work{map[board.Where]map[int64]bool{board.InText: {}, board.InComment: {}, board.InAnswer: {}}, map[int64]bool{}, map[int64]bool{}, map[int64]bool{}}
	for _, c := range changes {
		w.add(c)
	}
	return w
}

func (w work) add(c board.Change) {
	switch c.Kind {
	case board.VoteCast, board.VoteWithdrawn, board.ReactionAdded, board.ReactionWithdrawn, board.IdeaLocked, board.IdeaUnlocked, board.BoardAdded, board.AnswerDrafted,
		board.MemberAdded, board.MemberRemoved, board.PersonAdded, board.LossAccepted, board.IdeaSlowed,
		board.IdeaPinned, board.IdeaUnpinned, board.TeamAdded, board.SettingChanged, board.AnnouncementAdded, board.AnnouncementEnded, board.BoardRoleChanged:
	case board.PersonChanged:
		w.people[c.Subject] = true
	case board.IdeaAdded:
		w.texts[board.InText][c.Idea] = true
	case board.CommentAdded, board.CommentEdited, board.CommentDeleted, board.CommentRestored:
		w.texts[board.InComment][c.Comment] = true
	case board.BoardChanged:
		w.boards[c.Board] = true
	default: // edited (its language is its comments' where they tell none), staged, answered, deleted, and whatever comes later
		switch {
		case c.Idea != 0:
			w.threads[c.Idea] = true
		case c.Board != 0:
			w.boards[c.Board] = true
		}
	}
}

// apply brings the index up to the last of the changes.
func (x *Index) apply(ctx context.Context, f *files, st *state, changes []board.Change) error {
	last := changes[len(changes)-1].Seq
	w := &writer{x: x, files: f, batch: newBatch(st.copy())}
	if err := w.bring(ctx, workFor(changes)); err != nil {
		return err
	}
	if w.batch.empty() && !w.told {
		return x.pass(f, st, last)
	}
	w.batch.state.Seq = last
	if err := x.commit(f, w.batch); err != nil {
		return err
	}
	x.tidy(ctx, f)
	return nil
}

// pass moves over events that changed no text. The cursor is written now and then only.
func (x *Index) pass(f *files, st *state, last int64) error {
	if time.Since(x.written) > keepCursorAfter {
		next := st.copy()
		next.Seq = last
		return x.commit(f, newBatch(next))
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.applied = last
	close(x.moved)
	x.moved = make(chan struct{})
	return nil
}

// commit writes a batch and makes its state known. What boards are held as is
// known before, since a search may see the documents before commit returns.
func (x *Index) commit(f *files, b *batch) error {
	x.mu.Lock()
	before := x.st.copy()
	for id, h := range b.state.Held {
		old := before.Held[id]
		before.Held[id] = hold{Open: h.Open || old.Open, Private: h.Private || old.Private}
	}
	x.st = before
	x.mu.Unlock()
	if err := f.write(b); err != nil {
		return err
	}
	x.written = time.Now()
	x.mu.Lock()
	defer x.mu.Unlock()
	applied := x.applied
	x.publish(b.state)
	x.applied = max(applied, b.state.Seq)
	return nil
}
