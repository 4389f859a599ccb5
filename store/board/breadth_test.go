package board

import (
	"fmt"
	"testing"
)

func TestSpread(t *testing.T) {
	for _, tt := range []struct {
		name     string
		groups   []Group
		from, of int
	}{
		{"nobody", []Group{{9, 0}, {9, 0}}, 0, 0},
		{"one vote of one team", []Group{{9, 1}, {9, 0}, {9, 0}}, 0, 0},
		{"four votes", []Group{{9, 2}, {9, 1}, {9, 1}}, 0, 0},
		{"a whole team", []Group{{5, 5}, {9, 0}, {20, 0}, {20, 0}}, 0, 0},
		{"two teams are not told from one", []Group{{30, 8}, {30, 8}, {30, 0}}, 0, 0},
		{"three teams", []Group{{30, 3}, {30, 2}, {30, 1}, {30, 0}}, 3, 4},
		{"never more than half the votes", []Group{{30, 1}, {30, 1}, {30, 1}, {30, 1}, {30, 1}, {30, 1}}, 3, 6},
		{"small teams count as one", []Group{{30, 5}, {30, 5}, {30, 5}, {2, 1}, {3, 1}, {1, 1}}, 4, 4},
		{"one small team takes in another", []Group{{30, 5}, {30, 5}, {30, 5}, {9, 1}, {2, 1}}, 4, 4},
	} {
		votes := 0
		for _, g := range tt.groups {
			votes += g.Voted
		}
		if got, _ := Spreads(votes, tt.groups, nil); got.From != tt.from || got.Of != tt.of {
			t.Errorf("%s: %+v, want %d of %d", tt.name, got, tt.from, tt.of)
		}
	}
	for _, tt := range [][3]int{{0, 0, 0}, {4, 100, 0}, {5, 9, 0}, {5, 10, 5}, {9, 100, 5}, {12, 12, 5}, {100, 100, 95}} {
		if got := GuestsShown(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%d of %d guests: %d shown, want %d", tt[0], tt[1], got, tt[2])
		}
	}
}

// TestNobodyFollowsFromBreadth is every attacker in every small company: somebody
// who knows the teams, the sites, who is in them, whether they voted themselves, and
// what is shown. They look at every way in which the others may have voted: each
// other person may have voted and may not have, whenever the number of votes leaves
// that open.
func TestNobodyFollowsFromBreadth(t *testing.T) {
	for _, company := range []struct {
		teams, sites []int // of each person
		guests       int
	}{
		{[]int{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2}, []int{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1}, 0},
		{[]int{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2}, []int{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0}, 0},
		{[]int{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3}, []int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, 2},
		{[]int{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2}, []int{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2}, 0},
	} {
		attack(t, company.teams, company.sites, company.guests)
	}
}

func attack(t *testing.T, teams, sites []int, guests int) {
	t.Helper()
	n := len(teams) + guests
	// For everything that can be seen, by everybody with and without a vote: who
	// voted in some world (any) and in all worlds (all), as bits.
	type view struct {
		shown string
		who   int
		voted bool
	}
	any, all := map[view]uint32{}, map[view]uint32{}
	told := map[string]bool{}
	for world := uint32(0); world < 1<<n; world++ {
		shown := seen(world, teams, sites, guests)
		told[shown] = true
		for who := range n {
			v := view{shown, who, world>>who&1 == 1}
			any[v] |= world
			if old, ok := all[v]; ok {
				all[v] = old & world
			} else {
				all[v] = world
			}
		}
	}
	for v := range any {
		var votes, others int
		if _, err := fmt.Sscanf(v.shown, "%d", &votes); err != nil {
			t.Fatal(err)
		}
		if others = votes; v.voted {
			others--
		}
		if others == 0 || others == n-1 {
			continue // the number of votes alone tells
		}
		rest := uint32(1<<n-1) &^ (1 << v.who)
		if any[v]&rest != rest || all[v]&rest != 0 {
			t.Fatalf("%v: %d knows of %b that they voted, and of %b that they did not", v, v.who, all[v]&rest, rest&^any[v])
		}
	}
	if len(told) <= n+1 {
		t.Errorf("breadth was never shown: %v", told)
	}
}

// seen is what a page shows of a way in which people voted: the number of votes,
// which is there anyway, and breadth.
func seen(world uint32, teams, sites []int, guests int) string {
	count := func(of []int) []Group {
		groups := make([]Group, 4)
		for i, g := range of {
			groups[g].Size++
			groups[g].Voted += int(world >> i & 1)
		}
		return groups
	}
	votes, extern := 0, 0
	for i := range len(teams) + guests {
		votes += int(world >> i & 1)
		if i >= len(teams) {
			extern += int(world >> i & 1)
		}
	}
	apart := GuestsShown(extern, guests)
	t, s := Spreads(votes-apart, count(teams), count(sites))
	return fmt.Sprint(votes, t, s, apart)
}
