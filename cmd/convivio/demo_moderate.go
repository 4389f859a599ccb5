package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"convivio/store"
	"convivio/store/board"
)

// demoModeration is moderation.json: what moderators of the demo had to look at,
// so that their pages are alive on the first day.
type demoModeration struct {
	HeldWords string      `json:"held_words"` // what a post waits for
	Cases     []*demoCase `json:"cases"`
}

// demoCase is a comment that somebody found wrong.
type demoCase struct {
	Idea    string       `json:"idea"` // its key
	By      string       `json:"by"`
	DaysAgo float64      `json:"days_ago"`
	Body    string       `json:"body"`
	Held    bool         `json:"held"`    // it waits for a moderator, unread
	Reports []demoReport `json:"reports"` // an hour apart
	Decided *demoRuling  `json:"decided"`
	Appeal  *demoAppeal  `json:"appeal"`

	on      *demoIdea
	comment int64
}

type demoReport struct {
	By     string       `json:"by"`
	Ground board.Ground `json:"ground"`
	Note   string       `json:"note"`
}

type demoRuling struct {
	By      string       `json:"by"`
	DaysAgo float64      `json:"days_ago"`
	Action  board.Action `json:"action"`
	Ground  board.Ground `json:"ground"`
	Note    string       `json:"note"`

	id int64
}

type demoAppeal struct {
	DaysAgo float64 `json:"days_ago"`
	Body    string  `json:"body"`
}

// readModeration reads moderation.json. An idea that is not there is an error.
func (c *company) readModeration(files fs.FS) error {
	if err := readDemoFile(files, "moderation", &c.moderation); err != nil {
		return err
	}
	keys := map[string]*demoIdea{}
	for _, b := range c.Boards {
		for _, i := range b.ideas {
			keys[i.Key] = i
		}
	}
	for _, e := range c.moderation.Cases {
		e.on = keys[e.Idea]
		if e.on == nil || e.DaysAgo >= e.on.DaysAgo {
			return fmt.Errorf("read the demo's moderation.json: there was no idea %q %g days ago", e.Idea, e.DaysAgo)
		}
	}
	return nil
}

// acts appends what became of a comment.
func (e *demoCase) acts(acts []act, now time.Time) []act {
	day := func(ago float64) time.Time { return now.Add(-hours(24 * ago)) }
	said := day(e.DaysAgo)
	acts = append(acts, act{at: said, idea: e.on, care: e.say})
	for i, r := range e.Reports {
		acts = append(acts, act{at: said.Add(hours(float64(i + 1))), idea: e.on, care: e.report(r)})
	}
	if e.Decided != nil {
		acts = append(acts, act{at: day(e.Decided.DaysAgo), idea: e.on, care: e.decide})
	}
	if e.Appeal != nil {
		acts = append(acts, act{at: day(e.Appeal.DaysAgo), idea: e.on, care: e.appeal})
	}
	return acts
}

func (e *demoCase) say(ctx context.Context, f *filling) error {
	got, err := f.st.Reply(ctx, f.who[e.By], e.on.id, board.NewComment{Body: e.Body}, "")
	var held *board.Held
	if errors.As(err, &held) != e.Held {
		return errors.Join(fmt.Errorf("is the comment held? the text says %v", e.Held), err)
	}
	e.comment = got.ID
	if e.Held {
		return nil
	}
	return err
}

func (e *demoCase) report(r demoReport) func(context.Context, *filling) error {
	return func(ctx context.Context, f *filling) error {
		_, err := f.st.Report(ctx, f.who[r.By], 0, e.comment, board.NewReport{Ground: r.Ground, Note: r.Note})
		return err
	}
}

func (e *demoCase) decide(ctx context.Context, f *filling) error {
	moderator := f.who[e.Decided.By]
	page, err := f.st.Reviews(ctx, moderator, store.ReviewListing{Kind: board.ReportItem})
	if err != nil {
		return err
	}
	for _, item := range page.Items {
		if item.Comment != e.comment {
			continue
		}
		got, err := f.st.Decide(ctx, moderator, board.Ruling{
			Item: item.ID, Version: item.Version, Action: e.Decided.Action, Ground: e.Decided.Ground, Note: e.Decided.Note,
		})
		e.Decided.id = got.ID
		return err
	}
	return errors.New("nothing waits for a decision")
}

func (e *demoCase) appeal(ctx context.Context, f *filling) error {
	_, err := f.st.Appeal(ctx, f.who[e.By], e.Decided.id, e.Appeal.Body)
	return err
}

// holdPosts lets posts with certain words wait for a moderator.
func (f *filling) holdPosts(ctx context.Context, admin board.Who) error {
	_, err := f.st.AddRule(ctx, admin, board.NewRule{Kind: board.WordRule, Words: f.moderation.HeldWords}, "")
	if err != nil {
		return fmt.Errorf("let posts wait: %w", err)
	}
	return nil
}
