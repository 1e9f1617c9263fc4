package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An interrupted command says so, fails, and leaves neither a result nor a file.
func TestInterrupted(t *testing.T) {
	ownHome(t)
	public, err := filepath.Abs("../../data/public")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"analyse"}, {"analyse", "-o", "report.json"}, {"analyse", "-o", "tables/"}, {"nation", "POL"}, {"list", "nations"}, {"graph", "-o", "planning.graphml"}, {"analyse", "-o", "pictures/", "--format", "svg"}, {"generate", "-o", "cycle"},
		{"import", public, "--as", "2026", "--store", "store"}, {"compare", public, public, "-o", "changes/"}, {"what-if", filepath.Join(public, "pledges.csv")},
		{"check", public}, {"check", public, "--fix", "-o", "mended"}, {"template", "-o", "empty.xlsx"}, {"man", "-o", "man1"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := run(ctx, strings.NewReader(""), &out, &errs, args); code != failed {
				t.Errorf("exit code %d", code)
			}
			if out.Len() > 0 || !strings.Contains(errs.String(), "interrupted") {
				t.Errorf("standard output %q, standard error %q", &out, &errs)
			}
			if left, _ := os.ReadDir("."); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// A file is replaced as a whole, keeps its place behind a link, and can be read by others.
func TestWriteFile(t *testing.T) {
	folder := t.TempDir()
	path, link := filepath.Join(folder, "report.json"), filepath.Join(folder, "latest.json")
	if err := os.WriteFile(path, []byte("old and longer"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, s)
			return err
		}
	}
	if err := writeFile(t.Context(), link, text("new")); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != fileMode {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := writeFile(t.Context(), os.DevNull, text("gone")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("the null device was replaced: %v, %v", info, err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
}

// Every command has help with an example, and every flag says what it does.
func TestHelp(t *testing.T) {
	for _, c := range newRoot().Commands() {
		if c.Name() == "completion" || c.Name() == "help" {
			continue
		}
		if c.Short == "" || c.Name() != "version" && (c.Long == "" || c.Example == "") {
			t.Errorf("%s: help is missing", c.Name())
		}
	}
}
