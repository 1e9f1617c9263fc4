package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
)

// shownProblems is how many problems, or kinds of them, are shown before the rest are only counted.
const shownProblems = 100

// checking is a check as the flags ask for it.
type checking struct {
	output
	at     storage
	all    bool
	fix    bool
	copy   string
	format string
}

func newCheck() *cobra.Command {
	var c checking
	cmd := &cobra.Command{
		Use:   "check [DATASET…]",
		Short: "Say what is wrong or doubtful in a dataset, and mend what is certain",
		Long: `Read a dataset and say what is wrong or doubtful in it: file, line and column, what was found, what was expected, and
what was probably meant. Problems of one kind in one column are told together, with the line of the first, in which what is wrong is
underlined with ^ and what is doubtful with ~; --all tells each by itself. Without a dataset the public one is checked, or with
--snapshot what was doubtful about a snapshot when it was imported.

A dataset is a folder of CSV tables, an Excel workbook with a sheet for each table, a JSON document, a zip archive of a folder, or a
single CSV file; several are read together, and - is standard input. What must be guessed about a file is said, and --encoding,
--separator and --decimal say it instead. A day such as 03/04/2030 is not guessed at: --date-order dmy reads it as 2030-04-03, and mdy
as 2030-03-04.

--fix -o writes a copy in which all that can be read in one way only is written as the program writes it: names and other spellings
of nations, capabilities, processes and the like become codes; decimal commas, grouped thousands and days become 1234.5 and
2030-12-31 where they have one meaning; blanks after a value go. All else stays as it was to the last byte: separators, quotes,
encoding and line ends of CSV, and in a workbook everything but those cells. What is not certain is left, and told. A workbook that is
signed is refused, and a cell that a formula fills is left.

Limits: 2 GB a CSV file in UTF-8; 256 MB any other, and unpacked, and any that --fix copies; 10,000 files an archive; 200 sheets a
workbook; 200 columns; 64 kB a cell; 20 million records; after 10,000 errors the rest is not looked at.

Exit codes: 0 there is no error, though there may be warnings; 2 there are errors, or the dataset cannot be read.`,
		Example: `  deconflict check targets.csv
  deconflict check plans/ --all
  deconflict check plans.xlsx --format json
  deconflict check targets.csv --fix -o mended.csv
  deconflict check --snapshot 2026
  deconflict check`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd, args) },
	}
	c.page(cmd)
	c.at.choose(cmd)
	readingFlags(cmd)
	f := cmd.Flags()
	f.BoolVar(&c.all, "all", false, fmt.Sprintf("tell every problem by itself, not only the first %d kinds", shownProblems))
	f.BoolVar(&c.fix, "fix", false, "write a copy in which all that is certain is mended; -o says where")
	f.StringVarP(&c.copy, "output", "o", "", "the file or, of a folder, the new folder that --fix writes")
	f.StringVar(&c.format, "format", "table", "table, or json for scripts")
	complete(cmd, "format", checkFormats)
	return cmd
}

var checkFormats = []string{"table", "json"}

func (c *checking) run(cmd *cobra.Command, paths []string) error {
	format, err := render.OneOf(c.format, "a format", checkFormats)
	if err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	c.format = checkFormats[format]
	if err := c.check(nil); err != nil {
		return err
	}
	if c.fix || c.copy != "" {
		return c.mend(cmd, paths)
	}
	how, err := reading(cmd)
	if err != nil {
		return err
	}
	in, err := c.inspect(cmd, how, paths)
	if err != nil {
		return err
	}
	name := strings.Join(paths, ", ")
	if in.Dataset != nil {
		name = in.Dataset.Name
	}
	return c.show(cmd, name, in, nil, paths)
}

// inspect looks at the datasets, or else at a snapshot, or else at the public dataset.
func (c *checking) inspect(cmd *cobra.Command, how load.Options, paths []string) (load.Inspection, error) {
	var in load.Inspection
	if len(paths) > 0 && !c.at.chosen() {
		defer slowly(cmd, "reading "+paths[0], c.quiet)()
		in = how.Inspect(cmd.Context(), paths...)
		return in, cmd.Context().Err()
	}
	var err error
	if c.at.chosen() {
		in.Dataset, err = c.at.dataset(cmd, paths, true)
	} else {
		in.Dataset, err = load.Public()
	}
	if err == nil {
		in.Problems = in.Dataset.Problems
		err = cmd.Context().Err()
	}
	return in, err
}

// show puts what was found on standard output. That there are errors is an error.
func (c *checking) show(cmd *cobra.Command, name string, in load.Inspection, changes []render.Change, paths []string) error {
	warnings, failures := in.Problems.Count(data.Warning), in.Problems.Count(data.Error)
	err := c.writeWith(cmd, false, func(w io.Writer, opts render.Options) error {
		if c.format == "json" {
			return render.InspectedJSON(w, name, in.Problems, in.Spots, c.copy, changes)
		}
		most := shownProblems
		if c.all {
			most = max(len(in.Problems), len(changes))
		}
		if c.copy != "" {
			if err := c.told(w, changes, most, failures+warnings); err != nil {
				return err
			}
		}
		list := render.Inspected
		if c.all {
			list = render.InspectedEach
		}
		if err := list(w, in.Problems, in.Spots, most, opts); err != nil || failures > 0 {
			return err
		}
		return render.Checked(w, in.Dataset, warnings)
	})
	if err != nil {
		return err
	}
	if failures > 0 {
		hint := "mend them and check again"
		if in.Certain > 0 && c.copy == "" && len(paths) == 1 {
			again := append([]string{paths[0], "--fix", "-o", mendedName(paths[0])}, reread(cmd.Flags())...)
			hint = fmt.Sprintf("deconflict check %s mends %s for certain", strings.Join(render.Quoted(again), " "), count(in.Certain, "cell"))
		}
		return &hintError{fmt.Errorf("%s: a dataset with errors is not read", count(failures, "error")), hint}
	}
	if len(paths) > 0 && c.format != "json" && !c.quiet {
		again := reread(cmd.Flags())
		if c.copy != "" {
			again = reread(cmd.Flags(), "decimal", "date-order") // the copy has decimal points, and the year first
		}
		fmt.Fprintln(cmd.ErrOrStderr(), "next: deconflict analyse "+strings.Join(render.Quoted(slices.Concat(paths, again)), " "))
	}
	return nil
}

func (c *checking) told(w io.Writer, changes []render.Change, most, problems int) error {
	if err := render.Changed(w, changes, most); err != nil {
		return err
	}
	left := "nothing is left to mend"
	if problems > 0 {
		left = "what is left to mend:"
	}
	_, err := fmt.Fprintf(w, "%s: %s changed; %s\n", render.Plain(c.copy), count(len(changes), "cell"), left)
	return err
}

// mend writes a mended copy of a dataset, and shows what is left to mend in it.
func (c *checking) mend(cmd *cobra.Command, paths []string) error {
	switch {
	case !c.fix:
		return &hintError{errors.New("-o: check writes a file only with --fix"), "standard output has the problems"}
	case c.copy == "" || c.copy == "-":
		return &hintError{errors.New("--fix writes a copy, never in place"), "name a file or a new folder with -o"}
	case len(paths) != 1 || c.at.chosen():
		return errors.New("--fix mends one dataset, which must be a file or a folder")
	}
	if before, err := os.Stat(paths[0]); err == nil {
		if after, err := os.Stat(c.copy); err == nil && os.SameFile(before, after) {
			return fmt.Errorf("-o %s: is the dataset itself, and --fix writes a copy", c.copy)
		}
	}
	how, err := reading(cmd)
	if err != nil {
		return err
	}
	stop := slowly(cmd, "reading "+paths[0], c.quiet)
	mended, err := how.Mend(cmd.Context(), paths[0])
	stop()
	if err != nil {
		return err
	}
	if err := c.writeCopy(cmd, mended); err != nil {
		return fmt.Errorf("writing %s: %w", c.copy, reason(err))
	}
	var changes []render.Change
	for _, ch := range mended.Changes {
		changes = append(changes, render.Change(ch))
	}
	how.Decimal = 0 // the copy has decimal points
	in, err := c.inspect(cmd, how, []string{c.copy})
	if err != nil {
		return err
	}
	return c.show(cmd, c.copy, in, changes, []string{c.copy})
}

// mendedName is a name for a mended copy, beside the dataset.
func mendedName(path string) string {
	switch filepath.Base(path) {
	case "-", ".", "..", string(filepath.Separator):
		return "mended"
	}
	path = filepath.Clean(path)
	ext := filepath.Ext(path)
	return strings.TrimSuffix(path, ext) + "-mended" + ext
}

func (c *checking) writeCopy(cmd *cobra.Command, mended *load.Mended) error {
	if !mended.Folder {
		if info, err := os.Stat(c.copy); err == nil && info.IsDir() || strings.HasSuffix(c.copy, string(filepath.Separator)) {
			return errors.New("is a folder, and the copy is one file")
		}
		return writeFile(cmd.Context(), c.copy, func(w io.Writer) error {
			_, err := w.Write(mended.Files[0].Text)
			return err
		})
	}
	return writeFolder(cmd.Context(), c.copy, false, func(create func(string) (io.WriteCloser, error)) error {
		for _, file := range mended.Files {
			f, err := create(filepath.FromSlash(file.Path))
			if err != nil {
				return err
			}
			_, err = f.Write(file.Text)
			if err := errors.Join(err, f.Close()); err != nil {
				return err
			}
		}
		return nil
	})
}
