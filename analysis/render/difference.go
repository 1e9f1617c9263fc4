package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// writeDifference sets what changed between two reports for a reader at a terminal: how much became what, then the findings, what is
// new and worse first, each with its severity and its numbers before and after.
func writeDifference(w io.Writer, d *analysis.Difference, o Options) error {
	p := newPage(o)
	p.marking(d.Marking)
	p.compared(d)
	p.changeCounts(d)
	for _, k := range analysis.ChangeKinds {
		p.changes(d, k)
	}
	p.nextAfter(d, o.Typed)
	p.blank()
	p.marking(d.Marking)
	return p.writeTo(w)
}

// compared says what was compared.
func (p *page) compared(d *analysis.Difference) {
	p.prose(0, "deconflict · what changed in duplication, gaps and complementarity", strong)
	p.blank()
	p.side("before", d.Before)
	p.side("after", d.After)
	if chosen := narrowed(d.Scope, d.Horizon); chosen != "" {
		p.prose(0, "Narrowed to: "+chosen, strong)
	}
	if len(d.NotCompared) > 0 {
		p.prose(0, "Not compared, because only one of the two was asked about them: "+strings.Join(d.NotCompared, ", "), warning)
	}
	if note := d.Incomplete(); note != "" {
		p.prose(0, "Note: "+note, warning)
	}
}

func (p *page) side(label string, s analysis.Side) {
	text := s.Dataset.Name
	if title := titleOf(s.Dataset); title != text {
		text += " · " + title
	}
	p.item(span{label, strong}, 8, text+" · as of "+s.AsOf.String(), "")
}

// changeCounts is how many findings of each report became what.
func (p *page) changeCounts(d *analysis.Difference) {
	p.heading("THE ANSWER", counted(len(d.Changes), "change"))
	if len(d.Changes) == 0 {
		p.prose(0, "Nothing changed: "+counted(d.Same, "finding")+" in both, and each says the same.", strong)
		return
	}
	g := &grid{head: []head{{text: "report"}}}
	for _, k := range analysis.ChangeKinds {
		g.head = append(g.head, head{text: string(k), right: true})
	}
	g.head = append(g.head, head{text: "as before", right: true})
	for _, c := range d.Summary {
		row := []cell{{sentence(string(c.Report)), strong}}
		for _, k := range analysis.ChangeKinds {
			row = append(row, count(c.Of(k), changeStyle(k)))
		}
		g.rows = append(g.rows, append(row, count(c.Same, plain)))
	}
	p.grid(0, g)
	p.prose(0, analysis.ChangeRule+" deconflict explain shows the parts.", dim)
}

// changeStyle is the colour of a change, which always stands beside its word.
func changeStyle(k analysis.ChangeKind) style {
	switch k {
	case analysis.Appeared, analysis.Worse:
		return alarming
	case analysis.Better, analysis.Gone:
		return calm
	}
	return plain
}

// changes lists the first findings of each report that became one thing.
func (p *page) changes(d *analysis.Difference, k analysis.ChangeKind) {
	const most = 5
	byReport := map[analysis.Question][]analysis.Change{}
	all := 0
	for _, c := range d.Changes {
		if c.Change == k {
			q := c.Finding().Report
			byReport[q] = append(byReport[q], c)
			all++
		}
	}
	if all == 0 {
		return
	}
	p.heading(strings.ToUpper(string(k)), counted(all, "finding"))
	first := true
	for _, q := range analysis.Questions {
		here := byReport[q]
		if len(here) == 0 {
			continue
		}
		if !first {
			p.blank()
		}
		first = false
		p.sub(sentence(string(q)))
		for _, c := range here[:min(most, len(here))] {
			p.change(c, d.Later())
		}
		if more := len(here) - most; more > 0 {
			p.line(span{fmt.Sprintf("  and %d more", more), dim})
		}
	}
}

// change sets one finding: its severity before and after, what it says now, and what moved.
func (p *page) change(c analysis.Change, later data.Date) {
	f := c.Finding()
	label, hang := "  "+string(f.Severity), 12
	switch {
	case c.Before != nil && c.After != nil && c.Before.Severity != c.After.Severity:
		label, hang = "  "+string(c.Before.Severity)+" → "+string(c.After.Severity), 22
	case f.Severity == "":
		label, hang = "  –", 4
	}
	p.item(span{label, severityStyle(f.Severity)}, hang, f.Tell().Summary, "")
	if c.Before != nil && c.After != nil {
		for _, l := range wrap(Plain(strings.Join(moved(c, later, 3), " · ")), p.width-hang) {
			p.line(span{text: strings.Repeat(" ", hang)}, span{l, strong})
		}
	}
	for _, l := range wrap(Plain(c.ID), p.width-hang) {
		p.line(span{text: strings.Repeat(" ", hang)}, span{l, dim})
	}
}

// moved says in words what is not the same in a finding, its first so many measures included. What has begun by the later of the two
// days asked about has begun in both.
func moved(c analysis.Change, later data.Date, measures int) (out []string) {
	for _, m := range c.Measures[:min(measures, len(c.Measures))] {
		after := amountOf(m.After)
		if m.Unit != "" {
			after = data.Units(m.After.Amount(), m.Unit)
			if !m.After.Known() {
				after = "– " + m.Unit
			}
		}
		out = append(out, m.Name+" "+amountOf(m.Before)+" → "+after)
	}
	if more := len(c.Measures) - measures; more > 0 {
		out = append(out, counted(more, "other measure"))
	}
	b, a := c.Before, c.After
	if b == nil || a == nil {
		return out
	}
	for _, t := range []struct{ what, before, after string }{
		{"score", scoreOf(b), scoreOf(a)}, {"verdict", b.Verdict, a.Verdict}, {"status", b.Status, a.Status},
		{"from", b.From.String(), a.From.String()}, {"until", b.Until.String(), a.Until.String()},
	} {
		if t.what == "from" && max(b.From, later) == max(a.From, later) {
			continue
		}
		if t.before != t.after {
			out = append(out, t.what+" "+orDash(t.before)+" → "+orDash(t.after))
		}
	}
	out = append(out, cameAndWent("nation", names(b.Nations), names(a.Nations))...)
	return append(out, cameAndWent("initiative", b.Initiatives, a.Initiatives)...)
}

func scoreOf(f *analysis.Finding) string {
	if f.SeverityParts == nil {
		return ""
	}
	return f.SeverityParts.Score.String()
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// cameAndWent says who is in the later of two lists alone, and who in the earlier.
func cameAndWent(noun string, before, after []string) (out []string) {
	without := func(a, b []string) (only []string) {
		for _, v := range a {
			if !slices.Contains(b, v) {
				only = append(only, v)
			}
		}
		return only
	}
	if came := without(after, before); len(came) > 0 {
		out = append(out, noun+" added: "+strings.Join(came, ", "))
	}
	if went := without(before, after); len(went) > 0 {
		out = append(out, noun+" no longer: "+strings.Join(went, ", "))
	}
	return out
}

// nextAfter names commands that go on from the difference.
func (p *page) nextAfter(d *analysis.Difference, typed []string) {
	var c commands
	if i := slices.IndexFunc(d.Changes, func(c analysis.Change) bool { return c.After != nil }); i >= 0 {
		f := d.Changes[i].After
		if p.again != nil {
			c.add("the first of these down to file, line and source", p.same("explain", f.ID)...)
			if len(f.Nations) == 1 {
				c.add("the nation's page as it is now", p.same("nation", string(f.Nations[0]))...)
			}
		}
		c.add("how such findings are made", "explain", f.Kind)
	}
	switch {
	case len(d.Changes) > 0:
		c.add("every change with both findings and their evidence", slices.Concat(typed, []string{"-o", "changes.json"})...)
	case p.again != nil:
		c.add("what both say", p.same("analyse")...)
	default:
		return
	}
	p.commands(c)
}

// DifferenceTables are all that a difference says, as tables. The first column of each is the marking of its row.
func DifferenceTables(d *analysis.Difference) []Table {
	return []Table{aboutDifference(d), changeCountTable(d), changesTable(d), shiftsTable(d)}
}

func aboutDifference(d *analysis.Difference) Table {
	t := newTable("difference", "About this comparison", "marking what value")
	add := func(what string, value any) {
		if v := fmt.Sprint(value); v != "" {
			t.add(d.Marking, what, v)
		}
	}
	add("schema", d.Schema)
	add("program", d.Program)
	for _, s := range []struct {
		when string
		analysis.Side
	}{{"before", d.Before}, {"after", d.After}} {
		add(s.when, s.Dataset.Name)
		add(s.when+": title", s.Dataset.Title)
		add(s.when+": version", s.Dataset.Version)
		add(s.when+": as of", s.AsOf)
	}
	add("horizon", d.Horizon)
	narrowedTo(d.Scope, add)
	add("not compared", codes(d.NotCompared))
	for _, s := range d.Parameters {
		add("parameter "+s.Name, s.Value)
	}
	add("as before", d.Same)
	add("note", d.Incomplete())
	return t
}

func changeCountTable(d *analysis.Difference) Table {
	t := newTable("summary", "Findings by report and change", "marking report new:n worse:n better:n gone:n changed:n as_before:n")
	for _, c := range d.Summary {
		t.add(d.Marking, c.Report, c.New, c.Worse, c.Better, c.Gone, c.Changed, c.Same)
	}
	return t
}

func changesTable(d *analysis.Difference) Table {
	t := newTable("changes", "Findings that changed", `marking change id report kind area capability nations:c organisations:c initiatives:c
		severity_before severity_after score_before:n score_after:n measure unit measure_before:n measure_after:n moved
		summary_before summary_after as_of_before:d as_of_after:d`)
	for _, c := range d.Changes {
		f := c.Finding()
		before, after := shown(c.Before), shown(c.After)
		var m analysis.Shift
		if len(c.Measures) > 0 {
			m = c.Measures[0]
		}
		t.add(markingOf(c), c.Change, c.ID, f.Report, f.Kind, f.Area, f.Capability, codes(f.Nations), codes(f.Organisations), codes(f.Initiatives),
			before.Severity, after.Severity, scoreOf(before), scoreOf(after), m.Name, m.Unit, m.Before, m.After,
			strings.Join(moved(c, d.Later(), len(c.Measures)), "; "), before.Tell().Summary, after.Tell().Summary, d.Before.AsOf, d.After.AsOf)
	}
	return t
}

func shiftsTable(d *analysis.Difference) Table {
	t := newTable("measures", "Measures that moved", "marking finding change measure unit before:n after:n")
	for _, c := range d.Changes {
		for _, m := range c.Measures {
			t.add(markingOf(c), c.ID, c.Change, m.Name, m.Unit, m.Before, m.After)
		}
	}
	return t
}

// shown is a finding, or one that says nothing where there is none.
func shown(f *analysis.Finding) *analysis.Finding {
	if f == nil {
		return &analysis.Finding{}
	}
	return f
}

// markingOf is the marking of all that a change shows.
func markingOf(c analysis.Change) data.Marking {
	var markings []data.Marking
	for _, f := range []*analysis.Finding{c.Before, c.After} {
		if f != nil {
			markings = append(markings, f.Tell().Marking)
		}
	}
	return data.Banner(markings)
}
