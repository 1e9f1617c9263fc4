package analysis

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// However many cores share the sorting, the order is that of one.
func TestSortAside(t *testing.T) {
	type value struct{ key, at int }
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 4095, 4096, 5001, 40_000} {
		for _, keys := range []int{1, 7, 1 << 30} {
			values := make([]value, n)
			for i := range values {
				values[i] = value{r.IntN(keys), i}
			}
			compare := func(a, b value) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at)) }
			want := slices.SortedFunc(slices.Values(values), compare)
			for _, cores := range []int{1, 2, 3, 8} {
				got := slices.Clone(values)
				sortAside(got, make([]value, n), cores, compare)
				if !slices.Equal(got, want) {
					t.Errorf("%d values of %d keys on %d cores are not in order", n, keys, cores)
				}
			}
		}
	}
}
