package server

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"convivio/store/board"
)

// TestNobodyElseLearnsThatAnAnswerIsBeingWritten asks for everything there is, as
// readers who do not answer for the board, before there is a draft and while two
// people write one: but for numbers, nothing differs.
func TestNobodyElseLearnsThatAnAnswerIsBeingWritten(t *testing.T) {
	f := newFront(t, withIndex(t))
	f.boards()
	f.withHub()
	anna, bruno, mod := f.people["anna"], f.people["bruno"], f.people["mod"]
	owner, err := f.store.AddOwner(t.Context(), f.people["admin"], "aperta", board.NewOwner{Person: bruno.ID})
	if err != nil {
		t.Fatal(owner, err)
	}
	if _, err := f.store.AddMember(t.Context(), mod, "aperta", f.people["guest"].ID); err != nil {
		t.Fatal(err)
	}
	idea, err := f.store.AddIdea(t.Context(), anna, "aperta", board.NewIdea{Title: "Zafferano in mensa"}, "")
	if err != nil {
		t.Fatal(err)
	}
	said, err := f.store.Reply(t.Context(), anna, idea.ID, board.NewComment{Body: "Zafferano **vero**"}, "")
	if err != nil {
		t.Fatal(err)
	}
	f.tells()
	f.told()
	f.indexed()
	readers := map[string]*browser{"anna": f.as("anna"), "guest": f.as("guest"), "anna's program": f.program("anna")}
	seen := func() map[string]string {
		out := map[string]string{}
		for name, who := range readers {
			for _, route := range f.server.Routes() {
				if route.Method != http.MethodGet || route.Access == open || strings.Contains(route.Path, "sign") || strings.Contains(route.Path, "live") || strings.Contains(route.Path, "metrics") || route.Method == echo.RouteNotFound {
					continue
				}
				for _, path := range filled(route.Path, []string{fmt.Sprint(idea.ID), fmt.Sprint(said.ID)}) {
					if name != "anna" && !strings.Contains(path, "/ideas/") && !strings.HasSuffix(path, "events") {
						continue
					}
					if strings.HasSuffix(path, "search") || strings.HasSuffix(path, "events") {
						path += "?q=zafferano&after=0"
					}
					got := who.get(path)
					out[name+" "+path] = fmt.Sprint(got.status) + withoutSeq(formKeys.ReplaceAllString(got.body, "KEY"))
					if strings.Contains(got.body, "CNRYdraft") {
						t.Errorf("%s is shown the draft at %s", name, path)
					}
				}
			}
		}
		return out
	}
	seen() // what looking itself changes
	before := seen()
	query := fmt.Sprintf("idea=%d&html=en", idea.ID)
	hers, _ := readers["anna"].listen(query)
	his, _ := f.as("bruno").listen(query)

	owns, moderates := f.as("bruno"), f.as("mod")
	path := fmt.Sprint("/ideas/", idea.ID)
	owns.post(path+"/answers", fields("key", "k1", "do", "save", "was", board.Wording(""), "body", "CNRYdraft zafferano")).leads(path + "#answer")
	moderates.get(path).has(200, "CNRYdraft zafferano", "last saved by Bruno Sala")
	moderates.post(fmt.Sprintf("/comments/%d/cite", said.ID), fields("key", "k2")).leads(path + "#answer")
	moderates.post(path+"/answers", fields("key", "k3", "do", "schedule", "was", board.Wording("CNRYdraft zafferano"), "body", "CNRYdraft zafferano e riso", "cites", fmt.Sprint(said.ID),
		"at", time.Now().AddDate(0, 0, 3).Format(clockLayout))).leads(path + "#answer")
	owns.get(path).has(200, "CNRYdraft zafferano e riso", "in the name of Mara Conti")
	// Bruno typed meanwhile: both texts, and what he typed is his to go on with.
	owns.post(path+"/answers", fields("key", "k4", "do", "save", "was", board.Wording("CNRYdraft zafferano"), "body", "CNRYdraft mio")).
		has(http.StatusConflict, "CNRYdraft mio</textarea>", "zafferano e riso")
	f.indexed()
	f.told()

	for what, now := range seen() {
		if now != before[what] {
			t.Errorf("%s differs while an answer is written:\n%.1500s\n%.1500s", what, before[what], now)
		}
	}
	for _, who := range []*browser{readers["anna"], readers["guest"], readers["anna's program"]} {
		who.header.Set("Origin", f.http.URL)
		for _, route := range f.server.Routes() {
			if strings.Contains(route.Path, "answer-draft") || strings.HasSuffix(route.Path, "/cite") {
				for _, p := range filled(route.Path, []string{fmt.Sprint(idea.ID)}) {
					kind, body := "application/json", `{}`
					if !isAPI(p) {
						kind, body = "application/x-www-form-urlencoded", "key=x"
					}
					if got := who.do(route.Method, p, kind, body); got.header.Get("Location") == "" && got.status != http.StatusForbidden && got.status != http.StatusUnauthorized && (isAPI(p) || got.status != http.StatusNotFound) {
						t.Errorf("%s %s answers %d: %.200s", route.Method, p, got.status, got.body)
					}
				}
			}
		}
	}
	c, err := f.store.Reply(t.Context(), mod, idea.ID, board.NewComment{Body: "Fine"}, "")
	if err != nil {
		t.Fatal(err)
	}
	var heard []board.EventKind
	for _, ws := range []interface{ ReadJSON(any) error }{hers, his} {
		heard = heard[:0]
		for {
			var e board.Event
			if err := ws.ReadJSON(&e); err != nil {
				t.Fatal(err)
			}
			if e.Kind == board.AnswerDrafted {
				heard = append(heard, e.Kind)
			}
			if e.Seq == c.Seq {
				break
			}
		}
		if ws == interface{ ReadJSON(any) error }(hers) && len(heard) > 0 {
			t.Errorf("a reader hears live of a draft")
		}
	}
	if len(heard) < 3 {
		t.Errorf("an owner hears of %d changes of the draft", len(heard))
	}
}

func faultIs(err error, code board.Code) bool {
	var fault *board.Error
	return errors.As(err, &fault) && fault.Code == code
}

func TestProgramsDraftAnswers(t *testing.T) {
	f := newFront(t, nil)
	f.boards()
	mod, anna := f.sdk("mod"), f.people["anna"]
	ctx := t.Context()
	idea, err := f.store.AddIdea(ctx, anna, "aperta", board.NewIdea{Title: "Sale"}, "")
	if err != nil {
		t.Fatal(err)
	}
	said, err := f.store.Reply(ctx, anna, idea.ID, board.NewComment{Body: "Poco"}, "")
	if err != nil {
		t.Fatal(err)
	}
	body := "Meno sale."
	d, err := mod.SaveAnswerDraft(ctx, idea.ID, board.AnswerDraftChange{Body: &body, Cites: &[]int64{said.ID}, Move: &board.Move{Stage: board.InReview}})
	if err != nil || d.Body != body || len(d.Cites) != 1 || d.Move == nil {
		t.Fatalf("saved %+v, %v", d, err)
	}
	at := time.Now().Add(time.Hour).UTC().Truncate(time.Microsecond)
	if d, err = mod.ScheduleAnswerDraft(ctx, idea.ID, board.AnswerPublication{At: &at, Was: d.Was}); err != nil || !d.PublishAt.Equal(at) {
		t.Errorf("scheduled %+v, %v", d, err)
	}
	if d, err = mod.ScheduleAnswerDraft(ctx, idea.ID, board.AnswerPublication{}); err != nil || d.PublishAt != nil {
		t.Errorf("taken back %+v, %v", d, err)
	}
	_, err = mod.PublishAnswerDraft(ctx, idea.ID, "0000000000000000")
	if !faultIs(err, board.Conflict) {
		t.Errorf("another text is published: %v", err)
	}
	a, err := mod.PublishAnswerDraft(ctx, idea.ID, d.Was)
	if err != nil || a.Body != body || len(a.Cited) != 1 || a.Cited[0].Name != anna.Name {
		t.Errorf("published %+v, %v", a, err)
	}
	_, err = mod.AnswerDraft(ctx, idea.ID)
	if !faultIs(err, board.NotFound) {
		t.Errorf("after it was published the draft gives %v", err)
	}
	if i, err := mod.Idea(ctx, idea.ID); err != nil || i.Stage != board.InReview {
		t.Errorf("the idea stands at %s, %v", i.Stage, err)
	}
	if err := mod.DropAnswerDraft(ctx, idea.ID, ""); err != nil {
		t.Error(err)
	}
	f.as("bruno").get(fmt.Sprint("/ideas/", idea.ID)).has(200, "Changed by:", "Anna Gatti")
}
