package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"deconflict/analysis"
	"deconflict/analysis/render"
)

func newRender() *cobra.Command {
	var o output
	cmd := &cobra.Command{
		Use:   "render REPORT.json",
		Short: "Any output from a saved report, without the data",
		Long: `Write a report that was saved as JSON in any other form: a page, tables, a workbook, a document, pictures. The data that it was
made from is not needed; what comes out is what analyse and nation write themselves. - is standard input.`,
		Example: `  deconflict analyse -o report.json
  deconflict render report.json
  deconflict render report.json -o brief.xlsx
  deconflict render report.json -o brief.pptx --template organisation.potx
  deconflict render report.json -o timeline.png
  deconflict render report.json -o pictures/ --format svg`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("render takes one report, not %d", len(args))
			}
			return needs("a saved report", "deconflict analyse -o report.json makes one")(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(&question{}); err != nil {
				return err
			}
			r, err := savedReport(cmd, args[0])
			if err != nil {
				return err
			}
			if o.failOn != "" && slices.ContainsFunc(r.Findings, func(f analysis.Finding) bool { return f.Severity == "" }) {
				return errors.New("--fail-on needs a ranking, and this report was made without one")
			}
			return o.write(cmd, r)
		},
	}
	o.report(cmd)
	return cmd
}

// savedReport reads a report that was written as JSON, from a file or, where the path is -, from standard input.
func savedReport(cmd *cobra.Command, path string) (*analysis.Report, error) {
	from := cmd.InOrStdin()
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, reason(err))
		}
		defer f.Close()
		from = f
	}
	r, err := render.Read(from)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}
