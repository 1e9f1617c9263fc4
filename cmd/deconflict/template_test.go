package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"deconflict/data"
	"deconflict/data/load"
)

// made runs the program and wants it to succeed.
func made(t *testing.T, args ...string) {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), strings.NewReader(""), &out, &errs, args); code != done {
		t.Fatalf("%q: exit code %d\n%s", args, code, &errs)
	}
}

// whole reads a dataset about which there is nothing to say.
func whole(t *testing.T, path string) *data.Dataset {
	t.Helper()
	ds, problems := load.Files(t.Context(), path)
	if ds == nil || len(problems) > 0 {
		t.Fatalf("%s: %v", filepath.Base(path), problems)
	}
	return ds
}

// said is what records of a table say, apart from where they stand.
func said(ds *data.Dataset, n data.Nation) (out []string) {
	record := func(r *data.Record) string {
		return fmt.Sprint(r.ID(), r.Capability, r.Term, r.Quantity, r.Unit, r.Period, r.Statement(), r.Marking, r.Sources, r.Confidence)
	}
	for i := range ds.Targets {
		if r := &ds.Targets[i]; n == "" || r.Nation == n {
			out = append(out, fmt.Sprint("target ", record(&r.Record), r.Process, r.Cycle, r.Nation, r.Readiness, r.Priority, r.Status, r.Held))
		}
	}
	for i := range ds.Pledges {
		if r := &ds.Pledges[i]; n == "" || r.Nation == n {
			out = append(out, fmt.Sprint("pledge ", record(&r.Record), r.Organisation, r.Nation, r.Readiness))
		}
	}
	for i := range ds.Holdings {
		if r := &ds.Holdings[i]; n == "" || r.Nation == n {
			out = append(out, fmt.Sprint("holding ", record(&r.Record), r.Nation, r.Readiness))
		}
	}
	for i := range ds.Requirements {
		if n == "" {
			out = append(out, fmt.Sprint("requirement ", record(&ds.Requirements[i].Record), ds.Requirements[i].Process))
		}
	}
	for _, p := range ds.Participants {
		if n == "" || p.Nation == n {
			out = append(out, fmt.Sprint("participant ", p.Initiative, p.Nation, p.Role, p.Period))
		}
	}
	for _, i := range ds.Initiatives {
		out = append(out, fmt.Sprint("initiative ", i.Initiative, i.Name, i.Organisation, i.Period, i.Beneficiary, i.Summary, i.Marking, i.Sources, i.AsOf))
	}
	return out
}

// A template is read back without a word said about it, and what was filled in is what it was filled with: nothing, one nation's rows, or
// a whole dataset.
func TestTemplateIsReadBack(t *testing.T) {
	ownHome(t)
	t.Chdir(t.TempDir())
	made(t, "template", "-o", "empty.xlsx")
	if ds := whole(t, "empty.xlsx"); len(said(ds, "")) > 0 || ds.AsOf.String() != "2026-06-30" {
		t.Errorf("an empty template holds %q", said(ds, ""))
	}
	public, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	made(t, "template", "--nation", "Pologne", "-o", "poland.xlsx")
	poland := whole(t, "poland.xlsx")
	if diff := cmp.Diff(said(public, "POL"), said(poland, "")); diff != "" || len(poland.Targets) == 0 || len(poland.Participants) == 0 {
		t.Errorf("(-public +template)\n%s", diff)
	}
	for _, i := range poland.Initiatives {
		if i.Membership.Whole() {
			t.Fatalf("%s: the list of participants is called %s, and has one nation", i.Initiative, i.Membership)
		}
	}
	made(t, "generate", "-o", "cycle", "--targets", "300")
	made(t, "template", "cycle", "-o", "cycle.xlsx")
	want, _ := load.Files(t.Context(), "cycle")
	got, problems := load.Files(t.Context(), "cycle.xlsx")
	if got == nil || len(problems) != len(want.Problems) {
		t.Fatalf("%v\nwant %v", problems, want.Problems)
	}
	if diff := cmp.Diff(said(want, ""), said(got, "")); diff != "" {
		t.Errorf("(-dataset +template)\n%s", diff)
	}
	first, _ := os.ReadFile("cycle.xlsx")
	made(t, "template", "cycle", "-o", "again.xlsx")
	if second, _ := os.ReadFile("again.xlsx"); !bytes.Equal(first, second) {
		t.Error("the same template is other bytes")
	}
}

// Every column has a note, and a list, a check or neither as its content asks; the lists hold what they should.
func TestTemplateLists(t *testing.T) {
	ownHome(t)
	t.Chdir(t.TempDir())
	made(t, "template", "-o", "empty.xlsx")
	f, err := excelize.OpenFile("empty.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if sheets := strings.Join(f.GetSheetList(), " "); !strings.HasPrefix(sheets, "Read me targets pledges holdings ") || !strings.HasSuffix(sheets, " Codes datapackage") {
		t.Errorf("the sheets are %s", sheets)
	}
	for _, sheet := range f.GetSheetList() {
		heads, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		if sheet == "Read me" || sheet == "Codes" || sheet == "datapackage" {
			continue
		}
		comments, err := f.GetComments(sheet)
		if err != nil || len(comments) != len(heads[0]) {
			t.Errorf("%s: %d notes on %d columns: %v", sheet, len(comments), len(heads[0]), err)
		}
		for _, c := range comments {
			note := c.Text
			for _, run := range c.Paragraph {
				note += run.Text
			}
			if len(note) < 12 {
				t.Errorf("%s %s: the note is %q", sheet, c.Cell, note)
			}
		}
		panes, err := f.GetPanes(sheet)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the head is not frozen: %+v, %v", sheet, panes, err)
		}
	}
	rules, err := f.GetDataValidations("targets")
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) string {
		row, _ := f.GetRows("targets")
		for i, head := range row[0] {
			if head == name {
				c, _ := excelize.ColumnNumberToName(i + 1)
				return c
			}
		}
		t.Fatalf("no column %s", name)
		return ""
	}
	for name, want := range map[string]string{
		"nation": "list USA", "process": "list NDPP", "capability": "list mob-rail", "unit": "list facility", "area": "list medical",
		"quantity": "decimal", "held": "decimal", "readiness_days": "whole", "from": "date", "until": "date", "id": "custom",
	} {
		kind, word, _ := strings.Cut(want, " ")
		found := false
		for _, r := range rules {
			if strings.HasPrefix(r.Sqref, column(name)+"2:") {
				found = true
				if r.Type != kind {
					t.Errorf("%s: a rule of type %s, want %s", name, r.Type, kind)
				}
				if word != "" && !strings.Contains(strings.Join(listOf(t, f, r.Formula1), "\n")+"\n", word+"\n") {
					t.Errorf("%s: the list %s lacks %s", name, r.Formula1, word)
				}
			}
		}
		if !found {
			t.Errorf("%s has no rule", name)
		}
	}
}

// listOf are the cells of a range such as Codes!$A$5:$A$9.
func listOf(t *testing.T, f *excelize.File, where string) (out []string) {
	t.Helper()
	sheet, span, _ := strings.Cut(where, "!")
	first, last, _ := strings.Cut(strings.ReplaceAll(span, "$", ""), ":")
	column, top, err := excelize.CellNameToCoordinates(first)
	_, bottom, err2 := excelize.CellNameToCoordinates(last)
	if err != nil || err2 != nil {
		t.Fatalf("%s is no range", where)
	}
	for row := top; row <= bottom; row++ {
		name, _ := excelize.CoordinatesToCellName(column, row)
		s, _ := f.GetCellValue(sheet, name)
		if s == "" {
			t.Errorf("%s has a gap in row %d", where, row)
		}
		out = append(out, s)
	}
	return out
}

// fillMacro fills a template as somebody who types does: texts, numbers and days, in Calc's own way to keep them.
const fillMacro = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Fill(sheet As Object, row As Integer, cells As Variant)
  For i = 0 To UBound(cells)
    parts = Split(cells(i), "=", 2)
    For column = 0 To 30
      If sheet.getCellByPosition(column, 0).String = parts(0) Then
        cell = sheet.getCellByPosition(column, row)
        If IsNumeric(parts(1)) And parts(0) &lt;&gt; "id" And parts(0) &lt;&gt; "cycle" Then
          cell.Value = Val(parts(1))
        ElseIf parts(0) = "from" Or parts(0) = "until" Or parts(0) = "to" Then
          cell.Formula = parts(1)
        Else
          cell.String = parts(1)
        End If
      End If
    Next column
  Next i
End Sub
Sub Main(source As String, target As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
  Fill(doc.Sheets.getByName("targets"), 1, Array("id=0012", "process=NDPP", "cycle=2025", "nation=POL", "capability=mob-rail", "quantity=12.5", "unit=wagon", "from=2027-01-01", "until=2031-12-31", "readiness_days=10", "held=3", "statement=Said so"))
  Fill(doc.Sheets.getByName("targets"), 2, Array("id=t2", "process=MM-PLEDGE", "nation=FRA", "capability=med-role2e"))
  Fill(doc.Sheets.getByName("pledges"), 1, Array("id=p1", "organisation=EU", "nation=POL", "capability=mob-rail", "quantity=4", "until=2030-06-30"))
  Fill(doc.Sheets.getByName("holdings"), 1, Array("id=h1", "nation=POL", "capability=med-lab", "quantity=0", "marking=PUBLIC"))
  Fill(doc.Sheets.getByName("requirements"), 1, Array("id=r1", "process=NDPP", "capability=mob-rail", "quantity=100"))
  Fill(doc.Sheets.getByName("initiatives"), 1, Array("initiative=rail-deal", "name=The rail deal", "organisation=OTHER", "membership=complete"))
  Fill(doc.Sheets.getByName("participants"), 1, Array("initiative=rail-deal", "nation=POL", "role=lead", "from=2024-05-01"))
  Fill(doc.Sheets.getByName("contributions"), 1, Array("initiative=rail-deal", "capability=mob-rail", "means=procedure"))
  Dim as_xlsx(0) As New com.sun.star.beans.PropertyValue
  as_xlsx(0).Name = "FilterName" : as_xlsx(0).Value = "Calc MS Excel 2007 XML"
  doc.storeToURL(target, as_xlsx())
  doc.close(True)
End Sub
</script:module>
`

// A template that LibreOffice Calc opens, fills and saves is read without a word said about it, and says what was typed.
func TestTemplateFilledByCalc(t *testing.T) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	if testing.Short() {
		t.Skip("takes ten seconds")
	}
	ownHome(t)
	dir := t.TempDir()
	source, target := filepath.Join(dir, "empty.xlsx"), filepath.Join(dir, "filled.xlsx")
	made(t, "template", "-o", source)
	calc := func(args ...string) {
		t.Helper()
		ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
		defer stop()
		args = append([]string{"--headless", "-env:UserInstallation=file://" + dir + "/profile"}, args...)
		if out, err := exec.CommandContext(ctx, office, args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	calc("--terminate_after_init") // it makes the profile, which would else replace the macro
	basic := filepath.Join(dir, "profile", "user", "basic", "Standard")
	if err := os.MkdirAll(basic, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(basic, "Module1.xba"), []byte(fillMacro), 0o600); err != nil {
		t.Fatal(err)
	}
	calc(fmt.Sprintf("macro:///Standard.Module1.Main(\"file://%s\",\"file://%s\")", source, target))
	ds := whole(t, target)
	if len(ds.Targets) != 2 || len(ds.Pledges) != 1 || len(ds.Holdings) != 1 || len(ds.Requirements) != 1 || len(ds.Initiatives) != 1 || len(ds.Participants) != 1 || len(ds.Contributions) != 1 {
		t.Fatalf("not all of it was filled: %q", said(ds, ""))
	}
	got := ds.Targets[0]
	if got.ID() != "0012" || got.Cycle != "2025" || got.Nation != "POL" || got.Quantity.String() != "12.5" || got.Held.String() != "3" || got.Readiness.String() != "10" ||
		got.Period.String() != "2027-01-01 to 2031-12-31" || got.Unit != ds.Capability("mob-rail").Unit {
		t.Errorf("the target reads %s", said(ds, "")[0])
	}
	if h := ds.Holdings[0]; h.Quantity.String() != "0" || h.Marking != "PUBLIC" {
		t.Errorf("the holding reads %+v", h)
	}
	if ds.Participants[0].Period.String() != "from 2024-05-01" {
		t.Errorf("the participant reads %+v", ds.Participants[0])
	}
}
