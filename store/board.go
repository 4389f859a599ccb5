package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"convivio/store/board"
)

const boardColumns = `b.id, b.slug, b.name, b.description, b.template, b.visibility, b.lang, b.ideas,
	b.waiting, b.answer_time, b.answer_unit,
	EXISTS (SELECT 1 FROM member m WHERE m.board_id = b.id AND m.person_id = $2),
	EXISTS (SELECT 1 FROM board_follow f WHERE f.board_id = b.id AND f.person_id = $2),
	b.created_at, b.last_seq`

func scanBoard(row interface{ Scan(...any) error }) (b board.Board, err error) {
	var created int64
	err = row.Scan(&b.ID, &b.Slug, &b.Name, &b.Description, &b.Template, &b.Visibility, &b.Lang, &b.Ideas, &b.Unanswered, &b.AnswerTime.Time, &b.AnswerTime.Unit, &b.Member, &b.Followed, &created, &b.Seq)
	b.CreatedAt = at(created)
	return b, err
}

// Boards lists the boards somebody may see, by name.
func (s *Store) Boards(ctx context.Context, who board.Who) ([]board.Board, error) {
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT `+boardColumns+`
		FROM board b WHERE `+sees+` ORDER BY b.name, b.id`, string(who.Kind), who.ID)
	if err != nil {
		return nil, fmt.Errorf("list boards: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (board.Board, error) { return scanBoard(rows) })
}

// Board reads one board. Errors: not_found.
func (s *Store) Board(ctx context.Context, who board.Who, slug string) (board.Board, error) {
	b, err := scanBoard(s.readDB.QueryRowContext(ctx, `
		SELECT `+boardColumns+`
		FROM board b WHERE b.slug = $3 AND `+sees, string(who.Kind), who.ID, slug))
	if err == nil && b.Unanswered > 0 && b.AnswerTime.Time > 0 {
		b.Late, err = s.lateOn(ctx, b.ID)
	}
	return b, missingIfNone(err, "read board %s", slug)
}

// checkBoard checks what an admin gave and returns it tidied. An address left
// empty is made later. Errors: invalid.
func checkBoard(in board.NewBoard) (board.NewBoard, error) {
	var err error
	if in.Slug != "" {
		if in.Slug, err = board.Slug(in.Slug); err != nil {
			return in, err
		}
	}
	if in.Name, err = board.Line("name", in.Name, board.MaxName, true); err != nil {
		return in, err
	}
	if in.Description, err = board.Text("description", in.Description, board.MaxDescription, false); err != nil {
		return in, err
	}
	if in.Template, err = board.Text("template", in.Template, board.MaxTemplate, false); err != nil {
		return in, err
	}
	if in.Visibility == "" {
		in.Visibility = board.Open
	}
	if err = checkVisibility(in.Visibility); err != nil {
		return in, err
	}
	return in, checkLang(in.Lang)
}

func checkVisibility(v board.Visibility) error {
	if v != board.Open && v != board.Private {
		return board.FieldFault("visibility", "A board is either open or private.")
	}
	return nil
}

// checkLang takes any language's code: which ones the pages speak is theirs to know.
func checkLang(lang string) error {
	for _, r := range lang {
		if r < 'a' || r > 'z' || len(lang) < 2 || len(lang) > 3 {
			return board.FieldFault("lang", "A language is named by its code, such as it or en, or left empty.")
		}
	}
	return nil
}

// AddBoard creates a board; its creator becomes a member of a private one. An
// address left empty is made from the name.
// Errors: forbidden, invalid, conflict when the slug is taken.
func (s *Store) AddBoard(ctx context.Context, who board.Who, in board.NewBoard, key string) (board.Board, error) {
	if err := adminsOnly(who); err != nil {
		return board.Board{}, err
	}
	in, err := checkBoard(in)
	if err != nil {
		return board.Board{}, err
	}
	o, err := newOnce(who, key, "AddBoard", in)
	if err != nil {
		return board.Board{}, err
	}
	_, err = s.write(ctx, who.ID, func(tx *Tx) error {
		id, _, found, err := tx.earlier(o)
		if err == nil && found {
			err = tx.row(`SELECT slug FROM board WHERE id = $1`, id).Scan(&in.Slug)
		}
		if found || err != nil {
			return err
		}
		if in.Slug == "" {
			if in.Slug, err = tx.freeSlug(in.Name); err != nil {
				return err
			}
		}
		if id, err = tx.addBoard(who, in); err != nil {
			return err
		}
		return tx.remember(o, id)
	})
	if err != nil {
		return board.Board{}, err
	}
	return s.Board(ctx, who, in.Slug)
}

func (tx *Tx) addBoard(who board.Who, in board.NewBoard) (int64, error) {
	var taken int
	if err := tx.row(`SELECT COUNT(*) FROM board WHERE slug = $1`, in.Slug).Scan(&taken); err != nil {
		return 0, fmt.Errorf("look for board %s: %w", in.Slug, err)
	}
	if taken > 0 {
		return 0, board.Fault(board.Conflict, "There is already a board with this address. Choose another one.").On("slug")
	}
	id, err := tx.insert(`
		INSERT INTO board (slug, name, description, template, visibility, lang, created_at, last_seq)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
		in.Slug, in.Name, in.Description, in.Template, string(in.Visibility), in.Lang, tx.Now, tx.nextSeq())
	if err != nil {
		return 0, fmt.Errorf("insert board: %w", err)
	}
	if _, err := tx.record(board.BoardAdded, about{board: id}); err != nil {
		return 0, err
	}
	if err := tx.audit(act{kind: board.BoardAddedAct, board: id, after: boardState{in.Slug, in.Name, in.Visibility, in.Lang}}); err != nil {
		return 0, err
	}
	if in.Visibility == board.Private {
		if err := tx.join(id, who.ID); err != nil {
			return 0, err
		}
	}
	return id, nil
}

// ChangeBoard alters a board. An admin who makes it private becomes a member.
// Errors: forbidden, not_found, invalid.
func (s *Store) ChangeBoard(ctx context.Context, who board.Who, slug string, c board.BoardChange) (board.Board, error) {
	if err := adminsOnly(who); err != nil {
		return board.Board{}, err
	}
	_, err := s.write(ctx, who.ID, func(tx *Tx) error {
		id, err := tx.boardFor(who, slug)
		if err != nil {
			return err
		}
		in := board.NewBoard{Slug: slug}
		if err := tx.row(`SELECT name, description, template, visibility, lang FROM board WHERE id = $1`, id).
			Scan(&in.Name, &in.Description, &in.Template, &in.Visibility, &in.Lang); err != nil {
			return fmt.Errorf("read board %s: %w", slug, err)
		}
		old := in
		setIf(&in.Name, c.Name)
		setIf(&in.Description, c.Description)
		setIf(&in.Template, c.Template)
		setIf(&in.Visibility, c.Visibility)
		setIf(&in.Lang, c.Lang)
		if in, err = checkBoard(in); err != nil || in == old {
			return err
		}
		if old.Visibility == board.Private && in.Visibility == board.Open && !strings.EqualFold(strings.TrimSpace(c.Confirm), strings.TrimSpace(old.Name)) {
			return board.FieldFault("confirm", "Everybody could read then what the members wrote for each other. Give the board's name to confirm it. Nothing was changed.")
		}
		if err := tx.changeBoard(who, id, in); err != nil {
			return err
		}
		return tx.audit(act{kind: board.BoardChangedAct, board: id, before: boardState{slug, old.Name, old.Visibility, old.Lang}, after: boardState{slug, in.Name, in.Visibility, in.Lang}})
	})
	if err != nil {
		return board.Board{}, err
	}
	return s.Board(ctx, who, slug)
}

// boardState is what the audit log keeps of a board, without its texts.
type boardState struct {
	Slug       string           `json:"slug"`
	Name       string           `json:"name"`
	Visibility board.Visibility `json:"visibility"`
	Lang       string           `json:"lang,omitempty"`
}

func (tx *Tx) changeBoard(who board.Who, id int64, in board.NewBoard) error {
	seq, err := tx.record(board.BoardChanged, about{board: id})
	if err != nil {
		return err
	}
	if _, err := tx.exec(`UPDATE board SET name = $1, description = $2, template = $3, visibility = $4, lang = $5, last_seq = $6 WHERE id = $7`,
		in.Name, in.Description, in.Template, string(in.Visibility), in.Lang, seq, id); err != nil {
		return fmt.Errorf("change board: %w", err)
	}
	if in.Visibility == board.Private {
		return tx.join(id, who.ID)
	}
	return nil
}

func setIf[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}
