package render

import (
	"fmt"
	"strings"

	"deconflict/data"
)

// A flowing table is one that flows over as many slides as it needs: it breaks between rows, and its head stands on each slide.
type flowing struct {
	title   string
	columns []listColumn
	rows    []listRow
	left    int      // how many more there are than rows
	pages   int      // the most slides that it takes; 0 is as many as it needs
	foot    string   // stands below the table on each slide
	notes   []string // on each slide, before those of its rows
}

// listColumn heads a column. One without a width shares what the others leave.
type listColumn struct {
	head  string
	width float64
	right bool
}

type listRow struct {
	cells []tableCell
	notes []string
}

// cellPad is the room around the text of a cell.
var cellPad = padding{side: 7, above: 3}

// widths shares out the width of a slide: columns without a width get what the others leave, in proportion to their texts.
func (l flowing) widths(m metrics, full float64) []float64 {
	const wide = 420.0
	fixed := 0.0
	want, least := make([]float64, len(l.columns)), make([]float64, len(l.columns))
	for i, c := range l.columns {
		note := func(text string, size float64, bold bool) {
			want[i] = max(want[i], min(wide, m.width(text, size, bold)/slack+2*cellPad.side+1))
			for word := range strings.FieldsSeq(text) {
				least[i] = max(least[i], min(wide/2, m.width(word, size, bold)/slack+2*cellPad.side+1))
			}
		}
		note(c.head, leastText, true)
		for _, row := range l.rows {
			for _, p := range row.cells[i].paras {
				note(p.text(), p.size(), p.runs[0].bold)
			}
		}
		if c.width > 0 {
			fixed += max(c.width, least[i])
			l.columns[i].width = max(c.width, least[i])
			want[i], least[i] = 0, 0
		}
	}
	scale := 1.0
	if most := full * 0.6; fixed > most && sumOf(want) > 0 { // narrow slides: the numbers give way as well
		scale = most / fixed
	}
	out := make([]float64, len(l.columns))
	left := full - fixed*scale
	// first what each column needs, then the rest by what it would like
	spare := max(left-sumOf(least), 0)
	over := 0.0
	for i := range want {
		over += want[i] - least[i]
	}
	for i, c := range l.columns {
		switch {
		case c.width > 0:
			out[i] = c.width * scale
		case sumOf(least) > left:
			out[i] = left * least[i] / sumOf(least)
		case over == 0:
			out[i] = least[i] + spare*least[i]/sumOf(least)
		default:
			out[i] = least[i] + spare*(want[i]-least[i])/over
		}
	}
	return out
}

func sumOf(list []float64) (total float64) {
	for _, v := range list {
		total += v
	}
	return total
}

// flow sets a table on as many slides as it needs.
func (d *deck) flow(l flowing) {
	if len(l.rows) == 0 {
		return
	}
	m := d.template.text
	widths := l.widths(m, d.area.w)
	inner := func(i int) float64 { return widths[i] - 2*cellPad.side }
	var head []tableCell
	headHigh := 0.0
	for i, c := range l.columns {
		p := say(c.head, leastText, true)
		if c.right {
			p.align = "r"
		}
		head = append(head, tableCell{paras: []para{p}, anchor: "b", under: stroke{width: 2, colour: themeText}})
		headHigh = max(headHigh, m.height([]para{p}, inner(i))+2*cellPad.above)
	}
	heights := make([]float64, len(l.rows))
	footText := func(left int) string {
		if left == 0 {
			return l.foot
		}
		return strings.TrimSpace(fmt.Sprintf("%s more %s. %s", data.Count(left), elsewhere, l.foot))
	}
	footHigh := m.height([]para{say(footText(l.left+len(l.rows)), leastText, false)}, d.area.w) + 6
	room := d.area.h - headHigh - footHigh
	for k := range l.rows {
		for i := range l.rows[k].cells {
			c := &l.rows[k].cells[i]
			c.paras = m.fit(c.paras, inner(i), room-2*cellPad.above, leastText)
			c.under = stroke{width: 0.75, colour: faint}
			c.anchor = "ctr"
			heights[k] = max(heights[k], m.height(c.paras, inner(i))+2*cellPad.above)
		}
	}
	pages := paged(heights, room)
	if l.left == 0 && l.foot == "" {
		if all := paged(heights, room+footHigh); len(all) <= max(l.pages, 1) || l.pages == 0 {
			pages = all // nothing stands below
		}
	}
	if l.pages > 0 && len(pages) > l.pages { // full ones, and the rest is counted
		pages = filled(heights, room)[:l.pages]
		l.left += len(l.rows) - pages[l.pages-1][1]
	}
	var foot []para
	if text := footText(l.left); text != "" {
		foot = []para{say(text, leastText, false)}
	}
	for n, page := range pages {
		s := d.addPart(l.title, n+1, len(pages))
		s.notes = append(s.notes, l.notes...)
		rows, high, sum := [][]tableCell{head}, []float64{headHigh}, headHigh
		for k := page[0]; k < page[1]; k++ {
			rows, high = append(rows, l.rows[k].cells), append(high, heights[k])
			sum += heights[k]
			s.notes = append(s.notes, l.rows[k].notes...)
		}
		s.table("Table", fmt.Sprintf("Table of %s: %s.", counted(page[1]-page[0], "row"), l.title), rect{d.area.x, d.area.y, d.area.w, sum}, widths, high, rows, true, cellPad)
		if len(foot) > 0 && (n == len(pages)-1 || l.foot != "") {
			s.textBox("Below the table", rect{d.area.x, d.area.y + sum + 5, d.area.w, footHigh - 5}, foot, boxStyle{left: cellPad.side})
		}
	}
}

// filled breaks rows into pages, each as [from, to), as full as each can be.
func filled(heights []float64, room float64) (pages [][2]int) {
	from, used := 0, 0.0
	for k, h := range heights {
		if k > from && used+h > room {
			pages = append(pages, [2]int{from, k})
			from, used = k, 0
		}
		used += h
	}
	return append(pages, [2]int{from, len(heights)})
}

// paged breaks rows into as few pages as there can be, none much emptier than another.
func paged(heights []float64, room float64) [][2]int {
	pages := filled(heights, room)
	for limit := room; limit > room/4; limit -= room / 40 {
		evener := filled(heights, limit)
		if len(evener) > len(pages) {
			break
		}
		pages = evener
	}
	return pages
}
