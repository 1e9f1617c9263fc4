package analysis_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/graph"
)

// Whatever random records an audience may not see, and whatever becomes of them: changed, moved, taken away or added to, it gets the
// same report.
func TestBehaviour15HiddenRecordsDoNotInterfere(t *testing.T) {
	const audience = "AAA"
	seen := []data.Marking{"PUBLIC", "NOTIONAL", "TLP:RED // REL TO AAA", "AAA SECRET", "NATO RESTRICTED // REL TO AAA, BBB"}
	hidden := []data.Marking{"", data.Unmarked, "NATO SECRET // REL TO BBB", "TLP:AMBER", "BBB SECRET", "NATO UNCLASSIFIED // ATOMAL", "not understood"}
	met := 0
	rapid.Check(t, func(t *rapid.T) {
		ds, other := draw(t), draw(t) // the second lends records to change the first with
		var shows []bool
		eachRecord(ds, func(r *data.Record) {
			mark := rapid.SampledFrom(slices.Concat(seen, hidden)).Draw(t, "marking")
			shows = append(shows, slices.Contains(seen, mark))
			r.Mark(mark)
		})
		report := func(ds *data.Dataset) []byte {
			for_, err := ds.For(data.Audience{audience}, ds.Vocabulary)
			if errors.Is(err, data.ErrNothingReleasable) {
				return nil
			}
			r, err := analysis.Run(context.Background(), graph.New(for_, data.Scope{Audience: data.Audience{audience}, Nations: []data.Nation{"AAA"}}), analysis.Options{Profiles: true})
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := json.NewEncoder(&out).Encode(r); err != nil {
				t.Fatal(err)
			}
			return out.Bytes()
		}
		before := report(ds)

		changed := *ds
		changed.Targets, changed.Pledges = slices.Clone(ds.Targets), slices.Clone(ds.Pledges)
		changed.Holdings, changed.Requirements = slices.Clone(ds.Holdings), slices.Clone(ds.Requirements)
		i := 0
		eachRecord(&changed, func(r *data.Record) {
			if r.Line = int32(i + 7); !shows[i] { // lines move
				r.Quantity = data.Known(data.Count(rapid.IntRange(0, 99).Draw(t, "quantity")))
				r.Period = data.Period{}
				*r = r.Named(r.ID(), "changed")
				r.Mark(rapid.SampledFrom(hidden).Draw(t, "marking"))
			}
			i++
		})
		if rapid.Bool().Draw(t, "take away") {
			hides := func(r *data.Record) bool { return slices.Contains(hidden, r.Marking) }
			changed.Targets = slices.DeleteFunc(changed.Targets, func(x data.Target) bool { return hides(&x.Record) })
			changed.Pledges = slices.DeleteFunc(changed.Pledges, func(x data.Pledge) bool { return hides(&x.Record) })
			changed.Holdings = slices.DeleteFunc(changed.Holdings, func(x data.Holding) bool { return hides(&x.Record) })
			changed.Requirements = slices.DeleteFunc(changed.Requirements, func(x data.Requirement) bool { return hides(&x.Record) })
		}
		n := 0
		eachRecord(other, func(r *data.Record) {
			n++
			*r = r.Named(fmt.Sprint("new ", n), r.Statement())
			r.Mark(rapid.SampledFrom(hidden).Draw(t, "marking"))
		})
		changed.Targets, changed.Pledges = append(changed.Targets, other.Targets...), append(changed.Pledges, other.Pledges...)
		changed.Holdings, changed.Requirements = append(changed.Holdings, other.Holdings...), append(changed.Requirements, other.Requirements...)
		changed.Problems = data.Problems{{Severity: data.Warning, Message: "about a hidden record"}}
		changed.Title, changed.Description = "A title that nobody marked", "Neither this"

		if after := report(&changed); !bytes.Equal(before, after) {
			t.Fatalf("the report\n%s\nbecomes\n%s", before, after)
		}
		if before != nil && slices.Contains(shows, false) {
			met++
		}
	})
	if met == 0 {
		t.Error("no dataset had something to show and something to hide")
	}
}

func eachRecord(ds *data.Dataset, f func(*data.Record)) {
	for i := range ds.Targets {
		f(&ds.Targets[i].Record)
	}
	for i := range ds.Pledges {
		f(&ds.Pledges[i].Record)
	}
	for i := range ds.Holdings {
		f(&ds.Holdings[i].Record)
	}
	for i := range ds.Requirements {
		f(&ds.Requirements[i].Record)
	}
}
