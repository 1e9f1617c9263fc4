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

// Explain sets one finding of a report: what it says, the arithmetic, its severity with its parts, and every record that it
// rests on down to file, line and source.
func Explain(w io.Writer, r *analysis.Report, id string, o Options) error {
	f, ok := r.Find(id)
	if !ok {
		return unknownFinding(r, id)
	}
	p := newPage(o)
	p.again = r.Again
	said := f.Tell()
	marking := said.Marking
	p.marking(marking)
	p.line(span{f.ID, strong})
	p.prose(0, strings.Join(about(r, f), " · "), dim)
	p.blank()
	p.prose(0, said.Summary, strong)
	if f.Verdict != "" || f.Status != "" {
		p.prose(0, "Verdict: "+strings.TrimPrefix(strings.TrimSuffix(f.Verdict+", "+f.Status, ", "), ", ")+".", plain)
	}
	if f.Severity != "" {
		p.severity(f)
	}
	if f.Period != (data.Period{}) {
		p.prose(0, "When: "+f.Period.String()+".", plain)
	}
	p.heading("HOW IT COMES ABOUT", "deconflict explain "+f.Kind)
	p.prose(0, said.Explanation, plain)
	if len(f.Measures) > 0 {
		p.blank()
		g := &grid{head: []head{{text: "measure"}, {text: "value", right: true}, {text: "unit"}}}
		for _, m := range f.Measures {
			g.add(m.Name, m.Value.String(), m.Unit)
		}
		p.grid(0, g)
	}
	for _, d := range said.Details {
		p.blank()
		p.detail(d, len(d.Rows))
	}
	for i, c := range said.Caveats {
		if i == 0 {
			p.heading("CAVEATS", "")
		}
		p.item(span{text: "  –"}, 4, c, "")
	}
	p.evidence(r, said)
	if len(said.See) > 0 {
		p.heading("SEE ALSO", "on the same subject")
		for _, id := range said.See {
			if see, ok := r.Find(id); ok {
				p.findings([]*analysis.Finding{&see}, 1, 0)
			}
		}
	}
	var c commands
	c.add("the definition and its formula", "explain", f.Kind)
	if len(f.Nations) == 1 {
		c.add("the nation's page", p.same("nation", string(f.Nations[0]))...)
	}
	p.commands(c)
	if note := r.Incomplete(); note != "" {
		p.blank()
		p.prose(0, "Note: "+note, dim)
	}
	p.marking(marking)
	return p.writeTo(w)
}

// about places a finding: its report, area, capability, nations, organisations and initiatives, in words.
func about(r *analysis.Report, f analysis.Finding) []string {
	parts := []string{string(f.Report)}
	if f.Area != "" {
		parts = append(parts, f.Area.Title())
	}
	for _, c := range r.Capabilities {
		if c.Code == f.Capability {
			parts = append(parts, c.Name)
		}
	}
	nations, initiatives := nameOf(r.Nations), nameOf(r.Initiatives)
	const few = 6
	if n := len(f.Nations); n > few {
		parts = append(parts, counted(n, "nation"))
	} else {
		for _, n := range f.Nations {
			parts = append(parts, cmp.Or(nations[string(n)], string(n)))
		}
	}
	parts = append(parts, names(f.Organisations)...)
	for _, i := range f.Initiatives {
		parts = append(parts, cmp.Or(initiatives[i], i))
	}
	return append(parts, "as of "+r.AsOf.String())
}

// severity shows how a severity came about.
func (p *page) severity(f analysis.Finding) {
	line := "Severity: " + string(f.Severity)
	if s := f.SeverityParts; s != nil {
		line += fmt.Sprintf(" = size %s × urgency %s × (1 + share %s) / 2 = %s (%s)", s.Size, s.Urgency, s.Share, s.Score, s.Caption)
	} else {
		line += ", by its kind and verdict (" + analysis.RankedBy + ")"
	}
	p.prose(0, line+".", severityStyle(f.Severity))
}

// detail sets the first rows of a small table inside a finding.
func (p *page) detail(d analysis.Detail, most int) {
	p.prose(0, d.Title, strong)
	g := &grid{}
	for _, c := range d.Columns {
		title := c.Name
		if c.Unit != "" && c.Unit != c.Name {
			title += " (" + c.Unit + ")"
		}
		g.head = append(g.head, head{text: title, right: c.Unit != ""})
	}
	for _, row := range d.Rows[:min(most, len(d.Rows))] {
		g.add(row...)
	}
	p.grid(0, g)
	if more := len(d.Rows) - most; more > 0 {
		p.line(span{fmt.Sprintf("  and %d more", more), dim})
	}
}

// evidence walks a finding down to its records: where each stands, what it says, and by number where that was read. The sources
// follow, each once.
func (p *page) evidence(r *analysis.Report, said analysis.Words) {
	p.heading("EVIDENCE", counted(len(said.Evidence), "record"))
	var codes []string
	for i, evidence := range said.Evidence {
		e := evidence.Tell()
		if i > 0 {
			p.blank()
		}
		e.Position.Column = 0 // a record is a line
		p.prose(0, e.Position.String(), strong)
		p.prose(2, e.Record+": "+e.Says, plain)
		if e.Marking != "" && e.Marking != said.Marking {
			p.prose(2, "marked "+string(e.Marking), plain)
		}
		var numbers []string
		for _, code := range e.Sources {
			if !slices.Contains(codes, code) {
				codes = append(codes, code)
			}
			numbers = append(numbers, strconv.Itoa(slices.Index(codes, code)+1))
		}
		switch len(numbers) {
		case 0:
			p.prose(2, "no source stated", dim)
		case 1:
			p.prose(2, "source "+numbers[0], dim)
		default:
			p.prose(2, "sources "+strings.Join(numbers, ", "), dim)
		}
	}
	p.heading("SOURCES", "")
	for i, code := range codes {
		s := analysis.SourceLine{Title: code}
		for _, x := range r.Sources.All() {
			if x.Code == code {
				s = x
			}
		}
		known := slices.DeleteFunc([]string{s.Title, s.Publisher, s.Date}, func(s string) bool { return s == "" })
		p.item(span{fmt.Sprintf("%3d", i+1), strong}, 5, strings.Join(known, ", "), "")
		if s.URL != "" {
			p.prose(5, s.URL, dim)
		}
	}
	if len(codes) == 0 {
		p.prose(0, "The records name none.", dim)
	}
}

func unknownFinding(r *analysis.Report, id string) error {
	all := analysis.Kinds()
	for _, f := range r.Findings {
		all = append(all, f.ID)
	}
	hint := cmp.Or(data.DidYouMean(data.Nearest(id, all)), "deconflict list analyses shows the kinds; deconflict analyse shows ids")
	return &data.ValueError{Got: id, Want: "the id of a finding of this report or a kind of finding", Hint: hint}
}

// ExplainKind sets what a kind of finding says, its formula and its parameters.
func ExplainKind(w io.Writer, a *analysis.Analysis, o Options) error {
	p := newPage(o)
	p.line(span{a.Name, strong}, span{text: " · " + string(a.Report)})
	p.prose(0, a.Title, strong)
	p.blank()
	p.doc(a.Doc)
	p.heading("FORMULA", "")
	p.verbatim(a.Formula)
	p.blank()
	p.verbatim(analysis.Symbols)
	p.heading("NUMBERS", "columns of the figures")
	var names []string
	for _, m := range a.Measures {
		if strings.HasSuffix(m.Name, " ") {
			m.Name += "each organisation"
		}
		names = append(names, header(m))
	}
	p.prose(0, strings.Join(names, ", ")+".", plain)
	if len(a.Params) > 0 {
		p.heading("PARAMETERS", "--param "+a.Name+".NAME=VALUE")
		g := &grid{head: []head{{text: "name", fixed: true}, {text: "default", right: true}, {text: "what it is"}}}
		for _, x := range a.Params {
			g.add(a.Name+"."+x.Name, x.Default.String(), x.Doc)
		}
		p.grid(0, g)
	}
	var c commands
	c.add("findings of this kind", "analyse", "--kind", a.Name)
	c.add("their numbers alone", "analyse", "--kind", a.Name, "--format", "figures", "-o", "figures/")
	c.add("all kinds", "list", "analyses")
	p.commands(c)
	return p.writeTo(w)
}

// doc sets the text of an analysis: lines make paragraphs, and an indented line is an item, whose text hangs beside its name.
func (p *page) doc(text string) {
	var paragraph []string
	end := func() {
		if len(paragraph) > 0 {
			p.prose(0, strings.Join(paragraph, " "), plain)
		}
		paragraph = nil
	}
	for l := range strings.Lines(text) {
		l = strings.TrimRight(l, "\n")
		if !strings.HasPrefix(l, "  ") {
			paragraph = append(paragraph, l)
			continue
		}
		end()
		name, rest, _ := strings.Cut(strings.TrimSpace(l), "  ")
		hang := strings.LastIndex(l, strings.TrimSpace(rest))
		p.item(span{text: "  " + name}, hang, rest, "")
	}
	end()
}

// verbatim sets text that has lines of its own: each is kept, and wrapped under its indent.
func (p *page) verbatim(text string) {
	for l := range strings.Lines(text) {
		l = strings.TrimRight(l, "\n")
		indent := len(l) - len(strings.TrimLeft(l, " "))
		p.prose(indent, l, plain)
	}
}
