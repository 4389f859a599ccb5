package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

// rosterPath is where lists of people are brought.
const rosterPath = "/admin/people/import"

func (s *Server) rosterRoutes() {
	s.route("GET", rosterPath, admin, s.showRosterForm)
	s.route("POST", rosterPath, admin, s.takeRoster)
	s.route("GET", rosterPath+"/:roster", admin, s.showRoster)
	s.route("POST", rosterPath+"/:roster", admin, s.applyRoster)
	s.route("POST", rosterPath+"/:roster/links", admin, s.takeInvitations)
}

// rosters are the lists that administrators are importing. They stand in memory
// alone: a file full of names is kept nowhere.
type rosters struct {
	mu   sync.Mutex
	list map[string]*roster
}

// roster is a list that somebody brought, and how far it is.
type roster struct {
	mu     sync.Mutex
	token  string
	person int64
	at     time.Time
	plan   store.RosterPlan
	began  bool
	over   bool
	done   int
	of     int
	result store.RosterResult
	fault  *board.Error
	links  [][]string // name, address, link; nil once they were taken
}

const (
	rosterKept  = 30 * time.Minute // how long a list waits for somebody
	rostersKept = 8                // lists at once
)

// keep puts a list among the others; the person's own older ones go, but for
// those that are being imported.
func (k *rosters) keep(who int64, plan store.RosterPlan) (*roster, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.list == nil {
		k.list = map[string]*roster{}
	}
	for token, l := range k.list {
		l.mu.Lock()
		if running := l.began && !l.over; !running && (l.person == who || time.Since(l.at) > rosterKept) {
			delete(k.list, token)
		}
		l.mu.Unlock()
	}
	if len(k.list) >= rostersKept {
		return nil, board.Fault(board.TooMany, "Other lists are being imported just now. Try again in a few minutes.").On("file")
	}
	l := &roster{token: rand.Text(), person: who, at: time.Now(), plan: plan}
	k.list[l.token] = l
	return l, nil
}

// find finds a list of somebody's own. Errors: not_found.
func (k *rosters) find(r *request) (*roster, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	l := k.list[r.param("roster")]
	if l == nil || l.person != r.who.ID {
		return nil, board.Missing()
	}
	return l, nil
}

func (s *Server) showRosterForm(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	return r.page(templates.RosterForm(templates.RosterFormPage{Page: p}))
}

// takeRoster reads a file and works out what importing it would do.
func (s *Server) takeRoster(r *request) error {
	file, err := r.rosterFile()
	var l *roster
	if err == nil {
		l, err = s.planRoster(r, file)
	}
	if err != nil {
		return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
			return templates.RosterForm(templates.RosterFormPage{Page: p, Fault: fault})
		})
	}
	return r.see(rosterPath + "/" + l.token)
}

func (s *Server) planRoster(r *request, file []byte) (*roster, error) {
	list, err := store.ReadRoster(file)
	if err != nil {
		return nil, err
	}
	plan, err := s.store.PlanRoster(r.Context(), r.who, list)
	if err != nil {
		return nil, err
	}
	return s.rosters.keep(r.who.ID, plan)
}

// rosterFile reads the form that brings a file. Errors: invalid (field file).
func (r *request) rosterFile() (file []byte, err error) {
	form, err := r.parts()
	if err != nil {
		return nil, err
	}
	defer r.arrived()
	r.PostForm = url.Values{}
	for {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, partError(err)
		}
		switch part.FormName() {
		case "key":
			key, err := io.ReadAll(io.LimitReader(part, 200))
			if err != nil {
				return nil, partError(err)
			}
			r.PostForm.Set("key", string(key))
		case "file":
			if file, err = io.ReadAll(io.LimitReader(wholePart{part}, store.MaxRoster+1)); err != nil {
				return nil, partError(err)
			}
		}
	}
	if err := r.checkKey(); err != nil {
		return nil, err
	}
	if len(file) == 0 {
		return nil, board.FieldFault("file", "Choose a file first.")
	}
	return file, nil
}

func (s *Server) showRoster(r *request) error {
	l, err := s.rosters.find(r)
	if err != nil {
		return err
	}
	if r.query("part") != "" {
		return r.page(templates.RosterProgress(l.progress(r.lang)))
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	return r.page(templates.Roster(l.page(p, nil)))
}

// page is what the page of a list shows.
func (l *roster) page(p templates.Page, fault *board.Error) templates.RosterPage {
	l.mu.Lock()
	page := templates.RosterPage{Page: p, Path: rosterPath + "/" + l.token, Began: l.began, Fault: fault,
		Same: l.plan.Same, Closed: l.plan.Closed, Missing: len(l.plan.Missing), Admins: l.plan.Admins, Teams: l.plan.Teams,
		Columns: l.plan.Roster.Columns, Ignored: l.plan.Roster.Ignored, Encoding: l.plan.Roster.Encoding,
		New: len(l.plan.New), Changed: len(l.plan.Changed), Faults: len(l.plan.Faults)}
	page.Page.Path = page.Path
	for _, row := range l.plan.New[:min(len(l.plan.New), templates.RosterShown)] {
		page.NewRows = append(page.NewRows, templates.RosterLine{Line: row.Line, Name: row.Name, What: []string{row.Email, row.Team, row.Site}})
	}
	for _, c := range l.plan.Changed[:min(len(l.plan.Changed), templates.RosterShown)] {
		page.ChangedRows = append(page.ChangedRows, templates.RosterLine{Line: c.Line, Name: c.Who, What: differences(c)})
	}
	for _, f := range l.plan.Faults[:min(len(l.plan.Faults), templates.RosterFaultsShown)] {
		page.FaultRows = append(page.FaultRows, templates.RosterFault{Line: f.Line, Fault: f.Fault})
	}
	for _, a := range l.plan.Missing[:min(len(l.plan.Missing), templates.RosterShown)] {
		page.MissingNames = append(page.MissingNames, a.Name)
	}
	l.mu.Unlock()
	page.Progress = l.progress(p.Lang)
	return page
}

// differences writes what changes about somebody: before → after.
func differences(c store.RosterChange) (list []string) {
	for _, f := range [][2]string{{c.Was.Name, c.Now.Name}, {c.Was.Team, c.Now.Team}, {c.Was.Site, c.Now.Site}, {string(c.Was.Kind), string(c.Now.Kind)}} {
		if f[0] != f[1] {
			list = append(list, cmp.Or(f[0], "—")+" → "+cmp.Or(f[1], "—"))
		}
	}
	return list
}

func (l *roster) progress(lang string) templates.RosterProgressPart {
	l.mu.Lock()
	defer l.mu.Unlock()
	return templates.RosterProgressPart{Lang: lang, Over: l.over, Done: l.done, Of: l.of, Added: l.result.Added, Changed: l.result.Changed,
		Disabled: l.result.Disabled, Skipped: l.result.Skipped, Links: len(l.links), Fault: l.fault, Path: rosterPath + "/" + l.token}
}

// applyRoster begins to do what was shown.
func (s *Server) applyRoster(r *request) error {
	l, err := s.rosters.find(r)
	if err != nil {
		return err
	}
	var in struct {
		Key     string `form:"key"`
		Invite  bool   `form:"invite"`
		Disable bool   `form:"disable"`
		Confirm string `form:"confirm"`
	}
	missing := len(l.shown().Missing)
	if err = r.bind(&in); err == nil && in.Disable && strings.TrimSpace(in.Confirm) != strconv.Itoa(missing) {
		err = board.FieldFault("confirm", "Write how many people are to be shut out: %d. Nothing was changed.", missing)
	}
	if err == nil {
		err = s.beginRoster(r, l, in.Invite, in.Disable)
	}
	if err != nil {
		return r.again(err, func(p templates.Page, fault *board.Error) templ.Component { return templates.Roster(l.page(p, fault)) })
	}
	return r.see(rosterPath + "/" + l.token)
}

// shown is the plan that the page of a list shows.
func (l *roster) shown() store.RosterPlan {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.plan
}

// beginRoster makes sure that the company is as it was shown, and imports the
// list beside the requests. Errors: conflict, after which the list shows what
// would be done now.
func (s *Server) beginRoster(r *request, l *roster, invite, disable bool) error {
	now, err := s.store.PlanRoster(r.Context(), r.who, l.shown().Roster)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.began {
		return nil // sent twice
	}
	if now.Digest != l.plan.Digest {
		l.plan = now
		return store.ErrOtherPlan
	}
	l.began, l.of = true, len(now.New)+len(now.Changed)
	if disable {
		l.of += len(now.Missing)
	}
	order := store.RosterOrder{Invite: invite, Disable: disable,
		Done: func(n int) { l.mu.Lock(); defer l.mu.Unlock(); l.done = n },
		Invited: func(name, email, secret string) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.links = append(l.links, []string{name, email, s.LinkURL(store.Invitation, secret)})
		}}
	ctx := context.WithoutCancel(r.Context())
	s.working.Go(func() { s.runRoster(ctx, r.who, l, now, order) })
	return nil
}

// runRoster imports a list, to its end or until the server closes.
func (s *Server) runRoster(ctx context.Context, who board.Who, l *roster, plan store.RosterPlan, order store.RosterOrder) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.closing, cancel)()
	result, err := s.store.ApplyRoster(ctx, who, plan, order)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.result, l.over, l.at = result, true, time.Now()
	if err != nil && !errors.As(err, &l.fault) {
		s.log.Error("a list of people was not imported to its end", "error", err)
		l.fault = board.Fault(board.Internal, "Something went wrong here, and has been written down. Please try again.")
	}
}

// takeInvitations gives the links of those who are new as a file, once.
func (s *Server) takeInvitations(r *request) error {
	l, err := s.rosters.find(r)
	if err != nil {
		return err
	}
	if err := r.bind(&nothing{}); err != nil {
		return err
	}
	l.mu.Lock()
	links := l.links
	l.mu.Unlock()
	if len(links) == 0 {
		return board.Fault(board.Conflict, "These links were taken already. Make a new one for whoever needs it, on their page.")
	}
	if err := s.store.InvitationsRead(r.Context(), r.who, len(links)); err != nil {
		return err
	}
	l.mu.Lock()
	l.links = nil
	l.mu.Unlock()
	out := &download{r: r, name: "invitations.csv", kind: "text/csv; charset=utf-8"}
	w := csv.NewWriter(out)
	if w.UseCRLF = true; r.lang == "it" { // where the comma stands in numbers, spreadsheets want this
		w.Comma = ';'
	}
	for _, line := range append([][]string{{"name", "email", "link"}}, links...) {
		if err := w.Write([]string{board.Harmless(line[0]), board.Harmless(line[1]), line[2]}); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return out.finish()
}

// rosterLimit is how much a request that brings a list may carry.
const rosterLimit = store.MaxRoster + slack

// bringsRoster tells whether a request brings a list of people.
func (r *request) bringsRoster() bool {
	return r.Method == http.MethodPost && r.URL.Path == rosterPath
}
