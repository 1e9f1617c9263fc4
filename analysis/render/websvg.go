package render

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// webChart is the shortfalls open in each year, an area a panel, all on one scale.
type webChart struct {
	Years      []int
	Panels     []webPanel
	Keys       []webKey // the lines that occur
	Wide, High int
	Rows       []webChartRow
}

type webPanel struct {
	Title  string
	Says   string // the panel in a sentence
	Grid   []webTick
	Labels []webTick
	Lines  []webCurve
}

// webTick is a line across a panel, or a label below, with its place.
type webTick struct{ At, Text string }

type webCurve struct {
	Class  string
	Points string // of a polyline
	Dash   string
	Marks  []webMark
}

// webMark is a mark on a curve: the outline of its shape, and what stands there.
type webMark struct{ Path, Says string }

type webKey struct{ Class, Dash, Path, Text string }

type webChartRow struct {
	Area      string
	Shortfall analysis.Shortfall
	Open      []int
}

// The measures of a panel.
const (
	chartWide, chartHigh = 400, 190
	chartLeft, chartTop  = 34, 10
	chartRight, chartLow = 14, 24
)

// newChart lays the timeline out; nil where nothing is short.
func newChart(r *analysis.Report) *webChart {
	t := r.Timeline
	if len(t.Lines) == 0 || len(t.Years) == 0 {
		return nil
	}
	c := &webChart{Years: t.Years, Wide: chartWide, High: chartHigh}
	most := 1
	for _, l := range t.Lines {
		for _, n := range l.Open {
			most = max(most, n)
		}
	}
	step := tickStep(most)
	most = (most + step - 1) / step * step
	x := func(i int) float64 {
		if len(t.Years) == 1 {
			return (chartLeft + chartWide - chartRight) / 2
		}
		return chartLeft + 6 + float64(i)*(chartWide-chartLeft-chartRight-12)/float64(len(t.Years)-1)
	}
	y := func(n int) float64 {
		return chartHigh - chartLow - float64(n)*(chartHigh-chartTop-chartLow)/float64(most)
	}
	used := map[analysis.Shortfall]bool{}
	for _, area := range r.Areas {
		p := webPanel{Title: sentence(area.Name)}
		var says []string
		for _, l := range t.Lines {
			if string(l.Area) != area.Code {
				continue
			}
			k := shortfallClass(l.Shortfall)
			tint := shortfallTint(l.Shortfall)
			curve := webCurve{Class: k, Dash: dashes(tint.dash)}
			var points []string
			for i, n := range l.Open {
				points = append(points, fixed(x(i))+","+fixed(y(n)))
				curve.Marks = append(curve.Marks, webMark{
					outline(tint.shape, x(i), y(n), 3.4), fmt.Sprintf("%s, %s: %d in %d", p.Title, l.Shortfall, n, t.Years[i]),
				})
			}
			curve.Points = strings.Join(points, " ")
			p.Lines = append(p.Lines, curve)
			used[l.Shortfall] = true
			says = append(says, fmt.Sprintf("%s: %d in %d, %d in %d", l.Shortfall, l.Open[0], t.Years[0], l.Open[len(l.Open)-1], t.Years[len(t.Years)-1]))
			c.Rows = append(c.Rows, webChartRow{p.Title, l.Shortfall, l.Open})
		}
		if len(p.Lines) == 0 {
			continue
		}
		p.Says = p.Title + ", shortfalls open; " + strings.Join(says, "; ")
		for n := 0; n <= most; n += step {
			p.Grid = append(p.Grid, webTick{fixed(y(n)), strconv.Itoa(n)})
		}
		each := (len(t.Years) + 6) / 7
		for i := 0; i < len(t.Years); i += each {
			p.Labels = append(p.Labels, webTick{fixed(x(i)), strconv.Itoa(t.Years[i])})
		}
		c.Panels = append(c.Panels, p)
	}
	for _, s := range analysis.Shortfalls {
		if used[s] {
			tint := shortfallTint(s)
			c.Keys = append(c.Keys, webKey{shortfallClass(s), dashes(tint.dash), outline(tint.shape, 17, 8, 4), string(s)})
		}
	}
	return c
}

// shortfallClass is the class of a line in the style.
func shortfallClass(s analysis.Shortfall) string {
	for i, x := range analysis.Shortfalls {
		if x == s {
			return "shortfall-" + strconv.Itoa(i)
		}
	}
	return ""
}

// tickStep is 1, 2 or 5 times a power of ten, for at most five lines across.
func tickStep(most int) int {
	for scale := 1; ; scale *= 10 {
		for _, step := range []int{1, 2, 5} {
			if step*scale*5 >= most {
				return step * scale
			}
		}
	}
}

func dashes(d []int) string {
	var parts []string
	for _, n := range d {
		parts = append(parts, strconv.Itoa(2*n))
	}
	return strings.Join(parts, " ")
}

// fixed is a coordinate: the same on every machine.
func fixed(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// outline is a shape around a point as the path of an SVG.
func outline(s shape, x, y, r float64) string {
	corners := func(n int, turn, r float64) string {
		var b strings.Builder
		for i := range n {
			a := (turn + 360*float64(i)/float64(n)) * math.Pi / 180
			command := "L"
			if i == 0 {
				command = "M"
			}
			b.WriteString(command + fixed(x+r*math.Cos(a)) + " " + fixed(y+r*math.Sin(a)))
		}
		return b.String() + "Z"
	}
	switch s {
	case square:
		return corners(4, 45, r*1.25)
	case diamond:
		return corners(4, 0, r*1.3)
	case triangle:
		return corners(3, -90, r*1.35)
	case hexagon:
		return corners(6, 0, r*1.15)
	}
	return fmt.Sprintf("M%s %sa%[3]s %[3]s 0 1 0 %[4]s 0a%[3]s %[3]s 0 1 0 -%[4]s 0Z", fixed(x-r), fixed(y), fixed(r), fixed(2*r))
}

// webNetwork is who works with whom: the nations on a ring, those of a group together, and all that they share across it.
type webNetwork struct {
	Size    int // of the picture, wide and high
	Nodes   []webNode
	Weights []webWeight
	Alone   string
	Groups  []webCommunity
	Shapes  []webKey
	Rows    []webCooperator
}

type webNode struct{ Code, To, Class, Path, X, Y, Says string }

// webWeight is the ties of so many shared initiatives, the weakest first.
type webWeight struct {
	Shared        int
	Wide, Opacity string
	Ties          []webTie
}

type webTie struct{ A, B, Path string }

type webCommunity struct {
	No                   int
	Class, Path, Nations string
}

type webCooperator struct {
	Code, Name, Organisations string
	Community                 int
	Partners                  []webPartner
}

// The measures of the ring.
const (
	ringSize   = 700.0
	ringRadius = 315.0
	nodeRadius = 19.0
	ringGap    = 1.2 // between two groups, in places of a nation
)

// newNetwork lays the cooperation out; nil where no two nations share an initiative.
func newNetwork(r *analysis.Report, named map[string]string, leadTo func(data.Nation) string) *webNetwork {
	if len(r.Cooperation.Together) == 0 {
		return nil
	}
	name := func(n data.Nation) string { return cmp.Or(named[string(n)], string(n)) }
	w := &webNetwork{Size: ringSize}
	var inside []analysis.Cooperator
	var alone []string
	for _, n := range r.Cooperation.Nations {
		if n.Community > 0 {
			inside = append(inside, n)
		} else {
			alone = append(alone, name(n.Nation))
		}
		w.Rows = append(w.Rows, webCooperator{
			string(n.Nation), name(n.Nation), strings.Join(names(n.Organisations), " "), n.Community, partnersOf(r.Cooperation, n.Nation, nil),
		})
	}
	w.Alone = strings.Join(alone, ", ")
	slices.SortStableFunc(inside, func(a, b analysis.Cooperator) int { return a.Community - b.Community })
	w.ring(inside, name, leadTo)
	w.cross(r.Cooperation.Together, inside)
	return w
}

// ring places the nations, from the top clockwise.
func (w *webNetwork) ring(inside []analysis.Cooperator, name, leadTo func(data.Nation) string) {
	places, at := ringPlaces(inside)
	radius := min(nodeRadius, 0.43*2*math.Pi*ringRadius/places)
	seen := map[string]bool{}
	for i, n := range inside {
		x, y := onRing(at[i]/places, ringRadius)
		of := membershipWords(n.Organisations)
		w.Nodes = append(w.Nodes, webNode{
			Code: string(n.Nation), To: leadTo(n.Nation), Class: communityClass(n.Community), Path: outline(membershipShape(n.Organisations), x, y, radius),
			X: fixed(x), Y: fixed(y + 4.5), Says: fmt.Sprintf("%s, %s, group %d", name(n.Nation), of, n.Community),
		})
		if !seen[of] {
			seen[of] = true
			w.Shapes = append(w.Shapes, webKey{Path: outline(membershipShape(n.Organisations), 9, 9, 7), Text: of})
		}
		if k := len(w.Groups); k == 0 || w.Groups[k-1].No != n.Community {
			w.Groups = append(w.Groups, webCommunity{n.Community, communityClass(n.Community), outline(circle, 9, 9, 7), name(n.Nation)})
			continue
		}
		w.Groups[len(w.Groups)-1].Nations += ", " + name(n.Nation)
	}
}

// ringPlaces gives each nation its place on a ring of so many, with a gap between groups.
func ringPlaces(inside []analysis.Cooperator) (places float64, at []float64) {
	for i, n := range inside {
		if i > 0 && n.Community != inside[i-1].Community {
			places += ringGap
		}
		at = append(at, places)
		places++
	}
	if len(inside) > 0 && inside[0].Community != inside[len(inside)-1].Community {
		places += ringGap
	}
	return places, at
}

// onRing is a point at a share of the way round.
func onRing(share, radius float64) (x, y float64) {
	a := 2 * math.Pi * (share - 0.25)
	return ringSize/2 + radius*math.Cos(a), ringSize/2 + radius*math.Sin(a)
}

// cross draws the ties across the ring, bent towards its middle.
func (w *webNetwork) cross(ties []analysis.Together, inside []analysis.Cooperator) {
	places, at := ringPlaces(inside)
	place := map[data.Nation]int{}
	for i, n := range inside {
		place[n.Nation] = i
	}
	most := 1
	by := map[int][]webTie{}
	for _, t := range ties {
		most = max(most, t.Initiatives)
		x1, y1 := onRing(at[place[t.A]]/places, ringRadius)
		x2, y2 := onRing(at[place[t.B]]/places, ringRadius)
		by[t.Initiatives] = append(by[t.Initiatives], webTie{
			string(t.A), string(t.B), fmt.Sprintf("M%.0f %.0fQ%.0f %.0f %.0f %.0f", x1, y1, ringSize/2, ringSize/2, x2, y2),
		})
	}
	for _, n := range slices.Sorted(maps.Keys(by)) {
		share := float64(n) / float64(most)
		w.Weights = append(w.Weights, webWeight{n, fixed(0.4 + 3.6*share*share), strconv.FormatFloat(0.06+0.6*share*share, 'f', 2, 64), by[n]})
	}
}

// communityClass is the class of a group in the style: colours come round again, as the palette has it.
func communityClass(k int) string {
	if k > 0 {
		k = (k-1)%len(communityFills) + 1
	}
	return "community-" + strconv.Itoa(k)
}
