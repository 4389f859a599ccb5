package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"convivio/store/board"
	"convivio/store/language"
	"convivio/store/markdown"
)

// An import brings conversations from elsewhere, with their own dates and
// authors. Every row remembers where it came from, in the transaction that
// writes it, so an interrupted import goes on without doubling anything.

// ImportBoard, ImportPerson, ImportIdea, ImportComment and ImportVote are rows
// of an import; Ref is the row's id in the source.
type (
	ImportBoard  struct{ Ref, Name, Description, Lang string }
	ImportPerson struct{ Ref, Name string }
	ImportIdea   struct {
		Ref, Board, Author, Title, Body string
		Tags                            []string
		Lang, Status                    string
		Votes                           int // without voters
		At                              time.Time
	}
	ImportComment struct {
		Ref, Idea, Parent, Author, Body string
		At                              time.Time
	}
	ImportVote struct {
		Idea, Person string
		At           time.Time
	}
)

// Import writes rows from one source. It is not safe for concurrent use.
type Import struct {
	store  *Store
	source string
	known  map[importKey]int64 // rows known to be saved: most rows point to few others
}

type importKey struct{ kind, ref string }

// ImportFrom begins or goes on with an import from a source, named for ever.
func (s *Store) ImportFrom(source string) *Import {
	return &Import{s, source, map[importKey]int64{}}
}

// Begin and End keep in the audit log that an import was made, and what it added,
// by kind of row.
func (im *Import) Begin(ctx context.Context) error {
	return im.store.auditAlone(ctx, 0, act{kind: board.ImportBegunAct, after: countAudit{Source: im.source}})
}

// End is said of an import that came to its end, or broke off.
func (im *Import) End(ctx context.Context, added map[string]int, became board.Outcome) error {
	return im.store.auditAlone(ctx, 0, act{kind: board.ImportEndedAct, outcome: became, after: countAudit{im.source, added}})
}

// errUnknownRef says that a row points to one that was not imported.
type errUnknownRef struct{ kind, ref string }

func (e errUnknownRef) Error() string { return fmt.Sprintf("%s %q was not imported", e.kind, e.ref) }

// ref finds the id an imported row got; found is false when it was not imported yet.
func (im *Import) ref(tx *Tx, kind, ref string) (id int64, found bool, err error) {
	err = tx.row(`SELECT id FROM import_ref WHERE source = $1 AND kind = $2 AND ref = $3`, im.source, kind, ref).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("look for imported %s %q: %w", kind, ref, err)
	}
	return id, true, nil
}

// need is ref for rows that must be there.
func (im *Import) need(tx *Tx, kind, ref string) (int64, error) {
	if id, ok := im.known[importKey{kind, ref}]; ok {
		return id, nil
	}
	id, found, err := im.ref(tx, kind, ref)
	if err == nil && !found {
		err = errUnknownRef{kind, ref}
	}
	return id, err
}

// IdeaRefs tells which row of the source each imported idea is.
func (im *Import) IdeaRefs(ctx context.Context) (map[int64]string, error) {
	rows, err := im.store.readDB.QueryContext(ctx, `SELECT id, ref FROM import_ref WHERE source = $1 AND kind = 'idea'`, im.source)
	if err != nil {
		return nil, fmt.Errorf("list imported ideas: %w", err)
	}
	refs := map[int64]string{}
	_, err = collect(rows, func(rows *sql.Rows) (struct{}, error) {
		var id int64
		var ref string
		err := rows.Scan(&id, &ref)
		refs[id] = ref
		return struct{}{}, err
	})
	return refs, err
}

func (im *Import) keep(tx *Tx, kind, ref string, id int64) error {
	_, err := tx.exec(`INSERT INTO import_ref (source, kind, ref, id) VALUES ($1, $2, $3, $4)`, im.source, kind, ref, id)
	if err != nil {
		return fmt.Errorf("remember imported %s %q: %w", kind, ref, err)
	}
	return nil
}

// each runs add for every row not imported before, all in one verb, and counts them.
func each[T any](ctx context.Context, im *Import, kind string, rows []T, ref func(T) string, add func(*Tx, T) (int64, error)) (added int, err error) {
	fresh := make(map[importKey]int64, len(rows))
	_, err = im.store.write(ctx, 0, func(tx *Tx) error {
		added = 0
		for _, r := range rows {
			_, found, err := im.ref(tx, kind, ref(r))
			if err != nil {
				return err
			}
			if found {
				continue
			}
			id, err := add(tx, r)
			if err != nil {
				return fmt.Errorf("import %s %q: %w", kind, ref(r), err)
			}
			if err := im.keep(tx, kind, ref(r), id); err != nil {
				return err
			}
			fresh[importKey{kind, ref(r)}] = id
			added++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	maps.Copy(im.known, fresh)
	return added, nil
}

// Boards writes open boards; their addresses are made from their names.
func (im *Import) Boards(ctx context.Context, rows []ImportBoard) (int, error) {
	return each(ctx, im, "board", rows, func(b ImportBoard) string { return b.Ref }, func(tx *Tx, b ImportBoard) (int64, error) {
		slug, err := tx.freeSlug(b.Name)
		if err != nil {
			return 0, err
		}
		lang := b.Lang
		if checkLang(lang) != nil {
			lang = ""
		}
		id, err := tx.addBoard(board.Who{}, board.NewBoard{Slug: slug, Name: b.Name, Description: b.Description, Visibility: board.Open, Lang: lang})
		if err == nil { // nobody here promised an answer to what was said elsewhere
			_, err = tx.exec(`UPDATE board SET answer_time = 0 WHERE id = $1`, id)
		}
		return id, err
	})
}

// freeSlug makes an address no board has from a name.
func (tx *Tx) freeSlug(name string) (string, error) {
	base := strings.Trim(foldedName(name, '-'), "-")
	if len(base) > 50 {
		base = strings.TrimRight(base[:50], "-")
	}
	if len(base) < 2 {
		base = "board"
	}
	for n := 1; ; n++ {
		slug := base
		if n > 1 {
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		var taken int
		if err := tx.row(`SELECT COUNT(*) FROM board WHERE slug = $1`, slug).Scan(&taken); err != nil {
			return "", fmt.Errorf("look for board %s: %w", slug, err)
		}
		if taken == 0 && slug != "new" {
			return slug, nil
		}
	}
}

// People writes authors who cannot sign in.
func (im *Import) People(ctx context.Context, rows []ImportPerson) (int, error) {
	return each(ctx, im, "person", rows, func(p ImportPerson) string { return p.Ref }, func(tx *Tx, p ImportPerson) (int64, error) {
		return tx.addPerson(board.NewPerson{Name: p.Name, Kind: board.Employee})
	})
}

// Texts over today's limits are kept whole and shown as plain paragraphs.
func importedWords(body string) words {
	html, err := markdown.Render("body", body)
	if err != nil {
		html = markdown.Paragraphs(body)
	}
	return words{body: body, html: html}
}

// Rendered is an imported idea or comment with its text rendered: rendering is
// done before rows go to the writer, by as many goroutines as there are processors.
type Rendered[T any] struct {
	Row  T
	text ideaText
}

// RenderIdea prepares an idea.
func RenderIdea(i ImportIdea) Rendered[ImportIdea] {
	t := ideaText{words: importedWords(i.Body), title: i.Title}
	t.excerpt = markdown.Excerpt(t.html, excerptRunes)
	t.lang = i.Lang
	if t.lang == "" {
		t.lang = language.Of(i.Title+"\n"+i.Body, "")
	}
	for _, tag := range i.Tags {
		if one, err := board.Tags([]string{tag}); err == nil && len(one) == 1 && len(strings.Fields(t.tags)) < board.MaxTags {
			t.tags = strings.TrimSpace(t.tags + " " + one[0])
		}
	}
	return Rendered[ImportIdea]{i, t}
}

// RenderComment prepares a comment.
func RenderComment(c ImportComment) Rendered[ImportComment] {
	t := importedWords(c.Body)
	t.lang = language.Of(c.Body, "")
	return Rendered[ImportComment]{c, ideaText{words: t}}
}

// StageOfStatus reads what other systems call their stages. What is not known
// here, or not said, is new.
func StageOfStatus(status string) (stage board.Stage, known bool) {
	status = strings.ToLower(strings.TrimSpace(status))
	if stage, known = stageOfStatus[status]; known {
		return stage, true
	}
	return board.New, status == "" || status == string(board.New) || status == "open"
}

var stageOfStatus = map[string]board.Stage{
	"resolved": board.Done, "completed": board.Done, "done": board.Done, "complete": board.Done, "result": board.Done,
	"accepted": board.Planned, "planned": board.Planned, "project": board.Planned,
	"started": board.InProgress, "in_progress": board.InProgress,
	"rejected": board.Declined, "declined": board.Declined,
	"closed": board.Parked, "archived": board.Parked, "chiusa": board.Parked,
	"retired": board.Withdrawn, "withdrawn": board.Withdrawn,
	"under_review": board.InReview, "evaluating": board.InReview,
}

// Ideas writes ideas with their own dates. An empty author is somebody unnamed.
func (im *Import) Ideas(ctx context.Context, rows []Rendered[ImportIdea]) (int, error) {
	return each(ctx, im, "idea", rows, func(i Rendered[ImportIdea]) string { return i.Row.Ref }, func(tx *Tx, i Rendered[ImportIdea]) (int64, error) {
		boardID, err := im.need(tx, "board", i.Row.Board)
		if err != nil {
			return 0, err
		}
		author, err := im.author(tx, i.Row.Author)
		if err != nil {
			return 0, err
		}
		tx.Now, tx.actor = micros(i.Row.At), author
		id, err := tx.addIdea(boardID, author, i.text, i.Row.Votes)
		if err != nil {
			return 0, err
		}
		stage, _ := StageOfStatus(i.Row.Status)
		if stage == board.New {
			return id, nil
		}
		return id, tx.step(target{board: boardID, stage: board.New}, id, author, board.Move{Stage: stage})
	})
}

// author finds who wrote a row; nobody in the source is one person named so.
func (im *Import) author(tx *Tx, ref string) (int64, error) {
	if ref != "" {
		return im.need(tx, "person", ref)
	}
	id, found, err := im.ref(tx, "person", "")
	if found || err != nil {
		return id, err
	}
	id, err = tx.addPerson(board.NewPerson{Name: "Anonymous (" + im.source + ")", Kind: board.Employee})
	if err != nil {
		return 0, err
	}
	return id, im.keep(tx, "person", "", id)
}

// Comments writes comments with their own dates; parents before their replies.
func (im *Import) Comments(ctx context.Context, rows []Rendered[ImportComment]) (int, error) {
	return each(ctx, im, "comment", rows, func(c Rendered[ImportComment]) string { return c.Row.Ref }, func(tx *Tx, c Rendered[ImportComment]) (int64, error) {
		idea, err := im.need(tx, "idea", c.Row.Idea)
		if err != nil {
			return 0, err
		}
		author, err := im.author(tx, c.Row.Author)
		if err != nil {
			return 0, err
		}
		out := board.Comment{Idea: idea, Author: board.Author{ID: author}}
		if c.Row.Parent != "" {
			parent, err := im.need(tx, "comment", c.Row.Parent)
			if err != nil {
				return 0, err
			}
			out.ParentID = &parent
		}
		var t target
		if err := tx.row(`SELECT board_id, author_id, heat FROM idea WHERE id = $1`, idea).Scan(&t.board, &t.author, &t.heat); err != nil {
			return 0, fmt.Errorf("read idea %d: %w", idea, err)
		}
		tx.Now, tx.actor = micros(c.Row.At), author
		err = tx.addComment(t, &out, c.text.words)
		return out.ID, err
	})
}

// Votes writes votes whose voters are known; a vote that is there already is left alone.
func (im *Import) Votes(ctx context.Context, rows []ImportVote) (added int, err error) {
	_, err = im.store.write(ctx, 0, func(tx *Tx) error {
		added = 0
		for _, v := range rows {
			idea, err := im.need(tx, "idea", v.Idea)
			if err != nil {
				return err
			}
			person, err := im.need(tx, "person", v.Person)
			if err != nil {
				return err
			}
			tx.Now = micros(v.At)
			var t target
			if err := tx.row(`SELECT board_id, heat FROM idea WHERE id = $1`, idea).Scan(&t.board, &t.heat); err != nil {
				return fmt.Errorf("read idea %d: %w", idea, err)
			}
			fresh, err := tx.addVote(t, idea, person)
			if err != nil {
				return err
			}
			if fresh {
				added++
			}
		}
		return nil
	})
	return added, err
}
