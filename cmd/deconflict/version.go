package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"deconflict/data/load"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "The versions of the program and of the data that ships with it",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ds, err := load.Reference()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "deconflict %s\nbuilt with %s\npublic dataset %s, as of %s\n", version(), build().GoVersion, ds.Version, ds.AsOf)
			return err
		},
	}
}

func build() *debug.BuildInfo {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info
	}
	return &debug.BuildInfo{}
}

// version is that of the program; a build from a working copy has none.
func version() string {
	if v := build().Main.Version; v != "" && v != "(devel)" {
		return v
	}
	return unversioned
}

const unversioned = "(development)"
