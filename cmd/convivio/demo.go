package main

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io/fs"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"convivio/store/board"
)

// The demo is a company that does not exist. Its texts stand in demo/*.json:
// company.json says who there is and which boards, a file per board what was
// said there. Times are counted back from the moment the demo first starts.
//
//go:embed demo/*.json
var demoFiles embed.FS

// demoStaff is how many people the demo's company has; those without a voice in
// the texts are made from the lists of names, and vote.
const demoStaff = 240

// demoSmall is how many of them work in the small teams.
const demoSmall = 11

// company is company.json.
type company struct {
	Name       string       `json:"name"`
	Sites      []string     `json:"sites"`
	Teams      []string     `json:"teams"`       // the largest first
	SmallTeams []string     `json:"small_teams"` // of fewer than five people each
	People     []demoPerson `json:"people"`
	FirstNames []string     `json:"first_names"`
	LastNames  []string     `json:"last_names"`
	Boards     []demoBoard  `json:"boards"`

	moderation demoModeration
}

type demoPerson struct {
	ID     string       `json:"id"`
	Name   string       `json:"name"`
	Team   string       `json:"team"`
	Site   string       `json:"site"`
	Kind   board.Kind   `json:"kind"`
	Roles  []board.Role `json:"roles"`
	Lang   string       `json:"lang"`
	Show   bool         `json:"show"` // on the sign-in page
	NoteIT string       `json:"note_it"`
	NoteEN string       `json:"note_en"`
}

type demoBoard struct {
	Slug        string           `json:"slug"`
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Template    string           `json:"template"`
	Visibility  board.Visibility `json:"visibility"`
	Lang        string           `json:"lang"`
	Members     []string         `json:"members"`
	Owners      []string         `json:"owners"`
	AnswerDays  int              `json:"answer_days"` // 0: the usual ones

	ideas []*demoIdea
}

type demoIdea struct {
	Key     string         `json:"key"`
	Title   string         `json:"title"`
	By      string         `json:"by"`
	DaysAgo float64        `json:"days_ago"`
	Lang    string         `json:"lang"`
	Tags    []string       `json:"tags"`
	Body    string         `json:"body"` // {{idea:KEY}} becomes a link to that idea
	Votes   int            `json:"votes"`
	Voters  []string       `json:"voters"` // among the votes
	Thread  []*demoComment `json:"thread"`
	Stages  []demoStage    `json:"stages"`
	Answers []demoAnswer   `json:"answers"`

	board *demoBoard
	at    time.Time
	id    int64
}

type demoComment struct {
	ID      string         `json:"id"` // where an answer cites it
	By      string         `json:"by"`
	After   float64        `json:"after_hours"` // after the idea, or the comment it replies to
	Body    string         `json:"body"`
	Replies []*demoComment `json:"replies"`
	Deleted bool           `json:"deleted"`
	Edited  string         `json:"edited"` // the wording it got a little later

	at time.Time
	id int64
}

type demoStage struct {
	To      board.Stage `json:"to"`
	DaysAgo float64     `json:"days_ago"`
	By      string      `json:"by"`
	Reason  string      `json:"reason"`

	Measured string  `json:"measured"`       // done: how one knows
	Owner    string  `json:"owner"`          // planned, in progress: who sees to it
	Due      float64 `json:"due_days_ago"`   // by when; below zero: in days to come
	Until    float64 `json:"until_days_ago"` // parked: when to look again
}

type demoAnswer struct {
	By      string   `json:"by"`
	DaysAgo float64  `json:"days_ago"`
	Body    string   `json:"body"`
	Cites   []string `json:"cites"`

	id int64
}

// readDemo reads the demo's texts. An unknown field is an error: it would be a
// text that nobody ever sees.
func readDemo(files fs.FS) (*company, error) {
	c := &company{}
	if err := readDemoFile(files, "company", c); err != nil {
		return nil, err
	}
	for i := range c.Boards {
		b := &c.Boards[i]
		var err error
		if b.Slug == smallBoard {
			b.ideas, err = c.smallIdeas(files)
		} else {
			err = readDemoFile(files, b.Slug, &b.ideas)
		}
		if err != nil {
			return nil, err
		}
		for _, idea := range b.ideas {
			idea.board = b
		}
	}
	return c, c.readModeration(files)
}

func readDemoFile(files fs.FS, name string, into any) error {
	text, err := fs.ReadFile(files, "demo/"+name+".json")
	if err != nil {
		return fmt.Errorf("read the demo: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("read the demo's %s.json: %w", name, err)
	}
	return nil
}

// email is where somebody of the demo would be written to. The domains are
// reserved: nothing is ever sent there.
func (c *company) email(p demoPerson) string {
	if p.Kind == board.Guest {
		return p.ID + "@guest.example"
	}
	words := strings.Fields(c.Name)
	return p.ID + "@" + asciiName(words[len(words)-1]) + ".example"
}

// asciiName keeps the letters of a name, without accents, small.
func asciiName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return unicode.ToLower(r)
		case r >= 'a' && r <= 'z' || r == '.':
			return r
		}
		return -1
	}, norm.NFD.String(s))
}

// silent makes the colleagues without a voice, always the same ones. Nearly
// half of them work in the first team, the others where the voices do.
func (c *company) silent() []demoPerson {
	taken := map[string]bool{}
	var where []demoPerson
	for _, p := range c.People {
		taken[p.ID] = true
		if p.Kind == board.Employee {
			where = append(where, p)
		}
	}
	random := rand.New(rand.NewPCG(1, demoStaff)) // #nosec G404 -- no secret: the same people every time
	var out []demoPerson
	for len(out)+len(c.People) < demoStaff {
		first, last := c.FirstNames[random.IntN(len(c.FirstNames))], c.LastNames[random.IntN(len(c.LastNames))]
		p := demoPerson{ID: asciiName(first) + "." + asciiName(last), Name: first + " " + last, Kind: board.Employee, Lang: "it"}
		at := where[random.IntN(len(where))]
		p.Team, p.Site = at.Team, at.Site
		if random.IntN(100) < 45 {
			p.Team, p.Site = c.Teams[0], c.Sites[random.IntN(2)]
		}
		if !taken[p.ID] {
			taken[p.ID] = true
			if len(out) < demoSmall {
				p.Team = c.SmallTeams[len(out)%len(c.SmallTeams)]
			}
			out = append(out, p)
		}
	}
	return out
}

// sees tells whether somebody may see a board.
func (b *demoBoard) sees(p demoPerson) bool {
	return b.Visibility != board.Private && p.Kind == board.Employee || slices.Contains(b.Members, p.ID)
}

// act is one thing that somebody did in the demo's past.
type act struct {
	at      time.Time
	idea    *demoIdea
	comment *demoComment // added, edited or deleted
	parent  *demoComment
	stage   *demoStage
	answer  *demoAnswer
	voter   string
	edit    bool
	remove  bool
	care    func(context.Context, *filling) error // a step of a case that moderators looked at
}

// weight orders acts of the same moment: votes come before the stage that closes them.
func (a act) weight() int {
	switch {
	case a.voter != "":
		return 2
	case a.stage != nil:
		return 3
	case a.answer != nil:
		return 4
	case a.comment != nil, a.care != nil:
		return 1
	}
	return 0
}

// history is everything that happened in the company before now, in order.
func (c *company) history(now time.Time) []act {
	day := func(ago float64) time.Time { return now.Add(-time.Duration(ago * 24 * float64(time.Hour))) }
	var acts []act
	people := append(slices.Clone(c.People), c.silent()...)
	for i := range c.Boards {
		for _, idea := range c.Boards[i].ideas {
			idea.at = day(idea.DaysAgo)
			acts = append(acts, act{at: idea.at, idea: idea})
			cited := map[string]*demoComment{}
			for _, comment := range idea.Thread {
				acts = comment.acts(acts, idea, nil, idea.at, now, cited)
			}
			closed := now
			for j := range idea.Stages {
				s := &idea.Stages[j]
				acts = append(acts, act{at: day(s.DaysAgo), idea: idea, stage: s})
				if !s.To.VotesOpen() && day(s.DaysAgo).Before(closed) {
					closed = day(s.DaysAgo)
				}
			}
			for j := range idea.Answers {
				a := &idea.Answers[j]
				at := day(a.DaysAgo)
				for _, id := range a.Cites {
					if c := cited[id]; c != nil && !c.at.Before(at) {
						at = c.at.Add(time.Minute)
					}
				}
				acts = append(acts, act{at: at, idea: idea, answer: a})
			}
			acts = append(acts, idea.ballots(people, closed)...)
		}
	}
	for _, e := range c.moderation.Cases {
		acts = e.acts(acts, now)
	}
	slices.SortStableFunc(acts, func(a, b act) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.weight(), b.weight()))
	})
	return acts
}

// acts appends what happened to a comment and to the replies to it.
func (c *demoComment) acts(acts []act, idea *demoIdea, parent *demoComment, after, now time.Time, cited map[string]*demoComment) []act {
	c.at = after.Add(hours(c.After))
	if !c.at.Before(now) { // said on the very last day: fit it in before now
		c.at = after.Add(now.Sub(after) / 2)
	}
	if c.ID != "" {
		cited[c.ID] = c
	}
	acts = append(acts, act{at: c.at, idea: idea, comment: c, parent: parent})
	last := c.at
	for _, r := range c.Replies {
		acts = r.acts(acts, idea, c, c.at, now, cited)
		if r.at.After(last) {
			last = r.at
		}
	}
	if c.Edited != "" {
		acts = append(acts, act{at: soon(c.at, now, 20*time.Minute), idea: idea, comment: c, edit: true})
	}
	if c.Deleted { // after the replies: nobody can reply to a deleted comment
		acts = append(acts, act{at: soon(last, now, 3*time.Hour), idea: idea, comment: c, remove: true})
	}
	return acts
}

func hours(h float64) time.Duration { return time.Duration(h * float64(time.Hour)) }

// soon is a while after a time, but before now.
func soon(at, now time.Time, while time.Duration) time.Time {
	if later := at.Add(while); later.Before(now) {
		return later
	}
	return at.Add(now.Sub(at) / 2)
}

// ballots spreads an idea's votes over the weeks after it, most of them early.
func (i *demoIdea) ballots(people []demoPerson, closed time.Time) []act {
	h := fnv.New64a()
	_, _ = h.Write([]byte(i.Key))
	random := rand.New(rand.NewPCG(h.Sum64(), 7)) // #nosec G404 -- no secret: the same votes every time
	voters := slices.Clone(i.Voters)
	order := random.Perm(len(people))
	for _, joined := range []bool{true, false} { // who took part already goes first
		for _, n := range order {
			p := people[n]
			if len(voters) < i.Votes && p.ID != i.By && p.joined(i.DaysAgo) == joined && i.board.sees(p) && !slices.Contains(voters, p.ID) {
				voters = append(voters, p.ID)
			}
		}
	}
	span := min(closed.Sub(i.at), 45*24*time.Hour)
	acts := make([]act, 0, len(voters))
	for _, v := range voters {
		share := math.Pow(random.Float64(), 3)
		acts = append(acts, act{at: i.at.Add(time.Minute + time.Duration(share*float64(span-2*time.Minute))), idea: i, voter: v})
	}
	return acts
}

// wakingHours moves a time of the past between 7 and 22 o'clock of its day, so
// that the company sleeps at night whenever the demo was started. Order is kept.
func wakingHours(t, now time.Time) time.Time {
	clock := func(hour int) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), hour, 0, 0, 0, t.Location())
	}
	day, over, begin, end := clock(0), clock(24), clock(7), clock(22)
	if over.After(now) { // today
		if !now.After(begin) {
			return t
		}
		over, end = now, now
	}
	share := float64(t.Sub(day)) / float64(over.Sub(day))
	return begin.Add(time.Duration(share * float64(end.Sub(begin))))
}
