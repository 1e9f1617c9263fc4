package render

import (
	"cmp"
	"math"
	"strings"
)

// This file makes the XML of slides: text boxes, tables, drawings, and the notes below them. Where things stand is measured before,
// in points from the top left corner of the slide.

// The colours of a template's theme: of text and of what is behind it. They read on each other whatever the template.
const (
	themeText colour = "tx1"
	themePage colour = "bg1"
)

// fillOf paints with a colour, or with none.
func fillOf(c colour) *element {
	switch c {
	case "":
		return el("a:noFill", nil)
	case themeText, themePage:
		return el("a:solidFill", nil, el("a:schemeClr", attrs{"val", string(c)}))
	}
	return el("a:solidFill", nil, el("a:srgbClr", attrs{"val", string(c)}))
}

// stroke is a line; the zero stroke is none.
type stroke struct {
	width  float64
	colour colour
	dash   bool
}

func (s stroke) element(name string) *element {
	if s.width == 0 {
		return el(name, attrs{"w", 0}, el("a:noFill", nil))
	}
	e := el(name, attrs{"w", emu(s.width)}, fillOf(s.colour))
	if s.dash {
		e.add(el("a:prstDash", attrs{"val", "dash"}))
	}
	return e
}

// emu is a length in English Metric Units, of which a point has 12700.
func emu(points float64) int { return int(math.Round(points * emuPerPoint)) }

const language = "en-GB"

func place(name string, r rect) *element {
	return el(name, nil, el("a:off", attrs{"x", emu(r.x), "y", emu(r.y)}), el("a:ext", attrs{"cx", emu(max(r.w, 0)), "cy", emu(max(r.h, 0))}))
}

// slide is one slide being laid out.
type slide struct {
	title   string
	section string
	shapes  []*element
	notes   []string
	charts  []chart
	lastID  int
}

// identity is what every shape has: an id of its own on the slide, a name, and for readers who do not see it, what it shows.
func (s *slide) identity(name, alt string) *element {
	s.lastID++
	a := attrs{"id", s.lastID, "name", Plain(name)}
	if alt != "" {
		a = append(a, "descr", shorten(Plain(alt), longestAlt))
	}
	return el("p:cNvPr", a)
}

const longestAlt = 1000

// shorten cuts a text to so many letters and shows that it did.
func shorten(s string, letters int) string {
	n := 0
	for i := range s {
		if n++; n > letters {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// boxStyle is how a shape with text looks.
type boxStyle struct {
	outline     outlineShape // a rectangle where none is named
	fill        colour
	line        stroke
	anchor      string // t, ctr or b; t where none is named
	left, right float64
	top, bottom float64
	alt         string
	decorative  bool
	up          bool // the text stands on its side
	oneLine     bool // it is not broken
}

// paragraphs are the text of a shape or a cell.
func paragraphs(body *element, ps []para) {
	for i, p := range ps {
		e := el("a:p", nil)
		properties := el("a:pPr", attrs{"marL", 0, "indent", 0, "algn", cmp.Or(p.align, "l")})
		properties.add(el("a:lnSpc", nil, el("a:spcPct", attrs{"val", 100000})))
		above := p.above
		if i == 0 {
			above = 0
		}
		properties.add(el("a:spcBef", nil, el("a:spcPts", attrs{"val", int(math.Round(above * 100))})), el("a:spcAft", nil, el("a:spcPts", attrs{"val", 0})), el("a:buNone", nil))
		e.add(properties)
		for _, r := range p.runs {
			look := el("a:rPr", attrs{"lang", language, "sz", int(math.Round(r.size * 100)), "b", map[bool]int{true: 1}[r.bold], "i", 0, "dirty", 0})
			if r.colour == "" {
				r.colour = themeText
			}
			look.add(fillOf(r.colour), el("a:latin", attrs{"typeface", "+mn-lt"}))
			text := &element{name: "a:t", text: r.text}
			if r.field != "" {
				e.add(el("a:fld", attrs{"id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}", "type", r.field}, look, text))
				continue
			}
			e.add(el("a:r", nil, look, text))
		}
		e.add(el("a:endParaRPr", attrs{"lang", language, "sz", int(math.Round(p.size() * 100)), "dirty", 0}))
		body.add(e)
	}
	if len(ps) == 0 {
		body.add(el("a:p", nil, el("a:endParaRPr", attrs{"lang", language, "sz", 1000, "dirty", 0})))
	}
}

// boxElement is a shape with text.
func (s *slide) boxElement(name string, at rect, ps []para, b boxStyle) *element {
	known := s.identity(name, b.alt)
	if b.decorative {
		known.add(el("a:extLst", nil, el("a:ext", attrs{"uri", "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"},
			el("adec:decorative", attrs{"xmlns:adec", "http://schemas.microsoft.com/office/drawing/2017/decorative", "val", 1}))))
	}
	isBox := attrs{}
	if b.fill == "" && b.line.width == 0 {
		isBox = attrs{"txBox", 1}
	}
	direction, wrap := "horz", "square"
	if b.oneLine {
		wrap = "none"
	}
	if b.up {
		direction = "vert270"
	}
	body := el("p:txBody", nil,
		el("a:bodyPr", attrs{"vert", direction, "wrap", wrap, "lIns", emu(b.left), "tIns", emu(b.top), "rIns", emu(b.right), "bIns", emu(b.bottom), "rtlCol", 0, "anchor", cmp.Or(b.anchor, "t")}, el("a:noAutofit", nil)),
		el("a:lstStyle", nil))
	paragraphs(body, ps)
	return el("p:sp", nil,
		el("p:nvSpPr", nil, known, el("p:cNvSpPr", isBox), el("p:nvPr", nil)),
		el("p:spPr", nil, place("a:xfrm", at), el("a:prstGeom", attrs{"prst", cmp.Or(b.outline.name, "rect")}, el("a:avLst", nil)), fillOf(b.fill), b.line.element("a:ln")),
		body)
}

// textBox sets a shape with text. The text must fit: see metrics.fit.
func (s *slide) textBox(name string, at rect, ps []para, b boxStyle) {
	s.shapes = append(s.shapes, s.boxElement(name, at, ps, b))
}

// outlineShape is a shape of PowerPoint, with the sites where lines join it: in parts of its width and height, by their numbers.
type outlineShape struct {
	name  string
	sites [][2]float64
}

var outlineShapes = func() map[shape]outlineShape {
	const near, far = 0.146447, 0.853553 // of a circle at 45 degrees
	four := [][2]float64{{0.5, 0}, {0, 0.5}, {0.5, 1}, {1, 0.5}}
	return map[shape]outlineShape{
		circle:  {"ellipse", [][2]float64{{0.5, 0}, {near, near}, {0, 0.5}, {near, far}, {0.5, 1}, {far, far}, {1, 0.5}, {far, near}}},
		square:  {"rect", four},
		diamond: {"diamond", four},
		hexagon: {"octagon", nil}, // its sites move with its corners: lines end in its middle, behind it
	}
}()

// join is an end of a connector: the shape that it is joined to.
type join struct {
	id int
	outlineShape
	at rect
}

// site is a place on the shape.
func (j join) site(k int) (x, y float64) {
	if len(j.sites) == 0 {
		return j.at.x + j.at.w/2, j.at.y + j.at.h/2
	}
	return j.at.x + j.sites[k][0]*j.at.w, j.at.y + j.sites[k][1]*j.at.h
}

// connectorElement is a line between the two nearest sites of two shapes, which moves with them.
func (s *slide) connectorElement(name string, a, b join, l stroke) *element {
	bestA, bestB, least := 0, 0, math.Inf(1)
	for i := range max(len(a.sites), 1) {
		for k := range max(len(b.sites), 1) {
			x1, y1 := a.site(i)
			x2, y2 := b.site(k)
			if d := math.Hypot(x2-x1, y2-y1); d < least-1e-9 {
				bestA, bestB, least = i, k, d
			}
		}
	}
	x1, y1 := a.site(bestA)
	x2, y2 := b.site(bestB)
	ends := el("p:cNvCxnSpPr", nil)
	if len(a.sites) > 0 {
		ends.add(el("a:stCxn", attrs{"id", a.id, "idx", bestA}))
	}
	if len(b.sites) > 0 {
		ends.add(el("a:endCxn", attrs{"id", b.id, "idx", bestB}))
	}
	position := place("a:xfrm", rect{min(x1, x2), min(y1, y2), math.Abs(x2 - x1), math.Abs(y2 - y1)})
	if x2 < x1 {
		position.attrs = append(position.attrs, "flipH", 1)
	}
	if y2 < y1 {
		position.attrs = append(position.attrs, "flipV", 1)
	}
	return el("p:cxnSp", nil,
		el("p:nvCxnSpPr", nil, s.identity(name, ""), ends, el("p:nvPr", nil)),
		el("p:spPr", nil, position, el("a:prstGeom", attrs{"prst", "line"}, el("a:avLst", nil)), l.element("a:ln")))
}

// group sets shapes as one drawing with one alternative text.
func (s *slide) group(name, alt string, at rect, make func() []*element) {
	known := s.identity(name, alt)
	position := el("a:xfrm", nil, el("a:off", attrs{"x", emu(at.x), "y", emu(at.y)}), el("a:ext", attrs{"cx", emu(at.w), "cy", emu(at.h)}),
		el("a:chOff", attrs{"x", emu(at.x), "y", emu(at.y)}), el("a:chExt", attrs{"cx", emu(at.w), "cy", emu(at.h)}))
	g := el("p:grpSp", nil, el("p:nvGrpSpPr", nil, known, el("p:cNvGrpSpPr", nil), el("p:nvPr", nil)), el("p:grpSpPr", nil, position))
	g.add(make()...)
	s.shapes = append(s.shapes, g)
}

// tableCell is a cell of a table on a slide.
type tableCell struct {
	paras  []para
	fill   colour
	anchor string
	edge   stroke
	under  stroke
}

// The room between the edges of a cell and its text.
type padding struct{ side, above float64 }

// table sets a native table whose widths and heights are measured already.
func (s *slide) table(name, alt string, at rect, widths, heights []float64, rows [][]tableCell, headed bool, pad padding) {
	grid := el("a:tblGrid", nil)
	for _, w := range widths {
		grid.add(el("a:gridCol", attrs{"w", emu(w)}))
	}
	look := attrs{}
	if headed {
		look = attrs{"firstRow", 1}
	}
	t := el("a:tbl", nil, el("a:tblPr", look), grid)
	for i, row := range rows {
		tr := el("a:tr", attrs{"h", emu(heights[i])})
		for _, c := range row {
			body := el("a:txBody", nil, el("a:bodyPr", nil), el("a:lstStyle", nil))
			paragraphs(body, c.paras)
			a := attrs{"marL", emu(pad.side), "marR", emu(pad.side), "marT", emu(pad.above), "marB", emu(pad.above)}
			if c.anchor != "" {
				a = append(a, "anchor", c.anchor)
			}
			properties := el("a:tcPr", a, c.edge.element("a:lnL"), stroke{}.element("a:lnR"), stroke{}.element("a:lnT"), c.under.element("a:lnB"), fillOf(c.fill))
			tr.add(el("a:tc", nil, body, properties))
		}
		t.add(tr)
	}
	s.frame(name, alt, at, el("a:graphicData", attrs{"uri", tableNS}, t))
}

// frame holds a table or a chart.
func (s *slide) frame(name, alt string, at rect, content *element) {
	s.shapes = append(s.shapes, el("p:graphicFrame", nil,
		el("p:nvGraphicFramePr", nil, s.identity(name, alt), el("p:cNvGraphicFramePr", nil, el("a:graphicFrameLocks", attrs{"noGrp", 1})), el("p:nvPr", nil)),
		place("p:xfrm", at), el("a:graphic", nil, content)))
}

// titleElement is the title in the placeholder of the layout, so that outlineShapes and screen readers find it. It is smaller where it is
// long, and has a place of its own only where the layout's is missing or in the way.
func (d *deck) titleElement(s *slide) *element {
	fitted := d.fitTitle(s.title)
	p := el("a:p", nil)
	look := attrs{"lang", language, "dirty", 0}
	if fitted.runs[0].size != d.template.titleSize {
		look = attrs{"lang", language, "sz", int(math.Round(fitted.runs[0].size * 100)), "dirty", 0}
	}
	p.add(el("a:r", nil, el("a:rPr", look), &element{name: "a:t", text: fitted.text()}))
	properties := el("p:spPr", nil)
	if d.titleMoved {
		properties.add(place("a:xfrm", d.title))
	}
	return el("p:sp", nil,
		el("p:nvSpPr", nil, el("p:cNvPr", attrs{"id", titleID, "name", "Title"}), el("p:cNvSpPr", nil, el("a:spLocks", attrs{"noGrp", 1})), el("p:nvPr", nil, el("p:ph", attrs{"type", "title"}))),
		properties,
		el("p:txBody", nil, el("a:bodyPr", nil, el("a:normAutofit", nil)), el("a:lstStyle", nil), p))
}

// titleID is the id of the title on every slide, after that of the slide itself.
const titleID = 2

// fitTitle makes a title as large as the template has it, or smaller, so that it fits its place.
func (d *deck) fitTitle(title string) para {
	const least = 24
	t := d.template
	width, height := d.title.w-t.titleInsets[0]-t.titleInsets[2], d.title.h-t.titleInsets[1]-t.titleInsets[3]
	set := title
	if t.titleCaps {
		set = strings.ToUpper(title) // as it will be drawn
	}
	for _, floor := range []float64{least, least * 5 / 6, least * 2 / 3} {
		lines := 0
		best := para{}
		for size := floor; size <= max(t.titleSize, floor); size++ { // the largest that takes no more lines than the smallest
			p := para{runs: []textRun{{text: set, size: size, bold: t.titleBold}}}
			n := t.heading.lines(p, width)
			if t.heading.height([]para{p}, width) > height || lines > 0 && n > lines {
				break
			}
			lines, best = n, p
		}
		if lines > 0 {
			best.runs[0].text = title
			return best
		}
	}
	p := para{runs: []textRun{{text: title, size: least * 2 / 3, bold: true}}} // as bold, which is wider
	if p = t.heading.cut(p, width, height); len(p.runs) == 0 {
		p = para{runs: []textRun{{text: "…", size: least * 2 / 3}}}
	}
	return p
}

// slideXML is a whole slide: the title, the marking, what is on it, and what stands below.
func (d *deck) slideXML(s *slide, n, of int) *element {
	tree := el("p:spTree", nil,
		el("p:nvGrpSpPr", nil, el("p:cNvPr", attrs{"id", 1, "name", ""}), el("p:cNvGrpSpPr", nil), el("p:nvPr", nil)),
		el("p:grpSpPr", nil, el("a:xfrm", nil, el("a:off", attrs{"x", 0, "y", 0}), el("a:ext", attrs{"cx", 0, "cy", 0}), el("a:chOff", attrs{"x", 0, "y", 0}), el("a:chExt", attrs{"cx", 0, "cy", 0}))))
	tree.add(d.titleElement(s))
	content := s.shapes
	s.shapes = nil
	d.furniture(s, n, of)
	tree.add(s.shapes[0]) // the marking at the top
	tree.add(content...)
	tree.add(s.shapes[1:]...)
	mapping := el("a:masterClrMapping", nil)
	if d.template.colourMap != nil {
		mapping = el("a:overrideClrMapping", nil)
		for _, a := range d.template.colourMap {
			mapping.attrs = append(mapping.attrs, a.Name.Local, a.Value)
		}
	}
	return el("p:sld", sheetNames, el("p:cSld", nil, tree), el("p:clrMapOvr", nil, mapping))
}

// notesXML are the speaker notes of a slide.
func notesXML(notes []string) *element {
	body := el("p:txBody", nil, el("a:bodyPr", nil), el("a:lstStyle", nil))
	for _, text := range notes {
		body.add(el("a:p", nil, el("a:r", nil, el("a:rPr", attrs{"lang", language, "dirty", 0}), &element{name: "a:t", text: shorten(Plain(text), longestNote)})))
	}
	if len(notes) == 0 {
		body.add(el("a:p", nil))
	}
	return el("p:notes", sheetNames, el("p:cSld", nil, el("p:spTree", nil,
		el("p:nvGrpSpPr", nil, el("p:cNvPr", attrs{"id", 1, "name", ""}), el("p:cNvGrpSpPr", nil), el("p:nvPr", nil)),
		el("p:grpSpPr", nil),
		el("p:sp", nil, el("p:nvSpPr", nil, el("p:cNvPr", attrs{"id", 2, "name", "Slide"}), el("p:cNvSpPr", nil, el("a:spLocks", attrs{"noGrp", 1, "noRot", 1, "noChangeAspect", 1})), el("p:nvPr", nil, el("p:ph", attrs{"type", "sldImg"}))),
			el("p:spPr", nil)),
		el("p:sp", nil, el("p:nvSpPr", nil, el("p:cNvPr", attrs{"id", 3, "name", "Notes"}), el("p:cNvSpPr", nil, el("a:spLocks", attrs{"noGrp", 1})), el("p:nvPr", nil, el("p:ph", attrs{"type", "body", "idx", 1}))),
			el("p:spPr", nil), body))),
		el("p:clrMapOvr", nil, el("a:masterClrMapping", nil)))
}

const longestNote = 4000

func pieces(n, per int) int { return (n + per - 1) / per }
