package main

import (
	"io"
	"slices"

	"github.com/spf13/cobra"

	"deconflict/analysis"
	"deconflict/analysis/render"
)

func newExplain() *cobra.Command {
	var q question
	var at storage
	var o output
	cmd := &cobra.Command{
		Use:   "explain ID|KIND [DATASET…]",
		Short: "One finding down to its records, file and line; or a kind of finding and its formula",
		Long: `Explain a finding: its arithmetic with the numbers put in, its severity with its parts, and the records that it rests on,
each with its file, line and source. Give the dataset or --snapshot, and the flags, that the finding was made with.

Explain a kind of finding: what it says, its formula, and its parameters.`,
		Example: `  deconflict explain initiative-overlap
  deconflict explain nation-gap:POL:mob-rail:NATO plans/
  deconflict list analyses`,
		Args: needs("a finding's id or a kind of finding", "deconflict list analyses shows the kinds; every report shows ids"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(&q); err != nil {
				return err
			}
			if i := slices.Index(analysis.Kinds(), args[0]); i >= 0 {
				return o.writeWith(cmd, false, func(w io.Writer, opts render.Options) error {
					return render.ExplainKind(w, analysis.All[i], opts)
				})
			}
			r, err := q.ask(cmd, &at, args[1:], o.quiet, false)
			if err != nil {
				return err
			}
			return o.writeWith(cmd, false, func(w io.Writer, opts render.Options) error {
				return render.Explain(w, r, args[0], opts)
			})
		},
	}
	q.place(cmd)
	at.choose(cmd)
	readingFlags(cmd)
	o.page(cmd)
	return cmd
}
