// Deconflict tells where the defence planning of NATO, the EU and their nations asks for the same thing twice, where nobody
// delivers, and where one brings what the other lacks.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/store"
)

func main() {
	leaveGarbage()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Stdin, os.Stdout, os.Stderr, os.Args[1:])
	stop()
	os.Exit(code)
}

// The exit codes.
const (
	done   = 0
	found  = 1 // there are findings at or above --fail-on
	failed = 2 // what was asked could not be done
)

// run is the whole program: it reads in, puts the result on out and everything else on errs, and returns the exit code.
func run(ctx context.Context, in io.Reader, out, errs io.Writer, args []string) int {
	root := newRoot()
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var worse *worseError
	switch {
	case err == nil:
		return done
	case ctx.Err() != nil:
		fmt.Fprintln(errs, "deconflict: interrupted; nothing was written")
	case errors.As(err, &worse):
		tell(errs, err)
		return found
	default:
		tell(errs, err)
	}
	return failed
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "deconflict",
		Short: "Duplication, gaps and complementarity in the defence planning of NATO, the EU and their nations",
		Long: `Nations have one single set of forces and answer to two planning systems with it. Deconflict reads what both ask for,
what nations offer and hold, and which initiatives they share, and reports duplication, gaps and complementarity. Every
finding leads to the records and sources that it rests on.

Without a dataset it reads the planning cycle that was imported last, or else the public dataset that ships with it.`,
		Example: `  deconflict analyse
  deconflict nation POL
  deconflict analyse targets.csv --area medical -o report.json
  deconflict list nations --as-of 2019-11-25`,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(unknownFlag)
	root.AddCommand(
		newAnalyse(), newNation(), newExplain(), newRender(), newGraph(), newCheck(), newSuggest(),
		newImport(), newSnapshots(), newCompare(), newWhatIf(), newVerify(), newBackup(), newRestore(),
		newList(), newGenerate(), newTemplate(), newMan(), newVersion(),
	)
	root.InitDefaultHelpCmd()
	return root
}

// worseError says that there are findings at or above the severity of --fail-on. The result was written all the same.
type worseError struct {
	severity analysis.Severity
	n        int
}

func (e *worseError) Error() string {
	return fmt.Sprintf("%s at or above %s", data.Units(data.Count(e.n), "finding"), e.severity)
}

// hintError is an error with advice.
type hintError struct {
	error
	hint string
}

func (e *hintError) Unwrap() error { return e.error }

// tell prints an error for people: what is wrong, then on a line of its own what to do.
func tell(w io.Writer, err error) {
	var problems data.Problems
	var value *data.ValueError
	var hinted *hintError
	var damage *store.Damage
	message, hint := err.Error(), ""
	switch {
	case errors.As(err, &problems):
		_ = render.Problems(w, problems, shownProblems) // there is nowhere left to tell that standard error is closed
		message = "nothing was read: " + count(problems.Count(data.Error), "error") + " in the data"
		hint = "deconflict check shows warnings as well"
	case errors.As(err, &hinted):
		hint = hinted.hint
	case errors.As(err, &damage):
		hint = damage.Advice
		message = strings.Replace(message, " ("+hint+")", "", 1)
	case errors.As(err, &value):
		hint = value.Hint
		message = strings.Replace(message, " ("+hint+")", "", 1)
	}
	fmt.Fprintln(w, "deconflict: "+render.Plain(message))
	if hint != "" {
		fmt.Fprintln(w, "  "+render.Plain(hint))
	}
}

func count(n int, noun string) string { return data.Units(data.Count(n), noun) }

func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	_, err := render.OneOf(args[0], "a command", names)
	if err == nil {
		err = fmt.Errorf("%q comes before any flag", args[0])
	}
	return err
}

// unknownFlag names the flags that a mistaken one may have meant.
func unknownFlag(cmd *cobra.Command, err error) error {
	hint := cmd.CommandPath() + " --help lists the flags"
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		if near := data.Nearest("--"+unknown.GetSpecifiedName(), names); len(near) > 0 {
			hint = "did you mean " + strings.Join(near, " or ") + "?"
		}
	}
	return &hintError{err, hint}
}
