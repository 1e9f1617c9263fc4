package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"unicode"

	"deconflict/data"
)

// Import says how a dataset becomes a snapshot.
type Import struct {
	Name    string // no other snapshot of the store may have it
	Program string // the name and version of the program
	Sources []File // what the dataset was read from
	// Pages are what the caller wants to read later without the records that it was computed from, by name. Each is a file of its own.
	Pages map[string][]byte
	// Progress is told now and then how many of the records are written. It may be nil.
	Progress func(done, total int)
}

// ErrNameTaken says that a store has a snapshot of that name.
var ErrNameTaken = errors.New("there is a snapshot of that name")

// Import adds a dataset as a new snapshot, which becomes the current one. It happens wholly or not at all: when Import returns an
// error, is cancelled, or the process or the machine stops, the store is as it was.
func (s *Store) Import(ctx context.Context, ds *data.Dataset, how Import) (Snapshot, error) {
	snap, err := s.importDataset(ctx, ds, how)
	switch {
	case errors.Is(err, syscall.ENOSPC):
		err = fmt.Errorf("importing %q: the disk is full, nothing was imported (make room on the disk of %s and import again): %w", how.Name, s.dir, err)
	case err != nil:
		err = fmt.Errorf("importing %q: %w", how.Name, err)
	}
	return snap, err
}

func (s *Store) importDataset(ctx context.Context, ds *data.Dataset, how Import) (_ Snapshot, err error) {
	if err := checkName(how.Name); err != nil {
		return Snapshot{}, err
	}
	parts, err := divide(ds)
	if err != nil {
		return Snapshot{}, err
	}
	if err := s.checkSpace(parts, how.Pages); err != nil {
		return Snapshot{}, err
	}
	w, err := s.change(ctx)
	if err != nil {
		return Snapshot{}, err
	}
	defer func() { err = errors.Join(err, w.end(err == nil)) }()
	for _, e := range w.head.Snapshots {
		if data.Fold(e.Name) == data.Fold(how.Name) {
			return Snapshot{}, fmt.Errorf("%s: %w: snapshots are never overwritten (choose another name)", s.dir, ErrNameTaken)
		}
	}
	snap := describe(ds, how, w.head, parts)
	if err := w.write(ctx, &snap, parts, how); err != nil {
		return Snapshot{}, err
	}
	return snap, w.publish(ctx, &snap)
}

// checkName refuses what could not be typed or read in a list.
func checkName(name string) error {
	const longest = 100
	printable := strings.IndexFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
	if name == "" || len(name) > longest || strings.TrimSpace(name) != name || !printable || strings.ContainsRune(name, unicode.ReplacementChar) {
		return &data.ValueError{Got: name, Want: fmt.Sprintf("a name for the snapshot of 1 to %d bytes, without spaces at its ends and without control characters", longest)}
	}
	return nil
}

// checkSpace says before anything is written that a disk is too full. What it lets through can still meet a full disk.
func (s *Store) checkSpace(parts []part, pages map[string][]byte) error {
	const perRecord, rest = 120, 4 << 20 // more than any record of a plan was seen to take
	need := uint64(rest)
	for i := range parts {
		need += uint64(len(parts[i].bytes)) + uint64(parts[i].Records)*perRecord
	}
	for _, b := range pages {
		need += uint64(len(b))
	}
	there := s.dir
	for {
		if _, err := os.Stat(there); err == nil || there == filepath.Dir(there) {
			break
		}
		there = filepath.Dir(there)
	}
	if have, known := s.free(there); known && have < need {
		return fmt.Errorf("%s: the disk has %s free, wanted %s: %w", s.dir, size(int64(have)), size(int64(need)), syscall.ENOSPC)
	}
	return nil
}

// describe is the seal as far as it is known before anything is written.
func describe(ds *data.Dataset, how Import, h head, parts []part) Snapshot {
	snap := Snapshot{
		Name: how.Name, Sequence: h.Sequence + 1, ID: fmt.Sprintf("%06d", h.Sequence+1),
		Title: ds.Title, Version: ds.Version, AsOf: ds.AsOf, Marking: ds.Banner(),
		Program: how.Program, Schema: schema, Sources: append([]File{}, how.Sources...), Tables: []Table{},
	}
	for _, e := range h.Snapshots {
		if e.ID == h.Current {
			snap.Parent = e.Name
		}
	}
	for _, t := range tables {
		n := t.in(ds).Len()
		if n > 0 {
			snap.Tables = append(snap.Tables, Table{t.name, n})
		}
		if t.name != problems {
			snap.Records += n
		}
	}
	for i := range parts {
		snap.Groups = append(snap.Groups, parts[i].Group)
	}
	return snap
}

// writing is the store while this process may change it.
type writing struct {
	*Store
	lock *lock
	head head
	made bool   // the store was made for this change, and goes with it
	gone bool   // so was its folder
	left string // a folder that is not part of the store yet
}

// change takes the lock, makes the store where there is none, and removes what killed writers left.
func (s *Store) change(ctx context.Context) (_ *writing, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	w := &writing{Store: s}
	if _, err := os.Stat(s.dir); errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(s.dir), 0o700); err != nil {
			return nil, err
		}
		if err := s.disk.folder(s.dir); err != nil && !errors.Is(err, os.ErrExist) {
			return nil, err
		}
		w.gone = true
	}
	if w.lock, err = takeLock(s.path(lockFile)); err != nil {
		if w.gone {
			_ = os.Remove(s.dir) // only while it is empty
		}
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.end(false))
		}
	}()
	there, err := s.look()
	if err != nil {
		return nil, err
	}
	if !there {
		w.made = true
		if err := s.make(); err != nil {
			return nil, err
		}
	}
	if w.head, err = s.head(); err != nil {
		return nil, err
	}
	return w, w.clean()
}

// make makes an empty store. FORMAT comes last: a folder without it is none.
func (s *Store) make() error {
	if err := s.disk.folder(s.path(snapFolder)); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if _, err := s.setHead(head{Snapshots: []entry{}}); err != nil {
		return err
	}
	if _, err := s.disk.replace(s.path(formatFile), []byte(formatText)); err != nil {
		return err
	}
	return s.disk.names(filepath.Dir(s.dir))
}

// clean removes the folders that HEAD does not list: unfinished ones, and those that were taken out of HEAD.
func (w *writing) clean() error {
	folders, err := os.ReadDir(w.path(snapFolder))
	if err != nil {
		return err
	}
	for _, f := range folders {
		listed := false
		for _, e := range w.head.Snapshots {
			listed = listed || e.ID == f.Name()
		}
		if !listed {
			if err := w.disk.remove(w.path(snapFolder, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// end gives the lock back. If the change failed, it removes what is not part of the store.
func (w *writing) end(done bool) error {
	defer w.lock.release()
	if done {
		return nil
	}
	var errs []error
	if w.left != "" {
		errs = append(errs, w.disk.remove(w.left))
	}
	if w.made {
		for _, f := range []string{formatFile, headFile, snapFolder, lockFile} {
			errs = append(errs, w.disk.remove(w.path(f)))
		}
		if w.gone {
			errs = append(errs, w.disk.remove(w.dir))
		}
	}
	return errors.Join(errs...)
}

// write writes the records and the pages into a folder beside the snapshots, and reads them back.
func (w *writing) write(ctx context.Context, snap *Snapshot, parts []part, how Import) error {
	folder := w.path(snapFolder, snap.ID+tmp)
	w.left = folder
	if err := w.disk.folder(folder); err != nil {
		return err
	}
	if err := w.writeRecords(ctx, folder, snap, parts, how.Progress); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(how.Pages)) {
		b, file := how.Pages[name], pageFile(name)
		if err := w.disk.writeBytes(filepath.Join(folder, file), b); err != nil {
			return err
		}
		snap.Files = append(snap.Files, File{Name: file, Size: int64(len(b)), SHA256: sum(b)})
	}
	return readBack(ctx, folder, snap)
}

func (w *writing) writeRecords(ctx context.Context, folder string, snap *Snapshot, parts []part, progress func(done, total int)) error {
	files := badgerWriter{disk: w.disk, folder: folder}
	defer files.release()
	type block struct {
		of, i   int
		value   []byte
		records int
	}
	var blocks []block
	digests := make([]digest, len(parts))
	total, done := 0, 0
	for of := range parts {
		for i := range parts[of].Blocks {
			blocks = append(blocks, block{of: of, i: i})
		}
		digests[of] = newDigest()
		total += parts[of].Records
	}
	// The blocks are made some at a time on all cores, and written in their order.
	for some := range slices.Chunk(blocks, 4*runtime.GOMAXPROCS(0)) {
		err := parallel(ctx, len(some), func(i int) (err error) {
			b := &some[i]
			b.value, b.records, err = parts[b.of].block(b.i)
			return err
		})
		if err != nil {
			return err
		}
		for i := range some {
			b := &some[i]
			k := key(parts[b.of].Name, b.i)
			digests[b.of].add(k, b.value)
			if err := files.add(k, b.value); err != nil {
				return err
			}
			done += b.records
			b.value = nil
		}
		if progress != nil {
			progress(done, total)
		}
	}
	for of := range parts {
		snap.Groups[of].SHA256 = digests[of].String()
	}
	snap.Digest = digestOf(snap.Groups)
	err := files.close()
	snap.Files = files.files
	return err
}

// readBack opens a snapshot that is about to be published, and compares all that it holds with what was meant to be written.
func readBack(ctx context.Context, folder string, snap *Snapshot) (err error) {
	bad, err := checkFiles(ctx, folder, snap.Files)
	if err != nil {
		return err
	}
	for _, b := range bad {
		return fmt.Errorf("reading back: %s: %s", b.file, b.what)
	}
	db, err := openBadger(folder)
	if err != nil {
		return fmt.Errorf("reading back: %s: %w", folder, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = everything(db, snap.Groups, func(Group, []byte) error { return ctx.Err() })
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("reading back: %s: %w", folder, err)
	}
	return err
}

// publish seals the snapshot, gives its folder its name, and lists it in HEAD. Until HEAD is replaced the store is as it was; from
// then on the snapshot is part of it.
func (w *writing) publish(ctx context.Context, snap *Snapshot) error {
	seal, err := json.MarshalIndent(snap, "", "  ")
	if err != nil {
		return err
	}
	seal = append(seal, '\n')
	folder := w.path(snapFolder, snap.ID)
	if err := w.disk.writeBytes(filepath.Join(w.left, sealFile), seal); err != nil {
		return err
	}
	if err := w.disk.names(w.left); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.disk.rename(w.left, folder); err != nil {
		return err
	}
	w.left = folder
	if err := w.disk.names(w.path(snapFolder)); err != nil {
		return err
	}
	h := w.head
	h.Sequence, h.Current = snap.Sequence, snap.ID
	h.Snapshots = append(h.Snapshots[:len(h.Snapshots):len(h.Snapshots)], snap.entry(sum(seal)))
	if err := ctx.Err(); err != nil {
		return err
	}
	replaced, err := w.setHead(h)
	if replaced {
		w.left, w.made = "", false
	}
	if replaced && err != nil {
		return fmt.Errorf("the snapshot is in the store, but the disk does not say that it will last (run verify): %w", err)
	}
	return err
}
