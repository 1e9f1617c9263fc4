package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// writePage sets a report for a reader at a terminal: the answer first, then the detail, then what to type next. A report that was
// asked for nations has a page for each of them instead of the answer.
func writePage(w io.Writer, r *analysis.Report, o Options) error {
	p := newPage(o)
	p.again = r.Again
	p.marking(r.Marking)
	p.origin(r)
	if len(r.Profiles) > 0 {
		for _, n := range r.Profiles {
			p.nation(r, n)
		}
	} else {
		p.answer(r)
		for _, q := range analysis.Questions {
			p.report(r, q)
		}
		p.heatMap(r)
	}
	p.notAssessed(r)
	p.next(r)
	p.blank()
	p.marking(r.Marking)
	return p.writeTo(w)
}

// origin says what the report was made from, and what it is not.
func (p *page) origin(r *analysis.Report) {
	p.prose(0, "deconflict · duplication, gaps and complementarity as of "+r.AsOf.String(), strong)
	p.blank()
	p.prose(0, titleOf(r.Dataset), plain)
	var sizes []string
	for _, s := range r.Dataset.Tables {
		if s.Rows > 0 && !slices.Contains([]string{"nations", "capabilities", "participants", "contributions", "relations"}, s.Table) {
			sizes = append(sizes, data.Units(data.Count(s.Rows), strings.TrimSuffix(strings.ReplaceAll(s.Table, "_", " "), "s")))
		}
	}
	p.prose(0, strings.Join(sizes, " · "), plain)
	var heads []string
	for _, h := range r.Membership {
		if len(h.Organisations) == 1 {
			heads = append(heads, fmt.Sprintf("%s %d", h.Organisations[0], h.Nations))
		} else {
			heads = append(heads, fmt.Sprintf("in both %s %d", strings.Join(names(h.Organisations), " and "), h.Nations))
		}
	}
	if len(heads) > 0 {
		p.prose(0, "Nations: "+strings.Join(heads, " · "), plain)
	}
	if chosen := narrowed(r.Scope, r.Horizon); chosen != "" {
		p.prose(0, "Narrowed to: "+chosen, strong)
	}
	if note := r.Incomplete(); note != "" {
		p.prose(0, "Note: "+note, warning)
	}
	for _, n := range r.Warnings.Of(data.Note) {
		p.prose(0, "Assumed: "+n.Message+" ("+n.Hint+").", warning)
	}
	if n := r.Doubts(); n > 0 {
		p.prose(0, data.Units(data.Count(n), "doubt")+" about the data: deconflict check shows them.", warning)
	}
}

// titleOf is what a dataset calls itself.
func titleOf(o analysis.Origin) string {
	title := cmp.Or(o.Title, o.Name)
	if o.Version != "" {
		title += ", version " + o.Version
	}
	return title
}

// narrowed says in words what the question was narrowed to.
func narrowed(s analysis.Chosen, horizon data.Date) string {
	var parts []string
	for _, c := range []struct {
		what string
		list []string
	}{
		{"area", names(s.Areas)}, {"capability", names(s.Capabilities)}, {"nation", names(s.Nations)},
		{"organisation", names(s.Organisations)}, {"process", names(s.Processes)}, {"kind", s.Kinds}, {"report", names(s.Reports)},
	} {
		if len(c.list) > 0 {
			parts = append(parts, c.what+" "+strings.Join(c.list, ", "))
		}
	}
	if s.MinSeverity != "" {
		parts = append(parts, "severity "+string(s.MinSeverity)+" and above")
	}
	if horizon != 0 {
		parts = append(parts, "days until "+horizon.String())
	}
	return strings.Join(parts, "; ")
}

// ranked reports whether the findings carry a severity.
func ranked(r *analysis.Report) bool {
	for s := range r.Severities() {
		if s == "" {
			return false
		}
	}
	return true
}

// asked are the questions that the report answers.
func asked(r *analysis.Report) []analysis.Question {
	var out []analysis.Question
	for _, q := range analysis.Questions {
		if slices.ContainsFunc(r.Kinds, func(k analysis.Kind) bool { return k.Report == q }) {
			out = append(out, q)
		}
	}
	return out
}

// severalAreas is what findings on no single area stand under.
const severalAreas = "several areas"

func areaTitle(a data.Area) string {
	if a == "" {
		return severalAreas
	}
	return a.Title()
}

// answer is the bottom line of each report, and the counts by report and area.
func (p *page) answer(r *analysis.Report) {
	p.heading("THE ANSWER", counted(len(r.Findings), "finding"))
	p.bottomLines(r)
	p.blank()
	g := &grid{head: []head{{text: "report"}, {text: "area"}}}
	if ranked(r) {
		for _, s := range analysis.Severities {
			g.head = append(g.head, head{text: string(s), right: true})
		}
	}
	g.head = append(g.head, head{text: "all", right: true})
	last := analysis.Question("")
	for _, c := range r.Summary {
		if !slices.Contains(asked(r), c.Report) || c.Findings == 0 && c.Area == "" {
			continue
		}
		row := []cell{{sentence(string(c.Report)), strong}, {text: areaTitle(c.Area)}}
		if c.Report == last {
			row[0] = cell{}
		}
		last = c.Report
		if ranked(r) {
			for i, n := range []int{c.Critical, c.High, c.Medium, c.Low, c.Info} {
				row = append(row, count(n, severityStyle(analysis.Severities[i])))
			}
		}
		g.rows = append(g.rows, append(row, count(c.Findings, plain)))
	}
	p.grid(0, g)
	if ranked(r) {
		p.prose(0, "Severity is a ranking by this program; deconflict explain shows its parts.", dim)
	}
}

// bottomLines are the answers over all areas, a sentence for each report.
func (p *page) bottomLines(r *analysis.Report) {
	for _, b := range r.BottomLines {
		if b.Area == "" {
			p.item(span{sentence(string(b.Report)), strong}, 17, b.Text, "")
		}
	}
}

// count is a number in a table of counts: a dot rather than 0, so that what is there stands out.
func count(n int, s style) cell {
	if n == 0 {
		return cell{"·", dim}
	}
	return cell{strconv.Itoa(n), s}
}

func counted(n int, noun string) string { return data.Units(data.Count(n), noun) }

// sentence starts a text with a capital letter.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// handful is how many findings of each report and area stand on the page.
const handful = 3

// report shows the first findings of a report, area by area.
func (p *page) report(r *analysis.Report, q analysis.Question) {
	areas := []data.Area{}
	for _, a := range r.Areas {
		areas = append(areas, data.Area(a.Code))
	}
	var all []*analysis.Finding
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Report == q {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return
	}
	p.heading(strings.ToUpper(string(q)), counted(len(all), "finding"))
	first := true
	for _, a := range append(areas, "") {
		var here []*analysis.Finding
		for _, f := range all {
			if f.Area == a {
				here = append(here, f)
			}
		}
		if len(here) == 0 {
			continue
		}
		if !first {
			p.blank()
		}
		first = false
		p.sub(sentence(areaTitle(a)))
		p.findings(here, handful, 0)
	}
}

// findings lists the first of some findings, and says how many more there are, with those that the report does not tell.
func (p *page) findings(fs []*analysis.Finding, most, untold int) {
	for _, f := range fs[:min(most, len(fs))] {
		label := span{"  " + string(f.Severity), severityStyle(f.Severity)}
		hang := 12
		if f.Severity == "" {
			label, hang = span{text: "  –"}, 4
		}
		p.item(label, hang, f.Tell().Summary, f.ID)
	}
	if more := len(fs) + untold - most; more > 0 {
		p.line(span{fmt.Sprintf("  and %d more", more), dim})
	}
}

// notAssessed says what the report cannot say.
func (p *page) notAssessed(r *analysis.Report) {
	if len(r.NotAssessed) == 0 {
		return
	}
	p.heading("NOT ASSESSED", "what this report cannot say, and why")
	for _, n := range r.NotAssessed {
		reason := n.Reason
		if n.Kind != "" {
			reason = n.Kind + ": " + reason
		}
		p.item(span{text: fmt.Sprintf("%5d", n.Count())}, 7, reason, "")
		if len(r.Profiles) > 0 {
			continue // of all nations, so that examples would mislead
		}
		const examples = 3
		text := strings.Join(n.Subjects[:min(examples, len(n.Subjects))], ", ")
		if more := len(n.Subjects) - examples; more > 0 {
			text += fmt.Sprintf(", and %d more", more)
		}
		for _, l := range wrap(Plain(text), p.width-7) {
			p.line(span{text: "       "}, span{l, dim})
		}
	}
}

// next names commands that go on from this page.
func (p *page) next(r *analysis.Report) {
	var c commands
	if f, ok := findingToShow(r); ok {
		c.add("this finding down to file, line and source", p.same("explain", f.ID)...)
		c.add("how such findings are made", "explain", f.Kind)
	}
	if n := nationToShow(r); n != "" {
		c.add("one nation's page", p.same("nation", n)...)
	}
	if len(r.Scope.Areas) == 0 && len(r.Areas) > 1 {
		c.add("one report on one area", p.same("analyse", "--report", "gap", "--area", r.Areas[0].Code)...)
	}
	c.add("every finding with its evidence", p.same("analyse", "-o", "report.json")...)
	p.commands(c)
}

// findingToShow is the first finding, or on nations' pages the first that is about one nation alone.
func findingToShow(r *analysis.Report) (analysis.Finding, bool) {
	for _, f := range r.Findings {
		if len(r.Profiles) == 0 || len(f.Nations) == 1 {
			return f, true
		}
	}
	return analysis.Finding{}, false
}

// nationToShow is the nation of the first finding on one nation, or the first of which anything is known.
func nationToShow(r *analysis.Report) string {
	if len(r.Profiles) > 0 {
		return ""
	}
	for _, f := range r.Findings {
		if len(f.Nations) == 1 {
			return string(f.Nations[0])
		}
	}
	for i, row := range r.HeatMap.Rows {
		if !silent(row) {
			return string(r.HeatMap.Nations[i])
		}
	}
	return ""
}
