package load

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"deconflict/data"
)

// file is a CSV file while it is read: its header, then row after row.
type file struct {
	name    string // as positions show it
	marking data.Marking
	header  []string
	text    []byte
	lines   []int // where each line starts in text; made for the first problem
	reader  *csv.Reader
}

// open reads a file up to its header. Where it cannot, it says why and returns nil.
func (l *loader) open(fsys fs.FS, p, name string) *file {
	at := data.Position{File: name}
	info, err := fs.Stat(fsys, p)
	if err != nil {
		l.fail(at, "", "cannot be read: "+reason(err), nearFiles(fsys, p, name))
		return nil
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer for ever
		l.fail(at, "", fmt.Sprintf("is %s, wanted a file", kindOf(info.Mode())), "")
		return nil
	}
	if ext := strings.ToLower(path.Ext(p)); ext == ".xlsx" || ext == ".xls" || ext == ".ods" || ext == ".json" {
		l.fail(at, "", "is "+strings.ToUpper(ext[1:])+", wanted CSV", "save each table as CSV in UTF-8")
		return nil
	}
	if info.Size() > maxFile {
		l.fail(at, "", fmt.Sprintf("has %d MB, wanted at most %d", info.Size()>>20, maxFile>>20), "")
		return nil
	}
	text, err := fs.ReadFile(fsys, p)
	if err != nil {
		l.fail(at, "", "cannot be read: "+reason(err), "")
		return nil
	}
	return l.parse(name, text)
}

// parse finds encoding, separator and header of a text.
func (l *loader) parse(name string, text []byte) *file {
	f := &file{name: name, text: bytes.TrimPrefix(text, []byte("\ufeff"))}
	if i := notUTF8(f.text); i >= 0 {
		line, column := lineColumn(f.text, i)
		offset := i + len(text) - len(f.text)
		l.fail(data.Position{File: name, Line: line, Column: column}, "",
			fmt.Sprintf("byte 0x%02X at offset %d is not UTF-8", f.text[i], offset), "save the file as CSV in UTF-8")
		return nil
	}
	comma := separator(f.text)
	f.reader = csv.NewReader(bytes.NewReader(f.text))
	f.reader.Comma = comma
	f.reader.FieldsPerRecord = -1 // counted in read, so that reading goes on
	f.reader.ReuseRecord = true
	f.reader.TrimLeadingSpace = comma != '\t' // a quote may stand after a blank

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
	if len(header) > maxColumns {
		l.fail(f.at(maxColumns), "", fmt.Sprintf("%d columns, wanted at most %d", len(header), maxColumns), "")
		return nil
	}
	for i, word := range header {
		if c, ok := control(word); ok {
			l.fail(f.at(i), "", fmt.Sprintf("the header holds the control character U+%04X, wanted text with lines that end in a line feed", c), "save the file as CSV in UTF-8")
			return nil
		}
	}
	f.header = slices.Clone(header)
	if comma != ',' {
		shown := string(comma)
		if comma == '\t' {
			shown = "tab"
		}
		l.warn(f.at(0), "", "separator "+shown+" assumed", "")
	}
	return f
}

// next returns the cells of the next row that has any, trimmed of white space. They are overwritten by the row after.
func (f *file) next() ([]string, error) {
	for {
		cells, err := f.reader.Read()
		if err != nil {
			return nil, err
		}
		empty := true
		for i, c := range cells {
			cells[i] = strings.TrimSpace(c)
			empty = empty && cells[i] == ""
		}
		if !empty {
			return cells, nil
		}
	}
}

// at is where a cell of the row last read starts.
func (f *file) at(cell int) data.Position { return f.position(f.reader.FieldPos(cell)) }

// position turns the byte column of encoding/csv into the character column that an editor shows.
func (f *file) position(line, column int) data.Position {
	if f.lines == nil {
		f.lines = append(f.lines, 0)
		for i, b := range f.text {
			if b == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	}
	start := f.lines[line-1]
	end := min(start+column-1, len(f.text))
	return data.Position{File: f.name, Line: line, Column: utf8.RuneCount(f.text[start:end]) + 1}
}

// line is where the row last read starts.
func (f *file) line() data.Position {
	line, _ := f.reader.FieldPos(0)
	return data.Position{File: f.name, Line: line}
}

// stopped words an error of encoding/csv, after which the file cannot be read on, as arguments of fail.
func (f *file) stopped(err error) (at data.Position, field, got, hint string) {
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

// notUTF8 is the offset of the first byte that is part of no character; -1 if there is none.
func notUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// lineColumn is the line and the column of an offset, in characters and from 1.
func lineColumn(text []byte, offset int) (line, column int) {
	before := text[:offset]
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
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

func kindOf(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}
