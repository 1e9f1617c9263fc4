package analysis

import (
	"context"
	"slices"
	"sync"

	"deconflict/graph"
)

// Sift puts the analyses to the graph, a few capabilities at a time, and keeps neither what it found nor the accounts behind it: a large
// dataset has more of both than memory should hold. What it finds is what Run finds, but not ranked.
//
// add is called on several goroutines with the accounts of one capability after the other and the findings on it, kind by kind, and at last
// with the findings that look at all of them; it adds what it makes of them to what it made of those before, which is nothing at first.
// They, and all that they point to, are gone when it returns; their ids are to be had by AppendID. use gets what was made of some of
// them, always in the same order. The report has all but what is made of findings.
func Sift[T any](ctx context.Context, g *graph.Graph, opts Options, add func(T, []*Account, []Finding) T, use func(T) error) (*Report, error) {
	chosen, err := Choose(opts)
	if err != nil {
		return nil, err
	}
	p, err := newPass(g, opts)
	if err != nil {
		return nil, err
	}
	if slices.Contains(chosen, Partners) {
		p.book = p.newBook()
	}
	go p.marks.everything() // looks at all records once more, and the report's head needs it
	n := len(p.Capabilities())
	some := min(max(n/32, 1), 32) // at a time: so few that the cores end together, and so many that the hand-over is worth it
	s := newSieve()
	p.atDesks((n+some-1)/some, func(p *Pass, next func() (int, bool)) {
		var found []Finding
		counts := tally{}
		for i, ok := next(); ok; i, ok = next() {
			var made T
			err := ctx.Err()
			for at := i * some; err == nil && at < min((i+1)*some, n); at++ { // each while its records are in the caches of the core
				p.desk.clear()
				p.makeAccounts(at)
				if found, err = p.each(chosen, at, opts, found[:0]); err == nil {
					hideSeverity(found, opts)
					counts.add(found)
					made = add(made, p.desk.theirs, found)
				}
				p.forget(at)
			}
			if !s.inTurn(i, func() error {
				if err != nil {
					return err
				}
				return use(made)
			}) {
				break
			}
		}
		s.count(counts)
	})
	if s.err != nil {
		return nil, s.err
	}
	var nations, areas []Named
	var capabilities []Leaf
	var names sync.WaitGroup
	names.Go(func() { // beside what one core may do alone
		for _, n := range p.Dataset.Nations {
			if p.shown(n.Nation) {
				nations = append(nations, Named{string(n.Nation), n.Name})
			}
		}
		areas, capabilities = p.leaves()
	})
	alone, err := p.putWhole(ctx, chosen, opts)
	names.Wait()
	if err != nil {
		return nil, err
	}
	hideSeverity(alone, opts)
	s.counts.add(alone)
	var made T
	if err := use(add(made, nil, alone)); err != nil {
		return nil, err
	}
	r := p.head(opts, chosen)
	r.Summary = s.counts.list(p.Capabilities())
	r.Areas, r.Capabilities, r.Nations = areas, capabilities, nations
	for _, i := range p.Initiatives() {
		r.Initiatives = append(r.Initiatives, Named{i.Initiative.Initiative, i.Name})
	}
	return r, nil
}

// forget gives up the accounts of the capability at a place.
func (p *Pass) forget(place int) {
	clear(p.accountsAt(place))
	p.sums[place] = sums{}
	p.Forget(place)
}

// sieve puts what several goroutines make into order.
type sieve struct {
	mu     sync.Mutex
	came   *sync.Cond
	made   map[int]func() error // what is to be done when its turn comes
	now    int                  // whose turn it is
	busy   bool                 // somebody does what is to be done
	err    error
	counts tally
}

func newSieve() *sieve {
	s := &sieve{made: map[int]func() error{}, counts: tally{}}
	s.came = sync.NewCond(&s.mu)
	return s
}

// inTurn has something done when its turn comes, by whoever is there then: to wait for a turn would leave a core idle. Only who is far ahead
// waits. It is false where there is nothing to go on for.
func (s *sieve) inTurn(i int, do func() error) bool {
	const ahead = 8
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.now <= i-ahead && s.err == nil {
		s.came.Wait()
	}
	s.made[i] = do
	if s.busy {
		return s.err == nil
	}
	s.busy = true
	for do, ok := s.made[s.now]; ok && s.err == nil; do, ok = s.made[s.now] {
		delete(s.made, s.now)
		s.mu.Unlock()
		err := do()
		s.mu.Lock()
		s.err = err
		s.now++
		s.came.Broadcast()
	}
	s.busy = false
	return s.err == nil
}

func (s *sieve) count(t tally) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, c := range t {
		if s.counts[k] == nil {
			s.counts[k] = new(Count)
		}
		*s.counts[k] = Total([]Count{*s.counts[k], *c})
	}
}
