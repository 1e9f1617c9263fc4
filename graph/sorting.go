package graph

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"deconflict/data"
)

// Records are sorted into links by counting, as there may be millions of them, but few capabilities and fewer nations: first by nation, then
// by capability, each time leaving alone what is equal.

// sorting numbers capabilities and nations in their order.
type sorting struct {
	rank    map[data.Capability]int
	nation  map[data.Nation]int32
	nations []data.Nation // by their numbers
}

func newSorting(ds *data.Dataset, rank map[data.Capability]int) *sorting {
	s := &sorting{rank: rank, nation: map[data.Nation]int32{}}
	for i := range ds.Nations {
		s.nation[ds.Nations[i].Nation] = 0
	}
	s.number()
	return s
}

// number numbers the nations anew.
func (s *sorting) number() {
	codes := make([]data.Nation, 0, len(s.nation))
	for n := range s.nation {
		codes = append(codes, n)
	}
	slices.Sort(codes)
	s.nations = codes
	for i, n := range codes {
		s.nation[n] = int32(i)
	}
}

// inOrder are records by capability, nation, id and position.
type inOrder[R any] struct {
	records []*R
	nations []int32 // of the records, by their numbers: to look at all records once more would take longer than all else
	starts  []int   // of each capability, and where the last ends
}

// sorted puts records in order. Of one that is left out, of gives none.
func sorted[R any](s *sorting, records []R, of func(*R) (*data.Record, data.Nation)) inOrder[R] {
	type place struct{ rank, nation int32 }
	places := make([]place, len(records))
	var strange, mixed atomic.Bool
	inStretches(len(records), func(from, to int) {
		ranks := map[*data.Subject]int32{} // records share them, so that a capability is looked up once
		var last data.Nation
		nation := int32(-1)
		before := ""
		if from > 0 {
			if r, _ := of(&records[from-1]); r != nil {
				before = r.ID
			}
		}
		for i := from; i < to; i++ {
			r, n := of(&records[i])
			if r == nil {
				places[i].rank, before = -1, ""
				continue
			}
			rank, known := ranks[r.Subject]
			if !known {
				rank = -1
				if n, ok := s.rank[r.Capability]; ok {
					rank = int32(n)
				}
				ranks[r.Subject] = rank
			}
			if nation < 0 || n != last {
				number, ok := s.nation[n]
				if !ok {
					strange.Store(true)
				}
				last, nation = n, number
			}
			places[i] = place{rank, nation}
			if before != "" && before >= r.ID {
				mixed.Store(true)
			}
			before = r.ID
		}
	})
	if strange.Load() { // a nation that the vocabulary does not have, as datasets made by hand may have
		for i := range records {
			_, n := of(&records[i])
			s.nation[n] = 0
		}
		s.number()
		return sorted(s, records, of)
	}

	byNation := make([]int, len(s.nation)+1)
	starts := make([]int, len(s.rank)+1)
	for _, p := range places {
		if p.rank >= 0 {
			byNation[p.nation+1]++
			starts[p.rank+1]++
		}
	}
	sums(byNation)
	sums(starts)
	order := make([]int32, starts[len(s.rank)])
	for i, p := range places {
		if p.rank >= 0 {
			order[byNation[p.nation]] = int32(i)
			byNation[p.nation]++
		}
	}
	out := inOrder[R]{records: make([]*R, len(order)), nations: make([]int32, len(order)), starts: starts}
	next := slices.Clone(starts)
	for _, i := range order {
		p := places[i]
		at := next[p.rank]
		out.records[at], out.nations[at] = &records[i], p.nation
		next[p.rank]++
	}
	if mixed.Load() {
		inStretches(len(s.rank), func(from, to int) {
			for c := from; c < to; c++ {
				part := out.capability(c)
				for len(part.records) > 0 {
					n := part.until(part.nations[0])
					slices.SortStableFunc(part.records[:n], func(x, y *R) int {
						a, _ := of(x)
						b, _ := of(y)
						return compareRecords(a, b)
					})
					part.take(n)
				}
			}
		})
	}
	return out
}

// sums makes each number the sum of those up to it.
func sums(of []int) {
	for i := 1; i < len(of); i++ {
		of[i] += of[i-1]
	}
}

// capability are the records of one capability.
func (o *inOrder[R]) capability(rank int) inOrder[R] {
	from, to := o.starts[rank], o.starts[rank+1]
	return inOrder[R]{records: o.records[from:to:to], nations: o.nations[from:to]}
}

// next is the number of the nation of the first record, or most where there is none.
func (o *inOrder[R]) next(most int32) int32 {
	if len(o.nations) == 0 {
		return most
	}
	return o.nations[0]
}

// until is how many records of a nation stand in front.
func (o *inOrder[R]) until(nation int32) (n int) {
	for n < len(o.nations) && o.nations[n] == nation {
		n++
	}
	return n
}

// take takes records off the front.
func (o *inOrder[R]) take(n int) []*R {
	if n == 0 {
		return nil
	}
	taken := o.records[:n:n]
	o.records, o.nations = o.records[n:], o.nations[n:]
	return taken
}

// join is how records come to links.
type join struct {
	targets  inOrder[data.Target]
	pledges  inOrder[data.Pledge]
	holdings inOrder[data.Holding]
	nations  []data.Nation // by their numbers
}

// links calls f with the links of one capability, by nation. Where f is nil they are only counted.
func (j *join) links(rank int, f func(data.Nation, []*data.Target, []*data.Pledge, []*data.Holding)) (count int) {
	ts, ps, hs := j.targets.capability(rank), j.pledges.capability(rank), j.holdings.capability(rank)
	most := int32(len(j.nations))
	for n := min(ts.next(most), ps.next(most), hs.next(most)); n < most; n = min(ts.next(most), ps.next(most), hs.next(most)) {
		targets, pledges, holdings := ts.take(ts.until(n)), ps.take(ps.until(n)), hs.take(hs.until(n))
		if f != nil {
			f(j.nations[n], targets, pledges, holdings)
		}
		count++
	}
	return count
}

// inStretches shares the numbers below n out among all cores, a stretch at a time.
func inStretches(n int, do func(from, to int)) {
	workers := min(runtime.GOMAXPROCS(0), n)
	if workers <= 1 {
		do(0, n)
		return
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { do(n*w/workers, n*(w+1)/workers) })
	}
	wg.Wait()
}
