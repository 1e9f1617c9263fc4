package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data/store"
)

func newRestore() *cobra.Command {
	var at storage
	var quiet bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Unpack a backup into an empty place",
		Long: `Unpack a backup as a store, where there is none yet: into --store, else $` + storeVariable + `, else the system's folder for data.
Everything is compared with its sums before the place is taken; a damaged backup leaves nothing behind.`,
		Example: "  deconflict restore plans.backup --store restored",
		Args:    needs("a backup", "deconflict backup -o FILE makes one"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("restore takes one backup, not %d", len(args))
			}
			dir, _, err := at.folder()
			if err != nil {
				return err
			}
			st, err := store.Restore(cmd.Context(), args[0], dir)
			if err != nil || quiet {
				return err
			}
			list, err := st.Snapshots()
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "restored %s into %s\n", count(len(list), "snapshot"), render.Plain(st.Dir()))
			return nil
		},
	}
	at.place(cmd)
	cmd.Flags().BoolVar(&quiet, "quiet", false, "nothing on standard output")
	return cmd
}
