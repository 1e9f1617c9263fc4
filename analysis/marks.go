package analysis

import (
	"cmp"
	"slices"
	"sync"

	"deconflict/data"
	"deconflict/graph"
)

// A finding is marked at least as high as every record that had a part in it. That is more than its evidence: a severity depends on what
// others hold of the capability, a transfer on who already works together in its area, and that a finding points at another on what that
// one rests on.

// marks are the markings of the records that may have had a part in findings on no capability, and of the initiatives in an area, which
// may have had a part in all that is found there.
type marks struct {
	combiner     *data.Combiner
	inArea       map[data.Area][]data.Marking
	initiatives  data.Marking
	everything   func() data.Marking
	noInitiative bool
}

// unmarked is the marking of a record that may have none.
func (p *Pass) unmarked(m data.Marking) data.Marking {
	return cmp.Or(m, p.Dataset.Marking, data.Unmarked)
}

func (p *Pass) newMarks() *marks {
	m := &marks{combiner: p.Dataset.Combiner(), inArea: map[data.Area][]data.Marking{}}
	var all []data.Marking
	for _, i := range p.Initiatives() {
		mark := p.unmarked(i.Marking)
		add(&all, mark)
		for _, c := range i.Contributions {
			area := p.Dataset.Capability(c.Capability).Area
			of := m.inArea[area]
			add(&of, mark)
			m.inArea[area] = of
		}
	}
	m.noInitiative = len(all) == 0
	m.initiatives = m.combiner.Banner(all)
	m.everything = sync.OnceValue(p.Dataset.Banner)
	return m
}

// markingOn is the marking of what is stated about a capability, and of the initiatives in its area; none where there are none.
func (p *Pass) markingOn(c data.CapabilityRow) data.Marking {
	of := slices.Clone(p.marks.inArea[c.Area])
	for _, r := range p.Requirements(c.Capability) {
		add(&of, p.unmarked(r.Marking))
	}
	for l := range p.Links(c.Capability) {
		addLink(&of, l, p.unmarked)
	}
	if len(of) == 0 {
		return ""
	}
	return p.marks.combiner.Banner(of)
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
	m := p.marks
	var of []data.Marking
	for _, e := range es {
		_, marking := e.origin()
		if _, member := e.ground.(*membershipGround); member && marking == data.Public {
			continue // who is a member is known to all: it marks no finding that anything else marks
		}
		add(&of, p.unmarked(marking))
	}
	switch on := p.sumsOf(f.Capability).marking; {
	case on != "":
		add(&of, on)
	case f.Capability != "" || m.noInitiative && aboutInitiatives(f.Kind):
	case aboutInitiatives(f.Kind):
		add(&of, m.initiatives)
	default:
		add(&of, m.everything())
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
