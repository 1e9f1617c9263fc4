package main

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// placed matches what a report says about where a record stands, and what the dataset is called.
var placed = regexp.MustCompile(`(?m)^ *"(file|sheet|line|column)": .*\n|^ *"name": "(cycle(\.\w+)?|snapshot cycle)",\n|^ *"again": \[[^]]*\],\n`)

// The same dataset as a folder of CSV, a workbook, a document, an archive and a snapshot of the store makes the same report to the last
// byte, apart from where the records stand.
func TestSameReportFromEveryFormat(t *testing.T) {
	ownHome(t)
	t.Chdir(t.TempDir())
	made(t, "generate", "-o", "cycle", "--targets", "300")
	inEveryFormat(t, "cycle")
	made(t, "import", "cycle", "--as", "cycle", "--store", "store")
	var want string
	for _, from := range [][]string{{"cycle"}, {"cycle.xlsx"}, {"cycle.json"}, {"cycle.zip"}, {"--store", "store"}} {
		made(t, append([]string{"analyse", "-o", "report.json", "--quiet"}, from...)...)
		text, err := os.ReadFile("report.json")
		if err != nil {
			t.Fatal(err)
		}
		got := placed.ReplaceAllString(string(text), "")
		switch {
		case want == "":
			if want = got; len(want) < 100_000 || strings.Contains(want, "cycle/") {
				t.Fatalf("a report of %d bytes in which places are left", len(want))
			}
		case got != want:
			t.Errorf("%s (-folder +it)\n%.3000s", from, cmp.Diff(want, got))
		}
	}
}

// inEveryFormat writes a folder of CSV with a datapackage.json as a workbook, a document and an archive.
func inEveryFormat(t *testing.T, folder string) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(folder)
	must(err)
	book, document := excelize.NewFile(), map[string]any{}
	must(book.SetSheetName("Sheet1", "datapackage"))
	packed, err := os.Create(folder + ".zip")
	must(err)
	archive := zip.NewWriter(packed)
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(folder, f.Name()))
		must(err)
		w, err := archive.Create("inner/" + f.Name())
		must(err)
		_, err = w.Write(text)
		must(err)
		name, isTable := strings.CutSuffix(f.Name(), ".csv")
		if !isTable {
			var about map[string]any
			must(json.Unmarshal(text, &about))
			document["licenses"] = about["licenses"]
			row := 0
			for _, property := range []string{"title", "description", "version", "as_of", "marking"} {
				if s, ok := about[property]; ok {
					document[property] = s
					row++
					must(book.SetSheetRow("datapackage", fmt.Sprintf("A%d", row), &[]any{property, s}))
				}
			}
			licence := about["licenses"].([]any)[0].(map[string]any)["name"]
			must(book.SetSheetRow("datapackage", fmt.Sprintf("A%d", row+1), &[]any{"licence", licence}))
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		must(err)
		_, err = book.NewSheet(name)
		must(err)
		objects := []map[string]string{}
		for i, cells := range rows {
			must(book.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &cells))
			object := map[string]string{}
			for j, cell := range cells {
				object[rows[0][j]] = cell
			}
			if i > 0 {
				objects = append(objects, object)
			}
		}
		document[name] = objects
	}
	must(archive.Close())
	must(packed.Close())
	must(book.SaveAs(folder + ".xlsx"))
	must(book.Close())
	text, err := json.Marshal(document)
	must(err)
	must(os.WriteFile(folder+".json", text, 0o600))
}
