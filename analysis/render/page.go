package render

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// page is a page being set: lines of plain text, none wider than the page and none with spaces at its end.
type page struct {
	out    bytes.Buffer
	width  int
	colour bool
	again  []string
}

func newPage(o Options) *page { return &page{width: o.width(), colour: o.Colour, again: o.Again} }

// maxProse is the longest line of running text: a longer one is hard to read, however wide the page.
const maxProse = 110

// span is a piece of a line.
type span struct {
	text  string
	style style
}

// line sets one line.
func (p *page) line(spans ...span) {
	for i, s := range spans {
		text := Plain(s.text)
		if i == len(spans)-1 {
			text = strings.TrimRight(text, " ")
		}
		if p.colour {
			text = s.style.paint(text)
		}
		p.out.WriteString(text)
	}
	p.out.WriteByte('\n')
}

func (p *page) blank() { p.out.WriteByte('\n') }

// prose sets running text, wrapped, under an indent.
func (p *page) prose(indent int, text string, s style) {
	for _, l := range wrap(Plain(text), min(p.width, maxProse)-indent) {
		p.line(span{text: strings.Repeat(" ", indent)}, span{l, s})
	}
}

// wide is a page with room for a reference beside the text.
const wide = 120

// item sets a label, and a text that hangs beside it. A reference stands on a line of its own, or on a wide page at the end of the
// last line.
func (p *page) item(label span, hang int, text, reference string) {
	lines := wrap(Plain(text), p.width-hang)
	for i, l := range lines {
		first := span{text: strings.Repeat(" ", hang)}
		if i == 0 {
			first = span{pad(Plain(label.text), hang), label.style}
		}
		room := p.width - hang - width(l) - width(Plain(reference))
		if i == len(lines)-1 && reference != "" && room >= gutter && p.width >= wide {
			p.line(first, span{text: l + strings.Repeat(" ", room)}, span{reference, dim})
			return
		}
		p.line(first, span{text: l})
	}
	if reference != "" {
		for _, l := range wrap(Plain(reference), p.width-hang) {
			p.line(span{text: strings.Repeat(" ", hang)}, span{l, dim})
		}
	}
}

// heading starts a section: its title, a line across the page, and a note at the right.
func (p *page) heading(title, note string) {
	title, note = Plain(title), Plain(note)
	p.blank()
	if note != "" {
		note = " " + note
	}
	title = cut(title, p.width-width(note)-3) + " "
	p.line(span{title, strong}, span{strings.Repeat("─", max(0, p.width-width(title)-width(note))), dim}, span{note, dim})
}

// sub starts a part of a section.
func (p *page) sub(title string) { p.line(span{title, strong}) }

// grid sets a table under an indent.
func (p *page) grid(indent int, g *grid) {
	for _, l := range g.set(p.width-indent, p.colour) {
		if l = strings.TrimRight(l, " "); l != "" {
			p.out.WriteString(spaces(indent))
			p.out.WriteString(l)
		}
		p.out.WriteByte('\n')
	}
}

// marking sets the protective marking across the page. It stands first and last.
func (p *page) marking(m data.Marking) {
	for _, l := range wrap(Plain(string(m)), p.width-8) {
		l = " " + l + " "
		left := (p.width - width(l)) / 2
		p.line(span{strings.Repeat("─", left), dim}, span{l, banner}, span{strings.Repeat("─", p.width-width(l)-left), dim})
	}
	if notional(m) {
		p.prose(0, notionalNote, alarming)
	}
}

// notional reports whether a marking says that the data is made up.
func notional(m data.Marking) bool { return strings.Contains(strings.ToUpper(string(m)), "NOTIONAL") }

const notionalNote = "NOTIONAL DATA: made up for exercise and test. It says nothing about any nation's real plans or forces."

// commands are things to type, each with what it shows.
type commands []struct {
	words []string
	shows string
}

func (c *commands) add(shows string, args ...string) {
	*c = append(*c, struct {
		words []string
		shows string
	}{append([]string{"deconflict"}, Quoted(args)...), shows})
}

// commands sets things to type, with what each shows beside it where there is room, else below. A command that is wider than the
// page goes on in the next line, as the shell reads it.
func (p *page) commands(c commands) {
	p.heading("WHAT NEXT", "")
	const room = 48
	for _, x := range c {
		line := "  " + Plain(strings.Join(x.words, " "))
		if width(line)+gutter <= room && room+width(x.shows) <= p.width {
			p.line(span{pad(line, room), calm}, span{x.shows, dim})
			continue
		}
		line = " "
		for i, w := range x.words {
			w = Plain(w)
			if i > 1 && width(line)+1+width(w)+2 > p.width {
				p.line(span{line + " \\", calm})
				line = "     "
			}
			line += " " + w
		}
		p.line(span{line, calm})
		p.prose(6, x.shows, dim)
	}
}

// same are the arguments of a command that goes on from the same data and the same question.
func (p *page) same(args ...string) []string { return slices.Concat(args, p.again) }

// Quoted makes one word of each argument for the shell.
func Quoted(args []string) []string {
	out := make([]string, len(args))
	for i, a := range args {
		out[i] = Quote(a)
	}
	return out
}

// Quote makes one word of an argument for the shell.
func Quote(arg string) string {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:+,=@%"
	if arg != "" && strings.Trim(arg, safe) == "" {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

func (p *page) writeTo(w io.Writer) error {
	_, err := p.out.WriteTo(w)
	return err
}

// severityStyle is the colour of a severity, which always stands beside its word.
func severityStyle(s analysis.Severity) style {
	switch s {
	case analysis.Critical, analysis.High:
		return alarming
	case analysis.Medium:
		return warning
	case analysis.Low:
		return calm
	}
	return dim
}

// stateStyle is the colour of a state of the heat map, which always stands under its letter.
func stateStyle(s analysis.State) style {
	switch s {
	case analysis.Met:
		return calm
	case analysis.PartlyMet:
		return warning
	case analysis.Unmet:
		return alarming
	case analysis.HeldOnly, analysis.Targeted:
		return open
	}
	return dim
}
