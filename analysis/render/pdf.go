package render

import (
	"io"

	"codeberg.org/go-pdf/fpdf"

	"deconflict/analysis"
)

// writePDF writes one picture as PDF, or all of them, a page each, where none is chosen. gonum's own PDF canvas knows the letters of
// Western Europe alone and writes the hour into the file, so that the same pages are written here by what it stands on.
func writePDF(w io.Writer, r *analysis.Report, o Options) error {
	pictures := Pictures
	if o.Picture != "" {
		p, err := o.picture()
		if err != nil {
			return err
		}
		pictures = []Picture{p}
	}
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: 1, Ht: 1}})
	f.SetCatalogSort(true)
	f.SetCreationDate(r.AsOf.Time())
	f.SetModificationDate(r.AsOf.Time())
	f.SetProducer(Plain(r.Program), true)
	f.SetLang("en-GB")
	f.SetMargins(0, 0, 0)
	f.SetAutoPageBreak(false, 0)
	f.AddUTF8FontFromBytes("sans", "", face().ttf[false])
	f.AddUTF8FontFromBytes("sans", "B", face().ttf[true])
	var title, alt string
	for i, p := range pictures {
		s := p.sheet(r)
		f.AddPageFormat("P", fpdf.SizeType{Wd: s.wide, Ht: s.high})
		f.Bookmark(p.heading(r), 0, 0)
		for _, d := range s.drawn {
			printMark(f, d)
		}
		if i > 0 {
			title, alt = title+"; ", alt+" "
		}
		title, alt = title+p.heading(r), alt+altText(r, p.Name)
	}
	f.SetTitle(title, true)
	f.SetSubject(alt, true)
	f.SetKeywords(Plain(string(r.Marking)), true)
	return f.Output(w)
}

// printMark draws one thing on the page.
func printMark(f *fpdf.Fpdf, d drawn) {
	ints := func(c colour) (int, int, int) {
		r, g, b := c.rgb()
		return int(r), int(g), int(b)
	}
	if d.text != "" {
		style := ""
		if d.bold {
			style = "B"
		}
		f.SetFont("sans", style, d.size)
		f.SetTextColor(ints(d.fill))
		x := d.at.x
		switch d.align {
		case atMiddle:
			x -= f.GetStringWidth(d.text) / 2
		case atEnd:
			x -= f.GetStringWidth(d.text)
		}
		if d.up {
			f.TransformBegin()
			f.TransformRotate(90, d.at.x, d.at.y)
			defer f.TransformEnd()
		}
		f.Text(x, d.at.y, d.text)
		return
	}
	style := ""
	if d.fill != "" {
		f.SetFillColor(ints(d.fill))
		style += "F"
	}
	if d.stroke != "" {
		f.SetDrawColor(ints(d.stroke))
		f.SetLineWidth(d.width)
		f.SetDashPattern(d.dash, 0)
		style += "D"
	}
	if d.outline == nil {
		f.Circle(d.at.x, d.at.y, d.radius, style)
		return
	}
	for _, part := range d.outline {
		for i, p := range part {
			if i == 0 {
				f.MoveTo(p.x, p.y)
			} else {
				f.LineTo(p.x, p.y)
			}
		}
		if d.fill != "" {
			f.ClosePath()
		}
	}
	f.DrawPath(style)
}
