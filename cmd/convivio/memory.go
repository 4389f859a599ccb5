package main

import (
	"context"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"time"
)

// How far the heap may grow, in percent, before the collector reads it. Most
// memory of a server is its caches', which need not be read so often; a build of
// the search index makes garbage fast, and would keep several times what it uses.
const (
	heapGrowth      = 300
	heapGrowthBuild = 100
	heapLook        = 250 * time.Millisecond // between two looks whether the index is built

	// What a build may add to the memory in use: on a busy machine batches wait
	// for the disk, and the collector lets as much garbage stand as they are large.
	buildMemory = 280 << 20
)

// boundMemory has the collector work as hard as it must so that a build takes no
// more than buildMemory, and freeMemory ends that and gives back what it took.
// GOMEMLIMIT, where it is set, is left alone.
func boundMemory() {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.FreeOSMemory() // what stands now is in use
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	debug.SetMemoryLimit(int64(m.HeapAlloc) + buildMemory) // #nosec G115 -- far below
}

func freeMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(math.MaxInt64)
	}
	debug.FreeOSMemory()
}

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
			boundMemory()
		default:
			was = false
			debug.SetGCPercent(heapGrowth)
			if begun {
				freeMemory()
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
	}
}
