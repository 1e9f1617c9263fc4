package render

import (
	"fmt"
	"slices"
	"strconv"

	"deconflict/analysis"
	"deconflict/data"
)

// Sizes of the timeline, in points.
const (
	barHigh  = 60.0 // of the largest bar
	barGap   = 14.0 // above it, for its number
	barSize  = 7.5  // of the number
	barLabel = 130.0
)

// drawTimeline draws a row of bars for each area and kind of shortfall, all to one scale, with the number on each bar.
func drawTimeline(r *analysis.Report) body {
	t := r.Timeline
	if len(t.Lines) == 0 || len(t.Years) == 0 {
		return nothing("No shortfall is open in any year.")
	}
	each := min(max(560/float64(len(t.Years)), 24), 56)
	most := 1
	for _, l := range t.Lines {
		most = max(most, l.Open[l.Most()])
	}
	const title, axis, lowest = 24.0, 16.0, 10.0
	// A row is as high as its largest bar asks for, but not so low that its label has no room.
	bars := func(l analysis.TimelineLine) float64 {
		return max(barHigh*float64(l.Open[l.Most()])/float64(most), lowest)
	}
	row := func(l analysis.TimelineLine) float64 { return bars(l) + barGap + 6 }
	high := 0.0
	last := data.Area("")
	for i, l := range t.Lines {
		if i == 0 || l.Area != last {
			high += title + axis
		}
		last = l.Area
		high += row(l)
	}
	draw := func(s *sheet, x, y float64) {
		left := x + barLabel
		years := func() {
			for i, year := range t.Years {
				s.words(left+(float64(i)+0.5)*each, y+11, barSize, grey, false, atMiddle, strconv.Itoa(year))
			}
			y += axis
		}
		for i, l := range t.Lines {
			if i == 0 || l.Area != t.Lines[i-1].Area {
				if i > 0 {
					years()
				}
				s.words(x, y+16, 11, navy, true, atStart, sentence(l.Area.Title()))
				y += title
			}
			base := y + barGap + bars(l)
			look := shortfallTint(l.Shortfall)
			s.words(x+18, base-4, noteSize, black, false, atStart, fit(string(l.Shortfall), noteSize, false, barLabel-24))
			s.mark(look.shape, x+7, base-4-noteSize*rise, 4.5, look.fill, black, 0.4)
			for k, open := range l.Open {
				bar := barHigh * float64(open) / float64(most)
				at := left + (float64(k)+0.14)*each
				if open > 0 {
					s.rect(at, base-bar, each*0.72, bar, look.fill, look.fill)
				}
				s.words(at+each*0.36, base-bar-3, barSize, black, false, atMiddle, strconv.Itoa(open))
			}
			s.line("808080", 0.6, nil, point{left, base}, point{left + each*float64(len(t.Years)), base})
			y += row(l)
		}
		years()
	}
	out := body{wide: barLabel + each*float64(len(t.Years)), high: high, draw: draw}
	for _, kind := range analysis.Shortfalls {
		if !slices.ContainsFunc(t.Lines, func(l analysis.TimelineLine) bool { return l.Shortfall == kind }) {
			continue
		}
		look := shortfallTint(kind)
		out.legend = append(out.legend, entry{func(s *sheet, x, y float64) {
			s.mark(look.shape, x+legendMark/2, y+legendMark/2, 4.5, look.fill, black, 0.4)
		}, shortfallMeaning(kind)})
	}
	out.notes = []string{fmt.Sprintf("A bar is how many shortfalls are open on at least one day of the year; all bars are to one scale, the highest is %d. Shortfalls in different units cannot be added up; how many there are can.", most)}
	return out
}

// shortfallMeaning says who is short of what.
func shortfallMeaning(s analysis.Shortfall) string {
	switch s {
	case analysis.ShortOfTarget:
		return string(s) + ": below an organisation's target"
	case analysis.ShortOfOwnPlan:
		return string(s) + ": a nation below what it plans itself"
	case analysis.ShortInTotal:
		return string(s) + ": an organisation below its requirement"
	}
	return string(s)
}
