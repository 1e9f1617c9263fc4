package render

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// writeMarkdown writes a report as a document in the Markdown of GitHub: the answer, every finding, the heat map, what was not
// assessed, how findings are made, and the sources. A report on nations has a part for each of them instead of the answer.
func writeMarkdown(w io.Writer, r *analysis.Report, _ Options) error {
	var m document
	m.marking(r.Marking)
	m.heading(1, "Duplication, gaps and complementarity as of "+r.AsOf.String())
	m.paragraph(escape(titleOf(r.Dataset)) + "  ")
	if chosen := narrowed(r.Scope, r.Horizon); chosen != "" {
		m.paragraph("**Narrowed to:** " + escape(chosen))
	}
	if note := r.Incomplete(); note != "" {
		m.paragraph("**Note:** " + escape(note))
	}
	for _, n := range r.Warnings.Of(data.Note) {
		m.paragraph("**Assumed:** " + escape(n.Message+" ("+n.Hint+")."))
	}
	if len(r.Profiles) > 0 {
		for _, n := range r.Profiles {
			m.nation(r, n)
		}
	} else {
		m.answer(r)
		for _, q := range asked(r) {
			m.report(r, q)
		}
		m.heatMap(r)
	}
	m.notAssessed(r)
	m.method(r)
	m.sources(r)
	m.marking(r.Marking)
	return m.writeTo(w)
}

// writeDifferenceMarkdown writes what changed as a document.
func writeDifferenceMarkdown(w io.Writer, d *analysis.Difference, _ Options) error {
	var m document
	m.marking(d.Marking)
	m.heading(1, "What changed in duplication, gaps and complementarity")
	for _, s := range []struct {
		when string
		analysis.Side
	}{{"Before", d.Before}, {"After", d.After}} {
		m.paragraph("**" + s.when + ":** " + escape(titleOf(s.Dataset)) + ", as of " + s.AsOf.String())
	}
	if chosen := narrowed(d.Scope, d.Horizon); chosen != "" {
		m.paragraph("**Narrowed to:** " + escape(chosen))
	}
	if len(d.NotCompared) > 0 {
		m.paragraph("**Not compared**, because only one of the two was asked about them: " + escape(strings.Join(d.NotCompared, ", ")))
	}
	if note := d.Incomplete(); note != "" {
		m.paragraph("**Note:** " + escape(note))
	}
	m.heading(2, "The answer: "+counted(len(d.Changes), "change"))
	t := newTable("", "", "report new:n worse:n better:n gone:n changed:n as_before:n")
	for _, c := range d.Summary {
		t.add(sentence(string(c.Report)), c.New, c.Worse, c.Better, c.Gone, c.Changed, c.Same)
	}
	m.table(t)
	m.paragraph(analysis.ChangeRule)
	for _, k := range analysis.ChangeKinds {
		m.changes(d, k)
	}
	m.marking(d.Marking)
	return m.writeTo(w)
}

// document is a Markdown document being set, a blank line between its parts.
type document struct{ out bytes.Buffer }

func (m *document) writeTo(w io.Writer) error {
	_, err := m.out.WriteTo(w)
	return err
}

// paragraph sets text that is Markdown already.
func (m *document) paragraph(text string) {
	if m.out.Len() > 0 {
		m.out.WriteByte('\n')
	}
	m.out.WriteString(strings.TrimSpace(text) + "\n")
}

func (m *document) heading(level int, text string) {
	m.paragraph(strings.Repeat("#", level) + " " + escape(text))
}

// marking stands first and last.
func (m *document) marking(mark data.Marking) {
	m.paragraph("**" + escape(string(mark)) + "**")
	if notional(mark) {
		m.paragraph("**" + escape(notionalNote) + "**")
	}
}

// escape makes text from data mean itself in Markdown: no mark, tag, reference, table or list starts in it, and no address in it
// becomes a link.
func escape(s string) string {
	s = strings.TrimSpace(Plain(s))
	var b strings.Builder
	for i, r := range s {
		switch before, after := s[:i], s[i:]; {
		case strings.ContainsRune("\\`*_{}[]<>|~&$@#!", r),
			i == 0 && strings.ContainsRune("-+=", r),
			(r == '.' || r == ')') && strings.Trim(before, "0123456789") == "",
			r == '.' && strings.HasSuffix(strings.ToLower(before), "www"),
			r == ':' && strings.HasPrefix(after, "://"):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code sets an id or a formula in letters of one width.
func code(s string) string {
	s = strings.TrimSpace(Plain(s))
	if s == "" || strings.ContainsAny(s, "`|") {
		return escape(s)
	}
	return "`" + s + "`"
}

// doc sets a text whose indented lines are a list.
func (m *document) doc(text string) {
	lines := strings.Split(text, "\n")
	for len(lines) > 0 {
		indented := strings.HasPrefix(lines[0], " ")
		n := 1
		for n < len(lines) && lines[n] != "" && strings.HasPrefix(lines[n], " ") == indented {
			n++
		}
		part := strings.Join(lines[:n], "\n")
		switch {
		case indented:
			m.verbatim(part)
		case strings.TrimSpace(part) != "":
			m.paragraph(escape(part))
		}
		lines = lines[n:]
	}
}

// verbatim sets lines as they are: indented, so that nothing in them can end them.
func (m *document) verbatim(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	m.out.WriteByte('\n')
	for l := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		m.out.WriteString(strings.TrimRight("    "+Plain(l), " ") + "\n")
	}
}

// table sets a table whose cells are text.
func (m *document) table(t Table) { m.tableOf(t, func(_ int, s string) string { return escape(s) }) }

// tableOf sets a table with cells as a function makes Markdown of them.
func (m *document) tableOf(t Table, markdown func(column int, s string) string) {
	var b strings.Builder
	row := func(cell func(i int) string) {
		b.WriteString("|")
		for i := range t.Columns {
			b.WriteString(" " + cell(i) + " |")
		}
		b.WriteString("\n")
	}
	row(func(i int) string { return escape(strings.ReplaceAll(t.Columns[i].Name, "_", " ")) })
	row(func(i int) string {
		if t.Columns[i].Kind == Number {
			return "--:"
		}
		return "---"
	})
	for _, cells := range t.Rows {
		row(func(i int) string { return markdown(i, cells[i]) })
	}
	m.paragraph(b.String())
}

// answer is the bottom line of each report, and the counts by report and area.
func (m *document) answer(r *analysis.Report) {
	m.heading(2, "The answer: "+counted(len(r.Findings), "finding"))
	m.bottomLines(r)
	t := newTable("", "", "report area critical:n high:n medium:n low:n info:n all:n")
	if !ranked(r) {
		t = newTable("", "", "report area all:n")
	}
	for _, c := range r.Summary {
		switch {
		case !slices.Contains(asked(r), c.Report) || c.Findings == 0 && c.Area == "":
		case ranked(r):
			t.add(sentence(string(c.Report)), areaTitle(c.Area), c.Critical, c.High, c.Medium, c.Low, c.Info, c.Findings)
		default:
			t.add(sentence(string(c.Report)), areaTitle(c.Area), c.Findings)
		}
	}
	m.table(t)
	if ranked(r) {
		m.paragraph("Severity is a ranking by this program.")
	}
}

func (m *document) bottomLines(r *analysis.Report) {
	var b strings.Builder
	for _, l := range r.BottomLines {
		if l.Area == "" {
			b.WriteString("* **" + escape(sentence(string(l.Report))) + ":** " + escape(l.Text) + "\n")
		}
	}
	if b.Len() > 0 {
		m.paragraph(b.String())
	}
}

// report is every finding of a report, area by area.
func (m *document) report(r *analysis.Report, q analysis.Question) {
	by := map[data.Area][]analysis.Finding{}
	n := 0
	for _, f := range r.Findings {
		if f.Report == q {
			by[f.Area] = append(by[f.Area], f)
			n++
		}
	}
	m.heading(2, sentence(string(q))+": "+counted(n, "finding"))
	if n == 0 {
		m.paragraph("No finding.")
	}
	for _, a := range append(areasOf(r), "") {
		if len(by[a]) > 0 {
			m.heading(3, sentence(areaTitle(a)))
			m.findings(by[a])
		}
	}
}

func areasOf(r *analysis.Report) (out []data.Area) {
	for _, a := range r.Areas {
		out = append(out, data.Area(a.Code))
	}
	return out
}

func (m *document) findings(fs []analysis.Finding) {
	t := newTable("", "", "severity finding id")
	for _, f := range fs {
		t.add(cmp.Or(string(f.Severity), "–"), f.Tell().Summary, f.ID)
	}
	m.tableOf(t, func(column int, s string) string {
		if column == 2 {
			return code(s)
		}
		return escape(s)
	})
}

// heatMap is nation by capability, area by area, without the nations and capabilities of which nothing is known; they are named.
func (m *document) heatMap(r *analysis.Report) {
	leaves := leavesOf(r)
	drawn := false
	for _, area := range r.Areas {
		columns, unknown := knownColumns(r, leaves, data.Area(area.Code))
		if len(columns) == 0 {
			continue
		}
		if !drawn {
			m.heading(2, "Heat map: nation by capability")
			m.legend()
			drawn = true
		}
		m.heading(3, sentence(area.Name))
		rows, quiet := knownRows(r, columns)
		t := newTable("", "", "nation")
		var keys strings.Builder
		for _, j := range columns {
			c := r.HeatMap.Capabilities[j]
			t.Columns = append(t.Columns, Column{Name: string(c)})
			keys.WriteString("* " + code(string(c)) + " " + escape(leaves[c].Name) + "\n")
		}
		named := nameOf(r.Nations)
		for _, i := range rows {
			n := string(r.HeatMap.Nations[i])
			row := []any{n + " " + named[n]}
			for _, j := range columns {
				row = append(row, r.HeatMap.At(i, j))
			}
			t.add(row...)
		}
		m.table(t)
		m.paragraph(keys.String())
		if len(unknown) > 0 {
			m.paragraph("No data on any nation for " + escape(strings.Join(unknown, ", ")) + ".")
		}
		if len(quiet) > 0 {
			m.paragraph("No data for " + counted(len(quiet), "nation") + ": " + escape(strings.Join(quiet, " ")) + ".")
		}
	}
}

// legend explains the letters.
func (m *document) legend() {
	var parts []string
	for _, s := range analysis.States {
		parts = append(parts, code(string(s.State))+" "+s.Meaning)
	}
	m.paragraph(strings.Join(parts, " · "))
}

// nation is one nation's part: what it is asked for, offers and has, its initiatives, and the findings that name it.
func (m *document) nation(r *analysis.Report, n analysis.Profile) {
	m.heading(2, string(n.Nation)+" "+n.Name)
	m.paragraph(escape(cmp.Or(strings.Join(names(n.Organisations), " · "), "in no organisation")))
	if len(r.Profiles) == 1 {
		m.bottomLines(r)
	}
	m.heading(3, "Asked for, offered and held")
	if len(n.Capabilities) == 0 {
		m.paragraph("Nothing is known of what it is asked for, offers or holds. That says nothing about what it has.")
	} else {
		m.capabilities(r, n)
	}
	m.heading(3, "Initiatives it is in")
	if len(n.Initiatives) == 0 {
		m.paragraph("No active initiative is known to list it.")
	} else {
		t := newTable("", "", "initiative code of role")
		named := nameOf(r.Initiatives)
		for _, i := range n.Initiatives {
			t.add(named[i.Initiative], i.Initiative, i.Organisation, i.Role)
		}
		m.table(t)
	}
	for _, q := range asked(r) {
		var about []analysis.Finding
		for _, f := range r.Findings {
			if f.Report == q && slices.Contains(f.Nations, n.Nation) {
				about = append(about, f)
			}
		}
		m.heading(3, sentence(string(q))+": "+counted(len(about), "finding"))
		if len(about) == 0 {
			m.paragraph("No finding names it.")
		} else {
			m.findings(about)
		}
	}
}

func (m *document) capabilities(r *analysis.Report, n analysis.Profile) {
	leaves := leavesOf(r)
	t := newTable("", "", "state capability unit organisation target:n usable:n own_plan:n held:n")
	for _, c := range n.Capabilities {
		leaf := leaves[c.Capability]
		add := func(o data.Organisation, target, usable string) {
			t.add(c.State, leaf.Name, leaf.Unit, o, target, usable, amountOf(c.OwnPlan), amountOf(c.Held))
		}
		if len(c.Demand) == 0 {
			add("–", "–", "–")
		}
		for _, d := range c.Demand {
			add(d.Organisation, d.Target.String(), amountOf(d.Usable))
		}
	}
	m.table(t)
	m.legend()
	m.paragraph("Peaks; held as of " + r.AsOf.String() + ". – no number is known, which is not 0.")
}

// changes are the findings that became one thing.
func (m *document) changes(d *analysis.Difference, k analysis.ChangeKind) {
	t := newTable("", "", "report severity finding moved id")
	for _, c := range d.Changes {
		if c.Change != k {
			continue
		}
		f := c.Finding()
		severity, what := cmp.Or(string(f.Severity), "–"), ""
		if c.Before != nil && c.After != nil {
			what = strings.Join(moved(c, d.Later(), len(c.Measures)), "; ")
			if c.Before.Severity != c.After.Severity {
				severity = string(c.Before.Severity) + " → " + string(c.After.Severity)
			}
		}
		t.add(sentence(string(f.Report)), severity, f.Tell().Summary, what, c.ID)
	}
	if len(t.Rows) == 0 {
		return
	}
	m.heading(2, sentence(string(k))+": "+counted(len(t.Rows), "finding"))
	m.tableOf(t, func(column int, s string) string {
		if column == 4 {
			return code(s)
		}
		return escape(s)
	})
}

// notAssessed says what the report cannot say.
func (m *document) notAssessed(r *analysis.Report) {
	if len(r.NotAssessed) == 0 {
		return
	}
	m.heading(2, "Not assessed")
	m.paragraph("What this report cannot say, and why.")
	t := newTable("", "", "kind reason subjects:n which")
	const examples = 20
	for _, n := range r.NotAssessed {
		which := strings.Join(n.Subjects[:min(examples, len(n.Subjects))], ", ")
		if more := len(n.Subjects) - examples; more > 0 {
			which += " and " + data.Count(more).String() + " more"
		}
		t.add(cmp.Or(n.Kind, "all"), n.Reason, len(n.Subjects), which)
	}
	m.table(t)
}

// method says how each kind of finding is made.
func (m *document) method(r *analysis.Report) {
	m.heading(2, "Method")
	for _, k := range r.Kinds {
		m.heading(3, k.Title)
		m.paragraph(code(k.Name) + " · " + escape(string(k.Report)))
		m.doc(k.Doc)
		m.verbatim(k.Formula)
	}
	if len(r.Parameters) > 0 {
		m.heading(3, "Parameters in force")
		t := newTable("", "", "parameter value:n")
		for _, p := range r.Parameters {
			t.add(p.Name, p.Value)
		}
		m.table(t)
	}
	m.paragraph("Made by " + escape(r.Program) + ".")
}

func (m *document) sources(r *analysis.Report) {
	if len(r.Sources.All()) == 0 {
		return
	}
	m.heading(2, "Sources")
	t := newTable("", "", "source title publisher date address")
	for _, s := range r.Sources.All() {
		t.add(s.Code, s.Title, s.Publisher, s.Date, s.URL)
	}
	m.table(t)
}
