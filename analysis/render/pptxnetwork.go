package render

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// The slides on who works with whom: a drawing that can be moved where nations are few enough, else groups and the closest pairs.

// communityNames is a community's nations, by code.
func (d *deck) community(k int) (codes []string) {
	for _, n := range d.report.Cooperation.Nations {
		if n.Community == k {
			codes = append(codes, string(n.Nation))
		}
	}
	return codes
}

// cooperationTitle says who works with whom most.
func (d *deck) cooperationTitle(c analysis.Cooperation) string {
	t, _ := c.Closest()
	title := fmt.Sprintf("%s and %s share most initiatives, %d", d.report.NationName(t.A), d.report.NationName(t.B), t.Initiatives)
	if n := c.Communities(); n > 1 {
		title += fmt.Sprintf("; nations form %d groups", n)
	}
	return title
}

// cooperation shows who works with whom: as a drawing where the nations are few enough to read it, else as groups and the closest
// pairs. A deck on nations shows each of them with those that it works with most.
func (d *deck) cooperation() {
	c := d.report.Cooperation
	if _, ok := c.Closest(); !ok {
		return
	}
	for _, p := range d.report.Profiles {
		if with := c.With(p.Nation); len(with) > 0 {
			d.partners(p, with)
		}
	}
	switch nodes := len(c.Nations); {
	case len(d.report.Profiles) > 0:
	case nodes <= mostNodes:
		d.network(d.cooperationTitle(c), c)
	default:
		d.groups(c)
	}
}

// networkDrawing is a network of shapes and connectors that can be moved, in an area.
type networkDrawing struct {
	field  rect
	radius float64
	nodes  []node // their places are in parts of the height of the area
	ties   []tie
	words  func(i int) []para // in a node, beside its colour
}

const tieColour colour = "8C96A8"

func (p networkDrawing) place(n node) rect {
	return rect{p.field.x + n.x*p.field.h - p.radius, p.field.y + n.y*p.field.h - p.radius, 2 * p.radius, 2 * p.radius}
}

// network draws who works with whom.
func (d *deck) network(title string, c analysis.Cooperation) {
	s := d.add(title)
	const foot, largest = 44.0, 24.0
	field := rect{d.area.x, d.area.y, d.area.w, d.area.h - foot}
	w := layNetwork(c, field.w/field.h, largest/field.h)
	p := networkDrawing{field: field, radius: min(w.radius*field.h, largest), nodes: w.nodes, ties: w.ties}
	p.words = func(i int) []para {
		return []para{say(string(w.nodes[i].Nation), min(leastText, math.Floor(p.radius*0.6)), true)}
	}
	alt := fmt.Sprintf("Network of %s. ", counted(len(w.nodes), "nation"))
	for i := range min(5, len(w.ties)) {
		t := w.ties[len(w.ties)-1-i]
		alt += fmt.Sprintf("%s and %s share %s. ", d.report.NationName(w.nodes[t.a].Nation), d.report.NationName(w.nodes[t.b].Nation), counted(t.initiatives, "active initiative"))
	}
	d.draw(s, alt, p)
	says := "Lines join the nations that share most active initiatives; the thicker, the more. Colours are groups that work together most. " + outlineWords
	if n := len(w.alone); n > 0 {
		says += fmt.Sprintf(" In no shared initiative: %s.", strings.Join(names(w.alone), " "))
	}
	d.below(s, says, foot)
	for i := len(w.ties) - 1; i >= 0; i-- {
		t := w.ties[i]
		s.notes = append(s.notes, fmt.Sprintf("%s and %s: %s", d.report.NationName(w.nodes[t.a].Nation), d.report.NationName(w.nodes[t.b].Nation), counted(t.initiatives, "active initiative")))
	}
}

const outlineWords = "Round: in NATO and the EU; square: NATO alone; diamond: EU alone; octagon: in neither."

// partners draws a nation among those that share most initiatives with it, the closest at the top and on clockwise.
func (d *deck) partners(n analysis.Profile, with []analysis.Together) {
	const foot, radius, around = 44.0, 25.0, 16
	other := func(t analysis.Together) data.Nation {
		if t.A == n.Nation {
			return t.B
		}
		return t.A
	}
	s := d.add(fmt.Sprintf("%s works most with %s: %s shared", n.Name, d.report.NationName(other(with[0])), counted(with[0].Initiatives, "initiative")))
	field := rect{d.area.x, d.area.y, d.area.w, d.area.h - foot}
	p := networkDrawing{field: field, radius: radius}
	find := func(code data.Nation) analysis.Cooperator {
		for _, c := range d.report.Cooperation.Nations {
			if c.Nation == code {
				return c
			}
		}
		return analysis.Cooperator{Nation: code}
	}
	wide, shown := field.w/field.h, min(len(with), around)
	p.nodes = append(p.nodes, node{find(n.Nation), wide / 2, 0.5})
	edge := radius / field.h
	for i, t := range with[:shown] {
		turn := 2*math.Pi*float64(i)/float64(shown) - math.Pi/2
		p.nodes = append(p.nodes, node{find(other(t)), wide/2 + min(wide/2-edge, 1.1)*math.Cos(turn), 0.5 + (0.5-edge)*math.Sin(turn)})
		p.ties = append(p.ties, tie{0, i + 1, t.Initiatives})
	}
	p.words = func(i int) []para {
		if i == 0 {
			return []para{say(string(n.Nation), leastText, true)}
		}
		return []para{say(string(p.nodes[i].Nation), leastText, true), say(fmt.Sprint(with[i-1].Initiatives), leastText, false)}
	}
	alt := fmt.Sprintf("%s in the middle of the nations that share most active initiatives with it: ", n.Name)
	for i, t := range with {
		line := fmt.Sprintf("%s %d", d.report.NationName(other(t)), t.Initiatives)
		if i < shown {
			alt += line + "; "
		}
		s.notes = append(s.notes, line)
	}
	d.draw(s, alt, p)
	says := "Numbers are active initiatives shared; the thicker the line, the more. Colours are groups that work together most. " + outlineWords
	if left := len(with) - shown; left > 0 {
		says = fmt.Sprintf("%s that share fewer are not drawn. ", sentence(counted(left, "nation"))) + says
	}
	d.below(s, says, foot)
}

// below sets how a drawing is to be read.
func (d *deck) below(s *slide, says string, high float64) {
	at := rect{d.area.x, d.area.bottom() - high + 6, d.area.w, high - 6}
	s.textBox("How to read it", at, d.template.text.fit([]para{say(says, leastText, false)}, at.w, at.h, leastText), boxStyle{anchor: "b"})
}

// draw sets a network as one group of shapes.
func (d *deck) draw(s *slide, alt string, p networkDrawing) {
	most := 1
	for _, t := range p.ties {
		most = max(most, t.initiatives)
	}
	siteOf := func(n node) outlineShape { return outlineShapes[membershipShape(n.Organisations)] }
	s.group("Network", alt, p.field, func() (out []*element) {
		first := s.lastID + 1
		s.lastID += len(p.nodes)
		for _, t := range p.ties {
			a, b := p.nodes[t.a], p.nodes[t.b]
			out = append(out, s.connectorElement(fmt.Sprintf("%s and %s: %d", a.Nation, b.Nation, t.initiatives),
				join{first + t.a, siteOf(a), p.place(a)}, join{first + t.b, siteOf(b), p.place(b)}, stroke{width: 0.75 + 4*float64(t.initiatives)/float64(most), colour: tieColour}))
		}
		last := s.lastID
		for i, n := range p.nodes {
			s.lastID = first + i - 1
			look := communityTint(n.Community)
			words := p.words(i)
			for k := range words {
				words[k].align, words[k].runs[0].colour = "ctr", look.ink
			}
			out = append(out, s.boxElement(d.report.NationName(n.Nation), p.place(n), words,
				boxStyle{outline: siteOf(n), fill: look.fill, line: stroke{width: 1, colour: themePage}, anchor: "ctr", oneLine: true}))
		}
		s.lastID = last
		return out
	})
}

// groups are the communities of many nations, and the pairs that share most.
func (d *deck) groups(c analysis.Cooperation) {
	r, m := d.report, d.template.text
	s := d.add(d.cooperationTitle(c))
	const gap, pairsMost = 16.0, 10
	left := d.area.w*0.58 - gap
	n := c.Communities()
	shown := min(n, 8)
	each := (d.area.h - gap*0.5*float64(shown-1)) / float64(shown)
	for k := 1; k <= shown; k++ {
		codes := d.community(k)
		look := communityTint(k)
		at := rect{d.area.x, d.area.y + float64(k-1)*(each+gap*0.5), left, each}
		label := say(fmt.Sprint(k), 20, true)
		label.runs[0].colour, label.align = look.ink, "ctr"
		s.textBox(fmt.Sprintf("Group %d", k), rect{at.x, at.y, 36, each}, []para{label}, boxStyle{fill: look.fill, anchor: "ctr"})
		ps := []para{say(counted(len(codes), "nation"), bodyText, true), say(strings.Join(codes, "  "), bodyText, false)}
		ps[1].above = 4
		s.textBox(fmt.Sprintf("Nations of group %d", k), rect{at.x + 36, at.y, at.w - 36, each}, m.fit(ps, at.w-36-20, each-8, leastText),
			boxStyle{line: stroke{width: 1, colour: look.fill}, anchor: "ctr", left: 10, right: 10, top: 4, bottom: 4})
	}
	pairs := slices.Clone(c.Together)
	slices.SortStableFunc(pairs, func(a, b analysis.Together) int { return b.Initiatives - a.Initiatives })
	line := stroke{width: 0.75, colour: faint}
	headed := stroke{width: 1.5, colour: themeText}
	width := d.area.w - left - gap
	high := min(30, d.area.h/(pairsMost+1))
	number := m.width("Initiatives", leastText, true)/slack + 14
	cell := func(text string, bold bool, align string, under stroke) tableCell {
		p := m.cut(say(text, leastText, bold), width-number-12, high-2)
		p.align = align
		return tableCell{paras: []para{p}, anchor: "ctr", under: under}
	}
	named := r.NationName
	for _, t := range pairs[:min(pairsMost, len(pairs))] {
		if m.width(r.NationName(t.A)+" – "+r.NationName(t.B), leastText, false)/slack > width-number-13 {
			named = func(n data.Nation) string { return string(n) } // there is no room for names
		}
	}
	rows := [][]tableCell{{cell("Closest pairs", true, "", headed), cell("Initiatives", true, "r", headed)}}
	heights := []float64{high}
	for _, t := range pairs[:min(pairsMost, len(pairs))] {
		rows = append(rows, []tableCell{cell(named(t.A)+" – "+named(t.B), false, "", line), cell(fmt.Sprint(t.Initiatives), false, "r", line)})
		heights = append(heights, high)
	}
	s.table("Closest pairs", "The pairs of nations that share most active initiatives.", rect{d.area.right() - width, d.area.y, width, high * float64(len(rows))}, []float64{width - number, number}, heights, rows, true, padding{6, 1})
	s.notes = append(s.notes, altText(r, cooperationPicture), "Groups are communities of the nations by the active initiatives that they share; they are a description, not an alliance.")
	for k := 1; k <= n; k++ {
		s.notes = append(s.notes, fmt.Sprintf("Group %d: %s", k, strings.Join(d.community(k), " ")))
	}
	for _, f := range r.Findings {
		if f.Kind == "clusters" {
			s.notes = append(s.notes, d.arithmetic(f)...)
		}
	}
}
