package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/graph/community"

	"deconflict/data"
	"deconflict/graph"
)

// Clusters tells which nations already work together most, and which tie the groups to each other.
var Clusters = &Analysis{
	Name:   "clusters",
	Report: Complementarity,
	Title:  "Which nations already work together",
	Doc: `Two nations are tied by each active initiative that both are in. Communities are groups with more ties inside than a random graph of
the same degrees would have, found by the Louvain method with fixed seeds; Q, from −0.5 to 1, says how clear the groups are. A bridge is a nation with a large share of its ties to nations of other communities, so that it can carry
what one group has agreed to another. Initiatives that everybody is in tie all nations alike and blur the groups.`,
	Formula: `w(n,m) = number of active initiatives that n and m are both in; k(n) = Σm w(n,m); 2m = Σn k(n)
Q = Σ over communities C of (Σ over n,m in C of w(n,m)) / 2m − (Σ over n in C of k(n) / 2m)², at resolution 1 (Blondel and others, doi:10.1088/1742-5468/2008/10/P10008)
outside(n) = Σ over m in other communities of w(n,m); the bridges are the five nations with the largest outside(n) / k(n), ties by outside(n), then by code
of twenty runs that visit the nations in different orders the one with the largest Q counts; the groups are weak where Q < weak (Newman and Girvan, doi:10.1103/PhysRevE.69.026113)`,
	Params:   []Param{{"bridges", "number of bridges shown", 5 * data.One}, {"weak", "Q below which the groups are called weak", 3 * data.One / 10}},
	Measures: []Column{{"communities", "group"}, {"nations", "nation"}, {"initiatives", "initiative"}, {"Q", "modularity"}, {"share of ties between communities", "of 1"}},
	Clause:   nothing,
	Run:      clusters,
}

// runs of the Louvain method, each with its own seed. It visits nations in random order and often stops at a partition that is
// not the best; on the public dataset two runs in three find the best.
const runs = 20

// tie is a nation's place among the communities.
type tie struct {
	nation         data.Nation
	community      int
	total, outside int // shared initiatives, with all and with nations of other communities
}

func (t tie) share() data.Amount { return data.Ratio(data.Count(t.outside), data.Count(t.total)) }

func clusters(_ context.Context, p *Pass) ([]Finding, error) {
	working := p.communities()
	communities, ties, q := working.groups, working.ties, working.q
	if len(communities) == 0 {
		return nil, nil
	}
	x := &groups{communities: communities, ties: ties, q: q, clear: "clear"}
	if q < p.Param("clusters.weak") {
		x.clear = "weak"
	}
	x.bridges = slices.DeleteFunc(slices.Clone(ties), func(t tie) bool { return t.outside == 0 })
	slices.SortFunc(x.bridges, func(a, b tie) int {
		return cmp.Or(cmp.Compare(b.outside*a.total, a.outside*b.total), cmp.Compare(b.outside, a.outside), cmp.Compare(a.nation, b.nation))
	})
	x.bridges = x.bridges[:min(len(x.bridges), int(p.Param("clusters.bridges")/data.One))]
	for _, i := range p.Initiatives() {
		if i.Active(p.AsOf()) && len(i.Members(p.AsOf())) >= 2 {
			x.behind = append(x.behind, i)
		}
	}
	total, outside := x.count()
	f := Finding{
		Subject: []string{"all"}, Initiatives: codesOf(x.behind), Organisations: organisationsOf(x.behind),
		Verdict: x.clear + " groups", Severity: Info, Order: data.Count(len(communities)),
		Measures: []Measure{
			{"communities", data.Count(len(communities)), ""}, {"nations", data.Count(len(ties)), "nation"}, {"initiatives", data.Count(len(x.behind)), ""},
			{"Q", q, ""}, {"share of ties between communities", data.Ratio(data.Count(outside), data.Count(total)), ""},
		},
		wording: x,
	}
	for _, c := range communities {
		f.Nations = append(f.Nations, c...)
	}
	slices.Sort(f.Nations)
	return []Finding{f}, nil
}

// groups are the communities, and the nations that tie them to each other.
type groups struct {
	communities   [][]data.Nation
	ties, bridges []tie
	q             data.Amount
	clear         string
	behind        []*graph.Initiative // that tie two nations or more
}

// count is the number of ends of ties, and of those that leave their community.
func (x *groups) count() (total, outside int) {
	for _, t := range x.ties {
		total += t.total
		outside += t.outside
	}
	return total, outside
}

func (x *groups) words(p *Pass, _ *Finding) (w Words) {
	members := Detail{Title: "Communities", Columns: []Column{{Name: "community"}, {"nations", "nation"}, {Name: "which"}}}
	for k, c := range x.communities {
		members.Rows = append(members.Rows, []string{fmt.Sprint(k + 1), fmt.Sprint(len(c)), listed(c)})
	}
	w.Details = []Detail{members}
	crossing := Detail{Title: "Bridges", Columns: []Column{{Name: "nation"}, {Name: "community"}, {"ties to others", "initiative"}, {"ties", "initiative"}, {"share", "share"}}}
	var names []string
	for _, b := range x.bridges {
		names = append(names, p.Dataset.NationName(b.nation))
		crossing.Rows = append(crossing.Rows, []string{p.Dataset.NationName(b.nation), fmt.Sprint(b.community + 1), fmt.Sprint(b.outside), fmt.Sprint(b.total), b.share().String()})
	}
	if len(x.bridges) > 0 {
		w.Details = append(w.Details, crossing)
	}
	if slices.ContainsFunc(x.behind, func(i *graph.Initiative) bool { return i.Membership == data.Partial }) {
		w.Caveats = []string{"some lists of nations are partial: ties are a lower bound"}
	}
	w.Summary = fmt.Sprintf("%s form %s by what they do together (Q = %s)", counted(len(x.ties), "nation"), counted(len(x.communities), x.clear+" group"), x.q)
	if len(names) > 0 {
		w.Summary += "; " + listed(names) + " reach most across"
	}
	w.Summary += "."
	total, outside := x.count()
	w.Explanation = fmt.Sprintf("%s with two or more nations make %d ties, of which %d run between communities. Q = %s.", counted(len(x.behind), "initiative"), total/2, outside/2, x.q)
	for _, b := range x.bridges {
		w.Explanation += fmt.Sprintf(" %s: %d of %d ties leave its community, %s.", b.nation, b.outside, b.total, b.share())
	}
	return w
}

func (x *groups) evidence(_ *Pass, out []Evidence) []Evidence {
	return append(out, initiativeEvidence(x.behind...)...)
}

// communitiesOf are the communities of the nations that are tied to any, the largest first, each by code: those of the run with
// the largest Q, and of equals the first.
func communitiesOf(view *graph.View) (best [][]data.Nation, ties []tie, q data.Amount) {
	if view.Edges().Len() == 0 {
		return nil, nil, 0
	}
	w := webOf(view)
	var tried [runs]struct {
		communities [][]data.Nation
		ties        []tie
		q           data.Amount
	}
	_ = parallel(context.Background(), runs, func(i int) error { // nothing of it fails
		var found [][]data.Nation
		for _, c := range community.Modularize(view, 1, rand.NewPCG(uint64(i), uint64(i))).Communities() {
			var nations []data.Nation
			for _, n := range c {
				if n, ok := n.(graph.Node); ok && len(w.tied[w.place[n.Nation]]) > 0 {
					nations = append(nations, n.Nation)
				}
			}
			if len(nations) > 0 {
				slices.Sort(nations)
				found = append(found, nations)
			}
		}
		slices.SortFunc(found, func(a, b []data.Nation) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0], b[0])) })
		t := &tried[i]
		t.communities = found
		t.ties, t.q = w.measure(found)
		return nil
	})
	for _, t := range tried {
		if best == nil || t.q > q {
			best, ties, q = t.communities, t.ties, t.q
		}
	}
	return best, ties, q
}

// web is who is tied to whom, and by how many initiatives: a view in numbers, as it is measured run after run.
type web struct {
	nations []data.Nation
	place   map[data.Nation]int
	tied    [][]thread
}

type thread struct{ to, weight int }

func webOf(view *graph.View) *web {
	w := &web{place: map[data.Nation]int{}}
	for n := range view.All() {
		w.place[n.Nation] = len(w.nations)
		w.nations = append(w.nations, n.Nation)
	}
	w.tied = make([][]thread, len(w.nations))
	for n := range view.All() {
		from := w.place[n.Nation]
		for to := view.From(n.ID()); to.Next(); {
			other := to.Node().(graph.Node)
			weight, _ := view.Weight(n.ID(), other.ID())
			w.tied[from] = append(w.tied[from], thread{w.place[other.Nation], int(weight)})
		}
	}
	return w
}

// measure counts each nation's ties and gives Q. Weights are whole numbers, so that Q is one division and rounds alike on
// every machine.
func (w *web) measure(communities [][]data.Nation) (ties []tie, q data.Amount) {
	in := make([]int, len(w.nations))
	for k, c := range communities {
		for _, n := range c {
			in[w.place[n]] = k
		}
	}
	inside, degree := make([]int, len(communities)), make([]int, len(communities))
	m2 := 0
	for i, n := range w.nations {
		t := tie{nation: n, community: in[i]}
		for _, x := range w.tied[i] {
			t.total += x.weight
			if in[x.to] != t.community {
				t.outside += x.weight
			}
		}
		if t.total == 0 {
			continue
		}
		ties = append(ties, t)
		inside[t.community] += t.total - t.outside
		degree[t.community] += t.total
		m2 += t.total
	}
	sum := 0
	for k := range communities {
		sum += inside[k]*m2 - degree[k]*degree[k]
	}
	return ties, data.Amount(math.Round(float64(sum) / (float64(m2) * float64(m2)) * float64(data.One)))
}
