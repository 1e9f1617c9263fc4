package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"math/rand/v2"
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

// sizes takes what is written, up to a limit, and notes how much each time.
type sizes struct {
	bytes.Buffer
	each  []int
	limit int
}

var errFull = errors.New("full")

func (s *sizes) Write(b []byte) (int, error) {
	if s.Len()+len(b) > s.limit {
		return 0, errFull
	}
	s.each = append(s.each, len(b))
	return s.Buffer.Write(b)
}

// What is written in pieces is what was to be written, all but the last of one size, however it came. That there is no room for it is told.
func TestPieces(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 1))
		to := &sizes{limit: math.MaxInt}
		if seed%2 > 0 {
			to.limit = r.IntN(4 * pieceSize)
		}
		p := &pieces{to: to}
		var all []byte
		var err error
		heeds := seed%3 > 0 // errors; who does not is told in the end
		for n := r.IntN(30); n > 0 && (err == nil || !heeds); n-- {
			b := make([]byte, r.IntN([]int{10, pieceSize, 3 * pieceSize}[r.IntN(3)]))
			for i := range b {
				b[i] = byte(r.Uint32())
			}
			all = append(all, b...)
			var written int
			if written, err = p.Write(b); written > len(b) || err == nil && written < len(b) {
				t.Fatalf("seed %d: %d of %d bytes are written", seed, written, len(b))
			}
		}
		if err == nil || !heeds {
			err = p.Flush()
		}
		if (err != nil) != (len(all) > to.limit) {
			t.Fatalf("seed %d: %d bytes and room for %d: %v", seed, len(all), to.limit, err)
		}
		if got := to.Bytes(); !bytes.HasPrefix(all, got) || err == nil && len(got) < len(all) {
			t.Fatalf("seed %d: something else is written", seed)
		}
		for i, n := range to.each {
			if n > pieceSize || n < pieceSize && i < len(to.each)-1 {
				t.Errorf("seed %d: piece %d of %d has %d bytes", seed, i, len(to.each), n)
			}
		}
	}
}
