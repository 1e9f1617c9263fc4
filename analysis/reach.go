package analysis

import (
	"fmt"
	"slices"
	"strings"

	"deconflict/data"
	"deconflict/graph"
)

// Reach tells which nations the initiatives of each organisation bring together on a capability, and whom they do not.
var Reach = &Analysis{
	Name:   "reach",
	Report: Complementarity,
	Title:  "Which nations each organisation reaches",
	Doc: `The nations of either organisation, by who reaches them on a capability: initiatives of one organisation only, of both, or of none. A
nation is reached where it is lead or member of an active initiative. The addressees of a law, a fund or a plan are not reached by
it: they are spoken to, and take part in nothing. A nation that one organisation does not reach because it is no member is told
apart from one that it could reach: not eligible is not absent. What nations do outside both is shown beside it. Where a list of
nations is partial, what is reached is a lower bound.`,
	Formula: `reached(o) = nations in an active initiative of o on c, addressees left out
among the members of o1 or o2: both = reached(o1) ∩ reached(o2); only o1 = reached(o1) \ reached(o2), of which some are eligible for o2 and some are not;
none = reached by neither; not eligible for o = no member of o and not reached by it`,
	Measures: []Column{{"both", "nation"}, {"none", "nation"}, {"not eligible for ", "nation"}},
	Clause:   nothing,
	Each:     reach,
}

func reach(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	organisations := p.Dataset.PlanningOrganisations()
	for i, o1 := range organisations {
		for _, o2 := range organisations[i+1:] {
			if f, ok := p.reach(c, o1, o2); ok {
				out = append(out, f)
			}
		}
	}
	return out
}

// The classes of nations by who reaches them, in the order of the table.
const (
	byBoth = iota
	byFirst
	bySecond
	byFirstAlone  // not eligible for the second
	bySecondAlone // not eligible for the first
	byOthers      // by neither, but in something outside both
	byNobody
	reachClasses
)

// circle is the nations of two organisations by who reaches them.
type circle struct {
	data.CapabilityRow
	o1, o2 data.Organisation
	groups [3][]*graph.Initiative // of the one, of the other, of neither
	class  [reachClasses][]data.Nation
}

func (p *Pass) reach(c data.CapabilityRow, o1, o2 data.Organisation) (Finding, bool) {
	joint := func(is []*graph.Initiative) []*graph.Initiative {
		return slices.DeleteFunc(is, func(i *graph.Initiative) bool { return i.Membership == data.Addressees })
	}
	x := &circle{CapabilityRow: c, o1: o1, o2: o2}
	x.groups = [...][]*graph.Initiative{joint(p.carried(c.Capability, o1)), joint(p.carried(c.Capability, o2)), joint(p.outside(c.Capability))}
	if len(x.groups[0])+len(x.groups[1]) == 0 {
		return Finding{}, false
	}
	f := Finding{
		Subject: []string{string(c.Capability), string(o1) + "+" + string(o2)}, Capability: c.Capability,
		Organisations: []data.Organisation{o1, o2}, Severity: Info, wording: x,
	}
	var reached [len(x.groups)]map[data.Nation]bool
	for k, is := range x.groups {
		reached[k] = map[data.Nation]bool{}
		f.Initiatives = append(f.Initiatives, codesOf(is)...)
		for _, i := range is {
			for _, n := range i.Members(p.AsOf()) {
				reached[k][n] = true
			}
			if i.Membership == data.Partial {
				f.Status = "lower bound"
			}
		}
	}
	slices.Sort(f.Initiatives)

	barred1, barred2 := 0, 0
	for _, row := range p.Dataset.Nations {
		n := row.Nation
		eligible1, eligible2 := p.Dataset.Eligible(n, o1, p.AsOf()), p.Dataset.Eligible(n, o2, p.AsOf())
		if !eligible1 && !eligible2 {
			continue
		}
		in := byNobody
		switch first, second := reached[0][n], reached[1][n]; {
		case first && second:
			in = byBoth
		case first && eligible2:
			in = byFirst
		case first:
			in = byFirstAlone
		case second && eligible1:
			in = bySecond
		case second:
			in = bySecondAlone
		case reached[2][n]:
			in = byOthers
		}
		x.class[in] = append(x.class[in], n)
		if in != byNobody {
			f.Nations = append(f.Nations, n)
		}
		if !eligible1 && !reached[0][n] {
			barred1++
		}
		if !eligible2 && !reached[1][n] {
			barred2++
		}
	}
	both, only1, only2 := x.numbers()
	f.Order = data.Count(only1 + only2)
	f.Measures = []Measure{
		{"both", data.Count(both), "nation"}, {x.name(byFirst), data.Count(only1), "nation"}, {x.name(bySecond), data.Count(only2), "nation"},
		{"none", data.Count(len(x.class[byOthers]) + len(x.class[byNobody])), "nation"},
		{"not eligible for " + string(o1), data.Count(barred1), "nation"}, {"not eligible for " + string(o2), data.Count(barred2), "nation"},
	}
	switch {
	case both+only1+only2 == 0:
		f.Verdict = "nobody known"
	case only1+only2 == 0:
		f.Verdict = "the same nations"
	case only1 > 0 && only2 > 0:
		f.Verdict = "each reaches others"
	default:
		f.Verdict = "one reaches more"
	}
	return f, true
}

// numbers are how many nations both reach, and each alone.
func (x *circle) numbers() (both, only1, only2 int) {
	return len(x.class[byBoth]), len(x.class[byFirst]) + len(x.class[byFirstAlone]), len(x.class[bySecond]) + len(x.class[bySecondAlone])
}

// name is that of a class.
func (x *circle) name(class int) string {
	switch class {
	case byBoth:
		return "both"
	case byFirst:
		return fmt.Sprint("only ", x.o1)
	case bySecond:
		return fmt.Sprint("only ", x.o2)
	case byFirstAlone:
		return fmt.Sprintf("only %s, not eligible for %s", x.o1, x.o2)
	case bySecondAlone:
		return fmt.Sprintf("only %s, not eligible for %s", x.o2, x.o1)
	case byOthers:
		return "none of the two, but outside both"
	}
	return "none"
}

func (x *circle) words(*Pass, *Finding) (w Words) {
	table := Detail{Title: "Reached by", Columns: []Column{{Name: "reached by"}, {"nations", "nation"}, {Name: "which"}}}
	var terms []string
	total := 0
	for k, nations := range x.class {
		total += len(nations)
		table.Rows = append(table.Rows, []string{x.name(k), fmt.Sprint(len(nations)), listed(nations)})
		if len(nations) > 0 {
			terms = append(terms, fmt.Sprintf("%s %d (%s)", x.name(k), len(nations), listed(nations)))
		}
	}
	w.Details = []Detail{table}
	for _, is := range x.groups {
		for _, i := range is {
			if i.Membership == data.Partial {
				w.Caveats = append(w.Caveats, fmt.Sprintf("the list of %s is partial: what is reached is a lower bound", i.Name))
			}
		}
	}
	both, only1, only2 := x.numbers()
	w.Summary = fmt.Sprintf("On %s %s alone reaches %s, %s alone %s, and both reach %s.", x.Name,
		x.o1, counted(only1, "nation"), x.o2, counted(only2, "nation"), counted(both, "nation"))
	w.Explanation = fmt.Sprintf("Of the %s of %s or %s: %s.", counted(total, "nation"), x.o1, x.o2, strings.Join(terms, "; "))
	return w
}

func (x *circle) evidence(p *Pass, out []Evidence) []Evidence {
	for _, is := range x.groups {
		out = append(out, workEvidence(x.Capability, is...)...)
		for _, i := range is {
			for _, n := range i.Members(p.AsOf()) {
				out = append(out, participantEvidence(i, inRole(i, n, p.AsOf()))...)
			}
		}
	}
	return out
}
