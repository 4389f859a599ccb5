package gate

import (
	"maps"
	"math/big"
)

// Group is a group of people, by their ids.
type Group map[int64]bool

// and is everybody in one or the other.
func (g Group) and(h Group) Group {
	out := make(Group, len(g)+len(h))
	maps.Copy(out, g)
	maps.Copy(out, h)
	return out
}

// part is who is also in another group, or who is not.
func (g Group) part(h Group, in bool) Group {
	out := Group{}
	for p := range g {
		if h[p] == in {
			out[p] = true
		}
	}
	return out
}

// Groups are the groups of people that figures of one moment have been published
// for. A further one is let through when nothing about fewer than k people
// follows from it and them. Lines that are published stand for groups that do not
// overlap, or are audited against each other by Cross; what would choose people by
// anything else goes through here. Months beside each other ask Same.
type Groups struct {
	k    int
	sets []Group
}

// What is compared at most; beyond, no more groups are let through.
const (
	mostGroups = 64
	mostSmall  = 16 // atoms of fewer than k people
)

// NewGroups begins with groups that were published already; k below Least counts
// as Least.
func NewGroups(k int, published ...Group) *Groups {
	return &Groups{k: max(k, Least), sets: published}
}

// Add lets a group through, or says no. The group must have at least k people;
// without those of any group before, and the other way round, nobody or at least
// k may be left; and no smaller group may follow by adding and taking away
// groups, as everybody without men and without Milan gives women elsewhere.
func (g *Groups) Add(x Group) bool {
	if len(x) < g.k || len(g.sets) >= mostGroups {
		return false
	}
	for _, s := range g.sets {
		if maps.Equal(s, x) {
			return true
		}
		if g.few(x.part(s, false)) || g.few(s.part(x, false)) {
			return false
		}
	}
	sets := append(append([]Group(nil), g.sets...), x)
	if g.follows(sets) {
		return false
	}
	g.sets = sets
	return true
}

// Same tells whether a line may be drawn from one period to the next: nobody, or
// at least k people, joined the unit, and as many left it.
func Same(before, now Group, k int) bool {
	g := Groups{k: max(k, Least)}
	return !g.few(before.part(now, false)) && !g.few(now.part(before, false))
}

func (g *Groups) few(s Group) bool {
	return 0 < len(s) && len(s) < g.k
}

// follows tells whether the size of a group of fewer than k people follows from
// those of the sets. People in the same sets are one atom; a group's figure
// follows when its vector over the atoms is a sum of multiples of the sets'.
func (g *Groups) follows(sets []Group) bool {
	atoms := split(sets)
	rows := make([][]*big.Rat, len(sets))
	for i, s := range sets {
		rows[i] = vector(atoms, func(a Group) bool { return len(a.part(s, true)) > 0 })
	}
	space := echelon(rows)
	small := make([]int, 0, len(atoms))
	for i, a := range atoms {
		if g.few(a) {
			small = append(small, i)
		}
	}
	if len(small) > mostSmall {
		return true
	}
	// Any sum of small atoms that is still small: all of them together bound how many there are.
	var look func(from int, chosen map[int]bool, people int) bool
	look = func(from int, chosen map[int]bool, people int) bool {
		if len(chosen) > 0 && space.has(vectorOf(len(atoms), chosen)) {
			return true
		}
		for n := from; n < len(small); n++ {
			i := small[n]
			more := people + len(atoms[i])
			if more >= g.k {
				continue
			}
			chosen[i] = true
			if look(n+1, chosen, more) {
				return true
			}
			delete(chosen, i)
		}
		return false
	}
	return look(0, map[int]bool{}, 0)
}

// split divides everybody in the sets into atoms: people who are in the same ones.
func split(sets []Group) []Group {
	var atoms []Group
	for _, s := range sets {
		rest := s
		var next []Group
		for _, a := range atoms {
			in, out := a.part(s, true), a.part(s, false)
			rest = rest.part(a, false)
			for _, part := range []Group{in, out} {
				if len(part) > 0 {
					next = append(next, part)
				}
			}
		}
		if len(rest) > 0 {
			next = append(next, rest)
		}
		atoms = next
	}
	return atoms
}

func vector(atoms []Group, in func(Group) bool) []*big.Rat {
	v := make([]*big.Rat, len(atoms))
	for i, a := range atoms {
		v[i] = big.NewRat(int64(asInt(in(a))), 1)
	}
	return v
}

func vectorOf(n int, chosen map[int]bool) []*big.Rat {
	v := make([]*big.Rat, n)
	for i := range v {
		v[i] = big.NewRat(int64(asInt(chosen[i])), 1)
	}
	return v
}

// space is the rows that span it, each with a leading one that no other has.
type space struct {
	rows [][]*big.Rat
	lead []int
}

func echelon(rows [][]*big.Rat) *space {
	s := &space{}
	for _, r := range rows {
		s.add(r)
	}
	return s
}

// reduce takes from v what the space has of it.
func (s *space) reduce(v []*big.Rat) {
	var part big.Rat
	for n, row := range s.rows {
		if v[s.lead[n]].Sign() == 0 {
			continue
		}
		times := new(big.Rat).Set(v[s.lead[n]])
		for i, x := range row {
			v[i].Sub(v[i], part.Mul(times, x))
		}
	}
}

func (s *space) add(v []*big.Rat) {
	s.reduce(v)
	for i, x := range v {
		if x.Sign() == 0 {
			continue
		}
		over := new(big.Rat).Inv(x)
		for _, y := range v {
			y.Mul(y, over)
		}
		s.rows, s.lead = append(s.rows, v), append(s.lead, i)
		return
	}
}

// has tells whether v is a sum of multiples of the rows. v is used up.
func (s *space) has(v []*big.Rat) bool {
	s.reduce(v)
	for _, x := range v {
		if x.Sign() != 0 {
			return false
		}
	}
	return true
}
