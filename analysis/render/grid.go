package render

import (
	"slices"
	"strings"

	"deconflict/data"
)

// grid is a table on a page: aligned columns under a line, without a frame. Its cells are Plain.
type grid struct {
	head []head
	rows [][]cell
}

type head struct {
	text  string
	right bool // numbers stand to the right
	fixed bool // never wrapped
}

type cell struct {
	text  string
	style style
}

const gutter = 2 // columns between columns

// add appends a row of texts.
func (g *grid) add(texts ...string) {
	row := make([]cell, len(texts))
	for i, t := range texts {
		row[i] = cell{text: t}
	}
	g.rows = append(g.rows, row)
}

// set lays the grid out in lines of at most so many columns: the head, a line under it, and the rows. A nation's page can have
// thousands of rows, so this does no more than put together what wrap and width say.
func (g *grid) set(columns int, colour bool) []string {
	widths := g.fit(columns)
	laid := make([][][]string, 0, len(g.rows)+1) // the lines of each cell of each row
	lay := func(n int, text func(i int) string) {
		row := make([][]string, n)
		for i := range row {
			row[i] = wrap(Plain(text(i)), widths[i])
		}
		laid = append(laid, row)
	}
	lay(len(g.head), func(i int) string { return g.head[i].text })
	for _, row := range g.rows {
		lay(len(row), func(i int) string { return row[i].text })
	}
	var out []string
	var line []byte
	for r, row := range laid {
		high := 0
		for _, lines := range row {
			high = max(high, len(lines))
		}
		for k := range high {
			line = line[:0]
			blank := 0 // columns since the last text
			for i, lines := range row {
				text := ""
				if k < len(lines) {
					text = lines[k]
				}
				w := width(text)
				if g.head[i].right {
					blank += widths[i] - w
				}
				if text != "" {
					line = append(line, spaces(blank)...)
					blank = 0
					if colour && r > 0 {
						text = g.rows[r-1][i].style.paint(text)
					}
					line = append(line, text...)
				}
				if !g.head[i].right {
					blank += widths[i] - w
				}
				blank += gutter
			}
			out = append(out, string(line))
		}
		if r == 0 {
			out = append(out, strings.Repeat("─", sum(widths)))
		}
	}
	return out
}

func spaces(n int) string {
	const some = "                                                                "
	if n <= len(some) {
		return some[:n]
	}
	return strings.Repeat(" ", n)
}

// fit shares out the columns of the page: every column gets its longest text where there is room; otherwise the widest columns
// give way first, and those whose texts must not or cannot be broken last.
func (g *grid) fit(columns int) []int {
	want, least := g.widths()
	for sum(want) > columns {
		widest := -1
		for i := range want {
			if want[i] > least[i] && (widest < 0 || want[i] > want[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			if widest = slices.Index(want, slices.Max(want)); want[widest] == 1 {
				break
			}
		}
		want[widest]--
	}
	return want
}

// least is the narrowest that the grid can well be.
func (g *grid) least() int {
	_, least := g.widths()
	return sum(least)
}

// widths are for each column that of its longest text, and the least with which it can be read: its longest word and a few of
// them, or all of a text that must not be broken.
func (g *grid) widths() (want, least []int) {
	const words = 16
	want, least = make([]int, len(g.head)), make([]int, len(g.head))
	for i, h := range g.head {
		want[i], least[i] = 1, 1
		note := func(text string) {
			text = Plain(text)
			w := width(text)
			want[i], least[i] = max(want[i], w), max(least[i], min(w, words))
			for word := range strings.FieldsSeq(text) {
				least[i] = max(least[i], min(width(word), words+words/2))
			}
		}
		note(h.text)
		for _, row := range g.rows {
			note(row[i].text)
		}
		if h.fixed {
			least[i] = want[i]
		}
	}
	return want, least
}

// sum is the width of columns with the gutters behind them.
func sum(widths []int) int {
	total := gutter * len(widths)
	for _, w := range widths {
		total += w
	}
	return total
}

// amountOf prints a quantity, or a dash where it is unknown.
func amountOf(q data.Quantity) string {
	if !q.Known() {
		return "–"
	}
	return q.String()
}
