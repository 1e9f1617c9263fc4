package synthetic

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"deconflict/data"
)

// cycle is a planning cycle: what it takes to say of any nation and capability what is asked, offered and held.
type cycle struct {
	size    Size
	now     month
	nations []nation
	links   []link // of the capability at hand

	// Of the vocabulary.
	known       []data.CapabilityRow
	memberships []data.Membership

	// How the rows of each table are dealt out over those who could have one.
	targets, requirements, pledges, holdings deal
}

// nation is a nation of the cycle.
type nation struct {
	code     data.Nation
	name     string
	size     int // 1 to largest
	region   int // none where it is negative
	member   [len(organisations)]bool
	notional bool
}

// capability is a capability of the cycle.
type capability struct {
	data.CapabilityRow
	index   int
	role    *role
	plural  string // the unit, of more than one
	most    int    // what the largest nation may be asked for
	weight  int    // how much is asked for it, in comparison with others
	carrier int    // the nation that carries it; none where it is negative
}

// link is one nation with one capability.
type link struct {
	*nation
	targets []target
	stance  stance
	asked   [len(organisations)]int // at the most at once
	offered [len(organisations)]int // 0: nothing
	held    int
	notice  int   // the shortest that an organisation asks for; 0 where none is stated
	begins  month // the first month, from now on, in which an organisation asks
}

// ask is what a target asks for.
type ask struct {
	quantity    int
	from, until month
	notice      int // in days; 0 is not stated
}

// target is a row of the targets table that has been dealt out.
type target struct {
	ask
	asker int
	says  silence
}

// silence is what keeps a row out of every sum.
type silence int

const (
	number      silence = iota // nothing
	noNumber                   // its quantity is empty
	foreignUnit                // it counts in another unit
)

// month counts months from January of the year 0. The zero month is no date.
type month int

func monthOf(year, m int) month { return month(year*12 + m - 1) }

func (m month) year() int { return int(m) / 12 }

func newCycle(ctx context.Context, size Size, v *data.Vocabulary) (*cycle, error) {
	size = size.Filled(v)
	if size.Nations < 0 || size.Capabilities < 0 {
		return nil, errors.New("a cycle has nations and capabilities")
	}
	if _, _, err := data.ParseDate(fmt.Sprint(size.AsOf.Year() + halfYears/2)); err != nil {
		return nil, fmt.Errorf("a cycle of %s has no date for its last targets: %w", size.AsOf, err)
	}
	for _, rows := range [...]*int{&size.Targets, &size.Pledges, &size.Holdings, &size.Requirements} {
		*rows = max(*rows, 0)
	}
	c := &cycle{size: size, known: v.Capabilities, memberships: v.Memberships, now: monthOf(size.AsOf.Year(), int(size.AsOf.Time().Month()))}
	if len(v.Capabilities) == 0 {
		return nil, errors.New("the vocabulary has no capability to begin with")
	}
	c.nations = members(v, size.AsOf)
	if len(c.nations) == 0 {
		return nil, fmt.Errorf("no nation is a member of NATO or the EU on %s", size.AsOf)
	}
	if err := c.resize(); err != nil {
		return nil, err
	}
	c.links = make([]link, len(c.nations))
	return c, c.count(ctx)
}

// members are the members of the organisations on day t, by code, with their sizes and regions. An organisation that a nation
// leaves before the last targets end asks it for nothing.
func members(v *data.Vocabulary, t data.Date) (out []nation) {
	const years = halfYears / 2
	end := data.Day(t.Year()+years, 12, 31)
	for _, row := range v.Nations {
		n := nation{code: row.Nation, name: row.Name, size: 2, region: -1}
		for o := range organisations {
			n.member[o] = v.Member(row.Nation, organisations[o], t) && v.Member(row.Nation, organisations[o], end)
		}
		if n.member == [len(organisations)]bool{} {
			continue
		}
		for _, listed := range nations {
			if listed.nation == n.code {
				n.size, n.region = listed.size, listed.region
			}
		}
		out = append(out, n)
	}
	return out
}

// resize leaves the largest nations, or adds notional ones. Their codes are those that ISO 3166-1 leaves to its users, XAA to XZZ.
func (c *cycle) resize() error {
	const letters = 'Z' - 'A' + 1
	want := c.size.Nations
	if most := len(c.nations) + letters*letters; want > most {
		return fmt.Errorf("%d nations: at most %d have a code", want, most)
	}
	if want < len(c.nations) {
		slices.SortStableFunc(c.nations, func(a, b nation) int { return cmp.Compare(b.size, a.size) })
		c.nations = c.nations[:want]
		slices.SortFunc(c.nations, func(a, b nation) int { return cmp.Compare(a.code, b.code) })
	}
	for i := 0; len(c.nations) < want; i++ {
		c.nations = append(c.nations, nation{
			code: data.Nation([]byte{'X', byte('A' + i/letters), byte('A' + i%letters)}), name: fmt.Sprintf("Notional Nation %d", i+1),
			size: 1 + i%12, region: i % regions, member: [len(organisations)]bool{true, true}, notional: true,
		})
	}
	return nil
}

// capability is the i-th capability: one of the vocabulary, evenly chosen where fewer are wanted, or else a notional one, which
// takes its area and unit from one of the vocabulary.
func (c *cycle) capability(i int) capability {
	out := capability{index: i, role: &roles[i%len(roles)], most: 20, carrier: -1}
	if known := len(c.known); i >= known {
		out.CapabilityRow = c.known[i%known]
		prefix, _, _ := strings.Cut(string(out.Capability), "-")
		out.Capability = data.Capability(fmt.Sprintf("%s-notional-%0*d", prefix, max(4, digits(c.size.Capabilities)), i+1))
		out.Name = fmt.Sprintf("Notional %s capability %d", out.Area.Title(), i+1)
	} else {
		out.CapabilityRow = c.known[i*known/min(known, c.size.Capabilities)]
	}
	for _, s := range scales {
		if s.unit == out.Unit {
			out.most = s.most
		}
	}
	out.plural = strings.TrimPrefix(data.Units(2*data.One, out.Unit), "2 ")
	r := newRandom(c.size.Seed, capabilityStream, i, 0)
	weights := [...]int{2, 2, 3, 3, 3, 4, 4, 6}
	out.weight = weights[r.below(len(weights))]
	if out.role.carried {
		out.carrier = c.carrier(&r)
	}
	return out
}

// carrier draws one of the large nations that are in both organisations; the largest nation where there is none.
func (c *cycle) carrier(r *random) int {
	var able []int
	biggest := 0
	for i, n := range c.nations {
		if n.member == [len(organisations)]bool{true, true} && n.size >= largest/4 {
			able = append(able, i)
		}
		if n.size > c.nations[biggest].size {
			biggest = i
		}
	}
	if len(able) == 0 {
		return biggest
	}
	return able[r.below(len(able))]
}

// amount is a quantity for a nation of some size, at least 1, round where it is large.
func (c *capability) amount(size int, r *random) int {
	q := c.most * size * r.between(60, 140) / (100 * largest)
	for _, round := range [...]struct{ from, to int }{{2000, 100}, {200, 10}, {50, 5}} {
		if q >= round.from {
			return q / round.to * round.to
		}
	}
	return max(q, 1)
}

// each makes one capability after the other with the links of all nations. The links are overwritten by the next. It returns the
// sum of the weights over which targets are dealt out.
func (c *cycle) each(ctx context.Context, do func(*capability, []link) error) (weights uint64, err error) {
	targets := c.targets
	for i := range c.size.Capabilities {
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		k := c.capability(i)
		for n := range c.links {
			c.fill(&c.links[n], &k, n, &targets)
		}
		if err := do(&k, c.links); err != nil {
			return 0, err
		}
	}
	return targets.seen, nil
}

// count finds out over how much the rows of each table are dealt. Who pledges and who holds depends on the targets, so they are
// dealt out first.
func (c *cycle) count(ctx context.Context) error {
	asks, err := c.each(ctx, func(*capability, []link) error { return nil })
	if err != nil {
		return err
	}
	c.targets = deal{rows: uint64(c.size.Targets), total: asks}
	c.requirements.rows = uint64(c.size.Requirements)
	c.pledges.rows = uint64(c.size.Pledges)
	c.holdings.rows = uint64(c.size.Holdings)
	_, err = c.each(ctx, func(k *capability, links []link) error {
		for o := range organisations {
			if k.required(links, o) > 0 {
				c.requirements.total++
			}
			for i := range links {
				c.pledges.total += uint64(links[i].pledgeWeight(o))
			}
		}
		for i := range links {
			c.holdings.total += uint64(links[i].holdingWeight())
		}
		return nil
	})
	for _, d := range [...]struct {
		deal
		what string
	}{{c.targets, "targets"}, {c.requirements, "requirements"}, {c.pledges, "pledges"}, {c.holdings, "holdings"}} {
		if err == nil && d.rows > 0 && d.total == 0 {
			err = fmt.Errorf("%d %s wanted, and with %d nations, %d capabilities and %d targets nobody would have one",
				d.rows, d.what, c.size.Nations, c.size.Capabilities, c.size.Targets)
		}
	}
	return err
}

// fill makes the link of a nation and a capability. What it draws before its rows are dealt out does not depend on their number.
func (c *cycle) fill(l *link, k *capability, n int, targets *deal) {
	r := newRandom(c.size.Seed, linkStream, k.index, n)
	*l = link{nation: &c.nations[n], targets: l.targets[:0], stance: k.role.stance(&r)}
	if n == k.carrier {
		l.stance = carrying
	}
	measure := k.amount(l.size, &r)
	how := manners[r.below(len(manners))]
	common := c.ask(measure, &r)
	less, pledges := r.below(len(organisations)), r.in(k.role.pledged)

	var rows [askers]int
	most := 0
	for a := range rows {
		asks := r.in(k.role.asked[a])
		if asks && (a == own || l.member[a]) {
			rows[a] = targets.next(k.weight * (4 + l.size))
			most = max(most, rows[a])
		}
	}
	common.quantity = max(common.quantity, most) // so that no row asks for 0
	for a, n := range rows {
		mine := common
		switch {
		case a == own:
			mine.quantity = max(mine.quantity*r.between(90, 150)/100, n)
		case how == smaller && a == less:
			mine.quantity = max(mine.quantity*r.between(40, 80)/100, n)
		case how == shifted && a == eu:
			mine.from += month(12 * r.between(1, 4))
			if mine.until != 0 {
				mine.until += 48
			}
		case how == readier && a == eu:
			mine.notice = notices[r.below(len(notices))]
		}
		for i := range n {
			t := target{ask: mine, asker: a}
			if how == apart && (a == eu || i > 0) {
				t.ask = c.ask(mine.quantity, &r)
			}
			t.quantity = part(mine.quantity, i, n)
			switch x := r.below(100); {
			case x == 0:
				t.says = foreignUnit
			case x < 3:
				t.says = noNumber
			}
			l.targets = append(l.targets, t)
		}
	}
	l.answer(k, measure, c.now, pledges, &r)
}

// stance draws how a nation holds a capability of this role.
func (p *role) stance(r *random) stance {
	x := r.below(10)
	for s, share := range p.holds {
		if x -= share; x < 0 {
			return stance(s)
		}
	}
	return unknown
}

// ask draws dates and notice: most targets start within six years, and a third after that, up to nineteen.
func (c *cycle) ask(quantity int, r *random) ask {
	year := c.now.year()
	switch x := r.below(100); {
	case x < 15:
		year -= r.between(1, 5)
	case x < 70:
		year += r.between(0, 6)
	default:
		year += r.between(7, 19)
	}
	a := ask{quantity: quantity, from: monthOf(year, 1)}
	if r.in(30) {
		a.from = monthOf(year, 7)
	}
	if r.in(50) {
		a.until = max(a.from, c.now) + month(12*r.between(3, 15))
		a.until -= a.until%12 + 1 // the end of the year before
	}
	if r.in(90) {
		a.notice = notices[r.below(len(notices))]
	}
	return a
}

// answer sizes what the nation holds and offers by what it is asked for, or by measure where nobody asks.
func (l *link) answer(k *capability, measure int, now month, pledges bool, r *random) {
	peaks, both := l.peaks(now)
	copy(l.asked[:], peaks[:own])
	larger := max(l.asked[nato], l.asked[eu])
	if both == 0 {
		larger = cmp.Or(peaks[own], measure)
		both = larger
	}
	for _, t := range l.targets {
		if t.says != number || t.asker == own {
			continue
		}
		if start := max(t.from, now); l.begins == 0 || start < l.begins {
			l.begins = start
		}
		if t.notice != 0 && (l.notice == 0 || t.notice < l.notice) {
			l.notice = t.notice
		}
	}
	x := r.below(31) // drawn by everybody, so that stances do not move what follows
	switch l.stance {
	case scant:
		l.held = larger / 10
	case short:
		l.held = larger * (40 + x) / 100
	case single, reported:
		l.held = larger + (both-larger)*2*x/100
	case covered, late, slow:
		l.held = both * (100 + x) / 100
	case ample:
		l.held = both*(200+3*x)/100 + 1
	case carrying:
		l.held = both + k.most
	}
	if !pledges {
		return
	}
	for o := range organisations {
		l.offered[o] = (l.asked[o]*(85+x/2) + 99) / 100
		if l.stance != unknown && l.stance != unclear {
			l.offered[o] = min(l.offered[o], l.held)
		}
	}
}

// halfYears is how many half-years a cycle reaches: the last targets start within 23 years and end within 16 more.
const halfYears = 2 * 40

// peaks are the most that each asker, and both organisations together, ask for at once from now on. Targets start and end with
// half-years.
func (l *link) peaks(now month) (each [askers]int, both int) {
	var change [halfYears][askers]int
	last := 0
	add := func(m month, asker, quantity int) {
		h := m.halfYear(now)
		change[h][asker] += quantity
		last = max(last, h)
	}
	for i := range l.targets {
		if t := &l.targets[i]; t.says == number {
			add(t.from, t.asker, t.quantity)
			if t.until != 0 {
				add(t.until+1, t.asker, -t.quantity)
			}
		}
	}
	var sum [askers]int
	for _, by := range change[:last+1] {
		for a := range by {
			sum[a] += by[a]
			each[a] = max(each[a], sum[a])
		}
		both = max(both, sum[nato]+sum[eu])
	}
	return each, both
}

// halfYear counts half-years from that of now, which is 0 and takes in all before.
func (m month) halfYear(now month) int { return max(int(m)/6-int(now)/6, 0) }

// pledgeWeight is how many rows what a link offers to an organisation has, as a share of all: no more than it can be parted into.
func (l *link) pledgeWeight(o int) int { return min(l.offered[o], 3) }

// holdingWeight is how many rows the holdings of a link have, as a share of all.
func (l *link) holdingWeight() int {
	switch l.stance {
	case unknown, reported:
		return 0
	case late: // what is there, and what is to come
		return 2
	}
	return 1
}

// required is what an organisation needs in total; 0 where it states nothing.
func (k *capability) required(links []link, o int) int {
	sum := 0
	for i := range links {
		sum += links[i].asked[o]
	}
	return sum * k.role.stated / 100
}

// digits is the number of decimal digits of n.
func digits(n int) int {
	d := 1
	for ; n > 9; n /= 10 {
		d++
	}
	return d
}
