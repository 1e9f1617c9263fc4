package load

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// rowsOf prints each row of a text with the place of each cell, and the error after which there are no more.
func rowsOf(next func() ([]string, []string, error)) string {
	var b strings.Builder
	for {
		cells, places, err := next()
		if err != nil {
			fmt.Fprintln(&b, err)
			return b.String()
		}
		fmt.Fprintf(&b, "%q %q\n", cells, places)
	}
}

// asScanned reads a text in parts of about a size, each with a scanner of its own.
func asScanned(text []byte, separator rune, size int) string {
	parts := cuts(text, size)
	var s *scanner
	begin := 0 // of the part
	return rowsOf(func() (cells, places []string, err error) {
		for {
			if s == nil {
				if len(parts) == 0 {
					return nil, nil, io.EOF
				}
				s, begin = newScanner(parts[0].text, parts[0].line, separator), int(parts[0].next)-len(parts[0].text)
				parts = parts[1:]
			}
			if err = s.scan(); err != io.EOF {
				break
			}
			s = nil
		}
		if e, ok := errors.AsType[*quoteError](err); ok {
			kind := csv.ErrQuote
			if e.error == errBareQuote {
				kind = csv.ErrBareQuote
			}
			return nil, nil, &csv.ParseError{StartLine: e.startsOn, Line: e.line, Column: e.column, Err: kind}
		}
		for i, c := range s.cells {
			cells = append(cells, string(c))
			before := text[:begin+s.starts[i]]
			places = append(places, fmt.Sprint(bytes.Count(before, []byte("\n"))+1, ":", len(before)-bytes.LastIndexByte(before, '\n')))
			if i == 0 && s.startsOn != bytes.Count(before, []byte("\n"))+1 {
				places[0] += fmt.Sprint(", not in line ", s.startsOn)
			}
		}
		plain := !bytes.ContainsFunc(text[begin+s.start:begin+s.next], func(c rune) bool { return c != '\n' && c != '\r' && (c < ' ' || c > '~' || c == '"') })
		if s.plain && !plain {
			places = append(places, "it is not plain")
		}
		return cells, places, nil
	})
}

// cuts cuts a text as it is cut where its parts are read on several cores.
func cuts(text []byte, size int) (parts []part) {
	t := newText(text, size)
	r, s := t.open(), t.stretches()
	for i := range s.counts {
		p, err := r.cut(s, i, func(counts block) (block, bool) {
			s.tell(i, counts)
			return s.before[i], true
		})
		if err != nil {
			panic(err) // reading memory does not fail
		}
		if len(p.text) > 0 {
			parts = append(parts, p)
		}
	}
	return parts
}

// newReader reads CSV as encoding/csv does.
func newReader(text []byte, separator rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = separator, -1, separator != '\t'
	return r
}

// asRead reads a text with it.
func asRead(text []byte, separator rune) string {
	r := newReader(text, separator)
	return rowsOf(func() (cells, places []string, err error) {
		if cells, err = r.Read(); err != nil {
			return nil, nil, err
		}
		for i := range cells {
			line, column := r.FieldPos(i)
			places = append(places, fmt.Sprint(line, ":", column))
		}
		return cells, places, nil
	})
}

func compareScanned(t *testing.T, text []byte, separator rune, size int) {
	if want, got := asRead(text, separator), asScanned(text, separator, size); got != want {
		t.Fatalf("%q in parts of %d\n got %s\nwant %s", text, size, got, want)
	}
}

// Texts in which everything that matters is frequent are read as encoding/csv reads them, in parts of any size.
func TestScannerReadsWhatEncodingCSVReads(t *testing.T) {
	pieces := []string{`"`, `"`, `""`, `",`, `,"`, "\"\n", "\n\"", ",", ",", "\n", "\n", "\r\n", "\r", "\r\n\"", " ", "a", "bc", "long enough for eight", "é", "\u00a0", ";", "\t", "\x00", "\x7f"}
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 0))
		var text []byte
		for range r.IntN(24) {
			text = append(text, pieces[r.IntN(len(pieces))]...)
		}
		compareScanned(t, text, []rune{',', ';', '\t', 'é'}[r.IntN(4)], utf8.UTFMax+r.IntN(30))
	}
}

func FuzzScanner(f *testing.F) {
	f.Add([]byte("id,name\n1,\"a \"\"b\"\"\r\n\"\n\n2, \"c\"\n"), uint8(0), uint8(3))
	f.Add([]byte("a;\"b\nc"), uint8(1), uint8(1))
	f.Fuzz(func(t *testing.T, text []byte, separator, size uint8) {
		if utf8.Valid(text) {
			compareScanned(t, text, []rune{',', ';', '\t', 'é'}[separator%4], utf8.UTFMax+int(size))
		}
	})
}
