package server

import (
	"time"

	"convivio/templates"
	"convivio/templates/words"
)

func (s *Server) stateRoutes() {
	s.route("GET", "/admin/state", admin, s.showState)
}

// stateNow gathers how Convivio is.
func (s *Server) stateNow(r *request) (templates.StatePart, error) {
	c, err := s.store.Condition(r.Context(), r.who)
	p := templates.StatePart{Lang: r.lang, Version: s.Version, Up: time.Since(s.began), At: s.store.Now(),
		Database: c.Database, Log: c.Log, Index: c.Index, Files: c.Files, Free: c.Free, Disk: c.Disk, Grown: c.Grown, Over: c.Over,
		Backup: c.Backup, Waiting: c.Waiting, Head: s.store.Head(), ReadOnly: s.store.ReadOnly(), Lost: s.store.Lost()}
	for _, f := range s.Followers {
		p.Followers = append(p.Followers, templates.FollowerState{Name: f.Name(), Lag: max(0, p.Head-f.Seq())})
	}
	if times, of := s.searches.quantiles(.5, .95, .99); of > 0 {
		p.Searches = templates.SearchTimes{Half: times[0], Most: times[1], Nearly: times[2], Of: of}
	}
	if s.live != nil {
		p.Sockets = s.live.Figures().Sockets
	}
	return p, err
}

func (s *Server) showState(r *request) error {
	part, err := s.stateNow(r)
	if err != nil {
		return err
	}
	if r.query("part") != "" {
		return r.page(templates.StateNow(part))
	}
	p, err := r.frame()
	if err != nil {
		return err
	}
	return r.page(templates.State(templates.StatePage{Page: p, Part: part}))
}

// stateConcerns are what about the machine needs an administrator.
func (s *Server) stateConcerns(r *request) (list []templates.Concern, err error) {
	p, err := s.stateNow(r)
	if err != nil {
		return nil, err
	}
	look := words.T(r.lang, "Have a look")
	if p.Scarce() {
		list = append(list, templates.Concern{Text: words.T(r.lang, "The disk is nearly full."), Path: "/admin/state", Do: look})
	}
	if p.Stale() {
		list = append(list, templates.Concern{Text: words.T(r.lang, "No backup was made in the last two days."), Path: "/admin/state", Do: look})
	}
	for _, f := range p.Followers {
		if f.Lag > followersBehind {
			list = append(list, templates.Concern{Text: words.T(r.lang, "Something is far behind what was saved."), Path: "/admin/state", Do: look})
			break
		}
	}
	return list, nil
}

// followersBehind is from how many events on a follower needs a look.
const followersBehind = 1000
