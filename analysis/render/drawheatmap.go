package render

import (
	"fmt"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// Sizes of the heat map, in points.
const (
	cellWide, cellHigh = 14.0, 13.0
	cellSize           = 8.0 // of a letter
	labelSize          = 8.5
	longestLabel       = 150.0 // of a nation
	longestHead        = 235.0 // of a capability, on its side
	widestRow          = 960.0 // of areas beside each other
	mostColumns        = 56    // of an area
)

// panel is some capabilities of an area, beside each other.
type panel struct {
	title   string
	columns []int
	wide    float64
}

// drawHeatMap draws nation by capability, an area beside the other as long as there is room, then below. Nations and capabilities of which
// nothing is known are named in a note.
func drawHeatMap(r *analysis.Report) body {
	leaves := leavesOf(r)
	var panels []panel
	var unknown []string
	for _, area := range r.Areas {
		columns, silent := knownColumns(r, leaves, data.Area(area.Code))
		unknown = append(unknown, silent...)
		title := sentence(area.Name)
		for part := range slices.Chunk(columns, mostColumns) {
			panels = append(panels, panel{title, part, max(float64(len(part))*cellWide, textWidth(title, labelSize+1, true))})
			title = sentence(area.Name) + ", continued"
		}
	}
	if len(panels) == 0 {
		return nothing("No data on any nation.")
	}
	var shown []int
	for _, p := range panels {
		shown = append(shown, p.columns...)
	}
	rows, quiet := knownRows(r, shown)
	label := 0.0
	for _, i := range rows {
		label = max(label, textWidth(nationLabel(r, i), labelSize, false))
	}
	label = min(label, longestLabel) + 6
	head := func(j int) string { return fit(leaves[r.HeatMap.Capabilities[j]].Name, labelSize, false, longestHead) }

	// Bands of panels that stand beside each other.
	const gap, below = 12.0, 14.0
	type band struct {
		panels     []panel
		head, high float64
	}
	var bands []band
	wide := 0.0
	used := widestRow + 1
	for _, p := range panels {
		if used > label && used+p.wide > widestRow {
			bands, used = append(bands, band{}), label
		}
		b := &bands[len(bands)-1]
		b.panels = append(b.panels, p)
		for _, j := range p.columns {
			b.head = max(b.head, textWidth(head(j), labelSize, false))
		}
		wide = max(wide, used+p.wide)
		used += p.wide + gap
	}
	high := 0.0
	for i := range bands {
		bands[i].high = bands[i].head + 22 + float64(len(rows))*cellHigh
		high += bands[i].high + below
	}
	draw := func(s *sheet, x, y float64) {
		for _, b := range bands {
			top := y + b.head + 22
			for k, i := range rows {
				s.words(x, top+(float64(k)+0.5)*cellHigh+rise*labelSize, labelSize, black, false, atStart, fit(nationLabel(r, i), labelSize, false, label-6))
			}
			px := x + label
			for _, p := range b.panels {
				s.words(px, y+labelSize+1, labelSize+1, navy, true, atStart, p.title)
				for c, j := range p.columns {
					cx := px + float64(c)*cellWide
					s.upwards(cx+cellWide/2+rise*labelSize, top-4, labelSize, black, false, head(j))
					for k, i := range rows {
						state := r.HeatMap.At(i, j)
						s.cell(cx, top+float64(k)*cellHigh, cellWide, cellHigh, stateTint(state), cellSize, state != analysis.NoData && state != analysis.NotEligible, stateSign(state))
					}
				}
				px += p.wide + gap
			}
			y += b.high + below
		}
	}
	out := body{wide: wide, high: high - below, draw: draw}
	for _, state := range analysis.States {
		out.legend = append(out.legend, entry{
			func(s *sheet, x, y float64) {
				s.cell(x, y, legendMark, legendMark, stateTint(state.State), cellSize, true, stateSign(state.State))
			},
			fmt.Sprintf("%s (%d)", state.Meaning, r.HeatMap.Count(state.State)),
		})
	}
	if len(quiet) > 0 {
		out.notes = append(out.notes, fmt.Sprintf("No data for %s, not drawn: %s.", counted(len(quiet), "nation"), strings.Join(quiet, " ")))
	}
	if len(unknown) > 0 {
		out.notes = append(out.notes, fmt.Sprintf("No data on any nation shown for %s, not drawn: %s.", capabilities(len(unknown)), strings.Join(unknown, ", ")))
	}
	return out
}

func nationLabel(r *analysis.Report, i int) string {
	n := r.HeatMap.Nations[i]
	if name := r.NationName(n); name != string(n) {
		return string(n) + "  " + name
	}
	return string(n)
}

// stateSign is the letter of a state as it is drawn: a dot in the middle of the line and a dash that is seen.
func stateSign(s analysis.State) string {
	switch s {
	case analysis.NoData:
		return "·"
	case analysis.NotEligible:
		return "–"
	}
	return string(s)
}
