package load

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"deconflict/data"
)

// mark is the byte order mark in UTF-8.
const mark = "\ufeff"

// westernPunctuation are the bytes of Windows-1252 that stand for no letter and yet in Western texts: € „ … ‘ ’ “ ” • – — ™, a blank
// that does not break, § « ° · ».
const westernPunctuation = "\x80\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa7\xab\xb0\xb7\xbb"

// decode turns a text into UTF-8. An encoding is certain where the text carries its mark or can be no other; Windows-1252 is a guess,
// and is told as one.
func (l *loader) decode(name string, text []byte) ([]byte, bool) {
	switch {
	case l.options.Encoding != "":
		e := encodingNamed(l.options.Encoding)
		if e == nil {
			if l.firstTime("encoding") {
				names := encodings()
				l.fail(data.Position{File: name}, "", "is to be read as "+quote(l.options.Encoding)+", wanted one of "+strings.Join(names, ", "),
					data.DidYouMean(data.Nearest(l.options.Encoding, names)))
			}
			return nil, false
		}
		return l.decodeAs(name, text, e)
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")):
		return l.decodeAs(name, text, utf16)
	case bytes.HasPrefix(text, []byte(mark)), utf8.Valid(text), !western(text):
		return l.decodeAs(name, text, unicode.UTF8)
	}
	decoded, ok := l.decodeAs(name, text, charmap.Windows1252)
	if ok {
		i := bytes.IndexFunc(text, func(c rune) bool { return c >= utf8.RuneSelf })
		line, column := lineColumn(text, i)
		l.warn(data.Position{File: name, Line: line, Column: column}, "", "the text is not UTF-8: read as Windows-1252", "--encoding says which it is")
	}
	return decoded, ok
}

var utf16 = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)

// decodeAs decodes a text, and refuses it at the first byte that the encoding does not have.
func (l *loader) decodeAs(name string, text []byte, e encoding.Encoding) ([]byte, bool) {
	body := bytes.TrimPrefix(text, []byte(mark))
	start := len(text) - len(body)
	i := -1
	if e == unicode.UTF8 {
		if i = notUTF8(body); i < 0 {
			return body, true
		}
	} else {
		decoded, err := e.NewDecoder().Bytes(text)
		if err == nil {
			decoded = bytes.TrimPrefix(decoded, []byte(mark))
			if i = bytes.IndexRune(decoded, utf8.RuneError); i < 0 {
				return decoded, true
			}
		}
		body = decoded
	}
	i = max(i, 0)
	line, column := lineColumn(body, i)
	at := data.Position{File: name, Line: line, Column: column}
	if e == unicode.UTF8 {
		l.fail(at, "", fmt.Sprintf("byte 0x%02X at offset %d is not UTF-8", body[i], start+i), "save the file as UTF-8, or name its encoding with --encoding")
	} else {
		l.fail(at, "", fmt.Sprintf("character %d of the text is not %s", utf8.RuneCount(body[:i])+1, e), "save the file as UTF-8, or name its encoding with --encoding")
	}
	return nil, false
}

// western reports whether a text can well be Windows-1252: what is not ASCII is a Western letter or punctuation, no more than two such
// letters stand together, and none of it happens to be UTF-8.
func western(text []byte) bool {
	letters := 0
	for i := 0; i < len(text); i++ {
		b := text[i]
		if b < utf8.RuneSelf {
			letters = 0
			continue
		}
		if _, n := utf8.DecodeRune(text[i:]); n > 1 {
			return false
		}
		switch {
		case b >= 0xc0 && b != 0xd7 && b != 0xf7, strings.IndexByte("\x8a\x8c\x8e\x9a\x9c\x9e\x9f", b) >= 0:
			letters++
		case strings.IndexByte(westernPunctuation, b) >= 0:
			letters = 0
		default:
			return false
		}
		if letters > 2 {
			return false
		}
	}
	return true
}

// encodingNamed finds an encoding by its name; nil if there is none.
func encodingNamed(name string) encoding.Encoding {
	switch data.Fold(name) {
	case "utf 8", "utf8":
		return unicode.UTF8
	case "utf 16", "utf16":
		return utf16
	case "utf 16le":
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case "utf 16be":
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	for _, e := range charmap.All {
		if data.Fold(fmt.Sprint(e)) == data.Fold(name) {
			return e
		}
	}
	return nil
}

func namesUTF8(name string) bool { return encodingNamed(name) == unicode.UTF8 }

// encodings are the names that are shown of those that encodingNamed knows.
func encodings() []string {
	names := []string{"utf-8", "utf-16", "utf-16le", "utf-16be"}
	for _, e := range charmap.All {
		if name := fmt.Sprint(e); strings.HasPrefix(name, "Windows 1") || strings.HasPrefix(name, "ISO ") {
			names = append(names, strings.ReplaceAll(strings.ToLower(name), " ", "-"))
		}
	}
	return names
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

// places finds the lines and columns of offsets in a text. Problems are mostly told in the order of the text, so that the last column
// counted shortens the way to the next: one line may be as long as the file.
type places struct {
	text   []byte
	starts []int // of the lines; made when first asked
	offset int   // that was last asked for,
	row    int   // its line, where that is known,
	column int   // and its column
}

// after is the line and the column of an offset in or after a line of which both are known.
func (p *places) after(offset, start, row int) (line, column int) {
	if p.row == 0 || p.offset < start || p.offset > offset {
		p.offset, p.row, p.column = start, row, 1
	}
	between := p.text[p.offset:offset]
	if i := bytes.LastIndexByte(between, '\n'); i >= 0 {
		p.row += bytes.Count(between, []byte("\n"))
		p.column, between = 1, between[i+1:]
	}
	p.column += utf8.RuneCount(between)
	p.offset = offset
	return p.row, p.column
}

func (p *places) index() {
	if p.starts == nil {
		p.starts = append(p.starts, 0)
		for i, b := range p.text {
			if b == '\n' {
				p.starts = append(p.starts, i+1)
			}
		}
	}
}

// start is the offset of a line.
func (p *places) start(line int) int {
	p.index()
	return p.starts[line-1]
}

func (p *places) line(offset int) int {
	p.index()
	i, _ := slices.BinarySearch(p.starts, offset+1)
	return i
}

// of is the line and the column of an offset.
func (p *places) of(offset int) (line, column int) {
	line = p.line(offset)
	from, column := p.starts[line-1], 1
	if p.column > 0 && from <= p.offset && p.offset <= offset {
		from, column = p.offset, p.column
	}
	p.offset, p.column = offset, column+utf8.RuneCount(p.text[from:offset])
	return line, p.column
}
