package analysis

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
	Clause: clause("capability short in total", "capabilities short in total"),
	Run:    collectiveGaps,
}

func collectiveGaps(_ context.Context, p *Pass) ([]Finding, error) {
	var out []Finding
	for _, c := range p.Capabilities() {
		for _, o := range p.Dataset.PlanningOrganisations() {
			s := p.Supply(c.Capability, o)
			if need, _ := s.Need.Peak(); need <= 0 {
				continue
			}
			if len(s.Known) == 0 {
				p.NotAssessed("collective-gap", "needed, and no nation's supply is known", string(c.Capability)+" "+string(o))
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
	}
	return out, nil
}

func (p *Pass) collectiveGap(s *Supply) (Finding, bool) {
	gap := Combine(excess, s.Need, s.Usable)
	short, day := gap.Peak()
	if short <= 0 {
		return Finding{}, false
	}
	c, o := s.Capability, s.Organisation
	f := Finding{
		Subject: []string{string(c.Capability), string(o)}, Capability: c.Capability, Organisations: []data.Organisation{o},
		Period:  gap.Span(),
		Verdict: "short", Status: "exact",
		Measures: []Measure{{"gap", short, c.Unit}, {"needed", s.Need.At(day), c.Unit}, {"usable", s.Usable.At(day), c.Unit}},
		Score:    &Score{Short: short, Demand: s.Need.At(day), Share: s.LargestShare(day), From: gap.Span().From},
	}
	var terms []string
	for _, a := range s.Known {
		f.Nations = append(f.Nations, a.Nation)
		u, _ := a.Usable(o)
		if v := u.At(day); v > 0 {
			terms = append(terms, string(a.Nation)+" "+v.String())
		}
		f.Evidence = append(append(f.Evidence, pledgeEvidence(a.pledgesTo(o)...)...), a.heldEvidence()...)
	}
	need := "ΣT"
	if len(s.Stated) > 0 {
		need = "R"
		f.Evidence = append(requirementEvidence(s.Stated...), f.Evidence...)
	}
	for _, a := range p.Accounts(c.Capability) {
		f.Evidence = append(f.Evidence, targetEvidence(a.targetsOf(p.Dataset, o)...)...)
	}
	if len(terms) == 0 {
		terms = []string{"nobody"}
	}
	units := func(v data.Amount) string { return data.Units(v, c.Unit) }
	f.Explanation = fmt.Sprintf("On %s: %s = %s; ΣU = %s (%s); %s − %s = %s.", day, need, s.Need.At(day), s.Usable.At(day), strings.Join(terms, ", "),
		s.Need.At(day), s.Usable.At(day), units(short))
	f.Order = data.Ratio(short, s.Need.At(day))
	if rest := s.Need.At(day) - s.Shared.At(day); len(s.Stated) > 0 && rest > 0 {
		f.Measures = append(f.Measures, Measure{"unapportioned", rest, c.Unit})
		f.Explanation += fmt.Sprintf(" R − ΣT = %s − %s = %s asked of no nation.", s.Need.At(day), s.Shared.At(day), units(rest))
	}
	upTo := ""
	if len(s.Unknown) > 0 {
		upTo, f.Status = "up to ", "upper bound"
		f.Details = append(f.Details, Detail{Title: "Supply not known", Columns: []Column{{Name: "nation"}}, Rows: nationRows(p, s.Unknown)})
		f.Caveats = append(f.Caveats, fmt.Sprintf("the supply of %s is not known: the gap is an upper bound", counted(len(s.Unknown), "nation")))
	}
	f.Summary = fmt.Sprintf("%s is %s%s short of the %s of %s that it needs.", capital(o.InWords()), upTo, units(short), s.Need.At(day), c.Name)
	return f, true
}

func nationRows(p *Pass, nations []data.Nation) (rows [][]string) {
	for _, n := range nations {
		rows = append(rows, []string{p.Dataset.NationName(n)})
	}
	return rows
}
