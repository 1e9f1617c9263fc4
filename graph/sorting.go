package graph

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"deconflict/data"
)

// Records are sorted into links by counting, as there may be millions of them, but few capabilities and fewer nations: each nation and
// capability has a number, and it takes one look at a record to tell it.

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

// add numbers the nations of records.
func add[R any](s *sorting, records []R, of func(*R) (*data.Record, data.Nation)) {
	for i := range records {
		if r, n := of(&records[i]); r != nil {
			s.nation[n] = 0
		}
	}
	s.number()
}

// inOrder are records by capability, nation, id and position.
type inOrder[R any] struct {
	records []*R
	starts  []int32 // of each nation and capability, the nations of one capability after the other, and where the last ends
}

// sorted puts records in order. Of one that is left out, of gives none. There is no order where a nation has no number.
func sorted[R any](s *sorting, records []R, of func(*R) (*data.Record, data.Nation)) inOrder[R] {
	const out = -1
	links := make([]int32, len(records)) // to which each belongs
	var mixed, strange atomic.Bool
	inStretches(len(records), func(from, to int) {
		ranks := map[*data.Subject]int32{} // records share them, so that a capability is looked up once
		var last data.Nation
		nation, before := int32(0), ""
		if from > 0 {
			if r, _ := of(&records[from-1]); r != nil {
				before = r.ID
			}
		}
		for i := from; i < to; i++ {
			r, n := of(&records[i])
			if r == nil {
				links[i], before = out, ""
				continue
			}
			rank, known := ranks[r.Subject]
			if !known {
				rank = out
				if n, ok := s.rank[r.Capability]; ok {
					rank = int32(n)
				}
				ranks[r.Subject] = rank
			}
			if n != last || last == "" {
				number, ok := s.nation[n]
				if !ok {
					strange.Store(true)
				}
				last, nation = n, number
			}
			if links[i] = out; rank >= 0 {
				links[i] = rank*int32(len(s.nations)) + nation
			}
			if before != "" && before >= r.ID {
				mixed.Store(true)
			}
			before = r.ID
		}
	})
	if strange.Load() {
		return inOrder[R]{}
	}
	starts := make([]int32, len(s.rank)*len(s.nations)+1)
	for _, l := range links {
		if l >= 0 {
			starts[l+1]++
		}
	}
	sums(starts)
	o := inOrder[R]{records: make([]*R, starts[len(starts)-1]), starts: starts}
	next := slices.Clone(starts)
	for i, l := range links {
		if l >= 0 {
			o.records[next[l]] = &records[i]
			next[l]++
		}
	}
	if mixed.Load() {
		inStretches(len(starts)-1, func(from, to int) {
			for l := from; l < to; l++ {
				slices.SortStableFunc(o.of(l), func(x, y *R) int {
					a, _ := of(x)
					b, _ := of(y)
					return compareRecords(a, b)
				})
			}
		})
	}
	return o
}

// sums makes each number the sum of those up to it.
func sums[N int | int32](of []N) {
	for i := 1; i < len(of); i++ {
		of[i] += of[i-1]
	}
}

// of are the records of a nation and a capability; nil where there are none.
func (o *inOrder[R]) of(link int) []*R {
	from, to := o.starts[link], o.starts[link+1]
	if from == to {
		return nil
	}
	return o.records[from:to:to]
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
