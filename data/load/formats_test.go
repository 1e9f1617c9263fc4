package load_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"deconflict/data"
	"deconflict/data/load"
)

func writeFile(tb testing.TB, dir, name, text string) string {
	tb.Helper()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return file
}

// publicTables are the tables of the public dataset as texts.
func publicTables(tb testing.TB) map[string][][]string {
	tb.Helper()
	files, err := filepath.Glob("../public/*.csv")
	if err != nil || len(files) == 0 {
		tb.Fatal("no public tables")
	}
	tables := map[string][][]string{}
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			tb.Fatal(err)
		}
		rows, err := csv.NewReader(f).ReadAll()
		if err != nil {
			tb.Fatal(err)
		}
		f.Close()
		tables[strings.TrimSuffix(filepath.Base(file), ".csv")] = rows
	}
	return tables
}

// The same dataset as a folder, a workbook, a document and an archive is the same to the last record, whatever its format knows about
// types: the workbook has its numbers as numbers and its days as dates.
func TestFormats(t *testing.T) {
	tables := publicTables(t)
	properties := map[string]string{"title": "All of it", "version": "2", "as_of": "2026-06-30", "marking": "PUBLIC", "description": "A trial."}

	folder := t.TempDir()
	w := newWorkbook(t, "datapackage")
	document := map[string]any{}
	for name, value := range properties {
		document[name] = value
	}
	description, err := json.Marshal(properties)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, folder, "datapackage.json", string(description))
	archive := []load.Part{{Name: "plans/"}, {Name: "plans/datapackage.json", Text: string(description)}, {Name: "__MACOSX/x"}}
	row := 1
	for name, value := range properties {
		w.rows("datapackage", row, []any{name, value})
		row++
	}
	for name, rows := range tables {
		var text strings.Builder
		writer := csv.NewWriter(&text)
		if err := writer.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		writeFile(t, folder, name+".csv", text.String())
		archive = append(archive, load.Part{Name: "plans/" + name + ".csv", Text: text.String()})

		objects := []map[string]any{}
		for i, cells := range rows {
			typed := make([]any, len(cells))
			object := map[string]any{}
			for j, cell := range cells {
				typed[j], object[rows[0][j]] = cell, cell
				if n, err := strconv.ParseFloat(cell, 64); err == nil && i > 0 && strconv.FormatFloat(n, 'f', -1, 64) == cell {
					typed[j], object[rows[0][j]] = n, json.Number(cell)
				}
				if cell == "" {
					typed[j] = nil
					delete(object, rows[0][j])
				}
				if first, last, err := data.ParseDate(cell); err == nil && first == last && i > 0 {
					const before1900 = 693594 // days of data.Date up to 1899-12-30
					typed[j] = int(first) - before1900
				}
			}
			w.rows(name, i+1, typed)
			for j, cell := range cells {
				if first, last, err := data.ParseDate(cell); err == nil && first == last && i > 0 {
					at := string(rune('A'+j)) + strconv.Itoa(i+1)
					w.style(name, at, at, "yyyy-mm-dd")
				}
			}
			if i > 0 {
				objects = append(objects, object)
			}
		}
		document[name] = objects
	}
	text, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	read := func(path string) *data.Dataset {
		t.Helper()
		ds, problems := load.Files(t.Context(), path)
		if ds == nil || told(problems) != "" {
			t.Fatalf("%s: %v", filepath.Base(path), problems)
		}
		ds.Name = ""
		return ds
	}
	want := read(folder)
	dir := t.TempDir()
	for name, text := range map[string]string{"a.xlsx": string(w.bytes()), "a.json": string(text), "a.zip": string(load.Zipped(t, archive...))} {
		got := read(writeFile(t, dir, name, text))
		if diff := cmp.Diff(want, got, ignorePlaces, cmp.AllowUnexported(data.Vocabulary{})); diff != "" {
			t.Errorf("%s (-folder +it)\n%s", name, diff)
		}
		if got.Targets[0].File == want.Targets[0].File {
			t.Errorf("%s: the place is %s", name, got.Targets[0].Position())
		}
	}
}

// What LibreOffice Calc makes of a CSV file, with its own way to write dates and numbers, is read without a doubt.
func TestCalc(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	dir := t.TempDir()
	file := writeFile(t, dir, "targets.csv", "id,process,nation,capability,quantity,from,until\nt1,NDPP,POL,mob-rail,12.5,2027-01-01,2031\nt2,NDPP,DEU,mob-rail,,,\n")
	convert := exec.CommandContext(t.Context(), soffice, "--headless", "-env:UserInstallation=file://"+dir+"/profile", "--convert-to", "xlsx", "--outdir", dir, file)
	if out, err := convert.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want, _ := load.Files(t.Context(), file)
	got, problems := load.Files(t.Context(), filepath.Join(dir, "targets.xlsx"))
	if got == nil || told(problems) != "" {
		t.Fatal(problems)
	}
	if diff := cmp.Diff(records(want), records(got)); diff != "" {
		t.Errorf("(-CSV +XLSX)\n%s", diff)
	}
}
