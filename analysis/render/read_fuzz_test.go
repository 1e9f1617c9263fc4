package render_test

import (
	"bytes"
	"testing"

	"deconflict/analysis"
	"deconflict/analysis/render"
)

// FuzzRead reads any bytes as a report. What is read is written again as it was written before.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"schema": "deconflict-report/1"}`))
	f.Add([]byte(`{"schema": "deconflict-report/1", "heat_map": {"nations": ["POL"], "rows": [[]]}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := render.Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		var once, twice bytes.Buffer
		json, err := render.ByName("json", render.Formats)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Write(&once, r, render.Options{}); err != nil {
			t.Fatal(err)
		}
		again, err := render.Read(bytes.NewReader(once.Bytes()))
		if err != nil {
			t.Fatalf("what was written is not read: %v", err)
		}
		if err := json.Write(&twice, again, render.Options{}); err != nil || !bytes.Equal(once.Bytes(), twice.Bytes()) {
			t.Errorf("written again it is other bytes: %v", err)
		}
		if r.Schema != analysis.Schema {
			t.Errorf("the schema is %s", r.Schema)
		}
	})
}
