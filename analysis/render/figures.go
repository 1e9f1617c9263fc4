package render

import (
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

// Figures are the numbers of the findings without their words: a table for each kind, with a row for each finding and a column for each of
// its measures. They are written as they are found, so that their number is no measure of the memory that they take, and stand in the
// order of the capabilities, not of their severity.
//
// What findings rest on is written once. The table of accounts has a row for each nation and capability: what each organisation asks and
// is offered, what the nation holds, and the file and lines of every record behind each of these. A finding whose id names a nation and a
// capability rests on their row, in the columns of its organisations and of what is held; one on a capability alone on the rows of the
// capability; one of partners on all rows of the two. Its own column of evidence has what it rests on besides: requirements, initiatives,
// and what ties them.
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
	r, err = analysis.Sift(ctx, g, opts, func(w *figureWriter, accounts []*analysis.Account, found []analysis.Finding) *figureWriter {
		if w == nil {
			w = writers.Get().(*figureWriter)
			w.made = make([]*rows, len(tables))
		}
		w.add(tables, accounts, found)
		return w
	}, func(w *figureWriter) error {
		defer writers.Put(w)
		for i, rows := range w.made {
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
	kind     string // of its findings; none for the accounts
	measures []analysis.Column
	write    func(*figureWriter, *rows, *figures, *analysis.Finding)

	organisations []data.Organisation // that accounts have columns for
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
			f.Columns = append(f.Columns, Column{Name: header(m), Kind: Number})
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
	accounts := figures{organisations: organisations, Table: newTable("accounts", "What nations are asked for, offer and hold", "marking capability nation unit")}
	column := func(name string, kind ColumnKind) {
		accounts.Columns = append(accounts.Columns, Column{Name: name, Kind: kind})
	}
	for _, o := range organisations {
		column("asked by "+string(o), Number)
		column("pledged to "+string(o), Number)
	}
	for _, name := range []string{"own plan", "held", "balance"} {
		column(name, Number)
	}
	column("worst day", Day)
	for _, o := range organisations {
		column("targets of "+string(o), Codes)
		column("pledges to "+string(o), Codes)
	}
	for _, name := range []string{"records of the own plan", "records of what is held", "records in no sum"} {
		column(name, Codes)
	}
	return append(out, accounts), err
}

// header heads the column of a measure, with its unit where that is not the capability's.
func header(m analysis.Column) string {
	if m.Unit == "" {
		return m.Name
	}
	return m.Name + " (" + m.Unit + ")"
}

// add adds the rows of some accounts and findings to the tables that have them.
func (w *figureWriter) add(tables []figures, accounts []*analysis.Account, found []analysis.Finding) {
	rowsOf := func(k int) *rows {
		if w.made[k] == nil {
			w.made[k] = w.rows(k, &tables[k])
		}
		return w.made[k]
	}
	last := len(tables) - 1
	for _, a := range accounts {
		w.account(rowsOf(last), &tables[last], a)
	}
	for i := range found {
		w.rests, w.marking = found[i].RestsOn(w.rests[:0])
		for k := range tables {
			if t := &tables[k]; t.kind == found[i].Kind {
				t.write(w, rowsOf(k), t, &found[i])
			}
		}
	}
}

var writers = sync.Pool{New: func() any { return new(figureWriter) }}

// figureWriter writes rows of figures, in memory that it uses again.
type figureWriter struct {
	made    []*rows             // for each table; nil where it has none of them
	rests   []analysis.Evidence // of the finding
	marking data.Marking
	files   []data.Position // files and sheets, in order
	plain   bool            // whether all their names stand in a cell as they are
	lines   []uint64        // of a cell: the place among files in the upper half, the line in the lower
	named   []string        // records that stand in no line, of a cell
	met     [8]metOrigin    // last
	turn    int
	more    []byte
	texts   [][]last // that were last appended, by table and column
	dates   [1 << 6]struct {
		day  data.Date
		text string
	}
}

// metOrigin is an origin and the place of its file. Origins are few, and of many records each.
type metOrigin struct {
	origin *data.Origin
	file   uint64
}

// rows are more rows of the table at a place.
func (w *figureWriter) rows(place int, t *figures) *rows {
	r := newRows(t.Table)
	for len(w.texts) <= place {
		w.texts = append(w.texts, nil)
	}
	if len(w.texts[place]) < len(t.Columns) {
		w.texts[place] = make([]last, len(t.Columns))
	}
	r.last = w.texts[place]
	return r
}

func (w *figureWriter) account(r *rows, t *figures, a *analysis.Account) {
	r.text(string(a.Marking()))
	r.text(string(a.Capability))
	r.text(string(a.Nation))
	r.text(a.Unit)
	peak := func(s analysis.Steps, known bool) {
		if known {
			most, _ := s.Peak()
			r.amount(most)
		} else {
			r.none()
		}
	}
	for _, o := range t.organisations {
		peak(a.Demand(o), len(a.TargetsOf(o)) > 0)
		peak(a.Offered(o))
	}
	peak(a.Demand(analysis.OwnPlan), len(a.TargetsOf(analysis.OwnPlan)) > 0)
	left, held, worst, known := a.Balance()
	switch {
	case known:
		r.amount(held)
		r.amount(left)
	case a.HeldKnown:
		peak(a.Held, true)
		r.none()
	default:
		r.none()
		r.none()
	}
	r.text(w.date(worst))
	for _, o := range t.organisations {
		w.targets(r, a.TargetsOf(o))
		if len(a.Pledges) > 0 {
			for _, p := range a.PledgesTo(o) {
				w.record("pledges", &p.Record)
			}
		}
		w.places(r)
	}
	w.targets(r, a.TargetsOf(analysis.OwnPlan))
	a.EachHeld(w.record)
	w.places(r)
	a.EachSilent(w.record)
	w.places(r)
	r.end()
}

func (w *figureWriter) targets(r *rows, of []*data.Target) {
	for _, t := range of {
		w.record("targets", &t.Record)
	}
	w.places(r)
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
		r.none()
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
			r.none()
		}
		r.amount(m.Value)
		column++
		if t.measures[k].Unit == "" {
			unit = m.Unit
		}
	}
	for ; column < len(t.measures); column++ {
		r.none()
	}
	r.text(unit)
	r.bytes(w.more)
	w.evidence(r)
	r.end()
}

// evidence writes where the records stand that the finding rests on.
func (w *figureWriter) evidence(r *rows) {
	if len(w.rests) == 0 {
		r.none()
		return
	}
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
	w.places(r)
}

// places writes a cell of the lines that were noted, by file, and the names of records that stand in none.
func (w *figureWriter) places(r *rows) {
	if len(w.lines) == 0 && len(w.named) == 0 {
		r.none()
		return
	}
	slices.Sort(w.lines)
	b := w.more[:0]
	for i, l := range w.lines {
		switch of := w.files[l>>32]; {
		case i > 0 && l == w.lines[i-1]:
			continue
		case i == 0 || l>>32 != w.lines[i-1]>>32:
			if i > 0 {
				b = append(b, ';')
			}
			b = append(b, of.File...)
			if of.Sheet != "" {
				b = append(append(b, ':'), of.Sheet...)
			}
			b = append(b, ':')
		default:
			b = append(b, ' ')
		}
		b = strconv.AppendUint(b, l&(1<<32-1), 10)
	}
	slices.Sort(w.named)
	for _, n := range slices.Compact(w.named) {
		if len(b) > 0 {
			b = append(b, ';')
		}
		b = append(b, n...)
	}
	plain := len(w.named) == 0 && w.plain
	w.more, w.lines, w.named = b, w.lines[:0], w.named[:0]
	if plain {
		r.raw(b)
		return
	}
	r.bytes(b)
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
	for i := range w.met {
		if w.met[i].origin == of {
			w.lines = append(w.lines, w.met[i].file<<32|uint64(line))
			return
		}
	}
	file := w.file(of.File, of.Sheet)
	w.met[w.turn%len(w.met)] = metOrigin{of, file}
	w.turn++
	w.lines = append(w.lines, file<<32|uint64(line))
}

// file is the place of a file or sheet among those met.
func (w *figureWriter) file(file, sheet string) uint64 {
	p := data.Position{File: file, Sheet: sheet}
	i, found := slices.BinarySearchFunc(w.files, p, data.Position.Compare)
	if !found {
		w.files = slices.Insert(w.files, i, p)
		w.plain = !slices.ContainsFunc(w.files, func(p data.Position) bool { return !unquoted([]byte(p.File)) || !unquoted([]byte(p.Sheet)) })
		w.met = [len(w.met)]metOrigin{} // those behind it have moved
		for k, l := range w.lines {
			if int(l>>32) >= i {
				w.lines[k] = l + 1<<32
			}
		}
	}
	return uint64(i)
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
//
// A long one, as a marking, is mostly that of the row before.
func (r *rows) text(s string) {
	const long = 12
	if len(s) <= long {
		r.cell(r.filled, s, Text)
		r.filled++
		return
	}
	l := &r.last[r.filled]
	if l.text == s {
		r.made = append(r.made, l.made...)
	} else {
		from := len(r.made)
		r.cell(r.filled, s, Text)
		l.text, l.made = s, append(l.made[:0], r.made[from:]...)
	}
	r.filled++
}

// none appends an empty cell.
func (r *rows) none() {
	if r.filled > 0 {
		r.made = append(r.made, ',')
	}
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
	plain := true
	for _, code := range of {
		harmless, whole := glance(string(code))
		plain = plain && harmless && whole
	}
	if !plain {
		r.text(codes(of))
		return
	}
	r.none()
	for i, code := range of {
		if i > 0 {
			r.made = append(r.made, ';')
		}
		r.made = append(r.made, code...)
	}
}
