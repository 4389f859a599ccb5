package main

import (
	"context"
	"fmt"
	"os"

	"convivio/cmd/convivio/bench"
)

// benchCommand measures this machine. It works in a folder of its own and
// touches no other.
type benchCommand struct {
	Short  bool   `help:"Fewer rounds and no long run: about a minute."`
	Import string `help:"Load a folder of conversations first." placeholder:"DIR"`
	Dir    string `help:"Where to make the folder for the run; on the disk to be measured." placeholder:"DIR"`

	Figures bool   `xor:"part" help:"Measure figures alone: a company of fifty thousand people and two years."`
	Admin   bool   `xor:"part" help:"Measure the pages of administrators and moderators alone: 50,000 people, 10,000 items to review."`
	Search  string `xor:"part" help:"Measure search alone, on a folder of conversations, beside SQLite FTS5 and PostgreSQL." placeholder:"DIR"`

	Sizes    []int  `help:"How many posts search is measured among, smallest first; what the folder does not have is made of copies in other words. Default: 100000,300000,1000000." placeholder:"N"`
	Keep     string `help:"Leave what search is measured on in this folder, and take it from there the next time." placeholder:"DIR"`
	Judged   string `help:"Judged queries over the demo company, a JSON object a line, that search is scored by beside FTS5." placeholder:"FILE"`
	Postgres string `help:"A PostgreSQL database that may be written to; otherwise initdb makes a server for the run." placeholder:"DSN"`
}

// Run measures and prints the table; it fails when a target is missed.
func (c *benchCommand) Run(ctx context.Context, p *program) error {
	binary, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	part := bench.Everything
	switch {
	case c.Admin:
		part = bench.Administration
	case c.Figures:
		part = bench.Figures
	case c.Search != "":
		part = bench.Search
	}
	return bench.Run(ctx, bench.Options{Binary: binary, Short: c.Short, Import: c.Import, Dir: c.Dir, Part: part, Out: p.stdout, Progress: p.stderr,
		Find: bench.FindOptions{Set: c.Search, Sizes: c.Sizes, Keep: c.Keep, Judged: c.Judged, Postgres: c.Postgres}})
}

// benchBareCommand is the server that stands for the limit.
type benchBareCommand struct {
	Listen string `required:"" placeholder:"ADDR"`
}

// Run serves until it is told to stop.
func (c *benchBareCommand) Run(ctx context.Context) error { return bench.Bare(ctx, c.Listen) }

// benchSocketsCommand holds the sockets of the live figures.
type benchSocketsCommand struct{}

// Run reads a plan from standard input and writes what it found out.
func (c *benchSocketsCommand) Run(ctx context.Context, p *program) error {
	return bench.Sockets(ctx, p.stdin, p.stdout)
}
