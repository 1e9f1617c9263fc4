package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/store"
)

func newSnapshots() *cobra.Command {
	var at storage
	o := output{formats: render.ListFormats[:3]} // which is no list of mappings
	cmd := &cobra.Command{
		Use:   "snapshots",
		Short: "The planning cycles in the store",
		Long: `List the snapshots of the store, oldest first, with the one that is current. snapshots show tells all about one; snapshots
keep removes the oldest.`,
		Example: `  deconflict snapshots
  deconflict snapshots show 2026
  deconflict snapshots keep 5`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := o.listFormat()
			if err != nil {
				return err
			}
			st, err := at.find()
			if err != nil {
				return err
			}
			list, note, damaged := listed(st)
			if err := o.writeWith(cmd, f.Binary, func(w io.Writer, opts render.Options) error {
				return snapshotsTable(list, st).WriteList(w, f, markingOf(list), note, opts)
			}); err != nil {
				return err
			}
			return damaged
		},
	}
	at.place(cmd)
	o.list(cmd)
	cmd.AddCommand(newShow(), newKeep())
	return cmd
}

func newShow() *cobra.Command {
	var at storage
	o := output{formats: render.ListFormats[:3]} // which is no list of mappings
	cmd := &cobra.Command{
		Use:     "show NAME",
		Short:   "All that is known about a snapshot: what it was made from, what it holds, and its files",
		Long:    "Show what a snapshot was made from, with the SHA-256 of each file, what it holds, and the files that it consists of.",
		Example: "  deconflict snapshots show 2026",
		Args:    needs("the name of a snapshot", "deconflict snapshots lists them"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := o.listFormat()
			if err != nil {
				return err
			}
			st, err := at.open()
			if err != nil {
				return err
			}
			snap, err := st.Find(args[0])
			if err != nil {
				return err
			}
			return o.writeWith(cmd, f.Binary, func(w io.Writer, opts render.Options) error {
				return snapshotTable(snap).WriteList(w, f, snap.Marking, "", opts)
			})
		},
	}
	at.place(cmd)
	o.list(cmd)
	return cmd
}

func newKeep() *cobra.Command {
	var at storage
	var quiet bool
	cmd := &cobra.Command{
		Use:     "keep N",
		Short:   "Remove all snapshots but the newest N",
		Long:    "Remove all snapshots but the newest N, and list those that went. They are gone for good: deconflict backup keeps a copy.",
		Example: "  deconflict snapshots keep 5",
		Args:    needs("how many snapshots to keep", "such as deconflict snapshots keep 5"),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := strconv.Atoi(args[0])
			if err != nil || n < 1 || len(args) > 1 {
				return &data.ValueError{Got: strings.Join(args, " "), Want: "a number of snapshots to keep, at least 1"}
			}
			st, err := at.open()
			if err != nil {
				return err
			}
			removed, err := st.Keep(cmd.Context(), n)
			if !quiet {
				for _, s := range removed {
					fmt.Fprintln(cmd.OutOrStdout(), "removed "+render.Plain(s.Name))
				}
				if err == nil && len(removed) == 0 {
					fmt.Fprintln(cmd.OutOrStdout(), "nothing removed")
				}
			}
			return err
		},
	}
	at.place(cmd)
	cmd.Flags().BoolVar(&quiet, "quiet", false, "nothing on standard output")
	return cmd
}

// listFormat reads the flags of a result that is one table.
func (o *output) listFormat() (render.Format, error) {
	if err := o.check(&question{}); err != nil {
		return render.Format{}, err
	}
	f, folder, err := o.target()
	if err == nil && folder {
		err = errors.New("a list is one file: end its name in " + strings.Join(f.Ext, " or "))
	}
	return f, err
}

// listed are the snapshots of a store, what they come to, and the damage to others of its snapshots.
func listed(st *store.Store) (list []store.Snapshot, note string, damaged error) {
	if st != nil {
		list, damaged = st.Snapshots()
	}
	switch {
	case damaged != nil:
		note = "Not all snapshots can be read; deconflict verify tells what is damaged."
	case len(list) == 0:
		note = "There is no snapshot yet; deconflict import DATASET --as NAME makes one."
	default:
		note = count(len(list), "snapshot") + " in " + st.Dir()
	}
	return list, note, damaged
}

func snapshotsTable(list []store.Snapshot, st *store.Store) render.Table {
	t := render.Table{Name: "snapshots", Title: "Snapshots", Columns: []render.Column{
		{Name: "snapshot"}, {Name: "current"}, {Name: "as_of", Kind: render.Day}, {Name: "title"}, {Name: "records", Kind: render.Number},
		{Name: "bytes", Kind: render.Number, Minor: true}, {Name: "marking"},
	}}
	current := ""
	if st != nil {
		if c, err := st.Current(); err == nil {
			current = c.ID
		}
	}
	for _, s := range list {
		mark := ""
		if s.ID == current {
			mark = "current"
		}
		t.Rows = append(t.Rows, []string{
			s.Name, mark, s.AsOf.String(), s.Title, strconv.Itoa(s.Records), strconv.FormatInt(s.Bytes(), 10), string(s.Marking),
		})
	}
	return t
}

// markingOf is the marking over a list of snapshots, whose titles it shows.
func markingOf(list []store.Snapshot) data.Marking {
	var markings []data.Marking
	for _, s := range list {
		markings = append(markings, s.Marking)
	}
	return data.Banner(markings)
}

func snapshotTable(s store.Snapshot) render.Table {
	t := render.Table{Name: "snapshot", Title: "Snapshot " + s.Name, Columns: []render.Column{{Name: "what"}, {Name: "value"}}}
	add := func(what string, value any) {
		t.Rows = append(t.Rows, []string{what, cmp.Or(fmt.Sprint(value), "–")})
	}
	add("snapshot", s.Name)
	add("title", s.Title)
	add("version", s.Version)
	add("as of", s.AsOf)
	add("marking", s.Marking)
	add("imported after", s.Parent)
	add("imported by", s.Program)
	add("records", s.Records)
	for _, x := range s.Tables {
		add("rows of "+x.Name, x.Records)
	}
	for _, f := range s.Sources {
		add("made from "+f.Name, fmt.Sprintf("%s, SHA-256 %s", count(int(f.Size), "byte"), f.SHA256))
	}
	add("digest of the records", s.Digest)
	add("bytes", s.Bytes())
	for _, f := range s.Files {
		add("consists of "+f.Name, fmt.Sprintf("%s, SHA-256 %s", count(int(f.Size), "byte"), f.SHA256))
	}
	return t
}
