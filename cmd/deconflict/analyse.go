package main

import (
	"slices"

	"github.com/spf13/cobra"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/graph"
)

func newAnalyse() *cobra.Command {
	var q question
	var at storage
	var o output
	cmd := &cobra.Command{
		Use:     "analyse [DATASET…]",
		Aliases: []string{"analyze"},
		Short:   "Report duplication, gaps and complementarity",
		Long: `Report duplication, gaps and complementarity of a dataset: folders of CSV tables, Excel workbooks, JSON documents,
zip archives of a folder and single CSV files, read together; - is standard input.
Without one, of the snapshot that was imported last, or else of the public dataset.

Flags narrow the question. A list is given by commas or by repeating the flag.`,
		Example: `  deconflict analyse
  deconflict analyse --report gap --area medical,cyber-defence
  deconflict analyse plans/ --as-of 2030-01-01 --min-severity medium
  deconflict analyse plans/ -o report.json
  deconflict analyse plans/ -o heat-map.svg
  deconflict analyse plans/ -o pictures/ --format png
  deconflict analyse plans/ -o figures/ --format figures
  deconflict analyse plans/ -o brief.pptx --template organisation.potx
  deconflict analyse --report duplication --format csv
  deconflict analyse --snapshot 2025
  deconflict analyse --fail-on high --quiet`,
		RunE: func(cmd *cobra.Command, args []string) error { return analyse(cmd, &q, &at, &o, args, false) },
	}
	q.place(cmd)
	q.choice(cmd)
	q.flags.Var(&q.nations, "nation", "findings on these nations, by code or name")
	at.choose(cmd)
	readingFlags(cmd)
	o.formats = slices.Concat(render.Formats, []render.Format{render.Figures})
	o.report(cmd)
	return cmd
}

// analyse runs the analyses that a command asks for and writes their report.
func analyse(cmd *cobra.Command, q *question, at *storage, o *output, datasets []string, profiles bool) error {
	if err := o.check(q); err != nil {
		return err
	}
	if f, _, _ := o.target(); f.Figures != nil {
		g, opts, err := q.graph(cmd, at, datasets, o.quiet, profiles)
		if err != nil {
			return err
		}
		return o.writeFigures(cmd, f, g, opts)
	}
	r, err := q.ask(cmd, at, datasets, o.quiet, profiles)
	if err != nil {
		return err
	}
	return o.write(cmd, r)
}

// ask makes the report that answers a question.
func (q *question) ask(cmd *cobra.Command, at *storage, datasets []string, quiet, profiles bool) (*analysis.Report, error) {
	g, opts, err := q.graph(cmd, at, datasets, quiet, profiles)
	if err != nil {
		return nil, err
	}
	collectAt(50) // until the end: what is held is large, and what is collected soon replaced
	return analysis.Run(cmd.Context(), g, opts)
}

// graph is what a question is put to, and how.
func (q *question) graph(cmd *cobra.Command, at *storage, datasets []string, quiet, profiles bool) (*graph.Graph, analysis.Options, error) {
	opts, err := q.options()
	if err != nil {
		return nil, opts, err
	}
	ds, err := at.dataset(cmd, datasets, quiet)
	if err != nil {
		return nil, opts, err
	}
	ds, scope, err := q.admit(ds)
	if err != nil {
		return nil, opts, err
	}
	opts.Profiles, opts.Again = profiles, q.again(at.again(datasets))
	return graph.New(ds, scope), opts, nil
}
