package main

import (
	"fmt"
	"io/fs"

	"convivio/store/board"
)

// smallBoard is the board of small improvements: many short ideas, answered within
// days. They are put together from a few texts, so that the figures of the company
// have something to count.
const smallBoard = "piccole-migliorie"

// smallTexts is what small ideas, what is said to them and their answers are made of.
type smallTexts struct {
	Places []string `json:"places"`
	Things []struct {
		Title    string `json:"title"`
		Body     string `json:"body"`
		Answer   string `json:"answer"`
		Measured string `json:"measured"`
	} `json:"things"`
	Talks    [][]string `json:"talks"`
	Declined []string   `json:"declined"`
	Reason   string     `json:"reason"`
}

// How many days ago small ideas begin and end, and how often one comes at first and
// in the end.
const (
	smallBegin, smallEnd = 394.0, 4.5
	seldom, often        = 2.9, 1.3
)

// smallIdeas makes the ideas of the board of small improvements, the oldest first.
func (c *company) smallIdeas(files fs.FS) ([]*demoIdea, error) {
	var x smallTexts
	if err := readDemoFile(files, smallBoard, &x); err != nil {
		return nil, err
	}
	var out []*demoIdea
	authors := c.silent()
	for k, ago := 0, smallBegin; ago > smallEnd; k++ {
		out = append(out, x.idea(c, authors, k, ago))
		ago -= often + (seldom-often)*ago/smallBegin
	}
	return out, nil
}

// idea is the k-th small idea.
func (x *smallTexts) idea(c *company, authors []demoPerson, k int, ago float64) *demoIdea {
	thing, place := x.Things[k%len(x.Things)], x.Places[(k+k/len(x.Things))%len(x.Places)]
	key := fmt.Sprint("small-", k)
	i := &demoIdea{Key: key, Title: thing.Title + ", " + place, Body: thing.Body, By: someone(authors, ago, key), DaysAgo: ago, Lang: "it", Votes: 2 + int(drawn(7, "votes", key))}
	i.Tags = []string{"piccole cose"}
	owner := c.smallOwner()
	heard := ago - (.2+float64(drawn(30, "wait", key))/10)*(.4+ago/smallBegin)
	if heard > .5 {
		i.Answers = []demoAnswer{{By: owner, DaysAgo: heard, Body: thing.Answer}}
	}
	for n := range drawn(3, "talks", key) {
		i.Thread = append(i.Thread, x.talk(authors, ago, fmt.Sprint(key, "-", n)))
	}
	decided := min(heard, ago-4) - 1 - float64(drawn(24, "decided", key))
	switch {
	case decided < .5:
	case k%9 == 4:
		i.Answers[0].Body = x.Declined[k%len(x.Declined)]
		i.Stages = []demoStage{{To: board.Declined, DaysAgo: decided, By: owner, Reason: i.Answers[0].Body}}
	case k%5 == 2:
		i.Stages = []demoStage{{To: board.Planned, DaysAgo: heard - .1, By: owner, Owner: owner, Due: decided - 9 + float64(drawn(9, "due", key)), Reason: thing.Answer}}
		if done := decided - 3; done > .5 {
			i.Stages = append(i.Stages, demoStage{To: board.Done, DaysAgo: done, By: owner, Reason: x.Reason, Measured: thing.Measured})
		}
	default:
		i.Stages = []demoStage{{To: board.Done, DaysAgo: decided, By: owner, Reason: x.Reason, Measured: thing.Measured}}
	}
	return i
}

// talk is a comment, with replies that answer each other.
func (x *smallTexts) talk(authors []demoPerson, ago float64, key string) *demoComment {
	lines := x.Talks[drawn(uint32(len(x.Talks)), "talk", key)] // #nosec G115 -- a few lines
	first := someone(authors, ago, "first "+key)
	second := someone(authors, ago, "second "+key)
	top := &demoComment{By: first, After: .3 + float64(drawn(40, "after", key))/4, Body: lines[0]}
	at := top
	for n, line := range lines[1:] {
		by := second
		if n%2 == 1 {
			by = first
		}
		next := &demoComment{By: by, After: 1 + float64(drawn(16, "then", key, n))/4, Body: line}
		at.Replies = []*demoComment{next}
		at = next
	}
	return top
}

func (c *company) smallOwner() string {
	for _, b := range c.Boards {
		if b.Slug == smallBoard {
			return b.Owners[0]
		}
	}
	return ""
}

// someone draws one of those who took part so many days ago already.
func someone(people []demoPerson, ago float64, key string) string {
	for n := 0; ; n++ {
		if p := people[drawn(uint32(len(people)), "someone", key, n)]; p.joined(ago) { // #nosec G115 -- a few hundred people
			return p.ID
		}
	}
}

// joined tells whether one of the silent took part so many days ago: at first few
// did, and some never do.
func (p demoPerson) joined(ago float64) bool {
	return drawn(100, "joined", p.ID) < uint32(68-48*min(ago, 400)/400)
}
