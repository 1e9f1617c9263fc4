package graph

import (
	"cmp"
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
	rank   map[data.Capability]int
	nation map[data.Nation]int32
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
	for i, n := range codes {
		s.nation[n] = int32(i)
	}
}

// inOrder are records by capability, nation, id and position.
type inOrder[R any] struct {
	records []*R
	starts  []int // of each capability, and where the last ends
	of      func(*R) (*data.Record, data.Nation)
}

// sorted puts records in order. Of one that is left out, of gives none.
func sorted[R any](s *sorting, records []R, of func(*R) (*data.Record, data.Nation)) inOrder[R] {
	type place struct{ rank, nation int32 }
	places := make([]place, len(records))
	var strange, mixed atomic.Bool
	inStretches(len(records), func(from, to int) {
		ranks := map[*data.Subject]int32{} // records share them, so that a capability is looked up once
		for i := from; i < to; i++ {
			r, nation := of(&records[i])
			if r == nil {
				places[i].rank = -1
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
			n, ok := s.nation[nation]
			if !ok {
				strange.Store(true)
			}
			places[i] = place{rank, n}
			if i > 0 {
				if before, _ := of(&records[i-1]); before != nil && before.ID >= r.ID {
					mixed.Store(true)
				}
			}
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
	out := inOrder[R]{records: make([]*R, len(order)), starts: starts, of: of}
	next := slices.Clone(starts)
	for _, i := range order {
		rank := places[i].rank
		out.records[next[rank]] = &records[i]
		next[rank]++
	}
	if mixed.Load() {
		inStretches(len(s.rank), func(from, to int) {
			for c := from; c < to; c++ {
				slices.SortStableFunc(out.capability(c), func(x, y *R) int {
					a, n := of(x)
					b, m := of(y)
					return cmp.Or(cmp.Compare(n, m), compareRecords(a, b))
				})
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
func (o *inOrder[R]) capability(rank int) []*R { return o.records[o.starts[rank]:o.starts[rank+1]] }

// take takes the records of a nation off the front.
func take[R any](from *[]*R, n data.Nation, of func(*R) (*data.Record, data.Nation)) []*R {
	i := 0
	for ; i < len(*from); i++ {
		if _, nation := of((*from)[i]); nation != n {
			break
		}
	}
	if i == 0 {
		return nil
	}
	taken := (*from)[:i:i]
	*from = (*from)[i:]
	return taken
}

// joined are the links of one capability, by nation, in the room of others.
func joined(scratch []Link, c data.Capability, rank int, targets inOrder[data.Target], pledges inOrder[data.Pledge], holdings inOrder[data.Holding]) []Link {
	ts, ps, hs := targets.capability(rank), pledges.capability(rank), holdings.capability(rank)
	links := scratch[:0]
	for len(ts)+len(ps)+len(hs) > 0 {
		nations := make([]data.Nation, 0, 3)
		if len(ts) > 0 {
			nations = append(nations, ts[0].Nation)
		}
		if len(ps) > 0 {
			nations = append(nations, ps[0].Nation)
		}
		if len(hs) > 0 {
			nations = append(nations, hs[0].Nation)
		}
		n := slices.Min(nations)
		links = append(links, Link{
			Nation: n, Capability: c,
			Targets: take(&ts, n, targets.of), Pledges: take(&ps, n, pledges.of), Holdings: take(&hs, n, holdings.of),
		})
	}
	return links
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
