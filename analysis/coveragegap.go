package analysis

import (
	"fmt"
	"iter"
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// CoverageGap tells on what one organisation works and another does not.
var CoverageGap = &Analysis{
	Name:   "coverage-gap",
	Report: Gap,
	Title:  "One organisation asks for it or works on it, the other does not",
	Doc: `A capability for which another organisation has a requirement, a target or an active initiative, while this one has none of the
three. What nations do outside both is named, as it may answer the gap. The finding says what stands in the dataset: an organisation
may well ask for something in a document that is not in it, so silence is no proof.`,
	Formula: `for each (c,o): o has no requirement and no target for c between the as-of date and the horizon, and no active initiative that serves c;
some other planning organisation has`,
	Measures: []Column{{"initiatives outside both", "initiative"}},
	Clause:   clause("capability that one organisation works on and the other does not", "capabilities that one organisation works on and the other does not"),
	Each:     coverageGaps,
}

// effort is what one organisation asks for and does on one capability.
type effort struct {
	organisation data.Organisation
	requirements []*data.Requirement
	targets      []*data.Target
	initiatives  []*graph.Initiative
}

func (e effort) evidence(c data.Capability) []Evidence {
	out := append(requirementEvidence(e.requirements...), targetEvidence(e.targets...)...)
	return append(out, workEvidence(c, e.initiatives...)...)
}

// workEvidence is evidence of initiatives and of what they do for c.
func workEvidence(c data.Capability, is ...*graph.Initiative) (out []Evidence) {
	for _, i := range is {
		out = append(append(out, initiativeEvidence(i)...), contributionEvidence(i, contributionsTo(i, c)...)...)
	}
	return out
}

// String prints "EU has 1 requirement, 3 targets and 2 initiatives (eda-cbmp, eda-customs)".
func (e effort) String() string {
	s := fmt.Sprintf("%s has %s, %s and %s", e.organisation, counted(len(e.requirements), "requirement"), counted(len(e.targets), "target"), counted(len(e.initiatives), "initiative"))
	if len(e.initiatives) > 0 {
		s += " (" + listed(codesOf(e.initiatives)) + ")"
	}
	return s
}

// requirementsOf and targetsOf yield what o asks for on c within the window.
func (p *Pass) requirementsOf(c data.Capability, o data.Organisation) iter.Seq[*data.Requirement] {
	return func(yield func(*data.Requirement) bool) {
		for _, r := range p.Requirements(c) {
			if p.Dataset.OrganisationOf(r.Process) == o && p.Window.meets(r.Period) && !yield(r) {
				return
			}
		}
	}
}

func (p *Pass) targetsOf(c data.Capability, o data.Organisation) iter.Seq[*data.Target] {
	return func(yield func(*data.Target) bool) {
		for l := range p.Links(c) {
			for _, t := range l.Targets {
				if p.Dataset.OrganisationOf(t.Process) == o && p.Window.meets(t.Period) && !yield(t) {
					return
				}
			}
		}
	}
}

// carried are the active initiatives on c that o carries.
func (p *Pass) carried(c data.Capability, o data.Organisation) (out []*graph.Initiative) {
	for i := range p.ActiveOn(c, p.AsOf()) {
		if i.Organisation == o {
			out = append(out, i)
		}
	}
	return out
}

// effort gathers what o asks for and does on c.
func (p *Pass) effort(c data.Capability, o data.Organisation) effort {
	return effort{o, slices.Collect(p.requirementsOf(c, o)), slices.Collect(p.targetsOf(c, o)), p.carried(c, o)}
}

// concerned reports whether o asks for c or works on it: whether there is any effort, which need not be gathered for that.
func (p *Pass) concerned(c data.Capability, o data.Organisation) bool {
	return yields(p.requirementsOf(c, o)) || yields(p.targetsOf(c, o)) || len(p.carried(c, o)) > 0
}

// yields reports whether there is anything in a sequence.
func yields[T any](seq iter.Seq[T]) bool {
	for range seq {
		return true
	}
	return false
}

// outside are the active initiatives on c that no planning organisation carries.
func (p *Pass) outside(c data.Capability) (out []*graph.Initiative) {
	planning := p.Dataset.PlanningOrganisations()
	for i := range p.ActiveOn(c, p.AsOf()) {
		if !slices.Contains(planning, i.Organisation) {
			out = append(out, i)
		}
	}
	return out
}

// demand is of an organisation, for a capability.
type demand struct {
	capability   data.Capability
	organisation data.Organisation
}

// demandsLeftOut are the demands of processes outside the scope: an organisation that asks by another process has no gap.
func (p *Pass) demandsLeftOut() map[demand]bool {
	out := map[demand]bool{}
	note := func(r *data.Record, process data.Process) {
		if !p.Scope.HasProcess(process) && p.Window.meets(r.Period) {
			out[demand{r.Capability, p.Dataset.OrganisationOf(process)}] = true
		}
	}
	for i := range p.Dataset.Requirements {
		note(&p.Dataset.Requirements[i].Record, p.Dataset.Requirements[i].Process)
	}
	for i := range p.Dataset.Targets {
		note(&p.Dataset.Targets[i].Record, p.Dataset.Targets[i].Process)
	}
	return out
}

func coverageGaps(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	var absent, concerned []data.Organisation
	for _, o := range p.organisations {
		switch {
		case p.concerned(c.Capability, o):
			concerned = append(concerned, o)
		case !p.leftOut()[demand{c.Capability, o}]:
			absent = append(absent, o)
		}
	}
	if len(concerned) == 0 || len(absent) == 0 {
		return out
	}
	var present []effort
	for _, o := range concerned {
		present = append(present, p.effort(c.Capability, o))
	}
	for _, o := range absent {
		out = append(out, coverageGap(&lonely{c, o, present, p.outside(c.Capability)}))
	}
	return out
}

// lonely is a capability on which others work and one organisation does not.
type lonely struct {
	data.CapabilityRow
	organisation data.Organisation
	present      []effort
	outside      []*graph.Initiative
}

// others are the organisations that work on it, with the number of what they ask for and their initiatives.
func (x *lonely) others() (names []data.Organisation, asking int, working []*graph.Initiative) {
	for _, e := range x.present {
		names = append(names, e.organisation)
		asking += len(e.requirements) + len(e.targets)
		working = append(working, e.initiatives...)
	}
	return names, asking, working
}

func coverageGap(x *lonely) Finding {
	others, asking, working := x.others()
	f := Finding{
		Subject: []string{string(x.Capability), string(x.organisation)}, Capability: x.Capability,
		Organisations: append([]data.Organisation{x.organisation}, others...), Initiatives: codesOf(slices.Concat(working, x.outside)),
		Verdict: "not covered", Severity: Medium, Order: data.Count(asking + len(working)),
		Measures: []Measure{
			{"requirements and targets of " + listed(others), data.Count(asking), ""}, {"initiatives of " + listed(others), data.Count(len(working)), ""},
			{"initiatives outside both", data.Count(len(x.outside)), ""},
		},
		wording: x,
	}
	if len(x.outside) > 0 {
		f.Status = "nations work on it outside both"
	}
	return f
}

func (x *lonely) words(*Pass, *Finding) (w Words) {
	others, asking, working := x.others()
	o := x.organisation
	w.Caveats = []string{fmt.Sprintf("no requirement, target or active initiative of %s on %s is in this dataset; silence is not proof", o, x.Name)}
	verb := "asks for"
	switch {
	case asking == 0:
		verb = "works on"
	case len(working) > 0:
		verb = "asks for and works on"
	}
	if len(others) > 1 {
		verb = "ask for or work on"
	}
	w.Summary = fmt.Sprintf("%s %s %s; nothing of %s on it is known.", listed(others), verb, x.Name, o)
	w.Explanation = fmt.Sprintf("%s has no requirement, no target and no active initiative on %s.", o, x.Name)
	for _, e := range x.present {
		w.Explanation += " " + e.String() + "."
	}
	if len(x.outside) > 0 {
		w.Summary = fmt.Sprintf("%s %s %s; nothing of %s on it is known, but nations work on it outside both.", listed(others), verb, x.Name, o)
		w.Explanation += fmt.Sprintf(" Outside both, nations carry %s (%s).", counted(len(x.outside), "initiative"), listed(codesOf(x.outside)))
	}
	return w
}

func (x *lonely) evidence(_ *Pass, out []Evidence) []Evidence {
	for _, e := range x.present {
		out = append(out, e.evidence(x.Capability)...)
	}
	return append(out, workEvidence(x.Capability, x.outside...)...)
}
