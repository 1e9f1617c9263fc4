package render

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// How much of a large report stands on its page. A browser opens more, but not at once; what is left out is counted where it would
// stand, with the formats that have it.
const (
	webFindings  = 1500 // of a report, the most severe
	webEvidence  = 40   // of a finding
	webRows      = 6    // of a table inside a finding, where the report is on more than a few nations
	webSubjects  = 400  // of a reason why something is not assessed
	webWarnings  = 500
	webTransfers = 500
	webPartners  = 12 // of a nation, on its page; all are in the table of the cooperation
	webTold      = 4  // of a nation's findings in a report, in words; the rest by number
)

// wholeIn is where all of it is.
const wholeIn = "the JSON report and the workbook (-o report.json, -o brief.xlsx) have all"

// webPage is a report as its template needs it.
type webPage struct {
	frame
	*analysis.Report
	Headline, About, Narrowed string
	Sizes, Heads              []string
	Notes                     []string
	Ranked                    bool
	Sections                  []webSection
	Answers                   []webAnswer
	Counts                    []webCount
	Lists                     []webList
	Shown                     int // findings on the page
	Choices                   webChoices
	Maps                      []webMap
	Legend                    []webState
	Chart                     *webChart
	Network                   *webNetwork
	Transfers                 []webTransfer
	MoreTransfers             int
	Nations                   []webNation
	Unanswered                []webUnanswered
	Doubts                    data.Problems
	MoreDoubts                int
	Methods                   []webMethod
	SourceLines               []registerSource
	Register                  register
	Symbols                   string
	WholeIn                   string
	leaves                    map[data.Capability]analysis.Leaf
	nations, initiatives      map[string]string
	numbers                   map[string]int // of the findings on the page, by id
}

// webSection is a place that the page's index leads to.
type webSection struct{ ID, Title string }

func newWebPage(r *analysis.Report) *webPage {
	p := &webPage{
		frame: newFrame(), Report: r, Headline: "Duplication, gaps and complementarity", About: titleOf(r.Dataset), Narrowed: narrowed(r.Scope, r.Horizon),
		Ranked: ranked(r), Symbols: analysis.Symbols, WholeIn: wholeIn,
		leaves: leavesOf(r), nations: nameOf(r.Nations), initiatives: nameOf(r.Initiatives), numbers: map[string]int{},
	}
	if len(r.Profiles) == 1 {
		p.Headline = r.Profiles[0].Name + ": duplication, gaps and complementarity"
	}
	p.origin()
	p.answer()
	p.findings()
	p.heatMap()
	p.Chart = newChart(r)
	p.transfers()
	p.nationPages()
	p.Network = newNetwork(r, p.nations, p.leadTo)
	for _, n := range r.NotAssessed {
		p.Unanswered = append(p.Unanswered, webUnanswered{
			Kind: cmp.Or(n.Kind, "all"), Reason: n.Reason, Count: len(n.Subjects),
			Subjects: n.Subjects[:min(webSubjects, len(n.Subjects))], More: max(0, len(n.Subjects)-webSubjects),
		})
	}
	p.Doubts = r.Warnings[:min(webWarnings, len(r.Warnings))]
	p.MoreDoubts = len(r.Warnings) - len(p.Doubts)
	for _, k := range r.Kinds {
		p.Methods = append(p.Methods, webMethod{k, docParts(k.Doc)})
	}
	sources := r.Sources.All()
	for i, s := range sources {
		p.SourceLines = append(p.SourceLines, registerSource{s, i + 1})
	}
	p.Register.number(sources)
	p.index()
	return p
}

// Profiled reports whether the report was asked for nations: their pages then come first.
func (p *webPage) Profiled() bool { return len(p.Profiles) > 0 }

// RankedBy says what the severities are.
func (p *webPage) RankedBy() string { return analysis.RankedBy }

// NotionalNote stands under every marking of data that is made up.
func (p *webPage) NotionalNote() string {
	if notional(p.Marking) {
		return notionalNote
	}
	return ""
}

// PortionOf is the marking of a record, where it is not that of the page.
func (p *webPage) PortionOf(m data.Marking) data.Marking { return portion(m, p.Marking) }

// leadTo is where the picture of the cooperation leads for a nation: to its page, or else to its row in the table.
func (p *webPage) leadTo(n data.Nation) string {
	if slices.ContainsFunc(p.Nations, func(w webNation) bool { return w.Code == string(n) }) {
		return "n-" + string(n)
	}
	return "p-" + string(n)
}

// origin says what the report was made from.
func (p *webPage) origin() {
	for _, s := range p.Dataset.Tables {
		if s.Rows > 0 {
			p.Sizes = append(p.Sizes, data.Units(data.Count(s.Rows), strings.TrimSuffix(strings.ReplaceAll(s.Table, "_", " "), "s")))
		}
	}
	for _, h := range p.Membership {
		p.Heads = append(p.Heads, fmt.Sprintf("%s in %s", counted(h.Nations, "nation"), strings.Join(names(h.Organisations), " and ")))
	}
	if note := p.Incomplete(); note != "" {
		p.Notes = append(p.Notes, note)
	}
	for _, n := range p.Warnings.Of(data.Note) {
		p.Notes = append(p.Notes, "Assumed: "+n.Message+" ("+n.Hint+").")
	}
	if n := len(p.Warnings.Of(data.Warning)); n > 0 {
		p.Notes = append(p.Notes, data.Units(data.Count(n), "doubt")+" about the data: see Doubts.")
	}
}

// index leads to what is there.
func (p *webPage) index() {
	add := func(there bool, id, title string) {
		if there {
			p.Sections = append(p.Sections, webSection{id, title})
		}
	}
	add(true, "answer", "Answer")
	add(p.Profiled(), "nations", nationsTitle(len(p.Profiles)))
	add(true, "findings", "Findings")
	add(len(p.Maps) > 0, "heat-map", "Heat map")
	add(p.Chart != nil, "timeline", "Gap timeline")
	add(p.Network != nil, "cooperation", "Cooperation")
	add(len(p.Transfers) > 0, "transfers", "Transfers")
	add(!p.Profiled() && len(p.Nations) > 0, "nations", "Nations")
	add(len(p.Unanswered) > 0, "not-assessed", "Not assessed")
	add(len(p.Doubts) > 0, "doubts", "Doubts")
	add(true, "method", "Method")
	add(len(p.SourceLines) > 0, "sources", "Sources")
	add(p.Register.Len() > 0, "records", "Records")
}

func nationsTitle(n int) string {
	if n == 1 {
		return "Nation"
	}
	return "Nations"
}

// webAnswer is the bottom line of a report, over all areas and for each.
type webAnswer struct {
	Report   analysis.Question
	Text     string
	Findings int
	Areas    []webAreaAnswer
	Bar      []webShare
}

type webAreaAnswer struct{ Area, Text string }

// webShare is a part of a bar that is 100 wide.
type webShare struct {
	Severity    analysis.Severity
	Start, Wide string
}

// webCount is a row of the counts by report and area.
type webCount struct {
	analysis.Count
	Title string
	Cells []webCell
}

type webCell struct {
	Severity analysis.Severity
	N        int
}

func (p *webPage) answer() {
	for _, q := range asked(p.Report) {
		a := webAnswer{Report: q}
		for _, l := range p.BottomLines {
			switch {
			case l.Report != q:
			case l.Area == "":
				a.Text = l.Text
			default:
				a.Areas = append(a.Areas, webAreaAnswer{sentence(l.Area.Title()), l.Text})
			}
		}
		total := map[analysis.Severity]int{}
		for _, c := range p.Summary {
			if c.Report != q {
				continue
			}
			a.Findings += c.Findings
			row := webCount{Count: c, Title: sentence(areaTitle(c.Area))}
			for _, s := range bySeverity(c) {
				total[s.Severity] += s.N
			}
			if p.Ranked {
				row.Cells = bySeverity(c)
			}
			if c.Findings > 0 || c.Area != "" {
				p.Counts = append(p.Counts, row)
			}
		}
		start := 0
		for _, s := range analysis.Severities {
			if n := total[s]; n > 0 && p.Ranked {
				a.Bar = append(a.Bar, webShare{s, percent(start, a.Findings), percent(n, a.Findings)})
				start += n
			}
		}
		p.Answers = append(p.Answers, a)
	}
}

func bySeverity(c analysis.Count) []webCell {
	return []webCell{{analysis.Critical, c.Critical}, {analysis.High, c.High}, {analysis.Medium, c.Medium}, {analysis.Low, c.Low}, {analysis.Info, c.Info}}
}

func percent(n, of int) string { return strconv.FormatFloat(100*float64(n)/float64(of), 'f', 2, 64) }

// webList is the findings of a report.
type webList struct {
	Report   analysis.Question
	All      int
	Findings []webFinding
}

// Left is how many are not on the page.
func (l webList) Left() int { return l.All - len(l.Findings) }

// webFinding is a finding with what its codes mean.
type webFinding struct {
	analysis.Finding
	analysis.Words
	No         int
	AreaTitle  string
	Named      string // its capability
	Few        string // its nations, or how many
	About      []string
	Arithmetic string // of its severity
	Records    []*registerLine
	Related    []webRelated
	Portion    data.Marking
	rows       int // of each of its tables that are on the page
}

// webRelated leads to another finding. No is 0 where that is not on the page.
type webRelated struct {
	No int
	ID string
}

// webChoices are what the findings can be narrowed to.
type webChoices struct {
	Reports                              []analysis.Question
	NoArea                               bool // some are on no single area
	Kinds, Areas, Nations, Organisations []analysis.Named
	Capabilities                         []webGroup
	Severities                           []analysis.Severity
}

type webGroup struct {
	Title string
	Of    []analysis.Named
}

// findings numbers the findings that stand on the page, and keeps the records that they rest on.
func (p *webPage) findings() {
	for _, q := range asked(p.Report) {
		p.Lists = append(p.Lists, webList{Report: q})
	}
	kinds, areas, nations, organisations, capabilities := map[string]bool{}, map[data.Area]bool{}, map[data.Nation]bool{}, map[data.Organisation]bool{}, map[data.Capability]bool{}
	for _, f := range p.Report.Findings {
		i := slices.IndexFunc(p.Lists, func(l webList) bool { return l.Report == f.Report })
		if i < 0 {
			continue
		}
		l := &p.Lists[i]
		l.All++
		if len(l.Findings) == webFindings {
			continue
		}
		p.Shown++
		p.numbers[f.ID] = p.Shown
		l.Findings = append(l.Findings, p.finding(f, p.Shown))
		kinds[f.Kind], areas[f.Area], capabilities[f.Capability] = true, true, true
		for _, n := range f.Nations {
			nations[n] = true
		}
		for _, o := range f.Organisations {
			organisations[o] = true
		}
	}
	for _, l := range p.Lists {
		for i := range l.Findings {
			f := &l.Findings[i]
			for _, id := range f.See {
				f.Related = append(f.Related, webRelated{p.numbers[id], id})
			}
		}
	}
	c := &p.Choices
	c.Reports, c.NoArea = asked(p.Report), areas[""]
	for _, k := range p.Kinds {
		if kinds[k.Name] {
			c.Kinds = append(c.Kinds, analysis.Named{Code: k.Name, Name: k.Title})
		}
	}
	for _, a := range p.Areas {
		if areas[data.Area(a.Code)] {
			c.Areas = append(c.Areas, analysis.Named{Code: a.Code, Name: sentence(a.Name)})
		}
		g := webGroup{Title: sentence(a.Name)}
		for _, l := range p.Capabilities {
			if string(l.Area) == a.Code && capabilities[l.Code] {
				g.Of = append(g.Of, analysis.Named{Code: string(l.Code), Name: l.Name})
			}
		}
		if len(g.Of) > 0 {
			c.Capabilities = append(c.Capabilities, g)
		}
	}
	for _, n := range p.Report.Nations {
		if nations[data.Nation(n.Code)] {
			c.Nations = append(c.Nations, n)
		}
	}
	for o := range organisations {
		c.Organisations = append(c.Organisations, analysis.Named{Code: string(o)})
	}
	slices.SortFunc(c.Organisations, func(a, b analysis.Named) int { return strings.Compare(a.Code, b.Code) })
	if p.Ranked {
		c.Severities = analysis.Severities[:len(analysis.Severities)-1] // from info on is all
	}
}

func (p *webPage) finding(f analysis.Finding, no int) webFinding {
	words := f.Tell()
	w := webFinding{
		Finding: f, Words: words, No: no, AreaTitle: sentence(areaTitle(f.Area)), Named: cmp.Or(p.leaves[f.Capability].Name, string(f.Capability)),
		Few: few(f.Nations), Portion: portion(words.Marking, p.Marking),
	}
	w.About = p.about(f)
	if w.rows = webRows; p.Profiled() {
		w.rows = webSubjects
	}
	if s := f.SeverityParts; s != nil {
		w.Arithmetic = fmt.Sprintf("size %s × urgency %s × (1 + share %s) / 2 = %s", s.Size, s.Urgency, s.Share, s.Score)
	}
	for _, e := range words.Evidence[:min(webEvidence, len(words.Evidence))] {
		w.Records = append(w.Records, p.Register.add(e))
	}
	return w
}

// about says what a finding is about, in names.
func (p *webPage) about(f analysis.Finding) (parts []string) {
	nations := names(f.Nations)
	const most = 6 // in names; more in codes
	for i, n := range nations {
		if len(nations) <= most {
			nations[i] = cmp.Or(p.nations[n], n)
		}
	}
	var initiatives []string
	for _, i := range f.Initiatives {
		if len(f.Initiatives) <= most {
			i = cmp.Or(p.initiatives[i], i)
		}
		initiatives = append(initiatives, i)
	}
	for _, list := range [][]string{nations, names(f.Organisations), initiatives} {
		if len(list) > 0 {
			parts = append(parts, strings.Join(list, ", "))
		}
	}
	return parts
}

// Runs are the numbers of its records.
func (f webFinding) Runs() []run {
	var numbers []int
	for _, l := range f.Records {
		numbers = append(numbers, l.No)
	}
	return runs(numbers)
}

// More is how many records are not on the page.
func (f webFinding) More() int { return len(f.Evidence) - len(f.Records) }

// Tables are the small tables of the finding.
func (f webFinding) Tables() (out []webDetail) {
	for _, d := range f.Details {
		w := webDetail{d, 0}
		if len(d.Columns) > 1 { // a list takes little room
			w.More = max(0, len(d.Rows)-f.rows)
			w.Rows = d.Rows[:len(d.Rows)-w.More]
		}
		out = append(out, w)
	}
	return out
}

// webDetail is a small table inside a finding, and how many of its rows are not on the page.
type webDetail struct {
	analysis.Detail
	More int
}

// WholeIn is where they are.
func (webDetail) WholeIn() string { return "the JSON report and the workbook have all" }

// Class names the columns that hold numbers.
func (d webDetail) Class() string {
	var of []string
	for i, c := range d.Columns {
		if c.Unit != "" {
			of = append(of, "n"+strconv.Itoa(i+1))
		}
	}
	return strings.Join(of, " ")
}

// Amount is a measure in words.
func (webFinding) Amount(m analysis.Measure) string { return data.Units(m.Value, m.Unit) }

// Codes are codes with spaces between them, for the script.
func (webFinding) Codes(list any) string {
	switch list := list.(type) {
	case []data.Nation:
		return strings.Join(names(list), " ")
	case []data.Organisation:
		return strings.Join(names(list), " ")
	}
	return ""
}

// few names nations where they are few.
func few(nations []data.Nation) string {
	const most = 3
	if len(nations) > most {
		return counted(len(nations), "nation")
	}
	return strings.Join(names(nations), " ")
}

// webMap is the heat map of an area, without the nations and capabilities of which nothing is known; they are named.
type webMap struct {
	Title          string
	Columns        []analysis.Leaf
	Rows           []webMapRow
	Unknown, Quiet string
}

type webMapRow struct {
	Code, Name string
	Cells      []webState
}

// webState is a state: its letter, its class in the style and its meaning.
type webState struct {
	Letter         analysis.State
	Class, Meaning string
}

func newState(s analysis.State) webState { return webState{s, stateClass(s), meaning(s)} }

func (p *webPage) heatMap() {
	for _, area := range p.Areas {
		columns, unknown := knownColumns(p.Report, p.leaves, data.Area(area.Code))
		if len(columns) == 0 {
			continue
		}
		m := webMap{Title: sentence(area.Name)}
		rows, quiet := knownRows(p.Report, columns)
		for _, j := range columns {
			m.Columns = append(m.Columns, p.leaves[p.HeatMap.Capabilities[j]])
		}
		for _, i := range rows {
			n := string(p.HeatMap.Nations[i])
			row := webMapRow{Code: n, Name: cmp.Or(p.nations[n], n)}
			for _, j := range columns {
				row.Cells = append(row.Cells, newState(p.HeatMap.At(i, j)))
			}
			m.Rows = append(m.Rows, row)
		}
		for i, c := range unknown {
			unknown[i] = cmp.Or(p.leaves[data.Capability(c)].Name, c)
		}
		for i, n := range quiet {
			quiet[i] = cmp.Or(p.nations[n], n)
		}
		m.Unknown, m.Quiet = strings.Join(unknown, ", "), strings.Join(quiet, ", ")
		p.Maps = append(p.Maps, m)
	}
	for _, s := range analysis.States {
		p.Legend = append(p.Legend, newState(s.State))
	}
}

// webTransfer is what one nation could give to another.
type webTransfer struct {
	Capability, From, To, Amount, Unit, Together string
	No                                           int
}

// transfers are the moves in the findings on transfers: the first table of each.
func (p *webPage) transfers() {
	for _, l := range p.Lists {
		for _, f := range l.Findings {
			if f.Kind != "transfer" || len(f.Details) == 0 || len(f.Details[0].Columns) < 4 {
				continue
			}
			for _, row := range f.Details[0].Rows {
				if len(p.Transfers) == webTransfers {
					p.MoreTransfers++
					continue
				}
				p.Transfers = append(p.Transfers, webTransfer{f.Named, row[0], row[1], row[2], f.Details[0].Columns[2].Unit, row[3], f.No})
			}
		}
	}
}

// webNation is a nation's page: what the report has about it.
type webNation struct {
	Code, Name    string
	Organisations string
	Profile       *analysis.Profile
	Demanders     []data.Organisation // of the profile's capabilities
	Lines         []webLine           // of the profile's capabilities
	Parts         []webPart
	States        []webStateOf
	Silent        int // capabilities of which nothing is known, or for which it is not eligible
	Reports       []webNationReport
	Gives, Takes  []webTransfer
	Partners      []webPartner // the first
	MorePartners  int
}

type webLine struct {
	webState
	analysis.Leaf
	Asked         []string
	OwnPlan, Held string
}

type webPart struct {
	analysis.Part
	Name string
}

type webStateOf struct {
	webState
	Of []string
}

// webNationReport is the findings of a report that name a nation: the first of those that name few others in words, the rest by
// number.
type webNationReport struct {
	Report analysis.Question
	All    int
	Told   []webFinding
	Rest   []int
}

// Runs are the numbers of the findings that are not told.
func (r webNationReport) Runs() []run { return runs(r.Rest) }

type webPartner struct {
	Name   string
	Shared int
}

func (p *webPage) nationPages() {
	if p.Profiled() {
		for i := range p.Profiles {
			p.Nations = append(p.Nations, p.profile(&p.Profiles[i]))
		}
		return
	}
	for i, n := range p.HeatMap.Nations {
		w := webNation{Code: string(n), Name: cmp.Or(p.nations[string(n)], string(n))}
		for _, c := range p.Cooperation.Nations {
			if c.Nation == n {
				w.Organisations = strings.Join(names(c.Organisations), " · ")
			}
		}
		for _, s := range analysis.States {
			of := webStateOf{webState: newState(s.State)}
			for j, c := range p.HeatMap.Capabilities {
				if p.HeatMap.At(i, j) == s.State {
					of.Of = append(of.Of, cmp.Or(p.leaves[c].Name, string(c)))
				}
			}
			switch {
			case silent(string(s.State)):
				w.Silent += len(of.Of)
			case len(of.Of) > 0:
				w.States = append(w.States, of)
			}
		}
		p.nation(&w, n)
		p.Nations = append(p.Nations, w)
	}
}

func (p *webPage) profile(n *analysis.Profile) webNation {
	w := webNation{Code: string(n.Nation), Name: n.Name, Organisations: strings.Join(names(n.Organisations), " · "), Profile: n, Demanders: n.Demanders()}
	for _, c := range n.Capabilities {
		line := webLine{webState: newState(c.State), Leaf: p.leaves[c.Capability], OwnPlan: amountOf(c.OwnPlan), Held: amountOf(c.Held)}
		line.Leaf.Name = cmp.Or(line.Leaf.Name, string(c.Capability))
		for _, o := range w.Demanders {
			target, usable := "–", "–"
			if a, ok := c.AskedBy(o); ok {
				target, usable = a.Target.String(), amountOf(a.Usable)
			}
			line.Asked = append(line.Asked, target, usable)
		}
		w.Lines = append(w.Lines, line)
	}
	for _, i := range n.Initiatives {
		w.Parts = append(w.Parts, webPart{i, cmp.Or(p.initiatives[i.Initiative], i.Initiative)})
	}
	p.nation(&w, n.Nation)
	return w
}

// nation adds what the findings and the cooperation say about a nation.
func (p *webPage) nation(w *webNation, n data.Nation) {
	const others = 4 // a finding that names more nations is about all of them rather than about this one
	for _, l := range p.Lists {
		about := webNationReport{Report: l.Report}
		for _, f := range l.Findings {
			switch {
			case !slices.Contains(f.Nations, n):
				continue
			case len(f.Nations) <= others && (len(about.Told) < webTold || w.Profile != nil):
				about.Told = append(about.Told, f)
			default:
				about.Rest = append(about.Rest, f.No)
			}
			about.All++
		}
		w.Reports = append(w.Reports, about)
	}
	for _, t := range p.Transfers {
		if t.From == w.Name {
			w.Gives = append(w.Gives, t)
		}
		if t.To == w.Name {
			w.Takes = append(w.Takes, t)
		}
	}
	w.Partners = partnersOf(p.Cooperation, n, p.nations)
	if more := len(w.Partners) - webPartners; more > 0 {
		w.Partners, w.MorePartners = w.Partners[:webPartners], more
	}
}

// partnersOf are the nations that a nation shares active initiatives with, those with most of them first.
func partnersOf(c analysis.Cooperation, n data.Nation, named map[string]string) (out []webPartner) {
	for _, t := range c.Together {
		switch n {
		case t.A:
			out = append(out, webPartner{cmp.Or(named[string(t.B)], string(t.B)), t.Initiatives})
		case t.B:
			out = append(out, webPartner{cmp.Or(named[string(t.A)], string(t.A)), t.Initiatives})
		}
	}
	slices.SortStableFunc(out, func(a, b webPartner) int { return b.Shared - a.Shared })
	return out
}

// webUnanswered is something that is not assessed, and why.
type webUnanswered struct {
	Kind, Reason string
	Count        int
	Subjects     []string
	More         int
}

// webMethod is a kind of finding with its text in parts.
type webMethod struct {
	analysis.Kind
	Parts []docPart
}

// docPart is a paragraph, or a list of terms and what they mean.
type docPart struct {
	Text  string
	Items []docItem
}

type docItem struct{ Name, Text string }

// docParts takes the text of an analysis apart: lines make paragraphs, and an indented line is an item.
func docParts(text string) (parts []docPart) {
	for l := range strings.Lines(text) {
		l = strings.TrimRight(l, "\n")
		last := len(parts) - 1
		if rest, item := strings.CutPrefix(l, "  "); item {
			name, means, _ := strings.Cut(strings.TrimSpace(rest), "  ")
			if last < 0 || parts[last].Text != "" {
				parts = append(parts, docPart{})
				last++
			}
			parts[last].Items = append(parts[last].Items, docItem{name, strings.TrimSpace(means)})
			continue
		}
		if last < 0 || len(parts[last].Items) > 0 {
			parts = append(parts, docPart{})
			last++
		}
		parts[last].Text = strings.TrimSpace(parts[last].Text + " " + l)
	}
	return parts
}
