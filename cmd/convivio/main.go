// Command convivio serves a company's ideas and conversations from one data
// folder, and looks after that folder. Every command is a file of this package.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"convivio/store"
	"convivio/store/board"
)

// The exit statuses: what was asked for did not work, or was not understood.
const (
	exitFailed = 1
	exitUsage  = 2
)

// Many a server runs in UTC: pages, days and figures go by the company's clocks all
// the same.
func init() { time.Local = board.Zone() }

func main() {
	slog.SetDefault(slog.New(logHandler(os.Stderr)))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks to stop, the second one ends the program at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// logHandler writes JSON lines, and plainer ones where somebody is looking.
func logHandler(w io.Writer) slog.Handler {
	if isTerminal(w) {
		return slog.NewTextHandler(w, nil)
	}
	return slog.NewJSONHandler(w, nil)
}

// cli is the command line. Flags marked as settings may also stand in the
// environment and in the configuration file.
type cli struct {
	Config  configFile       `help:"File with settings: JSON, or lines of key = value; keys are the names of flags." placeholder:"FILE"`
	Data    string           `help:"Data folder (./data; with serve --demo ./data-demo)." placeholder:"DIR" setting:""`
	Version kong.VersionFlag `help:"Print the version."`

	Serve      serveCommand      `cmd:"" help:"Serve the pages and the API."`
	Person     personCommand     `cmd:"" help:"Add people, and let them in again."`
	Token      tokenCommand      `cmd:"" help:"Make keys for programs."`
	Import     importCommand     `cmd:"" help:"Bring conversations from elsewhere (JSON lines)."`
	Document   documentCommand   `cmd:"" help:"Print a document on privacy: the notice, what is collected, drafts of the agreement and the impact assessment."`
	Audit      auditCommand      `cmd:"" help:"Prove that the audit log is what was written."`
	Check      checkCommand      `cmd:"" help:"Look for damage in the data folder and its index."`
	Figures    figuresCommand    `cmd:"" help:"Count anew what figures follow."`
	Reindex    reindexCommand    `cmd:"" help:"Make the search index anew."`
	Backup     backupCommand     `cmd:"" help:"Write a checked copy of the database and its files, also while serving."`
	Restore    restoreCommand    `cmd:"" help:"Make a new data folder from a backup."`
	SearchEval searchEvalCommand `cmd:"" help:"Score the search by questions whose answers are known."`
	Bench      benchCommand      `cmd:"" help:"Measure what this machine serves, beside its limits."`

	BenchBare    benchBareCommand    `cmd:"" hidden:""` // processes of a bench
	BenchSockets benchSocketsCommand `cmd:"" hidden:""`
}

// program is what every command has at hand.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	data           string // the data folder as given, or ""
}

// folder is the data folder a command works on.
func (p *program) folder() string {
	if p.data == "" {
		return "data"
	}
	return p.data
}

// printf writes to standard output. A reader that went away is no failure of
// what was done.
func (p *program) printf(format string, args ...any) { _, _ = fmt.Fprintf(p.stdout, format, args...) }

// run is the whole program: tests start it like the operating system does. It
// returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	p := &program{stdin: stdin, stdout: stdout, stderr: stderr}
	var grammar cli
	settings := newSettings(os.Environ())
	ended := -1 // by --help or --version
	parser, err := kong.New(&grammar,
		kong.Name("convivio"),
		kong.Description("A company's conversations become ideas, and its ideas become decisions people can find again."),
		kong.UsageOnError(),
		kong.Writers(stdout, stderr),
		kong.Exit(func(status int) { ended = max(ended, status) }),
		kong.Resolvers(settings),
		kong.Bind(settings, p),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Vars{"version": version()},
	)
	if err != nil {
		panic(err) // the grammar above is wrong
	}
	command, err := parser.Parse(args)
	if ended >= 0 {
		return ended
	}
	if err != nil {
		complain(stderr, err)
		_, _ = fmt.Fprintln(stderr, "convivio --help lists the commands, convivio COMMAND --help their flags.")
		return exitUsage
	}
	p.data = grammar.Data
	if err := command.Run(); err != nil {
		complain(stderr, err)
		return exitFailed
	}
	return 0
}

// errSilent fails a command that has said already what is wrong.
var errSilent = errors.New("said already")

func complain(stderr io.Writer, err error) {
	if !errors.Is(err, errSilent) {
		_, _ = fmt.Fprintln(stderr, "convivio:", printable(err.Error()))
	}
}

// printable escapes what could steer a terminal.
func printable(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if (r < ' ' && r != '\n' && r != '\t') || r >= 0x7f && r < 0xa0 {
			out = append(out, []rune(fmt.Sprintf("\\x%02x", r))...)
			continue
		}
		out = append(out, r)
	}
	return string(out)
}

// source is what git calls the source that the program was built from, as make sets it.
var source string

func version() string {
	if source != "" {
		return source
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// isDemo tells whether a folder holds a demo's data.
func isDemo(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "demo"))
	return err == nil
}

// openStore opens a data folder for a command, a demo's as what it is.
func openStore(ctx context.Context, dir string) (*store.Store, error) {
	return store.Open(ctx, store.Options{Dir: dir, Demo: isDemo(dir)})
}

// mustExist refuses a folder that holds no data, where it would make no sense to
// begin one.
func mustExist(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "convivio.db")); err != nil {
		return fmt.Errorf("%s is no data folder of Convivio (it has no convivio.db); give the folder with --data", dir)
	}
	return nil
}
