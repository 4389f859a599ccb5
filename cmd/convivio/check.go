package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"convivio/search"
	"convivio/store"
)

// indexFolder is where the search index stands in a data folder.
const indexFolder = "index"

// checkCommand looks for damage.
type checkCommand struct{}

// Run prints a sentence for each fault, and fails when there is one. Beside a
// server the index is compared by the server, which has it open.
func (c *checkCommand) Run(ctx context.Context, p *program) error {
	if err := mustExist(p.folder()); err != nil {
		return err
	}
	faults, err := check(ctx, p)
	if err != nil {
		return fmt.Errorf("check %s: %w", p.folder(), err)
	}
	for _, f := range faults {
		p.printf("%s\n", printable(f))
	}
	if len(faults) > 0 {
		p.printf("%s has %d faults. Keep a copy of the folder as it is before you do anything about them.\n", p.folder(), len(faults))
		return errSilent
	}
	p.printf("%s is in order.\n", p.folder())
	return nil
}

func check(ctx context.Context, p *program) ([]string, error) {
	out, err := ask(ctx, p.folder(), order{Check: true})
	switch {
	case err == nil:
		faults, err := checkBeside(ctx, p.folder())
		return slices.Concat(faults, out.Faults), err
	case !errors.Is(err, errNoServer):
		return nil, err
	}
	st, err := openStore(ctx, p.folder())
	var inUse *store.InUseError
	if errors.As(err, &inUse) {
		p.printf("Another command has the folder open, so the search index was not looked at.\n")
		return checkBeside(ctx, p.folder())
	}
	if err != nil {
		return nil, err
	}
	faults, err := checkAlone(ctx, st)
	return faults, errors.Join(err, st.Close())
}

// checkBeside checks the database while somebody else writes to it.
func checkBeside(ctx context.Context, dir string) ([]string, error) {
	st, err := store.OpenReader(ctx, dir)
	if err != nil {
		return nil, err
	}
	faults, err := st.Check(ctx)
	return faults, errors.Join(err, st.Close())
}

// checkAlone checks the database, and its index where there is one.
func checkAlone(ctx context.Context, st *store.Store) ([]string, error) {
	dir := filepath.Join(st.Dir(), indexFolder)
	if _, err := os.Stat(dir); err != nil || st.Lost() > 0 { // an index of events that are gone is evidence: leave it alone
		return st.Check(ctx)
	}
	index, err := search.Open(dir, st)
	if err != nil {
		return nil, fmt.Errorf("open the search index: %w", err)
	}
	st.Witness(index.Cursor())
	faults, err := st.Check(ctx)
	if err == nil {
		var more []string
		more, err = index.Check(ctx)
		faults = append(faults, more...)
	}
	return faults, errors.Join(err, index.Close())
}
