package analysis

import (
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// Profile is one nation's page: what it is asked for, offers and has, and the initiatives it is in. What is said about it stands
// in the findings.
type Profile struct {
	Nation        data.Nation         `json:"nation"`
	Name          string              `json:"name"`
	Organisations []data.Organisation `json:"organisations"`
	Capabilities  []ProfileLine       `json:"capabilities"`
	Initiatives   []Part              `json:"initiatives"`
}

// ProfileLine is one capability of a nation's page: peaks over the days looked at.
type ProfileLine struct {
	_          struct{}        `cbor:",toarray"` // a brief may have many thousands
	Capability data.Capability `json:"capability"`
	State      State           `json:"state"`
	Demand     []Asked         `json:"demand,omitempty"`
	OwnPlan    data.Quantity   `json:"own_plan"`
	Held       data.Quantity   `json:"held"` // on the as-of day
	Records    int             `json:"records"`
}

// Asked is what one organisation asks for, and what is usable for it on the day of the peak.
type Asked struct {
	_            struct{}          `cbor:",toarray"`
	Organisation data.Organisation `json:"organisation"`
	Target       data.Amount       `json:"target"`
	Usable       data.Quantity     `json:"usable"`
}

// Part is a nation's part in an initiative.
type Part struct {
	Initiative   string            `json:"initiative"`
	Organisation data.Organisation `json:"organisation"`
	Role         data.Role         `json:"role"`
	data.Period
}

// Demanders are the organisations that ask the nation for something, by name.
func (p *Profile) Demanders() (out []data.Organisation) {
	for _, c := range p.Capabilities {
		for _, a := range c.Demand {
			out = append(out, a.Organisation)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// AskedBy is what an organisation asks for; ok is false where it asks for nothing.
func (l *ProfileLine) AskedBy(o data.Organisation) (a Asked, ok bool) {
	i := slices.IndexFunc(l.Demand, func(a Asked) bool { return a.Organisation == o })
	if i < 0 {
		return Asked{}, false
	}
	return l.Demand[i], true
}

func (p *Pass) profile(n data.Nation) Profile {
	out := Profile{Nation: n, Name: p.Dataset.NationName(n), Organisations: []data.Organisation{}, Capabilities: []ProfileLine{}, Initiatives: []Part{}}
	for _, m := range p.Dataset.Memberships {
		if m.Nation == n && m.Period.Contains(p.AsOf()) {
			out.Organisations = append(out.Organisations, m.Organisation)
		}
	}
	for l := range p.NationLinks(n) {
		a := p.accountOf(l)
		line := ProfileLine{Capability: l.Capability, State: p.state(n, l.Capability), Records: len(l.Targets) + len(l.Pledges) + len(l.Holdings)}
		for _, o := range a.Demanders() {
			peak, day := a.Demand(o).Peak()
			asked := Asked{Organisation: o, Target: peak}
			if u, known := a.Usable(o); known {
				asked.Usable = data.Known(u.At(day))
			}
			line.Demand = append(line.Demand, asked)
		}
		if own := a.Demand(OwnPlan); len(own) > 0 {
			peak, _ := own.Peak()
			line.OwnPlan = data.Known(peak)
		}
		if a.HeldKnown {
			line.Held = data.Known(a.Held.At(p.AsOf()))
		}
		out.Capabilities = append(out.Capabilities, line)
	}
	for _, i := range p.Initiatives() {
		if part := partOf(i, n, p.AsOf()); part != nil && i.Active(p.AsOf()) {
			out.Initiatives = append(out.Initiatives, Part{i.Initiative.Initiative, i.Organisation, part.Role, part.Period})
		}
	}
	return out
}

// partOf is a nation's part in an initiative on day t; nil if it has none.
func partOf(i *graph.Initiative, n data.Nation, t data.Date) *data.Participant {
	for _, part := range i.Participants {
		if part.Nation == n && part.Period.Contains(t) {
			return part
		}
	}
	return nil
}
