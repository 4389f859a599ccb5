package server

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) reviewRoutes() {
	s.route("GET", "/review", reviewer, s.showReviews)
	s.route("POST", "/review", reviewer, s.decideMany)
	s.route("GET", "/review/:id", reviewer, s.showReview)
	s.route("POST", "/review/:id", reviewer, s.decide)
	s.route("POST", "/review/:id/claim", reviewer, s.claimItem(true))
	s.route("POST", "/review/:id/unclaim", reviewer, s.claimItem(false))
	s.route("POST", "/ideas/:id/review", moderator, s.openReview(false))
	s.route("POST", "/comments/:id/review", moderator, s.openReview(true))

	api(s, "GET", "/review", reviewer, "What waits for moderators, what is most urgent first", func(ctx context.Context, who board.Who, in *struct {
		PageInput
		Kind  board.ReviewKind `query:"kind" enum:"report,held,duplicate,appeal"`
		Board string           `query:"board"`
	}) (*board.List[board.ReviewItem], error) {
		p, err := s.store.Reviews(ctx, who, store.ReviewListing{Kind: in.Kind, Board: in.Board, Limit: in.Limit, Cursor: in.Cursor})
		return &p.List, err
	})
	api(s, "GET", "/review/{id}", reviewer, "One item of the review page", func(ctx context.Context, who board.Who, in *IDInput) (*board.ReviewItem, error) {
		return answer(s.reviewItem(ctx, who, in.ID))
	})
	api(s, "POST", "/review/{id}/decision", reviewer, "Decide about an item", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.Ruling
	}) (*board.Decision, error) {
		in.Body.Item = in.ID
		return answer(s.store.Decide(ctx, who, in.Body))
	})
	for method, claim := range map[string]bool{"PUT": true, "DELETE": false} {
		api(s, method, "/review/{id}/claim", reviewer, "Say that one is looking at an item, or not any more", func(ctx context.Context, who board.Who, in *IDInput) (*board.ReviewItem, error) {
			if _, err := s.store.ClaimItem(ctx, who, in.ID, claim); err != nil {
				return nil, err
			}
			return answer(s.reviewItem(ctx, who, in.ID))
		})
	}
}

// reviewItem reads an item's own page; what is for the officer alone is read with
// an entry in the audit log.
func (s *Server) reviewItem(ctx context.Context, who board.Who, id int64) (board.ReviewItem, error) {
	it, err := s.store.ReviewItem(ctx, who, id)
	if err == nil && it.Officer {
		err = s.store.Looked(ctx, who, board.OfficerReadAct, store.Target{Idea: it.Idea, Comment: it.Comment})
	}
	return it, err
}

// reviewsPage reads the review page as its address asks for it.
func (s *Server) reviewsPage(r *request, q url.Values) (templates.ReviewsPage, error) {
	page := templates.ReviewsPage{Kind: board.ReviewKind(q.Get("kind")), Board: q.Get("board"), After: q.Get("after")}
	var err error
	if page.Page, err = r.frame(); err != nil {
		return page, err
	}
	if page.Late, err = s.store.LateCount(r.Context(), r.who); err != nil {
		return page, err
	}
	l := store.ReviewListing{Kind: page.Kind, Board: page.Board, Cursor: page.After}
	if page.Kind == board.LateItem {
		l.Limit, l.Cursor = 1, ""
	}
	list, err := s.store.Reviews(r.Context(), r.who, l)
	if err != nil {
		return page, err
	}
	page.Items, page.More, page.Counts = list.Items, list.Next, list.Counts
	if page.Kind == board.LateItem {
		late, err := s.store.Late(r.Context(), r.who, 0, page.After)
		page.Items, page.Ideas, page.More = nil, late.Items, late.Next
		return page, err
	}
	return page, nil
}

func (s *Server) showReviews(r *request) error {
	page, err := s.reviewsPage(r, r.URL.Query())
	if err != nil {
		return err
	}
	page.Results, err = s.results(r, r.query("results"))
	if err != nil {
		return err
	}
	return r.page(templates.Reviews(page))
}

func (s *Server) showReview(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if r.query("part") != "" {
		return s.reviewRow(r, id)
	}
	if it, err := s.store.ReviewItem(r.Context(), r.who, id); err == nil && !it.Closed && r.query("action") == "" && templates.OwnPage(it) != "" {
		return r.see(templates.OwnPage(it))
	}
	page, err := s.reviewPage(r, id)
	if err != nil {
		return err
	}
	page.Form = templates.RuleForm{Action: board.Action(r.query("action"))}
	return r.page(templates.Review(page))
}

// reviewRow answers with one row of the page as it is now.
func (s *Server) reviewRow(r *request, id int64) error {
	it, err := s.store.ReviewItem(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	if it.Closed {
		part := templates.ReviewDonePart{Lang: r.lang, Key: r.newKey(), Item: id}
		list, err := s.store.Decisions(r.Context(), r.who, store.DecisionListing{Item: id, Limit: 1})
		if len(list.Items) > 0 {
			part.Decision = list.Items[0]
		}
		if err != nil {
			return err
		}
		return r.page(templates.ReviewDone(part))
	}
	if it.Officer {
		it.Excerpt, it.Notes = "", nil
	}
	return r.page(templates.ReviewRow(templates.ReviewRowPart{Lang: r.lang, Key: r.newKey(), Item: it}))
}

// reviewPage reads an item with all that is needed to decide about it.
func (s *Server) reviewPage(r *request, id int64) (page templates.ReviewPage, err error) {
	if page.Page, err = r.frame(); err != nil {
		return page, err
	}
	if page.Item, err = s.reviewItem(r.Context(), r.who, id); err != nil {
		return page, err
	}
	if page.Reviewers, err = s.store.Reviewers(r.Context(), r.who, page.Item.Board); err != nil {
		return page, err
	}
	if page.Item.Idea == 0 {
		return page, nil
	}
	list, err := s.store.Decisions(r.Context(), r.who, store.DecisionListing{Idea: page.Item.Idea, Comment: page.Item.Comment, Limit: 10})
	page.Earlier = list.Items
	return page, err
}

// ruleForm is what the forms of a decision send.
type ruleForm struct {
	Key     string `form:"key"`
	Part    bool   `form:"part"`
	Back    string `form:"back"`
	Version int64  `form:"version"`
	Action  string `form:"do"`
	Ground  string `form:"ground"`
	Note    string `form:"note"`
	Until   string `form:"until"` // a day
	Minutes int64  `form:"minutes"`
	Title   string `form:"title"`
	Body    string `form:"body"`
	Into    string `form:"into"`
	Board   string `form:"board"`
	To      int64  `form:"to"`
}

// ruling reads the form. Errors: invalid.
func (in ruleForm) ruling(item int64, now time.Time) (board.Ruling, error) {
	out := board.Ruling{Item: item, Version: in.Version, Action: board.Action(in.Action), Note: in.Note, Minutes: int(in.Minutes),
		Title: in.Title, Body: in.Body, Board: in.Board, To: in.To}
	if out.Action != board.Keep {
		out.Ground = board.Ground(in.Ground)
	}
	if out.Action == board.Silence || out.Action == board.Suspend {
		day, err := time.ParseInLocation(time.DateOnly, in.Until, time.Local)
		if err != nil || !day.After(now) {
			return out, board.FieldFault("until", "Give the day on which it ends.")
		}
		out.Until = &day
	}
	var ok bool
	if out.Into, ok = ideaNamed(in.Into); !ok || out.Action == board.MergeInto && out.Into == 0 {
		return out, board.FieldFault("into", "Give the other idea: its number or its address.")
	}
	return out, nil
}

func (in ruleForm) shown(fault *board.Error) templates.RuleForm {
	return templates.RuleForm{Action: board.Action(in.Action), Ground: board.Ground(in.Ground), Note: in.Note, Until: in.Until, Minutes: in.Minutes,
		Title: in.Title, Body: in.Body, Into: in.Into, Board: in.Board, To: in.To, Fault: fault}
}

func (s *Server) decide(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in ruleForm
	err = r.bind(&in)
	var made board.Decision
	if err == nil {
		var ruling board.Ruling
		if ruling, err = in.ruling(id, s.store.Now()); err == nil {
			made, err = s.store.Decide(r.Context(), r.who, ruling)
		}
	}
	switch {
	case err == nil && in.Part:
		return r.page(templates.ReviewDone(templates.ReviewDonePart{Lang: r.lang, Key: r.newKey(), Item: id, Decision: made}))
	case err == nil:
		return r.see(reviewsBack(in.Back, resultText(id, made, nil)))
	case in.Part:
		return s.rowAgain(r, id, in, err)
	}
	page, missing := s.reviewPage(r, id)
	if missing != nil {
		return errors.Join(missing, err)
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		page.Page, page.Form = p, in.shown(fault)
		return templates.Review(page)
	})
}

// rowAgain answers with a row as it is now, what is wrong, and what was typed.
func (s *Server) rowAgain(r *request, id int64, in ruleForm, err error) error {
	it, missing := s.store.ReviewItem(r.Context(), r.who, id)
	if missing != nil {
		return missing
	}
	return again(err, func(fault *board.Error) templ.Component {
		return templates.ReviewRow(templates.ReviewRowPart{Lang: r.lang, Key: r.newKey(), Item: it, Form: in.shown(fault)})
	})
}

// reviewsBack is the review page as it was, with what was done on it.
func reviewsBack(back string, results string) string {
	q, err := url.ParseQuery(back)
	if err != nil {
		q = url.Values{}
	}
	kept := url.Values{"results": {results}}
	for _, name := range []string{"kind", "board", "after"} {
		if v := q.Get(name); v != "" {
			kept.Set(name, v)
		}
	}
	return "/review?" + kept.Encode()
}

// resultText says in an address what came of an item: which decision, or why none.
func resultText(item int64, made board.Decision, err error) string {
	what := strconv.FormatInt(made.ID, 10)
	var fault *board.Error
	switch {
	case err == nil && made.ID == 0:
		what = string(board.HandOver)
	case errors.As(err, &fault) && fault.Code == board.Conflict:
		what = "stale"
	case errors.As(err, &fault) && (fault.Code == board.Forbidden || fault.Code == board.NotFound):
		what = "forbidden"
	case err != nil:
		what = "failed"
	}
	return strconv.FormatInt(item, 10) + "." + what
}

// results reads what an address says was done, and tells it by what is known now.
func (s *Server) results(r *request, text string) (list []templates.ReviewResult, err error) {
	var ids []int64
	for _, pair := range strings.Split(text, ",") {
		item, what, ok := strings.Cut(pair, ".")
		id, err := strconv.ParseInt(item, 10, 64)
		if !ok || err != nil || len(list) >= board.MaxAtOnce {
			continue
		}
		decision, _ := strconv.ParseInt(what, 10, 64)
		list = append(list, templates.ReviewResult{Item: id, What: what, Decision: board.Decision{ID: decision}})
		ids = append(ids, decision)
	}
	if len(list) == 0 {
		return nil, nil
	}
	made, err := s.store.DecisionsOf(r.Context(), r.who, ids)
	for i := range list {
		list[i].Decision = made[list[i].Decision.ID]
	}
	return list, err
}

// decideMany does one thing about many items, each by itself: what somebody else
// changed meanwhile is left as it is.
func (s *Server) decideMany(r *request) error {
	var form struct {
		Key    string   `form:"key"`
		Back   string   `form:"back"`
		Items  []string `form:"item"`
		One    string   `form:"one"`
		Action string   `form:"do"`
		Ground string   `form:"ground"`
		Note   string   `form:"note"`
		Until  string   `form:"until"`
	}
	err := r.bind(&form)
	if form.One != "" { // the button of one row
		one := append(strings.SplitN(form.One, ".", 4), "", "", "", "")
		form.Items, form.Action, form.Ground, form.Note = []string{one[0] + "." + one[1]}, one[2], one[3], ""
	}
	switch {
	case err != nil:
	case len(form.Items) == 0:
		err = board.FieldFault("item", "Tick what this is about.")
	case len(form.Items) > board.MaxAtOnce:
		err = board.FieldFault("item", "At most %d at once.", board.MaxAtOnce)
	}
	var results []string
	if err == nil {
		results, err = s.decideEach(r, form.Items, ruleForm{Action: form.Action, Ground: form.Ground, Note: form.Note, Until: form.Until})
	}
	if err == nil {
		return r.see(reviewsBack(form.Back, strings.Join(results, ",")))
	}
	q, _ := url.ParseQuery(form.Back)
	page, missing := s.reviewsPage(r, q)
	if missing != nil {
		return missing
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		page.Page = p
		page.Form = templates.RuleForm{Action: board.Action(form.Action), Ground: board.Ground(form.Ground), Note: form.Note, Until: form.Until, Items: form.Items, Fault: fault}
		return templates.Reviews(page)
	})
}

// decideEach decides about items given as id.version. Errors: invalid, where the
// decision itself is at fault and nothing was done about any.
func (s *Server) decideEach(r *request, items []string, in ruleForm) (results []string, err error) {
	press := rand.Text() // one measure for a person, however many of their items
	for _, text := range items {
		item, version, _ := strings.Cut(text, ".")
		id, err1 := strconv.ParseInt(item, 10, 64)
		v, err2 := strconv.ParseInt(version, 10, 64)
		if err1 != nil || err2 != nil {
			return nil, board.FieldFault("item", "Tick what this is about.")
		}
		in.Version = v
		ruling, err := in.ruling(id, s.store.Now())
		if err != nil {
			return nil, err
		}
		ruling.Bulk = press
		made, err := s.store.Decide(r.Context(), r.who, ruling)
		var fault *board.Error
		if errors.As(err, &fault) && fault.Code == board.Invalid && len(results) == 0 && fault.Field != "action" {
			return nil, err
		}
		if err != nil && !errors.As(err, &fault) {
			return nil, err
		}
		results = append(results, resultText(id, made, err))
	}
	return results, nil
}

func (s *Server) claimItem(claim bool) handler {
	return func(r *request) error {
		id, err := r.idParam("id")
		if err != nil {
			return err
		}
		var in struct {
			Key  string `form:"key"`
			Part bool   `form:"part"`
		}
		if err := r.bind(&in); err != nil {
			return err
		}
		it, err := s.store.ClaimItem(r.Context(), r.who, id, claim)
		if in.Part && err == nil {
			if it.Officer {
				it.Excerpt, it.Notes = "", nil
			}
			return r.page(templates.ReviewRow(templates.ReviewRowPart{Lang: r.lang, Key: r.newKey(), Item: it}))
		}
		if err != nil {
			return err
		}
		return r.see("/review/" + strconv.FormatInt(id, 10))
	}
}

// openReview begins a decision about something that nobody reported.
func (s *Server) openReview(comment bool) handler {
	return func(r *request) error {
		id, err := r.pressed()
		if err != nil {
			return err
		}
		idea, about := id, int64(0)
		if comment {
			idea, about = 0, id
		}
		item, err := s.store.OpenReview(r.Context(), r.who, idea, about)
		if err != nil {
			return err
		}
		return r.see("/review/" + strconv.FormatInt(item, 10))
	}
}
