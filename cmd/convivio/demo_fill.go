package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"convivio/server"
	"convivio/store"
	"convivio/store/board"
)

// demoUnread is how much of the demo's past nobody has read yet.
const demoUnread = 48 * time.Hour

// movedClock is a clock that stands where it is put, until it is let go.
type movedClock struct{ at atomic.Int64 } // microseconds; 0: it runs

// Now is the clock's time.
func (c *movedClock) Now() time.Time {
	if us := c.at.Load(); us != 0 {
		return time.UnixMicro(us)
	}
	return time.Now()
}

func (c *movedClock) put(t time.Time) { c.at.Store(t.UnixMicro()) }
func (c *movedClock) run()            { c.at.Store(0) }

// openDemo opens a demo's data folder. On its first start the company's history
// is told again through the verbs; a telling that was interrupted begins anew.
func openDemo(ctx context.Context, dir string, o store.Options) (*store.Store, error) {
	fill, err := beginFill(dir)
	if err != nil {
		return nil, err
	}
	clock := &movedClock{}
	o.Dir, o.Demo, o.Now = dir, true, clock.Now
	st, err := store.Open(ctx, o)
	if err != nil || !fill {
		return st, err
	}
	now := time.Now()
	err = fillDemo(ctx, st, clock, now)
	clock.run()
	if err == nil {
		err = errors.Join(st.FlushMarks(ctx), st.SaveHead(), endFill(dir))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("fill the demo: %w", err), st.Close())
	}
	return st, nil
}

// fillMark stands in a demo's folder while its history is told.
func fillMark(dir string) string { return filepath.Join(dir, "filling") }

// beginFill tells whether the demo has yet to be filled, and clears away what
// an interrupted filling left.
func beginFill(dir string) (bool, error) {
	_, err := os.Stat(filepath.Join(dir, "convivio.db"))
	fresh := errors.Is(err, fs.ErrNotExist)
	_, err = os.Stat(fillMark(dir))
	interrupted := err == nil
	if !fresh && !interrupted {
		return false, nil
	}
	if interrupted && isDemo(dir) {
		if err := clearFill(dir); err != nil {
			return false, err
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, fmt.Errorf("make the data folder: %w", err)
	}
	if err := os.WriteFile(fillMark(dir), nil, 0o600); err != nil {
		return false, fmt.Errorf("mark the demo as unfinished: %w", err)
	}
	return true, nil
}

// clearFill removes an unfinished history, unless a server is at it just now.
func clearFill(dir string) error {
	st, err := store.Open(context.Background(), store.Options{Dir: dir, Demo: true})
	var inUse *store.InUseError
	if errors.As(err, &inUse) {
		return err
	}
	if err == nil {
		err = st.Close()
	}
	// What cannot be opened goes, too: it is only half a demo.
	for _, name := range []string{"convivio.db", "convivio.db-wal", "convivio.db-shm", "head", "files", indexFolder} {
		if gone := os.RemoveAll(filepath.Join(dir, name)); gone != nil {
			return errors.Join(fmt.Errorf("clear an unfinished demo: %w", gone), err)
		}
	}
	return nil
}

func endFill(dir string) error {
	if err := os.Remove(fillMark(dir)); err != nil {
		return fmt.Errorf("mark the demo as finished: %w", err)
	}
	return nil
}

// demoFaces lists whom the sign-in page of a demo offers.
func demoFaces(ctx context.Context, st *store.Store) ([]server.DemoPerson, error) {
	c, err := readDemo(demoFiles)
	if err != nil {
		return nil, err
	}
	var out []server.DemoPerson
	for _, p := range c.People {
		if !p.Show {
			continue
		}
		account, err := st.Account(ctx, store.Operator(), c.email(p))
		if err != nil {
			return nil, fmt.Errorf("find %s among the people of the demo: %w", p.Name, err)
		}
		out = append(out, server.DemoPerson{Person: account.Person, Notes: map[string]string{"it": p.NoteIT, "en": p.NoteEN}})
	}
	return out, nil
}

// filling is a demo's history being told.
type filling struct {
	*company
	st    *store.Store
	clock *movedClock
	now   time.Time
	who   map[string]board.Who // by the id in the texts
	keys  map[string]*demoIdea
	added []*demoIdea
}

// fillDemo tells the company's history through the verbs, in order of time.
func fillDemo(ctx context.Context, st *store.Store, clock *movedClock, now time.Time) error {
	c, err := readDemo(demoFiles)
	if err != nil {
		return err
	}
	f := &filling{company: c, st: st, clock: clock, now: now, who: map[string]board.Who{}, keys: map[string]*demoIdea{}}
	acts := c.history(now)
	if len(acts) == 0 {
		return errors.New("there is nothing to tell")
	}
	var next int64
	for _, a := range acts {
		if a.isIdea() { // ids are known beforehand, so that texts may point ahead
			next++
			a.idea.id = next
			f.keys[a.idea.Key] = a.idea
		}
	}
	clock.put(wakingHours(acts[0].at.Add(-7*24*time.Hour), now))
	if err := f.addPeople(ctx); err != nil {
		return err
	}
	if err := f.addBoards(ctx); err != nil {
		return err
	}
	return errors.Join(f.follow(ctx), f.tell(ctx, acts), f.react(ctx), f.searchInVain(ctx))
}

func (f *filling) addPeople(ctx context.Context) error {
	for _, p := range append(f.People, f.silent()...) {
		in := board.NewPerson{Email: f.email(p), Name: p.Name, Kind: p.Kind, Roles: p.Roles, Team: p.Team, Site: p.Site, Lang: p.Lang}
		added, _, err := f.st.AddPerson(ctx, store.Operator(), in)
		if err != nil {
			return fmt.Errorf("add %s: %w", p.Name, err)
		}
		f.who[p.ID] = board.Who{ID: added.ID, Name: p.Name, Email: in.Email, Kind: p.Kind, Roles: added.Roles, Lang: p.Lang, Team: p.Team}
	}
	return nil
}

func (f *filling) addBoards(ctx context.Context) error {
	admin, err := f.admin()
	if err != nil {
		return err
	}
	for _, b := range f.Boards {
		in := board.NewBoard{Slug: b.Slug, Name: b.Name, Description: b.Description, Template: b.Template, Visibility: b.Visibility, Lang: b.Lang}
		if _, err := f.st.AddBoard(ctx, admin, in, ""); err != nil {
			return fmt.Errorf("add board %s: %w", b.Slug, err)
		}
		for _, id := range b.Members {
			if _, err := f.st.AddMember(ctx, admin, b.Slug, f.who[id].ID); err != nil {
				return fmt.Errorf("add %s to board %s: %w", id, b.Slug, err)
			}
		}
		if err := f.giveOwners(ctx, admin, b); err != nil {
			return fmt.Errorf("give board %s its owners: %w", b.Slug, err)
		}
	}
	return f.holdPosts(ctx, admin)
}

// giveOwners says who answers on a board, and within what time.
func (f *filling) giveOwners(ctx context.Context, admin board.Who, b demoBoard) error {
	for _, id := range b.Owners {
		if _, err := f.st.AddOwner(ctx, admin, b.Slug, board.NewOwner{Person: f.who[id].ID}); err != nil {
			return err
		}
	}
	if b.AnswerDays == 0 {
		return nil
	}
	_, err := f.st.SetClock(ctx, admin, b.Slug, board.Clock{AnswerTime: board.AnswerTime{Time: b.AnswerDays, Unit: board.Days}, Calendar: board.DefaultCalendar()})
	return err
}

func (f *filling) admin() (board.Who, error) {
	for _, p := range f.People {
		if who := f.who[p.ID]; who.Has(board.Admin) {
			return who, nil
		}
	}
	return board.Who{}, errors.New("the company has no administrator")
}

// tell does every act when its time has come. Votes wait for the next other act
// and then go with it, so that they share its commit; a stage may close an idea
// to votes, so they go before it.
func (f *filling) tell(ctx context.Context, acts []act) error {
	unread := wakingHours(f.now.Add(-demoUnread), f.now)
	var wave []act
	for _, a := range acts {
		a.at = wakingHours(a.at, f.now)
		if f.clock.Now().Before(unread) && !a.at.Before(unread) {
			if err := f.doAll(ctx, wave); err != nil {
				return err
			}
			wave = wave[:0]
			f.readEverything()
		}
		if a.stage != nil {
			if err := f.doAll(ctx, wave); err != nil {
				return err
			}
			wave = wave[:0]
		}
		wave = append(wave, a)
		f.clock.put(a.at)
		if a.voter != "" {
			continue
		}
		if err := f.doAll(ctx, wave); err != nil {
			return err
		}
		wave = wave[:0]
	}
	return f.doAll(ctx, wave)
}

// doAll does acts that do not depend on each other, at once.
func (f *filling) doAll(ctx context.Context, wave []act) error {
	errs := make([]error, len(wave))
	var wg sync.WaitGroup
	for i, a := range wave {
		wg.Go(func() { errs[i] = f.do(ctx, a) })
	}
	wg.Wait()
	for i, a := range wave {
		if a.isIdea() && errs[i] == nil {
			f.added = append(f.added, a.idea)
		}
	}
	return errors.Join(errs...)
}

func (a act) isIdea() bool { return a.weight() == 0 }

// do does one act, and lets whoever did it have read that far.
func (f *filling) do(ctx context.Context, a act) error {
	var by string
	var seq int64
	var err error
	switch {
	case a.care != nil:
		err = a.care(ctx, f)
	case a.voter != "":
		_, err = f.st.Vote(ctx, f.who[a.voter], a.idea.id)
	case a.stage != nil:
		var idea board.Idea
		idea, err = f.st.MoveIdea(ctx, f.who[a.stage.By], a.idea.id, f.move(a.stage))
		by, seq = a.stage.By, idea.Seq
	case a.answer != nil:
		by = a.answer.By
		seq, err = f.answer(ctx, a)
	case a.comment != nil:
		by = a.comment.By
		seq, err = f.comment(ctx, a)
	default:
		err = f.idea(ctx, a.idea)
	}
	if err != nil {
		return fmt.Errorf("idea %q, %s: %w", a.idea.Key, a.at.Format(time.DateTime), err)
	}
	if by != "" {
		f.st.Read(f.who[by].ID, a.idea.id, seq)
	}
	return nil
}

// move is a step with what its stage carries.
func (f *filling) move(s *demoStage) board.Move {
	m := board.Move{Stage: s.To, Reason: s.Reason, Measured: s.Measured, Owner: f.who[s.Owner].ID}
	switch {
	case s.To.Promises():
		m.Due = f.day(s.Due)
	case s.To == board.Parked:
		m.Until = f.day(s.Until)
	}
	return m
}

// day is the day so many days ago.
func (f *filling) day(ago float64) board.Day {
	return board.DayOf(f.now.Add(-time.Duration(ago * 24 * float64(time.Hour))))
}

func (f *filling) idea(ctx context.Context, i *demoIdea) error {
	text, err := f.linked(ctx, f.who[i.By], i.Body)
	if err != nil {
		return err
	}
	got, err := f.st.AddIdea(ctx, f.who[i.By], i.board.Slug, board.NewIdea{Title: i.Title, Body: text, Tags: i.Tags}, "")
	if err == nil && got.ID != i.id {
		err = fmt.Errorf("it became number %d, not %d", got.ID, i.id)
	}
	return err
}

func (f *filling) comment(ctx context.Context, a act) (int64, error) {
	c, who := a.comment, f.who[a.comment.By]
	body := c.Body
	if a.edit {
		body = c.Edited
	}
	text, err := f.linked(ctx, who, body)
	if err != nil {
		return 0, err
	}
	switch {
	case a.remove:
		return f.st.DeleteComment(ctx, who, c.id)
	case a.edit:
		got, err := f.st.EditComment(ctx, who, c.id, board.CommentChange{Body: text})
		return got.Seq, err
	}
	in := board.NewComment{Body: text}
	if a.parent != nil {
		in.ParentID = &a.parent.id
	}
	got, err := f.st.Reply(ctx, who, a.idea.id, in, "")
	c.id = got.ID
	return got.Seq, err
}

func (f *filling) answer(ctx context.Context, a act) (int64, error) {
	text, err := f.linked(ctx, f.who[a.answer.By], a.answer.Body)
	if err != nil {
		return 0, err
	}
	in := board.NewAnswer{Body: text}
	for _, id := range a.answer.Cites {
		c := findComment(a.idea.Thread, id)
		if c == nil {
			return 0, fmt.Errorf("the answer cites %q, which is nowhere in the thread", id)
		}
		in.Cites = append(in.Cites, c.id)
	}
	got, err := f.st.Answer(ctx, f.who[a.answer.By], a.idea.id, in, "")
	a.answer.id = got.ID
	return got.Seq, err
}

func findComment(thread []*demoComment, id string) *demoComment {
	for _, c := range thread {
		if c.ID == id {
			return c
		}
		if found := findComment(c.Replies, id); found != nil {
			return found
		}
	}
	return nil
}

var ideaLink = regexp.MustCompile(`\{\{idea:([a-z0-9-]+)\}\}`)

// linked turns the keys of ideas in a text into their numbers, and those of
// files into addresses of the writer's own.
func (f *filling) linked(ctx context.Context, who board.Who, text string) (string, error) {
	text, err := f.attached(ctx, who, text)
	out := ideaLink.ReplaceAllStringFunc(text, func(link string) string {
		idea := f.keys[ideaLink.FindStringSubmatch(link)[1]]
		if idea == nil {
			err = fmt.Errorf("%s leads to no idea", link)
			return link
		}
		return "#" + strconv.FormatInt(idea.id, 10)
	})
	return out, err
}

// readEverything lets the people with a voice have read nearly all there is.
func (f *filling) readEverything() {
	head := f.st.Head()
	for _, p := range f.People {
		for _, i := range f.added {
			h := fnv.New32a()
			_, _ = h.Write([]byte(p.ID + " " + i.Key))
			if i.board.sees(p) && h.Sum32()%6 != 0 {
				f.st.Read(f.who[p.ID].ID, i.id, head)
			}
		}
	}
}
