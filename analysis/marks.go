package analysis

import (
	"cmp"
	"slices"
	"sync"

	"deconflict/data"
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

// onCapability are the markings of what is stated about a capability, and of the initiatives in its area, with their banner; none where
// there are none.
type onCapability struct {
	all    []data.Marking
	banner data.Marking
}

// markingOn makes them of the capability whose records the desk has fetched.
func (p *Pass) markingOn(c data.CapabilityRow) (m onCapability) {
	m.all = append(p.desk.markings.open(8), p.marks.inArea[c.Area]...)
	for _, r := range p.Requirements(c.Capability) {
		add(&m.all, p.unmarked(r.Marking))
	}
	var met data.Met
	for _, o := range p.desk.origins {
		if met.Anew(o) {
			add(&m.all, p.unmarked(o.Marking))
		}
	}
	if m.all = p.desk.markings.close(m.all); len(m.all) > 0 {
		m.banner = p.marks.combiner.Banner(m.all)
	}
	return m
}

// add appends a marking that is not there yet. There are few different ones.
func add(to *[]data.Marking, m data.Marking) {
	if !slices.Contains(*to, m) {
		*to = append(*to, m)
	}
}

// markingOf is the banner over all that may have had a part in a finding. A marking adds nothing to a banner that it is part of.
func (p *Pass) markingOf(f *Finding, es []Evidence) data.Marking {
	m, on := p.marks, f.marking
	if len(es) == 0 && on.banner != "" {
		return on.banner
	}
	everything := on.banner == "" && f.Capability == "" && !aboutInitiatives(f.Kind)
	var room [8]data.Marking
	of := room[:0]
	var met data.Met
	for _, e := range es {
		if origin, _, ok := e.Written(); ok && (everything || !met.Anew(origin)) {
			continue
		}
		_, marking := e.origin()
		if _, member := e.ground.(*membershipGround); member && marking == data.Public {
			continue // who is a member is known to all: it marks no finding that anything else marks
		}
		if marking = p.unmarked(marking); !slices.Contains(on.all, marking) {
			add(&of, marking)
		}
	}
	switch {
	case on.banner != "":
		add(&of, on.banner)
	case everything:
		add(&of, m.everything())
	case aboutInitiatives(f.Kind) && f.Capability == "" && !m.noInitiative:
		add(&of, m.initiatives)
	}
	switch {
	case len(of) == 1:
		return of[0]
	case len(of) == 0 && len(es) > 0:
		return data.Public
	}
	return m.combiner.Banner(of)
}

// aboutInitiatives reports whether findings of a kind that are on no capability rest on initiatives alone.
func aboutInitiatives(kind string) bool {
	return kind == InitiativeOverlap.Name || kind == Clusters.Name
}
