package load

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"deconflict/data"
)

// What stands at the place of a problem, in every format. By hand: the places are those of the values.
func TestInspect(t *testing.T) {
	sheet := strings.Replace(smallSheet, "<x:v>FRA</x:v>", "<x:v>Frnace</x:v>", 1)
	for name, c := range map[string]struct {
		text []byte
		at   data.Position
		want data.Spot
	}{
		"quoted": {
			[]byte("id,nation,capability\r\nh1, \"Fr\"\"nace\",med-lab\r\n"), data.Position{File: "stdin", Line: 2, Column: 5},
			data.Spot{Label: "2", Before: "h1, ", Value: `"Fr""nace"`, After: ",med-lab"},
		},
		"certain": {
			[]byte("id,nation,capability,until\nh1,FRA,med-lab,31.12.2030\n"), data.Position{File: "stdin", Line: 2, Column: 16},
			data.Spot{Label: "2", Before: "h1,FRA,med-lab,", Value: "31.12.2030", Fix: "2030-12-31", Certain: true},
		},
		"a line too short": {
			[]byte("id,nation,capability\nh1,FRA\n"), data.Position{File: "stdin", Line: 2}, data.Spot{Label: "2", After: "h1,FRA"},
		},
		"a long line": {
			[]byte("statement,id,nation,capability\n" + strings.Repeat("é", 500) + ",h1,Frnace,med-lab\n"), data.Position{File: "stdin", Line: 2, Column: 505},
			data.Spot{Label: "2", Before: "…" + strings.Repeat("é", nearby-4) + ",h1,", Value: "Frnace", After: ",med-lab"},
		},
		"damaged CSV": {
			[]byte("id,nation,capability\nh\"1,FRA,med-lab\n"), data.Position{File: "stdin", Line: 2, Column: 2},
			data.Spot{Label: "2", Before: "h", Value: `"1,FRA,med-lab`},
		},
		"JSON": {
			[]byte(`{"holdings":[{"id":"h1","nation":"FRA","capability":"med-lab"},{"id":"h2","nation":"Fr\"nace","capability":"med-lab"}]}`),
			data.Position{File: "stdin", Line: 1, Column: 84},
			data.Spot{Label: "1", Cell: "/holdings/1/nation", Before: `{"holdings":[{"id":"h1","nation":"FRA","capability":"med-lab"},{"id":"h2","nation":`, Value: `"Fr\"nace"`, After: `,"capability":"med-lab"}]}`},
		},
		"damaged JSON": {
			[]byte("{\"holdings\": [\n{]}"), data.Position{File: "stdin", Line: 2, Column: 2},
			data.Spot{Label: "2", Before: "{", Value: "]", After: "}"},
		},
		"workbook": {
			Zipped(t, smallWorkbook(sheet)...), data.Position{File: "stdin", Sheet: "holdings", Line: 2, Column: 2},
			data.Spot{Label: "B2", Cell: "B2", Value: "Frnace"},
		},
	} {
		in := Options{Stdin: bytes.NewReader(c.text)}.Inspect(t.Context(), "-")
		if got, ok := in.Spots[c.at]; !ok || got != c.want {
			t.Errorf("%s at %s: %+v\nwant %+v\nproblems %v", name, c.at, got, c.want, in.Problems)
		}
	}
	if in := (Options{Stdin: strings.NewReader("id,nation,capability\nh1,France,med-lab\n")}).Inspect(t.Context(), "-"); in.Dataset == nil || len(in.Spots) > 0 {
		t.Errorf("a dataset without a problem: %+v", in)
	}
}

// Every column that is said to hold a word or a value is a column, and every word of a closed list is one that is read.
func TestContents(t *testing.T) {
	for column, c := range contents {
		if !slices.ContainsFunc(tables, func(t *table) bool { return slices.Contains(t.columns, column) }) {
			t.Errorf("no table has the column %s", column)
		}
		if (c == data.ListedWord) != (len(listed(column)) > 0) {
			t.Errorf("%s has the words %q", column, listed(column))
		}
	}
}
