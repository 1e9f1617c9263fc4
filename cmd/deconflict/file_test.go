package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A folder that is written to once more has what was written last, keeps what is not written to, and nothing is left beside it.
func TestWriteFolderAgain(t *testing.T) {
	within := t.TempDir()
	folder := filepath.Join(within, "tables")
	content := func(name string) string {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, text := range []string{"first, which is longer", "second"} {
		if err := writeFolder(context.Background(), folder, true, fillWith(text, "gaps.csv", "nations.csv")); err != nil {
			t.Fatal(err)
		}
		if got := content("gaps.csv") + content("nations.csv"); got != text+text {
			t.Errorf("the files have %q", got)
		}
		if err := os.WriteFile(filepath.Join(folder, "notes.txt"), []byte("mine"), fileMode); err != nil {
			t.Fatal(err)
		}
	}
	if content("notes.txt") != "mine" {
		t.Error("another file was changed")
	}
	left, err := os.ReadDir(within)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), ".") {
			t.Errorf("%s was left behind", f.Name())
		}
	}
}

// A link in the place of a file makes room for it, and what it leads to stays as it is.
func TestWriteFolderWhereALinkIs(t *testing.T) {
	within := t.TempDir()
	elsewhere, folder := filepath.Join(within, "elsewhere.csv"), filepath.Join(within, "tables")
	if err := errors.Join(os.WriteFile(elsewhere, []byte("kept"), fileMode), os.Mkdir(folder, folderMode)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, filepath.Join(folder, "gaps.csv")); err != nil {
		t.Skipf("the system makes no links: %v", err)
	}
	if err := writeFolder(context.Background(), folder, true, fillWith("new", "gaps.csv")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{elsewhere: "kept", filepath.Join(folder, "gaps.csv"): "new"} {
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s has %q (%v), want %q", path, got, err, want)
		}
	}
}

// Where a folder stands in the place of a file, it stays as it is, and so does all else: no file is written, not even one before it.
func TestWriteFolderWhereAFolderIs(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "tables")
	inTheWay := filepath.Join(folder, "gaps.csv")
	notes, old := filepath.Join(inTheWay, "notes.txt"), filepath.Join(folder, "a.csv")
	if err := errors.Join(os.MkdirAll(inTheWay, folderMode), os.WriteFile(notes, []byte("mine"), fileMode), os.WriteFile(old, []byte("old"), fileMode)); err != nil {
		t.Fatal(err)
	}
	err := writeFolder(context.Background(), folder, true, fillWith("new", "a.csv", "gaps.csv"))
	if err == nil || !strings.Contains(err.Error(), "gaps.csv is a folder") {
		t.Errorf("the error is %v", err)
	}
	for path, want := range map[string]string{notes: "mine", old: "old"} {
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s has %q (%v), want %q", path, got, err, want)
		}
	}
}

// fillWith makes files with a text in them.
func fillWith(text string, names ...string) func(func(string) (io.WriteCloser, error)) error {
	return func(create func(string) (io.WriteCloser, error)) error {
		for _, name := range names {
			w, err := create(name)
			if err != nil {
				return err
			}
			_, err = io.WriteString(w, text)
			if err := errors.Join(err, w.Close()); err != nil {
				return err
			}
		}
		return nil
	}
}
