package graph

import (
	"iter"

	"deconflict/data"
)

// View is a graph of nodes of one kind. It implements gonum's graph.WeightedUndirected.
type View struct{ network }

// Cooperation ties two nations for each initiative that both are in on the graph's day. The weight is the number of initiatives.
// Nations that share none are nodes without an edge.
func (g *Graph) Cooperation() *View {
	v := &View{newNetwork(g.ofKind(func(n Node) bool { return n.Nation != "" }))}
	node := map[data.Nation]Node{}
	for _, n := range v.all {
		node[n.Nation] = n
	}
	for _, i := range g.initiatives {
		if !i.Active(g.AsOf()) {
			continue
		}
		members := i.Members(g.AsOf())
		for k, a := range members {
			for _, b := range members[k+1:] {
				v.connect(node[a], node[b], 1)
			}
		}
	}
	return v
}

// Likeness ties two initiatives for each capability that both serve. The weight is the number of capabilities.
func (g *Graph) Likeness() *View {
	v := &View{newNetwork(g.ofKind(func(n Node) bool { return n.Initiative != "" }))}
	node := map[string]Node{}
	for _, n := range v.all {
		node[n.Initiative] = n
	}
	for _, c := range g.capabilities {
		var serving []Node
		for _, i := range g.initiatives {
			if i.Serves(c.Capability) {
				serving = append(serving, node[i.Initiative.Initiative])
			}
		}
		for k, a := range serving {
			for _, b := range serving[k+1:] {
				v.connect(a, b, 1)
			}
		}
	}
	return v
}

// All yields the nodes of the view in the order of their codes.
func (v *View) All() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for _, n := range v.all {
			if !yield(n) {
				return
			}
		}
	}
}

func (g *Graph) ofKind(keep func(Node) bool) []Node {
	var out []Node
	for _, n := range g.nodes() { // their ties need not be made
		if keep(n) {
			out = append(out, n)
		}
	}
	return out
}
