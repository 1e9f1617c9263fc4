package graph

import (
	"iter"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"deconflict/data"
)

// Records are sorted into links by counting, as there may be millions of them, but few capabilities and fewer nations: each nation and
// capability has a number, and it takes one look at a record to tell it.

// sorting numbers capabilities and nations in their order.
type sorting struct {
	rank    ranks
	ranked  int // capabilities
	nation  map[data.Nation]int32
	nations []data.Nation // by their numbers
}

func newSorting(ds *data.Dataset, rank ranks, ranked int) *sorting {
	s := &sorting{rank: rank, ranked: ranked, nation: map[data.Nation]int32{}}
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
	starts  []int32 // of each nation and capability, the nations of one capability after the other, and where the last ends; nil where there are no records
	strange bool    // there is no order, as a nation has no number
}

// shelves are what records are put on before they are put in order: each has some links that stand side by side. So all that is looked at
// to put one in order fits into the caches of a core, and the cores need not wait for each other.
const shelves = 64

// shelved is a record on a shelf, and its link.
type shelved struct{ link, record int32 }

// shelving is what one core puts on shelves, in boxes of one size: how many records go on each shelf is not known before.
type shelving struct {
	room  []shelved        // for all boxes
	size  int              // of a box
	boxes [shelves][]int32 // where those on each shelf begin
	next  [shelves]int32   // where the next record goes in the last of them
	ends  [shelves]int32   // and where that one ends
}

func newShelving(records int) *shelving {
	size := min(max(records/shelves/8, 8), 512) // so that what is left in the last ones is little
	return &shelving{room: make([]shelved, 0, records+shelves*size), size: size}
}

func (s *shelving) put(shelf int32, x shelved) {
	at := s.next[shelf]
	if at == s.ends[shelf] {
		at = int32(len(s.room))
		s.room = s.room[:len(s.room)+s.size]
		s.boxes[shelf], s.ends[shelf] = append(s.boxes[shelf], at), int32(len(s.room))
	}
	s.room[at] = x
	s.next[shelf] = at + 1
}

// on yields what is in each box on a shelf, as it was put there.
func (s *shelving) on(shelf int) iter.Seq[[]shelved] {
	return func(yield func([]shelved) bool) {
		for i, from := range s.boxes[shelf] {
			to := from + int32(s.size)
			if i == len(s.boxes[shelf])-1 {
				to = s.next[shelf]
			}
			if !yield(s.room[from:to]) {
				return
			}
		}
	}
}

// total is how many records are on a shelf.
func (s *shelving) total(shelf int) int32 {
	return int32(len(s.boxes[shelf])*s.size) - (s.ends[shelf] - s.next[shelf])
}

// recent is how many subjects are kept as met last. Those of one vocabulary stand side by side in the memory, so that up to as many capabilities
// have a place each.
const recent = 1 << 14

// sorted puts records in order. Of one that is left out, of gives none.
func sorted[R any](s *sorting, records []R, of func(*R) (*data.Record, data.Nation)) inOrder[R] {
	if len(records) == 0 {
		return inOrder[R]{}
	}
	const out = -1
	numLinks := s.ranked * len(s.nations)
	shift := bits.Len(uint(numLinks / shelves)) // of a link, to its shelf
	cores := runtime.GOMAXPROCS(0)
	by := make([]*shelving, cores) // with each stretch of the records
	var mixed, strange atomic.Bool
	inStretches(cores, len(records), func(stretch, from, to int) {
		ranks := map[*data.Subject]int32{} // records share them, so that a capability is looked up once
		var lately [recent]struct {        // those met last
			of   *data.Subject
			rank int32
		}
		put := newShelving(to - from)
		by[stretch] = put
		var met [256]struct { // nations that were looked up, of which there are few
			code   data.Nation
			number int32
		}
		before := ""
		if from > 0 {
			if r, _ := of(&records[from-1]); r != nil {
				before = r.ID()
			}
		}
		for i := from; i < to; i++ {
			r, n := of(&records[i])
			if r == nil {
				before = ""
				continue
			}
			last := &lately[uintptr(unsafe.Pointer(r.Subject))/unsafe.Sizeof(data.Subject{})%recent]
			if last.of != r.Subject {
				rank, known := ranks[r.Subject]
				if !known {
					rank = out
					if n, ok := s.rank(r.Capability); ok {
						rank = int32(n)
					}
					ranks[r.Subject] = rank
				}
				last.of, last.rank = r.Subject, rank
			}
			rank := last.rank
			var spread uint8
			for k := range len(n) {
				spread = 31*spread + n[k]
			}
			nation := &met[spread]
			if nation.code != n || n == "" {
				number, ok := s.nation[n]
				if !ok {
					strange.Store(true)
					return
				}
				nation.code, nation.number = n, number
			}
			if rank >= 0 {
				l := rank*int32(len(s.nations)) + nation.number
				put.put(l>>shift, shelved{l, int32(i)})
			}
			if before != "" && !data.Before(before, r.ID()) {
				mixed.Store(true)
			}
			before = r.ID()
		}
	})
	if strange.Load() {
		return inOrder[R]{strange: true}
	}
	total, begins := int32(0), [shelves]int32{}
	for shelf := range shelves {
		begins[shelf] = total
		for _, s := range by {
			total += s.total(shelf)
		}
	}
	o := inOrder[R]{records: make([]*R, total), starts: make([]int32, numLinks+1)}
	ends := o.starts[1:]                       // where the next record of each link goes, and at last where they end
	oneByOne(cores, shelves, func(shelf int) { // as there may be far more on some than on others
		for _, s := range by {
			for these := range s.on(shelf) {
				for _, x := range these {
					ends[x.link]++
				}
			}
		}
		at := begins[shelf]
		for l := shelf << shift; l < min((shelf+1)<<shift, numLinks); l++ {
			ends[l], at = at, at+ends[l]
		}
		for _, s := range by {
			for these := range s.on(shelf) {
				for _, x := range these {
					at := &ends[x.link]
					o.records[*at] = &records[x.record]
					*at++
				}
			}
		}
	})
	if mixed.Load() {
		inStretches(cores, numLinks, func(_, from, to int) {
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

// has reports whether there are records of a nation and a capability.
func (o *inOrder[R]) has(link int) bool { return o.starts != nil && o.starts[link] < o.starts[link+1] }

// of are the records of a nation and a capability; nil where there are none.
func (o *inOrder[R]) of(link int) []*R {
	if !o.has(link) {
		return nil
	}
	from, to := o.starts[link], o.starts[link+1]
	return o.records[from:to:to]
}

// inStretches shares the numbers below n out among cores, a stretch to each.
func inStretches(cores, n int, do func(stretch, from, to int)) {
	if cores == 1 {
		do(0, 0, n)
		return
	}
	var wg sync.WaitGroup
	for c := range cores {
		wg.Go(func() { do(c, n*c/cores, n*(c+1)/cores) })
	}
	wg.Wait()
}

// oneByOne shares the numbers below n out among cores, to each the next when it is done with one.
func oneByOne(cores, n int, do func(i int)) {
	var next atomic.Int32
	inStretches(cores, cores, func(_, _, _ int) {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			do(i)
		}
	})
}
