package render

import (
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/graph"
)

// Chart is a planning picture as a graph that other programs open, or one view of it: nodes, the ties between them, and what is known of
// both. Ties have no direction.
type Chart struct {
	Title, Source, Note, Program string
	Marking                      data.Marking
	AsOf                         data.Date
	View                         string
	Nodes                        []ChartNode
	Ties                         []ChartTie // by the places of their nodes

	graph  *graph.Graph
	report *analysis.Report
	chosen []data.Nation // the nations that the chart is narrowed to; none is all
}

// ChartNode is a node of a chart.
type ChartNode struct {
	ID, Label, Kind string
	Facts           []Fact
}

// ChartTie ties two nodes, by their places. Its weight is the number of records behind it.
type ChartTie struct {
	From, To int
	Weight   int
	Kind     string
	Facts    []Fact
}

// Fact is something known of a node or a tie; a whole number where Number says so.
type Fact struct {
	Name, Value string
	Number      bool
}

// The views of a planning picture.
const (
	WholeView       = "planning"    // nations, capabilities and initiatives, and the records that tie them
	CooperationView = "cooperation" // nations, tied by the initiatives that they share
)

// Views are all of them, the usual one first.
var Views = []string{WholeView, CooperationView}

// ChartFormat is one form of a chart.
type ChartFormat struct {
	Name, Doc string
	Ext       []string
	Write     func(io.Writer, *Chart) error
	Views     []string
}

// ChartFormats are all of them, in the order of help.
var ChartFormats = []ChartFormat{
	{"graphml", "for yEd, Gephi, Cytoscape and networkx", []string{".graphml"}, writeGraphML, Views},
	{"gexf", "for Gephi and networkx", []string{".gexf"}, writeGEXF, Views},
	{"dot", "for Graphviz", []string{".dot", ".gv"}, writeDOT, Views},
	{"archimate", "the ArchiMate Model Exchange File Format, for Archi and other tools of enterprise architecture", []string{".xml"}, writeArchiMate, Views[:1]},
}

// NewChart makes the chart of a planning picture. The report is one on the same picture, for its gaps and communities; nations narrow the
// chart to them and what they are tied to.
func NewChart(g *graph.Graph, r *analysis.Report, view string, nations []data.Nation) *Chart {
	c := &Chart{
		Title: cmp.Or(r.Dataset.Title, r.Dataset.Name), Source: sourceLine(r), Note: r.Incomplete(), Program: r.Program,
		Marking: r.Marking, AsOf: r.AsOf, View: view, graph: g, report: r, chosen: nations,
	}
	if notional(r.Marking) {
		c.Note = notionalNote
	}
	if view == CooperationView {
		c.cooperation()
	} else {
		c.whole()
	}
	return c
}

func (c *Chart) wants(n data.Nation) bool { return len(c.chosen) == 0 || slices.Contains(c.chosen, n) }

func textFact(name, value string) []Fact {
	if value == "" {
		return nil
	}
	return []Fact{{Name: name, Value: Plain(value)}}
}

func numberFact(name string, n int) []Fact {
	return []Fact{{Name: name, Value: strconv.Itoa(n), Number: true}}
}

func (c *Chart) node(kind, code, label string, facts ...[]Fact) int {
	c.Nodes = append(c.Nodes, ChartNode{kind + "/" + Plain(code), Plain(label), kind, slices.Concat(append([][]Fact{textFact("code", code)}, facts...)...)})
	return len(c.Nodes) - 1
}

func (c *Chart) organisations(n data.Nation) []data.Organisation {
	var of []data.Organisation
	for _, o := range c.graph.Dataset.PlanningOrganisations() {
		if c.graph.Dataset.Member(n, o, c.AsOf) {
			of = append(of, o)
		}
	}
	return of
}

func (c *Chart) community(n data.Nation) []Fact {
	for _, x := range c.report.Cooperation.Nations {
		if x.Nation == n && x.Community > 0 {
			return numberFact("community", x.Community)
		}
	}
	return nil
}

// cooperation ties two nations by the active initiatives that both are in.
func (c *Chart) cooperation() {
	view := c.graph.Cooperation()
	at := map[data.Nation]int{}
	place := func(n data.Nation) int {
		i, there := at[n]
		if !there {
			i = c.node("nation", string(n), c.graph.Dataset.NationName(n), textFact("organisations", strings.Join(names(c.organisations(n)), " ")), c.community(n))
			at[n] = i
		}
		return i
	}
	for n := range view.All() {
		if c.wants(n.Nation) {
			place(n.Nation)
		}
	}
	shared := map[[2]data.Nation][]string{}
	for _, i := range c.graph.Initiatives() {
		if !i.Active(c.AsOf) {
			continue
		}
		members := i.Members(c.AsOf)
		for k, a := range members {
			for _, b := range members[k+1:] {
				shared[[2]data.Nation{a, b}] = append(shared[[2]data.Nation{a, b}], i.Initiative.Initiative)
			}
		}
	}
	for n := range view.All() {
		for to := view.From(n.ID()); to.Next(); {
			m, ok := to.Node().(graph.Node)
			if !ok || m.Nation < n.Nation || !c.wants(n.Nation) && !c.wants(m.Nation) {
				continue
			}
			weight, _ := view.Weight(n.ID(), m.ID())
			c.Ties = append(c.Ties, ChartTie{place(n.Nation), place(m.Nation), int(weight), "works with", textFact("initiatives", strings.Join(shared[[2]data.Nation{n.Nation, m.Nation}], " "))})
		}
	}
}

// whole ties nations to capabilities by what is asked of them, offered and held, and initiatives to both. Capabilities and initiatives
// that are tied to none of the chosen nations are left out.
func (c *Chart) whole() {
	g := c.graph
	ds := g.Dataset
	nations, tied := map[data.Nation]bool{}, map[string]bool{}
	for l := range g.AllLinks() {
		if c.wants(l.Nation) {
			nations[l.Nation] = true
			tied["capability/"+string(l.Capability)] = true
		}
	}
	for _, i := range g.Initiatives() {
		for _, p := range i.Participants {
			if c.wants(p.Nation) {
				nations[p.Nation] = true
				tied["initiative/"+p.Initiative] = true
			}
		}
	}
	nation, capability := map[data.Nation]int{}, map[data.Capability]int{}
	for _, n := range ds.Nations {
		if nations[n.Nation] {
			nation[n.Nation] = c.node("nation", string(n.Nation), n.Name, textFact("organisations", strings.Join(names(c.organisations(n.Nation)), " ")), c.community(n.Nation))
		}
	}
	for _, k := range g.Capabilities() {
		if len(c.chosen) == 0 || tied["capability/"+string(k.Capability)] {
			capability[k.Capability] = c.node("capability", string(k.Capability), k.Name, textFact("area", string(k.Area)), textFact("unit", k.Unit))
		}
	}
	for l := range g.AllLinks() {
		if !c.wants(l.Nation) {
			continue
		}
		markings := map[data.Marking]bool{}
		for _, r := range l.Targets {
			markings[r.Marking] = true
		}
		for _, r := range l.Pledges {
			markings[r.Marking] = true
		}
		for _, r := range l.Holdings {
			markings[r.Marking] = true
		}
		c.Ties = append(c.Ties, ChartTie{
			nation[l.Nation], capability[l.Capability], len(l.Targets) + len(l.Pledges) + len(l.Holdings), "is asked for, offers or has",
			slices.Concat(numberFact("targets", len(l.Targets)), numberFact("pledges", len(l.Pledges)), numberFact("holdings", len(l.Holdings)), c.markings(markings)),
		})
	}
	for _, i := range g.Initiatives() {
		code := i.Initiative.Initiative
		if len(c.chosen) > 0 && !tied["initiative/"+code] {
			continue
		}
		self := c.node("initiative", code, i.Name, textFact("organisation", string(i.Organisation)), textFact("framework", i.Framework), textFact("initiative_kind", i.Initiative.Kind),
			textFact("from", dayOf(i.Period.From)), textFact("until", dayOf(i.Period.Until)), textFact("membership", string(i.Membership)), c.markings(map[data.Marking]bool{i.Marking: true}))
		type key struct{ from, to int }
		at := map[key]int{}
		tie := func(from, to int, kind, fact, value string) { // two records on one pair are one tie
			k := key{from, to}
			if j, there := at[k]; there {
				t := &c.Ties[j]
				t.Weight++
				if t.Facts[0].Value != value && !slices.Contains(strings.Split(t.Facts[0].Value, " "), value) {
					t.Facts[0].Value += " " + Plain(value)
				}
				return
			}
			at[k] = len(c.Ties)
			c.Ties = append(c.Ties, ChartTie{from, to, 1, kind, textFact(fact, value)})
		}
		for _, p := range i.Participants {
			if n, there := nation[p.Nation]; there && c.wants(p.Nation) {
				tie(n, self, "takes part in", "role", string(p.Role))
			}
		}
		for _, x := range i.Contributions {
			if k, there := capability[x.Capability]; there {
				tie(self, k, "serves", "means", string(x.Means))
			}
		}
	}
}

// markings are those of some records, with the dataset's own where a record has none.
func (c *Chart) markings(of map[data.Marking]bool) []Fact {
	var all []data.Marking
	for m := range of {
		all = append(all, cmp.Or(m, c.graph.Dataset.Marking))
	}
	return textFact("marking", string(data.Banner(all)))
}

func dayOf(d data.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// factNames are the names of all facts, in the order of the alphabet, and which of them are numbers.
func factNames[T any](list []T, of func(T) []Fact) (all []string, number map[string]bool) {
	number = map[string]bool{}
	for _, x := range list {
		for _, f := range of(x) {
			if _, seen := number[f.Name]; !seen {
				all = append(all, f.Name)
			}
			number[f.Name] = f.Number
		}
	}
	slices.Sort(all)
	return all, number
}

func (n ChartNode) facts() []Fact { return append([]Fact{{Name: "kind", Value: n.Kind}}, n.Facts...) }
func (t ChartTie) facts() []Fact  { return append([]Fact{{Name: "kind", Value: t.Kind}}, t.Facts...) }

// about are what the chart says of itself.
func (c *Chart) about() [][2]string {
	var out [][2]string
	for _, x := range [][2]string{
		{"marking", string(c.Marking)}, {"as_of", c.AsOf.String()}, {"title", c.Title}, {"view", c.View}, {"note", c.Note}, {"source", c.Source}, {"program", c.Program},
	} {
		if x[1] != "" {
			out = append(out, [2]string{x[0], Plain(x[1])})
		}
	}
	return out
}
