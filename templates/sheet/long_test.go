package sheet

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"convivio/store/board"
)

// nowhere is where files go that nobody keeps.
type nowhere struct{}

func (nowhere) Create(string, string) (io.Writer, error) { return io.Discard, nil }
func (nowhere) Made() ([]board.ReleaseFile, error)       { return nil, nil }

// TestALongReleaseTakesLittleMemory: two years of a company of fifty thousand, with
// eight hundred teams, sixty sites and a hundred boards, go from the database into
// the files without standing in memory: a server makes releases beside what people do.
func TestALongReleaseTakesLittleMemory(t *testing.T) {
	const first, most = board.Month(2025 * 12), 48 << 20 // bytes, twice what is needed
	var n int
	var peak uint64
	figures := func(yield func(board.Figure, error) bool) {
		for _, by := range board.Dimensions {
			for month := first; month < first+24; month++ {
				for unit := range map[board.Dimension]int{board.ByCompany: 1, board.ByTeam: 800, board.BySite: 60, board.ByBoard: 100}[by] {
					for _, d := range board.Definitions {
						if n++; n%20_000 == 0 {
							var m runtime.MemStats
							runtime.GC()
							runtime.ReadMemStats(&m)
							peak = max(peak, m.HeapAlloc)
						}
						if !yield(board.Figure{Month: month, By: by, Measure: d.Measure, Unit: fmt.Sprintf("Reparto %04d", unit), UnitID: int64(unit), State: board.FigureExact, Value: float64(unit)}, nil) {
							return
						}
					}
				}
			}
		}
	}
	r := board.Release{Number: 7, State: board.ReleaseReady, Version: "1.0", Asked: board.Asked{From: first, To: first + 23, By: board.Dimensions, Lang: "it", Separator: ";"}}
	if err := Files(r, figures, nowhere{}); err != nil {
		t.Fatal(err)
	}
	if n < 500_000 || peak > most {
		t.Errorf("%d figures took %d MiB", n, peak>>20)
	}
	t.Logf("%d figures in all passes, %d MiB at most", n, peak>>20)
}
