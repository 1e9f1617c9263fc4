package analysis

import (
	"context"
	"fmt"

	"deconflict/data"
)

// NationGap tells where a nation's usable forces do not reach what an organisation, or its own plan, asks of it.
var NationGap = &Analysis{
	Name:   "nation-gap",
	Report: Gap,
	Title:  "A nation does not reach what is asked of it",
	Doc: `What one organisation asks of a nation, less what the nation can use for it. The nation's own plan (process NATIONAL) is told
apart and never added to the others. Three numbers, never merged into one:
  gap        the peak of the shortfall, with the first day (not before the as-of date) and the last
  readiness  usable forces that are slower than the target asks for; forces of unstated readiness are not held to be slow
  lateness   days from the start of the unmet target to the day on which usable supply reaches it
Where the supply is not known the pair is not assessed: silence is not zero.`,
	Formula: `gap = max over t of T(n,c,o,t) − U(n,c,o,t), where above 0
readiness = max over t and notice r of min(T of r days or fewer, U) − min(T of r days or fewer, U of records not slower than r)
lateness = first day after the gap opens with U ≥ T > 0, less the first day of the targets active when it opens`,
	Clause: nationGapClause,
	Run:    nationGaps,
}

func nationGapClause(fs []Finding) (out []string) {
	asked, own := 0, 0
	for _, f := range fs {
		if len(f.Organisations) > 0 {
			asked++
		} else {
			own++
		}
	}
	if asked > 0 {
		out = append(out, counted(asked, "shortfall")+" against what organisations ask of a nation")
	}
	if own > 0 {
		out = append(out, counted(own, "shortfall")+" against a nation's own plan")
	}
	return out
}

func nationGaps(_ context.Context, p *Pass) ([]Finding, error) {
	var out []Finding
	for l := range p.AllLinks() {
		if !p.Wanted(l.Nation) {
			continue
		}
		a := p.accounts[l.Index]
		for _, d := range a.demand {
			if peak, _ := d.steps.Peak(); peak <= 0 {
				continue
			}
			usable, known := a.Usable(d.organisation)
			if !known {
				p.NotAssessed("nation-gap", "asked for, and neither holdings nor pledges are known", subject(l.Nation, l.Capability)+" "+demander(d.organisation))
				continue
			}
			if f, ok := p.nationGap(a, d.organisation, d.steps, usable); ok {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

// demander names who asks: an organisation, or the nation's own plan.
func demander(o data.Organisation) string {
	if o == OwnPlan {
		return "own-plan"
	}
	return string(o)
}

// slower is the verdict where everything that is asked for is there, but not within the time asked for.
const slower = "slow"

func (p *Pass) nationGap(a *Account, o data.Organisation, asked, usable Steps) (Finding, bool) {
	gap := Combine(excess, asked, usable)
	short, day := gap.Peak()
	slow, notice, slowDay := p.slowness(a, o, usable)
	if short <= 0 && slow <= 0 {
		return Finding{}, false
	}
	row := p.Dataset.Capability(a.Capability)
	name, units := p.Dataset.NationName(a.Nation), func(v data.Amount) string { return data.Units(v, row.Unit) }
	f := Finding{
		Subject:    []string{string(a.Nation), string(a.Capability), demander(o)},
		Capability: a.Capability, Nations: []data.Nation{a.Nation},
		Evidence: append(append(targetEvidence(a.targetsOf(p.Dataset, o)...), pledgeEvidence(a.pledgesTo(o)...)...), a.heldEvidence()...),
		Caveats:  p.silences(a, o),
	}
	whose := o.InWords() + "'s target"
	if o == OwnPlan {
		whose = "its own plan"
	} else {
		f.Organisations = []data.Organisation{o}
	}
	_, pledged := a.Offered(o)
	how := "U = A"
	switch {
	case pledged && a.HeldKnown:
		how = "U = min(P, A)"
	case pledged:
		how = "U = P, no holdings known,"
	}
	if short > 0 {
		f.Period = gap.Span()
		f.Verdict = "partly met"
		if usable.At(day) <= 0 {
			f.Verdict = "unmet"
		}
		f.Measures = []Measure{{"gap", short, row.Unit}, {"target", asked.At(day), row.Unit}, {"usable", usable.At(day), row.Unit}}
		f.Score = &Score{Short: short, Demand: asked.At(day), Share: data.One, From: f.From}
		f.Order = p.shareOfDemand(a.Capability, short)
		f.Explanation = fmt.Sprintf("On %s: T = %s, %s = %s; %s − %s = %s.", day, asked.At(day), how, usable.At(day), asked.At(day), usable.At(day), units(short))
		during := "from " + f.From.String() + " on"
		f.Status = "open-ended"
		if f.Until != 0 {
			f.Status = "closes"
			during = f.Period.String()
		}
		f.Summary = fmt.Sprintf("%s is %s short of %s for %s, %s.", name, units(short), whose, row.Name, during)
		if late, from, reached := p.lateness(a, o, asked, usable, f.From); late > 0 {
			f.Measures = append(f.Measures, Measure{"lateness", data.Count(late), "day"})
			f.Explanation += fmt.Sprintf(" Asked for from %s and reached on %s: %d days late.", from, reached, late)
		}
	} else {
		f.Verdict, f.Status = slower, "readiness only"
		f.From = slowDay
		f.Score = &Score{Short: slow, Demand: asked.At(slowDay), Share: data.One, From: slowDay}
		f.Summary = fmt.Sprintf("%s has what %s asks of %s, but %s slower than asked.", name, whose, row.Name, isOrAre(slow, row.Unit))
	}
	if slow > 0 {
		f.Measures = append(f.Measures, Measure{"readiness", slow, row.Unit})
		f.Explanation += fmt.Sprintf(" Readiness, on %s: %s usable, but not within the %s that the target asks for.", slowDay, isOrAre(slow, row.Unit), data.Units(notice, "day"))
	}
	return f, true
}

// slowness is how much of the usable supply is slower than asked, at its worst, with the notice and the first day of that.
func (p *Pass) slowness(a *Account, o data.Organisation, usable Steps) (slow, notice data.Amount, day data.Date) {
	targets := a.targetsOf(p.Dataset, o)
	tried := map[data.Amount]bool{}
	for _, t := range targets {
		r := t.Readiness
		if !r.Known() || tried[r.Amount()] {
			continue
		}
		tried[r.Amount()] = true
		asked := p.Window.sum(func(add func(data.Period, data.Amount)) {
			for _, t := range targets {
				if t.Readiness.Known() && t.Readiness.Amount() <= r.Amount() {
					add(t.Period, t.Quantity.Amount())
				}
			}
		})
		missing := Combine(func(v []data.Amount) data.Amount { return min(v[0], v[1]) - min(v[0], v[2]) }, asked, usable, a.usableWithin(o, r.Amount()))
		if m, d := missing.Peak(); m > slow || m == slow && slow > 0 && r.Amount() < notice {
			slow, notice, day = m, r.Amount(), d
		}
	}
	return slow, notice, day
}

// lateness counts the days from the start of the targets that are active when the gap opens to the first day on which usable
// supply reaches what is asked. It is 0 where that never happens, or where the start is open.
func (p *Pass) lateness(a *Account, o data.Organisation, asked, usable Steps, opens data.Date) (days int, from, reached data.Date) {
	for _, t := range a.targetsOf(p.Dataset, o) {
		if t.Period.Contains(opens) && t.Period.From != 0 && (from == 0 || t.Period.From < from) {
			from = t.Period.From
		}
	}
	if from == 0 {
		return 0, 0, 0
	}
	slack := Combine(excess, usable, asked).During(asked)
	for _, x := range slack {
		if x.From > opens && x.Value >= 0 {
			return int(x.From - from), from, x.From
		}
	}
	return 0, from, 0
}

// silences are the records that say that something is asked, offered or held but not how much in the capability's unit.
func (p *Pass) silences(a *Account, o data.Organisation) (caveats []string) {
	n := 0
	for _, t := range a.Targets {
		if !t.Counts() && p.Dataset.OrganisationOf(t.Process) == o {
			n++
		}
	}
	for _, x := range a.Pledges {
		if !x.Counts() && x.Organisation == o {
			n++
		}
	}
	for _, h := range a.Holdings {
		if !h.Counts() {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{counted(n, "further record") + " on this nation and capability without a comparable number: not in the arithmetic"}
}
