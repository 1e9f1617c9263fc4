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

// drawCooperation draws who works with whom: a network of a few nations, or a matrix of many.
func drawCooperation(r *analysis.Report) body {
	var drawn int
	for _, n := range r.Cooperation.Nations {
		if n.Community > 0 {
			drawn++
		}
	}
	var out body
	switch {
	case drawn == 0:
		return nothing("No two nations share an active initiative.")
	case drawn <= mostNodes:
		out = drawNetwork(r)
	default:
		out = drawMatrix(r)
	}
	for k := 1; k <= r.Cooperation.Communities(); k++ {
		look := communityTint(k)
		nations := 0
		for _, n := range r.Cooperation.Nations {
			if n.Community == k {
				nations++
			}
		}
		out.legend = append(out.legend, entry{func(s *sheet, x, y float64) {
			s.cell(x, y, legendMark, legendMark, look, 8, true, strconv.Itoa(k))
		}, fmt.Sprintf("group %d: %s", k, counted(nations, "nation"))})
	}
	for _, of := range []shape{circle, square, diamond, hexagon} {
		var in []string
		for _, n := range r.Cooperation.Nations {
			if words := "in " + membershipWords(n.Organisations); membershipShape(n.Organisations) == of && !slices.Contains(in, words) {
				in = append(in, words)
			}
		}
		if len(in) > 0 {
			out.legend = append(out.legend, entry{func(s *sheet, x, y float64) {
				s.member(of, x+legendMark/2, y+legendMark/2, 4.5)
			}, strings.Join(in, ", or ")})
		}
	}
	return out
}

// member draws the shape of a nation beside its name: a disc is filled, so that it is no small hexagon.
func (s *sheet) member(of shape, x, y, r float64) {
	fill := white
	if of == circle {
		fill = grey
	}
	s.mark(of, x, y, r, fill, black, 0.9)
}

func aloneNote(alone []data.Nation) []string {
	if len(alone) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Shares no initiative, not drawn: %s.", strings.Join(names(alone), " "))}
}

func drawNetwork(r *analysis.Report) body {
	const wide, high = 680.0, 420.0
	w := layNetwork(r.Cooperation, wide/high, 17/high)
	most := 1
	for _, t := range w.ties {
		most = max(most, t.initiatives)
	}
	draw := func(s *sheet, x, y float64) {
		at := func(n node) point { return point{x + n.x*high, y + n.y*high} }
		for _, t := range w.ties {
			s.line("9AA3B2", 0.7+4*float64(t.initiatives)/float64(most), nil, at(w.nodes[t.a]), at(w.nodes[t.b]))
		}
		var taken []numberBox
		for _, t := range slices.Backward(w.ties) { // the strongest tie first
			a, b := at(w.nodes[t.a]), at(w.nodes[t.b])
			text := strconv.Itoa(t.initiatives)
			box := numberBox{half: textWidth(text, 7.5, false)/2 + 1.2}
			for _, along := range []float64{0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73} {
				box.at = point{a.x + (b.x-a.x)*along, a.y + (b.y-a.y)*along}
				if slices.ContainsFunc(taken, box.meets) || slices.ContainsFunc(w.nodes, func(n node) bool { return near(at(n), box.at, w.radius*high+box.half) }) {
					continue
				}
				taken = append(taken, box)
				s.rect(box.at.x-box.half, box.at.y-numberHalf, 2*box.half, 2*numberHalf, white, "")
				s.words(box.at.x, box.at.y+rise*7.5, 7.5, black, false, atMiddle, text)
				break
			}
		}
		radius := w.radius * high / 1.25 // the outermost corner of a shape
		for _, n := range w.nodes {
			p, look := at(n), communityTint(n.Community)
			s.mark(membershipShape(n.Organisations), p.x, p.y, radius, look.fill, black, 0.8)
			size := min(radius*0.62, 9)
			s.words(p.x, p.y+rise*size-size*0.3, size, look.ink, true, atMiddle, fit(string(n.Nation), size, true, radius*1.7))
			s.words(p.x, p.y+rise*size+size*0.75, size*0.75, look.ink, false, atMiddle, strconv.Itoa(n.Community))
		}
	}
	out := body{wide: wide, high: high, draw: draw}
	out.notes = append(out.notes, fmt.Sprintf("A line is the active initiatives that two nations share; its width, and its number where there is room, say how many. Drawn are each nation's %d strongest ties and what holds groups together; %s not drawn. The number in a nation is its group: those that work together most.", closest, weaker(w.undrawn)))
	out.notes = append(out.notes, aloneNote(w.alone)...)
	return out
}

// numberBox is the place of a number on a tie.
type numberBox struct {
	at   point
	half float64 // of its width
}

const numberHalf = 4.6 // of its height

func (b numberBox) meets(o numberBox) bool {
	return math.Abs(b.at.x-o.at.x) < b.half+o.half && math.Abs(b.at.y-o.at.y) < 2*numberHalf
}

func weaker(n int) string {
	if n == 1 {
		return "1 weaker tie is"
	}
	return fmt.Sprintf("%d weaker ties are", n)
}

func near(a, b point, d float64) bool { return (a.x-b.x)*(a.x-b.x)+(a.y-b.y)*(a.y-b.y) < d*d }

func drawMatrix(r *analysis.Report) body {
	const each, label, size, group = 16.0, 120.0, 8.5, 12.0
	m := layMatrix(r.Cooperation)
	n := float64(len(m.nations))
	head := 0.0
	for _, c := range m.nations {
		head = max(head, textWidth(string(c.Nation), size, false))
	}
	head = min(head, 60) + 4
	left, top := label+group, head+group
	draw := func(s *sheet, x, y float64) {
		for i, a := range m.nations {
			cy := y + top + float64(i)*each
			look := communityTint(a.Community)
			s.member(membershipShape(a.Organisations), x+6, cy+each/2, 3.6)
			s.words(x+14, cy+each/2+rise*size, size, black, false, atStart, fit(nationWords(r, a.Nation), size, false, label-18))
			s.tinted(x+label, cy, group-1, each, look)
			s.tinted(x+left+float64(i)*each, y+head, each, group-1, look)
			s.upwards(x+left+(float64(i)+0.5)*each+rise*size, y+head-4, size, black, false, fit(string(a.Nation), size, false, head-4))
			for j := range m.nations {
				cx := x + left + float64(j)*each
				shared := m.shared[i][j]
				switch {
				case i == j:
					s.cell(cx, cy, each, each, tint{fill: "D9D9D9", ink: black}, 7.5, false, "")
				case shared == 0:
					s.cell(cx, cy, each, each, tint{fill: white, ink: grey}, 7.5, false, "·")
				default:
					s.cell(cx, cy, each, each, scaleTint(float64(shared)/float64(m.most)), 7.5, false, strconv.Itoa(shared))
				}
			}
		}
		for i := 0; i < len(m.nations); { // a frame around each group, and its number
			k := i
			for k < len(m.nations) && m.nations[k].Community == m.nations[i].Community {
				k++
			}
			look := communityTint(m.nations[i].Community)
			from, to := float64(i)*each, float64(k)*each
			s.rect(x+left+from, y+top+from, to-from, to-from, "", black)
			s.drawn[len(s.drawn)-1].width = 1.4
			text := strconv.Itoa(m.nations[i].Community)
			s.words(x+label+(group-1)/2, y+top+(from+to)/2+rise*8, 8, look.ink, true, atMiddle, text)
			s.words(x+left+(from+to)/2, y+head+(group-1)/2+rise*8, 8, look.ink, true, atMiddle, text)
			i = k
		}
	}
	out := body{wide: left + n*each, high: top + n*each, draw: draw}
	out.notes = append(out.notes, fmt.Sprintf("A number is how many active initiatives two nations share: the more, the darker; at most %d. Nations that work together most stand together, with a frame around their group.", m.most))
	out.notes = append(out.notes, aloneNote(m.alone)...)
	return out
}

// nationWords are the code and the name of a nation.
func nationWords(r *analysis.Report, n data.Nation) string {
	if name := r.NationName(n); name != string(n) {
		return string(n) + "  " + name
	}
	return string(n)
}
