package render

import (
	"fmt"

	"deconflict/analysis"
)

// Set is a picture as its formats draw it, for tests: how large it is, and its texts with where they stand.
type Set struct {
	Wide, High float64
	Texts      []SetText
	Outside    []string // outlines that leave the picture
}

// SetText is a text with the box that its letters fill.
type SetText struct {
	Text                     string
	Left, Top, Right, Bottom float64
}

// SetPicture sets a picture of a report.
func SetPicture(name string, r *analysis.Report) Set {
	p, err := PictureByName(name)
	if err != nil {
		panic(err)
	}
	s := p.sheet(r)
	out := Set{Wide: s.wide, High: s.high}
	for _, d := range s.drawn {
		if d.text == "" {
			points := []point{{d.at.x - d.radius, d.at.y - d.radius}, {d.at.x + d.radius, d.at.y + d.radius}}
			for _, part := range d.outline {
				points = append(points, part...)
			}
			if d.outline != nil {
				points = points[2:]
			}
			for _, p := range points {
				if p.x < -0.01 || p.y < -0.01 || p.x > s.wide+0.01 || p.y > s.high+0.01 {
					out.Outside = append(out.Outside, fmt.Sprint(p))
				}
			}
			continue
		}
		const above, below = 0.70, 0.19 // of the letters, in sizes of the font
		wide := textWidth(d.text, d.size, d.bold)
		t := SetText{Text: d.text, Left: d.at.x, Top: d.at.y - above*d.size, Bottom: d.at.y + below*d.size}
		switch d.align {
		case atMiddle:
			t.Left -= wide / 2
		case atEnd:
			t.Left -= wide
		}
		t.Right = t.Left + wide
		if d.up {
			t = SetText{Text: d.text, Left: d.at.x - above*d.size, Right: d.at.x + below*d.size, Top: d.at.y - wide, Bottom: d.at.y}
		}
		out.Texts = append(out.Texts, t)
	}
	return out
}

// AltText is the alternative text of a picture.
func AltText(r *analysis.Report, picture string) string { return altText(r, picture) }

// TextHeight is the room that paragraphs of one size each take in a width, for tests of the layout.
func TextHeight(texts []string, sizes []float64, bold []bool, width float64) float64 {
	var ps []para
	for i := range texts {
		ps = append(ps, para{runs: []textRun{{text: texts[i], size: sizes[i], bold: bold[i]}}})
	}
	return metricsFor("Arial").height(ps, width)
}
