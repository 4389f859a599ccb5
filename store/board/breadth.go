package board

import (
	"slices"
	"time"
)

// Breadth is how widely an idea is supported, as it was counted last: see
// docs/privacy.md. Teams and sites are those of employees; each number of them is
// "at least", and 0 where it is not shown.
type Breadth struct {
	People  int       `json:"people"`             // who voted, when it was counted
	Guests  int       `json:"guests,omitempty"`   // at least so many of them are guests
	Teams   int       `json:"teams,omitempty"`    // at least so many teams they are from
	OfTeams int       `json:"of_teams,omitempty"` // of those whose people see the board
	Sites   int       `json:"sites,omitempty"`
	OfSites int       `json:"of_sites,omitempty"`
	At      time.Time `json:"at"` // the day it was counted
}

// GroupFloor is the least number of people about whom anything is said: groups
// that are smaller are counted together, and so are changes of fewer votes.
const GroupFloor = 5

// Score orders ideas by breadth: teams first, then sites, then people.
func (b *Breadth) Score() int64 {
	if b == nil {
		return 0
	}
	const most = 1_000_000
	return (int64(b.Teams)*1000+min(int64(b.Sites), 999))*most + min(int64(b.People), most-1)
}

// Group is a team or a site: how many see the board, and how many of them voted.
type Group struct{ Size, Voted int }

// Spread is from at least how many groups votes come, and how many groups there
// are; zero where it is not told.
type Spread struct{ From, Of int }

// Spreads tells how votes are spread over teams and over sites. What is told is such
// that nobody learns of anybody else whether they voted, whatever they know of teams,
// sites and themselves:
//
//   - groups of fewer than GroupFloor people count as one, with as many of the next
//     as it takes;
//   - it never tells more groups than half the votes: else each vote might be the
//     only one of its group, and who cast it would know that no colleague did;
//   - it tells none where there are so few groups that some may have voted as one
//     body, nor for one more, so that silence does not say it either;
//   - teams and sites are told together or not at all, unless one of them never is,
//     for that many votes: few teams and few sites leave few people.
//
// votes are those that may be employees', as far as is told: with them the guests who
// are not told apart.
func Spreads(votes int, teams, sites []Group) (t, s Spread) {
	t, tellsTeams := spread(votes, teams)
	s, tellsSites := spread(votes, sites)
	if tellsTeams && t.From == 0 || tellsSites && s.From == 0 {
		return Spread{}, Spread{}
	}
	return t, s
}

// spread is Spreads for one of them; tells is whether so many votes can be told of
// at all, which everybody knows who knows the groups.
func spread(votes int, groups []Group) (told Spread, tells bool) {
	groups = pooled(groups)
	for _, g := range groups {
		if g.Voted > 0 {
			told.From++
		}
	}
	least := bodies(groups, votes)
	told.Of, told.From = len(groups), min(told.From, votes/2)
	tells = votes >= GroupFloor && min(told.Of, votes/2) > least
	if !tells || told.From <= least {
		return Spread{}, tells
	}
	return told, tells
}

// bodies is the least number of groups from which that many votes can come so that
// the colleagues of any one voter may all not have voted.
func bodies(groups []Group, votes int) int {
	n, room := 1, 0
	for _, g := range groups { // the largest first
		if room >= votes-1 {
			break
		}
		room += g.Size
		n++
	}
	return max(n, 2)
}

// pooled counts small groups as one, which takes in the smallest of the others
// until it is large enough; what remains too small is left out. The largest come first.
func pooled(groups []Group) []Group {
	groups = slices.Clone(groups)
	slices.SortFunc(groups, func(a, b Group) int { return b.Size - a.Size })
	var others Group
	for n := len(groups) - 1; n >= 0 && (groups[n].Size < GroupFloor || others.Size > 0 && others.Size < GroupFloor); n-- {
		others.Size += groups[n].Size
		others.Voted += groups[n].Voted
		groups = groups[:n]
	}
	if others.Size < GroupFloor {
		return groups
	}
	groups = append(groups, others)
	slices.SortFunc(groups, func(a, b Group) int { return b.Size - a.Size })
	return groups
}

// GuestsShown is how many guests may be told apart among those who voted: in steps
// of GroupFloor, and never nearly all there are.
func GuestsShown(voted, there int) int {
	n := min(voted, there-GroupFloor)
	return max(0, n-n%GroupFloor)
}
