package render

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// A deck is what a staff officer briefs from: the answer, the heat map, a page for each area with its strongest findings and lists
// behind it, gaps over time, who works with whom, how findings are made and what was not assessed. Each title is a sentence that says
// the point; the arithmetic stands in the notes. What is on the slides of all reports stands in this file, other slides and how they are
// measured, drawn and packed in the files beside it.

// The sizes of text, in points: what is said first, content, the least for content, letters in a heat map, and what stands on every
// slide around the content.
const (
	firstText  = 24.0
	bodyText   = 18.0
	leastText  = 14.0
	letterText = 12.0
	leastMap   = 9.0
	edgeText   = 9.0
	markText   = 12.0
)

// How much of a long list is shown. What is left out is counted on the slide; all of it is in the workbook and in the JSON report.
const (
	worstMost     = 3 // findings under the bottom line
	strongestMost = 5 // findings of a report on the page of an area, where there is room
	urgentPages   = 2 // slides with findings of a report and area where some on the second are critical or high; else one
	sourcePages   = 2
	sourcesMost   = 40 // more than have room there
	partPages     = 2  // slides with the initiatives of a nation
	subjectsMost  = 3  // examples of what was not assessed
	groundsMost   = 8  // records of a finding in the notes
)

const elsewhere = "in the workbook and the JSON report"

// deck is a deck being made.
type deck struct {
	report     *analysis.Report
	template   *Template
	again      []string
	slides     []*slide
	section    string
	title      rect // where titles stand
	titleMoved bool // whether that is another place than the layout's
	area       rect // what is free for content
	mark       []para
	markTop    rect
	markBottom rect
	foot       []para // the source and the notes on the data
	footAt     rect
	countAt    rect
}

// writePPTX writes a deck.
func writePPTX(w io.Writer, r *analysis.Report, opts Options) error {
	t := opts.Template
	if t == nil {
		t = ownTemplate()
	}
	d := &deck{report: r, template: t, again: r.Again}
	d.arrange()
	d.within("Bottom line", d.bottomLine)
	if len(r.Profiles) > 0 {
		for _, n := range r.Profiles {
			d.within(n.Name, func() { d.nation(n) })
		}
		if len(r.Profiles) > 1 {
			d.within("Heat map", d.heatMap)
		}
	} else {
		d.within("Heat map", d.heatMap)
		for _, a := range areasOf(r) {
			d.within(sentence(a.Title()), func() { d.areaPages(a) })
		}
		d.within("Several areas", func() { d.lists("") })
		d.within("Gaps over time", d.timeline)
	}
	d.within("Cooperation", d.cooperation)
	d.within("Method and sources", d.method)
	p, err := d.pack()
	if err != nil {
		return fmt.Errorf("making a deck: %w", err)
	}
	return p.writeTo(w)
}

// within makes slides that belong to a section of the deck.
func (d *deck) within(section string, make func()) {
	d.section = Plain(section)
	make()
}

// add starts a slide.
func (d *deck) add(title string) *slide {
	s := &slide{title: Plain(title), section: d.section, lastID: titleID}
	d.slides = append(d.slides, s)
	return s
}

// addPart starts a slide that is one of several on the same. The number stays on one line.
func (d *deck) addPart(title string, k, of int) *slide {
	s := d.add(title)
	if of > 1 {
		s.title += fmt.Sprintf(" (%d\u00a0of\u00a0%d)", k, of)
	}
	return s
}

// clauses are the parts of a bottom line.
func clauses(b analysis.BottomLine) []string {
	if len(b.Clauses) == 0 {
		return []string{strings.TrimSuffix(b.Text, ".")}
	}
	return b.Clauses
}

func (d *deck) line(q analysis.Question, area data.Area) (analysis.BottomLine, bool) {
	for _, b := range d.report.BottomLines {
		if b.Report == q && b.Area == area {
			return b, true
		}
	}
	return analysis.BottomLine{}, false
}

// asks says what each report answers.
var asks = map[analysis.Question]string{
	analysis.Duplication:     "Where is the same asked or done twice?",
	analysis.Gap:             "What is asked for and not there?",
	analysis.Complementarity: "Who brings what the other lacks?",
}

// bottomLine is the first slide: the answer to each question, and the most severe findings.
func (d *deck) bottomLine() {
	r := d.report
	total := analysis.Total(r.Summary)
	title := "Bottom line: " + counted(total.Findings, "finding")
	if ranked(r) && total.Findings > 0 {
		title += fmt.Sprintf(", %d of them critical and %d high", total.Critical, total.High)
	}
	if chosen := narrowed(r.Scope, r.Horizon); chosen != "" {
		title += " (" + chosen + ")"
	}
	s := d.add(title)
	questions := asked(r)
	const gap, side, label = 16.0, 12.0, 30.0
	width := (d.area.w - gap*float64(len(questions)-1)) / float64(max(len(questions), 1))
	inner := width - 2*side
	var texts [][]para
	for _, q := range questions {
		b, _ := d.line(q, "")
		ps := []para{say(asks[q], leastText, false)}
		for i, c := range clauses(b) {
			p := say(sentence(c), bodyText, false)
			if i == 0 {
				p = say(sentence(c), firstText, true)
			}
			p.above = 7
			ps = append(ps, p)
		}
		texts = append(texts, ps)
	}
	// the cards in one size, above as many of the worst findings as leave them room
	worst := d.worst()
	var urgent []para
	strip, high := 0.0, 0.0
	card := func(scale float64) (tallest float64) {
		for _, ps := range texts {
			tallest = max(tallest, d.template.text.height(sized(ps, scale, leastText), inner))
		}
		return tallest + label + 2*8
	}
	least := 1.0
	for {
		urgent, strip = nil, 0
		for _, f := range worst {
			p := d.ranked(f, leastText+2)
			p.above = 4
			urgent = append(urgent, p)
		}
		if len(urgent) > 0 {
			strip = d.template.text.height(urgent, d.area.w-gap) + 12
		}
		room := d.area.h - strip
		if strip > 0 {
			room -= gap
		}
		for least = 1.3; least > 0.6 && card(least) > room; {
			least -= 0.04
		}
		high = min(card(least), room)
		if card(least) <= room || len(worst) == 0 {
			break
		}
		worst = worst[:len(worst)-1]
	}
	for i, q := range questions {
		at := rect{d.area.x + float64(i)*(width+gap), d.area.y, width, high}
		look := reportTint(q)
		head := say(sentence(string(q)), 18, true)
		head.runs[0].colour = look.ink
		s.textBox(sentence(string(q)), rect{at.x, at.y, at.w, label}, d.template.text.fit([]para{head}, inner, label, leastText), boxStyle{fill: look.fill, anchor: "ctr", left: side, right: side})
		s.textBox("Answer on "+string(q), rect{at.x, at.y + label, at.w, high - label},
			d.template.text.fit(sized(texts[i], least, leastText), inner, high-label-2*8, leastText), boxStyle{line: stroke{width: 1, colour: look.fill}, left: side, right: side, top: 8, bottom: 8})
	}
	if len(urgent) > 0 {
		at := rect{d.area.x, d.area.bottom() - strip, d.area.w, strip}
		at.y = min(at.y, d.area.y+high+gap)
		s.textBox("Most severe", rect{at.x, at.y, 5, strip}, nil, boxStyle{fill: severityTint(worst[0].Severity).fill, decorative: true})
		s.textBox("Most severe findings", rect{at.x + gap, at.y, d.area.w - gap, strip}, urgent, boxStyle{anchor: "ctr"})
	}
	for _, q := range questions {
		if b, ok := d.line(q, ""); ok {
			s.notes = append(s.notes, sentence(string(q))+": "+b.Text)
		}
	}
	s.notes = append(s.notes, d.about()...)
	for _, f := range worst {
		s.notes = append(s.notes, d.arithmetic(f)...)
	}
}

// worst are the findings that a briefer names first: critical, or else high.
func (d *deck) worst() (out []analysis.Finding) {
	for _, s := range []analysis.Severity{analysis.Critical, analysis.High} {
		for _, f := range d.report.Findings {
			if f.Severity == s && len(out) < worstMost {
				out = append(out, f)
			}
		}
	}
	return out
}

// about is what the report was made from, for the notes.
func (d *deck) about() []string {
	r := d.report
	out := []string{"Made from " + titleOf(r.Dataset) + ", as of " + r.AsOf.String() + ", by " + r.Program + "."}
	if note := r.Incomplete(); note != "" {
		out = append(out, "Note: "+note)
	}
	if notional(r.Marking) {
		out = append(out, notionalNote)
	}
	if ranked(r) {
		out = append(out, "Severity is a "+analysis.RankedBy+".")
	}
	return out
}

// arithmetic is what stands in the notes on a finding: how it was reckoned, on which records, and where to read on.
func (d *deck) arithmetic(f analysis.Finding) []string {
	w := f.Tell()
	out := []string{"▸ " + w.Summary, "Arithmetic: " + w.Explanation}
	if p := f.SeverityParts; p != nil {
		out = append(out, fmt.Sprintf("Severity %s: size %s × urgency %s × (1 + share %s) / 2 = %s.", f.Severity, p.Size, p.Urgency, p.Share, p.Score))
	}
	var grounds []string
	for i, e := range w.Evidence {
		if i == groundsMost {
			grounds = append(grounds, fmt.Sprintf("and %d more", len(w.Evidence)-groundsMost))
			break
		}
		t := e.Tell()
		where := t.File
		if t.Sheet != "" {
			where += " " + t.Sheet
		}
		if t.Line > 0 {
			where += fmt.Sprintf(":%d", t.Line)
		}
		grounds = append(grounds, where+" "+t.Says)
	}
	out = append(out, "Evidence: "+strings.Join(grounds, "; "))
	if len(w.Caveats) > 0 {
		out = append(out, "Caveat: "+strings.Join(w.Caveats, " "))
	}
	command := append([]string{"deconflict", "explain"}, Quoted(append([]string{f.ID}, d.again...))...)
	return append(out, "All of it: "+strings.Join(command, " "))
}

// marked is a finding's summary, with its marking before it where that is not the deck's.
func (d *deck) marked(f analysis.Finding) string {
	w := f.Tell()
	if w.Marking != "" && w.Marking != d.report.Marking {
		return "(" + shorten(string(w.Marking), 60) + ") " + w.Summary
	}
	return w.Summary
}

// of are the findings of a report on an area.
func (d *deck) of(q analysis.Question, area data.Area) (out []analysis.Finding) {
	for _, f := range d.report.Findings {
		if f.Report == q && f.Area == area {
			out = append(out, f)
		}
	}
	return out
}

// areaPages are the page of an area, with its strongest findings of each report side by side, and the lists behind it.
func (d *deck) areaPages(area data.Area) {
	var columns []deckColumn
	found := 0
	for _, q := range asked(d.report) {
		columns = append(columns, deckColumn{sentence(string(q)), reportTint(q), d.of(q, area), "Nothing found."})
		found += len(columns[len(columns)-1].all)
	}
	if found == 0 {
		return
	}
	d.beside(d.areaTitle(area), columns)
	d.lists(area)
}

// areaTitle is the answer that weighs most on an area: of the report with the most severe finding.
func (d *deck) areaTitle(area data.Area) string {
	best, severity := analysis.Question(""), len(analysis.Severities)
	for _, q := range asked(d.report) {
		if fs := d.of(q, area); len(fs) > 0 {
			if k := slices.Index(analysis.Severities, fs[0].Severity); best == "" || k >= 0 && k < severity {
				best, severity = q, k
			}
		}
	}
	title := sentence(area.Title())
	if b, ok := d.line(best, area); ok {
		return title + ": " + clauses(b)[0]
	}
	return title + ": nothing found"
}

// deckColumn is a part of a page with findings side by side.
type deckColumn struct {
	title string
	look  tint
	all   []analysis.Finding
	none  string
}

// beside is a page with columns of findings, as many in each as there is room for.
func (d *deck) beside(title string, columns []deckColumn) {
	if len(columns) == 0 {
		return
	}
	s := d.add(title)
	const gap, label, edge = 16.0, 28.0, 5.0
	width := (d.area.w - gap*float64(len(columns)-1)) / float64(len(columns))
	inner := width - 2*8
	size := leastText
	for size < bodyText && d.roomy(columns, size+1, inner, d.area.h-label-8-26) {
		size++
	}
	for i, c := range columns {
		x := d.area.x + float64(i)*(width+gap)
		head := say(fmt.Sprintf("%s (%d)", c.title, len(c.all)), bodyText, true)
		head.runs[0].colour = c.look.ink
		s.textBox(c.title, rect{x, d.area.y, width, label}, d.template.text.fit([]para{head}, width-16, label, leastText), boxStyle{fill: c.look.fill, anchor: "ctr", left: 8, right: 8})
		free := d.area.h - label - 8
		var rows [][]tableCell
		var heights []float64
		used, shown := 0.0, 0
		for k, f := range c.all {
			if k == strongestMost {
				break
			}
			p := d.ranked(f, size)
			rest := 0.0
			if k < len(c.all)-1 {
				rest = 26
			}
			h := d.template.text.height([]para{p}, inner) + 12
			if used+h+rest > free {
				if k > 0 {
					break
				}
				p = d.template.text.cut(p, inner, free-rest-12)
				h = free - rest
			}
			used += h
			shown++
			rows = append(rows, []tableCell{{paras: []para{p}, edge: stroke{width: edge, colour: severityEdge(f.Severity)}}})
			heights = append(heights, h)
			s.notes = append(s.notes, d.arithmetic(f)...)
		}
		if len(c.all) == 0 {
			rows, heights = [][]tableCell{{{paras: []para{say(c.none, leastText, false)}}}}, []float64{60}
			used = 60
		}
		s.table(c.title, c.title+": "+alternative(c.all[:shown]), rect{x, d.area.y + label + 6, width, used}, []float64{width}, heights, rows, false, padding{8, 6})
		if n := len(c.all) - shown; n > 0 {
			s.textBox("More on "+strings.ToLower(c.title), rect{x, d.area.y + label + 6 + used + 2, width, 22}, []para{say(fmt.Sprintf("and %s more", data.Count(n)), leastText, false)}, boxStyle{left: 8})
		}
	}
}

// ranked is a finding with its severity before it.
func (d *deck) ranked(f analysis.Finding, size float64) para {
	p := say(d.marked(f), size, false)
	if f.Severity != "" {
		p.runs = append([]textRun{{text: sentence(string(f.Severity)) + ". ", size: size, bold: true}}, p.runs...)
	}
	return p
}

// roomy reports whether the first few findings of each column have room in a size.
func (d *deck) roomy(columns []deckColumn, size, width, high float64) bool {
	const few = 4
	for _, c := range columns {
		used := 0.0
		for _, f := range c.all[:min(few, len(c.all))] {
			used += d.template.text.height([]para{d.ranked(f, size)}, width) + 12
		}
		if used > high {
			return false
		}
	}
	return true
}

// severityEdge is the colour of the edge beside a finding; the word stands in it.
func severityEdge(s analysis.Severity) colour {
	if s == analysis.Info || s == "" {
		return faint
	}
	return severityTint(s).fill
}

// alternative is a list of findings for who does not see the table.
func alternative(fs []analysis.Finding) string {
	var parts []string
	for _, f := range fs {
		parts = append(parts, f.Tell().Summary)
	}
	return cmp.Or(strings.Join(parts, " "), "none")
}

// lists are the findings of each report on an area behind its page. Where some are ranked above info, those alone are listed.
func (d *deck) lists(area data.Area) {
	for _, q := range asked(d.report) {
		all := d.of(q, area)
		if len(all) == 0 {
			continue
		}
		listed := all
		if n := slices.IndexFunc(all, func(f analysis.Finding) bool { return f.Severity == analysis.Info }); n > 0 && q != analysis.Complementarity {
			listed = all[:n]
		}
		if area != "" && len(all) <= worstMost {
			continue // all of it stands on the page of the area
		}
		title := sentence(string(q)) + " across areas: " + counted(len(all), "finding")
		if b, ok := d.line(q, area); ok && area != "" {
			title = sentence(areaTitle(area)) + ", " + string(q) + ": "
			title += d.asMany(title, b)
		}
		d.findings(title, listed, len(all))
	}
}

// asMany is as many clauses as a title has room for in its usual size.
func (d *deck) asMany(before string, b analysis.BottomLine) string {
	parts := clauses(b)
	text := parts[0]
	for _, c := range parts[1:] {
		longer := text + "; " + c
		if d.fitTitle(before + longer).runs[0].size < min(d.template.titleSize, 24) || len(longer) > 120 {
			break
		}
		text = longer
	}
	return text
}

// findings is a list of findings with their severity and time.
func (d *deck) findings(title string, fs []analysis.Finding, all int) {
	l := flowing{title: title, columns: []listColumn{{head: "Severity", width: 78}, {head: "Finding"}, {head: "From", width: 88}}}
	if !ranked(d.report) {
		l.columns = l.columns[1:]
	}
	dated := slices.ContainsFunc(fs, func(f analysis.Finding) bool { return f.From != 0 })
	if !dated {
		l.columns = l.columns[:len(l.columns)-1]
	}
	for _, f := range fs {
		from := "–"
		if f.From != 0 {
			from = f.From.String()
		}
		cells := []tableCell{{paras: []para{say(d.marked(f), leastText, false)}}}
		if dated {
			cells = append(cells, tableCell{paras: []para{say(from, leastText, false)}})
		}
		if ranked(d.report) {
			look := severityTint(f.Severity)
			word := say(sentence(string(f.Severity)), leastText, true)
			word.runs[0].colour = look.ink
			cells = append([]tableCell{{paras: []para{word}, fill: look.fill}}, cells...)
		}
		l.rows = append(l.rows, listRow{cells: cells, notes: d.arithmetic(f)})
	}
	l.left = all - len(fs)
	l.pages = 1
	const page = 8 // about as many as fit
	if len(fs) > page && fs[page].Severity != "" && fs[page].Severity.AtLeast(analysis.High) {
		l.pages = urgentPages
	}
	d.flow(l)
}
