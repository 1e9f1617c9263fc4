package analysis

import (
	"cmp"
	"slices"

	"deconflict/data"
	"deconflict/graph"
)

// A finding is marked at least as high as every record that had a part in it. That is more than its evidence: a severity depends on what
// others hold of the capability, a transfer on who already works together in its area, and that a finding points at another on what that
// one rests on.

// marks are the markings of the records that may have had a part in findings.
type marks struct {
	combiner     *data.Combiner
	capability   map[data.Capability]data.Marking // of what is stated about it, and of the initiatives in its area
	initiatives  data.Marking
	everything   data.Marking
	noInitiative bool
}

func (p *Pass) newMarks() *marks {
	m := &marks{combiner: p.Dataset.Combiner(), capability: map[data.Capability]data.Marking{}}
	unmarked := func(mark data.Marking) data.Marking { return cmp.Or(mark, p.Dataset.Marking, data.Unmarked) }
	inArea := map[data.Area][]data.Marking{}
	var all []data.Marking
	for _, i := range p.Initiatives() {
		mark := unmarked(i.Marking)
		add(&all, mark)
		for _, c := range i.Contributions {
			area := p.Dataset.Capability(c.Capability).Area
			of := inArea[area]
			add(&of, mark)
			inArea[area] = of
		}
	}
	m.noInitiative = len(all) == 0
	m.initiatives = m.combiner.Banner(all)
	for _, c := range p.Capabilities() {
		of := slices.Clone(inArea[c.Area])
		for _, r := range p.Requirements(c.Capability) {
			add(&of, unmarked(r.Marking))
		}
		for l := range p.Links(c.Capability) {
			addLink(&of, l, unmarked)
		}
		if len(of) > 0 {
			m.capability[c.Capability] = m.combiner.Banner(of)
		}
	}
	m.everything = p.Dataset.Banner()
	return m
}

func addLink(to *[]data.Marking, l *graph.Link, unmarked func(data.Marking) data.Marking) {
	for _, t := range l.Targets {
		add(to, unmarked(t.Marking))
	}
	for _, r := range l.Pledges {
		add(to, unmarked(r.Marking))
	}
	for _, h := range l.Holdings {
		add(to, unmarked(h.Marking))
	}
}

// add appends a marking that is not there yet. There are few different ones.
func add(to *[]data.Marking, m data.Marking) {
	if !slices.Contains(*to, m) {
		*to = append(*to, m)
	}
}

// markingOf is the banner over all that may have had a part in a finding.
func (p *Pass) markingOf(f *Finding, es []Evidence) data.Marking {
	m := p.marks()
	var of []data.Marking
	for _, e := range es {
		_, marking := e.origin()
		if _, member := e.ground.(*membershipGround); member && marking == data.Public {
			continue // who is a member is known to all: it marks no finding that anything else marks
		}
		add(&of, cmp.Or(marking, p.Dataset.Marking, data.Unmarked))
	}
	switch mark, ok := m.capability[f.Capability]; {
	case ok:
		add(&of, mark)
	case f.Capability != "" || m.noInitiative && aboutInitiatives(f.Kind):
	case aboutInitiatives(f.Kind):
		add(&of, m.initiatives)
	default:
		add(&of, m.everything)
	}
	if len(of) == 0 && len(es) > 0 {
		add(&of, data.Public)
	}
	return m.combiner.Banner(of)
}

// aboutInitiatives reports whether findings of a kind that are on no capability rest on initiatives alone.
func aboutInitiatives(kind string) bool {
	return kind == InitiativeOverlap.Name || kind == Clusters.Name
}
