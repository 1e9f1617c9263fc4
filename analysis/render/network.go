package render

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/layout"

	"deconflict/analysis"
	"deconflict/data"
)

// mostNodes is how many nations a network shows at most: with more it no longer reads, and a matrix stands in its place.
const mostNodes = 25

// network is who works with whom, laid out in an area that is wide wide and 1 high; y grows downwards. The strongest ties alone are
// drawn: those of each nation to its closest partners, and what holds a group together that would fall apart without.
type network struct {
	wide    float64
	radius  float64 // of a node, such that no two overlap and all lie inside
	nodes   []node  // by community, then code; those of nations that share an initiative
	ties    []tie   // the weakest first, as they are to be drawn
	undrawn int     // how many ties are not drawn
	alone   []data.Nation
}

// node is a nation in a network.
type node struct {
	analysis.Cooperator
	x, y float64
}

// tie is how many active initiatives two nations of a network share, by their places among its nodes.
type tie struct{ a, b, initiatives int }

// closest is how many partners of a nation are tied to it in the picture, besides those whose closest partner it is.
const closest = 2

// layNetwork lays a cooperation out: groups that share nothing with each other apart, each by gonum's spring layout from a fixed seed.
func layNetwork(c analysis.Cooperation, wide, radius float64) network {
	w := network{wide: wide, radius: radius}
	for _, n := range c.Nations {
		if n.Community > 0 {
			w.nodes = append(w.nodes, node{Cooperator: n})
		} else {
			w.alone = append(w.alone, n.Nation)
		}
	}
	slices.SortStableFunc(w.nodes, func(a, b node) int { return a.Community - b.Community })
	at := map[data.Nation]int{}
	for i, n := range w.nodes {
		at[n.Nation] = i
	}
	var all []tie
	for _, t := range c.Together {
		all = append(all, tie{at[t.A], at[t.B], t.Initiatives})
	}
	var groups [][]int
	w.ties, groups = strongest(w.nodes, all)
	w.undrawn = len(all) - len(w.ties)
	w.place(groups)
	slices.Reverse(w.ties)
	return w
}

// strongest are the ties to draw, the strongest first, and the nodes that they hold together, the largest group first.
func strongest(nodes []node, all []tie) (drawn []tie, groups [][]int) {
	across := func(t tie) int {
		if nodes[t.a].Community != nodes[t.b].Community {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(s, t tie) int {
		return cmp.Or(t.initiatives-s.initiatives, across(s)-across(t), min(s.a, s.b)-min(t.a, t.b), max(s.a, s.b)-max(t.a, t.b))
	})
	group, drawnOf := make([]int, len(nodes)), make([]int, len(nodes))
	for i := range group {
		group[i] = i
	}
	for _, t := range all {
		g, h := group[t.a], group[t.b]
		if g == h && drawnOf[t.a] >= closest && drawnOf[t.b] >= closest {
			continue
		}
		drawn = append(drawn, t)
		drawnOf[t.a]++
		drawnOf[t.b]++
		for i := range group {
			if group[i] == h {
				group[i] = g
			}
		}
	}
	members := map[int]int{}
	for i, g := range group {
		k, seen := members[g]
		if !seen {
			k = len(groups)
			members[g] = k
			groups = append(groups, nil)
		}
		groups[k] = append(groups[k], i)
	}
	slices.SortStableFunc(groups, func(a, b []int) int { return len(b) - len(a) })
	return drawn, groups
}

// box is a part of the area.
type box struct{ x, y, wide, high float64 }

// place gives each group a box of its own, and each node a place in its group's. The radius shrinks where there is no room.
func (w *network) place(groups [][]int) {
	if len(w.nodes) == 0 {
		return
	}
	const crowded = 0.45 // of a box that discs cover when they have just room to move
	w.radius = min(w.radius, math.Sqrt(crowded*w.wide/(float64(len(w.nodes))*math.Pi)), w.wide/2, 0.5)
	for k, b := range divide(box{0, 0, w.wide, 1}, groups) {
		w.placeGroup(groups[k], b)
	}
	const room = 1.08 // between the rims of two nodes
	for i, n := range w.nodes {
		for _, m := range w.nodes[:i] {
			w.radius = min(w.radius, math.Hypot(n.x-m.x, n.y-m.y)/2/room)
		}
	}
}

// divide cuts a box into one for each group, across its longer side, in proportion to their sizes.
func divide(b box, groups [][]int) []box {
	if len(groups) < 2 {
		return []box{b}
	}
	size := func(groups [][]int) (n float64) {
		for _, g := range groups {
			n += float64(len(g))
		}
		return n
	}
	half := 1
	for half < len(groups)-1 && size(groups[:half]) < size(groups)/2 {
		half++
	}
	share := size(groups[:half]) / size(groups)
	first, second := b, b
	if b.wide >= b.high {
		first.wide = b.wide * share
		second.x, second.wide = b.x+first.wide, b.wide-first.wide
	} else {
		first.high = b.high * share
		second.y, second.high = b.y+first.high, b.high-first.high
	}
	return append(divide(first, groups[:half]), divide(second, groups[half:])...)
}

// placeGroup lays one group out in its box.
func (w *network) placeGroup(group []int, b box) {
	edge := w.radius
	if len(group) < len(w.nodes) { // keep away from other groups
		edge = min(1.8*w.radius, b.wide/2, b.high/2)
	}
	inner := box{b.x + edge, b.y + edge, b.wide - 2*edge, b.high - 2*edge}
	if len(group) == 1 {
		w.nodes[group[0]].x, w.nodes[group[0]].y = b.x+b.wide/2, b.y+b.high/2
		return
	}
	s := spring{nodes: group, near: map[int64][]int64{}}
	for _, t := range w.ties {
		if slices.Contains(group, t.a) {
			s.near[int64(t.a)] = append(s.near[int64(t.a)], int64(t.b))
			s.near[int64(t.b)] = append(s.near[int64(t.b)], int64(t.a))
		}
	}
	eades := layout.EadesR2{Updates: 200, Repulsion: 1, Rate: 0.05, Theta: 0.1, Src: rand.NewPCG(1, 1)}
	optimizer := layout.NewOptimizerR2(s, eades.Update)
	for optimizer.Update() {
	}
	var xs, ys []float64
	for _, i := range group {
		at := optimizer.Coord2(int64(i))
		xs, ys = append(xs, at.X), append(ys, at.Y)
	}
	if (extent(xs) >= extent(ys)) != (inner.wide >= inner.high) {
		xs, ys = ys, xs
	}
	stretch(xs, inner.x, inner.wide)
	stretch(ys, inner.y, inner.high)
	w.part(xs, ys, inner)
	for k, i := range group {
		w.nodes[i].x, w.nodes[i].y = xs[k], ys[k]
	}
}

func extent(v []float64) float64 { return slices.Max(v) - slices.Min(v) }

// stretch moves values so that they fill a length from a start.
func stretch(v []float64, start, length float64) {
	low, full := slices.Min(v), extent(v)
	for i := range v {
		if full < 1e-9 { // all on one spot
			v[i] = start + length/2
			continue
		}
		v[i] = start + (v[i]-low)/full*length
	}
}

// part pushes nodes off each other, within a box.
func (w *network) part(xs, ys []float64, b box) {
	const rounds, room = 400, 2.6 // radii between the middles of two nodes
	for range rounds {
		moved := false
		for i := range xs {
			for j := range i {
				dx, dy := xs[i]-xs[j], ys[i]-ys[j]
				d := math.Hypot(dx, dy)
				if d >= room*w.radius {
					continue
				}
				if d < 1e-9 { // on one spot: the later one goes to the right, and down a little
					dx, dy, d = 1, 0.1, 1
				}
				push := (room*w.radius - d) / 2 / d
				xs[i], ys[i] = xs[i]+dx*push, ys[i]+dy*push
				xs[j], ys[j] = xs[j]-dx*push, ys[j]-dy*push
				moved = true
			}
		}
		for i := range xs {
			xs[i] = min(max(xs[i], b.x), b.x+b.wide)
			ys[i] = min(max(ys[i], b.y), b.y+b.high)
		}
		if !moved {
			return
		}
	}
}

// spring is the graph of a group, in the order of its nodes: gonum's own graphs have none, and the layout goes by it.
type spring struct {
	nodes []int
	near  map[int64][]int64
}

type springNode int64

// ID implements gonum's graph.Node.
func (n springNode) ID() int64 { return int64(n) }

func (s spring) Node(id int64) graph.Node { return springNode(id) }

func (s spring) Nodes() graph.Nodes {
	nodes := make([]graph.Node, len(s.nodes))
	for i, n := range s.nodes {
		nodes[i] = springNode(n)
	}
	return iterator.NewOrderedNodes(nodes)
}

func (s spring) From(id int64) graph.Nodes {
	nodes := make([]graph.Node, len(s.near[id]))
	for i, n := range s.near[id] {
		nodes[i] = springNode(n)
	}
	return iterator.NewOrderedNodes(nodes)
}

func (s spring) HasEdgeBetween(x, y int64) bool { return slices.Contains(s.near[x], y) }

func (s spring) Edge(x, y int64) graph.Edge {
	if !s.HasEdgeBetween(x, y) {
		return nil
	}
	return springEdge{x, y}
}

type springEdge [2]int64

func (e springEdge) From() graph.Node         { return springNode(e[0]) }
func (e springEdge) To() graph.Node           { return springNode(e[1]) }
func (e springEdge) ReversedEdge() graph.Edge { return springEdge{e[1], e[0]} }

// matrix is who works with whom as a table: nations that work together most stand together.
type matrix struct {
	nations []analysis.Cooperator // by community, then those with most ties first, then code
	shared  [][]int               // how many initiatives the nation of the row shares with that of the column; 0 with itself
	most    int                   // the largest number in it
	alone   []data.Nation         // nations that share no initiative; they have no row
}

// layMatrix orders a cooperation.
func layMatrix(c analysis.Cooperation) matrix {
	var m matrix
	total, at := map[data.Nation]int{}, map[data.Nation]int{}
	for _, t := range c.Together {
		total[t.A] += t.Initiatives
		total[t.B] += t.Initiatives
		m.most = max(m.most, t.Initiatives)
	}
	for _, n := range c.Nations {
		if n.Community > 0 {
			m.nations = append(m.nations, n)
		} else {
			m.alone = append(m.alone, n.Nation)
		}
	}
	slices.SortStableFunc(m.nations, func(a, b analysis.Cooperator) int {
		return cmp.Or(a.Community-b.Community, total[b.Nation]-total[a.Nation])
	})
	for i, n := range m.nations {
		at[n.Nation] = i
		m.shared = append(m.shared, make([]int, len(m.nations)))
	}
	for _, t := range c.Together {
		a, b := at[t.A], at[t.B]
		m.shared[a][b], m.shared[b][a] = t.Initiatives, t.Initiatives
	}
	return m
}
