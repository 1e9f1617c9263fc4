package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
)

// statements says whether a command looks at what records say in words.
type statements bool

const (
	withStatements    statements = true
	withoutStatements statements = false
)

// open reads the datasets that a command names, and tells on standard error how many doubts there are about them.
func open(cmd *cobra.Command, paths []string, words statements, quiet bool) (*data.Dataset, error) {
	how, err := reading(cmd)
	if err != nil {
		return nil, err
	}
	how.NoStatements = words == withoutStatements
	leaveGarbageOf(sizeOf(paths))
	read := slowly(cmd, "reading "+paths[0], quiet)
	ds, problems := how.Files(cmd.Context(), paths...)
	read()
	collectAgain()
	return opened(cmd, ds, problems, paths, quiet)
}

// sizeOf is how many bytes datasets have, in files and in folders of them. What cannot be looked at has none: reading it says why.
func sizeOf(paths []string) (total int64) {
	for _, path := range paths {
		files := []string{path}
		if in, err := filepath.Glob(filepath.Join(path, "*.csv")); err == nil {
			files = append(files, in...)
		}
		for _, f := range files {
			if info, err := os.Stat(f); err == nil && info.Mode().IsRegular() {
				total += info.Size()
			}
		}
	}
	return total
}

// slowly says what is being done if that takes more than a second, up to when the function that it returns is called.
func slowly(cmd *cobra.Command, what string, quiet bool) (stop func()) {
	slow := time.AfterFunc(time.Second, func() {
		if !quiet {
			fmt.Fprintln(cmd.ErrOrStderr(), render.Plain(what)+" …")
		}
	})
	return func() { slow.Stop() }
}

// opened is a dataset that was read, or the errors in it. How many doubts there are about it is told on standard error.
func opened(cmd *cobra.Command, ds *data.Dataset, problems data.Problems, paths []string, quiet bool) (*data.Dataset, error) {
	if err := cmd.Context().Err(); err != nil {
		return nil, err
	}
	if problems.Count(data.Error) > 0 || ds == nil {
		return nil, problems
	}
	if n := ds.Problems.Count(data.Warning); n > 0 && !quiet {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s about the data; deconflict check %s shows them\n", count(n, "doubt"), render.Plain(strings.Join(slices.Concat(paths, reread(cmd.Flags())), " ")))
	}
	return ds, nil
}

// public is the dataset that ships with the program. That it is the one read is told on standard error.
func public(cmd *cobra.Command, quiet bool) (*data.Dataset, error) {
	ds, err := load.Public()
	if err == nil && !quiet {
		fmt.Fprintf(cmd.ErrOrStderr(), "reading the public dataset that ships with deconflict (as of %s, incomplete); name a folder or file for your own\n", ds.AsOf)
	}
	return ds, err
}

// openOrPublic reads the datasets that a command names, or else the public one.
func openOrPublic(cmd *cobra.Command, paths []string, quiet bool) (*data.Dataset, error) {
	if len(paths) == 0 {
		return public(cmd, quiet)
	}
	return open(cmd, paths, withoutStatements, quiet)
}
