package render_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
)

// nextCycle is a dataset a year later: some targets grew, some pledges were taken back, some holdings came.
func nextCycle(ds *data.Dataset) *data.Dataset {
	next := *ds
	next.Name, next.Title, next.AsOf = "notional next", "Notional planning cycle, a year later", data.Day(2027, 6, 30)
	next.Targets = append([]data.Target(nil), ds.Targets...)
	for i := range next.Targets {
		if q := &next.Targets[i].Quantity; i%7 == 0 && q.Known() {
			*q = data.Known(2 * q.Amount())
		}
	}
	next.Pledges = nil
	for i, p := range ds.Pledges {
		if i%5 > 0 {
			next.Pledges = append(next.Pledges, p)
		}
	}
	next.Holdings = append([]data.Holding(nil), ds.Holdings...)
	for i := range next.Holdings {
		if q := &next.Holdings[i].Quantity; i%6 == 0 && q.Known() {
			*q = data.Known(q.Amount() + data.Count(40))
		}
	}
	next.Participants = ds.Participants[len(ds.Participants)/8:]
	return &next
}

// differences are one of each kind that the program writes. They are made once: read them only.
func differences(t testing.TB) map[string]*analysis.Difference {
	if compared != nil {
		return compared
	}
	ds := notional(t)
	now := report(t, ds, data.Scope{}, analysis.Options{})
	next := report(t, nextCycle(ds), data.Scope{}, analysis.Options{})
	unranked := analysis.Options{NoSeverity: true}
	compared = map[string]*analysis.Difference{
		"cycles":   analysis.Compare(now, next),
		"back":     analysis.Compare(next, now),
		"itself":   analysis.Compare(now, now),
		"public":   analysis.Compare(public(t), public(t)),
		"narrowed": analysis.CompareOnly(now, next, analysis.Chosen{Nations: []data.Nation{"DEU", "POL"}, Reports: []analysis.Question{analysis.Gap}, MinSeverity: analysis.High}),
		"kinds":    analysis.Compare(report(t, ds, data.Scope{}, analysis.Options{Kinds: []string{"nation-gap"}}), next),
		"unranked": analysis.Compare(report(t, ds, data.Scope{Horizon: data.Day(2035, 12, 31)}, unranked), report(t, nextCycle(ds), data.Scope{Horizon: data.Day(2035, 12, 31)}, unranked)),
	}
	return compared
}

var compared map[string]*analysis.Difference

func writtenDifference(t testing.TB, format string, d *analysis.Difference, o render.Options) []byte {
	t.Helper()
	f, err := render.ByName(format, render.Formats)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Difference(&b, d, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var differenceOptions = render.Options{Typed: []string{"compare", "2026", "2027"}, Again: []string{"--snapshot", "2027"}}

func TestDifferencePage(t *testing.T) {
	golden(t, "difference", writtenDifference(t, "table", differences(t)["cycles"], differenceOptions))
}

// No line is wider than the page, none ends in spaces, and colour changes nothing but colour.
func TestDifferencePagesFit(t *testing.T) {
	for name, d := range differences(t) {
		for _, columns := range []int{60, 80, 100, 120, 200} {
			t.Run(fmt.Sprintf("%s/%d", name, columns), func(t *testing.T) {
				o := differenceOptions
				o.Width = columns
				page := string(writtenDifference(t, "table", d, o))
				for i, l := range strings.Split(page, "\n") {
					if w := runewidth.StringWidth(l); w > columns || strings.TrimRight(l, " ") != l {
						t.Errorf("line %d is %d wide: %q", i+1, w, l)
					}
				}
				o.Colour = true
				colour := string(writtenDifference(t, "table", d, o))
				if !strings.Contains(colour, "\x1b[") || escape.ReplaceAllString(colour, "") != page {
					t.Error("the page in colour says something else")
				}
			})
		}
	}
}

// Nothing that changed is said only in JSON: every change stands in the table of changes, with its numbers as numbers.
func TestDifferenceTables(t *testing.T) {
	for name, d := range differences(t) {
		tables := map[string]render.Table{}
		for _, table := range render.DifferenceTables(d) {
			tables[table.Name] = table
			if table.Columns[0].Name != "marking" {
				t.Errorf("%s: %s does not start with its marking", name, table.Name)
			}
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %s has %d cells for %d columns: %q", name, table.Name, len(row), len(table.Columns), row)
				}
				for i, c := range row {
					if table.Columns[i].Kind == render.Number && c != "" && !regexp.MustCompile(`^-?\d+(\.\d+)?$`).MatchString(c) {
						t.Errorf("%s: %s.%s holds %q", name, table.Name, table.Columns[i].Name, c)
					}
				}
			}
		}
		if got := len(tables["changes"].Rows); got != len(d.Changes) {
			t.Errorf("%s: %d rows for %d changes", name, got, len(d.Changes))
		}
		var b bytes.Buffer
		if err := tables["changes"].WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		if got := writtenDifference(t, "csv", d, render.Options{}); !bytes.Equal(got, b.Bytes()) {
			t.Errorf("%s: the one table is not that of the changes", name)
		}
	}
}

func TestBehaviour14_HostileTextInDifferences(t *testing.T) {
	ds := notional(t)
	const hostile = "=cmd()\x1b[2J\u202e\u200b\n<script>"
	ds.Name, ds.Title = hostile, hostile
	for i := range ds.Initiatives {
		ds.Initiatives[i].Name = hostile
	}
	d := analysis.Compare(report(t, ds, data.Scope{}, analysis.Options{}), report(t, nextCycle(ds), data.Scope{}, analysis.Options{}))
	for _, format := range []string{"table", "csv", "json"} {
		text := string(writtenDifference(t, format, d, render.Options{Typed: []string{hostile}, Again: []string{hostile}}))
		for _, bad := range []string{"\x1b", "\u202e", "\u200b"} {
			if i := strings.Index(text, bad); i >= 0 {
				t.Errorf("%s: %q in %q", format, bad, text[max(0, i-40):i+20])
			}
		}
	}
}

func TestDifferencesFollowTheSchema(t *testing.T) {
	s := schema(t, analysis.DifferenceSchema)
	for name, d := range differences(t) {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(writtenDifference(t, "json", d, render.Options{})))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The schema refuses what is no difference, so that its acceptance means something.
func TestDifferenceSchemaRefuses(t *testing.T) {
	refuses(t, analysis.DifferenceSchema, writtenDifference(t, "json", differences(t)["cycles"], render.Options{}), map[string]func(map[string]any){
		"an unknown property":          func(m map[string]any) { m["surprise"] = 1 },
		"a missing property":           func(m map[string]any) { delete(m, "changes") },
		"an unknown change":            func(m map[string]any) { first(m, "changes")["change"] = "older" },
		"a new finding that was there": func(m map[string]any) { first(m, "changes")["before"] = first(m, "changes")["after"] },
		"a change without a finding":   func(m map[string]any) { delete(first(m, "changes"), "after") },
		"an unknown form":              func(m map[string]any) { m["schema"] = "deconflict-report/1" },
	})
}

// The schema has every field and no other, and says of what it shares with a report the same as the report's.
func TestDifferenceSchemaIsComplete(t *testing.T) {
	var doc, other map[string]any
	if err := json.Unmarshal(analysis.DifferenceSchema, &doc); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(analysis.ReportSchema, &other); err != nil {
		t.Fatal(err)
	}
	compareFields(t, "difference", reflect.TypeFor[analysis.Difference](), doc, doc)
	shared := other["$defs"].(map[string]any)
	for name, def := range doc["$defs"].(map[string]any) {
		if of, ok := shared[name]; ok && !reflect.DeepEqual(def, of) {
			t.Errorf("%s is not what it is in a report", name)
		}
	}
}
