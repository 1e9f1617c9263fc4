package analysis

import (
	"context"
	"fmt"
	"strings"

	"deconflict/data"
)

// Concentration tells where an organisation leans on one nation.
var Concentration = &Analysis{
	Name:   "concentration",
	Report: Gap,
	Title:  "One nation carries the capability",
	Doc: `On the as-of day one nation gives at least the stated share of an organisation's usable supply, or is the only giver. What remains
without it stands beside it. This is the program's own flag: no organisation publishes such a rule. Where the supply of fewer than
half of the organisation's nations is known it is not assessed.`,
	Formula: `max over n of U(n,c,o,t) / Σn U(n,c,o,t) ≥ share, on the as-of day t
size of the severity: what R(c,o,t) lacks without the largest giver, over R(c,o,t)`,
	Params: []Param{{"share", "share of the usable supply from which one nation carries the capability", data.One / 2}},
	Clause: clause("capability that hangs on one nation", "capabilities that hang on one nation"),
	Run:    concentrations,
}

func concentrations(_ context.Context, p *Pass) ([]Finding, error) {
	var out []Finding
	for _, c := range p.Capabilities() {
		for _, o := range p.Dataset.PlanningOrganisations() {
			s := p.Supply(c.Capability, o)
			total := s.Usable.At(p.AsOf())
			if total <= 0 {
				continue
			}
			if len(s.Known) < len(s.Unknown) {
				p.NotAssessed("concentration", "the supply of fewer than half of the nations is known", string(c.Capability)+" "+string(o))
				continue
			}
			if n, most := s.Largest(p.AsOf()); data.Ratio(most, total) >= p.Param("concentration.share") {
				out = append(out, p.concentration(s, n, most, total))
			}
		}
	}
	return out, nil
}

func (p *Pass) concentration(s *Supply, n data.Nation, most, total data.Amount) Finding {
	c, o, day := s.Capability, s.Organisation, p.AsOf()
	f := Finding{
		Subject: []string{string(c.Capability), string(o)}, Capability: c.Capability, Nations: []data.Nation{n}, Organisations: []data.Organisation{o},
		Period: data.Period{From: day}, Verdict: "carried by one", Severity: Info,
		Measures: []Measure{{"share", data.Ratio(most, total), ""}, {"usable", total, c.Unit}, {"largest giver", most, c.Unit}, {"remains without it", total - most, c.Unit}},
	}
	var terms []string
	for _, a := range s.Known {
		u, _ := a.Usable(o)
		if v := u.At(day); v > 0 {
			terms = append(terms, string(a.Nation)+" "+v.String())
			f.Evidence = append(append(f.Evidence, pledgeEvidence(a.pledgesTo(o)...)...), a.heldEvidence()...)
		}
	}
	if len(terms) == 1 {
		f.Verdict = "only giver"
	}
	need := s.Need.At(day)
	lacking := max(need-(total-most), 0)
	if lacking > 0 {
		f.Score = &Score{Short: lacking, Demand: need, Share: data.Ratio(most, total), From: day}
		f.Measures = append(f.Measures, Measure{"lacking without it", lacking, c.Unit})
	}
	if len(s.Unknown) > 0 {
		f.Caveats = []string{fmt.Sprintf("the supply of %s is not known", counted(len(s.Unknown), "nation"))}
	}
	f.Summary = fmt.Sprintf("%s gives %s of the %s that %s can use for %s; %s would remain without it.",
		p.Dataset.NationName(n), most, data.Units(total, c.Unit), o.InWords(), c.Name, total-most)
	f.Explanation = fmt.Sprintf("On %s: ΣU = %s (%s); %s / %s = %s. R = %s: without %s, %s − %s = %s remain and %s lack.",
		day, total, strings.Join(terms, ", "), most, total, data.Ratio(most, total), need, n, total, most, total-most, lacking)
	return f
}
