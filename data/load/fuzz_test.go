package load

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"deconflict/data"
)

// fuzzed reads bytes as a file of their own and holds that there is a dataset or an error, and that each problem has its place.
func fuzzed(t *testing.T, o Options, text []byte) {
	o.Stdin = bytes.NewReader(text)
	ds, problems := o.Files(t.Context(), "-")
	if (ds == nil) != (len(problems.Of(data.Error)) > 0) {
		t.Errorf("a dataset is %v beside %v", ds != nil, problems)
	}
	for _, p := range problems {
		if p.File == "" || p.Message == "" || p.Line < 0 || p.Column < 0 || p.Column > 0 && p.Line == 0 {
			t.Errorf("a problem without a place: %+v", p)
		}
	}
}

// hostile are the files of the repository that mean no good, as seeds.
func hostile(f *testing.F, ends string) (out [][]byte) {
	f.Helper()
	files, err := filepath.Glob("../../testdata/hostile/files/*" + ends)
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, text)
	}
	return out
}

// FuzzPackage reads any text as the description of a folder.
func FuzzPackage(f *testing.F) {
	for _, text := range hostile(f, ".json") {
		f.Add(text)
	}
	f.Add([]byte(`{"title": "x", "as_of": "2026-06-30", "marking": "PUBLIC", "licenses": [{"name": "x"}], "resources": [{"name": "holdings", "path": "h.csv"}, {"name": "x", "path": "/"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		ds, problems := FS(t.Context(), "plan", fstest.MapFS{
			"datapackage.json": {Data: text}, "h.csv": {Data: []byte("id,nation,capability\nh,FRA,med-lab\n")},
		})
		if (ds == nil) != (len(problems.Of(data.Error)) > 0) {
			t.Errorf("a dataset is %v beside %v", ds != nil, problems)
		}
		for _, p := range problems {
			if p.File == "" || p.Message == "" || p.Column > 0 && p.Line == 0 {
				t.Errorf("a problem without a place: %+v", p)
			}
		}
	})
}

// FuzzXLSX reads any XML as the sheet, the shared texts or the styles of a workbook.
func FuzzXLSX(f *testing.F) {
	parts := smallWorkbook(smallSheet)
	for i := range parts {
		f.Add(uint8(i), parts[i].Text)
	}
	sheet := uint8(len(parts) - 1)
	f.Add(sheet, strings.Replace(smallSheet, `</x:worksheet>`, `<x:mergeCells><x:mergeCell ref="A1:A2"/></x:mergeCells></x:worksheet>`, 1))
	f.Add(sheet, strings.Replace(smallSheet, `<x:row>`, `<x:row r="7" hidden="1">`, 1))
	f.Add(sheet, strings.Replace(smallSheet, `<x:c s="1">`, `<x:c r="D2" t="e" s="1"><x:f>1/0</x:f>`, 1))
	f.Fuzz(func(t *testing.T, i uint8, text string) {
		parts := smallWorkbook(smallSheet)
		parts[int(i)%len(parts)].Text = text
		fuzzed(t, Options{}, Zipped(t, parts...))
	})
}

// FuzzJSON reads any text as a document.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`{"as_of": "2026-06-30", "holdings": [{"id": 1, "country": "FRA", "capability": "med-role2e", "qty": 1e2, "note": null}]}`,
		`{"schemes": {"a": {"b": "c"}}, "licenses": [{"name": "x"}], "Targets": [[], true], "targets": [{"a": {}}, {}]}`,
		"\ufeff{\"sources\": [{\"source\": \"\\ud800\", \"title\": \"\xff\"}]} x",
		`{"a":1,"a":2`,
	} {
		f.Add(text)
	}
	for _, text := range hostile(f, ".json") {
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		fuzzed(t, Options{}, append([]byte("{"), text[min(1, len(text)):]...))
	})
}

// FuzzSSSOM reads any block of YAML above any table of mappings.
func FuzzSSSOM(f *testing.F) {
	for _, seed := range [][2]string{
		{"curie_map:\n  x: https://example.org/\nmapping_date: 2026-05-02\nlicense: l", "x:a\tskos:exactMatch\tdeconflict:med-role1\n\tskos:closeMatch\tmed-role1"},
		{"curie_map: &a [*a]", "x:a\tNot"}, {"{a: b, a: c}\n", "\"x"}, {"- a", ""}, {"subject_type: rdfs literal\ncurie_map:\n", "'=1\t\t"},
		{"a: &x [1]\nb: &y [*x,*x]\nc: [*y,*y]", ""}, {"curie_map:\n  ? [a]\n  : b\n!!t y: 1", ""}, {"comment: 'Marking: SECRET'", ""},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, block, rows string) {
		text := "#" + strings.ReplaceAll(block, "\n", "\n#") + "\nsubject_id\tpredicate_id\tobject_id\tsubject_label\tsubject_type\n" + rows
		fuzzed(t, Options{}, []byte(text))
	})
}

// FuzzZip reads any bytes as an archive.
func FuzzZip(f *testing.F) {
	f.Add(Zipped(f, smallWorkbook(smallSheet)...))
	f.Add(Zipped(f, Part{"plans/targets.csv", "id,process,nation,capability\nt,NDPP,FRA,med-role2e\n"}, Part{"plans/datapackage.json", `{"as_of": "2026-06-30"}`}))
	f.Add(Zipped(f, Part{"../a", ""}, Part{"a/", ""}, Part{"A", "b"}))
	f.Add(bomb(f, "targets.csv", 2, 1<<20))
	f.Fuzz(func(t *testing.T, archive []byte) {
		fuzzed(t, Options{}, append([]byte("PK\x03\x04"), archive[min(4, len(archive)):]...))
	})
}

// FuzzCSV reads any bytes as a table, in any encoding and with any separator and decimal mark.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{
		"id;nation;capability;quantity\nh;FRA;med-role2e;1.234,5\ni;FRA;med-role2e;12'500\n",
		"id,nation,capability,quantity\nh,FRA,med-role2e,\"1,5\"\n",
		"\xff\xfei\x00d\x00", "id\tnation\nD\xfcsseldorf", "\ufeffid,\xb3",
	} {
		for i := range uint8(8) {
			f.Add(i, i, i, []byte(text))
		}
	}
	for _, text := range hostile(f, ".csv") {
		f.Add(uint8(len(encodings())), uint8(0), uint8(0), text)
	}
	f.Fuzz(func(t *testing.T, encoding, separator, decimal uint8, text []byte) {
		fuzzed(t, Options{
			Encoding:  append(encodings(), "", "", "x")[int(encoding)%(len(encodings())+3)],
			Separator: []rune{0, 0, ',', ';', '\t'}[separator%5],
			Decimal:   []rune{0, 0, '.', ','}[decimal%4],
			DateOrder: []data.DateOrder{"", data.DayFirst, data.MonthFirst}[decimal/4%3],
		}, text)
	})
}
