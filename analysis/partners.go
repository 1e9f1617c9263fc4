package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"

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
	shared           int         // capabilities asked of both
}

func (b bond) overlap() data.Amount {
	if b.together == 0 {
		return 0
	}
	return data.Ratio(b.common, b.together)
}

// book is what each nation has to spare and is asked for of each capability: by the numbers of the nations in the vocabulary, in the order
// of the scope's capabilities.
type book [][]entry

type entry struct {
	balance  data.Amount // 0 where it is not known
	quantity data.Amount // q(n,c)
}

// newBook has no entries.
func (p *Pass) newBook() book {
	out := make(book, len(p.Dataset.Nations))
	for i := range out {
		out[i] = make([]entry, len(p.Capabilities()))
	}
	return out
}

// enter enters the accounts of the capability at a place, but for those of nations that the vocabulary does not have.
func (in book) enter(place int, accounts []*Account) {
	var largest data.Amount
	for _, a := range accounts {
		largest = max(largest, a.peakTotal)
	}
	for _, a := range accounts {
		if a.number < 0 {
			continue
		}
		e := &in[a.number][place]
		if a.balanced {
			e.balance = a.balance.amount
		}
		if a.peakTotal > 0 {
			e.quantity = portion(a.peakTotal, largest)
		}
	}
}

func partners(ctx context.Context, p *Pass) ([]Finding, error) {
	nations := p.Dataset.Nations
	bonds := make([][]bond, len(nations)) // of each nation with each
	for i := range bonds {
		bonds[i] = make([]bond, len(nations))
	}
	err := parallel(ctx, len(nations), func(i int) error {
		for k := i + 1; k < len(nations); k++ {
			if p.Wanted(nations[i].Nation) || p.Wanted(nations[k].Nation) {
				b := p.book.bond(i, k)
				b.nation = nations[k].Nation
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

// bond is what ties a nation to another, by their numbers.
func (in book) bond(nation, other int) bond {
	b, own := bond{number: other}, in[nation]
	theirs := in[other][:len(own)]
	for i := range own {
		mine, theirs := &own[i], &theirs[i]
		switch {
		case mine.balance < 0 && theirs.balance > 0:
			b.receives++
		case mine.balance > 0 && theirs.balance < 0:
			b.gives++
		}
		q, r := mine.quantity, theirs.quantity
		b.common += min(q, r)
		b.together += max(q, r)
		if q > 0 && r > 0 {
			b.shared++
		}
	}
	return b
}

// company is a nation's bonds with others, the closest first.
type company struct {
	nation data.Nation
	bonds  []bond
	own    []entry // of the book
	best   []entry // of the closest
}

// partnersOf makes a finding of the bonds of the nation of a number with each, if there is anything to them.
func (p *Pass) partnersOf(number int, bonds []bond) (Finding, bool) {
	n := p.Dataset.Nations[number].Nation
	x := &company{nation: n, own: p.book[number]}
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
			cmp.Compare(b.overlap(), a.overlap()), cmp.Compare(a.nation, b.nation))
	})
	best := x.bonds[0]
	x.best = p.book[best.number]
	f := Finding{
		Subject: []string{string(n)}, Nations: []data.Nation{n}, Verdict: "complement", Severity: Info, Order: data.Count(best.receives + best.gives),
		Measures: []Measure{
			{"could give it", data.Count(best.receives), "capability"}, {"it could give", data.Count(best.gives), "capability"},
			{"overlap", best.overlap(), ""},
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
		if mine.balance < 0 && x.best[i].balance > 0 {
			each(i, best, x.nation)
		}
	}
	for i, mine := range x.own {
		if mine.balance > 0 && x.best[i].balance < 0 {
			each(i, x.nation, best)
		}
	}
}

func (x *company) words(p *Pass, _ *Finding) (w Words) {
	best := x.bonds[0]
	name, other := p.Dataset.NationName(x.nation), p.Dataset.NationName(best.nation)
	table := Detail{Title: "Other nations", Columns: []Column{{Name: "nation"}, {"could give it", "capability"}, {"it could give", "capability"}, {"asked of both", "capability"}, {"overlap", "share"}}}
	for _, b := range x.bonds {
		table.Rows = append(table.Rows, []string{p.Dataset.NationName(b.nation), fmt.Sprint(b.receives), fmt.Sprint(b.gives), fmt.Sprint(b.shared), b.overlap().String()})
	}
	w.Details = []Detail{table}
	capabilities := Detail{Title: "With " + other, Columns: []Column{{Name: "capability"}, {Name: "direction"}, {Name: "surplus"}, {Name: "deficit"}}}
	x.exchanges(func(i int, giver, receiver data.Nation) {
		c := p.Capabilities()[i]
		surplus, deficit := x.own[i].balance, -x.best[i].balance
		if receiver == x.nation {
			surplus, deficit = -deficit, -surplus
		}
		capabilities.Rows = append(capabilities.Rows, []string{c.Name, string(giver) + " → " + string(receiver), data.Units(surplus, c.Unit), data.Units(deficit, c.Unit)})
	})
	if len(capabilities.Rows) > 0 {
		w.Details = append(w.Details, capabilities)
		w.Summary = fmt.Sprintf("%s and %s complement each other most: %s could come, %s could go.", name, other,
			counted(best.receives, "capability"), counted(best.gives, "capability"))
	} else {
		w.Summary = fmt.Sprintf("%s has no partner for a transfer; %s is asked for what is most alike (overlap %s).", name, other, best.overlap())
	}
	w.Explanation = fmt.Sprintf("With %s: %d capabilities with a surplus there and a deficit here, %d the other way. Σ min(q) / Σ max(q) = %s / %s = %s over %s asked of both.",
		other, best.receives, best.gives, best.common/data.One, best.together/data.One, best.overlap(), counted(best.shared, "capability"))
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
		out = append(out, Bond{b.nation, b.receives, b.gives, b.shared, b.overlap()})
	}
	return out
}
