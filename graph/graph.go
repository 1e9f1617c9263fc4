// Package graph holds one planning picture as a graph: nations, capabilities and initiatives are its nodes. A nation and a
// capability are linked where somebody asks, offers or has; an initiative is linked to the nations that take part in it and to
// the capabilities that it serves. It is built once and read-only, and the same records give the same graph in any order.
//
// Graph implements gonum's graph.Undirected and graph.Weighted; Cooperation and Likeness are the views on which gonum's
// algorithms run.
package graph

import (
	"cmp"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"deconflict/data"
)

// Link is everything known about one nation and one capability: what it is asked for, offers and has. Records are in the
// order of their ids, then positions.
type Link struct {
	Index      int // its place among AllLinks, from 0
	Nation     data.Nation
	NationAt   int // among LinkedNations, from 0
	Capability data.Capability
	Targets    []*data.Target
	Pledges    []*data.Pledge
	Holdings   []*data.Holding
}

// Initiative is an initiative with everything that is tied to it.
type Initiative struct {
	*data.Initiative
	Participants  []*data.Participant  // by nation and first day
	Contributions []*data.Contribution // by capability and means, within the scope
}

// Active reports whether the initiative runs on day t.
func (i *Initiative) Active(t data.Date) bool { return i.Period.Contains(t) }

// Members are the nations in the initiative on day t, leads and members, by code. Addressees are none.
func (i *Initiative) Members(t data.Date) []data.Nation {
	if i.Membership == data.Addressees {
		return nil
	}
	var out []data.Nation
	for _, p := range i.Participants {
		if p.Role.In() && p.Period.Contains(t) && (len(out) == 0 || out[len(out)-1] != p.Nation) {
			out = append(out, p.Nation)
		}
	}
	return out
}

// Has reports whether n is in the initiative on day t.
func (i *Initiative) Has(n data.Nation, t data.Date) bool {
	_, found := slices.BinarySearch(i.Members(t), n)
	return found
}

// Serves reports whether the initiative contributes to c by any means.
func (i *Initiative) Serves(c data.Capability) bool {
	return slices.ContainsFunc(i.Contributions, func(k *data.Contribution) bool { return k.Capability == c })
}

// Graph is the planning picture of one dataset within one scope.
type Graph struct {
	*network
	Dataset *data.Dataset
	Scope   data.Scope

	capabilities []data.CapabilityRow
	requirements map[data.Capability][]*data.Requirement
	targets      inOrder[data.Target]
	pledges      inOrder[data.Pledge]
	holdings     inOrder[data.Holding]
	nations      []data.Nation                // by the numbers that put them in order
	links        []atomic.Pointer[[]Link]     // of each capability, by nation, where they are made
	rooms        *sync.Pool                   // for links
	rank         ranks                        // of capabilities
	starts       []int                        // where the links of each begin, and where the last ends
	initiatives  []*Initiative                // by code
	initiative   map[string]*Initiative       //
	relations    map[[2]string]*data.Relation // by the two codes, smaller first
}

// New builds the graph of what the scope takes in. The scope's day defaults to the dataset's.
func New(ds *data.Dataset, scope data.Scope) *Graph {
	if scope.AsOf == 0 {
		scope.AsOf = ds.AsOf
	}
	g := &Graph{
		Dataset: ds, Scope: scope,
		requirements: map[data.Capability][]*data.Requirement{},
		initiative:   map[string]*Initiative{},
		relations:    map[[2]string]*data.Relation{},
	}
	rank := g.take(ds.Capabilities)
	g.addRecords(rank)
	g.addInitiatives(rank)
	g.network = &network{}
	g.build = sync.OnceFunc(func() { // when an algorithm first asks: most questions do without
		made := newNetwork(g.nodes())
		g.all, g.at, g.ties = made.all, made.at, made.ties
		g.addEdges()
	})
	return g
}

// ranks finds the place of a capability among those of the scope, if it is one.
type ranks func(data.Capability) (rank int, ok bool)

// take takes in the capabilities of the scope. Where that is all of them, as it mostly is, they are those of the vocabulary, which knows their places.
func (g *Graph) take(all []data.CapabilityRow) ranks {
	left := slices.IndexFunc(all, func(c data.CapabilityRow) bool { return !g.Scope.HasCapability(c) })
	g.capabilities, g.rank = slices.Clip(all), g.Dataset.Place
	if left >= 0 {
		of := make(map[data.Capability]int, len(all))
		g.capabilities, g.rank = nil, func(c data.Capability) (int, bool) { rank, ok := of[c]; return rank, ok }
		for _, c := range all {
			if g.Scope.HasCapability(c) {
				of[c.Capability] = len(g.capabilities)
				g.capabilities = append(g.capabilities, c)
			}
		}
	}
	return g.rank
}

// addRecords hangs requirements on their capability, and targets, pledges and holdings on their link.
func (g *Graph) addRecords(rank ranks) {
	ds := g.Dataset
	for i := range ds.Requirements {
		r := &ds.Requirements[i]
		if _, ok := rank(r.Capability); ok && g.Scope.HasProcess(r.Process) {
			g.requirements[r.Capability] = append(g.requirements[r.Capability], r)
		}
	}
	for _, rs := range g.requirements {
		slices.SortFunc(rs, func(a, b *data.Requirement) int { return compareRecords(&a.Record, &b.Record) })
	}
	anyProcess := len(g.Scope.Processes) == 0
	target := func(t *data.Target) (*data.Record, data.Nation) {
		if !anyProcess && !g.Scope.HasProcess(t.Process) {
			return nil, ""
		}
		return &t.Record, t.Nation
	}
	pledge := func(p *data.Pledge) (*data.Record, data.Nation) { return &p.Record, p.Nation }
	holding := func(h *data.Holding) (*data.Record, data.Nation) { return &h.Record, h.Nation }
	s := newSorting(ds, rank, len(g.capabilities))
	targets, pledges, holdings := sorted(s, ds.Targets, target), sorted(s, ds.Pledges, pledge), sorted(s, ds.Holdings, holding)
	if targets.strange || pledges.strange || holdings.strange {
		// A nation that the vocabulary does not have, as datasets made by hand may have.
		add(s, ds.Targets, target)
		add(s, ds.Pledges, pledge)
		add(s, ds.Holdings, holding)
		targets, pledges, holdings = sorted(s, ds.Targets, target), sorted(s, ds.Pledges, pledge), sorted(s, ds.Holdings, holding)
	}

	g.targets, g.pledges, g.holdings, g.nations = targets, pledges, holdings, s.nations
	g.starts = make([]int, len(g.capabilities)+1)
	inStretches(runtime.GOMAXPROCS(0), len(g.capabilities), func(_, from, to int) {
		for c := from; c < to; c++ {
			for n := range g.nations {
				if g.tied(c, n) {
					g.starts[c+1]++
				}
			}
		}
	})
	sums(g.starts)
	g.links = make([]atomic.Pointer[[]Link], len(g.capabilities))
	g.rooms = &sync.Pool{New: func() any { return new([]Link) }}
}

// tied reports whether there is a record on the capability at a place and the nation of a number.
func (g *Graph) tied(place, nation int) bool {
	l := place*len(g.nations) + nation
	return g.targets.has(l) || g.pledges.has(l) || g.holdings.has(l)
}

// takesPart reports whether there is a record on the nation of a number and any capability.
func (g *Graph) takesPart(nation int) bool {
	for place := range g.capabilities {
		if g.tied(place, nation) {
			return true
		}
	}
	return false
}

// LinksAt are the links of the capability at a place, by nation. They are made when somebody asks: where a question needs those of one
// capability after the other, none of them need be kept.
func (g *Graph) LinksAt(place int) []Link {
	if made := g.links[place].Load(); made != nil {
		return *made
	}
	room := g.rooms.Get().(*[]Link)
	links := (*room)[:0]
	for n, nation := range g.nations {
		if !g.tied(place, n) {
			continue
		}
		l := place*len(g.nations) + n
		links = append(links, Link{})
		x := &links[len(links)-1] // where it stays, as there are many
		x.Index, x.Nation, x.NationAt, x.Capability = g.starts[place]+len(links)-1, nation, n, g.capabilities[place].Capability
		x.Targets, x.Pledges, x.Holdings = g.targets.of(l), g.pledges.of(l), g.holdings.of(l)
	}
	if *room = links; g.links[place].CompareAndSwap(nil, room) {
		return links
	}
	return *g.links[place].Load()
}

// Forget gives up the links of the capability at a place, until they are asked for again. Nobody may use them any more.
func (g *Graph) Forget(place int) {
	if links := g.links[place].Swap(nil); links != nil {
		g.rooms.Put(links)
	}
}

func compareRecords(a, b *data.Record) int {
	if c := cmp.Compare(a.ID(), b.ID()); c != 0 {
		return c
	}
	return a.Position().Compare(b.Position())
}

// addInitiatives gathers participants, contributions and relations. An initiative without a contribution within the scope
// stays in: it still ties nations together, unless the scope is narrower than the taxonomy.
func (g *Graph) addInitiatives(rank ranks) {
	ds := g.Dataset
	for i := range ds.Initiatives {
		n := &Initiative{Initiative: &ds.Initiatives[i]}
		g.initiatives = append(g.initiatives, n)
		g.initiative[n.Initiative.Initiative] = n
	}
	for i := range ds.Participants {
		p := &ds.Participants[i]
		g.initiative[p.Initiative].Participants = append(g.initiative[p.Initiative].Participants, p)
	}
	for i := range ds.Contributions {
		c := &ds.Contributions[i]
		if _, ok := rank(c.Capability); ok {
			g.initiative[c.Initiative].Contributions = append(g.initiative[c.Initiative].Contributions, c)
		}
	}
	narrow := len(g.capabilities) < len(ds.Capabilities)
	g.initiatives = slices.DeleteFunc(g.initiatives, func(n *Initiative) bool {
		if narrow && len(n.Contributions) == 0 {
			delete(g.initiative, n.Initiative.Initiative)
			return true
		}
		slices.SortFunc(n.Participants, func(a, b *data.Participant) int {
			return cmp.Or(cmp.Compare(a.Nation, b.Nation), cmp.Compare(a.Period.From, b.Period.From), cmp.Compare(a.Role, b.Role), a.Position.Compare(b.Position))
		})
		slices.SortFunc(n.Contributions, func(a, b *data.Contribution) int {
			x, _ := rank(a.Capability)
			y, _ := rank(b.Capability)
			return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.Means, b.Means), a.Position.Compare(b.Position))
		})
		return false
	})
	slices.SortFunc(g.initiatives, func(a, b *Initiative) int { return cmp.Compare(a.Initiative.Initiative, b.Initiative.Initiative) })
	for i := range ds.Relations {
		r := &ds.Relations[i]
		k := pair(r.Initiative, r.Other)
		if old := g.relations[k]; old == nil || strongerRelation(r, old) {
			g.relations[k] = r
		}
	}
}

// strongerRelation prefers a tie that resolves to one that manages, and then the smaller name and earlier place.
func strongerRelation(a, b *data.Relation) bool {
	if x, y := a.Relation.Resolves(), b.Relation.Resolves(); x != y {
		return x
	}
	return cmp.Or(cmp.Compare(a.Relation, b.Relation), cmp.Compare(a.Initiative, b.Initiative), a.Position.Compare(b.Position)) < 0
}

func pair(a, b string) [2]string {
	if b < a {
		a, b = b, a
	}
	return [2]string{a, b}
}

// AsOf is the day for which the graph answers.
func (g *Graph) AsOf() data.Date { return g.Scope.AsOf }

// Capabilities are those of the scope, by area and then by code.
func (g *Graph) Capabilities() []data.CapabilityRow { return g.capabilities }

// Place is the place of a capability among Capabilities; -1 if the scope does not have it.
func (g *Graph) Place(c data.Capability) int {
	if i, ok := g.rank(c); ok {
		return i
	}
	return -1
}

// Stretch tells where the links of the capability at a place begin among AllLinks, and where they end.
func (g *Graph) Stretch(place int) (from, to int) { return g.starts[place], g.starts[place+1] }

func (g *Graph) linksOf(c data.Capability) []Link {
	if place := g.Place(c); place >= 0 {
		return g.LinksAt(place)
	}
	return nil
}

// Links yields the links of c in the order of their nations.
func (g *Graph) Links(c data.Capability) iter.Seq[*Link] {
	return func(yield func(*Link) bool) {
		links := g.linksOf(c)
		for i := range links {
			if !yield(&links[i]) {
				return
			}
		}
	}
}

// LinkedNations are the nations that links may be of, by code: those of the vocabulary, and others that records name.
func (g *Graph) LinkedNations() []data.Nation { return g.nations }

// NumLinks is how many links there are.
func (g *Graph) NumLinks() int { return g.starts[len(g.capabilities)] }

// AllLinks yields every link, by capability and then nation.
func (g *Graph) AllLinks() iter.Seq[*Link] {
	return func(yield func(*Link) bool) {
		for place := range g.capabilities {
			links := g.LinksAt(place)
			for i := range links {
				if !yield(&links[i]) {
					return
				}
			}
		}
	}
}

// NationLinks yields the links of n in the order of their capabilities.
func (g *Graph) NationLinks(n data.Nation) iter.Seq[*Link] {
	return func(yield func(*Link) bool) {
		number, ok := slices.BinarySearch(g.nations, n)
		for place := 0; ok && place < len(g.capabilities); place++ {
			if g.tied(place, number) && !yield(find(g.LinksAt(place), n)) {
				return
			}
		}
	}
}

// find finds the link of a nation among those of a capability; nil if there is none.
func find(links []Link, n data.Nation) *Link {
	i, ok := slices.BinarySearchFunc(links, n, func(l Link, n data.Nation) int { return cmp.Compare(l.Nation, n) })
	if !ok {
		return nil
	}
	return &links[i]
}

// Link returns what is known about n and c; nil if nothing is.
func (g *Graph) Link(n data.Nation, c data.Capability) *Link { return find(g.linksOf(c), n) }

// Requirements are what organisations need of c in total, in the order of their ids.
func (g *Graph) Requirements(c data.Capability) []*data.Requirement { return g.requirements[c] }

// Initiatives are all initiatives of the scope, by code.
func (g *Graph) Initiatives() []*Initiative { return g.initiatives }

// Initiative returns one initiative by its code; nil if there is none.
func (g *Graph) Initiative(code string) *Initiative { return g.initiative[code] }

// ActiveOn yields the initiatives that serve c and run on day t, by code.
func (g *Graph) ActiveOn(c data.Capability, t data.Date) iter.Seq[*Initiative] {
	return func(yield func(*Initiative) bool) {
		for _, i := range g.initiatives {
			if i.Active(t) && i.Serves(c) && !yield(i) {
				return
			}
		}
	}
}

// Relation is the stated tie between two initiatives, whichever names the other; nil if there is none. One that resolves comes
// before one that manages.
func (g *Graph) Relation(a, b string) *data.Relation { return g.relations[pair(a, b)] }
