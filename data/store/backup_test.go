package store

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestABackupRestoresTheSameStore(t *testing.T) {
	last := dataset(2, 50)
	s := storeWith(t, dataset(1, 50), last)
	folder := t.TempDir()
	file := filepath.Join(folder, "backup.tar")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(folder, "again.tar")
	if err := s.Backup(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if sameBytes(t, file) != sameBytes(t, again) {
		t.Error("two backups of one store differ")
	}
	if err := s.Backup(t.Context(), file); !errors.Is(err, os.ErrExist) {
		t.Errorf("a backup was overwritten: %v", err)
	}
	for _, place := range []string{"new", "empty", "deeper/new"} {
		dir := filepath.Join(folder, place)
		if place == "empty" {
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		restored, err := Restore(t.Context(), file, dir)
		if err != nil {
			t.Fatal(err)
		}
		unchanged(t, tree(t, s.dir), restored.dir)
		holds(t, dir, last, "one", "two")
		if _, err := restored.Import(t.Context(), last, Import{Name: "three"}); err != nil {
			t.Error(err)
		}
		before := tree(t, folder)
		if _, err := Restore(t.Context(), file, dir); err == nil || !strings.Contains(err.Error(), "choose an empty place") {
			t.Errorf("a store was overwritten: %v", err)
		}
		unchanged(t, before, folder)
	}
}

func sameBytes(t *testing.T, file string) string {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return sum(b)
}

func TestADamagedStoreIsNotBackedUp(t *testing.T) {
	s := storeWith(t, dataset(1, 50), dataset(2, 50))
	path := s.path(snapFolder, "000001", "000001.sst")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := s.Backup(t.Context(), filepath.Join(folder, "backup.tar")); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("%v, wanted an error that names %s", err, path)
	}
	unchanged(t, map[string]string{".": tree(t, folder)["."]}, folder)
}

// A backup that is cut or changed anywhere that matters restores nothing. Where a change does not matter, as in the padding of the
// archive, it restores the store as it was.
func TestADamagedBackupRestoresNothing(t *testing.T) {
	s := storeWith(t, dataset(1, 3))
	want := tree(t, s.dir)
	folder := t.TempDir()
	file := filepath.Join(folder, "backup.tar")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(folder, "restored")
	try := func(b []byte) (refused bool) {
		t.Helper()
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		restored, err := Restore(t.Context(), file, place)
		if err == nil {
			unchanged(t, want, restored.dir)
			if err := os.RemoveAll(place); err != nil {
				t.Fatal(err)
			}
			return false
		}
		if !strings.Contains(err.Error(), file) {
			t.Errorf("%v does not name %s", err, file)
		}
		left, err := os.ReadDir(folder)
		if err != nil || len(left) != 1 {
			t.Fatalf("a restore that failed left %v (%v)", left, err)
		}
		return true
	}
	stride := max(1, len(whole)/150)
	if *everyByte {
		stride = 1
	}
	refused, harmless := 0, 0
	for i := 0; i < len(whole); i += stride {
		b := append([]byte{}, whole...)
		b[i] ^= 1 << (i % 8)
		if try(b) {
			refused++
		} else {
			harmless++
		}
	}
	t.Logf("of %d changes %d were refused and %d did no harm", refused+harmless, refused, harmless)
	if refused < harmless {
		t.Error("most changes were not refused")
	}
	for _, n := range []int{0, 100, 512, 1024, len(whole) / 2, len(whole) - 2048} {
		if !try(whole[:n]) {
			t.Errorf("a backup of %d bytes, cut to %d, was restored", len(whole), n)
		}
	}
}

// A backup made by somebody who means harm has sums that fit. It still writes nothing outside the place.
func TestABackupCannotWriteElsewhere(t *testing.T) {
	for _, c := range []struct {
		name, id, file, want string
	}{
		{"folder", "../../outside", "x", "is no folder of a snapshot"},
		{"file", "000001", "../../../outside", "names a file that is not in its folder"},
		{"more", "000001", "x", "does not belong to it"},
		{"unreadable", "000001", "MANIFEST", "bad magic"},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			seal, err := json.Marshal(Snapshot{ID: c.id, Name: "evil", Files: []File{{Name: c.file, Size: 4, SHA256: sum([]byte("evil"))}}})
			if err != nil {
				t.Fatal(err)
			}
			h, err := json.Marshal(head{Sequence: 1, Current: c.id, Snapshots: []entry{{ID: c.id, Name: "evil", Seal: sum(seal)}}})
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			w := tar.NewWriter(&b)
			files := [][2]string{
				{formatFile, formatText}, {headFile, sum(h) + "\n" + string(h)},
				{"snap/" + c.id + "/" + sealFile, string(seal)}, {"snap/" + c.id + "/" + c.file, "evil"},
			}
			if c.name == "more" {
				files = append(files, [2]string{"../outside", "evil"})
			}
			for _, f := range files {
				err := w.WriteHeader(&tar.Header{Name: f[0], Size: int64(len(f[1])), Mode: 0o600})
				if err == nil {
					_, err = io.WriteString(w, f[1])
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(folder, "backup.tar")
			if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			before := tree(t, folder)
			if _, err := Restore(t.Context(), file, filepath.Join(folder, "deep", "place")); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, wanted %s", err, c.want)
			}
			if err := os.Remove(filepath.Join(folder, "deep")); err != nil { // it is empty
				t.Error(err)
			}
			unchanged(t, before, folder)
		})
	}
}

func TestBehaviour18_CancelledBackupAndRestoreLeaveNothing(t *testing.T) {
	s := storeWith(t, dataset(1, 20))
	folder := t.TempDir()
	whole := filepath.Join(folder, "whole.tar")
	if err := s.Backup(t.Context(), whole); err != nil {
		t.Fatal(err)
	}
	before := tree(t, folder)
	for name, do := range map[string]func(context.Context, disk) error{
		"backup": func(ctx context.Context, d disk) error {
			s := &Store{dir: s.dir, disk: d, free: free}
			return s.Backup(ctx, filepath.Join(folder, "backup.tar"))
		},
		"restore": func(ctx context.Context, d disk) error {
			to := newStore(filepath.Join(folder, "restored"))
			to.disk = d
			_, err := to.restore(ctx, whole)
			return err
		},
	} {
		stopped := 0
		for at := 1; ; at++ {
			ctx, cancel := context.WithCancel(t.Context())
			step := 0
			err := do(ctx, disk{watch: func(change) error {
				if step++; step == at {
					cancel()
				}
				return nil
			}})
			cancel()
			if err == nil {
				break
			}
			stopped++
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("%s, step %d: %v", name, at, err)
			}
			unchanged(t, before, folder)
		}
		if stopped == 0 {
			t.Errorf("%s cannot be stopped", name)
		}
		for _, made := range []string{"backup.tar", "restored"} { // by the one that was not
			if err := os.RemoveAll(filepath.Join(folder, made)); err != nil {
				t.Fatal(err)
			}
		}
	}
}
