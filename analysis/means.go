package analysis

import (
	"context"
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
	Clause: meansClause,
	Run:    means,
}

func meansClause(fs []Finding) []string {
	return clause("capability where each brings what the other lacks", "capabilities where each brings what the other lacks")(withVerdict(fs, "complementary"))
}

func means(_ context.Context, p *Pass) ([]Finding, error) {
	var out []Finding
	organisations := p.Dataset.PlanningOrganisations()
	for _, c := range p.Capabilities() {
		for i, o1 := range organisations {
			for _, o2 := range organisations[i+1:] {
				if f, ok := p.means(c, o1, o2); ok {
					out = append(out, f)
				}
			}
		}
	}
	return out, nil
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

func (p *Pass) means(c data.CapabilityRow, o1, o2 data.Organisation) (Finding, bool) {
	one := newBringer(string(o1), c.Capability, p.carried(c.Capability, o1))
	two := newBringer(string(o2), c.Capability, p.carried(c.Capability, o2))
	if len(one.initiatives)+len(two.initiatives) == 0 {
		return Finding{}, false
	}
	outside := newBringer("outside both", c.Capability, p.outside(c.Capability))
	f := Finding{
		Subject: []string{string(c.Capability), string(o1) + "+" + string(o2)}, Capability: c.Capability,
		Organisations: []data.Organisation{o1, o2}, Severity: Info,
	}
	var onlyOne, onlyTwo, onlyOutside, all, nobody, union []data.Means
	table := Detail{Title: "Who brings what", Columns: []Column{{Name: "means"}, {Name: one.who}, {Name: two.who}, {Name: outside.who}}}
	for _, m := range data.AllMeans {
		in1, in2, in3 := slices.Contains(one.means, m), slices.Contains(two.means, m), slices.Contains(outside.means, m)
		for _, set := range []struct {
			means *[]data.Means
			has   bool
		}{{&onlyOne, in1 && !in2}, {&onlyTwo, in2 && !in1}, {&onlyOutside, in3 && !in1 && !in2}, {&all, in1 && in2 && in3}, {&nobody, !in1 && !in2 && !in3}, {&union, in1 || in2}} {
			if set.has {
				*set.means = append(*set.means, m)
			}
		}
		table.Rows = append(table.Rows, []string{string(m), listed(one.by(c.Capability, m)), listed(two.by(c.Capability, m)), listed(outside.by(c.Capability, m))})
	}
	f.Details = []Detail{table}
	gain := len(union) - max(len(one.means), len(two.means))
	f.Order = data.Count(gain)
	count := func(name string, of []data.Means) Measure { return Measure{name, data.Count(len(of)), "means"} }
	f.Measures = []Measure{{"gain", data.Count(gain), "means"}, count("only "+one.who, onlyOne), count("only "+two.who, onlyTwo),
		count("outside both", outside.means), count("all", all), count("nobody", nobody)}
	for _, b := range []bringer{one, two, outside} {
		f.Initiatives = append(f.Initiatives, codesOf(b.initiatives)...)
		f.Evidence = append(f.Evidence, workEvidence(c.Capability, b.initiatives...)...)
	}
	slices.Sort(f.Initiatives)
	switch {
	case len(one.means) == 0 || len(two.means) == 0:
		f.Verdict = "one-sided"
		has, lacks := one, two
		if len(one.means) == 0 {
			has, lacks = two, one
		}
		f.Summary = fmt.Sprintf("On %s only %s has an initiative (%s); %s has none.", c.Name, has.who, listed(has.means), lacks.who)
	case gain > 0:
		f.Verdict = "complementary"
		f.Summary = fmt.Sprintf("On %s only %s brings %s, and only %s brings %s.", c.Name, one.who, listed(onlyOne), two.who, listed(onlyTwo))
	case len(onlyOne)+len(onlyTwo) == 0:
		f.Verdict = "the same"
		f.Summary = fmt.Sprintf("On %s %s and %s bring the same: %s.", c.Name, one.who, two.who, listed(union))
	default:
		f.Verdict = "contained"
		more, less, extra := one, two, onlyOne
		if len(onlyTwo) > 0 {
			more, less, extra = two, one, onlyTwo
		}
		f.Summary = fmt.Sprintf("On %s %s brings all that %s brings (%s), and %s.", c.Name, more.who, less.who, listed(less.means), listed(extra))
	}
	f.Status = balanceOf(one, two)
	f.Explanation = fmt.Sprintf("M(%s) = %s, M(%s) = %s: gain = #%s − max(%d, %d) = %d − %d = %d. Outside both: %s. Brought by all: %s. By nobody: %s.",
		one.who, setOf(one.means), two.who, setOf(two.means), setOf(union), len(one.means), len(two.means),
		len(union), max(len(one.means), len(two.means)), gain, listed(outside.means), listed(all), listed(nobody))
	if len(onlyOutside) > 0 {
		f.Explanation += fmt.Sprintf(" Only outside both: %s.", listed(onlyOutside))
	}
	return f, true
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
