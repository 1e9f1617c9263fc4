package analysis

import (
	"cmp"
	"slices"

	"deconflict/data"
)

// Closeness is how near two nations already are for a capability: the smaller, the sooner one gives to the other.
type closeness int

const (
	together closeness = iota // both in an active initiative on the capability
	nearby                    // both in an active initiative on another capability of its area
	apart
)

// side is a nation with what it can give or lacks, in millionths.
type side struct {
	nation data.Nation
	rest   data.Amount
}

// move is an amount that one nation could give another.
type move struct {
	from, to data.Nation
	amount   data.Amount
}

// cost is what a path through the network of moves gives up, counted for each unit that goes along it: first moves between nations
// that are not together, then between nations that are apart. The order is lexicographic, which is all that shortest paths need: no path
// has as many moves as notTogether is times oneApart.
type cost int

const (
	oneApart    cost = 1
	notTogether cost = 1 << 20
)

func (c closeness) cost() cost {
	switch c {
	case together:
		return 0
	case nearby:
		return notTogether
	}
	return notTogether + oneApart
}

// transport matches surpluses to deficits. It moves as much in total as can be moved; of all such plans it takes one that moves most
// between nations that are together, and of those one that moves most between nations that are nearby. It needs at most one move
// fewer than there are nations in it. Large surpluses and deficits are served first, and ties go by nation code.
//
// This is the transportation problem (Hitchcock 1941), solved by successive shortest augmenting paths (Ford and Fulkerson 1962).
//
// Both lists are put in the order in which they are served. The moves are appended to some.
func transport(givers, receivers []side, near func(from, to data.Nation) closeness, out []move) []move {
	t := newTransportation(givers, receivers)
	t.cost = make([][]cost, len(givers))
	t.moved = make([][]data.Amount, len(givers))
	costs, moved := make([]cost, len(givers)*len(receivers)), make([]data.Amount, len(givers)*len(receivers))
	alike := true
	for i, g := range t.givers {
		t.cost[i], t.moved[i] = costs[i*len(receivers):][:len(receivers)], moved[i*len(receivers):][:len(receivers)]
		for j, r := range t.receivers {
			t.cost[i][j] = near(g.nation, r.nation).cost()
			alike = alike && t.cost[i][j] == costs[0]
		}
	}
	if alike {
		return t.largestFirst(out)
	}
	for t.augment() {
	}
	for t.breakCycle() {
	}
	for i, g := range t.givers {
		for j, r := range t.receivers {
			if t.moved[i][j] > 0 {
				out = append(out, move{g.nation, r.nation, t.moved[i][j]})
			}
		}
	}
	return out
}

type transportation struct {
	givers, receivers []side // what is left of each
	cost              [][]cost
	moved             [][]data.Amount
}

func newTransportation(givers, receivers []side) transportation {
	serve(givers)
	serve(receivers)
	return transportation{givers: givers, receivers: receivers}
}

// serve puts sides in the order in which they are served. Mostly they are few, and to put each in its place among those before it then takes a
// third of the time.
func serve(sides []side) {
	const few = 64
	if len(sides) > few {
		slices.SortFunc(sides, func(a, b side) int { return cmp.Or(cmp.Compare(b.rest, a.rest), cmp.Compare(a.nation, b.nation)) })
		return
	}
	for i, s := range sides {
		for ; i > 0 && (sides[i-1].rest < s.rest || sides[i-1].rest == s.rest && sides[i-1].nation > s.nation); i-- {
			sides[i] = sides[i-1]
		}
		sides[i] = s
	}
}

// largestFirst serves the largest deficit from the largest surplus that is left. That is what the shortest paths come to where no move is
// dearer than another, as where no two nations work together: each is one move, from the first that has something to the first that lacks
// something, and no moves go round.
func (t *transportation) largestFirst(out []move) []move {
	for i, j := 0, 0; i < len(t.givers) && j < len(t.receivers); {
		g, r := &t.givers[i], &t.receivers[j]
		amount := min(g.rest, r.rest)
		out = append(out, move{g.nation, r.nation, amount})
		g.rest -= amount
		r.rest -= amount
		if g.rest == 0 {
			i++
		}
		if r.rest == 0 {
			j++
		}
	}
	return out
}

// augment moves as much as it can along the cheapest path from a giver that has something left to a receiver that lacks something.
// The path may take moves back on its way. It is false where there is none.
func (t *transportation) augment() bool {
	const unreached = -1
	type mark struct {
		cost cost
		via  int // the node before: a giver for a receiver, a receiver for a giver; unreached at the start
		seen bool
	}
	g, r := make([]mark, len(t.givers)), make([]mark, len(t.receivers))
	for i := range g {
		g[i] = mark{via: unreached, seen: t.givers[i].rest > 0}
	}
	for changed := true; changed; { // Bellman and Ford: the costs of moves taken back are negative
		changed = false
		for i := range g {
			for j := range r {
				if c := g[i].cost + t.cost[i][j]; g[i].seen && (!r[j].seen || c < r[j].cost) {
					r[j], changed = mark{c, i, true}, true
				}
			}
		}
		for j := range r {
			for i := range g {
				if c := r[j].cost - t.cost[i][j]; r[j].seen && t.moved[i][j] > 0 && (!g[i].seen || c < g[i].cost) {
					g[i], changed = mark{c, j, true}, true
				}
			}
		}
	}
	end := unreached
	for j := range r {
		if r[j].seen && t.receivers[j].rest > 0 && (end == unreached || r[j].cost < r[end].cost) {
			end = j
		}
	}
	if end == unreached {
		return false
	}
	amount := t.receivers[end].rest
	start := unreached
	for j := end; ; {
		i := r[j].via
		if start = i; g[i].via == unreached {
			break
		}
		j = g[i].via
		amount = min(amount, t.moved[i][j])
	}
	amount = min(amount, t.givers[start].rest)
	for j := end; ; {
		i := r[j].via
		t.moved[i][j] += amount
		if g[i].via == unreached {
			break
		}
		j = g[i].via
		t.moved[i][j] -= amount
	}
	t.givers[start].rest -= amount
	t.receivers[end].rest -= amount
	return true
}

// breakCycle takes a move out of a plan where moves go round in a circle: what is added to every second of them and taken off the
// others changes neither what each nation gives and receives nor, the plan being the best, its cost.
func (t *transportation) breakCycle() bool {
	circle := t.circle()
	if circle == nil {
		return false
	}
	least := t.moved[circle[1][0]][circle[1][1]]
	for k := 1; k < len(circle); k += 2 {
		least = min(least, t.moved[circle[k][0]][circle[k][1]])
	}
	for k, m := range circle {
		if k%2 == 1 {
			t.moved[m[0]][m[1]] -= least
		} else {
			t.moved[m[0]][m[1]] += least
		}
	}
	return true
}

// circle finds moves that go round: from a giver to a receiver, from another giver to the same receiver, and so on back to the first
// giver. It joins nations move by move; one that joins two that are joined already closes a circle.
func (t *transportation) circle() (moves [][2]int) {
	n := len(t.givers)
	joined := make([][]int, n+len(t.receivers)) // givers first
	for i := range t.givers {
		for j := range t.receivers {
			if t.moved[i][j] <= 0 {
				continue
			}
			way := route(joined, -1, n+j, i)
			if way == nil {
				joined[i], joined[n+j] = append(joined[i], n+j), append(joined[n+j], i)
				continue
			}
			moves = append(moves, [2]int{i, j})
			for k := range way[1:] {
				giver, receiver := min(way[k], way[k+1]), max(way[k], way[k+1])
				moves = append(moves, [2]int{giver, receiver - n})
			}
			return moves
		}
	}
	return nil
}

// route is the way through a forest from one node to another; nil if there is none.
func route(forest [][]int, before, from, to int) []int {
	if from == to {
		return []int{to}
	}
	for _, next := range forest[from] {
		if next == before {
			continue
		}
		if rest := route(forest, from, next, to); rest != nil {
			return append([]int{from}, rest...)
		}
	}
	return nil
}
