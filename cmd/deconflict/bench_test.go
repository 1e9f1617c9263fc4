package main

import (
	"context"
	"flag"
	"log"
	"os"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"testing"
)

var plans = flag.String("plans", "", "the dataset that BenchmarkWork works on, instead of a notional cycle of 200,000 targets")

// profilesVariable names a folder for a processor profile of each run of the program. default.pgo, which tells the compiler what takes time, is made
// of those of BenchmarkWork.
const profilesVariable = "DECONFLICT_PROFILES"

// profiled is main, with a profile of it in a folder.
func profiled(folder string) {
	f, err := os.CreateTemp(folder, "*.prof")
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		log.Fatal(err)
	}
	leaveGarbage()
	code := run(context.Background(), os.Stdin, os.Stdout, os.Stderr, os.Args[1:])
	pprof.StopCPUProfile()
	os.Exit(code)
}

// BenchmarkWork runs the program as a process that does the largest work it knows.
func BenchmarkWork(b *testing.B) {
	dir := b.TempDir()
	cycle, store := *plans, filepath.Join(dir, "store")
	do := func(b *testing.B, args ...string) {
		b.Helper()
		if out, err := program(b, append(args, "--quiet")...).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
	if cycle == "" {
		cycle = filepath.Join(dir, "cycle")
		do(b, "generate", "-o", cycle, "--targets", "200000")
	}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"figures", []string{"analyse", cycle, "--kind", "dual-target,nation-gap,collective-gap,transfer,partners", "--format", "figures", "-o", filepath.Join(dir, "figures")}},
		{"page", []string{"analyse", cycle, "-o", filepath.Join(dir, "page.html")}},
		{"nation", []string{"nation", "DEU", cycle}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				do(b, c.args...)
			}
		})
	}
	b.Run("import", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n++
			do(b, "import", cycle, "--as", strings.Repeat("i", n), "--store", store)
		}
	})
}
