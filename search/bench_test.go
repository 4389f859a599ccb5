package search_test

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"convivio/search"
	"convivio/store/board"
)

// The bench works on texts made up of made-up words, common ones often and rare
// ones seldom. CONVIVIO_BENCH_TEXTS says how many; 20,000 when it is not set.
func benchTexts() int {
	if n, err := strconv.Atoi(os.Getenv("CONVIVIO_BENCH_TEXTS")); err == nil {
		return n
	}
	return 20_000
}

// vocabulary makes words of syllables, with Italian endings.
func vocabulary(r *rand.Rand, n int) []string {
	syllables := strings.Fields("ba be bi bo ca ce chi co da de di do fa fe fi la le li lo ma me mi mo na ne no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi vo za zi zo tra pre con stra")
	endings := strings.Fields("o i a e are zione zioni mente ità ivo ismo anza")
	words := make([]string, n)
	for i := range words {
		for range 1 + r.IntN(3) {
			words[i] += syllables[r.IntN(len(syllables))]
		}
		words[i] += endings[r.IntN(len(endings))]
	}
	return words
}

var corpus = sync.OnceValues(func() (*memory, []string) {
	r := rand.New(rand.NewPCG(1, 2))
	words := vocabulary(r, 60_000)
	often := rand.NewZipf(r, 1.1, 20, uint64(len(words)-1))
	text := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteString(words[often.Uint64()] + " ")
		}
		return b.String()
	}
	m := newMemory()
	for i := range 80 {
		m.addBoard(fmt.Sprintf("board-%d", i), i%2 == 1, member.ID)
	}
	for n, idea := 0, int64(0); n < benchTexts(); n++ {
		d := board.Document{Board: int64(1 + r.IntN(80)), Stage: board.Stages[r.IntN(len(board.Stages))], Author: int64(r.IntN(3000)),
			At: m.now + int64(n)*1e7, Lang: "it", HTML: "<p>" + text(20+r.IntN(80)) + "</p>"}
		part := board.InComment
		if n%20 == 0 {
			part = board.InText
			d.Title = text(6)
		}
		d.Ref = board.Ref{Part: part, ID: m.next(part)}
		if part == board.InText {
			idea = d.ID
		}
		d.Idea = idea
		m.texts[d.Ref] = d
	}
	m.record(board.IdeaAdded, 1, 1, 0, 0)
	return m, words
})

func BenchmarkBuild(b *testing.B) {
	m, _ := corpus()
	text := 0
	for _, d := range m.texts {
		text += len(d.HTML) + len(d.Title)
	}
	for b.Loop() {
		dir := b.TempDir()
		x, err := search.Open(dir, m)
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		if err := x.Rebuild(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(m.texts))/time.Since(began).Seconds(), "texts/s")
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(size(b, dir))/float64(text), "index/text")
	}
}

func size(b *testing.B, dir string) (n int64) {
	b.Helper()
	if err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, err := d.Info()
			if err != nil {
				return err
			}
			n += info.Size()
		}
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return n
}

func BenchmarkSearch(b *testing.B) {
	m, words := corpus()
	x, err := search.Open(b.TempDir(), m)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	if err := x.Rebuild(context.Background(), nil); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	common := func() string { return words[r.IntN(30)] }
	middling := func() string { return words[100+r.IntN(400)] }
	rare := func() string { return words[5_000+r.IntN(20_000)] }
	for _, c := range []struct {
		name string
		who  board.Who
		q    func() board.Query
	}{
		{"one-rare", employee, func() board.Query { return board.Query{Q: rare() + " "} }},
		{"one-common", employee, func() board.Query { return board.Query{Q: common() + " "} }},
		{"two", employee, func() board.Query { return board.Query{Q: common() + " " + middling() + " "} }},
		{"three", employee, func() board.Query { return board.Query{Q: common() + " " + common() + " " + middling() + " "} }},
		{"three-member", member, func() board.Query { return board.Query{Q: common() + " " + common() + " " + middling() + " "} }},
		{"typing-2", employee, func() board.Query { return board.Query{Q: middling()[:2]} }},
		{"typing-3", employee, func() board.Query { return board.Query{Q: common() + " " + middling()[:3]} }},
		{"typing-6", employee, func() board.Query {
			w := words[100+r.IntN(400)]
			return board.Query{Q: common() + " " + w[:min(len(w), 6)]}
		}},
		{"one-board", employee, func() board.Query { return board.Query{Q: middling() + " ", Board: "board-10"} }},
		{"since", employee, func() board.Query {
			return board.Query{Q: common() + " ", From: time.UnixMicro(m.now + int64(benchTexts())*5e6)}
		}},
		{"twelve", employee, func() board.Query {
			return board.Query{Q: strings.Join([]string{common(), common(), common(), common(), common(), common(), common(), common(), common(), common(), common(), common()}, " ")}
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			hits := 0
			for b.Loop() {
				began := time.Now()
				found, err := x.Search(context.Background(), c.who, c.q())
				if err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
				hits += found.Total
			}
			percentiles(b, took)
			b.ReportMetric(float64(hits)/float64(len(took)), "total")
		})
	}
}

func percentiles(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkSimilar looks for what is like a long title, and like an idea's text.
func BenchmarkSimilar(b *testing.B) {
	m, words := corpus()
	x, err := search.Open(b.TempDir(), m)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	if err := x.Rebuild(context.Background(), nil); err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	often := rand.NewZipf(r, 1.1, 20, uint64(len(words)-1))
	for _, c := range []struct {
		name  string
		who   board.Who
		words int
		not   int64
	}{{"title", employee, 10, 0}, {"long-title", employee, 25, 0}, {"idea", employee, 70, 1}, {"idea-guest", guest, 70, 1}, {"idea-member", member, 70, 1}} {
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				var text strings.Builder
				for range c.words {
					text.WriteString(words[often.Uint64()] + " ")
				}
				began := time.Now()
				if _, err := x.Similar(context.Background(), c.who, text.String(), c.not, 4); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			percentiles(b, took)
		})
	}
}
