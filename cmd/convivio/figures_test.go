package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestFiguresAreCountedAnew: without a server and beside one the sum is the same, and
// so it is after servers were killed at any moment of their first counting.
func TestFiguresAreCountedAnew(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, "import", "--data", data, bigSet(t, filepath.Join(t.TempDir(), "grande"), 3000))
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		child := exec.Command(self, "serve", "--data", data, "--listen", "localhost:0")
		child.Env = append(os.Environ(), asProgram+"=1")
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(40*i*i)*time.Millisecond, func() { _ = child.Process.Kill() })
		_ = child.Wait() // killed, and says so
	}
	rebuilt := regexp.MustCompile(`^Counted anew: [0-9,]+ counts of [0-9,]+ days\. SHA-256 of all of them: [0-9a-f]{64}\n$`)
	alone := must(t, "figures", "rebuild", "--data", data)
	if !rebuilt.MatchString(alone) || strings.Contains(alone, " 0 counts") {
		t.Errorf("got %q", alone)
	}
	s := serve(t, "--data", data)
	if beside := must(t, "figures", "rebuild", "--data", data); beside != alone {
		t.Errorf("beside a server %q, without one %q", beside, alone)
	}
	s.stop()
	if out := must(t, "check", "--data", data); !strings.Contains(out, "in order") {
		t.Error(out)
	}
	refuses(t, "is no data folder", "figures", "rebuild", "--data", t.TempDir())
}
