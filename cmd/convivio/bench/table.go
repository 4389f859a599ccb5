package bench

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// figure is a line of the table: what was measured, of us and of the limit.
type figure struct {
	name, ours, bare, ratio, target string
	missed                          bool
}

// table gathers the figures of a run.
type table struct {
	figures []figure
}

// say adds a figure that has no target.
func (t *table) say(name, ours, bare, ratio string) {
	t.figures = append(t.figures, figure{name: name, ours: ours, bare: bare, ratio: ratio})
}

// hold adds a figure that is to reach a target.
func (t *table) hold(name, ours, bare, ratio, target string, reached bool) {
	t.figures = append(t.figures, figure{name, ours, bare, ratio, target, !reached})
}

// missed is how many targets were not reached.
func (t *table) missed() (n int) {
	for _, f := range t.figures {
		if f.missed {
			n++
		}
	}
	return n
}

// print writes the figures in columns.
func (t *table) print(out io.Writer) {
	rows := [][6]string{{"figure", "ours", "bare", "ratio", "target", ""}}
	for _, f := range t.figures {
		verdict := ""
		switch {
		case f.missed:
			verdict = "MISSED"
		case f.target != "":
			verdict = "ok"
		}
		rows = append(rows, [6]string{f.name, f.ours, f.bare, f.ratio, f.target, verdict})
	}
	var width [6]int
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", width[i]-len([]rune(cell)))
			if i == 0 || i == len(row)-1 {
				line.WriteString(cell + space + "  ")
				continue
			}
			line.WriteString(space + cell + "  ")
		}
		fmt.Fprintln(out, strings.TrimRight(line.String(), " "))
	}
}

// facts is what the figures depend on besides the program.
func facts(dir string) ([]string, error) {
	sync, err := syncTime(dir)
	if err != nil {
		return nil, err
	}
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return nil, fmt.Errorf("ask for the kernel's name: %w", err)
	}
	return []string{
		fmt.Sprintf("%s, %d cores (%s), load generator and servers share them; load before the run %s",
			time.Now().UTC().Format(time.DateOnly), runtime.NumCPU(), firstOf("/proc/cpuinfo", "model name"), firstWord("/proc/loadavg")),
		fmt.Sprintf("%s %s/%s, Linux %s, %s of memory", runtime.Version(), runtime.GOOS, runtime.GOARCH,
			unix.ByteSliceToString(u.Release[:]), firstOf("/proc/meminfo", "MemTotal")),
		fmt.Sprintf("data on %s, one fsync of 4 KiB takes %s (median of %d)", fileSystem(dir), millis(sync), syncs),
	}, nil
}

// firstOf is the value of the first line of a file that begins with a name.
func firstOf(path, name string) string {
	f, err := os.Open(path) // #nosec G304 -- two files of /proc
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func firstWord(path string) string {
	text, err := os.ReadFile(path) // #nosec G304 -- a file of /proc
	if words := strings.Fields(string(text)); err == nil && len(words) > 0 {
		return words[0]
	}
	return "unknown"
}

// fileSystem names the file system a folder is on. What is synced in memory is not durable.
func fileSystem(dir string) string {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return "an unknown file system"
	}
	switch s.Type {
	case unix.TMPFS_MAGIC, unix.RAMFS_MAGIC:
		return "a file system in MEMORY (choose a disk with --dir: nothing is durable here)"
	case unix.EXT4_SUPER_MAGIC:
		return "ext4"
	case unix.XFS_SUPER_MAGIC:
		return "xfs"
	case unix.BTRFS_SUPER_MAGIC:
		return "btrfs"
	case unix.OVERLAYFS_SUPER_MAGIC:
		return "overlayfs"
	}
	return fmt.Sprintf("file system %#x", s.Type)
}

// syncs is how often syncTime asks.
const syncs = 51

// syncTime is how long the disk takes to make 4 KiB durable.
func syncTime(dir string) (time.Duration, error) {
	path := filepath.Join(dir, "sync")
	f, err := os.Create(path) // #nosec G304 -- in this run's own folder
	if err != nil {
		return 0, fmt.Errorf("make a file: %w", err)
	}
	defer os.Remove(path)
	defer f.Close()
	var took []time.Duration
	block := make([]byte, 4<<10)
	for range syncs {
		start := time.Now()
		if _, err := f.Write(block); err != nil {
			return 0, fmt.Errorf("write: %w", err)
		}
		if err := f.Sync(); err != nil {
			return 0, fmt.Errorf("sync: %w", err)
		}
		took = append(took, time.Since(start))
	}
	return percentile(took, 0.5), nil
}

// stages tells whoever waits what is being measured.
type stages struct{ out io.Writer }

func (s stages) say(ctx context.Context, format string, args ...any) error {
	fmt.Fprintf(s.out, "%s  "+format+"\n", append([]any{time.Now().Format(time.TimeOnly)}, args...)...)
	return ctx.Err()
}
