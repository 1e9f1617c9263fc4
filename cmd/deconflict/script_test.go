package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"deconflict": func() {
		if folder := os.Getenv(profilesVariable); folder != "" {
			profiled(folder)
		}
		main()
	}})
}

// The cases in testdata/script run the program as people do. Beside testscript's own commands they have
//
//	exits CODE ARG…   run deconflict and want this exit code
//	fits COLUMNS      no line of standard output is wider
//	sums FOLDER FILE  write the names, sizes and sums of all files of a folder into a file
//	flip PATTERN      change a byte near the middle of the one file that matches
//
// They run with a data folder of their own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script",
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, ".home")
			for _, name := range []string{"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "USERPROFILE", "APPDATA"} {
				env.Setenv(name, home)
			}
			env.Setenv(storeVariable, "")
			return nil
		},
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
			"sums": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 2 {
					ts.Fatalf("usage: sums FOLDER FILE")
				}
				var out strings.Builder
				folder := ts.MkAbs(args[0])
				ts.Check(filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
					if err != nil || d.IsDir() {
						fmt.Fprintln(&out, path)
						return err
					}
					size, sum, err := sumOf(path)
					fmt.Fprintln(&out, path, size, sum)
					return err
				}))
				ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(out.String()), 0o600))
			},
			"flip": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 1 {
					ts.Fatalf("usage: flip PATTERN")
				}
				files, err := filepath.Glob(ts.MkAbs(args[0]))
				ts.Check(err)
				if len(files) != 1 {
					ts.Fatalf("%d files match %s", len(files), args[0])
				}
				b, err := os.ReadFile(files[0])
				ts.Check(err)
				i := len(b) / 2
				for i < len(b)-1 && b[i] == 0 { // what only fills up a block says nothing
					i++
				}
				b[i] ^= 1
				ts.Check(os.WriteFile(files[0], b, 0o600))
			},
		},
	})
}

// ownHome gives a test that runs the program inside this process a data folder of its own.
func ownHome(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "USERPROFILE", "APPDATA"} {
		t.Setenv(name, home)
	}
	t.Setenv(storeVariable, "")
}
