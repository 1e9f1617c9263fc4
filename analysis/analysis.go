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
	// An analysis has one of the two: Each says what there is on one capability, and is asked about several at a time; Run says all.
	Each func(*Pass, data.CapabilityRow) []Finding
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
	Window   Window
	params   map[string]data.Amount
	accounts []*Account // by the index of their links
	supplies map[supplyKey]*Supply
	demands  map[data.Capability]data.Amount // what is asked of all nations
	// communities finds the groups of nations that work together, once.
	communities func() communities

	// What several analyses, or many calls of one, have in common is made when the first asks.
	leftOut func() map[demand]bool
	near    *pairsByArea
	related func() *related
	records func() *aboutRecords
	marks   func() *marks

	mu          sync.Mutex
	notAssessed map[[2]string][]unsaid // by kind and reason
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
		return p.accounts[l.Index]
	}
	return nil
}

// Accounts are the accounts of one capability in the order of their nations.
func (p *Pass) Accounts(c data.Capability) []*Account {
	from, n := 0, 0 // the links of a capability stand together
	for l := range p.Links(c) {
		if n == 0 {
			from = l.Index
		}
		n++
	}
	return p.accounts[from : from+n : from+n]
}

// Wanted reports whether the scope asks for findings on n. An analysis that makes a finding for each nation need make no others.
func (p *Pass) Wanted(n data.Nation) bool { return meets(p.Scope.Nations, []data.Nation{n}) }

// NotAssessed records that a kind could not be answered for a subject, and why. It is part of the report.
func (p *Pass) NotAssessed(kind, reason, subject string) { p.NotAssessedOf("", kind, reason, subject) }

// NotAssessedOf records the same of one nation. It is part of the reports that look at that nation.
func (p *Pass) NotAssessedOf(n data.Nation, kind, reason, subject string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := [2]string{kind, reason}
	p.notAssessed[k] = append(p.notAssessed[k], unsaid{subject, n})
}

func newPass(g *graph.Graph, opts Options) (*Pass, error) {
	p := &Pass{
		Graph: g, Window: Window{g.Scope.AsOf, g.Scope.Horizon},
		params: map[string]data.Amount{}, notAssessed: map[[2]string][]unsaid{},
		supplies: map[supplyKey]*Supply{}, demands: map[data.Capability]data.Amount{},
		communities: sync.OnceValue(func() communities { return findCommunities(g) }),
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
	p.leftOut = sync.OnceValue(p.demandsLeftOut)
	p.marks = sync.OnceValue(p.newMarks)
	p.near = &pairsByArea{of: map[data.Area]pairs{}}
	p.related = func() *related { return relate(nil) } // until the findings are all there
	p.records = sync.OnceValue(p.aboutRecords)
	p.keepAccounts()
	return p, nil
}

// keepAccounts makes the accounts of every nation and capability, and what follows from them for each capability, a capability at a
// time on as many cores as there are.
func (p *Pass) keepAccounts() {
	for range p.AllLinks() {
		p.accounts = append(p.accounts, nil)
	}
	organisations := p.Dataset.PlanningOrganisations()
	members := make([][]bool, len(organisations))
	for k, o := range organisations {
		for _, n := range p.Dataset.Nations {
			members[k] = append(members[k], p.Dataset.Eligible(n.Nation, o, p.AsOf()))
		}
	}
	type made struct {
		demand   data.Amount
		supplies []*Supply
	}
	all := make([]made, len(p.Capabilities()))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			k := accountant{ledger: ledger{Window: p.Window, together: 512}, dataset: p.Dataset}
			for i := next.Add(1) - 1; int(i) < len(all); i = next.Add(1) - 1 {
				c := p.Capabilities()[i]
				for l := range p.Links(c.Capability) {
					p.accounts[l.Index] = k.account(l)
				}
				all[i].demand = p.allDemand(c.Capability)
				for k, o := range organisations {
					all[i].supplies = append(all[i].supplies, p.newSupply(c, o, members[k]))
				}
			}
		})
	}
	wait.Wait()
	for i, c := range p.Capabilities() {
		p.demands[c.Capability] = all[i].demand
		for k, o := range organisations {
			p.supplies[supplyKey{c.Capability, o}] = all[i].supplies[k]
		}
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
	chosen, err := choose(opts)
	if err != nil {
		return nil, err
	}
	p, err := newPass(g, opts)
	if err != nil {
		return nil, err
	}
	all, err := p.findings(ctx, chosen, opts)
	if err != nil {
		return nil, err
	}
	p.related = sync.OnceValue(func() *related { return relate(all) })
	return p.report(opts, chosen, all), nil
}

// findings are what the analyses say, ranked.
func (p *Pass) findings(ctx context.Context, chosen []*Analysis, opts Options) ([]Finding, error) {
	all, err := p.put(ctx, chosen, opts)
	if err != nil {
		return nil, err
	}
	rank(all)
	seen := make(map[string]bool, len(all))
	for i := range all {
		if seen[all[i].ID] {
			return nil, fmt.Errorf("two findings are called %s", all[i].ID)
		}
		seen[all[i].ID] = true
		if opts.NoSeverity {
			all[i].Severity, all[i].SeverityParts = "", nil
		}
	}
	return all, nil
}

// put puts the analyses to the graph, on as many cores as there are, and keeps the findings that the options ask for.
func (p *Pass) put(ctx context.Context, chosen []*Analysis, opts Options) ([]Finding, error) {
	const together = 16 // capabilities: enough to be worth the hand-over, few enough to be shared out evenly
	type part struct {
		*Analysis
		of []data.CapabilityRow
	}
	var parts []part
	for _, a := range chosen {
		if a.Run != nil {
			parts = append(parts, part{a, nil}) // first, as they cannot be divided
		}
	}
	for some := range slices.Chunk(p.Capabilities(), together) {
		for _, a := range chosen {
			if a.Each != nil {
				parts = append(parts, part{a, some})
			}
		}
	}
	found := make([][]Finding, len(parts))
	err := parallel(ctx, len(parts), func(i int) (err error) {
		var all []Finding
		if run := parts[i].Run; run != nil {
			if all, err = run(ctx, p); err != nil {
				return err
			}
		}
		for _, c := range parts[i].of {
			all = append(all, parts[i].Each(p, c)...)
		}
		for k := range all {
			if err := p.finish(parts[i].Analysis, &all[k]); err != nil {
				return err
			}
		}
		found[i] = slices.DeleteFunc(all, func(f Finding) bool {
			return !concerns(&f, p.Scope) || opts.MinSeverity != "" && !f.Severity.AtLeast(opts.MinSeverity)
		})
		return nil
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

// choose picks the analyses of the options, in the order of All.
func choose(opts Options) ([]*Analysis, error) {
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

// finish gives a finding its id, area and severity.
func (p *Pass) finish(a *Analysis, f *Finding) error {
	f.Report, f.Kind, f.pass = a.Report, a.Name, p
	f.ID = a.Name + ":" + strings.Join(f.Subject, ":")
	if f.Area == "" && f.Capability != "" {
		f.Area = p.Dataset.Capability(f.Capability).Area
	}
	if f.Score != nil {
		f.Severity, f.SeverityParts = p.rate(*f.Score)
	}
	switch {
	case len(f.Subject) == 0:
		return fmt.Errorf("%s: a finding has no subject", a.Name)
	case f.Severity == "":
		return fmt.Errorf("%s: a finding has no severity", f.ID)
	case f.wording == nil && f.told == nil:
		return fmt.Errorf("%s: a finding has no words", f.ID)
	}
	return nil
}

// importance is what findings are ranked by: by report, severity and score; among equal scores by what the analysis itself put first,
// and elsewhere by kind before that.
type importance struct {
	report, severity, kind int
	score, order           data.Amount
}

func importanceOf(f *Finding) importance {
	return importance{
		slices.Index(Questions, f.Report), f.Severity.rank(), slices.IndexFunc(All, func(a *Analysis) bool { return a.Name == f.Kind }),
		f.score(), f.Order,
	}
}

func (a importance) compare(b importance) int {
	kind, order := cmp.Compare(a.kind, b.kind), cmp.Compare(b.order, a.order)
	if a.score > 0 {
		kind, order = order, kind
	}
	return cmp.Or(cmp.Compare(a.report, b.report), cmp.Compare(a.severity, b.severity), cmp.Compare(b.score, a.score), kind, order)
}

// rank sorts findings by importance. Those that are alike stand in the order of their ids.
func rank(fs []Finding) {
	type ranked struct {
		importance
		at int
	}
	order := make([]ranked, len(fs))
	for i := range fs {
		order[i] = ranked{importanceOf(&fs[i]), i}
	}
	slices.SortFunc(order, func(a, b ranked) int {
		return cmp.Or(a.compare(b.importance), strings.Compare(fs[a.at].ID, fs[b.at].ID))
	})
	sorted := make([]Finding, len(fs))
	for i, r := range order {
		sorted[i] = fs[r.at]
	}
	copy(fs, sorted)
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
