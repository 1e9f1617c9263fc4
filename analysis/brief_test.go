package analysis_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
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
			var n atomic.Int32
			err := analysis.ByNation(context.Background(), graph.New(ds, data.Scope{}), analysis.Options{Program: "this"}, func(nation data.Nation, got *analysis.Report) error {
				if n := n.Add(1); testing.Short() && n%5 != 0 {
					return nil
				}
				want, err := analysis.Run(context.Background(), graph.New(ds, data.Scope{Nations: []data.Nation{nation}}), analysis.Options{Program: "this", Profiles: true})
				if err != nil {
					return err
				}
				if !bytes.Equal(printed(t, got), printed(t, want)) {
					t.Errorf("%s: the two reports differ", nation)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if int(n.Load()) != len(ds.Nations) {
				t.Errorf("%d reports on %d nations", n.Load(), len(ds.Nations))
			}
		})
	}
}

func TestByNationReturnsTheErrorOfWhatItIsUsedFor(t *testing.T) {
	wrong := errors.New("wrong")
	err := analysis.ByNation(context.Background(), graph.New(notional(t, 50), data.Scope{}), analysis.Options{}, func(n data.Nation, _ *analysis.Report) error {
		if n == "POL" {
			return wrong
		}
		return nil
	})
	if err != wrong {
		t.Errorf("%v, wanted the error that one of them met", err)
	}
}

func TestByNationNeedsAnOpenScope(t *testing.T) {
	g := graph.New(notional(t, 50), data.Scope{Nations: []data.Nation{"POL"}})
	if err := analysis.ByNation(context.Background(), g, analysis.Options{}, func(data.Nation, *analysis.Report) error { return nil }); err == nil {
		t.Error("a scope that is narrowed to a nation is accepted")
	}
}

func printed(t *testing.T, r *analysis.Report) []byte {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Error(err)
	}
	return b
}
