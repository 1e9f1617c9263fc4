package render

import (
	"slices"
	"strconv"
	"sync"

	"deconflict/analysis"
	"deconflict/data"
)

var writers = sync.Pool{New: func() any { return new(figureWriter) }}

// figureWriter writes rows of figures, in memory that it uses again. A large dataset has more than a million of them, and what stands in a
// cell mostly stood in the row before: it is kept as it was written.
type figureWriter struct {
	made    []*rows             // for each table; nil where it has none of them
	rests   []analysis.Evidence // of the finding
	marking data.Marking

	asMarked, area, capability, unit, more lastCell

	words [1 << 9]lastCell // few, though another stands in each row
	dates [1 << 6]struct {
		day  data.Date
		cell []byte
	}
	id []byte

	files []fileOfLines // in order
	last  struct {      // that was looked for, as few files have many records
		data.Position
		place uint64
		known bool
	}
	lines []uint64 // of a cell: the place among files in the upper half, the line in the lower
	named []string // records that stand in no line, of a cell
	rest  []byte   // such a cell
}

// fileOfLines is a file or sheet, and what stands before its lines.
type fileOfLines struct {
	data.Position
	before string
	plain  bool // whether that needs no quotation marks
}

// lastCell is a cell of text as it was last written, with the comma before it.
type lastCell struct {
	text string
	made []byte
}

// of is the cell of a text.
func (l *lastCell) of(s string) []byte {
	if l.text == s && l.made != nil {
		return l.made
	}
	return l.anew(s)
}

func (l *lastCell) anew(s string) []byte {
	l.text, l.made = s, appendCell(append(l.made[:0], ','), s, Text)
	return l.made
}

// word is the cell of one of a few texts.
func (w *figureWriter) word(s string) []byte {
	if s == "" {
		return emptyCell
	}
	// The factors spread the codes of nations, and what is said of findings, so that hardly two meet.
	n := len(s)
	return w.words[(29*n+31*int(s[0])+17*int(s[n/2])+int(s[n-1]))%len(w.words)].of(s)
}

var emptyCell = []byte{','}

// date is the cell of a day: few different ones stand in many rows.
func (w *figureWriter) date(d data.Date) []byte {
	if d == 0 {
		return emptyCell
	}
	known := &w.dates[int(d)%len(w.dates)]
	if known.day != d {
		known.day, known.cell = d, append(append(known.cell[:0], ','), d.String()...)
	}
	return known.cell
}

// appendCodes appends a cell of some codes, which are mostly one, and of which there are few.
func appendCodes[T ~string](b []byte, w *figureWriter, of []T) []byte {
	if len(of) == 1 {
		return append(b, w.word(string(of[0]))...)
	}
	b = append(b, ',')
	from := len(b)
	for i, code := range of {
		if harmless, whole := glance(string(code)); !harmless || !whole {
			return appendCell(b[:from], codes(of), Codes)
		}
		if i > 0 {
			b = append(b, ';')
		}
		b = append(b, code...)
	}
	return b
}

func appendAmount(b []byte, a data.Amount) []byte { return a.Append(append(b, ',')) }

func appendKnown(b []byte, a data.Amount, known bool) []byte {
	if !known {
		return append(b, ',')
	}
	return appendAmount(b, a)
}

// begin begins a row with its marking.
func (w *figureWriter) begin(r *rows, m data.Marking) []byte {
	return append(r.made, w.asMarked.of(string(m))[len(emptyCell):]...)
}

func (w *figureWriter) account(r *rows, t *figures, a *analysis.Account) {
	b := w.begin(r, a.Marking())
	b = append(b, w.capability.of(string(a.Capability))...)
	b = append(b, w.word(string(a.Nation))...)
	b = append(b, w.unit.of(a.Unit)...)
	for _, o := range t.organisations {
		most, known := a.PeakDemand(o)
		b = appendKnown(b, most, known)
		offered, known := a.Offered(o)
		most, _ = offered.Peak()
		b = appendKnown(b, most, known)
	}
	most, known := a.PeakDemand(analysis.OwnPlan)
	b = appendKnown(b, most, known)
	left, held, worst, known := a.Balance()
	if known {
		b = appendAmount(appendAmount(b, held), left)
	} else {
		most, _ = a.Held.Peak()
		b = append(appendKnown(b, most, a.HeldKnown), ',')
	}
	b = append(b, w.date(worst)...)
	for _, o := range t.organisations {
		b = w.targets(b, a.TargetsOf(o))
		if len(a.Pledges) > 0 {
			for _, p := range a.PledgesTo(o) {
				w.record("pledges", &p.Record)
			}
		}
		b = w.places(b)
	}
	b = w.targets(b, a.TargetsOf(analysis.OwnPlan))
	a.EachHeld(w.record)
	b = w.places(b)
	a.EachSilent(w.record)
	r.made = w.places(b)
	r.end()
}

// targets appends a cell of where targets stand.
func (w *figureWriter) targets(b []byte, of []*data.Target) []byte {
	for _, t := range of {
		w.record("targets", &t.Record)
	}
	return w.places(b)
}

func (w *figureWriter) finding(r *rows, t *figures, f *analysis.Finding) {
	b := w.appendID(w.begin(r, w.marking), f)
	b = append(b, w.area.of(string(f.Area))...)
	b = append(b, w.capability.of(string(f.Capability))...)
	b = appendCodes(b, w, f.Nations)
	b = appendCodes(b, w, f.Organisations)
	b = appendCodes(b, w, f.Initiatives)
	b = append(b, w.date(f.From)...)
	b = append(b, w.date(f.Until)...)
	b = append(b, w.word(f.Verdict)...)
	b = append(b, w.word(f.Status)...)
	b = append(b, w.word(string(f.Severity))...)
	if p := f.SeverityParts; p != nil {
		b = appendAmount(b, p.Score)
	} else {
		b = append(b, ',')
	}
	column, unit := 0, ""
	w.rest = w.rest[:0] // measures that have no column
	for i := range f.Measures {
		m := &f.Measures[i]
		k := column
		for k < len(t.measures) && t.measures[k].Name != m.Name {
			k++
		}
		if k == len(t.measures) {
			if len(w.rest) > 0 {
				w.rest = append(w.rest, "; "...)
			}
			w.rest = data.AppendUnits(append(append(w.rest, m.Name...), " = "...), m.Value, m.Unit)
			continue
		}
		for ; column < k; column++ {
			b = append(b, ',')
		}
		b = appendAmount(b, m.Value)
		column++
		if t.measures[k].Unit == "" {
			unit = m.Unit
		}
	}
	for ; column < len(t.measures); column++ {
		b = append(b, ',')
	}
	b = append(b, w.unit.of(unit)...)
	if len(w.rest) > 0 {
		b = append(b, w.more.of(string(w.rest))...)
	} else {
		b = append(b, ',')
	}
	r.made = w.evidence(b)
	r.end()
}

// appendID appends a cell with the id of a finding. Nearly all stand as they are.
func (w *figureWriter) appendID(b []byte, f *analysis.Finding) []byte {
	b = append(b, ',')
	from := len(b)
	b = f.AppendID(b)
	if !unquoted(b[from:]) {
		w.id = append(w.id[:0], b[from:]...)
		b = appendCell(b[:from], string(w.id), Text)
	}
	return b
}

// evidence appends a cell of where the records stand that the finding rests on.
func (w *figureWriter) evidence(b []byte) []byte {
	for i := range w.rests {
		e := &w.rests[i]
		if of, line, ok := e.Written(); ok && line > 0 {
			w.written(of, line)
		} else if p := e.Position(); p.Line > 0 {
			w.lines = append(w.lines, w.file(p.File, p.Sheet)<<32|uint64(p.Line))
		} else {
			w.named = append(w.named, e.Tell().Record)
		}
	}
	return w.places(b)
}

// places appends a cell of the lines that were noted, by file, and the names of records that stand in none.
func (w *figureWriter) places(b []byte) []byte {
	b = append(b, ',')
	if len(w.lines) == 0 && len(w.named) == 0 {
		return b
	}
	if len(w.lines) > 1 {
		slices.Sort(w.lines)
	}
	from, plain := len(b), len(w.named) == 0
	for i, l := range w.lines {
		switch of := &w.files[l>>32]; {
		case i > 0 && l == w.lines[i-1]:
			continue
		case i == 0 || l>>32 != w.lines[i-1]>>32:
			if i > 0 {
				b = append(b, ';')
			}
			b = append(b, of.before...)
			plain = plain && of.plain
		default:
			b = append(b, ' ')
		}
		b = strconv.AppendUint(b, l&(1<<32-1), 10)
	}
	if len(w.named) > 0 {
		slices.Sort(w.named)
		for _, n := range slices.Compact(w.named) {
			if len(b) > from {
				b = append(b, ';')
			}
			b = append(b, n...)
		}
	}
	w.lines, w.named = w.lines[:0], w.named[:0]
	if !plain {
		b = appendCell(b[:from], string(b[from:]), Text)
	}
	return b
}

// record notes where a record of a table stands, or which it is where that is not told, as to an audience.
func (w *figureWriter) record(table string, r *data.Record) {
	if r.Line == 0 {
		w.named = append(w.named, table+" "+r.ID)
		return
	}
	w.written(r.Origin, r.Line)
}

// written notes a line of an origin.
func (w *figureWriter) written(of *data.Origin, line int32) {
	w.lines = append(w.lines, w.file(of.File, of.Sheet)<<32|uint64(line))
}

// file is the place of a file or sheet among those met.
func (w *figureWriter) file(file, sheet string) uint64 {
	if l := &w.last; l.known && l.File == file && l.Sheet == sheet {
		return l.place
	}
	p := data.Position{File: file, Sheet: sheet}
	i, found := slices.BinarySearchFunc(w.files, p, func(f fileOfLines, p data.Position) int { return f.Position.Compare(p) })
	if !found {
		before := file + ":"
		if sheet != "" {
			before += sheet + ":"
		}
		w.files = slices.Insert(w.files, i, fileOfLines{p, before, unquoted([]byte(before))})
		for k, l := range w.lines { // those behind it have moved
			if int(l>>32) >= i {
				w.lines[k] = l + 1<<32
			}
		}
	}
	w.last.Position, w.last.place, w.last.known = p, uint64(i), true
	return uint64(i)
}

func (w *figureWriter) moves(r *rows, _ *figures, f *analysis.Finding) {
	for _, m := range f.Moves {
		b := w.appendID(w.begin(r, w.marking), f)
		b = append(b, w.capability.of(string(f.Capability))...)
		b = append(b, w.word(string(m.From))...)
		b = append(b, w.word(string(m.To))...)
		b = appendAmount(b, m.Amount)
		b = append(b, w.unit.of(f.Measures[0].Unit)...)
		b = append(b, w.word(m.Together)...)
		nearby := ""
		if m.Nearby {
			nearby = "yes"
		}
		r.made = append(b, w.word(nearby)...)
		r.end()
	}
}

func (w *figureWriter) bonds(r *rows, _ *figures, f *analysis.Finding) {
	for _, bond := range f.Bonds() {
		b := appendCodes(w.begin(r, w.marking), w, f.Nations)
		b = append(b, w.word(string(bond.Nation))...)
		b = appendAmount(b, data.Count(bond.Receives))
		b = appendAmount(b, data.Count(bond.Gives))
		b = appendAmount(b, data.Count(bond.Shared))
		r.made = appendAmount(b, bond.Overlap)
		r.end()
	}
}

// unquoted reports of most texts that they stand in a cell as they are.
func unquoted(b []byte) bool {
	if len(b) > 0 && kindOfByte[b[0]] != usual {
		return false
	}
	for _, c := range b {
		if kindOfByte[c] > starter {
			return false
		}
	}
	return true
}
