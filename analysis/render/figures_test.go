package render_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/graph"
)

// sheet is a table as its file says, a row by its columns.
type sheet []map[string]string

// figures are the tables that WriteFigures writes, and their bytes.
func figures(t *testing.T, ds *data.Dataset, scope data.Scope, opts analysis.Options) (map[string]sheet, map[string][]byte, *analysis.Report) {
	t.Helper()
	files := map[string]*bytes.Buffer{}
	r, err := render.WriteFigures(t.Context(), graph.New(ds, scope), opts, func(name string) (io.WriteCloser, error) {
		if files[name] != nil {
			t.Fatalf("%s is written twice", name)
		}
		files[name] = new(bytes.Buffer)
		return closer{files[name]}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sheets, made := map[string]sheet{}, map[string][]byte{}
	for name, b := range files {
		made[name] = b.Bytes()
		rows, err := csv.NewReader(bytes.NewReader(b.Bytes())).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		table := strings.TrimSuffix(name, ".csv")
		sheets[table] = sheet{}
		for _, row := range rows[1:] {
			cells := map[string]string{}
			for i, c := range row {
				cells[rows[0][i]] = c
			}
			sheets[table] = append(sheets[table], cells)
		}
	}
	return sheets, made, r
}

type closer struct{ io.Writer }

func (closer) Close() error { return nil }

// places are what a cell of lines names: a file and a line each, or a record.
func places(t *testing.T, cell string) (out []string) {
	t.Helper()
	if cell == "" {
		return nil
	}
	for part := range strings.SplitSeq(cell, ";") {
		file, lines, ok := cutLast(part, ":")
		if !ok {
			out = append(out, part)
			continue
		}
		for n := range strings.FieldsSeq(lines) {
			if _, err := strconv.Atoi(n); err != nil {
				t.Fatalf("%q: %v", cell, err)
			}
			out = append(out, file+":"+n)
		}
	}
	return out
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// place is how a piece of evidence stands in such a cell.
func place(e analysis.Told) string {
	if e.Line == 0 {
		return e.Record
	}
	return data.Position{File: e.File, Sheet: e.Sheet, Line: e.Line}.String()
}

// What figures say is what a report says that is made another way: every finding with its numbers, where each record stands that it rests
// on, every move, and how any two nations stand to each other.
func TestFiguresAreWhatTheReportSays(t *testing.T) {
	ds := notional(t)
	toGermany, err := ds.For(data.Audience{"DEU"}, ds.Vocabulary)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ds    *data.Dataset
		scope data.Scope
		opts  analysis.Options
	}{
		"public":       {ds: publicData(t)},
		"notional":     {ds: ds},
		"an audience":  {ds: toGermany, scope: data.Scope{Audience: data.Audience{"DEU"}}},
		"one nation":   {ds: ds, scope: data.Scope{Nations: []data.Nation{"DEU"}}},
		"severe":       {ds: ds, opts: analysis.Options{MinSeverity: analysis.High}},
		"no severity":  {ds: ds, opts: analysis.Options{NoSeverity: true}},
		"two kinds":    {ds: ds, opts: analysis.Options{Kinds: []string{"partners", "dual-target"}}},
		"later":        {ds: ds, scope: data.Scope{AsOf: data.Day(2031, 2, 3), Horizon: data.Day(2036, 1, 1)}},
		"one process":  {ds: ds, scope: data.Scope{Processes: []data.Process{"NDPP"}}},
		"one question": {ds: ds, opts: analysis.Options{Reports: []analysis.Question{analysis.Gap}}},
		"odd names":    {ds: inOddFiles(notional(t))},
	} {
		t.Run(name, func(t *testing.T) {
			want := report(t, c.ds, c.scope, c.opts)
			got, _, head := figures(t, c.ds, c.scope, c.opts)
			if diff := cmp.Diff(want.Summary, head.Summary); diff != "" {
				t.Error(diff)
			}
			if head.Marking != want.Marking || len(head.NotAssessed) != len(want.NotAssessed) || len(head.Warnings) != len(want.Warnings) {
				t.Error("the head is another than that of the report")
			}
			accounts := map[string][][2]string{} // nations and capabilities, by the places of their records
			for _, row := range got["accounts"] {
				for _, p := range recordsOf(t, row) {
					accounts[p] = append(accounts[p], [2]string{row["nation"], row["capability"]})
				}
			}
			found := 0
			var moves, pairs []string
			for _, k := range want.Kinds {
				rows := map[string]map[string]string{}
				for _, row := range got[k.Name] {
					if rows[row["id"]] != nil {
						t.Errorf("%s stands twice", row["id"])
					}
					rows[row["id"]] = row
				}
				for _, f := range want.Findings {
					if f.Kind != k.Name {
						continue
					}
					found++
					row := rows[f.ID]
					delete(rows, f.ID)
					w := f.Tell()
					sameFinding(t, row, f, w)
					restsOnTheSame(t, row, f, w, accounts)
					for _, m := range f.Moves {
						moves = append(moves, fmt.Sprint(f.ID, m.From, m.To, m.Amount, m.Together, m.Nearby))
					}
					if f.Kind == "partners" {
						for _, other := range w.Details[0].Rows {
							pairs = append(pairs, fmt.Sprint(f.Nations[0], other))
						}
					}
				}
				for id := range rows {
					t.Errorf("%s is not in the report", id)
				}
			}
			if found != len(want.Findings) {
				t.Errorf("%d findings were looked for, of %d", found, len(want.Findings))
			}
			var gotMoves, gotPairs []string
			for _, row := range got["moves"] {
				gotMoves = append(gotMoves, row["finding"]+row["from"]+row["to"]+row["amount"]+row["together"]+fmt.Sprint(row["nearby"] != ""))
			}
			named := map[string]string{}
			for _, n := range c.ds.Nations {
				named[string(n.Nation)] = n.Name
			}
			for _, row := range got["pairs"] {
				gotPairs = append(gotPairs, fmt.Sprint(row["nation"], []string{named[row["other"]], row["could_give_it"], row["it_could_give"], row["asked_of_both"], row["overlap"]}))
			}
			for _, both := range [][2][]string{{moves, gotMoves}, {pairs, gotPairs}} {
				slices.Sort(both[0])
				slices.Sort(both[1])
				if diff := cmp.Diff(both[0], both[1]); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func sameFinding(t *testing.T, row map[string]string, f analysis.Finding, w analysis.Words) {
	t.Helper()
	if row == nil {
		t.Errorf("%s is missing", f.ID)
		return
	}
	join := func(list any) string { return strings.Join(strings.Fields(strings.Trim(fmt.Sprint(list), "[]")), ";") }
	score := ""
	if f.SeverityParts != nil {
		score = f.SeverityParts.Score.String()
	}
	for column, want := range map[string]string{
		"marking": string(w.Marking), "area": string(f.Area), "capability": string(f.Capability), "nations": join(f.Nations), "organisations": join(f.Organisations),
		"initiatives": join(f.Initiatives), "from": f.From.String(), "until": f.Until.String(), "verdict": f.Verdict, "status": f.Status,
		"severity": string(f.Severity), "score": score,
	} {
		if row[column] != want {
			t.Errorf("%s: %s is %q, want %q", f.ID, column, row[column], want)
		}
	}
	// Every number stands in a column of its name, and all columns that no number has are empty; what has no column stands in words.
	fixed := strings.Fields("marking id area capability nations organisations initiatives from until verdict status severity score unit more evidence")
	numbers := 0
	for _, m := range f.Measures {
		cell, ok := "", false
		for column, c := range row {
			if name, unit, _ := strings.Cut(column, " ("); name == m.Name && (unit != "" || !slices.Contains(fixed, name)) {
				cell, ok = c, true
			}
		}
		switch {
		case ok && cell == m.Value.String():
			numbers++
		case ok:
			t.Errorf("%s: %s is %q, want %s", f.ID, m.Name, cell, m.Value)
		case !strings.Contains(row["more"], m.Name+" = "+data.Units(m.Value, m.Unit)):
			t.Errorf("%s: %s = %s is not in %q", f.ID, m.Name, m.Value, row["more"])
		}
	}
	for column, cell := range row {
		if cell != "" && !slices.Contains(fixed, column) {
			numbers--
		}
	}
	if numbers != 0 {
		t.Errorf("%s: there are %d numbers too many", f.ID, -numbers)
	}
}

// restsOnTheSame checks that every record behind a finding is in its own cell or in those of its accounts that it rests on.
func restsOnTheSame(t *testing.T, row map[string]string, f analysis.Finding, w analysis.Words, accounts map[string][][2]string) {
	t.Helper()
	own := places(t, row["evidence"])
	in := map[string]bool{}
	for _, p := range own {
		in[p] = true
	}
	only := len(own)
	for _, e := range w.Evidence {
		told := e.Tell()
		table, _, _ := strings.Cut(told.Record, " ")
		if in[place(told)] {
			continue
		}
		only = -1
		if !slices.Contains([]string{"targets", "pledges", "holdings"}, table) {
			t.Errorf("%s: %s is not in its evidence", f.ID, told.Record)
			continue
		}
		found := slices.ContainsFunc(accounts[place(told)], func(of [2]string) bool {
			onOne := f.Kind != "partners" && len(f.Nations) == 1 && strings.HasPrefix(f.ID, f.Kind+":"+string(f.Nations[0])+":")
			return (f.Capability == "" || of[1] == string(f.Capability)) && (!onOne || of[0] == string(f.Nations[0]))
		})
		if !found {
			t.Errorf("%s: %s is in no account", f.ID, told.Record)
		}
	}
	if only >= 0 && only != len(w.Evidence) {
		distinct := map[string]bool{}
		for _, e := range w.Evidence {
			distinct[place(e.Tell())] = true
		}
		if only != len(distinct) {
			t.Errorf("%s: its evidence has %d records, want %d", f.ID, only, len(distinct))
		}
	}
}

// recordsOf are the places of all records behind an account.
func recordsOf(t *testing.T, account map[string]string) (out []string) {
	for column, cell := range account {
		if strings.HasPrefix(column, "targets") || strings.HasPrefix(column, "pledges") || strings.HasPrefix(column, "records") {
			out = append(out, places(t, cell)...)
		}
	}
	return out
}

// inOddFiles has targets, but no other records, stand in files whose names must be in quotation marks.
func inOddFiles(ds *data.Dataset) *data.Dataset {
	for i := range ds.Targets {
		o := *ds.Targets[i].Origin
		o.File = fmt.Sprintf(`plans, "%d"/%s`, i%3, o.File)
		ds.Targets[i].Origin = &o
	}
	return ds
}

// Accounts name every record once: where it is asked for, offered or held, or among those in no sum.
func TestAccountsHaveEveryRecordThatCounts(t *testing.T) {
	ds := notional(t)
	got, _, _ := figures(t, ds, data.Scope{}, analysis.Options{Kinds: []string{"dual-target"}})
	in, silent := map[string]int{}, map[string]int{}
	for _, row := range got["accounts"] {
		for _, p := range places(t, row["records in no sum"]) {
			silent[p]++
		}
		for _, p := range recordsOf(t, row) {
			in[p]++
		}
	}
	count := func(r *data.Record, reported bool) {
		p := r.Position().String()
		if n := in[p]; n != 1 && !(reported && n == 2) {
			t.Errorf("%s stands in %d cells", p, n)
		}
		if (silent[p] == 1) == r.Counts() {
			t.Errorf("%s is among those in no sum %d times", p, silent[p])
		}
	}
	for i := range ds.Targets {
		count(&ds.Targets[i].Record, ds.Targets[i].Held.Known())
	}
	for i := range ds.Pledges {
		count(&ds.Pledges[i].Record, false)
	}
	for i := range ds.Holdings {
		count(&ds.Holdings[i].Record, false)
	}
}

func TestFiguresDoNotDependOnTheNumberOfCores(t *testing.T) {
	ds := notional(t)
	var first map[string][]byte
	for _, cores := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(cores)
		_, made, _ := figures(t, ds, data.Scope{}, analysis.Options{})
		runtime.GOMAXPROCS(before)
		if first == nil {
			first = made
		}
		for name, b := range made {
			if !bytes.Equal(b, first[name]) {
				t.Errorf("%s on %d cores: %s", name, cores, firstDifference(b, first[name]))
			}
		}
	}
}

func TestFiguresStopWhereTheyCannotBeWritten(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	g := graph.New(notional(t), data.Scope{})
	nowhere := func(string) (io.WriteCloser, error) { return closer{io.Discard}, nil }
	if _, err := render.WriteFigures(ctx, g, analysis.Options{}, nowhere); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	full := fmt.Errorf("the disk is full")
	_, err := render.WriteFigures(t.Context(), g, analysis.Options{}, func(name string) (io.WriteCloser, error) {
		return closer{failsAt{name == "nation-gap.csv", new(int), full}}, nil
	})
	if !errors.Is(err, full) {
		t.Errorf("a full disk: %v", err)
	}
}

// failsAt fails at the second write.
type failsAt struct {
	fails bool
	n     *int
	err   error
}

func (f failsAt) Write(b []byte) (int, error) {
	if *f.n++; f.fails && *f.n > 1 {
		return 0, f.err
	}
	return len(b), nil
}

var twoMillion = flag.Bool("large", false, "benchmark two million targets too")

// BenchmarkFigures writes the figures of notional cycles to nowhere: accounts, findings and their rows.
func BenchmarkFigures(b *testing.B) {
	for _, targets := range []int{20_000, 200_000, 2_000_000} {
		if targets > 200_000 && !*twoMillion {
			continue
		}
		g := graph.New(cycle(b, targets), data.Scope{})
		b.Run(fmt.Sprintf("targets=%dk", targets/1000), func(b *testing.B) {
			b.ReportAllocs()
			found := 0
			for b.Loop() {
				r, err := render.WriteFigures(b.Context(), g, analysis.Options{}, func(string) (io.WriteCloser, error) { return closer{io.Discard}, nil })
				if err != nil {
					b.Fatal(err)
				}
				found = analysis.Total(r.Summary).Findings
			}
			b.ReportMetric(float64(found), "findings")
		})
	}
}
