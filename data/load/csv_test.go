package load_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"deconflict/data"
	"deconflict/data/load"
)

// A number that could mean two is refused, and an option settles it. What a column's other numbers leave no doubt about is read, and told.
func TestBehaviour08_DecimalMarksAreCertainOrSaid(t *testing.T) {
	const either = ", wanted a number with one meaning: it could be "
	for _, c := range []struct {
		name      string
		separator string
		decimal   rune
		numbers   string // between blanks; ~ is a blank in a number
		want      string // the quantities, or else part of what is said
	}{
		{"plain", ";", 0, "12 0.85 0,5 007", "12 0.85 0.5 7"},
		{"a comma that can only be decimal", ";", 0, "12,5 3", "12.5 3"},
		{"three decimals beside it", ";", 0, "12,5 1,250", "12.5 1.25"},
		{"a group of thousands beside it", ";", 0, "12,5 1.250", "12.5 1250"},
		{"three decimals after a point, beside another point", ";", 0, "12.5 1.250", "12.5 1.25"},
		{"a group of thousands beside a point", ";", 0, "12.5 1,250", "12.5 1250"},
		{"no other number", ";", 0, "12 1,250", `"1,250"` + either + "1.250 or 1250"},
		{"no other number, with a point", ";", 0, "12 1.250", `"1.250"` + either + "1.250 or 1250"},
		{"both marks in one column", ";", 0, "12.5 12,5 1.250", `"1.250"` + either},
		{"the option says commas", ";", ',', "12 1,250 1.250 1.250,5", "12 1.25 1250 1250.5"},
		{"the option says points", ";", '.', "12 1,250 1.250 1,250.5", "12 1250 1.25 1250.5"},
		{"the other mark than the option's", ";", ',', "12.5", `"12.5", wanted a number with a decimal comma`},
		{"the other mark than the option's, the other way", ";", '.', "12,5", `"12,5", wanted a decimal number`},
		{"a tab as separator", "\t", 0, "12,5", "12.5"},
		{"decimal commas throughout a file with commas", ",", 0, "12,5 1,250 0,5", "12.5 1.25 0.5"},
		{"but for one", ",", 0, "12,5 3", `"12,5", wanted a decimal number ≥ 0 such as 12 or 0.85 (did you mean 12.5?)`},
		{"a point in a file with commas", ",", 0, "1.250 12.5", "1.25 12.5"},
		{"thousands in a file with commas", ",", 0, "1,250", `"1,250", wanted a decimal number`},
		{"thousands without doubt", ",", 0, "1,250,000 1,250.5 12~500 12'500 1.250.000 1.250,5", "1250000 1250.5 12500 12500 1250000 1250.5"},
		{"wrong groups", ";", 0, "1,25,000", `"1,25,000", wanted a decimal number`},
		{"groups of two kinds", ";", 0, "1'250~000", `"1'250 000", wanted a decimal number`},
		{"no digits", ";", 0, ",5", `",5", wanted a decimal number`},
		{"a sign", ";", 0, "-1,5", `"-1,5", wanted a decimal number`},
	} {
		var text strings.Builder
		text.WriteString(strings.ReplaceAll("id,nation,capability,quantity\n", ",", c.separator))
		for i, n := range strings.Fields(c.numbers) {
			cells := []string{string(rune('a' + i)), "FRA", "med-role2e", `"` + strings.ReplaceAll(n, "~", " ") + `"`}
			text.WriteString(strings.Join(cells, c.separator) + "\n")
		}
		ds, problems := load.Options{Decimal: c.decimal, Stdin: strings.NewReader(text.String())}.Files(t.Context(), "-")
		if ds == nil {
			if !strings.Contains(problems.Error(), c.want) {
				t.Errorf("%s: %v, want %s", c.name, problems, c.want)
			}
			continue
		}
		var got []string
		for _, h := range ds.Holdings {
			got = append(got, h.Quantity.String())
		}
		if diff := cmp.Diff(c.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}

// Each assumption about a file is told, and what settles it makes it certain.
func TestBehaviour08_FlagsSayWhatWasGuessed(t *testing.T) {
	const text = "id;nation;capability;quantity;statement\nh;FRA;med-role2e;1,5;D\xfcsseldorf\n"
	for _, c := range []struct {
		options load.Options
		want    string
	}{
		{load.Options{}, `stdin:1:1: warning: separator ; assumed (--separator says which it is)
stdin:2:18: warning: quantity: "1,5" is read as 1.5: commas are decimal commas in this column (--decimal says which mark is which)
stdin:2:23: warning: the text is not UTF-8: read as Windows-1252 (--encoding says which it is)
`},
		{load.Options{Encoding: "windows-1252", Separator: ';', Decimal: ','}, ""},
		{load.Options{Encoding: "ISO-8859-15", Separator: ';', Decimal: ','}, ""},
		{load.Options{Encoding: "utf-8", Separator: ';', Decimal: ','}, "stdin:2:23: byte 0xFC at offset 62 is not UTF-8 (save the file as UTF-8, or name its encoding with --encoding)\n"},
		{load.Options{Encoding: "windows-1253", Separator: ';', Decimal: ','}, ""},
		{load.Options{Encoding: "windows", Separator: ';', Decimal: ','}, `is to be read as "windows", wanted one of utf-8, utf-16, utf-16le, utf-16be, iso-8859-1, `},
	} {
		c.options.Stdin = strings.NewReader(text)
		_, problems := c.options.Files(t.Context(), "-")
		if got := told(problems); got != c.want && (c.want == "" || !strings.Contains(got, c.want)) {
			t.Errorf("%+v (-want +got)\n%s", c.options, cmp.Diff(c.want, got))
		}
	}
	if ds, problems := load.Files(t.Context(), "-"); ds != nil || problems.Error() != "stdin: there is no standard input" {
		t.Errorf("without standard input: %v", problems)
	}
	ds, problems := load.Options{Decimal: ',', Stdin: strings.NewReader("id,nation,capability,quantity\nh,FRA,med-role2e,\"2,5\"\n")}.Change(t.Context(), baseOf(t), "-")
	if ds == nil || ds.Holdings[0].Quantity != data.Known(data.One*5/2) {
		t.Errorf("a change: %v", problems)
	}
}

// A file that is something else than its name says is refused with what it is.
func TestKinds(t *testing.T) {
	dir := t.TempDir()
	old := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	for _, c := range []struct{ name, text, want string }{
		{"a.xls", old + "W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00", "is an old Excel workbook (.xls), wanted CSV, XLSX, JSON or a zip archive of CSV (save it as XLSX)"},
		{"a.xlsx", old + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", "is a workbook or document that a password protects"},
		{"b.xlsx", "id;nation\n", "is text, wanted an XLSX workbook as the name says (rename it or save it as what it is called)"},
		{"c.xlsx", string(load.Zipped(t, load.Part{Name: "targets.csv"})), "is a zip archive, wanted an XLSX workbook as the name says"},
		{"d.csv", string(load.Zipped(t, load.Part{Name: "targets.csv"})), "is a zip archive, wanted text as the name says"},
		{"e.ods", string(load.Zipped(t, load.Part{Name: "mimetype"})), "is an OpenDocument spreadsheet or text, wanted"},
		{"f.xlsx", string(load.Zipped(t, load.Part{Name: "xl/workbook.bin"})), "is a binary workbook (.xlsb), wanted"},
		{"g.zip", string(load.Zipped(t, load.Part{Name: "word/document.xml"})), "is a Word document, wanted"},
		{"h.xls", "<html><table>", "is a web page, wanted"},
		{"i.csv", "%PDF-1.7", "is a PDF document, wanted"},
		{"j.json", "id,nation\n", "is text, wanted JSON as the name says"},
		{"k.csv", "{}", "is JSON, wanted text as the name says"},
	} {
		if ds, problems := load.Files(t.Context(), writeFile(t, dir, c.name, c.text)); ds != nil || len(problems) != 1 || !strings.Contains(problems.Error(), c.name+": "+c.want) {
			t.Errorf("%s: %v, want %s", c.name, problems, c.want)
		}
	}
	_, problems := load.FS(t.Context(), ".", fstest.MapFS{"targets.csv": {Data: load.Zipped(t)}})
	if got := told(problems); got != "targets.csv: is a zip archive, wanted CSV (save each table as CSV in UTF-8)\n" {
		t.Error(got)
	}
}
