package load

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// original is what a table's file really holds in the row last read, where reading took off the white space.
type original interface {
	// row is told that a row was read.
	row()
	// cell is the text of a cell, and where that stands in the file; ok is false for what is no text, such as a number of a sheet.
	cell(i int) (text string, start, end int, ok bool)
}

func originals(f *file) original {
	switch rows := f.rows.(type) {
	case *csvRows:
		return &csvOriginal{file: f, cells: cells{text: rows.text.whole, comma: rows.separator}}
	case *array:
		return &arrayOriginal{rows}
	case *sheet:
		return &sheetOriginal{rows}
	}
	return noOriginal{}
}

type noOriginal struct{}

func (noOriginal) row()                                            {}
func (noOriginal) cell(int) (text string, start, end int, ok bool) { return "", 0, 0, false }

type sheetOriginal struct{ *sheet }

func (o sheetOriginal) row() {}

func (o sheetOriginal) cell(i int) (text string, start, end int, ok bool) {
	if i >= len(o.cells) || o.cells[i].number || o.cells[i].formula {
		return "", 0, 0, false
	}
	return o.cells[i].text, 0, 0, true
}

type arrayOriginal struct{ *array }

func (o arrayOriginal) row() {}

func (o arrayOriginal) cell(i int) (text string, start, end int, ok bool) {
	if i >= len(o.values) || o.values[i].kind != '"' {
		return "", 0, 0, false
	}
	start = o.values[i].offset
	raw, err := jsontext.NewDecoder(bytes.NewReader(o.places.text[start:])).ReadValue()
	if err != nil {
		return "", 0, 0, false
	}
	return unquote(raw), start, start + len(raw), true
}

// csvOriginal follows the rows of a CSV file in its text.
type csvOriginal struct {
	file *file
	cells
	found []extent
}

func (o *csvOriginal) row() {
	line := o.file.line().Line
	for o.found = nil; o.line < line || o.found == nil; {
		var more bool
		if o.found, more = o.next(); !more {
			o.found = nil
			return
		}
	}
	if o.line != line {
		o.found = nil
	}
}

// cell leaves the blanks before a cell to the author's taste.
func (o *csvOriginal) cell(i int) (text string, start, end int, ok bool) {
	if i >= len(o.found) {
		return "", 0, 0, false
	}
	e := o.found[i]
	text = string(o.text[e.start:e.end])
	if e.quoted(o.text) {
		text = strings.ReplaceAll(text[1:len(text)-1], `""`, `"`)
		text = strings.ReplaceAll(text, "\r\n", "\n") // as encoding/csv reads it
	}
	return text, e.start, e.end, true
}

// extent is where a cell stands in a text, from its first character that is no blank, with its quotes.
type extent struct{ start, end int }

func (e extent) quoted(text []byte) bool {
	return e.end-e.start >= 2 && text[e.start] == '"' && text[e.end-1] == '"'
}

// cells finds the cells of CSV in its text, as encoding/csv does, which tells their beginnings alone.
type cells struct {
	text  []byte
	comma rune
	at    int // what was looked at
	line  int // in which the row last found begins, from 1
	lines int // line ends up to at
}

// next finds the cells of the next row that is not blank. It is asked only for rows that encoding/csv could read.
func (c *cells) next() (row []extent, ok bool) {
	for c.at < len(c.text) && (c.text[c.at] == '\n' || c.text[c.at] == '\r' && c.at+1 < len(c.text) && c.text[c.at+1] == '\n') {
		if c.text[c.at] == '\n' {
			c.lines++
		}
		c.at++
	}
	if c.at == len(c.text) {
		return nil, false
	}
	c.line = c.lines + 1
	comma := []byte(string(c.comma))
	for {
		for c.comma != '\t' && c.at < len(c.text) {
			r, n := utf8.DecodeRune(c.text[c.at:])
			if r == '\n' || r == '\r' && bytes.HasPrefix(c.text[c.at:], []byte("\r\n")) || !unicode.IsSpace(r) {
				break
			}
			c.at += n
		}
		start := c.at
		if c.at < len(c.text) && c.text[c.at] == '"' {
			for c.at++; c.at < len(c.text); c.at++ {
				if c.text[c.at] == '\n' {
					c.lines++
				}
				if c.text[c.at] == '"' {
					if c.at+1 < len(c.text) && c.text[c.at+1] == '"' {
						c.at++
						continue
					}
					c.at++
					break
				}
			}
		}
		for c.at < len(c.text) && c.text[c.at] != '\n' && !bytes.HasPrefix(c.text[c.at:], comma) {
			c.at++
		}
		end := c.at
		if end > start && c.text[end-1] == '\r' && (c.at == len(c.text) || c.text[c.at] == '\n') {
			end--
		}
		row = append(row, extent{start, end})
		switch {
		case c.at == len(c.text):
			return row, true
		case c.text[c.at] == '\n':
			c.at++
			c.lines++
			return row, true
		}
		c.at += len(comma)
	}
}
