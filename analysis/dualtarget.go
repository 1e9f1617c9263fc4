package analysis

import (
	"cmp"
	"fmt"
	"math"
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
	Measures: []Column{{Name: "overlap"}, {Name: "peak target of "}, {Name: "shortfall to the larger"}, {Name: "conflict"}, {Name: "held"}},
	Clause:   dualTargetClause,
	Each:     dualTargets,
}

func dualTargetClause(fs []*Finding) []string {
	if len(fs) == 0 {
		return nil
	}
	s := fmt.Sprintf("two organisations ask one nation for the same in %s", counted(len(fs), "case"))
	if n := count(fs, "short", "") + count(fs, "single-set", ""); n > 0 {
		s += fmt.Sprintf(", %d of them beyond what it holds", n)
	}
	return []string{s}
}

func dualTargets(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	for _, a := range p.Accounts(c.Capability) {
		if !p.Wanted(a.Nation) {
			continue
		}
		for i := range a.demand {
			for k := range a.demand[i+1:] {
				one, two := &a.demand[i], &a.demand[i+1+k]
				if one.organisation == OwnPlan {
					continue
				}
				out = append(out, Finding{})
				if !p.dualTarget(&out[len(out)-1], a, one, two, c.Unit) {
					out = out[:len(out)-1]
				}
			}
		}
	}
	return out
}

// dualDemand is what two organisations ask of one nation at the same time.
type dualDemand struct {
	*Account
	o1, o2                 data.Organisation
	overlap, short         data.Amount // short of the larger of the two
	worst, shortDay, tight data.Date   // the days of the overlap, of short, and of what is beyond the holdings
	beyond                 data.Amount
}

// dualTarget makes a finding of what two organisations ask of a nation, or none.
func (p *Pass) dualTarget(f *Finding, a *Account, one, two *byOrganisation, unit string) bool {
	o1, o2, t1, t2, k := one.organisation, two.organisation, one.steps, two.steps, p.desk
	var both, span1, span2 spanning
	days := a.pair.days
	if one != a.pair.one || two != a.pair.two {
		days = k.daysOfThree(t1, t2, a.Held)
	}
	var overlap, held data.Amount
	beyond, short := data.Amount(math.MinInt64), data.Amount(math.MinInt64)
	var worst, tight, shortDay data.Date
	for i := range days { // without branches, as in spanning
		on := &days[i]
		at := min(on.x, on.y)
		both = both.and(on.day, at > 0)
		span1 = span1.and(on.day, on.x > 0)
		span2 = span2.and(on.day, on.y > 0)
		if at > overlap {
			overlap, worst = at, on.day
		}
		over := on.x + on.y - on.z
		if at <= 0 {
			over = math.MinInt64
		}
		if over > beyond {
			beyond, tight, held = over, on.day, on.z
		}
		over = max(on.x, on.y) - on.z
		if at <= 0 {
			over = math.MinInt64
		}
		if over > short {
			short, shortDay = over, on.day
		}
	}
	if overlap <= 0 {
		return false
	}
	d, names := k.dualDemands.one(), k.ofBoth(o1, o2)
	d.Account, d.o1, d.o2 = a, o1, o2
	d.overlap, d.worst = overlap, worst
	d.beyond, d.tight = beyond, tight
	d.short, d.shortDay = short, shortDay
	asked := beyond + held
	f.Subject, f.Capability = k.subjects.of(string(a.Nation), string(a.Capability), names.subject), a.Capability
	f.Nations, f.Organisations, f.Period = k.nations.of(a.Nation), k.organisations.of(o1, o2), both.Period
	f.Status = names.coherence(one.peak, two.peak, span1.Period != span2.Period, strictest(one.targets) != strictest(two.targets))
	f.wording = d
	measures := append(k.measures.open(6), Measure{"overlap", d.overlap, unit}, Measure{names.peaks[0], one.peak, unit}, Measure{names.peaks[1], two.peak, unit})
	switch {
	case !a.HeldKnown:
		f.Verdict, f.Severity = "unknown", Low
		p.NotAssessedOf(a.Nation, "dual-target", "no holdings are known: whether they answer both cannot be said", subject(a.Nation, a.Capability))
	case d.short > 0:
		f.Verdict = "short"
		measures = append(measures, Measure{"shortfall to the larger", d.short, unit})
	case d.beyond > 0:
		f.Verdict = "single-set"
	default:
		f.Verdict, f.Severity = "covered", Info
	}
	if f.Severity == "" {
		measures = append(measures, Measure{"conflict", d.beyond, unit}, Measure{"held", held, unit})
		f.Score = k.score(d.beyond, asked, data.One, d.tight)
		f.weight = d.beyond
	}
	f.Measures = k.measures.close(measures)
	return true
}

func (d *dualDemand) words(p *Pass, f *Finding) (w Words) {
	row := p.Dataset.Capability(d.Capability)
	name, u := p.Dataset.NationName(d.Nation), func(v data.Amount) string { return data.Units(v, row.Unit) }
	t1, t2 := d.Demand(d.o1), d.Demand(d.o2)
	one, two := d.o1.InWords(), d.o2.InWords()
	w.Explanation = fmt.Sprintf("On %s: min(T(%s) = %s, T(%s) = %s) = %s.", d.worst, d.o1, t1.At(d.worst), d.o2, t2.At(d.worst), u(d.overlap))
	switch f.Verdict {
	case "unknown":
		w.Explanation += " No holdings are known, so nothing can be said about what answers them."
		w.Summary = fmt.Sprintf("%s: %s and %s both ask for %s (%s at once); what it holds is not known.", name, one, two, row.Name, u(d.overlap))
		return w
	case "short":
		w.Explanation += fmt.Sprintf(" On %s: max(%s, %s) − A = %s is %s short of even the larger demand.", d.shortDay, t1.At(d.shortDay), t2.At(d.shortDay), d.Held.At(d.shortDay), u(d.short))
		w.Summary = fmt.Sprintf("%s: %s and %s both ask for %s, and it is %s short of even the larger demand.", name, one, two, row.Name, u(d.short))
	case "single-set":
		w.Summary = fmt.Sprintf("%s: the same %s answers %s and %s; if both call at once, %s missing.", name, row.Name, one, two, isOrAre(d.beyond, row.Unit))
	default:
		w.Summary = fmt.Sprintf("%s: %s and %s both ask for %s, and it holds enough for both.", name, one, two, row.Name)
		w.Explanation += fmt.Sprintf(" A reaches the sum on every day of the overlap; on the tightest, %s, A = %s and T(%s) + T(%s) = %s.",
			d.tight, d.Held.At(d.tight), d.o1, d.o2, t1.At(d.tight)+t2.At(d.tight))
		return w
	}
	w.Explanation += fmt.Sprintf(" If both call at once, on %s: T(%s) + T(%s) − A = %s + %s − %s = %s.",
		d.tight, d.o1, d.o2, t1.At(d.tight), t2.At(d.tight), d.Held.At(d.tight), u(d.beyond))
	return w
}

func (*dualDemand) beside(to []Evidence) []Evidence { return to }

func (d *dualDemand) evidence(_ *Pass, out []Evidence) []Evidence {
	return d.heldEvidence(d.targetEvidence(d.targetEvidence(out, d.o1), d.o2))
}

// bothAsk is what findings on two organisations call things: few pairs of them make many findings.
type bothAsk struct {
	o1, o2     data.Organisation
	subject    string
	peaks      [2]string         // what the measures of the two peaks are called
	coherences [3 * 2 * 2]string // that were asked for
}

// ofBoth is what things are called of two organisations.
func (d *desk) ofBoth(o1, o2 data.Organisation) *bothAsk {
	for i := range d.askers {
		if b := &d.askers[i]; b.o1 == o1 && b.o2 == o2 {
			return b
		}
	}
	const peak = "peak target of "
	d.askers = append(d.askers, bothAsk{o1: o1, o2: o2, subject: string(o1 + "+" + o2), peaks: [2]string{peak + string(o1), peak + string(o2)}})
	return &d.askers[len(d.askers)-1]
}

// coherence says how two demands differ: in amount, in dates, in readiness, or not.
func (b *bothAsk) coherence(peak1, peak2 data.Amount, dates, readiness bool) string {
	more := cmp.Compare(peak1, peak2)
	of := 4 * (1 + more)
	if dates {
		of += 2
	}
	if readiness {
		of++
	}
	said := &b.coherences[of]
	if *said == "" {
		var how []string
		switch {
		case more > 0:
			how = append(how, string(b.o1)+" asks more")
		case more < 0:
			how = append(how, string(b.o2)+" asks more")
		}
		if dates {
			how = append(how, "dates differ")
		}
		if readiness {
			how = append(how, "readiness differs")
		}
		*said = cmp.Or(strings.Join(how, ", "), "aligned")
	}
	return *said
}

// strictest is the shortest notice that targets ask for; unknown where none states one.
func strictest(targets []*data.Target) (q data.Notice) {
	for _, t := range targets {
		if t.Readiness.Known() && (!q.Known() || t.Readiness.Amount() < q.Amount()) {
			q = t.Readiness
		}
	}
	return q
}
