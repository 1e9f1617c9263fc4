package render

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"deconflict/data"
)

// Problems lists what is wrong and doubtful, a line each with its file, line and column, file by file, and counts them under each
// file. After the first so many the rest are only counted.
func Problems(w io.Writer, ps data.Problems, most int) error {
	var out bytes.Buffer
	left := most
	byFile(&out, ps, func(of data.Problems) {
		for _, p := range of[:min(left, len(of))] {
			fmt.Fprintln(&out, Plain(p.String()))
		}
		left = max(0, left-len(of))
	})
	if more := len(ps) - most; more > 0 {
		fmt.Fprintf(&out, "%s shown, %d more\n", counted(most, "problem"), more)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// byFile shows the problems of each file, and counts them under it.
func byFile(out io.Writer, ps data.Problems, show func(data.Problems)) {
	for len(ps) > 0 {
		n := slices.IndexFunc(ps, func(p data.Problem) bool { return p.File != ps[0].File })
		if n < 0 {
			n = len(ps)
		}
		show(ps[:n])
		errors, warnings := len(ps[:n].Of(data.Error)), len(ps[:n].Of(data.Warning))
		if errors+warnings > 0 {
			fmt.Fprintf(out, "%s: %s, %s\n", Plain(ps[0].File), counted(errors, "error"), counted(warnings, "warning"))
		}
		ps = ps[n:]
	}
}

// Inspected lists problems for whoever mends them: those of one kind in one column together, with what stands at the first place under
// it. What is wrong is underlined with ^, what is doubtful with ~. After the first so many kinds the rest are only counted.
func Inspected(w io.Writer, ps data.Problems, spots map[data.Position]data.Spot, most int, opts Options) error {
	var out bytes.Buffer
	left, shown := most, 0
	byFile(&out, ps, func(of data.Problems) {
		for _, k := range kinds(of) {
			if left == 0 {
				return
			}
			left--
			shown += k.show(&out, spots, opts)
		}
	})
	if more := len(ps) - shown; more > 0 {
		fmt.Fprintf(&out, "%s of problems shown; of others there are %d, which --all shows\n", counted(most, "kind"), more)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// InspectedEach lists every problem by itself, each with what stands at its place.
func InspectedEach(w io.Writer, ps data.Problems, spots map[data.Position]data.Spot, most int, opts Options) error {
	var out bytes.Buffer
	byFile(&out, ps, func(of data.Problems) {
		for _, p := range of[:min(most, len(of))] {
			(&kind{first: p}).show(&out, spots, opts)
		}
	})
	_, err := w.Write(out.Bytes())
	return err
}

// kind is what is wrong in the same way in one column: a wrong date, a name that nobody knows.
type kind struct {
	first data.Problem
	saids []*said
}

// said is what is said in the same words in several places.
type said struct {
	data.Problem
	places []data.Position
}

// varying is what may differ between problems of one kind: the value and numbers.
var varying = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\d+`)

// kinds puts the problems of a file together by kind, in the order in which each comes first.
func kinds(ps data.Problems) []*kind {
	type key struct {
		severity            data.Severity
		sheet, field, shape string
	}
	type words struct{ message, hint string }
	var out []*kind
	found := map[key]*kind{}
	same := map[*kind]map[words]*said{}
	for _, p := range ps {
		of := key{p.Severity, p.Sheet, p.Field, varying.ReplaceAllString(p.Message, "#")}
		k := found[of]
		if k == nil {
			k = &kind{first: p}
			found[of], same[k] = k, map[words]*said{}
			out = append(out, k)
		}
		w := words{p.Message, p.Hint}
		s := same[k][w]
		if s == nil {
			s = &said{Problem: p}
			same[k][w] = s
			k.saids = append(k.saids, s)
		}
		s.places = append(s.places, p.Position)
	}
	return out
}

const (
	otherWords  = 5 // how many other values of a kind are shown,
	otherPlaces = 6 // and how many places of each
)

// show writes a kind, and returns how many problems are of it.
func (k *kind) show(out io.Writer, spots map[data.Position]data.Spot, opts Options) (n int) {
	p := k.first
	place, rest, _ := strings.Cut(p.String(), ": ")
	if at := p.Position.String(); strings.HasPrefix(p.String(), at+": ") {
		place, rest = at, p.String()[len(at)+2:]
	}
	fmt.Fprintf(out, "%s: %s\n", opts.paint(problemStyle(p.Severity), Plain(place)), Plain(rest))
	spot, ok := spots[p.Position]
	if ok {
		excerpt(out, p, spot, opts)
	}
	const margin = "      "
	for i, s := range k.saids {
		n += len(s.places)
		switch {
		case i == 0 && len(s.places) > 1:
			fmt.Fprintf(out, "%salso in %s\n", margin, places(s.places[1:]))
		case i > 0 && i <= otherWords:
			text := s.Message
			if m := varying.FindString(text); m != "" && strings.HasPrefix(text, m) && m[0] == '"' {
				text = m
			}
			if s.Hint != "" && s.Hint != p.Hint {
				text += " (" + s.Hint + ")"
			}
			fmt.Fprintf(out, "%salso %s in %s\n", margin, Plain(text), places(s.places))
		}
	}
	if more := len(k.saids) - 1 - otherWords; more > 0 {
		fmt.Fprintf(out, "%sand %d more of this kind, which --all shows\n", margin, more)
	}
	return n
}

// places are the lines or rows of some problems, the first of them by number.
func places(at []data.Position) string {
	noun := "line"
	if at[0].Sheet != "" {
		noun = "row"
	}
	var numbers []string
	for _, p := range at {
		if n := strconv.Itoa(p.Line); len(numbers) < otherPlaces && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	if len(numbers) > 1 || len(at) > 1 {
		noun += "s"
	}
	text := noun + " " + strings.Join(numbers, ", ")
	if more := len(at) - len(numbers); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// excerpt shows the line of a problem, or the cell, with what is meant underlined.
func excerpt(out io.Writer, p data.Problem, s data.Spot, opts Options) {
	before, value, after := Plain(s.Before), Plain(s.Value), Plain(s.After)
	label := Plain(s.Label)
	gutter := max(5, width(label)+1)
	room := max(opts.width()-gutter-3, 10)
	if whole := width(before) + width(value); whole+width(after) > room && whole > room*2/3 {
		for width(before) >= room/2 {
			_, n := utf8.DecodeRuneInString(before)
			before = before[n:]
		}
		before = "…" + before
	}
	if s.Cell != "" && s.Cell != s.Label {
		fmt.Fprintf(out, "%s %s\n", strings.Repeat(" ", gutter), opts.paint(dim, Plain(s.Cell)))
	}
	if label == "" || before+value+after == "" && s.Cell == "" {
		return
	}
	text := cut(before+value+after, room)
	bar := opts.paint(dim, "│")
	fmt.Fprintf(out, "%s %s %s\n", strings.Repeat(" ", gutter-width(label)-1)+opts.paint(dim, label), bar, text)
	if p.Column > 0 {
		sign := map[data.Severity]string{data.Error: "^", data.Warning: "~", data.Note: "-"}[p.Severity]
		length := max(1, min(width(value), room-width(before)))
		fmt.Fprintf(out, "%s %s %s%s\n", strings.Repeat(" ", gutter-1), bar, strings.Repeat(" ", width(before)), opts.paint(problemStyle(p.Severity), strings.Repeat(sign, length)))
	}
	if s.Certain {
		fmt.Fprintf(out, "%s %s\n", strings.Repeat(" ", gutter), opts.paint(calm, "--fix writes "+Plain(fmt.Sprintf("%q", s.Fix))))
	}
}

// problemStyle is the colour of a problem, whose sign and word tell it too.
func problemStyle(s data.Severity) style {
	switch s {
	case data.Error:
		return alarming
	case data.Warning:
		return warning
	}
	return dim
}

// paint is a text in colour, where there is any.
func (o Options) paint(s style, text string) string {
	if !o.Colour {
		return text
	}
	return s.paint(text)
}

// Change is a cell that a mended copy has otherwise than the dataset.
type Change struct {
	data.Position
	Field string `json:"field"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Changed lists the cells of a mended copy that are otherwise, those of one column with the same text together.
func Changed(w io.Writer, changes []Change, most int) error {
	var out bytes.Buffer
	type key struct{ file, sheet, field, from, to string }
	var order []key
	found := map[key][]data.Position{}
	for _, c := range changes {
		k := key{c.File, c.Sheet, c.Field, c.From, c.To}
		if found[k] == nil {
			order = append(order, k)
		}
		found[k] = append(found[k], c.Position)
	}
	for i, k := range order {
		if i == most {
			fmt.Fprintf(&out, "%d more texts are changed, which --all shows\n", len(order)-most)
			break
		}
		at := found[k]
		fmt.Fprintf(&out, "%s: %s: %s → %s", Plain(at[0].String()), Plain(k.field), Plain(fmt.Sprintf("%q", k.from)), Plain(fmt.Sprintf("%q", k.to)))
		if len(at) > 1 {
			fmt.Fprintf(&out, ", also in %s", places(at[1:]))
		}
		fmt.Fprintln(&out)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// Inspection is what scripts read of a check.
type Inspection struct {
	Dataset  string             `json:"dataset"`
	Readable bool               `json:"readable"` // it has no error
	Errors   int                `json:"errors"`
	Warnings int                `json:"warnings"`
	Notes    int                `json:"notes"`
	Problems []InspectedProblem `json:"problems"`
	Copy     string             `json:"copy,omitempty"`    // the file or folder that was written, which the problems are those of
	Changes  []Change           `json:"changes,omitempty"` // in it
}

// InspectedProblem is a problem beside what stands at its place.
type InspectedProblem struct {
	data.Problem
	Cell string  `json:"cell,omitempty"` // C7 in a workbook, /targets/3/nation in a document
	Text string  `json:"text,omitempty"` // the line or, in a workbook, the cell
	Fix  *string `json:"fix,omitempty"`  // what the cell means, where that is certain
}

// InspectedJSON writes a check for scripts: every problem, with no two of them put together.
func InspectedJSON(w io.Writer, dataset string, ps data.Problems, spots map[data.Position]data.Spot, copied string, changes []Change) error {
	in := Inspection{
		Dataset: dataset, Errors: len(ps.Of(data.Error)), Warnings: len(ps.Of(data.Warning)), Notes: len(ps.Of(data.Note)),
		Problems: []InspectedProblem{}, Copy: copied, Changes: changes,
	}
	in.Readable = in.Errors == 0
	for _, p := range ps {
		q := InspectedProblem{Problem: p}
		if s, ok := spots[p.Position]; ok && p.Line > 0 {
			q.Cell, q.Text = s.Cell, s.Before+s.Value+s.After
			if s.Certain {
				q.Fix = &s.Fix
			}
		}
		in.Problems = append(in.Problems, q)
	}
	return encode(w, in)
}

// Checked says that a dataset can be read, and what it holds of its own; vocabulary may be borrowed.
func Checked(w io.Writer, ds *data.Dataset, warnings int) error {
	var sizes []string
	for _, t := range []struct {
		rows int
		noun string
	}{
		{len(ds.Requirements), "requirement"}, {len(ds.Targets), "target"}, {len(ds.Pledges), "pledge"}, {len(ds.Holdings), "holding"},
		{len(ds.Initiatives), "initiative"}, {len(ds.Participants), "participant"}, {len(ds.Contributions), "contribution"},
		{len(ds.Relations), "relation"}, {len(ds.ActionItems), "action item"}, {len(ds.ActionLinks), "action link"}, {len(ds.Sources), "source"},
	} {
		if t.rows > 0 {
			sizes = append(sizes, counted(t.rows, t.noun))
		}
	}
	if len(sizes) == 0 {
		sizes = []string{"vocabulary alone"}
	}
	doubts := "no problems"
	if warnings > 0 {
		doubts = "no errors, " + counted(warnings, "warning")
	}
	_, err := fmt.Fprintf(w, "%s: %s: %s\n", Plain(ds.Name), strings.Join(sizes, ", "), doubts)
	return err
}
