package analysis

import (
	"context"
	"fmt"
	"strings"

	"deconflict/data"
)

// OverSupply tells where several nations bring clearly more than any organisation needs.
var OverSupply = &Analysis{
	Name:   "over-supply",
	Report: Duplication,
	Title:  "Several nations bring more than anybody needs",
	Doc: `The usable supply of two nations or more exceeds the largest organisation's need by more than the margin, on every day on which
that organisation needs anything: the tightest day is shown. Where it states no requirement and asks fewer than half of its nations
for a number, what it needs is not known, and it is not assessed.`,
	Formula: `o* = the organisation with the largest peak of R(c,o,t)
Σn U(n,c,o*,t) > (1 + margin) × R(c,o*,t) on every t with R > 0, by two nations or more`,
	Params: []Param{{"margin", "supply beyond the need that is still no over-supply, as a share of the need", data.One / 4}},
	Clause: clause("capability with more supply than is asked for", "capabilities with more supply than is asked for"),
	Run:    overSupplies,
}

func overSupplies(_ context.Context, p *Pass) ([]Finding, error) {
	var out []Finding
	for _, c := range p.Capabilities() {
		var largest *Supply
		var most data.Amount
		for _, o := range p.Dataset.PlanningOrganisations() {
			s := p.Supply(c.Capability, o)
			if peak, _ := s.Need.Peak(); peak > most {
				largest, most = s, peak
			}
		}
		if largest == nil {
			continue
		}
		if !largest.NeedKnown() {
			p.NotAssessed("over-supply", "no requirement is stated, and fewer than half of the nations are asked for a number", string(c.Capability)+" "+string(largest.Organisation))
			continue
		}
		if f, ok := p.overSupply(largest); ok {
			out = append(out, f)
		}
	}
	return out, nil
}

func (p *Pass) overSupply(s *Supply) (Finding, bool) {
	margin := p.Param("over-supply.margin")
	beyond, day := Combine(func(v []data.Amount) data.Amount {
		return v[1] - v[0] - data.Part(v[0], margin)
	}, s.Need, s.Usable).During(s.Need).Low()
	if beyond <= 0 {
		return Finding{}, false
	}
	c, o := s.Capability, s.Organisation
	need, usable := s.Need.At(day), s.Usable.At(day)
	f := Finding{
		Subject: []string{string(c.Capability)}, Capability: c.Capability, Organisations: []data.Organisation{o}, Period: s.Need.Span(),
		Verdict: "over-supplied", Severity: Low, Order: data.Ratio(usable-need, need),
		Measures: []Measure{{"surplus", usable - need, c.Unit}, {"needed", need, c.Unit}, {"usable", usable, c.Unit}},
		Evidence: requirementEvidence(s.Stated...),
	}
	var terms []string
	for _, a := range s.Known {
		u, _ := a.Usable(o)
		v := u.At(day)
		if v <= 0 {
			continue
		}
		f.Nations = append(f.Nations, a.Nation)
		terms = append(terms, string(a.Nation)+" "+v.String())
		f.Evidence = append(append(f.Evidence, pledgeEvidence(a.pledgesTo(o)...)...), a.heldEvidence()...)
	}
	if len(f.Nations) < 2 {
		return Finding{}, false
	}
	if len(s.Stated) == 0 {
		for _, a := range p.Accounts(c.Capability) {
			f.Evidence = append(f.Evidence, targetEvidence(a.targetsOf(p.Dataset, o)...)...)
		}
	}
	f.Summary = fmt.Sprintf("%s bring %s of %s where %s, which needs most, asks for %s.",
		counted(len(f.Nations), "nation"), data.Units(usable, c.Unit), c.Name, o.InWords(), need)
	f.Explanation = fmt.Sprintf("On the tightest day, %s: ΣU = %s (%s); R(%s) = %s; with the margin of %s: %s > %s.",
		day, usable, strings.Join(terms, ", "), o, need, margin, usable, need+data.Part(need, margin))
	return f, true
}
