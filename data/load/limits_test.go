package load

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"deconflict/data"
)

// Every limit is told at the place where it is passed. What is within is read.
func TestBehaviour12_LimitsAreToldWhereTheyArePassed(t *testing.T) {
	const header = "id,nation,capability,statement\n"
	rows := func(n int, nation string) string {
		var b strings.Builder
		b.WriteString(header)
		for i := range n {
			fmt.Fprintf(&b, "h%d,%s,med-role2e,\n", i, nation)
		}
		return b.String()
	}
	// By hand: the four columns take 30 characters, the n-th after them starts at 30 + 2n, and the 201st is the 197th of those.
	columns := func(n int) string {
		return strings.TrimSuffix(header, "\n") + strings.Repeat(",x", n-4) + "\nh,FRA,med-role2e," + strings.Repeat(",", n-4) + "\n"
	}
	for _, c := range []struct {
		name, text string
		room       int
		want       string // the first error, or none
	}{
		{"a cell of 64 kB", header + "h,FRA,med-role2e," + strings.Repeat("é", maxField/2), maxRecords, ""},
		{"one byte more", header + "h,FRA,med-role2e,x" + strings.Repeat("é", maxField/2), maxRecords, "holdings.csv:2:18: statement: 65537 bytes, wanted at most 65536"},
		{"200 columns", columns(200), maxRecords, ""},
		{"201 columns", columns(201), maxRecords, "holdings.csv:1:424: 201 columns, wanted at most 200"},
		{"as many records as there is room", rows(3, "FRA"), 3, ""},
		{"one record more", rows(4, "FRA"), 3, "holdings.csv:5: more than 20000000 records, which is the most a dataset may have"},
	} {
		l := borrower(".")
		l.room = c.room
		l.folder(".", fstest.MapFS{"holdings.csv": {Data: []byte(c.text)}})
		ds, problems := l.load(t.Context(), "x")
		errors := problems.Of(data.Error)
		switch {
		case c.want == "" && ds == nil:
			t.Errorf("%s: %v", c.name, errors)
		case c.want != "" && (len(errors) != 1 || errors[0].String() != c.want):
			t.Errorf("%s: %v\nwant %s", c.name, errors, c.want)
		}
	}

	_, problems := FS(t.Context(), ".", fstest.MapFS{"holdings.csv": {Data: []byte(rows(maxErrors+10, "Nowhere"))}})
	if n := len(problems.Of(data.Error)); n != maxErrors+1 || problems[n].Message != "the rest of the file is not looked at: there are already 10000 errors" {
		t.Errorf("%d errors, the last %v", n, problems[n])
	}
}

// Each table is told from the others by its columns, and by those alone that it must have.
func TestTables(t *testing.T) {
	for _, table := range tables {
		if got, complaint := recognise(table.columns); got != table {
			t.Errorf("the columns of %s are recognised as %v (%s)", table.name, got, complaint)
		}
		if got, complaint := recognise(table.required); got != table {
			t.Errorf("the required columns of %s are recognised as %v (%s)", table.name, got, complaint)
		}
	}
}
