package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
)

// open reads the datasets that a command names, or else the public one, and tells on standard error which it was and how many
// doubts there are about it.
func open(cmd *cobra.Command, paths []string, quiet bool) (*data.Dataset, error) {
	if len(paths) == 0 {
		ds, err := load.Public()
		if err == nil && !quiet {
			fmt.Fprintf(cmd.ErrOrStderr(), "analysing the public dataset that ships with deconflict (as of %s, incomplete); name a folder or file for your own\n", ds.AsOf)
		}
		return ds, err
	}
	slow := time.AfterFunc(time.Second, func() {
		if !quiet {
			fmt.Fprintln(cmd.ErrOrStderr(), "reading "+render.Plain(paths[0])+" …")
		}
	})
	ds, problems := load.Files(cmd.Context(), paths...)
	slow.Stop()
	if err := cmd.Context().Err(); err != nil {
		return nil, err
	}
	if len(problems.Of(data.Error)) > 0 || ds == nil {
		return nil, problems
	}
	if n := len(ds.Problems.Of(data.Warning)); n > 0 && !quiet {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s about the data; deconflict check %s shows them\n", count(n, "doubt"), render.Plain(strings.Join(paths, " ")))
	}
	return ds, nil
}
