package bench

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"convivio/store"
	"convivio/store/board"
)

// findBoards is how many boards the ideas are dealt over, evenly, since most
// sets keep half of everything on one. Of four boards one is open, one is
// private with the reader among its members, and two are out of the reader's sight.
const findBoards = 80

func boardPrivate(i int) bool { return i%4 != 0 }
func boardSeen(i int) bool    { return i%4 < 2 }

// dealt is the board of an idea, the same at every size.
func dealt(ref string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(ref))
	return int(h.Sum32() % findBoards)
}

// chunk is some talks on their way to the store, rendered aside.
type chunk struct {
	ideas    []store.Rendered[store.ImportIdea]
	comments []store.Rendered[store.ImportComment]
	ready    chan struct{}
}

// chunkPosts is how many posts are written at once.
const chunkPosts = 1_000

// fillStore makes a data folder with so many posts and a reader who may see half
// of them. It is made under another name first, so that what is there is whole.
func fillStore(ctx context.Context, dir string, s *set, posts int) (err error) {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	half := dir + ".half"
	if err := os.RemoveAll(half); err != nil {
		return fmt.Errorf("begin anew: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o711); err != nil { // #nosec G301 -- a database server of another account has its folder inside
		return fmt.Errorf("make a folder: %w", err)
	}
	st, err := store.Open(ctx, store.Options{Dir: half})
	if err != nil {
		return err
	}
	if err := errors.Join(fillFrom(ctx, st, s, posts), st.Close()); err != nil {
		return fmt.Errorf("fill a store with %d posts: %w", posts, err)
	}
	return os.Rename(half, dir)
}

func fillFrom(ctx context.Context, st *store.Store, s *set, posts int) error {
	im := st.ImportFrom("bench")
	if err := addPlaces(ctx, st, im, s); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	chunks := make(chan *chunk, 2*runtime.GOMAXPROCS(0))
	go func() {
		defer close(chunks)
		cancelWith(cancel, s.chunks(ctx, posts, chunks))
	}()
	for c := range chunks {
		<-c.ready
		if _, err := im.Ideas(ctx, c.ideas); err != nil {
			cancel(err)
			continue // until the maker sees it
		}
		if _, err := im.Comments(ctx, c.comments); err != nil {
			cancel(err)
		}
	}
	return context.Cause(ctx)
}

func cancelWith(cancel context.CancelCauseFunc, err error) {
	if err != nil {
		cancel(err)
	}
}

// chunks cuts the set, grown to so many posts, and renders it on all processors.
func (s *set) chunks(ctx context.Context, posts int, out chan<- *chunk) error {
	var some []talk
	n := 0
	send := func() error {
		c := &chunk{ready: make(chan struct{})}
		go c.render(some)
		some, n = nil, 0
		select {
		case out <- c:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := s.grow(posts, func(t talk) error {
		some = append(some, t)
		if n += 1 + len(t.comments); n < chunkPosts {
			return nil
		}
		return send()
	})
	if err == nil && len(some) > 0 {
		err = send()
	}
	return err
}

func (c *chunk) render(talks []talk) {
	defer close(c.ready)
	for _, t := range talks {
		t.idea.Board = fmt.Sprint(dealt(t.idea.Ref))
		c.ideas = append(c.ideas, store.RenderIdea(t.idea))
		for _, m := range t.comments {
			m.Idea = t.idea.Ref
			c.comments = append(c.comments, store.RenderComment(m))
		}
	}
}

// findReader is the name of the reader's account.
const findReader = "Reader of this bench"

// addPlaces makes the boards, the authors, and the reader with what they may see.
func addPlaces(ctx context.Context, st *store.Store, im *store.Import, s *set) error {
	var boards []store.ImportBoard
	for i := range findBoards {
		boards = append(boards, store.ImportBoard{Ref: fmt.Sprint(i), Name: fmt.Sprintf("Bench %d", i)})
	}
	if _, err := im.Boards(ctx, boards); err != nil {
		return err
	}
	var people []store.ImportPerson
	for _, ref := range slices.Sorted(maps.Keys(s.people)) {
		if ref != "" {
			people = append(people, store.ImportPerson{Ref: ref, Name: "Person " + ref})
		}
	}
	if _, err := im.People(ctx, people); err != nil {
		return err
	}
	return addSight(ctx, st)
}

// addSight adds the reader, and makes boards private.
func addSight(ctx context.Context, st *store.Store) error {
	reader, _, err := st.AddPerson(ctx, store.Operator(), board.NewPerson{Email: "reader@example.com", Name: findReader, Kind: board.Employee, Lang: "en"})
	if err != nil {
		return fmt.Errorf("add the reader: %w", err)
	}
	admin, _, err := st.AddPerson(ctx, store.Operator(), board.NewPerson{Email: "admin@example.com", Name: "Admin", Kind: board.Employee, Roles: []board.Role{board.Admin}})
	if err != nil {
		return fmt.Errorf("add an administrator: %w", err)
	}
	who := board.Who{ID: admin.ID, Name: admin.Name, Kind: admin.Kind, Roles: []board.Role{board.Admin}}
	private := board.Private
	for i := range findBoards {
		if !boardPrivate(i) {
			continue
		}
		slug := fmt.Sprintf("bench-%d", i)
		if _, err := st.ChangeBoard(ctx, who, slug, board.BoardChange{Visibility: &private}); err != nil {
			return fmt.Errorf("make a board private: %w", err)
		}
		if !boardSeen(i) {
			continue
		}
		if _, err := st.AddMember(ctx, who, slug, reader.ID); err != nil {
			return fmt.Errorf("add a member: %w", err)
		}
	}
	return nil
}

// readerOf finds the reader in a store that was filled.
func readerOf(ctx context.Context, st *store.Store) (board.Who, error) {
	list, err := st.People(ctx, store.Operator(), findReader, 2, "")
	if err != nil || len(list.Items) != 1 {
		return board.Who{}, errors.Join(err, errors.New("the store has no reader: it is not of this bench"))
	}
	p := list.Items[0]
	return board.Who{ID: p.ID, Name: p.Name, Kind: p.Kind, Lang: "en"}, nil
}
