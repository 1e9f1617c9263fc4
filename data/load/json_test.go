package load_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A document is read strictly: what a lenient reader would settle by itself, such as a key that stands twice, is refused with its place.
func TestBehaviour10_DocumentsAreReadStrictly(t *testing.T) {
	for _, c := range []struct{ name, text, want, records string }{
		{
			"exact numbers",
			`{"as_of": "2026-06-30", "marking": "NOTIONAL", "holdings": [
 {"id": 1, "country": "FRA", "capability": "med-role2e", "qty": 0.1, "readiness_days": 1e2},
 {"id": "2", "country": "\u0046RA", "capability": "med-role2e", "qty": 12.50e1, "readiness_days": null}]}`,
			"", "holding 1: FRA med-role2e 0.1 facility, always; marking NOTIONAL; readiness 100\nholding 2: FRA med-role2e 125 facility, always; marking NOTIONAL\n",
		},
		{"a table without rows", `{"as_of": "2026-06-30", "targets": [], "pledges": null, "holdings": [{"id": "a", "nation": "FRA", "capability": "med-role1"}]}`, "", "holding a: FRA med-role1 unknown facility, always\n"},
		{
			"a key that stands twice", "{\n\"holdings\": [{\"id\": \"a\", \"id\": \"b\"}]}",
			"stdin:2:26: the key \"id\" stands twice in one object; nothing of the document is read\n", "",
		},
		{
			"a key in another case", `{"Holdings": [], "targets": [{"ID": "a", "process": "NDPP", "nation": "FRA", "capability": "med-role2e"}]}`,
			"stdin:1:2: \"Holdings\" is no table: the case of keys counts (did you mean holdings?)\nstdin:1:31: id: \"ID\" is no column: the case of keys counts (did you mean id?)\n", "",
		},
		{
			"a column that stands twice", `{"as_of": "2026-06-30", "holdings": [{"id": "a", "nation": "FRA", "country": "FRA", "capability": "med-role1"}]}`,
			"stdin:1:67: nation: \"country\" stands for the same column as \"nation\", wanted one of them\n", "",
		},
		{"trailing text", `{"holdings": []} {}`, "stdin:1:19: text follows the end of the document; nothing of the document is read\n", ""},
		{"bad UTF-8", "{\"holdings\": [{\"id\": \"\xff\"}]}", "stdin:1:23: invalid UTF-8; nothing of the document is read\n", ""},
		{"cut short", `{"holdings": [{"id": "a"`, "stdin:1:25: the document ends too early; nothing of the document is read\n", ""},
		{"a comma too many", "{\"holdings\": [],\n}", "stdin:1:16: invalid character ',' at start of value; nothing of the document is read\n", ""},
		{
			"missing, null and nested", `{"as_of": "2026-06-30", "holdings": [
{"id": "a", "nation": "FRA", "capability": "med-role1"},
{"id": null, "nation": "FRA", "capability": "med-role1", "quantity": "1,5"},
{"id": "c", "capability": "med-role1", "quantity": "1.5", "unit": true, "note": {}},
{"id": "d", "capability": "med-role1"},
{"id": "e", "nation": ["FRA"], "capability": {"code": "med-role1"}}]}`,
			`stdin:3:8: id: is empty, wanted a value
stdin:3:70: quantity: "1,5", wanted a decimal number ≥ 0 such as 12 or 0.85 (did you mean 1.5?)
stdin:4:67: unit: is the truth value true, wanted a string or a number
stdin:4:73: warning: "note" is no column of holdings: its values are ignored
stdin:5:1: nation: is empty, wanted a value
stdin:6:23: nation: is an array, wanted a string or a number
stdin:6:46: capability: is an object, wanted a string or a number
`, "",
		},
		{
			"the wrong shape", `{"as_of": 2026, "schemes": [], "titel": "x", "targets": {}, "holdings": [1]}`,
			`stdin:1:11: as_of: is a number, wanted a string
stdin:1:28: schemes: is an array, wanted an object of objects of strings
stdin:1:32: warning: "titel" is no table and says nothing that is known about a dataset: it is ignored (did you mean title?)
stdin:1:57: targets: is an object, wanted an array of objects
stdin:1:74: holdings: holds a number, wanted objects alone
`, "",
		},
		{"an array", `[{"id": "a"}]`, "stdin:1:1: is no JSON object, wanted one with tables as arrays: {\"targets\": [{…}]}\n", ""},
		{"no table", `{"as_of": "2026-06-30"}`, "stdin: holds no table, wanted arrays named after one of sources, nations, processes, capabilities, memberships, crosswalk, glossary, initiatives, action_items, requirements, targets, pledges, holdings, participants, contributions, relations, action_links\n", ""},
	} {
		ds, problems := piped(t, []byte(c.text))
		if diff := cmp.Diff(c.want, told(problems)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.records, records(ds)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}
