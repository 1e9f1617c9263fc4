package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// The last slides of a deck: how findings are made, what to keep in mind, what was not assessed, and the sources.

// method is how findings are made, what was not assessed, and the sources.
func (d *deck) method() {
	r := d.report
	l := flowing{title: fmt.Sprintf("Method: findings come from %s, each with a stated formula", counted(len(r.Kinds), "analysis")),
		columns: []listColumn{{head: "Report", width: 132}, {head: "What is looked for"}}}
	if len(r.Kinds) != 1 {
		l.title = fmt.Sprintf("Method: findings come from %d analyses, each with a stated formula", len(r.Kinds))
	}
	for _, k := range r.Kinds {
		look := reportTint(k.Report)
		word := say(sentence(string(k.Report)), leastText, true)
		word.runs[0].colour = look.ink
		l.rows = append(l.rows, listRow{cells: []tableCell{{paras: []para{word}, fill: look.fill}, {paras: []para{{runs: []textRun{{text: Plain(k.Title), size: leastText}}}}}},
			notes: []string{k.Name + ": " + k.Doc, "Formula: " + k.Formula}})
	}
	d.flow(l)
	d.caveats()
	d.notAssessed()
	d.sources()
}

// caveats are what a listener must know before they act on a number.
func (d *deck) caveats() {
	r := d.report
	s := d.add("Caveats: what to keep in mind before acting on a number")
	var ps []para
	add := func(label, text string) {
		p := say(text, bodyText, false)
		p.runs = append([]textRun{{text: Plain(label) + " ", size: bodyText, bold: true}}, p.runs...)
		p.above = 12
		ps = append(ps, p)
	}
	if note := r.Incomplete(); note != "" {
		add("Data.", note)
	}
	if notional(r.Marking) {
		add("Notional.", notionalNote)
	}
	add("Silence is not zero.", "Where nothing is known, nothing is concluded: it is counted as not assessed, not as a gap.")
	if ranked(r) {
		add("Severity", "is a "+analysis.RankedBy+".")
	}
	horizon := "with an open horizon"
	if r.Horizon != 0 {
		horizon = "looking ahead to " + r.Horizon.String()
	}
	add("Dates.", fmt.Sprintf("As of %s, %s; the data was compiled as of %s.", r.AsOf, horizon, r.Dataset.AsOf))
	if chosen := narrowed(r.Scope, r.Horizon); chosen != "" {
		add("Narrowed to", chosen+".")
	}
	for _, n := range r.Warnings.Of(data.Note) {
		add("Assumed.", n.Message+" ("+n.Hint+").")
	}
	if n := len(r.Warnings); n > 0 {
		add("Doubts about the data:", fmt.Sprintf("%d, all %s.", n, elsewhere))
	}
	var heads []string
	for _, m := range r.Membership {
		heads = append(heads, fmt.Sprintf("%s %d", strings.Join(names(m.Organisations), " and "), m.Nations))
	}
	if len(heads) > 0 {
		add("Members", "on the day: "+strings.Join(heads, ", ")+".")
	}
	s.textBox("Caveats", d.area, d.template.text.fit(ps, d.area.w, d.area.h, leastText), boxStyle{})
	s.notes = d.about()
	for _, p := range r.Parameters {
		s.notes = append(s.notes, fmt.Sprintf("%s = %s", p.Name, p.Value))
	}
}

// notAssessed says what the report cannot say.
func (d *deck) notAssessed() {
	r := d.report
	if len(r.NotAssessed) == 0 {
		return
	}
	l := flowing{title: fmt.Sprintf("Not assessed: %s why something could not be answered", counted(len(r.NotAssessed), "reason")),
		columns: []listColumn{{head: "Cases", width: 60, right: true}, {head: "Concerns", width: 150}, {head: "Why"}, {head: "For example"}}}
	for _, n := range r.NotAssessed {
		example := strings.Join(n.Subjects[:min(subjectsMost, len(n.Subjects))], ", ")
		if len(n.Subjects) > subjectsMost {
			example += ", …"
		}
		number := say(fmt.Sprint(len(n.Subjects)), leastText, true)
		number.align = "r"
		cells := []tableCell{{paras: []para{number}}}
		for _, text := range []string{cmp.Or(n.Kind, "all"), n.Reason, shorten(example, 90)} {
			cells = append(cells, tableCell{paras: []para{say(text, leastText, false)}})
		}
		l.rows = append(l.rows, listRow{cells: cells, notes: []string{fmt.Sprintf("%s: %s: %s", cmp.Or(n.Kind, "all"), n.Reason, strings.Join(n.Subjects, ", "))}})
	}
	d.flow(l)
}

// sources are those of the findings, as many as fit on a few slides.
func (d *deck) sources() {
	all := d.report.Sources.All()
	if len(all) == 0 {
		return
	}
	title := fmt.Sprintf("Sources: the findings rest on %s", counted(len(all), "source"))
	l := flowing{title: title, columns: []listColumn{{head: "Source"}, {head: "Publisher", width: 210}, {head: "Date", width: 96}}}
	for _, x := range d.cited(all) {
		var cells []tableCell
		for _, text := range []string{x.Title, cmp.Or(x.Publisher, "–"), cmp.Or(x.Date, "–")} {
			cells = append(cells, tableCell{paras: []para{say(text, leastText, false)}})
		}
		l.rows = append(l.rows, listRow{cells: cells, notes: []string{x.Code + ": " + x.Title + " " + x.URL}})
	}
	l.left, l.pages = len(all)-len(l.rows), sourcePages
	d.flow(l)
}

// cited are the sources in the order in which findings name them, the most severe findings first.
func (d *deck) cited(all []analysis.SourceLine) (out []analysis.SourceLine) {
	by := map[string]analysis.SourceLine{}
	for _, s := range all {
		by[s.Code] = s
	}
	take := func(f analysis.Finding) {
		for _, e := range f.Tell().Evidence {
			for _, code := range e.Tell().Sources {
				if s, ok := by[code]; ok {
					out = append(out, s)
					delete(by, code)
				}
			}
		}
	}
	for _, severity := range append(slices.Clone(analysis.Severities), "") {
		for _, f := range d.report.Findings {
			if f.Severity == severity && len(out) < sourcesMost {
				take(f)
			}
		}
	}
	return out
}
