package main

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"deconflict": main})
}

// The cases in testdata/script run the program as people do. Beside testscript's own commands they have
//
//	exits CODE ARG…   run deconflict and want this exit code
//	fits COLUMNS      no line of standard output is wider
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) == 0 {
					ts.Fatalf("usage: exits CODE ARG…")
				}
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				got := 0
				var exit *exec.ExitError
				if err := ts.Exec("deconflict", args[1:]...); errors.As(err, &exit) {
					got = exit.ExitCode()
				} else if err != nil {
					ts.Fatalf("running deconflict: %v", err)
				}
				if got != want {
					ts.Fatalf("exit code %d, want %d", got, want)
				}
			},
			"fits": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 1 {
					ts.Fatalf("usage: fits COLUMNS")
				}
				columns, err := strconv.Atoi(args[0])
				ts.Check(err)
				for l := range strings.Lines(ts.ReadFile("stdout")) {
					if l = strings.TrimSuffix(l, "\n"); runewidth.StringWidth(l) > columns {
						ts.Fatalf("%d columns wide: %s", runewidth.StringWidth(l), l)
					}
				}
			},
		},
	})
}
