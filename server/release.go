package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/gzhttp"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/sheet"
)

func (s *Server) releaseRoutes() {
	s.route("GET", "/releases", employee, s.showReleases)
	s.route("POST", "/releases", employee, s.makeRelease)
	s.route("POST", "/releases/plan", employee, s.planReleases)
	s.route("GET", "/releases/:number", employee, s.showRelease)
	s.route("GET", "/releases/:number/files/:name", employee, s.takeRelease)
	s.route("GET", "/figures/releases", employee, s.showReleasesWithMe)

	api(s, "GET", "/releases", employee, "Releases of figures, the latest first", func(ctx context.Context, who board.Who, _ *struct{}) (*board.List[board.Release], error) {
		list, err := s.store.Releases(ctx, who)
		return &board.List[board.Release]{Items: list}, err
	})
	api(s, "POST", "/releases", employee, "Ask for a release; the same request is the same release. Ask for it again by its number until its state is ready", func(ctx context.Context, who board.Who, in *struct{ Body board.Asked }) (*board.Release, error) {
		return answer(s.orderRelease(ctx, who, in.Body))
	})
	api(s, "GET", "/releases/{id}", employee, "A release and its files", func(ctx context.Context, who board.Who, in *IDInput) (*board.Release, error) {
		return answer(s.store.Release(ctx, who, in.ID))
	})
	s.route("GET", apiPrefix+"/releases/:number/files/:name", employee, s.takeRelease)
}

// releaseSoon is how long an answer waits for a release: most are made by then.
const releaseSoon = 1500 * time.Millisecond

// orderRelease asks for a release, and waits a moment for it.
func (s *Server) orderRelease(ctx context.Context, who board.Who, a board.Asked) (board.Release, error) {
	ordered, err := s.store.OrderRelease(ctx, who, a)
	if err != nil {
		return ordered, err
	}
	return s.store.AwaitRelease(ctx, who, ordered.Number, releaseSoon)
}

// RunReleases makes the releases that are asked for, until ctx ends.
func (s *Server) RunReleases(ctx context.Context) error {
	return s.store.RunReleases(ctx, s.Version, sheet.Files)
}

// releaseForm is what the form for a release sends.
type releaseForm struct {
	Key       string   `form:"key"`
	From      string   `form:"from"`
	To        string   `form:"to"`
	By        []string `form:"by"`
	Lang      string   `form:"lang"`
	Separator string   `form:"separator"`
	BOM       bool     `form:"bom"`
	End       bool     `form:"end"` // of the plan: nothing is released by itself any more
}

// asked reads the form. Errors: invalid.
func (f releaseForm) asked(months bool) (a board.Asked, err error) {
	a = board.Asked{Lang: f.Lang, Separator: f.Separator, BOM: f.BOM}
	for _, by := range f.By {
		a.By = append(a.By, board.Dimension(by))
	}
	if !months {
		return a, nil
	}
	if a.From, err = board.ParseMonth(f.From); err != nil {
		return a, err
	}
	a.To, err = board.ParseMonth(f.To)
	return a, err
}

func (s *Server) releasesPage(r *request, p templates.Page) (page templates.ReleasesPage, err error) {
	page = templates.ReleasesPage{Page: p, Makes: r.who.Has(board.HR), Asked: board.Asked{By: board.Dimensions, Lang: r.lang, Separator: ";", BOM: true}}
	if page.Releases, err = s.store.Releases(r.Context(), r.who); err != nil {
		return page, err
	}
	if page.Months, err = s.store.Months(r.Context(), r.who); err != nil {
		return page, err
	}
	if len(page.Months) > 0 {
		page.Asked.To = page.Months[0]
		page.Asked.From = max(page.Months[0]-11, page.Months[len(page.Months)-1])
	}
	if page.Plan, err = s.store.ReleasePlan(r.Context(), r.who); err != nil {
		return page, err
	}
	page.Acts, err = s.store.ReleaseActs(r.Context(), r.who)
	return page, err
}

func (s *Server) showReleases(r *request) error {
	if err := s.store.SeeReleases(r.Context(), r.who); err != nil {
		return err
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	page, err := s.releasesPage(r, p)
	if err != nil {
		return err
	}
	return r.page(templates.Releases(page))
}

// releasesAgain shows the page with what is wrong with a form.
func (s *Server) releasesAgain(r *request, err error, a board.Asked) error {
	if !store.SeesReleases(r.who) {
		return err
	}
	var pageErr error
	shown := r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		var page templates.ReleasesPage
		page, pageErr = s.releasesPage(r, p)
		page.Path, page.Fault = "/releases", fault
		if a.From != 0 {
			page.Asked = a
		}
		return templates.Releases(page)
	})
	if pageErr != nil {
		return pageErr
	}
	return shown
}

func (s *Server) makeRelease(r *request) error {
	var in releaseForm
	if err := r.bind(&in); err != nil {
		return err
	}
	a, err := in.asked(true)
	if err == nil {
		var made board.Release
		if made, err = s.orderRelease(r.Context(), r.who, a); err == nil {
			return r.see(templates.ReleasePath(made.Number))
		}
	}
	return s.releasesAgain(r, err, a)
}

func (s *Server) planReleases(r *request) error {
	var in releaseForm
	if err := r.bind(&in); err != nil {
		return err
	}
	a, err := in.asked(false)
	plan := &a
	if in.End {
		plan = nil
	}
	if err == nil {
		_, err = s.store.PlanReleases(r.Context(), r.who, plan)
	}
	if err != nil {
		return s.releasesAgain(r, err, board.Asked{})
	}
	if err := s.store.OrderPlanned(r.Context()); err != nil {
		return err
	}
	return r.see("/releases")
}

// printedLines is how many lines of each breakdown the page of a release shows: the
// files have them all.
const printedLines = 400

// showRelease shows a release, as it can be printed too: from its own file, which
// never changes. One that is not ready says how far it is.
func (s *Server) showRelease(r *request) error {
	number, err := r.idParam("number")
	if err != nil {
		return err
	}
	page := templates.ReleasePage{Makes: r.who.Has(board.HR)}
	if page.Release, err = s.store.Release(r.Context(), r.who, number); err != nil {
		return err
	}
	if r.query("part") != "" {
		return r.page(templates.ReleaseProgress(r.lang, page.Release))
	}
	if page.Page, err = r.frame(); err != nil {
		return err
	}
	if page.Release.State == board.ReleaseReady {
		if page.Figures, page.More, err = s.store.ReleasedFigures(r.Context(), r.who, number, printedLines); err != nil {
			return err
		}
	}
	return r.page(templates.Release(page))
}

// showReleasesWithMe lists, for everybody, the releases they were part of: months
// and no files.
func (s *Server) showReleasesWithMe(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	page := templates.ReleasesWithMePage{Page: p}
	if page.Releases, err = s.store.ReleasesWith(r.Context(), r.who); err != nil {
		return err
	}
	return r.page(templates.ReleasesWithMe(page))
}

// releasePolicy stands on files of releases: whatever opens one runs nothing.
var releasePolicy = []string{"sandbox; default-src 'none'"}

// takeRelease sends a file of a release, or a part of it, as it was made. Whether
// one may have it is looked up each time, and nothing of it is kept on the way.
func (s *Server) takeRelease(r *request) error {
	number, err := r.idParam("number")
	if err != nil {
		return err
	}
	if r.Method == http.MethodHead { // nothing leaves, nothing is kept
		if _, err := s.store.Release(r.Context(), r.who, number); err != nil {
			return err
		}
		return r.send(http.StatusOK, []string{"application/octet-stream"}, nil)
	}
	ctx := store.WithOrigin(r.Context(), r.origin())
	f, content, err := s.store.TakeRelease(ctx, r.who, number, r.param("name"))
	if err != nil {
		return err
	}
	h := r.w.Header()
	h["Content-Security-Policy"] = releasePolicy
	h["Content-Type"] = []string{f.Type}
	h["Content-Disposition"] = []string{disposition("attachment", "convivio-"+strconv.FormatInt(number, 10)+"-"+f.Name)}
	h["Cache-Control"] = []string{"no-store"}
	h["Etag"] = []string{`"` + f.SHA256 + `"`}
	if r.Header.Get("Accept-Encoding") != "" {
		h.Set(gzhttp.HeaderNoCompression, "1") // who goes on in the middle counts the bytes of the file
	}
	_ = http.NewResponseController(&r.w).SetWriteDeadline(time.Now().Add(answerTime + time.Duration(f.Size/slowest)*time.Second))
	http.ServeContent(&r.w, r.Request, "", time.Time{}, content)
	return nil
}
