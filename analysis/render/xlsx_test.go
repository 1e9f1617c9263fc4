package render_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
)

// workbooks are one of every kind of report and difference. They are made once: read them only.
func workbooks(t testing.TB) map[string][]byte {
	if bound != nil {
		return bound
	}
	bound = map[string][]byte{}
	for _, name := range []string{"narrowed", "nation", "nothing", "unranked"} {
		bound[name] = written(t, "xlsx", reports(t)[name], render.Options{})
	}
	for _, name := range []string{"cycles", "itself"} {
		bound["difference "+name] = writtenDifference(t, "xlsx", differences(t)[name], render.Options{})
	}
	return bound
}

var bound map[string][]byte

func openBook(t testing.TB, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// cells are a sheet as it is stored.
func cells(t testing.TB, f *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// headed finds the row of the heads of a sheet, and the places of its columns.
func headed(t testing.TB, rows [][]string, heads ...string) (int, map[string]int) {
	t.Helper()
	for i, row := range rows {
		if !slices.ContainsFunc(heads, func(h string) bool { return !slices.Contains(row, h) }) {
			at := map[string]int{}
			for k, name := range row {
				at[name] = k
			}
			return i, at
		}
	}
	t.Fatalf("no row with %q", heads)
	return 0, nil
}

// Every sheet has its marking first and last and on paper, and every table a frozen head with filters that stays on every page.
func TestWorkbookSheets(t *testing.T) {
	for name, made := range workbooks(t) {
		t.Run(name, func(t *testing.T) {
			f := openBook(t, made)
			titles, filters, areas := map[string]bool{}, map[string]bool{}, map[string]bool{}
			for _, n := range f.GetDefinedName() {
				titles[n.Scope] = titles[n.Scope] || n.Name == "_xlnm.Print_Titles"
				filters[n.Scope] = filters[n.Scope] || n.Name == "_xlnm._FilterDatabase"
				areas[n.Scope] = areas[n.Scope] || n.Name == "_xlnm.Print_Area"
			}
			for i, sheet := range f.GetSheetList() {
				rows := cells(t, f, sheet)
				mark := rows[0][0]
				last := rows[len(rows)-1][0]
				if strings.Contains(last, "NOTIONAL DATA") && strings.Contains(rows[1][0], "NOTIONAL DATA") {
					last = rows[len(rows)-2][0]
				}
				if mark == "" || last != mark {
					t.Errorf("%s: %q at the top and %q at the bottom", sheet, mark, last)
				}
				paper, err := f.GetHeaderFooter(sheet)
				if err != nil || !strings.Contains(paper.OddHeader, mark) || !strings.Contains(paper.OddFooter, mark) {
					t.Errorf("%s: not marked on paper: %v %v", sheet, paper, err)
				}
				layout, err := f.GetPageLayout(sheet)
				if err != nil || *layout.Orientation != "landscape" || *layout.FitToWidth != 1 {
					t.Errorf("%s: %v %v", sheet, layout, err)
				}
				panes, err := f.GetPanes(sheet)
				if table := i > 0; err != nil || table && (!panes.Freeze || panes.YSplit == 0 || !titles[sheet]) || !filters[sheet] || !areas[sheet] {
					t.Errorf("%s: frozen %v, titles %v, filters %v, printed %v, %v", sheet, panes, titles[sheet], filters[sheet], areas[sheet], err)
				}
			}
		})
	}
}

func TestWorkbookSheetNames(t *testing.T) {
	f := openBook(t, written(t, "xlsx", reports(t)["public"], render.Options{}))
	want := []string{
		"Summary", "Duplication", "Gap", "Complementarity", "Heat map", "Not assessed", "Warnings", "Evidence", "Bottom lines", "Measures", "Details", "Timeline", "Cooperation", "Together",
		"Kinds", "Parameters", "Nations", "Capabilities", "Initiatives", "Sources", "About",
	}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// Every finding stands on the sheet of its report; numbers and dates are typed, and equal to those of the JSON report.
func TestWorkbookSaysWhatTheReportSays(t *testing.T) {
	for _, name := range []string{"public", "narrowed"} {
		t.Run(name, func(t *testing.T) {
			r := reports(t)[name]
			var saved analysis.Report
			if err := json.Unmarshal(asJSON(t, r), &saved); err != nil {
				t.Fatal(err)
			}
			f := openBook(t, written(t, "xlsx", r, render.Options{}))
			sheets := map[analysis.Question]string{analysis.Duplication: "Duplication", analysis.Gap: "Gap", analysis.Complementarity: "Complementarity"}
			next := map[analysis.Question]int{}
			read := map[analysis.Question][][]string{}
			columns := map[analysis.Question]map[string]int{}
			for _, x := range saved.Findings {
				sheet := sheets[x.Report]
				if read[x.Report] == nil {
					read[x.Report] = cells(t, f, sheet)
					next[x.Report], columns[x.Report] = headed(t, read[x.Report], "Id", "Summary", "From", "Score")
				}
				next[x.Report]++
				i := next[x.Report]
				cell := func(column string) (value, ref string) {
					k := columns[x.Report][column]
					ref, _ = excelize.CoordinatesToCellName(k+1, i+1)
					if row := read[x.Report][i]; k < len(row) {
						value = row[k]
					}
					return value, ref
				}
				if id, _ := cell("Id"); id != render.Plain(x.ID) {
					t.Fatalf("%s row %d: %q, wanted %q", sheet, i+1, id, x.ID)
				}
				score := ""
				if p := x.SeverityParts; p != nil {
					score = p.Score.String()
				}
				if got, ref := cell("Score"); got != score || got != "" && typeOf(t, f, sheet, ref) == "text" {
					t.Errorf("%s: score %q as %s, wanted %q", x.ID, got, typeOf(t, f, sheet, ref), score)
				}
				if got, _ := cell("Evidence"); got != fmt.Sprint(len(x.Tell().Evidence)) {
					t.Errorf("%s: evidence %s", x.ID, got)
				}
				if x.From != 0 {
					_, ref := cell("From")
					if got, err := f.GetCellValue(sheet, ref); err != nil || got != x.From.String() || typeOf(t, f, sheet, ref) == "text" {
						t.Errorf("%s: from %q as %s, wanted %s", x.ID, got, typeOf(t, f, sheet, ref), x.From)
					}
				}
			}
			rows := cells(t, f, "Measures")
			i, at := headed(t, rows, "Finding", "Measure", "Value")
			for _, x := range saved.Findings {
				for _, m := range x.Measures {
					i++
					ref, _ := excelize.CoordinatesToCellName(at["Value"]+1, i+1)
					if got := rows[i]; got[at["Finding"]] != x.ID || got[at["Measure"]] != m.Name || got[at["Value"]] != m.Value.String() || typeOf(t, f, "Measures", ref) == "text" {
						t.Fatalf("%q as %s, wanted %s: %s = %s", got, typeOf(t, f, "Measures", ref), x.ID, m.Name, m.Value)
					}
				}
			}
			rows = cells(t, f, "Heat map")
			i, _ = headed(t, rows, "Nation", "Name")
			for k, n := range saved.HeatMap.Nations {
				got := rows[i+1+k]
				if got[0] != string(n) || strings.Join(got[2:], "") != saved.HeatMap.Rows[k] {
					t.Errorf("heat map of %s: %q", n, got)
				}
			}
		})
	}
}

func typeOf(t testing.TB, f *excelize.File, sheet, ref string) string {
	t.Helper()
	kind, err := f.GetCellType(sheet, ref)
	if err != nil {
		t.Fatal(err)
	}
	if kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		return "text"
	}
	return "number"
}

// A workbook has 15 digits of a number: what has more stays text, and what has fewer is the same digits.
func TestWorkbookNumbersAreExact(t *testing.T) {
	for value, kind := range map[data.Amount]string{
		1: "number", -3_500_000: "number", data.MaxAmount: "number", 123456789_012345: "number", data.MaxAmount - 1: "text",
	} {
		r := *reports(t)["nothing"]
		r.Parameters = []analysis.Setting{{Name: "x", Value: value}}
		f := openBook(t, written(t, "xlsx", &r, render.Options{}))
		rows := cells(t, f, "Parameters")
		i, at := headed(t, rows, "Parameter", "Value")
		ref, _ := excelize.CoordinatesToCellName(at["Value"]+1, i+2)
		if got := rows[i+1][at["Value"]]; got != value.String() || typeOf(t, f, "Parameters", ref) != kind {
			t.Errorf("%s: %q as %s", value, got, typeOf(t, f, "Parameters", ref))
		}
	}
}

func TestWorkbooksAreTheSameBytes(t *testing.T) {
	for _, name := range []string{"narrowed", "nation", "nothing"} {
		t.Run(name, func(t *testing.T) {
			r := reports(t)[name]
			props, err := openBook(t, sameBytes(t, "xlsx", r)).GetDocProps()
			if day := r.AsOf.String() + "T00:00:00Z"; err != nil || props.Created != day || props.Modified != day {
				t.Errorf("made %s, changed %s, %v", props.Created, props.Modified, err)
			}
		})
	}
}

// hostileReport is a report in which every text that a dataset can bring is hostile.
func hostileReport(t testing.TB, hostile string) *analysis.Report {
	ds := notional(t)
	ds.Title, ds.Name = hostile, hostile
	for i := range ds.Initiatives {
		ds.Initiatives[i].Name = hostile
	}
	for i := range ds.Targets {
		origin := *ds.Targets[i].Origin
		origin.File = hostile
		ds.Targets[i].Origin = &origin
	}
	r := report(t, ds, data.Scope{}, analysis.Options{})
	r.Marking, r.Dataset.Description = data.Marking(hostile), hostile
	var few []analysis.Finding // enough of each report
	for _, q := range analysis.Questions {
		n := 0
		for _, f := range r.Findings {
			if f.Report == q && n < 4 {
				few, n = append(few, f), n+1
			}
		}
	}
	r.Findings = few
	for i := range r.Findings {
		w := r.Findings[i].Tell()
		w.Summary, w.Explanation, w.Marking = hostile, hostile, data.Marking(hostile)
		r.Findings[i].Says(w)
	}
	for i := range r.Nations {
		r.Nations[i].Name = hostile
	}
	for i := range r.NotAssessed {
		r.NotAssessed[i].Reason, r.NotAssessed[i].Subjects = hostile, []string{hostile}
	}
	r.HeatMap.Capabilities, r.HeatMap.Nations, r.HeatMap.Rows = r.HeatMap.Capabilities[:1], r.HeatMap.Nations[:1], []string{r.HeatMap.Rows[0][:1]}
	r.Sources = analysis.Sources([]analysis.SourceLine{{Code: hostile, Title: hostile, URL: "https://example.org/" + hostile}})
	return r
}

// No text becomes a formula, a link or a part of the workbook's own XML.
func TestBehaviour14_HostileTextInWorkbooks(t *testing.T) {
	for _, hostile := range []string{
		`=HYPERLINK("http://example.org","x")`, "+1+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "</t></si><script>&amp;\x00\x1b[2J\u202e\u200b", "_x003D_1", strings.Repeat("&", 300), strings.Repeat("=é", 40_000),
	} {
		if testing.Short() && len(hostile) > 1000 {
			continue // it fills every cell to Excel's limit, which takes its time
		}
		made := written(t, "xlsx", hostileReport(t, hostile), render.Options{})
		f := openBook(t, made)
		// what would be a formula is text of the text format, so that editing it makes none either
		rows := cells(t, f, "Gap")
		i, at := headed(t, rows, "Id", "Summary")
		ref, _ := excelize.CoordinatesToCellName(at["Summary"]+1, i+2)
		if got, want := rows[i+1][at["Summary"]], render.Plain(hostile); got != want && !strings.HasPrefix(want, strings.TrimSuffix(got, "…")) || typeOf(t, f, "Gap", ref) != "text" {
			t.Errorf("%.60q became %.60q", want, got)
		}
		for name, part := range partsOf(t, made) {
			if bad := regexp.MustCompile("<f[ >]|<hyperlink|<script|TargetMode|[\x00-\x08\x1b\u202e\u200b]").Find(part); bad != nil {
				t.Errorf("%.60q: %s has %q", hostile, name, bad)
			}
		}
	}
}

// LibreOffice opens every kind of workbook.
func TestLibreOfficeReadsWorkbooks(t *testing.T) {
	converted(t, workbooks(t), "xlsx", "ods")
}
