package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"convivio/search"
)

// reindexCommand makes the search index anew.
type reindexCommand struct{}

// Run throws the index away and builds it from the store.
func (c *reindexCommand) Run(ctx context.Context, p *program) error {
	if err := mustExist(p.folder()); err != nil {
		return err
	}
	st, err := openStore(ctx, p.folder())
	if err != nil {
		return err
	}
	index, err := search.Open(filepath.Join(st.Dir(), indexFolder), st)
	if err != nil {
		return errors.Join(fmt.Errorf("open the search index: %w", err), st.Close())
	}
	started, texts := time.Now(), 0
	show := isTerminal(p.stderr)
	err = index.Rebuild(ctx, func(n int) {
		texts = n
		if show {
			_, _ = fmt.Fprintf(p.stderr, "\r\x1b[K%s texts", grouped(n))
		}
	})
	if show {
		_, _ = fmt.Fprint(p.stderr, "\r\x1b[K")
	}
	if err = errors.Join(err, index.Close(), st.Close()); err != nil {
		return fmt.Errorf("make the search index: %w", err)
	}
	took := max(time.Since(started).Seconds(), 0.001)
	p.printf("The search index holds %s texts, made in %.1f s (%s/s).\n", grouped(texts), took, grouped(int(float64(texts)/took)))
	return nil
}
