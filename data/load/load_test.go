package load_test

import (
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

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
		fmt.Fprintf(&b, "%s %s: ", table, r.ID())
		for _, w := range words {
			if w != "" {
				b.WriteString(w + " ")
			}
		}
		quantity := "unknown"
		if r.Quantity.Known() {
			quantity = r.Quantity.String()
		}
		fmt.Fprintf(&b, "%s %s %s, %s", r.Capability, quantity, r.Unit, r.Period)
		for _, part := range []struct{ name, text string }{
			{"statement", r.Statement()}, {"marking", string(r.Marking)}, {"sources", strings.Join(r.Sources, " and ")},
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
	days := func(name string, q interface {
		Known() bool
		String() string
	}) {
		if q.Known() {
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
func TestBehaviour07_EveryMistakeIsToldInItsPlace(t *testing.T) {
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

// The public dataset is read by the same rules as any other, and leaves no doubt.
func TestPublic(t *testing.T) {
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range ds.Problems {
		t.Errorf("%s", p)
	}
	got := map[string]int{
		"nations": len(ds.Nations), "memberships": len(ds.Memberships), "processes": len(ds.Processes),
		"capabilities": len(ds.Capabilities), "crosswalk": len(ds.Crosswalk), "requirements": len(ds.Requirements),
		"targets": len(ds.Targets), "pledges": len(ds.Pledges), "holdings": len(ds.Holdings), "initiatives": len(ds.Initiatives),
		"participants": len(ds.Participants), "contributions": len(ds.Contributions), "relations": len(ds.Relations),
		"action_items": len(ds.ActionItems), "action_links": len(ds.ActionLinks), "sources": len(ds.Sources),
	}
	want := map[string]int{}
	for table := range got {
		archive, err := os.ReadFile("../public/" + table + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		// None of its cells has a line end, so that a line is a row.
		want[table] = strings.Count(string(archive), "\n") - 1
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows (-in the files +read)\n%s", diff)
	}
	if ds.Name != "public" || ds.AsOf != data.Day(2026, 6, 30) || ds.Marking != "PUBLIC" || ds.Licence != "CC-BY-4.0" || ds.Version == "" {
		t.Errorf("it says of itself %+v", ds.Meta)
	}
	for _, r := range slices.Concat(statements(ds.Targets), statements(ds.Holdings)) {
		if r.Marking != "PUBLIC" || len(r.Sources) == 0 || r.Line < 2 || !strings.HasPrefix(r.File, "public/") {
			t.Errorf("%s lacks a marking, a source or a place: %+v", r.ID(), r)
		}
	}
	if s, ok := ds.Source(ds.Targets[0].Sources[0]); !ok || s.Title == "" {
		t.Errorf("source %q of target %s is not found", ds.Targets[0].Sources[0], ds.Targets[0].ID())
	}
}

func statements[T any](rs []T) []data.Record {
	var out []data.Record
	for _, r := range rs {
		switch r := any(r).(type) {
		case data.Target:
			out = append(out, r.Record)
		case data.Holding:
			out = append(out, r.Record)
		}
	}
	return out
}

// Read through the door that users come in by, the public tables are the same dataset: what is borrowed is what is there.
func TestPublicAsFolder(t *testing.T) {
	want, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"../public", "../public/datapackage.json"} {
		got, problems := load.Files(t.Context(), path)
		if got == nil {
			t.Fatal(problems)
		}
		got.Name = want.Name
		if diff := cmp.Diff(want, got, ignorePlaces, cmp.AllowUnexported(data.Vocabulary{})); diff != "" {
			t.Errorf("%s (-Public +Files)\n%s", path, diff)
		}
	}
}

// ignorePlaces compares datasets apart from where their records stand, and their vocabularies by their tables.
var ignorePlaces = cmp.FilterPath(func(p cmp.Path) bool {
	name := p.Last().String()
	return strings.HasSuffix(name, ".Position") || slices.Contains([]string{".File", ".Sheet", ".Line", ".nation", ".process", ".organisation", ".capability", ".code", ".member", ".mapping", ".Lent"}, name)
}, cmp.Ignore())

// The memberships on two days that planning documents name. On 2019-11-25 the EU had 28 members and NATO 29, 22 in both, and of the
// six EU nations outside NATO five were partners of NATO, Cyprus not. On 2026-06-30 there are 27, 32 and 23.
func TestMemberships(t *testing.T) {
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day                          data.Date
		eu, nato, both               int
		euAlone, natoAlone, partners string
	}{
		{data.Day(2019, 11, 25), 28, 29, 22, "AUT CYP FIN IRL MLT SWE", "ALB CAN ISL MNE NOR TUR USA", "AUT FIN IRL MLT SWE"},
		{data.Day(2026, 6, 30), 27, 32, 23, "AUT CYP IRL MLT", "ALB CAN GBR ISL MKD MNE NOR TUR USA", "AUT IRL MLT"},
	} {
		eu, nato := ds.Members(data.EU, c.day), ds.Members(data.NATO, c.day)
		both := slices.DeleteFunc(slices.Clone(eu), func(n data.Nation) bool { return !slices.Contains(nato, n) })
		if len(eu) != c.eu || len(nato) != c.nato || len(both) != c.both {
			t.Errorf("%s: %d in the EU, %d in NATO, %d in both; want %d, %d, %d", c.day, len(eu), len(nato), len(both), c.eu, c.nato, c.both)
		}
		without := func(ns, others []data.Nation) string {
			var out []string
			for _, n := range ns {
				if !slices.Contains(others, n) {
					out = append(out, string(n))
				}
			}
			return strings.Join(out, " ")
		}
		if got := without(eu, nato); got != c.euAlone {
			t.Errorf("%s: in the EU alone %s, want %s", c.day, got, c.euAlone)
		}
		if got := without(nato, eu); got != c.natoAlone {
			t.Errorf("%s: in NATO alone %s, want %s", c.day, got, c.natoAlone)
		}
		var partners []string
		for n := range strings.FieldsSeq(c.euAlone) {
			if ds.Member(data.Nation(n), "PfP", c.day) {
				partners = append(partners, n)
			}
		}
		if got := strings.Join(partners, " "); got != c.partners {
			t.Errorf("%s: partners of NATO %s, want %s", c.day, got, c.partners)
		}
	}
}

// A lone file is the table that its header names; what is none says what the likeliest ones lack.
func TestLoneFiles(t *testing.T) {
	for _, c := range []struct{ header, want string }{
		{"id,process,nation,capability,quantity", "targets"},
		{"id,process,capability,quantity", "requirements"},
		{"id,nation,capability,quantity", "holdings"},
		{"id,organisation,nation,capability,quantity", "pledges"},
		{"nation,organisation,from", "memberships"},
		{"country;org;start;end", "memberships"},
		{"nation,name", "nations"},
		{"process,organisation", "processes"},
		{"capability,name,area,unit", "capabilities"},
		{"initiative,name,organisation", "initiatives"},
		{"initiative,nation,role", "participants"},
		{"initiative,capability,means", "contributions"},
		{"initiative,other,relation", "relations"},
		{"item,title", "action_items"},
		{"item,initiative", "action_links"},
		{"source,title", "sources"},
		{"subject_id\tpredicate_id\tobject_id", "crosswalk"},
		{"process,nation,capability", "the header is no table's: targets lacks id"},
		{"id,capability", "the header is no table's: requirements lacks process; holdings lacks nation"},
		{"Land,Ziel", "the header names no column of any table"},
		{"", "is empty, wanted a header and rows"},
		{"\n;;;\n", "is empty, wanted a header and rows"},
	} {
		// A column that no table has makes the loader name the table it took the file for.
		file := filepath.Join(t.TempDir(), "plan.csv")
		text := c.header
		comma := strings.Trim(text, "abcdefghijklmnopqrstuvwxyzLZ_")
		if comma != "" && comma[0] != '\n' {
			text += comma[:1] + "zzzzzzzzz"
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, problems := load.Files(t.Context(), file)
		if got := lines(problems); !strings.Contains(got, "is no column of "+c.want+":") && !strings.Contains(got, ": "+c.want) {
			t.Errorf("%q:\n%swant %s", c.header, got, c.want)
		}
	}
}

// Several files and folders are one dataset. Of two dates the first counts, and a default marking holds only for its own folder.
func TestSeveral(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	write("nato/datapackage.json", `{"title": "NATO's", "as_of": "2027-01-01", "marking": "NOTIONAL"}`)
	write("nato/targets.csv", "id,process,nation,capability,quantity\nt1,NDPP,FRA,med-role2e,1\n")
	write("eu/datapackage.json", `{"title": "The EU's", "as_of": "2026-01-01"}`)
	write("eu/targets.csv", "id,process,nation,capability,quantity\nt2,CDP,FRA,med-role2e,1\n")
	lone := write("held.csv", "id,nation,capability,quantity\nh1,FRA,med-role2e,1\n")
	nato, eu := filepath.Join(dir, "nato"), filepath.Join(dir, "eu")

	ds, problems := load.Files(t.Context(), nato, eu, lone)
	if ds == nil {
		t.Fatal(problems)
	}
	want := "target t1: NDPP FRA med-role2e 1 facility, always; marking NOTIONAL\n" +
		"target t2: CDP FRA med-role2e 1 facility, always\n" +
		"holding h1: FRA med-role2e 1 facility, always\n"
	if diff := cmp.Diff(want, records(ds)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if ds.Title != "NATO's" || ds.AsOf != data.Day(2027, 1, 1) || ds.Marking != "" || ds.Name != strings.Join([]string{nato, eu, lone}, ", ") {
		t.Errorf("it says of itself %+v", ds.Meta)
	}
	wantProblems := eu + "/datapackage.json: warning: as_of: 2026-01-01, but what was named before it is of 2027-01-01, which counts (--as-of sets it)\n"
	if diff := cmp.Diff(wantProblems, lines(problems)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	ds, problems = load.Files(t.Context(), lone)
	if ds == nil || ds.Title != "held.csv" || ds.AsOf != data.Day(2026, 6, 30) || len(problems) != 1 || len(ds.Problems) != 1 {
		t.Errorf("a lone file: %v %v", ds, problems)
	}
}

// Text is UTF-8, with or without its mark, with any line ends, or UTF-16 with its mark. Windows-1252 is a guess. Anything else is refused
// at its first byte.
func TestBehaviour08_EncodingsAreCertainOrSaid(t *testing.T) {
	const good = "id,nation,capability,quantity,statement\nh1,AUT,med-role2e,1,Österreich\nh2,AUT,med-role2e,1,\"two\nlines\"\n"
	read := func(text string) (*data.Dataset, data.Problems) {
		return load.FS(t.Context(), ".", fstest.MapFS{"holdings.csv": {Data: []byte(text)}, "datapackage.json": {Data: []byte("\ufeff{\"as_of\":\"2026-06-30\"}")}})
	}
	plain, problems := read(good)
	if plain == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	for name, text := range map[string]string{
		"byte order mark": "\ufeff" + good,
		"CRLF":            strings.ReplaceAll(good, "\n", "\r\n"),
		"no last newline": strings.TrimSuffix(good, "\n"),
		"trailing blanks": good + "\n\n , ,\n",
		"space and quote": strings.Replace(good, ",\"two", ", \"two", 1),
		"UTF-16LE":        inUTF16(good, binary.LittleEndian),
		"UTF-16BE":        inUTF16(good, binary.BigEndian),
		"Windows-1252":    strings.ReplaceAll(good, "Ö", "\xd6"),
	} {
		ds, problems := read(text)
		guess := ""
		if name == "Windows-1252" {
			guess = "holdings.csv:2:21: warning: the text is not UTF-8: read as Windows-1252 (--encoding says which it is)\n"
		}
		if ds == nil || lines(problems) != guess {
			t.Errorf("%s: %v", name, problems)
			continue
		}
		if diff := cmp.Diff(plain.Holdings, ds.Holdings); diff != "" {
			t.Errorf("%s changes the records (-without +with)\n%s", name, diff)
		}
	}
	for _, c := range []struct{ name, text, want string }{
		{"Windows-1252 after a mark", "\ufeff" + strings.ReplaceAll(good, "Ö", "\xd6"), "holdings.csv:2:21: byte 0xD6 at offset 63 is not UTF-8"},
		{"Windows-1252 that may be another", strings.ReplaceAll(good, "Ö", "\xb3"), "holdings.csv:2:21: byte 0xB3 at offset 60 is not UTF-8"},
		{"Greek", strings.ReplaceAll(good, "Ö", "\xc5\xeb\xeb"), "holdings.csv:2:21: byte 0xC5 at offset 60 is not UTF-8"},
		{"half of a pair in UTF-16", "\xff\xfei\x00d\x00\n\x00\x00\xd8,\x00", "holdings.csv:2:1: character 4 of the text is not UTF-16"},
		{"cut in a letter", good + "h3,\xc3", "holdings.csv:5:4: byte 0xC3"},
		{"UTF-16 without its mark", "i\x00d\x00,\x00", "holdings.csv:1:1: the header holds the control character U+0000"},
		{"old line ends", strings.ReplaceAll(good, "\n", "\r"), "the header holds the control character U+000D"},
	} {
		ds, problems := read(c.text)
		if ds != nil || !strings.Contains(lines(problems), c.want) {
			t.Errorf("%s: %v, want %s", c.name, problems, c.want)
		}
	}
}

func inUTF16(s string, order binary.AppendByteOrder) string {
	b := order.AppendUint16(nil, 0xfeff)
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return string(b)
}

// What is no regular file is refused before it is opened, for opening a pipe waits for its writer.
func TestBehaviour12_WhatIsNoFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("id,nation,capability\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("holdings-2026.csv")
	write("book.xlsx")
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder", "targets.csv"), 0o777); err != nil {
		t.Fatal(err)
	}
	starts := map[string]string{"huge.json": "{"}
	for name, size := range map[string]int64{"huge.csv": 2049 << 20, "huge.json": 257 << 20, "endless.csv": 65 << 20} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(starts[name]), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(filepath.Join(dir, name), size); err != nil { // a hole: it takes no room
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ path, want string }{
		{"holdings-2025.csv", "holdings-2025.csv: cannot be read: no such file or folder (did you mean " + dir + "/holdings-2026.csv?)"},
		{"folder", "folder/targets.csv: is a folder, wanted a file"},
		{"book.xlsx", "book.xlsx: is text, wanted an XLSX workbook as the name says"},
		{"huge.csv", "huge.csv: has 2049 MB, wanted at most 2048"},
		{"huge.json", "huge.json: has 257 MB, wanted at most 256 (as CSV in UTF-8 up to 2048 MB are read)"},
		{"endless.csv", "endless.csv:1: no row ends within 64 MB from here; the rest of the file is not read"},
		{"../no/such/place.csv", "no such file or folder"},
	} {
		ds, problems := load.Files(t.Context(), filepath.Join(dir, c.path))
		if ds != nil || len(problems) != 1 || !strings.Contains(problems.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.path, problems, c.want)
		}
	}
	if _, problems := load.Files(t.Context()); len(problems) != 1 {
		t.Errorf("no path: %v", problems)
	}
}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if ds, problems := load.Files(ctx, "../public"); ds != nil || !strings.Contains(problems.Error(), "context canceled") {
		t.Errorf("an interrupted load gives %v", problems)
	}
}

// The order of rows and of files changes nothing but where records stand.
func TestPermuted(t *testing.T) {
	folder := fstest.MapFS{}
	for _, name := range []string{"targets", "holdings", "requirements", "pledges", "initiatives", "participants", "contributions", "relations", "action_items", "action_links", "sources", "capabilities", "crosswalk", "memberships", "nations", "processes"} {
		text, err := os.ReadFile("../public/" + name + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		folder[name+".csv"] = &fstest.MapFile{Data: text}
	}
	folder["datapackage.json"] = &fstest.MapFile{Data: []byte(`{"as_of": "2026-06-30", "marking": "PUBLIC"}`)}
	want, problems := load.FS(t.Context(), "x", folder)
	if want == nil {
		t.Fatal(problems)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		permuted := fstest.MapFS{"datapackage.json": folder["datapackage.json"]}
		for name, f := range folder {
			if name == "datapackage.json" {
				continue
			}
			rows := strings.SplitAfter(strings.TrimSuffix(string(f.Data), "\n")+"\n", "\n")
			rows = rows[:len(rows)-1]
			header, body := rows[0], slices.Clone(rows[1:])
			random.Shuffle(len(body), func(i, j int) { body[i], body[j] = body[j], body[i] })
			// Half of the rows move to a second file, which is recognised by its header.
			half := len(body) / 2
			permuted[name] = &fstest.MapFile{Data: []byte(header + strings.Join(body[:half], ""))}
			permuted[fmt.Sprintf("more-%d.csv", random.IntN(1e6))] = &fstest.MapFile{Data: []byte(header + strings.Join(body[half:], ""))}
		}
		got, problems := load.FS(t.Context(), "x", permuted)
		if got == nil {
			t.Fatal(problems)
		}
		if diff := cmp.Diff(want, got, ignorePlaces, cmp.AllowUnexported(data.Vocabulary{})); diff != "" {
			t.Fatalf("(-in order +permuted)\n%s", diff)
		}
	}
}

// FuzzFiles reads any text as a table, as a file that must be recognised, and as a data package: no panic, no dataset with errors,
// and each problem has its place.
func FuzzFiles(f *testing.F) {
	names := []string{"targets.csv", "nations.csv", "capabilities.csv", "memberships.csv", "crosswalk.csv", "participants.csv", "plan.csv", "datapackage.json"}
	for _, text := range []string{
		"id,process,nation,capability,quantity\nt1,NDPP,FRA,med-role2e,1\n",
		"id;nation;capability;qty;due\nh1;\"FRA\nx\";med-role2e;12,5;2026-02\n;;;;\n",
		"nation,name,aliases\nABC,Arcadia,\"A;B\"\n",
		"initiative\tnation\trole\ni\tFRA\t\"lead",
		"\ufeff\"id\",\"id\",,\n\x1b,\u0085,\r\n\xff",
		"subject_id,predicate_id,object_id\na,closeMatch,med-role1\na,skos:narrowMatch,sssom:NoTermFound\n",
		`{"as_of": "2026-06-30", "resources": [{"name": "targets", "path": "targets.csv"}]}`,
	} {
		for i := range names {
			f.Add(uint8(i), text)
		}
	}
	f.Fuzz(func(t *testing.T, i uint8, text string) {
		ds, problems := load.FS(t.Context(), ".", fstest.MapFS{
			names[int(i)%len(names)]: {Data: []byte(text)},
			"holdings.csv":           {Data: []byte("id,nation,capability\nh,FRA,med-role2e\n")},
		})
		if (ds == nil) != (len(problems.Of(data.Error)) > 0) {
			t.Errorf("a dataset is %v beside %v", ds != nil, problems)
		}
		for _, p := range problems {
			if p.File == "" || p.Message == "" || p.Line < 0 || p.Column < 0 || p.Column > 0 && p.Line == 0 || p.Line > strings.Count(text, "\n")+3 {
				t.Errorf("a problem without a place: %+v", p)
			}
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{20, 200} {
		folder := fstest.MapFS{"targets.csv": {Data: []byte(manyTargets(b, n*1000))}}
		b.Run(fmt.Sprintf("targets=%dk", n), func(b *testing.B) {
			b.SetBytes(int64(len(folder["targets.csv"].Data)))
			b.ReportAllocs()
			for b.Loop() {
				if ds, problems := load.FS(b.Context(), "x", folder); ds == nil {
					b.Fatal(problems)
				}
			}
		})
	}
}

func BenchmarkPublic(b *testing.B) {
	for b.Loop() {
		if _, err := load.Public(); err != nil {
			b.Fatal(err)
		}
	}
}

// manyTargets is a table of n targets in no order.
func manyTargets(b testing.TB, n int) string {
	ds, err := load.Public()
	if err != nil {
		b.Fatal(err)
	}
	nations := ds.Members(data.NATO, ds.AsOf)
	var text strings.Builder
	text.WriteString("id,process,cycle,nation,area,capability,quantity,unit,from,until,readiness_days,priority,status,held,statement,marking,source,confidence\n")
	for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
		c := ds.Capabilities[i%len(ds.Capabilities)]
		fmt.Fprintf(&text, "t%07d,NDPP,2025,%s,%s,%s,%d.5,%s,%d,%d-06,30,high,required,,Statement %d of a notional plan,PUBLIC,a;b,high\n",
			i, nations[i%len(nations)], c.Area, c.Capability, i%100, c.Unit, 2026+i%5, 2031+i%7, i)
	}
	return text.String()
}
