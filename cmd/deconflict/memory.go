package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"sync"
)

// Garbage is collected when it has grown to a share of what is kept. Left to itself the runtime begins with that at 4 MB, and most runs of the
// program end long before what they hold would matter: they would collect, over and over, garbage that the end of the run clears away at
// once. So nothing is collected before untroubled, and from then on at the share that suits what a command does.

// untroubled is the size of the heap up to which garbage is left alone: a planning cycle of twenty thousand targets is answered within it.
const untroubled = 64 << 20

// first is how many bytes of heap the runtime collects at for the first time, at 100 percent.
const first = 4 << 20

// garbage is how much there may be.
var garbage = struct {
	sync.Mutex
	percent int // of what is kept
	alone   bool
}{percent: 100}

// leaveGarbage lets garbage be as long as the heap is small, and is for the start of the program. Whoever sets GOGC has it their way.
func leaveGarbage() {
	if os.Getenv("GOGC") != "" {
		return
	}
	garbage.alone = true
	debug.SetGCPercent(100 * untroubled / first)
	// The first collection finds this dead, and says so. What is large is swept before all else, so that it is said at once.
	runtime.AddCleanup(new([64 << 10]byte), func(struct{}) {
		garbage.Lock()
		defer garbage.Unlock()
		garbage.alone = false
		debug.SetGCPercent(garbage.percent)
	}, struct{}{})
}

// leaveGarbageOf lets garbage be for longer where much is read: what is made of it is as large, and to collect while it grows, or once it has
// grown, is to look at all of it.
func leaveGarbageOf(input int64) {
	const share = 2 // of the input: about what the records of a CSV file and their graph take
	garbage.Lock()
	defer garbage.Unlock()
	if garbage.alone {
		debug.SetGCPercent(int(100 * (untroubled + share*input) / first))
	}
}

// collectAt sets at how much garbage, in percent of what is kept, it is collected once the heap is no longer small. It returns how much it was.
func collectAt(percent int) (before int) {
	garbage.Lock()
	defer garbage.Unlock()
	before, garbage.percent = garbage.percent, percent
	setShare()
	return before
}

// collectAgain has garbage collected as it was said last. Reading has the collector wait, and puts back what it found: if the heap ceased to be
// small meanwhile, that was for a small one.
func collectAgain() {
	garbage.Lock()
	defer garbage.Unlock()
	setShare()
}

func setShare() {
	if !garbage.alone && os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage.percent)
	}
}
