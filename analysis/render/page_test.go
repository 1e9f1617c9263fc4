package render_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
)

var update = flag.Bool("update", false, "write the goldens anew; read them before you keep them")

// The pages are kept as goldens, at 80 columns, to be read by people.
func TestPages(t *testing.T) {
	all := reports(t)
	explain := func(r *analysis.Report, kind string) []byte {
		for _, f := range r.Findings {
			if f.Kind == kind {
				var b bytes.Buffer
				if err := render.Explain(&b, r, f.ID, render.Options{}); err != nil {
					t.Fatal(err)
				}
				return b.Bytes()
			}
		}
		t.Fatalf("no finding of kind %s", kind)
		return nil
	}
	named := *all["notional"]
	named.Again = []string{"notional/"}
	for name, page := range map[string][]byte{
		"public":       written(t, "table", all["public"], render.Options{}),
		"nation":       written(t, "table", all["nation"], render.Options{}),
		"notional":     written(t, "table", &named, render.Options{}),
		"explain":      explain(all["public"], "initiative-overlap"),
		"explain-dual": explain(all["notional"], "dual-target"),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, page) })
	}
}

// golden compares a page with the one that is kept.
func golden(t *testing.T, name string, page []byte) {
	t.Helper()
	if filepath.Ext(name) == "" {
		name += ".txt"
	}
	path := filepath.Join("..", "..", "testdata", "render", name)
	if *update {
		if err := os.WriteFile(path, page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page, want) {
		t.Errorf("%s differs; if that is right, go test ./analysis/render -update and read it:\n%s", path, firstDifference(page, want))
	}
}

var escape = regexp.MustCompile("\x1b\\[[0-9;]*m")

// No line is wider than the page, none ends in spaces, the marking stands first and last, and colour changes nothing but colour.
func TestPagesFit(t *testing.T) {
	for name, r := range reports(t) {
		for _, columns := range []int{60, 80, 100, 120, 200} {
			t.Run(fmt.Sprintf("%s/%d", name, columns), func(t *testing.T) {
				page := string(written(t, "table", r, render.Options{Width: columns}))
				lines := strings.Split(strings.TrimSuffix(page, "\n"), "\n")
				for i, l := range lines {
					if w := runewidth.StringWidth(l); w > columns {
						t.Errorf("line %d is %d wide: %q", i+1, w, l)
					}
					if strings.TrimRight(l, " ") != l {
						t.Errorf("line %d ends in spaces: %q", i+1, l)
					}
				}
				for _, l := range []string{lines[0], lines[len(lines)-1]} {
					if r.Marking == "PUBLIC" && !strings.Contains(l, " PUBLIC ") {
						t.Errorf("no marking in %q", l)
					}
				}
				colour := string(written(t, "table", r, render.Options{Width: columns, Colour: true}))
				if !strings.Contains(colour, "\x1b[") || escape.ReplaceAllString(colour, "") != page {
					t.Error("the page in colour says something else")
				}
			})
		}
	}
}

// Notional data says so at the top and at the bottom.
func TestNotionalIsMarked(t *testing.T) {
	page := string(written(t, "table", report(t, notional(t), data.Scope{}, analysis.Options{}), render.Options{}))
	lines := strings.Split(strings.TrimSpace(page), "\n")
	for _, part := range [][]string{lines[:3], lines[len(lines)-3:]} {
		if s := strings.Join(part, "\n"); !strings.Contains(s, "NOTIONAL DATA") || !strings.Contains(s, "── NOTIONAL ──") {
			t.Errorf("not marked:\n%s", s)
		}
	}
}

// Text from data acts nowhere: not on a terminal, and not in a spreadsheet.
func TestBehaviour13_HostileTextOnPages(t *testing.T) {
	ds := notional(t)
	const hostile = "=cmd()\x1b[2J\u202e\u200b\n<script>"
	ds.Title = hostile
	for i := range ds.Initiatives {
		ds.Initiatives[i].Name = hostile
	}
	for i := range ds.Targets {
		origin := *ds.Targets[i].Origin
		origin.File = "\x1b]0;" + hostile
		ds.Targets[i].Origin = &origin
	}
	r := report(t, ds, data.Scope{}, analysis.Options{Again: []string{hostile}})
	page := string(written(t, "table", r, render.Options{}))
	var explained bytes.Buffer
	if err := render.Explain(&explained, r, r.Findings[0].ID, render.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{page, explained.String(), string(written(t, "csv", r, render.Options{}))} {
		for _, bad := range []string{"\x1b", "\u202e", "\u200b"} {
			if i := strings.Index(text, bad); i >= 0 {
				t.Errorf("%q in %q", bad, text[max(0, i-40):i+20])
			}
		}
	}
	for _, table := range render.Tables(r) {
		var b bytes.Buffer
		if err := table.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			for i, c := range row {
				if c != "" && strings.ContainsAny(c[:1], "=+@\t\r") {
					t.Errorf("%s: a cell of %s starts a formula: %q", table.Name, rows[0][i], c)
				}
			}
		}
	}
}

// Every table has a cell for each of its columns, and no two tables or columns have one name.
func TestBehaviour14_TablesAreWellFormed(t *testing.T) {
	for name, r := range reports(t) {
		seen := map[string]bool{}
		for _, table := range render.Tables(r) {
			if seen[table.Name] {
				t.Errorf("%s: two tables %s", name, table.Name)
			}
			seen[table.Name] = true
			if table.Columns[0].Name != "marking" {
				t.Errorf("%s: %s does not start with its marking", name, table.Name)
			}
			columns := map[string]bool{}
			for _, c := range table.Columns {
				if columns[c.Name] {
					t.Errorf("%s: two columns %s in %s", name, c.Name, table.Name)
				}
				columns[c.Name] = true
			}
			for row := range table.All() {
				if len(row) != len(table.Columns) {
					t.Fatalf("%s: %s has %d cells for %d columns: %q", name, table.Name, len(row), len(table.Columns), row)
				}
				for i, c := range row {
					switch kind := table.Columns[i].Kind; {
					case c == "" || kind == render.Text:
					case kind == render.Number && !regexp.MustCompile(`^-?\d+(\.\d+)?$`).MatchString(c),
						kind == render.Day && !regexp.MustCompile(`^\d{4}-\d\d-\d\d$`).MatchString(c):
						t.Errorf("%s: %s.%s holds %q", name, table.Name, table.Columns[i].Name, c)
					}
				}
			}
		}
	}
}

// The same records in another order, on one core or on eight, give the same bytes.
func TestSameBytes(t *testing.T) {
	for name, make := range map[string]func(testing.TB) *data.Dataset{"public": publicData, "notional": notional} {
		t.Run(name, func(t *testing.T) {
			ds := make(t)
			scope, opts := data.Scope{Nations: []data.Nation{"DEU"}}, analysis.Options{Profiles: true}
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			all, nation := asJSON(t, report(t, ds, data.Scope{}, analysis.Options{})), asJSON(t, report(t, ds, scope, opts))
			runtime.GOMAXPROCS(8)
			for seed := range uint64(3) {
				shuffle(ds, rand.New(rand.NewPCG(seed, 0)))
				if got := asJSON(t, report(t, ds, data.Scope{}, analysis.Options{})); !bytes.Equal(got, all) {
					t.Fatalf("shuffled with seed %d:\n%s", seed, firstDifference(got, all))
				}
				if got := asJSON(t, report(t, ds, scope, opts)); !bytes.Equal(got, nation) {
					t.Fatalf("the nation's page, shuffled with seed %d:\n%s", seed, firstDifference(got, nation))
				}
			}
		})
	}
}

// shuffle puts the records of every table into another order.
func shuffle(ds *data.Dataset, r *rand.Rand) {
	mix(r, ds.Requirements)
	mix(r, ds.Targets)
	mix(r, ds.Pledges)
	mix(r, ds.Holdings)
	mix(r, ds.Initiatives)
	mix(r, ds.Participants)
	mix(r, ds.Contributions)
	mix(r, ds.Relations)
	mix(r, ds.ActionItems)
	mix(r, ds.ActionLinks)
}

func mix[T any](r *rand.Rand, rows []T) {
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
}
