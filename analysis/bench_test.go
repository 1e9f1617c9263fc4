package analysis_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
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

// BenchmarkStages makes the graph of notional cycles and the accounts on it. Beside time and allocations it shows the bytes of memory that
// each takes for a target once it is made.
func BenchmarkStages(b *testing.B) {
	sizes := []int{20_000, 200_000}
	if *large {
		sizes = append(sizes, 2_000_000)
	}
	for _, targets := range sizes {
		name := fmt.Sprintf("targets=%dk", targets/1000)
		if targets >= 1_000_000 {
			name = fmt.Sprintf("targets=%dM", targets/1_000_000)
		}
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

func BenchmarkRun(b *testing.B) {
	for _, targets := range []int{3_000, 20_000} {
		ds := notional(b, targets)
		b.Run(fmt.Sprintf("targets=%dk", targets/1000), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := analysis.Run(context.Background(), graph.New(ds, data.Scope{}), analysis.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("targets=%dk/nation=DEU", targets/1000), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g := graph.New(ds, data.Scope{Nations: []data.Nation{"DEU"}})
				if _, err := analysis.Run(context.Background(), g, analysis.Options{Profiles: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
		for _, kind := range analysis.Kinds() {
			b.Run(fmt.Sprintf("targets=%dk/kind=%s", targets/1000, kind), func(b *testing.B) {
				b.ReportAllocs()
				g := graph.New(ds, data.Scope{})
				for b.Loop() {
					if _, err := analysis.Run(context.Background(), g, analysis.Options{Kinds: []string{kind}}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
