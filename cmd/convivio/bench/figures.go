package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"convivio/server"
	"convivio/store"
	"convivio/store/board"
	"convivio/templates/sheet"
)

// figureSizes bound the measuring of figures.
type figureSizes struct {
	people, teams, sites, months int
	acts                         int // of a month
	live                         int // at once, to be followed
	looks                        int // at each page
}

var (
	fullFigures  = figureSizes{people: 50_000, teams: 300, sites: 12, months: 24, acts: 5_000, live: 20_000, looks: 60}
	shortFigures = figureSizes{people: 10_000, teams: 80, sites: 12, months: 24, acts: 1_000, live: 10_000, looks: 30}
)

// What figures must reach.
const (
	figurePage    = 100 * time.Millisecond
	figureRelease = 5 * time.Second
	figureEvents  = 5_000 // that the tally follows, a second
)

// figureRun is a company whose figures are measured.
type figureRun struct {
	figureSizes
	stages
	dir    string
	clock  atomic.Int64 // 0: the machine's own
	store  *store.Store
	people []board.Who
	slugs  []string
	ideas  []int64 // of the month
	table  table
}

// measureFigures measures what figures cost a large company, and prints the table.
func measureFigures(ctx context.Context, o Options) error {
	dir, err := os.MkdirTemp(o.Dir, "convivio-bench-")
	if err != nil {
		return fmt.Errorf("make a folder for the run: %w", err)
	}
	defer os.RemoveAll(dir)
	about, err := facts(dir)
	if err != nil {
		return err
	}
	r := &figureRun{figureSizes: fullFigures, stages: stages{o.Progress}, dir: filepath.Join(dir, "data")}
	if o.Short {
		r.figureSizes = shortFigures
	}
	r.store, err = store.Open(ctx, store.Options{Dir: r.dir, Now: r.now})
	if err != nil {
		return err
	}
	err = errors.Join(r.steps(ctx), r.store.Close())
	for _, line := range about {
		fmt.Fprintln(o.Out, line)
	}
	fmt.Fprintln(o.Out)
	r.table.print(o.Out)
	if n := r.table.missed(); n > 0 && err == nil {
		err = fmt.Errorf("figures: %d %w", n, ErrMissed)
	}
	return err
}

func (r *figureRun) now() time.Time {
	if us := r.clock.Load(); us != 0 {
		return time.UnixMicro(r.clock.Add(1000))
	}
	return time.Now()
}

func (r *figureRun) steps(ctx context.Context) error {
	for _, step := range []func(context.Context) error{r.fill, r.follow, r.close, r.agree, r.pages, r.release} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// first is the first of the months, the last of which is closed.
func (r *figureRun) first() board.Month {
	return board.MonthOf(time.Now().Add(-board.MonthRest).UTC()) - board.Month(r.months)
}

// fill makes the company, and what it did month by month.
func (r *figureRun) fill(ctx context.Context) (err error) {
	if err := r.say(ctx, "making a company of %s people, and %d months of it", grouped(int64(r.figureSizes.people)), r.months); err != nil {
		return err
	}
	r.clock.Store(r.first().Begins(time.UTC).Add(12 * time.Hour).UnixMicro())
	r.people = make([]board.Who, r.figureSizes.people)
	if err := parallel(ctx, len(r.people), func(i int) error {
		in := board.NewPerson{Email: fmt.Sprintf("bench.%d@example.com", i), Name: name(i), Kind: board.Employee, Lang: "it",
			Team: fmt.Sprintf("Reparto %d", i*i%r.teams), Site: fmt.Sprintf("Sede %d", i%r.sites)}
		if i == 0 {
			in.Roles = []board.Role{board.HR}
		}
		p, _, err := r.store.AddPerson(ctx, store.Operator(), in)
		r.people[i] = board.Who{ID: p.ID, Name: in.Name, Kind: in.Kind, Lang: in.Lang, Roles: in.Roles}
		return err
	}); err != nil {
		return fmt.Errorf("add people: %w", err)
	}
	if r.slugs, err = addBoards(ctx, r.store); err != nil {
		return err
	}
	for m := range r.months {
		r.clock.Store(max(r.clock.Load(), (r.first() + board.Month(m)).Begins(time.UTC).Add(48*time.Hour).UnixMicro()))
		for part := range 5 { // spread over the month
			if err := r.act(ctx, m*5+part, r.acts/5); err != nil {
				return err
			}
			r.clock.Add((5 * 24 * time.Hour).Microseconds())
		}
	}
	r.clock.Store(0)
	return nil
}

// act lets people post some ideas, and comment on them and vote for them.
func (r *figureRun) act(ctx context.Context, seed, n int) error {
	random := newRandom(seed)
	r.ideas = make([]int64, max(1, n/30))
	if err := parallel(ctx, len(r.ideas), func(i int) (err error) {
		t := newTexts(uint64(seed*1000 + i)) // #nosec G115 -- a small number
		r.ideas[i], err = addIdea(ctx, r.store, t, r.people[(seed*7919+i*104_729)%len(r.people)], r.slugs[i%len(r.slugs)])
		return err
	}); err != nil {
		return fmt.Errorf("post ideas: %w", err)
	}
	who, on := make([]int, n), make([]int, n)
	for i := range n {
		who[i], on[i] = random.IntN(len(r.people)), random.IntN(len(r.ideas))
	}
	return parallel(ctx, n, func(i int) error {
		by, idea := r.people[who[i]], r.ideas[on[i]]
		if i%2 == 0 {
			_, err := r.store.Vote(ctx, by, idea)
			return err
		}
		_, err := r.store.Reply(ctx, by, idea, board.NewComment{Body: "Sì, proviamo."}, "")
		return err
	})
}

// follow measures the follower: all of the past at once, and a burst.
func (r *figureRun) follow(ctx context.Context) error {
	if err := r.say(ctx, "letting the tally follow"); err != nil {
		return err
	}
	began, events := time.Now(), r.store.Head()
	if err := r.store.FollowTally(ctx); err != nil {
		return err
	}
	all := time.Since(began)
	if err := r.act(ctx, 10_007, r.live); err != nil {
		return err
	}
	fresh := r.store.Head() - events
	began = time.Now()
	if err := r.store.FollowTally(ctx); err != nil {
		return err
	}
	burst := time.Since(began)
	r.hold("tally: events followed, "+grouped(fresh)+" of today", perSecond(float64(fresh)/burst.Seconds()), figureEvents, float64(fresh)/burst.Seconds())
	r.hold("tally: everything anew, "+grouped(events)+" events", perSecond(float64(events)/all.Seconds()), figureEvents, float64(events)/all.Seconds())
	return nil
}

func (r *figureRun) hold(name, ours string, target int64, got float64) {
	r.table.hold(name, ours, "", "", "≥ "+grouped(target)+"/s", got >= float64(target))
}

// close closes every month, and tells how long one takes.
func (r *figureRun) close(ctx context.Context) error {
	if err := r.say(ctx, "closing the months"); err != nil {
		return err
	}
	began := time.Now()
	if err := r.store.CloseMonths(ctx); err != nil {
		return err
	}
	months, err := r.store.Months(ctx, r.people[0])
	if err != nil {
		return err
	}
	r.table.say(fmt.Sprintf("closing a month, mean of %d", len(months)), millis(time.Since(began)/time.Duration(max(1, len(months)))), "", "")
	return nil
}

// agree holds the last month against a count by other means.
func (r *figureRun) agree(ctx context.Context) error {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(r.dir, "convivio.db")+"?mode=ro")
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer db.Close()
	months, err := r.store.Months(ctx, r.people[0])
	if err != nil || len(months) == 0 {
		return errors.Join(err, errors.New("no month is closed"))
	}
	counted, err := Recount(ctx, db, months[0])
	if err != nil {
		return err
	}
	all := 0
	for _, by := range board.Dimensions {
		list, err := r.store.Figures(ctx, r.people[0], by, months[0], months[0])
		if err != nil {
			return err
		}
		faults, n := Agree(list, counted)
		if all += n; len(faults) > 0 {
			return errors.New(strings.Join(faults, "\n"))
		}
	}
	r.table.say("figures of a month that equal a count by hand", grouped(int64(all)), "", "")
	return nil
}

// pages measures the pages of figures, without the network.
func (r *figureRun) pages(ctx context.Context) error {
	if err := r.say(ctx, "looking at the figures"); err != nil {
		return err
	}
	srv, err := server.New(server.Config{Store: r.store, Listen: "localhost:8080", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	secret, err := r.store.OpenSession(ctx, r.people[0].ID, "bench", false)
	if err != nil {
		return err
	}
	h := srv.HTTPServer().Handler
	for _, path := range []string{"/figures", "/figures/listen?by=team&span=24", "/figures/respond?by=board&span=24", "/figures/health?span=24"} {
		var times []time.Duration
		for range r.looks {
			req := httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost:8080"+path, nil)
			req.AddCookie(&http.Cookie{Name: "session", Value: secret})
			w := httptest.NewRecorder()
			began := time.Now()
			h.ServeHTTP(w, req)
			times = append(times, time.Since(began))
			if w.Code != http.StatusOK {
				return fmt.Errorf("%s answered %d", path, w.Code)
			}
		}
		slices.Sort(times)
		half, most := times[len(times)/2], times[len(times)*95/100]
		r.table.hold("page "+path+", server time, p50 / p95", two(half, most), "", "", "p50 < "+millis(figurePage), half < figurePage)
	}
	return nil
}

// release measures the monthly release of everything, and one of two years.
func (r *figureRun) release(ctx context.Context) error {
	closed, err := r.store.Months(ctx, r.people[0])
	if err != nil || len(closed) == 0 {
		return errors.Join(err, errors.New("no month is closed"))
	}
	last := closed[0]
	for _, x := range []struct {
		name string
		from board.Month
	}{{"the monthly release, all breakdowns", last}, {"a release of all months there are, all breakdowns", closed[len(closed)-1]}} {
		began := time.Now()
		order, err := r.store.OrderRelease(ctx, r.people[0], board.Asked{From: x.from, To: last, By: board.Dimensions, Lang: "it", Separator: ";", BOM: true})
		if err != nil {
			return err
		}
		if err := r.store.MakeReleases(ctx, "bench", sheet.Files); err != nil {
			return err
		}
		took := time.Since(began)
		if made, err := r.store.Release(ctx, r.people[0], order.Number); err != nil || made.State != board.ReleaseReady || len(made.Files) == 0 {
			return errors.Join(err, errors.New("no release was made"))
		}
		r.table.hold(x.name, millis(took), "", "", "< "+millis(figureRelease), took < figureRelease)
	}
	return nil
}
