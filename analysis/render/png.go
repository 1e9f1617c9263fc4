package render

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"

	"deconflict/analysis"
)

// pngResolution is the dots of a picture to the inch: enough for paper.
const pngResolution = 192

// writePNG writes one picture as PNG, with its alternative text in it.
func writePNG(w io.Writer, r *analysis.Report, o Options) error {
	p, err := o.picture()
	if err != nil {
		return err
	}
	s := p.sheet(r)
	c := vgimg.NewWith(vgimg.UseWH(vg.Points(s.wide), vg.Points(s.high)), vgimg.UseDPI(pngResolution), vgimg.UseBackgroundColor(color.White))
	for _, d := range s.drawn {
		paint(c, s.high, d)
	}
	var b bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&b); err != nil {
		return err
	}
	_, err = w.Write(withText(b.Bytes(), [][2]string{{"Title", p.heading(r)}, {"Description", altText(r, p.Name)}, {"Comment", Plain(string(r.Marking))}}))
	return err
}

// paint draws one thing on a canvas of gonum's, whose y grows upwards.
func paint(c vg.Canvas, high float64, d drawn) {
	to := func(p point) vg.Point { return vg.Point{X: vg.Points(p.x), Y: vg.Points(high - p.y)} }
	ink := func(of colour) {
		r, g, b := of.rgb()
		c.SetColor(color.RGBA{r, g, b, 0xff})
	}
	if d.text != "" {
		ink(d.fill)
		c.Push()
		defer c.Pop()
		c.Translate(to(d.at))
		if d.up {
			c.Rotate(math.Pi / 2)
		}
		back := 0.0
		switch wide := textWidth(d.text, d.size, d.bold); d.align {
		case atMiddle:
			back = wide / 2
		case atEnd:
			back = wide
		}
		c.FillString(face().of(d.size, d.bold), vg.Point{X: vg.Points(-back)}, d.text)
		return
	}
	var path vg.Path
	if d.outline == nil {
		path.Move(to(point{d.at.x + d.radius, d.at.y}))
		path.Arc(to(d.at), vg.Points(d.radius), 0, 2*math.Pi)
		path.Close()
	}
	for _, part := range d.outline {
		for i, p := range part {
			if i == 0 {
				path.Move(to(p))
			} else {
				path.Line(to(p))
			}
		}
		if d.fill != "" {
			path.Close()
		}
	}
	if d.fill != "" {
		ink(d.fill)
		c.Fill(path)
	}
	if d.stroke != "" {
		ink(d.stroke)
		c.SetLineWidth(vg.Points(d.width))
		var dash []vg.Length
		for _, v := range d.dash {
			dash = append(dash, vg.Points(v))
		}
		c.SetLineDash(dash, 0)
		c.Stroke(path)
	}
}

// withText adds texts to a PNG, each with its keyword, as chunks iTXt after the first chunk
// (https://www.w3.org/TR/png-3/#11iTXt): UTF-8, not compressed, in English.
func withText(png []byte, texts [][2]string) []byte {
	const first = 8 + 4 + 4 + 13 + 4 // the signature and the chunk IHDR
	out := bytes.Clone(png[:first])
	for _, t := range texts {
		chunk := []byte("iTXt" + t[0] + "\x00\x00\x00en\x00\x00" + t[1])
		out = binary.BigEndian.AppendUint32(out, uint32(len(chunk)-4))
		out = append(out, chunk...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	}
	return append(out, png[first:]...)
}
