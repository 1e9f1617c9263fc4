package render_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/graph"
)

// A nation's page that is set from a brief is the page that is set from the whole report, in every width and colour.
func TestABriefSetsThePageOfItsNation(t *testing.T) {
	for name, ds := range map[string]*data.Dataset{"public": publicData(t), "notional": notional(t)} {
		err := analysis.ByNation(t.Context(), graph.New(ds, data.Scope{}), analysis.Options{Program: "this"}, func(nation data.Nation, whole *analysis.Report) error {
			b, err := whole.Brief()
			if err != nil {
				return err
			}
			brief, err := analysis.ReadBrief(b, "this")
			if err != nil {
				return err
			}
			for i, o := range []render.Options{{}, {Width: 60}, {Width: 133, Colour: true}} {
				if got, want := pageOf(t, brief, o), pageOf(t, whole, o); got != want {
					t.Errorf("%s, %s, options %d: the pages differ:\n%s\n%s", name, nation, i, got, want)
				}
			}
			for _, s := range analysis.Severities { // what --fail-on goes by
				if got, want := atLeast(brief, s), atLeast(whole, s); got != want {
					t.Errorf("%s, %s: %s findings from %s on, want %s", name, nation, got, s, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadBriefRefuses(t *testing.T) {
	r := report(t, notional(t), data.Scope{Nations: []data.Nation{"POL"}}, analysis.Options{Program: "this", Profiles: true})
	b, err := r.Brief()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := analysis.ReadBrief(b, "another"); !errors.Is(err, analysis.ErrOtherProgram) {
		t.Errorf("a brief of another program: %v", err)
	}
	for i := 0; i < len(b); i += 1 + len(b)/50 {
		if _, err := analysis.ReadBrief(b[:i], "this"); err == nil {
			t.Errorf("cut to %d of %d bytes: accepted", i, len(b))
		}
	}
	if _, err := public(t).Brief(); err == nil {
		t.Error("a report on everything has a brief")
	}
}

func pageOf(t *testing.T, r *analysis.Report, o render.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := render.Formats[0].Write(&b, r, o); err != nil {
		t.Error(err)
	}
	return b.String()
}

func atLeast(r *analysis.Report, s analysis.Severity) string {
	n := 0
	for severity := range r.Severities() {
		if severity.AtLeast(s) {
			n++
		}
	}
	return fmt.Sprint(n)
}
