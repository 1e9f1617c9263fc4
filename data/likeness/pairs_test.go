package likeness_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"deconflict/data"
	"deconflict/data/likeness"
)

// planned is a dataset of requirements and targets, a line each: id, process, nation or nothing, and what it says.
func planned(tb testing.TB, lines ...string) *data.Dataset {
	tb.Helper()
	ds := &data.Dataset{Vocabulary: public(tb).Vocabulary}
	for _, l := range lines {
		part := strings.SplitN(l, " ", 4)
		r := data.Record{Subject: &data.Subject{Capability: "med-role1"}, Origin: &data.Origin{File: "x.csv"}, Line: 2}.Named(part[0], part[3])
		if part[2] == "-" {
			ds.Requirements = append(ds.Requirements, data.Requirement{Record: r, Process: data.Process(part[1])})
		} else {
			ds.Targets = append(ds.Targets, data.Target{Record: r, Request: &data.Request{Process: data.Process(part[1]), Nation: data.Nation(part[2])}})
		}
	}
	return ds
}

func alike(tb testing.TB, ds *data.Dataset, from float64) []likeness.Pair {
	tb.Helper()
	pairs, _, err := likeness.Alike(tb.Context(), ds, from)
	if err != nil {
		tb.Fatal(err)
	}
	return pairs
}

// The statements of two organisations on one nation are compared; numbers, names and endings make no difference. Two nations, one
// organisation alone, and a nation's own plan make no pair.
func TestAlike(t *testing.T) {
	ds := planned(t,
		"t1 NDPP POL Poland to provide 2 mobile field hospitals with surgery",
		"t2 NDPP POL Poland to provide 3 mobile field hospitals with surgery",
		"t3 PESCO POL provides a mobile field hospital with surgery",
		"t4 PESCO DEU provides a mobile field hospital with surgery",
		"t5 NATIONAL POL provides a mobile field hospital with surgery",
		"t6 CDP POL roll-on ships under charter",
		"r1 NDPP - mobile field hospitals, with surgery, to be provided",
		"r2 NDPP - 17 25",
	)
	var got []string
	for _, p := range alike(t, ds, 0.9) {
		got = append(got, fmt.Sprintf("%.2f %s+%d %s+%d", p.Score, p.A.ID, p.MoreA, p.B.ID, p.MoreB))
	}
	want := []string{
		"1.00 t3+0 t1+1", // and t2, which says the same as t1
		"1.00 t4+0 r1+0", // the requirement meets the targets of every nation
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if pairs := alike(t, ds, 0.9); pairs[0].Shared[0].Text == "" || pairs[0].Shared[0].Match == "" {
		t.Errorf("no words: %+v", pairs[0])
	}
}

// invented are statements of words whose frequencies are those of a language (Zipf), each with a near copy now and then.
func invented(tb testing.TB, n, nations int, seed uint64) *data.Dataset {
	tb.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	zipf := rand.NewZipf(r, 1.1, 2, 5000)
	codes := []string{"POL", "DEU", "FRA", "ITA", "ESP", "NLD", "BEL", "GRC", "PRT", "CZE", "HUN", "SWE", "FIN", "DNK", "ROU", "BGR", "SVN", "SVK", "HRV", "EST", "LVA", "LTU", "LUX"}[:nations]
	word := func() string { return fmt.Sprintf("w%dx", zipf.Uint64()) }
	var lines, last []string
	nation := codes[0]
	for i := range n {
		text := make([]string, 6+r.IntN(15))
		for k := range text {
			text[k] = word()
		}
		if len(last) > 0 && r.IntN(8) == 0 {
			text = slices.Clone(last)
			text[r.IntN(len(text))] = word()
		} else if nation = codes[r.IntN(len(codes))]; r.IntN(40) == 0 {
			nation = "-"
		}
		last = text
		lines = append(lines, fmt.Sprintf("s%06d %s %s %s", i, []string{"NDPP", "CDP", "PESCO", "NATIONAL"}[r.IntN(4)], nation, strings.Join(text, " ")))
	}
	return planned(tb, lines...)
}

// A slow and obvious search, which compares every two statements, finds the same pairs.
func TestAlikeFindsEveryPair(t *testing.T) {
	for seed := range uint64(4) {
		ds := invented(t, 700, 3, seed)
		var got []string
		for _, p := range alike(t, ds, 0.5) {
			shares := 0.0
			for _, r := range p.Shared {
				shares += r.Share
			}
			if math.Abs(shares-p.Score) > 1e-9 || p.Score < 0.5-1e-9 || p.A.Organisation >= p.B.Organisation {
				t.Errorf("%v of %s and %s, shares %v", p.Score, p.A.ID, p.B.ID, shares)
			}
			got = append(got, p.A.ID+" "+p.B.ID)
		}
		slices.Sort(got)
		want := slowlyAlike(ds, 0.5)
		if diff := cmp.Diff(want, got); diff != "" || len(want) < 8 {
			t.Errorf("seed %d: %d pairs (-slow +fast)\n%s", seed, len(want), diff)
		}
	}
}

func slowlyAlike(ds *data.Dataset, from float64) (out []string) {
	type statement struct {
		id     string
		by     data.Organisation
		nation data.Nation
		words  map[string]bool
	}
	var all []statement
	with := map[string]int{}
	distinct := map[string]bool{}
	texts := 0
	add := func(r *data.Record, p data.Process, n data.Nation) {
		o := ds.OrganisationOf(p)
		if o == "" {
			return
		}
		s := statement{r.ID(), o, n, map[string]bool{}}
		for w := range strings.FieldsSeq(r.Statement()) {
			s.words[w] = true
		}
		key := fmt.Sprint(s.words)
		if said := fmt.Sprint(o, n, key); !distinct[said] { // told once
			all = append(all, s)
			distinct[said] = true
		}
		if !distinct[key] {
			texts++
			for w := range s.words {
				with[w]++
			}
		}
		distinct[key] = true
	}
	for i := range ds.Requirements {
		add(&ds.Requirements[i].Record, ds.Requirements[i].Process, "")
	}
	for i := range ds.Targets {
		add(&ds.Targets[i].Record, ds.Targets[i].Process, ds.Targets[i].Nation)
	}
	weight := func(w string) float64 {
		x := math.Log(1 + float64(texts)/float64(with[w]))
		return x * x
	}
	for i, a := range all {
		for _, b := range all[:i] {
			if a.by == b.by || a.nation != b.nation && a.nation != "" && b.nation != "" {
				continue
			}
			dot, la, lb := 0.0, 0.0, 0.0
			for w := range a.words {
				la += weight(w)
				if b.words[w] {
					dot += weight(w)
				}
			}
			for w := range b.words {
				lb += weight(w)
			}
			if dot/math.Sqrt(la*lb) >= from {
				x, y := a, b
				if y.by < x.by {
					x, y = y, x
				}
				out = append(out, x.id+" "+y.id)
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestAlikeStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, _, err := likeness.Alike(ctx, planned(t, "a NDPP POL tank transporters", "b CDP POL tank transporters"), 0.6); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, wanted the interrupt", err)
	}
}

func BenchmarkAlike(b *testing.B) {
	for _, nations := range []int{23, 1} {
		b.Run(fmt.Sprintf("statements=20k/nations=%d", nations), func(b *testing.B) {
			ds := invented(b, 26_700, nations, 7) // three in four are an organisation's
			n := 0
			for b.Loop() {
				pairs, compared, err := likeness.Alike(b.Context(), ds, likeness.AlikeFrom)
				if err != nil || compared < 19_500 {
					b.Fatal(compared, err)
				}
				n = len(pairs)
			}
			b.ReportMetric(float64(n), "pairs")
		})
	}
}
