package analysis

import (
	"deconflict/data"
)

// Question is one of the three things that the program answers.
type Question string

// The three questions, which are also the three reports.
const (
	Duplication     Question = "duplication"
	Gap             Question = "gap"
	Complementarity Question = "complementarity"
)

// Questions are the three, in the order of the reports.
var Questions = []Question{Duplication, Gap, Complementarity}

// Finding is one thing that a reader could act on, with its numbers and the records that it rests on.
type Finding struct {
	// ID is made of the kind and the subject, not of numbers: a finding keeps it from one planning cycle to the next.
	ID            string              `json:"id"`
	Report        Question            `json:"report"`
	Kind          string              `json:"kind"`
	Area          data.Area           `json:"area,omitempty"`
	Capability    data.Capability     `json:"capability,omitempty"`
	Nations       []data.Nation       `json:"nations,omitempty"`
	Organisations []data.Organisation `json:"organisations,omitempty"`
	Initiatives   []string            `json:"initiatives,omitempty"`
	data.Period
	Measures      []Measure      `json:"measures,omitempty"`
	Moves         []Move         `json:"moves,omitempty"` // of a transfer
	Verdict       string         `json:"verdict,omitempty"`
	Status        string         `json:"status,omitempty"`
	Severity      Severity       `json:"severity,omitempty"`
	SeverityParts *SeverityParts `json:"severity_parts,omitempty"`
	Summary       string         `json:"summary"`     // one sentence that fits a slide
	Explanation   string         `json:"explanation"` // the arithmetic with the numbers put in
	Details       []Detail       `json:"details,omitempty"`
	See           []string       `json:"see,omitempty"` // other findings about the same subject
	Evidence      []Evidence     `json:"evidence"`
	Caveats       []string       `json:"caveats,omitempty"`
	Marking       data.Marking   `json:"marking"`

	// Subject makes the id, after the kind. The analysis sets it.
	Subject []string `json:"-"`
	// Score lets the frame rate a finding that has quantities. The analysis sets it, or else Severity.
	Score *Score `json:"-"`
	// Order ranks findings of one severity that have no score: larger first.
	Order data.Amount `json:"-"`
}

// Measure is a number with its unit.
type Measure struct {
	Name  string      `json:"name"`
	Value data.Amount `json:"value"`
	Unit  string      `json:"unit,omitempty"`
}

// Move is how much of a capability, in its unit, one nation could give to another.
type Move struct {
	From   data.Nation `json:"from"`
	To     data.Nation `json:"to"`
	Amount data.Amount `json:"amount"`
	// Together is the active initiative that both are in, on the capability or, if Nearby, on another of its area; none where they are in none.
	Together string `json:"together,omitempty"`
	Nearby   bool   `json:"nearby,omitempty"`
}

// Detail is a small table inside a finding: who could give to whom, which nations are inside.
type Detail struct {
	Title   string     `json:"title"`
	Columns []Column   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// Column heads a column of a Detail. One with a unit holds numbers.
type Column struct {
	Name string `json:"name"`
	Unit string `json:"unit,omitempty"`
}

// Severity is this program's ranking of a finding. Neither organisation publishes one.
type Severity string

// The severities, from the worst.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
	Info     Severity = "info"
)

// Severities are all of them, from the worst.
var Severities = []Severity{Critical, High, Medium, Low, Info}

// rank counts from 0, the worst.
func (s Severity) rank() int {
	for i, x := range Severities {
		if x == s {
			return i
		}
	}
	return len(Severities)
}

// AtLeast reports whether s is as bad as t or worse.
func (s Severity) AtLeast(t Severity) bool { return s.rank() <= t.rank() }

// Score is what the severity of a finding with quantities is made of.
type Score struct {
	Short  data.Amount // shortfall or conflict
	Demand data.Amount // what it is a part of
	// Share of the largest giver in what there is, from 0 to 1; 1 where one nation alone can give, or nobody does.
	Share data.Amount
	// From is the first day of the shortfall.
	From data.Date
}

// SeverityParts shows how a severity came about: score = size × urgency × (1 + share) / 2, each from 0 to 1.
type SeverityParts struct {
	Size    data.Amount `json:"size"`
	Urgency data.Amount `json:"urgency"`
	Share   data.Amount `json:"share"`
	Score   data.Amount `json:"score"`
	Caption string      `json:"caption"`
}

// RankedBy stands beside every severity.
const RankedBy = "ranking by this program: EU priorities are unranked and NATO's labels are not public"

// rate gives the parts of a score and the severity that the thresholds make of it.
func (p *Pass) rate(s Score) (Severity, *SeverityParts) {
	parts := &SeverityParts{Size: data.One, Share: min(max(s.Share, 0), data.One), Caption: RankedBy}
	if s.Demand > 0 {
		parts.Size = min(data.Ratio(max(s.Short, 0), s.Demand), data.One)
	}
	switch years := yearsBetween(p.AsOf(), s.From); {
	case years < 7:
		parts.Urgency = data.One
	case years < 20:
		parts.Urgency = 6 * data.One / 10
	default:
		parts.Urgency = 3 * data.One / 10
	}
	parts.Score = parts.Size * parts.Urgency / data.One * (data.One + parts.Share) / (2 * data.One)
	switch {
	case parts.Score >= p.Param("severity.critical"):
		return Critical, parts
	case parts.Score >= p.Param("severity.high"):
		return High, parts
	case parts.Score >= p.Param("severity.medium"):
		return Medium, parts
	}
	return Low, parts
}

// yearsBetween counts whole years from one day to a later one; an earlier day is 0 years away.
func yearsBetween(from, to data.Date) int {
	if to <= from {
		return 0
	}
	a, b := from.Time(), to.Time()
	years := b.Year() - a.Year()
	if b.AddDate(-years, 0, 0).Before(a) {
		years--
	}
	return years
}
