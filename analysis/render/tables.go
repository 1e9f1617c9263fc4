package render

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// Table is one table, laid out once for every format that has tables.
type Table struct {
	Name    string // of its file or sheet
	Title   string
	Columns []Column
	Rows    [][]string

	// A table of many rows makes them, after Rows, when somebody asks: row appends the cells of one.
	many int
	row  func(i int, cells []string) []string
	// quick appends such a row as CSV, where there may be so many that it matters.
	quick func(c *recurring, b []byte, i int) []byte

	// A table that goes on with every finding has the rows of one at a time, after Rows: of a large dataset they are far more than
	// should ever be held at once.
	findings []analysis.Finding
	each     func(add func(cells ...string), f *analysis.Finding, w analysis.Words)
}

// Column heads a column of a table.
type Column struct {
	Name  string
	Kind  ColumnKind
	Minor bool // left out where a page has no room for it
}

// ColumnKind is what the cells of a column hold.
type ColumnKind int

// The kinds of columns. A cell of a number or a day may be empty: not known, not stated, or not asked for.
const (
	Text   ColumnKind = iota
	Number            // a decimal as data.Amount prints it
	Day               // YYYY-MM-DD
	Codes             // with semicolons between them
)

// newTable makes a table without rows. Its columns are separated by spaces; after a colon stands n for numbers, d for days or c for
// codes, and a question mark after minor ones.
func newTable(name, title, columns string) Table {
	t := Table{Name: name, Title: title}
	for c := range strings.FieldsSeq(columns) {
		c, minor := strings.CutSuffix(c, "?")
		name, kind, _ := strings.Cut(c, ":")
		t.Columns = append(t.Columns, Column{name, map[string]ColumnKind{"n": Number, "d": Day, "c": Codes}[kind], minor})
	}
	return t
}

// add appends a row: one cell for each column.
func (t *Table) add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = fmt.Sprint(c)
	}
	t.Rows = append(t.Rows, row)
}

// All yields the rows, those of the findings as they are made.
func (t Table) All() iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for i := range t.known() {
			if !yield(t.at(i, nil)) {
				return
			}
		}
		for i := range t.findings {
			var rows [][]string
			t.each(func(cells ...string) { rows = append(rows, cells) }, &t.findings[i], t.findings[i].Tell())
			for _, row := range rows {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// known is how many rows there are, without those of the findings, and at is one of them. One that is made takes the memory that is given.
func (t *Table) known() int { return len(t.Rows) + t.many }

func (t *Table) at(i int, cells []string) []string {
	if i < len(t.Rows) {
		return t.Rows[i]
	}
	return t.row(i-len(t.Rows), cells[:0])
}

// whole is the table with all its rows made.
func (t Table) whole() Table {
	t.Rows = slices.Collect(t.All())
	t.many, t.row = 0, nil
	t.findings, t.each = nil, nil
	return t
}

// codes joins codes for one cell.
func codes[T ~string](list []T) string {
	if len(list) == 1 {
		return string(list[0])
	}
	return strings.Join(names(list), ";")
}

// Tables are all that a report says, as tables. The first column of each is the marking of its row.
func Tables(r *analysis.Report) []Table {
	tables := []Table{
		aboutTable(r), bottomLineTable(r), summaryTable(r), findingsTable(r), measuresTable(r), detailsTable(r), evidenceTable(r),
		heatMapTable(r), timelineTable(r), cooperationTable(r), togetherTable(r), notAssessedTable(r), warningsTable(r),
	}
	if len(r.Profiles) > 0 {
		tables = append(tables, profileCapabilitiesTable(r), profileInitiativesTable(r))
	}
	return append(tables, kindsTable(r), parametersTable(r), nationsTable(r), capabilitiesTable(r), initiativesTable(r), sourcesTable(r))
}

func aboutTable(r *analysis.Report) Table {
	t := newTable("report", "About this report", "marking what value")
	add := func(what string, value any) {
		if v := fmt.Sprint(value); v != "" {
			t.add(r.Marking, what, v)
		}
	}
	add("schema", r.Schema)
	add("program", r.Program)
	add("as of", r.AsOf)
	add("horizon", r.Horizon)
	add("dataset", r.Dataset.Name)
	add("title", r.Dataset.Title)
	add("description", r.Dataset.Description)
	add("version", r.Dataset.Version)
	add("compiled as of", r.Dataset.AsOf)
	add("licence", r.Dataset.Licence)
	for _, s := range r.Dataset.Tables {
		add("rows of "+s.Table, s.Rows)
	}
	for _, m := range r.Membership {
		add("nations in "+strings.Join(names(m.Organisations), " and "), m.Nations)
	}
	narrowedTo(r.Scope, add)
	return t
}

// narrowedTo tells what a question was narrowed to.
func narrowedTo(s analysis.Chosen, add func(what string, value any)) {
	for _, chosen := range []struct{ what, list string }{
		{"areas", codes(s.Areas)}, {"capabilities", codes(s.Capabilities)}, {"nations", codes(s.Nations)},
		{"organisations", codes(s.Organisations)}, {"processes", codes(s.Processes)}, {"kinds", codes(s.Kinds)},
		{"reports", codes(s.Reports)}, {"severity from", string(s.MinSeverity)},
		{"audience", strings.Join(s.Audience, ";")},
	} {
		add("narrowed to "+chosen.what, chosen.list)
	}
}

func bottomLineTable(r *analysis.Report) Table {
	t := newTable("bottom_lines", "Bottom lines", "marking report area text")
	for _, b := range r.BottomLines {
		t.add(r.Marking, b.Report, b.Area, b.Text)
	}
	return t
}

func summaryTable(r *analysis.Report) Table {
	t := newTable("summary", "Findings by report and area", "marking report area findings:n critical:n high:n medium:n low:n info:n")
	for _, c := range r.Summary {
		t.add(r.Marking, c.Report, c.Area, c.Findings, c.Critical, c.High, c.Medium, c.Low, c.Info)
	}
	return t
}

func findingsTable(r *analysis.Report) Table {
	t := newTable("findings", "Findings", `marking id report kind area capability nations:c organisations:c initiatives:c from:d until:d verdict status
		severity score:n size:n urgency:n share:n severity_caption summary measures explanation caveats see:c evidence:n as_of:d`)
	asOf := r.AsOf.String()
	t.findings, t.each = r.Findings, func(add func(...string), f *analysis.Finding, w analysis.Words) {
		var score, size, urgency, share, caption string
		if p := f.SeverityParts; p != nil {
			score, size, urgency, share, caption = p.Score.String(), p.Size.String(), p.Urgency.String(), p.Share.String(), p.Caption
		}
		var measures strings.Builder
		for i, m := range f.Measures {
			if i > 0 {
				measures.WriteString("; ")
			}
			measures.WriteString(m.Name + " = " + data.Units(m.Value, m.Unit))
		}
		add(string(w.Marking), f.ID, string(f.Report), f.Kind, string(f.Area), string(f.Capability), codes(f.Nations), codes(f.Organisations), codes(f.Initiatives),
			f.From.String(), f.Until.String(), f.Verdict, f.Status, string(f.Severity), score, size, urgency, share, caption,
			w.Summary, measures.String(), w.Explanation, strings.Join(w.Caveats, " "), codes(w.See), strconv.Itoa(len(w.Evidence)), asOf)
	}
	return t
}

func measuresTable(r *analysis.Report) Table {
	t := newTable("measures", "Measures of the findings", "marking finding measure value:n unit")
	t.findings, t.each = r.Findings, func(add func(...string), f *analysis.Finding, w analysis.Words) {
		for _, m := range f.Measures {
			add(string(w.Marking), f.ID, m.Name, m.Value.String(), m.Unit)
		}
	}
	return t
}

// detailsTable has a row for each cell of the small tables inside findings, whose columns differ from kind to kind.
func detailsTable(r *analysis.Report) Table {
	t := newTable("details", "Details of the findings", "marking finding detail row:n column value unit")
	t.findings, t.each = r.Findings, func(add func(...string), f *analysis.Finding, w analysis.Words) {
		for _, d := range w.Details {
			for i, row := range d.Rows {
				for k, v := range row {
					add(string(w.Marking), f.ID, d.Title, strconv.Itoa(i+1), d.Columns[k].Name, v, d.Columns[k].Unit)
				}
			}
		}
	}
	return t
}

func evidenceTable(r *analysis.Report) Table {
	t := newTable("evidence", "What the findings rest on", "marking finding record file sheet line:n says sources:c")
	t.findings, t.each = r.Findings, func(add func(...string), f *analysis.Finding, w analysis.Words) {
		for _, evidence := range w.Evidence {
			e := evidence.Tell()
			add(string(cmp.Or(e.Marking, w.Marking)), f.ID, e.Record, e.File, e.Sheet, lineNumber(e.Line), e.Says, codes(e.Sources))
		}
	}
	return t
}

func lineNumber(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// appendLineNumber appends a cell of it.
func appendLineNumber(b []byte, n int) []byte {
	if b = append(b, ','); n > 0 {
		b = data.AppendWhole(b, uint64(n))
	}
	return b
}

func heatMapTable(r *analysis.Report) Table {
	var legend []string
	for _, s := range analysis.States {
		legend = append(legend, string(s.State)+" "+s.Meaning)
	}
	t := newTable("heat_map", "Heat map ("+strings.Join(legend, ", ")+")", "marking nation name")
	for _, c := range r.HeatMap.Capabilities {
		t.Columns = append(t.Columns, Column{Name: string(c)})
	}
	named := nameOf(r.Nations)
	for i, n := range r.HeatMap.Nations {
		row := []any{r.Marking, n, named[string(n)]}
		for j := range r.HeatMap.Capabilities {
			row = append(row, meaning(r.HeatMap.At(i, j)))
		}
		t.add(row...)
	}
	return t
}

func timelineTable(r *analysis.Report) Table {
	t := newTable("timeline", "Shortfalls open in each year", "marking area shortfall year:n open:n")
	for _, l := range r.Timeline.Lines {
		for i, year := range r.Timeline.Years {
			t.add(r.Marking, l.Area, l.Shortfall, year, l.Open[i])
		}
	}
	return t
}

func cooperationTable(r *analysis.Report) Table {
	t := newTable("cooperation", "Nations by the group that they work with most", "marking nation organisations:c community:n")
	for _, n := range r.Cooperation.Nations {
		t.add(r.Marking, n.Nation, codes(n.Organisations), n.Community)
	}
	return t
}

func togetherTable(r *analysis.Report) Table {
	t := newTable("together", "Active initiatives that two nations share", "marking a b initiatives:n")
	for _, x := range r.Cooperation.Together {
		t.add(r.Marking, x.A, x.B, x.Initiatives)
	}
	return t
}

// meaning is a state in words: a lone "-" or "." would say nothing in a cell.
func meaning(s analysis.State) string {
	for _, x := range analysis.States {
		if x.State == s {
			return x.Meaning
		}
	}
	return string(s)
}

func notAssessedTable(r *analysis.Report) Table {
	t := newTable("not_assessed", "Not assessed", "marking kind reason subject")
	for _, n := range r.NotAssessed {
		for _, s := range n.Subjects {
			t.add(r.Marking, n.Kind, n.Reason, s)
		}
	}
	return t
}

func warningsTable(r *analysis.Report) Table {
	t := newTable("warnings", "Doubts about the data", "marking file sheet line:n column:n field message hint")
	t.many, t.row = len(r.Warnings), func(i int, cells []string) []string {
		w := &r.Warnings[i]
		return append(cells, string(r.Marking), w.File, w.Sheet, lineNumber(w.Line), lineNumber(w.Column), w.Field, w.Message, w.Hint)
	}
	t.quick = func(c *recurring, b []byte, i int) []byte {
		w := &r.Warnings[i]
		b = c.cell(c.first(b, string(r.Marking), w.File), w.Sheet)
		b = appendLineNumber(appendLineNumber(b, w.Line), w.Column)
		return c.cell(c.cell(c.cell(b, w.Field), w.Message), w.Hint)
	}
	return t
}

func profileCapabilitiesTable(r *analysis.Report) Table {
	t := newTable("nation_capabilities", "What a nation is asked for, offers and has",
		"marking nation capability state organisation target:n usable:n own_plan:n held:n records:n")
	for _, p := range r.Profiles {
		for _, c := range p.Capabilities {
			add := func(o data.Organisation, target, usable any) {
				t.add(r.Marking, p.Nation, c.Capability, meaning(c.State), o, target, usable, c.OwnPlan, c.Held, c.Records)
			}
			if len(c.Demand) == 0 {
				add("", "", "")
			}
			for _, d := range c.Demand {
				add(d.Organisation, d.Target, d.Usable)
			}
		}
	}
	return t
}

func profileInitiativesTable(r *analysis.Report) Table {
	t := newTable("nation_initiatives", "The initiatives that a nation is in", "marking nation initiative name organisation role from:d until:d")
	named := nameOf(r.Initiatives)
	for _, p := range r.Profiles {
		for _, i := range p.Initiatives {
			t.add(r.Marking, p.Nation, i.Initiative, named[i.Initiative], i.Organisation, i.Role, i.From, i.Until)
		}
	}
	return t
}

func kindsTable(r *analysis.Report) Table {
	t := newTable("kinds", "Kinds of findings", "marking kind report title doc formula")
	for _, k := range r.Kinds {
		t.add(r.Marking, k.Name, k.Report, k.Title, k.Doc, k.Formula)
	}
	return t
}

func parametersTable(r *analysis.Report) Table {
	t := newTable("parameters", "Parameters in force", "marking parameter value:n")
	for _, p := range r.Parameters {
		t.add(r.Marking, p.Name, p.Value)
	}
	return t
}

func nationsTable(r *analysis.Report) Table {
	t := newTable("nations", "Nations named in this report", "marking nation name")
	for _, n := range r.Nations {
		t.add(r.Marking, n.Code, n.Name)
	}
	return t
}

func capabilitiesTable(r *analysis.Report) Table {
	t := newTable("capabilities", "Capabilities looked at", "marking capability name area unit")
	t.many, t.row = len(r.Capabilities), func(i int, cells []string) []string {
		c := &r.Capabilities[i]
		return append(cells, string(r.Marking), string(c.Code), c.Name, string(c.Area), c.Unit)
	}
	return t
}

func initiativesTable(r *analysis.Report) Table {
	t := newTable("initiatives", "Initiatives named in this report", "marking initiative name")
	for _, i := range r.Initiatives {
		t.add(r.Marking, i.Code, i.Name)
	}
	return t
}

func sourcesTable(r *analysis.Report) Table {
	t := newTable("sources", "Sources", "marking source title publisher date url")
	for _, s := range r.Sources.All() {
		t.add(r.Marking, s.Code, s.Title, s.Publisher, s.Date, s.URL)
	}
	return t
}

// nameOf indexes names by their codes.
func nameOf(list []analysis.Named) map[string]string {
	m := make(map[string]string, len(list))
	for _, n := range list {
		m[n.Code] = n.Name
	}
	return m
}

func names[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
