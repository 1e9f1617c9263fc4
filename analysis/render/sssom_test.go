package render_test

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
)

// crosswalk writes the crosswalk of a dataset as SSSOM.
func crosswalk(t *testing.T, ds *data.Dataset) string {
	t.Helper()
	i := slices.IndexFunc(render.Lists, func(l render.List) bool { return l.Name == "crosswalk" })
	var out bytes.Buffer
	if err := render.Lists[i].Write(&out, render.SSSOM, ds, data.Scope{}, render.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// reread reads a mapping set as a dataset of its own.
func reread(t *testing.T, text string) *data.Dataset {
	t.Helper()
	checkSSSOM(t, text)
	folder := fstest.MapFS{"x.sssom.tsv": {Data: []byte(text)}, "datapackage.json": {Data: []byte(`{"as_of": "2026-06-30"}`)}}
	ds, problems := load.FS(t.Context(), "x", folder)
	if ds == nil || len(problems.Of(data.Warning)) > 0 {
		t.Fatalf("%v\n%s", problems, text)
	}
	return ds
}

// checkSSSOM holds a text to what the standard asks of a file and of its mappings.
func checkSSSOM(t *testing.T, text string) {
	t.Helper()
	block, table := "", ""
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") && table == "" {
			block += line
		} else {
			table += line
		}
	}
	if strings.ContainsAny(text, "\r\v\f\u2028") || !strings.HasSuffix(text, "\n") {
		t.Errorf("lines do not end in a line feed alone:\n%s", text)
	}
	for _, slot := range []string{`(?m)^#mapping_set_id: \S+$`, `(?m)^#license: "?[a-z]+:\S+$`} {
		if !regexp.MustCompile(slot).MatchString(block) {
			t.Errorf("the block has no %s:\n%s", slot, block)
		}
	}
	rows := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	header := strings.Split(rows[0], "\t")
	for _, line := range rows[1:] {
		cells := strings.Split(line, "\t")
		m := map[string]string{}
		for i, c := range header {
			m[c] = cells[i]
		}
		literal := m["subject_type"] == "rdfs literal" || strings.Contains(block, "\n#subject_type: rdfs literal\n")
		for _, c := range []string{"subject_id", "predicate_id", "object_id", "mapping_justification"} {
			prefix, _, ok := strings.Cut(m[c], ":")
			if c == "subject_id" && literal {
				if m[c] != "" || m["subject_label"] == "" {
					t.Errorf("a text has its place in subject_label: %s", line)
				}
				continue
			}
			if !ok || !slices.Contains([]string{"skos", "semapv", "sssom"}, prefix) && !strings.Contains(block, "\n#  "+prefix+": ") {
				t.Errorf("%s: %q has no declared prefix: %s", c, m[c], line)
			}
		}
	}
}

var anyPlace = cmpopts.IgnoreFields(data.Mapping{}, "Position")

// What is written is read back as the same crosswalk, without a warning, and written again as the same bytes.
func TestCrosswalkAsSSSOM(t *testing.T) {
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	text := crosswalk(t, ds)
	got := reread(t, text)
	if diff := cmp.Diff(ds.Crosswalk, got.Crosswalk, anyPlace); diff != "" || len(got.Crosswalk) < 200 {
		t.Errorf("-written +read\n%s", diff)
	}
	if diff := cmp.Diff(ds.Schemes, got.Schemes); diff != "" {
		t.Errorf("labels: -written +read\n%s", diff)
	}
	got.Meta.Title, got.Meta.Version, got.Meta.Licence, got.Meta.Marking = ds.Title, ds.Version, ds.Licence, ds.Marking
	if again := crosswalk(t, got); again != text {
		t.Errorf("written again:\n%s", cmp.Diff(text, again))
	}
}

// Texts without a code, prefixes of any origin, all predicates, and texts that would act somewhere come back as they were. What could
// act in a terminal or a spreadsheet does not stand in the file as such.
func TestHostileCrosswalkAsSSSOM(t *testing.T) {
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	subjects := []string{
		"x:a", "x:b%20c", "_y.z-1:a:b", "old code", "MED-2", "https://example.org/a", "=1+1", "'=1", "''@x", " +x", `"quoted" text`, `"=x`, "-5",
		"tab\tin it", "a,b;c", "#lines", "# a: b", "ÄÖÜ ß Κύπρος", "skos:x", "urn:x:y", "a:", ":b", "deconflict:old", "true", "[a]",
	}
	ds.Crosswalk = nil
	for i, s := range subjects {
		m := data.Mapping{
			Subject: s, Predicate: data.AllPredicates[i%len(data.AllPredicates)], Object: string(ds.Capabilities[i].Capability),
			Justification: "semapv:ManualMappingCuration", Confidence: "0.75", Author: "=A. Body|B. Body", Date: data.Day(2026, 1, 1+i),
		}
		if i%7 == 3 {
			m.Object, m.Confidence, m.Date = data.NoTermFound, "", 0
		}
		ds.Crosswalk = append(ds.Crosswalk, m)
	}
	ds.Prefixes = map[string]string{"x": "https://example.org/x#"}
	ds.Title, ds.Licence = "=cmd: \u202e# 'x'\n\"", "all rights & reserved"
	text := crosswalk(t, ds)
	if i := strings.IndexFunc(text, func(r rune) bool { return r == '\u202e' }); i >= 0 {
		t.Error("an override of direction stands in the file")
	}
	for line := range strings.Lines(text) {
		for cell := range strings.SplitSeq(line, "\t") {
			if strings.IndexAny(strings.TrimLeft(cell, ` "`), "=+@-") == 0 {
				t.Errorf("a cell starts a formula: %q", cell)
			}
		}
	}
	got := reread(t, text)
	want := map[string]data.Mapping{}
	for _, m := range ds.Crosswalk {
		m.Subject = strings.TrimSpace(strings.ReplaceAll(m.Subject, "\t", " ")) // as on a page, and as in every cell
		want[m.Subject] = m
	}
	found := map[string]data.Mapping{}
	for _, m := range got.Crosswalk {
		if _, ok := want[m.Subject]; ok {
			found[m.Subject] = m
		}
	}
	if diff := cmp.Diff(want, found, anyPlace); diff != "" {
		t.Errorf("-written +read\n%s", diff)
	}
	if !strings.Contains(text, "#  x: https://example.org/x#\n") && !strings.Contains(text, `#  x: "https://example.org/x#"`) {
		t.Errorf("what the prefix x stands for is lost:\n%s", text)
	}
}

// What SSSOM has no form for goes into a comment, and mappings of which little is known are still valid.
func TestScantCrosswalkAsSSSOM(t *testing.T) {
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	ds.Crosswalk = []data.Mapping{{Subject: "x:a", Predicate: data.ExactMatch, Object: "med-role1", Justification: "by hand", Confidence: "high"}}
	text := crosswalk(t, ds)
	if want := "x:a\tskos:exactMatch\tdeconflict:med-role1\tRole 1 medical treatment facility\tsemapv:UnspecifiedMatching\tjustification: by hand; confidence: high\n"; !strings.HasSuffix(text, want) {
		t.Errorf("%q, want the end %q", text, want)
	}
	reread(t, text)
	ds.Crosswalk = nil
	reread(t, crosswalk(t, ds))
}
