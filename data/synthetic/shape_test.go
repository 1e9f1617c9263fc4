package synthetic

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"deconflict/data"
)

// Every kind of finding, with each of its verdicts, has a place in a cycle of the default size, whatever the seed. What a kind is
// is written out here in the slowest and plainest way, month by month: all dates of a cycle are months.
func TestEveryKindOccurs(t *testing.T) {
	for seed := range uint64(3) {
		ds := loaded(t, Size{Seed: seed})
		seen := map[string]int{}
		w := walk{ds, seen}
		for _, c := range ds.Capabilities {
			w.capability(c.Capability)
		}
		w.initiatives()
		w.records()
		for _, want := range []string{
			"dual-target covered", "dual-target single-set", "dual-target short", "dual-target unknown",
			"dual-target aligned", "dual-target NATO asks more", "dual-target EU asks more", "dual-target dates differ", "dual-target readiness differs",
			"double-pledge", "over-supply",
			"nation-gap NATO closes", "nation-gap NATO stays open", "nation-gap EU closes", "nation-gap EU stays open",
			"nation-gap own plan closes", "nation-gap own plan stays open", "nation-gap late", "nation-gap slow",
			"collective-gap NATO exact", "collective-gap EU exact", "collective-gap NATO upper bound", "collective-gap EU upper bound",
			"collective-gap with a remainder", "coverage-gap of NATO", "coverage-gap of EU",
			"concentration one gives most", "concentration only giver", "concentration not assessed", "transfer",
			"state met", "state partly met", "state unmet", "state held without target", "state targeted, holdings unknown", "state no data", "state not eligible",
			"fragmentation live", "overlap live", "overlap managed", "overlap resolved", "duplication live", "duplication managed", "duplication resolved",
			"absent-nation", "not comparable", "no quantity", "holds 0", "held on a target",
		} {
			if seen[want] == 0 {
				t.Errorf("seed %d: nothing is %q", seed, want)
			}
		}
		if seed == 0 {
			for _, kind := range slices.Sorted(maps.Keys(seen)) {
				t.Logf("%5d %s", seen[kind], kind)
			}
		}
	}
}

// walk goes over a dataset month by month and counts what it sees.
type walk struct {
	*data.Dataset
	seen map[string]int
}

// days are the as-of day and the first days of the 45 years of months after it.
func (w walk) days() []data.Date {
	days := []data.Date{w.AsOf}
	for m := range 45 * 12 {
		days = append(days, data.Day(w.AsOf.Year(), int(w.AsOf.Time().Month())+1+m, 1))
	}
	return days
}

// series is an amount for each of the days.
type series []data.Amount

func (s series) peak() data.Amount { return slices.Max(s) }

// pair is one nation with one capability.
type pair struct {
	nation        data.Nation
	asked         map[data.Organisation]series // the own plan under ""
	offered       map[data.Organisation]series
	held          series // nil is unknown
	notice        map[data.Organisation]data.Amount
	heldSlower    map[data.Amount]bool // whether some holding is slower than a notice
	anyRow, holds bool
}

func (w walk) pair(n data.Nation, c data.Capability) pair {
	p := pair{nation: n, asked: map[data.Organisation]series{}, offered: map[data.Organisation]series{}, notice: map[data.Organisation]data.Amount{}, heldSlower: map[data.Amount]bool{}}
	days := w.days()
	add := func(to series, r *data.Record) series {
		if to == nil {
			to = make(series, len(days))
		}
		for i, d := range days {
			if r.Period.Contains(d) {
				to[i] += r.Quantity.Amount()
			}
		}
		return to
	}
	reported := data.Quantity(0)
	for i := range w.Targets {
		t := &w.Targets[i]
		if t.Nation != n || t.Capability != c {
			continue
		}
		p.anyRow = true
		if t.Held.Known() && (!reported.Known() || t.Held.Amount() > reported.Amount()) {
			reported = t.Held
		}
		if t.Counts() {
			o := w.OrganisationOf(t.Process)
			p.asked[o] = add(p.asked[o], &t.Record)
			if old, ok := p.notice[o]; t.Readiness.Known() && (!ok || t.Readiness.Amount() < old) {
				p.notice[o] = t.Readiness.Amount()
			}
		}
	}
	for i := range w.Pledges {
		if x := &w.Pledges[i]; x.Nation == n && x.Capability == c && x.Counts() {
			p.offered[x.Organisation] = add(p.offered[x.Organisation], &x.Record)
		}
	}
	for i := range w.Holdings {
		h := &w.Holdings[i]
		if h.Nation != n || h.Capability != c {
			continue
		}
		p.holds = true
		if h.Counts() {
			p.held = add(p.held, &h.Record)
			for _, notice := range notices {
				if h.Readiness.Known() && h.Readiness.Amount() > data.Count(notice) && h.Quantity.Amount() > 0 {
					p.heldSlower[data.Count(notice)] = true
				}
			}
		}
	}
	if p.held == nil && reported.Known() {
		p.held = slices.Repeat(series{reported.Amount()}, len(days))
	}
	return p
}

// usable is min(P, A), or the one of the two that is known.
func (p *pair) usable(o data.Organisation) series {
	offered, pledged := p.offered[o]
	if !pledged || o == "" {
		return p.held
	}
	if p.held == nil {
		return offered
	}
	out := slices.Clone(offered)
	for i := range out {
		out[i] = min(out[i], p.held[i])
	}
	return out
}

func (w walk) see(format string, args ...any) { w.seen[fmt.Sprintf(format, args...)]++ }

func (w walk) capability(c data.Capability) {
	var pairs []pair
	for _, n := range asked(w.Dataset) {
		p := w.pair(n, c)
		pairs = append(pairs, p)
		w.dual(&p)
		w.offers(&p)
		for _, o := range []data.Organisation{data.NATO, data.EU, ""} {
			w.gap(&p, o)
		}
	}
	w.transfer(pairs)
	for _, o := range organisations {
		w.supply(c, o, pairs)
	}
	w.states(c, pairs)
}

func (w walk) dual(p *pair) {
	t1, t2 := p.asked[data.NATO], p.asked[data.EU]
	if t1 == nil || t2 == nil {
		return
	}
	both, worst := false, "covered"
	var span1, span2 [2]int
	for i := range t1 {
		for _, x := range []struct {
			t    series
			span *[2]int
		}{{t1, &span1}, {t2, &span2}} {
			if x.t[i] > 0 {
				if x.span[0] == 0 {
					x.span[0] = i + 1
				}
				x.span[1] = i
			}
		}
		if t1[i] == 0 || t2[i] == 0 {
			continue
		}
		both = true
		switch {
		case p.held == nil:
			worst = "unknown"
		case p.held[i] < max(t1[i], t2[i]):
			worst = "short"
		case p.held[i] < t1[i]+t2[i] && worst == "covered":
			worst = "single-set"
		}
	}
	if !both {
		return
	}
	w.see("dual-target %s", worst)
	aligned := true
	for says, differs := range map[string]bool{
		"NATO asks more": t1.peak() > t2.peak(), "EU asks more": t1.peak() < t2.peak(),
		"dates differ": span1 != span2, "readiness differs": p.notice[data.NATO] != p.notice[data.EU],
	} {
		if differs {
			aligned = false
			w.see("dual-target %s", says)
		}
	}
	if aligned {
		w.see("dual-target aligned")
	}
}

func (w walk) offers(p *pair) {
	if p.held == nil {
		return
	}
	for i := range p.held {
		var sum data.Amount
		for _, offered := range p.offered {
			sum += offered[i]
		}
		if sum > p.held[i] {
			w.see("double-pledge")
			return
		}
	}
}

func (w walk) gap(p *pair, o data.Organisation) {
	asked, usable := p.asked[o], p.usable(o)
	if asked == nil || usable == nil {
		return
	}
	name := string(o)
	if o == "" {
		name = "own plan"
	}
	open, late, last := false, false, false
	for i := range asked {
		last = asked[i] > usable[i]
		open = open || last
		late = late || open && asked[i] > 0 && usable[i] >= asked[i]
	}
	switch {
	case !open && p.heldSlower[p.notice[o]]:
		w.see("nation-gap slow")
	case open && last:
		w.see("nation-gap %s stays open", name)
	case open:
		w.see("nation-gap %s closes", name)
	}
	if late {
		w.see("nation-gap late")
	}
}

func (w walk) transfer(pairs []pair) {
	surplus, deficit := false, false
	for _, p := range pairs {
		if p.held == nil || len(p.asked) == 0 {
			continue
		}
		low, most := data.MaxAmount, data.Amount(0)
		for i, held := range p.held {
			var demand data.Amount
			for o, asked := range p.asked {
				if o != "" {
					demand += asked[i]
				}
			}
			if own := p.asked[""]; own != nil {
				demand = max(demand, own[i])
			}
			low, most = min(low, held-demand), max(most, demand)
		}
		if most > 0 {
			surplus, deficit = surplus || low > 0, deficit || low < 0
		}
	}
	if surplus && deficit {
		w.see("transfer")
	}
}

func (w walk) supply(c data.Capability, o data.Organisation, pairs []pair) {
	need, shared, usable := make(series, len(w.days())), make(series, len(w.days())), make(series, len(w.days()))
	stated, known, silent, givers, most := false, 0, 0, 0, data.Amount(0)
	for _, r := range w.Requirements {
		if r.Capability == c && w.OrganisationOf(r.Process) == o && r.Counts() {
			stated = true
			for i, d := range w.days() {
				if r.Period.Contains(d) {
					need[i] += r.Quantity.Amount()
				}
			}
		}
	}
	asks := stated
	for _, p := range pairs {
		if !w.Member(p.nation, o, w.AsOf) {
			continue
		}
		for i := range p.asked[o] {
			shared[i] += p.asked[o][i]
		}
		asks = asks || p.asked[o] != nil
		u := p.usable(o)
		if u == nil {
			silent++
			continue
		}
		known++
		for i := range u {
			usable[i] += u[i]
		}
		if u[0] > 0 {
			givers++
			most = max(most, u[0])
		}
	}
	if !stated {
		need = shared
	}
	if !asks {
		for _, other := range organisations {
			if other != o && w.works(c, other) && !w.works(c, o) {
				w.see("coverage-gap of %s", o)
			}
		}
		return
	}
	over, short, remainder := true, false, false
	for i := range need {
		over = over && (need[i] == 0 || usable[i] > need[i]+need[i]/4)
		short = short || known > 0 && need[i] > usable[i]
		remainder = remainder || stated && need[i] > usable[i] && need[i] > shared[i]
	}
	if over && givers >= 2 && need.peak() > 0 {
		w.see("over-supply")
	}
	if short && silent > 0 {
		w.see("collective-gap %s upper bound", o)
	} else if short {
		w.see("collective-gap %s exact", o)
	}
	if remainder {
		w.see("collective-gap with a remainder")
	}
	switch {
	case usable[0] == 0:
	case known < silent:
		w.see("concentration not assessed")
	case givers == 1:
		w.see("concentration only giver")
	case 2*most >= usable[0]:
		w.see("concentration one gives most")
	}
}

// works reports whether an initiative of o serves c.
func (w walk) works(c data.Capability, o data.Organisation) bool {
	return slices.ContainsFunc(w.Contributions, func(x data.Contribution) bool {
		return x.Capability == c && slices.ContainsFunc(w.Initiatives, func(i data.Initiative) bool { return i.Initiative == x.Initiative && i.Organisation == o })
	})
}

func (w walk) states(c data.Capability, pairs []pair) {
	asking := map[data.Organisation]bool{}
	for _, p := range pairs {
		for o := range p.asked {
			asking[o] = asking[o] || o != ""
		}
	}
	for _, p := range pairs {
		eligible := asking[data.NATO] && w.Member(p.nation, data.NATO, w.AsOf) || asking[data.EU] && w.Member(p.nation, data.EU, w.AsOf)
		state := "met"
		known := false
		for o, asked := range p.asked {
			u := p.usable(o)
			known = known || u != nil
			for i := range u {
				switch {
				case u[i] >= asked[i]:
				case u[i] == 0:
					state = "unmet"
				case state != "unmet":
					state = "partly met"
				}
			}
		}
		switch {
		case p.anyRow && !known:
			state = "targeted, holdings unknown"
		case p.anyRow:
		case p.holds:
			state = "held without target"
		case !eligible && asking[data.NATO] != asking[data.EU]:
			state = "not eligible"
		default:
			state = "no data"
		}
		w.see("state %s", state)
	}
}

// initiatives climbs the ladder for every two of them.
func (w walk) initiatives() {
	does := map[string]map[data.Contribution]bool{}
	for _, x := range w.Contributions {
		if does[x.Initiative] == nil {
			does[x.Initiative] = map[data.Contribution]bool{}
		}
		does[x.Initiative][data.Contribution{Capability: x.Capability, Means: x.Means}] = true
	}
	in := map[string]map[data.Nation]bool{}
	for _, p := range w.Participants {
		if in[p.Initiative] == nil {
			in[p.Initiative] = map[data.Nation]bool{}
		}
		if p.Role.In() {
			in[p.Initiative][p.Nation] = true
		}
	}
	for i, a := range w.Initiatives {
		if a.Membership == data.Complete && a.Organisation != data.Other {
			if inside, all := len(in[a.Initiative]), len(w.Members(a.Organisation, w.AsOf)); 2*inside >= all && inside < all {
				w.see("absent-nation")
			}
		}
		for _, b := range w.Initiatives[i+1:] {
			shared, common := 0, false
			for x := range does[a.Initiative] {
				if does[b.Initiative][x] {
					shared++
				}
				for y := range does[b.Initiative] {
					common = common || x.Capability == y.Capability
				}
			}
			if !common {
				continue
			}
			nations := 0
			for n := range in[a.Initiative] {
				if in[b.Initiative][n] {
					nations++
				}
			}
			smaller := min(len(in[a.Initiative]), len(in[b.Initiative]))
			whole := a.Membership.Whole() && b.Membership.Whole()
			alike := whole && nations >= 2 && 2*nations >= smaller
			same := a.Beneficiary == b.Beneficiary
			if same && a.Beneficiary == data.OwnMembers {
				union := len(in[a.Initiative]) + len(in[b.Initiative]) - nations
				same = whole && 2*nations >= union
			}
			rung := "fragmentation"
			if shared > 0 && (same || alike) {
				rung = "overlap"
				if union := len(does[a.Initiative]) + len(does[b.Initiative]) - shared; same && 2*shared >= union {
					rung = "duplication"
				}
			}
			status := "live"
			for _, r := range w.Relations {
				if r.Initiative == a.Initiative && r.Other == b.Initiative || r.Initiative == b.Initiative && r.Other == a.Initiative {
					status = "managed"
					if r.Relation.Resolves() {
						status = "resolved"
					}
				}
			}
			if ended := a.Period.Until != 0 || b.Period.Until != 0; ended && status != "resolved" {
				continue
			}
			w.see("%s %s", rung, status)
		}
	}
}

func (w walk) records() {
	for i := range w.Targets {
		t := &w.Targets[i]
		w.record(&t.Record)
		if t.Held.Known() {
			w.see("held on a target")
		}
	}
	for i := range w.Holdings {
		h := &w.Holdings[i]
		w.record(&h.Record)
		if h.Quantity == data.Known(0) {
			w.see("holds 0")
		}
	}
}

func (w walk) record(r *data.Record) {
	if !r.Comparable {
		w.see("not comparable")
	}
	if !r.Quantity.Known() {
		w.see("no quantity")
	}
}
