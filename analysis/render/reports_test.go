package render_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/data/load"
	"deconflict/data/synthetic"
	"deconflict/graph"
)

// reports are one of each kind that the program writes: of all, of what the question was narrowed to, of nations, without ranking, of
// nothing, and of notional data in which every kind of finding occurs.
// They are made once: read them only.
func reports(t testing.TB) map[string]*analysis.Report {
	if made != nil {
		return made
	}
	notional := notional(t)
	made = map[string]*analysis.Report{
		"public":           public(t),
		"narrowed":         report(t, publicData(t), data.Scope{Areas: []data.Area{"medical"}, Horizon: data.Day(2035, 12, 31)}, analysis.Options{MinSeverity: analysis.Low, Reports: []analysis.Question{analysis.Gap}}),
		"nation":           report(t, publicData(t), data.Scope{Nations: []data.Nation{"POL"}}, analysis.Options{Profiles: true}),
		"unranked":         report(t, publicData(t), data.Scope{}, analysis.Options{NoSeverity: true}),
		"nothing":          report(t, publicData(t), data.Scope{Nations: []data.Nation{"KAZ"}}, analysis.Options{Kinds: []string{"dual-target"}}),
		"notional":         report(t, notional, data.Scope{}, analysis.Options{}),
		"notional nations": report(t, notional, data.Scope{Nations: []data.Nation{"DEU", "NLD", "USA"}}, analysis.Options{Profiles: true}),
	}
	return made
}

var made map[string]*analysis.Report

func report(t testing.TB, ds *data.Dataset, s data.Scope, o analysis.Options) *analysis.Report {
	t.Helper()
	o.Program = "deconflict (test)"
	r, err := analysis.Run(t.Context(), graph.New(ds, s), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func publicData(t testing.TB) *data.Dataset {
	t.Helper()
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

func public(t testing.TB) *analysis.Report {
	return report(t, publicData(t), data.Scope{}, analysis.Options{})
}

// notional is a small planning cycle from a seed.
func notional(t testing.TB) *data.Dataset { return cycle(t, 600) }

// cycle is a notional planning cycle of so many targets.
func cycle(t testing.TB, targets int) *data.Dataset {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "notional")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	err := synthetic.Write(t.Context(), synthetic.Size{Seed: 1, Targets: targets}, publicData(t).Vocabulary, func(name string) (io.WriteCloser, error) {
		return os.Create(filepath.Join(folder, name))
	})
	if err != nil {
		t.Fatal(err)
	}
	ds, problems := load.FS(t.Context(), "notional", os.DirFS(folder))
	if ds == nil {
		t.Fatal(problems)
	}
	return ds
}

func asJSON(t testing.TB, r *analysis.Report) []byte {
	t.Helper()
	return written(t, "json", r, render.Options{})
}

func written(t testing.TB, format string, r *analysis.Report, o render.Options) []byte {
	t.Helper()
	f, err := render.ByName(format, render.Formats)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// firstDifference is the lines around the first byte that differs.
func firstDifference(a, b []byte) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	around := func(x []byte) []byte { return x[max(0, i-100):min(len(x), i+100)] }
	return string(around(a)) + "\n--\n" + string(around(b))
}
