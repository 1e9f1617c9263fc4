package analysis

import (
	"cmp"
	"encoding/json"
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// Evidence is a record that a finding rests on. It refers to the record and puts it into words only when an output asks: the
// findings on a large dataset rest on far more words than anybody reads.
type Evidence struct{ ground }

// ground is what evidence refers to. Grounds are compared: two of one record are equal.
type ground interface {
	Tell() Told
	origin() (sources []string, marking data.Marking)
	place() data.Position
}

// Told is evidence in words: the record, where it stands, and where its facts were read.
type Told struct {
	Record string `json:"record"` // table and key
	data.Position
	Says    string       `json:"says"`             // the record in short
	Sources []string     `json:"source,omitempty"` // codes of the sources table, or free text
	Marking data.Marking `json:"marking,omitempty"`
}

// Tell puts words already told once more.
func (t *Told) Tell() Told { return *t }

func (t *Told) origin() ([]string, data.Marking) { return t.Sources, t.Marking }

func (t *Told) place() data.Position { return t.Position }

// Position is where the record is written.
func (e Evidence) Position() data.Position { return e.place() }

// Written is where a statement about forces is written, as many share it, and the line; ok is false of other records.
func (e Evidence) Written() (of *data.Origin, line int32, ok bool) {
	switch g := e.ground.(type) {
	case *targetGround:
		return g.Origin, g.Line, true
	case *holdingGround:
		return g.Origin, g.Line, true
	case *pledgeGround:
		return g.Origin, g.Line, true
	case *requirementGround:
		return g.Origin, g.Line, true
	}
	return nil, 0, false
}

// MarshalJSON prints the evidence in words.
func (e Evidence) MarshalJSON() ([]byte, error) { return json.Marshal(e.Tell()) }

// UnmarshalJSON reads what MarshalJSON printed.
func (e *Evidence) UnmarshalJSON(b []byte) error {
	t := new(Told)
	e.ground = t
	return json.Unmarshal(b, t)
}

// dedupe keeps the first of equal pieces of evidence.
func dedupe(es []Evidence) []Evidence {
	const few = 16
	if len(es) <= few {
		kept := es[:0]
		for _, e := range es {
			if !slices.Contains(kept, e) {
				kept = append(kept, e)
			}
		}
		return kept
	}
	seen := make(map[Evidence]bool, len(es))
	return slices.DeleteFunc(es, func(e Evidence) bool {
		old := seen[e]
		seen[e] = true
		return old
	})
}

// tell puts a statement about forces into words; a readiness and a number held that are not stated have none. There are far more
// records behind the findings than findings: the words are put together in one piece of memory.
func tell(table string, r *data.Record, who, process string, held data.Quantity) Told {
	var room [160]byte
	b := append(room[:0], who...)
	if who != "" && process != "" {
		b = append(b, ' ')
	}
	b = append(b, process...)
	if r.Quantity.Known() {
		b = data.AppendUnits(append(b, ' '), r.Quantity.Amount(), r.Unit)
	} else {
		b = append(b, " no number stated"...)
	}
	if r.Term != "" {
		b = append(append(b, ", as "...), r.Term...)
	}
	if r.Period != (data.Period{}) {
		b = r.Period.Append(append(b, ", "...))
	}
	if r.Readiness.Known() {
		b = data.AppendUnits(append(b, ", ready in "...), r.Readiness.Amount(), "day")
	}
	if held.Known() {
		b = data.AppendUnits(append(b, ", held "...), held.Amount(), "")
	}
	return Told{Record: table + " " + r.ID(), Position: r.Position(), Says: string(b), Sources: r.Sources, Marking: r.Marking}
}

type targetGround data.Target

func (t *targetGround) origin() ([]string, data.Marking) { return t.Sources, t.Marking }

func (t *targetGround) place() data.Position { return t.Record.Position() }

func (t *targetGround) Tell() Told {
	return tell("targets", &t.Record, string(t.Nation), string(t.Process), t.Held)
}

func targetEvidence(ts ...*data.Target) (out []Evidence) {
	for _, t := range ts {
		out = append(out, Evidence{(*targetGround)(t)})
	}
	return out
}

type pledgeGround data.Pledge

func (p *pledgeGround) origin() ([]string, data.Marking) { return p.Sources, p.Marking }

func (p *pledgeGround) place() data.Position { return p.Record.Position() }

func (p *pledgeGround) Tell() Told {
	return tell("pledges", &p.Record, string(p.Nation), "to "+string(p.Organisation), 0)
}

type holdingGround data.Holding

func (h *holdingGround) origin() ([]string, data.Marking) { return h.Sources, h.Marking }

func (h *holdingGround) place() data.Position { return h.Record.Position() }

func (h *holdingGround) Tell() Told {
	return tell("holdings", &h.Record, string(h.Nation), "holds", 0)
}

type requirementGround data.Requirement

func (r *requirementGround) origin() ([]string, data.Marking) { return r.Sources, r.Marking }

func (r *requirementGround) place() data.Position { return r.Record.Position() }

func (r *requirementGround) Tell() Told {
	return tell("requirements", &r.Record, "", string(r.Process), 0)
}

func requirementEvidence(rs ...*data.Requirement) (out []Evidence) {
	for _, r := range rs {
		out = append(out, Evidence{(*requirementGround)(r)})
	}
	return out
}

// targetEvidence appends what one organisation asks of the account's nation, or its own plan.
func (a *Account) targetEvidence(out []Evidence, o data.Organisation) []Evidence {
	for _, t := range a.TargetsOf(o) {
		out = append(out, Evidence{(*targetGround)(t)})
	}
	return out
}

// pledgeEvidence appends what the account's nation pledges to one organisation.
func (a *Account) pledgeEvidence(out []Evidence, o data.Organisation) []Evidence {
	for _, p := range a.Pledges {
		if p.Counts() && p.Organisation == o {
			out = append(out, Evidence{(*pledgeGround)(p)})
		}
	}
	return out
}

// heldEvidence appends what the account's holdings rest on.
func (a *Account) heldEvidence(out []Evidence) []Evidence {
	if a.reported != nil {
		return append(out, Evidence{(*targetGround)(a.reported)})
	}
	for _, h := range a.Holdings {
		if h.Counts() {
			out = append(out, Evidence{(*holdingGround)(h)})
		}
	}
	return out
}

// during is a period as the end of a sentence; one that is always has none.
func during(p data.Period) string {
	if p == (data.Period{}) {
		return ""
	}
	return ", " + p.String()
}

type initiativeGround data.Initiative

func (i *initiativeGround) origin() ([]string, data.Marking) { return i.Sources, i.Marking }

func (i *initiativeGround) place() data.Position { return i.Position }

func (i *initiativeGround) Tell() Told {
	return Told{Record: "initiatives " + i.Initiative, Position: i.Position, Says: i.Name + ", " + string(i.Organisation) + during(i.Period), Sources: i.Sources, Marking: i.Marking}
}

func initiativeEvidence(is ...*graph.Initiative) (out []Evidence) {
	for _, i := range is {
		out = append(out, Evidence{(*initiativeGround)(i.Initiative)})
	}
	return out
}

// contributionGround is what an initiative does. The table names no source: the initiative's own stand for it.
type contributionGround struct {
	of *data.Initiative
	*data.Contribution
}

func (c contributionGround) origin() ([]string, data.Marking) { return c.of.Sources, c.of.Marking }

func (c contributionGround) place() data.Position { return c.Position }

func (c contributionGround) Tell() Told {
	says := c.Initiative + " serves " + string(c.Capability) + " by " + string(c.Means)
	if c.Note != "" {
		says += ": " + c.Note
	}
	return Told{Record: "contributions " + c.Initiative + " " + string(c.Capability) + " " + string(c.Means), Position: c.Position, Says: says, Sources: c.of.Sources, Marking: c.of.Marking}
}

func contributionEvidence(i *graph.Initiative, cs ...*data.Contribution) (out []Evidence) {
	for _, c := range cs {
		out = append(out, Evidence{contributionGround{i.Initiative, c}})
	}
	return out
}

// participantGround is a nation's part in an initiative, whose sources stand for it.
type participantGround struct {
	of *data.Initiative
	*data.Participant
}

func (p participantGround) origin() ([]string, data.Marking) { return p.of.Sources, p.of.Marking }

func (p participantGround) place() data.Position { return p.Position }

func (p participantGround) Tell() Told {
	says := string(p.Nation) + " is " + string(p.Role) + " of " + p.Initiative + during(p.Period)
	return Told{Record: "participants " + p.Initiative + " " + string(p.Nation), Position: p.Position, Says: says, Sources: p.of.Sources, Marking: p.of.Marking}
}

func participantEvidence(i *graph.Initiative, ps ...*data.Participant) (out []Evidence) {
	for _, p := range ps {
		out = append(out, Evidence{participantGround{i.Initiative, p}})
	}
	return out
}

// relationGround is a stated tie. Where the row names no source it is a judgement, and its note says so.
// It is marked as the two initiatives are.
type relationGround struct {
	a, b *data.Initiative
	*data.Relation
}

func (r relationGround) origin() ([]string, data.Marking) {
	if r.a.Marking == r.b.Marking {
		return r.Sources, r.a.Marking
	}
	return r.Sources, data.Banner([]data.Marking{r.a.Marking, r.b.Marking})
}

func (r relationGround) place() data.Position { return r.Position }

func (r relationGround) Tell() Told {
	_, marking := r.origin()
	says := r.Initiative + " " + string(r.Relation.Relation) + " " + r.Other
	if r.Note != "" {
		says += ": " + r.Note
	}
	return Told{Record: "relations " + r.Initiative + " " + r.Other, Position: r.Position, Says: says, Sources: r.Sources, Marking: marking}
}

func relationEvidence(a, b *graph.Initiative, r *data.Relation) Evidence {
	return Evidence{relationGround{a.Initiative, b.Initiative, r}}
}

type membershipGround data.Membership

func (m *membershipGround) origin() ([]string, data.Marking) {
	return m.Sources, cmp.Or(m.Marking, data.Public)
}

func (m *membershipGround) place() data.Position { return m.Position }

func (m *membershipGround) Tell() Told {
	return Told{Record: "memberships " + string(m.Nation) + " " + string(m.Organisation), Position: m.Position,
		Says: string(m.Nation) + " is in " + string(m.Organisation) + during(m.Period), Sources: m.Sources, Marking: m.Marking}
}

func membershipEvidence(m *data.Membership) []Evidence { return []Evidence{{(*membershipGround)(m)}} }
