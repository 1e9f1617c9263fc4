package analysis

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"

	"deconflict/data"
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
	Clause: clause("nation has possible partners", "nations have possible partners"),
	Run:    partners,
}

// bond is what ties one nation to another: capabilities it could receive and give, and the likeness of demands.
type bond struct {
	nation           data.Nation
	receives, gives  []data.Capability
	common, together data.Amount // Σ min and Σ max of q
	shared           int         // capabilities asked of both
}

func (b bond) overlap() data.Amount {
	if b.together == 0 {
		return 0
	}
	return data.Ratio(b.common, b.together)
}

func partners(ctx context.Context, p *Pass) ([]Finding, error) {
	balances := map[data.Nation]map[data.Capability]balance{}
	demands := map[data.Nation]map[data.Capability]data.Amount{}
	for _, c := range p.Capabilities() {
		for _, b := range p.balances(c.Capability) {
			put(balances, b.account.Nation, c.Capability, b)
		}
		var largest data.Amount
		peaks := map[data.Nation]data.Amount{}
		for _, a := range p.Accounts(c.Capability) {
			peak, _ := a.TotalDemand().Peak()
			peaks[a.Nation] = peak
			largest = max(largest, peak)
		}
		for n, peak := range peaks {
			if peak > 0 {
				put(demands, n, c.Capability, portion(peak, largest))
			}
		}
	}
	var out []Finding
	for _, n := range p.Dataset.Nations {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !p.Wanted(n.Nation) {
			continue
		}
		if f, ok := p.partnersOf(n.Nation, balances, demands); ok {
			out = append(out, f)
		}
	}
	return out, nil
}

func put[V any](m map[data.Nation]map[data.Capability]V, n data.Nation, c data.Capability, v V) {
	if m[n] == nil {
		m[n] = map[data.Capability]V{}
	}
	m[n][c] = v
}

func (p *Pass) partnersOf(n data.Nation, balances map[data.Nation]map[data.Capability]balance, demands map[data.Nation]map[data.Capability]data.Amount) (Finding, bool) {
	var bonds []bond
	for _, m := range p.Dataset.Nations {
		if m.Nation == n {
			continue
		}
		b := bond{nation: m.Nation}
		for _, c := range p.Capabilities() {
			mine, theirs := balances[n][c.Capability].amount, balances[m.Nation][c.Capability].amount
			switch {
			case mine < 0 && theirs > 0:
				b.receives = append(b.receives, c.Capability)
			case mine > 0 && theirs < 0:
				b.gives = append(b.gives, c.Capability)
			}
			q, r := demands[n][c.Capability], demands[m.Nation][c.Capability]
			b.common += min(q, r)
			b.together += max(q, r)
			if q > 0 && r > 0 {
				b.shared++
			}
		}
		if len(b.receives)+len(b.gives) > 0 || b.common > 0 {
			bonds = append(bonds, b)
		}
	}
	if len(bonds) == 0 {
		return Finding{}, false
	}
	slices.SortFunc(bonds, func(a, b bond) int {
		return cmp.Or(cmp.Compare(len(b.receives)+len(b.gives), len(a.receives)+len(a.gives)), cmp.Compare(len(b.receives), len(a.receives)),
			cmp.Compare(b.overlap(), a.overlap()), cmp.Compare(a.nation, b.nation))
	})
	table := Detail{Title: "Other nations", Columns: []Column{{Name: "nation"}, {"could give it", "capability"}, {"it could give", "capability"}, {"asked of both", "capability"}, {"overlap", "share"}}}
	f := Finding{Subject: []string{string(n)}, Nations: []data.Nation{n}, Verdict: "complement", Severity: Info, Order: data.Count(len(bonds[0].receives) + len(bonds[0].gives))}
	for _, b := range bonds {
		table.Rows = append(table.Rows, []string{p.Dataset.NationName(b.nation), fmt.Sprint(len(b.receives)), fmt.Sprint(len(b.gives)), fmt.Sprint(b.shared), b.overlap().String()})
	}
	best := bonds[0]
	capabilities := Detail{Title: "With " + p.Dataset.NationName(best.nation), Columns: []Column{{Name: "capability"}, {Name: "direction"}, {Name: "surplus"}, {Name: "deficit"}}}
	line := func(c data.Capability, giver, receiver data.Nation) {
		unit := p.Dataset.Capability(c).Unit
		capabilities.Rows = append(capabilities.Rows, []string{p.Dataset.Capability(c).Name, string(giver) + " → " + string(receiver),
			data.Units(balances[giver][c].amount, unit), data.Units(-balances[receiver][c].amount, unit)})
		for _, who := range []data.Nation{giver, receiver} {
			f.Evidence = append(f.Evidence, p.balanceEvidence(balances[who][c].account)...)
		}
	}
	for _, c := range best.receives {
		line(c, best.nation, n)
	}
	for _, c := range best.gives {
		line(c, n, best.nation)
	}
	f.Details = []Detail{table}
	if len(capabilities.Rows) > 0 {
		f.Details = append(f.Details, capabilities)
	}
	for l := range p.NationLinks(n) {
		f.Evidence = append(f.Evidence, p.balanceEvidence(p.accounts[l.Index])...)
	}
	f.Measures = []Measure{
		{"could give it", data.Count(len(best.receives)), "capability"}, {"it could give", data.Count(len(best.gives)), "capability"},
		{"overlap", best.overlap(), ""},
	}
	name, other := p.Dataset.NationName(n), p.Dataset.NationName(best.nation)
	if len(best.receives)+len(best.gives) > 0 {
		f.Summary = fmt.Sprintf("%s and %s complement each other most: %s could come, %s could go.", name, other,
			counted(len(best.receives), "capability"), counted(len(best.gives), "capability"))
	} else {
		f.Verdict = "alike"
		f.Summary = fmt.Sprintf("%s has no partner for a transfer; %s is asked for what is most alike (overlap %s).", name, other, best.overlap())
	}
	f.Explanation = fmt.Sprintf("With %s: %d capabilities with a surplus there and a deficit here, %d the other way. Σ min(q) / Σ max(q) = %s / %s = %s over %s asked of both.",
		other, len(best.receives), len(best.gives), best.common/data.One, best.together/data.One, best.overlap(), counted(best.shared, "capability"))
	return f, true
}

// portion is a/b in millionths of millionths, rounded down; a is at most b. Portions of small demands are added up and divided by each
// other: with fewer digits their likeness would be off in the last ones that are shown.
func portion(a, b data.Amount) data.Amount {
	hi, lo := bits.Mul64(uint64(a), uint64(data.One*data.One))
	q, _ := bits.Div64(hi, lo, uint64(b))
	return data.Amount(q)
}

// balanceEvidence is every record behind an account's balance.
func (p *Pass) balanceEvidence(a *Account) (out []Evidence) {
	for _, d := range a.demand {
		out = append(out, targetEvidence(a.targetsOf(p.Dataset, d.organisation)...)...)
	}
	return append(out, a.heldEvidence()...)
}
