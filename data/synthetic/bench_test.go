package synthetic

import (
	"fmt"
	"io"
	"runtime"
	"testing"
)

// discard is an empty file that notes the most memory in use at any write of a megabyte.
type discard struct {
	unseen int
	peak   *uint64
}

func (d *discard) Write(p []byte) (int, error) {
	if d.unseen += len(p); d.unseen > 1<<20 {
		d.unseen = 0
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		*d.peak = max(*d.peak, m.HeapAlloc)
	}
	return len(p), nil
}

func (*discard) Close() error { return nil }

// BenchmarkWrite shows the time of each size and that memory does not grow with it.
func BenchmarkWrite(b *testing.B) {
	v := vocabulary(b)
	for _, k := range []int{20, 200, 1000} {
		b.Run(fmt.Sprintf("targets=%dk", k), func(b *testing.B) {
			b.ReportAllocs()
			var peak uint64
			for b.Loop() {
				if err := Write(b.Context(), Size{Seed: 1, Targets: k * 1000}, v, func(string) (io.WriteCloser, error) { return &discard{peak: &peak}, nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(peak)/(1<<20), "peak-MiB")
		})
	}
}
