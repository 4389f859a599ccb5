package main

import (
	"context"
	"os"
	"runtime/debug"
	"time"
)

// How far the heap may grow, in percent, before the collector reads it. Most
// memory of a server is its caches', which need not be read so often; a build of
// the search index makes garbage fast, and would keep several times what it uses.
const (
	heapGrowth      = 300
	heapGrowthBuild = 60
	heapLook        = 250 * time.Millisecond // between two looks whether the index is built
)

// tendMemory has the collector work more while the search index is built, and
// gives back what the build took. GOGC, where it is set, is left alone.
func (s *service) tendMemory(ctx context.Context) error {
	if os.Getenv("GOGC") != "" {
		return nil
	}
	look := time.NewTicker(heapLook)
	defer look.Stop()
	for was, begun := false, false; ; begun = true {
		switch building := s.index.Rebuilding(); {
		case begun && building == was:
		case building:
			was = true
			debug.SetGCPercent(heapGrowthBuild)
		default:
			was = false
			debug.SetGCPercent(heapGrowth)
			if begun {
				debug.FreeOSMemory()
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}
