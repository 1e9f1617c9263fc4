package analysis

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"sync"

	"deconflict/data"
	"deconflict/graph"
)

// Partners tells a nation which others could help it, whom it could help, and who is asked for the same.
var Partners = &Analysis{
	Name:   "partners",
	Report: Complementarity,
	Title:  "Which nations complement each other",
	Doc: `For one nation, the others by what they could give it and it them: the capabilities in which one has a lasting surplus and the
other a deficit (as in transfer, before surpluses are shared out). Beside it stands how alike the two are in what both organisations
ask of them, from 0 (nothing in common) to 1 (the same). Capabilities are counted in different units, so each demand is first divided
by the largest national demand on that capability: only equal units add up.`,
	Formula: `q(n,c) = max over t of Σo T(n,c,o,t), divided by the largest such value of any nation on c
overlap(n,m) = Σc min(q(n,c), q(m,c)) / Σc max(q(n,c), q(m,c))`,
	Measures: []Column{{"could give it", "capability"}, {"it could give", "capability"}, {"overlap", "of 1"}},
	Clause:   clause("nation has possible partners", "nations have possible partners"),
	Run:      partners,
}

// bond is what ties one nation to another: capabilities it could receive and give, and the likeness of demands.
type bond struct {
	nation           data.Nation
	number           int         // of the nation
	receives, gives  int         // how many
	common, together data.Amount // Σ min and Σ max of q
	overlap          data.Amount // the one over the other; 0 where nothing is asked of either
	shared           int         // capabilities asked of both
}

// book has a page for each nation, by their numbers in the vocabulary, and how alike all that is asked of any two is.
type book struct {
	pages [][]byte // the signs of each capability, in the order of the scope's, so that eight can be looked at in one go; the last few are of none

	mu sync.Mutex
	likeness
}

// likeness is how alike what is asked of nations is, as far as somebody has looked at it.
type likeness struct {
	common  []data.Amount // Σc min(q(n,c), q(m,c)), of each nation with each that comes after it
	total   []data.Amount // Σc q(n,c)
	demands []data.Amount // q(n,c) of one capability
}

func newLikeness(nations int) likeness {
	return likeness{make([]data.Amount, nations*nations), make([]data.Amount, nations), make([]data.Amount, nations)}
}

// note notes what is asked on one more capability.
func (l *likeness) note() {
	n := len(l.demands)
	for i, q := range l.demands {
		if q == 0 {
			continue
		}
		l.total[i] += q
		others := l.demands[i+1:]
		common := l.common[i*n+i+1:][:len(others)]
		for k, other := range others {
			common[k] += min(q, other)
		}
	}
}

// add adds what somebody else has looked at.
func (l *likeness) add(of *likeness) {
	for i, v := range of.common {
		l.common[i] += v
	}
	for i, v := range of.total {
		l.total[i] += v
	}
}

// The signs of a deficit, a surplus and a demand.
const (
	lacks byte = 1 << iota
	spares
	wanted
)

// newBook has nothing entered.
func (p *Pass) newBook() *book {
	n := len(p.Dataset.Nations)
	out := &book{pages: make([][]byte, n), likeness: newLikeness(n)}
	for i := range out.pages {
		out.pages[i] = make([]byte, (len(p.Capabilities())+7)/8*8)
	}
	return out
}

// enter enters the accounts of the capability at a place, but for those of nations that the vocabulary does not have. How alike the demands are is
// kept at the desk until it is closed.
func (in *book) enter(d *desk, place int, accounts []*Account) {
	if d.alike.demands == nil {
		d.alike = newLikeness(len(in.pages))
	}
	clear(d.alike.demands)
	var largest data.Amount
	for _, a := range accounts {
		largest = max(largest, a.peakTotal)
	}
	for _, a := range accounts {
		if a.number < 0 {
			continue
		}
		signs := byte(0)
		if a.balanced {
			switch {
			case a.balance.amount < 0:
				signs |= lacks
			case a.balance.amount > 0:
				signs |= spares
			}
		}
		if a.peakTotal > 0 {
			q := portion(a.peakTotal, largest)
			d.alike.demands[a.number] = q
			if q > 0 {
				signs |= wanted
			}
		}
		in.pages[a.number][place] = signs
	}
	d.alike.note()
}

// close enters what is kept at a desk.
func (in *book) close(d *desk) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.add(&d.alike)
	d.alike = likeness{}
}

func partners(ctx context.Context, p *Pass) ([]Finding, error) {
	nations, total := p.Dataset.Nations, p.book.total
	bonds := make([][]bond, len(nations)) // of each nation with each
	some := make([]bool, len(nations))    // whether anything is known of each: of others there are no bonds
	for i, signs := range p.book.pages {
		bonds[i] = make([]bond, len(nations))
		some[i] = bytes.ContainsFunc(signs, func(r rune) bool { return r != 0 })
	}
	err := parallel(ctx, len(nations), func(i int) error {
		for k := i + 1; k < len(nations); k++ {
			if some[i] && some[k] && (p.Wanted(nations[i].Nation) || p.Wanted(nations[k].Nation)) {
				b := p.book.bond(i, k)
				b.number, b.nation = k, nations[k].Nation
				b.together = total[i] + total[k] - b.common // of two numbers the larger is what is not the smaller
				if b.together > 0 {
					b.overlap = data.Ratio(b.common, b.together)
				}
				bonds[i][k] = b
				b.number, b.nation = i, nations[i].Nation
				b.receives, b.gives = b.gives, b.receives
				bonds[k][i] = b
			}
		}
		return nil
	})
	var found []Finding
	for i := range nations {
		if p.Wanted(nations[i].Nation) {
			if f, ok := p.partnersOf(i, bonds[i]); ok {
				found = append(found, f)
			}
		}
	}
	return found, err
}

// bond is what ties the nation of a number to that of a larger one.
func (in *book) bond(nation, other int) (b bond) {
	mine, theirs := in.pages[nation], in.pages[other]
	b.common = in.common[nation*len(in.pages)+other]
	const ones = 0x0101010101010101
	for i := 0; i < len(mine); i += 8 {
		x, y := binary.LittleEndian.Uint64(mine[i:]), binary.LittleEndian.Uint64(theirs[i:])
		b.receives += bits.OnesCount64(x & (y >> 1) & ones) // spares stands one bit above lacks
		b.gives += bits.OnesCount64(x >> 1 & y & ones)
		b.shared += bits.OnesCount64(x & y & (ones * uint64(wanted)))
	}
	return b
}

// company is a nation's bonds with others, the closest first.
type company struct {
	nation data.Nation
	bonds  []bond
	own    []byte // its signs, and those of the closest
	best   []byte
}

// partnersOf makes a finding of the bonds of the nation of a number with each, if there is anything to them.
func (p *Pass) partnersOf(number int, bonds []bond) (Finding, bool) {
	n := p.Dataset.Nations[number].Nation
	x := &company{nation: n, own: p.book.pages[number]}
	for _, b := range bonds {
		if b.receives+b.gives > 0 || b.common > 0 {
			x.bonds = append(x.bonds, b)
		}
	}
	if len(x.bonds) == 0 {
		return Finding{}, false
	}
	slices.SortFunc(x.bonds, func(a, b bond) int {
		return cmp.Or(cmp.Compare(b.receives+b.gives, a.receives+a.gives), cmp.Compare(b.receives, a.receives),
			cmp.Compare(b.overlap, a.overlap), cmp.Compare(a.nation, b.nation))
	})
	best := x.bonds[0]
	x.best = p.book.pages[best.number]
	f := Finding{
		Subject: []string{string(n)}, Nations: []data.Nation{n}, Verdict: "complement", Severity: Info, Order: data.Count(best.receives + best.gives),
		Measures: []Measure{
			{"could give it", data.Count(best.receives), "capability"}, {"it could give", data.Count(best.gives), "capability"},
			{"overlap", best.overlap, ""},
		},
		wording: x,
	}
	if best.receives+best.gives == 0 {
		f.Verdict = "alike"
	}
	return f, true
}

// exchanges are the capabilities that the nation could receive from its closest partner and give to it, with who gives and who receives.
func (x *company) exchanges(each func(capability int, giver, receiver data.Nation)) {
	best := x.bonds[0].nation
	for i, mine := range x.own {
		if mine&lacks != 0 && x.best[i]&spares != 0 {
			each(i, best, x.nation)
		}
	}
	for i, mine := range x.own {
		if mine&spares != 0 && x.best[i]&lacks != 0 {
			each(i, x.nation, best)
		}
	}
}

func (x *company) words(p *Pass, _ *Finding) (w Words) {
	best := x.bonds[0]
	name, other := p.Dataset.NationName(x.nation), p.Dataset.NationName(best.nation)
	table := Detail{Title: "Other nations", Columns: []Column{{Name: "nation"}, {"could give it", "capability"}, {"it could give", "capability"}, {"asked of both", "capability"}, {"overlap", "share"}}}
	for _, b := range x.bonds {
		table.Rows = append(table.Rows, []string{p.Dataset.NationName(b.nation), fmt.Sprint(b.receives), fmt.Sprint(b.gives), fmt.Sprint(b.shared), b.overlap.String()})
	}
	w.Details = []Detail{table}
	capabilities := Detail{Title: "With " + other, Columns: []Column{{Name: "capability"}, {Name: "direction"}, {Name: "surplus"}, {Name: "deficit"}}}
	x.exchanges(func(i int, giver, receiver data.Nation) {
		c := p.Capabilities()[i]
		gives, _, _, _ := p.Account(giver, c.Capability).Balance()
		lacks, _, _, _ := p.Account(receiver, c.Capability).Balance()
		capabilities.Rows = append(capabilities.Rows, []string{c.Name, string(giver) + " → " + string(receiver), data.Units(gives, c.Unit), data.Units(-lacks, c.Unit)})
	})
	if len(capabilities.Rows) > 0 {
		w.Details = append(w.Details, capabilities)
		w.Summary = fmt.Sprintf("%s and %s complement each other most: %s could come, %s could go.", name, other,
			counted(best.receives, "capability"), counted(best.gives, "capability"))
	} else {
		w.Summary = fmt.Sprintf("%s has no partner for a transfer; %s is asked for what is most alike (overlap %s).", name, other, best.overlap)
	}
	w.Explanation = fmt.Sprintf("With %s: %d capabilities with a surplus there and a deficit here, %d the other way. Σ min(q) / Σ max(q) = %s / %s = %s over %s asked of both.",
		other, best.receives, best.gives, best.common/data.One, best.together/data.One, best.overlap, counted(best.shared, "capability"))
	return w
}

func (*company) beside(to []Evidence) []Evidence { return to }

func (x *company) evidence(p *Pass, out []Evidence) []Evidence {
	d := newDesk(p.Dataset, p.Window)
	x.exchanges(func(i int, giver, receiver data.Nation) {
		for _, who := range []data.Nation{giver, receiver} {
			out = d.balanceEvidence(out, p.Link(who, p.Capabilities()[i].Capability))
		}
	})
	for l := range p.NationLinks(x.nation) {
		out = d.balanceEvidence(out, l)
	}
	return out
}

// portion is a/b in millionths of millionths, rounded down; a is at most b. Portions of small demands are added up and divided by each
// other: with fewer digits their likeness would be off in the last ones that are shown.
func portion(a, b data.Amount) data.Amount {
	hi, lo := bits.Mul64(uint64(a), uint64(data.One*data.One))
	q, _ := bits.Div64(hi, lo, uint64(b))
	return data.Amount(q)
}

// balanceEvidence appends every record behind the balance of a nation and a capability. It does without their account, of which it takes
// no sums: one nation's partners rest on all that is asked of it.
func (d *desk) balanceEvidence(out []Evidence, l *graph.Link) []Evidence {
	demanders := d.organisations.open(len(l.Targets))
	for _, t := range l.Targets {
		if o := d.organisationOf(t.Process); t.Counts() && !slices.Contains(demanders, o) {
			demanders = append(demanders, o)
		}
	}
	slices.Sort(demanders)
	for _, o := range demanders {
		for _, t := range l.Targets {
			if t.Counts() && d.organisationOf(t.Process) == o {
				out = append(out, Evidence{(*targetGround)(t)})
			}
		}
	}
	from := len(out)
	for _, h := range l.Holdings {
		if h.Counts() {
			out = append(out, Evidence{(*holdingGround)(h)})
		}
	}
	if t := largestHeld(l); t != nil && len(out) == from {
		out = append(out, Evidence{(*targetGround)(t)})
	}
	return out
}

// Bond is how a nation stands to another: how many capabilities it could receive and give, how many are asked of both, and how alike
// all that is asked of them is, from 0 to 1.
type Bond struct {
	Nation                  data.Nation
	Receives, Gives, Shared int
	Overlap                 data.Amount
}

// Bonds are the bonds that a finding of partners is about, the closest first.
func (f *Finding) Bonds() (out []Bond) {
	x, ok := f.wording.(*company)
	if !ok {
		return nil
	}
	for _, b := range x.bonds {
		out = append(out, Bond{b.nation, b.receives, b.gives, b.shared, b.overlap})
	}
	return out
}
