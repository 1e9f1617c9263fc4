package analysis

import (
	"context"
	"fmt"
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
	Clause: clause("capability that one organisation works on and the other does not", "capabilities that one organisation works on and the other does not"),
	Run:    coverageGaps,
}

// effort is what one organisation asks for and does on one capability.
type effort struct {
	organisation data.Organisation
	requirements []*data.Requirement
	targets      []*data.Target
	initiatives  []*graph.Initiative
}

func (e effort) none() bool { return len(e.requirements)+len(e.targets)+len(e.initiatives) == 0 }

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

// effort gathers what o asks for and does on c.
func (p *Pass) effort(c data.Capability, o data.Organisation) effort {
	e := effort{organisation: o}
	for _, r := range p.Requirements(c) {
		if p.Dataset.OrganisationOf(r.Process) == o && p.Window.meets(r.Period) {
			e.requirements = append(e.requirements, r)
		}
	}
	for l := range p.Links(c) {
		for _, t := range l.Targets {
			if p.Dataset.OrganisationOf(t.Process) == o && p.Window.meets(t.Period) {
				e.targets = append(e.targets, t)
			}
		}
	}
	e.initiatives = p.carried(c, o)
	return e
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

func coverageGaps(_ context.Context, p *Pass) ([]Finding, error) {
	leftOut := p.demandsLeftOut()
	var out []Finding
	for _, c := range p.Capabilities() {
		var absent []data.Organisation
		var present []effort
		for _, o := range p.Dataset.PlanningOrganisations() {
			switch e := p.effort(c.Capability, o); {
			case !e.none():
				present = append(present, e)
			case !leftOut[demand{c.Capability, o}]:
				absent = append(absent, o)
			}
		}
		if len(present) == 0 {
			continue
		}
		for _, o := range absent {
			out = append(out, coverageGap(c, o, present, p.outside(c.Capability)))
		}
	}
	return out, nil
}

func coverageGap(c data.CapabilityRow, o data.Organisation, present []effort, outside []*graph.Initiative) Finding {
	f := Finding{
		Subject: []string{string(c.Capability), string(o)}, Capability: c.Capability, Organisations: []data.Organisation{o},
		Verdict: "not covered", Severity: Medium,
		Caveats: []string{fmt.Sprintf("no requirement, target or active initiative of %s on %s is in this dataset; silence is not proof", o, c.Name)},
	}
	var others []data.Organisation
	var working []*graph.Initiative
	asking := 0
	for _, e := range present {
		others = append(others, e.organisation)
		asking += len(e.requirements) + len(e.targets)
		working = append(working, e.initiatives...)
		f.Evidence = append(f.Evidence, e.evidence(c.Capability)...)
	}
	f.Organisations = append(f.Organisations, others...)
	f.Order = data.Count(asking + len(working))
	f.Measures = []Measure{
		{"requirements and targets of " + listed(others), data.Count(asking), ""}, {"initiatives of " + listed(others), data.Count(len(working)), ""},
		{"initiatives outside both", data.Count(len(outside)), ""},
	}
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
	f.Summary = fmt.Sprintf("%s %s %s; nothing of %s on it is known.", listed(others), verb, c.Name, o)
	f.Explanation = fmt.Sprintf("%s has no requirement, no target and no active initiative on %s.", o, c.Name)
	for _, e := range present {
		f.Explanation += " " + e.String() + "."
	}
	if len(outside) > 0 {
		f.Status = "nations work on it outside both"
		f.Summary = fmt.Sprintf("%s %s %s; nothing of %s on it is known, but nations work on it outside both.", listed(others), verb, c.Name, o)
		f.Explanation += fmt.Sprintf(" Outside both, nations carry %s (%s).", counted(len(outside), "initiative"), listed(codesOf(outside)))
		f.Evidence = append(f.Evidence, workEvidence(c.Capability, outside...)...)
		working = append(working, outside...)
	}
	f.Initiatives = codesOf(working)
	return f
}
