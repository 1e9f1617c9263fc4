package analysis

import (
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
	Formula:  `max over t of Σo P(n,c,o,t) − A(n,c,t), where above 0`,
	Measures: []Column{{Name: "conflict"}, {Name: "pledged"}, {Name: "held"}},
	Clause:   clause("pledge of the same forces to two organisations", "pledges of the same forces to two organisations"),
	Each:     doublePledges,
}

func doublePledges(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	for _, a := range p.Accounts(c.Capability) {
		if !p.Wanted(a.Nation) {
			continue
		}
		pledged := a.TotalOffered()
		most, _ := pledged.Peak()
		if most <= 0 {
			continue
		}
		if !a.HeldKnown {
			p.NotAssessedOf(a.Nation, "double-pledge", "pledged, and no holdings are known", subject(a.Nation, a.Capability))
			continue
		}
		beyond := Combine(excess, pledged, a.Held)
		conflict, day := beyond.Peak()
		if conflict <= 0 {
			continue
		}
		x := &overPledge{a, conflict, pledged.At(day), day}
		f := Finding{
			Subject: []string{string(a.Nation), string(a.Capability)}, Capability: a.Capability, Nations: []data.Nation{a.Nation},
			Period: beyond.Span(), Verdict: "conflict",
			Measures: []Measure{{"conflict", conflict, c.Unit}, {"pledged", x.pledged, c.Unit}, {"held", a.Held.At(day), c.Unit}},
			Score:    &Score{Short: conflict, Demand: x.pledged, Share: data.One, From: beyond.Span().From},
			weight:   conflict,
			wording:  x,
		}
		for _, o := range a.offered {
			f.Organisations = append(f.Organisations, o.organisation)
		}
		out = append(out, f)
	}
	return out
}

// overPledge is what a nation has pledged beyond its holdings, on the worst day.
type overPledge struct {
	*Account
	conflict, pledged data.Amount
	day               data.Date
}

func (x *overPledge) words(p *Pass, _ *Finding) (w Words) {
	row := p.Dataset.Capability(x.Capability)
	var terms []string
	for _, o := range x.offered {
		terms = append(terms, fmt.Sprintf("P(%s) %s", o.organisation, o.steps.At(x.day)))
	}
	held := x.Held.At(x.day)
	w.Summary = fmt.Sprintf("%s has pledged %s of %s and holds %s: %s pledged beyond the single set.",
		p.Dataset.NationName(x.Nation), data.Units(x.pledged, row.Unit), row.Name, held, isOrAre(x.conflict, row.Unit))
	w.Explanation = fmt.Sprintf("On %s: %s = %s; A = %s; %s − %s = %s.",
		x.day, strings.Join(terms, " + "), x.pledged, held, x.pledged, held, data.Units(x.conflict, row.Unit))
	return w
}

func (*overPledge) beside(to []Evidence) []Evidence { return to }

func (x *overPledge) evidence(_ *Pass, out []Evidence) []Evidence {
	for _, o := range x.offered {
		out = x.pledgeEvidence(out, o.organisation)
	}
	return x.heldEvidence(out)
}

// subject names a nation and a capability in the list of what was not assessed.
func subject(n data.Nation, c data.Capability) string { return string(n) + " " + string(c) }
