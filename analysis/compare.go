package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"deconflict/data"
)

// ChangeKind says what became of a finding from one report to the next.
type ChangeKind string

// The changes, by the rule that ChangeRule has in words. Of a finding that is Changed the numbers, the days or the verdict moved.
const (
	Appeared ChangeKind = "new"
	Gone     ChangeKind = "gone"
	Worse    ChangeKind = "worse"
	Better   ChangeKind = "better"
	Changed  ChangeKind = "changed"
)

// ChangeRule says what makes a finding worse or better. Severity leads, for a small gap that is near can matter more than a large one far
// off. What is short comes before the score, of which a part is what is short over the demand: a gap that grows as its target does is
// worse.
const ChangeRule = "Worse and better go by severity, then by how much is short or in conflict, then by score. Changed is neither."

// ChangeKinds are all of them, in the order in which they are told.
var ChangeKinds = []ChangeKind{Appeared, Worse, Better, Gone, Changed}

// Change is one finding that is not the same in two reports. Before is nil for a new one, After for one that is gone.
type Change struct {
	Change   ChangeKind `json:"change"`
	ID       string     `json:"id"`
	Measures []Shift    `json:"measures,omitempty"` // those that moved; of a new finding and of one that is gone the first
	Before   *Finding   `json:"before,omitempty"`
	After    *Finding   `json:"after,omitempty"`
}

// Finding is the finding as it is now, or else as it was.
func (c Change) Finding() *Finding { return cmp.Or(c.After, c.Before) }

// Shift is a measure before and after. It is not known on a side that does not state it.
type Shift struct {
	Name   string        `json:"name"`
	Unit   string        `json:"unit,omitempty"`
	Before data.Quantity `json:"before"`
	After  data.Quantity `json:"after"`
}

// Difference is what changed from one report to another. Findings are the same where their ids are: an id is made of the subject,
// so that it survives changed numbers, changed record ids and another order of rows.
type Difference struct {
	Schema     string        `json:"schema"`
	Program    string        `json:"program"`
	Marking    data.Marking  `json:"marking"` // top and bottom of every output
	Before     Side          `json:"before"`
	After      Side          `json:"after"`
	Horizon    data.Date     `json:"horizon,omitzero"`
	Scope      Chosen        `json:"scope"`
	Parameters []Setting     `json:"parameters"`
	Same       int           `json:"same"` // findings that say the same in both
	Summary    []ChangeCount `json:"summary"`
	Changes    []Change      `json:"changes"` // in the order of ChangeKinds, then as in a report
	// NotCompared are the kinds that only one of the two was asked about.
	NotCompared []string `json:"not_compared"`
}

// Side is one of the two reports of a Difference.
type Side struct {
	AsOf    data.Date `json:"as_of"` // the day asked about
	Dataset Origin    `json:"dataset"`
}

// ChangeCount is how many findings of a report became what.
type ChangeCount struct {
	Report  Question `json:"report"`
	New     int      `json:"new"`
	Worse   int      `json:"worse"`
	Better  int      `json:"better"`
	Gone    int      `json:"gone"`
	Changed int      `json:"changed"`
	Same    int      `json:"same"`
}

// Of is the count of one kind of change.
func (c ChangeCount) Of(k ChangeKind) int { return *c.of(k) }

func (c *ChangeCount) of(k ChangeKind) *int {
	switch k {
	case Appeared:
		return &c.New
	case Worse:
		return &c.Worse
	case Better:
		return &c.Better
	case Gone:
		return &c.Gone
	case Changed:
		return &c.Changed
	}
	return &c.Same
}

// DifferenceForm names the form of the JSON of a Difference. difference.schema.json describes it.
const DifferenceForm = "deconflict-difference/1"

// Later is the later of the two days asked about.
func (d *Difference) Later() data.Date { return max(d.Before.AsOf, d.After.AsOf) }

// Incomplete is the note on what may be missing that every output on the public dataset, or for an audience, carries; empty for others.
func (d *Difference) Incomplete() string {
	return incomplete(d.Scope.Audience, d.Marking, d.After.Dataset)
}

// Compare tells which findings are new, gone, worse, better or otherwise changed. Comparing a report with itself gives no
// changes, and swapping the two turns each change into its opposite.
func Compare(before, after *Report) *Difference { return CompareOnly(before, after, Chosen{}) }

// CompareOnly compares the findings that are chosen by report, kind, nation, organisation or severity in either of the two reports. So
// a finding that falls below the least severity is better, where comparing two reports without it would call it gone.
func CompareOnly(before, after *Report, only Chosen) *Difference {
	d := &Difference{
		Schema: DifferenceForm, Program: after.Program, Marking: data.Banner([]data.Marking{before.Marking, after.Marking}),
		Before: Side{before.AsOf, before.Dataset}, After: Side{after.AsOf, after.Dataset},
		Horizon: after.Horizon, Scope: after.Scope.narrowed(only), Parameters: after.Parameters, Changes: []Change{},
		NotCompared: unshared(before.Kinds, after.Kinds),
	}
	for _, q := range Questions {
		d.Summary = append(d.Summary, ChangeCount{Report: q})
	}
	compare := func(b, a *Finding) {
		if !only.looksAt(b) && !only.looksAt(a) || slices.Contains(d.NotCompared, cmp.Or(a, b).Kind) {
			return
		}
		kind := changed(b, a, d.Later())
		*d.Summary[slices.Index(Questions, cmp.Or(a, b).Report)].of(kind)++
		if kind == "" {
			d.Same++
			return
		}
		d.Changes = append(d.Changes, Change{kind, cmp.Or(a, b).ID, shifts(b, a), b, a})
	}
	old := make(map[string]*Finding, len(before.Findings))
	for i := range before.Findings {
		old[before.Findings[i].ID] = &before.Findings[i]
	}
	for i := range after.Findings {
		f := &after.Findings[i]
		compare(old[f.ID], f)
		delete(old, f.ID)
	}
	for _, f := range old {
		compare(f, nil)
	}
	slices.SortFunc(d.Changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(slices.Index(ChangeKinds, a.Change), slices.Index(ChangeKinds, b.Change)),
			importanceOf(a.Finding()).compare(importanceOf(b.Finding())), strings.Compare(a.ID, b.ID))
	})
	return d
}

// narrowed is the choice of a report, narrowed further.
func (c Chosen) narrowed(only Chosen) Chosen {
	if len(only.Nations) > 0 {
		c.Nations = only.Nations
	}
	if len(only.Organisations) > 0 {
		c.Organisations = only.Organisations
	}
	if len(only.Kinds) > 0 {
		c.Kinds = only.Kinds
	}
	if len(only.Reports) > 0 {
		c.Reports = only.Reports
	}
	c.MinSeverity = cmp.Or(only.MinSeverity, c.MinSeverity)
	return c
}

// looksAt reports whether a finding is among those that are chosen.
func (c Chosen) looksAt(f *Finding) bool {
	return f != nil && meets(c.Kinds, []string{f.Kind}) && meets(c.Reports, []Question{f.Report}) &&
		concerns(f, data.Scope{Nations: c.Nations, Organisations: c.Organisations}) &&
		(c.MinSeverity == "" || f.Severity.AtLeast(c.MinSeverity))
}

// unshared are the kinds in one of two lists alone.
func unshared(a, b []Kind) []string {
	out := []string{}
	for _, pair := range [][2][]Kind{{a, b}, {b, a}} {
		for _, k := range pair[0] {
			if !slices.ContainsFunc(pair[1], func(other Kind) bool { return other.Name == k.Name }) {
				out = append(out, k.Name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// changed compares two findings of one id by what they say; where it is written is no part of that. What has begun by the later of the
// two days has begun in both. It is "" where nothing changed.
func changed(before, after *Finding, later data.Date) ChangeKind {
	switch {
	case before == nil:
		return Appeared
	case after == nil:
		return Gone
	}
	worse := cmp.Or(
		cmp.Compare(before.Severity.rank(), after.Severity.rank()),
		moreShort(before, after),
		cmp.Compare(after.score(), before.score()))
	switch {
	case worse > 0:
		return Worse
	case worse < 0:
		return Better
	case before.Verdict != after.Verdict || before.Status != after.Status || max(before.From, later) != max(after.From, later) || before.Until != after.Until ||
		!slices.Equal(before.Measures, after.Measures) || !slices.Equal(before.Nations, after.Nations) || !slices.Equal(before.Initiatives, after.Initiatives):
		return Changed
	}
	return ""
}

// moreShort is positive where more is short or in conflict after than before, and negative where less is. It is 0 where one of the two
// does not say.
func moreShort(before, after *Finding) int {
	b, a := before.SeverityParts, after.SeverityParts
	if b == nil || a == nil || !b.Short.Known() || !a.Short.Known() {
		return 0
	}
	return cmp.Compare(a.Short.Amount(), b.Short.Amount())
}

// shifts are the measures that moved, in their order, which has the one that matters most first.
func shifts(before, after *Finding) []Shift {
	var out []Shift
	both := before != nil && after != nil
	note := func(m Measure, b, a data.Quantity) {
		if b != a && (both || len(out) == 0) {
			out = append(out, Shift{m.Name, m.Unit, b, a})
		}
	}
	if after != nil {
		for _, m := range after.Measures {
			note(m, before.measure(m), data.Known(m.Value))
		}
	}
	if before != nil {
		for _, m := range before.Measures {
			if !after.measure(m).Known() {
				note(m, data.Known(m.Value), 0)
			}
		}
	}
	return out
}

// measure is the value of the measure that has the name and unit of another.
func (f *Finding) measure(like Measure) data.Quantity {
	if f != nil {
		for _, m := range f.Measures {
			if m.Name == like.Name && m.Unit == like.Unit {
				return data.Known(m.Value)
			}
		}
	}
	return 0
}

// score is what the severity was made of; 0 where it has no parts.
func (f *Finding) score() data.Amount {
	if f.SeverityParts == nil {
		return 0
	}
	return f.SeverityParts.Score
}

// Asked is the question that a report answers, to be put to another dataset. Its day is only part of the question where it is not
// that of the report's own dataset.
func (r *Report) Asked() (data.Scope, Options) {
	s, o := r.Scope, Options{Params: map[string]data.Amount{}}
	scope := data.Scope{
		Areas: s.Areas, Capabilities: s.Capabilities, Processes: s.Processes, Horizon: r.Horizon,
		Nations: s.Nations, Organisations: s.Organisations, Audience: s.Audience,
	}
	if r.AsOf != r.Dataset.AsOf {
		scope.AsOf = r.AsOf
	}
	o.Kinds, o.Reports, o.MinSeverity, o.NoSeverity = s.Kinds, s.Reports, s.MinSeverity, r.unranked()
	for _, p := range r.Parameters {
		o.Params[p.Name] = p.Value
	}
	return scope, o
}

// unranked reports whether the findings were asked for without a severity.
func (r *Report) unranked() bool { return len(r.Findings) > 0 && r.Findings[0].Severity == "" }

// Comparable says why two reports cannot be compared: a finding that is missing because nobody asked for it is not gone.
func Comparable(before, after *Report) error {
	differs := func(what string, b, a any) error {
		return fmt.Errorf("the two reports were asked different questions: %s is %v in the first and %v in the second", what, told(b), told(a))
	}
	b, a := before.Scope, after.Scope
	for _, c := range []struct {
		what string
		b, a []string
	}{
		{"area", words(b.Areas), words(a.Areas)}, {"capability", words(b.Capabilities), words(a.Capabilities)},
		{"process", words(b.Processes), words(a.Processes)}, {"nation", words(b.Nations), words(a.Nations)},
		{"organisation", words(b.Organisations), words(a.Organisations)}, {"audience", b.Audience, a.Audience},
	} {
		if !slices.Equal(c.b, c.a) {
			return differs(c.what, strings.Join(c.b, ","), strings.Join(c.a, ","))
		}
	}
	if b.MinSeverity != a.MinSeverity {
		return differs("min-severity", b.MinSeverity, a.MinSeverity)
	}
	if before.Horizon != after.Horizon {
		return differs("horizon", before.Horizon, after.Horizon)
	}
	if len(before.Findings) > 0 && len(after.Findings) > 0 && before.unranked() != after.unranked() {
		return differs("no-severity", before.unranked(), after.unranked())
	}
	for _, p := range before.Parameters {
		for _, q := range after.Parameters {
			if p.Name == q.Name && p.Value != q.Value {
				return differs("param "+p.Name, p.Value, q.Value)
			}
		}
	}
	return nil
}

// told is a value in words: what was not chosen is everything.
func told(v any) string { return cmp.Or(fmt.Sprint(v), "open") }

// words are the sorted texts of a choice.
func words[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	slices.Sort(out)
	return out
}
