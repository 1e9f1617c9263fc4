package analysis

import (
	"cmp"
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// Account is what one nation is asked for, offers and has of one capability, as quantities over time. Only comparable records
// with a known quantity are in it; the link behind it has them all.
type Account struct {
	*graph.Link
	demand  []byOrganisation // T(n,c,o,t) by organisation; the nation's own plan stands under ""
	offered []byOrganisation // P(n,c,o,t); an organisation to which nothing comparable was pledged is not there

	// Held is A(n,c,t). It is known where a holding with a number is: on days outside that holding's period it is then 0.
	Held      Steps
	HeldKnown bool
	// HeldBy are the records that Held rests on: holdings, or the one target that reports the largest number held.
	HeldBy []*data.Record
	// reported says that HeldBy is a target.
	reported bool

	window Window
}

type byOrganisation struct {
	organisation data.Organisation
	steps        Steps
}

// OwnPlan is the place of a nation's own plan among the organisations of an account.
const OwnPlan data.Organisation = ""

func newAccount(w Window, ds *data.Dataset, l *graph.Link) *Account {
	a := &Account{Link: l, window: w}
	a.demand = split(w, l.Targets, func(t *data.Target) (data.Organisation, *data.Record) {
		return ds.OrganisationOf(t.Process), &t.Record
	})
	a.offered = split(w, l.Pledges, func(p *data.Pledge) (data.Organisation, *data.Record) { return p.Organisation, &p.Record })
	a.Held = w.sum(func(add func(data.Period, data.Amount)) {
		for _, h := range l.Holdings {
			if h.Counts() {
				a.HeldBy = append(a.HeldBy, &h.Record)
				add(h.Period, h.Quantity.Amount())
			}
		}
	})
	if len(a.HeldBy) == 0 {
		a.heldByTargets()
	}
	a.HeldKnown = len(a.HeldBy) > 0
	return a
}

// heldByTargets takes the largest number that a target reports as held: all such numbers speak of the same single set.
func (a *Account) heldByTargets() {
	var largest *data.Target
	for _, t := range a.Targets {
		if t.Comparable && t.Held.Known() && (largest == nil || t.Held.Amount() > largest.Held.Amount()) {
			largest = t
		}
	}
	if largest != nil {
		a.HeldBy, a.reported = []*data.Record{&largest.Record}, true
		a.Held = Steps{{a.window.AsOf, largest.Held.Amount()}}
	}
}

// split sums records by the organisation that each belongs to, in the order of their names.
func split[R any](w Window, records []R, of func(R) (data.Organisation, *data.Record)) []byOrganisation {
	var out []byOrganisation
	for _, r := range records {
		if o, rec := of(r); rec.Counts() && !slices.ContainsFunc(out, func(b byOrganisation) bool { return b.organisation == o }) {
			out = append(out, byOrganisation{organisation: o})
		}
	}
	slices.SortFunc(out, func(a, b byOrganisation) int { return cmp.Compare(a.organisation, b.organisation) })
	for i := range out {
		out[i].steps = w.sum(func(add func(data.Period, data.Amount)) {
			for _, r := range records {
				if o, rec := of(r); rec.Counts() && o == out[i].organisation {
					add(rec.Period, rec.Quantity.Amount())
				}
			}
		})
	}
	return out
}

// Demand is T(n,c,o,t): what o asks of the nation; nothing where it asks for no comparable number. OwnPlan gives the nation's own.
func (a *Account) Demand(o data.Organisation) Steps { return find(a.demand, o) }

// Demanders are the organisations that ask the nation for a comparable number, by name.
func (a *Account) Demanders() []data.Organisation {
	var out []data.Organisation
	for _, d := range a.demand {
		if d.organisation != OwnPlan {
			out = append(out, d.organisation)
		}
	}
	return out
}

// Offered is P(n,c,o,t): what the nation pledges to o. known is false where nothing comparable was pledged to it.
func (a *Account) Offered(o data.Organisation) (s Steps, known bool) {
	return find(a.offered, o), slices.ContainsFunc(a.offered, func(b byOrganisation) bool { return b.organisation == o })
}

func find(in []byOrganisation, o data.Organisation) Steps {
	for _, b := range in {
		if b.organisation == o {
			return b.steps
		}
	}
	return nil
}

// TotalDemand is Σₒ T(n,c,o,t), without the nation's own plan.
func (a *Account) TotalDemand() Steps {
	var all []Steps
	for _, d := range a.demand {
		if d.organisation != OwnPlan {
			all = append(all, d.steps)
		}
	}
	return Combine(sumOf, all...)
}

// TotalOffered is Σₒ P(n,c,o,t).
func (a *Account) TotalOffered() Steps {
	var all []Steps
	for _, d := range a.offered {
		all = append(all, d.steps)
	}
	return Combine(sumOf, all...)
}

// Usable is U(n,c,o,t) = min(P, A): P alone where no holding is known, A alone where nothing was pledged to o or against the
// nation's own plan. known is false where neither is known: silence is not zero.
func (a *Account) Usable(o data.Organisation) (s Steps, known bool) {
	p, pledged := a.Offered(o)
	switch {
	case pledged && a.HeldKnown:
		return Combine(lowest, p, a.Held), true
	case pledged:
		return p, true
	}
	return a.Held, a.HeldKnown
}

// usableWithin is U(n,c,o,t) of those records alone that are not known to be slower than a notice of so many days.
func (a *Account) usableWithin(o data.Organisation, notice data.Amount) Steps {
	fast := func(r data.Quantity) bool { return !r.Known() || r.Amount() <= notice }
	_, pledged := a.Offered(o)
	offered := a.window.sum(func(add func(data.Period, data.Amount)) {
		for _, p := range a.pledgesTo(o) {
			if fast(p.Readiness) {
				add(p.Period, p.Quantity.Amount())
			}
		}
	})
	held := a.Held // a target that reports what is held does not say how fast that is
	if !a.reported {
		held = a.window.sum(func(add func(data.Period, data.Amount)) {
			for _, h := range a.Holdings {
				if h.Counts() && fast(h.Readiness) {
					add(h.Period, h.Quantity.Amount())
				}
			}
		})
	}
	switch {
	case pledged && a.HeldKnown:
		return Combine(lowest, offered, held)
	case pledged:
		return offered
	}
	return held
}

// targetsOf are the nation's targets of one organisation, or its own plan, that count.
func (a *Account) targetsOf(ds *data.Dataset, o data.Organisation) []*data.Target {
	var out []*data.Target
	for _, t := range a.Targets {
		if t.Counts() && ds.OrganisationOf(t.Process) == o {
			out = append(out, t)
		}
	}
	return out
}

// pledgesTo are the nation's pledges to one organisation that count.
func (a *Account) pledgesTo(o data.Organisation) []*data.Pledge {
	var out []*data.Pledge
	for _, p := range a.Pledges {
		if p.Counts() && p.Organisation == o {
			out = append(out, p)
		}
	}
	return out
}
