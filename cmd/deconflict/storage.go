package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
	"deconflict/data/store"
)

// storage is where planning cycles are kept, and which of them a command means.
type storage struct {
	dir, snapshot string
	words         statements // whether the command asks for those of what it reads

	flags *pflag.FlagSet
}

// storeVariable names the store where no flag does.
const storeVariable = "DECONFLICT_STORE"

// place adds the flag that names the store.
func (s *storage) place(cmd *cobra.Command) {
	s.flags = cmd.Flags()
	s.flags.StringVar(&s.dir, "store", "", "the folder of the store (default $"+storeVariable+", else deconflict in the system's folder for data)")
}

// choose adds the flags that name the store and a snapshot in it.
func (s *storage) choose(cmd *cobra.Command) {
	s.place(cmd)
	s.flags.StringVar(&s.snapshot, "snapshot", "", "a snapshot of the store (default the one imported last); deconflict snapshots lists them")
}

// chosen reports whether a store or a snapshot was named.
func (s *storage) chosen() bool { return s.flags.Changed("snapshot") || s.flags.Changed("store") }

// folder is where the store is, and whether somebody named it.
func (s *storage) folder() (dir string, named bool, err error) {
	switch env := os.Getenv(storeVariable); {
	case s.flags.Changed("store") && s.dir == "":
		return "", true, errors.New("--store: names no folder")
	case s.flags.Changed("store"):
		return s.dir, true, nil
	case env != "":
		return env, true, nil
	}
	dir, err = dataFolder()
	if err != nil {
		return "", false, &hintError{fmt.Errorf("no place for a store: %w", err), "name one with --store or $" + storeVariable}
	}
	return filepath.Join(dir, "deconflict"), false, nil
}

// dataFolder is where programs of this system keep a user's data.
func dataFolder() (string, error) {
	switch runtime.GOOS {
	case "windows", "darwin", "ios", "plan9":
		return os.UserConfigDir()
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share"), err
}

// find opens the store for reading. It is nil where nobody named one and none was made yet.
func (s *storage) find() (*store.Store, error) {
	dir, named, err := s.folder()
	if err != nil {
		if named {
			return nil, err
		}
		return nil, nil
	}
	found, err := store.Open(dir)
	if err == nil || named {
		return found, err
	}
	// Open refuses a place without a store and a damaged store; Create the damaged one alone.
	if _, damaged := store.Create(dir); damaged != nil {
		return nil, damaged
	}
	return nil, nil
}

// open opens the store for reading; that there is none is an error.
func (s *storage) open() (*store.Store, error) {
	found, err := s.find()
	if err != nil || found != nil {
		return found, err
	}
	dir, _, err := s.folder()
	if err != nil {
		return nil, err
	}
	return nil, &hintError{fmt.Errorf("%s: no store there yet", dir), "deconflict import DATASET --as NAME makes it; --store names another"}
}

// create opens the store for an import, which makes it where there is none.
func (s *storage) create() (*store.Store, error) {
	dir, _, err := s.folder()
	if err != nil {
		return nil, err
	}
	return store.Create(dir)
}

// named is the snapshot that the flags name, or else the one that was imported last. Where nobody named a store or a snapshot and
// nothing was imported yet, the store is nil.
func (s *storage) named() (*store.Store, store.Snapshot, error) {
	if s.flags.Changed("snapshot") {
		found, err := s.open()
		if err != nil {
			return nil, store.Snapshot{}, err
		}
		snap, err := found.Find(s.snapshot)
		if err != nil {
			err = fmt.Errorf("--snapshot: %w", err)
		}
		return found, snap, err
	}
	found, err := s.find()
	if err != nil || found == nil {
		return nil, store.Snapshot{}, err
	}
	snap, err := found.Current()
	if _, named, _ := s.folder(); !named && errors.Is(err, store.ErrEmpty) {
		return nil, snap, nil
	}
	return found, snap, err
}

// dataset reads the datasets that a command names, or else the snapshot that the flags name, or else the current one, or else the
// public dataset, and tells on standard error which it was.
func (s *storage) dataset(cmd *cobra.Command, paths []string, quiet bool) (*data.Dataset, error) {
	if len(paths) > 0 {
		for _, flag := range []string{"snapshot", "store"} {
			if s.flags.Changed(flag) {
				return nil, fmt.Errorf("--%s: %s is read instead of a store; name one or the other", flag, paths[0])
			}
		}
		return open(cmd, paths, s.words, quiet)
	}
	found, snap, err := s.named()
	switch {
	case err != nil:
		return nil, err
	case found == nil:
		return public(cmd, quiet)
	}
	ds, err := read(cmd.Context(), found, snap)
	if err == nil && !quiet {
		tellSnapshot(cmd, found, snap)
	}
	return ds, err
}

// tellSnapshot tells on standard error which snapshot answers.
func tellSnapshot(cmd *cobra.Command, from *store.Store, snap store.Snapshot) {
	fmt.Fprintln(cmd.ErrOrStderr(), render.Plain(fmt.Sprintf("reading snapshot %s of %s (%s, as of %s); --snapshot names another", snap.Name, from.Dir(), snap.Title, snap.AsOf)))
}

// read reads a snapshot. What is made of it says which it was.
func read(ctx context.Context, from *store.Store, snap store.Snapshot) (*data.Dataset, error) {
	ds, err := from.Load(ctx, snap)
	if err != nil {
		return nil, err
	}
	load.Lend(ds)
	return asSnapshot(ds, snap.Name), nil
}

// asSnapshot is a dataset under the name of a snapshot.
func asSnapshot(ds *data.Dataset, name string) *data.Dataset {
	named := *ds
	named.Name = "snapshot " + name
	return &named
}

// again is what a command must be given to find the same data again: the datasets, or the flags as they were given.
func (s *storage) again(datasets []string) []string {
	if len(datasets) > 0 {
		return slices.Concat(datasets, reread(s.flags))
	}
	return s.snapshotFlags(s.snapshot)
}

// snapshotFlags lead to a snapshot of the store.
func (s *storage) snapshotFlags(name string) (out []string) {
	if name != "" {
		out = append(out, "--snapshot", name)
	}
	if s.flags.Changed("store") {
		out = append(out, "--store", s.dir)
	}
	return out
}
