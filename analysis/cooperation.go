package analysis

import (
	"cmp"
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// Cooperation is who works with whom on the as-of day: the nations, and how many active initiatives each two of them share. It is
// what the picture of cooperation is drawn from.
type Cooperation struct {
	Nations  []Cooperator `json:"nations"` // all members of planning organisations and whoever shares an initiative, by code
	Together []Together   `json:"together"`
}

// Cooperator is a nation's place in the cooperation.
type Cooperator struct {
	Nation        data.Nation         `json:"nation"`
	Organisations []data.Organisation `json:"organisations"` // planning organisations that it is in on the day
	// Community is the group that the nation works with most, counted from 1, the largest group first; 0 where it shares no initiative.
	Community int `json:"community"`
}

// Together is how many active initiatives two nations share. Each pair stands once, by code, and only where there is one.
type Together struct {
	A           data.Nation `json:"a"`
	B           data.Nation `json:"b"`
	Initiatives int         `json:"initiatives"`
}

// Communities is how many groups there are.
func (c Cooperation) Communities() int {
	n := 0
	for _, of := range c.Nations {
		n = max(n, of.Community)
	}
	return n
}

// Closest are the two nations that share most initiatives, the first by code; ok is false where nobody shares any.
func (c Cooperation) Closest() (t Together, ok bool) {
	for _, x := range c.Together {
		if x.Initiatives > t.Initiatives {
			t, ok = x, true
		}
	}
	return t, ok
}

// communities are the groups of nations that work together, found once for all who ask.
type communities struct {
	view   *graph.View
	groups [][]data.Nation
	ties   []tie
	q      data.Amount
}

func findCommunities(g *graph.Graph) communities {
	c := communities{view: g.Cooperation()}
	c.groups, c.ties, c.q = communitiesOf(c.view)
	return c
}

func (p *Pass) cooperation() Cooperation {
	out := Cooperation{Nations: []Cooperator{}, Together: []Together{}}
	found := p.communities()
	group := map[data.Nation]int{}
	for k, nations := range found.groups {
		for _, n := range nations {
			group[n] = k + 1
		}
	}
	for n := range found.view.All() {
		of := []data.Organisation{}
		for _, o := range p.Dataset.PlanningOrganisations() {
			if p.Dataset.Member(n.Nation, o, p.AsOf()) {
				of = append(of, o)
			}
		}
		if len(of) > 0 || group[n.Nation] > 0 {
			out.Nations = append(out.Nations, Cooperator{n.Nation, of, group[n.Nation]})
		}
		for to := found.view.From(n.ID()); to.Next(); {
			if other, ok := to.Node().(graph.Node); ok && n.Nation < other.Nation {
				weight, _ := found.view.Weight(n.ID(), other.ID())
				out.Together = append(out.Together, Together{n.Nation, other.Nation, int(weight)})
			}
		}
	}
	slices.SortFunc(out.Nations, func(a, b Cooperator) int { return cmp.Compare(a.Nation, b.Nation) })
	slices.SortFunc(out.Together, func(a, b Together) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return out
}

// With is what a nation shares with others, the most first.
func (c Cooperation) With(n data.Nation) (with []Together) {
	for _, t := range c.Together {
		if t.A == n || t.B == n {
			with = append(with, t)
		}
	}
	slices.SortStableFunc(with, func(a, b Together) int { return b.Initiatives - a.Initiatives })
	return with
}
