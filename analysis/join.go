package analysis

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// Join tells a nation which initiatives it could join where it falls short or stands alone.
var Join = &Analysis{
	Name:   "join",
	Report: Complementarity,
	Title:  "Which initiatives a nation could join",
	Doc: `Active initiatives that the nation is eligible for and not in, on capabilities where it has a gap or is in no initiative. The deepest
gap comes first; among equals the initiative with most nations that it already works with in other active initiatives. Observers and
partners are not in. Laws, plans and funds cannot be joined, nor can what has all members of its organisation in it. Where a list of
nations is partial, the nation may already be in it, and the table says so. A gap that cannot be judged, because no supply is known,
counts as none: silence is not zero.`,
	Formula: `gap(n,c) = max over demands, the nation's own plan included, of (T − U) / T on the day when T − U is largest, where above 0
need(n,i) = max over c served by i, with gap(n,c) > 0 or n in no active initiative on c, of gap(n,c)
partners(n,i) = the nations in i with which n is in some active initiative
order: need, then partners, then the code of the initiative; the best five first`,
	Params:   []Param{{"best", "number of initiatives shown first", 5 * data.One}},
	Measures: []Column{{"initiatives", "initiative"}, {"capabilities with a gap", "capability"}, {"capabilities without an initiative", "capability"}, {"largest gap", "of 1"}, {"partners in the first", "nation"}},
	Clause:   clause("nation could join initiatives that it is not in", "nations could join initiatives that they are not in"),
	Run:      join,
}

// notJoined are the kinds of initiative that nations do not join.
var notJoined = []string{"law", "plan", "fund"}

// candidate is an initiative that a nation could join.
type candidate struct {
	*graph.Initiative
	needs    []need
	gap      data.Amount // the largest of the needs
	partners []data.Nation
	role     data.Role // observer or partner already
	maybeIn  bool      // the list is partial
}

// need is a capability on which the nation has a gap, or is in no initiative.
type need struct {
	capability data.Capability
	gap        data.Amount
	alone      bool
}

func (n need) String() string {
	switch {
	case n.gap > 0 && n.alone:
		return fmt.Sprintf("%s (gap %s, no initiative)", n.capability, n.gap)
	case n.gap > 0:
		return fmt.Sprintf("%s (gap %s)", n.capability, n.gap)
	}
	return fmt.Sprintf("%s (no initiative)", n.capability)
}

func join(ctx context.Context, p *Pass) ([]Finding, error) {
	t, found := p.table(), make([]Finding, len(p.Dataset.Nations))
	p.atDesks(len(found), func(p *Pass, next func() (int, bool)) {
		for i, ok := next(); ok && ctx.Err() == nil; i, ok = next() {
			if n := p.Dataset.Nations[i].Nation; p.Wanted(n) {
				found[i], _ = p.joinOf(n, t)
			}
		}
	})
	return slices.DeleteFunc(found, func(f Finding) bool { return f.wording == nil }), ctx.Err()
}

// parts is who is in which active initiative.
type parts struct {
	members map[*graph.Initiative][]data.Nation
	of      map[data.Nation][]*graph.Initiative // by code
}

func (p *Pass) table() parts {
	t := parts{map[*graph.Initiative][]data.Nation{}, map[data.Nation][]*graph.Initiative{}}
	for _, i := range p.Initiatives() {
		if !i.Active(p.AsOf()) {
			continue
		}
		t.members[i] = i.Members(p.AsOf())
		for _, n := range t.members[i] {
			t.of[n] = append(t.of[n], i)
		}
	}
	return t
}

func (p *Pass) joinOf(n data.Nation, t parts) (Finding, bool) {
	if !slices.ContainsFunc(p.Dataset.PlanningOrganisations(), func(o data.Organisation) bool { return p.Dataset.Member(n, o, p.AsOf()) }) {
		return Finding{}, false
	}
	known := map[data.Nation]bool{} // that n works with
	active := map[data.Capability]bool{}
	for _, i := range t.of[n] {
		for _, m := range t.members[i] {
			known[m] = true
		}
		for _, c := range i.Contributions {
			active[c.Capability] = true
		}
	}
	gaps := map[data.Capability]data.Amount{} // of capabilities that some initiative serves
	gapOn := func(c data.Capability) data.Amount {
		gap, known := gaps[c]
		if known {
			return gap
		}
		if l := p.Link(n, c); l != nil {
			gap = p.deepest(p.accountAt(l))
		}
		gaps[c] = gap
		return gap
	}
	var candidates []candidate
	for _, i := range p.Initiatives() {
		if !p.joinable(i, n, t) {
			continue
		}
		k := candidate{Initiative: i}
		for _, c := range i.Contributions {
			x := need{c.Capability, gapOn(c.Capability), !active[c.Capability]}
			if (x.gap > 0 || x.alone) && !slices.Contains(k.needs, x) {
				k.needs = append(k.needs, x)
				k.gap = max(k.gap, x.gap)
			}
		}
		if len(k.needs) == 0 {
			continue
		}
		for _, m := range t.members[i] {
			if known[m] {
				k.partners = append(k.partners, m)
			}
		}
		if part := partOf(i, n, p.AsOf()); part != nil {
			k.role = part.Role
		}
		k.maybeIn = k.role == "" && i.Membership == data.Partial
		candidates = append(candidates, k)
	}
	if len(candidates) == 0 {
		return Finding{}, false
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.gap, a.gap), cmp.Compare(len(b.partners), len(a.partners)))
	})
	return p.joinFinding(n, candidates), true
}

// joinable reports whether n could join i and is not in it.
func (p *Pass) joinable(i *graph.Initiative, n data.Nation, t parts) bool {
	if !i.Active(p.AsOf()) || !p.Dataset.Eligible(n, i.Organisation, p.AsOf()) {
		return false
	}
	if i.Membership == data.Addressees || i.Membership == data.AllMembers || slices.Contains(notJoined, data.Fold(i.Kind)) {
		return false
	}
	_, in := slices.BinarySearch(t.members[i], n)
	return !in
}

// deepest is the largest share of a demand that is missing on the day when most of it is; 0 where no supply is known.
func (p *Pass) deepest(a *Account) (share data.Amount) {
	for _, d := range a.demand {
		usable, known := a.Usable(d.organisation)
		if !known {
			continue
		}
		if short, day := Combine(excess, d.steps, usable).Peak(); short > 0 {
			share = max(share, data.Ratio(short, d.steps.At(day)))
		}
	}
	return share
}

// openings are the initiatives that a nation could join, the best first.
type openings struct {
	nation       data.Nation
	best, rest   []candidate
	short, alone int // capabilities with a gap, and without an initiative
}

func (p *Pass) joinFinding(n data.Nation, candidates []candidate) Finding {
	shown := min(len(candidates), int(p.Param("join.best")/data.One))
	x := &openings{nation: n, best: candidates[:shown], rest: candidates[shown:]}
	first := candidates[0]
	needs := map[data.Capability]need{}
	var all []*graph.Initiative
	for _, k := range candidates {
		for _, x := range k.needs {
			needs[x.capability] = x
		}
		all = append(all, k.Initiative)
	}
	for _, need := range needs {
		if need.gap > 0 {
			x.short++
		}
		if need.alone {
			x.alone++
		}
	}
	f := Finding{
		Subject: []string{string(n)}, Nations: []data.Nation{n}, Organisations: organisationsOf(all), Severity: Info, Order: first.gap, Verdict: "could join",
		Measures: []Measure{
			{"initiatives", data.Count(len(candidates)), ""}, {"capabilities with a gap", data.Count(x.short), ""},
			{"capabilities without an initiative", data.Count(x.alone), ""}, {"largest gap", first.gap, "share"}, {"partners in the first", data.Count(len(first.partners)), "nation"},
		},
		wording: x,
	}
	for _, k := range x.best {
		f.Initiatives = append(f.Initiatives, k.Initiative.Initiative.Initiative)
	}
	slices.Sort(f.Initiatives)
	return f
}

// first is the best of all; it is there even where none is to be shown.
func (x *openings) first() candidate { return slices.Concat(x.best, x.rest)[0] }

func (x *openings) words(p *Pass, _ *Finding) (w Words) {
	name, first := p.Dataset.NationName(x.nation), x.first()
	w.Details = []Detail{candidates("The best to join", x.best)}
	if len(x.rest) > 0 {
		w.Details = append(w.Details, candidates("Others", x.rest))
	}
	for _, k := range x.best {
		if k.maybeIn {
			w.Caveats = append(w.Caveats, fmt.Sprintf("the list of %s is partial: %s may already be in it", k.Name, name))
		}
	}
	why := "where it is in no initiative"
	if first.gap > 0 {
		why = "where it falls short"
	}
	w.Summary = fmt.Sprintf("%s could join %s on %s, %s; %s in it work with it already.", name, first.Name,
		p.Dataset.Capability(first.foremost()).Name, why, counted(len(first.partners), "nation"))
	w.Explanation = fmt.Sprintf("%s open to it on %s with a gap and %s without an initiative of its own. First is %s: need %s on %s; %s already with it in some active initiative: %s.",
		counted(len(x.best)+len(x.rest), "initiative"), counted(x.short, "capability"), counted(x.alone, "capability"), first.Initiative.Initiative.Initiative, first.gap, listed(first.needs),
		counted(len(first.partners), "nation"), listed(first.partners))
	return w
}

func (x *openings) evidence(p *Pass, out []Evidence) []Evidence {
	for _, o := range p.Dataset.PlanningOrganisations() {
		out = append(out, p.membership(x.nation, o)...)
	}
	var seen []data.Capability
	for _, k := range x.best {
		out = append(out, initiativeEvidence(k.Initiative)...)
		for _, n := range k.needs {
			out = append(out, contributionEvidence(k.Initiative, contributionsTo(k.Initiative, n.capability)...)...)
			if n.gap > 0 && !slices.Contains(seen, n.capability) {
				seen = append(seen, n.capability)
				out = append(out, p.accountEvidence(p.Account(x.nation, n.capability))...)
			}
		}
	}
	return out
}

// foremost is the capability of the deepest gap, the first of equals.
func (k candidate) foremost() data.Capability {
	return slices.MaxFunc(k.needs, func(a, b need) int { return cmp.Compare(a.gap, b.gap) }).capability
}

// candidates is a table of initiatives to join.
func candidates(title string, ks []candidate) Detail {
	d := Detail{Title: title, Columns: []Column{{Name: "initiative"}, {Name: "organisation"}, {"gap", "share"}, {"partners", "nation"}, {Name: "on"}, {Name: "note"}}}
	for _, k := range ks {
		note := ""
		switch {
		case k.role != "":
			note = string(k.role) + " already"
		case k.maybeIn:
			note = "may already be in it"
		}
		d.Rows = append(d.Rows, []string{k.Name, string(k.Organisation), k.gap.String(), fmt.Sprint(len(k.partners)), listed(k.needs), note})
	}
	return d
}

// accountEvidence is every record behind an account's demands and its usable supply.
func (p *Pass) accountEvidence(a *Account) (out []Evidence) {
	for _, d := range a.demand {
		out = a.pledgeEvidence(a.targetEvidence(out, d.organisation), d.organisation)
	}
	return a.heldEvidence(out)
}
