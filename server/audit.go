package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"convivio/store/board"
	"convivio/store/chain"
	"convivio/templates"
)

func (s *Server) auditRoutes() {
	s.route("GET", "/audit", auditor, s.showAudit)
	s.route("GET", "/audit/export", auditor, s.exportAudit)

	api(s, "GET", "/audit", auditor, "The audit log, the newest entry first", s.apiAudit)
}

// keepRefusal keeps in the audit log that somebody asked for a form of power, or
// for a page of administrators or auditors, and was refused it, or that it broke
// off. Following a link to a page of moderators is no attempt at anything.
func (s *Server) keepRefusal(r *request, err error) {
	if r.who.ID == 0 || r.route == nil || r.route.Access < moderator {
		return
	}
	reads := r.Method == http.MethodGet || r.Method == http.MethodHead
	became := board.ActFailed
	var fault *board.Error
	switch {
	case errors.As(err, &fault) && (fault.Code == board.Forbidden || r.who.Kind != board.Employee):
		became = board.ActRefused
		if reads && r.route.Access == moderator || r.PostForm != nil && r.checkKey() != nil { // or another person's page was sent
			return
		}
	case fault != nil || reads || r.Context().Err() != nil:
		return
	}
	if err := s.store.Asked(context.WithoutCancel(r.Context()), r.who, r.route.Method+" "+r.route.Path, became); err != nil {
		s.log.LogAttrs(context.Background(), slog.LevelError, "a refusal is not in the audit log", slog.String("id", r.id), slog.Any("error", err))
	}
}

// readAuditFilter reads what the form of the page, and its links, put into the
// address. Errors: invalid, naming the field.
func (r *request) readAuditFilter() (f board.AuditFilter, err error) {
	f.Who, f.Whom = strings.TrimSpace(r.query("who")), strings.TrimSpace(r.query("whom"))
	for name, n := range map[string]*int64{"actor": &f.Actor, "person": &f.Person, "idea": &f.Idea, "board": &f.Board} {
		text := strings.TrimSpace(r.query(name))
		if text == "" {
			continue
		}
		if *n, err = strconv.ParseInt(text, 10, 64); err != nil || *n <= 0 {
			return f, board.FieldFault(name, "Give a number, such as 17.")
		}
	}
	for name, day := range map[string]*time.Time{"from": &f.From, "to": &f.To} {
		text := r.query(name)
		if text == "" {
			continue
		}
		if *day, err = time.ParseInLocation(time.DateOnly, text, time.Local); err != nil {
			return f, board.FieldFault(name, "Give a day as 2026-11-30.")
		}
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1) // the day itself is meant too
	}
	if a := board.Act(r.query("act")); slices.Contains(board.Acts, a) {
		f.Act = a
	}
	if o := board.Outcome(r.query("outcome")); slices.Contains(board.Outcomes, o) {
		f.Outcome = o
	}
	return f, nil
}

func (s *Server) showAudit(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	page := templates.AuditPage{Page: p, Query: map[string]string{}}
	for _, name := range templates.AuditFields {
		page.Query[name] = r.query(name)
	}
	f, err := r.readAuditFilter()
	if err == nil {
		page.Log, err = s.store.Audit(r.Context(), r.who, f, 0, r.query("after"))
	}
	if err != nil && !errors.As(err, &page.Fault) {
		return err
	}
	if page.Fault != nil && page.Fault.Code != board.Invalid {
		return err
	}
	page.Missed = s.store.AuditMissed()
	status := http.StatusOK
	if page.Fault != nil {
		status = http.StatusUnprocessableEntity
	}
	return r.pageStatus(status, templates.Audit(page))
}

// exportAudit sends the entries that the page's filter chooses, as a file that can
// be checked without a server. Who is asking and that they did is written down
// before the first byte.
func (s *Server) exportAudit(r *request) error {
	f, err := r.readAuditFilter()
	if err != nil {
		return err
	}
	format, kind, comma := chain.CSV, "text/csv; charset=utf-8", ','
	switch r.query("format") {
	case "jsonl":
		format, kind = chain.JSONLines, "application/jsonl"
	case "", "csv":
		if r.lang == "it" { // where the comma stands in numbers, spreadsheets want this
			comma = ';'
		}
	default:
		return board.Missing()
	}
	if r.Method == http.MethodHead { // nothing leaves, nothing is kept
		return r.send(http.StatusOK, []string{kind}, nil)
	}
	out := &download{r: r, name: "audit-" + r.start.Format(time.DateOnly) + "." + string(format), kind: kind}
	w, err := chain.NewWriter(out, format, comma)
	if err != nil {
		return err
	}
	if err := s.store.ExportAudit(r.Context(), r.who, f, format, w.Write); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return out.finish()
}

// download is a file that is sent while it is made. Its headers go out with its
// first bytes: until then it may still become an error.
type download struct {
	r          *request
	name, kind string
	held       []byte
}

// downloadHeld is how much is held back, to send it in one piece.
const downloadHeld = 64 << 10

func (d *download) Write(b []byte) (int, error) {
	d.held = append(d.held, b...)
	if len(d.held) < downloadHeld {
		return len(b), nil
	}
	return len(b), d.finish()
}

// finish sends what is held back.
func (d *download) finish() error {
	if d.r.w.status == 0 {
		h := d.r.w.Header()
		h["Content-Type"] = []string{d.kind}
		h["Content-Disposition"] = []string{disposition("attachment", d.name)}
		h["Cache-Control"] = []string{"no-store"}
		d.r.w.WriteHeader(http.StatusOK)
		if strings.HasPrefix(d.kind, "text/csv") {
			d.held = append([]byte("\ufeff"), d.held...) // spreadsheets read letters by it
		}
	}
	_ = http.NewResponseController(&d.r.w).SetWriteDeadline(time.Now().Add(answerTime))
	_, err := d.r.w.Write(d.held)
	d.held = d.held[:0]
	return err
}

// auditInput is what programs ask for.
type auditInput struct {
	Actor   int64     `query:"actor" doc:"who did it"`
	Person  int64     `query:"person" doc:"to whom it was done"`
	Board   int64     `query:"board"`
	Idea    int64     `query:"idea"`
	Act     string    `query:"act" doc:"such as roles.changed"`
	Outcome string    `query:"outcome" doc:"done, refused, failed"`
	From    time.Time `query:"from"`
	To      time.Time `query:"to" doc:"not itself any more"`
	Limit   int       `query:"limit"`
	Cursor  string    `query:"cursor"`
}

func (s *Server) apiAudit(ctx context.Context, who board.Who, in *auditInput) (*board.Audit, error) {
	f := board.AuditFilter{Actor: in.Actor, Person: in.Person, Board: in.Board, Idea: in.Idea,
		Act: board.Act(in.Act), Outcome: board.Outcome(in.Outcome), From: in.From, To: in.To}
	log, err := s.store.Audit(ctx, who, f, in.Limit, in.Cursor)
	return &log, err
}
