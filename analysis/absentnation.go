package analysis

import (
	"context"
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
	Params: []Param{{"inside", "share of the organisation's nations that are inside the initiative", data.One / 2}},
	Clause: clause("capability with eligible nations outside", "capabilities with eligible nations outside"),
	Run:    absentNations,
}

func absentNations(_ context.Context, p *Pass) ([]Finding, error) {
	var out []Finding
	for _, c := range p.Capabilities() {
		for _, o := range p.Dataset.PlanningOrganisations() {
			if f, ok := p.absentNation(c, o); ok {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

func (p *Pass) absentNation(c data.CapabilityRow, o data.Organisation) (Finding, bool) {
	eligible := p.Dataset.Members(o, p.AsOf())
	var joined []*graph.Initiative // of o, with a whole list and enough of its nations inside
	inside := map[data.Nation]bool{}
	whole, partial := 0, []*graph.Initiative(nil)
	for i := range p.ActiveOn(c.Capability, p.AsOf()) {
		members := i.Members(p.AsOf())
		for _, n := range members {
			inside[n] = true
		}
		switch {
		case i.Membership == data.Partial:
			partial = append(partial, i)
		case i.Organisation == o && i.Membership.Whole():
			whole++
			if p.reaches(len(inBoth(members, eligible)), "absent-nation.inside", len(eligible)) {
				joined = append(joined, i)
			}
		}
	}
	if whole == 0 && slices.ContainsFunc(partial, func(i *graph.Initiative) bool { return i.Organisation == o }) {
		p.NotAssessed("absent-nation", "only partial lists of nations are known of the organisation's initiatives", string(c.Capability)+" "+string(o))
	}
	absent := slices.DeleteFunc(slices.Clone(eligible), func(n data.Nation) bool { return inside[n] })
	if len(joined) == 0 || len(absent) == 0 {
		return Finding{}, false
	}
	f := Finding{
		Subject: []string{string(c.Capability), string(o)}, Capability: c.Capability, Nations: absent,
		Organisations: []data.Organisation{o}, Initiatives: codesOf(joined), Verdict: "absent", Severity: Low, Order: data.Count(len(absent)),
		Measures: []Measure{{"absent", data.Count(len(absent)), "nation"}, {"could be inside", data.Count(len(eligible)), "nation"}},
	}
	var terms []string
	largest, most := joined[0], 0
	for _, i := range joined {
		members := inBoth(i.Members(p.AsOf()), eligible)
		if len(members) > most {
			largest, most = i, len(members)
		}
		terms = append(terms, fmt.Sprintf("%s has %d of the %s of %s inside, %s", i.Initiative.Initiative, len(members), counted(len(eligible), "nation"), o,
			against(true, p.Param("absent-nation.inside"))))
		f.Measures = append(f.Measures, Measure{"inside " + i.Initiative.Initiative, data.Count(len(members)), "nation"})
		f.Evidence = append(f.Evidence, workEvidence(c.Capability, i)...)
		for _, n := range members {
			f.Evidence = append(f.Evidence, participantEvidence(i, inRole(i, n, p.AsOf()))...)
		}
	}
	table := Detail{Title: "Absent nations", Columns: []Column{{Name: "nation"}, {Name: "other part"}}}
	for _, n := range absent {
		part := "none"
		for i := range p.ActiveOn(c.Capability, p.AsOf()) {
			if row := partOf(i, n, p.AsOf()); row != nil && i.Membership != data.Addressees {
				part = string(row.Role) + " of " + i.Name
				f.Evidence = append(f.Evidence, participantEvidence(i, row)...)
				break
			}
		}
		table.Rows = append(table.Rows, []string{p.Dataset.NationName(n), part})
		f.Evidence = append(f.Evidence, p.membership(n, o)...)
	}
	f.Details = []Detail{table}
	for _, i := range partial {
		could := slices.DeleteFunc(slices.Clone(absent), func(n data.Nation) bool { return !p.Dataset.Eligible(n, i.Organisation, p.AsOf()) })
		if len(could) > 0 {
			f.Status = "some list is partial"
			f.Caveats = append(f.Caveats, fmt.Sprintf("the list of %s is partial: it may have %s in it", i.Name, listed(could)))
			f.Evidence = append(f.Evidence, workEvidence(c.Capability, i)...)
		}
	}
	verb := "are"
	if len(absent) == 1 {
		verb = "is"
	}
	f.Summary = fmt.Sprintf("%s %s outside on %s, where %d of %s's %s are in %s.", nationsInWords(p, absent), verb, c.Name, most, o, counted(len(eligible), "nation"), largest.Name)
	f.Explanation = fmt.Sprintf("%s. In no active initiative on %s at all: %s.", listed(terms), c.Name, listed(absent))
	return f, true
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
