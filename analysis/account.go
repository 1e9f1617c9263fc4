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
	total   Steps            // Σₒ T(n,c,o,t), without the nation's own plan
	asked   Steps            // the higher of that and the own plan

	peakTotal, peakAsked data.Amount // of the two

	pair demandPair // the first two of the organisations that ask

	// Held is A(n,c,t). It is known where a holding with a number is: on days outside that holding's period it is then 0.
	Held      Steps
	HeldKnown bool
	Unit      string // of the capability
	balance   balance
	balanced  bool // whether the balance is known
	silent    bool // whether a record of the link is in no sum
	window    Window
	number    int // of the nation in the vocabulary; negative if that does not have it
	marking   *onCapability
	reported  *data.Target // that reports the largest number held, where that counts
}

// demandPair is what two organisations ask of a nation and what that holds, on each day on which any of the three changes.
type demandPair struct {
	one, two *byOrganisation
	days     []onDay
}

// Marking is the marking of what is stated about the account's capability.
func (a *Account) Marking() data.Marking { return a.marking.banner }

// EachHeld calls f with each of the records that Held rests on, and their table.
func (a *Account) EachHeld(f func(table string, r *data.Record)) {
	if a.reported != nil {
		f("targets", &a.reported.Record)
		return
	}
	for _, h := range a.Holdings {
		if h.Counts() {
			f("holdings", &h.Record)
		}
	}
}

// EachSilent calls f with each record of the nation and the capability that is in no sum, and its table.
func (a *Account) EachSilent(f func(table string, r *data.Record)) {
	if !a.silent {
		return
	}
	for _, t := range a.Targets {
		if !t.Counts() {
			f("targets", &t.Record)
		}
	}
	for _, p := range a.Pledges {
		if !p.Counts() {
			f("pledges", &p.Record)
		}
	}
	for _, h := range a.Holdings {
		if !h.Counts() {
			f("holdings", &h.Record)
		}
	}
}

// byOrganisation is what one organisation asks for or is offered.
type byOrganisation struct {
	organisation data.Organisation
	steps        Steps
	peak         data.Amount    // of a demand
	targets      []*data.Target // that steps are the sum of, of a demand
	usable       Steps          // of an offer, where what is held is known: the smaller of the two
}

// OwnPlan is the place of a nation's own plan among the organisations of an account.
const OwnPlan data.Organisation = ""

// account makes the account of a link.
func (d *desk) account(l *graph.Link) *Account {
	a := d.accounts.one()
	a.Link, a.window = l, d.Window
	for _, h := range l.Holdings {
		if h.Counts() {
			a.HeldKnown = true
			d.add(h.Period, h.Quantity.Amount())
		} else {
			a.silent = true
		}
	}
	a.Held = d.sum()
	largest := d.demands(a)
	if !a.HeldKnown && largest != nil {
		a.reported, a.HeldKnown, a.Held = largest, true, d.room.of(Step{d.AsOf, largest.Held.Amount()})
	}
	var own, first *byOrganisation
	for i := range a.demand {
		x := &a.demand[i]
		switch {
		case x.organisation == OwnPlan:
			own = x
		case a.total == nil:
			a.total, a.peakTotal, first = x.steps, x.peak, x
		case a.pair.one == nil:
			a.pair = demandPair{first, x, d.daysOfThree(a.total, x.steps, a.Held)}
			total := Steps(d.room.open(len(a.pair.days)))
			for _, on := range a.pair.days {
				total = total.then(on.day, on.x+on.y)
			}
			a.total = d.room.close(total)
			a.peakTotal, _ = a.total.Peak()
		default:
			a.total = d.both(plus, a.total, x.steps)
			a.peakTotal, _ = a.total.Peak()
		}
	}
	if a.asked, a.peakAsked = a.total, a.peakTotal; own != nil {
		a.asked, a.peakAsked = d.both(larger, a.total, own.steps), max(a.peakTotal, own.peak)
	}
	if len(l.Pledges) > 0 {
		d.offers(a)
	}
	d.weigh(a)
	return a
}

// demands sums what is asked of a nation, by the names of the organisations that ask, and finds the target that reports the largest number
// as held. It looks at each target once, as there may be millions, and puts it to those of its organisation without a branch: who asks next
// cannot be foreseen.
//
//go:noinline because account, into which the profile would have it put, has more to keep than a core has room for
func (d *desk) demands(a *Account) (largest *data.Target) {
	const out = 0 // of any sum; the others are one more than the numbers of those who ask
	whose, known := d.whose[:0], -1
	for known != len(d.asking) { // when somebody is met for the first time others may have got new numbers
		whose, known, largest = whose[:0], len(d.asking), nil
		for _, t := range a.Targets {
			by := out
			if t.Comparable {
				if t.Held.Known() && (largest == nil || t.Held.Amount() > largest.Held.Amount()) {
					largest = t
				}
				if t.Quantity.Known() {
					by = 1 + d.numberOf(t.Process)
				}
			}
			whose = append(whose, by)
		}
	}
	next := append(d.next[:0], make([]int, known+1)...) // where the next of each goes
	for _, by := range whose {
		next[by]++
	}
	a.silent = a.silent || next[out] > 0
	from := 0
	for by, n := range next {
		next[by], from = from, from+n
	}
	targets := d.targets.open(len(whose))[:len(whose)]
	for i, by := range whose {
		targets[next[by]] = a.Targets[i]
		next[by]++
	}
	d.targets.close(targets)
	many := d.byWhom.open(known)
	for i, o := range d.asking {
		if from, to := next[i], next[i+1]; from < to {
			some := targets[from:to:to]
			for _, t := range some {
				d.add(t.Period, t.Quantity.Amount())
			}
			steps := d.sum()
			many = append(many, byOrganisation{})
			by := &many[len(many)-1]
			by.organisation, by.targets, by.steps, by.peak = o, some, steps, d.peak
		}
	}
	a.demand, d.whose, d.next = d.byWhom.close(many), whose, next
	return largest
}

// largestHeld is the target that reports the largest number as held, which counts where no holding does: all such numbers speak of the
// same single set.
func largestHeld(l *graph.Link) (largest *data.Target) {
	for _, t := range l.Targets {
		if t.Held.Known() && (largest == nil || t.Held.Amount() > largest.Held.Amount()) && t.Comparable {
			largest = t
		}
	}
	return largest
}

// offers sums what a nation offers, by the names of the organisations.
func (d *desk) offers(a *Account) {
	many := d.byWhom.open(min(len(a.Pledges), 8))
	for _, p := range a.Pledges {
		a.silent = a.silent || !p.Counts()
		if p.Counts() && !slices.ContainsFunc(many, func(b byOrganisation) bool { return b.organisation == p.Organisation }) {
			many = append(many, byOrganisation{organisation: p.Organisation})
		}
	}
	a.offered = d.byWhom.close(many)
	slices.SortFunc(a.offered, func(a, b byOrganisation) int { return cmp.Compare(a.organisation, b.organisation) })
	for i := range a.offered {
		of := &a.offered[i]
		for _, p := range a.Pledges {
			if p.Counts() && p.Organisation == of.organisation {
				d.add(p.Period, p.Quantity.Amount())
			}
		}
		if of.steps = d.sum(); a.HeldKnown {
			of.usable = d.both(smaller, of.steps, a.Held)
		}
	}
}

// Demand is T(n,c,o,t): what o asks of the nation; nothing where it asks for no comparable number. OwnPlan gives the nation's own.
func (a *Account) Demand(o data.Organisation) Steps { return find(a.demand, o) }

// asks is what o asks of the nation, and the most of it on a day.
func (a *Account) asks(o data.Organisation) (Steps, data.Amount) {
	for i := range a.demand {
		if d := &a.demand[i]; data.Same(d.organisation, o) {
			return d.steps, d.peak
		}
	}
	return nil, 0
}

// PeakDemand is the most that o asks of the nation on a day; known is false where it asks for no comparable number.
func (a *Account) PeakDemand(o data.Organisation) (most data.Amount, known bool) {
	for i := range a.demand {
		if d := &a.demand[i]; data.Same(d.organisation, o) {
			return d.peak, true
		}
	}
	return 0, false
}

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
func (a *Account) TotalDemand() Steps { return a.total }

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
	for i := range a.offered {
		p := &a.offered[i]
		switch {
		case p.organisation != o:
		case a.HeldKnown:
			return p.usable, true
		default:
			return p.steps, true
		}
	}
	return a.Held, a.HeldKnown
}

// slowest is the longest notice, in days, that a record of the usable supply is known to need; 0 where none is.
func (a *Account) slowest(o data.Organisation) (most data.Amount) {
	for _, p := range a.Pledges {
		if p.Organisation == o && p.Counts() {
			most = max(most, p.Readiness.Amount())
		}
	}
	if a.reported == nil { // a target that reports what is held does not say how fast that is
		for _, h := range a.Holdings {
			if h.Counts() {
				most = max(most, h.Readiness.Amount())
			}
		}
	}
	return most
}

// usableWithin is U(n,c,o,t) of those records alone that are not known to be slower than a notice of so many days.
func (a *Account) usableWithin(o data.Organisation, notice data.Amount) Steps {
	fast := func(r data.Notice) bool { return !r.Known() || r.Amount() <= notice }
	_, pledged := a.Offered(o)
	offered := a.window.sum(func(add func(data.Period, data.Amount)) {
		for _, p := range a.PledgesTo(o) {
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

// TargetsOf are the nation's targets of one organisation, or its own plan, that count.
func (a *Account) TargetsOf(o data.Organisation) []*data.Target {
	for i := range a.demand {
		if a.demand[i].organisation == o {
			return a.demand[i].targets
		}
	}
	return nil
}

// PledgesTo are the nation's pledges to one organisation that count.
func (a *Account) PledgesTo(o data.Organisation) []*data.Pledge {
	var out []*data.Pledge
	for _, p := range a.Pledges {
		if p.Counts() && p.Organisation == o {
			out = append(out, p)
		}
	}
	return out
}
