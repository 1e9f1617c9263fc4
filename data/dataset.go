package data

import (
	"slices"
	"strings"
)

// Dataset is one planning picture: the tables with everything resolved, and what was doubtful about them. It is read-only.
type Dataset struct {
	*Vocabulary
	Meta
	Requirements  []Requirement
	Targets       []Target
	Pledges       []Pledge
	Holdings      []Holding
	Initiatives   []Initiative
	Participants  []Participant
	Contributions []Contribution
	Relations     []Relation
	ActionItems   []ActionItem
	ActionLinks   []ActionLink
	Sources       []Source

	// Problems are the warnings of the load. A dataset with errors is never returned.
	Problems Problems
}

// Meta is what a dataset says about itself.
type Meta struct {
	Name        string // its folder or file, or "public"
	Title       string
	Description string
	Version     string
	AsOf        Date    // the day for which it was compiled
	Marking     Marking // of records that carry none
	Licence     string
	// Beneficiaries explains the beneficiary codes of the initiatives.
	Beneficiaries map[string]string
	// Schemes explains the terms of other schemes, by scheme and code.
	Schemes map[string]map[string]string
	// Prefixes say what the prefixes of terms stand for, where a mapping set said so: IRIs by prefix.
	Prefixes map[string]string
}

// Source returns the row of a source's code: the dataset's own, else the one that is lent with its memberships. ok is false where the
// code is free text.
func (d *Dataset) Source(code string) (s Source, ok bool) {
	i, own := slices.BinarySearchFunc(d.Sources, code, func(s Source, code string) int { return strings.Compare(s.Source, code) })
	switch {
	case own:
		return d.Sources[i], true
	case d.Lent != nil:
		return d.Lent(code)
	}
	return Source{}, false
}

// Banner is the marking of the dataset as a whole, and of whatever is made of all of it.
func (d *Dataset) Banner() Marking { return d.Combiner().Banner(d.Markings()) }

// Combiner combines markings by the memberships of the dataset's own day.
func (d *Dataset) Combiner() *Combiner { return NewCombiner(d.Vocabulary, d.AsOf) }

// Markings lists the marking of every record, each different one once, and that of the dataset itself where it states one: its title
// and its tables without a column for markings carry that.
func (d *Dataset) Markings() []Marking {
	seen := map[Marking]bool{}
	last, some := Marking(""), false
	note := func(m Marking) {
		if m == "" {
			m = d.Marking
		}
		if m != last || !some { // records that stand together are mostly marked alike
			last, some = m, true
			seen[m] = true
		}
	}
	var met Met // of many records each
	noteOrigin := func(o *Origin) {
		if met.Anew(o) {
			note(o.Marking)
		}
	}
	for i := range d.Requirements {
		noteOrigin(d.Requirements[i].Origin)
	}
	for i := range d.Targets {
		noteOrigin(d.Targets[i].Origin)
	}
	for i := range d.Pledges {
		noteOrigin(d.Pledges[i].Origin)
	}
	for i := range d.Holdings {
		noteOrigin(d.Holdings[i].Origin)
	}
	for i := range d.Initiatives {
		note(d.Initiatives[i].Marking)
	}
	if len(seen) == 0 || d.Marking != "" {
		seen[d.Marking] = true
	}
	var out []Marking
	for m := range seen {
		out = append(out, m)
	}
	slices.Sort(out)
	return out
}

// Scope is what a question is about. The zero Scope is everything, as of the dataset's own date, with an open horizon.
type Scope struct {
	Areas        []Area
	Capabilities []Capability
	Processes    []Process // requirements and targets of these alone
	AsOf         Date
	Horizon      Date // the last day looked at

	// Nations and Organisations choose among the findings; the sums behind them still run over everybody.
	Nations       []Nation
	Organisations []Organisation

	// Audience is for whom the answer is made. It leaves nothing out: Dataset.For does, before the question is put, and whoever calls
	// that says so here.
	Audience Audience
}

// HasCapability reports whether the scope takes in a capability.
func (s Scope) HasCapability(c CapabilityRow) bool {
	return in(s.Areas, c.Area) && in(s.Capabilities, c.Capability)
}

// HasProcess reports whether the scope takes in a process.
func (s Scope) HasProcess(p Process) bool { return in(s.Processes, p) }

func in[T comparable](chosen []T, v T) bool { return len(chosen) == 0 || slices.Contains(chosen, v) }
