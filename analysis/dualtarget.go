package analysis

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"deconflict/data"
)

// DualTarget tells where two organisations ask one nation for the same capability at the same time, and whether what the nation
// holds can answer both.
var DualTarget = &Analysis{
	Name:   "dual-target",
	Report: Duplication,
	Title:  "Two organisations ask the same nation for the same thing",
	Doc: `A nation has one single set of forces. Where two organisations have targets for it on one capability at the same time, the
verdict says whether its holdings answer both:
  covered     they reach the sum of both demands on every day of the overlap
  single-set  they reach the larger demand on every day, but not the sum: the same forces answer twice
  short       on some day they do not even reach the larger demand
  unknown     no holdings are known
Coherence says how the two demands differ. Levels of ambition differ, so a smaller EU figure is no contradiction.`,
	Formula: `overlap = max over t of min(T(n,c,o1,t), T(n,c,o2,t)), where above 0
judged on the days when both ask: covered if A ≥ T1 + T2; single-set if A ≥ max(T1, T2); short otherwise
conflict = max over t of (T1 + T2 − A): what is missing if both call at once`,
	Clause: dualTargetClause,
	Run:    dualTargets,
}

func dualTargetClause(fs []Finding) []string {
	if len(fs) == 0 {
		return nil
	}
	s := fmt.Sprintf("two organisations ask one nation for the same in %s", counted(len(fs), "case"))
	if n := count(fs, "short", "") + count(fs, "single-set", ""); n > 0 {
		s += fmt.Sprintf(", %d of them beyond what it holds", n)
	}
	return []string{s}
}

func dualTargets(_ context.Context, p *Pass) ([]Finding, error) {
	var out []Finding
	for l := range p.AllLinks() {
		if !p.Wanted(l.Nation) {
			continue
		}
		a := p.accounts[l.Index]
		demanders := a.Demanders()
		for i, o1 := range demanders {
			for _, o2 := range demanders[i+1:] {
				if f, ok := p.dualTarget(a, o1, o2); ok {
					out = append(out, f)
				}
			}
		}
	}
	return out, nil
}

func (p *Pass) dualTarget(a *Account, o1, o2 data.Organisation) (Finding, bool) {
	t1, t2 := a.Demand(o1), a.Demand(o2)
	both := Combine(lowest, t1, t2)
	overlap, worst := both.Peak()
	if overlap <= 0 {
		return Finding{}, false
	}
	unit := p.Dataset.Capability(a.Capability).Unit
	sum := Combine(sumOf, t1, t2)
	beyond, day := Combine(excess, sum, a.Held).During(both).Peak()
	shortfall, shortDay := Combine(excess, Combine(highest, t1, t2), a.Held).During(both).Peak()
	f := Finding{
		Subject: []string{string(a.Nation), string(a.Capability), string(o1) + "+" + string(o2)}, Capability: a.Capability,
		Nations: []data.Nation{a.Nation}, Organisations: []data.Organisation{o1, o2}, Period: both.Span(),
		Measures: []Measure{{"overlap", overlap, unit}},
		Status:   p.coherence(a, o1, o2),
	}
	for _, o := range f.Organisations {
		peak, _ := a.Demand(o).Peak()
		f.Measures = append(f.Measures, Measure{"peak target of " + string(o), peak, unit})
		f.Evidence = append(f.Evidence, targetEvidence(a.targetsOf(p.Dataset, o)...)...)
	}
	f.Evidence = append(f.Evidence, a.heldEvidence()...)
	name, capability := p.Dataset.NationName(a.Nation), p.Dataset.Capability(a.Capability).Name
	u := func(v data.Amount) string { return data.Units(v, unit) }
	f.Explanation = fmt.Sprintf("On %s: min(T(%s) = %s, T(%s) = %s) = %s.", worst, o1, t1.At(worst), o2, t2.At(worst), u(overlap))
	switch {
	case !a.HeldKnown:
		f.Verdict, f.Severity = "unknown", Low
		f.Explanation += " No holdings are known, so nothing can be said about what answers them."
		f.Summary = fmt.Sprintf("%s: %s and %s both ask for %s (%s at once); what it holds is not known.", name, o1.InWords(), o2.InWords(), capability, u(overlap))
		p.NotAssessed("dual-target", "no holdings are known: whether they answer both cannot be said", string(a.Nation)+" "+string(a.Capability))
		return f, true
	case shortfall > 0:
		f.Verdict = "short"
		f.Explanation += fmt.Sprintf(" On %s: max(%s, %s) − A = %s is %s short of even the larger demand.", shortDay, t1.At(shortDay), t2.At(shortDay), a.Held.At(shortDay), u(shortfall))
		f.Measures = append(f.Measures, Measure{"shortfall to the larger", shortfall, unit})
		f.Summary = fmt.Sprintf("%s: %s and %s both ask for %s, and it is %s short of even the larger demand.", name, o1.InWords(), o2.InWords(), capability, u(shortfall))
	case beyond > 0:
		f.Verdict = "single-set"
		f.Summary = fmt.Sprintf("%s: the same %s answers %s and %s; if both call at once, %s missing.", name, capability, o1.InWords(), o2.InWords(), isOrAre(beyond, unit))
	default:
		f.Verdict, f.Severity = "covered", Info
		f.Summary = fmt.Sprintf("%s: %s and %s both ask for %s, and it holds enough for both.", name, o1.InWords(), o2.InWords(), capability)
		f.Explanation += fmt.Sprintf(" A reaches the sum on every day of the overlap; on the tightest, %s, A = %s and T(%s) + T(%s) = %s.", day, a.Held.At(day), o1, o2, sum.At(day))
		return f, true
	}
	f.Explanation += fmt.Sprintf(" If both call at once, on %s: T(%s) + T(%s) − A = %s + %s − %s = %s.", day, o1, o2, t1.At(day), t2.At(day), a.Held.At(day), u(beyond))
	f.Measures = append(f.Measures, Measure{"conflict", beyond, unit}, Measure{"held", a.Held.At(day), unit})
	f.Score = &Score{Short: beyond, Demand: sum.At(day), Share: data.One, From: day}
	f.Order = p.shareOfDemand(a.Capability, beyond)
	return f, true
}

// coherence says how the two demands differ: in amount, in dates, in readiness, or not.
func (p *Pass) coherence(a *Account, o1, o2 data.Organisation) string {
	var differ []string
	peak1, _ := a.Demand(o1).Peak()
	peak2, _ := a.Demand(o2).Peak()
	switch cmp.Compare(peak1, peak2) {
	case 1:
		differ = append(differ, string(o1)+" asks more")
	case -1:
		differ = append(differ, string(o2)+" asks more")
	}
	if a.Demand(o1).Span() != a.Demand(o2).Span() {
		differ = append(differ, "dates differ")
	}
	if p.strictest(a, o1) != p.strictest(a, o2) {
		differ = append(differ, "readiness differs")
	}
	if len(differ) == 0 {
		return "aligned"
	}
	return strings.Join(differ, ", ")
}

// strictest is the shortest notice that an organisation's targets ask for; unknown where none states one.
func (p *Pass) strictest(a *Account, o data.Organisation) data.Quantity {
	var q data.Quantity
	for _, t := range a.targetsOf(p.Dataset, o) {
		if t.Readiness.Known() && (!q.Known() || t.Readiness.Amount() < q.Amount()) {
			q = t.Readiness
		}
	}
	return q
}
