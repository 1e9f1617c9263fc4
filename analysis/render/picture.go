package render

import (
	"cmp"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// Picture is one picture of a report.
type Picture struct {
	Name  string // by which a command and a file call it
	Doc   string
	title string
	draw  func(*analysis.Report) body
}

// Pictures are all of them, in the order of help.
var Pictures = []Picture{
	{heatMapPicture, "how every nation stands with every capability", "How nations stand with each capability", drawHeatMap},
	{timelinePicture, "how many shortfalls are open in each year", "Shortfalls open in each year", drawTimeline},
	{cooperationPicture, "who works with whom: a network, or a matrix of many nations", "Who works with whom", drawCooperation},
	{transfersPicture, "who could give to whom", "Who could give to whom", drawTransfers},
}

// PictureByName returns a picture by its name.
func PictureByName(name string) (Picture, error) {
	i, err := OneOf(name, "a picture", PictureNames())
	if err != nil {
		return Picture{}, err
	}
	return Pictures[i], nil
}

// PictureNames are the names of all pictures.
func PictureNames() []string {
	var names []string
	for _, p := range Pictures {
		names = append(names, p.Name)
	}
	return names
}

func (o Options) picture() (Picture, error) { return PictureByName(o.Picture) }

// heading is the title of a picture, with what the report was asked about.
func (p Picture) heading(r *analysis.Report) string {
	title := p.title
	if len(r.Profiles) > 0 && p.Name != cooperationPicture { // which is of all nations, whoever was asked about
		var of []string
		for _, n := range r.Profiles {
			of = append(of, n.Name)
		}
		title += ": " + strings.Join(of, ", ")
	}
	return Plain(title)
}

// body is what a picture shows between its title and its notes.
type body struct {
	wide, high float64
	draw       func(s *sheet, x, y float64) // at the upper left corner
	legend     []entry
	notes      []string // how to read it, and what it leaves out
}

// entry is a line of a legend.
type entry struct {
	mark func(s *sheet, x, y float64) // in a box of legendMark points, at its upper left corner
	text string
}

// Sizes of a picture, in points.
const (
	margin       = 18.0
	narrowestPic = 620.0
	bannerSize   = 10.0
	titleSize    = 17.0
	noteSize     = 9.0
	leading      = 1.3 // of a line, in sizes of its font
	legendMark   = 12.0
)

// sheet draws the picture: marking, title, what it was made from, the body, its legend and notes, source and marking.
func (p Picture) sheet(r *analysis.Report) *sheet {
	b := p.draw(r)
	s := &sheet{wide: max(b.wide, narrowestPic) + 2*margin}
	room := s.wide - 2*margin
	s.rect(0, 0, s.wide, 0, white, "") // the ground, whose height is known at the end
	y := s.banner(0, r.Marking)
	y += 10
	write := func(size float64, ink colour, bold bool, text string) {
		for _, l := range paragraph(text, size, bold, room) {
			y += size * leading
			s.words(margin, y-size*(leading-1), size, ink, bold, atStart, l)
		}
	}
	write(titleSize, navy, true, p.heading(r))
	y += 2
	about := cmp.Or(r.Dataset.Title, r.Dataset.Name) + " · as of " + r.AsOf.String()
	if chosen := narrowed(r.Scope, r.Horizon); chosen != "" {
		about += " · narrowed to " + chosen
	}
	write(noteSize+1, grey, false, about)
	if notional(r.Marking) {
		write(noteSize, rust, true, notionalNote)
	}
	y += 12
	b.draw(s, margin, y)
	y += b.high + 8
	y = s.legend(b.legend, y, room)
	for _, n := range b.notes {
		write(noteSize, black, false, n)
	}
	if note := r.Incomplete(); note != "" {
		write(noteSize, rust, true, "Note: "+note)
	}
	y += 4
	write(noteSize, grey, false, sourceLine(r))
	y = s.banner(y+10, r.Marking)
	s.high = y
	s.drawn[0].outline = [][]point{{{0, 0}, {s.wide, 0}, {s.wide, y}, {0, y}}}
	return s
}

// sourceLine says what an output was made from, and by what.
func sourceLine(r *analysis.Report) string {
	line := "Source: " + titleOf(r.Dataset)
	if r.Dataset.Licence != "" {
		line += " (" + r.Dataset.Licence + ")"
	}
	return line + ", as of " + r.AsOf.String() + "; " + r.Program
}

// banner sets the marking across the sheet and returns where it ends.
func (s *sheet) banner(y float64, m data.Marking) float64 {
	ls := paragraph(string(m), bannerSize, true, s.wide-2*margin)
	high := float64(len(ls))*bannerSize*leading + 6
	s.rect(0, y, s.wide, high, navy, "")
	for i, l := range ls {
		s.words(s.wide/2, y+3+bannerSize*(leading*float64(i)+1), bannerSize, white, true, atMiddle, l)
	}
	return y + high
}

// legend sets the entries beside each other, in as many lines as they need, and returns where it ends.
func (s *sheet) legend(entries []entry, y, room float64) float64 {
	const gap, between = 4.0, 16.0
	x := 0.0
	for _, e := range entries {
		text := fit(e.text, noteSize, false, room-legendMark-gap)
		wide := legendMark + gap + textWidth(text, noteSize, false)
		if x > 0 && x+wide > room {
			x, y = 0, y+legendMark+5
		}
		e.mark(s, margin+x, y)
		s.words(margin+x+legendMark+gap, y+legendMark/2+rise*noteSize, noteSize, black, false, atStart, text)
		x += wide + between
	}
	if len(entries) > 0 {
		y += legendMark + 6
	}
	return y
}

// nothing is the body of a picture that has nothing to show.
func nothing(text string) body {
	const size, high = 12.0, 60.0
	return body{wide: textWidth(text, size, false), high: high, draw: func(s *sheet, x, y float64) {
		s.words(x, y+high/2, size, black, false, atStart, text)
	}}
}
