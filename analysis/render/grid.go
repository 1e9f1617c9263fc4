package render

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/pkg/twcache"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

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

// set lays the grid out in lines of at most so many columns: the head, a line under it, and the rows.
func (g *grid) set(columns int, colour bool) []string {
	widths := g.fit(columns)
	if len(g.rows)*len(g.head) > manyCells {
		return g.setMany(widths, colour)
	}
	return g.setFew(widths, colour)
}

// manyCells is how many cells the table writer sets: it takes some 3 µs for each, and a nation's page or a heat map can have many thousands.
const manyCells = 500

// tableWriter writes tables one after the other. Making it is most of what a small table costs, as it comes with room for ten thousand types
// of cells, where all of ours are texts.
type tableWriter struct {
	*tablewriter.Table
	out bytes.Buffer
}

var tableWriters = sync.Pool{New: func() any {
	t := new(tableWriter)
	t.Table = tablewriter.NewTable(&t.out,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{
				Separators: tw.Separators{ShowHeader: tw.On, ShowFooter: tw.Off, BetweenRows: tw.Off, BetweenColumns: tw.Off},
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
			},
		})),
		tablewriter.WithStringerCacheCustom(twcache.NewLRU[reflect.Type, reflect.Value](1)),
		tablewriter.WithEastAsian(tw.Off),
	)
	return t
}}

// setFew sets a grid with a table writer.
func (g *grid) setFew(widths []int, colour bool) []string {
	align := make(tw.Alignment, len(g.head))
	max := tw.NewMapper[int, int]()
	for i, h := range g.head {
		align[i] = tw.AlignLeft
		if h.right {
			align[i] = tw.AlignRight
		}
		max.Set(i, widths[i]+gutter)
	}
	section := tw.CellConfig{
		Formatting:   tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:    tw.CellAlignment{PerColumn: align},
		Padding:      tw.CellPadding{Global: tw.Padding{Right: strings.Repeat(" ", gutter), Overwrite: true}},
		ColMaxWidths: tw.CellWidth{PerColumn: max},
	}
	t := tableWriters.Get().(*tableWriter)
	defer tableWriters.Put(t)
	t.out.Reset()
	t.Reset()
	t.Options(tablewriter.WithConfig(tablewriter.Config{
		Header: section, Row: section, Widths: tw.CellWidth{PerColumn: max}, Behavior: tw.Behavior{TrimSpace: tw.Off, AutoHide: tw.Off},
	}))
	var header []string
	for i, h := range g.head {
		header = append(header, strings.Join(wrap(Plain(h.text), widths[i]), "\n"))
	}
	t.Header(header)
	for _, row := range g.rows {
		var texts []string
		for i, c := range row {
			lines := wrap(Plain(c.text), widths[i])
			if colour {
				for k := range lines {
					lines[k] = c.style.paint(lines[k])
				}
			}
			texts = append(texts, strings.Join(lines, "\n"))
		}
		if err := t.Append(texts); err != nil {
			panic(err) // texts are always accepted
		}
	}
	if err := t.Render(); err != nil {
		panic(err) // a buffer takes everything
	}
	lines := strings.Split(strings.TrimRight(t.out.String(), "\n"), "\n")
	for i, l := range lines {
		lines[i] = trimEnd(l)
	}
	return lines
}

// trimEnd takes the padding off a line, and the end of a style that the table writer sets after it once more.
func trimEnd(l string) string {
	for {
		l = strings.TrimRight(l, " ")
		padded, found := strings.CutSuffix(l, endStyle)
		if !found || !strings.HasSuffix(padded, " ") {
			return l
		}
		l = padded
	}
}

// setMany sets the same lines as setFew with what wrap and width say, a row at a time.
func (g *grid) setMany(widths []int, colour bool) []string {
	out := make([]string, 0, len(g.rows)+2)
	cells := make([][]string, len(g.head)) // the lines of each cell of a row
	var line []byte
	set := func(text func(i int) string, paint func(i int, s string) string) {
		high := 0
		for i := range cells {
			if s := text(i); oneLine(s, widths[i]) {
				cells[i] = append(cells[i][:0], s) // in the memory of the row before
			} else {
				cells[i] = wrap(Plain(s), widths[i])
			}
			high = max(high, len(cells[i]))
		}
		for k := range high {
			line = line[:0]
			blank := 0 // columns since the last text
			for i, lines := range cells {
				text := ""
				if k < len(lines) {
					text = lines[k]
				}
				room := widths[i] - width(text)
				if g.head[i].right {
					blank += room
				}
				if text != "" {
					line = append(append(line, spaces(blank)...), paint(i, text)...)
					blank = 0
				}
				if !g.head[i].right {
					blank += room
				}
				blank += gutter
			}
			out = append(out, string(line))
		}
	}
	set(func(i int) string { return g.head[i].text }, func(_ int, s string) string { return s })
	out = append(out, strings.Repeat("─", sum(widths)))
	for _, row := range g.rows {
		set(func(i int) string { return row[i].text }, func(i int, s string) string {
			if !colour {
				return s
			}
			return row[i].style.paint(s)
		})
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
			if w <= least[i] { // so is every word of it
				return
			}
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
