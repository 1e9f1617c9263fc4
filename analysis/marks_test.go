package analysis_test

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/data/load"
	"deconflict/data/synthetic"
	"deconflict/graph"
)

// file is a file in memory that a cycle is written into.
type file struct {
	bytes.Buffer
	close func([]byte)
}

func (f *file) Close() error { f.close(f.Bytes()); return nil }

// cycle is a small notional planning cycle with every kind of finding.
func cycle(t *testing.T, size synthetic.Size) fstest.MapFS {
	t.Helper()
	public, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{}
	err = synthetic.Write(t.Context(), size.Filled(public.Vocabulary), public.Vocabulary, func(name string) (io.WriteCloser, error) {
		return &file{close: func(b []byte) { folder[name] = &fstest.MapFile{Data: b} }}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func loaded(t *testing.T, folder fstest.MapFS) *data.Dataset {
	t.Helper()
	ds, problems := load.FS(t.Context(), "cycle", folder)
	if ds == nil {
		t.Fatal(problems)
	}
	return ds
}

// No finding is marked lower than a record that has a part in it: whichever record is changed, every finding that comes out otherwise
// carries its marking, and so does the report. By trial, as no list of what depends on what could be trusted.
func TestNoFindingIsMarkedLowerThanWhatChangesIt(t *testing.T) {
	folder := cycle(t, synthetic.Size{Seed: 3, Targets: 150, Nations: 8})
	const high = data.Marking("NATO SECRET // ATOMAL")
	said := func(ds *data.Dataset) (*analysis.Report, map[string]string) {
		r, err := analysis.Run(t.Context(), graph.New(ds, data.Scope{}), analysis.Options{})
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, f := range r.Findings {
			b, err := json.Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			out[f.ID] = string(b)
		}
		return r, out
	}
	r := rand.New(rand.NewPCG(1, 2))
	trials := 40
	if testing.Short() {
		trials = 10
	}
	changed := map[string]int{}
	for range trials {
		ds := loaded(t, folder)
		var what string
		var change func()
		quantity := func(table string, rec *data.Record) {
			rec.Mark(high)
			what = table + " " + rec.ID()
			change = func() { rec.Quantity = data.Known(rec.Quantity.Amount() + data.Count(1+r.IntN(400))) }
		}
		switch r.IntN(7) {
		case 0:
			quantity("requirements", &ds.Requirements[r.IntN(len(ds.Requirements))].Record)
		case 1, 2:
			quantity("targets", &ds.Targets[r.IntN(len(ds.Targets))].Record)
		case 3:
			quantity("pledges", &ds.Pledges[r.IntN(len(ds.Pledges))].Record)
		case 4:
			quantity("holdings", &ds.Holdings[r.IntN(len(ds.Holdings))].Record)
		default:
			i := &ds.Initiatives[r.IntN(len(ds.Initiatives))]
			i.Marking, what = high, "initiatives "+i.Initiative
			change = func() {
				i.Membership, i.Beneficiary = data.Complete, "allies"
				for k := range ds.Participants {
					if ds.Participants[k].Initiative == i.Initiative && ds.Participants[k].Role == data.Member {
						ds.Participants[k].Role = data.Observer
						break
					}
				}
				for k := range ds.Contributions {
					if ds.Contributions[k].Initiative == i.Initiative {
						ds.Contributions[k].Means = "train"
						break
					}
				}
			}
		}
		_, before := said(ds)
		change()
		report, after := said(ds)
		holds := func(text, where string) {
			if !strings.Contains(text, "NATO SECRET // ATOMAL") {
				t.Errorf("%s changes %s, which does not carry its marking: %s", what, where, text)
			}
		}
		holds(string(report.Marking), "the report")
		for id, text := range after {
			if before[id] != text {
				kind, _, _ := strings.Cut(id, ":")
				changed[kind]++
				at := strings.LastIndex(text, `"marking":`)
				holds(text[at:], id)
			}
		}
		for id, text := range before {
			if after[id] != text {
				at := strings.LastIndex(text, `"marking":`)
				holds(text[at:], id)
			}
		}
	}
	if len(changed) < 8 && !testing.Short() {
		t.Errorf("the trials changed findings of few kinds: %v", changed)
	}
}
