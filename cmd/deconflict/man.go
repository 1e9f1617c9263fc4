package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"deconflict/analysis/render"
)

func newMan() *cobra.Command {
	var folder string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "man [COMMAND]",
		Short: "Write the manual pages",
		Long: `Write the manual page of a command, or of the program itself, to standard output; with -o those of all commands into a folder,
which may be added to. They say what --help says.`,
		Example: `  deconflict man check
  deconflict man -o man1`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if folder != "" {
				if len(args) > 0 {
					return fmt.Errorf("-o writes the pages of all commands, and not that of %s alone", args[0])
				}
				return writePages(cmd, folder, quiet)
			}
			page := cmd.Root()
			if len(args) > 0 {
				var err error
				if page, _, err = cmd.Root().Find(args); err != nil || page == cmd.Root() {
					return unknownCommand(cmd.Root(), args)
				}
			}
			text, err := manPage(page)
			if err == nil {
				_, err = cmd.OutOrStdout().Write(text)
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringVarP(&folder, "output", "o", "", "a folder for the pages of all commands")
	f.BoolVar(&quiet, "quiet", false, "nothing on standard error but errors")
	return cmd
}

// manPage is the page of a command, in the language of man. Its date is fixed, so that the same program has the same pages.
func manPage(c *cobra.Command) ([]byte, error) {
	date := time.Date(2026, time.June, 30, 0, 0, 0, 0, time.UTC)
	c.InitDefaultHelpFlag()
	c.DisableAutoGenTag = true
	var b bytes.Buffer
	err := doc.GenMan(c, &doc.GenManHeader{Section: "1", Date: &date, Source: "deconflict", Manual: "deconflict manual"}, &b)
	return b.Bytes(), err
}

// writePages writes the pages of all commands into a folder.
func writePages(cmd *cobra.Command, folder string, quiet bool) error {
	n := 0
	err := writeFolder(cmd.Context(), folder, true, func(create func(string) (io.WriteCloser, error)) error {
		var write func(c *cobra.Command) error
		write = func(c *cobra.Command) error {
			if !c.IsAvailableCommand() && c != cmd.Root() || c.Name() == "help" {
				return nil
			}
			text, err := manPage(c)
			if err != nil {
				return err
			}
			f, err := create(strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1")
			if err != nil {
				return err
			}
			_, err = f.Write(text)
			if closed := f.Close(); err == nil {
				err = closed
			}
			n++
			for _, sub := range c.Commands() {
				if err == nil {
					err = write(sub)
				}
			}
			return err
		}
		return write(cmd.Root())
	})
	if err != nil {
		return fmt.Errorf("writing %s: %w", folder, reason(err))
	}
	if !quiet {
		fmt.Fprintf(cmd.ErrOrStderr(), "wrote %s into %s\n", count(n, "page"), render.Plain(folder))
	}
	return nil
}
