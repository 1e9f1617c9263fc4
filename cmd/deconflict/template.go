package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
)

func newTemplate() *cobra.Command {
	at := storage{words: withStatements}
	var o output
	var nation string
	cmd := &cobra.Command{
		Use:   "template [DATASET…] -o FILE.xlsx",
		Short: "Write a workbook for others to fill in: the tables, lists to choose from, notes, and what is known already",
		Long: `Write the workbook that a planning cell sends out: a sheet to read first, a sheet for each table with lists of codes to choose
from, checks of numbers and days, a note on each column, and the codes in words. What comes back is a dataset.

With --nation it has the tables that a nation is asked for, filled with what the dataset, else the snapshot that was imported last,
else the public dataset knows of it. Its list of initiatives is whole, that of participants the nation's own, and membership says
partial. Without --nation it has all tables, filled with the dataset where one is named, and empty otherwise.`,
		Example: `  deconflict template -o empty.xlsx
  deconflict template --nation POL -o poland.xlsx
  deconflict template --nation Finland plans/ -o finland.xlsx`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if o.file == "" || o.file == "-" {
				return &hintError{errors.New("template needs a file to write"), "name one that ends in .xlsx with -o"}
			}
			if ext := filepath.Ext(o.file); !strings.EqualFold(ext, ".xlsx") {
				return fmt.Errorf("-o %s: %w", o.file, &data.ValueError{Got: ext, Want: "a file name that ends in .xlsx"})
			}
			ds, err := template(cmd, &at, &o, paths, nation != "")
			if err != nil {
				return err
			}
			known := ds
			if nation == "" && len(paths) == 0 && !at.chosen() {
				known = nil
			}
			t, err := load.Template(ds, known, nation)
			if err != nil {
				return fmt.Errorf("--nation: %w", err)
			}
			return o.writeWith(cmd, true, func(w io.Writer, _ render.Options) error { return render.WriteTemplate(w, t) })
		},
	}
	at.choose(cmd)
	readingFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&nation, "nation", "", "the nation that fills it in, by code or name")
	f.StringVarP(&o.file, "output", "o", "", "the workbook, whose name ends in .xlsx")
	f.BoolVar(&o.quiet, "quiet", false, "nothing on standard error but errors")
	return cmd
}

// template reads what the workbook is made from; without a nation the words alone, unless a dataset is named.
func template(cmd *cobra.Command, at *storage, o *output, paths []string, filled bool) (*data.Dataset, error) {
	if filled || len(paths) > 0 || at.chosen() {
		return at.dataset(cmd, paths, o.quiet)
	}
	return load.Public()
}
