package public

import (
	"encoding/csv"
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// descriptor is what the Data Package standard (https://datapackage.org, version 2) says of a package, as far as this one uses it.
type descriptor struct {
	Schema    string `json:"$schema"`
	Name      string
	Licenses  []struct{ Name, Path string }
	Resources []resource
}

type resource struct {
	Name, Path, Type string
	Schema           struct {
		Fields []struct {
			Name, Type  string
			Constraints struct {
				Required bool
				Pattern  string
				Minimum  *float64
				Enum     []string
			}
		}
		PrimaryKey  []string
		ForeignKeys []struct {
			Fields    []string
			Reference struct {
				Resource string
				Fields   []string
			}
		}
	}
	rows [][]string
}

// key is a row's values of some fields.
func (r *resource) key(row, fields []string) string {
	var parts []string
	for _, f := range fields {
		for i := range r.Schema.Fields {
			if r.Schema.Fields[i].Name == f {
				parts = append(parts, row[i])
			}
		}
	}
	return strings.Join(parts, "\x00")
}

func TestDataPackageHoldsWhatItDescribes(t *testing.T) {
	text, err := FS.ReadFile("datapackage.json")
	if err != nil {
		t.Fatal(err)
	}
	var d descriptor
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	if d.Schema != "https://datapackage.org/profiles/2.0/datapackage.json" || d.Name == "" || len(d.Licenses) == 0 || d.Licenses[0].Path == "" {
		t.Errorf("the package does not say by which profile, under which name and licence it stands: %q, %q, %v", d.Schema, d.Name, d.Licenses)
	}
	files, err := fs.Glob(FS, "*.csv")
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*resource{}
	for i := range d.Resources {
		r := &d.Resources[i]
		byName[r.Name] = r
		if r.Type != "table" || r.Path != r.Name+".csv" || !slices.Contains(files, r.Path) {
			t.Errorf("resource %s is a %s at %s", r.Name, r.Type, r.Path)
			continue
		}
		r.read(t)
	}
	if len(byName) != len(files) {
		t.Errorf("%d resources describe %d files", len(byName), len(files))
	}
	for _, r := range byName {
		for _, foreign := range r.Schema.ForeignKeys {
			to := byName[foreign.Reference.Resource]
			if to == nil {
				t.Errorf("%s refers to %s, which is no resource", r.Name, foreign.Reference.Resource)
				continue
			}
			known := map[string]bool{}
			for _, row := range to.rows {
				known[to.key(row, foreign.Reference.Fields)] = true
			}
			for i, row := range r.rows {
				if k := r.key(row, foreign.Fields); k != "" && !known[k] {
					t.Errorf("%s:%d: %v = %q is not in %s", r.Path, i+2, foreign.Fields, k, to.Name)
				}
			}
		}
	}
}

// read checks the header, each cell and the primary key of a table.
func (r *resource) read(t *testing.T) {
	f, err := FS.Open(r.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var header []string
	for _, field := range r.Schema.Fields {
		header = append(header, field.Name)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], header) {
		t.Fatalf("%s does not have the header %v", r.Path, header)
	}
	r.rows = rows[1:]
	seen := map[string]int{}
	for n, row := range r.rows {
		line := n + 2 // no cell holds a line break
		if k := r.key(row, r.Schema.PrimaryKey); seen[k] > 0 {
			t.Errorf("%s:%d: has the key of line %d", r.Path, line, seen[k])
		} else {
			seen[k] = line
		}
		for i, field := range r.Schema.Fields {
			v, c := row[i], field.Constraints
			if strings.ContainsAny(v, "\n\r\t") || v != strings.TrimSpace(v) {
				t.Errorf("%s:%d: %s: %q has stray white space", r.Path, line, field.Name, v)
			}
			if v == "" {
				if c.Required {
					t.Errorf("%s:%d: %s is empty", r.Path, line, field.Name)
				}
				continue
			}
			if field.Type == "number" || field.Type == "integer" {
				x, err := strconv.ParseFloat(v, 64)
				if err != nil || c.Minimum != nil && x < *c.Minimum || field.Type == "integer" && x != float64(int64(x)) {
					t.Errorf("%s:%d: %s: %q is no %s as described", r.Path, line, field.Name, v, field.Type)
				}
			}
			if c.Pattern != "" && !regexp.MustCompile("^(?:"+c.Pattern+")$").MatchString(v) {
				t.Errorf("%s:%d: %s: %q does not match %s", r.Path, line, field.Name, v, c.Pattern)
			}
			if len(c.Enum) > 0 && !slices.Contains(c.Enum, v) {
				t.Errorf("%s:%d: %s: %q is none of %v", r.Path, line, field.Name, v, c.Enum)
			}
		}
	}
}

// Every source is used, and every source that a record names is there.
func TestEverySourceIsReachable(t *testing.T) {
	used, known := map[string]bool{}, map[string]bool{}
	files, err := fs.Glob(FS, "*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := FS.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		column := slices.Index(rows[0], "source")
		for _, row := range rows[1:] {
			switch {
			case column < 0:
			case name == "sources.csv":
				known[row[column]] = true
			default:
				for s := range strings.SplitSeq(row[column], ";") {
					used[strings.TrimSpace(s)] = true
				}
			}
		}
	}
	delete(used, "") // relations that are judgements name none, and say so in their note
	for s := range used {
		if !known[s] {
			t.Errorf("source %q is named and not there", s)
		}
	}
	for s := range known {
		if !used[s] {
			t.Errorf("source %q is there and named by nothing", s)
		}
	}
}
