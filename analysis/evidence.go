package analysis

import (
	"strings"

	"deconflict/data"
	"deconflict/graph"
)

// statement is evidence of a record that states a quantity.
func statement(table string, r *data.Record, who, process string) Evidence {
	says := strings.TrimSpace(who + " " + process)
	switch {
	case r.Quantity.Known:
		says += " " + data.Units(r.Quantity.Amount, r.Unit)
	default:
		says += " no number stated"
	}
	if r.Term != "" {
		says += ", as " + r.Term
	}
	if r.Period != (data.Period{}) {
		says += ", " + r.Period.String()
	}
	return Evidence{Record: table + " " + r.ID, Position: r.Position, Says: says, Sources: r.Sources, Marking: r.Marking}
}

func targetEvidence(ts ...*data.Target) (out []Evidence) {
	for _, t := range ts {
		e := statement("targets", &t.Record, string(t.Nation), string(t.Process))
		if t.Readiness.Known {
			e.Says += ", ready in " + data.Units(t.Readiness.Amount, "day")
		}
		if t.Held.Known {
			e.Says += ", held " + t.Held.String()
		}
		out = append(out, e)
	}
	return out
}

func pledgeEvidence(ps ...*data.Pledge) (out []Evidence) {
	for _, p := range ps {
		e := statement("pledges", &p.Record, string(p.Nation), "to "+string(p.Organisation))
		if p.Readiness.Known {
			e.Says += ", ready in " + data.Units(p.Readiness.Amount, "day")
		}
		out = append(out, e)
	}
	return out
}

func holdingEvidence(hs ...*data.Holding) (out []Evidence) {
	for _, h := range hs {
		e := statement("holdings", &h.Record, string(h.Nation), "holds")
		if h.Readiness.Known {
			e.Says += ", ready in " + data.Units(h.Readiness.Amount, "day")
		}
		out = append(out, e)
	}
	return out
}

func requirementEvidence(rs ...*data.Requirement) (out []Evidence) {
	for _, r := range rs {
		out = append(out, statement("requirements", &r.Record, "", string(r.Process)))
	}
	return out
}

// heldEvidence is what an account's holdings rest on.
func (a *Account) heldEvidence() (out []Evidence) {
	if !a.reported {
		for _, h := range a.Holdings {
			if h.Counts() {
				out = append(out, holdingEvidence(h)...)
			}
		}
		return out
	}
	for _, t := range a.Targets {
		for _, r := range a.HeldBy {
			if &t.Record == r {
				out = append(out, targetEvidence(t)...)
			}
		}
	}
	return out
}

func initiativeEvidence(is ...*graph.Initiative) (out []Evidence) {
	for _, i := range is {
		says := i.Name + ", " + string(i.Organisation)
		if i.Period != (data.Period{}) {
			says += ", " + i.Period.String()
		}
		out = append(out, Evidence{Record: "initiatives " + i.Initiative.Initiative, Position: i.Position, Says: says, Sources: i.Sources, Marking: i.Marking})
	}
	return out
}

// contributionEvidence is evidence of what an initiative does. The table names no source: the initiative's own stand for it.
func contributionEvidence(i *graph.Initiative, cs ...*data.Contribution) (out []Evidence) {
	for _, c := range cs {
		says := c.Initiative + " serves " + string(c.Capability) + " by " + string(c.Means)
		if c.Note != "" {
			says += ": " + c.Note
		}
		out = append(out, Evidence{Record: "contributions " + c.Initiative + " " + string(c.Capability) + " " + string(c.Means), Position: c.Position, Says: says, Sources: i.Sources, Marking: i.Marking})
	}
	return out
}

func participantEvidence(i *graph.Initiative, ps ...*data.Participant) (out []Evidence) {
	for _, p := range ps {
		says := string(p.Nation) + " is " + string(p.Role) + " of " + p.Initiative
		if p.Period != (data.Period{}) {
			says += ", " + p.Period.String()
		}
		out = append(out, Evidence{Record: "participants " + p.Initiative + " " + string(p.Nation), Position: p.Position, Says: says, Sources: i.Sources, Marking: i.Marking})
	}
	return out
}

// relationEvidence is evidence of a stated tie. Where the row names no source it is a judgement, and says so.
func relationEvidence(r *data.Relation) Evidence {
	says := r.Initiative + " " + string(r.Relation) + " " + r.Other
	if r.Note != "" {
		says += ": " + r.Note
	}
	return Evidence{Record: "relations " + r.Initiative + " " + r.Other, Position: r.Position, Says: says, Sources: r.Sources}
}

func membershipEvidence(ms ...data.Membership) (out []Evidence) {
	for _, m := range ms {
		out = append(out, Evidence{Record: "memberships " + string(m.Nation) + " " + string(m.Organisation), Position: m.Position,
			Says: string(m.Nation) + " is in " + string(m.Organisation) + ", " + m.Period.String(), Sources: m.Sources})
	}
	return out
}
