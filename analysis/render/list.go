package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// List is a part of the vocabulary in use.
type List struct {
	Name, Doc string
	// rows fills the table, and says in a sentence what it comes to.
	columns string
	rows    func(*Table, *data.Dataset, data.Scope) string
	own     bool // it is the program's own, whatever the dataset
}

// Lists are all of them, in the order of help. The scope chooses among their rows, and its day is the one asked about.
var Lists = []List{
	{"nations", "which nation is in which organisation on a day", "nation name", listNations, false},
	{"areas", "the capability areas", "area title capabilities:n", listAreas, false},
	{"capabilities", "the taxonomy, with the unit that each is counted in", "capability name area unit", listCapabilities, false},
	{"processes", "the planning processes", "process organisation name", listProcesses, false},
	{"crosswalk", "the terms of other schemes and what they mean; --format sssom to exchange it", "term label? predicate capability name? confidence? justification? author? date:d?", listCrosswalk, false},
	{"glossary", "what abbreviations and foreign words mean, for deconflict suggest", "term means note?", listGlossary, true},
	{"initiatives", "the standing cooperations of a day", "initiative name organisation kind? from:d? until:d? nations:n capabilities", listInitiatives, false},
	{"action-items", "the common NATO-EU proposals", "item set? chapter? title organisations? initiatives", listActionItems, false},
	{"analyses", "the kinds of findings", "kind report title", listAnalyses, true},
	{"parameters", "the thresholds that --param sets", "parameter default:n doc", listParameters, true},
	{"formats", "the output formats", "format endings doc", listFormats, true},
	{"markings", "the protective markings that are understood, and to whom what carries one may go", "marking policy rank:n goes_to also?", listMarkings, true},
}

// ListFormats are the formats of a list, and of mappings.
var ListFormats = []Format{Formats[0], Formats[1], {Name: "csv", Doc: "a table; no cell can start a formula", Ext: []string{".csv"}}, SSSOM}

// Write makes the list from a dataset and writes it.
func (l List) Write(w io.Writer, f Format, ds *data.Dataset, s data.Scope, o Options) error {
	if s.AsOf == 0 {
		s.AsOf = ds.AsOf
	}
	if f.Name == SSSOM.Name {
		if l.Name != "crosswalk" {
			return fmt.Errorf("%s is no list of mappings, as sssom is; crosswalk is one", l.Name)
		}
		return writeCrosswalk(w, ds, mappings(ds, s))
	}
	t := newTable(l.Name, l.Doc, l.columns)
	note := l.rows(&t, ds, s)
	marking := ds.Banner()
	if l.own {
		marking = data.Public
	}
	return t.write(w, f, listing{Marking: marking, AsOf: s.AsOf, Note: note}, o)
}

// WriteList writes a table that is a result by itself, under a marking, with a note that says what it comes to.
func (t Table) WriteList(w io.Writer, f Format, m data.Marking, note string, o Options) error {
	return t.write(w, f, listing{Marking: m, Note: note}, o)
}

func (t Table) write(w io.Writer, f Format, l listing, o Options) error {
	switch f.Name {
	case "json":
		l.List, l.Rows = t.Name, records(t)
		return encode(w, l)
	case "csv":
		return t.WriteCSV(w)
	}
	p := newPage(o)
	p.marking(l.Marking)
	p.table(t)
	if l.Note != "" {
		p.blank()
		p.prose(0, l.Note, strong)
	}
	p.marking(l.Marking)
	return p.writeTo(w)
}

// listing is a list as JSON.
type listing struct {
	List    string              `json:"list"`
	Marking data.Marking        `json:"marking"`
	AsOf    data.Date           `json:"as_of,omitzero"`
	Note    string              `json:"note,omitempty"`
	Rows    []map[string]string `json:"rows"`
}

func records(t Table) []map[string]string {
	out := []map[string]string{}
	for _, row := range t.Rows {
		m := map[string]string{}
		for i, v := range row {
			m[t.Columns[i].Name] = v
		}
		out = append(out, m)
	}
	return out
}

// table sets a table on the page, without its minor columns where there is no room for them all.
func (p *page) table(t Table) {
	shown := make([]int, len(t.Columns))
	for i := range shown {
		shown[i] = i
	}
	for {
		g := &grid{}
		for _, i := range shown {
			c := t.Columns[i]
			g.head = append(g.head, head{text: strings.ReplaceAll(c.Name, "_", " "), right: c.Kind == Number, fixed: i == 0 || c.Kind != Text && c.Kind != Codes})
		}
		for _, row := range t.Rows {
			var cells []string
			for _, i := range shown {
				cells = append(cells, row[i])
			}
			g.add(cells...)
		}
		last := -1
		for k, i := range shown {
			if t.Columns[i].Minor {
				last = k
			}
		}
		if last < 0 || g.least() <= p.width {
			p.grid(0, g)
			return
		}
		shown = slices.Delete(shown, last, last+1)
	}
}

func chosen[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }

// listNations has a column for each organisation that has members. Nations in no planning organisation come last.
func listNations(t *Table, ds *data.Dataset, s data.Scope) string {
	planning := ds.PlanningOrganisations()
	organisations := slices.Clone(planning)
	for _, m := range ds.Memberships {
		if !slices.Contains(organisations, m.Organisation) {
			organisations = append(organisations, m.Organisation)
		}
	}
	for _, o := range organisations {
		t.Columns = append(t.Columns, Column{Name: string(o)})
	}
	in := func(n data.Nation, of []data.Organisation) bool {
		return slices.ContainsFunc(of, func(o data.Organisation) bool { return ds.Member(n, o, s.AsOf) })
	}
	for _, last := range []bool{false, true} {
		for _, n := range ds.Nations {
			if in(n.Nation, planning) == last || !chosen(s.Nations, n.Nation) || len(s.Organisations) > 0 && !in(n.Nation, s.Organisations) {
				continue
			}
			row := []any{n.Nation, n.Name}
			for _, o := range organisations {
				row = append(row, yes(ds.Member(n.Nation, o, s.AsOf)))
			}
			t.add(row...)
		}
	}
	if len(planning) != 2 {
		return ""
	}
	return membership(ds, s.AsOf, planning[0], planning[1])
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "–"
}

// partnership is NATO's Partnership for Peace.
const partnership data.Organisation = "PfP"

// membership counts two organisations on a day: each, both, and who is in one alone.
func membership(ds *data.Dataset, day data.Date, a, b data.Organisation) string {
	var both, partner, other []data.Nation
	for _, n := range ds.Members(a, day) {
		switch {
		case ds.Member(n, b, day):
			both = append(both, n)
		case ds.Member(n, partnership, day):
			partner = append(partner, n)
		default:
			other = append(other, n)
		}
	}
	s := fmt.Sprintf("On %s: %s %d, %s %d, in both %d; %s %s-only", day, a, len(ds.Members(a, day)), b, len(ds.Members(b, day)),
		len(both), inWords(len(partner)+len(other)), a)
	if len(partner) > 0 {
		are := "are NATO partners"
		if len(partner) == 1 {
			are = "is a NATO partner"
		}
		s += fmt.Sprintf(", of which %s %s (%s)", inWords(len(partner)), are, partnership)
		if len(other) > 0 {
			var left []string
			for _, n := range other {
				left = append(left, ds.NationName(n))
			}
			s += ": all but " + strings.Join(left, ", ")
		}
	}
	return s + "."
}

func inWords(n int) string {
	words := []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

func listAreas(t *Table, ds *data.Dataset, s data.Scope) string {
	for _, a := range ds.Areas() {
		n := 0
		for _, c := range ds.Capabilities {
			if c.Area == a {
				n++
			}
		}
		if chosen(s.Areas, a) {
			t.add(a, a.Title(), n)
		}
	}
	return ""
}

func listCapabilities(t *Table, ds *data.Dataset, s data.Scope) string {
	for _, c := range ds.Capabilities {
		if s.HasCapability(c) {
			t.add(c.Capability, c.Name, c.Area, c.Unit)
		}
	}
	return ""
}

func listProcesses(t *Table, ds *data.Dataset, s data.Scope) string {
	for _, p := range ds.Processes {
		if chosen(s.Organisations, p.Organisation) {
			t.add(p.Process, p.Organisation, p.Name)
		}
	}
	return ""
}

// mappings are those of the crosswalk to a capability that the scope takes in or, where it takes in all, to none.
func mappings(ds *data.Dataset, s data.Scope) (out []data.Mapping) {
	for _, m := range ds.Crosswalk {
		if m.Object == data.NoTermFound && len(s.Areas) == 0 || m.Object != data.NoTermFound && s.HasCapability(ds.Capability(data.Capability(m.Object))) {
			out = append(out, m)
		}
	}
	return out
}

func listCrosswalk(t *Table, ds *data.Dataset, s data.Scope) string {
	counting := 0
	for _, m := range mappings(ds, s) {
		scheme, _, _ := strings.Cut(m.Subject, ":")
		t.add(m.Subject, ds.Schemes[scheme][m.Subject], m.Predicate, m.Object, ds.Capability(data.Capability(m.Object)).Name, m.Confidence, m.Justification, m.Author, m.Date)
		if m.Predicate == data.ExactMatch || m.Predicate == data.CloseMatch {
			counting++
		}
	}
	return fmt.Sprintf("%s, %d of them exact or close: by these a term stands for its capability. By a broader or narrower one a record is attached without being counted.",
		counted(len(t.Rows), "mapping"), counting)
}

func listGlossary(t *Table, ds *data.Dataset, _ data.Scope) string {
	for _, g := range ds.Glossary {
		t.add(g.Term, strings.Join(g.Means, "; "), g.Note)
	}
	return counted(len(t.Rows), "term") + ". A glossary.csv with the columns term, means and note adds to them."
}

func listInitiatives(t *Table, ds *data.Dataset, s data.Scope) string {
	serves, members := map[string][]data.Capability{}, map[string][]data.Nation{}
	for _, c := range ds.Contributions {
		if s.HasCapability(ds.Capability(c.Capability)) && !slices.Contains(serves[c.Initiative], c.Capability) {
			serves[c.Initiative] = append(serves[c.Initiative], c.Capability)
		}
	}
	for _, p := range ds.Participants {
		if p.Role.In() && p.Period.Contains(s.AsOf) && !slices.Contains(members[p.Initiative], p.Nation) {
			members[p.Initiative] = append(members[p.Initiative], p.Nation)
		}
	}
	initiatives := slices.SortedFunc(slices.Values(ds.Initiatives), func(a, b data.Initiative) int { return strings.Compare(a.Initiative, b.Initiative) })
	for _, i := range initiatives {
		in := members[i.Initiative]
		of := serves[i.Initiative]
		slices.Sort(of)
		if i.Period.Contains(s.AsOf) && chosen(s.Organisations, i.Organisation) && (len(s.Areas) == 0 || len(of) > 0) &&
			(len(s.Nations) == 0 || slices.ContainsFunc(s.Nations, func(n data.Nation) bool { return slices.Contains(in, n) })) {
			t.add(i.Initiative, i.Name, i.Organisation, i.Kind, i.Period.From, i.Period.Until, len(in), strings.Join(names(of), "; "))
		}
	}
	return fmt.Sprintf("%s active on %s.", counted(len(t.Rows), "initiative"), s.AsOf)
}

func listActionItems(t *Table, ds *data.Dataset, s data.Scope) string {
	serving := map[string][]string{}
	for _, l := range ds.ActionLinks {
		serving[l.Item] = append(serving[l.Item], l.Initiative)
	}
	for _, i := range ds.ActionItems {
		if len(s.Areas) > 0 && !slices.ContainsFunc(s.Areas, func(a data.Area) bool { return slices.Contains(i.Areas, string(a)) }) {
			continue
		}
		t.add(i.Item, i.Set, i.Chapter, i.Title, strings.Join(i.Organisations, "; "), strings.Join(serving[i.Item], "; "))
	}
	return fmt.Sprintf("%d of the 74 common proposals of 2016 and 2017.", len(ds.ActionItems))
}

func listAnalyses(t *Table, _ *data.Dataset, _ data.Scope) string {
	for _, a := range analysis.All {
		t.add(a.Name, a.Report, a.Title)
	}
	return "deconflict explain KIND tells what one says and its formula."
}

func listParameters(t *Table, _ *data.Dataset, _ data.Scope) string {
	for _, p := range analysis.Params() {
		t.add(p.Name, p.Default, p.Doc)
	}
	return ""
}

func listFormats(t *Table, _ *data.Dataset, _ data.Scope) string {
	for _, f := range append(slices.Clone(Formats), Figures) {
		t.add(f.Name, strings.Join(f.Ext, " "), f.Doc)
	}
	return ""
}

func listMarkings(t *Table, _ *data.Dataset, _ data.Scope) string {
	for _, m := range data.Markings() {
		whose := string(m.Policy)
		if m.Policy == data.AnyNation {
			whose = "any nation"
		}
		t.add(m.Marking, whose, m.Rank, m.GoesTo(), strings.Join(m.Also, "; "))
	}
	for _, m := range []struct{ marking, policy, to string }{
		{"NOTIONAL", "made up", "whoever the marking after it says; everybody where it stands alone"},
		{"EXERCISE", "made up", "likewise"},
		{"// REL TO A, B", "any", "those named; where none of them is anyway among those to whom it goes, these too"},
		{"// NO RELEASE BEYOND ORIGINATORS", "any", "nobody: records that were put together may go to nobody in common"},
		{"// any other restriction", "any", "those named after REL TO, and a nation's own to the nation"},
		{"no marking", "", "nobody"},
	} {
		t.add(m.marking, m.policy, "", m.to, "")
	}
	return "Under one policy the highest counts, restrictions add up, and it goes to those alone to whom every record may; different policies are shown side by side. " +
		"A nation's words may follow its code or name. This program is not accredited for classified data."
}
