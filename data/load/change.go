package load

import (
	"context"
	"strings"

	"deconflict/data"
)

// Change reads rows that change a dataset and returns the changed copy. They stand in the same tables: a row with the key of one of
// the dataset's takes its place, another is added, and a requirement, target, pledge or holding of quantity 0 takes the one with its
// id away. Changed rows that carry no marking make the copy unmarked, whatever the dataset's default.
func Change(ctx context.Context, base *data.Dataset, paths ...string) (*data.Dataset, data.Problems) {
	return Options{}.Change(ctx, base, paths...)
}

// Change reads changes as the function of that name does.
func (o Options) Change(ctx context.Context, base *data.Dataset, paths ...string) (*data.Dataset, data.Problems) {
	if len(paths) > 1 {
		o = o.again(paths)
	}
	l, ds := read(ctx, func() *loader { return o.changer(base, paths) }, func(l *loader) string {
		l.find(paths)
		return base.Title
	})
	return ds, l.problems
}

// changer is a loader of changes.
func (o Options) changer(base *data.Dataset, paths []string) *loader {
	l := newLoader(strings.Join(paths, ", "), base)
	l.options = o
	l.changes = true
	l.AsOf, l.Title, l.Meta.Name = base.AsOf, base.Title, base.Name
	for _, s := range base.Sources {
		l.sources.add(s.Source)
	}
	for _, i := range base.Initiatives {
		l.initiatives.add(i.Initiative)
	}
	for _, i := range base.ActionItems {
		l.items.add(i.Item)
	}
	return l
}

// apply lays what was read over the dataset that it changes.
func (l *loader) apply() {
	base := l.reference
	l.Meta = base.Meta
	l.Requirements = overlay(base.Requirements, l.Requirements, func(r *data.Requirement) *data.Record { return &r.Record })
	l.Targets = overlay(base.Targets, l.Targets, func(t *data.Target) *data.Record { return &t.Record })
	l.Pledges = overlay(base.Pledges, l.Pledges, func(p *data.Pledge) *data.Record { return &p.Record })
	l.Holdings = overlay(base.Holdings, l.Holdings, func(h *data.Holding) *data.Record { return &h.Record })
	for i := range l.Dataset.Initiatives {
		unmark(&l.Dataset.Initiatives[i].Marking)
	}
	l.Dataset.Initiatives = merge(base.Initiatives, l.Dataset.Initiatives, func(i *data.Initiative) string { return i.Initiative })
	l.Participants = merge(base.Participants, l.Participants, func(p *data.Participant) [2]string { return [2]string{p.Initiative, string(p.Nation)} })
	l.Contributions = merge(base.Contributions, l.Contributions, func(c *data.Contribution) [3]string {
		return [3]string{c.Initiative, string(c.Capability), string(c.Means)}
	})
	l.Relations = merge(base.Relations, l.Relations, func(r *data.Relation) [2]string { return [2]string{r.Initiative, r.Other} })
	l.ActionItems = merge(base.ActionItems, l.ActionItems, func(i *data.ActionItem) string { return i.Item })
	l.ActionLinks = merge(base.ActionLinks, l.ActionLinks, func(k *data.ActionLink) [2]string { return [2]string{k.Item, k.Initiative} })
	l.Sources = merge(base.Sources, l.Sources, func(s *data.Source) string { return s.Source })
}

// overlay is the base records whose id no change names, and the changes but for those that take a base record away.
func overlay[R any](base, changes []R, record func(*R) *data.Record) []R {
	known := map[string]bool{}
	for i := range base {
		known[record(&base[i]).ID()] = true
	}
	out := merge(base, changes, func(r *R) string { return record(r).ID() })
	kept := out[:0]
	for i := range out {
		if r := record(&out[i]); i < len(changes) {
			if known[r.ID()] && r.Quantity == data.Known(0) {
				continue
			}
			if r.Marking == "" {
				r.Mark(data.Unmarked)
			}
		}
		kept = append(kept, out[i])
	}
	return kept
}

// unmark says of a marking that nobody gave that nobody gave it.
func unmark(m *data.Marking) {
	if *m == "" {
		*m = data.Unmarked
	}
}
