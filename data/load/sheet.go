package load

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"deconflict/data"
)

// sheet is a sheet of a workbook: a stream of rows, of which the first that names the columns of a table is the header.
type sheet struct {
	*loader
	book   *book
	entry  sheetEntry
	place  data.Position
	xml    *xmlReader
	merges []span // those that no row was in so far
	header []string

	row    int // the number of the row last read
	cells  []cell
	hidden bool
	texts  []string // of its cells

	gap           bool   // the row before is empty
	noting        bool   // the row before is part of a note under the table
	hiddenRows    int    // how many were read,
	firstHidden   int    // and which of them came first
	hiddenColumns []span // of any rows
}

// cell is a cell of a sheet.
type cell struct {
	text       string // of a flawed cell what it shows
	flaw, hint string
	number     bool
	formula    bool
}

// openSheet starts to read a sheet. Where that fails, the sheet can still say where.
func (l *loader) openSheet(b *book, entry sheetEntry) (*sheet, error) {
	s := &sheet{loader: l, book: b, entry: entry, place: data.Position{File: b.file, Sheet: entry.name}}
	var err error
	if s.xml, err = b.open(entry.part); err != nil {
		return s, err
	}
	s.merges, err = b.merged(entry.part)
	return s, err
}

func (s *sheet) close() {
	if s.xml != nil {
		s.xml.close() // reading to the end has checked what there is to check
	}
}

// guides are the sheets that a template has for people to read; that they are no tables goes without saying.
var guides = []string{"read me", "codes"}

// headerRows is the most rows that a header with merged cells may take.
const headerRows = 4

// findHeader reads on to the row that names the columns of a table: of the named one or, where none is, of any. Rows above it are
// titles. A header may be several rows high where cells in it are merged: a cell then has the text of the range that it lies in. It
// returns nil where there is no header, and has said why.
func (s *sheet) findHeader(named *table) (*table, error) {
	above := map[int][]string{}
	near, nearest := "", 1 // a row with a single word that is a column's is no header
	nearAt := s.place
	for {
		err := s.read()
		if err == io.EOF || err == nil && s.row > maxTitle {
			break
		}
		if err != nil {
			return nil, err
		}
		if !trim(s.texts) {
			continue
		}
		above[s.row] = slices.Clone(s.texts)
		words, top := s.words(above)
		if s.goesOn() {
			continue
		}
		t, complaint := named, ""
		if t == nil {
			t, complaint = s.recognise(words)
		} else if missing, _ := t.lacks(words); len(missing) > 0 {
			complaint = fmt.Sprintf("no row is the header of %s: this one lacks %s", t.name, strings.Join(missing, ", "))
		}
		if complaint == "" {
			s.found(words, top, len(above) > 1)
			return t, nil
		}
		if n := s.known(named, words); n > nearest {
			near, nearest, nearAt = complaint, n, s.line()
		}
	}
	switch {
	case named != nil && near == "":
		s.fail(s.place, "", fmt.Sprintf("none of the first %d rows is the header of %s, which has the columns %s", maxTitle, named.name, strings.Join(named.required, ", ")), "")
	case named != nil:
		s.fail(nearAt, "", near, "")
	case near != "" && !s.entry.hidden:
		s.warn(nearAt, "", near+": the sheet is ignored", "")
	case len(above) > 0 && !s.entry.hidden && !slices.Contains(guides, data.Fold(s.entry.name)):
		s.assume(s.place, "", "no row is a table's header: the sheet is ignored", "")
	}
	return nil, nil
}

// words are the texts of the row last read, where its empty cells have those of merged ranges that begin above. They begin in row top.
func (s *sheet) words(above map[int][]string) (words []string, top int) {
	words, top = slices.Clone(s.texts), s.row
	for _, m := range s.merges {
		if m.top >= s.row || m.bottom < s.row || m.left > maxColumns || m.bottom-m.top >= headerRows {
			continue
		}
		for len(words) < m.left {
			words = append(words, "")
		}
		if first := above[m.top]; words[m.left-1] == "" && m.left <= len(first) && first[m.left-1] != "" {
			words[m.left-1], top = first[m.left-1], min(top, m.top)
		}
	}
	for len(words) > 1 && words[len(words)-1] == "" {
		words = words[:len(words)-1]
	}
	return words, top
}

// goesOn reports whether a header that the row last read may belong to takes in the next row.
func (s *sheet) goesOn() bool {
	return slices.ContainsFunc(s.merges, func(m span) bool {
		return m.top <= s.row && s.row < m.bottom && m.bottom-m.top < headerRows
	})
}

// known counts the words that are columns of a table, or of the one with most.
func (s *sheet) known(t *table, words []string) int {
	if t != nil {
		_, n := t.lacks(words)
		return n
	}
	most := 0
	for _, t := range tables {
		_, n := t.lacks(words)
		most = max(most, n)
	}
	return most
}

// found settles the header and tells what is odd about it.
func (s *sheet) found(words []string, top int, titles bool) {
	s.header = words
	switch {
	case top < s.row:
		s.assume(s.line(), "", fmt.Sprintf("rows %d to %d are taken for the header together, as cells of them are merged", top, s.row), "")
	case titles:
		s.assume(s.line(), "", "taken for the header: what stands above it is left out", "")
	}
	for i, word := range words {
		if word != "" && slices.ContainsFunc(s.hiddenColumns, func(c span) bool { return c.has(s.row, i+1) }) {
			s.warn(s.at(i), "", fmt.Sprintf("%s, column %s, is hidden, and read all the same", quote(word), columnName(i+1)), "")
		}
	}
	s.merges = slices.DeleteFunc(s.merges, func(m span) bool { return m.bottom <= s.row || m.left > len(words) })
}

// next skips notes under the table: rows of a single text, after an empty row.
func (s *sheet) next() ([]string, error) {
	width := len(s.header)
	for {
		last := s.row
		err := s.read()
		if err == io.EOF && s.hiddenRows > 0 {
			at := s.place
			at.Line = s.firstHidden
			rows := "row is"
			if s.hiddenRows > 1 {
				rows = fmt.Sprintf("%d rows from here on are", s.hiddenRows)
			}
			s.warn(at, "", rows+" hidden, and read all the same", "")
		}
		if err != nil {
			return nil, err
		}
		if !trim(s.texts) {
			s.gap = true
			continue
		}
		gap := s.gap || s.row > last+1
		s.gap = false
		if s.isNote() && width > 1 && (gap || s.noting) {
			s.noting = true
			s.assume(s.line(), "", "a note under the table: "+quote(s.note())+" is left out", "")
			continue
		}
		s.noting = false
		for i := width; i < len(s.texts); i++ {
			if s.texts[i] != "" && s.firstTime(fmt.Sprintf("column %d of %s", i, s.place)) {
				s.warn(s.at(i), "", "column "+columnName(i+1)+" has no name: its values are ignored", "")
			}
		}
		for len(s.texts) < width {
			s.texts = append(s.texts, "")
		}
		s.tell()
		return s.texts[:width], nil
	}
}

// isNote reports whether the row last read is a single text.
func (s *sheet) isNote() bool {
	filled, texts := 0, 0
	for i, t := range s.texts {
		if t != "" {
			filled++
			if c := s.cells[i]; !c.number && c.flaw == "" {
				texts++
			}
		}
	}
	return filled == 1 && texts == 1
}

func (s *sheet) note() string { return strings.Join(s.texts, "") }

// tell tells what is odd about a row that is read: that it is hidden, and which merged ranges begin in it.
func (s *sheet) tell() {
	if s.hidden {
		if s.hiddenRows == 0 {
			s.firstHidden = s.row
		}
		s.hiddenRows++
	}
	for len(s.merges) > 0 && s.merges[0].top <= s.row {
		m := s.merges[0]
		s.merges = s.merges[1:]
		if m.bottom < s.row || m.left > len(s.header) { // beside the table, or in a row that was left out
			continue
		}
		at := s.place
		at.Line, at.Column = m.top, m.left
		s.warn(at, "", fmt.Sprintf("%s are merged: only %s has their value, the others are empty", m, cellName(m.top, m.left)), "unmerge them and fill each")
	}
}

func (s *sheet) at(i int) data.Position {
	at := s.line()
	at.Column = i + 1
	return at
}

func (s *sheet) line() data.Position {
	at := s.place
	at.Line = s.row
	return at
}

func (s *sheet) stopped(err error) (at data.Position, field, got, hint string) {
	return s.line(), "", "the sheet is damaged: " + strings.TrimPrefix(err.Error(), "zip: ") + "; the rest of it is not read", "save the workbook again as XLSX"
}

func (s *sheet) flaw(i int) (got, hint string) {
	if i >= len(s.cells) {
		return "", ""
	}
	return s.cells[i].flaw, s.cells[i].hint
}

func (s *sheet) notation(i int) notation {
	if i >= len(s.cells) || s.cells[i].number {
		return exact
	}
	return s.options.notation()
}

// read reads the next row, empty or not. At the end the whole part has been read, so that what is cut short is an error.
func (s *sheet) read() error {
	s.cells, s.texts, s.hidden = s.cells[:0], s.texts[:0], false
	for {
		token, err := s.xml.next()
		if err == io.EOF {
			s.close()
		}
		if err != nil {
			return err
		}
		e, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "col" && isTrue(attribute(e, "hidden")):
			from, err1 := strconv.Atoi(attribute(e, "min"))
			to, err2 := strconv.Atoi(attribute(e, "max"))
			if err1 == nil && err2 == nil && len(s.hiddenColumns) < lastColumn {
				s.hiddenColumns = append(s.hiddenColumns, span{1, from, lastRow, to})
			}
		case e.Name.Local == "row":
			number := s.row + 1
			if r := attribute(e, "r"); r != "" {
				if number, err = strconv.Atoi(r); err != nil || number > lastRow {
					return fmt.Errorf("%s is no row", quote(r))
				}
			}
			if number <= s.row {
				return fmt.Errorf("row %d stands after row %d", number, s.row)
			}
			s.row, s.hidden = number, isTrue(attribute(e, "hidden"))
			return s.readCells()
		}
	}
}

// readCells reads the cells of a row. Of columns beyond those that are read one is kept, so that it can be told.
func (s *sheet) readCells() error {
	depth, column := len(s.xml.within), 0
	for {
		token, err := s.xml.next()
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.EndElement:
			if len(s.xml.within) < depth {
				for _, c := range s.cells {
					s.texts = append(s.texts, c.text)
				}
				return nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			last := column
			column++
			if r := attribute(e, "r"); r != "" {
				var row int
				var ok bool
				if row, column, ok = parseCell(r); !ok || row != s.row || column <= last {
					return fmt.Errorf("cell %s stands in row %d after column %d", quote(r), s.row, last)
				}
			}
			c, err := s.readCell(e, column)
			if err != nil {
				return err
			}
			if i := min(column-1, maxColumns); c.text != "" {
				for len(s.cells) <= i {
					s.cells = append(s.cells, cell{})
				}
				s.cells[i] = c
			}
		}
	}
}

// readCell reads a cell, and with it what its type and its style make of its value.
func (s *sheet) readCell(e xml.StartElement, column int) (c cell, err error) {
	bad := func(format string, args ...any) (cell, error) {
		return cell{}, fmt.Errorf("%s "+format, append([]any{cellName(s.row, column)}, args...)...)
	}
	flawed := func(text, what, hint string) (cell, error) {
		return cell{text: text, flaw: cellName(s.row, column) + " holds " + what, hint: hint}, nil
	}
	var kind string
	style := 0
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "t":
			kind = a.Value
		case "s":
			if style, err = strconv.Atoi(a.Value); err != nil || style < 0 {
				return bad("has the style %s", quote(a.Value))
			}
		}
	}
	var value string
	formula, inline, valued := false, false, false
	depth := len(s.xml.within)
	for in := ""; ; {
		token, err := s.xml.next()
		if err != nil {
			return c, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			in = t.Name.Local
			formula, valued = formula || in == "f", valued || in == "v"
			if in == "is" {
				if value, err = s.xml.text(); err != nil {
					return c, err
				}
				inline = true
			}
			continue
		case xml.CharData:
			if in == "v" {
				value += string(t)
			}
			continue
		case xml.EndElement:
			in = ""
			if len(s.xml.within) >= depth {
				continue
			}
		default:
			continue
		}
		break
	}
	if formula && s.book.uncalculated && s.firstTime("formulas of "+s.book.file) {
		s.warn(s.at(column-1), "", "the workbook was saved without calculating its formulas: their values may be out of date", "open it in a spreadsheet program and save it")
	}
	c.formula = formula
	switch {
	case formula && value == "" && !(valued && kind == "str"): // of type str, an empty value is an empty text
		return flawed("=", "a formula that was never calculated", "open the workbook in a spreadsheet program and save it")
	case inline:
		c.text = value
	case value == "":
	case kind == "s":
		i, err := strconv.Atoi(value)
		if err != nil || i < 0 || i >= len(s.book.strings) {
			return bad("names a text that the workbook has not")
		}
		c.text = s.book.strings[i]
	case kind == "str":
		c.text = unescape(value)
	case kind == "e":
		return flawed(value, "the error "+value, "mend the formula, or empty the cell")
	case kind == "b":
		word := "FALSE"
		if value == "1" {
			word = "TRUE"
		}
		return flawed(word, "the truth value "+word+", wanted a text or a number", "")
	case kind == "d":
		c.text, _ = strings.CutSuffix(strings.TrimSuffix(value, "Z"), "T00:00:00")
	case kind == "" || kind == "n":
		c.number = true
		if c.text, err = decimal(value); err != nil {
			return bad("holds %s, which is no number", quote(value))
		}
		if style < len(s.book.dates) && s.book.dates[style] {
			if c.text, err = s.book.date(value); err != nil {
				return flawed(value, value+" as a date, but "+err.Error(), "")
			}
		}
	default:
		return bad("has the type %s", quote(kind))
	}
	return c, nil
}

// decimal writes a number with the 15 digits that spreadsheet programs show: what is more is an artefact of the binary fraction.
func decimal(value string) (string, error) {
	if len(value) <= 15 && digits(value) {
		return value, nil
	}
	f, err := number(value)
	if err != nil {
		return "", err
	}
	short, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64)
	return strconv.FormatFloat(short, 'f', -1, 64), err
}

var errNumber = errors.New("no number")

func number(value string) (float64, error) {
	if strings.Trim(value, "0123456789.eE+-") != "" { // ParseFloat reads Inf, NaN and hexadecimal too
		return 0, errNumber
	}
	return strconv.ParseFloat(value, 64)
}

// date writes a number as the day that it counts, and with a time where it has one. Day 60 of the calendar that counts from 1900 is
// 1900-02-29, which never was; a time alone is a number below 1.
func (b *book) date(value string) (string, error) {
	const last = 2_958_465 // 9999-12-31
	serial, err := number(value)
	if err != nil || serial < 0 || serial > last {
		return "", errors.New("there is no such day")
	}
	const perDay = 24 * 60 * 60
	seconds := math.Round(serial * perDay)
	day := math.Floor(seconds / perDay)
	seconds -= day * perDay
	origin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case b.from1904:
		origin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60:
		return "", errors.New("there is no such day")
	case day < 60:
		origin = origin.AddDate(0, 0, 1)
	}
	t := origin.AddDate(0, 0, int(day)).Add(time.Duration(seconds) * time.Second)
	switch {
	case serial < 1 && !b.from1904:
		return t.Format(time.TimeOnly), nil
	case seconds == 0:
		return t.Format(time.DateOnly), nil
	}
	return t.Format(time.DateOnly + "T" + time.TimeOnly), nil
}

// describeSheet reads what a dataset says about itself, from a sheet of names and values.
func (l *loader) describeSheet(d *description, s *sheet) error {
	for {
		err := s.read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if !trim(s.texts) {
			continue
		}
		for len(s.texts) < 2 {
			s.texts = append(s.texts, "")
		}
		if got, hint := s.flaw(1); got != "" {
			l.fail(s.at(1), s.texts[0], got, hint)
		} else if !d.set(l, s.texts[0], s.texts[1], s.at(1)) {
			l.warn(s.at(0), "", quote(s.texts[0])+" says nothing that is known about a dataset: it is ignored", data.DidYouMean(data.Nearest(s.texts[0], properties)))
		}
	}
}
