package analysis_test

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/data/load"
	"deconflict/graph"
)

// The report on each nation out of one run is the report that a run makes for that nation alone.
func TestByNationSaysWhatARunOnEachNationSays(t *testing.T) {
	public, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	for name, ds := range map[string]*data.Dataset{"public": public, "notional": notional(t, 400)} {
		t.Run(name, func(t *testing.T) {
			reports, err := analysis.ByNation(context.Background(), graph.New(ds, data.Scope{}), analysis.Options{Program: "this"})
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for nation, got := range reports {
				if n++; testing.Short() && n%5 != 0 {
					continue
				}
				want, err := analysis.Run(context.Background(), graph.New(ds, data.Scope{Nations: []data.Nation{nation}}), analysis.Options{Program: "this", Profiles: true})
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(printed(t, got), printed(t, want)) {
					t.Errorf("%s: the two reports differ", nation)
				}
			}
			if n != len(ds.Nations) {
				t.Errorf("%d reports on %d nations", n, len(ds.Nations))
			}
		})
	}
}

func TestByNationNeedsAnOpenScope(t *testing.T) {
	g := graph.New(notional(t, 50), data.Scope{Nations: []data.Nation{"POL"}})
	if _, err := analysis.ByNation(context.Background(), g, analysis.Options{}); err == nil {
		t.Error("a scope that is narrowed to a nation is accepted")
	}
}

func printed(t *testing.T, r *analysis.Report) []byte {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
