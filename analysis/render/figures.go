package render

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/graph"
)

// Figures are the numbers of the findings without their words: a table for each kind, with a row for each finding, a column for each of its
// measures, and the file and lines of the records that it rests on. They are written as they are found, so that their number is no
// measure of the memory that they take, and stand in the order of the capabilities, not of their severity.
//
// Beside them stand who could give to whom (moves), how any two nations stand to each other (pairs), and what the other tables say that
// is not about findings.

// WriteFigures puts the analyses to a graph and writes the figures of what they find into a folder. It returns the report without findings.
func WriteFigures(ctx context.Context, g *graph.Graph, opts analysis.Options, create func(name string) (io.WriteCloser, error)) (r *analysis.Report, err error) {
	tables, err := newFigures(g.Dataset.PlanningOrganisations(), opts)
	if err != nil {
		return nil, err
	}
	out := make([]io.Writer, len(tables))
	for i := range tables {
		f, failed := create(tables[i].Name + ".csv")
		if failed != nil {
			return nil, failed
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out[i] = f
		if err := tables[i].WriteCSV(f); err != nil { // the header
			return nil, err
		}
	}
	r, err = analysis.Sift(ctx, g, opts, func(found []analysis.Finding) []*rows {
		return figuresOf(tables, found)
	}, func(made []*rows) error {
		for i, rows := range made {
			if rows == nil {
				continue
			}
			if err := rows.flush(out[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, WriteFolder([]Table{
		aboutTable(r), summaryTable(r), notAssessedTable(r), warningsTable(r), kindsTable(r), parametersTable(r), nationsTable(r), capabilitiesTable(r),
	}, create)
}

// figures are one table of figures.
type figures struct {
	Table
	kind     string // of its findings
	measures []analysis.Column
	write    func(*figureWriter, *rows, *figures, *analysis.Finding)
}

func newFigures(organisations []data.Organisation, opts analysis.Options) (out []figures, err error) {
	kinds, err := analysis.Choose(opts)
	for _, a := range kinds {
		f := figures{kind: a.Name, write: (*figureWriter).finding}
		f.Table = newTable(a.Name, a.Title, "marking id area capability nations:c organisations:c initiatives:c from:d until:d verdict status severity score:n")
		for _, m := range a.Measures {
			if !strings.HasSuffix(m.Name, " ") {
				f.measures = append(f.measures, m)
				continue
			}
			for _, o := range organisations {
				f.measures = append(f.measures, analysis.Column{Name: m.Name + string(o), Unit: m.Unit})
			}
		}
		for _, m := range f.measures {
			if m.Unit != "" && m.Unit != m.Name {
				m.Name += " (" + m.Unit + ")"
			}
			f.Columns = append(f.Columns, Column{Name: m.Name, Kind: Number})
		}
		f.Columns = append(f.Columns, Column{Name: "unit"}, Column{Name: "more"}, Column{Name: "evidence", Kind: Codes})
		out = append(out, f)
		switch a {
		case analysis.Transfer:
			out = append(out, figures{kind: a.Name, write: (*figureWriter).moves,
				Table: newTable("moves", "Who could give to whom", "marking finding capability from to amount:n unit together nearby")})
		case analysis.Partners:
			out = append(out, figures{kind: a.Name, write: (*figureWriter).bonds,
				Table: newTable("pairs", "How any two nations stand to each other", "marking nation other could_give_it:n it_could_give:n asked_of_both:n overlap:n")})
		}
	}
	return out, err
}

// figuresOf are the rows of some findings in each table; nil where it has none of them.
func figuresOf(tables []figures, found []analysis.Finding) []*rows {
	made := make([]*rows, len(tables))
	w := writers.Get().(*figureWriter)
	defer writers.Put(w)
	for i := range found {
		w.rests, w.marking = found[i].RestsOn(w.rests[:0])
		for k := range tables {
			if t := &tables[k]; t.kind == found[i].Kind {
				if made[k] == nil {
					made[k] = newRows(t.Table)
				}
				t.write(w, made[k], t, &found[i])
			}
		}
	}
	return made
}

var writers = sync.Pool{New: func() any { return new(figureWriter) }}

// figureWriter writes rows of figures, in memory that it uses again.
type figureWriter struct {
	rests   []analysis.Evidence // of the finding
	marking data.Marking
	places  []linesOf
	named   []string
	more    []byte
	dates   [1 << 6]struct {
		day  data.Date
		text string
	}
}

// linesOf are lines of a file or sheet.
type linesOf struct {
	file, sheet string
	lines       []int32
	origins     []*data.Origin // that say so
}

func (w *figureWriter) finding(r *rows, t *figures, f *analysis.Finding) {
	r.text(string(w.marking))
	w.more = f.AppendID(w.more[:0])
	r.bytes(w.more)
	r.text(string(f.Area))
	r.text(string(f.Capability))
	list(r, f.Nations)
	list(r, f.Organisations)
	list(r, f.Initiatives)
	r.text(w.date(f.From))
	r.text(w.date(f.Until))
	r.text(f.Verdict)
	r.text(f.Status)
	r.text(string(f.Severity))
	if p := f.SeverityParts; p != nil {
		r.amount(p.Score)
	} else {
		r.text("")
	}
	column, unit := 0, ""
	w.more = w.more[:0]
	for i := range f.Measures {
		m := &f.Measures[i]
		k := column
		for k < len(t.measures) && t.measures[k].Name != m.Name {
			k++
		}
		if k == len(t.measures) {
			if len(w.more) > 0 {
				w.more = append(w.more, "; "...)
			}
			w.more = data.AppendUnits(append(append(w.more, m.Name...), " = "...), m.Value, m.Unit)
			continue
		}
		for ; column < k; column++ {
			r.text("")
		}
		r.amount(m.Value)
		column++
		if t.measures[k].Unit == "" {
			unit = m.Unit
		}
	}
	for ; column < len(t.measures); column++ {
		r.text("")
	}
	r.text(unit)
	r.bytes(w.more)
	w.evidence(r)
	r.end()
}

// evidence writes where the records stand that the finding rests on: the lines of each file, and the names of records that stand in none.
func (w *figureWriter) evidence(r *rows) {
	places, named := w.places[:0], w.named[:0]
	for i := range w.rests {
		e := &w.rests[i]
		of, line, ok := e.Written()
		if ok && line > 0 {
			k := w.placeOf(&places, of)
			places[k].lines = append(places[k].lines, line)
			continue
		}
		if p := e.Position(); p.Line > 0 {
			k := w.placeAt(&places, p.File, p.Sheet)
			places[k].lines = append(places[k].lines, int32(p.Line))
			continue
		}
		named = append(named, e.Tell().Record)
	}
	w.places, w.named = places, named
	slices.SortFunc(places, func(a, b linesOf) int {
		return cmp.Or(strings.Compare(a.file, b.file), strings.Compare(a.sheet, b.sheet))
	})
	slices.Sort(named)
	b := w.more[:0]
	for i, p := range places {
		if i > 0 {
			b = append(b, ';')
		}
		b = append(b, p.file...)
		if p.sheet != "" {
			b = append(append(b, ':'), p.sheet...)
		}
		slices.Sort(p.lines)
		before := byte(':')
		for k, n := range p.lines {
			if k > 0 && n == p.lines[k-1] {
				continue
			}
			b = strconv.AppendInt(append(b, before), int64(n), 10)
			before = ' '
		}
	}
	for _, n := range slices.Compact(named) {
		if len(b) > 0 {
			b = append(b, ';')
		}
		b = append(b, n...)
	}
	w.more = b
	r.bytes(b)
}

// placeOf is the place of the file or sheet of an origin, of which there are few.
func (w *figureWriter) placeOf(places *[]linesOf, of *data.Origin) int {
	for i := range *places {
		if slices.Contains((*places)[i].origins, of) {
			return i
		}
	}
	i := w.placeAt(places, of.File, of.Sheet)
	(*places)[i].origins = append((*places)[i].origins, of)
	return i
}

func (w *figureWriter) placeAt(places *[]linesOf, file, sheet string) int {
	i := slices.IndexFunc(*places, func(l linesOf) bool { return l.file == file && l.sheet == sheet })
	if i >= 0 {
		return i
	}
	if i = len(*places); i < cap(*places) {
		*places = (*places)[:i+1] // with the room that its lines had
	} else {
		*places = append(*places, linesOf{})
	}
	l := &(*places)[i]
	l.file, l.sheet, l.lines, l.origins = file, sheet, l.lines[:0], l.origins[:0]
	return i
}

func (w *figureWriter) moves(r *rows, _ *figures, f *analysis.Finding) {
	for _, m := range f.Moves {
		r.text(string(w.marking))
		w.more = f.AppendID(w.more[:0])
		r.bytes(w.more)
		r.text(string(f.Capability))
		r.text(string(m.From))
		r.text(string(m.To))
		r.amount(m.Amount)
		r.text(f.Measures[0].Unit)
		r.text(m.Together)
		r.text(map[bool]string{true: "yes", false: ""}[m.Nearby])
		r.end()
	}
}

func (w *figureWriter) bonds(r *rows, _ *figures, f *analysis.Finding) {
	for _, b := range f.Bonds() {
		r.text(string(w.marking))
		list(r, f.Nations)
		r.text(string(b.Nation))
		r.amount(data.Count(b.Receives))
		r.amount(data.Count(b.Gives))
		r.amount(data.Count(b.Shared))
		r.amount(b.Overlap)
		r.end()
	}
}

// date is a day as text: few different days stand in many rows.
func (w *figureWriter) date(d data.Date) string {
	if d == 0 {
		return ""
	}
	known := &w.dates[int(d)%len(w.dates)]
	if known.day != d {
		known.day, known.text = d, d.String()
	}
	return known.text
}

// text appends a cell of text.
func (r *rows) text(s string) {
	r.cell(r.filled, s, Text)
	r.filled++
}

// bytes appends a cell of text that is not kept.
func (r *rows) bytes(b []byte) {
	if unquoted(b) {
		r.raw(b)
	} else {
		r.text(string(b))
	}
}

// unquoted reports of most texts that they stand in a cell as they are.
func unquoted(b []byte) bool {
	for i, c := range b {
		if c <= ' ' && i == 0 || c < ' ' || c > '~' || c == ',' || c == '"' || c == '\\' || c == ';' && i+1 < len(b) && !letter(b[i+1]) || i == 0 && !letter(c) {
			return false
		}
	}
	return true
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func (r *rows) raw(b []byte) {
	if r.filled > 0 {
		r.made = append(r.made, ',')
	}
	r.made = append(r.made, b...)
	r.filled++
}

// amount appends a cell with a number.
func (r *rows) amount(a data.Amount) {
	if r.filled > 0 {
		r.made = append(r.made, ',')
	}
	r.made = a.Append(r.made)
	r.filled++
}

// list appends a cell of codes.
func list[T ~string](r *rows, of []T) {
	switch len(of) {
	case 0:
		r.text("")
	case 1:
		r.text(string(of[0]))
	default:
		r.text(codes(of))
	}
}
