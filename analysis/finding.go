package analysis

import (
	"bytes"
	"encoding/json"
	"slices"

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

// Finding is one thing that a reader could act on: what it is about, its numbers, and how it ranks. Its words, and the records that it
// rests on, are made when an output asks for them: a large dataset has far more findings than anybody reads.
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

	// Subject makes the id, after the kind. The analysis sets it.
	Subject []string `json:"-"`
	// Score lets the frame rate a finding that has quantities. The analysis sets it, or else Severity.
	Score *Score `json:"-"`
	// Order ranks findings of one severity that have no score: larger first.
	Order data.Amount `json:"-"`
	// weight, where it is above 0, ranks findings of one score instead: by the share that it is of what is asked of all nations on the capability.
	weight data.Amount

	wording wording // the analysis sets it; none where the words are told
	told    *Words
	pass    *Pass         // of the run that made it
	marking *onCapability // of all that is stated about its capability
}

// wording is what an analysis keeps of a finding to put it into words: the records, quantities and days that they are made of.
type wording interface {
	// words are the summary, the explanation, the details and the caveats.
	words(p *Pass, f *Finding) Words
	// evidence appends every record that the finding rests on; one may come twice.
	evidence(p *Pass, to []Evidence) []Evidence
}

// Words are what a finding says.
type Words struct {
	Summary     string       `json:"summary"`     // one sentence that fits a slide
	Explanation string       `json:"explanation"` // the arithmetic with the numbers put in
	Details     []Detail     `json:"details,omitempty"`
	See         []string     `json:"see,omitempty"` // other findings about the same subject
	Evidence    []Evidence   `json:"evidence"`
	Caveats     []string     `json:"caveats,omitempty"`
	Marking     data.Marking `json:"marking"`
}

// Tell puts the finding into words. They are made anew each time: who needs them twice keeps them. Several goroutines may ask at once.
//
// An analysis that words a finding without saying what it found, or on what it rests, is an error of the program: Tell panics.
func (f *Finding) Tell() Words {
	w := f.words()
	if f.told != nil || f.wording == nil {
		return w
	}
	w.Evidence = f.evidence()
	switch {
	case w.Summary == "" || w.Explanation == "":
		panic(f.ID + ": a finding does not say what it found")
	case len(w.Evidence) == 0:
		panic(f.ID + ": a finding has no evidence")
	}
	slices.Sort(w.Caveats)
	w.Caveats = slices.Compact(w.Caveats)
	w.See = f.pass.see(f)
	w.Marking = f.pass.markingOf(f, w.Evidence)
	return w
}

// words are the finding in words, without what has to be gathered from elsewhere: evidence, other findings and marking.
func (f *Finding) words() Words {
	switch {
	case f.told != nil:
		return *f.told
	case f.wording == nil:
		return Words{}
	}
	return f.wording.words(f.pass, f)
}

// evidence is what the finding rests on, each record once.
func (f *Finding) evidence() []Evidence {
	switch {
	case f.told != nil:
		return f.told.Evidence
	case f.wording == nil:
		return nil
	}
	return dedupe(f.wording.evidence(f.pass, nil))
}

// onAccounts is a wording whose finding rests on the accounts of its nations: what each is asked for, offers and has.
type onAccounts interface {
	// beside appends the records that it rests on besides.
	beside(to []Evidence) []Evidence
}

// RestsOn tells the marking of a finding of Sift, and appends the records that it rests on but for those that its accounts have.
// One may come twice.
func (f *Finding) RestsOn(to []Evidence) ([]Evidence, data.Marking) {
	from := len(to)
	if w, ok := f.wording.(onAccounts); ok {
		return w.beside(to), f.pass.markingOf(f, nil)
	}
	to = f.wording.evidence(f.pass, to)
	return to, f.pass.markingOf(f, to[from:])
}

// AppendID appends the id of the finding.
func (f *Finding) AppendID(b []byte) []byte {
	b = append(b, f.Kind...)
	for _, s := range f.Subject {
		b = append(append(b, ':'), s...)
	}
	return b
}

// Says gives the finding words that were told before.
func (f *Finding) Says(w Words) { f.told = &w }

// facts are a finding without its words.
type facts Finding

// MarshalJSON prints the finding with its words.
func (f Finding) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // who prints the whole says what is escaped
	err := e.Encode(struct {
		facts
		Words
	}{facts(f), f.Tell()})
	return b.Bytes(), err
}

// UnmarshalJSON reads what MarshalJSON printed, and no fields besides.
func (f *Finding) UnmarshalJSON(b []byte) error {
	var read struct {
		facts
		Words
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&read); err != nil {
		return err
	}
	*f = Finding(read.facts)
	f.Says(read.Words)
	return nil
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
	Short   data.Quantity `json:"short,omitzero"` // what is short or in conflict, in the capability's unit; reports saved long ago lack it
	Size    data.Amount   `json:"size"`           // that over the demand
	Urgency data.Amount   `json:"urgency"`
	Share   data.Amount   `json:"share"`
	Score   data.Amount   `json:"score"`
	Caption string        `json:"caption"`
}

// RankedBy stands beside every severity.
const RankedBy = "ranking by this program: EU priorities are unranked and NATO's labels are not public"

// limits are the thresholds of the severity, and the days from which a shortfall is less urgent and least.
type limits struct {
	critical, high, medium data.Amount
	later, last            data.Date
}

func (p *Pass) newLimits() limits {
	// in is the first day that is so many years away.
	in := func(years int) data.Date {
		day := data.Day(p.AsOf().Year()+years, 1, 1)
		for yearsBetween(p.AsOf(), day) < years {
			day++
		}
		return day
	}
	return limits{p.Param("severity.critical"), p.Param("severity.high"), p.Param("severity.medium"), in(7), in(20)}
}

// rate gives the parts of a score and the severity that the thresholds make of it.
func (p *Pass) rate(s Score) (Severity, *SeverityParts) {
	var parts *SeverityParts
	if p.desk != nil {
		parts = p.desk.parts.one()
	} else {
		parts = new(SeverityParts)
	}
	parts.Short, parts.Size, parts.Urgency, parts.Share, parts.Caption = data.Known(max(s.Short, 0)), data.One, data.One, min(max(s.Share, 0), data.One), RankedBy
	if s.Demand > 0 {
		parts.Size = min(data.Ratio(max(s.Short, 0), s.Demand), data.One)
	}
	switch {
	case s.From >= p.limits.last:
		parts.Urgency = 3 * data.One / 10
	case s.From >= p.limits.later:
		parts.Urgency = 6 * data.One / 10
	}
	parts.Score = parts.Size * parts.Urgency / data.One * (data.One + parts.Share) / (2 * data.One)
	severity := Low
	switch {
	case parts.Score >= p.limits.critical:
		severity = Critical
	case parts.Score >= p.limits.high:
		severity = High
	case parts.Score >= p.limits.medium:
		severity = Medium
	}
	return severity, parts
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
