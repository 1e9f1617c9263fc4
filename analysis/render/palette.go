package render

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// One palette for every output that has colours. It is made for readers who see no red or no green, and for grey print: what is
// worse is darker, inks stand out from their fill by 4.5 to 1 or more (WCAG 2.1, contrast minimum), and nothing is told by its colour
// alone: each tint has a letter, a word, a number, a hatch, a shape or a dash beside it. The colours of categories are those of Okabe
// and Ito (https://jfly.uni-koeln.de/color/).

// colour is red, green and blue in six hexadecimal digits, as Office Open XML has it.
type colour string

const (
	white colour = "FFFFFF"
	black colour = "000000"
	grey  colour = "595959" // text that stands back
	faint colour = "D0D0D0" // lines between cells
	navy  colour = "1F2A44" // the banner of the marking, titles
	slate colour = "3B4A6B" // heads of tables
	rust  colour = "8A3B00" // warnings in text
)

// css is the colour as a style sheet has it.
func (c colour) css() string { return "#" + string(c) }

// rgb are the parts of the colour, from 0 to 255.
func (c colour) rgb() (r, g, b uint8) {
	v, _ := strconv.ParseUint(string(c), 16, 24) // every colour is a constant or made by mix
	return uint8(v >> 16), uint8(v >> 8), uint8(v)
}

// mix is the colour between c, at 0, and d, at 1.
func (c colour) mix(d colour, t float64) colour {
	between := func(x, y uint8) int { return int(float64(x) + float64((float64(y)-float64(x))*t) + 0.5) }
	r, g, b := c.rgb()
	s, h, k := d.rgb()
	return colour(fmt.Sprintf("%02X%02X%02X", between(r, s), between(g, h), between(b, k)))
}

// contrast is the contrast ratio of two colours, from 1 to 21, as WCAG 2.1 defines it.
func contrast(c, d colour) float64 {
	light := func(c colour) float64 {
		part := func(v uint8) float64 {
			x := float64(v) / 255
			if x <= 0.04045 {
				return x / 12.92
			}
			return math.Pow((x+0.055)/1.055, 2.4)
		}
		r, g, b := c.rgb()
		return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
	}
	x, y := light(c), light(d)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// hatch is what fills an area beside its colour.
type hatch string

const (
	noHatch hatch = ""
	dots    hatch = "dots"
	lines   hatch = "lines" // rising to the right
)

// shape is the outline of a mark.
type shape string

const (
	circle   shape = "circle"
	square   shape = "square"
	diamond  shape = "diamond"
	triangle shape = "triangle"
	hexagon  shape = "hexagon"
)

// tint is how a thing of one kind looks wherever it is drawn.
type tint struct {
	fill, ink colour
	hatch     hatch  // over the fill
	thread    colour // of the hatch
	shape     shape  // of its mark in a legend or on a line
	dash      []int  // of its line: lengths drawn and left out, in widths of the line; none is a line drawn through
}

// stateTint is the look of a state of the heat map, whose letter always stands in it.
func stateTint(s analysis.State) tint {
	switch s {
	case analysis.Met:
		return tint{fill: "C4E4F5", ink: black}
	case analysis.PartlyMet:
		return tint{fill: "F2B23C", ink: black}
	case analysis.Unmet:
		return tint{fill: "A83A00", ink: white}
	case analysis.HeldOnly:
		return tint{fill: "DCC6E6", ink: black, hatch: dots, thread: "A678BC"}
	case analysis.Targeted:
		return tint{fill: "E6EDF4", ink: black, hatch: lines, thread: "8FA8C0"}
	case analysis.NotEligible:
		return tint{fill: "E4E4E4", ink: grey}
	}
	return tint{fill: white, ink: "707070"}
}

// severityTint is the look of a severity, which always stands beside its word.
func severityTint(s analysis.Severity) tint {
	switch s {
	case analysis.Critical:
		return tint{fill: "A83A00", ink: white}
	case analysis.High:
		return tint{fill: "F09A36", ink: black}
	case analysis.Medium:
		return tint{fill: "F7EE9B", ink: black}
	case analysis.Low:
		return tint{fill: "CFE8F7", ink: black}
	}
	return tint{fill: white, ink: grey}
}

// reportTint is the look of a report.
func reportTint(q analysis.Question) tint {
	switch q {
	case analysis.Duplication:
		return tint{fill: "0072B2", ink: white, shape: square}
	case analysis.Gap:
		return tint{fill: "A83A00", ink: white, shape: triangle}
	}
	return tint{fill: "00664B", ink: white, shape: circle}
}

// shortfallTint is the look of a line of the timeline.
func shortfallTint(s analysis.Shortfall) tint {
	switch s {
	case analysis.ShortOfTarget:
		return tint{fill: "0072B2", ink: white, shape: circle}
	case analysis.ShortOfOwnPlan:
		return tint{fill: "E69F00", ink: black, shape: square, dash: []int{4, 2}}
	}
	return tint{fill: "A83A00", ink: white, shape: triangle, dash: []int{1, 1}}
}

// communityFills are told apart by their number as well; the eighth community has the first one's colour again.
var communityFills = []tint{
	{fill: "0072B2", ink: white}, {fill: "E69F00", ink: black}, {fill: "009E73", ink: black}, {fill: "CC79A7", ink: black},
	{fill: "56B4E9", ink: black}, {fill: "F0E442", ink: black}, {fill: "D55E00", ink: black},
}

// communityTint is the look of a community, counted from 1; 0 is a nation in none.
func communityTint(k int) tint {
	if k < 1 {
		return tint{fill: white, ink: grey}
	}
	return communityFills[(k-1)%len(communityFills)]
}

// membershipWords says in which organisations a nation is: "NATO and EU", "NATO", "EU", "neither organisation".
func membershipWords(of []data.Organisation) string {
	if len(of) == 0 {
		return "neither organisation"
	}
	sorted := slices.Clone(of)
	slices.SortStableFunc(sorted, func(a, b data.Organisation) int { return organisationRank(a) - organisationRank(b) })
	return strings.Join(names(sorted), " and ")
}

// organisationRank puts NATO and the EU before others, which keep their order.
func organisationRank(o data.Organisation) int {
	switch o {
	case data.NATO:
		return 0
	case data.EU:
		return 1
	}
	return 2
}

// membershipShape is the outline of a nation by the organisations that it is in.
func membershipShape(of []data.Organisation) shape {
	switch nato, eu := slices.Contains(of, data.NATO), slices.Contains(of, data.EU); {
	case nato && eu:
		return circle
	case nato:
		return square
	case eu:
		return diamond
	}
	return hexagon
}

// scaleTint is a place on the scale from little, at 0, to much, at 1: the more, the darker. The number always stands in it.
func scaleTint(t float64) tint {
	const light, middle, dark colour = "EDF4FA", "7FB2DA", "0B3C6F"
	fill := light.mix(middle, min(max(2*t, 0), 1))
	if t > 0.5 {
		fill = middle.mix(dark, min(2*t-1, 1))
	}
	if contrast(fill, black) >= contrast(fill, white) {
		return tint{fill: fill, ink: black}
	}
	return tint{fill: fill, ink: white}
}
