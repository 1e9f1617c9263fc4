package render

import (
	"bytes"
	"encoding/xml"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"deconflict/analysis"
	"deconflict/data"
)

// A label says for machines what the banner says for people: a confidentiality label in the XML of STANAG 4774, bound to the output in
// that of STANAG 4778.
//
// Each policy of the banner has a label of its own, bound by itself: who is to see the output must satisfy them all. An alternative label,
// which the standard has too, says the same thing once more in the words of another policy; two policies that meet in an output do not
// say the same thing. A label names no originator: the program is none, and does not know who is.

// The namespaces of the two standards.
const (
	labelSpace   = "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
	bindingSpace = "urn:nato:stanag:4778:bindinginformation:1:0"
)

type bindingInformation struct {
	XMLName xml.Name  `xml:"mb:BindingInformation"`
	Binding string    `xml:"xmlns:mb,attr"`
	Label   string    `xml:"xmlns:slab,attr"`
	Bound   []binding `xml:"mb:MetadataBindingContainer>mb:MetadataBinding"`
}

type binding struct {
	Label     confidentialityLabel `xml:"mb:Metadata>slab:originatorConfidentialityLabel"`
	Reference dataReference        `xml:"mb:DataReference"`
}

type dataReference struct {
	URI string `xml:"URI,attr"`
}

type confidentialityLabel struct {
	Policy         string     `xml:"slab:ConfidentialityInformation>slab:PolicyIdentifier"`
	Classification string     `xml:"slab:ConfidentialityInformation>slab:Classification"`
	PrivacyMarks   []string   `xml:"slab:ConfidentialityInformation>slab:PrivacyMark"`
	Categories     []category `xml:"slab:ConfidentialityInformation>slab:Category"`
	Created        string     `xml:"slab:CreationDateTime,omitempty"`
}

type category struct {
	Tag    string   `xml:"TagName,attr"`
	Type   string   `xml:"Type,attr"`
	Values []string `xml:"slab:GenericValue"`
}

// The types of categories: whoever is to see it must have every restrictive value, and one of the permissive ones.
const (
	restrictive = "RESTRICTIVE"
	permissive  = "PERMISSIVE"
)

// Label writes the confidentiality label of an output with a banner, made of data of a day. The output is named as a file beside the
// label; an empty name is the document that the label is a part of.
func Label(w io.Writer, banner data.Marking, day data.Date, file string) error {
	info := bindingInformation{Binding: bindingSpace, Label: labelSpace}
	for _, p := range banner.Protections() {
		info.Bound = append(info.Bound, binding{labelOf(p, day), dataReference{reference(file)}})
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	e := xml.NewEncoder(&out)
	e.Indent("", "  ")
	if err := e.Encode(info); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err := w.Write(out.Bytes())
	return err
}

// ReportLabel writes the label of a report.
func ReportLabel(w io.Writer, r *analysis.Report, file string) error {
	return Label(w, r.Marking, r.Dataset.AsOf, file)
}

// DifferenceLabel writes the label of what changed between two reports.
func DifferenceLabel(w io.Writer, d *analysis.Difference, file string) error {
	return Label(w, d.Marking, max(d.Before.Dataset.AsOf, d.After.Dataset.AsOf), file)
}

// LabelName is the name of the file with the label of an output.
func LabelName(file string) string { return strings.TrimRight(file, `/\`) + ".label.xml" }

// reference is the URI of a file beside the label.
func reference(file string) string {
	if file == "" {
		return ""
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(filepath.Base(file)) {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.WriteString(string([]byte{'%', hex[c>>4], hex[c&15]}))
		}
	}
	return b.String()
}

// labelOf is the label of what a banner says under one policy.
func labelOf(p data.Protection, day data.Date) confidentialityLabel {
	l := confidentialityLabel{Policy: Plain(string(p.Policy)), Classification: Plain(p.Classification)}
	switch p.Policy {
	case data.PolicyNone:
		l.Policy, l.Classification = p.Pretence, p.Pretence
	case data.PolicyNATO:
		l.Classification = strings.TrimPrefix(l.Classification, "NATO ")
	case data.PolicyEU:
		if l.Classification == "" { // LIMITE alone is no classification
			l.Classification = "UNCLASSIFIED"
		}
	default:
		l.Classification = strings.TrimPrefix(l.Classification, l.Policy+" ")
	}
	if p.Pretence != "" {
		l.PrivacyMarks = append(l.PrivacyMarks, p.Pretence)
	}
	var other []string
	for _, c := range p.Caveats {
		if c = Plain(c); c == data.Limite {
			l.Categories = append(l.Categories, category{"Distribution", restrictive, []string{c}})
		} else {
			other = append(other, c)
		}
	}
	if len(other) > 0 {
		l.Categories = append(l.Categories, category{"Additional Sensitivity", restrictive, other})
	}
	switch {
	case p.Listed && len(p.Release) == 0:
		l.Categories = append(l.Categories, category{"Additional Sensitivity", restrictive, []string{data.NoRelease}})
	case p.Listed:
		names := slices.Clone(p.Release)
		for i := range names {
			names[i] = Plain(names[i])
		}
		l.Categories = append(l.Categories, category{"Releasable To", permissive, names})
	}
	if day != 0 {
		l.Created = day.Time().UTC().Format(time.RFC3339)
	}
	return l
}
