package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// progress shows how far a long command has come: a bar on a terminal, now and
// then a line elsewhere.
type progress struct {
	out      io.Writer
	terminal bool
	total    int

	mu      sync.Mutex
	what    string
	done    int
	started time.Time
	recent  []sample // the last few seconds, for the rate
	quit    chan struct{}
	ended   chan struct{}
}

type sample struct {
	at   time.Time
	done int
}

// How often a terminal is drawn, how often a line is written elsewhere, and how
// long a stretch the rate is taken from.
const (
	drawEvery   = 200 * time.Millisecond
	lineEvery   = 10 * time.Second
	rateStretch = 8 * time.Second
)

// newProgress begins to show progress towards total rows. End it with close.
func newProgress(out io.Writer, total int) *progress {
	p := &progress{out: out, terminal: isTerminal(out), total: total, started: time.Now(),
		quit: make(chan struct{}), ended: make(chan struct{})}
	go p.show()
	return p
}

// isTerminal tells whether somebody is looking.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS) // #nosec G115 -- a file descriptor
	return err == nil
}

// now says what is being done.
func (p *progress) now(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what = what
}

// add counts rows that are done.
func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
}

// close stops showing, and takes the bar away.
func (p *progress) close() {
	close(p.quit)
	<-p.ended
}

func (p *progress) show() {
	defer close(p.ended)
	every := lineEvery
	if p.terminal {
		every = drawEvery
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case at := <-tick.C:
			line := p.line(at)
			if p.terminal {
				line = "\r\x1b[K" + line
			} else {
				line += "\n"
			}
			_, _ = io.WriteString(p.out, line)
		case <-p.quit:
			if p.terminal {
				_, _ = io.WriteString(p.out, "\r\x1b[K")
			}
			return
		}
	}
}

// line is the present state in words.
func (p *progress) line(at time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.recent = append(p.recent, sample{at, p.done})
	for len(p.recent) > 2 && at.Sub(p.recent[1].at) > rateStretch {
		p.recent = p.recent[1:]
	}
	from := p.recent[0]
	if len(p.recent) == 1 {
		from = sample{p.started, 0}
	}
	rate := 0.0
	if took := at.Sub(from.at).Seconds(); took > 0 {
		rate = float64(p.done-from.done) / took
	}
	left := "time left unknown"
	if rate > 0 {
		left = clock(time.Duration(float64(p.total-p.done)/rate*float64(time.Second))) + " left"
	}
	share := 1.0
	if p.total > 0 {
		share = float64(p.done) / float64(p.total)
	}
	bar := ""
	if p.terminal {
		const width = 24
		full := int(share * width)
		bar = "[" + strings.Repeat("#", full) + strings.Repeat("-", width-full) + "] "
	}
	return fmt.Sprintf("%-8s %s%3.0f %%  %s of %s rows, %s/s, %s", p.what, bar, share*100,
		grouped(p.done), grouped(p.total), grouped(int(rate)), left)
}

// clock writes a duration as minutes and seconds.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// grouped writes a number with its thousands apart.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
