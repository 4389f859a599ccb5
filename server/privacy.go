package server

import (
	"slices"

	"convivio/store/board"
	"convivio/templates"
	"convivio/templates/law"
	"convivio/templates/words"
)

func (s *Server) privacyRoutes() {
	s.route("GET", "/privacy", signedIn, func(r *request) error { return s.showPrivacy(r, law.Notice) })
	s.route("POST", "/privacy", signedIn, s.noticeRead)
	s.route("GET", "/privacy/collected", signedIn, func(r *request) error { return s.showPrivacy(r, law.Collected) })
	s.route("GET", "/privacy/agreement", employee, func(r *request) error { return s.showPrivacy(r, law.Agreement) })
	s.route("GET", "/privacy/dpia", employee, func(r *request) error { return s.showPrivacy(r, law.DPIA) })
}

// readsDrafts tells who reads what the company still has to decide on.
func readsDrafts(who board.Who) bool {
	return who.Has(board.HR) || who.Has(board.Council) || who.Has(board.Admin)
}

// showPrivacy shows a document, in the language of the page or the one asked for.
func (s *Server) showPrivacy(r *request, name law.Name) error {
	drafts := readsDrafts(r.who)
	if !name.ForAll() && !drafts {
		return board.Fault(board.Forbidden, "These drafts are for HR, the works council and administrators.")
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	lang := r.lang
	if in := r.query("in"); slices.Contains(words.Langs, in) {
		lang = in
	}
	page := templates.PrivacyPage{Page: p, Document: law.Write(name, lang, law.Facts{Version: s.Version, AccessDays: s.Visits.Keeps()})}
	for _, n := range law.Names {
		if drafts || n.ForAll() {
			page.Others = append(page.Others, n)
		}
	}
	if name == law.Notice {
		if page.Unread, err = s.unread(r); err != nil {
			return err
		}
		if r.query("done") != "" {
			page.Notice = words.T(r.lang, "Thank you. If the notice changes, you are told here.")
		}
	}
	return r.page(templates.Privacy(page))
}

// unread tells whether the reader has not said to have read the notice as it is now.
func (s *Server) unread(r *request) (bool, error) {
	version, _, err := s.store.Informed(r.Context(), r.who)
	return version < law.NoticeVersion, err
}

// noticeRead takes that somebody read the notice.
func (s *Server) noticeRead(r *request) error {
	var in struct {
		Key     string `form:"key"`
		Version int64  `form:"version"`
	}
	if err := r.bind(&in); err != nil {
		return err
	}
	if in.Version != int64(law.NoticeVersion) { // it changed while they read
		return r.see("/privacy")
	}
	if err := s.store.Inform(r.Context(), r.who, law.NoticeVersion); err != nil {
		return err
	}
	return r.see("/privacy?done=1")
}
