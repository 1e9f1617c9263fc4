// Package analysis tells where two planning systems ask the same forces for the same thing (duplication), where nobody delivers
// (gap), and where one brings what the other lacks (complementarity). Each question is an Analysis: a documented value with a
// Run function, in a file of its own. Run puts them to a graph and makes one Report of what they find.
package analysis

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"deconflict/data"
	"deconflict/graph"
)

// Analysis is one kind of finding.
type Analysis struct {
	Name    string   // the kind, as in a finding's id
	Report  Question // the report that it belongs to
	Title   string   // the title of its slide
	Doc     string   // what it says, for a planner
	Formula string   // the definition, in the symbols of Symbols
	Params  []Param
	// Clause words what was found for the bottom line of the report. Where it is nil the findings are counted by the name of the kind.
	Clause func([]*Finding) []string
	// Measures are the numbers of a finding as columns, in the order in which it has them. They are in the unit of the finding's capability
	// where they name none. One that ends in a space is followed by an organisation. What differs from finding to finding has no column.
	Measures []Column
	// An analysis has one of the two: Each appends what there is to find on one capability, and is asked about several at a time; Run says all.
	Each func(*Pass, data.CapabilityRow, []Finding) []Finding
	Run  func(context.Context, *Pass) ([]Finding, error)
}

// Symbols explains the letters in formulas.
const Symbols = `n nation, c capability, o organisation, t day. Sums run over comparable records (the unit is the capability's own) that are active on t.
T(n,c,o,t) targets. R(c,o,t) requirement, or the sum of T over nations where o states none.
A(n,c,t) holdings: unknown where none is known, which is not 0. P(n,c,o,t) pledges to o.
U(n,c,o,t) usable supply: min(P, A); P alone where A is unknown; A alone where nothing was pledged to o.
Peaks are taken over the days from the as-of date to the horizon (open by default).`

// Param is a threshold that a user may set.
type Param struct {
	Name    string // after the kind and a point: concentration.share
	Doc     string
	Default data.Amount
}

// frameParams are the thresholds of the severity, which all kinds share.
var frameParams = []Param{
	{"severity.critical", "score from which a finding is critical", 75 * data.One / 100},
	{"severity.high", "score from which a finding is high", 50 * data.One / 100},
	{"severity.medium", "score from which a finding is medium", 25 * data.One / 100},
}

// Params are all thresholds, by full name.
func Params() []Param {
	out := slices.Clone(frameParams)
	for _, a := range All {
		for _, p := range a.Params {
			p.Name = a.Name + "." + p.Name
			out = append(out, p)
		}
	}
	return out
}

// Options choose what Run does. The zero Options run everything and show everything.
type Options struct {
	Kinds       []string               // names of analyses; none means all
	Reports     []Question             // none means all
	Params      map[string]data.Amount // thresholds by full name; Params lists them
	MinSeverity Severity               // leave out findings below; "" leaves out none
	NoSeverity  bool                   // show no ranking
	Program     string                 // name and version, for the report's head
	// Profiles asks for the pages of the scope's nations.
	Profiles bool
	// Again is what a command must be given to find the same again: the datasets and the flags that change the numbers.
	Again []string
}

// Pass is what an analysis gets to see.
type Pass struct {
	*graph.Graph
	Window        Window
	params        map[string]data.Amount
	limits        limits
	organisations []data.Organisation // that plan
	members       [][]bool            // whether each nation is in each of them on the as-of day
	numbers       []int               // in the vocabulary, of the nations that links are of; negative if that does not have one

	accounts []*Account // by the index of their links
	sums     []sums     // by the place of their capabilities
	book     *book      // made with the accounts, where somebody asks for it
	// communities finds the groups of nations that work together, once.
	communities func() communities

	// What several analyses, or many calls of one, have in common is made when the first asks.
	leftOut func() map[demand]bool
	near    *pairsByArea
	related func() *related
	records func() *aboutRecords
	marks   *marks

	unsaid *silence
	desk   *desk // of the goroutine that makes findings; nil once they are made
	shared *Pass // of all desks; nil where it is this one
}

// sums are what follows from the accounts of a capability.
type sums struct {
	demand   data.Amount // the sum over nations of the peak of what is asked of each
	supplies []Supply    // by organisation
	marking  onCapability
}

// silence is what could not be answered, by kind and reason.
type silence struct {
	mu      sync.Mutex
	of      map[[2]string][]unsaid
	records map[string][]string // that are in no sum, by the reason
}

// unsaid is a subject of which something could not be said; on a nation alone where it has one.
type unsaid struct {
	subject string
	nation  data.Nation
}

// Param is the value of a threshold by its full name.
func (p *Pass) Param(name string) data.Amount { return p.params[name] }

// Account is the account of a nation and a capability; nil where nothing is known of them.
func (p *Pass) Account(n data.Nation, c data.Capability) *Account {
	if l := p.Link(n, c); l != nil {
		return p.accountOf(l)
	}
	return nil
}

// accountOf is the account of a link. Where accounts are not kept it is made anew.
func (p *Pass) accountOf(l *graph.Link) *Account {
	if a := p.accounts[l.Index]; a != nil {
		return a
	}
	return newDesk(p.Dataset, p.Window).account(l)
}

// accountAt is the same, and where it must be made it is made at the desk, instead of what was made there before.
func (p *Pass) accountAt(l *graph.Link) *Account {
	if a := p.accounts[l.Index]; a != nil {
		return a
	}
	p.desk.clear()
	return p.desk.account(l)
}

// Accounts are the accounts of one capability in the order of their nations.
func (p *Pass) Accounts(c data.Capability) []*Account {
	if p.isAt(c) {
		return p.desk.theirs
	}
	if place := p.Place(c); place >= 0 {
		return p.accountsAt(place)
	}
	return nil
}

// accountsAt are the accounts of the capability at a place.
func (p *Pass) accountsAt(place int) []*Account {
	from, to := p.Stretch(place)
	return p.accounts[from:to:to]
}

// turnTo has the desk look at the capability at a place.
func (p *Pass) turnTo(place int) data.CapabilityRow {
	c := p.Capabilities()[place]
	p.desk.on, p.desk.area, p.desk.sums, p.desk.theirs = c.Capability, c.Area, &p.sums[place], p.accountsAt(place)
	return c
}

// isAt reports whether the desk is at a capability.
func (p *Pass) isAt(c data.Capability) bool {
	return p.desk != nil && data.Same(p.desk.on, c) && p.desk.sums != nil
}

// areaOf is the area of a capability.
func (p *Pass) areaOf(c data.Capability) data.Area {
	if p.isAt(c) {
		return p.desk.area
	}
	return p.Dataset.Capability(c).Area
}

// Wanted reports whether the scope asks for findings on n. An analysis that makes a finding for each nation need make no others.
func (p *Pass) Wanted(n data.Nation) bool {
	return len(p.Scope.Nations) == 0 || slices.Contains(p.Scope.Nations, n)
}

// NotAssessed records that a kind could not be answered for a subject, and why. It is part of the report.
func (p *Pass) NotAssessed(kind, reason, subject string) { p.NotAssessedOf("", kind, reason, subject) }

// NotAssessedOf records the same of one nation. It is part of the reports that look at that nation.
func (p *Pass) NotAssessedOf(n data.Nation, kind, reason, subject string) {
	p.unsaid.mu.Lock()
	defer p.unsaid.mu.Unlock()
	k := [2]string{kind, reason}
	p.unsaid.of[k] = append(p.unsaid.of[k], unsaid{subject, n})
}

// newPass readies a graph for analyses. The accounts are yet to be made.
func newPass(g *graph.Graph, opts Options) (*Pass, error) {
	p := &Pass{
		Graph: g, Window: Window{g.Scope.AsOf, g.Scope.Horizon},
		params: map[string]data.Amount{}, unsaid: &silence{of: map[[2]string][]unsaid{}, records: map[string][]string{}},
		organisations: g.Dataset.PlanningOrganisations(),
		communities:   sync.OnceValue(func() communities { return findCommunities(g) }),
		accounts:      make([]*Account, g.NumLinks()), sums: make([]sums, len(g.Capabilities())),
	}
	var names []string
	for _, param := range Params() {
		p.params[param.Name] = param.Default
		names = append(names, param.Name)
	}
	for name, value := range opts.Params {
		if _, ok := p.params[name]; !ok {
			return nil, &data.ValueError{Got: name, Want: "a parameter: " + strings.Join(names, ", "), Hint: hint(data.Nearest(name, names))}
		}
		p.params[name] = value
	}
	for _, o := range p.organisations {
		var members []bool
		for _, n := range g.Dataset.Nations {
			members = append(members, g.Dataset.Eligible(n.Nation, o, p.AsOf()))
		}
		p.members = append(p.members, members)
	}
	for _, n := range g.LinkedNations() {
		number, known := slices.BinarySearchFunc(g.Dataset.Nations, n, func(row data.NationRow, n data.Nation) int { return cmp.Compare(row.Nation, n) })
		if !known {
			number = -1
		}
		p.numbers = append(p.numbers, number)
	}
	p.limits = p.newLimits()
	p.leftOut = sync.OnceValue(p.demandsLeftOut)
	p.marks = p.newMarks()
	p.near = &pairsByArea{of: map[data.Area]pairs{}}
	p.related = func() *related { return relate(nil) } // until the findings are all there
	p.records = sync.OnceValue(p.aboutRecords)
	return p, nil
}

// keepingAccounts readies a graph for analyses that may look at all of it.
func keepingAccounts(g *graph.Graph, opts Options) (*Pass, error) {
	p, err := newPass(g, opts)
	if err == nil {
		p.book = p.newBook()
		p.atDesks(len(p.Capabilities()), func(p *Pass, next func() (int, bool)) {
			for i, ok := next(); ok; i, ok = next() {
				p.makeAccounts(i)
			}
		})
	}
	return p, err
}

// atDesks calls do on as many goroutines as there are cores, each with a desk of its own. next gives the numbers below n.
func (p *Pass) atDesks(n int, do func(p *Pass, next func() (int, bool))) {
	var given atomic.Int64
	next := func() (int, bool) {
		i := int(given.Add(1)) - 1
		return i, i < n
	}
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		d := newDesk(p.Dataset, p.Window)
		d.near = new(calendar)
		wait.Go(func() {
			do(p.at(d), next)
			if p.book != nil {
				p.book.close(d)
			}
		})
	}
	wait.Wait()
}

// at is the pass of whoever works at a desk.
func (p *Pass) at(d *desk) *Pass {
	own := *p
	own.desk, own.shared = d, p
	return &own
}

// makeAccounts makes the accounts of the capability at a place, and what follows from them.
func (p *Pass) makeAccounts(place int) {
	c, links := p.turnTo(place), p.LinksAt(place)
	s, accounts := p.desk.sums, p.desk.theirs
	p.desk.fetch(links)
	for i := range links {
		accounts[i] = p.desk.account(&links[i])
	}
	for _, a := range accounts {
		s.demand += a.peakAsked
		a.number = p.numbers[a.NationAt]
	}
	s.supplies = p.desk.supplies.open(len(p.organisations))
	for k := range p.organisations {
		s.supplies = append(s.supplies, p.newSupply(c, k, accounts))
	}
	s.supplies = p.desk.supplies.close(s.supplies)
	s.marking = p.markingOn(c)
	p.noteRecords(c)
	for _, a := range accounts {
		a.marking, a.Unit = &s.marking, c.Unit
	}
	if p.book != nil {
		p.book.enter(p.desk, place, accounts)
	}
}

func hint(near []string) string {
	if len(near) == 0 {
		return ""
	}
	return "did you mean " + strings.Join(near, " or ") + "?"
}

// Run puts every chosen analysis to the graph and makes a report of what they say. It rates, sorts and checks: an undocumented
// analysis, two findings of one id, and a finding without evidence are errors of the program.
func Run(ctx context.Context, g *graph.Graph, opts Options) (*Report, error) {
	p, chosen, all, err := analyse(ctx, g, opts)
	if err != nil {
		return nil, err
	}
	found := gathered(all)
	p.related = sync.OnceValue(func() *related { return relate(found) })
	return p.report(opts, chosen, found), nil
}

// analyse puts the chosen analyses to a graph whose accounts are kept.
func analyse(ctx context.Context, g *graph.Graph, opts Options) (p *Pass, chosen []*Analysis, found []*Finding, err error) {
	if chosen, err = Choose(opts); err != nil {
		return nil, nil, nil, err
	}
	if p, err = keepingAccounts(g, opts); err != nil {
		return nil, nil, nil, err
	}
	found, err = p.findings(ctx, chosen, opts)
	return p, chosen, found, err
}

// findings are what the analyses say, ranked.
func (p *Pass) findings(ctx context.Context, chosen []*Analysis, opts Options) ([]*Finding, error) {
	pieces, err := p.put(ctx, chosen, opts)
	if err != nil {
		return nil, err
	}
	all := rank(pieces)
	seen := make(map[string]bool, len(all))
	for _, f := range all {
		if seen[f.ID] {
			return nil, fmt.Errorf("two findings are called %s", f.ID)
		}
		seen[f.ID] = true
	}
	for _, piece := range pieces {
		hideSeverity(piece, opts)
	}
	return all, nil
}

// hideSeverity takes the ranking off findings where the options ask for none.
func hideSeverity(all []Finding, opts Options) {
	for i := range all {
		if opts.NoSeverity {
			all[i].Severity, all[i].SeverityParts = "", nil
		}
	}
}

// put puts the analyses to the graph, on as many cores as there are, and keeps the findings that the options ask for: in a piece those on all of it,
// and in one those on each capability. They have their ids.
func (p *Pass) put(ctx context.Context, chosen []*Analysis, opts Options) (pieces [][]Finding, err error) {
	n := len(p.Capabilities())
	pieces, errs := make([][]Finding, n+1), make([]error, n)
	if pieces[n], err = p.putWhole(ctx, chosen, opts); err != nil {
		return nil, err
	}
	setIDs(pieces[n])
	p.atDesks(n, func(p *Pass, next func() (int, bool)) {
		var some []Finding
		for i, ok := next(); ok; i, ok = next() {
			if errs[i] = ctx.Err(); errs[i] == nil {
				some, errs[i] = p.each(chosen, i, opts, some[:0])
				pieces[i] = slices.Clone(some)
				setIDs(pieces[i])
			}
		}
	})
	return pieces, cmp.Or(errs...)
}

func setIDs(found []Finding) {
	for i := range found {
		found[i].ID = string(found[i].AppendID(nil))
	}
}

// putWhole puts those analyses to the graph that look at all of it.
func (p *Pass) putWhole(ctx context.Context, chosen []*Analysis, opts Options) ([]Finding, error) {
	found := make([][]Finding, len(chosen))
	err := parallel(ctx, len(chosen), func(i int) error {
		if chosen[i].Run == nil {
			return nil
		}
		some, err := chosen[i].Run(ctx, p)
		if err == nil {
			found[i], err = p.finish(chosen[i], some, opts)
		}
		return err
	})
	return slices.Concat(found...), err
}

// parallel calls f with each number below n, on as many cores as there are, and returns the error of the smallest number.
func parallel(ctx context.Context, n int, f func(i int) error) error {
	errs := make([]error, n)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if errs[i] = ctx.Err(); errs[i] == nil {
					errs[i] = f(i)
				}
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Choose picks the analyses of the options, in the order of All.
func Choose(opts Options) ([]*Analysis, error) {
	names := Kinds()
	for _, k := range opts.Kinds {
		if !slices.Contains(names, k) {
			return nil, &data.ValueError{Got: k, Want: "a kind of finding: " + strings.Join(names, ", "), Hint: hint(data.Nearest(k, names))}
		}
	}
	var out []*Analysis
	for _, a := range All {
		if a.Title == "" || a.Doc == "" || a.Formula == "" || (a.Run == nil) == (a.Each == nil) {
			return nil, fmt.Errorf("analysis %q is not documented", a.Name)
		}
		if (len(opts.Kinds) == 0 || slices.Contains(opts.Kinds, a.Name)) && (len(opts.Reports) == 0 || slices.Contains(opts.Reports, a.Report)) {
			out = append(out, a)
		}
	}
	return out, nil
}

// Kinds are the names of all analyses, in their order.
func Kinds() []string {
	var out []string
	for _, a := range All {
		out = append(out, a.Name)
	}
	return out
}

// each appends what the analyses find on the capability at a place. Its accounts are made.
func (p *Pass) each(chosen []*Analysis, place int, opts Options, found []Finding) ([]Finding, error) {
	c := p.turnTo(place)
	for _, a := range chosen {
		if a.Each == nil {
			continue
		}
		from := len(found)
		some, err := p.finish(a, a.Each(p, c, found)[from:], opts)
		if err != nil {
			return nil, err
		}
		found = append(found[:from], some...)
	}
	return found, nil
}

// finish gives findings their area and severity, and keeps those that the options ask for.
func (p *Pass) finish(a *Analysis, found []Finding, opts Options) ([]Finding, error) {
	var of data.Capability // that the finding before is on, with its area and its sums
	var area data.Area
	var on *sums
	kept := found[:0]
	narrow := len(p.Scope.Nations)+len(p.Scope.Organisations) > 0
	for i := range found {
		f := &found[i]
		f.Report, f.Kind, f.pass = a.Report, a.Name, cmp.Or(p.shared, p)
		if on == nil || !data.Same(f.Capability, of) {
			of, on, area = f.Capability, p.sumsOf(f.Capability), ""
			if of != "" {
				area = p.areaOf(of)
			}
		}
		f.Area, f.marking = cmp.Or(f.Area, area), &on.marking
		if f.Score != nil {
			f.Severity, f.SeverityParts = p.rate(*f.Score)
		}
		switch {
		case len(f.Subject) == 0:
			return nil, fmt.Errorf("%s: a finding has no subject", a.Name)
		case f.Severity == "":
			return nil, fmt.Errorf("%s: a finding has no severity", f.AppendID(nil))
		case f.wording == nil && f.told == nil:
			return nil, fmt.Errorf("%s: a finding has no words", f.AppendID(nil))
		}
		if narrow && !concerns(f, p.Scope) || opts.MinSeverity != "" && !f.Severity.AtLeast(opts.MinSeverity) {
			continue
		}
		if i != len(kept) {
			kept = append(kept, *f)
		} else {
			kept = kept[:i+1]
		}
	}
	return kept, nil
}

// concerns reports whether a finding is about one of the scope's nations and organisations. A finding that names none concerns
// everybody.
func concerns(f *Finding, s data.Scope) bool {
	return meets(s.Nations, f.Nations) && (len(f.Organisations) == 0 || meets(s.Organisations, f.Organisations))
}

func meets[T comparable](wanted, have []T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(have, func(v T) bool { return slices.Contains(wanted, v) })
}

// related is which findings are about one subject, so that nothing is told twice without saying so. What is said of one nation and
// capability, or of two initiatives, points at what is said of the capability as a whole; what is said of the same nation and
// capability, or of the capability as a whole, points at each other.
type related struct {
	narrow map[onSubject][]string // ids
	whole  map[data.Capability][]string
}

type onSubject struct {
	nation     data.Nation
	capability data.Capability
}

func relate(fs []Finding) *related {
	r := &related{map[onSubject][]string{}, map[data.Capability][]string{}}
	for i := range fs {
		f := &fs[i]
		switch k, narrow := subjectOf(f); {
		case f.Capability == "" || f.Kind == InitiativeOverlap.Name && f.Verdict != fragmentation:
		case narrow:
			r.narrow[k] = append(r.narrow[k], f.ID)
		default:
			r.whole[f.Capability] = append(r.whole[f.Capability], f.ID)
		}
	}
	return r
}

// subjectOf is the nation and the capability of a finding that is about one of each.
func subjectOf(f *Finding) (k onSubject, narrow bool) {
	if len(f.Subject) > 1 && len(f.Nations) == 1 && f.Subject[0] == string(f.Nations[0]) {
		return onSubject{f.Nations[0], f.Capability}, true
	}
	return onSubject{}, false
}

// see are the other findings about a finding's subject.
func (p *Pass) see(f *Finding) (ids []string) {
	r := p.related()
	k, _ := subjectOf(f)
	if near := r.narrow[k]; slices.Contains(near, f.ID) {
		ids = append(ids, near...)
	}
	ids = append(ids, r.whole[f.Capability]...)
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == f.ID })
	slices.Sort(ids)
	return ids
}
