package main

import (
	"context"

	"convivio/store"
)

// figuresCommand looks after what figures are made of.
type figuresCommand struct {
	Rebuild figuresRebuildCommand `cmd:"" help:"Count anew how often what was done, day by day, from ideas, comments and votes themselves."`
}

// figuresRebuildCommand counts what was done anew, beside a server or without one.
type figuresRebuildCommand struct{}

// Run counts, and prints a sum that is the same as long as the same stands. Months
// that are closed stay as they were published.
func (c *figuresRebuildCommand) Run(ctx context.Context, p *program) error {
	if err := mustExist(p.folder()); err != nil {
		return err
	}
	var t store.Tally
	out, err := askOrOpen(ctx, p, linkBase{}, order{Tally: true})
	if err != nil {
		return err
	}
	if out.Tally != nil {
		t = *out.Tally
	}
	p.printf("Counted anew: %s counts of %s days. SHA-256 of all of them: %s\n", grouped(t.Counts), grouped(t.Days), t.Sum)
	return nil
}
