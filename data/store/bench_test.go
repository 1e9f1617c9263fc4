package store

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"deconflict/data"
)

// plan is a planning cycle in the proportions of a real one: for 3000 targets 800 pledges and 1500 holdings, of 39 nations. Its
// texts are as repetitive as those that staffs write.
func plan(targets int) *data.Dataset {
	r := rand.New(rand.NewPCG(1, 2))
	var codes []data.NationRow
	for i := range 39 {
		codes = append(codes, data.NationRow{Nation: data.Nation(fmt.Sprintf("N%02d", i)), Name: fmt.Sprint("Nation ", i)})
	}
	var shared data.Sharing
	record := func(prefix string, file string, i int) data.Record {
		capability := r.IntN(60)
		return data.Record{
			Line: int32(i + 2), Quantity: data.Known(data.Count(1 + r.IntN(40))),
			Subject: shared.Subject(data.Subject{
				Capability: data.Capability(fmt.Sprintf("capability-%02d", capability)),
				Unit:       []string{"company", "battalion", "aircraft"}[capability%3], Comparable: true,
			}),
			Period: data.Period{From: data.Day(2026+r.IntN(8), 1, 1), Until: data.Day(2035+r.IntN(8), 12, 31)},
			Origin: shared.Origin(data.Origin{
				File: file, Marking: "NOTIONAL", Sources: []string{"synthetic"}, Confidence: []string{"high", "medium", "low"}[r.IntN(3)],
			}),
		}.Named(fmt.Sprintf("%s-%07d", prefix, i), fmt.Sprintf("Provide %d of capability %d at readiness %d", r.IntN(40), capability, r.IntN(9)*30))
	}
	ds := &data.Dataset{
		Vocabulary: data.NewVocabulary(codes, nil, nil, nil, nil),
		Meta:       data.Meta{Name: "plan", Title: "A notional plan", AsOf: data.Day(2026, 6, 30), Marking: "NOTIONAL"},
	}
	nation := func() data.Nation { return codes[r.IntN(len(codes))].Nation }
	for i := range targets {
		asked := record("T", "targets.csv", i)
		asked.Readiness, _ = data.NoticeOf(data.Known(data.Count(30 * r.IntN(7))))
		ds.Targets = append(ds.Targets, data.Target{Record: asked,
			Request: shared.Request(data.Request{Process: "NDPP", Cycle: "2026", Nation: nation(), Priority: fmt.Sprint(r.IntN(4)), Status: "agreed"})})
	}
	for i := range targets * 4 / 15 {
		ds.Pledges = append(ds.Pledges, data.Pledge{Record: record("P", "pledges.csv", i), Organisation: data.EU, Nation: nation()})
	}
	for i := range targets / 2 {
		ds.Holdings = append(ds.Holdings, data.Holding{Record: record("H", "holdings.csv", i), Nation: nation()})
	}
	return ds
}

// planPages are as large as what a report on one nation needs: some numbers for each nation and capability.
func planPages(targets int) map[string][]byte {
	pages := map[string][]byte{}
	for i := range 39 {
		pages[fmt.Sprintf("nation/N%02d", i)] = bytes.Repeat([]byte(fmt.Sprintf("page %02d.", i)), targets/8)
	}
	return pages
}

func filled(b *testing.B, targets int) (*Store, Snapshot) {
	s, err := Create(filepath.Join(b.TempDir(), "store"))
	if err != nil {
		b.Fatal(err)
	}
	snap, err := s.Import(context.Background(), plan(targets), Import{Name: "plan", Pages: planPages(targets)})
	if err != nil {
		b.Fatal(err)
	}
	return s, snap
}

var sizes = []struct {
	name    string
	targets int
}{{"targets=5k", 5_000}, {"targets=200k", 200_000}, {"targets=2M", 2_000_000}}

func BenchmarkImport(b *testing.B) {
	for _, size := range sizes[:2] {
		b.Run(size.name, func(b *testing.B) {
			ds, pages := plan(size.targets), planPages(size.targets)
			for b.Loop() {
				s, err := Create(filepath.Join(b.TempDir(), "store"))
				if err != nil {
					b.Fatal(err)
				}
				snap, err := s.Import(b.Context(), ds, Import{Name: "plan", Pages: pages})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(snap.Bytes())/1e6, "MB-stored")
			}
		})
	}
}

func BenchmarkPage(b *testing.B) {
	for _, size := range sizes[1:] {
		b.Run(size.name, func(b *testing.B) {
			s, snap := filled(b, size.targets)
			for b.Loop() {
				if _, err := s.Page(b.Context(), snap, "nation/N07"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkNation(b *testing.B) {
	for _, size := range sizes[1:] {
		b.Run(size.name, func(b *testing.B) {
			s, snap := filled(b, size.targets)
			for b.Loop() {
				if _, err := s.Nation(b.Context(), snap, "N07"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, size := range sizes[:2] {
		b.Run(size.name, func(b *testing.B) {
			s, snap := filled(b, size.targets)
			for b.Loop() {
				if _, err := s.Load(b.Context(), snap); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
