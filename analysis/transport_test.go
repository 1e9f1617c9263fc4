package analysis

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"deconflict/data"
)

// best tries every plan in whole units and keeps the best: most in total, then most together, then most nearby.
func best(give, need []int, near [][]closeness) [3]int {
	var most [3]int
	plan := make([][]int, len(give))
	for i := range plan {
		plan[i] = make([]int, len(need))
	}
	var try func(cell int, now [3]int)
	try = func(cell int, now [3]int) {
		if cell == len(give)*len(need) {
			for k := range now {
				if now[k] != most[k] {
					if now[k] > most[k] {
						most = now
					}
					return
				}
			}
			return
		}
		i, j := cell/len(need), cell%len(need)
		for x := 0; x <= min(give[i], need[j]); x++ {
			give[i] -= x
			need[j] -= x
			next := now
			next[0] += x
			switch near[i][j] {
			case together:
				next[1] += x
			case nearby:
				next[2] += x
			}
			try(cell+1, next)
			give[i] += x
			need[j] += x
		}
	}
	try(0, most)
	return most
}

func TestTransportIsAsGoodAsTheBestOfAllPlans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := func(what string) []int {
			return rapid.SliceOfN(rapid.IntRange(1, 4), 1, 3).Draw(t, what)
		}
		give, need := amounts("give"), amounts("need")
		near := make([][]closeness, len(give))
		for i := range near {
			for range need {
				near[i] = append(near[i], rapid.SampledFrom([]closeness{together, nearby, apart, apart}).Draw(t, "near"))
			}
		}
		sides := func(name string, of []int) (out []side) {
			for i, n := range of {
				out = append(out, side{data.Nation(fmt.Sprint(name, i)), data.Count(n)})
			}
			return out
		}
		index := func(n data.Nation) int { return int(n[len(n)-1] - '0') }
		closeTo := func(from, to data.Nation) closeness { return near[index(from)][index(to)] }
		moves := transport(sides("g", give), sides("r", need), closeTo, nil)
		var got [3]int
		left := map[data.Nation]data.Amount{}
		for _, s := range append(sides("g", give), sides("r", need)...) {
			left[s.nation] = s.rest
		}
		for _, m := range moves {
			if m.amount <= 0 {
				t.Fatalf("a move of %s", m.amount)
			}
			left[m.from] -= m.amount
			left[m.to] -= m.amount
			units := int(m.amount / data.One)
			got[0] += units
			switch closeTo(m.from, m.to) {
			case together:
				got[1] += units
			case nearby:
				got[2] += units
			}
		}
		for n, rest := range left {
			if rest < 0 {
				t.Fatalf("%s gives or receives too much", n)
			}
		}
		if want := best(give, need, near); got != want {
			t.Fatalf("moved, together, nearby = %v, and the best of all plans is %v", got, want)
		}
		if len(moves) > len(give)+len(need)-1 {
			t.Fatalf("%d moves between %d givers and %d receivers", len(moves), len(give), len(need))
		}
	})
}

// Where nobody is near to anybody the largest are served first, which is what the shortest paths come to.
func TestLargestFirstIsWhatTheShortestPathsComeTo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (out []side) {
			for i, n := range rapid.SliceOfN(rapid.IntRange(1, 9), 1, 6).Draw(t, name) {
				out = append(out, side{data.Nation(fmt.Sprint(name, i)), data.Count(n)})
			}
			return out
		}
		givers, receivers := draw("g"), draw("r")
		fast := newTransportation(slices.Clone(givers), slices.Clone(receivers))
		quick := fast.largestFirst(nil)
		alike := make([]cost, len(receivers))
		slow := newTransportation(givers, receivers)
		for range givers {
			slow.cost, slow.moved = append(slow.cost, alike), append(slow.moved, make([]data.Amount, len(receivers)))
		}
		for slow.augment() {
		}
		for slow.breakCycle() {
		}
		var want []move
		for i, g := range slow.givers {
			for j, r := range slow.receivers {
				if slow.moved[i][j] > 0 {
					want = append(want, move{g.nation, r.nation, slow.moved[i][j]})
				}
			}
		}
		if !slices.Equal(quick, want) {
			t.Fatalf("%v, want %v", quick, want)
		}
	})
}

// Sides are served by what they have or lack, the largest first, and then by their nation, however many they are.
func TestServe(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		sides := make([]side, r.IntN(130))
		for i, n := range r.Perm(len(sides)) {
			sides[i] = side{data.Nation(fmt.Sprintf("N%03d", n)), data.Amount(r.IntN(1 + len(sides)))}
		}
		want := slices.SortedFunc(slices.Values(sides), func(a, b side) int {
			return cmp.Or(-cmp.Compare(a.rest, b.rest), cmp.Compare(a.nation, b.nation))
		})
		if serve(sides); !slices.Equal(sides, want) {
			t.Fatalf("seed %d: %v are served, wanted %v", seed, sides, want)
		}
	}
}
