package load_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"deconflict/data"
	"deconflict/data/load"
)

var update = flag.Bool("update", false, "rewrite what the cases expect: read it before it is committed")

// TestCases reads every archive of testdata/load as a folder. Its comment gives the reason. Of the two files that are not part of
// the folder, problems is what must be said of it, and records what it comes to:
//
//	problems  one line each; none where the folder is read without a doubt
//	records   one line a record, with what differs from the zero value
func TestCases(t *testing.T) {
	files, err := filepath.Glob("../../testdata/load/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Comment) == 0 {
				t.Error("the case gives no reason on top")
			}
			folder := fstest.MapFS{}
			for _, f := range archive.Files {
				if f.Name != "problems" && f.Name != "records" {
					folder[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			ds, problems := load.FS(t.Context(), ".", folder)
			if (ds == nil) != (len(problems.Of(data.Error)) > 0) {
				t.Errorf("a dataset is %v beside %d errors", ds != nil, len(problems.Of(data.Error)))
			}
			got := map[string]string{"problems": lines(problems), "records": records(ds)}
			for i, f := range archive.Files {
				text, ok := got[f.Name]
				switch {
				case !ok:
				case *update:
					archive.Files[i].Data = []byte(text)
				default:
					if diff := cmp.Diff(string(f.Data), text); diff != "" {
						t.Errorf("%s (-want +got)\n%s", f.Name, diff)
					}
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func lines(problems data.Problems) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintln(&b, p)
	}
	return b.String()
}

// records prints the tables of statements and what the folder's own vocabulary made of them.
func records(ds *data.Dataset) string {
	if ds == nil {
		return ""
	}
	var b strings.Builder
	line := func(table string, r *data.Record, words ...string) {
		fmt.Fprintf(&b, "%s %s: ", table, r.ID)
		for _, w := range words {
			if w != "" {
				b.WriteString(w + " ")
			}
		}
		quantity := "unknown"
		if r.Quantity.Known {
			quantity = r.Quantity.String()
		}
		fmt.Fprintf(&b, "%s %s %s, %s", r.Capability, quantity, r.Unit, r.Period)
		for _, part := range []struct{ name, text string }{
			{"statement", r.Statement}, {"marking", string(r.Marking)}, {"sources", strings.Join(r.Sources, " and ")},
			{"confidence", r.Confidence}, {"term", r.Term},
		} {
			if part.text != "" {
				fmt.Fprintf(&b, "; %s %s", part.name, part.text)
			}
		}
		if !r.Comparable {
			b.WriteString("; not comparable")
		}
	}
	days := func(name string, q data.Quantity) {
		if q.Known {
			fmt.Fprintf(&b, "; %s %s", name, q)
		}
	}
	for _, r := range ds.Requirements {
		line("requirement", &r.Record, string(r.Process), r.Cycle)
		b.WriteString("\n")
	}
	for _, r := range ds.Targets {
		line("target", &r.Record, string(r.Process), r.Cycle, string(r.Nation))
		days("readiness", r.Readiness)
		days("held", r.Held)
		b.WriteString("\n")
	}
	for _, r := range ds.Pledges {
		line("pledge", &r.Record, string(r.Organisation), string(r.Nation))
		days("readiness", r.Readiness)
		b.WriteString("\n")
	}
	for _, r := range ds.Holdings {
		line("holding", &r.Record, string(r.Nation))
		days("readiness", r.Readiness)
		b.WriteString("\n")
	}
	for _, r := range ds.Initiatives {
		fmt.Fprintf(&b, "initiative %s: %s, %s; %s\n", r.Initiative, r.Organisation, r.Period, r.Membership)
	}
	for _, r := range ds.Participants {
		fmt.Fprintf(&b, "participant %s: %s %s, %s\n", r.Initiative, r.Nation, r.Role, r.Period)
	}
	for _, r := range ds.Contributions {
		fmt.Fprintf(&b, "contribution %s: %s %s\n", r.Initiative, r.Capability, r.Means)
	}
	for _, r := range ds.Relations {
		fmt.Fprintf(&b, "relation %s %s %s\n", r.Initiative, r.Relation, r.Other)
	}
	for _, r := range ds.ActionLinks {
		fmt.Fprintf(&b, "action link %s %s\n", r.Item, r.Initiative)
	}
	return b.String()
}

// A file of targets with one mistake in each row: each is told at its own cell, and the good rows hide none of them.
func TestTwelveMistakes(t *testing.T) {
	ds, problems := load.Files(t.Context(), "../../testdata/load/twelve-mistakes.csv")
	if ds != nil {
		t.Error("a file with errors made a dataset")
	}
	problems = slices.DeleteFunc(problems, func(p data.Problem) bool { return p.Line == 0 }) // that it has no date is no mistake of a row
	if len(problems) != 12 {
		t.Errorf("%d problems, want 12", len(problems))
	}
	const golden = "../../testdata/load/twelve-mistakes.golden"
	got := strings.ReplaceAll(lines(problems), "../../testdata/load/", "")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
