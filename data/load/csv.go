package load

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"unicode"

	"deconflict/data"
)

// csvRows are the rows of a CSV file.
type csvRows struct {
	name   string
	text   []byte
	places places
	reader *csv.Reader
	fixed  notation         // how numbers are written, where that is certain
	guess  map[int]notation // how a column writes them, once that was asked
}

// open reads a CSV file up to its header. Where it cannot, it says why and returns nil.
func (l *loader) open(fsys fs.FS, p, name string) *file {
	text, ok := l.bytes(fsys, p, name)
	if !ok {
		return nil
	}
	if k := kindOf(text); k != kindText {
		l.fail(data.Position{File: name}, "", fmt.Sprintf("is %s, wanted CSV", k), "save each table as CSV in UTF-8")
		return nil
	}
	return l.csv(name, text)
}

// csv finds encoding, separator and header of a text.
func (l *loader) csv(name string, text []byte) *file {
	text, ok := l.decode(name, text)
	if !ok {
		return nil
	}
	comma := l.options.Separator
	if comma == 0 {
		comma = separator(text)
	}
	f := &csvRows{name: name, text: text, places: places{text: text}, guess: map[int]notation{}, fixed: l.options.notation()}
	f.reader = newReader(text, comma)
	header, err := f.next()
	if err == io.EOF {
		l.fail(data.Position{File: name}, "", "is empty, wanted a header and rows", "")
		return nil
	}
	if err != nil {
		l.fail(f.stopped(err))
		return nil
	}
	for len(header) > 1 && header[len(header)-1] == "" {
		header = header[:len(header)-1]
	}
	if !l.sane(header, f) {
		return nil
	}
	if comma != ',' && l.options.Separator == 0 {
		shown := string(comma)
		if comma == '\t' {
			shown = "tab"
		}
		l.warn(f.at(0), "", "separator "+shown+" assumed", "--separator says which it is")
	}
	return &file{Position: data.Position{File: name}, header: slices.Clone(header), rows: f}
}

func newReader(text []byte, comma rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = comma
	r.FieldsPerRecord = -1 // counted in read, so that reading goes on
	r.ReuseRecord = true
	r.TrimLeadingSpace = comma != '\t' // a quote may stand after a blank
	return r
}

// sane refuses a header of too many columns or with control characters.
func (l *loader) sane(header []string, r rows) bool {
	if len(header) > maxColumns {
		l.fail(r.at(maxColumns), "", fmt.Sprintf("%d columns, wanted at most %d", len(header), maxColumns), "")
		return false
	}
	for i, word := range header {
		if c, ok := control(word); ok {
			l.fail(r.at(i), "", fmt.Sprintf("the header holds the control character U+%04X, wanted text with lines that end in a line feed", c), "save the file as CSV in UTF-8")
			return false
		}
	}
	return true
}

func (f *csvRows) next() ([]string, error) {
	for {
		cells, err := f.reader.Read()
		if err != nil {
			return nil, err
		}
		if trim(cells) {
			return cells, nil
		}
	}
}

// trim takes the white space off cells, and reports whether anything is left.
func trim(cells []string) bool {
	any := false
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
		any = any || cells[i] != ""
	}
	return any
}

func (f *csvRows) at(cell int) data.Position { return f.position(f.reader.FieldPos(cell)) }

// position turns the byte column of encoding/csv into the character column that an editor shows.
func (f *csvRows) position(line, column int) data.Position {
	offset := min(f.places.start(line)+column-1, len(f.text))
	_, column = f.places.of(offset)
	return data.Position{File: f.name, Line: line, Column: column}
}

func (f *csvRows) line() data.Position {
	line, _ := f.reader.FieldPos(0)
	return data.Position{File: f.name, Line: line}
}

// flaw finds none: every cell of CSV is text.
func (f *csvRows) flaw(int) (got, hint string) { return "", "" }

// notation judges a column by all its numbers. In a file whose separator is a comma a number may have a decimal comma where all of its
// column have one.
func (f *csvRows) notation(cell int) notation {
	if f.fixed != doubtful {
		return f.fixed
	}
	n, ok := f.guess[cell]
	if !ok {
		n = f.judge(cell)
		f.guess[cell] = n
	}
	return n
}

func (f *csvRows) judge(cell int) notation {
	var sureCommas, surePoints, others int
	r := newReader(f.text, f.reader.Comma)
	for row := 0; ; row++ {
		cells, err := r.Read()
		if err != nil { // the end, or what next will stumble over
			break
		}
		if row == 0 || cell >= len(cells) {
			continue
		}
		s := strings.TrimSpace(cells[cell])
		number, _, wanted := doubtful.plain(s)
		switch _, err := data.ParseAmount(number); {
		case wanted != "" && strings.Contains(s, ","), s == "":
		case err == nil && strings.Contains(number, ".") && strings.LastIndexByte(s, ',') > strings.LastIndexByte(s, '.'):
			sureCommas++
		case err == nil && strings.Contains(number, ".") && wanted == "":
			surePoints++
		default:
			others++
		}
	}
	switch {
	case f.reader.Comma == ',' && sureCommas > 0 && surePoints+others == 0, f.reader.Comma != ',' && sureCommas > 0 && surePoints == 0:
		return commas
	case f.reader.Comma == ',':
		return pointed
	case surePoints > 0 && sureCommas == 0:
		return points
	}
	return doubtful
}

// stopped words an error of encoding/csv, after which the file cannot be read on.
func (f *csvRows) stopped(err error) (at data.Position, field, got, hint string) {
	at = data.Position{File: f.name}
	e, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return at, "", "cannot be read: " + err.Error(), ""
	}
	at.Line = e.StartLine
	if e.Line == e.StartLine {
		at = f.position(e.Line, e.Column)
	}
	switch {
	case errors.Is(e.Err, csv.ErrBareQuote):
		return at, "", "a quote inside a cell that does not start with one; the rest of the file is not read", "put the cell in quotes and double those inside"
	case errors.Is(e.Err, csv.ErrQuote):
		return at, "", "a quoted cell does not end where its quotes do; the rest of the file is not read", "close the quotes, and double those inside"
	}
	return at, "", e.Err.Error() + "; the rest of the file is not read", ""
}

// separator is the comma, semicolon or tab that stands most often outside quotes in the first line that is not blank.
func separator(text []byte) rune {
	text = bytes.TrimLeft(text, " \r\n")
	var count [3]int
	const candidates = ",;\t"
	quoted := false
	for _, b := range text {
		if b == '"' {
			quoted = !quoted
		}
		if b == '\n' && !quoted {
			break
		}
		if i := strings.IndexByte(candidates, b); i >= 0 && !quoted {
			count[i]++
		}
	}
	best := 0
	for i := range count {
		if count[i] > count[best] {
			best = i
		}
	}
	return rune(candidates[best])
}

// control is the first control character of a text, if there is one. Line ends and tabs within quotes are none.
func control(s string) (c rune, ok bool) {
	for _, c := range s {
		if (c < ' ' || c >= 0x7f) && unicode.IsControl(c) && c != '\n' && c != '\t' {
			return c, true
		}
	}
	return 0, false
}
