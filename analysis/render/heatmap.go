package render

import (
	"fmt"
	"strconv"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// silent reports whether a row of the heat map says nothing: no data, or not eligible.
func silent(row string) bool {
	return strings.Trim(row, string(analysis.NoData)+string(analysis.NotEligible)) == ""
}

// leavesOf finds a capability by its code.
func leavesOf(r *analysis.Report) map[data.Capability]analysis.Leaf {
	leaves := make(map[data.Capability]analysis.Leaf, len(r.Capabilities))
	for _, l := range r.Capabilities {
		leaves[l.Code] = l
	}
	return leaves
}

// knownColumns are the columns of an area about which something is known, and the capabilities of the others.
func knownColumns(r *analysis.Report, leaves map[data.Capability]analysis.Leaf, area data.Area) (at []int, unknown []string) {
	for j, code := range r.HeatMap.Capabilities {
		if leaves[code].Area != area {
			continue
		}
		column := make([]byte, 0, len(r.HeatMap.Rows))
		for i := range r.HeatMap.Rows {
			column = append(column, r.HeatMap.At(i, j)...)
		}
		if silent(string(column)) {
			unknown = append(unknown, string(code))
		} else {
			at = append(at, j)
		}
	}
	return at, unknown
}

// knownRows are the nations of which something is known in some columns, and the codes of the others.
func knownRows(r *analysis.Report, columns []int) (rows []int, quiet []string) {
	for i, n := range r.HeatMap.Nations {
		var letters strings.Builder
		for _, j := range columns {
			letters.WriteString(string(r.HeatMap.At(i, j)))
		}
		if silent(letters.String()) {
			quiet = append(quiet, string(n))
		} else {
			rows = append(rows, i)
		}
	}
	return rows, quiet
}

// heatMap shows nation by capability, area by area: a letter for each state, and numbers for the capabilities. Nations and
// capabilities of which nothing is known are named once, not drawn.
func (p *page) heatMap(r *analysis.Report) {
	named := nameOf(r.Nations)
	leaves := leavesOf(r)
	drawn := false
	for _, area := range r.Areas {
		at, unknown := knownColumns(r, leaves, data.Area(area.Code))
		if len(at) == 0 {
			continue
		}
		if !drawn {
			p.heading("HEAT MAP", "nation by capability")
			p.legend()
			drawn = true
		}
		p.blank()
		p.sub(sentence(area.Name))
		quiet := p.states(r, named, at)
		var keys []string
		for k, j := range at {
			keys = append(keys, fmt.Sprintf("%2d %s", k+1, leaves[r.HeatMap.Capabilities[j]].Name))
		}
		p.columns(keys)
		if len(unknown) > 0 {
			p.prose(0, "No data on any nation for "+strings.Join(unknown, ", ")+".", dim)
		}
		if len(quiet) > 0 {
			p.prose(0, fmt.Sprintf("No data for %s: %s.", counted(len(quiet), "nation"), strings.Join(quiet, " ")), dim)
		}
	}
}

// states draws some columns of the heat map, in as many tables as the width of the page asks for, and returns the nations that
// have nothing in them.
func (p *page) states(r *analysis.Report, named map[string]string, columns []int) (quiet []string) {
	rows, quiet := knownRows(r, columns)
	label := map[int]string{}
	longest := width("nation")
	for _, i := range rows {
		n := r.HeatMap.Nations[i]
		label[i] = Plain(string(n) + " " + named[string(n)])
		longest = max(longest, width(label[i]))
	}
	each := gutter + len(strconv.Itoa(len(columns)))
	if longest+gutter+each*len(columns) > p.width { // too narrow for names
		longest = width("nation")
		for _, i := range rows {
			label[i] = Plain(string(r.HeatMap.Nations[i]))
			longest = max(longest, width(label[i]))
		}
	}
	fit := max(1, (p.width-longest-gutter)/each)
	for start := 0; start < len(columns); start += fit {
		block := columns[start:min(start+fit, len(columns))]
		g := &grid{head: []head{{text: "nation", fixed: true}}}
		for k := range block {
			g.head = append(g.head, head{text: strconv.Itoa(start + k + 1), right: true, fixed: true})
		}
		for _, i := range rows {
			row := []cell{{text: label[i]}}
			for _, j := range block {
				s := r.HeatMap.At(i, j)
				row = append(row, cell{string(s), stateStyle(s)})
			}
			g.rows = append(g.rows, row)
		}
		if start > 0 {
			p.blank()
		}
		p.grid(0, g)
	}
	return quiet
}

// legend explains the letters.
func (p *page) legend() {
	var parts []string
	for _, s := range analysis.States {
		parts = append(parts, string(s.State)+" "+s.Meaning)
	}
	p.prose(0, strings.Join(parts, " · "), dim)
}

// columns sets short texts in as many columns as the page has room for, reading down.
func (p *page) columns(texts []string) {
	longest := 1
	for _, t := range texts {
		longest = max(longest, width(Plain(t))+gutter)
	}
	n := max(1, (p.width+gutter)/longest)
	down := (len(texts) + n - 1) / n
	for i := range down {
		var line strings.Builder
		for k := i; k < len(texts); k += down {
			line.WriteString(pad(cut(Plain(texts[k]), p.width), longest))
		}
		p.line(span{text: line.String()})
	}
}
