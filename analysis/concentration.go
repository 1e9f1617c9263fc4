package analysis

import (
	"fmt"

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
	Params:   []Param{{"share", "share of the usable supply from which one nation carries the capability", data.One / 2}},
	Measures: []Column{{"share", "of 1"}, {Name: "usable"}, {Name: "largest giver"}, {Name: "remains without it"}, {Name: "lacking without it"}},
	Clause:   clause("capability that hangs on one nation", "capabilities that hang on one nation"),
	Each:     concentrations,
}

func concentrations(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	for i := range p.sumsOf(c.Capability).supplies {
		s := &p.sumsOf(c.Capability).supplies[i]
		total := s.Usable.At(p.AsOf())
		if total <= 0 {
			continue
		}
		if len(s.Known) < len(s.Unknown) {
			p.NotAssessed("concentration", "the supply of fewer than half of the nations is known", string(c.Capability)+" "+string(s.Organisation))
			continue
		}
		if n, most := s.Largest(p.AsOf()); data.Ratio(most, total) >= p.Param("concentration.share") {
			out = append(out, p.concentration(&carrier{s, n, most, total}))
		}
	}
	return out
}

// carrier is the nation that gives most, and what all give, on the as-of day.
type carrier struct {
	*Supply
	nation      data.Nation
	most, total data.Amount
}

// lacking is what would be missing without it.
func (x *carrier) lacking(t data.Date) data.Amount {
	return max(x.Need.At(t)-(x.total-x.most), 0)
}

func (p *Pass) concentration(x *carrier) Finding {
	c, o, day := x.Capability, x.Organisation, p.AsOf()
	share := data.Ratio(x.most, x.total)
	f := Finding{
		Subject: []string{string(c.Capability), string(o)}, Capability: c.Capability, Nations: []data.Nation{x.nation}, Organisations: []data.Organisation{o},
		Period: data.Period{From: day}, Verdict: "carried by one", Severity: Info,
		Measures: []Measure{{"share", share, ""}, {"usable", x.total, c.Unit}, {"largest giver", x.most, c.Unit}, {"remains without it", x.total - x.most, c.Unit}},
		wording:  x,
	}
	if len(x.giversOn(day)) == 1 {
		f.Verdict = "only giver"
	}
	if lacking := x.lacking(day); lacking > 0 {
		f.Score = &Score{Short: lacking, Demand: x.Need.At(day), Share: share, From: day}
		f.Measures = append(f.Measures, Measure{"lacking without it", lacking, c.Unit})
	}
	return f
}

func (x *carrier) words(p *Pass, _ *Finding) (w Words) {
	c, n, day, need := x.Capability, x.nation, p.AsOf(), x.Need.At(p.AsOf())
	if len(x.Unknown) > 0 {
		w.Caveats = []string{fmt.Sprintf("the supply of %s is not known", counted(len(x.Unknown), "nation"))}
	}
	w.Summary = fmt.Sprintf("%s gives %s of the %s that %s can use for %s; %s would remain without it.",
		p.Dataset.NationName(n), x.most, data.Units(x.total, c.Unit), x.Organisation.InWords(), c.Name, x.total-x.most)
	w.Explanation = fmt.Sprintf("On %s: ΣU = %s (%s); %s / %s = %s. R = %s: without %s, %s − %s = %s remain and %s lack.",
		day, x.total, listed(x.giversOn(day)), x.most, x.total, data.Ratio(x.most, x.total), need, n, x.total, x.most, x.total-x.most, x.lacking(day))
	return w
}

func (*carrier) beside(to []Evidence) []Evidence { return to }

func (x *carrier) evidence(p *Pass, out []Evidence) []Evidence {
	for _, g := range x.giversOn(p.AsOf()) {
		out = x.supplyEvidence(out, g.Account)
	}
	return out
}
