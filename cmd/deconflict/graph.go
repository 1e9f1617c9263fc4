package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/graph"
)

func newGraph() *cobra.Command {
	var q question
	at := storage{words: withStatements} // an ArchiMate model has them
	var o output
	var view string
	var formats, ends, lines []string
	for _, f := range render.ChartFormats {
		formats, ends = append(formats, f.Name), append(ends, f.Ext...)
		lines = append(lines, fmt.Sprintf("  %-10s %s (%s)", f.Name, f.Doc, strings.Join(f.Ext, ", ")))
	}
	cmd := &cobra.Command{
		Use:   "graph [DATASET…]",
		Short: "The graph itself, for Gephi, yEd, Graphviz, Archi and other programs",
		Long: `Write the planning picture as a graph: nations, capabilities and initiatives, and the records that tie them; or, with --view
cooperation, nations alone, tied by the active initiatives that they share. --nation narrows it to some nations and what they are tied to.

` + strings.Join(lines, "\n") + `

An ArchiMate model also has requirements and targets, and the gaps that deconflict analyse finds, with a view of each area.`,
		Example: `  deconflict graph -o planning.graphml
  deconflict graph plans/ --area medical -o medical.xml
  deconflict graph --view cooperation -o cooperation.gexf
  deconflict graph --nation POL --format dot`,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := o.chartFormat(view)
			if err != nil {
				return err
			}
			ds, err := at.dataset(cmd, args, o.quiet)
			if err != nil {
				return err
			}
			ds, scope, err := q.admit(ds)
			if err != nil {
				return err
			}
			nations := scope.Nations
			scope.Nations = nil
			g := graph.New(ds, scope)
			r, err := analysis.Run(cmd.Context(), g, analysis.Options{Reports: []analysis.Question{analysis.Gap}, Program: "deconflict " + version()})
			if err != nil {
				return err
			}
			return o.writeWith(cmd, false, func(w io.Writer, _ render.Options) error {
				return f.Write(w, render.NewChart(g, r, view, nations))
			})
		},
	}
	q.flags = cmd.Flags()
	q.flags.Var(&q.areas, "area", "areas, such as medical")
	q.flags.Var(&q.capabilities, "capability", "capabilities, by code or name")
	q.flags.Var(&q.nations, "nation", "these nations and what they are tied to, by code or name")
	q.flags.Var(&q.processes, "process", "requirements and targets of these planning processes; NATO or EU for all of one organisation")
	q.flags.Var(&q.audience, "audience", audienceUsage)
	q.flags.StringVar(&q.asOf, "as-of", "", "the day asked about (default the dataset's own)")
	q.flags.StringVar(&view, "view", render.Views[0], strings.Join(render.Views, " or "))
	q.flags.StringVar(&o.format, "format", "", strings.Join(formats, ", ")+" (default what the name of the file says)")
	q.flags.StringVarP(&o.file, "output", "o", "", "write to a file ("+strings.Join(ends, ", ")+")")
	q.flags.BoolVar(&o.quiet, "quiet", false, "nothing on standard error but errors")
	complete(cmd, "view", render.Views)
	complete(cmd, "format", formats)
	at.choose(cmd)
	readingFlags(cmd)
	return cmd
}

// chartFormat is the format of a graph, which its file names or --format does, and which has the view.
func (o *output) chartFormat(view string) (f render.ChartFormat, err error) {
	var names, ends []string
	for _, x := range render.ChartFormats {
		names, ends = append(names, x.Name), append(ends, x.Ext...)
	}
	switch {
	case o.format != "":
		i, err := render.OneOf(o.format, "a format", names)
		if err != nil {
			return f, fmt.Errorf("--format: %w", err)
		}
		f = render.ChartFormats[i]
	case o.file == "" || o.file == "-":
		return f, &hintError{errors.New("graph needs a file to write, or a format"), "such as -o planning.graphml, or --format dot"}
	default:
		i, err := render.OneOf(filepath.Ext(o.file), "a file name that ends in", ends)
		if err != nil {
			return f, fmt.Errorf("-o %s: %w", o.file, err)
		}
		f = render.ChartFormats[slices.IndexFunc(render.ChartFormats, func(f render.ChartFormat) bool { return slices.Contains(f.Ext, ends[i]) })]
	}
	i, err := render.OneOf(view, "a view", render.Views)
	if err != nil {
		return f, fmt.Errorf("--view: %w", err)
	}
	if !slices.Contains(f.Views, render.Views[i]) {
		return f, fmt.Errorf("--view %s: %s has no form for it", render.Views[i], f.Name)
	}
	return f, nil
}
