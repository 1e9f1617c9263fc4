package store

import (
	"context"
	"errors"
	"fmt"
)

// Keep keeps the newest n snapshots and removes the others, which it returns. A process that is reading one of those may then hear
// that its files are missing. Like an import, it happens or does not happen: a snapshot that HEAD no longer lists is not in the store.
func (s *Store) Keep(ctx context.Context, n int) (removed []Snapshot, err error) {
	if n < 1 {
		return nil, fmt.Errorf("keeping %d snapshots: at least one must stay", n)
	}
	if there, err := s.look(); err != nil || !there {
		return nil, errors.Join(err, fmt.Errorf("%s: no store there", s.dir))
	}
	w, err := s.change(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.end(err == nil)) }()
	if len(w.head.Snapshots) <= n {
		return nil, nil
	}
	old := w.head.Snapshots[:len(w.head.Snapshots)-n]
	for _, e := range old {
		snap, err := s.seal(e)
		if err != nil { // one that is damaged goes too
			snap = Snapshot{ID: e.ID, Name: e.Name}
		}
		removed = append(removed, snap)
	}
	h := w.head
	h.Snapshots = h.Snapshots[len(old):]
	if replaced, err := s.setHead(h); err != nil {
		if !replaced {
			removed = nil
		}
		return removed, err
	}
	for _, e := range old {
		// A folder that is removed bit by bit should not look like a snapshot meanwhile.
		folder := s.path(snapFolder, e.ID)
		if err := s.disk.rename(folder, folder+tmp); err != nil {
			return removed, err
		}
		if err := s.disk.remove(folder + tmp); err != nil {
			return removed, err
		}
	}
	return removed, nil
}
