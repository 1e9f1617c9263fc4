package analysis_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/graph"
)

func reportOn(t interface{ Fatal(...any) }, ds *data.Dataset) *analysis.Report {
	report, err := analysis.Run(context.Background(), graph.New(ds, data.Scope{}), analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestComparingWithItselfIsEmpty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		report := reportOn(t, draw(t))
		if d := analysis.Compare(report, report); len(d.Changes) != 0 || d.Same != len(report.Findings) {
			t.Fatalf("%d changes, %d of %d the same", len(d.Changes), d.Same, len(report.Findings))
		}
	})
}

func TestSwappingNegates(t *testing.T) {
	opposite := map[analysis.ChangeKind]analysis.ChangeKind{
		analysis.Appeared: analysis.Gone, analysis.Gone: analysis.Appeared, analysis.Worse: analysis.Better, analysis.Better: analysis.Worse,
		analysis.Changed: analysis.Changed,
	}
	seen := map[analysis.ChangeKind]bool{}
	for range 5 {
		rapid.Check(t, func(t *rapid.T) {
			ds := draw(t)
			next := *ds
			for i := range next.Targets { // the next cycle: some numbers moved, some records went
				if rapid.IntRange(0, 2).Draw(t, "moved") == 0 {
					next.Targets = append([]data.Target(nil), next.Targets...)
					next.Targets[i].Quantity = data.Known(data.Count(rapid.IntRange(0, 9).Draw(t, "now")))
				}
			}
			if n := len(next.Holdings); n > 0 && rapid.Bool().Draw(t, "gone") {
				next.Holdings = next.Holdings[:n-1]
			}
			before, after := reportOn(t, ds), reportOn(t, &next)
			there, back := analysis.Compare(before, after), analysis.Compare(after, before)
			if len(there.Changes) != len(back.Changes) || there.Same != back.Same {
				t.Fatalf("%d changes one way, %d the other", len(there.Changes), len(back.Changes))
			}
			other := map[string]analysis.ChangeKind{}
			for _, c := range back.Changes {
				other[c.ID] = c.Change
			}
			for _, c := range there.Changes {
				seen[c.Change] = true
				if other[c.ID] != opposite[c.Change] {
					t.Fatalf("%s: %s one way, %s the other", c.ID, c.Change, other[c.ID])
				}
			}
		})
	}
	for _, k := range analysis.ChangeKinds {
		if !seen[k] {
			t.Errorf("no random pair of cycles had a change %q: the test does not reach it", k)
		}
	}
}

// An id is made of the subject: other record ids, other places and twice the numbers leave every id as it is.
func TestIDsSurviveNumbersIDsAndOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ds := draw(t)
		next := *ds
		next.Targets = rapid.Permutation(ds.Targets).Draw(t, "order")
		for i := range next.Targets {
			next.Targets[i].ID = fmt.Sprint("renamed-", i)
			next.Targets[i].Position.Line = 1000 + i
			next.Targets[i].Quantity.Amount *= 2
			next.Targets[i].Held.Amount *= 2
		}
		next.Pledges = append([]data.Pledge(nil), ds.Pledges...)
		for i := range next.Pledges {
			next.Pledges[i].Quantity.Amount *= 2
		}
		next.Holdings = append([]data.Holding(nil), ds.Holdings...)
		for i := range next.Holdings {
			next.Holdings[i].Quantity.Amount *= 2
		}
		next.Requirements = append([]data.Requirement(nil), ds.Requirements...)
		for i := range next.Requirements {
			next.Requirements[i].Quantity.Amount *= 2
		}
		for _, c := range analysis.Compare(reportOn(t, ds), reportOn(t, &next)).Changes {
			if c.Change == analysis.Appeared || c.Change == analysis.Gone {
				t.Fatalf("%s is %s", c.ID, c.Change)
			}
		}
	})
}
