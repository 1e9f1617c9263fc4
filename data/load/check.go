package load

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math/bits"
	"runtime"
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

// sortRecords sorts records by id, and reports whether two share one. Only the records of one row do in the end, and no two of them a capability.
// There may be millions of records, and their ids are scattered over the memory: numbers are sorted instead, of as much of each id as there is room
// for beside where its record stands. Each core sorts some, and then the records are put where they belong.
func sortRecords[R any](s []R, record func(*R) *data.Record) (sorted []R, alike bool) {
	id := func(i int) string { return record(&s[i]).ID() }
	ascend := true
	for i := 1; i < len(s) && ascend; i++ {
		ascend = id(i-1) < id(i)
	}
	if ascend {
		return s, false
	}
	const least = 1 << 12 // records, of which it is not worth while to share them
	cores := max(1, min(runtime.GOMAXPROCS(0), len(s)/least))
	stretches := func(do func(stretch, from, to int)) {
		onAllCores(cores, func(next func() (int, bool)) error {
			for i, ok := next(); ok; i, ok = next() {
				do(i, len(s)*i/cores, len(s)*(i+1)/cores)
			}
			return nil
		})
	}
	differ := make([]idBits, cores)
	first := idBitsOf(id(0))
	stretches(func(stretch, from, to int) {
		for i := from; i < to; i++ {
			differ[stretch].add(idBitsOf(id(i)), first)
		}
	})
	for _, d := range differ[1:] {
		differ[0].add(d, idBits{})
	}
	places := bits.Len(uint(len(s) - 1)) // bits that tell where a record stands
	which := differ[0].choose(64 - places)
	keys, runs := make([]uint64, len(s)), make([][]uint64, cores)
	stretches(func(stretch, from, to int) {
		for i := from; i < to; i++ {
			keys[i] = which.of(idBitsOf(id(i)))<<places | uint64(i)
		}
		runs[stretch] = sortAbove(places, keys[from:to])
	})
	keys = merged(runs)
	place := func(key uint64) int { return int(key & (1<<places - 1)) }
	for from, to := 0, 0; from < len(keys); from = to { // those that the keys do not tell apart
		for to = from + 1; to < len(keys) && keys[to]>>places == keys[from]>>places; to++ {
		}
		if to == from+1 {
			continue
		}
		slices.SortFunc(keys[from:to], func(a, b uint64) int {
			x, y := record(&s[place(a)]), record(&s[place(b)])
			return cmp.Or(strings.Compare(x.ID(), y.ID()), cmp.Compare(x.Capability, y.Capability))
		})
		for i := from + 1; i < to; i++ {
			alike = alike || id(place(keys[i-1])) == id(place(keys[i]))
		}
	}
	sorted = make([]R, len(s))
	stretches(func(_, from, to int) {
		for i := from; i < to; i++ {
			sorted[i] = s[place(keys[i])]
		}
	})
	return sorted, alike
}

// idBits are the first bytes of an id, the first the highest; what a shorter one lacks is 0, which stands in none. Or they are the bits in which some
// differ.
type idBits [2]uint64

func idBitsOf(id string) (b idBits) {
	var bytes [8 * len(b)]byte
	copy(bytes[:], id)
	for i := range b {
		b[i] = binary.BigEndian.Uint64(bytes[8*i:])
	}
	return b
}

// add adds the bits in which two differ.
func (b *idBits) add(x, y idBits) {
	for i := range b {
		b[i] |= x[i] ^ y[i]
	}
}

// choose chooses so many bits of those in which ids differ, from the first byte on. Of each byte it takes all below the highest such bit: above
// it the bytes of all ids are alike.
func (b *idBits) choose(room int) (chosen chosenBits) {
	for i := range 8 * len(b) {
		shift := 56 - i%8*8
		n := bits.Len8(uint8(b[i/8] >> shift))
		if n > room {
			break
		}
		if room -= n; n > 0 {
			chosen = append(chosen, chosenByte{i / 8, shift, n})
		}
	}
	return chosen
}

// chosenBits are bits of ids that tell as much of their order as there is room for.
type chosenBits []chosenByte

type chosenByte struct{ word, shift, bits int }

func (c chosenBits) of(b idBits) (key uint64) {
	for _, x := range c {
		key = key<<x.bits | b[x.word]>>x.shift&(1<<x.bits-1)
	}
	return key
}

// sortAbove sorts keys by what stands above some bits, so many bits at a time, from the lowest: a sort that compares two takes four times as long, as
// it cannot be foreseen which is less.
func sortAbove(shift int, keys []uint64) []uint64 {
	const digit = 11
	var all uint64
	for _, k := range keys {
		all |= k
	}
	other := make([]uint64, len(keys))
	for ; all>>shift > 0; shift += digit {
		var next [1 << digit]int32 // where the next of each digit goes
		for _, k := range keys {
			next[k>>shift%(1<<digit)]++
		}
		from := int32(0)
		for d, n := range next {
			next[d], from = from, from+n
		}
		for _, k := range keys {
			at := &next[k>>shift%(1<<digit)]
			other[*at] = k
			*at++
		}
		keys, other = other, keys
	}
	return keys
}

// merged makes one of sorted runs, two by two.
func merged(runs [][]uint64) []uint64 {
	for len(runs) > 1 {
		half := (len(runs) + 1) / 2
		onAllCores(half, func(next func() (int, bool)) error {
			for i, ok := next(); ok; i, ok = next() {
				if half+i < len(runs) {
					runs[i] = merge2(runs[i], runs[half+i])
				}
			}
			return nil
		})
		runs = runs[:half]
	}
	return runs[0]
}

func merge2(a, b []uint64) []uint64 {
	out := make([]uint64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// sortBy sorts large structs by their index, because moving them about is what costs.
func sortBy[T any](s []T, compare func(a, b *T) int) {
	if isSorted(s, compare) {
		return
	}
	order := make([]int32, len(s))
	for i := range s {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return compare(&s[a], &s[b]) })
	arrange(s, func(i int) *int32 { return &order[i] })
}

func isSorted[T any](s []T, compare func(a, b *T) int) bool {
	for i := 1; i < len(s); i++ {
		if compare(&s[i-1], &s[i]) > 0 {
			return false
		}
	}
	return true
}

// arrange puts at each index what stands where from says, without a second slice. It moves round after round of what takes each other's
// place, and spoils from.
func arrange[T any](s []T, from func(i int) *int32) {
	for i := range s {
		if int(*from(i)) == i {
			continue
		}
		first, at := s[i], i
		for {
			next := int(*from(at))
			*from(at) = int32(at)
			if next == i {
				s[at] = first
				break
			}
			s[at] = s[next]
			at = next
		}
	}
}
