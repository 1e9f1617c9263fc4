package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/store"
)

func newImport() *cobra.Command {
	var at storage
	var name string
	var quiet bool
	cmd := &cobra.Command{
		Use:   "import DATASET… --as NAME",
		Short: "Keep a planning cycle as a snapshot, all or nothing",
		Long: `Read a dataset and keep it as a snapshot of the store, which becomes the current one: analyse, nation and explain then read it
where no dataset is named. A dataset with an error is not imported. A snapshot is never changed again; the store keeps the SHA-256
of every file that it was made from, and of every file that it consists of.

The store is the folder that --store names, else $` + storeVariable + `, else deconflict in the system's folder for data. The first
import makes it.`,
		Example: `  deconflict import plans/ --as 2026
  deconflict import targets.csv pledges.csv --as draft --store drafts/`,
		Args: needs("a dataset", "name a folder of tables or a CSV file; deconflict generate -o notional makes one to try"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if name == "" {
				return &hintError{errors.New("a snapshot needs a name"), "name it with --as, such as --as 2026"}
			}
			st, err := at.create()
			if err != nil {
				return err
			}
			defer collectAt(collectAt(50)) // an import lives on what it holds: collecting sooner costs no time and saves a fifth
			ds, sources, err := openSummed(cmd, args, quiet)
			if err != nil {
				return err
			}
			pages, err := nationPages(cmd.Context(), ds, name)
			if err != nil {
				return err
			}
			how := store.Import{Name: name, Program: "deconflict " + version(), Sources: sources, Pages: pages}
			if !quiet {
				how.Progress = progress(cmd.ErrOrStderr(), "stored")
			}
			snap, err := st.Import(cmd.Context(), ds, how)
			if err != nil || quiet {
				return err
			}
			return imported(cmd.OutOrStdout(), st, snap, &at)
		},
	}
	at.place(cmd)
	readingFlags(cmd)
	cmd.Flags().StringVar(&name, "as", "", "the name of the snapshot, which no other has")
	cmd.Flags().BoolVar(&quiet, "quiet", false, "nothing on standard output, and nothing but errors on standard error")
	return cmd
}

// imported says what became current and what to type next.
func imported(w io.Writer, st *store.Store, snap store.Snapshot, at *storage) error {
	var out strings.Builder
	say := func(format string, args ...any) { out.WriteString(render.Plain(fmt.Sprintf(format, args...)) + "\n") }
	say("snapshot %s is current in %s", snap.Name, st.Dir())
	say("it holds %s of %s as of %s, marked %s", count(snap.Records, "record"), snap.Title, snap.AsOf, snap.Marking)
	place := at.snapshotFlags("")
	next := func(args ...string) {
		words := []string{"deconflict"}
		for _, a := range slices.Concat(args, place) {
			words = append(words, render.Quote(a))
		}
		say("next: %s", strings.Join(words, " "))
	}
	next("analyse")
	if snap.Parent != "" {
		next("compare", snap.Parent, snap.Name)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// progress tells about once a second how many records are done, from the second second on.
func progress(w io.Writer, done string) func(n, total int) {
	const every = time.Second
	last := time.Now()
	return func(n, total int) {
		if time.Since(last) >= every {
			last = time.Now()
			fmt.Fprintf(w, "%s %s of %s\n", done, data.Count(n), count(total, "record"))
		}
	}
}

// openSummed reads datasets and sums the files that they are made of. A file that is another after it was read than before is refused:
// nobody could tell which of the two was imported.
func openSummed(cmd *cobra.Command, paths []string, quiet bool) (*data.Dataset, []store.File, error) {
	if slices.Contains(paths, "-") {
		return nil, nil, &hintError{errors.New("standard input cannot be imported: nothing could tell later what it was"), "save it as a file first"}
	}
	before, err := sums(paths)
	if err != nil {
		before = nil // the reader says it better
	}
	ds, err := open(cmd, paths, withStatements, quiet)
	if err != nil {
		return nil, nil, err
	}
	after, err := sums(paths)
	if err != nil {
		return nil, nil, err
	}
	if !slices.Equal(before, after) {
		return nil, nil, &hintError{errors.New("the files of the dataset changed while they were read"), "import again when nobody is writing to them"}
	}
	return ds, after, nil
}

// sums lists the files of datasets with their size and SHA-256.
func sums(paths []string) ([]store.File, error) {
	var out []store.File
	for _, p := range paths {
		files, err := filesOf(p)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			size, sum, err := sumOf(f)
			if err != nil {
				return nil, fmt.Errorf("reading %s: %w", f, reason(err))
			}
			out = append(out, store.File{Name: filepath.ToSlash(f), Size: size, SHA256: sum})
		}
	}
	return out, nil
}

// description is the name of the file that describes a dataset and may list tables in folders below its own.
const description = "datapackage.json"

// filesOf are the files of one dataset: a lone table, or what is in a folder that can be one.
func filesOf(path string) (files []string, err error) {
	if filepath.Base(path) == description {
		path = filepath.Dir(path)
	}
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return []string{path}, err
	}
	_, err = os.Stat(filepath.Join(path, description))
	described := err == nil
	err = filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case file == path:
		case strings.HasPrefix(d.Name(), "."), d.IsDir() && !described:
			if d.IsDir() {
				return fs.SkipDir
			}
		case !d.IsDir() && slices.Contains([]string{".csv", ".tsv", ".json", ".xlsx"}, strings.ToLower(filepath.Ext(file))):
			files = append(files, file)
		}
		return nil
	})
	return files, err
}

func sumOf(path string) (size int64, sum string, err error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return 0, "", errors.Join(err, errors.New("is not a file"))
	}
	f, err := os.Open(path)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return size, hex.EncodeToString(h.Sum(nil)), err
}
