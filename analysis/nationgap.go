package analysis

import (
	"fmt"
	"slices"

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
	Measures: []Column{{Name: "gap"}, {Name: "target"}, {Name: "usable"}, {"lateness", "day"}, {Name: "readiness"}},
	Clause:   nationGapClause,
	Each:     nationGaps,
}

func nationGapClause(fs []*Finding) (out []string) {
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

func nationGaps(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	for _, a := range p.Accounts(c.Capability) {
		if !p.Wanted(a.Nation) {
			continue
		}
		for i := range a.demand {
			d := &a.demand[i]
			if d.peak <= 0 {
				continue
			}
			usable, known := a.Usable(d.organisation)
			if !known {
				p.NotAssessedOf(a.Nation, "nation-gap", "asked for, and neither holdings nor pledges are known", subject(a.Nation, a.Capability)+" "+demander(d.organisation))
				continue
			}
			out = append(out, Finding{})
			if !p.nationGap(&out[len(out)-1], a, d, usable, c.Unit) {
				out = out[:len(out)-1]
			}
		}
	}
	return out
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

// shortage is what one nation lacks of what one organisation, or its own plan, asks of it.
type shortage struct {
	*Account
	by                   data.Organisation
	short                data.Amount // at its worst, on day
	asked, usable        data.Amount // on that day
	day                  data.Date
	slow, notice         data.Amount // what is slower than the notice of so many days, at its worst on slowDay
	slowDay              data.Date
	reachedOn, askedFrom data.Date // the first day after the gap opens on which all that is asked for is there, and since when it is asked for
	late                 int       // days between the two
}

// nationGap makes a finding of what a nation can use and what an organisation, or its own plan, asks of it, or none.
func (p *Pass) nationGap(f *Finding, a *Account, by *byOrganisation, usable Steps, unit string) bool {
	o, k := by.organisation, p.desk
	var gap spanning
	var days []onDay
	if len(usable) != 1 || by.peak > usable[0].Value { // else nothing is short on any day
		days = k.days(by.steps, usable)
	}
	var worst, asked data.Amount
	var worstDay, reached data.Date
	for i := range days { // without branches, as in spanning
		on := &days[i]
		short, met := on.x-on.y, on.day
		gap = gap.and(on.day, short > 0)
		if short > worst {
			worst, asked, worstDay = short, on.x, on.day
		}
		if on.x <= 0 {
			met = 0
		}
		if short > 0 {
			met = 0
		}
		if gap.From == 0 {
			met = 0
		}
		if reached == 0 {
			reached = met
		}
	}
	slow, notice, slowDay := p.slowness(a, by, usable)
	if worst <= 0 && slow <= 0 {
		return false
	}
	s := k.shortages.one()
	s.Account, s.by = a, o
	s.short, s.day, s.asked, s.usable, s.reachedOn = worst, worstDay, asked, asked-worst, reached
	s.slow, s.notice, s.slowDay = slow, notice, slowDay
	f.Subject, f.Capability = k.subjects.of(string(a.Nation), string(a.Capability), demander(o)), a.Capability
	f.Nations, f.wording = k.nations.of(a.Nation), s
	if o != OwnPlan {
		f.Organisations = k.organisations.of(o)
	}
	measures := k.measures.open(5)
	if s.short > 0 {
		f.Period = gap.Period
		f.Verdict, f.Status = "partly met", "open-ended"
		if s.usable <= 0 {
			f.Verdict = "unmet"
		}
		if f.Until != 0 {
			f.Status = "closes"
		}
		measures = append(measures, Measure{"gap", s.short, unit}, Measure{"target", s.asked, unit}, Measure{"usable", s.usable, unit})
		f.Score = k.score(s.short, s.asked, data.One, f.From)
		f.weight = s.short
		if s.reachedOn != 0 {
			if s.askedFrom = askedSince(by, f.From); s.askedFrom != 0 {
				s.late = int(s.reachedOn - s.askedFrom)
			}
		}
		if s.late > 0 {
			measures = append(measures, Measure{"lateness", data.Count(s.late), "day"})
		}
	} else {
		f.Verdict, f.Status = slower, "readiness only"
		f.From = s.slowDay
		f.Score = k.score(s.slow, by.steps.At(s.slowDay), data.One, s.slowDay)
	}
	if s.slow > 0 {
		measures = append(measures, Measure{"readiness", s.slow, unit})
	}
	f.Measures = k.measures.close(measures)
	return true
}

func (s *shortage) words(p *Pass, f *Finding) (w Words) {
	row := p.Dataset.Capability(s.Capability)
	name := p.Dataset.NationName(s.Nation)
	whose := s.by.InWords() + "'s target"
	if s.by == OwnPlan {
		whose = "its own plan"
	}
	if s.short > 0 {
		_, pledged := s.Offered(s.by)
		how := "U = A"
		switch {
		case pledged && s.HeldKnown:
			how = "U = min(P, A)"
		case pledged:
			how = "U = P, no holdings known,"
		}
		during := "from " + f.From.String() + " on"
		if f.Until != 0 {
			during = f.Period.String()
		}
		w.Summary = fmt.Sprintf("%s is %s short of %s for %s, %s.", name, data.Units(s.short, row.Unit), whose, row.Name, during)
		w.Explanation = fmt.Sprintf("On %s: T = %s, %s = %s; %s − %s = %s.", s.day, s.asked, how, s.usable, s.asked, s.usable, data.Units(s.short, row.Unit))
		if s.late > 0 {
			w.Explanation += fmt.Sprintf(" Asked for from %s and reached on %s: %d days late.", s.askedFrom, s.reachedOn, s.late)
		}
	} else {
		w.Summary = fmt.Sprintf("%s has what %s asks of %s, but %s slower than asked.", name, whose, row.Name, isOrAre(s.slow, row.Unit))
	}
	if s.slow > 0 {
		w.Explanation += fmt.Sprintf(" Readiness, on %s: %s usable, but not within the %s that the target asks for.", s.slowDay, isOrAre(s.slow, row.Unit), data.Units(s.notice, "day"))
	}
	w.Caveats = p.silences(s.Account, s.by)
	return w
}

func (*shortage) beside(to []Evidence) []Evidence { return to }

func (s *shortage) evidence(_ *Pass, out []Evidence) []Evidence {
	return s.heldEvidence(s.pledgeEvidence(s.targetEvidence(out, s.by), s.by))
}

// slowness is how much of the usable supply is slower than asked, at its worst, with the notice and the first day of that.
func (p *Pass) slowness(a *Account, by *byOrganisation, usable Steps) (slow, notice data.Amount, day data.Date) {
	slowest := a.slowest(by.organisation)
	if slowest == 0 { // as where nothing is said of it
		return 0, 0, 0
	}
	var tried []data.Amount
	for _, t := range by.targets {
		r := t.Readiness
		if !r.Known() || r.Amount() >= slowest || slices.Contains(tried, r.Amount()) {
			continue // what is usable is ready by then
		}
		tried = append(tried, r.Amount())
		for _, t := range by.targets {
			if t.Readiness.Known() && t.Readiness.Amount() <= r.Amount() {
				p.desk.add(t.Period, t.Quantity.Amount())
			}
		}
		asked := p.desk.sum()
		missing := Combine(func(v []data.Amount) data.Amount { return min(v[0], v[1]) - min(v[0], v[2]) }, asked, usable, a.usableWithin(by.organisation, r.Amount()))
		if m, d := missing.Peak(); m > slow || m == slow && slow > 0 && r.Amount() < notice {
			slow, notice, day = m, r.Amount(), d
		}
	}
	return slow, notice, day
}

// askedSince is the start of the targets that are active when the gap opens: the first, where several are; none where it is open.
func askedSince(by *byOrganisation, opens data.Date) (from data.Date) {
	for _, t := range by.targets {
		if t.Period.Contains(opens) && t.Period.From != 0 && (from == 0 || t.Period.From < from) {
			from = t.Period.From
		}
	}
	return from
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
