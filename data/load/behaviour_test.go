package load_test

import (
	"fmt"
	"strings"
	"testing"

	"deconflict/data"
	"deconflict/data/load"
)

// cell reads a holding with a value in one column, from every format, and returns what is said of it.
func cell(t *testing.T, column, value string) map[string]string {
	t.Helper()
	w := newWorkbook(t, "holdings")
	w.rows("holdings", 1, []any{"id", "nation", "capability", column}, []any{"h", "FRA", "med-role2e", value})
	out := map[string]string{}
	for format, text := range map[string][]byte{
		"CSV":  []byte(fmt.Sprintf("id,nation,capability,%s\nh,FRA,med-role2e,%s\n", column, value)),
		"JSON": []byte(fmt.Sprintf(`{"holdings": [{"id": "h", "nation": "FRA", "capability": "med-role2e", %q: %q}]}`, column, value)),
		"XLSX": w.bytes(),
	} {
		ds, problems := piped(t, text)
		out[format] = told(problems)
		if ds != nil {
			out[format] = "read as " + ds.Holdings[0].Quantity.String() + ds.Holdings[0].Period.String() + out[format]
		}
	}
	return out
}

// A day that could be two is refused, with both; one that is written otherwise, with the one that it must be. Neither is guessed.
func TestBehaviour08_AmbiguousDatesAreRefused(t *testing.T) {
	for value, want := range map[string]string{
		"03/04/2030": "it could be 2030-04-03 or 2030-03-04: write it out",
		"31.12.2030": "did you mean 2030-12-31?",
		"2030/12/31": "did you mean 2030-12-31?",
		"1.2.30":     "wanted a date as YYYY, YYYY-MM or YYYY-MM-DD",
		"2030-02-30": "there is no such day",
	} {
		for format, said := range cell(t, "from", value) {
			if !strings.HasPrefix(said, "stdin:") || !strings.Contains(said, want) {
				t.Errorf("%s %s: %s\nwant %s", format, value, said, want)
			}
		}
	}
}

// A number is digits, with a decimal point or comma where that is certain, and nothing that a library would take for one besides.
func TestBehaviour09_OnlyPlainNumbersAreRead(t *testing.T) {
	for _, value := range []string{"NaN", "nan", "Inf", "-Inf", "+Infinity", "0x1F", "0b11", "0o7", "1_000", "1e400", "1E5", "+5", "-5", "--5", ".5", "5.", "٣", "１２", "1/2", "99999999999999999999", "2000000000001", "0.0000001"} {
		for format, said := range cell(t, "quantity", value) {
			if !strings.HasPrefix(said, "stdin:") || !strings.Contains(said, "quantity: ") || !strings.Contains(said, ", wanted a ") {
				t.Errorf("%s %s: %s", format, value, said)
			}
		}
	}
	for value, want := range map[string]string{"0": "0", "12": "12", "0.000001": "0.000001", "2000000000000": "2000000000000", "007": "7"} {
		for format, said := range cell(t, "quantity", value) {
			if said != "read as "+want+"always" {
				t.Errorf("%s %s: %s", format, value, said)
			}
		}
	}
	// By hand: two of the largest are more than all that a dataset may hold, so that no sum of an analysis overflows.
	const largest = "2000000000000"
	_, problems := piped(t, []byte("id,nation,capability,quantity\na,FRA,med-role2e,"+largest+"\nb,DEU,med-role2e,0.000001\n"))
	if errors := problems.Of(data.Error); len(errors) != 1 || errors[0].Line != 3 || !strings.Contains(errors[0].Message, "add up to more than "+largest) {
		t.Errorf("too much in all: %v", problems)
	}
}

// Numbers that a workbook or a document holds as numbers are as exact as they are shown, and neither NaN nor infinite.
func TestBehaviour09_NumbersOfFormats(t *testing.T) {
	for number, want := range map[string]string{"1e400": "", "-1": "", "1e2": "100", "0.1": "0.1", "1e-7": "", "12345678901234567890": ""} {
		ds, problems := piped(t, []byte(`{"holdings": [{"id": "h", "nation": "FRA", "capability": "med-role2e", "quantity": `+number+`}]}`))
		switch {
		case want == "" && (ds != nil || !strings.Contains(problems.Error(), "quantity: ")):
			t.Errorf("%s: %v", number, problems)
		case want != "" && (ds == nil || ds.Holdings[0].Quantity.String() != want):
			t.Errorf("%s: %v, want %s", number, problems, want)
		}
	}
	if ds, problems := load.Files(t.Context(), "../../testdata/hostile/files/numbers.json"); ds != nil || problems[0].Line == 0 && len(problems) < 2 {
		t.Errorf("numbers.json is read: %v", problems)
	}
}

// Whatever the hostile files hold, reading them ends with a dataset or with an error in its place.
func TestBehaviour12_HostileFilesAreRefusedOrRead(t *testing.T) {
	for name, want := range map[string]string{
		"quotes.csv": "quote", "nul.csv": "control character U+0000", "old-line-ends.csv": "control character U+000D", "utf-16-half.csv": "UTF-16",
		"escape.csv": "control character U+001B", "wide.csv": "301 columns", "numbers.csv": `"NaN", wanted`, "dates.csv": "it could be",
		"twice.json": "stands twice", "case.json": "the case of keys counts", "deep.json": "holds an array", "surrogate.json": "nothing of the document is read",
		"package.json": "as_of: is a number",
	} {
		ds, problems := load.Files(t.Context(), "../../testdata/hostile/files/"+name)
		if ds != nil || !strings.Contains(problems.Error(), want) {
			t.Errorf("%s: %v\nwant %s", name, problems, want)
		}
	}
	for _, name := range []string{"latin.csv", "formula.csv"} {
		if ds, problems := load.Files(t.Context(), "../../testdata/hostile/files/"+name); ds == nil {
			t.Errorf("%s: %v", name, problems)
		}
	}
}
