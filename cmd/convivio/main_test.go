package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convivio/store/board"
	"convivio/store/password"
)

// asProgram makes this test binary be the program, for tests that kill it.
const asProgram = "RUN_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	slog.SetDefault(slog.New(slog.DiscardHandler))
	password.Default = password.Cost{Memory: 64, Time: 1, Threads: 1}
	os.Exit(m.Run())
}

// command runs the program and returns its exit status and what it wrote.
func command(t *testing.T, stdin string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return status, out.String(), errs.String()
}

// must runs a command that has to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errs := command(t, "", args...)
	if status != 0 {
		t.Fatalf("convivio %s: status %d\n%s%s", strings.Join(args, " "), status, out, errs)
	}
	return out
}

// refuses runs a command that has to fail, saying so.
func refuses(t *testing.T, says string, args ...string) {
	t.Helper()
	status, out, errs := command(t, "", args...)
	if status == 0 || !strings.Contains(errs, says) {
		t.Errorf("convivio %s: status %d, want it to fail and say %q\n%s%s", strings.Join(args, " "), status, says, out, errs)
	}
}

func write(t *testing.T, name string, lines ...string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTheCommandLineExplainsItself(t *testing.T) {
	status, out, _ := command(t, "", "--help")
	if status != 0 || !strings.Contains(out, "serve") || !strings.Contains(out, "person add") {
		t.Errorf("--help: status %d\n%s", status, out)
	}
	if status, _, errs := command(t, ""); status != exitUsage || !strings.Contains(errs, "--help") {
		t.Errorf("no command: status %d\n%s", status, errs)
	}
	refuses(t, "unknown flag --nowhere", "check", "--nowhere")
	refuses(t, "no data folder", "check", "--data", t.TempDir())
	refuses(t, "no data folder", "token", "create", "--person", "a@example.com", "--data", t.TempDir())
}

func TestWhatSteersATerminalIsEscaped(t *testing.T) {
	if got, want := printable("a\x1b[31mb\x07\u009bc\n\td è"), `a\x1b[31mb\x07\x9bc`+"\n\td è"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// canceled is a context that has ended already.
func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestPagesGoByTheCompanysClocks(t *testing.T) {
	if time.Local != board.Zone() {
		t.Errorf("a day begins by the clock of %s, the figures of a month by that of %s", time.Local, board.Zone())
	}
}
