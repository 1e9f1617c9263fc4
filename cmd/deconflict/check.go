package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
)

// shownProblems is how many problems are shown before the rest are only counted.
const shownProblems = 100

func newCheck() *cobra.Command {
	var at storage
	var all bool
	cmd := &cobra.Command{
		Use:   "check [DATASET…]",
		Short: "Say what is wrong or doubtful in a dataset",
		Long: `Read a dataset and say what is wrong or doubtful in it: file, line and column, what was found, what was expected, and
what was probably meant. Errors make the exit code 2; with warnings alone it is 0. Without a dataset the public one is checked, or
with --snapshot what was doubtful about a snapshot when it was imported.

A dataset is a folder of CSV tables, an Excel workbook with a sheet for each table, a JSON document, a zip archive of a folder, or a
single CSV file; several are read together, and - is standard input. What must be guessed about a file is said, and --encoding,
--separator and --decimal say it instead. Limits: 256 MB a file, and unpacked; 200 columns; 64 kB a cell; 10 million records.`,
		Example: `  deconflict check targets.csv
  deconflict check plans/ --all
  deconflict check --snapshot 2026
  deconflict check`,
		RunE: func(cmd *cobra.Command, args []string) error {
			var ds *data.Dataset
			var problems data.Problems
			if len(args) == 0 || at.chosen() {
				read := func() (*data.Dataset, error) { return at.dataset(cmd, args, true) }
				if !at.chosen() {
					read = load.Public
				}
				var err error
				if ds, err = read(); err != nil {
					return err
				}
				problems = ds.Problems
			} else {
				how, err := reading(cmd)
				if err != nil {
					return err
				}
				if ds, problems = how.Files(cmd.Context(), args...); ds != nil {
					problems = ds.Problems
				}
			}
			if err := cmd.Context().Err(); err != nil {
				return err
			}
			most := shownProblems
			if all {
				most = len(problems)
			}
			if err := render.Problems(cmd.OutOrStdout(), problems, most); err != nil {
				return err
			}
			if n := len(problems.Of(data.Error)); n > 0 {
				return &hintError{fmt.Errorf("%s: a dataset with errors is not read", count(n, "error")), "mend them and check again"}
			}
			return render.Checked(cmd.OutOrStdout(), ds, len(problems.Of(data.Warning)))
		},
	}
	at.choose(cmd)
	readingFlags(cmd)
	cmd.Flags().BoolVar(&all, "all", false, fmt.Sprintf("show every problem, not only the first %d", shownProblems))
	return cmd
}
