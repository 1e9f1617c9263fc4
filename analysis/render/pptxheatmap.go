package render

import (
	"cmp"
	"fmt"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// The heat map of a deck: a table for each area, with the names of its columns on their side above it and the legend below.

// The field of an entry of a legend, and the room behind the entry.
const keyField, keyGap = 18.0, 12.0

// keyWidth is the room that an entry of a legend takes.
func (d *deck) keyWidth(meaning string) float64 {
	return keyField + 5 + d.template.text.width(Plain(meaning), leastText, false)/slack + 3 + keyGap
}

// key is an entry of a legend: a coloured field with a letter, and what it means. It returns where the next one begins.
func (d *deck) key(s *slide, x, y float64, fill, ink colour, letter, meaning string) float64 {
	mark := say(letter, 11, true)
	mark.runs[0].colour, mark.align = ink, "ctr"
	var ps []para
	if letter != "" {
		ps = []para{mark}
	}
	s.textBox("Key "+letter, rect{x, y, keyField, keyField}, ps, boxStyle{fill: fill, line: stroke{width: 0.75, colour: faint}, anchor: "ctr", decorative: true})
	wide := d.keyWidth(meaning)
	s.textBox("Meaning of "+cmp.Or(letter, "colour"), rect{x + keyField + 5, y, wide - keyField - 5 - keyGap, keyField}, []para{say(meaning, leastText, false)}, boxStyle{anchor: "ctr"})
	return x + wide
}

// heatMap is nation by capability, area by area: a letter and a colour for each state.
func (d *deck) heatMap() {
	r := d.report
	leaves := leavesOf(r)
	for _, area := range r.Areas {
		columns, unknown := knownColumns(r, leaves, data.Area(area.Code))
		if len(columns) == 0 {
			continue
		}
		rows, quiet := knownRows(r, columns)
		d.mapPages(data.Area(area.Code), rows, columns, unknown, quiet)
	}
}

// mapPages is the heat map of an area on as many slides as its rows and columns need.
func (d *deck) mapPages(area data.Area, rows, columns []int, unknown, quiet []string) {
	r := d.report
	count := map[analysis.State]int{}
	for _, i := range rows {
		for _, j := range columns {
			count[r.HeatMap.At(i, j)]++
		}
	}
	title := fmt.Sprintf("%s: %d met, %d partly met, %d unmet", sentence(area.Title()), count[analysis.Met], count[analysis.PartlyMet], count[analysis.Unmet])
	if n := count[analysis.Targeted] + count[analysis.HeldOnly]; n > 0 {
		title += fmt.Sprintf("; %d cannot be judged", n)
	}
	const most = 24
	names := d.namesWidth(rows)
	var states []analysis.State
	for _, s := range analysis.States {
		if count[s.State] > 0 {
			states = append(states, s.State)
		}
	}
	legend := float64(len(d.legendRows(states)))*legendRow + 4
	head := d.heads(columns, d.area.h*0.32, mapColumn(d.area.w-names, min(len(columns), most)))
	quietNote := d.quietNote(unknown, quiet)
	foot := legend
	if len(quietNote) > 0 {
		foot += d.template.text.height(quietNote, d.area.w) + 4
	}
	const thin = 12.5
	per := max(1, int((d.area.h-head-numberRow-foot)/thin))
	down, across := pieces(len(rows), min(per, most+4)), pieces(len(columns), most)
	perDown, perAcross := pieces(len(rows), down), pieces(len(columns), across)
	for a := range across {
		for k := range down {
			s := d.addPart(title, a*down+k+1, across*down)
			d.mapPage(s, area, rows[k*perDown:min((k+1)*perDown, len(rows))], columns[a*perAcross:min((a+1)*perAcross, len(columns))], a*perAcross, head, foot, states, quietNote)
		}
	}
}

// legendRow is how high a row of the legend is.
const legendRow = 22.0

// legendRows shares out the states of a legend among as many rows as they need.
func (d *deck) legendRows(states []analysis.State) (rows [][]analysis.State) {
	used := 0.0
	for _, s := range states {
		wide := d.keyWidth(meaning(s))
		if len(rows) == 0 || used+wide > d.area.w+keyGap {
			rows, used = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], s)
		used += wide
	}
	return rows
}

// quietNote names what nothing is known of.
func (d *deck) quietNote(unknown, quiet []string) []para {
	var parts []string
	leaves := leavesOf(d.report)
	if len(unknown) > 0 {
		var names []string
		for _, c := range unknown {
			names = append(names, leaves[data.Capability(c)].Name)
		}
		parts = append(parts, "No data on any nation for "+strings.Join(names, ", ")+".")
	}
	if len(quiet) > 0 {
		parts = append(parts, fmt.Sprintf("No data for %s: %s.", counted(len(quiet), "nation"), strings.Join(quiet, " ")))
	}
	if len(parts) == 0 {
		return nil
	}
	return d.template.text.fit([]para{say(strings.Join(parts, " "), 10, false)}, d.area.w, 4*12, leastMap)
}

// heads is how high the names of capabilities stand on their side, at most so high.
func (d *deck) heads(columns []int, most, width float64) float64 {
	longest := 40.0
	for k, j := range columns {
		const most3 = 3 // lines
		name := say(d.capabilityHead(k, j), headText(width), false)
		for longest < most && (d.template.text.lines(name, longest-4) > most3 || d.template.text.height([]para{name}, longest-4) > width-2) {
			longest += 4
		}
	}
	return min(longest, most)
}

// headText is the size of the names of capabilities in columns of a width.
func headText(width float64) float64 { return min(max(leastMap, width/3.8), 12) }

// namesWidth is the room for the names of nations beside a heat map.
func (d *deck) namesWidth(rows []int) float64 {
	const narrow, wide = 90.0, 170.0
	w := narrow
	for _, i := range rows {
		n := d.report.HeatMap.Nations[i]
		w = max(w, d.template.text.width(Plain(string(n)+" "+d.report.NationName(n)), leastText, false)/slack+8)
	}
	return min(w, wide, d.area.w/4)
}

// numberRow is how high the row with the numbers of the columns is.
const numberRow = 15.0

// mapColumn is how wide the columns of a heat map are: few columns may be wider.
func mapColumn(free float64, columns int) float64 {
	return min(free/float64(columns), max(62, 420/float64(columns)))
}

// capabilityHead is what stands above a column.
func (d *deck) capabilityHead(k, column int) string {
	return fmt.Sprintf("%d  %s", k+1, d.report.Leaf(d.report.HeatMap.Capabilities[column]).Name)
}

// mapPage is a part of the heat map: a table, with the names of its columns on their side above it, and the legend below.
func (d *deck) mapPage(s *slide, area data.Area, rows, columns []int, from int, head, foot float64, states []analysis.State, quiet []para) {
	r, m := d.report, d.template.text
	names := d.namesWidth(rows)
	width := mapColumn(d.area.w-names, len(columns))
	high := min((d.area.h-head-numberRow-foot)/float64(len(rows)), 26)
	letters := max(leastMap, min(letterText+2, (high-1)/1.25))
	label := max(leastMap, min(leastText, (high-1)/1.25))
	widths, heights := []float64{names}, []float64{numberRow}
	headed := stroke{width: 1.5, colour: themeText}
	table := [][]tableCell{{{paras: []para{say("Nation", leastMap+1, true)}, anchor: "ctr", under: headed}}}
	for k, j := range columns {
		widths = append(widths, width)
		number := say(fmt.Sprint(from+k+1), leastMap+1, true)
		number.align = "ctr"
		table[0] = append(table[0], tableCell{paras: []para{number}, anchor: "ctr", under: headed})
		name := m.fit([]para{say(d.capabilityHead(from+k, j), headText(width), false)}, head-4, width-2, leastMap)
		s.textBox(fmt.Sprintf("Name of column %d", from+k+1), rect{d.area.x + names + float64(k)*width, d.area.y, width, head - 2}, name, boxStyle{up: true, anchor: "ctr"})
	}
	line := stroke{width: 0.5, colour: faint}
	var spoken []string
	for _, i := range rows {
		n := r.HeatMap.Nations[i]
		heights = append(heights, high)
		name := m.fit([]para{say(string(n)+" "+r.NationName(n), label, false)}, names-6, high, leastMap)
		row := []tableCell{{paras: name, anchor: "ctr", under: line}}
		var states []string
		for _, j := range columns {
			state := r.HeatMap.At(i, j)
			look := stateTint(state)
			p := say(string(state), letters, state != analysis.NoData && state != analysis.NotEligible)
			p.align, p.runs[0].colour = "ctr", look.ink
			row = append(row, tableCell{paras: []para{p}, fill: look.fill, anchor: "ctr", under: line, edge: line})
			if state != analysis.NoData && state != analysis.NotEligible {
				states = append(states, r.Leaf(r.HeatMap.Capabilities[j]).Name+" "+meaning(state))
			}
		}
		table = append(table, row)
		spoken = append(spoken, r.NationName(n)+": "+cmp.Or(strings.Join(states, ", "), "no data")+".")
	}
	full := names + width*float64(len(columns))
	s.table("Heat map", fmt.Sprintf("Heat map of %s by %s, %s. What each letter means stands below; what stands in each row is in the notes.",
		counted(len(rows), "nation"), capabilities(len(columns)), area.Title()), rect{d.area.x, d.area.y + head, full, numberRow + high*float64(len(rows))}, widths, heights, table, true, padding{3, 0})
	legend := d.legendRows(states)
	for i, row := range legend {
		x := d.area.x
		for _, st := range row {
			look := stateTint(st)
			x = d.key(s, x, d.area.bottom()-legendRow*float64(len(legend)-i)+2, look.fill, look.ink, string(st), meaning(st))
		}
	}
	if len(quiet) > 0 {
		s.textBox("What nothing is known of", rect{d.area.x, d.area.bottom() - foot, d.area.w, foot - legendRow*float64(len(legend)) - 4}, quiet, boxStyle{anchor: "ctr"})
	}
	s.notes = append(s.notes, "State of each nation with each capability, judged by the worst of its demands whose supply is known.")
	s.notes = append(s.notes, spoken...)
}
