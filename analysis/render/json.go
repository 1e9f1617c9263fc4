package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"deconflict/analysis"
	"deconflict/data"
)

// writeJSON writes the report itself. analysis/report.schema.json describes its form. The findings are put into the place that the
// report without them has for them, some at a time: the words of all would fill the memory.
func writeJSON(w io.Writer, r *analysis.Report, _ Options) error {
	frame := *r
	frame.Findings = []analysis.Finding{}
	all, err := encoded(&frame, "")
	if err != nil {
		return err
	}
	const place = "\n  \"findings\": [" // no text holds a line feed as it is
	before, after, found := bytes.Cut(all, []byte(place))
	if !found || len(r.Findings) == 0 {
		_, err := w.Write(all)
		return err
	}
	if _, err := w.Write(append(before, place...)); err != nil {
		return err
	}
	const together, indent = 64, "    "
	type some struct {
		text []byte
		err  error
	}
	piece := func(n int) (s some) {
		for i := n * together; i < min((n+1)*together, len(r.Findings)) && s.err == nil; i++ {
			if i > 0 {
				s.text = append(s.text, ',')
			}
			var b []byte
			b, s.err = encoded(&r.Findings[i], indent)
			s.text = append(append(s.text, "\n"+indent...), bytes.TrimSuffix(b, []byte("\n"))...)
		}
		return s
	}
	err = inOrder((len(r.Findings)+together-1)/together, piece, func(s some) error {
		if s.err != nil {
			return s.err
		}
		_, err := w.Write(s.text)
		return err
	})
	if err != nil {
		return err
	}
	_, err = w.Write(append([]byte("\n  "), after...))
	return err
}

// writeDifferenceJSON writes the difference itself. analysis/difference.schema.json describes its form.
func writeDifferenceJSON(w io.Writer, d *analysis.Difference, _ Options) error { return encode(w, d) }

func encode(w io.Writer, v any) error {
	b, err := encoded(v, "")
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// encoded is JSON, indented below a prefix, in which no character of a text acts: what Plain would leave out is escaped, so that it is
// kept and harmless. Bytes that are no UTF-8 become U+FFFD.
func encoded(v any, prefix string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(prefix, "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(b.Len())
	for rest := b.Bytes(); len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r < utf8.RuneSelf && r != 0x7f:
			out.WriteByte(rest[0])
		case r > 0xffff && acts(r):
			high, low := (r-0x10000)>>10+0xd800, (r-0x10000)&0x3ff+0xdc00
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		case acts(r) || r == utf8.RuneError: // encoding/json escapes U+FFFD where it stands for a bad byte: always, then
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.Write(rest[:n])
		}
		rest = rest[n:]
	}
	return out.Bytes(), nil
}

// Read reads a report that was written as JSON. Writing it again gives the same bytes.
func Read(r io.Reader) (*analysis.Report, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	var head struct{ Schema string }
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("reading a report: %w", placed(b, err))
	}
	if head.Schema != analysis.Schema {
		hint := "write the report again with this version of the program"
		if head.Schema == "" {
			hint = "it is no saved report: deconflict analyse -o report.json makes one"
		}
		return nil, fmt.Errorf("reading a report: %w", &data.ValueError{Got: head.Schema, Want: "the schema " + analysis.Schema, Hint: hint})
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	report := new(analysis.Report)
	if err := d.Decode(report); err != nil {
		return nil, fmt.Errorf("reading a report: %w", placed(b, err))
	}
	if err := wellFormed(report); err != nil {
		return nil, fmt.Errorf("reading a report: %w", err)
	}
	return report, nil
}

// placed says in which line and column JSON goes wrong, where the error knows.
func placed(text []byte, err error) error {
	var offset int64
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	default:
		return err
	}
	before := text[:min(max(offset-1, 0), int64(len(text)))]
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return fmt.Errorf("line %d, column %d: %w", bytes.Count(before, []byte("\n"))+1, column, err)
}

// wellFormed checks what the types cannot: that tables have a cell for every column, and lines a count for every year.
func wellFormed(r *analysis.Report) error {
	h := r.HeatMap
	if len(h.Rows) != len(h.Nations) {
		return fmt.Errorf("the heat map has %d rows for %d nations", len(h.Rows), len(h.Nations))
	}
	for i, row := range h.Rows {
		if len(row) != len(h.Capabilities) {
			return fmt.Errorf("the heat map has %d states of %s for %d capabilities", len(row), h.Nations[i], len(h.Capabilities))
		}
	}
	for _, l := range r.Timeline.Lines {
		if len(l.Open) != len(r.Timeline.Years) {
			return fmt.Errorf("the timeline has %d counts of %s in %s for %d years", len(l.Open), l.Shortfall, l.Area, len(r.Timeline.Years))
		}
	}
	working := map[data.Nation]bool{}
	for _, n := range r.Cooperation.Nations {
		working[n.Nation] = n.Community > 0
	}
	for _, t := range r.Cooperation.Together {
		if !working[t.A] || !working[t.B] {
			return fmt.Errorf("%s and %s share initiatives, and one of them is in no community", t.A, t.B)
		}
	}
	for _, f := range r.Findings {
		for _, d := range f.Tell().Details {
			for _, row := range d.Rows {
				if len(row) != len(d.Columns) {
					return fmt.Errorf("%s: a row of %q has %d cells for %d columns", f.ID, d.Title, len(row), len(d.Columns))
				}
			}
		}
	}
	return nil
}
