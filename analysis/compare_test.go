package analysis_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
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
	twice := func(q *data.Quantity) {
		if q.Known() {
			*q = data.Known(2 * q.Amount())
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		ds := draw(t)
		next := *ds
		next.Targets = rapid.Permutation(ds.Targets).Draw(t, "order")
		for i := range next.Targets {
			next.Targets[i].Record = next.Targets[i].Named(fmt.Sprint("renamed-", i), "")
			next.Targets[i].Line = int32(1000 + i)
			twice(&next.Targets[i].Quantity)
			twice(&next.Targets[i].Held)
		}
		next.Pledges = append([]data.Pledge(nil), ds.Pledges...)
		for i := range next.Pledges {
			twice(&next.Pledges[i].Quantity)
		}
		next.Holdings = append([]data.Holding(nil), ds.Holdings...)
		for i := range next.Holdings {
			twice(&next.Holdings[i].Quantity)
		}
		next.Requirements = append([]data.Requirement(nil), ds.Requirements...)
		for i := range next.Requirements {
			twice(&next.Requirements[i].Quantity)
		}
		for _, c := range analysis.Compare(reportOn(t, ds), reportOn(t, &next)).Changes {
			if c.Change != analysis.Worse && c.Change != analysis.Changed { // what is short is twice as short, and scores the same
				t.Fatalf("%s is %s", c.ID, c.Change)
			}
		}
	})
}

// pair is a vocabulary of two nations in NATO and one capability.
func pair() *data.Vocabulary {
	return data.NewVocabulary(
		[]data.NationRow{{Nation: "NLD", Name: "Netherlands"}, {Nation: "SWE", Name: "Sweden"}},
		[]data.Membership{{Nation: "NLD", Organisation: data.NATO}, {Nation: "SWE", Organisation: data.NATO}},
		[]data.ProcessRow{{Process: "NDPP", Organisation: data.NATO}},
		[]data.CapabilityRow{{Capability: "mob-rail", Name: "Rail", Area: "military-mobility", Unit: "train"}}, nil)
}

// twoCycles are reports on two nations: the gap of one shrinks from critical to low while that of the other appears.
func twoCycles(t *testing.T, before, after analysis.Options) (*analysis.Report, *analysis.Report) {
	t.Helper()
	report := func(o analysis.Options, held ...int) *analysis.Report {
		ds := &data.Dataset{Vocabulary: pair(), Meta: data.Meta{Marking: "PUBLIC", AsOf: data.Day(2026, 6, 30)}}
		for i, n := range []data.Nation{"NLD", "SWE"} {
			record := func(id string, q int) data.Record {
				return data.Record{Subject: &data.Subject{Capability: "mob-rail", Comparable: true}, Origin: &data.Origin{}, Quantity: data.Known(data.Count(q))}.Named(fmt.Sprint(id, i), "")
			}
			ds.Targets = append(ds.Targets, data.Target{Record: record("t", 10), Request: &data.Request{Process: "NDPP", Nation: n}})
			ds.Holdings = append(ds.Holdings, data.Holding{Record: record("h", held[i]), Nation: n})
		}
		r, err := analysis.Run(t.Context(), graph.New(ds, data.Scope{}), o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	return report(before, 0, 10), report(after, 9, 4)
}

// What is worse, by hand, of a gap in rail: targets from 2026 are urgent, those from 2035 (× 0.6) less so, and size is gap over target.
func TestWorseAndBetter(t *testing.T) {
	type plan struct{ target, held, from int }
	for name, test := range map[string]struct {
		before, after plan
		want          analysis.ChangeKind
	}{
		"target and gap twice as large, score 0.8 as before":             {plan{10, 2, 2026}, plan{20, 4, 2026}, analysis.Worse},
		"gap from 10 to 19, score from 1 to 0.95, critical as before":    {plan{10, 0, 2026}, plan{20, 1, 2026}, analysis.Worse},
		"gap from 6 to 5, score from 0.6 to 0.71, high as before":        {plan{10, 4, 2026}, plan{7, 2, 2026}, analysis.Better},
		"gap from 10 to 12, critical at first and high (0.6) then":       {plan{10, 0, 2026}, plan{20, 8, 2026}, analysis.Better},
		"gap of 10 as before, out of 10 and then 12, critical as before": {plan{10, 0, 2026}, plan{12, 2, 2026}, analysis.Better},
		"gap of 5 as before, in 2035 at first and now then":              {plan{10, 5, 2035}, plan{10, 5, 2026}, analysis.Worse},
		"a year later, as urgent as before":                              {plan{10, 5, 2027}, plan{10, 5, 2028}, analysis.Changed},
		"nothing":                                                        {plan{10, 5, 2027}, plan{10, 5, 2027}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			report := func(p plan) *analysis.Report {
				ds := &data.Dataset{Vocabulary: pair(), Meta: data.Meta{Marking: "PUBLIC", AsOf: data.Day(2026, 1, 1)}}
				record := func(id string, q int, during data.Period) data.Record {
					return data.Record{Subject: &data.Subject{Capability: "mob-rail", Comparable: true}, Origin: &data.Origin{}, Quantity: data.Known(data.Count(q)), Period: during}.Named(id, "")
				}
				ds.Targets = []data.Target{{Record: record("t", p.target, data.Period{From: data.Day(p.from, 1, 1)}), Request: &data.Request{Process: "NDPP", Nation: "NLD"}}}
				ds.Holdings = []data.Holding{{Record: record("h", p.held, data.Period{}), Nation: "NLD"}}
				r, err := analysis.Run(t.Context(), graph.New(ds, data.Scope{}), analysis.Options{Kinds: []string{"nation-gap"}})
				if err != nil {
					t.Fatal(err)
				}
				return r
			}
			d := analysis.Compare(report(test.before), report(test.after))
			var got analysis.ChangeKind
			if len(d.Changes) == 1 {
				got = d.Changes[0].Change
			}
			if got != test.want || len(d.Changes) > 1 {
				t.Errorf("%d changes, %q, want %q", len(d.Changes), got, test.want)
			}
		})
	}
}

// By hand: the Dutch gap goes from 10 − 0 = 10 to 10 − 9 = 1, the Swedish one from 0 to 10 − 4 = 6.
func TestCompareOnly(t *testing.T) {
	kinds := analysis.Options{Kinds: []string{"nation-gap"}}
	before, after := twoCycles(t, kinds, kinds)
	const dutch, swedish = "nation-gap:NLD:mob-rail:NATO", "nation-gap:SWE:mob-rail:NATO"
	for name, test := range map[string]struct {
		only analysis.Chosen
		want map[string]analysis.ChangeKind
	}{
		"everything":         {analysis.Chosen{}, map[string]analysis.ChangeKind{dutch: analysis.Better, swedish: analysis.Appeared}},
		"one nation":         {analysis.Chosen{Nations: []data.Nation{"SWE"}}, map[string]analysis.ChangeKind{swedish: analysis.Appeared}},
		"severe before":      {analysis.Chosen{MinSeverity: analysis.Critical}, map[string]analysis.ChangeKind{dutch: analysis.Better}},
		"another kind":       {analysis.Chosen{Kinds: []string{"transfer"}}, map[string]analysis.ChangeKind{}},
		"another report":     {analysis.Chosen{Reports: []analysis.Question{analysis.Duplication}}, map[string]analysis.ChangeKind{}},
		"other organisation": {analysis.Chosen{Organisations: []data.Organisation{"EU"}}, map[string]analysis.ChangeKind{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := map[string]analysis.ChangeKind{}
			d := analysis.CompareOnly(before, after, test.only)
			for _, c := range d.Changes {
				got[c.ID] = c.Change
				if c.ID == dutch && (len(c.Measures) == 0 || c.Measures[0] != analysis.Shift{Name: "gap", Unit: "train", Before: data.Known(data.Count(10)), After: data.Known(data.Count(1))}) {
					t.Errorf("the Dutch gap moved %+v", c.Measures)
				}
			}
			if !maps.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
			counted := 0
			for _, c := range d.Summary {
				for _, k := range analysis.ChangeKinds {
					counted += c.Of(k)
				}
			}
			if counted != len(d.Changes) {
				t.Errorf("%d changes counted, %d told", counted, len(d.Changes))
			}
		})
	}
}

// What only one of two reports was asked about is told, and is neither new nor gone.
func TestKindsThatOneReportLacksAreNotCompared(t *testing.T) {
	before, after := twoCycles(t, analysis.Options{Kinds: []string{"nation-gap"}}, analysis.Options{Reports: []analysis.Question{analysis.Gap}})
	d := analysis.Compare(before, after)
	if !slices.Contains(d.NotCompared, "collective-gap") || slices.Contains(d.NotCompared, "nation-gap") {
		t.Errorf("not compared: %v", d.NotCompared)
	}
	for _, c := range d.Changes {
		if c.Finding().Kind != "nation-gap" {
			t.Errorf("%s is %s", c.ID, c.Change)
		}
	}
}

// Asking another dataset the question of a report makes the two comparable; a different question does not.
func TestAskedAndComparable(t *testing.T) {
	ds := &data.Dataset{Vocabulary: pair(), Meta: data.Meta{Marking: "PUBLIC", AsOf: data.Day(2026, 6, 30)}}
	run := func(s data.Scope, o analysis.Options) *analysis.Report {
		r, err := analysis.Run(t.Context(), graph.New(ds, s), o)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	plain := run(data.Scope{}, analysis.Options{})
	for name, other := range map[string]*analysis.Report{
		"area":         run(data.Scope{Areas: []data.Area{"military-mobility"}}, analysis.Options{}),
		"nation":       run(data.Scope{Nations: []data.Nation{"NLD"}}, analysis.Options{}),
		"min-severity": run(data.Scope{}, analysis.Options{MinSeverity: analysis.High}),
		"horizon":      run(data.Scope{Horizon: data.Day(2030, 1, 1)}, analysis.Options{}),
		"param":        run(data.Scope{}, analysis.Options{Params: map[string]data.Amount{"severity.high": data.One / 3}}),
	} {
		if err := analysis.Comparable(plain, other); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
		if err := analysis.Comparable(run(other.Asked()), other); err != nil {
			t.Errorf("%s, asked again: %v", name, err)
		}
	}
	day := run(data.Scope{AsOf: data.Day(2030, 1, 1)}, analysis.Options{})
	if got := run(day.Asked()).AsOf; got != day.AsOf {
		t.Errorf("asked again as of %s, want %s", got, day.AsOf)
	}
	if s, _ := plain.Asked(); s.AsOf != 0 {
		t.Errorf("the dataset's own day became part of the question: %s", s.AsOf)
	}
}
