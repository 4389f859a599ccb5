package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"convivio/search"
	"convivio/store/board"
)

// postgres answers with PostgreSQL's full text search: a stored tsvector with a
// GIN index, websearch's own parser of all words, ts_rank. It is spoken to
// through psql, whose \timing tells how long an answer took over a socket.
type postgres struct {
	psql *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Scanner
	seen string // boards, as an array
	lang string // dictionary: english or italian
}

// psql makes a process that speaks to a database.
func psql(ctx context.Context, dsn string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "psql", append([]string{"-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", dsn}, args...)...) // #nosec G204 -- of who runs the bench
}

const pgTables = `DROP TABLE IF EXISTS convivio_bench;
	CREATE UNLOGGED TABLE convivio_bench (id int PRIMARY KEY, idea int NOT NULL, top boolean NOT NULL, board int NOT NULL, stage text NOT NULL, year int NOT NULL, title text NOT NULL, body text NOT NULL, words tsvector);`

// pgIndex adds what is searched; a tsvector holds no more than a megabyte.
const pgIndex = `
	UPDATE convivio_bench SET words = setweight(to_tsvector('%[1]s', title), 'A') || setweight(to_tsvector('%[1]s', left(body, 150000)), 'D');
	VACUUM (FULL, ANALYZE) convivio_bench;
	CREATE INDEX ON convivio_bench USING gin (words); VACUUM (ANALYZE) convivio_bench;`

// openPostgres fills a table from the texts of a store, unless it is there
// already with the same mark, and begins to speak.
func openPostgres(ctx context.Context, dsn string, st search.Source, who board.Who, lang, mark string) (*postgres, error) {
	if err := fillPostgres(ctx, dsn, st, lang, mark); err != nil {
		return nil, err
	}
	seen, err := st.SeenBoards(ctx, who)
	if err != nil {
		return nil, err
	}
	p := &postgres{psql: psql(ctx, dsn), lang: lang}
	var ids []string
	for _, b := range seen {
		ids = append(ids, strconv.FormatInt(b.ID, 10))
	}
	p.seen = "'{" + strings.Join(ids, ",") + "}'"
	if p.in, err = p.psql.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.psql.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.psql.Stderr = p.psql.Stdout // errors stand among the rows and are seen there
	p.out = bufio.NewScanner(out)
	p.out.Buffer(nil, 1<<20)
	if err := p.psql.Start(); err != nil {
		return nil, fmt.Errorf("start psql: %w", err)
	}
	_, _, err = p.say("\\set ON_ERROR_STOP off\n\\timing on\nSET client_min_messages = warning; SET jit = off; SET work_mem = '64MB'; SET statement_timeout = '" + fmt.Sprint(longestAsk.Milliseconds()) + "ms';")
	return p, err
}

func fillPostgres(ctx context.Context, dsn string, st search.Source, lang, mark string) error {
	done, err := psql(ctx, dsn, "-c", "SELECT obj_description('convivio_bench'::regclass)").Output()
	if err == nil && strings.TrimSpace(string(done)) == mark {
		return nil
	}
	if text, err := psql(ctx, dsn, "-c", pgTables).CombinedOutput(); err != nil {
		return fmt.Errorf("make a table in PostgreSQL: %w: %s", err, text)
	}
	copying := psql(ctx, dsn, "-c", "COPY convivio_bench (id, idea, top, board, stage, year, title, body) FROM STDIN")
	in, err := copying.StdinPipe()
	if err != nil {
		return err
	}
	var said strings.Builder
	copying.Stderr = &said
	if err := copying.Start(); err != nil {
		return fmt.Errorf("start psql: %w", err)
	}
	w, n := bufio.NewWriterSize(in, 1<<20), 0
	err = eachText(ctx, st, func(d board.Document, body string) error {
		n++
		_, err := fmt.Fprintf(w, "%d\t%d\t%v\t%d\t%s\t%d\t%s\t%s\n", n, d.Idea, d.Part == board.InText, d.Board, d.Stage,
			time.UnixMicro(d.At).UTC().Year(), copied.Replace(d.Title), copied.Replace(body+" "+d.Tags))
		return err
	})
	if err = errors.Join(err, w.Flush(), in.Close(), copying.Wait()); err != nil {
		return fmt.Errorf("copy texts to PostgreSQL: %w: %s", err, said.String())
	}
	for s := range strings.SplitSeq(fmt.Sprintf(pgIndex, lang)+"COMMENT ON TABLE convivio_bench IS '"+mark+"'", ";") {
		args := []string{"-c", "SET maintenance_work_mem = '1GB'", "-c", s}
		if text, err := psql(ctx, dsn, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("index texts in PostgreSQL: %w: %s", err, text)
		}
	}
	return nil
}

// copied writes a text as COPY reads it.
var copied = strings.NewReplacer("\\", `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`, "\x00", "")

// said marks the end of an answer.
const said = "end of the answer"

// say sends a statement and reads its answer: how many rows, and how long all took.
func (p *postgres) say(statement string) (took time.Duration, rows int, err error) {
	if _, err := io.WriteString(p.in, statement+"\n\\echo "+said+"\n"); err != nil {
		return 0, 0, fmt.Errorf("ask PostgreSQL: %w", err)
	}
	late := false
	for p.out.Scan() {
		line := p.out.Text()
		if line == said && late {
			return longestAsk, 0, err // at least: counted so
		}
		if line == said {
			return took, rows, err
		}
		switch timed, ok := strings.CutPrefix(line, "Time: "); {
		case ok:
			ms, _, _ := strings.Cut(timed, " ")
			f, e := strconv.ParseFloat(ms, 64)
			took += time.Duration(f * float64(time.Millisecond))
			err = errors.Join(err, e)
		case strings.HasPrefix(line, "ERROR:") && strings.Contains(line, "statement timeout"):
			late = true
		case strings.HasPrefix(line, "ERROR:"):
			err = fmt.Errorf("ask PostgreSQL: %s", line)
		default:
			rows++
		}
	}
	return 0, 0, errors.Join(errors.New("psql ended"), p.out.Err(), err)
}

func (p *postgres) ask(_ context.Context, a ask) (time.Duration, int, error) {
	q := fmt.Sprintf("websearch_to_tsquery('%s', '%s')", p.lang, strings.Join(a.words, " "))
	from, limit := " AND board = ANY ("+p.seen+"::int[])", hitsAsked
	switch a.kind {
	case typing:
		q = fmt.Sprintf("to_tsquery('%s', '%s')", p.lang, strings.Join(append(append([]string{}, a.words...), a.begin+":*"), " & "))
	case question, alikeTitle, alikeIdea:
		q = fmt.Sprintf("to_tsquery('%s', '%s')", p.lang, strings.Join(distinct(a.words), " | "))
	}
	if a.kind == alikeTitle || a.kind == alikeIdea {
		from, limit = from+fmt.Sprintf(" AND top AND idea <> %d", a.idea), alikeAsked
	}
	from = fmt.Sprintf(" FROM convivio_bench, %s q WHERE words @@ q", q) + from
	statement := fmt.Sprintf("SELECT id, idea, title%s ORDER BY ts_rank(words, q) DESC LIMIT %d;", from, limit)
	took, rows, err := p.say(statement)
	if err != nil || a.kind != counting {
		return took, rows, err
	}
	more, _, err := p.say("SELECT board, stage, year, count(*) FROM (SELECT board, stage, year" + from +
		" LIMIT 10000) f GROUP BY GROUPING SETS ((board), (stage), (year));")
	return took + more, rows, err
}

func (p *postgres) close() error { return errors.Join(p.in.Close(), p.psql.Wait()) }

// cluster is a PostgreSQL of this run's own, reached through a socket in its folder.
type cluster struct {
	dir, bin string
	as       *syscall.SysProcAttr
}

// beginCluster makes a cluster in a folder, or starts the one that is there.
func beginCluster(ctx context.Context, dir string) (*cluster, error) {
	tool, err := exec.LookPath("initdb")
	if _, e := exec.LookPath("psql"); err != nil || e != nil {
		return nil, fmt.Errorf("PostgreSQL is %w: initdb and psql stand nowhere in PATH", errAbsent)
	}
	if tool, err = filepath.EvalSymlinks(tool); err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, bin: filepath.Dir(tool)}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	if os.Geteuid() == 0 { // it refuses root
		uid, gid := someoneElse()
		c.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			return nil, err
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); err != nil {
		if err := c.run(ctx, "initdb", "-D", filepath.Join(dir, "data"), "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
			return nil, err
		}
	}
	_ = os.Remove(filepath.Join(dir, "data", "postmaster.pid")) // of a run that was cut off
	settings := "-c listen_addresses= -c unix_socket_directories=" + dir + " -c shared_buffers=2GB -c effective_cache_size=8GB -c fsync=off -c max_wal_size=8GB -c random_page_cost=1.1 -c autovacuum=off"
	return c, c.run(ctx, "pg_ctl", "-D", filepath.Join(dir, "data"), "-l", filepath.Join(dir, "log"), "-w", "-o", settings, "start")
}

func (c *cluster) run(ctx context.Context, tool string, args ...string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, tool), args...) // #nosec G204 -- PostgreSQL's own tools
	cmd.SysProcAttr, cmd.Dir = c.as, c.dir
	log, err := os.CreateTemp("", "convivio-bench-") // a pipe would stay open as long as the server runs
	if err != nil {
		return err
	}
	defer os.Remove(log.Name())
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w: %s", tool, err, text)
	}
	return nil
}

// database is where a size's table stands.
func (c *cluster) database(ctx context.Context, name string) (string, error) {
	dsn := "host=" + c.dir + " user=bench dbname="
	there, err := psql(ctx, dsn+"postgres", "-c", "SELECT 1 FROM pg_database WHERE datname = '"+name+"'").CombinedOutput()
	if err == nil && strings.TrimSpace(string(there)) == "" {
		there, err = psql(ctx, dsn+"postgres", "-c", "CREATE DATABASE "+name).CombinedOutput()
	}
	if err != nil {
		return "", fmt.Errorf("make a database in PostgreSQL: %w: %s", err, there)
	}
	return dsn + name, nil
}

func (c *cluster) end() {
	if c != nil {
		_ = c.run(context.Background(), "pg_ctl", "-D", filepath.Join(c.dir, "data"), "-m", "fast", "-w", "stop")
	}
}
