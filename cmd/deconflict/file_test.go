package main

import (
	"context"
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
	write := func(text string) error {
		return writeFolder(context.Background(), folder, true, func(create func(string) (io.WriteCloser, error)) error {
			for _, name := range []string{"gaps.csv", "nations.csv"} {
				w, err := create(name)
				if err != nil {
					return err
				}
				if _, err := io.WriteString(w, text); err != nil {
					return err
				}
				if err := w.Close(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	content := func(name string) string {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, text := range []string{"first, which is longer", "second"} {
		if err := write(text); err != nil {
			t.Fatal(err)
		}
		if got := content("gaps.csv") + content("nations.csv"); got != text+text {
			t.Errorf("the files have %q", got)
		}
		if err := os.WriteFile(filepath.Join(folder, "notes.txt"), []byte("mine"), fileMode); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := filepath.Join(within, "elsewhere.csv")
	if err := os.WriteFile(elsewhere, []byte("kept"), fileMode); err != nil {
		t.Fatal(err)
	}
	gaps := filepath.Join(folder, "gaps.csv")
	if err := os.Remove(gaps); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, gaps); err != nil {
		t.Skip(err)
	}
	if err := write("third"); err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile(elsewhere); err != nil || string(kept) != "kept" || content("gaps.csv") != "third" {
		t.Errorf("what a link led to has %q, and its place %q (%v)", kept, content("gaps.csv"), err)
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

// A folder that stands where a file is to be stays as it is.
func TestWriteFolderWhereAFolderIs(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "tables")
	inTheWay := filepath.Join(folder, "gaps.csv")
	if err := os.MkdirAll(inTheWay, folderMode); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(inTheWay, "notes.txt"), []byte("mine"), fileMode); err != nil {
		t.Fatal(err)
	}
	err := writeFolder(context.Background(), folder, true, func(create func(string) (io.WriteCloser, error)) error {
		w, err := create("gaps.csv")
		if err != nil {
			return err
		}
		return w.Close()
	})
	if err == nil {
		t.Error("no error")
	}
	if kept, err := os.ReadFile(filepath.Join(inTheWay, "notes.txt")); err != nil || string(kept) != "mine" {
		t.Errorf("the folder in the way has %q (%v)", kept, err)
	}
}
