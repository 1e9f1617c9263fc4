package graph

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"

	"deconflict/data"
)

// Node is a nation, a capability or an initiative: one of the three is set. Ids run from 0 in that order, each kind by code.
type Node struct {
	id         int64
	Nation     data.Nation
	Capability data.Capability
	Initiative string
}

// ID implements gonum's graph.Node.
func (n Node) ID() int64 { return n.id }

// Code is the node's own code.
func (n Node) Code() string { return cmp.Or(string(n.Nation), string(n.Capability), n.Initiative) }

// Edge ties two nodes. Its weight is the number of records behind it.
type Edge struct {
	F, T Node
	W    float64
}

// From implements gonum's graph.Edge.
func (e Edge) From() graph.Node { return e.F }

// To implements gonum's graph.Edge.
func (e Edge) To() graph.Node { return e.T }

// ReversedEdge implements gonum's graph.Edge.
func (e Edge) ReversedEdge() graph.Edge { return Edge{e.T, e.F, e.W} }

// Weight implements gonum's graph.WeightedEdge.
func (e Edge) Weight() float64 { return e.W }

// network is a finished undirected graph with sorted adjacency, so that gonum's iterators yield in the order of ids; gonum's own
// graphs iterate over maps.
type network struct {
	all  []Node // by id
	at   map[int64]int
	ties [][]tie // by index of the node, then by that of the neighbour

	build func() // makes the network; nil where it is made
}

// made is the network, made if it is not.
func (w *network) made() *network {
	if w.build != nil {
		w.build()
	}
	return w
}

// tie is one end of an edge, to the neighbour at an index: edges are many, and nodes are large.
type tie struct {
	to     int32
	weight float64
}

func newNetwork(nodes []Node) network {
	w := network{all: nodes, at: make(map[int64]int, len(nodes)), ties: make([][]tie, len(nodes))}
	slices.SortFunc(w.all, func(a, b Node) int { return cmp.Compare(a.id, b.id) })
	for i, n := range w.all {
		w.at[n.id] = i
	}
	return w
}

// connect ties two nodes of the network; tying them again adds to the weight.
func (w *network) connect(a, b Node, weight float64) {
	i, j := w.at[a.id], w.at[b.id]
	for _, end := range [2][2]int{{i, j}, {j, i}} {
		ties := w.ties[end[0]]
		at, found := findTie(ties, end[1])
		if found {
			ties[at].weight += weight
		} else {
			w.ties[end[0]] = slices.Insert(ties, at, tie{int32(end[1]), weight})
		}
	}
}

func findTie(ties []tie, to int) (at int, found bool) {
	return slices.BinarySearchFunc(ties, int32(to), func(t tie, to int32) int { return cmp.Compare(t.to, to) })
}

func (w *network) edge(x, y int64) (Edge, bool) {
	w.made()
	i, ok1 := w.at[x]
	j, ok2 := w.at[y]
	if !ok1 || !ok2 {
		return Edge{}, false
	}
	at, ok := findTie(w.ties[i], j)
	if !ok {
		return Edge{}, false
	}
	return Edge{w.all[i], w.all[j], w.ties[i][at].weight}, true
}

// Node implements gonum's graph.Graph.
func (w *network) Node(id int64) graph.Node {
	i, ok := w.made().at[id]
	if !ok {
		return nil
	}
	return w.all[i]
}

// Nodes implements gonum's graph.Graph, in the order of ids.
func (w *network) Nodes() graph.Nodes {
	if len(w.made().all) == 0 {
		return graph.Empty
	}
	nodes := make([]graph.Node, len(w.all))
	for i, n := range w.all {
		nodes[i] = n
	}
	return iterator.NewOrderedNodes(nodes)
}

// From implements gonum's graph.Graph, in the order of ids.
func (w *network) From(id int64) graph.Nodes {
	i, ok := w.made().at[id]
	if !ok || len(w.ties[i]) == 0 {
		return graph.Empty
	}
	nodes := make([]graph.Node, len(w.ties[i]))
	for j, t := range w.ties[i] {
		nodes[j] = w.all[t.to]
	}
	return iterator.NewOrderedNodes(nodes)
}

// HasEdgeBetween implements gonum's graph.Graph.
func (w *network) HasEdgeBetween(x, y int64) bool {
	_, ok := w.edge(x, y)
	return ok
}

// Edge implements gonum's graph.Graph.
func (w *network) Edge(x, y int64) graph.Edge {
	if e, ok := w.edge(x, y); ok {
		return e
	}
	return nil
}

// EdgeBetween implements gonum's graph.Undirected.
func (w *network) EdgeBetween(x, y int64) graph.Edge { return w.Edge(x, y) }

// WeightedEdge implements gonum's graph.Weighted.
func (w *network) WeightedEdge(x, y int64) graph.WeightedEdge {
	if e, ok := w.edge(x, y); ok {
		return e
	}
	return nil
}

// WeightedEdgeBetween implements gonum's graph.WeightedUndirected.
func (w *network) WeightedEdgeBetween(x, y int64) graph.WeightedEdge { return w.WeightedEdge(x, y) }

// Weight implements gonum's graph.Weighted: 0 from a node to itself, infinite where there is no edge.
func (w *network) Weight(x, y int64) (weight float64, ok bool) {
	if x == y {
		return 0, true
	}
	if e, ok := w.edge(x, y); ok {
		return e.W, true
	}
	return math.Inf(1), false
}

// Edges lists every edge once, by the ids of its ends, the smaller first.
func (w *network) Edges() graph.Edges {
	var edges []graph.Edge
	for i, ties := range w.made().ties {
		for _, t := range ties {
			if i < int(t.to) {
				edges = append(edges, Edge{w.all[i], w.all[t.to], t.weight})
			}
		}
	}
	if len(edges) == 0 {
		return graph.Empty
	}
	return iterator.NewOrderedEdges(edges)
}

// nodes are the nations that take part in anything, the capabilities of the scope and its initiatives.
func (g *Graph) nodes() []Node {
	taking := map[data.Nation]bool{}
	for number, n := range g.nations {
		taking[n] = g.takesPart(number)
	}
	for _, i := range g.initiatives {
		for _, p := range i.Participants {
			taking[p.Nation] = true
		}
	}
	var nodes []Node
	add := func(n Node) {
		n.id = int64(len(nodes))
		nodes = append(nodes, n)
	}
	for _, n := range g.Dataset.Nations {
		if taking[n.Nation] {
			add(Node{Nation: n.Nation})
		}
	}
	for _, c := range g.capabilities {
		add(Node{Capability: c.Capability})
	}
	for _, i := range g.initiatives {
		add(Node{Initiative: i.Initiative.Initiative})
	}
	return nodes
}

// addEdges ties nations to capabilities by their records, and initiatives to nations and capabilities.
func (g *Graph) addEdges() {
	nation, capability, initiative := map[data.Nation]Node{}, map[data.Capability]Node{}, map[string]Node{}
	for _, n := range g.all {
		switch {
		case n.Nation != "":
			nation[n.Nation] = n
		case n.Capability != "":
			capability[n.Capability] = n
		default:
			initiative[n.Initiative] = n
		}
	}
	for l := range g.AllLinks() {
		g.connect(nation[l.Nation], capability[l.Capability], float64(len(l.Targets)+len(l.Pledges)+len(l.Holdings)))
	}
	for _, i := range g.initiatives {
		self := initiative[i.Initiative.Initiative]
		for _, p := range i.Participants {
			g.connect(nation[p.Nation], self, 1)
		}
		for _, c := range i.Contributions {
			g.connect(self, capability[c.Capability], 1)
		}
	}
}
