package analysis

import (
	"context"
	"strings"
	"sync"

	"deconflict/data"
)

// State is how one nation stands with one capability.
type State string

// The states. Each prints as one letter, so that no output depends on colour.
const (
	Met         State = "M" // usable supply reaches what is asked, on every day looked at
	PartlyMet   State = "P" // on some day it does not reach it, but is there
	Unmet       State = "U" // on the worst day there is none
	HeldOnly    State = "H" // held or pledged, and asked for by nobody
	Targeted    State = "T" // asked for, and what is held or how much is asked is not known
	NoData      State = "." // nothing is known
	NotEligible State = "-" // asked for only by organisations of which the nation is no member
)

// States are all of them with their meaning, in the order of a legend.
var States = []struct {
	State   State
	Meaning string
}{
	{Met, "met"}, {PartlyMet, "partly met"}, {Unmet, "unmet"}, {HeldOnly, "held without target"},
	{Targeted, "targeted, holdings unknown"}, {NoData, "no data"}, {NotEligible, "not eligible"},
}

// HeatMap is the state of every nation with every capability: Rows follows Nations, and each row has a letter for each of
// Capabilities.
type HeatMap struct {
	Capabilities []data.Capability `json:"capabilities"`
	Nations      []data.Nation     `json:"nations"`
	Rows         []string          `json:"rows"`
}

// At is the state in row i and column j.
func (h HeatMap) At(i, j int) State { return State(h.Rows[i][j : j+1]) }

// Count is how many nations and capabilities are in a state.
func (h HeatMap) Count(s State) int {
	n := 0
	for _, row := range h.Rows {
		n += strings.Count(row, string(s))
	}
	return n
}

// heatMap shows the members of planning organisations and every other nation with a record, or the nations of the scope. It is made
// capability by capability, on all cores.
func (p *Pass) heatMap() HeatMap {
	h := HeatMap{Capabilities: []data.Capability{}, Nations: []data.Nation{}, Rows: []string{}}
	for _, c := range p.Capabilities() {
		h.Capabilities = append(h.Capabilities, c.Capability)
	}
	var rows [][]byte
	for _, n := range p.Dataset.Nations {
		if p.shown(n.Nation) {
			h.Nations, rows = append(h.Nations, n.Nation), append(rows, make([]byte, len(h.Capabilities)))
		}
	}
	_ = parallel(context.Background(), len(h.Capabilities), func(j int) error { // nothing of it fails
		c := h.Capabilities[j]
		asking := sync.OnceValue(func() []data.Organisation { return p.asking(c) })
		for i, n := range h.Nations {
			rows[i][j] = p.stateOf(n, c, asking)[0]
		}
		return nil
	})
	for _, row := range rows {
		h.Rows = append(h.Rows, string(row))
	}
	return h
}

func (p *Pass) shown(n data.Nation) bool {
	if len(p.Scope.Nations) > 0 {
		return meets(p.Scope.Nations, []data.Nation{n})
	}
	for range p.NationLinks(n) {
		return true
	}
	for _, o := range p.Dataset.PlanningOrganisations() {
		if p.Dataset.Member(n, o, p.AsOf()) {
			return true
		}
	}
	return false
}

// state judges by the worst of the nation's demands whose supply is known, its own plan included.
func (p *Pass) state(n data.Nation, c data.Capability) State {
	return p.stateOf(n, c, func() []data.Organisation { return p.asking(c) })
}

// stateOf is state, where it is told who asks for the capability.
func (p *Pass) stateOf(n data.Nation, c data.Capability, asking func() []data.Organisation) State {
	a := p.Account(n, c)
	if a == nil {
		return p.silence(n, asking())
	}
	worst := State("")
	for _, d := range a.demand {
		u, known := a.Usable(d.organisation)
		if !known {
			continue
		}
		var asked, gap, there data.Amount // at most, at worst, and on the first of the worst days
		for i, on := range merge(nil, d.steps, u) {
			asked = max(asked, on.x)
			if i == 0 || on.x-on.y > gap {
				gap, there = on.x-on.y, on.y
			}
		}
		switch {
		case asked <= 0:
		case gap <= 0 && worst == "":
			worst = Met
		case gap > 0 && there > 0 && worst != Unmet:
			worst = PartlyMet
		case gap > 0 && there <= 0:
			worst = Unmet
		}
	}
	switch {
	case worst != "":
		return worst
	case p.asked(a):
		return Targeted
	case len(a.Pledges)+len(a.Holdings) > 0:
		return HeldOnly
	}
	return p.silence(n, asking())
}

// asked reports whether a target, with a number or without, lies within the window.
func (p *Pass) asked(a *Account) bool {
	for _, t := range a.Targets {
		if p.Window.meets(t.Period) {
			return true
		}
	}
	return false
}

func (w Window) meets(q data.Period) bool {
	return q.Meets(data.Period{From: w.AsOf, Until: w.Horizon})
}

// silence tells a nation that cannot be asked by those who ask from one of which nothing is known.
func (p *Pass) silence(n data.Nation, asking []data.Organisation) State {
	for _, o := range asking {
		if p.Dataset.Member(n, o, p.AsOf()) {
			return NoData
		}
	}
	if len(asking) > 0 {
		return NotEligible
	}
	return NoData
}

// asking are the planning organisations that ask for c.
func (p *Pass) asking(c data.Capability) (out []data.Organisation) {
	for _, o := range p.Dataset.PlanningOrganisations() {
		if p.Asks(c, o) {
			out = append(out, o)
		}
	}
	return out
}

// Asks reports whether o has a requirement or a target for c within the window, with a number or without.
func (p *Pass) Asks(c data.Capability, o data.Organisation) bool {
	for _, r := range p.Requirements(c) {
		if p.Dataset.OrganisationOf(r.Process) == o && p.Window.meets(r.Period) {
			return true
		}
	}
	for l := range p.Links(c) {
		for _, t := range l.Targets {
			if p.Dataset.OrganisationOf(t.Process) == o && p.Window.meets(t.Period) {
				return true
			}
		}
	}
	return false
}
