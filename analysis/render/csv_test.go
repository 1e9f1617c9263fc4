package render

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"deconflict/analysis"
	"deconflict/data"
)

// Rows are what encoding/csv writes, to the byte.
func FuzzRows(f *testing.F) {
	for _, s := range []string{"", "text", "a,b", `say "no"`, "two\nlines", "two\r\nlines", " led", "\u00a0led", `\.`, "Σ − 1", "\xff", "12", "=1;+2"} {
		f.Add(s, "and "+s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		r := newRows(newTable("", "", "a b:n c:c d"))
		r.add(a, b, b, a)
		r.add(b, a, "", b)
		var got, want bytes.Buffer
		if err := r.flush(&got); err != nil {
			t.Fatal(err)
		}
		c := csv.NewWriter(&want)
		if err := c.WriteAll([][]string{{inert(a), b, inert(b), inert(a)}, {inert(b), a, "", inert(b)}}); err != nil {
			t.Fatal(err)
		}
		if got.String() != want.String() {
			t.Errorf("%q, want %q", got.String(), want.String())
		}
	})
}

// Rows of warnings, of which there may be very many, are written as those of any other table.
func FuzzWarnings(f *testing.F) {
	f.Add("a.csv", "UKR is no member, it says", "=1", "NATO RESTRICTED", 7, 0)
	f.Add("", "", "did you mean \"x\"?", "", 0, 12)
	f.Fuzz(func(t *testing.T, file, message, hint, marking string, line, column int) {
		r := &analysis.Report{}
		r.Marking = data.Marking(marking)
		for i := range 5 {
			p := data.Problem{Position: data.Position{File: file, Line: max(line, 0), Column: max(column, 0)}, Message: message, Hint: hint}
			if i%2 > 0 {
				p.File, p.Sheet, p.Field, p.Message = message, file, hint, hint
			}
			r.Warnings = append(r.Warnings, p)
		}
		var quick, plain bytes.Buffer
		table := warningsTable(r)
		if err := table.WriteCSV(&quick); err != nil {
			t.Fatal(err)
		}
		table.quick = nil
		if err := table.WriteCSV(&plain); err != nil {
			t.Fatal(err)
		}
		if quick.String() != plain.String() {
			t.Errorf("%q, want %q", quick.String(), plain.String())
		}
	})
}

// What inert passes at one glance is what it would leave as it is.
func FuzzGlance(f *testing.F) {
	for _, s := range []string{"", "text", "a;b", "a;;b", "=1", "a;=1", ";", "-1", "12", "Σ", "/tmp/a.csv", "../a.csv", "#1", " =1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if harmless, _ := glance(s); !harmless {
			return
		}
		for part := range strings.SplitSeq(s, ";") {
			if guard(part) != part {
				t.Errorf("%q is not harmless: %q", s, guard(part))
			}
		}
	})
}
