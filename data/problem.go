package data

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Position is where a record or a cell stands. Line and Column count from 1; 0 means that the place has none.
type Position struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// String prints file[:sheet]:line:column, as editors read it.
func (p Position) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Sheet != "" {
		b.WriteString(":" + p.Sheet)
	}
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
		if p.Column > 0 {
			fmt.Fprintf(&b, ":%d", p.Column)
		}
	}
	return b.String()
}

// Compare orders positions by file, sheet, line and column.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Sheet, q.Sheet), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// ValueError says that a text is not the value it should be. The parsers of this package return no other error.
type ValueError struct {
	Got, Want, Hint string
}

func (e *ValueError) Error() string {
	s := fmt.Sprintf("%q, wanted %s", e.Got, e.Want)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// Severity tells an error, which stops an import, from a warning, which does not, and from a note, which is no problem at all: it
// says what was assumed where the input is silent.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Problem is something wrong or doubtful at one place of the input.
type Problem struct {
	Severity Severity `json:"severity"`
	Position
	Field   string `json:"field,omitempty"` // the column, by its own name
	Message string `json:"message"`         // what was found, and what was expected
	Hint    string `json:"hint,omitempty"`  // the likely meaning, or what to do
}

// String prints file:line:column: field: message (hint).
func (p Problem) String() string {
	s := p.Position.String() + ": "
	if p.Severity != Error {
		s += string(p.Severity) + ": "
	}
	if p.Field != "" {
		s += p.Field + ": "
	}
	s += p.Message
	if p.Hint != "" {
		s += " (" + p.Hint + ")"
	}
	return s
}

// Problems is a list of them, and an error if one of them is.
type Problems []Problem

// Sort orders by position, and what stands at one position by its words.
func (ps Problems) Sort() {
	compare := func(a, b Problem) int {
		if a.File == b.File && a.Sheet == b.Sheet && a.Line != b.Line { // as mostly, of which there may be hundreds of thousands
			return cmp.Compare(a.Line, b.Line)
		}
		return cmp.Or(a.Compare(b.Position), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Message, b.Message))
	}
	if !slices.IsSortedFunc(ps, compare) {
		slices.SortStableFunc(ps, compare)
	}
}

// Of returns those of one severity.
func (ps Problems) Of(s Severity) Problems {
	var out Problems
	for _, p := range ps {
		if p.Severity == s {
			out = append(out, p)
		}
	}
	return out
}

// Count is how many there are of one severity.
func (ps Problems) Count(s Severity) (n int) {
	for i := range ps {
		if ps[i].Severity == s {
			n++
		}
	}
	return n
}

// Error prints one problem a line: the first hundred, then how many more there are.
func (ps Problems) Error() string {
	const shown = 100
	var b strings.Builder
	for i, p := range ps {
		if i == shown {
			fmt.Fprintf(&b, "and %d more\n", len(ps)-shown)
			break
		}
		b.WriteString(p.String() + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
