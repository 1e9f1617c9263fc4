package load

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// The garbage collector starts when a large table is asked for, as that is much beside what there was. It would look through the places of the
// table while they are written to, and have each page of memory fetched twice: first as an empty one to be looked at, then as one to be
// written to. That takes longer than all the rest of reading. So the collector is asked to wait until the table has been read, or until
// more memory is taken than the table and its texts account for.

// patient is how many bytes a table takes at least for which it waits.
const patient = 16 << 20

var waiting struct {
	sync.Mutex
	tables  int // that it waits for
	percent int // how it is set otherwise
}

// collectLater has the collector wait until the function that it returns is called, for the first time, for this table and all others.
func collectLater() (resume func()) {
	waiting.Lock()
	defer waiting.Unlock()
	if waiting.tables == 0 {
		waiting.percent = debug.SetGCPercent(-1)
	}
	waiting.tables++
	return sync.OnceFunc(func() {
		waiting.Lock()
		defer waiting.Unlock()
		if waiting.tables--; waiting.tables == 0 {
			debug.SetGCPercent(waiting.percent)
		}
	})
}

// heap is how many bytes what is in use takes, and what has not been collected.
func heap() int {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}
