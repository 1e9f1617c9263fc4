package render

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"deconflict/analysis"
	"deconflict/data"
)

// A chart of a deck is a native one: it keeps its numbers in a workbook inside the deck, so that whoever gets it can edit them.

// chart is a column chart of counts by year, stacked.
type chart struct {
	title  string
	years  []int
	series []series
	most   int  // the top of the scale, which charts beside each other share
	every  int  // how many years apart the labels stand
	values bool // whether each column shows its number
	part   string
}

type series struct {
	name   string
	counts []int
	tint   tint
}

// chartOf is the timeline of one area.
func chartOf(t analysis.Timeline, area data.Area) chart {
	c := chart{title: sentence(area.Title()), years: t.Years}
	for _, l := range t.Lines {
		if l.Area == area {
			c.series = append(c.series, series{sentence(string(l.Shortfall)), l.Open, shortfallTint(l.Shortfall)})
		}
	}
	return c
}

// tallest is the highest column.
func (c chart) tallest() int {
	most := 0
	for i := range c.years {
		n := 0
		for _, s := range c.series {
			n += s.counts[i]
		}
		most = max(most, n)
	}
	return most
}

// scale is a round number of at least n, and the step of the lines below it.
func scale(n int) (top, step int) {
	for unit := 1; ; unit *= 10 {
		for _, step := range []int{1 * unit, 2 * unit, 5 * unit} {
			if most := 5; n <= most*step {
				return max((n+step-1)/step, 1) * step, step
			}
		}
	}
}

const chartSheet = "Timeline"

// workbook holds the numbers of the chart: years down, series across.
func (c chart) workbook(mark data.Marking, asOf data.Date) ([]byte, error) {
	b := newBook(mark, asOf, c.title)
	defer b.file.Close()
	b.check(b.file.SetSheetName("Sheet1", chartSheet))
	b.sheet = chartSheet
	b.text(1, 1, "Year", headLook)
	for k, s := range c.series {
		b.text(k+2, 1, s.name, headLook)
	}
	for i, year := range c.years {
		b.check(b.file.SetCellStr(b.sheet, at(1, i+2), strconv.Itoa(year)))
		for k, s := range c.series {
			b.check(b.file.SetCellInt(b.sheet, at(k+2, i+2), int64(s.counts[i])))
		}
	}
	below := len(c.years) + 3
	b.text(1, below, "Shortfalls open in each year, "+c.title+", as of "+asOf.String(), noteLook)
	b.text(1, below+1, string(mark), noteLook)
	var out bytes.Buffer
	err := b.writeTo(&out)
	return out.Bytes(), err
}

// xml is the chart, with its numbers as they are in the workbook.
func (c chart) xml(workbook string) *element {
	val := func(name string, v any) *element { return el(name, attrs{"val", v}) }
	const degree = 60000
	turn := 0
	if c.every > 1 { // programs that know of no skipped label set them all, and need the room
		turn = -45 * degree
	}
	text := func(size float64, ink colour, bold bool, turn int) *element {
		return el("c:txPr", nil, el("a:bodyPr", attrs{"rot", turn, "vert", "horz"}), el("a:lstStyle", nil), el("a:p", nil,
			el("a:pPr", nil, el("a:defRPr", attrs{"sz", int(size * 100), "b", map[bool]int{true: 1}[bold]}, fillOf(ink))), el("a:endParaRPr", attrs{"lang", language})))
	}
	ref := func(from, to string) string { return fmt.Sprintf("%s!%s:%s", chartSheet, absolute(from), absolute(to)) }
	last := len(c.years) + 1
	bars := el("c:barChart", nil, val("c:barDir", "col"), val("c:grouping", "stacked"), val("c:varyColors", 0))
	for k, s := range c.series {
		names := el("c:strCache", nil, val("c:ptCount", 1), el("c:pt", attrs{"idx", 0}, textOf("c:v", s.name)))
		years := el("c:strCache", nil, val("c:ptCount", len(c.years)))
		counts := el("c:numCache", nil, textOf("c:formatCode", "General"), val("c:ptCount", len(c.years)))
		for i, year := range c.years {
			years.add(el("c:pt", attrs{"idx", i}, textOf("c:v", strconv.Itoa(year))))
			counts.add(el("c:pt", attrs{"idx", i}, textOf("c:v", strconv.Itoa(s.counts[i]))))
		}
		column := columnName(k + 2)
		labels := el("c:dLbls", nil)
		for i := range c.years { // a column of none has no number
			if s.counts[i] == 0 {
				labels.add(el("c:dLbl", nil, val("c:idx", i), val("c:delete", 1)))
			}
		}
		labels.add(el("c:spPr", nil, el("a:noFill", nil), el("a:ln", nil, el("a:noFill", nil))), text(leastText, s.tint.ink, true, 0), val("c:dLblPos", "ctr"),
			val("c:showLegendKey", 0), val("c:showVal", 1), val("c:showCatName", 0), val("c:showSerName", 0), val("c:showPercent", 0), val("c:showBubbleSize", 0))
		if !c.values {
			labels = nil
		}
		head := absolute(column + "1")
		bars.add(el("c:ser", nil, val("c:idx", k), val("c:order", k),
			el("c:tx", nil, el("c:strRef", nil, textOf("c:f", chartSheet+"!"+head), names)),
			el("c:spPr", nil, fillOf(s.tint.fill), el("a:ln", attrs{"w", 6350}, fillOf(themePage))), val("c:invertIfNegative", 0), labels,
			el("c:cat", nil, el("c:strRef", nil, textOf("c:f", ref("A2", "A"+strconv.Itoa(last))), years)),
			el("c:val", nil, el("c:numRef", nil, textOf("c:f", ref(column+"2", column+strconv.Itoa(last))), counts))))
	}
	bars.add(val("c:gapWidth", 35), val("c:overlap", 100), val("c:axId", 111111111), val("c:axId", 222222222))
	line := el("c:spPr", nil, el("a:ln", attrs{"w", 9525}, fillOf(themeText)))
	top, step := scale(c.most)
	years := el("c:catAx", nil, val("c:axId", 111111111), el("c:scaling", nil, val("c:orientation", "minMax")), val("c:delete", 0), val("c:axPos", "b"),
		el("c:numFmt", attrs{"formatCode", "General", "sourceLinked", 0}), val("c:majorTickMark", "none"), val("c:minorTickMark", "none"), val("c:tickLblPos", "nextTo"),
		line, text(leastText, themeText, false, turn), val("c:crossAx", 222222222), val("c:crosses", "autoZero"), val("c:auto", 0), val("c:lblAlgn", "ctr"), val("c:lblOffset", 100),
		val("c:tickLblSkip", max(c.every, 1)), val("c:noMultiLvlLbl", 1))
	counts := el("c:valAx", nil, val("c:axId", 222222222), el("c:scaling", nil, val("c:orientation", "minMax"), val("c:max", top), val("c:min", 0)), val("c:delete", 0), val("c:axPos", "l"),
		el("c:majorGridlines", nil, el("c:spPr", nil, el("a:ln", attrs{"w", 6350}, fillOf(faint)))),
		el("c:numFmt", attrs{"formatCode", "0", "sourceLinked", 0}), val("c:majorTickMark", "none"), val("c:minorTickMark", "none"), val("c:tickLblPos", "nextTo"),
		el("c:spPr", nil, el("a:ln", nil, el("a:noFill", nil))), text(leastText, themeText, false, 0), val("c:crossAx", 111111111), val("c:crosses", "autoZero"), val("c:crossBetween", "between"), val("c:majorUnit", step))
	return el("c:chartSpace", attrs{"xmlns:c", chartNS, "xmlns:a", drawingNS, "xmlns:r", officeNS + "relationships"},
		val("c:date1904", 0), val("c:roundedCorners", 0),
		el("c:chart", nil, val("c:autoTitleDeleted", 1), el("c:plotArea", nil, el("c:layout", nil), bars, years, counts, el("c:spPr", nil, el("a:noFill", nil))),
			val("c:plotVisOnly", 1), val("c:dispBlanksAs", "gap")),
		el("c:spPr", nil, el("a:noFill", nil), el("a:ln", nil, el("a:noFill", nil))),
		text(leastText, themeText, false, 0),
		el("c:externalData", attrs{"r:id", workbook}, val("c:autoUpdate", 0)))
}

// absolute is the address of a cell that stays as it is when it is copied.
func absolute(cell string) string {
	column, row, err := excelize.CellNameToCoordinates(cell)
	if err != nil {
		panic(err) // made from numbers above
	}
	name, err := excelize.CoordinatesToCellName(column, row, true)
	if err != nil {
		panic(err)
	}
	return name
}

// chart sets a chart and keeps its parts for the package.
func (s *slide) chart(name, alt string, at rect, c chart) {
	c.part = fmt.Sprintf("rId%d", firstChartID+len(s.charts))
	s.charts = append(s.charts, c)
	s.frame(name, alt, at, el("a:graphicData", attrs{"uri", chartNS}, el("c:chart", attrs{"xmlns:c", chartNS, "r:id", c.part})))
}

// firstChartID is the relation of a slide to its first chart, after those to its layout and its notes.
const firstChartID = 3

// timelineTitle says how the number of open shortfalls moves, in one sentence.
func timelineTitle(t analysis.Timeline) string {
	first, last := t.Total(0), t.Total(len(t.Years)-1)
	from, to := t.Years[0], t.Years[len(t.Years)-1]
	switch {
	case from == to:
		return fmt.Sprintf("Open shortfalls: %d in %d", first, from)
	case first < last:
		return fmt.Sprintf("Open shortfalls rise from %d in %d to %d in %d", first, from, last, to)
	case first > last:
		return fmt.Sprintf("Open shortfalls fall from %d in %d to %d in %d", first, from, last, to)
	}
	return fmt.Sprintf("Open shortfalls stand at %d in %d and at %d in %d", first, from, last, to)
}

// timeline is a chart for each area, side by side on one scale.
func (d *deck) timeline() {
	t := d.report.Timeline
	if len(t.Lines) == 0 {
		return
	}
	var charts []chart
	var legend []analysis.Shortfall
	most := 0
	for _, area := range areasOf(d.report) {
		if c := chartOf(t, area); len(c.series) > 0 {
			charts = append(charts, c)
			most = max(most, c.tallest())
		}
	}
	for _, s := range analysis.Shortfalls {
		if slices.ContainsFunc(t.Lines, func(l analysis.TimelineLine) bool { return l.Shortfall == s }) {
			legend = append(legend, s)
		}
	}
	foot, x := 8+legendRow, 0.0 // the legend, in as many rows as it needs
	for _, l := range legend {
		if wide := d.keyWidth(against[l]); x > 0 && x+wide > d.area.w+keyGap {
			foot, x = foot+legendRow, wide
		} else {
			x += wide
		}
	}
	const beside = 3
	pages := pieces(len(charts), beside)
	for k := range pages {
		here := charts[k*beside : min((k+1)*beside, len(charts))]
		s := d.addPart(timelineTitle(t), k+1, pages)
		s.notes = append(s.notes, "How many shortfalls are open on at least one day of each year. Shortfalls in different units cannot be added up; how many there are can.", altText(d.report, timelinePicture))
		const gap, head = 18.0, 26.0
		width := (d.area.w - gap*float64(len(here)-1)) / float64(len(here))
		for i, c := range here {
			x := d.area.x + float64(i)*(width+gap)
			c.most = most
			const axis = 50.0 // the numbers beside the columns
			each, label := (width-axis)/float64(len(c.years)), d.template.text.width("2000", leastText, false)+8
			c.every = int(math.Ceil(label / each))
			c.values = each >= 24 && most <= 60
			s.textBox(c.title, rect{x, d.area.y, width, head}, []para{say(c.title, 18, true)}, boxStyle{})
			s.chart("Timeline: "+c.title, chartAlt(c), rect{x, d.area.y + head, width, d.area.h - head - foot}, c)
		}
		x, y := d.area.x, d.area.bottom()-foot+8
		for i, l := range legend {
			tint := shortfallTint(l)
			if i > 0 && x+d.keyWidth(against[l]) > d.area.right()+keyGap {
				x, y = d.area.x, y+legendRow
			}
			x = d.key(s, x, y, tint.fill, tint.ink, "", against[l])
		}
	}
}

// against says in a legend what is short of what.
var against = map[analysis.Shortfall]string{
	analysis.ShortOfTarget: "asked of a nation by an organisation", analysis.ShortOfOwnPlan: "a nation's own plan", analysis.ShortInTotal: "needed in total by an organisation",
}

// chartAlt says what a chart shows.
func chartAlt(c chart) string {
	text := fmt.Sprintf("Column chart of shortfalls open in each year from %d to %d, %s.", c.years[0], c.years[len(c.years)-1], c.title)
	for _, s := range c.series {
		text += fmt.Sprintf(" %s: %d in %d, %d in %d.", s.name, s.counts[0], c.years[0], s.counts[len(s.counts)-1], c.years[len(c.years)-1])
	}
	return text
}
