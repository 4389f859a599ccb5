package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"convivio/store"
	"convivio/store/board"
)

// The page of moderators with so much on it, and how long the server may take for it.
const (
	manyItems    = 10_000
	reviewWithin = 50 * time.Millisecond
)

// administration measures the pages of administrators and moderators alone.
func (r *run) administration(ctx context.Context) error {
	if err := r.crowd(ctx); err != nil {
		return err
	}
	return r.queue(ctx)
}

// queue measures the page of moderators, whole, where ten thousand reported comments
// wait, in the company that crowd made.
func (r *run) queue(ctx context.Context) error {
	r.end()
	if err := r.say(ctx, "reporting %s comments", grouped(manyItems)); err != nil {
		return err
	}
	session, err := fillQueue(ctx, r.data())
	if err != nil {
		return err
	}
	if err := r.start(ctx); err != nil {
		return err
	}
	for _, page := range []struct{ name, path string }{{"all", "/review"}, {"reports of one board", "/review?kind=report&board=coda"}, {"decisions", "/review/decisions"}} {
		took, err := r.crowdPage(ctx, page.path, session)
		if err != nil {
			return err
		}
		worst := percentile(took, 0.95)
		r.table.hold(fmt.Sprintf("%s items to review, %s, p50 / p95", grouped(manyItems), page.name), two(percentile(took, 0.5), worst), "", "", "≤ 50 ms", worst <= reviewWithin)
	}
	return nil
}

// fillQueue lets many people report a comment each, and answers a moderator's session.
func fillQueue(ctx context.Context, dir string) (session string, err error) {
	st, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	p, _, err := st.AddPerson(ctx, store.Operator(), board.NewPerson{Name: "Moda Bench", Email: "moda@bench.example", Kind: board.Employee, Roles: []board.Role{board.Admin, board.Moderator}})
	if err != nil {
		return "", err
	}
	who := board.Who{ID: p.ID, Name: p.Name, Kind: p.Kind, Roles: p.Roles}
	if _, err := st.AddBoard(ctx, who, board.NewBoard{Slug: "coda", Name: "Coda"}, ""); err != nil {
		return "", err
	}
	idea, err := st.AddIdea(ctx, who, "coda", board.NewIdea{Title: "Una lunga discussione", Body: "Qui si parla di tutto."}, "")
	if err != nil {
		return "", err
	}
	work, failed := make(chan int64), make(chan error, 1)
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			for i := range work {
				if err := speakAndReport(ctx, st, idea.ID, p.ID-1-i, p.ID-2-i); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			}
		})
	}
	for i := range int64(manyItems) {
		work <- i
	}
	close(work)
	all.Wait()
	select {
	case err := <-failed:
		return "", err
	default:
		return st.OpenSession(ctx, p.ID, "bench", false)
	}
}

// speakAndReport lets one person comment and another one report that.
func speakAndReport(ctx context.Context, st *store.Store, idea, author, reporter int64) error {
	c, err := st.Reply(ctx, board.Who{ID: author, Kind: board.Employee}, idea, board.NewComment{Body: "Parole fuori tema, come se ne dicono."}, "")
	if err != nil {
		return err
	}
	_, err = st.Report(ctx, board.Who{ID: reporter, Kind: board.Employee}, 0, c.ID, board.NewReport{Ground: board.OffTopic})
	return err
}
