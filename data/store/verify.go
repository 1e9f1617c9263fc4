package store

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"deconflict/data"
)

// Verify looks for damage in all snapshots: it compares each file with its sum. With readData it also reads every record. It changes
// nothing, and tells all damage that it finds; an error says that it could not go on looking.
func (s *Store) Verify(ctx context.Context, readData bool) ([]*Damage, error) {
	var found []*Damage
	note := func(err error) error {
		if d, ok := errors.AsType[*Damage](err); ok {
			found = append(found, d)
			return nil
		}
		return err
	}
	if _, err := s.look(); err != nil {
		return found, note(err)
	}
	h, err := s.head()
	if err != nil {
		return found, note(err)
	}
	for _, e := range h.Snapshots {
		snap, err := s.seal(e)
		if err != nil {
			if err := note(err); err != nil {
				return found, err
			}
			continue
		}
		damaged, err := s.check(ctx, &snap)
		if err != nil {
			return found, err
		}
		found = append(found, damaged...)
		if readData && len(damaged) == 0 {
			if err := note(s.readAll(ctx, &snap)); err != nil {
				return found, err
			}
		}
	}
	return found, nil
}

// readAll reads every record of a snapshot whose files have been summed.
func (s *Store) readAll(ctx context.Context, snap *Snapshot) (err error) {
	r := reader{store: s, snap: *snap}
	if r.db, err = openBadger(s.path(snapFolder, snap.ID)); err != nil {
		return fmt.Errorf("%s: %w", s.path(snapFolder, snap.ID), err)
	}
	defer func() { err = errors.Join(err, r.close()) }()
	kinds := map[string]reflect.Type{}
	for _, t := range tables {
		kinds[t.name] = t.kind()
	}
	err = everything(r.db, snap.Groups, func(g Group, value []byte) error {
		if ctx.Err() != nil || g.Records == 0 {
			return ctx.Err()
		}
		b, err := decodeBlock(value)
		if err != nil {
			return err
		}
		return b.fill(reflect.MakeSlice(kinds[g.table()], b.Rows, b.Rows), upTo(b.Rows), new(data.Sharing))
	})
	if err != nil && ctx.Err() == nil {
		return r.damage(err)
	}
	return err
}

// upTo is 0, 1, … n-1.
func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
