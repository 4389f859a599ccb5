package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"convivio/store/board"
	"convivio/store/markdown"
)

// announced keeps the announcements that are not over: every page asks for them.
type announced struct {
	mu     sync.Mutex
	access int64 // AccessHead they were read at
	read   bool
	list   []board.Announcement
}

// Announcements lists what stands at the top of somebody's pages now: those of
// their boards, and for employees those for everyone; not what they put away. It
// asks no rows while nothing is announced. What cannot be read is not announced.
func (s *Store) Announcements(ctx context.Context, who board.Who) []board.Announcement {
	list, err := s.announced(ctx)
	now := s.now()
	list = slices.DeleteFunc(slices.Clone(list), func(a board.Announcement) bool {
		return now.Before(a.From) || !now.Before(a.Until) || a.Board == "" && who.Kind != board.Employee
	})
	if len(list) > 0 && err == nil {
		var away []int64
		away, err = s.putAway(ctx, who.ID)
		list = slices.DeleteFunc(list, func(a board.Announcement) bool { return slices.Contains(away, a.ID) })
	}
	if err != nil && ctx.Err() == nil {
		slog.Warn("announcements cannot be read", "error", err)
	}
	return list
}

func (s *Store) putAway(ctx context.Context, person int64) ([]int64, error) {
	rows, err := s.readDB.QueryContext(ctx, `SELECT announcement_id FROM announcement_away WHERE person_id = $1`, person)
	if err != nil {
		return nil, fmt.Errorf("read what was put away: %w", err)
	}
	return collect(rows, scanID)
}

// announced are the announcements that were not over when something changed last.
func (s *Store) announced(ctx context.Context) ([]board.Announcement, error) {
	access := s.AccessHead()
	k := &s.announcing
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.read && k.access == access {
		return k.list, nil
	}
	list, err := s.readAnnouncements(ctx, `WHERE a.until_at > $1 ORDER BY a.from_at DESC, a.id DESC`, micros(s.now()))
	if err != nil {
		return k.list, err
	}
	k.list, k.access, k.read = list, access, true
	return list, nil
}

func (s *Store) readAnnouncements(ctx context.Context, tail string, args ...any) ([]board.Announcement, error) {
	// #nosec G202 -- tail is a literal of this file
	rows, err := s.readDB.QueryContext(ctx, `
		SELECT a.id, COALESCE(b.slug, ''), a.from_at, a.until_at, p.id, p.name, x.lang, x.body, x.html
		FROM announcement a JOIN person p ON p.id = a.author_id JOIN announcement_text x ON x.announcement_id = a.id
		LEFT JOIN board b ON b.id = a.board_id `+tail, args...)
	if err != nil {
		return nil, fmt.Errorf("read announcements: %w", err)
	}
	var list []board.Announcement
	_, err = collect(rows, func(rows *sql.Rows) (a board.Announcement, err error) {
		var lang string
		var from, until int64
		var text board.AnnouncementText
		if err := rows.Scan(&a.ID, &a.Board, &from, &until, &a.By.ID, &a.By.Name, &lang, &text.Body, &text.HTML); err != nil {
			return a, err
		}
		if n := len(list); n == 0 || list[n-1].ID != a.ID {
			a.From, a.Until, a.Texts = at(from), at(until), map[string]board.AnnouncementText{}
			list = append(list, a)
		}
		list[len(list)-1].Texts[lang] = text
		return a, nil
	})
	return list, err
}

// announcementsListed is how many the page of administrators shows.
const announcementsListed = 30

// AllAnnouncements lists what was announced, the latest first; what is on boards
// that who does not see is left out. Only for administrators. Errors: forbidden.
func (s *Store) AllAnnouncements(ctx context.Context, who board.Who) ([]board.Announcement, error) {
	if err := adminsOnly(who); err != nil {
		return nil, err
	}
	return s.readAnnouncements(ctx, `WHERE a.id IN (
			SELECT n.id FROM announcement n LEFT JOIN board b ON b.id = n.board_id WHERE n.board_id IS NULL OR `+sees+` ORDER BY n.id DESC LIMIT $3)
		ORDER BY a.id DESC`, string(who.Kind), who.ID, announcementsListed)
}

// Announce puts a text at the top of pages for a time. Only administrators may.
// Errors: forbidden, not_found for a board out of sight, invalid (fields text, until).
func (s *Store) Announce(ctx context.Context, who board.Who, in board.NewAnnouncement) (int64, error) {
	if err := adminsOnly(who); err != nil {
		return 0, err
	}
	now := s.now()
	if in.From.IsZero() {
		in.From = now
	}
	if !in.Until.After(in.From) || !in.Until.After(now) {
		return 0, board.FieldFault("until", "Choose an end that is still to come, and after the beginning.")
	}
	texts, err := announcementTexts(in.Texts)
	if err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		var boardID int64
		if in.Board != "" {
			if boardID, err = tx.boardFor(who, in.Board); err != nil {
				return err
			}
		}
		id, err := tx.insert(`INSERT INTO announcement (board_id, author_id, created_at, from_at, until_at) VALUES ($1, $2, $3, $4, $5) RETURNING id`,
			orNull(boardID), who.ID, tx.Now, micros(in.From), micros(in.Until))
		if err != nil {
			return fmt.Errorf("announce: %w", err)
		}
		for lang, t := range texts {
			if _, err := tx.exec(`INSERT INTO announcement_text (announcement_id, lang, body, html) VALUES ($1, $2, $3, $4)`, id, lang, t.Body, t.HTML); err != nil {
				return fmt.Errorf("announce in %s: %w", lang, err)
			}
		}
		if _, err := tx.record(board.AnnouncementAdded, about{subject: id}); err != nil {
			return err
		}
		return tx.audit(act{kind: board.AnnouncedAct, board: boardID, after: announcementState{id, in.From.UTC().Format(time.RFC3339), in.Until.UTC().Format(time.RFC3339)}})
	})
}

// announcementState is what the audit log keeps of an announcement.
type announcementState struct {
	ID    int64  `json:"id"`
	From  string `json:"from,omitempty"`
	Until string `json:"until,omitempty"`
}

// announcementTexts checks and renders the texts that are there.
func announcementTexts(in map[string]string) (map[string]board.AnnouncementText, error) {
	out := map[string]board.AnnouncementText{}
	for lang, body := range in {
		if err := checkLang(lang); err != nil {
			return nil, err
		}
		body, err := board.Text("text", body, board.MaxAnnouncement, false)
		if err != nil {
			return nil, err
		}
		if body == "" {
			continue
		}
		html, err := markdown.Render("text", body)
		if err != nil {
			return nil, err
		}
		out[lang] = board.AnnouncementText{Body: body, HTML: html}
	}
	if len(out) == 0 {
		return nil, board.FieldFault("text", "Write the announcement in one language at least.")
	}
	return out, nil
}

// EndAnnouncement takes an announcement down. Ending it again changes nothing.
// Errors: forbidden, not_found.
func (s *Store) EndAnnouncement(ctx context.Context, who board.Who, id int64) (int64, error) {
	if err := adminsOnly(who); err != nil {
		return 0, err
	}
	return s.write(ctx, who.ID, func(tx *Tx) error {
		if err := tx.admin(who); err != nil {
			return err
		}
		var until int64
		err := tx.row(`SELECT n.until_at FROM announcement n LEFT JOIN board b ON b.id = n.board_id WHERE n.id = $3 AND (n.board_id IS NULL OR `+sees+`)`,
			string(who.Kind), who.ID, id).Scan(&until)
		if err != nil {
			return missingIfNone(err, "find announcement %d", id)
		}
		if until <= tx.Now {
			return nil
		}
		if _, err := tx.exec(`UPDATE announcement SET until_at = $1 WHERE id = $2`, tx.Now, id); err != nil {
			return fmt.Errorf("end announcement %d: %w", id, err)
		}
		if _, err := tx.record(board.AnnouncementEnded, about{subject: id}); err != nil {
			return err
		}
		return tx.audit(act{kind: board.AnnouncementEndAct, after: announcementState{ID: id}})
	})
}

// PutAnnouncementAway keeps an announcement off somebody's own pages. Nobody
// learns who did.
func (s *Store) PutAnnouncementAway(ctx context.Context, who board.Who, id int64) error {
	return s.note(ctx, statement{`
		INSERT INTO announcement_away (person_id, announcement_id) SELECT $1, $2
		WHERE EXISTS (SELECT 1 FROM announcement a WHERE a.id = $2) ON CONFLICT DO NOTHING`, []any{who.ID, id}})
}
