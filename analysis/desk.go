package analysis

import (
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// desk is where accounts are made and findings are put together, one after the other: what many of them have is kept together.
type desk struct {
	ledger
	dataset *data.Dataset
	on      data.Capability // that it is at, with its sums and accounts
	area    data.Area       // of that
	sums    *sums
	theirs  []*Account
	asking  []data.Organisation // those met so far, by name
	runs    [16]runBy           // the processes met last, by what tells most of them apart

	fetched  int64          // means nothing: what is looked at must be used
	origins  []*data.Origin // of the records that were fetched
	accounts slab[Account]
	byWhom   slab[byOrganisation]
	targets  slab[*data.Target]
	whose    []int // by whom each target of an account is, and
	next     []int // where among them their next one goes
	holders  slab[*Account]
	supplies slab[Supply]
	markings slab[data.Marking]
	balances slab[balance]

	subjects      slab[string]
	nations       slab[data.Nation]
	unknown       slab[data.Nation]
	organisations slab[data.Organisation]
	measures      slab[Measure]
	scores        slab[Score]
	parts         slab[SeverityParts]
	dualDemands   slab[dualDemand]
	shortages     slab[shortage]
	exchanges     slab[exchange]
	plans         slab[Move]
	askers        []bothAsk

	alike likeness // of the accounts made here

	givers, receivers []side // of the capability
	moves             slab[move]
}

// runBy is whose process it is, by the number of an organisation among those that ask; none yet if that is 0, and else one less.
type runBy struct {
	process data.Process
	number  int
}

func newDesk(ds *data.Dataset, w Window) *desk {
	return &desk{ledger: ledger{Window: w}, dataset: ds}
}

// clear makes room for other accounts and findings. Those that were made before must not be used any more.
func (d *desk) clear() {
	d.room.reset()
	d.met.reset()
	d.accounts.reset()
	d.byWhom.reset()
	d.targets.reset()
	d.holders.reset()
	d.supplies.reset()
	d.markings.reset()
	d.balances.reset()
	d.moves.reset()
	d.subjects.reset()
	d.nations.reset()
	d.unknown.reset()
	d.organisations.reset()
	d.measures.reset()
	d.scores.reset()
	d.parts.reset()
	d.dualDemands.reset()
	d.shortages.reset()
	d.exchanges.reset()
	d.plans.reset()
}

// score makes a score where it stays, part by part, as other things of many parts are made: to copy one that was made elsewhere, the core
// would have to wait until it has written the parts.
func (d *desk) score(short, demand, share data.Amount, from data.Date) *Score {
	s := d.scores.one()
	s.Short, s.Demand, s.Share, s.From = short, demand, share, from
	return s
}

func (d *desk) organisationOf(p data.Process) data.Organisation { return d.asking[d.numberOf(p)] }

// numberOf is the number, among those that ask, of the organisation that runs a process. To meet another changes the numbers.
func (d *desk) numberOf(p data.Process) int {
	at := 0
	if n := len(p); n > 0 {
		at = (5*n + 3*int(p[0]) + int(p[n-1])) % len(d.runs)
	}
	r := &d.runs[at]
	if r.number == 0 || !data.Same(r.process, p) {
		o := d.dataset.OrganisationOf(p)
		i, met := slices.BinarySearch(d.asking, o)
		if !met {
			d.asking, d.runs = slices.Insert(d.asking, i, o), [len(d.runs)]runBy{}
		}
		*r = runBy{p, i + 1}
	}
	return r.number - 1
}

// fetch looks at each record of a capability where its memory begins, and where it ends if it may be elsewhere for the caches: a target is as
// large as a line of theirs. They lie far apart, and to look at many in a row lets the core fetch several at a time, where an account would
// wait for one after the other. It notes where they come from.
func (d *desk) fetch(links []graph.Link) {
	d.origins = d.origins[:0]
	sum := int64(0)
	for i := range links {
		l := &links[i]
		for _, t := range l.Targets {
			sum += int64(t.Line)
			d.origins = append(d.origins, t.Origin)
		}
		for _, h := range l.Holdings {
			sum += int64(h.Line)
			d.origins = append(d.origins, h.Origin)
		}
		for _, p := range l.Pledges {
			sum += int64(p.Line) + int64(len(p.Nation))
			d.origins = append(d.origins, p.Origin)
		}
	}
	d.fetched += sum
}
