package render

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"deconflict/analysis"
	"deconflict/data"
)

// writeXLSX writes a workbook: the answer, a sheet for each report, the heat map, and a sheet for every other table. Text is text:
// there is no formula in it.
func writeXLSX(w io.Writer, r *analysis.Report, _ Options) error {
	b := newBook(r.Marking, r.AsOf, titleOf(r.Dataset)+" · as of "+r.AsOf.String())
	b.labelled = func(w io.Writer) error { return ReportLabel(w, r, "") }
	defer b.file.Close()
	b.answer(r)
	tables := Tables(r)
	take := func(name string) Table {
		i := slices.IndexFunc(tables, func(t Table) bool { return t.Name == name })
		t := tables[i]
		tables = slices.Delete(tables, i, i+1)
		return t
	}
	take("summary") // stands in the answer
	findings := take("findings").whole()
	for _, q := range asked(r) {
		t := arranged(findings, findingsFirst...)
		t.Title = sentence(string(q)) + ": findings"
		t.Rows = slices.DeleteFunc(t.Rows, func(row []string) bool { return row[t.column("report")] != string(q) })
		b.table(sentence(string(q)), t, len(findingsFirst))
	}
	if len(r.Profiles) > 0 {
		for _, name := range []string{"nation_capabilities", "nation_initiatives"} {
			b.table(sheetName(name), arranged(take(name)), 0)
		}
	}
	b.heatMap(r, take("heat_map"))
	about := take("report")
	for _, name := range []string{"not_assessed", "warnings", "evidence"} {
		b.table(sheetName(name), arranged(take(name)), 0)
	}
	for _, t := range tables {
		b.table(sheetName(t.Name), arranged(t), 0)
	}
	b.table("About", arranged(about), 0)
	return b.writeTo(w)
}

// findingsFirst and changesFirst are the columns that a reader looks at first, and the only ones on paper.
var (
	findingsFirst = []string{"severity", "area", "capability", "summary", "nations", "from", "until", "measures", "caveats", "id"}
	changesFirst  = []string{"change", "report", "area", "severity_before", "severity_after", "summary_before", "summary_after", "moved", "id"}
)

// writeDifferenceXLSX writes what changed as a workbook.
func writeDifferenceXLSX(w io.Writer, d *analysis.Difference, _ Options) error {
	of := func(s analysis.Side) string { return titleOf(s.Dataset) + " as of " + s.AsOf.String() }
	b := newBook(d.Marking, d.Later(), "before: "+of(d.Before)+" · after: "+of(d.After))
	b.labelled = func(w io.Writer) error { return DifferenceLabel(w, d, "") }
	defer b.file.Close()
	b.changeCounts(d)
	var about Table
	for _, t := range DifferenceTables(d) {
		switch t.Name {
		case "summary": // stands on the first sheet
		case "difference":
			about = arranged(t)
		case "changes":
			b.table("Changes", arranged(t, changesFirst...), len(changesFirst))
		default:
			b.table(sheetName(t.Name), arranged(t), 0)
		}
	}
	b.table("About", about, 0)
	return b.writeTo(w)
}

func sheetName(table string) string { return sentence(strings.ReplaceAll(table, "_", " ")) }

// column is the place of a column.
func (t Table) column(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

// arranged is a table with some columns first and the marking last: every page of a sheet carries the banner.
func arranged(t Table, first ...string) Table {
	var order []int
	for _, name := range first {
		order = append(order, t.column(name))
	}
	for i := 1; i < len(t.Columns); i++ {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	order = append(order, 0)
	out := Table{Name: t.Name, Title: t.Title}
	for _, i := range order {
		out.Columns = append(out.Columns, t.Columns[i])
	}
	for row := range t.All() {
		moved := make([]string, len(order))
		for k, i := range order {
			moved[k] = row[i]
		}
		out.Rows = append(out.Rows, moved)
	}
	return out
}

// book is a workbook being made. The first error stays, and nothing is written after it.
type book struct {
	file    *excelize.File
	marking data.Marking
	asOf    data.Date
	subject string
	about   string // what it was made from, for the head and foot of each sheet
	styles  map[look]int
	sheet   string
	err     error
	// labelled writes the label that the workbook carries. A form has none: nobody knows yet what will be written into it.
	labelled func(io.Writer) error
}

func newBook(m data.Marking, asOf data.Date, about string) *book {
	b := &book{file: excelize.NewFile(), marking: m, asOf: asOf, subject: "Duplication, gaps and complementarity", about: about, styles: map[look]int{}}
	b.check(b.file.SetDefaultFont(font))
	return b
}

const font = "Arial"

func (b *book) check(err error) {
	if b.err == nil {
		b.err = err
	}
}

// look is how a cell looks. The zero look is plain text, wrapped, at the top of its cell.
type look struct {
	bold         bool
	size         float64
	colour, fill colour
	format       string // of numbers; @ keeps what is typed a text
	centre, left bool
	up           bool // turns a text on its side
	line         bool // between rows
	oneLine      bool
}

const dayFormat = "yyyy-mm-dd"

// The looks. Severities and states have those of the palette; a word or a letter always stands in the cell.
var (
	bannerLook  = look{bold: true, colour: white, fill: navy, oneLine: true}
	titleLook   = look{bold: true, size: 14, colour: navy, oneLine: true}
	noteLook    = look{colour: grey, oneLine: true}
	warningLook = look{bold: true, colour: rust, oneLine: true}
	headLook    = look{bold: true, colour: white, fill: slate}
	textLook    = look{line: true}
	typedLook   = look{line: true, format: "@"}
	numberLook  = look{line: true, format: "General"}
	countLook   = look{line: true, centre: true, format: `0;-0;"·"`} // a dot rather than 0, so that what is there stands out
	dayLook     = look{line: true, format: dayFormat, oneLine: true}
)

// severityLooks are the looks of cells with the word of a severity.
var severityLooks = func() map[string]look {
	looks := map[string]look{}
	for _, s := range analysis.Severities {
		t := severityTint(s)
		looks[string(s)] = look{line: true, bold: s == analysis.Critical, colour: t.ink, fill: t.fill}
	}
	return looks
}()

// stateLook is the look of a cell with the letter of a state.
func stateLook(s analysis.State) look {
	t := stateTint(s)
	return look{line: true, centre: true, bold: s != analysis.NoData && s != analysis.NotEligible, colour: t.ink, fill: t.fill}
}

// style is the number of a look in the workbook.
func (b *book) style(l look) int {
	if id, ok := b.styles[l]; ok {
		return id
	}
	s := &excelize.Style{
		Font:      &excelize.Font{Family: font, Size: cmp.Or(l.size, 10), Bold: l.bold, Color: string(cmp.Or(l.colour, black))},
		Alignment: &excelize.Alignment{Vertical: "top", WrapText: !l.oneLine},
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{string(l.fill)}}
	}
	if l.centre {
		s.Alignment.Horizontal = "center"
	}
	if l.left {
		s.Alignment.Horizontal = "left"
	}
	if l.up {
		s.Alignment.TextRotation, s.Alignment.Vertical = 90, "bottom"
	}
	if l.line {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			s.Border = append(s.Border, excelize.Border{Type: side, Color: string(faint), Style: 1})
		}
	}
	if l.format != "" {
		s.CustomNumFmt = &l.format
	}
	id, err := b.file.NewStyle(s)
	b.check(err)
	b.styles[l] = id
	return id
}

func at(column, row int) string {
	name, _ := excelize.CoordinatesToCellName(column, row) // fails for numbers below 1 alone
	return name
}

func columnName(column int) string {
	name, _ := excelize.ColumnNumberToName(column)
	return name
}

// text sets a cell of text. What a spreadsheet would take for a formula if it were typed keeps the format of a text.
func (b *book) text(column, row int, s string, l look) {
	s = Plain(s)
	if guard(s) != s && l.format == "" {
		l.format = "@"
	}
	s = coded.ReplaceAllString(fitCell(s), "_x005F$0")
	b.check(b.file.SetCellStr(b.sheet, at(column, row), s))
	b.look(column, row, column, row, l)
}

// coded matches what a spreadsheet reads as the code of a character.
var coded = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// fitCell cuts what is longer than a cell can be, and shows that it did.
func fitCell(s string) string {
	if len(s) <= excelize.TotalCellChars {
		return s
	}
	u := utf16.Encode([]rune(s))
	if len(u) <= excelize.TotalCellChars {
		return s
	}
	return strings.TrimSuffix(string(utf16.Decode(u[:excelize.TotalCellChars-1])), "\ufffd") + "…"
}

func (b *book) look(column, row, toColumn, toRow int, l look) {
	b.check(b.file.SetCellStyle(b.sheet, at(column, row), at(toColumn, toRow), b.style(l)))
}

// exactDigits is how many a spreadsheet keeps of a number.
const exactDigits = 15

// number sets a number; one with more digits than a spreadsheet keeps stays text, so that none is lost.
func (b *book) number(column, row int, s string) {
	if s == "" {
		return
	}
	if len(strings.Trim(strings.ReplaceAll(s, ".", ""), "-0")) > exactDigits || !number.MatchString(s) {
		b.text(column, row, s, typedLook)
		return
	}
	b.check(b.file.SetCellDefault(b.sheet, at(column, row), s))
}

// day sets a date; one before the calendar of spreadsheets stays text.
func (b *book) day(column, row int, s string) {
	if s == "" {
		return
	}
	const first = "1900-03-01"
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || s < first {
		b.text(column, row, s, typedLook)
		return
	}
	serial := int64(t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	b.check(b.file.SetCellInt(b.sheet, at(column, row), serial))
}

// widths sets the columns' widths, in letters.
func (b *book) widths(widths []float64) {
	for i, w := range widths {
		b.check(b.file.SetColWidth(b.sheet, columnName(i+1), columnName(i+1), w))
	}
}

const lineHeight = 13.0

// height makes room for so many lines.
func (b *book) height(row, lines int) {
	const most = 409 // points, of a row in a spreadsheet
	b.check(b.file.SetRowHeight(b.sheet, row, min(float64(lines)*lineHeight+4, most)))
}

// begin starts a sheet with the marking, a title and what it was made from, and returns the next free row.
func (b *book) begin(name, title, note string, columns int) int {
	if b.sheet == "" {
		b.check(b.file.SetSheetName("Sheet1", name))
	} else {
		_, err := b.file.NewSheet(name)
		b.check(err)
	}
	b.sheet = name
	row := b.banner(1, columns)
	b.text(1, row, title, titleLook)
	b.check(b.file.SetRowHeight(name, row, 22))
	b.text(1, row+1, note, noteLook)
	return row + 3
}

// banner sets the marking across the sheet, and returns the row after it.
func (b *book) banner(row, columns int) int {
	b.text(1, row, string(b.marking), bannerLook)
	b.look(1, row, columns, row, bannerLook)
	if notional(b.marking) {
		row++
		b.text(1, row, notionalNote, warningLook)
	}
	return row + 1
}

// end sets the marking below the last row, and how the sheet prints: across one page. Columns after the printed ones are for the screen.
func (b *book) end(row, head, columns int, onePage bool) {
	row = b.banner(row+1, columns) - 1
	b.paper(row, head, columns, onePage)
}

// paper sets how the sheet prints: up to a row and a column, the head and the marking on every page.
func (b *book) paper(row, head, columns int, onePage bool) {
	mark := strings.ReplaceAll(Plain(string(b.marking)), "&", "&&")
	about := strings.ReplaceAll(Plain(b.about), "&", "&&")
	const longest, room = 120, 52 // of the 255 that a header can hold; the banner on the sheet has all of it
	mark = whole(cut(mark, longest))
	b.check(b.file.SetHeaderFooter(b.sheet, &excelize.HeaderFooterOptions{
		OddHeader: "&C&B " + mark, OddFooter: "&L&8 " + whole(cut(about, room)) + "&C&B " + mark + "&R&8 &P / &N",
	}))
	landscape, a4, across, down, fit := "landscape", 9, 1, 0, true
	if onePage {
		down = 1
	}
	b.check(b.file.SetPageLayout(b.sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a4, FitToWidth: &across, FitToHeight: &down}))
	b.check(b.file.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
	quoted := "'" + strings.ReplaceAll(b.sheet, "'", "''") + "'!"
	b.check(b.file.SetDefinedName(&excelize.DefinedName{
		Name: "_xlnm.Print_Area", Scope: b.sheet, RefersTo: fmt.Sprintf("%s$A$1:$%s$%d", quoted, columnName(columns), row),
	}))
	if head > 0 {
		b.check(b.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: b.sheet, RefersTo: fmt.Sprintf("%s$%d:$%d", quoted, head, head)}))
	}
}

// whole leaves out an ampersand that was cut from its pair.
func whole(s string) string {
	if rest := strings.TrimRight(strings.TrimSuffix(s, "…"), "&"); (len(strings.TrimSuffix(s, "…"))-len(rest))%2 > 0 {
		return rest + "…"
	}
	return s
}

// freeze keeps the rows down to one, and so many columns, in sight.
func (b *book) freeze(row, columns int) {
	pane := "bottomLeft"
	if columns > 0 {
		pane = "bottomRight"
	}
	b.check(b.file.SetPanes(b.sheet, &excelize.Panes{
		Freeze: true, XSplit: columns, YSplit: row, TopLeftCell: at(columns+1, row+1), ActivePane: pane,
		Selection: []excelize.Selection{{SQRef: at(columns+1, row+1), ActiveCell: at(columns+1, row+1), Pane: pane}},
	}))
}

// The narrowest and the widest column, in letters, and the most lines of a row. Columns of sentences are wider.
const narrowest, widest, tallest = 9, 28, 14

const sentences = 52

var ofSentences = []string{"summary", "summary_before", "summary_after", "explanation", "says", "reason", "subject", "doc", "formula", "text", "message", "title", "name", "url", "value"}

// mostRows is what a sheet has room for, with its head and foot.
const mostRows = excelize.TotalRows - 20

// table is a sheet of one table: a frozen head with filters, and numbers and dates that are no text. The first so many columns are
// printed; 0 is all.
func (b *book) table(name string, t Table, printed int) {
	if b.err != nil {
		return
	}
	if printed == 0 {
		printed = len(t.Columns)
	}
	row := b.begin(name, t.Title, data.Units(data.Count(len(t.Rows)), "row")+" · "+b.about, printed)
	head, columns := row, len(t.Columns)
	var widths []float64
	for i, c := range t.Columns {
		w := width(c.Name) + 4 // the button of the filter
		for _, cells := range t.Rows {
			w = max(w, width(cells[i])+2)
		}
		most := widest
		if slices.Contains(ofSentences, c.Name) {
			most = sentences
		}
		widths = append(widths, float64(min(max(w, narrowest), most)))
		b.text(i+1, row, sentence(strings.ReplaceAll(c.Name, "_", " ")), headLook)
	}
	b.widths(widths)
	b.height(row, 1)
	rows := t.Rows[:min(len(t.Rows), mostRows)]
	if len(rows) > 0 {
		for i, c := range t.Columns {
			l := map[ColumnKind]look{Text: textLook, Codes: textLook, Number: numberLook, Day: dayLook}[c.Kind]
			b.look(i+1, head+1, i+1, head+len(rows), l)
		}
	}
	for _, cells := range rows {
		row++
		lines := 1
		for i, s := range cells {
			switch kind := t.Columns[i].Kind; {
			case s == "":
			case kind == Number || t.holdsNumber(i, cells):
				b.number(i+1, row, s)
			case kind == Day:
				b.day(i+1, row, s)
			default:
				if kind == Codes {
					s = strings.ReplaceAll(s, ";", "; ")
				}
				if i < printed && float64(width(s)) > widths[i] {
					lines = max(lines, len(wrap(s, int(widths[i]))))
				}
				b.text(i+1, row, s, severityLook(t.Columns[i].Name, s))
			}
		}
		b.height(row, min(lines, tallest))
	}
	b.check(b.file.AutoFilter(b.sheet, at(1, head)+":"+at(columns, max(row, head+1)), nil))
	if len(rows) == 0 {
		row++
		b.text(1, row, "None.", noteLook)
	}
	if more := len(t.Rows) - len(rows); more > 0 {
		row++
		b.text(1, row, fmt.Sprintf("and %d more, for which a sheet has no room; the CSV has them all", more), warningLook)
	}
	b.freeze(head, 0)
	b.end(row+1, head, printed, false)
}

// holdsNumber reports whether a cell of the details of findings is a number: those with a unit are.
func (t Table) holdsNumber(column int, cells []string) bool {
	unit := t.column("unit")
	return t.Name == "details" && t.Columns[column].Name == "value" && cells[unit] != "" && number.MatchString(cells[column])
}

func severityLook(column, value string) look {
	if l, ok := severityLooks[value]; ok && strings.HasPrefix(column, "severity") {
		return l
	}
	return textLook
}

// The columns of the first sheet: the report, its area, and counts.
var frontWidths = []float64{18, 20, 11, 11, 11, 11, 11, 11}

// front starts the first sheet, with a text for each label, and returns the next free row.
func (b *book) front(title string, lines [][2]string) int {
	row := b.begin("Summary", title, b.about, len(frontWidths))
	b.widths(frontWidths)
	for _, l := range lines {
		if l[1] == "" {
			continue
		}
		b.text(1, row, l[0], look{bold: true})
		if strings.HasPrefix(l[0], "As of") {
			b.day(2, row, l[1])
			b.look(2, row, 2, row, look{format: dayFormat, oneLine: true, left: true})
		} else {
			b.prose(2, row, l[1])
		}
		row++
	}
	return row + 1
}

// prose sets a text from one column to the last of the first sheet, over as many lines as it needs.
func (b *book) prose(column, row int, text string) {
	room := 0.0
	for _, w := range frontWidths[column-1:] {
		room += w
	}
	b.text(column, row, text, look{})
	b.check(b.file.MergeCell(b.sheet, at(column, row), at(len(frontWidths), row)))
	b.height(row, len(wrap(Plain(text), int(room))))
}

// heading sets the title of a part of the first sheet.
func (b *book) heading(row int, title string) int {
	b.text(1, row, title, look{bold: true, size: 12, colour: navy, oneLine: true})
	b.check(b.file.SetRowHeight(b.sheet, row, 20))
	return row + 1
}

// counts is a table of the first sheet: labels, then numbers.
func (b *book) counts(row int, t Table, labels int, titles ...string) int {
	head := row
	for i, s := range titles {
		l := headLook
		l.centre = i >= labels
		b.text(i+1, row, s, l)
	}
	for _, cells := range t.Rows {
		row++
		for i, s := range cells {
			if i < labels {
				b.text(i+1, row, s, textLook)
				continue
			}
			b.look(i+1, row, i+1, row, countLook)
			if l, ok := severityLooks[strings.ToLower(titles[i])]; ok && s != "0" {
				l.format, l.centre = countLook.format, true
				b.look(i+1, row, i+1, row, l)
			}
			b.number(i+1, row, s)
		}
	}
	b.check(b.file.AutoFilter(b.sheet, at(1, head)+":"+at(len(titles), max(row, head+1)), nil))
	return row + 2
}

// answer is the first sheet: what was asked of what, the answer of each report, and the counts.
func (b *book) answer(r *analysis.Report) {
	title := "Duplication, gaps and complementarity"
	if len(r.Profiles) > 0 {
		var of []string
		for _, p := range r.Profiles {
			of = append(of, p.Name)
		}
		title += ": " + strings.Join(of, ", ")
	}
	lines := [][2]string{{"Data", titleOf(r.Dataset)}, {"As of", r.AsOf.String()}, {"Narrowed to", narrowed(r.Scope, r.Horizon)}, {"Note", r.Incomplete()}}
	for _, n := range r.Warnings.Of(data.Note) {
		lines = append(lines, [2]string{"Assumed", n.Message + " (" + n.Hint + ")"})
	}
	row := b.front(title, lines)
	row = b.heading(row, "The answer: "+counted(len(r.Findings), "finding"))
	for _, l := range r.BottomLines {
		if l.Area == "" {
			b.text(1, row, sentence(string(l.Report)), look{bold: true})
			b.prose(2, row, l.Text)
			row++
		}
	}
	row = b.heading(row+1, "Findings by report and area")
	t := summaryTable(r)
	var rows [][]string
	for i, c := range r.Summary {
		if slices.Contains(asked(r), c.Report) && (c.Findings > 0 || c.Area != "") {
			cells := t.Rows[i]
			rows = append(rows, slices.Concat([]string{sentence(string(c.Report)), sentence(areaTitle(c.Area))}, cells[4:], cells[3:4]))
		}
	}
	t.Rows = rows
	row = b.counts(row, t, 2, "Report", "Area", "Critical", "High", "Medium", "Low", "Info", "All")
	b.text(1, row-1, "Severity is a ranking by this program; the parts of each stand beside the finding. What a sheet does not name is not known, which is not 0.", noteLook)
	b.end(row, 0, len(frontWidths), true)
}

// changeCounts is the first sheet of a difference: what was compared, and how many findings of each report became what.
func (b *book) changeCounts(d *analysis.Difference) {
	row := b.front("What changed in duplication, gaps and complementarity", [][2]string{
		{"Before", titleOf(d.Before.Dataset)}, {"As of (before)", d.Before.AsOf.String()},
		{"After", titleOf(d.After.Dataset)}, {"As of (after)", d.After.AsOf.String()},
		{"Narrowed to", narrowed(d.Scope, d.Horizon)}, {"Not compared", strings.Join(d.NotCompared, ", ")}, {"Note", d.Incomplete()},
	})
	row = b.heading(row, "The answer: "+counted(len(d.Changes), "change"))
	t := changeCountTable(d)
	for i, cells := range t.Rows {
		t.Rows[i] = append([]string{sentence(cells[1])}, cells[2:]...)
	}
	row = b.counts(row, t, 1, "Report", "New", "Worse", "Better", "Gone", "Changed", "As before")
	b.text(1, row-1, analysis.ChangeRule, noteLook)
	b.end(row, 0, len(frontWidths), true)
}

// heatMap is nation by capability, area by area: a letter in a colour for each state, under the names of the capabilities.
func (b *book) heatMap(r *analysis.Report, t Table) {
	if b.err != nil {
		return
	}
	const labels = 2 // code and name of the nation
	leaves := map[string]analysis.Leaf{}
	for _, l := range r.Capabilities {
		leaves[string(l.Code)] = l
	}
	states := map[string]analysis.State{}
	for _, s := range analysis.States {
		states[s.Meaning] = s.State
	}
	columns := max(len(t.Columns)-1, len(frontWidths))
	row := b.begin("Heat map", "Heat map: nation by capability", b.about, columns)
	for _, s := range analysis.States {
		b.text(1, row, string(s.State), stateLook(s.State))
		b.text(2, row, s.Meaning, look{oneLine: true})
		row++
	}
	row++
	widths, longest := []float64{9, 12}, 0
	area, from := data.Area(""), 0
	for i, c := range t.Columns[labels+1:] {
		column, leaf := i+labels+1, leaves[c.Name]
		if leaf.Area != area || from == 0 {
			area, from = leaf.Area, column
			b.text(column, row, sentence(areaTitle(area)), headLook)
		}
		b.look(column, row, column, row, headLook)
		if column > from {
			b.check(b.file.MergeCell(b.sheet, at(from, row), at(column, row)))
		}
		name := cmp.Or(leaf.Name, c.Name)
		longest = max(longest, width(Plain(name)))
		b.text(column, row+1, name, look{up: true, line: true})
		b.look(column, row+2, column, row+2, headLook)
		widths = append(widths, 3.7)
	}
	b.height(row, 2)
	b.check(b.file.SetRowHeight(b.sheet, row+1, float64(min(longest*6+10, 300))))
	head := row + 2
	b.text(1, head, "Nation", headLook)
	b.text(2, head, "Name", headLook)
	row = head
	for _, cells := range t.Rows {
		row++
		b.text(1, row, cells[1], textLook)
		b.text(2, row, cells[2], look{line: true, oneLine: true})
		widths[1] = min(max(widths[1], float64(width(cells[2])+2)), sentences)
		for i, s := range cells[labels+1:] {
			state := states[s]
			b.text(i+labels+1, row, string(state), stateLook(state))
		}
	}
	b.widths(widths)
	b.check(b.file.AutoFilter(b.sheet, at(1, head)+":"+at(len(widths), max(row, head+1)), nil))
	b.freeze(head, labels)
	b.end(row+1, head, max(columns, len(widths)), true)
}

// writeTo writes the workbook as an archive in a fixed order and with fixed times: the same report gives the same bytes.
func (b *book) writeTo(w io.Writer) error {
	b.file.SetActiveSheet(0)
	day := b.asOf.Time().UTC().Format(time.RFC3339)
	b.check(b.file.SetDocProps(&excelize.DocProperties{
		Title: fitCell(Plain(b.about)), Subject: b.subject, Category: Plain(string(b.marking)),
		Creator: "deconflict", LastModifiedBy: "deconflict", Created: day, Modified: day, Language: "en",
	}))
	var made bytes.Buffer
	if b.err == nil {
		b.err = b.file.Write(&made)
	}
	if b.err != nil {
		return fmt.Errorf("making a workbook: %w", b.err)
	}
	if err := repack(w, made.Bytes(), b.labelled); err != nil {
		return fmt.Errorf("making a workbook: %w", err)
	}
	return nil
}

// repack writes an archive anew, in a fixed order and with fixed times, with a label inside unless that is nil.
func repack(w io.Writer, made []byte, label func(io.Writer) error) error {
	archive, err := zip.NewReader(bytes.NewReader(made), int64(len(made)))
	if err != nil {
		return err
	}
	const contents = "[Content_Types].xml" // comes first, so that what looks at the first bytes knows the format
	slices.SortFunc(archive.File, func(x, y *zip.File) int {
		switch {
		case x.Name == contents:
			return -1
		case y.Name == contents:
			return 1
		}
		return strings.Compare(x.Name, y.Name)
	})
	out := zip.NewWriter(w)
	add := func(name string, from io.Reader) error {
		part, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch})
		if err == nil {
			_, err = io.Copy(part, from)
		}
		return err
	}
	for _, f := range archive.File {
		from, err := f.Open()
		if err != nil {
			return err
		}
		var part io.Reader = from
		if end, ok := labelTies[f.Name]; ok && label != nil {
			text, err := io.ReadAll(from)
			if err != nil {
				return err
			}
			part = strings.NewReader(strings.Replace(string(text), end.before, end.tie+end.before, 1))
		}
		if err := add(f.Name, part); err != nil {
			return err
		}
	}
	if label == nil {
		return out.Close()
	}
	var text bytes.Buffer
	if err := label(&text); err != nil {
		return err
	}
	for _, part := range [][2]string{
		{"customXml/_rels/item1.xml.rels", xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
			`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps" Target="itemProps1.xml"/></Relationships>`},
		{"customXml/item1.xml", text.String()},
		{"customXml/itemProps1.xml", xml.Header + `<ds:datastoreItem xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml" ds:itemID="` + labelItem + `">` +
			`<ds:schemaRefs><ds:schemaRef ds:uri="` + bindingSpace + `"/></ds:schemaRefs></ds:datastoreItem>`},
	} {
		if err := add(part[0], strings.NewReader(part[1])); err != nil {
			return err
		}
	}
	return out.Close()
}

// labelItem identifies the part of a workbook that holds its label.
const labelItem = "{6D1F0F0B-3B1E-4C55-9A0B-4774477800A1}"

// labelTies make the label a part of the workbook: what is put into which part, and before what.
var labelTies = map[string]struct{ tie, before string }{
	"[Content_Types].xml": {`<Override PartName="/customXml/itemProps1.xml" ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/>`, "</Types>"},
	"xl/_rels/workbook.xml.rels": {`<Relationship Id="rIdLabel" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml" Target="../customXml/item1.xml"/>`,
		"</Relationships>"},
}
