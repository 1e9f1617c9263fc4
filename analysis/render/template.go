package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"deconflict/data"
)

// WriteTemplate writes the workbook that a planning cell sends out: a sheet to read first, a sheet for each table with lists to choose
// from, the codes in words, and what the dataset says about itself. A reader of datasets takes it as it is, filled or not.
func WriteTemplate(w io.Writer, t data.Template) error {
	title := cmp.Or(t.Title, "Planning data")
	f := form{book: newBook(t.Marking, t.AsOf, title+" · as of "+t.AsOf.String()), Template: t, lists: map[data.Content]string{}}
	defer f.file.Close()
	f.subject = "Forms for planning data"
	f.readMe(title)
	f.codes() // made before the tables, which choose from it, and moved behind them
	for _, table := range t.Forms {
		f.table(table)
	}
	f.describe(title)
	f.check(f.file.MoveSheet(codesSheet, describeSheet))
	return f.writeTo(w)
}

// The sheets beside the tables. Readers know them by these names, and look for no table in the first two.
const (
	readMeSheet   = "Read me"
	codesSheet    = "Codes"
	describeSheet = "datapackage"
)

// formRows is how many rows of a form have lists and checks.
const formRows = 5000

var (
	requiredLook = look{bold: true, colour: white, fill: navy, oneLine: true, line: true}
	optionalLook = look{colour: black, fill: faint, oneLine: true, line: true}
)

// form is a workbook of forms being made.
type form struct {
	*book
	data.Template
	lists map[data.Content]string // where the words of a content stand
}

// readMe says what is asked and how to fill it in.
func (f *form) readMe(title string) {
	const columns = 3
	row := f.begin(readMeSheet, title, f.about, columns)
	f.widths([]float64{20, 60, 46})
	para := func(text string) {
		f.text(1, row, text, look{})
		f.check(f.file.MergeCell(f.sheet, at(1, row), at(columns, row)))
		f.height(row, len(wrap(Plain(text), 150)))
		row++
	}
	who := "Fill in the sheets below"
	if f.Nation != "" {
		who = f.Vocabulary.NationName(f.Nation) + " (" + string(f.Nation) + "): fill in the sheets below"
	}
	para(who + ", a row for each statement. What is known already is filled in: mend it where it is wrong, and add what is missing.")
	para("Columns with a dark head must be filled in every row, the others where it is known. An empty quantity means not known, which is not 0.")
	para("Nations, processes, organisations, capabilities and units are chosen from lists; the sheet Codes says what each means. Days are dates.")
	para("The head of each column has a note. Leave the heads as they are. Columns and sheets of your own are told, and left out.")
	para("Mark each row, or state one marking for all on the sheet datapackage. deconflict check FILE says what is wrong in a filled workbook.")
	row = f.heading(row+1, "The sheets")
	for i, head := range []string{"Sheet", "What a row says", "Must be filled"} {
		f.text(i+1, row, head, headLook)
	}
	for _, t := range f.Forms {
		row++
		var required []string
		for _, c := range t.Columns {
			if c.Required {
				required = append(required, c.Name)
			}
		}
		f.text(1, row, t.Name, textLook)
		f.check(f.file.SetCellHyperLink(f.sheet, at(1, row), t.Name+"!A1", "Location"))
		f.text(2, row, t.Purpose, textLook)
		f.text(3, row, strings.Join(required, ", "), textLook)
		f.height(row, len(wrap(t.Purpose, 72)))
	}
	row++
	f.end(row, 0, columns, true)
}

// codes lists the words to choose from, with what they mean, side by side.
func (f *form) codes() {
	v := f.Vocabulary
	row := f.begin(codesSheet, "Codes", "what each means; the lists of the other sheets have these", 14)
	column := 1
	var widths []float64
	block := func(of data.Content, heads []string, wide []float64, rows [][]string) {
		for i, h := range heads {
			f.text(column+i, row, h, headLook)
		}
		for r, cells := range rows {
			for i, s := range cells {
				f.text(column+i, row+1+r, s, textLook)
			}
		}
		f.lists[of] = fmt.Sprintf("%s!$%s$%d:$%[2]s$%[4]d", codesSheet, columnName(column), row+1, row+max(1, len(rows)))
		column += len(heads) + 1
		widths = append(append(widths, wide...), 2)
	}
	var rows [][]string
	for _, n := range v.Nations {
		rows = append(rows, []string{string(n.Nation), n.Name})
	}
	block(data.NationCode, []string{"Nations", "in words"}, []float64{9, 24}, rows)
	rows = nil
	for _, c := range v.Capabilities {
		rows = append(rows, []string{string(c.Capability), c.Name, c.Unit, string(c.Area)})
	}
	block(data.CapabilityCode, []string{"Capabilities", "in words", "counted in", "of the area"}, []float64{24, 48, 22, 18}, rows)
	rows = nil
	for _, p := range v.Processes {
		rows = append(rows, []string{string(p.Process), p.Name, string(p.Organisation)})
	}
	for _, o := range v.PlanningOrganisations() {
		rows = append(rows, []string{string(o), "where the process is not known", string(o)})
	}
	block(data.ProcessCode, []string{"Processes", "in words", "run by"}, []float64{18, 48, 10}, rows)
	one := func(of data.Content, head string, wide float64, words []string) {
		rows := make([][]string, len(words))
		for i, s := range words {
			rows[i] = []string{s}
		}
		block(of, []string{head}, []float64{wide}, rows)
	}
	one(data.OrganisationCode, "All organisations", 18, organisations(v))
	var units []string
	for _, c := range v.Capabilities {
		units = append(units, c.Unit)
	}
	slices.Sort(units)
	one(data.UnitWord, "All units", 24, slices.Compact(units))
	var areas []string
	for _, a := range v.Areas() {
		areas = append(areas, string(a))
	}
	one(data.AreaCode, "All areas", 18, areas)
	f.widths(widths)
	f.freeze(row, 0)
	f.paper(row+max(len(v.Nations), len(v.Capabilities)), row, len(widths), false)
}

// organisations are those that have members or run a process, and OTHER.
func organisations(v *data.Vocabulary) []string {
	out := []string{string(data.Other)}
	for _, o := range v.PlanningOrganisations() {
		out = append(out, string(o))
	}
	for _, m := range v.Memberships {
		out = append(out, string(m.Organisation))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// table is the sheet of a form.
func (f *form) table(t data.Form) {
	_, err := f.file.NewSheet(t.Name)
	f.check(err)
	f.sheet = t.Name
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		widths[i] = columnWidth(c)
		style := f.style(cellLook(c))
		f.check(f.file.SetColStyle(f.sheet, columnName(i+1), style))
	}
	f.widths(widths)
	for i, c := range t.Columns {
		l := optionalLook
		note := c.Note
		if c.Required {
			l = requiredLook
			note = "Must be filled. " + note
		}
		f.text(i+1, 1, c.Name, l)
		f.check(f.file.AddComment(f.sheet, excelize.Comment{
			Cell: at(i+1, 1), Author: "deconflict", Width: 260, Height: uint(40 + 18*len(wrap(note, 36))),
			Paragraph: []excelize.RichTextRun{{Text: note, Font: &excelize.Font{Family: font, Size: 9}}},
		}))
		f.rule(i+1, c)
	}
	f.check(f.file.SetRowHeight(f.sheet, 1, 20))
	for r, cells := range t.Rows {
		for i, s := range cells {
			l := cellLook(t.Columns[i])
			switch {
			case s == "":
			case t.Columns[i].Content == data.Number || t.Columns[i].Content == data.WholeDays:
				f.number(i+1, r+2, s)
			case t.Columns[i].Content == data.CalendarDay:
				f.day(i+1, r+2, s)
			default:
				f.text(i+1, r+2, s, l)
			}
		}
	}
	last := max(len(t.Rows)+1, 2)
	f.check(f.file.AutoFilter(f.sheet, at(1, 1)+":"+at(len(t.Columns), last), nil))
	f.freeze(1, 1)
	f.paper(last, 1, len(t.Columns), false)
}

// cellLook is how the cells of a column look.
func cellLook(c data.FormColumn) look {
	switch c.Content {
	case data.Number, data.WholeDays:
		return look{format: "General", oneLine: true}
	case data.CalendarDay:
		return look{format: dayFormat, oneLine: true, left: true}
	}
	return look{format: "@", oneLine: true} // so that 0012 stays 0012
}

func columnWidth(c data.FormColumn) float64 {
	switch c.Content {
	case data.CapabilityCode, data.InitiativeCode:
		return 24
	case data.CalendarDay:
		return 12
	case data.UnitWord, data.AreaCode, data.ListedWord, data.ProcessCode:
		return 17
	}
	switch c.Name {
	case "statement", "summary", "name", "note":
		return 44
	case "marking", "source", "id", "initiative":
		return 22
	}
	return max(11, float64(len(c.Name)+5))
}

// rule sets what a column takes: words of a list, a number, a day, a name that no other row has.
func (f *form) rule(column int, c data.FormColumn) {
	name := columnName(column)
	v := excelize.NewDataValidation(true)
	v.SetSqref(fmt.Sprintf("%s2:%[1]s%d", name, formRows))
	wanted := ""
	switch c.Content {
	case data.Number, data.WholeDays:
		kind := excelize.DataValidationTypeDecimal
		wanted = "A number from 0 on. Leave it empty where it is not known."
		if c.Content == data.WholeDays {
			kind, wanted = excelize.DataValidationTypeWhole, "A whole number of days from 0 on."
		}
		f.check(v.SetRange(0, 0, kind, excelize.DataValidationOperatorGreaterThanOrEqual))
	case data.CalendarDay:
		const first, last = 32874, 109575 // 1990-01-01 and 2199-12-31: a year alone would be taken for a day of 1905
		wanted = "A day, such as 2030-12-31. For a whole year take its first or last day."
		f.check(v.SetRange(first, last, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween))
	case data.ListedWord:
		wanted = "One of " + strings.Join(c.Words, ", ") + "."
		f.check(v.SetDropList(c.Words))
	case data.InitiativeCode:
		wanted = "An initiative of the sheet initiatives."
		v.SetSqrefDropList(fmt.Sprintf("initiatives!$A$2:$A$%d", formRows))
	case data.RowName:
		wanted = "A code that no other row has."
		v.Type, v.Formula1 = "custom", fmt.Sprintf("COUNTIF($%s$2:$%[1]s$%d,%[1]s2)=1", name, formRows)
	default:
		list, ok := f.lists[c.Content]
		if !ok {
			return
		}
		wanted = "A code of the list; the sheet Codes says what each means."
		v.SetSqrefDropList(list)
	}
	v.SetError(excelize.DataValidationErrorStyleStop, c.Name, wanted)
	f.check(f.file.AddDataValidation(f.sheet, v))
}

// describe is the sheet on which the workbook says what it is: names that readers know, and their values.
func (f *form) describe(title string) {
	_, err := f.file.NewSheet(describeSheet)
	f.check(err)
	f.sheet = describeSheet
	f.widths([]float64{16, 60, 70})
	for i, line := range [][3]string{
		{"title", title, "what this is"},
		{"version", "", "of this workbook, if there is more than one"},
		{"as_of", f.AsOf.String(), "the day for which it holds"},
		{"marking", "", "of every row that carries none of its own, such as PUBLIC"},
	} {
		f.text(1, i+1, line[0], look{bold: true, oneLine: true})
		f.look(2, i+1, 2, i+1, look{format: "@", line: true, oneLine: true, left: true})
		if line[0] == "as_of" {
			f.look(2, i+1, 2, i+1, look{format: dayFormat, line: true, oneLine: true, left: true})
			f.day(2, i+1, line[1])
		} else if line[1] != "" {
			f.text(2, i+1, line[1], look{format: "@", line: true, oneLine: true, left: true})
		}
		f.text(3, i+1, line[2], noteLook)
	}
	f.paper(4, 0, 3, true)
}
