package data

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Nation is a nation's ISO 3166-1 alpha-3 code. Only ParseNation makes one out of text.
type Nation string

// Organisation is NATO, EU, OTHER or any other that a dataset declares. OTHER marks what nations carry outside both.
type Organisation string

// The organisations that the program knows by name.
const (
	NATO  Organisation = "NATO"
	EU    Organisation = "EU"
	Other Organisation = "OTHER"
)

// InWords is the organisation as a sentence has it: "the EU", "NATO".
func (o Organisation) InWords() string {
	if o == EU {
		return "the EU"
	}
	return string(o)
}

// Process is a planning process of one organisation, such as NDPP, or the organisation itself where the process is not known.
type Process string

// National is the process of a nation's own plan, which belongs to no organisation.
const National Process = "NATIONAL"

// Capability is the code of a leaf of the taxonomy.
type Capability string

// Area is a group of capabilities, such as medical. Areas are data: they come from the capabilities table.
type Area string

// Title is the area in words: "military mobility".
func (a Area) Title() string { return strings.ReplaceAll(string(a), "-", " ") }

// NationRow is a row of the nations table.
type NationRow struct {
	Nation   Nation
	Name     string
	Aliases  []string // other names and codes, as planners write them
	Position Position
}

// Membership says that a nation is in an organisation during a period.
type Membership struct {
	Nation       Nation
	Organisation Organisation
	Period       Period
	Sources      []string
	Marking      Marking // that of its dataset; where that has none, who is a member is taken to be known to all
	Position     Position
}

// ProcessRow is a row of the processes table. A process without organisation is NATIONAL.
type ProcessRow struct {
	Process      Process
	Organisation Organisation
	Name         string
	Position     Position
}

// CapabilityRow is a row of the capabilities table.
type CapabilityRow struct {
	Capability Capability
	Name       string
	Area       Area
	Unit       string // the one unit in which it is counted
	Definition string
	NATOArea   string // where NATO's public wording places it
	CDP2023    string // the EU's 2023 priorities that cover it, separated by ';'
	JCA        string // the Joint Capability Area
	Position   Position
}

// Predicate is how a term of another scheme relates to a capability, in the words of SKOS.
type Predicate string

// The predicates of the crosswalk. Exact and close matches resolve; broad and narrow ones attach without counting.
const (
	ExactMatch   Predicate = "skos:exactMatch"
	CloseMatch   Predicate = "skos:closeMatch"
	BroadMatch   Predicate = "skos:broadMatch"
	NarrowMatch  Predicate = "skos:narrowMatch"
	RelatedMatch Predicate = "skos:relatedMatch"
)

// AllPredicates are the predicates, the closest first.
var AllPredicates = []Predicate{ExactMatch, CloseMatch, BroadMatch, NarrowMatch, RelatedMatch}

// NoTermFound is the object of a mapping that says: this term has no counterpart in the taxonomy.
const NoTermFound = "sssom:NoTermFound"

// CapabilityPrefix is the prefix of capabilities in mapping sets, and CapabilityIRI what it stands for. The code follows, escaped as a
// part of a path.
const (
	CapabilityPrefix = "deconflict"
	CapabilityIRI    = "urn:deconflict:capability:"
)

// MarkingComment is how the comment of a mapping set begins that is its marking: SSSOM has no other place for one.
const MarkingComment = "Marking: "

// Mapping is a row of the crosswalk, in the columns of SSSOM (https://mapping-commons.github.io/sssom/).
type Mapping struct {
	Subject       string
	Predicate     Predicate
	Object        string
	Justification string
	Confidence    string
	Author        string
	Date          Date
	Position      Position
}

// GlossaryRow is a row of the glossary: what an abbreviation, a synonym or a word of another language means in the words of the
// taxonomy. It serves the likeness of texts alone; no record is read by it.
type GlossaryRow struct {
	Term     string
	Means    []string // words, or the code or name of a capability
	Note     string
	Position Position
}

// Vocabulary is what the words of the other tables mean: nations, their memberships, processes, capabilities, and the terms of
// other schemes. It is read-only once NewVocabulary or a method that begins with With has made it.
type Vocabulary struct {
	Nations      []NationRow     // by code
	Memberships  []Membership    // by nation, organisation and first day
	Processes    []ProcessRow    // by code
	Capabilities []CapabilityRow // by area and code
	Crosswalk    []Mapping       // in the order given
	Glossary     []GlossaryRow   // by term

	// Lent finds a source of the memberships by its code, where these are borrowed from the reference tables: the dataset's own sources
	// lack it. Set by whoever lends them; nil where nothing is borrowed.
	Lent func(code string) (Source, bool)

	nation       map[string]int // folded code, name or alias → index
	process      map[string]int
	organisation map[string]Organisation
	capability   map[string]int // folded code or name → index
	code         map[Capability]int
	distinct     bool                     // no two codes of capabilities fold alike: a code is found as it stands
	run          map[Process]Organisation // by whom a process is run, as records name it
	member       map[membershipKey][]Period
	mapping      map[string][]int // folded subject → indexes
}

type membershipKey struct {
	nation       Nation
	organisation Organisation
}

// NewVocabulary indexes its tables, which it sorts.
func NewVocabulary(nations []NationRow, memberships []Membership, processes []ProcessRow, capabilities []CapabilityRow, crosswalk []Mapping) *Vocabulary {
	return new(Vocabulary).WithNations(nations).WithMemberships(memberships).WithProcesses(processes).WithCapabilities(capabilities).WithCrosswalk(crosswalk)
}

// WithNations is v with other nations, which it sorts. As in all such copies, what does not hang on the new rows is shared with v: most
// datasets bring one table of words or none, and what the others mean need not be found out again.
func (v *Vocabulary) WithNations(rows []NationRow) *Vocabulary {
	w := *v
	sortRows(rows, func(a, b *NationRow) int { return strings.Compare(string(a.Nation), string(b.Nation)) })
	w.Nations, w.nation = rows, make(map[string]int, 8*len(rows))
	for i := range rows {
		for _, name := range rows[i].Aliases {
			w.nation[Fold(name)] = i
		}
		w.nation[Fold(rows[i].Name)] = i
	}
	for i := range rows { // a code means its own nation, whatever aliases say
		w.nation[Fold(string(rows[i].Nation))] = i
	}
	return &w
}

// WithMemberships is v with other memberships, which it sorts.
func (v *Vocabulary) WithMemberships(rows []Membership) *Vocabulary {
	w := *v
	sortRows(rows, func(a, b *Membership) int {
		return cmp.Or(strings.Compare(string(a.Nation), string(b.Nation)), strings.Compare(string(a.Organisation), string(b.Organisation)),
			cmp.Compare(a.Period.From, b.Period.From))
	})
	w.Memberships, w.member = rows, make(map[membershipKey][]Period, len(rows))
	for i := range rows {
		k := membershipKey{rows[i].Nation, rows[i].Organisation}
		w.member[k] = append(w.member[k], rows[i].Period)
	}
	w.indexOrganisations()
	return &w
}

// WithProcesses is v with other processes, which it sorts.
func (v *Vocabulary) WithProcesses(rows []ProcessRow) *Vocabulary {
	w := *v
	sortRows(rows, func(a, b *ProcessRow) int { return strings.Compare(string(a.Process), string(b.Process)) })
	w.Processes, w.process = rows, make(map[string]int, len(rows))
	for i, p := range rows {
		w.process[Fold(string(p.Process))] = i
	}
	w.indexOrganisations()
	return &w
}

// indexOrganisations finds the organisations that the memberships and processes name, and who runs what.
func (v *Vocabulary) indexOrganisations() {
	v.organisation, v.run = map[string]Organisation{}, map[Process]Organisation{}
	for _, o := range []Organisation{NATO, EU, Other} {
		v.organisation[Fold(string(o))] = o
	}
	folded := map[Organisation]string{} // memberships are many, and their organisations few
	for i := range v.Memberships {
		o := v.Memberships[i].Organisation
		f, ok := folded[o]
		if !ok {
			f = Fold(string(o))
			folded[o] = f
		}
		v.organisation[f] = o
	}
	for _, p := range v.Processes {
		v.run[p.Process] = p.Organisation
		if p.Organisation != "" {
			v.organisation[Fold(string(p.Organisation))] = p.Organisation
		}
	}
	for f, o := range v.organisation { // named where the process is not known
		if _, ok := v.process[f]; !ok {
			v.run[Process(o)] = o
		}
	}
}

// WithCapabilities is v with other capabilities, which it sorts.
func (v *Vocabulary) WithCapabilities(rows []CapabilityRow) *Vocabulary {
	w := *v
	sortRows(rows, func(a, b *CapabilityRow) int {
		if a.Area != b.Area {
			return strings.Compare(string(a.Area), string(b.Area))
		}
		return strings.Compare(string(a.Capability), string(b.Capability))
	})
	named := 0 // by more than their codes
	for i := range rows {
		if rows[i].Name != string(rows[i].Capability) {
			named++
		}
	}
	w.Capabilities, w.capability, w.code = rows, make(map[string]int, len(rows)+named), make(map[Capability]int, len(rows))
	var codes sync.WaitGroup
	codes.Go(func() {
		for i := range rows {
			w.code[rows[i].Capability] = i
		}
	})
	for i := range rows {
		w.capability[Fold(string(rows[i].Capability))] = i
	}
	w.distinct = len(w.capability) == len(rows)
	for i := range rows {
		if rows[i].Name == string(rows[i].Capability) {
			continue
		}
		name := Fold(rows[i].Name)
		if other, ok := w.capability[name]; !ok || Fold(string(rows[other].Capability)) != name { // a code means its own capability, whatever names say
			w.capability[name] = i
		}
	}
	codes.Wait()
	return &w
}

// WithCrosswalk is v with another crosswalk, whose order it keeps.
func (v *Vocabulary) WithCrosswalk(rows []Mapping) *Vocabulary {
	w := *v
	w.Crosswalk, w.mapping = rows, make(map[string][]int, len(rows))
	for i := range rows {
		f := Fold(rows[i].Subject)
		w.mapping[f] = append(w.mapping[f], i)
	}
	return &w
}

// WithGlossary is v with another glossary, whose order it keeps.
func (v *Vocabulary) WithGlossary(rows []GlossaryRow) *Vocabulary {
	w := *v
	w.Glossary = rows
	return &w
}

// sortRows sorts rows that mostly are sorted, as those of the reference are, or are the rows of a dataset with those of the reference after them,
// either of which are sorted. Rows are large: these are merged from the last, so that each moves once.
func sortRows[T any](rows []T, compare func(a, b *T) int) {
	n := ascending(rows, compare)
	if n == len(rows) {
		return
	}
	if n+ascending(rows[n:], compare) < len(rows) {
		slices.SortStableFunc(rows, func(a, b T) int { return compare(&a, &b) })
		return
	}
	after := slices.Clone(rows[n:])
	for to := len(rows) - 1; len(after) > 0; to-- {
		if last := &after[len(after)-1]; n > 0 && compare(&rows[n-1], last) > 0 {
			n--
			rows[to] = rows[n]
		} else {
			rows[to] = *last
			after = after[:len(after)-1]
		}
	}
}

// ascending is how many of the first rows are sorted.
func ascending[T any](rows []T, compare func(a, b *T) int) int {
	for i := 1; i < len(rows); i++ {
		if compare(&rows[i-1], &rows[i]) > 0 {
			return i
		}
	}
	return len(rows)
}

// FindNation finds the nation of an alpha-3 or alpha-2 code, EL, UK, a name or an alias.
func (v *Vocabulary) FindNation(s string) (n Nation, ok bool) {
	i, ok := v.nation[Fold(s)]
	if !ok {
		return "", false
	}
	return v.Nations[i].Nation, true
}

// ParseNation reads what FindNation finds. It looks for the near misses of a text that is no nation, which is dear.
func (v *Vocabulary) ParseNation(s string) (Nation, error) {
	if n, ok := v.FindNation(s); ok {
		return n, nil
	}
	var names []string
	for _, n := range v.Nations {
		names = append(append(names, string(n.Nation), n.Name), n.Aliases...)
	}
	var hints []string
	for _, near := range Nearest(s, names) {
		n := v.Nations[v.nation[Fold(near)]]
		if h := fmt.Sprintf("%s, %s", n.Nation, n.Name); !slices.Contains(hints, h) {
			hints = append(hints, h)
		}
	}
	hint := ""
	if len(hints) > 0 {
		hint = "did you mean " + strings.Join(hints, "; or ") + "?"
	}
	return "", &ValueError{Got: s, Want: "a nation's ISO code or name", Hint: hint}
}

// NationName is the name of n, or its code where it has none.
func (v *Vocabulary) NationName(n Nation) string {
	if i, ok := v.nation[Fold(string(n))]; ok {
		return v.Nations[i].Name
	}
	return string(n)
}

// FindOrganisation finds an organisation that has a membership or a process, NATO, EU or OTHER.
func (v *Vocabulary) FindOrganisation(s string) (o Organisation, ok bool) {
	o, ok = v.organisation[Fold(s)]
	return o, ok
}

// ParseOrganisation reads the name of an organisation that FindOrganisation finds. It looks for the near misses of any other, which is dear.
func (v *Vocabulary) ParseOrganisation(s string) (Organisation, error) {
	if o, ok := v.FindOrganisation(s); ok {
		return o, nil
	}
	var names []string
	for _, o := range v.organisation {
		names = append(names, string(o))
	}
	slices.Sort(names)
	return "", &ValueError{Got: s, Want: "an organisation: " + strings.Join(names, ", "), Hint: DidYouMean(Nearest(s, names))}
}

// ParseProcess reads the code of a process, or the name of an organisation where the process is not known.
func (v *Vocabulary) ParseProcess(s string) (Process, error) {
	if i, ok := v.process[Fold(s)]; ok {
		return v.Processes[i].Process, nil
	}
	if o, ok := v.organisation[Fold(s)]; ok && o != Other {
		return Process(o), nil
	}
	var names []string
	for _, p := range v.Processes {
		names = append(names, string(p.Process))
	}
	return "", &ValueError{Got: s, Want: "a process or an organisation: " + strings.Join(names, ", "), Hint: DidYouMean(Nearest(s, names))}
}

// OrganisationOf is the organisation that runs p; none for a nation's own plan.
func (v *Vocabulary) OrganisationOf(p Process) Organisation {
	if o, ok := v.run[p]; ok { // asked for every record
		return o
	}
	if i, ok := v.process[Fold(string(p))]; ok {
		return v.Processes[i].Organisation
	}
	return v.organisation[Fold(string(p))]
}

// PlanningOrganisations are those that run a process, in the order of their names.
func (v *Vocabulary) PlanningOrganisations() []Organisation {
	var out []Organisation
	for _, p := range v.Processes {
		if p.Organisation != "" && p.Organisation != Other && !slices.Contains(out, p.Organisation) {
			out = append(out, p.Organisation)
		}
	}
	slices.Sort(out)
	return out
}

// AllCapabilities is the hint of ParseCapability where a text has no near miss.
const AllCapabilities = "deconflict list capabilities shows them all"

// FindCapability finds the capability of a code or name.
func (v *Vocabulary) FindCapability(s string) (c Capability, ok bool) {
	if v.distinct {
		if i, ok := v.code[Capability(s)]; ok { // as most are written, which need not be folded then
			return v.Capabilities[i].Capability, true
		}
	}
	i, ok := v.capability[Fold(s)]
	if !ok {
		return "", false
	}
	return v.Capabilities[i].Capability, true
}

// ParseCapability reads a capability's code or name. It looks for the near misses of a text that is neither, which is dear.
func (v *Vocabulary) ParseCapability(s string) (Capability, error) {
	if c, ok := v.FindCapability(s); ok {
		return c, nil
	}
	var names []string
	for _, c := range v.Capabilities {
		names = append(names, string(c.Capability), c.Name)
	}
	var hints []string
	for _, near := range Nearest(s, names) {
		c := v.Capabilities[v.capability[Fold(near)]]
		if h := fmt.Sprintf("%s, %s", c.Capability, c.Name); !slices.Contains(hints, h) {
			hints = append(hints, h)
		}
	}
	hint := AllCapabilities
	if len(hints) > 0 {
		hint = "did you mean " + strings.Join(hints, "; or ") + "?"
	}
	return "", &ValueError{Got: s, Want: "a capability's code or name, or a code that the crosswalk maps", Hint: hint}
}

// Phrase is a text whose capability is asked for.
type Phrase struct {
	Text       string
	ID         string // of its row; mostly none
	Capability string // the row's cell, as it stands there
	Marking    Marking
	Position   Position
}

// Read resolves a capability cell: a code, a name, or a term that the crosswalk maps. exact is false for a term that is only
// broader or narrower than the capabilities returned: they are what it touches, and its quantity counts for none of them. A
// term that the crosswalk knows to have no counterpart gives no capability, and is known; of what is not, ParseCapability has the near
// misses.
func (v *Vocabulary) Read(s string) (capabilities []Capability, exact, known bool) {
	if c, ok := v.FindCapability(s); ok {
		return []Capability{c}, true, true
	}
	mappings := v.mapping[Fold(s)]
	if len(mappings) == 0 {
		return nil, false, false
	}
	for _, m := range mappings {
		m := v.Crosswalk[m]
		if m.Predicate != ExactMatch && m.Predicate != CloseMatch {
			continue
		}
		if c, ok := v.FindCapability(m.Object); ok {
			return []Capability{c}, true, true
		}
	}
	for _, m := range mappings {
		m := v.Crosswalk[m]
		if m.Predicate != BroadMatch && m.Predicate != NarrowMatch {
			continue
		}
		if c, ok := v.FindCapability(m.Object); ok && !slices.Contains(capabilities, c) {
			capabilities = append(capabilities, c)
		}
	}
	slices.Sort(capabilities)
	return capabilities, false, true
}

// SameAs is the capability that a term of another scheme names by another code: the crosswalk has a single mapping of it, and an exact one.
func (v *Vocabulary) SameAs(s string) (Capability, bool) {
	mappings := v.mapping[Fold(s)]
	if len(mappings) != 1 || v.Crosswalk[mappings[0]].Predicate != ExactMatch {
		return "", false
	}
	c, err := v.ParseCapability(v.Crosswalk[mappings[0]].Object)
	return c, err == nil
}

// Related are the capabilities to which the crosswalk relates a term without saying that it means them: proposals that nobody has
// confirmed are among them.
func (v *Vocabulary) Related(term string) (capabilities []Capability) {
	for _, i := range v.mapping[Fold(term)] {
		m := v.Crosswalk[i]
		if c, ok := v.FindCapability(m.Object); ok && m.Predicate == RelatedMatch {
			capabilities = append(capabilities, c)
		}
	}
	slices.Sort(capabilities)
	return slices.Compact(capabilities)
}

// Place is where the row of c stands among Capabilities, if it does.
func (v *Vocabulary) Place(c Capability) (place int, ok bool) {
	place, ok = v.code[c]
	return place, ok
}

// Capability returns the row of c; an empty row if c is not in the taxonomy.
func (v *Vocabulary) Capability(c Capability) CapabilityRow {
	if i, ok := v.code[c]; ok {
		return v.Capabilities[i]
	}
	return CapabilityRow{Capability: c}
}

// Areas are the areas of the taxonomy, in the order of their names.
func (v *Vocabulary) Areas() []Area {
	var out []Area
	for _, c := range v.Capabilities {
		if !slices.Contains(out, c.Area) {
			out = append(out, c.Area)
		}
	}
	return out
}

// ParseArea reads an area's code or title.
func (v *Vocabulary) ParseArea(s string) (Area, error) {
	var names []string
	for _, a := range v.Areas() {
		if Fold(string(a)) == Fold(s) {
			return a, nil
		}
		names = append(names, string(a))
	}
	return "", &ValueError{Got: s, Want: "an area: " + strings.Join(names, ", "), Hint: DidYouMean(Nearest(s, names))}
}

// Member reports whether n is in o on day t.
func (v *Vocabulary) Member(n Nation, o Organisation, t Date) bool {
	for _, p := range v.member[membershipKey{n, o}] {
		if p.Contains(t) {
			return true
		}
	}
	return false
}

// MemberDuring are the periods in which n is in o.
func (v *Vocabulary) MemberDuring(n Nation, o Organisation) []Period {
	return v.member[membershipKey{n, o}]
}

// Eligible reports whether n can be asked by o, or join what o carries, on day t: its members can; all can join what nations
// carry outside both organisations.
func (v *Vocabulary) Eligible(n Nation, o Organisation, t Date) bool {
	return o == Other || v.Member(n, o, t)
}

// Members are the nations in o on day t, by code.
func (v *Vocabulary) Members(o Organisation, t Date) []Nation {
	var out []Nation
	for _, n := range v.Nations {
		if v.Member(n.Nation, o, t) {
			out = append(out, n.Nation)
		}
	}
	return out
}
