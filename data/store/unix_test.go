//go:build linux || darwin || freebsd

package store

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
)

func TestBehaviour16_NobodyElseCanReadAStore(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0))
	parent := t.TempDir()
	s := create(t, filepath.Join(parent, "deep", "store"))
	look := func() {
		err := filepath.WalkDir(parent, func(path string, d fs.DirEntry, err error) error {
			if err != nil || path == parent {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %s", path, info.Mode())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s.disk.watch = func(change) error { // what is there for a moment only must not be readable either
		look()
		return nil
	}
	if _, err := s.Import(t.Context(), dataset(1, 50), Import{Name: "one", Pages: map[string][]byte{"p": nil}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), filepath.Join(parent, "backup.tar")); err != nil {
		t.Fatal(err)
	}
	restored := newStore(filepath.Join(parent, "restored"))
	restored.disk = s.disk
	if _, err := restored.restore(t.Context(), filepath.Join(parent, "backup.tar")); err != nil {
		t.Fatal(err)
	}
	look()
}
