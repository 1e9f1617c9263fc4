package render

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"deconflict/analysis"
)

// writeSVG writes one picture as SVG 1.1, with its alternative text as title and description. Texts stay texts; each says how wide it is,
// so that nothing overlaps where another font has to stand in.
func writeSVG(w io.Writer, r *analysis.Report, o Options) error {
	p, err := o.picture()
	if err != nil {
		return err
	}
	s := p.sheet(r)
	var b bytes.Buffer
	b.WriteString(xml.Header)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%spt" height="%spt" viewBox="0 0 %s %s" role="img" aria-labelledby="title desc" font-family="Liberation Sans, Arial, Helvetica, sans-serif">`+"\n",
		decimal(s.wide), decimal(s.high), decimal(s.wide), decimal(s.high))
	fmt.Fprintf(&b, "<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n", escapeXML(p.heading(r)), escapeXML(altText(r, p.Name)))
	for _, d := range s.drawn {
		writeMark(&b, d)
	}
	b.WriteString("</svg>\n")
	_, err = w.Write(b.Bytes())
	return err
}

func writeMark(b *bytes.Buffer, d drawn) {
	switch {
	case d.text != "":
		place := fmt.Sprintf(`x="%s" y="%s"`, decimal(d.at.x), decimal(d.at.y))
		if d.up {
			place = fmt.Sprintf(`transform="translate(%s %s) rotate(-90)"`, decimal(d.at.x), decimal(d.at.y))
		}
		fmt.Fprintf(b, `<text %s font-size="%s" fill="%s"`, place, decimal(d.size), d.fill.css())
		if d.bold {
			b.WriteString(` font-weight="bold"`)
		}
		if d.align != atStart {
			fmt.Fprintf(b, ` text-anchor="%s"`, d.align)
		}
		if wide := textWidth(d.text, d.size, d.bold); len(d.text) > 3 {
			fmt.Fprintf(b, ` textLength="%s" lengthAdjust="spacingAndGlyphs"`, decimal(wide))
		}
		fmt.Fprintf(b, ">%s</text>\n", escapeXML(d.text))
		return
	case d.outline == nil:
		fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s"`, decimal(d.at.x), decimal(d.at.y), decimal(d.radius))
	default:
		b.WriteString(`<path d="`)
		for _, part := range d.outline {
			for i, p := range part {
				command := "L"
				if i == 0 {
					command = "M"
				}
				b.WriteString(command + decimal(p.x) + " " + decimal(p.y))
			}
			if d.fill != "" {
				b.WriteString("Z")
			}
		}
		b.WriteString(`"`)
	}
	if d.fill == "" {
		b.WriteString(` fill="none"`)
	} else {
		fmt.Fprintf(b, ` fill="%s"`, d.fill.css())
	}
	if d.stroke != "" {
		fmt.Fprintf(b, ` stroke="%s" stroke-width="%s"`, d.stroke.css(), decimal(d.width))
		if len(d.dash) > 0 {
			var dash []string
			for _, v := range d.dash {
				dash = append(dash, decimal(v))
			}
			fmt.Fprintf(b, ` stroke-dasharray="%s"`, strings.Join(dash, " "))
		}
	}
	b.WriteString("/>\n")
}

// decimal is a number with at most two decimals: a hundredth of a point is less than anybody sees.
func decimal(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(Plain(s))) // a strings.Builder takes everything
	return b.String()
}
