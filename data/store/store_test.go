package store

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/dgraph-io/badger/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"deconflict/data"
)

// random fills every exported field of v, however deep, so that a field that is not stored is missed.
func random(r *rand.Rand, v reflect.Value) {
	if q, ok := v.Addr().Interface().(*data.Quantity); ok {
		if r.IntN(4) > 0 {
			*q = data.Known(data.Amount(r.Int64N(int64(data.MaxAmount))))
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		words := []string{"", "mobile field hospital", "rôle 2", "Κύπρος", "\xff not UTF-8", "a", "b", "c"}
		v.SetString(words[r.IntN(len(words))])
		if r.IntN(4) == 0 {
			v.SetString(fmt.Sprint("word ", r.IntN(1000)))
		}
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int64() - r.Int64())
	case reflect.Int32:
		v.SetInt(int64(data.Day(1900, 1, 1)) + r.Int64N(100_000))
	case reflect.Pointer: // what records share
		v.Set(reflect.New(v.Type().Elem()))
		random(r, v.Elem())
	case reflect.Slice:
		switch n := r.IntN(4); n {
		case 0: // none is not the same as empty
			v.SetZero()
		default:
			v.Set(reflect.MakeSlice(v.Type(), n-1, n-1))
		}
		for i := range v.Len() {
			random(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.IntN(4) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			random(r, key)
			random(r, value)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				random(r, v.Field(i))
			}
		}
	}
}

// dataset makes rows of each table of a random dataset, with all fields filled.
func dataset(seed uint64, rows int) *data.Dataset {
	r := rand.New(rand.NewPCG(seed, 1))
	ds := &data.Dataset{Vocabulary: &data.Vocabulary{}}
	random(r, reflect.ValueOf(&ds.Meta).Elem())
	fill := func(of reflect.Value) {
		for i := range of.NumField() {
			if f := of.Field(i); rows > 0 && f.Kind() == reflect.Slice && of.Type().Field(i).IsExported() {
				f.Set(reflect.MakeSlice(f.Type(), rows, rows))
				for j := range rows {
					random(r, f.Index(j))
				}
			}
		}
	}
	fill(reflect.ValueOf(ds.Vocabulary).Elem())
	fill(reflect.ValueOf(ds).Elem())
	v := ds.Vocabulary
	ds.Vocabulary = data.NewVocabulary(v.Nations, v.Memberships, v.Processes, v.Capabilities, v.Crosswalk)
	ds.Glossary = v.Glossary
	for i := range ds.Targets {
		ds.Targets[i].Nation = nations[r.IntN(len(nations))]
	}
	for i := range ds.Requirements {
		ds.Requirements[i].Readiness = 0 // they say nothing of it
	}
	return ds
}

var nations = []data.Nation{"DEU", "FRA", "NLD", "POL"}

// alike reports whether two datasets are the same, with the index of their vocabularies.
func alike(a, b *data.Dataset) bool {
	one, ids := named(a)
	two, others := named(b)
	return slices.Equal(ids, others) && reflect.DeepEqual(one, two)
}

// named is a dataset without the ids and statements of its records, which stand in memory of their own, and these.
func named(d *data.Dataset) (*data.Dataset, []string) {
	out, words := *d, []string{}
	apart := func(r *data.Record) {
		words = append(words, r.ID(), r.Statement())
		r.Words = data.Words{}
	}
	out.Requirements, out.Targets, out.Pledges, out.Holdings = slices.Clone(d.Requirements), slices.Clone(d.Targets), slices.Clone(d.Pledges), slices.Clone(d.Holdings)
	for i := range out.Requirements {
		apart(&out.Requirements[i].Record)
	}
	for i := range out.Targets {
		apart(&out.Targets[i].Record)
	}
	for i := range out.Pledges {
		apart(&out.Pledges[i].Record)
	}
	for i := range out.Holdings {
		apart(&out.Holdings[i].Record)
	}
	return &out, words
}

func same(t *testing.T, want, got *data.Dataset) {
	t.Helper()
	if !alike(want, got) {
		t.Fatal("what was stored and what was read differ (or only the index of the vocabulary):\n", cmp.Diff(want, got, cmpopts.IgnoreUnexported(data.Vocabulary{})))
	}
}

func TestEverythingThatIsStoredIsReadAgain(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(4) {
		s, err := Create(filepath.Join(t.TempDir(), "store"))
		if err != nil {
			t.Fatal(err)
		}
		want := dataset(seed, 300*int(seed)*int(seed))
		if _, err := s.Import(ctx, want, Import{Name: "one"}); err != nil {
			t.Fatal(err)
		}
		snap, err := s.Current()
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Load(ctx, snap)
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, got)
	}
}

// The order of the records, which blocks divide by nation, is the imported one. Large nations and pages have several blocks.
func TestRecordsKeepTheirOrder(t *testing.T) {
	want := plan(20_000)
	for i := range want.Targets {
		if i%3 > 0 {
			want.Targets[i].Nation = "N05"
		}
	}
	long := bytes.Repeat([]byte("0123456789"), 300_000)
	s := create(t, filepath.Join(t.TempDir(), "store"))
	var done, total int
	snap, err := s.Import(t.Context(), want, Import{Name: "plan", Pages: map[string][]byte{"long": long, "empty": nil}, Progress: func(d, all int) {
		if d < done {
			t.Errorf("progress went from %d to %d", done, d)
		}
		done, total = d, all
	}})
	if err != nil {
		t.Fatal(err)
	}
	if done != total || done != snap.Records {
		t.Errorf("progress ended at %d of %d, and there are %d records", done, total, snap.Records)
	}
	if g, _ := snap.group("targets/N05"); g.Blocks < 2 {
		t.Errorf("%d targets of N05 are in %d blocks, wanted several", g.Records, g.Blocks)
	}
	got, err := s.Load(t.Context(), snap)
	if err != nil {
		t.Fatal(err)
	}
	if !alike(want, got) {
		t.Error("what was stored and what was read differ")
	}
	for name, want := range map[string][]byte{"long": long, "empty": nil} {
		if got, err := s.Page(t.Context(), snap, name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("page %s: %d bytes, %v", name, len(got), err)
		}
	}
	if _, err := s.Page(t.Context(), snap, "other"); !errors.Is(err, ErrNoPage) {
		t.Errorf("a page that is not there: %v", err)
	}
}

func TestNationReadsNoOtherNation(t *testing.T) {
	ds := dataset(7, 200)
	s := storeWith(t, ds)
	snap, err := s.Current()
	if err != nil {
		t.Fatal(err)
	}
	// A group with a wrong sum cannot be read, so this shows which groups are.
	for i, g := range snap.Groups {
		if _, of, _ := strings.Cut(g.Name, "/"); of != "" && of != "NLD" {
			snap.Groups[i].SHA256 = "unreadable"
		}
	}
	if _, err := s.Load(t.Context(), snap); err == nil {
		t.Error("the groups of other nations can be read: the test shows nothing")
	}
	got, err := s.Nation(t.Context(), snap, "NLD")
	if err != nil {
		t.Fatal(err)
	}
	want := *ds
	want.Targets = slices.DeleteFunc(slices.Clone(ds.Targets), func(r data.Target) bool { return r.Nation != "NLD" })
	want.Pledges = nil // the random ones are of other nations
	want.Holdings = nil
	same(t, &want, got)
	if len(got.Targets) == 0 || len(got.Targets) == len(ds.Targets) {
		t.Errorf("%d of %d targets are of NLD", len(got.Targets), len(ds.Targets))
	}
}

func TestFindNamesTheNearMiss(t *testing.T) {
	s := storeWith(t, dataset(1, 3), dataset(2, 3))
	if snap, err := s.Find("TWO"); err != nil || snap.Name != "two" || snap.Parent != "one" || snap.Sequence != 2 {
		t.Errorf("%+v, %v", snap, err)
	}
	for name, want := range map[string]string{"tow": "did you mean two?", "2031": "there are one, two"} {
		if _, err := s.Find(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, wanted %s", name, err, want)
		}
	}
}

// The digest is that of the content: not of the name, the order of maps, the number of cores, or the store.
func TestEqualDatasetsHaveEqualDigests(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	digests := map[string]bool{}
	for i, cores := range []int{1, 8, 2} {
		runtime.GOMAXPROCS(cores)
		s := storeWith(t)
		for name := range []int{1, 2} {
			snap, err := s.Import(t.Context(), dataset(3, 500), Import{Name: fmt.Sprint(i, name), Pages: planPages(50)})
			if err != nil {
				t.Fatal(err)
			}
			digests[snap.Digest] = true
		}
	}
	if len(digests) != 1 {
		t.Errorf("one dataset has the digests %v", digests)
	}
	other := dataset(3, 500)
	other.Targets[17].Line++
	snap, err := storeWith(t).Import(t.Context(), other, Import{Name: "other", Pages: planPages(50)})
	if err != nil || digests[snap.Digest] {
		t.Errorf("another dataset has the same digest (%v)", err)
	}
}

// The files are written without badger's own writer: badger, opened to write, must still take them for its own, and find in them what
// it is meant to find.
func TestBadgerTakesASnapshotForItsOwn(t *testing.T) {
	s := storeWith(t, dataset(1, 5000))
	snap, err := s.Current()
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(s.path(snapFolder, snap.ID))); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time after badger has written its own MANIFEST and logs
		db, err := badger.Open(badger.DefaultOptions(copied).WithLogger(nil))
		if err != nil {
			t.Fatal(err)
		}
		if err := db.VerifyChecksum(); err != nil {
			t.Error(err)
		}
		if err := everything(db, snap.Groups, func(Group, []byte) error { return nil }); err != nil {
			t.Error(err)
		}
		if err := db.Flatten(1); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestKeepRemovesTheOldest(t *testing.T) {
	last := dataset(3, 5)
	s := storeWith(t, dataset(1, 5), dataset(2, 5), last)
	if _, err := s.Keep(t.Context(), 0); err == nil {
		t.Error("all snapshots can be removed")
	}
	removed, err := s.Keep(t.Context(), 2)
	if err != nil || len(removed) != 1 || removed[0].Name != "one" {
		t.Errorf("removed %v, %v", removed, err)
	}
	holds(t, s.dir, last, "two", "three")
	if _, err := s.Load(t.Context(), removed[0]); err == nil || !strings.Contains(err.Error(), "was removed") {
		t.Errorf("reading a snapshot that is gone: %v", err)
	}
	if removed, err := s.Keep(t.Context(), 2); err != nil || len(removed) != 0 {
		t.Errorf("removed %v, %v", removed, err)
	}
	folders, err := os.ReadDir(s.path(snapFolder))
	if err != nil || len(folders) != 2 {
		t.Errorf("%v, %v", folders, err)
	}
	// A name that is free again can be used again, and no folder is ever another snapshot's.
	snap, err := s.Import(t.Context(), last, Import{Name: "one"})
	if err != nil || snap.ID != "000004" {
		t.Errorf("%s, %v", snap.ID, err)
	}
}

// A snapshot made by any version opens in every later one. testdata/store has a store of each schema that there was; -write-store makes
// the one of the present schema anew, which is right only before a version with it is released.
func TestStoresOfEarlierVersionsOpen(t *testing.T) {
	dir := filepath.Join("..", "..", "testdata", "store", fmt.Sprint("schema-", schema))
	if *writeStore {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		how := Import{Name: "2026", Program: "deconflict", Sources: []File{{"targets.csv", 3, sum([]byte("abc"))}}, Pages: map[string][]byte{"nation/NLD": []byte("page")}}
		if _, err := create(t, dir).Import(t.Context(), small(), how); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, lockFile)); err != nil {
			t.Fatal(err)
		}
	}
	dirs, err := filepath.Glob(filepath.Join("..", "..", "testdata", "store", "schema-*"))
	if err != nil || len(dirs) != schema {
		t.Fatalf("%v, %v: wanted a store of each schema up to %d", dirs, err, schema)
	}
	for _, dir := range dirs {
		before := tree(t, dir)
		s, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if damaged, err := s.Verify(t.Context(), true); err != nil || len(damaged) > 0 {
			t.Fatal(damaged, err)
		}
		snap, err := s.Find("2026")
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Load(t.Context(), snap)
		if err != nil {
			t.Fatal(err)
		}
		same(t, small(), got)
		if page, err := s.Page(t.Context(), snap, "nation/NLD"); err != nil || string(page) != "page" {
			t.Errorf("%q, %v", page, err)
		}
		unchanged(t, before, dir)
	}
}

var writeStore = flag.Bool("write-store", false, "make the store in testdata anew")

// small is what is in the stores of testdata: a row of each table, with each field that there was when it was written.
func small() *data.Dataset {
	at := func(file string, line int) data.Position {
		return data.Position{File: file, Sheet: "Sheet 1", Line: line, Column: 3}
	}
	period := data.Period{From: data.Day(2026, 1, 1), Until: data.Day(2030, 12, 31)}
	record := func(id, file string) data.Record {
		return data.Record{
			Quantity: data.Known(data.Count(3) / 2), Period: period, Line: 2,
			Subject: &data.Subject{Capability: "role-2-hospital", Unit: "facility", Comparable: true, Term: "MED-2"},
			Origin:  &data.Origin{File: file, Sheet: "Sheet 1", Marking: "NOTIONAL", Sources: []string{"S1", "a letter"}, Confidence: "high"},
		}.Named(id, "Provide a hospital for Κύπρος")
	}
	within := func(days int, r data.Record) data.Record {
		r.Readiness, _ = data.NoticeOf(data.Known(data.Count(days)))
		return r
	}
	silent := record("T-2", "targets.csv")
	silent.Quantity, silent.Sources, silent.Comparable = 0, nil, false
	return &data.Dataset{
		Vocabulary: data.NewVocabulary(
			[]data.NationRow{{Nation: "CYP", Name: "Cyprus", Position: at("nations.csv", 2)}, {Nation: "NLD", Name: "Netherlands", Aliases: []string{"Holland", "NL"}, Position: at("nations.csv", 3)}},
			[]data.Membership{{Nation: "NLD", Organisation: data.NATO, Period: period, Sources: []string{"S1"}, Position: at("memberships.csv", 2)}},
			[]data.ProcessRow{{Process: "NDPP", Organisation: data.NATO, Name: "NATO Defence Planning Process", Position: at("processes.csv", 2)}},
			[]data.CapabilityRow{{Capability: "role-2-hospital", Name: "Role 2 hospital", Area: "medical", Unit: "facility", Definition: "…", NATOArea: "Sustain", CDP2023: "Medical", JCA: "4.5", Position: at("capabilities.csv", 2)}},
			[]data.Mapping{{Subject: "MED-2", Predicate: data.ExactMatch, Object: "role-2-hospital", Justification: "semapv:ManualMappingCuration", Confidence: "0.9", Author: "staff", Date: data.Day(2026, 2, 3), Position: at("crosswalk.csv", 2)}},
		),
		Meta: data.Meta{
			Name: "small", Title: "A small plan", Description: "A row of each table", Version: "1.2", AsOf: data.Day(2026, 6, 30), Marking: "NOTIONAL", Licence: "CC0",
			Beneficiaries: map[string]string{"own-members": "only its members"}, Schemes: map[string]map[string]string{"MED": {"MED-2": "hospital"}},
		},
		Requirements: []data.Requirement{{Record: record("R-1", "requirements.csv"), Process: "NDPP", Cycle: "2026"}},
		Targets: []data.Target{
			{Record: within(30, record("T-1", "targets.csv")), Request: &data.Request{Process: "NDPP", Cycle: "2026", Nation: "NLD", Priority: "1", Status: "agreed"}, Held: data.Known(data.Count(2))},
			{Record: silent, Request: &data.Request{Process: data.National, Nation: "CYP"}},
			{Record: record("T-3", "targets.csv"), Request: &data.Request{Process: "NDPP", Nation: "NLD"}},
		},
		Pledges:       []data.Pledge{{Record: within(60, record("P-1", "pledges.csv")), Organisation: data.EU, Nation: "NLD"}},
		Holdings:      []data.Holding{{Record: within(5, record("H-1", "holdings.csv")), Nation: "CYP"}},
		Initiatives:   []data.Initiative{{Initiative: "EMC", Name: "European Medical Command", Organisation: data.EU, Framework: "PESCO", Kind: "project", Period: period, Beneficiary: data.OwnMembers, Membership: data.Partial, Summary: "…", Marking: "NOTIONAL", Sources: []string{"S1"}, AsOf: "2026-05", Confidence: "high", Note: "n", Position: at("initiatives.csv", 2)}},
		Participants:  []data.Participant{{Initiative: "EMC", Nation: "NLD", Role: data.Lead, Period: period, Position: at("participants.csv", 2)}},
		Contributions: []data.Contribution{{Initiative: "EMC", Capability: "role-2-hospital", Means: "coordinate", Note: "n", Position: at("contributions.csv", 2)}},
		Relations:     []data.Relation{{Initiative: "EMC", Other: "MMCC", Relation: data.CoordinatesWith, Note: "n", Sources: []string{"S1"}, Position: at("relations.csv", 2)}},
		ActionItems:   []data.ActionItem{{Item: "6.1", Set: "2016", Chapter: "6", Title: "Medical", Areas: []string{"medical"}, Organisations: []string{"NATO", "EU"}, Sources: []string{"S1"}, Position: at("action_items.csv", 2)}},
		ActionLinks:   []data.ActionLink{{Item: "6.1", Initiative: "EMC", Position: at("action_links.csv", 2)}},
		Sources:       []data.Source{{Source: "S1", Title: "A decision", URL: "https://example.org/", Publisher: "Council", Date: "2026-05", Position: at("sources.csv", 2)}},
		Problems:      data.Problems{{Severity: data.Warning, Position: at("targets.csv", 3), Field: "quantity", Message: "is empty", Hint: "silence is not zero"}},
	}
}

// small leaves no field of the present tables empty, so that the stores of testdata have them all.
func TestSmallHasEveryField(t *testing.T) {
	ds := small()
	for _, table := range tables {
		if table.name == "glossary" { // younger than the stores of testdata
			continue
		}
		rows := table.in(ds)
		l := layoutOf(rows.Type().Elem())
		for _, f := range l.fields {
			if f.name == "Record.Position.Column" { // the records of early stores could have one
				continue
			}
			if table.name == "memberships" && f.name == "Marking" { // younger than the stores of testdata
				continue
			}
			if !slices.ContainsFunc(upTo(rows.Len()), func(i int) bool { return !f.of(l.row(rows.Index(i))).IsZero() }) {
				t.Errorf("%s: %s is empty in all rows (a field that was added after version 1 may be: then name it here)", table.name, f.name)
			}
		}
	}
}

// Bytes that are no block are an error, never a panic.
func FuzzBlock(f *testing.F) {
	ds := small()
	for _, table := range tables {
		rows := table.in(ds)
		value, err := encodeBlock(rows, upTo(rows.Len()))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		b, err := decodeBlock(value)
		if err != nil {
			return
		}
		if _, err := b.places(); err != nil {
			return
		}
		for _, table := range tables {
			_ = b.fill(reflect.MakeSlice(table.kind(), b.Rows, b.Rows), upTo(b.Rows), new(data.Sharing))
		}
	})
}
