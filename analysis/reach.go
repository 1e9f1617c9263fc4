package analysis

import (
	"context"
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
	Clause: nothing,
	Run:    reach,
}

func reach(_ context.Context, p *Pass) ([]Finding, error) {
	organisations := p.Dataset.PlanningOrganisations()
	var out []Finding
	for _, c := range p.Capabilities() {
		for i, o1 := range organisations {
			for _, o2 := range organisations[i+1:] {
				if f, ok := p.reach(c, o1, o2); ok {
					out = append(out, f)
				}
			}
		}
	}
	return out, nil
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

func (p *Pass) reach(c data.CapabilityRow, o1, o2 data.Organisation) (Finding, bool) {
	joint := func(is []*graph.Initiative) []*graph.Initiative {
		return slices.DeleteFunc(is, func(i *graph.Initiative) bool { return i.Membership == data.Addressees })
	}
	groups := [...][]*graph.Initiative{joint(p.carried(c.Capability, o1)), joint(p.carried(c.Capability, o2)), joint(p.outside(c.Capability))}
	if len(groups[0])+len(groups[1]) == 0 {
		return Finding{}, false
	}
	f := Finding{
		Subject: []string{string(c.Capability), string(o1) + "+" + string(o2)}, Capability: c.Capability,
		Organisations: []data.Organisation{o1, o2}, Severity: Info,
	}
	var reached [len(groups)]map[data.Nation]bool
	for k, is := range groups {
		reached[k] = map[data.Nation]bool{}
		f.Initiatives = append(f.Initiatives, codesOf(is)...)
		f.Evidence = append(f.Evidence, workEvidence(c.Capability, is...)...)
		for _, i := range is {
			for _, n := range i.Members(p.AsOf()) {
				reached[k][n] = true
				f.Evidence = append(f.Evidence, participantEvidence(i, inRole(i, n, p.AsOf()))...)
			}
			if i.Membership == data.Partial {
				f.Status = "lower bound"
				f.Caveats = append(f.Caveats, fmt.Sprintf("the list of %s is partial: what is reached is a lower bound", i.Name))
			}
		}
	}
	slices.Sort(f.Initiatives)

	var class [reachClasses][]data.Nation
	total, barred1, barred2 := 0, 0, 0
	for _, row := range p.Dataset.Nations {
		n := row.Nation
		eligible1, eligible2 := p.Dataset.Eligible(n, o1, p.AsOf()), p.Dataset.Eligible(n, o2, p.AsOf())
		if !eligible1 && !eligible2 {
			continue
		}
		total++
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
		class[in] = append(class[in], n)
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
	names := [reachClasses]string{"both", fmt.Sprint("only ", o1), fmt.Sprint("only ", o2),
		fmt.Sprintf("only %s, not eligible for %s", o1, o2), fmt.Sprintf("only %s, not eligible for %s", o2, o1), "none of the two, but outside both", "none"}
	table := Detail{Title: "Reached by", Columns: []Column{{Name: "reached by"}, {"nations", "nation"}, {Name: "which"}}}
	var terms []string
	for k, nations := range class {
		table.Rows = append(table.Rows, []string{names[k], fmt.Sprint(len(nations)), listed(nations)})
		if len(nations) > 0 {
			terms = append(terms, fmt.Sprintf("%s %d (%s)", names[k], len(nations), listed(nations)))
		}
	}
	f.Explanation = fmt.Sprintf("Of the %s of %s or %s: %s.", counted(total, "nation"), o1, o2, strings.Join(terms, "; "))
	f.Details = []Detail{table}

	both, only1, only2 := len(class[byBoth]), len(class[byFirst])+len(class[byFirstAlone]), len(class[bySecond])+len(class[bySecondAlone])
	f.Order = data.Count(only1 + only2)
	f.Measures = []Measure{
		{"both", data.Count(both), "nation"}, {names[byFirst], data.Count(only1), "nation"}, {names[bySecond], data.Count(only2), "nation"},
		{"none", data.Count(len(class[byOthers]) + len(class[byNobody])), "nation"},
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
	f.Summary = fmt.Sprintf("On %s %s alone reaches %s, %s alone %s, and both reach %s.", c.Name,
		o1, counted(only1, "nation"), o2, counted(only2, "nation"), counted(both, "nation"))
	return f, true
}
