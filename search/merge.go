package search

import (
	"context"
	"log/slog"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
)

// Every segment costs a search a look into its dictionary, and every merge costs
// writing. A build lets bleve gather its batches by the hundred, so that each text is
// merged once and large segments come of it; live, where segments are a few
// texts each, Run has them merged before they are many.

const (
	gathered   = 125 // segments that bleve merges into one, by itself
	mostLive   = 12  // segments on disk, until Run has some merged
	largestOne = 400_000
)

// merge merges segments as a plan says. Errors: a damageError, ctx's.
func (f *files) merge(ctx context.Context, plan mergeplan.MergePlanOptions) error {
	inner, ok := f.index.(*scorch.Scorch)
	if !ok {
		return damaged("the index is of type %T", f.index)
	}
	done := make(chan error, 1)
	go func() {
		f.merging.Lock()
		defer f.merging.Unlock()
		done <- contained(func() error { return inner.ForceMerge(ctx, &plan) })
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-f.alive.Done():
		return f.broken()
	}
}

// mostDocuments is more than any segment has.
const mostDocuments = 1 << 30

// rewriting plans to write every segment anew that holds documents that are no more.
var rewriting = mergeplan.MergePlanOptions{
	MaxSegmentSize: mostDocuments, SegmentsPerMergeTask: 1,
	CalcBudget:    func(int64, int64, *mergeplan.MergePlanOptions) int { return 0 },
	ScoreSegments: func([]mergeplan.Segment, *mergeplan.MergePlanOptions) float64 { return 0 },
}

// nothing plans nothing.
var nothing = mergeplan.MergePlanOptions{
	MaxSegmentSize: mostDocuments, SegmentsPerMergeTask: 1,
	CalcBudget: func(int64, int64, *mergeplan.MergePlanOptions) int { return mostDocuments },
}

// gathering plans to merge what a build leaves small.
var gathering = mergeplan.MergePlanOptions{
	MaxSegmentSize: 2 * gathered * batchDocuments, SegmentsPerMergeTask: 2 * gathered, FloorSegmentSize: batchDocuments,
	CalcBudget:    func(int64, int64, *mergeplan.MergePlanOptions) int { return 1 },
	ScoreSegments: func(list []mergeplan.Segment, _ *mergeplan.MergePlanOptions) float64 { return -float64(len(list)) },
}

// tidying plans to keep few segments of each size.
var tidying = mergeplan.MergePlanOptions{
	MaxSegmentsPerTier: 3, SegmentsPerMergeTask: 10, TierGrowth: 10, FloorSegmentSize: batchDocuments, MaxSegmentSize: largestOne, ReclaimDeletesWeight: 2,
}

// tidy has segments merged where there are many. It does not wait: what people
// write is to be found meanwhile.
func (x *Index) tidy(ctx context.Context, f *files) {
	if f.segments() <= mostLive || !x.tidies.CompareAndSwap(false, true) {
		return
	}
	go func() {
		defer x.tidies.Store(false)
		if err := f.merge(ctx, tidying); err != nil && ctx.Err() == nil && f.broken() == nil {
			slog.Warn("merging the search index", "error", err)
		}
	}()
}

// segments is how many segments are on disk.
func (f *files) segments() (n int) {
	_ = contained(func() error {
		r, err := f.index.Reader()
		if err != nil {
			return err
		}
		defer func() { _ = r.Close() }()
		if s, ok := r.(*scorch.IndexSnapshot); ok {
			for _, seg := range s.Segments() {
				if _, ok := seg.Segment().(interface{ Path() string }); ok {
					n++
				}
			}
		}
		return nil
	})
	return n
}
