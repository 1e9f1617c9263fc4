package analysis

import (
	"cmp"
	"slices"
	"strings"

	"deconflict/data"
)

// ChangeKind says what became of a finding from one report to the next.
type ChangeKind string

// The changes. Better and worse go by severity and then by score. Changed is neither: the numbers, the days or the verdict moved.
const (
	Appeared ChangeKind = "new"
	Gone     ChangeKind = "gone"
	Worse    ChangeKind = "worse"
	Better   ChangeKind = "better"
	Changed  ChangeKind = "changed"
)

// ChangeKinds are all of them, in the order in which they are told.
var ChangeKinds = []ChangeKind{Appeared, Worse, Better, Gone, Changed}

// Change is one finding that is not the same in two reports. Before is nil for a new one, After for one that is gone.
type Change struct {
	Change ChangeKind `json:"change"`
	ID     string     `json:"id"`
	Before *Finding   `json:"before,omitempty"`
	After  *Finding   `json:"after,omitempty"`
}

// Difference is what changed from one report to another. Findings are the same where their ids are: an id is made of the subject,
// so that it survives changed numbers, changed record ids and another order of rows.
type Difference struct {
	Schema  string       `json:"schema"`
	Program string       `json:"program"`
	Marking data.Marking `json:"marking"`
	Before  Origin       `json:"before"`
	After   Origin       `json:"after"`
	Same    int          `json:"same"` // findings that say the same in both
	Changes []Change     `json:"changes"`
}

// DifferenceSchema names the form of the JSON of a Difference.
const DifferenceSchema = "deconflict-difference/1"

// Compare tells which findings are new, gone, worse, better or otherwise changed. Comparing a report with itself gives no
// changes, and swapping the two turns each change into its opposite.
func Compare(before, after *Report) *Difference {
	d := &Difference{
		Schema: DifferenceSchema, Program: after.Program, Marking: data.Banner([]data.Marking{before.Marking, after.Marking}),
		Before: before.Dataset, After: after.Dataset, Changes: []Change{},
	}
	old := make(map[string]*Finding, len(before.Findings))
	for i := range before.Findings {
		old[before.Findings[i].ID] = &before.Findings[i]
	}
	for i := range after.Findings {
		f := &after.Findings[i]
		b := old[f.ID]
		delete(old, f.ID)
		switch kind := changed(b, f); kind {
		case "":
			d.Same++
		default:
			d.Changes = append(d.Changes, Change{kind, f.ID, b, f})
		}
	}
	for id, f := range old {
		d.Changes = append(d.Changes, Change{Gone, id, f, nil})
	}
	slices.SortFunc(d.Changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(slices.Index(ChangeKinds, a.Change), slices.Index(ChangeKinds, b.Change)),
			byImportance(*cmp.Or(a.After, a.Before), *cmp.Or(b.After, b.Before)), strings.Compare(a.ID, b.ID))
	})
	return d
}

// changed compares two findings of one id by what they say; where it is written is no part of that. It is "" where nothing changed.
func changed(before, after *Finding) ChangeKind {
	switch {
	case before == nil:
		return Appeared
	case before.Severity.rank() != after.Severity.rank():
		if after.Severity.rank() < before.Severity.rank() {
			return Worse
		}
		return Better
	}
	switch c := cmp.Compare(after.score(), before.score()); {
	case c > 0:
		return Worse
	case c < 0:
		return Better
	case before.Verdict != after.Verdict || before.Status != after.Status || before.Period != after.Period || !slices.Equal(before.Measures, after.Measures) ||
		!slices.Equal(before.Nations, after.Nations) || !slices.Equal(before.Initiatives, after.Initiatives):
		return Changed
	}
	return ""
}

// score is what the severity was made of; 0 where it has no parts.
func (f *Finding) score() data.Amount {
	if f.SeverityParts == nil {
		return 0
	}
	return f.SeverityParts.Score
}
