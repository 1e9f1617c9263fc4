package graph

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/testgraph"

	"deconflict/data"
)

var (
	_ graph.WeightedUndirected = (*Graph)(nil)
	_ graph.WeightedUndirected = (*View)(nil)
)

// build makes a network of gonum's test nodes and edges; loops are left out, and the last of repeated edges counts.
func build(nodes []graph.Node, edges []testgraph.WeightedLine, _, _ float64) (g graph.Graph, n []graph.Node, e []testgraph.Edge, self, absent float64, ok bool) {
	seen := map[int64]Node{}
	see := func(x graph.Node) { seen[x.ID()] = Node{id: x.ID()} }
	for _, x := range nodes {
		see(x)
	}
	weights := map[[2]int64]float64{}
	for _, x := range edges {
		f, t := x.From().ID(), x.To().ID()
		if f == t {
			continue
		}
		see(x.From())
		see(x.To())
		weights[[2]int64{min(f, t), max(f, t)}] = x.Weight()
	}
	if len(weights) == 0 && len(edges) != 0 {
		return nil, nil, nil, math.NaN(), math.NaN(), false
	}
	var all []Node
	for _, x := range seen {
		all = append(all, x)
		n = append(n, x)
	}
	w := newNetwork(all)
	for k, weight := range weights {
		w.connect(seen[k[0]], seen[k[1]], weight)
		e = append(e, Edge{seen[k[0]], seen[k[1]], weight})
	}
	return &w, n, e, 0, math.Inf(1), true
}

func TestNetworkIsAGonumGraph(t *testing.T) {
	const returnsEmpty, reversesEdges = true, true
	t.Run("EdgeExistence", func(t *testing.T) { testgraph.EdgeExistence(t, build, reversesEdges) })
	t.Run("NodeExistence", func(t *testing.T) { testgraph.NodeExistence(t, build) })
	t.Run("ReturnAdjacentNodes", func(t *testing.T) { testgraph.ReturnAdjacentNodes(t, build, returnsEmpty, reversesEdges) })
	t.Run("ReturnAllNodes", func(t *testing.T) { testgraph.ReturnAllNodes(t, build, returnsEmpty) })
	t.Run("ReturnAllEdges", func(t *testing.T) { testgraph.ReturnAllEdges(t, build, returnsEmpty) })
	t.Run("ReturnNodeSlice", func(t *testing.T) { testgraph.ReturnNodeSlice(t, build, returnsEmpty) })
	t.Run("ReturnEdgeSlice", func(t *testing.T) { testgraph.ReturnEdgeSlice(t, build, returnsEmpty) })
	t.Run("Weight", func(t *testing.T) { testgraph.Weight(t, build) })
}

// picture is a small planning picture: three nations, two capabilities in two areas, three initiatives.
func picture() *data.Dataset {
	record := func(id string, c data.Capability) data.Record {
		return data.Record{Subject: &data.Subject{Capability: c}, Origin: &data.Origin{}}.Named(id, "")
	}
	return &data.Dataset{
		Vocabulary: data.NewVocabulary(
			[]data.NationRow{{Nation: "AAA"}, {Nation: "BBB"}, {Nation: "CCC"}, {Nation: "ZZZ"}}, nil, nil,
			[]data.CapabilityRow{{Capability: "x", Area: "one", Unit: "ship"}, {Capability: "y", Area: "two", Unit: "team"}}, nil),
		Meta:    data.Meta{AsOf: data.Day(2026, 6, 30)},
		Targets: []data.Target{{Record: record("t2", "x"), Request: &data.Request{Nation: "BBB"}}, {Record: record("t1", "x"), Request: &data.Request{Nation: "BBB"}}},
		Holdings: []data.Holding{
			{Record: record("h1", "x"), Nation: "AAA"}, {Record: record("h2", "y"), Nation: "AAA"},
		},
		Initiatives: []data.Initiative{
			{Initiative: "pool", Membership: data.Complete}, {Initiative: "law", Membership: data.Addressees},
			{Initiative: "old", Membership: data.Complete, Period: data.Period{Until: data.Day(2020, 1, 1)}},
		},
		Participants: []data.Participant{
			{Initiative: "pool", Nation: "CCC", Role: data.Member}, {Initiative: "pool", Nation: "AAA", Role: data.Lead},
			{Initiative: "pool", Nation: "BBB", Role: data.Observer}, {Initiative: "law", Nation: "BBB", Role: data.Member},
			{Initiative: "old", Nation: "AAA", Role: data.Member}, {Initiative: "old", Nation: "BBB", Role: data.Member},
		},
		Contributions: []data.Contribution{{Initiative: "pool", Capability: "x", Means: "provide"}, {Initiative: "law", Capability: "y", Means: "regulate"}},
		Relations:     []data.Relation{{Initiative: "pool", Other: "old", Relation: data.CoordinatesWith}, {Initiative: "old", Other: "pool", Relation: data.MergedInto}},
	}
}

func TestLinksAreKeyedByNationAndCapability(t *testing.T) {
	g := New(picture(), data.Scope{})
	l := g.Link("BBB", "x")
	if l == nil || len(l.Targets) != 2 || l.Targets[0].ID() != "t1" {
		t.Fatalf("Link(BBB, x) = %+v, want its two targets in the order of their ids", l)
	}
	if g.Link("CCC", "x") != nil {
		t.Error("Link(CCC, x) is something, and nothing is known of it")
	}
	var order []data.Nation
	for l := range g.Links("x") {
		order = append(order, l.Nation)
	}
	if !slices.Equal(order, []data.Nation{"AAA", "BBB"}) {
		t.Errorf("Links(x) in the order %v", order)
	}
}

// Nodes by hand: AAA, BBB and CCC take part in something, ZZZ in nothing; 2 capabilities; 3 initiatives: 3 + 2 + 3 = 8. Edges:
// AAA-x, AAA-y, BBB-x; pool-AAA, pool-BBB, pool-CCC, law-BBB, old-AAA, old-BBB; pool-x, law-y: 3 + 6 + 2 = 11.
func TestNodesAndEdges(t *testing.T) {
	g := New(picture(), data.Scope{})
	if n := g.Nodes().Len(); n != 8 {
		t.Errorf("%d nodes, want 8", n)
	}
	edges := g.Edges().(*iterator.OrderedEdges)
	if n := edges.Len(); n != 11 {
		t.Errorf("%d edges, want 11", n)
	}
}

func TestScopeNarrowsToAnArea(t *testing.T) {
	g := New(picture(), data.Scope{Areas: []data.Area{"two"}})
	if g.Link("AAA", "x") != nil || g.Link("AAA", "y") == nil {
		t.Error("the scope of area two has links of area one, or lacks its own")
	}
	if g.Initiative("pool") != nil || g.Initiative("law") == nil {
		t.Error("the scope of area two has initiatives that serve area one alone, or lacks its own")
	}
}

func TestMembersAreLeadsAndMembersOfTheDay(t *testing.T) {
	g := New(picture(), data.Scope{})
	if got := g.Initiative("pool").Members(g.AsOf()); !slices.Equal(got, []data.Nation{"AAA", "CCC"}) {
		t.Errorf("members of pool are %v: observers are none", got)
	}
	if got := g.Initiative("law").Members(g.AsOf()); got != nil {
		t.Errorf("members of law are %v: addressees are none", got)
	}
}

// By hand: pool ties AAA and CCC; old has ended; a law's addressees are not tied. One edge of weight 1.
func TestCooperationCountsActiveInitiatives(t *testing.T) {
	v := New(picture(), data.Scope{}).Cooperation()
	if n := v.Edges().Len(); n != 1 {
		t.Fatalf("%d edges, want 1", n)
	}
	nodes := slices.Collect(v.All())
	if w, ok := v.Weight(nodes[0].ID(), nodes[2].ID()); !ok || w != 1 {
		t.Errorf("AAA and CCC share %v, %v; want 1", w, ok)
	}
}

func TestRelationPrefersTheOneThatResolves(t *testing.T) {
	g := New(picture(), data.Scope{})
	if r := g.Relation("old", "pool"); r == nil || r.Relation != data.MergedInto || g.Relation("pool", "old") != r {
		t.Errorf("Relation(old, pool) = %+v", r)
	}
}
