package server

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

// frame gathers what stands around every page. The epoch and the head of the
// log are read before the page's own rows, so that a live connection opened with
// them misses nothing.
func (r *request) frame() (templates.Page, error) {
	p := templates.Page{
		Lang: r.lang, Path: r.shownAt(), Key: r.newKey(),
		Epoch: r.s.store.Epoch(), Seq: r.s.store.Head(),
		Demo: len(r.s.Demo) > 0, Shared: r.login.Shared, ReadOnly: r.s.store.ReadOnly(), FileLimit: r.s.store.FileLimit(),
	}
	if r.who.ID == 0 {
		r.tellDevice(nil)
		return p, nil
	}
	p.Who, p.Off = &r.who, r.s.switchedOff()
	p.Announced = r.s.store.Announcements(r.Context(), r.who)
	boards, err := r.sideBoards()
	p.Boards = boards
	r.tellDevice(boards)
	if err == nil {
		p.Unseen, err = r.s.store.Unseen(r.Context(), r.who.ID)
	}
	if err == nil && r.who.Reviews() {
		counts, e := r.s.store.ReviewCount(r.Context(), r.who.ID)
		p.ToReview, err = counts.All(), e
	}
	return p, err
}

// newKey is a base for the keys of a page's forms. It names the reader, so that a
// form of theirs is not sent as somebody else who signed in meanwhile.
func (r *request) newKey() string {
	if r.who.ID == 0 {
		return rand.Text()
	}
	return "p" + strconv.FormatInt(r.who.ID, 10) + "-" + rand.Text()
}

// checkKey refuses a form of a page that somebody else had opened before who is
// signed in now. Errors: forbidden.
func (r *request) checkKey() error {
	whose, _, _ := strings.Cut(r.PostForm.Get("key"), "-")
	digits, named := strings.CutPrefix(whose, "p")
	id, err := strconv.ParseInt(digits, 10, 64)
	if !named || err != nil || r.who.ID == 0 || id == r.who.ID {
		return nil // a key that a program chose names nobody
	}
	return board.Fault(board.Forbidden, "Somebody else had opened this page, so nothing was done. You are signed in as %s now: read it again before you send it.", r.who.Name)
}

// shownAt is where the page can be read again: its own address or, for a form
// that came back, the page it stood on.
func (r *request) shownAt() string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.route == nil {
		return r.URL.RequestURI()
	}
	path, pattern := r.URL.Path, r.route.Path
	for !r.s.shows(pattern) {
		path, pattern = path[:strings.LastIndexByte(path, '/')], pattern[:strings.LastIndexByte(pattern, '/')]
		if path == "" || pattern == "" {
			return "/"
		}
	}
	return path
}

// shows tells whether there is a page at a pattern of paths.
func (s *Server) shows(pattern string) bool {
	return slices.ContainsFunc(s.routes, func(rt Route) bool { return rt.Method == http.MethodGet && rt.Path == pattern })
}

// again shows a form with its fault marked or, without an error, with a preview
// above it; page makes it from a fresh frame.
func (r *request) again(err error, page func(templates.Page, *board.Error) templ.Component) error {
	p, frameErr := r.frame()
	if frameErr != nil {
		return frameErr
	}
	if err == nil {
		return r.page(page(p, nil))
	}
	return again(err, func(fault *board.Error) templ.Component { return page(p, fault) })
}

// reader is somebody in a language: their boards are in the order of its alphabet.
type reader struct {
	id   int64
	lang string
}

// sideBoards are the boards in the side of somebody's pages.
func (r *request) sideBoards() ([]board.Board, error) {
	return r.s.side.read(r.s.store.AroundHead(), reader{r.who.ID, r.lang}, func() ([]board.Board, error) {
		list, err := r.s.store.Boards(r.Context(), r.who)
		inOrder(r.lang, list, func(b board.Board) string { return b.Name })
		return list, err
	})
}

// inOrder sorts what has names by the alphabet of a language: à stands beside a.
func inOrder[T any](lang string, list []T, name func(T) string) {
	order := words.Order(lang)
	slices.SortStableFunc(list, func(a, b T) int { return order(name(a), name(b)) })
}
