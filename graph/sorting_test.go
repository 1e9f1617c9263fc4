package graph

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"deconflict/data"
)

// Records come into the order into which sorting puts them, on any number of cores, however many capabilities and nations there are.
func TestRecordsAreInOrder(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		capabilities, nations, records := 1+r.IntN(300), 1+r.IntN(40), r.IntN(4000)
		rank := map[data.Capability]int{}
		var subjects []*data.Subject
		for c := range capabilities {
			code := data.Capability(fmt.Sprintf("MED-%d", c))
			if r.IntN(10) > 0 { // others are outside the scope
				rank[code] = len(rank)
			}
			subjects = append(subjects, &data.Subject{Capability: code}, &data.Subject{Capability: code, Term: "as others say"})
		}
		ds := &data.Dataset{Vocabulary: &data.Vocabulary{}}
		for n := range nations {
			ds.Nations = append(ds.Nations, data.NationRow{Nation: data.Nation(fmt.Sprintf("%c%02d", 'A'+n%3, n))})
		}
		ascending := r.IntN(2) == 0
		holdings := make([]data.Holding, records)
		for i := range holdings {
			id := i
			if !ascending {
				id = r.IntN(records)
			}
			holdings[i] = data.Holding{
				Record: data.Record{Subject: subjects[r.IntN(len(subjects))], Origin: &data.Origin{}, Line: int32(i)}.Named(fmt.Sprintf("H%06d", id), ""),
				Nation: ds.Nations[r.IntN(nations)].Nation,
			}
		}
		leftOut := func(h *data.Holding) bool { return h.Line%17 == 3 }
		of := func(h *data.Holding) (*data.Record, data.Nation) {
			if leftOut(h) {
				return nil, ""
			}
			return &h.Record, h.Nation
		}
		var want []*data.Holding
		for i := range holdings {
			if _, ok := rank[holdings[i].Capability]; ok && !leftOut(&holdings[i]) {
				want = append(want, &holdings[i])
			}
		}
		slices.SortStableFunc(want, func(a, b *data.Holding) int {
			return cmp.Or(cmp.Compare(rank[a.Capability], rank[b.Capability]), cmp.Compare(a.Nation, b.Nation), compareRecords(&a.Record, &b.Record))
		})
		for _, cores := range []int{1, 2, 7} {
			runtime.GOMAXPROCS(cores)
			s := newSorting(ds, func(c data.Capability) (int, bool) { n, ok := rank[c]; return n, ok }, len(rank))
			got := sorted(s, holdings, of)
			if got.strange {
				t.Fatalf("seed %d: a nation has no number", seed)
			}
			if records == 0 {
				continue
			}
			if !slices.Equal(got.records, want) {
				t.Fatalf("seed %d, %d cores: %d records are not in the order of %d", seed, cores, len(got.records), len(want))
			}
			for link := range len(rank) * nations {
				for _, h := range got.of(link) {
					if rank[h.Capability] != link/nations || h.Nation != s.nations[link%nations] {
						t.Fatalf("seed %d, %d cores: %s of %s is with those of %s", seed, cores, h.Capability, h.Nation, s.nations[link%nations])
					}
				}
			}
		}
		ds.Nations = ds.Nations[1:]
		s := newSorting(ds, func(c data.Capability) (int, bool) { n, ok := rank[c]; return n, ok }, len(rank))
		unknown := slices.IndexFunc(holdings, func(h data.Holding) bool { return !leftOut(&h) && !slices.Contains(s.nations, h.Nation) })
		if got := sorted(s, holdings, of); got.strange != (unknown >= 0) {
			t.Errorf("seed %d: of a nation without a number (%d): %t", seed, unknown, got.strange)
		}
	}
}
