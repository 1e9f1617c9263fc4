package analysis

import (
	"cmp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"deconflict/data"
)

// importance is what findings are ranked by: by report, severity and score; among equal scores by what the analysis itself put first,
// and elsewhere by kind before that.
type importance struct {
	report, severity, kind int8
	score, order           data.Amount
}

func importanceOf(f *Finding) importance {
	return importance{
		int8(slices.Index(Questions, f.Report)), int8(f.Severity.rank()), int8(slices.IndexFunc(All, func(a *Analysis) bool { return a.Name == f.Kind })),
		f.score(), f.order(),
	}
}

// order is what ranks a finding among those of one score. The share is reckoned here: where findings are not ranked nobody needs it.
func (f *Finding) order() data.Amount {
	if f.weight > 0 {
		return f.pass.shareOfDemand(f.Capability, f.weight)
	}
	return f.Order
}

func (a importance) compare(b importance) int {
	kind, order := cmp.Compare(a.kind, b.kind), cmp.Compare(b.order, a.order)
	if a.score > 0 {
		kind, order = order, kind
	}
	return cmp.Or(cmp.Compare(a.report, b.report), cmp.Compare(a.severity, b.severity), cmp.Compare(b.score, a.score), kind, order)
}

// rank is the findings of all pieces by importance. Those that are alike stand in the order of their ids. There may be millions, and they are large:
// they stay where they are.
func rank(pieces [][]Finding) []*Finding {
	type ranked struct {
		importance
		*Finding
	}
	total := 0
	for _, piece := range pieces {
		total += len(piece)
	}
	order := make([]ranked, 0, total)
	for _, piece := range pieces {
		for i := range piece {
			order = append(order, ranked{importanceOf(&piece[i]), &piece[i]})
		}
	}
	sortAside(order, make([]ranked, total), runtime.GOMAXPROCS(0), func(a, b ranked) int {
		return cmp.Or(a.importance.compare(b.importance), strings.Compare(a.ID, b.ID))
	})
	all := make([]*Finding, total)
	for i, r := range order {
		all[i] = r.Finding
	}
	return all
}

// gathered copies findings to one place.
func gathered(all []*Finding) []Finding {
	found := make([]Finding, len(all))
	cores := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for core := range cores {
		wait.Go(func() {
			for i := len(all) * core / cores; i < len(all)*(core+1)/cores; i++ {
				found[i] = *all[i]
			}
		})
	}
	wait.Wait()
	return found
}

// sortAside sorts values on some cores, with room for as many more: each core some of them, which are then merged.
func sortAside[T any](values, room []T, cores int, compare func(a, b T) int) {
	const few = 1 << 12
	if cores == 1 || len(values) < few {
		slices.SortFunc(values, compare)
		return
	}
	half := len(values) / 2
	var wait sync.WaitGroup
	wait.Go(func() { sortAside(values[:half], room[:half], cores/2, compare) })
	sortAside(values[half:], room[half:], cores-cores/2, compare)
	wait.Wait()
	a, b := room[:half], values[half:]
	copy(a, values)
	for to := range values {
		switch {
		case len(a) == 0: // the others are where they belong
			return
		case len(b) == 0 || compare(a[0], b[0]) <= 0:
			values[to], a = a[0], a[1:]
		default:
			values[to], b = b[0], b[1:]
		}
	}
}
