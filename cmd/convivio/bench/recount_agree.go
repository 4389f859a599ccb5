package bench

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"convivio/store/board"
)

// Agree tells where published figures are not what was recounted, as far as the
// gate lets them be seen: counts exactly, numbers of people within what rounding to
// five leaves open, shares of people so too, other shares within half a hundredth,
// waits within half an hour. compared is how many figures were shown and looked at.
func Agree(figures []board.Figure, counted map[board.Measure]map[Unit]*Recounted) (faults []string, compared int) {
	for _, f := range figures {
		u := Unit{By: f.By, ID: f.UnitID}
		if f.By == board.BySite {
			u = Unit{By: f.By, Name: f.Unit}
		}
		x := counted[f.Measure][u]
		if x == nil {
			x = &Recounted{}
		}
		if f.Others > 0 || f.State != board.FigureExact && f.State != board.FigureNone || f.By != board.ByCompany && inPeople(f.Measure) || f.Measure == board.SearchMissed || f.Measure == board.AppealsUpheld {
			continue
		}
		compared++
		if low, high, ok := x.between(f.Measure); ok != (f.State == board.FigureExact) || ok && (f.Value < low-1e-9 || f.Value > high+1e-9) {
			faults = append(faults, fmt.Sprintf("%s %s by %s %q: published is %s %v, counted by hand %v of %v by %d people: %v to %v (%v)",
				f.Month, f.Measure, f.By, f.Unit, f.State, f.Value, x.Part, x.Of, len(x.People), low, high, ok))
		}
	}
	return faults, compared
}

func inPeople(m board.Measure) bool {
	return slices.Contains([]board.Measure{board.Entitled, board.Contributors, board.Adoption, board.CommunityTies, board.Newcomers}, m)
}

// between is what may stand there.
func (x *Recounted) between(m board.Measure) (low, high float64, ok bool) {
	people := float64(len(x.People))
	switch {
	case m == board.Entitled:
		return people - 4, people + 4, true
	case m == board.CommunityTies && x.Of == 0:
		return 0, 0, false
	case inPeople(m):
		return (people-5)/(x.Of+5) - .006, (people+5)/max(x.Of-5, 1) + .006, true
	case m == board.FirstMedian || m == board.FirstMost:
		hours, ok := lasted(x.waits, map[board.Measure]float64{board.FirstMedian: .5, board.FirstMost: .9}[m])
		return hours - .5, hours + .5, ok
	case m == board.Reported && x.Of > 0:
		return 1000*x.Part/x.Of - .5, 1000*x.Part/x.Of + .5, true
	case board.FormOf(m) == board.FormCount && m != board.Reported:
		return x.Part, x.Part, true
	case x.Of == 0:
		return 0, 0, false
	}
	return x.Part/x.Of - .005, x.Part/x.Of + .005, true
}

// lasted is the time within which a part of the waits was over, by the product of
// those that went on at each time at which some ended.
func lasted(waits []waited, part float64) (float64, bool) {
	slices.SortFunc(waits, func(a, b waited) int { return cmp.Compare(a.hours, b.hours) })
	on := 1.0
	for i := 0; i < len(waits); {
		t, left, over := waits[i].hours, len(waits)-i, 0
		for ; i < len(waits) && waits[i].hours == t; i++ {
			if waits[i].over {
				over++
			}
		}
		on *= float64(left-over) / float64(left)
		if over > 0 && on <= 1-part+1e-9 {
			return t, true
		}
	}
	return math.NaN(), false
}
