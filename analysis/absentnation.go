package analysis

import (
	"fmt"
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// AbsentNation tells which nations stay outside what most of their organisation does together.
var AbsentNation = &Analysis{
	Name:   "absent-nation",
	Report: Gap,
	Title:  "A nation stays outside what most others do together",
	Doc: `Half or more of an organisation's nations are inside one of its initiatives on a capability, and this nation, though it could be, is
in no initiative on that capability at all, whoever carries it. Only initiatives with a whole list of nations are asked: a nation
missing from a partial list may still be in it, so a partial list on the same capability is a caveat. Leads and members are inside;
observers and partners are not. One finding for each capability and organisation, with the nations in it.`,
	Formula: `i active on c, of o, its list complete or all-members, with #(M(i) ∩ members of o) ≥ inside × #(members of o)
absent = (members of o) \ (all nations in any active initiative on c), where some i is as above and absent is not empty`,
	Params:   []Param{{"inside", "share of the organisation's nations that are inside the initiative", data.One / 2}},
	Measures: []Column{{"absent", "nation"}, {"could be inside", "nation"}},
	Clause:   clause("capability with eligible nations outside", "capabilities with eligible nations outside"),
	Each:     absentNations,
}

func absentNations(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	for _, o := range p.Dataset.PlanningOrganisations() {
		if f, ok := p.absentNation(c, o); ok {
			out = append(out, f)
		}
	}
	return out
}

// absence is the nations that stay outside, and what the others are in.
type absence struct {
	data.CapabilityRow
	organisation     data.Organisation
	eligible, absent []data.Nation
	joined           []*graph.Initiative // of the organisation, with a whole list and enough of its nations inside
	partial          []*graph.Initiative // whose lists are
}

func (p *Pass) absentNation(c data.CapabilityRow, o data.Organisation) (Finding, bool) {
	if !yields(p.ActiveOn(c.Capability, p.AsOf())) {
		return Finding{}, false
	}
	x := &absence{CapabilityRow: c, organisation: o, eligible: p.Dataset.Members(o, p.AsOf())}
	inside := map[data.Nation]bool{}
	whole := 0
	for i := range p.ActiveOn(c.Capability, p.AsOf()) {
		members := i.Members(p.AsOf())
		for _, n := range members {
			inside[n] = true
		}
		switch {
		case i.Membership == data.Partial:
			x.partial = append(x.partial, i)
		case i.Organisation == o && i.Membership.Whole():
			whole++
			if p.reaches(len(inBoth(members, x.eligible)), "absent-nation.inside", len(x.eligible)) {
				x.joined = append(x.joined, i)
			}
		}
	}
	if whole == 0 && slices.ContainsFunc(x.partial, func(i *graph.Initiative) bool { return i.Organisation == o }) {
		p.NotAssessed("absent-nation", "only partial lists of nations are known of the organisation's initiatives", string(c.Capability)+" "+string(o))
	}
	x.absent = slices.DeleteFunc(slices.Clone(x.eligible), func(n data.Nation) bool { return inside[n] })
	if len(x.joined) == 0 || len(x.absent) == 0 {
		return Finding{}, false
	}
	f := Finding{
		Subject: []string{string(c.Capability), string(o)}, Capability: c.Capability, Nations: x.absent,
		Organisations: []data.Organisation{o}, Initiatives: codesOf(x.joined), Verdict: "absent", Severity: Low, Order: data.Count(len(x.absent)),
		Measures: []Measure{{"absent", data.Count(len(x.absent)), "nation"}, {"could be inside", data.Count(len(x.eligible)), "nation"}},
		wording:  x,
	}
	for _, i := range x.joined {
		f.Measures = append(f.Measures, Measure{"inside " + i.Initiative.Initiative, data.Count(len(x.members(p, i))), "nation"})
	}
	if slices.ContainsFunc(x.partial, func(i *graph.Initiative) bool { return len(x.maybeIn(p, i)) > 0 }) {
		f.Status = "some list is partial"
	}
	return f, true
}

// members are the organisation's nations in an initiative.
func (x *absence) members(p *Pass, i *graph.Initiative) []data.Nation {
	return inBoth(i.Members(p.AsOf()), x.eligible)
}

// maybeIn are the absent nations that an initiative with a partial list may have in it.
func (x *absence) maybeIn(p *Pass, i *graph.Initiative) []data.Nation {
	return slices.DeleteFunc(slices.Clone(x.absent), func(n data.Nation) bool { return !p.Dataset.Eligible(n, i.Organisation, p.AsOf()) })
}

// otherPart is the part that an absent nation has in something else on the capability; nil where it has none.
func (x *absence) otherPart(p *Pass, n data.Nation) (*graph.Initiative, *data.Participant) {
	for i := range p.ActiveOn(x.Capability, p.AsOf()) {
		if row := partOf(i, n, p.AsOf()); row != nil && i.Membership != data.Addressees {
			return i, row
		}
	}
	return nil, nil
}

func (x *absence) words(p *Pass, _ *Finding) (w Words) {
	nations := counted(len(x.eligible), "nation")
	var terms []string
	largest, most := x.joined[0], 0
	for _, i := range x.joined {
		in := len(x.members(p, i))
		if in > most {
			largest, most = i, in
		}
		terms = append(terms, fmt.Sprintf("%s has %d of the %s of %s inside, %s", i.Initiative.Initiative, in, nations, x.organisation,
			against(true, p.Param("absent-nation.inside"))))
	}
	table := Detail{Title: "Absent nations", Columns: []Column{{Name: "nation"}, {Name: "other part"}}}
	for _, n := range x.absent {
		part := "none"
		if i, row := x.otherPart(p, n); row != nil {
			part = string(row.Role) + " of " + i.Name
		}
		table.Rows = append(table.Rows, []string{p.Dataset.NationName(n), part})
	}
	w.Details = []Detail{table}
	for _, i := range x.partial {
		if could := x.maybeIn(p, i); len(could) > 0 {
			w.Caveats = append(w.Caveats, fmt.Sprintf("the list of %s is partial: it may have %s in it", i.Name, listed(could)))
		}
	}
	verb := "are"
	if len(x.absent) == 1 {
		verb = "is"
	}
	w.Summary = fmt.Sprintf("%s %s outside on %s, where %d of %s's %s are in %s.", nationsInWords(p, x.absent), verb, x.Name, most, x.organisation, nations, largest.Name)
	w.Explanation = fmt.Sprintf("%s. In no active initiative on %s at all: %s.", listed(terms), x.Name, listed(x.absent))
	return w
}

func (x *absence) evidence(p *Pass, out []Evidence) []Evidence {
	for _, i := range x.joined {
		out = append(out, workEvidence(x.Capability, i)...)
		for _, n := range x.members(p, i) {
			out = append(out, participantEvidence(i, inRole(i, n, p.AsOf()))...)
		}
	}
	for _, n := range x.absent {
		if i, row := x.otherPart(p, n); row != nil {
			out = append(out, participantEvidence(i, row)...)
		}
		out = append(out, p.membership(n, x.organisation)...)
	}
	for _, i := range x.partial {
		if len(x.maybeIn(p, i)) > 0 {
			out = append(out, workEvidence(x.Capability, i)...)
		}
	}
	return out
}

// membership is evidence that n is in o on the as-of date.
func (p *Pass) membership(n data.Nation, o data.Organisation) []Evidence {
	for i := range p.Dataset.Memberships {
		if m := &p.Dataset.Memberships[i]; m.Nation == n && m.Organisation == o && m.Period.Contains(p.AsOf()) {
			return membershipEvidence(m)
		}
	}
	return nil
}

// nationsInWords names up to three nations, and counts more.
func nationsInWords(p *Pass, nations []data.Nation) string {
	const most = 3
	if len(nations) > most {
		return counted(len(nations), "nation")
	}
	var names []string
	for _, n := range nations {
		names = append(names, p.Dataset.NationName(n))
	}
	return listed(names)
}
