package analysis_test

import (
	"slices"
	"testing"

	"deconflict/analysis"
	"deconflict/data/load"
)

// What the notional cycle is for: every kind of finding, every verdict and status, and every state of the heat map can be seen.
func TestNotionalCycleShowsEverything(t *testing.T) {
	report := reportOn(t, notional(t, 0))
	seen := map[string]bool{}
	for _, f := range report.Findings {
		seen[f.Kind], seen[f.Kind+" "+f.Verdict], seen[f.Kind+" "+f.Verdict+" "+f.Status] = true, true, true
	}
	for _, kind := range analysis.Kinds() {
		if !seen[kind] {
			t.Errorf("no finding of kind %s", kind)
		}
	}
	for _, verdict := range []string{
		"dual-target covered", "dual-target single-set", "dual-target short", "dual-target unknown", "dual-target single-set aligned",
		"initiative-overlap fragmentation", "initiative-overlap overlap live", "initiative-overlap overlap managed", "initiative-overlap overlap resolved",
		"initiative-overlap duplication live", "initiative-overlap duplication managed", "initiative-overlap duplication resolved",
		"nation-gap unmet", "nation-gap partly met", "nation-gap slow", "nation-gap partly met closes", "nation-gap partly met open-ended",
		"collective-gap short exact", "collective-gap short upper bound", "concentration carried by one", "concentration only giver",
	} {
		if !seen[verdict] {
			t.Errorf("no finding %q", verdict)
		}
	}
	if report.Marking != "NOTIONAL" {
		t.Errorf("the marking is %q", report.Marking)
	}
	for _, s := range analysis.States {
		if !slices.ContainsFunc(report.HeatMap.Rows, func(row string) bool { return slices.Contains([]byte(row), s.State[0]) }) {
			t.Errorf("no cell of the heat map is %s", s.Meaning)
		}
	}
}

// Each finding on the public dataset leads to a file, a line and a source that the report explains.
func TestEveryPublicFindingLeadsToASource(t *testing.T) {
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	report := reportOn(t, ds)
	known := map[string]bool{}
	for _, s := range report.Sources.All() {
		known[s.Code] = s.Title != "" && s.URL != ""
	}
	for _, f := range report.Findings {
		sourced := false
		for _, evidence := range f.Tell().Evidence {
			e := evidence.Tell()
			if e.File == "" || e.Line == 0 || e.Says == "" {
				t.Errorf("%s: %s says %q at %s", f.ID, e.Record, e.Says, e.Position)
			}
			for _, s := range e.Sources {
				sourced = true
				if !known[s] {
					t.Errorf("%s: %s names %q, which the report does not explain", f.ID, e.Record, s)
				}
			}
		}
		if !sourced {
			t.Errorf("%s has no source", f.ID)
		}
	}
	if report.Incomplete() == "" {
		t.Error("the report on the public dataset does not say that it is incomplete")
	}
}

// The calibration: public experts find hardly a live duplication, and the famous pairs are told apart for the right reason.
func TestPublicReportReadsAsExpertsDo(t *testing.T) {
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	report := reportOn(t, ds)
	counts := map[string]int{}
	for _, f := range report.Findings {
		counts[f.Kind+" "+f.Verdict+" "+f.Status]++
		if f.Report == analysis.Duplication && f.Severity.AtLeast(analysis.High) {
			t.Errorf("%s cries %s", f.ID, f.Severity)
		}
	}
	if counts["initiative-overlap duplication live"] != 0 || counts["initiative-overlap duplication managed"] != 8 || counts["initiative-overlap duplication resolved"] != 2 {
		t.Errorf("duplications: %v", counts)
	}
	for id, status := range map[string]string{
		"initiative-overlap:mmcc-e:pesco-emc":          "resolved", // merged into the centre
		"initiative-overlap:eda-customs:nato-form-302": "managed",  // two forms 302 with distinct mandates
		"initiative-overlap:nato-rrt:pesco-crrt":       "managed",  // two teams for different beneficiaries
	} {
		f, ok := report.Find(id)
		if !ok || f.Status != status {
			t.Errorf("%s is %q (found %v), want %s", id, f.Status, ok, status)
		}
		if !slices.ContainsFunc(f.Tell().Details, func(d analysis.Detail) bool { return d.Title == "The ladder" }) {
			t.Errorf("%s does not show what raised or lowered it", id)
		}
	}
}
