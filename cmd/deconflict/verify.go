package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
)

func newVerify() *cobra.Command {
	var at storage
	var readData, quiet bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Look for damage in the store",
		Long: `Compare every file of the store with the sum that was taken when it was written, and name those that are not the same. With
--read-data every record is read as well. Nothing is changed or repaired. Damage makes the exit code 2.`,
		Example: `  deconflict verify
  deconflict verify --read-data --store plans.store`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			st, err := at.open()
			if err != nil {
				return err
			}
			damaged, err := st.Verify(cmd.Context(), readData)
			for _, d := range damaged {
				fmt.Fprintln(cmd.OutOrStdout(), render.Plain(d.Error()))
			}
			switch {
			case err != nil:
				return err
			case len(damaged) > 0:
				return fmt.Errorf("%s: damaged in %s", st.Dir(), count(len(damaged), "place"))
			}
			list, err := st.Snapshots()
			if err != nil || quiet {
				return err
			}
			checked := "every file is"
			if readData {
				checked = "every file and every record is"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %s as it was written\n", render.Plain(st.Dir()), count(len(list), "snapshot"), checked)
			return nil
		},
	}
	at.place(cmd)
	cmd.Flags().BoolVar(&readData, "read-data", false, "read every record as well")
	cmd.Flags().BoolVar(&quiet, "quiet", false, "nothing on standard output but damage")
	return cmd
}
