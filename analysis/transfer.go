package analysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"deconflict/data"
)

// Transfer tells which nations' lasting surplus could meet which nations' deficit.
var Transfer = &Analysis{
	Name:   "transfer",
	Report: Complementarity,
	Title:  "What one nation has to spare meets what another lacks",
	Doc: `A nation's balance is what it holds less what is asked of it, on its worst day: a surplus is always there, a deficit is the
deepest. What is asked is the sum over organisations, or the nation's own plan where that is higher. Nations whose holdings are not
known, or of whom no demand is known, take no part: an unknown demand makes no surplus. Surpluses and deficits are paired largest
first; that moves as much in total as can be moved.`,
	Formula: `balance(n,c) = min over t of A(n,c,t) − max(Σo T(n,c,o,t), own plan(n,c,t))
givers balance > 0, receivers balance < 0, each by size and then code; the first of each move min(rest, rest) until one side is empty`,
	Clause: clause("capability where one nation's surplus meets another's shortfall", "capabilities where one nation's surplus meets another's shortfall"),
	Run:    transfers,
}

// move is an amount that one nation could give another.
type move struct {
	from, to data.Nation
	amount   data.Amount
}

// balance is a nation's surplus or deficit of a capability, with the day, the holdings and the demand of which it is made.
type balance struct {
	account      *Account
	amount       data.Amount
	day          data.Date
	held, demand data.Amount
	short        data.Period // when demand exceeds holdings
}

// balance is known where holdings and some demand are.
func (a *Account) balance() (b balance, known bool) {
	if !a.HeldKnown || len(a.demand) == 0 {
		return balance{}, false
	}
	demand := Combine(highest, a.TotalDemand(), a.Demand(OwnPlan))
	if peak, _ := demand.Peak(); peak <= 0 {
		return balance{}, false
	}
	left := Combine(excess, a.Held, demand)
	b = balance{account: a, short: Combine(excess, demand, a.Held).Span()}
	b.amount, b.day = left.Low()
	b.held, b.demand = a.Held.At(b.day), demand.At(b.day)
	return b, true
}

// balances are the known balances of one capability, by nation.
func (p *Pass) balances(c data.Capability) (out []balance) {
	for l := range p.Links(c) {
		if b, known := p.accounts[l.Index].balance(); known {
			out = append(out, b)
		}
	}
	return out
}

// pairLargestFirst matches surpluses to deficits, the largest rest of each as sorted at the start.
func pairLargestFirst(bs []balance) (moves []move) {
	type side struct {
		nation data.Nation
		rest   data.Amount
	}
	var givers, receivers []side
	for _, b := range bs {
		switch {
		case b.amount > 0:
			givers = append(givers, side{b.account.Nation, b.amount})
		case b.amount < 0:
			receivers = append(receivers, side{b.account.Nation, -b.amount})
		}
	}
	largest := func(a, b side) int { return cmp.Or(cmp.Compare(b.rest, a.rest), cmp.Compare(a.nation, b.nation)) }
	slices.SortFunc(givers, largest)
	slices.SortFunc(receivers, largest)
	for len(givers) > 0 && len(receivers) > 0 {
		g, r := &givers[0], &receivers[0]
		amount := min(g.rest, r.rest)
		moves = append(moves, move{g.nation, r.nation, amount})
		g.rest -= amount
		r.rest -= amount
		if g.rest == 0 {
			givers = givers[1:]
		}
		if r.rest == 0 {
			receivers = receivers[1:]
		}
	}
	return moves
}

func transfers(_ context.Context, p *Pass) ([]Finding, error) {
	var out []Finding
	for _, c := range p.Capabilities() {
		bs := p.balances(c.Capability)
		concerned := slices.ContainsFunc(bs, func(b balance) bool { return b.amount != 0 && p.Wanted(b.account.Nation) })
		if moves := pairLargestFirst(bs); concerned && len(moves) > 0 {
			out = append(out, p.transfer(c, bs, moves))
		}
	}
	return out, nil
}

func (p *Pass) transfer(c data.CapabilityRow, bs []balance, moves []move) Finding {
	f := Finding{Subject: []string{string(c.Capability)}, Capability: c.Capability, Verdict: "surplus meets deficit"}
	var surplus, deficit, moved, largest, demand data.Amount
	var arithmetic []string
	balances := Detail{Title: "Balances", Columns: []Column{{Name: "nation"}, {Name: "worst day"}, {"held", c.Unit}, {"asked", c.Unit}, {"balance", c.Unit}}}
	for _, b := range bs {
		a := b.account
		if b.amount == 0 {
			continue
		}
		f.Nations = append(f.Nations, a.Nation)
		f.Evidence = append(f.Evidence, a.heldEvidence()...)
		for _, d := range a.demand {
			f.Evidence = append(f.Evidence, targetEvidence(a.targetsOf(p.Dataset, d.organisation)...)...)
			if d.organisation != OwnPlan && !slices.Contains(f.Organisations, d.organisation) {
				f.Organisations = append(f.Organisations, d.organisation)
			}
		}
		balances.Rows = append(balances.Rows, []string{p.Dataset.NationName(a.Nation), b.day.String(), b.held.String(), b.demand.String(), b.amount.String()})
		arithmetic = append(arithmetic, fmt.Sprintf("%s %s − %s = %s", a.Nation, b.held, b.demand, b.amount))
		if b.amount > 0 {
			surplus += b.amount
			largest = max(largest, b.amount)
			continue
		}
		deficit -= b.amount
		demand += b.demand
		if f.From == 0 || b.short.From < f.From {
			f.From = b.short.From
		}
	}
	slices.Sort(f.Organisations)
	pairs := Detail{Title: "Who could give to whom", Columns: []Column{{Name: "from"}, {Name: "to"}, {"amount", c.Unit}}}
	var said []string
	for _, m := range moves {
		moved += m.amount
		pairs.Rows = append(pairs.Rows, []string{p.Dataset.NationName(m.from), p.Dataset.NationName(m.to), m.amount.String()})
		said = append(said, fmt.Sprintf("%s → %s %s", m.from, m.to, m.amount))
	}
	f.Details = []Detail{pairs, balances}
	f.Measures = []Measure{{"could move", moved, c.Unit}, {"surplus", surplus, c.Unit}, {"deficit", deficit, c.Unit}}
	f.Score = &Score{Short: moved, Demand: demand, Share: data.Ratio(largest, surplus), From: f.From}
	f.Order = data.Ratio(moved, deficit)
	f.Summary = fmt.Sprintf("%s: %s of a deficit of %s could come from other nations' surplus, first %s from %s to %s.",
		c.Name, data.Units(moved, c.Unit), deficit, moves[0].amount, p.Dataset.NationName(moves[0].from), p.Dataset.NationName(moves[0].to))
	f.Explanation = fmt.Sprintf("Balances on each nation's worst day, A − demand: %s. Paired largest first: %s. min(surplus %s, deficit %s) = %s.",
		strings.Join(arithmetic, "; "), strings.Join(said, "; "), surplus, deficit, data.Units(moved, c.Unit))
	return f
}
