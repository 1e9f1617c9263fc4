package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Each file of a store is flipped byte by byte, cut, lengthened, deleted, and replaced by a folder. Whatever rests on it is refused with
// its name. What does not is read as before, and nothing on the disk changes.
func TestBehaviour03_AnyDamageIsRefusedByName(t *testing.T) {
	s := storeWith(t, dataset(1, 3), dataset(2, 3))
	var files []string
	for rel, what := range tree(t, s.dir) {
		if strings.HasPrefix(what, "-") {
			files = append(files, rel)
		}
	}
	if want := 2 + 2*4; len(files) != want { // FORMAT, HEAD, and twice SEAL.json, MANIFEST, 000001.sst and the page
		t.Fatalf("the store has the files %q, wanted %d", files, want)
	}
	for _, rel := range files {
		t.Run(rel, func(t *testing.T) {
			path := filepath.Join(s.dir, rel)
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				_ = os.RemoveAll(path)
				if err := os.WriteFile(path, whole, 0o600); err != nil {
					t.Fatal(err)
				}
				if damaged, err := s.Verify(t.Context(), true); err != nil || len(damaged) > 0 {
					t.Fatalf("%v %v", damaged, err)
				}
			}()
			stride := 1
			if len(whole) > 120 && !*everyByte {
				stride = len(whole) / 120
			}
			damaged := append([]byte{}, whole...)
			for i := 0; i < len(whole); i += stride {
				damaged[i] ^= 1 << (i % 8)
				if err := os.WriteFile(path, damaged, 0o600); err != nil {
					t.Fatal(err)
				}
				refused(t, s.dir, rel, fmt.Sprint("byte ", i), i/stride%25 == 0)
				damaged[i] = whole[i]
			}
			for _, n := range []int{0, 1, len(whole) / 2, len(whole) - 1} {
				if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
					t.Fatal(err)
				}
				refused(t, s.dir, rel, fmt.Sprint("cut to ", n), true)
			}
			if err := os.WriteFile(path, append(whole[:len(whole):len(whole)], 0), 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, s.dir, rel, "a byte more", true)
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			refused(t, s.dir, rel, "deleted", true)
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
			refused(t, s.dir, rel, "a folder instead", true)
		})
	}

	first := filepath.Join(s.dir, snapFolder, "000001")
	if err := os.Rename(first, filepath.Join(s.dir, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	refused(t, s.dir, filepath.Join(snapFolder, "000001"), "the whole folder deleted", true)
	if err := os.Rename(filepath.Join(s.dir, "elsewhere"), first); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"000002.sst", "00001.mem", "000001.vlog", "letter.txt"} { // badger would read or delete some of them
		stray := filepath.Join(first, name)
		if err := os.WriteFile(stray, []byte("stray"), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(t, s.dir, filepath.Join(snapFolder, "000001", name), "a file too many", true)
		if err := os.Remove(stray); err != nil {
			t.Fatal(err)
		}
	}
}

// refused checks that a store with a damaged file says so by its name wherever the file matters, and stays as it is. With all it also
// reads what does not rest on the file.
func refused(t *testing.T, dir, rel, how string, all bool) {
	t.Helper()
	before := tree(t, dir)
	file := filepath.Join(dir, rel)
	names := func(what string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), file) {
			t.Fatalf("%s: %s: %v, wanted an error that names %s", how, what, err, file)
		}
	}
	defer unchanged(t, before, dir)
	s, err := Open(dir)
	if rel == formatFile {
		names("open", err)
		_, err = newStore(dir).Import(t.Context(), dataset(3, 1), Import{Name: "three"})
		names("import", err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.Verify(t.Context(), false)
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: verify found %v, %v", how, found, err)
	}
	for _, d := range found {
		names("verify", d)
	}
	if rel == headFile {
		_, err = s.Current()
		names("current", err)
		_, err := s.Import(t.Context(), dataset(3, 1), Import{Name: "three"})
		names("import", err)
		return
	}
	load := func(name string) error {
		snap, err := s.Find(name)
		if err != nil {
			return err
		}
		_, err = s.Load(t.Context(), snap)
		if !all {
			return err
		}
		_, errPage := s.Page(t.Context(), snap, "nation/DEU")
		_, errNation := s.Nation(t.Context(), snap, "DEU")
		// A page is read alone: damage to the records is no damage to it.
		if (err == nil) != (errNation == nil) || errPage != nil && err == nil || errPage == nil && err != nil && strings.Contains(rel, pageFile("nation/DEU")) {
			t.Fatalf("%s: load %v, page %v, nation %v", how, err, errPage, errNation)
		}
		return err
	}
	hit, spared := "one", "two"
	if strings.Contains(rel, "000002") && !strings.HasSuffix(rel, "000002.sst") {
		hit, spared = spared, hit
	}
	err = load(hit)
	names("load", err)
	d, ok := errors.AsType[*Damage](err)
	if !ok || d.Snapshot != hit || !strings.Contains(d.Advice, hit+".csv") {
		t.Fatalf("%s: the damage does not tell what to import again: %v", how, err)
	}
	if hit == "two" && !strings.Contains(d.Advice, `snapshot "one" before it is whole`) {
		t.Fatalf("%s: the damage does not tell which snapshot is whole: %v", how, err)
	}
	if all {
		if err := load(spared); err != nil {
			t.Fatalf("%s: the other snapshot: %v", how, err)
		}
	}
}
