package search

import (
	"context"
	"fmt"

	"convivio/store/board"
)

// A build walks over all texts of the store in the order of their ids and
// writes, with each batch, how far it came: a build that was interrupted goes
// on. What changes meanwhile stands in the log behind the seq at which the
// build began, and is applied after it.

// buildSome builds the next batch.
func (x *Index) buildSome(ctx context.Context, f *files, st *state) error {
	b := newBatch(st.copy())
	if err := x.fill(ctx, b); err != nil {
		return err
	}
	onDisk := make(chan struct{})
	b.onDisk = func(error) { close(onDisk) }
	if err := x.commit(f, b); err != nil {
		return err
	}
	select { // so that no more than this is in memory
	case <-onDisk:
	case <-ctx.Done():
	case <-f.alive.Done():
		return f.broken()
	}
	if b.state.Building == nil {
		return f.merge(ctx, gathering)
	}
	return nil
}

// fill reads texts into the batch until it is full or all are read, and moves
// the place the state says the build has come to.
func (x *Index) fill(ctx context.Context, b *batch) error {
	for !b.full() {
		at := b.state.Building
		docs, err := x.src.DocumentsAfter(ctx, at.Part, board.Scope{}, at.After, readAtOnce)
		if err != nil {
			return fmt.Errorf("read texts: %w", err)
		}
		for _, d := range docs {
			b.index(d)
			at.After = d.ID
		}
		if len(docs) == readAtOnce {
			continue
		}
		if b.state.Building = nextPart(at.Part); b.state.Building == nil {
			return nil
		}
	}
	return nil
}

func nextPart(p board.Where) *place {
	for i, part := range parts {
		if part == p && i+1 < len(parts) {
			return &place{Part: parts[i+1]}
		}
	}
	return nil
}

// Rebuild throws the index away, builds it from the store and brings it up to
// the log's head, as fast as it can. Not beside Run. progress hears, after each
// batch, how many texts are in. Errors: ctx's, the store's, the disk's.
func (x *Index) Rebuild(ctx context.Context, progress func(texts int)) error {
	x.working.Lock()
	defer x.working.Unlock()
	if err := x.renew(); err != nil {
		return err
	}
	if err := x.catchUp(ctx, progress); err != nil {
		return err
	}
	return x.sweepMerged(ctx)
}

// sweepMerged waits until the segments that were merged into others have left the
// disk, where they take as much room again. That they have not is no failure: the next to write sees to it.
func (x *Index) sweepMerged(ctx context.Context) error {
	for range eraseTries {
		old, err := x.files.leftover()
		if err != nil || old.stale == 0 && old.settled {
			return err
		}
		if err := x.files.merge(ctx, nothing); err != nil { // wakes who deletes the files
			return err
		}
		pause(ctx, eraseLook, nil)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// catchUp brings the index up to the log's head without resting.
func (x *Index) catchUp(ctx context.Context, progress func(texts int)) error {
	if x.Rebuilding() {
		if err := x.buildAll(ctx, progress); err != nil {
			return err
		}
	}
	for head := x.src.Head(); x.Seq() < head; {
		if err := x.step(ctx, lookAfter); err != nil {
			return err
		}
	}
	return nil
}

// unwritten is how many batches of a build may wait for the disk.
const unwritten = 4

// taken are the batches of a build, read and taken apart one ahead. What goes
// wrong cancels.
func (x *Index) taken(ctx context.Context, cancel context.CancelCauseFunc, st *state) <-chan *batch {
	ready := make(chan *batch)
	go func() {
		defer close(ready)
		for next := st; next.Building != nil; {
			b := newBatch(next.copy())
			if err := x.fill(ctx, b); err != nil {
				cancel(err)
				return
			}
			next = b.state.copy() // b.state belongs to the writer from here on
			select {
			case ready <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ready
}

// buildAll builds with two hands: the next batch is read and taken apart while
// bleve writes the last.
func (x *Index) buildAll(ctx context.Context, progress func(texts int)) error {
	f, r, st, err := x.snapshot()
	if err != nil {
		return err
	}
	_ = r.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ready := x.taken(ctx, cancel, st)
	done := 0
	writing := make(chan struct{}, unwritten)
	for b := range ready {
		select { // bleve takes batches faster than a busy disk, and keeps them in memory
		case writing <- struct{}{}:
			b.onDisk = func(error) { <-writing }
		case <-ctx.Done():
		case <-f.alive.Done():
		}
		if err := x.commit(f, b); err != nil {
			cancel(err)
			for range ready { // let the reader end
			}
			return err
		}
		if done += len(b.put); progress != nil {
			progress(done)
		}
	}
	for range unwritten {
		select {
		case writing <- struct{}{}:
		case <-ctx.Done():
		case <-f.alive.Done():
		}
	}
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("build the search index: %w", err)
	}
	return f.merge(ctx, gathering)
}
