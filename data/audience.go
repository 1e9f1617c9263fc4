package data

import (
	"cmp"
	"errors"
	"slices"
)

// ErrNothingReleasable says that nothing of a dataset may go to an audience.
var ErrNothingReleasable = errors.New("nothing of the dataset may go to")

// For is the dataset as it may go to an audience: without the records that are not releasable to each of its members, without those that
// carry no marking, and without whatever would tell that they are there:
//
//   - participants, contributions, relations and links of initiatives that are left out;
//   - nations, capabilities, processes, memberships and crosswalk rows of the dataset's own that no record left refers to: the reference
//     tables' take their place, and so does their glossary;
//   - sources that no record left names, and all of them where the dataset's own marking is not releasable either;
//   - what the dataset says about itself, unless its own marking is releasable;
//   - the lines of files, which would move when a record between them comes or goes, and all doubts about the data.
//
// The result does not change when a record that the audience may not see does. Its records are copies, where they differ.
// The error is ErrNothingReleasable where nothing is left.
func (d *Dataset) For(to Audience, reference *Vocabulary) (*Dataset, error) {
	s := newScreen(d, to)
	out := &Dataset{Meta: d.Meta}
	out.Requirements = keep(d.Requirements, func(r *Requirement) bool { return s.record(&r.Record, r.Process) }, func(r *Requirement) { r.Line = 0 })
	out.Targets = keep(d.Targets, func(t *Target) bool { return s.record(&t.Record, t.Process, t.Nation) }, func(t *Target) { t.Line = 0 })
	out.Pledges = keep(d.Pledges, func(p *Pledge) bool { return s.record(&p.Record, Process(p.Organisation), p.Nation) }, func(p *Pledge) { p.Line = 0 })
	out.Holdings = keep(d.Holdings, func(h *Holding) bool { return s.record(&h.Record, "", h.Nation) }, func(h *Holding) { h.Line = 0 })
	s.initiatives(out, d)
	if len(out.Requirements)+len(out.Targets)+len(out.Pledges)+len(out.Holdings)+len(out.Initiatives) == 0 {
		return nil, ErrNothingReleasable
	}
	out.Vocabulary = s.vocabulary(d.Vocabulary, reference)
	s.sources(out, d)
	if !s.may("") {
		// The name is what the user typed to name the dataset, and no word of the dataset's own.
		out.Meta = Meta{Name: d.Name, Title: d.Name, AsOf: d.AsOf, Beneficiaries: map[string]string{}, Schemes: map[string]map[string]string{}}
	}
	return out, nil
}

// screen lets through what an audience may see, and notes what that refers to.
type screen struct {
	to       Audience
	combiner *Combiner
	standard Marking // of records that carry none
	known    map[Marking]bool

	shown        map[string]bool // initiatives
	capabilities map[Capability]bool
	nations      map[Nation]bool
	processes    map[Process]bool // and organisations
	terms        map[string]bool  // folded
	named        map[string]bool  // sources
}

func newScreen(d *Dataset, to Audience) *screen {
	return &screen{
		to: to, combiner: d.Combiner(), standard: d.Marking, known: map[Marking]bool{},
		shown: map[string]bool{}, capabilities: map[Capability]bool{}, nations: map[Nation]bool{}, processes: map[Process]bool{},
		terms: map[string]bool{}, named: map[string]bool{},
	}
}

// may reports whether what carries a marking may go to the audience.
func (s *screen) may(m Marking) bool {
	m = cmp.Or(m, s.standard)
	ok, known := s.known[m]
	if !known {
		ok = s.combiner.Releasable(m, s.to)
		s.known[m] = ok
	}
	return ok
}

// record lets a statement through, with what it refers to.
func (s *screen) record(r *Record, by Process, of ...Nation) bool {
	if !s.may(r.Marking) {
		return false
	}
	s.capabilities[r.Capability] = true
	s.processes[by] = true
	for _, n := range of {
		s.nations[n] = true
	}
	if r.Term != "" {
		s.terms[Fold(r.Term)] = true
	}
	s.name(r.Sources)
	return true
}

func (s *screen) name(sources []string) {
	for _, code := range sources {
		s.named[code] = true
	}
}

// initiatives lets initiatives through, with what hangs on them.
func (s *screen) initiatives(out, d *Dataset) {
	out.Initiatives = keep(d.Initiatives, func(i *Initiative) bool {
		if !s.may(i.Marking) {
			return false
		}
		s.shown[i.Initiative] = true
		s.processes[Process(i.Organisation)] = true
		s.name(i.Sources)
		return true
	}, func(i *Initiative) { i.Position = i.Position.file() })
	out.Participants = keep(d.Participants, func(p *Participant) bool {
		if s.shown[p.Initiative] {
			s.nations[p.Nation] = true
		}
		return s.shown[p.Initiative]
	}, func(p *Participant) { p.Position = p.Position.file() })
	out.Contributions = keep(d.Contributions, func(c *Contribution) bool {
		if s.shown[c.Initiative] {
			s.capabilities[c.Capability] = true
		}
		return s.shown[c.Initiative]
	}, func(c *Contribution) { c.Position = c.Position.file() })
	out.Relations = keep(d.Relations, func(r *Relation) bool {
		both := s.shown[r.Initiative] && s.shown[r.Other]
		if both {
			s.name(r.Sources)
		}
		return both
	}, func(r *Relation) { r.Position = r.Position.file() })
	if !s.may("") {
		return // nobody says that action items may go there
	}
	items := map[string]bool{}
	out.ActionItems = keep(d.ActionItems, func(i *ActionItem) bool {
		items[i.Item] = true
		s.name(i.Sources)
		return true
	}, func(i *ActionItem) { i.Position = i.Position.file() })
	out.ActionLinks = keep(d.ActionLinks, func(l *ActionLink) bool { return items[l.Item] && s.shown[l.Initiative] },
		func(l *ActionLink) { l.Position = l.Position.file() })
}

// file is the position without a place in the file.
func (p Position) file() Position { return Position{File: p.File, Sheet: p.Sheet} }

// keep copies the rows that are let through, without where in a file they stand.
func keep[T any](rows []T, through func(*T) bool, unplace func(*T)) (out []T) {
	for i := range rows {
		if through(&rows[i]) {
			out = append(out, rows[i])
			unplace(&out[len(out)-1])
		}
	}
	return out
}

// vocabulary is the reference with those of the dataset's own words that what is shown refers to.
func (s *screen) vocabulary(own, reference *Vocabulary) *Vocabulary {
	organisations := map[Organisation]bool{}
	for p := range s.processes {
		if o := own.OrganisationOf(p); o != "" {
			organisations[o] = true
		}
	}
	for _, p := range reference.Processes {
		organisations[p.Organisation] = true
	}
	for _, m := range reference.Memberships {
		organisations[m.Organisation] = true
	}
	// A membership follows the marking of its dataset. Where that has none, who is a member is taken to be known to all.
	hidden := map[Organisation]bool{}
	for _, m := range own.Memberships {
		hidden[m.Organisation] = hidden[m.Organisation] || !organisations[m.Organisation] || m.Marking != "" && !s.may(m.Marking)
	}
	memberships := chooseRows(own.Memberships, reference.Memberships, func(m *Membership) Organisation { return m.Organisation },
		func(m *Membership) bool { return !hidden[m.Organisation] }, func(m *Membership) { m.Position = m.Position.file() })
	for _, m := range memberships {
		s.nations[m.Nation] = true
		s.name(m.Sources)
	}
	crosswalk := chooseRows(own.Crosswalk, reference.Crosswalk, func(m *Mapping) string { return Fold(m.Subject) },
		func(m *Mapping) bool { return s.terms[Fold(m.Subject)] }, func(m *Mapping) { m.Position = m.Position.file() })
	slices.SortFunc(crosswalk, func(a, b Mapping) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Predicate, b.Predicate), cmp.Compare(a.Object, b.Object))
	})
	v := NewVocabulary(
		chooseRows(own.Nations, reference.Nations, func(n *NationRow) Nation { return n.Nation },
			func(n *NationRow) bool { return s.nations[n.Nation] }, func(n *NationRow) { n.Position = n.Position.file() }),
		memberships,
		chooseRows(own.Processes, reference.Processes, func(p *ProcessRow) Process { return p.Process },
			func(p *ProcessRow) bool { return s.processes[p.Process] }, func(p *ProcessRow) { p.Position = p.Position.file() }),
		chooseRows(own.Capabilities, reference.Capabilities, func(c *CapabilityRow) Capability { return c.Capability },
			func(c *CapabilityRow) bool { return s.capabilities[c.Capability] }, func(c *CapabilityRow) { c.Position = c.Position.file() }),
		crosswalk,
	)
	v.Glossary, v.Lent = reference.Glossary, reference.Lent
	return v
}

// chooseRows is the reference's rows, and in the place of those with the same key the own ones that are wanted. None says where in a
// file it stands.
func chooseRows[T any, K comparable](own, reference []T, key func(*T) K, wanted func(*T) bool, unplace func(*T)) (out []T) {
	chosen := map[K]bool{}
	for i := range own {
		if wanted(&own[i]) {
			chosen[key(&own[i])] = true
		}
	}
	add := func(row T) {
		unplace(&row)
		out = append(out, row)
	}
	for _, row := range reference {
		if !chosen[key(&row)] {
			add(row)
		}
	}
	for _, row := range own {
		if chosen[key(&row)] {
			add(row)
		}
	}
	return out
}

// sources lets through the sources that are still named. They are marked as the dataset is.
func (s *screen) sources(out, d *Dataset) {
	if !s.may("") {
		return
	}
	out.Sources = keep(d.Sources, func(x *Source) bool { return s.named[x.Source] }, func(x *Source) { x.Position = x.Position.file() })
	slices.SortFunc(out.Sources, func(a, b Source) int { return cmp.Compare(a.Source, b.Source) })
}
