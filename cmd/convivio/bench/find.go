package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"golang.org/x/sys/unix"

	"convivio/search"
	"convivio/store"
	"convivio/store/board"
)

// FindOptions say what the search part measures.
type FindOptions struct {
	Binary   string // this program
	Set      string // a folder of conversations; empty: texts are made up
	Sizes    []int  // posts of each store, smallest first; empty: see there
	Keep     string // a folder that stores and databases are left in, and taken from the next time; empty: none
	Dir      string // where the folder of the run is made otherwise
	Postgres string // a database to measure PostgreSQL in; empty: a server of this run's own
	Judged   string // a file of judged queries over the demo company; empty: none
	Short    bool
}

// asks is how many questions of each kind are asked, the time that each who
// answers gets for them, and how many come before that to warm up.
type asks struct {
	count  map[kind]int
	budget time.Duration
}

var (
	fullAsks = asks{map[kind]int{twoWords: 600, threeWords: 600, question: 400, typing: 800, counting: 200, alikeTitle: 300, alikeIdea: 300}, 15 * time.Second}
	fewAsks  = asks{map[kind]int{twoWords: 200, threeWords: 200, question: 100, typing: 300, counting: 60, alikeTitle: 100, alikeIdea: 100}, 5 * time.Second}

	kinds = []kind{twoWords, threeWords, question, typing, counting, alikeTitle, alikeIdea, hostile}
)

// finder is one run of the search part.
type finder struct {
	FindOptions
	stages
	dir    string
	set    *set
	asks   asks
	drawn  map[kind][]ask
	pg     *cluster
	absent map[string]string // whom we cannot be compared with, and why
	sizes  []*sizeFound
	judged []judgedClass
}

// sizeFound is what was measured at a size.
type sizeFound struct {
	posts   int
	share   float64                       // of the posts that the reader may see
	answers map[kind]map[string]*answered // by who answered; ours: ""
	rebuild rebuilt
	pages   *besidePages
}

// answered is how long answers took, and how much of the processors' time went into
// them: more than that where two work on one, less where one waits for others.
type answered struct {
	took []time.Duration
	busy []time.Duration
	hits int

	warm     []time.Duration // of the first questions, which do not count unless they are all
	warmHits int
	early    bool // they are all

	spent time.Duration
}

// find measures search by itself.
func find(ctx context.Context, o FindOptions, s stages) (_ *finder, err error) {
	f := &finder{FindOptions: o, stages: s, asks: fullAsks, drawn: map[kind][]ask{}, absent: map[string]string{}}
	if o.Short {
		f.asks = fewAsks
	}
	if f.dir = o.Keep; f.dir == "" {
		if f.dir, err = os.MkdirTemp(o.Dir, "convivio-bench-search-"); err != nil {
			return nil, fmt.Errorf("make a folder for the run: %w", err)
		}
		defer os.RemoveAll(f.dir)
	}
	if f.dir, err = filepath.Abs(f.dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(f.dir, 0o711); err != nil { // #nosec G301 -- PostgreSQL's folder is inside, and it runs as somebody else
		return nil, fmt.Errorf("make a folder for the run: %w", err)
	}
	if err := os.Chmod(f.dir, 0o711); err != nil { // #nosec G302 -- the same
		return nil, err
	}
	if err := f.read(ctx); err != nil {
		return nil, err
	}
	defer func() { f.pg.end() }()
	for i, posts := range f.Sizes {
		if err := f.measure(ctx, posts, i == len(f.Sizes)/2); err != nil {
			return f, fmt.Errorf("at %s posts: %w", grouped(int64(posts)), err)
		}
	}
	return f, f.judge(ctx)
}

// read reads the set or makes texts up, and chooses the sizes.
func (f *finder) read(ctx context.Context) (err error) {
	if f.Set == "" {
		if len(f.Sizes) == 0 {
			f.Sizes = []int{20_000}
		}
		f.set = madeUp(f.Sizes[len(f.Sizes)-1])
		return f.say(ctx, "search, on %s posts made up for this; --search DIR measures on real conversations, at 100,000 to 1,000,000 posts", grouped(int64(f.set.posts)))
	}
	if f.set, err = readSet(f.Set); err != nil {
		return err
	}
	switch {
	case len(f.Sizes) > 0:
	case f.Short:
		f.Sizes = []int{20_000, 60_000}
	default:
		f.Sizes = []int{100_000, 300_000, 1_000_000}
	}
	return f.say(ctx, "search, on %s posts of %s", grouped(int64(f.set.posts)), filepath.Base(f.Set))
}

// measure measures everything at one size.
func (f *finder) measure(ctx context.Context, posts int, pages bool) (err error) {
	at := &sizeFound{posts: posts, answers: map[kind]map[string]*answered{}}
	f.sizes = append(f.sizes, at)
	home := filepath.Join(f.dir, fmt.Sprint(posts))
	data := filepath.Join(home, "data")
	if err := f.say(ctx, "%s posts: filling a store", grouped(int64(posts))); err != nil {
		return err
	}
	if err := fillStore(ctx, data, f.set, posts); err != nil {
		return err
	}
	if err := f.say(ctx, "%s posts: building the index", grouped(int64(posts))); err != nil {
		return err
	}
	if at.rebuild, err = f.build(ctx, data); err != nil {
		return err
	}
	if err := f.queries(ctx, at, home); err != nil || !pages {
		return err
	}
	if err := f.say(ctx, "%s posts: pages while the index is built anew", grouped(int64(posts))); err != nil {
		return err
	}
	at.pages, err = f.beside(ctx, data)
	return err
}

// queries opens the store and its index here, and those we are compared with,
// and asks them all in turns.
func (f *finder) queries(ctx context.Context, at *sizeFound, home string) (err error) {
	data := filepath.Join(home, "data")
	st, err := store.Open(ctx, store.Options{Dir: data})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	who, err := readerOf(ctx, st)
	if err != nil {
		return err
	}
	if at.share, at.rebuild.text, err = seenShare(ctx, st, who); err != nil {
		return err
	}
	if err := f.draw(ctx, st, who); err != nil {
		return err
	}
	index, err := search.Open(filepath.Join(data, indexFolder), st)
	if err != nil {
		return err
	}
	if err := index.Prepare(); err != nil {
		return errors.Join(err, index.Close())
	}
	all := map[string]searcher{"": ours{index, who}}
	defer func() {
		for _, s := range all {
			err = errors.Join(err, s.close())
		}
	}()
	if err := f.gather(ctx, all, at.posts, home, st, who); err != nil {
		return err
	}
	for _, k := range kinds {
		if err := f.say(ctx, "%s posts: %s", grouped(int64(at.posts)), k); err != nil {
			return err
		}
		runtime.GC() // of what was left over from before
		if at.answers[k], err = inTurns(ctx, f.drawn[k], f.asks.budget, all); err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		if err := f.say(ctx, "  hits of a question:%s", hitsOf(at.answers[k])); err != nil {
			return err
		}
	}
	return nil
}

// draw draws the questions, at the smallest size: all its texts stand in the others too.
func (f *finder) draw(ctx context.Context, st *store.Store, who board.Who) error {
	if len(f.drawn) > 0 {
		return nil
	}
	s, err := newSample(ctx, st, who)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		n := f.asks.count[k]
		f.drawn[k] = s.draw(k, n+n/10)
	}
	f.drawn[hostile] = hostileAsks()
	return nil
}

// gather adds those we are compared with, as far as they are here.
func (f *finder) gather(ctx context.Context, all map[string]searcher, posts int, home string, st *store.Store, who board.Who) error {
	for _, name := range rivals {
		if f.absent[name] != "" {
			continue
		}
		if err := f.say(ctx, "%s posts: filling %s", grouped(int64(posts)), name); err != nil {
			return err
		}
		switch s, err := f.rival(ctx, name, home, st, who); {
		case errors.Is(err, errAbsent):
			f.absent[name] = err.Error()
		case err != nil:
			return err
		default:
			all[name] = s
		}
	}
	return nil
}

// hitsOf says how many hits everybody had on average: who finds nothing is fast.
func hitsOf(all map[string]*answered) (said string) {
	for _, name := range append([]string{""}, rivals[:]...) {
		if a := all[name]; a != nil {
			said += fmt.Sprintf(" %s %.1f", cmp.Or(name, "Convivio"), float64(a.hits)/float64(max(1, len(a.took))))
		}
	}
	return said
}

// inTurns asks everybody the same questions, one after the other, until the time
// of one is up; then the others go on without them. The first tenth warms up.
func inTurns(ctx context.Context, list []ask, budget time.Duration, all map[string]searcher) (map[string]*answered, error) {
	out := map[string]*answered{}
	for i, a := range list {
		for _, name := range append([]string{""}, rivals[:]...) {
			s, ok := all[name]
			if !ok || name != "" && a.kind == hostile {
				continue
			}
			if out[name] == nil {
				out[name] = &answered{}
			}
			if out[name].spent > budget {
				continue
			}
			began := processTime()
			took, hits, err := s.ask(ctx, a)
			busy := processTime() - began
			if err != nil {
				return out, fmt.Errorf("%q: %w", a.text[:min(len(a.text), 80)], err)
			}
			out[name].spent += took
			if a.kind != hostile && i < len(list)/11 {
				out[name].warm, out[name].warmHits = append(out[name].warm, took), out[name].warmHits+hits
				continue
			}
			out[name].took, out[name].busy = append(out[name].took, took), append(out[name].busy, busy)
			out[name].hits += hits
		}
	}
	for _, a := range out {
		if len(a.took) == 0 {
			a.took, a.hits, a.early = a.warm, a.warmHits, true
		}
	}
	return out, ctx.Err()
}

// processTime is how long this process was on processors.
func processTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t) != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
