package load

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/nfp"

	"deconflict/data"
)

// The parts of a workbook are read as a stream, and by type: excelize's stream of rows gives texts that do not tell a date from a number,
// an error from a word or a formula without a value from an empty cell, and ends without a word where the XML is cut. The tests read
// what excelize writes, and compare with what it reads.

// book is a workbook while it is read.
type book struct {
	file    string
	parts   map[string]*zip.File
	strings []string // the texts that cells share
	dates   []bool   // by style: whether it shows a number as a date
	from1904,
	uncalculated bool // its formulas are to be calculated when it is opened: their values may be out of date
}

// sheetEntry is a sheet as the workbook lists it.
type sheetEntry struct {
	name, part string
	hidden     bool
}

// workbook takes in the tables of an XLSX workbook: the sheets that are named after a table and those that have a table's header.
func (l *loader) workbook(name string, text []byte) bool {
	at := data.Position{File: name}
	z := l.unpack(name, text)
	if z == nil {
		return false
	}
	b := &book{file: name, parts: map[string]*zip.File{}}
	for _, e := range z.File {
		b.parts[strings.ToLower(e.Name)] = e
	}
	sheets, err := b.read()
	if err != nil {
		l.fail(at, "", "is no workbook that can be read: "+err.Error(), "save it again as XLSX")
		return false
	}
	if len(sheets) > maxSheets {
		l.fail(at, "", fmt.Sprintf("%d sheets, wanted at most %d", len(sheets), maxSheets), "")
		return false
	}
	d := description{Position: data.Position{File: name}}
	before := l.errors
	var found []*file
	for _, entry := range sheets {
		s, err := l.openSheet(b, entry)
		switch {
		case err != nil:
			l.fail(s.stopped(err))
		case data.Fold(entry.name) == data.Fold(strings.TrimSuffix(packageName, ".json")):
			d.Position = s.place
			if err := l.describeSheet(&d, s); err != nil {
				l.fail(s.stopped(err))
			}
		default:
			t, err := s.findHeader(tableNamed(entry.name))
			if err != nil {
				l.fail(s.stopped(err))
			} else if t != nil && l.sane(s.header, s) {
				if entry.hidden {
					l.warn(s.place, "", "the sheet is hidden, and read all the same", "")
				}
				f := &file{Position: s.place, header: s.header, rows: s}
				l.files[t.name] = append(l.files[t.name], f)
				found = append(found, f)
				continue
			}
		}
		s.close()
	}
	l.packages = append(l.packages, d)
	for _, f := range found {
		f.marking = d.meta.Marking
	}
	if len(found) == 0 && l.errors == before {
		l.fail(at, "", "no sheet of it is a table", "a sheet is named after a table, or has a header with the columns of one of "+tableNames())
	}
	return l.errors == before
}

// read reads the parts that all sheets need.
func (b *book) read() (sheets []sheetEntry, err error) {
	main, err := b.related("_rels/.rels", "", "/officeDocument")
	if err != nil {
		return nil, err
	}
	if len(main) != 1 {
		return nil, errors.New("it does not say which of its parts is the workbook")
	}
	var part string
	for _, part = range main {
	}
	dir, base := path.Split(part)
	rels := dir + "_rels/" + base + ".rels"
	worksheets, err := b.related(rels, dir, "/worksheet")
	if err != nil {
		return nil, err
	}
	names, parts := map[string]bool{}, map[string]bool{}
	err = b.each(part, func(parent string, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.from1904 = isTrue(attribute(e, "date1904"))
		case "calcPr":
			b.uncalculated = isTrue(attribute(e, "fullCalcOnLoad"))
		case "sheet":
			s := sheetEntry{name: attribute(e, "name"), hidden: cmp.Or(attribute(e, "state"), "visible") != "visible"}
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					s.part = worksheets[a.Value]
				}
			}
			if names[data.Fold(s.name)] {
				return fmt.Errorf("two sheets are named %s", quote(s.name))
			}
			if parts[s.part] {
				return fmt.Errorf("two sheets are the part %s", s.part)
			}
			names[data.Fold(s.name)] = true
			if s.part != "" { // else a chart or a macro sheet
				parts[s.part] = true
				sheets = append(sheets, s)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"/styles", "/sharedStrings"} {
		related, err := b.related(rels, dir, kind)
		if err != nil {
			return nil, err
		}
		if len(related) > 1 { // each would take as much room as the whole archive may
			return nil, fmt.Errorf("it has %d parts of the kind %s", len(related), strings.TrimPrefix(kind, "/"))
		}
		for _, part := range related {
			if kind == "/styles" {
				err = b.readStyles(part)
			} else {
				err = b.readStrings(part)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	return sheets, nil
}

// related are the parts that a part of relationships names, by their ids there.
func (b *book) related(rels, dir, kind string) (map[string]string, error) {
	found := map[string]string{}
	err := b.each(rels, func(_ string, e xml.StartElement) error {
		if e.Name.Local != "Relationship" || !strings.HasSuffix(attribute(e, "Type"), kind) || attribute(e, "TargetMode") == "External" {
			return nil
		}
		target := attribute(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = dir + target
		}
		found[attribute(e, "Id")] = strings.TrimPrefix(path.Clean("/"+target), "/")
		return nil
	})
	return found, err
}

// readStyles finds out which styles show a number as a date.
func (b *book) readStyles(part string) error {
	custom := map[string]string{}
	return b.each(part, func(parent string, e xml.StartElement) error {
		switch {
		case e.Name.Local == "numFmt" && parent == "numFmts":
			custom[attribute(e, "numFmtId")] = attribute(e, "formatCode")
		case e.Name.Local == "xf" && parent == "cellXfs":
			id := attribute(e, "numFmtId")
			format, ok := custom[id]
			b.dates = append(b.dates, ok && isDateFormat(format) || !ok && slices.Contains(dateFormats, id))
		}
		return nil
	})
}

// dateFormats are the numbers of the built-in formats that show dates or times, those of East Asia among them: ECMA-376 part 1, 18.8.30.
var dateFormats = strings.Fields("14 15 16 17 18 19 20 21 22 27 28 29 30 31 32 33 34 35 36 45 46 47 50 51 52 53 54 55 56 57 58")

// isDateFormat reports whether a number format shows a date or a time.
func isDateFormat(format string) bool {
	parser := nfp.NumberFormatParser()
	for _, section := range parser.Parse(format) {
		for _, token := range section.Items {
			if token.TType == nfp.TokenTypeDateTimes || token.TType == nfp.TokenTypeElapsedDateTimes {
				return true
			}
		}
	}
	return false
}

// readStrings reads the texts that cells share. Of a text in several fonts the parts are joined; what tells how to pronounce it is
// left out.
func (b *book) readStrings(part string) error {
	x, err := b.open(part)
	if err != nil {
		return err
	}
	defer x.close()
	for {
		token, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "si" {
			text, err := x.text()
			if err != nil {
				return fmt.Errorf("%s: %w", part, err)
			}
			b.strings = append(b.strings, text)
		}
	}
}

// each calls do for every element of a part, with the name of the element around it.
func (b *book) each(part string, do func(parent string, e xml.StartElement) error) error {
	x, err := b.open(part)
	if err != nil {
		return err
	}
	defer x.close()
	for {
		token, err := x.next()
		if err == io.EOF {
			return nil
		}
		if e, ok := token.(xml.StartElement); ok && err == nil {
			parent := ""
			if n := len(x.within); n > 1 {
				parent = x.within[n-2].Local
			}
			err = do(parent, e)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
	}
}

func (b *book) open(part string) (*xmlReader, error) {
	e := b.parts[strings.ToLower(part)]
	if e == nil {
		return nil, fmt.Errorf("it lacks the part %s", part)
	}
	r, err := e.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	return &xmlReader{decoder: xml.NewDecoder(bufio.NewReaderSize(r, 64<<10)), close: r.Close}, nil
}

// xmlReader reads XML strictly: elements are closed in the order in which they were opened, and there is no document type definition.
// encoding/xml does the same in Token, at almost twice the time.
type xmlReader struct {
	decoder *xml.Decoder
	close   func() error
	within  []xml.Name
	done    bool // the root is closed
}

const maxDepth = 100 // of elements in elements

func (x *xmlReader) next() (xml.Token, error) {
	token, err := x.decoder.RawToken()
	if err == io.EOF && !x.done {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case xml.StartElement:
		switch {
		case x.done:
			return nil, errors.New("the XML goes on after its end")
		case len(x.within) == maxDepth:
			return nil, fmt.Errorf("the XML is more than %d elements deep", maxDepth)
		}
		x.within = append(x.within, t.Name)
	case xml.EndElement:
		last := len(x.within) - 1
		if last < 0 || x.within[last] != t.Name {
			return nil, fmt.Errorf("the XML closes <%s>, which is not open", t.Name.Local)
		}
		x.within, x.done = x.within[:last], last == 0
	case xml.Directive:
		return nil, errors.New("the XML has a document type definition, which no workbook needs")
	}
	return token, nil
}

// text joins the texts in the element that was just opened, up to its end.
func (x *xmlReader) text() (string, error) {
	depth := len(x.within)
	var whole string
	var parts []byte
	for {
		token, err := x.next()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			in := x.within[len(x.within)-1].Local
			if (in != "t" && in != "v") || slices.ContainsFunc(x.within, func(n xml.Name) bool { return n.Local == "rPh" }) {
				continue
			}
			if whole == "" && parts == nil {
				whole = string(t)
				continue
			}
			if parts == nil {
				parts = []byte(whole)
			}
			parts = append(parts, t...)
		case xml.EndElement:
			if len(x.within) < depth {
				if parts != nil {
					whole = string(parts)
				}
				return unescape(whole), nil
			}
		}
	}
}

// escaped is how Office writes a character that XML cannot hold.
var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(code string) string {
		c, err := strconv.ParseUint(code[2:6], 16, 16)
		if err != nil {
			return code
		}
		return string(rune(c))
	})
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }

// merged are the merged ranges of a sheet. They stand behind its rows, where a stream of rows would come to know of them too late.
func (b *book) merged(part string) ([]span, error) {
	var rest tail
	if err := expand(b.parts[strings.ToLower(part)], &rest); err != nil {
		return nil, err
	}
	var spans []span
	decoder := xml.NewDecoder(bytes.NewReader(rest.text))
	for {
		token, err := decoder.RawToken()
		if err != nil { // the stream of rows will tell what is wrong
			break
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "mergeCell" {
			s, ok := parseSpan(attribute(e, "ref"))
			if !ok {
				return nil, fmt.Errorf("%s: %s is no range of cells", part, quote(attribute(e, "ref")))
			}
			if len(spans) == maxMerged {
				return nil, fmt.Errorf("%s: more than %d merged ranges", part, maxMerged)
			}
			spans = append(spans, s)
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(a.top-b.top, a.left-b.left) })
	return spans, nil
}

// tail keeps what is written after the rows of a sheet.
type tail struct {
	text []byte
	rows bool // their end was seen
}

var endOfRows = regexp.MustCompile(`</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>`)

func (t *tail) Write(p []byte) (int, error) {
	const longest = 64      // of what endOfRows matches; it may come in two pieces
	const enough = 16 << 20 // merged ranges stand before what may be long
	if t.rows && len(t.text) > enough {
		return len(p), nil
	}
	t.text = append(t.text, p...)
	if t.rows {
		return len(p), nil
	}
	word := []byte("sheetData") // looked for first, as an expression is dear
	for i := 0; ; i += len(word) {
		next := bytes.Index(t.text[i:], word)
		if next < 0 {
			break
		}
		i += next
		start := max(0, i-longest)
		if end := endOfRows.FindIndex(t.text[start:min(len(t.text), i+longest)]); end != nil {
			t.text, t.rows = slices.Clone(t.text[start+end[1]:]), true
			return len(p), nil
		}
	}
	if keep := 2 * longest; len(t.text) > keep {
		t.text = append(t.text[:0], t.text[len(t.text)-keep:]...)
	}
	return len(p), nil
}

// span is a range of cells; rows and columns count from 1.
type span struct{ top, left, bottom, right int }

func (s span) has(row, column int) bool {
	return s.top <= row && row <= s.bottom && s.left <= column && column <= s.right
}

func (s span) String() string {
	return cellName(s.top, s.left) + ":" + cellName(s.bottom, s.right)
}

func parseSpan(ref string) (s span, ok bool) {
	first, last, _ := strings.Cut(ref, ":")
	top, left, ok1 := parseCell(first)
	bottom, right, ok2 := parseCell(cmp.Or(last, first))
	s = span{top, left, bottom, right}
	return s, ok1 && ok2 && top <= bottom && left <= right
}

// The largest sheet: ECMA-376 leaves it open, Excel has these.
const lastRow, lastColumn = 1 << 20, 1 << 14

// parseCell reads the name of a cell, such as B7.
func parseCell(name string) (row, column int, ok bool) {
	i := 0
	for ; i < len(name) && i < 4; i++ {
		c := name[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		column = column*26 + int(c-'a') + 1
	}
	row, err := strconv.Atoi(name[i:])
	return row, column, err == nil && i > 0 && digits(name[i:]) && 0 < row && row <= lastRow && column <= lastColumn
}

func columnName(column int) string {
	if column == 0 {
		return ""
	}
	return columnName((column-1)/26) + string(rune('A'+(column-1)%26))
}

func cellName(row, column int) string { return columnName(column) + strconv.Itoa(row) }
