package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data"
)

func newWhatIf() *cobra.Command {
	var q question
	var at storage
	var o output
	var base values
	cmd := &cobra.Command{
		Use:   "what-if CHANGES…",
		Short: "Which findings would be new, gone, better or worse if some records were different",
		Long: `Apply changes to a copy of a dataset and tell which findings would be new, worse, better, gone or otherwise changed. Nothing is
stored.

CHANGES are rows in the tables of a dataset, in folders or CSV files: a row with the id of one that is there takes its place,
another is added, and one of quantity 0 takes the row with its id away. They change the dataset that --base names, else the
snapshot that --snapshot names, else the one imported last, else the public dataset.`,
		Example: `  deconflict what-if pledges.csv
  deconflict what-if pledges.csv --base plans/ --nation POL --fail-on high
  deconflict what-if changes/ --snapshot 2026 -o changes.json`,
		Args: needs("changes", "name a CSV file or a folder with the rows that would be different"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(&q); err != nil {
				return err
			}
			ds, err := at.dataset(cmd, base, o.quiet)
			if err != nil {
				return err
			}
			how, err := reading(cmd)
			if err != nil {
				return err
			}
			changed, problems := how.Change(cmd.Context(), ds, args...)
			if changed, err = opened(cmd, changed, problems, args, true); err != nil {
				return err
			}
			changed.Name = ds.Name + " with " + strings.Join(args, ", ")
			if n := changed.Problems.Count(data.Warning); n > 0 && !o.quiet {
				fmt.Fprintln(cmd.ErrOrStderr(), count(n, "doubt")+" about the changes:")
				if err := render.Problems(cmd.ErrOrStderr(), changed.Problems.Of(data.Warning), shownProblems); err != nil {
					return err
				}
			}
			as := func(ds *data.Dataset) side {
				return side{open: func() (*data.Dataset, error) { return ds, nil }}
			}
			d, err := q.compare(cmd, as(ds), as(changed))
			if err != nil {
				return err
			}
			return o.writeDifference(cmd, d, typed(cmd, args), nil)
		},
	}
	q.comparing(cmd)
	cmd.Flags().Var(&base, "base", "the dataset that is changed: a folder or a CSV file, or several by repetition")
	at.choose(cmd)
	readingFlags(cmd)
	o.difference(cmd)
	return cmd
}
