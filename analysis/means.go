package analysis

import (
	"fmt"
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// Means tells by what means each organisation serves a capability, and what the one adds to the other.
var Means = &Analysis{
	Name:   "means",
	Report: Complementarity,
	Title:  "What one organisation brings and the other does not",
	Doc: `An initiative serves a capability by setting the requirement, regulating, funding, giving a procedure, coordinating, providing or
training. Two organisations complement each other where each has means that the other lacks: the gain is how many more means the two
cover than the one that covers more. The verdict:
  complementary  each brings a means that the other does not
  contained      one brings all that the other brings, and more
  the same       both bring the same means
  one-sided      only one has an active initiative on the capability
What nations bring outside both stands beside it, and what nobody brings.`,
	Formula: `M(o) the means by which active initiatives of o serve c; M(outside) those of initiatives that no planning organisation carries
gain = #(M(o1) ∪ M(o2)) − max(#M(o1), #M(o2))
only o1 = M(o1) \ M(o2); outside only = M(outside) \ (M(o1) ∪ M(o2)); all = M(o1) ∩ M(o2) ∩ M(outside); nobody = all seven means less those of anybody`,
	Measures: []Column{{"gain", "means"}, {"outside both", "means"}, {"all", "means"}, {"nobody", "means"}},
	Clause:   meansClause,
	Each:     means,
}

func meansClause(fs []*Finding) []string {
	return clause("capability where each brings what the other lacks", "capabilities where each brings what the other lacks")(withVerdict(fs, "complementary"))
}

func means(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	organisations := p.Dataset.PlanningOrganisations()
	for i, o1 := range organisations {
		for _, o2 := range organisations[i+1:] {
			if f, ok := p.means(c, o1, o2); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

// bringer is an organisation, or the nations outside all, with what its initiatives bring.
type bringer struct {
	who         string
	initiatives []*graph.Initiative
	means       []data.Means // in the order of data.AllMeans
}

func newBringer(who string, c data.Capability, is []*graph.Initiative) bringer {
	b := bringer{who: who, initiatives: is}
	for _, m := range data.AllMeans {
		if len(b.by(c, m)) > 0 {
			b.means = append(b.means, m)
		}
	}
	return b
}

// by are the codes of the initiatives that bring a means.
func (b bringer) by(c data.Capability, m data.Means) (codes []string) {
	for _, i := range b.initiatives {
		if slices.Contains(meansOn(i, c), m) {
			codes = append(codes, i.Initiative.Initiative)
		}
	}
	return codes
}

// comparison is what two organisations bring to a capability, and nations outside both.
type comparison struct {
	data.CapabilityRow
	one, two, outside bringer

	onlyOne, onlyTwo, onlyOutside, all, nobody, union []data.Means
}

func (x *comparison) gain() int { return len(x.union) - max(len(x.one.means), len(x.two.means)) }

func (p *Pass) means(c data.CapabilityRow, o1, o2 data.Organisation) (Finding, bool) {
	x := &comparison{
		CapabilityRow: c,
		one:           newBringer(string(o1), c.Capability, p.carried(c.Capability, o1)),
		two:           newBringer(string(o2), c.Capability, p.carried(c.Capability, o2)),
		outside:       newBringer("outside both", c.Capability, p.outside(c.Capability)),
	}
	if len(x.one.initiatives)+len(x.two.initiatives) == 0 {
		return Finding{}, false
	}
	for _, m := range data.AllMeans {
		in1, in2, in3 := slices.Contains(x.one.means, m), slices.Contains(x.two.means, m), slices.Contains(x.outside.means, m)
		for _, set := range []struct {
			means *[]data.Means
			has   bool
		}{{&x.onlyOne, in1 && !in2}, {&x.onlyTwo, in2 && !in1}, {&x.onlyOutside, in3 && !in1 && !in2}, {&x.all, in1 && in2 && in3}, {&x.nobody, !in1 && !in2 && !in3}, {&x.union, in1 || in2}} {
			if set.has {
				*set.means = append(*set.means, m)
			}
		}
	}
	count := func(name string, of []data.Means) Measure { return Measure{name, data.Count(len(of)), "means"} }
	gain := data.Count(x.gain())
	f := Finding{
		Subject: []string{string(c.Capability), string(o1) + "+" + string(o2)}, Capability: c.Capability,
		Organisations: []data.Organisation{o1, o2}, Severity: Info, Order: gain, Status: balanceOf(x.one, x.two),
		Measures: []Measure{{"gain", gain, "means"}, count("only "+x.one.who, x.onlyOne), count("only "+x.two.who, x.onlyTwo),
			count("outside both", x.outside.means), count("all", x.all), count("nobody", x.nobody)},
		wording: x,
	}
	for _, b := range x.bringers() {
		f.Initiatives = append(f.Initiatives, codesOf(b.initiatives)...)
	}
	slices.Sort(f.Initiatives)
	switch {
	case len(x.one.means) == 0 || len(x.two.means) == 0:
		f.Verdict = "one-sided"
	case gain > 0:
		f.Verdict = "complementary"
	case len(x.onlyOne)+len(x.onlyTwo) == 0:
		f.Verdict = "the same"
	default:
		f.Verdict = "contained"
	}
	return f, true
}

func (x *comparison) bringers() []bringer { return []bringer{x.one, x.two, x.outside} }

func (x *comparison) words(_ *Pass, f *Finding) (w Words) {
	one, two, outside := x.one, x.two, x.outside
	table := Detail{Title: "Who brings what", Columns: []Column{{Name: "means"}, {Name: one.who}, {Name: two.who}, {Name: outside.who}}}
	for _, m := range data.AllMeans {
		table.Rows = append(table.Rows, []string{string(m), listed(one.by(x.Capability, m)), listed(two.by(x.Capability, m)), listed(outside.by(x.Capability, m))})
	}
	w.Details = []Detail{table}
	switch f.Verdict {
	case "one-sided":
		has, lacks := one, two
		if len(one.means) == 0 {
			has, lacks = two, one
		}
		w.Summary = fmt.Sprintf("On %s only %s has an initiative (%s); %s has none.", x.Name, has.who, listed(has.means), lacks.who)
	case "complementary":
		w.Summary = fmt.Sprintf("On %s only %s brings %s, and only %s brings %s.", x.Name, one.who, listed(x.onlyOne), two.who, listed(x.onlyTwo))
	case "the same":
		w.Summary = fmt.Sprintf("On %s %s and %s bring the same: %s.", x.Name, one.who, two.who, listed(x.union))
	default:
		more, less, extra := one, two, x.onlyOne
		if len(x.onlyTwo) > 0 {
			more, less, extra = two, one, x.onlyTwo
		}
		w.Summary = fmt.Sprintf("On %s %s brings all that %s brings (%s), and %s.", x.Name, more.who, less.who, listed(less.means), listed(extra))
	}
	w.Explanation = fmt.Sprintf("M(%s) = %s, M(%s) = %s: gain = #%s − max(%d, %d) = %d − %d = %d. Outside both: %s. Brought by all: %s. By nobody: %s.",
		one.who, setOf(one.means), two.who, setOf(two.means), setOf(x.union), len(one.means), len(two.means),
		len(x.union), max(len(one.means), len(two.means)), x.gain(), listed(outside.means), listed(x.all), listed(x.nobody))
	if len(x.onlyOutside) > 0 {
		w.Explanation += fmt.Sprintf(" Only outside both: %s.", listed(x.onlyOutside))
	}
	return w
}

func (x *comparison) evidence(_ *Pass, out []Evidence) []Evidence {
	for _, b := range x.bringers() {
		out = append(out, workEvidence(x.Capability, b.initiatives...)...)
	}
	return out
}

// setOf prints {fund, train}, or {} for the empty set.
func setOf(ms []data.Means) string {
	if len(ms) == 0 {
		return "{}"
	}
	return "{" + listed(ms) + "}"
}

// balanceOf says which of two organisations brings more means.
func balanceOf(a, b bringer) string {
	switch {
	case len(a.means) > len(b.means):
		return a.who + " brings more"
	case len(a.means) < len(b.means):
		return b.who + " brings more"
	}
	return "tie"
}
