package render_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
)

func schema(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every kind of report that the program writes is one that the published schema accepts.
func TestReportsFollowTheSchema(t *testing.T) {
	s := schema(t, analysis.ReportSchema)
	for name, r := range reports(t) {
		t.Run(name, func(t *testing.T) {
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON(t, r)))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(v); err != nil {
				t.Error(err)
			}
		})
	}
}

// The schema refuses what is no report, so that its acceptance means something.
func TestSchemaRefuses(t *testing.T) {
	refuses(t, analysis.ReportSchema, asJSON(t, reports(t)["public"]), map[string]func(map[string]any){
		"an unknown property":    func(m map[string]any) { m["surprise"] = 1 },
		"a missing property":     func(m map[string]any) { delete(m, "findings") },
		"a date in another form": func(m map[string]any) { m["as_of"] = "30.6.2026" },
		"an unknown severity":    func(m map[string]any) { first(m, "findings")["severity"] = "dire" },
		"an unknown report":      func(m map[string]any) { first(m, "findings")["report"] = "gaps" },
		"no evidence":            func(m map[string]any) { first(m, "findings")["evidence"] = []any{} },
		"an unknown state":       func(m map[string]any) { m["heat_map"].(map[string]any)["rows"] = []any{"MX"} },
		"an unknown form":        func(m map[string]any) { m["schema"] = "deconflict-report/0" },
	})
}

// refuses holds that a schema accepts a document, and no longer once it is spoilt.
func refuses(t *testing.T, text, good []byte, spoilt map[string]func(map[string]any)) {
	s := schema(t, text)
	for name, spoil := range spoilt {
		t.Run(name, func(t *testing.T) {
			var m map[string]any
			if err := json.Unmarshal(good, &m); err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(m); err != nil {
				t.Fatal(err)
			}
			spoil(m)
			if s.Validate(m) == nil {
				t.Error("accepted")
			}
		})
	}
}

func first(m map[string]any, list string) map[string]any { return m[list].([]any)[0].(map[string]any) }

// Every field of a report is a property of the schema and the other way round, so that neither is forgotten when one changes.
func TestSchemaIsComplete(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal(analysis.ReportSchema, &doc); err != nil {
		t.Fatal(err)
	}
	compareFields(t, "report", reflect.TypeFor[analysis.Report](), doc, doc)
}

type wordedFinding struct {
	analysis.Finding
	analysis.Words
}

// compareFields compares the fields of a struct with the properties of an object, and those with theirs.
func compareFields(t *testing.T, where string, typ reflect.Type, node, doc map[string]any) {
	t.Helper()
	if ref, ok := node["$ref"].(string); ok {
		node = doc["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	switch {
	case typ == reflect.TypeFor[data.Quantity]():
	case typ == reflect.TypeFor[analysis.Evidence](): // a reference, which puts itself into words
		compareFields(t, where, reflect.TypeFor[analysis.Told](), node, doc)
	case typ == reflect.TypeFor[analysis.Finding](): // prints its words with it
		compareFields(t, where, reflect.TypeFor[wordedFinding](), node, doc)
	case typ == reflect.TypeFor[analysis.SourceList]():
		compareFields(t, where, reflect.TypeFor[[]analysis.SourceLine](), node, doc)
	case typ.Kind() == reflect.Pointer:
		compareFields(t, where, typ.Elem(), node, doc)
	case typ.Kind() == reflect.Slice:
		compareFields(t, where+"[]", typ.Elem(), node["items"].(map[string]any), doc)
	case typ.Kind() == reflect.Struct:
		properties := node["properties"].(map[string]any)
		if node["additionalProperties"] != false {
			t.Errorf("%s: additional properties are allowed", where)
		}
		required := map[string]bool{}
		for _, name := range node["required"].([]any) {
			required[name.(string)] = true
		}
		seen := map[string]bool{}
		for _, f := range reflect.VisibleFields(typ) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || name == "-" || name == "" {
				continue
			}
			seen[name] = true
			property, ok := properties[name].(map[string]any)
			if !ok {
				t.Errorf("%s.%s: not in the schema", where, name)
				continue
			}
			if optional := strings.HasPrefix(options, "omit"); optional == required[name] {
				t.Errorf("%s.%s: optional is %v in the report, and %v in the schema", where, name, optional, !required[name])
			}
			compareFields(t, where+"."+name, f.Type, property, doc)
		}
		for name := range properties {
			if !seen[name] {
				t.Errorf("%s.%s: in the schema alone", where, name)
			}
		}
	}
}

// A report that is written, read and written again is the same to the byte.
func TestJSONIsLossless(t *testing.T) {
	for name, r := range reports(t) {
		t.Run(name, func(t *testing.T) {
			once := asJSON(t, r)
			read, err := render.Read(bytes.NewReader(once))
			if err != nil {
				t.Fatal(err)
			}
			if again := asJSON(t, read); !bytes.Equal(once, again) {
				t.Errorf("not the same:\n%s", firstDifference(once, again))
			}
		})
	}
}

// No text of a report acts on a terminal that shows its JSON, and none is lost.
func TestBehaviour13_JSONEscapesWhatActs(t *testing.T) {
	r := public(t)
	hostile := "\x1b[31m\u202egnp\u200b\u009b2J\x7f\U000e0041\ufffd\xffend <&>"
	r.Findings[0].Says(analysis.Words{Summary: hostile, Explanation: hostile})
	once := asJSON(t, r)
	for _, c := range string(once) {
		if c != '\n' && (c < ' ' || c == 0x7f || c == 0x9b || c == 0x202e || c == 0x200b || c == 0xe0041) {
			t.Errorf("%U is in the output", c)
		}
	}
	read, err := render.Read(bytes.NewReader(once))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := read.Findings[0].Tell().Summary, strings.ToValidUTF8(hostile, "\ufffd"); got != want {
		t.Errorf("read %q, want %q", got, want)
	}
	if !bytes.Equal(once, asJSON(t, read)) {
		t.Error("not the same when written again")
	}
	if !bytes.Contains(once, []byte("<&>")) {
		t.Error("HTML is escaped, so that the text cannot be read")
	}
}

func TestReadRefuses(t *testing.T) {
	good := string(asJSON(t, public(t)))
	torn := public(t)
	torn.HeatMap.Rows = torn.HeatMap.Rows[1:]
	for name, test := range map[string]struct{ text, want string }{
		"nothing":                  {"", "unexpected end of JSON input"},
		"another schema":           {`{"schema": "deconflict-report/9"}`, "deconflict-report/1"},
		"an unknown field":         {strings.Replace(good, `"program"`, `"programme"`, 1), `unknown field "programme"`},
		"a second report":          {good + good, "invalid character '{' after top-level value"},
		"a heat map without a row": {string(asJSON(t, torn)), "the heat map has"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := render.Read(strings.NewReader(test.text))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
}
