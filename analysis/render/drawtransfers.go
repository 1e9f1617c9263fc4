package render

import (
	"fmt"

	"deconflict/analysis"
	"deconflict/data"
)

// Sizes of the transfers, in points.
const (
	moveHigh     = 14.0
	moveSize     = 8.5
	moveWide     = 228.0 // of a column
	moveCode     = 30.0  // of a nation's code
	moveAmount   = 52.0
	mostTransfer = 60 // capabilities
)

// transferBlock is the moves of one capability.
type transferBlock struct {
	title []string
	moves []analysis.Move
	most  data.Amount
}

func (b transferBlock) high() float64 {
	return float64(len(b.title))*moveSize*leading + 8 + float64(len(b.moves))*moveHigh + 12
}

// drawTransfers draws an arrow for each move, from who could give to who lacks, capability by capability, in columns that are read down.
// Capabilities are in the order of their findings.
func drawTransfers(r *analysis.Report) body {
	var blocks []transferBlock
	left := 0
	for _, f := range r.Findings {
		if len(f.Moves) == 0 {
			continue
		}
		if len(blocks) == mostTransfer {
			left++
			continue
		}
		leaf := r.Leaf(f.Capability)
		b := transferBlock{moves: f.Moves, title: paragraph(leaf.Name+", "+data.Plural(leaf.Unit), moveSize, true, moveWide)}
		for _, m := range f.Moves {
			b.most = max(b.most, m.Amount)
		}
		blocks = append(blocks, b)
	}
	if len(blocks) == 0 {
		return nothing("Nobody's surplus meets another's shortfall.")
	}
	const gap = 22.0
	columns, high := flow(blocks)
	draw := func(s *sheet, x, y float64) {
		for k, column := range columns {
			at := y
			for _, b := range column {
				drawBlock(s, b, x+float64(k)*(moveWide+gap), at)
				at += b.high()
			}
		}
	}
	out := body{wide: float64(len(columns))*(moveWide+gap) - gap, high: high, draw: draw}
	for _, how := range []struct {
		m    analysis.Move
		text string
	}{
		{analysis.Move{Together: "x"}, "together in an initiative on the capability"},
		{analysis.Move{Together: "x", Nearby: true}, "together in one on another capability of its area"},
		{analysis.Move{}, "together in none"},
	} {
		out.legend = append(out.legend, entry{func(s *sheet, x, y float64) {
			drawArrow(s, how.m, x, x+legendMark, y+legendMark/2, 2)
		}, how.text})
	}
	out.notes = []string{"An arrow runs from a nation with a lasting surplus to one with a shortfall; its width is its share in the capability's largest move. Moves are one plan of those that move most; nobody has agreed to any."}
	if left > 0 {
		out.notes = append(out.notes, fmt.Sprintf("%s with less severe shortfalls not drawn.", capabilities(left)))
	}
	return out
}

// flow sets blocks into as few columns as make a picture that is wider than high, and returns the height of the highest.
func flow(blocks []transferBlock) (columns [][]transferBlock, high float64) {
	total, tallest := 0.0, 0.0
	for _, b := range blocks {
		total += b.high()
		tallest = max(tallest, b.high())
	}
	n := 1
	for n < 4 && total/float64(n) > 1.4*moveWide*float64(n) {
		n++
	}
	limit := max(total/float64(n), tallest)
	for ; ; limit += moveHigh { // until they fit into so many columns
		columns, high = [][]transferBlock{nil}, 0
		used := 0.0
		for _, b := range blocks {
			if used > 0 && used+b.high() > limit {
				columns, used = append(columns, nil), 0
			}
			columns[len(columns)-1] = append(columns[len(columns)-1], b)
			used += b.high()
			high = max(high, used)
		}
		if len(columns) <= n {
			return columns, high
		}
	}
}

func drawBlock(s *sheet, b transferBlock, x, y float64) {
	for _, l := range b.title {
		y += moveSize * leading
		s.words(x, y-2, moveSize, navy, true, atStart, l)
	}
	s.line("9AA3B2", 0.6, nil, point{x, y + 2}, point{x + moveWide, y + 2})
	y += 8
	for i, m := range b.moves {
		middle := y + moveHigh/2
		base := middle + rise*moveSize
		if i == 0 || b.moves[i-1].From != m.From {
			s.words(x, base, moveSize, black, true, atStart, fit(string(m.From), moveSize, true, moveCode-2))
		}
		to := x + moveWide - moveAmount - moveCode
		drawArrow(s, m, x+moveCode, to-4, middle, 0.8+6*float64(m.Amount)/float64(b.most))
		s.words(to, base, moveSize, black, false, atStart, fit(string(m.To), moveSize, false, moveCode-2))
		s.words(x+moveWide, base, moveSize, black, false, atEnd, m.Amount.String())
		y += moveHigh
	}
}

// drawArrow draws an arrow to the right: drawn through where both nations are together on the capability, else dashed or dotted.
func drawArrow(s *sheet, m analysis.Move, from, to, y, width float64) {
	ink, dash := colour("0072B2"), []float64(nil)
	switch {
	case m.Together == "":
		ink, dash = "808080", []float64{1.5, 2}
	case m.Nearby:
		ink, dash = "C77700", []float64{6, 2}
	}
	head := max(width, 3.5)
	s.line(ink, width, dash, point{from, y}, point{to - head, y})
	s.add(drawn{outline: [][]point{{{to, y}, {to - head, y - head*0.8}, {to - head, y + head*0.8}}}, fill: ink})
}
