package analysis

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"

	"deconflict/data"
)

// Schema names the form of the JSON report. report.schema.json describes it.
const Schema = "deconflict-report/1"

// Report is all that one run says. It holds everything that any output format needs: formats lay out, they do not compute.
type Report struct {
	Schema      string        `json:"schema"`
	Program     string        `json:"program"`
	Again       []string      `json:"again"`   // what a command must be given to find the same again
	Marking     data.Marking  `json:"marking"` // top and bottom of every output
	AsOf        data.Date     `json:"as_of"`
	Horizon     data.Date     `json:"horizon,omitzero"`
	Dataset     Origin        `json:"dataset"`
	Scope       Chosen        `json:"scope"`
	Parameters  []Setting     `json:"parameters"`
	Membership  []Headcount   `json:"membership"`
	BottomLines []BottomLine  `json:"bottom_lines"`
	Summary     []Count       `json:"summary"`
	Findings    []Finding     `json:"findings"` // by report, then the most severe first
	HeatMap     HeatMap       `json:"heat_map"`
	Timeline    Timeline      `json:"timeline"`
	Cooperation Cooperation   `json:"cooperation"`
	Profiles    []Profile     `json:"profiles,omitempty"`
	NotAssessed []NotAssessed `json:"not_assessed"`
	Warnings    data.Problems `json:"warnings"`

	// What the codes mean: those that the report names.
	Areas        []Named    `json:"areas"`
	Nations      []Named    `json:"nations"`
	Capabilities []Leaf     `json:"capabilities"`
	Initiatives  []Named    `json:"initiatives"`
	Kinds        []Kind     `json:"kinds"`
	Sources      SourceList `json:"sources"`

	// Untold is what a brief report counts and does not tell.
	Untold Untold `json:"-"`
}

// Untold is how many findings and warnings a brief report leaves out.
type Untold struct {
	Findings []UntoldFindings // by kind and severity
	Warnings int
}

// UntoldFindings are findings of one kind and severity.
type UntoldFindings struct {
	Kind     string
	Severity Severity
	Findings int
}

// Of is how many findings are left out of the kinds for which a function says so.
func (u Untold) Of(kind func(string) bool) int {
	n := 0
	for _, f := range u.Findings {
		if kind(f.Kind) {
			n += f.Findings
		}
	}
	return n
}

// Origin says what the report was made from.
type Origin struct {
	Name        string    `json:"name"`
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	Version     string    `json:"version,omitempty"`
	AsOf        data.Date `json:"as_of"`
	Licence     string    `json:"licence,omitempty"`
	Tables      []Size    `json:"tables"`
}

// Size is the number of rows of a table.
type Size struct {
	Table string `json:"table"`
	Rows  int    `json:"rows"`
}

// Chosen is what the question was narrowed to; empty lists are everything.
type Chosen struct {
	Areas         []data.Area         `json:"areas,omitempty"`
	Capabilities  []data.Capability   `json:"capabilities,omitempty"`
	Nations       []data.Nation       `json:"nations,omitempty"`
	Organisations []data.Organisation `json:"organisations,omitempty"`
	Processes     []data.Process      `json:"processes,omitempty"`
	Kinds         []string            `json:"kinds,omitempty"`
	Reports       []Question          `json:"reports,omitempty"`
	MinSeverity   Severity            `json:"min_severity,omitempty"`
	// Audience is for whom the report was made: what may not go there was left out before the analysis.
	Audience data.Audience `json:"audience,omitempty"`
}

// Setting is a threshold as it was in force.
type Setting struct {
	Name  string      `json:"name"`
	Value data.Amount `json:"value"`
}

// Headcount is how many nations are in an organisation, or in several at once, on the as-of day.
type Headcount struct {
	Organisations []data.Organisation `json:"organisations"`
	Nations       int                 `json:"nations"`
}

// Count is how many findings a report has for one area, by severity. Findings on no single area are counted under "".
type Count struct {
	Report   Question  `json:"report"`
	Area     data.Area `json:"area"`
	Findings int       `json:"findings"`
	Critical int       `json:"critical"`
	High     int       `json:"high"`
	Medium   int       `json:"medium"`
	Low      int       `json:"low"`
	Info     int       `json:"info"`
}

// Total adds up counts.
func Total(counts []Count) Count {
	var t Count
	for _, c := range counts {
		t.Findings += c.Findings
		t.Critical += c.Critical
		t.High += c.High
		t.Medium += c.Medium
		t.Low += c.Low
		t.Info += c.Info
	}
	return t
}

// AtLeast is how many findings are as bad as s or worse.
func (c Count) AtLeast(s Severity) (n int) {
	for i, of := range []int{c.Critical, c.High, c.Medium, c.Low, c.Info} {
		if Severities[i].AtLeast(s) {
			n += of
		}
	}
	return n
}

// NotAssessed says what could not be answered, and why.
type NotAssessed struct {
	Kind     string   `json:"kind,omitempty"` // none where it touches every kind
	Reason   string   `json:"reason"`
	Subjects []string `json:"subjects"`

	// Left is how many a brief report leaves out of its subjects.
	Left int `json:"-"`
}

// Count is how many subjects there are.
func (n NotAssessed) Count() int { return len(n.Subjects) + n.Left }

// Named is a code with its name.
type Named struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// Leaf is a capability with what is needed to show it.
type Leaf struct {
	_    struct{}        `cbor:",toarray"` // a brief may have many thousands
	Code data.Capability `json:"code"`
	Name string          `json:"name"`
	Area data.Area       `json:"area"`
	Unit string          `json:"unit"`
}

// Kind is an analysis that ran.
type Kind struct {
	Name    string   `json:"name"`
	Report  Question `json:"report"`
	Title   string   `json:"title"`
	Doc     string   `json:"doc"`
	Formula string   `json:"formula"`
}

// SourceLine is a source that some finding's evidence names.
type SourceLine struct {
	Code      string `json:"code"`
	Title     string `json:"title"`
	URL       string `json:"url,omitempty"`
	Publisher string `json:"publisher,omitempty"`
	Date      string `json:"date,omitempty"`
}

// Leaf finds a capability by its code; only the code is set where the report does not name it.
func (r *Report) Leaf(c data.Capability) Leaf {
	for _, l := range r.Capabilities {
		if l.Code == c {
			return l
		}
	}
	return Leaf{Code: c}
}

// NationName is the name of a nation, or its code where the report does not name it.
func (r *Report) NationName(n data.Nation) string {
	for _, x := range r.Nations {
		if x.Code == string(n) {
			return x.Name
		}
	}
	return string(n)
}

// SourceList is the sources that the findings rest on, by code. They are gathered when an output asks: each finding must be asked what
// it rests on.
type SourceList struct{ gather func() []SourceLine }

// Sources makes a list of sources that are known.
func Sources(lines []SourceLine) SourceList {
	return SourceList{func() []SourceLine { return lines }}
}

// All are the sources, by code.
func (s SourceList) All() []SourceLine {
	if s.gather == nil {
		return []SourceLine{}
	}
	return s.gather()
}

// MarshalJSON prints the sources as a list.
func (s SourceList) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // who prints the whole says what is escaped
	err := e.Encode(s.All())
	return b.Bytes(), err
}

// UnmarshalJSON reads what MarshalJSON printed, and no fields besides.
func (s *SourceList) UnmarshalJSON(b []byte) error {
	var lines []SourceLine
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err := d.Decode(&lines)
	*s = Sources(lines)
	return err
}

// Incomplete is the note on what may be missing that every output on the public dataset, or for an audience, carries; empty for others.
func (r *Report) Incomplete() string { return incomplete(r.Scope.Audience, r.Marking, r.Dataset) }

func incomplete(to data.Audience, m data.Marking, of Origin) string {
	var notes []string
	if len(to) > 0 {
		notes = append(notes, "Made for "+to.String()+". What may not go there is left out, if there is any, before anything is counted; so are lines of files, and doubts about the data.")
	}
	if m == data.Public && of.Description != "" {
		notes = append(notes, of.Description)
	}
	return strings.Join(notes, " ")
}

// Doubts is how many warnings there are about the data.
func (r *Report) Doubts() int { return r.Warnings.Count(data.Warning) + r.Untold.Warnings }

// Severities are those of all findings.
func (r *Report) Severities() iter.Seq[Severity] {
	return func(yield func(Severity) bool) {
		for i := range r.Findings {
			if !yield(r.Findings[i].Severity) {
				return
			}
		}
		for _, f := range r.Untold.Findings {
			for range f.Findings {
				if !yield(f.Severity) {
					return
				}
			}
		}
	}
}

// Find returns the finding with an id; ok is false if there is none.
func (r *Report) Find(id string) (f Finding, ok bool) {
	for i := range r.Findings {
		if r.Findings[i].ID == id {
			return r.Findings[i], true
		}
	}
	return Finding{}, false
}

func (p *Pass) report(opts Options, ran []*Analysis, found []Finding) *Report {
	r := p.head(opts, ran)
	if found != nil {
		r.Findings = found
	}
	r.HeatMap = p.heatMap()
	if opts.Profiles {
		for _, n := range p.Scope.Nations {
			r.Profiles = append(r.Profiles, p.profile(n))
		}
	}
	counts := tally{}
	counts.add(found)
	r.Summary = counts.list(p.Capabilities())
	p.names(r)
	var areas []data.Area
	for _, a := range r.Areas {
		areas = append(areas, data.Area(a.Code))
	}
	r.BottomLines = bottomLines(ran, areas, found)
	r.Timeline, r.Cooperation = timeline(p.AsOf(), areas, found), p.cooperation()
	return r
}

// head is a report as far as it does not depend on what was found.
func (p *Pass) head(opts Options, ran []*Analysis) *Report {
	ds, s := p.Dataset, p.Scope
	r := &Report{
		Schema: Schema, Program: opts.Program, Again: slices.Clone(opts.Again), Marking: p.records().marking, AsOf: s.AsOf, Horizon: s.Horizon,
		Dataset: Origin{
			Name: ds.Name, Title: ds.Title, Description: ds.Description, Version: ds.Version, AsOf: ds.AsOf, Licence: ds.Licence,
			Tables: []Size{
				{"nations", len(ds.Nations)}, {"capabilities", len(ds.Capabilities)}, {"requirements", len(ds.Requirements)},
				{"targets", len(ds.Targets)}, {"pledges", len(ds.Pledges)}, {"holdings", len(ds.Holdings)},
				{"initiatives", len(ds.Initiatives)}, {"participants", len(ds.Participants)}, {"contributions", len(ds.Contributions)},
				{"relations", len(ds.Relations)}, {"action_items", len(ds.ActionItems)}, {"sources", len(ds.Sources)},
			},
		},
		Scope: Chosen{
			Areas: s.Areas, Capabilities: s.Capabilities, Nations: s.Nations, Organisations: s.Organisations, Processes: s.Processes,
			Kinds: opts.Kinds, Reports: opts.Reports, MinSeverity: opts.MinSeverity, Audience: s.Audience,
		},
		Membership: p.headcounts(), Findings: []Finding{}, Warnings: ds.Problems,
	}
	if r.Again == nil {
		r.Again = []string{}
	}
	if r.Warnings == nil {
		r.Warnings = data.Problems{}
	}
	for _, param := range Params() {
		r.Parameters = append(r.Parameters, Setting{param.Name, p.params[param.Name]})
	}
	r.NotAssessed = p.unanswered()
	for _, a := range ran {
		r.Kinds = append(r.Kinds, Kind{a.Name, a.Report, a.Title, a.Doc, a.Formula})
	}
	return r
}

func (p *Pass) headcounts() []Headcount {
	organisations := p.Dataset.PlanningOrganisations()
	out := []Headcount{}
	for i, o := range organisations {
		members := p.Dataset.Members(o, p.AsOf())
		out = append(out, Headcount{[]data.Organisation{o}, len(members)})
		for _, q := range organisations[i+1:] {
			both := 0
			for _, n := range members {
				if p.Dataset.Member(n, q, p.AsOf()) {
					both++
				}
			}
			out = append(out, Headcount{[]data.Organisation{o, q}, both})
		}
	}
	slices.SortStableFunc(out, func(a, b Headcount) int { return len(a.Organisations) - len(b.Organisations) })
	return out
}

// tally counts findings.
type tally map[heading]*Count

// heading is what findings are counted under.
type heading struct {
	Question
	data.Area
}

func (t tally) add(found []Finding) {
	var last heading
	var c *Count
	for i := range found {
		k := heading{found[i].Report, found[i].Area}
		if c == nil || !data.Same(k.Area, last.Area) || !data.Same(k.Question, last.Question) {
			if c = t[k]; c == nil {
				c = new(Count)
				t[k] = c
			}
			last = k
		}
		c.Findings++
		switch found[i].Severity {
		case Critical:
			c.Critical++
		case High:
			c.High++
		case Medium:
			c.Medium++
		case Low:
			c.Low++
		case Info:
			c.Info++
		}
	}
}

// list is the counts of every report on every area of some capabilities, and on none.
func (t tally) list(capabilities []data.CapabilityRow) []Count {
	var areas []data.Area
	for _, c := range capabilities {
		if !slices.Contains(areas, c.Area) {
			areas = append(areas, c.Area)
		}
	}
	out := []Count{}
	for _, q := range Questions {
		for _, area := range append(areas, "") {
			c := Count{}
			if of := t[heading{q, area}]; of != nil {
				c = *of
			}
			c.Report, c.Area = q, area
			out = append(out, c)
		}
	}
	return out
}

// unanswered gathers what analyses could not say, and what no analysis can.
func (p *Pass) unanswered() []NotAssessed {
	out := append([]NotAssessed{}, p.records().silences...)
	for k, list := range p.unsaid.of {
		var subjects []string
		for _, x := range list {
			if x.nation == "" || p.Wanted(x.nation) {
				subjects = append(subjects, x.subject)
			}
		}
		if len(subjects) > 0 {
			slices.Sort(subjects)
			out = append(out, NotAssessed{Kind: k[0], Reason: k[1], Subjects: slices.Compact(subjects)})
		}
	}
	slices.SortFunc(out, func(a, b NotAssessed) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Reason, b.Reason))
	})
	return out
}

// aboutRecords is what the records alone say, whatever is asked of them.
type aboutRecords struct {
	marking data.Marking // the banner over all
	// silences are the records that are not comparable or have no number, and the initiatives whose lists say nothing about the nations
	// that they lack.
	silences []NotAssessed
}

// noteRecords notes the records of a capability that are in no sum, and why.
func (p *Pass) noteRecords(c data.CapabilityRow) {
	note := func(table string, r *data.Record) {
		k, subject := "", table+" "+r.ID()
		switch {
		case r.Term != "":
			k = "named by a broader or narrower term: attached, kept out of every sum"
			subject += " (" + r.Term + ")"
		case !r.Comparable:
			k = "stated in another unit than its capability's: shown, kept out of every sum"
			subject += " (" + r.Unit + ", not " + c.Unit + ")"
		case !r.Quantity.Known():
			k = "states no number: shows that something is asked, offered or held, not how much"
		}
		p.unsaid.mu.Lock()
		defer p.unsaid.mu.Unlock()
		p.unsaid.records[k] = append(p.unsaid.records[k], subject)
	}
	for _, r := range p.Requirements(c.Capability) {
		if !r.Counts() {
			note("requirements", &r.Record)
		}
	}
	for _, a := range p.Accounts(c.Capability) {
		a.EachSilent(note)
	}
}

func (p *Pass) aboutRecords() *aboutRecords {
	out := &aboutRecords{marking: p.marks.everything()}
	add := func(reason string, subjects []string) {
		slices.Sort(subjects)
		out.silences = append(out.silences, NotAssessed{Reason: reason, Subjects: slices.Compact(subjects)})
	}
	for reason, subjects := range p.unsaid.records {
		add(reason, subjects)
	}
	var partial []string
	for _, i := range p.Initiatives() {
		if i.Active(p.AsOf()) && i.Membership == data.Partial {
			partial = append(partial, "initiatives "+i.Initiative.Initiative)
		}
	}
	if len(partial) > 0 {
		add("has a partial list of participants: a nation missing from it may still be in it", partial)
	}
	return out
}

// names fills in what the codes of the report mean.
func (p *Pass) names(r *Report) {
	ds := p.Dataset
	nations, initiatives := map[data.Nation]bool{}, map[string]bool{}
	for _, n := range r.HeatMap.Nations {
		nations[n] = true
	}
	last := data.Nation("") // most are on one nation, and many on the same
	for i := range r.Findings {
		for _, n := range r.Findings[i].Nations {
			if n != last {
				nations[n], last = true, n
			}
		}
		for _, i := range r.Findings[i].Initiatives {
			initiatives[i] = true
		}
	}
	for _, profile := range r.Profiles {
		nations[profile.Nation] = true
		for _, i := range profile.Initiatives {
			initiatives[i.Initiative] = true
		}
	}
	r.Areas, r.Capabilities = p.leaves()
	r.Nations, r.Initiatives = []Named{}, []Named{}
	for _, n := range ds.Nations {
		if nations[n.Nation] {
			r.Nations = append(r.Nations, Named{string(n.Nation), n.Name})
		}
	}
	for _, i := range p.Initiatives() {
		if initiatives[i.Initiative.Initiative] {
			r.Initiatives = append(r.Initiatives, Named{i.Initiative.Initiative, i.Name})
		}
	}
	found := r.Findings
	r.Sources = SourceList{sync.OnceValue(func() []SourceLine { return p.sourcesOf(found) })}
}

// leaves are the areas and capabilities of the scope.
func (p *Pass) leaves() ([]Named, []Leaf) {
	areas, leaves := []Named{}, make([]Leaf, 0, len(p.Capabilities())) // many, so that they are not to be moved as they grow
	for _, c := range p.Capabilities() {
		leaves = append(leaves, Leaf{Code: c.Capability, Name: c.Name, Area: c.Area, Unit: c.Unit})
		if n := len(areas); n == 0 || areas[n-1].Code != string(c.Area) {
			areas = append(areas, Named{string(c.Area), c.Area.Title()})
		}
	}
	return areas, leaves
}

// sourcesOf are the sources of all that some findings rest on, by code.
func (p *Pass) sourcesOf(found []Finding) []SourceLine {
	const together = 256
	seen := make([]map[string]bool, (len(found)+together-1)/together)
	_ = parallel(context.Background(), len(seen), func(i int) error { // its calls return no error
		seen[i] = map[string]bool{}
		var last *string // records that stand together often share their list
		for k := i * together; k < min((i+1)*together, len(found)); k++ {
			for _, e := range found[k].evidence() {
				of, _ := e.origin()
				if len(of) == 0 || &of[0] == last {
					continue
				}
				last = &of[0]
				for _, s := range of {
					seen[i][s] = true
				}
			}
		}
		return nil
	})
	out := []SourceLine{}
	all := map[string]bool{}
	for _, some := range seen {
		maps.Copy(all, some)
	}
	for _, code := range slices.Sorted(maps.Keys(all)) {
		s, ok := p.Dataset.Source(code)
		if !ok {
			s = data.Source{Source: code, Title: code}
		}
		out = append(out, SourceLine{code, s.Title, s.URL, s.Publisher, s.Date})
	}
	return out
}
