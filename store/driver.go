package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mattn/go-sqlite3"
)

// driverName is SQLite with $N placeholders. SQLite takes $2 for a name and
// numbers it by first appearance, so a statement whose numbers are not in
// order would bind the wrong values without a word; ?2 is taken by number. The +
// before it, which changes no value, hides the parameter from SQLite's planner:
// where it sees one compared or as a LIMIT, it plans the statement anew for every
// value bound, which costs ten times what running it does.
const driverName = "convivio-sqlite"

func init() { sql.Register(driverName, numberedDriver{&sqlite3.SQLiteDriver{}}) }

type numberedDriver struct{ *sqlite3.SQLiteDriver }

func (d numberedDriver) Open(dsn string) (driver.Conn, error) {
	c, err := d.SQLiteDriver.Open(dsn)
	if err != nil {
		return nil, err
	}
	return &numberedConn{SQLiteConn: c.(*sqlite3.SQLiteConn)}, nil
}

// numberedConn passes everything to SQLite, statements with their $N rewritten.
type numberedConn struct {
	*sqlite3.SQLiteConn
	logins bool // a statement was run that changesLogins, since this was looked at
}

// text is a statement as SQLite gets it.
func (c *numberedConn) text(query string) string {
	n := numbered(query)
	c.logins = c.logins || n.logins
	return n.text
}

func (c *numberedConn) Prepare(query string) (driver.Stmt, error) {
	return c.SQLiteConn.Prepare(c.text(query))
}

func (c *numberedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	return c.SQLiteConn.PrepareContext(ctx, c.text(query))
}

func (c *numberedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	counted(ctx)
	return c.SQLiteConn.ExecContext(ctx, c.text(query), args)
}

func (c *numberedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	counted(ctx)
	return c.SQLiteConn.QueryContext(ctx, c.text(query), args)
}

type countKey struct{}

// Counting counts the statements that are run for a context: a page must not run
// one for each row that it shows, and tests see to that.
func Counting(ctx context.Context) (counting context.Context, n *atomic.Int64) {
	n = &atomic.Int64{}
	return context.WithValue(ctx, countKey{}, n), n
}

// countedAs makes a context whose statements count for another's, as those of a verb
// do for who asked for it: the writer has a context of its own.
func countedAs(ctx, asked context.Context) context.Context {
	if n := asked.Value(countKey{}); n != nil {
		return context.WithValue(ctx, countKey{}, n)
	}
	return ctx
}

func counted(ctx context.Context) {
	if n, ok := ctx.Value(countKey{}).(*atomic.Int64); ok {
		n.Add(1)
	}
}

// prepared is a statement as SQLite gets it, and whether it changes logins.
type prepared struct {
	text   string
	logins bool
}

// rewritten keeps the statements already rewritten: they are literals in this
// package, so it stays small.
var rewritten sync.Map

func numbered(query string) prepared {
	if q, ok := rewritten.Load(query); ok {
		return q.(prepared)
	}
	q := prepared{text: query, logins: changesLogins.MatchString(query)}
	if strings.Contains(query, "$") {
		q.text = rewrite(query)
	}
	rewritten.Store(query, q)
	return q
}

// rewrite turns $N into +?N outside strings, quoted names and comments.
func rewrite(query string) string {
	out := make([]byte, 0, len(query)+16)
	for i := 0; i < len(query); i++ {
		end := i
		switch c := query[i]; {
		case c == '\'' || c == '"' || c == '`':
			end = skipTo(query, i+1, string(c))
		case c == '-' && i+1 < len(query) && query[i+1] == '-':
			end = skipTo(query, i+2, "\n")
		case c == '/' && i+1 < len(query) && query[i+1] == '*':
			end = skipTo(query, i+2, "*/") + 1
		case c == '$' && i+1 < len(query) && query[i+1] >= '1' && query[i+1] <= '9':
			out = append(out, "+?"...)
			continue
		}
		end = min(end, len(query)-1)
		out = append(out, query[i:end+1]...)
		i = end
	}
	return string(out)
}

// skipTo returns where end next begins from i on, or the end of the text. A
// doubled quote inside a string starts another string, which is skipped likewise.
func skipTo(text string, i int, end string) int {
	if n := strings.Index(text[min(i, len(text)):], end); n >= 0 {
		return i + n
	}
	return len(text)
}

// The pragmas stand in the DSN because a PRAGMA sent through a pool reaches one
// connection of many. synchronous must be FULL: with NORMAL, the driver's own
// default, a power cut loses acknowledged writes.
const (
	writerPragmas = "_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_txlock=immediate&_foreign_keys=on&_secure_delete=on&_cache_size=-65536&_stmt_cache_size=128"
	readerPragmas = "_busy_timeout=5000&_foreign_keys=on&_query_only=1&_cache_size=-16384&_stmt_cache_size=128"
)

// dsn names a database file with its pragmas.
func dsn(path, pragmas string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas
}

// checkConnection refuses a connection that would not keep what it acknowledges.
func checkConnection(ctx context.Context, db *sql.DB) error {
	var version string
	if err := db.QueryRowContext(ctx, `SELECT sqlite_version()`).Scan(&version); err != nil {
		return fmt.Errorf("ask SQLite for its version: %w", err)
	}
	var major, minor, patch int
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return fmt.Errorf("read SQLite version %q: %w", version, err)
	}
	if major*1_000_000+minor*1_000+patch < 3_051_003 {
		return fmt.Errorf("SQLite %s can lose committed data when several connections share a WAL; build with 3.51.3 or newer", version)
	}
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "secure_delete": "1"} {
		var got string
		if err := db.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil {
			return fmt.Errorf("ask SQLite for %s: %w", pragma, err)
		}
		if got != want {
			return fmt.Errorf("SQLite runs with %s=%s, want %s", pragma, got, want)
		}
	}
	return nil
}
