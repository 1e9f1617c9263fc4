package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"deconflict/analysis/render"
)

// The markings of records that POL may see, and of those that it may not.
var (
	seen   = []string{"NATO RESTRICTED", "PUBLIC", "EU-R // REL TO POL", "NR // STAFF // REL TO POL, FRA", "POL TAJNE", "NOTIONAL", "LIMITE", "TLP:RED // REL TO POL"}
	unseen = []string{"", "UNMARKED", "NATO SECRET // REL TO DEU", "AUT GEHEIM", "NR // ATOMAL", "TLP:AMBER", "NU // TLP:RED", "EU-C // REL TO FRA", "NOTIONAL NS // REL TO DEU"}
)

// tables are the tables of a dataset as rows of cells, the header first.
type tables map[string][][]string

func readTables(t *testing.T, folder string) tables {
	t.Helper()
	out := tables{}
	files, err := filepath.Glob(filepath.Join(folder, "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no tables: %v", folder, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(file)] = rows
	}
	return out
}

func (x tables) write(t *testing.T, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, rows := range x {
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	about := []byte(`{"title": "A plan that nobody marked", "description": "Neither this.", "as_of": "2026-06-30"}`)
	if err := os.WriteFile(filepath.Join(folder, "datapackage.json"), about, 0o666); err != nil {
		t.Fatal(err)
	}
}

func (x tables) clone() tables {
	out := tables{}
	for name, rows := range x {
		for _, row := range rows {
			out[name] = append(out[name], slices.Clone(row))
		}
	}
	return out
}

// cell is where a column of a table stands in its rows.
func (x tables) cell(table, column string) int { return slices.Index(x[table][0], column) }

// meddle changes records that POL may not see, and what hangs on them, in every way that leaves the dataset readable.
func (x tables) meddle(r *rand.Rand) {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	for _, table := range []string{"targets.csv", "pledges.csv", "holdings.csv", "requirements.csv"} {
		mark := x.cell(table, "marking")
		var rows [][]string
		for i, row := range x[table] {
			if i == 0 || slices.Contains(seen, row[mark]) {
				rows = append(rows, row)
				continue
			}
			if r.IntN(4) == 0 {
				continue // it is taken away
			}
			set := func(column, value string) {
				if k := x.cell(table, column); k >= 0 && r.IntN(2) == 0 {
					row[k] = value
				}
			}
			set("id", fmt.Sprint("zzq ", i, " ", r.IntN(1000)))
			set("nation", pick("POL", "DEU", "FRA", "XSE"))
			set("capability", pick("mob-rail", "med-role2e", "zzq-thing"))
			set("quantity", fmt.Sprint(r.IntN(100_000)))
			set("unit", pick("", "unicorn"))
			set("from", pick("", "2020", "2021-05-06"))
			set("until", pick("", "2044", "2060-01-02"))
			set("held", fmt.Sprint(r.IntN(500)))
			set("readiness_days", fmt.Sprint(r.IntN(500)))
			set("process", pick("NDPP", "CDP", "NATIONAL", "ZZQ"))
			set("organisation", pick("NATO", "EU"))
			set("area", "cyber-defence") // contradicts the capability's, which is a warning
			set("statement", pick("", "a new one", "on\nseveral\nlines"))
			set("source", pick("", "a zzq letter", "no zzq source"))
			set("marking", unseen[r.IntN(len(unseen))])
			rows = append(rows, row)
			for range r.IntN(3) { // others are added
				more := slices.Clone(row)
				more[0] = fmt.Sprint("zzq added ", i, " ", r.Uint64())
				rows = append(rows, more)
			}
		}
		x[table] = rows
	}
	mark := x.cell("initiatives.csv", "marking")
	for i, row := range x["initiatives.csv"] {
		if i == 0 || slices.Contains(seen, row[mark]) {
			continue
		}
		row[x.cell("initiatives.csv", "name")] = fmt.Sprint("Zzq ", r.IntN(1000))
		row[x.cell("initiatives.csv", "membership")] = pick("complete", "partial", "all-members")
		row[x.cell("initiatives.csv", "organisation")] = pick("NATO", "EU", "Zzq Club")
		row[x.cell("initiatives.csv", "from")] = pick("", "2001")
		row[mark] = unseen[r.IntN(len(unseen))]
		code := row[0]
		x["participants.csv"] = slices.DeleteFunc(x["participants.csv"], func(row []string) bool { return row[0] == code })
		x["participants.csv"] = slices.Insert(x["participants.csv"], 1, []string{code, pick("POL", "DEU", "XSE"), "lead"})
		if r.IntN(2) == 0 {
			x["contributions.csv"] = slices.DeleteFunc(x["contributions.csv"], func(row []string) bool { return row[0] == code })
		}
		for _, other := range x["initiatives.csv"][1:] {
			if other[0] != code && r.IntN(6) == 0 {
				x["relations.csv"] = append(x["relations.csv"], []string{code, other[0], "merged-into", "zzq", ""}[:len(x["relations.csv"][0])])
			}
		}
	}
	// What only they name.
	x["nations.csv"] = [][]string{{"nation", "name"}, {"XSE", fmt.Sprint("Zzqland ", r.IntN(100))}}
	x["capabilities.csv"] = [][]string{{"capability", "name", "area", "unit"}, {"zzq-thing", fmt.Sprint("A zzq thing ", r.IntN(100)), pick("military-mobility", "zzqs"), "thing"}}
	x["processes.csv"] = [][]string{{"process", "organisation", "name"}, {"ZZQ", "Zzq Club", "A zzq process"}}
	x["memberships.csv"] = [][]string{{"nation", "organisation", "from", "to"}, {"POL", "Zzq Club", fmt.Sprint(1990 + r.IntN(20)), ""}}
	x["crosswalk.csv"] = [][]string{{"subject_id", "predicate_id", "object_id"}, {"zzq:1", "skos:exactMatch", "zzq-thing"}}
}

// Whatever becomes of the records that an audience may not see, and wherever they stand, its outputs are the same to the last byte: in
// every format and command.
func TestBehaviour15AnAudienceLearnsNothingOfWhatItMayNotSee(t *testing.T) {
	ownHome(t)
	t.Chdir(t.TempDir())
	deconflict := func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(context.WithoutCancel(t.Context()), strings.NewReader(""), &out, &errs, args); code != done {
			t.Fatalf("%s: exit code %d: %s", strings.Join(args, " "), code, &errs)
		}
		return out.String()
	}
	deconflict("generate", "-o", "cycle", "--targets", "80", "--nations", "6", "--seed", "4", "--quiet")
	base := readTables(t, "cycle")
	r := rand.New(rand.NewPCG(15, 15))
	for _, table := range []string{"targets.csv", "pledges.csv", "holdings.csv", "requirements.csv", "initiatives.csv"} {
		for i, row := range base[table] {
			from := seen
			if r.IntN(2) == 0 {
				from = unseen
			}
			if i > 0 {
				row[base.cell(table, "marking")] = from[r.IntN(len(from))]
			}
		}
	}
	outputs := func(folder string) map[string]string {
		got := map[string]string{}
		t.Chdir(folder)
		audience := func(args ...string) []string { return append(args, "--audience", "Poland", "--quiet") }
		for _, f := range render.Formats {
			file := "heat-map" + f.Ext[0] // which names the picture, where it is one
			deconflict(audience("analyse", "plans", "-o", file)...)
			got["analyse "+f.Name] = contents(t, file)
			deconflict(audience("nation", "POL,DEU", "plans", "-o", file)...)
			got["nation "+f.Name] = contents(t, file)
		}
		for _, f := range render.ChartFormats {
			got["graph "+f.Name] = deconflict(audience("graph", "plans", "--format", f.Name)...)
		}
		deconflict(audience("analyse", "plans", "-o", "tables/")...)
		files, err := os.ReadDir("tables")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			got["tables "+f.Name()] = contents(t, filepath.Join("tables", f.Name()))
		}
		report := got["analyse json"]
		for id := range strings.SplitSeq(report, `"id": "`) {
			id, _, _ = strings.Cut(id, `"`)
			if kind, _, _ := strings.Cut(id, ":"); got["explain "+kind] == "" && (kind == "nation-gap" || kind == "join") {
				got["explain "+kind] = "explained"
				got["explain "+id] = deconflict(audience("explain", id, "plans")...)
			}
		}
		got["list"] = deconflict("list", "initiatives")
		got["duplicates"] = deconflict(audience("suggest", "--duplicates", "plans", "--from", "0.1", "--format", "json")...)
		deconflict("import", "plans", "--as", "now", "--store", "store", "--quiet")
		got["snapshot"] = deconflict(audience("analyse", "--store", "store", "--format", "json")...)
		got["page"] = deconflict(audience("nation", "POL", "--store", "store")...)
		got["compare"] = deconflict(audience("compare", "snapshot:now", "plans", "--store", "store", "--format", "json")...)
		if err := os.WriteFile("change.csv", []byte("id,nation,capability,quantity,marking\nmine,POL,mob-rail,12,NR\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		got["what-if"] = deconflict(audience("what-if", "change.csv", "--base", "plans", "--format", "json")...)
		for what, text := range got {
			for _, secret := range []string{"zzq", "Zzq", "ZZQ", "XSE", "unicorn", "nobody marked", "Neither this"} {
				if utf8.ValidString(text) && strings.Contains(text, secret) { // chance puts any three bytes into a picture
					t.Errorf("%s says %q", what, secret)
				}
			}
		}
		got["whole"] = deconflict("analyse", "plans", "--format", "json", "--quiet")
		t.Chdir("..")
		return got
	}
	base.write(t, "0/plans")
	want := outputs("0")
	if !strings.Contains(want["analyse table"], "Made for POL") || len(want) < 20 {
		t.Errorf("the outputs are not what this test is about: %d, %s", len(want), want["analyse table"])
	}
	trials := 3
	if testing.Short() {
		trials = 1
	}
	for i := range trials {
		changed := base.clone()
		changed.meddle(r)
		folder := fmt.Sprint(i + 1)
		changed.write(t, filepath.Join(folder, "plans"))
		got := outputs(folder)
		for what := range want {
			if what == "whole" {
				if got[what] == want[what] {
					t.Error("nothing was changed that shows without an audience")
				}
			} else if got[what] != want[what] {
				t.Errorf("trial %d: %s: %s", i, what, firstDifference(want[what], got[what]))
			}
		}
		if len(got) != len(want) {
			t.Errorf("trial %d: %d outputs, want %d", i, len(got), len(want))
		}
	}
}

// The encoding of a file is told from all that it holds, and a record that is left out must not change how others are read: with an
// audience the encoding must be said.
func TestAudienceAndAGuessedEncoding(t *testing.T) {
	ownHome(t)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("latin.csv", []byte("id,nation,capability,quantity,statement,marking\n1,DEU,mob-rail,2,Br\xfccke,NR\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	args := []string{"analyse", "latin.csv", "--audience", "DEU"}
	if code := run(t.Context(), strings.NewReader(""), &out, &errs, args); code != failed || !strings.Contains(errs.String(), "the encoding of latin.csv was guessed") {
		t.Errorf("exit code %d: %s", code, &errs)
	}
	if code := run(t.Context(), strings.NewReader(""), &out, &errs, append(args, "--encoding", "windows-1252")); code != done {
		t.Errorf("exit code %d: %s", code, &errs)
	}
}

func contents(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// firstDifference shows where two texts part.
func firstDifference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	show := func(s string) string { return fmt.Sprintf("%.200q", s[max(0, min(i, len(s))-80):]) }
	return show(a) + "\nbecomes " + show(b)
}
