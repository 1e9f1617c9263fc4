package load

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"deconflict/data"
)

// mended mends a file, or a folder of files.
func mended(t *testing.T, o Options, path string) *Mended {
	t.Helper()
	m, err := o.Mend(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func written(t *testing.T, dir, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// What a copy has otherwise, and by hand what it keeps: blanks before a cell, quotes where they stood, both kinds of line ends, an empty
// line, a row too short, the header with its synonyms, and whatever could mean two things.
const (
	messy = "id; Process ;country;capability;qty;held;start;due;Statement\r\n" +
		"t1;ndpp;Germany;Military rail lift;1.234,5;2 000;31.12.2027;2030/01/31;\"said \"\"so\"\" \"\r\n" +
		"\r\n" +
		"t2; NDPP ;\"Pays-Bas\";\"mob-RAIL\";12,5;\"1'500\";2027;03/04/2030; as it is ;\n" +
		"t3;NDPP;EL;mob-rail\n" +
		"t4;MM-pledge;fyrom ;Strategic airlift;1,125;0012;2027-1-2;2027-06;Österreich\n" +
		"t5;NATO;Holand;mob-rial;-1,5;1.500;02.03.2027;20300131;=1+1\n"
	clean = "id; Process ;country;capability;qty;held;start;due;Statement\r\n" +
		"t1;NDPP;DEU;mob-rail;1234.5;2000;2027-12-31;2030-01-31;\"said \"\"so\"\"\"\r\n" +
		"\r\n" +
		"t2; NDPP;\"NLD\";\"mob-rail\";12.5;\"1500\";2027;03/04/2030; as it is;\n" +
		"t3;NDPP;EL;mob-rail\n" +
		"t4;MM-PLEDGE;MKD;mob-strategic-airlift;1.1250;0012;2027-01-02;2027-06;Österreich\n" +
		"t5;NATO;Holand;mob-rial;-1,5;1.500;02.03.2027;2030-01-31;=1+1\n"
)

func TestMendCSV(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		encoding encoding.Encoding
		mark     string
		options  Options
	}{
		"utf-8":                       {encoding.Nop, "", Options{}},
		"utf-8 with a mark":           {encoding.Nop, mark, Options{}},
		"windows-1252":                {charmap.Windows1252, "", Options{}},
		"windows-1257, as told":       {charmap.Windows1257, "", Options{Encoding: "windows-1257"}},
		"utf-16 little":               {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "", Options{}},
		"utf-16 big":                  {unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "", Options{}},
		"utf-16 big, as told":         {unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "", Options{Encoding: "utf-16be"}},
		"utf-16 with a mark, told":    {unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "", Options{Encoding: "utf-16"}},
		"the separator as it is told": {encoding.Nop, "", Options{Separator: ';'}},
	} {
		t.Run(name, func(t *testing.T) {
			encode := func(s string) []byte {
				b, err := c.encoding.NewEncoder().Bytes([]byte(s))
				if err != nil {
					t.Fatal(err)
				}
				return append([]byte(c.mark), b...)
			}
			file := written(t, dir, "targets.csv", encode(messy))
			m := mended(t, c.options, file)
			if m.Folder || len(m.Files) != 1 || !bytes.Equal(m.Files[0].Text, encode(clean)) {
				t.Errorf("(-want +got)\n%s", cmp.Diff(string(encode(clean)), string(m.Files[0].Text)))
			}
			again := mended(t, c.options, written(t, dir, "again.csv", m.Files[0].Text))
			if len(again.Changes) > 0 {
				t.Errorf("what is mended is mended again: %v", again.Changes)
			}
		})
	}
}

// A code of another scheme becomes ours where the crosswalk knows it by that one exact mapping; one that is broader, narrower or only
// close stays, because our code says more than it.
func TestMendOldCodes(t *testing.T) {
	dir := t.TempDir()
	written(t, dir, "crosswalk.csv", []byte("subject_id,predicate_id,object_id\nold-1,exactMatch,mob-rail\nold-2,skos:closeMatch,mob-rail\nold-3,skos:exactMatch,mob-rail\nold-3,skos:broadMatch,med-lab\n"))
	written(t, dir, "holdings.csv", []byte("id,nation,capability,quantity\nh1,FRA,OLD-1,1\nh2,FRA,old-2,1\nh3,FRA,old-3,1\nh4,FRA,old-4,1\n"))
	m := mended(t, Options{}, dir)
	var got []string
	for _, c := range m.Changes {
		got = append(got, fmt.Sprintf("%s: %s: %s is %s", strings.TrimPrefix(c.Position.String(), filepath.ToSlash(dir)+"/"), c.Field, c.From, c.To))
	}
	want := []string{"crosswalk.csv:2:7: predicate_id: exactMatch is skos:exactMatch", "holdings.csv:2:8: capability: OLD-1 is mob-rail"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A folder is copied with all that is read of it, an archive with all that is in it, and a document keeps its own layout.
func TestMendFormats(t *testing.T) {
	const before, after = "id,nation,capability,quantity\nh1,France,med-lab,1\n", "id,nation,capability,quantity\nh1,FRA,med-lab,1\n"
	const about = `{"as_of": "2026-06-30", "resources": [{"name": "holdings", "path": "tables/h.csv"}]}`
	dir := t.TempDir()
	written(t, dir, "plan/datapackage.json", []byte(about))
	written(t, dir, "plan/tables/h.csv", []byte(before))
	for _, path := range []string{filepath.Join(dir, "plan"), filepath.Join(dir, "plan", "datapackage.json"), dir + "/./plan/"} {
		m := mended(t, Options{}, path)
		if want := []MendedFile{{"datapackage.json", []byte(about)}, {"tables/h.csv", []byte(after)}}; !m.Folder || !cmp.Equal(m.Files, want) {
			t.Errorf("%s: %s", path, cmp.Diff(want, m.Files))
		}
	}

	zipped := Zipped(t, Part{Name: "plan/"}, Part{"plan/datapackage.json", `{"as_of": "2026-06-30"}`}, Part{"plan/notes.txt", "as they are"}, Part{"plan/holdings.csv", before})
	m := mended(t, Options{}, written(t, dir, "plan.zip", zipped))
	want := []Part{{"plan/", ""}, {"plan/datapackage.json", `{"as_of": "2026-06-30"}`}, {"plan/notes.txt", "as they are"}, {"plan/holdings.csv", after}}
	if got := Unzipped(t, m.Files[0].Text); !slices.Equal(got, want) {
		t.Errorf("zip: %v", got)
	}

	const document = mark + `{ "as_of":"2026-06-30","holdings":[
		{"id": "h1\t", "nation":"Fran\u0063e", "capability": "med-lab" , "quantity":"1 234,5", "until":"31.12.2030", "held": 1e0},
		{"id":"h2","nation":"Fra\"nce","quantity":1.500}]}`
	wanted := strings.NewReplacer(`"h1\t"`, `"h1"`, `"Fran\u0063e"`, `"FRA"`, `"1 234,5"`, `"1234.5"`, `"31.12.2030"`, `"2030-12-31"`).Replace(document)
	m = mended(t, Options{}, written(t, dir, "plan.json", []byte(document)))
	if got := string(m.Files[0].Text); got != wanted {
		t.Errorf("JSON (-want +got)\n%s", cmp.Diff(wanted, got))
	}

	if _, err := (Options{}).Mend(t.Context(), filepath.Join(dir, "nowhere.csv")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// A workbook keeps everything but the cells that are mended: every other part to the last byte, and of the sheet the styles, widths,
// rules and formulas.
func TestMendWorkbook(t *testing.T) {
	f := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(f.SetSheetName("Sheet1", "targets"))
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	must(err)
	for i, row := range [][]any{
		{"A plan"},
		{"id", "process", "nation", "capability", "quantity", "until", "statement"},
		{"t1", "NDPP", "Allemagne", "Military rail lift", "1.234,5", "31.12.2030", " <b> & _x0041_ "},
		{"t2", "ndpp", "DEU", "mob-rail", 12.5, "2030", "x"},
	} {
		must(f.SetSheetRow("targets", fmt.Sprintf("A%d", i+1), &row))
	}
	must(f.SetCellStyle("targets", "E3", "E3", bold))
	must(f.SetCellFormula("targets", "C5", `"Fran"&"ce"`))
	must(f.SetCellValue("targets", "A5", "t3"))
	must(f.AddComment("targets", excelize.Comment{Cell: "C3", Author: "x", Paragraph: []excelize.RichTextRun{{Text: "a note"}}}))
	rule := excelize.NewDataValidation(true)
	rule.SetSqref("C3:C9")
	must(rule.SetDropList([]string{"DEU", "FRA"}))
	must(f.AddDataValidation("targets", rule))
	must(f.AddChart("targets", "J2", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Values: "targets!$E$3:$E$4"}}}))
	var book bytes.Buffer
	must(f.Write(&book))
	must(f.Close())

	dir := t.TempDir()
	m := mended(t, Options{}, written(t, dir, "plan.xlsx", book.Bytes()))
	var changes []string
	for _, c := range m.Changes {
		changes = append(changes, fmt.Sprintf("%s %s", cellName(c.Line, c.Column), c.To))
	}
	if want := []string{"C3 DEU", "D3 mob-rail", "E3 1234.5", "F3 2030-12-31", "G3 <b> & A", "B4 NDPP"}; !slices.Equal(changes, want) {
		t.Errorf("changes %q, want %q", changes, want)
	}
	before, after := Unzipped(t, book.Bytes()), Unzipped(t, m.Files[0].Text)
	for i, p := range before {
		if p.Name == "xl/worksheets/sheet1.xml" {
			if len(p.Text) == 0 || p.Text == after[i].Text {
				t.Error("the sheet is as it was")
			}
			continue
		}
		if p != after[i] {
			t.Errorf("%s has changed", p.Name)
		}
	}
	g, err := excelize.OpenReader(bytes.NewReader(m.Files[0].Text))
	must(err)
	defer g.Close()
	for cell, want := range map[string]string{"C3": "DEU", "E3": "1234.5", "G3": "<b> & A", "B4": "NDPP", "A1": "A plan", "E4": "12.5"} {
		if got, err := g.GetCellValue("targets", cell); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", cell, got, err, want)
		}
	}
	if kind, err := g.GetCellType("targets", "E3"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("E3 is of type %v, wanted a number: %v", kind, err)
	}
	if style, err := g.GetCellStyle("targets", "E3"); err != nil || style != bold {
		t.Errorf("E3 has the style %d, wanted %d: %v", style, bold, err)
	}
	if formula, err := g.GetCellFormula("targets", "C5"); err != nil || formula == "" {
		t.Errorf("the formula is gone: %v", err)
	}

	// The same with prefixes and cells that do not say where they are, and a signature, which no copy can keep.
	parts := smallWorkbook(strings.Replace(smallSheet, "<x:v>FRA</x:v>", "<x:v>France</x:v>", 1))
	m = mended(t, Options{}, written(t, dir, "small.xlsx", Zipped(t, parts...)))
	if sheet := Unzipped(t, m.Files[0].Text)[5].Text; !strings.Contains(sheet, `<x:c t="inlineStr"><x:is><x:t xml:space="preserve">FRA</x:t></x:is></x:c><x:c t="s">`) {
		t.Error(sheet)
	}
	signed := written(t, dir, "signed.xlsx", Zipped(t, append(parts, Part{"_xmlsignatures/sig1.xml", "<s/>"})...))
	if _, err := (Options{}).Mend(t.Context(), signed); err == nil || !strings.Contains(err.Error(), "signed") {
		t.Errorf("signed: %v", err)
	}
}

// ignoringPlaces compares what records say.
var ignoringPlaces = cmp.Options{cmpopts.IgnoreTypes(data.Position{}), cmpopts.EquateEmpty(), cmp.AllowUnexported(data.Vocabulary{})}

// FuzzMend holds of any table in any encoding that mending it changes nothing that was read of it, that the copy needs no mending, and
// that a cell is where it is said to be.
func FuzzMend(f *testing.F) {
	for _, text := range []string{messy, clean, "id,nation,capability,quantity\nh,\"Fran\"\"ce\",med-lab,\"1,5\"\n", "id\tnation\tcapability\nh\t \"FRA\t\n", "\xff\xfei\x00d\x00"} {
		f.Add([]byte(text))
	}
	for _, text := range hostile(f, ".csv") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		read := func(text []byte) (*data.Dataset, data.Problems) {
			return Options{Stdin: bytes.NewReader(text)}.Files(t.Context(), "-")
		}
		if kindOf(text) != kindText {
			return
		}
		m, err := Options{Stdin: bytes.NewReader(text)}.Mend(t.Context(), "-")
		if err != nil {
			var none data.Problems // nothing could be read
			if ds, _ := read(text); ds != nil && !strings.Contains(err.Error(), "encoding") || ds == nil && !errors.As(err, &none) && !strings.Contains(err.Error(), "encoding") {
				t.Fatal(err)
			}
			return
		}
		before, problems := read(text)
		after, left := read(m.Files[0].Text)
		if before != nil && after == nil {
			t.Fatalf("the copy cannot be read any more: %v", left)
		}
		if len(left.Of(data.Error)) > len(problems.Of(data.Error)) {
			t.Errorf("%v became %v", problems, left)
		}
		if before != nil {
			for _, ds := range []*data.Dataset{before, after} {
				ds.Problems = nil
			}
			if diff := cmp.Diff(before.Holdings, after.Holdings, ignoringPlaces); diff != "" {
				t.Errorf("(-before +after)\n%s", diff)
			}
		}
		in := Options{Stdin: bytes.NewReader(text)}.Inspect(t.Context(), "-")
		if len(in.Problems) != len(problems) {
			t.Errorf("%d problems are %d when they are looked at", len(problems), len(in.Problems))
		}
	})
}

// FuzzCells holds that cells are found where encoding/csv finds them.
func FuzzCells(f *testing.F) {
	for _, text := range []string{messy, clean, "a,b\r\n\r\n\"c\n\"\"d\",e\r\n", " a , \"b\",\n,,\n\n", "a\rb,c\r", "\"a", "é,ü\nñ"} {
		f.Add([]byte(text), uint8(0))
		f.Add([]byte(text), uint8(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, separator uint8) {
		comma := []rune(",;\t")[separator%3]
		r := newReader(text, comma)
		c := cells{text: text, comma: comma}
		for {
			want, err := r.Read()
			if err != nil {
				return
			}
			got, ok := c.next()
			line, _ := r.FieldPos(0)
			if !ok || len(got) != len(want) || c.line != line {
				t.Fatalf("row %q in line %d: found %v in line %d", want, line, got, c.line)
			}
			for i, e := range got {
				cell := strings.ReplaceAll(string(text[e.start:e.end]), "\r\n", "\n")
				if e.quoted(text) {
					cell = strings.ReplaceAll(cell[1:len(cell)-1], `""`, `"`)
				}
				if cell != want[i] {
					t.Fatalf("cell %d of %q: %q", i, want, cell)
				}
			}
		}
	})
}
