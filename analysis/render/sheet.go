package render

import (
	"strings"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	imagefont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	vgfont "gonum.org/v1/plot/font"
)

// sheet is a picture as a list of what is drawn on it, the first below. Lengths are in points, x grows to the right and y downwards. Each
// of the picture formats is a loop over the list, so that all show the same.
type sheet struct {
	wide, high float64
	drawn      []drawn
}

type point struct{ x, y float64 }

// drawn is one thing on a sheet: a text, or else an outline.
type drawn struct {
	text     string
	at       point // of the text: on its base line, at the side that align says
	size     float64
	bold, up bool // up reads from the bottom to the top
	align    align

	outline [][]point // parts that are each closed, if filled, or else open
	radius  float64   // a disc around at, where there is no outline and no text

	fill, stroke colour // none is not filled or not drawn; of a text the fill alone counts
	width        float64
	dash         []float64
}

// align says which side of a text stands at its point.
type align string

const (
	atStart  align = "start"
	atMiddle align = "middle"
	atEnd    align = "end"
)

func (s *sheet) add(d drawn) { s.drawn = append(s.drawn, d) }

// words draws a text with its base line at y.
func (s *sheet) words(x, y, size float64, ink colour, bold bool, a align, text string) {
	if text = Plain(text); text != "" {
		s.add(drawn{text: text, at: point{x, y}, size: size, bold: bold, align: a, fill: ink})
	}
}

// upwards draws a text that reads from the bottom to the top and starts at a point, its base line at x.
func (s *sheet) upwards(x, y, size float64, ink colour, bold bool, text string) {
	if text = Plain(text); text != "" {
		s.add(drawn{text: text, at: point{x, y}, size: size, bold: bold, align: atStart, fill: ink, up: true})
	}
}

// rect fills a rectangle, and draws its edge.
func (s *sheet) rect(x, y, wide, high float64, fill, edge colour) {
	corners := []point{{x, y}, {x + wide, y}, {x + wide, y + high}, {x, y + high}}
	if fill == "" {
		corners = append(corners, corners[0])
	}
	s.add(drawn{outline: [][]point{corners}, fill: fill, stroke: edge, width: 0.5})
}

// line draws a line through points.
func (s *sheet) line(ink colour, width float64, dash []float64, through ...point) {
	s.add(drawn{outline: [][]point{through}, stroke: ink, width: width, dash: dash})
}

// tinted fills a rectangle with a tint and its hatch.
func (s *sheet) tinted(x, y, wide, high float64, t tint) {
	s.rect(x, y, wide, high, t.fill, "")
	switch t.hatch {
	case dots:
		const apart, side = 3.5, 0.9 // a row of dots is a dashed line
		var rows [][]point
		for cy, odd := y+apart/2, false; cy < y+high-side; cy, odd = cy+apart/2, !odd {
			cx := x + apart/4
			if odd {
				cx += apart / 2
			}
			rows = append(rows, []point{{cx, cy}, {x + wide - 0.1, cy}})
		}
		s.add(drawn{outline: rows, stroke: t.thread, width: side, dash: []float64{side, apart - side}})
	case lines:
		const apart = 4.0
		var rising [][]point
		for d := apart; d < wide+high; d += apart { // from the left or lower edge to the upper or right one
			from, to := point{x, y + d}, point{x + d, y}
			if d > high {
				from = point{x + d - high, y + high}
			}
			if d > wide {
				to = point{x + wide, y + d - wide}
			}
			rising = append(rising, []point{from, to})
		}
		s.add(drawn{outline: rising, stroke: t.thread, width: 0.6})
	}
}

// cell is a tinted rectangle with a text in its middle and a thin edge.
func (s *sheet) cell(x, y, wide, high float64, t tint, size float64, bold bool, text string) {
	s.tinted(x, y, wide, high, t)
	s.rect(x, y, wide, high, "", faint)
	s.words(x+wide/2, y+high/2+rise*size, size, t.ink, bold, atMiddle, text)
}

// rise is how far below the middle of a line of capitals and figures its base line is, in sizes of the font.
const rise = 0.36

// mark draws a shape around a point.
func (s *sheet) mark(of shape, x, y, r float64, fill, edge colour, width float64) {
	d := drawn{at: point{x, y}, fill: fill, stroke: edge, width: width}
	around := func(corners ...point) {
		for i, c := range corners {
			corners[i] = point{x + r*c.x, y + r*c.y}
		}
		d.outline = [][]point{append(corners, corners[0])}
	}
	switch of { // sized so that all seem alike
	case square:
		around(point{-0.88, -0.88}, point{0.88, -0.88}, point{0.88, 0.88}, point{-0.88, 0.88})
	case diamond:
		around(point{0, -1.25}, point{1.25, 0}, point{0, 1.25}, point{-1.25, 0})
	case triangle:
		around(point{0, -1.15}, point{1.1, 0.8}, point{-1.1, 0.8})
	case hexagon:
		around(point{-1.1, 0}, point{-0.55, -0.95}, point{0.55, -0.95}, point{1.1, 0}, point{0.55, 0.95}, point{-0.55, 0.95})
	default:
		d.radius = r
	}
	s.add(d)
}

// typeface are the two fonts of pictures: Liberation Sans, which comes with the program and is as wide as Arial and Helvetica.
type typeface struct {
	regular, bold *opentype.Font
	ttf           map[bool][]byte // the files, by whether they are bold
}

var face = sync.OnceValue(func() typeface {
	parse := func(ttf []byte) *opentype.Font {
		f, err := opentype.Parse(ttf)
		if err != nil {
			panic(err) // the fonts are part of the program
		}
		return f
	}
	return typeface{
		parse(liberationsansregular.TTF), parse(liberationsansbold.TTF),
		map[bool][]byte{false: liberationsansregular.TTF, true: liberationsansbold.TTF},
	}
})

// of is the font of a size.
func (f typeface) of(size float64, bold bool) vgfont.Face {
	out := vgfont.Face{Font: vgfont.Font{Typeface: "Liberation", Variant: "Sans", Size: vgfont.Points(size)}, Face: f.regular}
	if bold {
		out.Font.Weight, out.Face = imagefont.WeightBold, f.bold
	}
	return out
}

// textWidth is how wide a text is.
func textWidth(text string, size float64, bold bool) float64 {
	f := face().of(size, bold)
	return f.Width(Plain(text)).Points()
}

// fit cuts a text that is wider than the room for it, and shows that it did.
func fit(text string, size float64, bold bool, room float64) string {
	text = Plain(text)
	if textWidth(text, size, bold) <= room {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 {
		runes = runes[:len(runes)-1]
		if cut := strings.TrimRight(string(runes), " ") + "…"; textWidth(cut, size, bold) <= room {
			return cut
		}
	}
	return ""
}

// paragraph breaks a text into lines that fit into the room.
func paragraph(text string, size float64, bold bool, room float64) (out []string) {
	line := ""
	for word := range strings.FieldsSeq(Plain(text)) {
		if longer := strings.TrimPrefix(line+" "+word, " "); textWidth(longer, size, bold) <= room {
			line = longer
			continue
		}
		if line != "" {
			out = append(out, line)
		}
		for textWidth(word, size, bold) > room && len([]rune(word)) > 1 { // a word that is longer than a line
			n := 1
			for runes := []rune(word); n < len(runes) && textWidth(string(runes[:n+1]), size, bold) <= room; {
				n++
			}
			out, word = append(out, string([]rune(word)[:n])), string([]rune(word)[n:])
		}
		line = word
	}
	if line != "" {
		out = append(out, line)
	}
	return out
}
