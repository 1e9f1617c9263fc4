package analysis

import (
	"context"
	"fmt"
	"strings"

	"deconflict/data"
)

// DoublePledge tells where a nation has offered more to all organisations together than it holds.
var DoublePledge = &Analysis{
	Name:   "double-pledge",
	Report: Duplication,
	Title:  "The same forces are pledged more than once",
	Doc: `A nation's pledges to all organisations together exceed what it holds on the same day: an availability conflict. A pledge to
one organisation alone that exceeds the holdings is one too. Where no holdings are known it is not assessed.`,
	Formula: `max over t of Σo P(n,c,o,t) − A(n,c,t), where above 0`,
	Clause:  clause("pledge of the same forces to two organisations", "pledges of the same forces to two organisations"),
	Run:     doublePledges,
}

func doublePledges(_ context.Context, p *Pass) ([]Finding, error) {
	var out []Finding
	for l := range p.AllLinks() {
		if !p.Wanted(l.Nation) {
			continue
		}
		a := p.accounts[l.Index]
		pledged := a.TotalOffered()
		most, _ := pledged.Peak()
		if most <= 0 {
			continue
		}
		if !a.HeldKnown {
			p.NotAssessed("double-pledge", "pledged, and no holdings are known", subject(l.Nation, l.Capability))
			continue
		}
		beyond := Combine(excess, pledged, a.Held)
		conflict, day := beyond.Peak()
		if conflict <= 0 {
			continue
		}
		row := p.Dataset.Capability(l.Capability)
		f := Finding{
			Subject: []string{string(l.Nation), string(l.Capability)}, Capability: l.Capability, Nations: []data.Nation{l.Nation},
			Period: beyond.Span(), Verdict: "conflict",
			Measures: []Measure{{"conflict", conflict, row.Unit}, {"pledged", pledged.At(day), row.Unit}, {"held", a.Held.At(day), row.Unit}},
			Score:    &Score{Short: conflict, Demand: pledged.At(day), Share: data.One, From: beyond.Span().From},
		}
		f.Order = p.shareOfDemand(l.Capability, conflict)
		var terms []string
		for _, o := range a.offered {
			f.Organisations = append(f.Organisations, o.organisation)
			f.Evidence = append(f.Evidence, pledgeEvidence(a.pledgesTo(o.organisation)...)...)
			terms = append(terms, fmt.Sprintf("P(%s) %s", o.organisation, o.steps.At(day)))
		}
		f.Evidence = append(f.Evidence, a.heldEvidence()...)
		name := p.Dataset.NationName(l.Nation)
		f.Summary = fmt.Sprintf("%s has pledged %s of %s and holds %s: %s pledged beyond the single set.",
			name, data.Units(pledged.At(day), row.Unit), row.Name, a.Held.At(day), isOrAre(conflict, row.Unit))
		f.Explanation = fmt.Sprintf("On %s: %s = %s; A = %s; %s − %s = %s.",
			day, strings.Join(terms, " + "), pledged.At(day), a.Held.At(day), pledged.At(day), a.Held.At(day), data.Units(conflict, row.Unit))
		out = append(out, f)
	}
	return out, nil
}

// subject names a nation and a capability in the list of what was not assessed.
func subject(n data.Nation, c data.Capability) string { return string(n) + " " + string(c) }
