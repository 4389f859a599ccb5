package server

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/a-h/templ"
	"github.com/maypok86/otter/v2"

	"convivio/store"
	"convivio/store/board"
	"convivio/templates"
)

// A thread's HTML is the same for every reader of a board, so it is rendered
// once for each state of the thread, language and order. The last event of the
// thread is part of the key: nothing ever needs to be thrown out because it changed.

type threadKey struct {
	idea, seq int64
	lang      string
	sort      board.CommentSort
	after     string
}

// threadCache keeps rendered pieces of threads, up to threadCacheBytes.
type threadCache struct {
	kept *otter.Cache[threadKey, []byte]
}

const threadCacheBytes = 64 << 20

func newThreadCache() threadCache {
	return threadCache{otter.Must(&otter.Options[threadKey, []byte]{
		MaximumWeight: threadCacheBytes,
		Weigher:       func(_ threadKey, html []byte) uint32 { return uint32(min(len(html)+200, 1<<31)) }, // #nosec G115 -- bounded
	})}
}

// piece gives a piece of a thread, for a reader who was found to see the idea.
// Errors: invalid for an order or cursor that is none.
func (c threadCache) piece(ctx context.Context, st *store.Store, k threadKey) (templ.Component, error) {
	if html, ok := c.kept.GetIfPresent(k); ok {
		return rawBytes(html), nil
	}
	list, err := st.Thread(ctx, k.idea, k.sort, threadPiece, k.after)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := templates.Thread(templates.ThreadPart{Lang: k.lang, Idea: k.idea, Sort: k.sort, Comments: list.Items, More: list.Next}).Render(ctx, &b); err != nil {
		return nil, fmt.Errorf("render the thread of idea %d: %w", k.idea, err)
	}
	c.kept.Set(k, b.Bytes())
	return rawBytes(b.Bytes()), nil
}

// rawBytes is HTML that was rendered before.
type rawBytes []byte

// Render writes the HTML.
func (h rawBytes) Render(_ context.Context, w io.Writer) error {
	_, err := w.Write(h)
	return err
}
