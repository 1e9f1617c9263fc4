package render

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"runtime"
	"strings"
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
		rows := newRows(t)
		header := make([]string, len(t.Columns))
		for k, c := range t.Columns {
			header[k] = inert(c.Name)
		}
		rows.write(header)
		for _, row := range t.Rows {
			rows.add(row...)
		}
		if err := rows.flush(out[i]); err != nil {
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

// rows are some rows of a table as CSV.
type rows struct {
	Table
	made  bytes.Buffer
	csv   *csv.Writer
	cells []string // of one row
}

func newRows(t Table) *rows {
	r := &rows{Table: t}
	r.csv = csv.NewWriter(&r.made)
	return r
}

func (r *rows) add(cells ...string) {
	r.cells = append(r.cells[:0], cells...)
	for i, v := range cells {
		if k := r.Columns[i].Kind; k == Text || k == Codes {
			r.cells[i] = inert(v)
		}
	}
	r.write(r.cells)
}

func (r *rows) write(cells []string) { _ = r.csv.Write(cells) } // a buffer takes everything

func (r *rows) flush(w io.Writer) error {
	r.csv.Flush()
	_, err := r.made.WriteTo(w)
	return err
}

// inOrder makes n pieces on as many cores as there are and uses each in its turn, holding no more than a few.
func inOrder[T any](n int, piece func(i int) T, use func(T) error) error {
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
	parts := strings.Split(s, ";")
	for i, p := range parts {
		parts[i] = guard(p)
	}
	return strings.Join(parts, ";")
}

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
