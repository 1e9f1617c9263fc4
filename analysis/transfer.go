package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"deconflict/data"
	"deconflict/graph"
)

// Transfer tells which nations' lasting surplus could meet which nations' deficit.
var Transfer = &Analysis{
	Name:   "transfer",
	Report: Complementarity,
	Title:  "What one nation has to spare meets what another lacks",
	Doc: `A nation's balance is what it holds less what is asked of it, on its worst day: a surplus is always there, a deficit is the
deepest. What is asked is the sum over organisations, or the nation's own plan where that is higher. Nations whose holdings are not
known, or of whom no demand is known, take no part: an unknown demand makes no surplus. As much is moved in total as can be moved; of
all such plans one is shown that moves most between nations which are together in an active initiative on the capability, and then
most between those which are together in one on another capability of its area. It has few moves, large ones first.`,
	Formula: `balance(n,c) = min over t of A(n,c,t) − max(Σo T(n,c,o,t), own plan(n,c,t))
givers balance > 0, receivers balance < 0; x(i,j) ≥ 0 from giver i to receiver j, no more than each balance
maximise Σ x; then Σ x over pairs in an active initiative on c; then Σ x over pairs in one in its area; at most givers + receivers − 1 moves`,
	Measures: []Column{{Name: "could move"}, {Name: "surplus"}, {Name: "deficit"}, {Name: "between nations together on it"}, {Name: "between nations together in its area"}},
	Clause:   clause("capability where one nation's surplus meets another's shortfall", "capabilities where one nation's surplus meets another's shortfall"),
	Each:     transfers,
}

// balance is a nation's surplus or deficit of a capability, with the day, the holdings and the demand of which it is made.
type balance struct {
	account      *Account
	amount       data.Amount
	day          data.Date
	held, demand data.Amount
	short        data.Period // when demand exceeds holdings
}

// weigh finds the balance of an account. It is known where holdings and some demand are.
func (d *desk) weigh(a *Account) {
	if !a.HeldKnown || a.peakAsked <= 0 {
		return
	}
	b := &a.balance
	b.account, a.balanced = a, true
	var short spanning
	if len(a.Held) == 1 && a.peakAsked <= a.Held[0].Value { // it is never short
		_, day := a.asked.Peak()
		held := a.Held[0].Value
		b.amount, b.day, b.held, b.demand = held-a.peakAsked, day, held, a.peakAsked
		return
	}
	days := d.days(a.asked, a.Held)
	least, held, day := data.Amount(math.MaxInt64), data.Amount(0), data.Date(0)
	for i := range days { // without branches, as in spanning
		on := &days[i]
		left := on.y - on.x
		if left < least {
			least, held, day = left, on.y, on.day
		}
		short = short.and(on.day, left < 0)
	}
	b.amount, b.day, b.held, b.demand, b.short = least, day, held, held-least, short.Period
}

// Balance is what the nation holds less what is asked of it on its worst day, as in transfer, with that day, and what it holds then.
// known is false where holdings or demand are not.
func (a *Account) Balance() (left, held data.Amount, worst data.Date, known bool) {
	return a.balance.amount, a.balance.held, a.balance.day, a.balanced
}

// pairs are nations that are together in an initiative, with the first such initiative by code.
type pairs map[[2]data.Nation]*graph.Initiative

// inOne pairs the nations that are in one of some initiatives on the as-of date.
func (p *Pass) inOne(of []*graph.Initiative) pairs {
	if len(of) == 0 {
		return nil
	}
	out := pairs{}
	for _, i := range of {
		members := i.Members(p.AsOf())
		for _, a := range members {
			for _, b := range members {
				if k := [2]data.Nation{a, b}; out[k] == nil {
					out[k] = i
				}
			}
		}
	}
	return out
}

// cooperation is which nations already work together for a capability: in initiatives on it, and in others of its area.
type cooperation struct{ on, inArea pairs }

// between is how close two nations are, and by which initiative.
func (c cooperation) between(a, b data.Nation) (closeness, *graph.Initiative) {
	k := [2]data.Nation{a, b}
	switch {
	case c.on[k] != nil:
		return together, c.on[k]
	case c.inArea[k] != nil:
		return nearby, c.inArea[k]
	}
	return apart, nil
}

// activeIn are the initiatives that serve any capability of an area and run on the as-of date.
func (p *Pass) activeIn(area data.Area) (out []*graph.Initiative) {
	for _, i := range p.Initiatives() {
		if i.Active(p.AsOf()) && slices.ContainsFunc(i.Contributions, func(k *data.Contribution) bool { return p.Dataset.Capability(k.Capability).Area == area }) {
			out = append(out, i)
		}
	}
	return out
}

// match pairs the surpluses among balances with the deficits.
func (d *desk) match(bs []balance, c cooperation) []move {
	givers, receivers := d.givers[:0], d.receivers[:0]
	for _, b := range bs {
		if b.amount > 0 {
			givers = append(givers, side{b.account.Nation, b.amount})
		} else {
			receivers = append(receivers, side{b.account.Nation, -b.amount})
		}
	}
	d.givers, d.receivers = givers, receivers
	room := d.moves.open(len(bs))
	if len(c.on) == 0 && len(c.inArea) == 0 { // nobody is near to anybody
		t := newTransportation(givers, receivers)
		return d.moves.close(t.largestFirst(room))
	}
	return d.moves.close(transport(givers, receivers, func(from, to data.Nation) closeness {
		near, _ := c.between(from, to)
		return near
	}, room))
}

// pairsByArea are the nations that are together in something on each area: made once, for all capabilities of the area.
type pairsByArea struct {
	mu sync.Mutex
	of map[data.Area]pairs
}

// pairsIn are the nations that are together in something that serves an area.
func (p *Pass) pairsIn(area data.Area) pairs {
	p.near.mu.Lock()
	defer p.near.mu.Unlock()
	of, made := p.near.of[area]
	if !made {
		of = p.inOne(p.activeIn(area))
		p.near.of[area] = of
	}
	return of
}

func transfers(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	accounts, wanted := p.Accounts(c.Capability), false
	bs := p.desk.balances.open(len(accounts))
	for _, a := range accounts {
		if a.balanced && a.balance.amount != 0 {
			bs = append(bs, a.balance)
			wanted = wanted || p.Wanted(a.Nation)
		}
	}
	if !wanted {
		return out
	}
	x := p.desk.exchanges.one()
	x.CapabilityRow, x.balances = c, p.desk.balances.close(bs)
	x.close = cooperation{p.inOne(slices.Collect(p.ActiveOn(c.Capability, p.AsOf()))), p.pairsIn(c.Area)}
	if x.moves = p.desk.match(x.balances, x.close); len(x.moves) == 0 {
		return out
	}
	return append(out, x.finding(p.desk))
}

// exchange is who has more and who has less than is asked of it, and a plan of who could give to whom.
type exchange struct {
	data.CapabilityRow
	balances []balance // other than 0
	moves    []move
	close    cooperation

	surplus, deficit, moved data.Amount
	amounts                 [apart + 1]data.Amount // moved, by how close the two are
}

func (x *exchange) finding(k *desk) Finding {
	f := Finding{Subject: k.subjects.of(string(x.Capability)), Capability: x.Capability, Verdict: "surplus meets deficit", wording: x}
	var largest, demand data.Amount
	nations, organisations := k.nations.open(len(x.balances)), k.organisations.open(len(k.asking))
	for _, b := range x.balances {
		nations = append(nations, b.account.Nation)
		for i := range b.account.demand {
			if o := b.account.demand[i].organisation; o != OwnPlan && !slices.Contains(organisations, o) {
				organisations = append(organisations, o)
			}
		}
		if b.amount > 0 {
			x.surplus += b.amount
			largest = max(largest, b.amount)
			continue
		}
		x.deficit -= b.amount
		demand += b.demand
		if f.From == 0 || b.short.From < f.From {
			f.From = b.short.From
		}
	}
	slices.Sort(organisations)
	f.Nations, f.Organisations = k.nations.close(nations), k.organisations.close(organisations)
	moves := k.plans.open(len(x.moves))
	for _, m := range x.moves {
		near, by := x.close.between(m.from, m.to)
		move := Move{From: m.from, To: m.to, Amount: m.amount}
		if by != nil {
			move.Together, move.Nearby = by.Initiative.Initiative, near == nearby
		}
		moves = append(moves, move)
		x.moved += m.amount
		x.amounts[near] += m.amount
	}
	f.Moves = k.plans.close(moves)
	f.Measures = k.measures.of(
		Measure{"could move", x.moved, x.Unit}, Measure{"surplus", x.surplus, x.Unit}, Measure{"deficit", x.deficit, x.Unit},
		Measure{"between nations together on it", x.amounts[together], x.Unit}, Measure{"between nations together in its area", x.amounts[nearby], x.Unit},
	)
	f.Score = k.score(x.moved, demand, data.Ratio(largest, x.surplus), f.From)
	f.Order = data.Ratio(x.moved, x.deficit)
	return f
}

func (x *exchange) words(p *Pass, _ *Finding) (w Words) {
	var arithmetic, said []string
	balances := Detail{Title: "Balances", Columns: []Column{{Name: "nation"}, {Name: "worst day"}, {"held", x.Unit}, {"asked", x.Unit}, {"balance", x.Unit}}}
	for _, b := range x.balances {
		balances.Rows = append(balances.Rows, []string{p.Dataset.NationName(b.account.Nation), b.day.String(), b.held.String(), b.demand.String(), b.amount.String()})
		arithmetic = append(arithmetic, fmt.Sprintf("%s %s − %s = %s", b.account.Nation, b.held, b.demand, b.amount))
	}
	plan := Detail{Title: "Who could give to whom", Columns: []Column{{Name: "from"}, {Name: "to"}, {"amount", x.Unit}, {Name: "together in"}}}
	for _, m := range x.moves {
		in := ""
		if near, by := x.close.between(m.from, m.to); by != nil {
			in = by.Name
			if near == nearby {
				in += " (same area)"
			}
		}
		plan.Rows = append(plan.Rows, []string{p.Dataset.NationName(m.from), p.Dataset.NationName(m.to), m.amount.String(), in})
		said = append(said, fmt.Sprintf("%s → %s %s", m.from, m.to, m.amount))
	}
	w.Details = []Detail{plan, balances}
	first := x.moves[0]
	w.Summary = fmt.Sprintf("%s: %s of a deficit of %s could come from other nations' surplus, first %s from %s to %s.",
		x.Name, data.Units(x.moved, x.Unit), x.deficit, first.amount, p.Dataset.NationName(first.from), p.Dataset.NationName(first.to))
	w.Explanation = fmt.Sprintf("Balances on each nation's worst day, A − demand: %s. Moves: %s. min(surplus %s, deficit %s) = %s, of which %s between nations together on it and %s in its area.",
		strings.Join(arithmetic, "; "), strings.Join(said, "; "), x.surplus, x.deficit, data.Units(x.moved, x.Unit), x.amounts[together], x.amounts[nearby])
	return w
}

func (x *exchange) beside(to []Evidence) []Evidence {
	for _, m := range x.moves {
		if _, by := x.close.between(m.from, m.to); by != nil {
			to = append(to, initiativeEvidence(by)...)
		}
	}
	return to
}

func (x *exchange) evidence(p *Pass, out []Evidence) []Evidence {
	for _, b := range x.balances {
		out = b.account.heldEvidence(out)
		for _, d := range b.account.demand {
			out = b.account.targetEvidence(out, d.organisation)
		}
	}
	for _, m := range x.moves {
		if _, by := x.close.between(m.from, m.to); by != nil {
			out = append(out, initiativeEvidence(by)...)
		}
	}
	return out
}
