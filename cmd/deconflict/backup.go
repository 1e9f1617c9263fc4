package main

import (
	"errors"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
)

func newBackup() *cobra.Command {
	var at storage
	var o output
	cmd := &cobra.Command{
		Use:   "backup -o FILE",
		Short: "Pack the store into one file",
		Long: `Pack the store into one new file, with the sum of everything in it, and read it back before saying that it is there. A damaged
store is not packed. The same store gives the same bytes.`,
		Example: "  deconflict backup -o plans.backup",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.file == "" {
				return &hintError{errors.New("backup needs a file to write"), "name a new one with -o"}
			}
			st, err := at.open()
			if err != nil {
				return err
			}
			if err := st.Backup(cmd.Context(), o.file); err != nil {
				return err
			}
			o.wrote(cmd, "wrote "+o.file)
			o.wrote(cmd, "next: deconflict restore "+render.Quote(o.file)+" --store PLACE")
			return nil
		},
	}
	at.place(cmd)
	cmd.Flags().StringVarP(&o.file, "output", "o", "", "the file, which must be new")
	cmd.Flags().BoolVar(&o.quiet, "quiet", false, "nothing on standard error but errors")
	return cmd
}
