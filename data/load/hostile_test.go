package load

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"deconflict/data"
)

// bomb is an archive with one entry of many megabytes of zeros, of which it declares as many as it is told to.
func bomb(tb testing.TB, name string, megabytes int, declared uint64) []byte {
	tb.Helper()
	var one, whole, archive bytes.Buffer
	w, err := flate.NewWriter(&one, flate.BestCompression)
	if err != nil {
		tb.Fatal(err)
	}
	w.Write(make([]byte, 1<<20))
	w.Flush() // a block that stands for itself, so that it may be repeated
	for range megabytes {
		whole.Write(one.Bytes())
	}
	whole.WriteString("\x01\x00\x00\xff\xff") // the last block, which is empty
	z := zip.NewWriter(&archive)
	entry, err := z.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(make([]byte, min(declared, 1<<20))),
		CompressedSize64: uint64(whole.Len()), UncompressedSize64: declared,
	})
	if err == nil {
		_, err = entry.Write(whole.Bytes())
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		tb.Fatal(err)
	}
	return archive.Bytes()
}

// An archive of 2 MB that expands to 2 GB is refused before it is expanded; one that says it expands to 1 MB is expanded no further than
// that.
func TestBehaviour11_BombsAreNotExpanded(t *testing.T) {
	for _, c := range []struct {
		name     string
		declared uint64
		want     string
	}{
		{"targets.csv", 2 << 30, "stdin: expands to more than 256 MB, which is the most that is read"},
		{"xl/worksheets/sheet1.xml", 2 << 30, "stdin: expands to more than 256 MB, which is the most that is read"},
		{"targets.csv", 1 << 20, `stdin: "targets.csv" in it is damaged: not a valid zip file`},
	} {
		text := bomb(t, c.name, 2<<10, c.declared)
		if len(text) < 1<<20 || len(text) > 3<<20 {
			t.Fatalf("the archive has %d bytes, wanted about 2 MB", len(text))
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, problems := Options{Stdin: bytes.NewReader(text)}.Files(t.Context(), "-")
		runtime.ReadMemStats(&after)
		if n := len(problems); n == 0 || !strings.HasPrefix(problems.Error(), c.want) {
			t.Errorf("%v, want %s", problems, c.want)
		}
		if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 50 {
			t.Errorf("%s: %d MB were allocated", c.want, n)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(bomb(t, "x", 64, 1<<20)), int64(len(bomb(t, "x", 64, 1<<20))))
	if err != nil {
		t.Fatal(err)
	}
	var read counter
	if err := expand(z.File[0], &read); err == nil || read > 1<<20+1 {
		t.Errorf("%d bytes were expanded: %v", read, err)
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// smallWorkbook is a workbook in the fewest words, with the prefixes that some programs write.
func smallWorkbook(sheet string) []Part {
	const header = `<?xml version="1.0" encoding="UTF-8"?>`
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	return []Part{
		{"_rels/.rels", header + `<Relationships><Relationship Id="a" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", header + `<x:workbook xmlns:x="m" xmlns:r="` + rel + `"><x:workbookPr date1904="1"/><x:sheets><x:sheet name="holdings" sheetId="1" r:id="s"/></x:sheets></x:workbook>`},
		{"xl/_rels/workbook.xml.rels", header + `<Relationships><Relationship Id="s" Type="` + rel + `/worksheet" Target="/xl/sheet.xml"/>` +
			`<Relationship Id="t" Type="` + rel + `/sharedStrings" Target="strings.xml"/><Relationship Id="u" Type="` + rel + `/styles" Target="styles.xml"/></Relationships>`},
		{"xl/strings.xml", header + `<x:sst xmlns:x="m"><x:si><x:r><x:t>med-</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh><x:r><x:t>role_x0032_e</x:t></x:r></x:si></x:sst>`},
		{"xl/styles.xml", header + `<x:styleSheet xmlns:x="m"><x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="14"/></x:cellXfs></x:styleSheet>`},
		{"xl/sheet.xml", header + sheet},
	}
}

const smallSheet = `<x:worksheet xmlns:x="m"><x:sheetData>` +
	`<x:row><x:c t="str"><x:v>id</x:v></x:c><x:c t="inlineStr"><x:is><x:t>nation</x:t></x:is></x:c><x:c t="str"><x:v>capability</x:v></x:c>` +
	`<x:c t="str"><x:v>from</x:v></x:c><x:c t="str"><x:v>statement</x:v></x:c></x:row>` +
	`<x:row><x:c><x:v>1E3</x:v></x:c><x:c t="str"><x:v>FRA</x:v></x:c><x:c t="s"><x:v>0</x:v></x:c><x:c s="1"><x:v>366</x:v></x:c>` +
	`<x:c t="str"><x:f>""</x:f><x:v></x:v></x:c></x:row>` +
	`</x:sheetData></x:worksheet>`

// What a workbook need not say it need not say: cells without names, rows without numbers. What it says must be well-formed and whole.
func TestSmallWorkbook(t *testing.T) {
	ds, problems := Options{Stdin: bytes.NewReader(Zipped(t, smallWorkbook(smallSheet)...))}.Files(t.Context(), "-")
	if ds == nil || len(ds.Holdings) != 1 {
		t.Fatal(problems)
	}
	// By hand: day 366 of the calendar that counts from 1904-01-01, a leap year, is 1905-01-01.
	if h := ds.Holdings[0]; h.ID() != "1000" || h.Capability != "med-role2e" || h.Period.From != data.Day(1905, 1, 1) || h.Statement() != "" {
		t.Errorf("%+v", h)
	}
	for _, c := range []struct{ name, old, to, want string }{
		{"cut off", `</x:sheetData></x:worksheet>`, `<x:row`, "stdin:holdings:2: the sheet is damaged: XML syntax error on line 1: unexpected EOF; the rest of it is not read"},
		{"cut off between rows", `</x:sheetData></x:worksheet>`, ``, "stdin:holdings:2: the sheet is damaged: unexpected EOF"},
		{"crossed", `</x:sheetData></x:worksheet>`, `</x:worksheet></x:sheetData>`, "the XML closes <worksheet>, which is not open"},
		{"a second root", `</x:worksheet>`, `</x:worksheet><x/>`, "the XML goes on after its end"},
		{"a definition of types", `<x:worksheet xmlns`, `<!DOCTYPE x [<!ENTITY a "b">]><x:worksheet xmlns`, "the XML has a document type definition"},
		{"an unknown entity", `1E3`, `&a;`, "invalid character entity &a;"},
		{"an endless nest", `<x:sheetData>`, strings.Repeat("<x:a>", 200) + `<x:sheetData>`, "the XML is more than 100 elements deep"},
		{"a text that is not there", `<x:v>0</x:v>`, `<x:v>1</x:v>`, "C2 names a text that the workbook has not"},
		{"a row before the one before it", `<x:row><x:c><x:v>1E3`, `<x:row r="1"><x:c><x:v>1E3`, "row 1 stands after row 1"},
		{"a cell of another row", `<x:c><x:v>1E3`, `<x:c r="A7"><x:v>1E3`, `cell "A7" stands in row 2 after column 0`},
		{"a number that is none", `1E3`, `0x10`, `A2 holds "0x10", which is no number`},
		{"a day that never was", `date1904="1"`, `date1904="0"`, ""},
		{"no such type", `t="s"`, `t="q"`, `C2 has the type "q"`},
		{"a merge that is none", `</x:worksheet>`, `<x:mergeCells><x:mergeCell ref="B2:A1"/></x:mergeCells></x:worksheet>`, `"B2:A1" is no range of cells`},
		{"no styles", `numFmtId="14"`, `numFmtId="14`, "is no workbook that can be read: xl/styles.xml: XML syntax error"},
		{"a part that is not there", `strings.xml"/>`, `texts.xml"/>`, "is no workbook that can be read: it lacks the part xl/texts.xml"},
		{"two sheets of one name", `</x:sheets>`, `<x:sheet name="Holdings" r:id="s"/></x:sheets>`, `two sheets are named "Holdings"`},
		{"two sheets of one part", `</x:sheets>`, `<x:sheet name="Holdings 2" r:id="s"/></x:sheets>`, "two sheets are the part xl/sheet.xml"},
		{"texts twice", `<Relationship Id="u"`, `<Relationship Id="v" Type="x/sharedStrings" Target="strings.xml"/><Relationship Id="u"`, "it has 2 parts of the kind sharedStrings"},
		{"no workbook", `/officeDocument"`, `/other"`, "it does not say which of its parts is the workbook"},
	} {
		parts := smallWorkbook(smallSheet)
		changed := 0
		for i := range parts {
			changed += strings.Count(parts[i].Text, c.old)
			parts[i].Text = strings.Replace(parts[i].Text, c.old, c.to, 1)
		}
		if changed == 0 {
			t.Fatalf("%s: nothing to change", c.name)
		}
		ds, problems := Options{Stdin: bytes.NewReader(Zipped(t, parts...))}.Files(t.Context(), "-")
		if (ds == nil) != (c.want != "") || !strings.Contains(problems.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, problems, c.want)
		}
	}
}

// An archive that leads out of itself, or that two programs could read in two ways, is refused before anything of it is used.
func TestBehaviour11_WrongArchivesAreRefused(t *testing.T) {
	many := make([]Part, maxEntries+1)
	for i := range many {
		many[i].Name = strconv.Itoa(i)
	}
	damaged := Zipped(t, Part{"targets.csv", "id,process,nation,capability\n"})
	damaged[bytes.Index(damaged, []byte("PK\x07\x08"))-3] ^= 1 // in the packed text
	for _, c := range []struct {
		name string
		text []byte
		want string
	}{
		{"a way out", Zipped(t, Part{"../targets.csv", ""}), `holds a file named "../targets.csv", wanted names within the archive`},
		{"an absolute name", Zipped(t, Part{"/etc/targets.csv", ""}), `holds a file named "/etc/targets.csv"`},
		{"a drive", Zipped(t, Part{`C:\targets.csv`, ""}), `wanted names within the archive`},
		{"a name twice", Zipped(t, Part{"targets.csv", ""}, Part{"Targets.csv", ""}), `holds two files named "Targets.csv", wanted one`},
		{"too many", Zipped(t, many...), "holds more than 10000 files"},
		{"cut off", Zipped(t, Part{"targets.csv", ""})[:40], "is no archive that can be read"},
		{"damaged", damaged, `"targets.csv" in it is damaged`},
		{"nothing", Zipped(t), "holds no table"},
	} {
		ds, problems := Options{Stdin: bytes.NewReader(c.text)}.Files(t.Context(), "-")
		if ds != nil || len(problems) != 1 || !strings.Contains(problems.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, problems, c.want)
		}
	}
}

// The rows of a workbook are those that excelize reads, which has another way to them.
func TestSameAsExcelize(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	f := excelize.NewFile()
	for range 500 {
		at, err := excelize.CoordinatesToCellName(1+random.IntN(60), 1+random.IntN(100))
		if err != nil {
			t.Fatal(err)
		}
		value := []any{random.IntN(1000), random.Float64(), "text " + strconv.Itoa(random.IntN(50)), "<&>\"é", 1e15, -2.5}[random.IntN(6)]
		if err := f.SetCellValue("Sheet1", at, value); err != nil {
			t.Fatal(err)
		}
	}
	text, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := f.GetRows("Sheet1", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for i, row := range raw {
		for j, cell := range row {
			if n, err := strconv.ParseFloat(cell, 64); err == nil { // it gives all digits
				cell = strconv.FormatFloat(n, 'g', 15, 64)
			}
			if cell != "" {
				want[cellName(i+1, j+1)] = cell
			}
		}
	}
	l := borrower("x")
	z := l.unpack("x", text.Bytes())
	b := &book{parts: map[string]*zip.File{}}
	for _, e := range z.File {
		b.parts[strings.ToLower(e.Name)] = e
	}
	sheets, err := b.read()
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.openSheet(b, sheets[0])
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for {
		err := s.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range s.cells {
			cell := c.text
			if n, err := strconv.ParseFloat(cell, 64); err == nil {
				cell = strconv.FormatFloat(n, 'g', 15, 64)
			}
			if cell != "" {
				got[cellName(s.row, i+1)] = cell
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-excelize +got)\n%s", diff)
	}
}

// A format shows dates where a spreadsheet program would show one: colours, texts and digits do not make it one.
func TestDateFormats(t *testing.T) {
	for format, want := range map[string]bool{
		"General": false, "0.00": false, "#,##0": false, "0.00E+00": false, "@": false, `0" days"`: false, "[Red]0": false, "0%": false, `0\d`: false,
		"[$€-407]#,##0.00": false, `_-* #,##0.00\ "€"_-`: false,
		"yyyy-mm-dd": true, `dd\.mm\.yyyy`: true, "[$-407]d. mmmm yyyy": true, "dd/mm/yyyy;@": true, "[h]:mm": true, "mm:ss": true, "MMM YY": true,
	} {
		if got := isDateFormat(format); got != want {
			t.Errorf("%s shows dates: %v, want %v", format, got, want)
		}
	}
}

// Numbers have the 15 digits that a spreadsheet program shows, and days are those of its calendar.
func TestNumbersOfSheets(t *testing.T) {
	for value, want := range map[string]string{
		"0.30000000000000004": "0.3", "12": "12", "1E+05": "100000", "1.5E-3": "0.0015", "100000000000000000": "100000000000000000",
		"0.1": "0.1", "2.675": "2.675", "33.333333333333336": "33.3333333333333", "-4": "-4",
	} {
		if got, err := decimal(value); err != nil || got != want {
			t.Errorf("%s is %s (%v), want %s", value, got, err, want)
		}
	}
	for _, value := range []string{"NaN", "Inf", "0x10", "1_000", "", "1e999"} {
		if got, err := decimal(value); err == nil && value != "" {
			t.Errorf("%s is %s", value, got)
		}
	}
	for _, c := range []struct {
		value    string
		from1904 bool
		want     string
	}{
		{"1", false, "1900-01-01"}, {"59", false, "1900-02-28"}, {"60", false, ""}, {"61", false, "1900-03-01"}, {"46203", false, "2026-06-30"},
		{"44741", true, "2026-06-30"}, {"46203.5", false, "2026-06-30T12:00:00"}, {"0.25", false, "06:00:00"}, {"46202.9999999999", false, "2026-06-30"},
		{"-1", false, ""}, {"2958466", false, ""}, {"0", true, "1904-01-01"},
	} {
		b := book{from1904: c.from1904}
		if got, err := b.date(c.value); got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s is %s (%v), want %s", c.value, got, err, c.want)
		}
	}
}

// JSON numbers are read digit by digit.
func TestWithoutExponent(t *testing.T) {
	for number, want := range map[string]string{
		"1e3": "1000", "1.25E+1": "12.5", "1.25e2": "125", "1.25e-1": "0.125", "1e-3": "0.001", "-1.5e1": "-15", "0e5": "0", "0.001e3": "1", "1e31": "1e31", "12.50": "12.50",
	} {
		if got := withoutExponent(number); got != want {
			t.Errorf("%s is %s, want %s", number, got, want)
		}
	}
}
