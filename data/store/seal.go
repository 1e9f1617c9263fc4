package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"deconflict/data"
)

// schema is the number of the layout of the records. It rises when an older version of the program would misread them.
const schema = 1

// Snapshot is an imported planning cycle, as its seal describes it.
type Snapshot struct {
	Name     string       `json:"name"`
	ID       string       `json:"id"` // its folder
	Sequence int          `json:"sequence"`
	Parent   string       `json:"parent,omitempty"` // the name of the snapshot that was current before it
	Title    string       `json:"title,omitempty"`
	Version  string       `json:"version,omitempty"`
	AsOf     data.Date    `json:"as_of,omitzero"`
	Marking  data.Marking `json:"marking"` // the banner over the markings of all its records
	Program  string       `json:"program,omitempty"`
	Schema   int          `json:"schema"`
	Sources  []File       `json:"sources"` // what it was imported from
	Records  int          `json:"records"` // in all tables, warnings not counted
	Tables   []Table      `json:"tables"`
	Digest   string       `json:"digest"` // of what is stored: equal for equal datasets, on every machine
	Groups   []Group      `json:"groups"`
	Files    []File       `json:"files"` // of the snapshot's folder, beside the seal
}

// File is a file with the SHA-256 of its bytes.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Table is how many rows of a table a snapshot has.
type Table struct {
	Name    string `json:"name"`
	Records int    `json:"records"`
}

// Group is what can be read alone: a small table, a nation's part of a large one, or a page.
type Group struct {
	Name    string `json:"name"`
	Blocks  int    `json:"blocks"`
	Records int    `json:"records,omitempty"`
	SHA256  string `json:"sha256"` // of its keys and values
}

// Bytes is the size of the snapshot on the disk, without its seal.
func (s *Snapshot) Bytes() int64 {
	var n int64
	for _, f := range s.Files {
		n += f.Size
	}
	return n
}

func (s *Snapshot) group(name string) (Group, bool) {
	i, ok := slices.BinarySearchFunc(s.Groups, name, func(g Group, name string) int { return compareGroups(g.Name, name) })
	if !ok {
		return Group{}, false
	}
	return s.Groups[i], true
}

// table is the table of which the group is a part.
func (g Group) table() string {
	name, _, _ := strings.Cut(g.Name, "/")
	return name
}

// records is how many rows of a table there are.
func (s *Snapshot) records(table string) int {
	for _, t := range s.Tables {
		if t.Name == table {
			return t.Records
		}
	}
	return 0
}

// Damage is a file of a store that is not as it was written.
type Damage struct {
	Snapshot string `json:"snapshot,omitempty"` // none for the files of the store itself
	File     string `json:"file"`
	What     string `json:"what"`
	Advice   string `json:"advice"`
}

func (d *Damage) Error() string {
	return fmt.Sprintf("%s: damaged: %s (%s)", d.File, d.What, d.Advice)
}

// damage tells of damage to a snapshot, or to the store where e is nil, and what can be done about it.
func (s *Store) damage(e *entry, file, what string) *Damage {
	if e == nil {
		return &Damage{File: file, What: what, Advice: "nothing was changed; restore a backup into another folder, or import again into a new store"}
	}
	d := &Damage{Snapshot: e.Name, File: file, What: what}
	d.Advice = fmt.Sprintf("nothing was changed; to have snapshot %q again, import %s under another name, or restore a backup", e.Name, list(e.Sources))
	if good := s.wholeBefore(e); good != "" {
		d.Advice += fmt.Sprintf("; snapshot %q before it is whole", good)
	}
	return d
}

func list(names []string) string {
	switch len(names) {
	case 0:
		return "its dataset"
	case 1:
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// wholeBefore is the name of the last snapshot before e whose files are as they were written; none where there is none.
func (s *Store) wholeBefore(e *entry) string {
	h, err := s.head()
	if err != nil {
		return ""
	}
	at := slices.IndexFunc(h.Snapshots, func(other entry) bool { return other.ID == e.ID })
	for i := at - 1; i >= 0; i-- {
		before := h.Snapshots[i]
		snap, what := s.readSeal(before)
		if what != "" {
			continue
		}
		bad, err := checkFiles(context.Background(), s.path(snapFolder, snap.ID), snap.Files)
		if err == nil && len(bad) == 0 {
			return before.Name
		}
	}
	return ""
}

// readSeal reads the seal of a snapshot. what says what is wrong with it.
func (s *Store) readSeal(e entry) (snap Snapshot, what string) {
	b, err := readSmall(s.path(snapFolder, e.ID, sealFile))
	if err != nil {
		return snap, reason(err)
	}
	return parseSeal(e, b)
}

// parseSeal reads the text of a seal, and accepts none but the one that HEAD means. The files that it names are in its folder.
func parseSeal(e entry, b []byte) (snap Snapshot, what string) {
	if sum(b) != e.Seal {
		return snap, "its sum is not the one in " + headFile
	}
	if err := json.Unmarshal(b, &snap); err != nil {
		return snap, err.Error()
	}
	if snap.ID != e.ID || snap.Name != e.Name {
		return snap, "it is the seal of another snapshot"
	}
	for _, f := range snap.Files {
		if filepath.Base(f.Name) != f.Name || !filepath.IsLocal(f.Name) {
			return snap, "it names a file that is not in its folder"
		}
	}
	return snap, ""
}

// seal reads the seal of a snapshot in HEAD.
func (s *Store) seal(e entry) (Snapshot, error) {
	snap, what := s.readSeal(e)
	if what != "" {
		return Snapshot{}, s.damage(&e, s.path(snapFolder, e.ID, sealFile), what)
	}
	if snap.Schema > schema {
		return Snapshot{}, fmt.Errorf("%s: snapshot %q was made by %s and has schema %d; this version of the program reads up to %d",
			s.path(snapFolder, e.ID), e.Name, snap.Program, snap.Schema, schema)
	}
	return snap, nil
}

// check compares the folder of a snapshot with its seal, byte by byte.
func (s *Store) check(ctx context.Context, snap *Snapshot) ([]*Damage, error) {
	bad, err := checkFiles(ctx, s.path(snapFolder, snap.ID), snap.Files)
	if err != nil || len(bad) == 0 {
		return nil, err
	}
	e := snap.entry("")
	if h, err := s.head(); err == nil && !slices.ContainsFunc(h.Snapshots, func(listed entry) bool { return listed.ID == e.ID }) {
		return nil, fmt.Errorf("snapshot %q was removed from %s while it was read", snap.Name, s.dir)
	}
	var out []*Damage
	for _, b := range bad {
		out = append(out, s.damage(&e, b.file, b.what))
	}
	return out, nil
}

// entry is the snapshot's line in HEAD.
func (s *Snapshot) entry(seal string) entry {
	e := entry{ID: s.ID, Name: s.Name, Seal: seal, Sources: []string{}}
	for _, f := range s.Sources {
		e.Sources = append(e.Sources, f.Name)
	}
	return e
}

type badFile struct{ file, what string }

// checkFiles compares a folder with the files that it must have, no more and no fewer.
func checkFiles(ctx context.Context, folder string, files []File) ([]badFile, error) {
	found, err := os.ReadDir(folder)
	if err != nil {
		return []badFile{{folder, reason(err)}}, nil
	}
	var bad []badFile
	for _, f := range found {
		if f.Name() != sealFile && !slices.ContainsFunc(files, func(want File) bool { return want.Name == f.Name() }) {
			bad = append(bad, badFile{filepath.Join(folder, f.Name()), "is not part of the snapshot"})
		}
	}
	wrong := make([]string, len(files))
	err = parallel(ctx, len(files), func(i int) (err error) {
		wrong[i], err = checkFile(ctx, filepath.Join(folder, files[i].Name), files[i])
		return err
	})
	for i, what := range wrong {
		if what != "" {
			bad = append(bad, badFile{filepath.Join(folder, files[i].Name), what})
		}
	}
	return bad, err
}

// checkFile says what is wrong with a file; nothing if it is as it was written.
func checkFile(ctx context.Context, path string, want File) (what string, err error) {
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrPermission) {
		return "", err
	}
	if err != nil {
		return reason(err), nil
	}
	if !info.Mode().IsRegular() {
		return "is no longer a file", nil
	}
	if info.Size() != want.Size {
		return fmt.Sprintf("has %d bytes instead of %d", info.Size(), want.Size), nil
	}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrPermission) {
		return "", err
	}
	if err != nil {
		return reason(err), nil
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.CopyBuffer(onlyWriter{h}, contextReader{ctx, f}, make([]byte, 1<<18)); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "cannot be read: " + reason(err), nil
	}
	if hex.EncodeToString(h.Sum(nil)) != want.SHA256 {
		return "its bytes have changed", nil
	}
	return "", nil
}

// onlyWriter and contextReader keep io.Copy from taking a way round the buffer or past the end of the context.
type onlyWriter struct{ io.Writer }

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// parallel calls f with each number below n, on all cores. It returns the first error, after which no new call begins.
func parallel(ctx context.Context, n int, f func(i int) error) error {
	var next atomic.Int64
	var once sync.Once
	var first error
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if err := f(i); err != nil {
					once.Do(func() { first = err })
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	if first != nil {
		return first
	}
	return context.Cause(ctx)
}
