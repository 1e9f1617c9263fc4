package render

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

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
			w.made[k] = newRows(tables[k].Table)
		}
		return w.made[k]
	}
	last := len(tables) - 1
	for _, a := range accounts {
		w.account(rowsOf(last), &tables[last], a)
	}
	first := 0 // of the tables of a kind, which stand together, as its findings do
	for i := range found {
		kind := found[i].Kind
		if tables[first].kind != kind {
			first = slices.IndexFunc(tables, func(t figures) bool { return t.kind == kind })
		}
		w.rests, w.marking = found[i].RestsOn(w.rests[:0])
		for k := first; k < last && tables[k].kind == kind; k++ {
			tables[k].write(w, rowsOf(k), &tables[k], &found[i])
		}
	}
}
