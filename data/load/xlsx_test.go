package load_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"deconflict/data"
	"deconflict/data/load"
)

// piped reads bytes as standard input.
func piped(tb testing.TB, text []byte) (*data.Dataset, data.Problems) {
	tb.Helper()
	return load.Options{Stdin: bytes.NewReader(text)}.Files(tb.Context(), "-")
}

// workbook is a workbook as its author fills it, cell by cell.
type workbook struct {
	testing.TB
	*excelize.File
}

func newWorkbook(tb testing.TB, sheet string) workbook {
	tb.Helper()
	w := workbook{tb, excelize.NewFile()}
	w.must(w.SetSheetName("Sheet1", sheet))
	return w
}

func (w workbook) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// rows fills rows from one on.
func (w workbook) rows(sheet string, row int, rows ...[]any) {
	w.Helper()
	if i, err := w.GetSheetIndex(sheet); err != nil || i < 0 {
		_, err := w.NewSheet(sheet)
		w.must(err)
	}
	for i := range rows {
		w.must(w.SetSheetRow(sheet, fmt.Sprintf("A%d", row+i), &rows[i]))
	}
}

func (w workbook) style(sheet, from, to, format string) {
	w.Helper()
	style, err := w.NewStyle(&excelize.Style{CustomNumFmt: &format})
	w.must(err)
	w.must(w.SetCellStyle(sheet, from, to, style))
}

func (w workbook) bytes() []byte {
	w.Helper()
	b, err := w.WriteToBuffer()
	w.must(err)
	w.must(w.Close())
	return b.Bytes()
}

// told is what is said of an input, without that it states no date of its own.
func told(problems data.Problems) string {
	var b strings.Builder
	for l := range strings.Lines(lines(problems)) {
		if !strings.Contains(l, "states no date of its own") {
			b.WriteString(l)
		}
	}
	return b.String()
}

// A questionnaire as it comes from another capital: a title, a header in two rows with merged cells, numbers that are texts with a
// decimal comma beside real ones, dates as dates in the German order, a group of thousands, a note under the table.
func TestQuestionnaire(t *testing.T) {
	const sheet = "Fragebogen"
	w := newWorkbook(t, sheet)
	w.rows(sheet, 1, []any{"Fähigkeitsziele – Stand 30.06.2026"})
	w.must(w.MergeCell(sheet, "A1", "H1"))
	w.rows(sheet, 3,
		[]any{"id", "process", "nation", "capability", "quantity", "Zeitraum", nil, "held"},
		[]any{nil, nil, nil, nil, nil, "from", "until", nil},
		[]any{1, "NDPP", "Deutschland", "Role 2 Enhanced", "12,5", 46388, 48213, "1.234,5"},
		[]any{2, "NDPP", "DEU", "med-role1", 0.1 + 0.2, "2027", "2031-06", "12 000"},
	)
	for _, column := range "ABCDEH" {
		w.must(w.MergeCell(sheet, string(column)+"3", string(column)+"4"))
	}
	w.must(w.MergeCell(sheet, "F3", "G3"))
	w.style(sheet, "F5", "G5", `dd\.mm\.yyyy`)
	w.rows(sheet, 8, []any{"* geschätzt"}, []any{"Rückfragen an das Referat"})
	w.must(w.MergeCell(sheet, "A8", "H8"))
	ds, problems := piped(t, w.bytes())
	// By hand: day 46388 is 2027-01-01 and day 48213 is 2031-12-31, as a spreadsheet shows them.
	want := `stdin:Fragebogen:4: note: rows 3 to 4 are taken for the header together, as cells of them are merged
stdin:Fragebogen:5:5: warning: quantity: "12,5" is read as 12.5: commas are decimal commas in this column (--decimal says which mark is which)
stdin:Fragebogen:5:8: warning: held: "1.234,5" is read as 1234.5: commas are decimal commas in this column (--decimal says which mark is which)
stdin:Fragebogen:6:8: warning: held: "12 000" is read as 12000: thousands are grouped by blanks in this column (--decimal says which mark is which)
stdin:Fragebogen:8: note: a note under the table: "* geschätzt" is left out
stdin:Fragebogen:9: note: a note under the table: "Rückfragen an das Referat" is left out
`
	if diff := cmp.Diff(want, told(problems)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	want = "target 1: NDPP DEU med-role2e 12.5 facility, 2027-01-01 to 2031-12-31; term Role 2 Enhanced; held 1234.5\n" +
		"target 2: NDPP DEU med-role1 0.3 facility, 2027-01-01 to 2031-06-30; held 12000\n"
	want = strings.ReplaceAll(want, "; term Role 2 Enhanced", "")
	if diff := cmp.Diff(want, records(ds)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What a sheet hides, merges or could not calculate is told with its sheet and cell.
func TestBehaviour11_OddCellsAreTold(t *testing.T) {
	w := newWorkbook(t, "holdings")
	w.rows("holdings", 1,
		[]any{"id", "nation", "capability", "quantity", "statement", "extra"},
		[]any{"h1", "FRA", "med-role2e", 1, "shown"},
		[]any{"h2", "FRA", "med-role2e", 2, "hidden"},
		[]any{"h3", "FRA", "med-role2e", 3, "hidden too"},
		[]any{"h4", "FRA", "med-role2e", 404, nil},
		[]any{"h5", nil, "med-role2e", 5, nil},
		[]any{"h6", "FRA", "med-role2e", true, nil},
		[]any{"h7", "FRA", "med-role2e", nil, "never calculated", nil, "beside"},
	)
	w.must(w.SetCellFormula("holdings", "D8", "1+2"))
	w.must(w.SetCellFormula("holdings", "F7", "1+2"))
	w.must(w.MergeCell("holdings", "B5", "B6"))
	w.must(w.SetRowVisible("holdings", 3, false))
	w.must(w.SetRowVisible("holdings", 4, false))
	w.must(w.SetColVisible("holdings", "E", false))
	w.rows("targets", 1, []any{"id", "process", "nation", "capability", "quantity"}, []any{"t1", "NDPP", "FRA", "med-role2e", 1})
	w.must(w.SetSheetVisible("targets", false))
	w.rows("Cover", 1, []any{"Fill the sheets"})
	w.rows("Almost", 1, []any{"nation", "capability", "quantity"})
	parts := load.Unzipped(t, w.bytes())
	for i := range parts { // excelize writes no errors
		parts[i].Text = strings.Replace(parts[i].Text, `<c r="D5"><v>404</v></c>`, `<c r="D5" t="e"><f>1/0</f><v>#DIV/0!</v></c>`, 1)
	}
	_, problems := piped(t, load.Zipped(t, parts...))
	want := `stdin:Almost:1: warning: the header is no table's: holdings lacks id: the sheet is ignored
stdin:Cover: note: no row is a table's header: the sheet is ignored
stdin:holdings:1:5: warning: "statement", column E, is hidden, and read all the same
stdin:holdings:1:6: warning: "extra" is no column of holdings: its values are ignored
stdin:holdings:3: warning: 2 rows from here on are hidden, and read all the same
stdin:holdings:5:2: warning: B5:B6 are merged: only B5 has their value, the others are empty (unmerge them and fill each)
stdin:holdings:5:4: quantity: D5 holds the error #DIV/0! (mend the formula, or empty the cell)
stdin:holdings:6:2: nation: is empty, wanted a value
stdin:holdings:7:4: quantity: D7 holds the truth value TRUE, wanted a text or a number
stdin:holdings:8:4: quantity: D8 holds a formula that was never calculated (open the workbook in a spreadsheet program and save it)
stdin:holdings:8:7: warning: column G has no name: its values are ignored
stdin:targets: warning: the sheet is hidden, and read all the same
`
	if diff := cmp.Diff(want, told(problems)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The header may stand below titles, the table away from the margin, and the sheet may have any name; numbers of text cells are told
// from numbers.
func TestHeaders(t *testing.T) {
	for _, c := range []struct {
		name, sheet string
		rows        [][]any
		want        string
		records     string
	}{
		{
			"below titles", "Sheet 1", [][]any{{"A title"}, {"of two rows", "and cells"}, {nil, "id", "Country", "capability", "Qty"}, {nil, "h", "FRA", "med-role2e", 1}},
			"stdin:Sheet 1:3: note: taken for the header: what stands above it is left out\n", "holding h: FRA med-role2e 1 facility, always\n",
		},
		{
			"in the first row that has anything", "HOLDINGS", [][]any{{}, {"id", "nation", "capability", "quantity"}, {"h", "FRA", "med-role2e", 1}},
			"", "holding h: FRA med-role2e 1 facility, always\n",
		},
		{
			"missing a column", "targets", [][]any{{"Targets"}, {"id", "nation", "capability", "quantity"}, {"h", "FRA", "med-role2e", 1}},
			"stdin:targets:2: no row is the header of targets: this one lacks process\n", "",
		},
		{
			"missing", "targets", [][]any{{"t1", "NDPP", "FRA", "med-role2e", 1}},
			"stdin:targets: none of the first 100 rows is the header of targets, which has the columns id, process, nation, capability\n", "",
		},
		{
			"of no table", "Sheet 1", [][]any{{"Land", "Ziel"}},
			"stdin: no sheet of it is a table (a sheet is named after a table, or has a header with the columns of one of " +
				"sources, nations, processes, capabilities, memberships, crosswalk, glossary, initiatives, action_items, requirements, targets, pledges, holdings, participants, contributions, relations, action_links)\n" +
				"stdin:Sheet 1: note: no row is a table's header: the sheet is ignored\n", "",
		},
		{
			"with gaps between rows", "holdings", [][]any{{"id", "nation", "capability", "quantity"}, {"h", "FRA", "med-role2e", 1}, {}, {"i", "FRA", "med-role1", "1,250"}},
			"stdin:holdings:4:4: quantity: \"1,250\", wanted a number with one meaning: it could be 1.250 or 1250 (--decimal says whether points or commas are decimal marks)\n", "",
		},
	} {
		w := newWorkbook(t, c.sheet)
		w.rows(c.sheet, 1, c.rows...)
		ds, problems := piped(t, w.bytes())
		if diff := cmp.Diff(c.want, told(problems)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.records, records(ds)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

// A workbook has no more than 200 sheets, and its sheets no more columns than a file.
func TestBehaviour12_LimitsOfWorkbooks(t *testing.T) {
	w := newWorkbook(t, "0")
	for i := range 200 {
		_, err := w.NewSheet(strconv.Itoa(i + 1))
		w.must(err)
	}
	if _, problems := piped(t, w.bytes()); told(problems) != "stdin: 201 sheets, wanted at most 200\n" {
		t.Error(problems)
	}
	w = newWorkbook(t, "holdings")
	header := []any{"id", "nation", "capability"}
	for len(header) < 300 {
		header = append(header, "x")
	}
	w.rows("holdings", 1, header)
	if _, problems := piped(t, w.bytes()); told(problems) != "stdin:holdings:1:201: 201 columns, wanted at most 200\n" {
		t.Error(problems)
	}
}

// A workbook that was saved without calculating its formulas says so; their values may be what they were, or nothing at all.
func TestBehaviour11_FormulasNeverCalculatedAreTold(t *testing.T) {
	w := newWorkbook(t, "holdings")
	w.rows("holdings", 1, []any{"id", "nation", "capability", "quantity"}, []any{"h", "FRA", "med-role2e", 404})
	parts := load.Unzipped(t, w.bytes())
	for i := range parts {
		parts[i].Text = strings.Replace(parts[i].Text, `<c r="D2"><v>404</v></c>`, `<c r="D2"><f>1+2</f><v>3</v></c>`, 1)
		parts[i].Text = strings.Replace(parts[i].Text, `<calcPr `, `<calcPr fullCalcOnLoad="1" `, 1)
	}
	ds, problems := piped(t, load.Zipped(t, parts...))
	want := "stdin:holdings:2:4: warning: the workbook was saved without calculating its formulas: their values may be out of date (open it in a spreadsheet program and save it)\n"
	if diff := cmp.Diff(want, told(problems)); diff != "" || records(ds) != "holding h: FRA med-role2e 3 facility, always\n" {
		t.Errorf("%s (-want +got)\n%s", records(ds), diff)
	}
}

// manyRows is a workbook of n targets.
func manyRows(tb testing.TB, n int) []byte {
	tb.Helper()
	w := newWorkbook(tb, "targets")
	stream, err := w.NewStreamWriter("targets")
	w.must(err)
	var rows [][]any
	for i, line := range strings.Split(strings.TrimSpace(manyTargets(tb, n)), "\n") {
		var row []any
		for _, cell := range strings.Split(line, ",") {
			if f, err := strconv.ParseFloat(cell, 64); err == nil && i > 0 {
				row = append(row, f)
			} else {
				row = append(row, cell)
			}
		}
		rows = append(rows, row)
	}
	for i, row := range rows {
		w.must(stream.SetRow(fmt.Sprintf("A%d", i+1), row))
	}
	w.must(stream.Flush())
	return w.bytes()
}

func BenchmarkXLSX(b *testing.B) {
	text := manyRows(b, 100_000)
	b.Run("targets=100k", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if ds, problems := piped(b, text); ds == nil || len(ds.Targets) != 100_000 {
				b.Fatal(problems)
			}
		}
	})
}
