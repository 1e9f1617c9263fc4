package load

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"deconflict/data"
)

// checkTerm says where the term of another scheme keeps a row out of the sums.
func (r *row) checkTerm(t term) {
	switch {
	case len(t.capabilities) == 0 && t.foreign != "":
		hint := ""
		if related := r.Related(t.foreign); len(related) > 0 {
			hint = "the crosswalk only relates it to " + codes(related) + ": skos:exactMatch or skos:closeMatch there would make one of them count"
		}
		r.doubt("capability", quote(t.foreign)+" has no counterpart among the capabilities: the row is left out", hint)
	case len(t.capabilities) > 0 && !t.exact:
		r.doubt("capability", fmt.Sprintf("%s is broader or narrower than %s: the row is attached but not counted", quote(t.foreign), codes(t.capabilities)), "")
	}
}

// checkArea says where a row's area is not that of its capability.
func (r *row) checkArea(records []data.Record) {
	s := r.text("area")
	if s == "" {
		return
	}
	var areas []string
	for i := range records {
		a := string(r.Capability(records[i].Capability).Area)
		if a == s || data.Fold(a) == data.Fold(s) {
			return
		}
		areas = append(areas, a)
	}
	r.doubt("area", fmt.Sprintf("%s, but %s lies in %s, which counts", quote(s), r.text("capability"), strings.Join(slices.Compact(areas), ", ")), "")
}

// checkMember says where an organisation sets a target for a nation that is no member of it: on the dataset's day or, where the
// target's period does not take that in, on the nearest day of the period.
func (r *row) checkMember(p data.Process, n data.Nation, period data.Period) {
	o := r.OrganisationOf(p)
	if p == "" || n == "" || o == "" {
		return
	}
	day := askedOn(r.AsOf, period)
	if r.Eligible(n, o, day) {
		return
	}
	if !slices.ContainsFunc(r.Memberships, func(m data.Membership) bool { return m.Organisation == o }) {
		if r.firstTime("memberships of " + string(o)) {
			r.doubt("process", "no membership of "+string(o)+" is known, so nobody is eligible for it", "add its rows to memberships.csv")
		}
		return
	}
	r.doubt("nation", fmt.Sprintf("%s is no member of %s on %s: the target counts, as planning ties with partners do", n, o, day), "")
}

// askedOn is the day on which a nation must be a member to be asked.
func askedOn(asOf data.Date, period data.Period) data.Date {
	day := max(asOf, period.From)
	if period.Until != 0 {
		day = min(day, period.Until)
	}
	return day
}

// whenAskable says on which days checkMember has nothing to say.
func (r *row) whenAskable(p data.Process, n data.Nation) *askable {
	o := r.OrganisationOf(p)
	if p == "" || n == "" || o == "" || o == data.Other {
		return &askable{always: true}
	}
	return &askable{during: r.MemberDuring(n, o), told: map[data.Date]string{}}
}

// add counts a quantity that enters sums. Beyond data.MaxAmount in all, some sum of an analysis could overflow.
func (r *row) add(column string, q data.Quantity) {
	if q.Amount() > data.MaxAmount-r.total {
		if r.firstTime("too much") {
			r.fail(r.at(column), column, "up to here the quantities of the dataset add up to more than "+data.MaxAmount.String()+", which is the most that is added exactly", "")
		}
		return
	}
	r.total += q.Amount()
}

// check looks at what only the whole dataset can tell.
func (l *loader) check() {
	l.checkNames()
	if l.errors == 0 { // else sums would lack the rows that are wrong
		l.checkHeld()
	}
}

// checkNames refuses a name that could be either of two nations or two capabilities, for it would be read as one of them in
// silence. What the reference alone has is looked at where it is read whole: every run of the program would wait for that in vain.
func (l *loader) checkNames() {
	if l.vocabularyAlone {
		return
	}
	for _, n := range l.Nations {
		if len(l.own.nations) == 0 {
			break
		}
		for _, name := range append([]string{n.Name}, n.Aliases...) {
			if other, err := l.ParseNation(name); err == nil && other != n.Nation {
				i := slices.IndexFunc(l.Nations, func(m data.NationRow) bool { return m.Nation == other })
				l.ambiguous("nation", name, n.Position, l.Nations[i].Position)
			}
		}
	}
	for i := range l.Capabilities {
		if len(l.own.capabilities) == 0 {
			break
		}
		c := &l.Capabilities[i]
		if other, err := l.ParseCapability(c.Name); err == nil && other != c.Capability {
			l.ambiguous("capability", c.Name, c.Position, l.Capability(other).Position)
		}
	}
}

// ambiguous tells of a name that two rows have. It is told of the dataset's own row, as the other may be the reference's.
func (l *loader) ambiguous(field, name string, at, other data.Position) {
	own := func(fs []*file) bool {
		return slices.ContainsFunc(fs, func(f *file) bool { return f.File == at.File })
	}
	if !slices.ContainsFunc(slices.Collect(maps.Values(l.files)), own) {
		at, other = other, at
	}
	l.fail(at, field, fmt.Sprintf("%s is also a name of the %s at %s, wanted a name of its own", quote(name), field, other), "")
}

// checkHeld compares what targets say a nation holds with its holdings, which count instead.
func (l *loader) checkHeld() {
	type pair struct {
		nation     data.Nation
		capability data.Capability
	}
	rows := map[pair]bool{}
	holdings := map[pair]data.Amount{}
	for i := range l.Holdings {
		h := &l.Holdings[i]
		p := pair{h.Nation, h.Capability}
		if !h.Counts() {
			continue
		}
		rows[p] = true
		if h.Period.Contains(l.AsOf) {
			holdings[p] += h.Quantity.Amount()
		}
	}
	if len(rows) == 0 {
		return
	}
	largest := map[pair]*data.Target{}
	for i := range l.Targets {
		t := &l.Targets[i]
		p := pair{t.Nation, t.Capability}
		if !t.Comparable || !t.Held.Known() || !rows[p] {
			continue
		}
		if old := largest[p]; old == nil || cmp.Or(cmp.Compare(old.Held.Amount(), t.Held.Amount()), t.Position().Compare(old.Position())) < 0 {
			largest[p] = t
		}
	}
	for p, t := range largest {
		if t.Held.Amount() != holdings[p] {
			unit := l.Capability(p.capability).Unit
			l.warn(t.Position(), "held", fmt.Sprintf("%s, but the holdings of %s in %s add up to %s on %s, which count", data.Units(t.Held.Amount(), unit),
				p.nation, p.capability, data.Units(holdings[p], unit), l.AsOf), "")
		}
	}
}

// sort puts the records into an order in which that of files and rows has no part. No two records compare as equal, for a
// repeated key is an error.
func (l *loader) sort() {
	for _, t := range tables {
		if s := l.seen[t]; t.statements != nil && (l.changes || s == nil || !s.sorted()) {
			t.sort(l.Dataset)
		}
	}
	sortBy(l.Initiatives, func(a, b *data.Initiative) int { return strings.Compare(a.Initiative, b.Initiative) })
	sortBy(l.Participants, func(a, b *data.Participant) int {
		return cmp.Or(cmp.Compare(a.Initiative, b.Initiative), cmp.Compare(a.Nation, b.Nation), cmp.Compare(a.Period.From, b.Period.From), cmp.Compare(a.Role, b.Role))
	})
	sortBy(l.Contributions, func(a, b *data.Contribution) int {
		return cmp.Or(cmp.Compare(a.Initiative, b.Initiative), cmp.Compare(a.Capability, b.Capability), cmp.Compare(a.Means, b.Means))
	})
	sortBy(l.Relations, func(a, b *data.Relation) int {
		return cmp.Or(cmp.Compare(a.Initiative, b.Initiative), cmp.Compare(a.Other, b.Other), cmp.Compare(a.Relation, b.Relation))
	})
	sortBy(l.ActionItems, func(a, b *data.ActionItem) int { return strings.Compare(a.Item, b.Item) })
	sortBy(l.ActionLinks, func(a, b *data.ActionLink) int {
		return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Initiative, b.Initiative))
	})
	sortBy(l.Sources, func(a, b *data.Source) int { return strings.Compare(a.Source, b.Source) })
}
