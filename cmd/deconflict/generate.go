package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data/load"
	"deconflict/data/synthetic"
)

func newGenerate() *cobra.Command {
	var size synthetic.Size
	var folder, asOf string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "generate -o DIR",
		Short: "Write a notional planning cycle of any size, made from a seed and marked NOTIONAL",
		Long: `Write a notional planning cycle of both organisations as a dataset: targets, pledges, holdings, requirements and
initiatives, shaped so that every kind of finding occurs. Nothing in it is any nation's or organisation's plan, and every record
is marked NOTIONAL. The same seed and size give the same bytes.`,
		Example: `  deconflict generate -o notional
  deconflict generate -o large --seed 7 --targets 200000`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if folder == "" {
				return &hintError{errors.New("generate needs a folder to write into"), "name a new one with -o"}
			}
			var err error
			if size.AsOf, _, err = day("as-of", asOf); err != nil {
				return err
			}
			ds, err := load.Public()
			if err != nil {
				return err
			}
			size = size.Filled(ds.Vocabulary)
			err = writeFolder(cmd.Context(), folder, false, func(create func(string) (io.WriteCloser, error)) error {
				return synthetic.Write(cmd.Context(), size, ds.Vocabulary, create)
			})
			if err != nil {
				return fmt.Errorf("writing %s: %w", folder, reason(err))
			}
			if !quiet {
				fmt.Fprintf(cmd.ErrOrStderr(), "wrote a NOTIONAL planning cycle into %s: %s\nnext: deconflict analyse %s\n", render.Plain(folder), size, render.Quote(folder))
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVarP(&folder, "output", "o", "", "the folder, which must be new or empty")
	f.Uint64Var(&size.Seed, "seed", 1, "any number; another gives another cycle")
	f.StringVar(&asOf, "as-of", "", "the day for which the cycle is made (default 2026-06-30)")
	f.IntVar(&size.Targets, "targets", 0, "how many targets (default 3000)")
	f.IntVar(&size.Pledges, "pledges", 0, "how many pledges (default in proportion to the targets; negative for none)")
	f.IntVar(&size.Holdings, "holdings", 0, "how many holdings (likewise)")
	f.IntVar(&size.Requirements, "requirements", 0, "how many requirements (likewise)")
	f.IntVar(&size.Nations, "nations", 0, "how many nations (default the members of NATO and the EU on the day)")
	f.IntVar(&size.Capabilities, "capabilities", 0, "how many capabilities (default the taxonomy's, or more for many targets)")
	f.BoolVar(&quiet, "quiet", false, "nothing on standard error but errors")
	return cmd
}
