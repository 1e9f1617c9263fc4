package render

import (
	"errors"
	"hash/maphash"
	"io"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"deconflict/analysis"
)

// writeCSV writes the findings as one table. The folder of all tables comes from Tables.
func writeCSV(w io.Writer, r *analysis.Report, _ Options) error { return findingsTable(r).WriteCSV(w) }

// writeDifferenceCSV writes the changes as one table. The folder of all tables comes from DifferenceTables.
func writeDifferenceCSV(w io.Writer, d *analysis.Difference, _ Options) error {
	return changesTable(d).WriteCSV(w)
}

// WriteCSV writes a table as RFC 4180 says, with a header, in UTF-8. No cell of text starts a formula in a spreadsheet: an
// apostrophe stands before one that would. Numbers and days stay as they are.
func (t Table) WriteCSV(w io.Writer) error { return writeTables([]Table{t}, []io.Writer{w}) }

// WriteFolder writes tables as CSV, a file each. It makes the rows of all tables on findings in one go: putting a finding into words
// costs more than writing it.
func WriteFolder(tables []Table, create func(name string) (io.WriteCloser, error)) (err error) {
	out := make([]io.Writer, len(tables))
	for i, t := range tables {
		f, failed := create(t.Name + ".csv")
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, f.Close()) }()
		out[i] = f
	}
	return writeTables(tables, out)
}

// writeTables writes each table to its writer. The tables on findings are all on the same.
func writeTables(tables []Table, out []io.Writer) error {
	var going []int // on with every finding
	for i, t := range tables {
		head := newRows(t)
		for k, c := range t.Columns {
			if k > 0 {
				head.made = append(head.made, ',')
			}
			head.made = appendCell(head.made, c.Name, Text)
		}
		head.end()
		if err := head.flush(out[i]); err != nil {
			return err
		}
		const together = 512
		err := inOrder((t.known()+together-1)/together, func(n int) *rows {
			p, cells := newRows(t), make([]string, 0, len(t.Columns))
			from, to := n*together, min((n+1)*together, t.known())
			if t.quick != nil && len(t.Rows) == 0 {
				c := recurrings.Get().(*recurring)
				defer recurrings.Put(c)
				for i := from; i < to; i++ {
					p.made = t.quick(c, p.made, i)
					p.end()
				}
				return p
			}
			for i := from; i < to; i++ {
				p.add(t.at(i, cells)...)
			}
			return p
		}, func(p *rows) error { return p.flush(out[i]) })
		if err != nil {
			return err
		}
		if t.each != nil {
			going = append(going, i)
		}
	}
	if len(going) == 0 {
		return nil
	}
	findings := tables[going[0]].findings
	const together = 64
	piece := func(n int) []*rows {
		pieces := make([]*rows, len(going))
		for k, i := range going {
			pieces[k] = newRows(tables[i])
		}
		for i := n * together; i < min((n+1)*together, len(findings)); i++ {
			f := &findings[i]
			w := f.Tell()
			for _, p := range pieces {
				p.each(p.add, f, w)
			}
		}
		return pieces
	}
	return inOrder((len(findings)+together-1)/together, piece, func(pieces []*rows) error {
		for k, p := range pieces {
			if err := p.flush(out[going[k]]); err != nil {
				return err
			}
		}
		return nil
	})
}

// rows are some rows of a table as CSV. They are put together here and not by encoding/csv, which goes over every cell twice and
// copies it twice more: the evidence of a large plan is a million rows. A test holds them to what encoding/csv writes.
type rows struct {
	Table
	full   []*[]byte    // blocks, so that what is made is not copied as it grows
	made   []byte       // the block that is being filled
	before []madeBefore // the cells of the row above, of a table that is made by add
}

// madeBefore is a text and the cell that was made of it.
type madeBefore struct {
	text string
	cell []byte
}

// recurring keeps cells of texts that stand in many rows.
type recurring struct {
	known [1 << 10]lastCell
	head  lastPair // two that mostly stand in the row above as well
}

var (
	recurrings = sync.Pool{New: func() any {
		c := new(recurring)
		clear(c.known[:]) // so that the system need not give each page twice: to be looked at, and then to be written
		return c
	}}
	spread = maphash.MakeSeed()
)

func (c *recurring) of(s string) *lastCell {
	h := maphash.String(spread, s)
	l, other := &c.known[h%uint64(len(c.known))], &c.known[h>>32%uint64(len(c.known))]
	if l.text != s && (other.text == s || other.text == "") { // as two may take turns that have one place
		l = other
	}
	return l.of(s)
}

// cell appends the cell of a text, with the comma before it.
func (c *recurring) cell(b []byte, s string) []byte {
	if s == "" {
		return append(b, ',')
	}
	return c.of(s).on(b)
}

// first appends the first two cells of a row.
func (c *recurring) first(b []byte, s, t string) []byte { return append(b, c.head.of(s, t)[1:]...) }

// block is how many bytes of rows stand together in memory, and blocks are those of rows that are written.
const block = 64 << 10

var blocks = sync.Pool{New: func() any { b := make([]byte, 0, block); return &b }}

func newRows(t Table) *rows { return &rows{Table: t, made: *blocks.Get().(*[]byte)} }

// add adds a row. What a cell says mostly stands in the row above as well: it is copied from there, and not looked at again.
func (r *rows) add(cells ...string) {
	if r.before == nil {
		r.before = make([]madeBefore, len(r.Columns))
	}
	for i, s := range cells {
		above := &r.before[i]
		if i > 0 {
			r.made = append(r.made, ',')
		}
		if above.cell != nil && above.text == s {
			r.made = append(r.made, above.cell...)
			continue
		}
		from := len(r.made)
		r.made = appendCell(r.made, s, r.Columns[i].Kind)
		above.text, above.cell = s, r.made[from:]
	}
	r.end()
}

func (r *rows) end() {
	const room = 4 << 10 // for another row
	r.made = append(r.made, '\n')
	if len(r.made) > block-room {
		made := r.made
		r.full, r.made = append(r.full, &made), *blocks.Get().(*[]byte)
	}
}

// appendCell appends a cell. One that a reader could take for something else stands in quotation marks.
func appendCell(b []byte, s string, kind ColumnKind) []byte {
	harmless, whole := glance(s)
	if !harmless {
		if kind == Text || kind == Codes {
			s = inert(s)
		}
		whole = s == "" || s != `\.` && !strings.ContainsAny(s, ",\"\r\n") && !startsWithSpace(s)
	}
	if whole {
		return append(b, s...)
	}
	b = append(b, '"')
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			break
		}
		b = append(append(b, s[:i+1]...), '"')
		s = s[i+1:]
	}
	return append(append(b, s...), '"')
}

func startsWithSpace(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(first)
}

func (r *rows) flush(w io.Writer) error {
	for _, b := range append(r.full, &r.made) {
		if _, err := w.Write(*b); err != nil {
			return err
		}
		*b = (*b)[:0]
		blocks.Put(b)
	}
	return nil
}

// inOrder makes n pieces on as many cores as there are and uses each in its turn, holding no more than a few.
func inOrder[T any](n int, piece func(i int) T, use func(T) error) error {
	if n == 1 {
		return use(piece(0))
	}
	type slot = chan T
	cores := runtime.GOMAXPROCS(0)
	turns := make(chan slot, 2*cores)
	stop := make(chan struct{})
	free := make(chan struct{}, cores)
	go func() {
		defer close(turns)
		for i := range n {
			done := make(slot, 1)
			select {
			case turns <- done:
			case <-stop:
				return
			}
			free <- struct{}{}
			go func() {
				done <- piece(i)
				<-free
			}()
		}
	}()
	defer close(stop)
	for done := range turns {
		if err := use(<-done); err != nil {
			return err
		}
	}
	return nil
}

// inert is a text that no spreadsheet takes for a formula. A spreadsheet that separates columns by semicolons splits the cell
// there, so what follows each of them is guarded as well, and so is what follows a quotation mark, which it may take off.
func inert(s string) string {
	if harmless, _ := glance(s); harmless {
		return s
	}
	parts := strings.Split(s, ";")
	for i, p := range parts {
		parts[i] = guard(p)
	}
	return strings.Join(parts, ";")
}

// glance reports of most texts, in one look, that inert leaves them as they are, and then whether they need no quotation marks.
func glance(s string) (harmless, whole bool) {
	met := byte(usual)
	for i := range len(s) { // without a branch for each kind: where words end cannot be foretold
		met |= kindOfByte[s[i]]
	}
	switch {
	case met >= unfit:
		return false, false
	case met < parting:
		harmless = s == "" || kindOfByte[s[0]] == usual
		return harmless, harmless && met < quotable
	}
	first := true // of a part
	for i := range len(s) {
		switch kindOfByte[s[i]] {
		case parting:
			first = true
		case usual:
			first = false
		default:
			if first {
				return false, false
			}
		}
	}
	return true, met&quotable == 0
}

// What bytes are to glance, as bits of which each is more of a trouble than those before.
const (
	usual    = 0
	starter  = 1 // may start a formula, or stand before one
	quotable = 2 // is in a cell with quotation marks alone, and may start a formula
	parting  = 4 // ends a part
	unfit    = 8 // takes a closer look
)

var kindOfByte = func() (kinds [256]byte) {
	for c := range kinds {
		switch {
		case c < ' ' || c > '~' || c == '\\':
			kinds[c] = unfit
		case c == ',' || c == '"':
			kinds[c] = quotable
		case strings.IndexByte("=+-@ ", byte(c)) >= 0:
			kinds[c] = starter
		case c == ';':
			kinds[c] = parting
		}
	}
	return kinds
}()

func guard(s string) string {
	const starts = "=+-@＝＋－＠"
	text := Plain(s)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, ` "`))
	if strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.ContainsRune(starts, first) && !number.MatchString(text) {
		return "'" + text
	}
	return text
}

// number matches what is a number, though it starts with a minus.
var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
