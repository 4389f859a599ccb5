package server

import (
	"fmt"
	"slices"
	"strings"

	"convivio/store/board"
	"convivio/store/storetest"
)

// canaryPlace is what an attacker with the directory tells apart: people of a team
// at a site, and whether what they do is on open boards.
type canaryPlace struct {
	team, site string
	private    bool
}

// attackerLearnsNothing solves what HR reads at the front door for what one to four
// people did, by linear programming: votes anywhere, and what stands on private
// boards. month counts from the first in which the company talked.
func (f *front) attackerLearnsNothing(figures map[figureOf]board.Figure, month int, m board.Month) {
	f.Helper()
	var places []canaryPlace
	people := map[canaryPlace][]int{}
	for i := range 54 {
		team, site := canaryStands(i)
		p := canaryPlace{team, site, i%9 == 0}
		if people[p] == nil {
			places = append(places, p)
		}
		people[p] = append(people[p], i)
	}
	over := func(fits func(canaryPlace) bool) (of []float64) {
		for _, p := range places {
			of = append(of, 0)
			if fits(p) {
				of[len(of)-1] = 1
			}
		}
		return of
	}
	for _, measure := range []board.Measure{board.VotesCast, board.IdeasPosted, board.CommentsMade} {
		did := func(of []float64) (n float64) {
			for at, p := range places {
				for _, i := range people[p] {
					if of[at] > 0 && canaryActs(month, i) && (measure != board.CommentsMade || i%2 == 0) {
						n++
					}
				}
			}
			return n
		}
		s, shown := storetest.NewSystem(len(places)), 0
		for k, x := range figures {
			if k.month != m || k.measure != measure || x.State != board.FigureExact {
				continue
			}
			of := over(func(p canaryPlace) bool {
				switch {
				case k.by == board.ByBoard && x.Others > 0:
					return p.private
				case p.private:
					return false
				case k.by == board.ByTeam && x.Others > 0: // those without a team do nothing
					return strings.HasPrefix(p.team, "CNRY")
				case k.by == board.BySite && x.Others > 0:
					return strings.HasPrefix(p.site, "CNRY")
				case k.by == board.ByTeam:
					return p.team == x.Unit
				case k.by == board.BySite:
					return p.site == x.Unit
				}
				return k.by == board.ByCompany || x.Unit == "Aperta"
			})
			if n := did(of); n != x.Value {
				f.Errorf("%+v: in truth %v", x, n)
			}
			s.Know(of, x.Value, x.Value)
			shown++
		}
		for at, p := range places {
			if one := make([]float64, len(places)); !p.private && measure != board.VotesCast { // everybody sees it
				one[at] = 1
				s.Know(one, did(one), did(one))
			}
		}
		corner, ok := s.Solve()
		if !ok || shown < 2 {
			f.Fatalf("%s of %s: %d figures say nothing, or contradict each other", measure, m, shown)
		}
		f.spans(corner, places, over, did, measure)
	}
}

// spans holds what an attacker can tell against what may be told: of one to four
// people, no more than that they are so few.
func (f *front) spans(corner *storetest.Corner, places []canaryPlace, over func(func(canaryPlace) bool) []float64, did func([]float64) float64, measure board.Measure) {
	f.Helper()
	tried := 0
	var seen []string
	for _, p := range places {
		for name, fits := range map[string]func(canaryPlace) bool{
			"place":                 func(q canaryPlace) bool { return p == q },
			"team":                  func(q canaryPlace) bool { return p.team == q.team && p.private == q.private },
			"site":                  func(q canaryPlace) bool { return p.site == q.site && p.private == q.private },
			"team and site":         func(q canaryPlace) bool { return p.team == q.team && p.site == q.site },
			"site without the team": func(q canaryPlace) bool { return p.site == q.site && p.team != q.team && p.private == q.private },
		} {
			if measure != board.VotesCast && !p.private {
				continue
			}
			of := over(func(q canaryPlace) bool { return fits(q) && (measure == board.VotesCast || q.private) })
			n := did(of)
			if key := fmt.Sprint(of); n == 0 || n >= board.LeastGroup || slices.Contains(seen, key) {
				continue
			}
			seen = append(seen, fmt.Sprint(of))
			tried++
			if lo, hi := corner.Span(of); lo > 1+1e-4 || hi < board.LeastGroup-1-1e-4 {
				f.Errorf("%s of the %s of %+v: %v, and an attacker knows that they are %.2f to %.2f", measure, name, p, n, lo, hi)
			}
		}
	}
	if tried == 0 {
		f.Errorf("%s: no small group was tried", measure)
	}
}
