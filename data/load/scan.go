package load

import (
	"bytes"
	"errors"
	"io"
	"unicode"
	"unicode/utf8"
)

// scanner finds the cells of CSV text row by row. It reads what encoding/csv reads and refuses what that refuses, at the same places, but
// hands out parts of the text instead of copies and says where each cell starts: a test holds the two against each other.
type scanner struct {
	text      []byte
	separator []byte
	blanks    bool // blanks before a cell are skipped, so that a quote may stand after one
	next      int  // where the line after the last row starts,
	line      int  // and its number

	// The row last read: where it starts and on which line, and its cells with where each starts. Cells are valid until the next row.
	start    int
	startsOn int
	cells    [][]byte
	starts   []int
	plain    bool   // it has printable ASCII alone and no quotes
	unquoted []byte // the cells that are not in the text as they are
}

// newScanner reads text whose first line has the number line.
func newScanner(text []byte, line int, separator rune) *scanner {
	return &scanner{text: text, line: line, separator: utf8.AppendRune(nil, separator), blanks: separator != '\t'}
}

// quoteError is a quote where none can be. Nothing after it can be read, as it might be part of any cell.
type quoteError struct {
	error
	startsOn int // the line of the row
	line     int // and of the quote, with its column in bytes
	column   int
}

var (
	errBareQuote = errors.New("a quote inside a cell that does not start with one")
	errQuote     = errors.New("a quoted cell does not end where its quotes do")
)

// scan reads a row; io.EOF says that there is none left. Lines without a character are no rows.
func (s *scanner) scan() error {
	for s.next < len(s.text) {
		s.start, s.startsOn = s.next, s.line
		line := s.readLine()
		if len(line) == 0 {
			continue
		}
		s.cells, s.starts = s.cells[:0], s.starts[:0]
		var quoted bool
		s.plain, quoted = classify(line)
		if quoted {
			s.plain = false
			return s.quoted(line)
		}
		s.split(line)
		return nil
	}
	return io.EOF
}

// readLine returns the next line without its end, which is \n, \r\n or that of the text.
func (s *scanner) readLine() []byte {
	rest := s.text[s.next:]
	s.line++
	i := bytes.IndexByte(rest, '\n')
	if i < 0 {
		i = len(rest)
		s.next = len(s.text)
	} else {
		s.next += i + 1
	}
	if i > 0 && rest[i-1] == '\r' {
		i--
	}
	return rest[:i]
}

// classify reports whether a line has printable ASCII alone, and whether a quote is in it. It looks at eight bytes at a time: that a byte of a
// word is below a bound, or equal to another, shows in its highest bit after a subtraction.
func classify(line []byte) (plain, quoted bool) {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	var odd, quotes uint64
	for len(line) >= 8 {
		w := uint64(line[0]) | uint64(line[1])<<8 | uint64(line[2])<<16 | uint64(line[3])<<24 |
			uint64(line[4])<<32 | uint64(line[5])<<40 | uint64(line[6])<<48 | uint64(line[7])<<56
		q, d := w^ones*'"', w^ones*0x7f
		odd |= w | (w-ones*' ')&^w | (d-ones)&^d
		quotes |= (q - ones) &^ q
		line = line[8:]
	}
	plain, quoted = odd&highs == 0, quotes&highs != 0
	for _, c := range line {
		plain = plain && c >= ' ' && c < 0x7f
		quoted = quoted || c == '"'
	}
	return plain, quoted
}

// split finds the cells of a line without quotes.
func (s *scanner) split(line []byte) {
	at, sep := s.start, s.separator[0]
	for {
		if s.blanks && len(line) > 0 && (line[0] <= ' ' || line[0] >= utf8.RuneSelf) {
			n := leadingBlanks(line)
			line, at = line[n:], at+n
		}
		i := bytes.IndexByte(line, sep)
		if len(s.separator) > 1 {
			i = bytes.Index(line, s.separator)
		}
		s.starts = append(s.starts, at)
		if i < 0 {
			s.cells = append(s.cells, line)
			return
		}
		s.cells = append(s.cells, line[:i])
		i += len(s.separator)
		line, at = line[i:], at+i
	}
}

func leadingBlanks(line []byte) int {
	i := bytes.IndexFunc(line, func(c rune) bool { return !unicode.IsSpace(c) })
	if i < 0 {
		i = len(line)
	}
	return i
}

// quoted finds the cells of a row in which there are quotes. A quoted cell may go on over lines, whose ends become \n.
func (s *scanner) quoted(line []byte) error {
	s.unquoted = s.unquoted[:0]
	at, start, number := s.start, s.start, s.startsOn // where line, and the line that it is part of, starts, and its number
	fail := func(err error, at int) error {
		return &quoteError{error: err, startsOn: s.startsOn, line: number, column: at - start + 1}
	}
	for {
		if s.blanks {
			n := leadingBlanks(line)
			line, at = line[n:], at+n
		}
		s.starts = append(s.starts, at)
		if len(line) == 0 || line[0] != '"' {
			i := bytes.Index(line, s.separator)
			cell := line
			if i >= 0 {
				cell = line[:i]
			}
			if j := bytes.IndexByte(cell, '"'); j >= 0 {
				return fail(errBareQuote, at+j)
			}
			s.cells = append(s.cells, cell)
			if i < 0 {
				return nil
			}
			i += len(s.separator)
			line, at = line[i:], at+i
			continue
		}
		line, at = line[1:], at+1
		from := len(s.unquoted)
		for ended := false; !ended; {
			i := bytes.IndexByte(line, '"')
			if i < 0 { // the cell goes on in the next line, if there is one
				ends := s.text[len(s.text)-1] == '\n'
				if !ends && s.next == len(s.text) {
					return fail(errQuote, at+len(line))
				}
				s.unquoted = append(append(s.unquoted, line...), '\n')
				after := at + len(line) + 1
				from := s.next
				if line = s.readLine(); from == len(s.text) || len(line) == 0 && !ends && s.next == len(s.text) {
					return fail(errQuote, after)
				}
				at, start, number = from, from, number+1
				continue
			}
			s.unquoted = append(s.unquoted, line[:i]...)
			line, at = line[i+1:], at+i+1
			switch {
			case bytes.HasPrefix(line, []byte(`"`)):
				s.unquoted = append(s.unquoted, '"')
				line, at = line[1:], at+1
			case bytes.HasPrefix(line, s.separator):
				line, at = line[len(s.separator):], at+len(s.separator)
				ended = true
			case len(line) == 0:
				s.cells = append(s.cells, s.unquoted[from:len(s.unquoted):len(s.unquoted)])
				return nil
			default:
				return fail(errQuote, at-1)
			}
		}
		s.cells = append(s.cells, s.unquoted[from:len(s.unquoted):len(s.unquoted)])
	}
}
