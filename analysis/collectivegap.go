package analysis

import (
	"fmt"
	"slices"

	"deconflict/data"
)

// CollectiveGap tells where all nations together do not reach what an organisation needs.
var CollectiveGap = &Analysis{
	Name:   "collective-gap",
	Report: Gap,
	Title:  "All nations together do not reach what is needed",
	Doc: `What an organisation needs of a capability, less what all its nations can use for it. Where it states no requirement, the sum of
its targets stands for it. Beside it stands the unapportioned remainder: what no nation has been asked for. Nations whose supply is
not known are listed, and make the gap an upper bound. Where no nation's supply is known it is not assessed.`,
	Formula: `gap = max over t of R(c,o,t) − Σn U(n,c,o,t), where above 0
unapportioned = R(c,o,t) − Σn T(n,c,o,t) on that day, where above 0`,
	Measures: []Column{{Name: "gap"}, {Name: "needed"}, {Name: "usable"}, {Name: "unapportioned"}},
	Clause:   clause("capability short in total", "capabilities short in total"),
	Each:     collectiveGaps,
}

func collectiveGaps(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	for i := range p.sumsOf(c.Capability).supplies {
		s := &p.sumsOf(c.Capability).supplies[i]
		if need, _ := s.Need.Peak(); need <= 0 {
			continue
		}
		if len(s.Known) == 0 {
			p.NotAssessed("collective-gap", "needed, and no nation's supply is known", string(c.Capability)+" "+string(s.Organisation))
			continue
		}
		concerned := slices.ContainsFunc(s.Known, func(a *Account) bool { return p.Wanted(a.Nation) })
		if !concerned {
			continue
		}
		if f, ok := p.collectiveGap(s); ok {
			out = append(out, f)
		}
	}
	return out
}

// jointShortage is what all nations together lack, on the worst day.
type jointShortage struct {
	*Supply
	short, rest data.Amount // rest is asked of no nation
	day         data.Date
}

func (p *Pass) collectiveGap(s *Supply) (Finding, bool) {
	gap := p.desk.both(less, s.Need, s.Usable)
	short, day := gap.Peak()
	if short <= 0 {
		return Finding{}, false
	}
	c, need, x := s.Capability, s.Need.At(day), &jointShortage{Supply: s, short: short, day: day}
	f := Finding{
		Subject: p.desk.subjects.of(string(c.Capability), string(s.Organisation)), Capability: c.Capability, Organisations: p.desk.organisations.of(s.Organisation),
		Period:  gap.Span(),
		Verdict: "short", Status: "exact",
		Score:   p.desk.score(short, need, s.LargestShare(day), gap.Span().From),
		Order:   data.Ratio(short, need),
		wording: x,
	}
	nations := p.desk.nations.open(len(s.Known))
	for _, a := range s.Known {
		nations = append(nations, a.Nation)
	}
	f.Nations = p.desk.nations.close(nations)
	measures := append(p.desk.measures.open(4), Measure{"gap", short, c.Unit}, Measure{"needed", need, c.Unit}, Measure{"usable", s.Usable.At(day), c.Unit})
	if rest := need - s.Shared.At(day); len(s.Stated) > 0 && rest > 0 {
		x.rest = rest
		measures = append(measures, Measure{"unapportioned", rest, c.Unit})
	}
	f.Measures = p.desk.measures.close(measures)
	if len(s.Unknown) > 0 {
		f.Status = "upper bound"
	}
	return f, true
}

func (x *jointShortage) words(p *Pass, _ *Finding) (w Words) {
	c, need, usable := x.Capability, x.Need.At(x.day), x.Usable.At(x.day)
	letter, givers := "ΣT", "nobody"
	if len(x.Stated) > 0 {
		letter = "R"
	}
	if g := x.giversOn(x.day); len(g) > 0 {
		givers = listed(g)
	}
	w.Explanation = fmt.Sprintf("On %s: %s = %s; ΣU = %s (%s); %s − %s = %s.", x.day, letter, need, usable, givers, need, usable, data.Units(x.short, c.Unit))
	if x.rest > 0 {
		w.Explanation += fmt.Sprintf(" R − ΣT = %s − %s = %s asked of no nation.", need, x.Shared.At(x.day), data.Units(x.rest, c.Unit))
	}
	upTo := ""
	if len(x.Unknown) > 0 {
		upTo = "up to "
		w.Details = []Detail{{Title: "Supply not known", Columns: []Column{{Name: "nation"}}, Rows: nationRows(p, x.Unknown)}}
		w.Caveats = []string{fmt.Sprintf("the supply of %s is not known: the gap is an upper bound", counted(len(x.Unknown), "nation"))}
	}
	w.Summary = fmt.Sprintf("%s is %s%s short of the %s of %s that it needs.", capital(x.Organisation.InWords()), upTo, data.Units(x.short, c.Unit), need, c.Name)
	return w
}

func (x *jointShortage) beside(to []Evidence) []Evidence {
	return append(to, requirementEvidence(x.Stated...)...)
}

func (x *jointShortage) evidence(p *Pass, out []Evidence) []Evidence {
	out = append(out, requirementEvidence(x.Stated...)...)
	for _, a := range x.Known {
		out = x.supplyEvidence(out, a)
	}
	return x.targetEvidence(out, p)
}

func nationRows(p *Pass, nations []data.Nation) (rows [][]string) {
	for _, n := range nations {
		rows = append(rows, []string{p.Dataset.NationName(n)})
	}
	return rows
}
