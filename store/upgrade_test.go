package store

import (
	"database/sql"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"convivio/store/board"
)

// released makes a data folder as the first release kept it, with rows of every
// kind: an idea of Anna's (1) with a comment of Bruno's and one of somebody who
// never signs in, an idea of Bruno's that was deleted (2).
func released(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	db, err := sql.Open(driverName, dsn(dir+"/convivio.db", writerPragmas))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	const at = 1_770_000_000_000_000
	for _, q := range []string{
		`INSERT INTO team (id, name) VALUES (1, 'Acquisti')`,
		`INSERT INTO person (id, email, name, handle, kind, team_id, created_at, last_seq) VALUES
			(1, 'anna@example.com', 'Anna', 'anna', 'employee', 1, $1, 1), (2, 'bruno@example.com', 'Bruno', 'bruno', 'employee', NULL, $1, 2),
			(3, NULL, 'Carla di una volta', 'carla', 'employee', NULL, $1, 3), (4, 'mod@example.com', 'Mara', 'mara', 'employee', NULL, $1, 4)`,
		`INSERT INTO person_role (person_id, role) VALUES (4, 'moderator')`,
		`INSERT INTO board (id, slug, name, description, visibility, ideas, waiting, created_at, last_seq) VALUES (1, 'aperta', 'Aperta', '', 'open', 1, 0, $1, 5)`,
		`INSERT INTO member (board_id, person_id, since) VALUES (1, 1, $1)`,
		`INSERT INTO idea (id, board_id, author_id, renderer, stage, votes, comments, answers, heat, created_at, answered_at, moved_seq, last_seq, title, body, html, excerpt, tags) VALUES
			(1, 1, 1, 1, 'planned', 1, 2, 1, 1, $1, $1, 12, 12, 'Una', 'testo', '<p>testo</p>', 'testo', '')`,
		`INSERT INTO idea (id, board_id, author_id, renderer, stage, heat, created_at, deleted_at, moved_seq, last_seq, title, body, html, excerpt, tags) VALUES
			(2, 1, 2, 1, 'new', 1, $1, $1, 13, 14, '', '', '', '', '')`,
		`INSERT INTO idea_version (idea_id, title, body, at) VALUES (1, 'Un', 'testo', $1)`,
		`INSERT INTO comment (id, idea_id, author_id, renderer, depth, replies, repliers, cited, created_at, added_seq, last_seq, body, html) VALUES
			(1, 1, 2, 1, 0, 1, 1, 1, $1, 7, 7, 'sì', '<p>sì</p>')`,
		`INSERT INTO comment (id, idea_id, parent_id, author_id, renderer, depth, created_at, added_seq, last_seq, body, html) VALUES
			(2, 1, 1, 3, 1, 1, $1, 8, 8, 'no', '<p>no</p>')`,
		`INSERT INTO comment_version (comment_id, body, at) VALUES (1, 'si', $1)`,
		`INSERT INTO vote (idea_id, person_id, at) VALUES (1, 4, $1)`,
		`INSERT INTO answer (id, idea_id, author_id, body, html, renderer, created_at, seq) VALUES (1, 1, 4, 'Da maggio.', '<p>Da maggio.</p>', 1, $1, 10)`,
		`INSERT INTO answer_cite (answer_id, comment_id) VALUES (1, 1)`,
		`INSERT INTO stage_change (idea_id, from_stage, to_stage, author_id, reason, at) VALUES (1, 'new', 'planned', 4, 'sì', $1)`,
		`INSERT INTO session (hash, person_id, device, created_at, seen_at, ends_at) VALUES ('x', 1, 'Firefox', $1, $1, $1)`,
		`INSERT INTO token (hash, person_id, name, created_at) VALUES ('y', 1, 'mio', $1)`,
		`INSERT INTO link (hash, purpose, person_id, created_at, ends_at) VALUES ('z', 'invite', 1, $1, $1)`,
		`INSERT INTO attempt (name, failures, last_at) VALUES ('w', 1, $1)`,
		`INSERT INTO read_mark (person_id, idea_id, seq) VALUES (2, 1, 8)`,
		`INSERT INTO idempotency (person_id, idem_key, verb, digest, result_id, seq, at) VALUES (1, 'k', 'v', 'd', 1, 6, $1)`,
		`INSERT INTO import_ref (source, kind, ref, id) VALUES ('altrove', 'person', 'p', 3)`,
	} {
		var args []any
		if strings.Contains(q, "$1") {
			args = append(args, int64(at))
		}
		if _, err := db.Exec(q, args...); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	for id := range int64(2) {
		heat, err := heatFromRows(func(q string, args ...any) (*sql.Rows, error) { return db.Query(q, args...) }, id+1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(`UPDATE idea SET heat = $1 WHERE id = $2`, heat, id+1); err != nil {
			t.Fatal(err)
		}
	}
	for seq, e := range []struct {
		kind          board.EventKind
		idea, comment int64
	}{{"person.added", 0, 0}, {"person.added", 0, 0}, {"person.added", 0, 0}, {"person.added", 0, 0}, {"board.added", 0, 0},
		{board.IdeaAdded, 1, 0}, {board.CommentAdded, 1, 1}, {board.CommentAdded, 1, 2}, {board.VoteCast, 1, 0}, {board.IdeaAnswered, 1, 0},
		{board.IdeaStaged, 1, 0}, {board.IdeaEdited, 1, 0}, {board.IdeaAdded, 2, 0}, {board.IdeaDeleted, 2, 0}} {
		if _, err := db.Exec(`INSERT INTO log (seq, at, actor_id, kind, board_id, idea_id, comment_id) VALUES ($1, $2, 1, $3, 1, $4, $5)`,
			seq+1, int64(at), string(e.kind), orNull(e.idea), orNull(e.comment)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestTheFirstReleaseIsBroughtUpToDate opens a folder of the first release and
// goes on in it: who wrote there before hears of what is said now.
func TestTheFirstReleaseIsBroughtUpToDate(t *testing.T) {
	c := &company{t: t, ctx: t.Context(), clock: &atomic.Int64{}, open: "aperta"}
	c.clock.Store(time.Now().UnixMicro())
	c.Store = c.reopen(released(t))
	t.Cleanup(func() { _ = c.Close() })
	c.clean()
	who := func(id int64, name string, roles ...board.Role) board.Who {
		return board.Who{ID: id, Name: name, Kind: board.Employee, Roles: roles}
	}
	anna, bruno, mod := who(1, "Anna"), who(2, "Bruno"), who(4, "Mara", board.Moderator)
	c.tell()
	c.hears(anna) // history is no news
	c.hears(bruno)
	said := c.reply(mod, 1, nil, "Si comincia.")
	c.hears(anna, fmt.Sprintf("commented 1/%d", said.ID))
	c.hears(bruno, fmt.Sprintf("commented 1/%d", said.ID))
	c.do(c.MoveIdea(c.ctx, mod, 1, board.Move{Stage: board.Done, Reason: "Fatta.", Measured: "Si vede."}))
	c.hears(anna, fmt.Sprintf("commented 1/%d", said.ID), "moved 1")
	if i, err := c.Idea(c.ctx, bruno, 1); err != nil || i.New != 1 || i.Seen != 8 || !i.Followed {
		t.Errorf("Bruno finds %d new after %d, follows %v, %v", i.New, i.Seen, i.Followed, err)
	}
	c.do(c.React(c.ctx, bruno, board.Said{Comment: said.ID}, board.ReactionKinds[0]))
	c.do(c.Comments(c.ctx, anna, 1, board.Best, 0, ""))
	if list, err := c.CommentVersions(c.ctx, anna, 1); err != nil || len(list) != 1 {
		t.Errorf("%d wordings, %v", len(list), err)
	}
	var stray int
	if err := c.readDB.QueryRow(`SELECT COUNT(*) FROM idea_follow WHERE idea_id = 2 OR person_id = 3`).Scan(&stray); err != nil || stray != 0 {
		t.Errorf("%d follow what is gone, or cannot sign in, %v", stray, err)
	}
	c.clean()
}
