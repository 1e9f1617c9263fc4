package analysis

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// What several goroutines make is used in order, one after the other and each once; after the first that fails nothing is.
func TestSieve(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 5))
		n, fails := r.IntN(60), r.IntN(90)
		workers := 1 + r.IntN(5)
		s := newSieve()
		var used []int
		var given, at atomic.Int64
		var wait sync.WaitGroup
		failed := errors.New("no space left")
		for range workers {
			wait.Go(func() {
				for i := int(given.Add(1)) - 1; i < n; i = int(given.Add(1)) - 1 {
					goOn := s.inTurn(i, func() error {
						if at.Add(1) != 1 {
							t.Errorf("seed %d: two are used at a time", seed)
						}
						defer at.Add(-1)
						if i == fails {
							return failed
						}
						used = append(used, i)
						return nil
					})
					if !goOn {
						return
					}
				}
			})
		}
		wait.Wait()
		var want []int
		for i := range min(n, fails) {
			want = append(want, i)
		}
		if !slices.Equal(used, want) {
			t.Fatalf("seed %d: %v were used, wanted %v", seed, used, want)
		}
		if (s.err == failed) != (fails < n) {
			t.Fatalf("seed %d: the error is %v", seed, s.err)
		}
	}
}
