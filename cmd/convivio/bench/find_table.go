package bench

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"
)

// limits are the times that p50 and p99 of a kind are to stay within; 0: none.
var limits = map[kind][2]time.Duration{
	twoWords: {2 * time.Millisecond, 10 * time.Millisecond}, threeWords: {2 * time.Millisecond, 10 * time.Millisecond},
	question: {0, 40 * time.Millisecond}, typing: {0, 25 * time.Millisecond}, counting: {0, 30 * time.Millisecond},
	alikeTitle: {0, 20 * time.Millisecond}, alikeIdea: {0, 20 * time.Millisecond}, hostile: {0, 200 * time.Millisecond},
}

// What building the index is to reach.
const (
	leastBuilt    = 4_000     // posts a second
	mostIndex     = 3.0       // bytes on disk for each of the text
	mostMemory    = 400 << 20 // bytes
	mostPageRatio = 2.0
)

// report is the tables of the search part, in Markdown.
type report struct {
	out    io.Writer
	missed int
}

// rows writes a table with its columns in line.
func (r *report) rows(rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	for n, row := range rows {
		for i, cell := range row {
			fmt.Fprintf(r.out, "| %s%s ", cell, strings.Repeat(" ", width[i]-len([]rune(cell))))
		}
		fmt.Fprintln(r.out, "|")
		if n > 0 {
			continue
		}
		for _, w := range width {
			fmt.Fprint(r.out, "|", strings.Repeat("-", w+2))
		}
		fmt.Fprintln(r.out, "|")
	}
	fmt.Fprintln(r.out)
}

// verdict says whether a limit is kept, and counts where not.
func (r *report) verdict(kept bool) string {
	if kept {
		return "ok"
	}
	r.missed++
	return "MISSED"
}

// print writes what was found, and tells how many limits were missed.
func (f *finder) print(out io.Writer) (missed int) {
	r := &report{out: out}
	for _, at := range f.sizes {
		if len(at.answers) > 0 {
			f.printSize(r, at)
		}
	}
	f.printGrowth(r)
	f.printBuild(r)
	f.printJudged(r)
	for _, name := range rivals {
		if why := f.absent[name]; why != "" {
			fmt.Fprintf(out, "%s: %s\n", name, why)
		}
	}
	return r.missed
}

func (f *finder) printSize(r *report, at *sizeFound) {
	fmt.Fprintf(r.out, "%s posts, %s of text; the reader may see %.0f %% of them. p50 / p99 of an answer; ÷ is ours by theirs, over the questions both answered in time\n\n",
		grouped(int64(at.posts)), mib(at.rebuild.text), 100*at.share)
	head := []string{"search", "asked", "Convivio", "processor time"}
	for _, name := range rivals {
		if f.absent[name] == "" {
			head = append(head, name, "÷")
		}
	}
	table := [][]string{append(head, "limit", "")}
	for _, k := range kinds {
		us := at.answers[k][""]
		if us == nil || len(us.took) == 0 {
			continue
		}
		p50, p99 := middleAndTail(us.took)
		row := []string{string(k), grouped(int64(len(us.took))), two(p50, p99), two(percentile(us.busy, 0.5), percentile(us.busy, 0.99))}
		for _, name := range rivals {
			if f.absent[name] == "" {
				row = append(row, beside(at.answers[k][name], us)...)
			}
		}
		limit := limits[k]
		said := "≤ " + limitText(limit)
		if k == hostile {
			p99 = slices.Max(us.took)
			row[2] = "worst " + millis(p99)
			row[3] = "worst " + millis(percentile(us.busy, 1))
		}
		kept := (limit[0] == 0 || p50 <= limit[0]) && p99 <= limit[1]
		table = append(table, append(row, said, r.verdict(kept)))
	}
	r.rows(table)
}

func limitText(limit [2]time.Duration) string {
	if limit[0] == 0 {
		return fmt.Sprintf("%d ms", limit[1].Milliseconds())
	}
	return fmt.Sprintf("%d / %d ms", limit[0].Milliseconds(), limit[1].Milliseconds())
}

// fewest is how many questions a p99 is told of.
const fewest = 50

// beside is somebody's column, and the ratio over the questions that both
// answered: who is slow answers fewer.
func beside(them, us *answered) []string {
	if them == nil || len(them.took) == 0 {
		return []string{"", ""}
	}
	mine := us.took
	if them.early {
		mine = us.warm
	}
	n := min(len(mine), len(them.took))
	a, b := middleAndTail(them.took)
	c, d := middleAndTail(mine[:n])
	ratio := fmt.Sprintf("%.2f", float64(c)/float64(max(1, a)))
	cell := two(a, b)
	switch {
	case a >= longestAsk:
		cell = "> " + seconds(longestAsk)
	case n < fewest:
		cell = millis(a)
	default:
		ratio += fmt.Sprintf(" / %.2f", float64(d)/float64(max(1, b)))
	}
	if n < len(us.took) {
		cell += fmt.Sprintf(" (of %d)", n)
	}
	return []string{cell, ratio}
}

// middleAndTail are p50 and p99; the list keeps its order.
func middleAndTail(list []time.Duration) (p50, p99 time.Duration) {
	list = slices.Clone(list)
	return percentile(list, 0.5), percentile(list, 0.99)
}

// printGrowth sets the sizes side by side.
func (f *finder) printGrowth(r *report) {
	sizes := slices.DeleteFunc(slices.Clone(f.sizes), func(at *sizeFound) bool { return len(at.answers) < len(kinds) }) // a run that was cut off
	if len(sizes) < 2 {
		return
	}
	first, last := sizes[0], sizes[len(sizes)-1]
	fmt.Fprintf(r.out, "Growth of Convivio's p50 / p99 with the posts, the same questions at each size; × is from %s to %s posts, which are %.0f times as many\n\n",
		grouped(int64(first.posts)), grouped(int64(last.posts)), float64(last.posts)/float64(first.posts))
	head := []string{"search"}
	for _, at := range sizes {
		head = append(head, grouped(int64(at.posts)))
	}
	table := [][]string{append(head, "×")}
	for _, k := range kinds {
		row := []string{string(k)}
		var ends [][2]time.Duration
		for _, at := range sizes {
			us := at.answers[k][""]
			if us == nil || len(us.took) == 0 {
				break
			}
			p := [2]time.Duration{percentile(us.took, 0.5), percentile(us.took, 0.99)}
			ends = append(ends, p)
			row = append(row, two(p[0], p[1]))
		}
		if len(ends) == len(sizes) {
			a, b := ends[0], ends[len(ends)-1]
			table = append(table, append(row, fmt.Sprintf("%.1f / %.1f", float64(b[0])/float64(max(1, a[0])), float64(b[1])/float64(max(1, a[1])))))
		}
	}
	r.rows(table)
}

// printBuild says what building the index from the store took.
func (f *finder) printBuild(r *report) {
	table := [][]string{{"building the index from the store", "measured", "limit", ""}}
	for _, at := range f.sizes {
		b := at.rebuild
		if b.took == 0 || b.text == 0 {
			continue
		}
		rate, share := float64(b.posts)/b.took.Seconds(), float64(b.index)/float64(b.text)
		table = append(table,
			[]string{grouped(int64(at.posts)) + " posts", fmt.Sprintf("%s on %.1f of %d cores, %s of processor time", perSecond(rate), b.cores, runtime.NumCPU(), perSecond(rate/max(b.cores, 0.01))), "≥ 4,000/s", r.verdict(rate >= leastBuilt)},
			[]string{"  index by text, bytes", fmt.Sprintf("%.2f (%s)", share, mib(b.index)), "≤ 3", r.verdict(share <= mostIndex)},
			[]string{"  memory without mapped files, peak", mib(b.memory), "≤ 400 MiB", r.verdict(b.memory <= mostMemory)})
		if p := at.pages; p != nil && len(p.usual) > 0 && len(p.building) > 0 {
			a, b := percentile(slices.Clone(p.usual), 0.5), percentile(slices.Clone(p.building), 0.5)
			c, d := percentile(p.usual, 0.99), percentile(p.building, 0.99)
			ratio := float64(b) / float64(max(1, a))
			table = append(table,
				[]string{"  pages usually, p50 / p99", two(a, c), "", ""},
				[]string{"  while a server builds beside them (" + seconds(p.took) + ")", fmt.Sprintf("%s, × %.2f / %.2f", two(b, d), ratio, float64(d)/float64(max(1, c))), "p50 × ≤ 2", r.verdict(ratio <= mostPageRatio)},
				[]string{"  memory of that server, peak", mib(p.memory), "", ""})
		}
	}
	r.rows(table)
}
