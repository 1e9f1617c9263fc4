package analysis

import (
	"iter"

	"deconflict/data"
	"deconflict/graph"
)

// desk is where accounts are made and findings are put together, one after the other: what many of them have is kept together.
type desk struct {
	ledger
	dataset *data.Dataset
	on      data.Capability // that it is at, and its sums
	sums    *sums
	runs    []runBy // the organisations of the processes met so far

	fetched  int64          // means nothing: what is looked at must be used
	origins  []*data.Origin // of the records that were fetched
	accounts slab[Account]
	byWhom   slab[byOrganisation]
	targets  slab[*data.Target]
	whose    []int // by which organisation each target of an account is
	holders  slab[*Account]
	supplies slab[Supply]
	markings slab[data.Marking]
	balances slab[balance]

	subjects      slab[string]
	nations       slab[data.Nation]
	organisations slab[data.Organisation]
	measures      slab[Measure]
	scores        slab[Score]
	parts         slab[SeverityParts]
	dualDemands   slab[dualDemand]
	shortages     slab[shortage]
	exchanges     slab[exchange]
	told          slab[Move]
	askers        []bothAsk

	givers, receivers []side // of the capability
	moves             slab[move]
}

// runBy is whose process it is.
type runBy struct {
	process      data.Process
	organisation data.Organisation
}

func newDesk(ds *data.Dataset, w Window) *desk {
	return &desk{ledger: ledger{Window: w}, dataset: ds}
}

// clear makes room for other accounts and findings. Those that were made before must not be used any more.
func (d *desk) clear() {
	d.room.reset()
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
	d.organisations.reset()
	d.measures.reset()
	d.scores.reset()
	d.parts.reset()
	d.dualDemands.reset()
	d.shortages.reset()
	d.exchanges.reset()
	d.told.reset()
}

func (d *desk) score(s Score) *Score {
	p := d.scores.one()
	*p = s
	return p
}

func (d *desk) organisationOf(p data.Process) data.Organisation {
	for i := range d.runs {
		if d.runs[i].process == p {
			return d.runs[i].organisation
		}
	}
	o := d.dataset.OrganisationOf(p)
	d.runs = append(d.runs, runBy{p, o})
	return o
}

// fetch looks at each record of a capability where its memory begins, and where it ends if it may be elsewhere for the caches: a target is as
// large as a line of theirs. They lie far apart, and to look at many in a row lets the core fetch several at a time, where an account would
// wait for one after the other. It notes where they come from.
func (d *desk) fetch(links iter.Seq[*graph.Link]) {
	d.origins = d.origins[:0]
	sum := int64(0)
	for l := range links {
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
