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
	window    Window
	reported  *data.Target // that reports the largest number held, where that counts
}

// HeldBy are the records that Held rests on: holdings, or the one target that reports the largest number held.
func (a *Account) HeldBy() []*data.Record {
	if a.reported != nil {
		return []*data.Record{&a.reported.Record}
	}
	var out []*data.Record
	for _, h := range a.Holdings {
		if h.Counts() {
			out = append(out, &h.Record)
		}
	}
	return out
}

type byOrganisation struct {
	organisation data.Organisation
	steps        Steps
}

// OwnPlan is the place of a nation's own plan among the organisations of an account.
const OwnPlan data.Organisation = ""

// accountant makes the accounts of one capability after the other.
type accountant struct {
	ledger
	dataset *data.Dataset
	of      []data.Organisation // of the records that are being summed,
	many    []byOrganisation    // and the sums of each
	organisation
}

// organisation is whose the last request was: many targets in a row share one.
type organisation struct {
	request *data.Request
	runs    data.Organisation
}

func (k *accountant) organisationOf(t *data.Target) data.Organisation {
	if t.Request != k.request {
		k.organisation = organisation{t.Request, k.dataset.OrganisationOf(t.Process)}
	}
	return k.runs
}

func (k *accountant) account(l *graph.Link) *Account {
	a := &Account{Link: l, window: k.Window}
	a.demand = split(k, l.Targets, func(t *data.Target) (data.Organisation, *data.Record) { return k.organisationOf(t), &t.Record })
	a.offered = split(k, l.Pledges, func(p *data.Pledge) (data.Organisation, *data.Record) { return p.Organisation, &p.Record })
	for _, h := range l.Holdings {
		if h.Counts() {
			a.HeldKnown = true
			k.add(h.Period, h.Quantity.Amount())
		}
	}
	a.Held = k.sum()
	if !a.HeldKnown {
		k.heldByTargets(a)
	}
	return a
}

// heldByTargets takes the largest number that a target reports as held: all such numbers speak of the same single set.
func (k *accountant) heldByTargets(a *Account) {
	var largest *data.Target
	for _, t := range a.Targets {
		if t.Held.Known() && (largest == nil || t.Held.Amount() > largest.Held.Amount()) && t.Comparable {
			largest = t
		}
	}
	if largest != nil {
		a.HeldKnown, a.reported = true, largest
		a.Held = k.keep([]Step{{k.AsOf, largest.Held.Amount()}})
	}
}

// split sums records by the organisation that each belongs to, in the order of their names.
func split[R any](k *accountant, records []R, of func(R) (data.Organisation, *data.Record)) []byOrganisation {
	k.of = k.of[:0]
	many := k.many[:0]
	for _, r := range records {
		o, rec := of(r)
		k.of = append(k.of, o)
		if rec.Counts() && !slices.ContainsFunc(many, func(b byOrganisation) bool { return b.organisation == o }) {
			many = append(many, byOrganisation{organisation: o})
		}
	}
	slices.SortFunc(many, func(a, b byOrganisation) int { return cmp.Compare(a.organisation, b.organisation) })
	for i := range many {
		for j, r := range records {
			if k.of[j] != many[i].organisation {
				continue
			}
			if _, rec := of(r); rec.Counts() {
				k.add(rec.Period, rec.Quantity.Amount())
			}
		}
		many[i].steps = k.sum()
	}
	k.many = many
	return slices.Clone(many)
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
	if a.reported == nil {
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
