package search

import (
	"context"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Merge brings all segments into one, as bleve does little by little.
func (x *Index) Merge(ctx context.Context) error {
	return x.files.index.(*scorch.Scorch).ForceMerge(ctx, nil)
}

// LookAround makes a running index look for its files so often, until the function returned is called.
func LookAround(d time.Duration) (restore func()) {
	look, renew := lookAfter, renewAtMost
	lookAfter, renewAtMost = d, d
	return func() { lookAfter, renewAtMost = look, renew }
}

// Surprise is surprise.
var Surprise = surprise
