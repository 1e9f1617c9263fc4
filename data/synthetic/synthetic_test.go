package synthetic

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"deconflict/data"
	"deconflict/data/load"
)

// vocabulary is the one that ships with the program.
func vocabulary(t testing.TB) *data.Vocabulary {
	t.Helper()
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	return ds.Vocabulary
}

// shelf keeps files in memory, in the order in which they were closed.
type shelf struct {
	names []string
	files map[string][]byte
	open  int
}

type volume struct {
	bytes.Buffer
	name string
	on   *shelf
}

func (s *shelf) create(name string) (io.WriteCloser, error) {
	if s.files == nil {
		s.files = map[string][]byte{}
	}
	if s.open > 0 {
		return nil, fmt.Errorf("%s is created before the file before it is closed", name)
	}
	s.open++
	return &volume{name: name, on: s}, nil
}

func (v *volume) Close() error {
	v.on.open--
	v.on.names = append(v.on.names, v.name)
	v.on.files[v.name] = v.Bytes()
	return nil
}

// made is a cycle in memory.
func made(t testing.TB, size Size) *shelf {
	t.Helper()
	var s shelf
	if err := Write(t.Context(), size, vocabulary(t), s.create); err != nil {
		t.Fatal(err)
	}
	return &s
}

// loaded is a cycle as the program reads it.
func loaded(t testing.TB, size Size) *data.Dataset {
	t.Helper()
	dir := t.TempDir()
	s := made(t, size)
	for name, text := range s.files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ds, problems := load.Files(t.Context(), dir)
	if len(problems) > 0 {
		t.Fatalf("%s: %d problems:\n%s", size, len(problems), problems)
	}
	return ds
}

func TestSameSizeSameBytes(t *testing.T) {
	for _, size := range []Size{{}, {Seed: 7, Targets: 20_000}} {
		one, two := made(t, size), made(t, size)
		if !slices.Equal(one.names, two.names) || !maps.EqualFunc(one.files, two.files, bytes.Equal) {
			t.Errorf("%+v: two cycles of one size differ", size)
		}
	}
	if bytes.Equal(made(t, Size{Seed: 1}).files["targets.csv"], made(t, Size{Seed: 2}).files["targets.csv"]) {
		t.Error("two seeds give the same targets")
	}
}

// The first numbers of the reference implementation of splitmix64 (Vigna, https://prng.di.unimi.it/splitmix64.c) for 1234567.
func TestRandomIsSplitmix64(t *testing.T) {
	r := random(1234567)
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821} {
		if got := r.next(); got != want {
			t.Errorf("number %d is %d, want %d", i, got, want)
		}
	}
}

// Every size gives as many rows as asked for, and a dataset that loads without a problem.
func TestRows(t *testing.T) {
	const shipped, members = 55, 36
	for _, test := range []struct {
		why                                                             string
		size                                                            Size
		targets, pledges, holdings, requirements, capabilities, nations int
	}{
		{"the default", Size{}, 3000, 800, 1800, 150, shipped, members},
		{"more targets bring capabilities", Size{Targets: 15_200}, 15_200, 4053, 9120, 760, 100, members},
		{"few targets", Size{Targets: 7, Holdings: 3}, 7, 1, 3, 0, shipped, members},
		{"one capability", Size{Capabilities: 1, Targets: 5000}, 5000, 1333, 3000, 250, shipped, members},
		{"a negative number is an empty table", Size{Pledges: -1, Holdings: -5, Requirements: -1}, 3000, 0, 0, 0, shipped, members},
		{"the largest nations alone", Size{Nations: 5, Targets: 500}, 500, 133, 300, 25, shipped, members},
		{"notional nations", Size{Nations: 100}, 3000, 800, 1800, 150, shipped, 100},
		{"the last day of the United Kingdom in the EU", Size{AsOf: data.Day(2020, 1, 31)}, 3000, 800, 1800, 150, shipped, 35},
	} {
		t.Run(test.why, func(t *testing.T) {
			ds := loaded(t, test.size)
			for _, table := range []struct {
				name      string
				got, want int
			}{
				{"targets", len(ds.Targets), test.targets}, {"pledges", len(ds.Pledges), test.pledges},
				{"holdings", len(ds.Holdings), test.holdings}, {"requirements", len(ds.Requirements), test.requirements},
				{"capabilities", len(ds.Capabilities), test.capabilities}, {"members", len(asked(ds)), test.nations},
			} {
				if table.got != table.want {
					t.Errorf("%d %s, want %d", table.got, table.name, table.want)
				}
			}
		})
	}
}

// asked are the nations that are member of NATO or the EU on the dataset's day.
func asked(ds *data.Dataset) []data.Nation {
	out := append(ds.Members(data.NATO, ds.AsOf), ds.Members(data.EU, ds.AsOf)...)
	slices.Sort(out)
	return slices.Compact(out)
}

// Nobody can take a record for real, and nobody is asked by an organisation of which it is no member.
func TestEverythingSaysThatItIsNotional(t *testing.T) {
	ds := loaded(t, Size{Seed: 3})
	if got, want := ds.Title, "Notional planning cycle (seed 3): invented data, no nation's plan"; got != want {
		t.Errorf("title %q, want %q", got, want)
	}
	if ds.Markings()[0] != Marking || len(ds.Markings()) != 1 {
		t.Errorf("markings %q", ds.Markings())
	}
	check := func(id, statement string, sources []string) {
		if !strings.HasPrefix(statement, "Notional: ") || len(sources) != 1 {
			t.Errorf("%s: statement %q, sources %q", id, statement, sources)
		} else if _, ok := ds.Source(sources[0]); !ok {
			t.Errorf("%s: there is no source %q", id, sources[0])
		}
	}
	for _, r := range ds.Requirements {
		check(r.ID(), r.Statement(), r.Sources)
	}
	for _, r := range ds.Targets {
		check(r.ID(), r.Statement(), r.Sources)
		if o := ds.OrganisationOf(r.Process); o != "" && !ds.Member(r.Nation, o, ds.AsOf) {
			t.Errorf("%s: %s is asked by %s", r.ID(), r.Nation, o)
		}
	}
	for _, r := range ds.Pledges {
		check(r.ID(), r.Statement(), r.Sources)
	}
	for _, r := range ds.Holdings {
		check(r.ID(), r.Statement(), r.Sources)
	}
	for _, i := range ds.Initiatives {
		check(i.Initiative, i.Summary, i.Sources)
		if !strings.HasPrefix(i.Initiative, "notional-") || !strings.HasPrefix(i.Name, "Notional ") {
			t.Errorf("initiative %s is named %q", i.Initiative, i.Name)
		}
		if _, ok := ds.Beneficiaries[i.Beneficiary]; !ok {
			t.Errorf("%s: beneficiary %q is not explained", i.Initiative, i.Beneficiary)
		}
	}
}

// Readers meet quoted cells: about 5 % of the statements hold a comma, and 0.5 % quotes.
func TestStatementsExerciseReaders(t *testing.T) {
	rows, err := csv.NewReader(bytes.NewReader(made(t, Size{Targets: 20_000}).files["targets.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	statement := slices.Index(rows[0], "statement")
	commas, quotes := 0, 0
	for _, row := range rows[1:] {
		if strings.Contains(row[statement], ",") {
			commas++
		}
		if strings.Contains(row[statement], `"`) {
			quotes++
		}
	}
	if commas < 800 || commas > 1200 || quotes < 60 || quotes > 140 {
		t.Errorf("of 20000 statements %d hold a comma and %d quotes, want about 1000 and 100", commas, quotes)
	}
}

// The data package lists the tables that were written, in their order and with their columns, and takes its date from the size.
func TestDataPackageDescribesTheTables(t *testing.T) {
	s := made(t, Size{Capabilities: 60, Nations: 40, AsOf: data.Day(2027, 2, 3)})
	var p struct {
		Created   string
		AsOf      string `json:"as_of"`
		Version   string
		Resources []struct {
			Name, Path string
			Schema     struct {
				Fields     []struct{ Name string }
				PrimaryKey []string
			}
		}
	}
	if err := json.Unmarshal(s.files[packageName], &p); err != nil {
		t.Fatal(err)
	}
	if p.Created != "2027-02-03T00:00:00Z" || p.AsOf != "2027-02-03" || !strings.HasPrefix(p.Version, "seed 0: 40 nations, 60 capabilities, 3000 targets") {
		t.Errorf("created %q, as of %q, version %q", p.Created, p.AsOf, p.Version)
	}
	var paths []string
	for _, r := range p.Resources {
		paths = append(paths, r.Path)
		rows, err := csv.NewReader(bytes.NewReader(s.files[r.Path])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range r.Schema.Fields {
			names = append(names, f.Name)
		}
		if !slices.Equal(rows[0], names) {
			t.Errorf("%s: header %q, fields %q", r.Path, rows[0], names)
		}
		keys := map[string]bool{}
		for _, row := range rows[1:] {
			key := strings.Join(row[:len(r.Schema.PrimaryKey)], "\x00")
			if keys[key] {
				t.Errorf("%s: key %q twice", r.Path, key)
			}
			keys[key] = true
		}
	}
	if want := append(paths, packageName); !slices.Equal(s.names, want) {
		t.Errorf("files %q, want %q", s.names, want)
	}
	if rows := strings.Count(string(s.files["capabilities.csv"]), "\n"); rows != 1+5 {
		t.Errorf("%d lines of capabilities, want a header and 5", rows)
	}
}

func TestWhatCannotBeMade(t *testing.T) {
	full := errors.New("the disk is full")
	stopped, stop := context.WithCancelCause(t.Context())
	stop(errors.New("interrupted"))
	for _, test := range []struct {
		ctx    context.Context
		size   Size
		create func(string) (io.WriteCloser, error)
		want   string
	}{
		{t.Context(), Size{Nations: 1000}, nil, "1000 nations: at most 712 have a code"},
		{t.Context(), Size{Nations: -1}, nil, "a cycle has nations and capabilities"},
		{t.Context(), Size{AsOf: data.Day(1940, 1, 1)}, nil, "no nation is a member of NATO or the EU on 1940-01-01"},
		{t.Context(), Size{AsOf: data.Day(2190, 1, 1)}, nil, `has no date for its last targets: "2230"`},
		{t.Context(), Size{Targets: -1, Pledges: 3}, nil, "3 pledges wanted"},
		{stopped, Size{}, nil, "interrupted"},
		{t.Context(), Size{}, func(string) (io.WriteCloser, error) { return nil, full }, "writing sources.csv of a notional cycle: the disk is full"},
		{t.Context(), Size{}, func(name string) (io.WriteCloser, error) { return broken{full}, nil }, "writing sources.csv of a notional cycle: the disk is full"},
		{t.Context(), Size{}, func(name string) (io.WriteCloser, error) {
			if name != "targets.csv" {
				return (&shelf{}).create(name)
			}
			return broken{full}, nil
		}, "writing targets.csv of a notional cycle: the disk is full"},
	} {
		if test.create == nil {
			test.create = func(name string) (io.WriteCloser, error) {
				t.Errorf("%+v: %s is created", test.size, name)
				return nil, full
			}
		}
		if err := Write(test.ctx, test.size, vocabulary(t), test.create); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: error %v, want %q", test.size, err, test.want)
		}
	}
}

// broken is a file on a full disk.
type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }
func (b broken) Close() error              { return nil }

func ExampleWrite() {
	ds, err := load.Public() // for its vocabulary
	if err != nil {
		fmt.Println(err)
		return
	}
	create := func(name string) (io.WriteCloser, error) {
		fmt.Println(name)
		return nopCloser{io.Discard}, nil
	}
	if err := Write(context.Background(), Size{Seed: 1, Targets: 10_000}, ds.Vocabulary, create); err != nil {
		fmt.Println(err)
	}
	// Output:
	// sources.csv
	// capabilities.csv
	// requirements.csv
	// targets.csv
	// pledges.csv
	// holdings.csv
	// initiatives.csv
	// participants.csv
	// contributions.csv
	// relations.csv
	// datapackage.json
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }
