package render

import (
	"io"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// writeDifferenceHTML writes what changed as one page, with the style and the script of a report's.
func writeDifferenceHTML(w io.Writer, d *analysis.Difference, _ Options) error {
	return fill(w, "difference", newWebDifference(d))
}

// webDifference is a difference as its template needs it.
type webDifference struct {
	frame
	*analysis.Difference
	Headline, From, To, Narrowed, Rule string
	Notes                              []string
	Kinds                              []analysis.ChangeKind
	Ranked                             bool
	Lists                              []webChangeList
	Choices                            webChoices
	WholeIn                            string
}

// webChangeList is the findings that became one thing.
type webChangeList struct {
	Change  analysis.ChangeKind
	All     int
	Changes []webChange
}

// Left is how many are not on the page.
func (l webChangeList) Left() int { return l.All - len(l.Changes) }

// webChange is a change in words.
type webChange struct {
	analysis.Change
	No               int
	Was              analysis.Severity // where it is another now
	Summary, Moved   string
	Text, TextBefore string
	Few, Evidence    string
	Caveats          []string
	Marked           data.Marking
}

// Codes are codes with spaces between them.
func (webChange) Codes(list any) string { return webFinding{}.Codes(list) }

// NotionalNote stands under every marking of data that is made up.
func (d *webDifference) NotionalNote() string {
	if notional(d.Marking) {
		return notionalNote
	}
	return ""
}

func newWebDifference(d *analysis.Difference) *webDifference {
	side := func(s analysis.Side) string { return titleOf(s.Dataset) + ", as of " + s.AsOf.String() }
	w := &webDifference{
		frame: newFrame(), Difference: d, Headline: "What changed in duplication, gaps and complementarity", From: side(d.Before), To: side(d.After),
		Narrowed: narrowed(d.Scope, d.Horizon), Rule: analysis.ChangeRule, Kinds: analysis.ChangeKinds, WholeIn: "the JSON and the workbook (-o changes.json, -o changes.xlsx) have all",
	}
	if note := d.Incomplete(); note != "" {
		w.Notes = append(w.Notes, note)
	}
	if len(d.NotCompared) > 0 {
		w.Notes = append(w.Notes, "Not compared, because only one of the two was asked about them: "+strings.Join(d.NotCompared, ", "))
	}
	w.Ranked = !slices.ContainsFunc(d.Changes, func(c analysis.Change) bool { return c.Finding().Severity == "" })
	no := 0
	for _, k := range analysis.ChangeKinds {
		l := webChangeList{Change: k}
		for _, c := range d.Changes {
			if c.Change != k {
				continue
			}
			if l.All++; l.All <= webFindings {
				no++
				l.Changes = append(l.Changes, newWebChange(c, no, d.Later()))
			}
		}
		if l.All > 0 {
			w.Lists = append(w.Lists, l)
		}
	}
	w.choices()
	return w
}

func newWebChange(c analysis.Change, no int, later data.Date) webChange {
	f := c.Finding()
	says := f.Tell()
	w := webChange{
		Change: c, No: no, Summary: says.Summary, Text: says.Explanation, Few: few(f.Nations), Caveats: says.Caveats,
		Evidence: counted(len(says.Evidence), "record"), Marked: markingOf(c),
	}
	if c.Before != nil && c.After != nil {
		w.Moved = strings.Join(moved(c, later, len(c.Measures)), " · ")
		if text := c.Before.Tell().Explanation; text != w.Text {
			w.TextBefore = text
		}
		if c.Before.Severity != f.Severity {
			w.Was = c.Before.Severity
		}
	}
	return w
}

// choices are what occurs in the changes on the page, by code: a difference has no names.
func (w *webDifference) choices() {
	c := &w.Choices
	var areas, kinds, nations, organisations, capabilities []string
	for _, l := range w.Lists {
		for _, x := range l.Changes {
			f := x.Finding()
			if !slices.Contains(c.Reports, f.Report) {
				c.Reports = append(c.Reports, f.Report)
			}
			c.NoArea = c.NoArea || f.Area == ""
			areas, kinds, capabilities = append(areas, string(f.Area)), append(kinds, f.Kind), append(capabilities, string(f.Capability))
			nations, organisations = append(nations, names(f.Nations)...), append(organisations, names(f.Organisations)...)
		}
	}
	slices.SortFunc(c.Reports, func(a, b analysis.Question) int {
		return slices.Index(analysis.Questions, a) - slices.Index(analysis.Questions, b)
	})
	c.Areas, c.Kinds, c.Nations, c.Organisations = codesOf(areas), codesOf(kinds), codesOf(nations), codesOf(organisations)
	for i, a := range c.Areas {
		c.Areas[i].Name = sentence(data.Area(a.Code).Title())
	}
	if of := codesOf(capabilities); len(of) > 0 {
		c.Capabilities = []webGroup{{"capabilities", of}}
	}
	if w.Ranked {
		c.Severities = analysis.Severities[:len(analysis.Severities)-1]
	}
}

// codesOf are codes in order, each once, that stand for their own names.
func codesOf(list []string) (out []analysis.Named) {
	slices.Sort(list)
	for _, code := range slices.Compact(list) {
		if code != "" {
			out = append(out, analysis.Named{Code: code, Name: code})
		}
	}
	return out
}
