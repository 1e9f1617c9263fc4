package render

import "fmt"

// This file finds the places of what stands on every slide, and what they leave free for content.

// arrange finds the places of what stands on every slide, and what they leave free. A template's own drawings stay free.
func (d *deck) arrange() {
	const edge, gap = 6.0, 5.0
	r, t := d.report, d.template
	page := rect{0, 0, t.width, t.height}
	var wideTop, wideBottom []rect
	var corners []rect
	for _, o := range t.obstacles {
		switch {
		case o.w > 0.6*t.width && o.bottom() < 0.12*t.height:
			wideTop = append(wideTop, o)
		case o.w > 0.6*t.width && o.y > 0.85*t.height:
			wideBottom = append(wideBottom, o)
		default:
			corners = append(corners, o)
		}
	}
	top, bottom := edge, t.height-edge
	for _, o := range wideTop {
		top = max(top, o.bottom()+2)
	}
	for _, o := range wideBottom {
		bottom = min(bottom, o.y-2)
	}
	side := min(max(t.title.x, 12), 0.1*t.width)
	inner := rect{side, 0, page.w - 2*side, page.h}

	// the marking, at the top and the bottom
	width := inner.w * 0.8
	d.mark = t.text.fit([]para{{runs: []textRun{{text: Plain(string(r.Marking)), size: markText, bold: true}}, align: "ctr"}}, width, 3*1.2*markText, leastMap)
	high := t.text.height(d.mark, width) + 2
	d.markTop = unobstructed(rect{inner.x + inner.w*0.1, top, width, high}, corners)
	d.markBottom = unobstructed(rect{inner.x + inner.w*0.1, bottom - high, width, high}, corners)
	d.mark = t.text.fit(d.mark, min(d.markTop.w, d.markBottom.w), high, leastMap)

	// the source and the notes on the data, above the marking at the bottom; the date and the number of the slide beside them
	about := "Source: " + shorten(titleOf(r.Dataset), 300) + ", compiled as of " + r.Dataset.AsOf.String() + "."
	if note := r.Incomplete(); note != "" {
		about += " Note: " + shorten(note, 600)
	}
	var foot []para
	if notional(r.Marking) {
		foot = append(foot, para{runs: []textRun{{text: notionalNote, size: edgeText, bold: true}}})
	}
	foot = append(foot, say(about, edgeText, false))
	const number = 110.0
	const most = 4 * 1.2 * edgeText
	band := unobstructed(rect{inner.x, d.markBottom.y - most - 2, inner.w, most}, corners)
	foot = t.text.fit(foot, band.w-number-gap, most, edgeText)
	band.h = max(t.text.height(foot, band.w-number-gap), 2*1.2*edgeText) + 1
	band.y = d.markBottom.y - band.h - 2
	d.foot, d.footAt = foot, rect{band.x, band.y, band.w - number - gap, band.h}
	d.countAt = rect{band.right() - number, band.y, number, band.h}

	// the title, moved down where the marking needs its place
	d.title = t.title
	if d.title.w < 1 || d.title.h < 1 || d.title.bottom() > t.height || d.title.right() > t.width+1 {
		d.title, d.titleMoved = rect{inner.x, d.markTop.bottom() + gap, inner.w, 58}, true
	}
	if !t.titled {
		d.titleMoved = true
	}
	below := d.title
	if d.title.y < d.markTop.bottom() && d.title.meets(rect{d.markTop.x, d.markTop.y, d.markTop.w, d.markTop.h + 1}) {
		end := max(d.title.bottom(), d.markTop.bottom()+50)
		d.title.y = d.markTop.bottom() + 1
		d.title.h, d.titleMoved = end-d.title.y, true
		below = d.title
	}

	// what is free
	free := rect{below.x + t.titleInsets[0], below.bottom() + gap, 0, band.y - below.bottom() - 2*gap}
	free.w = max(below.right()-t.titleInsets[2], t.width-free.x) - free.x // a title beside a logo has more room below it
	if below.w < t.width/2 || below.y > t.height/2 {                      // a title at the side, or in the middle of the slide
		free = without(rect{inner.x, d.markTop.bottom() + gap, inner.w, band.y - d.markTop.bottom() - 2*gap}, []rect{below})
	}
	d.area = without(free, t.obstacles)
	if d.area.w < t.width/3 || d.area.h < t.height/3 { // a template that leaves no room is written over
		d.area = rect{inner.x, below.bottom() + gap, inner.w, max(band.y-below.bottom()-2*gap, 0.4*t.height)}
	}
}

// unobstructed is the widest part of a strip that no obstacle is in, or all of it where there is none.
func unobstructed(strip rect, obstacles []rect) rect {
	best := strip
	for _, o := range obstacles {
		if !best.meets(o) {
			continue
		}
		left, right := best, best
		left.w = o.x - 4 - best.x
		right.x = o.right() + 4
		right.w = best.right() - right.x
		best = left
		if right.w > left.w {
			best = right
		}
	}
	if best.w < strip.w/4 {
		return strip
	}
	return best
}

// furniture sets what stands on every slide: first the marking at the top, then the source, the date and the number, and last the
// marking at the bottom.
func (d *deck) furniture(s *slide, n, of int) {
	behind := colour("")
	if !d.template.plain { // readable on whatever the template has there
		behind = themePage
	}
	s.textBox("Marking at the top", d.markTop, d.mark, boxStyle{fill: behind, anchor: "ctr"})
	s.textBox("Source", d.footAt, d.foot, boxStyle{fill: behind, anchor: "b"})
	date := say("As of "+d.report.AsOf.String(), edgeText+1, false)
	date.align = "r"
	d.mark[0].align = "ctr"
	number := para{runs: []textRun{{text: fmt.Sprint(n), size: edgeText + 1, bold: true, field: "slidenum"}, {text: fmt.Sprintf("/%d", of), size: edgeText + 1, bold: true}}, align: "r"}
	s.textBox("Date and number", d.countAt, d.template.text.fit([]para{date, number}, d.countAt.w, d.countAt.h, edgeText-1), boxStyle{fill: behind, anchor: "b"})
	s.textBox("Marking at the bottom", d.markBottom, d.mark, boxStyle{fill: behind, anchor: "ctr"})
}
