package main

import (
	"context"
	"log/slog"
	"time"
)

// accessFolder is where the access log stands in the data folder. Backups leave it out.
const accessFolder = "access"

// forgetVisits takes days that are over out of the access log, also while nothing
// else can be changed.
func (s *service) forgetVisits(ctx context.Context) error {
	return forgetting(ctx, "an access log is kept for too long", func(context.Context) error { return s.visits.Sweep() })
}

// forgetWords takes words that were deleted out of the files of the search index.
func (s *service) forgetWords(ctx context.Context) error {
	return forgetting(ctx, "words that were deleted still stand in the files of the search index", s.index.Forget)
}

// forgetting forgets every ten minutes until ctx ends, and logs where it fails.
func forgetting(ctx context.Context, failed string, forget func(context.Context) error) error {
	often := time.NewTicker(forgetEvery)
	defer often.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-often.C:
		}
		if err := forget(ctx); err != nil && ctx.Err() == nil {
			slog.Error(failed, "error", err)
		}
	}
}
