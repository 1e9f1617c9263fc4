package render

import (
	"math"
	"strings"
	"sync"
	"unicode/utf8"

	hinting "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	fixedpoint "golang.org/x/image/math/fixed"
)

// Nobody sees a slide between the program and the general: text is measured before it is placed, with the metrics of Liberation
// Sans, which are those of Arial. Lengths are points, 72 to the inch.

// letters are a font that text is measured with.
type letters struct {
	font  *sfnt.Font
	latin [0x250]float64 // advances of the common letters, in parts of the size
}

var measured = sync.OnceValue(func() [2]*letters {
	return [2]*letters{lettersOf(face().regular), lettersOf(face().bold)}
})

func lettersOf(f *sfnt.Font) *letters {
	out := &letters{font: f}
	for r := range out.latin {
		out.latin[r], _ = out.look(rune(r))
	}
	return out
}

// look is how wide a letter is, and whether the font has it. One that it lacks is drawn with another font: as wide as it is high.
func (f *letters) look(r rune) (advance float64, has bool) {
	var b sfnt.Buffer
	i, err := f.font.GlyphIndex(&b, r)
	if err != nil || i == 0 {
		return 1, false
	}
	units := f.font.UnitsPerEm()
	a, err := f.font.GlyphAdvance(&b, i, fixedpoint.I(int(units)), hinting.HintingNone)
	if err != nil {
		return 1, false
	}
	return float64(a) / 64 / float64(units), true
}

// metrics measure text in the font of a deck. Of fonts other than Arial it is known how much wider they are.
type metrics struct{ wider float64 }

// widerThanArial has what the fonts of common templates take more than Arial; those that take less count as Arial.
var widerThanArial = map[string]float64{
	"arial": 1, "helvetica": 1, "liberation sans": 1, "calibri": 1, "calibri light": 1, "carlito": 1, "arial narrow": 1, "aptos": 1.02, "aptos display": 1.02,
	"times new roman": 1, "liberation serif": 1, "cambria": 1.02, "garamond": 1, "candara": 1, "corbel": 1, "gill sans mt": 1, "franklin gothic book": 1,
	"tahoma": 1.05, "segoe ui": 1.06, "trebuchet ms": 1.05, "georgia": 1.08, "open sans": 1.12, "roboto": 1.04, "noto sans": 1.12, "verdana": 1.22, "century gothic": 1.15,
}

const unknownFont = 1.22 // as the widest that are known

// metricsFor are those of a font by its name.
func metricsFor(font string) metrics {
	if w, ok := widerThanArial[strings.ToLower(font)]; ok {
		return metrics{w}
	}
	return metrics{unknownFont}
}

// width is how far a text reaches.
func (m metrics) width(s string, size float64, bold bool) float64 {
	f := measured()[0]
	if bold {
		f = measured()[1]
	}
	w := 0.0
	for _, r := range s {
		if int(r) < len(f.latin) {
			w += f.latin[r]
		} else {
			advance, _ := f.look(r)
			w += advance
		}
	}
	return w * size * m.wider
}

// lineRoom is the room that a line takes. Letters that the font lacks come from another font, which may be taller.
func lineRoom(s string, size float64) float64 {
	f := measured()[0]
	for _, r := range s {
		if int(r) >= len(f.latin) {
			if _, has := f.look(r); !has {
				return 1.5 * size
			}
		}
	}
	return 1.2 * size
}

// textRun is a piece of text that looks the same all through.
type textRun struct {
	text   string
	size   float64
	bold   bool
	colour colour // none: as the text of the template
	field  string // a field of PowerPoint whose value the text is: slidenum
}

// para is a paragraph: its runs, and the room above it.
type para struct {
	runs  []textRun
	above float64
	align string // ctr, r; none is left
}

// say is a paragraph of one run. More than a slide can hold is cut at once.
func say(text string, size float64, bold bool) para {
	const most = 3000 // letters
	return para{runs: []textRun{{text: shorten(Plain(text), most), size: size, bold: bold}}}
}

func (p para) text() string {
	var b strings.Builder
	for _, r := range p.runs {
		b.WriteString(r.text)
	}
	return b.String()
}

func (p para) size() float64 {
	size := 0.0
	for _, r := range p.runs {
		size = max(size, r.size)
	}
	return size
}

// slack is the part of a line that stays free: programs round advances to their own grid.
const slack = 0.985

// lines is how many lines a paragraph takes in so much width, broken between words, and inside a word that is wider than a line.
// Programs that break a word at a hyphen as well need no more.
func (m metrics) lines(p para, width float64) int {
	width *= slack
	n, used := 1, 0.0
	space := true // nothing of the current word is set
	word := 0.0
	var letters []float64
	flush := func() {
		if used > 0 && used+word > width {
			n, used = n+1, 0
		}
		if word > width {
			for _, l := range letters {
				if used > 0 && used+l > width {
					n, used = n+1, 0
				}
				used += l
			}
		} else {
			used += word
		}
		word, letters = 0, letters[:0]
	}
	for _, r := range p.runs {
		for _, c := range r.text {
			w := m.width(string(c), r.size, r.bold)
			if c == ' ' {
				if !space {
					flush()
				}
				used, space = used+w, true
				continue
			}
			space = false
			word += w
			letters = append(letters, w)
		}
	}
	flush()
	return n
}

// height is the room that paragraphs take in so much width.
func (m metrics) height(ps []para, width float64) float64 {
	h := 0.0
	for i, p := range ps {
		if i > 0 {
			h += p.above
		}
		h += float64(m.lines(p, width)) * lineRoom(p.text(), p.size())
	}
	return h
}

// sized is paragraphs in other sizes: all scaled alike, none below the least.
func sized(ps []para, scale, least float64) []para {
	out := make([]para, len(ps))
	for i, p := range ps {
		out[i] = p
		out[i].runs = make([]textRun, len(p.runs))
		for k, r := range p.runs {
			if r.size > least {
				r.size = max(least, math.Floor(r.size*scale*2)/2)
			}
			out[i].runs[k] = r
		}
		out[i].above = p.above * scale
	}
	return out
}

// fit makes paragraphs smaller until they fit, down to a least size. What does not fit then is cut, and shows that it was: the last
// paragraph that has room ends in an ellipsis.
func (m metrics) fit(ps []para, width, height, least float64) []para {
	scaled := ps
	var broken []para // fits, but with a word broken
	for scale := 1.0; scale > 0.4; scale -= 0.05 {
		scaled = sized(ps, scale, least)
		if m.height(scaled, width) > height {
			continue
		}
		if !m.breaks(scaled, width) {
			return scaled
		}
		if broken == nil {
			broken = scaled
		}
	}
	if broken != nil {
		return broken
	}
	var out []para
	for _, p := range scaled {
		if m.height(append(out, p), width) <= height {
			out = append(out, p)
			continue
		}
		if p = m.cut(p, width, height-m.height(out, width)-p.above); len(p.runs) > 0 {
			out = append(out, p)
		} else if len(out) > 0 {
			last := &out[len(out)-1]
			*last = m.cut(para{append(last.runs, textRun{text: " …", size: last.size()}), last.above, last.align}, width, m.height([]para{*last}, width))
		}
		break
	}
	return out
}

// breaks reports whether a word is wider than a line. Words that no size would help, such as addresses, do not count.
func (m metrics) breaks(ps []para, width float64) bool {
	const longest = 24 // letters
	for _, p := range ps {
		for _, r := range p.runs {
			for word := range strings.FieldsSeq(r.text) {
				if len(word) <= longest && m.width(word, r.size, r.bold) > width*slack {
					return true
				}
			}
		}
	}
	return false
}

// cut shortens a paragraph to so much height, and shows that it did. It is empty where not even one line fits.
func (m metrics) cut(p para, width, height float64) para {
	text := p.text()
	if m.height([]para{p}, width) <= height {
		return p
	}
	if lineRoom(text, p.size()) > height {
		return para{}
	}
	short := func(n int) para { // the first n bytes, and an ellipsis
		q := p
		q.runs = nil
		for _, r := range p.runs {
			if n < len(r.text) {
				for n > 0 && !utf8.RuneStart(r.text[n]) {
					n--
				}
				r.text = strings.TrimRight(r.text[:n], " ,;:(") + "…"
				q.runs = append(q.runs, r)
				break
			}
			n -= len(r.text)
			q.runs = append(q.runs, r)
		}
		return q
	}
	lo, hi := 0, len(text)
	for lo < hi-1 {
		mid := (lo + hi) / 2
		if m.height([]para{short(mid)}, width) <= height {
			lo = mid
		} else {
			hi = mid
		}
	}
	if i := strings.LastIndexByte(text[:lo], ' '); i > lo*2/3 {
		lo = i
	}
	return short(lo)
}
