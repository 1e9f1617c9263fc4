// Package store keeps planning cycles as they were imported. Each import is a snapshot: a folder with a badger database that is
// written once, sealed by a list of sums, and never written again.
//
//	FORMAT            says that this is a store, and of which kind
//	HEAD              the snapshots with the sum of each one's seal, and which of them is current
//	LOCK              held by the one process that is changing the store
//	snap/000001/      a snapshot: the files of badger, and
//	  SEAL.json       its name, what it was made of, and the size and sum of each file
//	  page-…          what the importer wants to read later without the records, each page a file
//	snap/000002.tmp/  an import that goes on, or what is left of one that was killed
//
// An import is all or nothing. Everything new is written beside what is there, made to last, read back, and then becomes part of the
// store in the one moment in which HEAD is replaced. What a killed import leaves behind belongs to nobody, and the next writer
// removes it.
//
// A reader trusts HEAD, HEAD vouches for the seals, a seal for the files, and the files are summed before badger opens them: badger
// can end the process over a damaged file. What is read is summed again, group by group. A page is read alone: its own sum is compared,
// and no other file is looked at. Damage is told with the name of the file; nothing is repaired.
//
// store.go finds the snapshots, seal.go says what a snapshot knows about itself and checks it, import.go makes one, tables.go
// divides a dataset into groups that can be read alone, columns.go turns records into bytes, badger.go writes and opens the
// database, read.go reads, verify.go looks for damage, prune.go removes the oldest, backup.go packs a store into one file,
// lock.go and disk.go are what all of them stand on.
package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"deconflict/data"
)

// Store is a folder of snapshots. Several goroutines and processes may read it at a time, and one may change it.
type Store struct {
	dir  string
	disk disk
	free func(path string) (bytes uint64, known bool)
}

// The files of a store.
const (
	formatFile = "FORMAT"
	headFile   = "HEAD"
	lockFile   = "LOCK"
	snapFolder = "snap"
	sealFile   = "SEAL.json"
)

const formatText = "deconflict store 1\n"

// head is what HEAD says. A folder that it does not list is no snapshot.
type head struct {
	Sequence  int     `json:"sequence"` // of the newest snapshot that there ever was
	Current   string  `json:"current"`
	Snapshots []entry `json:"snapshots"` // oldest first
}

// entry is a snapshot in HEAD. It has the sources too, because a seal that is damaged can no longer name them.
type entry struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Seal    string   `json:"seal"` // SHA-256 of SEAL.json
	Sources []string `json:"sources"`
}

// Open opens a store for reading. It creates nothing: a folder that is no store is an error.
func Open(dir string) (*Store, error) {
	s := newStore(dir)
	there, err := s.look()
	if err != nil {
		return nil, err
	}
	if !there {
		return nil, fmt.Errorf("%s: no store there%s", dir, hint(data.DidYouMean(neighbours(dir))))
	}
	return s, nil
}

// Create opens a store to import into. Where there is none, the first import makes it; until then nothing is created.
func Create(dir string) (*Store, error) {
	s := newStore(dir)
	_, err := s.look()
	return s, err
}

func newStore(dir string) *Store { return &Store{dir: filepath.Clean(dir), free: free} }

// Dir is the store's folder.
func (s *Store) Dir() string { return s.dir }

func (s *Store) path(elem ...string) string {
	return filepath.Join(append([]string{s.dir}, elem...)...)
}

// look reports whether the folder is a store. A folder that is not there, an empty one, and what a process that was killed left
// before it finished making a store, are none. Any other folder is an error.
func (s *Store) look() (there bool, err error) {
	format, err := readSmall(s.path(formatFile))
	switch {
	case err == nil && string(format) == formatText:
		return true, nil
	case err == nil && strings.HasPrefix(string(format), "deconflict store "):
		return false, fmt.Errorf("%s: the store is of format %q and this version of the program reads %q", s.path(formatFile), strings.TrimSpace(string(format)), strings.TrimSpace(formatText))
	case err == nil:
		return false, s.damage(nil, s.path(formatFile), "does not say what it said when the store was made")
	case !errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("%s: %s", s.path(formatFile), reason(err))
	}
	files, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s: is no store: %s", s.dir, reason(err))
	}
	for _, f := range files {
		switch f.Name() {
		case headFile, headFile + tmp, formatFile + tmp, lockFile:
		case snapFolder:
			if inside, err := os.ReadDir(s.path(snapFolder)); err != nil || len(inside) > 0 {
				return false, s.damage(nil, s.path(formatFile), "is missing")
			}
		default:
			return false, fmt.Errorf("%s: is no store: it has other files and no %s", s.dir, formatFile)
		}
	}
	return false, nil
}

// neighbours are the folders with nearly the same name.
func neighbours(dir string) []string {
	var names []string
	entries, _ := os.ReadDir(filepath.Dir(dir))
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	near := data.Nearest(filepath.Base(dir), names)
	for i := range near {
		near[i] = filepath.Join(filepath.Dir(dir), near[i])
	}
	return slices.DeleteFunc(near, func(n string) bool { return n == filepath.Clean(dir) })
}

func hint(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// head reads HEAD.
func (s *Store) head() (head, error) {
	b, err := readSmall(s.path(headFile))
	if errors.Is(err, fs.ErrPermission) {
		return head{}, err
	}
	if err != nil {
		return head{}, s.damage(nil, s.path(headFile), reason(err))
	}
	return s.readHead(b)
}

func (s *Store) readHead(b []byte) (head, error) {
	h, what := parseHead(b)
	if what != "" {
		return head{}, s.damage(nil, s.path(headFile), what)
	}
	return h, nil
}

// parseHead reads the text of HEAD, whose first line is the sum of the rest. what says what is wrong with it.
func parseHead(b []byte) (h head, what string) {
	want, text, _ := strings.Cut(string(b), "\n")
	if want != sum([]byte(text)) {
		return head{}, "its text does not have the sum on its first line"
	}
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return head{}, err.Error()
	}
	for _, e := range h.Snapshots {
		if strings.Trim(e.ID, "0123456789") != "" || e.ID == "" {
			return head{}, fmt.Sprintf("%q is no folder of a snapshot", e.ID)
		}
	}
	return h, ""
}

// setHead replaces HEAD. replaced is as in disk.replace.
func (s *Store) setHead(h head) (replaced bool, err error) {
	text, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return false, err
	}
	text = append(text, '\n')
	return s.disk.replace(s.path(headFile), append([]byte(sum(text)+"\n"), text...))
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// Snapshots lists the snapshots, oldest first. Those whose seal is damaged are left out and told in the error, which is then made
// of Damage; the others are returned with it.
func (s *Store) Snapshots() ([]Snapshot, error) {
	h, err := s.head()
	if err != nil {
		return nil, err
	}
	var out []Snapshot
	var damaged []error
	for _, e := range h.Snapshots {
		snap, err := s.seal(e)
		if err != nil {
			damaged = append(damaged, err)
			continue
		}
		out = append(out, snap)
	}
	return out, errors.Join(damaged...)
}

// ErrEmpty says that a store has no snapshot yet.
var ErrEmpty = errors.New("the store has no snapshot yet (import a dataset first)")

// Current is the snapshot of the last import.
func (s *Store) Current() (Snapshot, error) {
	h, err := s.head()
	if err != nil {
		return Snapshot{}, err
	}
	for _, e := range h.Snapshots {
		if e.ID == h.Current {
			return s.seal(e)
		}
	}
	return Snapshot{}, fmt.Errorf("%s: %w", s.dir, ErrEmpty)
}

// Find is the snapshot of a name. The error for an unknown name is a *data.ValueError with the near misses.
func (s *Store) Find(name string) (Snapshot, error) {
	h, err := s.head()
	if err != nil {
		return Snapshot{}, err
	}
	var names []string
	for _, e := range h.Snapshots {
		if data.Fold(e.Name) == data.Fold(name) {
			return s.seal(e)
		}
		names = append(names, e.Name)
	}
	hint := data.DidYouMean(data.Nearest(name, names))
	if hint == "" && len(names) > 0 {
		hint = "there are " + strings.Join(names, ", ")
	}
	return Snapshot{}, &data.ValueError{Got: name, Want: "the name of a snapshot in " + s.dir, Hint: hint}
}
