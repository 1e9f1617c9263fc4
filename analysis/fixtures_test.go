package analysis_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/data/load"
	"deconflict/graph"
)

var update = flag.Bool("update", false, "rewrite the expected lines of the fixtures: read them before they are committed")

// TestFixtures runs every archive of testdata/analysis. Its comment gives the reason and the arithmetic by hand; its *.csv files are
// the dataset, and the rest says what is asked and what must be said:
//
//	kinds         the kinds of finding, with commas between
//	as-of         the day asked about, where it is not the dataset's
//	processes     requirements and targets of these alone, with commas between
//	params        thresholds, one a line: concentration.share = 0.4
//	want          one line a finding: id; verdict; status; severity; period; measures
//	details       the tables of the findings, for archives that show them
//	caveats       the doubts of the findings, for archives that show them
//	not-assessed  what could not be answered, for archives that show it
//	timeline      the shortfalls open in each year, for archives that show them
//	cooperation   the nations' groups and what they share, for archives that show them
func TestFixtures(t *testing.T) {
	files, err := filepath.Glob("../testdata/analysis/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(file), "../testdata/analysis/"), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runFixture(t, file)
		})
	}
}

func runFixture(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(bytes.TrimSpace(archive.Comment)) == 0 {
		t.Errorf("%s gives no reason and no arithmetic on top", file)
	}
	tables, asked := fstest.MapFS{}, map[string]string{}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".csv") || strings.HasSuffix(f.Name, ".json") {
			tables[f.Name] = &fstest.MapFile{Data: f.Data}
		} else {
			asked[f.Name] = string(f.Data)
		}
	}
	report := analyse(t, tables, asked)
	got := map[string]string{
		"want":         findingLines(report.Findings),
		"details":      detailLines(report.Findings),
		"caveats":      caveatLines(report.Findings),
		"not-assessed": notAssessedLines(report.NotAssessed),
		"timeline":     timelineLines(report.Timeline),
		"cooperation":  cooperationLines(report.Cooperation),
	}
	if *update {
		for i, f := range archive.Files {
			if text, ok := got[f.Name]; ok {
				archive.Files[i].Data = []byte(text)
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if _, ok := asked["want"]; !ok {
		t.Error("the archive has no file called want")
	}
	for name, text := range got {
		if want, ok := asked[name]; ok {
			if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(text, "\n")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// analyse loads the tables and puts the archive's kinds to them.
func analyse(t *testing.T, tables fs.FS, asked map[string]string) *analysis.Report {
	t.Helper()
	ds, problems := load.FS(t.Context(), "fixture", tables)
	if ds == nil {
		t.Fatal(problems)
	}
	var scope data.Scope
	var err error
	if day := strings.TrimSpace(asked["as-of"]); day != "" {
		if scope.AsOf, _, err = data.ParseDate(day); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range fields(asked["processes"], ",") {
		scope.Processes = append(scope.Processes, data.Process(p))
	}
	opts := analysis.Options{Kinds: fields(asked["kinds"], ","), Params: map[string]data.Amount{}}
	for _, line := range fields(asked["params"], "\n") {
		name, value, _ := strings.Cut(line, "=")
		if opts.Params[strings.TrimSpace(name)], err = data.ParseAmount(strings.TrimSpace(value)); err != nil {
			t.Fatal(err)
		}
	}
	report, err := analysis.Run(t.Context(), graph.New(ds, scope), opts)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// fields splits a text and drops what is empty.
func fields(s, separator string) (out []string) {
	for f := range strings.SplitSeq(s, separator) {
		if f = strings.TrimSpace(f); f != "" {
			out = append(out, f)
		}
	}
	return out
}

func findingLines(findings []analysis.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		columns := []string{f.ID, f.Verdict, f.Status, string(f.Severity), f.From.String() + ".." + f.Until.String()}
		for _, m := range f.Measures {
			columns = append(columns, m.Name+"="+strings.TrimSpace(m.Value.String()+" "+m.Unit))
		}
		b.WriteString(strings.Join(columns, "; ") + "\n")
	}
	return b.String()
}

func detailLines(findings []analysis.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		for _, d := range f.Tell().Details {
			fmt.Fprintf(&b, "%s: %s\n", f.ID, d.Title)
			for _, row := range d.Rows {
				b.WriteString(strings.TrimRight(strings.Join(row, " | "), " ") + "\n")
			}
		}
	}
	return b.String()
}

func caveatLines(findings []analysis.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		for _, c := range f.Tell().Caveats {
			fmt.Fprintf(&b, "%s: %s\n", f.ID, c)
		}
	}
	return b.String()
}

// notAssessedLines leaves out what touches every kind: it says the same for each.
func notAssessedLines(unanswered []analysis.NotAssessed) string {
	var b strings.Builder
	for _, n := range slices.DeleteFunc(slices.Clone(unanswered), func(n analysis.NotAssessed) bool { return n.Kind == "" }) {
		fmt.Fprintf(&b, "%s; %s; %s\n", n.Kind, n.Reason, strings.Join(n.Subjects, ", "))
	}
	return b.String()
}

func timelineLines(t analysis.Timeline) string {
	var b strings.Builder
	for _, l := range t.Lines {
		fmt.Fprintf(&b, "%s; %s;", l.Area, l.Shortfall)
		for i, year := range t.Years {
			fmt.Fprintf(&b, " %d:%d", year, l.Open[i])
		}
		b.WriteString("\n")
	}
	return b.String()
}

// cooperationLines leaves out the nations that share nothing.
func cooperationLines(c analysis.Cooperation) string {
	var b strings.Builder
	for _, n := range c.Nations {
		if n.Community > 0 {
			fmt.Fprintf(&b, "%s %d\n", n.Nation, n.Community)
		}
	}
	for _, x := range c.Together {
		fmt.Fprintf(&b, "%s %s %d\n", x.A, x.B, x.Initiatives)
	}
	return b.String()
}
