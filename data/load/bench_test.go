package load_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"deconflict/data/load"
	"deconflict/data/synthetic"
)

var large = flag.Bool("large", false, "benchmark two million targets too")

// BenchmarkFiles reads the targets of notional cycles from the disk. Beside time and allocations it shows the bytes of memory that a target
// takes once it is read.
func BenchmarkFiles(b *testing.B) {
	public, err := load.Public()
	if err != nil {
		b.Fatal(err)
	}
	sizes := []int{20_000, 200_000}
	if *large {
		sizes = append(sizes, 2_000_000)
	}
	for _, n := range sizes {
		name := fmt.Sprintf("targets=%dk", n/1000)
		if n >= 1_000_000 {
			name = fmt.Sprintf("targets=%dM", n/1_000_000)
		}
		b.Run(name, func(b *testing.B) {
			dir := b.TempDir()
			size := synthetic.Size{Targets: n, Pledges: -1, Holdings: -1, Requirements: -1}
			err := synthetic.Write(context.Background(), size, public.Vocabulary, func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(dir, name)) })
			if err != nil {
				b.Fatal(err)
			}
			info, err := os.Stat(filepath.Join(dir, "targets.csv"))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(info.Size())
			b.ReportAllocs()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for b.Loop() {
				ds, problems := load.Files(b.Context(), dir)
				if ds == nil || len(ds.Targets) != n {
					b.Fatal(problems)
				}
				b.StopTimer()
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(ds)
				b.StartTimer()
			}
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "B/target")
		})
	}
}

// BenchmarkUnknown reads as many mistakes as are looked at: a file in which every row has a word of its own that is no capability, or no
// nation.
func BenchmarkUnknown(b *testing.B) {
	for _, column := range []string{"nation", "capability"} {
		b.Run(column, func(b *testing.B) {
			var text strings.Builder
			text.WriteString("id,process,nation,capability,quantity\n")
			for i := range 10_000 {
				row := map[string]string{"nation": "POL", "capability": "mob-rail"}
				row[column] = fmt.Sprint("Rail wagons of the north, lot ", i)
				fmt.Fprintf(&text, "%d,NDPP,\"%s\",\"%s\",1\n", i, row["nation"], row["capability"])
			}
			path := filepath.Join(b.TempDir(), "targets.csv")
			if err := os.WriteFile(path, []byte(text.String()), 0o666); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if in := (load.Options{}).Inspect(b.Context(), path); len(in.Problems) < 10_000 {
					b.Fatal(len(in.Problems))
				}
			}
		})
	}
}
