package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// What holds little ends before anything is collected.
func TestASmallRunCollectsNothing(t *testing.T) {
	cmd := program(t, "nation", "POL", "--quiet")
	cmd.Env = append(cmd.Environ(), "GODEBUG=gctrace=1", "GOGC=")
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &errs)
	}
	if strings.Contains(errs.String(), "gc 2 @") { // the first may be due before the program begins, if the race detector watches it
		t.Errorf("garbage was collected:\n%s", &errs)
	}
}

// Once the heap is no longer small, garbage is collected at the share that was asked for last.
func TestGarbageIsCollectedAfterAll(t *testing.T) {
	t.Setenv("GOGC", "")
	before, share := debug.SetGCPercent(100), garbage.percent
	t.Cleanup(func() {
		garbage.percent, garbage.alone = share, false
		debug.SetGCPercent(before)
	})
	garbage.percent = 100
	leaveGarbage()
	if was := collectAt(70); was != 100 {
		t.Errorf("it was collected at %d percent, want 100", was)
	}
	alone := func() bool {
		garbage.Lock()
		defer garbage.Unlock()
		return garbage.alone
	}
	if !alone() {
		t.Error("it is collected from the start")
	}
	for end := time.Now().Add(10 * time.Second); alone() && time.Now().Before(end); time.Sleep(time.Millisecond) {
		runtime.GC()
	}
	if got := debug.SetGCPercent(100); got != 70 {
		t.Errorf("it is collected at %d percent, want 70", got)
	}
	debug.SetGCPercent(1600) // as reading leaves it that began when the heap was small
	collectAgain()
	if got := debug.SetGCPercent(100); got != 70 {
		t.Errorf("it is collected at %d percent after reading, want 70", got)
	}
	collectAt(collectAt(30))
	if got := debug.SetGCPercent(100); got != 70 {
		t.Errorf("it is collected at %d percent after somebody else had it for a while, want 70", got)
	}
}

// program is the program as a command to be run, with a data folder of its own.
func program(t testing.TB, args ...string) *exec.Cmd {
	path, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Args[0] = "deconflict" // by which a test binary knows that it is to be the program
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_DATA_HOME="+home, "USERPROFILE="+home, "APPDATA="+home, storeVariable+"=")
	return cmd
}

// BenchmarkStart runs the program as a process: what each run pays before it does anything, what one pays that reads no more than the tables
// that every dataset borrows, and a small question on a planning cycle. Beside the time it shows that of the processors.
func BenchmarkStart(b *testing.B) {
	cycle := filepath.Join(b.TempDir(), "cycle")
	if out, err := program(b, "generate", "-o", cycle, "--targets", "20000", "--quiet").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	for _, args := range [][]string{
		{"help"},
		{"version"},
		{"analyse", cycle, "--kind", "transfer", "--nation", "ISL", "--quiet"},
	} {
		name := args[0]
		if len(args) > 1 {
			name += "/targets=20k"
		}
		b.Run(name, func(b *testing.B) {
			var busy time.Duration
			for b.Loop() {
				cmd := program(b, args...)
				if err := cmd.Run(); err != nil {
					b.Fatal(err)
				}
				busy += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			}
			b.ReportMetric(float64(busy.Microseconds())/1000/float64(b.N), "cpu-ms/op")
		})
	}
}
