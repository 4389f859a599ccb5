package server

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

func (s *Server) ideaRoutes() {
	s.route("GET", "/ideas/new", signedIn, s.chooseBoard)
	s.route("GET", "/boards/:slug/new", signedIn, s.showNewIdea)
	s.route("POST", "/boards/:slug/new", signedIn, s.addIdea)
	s.route("GET", "/ideas/:id", signedIn, s.showIdea)
	s.route("GET", "/ideas/:id/edit", signedIn, s.showEditIdea)
	s.route("POST", "/ideas/:id/edit", signedIn, s.editIdea)
	s.route("POST", "/ideas/:id/delete", signedIn, s.deleteIdea)
	s.route("POST", "/ideas/:id/lock", moderator, s.lockIdea(true))
	s.route("POST", "/ideas/:id/unlock", moderator, s.lockIdea(false))

	api(s, "GET", "/boards/{slug}/ideas", signedIn, "Ideas of a board", func(ctx context.Context, who board.Who, in *struct {
		SlugInput
		PageInput
		Sort  board.IdeaSort `query:"sort" enum:"growing,new,votes,breadth,unanswered,late"`
		Stage board.Stage    `query:"stage" enum:"new,in_review,planned,in_progress,done,declined,parked,withdrawn"`
	}) (*board.List[board.Idea], error) {
		return answer(s.store.Ideas(ctx, who, store.Listing{Board: in.Slug, Sort: in.Sort, Stage: in.Stage, Limit: in.Limit, Cursor: in.Cursor}))
	})
	api(s, "POST", "/boards/{slug}/ideas", signedIn, "Post an idea", func(ctx context.Context, who board.Who, in *struct {
		SlugInput
		Key  string `header:"Idempotency-Key"`
		Body board.NewIdea
	}) (*board.Idea, error) {
		return answer(s.store.AddIdea(ctx, who, in.Slug, in.Body, in.Key))
	})
	api(s, "GET", "/ideas/{id}", signedIn, "An idea", func(ctx context.Context, who board.Who, in *IDInput) (*board.Idea, error) {
		return answer(s.store.Idea(ctx, who, in.ID))
	})
	api(s, "PATCH", "/ideas/{id}", signedIn, "Edit one's idea", func(ctx context.Context, who board.Who, in *struct {
		IDInput
		Body board.IdeaChange
	}) (*board.Idea, error) {
		return answer(s.store.EditIdea(ctx, who, in.ID, in.Body))
	})
	api(s, "DELETE", "/ideas/{id}", signedIn, "Delete one's idea or, as a moderator and with a ground, somebody else's", func(ctx context.Context, who board.Who, in *RemovalInput) (*seqReply, error) {
		return seqOf(s.takeIdea(ctx, who, in.ID, in.removal()))
	})
	for method, locked := range map[string]bool{"PUT": true, "DELETE": false} {
		api(s, method, "/ideas/{id}/lock", moderator, "Close an idea to additions and changes, or open it again", func(ctx context.Context, who board.Who, in *IDInput) (*board.Idea, error) {
			return answer(s.store.LockIdea(ctx, who, in.ID, locked))
		})
	}
}

// IDInput is an id in a path of the API.
type IDInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func ideaPath(id int64) string { return "/ideas/" + strconv.FormatInt(id, 10) }

// splitTags reads tags as people type them: separated by spaces or commas.
func splitTags(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
}

func (s *Server) chooseBoard(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	if len(p.Boards) == 1 {
		return r.see(templates.NewIdeaPath(p.Boards[0].Slug, r.query("title")))
	}
	return r.page(templates.ChooseBoard(templates.ChooseBoardPage{Page: p, Title: r.query("title")}))
}

func (s *Server) showNewIdea(r *request) error {
	p, err := r.frame()
	if err != nil {
		return err
	}
	b, err := s.store.Board(r.Context(), r.who, r.param("slug"))
	if err != nil {
		return err
	}
	return r.page(templates.NewIdea(templates.NewIdeaPage{Page: p, Board: b, Form: templates.IdeaForm{Title: r.title(), Body: b.Template}}))
}

// title is what an address offers as the title of a new idea.
func (r *request) title() string {
	title := []rune(strings.ToValidUTF8(r.query("title"), "\uFFFD"))
	return string(title[:min(len(title), board.MaxTitle)])
}

// ideaForm is what the forms for an idea send.
type ideaForm struct {
	Key     string `form:"key"`
	Title   string `form:"title"`
	Body    string `form:"body"`
	Tags    string `form:"tags"`
	Preview bool   `form:"preview"`
	Draft   int64  `form:"draft"` // of a new one: that it is made of
	Was     string `form:"was"`   // of an edit or a draft: the sign of the words that were changed
}

func (f ideaForm) shown(preview *templates.PreviewPart, fault *board.Error) templates.IdeaForm {
	return templates.IdeaForm{Title: f.Title, Body: f.Body, Tags: f.Tags, Draft: f.Draft, Was: f.Was, Preview: preview, Fault: fault}
}

func (s *Server) addIdea(r *request) error {
	var in ideaForm
	var preview *templates.PreviewPart
	slug, err := r.param("slug"), r.bind(&in)
	switch {
	case err == nil && in.Preview:
		preview, err = in.preview(r)
	case err == nil:
		var idea board.Idea
		idea, err = s.store.AddIdea(r.Context(), r.who, slug, board.NewIdea{Title: in.Title, Body: in.Body, Tags: splitTags(in.Tags), Draft: in.Draft}, in.Key)
		if held := waiting(err); held != nil {
			return r.see(heldPath(held.ID))
		}
		if err == nil {
			return r.see(ideaPath(idea.ID))
		}
	}
	b, missing := s.store.Board(r.Context(), r.who, slug)
	if missing != nil {
		return missing
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		return templates.NewIdea(templates.NewIdeaPage{Page: p, Board: b, Form: in.shown(preview, fault), Similar: s.similar(r, in.Title, 0)})
	})
}

// threadPiece is how many comments a page shows at once.
const threadPiece = board.MaxPage

func (s *Server) showIdea(r *request) error {
	id, err := r.idParam("id")
	if err != nil {
		return err
	}
	upto := s.store.Head()
	if err := s.store.SeeIdea(r.Context(), r.who, id, upto); err != nil {
		return err
	}
	if err := s.ideaPage(r, id, nil, r.page); err != nil {
		return s.orDecision(r, id, err)
	}
	s.store.Opened(r.who.ID)
	// What they were told of while the page was made stands on it, and it is sent.
	if err := s.store.SeeIdea(r.Context(), r.who, id, upto); err != nil {
		slog.Warn("notices of an idea that was read stay unseen", "error", err)
	}
	return nil
}

// orDecision leads who wrote an idea that a moderator took away to what was decided and
// why, instead of saying that nothing is there.
func (s *Server) orDecision(r *request, idea int64, err error) error {
	if !isMissing(err) {
		return err
	}
	decision, ours := s.store.TakenAway(r.Context(), r.who, idea)
	switch {
	case ours != nil:
		return ours
	case decision == 0:
		return err
	}
	return r.see(judgementPath(decision))
}

// ideaPage makes the page of an idea and hands it to show. change marks a form
// that failed.
func (s *Server) ideaPage(r *request, id int64, change func(*templates.IdeaPage), show func(templ.Component) error) error {
	frame, err := r.frame()
	if err != nil {
		return err
	}
	ctx := r.Context()
	idea, err := s.store.Idea(ctx, r.who, id)
	if err != nil {
		return err
	}
	if idea.MergedInto != 0 && change != nil { // what was typed is shown where it belongs by now
		return s.ideaPage(r, idea.MergedInto, change, show)
	}
	if idea.MergedInto != 0 {
		path, err := s.survivorPath(r, idea)
		if err != nil {
			return err
		}
		return r.see(path)
	}
	if err := r.offerUndo(&frame, true); err != nil {
		return err
	}
	p := templates.IdeaPage{Page: frame, Idea: idea, Sort: r.sort()}
	if err := s.fillTold(r, &p); err != nil {
		return err
	}
	if p.Mine, err = s.mine(r, idea); err != nil {
		return err
	}
	if err = s.fillMove(r, &p); err != nil {
		return err
	}
	if err := s.fillMerged(r, &p); err != nil {
		return err
	}
	if err := s.fillThread(r, &p); err != nil {
		return err
	}
	if p.Held, err = s.store.HeldOn(ctx, r.who, id); err != nil {
		return err
	}
	if r.who.ModeratesBoard(idea.BoardID) || r.who.OwnsBoard(idea.BoardID) {
		if err := s.fillAnswer(r, &p); err != nil {
			return err
		}
	}
	if change != nil {
		change(&p)
	}
	return show(templates.Idea(p))
}

// sort is the order that the address asks for.
func (r *request) sort() board.CommentSort {
	if s := r.query("sort"); s != "" {
		return board.CommentSort(s)
	}
	return board.Best
}

// fillThread shows the piece of the thread that the address asks for, with what
// is new to the reader, and notes that they were here. Errors: invalid.
func (s *Server) fillThread(r *request, p *templates.IdeaPage) error {
	k := shapeKey{p.Idea.ID, p.Idea.ThreadSeq, p.Sort}
	sh, err := s.threads.shape(r.Context(), s.store, k)
	if err != nil {
		return err
	}
	from, err := sh.From(r.query("after"))
	if err != nil {
		return err
	}
	at, _ := strconv.ParseInt(r.query("at"), 10, 64)
	if i, ok := sh.Find(at); ok {
		from = sh.PieceWith(i, threadPiece)
	}
	html, err := s.threads.piece(r.Context(), s.store, sh, pieceKey{shapeKey: k, access: s.store.AccessHead(), lang: r.lang, from: from})
	if err != nil {
		return err
	}
	since := s.store.Visit(r.who.ID, p.Idea, p.Seq)
	v := html.see(sh, r.lang, sh.Unread(r.who.ID, since), at)
	p.Thread, p.Unread = v.thread, templates.UnreadPart{Lang: r.lang, Count: len(v.unread)}
	for n, i := range v.unread {
		here := i >= v.from && i < v.to
		if n == 0 && here {
			p.Unread.Href = anchor(sh.Nodes[i].ID)
		}
		if !here {
			p.Unread.Further = templates.SpotPath(p.Idea.ID, sh.Nodes[i].ID, p.Sort)
			break
		}
	}
	if p.Unread.Href == "" {
		p.Unread.Href = p.Unread.Further
	}
	return nil
}

// ideaAgain shows the page of an idea again with a form of it marked: with what
// is wrong or, without an error, with a preview.
func (s *Server) ideaAgain(r *request, id int64, err error, mark func(*templates.IdeaPage, *board.Error)) error {
	if err == nil {
		return s.ideaPage(r, id, func(p *templates.IdeaPage) { mark(p, nil) }, r.page)
	}
	return again(err, func(fault *board.Error) templ.Component {
		var page templ.Component = templ.NopComponent
		_ = s.ideaPage(r, id, func(p *templates.IdeaPage) { mark(p, fault) }, func(c templ.Component) error { page = c; return nil })
		return page
	})
}

func (s *Server) showEditIdea(r *request) error {
	idea, p, err := s.ownIdea(r)
	if err != nil {
		return err
	}
	return r.page(templates.EditIdea(templates.EditIdeaPage{Page: p, Idea: idea,
		Form: templates.IdeaForm{Title: idea.Title, Body: idea.Body, Tags: strings.Join(idea.Tags, " "), Was: idea.Wording()}}))
}

// ownIdea reads the idea of the address for its author. Errors: not_found, forbidden.
func (s *Server) ownIdea(r *request) (board.Idea, templates.Page, error) {
	p, err := r.frame()
	if err != nil {
		return board.Idea{}, p, err
	}
	id, err := r.idParam("id")
	if err != nil {
		return board.Idea{}, p, err
	}
	idea, err := s.store.Idea(r.Context(), r.who, id)
	if err == nil && idea.Author.ID != r.who.ID {
		err = board.Fault(board.Forbidden, "Only the author can edit this.")
	}
	return idea, p, err
}

// meanwhile tells whether an edit was of words that were changed since.
func meanwhile(fault *board.Error) bool { return fault != nil && fault.Field == "was" }

func (s *Server) editIdea(r *request) error {
	idea, _, err := s.ownIdea(r)
	if err != nil {
		return err
	}
	var in ideaForm
	var preview *templates.PreviewPart
	err = r.bind(&in)
	switch {
	case err == nil && in.Preview:
		preview, err = in.preview(r)
	case err == nil:
		tags := splitTags(in.Tags)
		if _, err = s.store.EditIdea(r.Context(), r.who, idea.ID, board.IdeaChange{Title: &in.Title, Body: &in.Body, Tags: &tags, Was: in.Was}); err == nil {
			return r.see(ideaPath(idea.ID))
		}
	}
	return r.again(err, func(p templates.Page, fault *board.Error) templ.Component {
		form := in.shown(preview, fault)
		if meanwhile(fault) {
			if now, err := s.store.Idea(r.Context(), r.who, idea.ID); err == nil {
				form.Was, form.Meanwhile = now.Wording(), &board.Version{Title: now.Title, Body: now.Body}
			}
		}
		return templates.EditIdea(templates.EditIdeaPage{Page: p, Idea: idea, Form: form})
	})
}

// keyForm is a form that sends nothing but its key.
type keyForm struct {
	Key string `form:"key"`
}

// pressed reads a form of nothing but its key, and the id of the address.
func (r *request) pressed() (int64, error) {
	var in keyForm
	if err := r.bind(&in); err != nil {
		return 0, err
	}
	return r.idParam("id")
}

func (s *Server) deleteIdea(r *request) error {
	id, why, err := r.removal()
	if err != nil {
		return err
	}
	idea, err := s.store.Idea(r.Context(), r.who, id)
	if err != nil {
		return err
	}
	if idea.Author.ID != r.who.ID && why.Ground != "" {
		made, _, err := s.store.TakeDown(r.Context(), r.who, id, 0, why)
		if err != nil {
			return err
		}
		return r.see("/boards/" + idea.Board + "?decided=" + strconv.FormatInt(made, 10))
	}
	if _, err := s.store.DeleteIdea(r.Context(), r.who, id); err != nil {
		return err
	}
	return r.see("/boards/" + idea.Board + "?deleted=" + strconv.FormatInt(id, 10))
}

func (s *Server) lockIdea(locked bool) handler {
	return func(r *request) error {
		id, err := r.pressed()
		if err != nil {
			return err
		}
		if _, err := s.store.LockIdea(r.Context(), r.who, id, locked); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		return r.see(ideaPath(id))
	}
}
