package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"deconflict/data"
)

// csvRows are the rows of a CSV file, or of a part of one.
type csvRows struct {
	*scanner
	name      string
	separator rune
	fixed     notation // how numbers are written, where that is certain
	judged    *judged

	text                  *text
	after                 int64  // where the part after the one that is read starts
	headerEnd, headerLine int    // where the first row after the header starts, and on which line
	places                places // of the part that is read
	first, size           int    // the number of its first line, and of its lines
	row                   []string
	joined                []byte
}

// judged are the notations of columns, each judged once by all its numbers.
type judged struct {
	sync.Mutex
	columns map[int]notation
}

// open reads a CSV file up to its header. Where it cannot, it says why and returns nil.
func (l *loader) open(fsys fs.FS, p, name string) *file {
	if t, ok := l.large(fsys, p, name); ok {
		return l.csvOf(name, t, nil)
	}
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

// large looks at a file that is large, and is CSV in UTF-8: it stays on the disk and is read in parts. Any other is read as a whole, for which
// ok is false.
func (l *loader) large(fsys fs.FS, p, name string) (t *text, ok bool) {
	if l.kept != nil || l.asking != nil { // somebody will look at the whole of it
		return nil, false
	}
	info, err := fs.Stat(fsys, p)
	if err != nil || !info.Mode().IsRegular() || info.Size() <= l.small || l.options.Encoding != "" && !namesUTF8(l.options.Encoding) {
		return nil, false
	}
	f, err := fsys.Open(p)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	start := make([]byte, min(1024, info.Size()))
	if _, ok := f.(io.ReaderAt); !ok {
		return nil, false
	}
	if _, err := io.ReadFull(f, start); err != nil || kindOf(start) != kindText || hasMetadata(start) {
		return nil, false
	}
	if info.Size() > maxText {
		l.fail(data.Position{File: name}, "", fmt.Sprintf("has %d MB, wanted at most %d", info.Size()>>20, maxText>>20), "")
		return nil, true
	}
	t, err = textAt(fsys, p, info, partOf(info.Size(), l.part))
	if err == nil && l.care.encoding {
		if err = t.check(); err == errNotUTF8 {
			return nil, false
		}
		t.known = true
	}
	if err != nil {
		l.fail(data.Position{File: name}, "", "cannot be read: "+reason(err), "")
		return nil, true
	}
	return t, true
}

// csv finds encoding, separator and header of a text.
func (l *loader) csv(name string, text []byte) *file {
	text, ok := l.decode(name, text)
	if !ok {
		return nil
	}
	text, set := l.metadata(name, text)
	return l.csvOf(name, newText(text, partOf(int64(len(text)), l.part)), set)
}

// csvOf finds separator and header; of no text it makes no file. set is what a block of metadata before the table says, if there is one.
func (l *loader) csvOf(name string, t *text, set *mappingSet) *file {
	if t == nil {
		return nil
	}
	f := &csvRows{name: name, text: t, fixed: l.options.notation(), separator: l.options.Separator, judged: &judged{columns: map[int]notation{}}}
	if !t.known {
		l.texts = append(l.texts, f)
	}
	start, err := f.part(t.begin, 1)
	if err == errNotUTF8 {
		l.again, l.care.encoding = true, true
		return nil
	}
	if err != nil {
		t.known = true
		l.fail(f.stopped(err))
		return nil
	}
	if f.separator == 0 {
		f.separator = separator(start.text)
	}
	if !canSeparate(f.separator) {
		l.fail(data.Position{File: name}, "", fmt.Sprintf("%q cannot separate columns, wanted a comma, a semicolon or a tab", f.separator), "")
		return nil
	}
	f.take(start)
	header, err := f.next()
	f.headerEnd, f.headerLine = f.scanner.next, f.scanner.line
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
	if f.separator != ',' && l.options.Separator == 0 && (f.separator != '\t' || set == nil) { // a mapping set says what it is
		shown := string(f.separator)
		if f.separator == '\t' {
			shown = "tab"
		}
		l.warn(f.at(0), "", "separator "+shown+" assumed", "--separator says which it is")
	}
	if set != nil {
		l.addPrefixes(set)
	}
	return &file{Position: data.Position{File: name}, header: slices.Clone(header), set: set, rows: f}
}

// canSeparate reports whether a character can stand between cells.
func canSeparate(c rune) bool {
	return c != '"' && c != '\r' && c != '\n' && utf8.ValidRune(c) && c != utf8.RuneError
}

// take begins to read a part.
func (f *csvRows) take(p part) {
	f.scanner = newScanner(p.text, p.line, f.separator)
	f.places, f.first, f.size, f.after = places{text: p.text}, p.line, p.lines, p.next
}

// part fetches the part that starts at an offset where a row does, and on a line.
func (f *csvRows) part(from int64, line int) (part, error) {
	f.first = line
	r := f.text.open()
	defer r.close()
	return r.after(from, line)
}

// lines is about how many lines the text has, and seldom less. So many more records than there are places for would all have to be moved.
func (f *csvRows) lines() int {
	if f.text.whole != nil {
		return bytes.Count(f.text.whole, lineFeed) + 1
	}
	return int(float64(f.size) * float64(f.text.end) / float64(len(f.places.text)) * 17 / 16)
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
		err := f.scan()
		if err == io.EOF && f.after < f.text.end {
			p, err := f.part(f.after, f.first+f.size)
			if err != nil {
				return nil, err
			}
			f.take(p)
			continue
		}
		if err != nil {
			return nil, err
		}
		if cells, filled := f.filled(); filled {
			return cells, nil
		}
	}
}

// filled are the cells of the row last read, trimmed, if it has any.
func (f *csvRows) filled() (cells []string, filled bool) {
	cells = f.strings()
	return cells, trim(cells)
}

// strings are the cells of the row last read as texts that can be kept, cut from one copy of it.
func (f *csvRows) strings() []string {
	f.joined = f.joined[:0]
	for _, c := range f.cells {
		f.joined = append(f.joined, c...)
	}
	all := string(f.joined)
	f.row = f.row[:0]
	for _, c := range f.cells {
		f.row = append(f.row, all[:len(c)])
		all = all[len(c):]
	}
	return f.row
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

func (f *csvRows) at(cell int) data.Position { return f.position(f.starts[cell]) }

// position turns an offset in the part that is read into the line and character column that an editor shows.
func (f *csvRows) position(offset int) data.Position {
	line, column := f.places.after(min(offset, len(f.places.text)), f.scanner.start, f.startsOn-f.first+1)
	return data.Position{File: f.name, Line: f.first + line - 1, Column: column}
}

func (f *csvRows) line() data.Position { return data.Position{File: f.name, Line: f.startsOn} }

// flaw finds none: every cell of CSV is text.
func (f *csvRows) flaw(int) (got, hint string) { return "", "" }

// notation judges a column by all its numbers. In a file whose separator is a comma a number may have a decimal comma where all of its
// column have one.
func (f *csvRows) notation(cell int) notation {
	if f.fixed != doubtful {
		return f.fixed
	}
	f.judged.Lock()
	defer f.judged.Unlock()
	n, ok := f.judged.columns[cell]
	if !ok {
		n = f.judge(cell)
		f.judged.columns[cell] = n
	}
	return n
}

func (f *csvRows) judge(cell int) notation {
	var sureCommas, surePoints, others int
	r := &csvRows{text: f.text, separator: f.separator, scanner: new(scanner), after: f.text.begin, first: 1}
	for row := 0; f.separator != ',' || surePoints+others == 0; row++ { // else it is decided
		cells, err := r.next()
		if err != nil { // the end, or what next will stumble over
			break
		}
		if row == 0 || cell >= len(cells) {
			continue
		}
		s := cells[cell]
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
	case f.separator == ',' && sureCommas > 0 && surePoints+others == 0, f.separator != ',' && sureCommas > 0 && surePoints == 0:
		return commas
	case f.separator == ',':
		return pointed
	case surePoints > 0 && sureCommas == 0:
		return points
	}
	return doubtful
}

// stopped words an error of next, after which the file cannot be read on.
func (f *csvRows) stopped(err error) (at data.Position, field, got, hint string) {
	at = data.Position{File: f.name}
	e, ok := errors.AsType[*quoteError](err)
	switch {
	case err == errEndless:
		at.Line = f.first
		return at, "", err.Error() + "; the rest of the file is not read", "close the quotes, and double those inside"
	case !ok:
		return at, "", "cannot be read: " + reason(err), ""
	}
	at.Line = e.startsOn
	if e.line == e.startsOn {
		at = f.position(f.places.start(e.line-f.first+1) + e.column - 1)
	}
	if e.error == errBareQuote {
		return at, "", e.Error() + "; the rest of the file is not read", "put the cell in quotes and double those inside"
	}
	return at, "", e.Error() + "; the rest of the file is not read", "close the quotes, and double those inside"
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
func control[T string | []byte](s T) (c rune, ok bool) {
	for _, c := range string(s) {
		if (c < ' ' || c >= 0x7f) && unicode.IsControl(c) && c != '\n' && c != '\t' {
			return c, true
		}
	}
	return 0, false
}
