package server

import (
	"time"

	"github.com/a-h/templ"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) announcementRoutes() {
	s.route("GET", "/admin/announcements", admin, s.showAnnouncements)
	s.route("POST", "/admin/announcements", admin, s.announce)
	s.route("POST", "/admin/announcements/:id/end", admin, s.endAnnouncement)
	s.route("POST", "/announcements/:id/away", signedIn, s.putAnnouncementAway)
}

// localTime is how forms write times: in the server's zone.
const localTime = "2006-01-02T15:04"

// announcedFor is for how long something is announced unless one says otherwise.
const announcedFor = 7 * 24 * time.Hour

func (s *Server) announcementsPage(r *request) (page templates.AnnouncementsPage, err error) {
	if page.Page, err = r.frame(); err != nil {
		return page, err
	}
	page.Path, page.Now = "/admin/announcements", s.store.Now()
	page.Typed.Until = page.Now.Add(announcedFor).Local().Format(localTime)
	page.List, err = s.store.AllAnnouncements(r.Context(), r.who)
	return page, err
}

func (s *Server) showAnnouncements(r *request) error {
	page, err := s.announcementsPage(r)
	if err != nil {
		return err
	}
	if r.query("done") != "" {
		page.Notice = words.T(r.lang, "The change was saved.")
	}
	return r.page(templates.Announcements(page))
}

func (s *Server) announce(r *request) error {
	var in struct {
		Key   string `form:"key"`
		It    string `form:"text_it"`
		En    string `form:"text_en"`
		Board string `form:"board"`
		From  string `form:"from"`
		Until string `form:"until"`
	}
	err := r.bind(&in)
	typed := templates.AnnouncementForm{Texts: map[string]string{"it": in.It, "en": in.En}, Board: in.Board, From: in.From, Until: in.Until}
	made := board.NewAnnouncement{Board: in.Board, Texts: typed.Texts}
	if err == nil && in.From != "" {
		made.From, err = momentOf("from", in.From)
	}
	if err == nil {
		made.Until, err = momentOf("until", in.Until)
	}
	if err == nil {
		if _, err = s.store.Announce(r.Context(), r.who, made); err == nil {
			return r.see("/admin/announcements?done=1")
		}
	}
	page, missing := s.announcementsPage(r)
	if missing != nil {
		return missing
	}
	return again(err, func(fault *board.Error) templ.Component {
		page.Typed, page.Fault = typed, fault
		return templates.Announcements(page)
	})
}

// momentOf reads a time as forms write it. Errors: invalid, naming the field.
func momentOf(field, s string) (time.Time, error) {
	t, err := time.ParseInLocation(localTime, s, time.Local)
	if err != nil {
		return t, board.FieldFault(field, "Write a day and a time, such as 2026-12-07T18:00.")
	}
	return t, nil
}

func (s *Server) endAnnouncement(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	if err := r.bind(&nothing{}); err != nil {
		return err
	}
	if _, err := s.store.EndAnnouncement(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see("/admin/announcements?done=1")
}

func (s *Server) putAnnouncementAway(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	var in struct {
		Key  string `form:"key"`
		Back string `form:"back"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	if err := s.store.PutAnnouncementAway(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see(orHome(in.Back))
}
