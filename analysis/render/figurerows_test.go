package render

import (
	"testing"

	"deconflict/analysis"
	"deconflict/data"
)

// Cells that are written as they were before, or as few letters, are what they are at length, whatever room there is.
func FuzzCells(f *testing.F) {
	for _, s := range []string{"", "text", "ALB", "A,B", "NATO", "-1;", "=1", "a;=1", `"no"`, "two\nlines", "\xff", "Σ", "BEL;", "EU asks more, dates differ, readiness differs",
		"text of thirty-one letters here", "text of thirty-two letters, here"} {
		f.Add(s, "EU")
		f.Add("ALB", s)
		f.Add(s, s)
	}
	w := new(figureWriter)
	f.Fuzz(func(t *testing.T, x, y string) {
		for _, room := range []int{1, 3, 4, shortCell - 1, shortCell, 100, 200} {
			check := func(what string, got []byte, s string, kind ColumnKind) {
				t.Helper()
				if want := string(appendCell([]byte("before,"), s, kind)); string(got) != want {
					t.Errorf("%s: %q, want %q", what, got, want)
				}
			}
			b := append(make([]byte, 0, len("before")+room), "before"...)
			for _, s := range []string{x, y, x, x} {
				check("a word", w.appendWord(b, s), s, Text)
				check("the last", w.more.of(s).on(b), s, Text)
				check("a nation", w.appendNation(b, data.Nation(s)), s, Text)
			}
			for _, list := range [][]string{nil, {x}, {x, y}, {y, x, y}} {
				check("codes", appendCodes(b, w, list), codes(list), Codes)
				finding := analysis.Finding{Kind: "kind", Subject: list, Capability: data.Capability(y)}
				w.marking = data.Marking(x)
				row := w.begin(&rows{made: b[:0]}, &finding)
				want := appendCell(append(appendCell(nil, x, Text), ','), string(finding.AppendID(nil)), Text)
				if string(row) != string(want) {
					t.Errorf("%q, want %q", row, want)
				}
				b = append(b[:0], "before"...)
			}
		}
	})
}

func TestDaysAreWrittenAsTheyWereBefore(t *testing.T) {
	w := new(figureWriter)
	for _, from := range []data.Date{-3, 0, data.Day(1900, 1, 1), data.Day(9999, 12, 1), data.Day(2026, 6, 30), data.Day(10_000, 1, 1), 1 << 30} {
		for d := from; d < from+2; d++ {
			for _, d := range []data.Date{d, d + data.Date(len(w.dates)), d} {
				if got, want := string(w.appendDate(nil, d)), ","+d.String(); got != want {
					t.Errorf("%q, want %q", got, want)
				}
			}
		}
	}
}
