package server

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) clockRoutes() {
	s.route("POST", "/boards/:slug/clock", admin, s.setClock)

	api(s, "GET", "/boards/{slug}/clock", signedIn, "Within what time, and in which hours, a board answers", func(ctx context.Context, who board.Who, in *SlugInput) (*board.Clock, error) {
		return answer(s.store.Clock(ctx, who, in.Slug))
	})
	api(s, "PUT", "/boards/{slug}/clock", admin, "Change within what time, and in which hours, a board answers", func(ctx context.Context, who board.Who, in *struct {
		SlugInput
		Body board.Clock
	}) (*seqReply, error) {
		return seqOf(s.store.SetClock(ctx, who, in.Slug, in.Body))
	})
	api(s, "GET", "/late", signedIn, "Late ideas on the boards one moderates or owns, the latest first", func(ctx context.Context, who board.Who, in *PageInput) (*board.List[board.Idea], error) {
		return answer(s.store.Late(ctx, who, in.Limit, in.Cursor))
	})
}

// fillClock puts a board's clock into the page of its settings.
func (s *Server) fillClock(r *request, p *templates.BoardFormPage) error {
	c, err := s.store.Clock(r.Context(), r.who, p.Slug)
	p.Clock = templates.ClockForm{Time: strconv.Itoa(c.Time), Unit: c.Unit, Zone: c.Calendar.Zone, Week: c.Calendar.Week,
		Holidays: c.Calendar.Holidays, Extra: strings.Join(shownDays(c.Calendar.Extra), "\n")}
	return err
}

// shownDays writes days off the way people write them: 7/12, 24/12/2026.
func shownDays(list []string) []string {
	out := make([]string, len(list))
	for i, day := range list {
		part := strings.Split(strings.ReplaceAll("-"+day, "-0", "-")[1:], "-")
		slices.Reverse(part)
		out[i] = strings.Join(part, "/")
	}
	return out
}

func (s *Server) setClock(r *request) error {
	var in struct {
		Key      string `form:"key"`
		Time     string `form:"time"`
		Unit     string `form:"unit"`
		Zone     string `form:"zone"`
		Mon      string `form:"week-0"`
		Tue      string `form:"week-1"`
		Wed      string `form:"week-2"`
		Thu      string `form:"week-3"`
		Fri      string `form:"week-4"`
		Sat      string `form:"week-5"`
		Sun      string `form:"week-6"`
		Holidays string `form:"holidays"`
		Extra    string `form:"extra"`
	}
	slug, err := r.param("slug"), r.bind(&in)
	week := [7]string{in.Mon, in.Tue, in.Wed, in.Thu, in.Fri, in.Sat, in.Sun}
	if err == nil {
		var time int
		if time, err = strconv.Atoi(strings.TrimSpace(in.Time)); err != nil {
			err = board.FieldFault("time", "Write a number here.")
		} else {
			_, err = s.store.SetClock(r.Context(), r.who, slug, board.Clock{AnswerTime: board.AnswerTime{Time: time, Unit: board.Unit(in.Unit)},
				Calendar: board.Calendar{Zone: strings.TrimSpace(in.Zone), Week: week, Holidays: in.Holidays, Extra: strings.FieldsFunc(in.Extra, betweenDays)}})
		}
	}
	if err == nil {
		return r.see("/boards/" + slug + "/edit?done=clock#clock")
	}
	return s.boardAgain(r, err, func(p *templates.BoardFormPage, fault *board.Error) {
		p.Clock = templates.ClockForm{Time: in.Time, Unit: board.Unit(in.Unit), Zone: in.Zone, Week: week, Holidays: in.Holidays, Extra: in.Extra, Fault: fault}
	})
}

// betweenDays stands between the days that people type.
func betweenDays(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' || r == ' ' }

// clockParts are what an event that may have stopped or started an idea's clock
// changed on open pages.
func clockParts(idea board.Idea, lang string) []templ.Component {
	return []templ.Component{
		templates.Clock(templates.ClockPart{Lang: lang, Idea: idea}),
		templates.Owed(templates.OwedPart{Lang: lang, Idea: idea}),
	}
}
