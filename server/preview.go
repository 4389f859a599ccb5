package server

import (
	"errors"
	"net/http"
	"strings"

	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) previewRoutes() {
	s.route("POST", "/preview", signedIn, s.showPreview)
}

// showPreview renders a text and keeps nothing of it. What is wrong with the
// text is what would be wrong when it is saved.
func (s *Server) showPreview(r *request) error {
	var in struct {
		Body string `form:"body"`
	}
	err := r.bind(&in)
	var p *templates.PreviewPart
	if err == nil {
		p, err = r.preview("", in.Body, false)
	}
	var fault *board.Error
	if errors.As(err, &fault) && fault.Code == board.Invalid {
		return r.pageStatus(http.StatusUnprocessableEntity, templates.Preview(templates.PreviewPart{Lang: r.lang, Fault: fault}))
	}
	if err != nil {
		return err
	}
	return r.page(templates.Preview(*p))
}

// preview renders a text as saving it would. Errors: those of saving it.
func (r *request) preview(title, body string, required bool) (*templates.PreviewPart, error) {
	body, err := board.Body("body", body, required)
	if err != nil {
		return nil, err
	}
	html, err := r.s.store.Shown(r.Context(), r.who, "body", body)
	if err != nil {
		return nil, err
	}
	return &templates.PreviewPart{Lang: r.lang, Title: title, HTML: html}, nil
}

// preview renders an idea as saving it would. Errors: those of saving it.
func (f ideaForm) preview(r *request) (*templates.PreviewPart, error) {
	title, err := board.Line("title", f.Title, board.MaxTitle, strings.TrimSpace(f.Body) == "")
	if err != nil {
		return nil, err
	}
	if _, err := board.Tags(splitTags(f.Tags)); err != nil {
		return nil, err
	}
	return r.preview(title, f.Body, false)
}
