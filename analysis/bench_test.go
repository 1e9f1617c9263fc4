package analysis_test

import (
	"bytes"
	"context"
	"flag"
	"io"
	"iter"
	"runtime"
	"testing"
	"testing/fstest"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/data/load"
	"deconflict/data/synthetic"
	"deconflict/graph"
)

// notional makes a notional cycle in memory.
func notional(tb testing.TB, targets int) *data.Dataset {
	tb.Helper()
	public, err := load.Public()
	if err != nil {
		tb.Fatal(err)
	}
	tables := fstest.MapFS{}
	err = synthetic.Write(context.Background(), synthetic.Size{Targets: targets}, public.Vocabulary, func(name string) (io.WriteCloser, error) {
		return &memoryFile{name: name, tables: tables}, nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	ds, problems := load.FS(context.Background(), "notional", tables)
	if ds == nil {
		tb.Fatal(problems)
	}
	return ds
}

type memoryFile struct {
	bytes.Buffer
	name   string
	tables fstest.MapFS
}

func (f *memoryFile) Close() error {
	f.tables[f.name] = &fstest.MapFile{Data: f.Bytes()}
	return nil
}

var large = flag.Bool("large", false, "benchmark two million targets too")

// sizes yields the numbers of targets that are measured, with their names.
func sizes() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		_ = yield("targets=20k", 20_000) && yield("targets=200k", 200_000) && *large && yield("targets=2M", 2_000_000)
	}
}

// BenchmarkStages makes the graph of notional cycles and the accounts on it. Beside time and allocations it shows the bytes of memory that
// each takes for a target once it is made.
func BenchmarkStages(b *testing.B) {
	for name, targets := range sizes() {
		ds := notional(b, targets)
		stage := func(name string, make func() any) {
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				for b.Loop() {
					made := make()
					b.StopTimer()
					runtime.GC()
					runtime.ReadMemStats(&after)
					runtime.KeepAlive(made)
					b.StartTimer()
				}
				b.ReportMetric(float64(int64(after.HeapAlloc-before.HeapAlloc))/float64(targets), "B/target")
			})
		}
		stage("graph/"+name, func() any { return graph.New(ds, data.Scope{}) })
		g := graph.New(ds, data.Scope{})
		stage("accounts/"+name, func() any {
			p, err := analysis.KeepAccounts(g)
			if err != nil {
				b.Fatal(err)
			}
			return p
		})
	}
}

// BenchmarkRun makes reports: on everything, and of one kind alone; the words and the evidence of all findings; the report on one nation,
// and those on all nations as an import stores them.
func BenchmarkRun(b *testing.B) {
	for name, targets := range sizes() {
		ds := notional(b, targets)
		run := func(b *testing.B, g *graph.Graph, opts analysis.Options) *analysis.Report {
			r, err := analysis.Run(context.Background(), g, opts)
			if err != nil {
				b.Fatal(err)
			}
			return r
		}
		stage := func(stage string, do func(*testing.B)) {
			b.Run(stage+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					do(b)
				}
			})
		}
		g := graph.New(ds, data.Scope{})
		stage("all", func(b *testing.B) { run(b, g, analysis.Options{}) })
		for _, kind := range analysis.Kinds() {
			stage("kind="+kind, func(b *testing.B) { run(b, g, analysis.Options{Kinds: []string{kind}}) })
		}
		r := run(b, g, analysis.Options{})
		stage("words", func(*testing.B) {
			for i := range r.Findings {
				r.Findings[i].Tell()
			}
		})
		germany := graph.New(ds, data.Scope{Nations: []data.Nation{"DEU"}})
		stage("nation=DEU", func(b *testing.B) { run(b, germany, analysis.Options{Profiles: true}) })
		stage("briefs", func(b *testing.B) {
			err := analysis.ByNation(context.Background(), g, analysis.Options{}, func(_ data.Nation, r *analysis.Report) error {
				_, err := r.Brief()
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}
