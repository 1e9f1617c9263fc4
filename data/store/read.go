package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"

	"github.com/dgraph-io/badger/v4"

	"deconflict/data"
)

// reader is a snapshot whose files have been summed, open in badger.
type reader struct {
	store *Store
	snap  Snapshot
	db    *badger.DB
}

func (s *Store) open(ctx context.Context, snap Snapshot) (*reader, error) {
	damaged, err := s.check(ctx, &snap)
	if err != nil {
		return nil, err
	}
	if len(damaged) > 0 {
		return nil, damaged[0]
	}
	r := &reader{store: s, snap: snap}
	if r.db, err = openBadger(s.path(snapFolder, snap.ID)); err != nil {
		return nil, fmt.Errorf("%s: %w", s.path(snapFolder, snap.ID), err)
	}
	return r, nil
}

func (r *reader) close() error { return r.db.Close() }

// damage says that the records are not those of the seal, although the files are.
func (r *reader) damage(err error) *Damage {
	e := r.snap.entry("")
	return r.store.damage(&e, r.store.path(snapFolder, r.snap.ID), err.Error())
}

// group reads the blocks of a group in their order. A group that is not there has none.
func (r *reader) group(ctx context.Context, name string, each func(value []byte) error) (err error) {
	g, ok := r.snap.group(name)
	if !ok {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = r.damage(fmt.Errorf("badger cannot read it: %v", p))
		}
	}()
	d := newDigest()
	err = r.db.View(func(txn *badger.Txn) error {
		for i := range g.Blocks {
			if err := ctx.Err(); err != nil {
				return err
			}
			k := key(name, i)
			item, err := txn.Get(k)
			if err != nil {
				return err
			}
			err = item.Value(func(value []byte) error {
				d.add(k, value)
				return each(value)
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return r.damage(fmt.Errorf("%s: %w", name, err))
	case d.String() != g.SHA256:
		return r.damage(fmt.Errorf("the records of %s are not those that were written", name))
	}
	return nil
}

// Page returns what an import stored under a name. It reads the page's file and no other.
func (s *Store) Page(ctx context.Context, snap Snapshot, name string) ([]byte, error) {
	i := slices.IndexFunc(snap.Files, func(f File) bool { return f.Name == pageFile(name) })
	if i < 0 {
		return s.pageAmongRecords(ctx, snap, name)
	}
	want, path := snap.Files[i], s.path(snapFolder, snap.ID, snap.Files[i].Name)
	bad := func(what string) error {
		e := snap.entry("")
		return s.damage(&e, path, what)
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, err
	case err != nil:
		return nil, bad(reason(err))
	case !info.Mode().IsRegular():
		return nil, bad("is no longer a file")
	case info.Size() != want.Size:
		return nil, bad(fmt.Sprintf("has %d bytes instead of %d", info.Size(), want.Size))
	}
	b, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, err
	case err != nil:
		return nil, bad("cannot be read: " + reason(err))
	case sum(b) != want.SHA256:
		return nil, bad("its bytes have changed")
	}
	return b, ctx.Err()
}

// pageAmongRecords is a page of a snapshot of schema 1 that was made when pages stood among the records.
func (s *Store) pageAmongRecords(ctx context.Context, snap Snapshot, name string) (_ []byte, err error) {
	group := groupName(page, name)
	if _, ok := snap.group(group); !ok {
		return nil, fmt.Errorf("snapshot %q: %w %q", snap.Name, ErrNoPage, name)
	}
	r, err := s.open(ctx, snap)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	var out []byte
	err = r.group(ctx, group, func(value []byte) error {
		out = append(out, value...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// ErrNoPage says that nothing was stored under a name.
var ErrNoPage = errors.New("the snapshot has no page")

// Load returns the dataset as it was imported, record by record and in its order.
func (s *Store) Load(ctx context.Context, snap Snapshot) (*data.Dataset, error) {
	return s.dataset(ctx, snap, func(t table) []string {
		var groups []string
		for _, g := range snap.Groups {
			if g.table() == t.name {
				groups = append(groups, g.Name)
			}
		}
		return groups
	})
}

// Nation returns the dataset without the targets, pledges and holdings of the other nations, which it does not read.
func (s *Store) Nation(ctx context.Context, snap Snapshot, n data.Nation) (*data.Dataset, error) {
	return s.dataset(ctx, snap, func(t table) []string {
		if t.byNation {
			return []string{groupName(t.name, string(n))}
		}
		return []string{groupName(t.name, "")}
	})
}

// dataset reads the groups that are chosen of each table.
func (s *Store) dataset(ctx context.Context, snap Snapshot, choose func(table) []string) (_ *data.Dataset, err error) {
	r, err := s.open(ctx, snap)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.close()) }()

	ds := &data.Dataset{Vocabulary: &data.Vocabulary{}}
	type job struct {
		group string
		rows  reflect.Value
		whole bool // all groups of the table are read, so that each row has its place
	}
	var jobs []job
	for _, t := range tables {
		n := 0
		groups := choose(t)
		for _, name := range groups {
			g, _ := snap.group(name)
			n += g.Records
		}
		if n == 0 {
			continue
		}
		rows := t.in(ds)
		rows.Set(reflect.MakeSlice(rows.Type(), n, n))
		for _, name := range groups {
			jobs = append(jobs, job{name, rows, n == snap.records(t.name)})
		}
	}
	err = parallel(ctx, len(jobs), func(i int) error {
		done := 0
		var shared data.Sharing
		return r.group(ctx, jobs[i].group, func(value []byte) error {
			b, err := decodeBlock(value)
			if err != nil {
				return err
			}
			at, err := b.places()
			if err != nil {
				return err
			}
			if !jobs[i].whole {
				for i := range at {
					at[i] = done + i
				}
			}
			done += b.Rows
			return b.fill(jobs[i].rows, at, &shared)
		})
	})
	if err != nil {
		return nil, err
	}
	if err := r.group(ctx, groupName(meta, ""), func(value []byte) error { return decoding.Unmarshal(value, &ds.Meta) }); err != nil {
		return nil, err
	}
	v := ds.Vocabulary
	ds.Vocabulary = data.NewVocabulary(v.Nations, v.Memberships, v.Processes, v.Capabilities, v.Crosswalk).WithGlossary(v.Glossary)
	return ds, nil
}
