// Package bench measures a server on the machine it stands on, each figure
// beside its limit: the same libraries doing the same thing on the wire with
// nothing behind it, measured in turns in the same run. Machines differ and are
// noisy; the ratio of two medians says more than either.
//
// The servers are processes of their own: this program itself, as convivio
// serve on a folder made for the run, and as the bare server. The caller's
// process makes the load; one more holds the sockets of the live figures.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// ErrMissed says that a figure did not reach its target.
var ErrMissed = errors.New("targets were missed")

// Options say what to measure.
type Options struct {
	Binary   string // this program
	Short    bool   // fewer rounds, no long run
	Import   string // a folder of conversations to load first; empty: none
	Dir      string // where the folder of the run is made; empty: the system's place for temporary files
	Part     Part
	Find     FindOptions
	Out      io.Writer // gets the table
	Progress io.Writer // gets a line for each step
}

// Part is what of a bench is measured.
type Part int

// The parts.
const (
	Everything Part = iota
	Administration
	Figures
	Search
)

// sizes bound a run.
type sizes struct {
	people   int           // with a token each
	readers  int           // connections that read pages, each signed in as somebody else
	writers  int           // connections that post comments
	read     int           // ideas to be read
	thread   int           // comments of each
	ideas    int           // ideas to be commented on
	rounds   int           // of ours and the limit in turns
	slice    time.Duration // of a turn of comments: long enough for the index to rest and to work
	glance   time.Duration // of a turn of pages
	bulk     int           // comments at a stretch
	queries  int
	sockets  int
	messages int
}

var (
	full  = sizes{people: 1000, readers: 32, writers: 64, read: 150, thread: 100, ideas: 1000, rounds: 5, slice: 4 * time.Second, glance: 2 * time.Second, bulk: 100_000, queries: 1000, sockets: 5000, messages: 50}
	short = sizes{people: 1000, readers: 32, writers: 64, read: 40, thread: 100, ideas: 300, rounds: 3, slice: 3 * time.Second, glance: 1500 * time.Millisecond, queries: 200, sockets: 5000, messages: 15}
)

// run is one run under way.
type run struct {
	sizes
	stages
	binary     string
	dir        string
	company    company
	ours, bare *child
	table      table
	pageBytes  int
}

// Run measures everything and writes the table. Errors: ErrMissed when a figure
// did not reach its target; anything else that kept it from measuring.
func Run(ctx context.Context, o Options) error {
	z := full
	if o.Short {
		z = short
	}
	o.Find.Binary, o.Find.Dir, o.Find.Short = o.Binary, o.Dir, o.Short
	switch o.Part {
	case Administration:
		return measure(ctx, o, z)
	case Figures:
		return measureFigures(ctx, o)
	case Search:
		return measureFind(ctx, o)
	}
	return errors.Join(measure(ctx, o, z), measureFigures(ctx, o), measureFind(ctx, o))
}

// measureFind measures search and prints its tables.
func measureFind(ctx context.Context, o Options) error {
	dir := o.Dir
	if dir == "" {
		dir = os.TempDir()
	}
	about, err := facts(dir)
	if err != nil {
		return err
	}
	f, err := find(ctx, o.Find, stages{o.Progress})
	if f == nil {
		return err
	}
	for _, line := range about {
		fmt.Fprintln(o.Out, line)
	}
	fmt.Fprintln(o.Out)
	if n := f.print(o.Out); n > 0 && err == nil {
		err = fmt.Errorf("search: %d %w", n, ErrMissed)
	}
	return err
}

func measure(ctx context.Context, o Options, z sizes) error {
	if err := fits(z.sockets); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(o.Dir, "convivio-bench-")
	if err != nil {
		return fmt.Errorf("make a folder for the run: %w", err)
	}
	defer os.RemoveAll(dir)
	r := &run{sizes: z, stages: stages{o.Progress}, binary: o.Binary, dir: dir}
	defer r.end()
	about, err := facts(dir)
	if err != nil {
		return err
	}
	if err := r.prepare(ctx, o.Import); err != nil {
		return err
	}
	steps := r.steps
	if o.Part == Administration {
		steps = r.administration
	}
	err = steps(ctx)
	for _, line := range about {
		fmt.Fprintln(o.Out, line)
	}
	fmt.Fprintln(o.Out)
	r.table.print(o.Out) // what was measured before a fault is worth having
	if n := r.table.missed(); n > 0 && err == nil {
		err = fmt.Errorf("%d %w", n, ErrMissed)
	}
	return err
}

func (r *run) steps(ctx context.Context) error {
	for _, step := range []func(context.Context) error{r.comments, r.pages, r.search, r.live, r.crowd, r.queue} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// fits tells whether this process may open the sockets on both servers.
func fits(sockets int) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("ask how many files may be open: %w", err)
	}
	if need := uint64(2*sockets + 200); limit.Max < need { // #nosec G115 -- small numbers
		return fmt.Errorf("this needs %d open files at once, and only %d are allowed; raise the limit with ulimit -n", need, limit.Max)
	}
	return nil
}

// data is the data folder of the run.
func (r *run) data() string { return filepath.Join(r.dir, "data") }

// prepare fills the data folder and starts the servers.
func (r *run) prepare(ctx context.Context, conversations string) error {
	if conversations != "" {
		if err := r.say(ctx, "importing %s", conversations); err != nil {
			return err
		}
		cmd := command(ctx, r.binary, "--data", r.data(), "import", conversations)
		cmd.Stdout, cmd.Stderr = r.out, r.out
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("import %s: %w", conversations, err)
		}
	}
	if err := r.say(ctx, "making %s people, %s ideas, %s comments", grouped(int64(r.people)), grouped(int64(r.read+r.ideas)), grouped(int64(r.read*r.thread))); err != nil {
		return err
	}
	var err error
	if r.company, err = fill(ctx, r.data(), r.sizes); err != nil {
		return err
	}
	return r.start(ctx)
}

// start starts both servers and waits until the index has everything.
func (r *run) start(ctx context.Context) (err error) {
	if r.ours, err = begin(ctx, r.dir, r.binary, "ours", "serve", "--data", r.data(), "--rate-limit", "off"); err != nil {
		return err
	}
	if r.bare, err = begin(ctx, r.dir, r.binary, "bare", "bench-bare"); err != nil {
		return err
	}
	_, _, err = r.catchUp(ctx)
	return err
}

// restart ends both servers and starts fresh ones.
func (r *run) restart(ctx context.Context) error {
	r.end()
	return r.start(ctx)
}

func (r *run) end() {
	r.ours.end()
	r.bare.end()
}
