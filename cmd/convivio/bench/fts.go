package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"convivio/search"
	"convivio/store/board"
)

// errNoFTS says how to have SQLite FTS5 measured.
var errNoFTS = fmt.Errorf("%w: this program was built without SQLite FTS5; build it with -tags sqlite_fts5, as make bench does", errAbsent)

// fts answers with SQLite FTS5 as its documentation advises: text and title in
// an external content table, ordered by its own rank, which lets it stop at the
// limit, beginnings of 2 to 4 letters indexed, and what the reader may see joined.
type fts struct{ db *sql.DB }

const ftsTables = `
	CREATE TABLE post (id INTEGER PRIMARY KEY, idea INTEGER NOT NULL, top INTEGER NOT NULL, board INTEGER NOT NULL, stage TEXT NOT NULL, year INTEGER NOT NULL);
	CREATE TABLE body (id INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL);
	CREATE TABLE seen (board INTEGER PRIMARY KEY);
	CREATE VIRTUAL TABLE words USING fts5(title, body, content='body', content_rowid='id', tokenize='%s', prefix='2 3 4');
	INSERT INTO words(words, rank) VALUES ('rank', 'bm25(4.0, 1.0)');`

// ftsTokens are the ways to cut words that suit Italian and English.
var ftsTokens = [...]string{"unicode61 remove_diacritics 2", "porter unicode61 remove_diacritics 2"}

// openFTS makes the database from the texts of a store, or opens what was made before.
func openFTS(ctx context.Context, path, tokens string, st search.Source, who board.Who) (_ *fts, err error) {
	_, there := os.Stat(path)
	target := path
	if there != nil {
		target = path + ".half"
		_ = os.Remove(target)
	}
	db, err := ftsDB(target)
	if err != nil {
		return nil, err
	}
	if there == nil {
		return &fts{db}, nil
	}
	if err = errors.Join(fillFTS(ctx, db, tokens, st, who), db.Close()); err != nil {
		_ = os.Remove(target)
		return nil, err
	}
	if err := os.Rename(target, path); err != nil {
		return nil, fmt.Errorf("keep the database of FTS5: %w", err)
	}
	db, err = ftsDB(path)
	return &fts{db}, err
}

func ftsDB(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite3", "file:"+url.PathEscape(path)+"?_journal_mode=OFF&_synchronous=OFF&_cache_size=-262144")
	if err != nil {
		return nil, fmt.Errorf("open the database of FTS5: %w", err)
	}
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`PRAGMA mmap_size = 8589934592`)
	return db, err
}

func fillFTS(ctx context.Context, db *sql.DB, tokens string, st search.Source, who board.Who) error {
	if _, err := db.ExecContext(ctx, fmt.Sprintf(ftsTables, tokens)); err != nil {
		if strings.Contains(err.Error(), "no such module: fts5") {
			return errNoFTS
		}
		return fmt.Errorf("make the tables of FTS5: %w", err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	n := 0
	err = eachText(ctx, st, func(d board.Document, body string) error {
		n++
		if _, err := tx.ExecContext(ctx, `INSERT INTO post VALUES (?, ?, ?, ?, ?, ?)`, n, d.Idea, d.Part == board.InText, d.Board, string(d.Stage), time.UnixMicro(d.At).UTC().Year()); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO body VALUES (?, ?, ?)`, n, d.Title, body+" "+d.Tags)
		return err
	})
	if err != nil {
		return fmt.Errorf("fill the tables of FTS5: %w", err)
	}
	seen, err := st.SeenBoards(ctx, who)
	if err != nil {
		return err
	}
	for _, b := range seen {
		if _, err := tx.ExecContext(ctx, `INSERT INTO seen VALUES (?)`, b.ID); err != nil {
			return err
		}
	}
	for _, s := range []string{`INSERT INTO words(words) VALUES ('rebuild')`, `INSERT INTO words(words) VALUES ('optimize')`} {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("build the index of FTS5: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `ANALYZE`)
	return err
}

const (
	ftsSearch = `SELECT p.id, p.idea, b.title, substr(b.body, 1, 300) FROM words JOIN post p ON p.id = words.rowid JOIN body b ON b.id = p.id
		WHERE words MATCH ?1 AND p.board IN (SELECT board FROM seen) ORDER BY rank LIMIT ?2`
	ftsAlike = `SELECT p.id, p.idea, b.title, '' FROM words JOIN post p ON p.id = words.rowid JOIN body b ON b.id = p.id
		WHERE words MATCH ?1 AND p.top = 1 AND p.idea <> ?3 AND p.board IN (SELECT board FROM seen) ORDER BY rank LIMIT ?2`
	ftsCount = `WITH found AS MATERIALIZED (SELECT p.board, p.stage, p.year FROM words JOIN post p ON p.id = words.rowid
			WHERE words MATCH ?1 AND p.board IN (SELECT board FROM seen) LIMIT 10000)
		SELECT COUNT(*), 0, board, '' FROM found GROUP BY board UNION ALL SELECT COUNT(*), 0, stage, '' FROM found GROUP BY stage
		UNION ALL SELECT COUNT(*), 0, year, '' FROM found GROUP BY year`
)

func (f *fts) ask(ctx context.Context, a ask) (took time.Duration, hits int, err error) {
	began := time.Now()
	switch a.kind {
	case alikeTitle, alikeIdea:
		hits, err = f.rows(ctx, ftsAlike, ftsAny(a), alikeAsked, a.idea)
	case question:
		hits, err = f.rows(ctx, ftsSearch, ftsAny(a), hitsAsked)
	default:
		hits, err = f.rows(ctx, ftsSearch, ftsAll(a), hitsAsked)
		if err == nil && a.kind == counting {
			_, err = f.rows(ctx, ftsCount, ftsAll(a))
		}
	}
	return time.Since(began), hits, err
}

// rows runs a statement to its end, as our own are: to be able to cut it short takes time, too.
func (f *fts) rows(ctx context.Context, query string, args ...any) (n int, err error) {
	rows, err := f.db.QueryContext(context.WithoutCancel(ctx), query, args...)
	if err != nil {
		return 0, fmt.Errorf("ask FTS5: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, idea int64
		var title, text string
		if err := rows.Scan(&id, &idea, &title, &text); err != nil {
			return n, fmt.Errorf("read from FTS5: %w", err)
		}
		n++
	}
	return n, rows.Err()
}

// ftsAll asks for all words, the last by its beginning.
func ftsAll(a ask) string {
	var all []string
	for _, w := range a.words {
		all = append(all, `"`+w+`"`)
	}
	if a.begin != "" {
		all = append(all, `"`+a.begin+`"*`)
	}
	return strings.Join(all, " AND ")
}

// ftsAny asks for any of the words.
func ftsAny(a ask) string { return `"` + strings.Join(distinct(a.words), `" OR "`) + `"` }

func (f *fts) close() error { return f.db.Close() }
