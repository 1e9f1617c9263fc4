package render

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"deconflict/analysis"
	"deconflict/data"
)

// The label of one policy after the other, in the elements of the standard. Two policies are two labels, both of which must be satisfied.
func TestLabel(t *testing.T) {
	var out bytes.Buffer
	banner := data.Marking("NATO RESTRICTED // ATOMAL // REL TO AUT, NATO + LIMITE + DEU GEHEIM + NOTIONAL NATO SECRET // NO RELEASE BEYOND ORIGINATORS + TLP:AMBER + " + data.Unmarked)
	if err := Label(&out, banner, data.Day(2026, 6, 30), "out/brief 1.xlsx"); err != nil {
		t.Fatal(err)
	}
	const space = `<?xml version="1.0" encoding="UTF-8"?>
<mb:BindingInformation xmlns:mb="urn:nato:stanag:4778:bindinginformation:1:0" xmlns:slab="urn:nato:stanag:4774:confidentialitymetadatalabel:1:0">
  <mb:MetadataBindingContainer>
    <mb:MetadataBinding>
      <mb:Metadata>
        <slab:originatorConfidentialityLabel>
          <slab:ConfidentialityInformation>
            <slab:PolicyIdentifier>NATO</slab:PolicyIdentifier>
            <slab:Classification>RESTRICTED</slab:Classification>
            <slab:Category TagName="Additional Sensitivity" Type="RESTRICTIVE">
              <slab:GenericValue>ATOMAL</slab:GenericValue>
            </slab:Category>
            <slab:Category TagName="Releasable To" Type="PERMISSIVE">
              <slab:GenericValue>AUT</slab:GenericValue>
              <slab:GenericValue>NATO</slab:GenericValue>
            </slab:Category>
          </slab:ConfidentialityInformation>
          <slab:CreationDateTime>2026-06-30T00:00:00Z</slab:CreationDateTime>
        </slab:originatorConfidentialityLabel>
      </mb:Metadata>
      <mb:DataReference URI="brief%201.xlsx"></mb:DataReference>
    </mb:MetadataBinding>
`
	if !strings.HasPrefix(out.String(), space) {
		t.Errorf("the label is\n%s", &out)
	}
	var read struct {
		Bound []struct {
			Policy         string   `xml:"Metadata>originatorConfidentialityLabel>ConfidentialityInformation>PolicyIdentifier"`
			Classification string   `xml:"Metadata>originatorConfidentialityLabel>ConfidentialityInformation>Classification"`
			PrivacyMark    string   `xml:"Metadata>originatorConfidentialityLabel>ConfidentialityInformation>PrivacyMark"`
			Values         []string `xml:"Metadata>originatorConfidentialityLabel>ConfidentialityInformation>Category>GenericValue"`
		} `xml:"MetadataBindingContainer>MetadataBinding"`
	}
	if err := xml.Unmarshal(out.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"NATO RESTRICTED  ATOMAL,AUT,NATO", "NATO SECRET NOTIONAL NO RELEASE BEYOND ORIGINATORS", "EU UNCLASSIFIED  LIMITE", "DEU GEHEIM  ", "TLP TLP:AMBER  ",
		"UNMARKED " + string(data.Unmarked) + "  ",
	}
	for i, b := range read.Bound {
		got := strings.Join([]string{b.Policy, b.Classification, b.PrivacyMark, strings.Join(b.Values, ",")}, " ")
		if i >= len(want) || got != want[i] {
			t.Errorf("label %d is %q", i, got)
		}
	}
	if len(read.Bound) != len(want) {
		t.Errorf("%d labels, want %d", len(read.Bound), len(want))
	}
}

// Whatever a marking from a foreign report holds, the label is well-formed XML in which nothing of it acts.
func TestLabelOfHostileMarkings(t *testing.T) {
	for _, hostile := range []string{
		`</slab:Classification><script>alert(1)</script>`, "]]>", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;", "\x00\x1b[31m\u202e", "\xff\xfe", "NATO SECRET // \"><x y='", "&amp;&lt;",
		"NATO SECRET // REL TO <b>, &c; //", " + + ", "",
	} {
		var out bytes.Buffer
		if err := Label(&out, data.Marking(hostile), 0, hostile); err != nil {
			t.Errorf("%q: %v", hostile, err)
			continue
		}
		d := xml.NewDecoder(bytes.NewReader(out.Bytes()))
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Errorf("%q: %v in %s", hostile, err, &out)
				break
			}
			switch token := token.(type) {
			case xml.Directive:
				t.Errorf("%q makes a directive: %s", hostile, token)
			case xml.StartElement:
				if token.Name.Space != labelSpace && token.Name.Space != bindingSpace {
					t.Errorf("%q makes an element: %s", hostile, token.Name.Local)
				}
			}
		}
		if lint, err := exec.LookPath("xmllint"); err == nil {
			cmd := exec.Command(lint, "--noout", "--nonet", "-")
			cmd.Stdin = bytes.NewReader(out.Bytes())
			if said, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%q: %v: %s", hostile, err, said)
			}
		}
	}
}

// A workbook carries its label as a part of its own, to which it leads, and is one that a spreadsheet opens.
func TestWorkbookCarriesItsLabel(t *testing.T) {
	r := &analysis.Report{Schema: analysis.Schema, Marking: "NATO RESTRICTED", AsOf: data.Day(2027, 1, 1), Dataset: analysis.Origin{Title: "A plan", AsOf: data.Day(2026, 6, 30)}}
	var book bytes.Buffer
	if err := writeXLSX(&book, r, Options{}); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(book.Bytes()), int64(book.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range archive.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := parts[f.Name]; twice {
			t.Errorf("%s is there twice", f.Name)
		}
		parts[f.Name] = string(b)
	}
	var label bytes.Buffer
	if err := ReportLabel(&label, r, ""); err != nil {
		t.Fatal(err)
	}
	if parts["customXml/item1.xml"] != label.String() || !strings.Contains(label.String(), "2026-06-30T00:00:00Z") {
		t.Errorf("the label in the workbook is %q, want %q", parts["customXml/item1.xml"], &label)
	}
	for part, holds := range map[string]string{
		"[Content_Types].xml": `PartName="/customXml/itemProps1.xml"`, "xl/_rels/workbook.xml.rels": `Target="../customXml/item1.xml"`,
		"customXml/_rels/item1.xml.rels": `Target="itemProps1.xml"`, "customXml/itemProps1.xml": labelItem,
	} {
		if !strings.Contains(parts[part], holds) {
			t.Errorf("%s does not say %s: %s", part, holds, parts[part])
		}
		if err := xml.Unmarshal([]byte(parts[part]), new(struct{})); err != nil {
			t.Errorf("%s: %v", part, err)
		}
	}
	office, err := exec.LookPath("soffice")
	if err != nil || testing.Short() {
		return
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "book.xlsx")
	if err := os.WriteFile(file, book.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), office, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "csv", "--outdir", dir, file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "book.csv")); err != nil || !strings.Contains(string(text), "NATO RESTRICTED") {
		t.Errorf("the office suite reads %q, %v", text, err)
	}
}
