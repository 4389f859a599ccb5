package main

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"convivio/store"
)

// batchRows is how many rows go to the writer at once.
const batchRows = 200

// batch is rows on their way: read in order, prepared on all processors,
// written in order.
type batch[R, T any] struct {
	rows     []R
	lines    []int
	prepared []T
	ready    chan struct{}
}

// same prepares rows that need no preparation.
func same[T any](row T) T { return row }

// flow imports one file: accept reads a row and says what is wrong with it,
// prepare does what needs no rows, write adds a batch and tells how many were new.
func flow[R, T any](ctx context.Context, im *importer, in input, kind string,
	accept func(line []byte, n int) (R, error), prepare func(R) T, write func(context.Context, []T) (int, error)) error {
	if in.path == "" {
		return nil
	}
	im.progress.now(kind)
	c := &count{kind: kind}
	im.counts = append(im.counts, c)
	ctx, cancel := context.WithCancel(ctx)
	out := make(chan *batch[R, T], 2*runtime.GOMAXPROCS(0))
	read := make(chan error, 1)
	var wrong []wrongRow
	go func() {
		defer close(out)
		var err error
		wrong, err = readBatches(ctx, in, accept, prepare, out)
		read <- err
	}()
	err := writeBatches(ctx, im, in, c, out, write)
	cancel()
	for b := range out { // let the reader see that it is over
		<-b.ready
	}
	err = errors.Join(err, readError(err, <-read))
	for _, w := range wrong {
		im.fault(in, w.line, w.err)
	}
	c.rows += len(wrong)
	c.wrong += len(wrong)
	im.progress.add(len(wrong))
	return err
}

// readError leaves out that reading was called off because writing failed.
func readError(written, read error) error {
	if written != nil && errors.Is(read, context.Canceled) {
		return nil
	}
	return read
}

// wrongRow is a row that was not accepted.
type wrongRow struct {
	line int
	err  error
}

func readBatches[R, T any](ctx context.Context, in input, accept func([]byte, int) (R, error), prepare func(R) T, out chan<- *batch[R, T]) (wrong []wrongRow, err error) {
	b := &batch[R, T]{ready: make(chan struct{})}
	send := func() error {
		go func(b *batch[R, T]) {
			defer close(b.ready)
			for _, row := range b.rows {
				b.prepared = append(b.prepared, prepare(row))
			}
		}(b)
		select {
		case out <- b:
			b = &batch[R, T]{ready: make(chan struct{})}
			return nil
		case <-ctx.Done():
			<-b.ready
			return ctx.Err()
		}
	}
	err = in.lines(func(n int, line []byte) error {
		row, err := accept(line, n)
		if err != nil {
			wrong = append(wrong, wrongRow{n, err})
			return ctx.Err()
		}
		b.rows, b.lines = append(b.rows, row), append(b.lines, n)
		if len(b.rows) < batchRows {
			return nil
		}
		return send()
	})
	if err == nil && len(b.rows) > 0 {
		err = send()
	}
	return wrong, err
}

// writeBatches writes what was read. A batch with a row that the store refuses
// is written row by row, so that only that row is left out.
func writeBatches[R, T any](ctx context.Context, im *importer, in input, c *count, out <-chan *batch[R, T], write func(context.Context, []T) (int, error)) error {
	for b := range out {
		<-b.ready
		added, err := write(ctx, b.prepared)
		if err == nil {
			c.rows, c.added, c.there = c.rows+len(b.rows), c.added+added, c.there+len(b.rows)-added
			im.progress.add(len(b.rows))
			continue
		}
		if fatal(ctx, err) {
			return err
		}
		for i, row := range b.prepared {
			added, err := write(ctx, []T{row})
			c.rows++
			im.progress.add(1)
			switch {
			case err == nil:
				c.added, c.there = c.added+added, c.there+1-added
			case fatal(ctx, err):
				return err
			default:
				c.wrong++
				im.fault(in, b.lines[i], err)
			}
		}
	}
	return ctx.Err()
}

// voteCounts is what became of the rows of votes.jsonl.
type voteCounts struct {
	rows, added, there, wrong int
	replaced                  int // by a later vote of the same person
	against, neither          int // -1 and 0: here people support ideas, or do not
}

func (v voteCounts) report(p *program) {
	if v.rows == 0 {
		return
	}
	p.printf("%-9s %10s rows  %10s added  %10s there already  %6s not importable\n", "votes", grouped(v.rows), grouped(v.added), grouped(v.there), grouped(v.wrong))
	p.printf("          of the others %s were replaced by a later vote of the same person, %s were against, %s neither for nor against\n",
		grouped(v.replaced), grouped(v.against), grouped(v.neither))
}

// ballot is one vote with where it stands.
type ballot struct {
	store.ImportVote
	line, value int
}

// runVotes imports votes whose voters are known: the last of each person on an
// idea counts, and only one in favour becomes a vote.
func (im *importer) runVotes(ctx context.Context) error {
	if im.votes.path == "" {
		return nil
	}
	im.progress.now("votes")
	v := &im.voted
	last := map[[2]ref]ballot{}
	err := im.votes.lines(func(n int, line []byte) error {
		v.rows++
		b, err := im.ballot(line, n)
		if err != nil {
			v.wrong++
			im.fault(im.votes, n, err)
			im.progress.add(1)
			return ctx.Err()
		}
		key := [2]ref{ref(b.Idea), ref(b.Person)}
		if earlier, again := last[key]; again {
			v.replaced++
			im.progress.add(1)
			if earlier.At.After(b.At) {
				b = earlier
			}
		}
		last[key] = b
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	return im.castVotes(ctx, im.inFavour(last))
}

// inFavour counts what is not in favour, and sorts the rest by time.
func (im *importer) inFavour(last map[[2]ref]ballot) []ballot {
	var list []ballot
	for _, b := range last {
		switch b.value {
		case 1:
			list = append(list, b)
			continue
		case -1:
			im.voted.against++
		default:
			im.voted.neither++
		}
		im.progress.add(1)
	}
	slices.SortFunc(list, func(a, b ballot) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return a.line - b.line
	})
	return list
}

func (im *importer) ballot(line []byte, n int) (b ballot, err error) {
	row, err := decoded[voteLine](im, line)
	if err != nil {
		return b, err
	}
	if b.value, err = wholeNumber(row.Vote); err != nil {
		return b, err
	}
	if b.value < -1 || b.value > 1 || row.Vote == "" {
		return b, errors.New("a vote is 1, 0 or -1")
	}
	var at time.Time
	if at, err = parseTime(row.CreatedAt); err != nil {
		return b, err
	}
	if row.User == "" {
		return b, errors.New("the vote names no person")
	}
	b.ImportVote = store.ImportVote{Idea: string(row.Idea), Person: string(row.User), At: at}
	b.line = n
	return b, errors.Join(im.known("idea", row.Idea), im.known("person", row.User))
}

func (im *importer) castVotes(ctx context.Context, list []ballot) error {
	v := &im.voted
	for rest := range slices.Chunk(list, batchRows) {
		rows := make([]store.ImportVote, len(rest))
		for i, b := range rest {
			rows[i] = b.ImportVote
		}
		added, err := im.to.Votes(ctx, rows)
		if err == nil {
			v.added, v.there = v.added+added, v.there+len(rows)-added
			im.progress.add(len(rows))
			continue
		}
		if fatal(ctx, err) {
			return err
		}
		for _, b := range rest {
			added, err := im.to.Votes(ctx, []store.ImportVote{b.ImportVote})
			im.progress.add(1)
			switch {
			case err == nil:
				v.added, v.there = v.added+added, v.there+1-added
			case fatal(ctx, err):
				return err
			default:
				v.wrong++
				im.fault(im.votes, b.line, err)
			}
		}
	}
	return ctx.Err()
}
