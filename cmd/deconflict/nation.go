package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newNation() *cobra.Command {
	var q question
	var at storage
	var o output
	cmd := &cobra.Command{
		Use:   "nation NATION [DATASET…]",
		Short: "One nation's page: what it is asked for and has, gaps, overlaps, initiatives and partners",
		Long: `One nation's page: what each organisation asks it for and what it offers and holds, what is asked of it twice, its gaps,
its overlaps with each other nation, the initiatives that it is in and could join, and its partners.

NATION is a code or a name; several are separated by commas. Without a dataset the page is made from the snapshot that was
imported last, or else from the public dataset. What one nation's page shows of a snapshot was worked out by the import, and is read
without the records where this version of the program made it and no flag changes the question.`,
		Example: `  deconflict nation DEU
  deconflict nation Poland --area military-mobility --snapshot 2025
  deconflict nation EST,LVA,LTU plans/ -o baltic.pptx`,
		Args: needs("a nation", "deconflict list nations shows them"),
		RunE: func(cmd *cobra.Command, args []string) error {
			q.nations = values{args[0]}
			if err := o.check(&q); err != nil {
				return err
			}
			r, err := q.stored(cmd, &at, &o, args[0], args[1:])
			if err != nil {
				return err
			}
			if r != nil {
				return o.write(cmd, r)
			}
			return analyse(cmd, &q, &at, &o, args[1:], true)
		},
	}
	q.place(cmd)
	q.choice(cmd)
	at.choose(cmd)
	readingFlags(cmd)
	o.report(cmd)
	return cmd
}

// needs refuses a command line without its first argument.
func needs(what, hint string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return &hintError{fmt.Errorf("%s needs %s", cmd.Name(), what), hint}
		}
		return nil
	}
}
