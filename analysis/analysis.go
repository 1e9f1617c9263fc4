// Package analysis tells where two planning systems ask the same forces for the same thing (duplication), where nobody delivers
// (gap), and where one brings what the other lacks (complementarity). Each question is an Analysis: a documented value with a
// Run function, in a file of its own. Run puts them to a graph and makes one Report of what they find.
package analysis

import (
	"cmp"
	"context"
	"errors"
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
	Clause func([]Finding) []string
	Run    func(context.Context, *Pass) ([]Finding, error)
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

	mu          sync.Mutex
	notAssessed map[[2]string][]string // kind and reason → subjects
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
	var out []*Account
	for l := range p.Links(c) {
		out = append(out, p.accounts[l.Index])
	}
	return out
}

// Wanted reports whether the scope asks for findings on n. An analysis that makes a finding for each nation need make no others.
func (p *Pass) Wanted(n data.Nation) bool { return meets(p.Scope.Nations, []data.Nation{n}) }

// NotAssessed records that a kind could not be answered for a subject, and why. It is part of the report.
func (p *Pass) NotAssessed(kind, reason, subject string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k := [2]string{kind, reason}
	p.notAssessed[k] = append(p.notAssessed[k], subject)
}

func newPass(g *graph.Graph, opts Options) (*Pass, error) {
	p := &Pass{
		Graph: g, Window: Window{g.Scope.AsOf, g.Scope.Horizon},
		params: map[string]data.Amount{}, notAssessed: map[[2]string][]string{},
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
	type made struct {
		demand   data.Amount
		supplies []*Supply
	}
	all := make([]made, len(p.Capabilities()))
	var next atomic.Int64
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(all); i = next.Add(1) - 1 {
				c := p.Capabilities()[i]
				for l := range p.Links(c.Capability) {
					p.accounts[l.Index] = newAccount(p.Window, p.Dataset, l)
				}
				all[i].demand = p.allDemand(c.Capability)
				for _, o := range organisations {
					all[i].supplies = append(all[i].supplies, p.newSupply(c, o))
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
	found := make([][]Finding, len(chosen))
	errs := make([]error, len(chosen))
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for i, a := range chosen {
		wait.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			if errs[i] = ctx.Err(); errs[i] == nil {
				found[i], errs[i] = a.Run(ctx, p)
			}
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	var all []Finding
	for i, a := range chosen {
		for _, f := range found[i] {
			if err := p.finish(a, &f); err != nil {
				return nil, err
			}
			all = append(all, f)
		}
	}
	sortFindings(all)
	for i := range all {
		if i > 0 && all[i].ID == all[i-1].ID {
			return nil, fmt.Errorf("two findings are called %s", all[i].ID)
		}
	}
	slices.SortStableFunc(all, byImportance)
	all = slices.DeleteFunc(all, func(f Finding) bool {
		return !concerns(f, g.Scope) || opts.MinSeverity != "" && !f.Severity.AtLeast(opts.MinSeverity)
	})
	relate(all)
	if opts.NoSeverity {
		for i := range all {
			all[i].Severity, all[i].SeverityParts = "", nil
		}
	}
	return p.report(opts, chosen, all), nil
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
		if a.Title == "" || a.Doc == "" || a.Formula == "" || a.Run == nil {
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

// finish gives a finding its id, area, severity and marking, and insists on its evidence.
func (p *Pass) finish(a *Analysis, f *Finding) error {
	f.Report, f.Kind = a.Report, a.Name
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
	case len(f.Evidence) == 0:
		return fmt.Errorf("%s: a finding has no evidence", f.ID)
	case f.Severity == "":
		return fmt.Errorf("%s: a finding has no severity", f.ID)
	case f.Summary == "" || f.Explanation == "":
		return fmt.Errorf("%s: a finding does not say what it found", f.ID)
	}
	f.Evidence = dedupe(f.Evidence)
	var markings []data.Marking
	for _, e := range f.Evidence {
		_, marking := e.origin()
		if marking = cmp.Or(marking, p.Dataset.Marking); !slices.Contains(markings, marking) {
			markings = append(markings, marking)
		}
	}
	f.Marking = data.Banner(markings)
	slices.Sort(f.Caveats)
	f.Caveats = slices.Compact(f.Caveats)
	return nil
}

func sortFindings(fs []Finding) {
	slices.SortFunc(fs, func(a, b Finding) int { return cmp.Compare(a.ID, b.ID) })
}

// byImportance orders by report, severity and score; among equal scores by what the analysis itself put first, and elsewhere by kind
// before that. Findings that are alike in all of these stay in the order of their ids.
func byImportance(a, b Finding) int {
	rank := func(kind string) int { return slices.IndexFunc(All, func(x *Analysis) bool { return x.Name == kind }) }
	kind := cmp.Compare(rank(a.Kind), rank(b.Kind))
	order := cmp.Compare(b.Order, a.Order)
	if a.score() > 0 {
		kind, order = order, kind
	}
	return cmp.Or(
		cmp.Compare(slices.Index(Questions, a.Report), slices.Index(Questions, b.Report)),
		cmp.Compare(a.Severity.rank(), b.Severity.rank()),
		cmp.Compare(b.score(), a.score()),
		kind, order,
	)
}

// concerns reports whether a finding is about one of the scope's nations and organisations. A finding that names none concerns
// everybody.
func concerns(f Finding, s data.Scope) bool {
	return meets(s.Nations, f.Nations) && (len(f.Organisations) == 0 || meets(s.Organisations, f.Organisations))
}

func meets[T comparable](wanted, have []T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(have, func(v T) bool { return slices.Contains(wanted, v) })
}

// relate lets findings about one subject point at each other, so that nothing is told twice without saying so. What is said of one
// nation and capability, or of two initiatives, points at what is said of the capability as a whole; what is said of the same nation
// and capability, or of the capability as a whole, points at each other.
func relate(fs []Finding) {
	narrow, whole := map[[2]string][]int{}, map[data.Capability][]int{}
	for i, f := range fs {
		switch {
		case f.Capability == "" || f.Kind == InitiativeOverlap.Name && f.Verdict != fragmentation:
		case len(f.Subject) > 1 && len(f.Nations) == 1 && f.Subject[0] == string(f.Nations[0]):
			k := [2]string{string(f.Nations[0]), string(f.Capability)}
			narrow[k] = append(narrow[k], i)
		default:
			whole[f.Capability] = append(whole[f.Capability], i)
		}
	}
	for i := range fs {
		f := &fs[i]
		var near []int
		if len(f.Nations) == 1 {
			near = narrow[[2]string{string(f.Nations[0]), string(f.Capability)}]
		}
		if !slices.Contains(near, i) {
			near = nil
		}
		for _, j := range slices.Concat(near, whole[f.Capability]) {
			if i != j {
				f.See = append(f.See, fs[j].ID)
			}
		}
		slices.Sort(f.See)
	}
}
