package load

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"deconflict/data"
)

// Ids are known again in any order and whether their rows left records or none; a part with one that is taken leaves no trace.
func TestSeen(t *testing.T) {
	f := &file{Position: data.Position{File: "a.csv"}}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 4))
		ds := &data.Dataset{}
		s := &seen{statements: tableNamed("targets").statements, ds: ds}
		want := map[string]int{} // the line that claimed an id
		line := 1
		draw := func() claim {
			line++
			id := fmt.Sprintf("T%06d", line) // ascending
			if seed%2 > 0 && r.IntN(3) == 0 {
				id = fmt.Sprintf("T%06d", r.IntN(3000))
			}
			return claim{id, line, r.IntN(3)}
		}
		records := func(c claim) {
			for range c.records {
				ds.Targets = append(ds.Targets, data.Target{Record: data.Record{Origin: &data.Origin{File: "a.csv"}, Line: int32(c.line)}.Named(c.id, ""), Request: &data.Request{}})
			}
		}
		for range 40 {
			if r.IntN(2) == 0 {
				c := draw()
				first, twice := s.claim(c, f)
				if before, ok := want[c.id]; ok != twice || ok && first.Line != before {
					t.Fatalf("seed %d: %s of line %d is taken: %v, at %v; wanted %v, in line %d", seed, c.id, c.line, twice, first, ok, before)
				}
				if !twice {
					want[c.id] = c.line
					records(c)
				}
				continue
			}
			var claims []claim
			var part ids
			from, taken := len(ds.Targets), false
			ids := map[string]bool{}
			for range r.IntN(60) {
				c := draw()
				claims = append(claims, c)
				part.add(c)
				records(c)
				_, ok := want[c.id]
				taken = taken || ok || ids[c.id]
				ids[c.id] = true
			}
			if s.claimAll(&part, from, f) == taken {
				t.Fatalf("seed %d: the ids of a part are taken: %v, wanted %v", seed, !taken, taken)
			}
			if taken {
				ds.Targets = ds.Targets[:from]
				continue
			}
			for _, c := range claims {
				want[c.id] = c.line
			}
		}
	}
}

// Ids that are compared when all are there are compared as well as others, whatever comes between them.
func TestSeenLater(t *testing.T) {
	f := &file{Position: data.Position{File: "a.csv"}}
	settled := map[bool]int{}
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 6))
		ds := &data.Dataset{}
		s := &seen{statements: tableNamed("targets").statements, ds: ds, later: true}
		order := r.Perm(400)
		if seed%2 > 0 {
			order[r.IntN(len(order))] = order[0] // one more often than not
		}
		used := map[int]bool{}
		want, got := false, false
		draw := func(records int) claim {
			n := order[0]
			order = order[1:]
			want, used[n] = want || used[n], true
			c := claim{fmt.Sprintf("T%03d", n), 400 - len(order), records}
			for range records {
				ds.Targets = append(ds.Targets, data.Target{Record: data.Record{Subject: &data.Subject{}, Origin: &data.Origin{}, Line: int32(c.line)}.Named(c.id, ""), Request: &data.Request{}})
			}
			return c
		}
		for len(order) > 50 && !got {
			if seed%3 == 0 && r.IntN(8) == 0 { // a row by itself
				c := draw(0)
				_, twice := s.claim(c, f)
				got = got || twice || s.twice
				continue
			}
			var part ids
			from := len(ds.Targets)
			for range r.IntN(40) {
				records := 1
				if seed%5 == 0 && r.IntN(60) == 0 {
					records = r.IntN(3)
				}
				part.add(draw(records))
			}
			got = !s.claimAll(&part, from, f) || s.twice
		}
		unsettled := s.unsettled
		s.settle()
		if got = got || s.twice; got != want {
			t.Fatalf("seed %d: an id stands twice: %v, wanted %v", seed, got, want)
		}
		if unsettled {
			settled[want]++
			if !want && !s.sorted() {
				t.Errorf("seed %d: the records are not known to be sorted", seed)
			}
			if c := (claim{"T", 999, 1}); !want {
				if _, twice := s.claim(c, f); twice {
					t.Errorf("seed %d: an id that is new is taken", seed)
				}
				if first, twice := s.claim(claim{ds.Targets[0].ID(), 1000, 1}, f); !twice || first.Line != int(ds.Targets[0].Line) {
					t.Errorf("seed %d: the first id is taken: %v, in line %d", seed, twice, first.Line)
				}
			}
		}
	}
	if settled[false] == 0 || settled[true] == 0 {
		t.Errorf("of those that were compared in the end so many had an id twice: %v", settled)
	}
}

// Records are sorted by their ids, however these begin and however long they are.
func TestSortRecords(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 5))
		begin := []string{"", "T", "a common beginning "}[r.IntN(3)]
		var rows, want []data.Holding
		n, twice := r.IntN(100), false
		if seed%50 == 0 {
			n = 5 << 12 // of which each core has some
		}
		different := []int{50, 1000 * n}[r.IntN(2)]
		for range n {
			id := begin + []string{"", "0", "00000000", "x"}[r.IntN(4)] + fmt.Sprint(r.IntN(different+1)) + []string{"", "a long end that tells"}[r.IntN(2)]
			rows = append(rows, data.Holding{Record: data.Record{Subject: &data.Subject{Capability: data.Capability(fmt.Sprint(r.IntN(9)))}}.Named(id, "")})
		}
		want = slices.Clone(rows)
		slices.SortFunc(want, func(a, b data.Holding) int {
			return cmp.Or(cmp.Compare(a.ID(), b.ID()), cmp.Compare(a.Capability, b.Capability))
		})
		rows, alike := sortRecords(rows, func(h *data.Holding) *data.Record { return &h.Record })
		for i := 1; i < len(want); i++ {
			twice = twice || want[i-1].ID() == want[i].ID()
		}
		if alike != twice {
			t.Errorf("seed %d: two ids are alike: %v, wanted %v", seed, alike, twice)
		}
		for i := range want {
			if rows[i].ID() != want[i].ID() || rows[i].Capability != want[i].Capability {
				t.Fatalf("seed %d: %s %s stands at %d, wanted %s %s", seed, rows[i].ID(), rows[i].Capability, i, want[i].ID(), want[i].Capability)
			}
		}
	}
}

// Keys are known again whether they ascend or not.
func TestKeys(t *testing.T) {
	f := &file{}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 5))
		var got rowKeys
		want := map[string]place{}
		for line := range r.IntN(200) {
			key := fmt.Sprintf("K%04d", line)
			if seed%3 > 0 && r.IntN(20) == 0 {
				key = fmt.Sprintf("K%04d", r.IntN(200))
			}
			first, known := want[key]
			if !known {
				want[key] = place{f, line}
			}
			if at, twice := got.add(key, place{f, line}); twice != known || at != first {
				t.Fatalf("seed %d: key %s of line %d was at %v (%t), want %v (%t)", seed, key, line, at.line, twice, first.line, known)
			}
		}
	}
}

// The own rows and those of the reference that they do not replace are the same whichever are more.
func TestMerge(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 6))
		rows := func(of string) []string {
			out := make([]string, r.IntN(8))
			for i := range out {
				out[i] = fmt.Sprintf("%d%s", r.IntN(6), of)
			}
			return out
		}
		reference, own := rows("reference"), rows("own")
		want := slices.Clone(own)
		for _, s := range reference {
			if !slices.ContainsFunc(own, func(o string) bool { return o[0] == s[0] }) {
				want = append(want, s)
			}
		}
		if got := merge(slices.Clone(reference), slices.Clone(own), func(s *string) byte { return (*s)[0] }); !slices.Equal(got, want) {
			t.Fatalf("seed %d: %v and %v are %v, want %v", seed, reference, own, got, want)
		}
	}
}
