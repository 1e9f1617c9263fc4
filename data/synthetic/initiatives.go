package synthetic

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"deconflict/data"
)

// scheme is a pattern of one or two initiatives on the capabilities of one role. Each area has all of them, in regions that
// differ, so that communities of nations form.
type scheme struct {
	role     string // of the capabilities that they serve
	relation data.RelationKind
	parties  []party // a relation runs from the first to the second
}

// party is one initiative of a scheme.
type party struct {
	organisation data.Organisation
	kind         string
	noun         string
	means        string
	beneficiary  string
	membership   data.Completeness
	wide         bool // three nations of four, rather than those of one region
	ended        bool
}

// schemes climb the ladder of initiative-overlap, and then show what else initiatives can.
var schemes = []scheme{
	{"contested", "", []party{ // duplication, live
		{data.NATO, "unit", "Pool", "provide train", "civil-population", data.Complete, false, false},
		{data.EU, "project", "Project", "provide train", "civil-population", data.Complete, false, false},
	}},
	{"matched", data.DistinctMandate, []party{ // duplication, managed; both serve nearly the same own members
		{data.NATO, "centre", "Centre", "coordinate procedure", data.OwnMembers, data.Complete, false, false},
		{data.EU, "network", "Network", "coordinate procedure", data.OwnMembers, data.Complete, false, false},
	}},
	{"wanting", data.MergedInto, []party{ // duplication, resolved: one ended into the other
		{data.NATO, "unit", "Cell", "provide coordinate", "eu-missions", data.Complete, false, true},
		{data.EU, "command", "Command", "provide coordinate", "eu-missions", data.Complete, false, false},
	}},
	{"arriving", "", []party{ // overlap, live: a means and members in common, and other beneficiaries
		{data.NATO, "agency-service", "Service", "provide coordinate procedure", "nato-operations", data.Complete, false, false},
		{data.EU, "project", "Project", "provide fund", "eu-missions", data.Complete, false, false},
	}},
	{"dark", data.CoordinatesWith, []party{ // overlap, managed
		{data.NATO, "exercise", "Exercise", "train procedure", "allies", data.Complete, false, false},
		{data.EU, "exercise", "Exercise", "train fund set-requirement", "eu-states", data.Complete, false, false},
	}},
	{"own plans", data.PartOf, []party{ // overlap, resolved; outside both organisations and inside one
		{data.Other, "agreement", "Agreement", "coordinate provide regulate", data.OwnMembers, data.Complete, false, false},
		{data.NATO, "plan", "Framework", "coordinate", "allies", data.Complete, false, false},
	}},
	{"carried", "", []party{ // fragmentation; absent-nation: three of four nations are inside
		{data.NATO, "project", "Project", "provide", "allies", data.Complete, true, false},
		{data.EU, "fund", "Fund", "fund", "eu-states", data.Complete, true, false},
	}},
	{"alone", "", []party{ // every member, and those to whom a law speaks
		{data.NATO, "agency-service", "Service", "procedure", "allies", data.AllMembers, false, false},
		{data.EU, "law", "Directive", "regulate", "eu-states", data.Addressees, false, false},
	}},
	{"NATO only", "", []party{{data.NATO, "centre", "Centre", "train coordinate", "allies", data.Complete, true, false}}},
	{"EU only", "", []party{{data.EU, "project", "Project", "set-requirement provide", "eu-states", data.Complete, true, false}}},
	{"unasked", "", []party{{data.Other, "agreement", "Agreement", "procedure train", data.OwnMembers, data.Partial, false, false}}},
}

// beneficiaries explains the codes that schemes use.
var beneficiaries = []struct{ code, meaning string }{
	{"allies", "every Ally, by rule or on request"},
	{"civil-population", "people in disasters; civil protection"},
	{"eu-missions", "CSDP missions and operations and the EU's own force packages"},
	{"eu-states", "every EU state, by rule or on request"},
	{"nato-operations", "forces and headquarters under NATO command"},
	{data.OwnMembers, "only the nations that joined this initiative (see participants)"},
}

// initiative is a party of a scheme in one area.
type initiative struct {
	*party
	code, name   string
	capabilities []data.Capability
	from, until  month
	members      []*nation // the lead first
	observer     *nation
}

// tie is a relation between two initiatives.
type tie struct {
	from, to string
	relation data.RelationKind
}

// initiatives are all initiatives and their ties. There are few, whatever the size of the cycle.
func (c *cycle) initiatives() (all []initiative, ties []tie) {
	number := map[data.Organisation]int{}
	for a, area := range c.areas() {
		for s := range schemes {
			served := c.served(area, schemes[s].role)
			if len(served) == 0 {
				continue
			}
			first := len(all)
			for p := range schemes[s].parties {
				i := initiative{party: &schemes[s].parties[p]}
				number[i.organisation]++
				n := number[i.organisation]
				i.code = fmt.Sprintf("notional-%s-%02d", strings.ToLower(string(i.organisation)), n)
				i.name = fmt.Sprintf("Notional %s %s %d: %s", i.organisation, i.noun, n, served[0].Name)
				if i.organisation == data.Other {
					i.name = fmt.Sprintf("Notional %s %d: %s", i.noun, n, served[0].Name)
				}
				for _, k := range served {
					i.capabilities = append(i.capabilities, k.Capability)
				}
				i.from = monthOf(c.now.year()-12+(s+a+p)%10, 1)
				if i.ended {
					i.until = monthOf(c.now.year()-2, 12)
				}
				i.members, i.observer = c.join(&i, (s+2*a+int(c.size.Seed%regions))%regions)
				all = append(all, i)
			}
			if r := schemes[s].relation; r != "" {
				ties = append(ties, tie{all[first].code, all[first+1].code, r})
			}
		}
	}
	return all, ties
}

// areas are the areas of the cycle's capabilities, in their order.
func (c *cycle) areas() (out []data.Area) {
	for i := range min(c.size.Capabilities, len(c.known)) {
		if a := c.capability(i).Area; !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// served are the capabilities of the vocabulary in an area that have a role.
func (c *cycle) served(area data.Area, role string) (out []capability) {
	for i := range min(c.size.Capabilities, len(c.known)) {
		if k := c.capability(i); k.Area == area && k.role.name == role {
			out = append(out, k)
		}
	}
	return out
}

// join draws the members of an initiative among those who may be in it: everybody, three of four, or the nations of a region with
// the largest of the next region, which is the bridge between the two. An observer comes from outside.
func (c *cycle) join(i *initiative, region int) (members []*nation, observer *nation) {
	var outside []*nation
	var bridge *nation
	for at := range c.nations {
		n := &c.nations[at]
		if !n.eligible(i.organisation) {
			continue
		}
		inside := n.region == region
		switch {
		case i.membership == data.AllMembers || i.membership == data.Addressees:
			inside = true
		case i.wide:
			inside = at%4 != region%4
		case n.region == (region+1)%regions && n.member == [len(organisations)]bool{true, true} && (bridge == nil || n.size > bridge.size):
			bridge = n
		}
		if inside {
			members = append(members, n)
		} else {
			outside = append(outside, n)
		}
	}
	if !i.wide && bridge != nil && len(outside) > 0 {
		members = append(members, bridge)
		outside = slices.DeleteFunc(outside, func(n *nation) bool { return n == bridge })
	}
	larger := func(a, b *nation) int { return cmp.Compare(b.size, a.size) }
	slices.SortStableFunc(members, larger)
	if len(outside) > 0 {
		observer = slices.MinFunc(outside, larger)
	}
	return members, observer
}

// eligible reports whether n may join what an organisation carries; what nations carry outside both is open to all.
func (n *nation) eligible(o data.Organisation) bool {
	at := slices.Index(organisations[:], o)
	return at < 0 || n.member[at]
}

func (c *cycle) writeInitiatives(_ context.Context, w *csv.Writer) error {
	all, _ := c.initiatives()
	for _, i := range all {
		w.Write([]string{i.code, i.name, string(i.organisation), "notional", i.kind, i.from.first(), i.until.last(), i.beneficiary, string(i.membership),
			"Notional: invented for this cycle.", string(Marking), source, strconv.Itoa(c.now.year())})
	}
	return w.Error()
}

func (c *cycle) writeParticipants(_ context.Context, w *csv.Writer) error {
	all, _ := c.initiatives()
	for _, i := range all {
		role := data.Lead
		for _, n := range i.members {
			w.Write([]string{i.code, string(n.code), string(role)})
			role = data.Member
		}
		if i.observer != nil && i.membership == data.Complete {
			w.Write([]string{i.code, string(i.observer.code), string(data.Observer)})
		}
	}
	return w.Error()
}

func (c *cycle) writeContributions(_ context.Context, w *csv.Writer) error {
	all, _ := c.initiatives()
	for _, i := range all {
		for _, k := range i.capabilities {
			for means := range strings.FieldsSeq(i.means) {
				w.Write([]string{i.code, string(k), means})
			}
		}
	}
	return w.Error()
}

func (c *cycle) writeRelations(_ context.Context, w *csv.Writer) error {
	_, ties := c.initiatives()
	for _, t := range ties {
		w.Write([]string{t.from, t.to, string(t.relation), "Notional: invented for this cycle.", source})
	}
	return w.Error()
}
