package render

import (
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"deconflict/analysis"
	"deconflict/data"
)

var writers = sync.Pool{New: func() any {
	w := new(figureWriter)
	clear(w.words[:]) // as in recurrings
	return w
}}

// figureWriter writes rows of figures, in memory that it uses again. A large dataset has more than a million of them, and what stands in a
// cell mostly stood in the row before: it is kept as it was written.
type figureWriter struct {
	words [1 << 9]lastCell // few, though another stands in each row

	made    []*rows             // for each table; nil where it has none of them
	rests   []analysis.Evidence // of the finding
	marking data.Marking

	capability, unit, more  lastCell
	asMarked, ofKind, about lastPair // marking and capability; marking and kind; area and capability

	dates [1 << 8]struct {
		day  data.Date
		cell [16]byte // the longest, and what makes it a size that one instruction copies
	}
	id []byte

	files []fileOfLines // in order
	last  struct {      // that was looked for, as few files have many records
		fileOfLines
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

// lastCell is a cell of text as it was last written, with the comma before it. It fills a line of a core's cache.
type lastCell struct {
	text  string
	short [shortCell]byte // what was made, where that is no longer
	n     uint8           // how long that is; 0 where it is longer, or nothing was made
	plain bool            // whether it stands in the cell as it is, and may stand in one with others as well
	long  *[]byte         // what was made, where it is longer
}

// shortCell is how long nearly all cells are at most, but for those of markings. A short cell is copied with all that lies behind it: to
// copy always as much takes a few instructions, where to copy as much as there is takes a call.
const shortCell = 32

// of is the cell of a text.
func (l *lastCell) of(s string) *lastCell {
	if s == "" || !data.Same(l.text, s) {
		l.anew(s)
	}
	return l
}

func (l *lastCell) anew(s string) {
	l.text, l.n, l.long = s, 0, nil
	if made := appendCell(append(l.short[:0], ','), s, Text); len(made) <= shortCell {
		l.n = uint8(len(made)) // it stands there
	} else {
		long := made
		l.long = &long
	}
	harmless, whole := glance(s)
	l.plain = harmless && whole
}

// on appends the cell.
func (l *lastCell) on(b []byte) []byte {
	n := len(b)
	if l.n > 0 && cap(b)-n >= shortCell {
		*(*[shortCell]byte)(b[n : n+shortCell]) = l.short
		return b[:n+int(l.n)]
	}
	return append(b, l.made()...)
}

// made is the cell, which is not to be changed.
func (l *lastCell) made() []byte {
	if l.n > 0 {
		return l.short[:l.n]
	}
	return *l.long
}

// lastPair are two cells as they were last written, each with the comma before it.
type lastPair struct {
	texts [2]string
	made  []byte
	plain bool // whether what the second says may stand in a cell with others
}

func (l *lastPair) of(s, t string) []byte {
	if l.made == nil || !data.Same(l.texts[0], s) || !data.Same(l.texts[1], t) {
		l.texts = [2]string{s, t}
		l.made = appendCell(append(l.made[:0], ','), s, Text)
		l.made = appendCell(append(l.made, ','), t, Text)
		harmless, whole := glance(t)
		l.plain = harmless && whole
	}
	return l.made
}

// word is the cell of one of a few texts.
func (w *figureWriter) word(s string) *lastCell {
	// The factors spread the codes of nations, and what is said of findings, so that hardly two meet.
	at := uint(0)
	if n := len(s); n > 0 {
		at = 37*uint(n) + 31*uint(s[0]) + 17*uint(s[n/2]) + uint(s[n-1])
	}
	return w.words[at%uint(len(w.words))].of(s)
}

// appendWord appends the cell of one of a few texts.
func (w *figureWriter) appendWord(b []byte, s string) []byte {
	if s == "" {
		return append(b, ',')
	}
	return w.word(s).on(b)
}

// appendDate appends the cell of a day: few different ones stand in many rows.
func (w *figureWriter) appendDate(b []byte, d data.Date) []byte {
	if d == 0 {
		return append(b, ',')
	}
	const long = 1 + len(time.DateOnly)
	known := &w.dates[uint(d)%uint(len(w.dates))]
	if known.day != d {
		known.day = 0
		cell := d.Append(append(known.cell[:0], ','))
		if len(cell) != long { // a year of five digits
			return append(b, cell...)
		}
		known.day = d
	}
	n := len(b)
	if cap(b)-n < len(known.cell) {
		return append(b, known.cell[:long]...)
	}
	*(*[len(known.cell)]byte)(b[n : n+len(known.cell)]) = known.cell
	return b[:n+long]
}

// appendCode appends a code with what parts it from what stands before, if it stands in a cell as it is, whatever else is there. Most are
// the three letters of a nation.
func (w *figureWriter) appendCode(b []byte, part byte, s string) (_ []byte, plain bool) {
	n := len(b)
	if len(s) == 3 && kindOfByte[s[0]]|kindOfByte[s[1]]|kindOfByte[s[2]] == usual && cap(b)-n >= 4 {
		b = b[:n+4]
		binary.LittleEndian.PutUint32(b[n:], uint32(part)|uint32(s[0])<<8|uint32(s[1])<<16|uint32(s[2])<<24)
		return b, true
	}
	cell := w.word(s)
	b = cell.on(b)
	b[n] = part
	return b, cell.plain
}

// appendNation appends the cell of a nation.
func (w *figureWriter) appendNation(b []byte, n data.Nation) []byte {
	b, _ = w.appendCode(b, ',', string(n))
	return b
}

// appendCodes appends a cell of some codes.
func appendCodes[T ~string](b []byte, w *figureWriter, of []T) []byte {
	if len(of) == 0 {
		return append(b, ',')
	}
	from, part, plain := len(b), byte(','), true
	for _, code := range of {
		if b, plain = w.appendCode(b, part, string(code)); !plain {
			return appendCell(append(b[:from], ','), codes(of), Codes)
		}
		part = ';'
	}
	return b
}

func appendAmount(b []byte, a data.Amount) []byte {
	n := len(b)
	if digits, long, ok := a.Few(); ok && cap(b)-n >= 4 {
		b = b[:n+4]
		binary.LittleEndian.PutUint32(b[n:], digits<<8|',')
		return b[:n+1+long]
	}
	return a.Append(append(b, ','))
}

func appendKnown(b []byte, a data.Amount, known bool) []byte {
	if !known {
		return append(b, ',')
	}
	return appendAmount(b, a)
}

func (w *figureWriter) account(r *rows, t *figures, a *analysis.Account) {
	b := append(r.made, w.asMarked.of(string(a.Marking()), string(a.Capability))[1:]...)
	b = w.appendNation(b, a.Nation)
	b = w.unit.of(a.Unit).on(b)
	for _, o := range t.organisations {
		most, known := a.PeakDemand(o)
		b = appendKnown(b, most, known)
		if len(a.Pledges) == 0 {
			b = append(b, ',')
			continue
		}
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
	b = w.appendDate(b, worst)
	for _, o := range t.organisations {
		b = w.targets(b, a.TargetsOf(o))
		if len(a.Pledges) == 0 {
			b = append(b, ',')
			continue
		}
		for _, p := range a.PledgesTo(o) {
			w.record("pledges", &p.Record)
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

// targets appends a cell of where targets stand. Mostly they stand in the file that was met last, which has no sheets, one behind the other:
// their lines are written at once.
func (w *figureWriter) targets(b []byte, of []*data.Target) []byte {
	if len(of) == 0 {
		return append(b, ',')
	}
	from, last := len(b), int32(0)
	if w.last.known && w.last.plain && w.last.Sheet == "" {
		b = append(append(b, ','), w.last.before...)
		for i, t := range of {
			if t.Line <= last || t.Sheet != "" || !data.Same(t.File, w.last.File) {
				last = 0
				break
			}
			if i > 0 {
				b = append(b, ' ')
			}
			last = t.Line
			b = data.AppendWhole(b, uint64(last))
		}
	}
	if last > 0 {
		return b
	}
	for _, t := range of {
		w.record("targets", &t.Record)
	}
	return w.places(b[:from])
}

func (w *figureWriter) finding(r *rows, t *figures, f *analysis.Finding) {
	b := w.begin(r, f)
	b = append(b, w.about.of(string(f.Area), string(f.Capability))...)
	b = appendCodes(b, w, f.Nations)
	b = appendCodes(b, w, f.Organisations)
	b = appendCodes(b, w, f.Initiatives)
	b = w.appendDate(b, f.From)
	b = w.appendDate(b, f.Until)
	b = w.appendWord(b, f.Verdict)
	b = w.appendWord(b, f.Status)
	b = w.appendWord(b, string(f.Severity))
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
	b = w.unit.of(unit).on(b)
	if len(w.rest) > 0 {
		b = w.more.of(string(w.rest)).on(b)
	} else {
		b = append(b, ',')
	}
	if len(w.rests) > 0 {
		b = w.evidence(b)
	} else {
		b = append(b, ',')
	}
	r.made = b
	r.end()
}

// begin begins a row with the marking and the id of a finding. Nearly all ids stand as they are: parts that may stand with others in a cell
// make one that does.
//
//go:noinline as with demands of the analyses: finding and moves have enough to keep
func (w *figureWriter) begin(r *rows, f *analysis.Finding) []byte {
	b := append(r.made, w.ofKind.of(string(w.marking), f.Kind)[1:]...)
	plain, capability := w.ofKind.plain, w.capability.of(string(f.Capability))
	for _, s := range f.Subject {
		fits := capability.plain
		if at := len(b); s == capability.text {
			b = capability.on(b)
			b[at] = ':'
		} else {
			b, fits = w.appendCode(b, ':', s)
		}
		plain = plain && fits
	}
	if !plain {
		w.id = f.AppendID(w.id[:0])
		b = append(appendCell(r.made, string(w.marking), Text), ',')
		b = appendCell(b, string(w.id), Text)
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
	if !slices.IsSorted(w.lines) { // mostly they are
		slices.Sort(w.lines)
	}
	from, plain := len(b), len(w.named) == 0
	last := ^uint64(0) // no line
	for _, l := range w.lines {
		switch {
		case l == last:
			continue
		case l>>32 == last>>32:
			b = append(b, ' ')
		default:
			if len(b) > from {
				b = append(b, ';')
			}
			of := &w.files[l>>32]
			b = append(b, of.before...)
			plain = plain && of.plain
		}
		b = data.AppendWhole(b, l&(1<<32-1))
		last = l
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
		w.named = append(w.named, table+" "+r.ID())
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
	if l := &w.last; l.known && data.Same(l.File, file) && data.Same(l.Sheet, sheet) {
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
	w.last.fileOfLines, w.last.place, w.last.known = w.files[i], uint64(i), true
	return uint64(i)
}

func (w *figureWriter) moves(r *rows, _ *figures, f *analysis.Finding) {
	for _, m := range f.Moves {
		b := w.begin(r, f)
		b = w.capability.of(string(f.Capability)).on(b)
		b = w.appendNation(b, m.From)
		b = w.appendNation(b, m.To)
		b = appendAmount(b, m.Amount)
		b = w.unit.of(f.Measures[0].Unit).on(b)
		b = w.appendWord(b, m.Together)
		nearby := ""
		if m.Nearby {
			nearby = "yes"
		}
		r.made = w.appendWord(b, nearby)
		r.end()
	}
}

func (w *figureWriter) bonds(r *rows, _ *figures, f *analysis.Finding) {
	for _, bond := range f.Bonds() {
		b := appendCodes(appendCell(r.made, string(w.marking), Text), w, f.Nations)
		b = w.appendNation(b, bond.Nation)
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
