package bench

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"convivio/search"
	"convivio/store/board"
)

// longestAsk is when an answer is not waited for any longer, as in the product.
const longestAsk = 5 * time.Second

// errAbsent says that somebody to be compared with is not on this machine.
var errAbsent = errors.New("not here")

// searcher is somebody who answers questions: we, or somebody we are compared with.
type searcher interface {
	// ask answers a question as far as the reader may see, twenty hits at most
	// (four of what is similar), and tells how long that took and how many it found.
	ask(ctx context.Context, a ask) (took time.Duration, hits int, err error)
	close() error
}

// rivals are those we are compared with, in the order of the table.
var rivals = [...]string{"FTS5", "PostgreSQL"}

// rival fills somebody we are compared with. Errors: errAbsent.
func (f *finder) rival(ctx context.Context, name, home string, st search.Source, who board.Who) (searcher, error) {
	if name == "FTS5" {
		return openFTS(ctx, filepath.Join(home, "fts.db"), ftsTokens[0], st, who)
	}
	lang := "english"
	if f.set.made {
		lang = "italian"
	}
	dsn, err := f.Postgres, error(nil)
	if dsn == "" {
		if f.pg == nil {
			if f.pg, err = beginCluster(ctx, filepath.Join(f.dir, "postgres")); err != nil {
				return nil, err
			}
		}
		if dsn, err = f.pg.database(ctx, "bench_"+filepath.Base(home)); err != nil {
			return nil, err
		}
	}
	return openPostgres(ctx, dsn, st, who, lang, fmt.Sprintf("%s %s", lang, filepath.Base(home)))
}

// ours is the product's own way from a question to its answer: sight, index,
// order, the texts read from the store again, passages and facets.
type ours struct {
	index *search.Index
	who   board.Who
}

func (o ours) ask(ctx context.Context, a ask) (time.Duration, int, error) {
	began := time.Now()
	switch a.kind {
	case alikeTitle, alikeIdea:
		hits, err := o.index.Similar(ctx, o.who, a.text, a.idea, alikeAsked)
		return time.Since(began), len(hits), err
	}
	found, err := o.index.Search(ctx, o.who, board.Query{Q: a.text, Lang: "en", Limit: hitsAsked})
	if found.Rebuilding {
		err = errors.Join(err, errors.New("the index is not whole: what it answers is no measure"))
	}
	return time.Since(began), len(found.Hits), err
}

func (o ours) close() error { return o.index.Close() }

// How many hits are asked for.
const (
	hitsAsked  = 20
	alikeAsked = 4
)
