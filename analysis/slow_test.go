package analysis_test

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/graph"
)

// The slow second implementation: it walks the calendar day by day and adds up what is active, straight from the definitions.
// Its days run a little beyond the last boundary that a random dataset can have, so that what is open-ended is seen to stay.
const (
	slowFirst = data.Date(740_000) // the as-of day
	slowDays  = 30
)

// slowWorld is a random planning picture as flat lists.
type slowWorld struct {
	ds    *data.Dataset
	parts map[string][]data.Nation // nations, remembered
}

func (w slowWorld) days() (out []data.Date) {
	for d := range data.Date(slowDays) {
		out = append(out, slowFirst+d)
	}
	return out
}

// target is T(n,c,o,t); o "" is the nation's own plan. ok is false where no comparable number was ever stated.
func (w slowWorld) target(n data.Nation, c data.Capability, o data.Organisation, t data.Date, within func(data.Notice) bool) (sum data.Amount, ok bool) {
	for _, r := range w.ds.Targets {
		if r.Nation == n && r.Capability == c && r.Comparable && r.Quantity.Known() && w.ds.OrganisationOf(r.Process) == o && within(r.Readiness) {
			ok = true
			if r.Period.Contains(t) {
				sum += r.Quantity.Amount()
			}
		}
	}
	return sum, ok
}

func (w slowWorld) pledge(n data.Nation, c data.Capability, o data.Organisation, t data.Date, within func(data.Notice) bool) (sum data.Amount, ok bool) {
	for _, r := range w.ds.Pledges {
		if r.Nation == n && r.Capability == c && r.Organisation == o && r.Comparable && r.Quantity.Known() {
			ok = true
			if r.Period.Contains(t) && within(r.Readiness) {
				sum += r.Quantity.Amount()
			}
		}
	}
	return sum, ok
}

// held is A(n,c,t): holdings, else the largest number that a target reports.
func (w slowWorld) held(n data.Nation, c data.Capability, t data.Date, within func(data.Notice) bool) (sum data.Amount, ok bool) {
	for _, r := range w.ds.Holdings {
		if r.Nation == n && r.Capability == c && r.Comparable && r.Quantity.Known() {
			ok = true
			if r.Period.Contains(t) && within(r.Readiness) {
				sum += r.Quantity.Amount()
			}
		}
	}
	if ok {
		return sum, true
	}
	for _, r := range w.ds.Targets {
		if r.Nation == n && r.Capability == c && r.Comparable && r.Held.Known() {
			ok = true
			sum = max(sum, r.Held.Amount())
		}
	}
	return sum, ok
}

func anyReadiness(data.Notice) bool { return true }

// usable is U(n,c,o,t).
func (w slowWorld) usable(n data.Nation, c data.Capability, o data.Organisation, t data.Date, within func(data.Notice) bool) (data.Amount, bool) {
	p, pledged := w.pledge(n, c, o, t, within)
	a, holds := w.held(n, c, t, within)
	switch {
	case pledged && holds:
		return min(p, a), true
	case pledged:
		return p, true
	}
	return a, holds
}

func (w slowWorld) requirement(c data.Capability, o data.Organisation, t data.Date) (sum data.Amount) {
	stated := false
	for _, r := range w.ds.Requirements {
		if r.Capability == c && r.Comparable && r.Quantity.Known() && w.ds.OrganisationOf(r.Process) == o {
			stated = true
			if r.Period.Contains(t) {
				sum += r.Quantity.Amount()
			}
		}
	}
	if !stated {
		for _, n := range w.nations(c, o) {
			v, _ := w.target(n, c, o, t, anyReadiness)
			sum += v
		}
	}
	return sum
}

// nations are the members of o, and others that it asks for something or that pledge to it on one of the days.
func (w slowWorld) nations(c data.Capability, o data.Organisation) (out []data.Nation) {
	key := string(c) + " " + string(o)
	if known, ok := w.parts[key]; ok {
		return known
	}
	defer func() { w.parts[key] = out }()
	for _, n := range w.ds.Nations {
		takesPart := w.ds.Member(n.Nation, o, slowFirst)
		for _, t := range w.days() {
			asked, _ := w.target(n.Nation, c, o, t, anyReadiness)
			pledged, _ := w.pledge(n.Nation, c, o, t, anyReadiness)
			takesPart = takesPart || asked > 0 || pledged > 0
		}
		if takesPart {
			out = append(out, n.Nation)
		}
	}
	return out
}

// told is what a finding says in numbers.
type told struct {
	Verdict     string
	From, Until data.Date
	Measures    map[string]data.Amount
}

// worst finds the largest value of f over the days on which it is defined, and its first day.
func (w slowWorld) worst(f func(t data.Date) (data.Amount, bool)) (peak data.Amount, day data.Date, any bool) {
	for _, t := range w.days() {
		if v, ok := f(t); ok && (!any || v > peak) {
			peak, day, any = v, t, true
		}
	}
	return peak, day, any
}

// span is the first and last day on which f is above 0; no last day where the last of the days is one.
func (w slowWorld) span(f func(t data.Date) data.Amount) (from, until data.Date) {
	for _, t := range w.days() {
		if f(t) > 0 {
			if from == 0 {
				from = t
			}
			until = t
		}
	}
	if until == slowFirst+slowDays-1 {
		until = 0
	}
	return from, until
}

var slowOrganisations = []data.Organisation{data.EU, data.NATO}

func (w slowWorld) findings() map[string]told {
	out := map[string]told{}
	for _, c := range w.ds.Capabilities {
		c := c.Capability
		for _, n := range w.ds.Nations {
			w.dualTarget(out, n.Nation, c)
			w.doublePledge(out, n.Nation, c)
			for _, o := range []data.Organisation{data.EU, data.NATO, ""} {
				w.nationGap(out, n.Nation, c, o)
			}
		}
		for _, o := range slowOrganisations {
			w.collectiveGap(out, c, o)
			w.concentration(out, c, o)
		}
		w.overSupply(out, c)
		w.transfer(out, c)
	}
	return out
}

func (w slowWorld) dualTarget(out map[string]told, n data.Nation, c data.Capability) {
	t1 := func(t data.Date) data.Amount { v, _ := w.target(n, c, data.EU, t, anyReadiness); return v }
	t2 := func(t data.Date) data.Amount { v, _ := w.target(n, c, data.NATO, t, anyReadiness); return v }
	both := func(t data.Date) data.Amount { return min(t1(t), t2(t)) }
	overlap, _, _ := w.worst(func(t data.Date) (data.Amount, bool) { return both(t), true })
	if overlap <= 0 {
		return
	}
	f := told{Measures: map[string]data.Amount{"overlap": overlap}}
	f.From, f.Until = w.span(both)
	f.Measures["peak target of EU"], _, _ = w.worst(func(t data.Date) (data.Amount, bool) { return t1(t), true })
	f.Measures["peak target of NATO"], _, _ = w.worst(func(t data.Date) (data.Amount, bool) { return t2(t), true })
	_, known := w.held(n, c, slowFirst, anyReadiness)
	covered, larger := true, true
	for _, t := range w.days() {
		a, _ := w.held(n, c, t, anyReadiness)
		if both(t) > 0 {
			covered = covered && a >= t1(t)+t2(t)
			larger = larger && a >= max(t1(t), t2(t))
		}
	}
	switch {
	case !known:
		f.Verdict = "unknown"
	case covered:
		f.Verdict = "covered"
	default:
		conflict, day, _ := w.worst(func(t data.Date) (data.Amount, bool) {
			a, _ := w.held(n, c, t, anyReadiness)
			return t1(t) + t2(t) - a, both(t) > 0
		})
		f.Measures["conflict"] = conflict
		f.Measures["held"], _ = w.held(n, c, day, anyReadiness)
		f.Verdict = "single-set"
		if !larger {
			f.Verdict = "short"
			f.Measures["shortfall to the larger"], _, _ = w.worst(func(t data.Date) (data.Amount, bool) {
				a, _ := w.held(n, c, t, anyReadiness)
				return max(t1(t), t2(t)) - a, both(t) > 0
			})
		}
	}
	out[fmt.Sprintf("dual-target:%s:%s:EU+NATO", n, c)] = f
}

func (w slowWorld) doublePledge(out map[string]told, n data.Nation, c data.Capability) {
	pledged := func(t data.Date) (sum data.Amount) {
		for _, o := range slowOrganisations {
			v, _ := w.pledge(n, c, o, t, anyReadiness)
			sum += v
		}
		return sum
	}
	if _, known := w.held(n, c, slowFirst, anyReadiness); !known {
		return
	}
	beyond := func(t data.Date) data.Amount { a, _ := w.held(n, c, t, anyReadiness); return pledged(t) - a }
	conflict, day, _ := w.worst(func(t data.Date) (data.Amount, bool) { return beyond(t), true })
	if conflict <= 0 {
		return
	}
	f := told{Verdict: "conflict", Measures: map[string]data.Amount{"conflict": conflict, "pledged": pledged(day)}}
	f.Measures["held"], _ = w.held(n, c, day, anyReadiness)
	f.From, f.Until = w.span(beyond)
	out[fmt.Sprintf("double-pledge:%s:%s", n, c)] = f
}

func (w slowWorld) nationGap(out map[string]told, n data.Nation, c data.Capability, o data.Organisation) {
	asked := func(t data.Date) data.Amount { v, _ := w.target(n, c, o, t, anyReadiness); return v }
	usable := func(t data.Date) data.Amount { v, _ := w.usable(n, c, o, t, anyReadiness); return v }
	if _, known := w.usable(n, c, o, slowFirst, anyReadiness); !known {
		return
	}
	short, day, _ := w.worst(func(t data.Date) (data.Amount, bool) { return asked(t) - usable(t), true })
	var slow data.Amount
	var slowDay data.Date
	for _, t := range w.days() {
		var today data.Amount
		for notice := range data.Amount(4) {
			fast := func(q data.Notice) bool { return !q.Known() || q.Amount() <= notice*data.One }
			urgent, _ := w.target(n, c, o, t, func(q data.Notice) bool { return q.Known() && q.Amount() <= notice*data.One })
			quick, _ := w.usable(n, c, o, t, fast)
			today = max(today, min(urgent, usable(t))-min(urgent, quick))
		}
		if today > slow {
			slow, slowDay = today, t
		}
	}
	f := told{Measures: map[string]data.Amount{}}
	switch {
	case short > 0:
		f.Verdict = "partly met"
		if usable(day) == 0 {
			f.Verdict = "unmet"
		}
		f.From, f.Until = w.span(func(t data.Date) data.Amount { return asked(t) - usable(t) })
		f.Measures["gap"], f.Measures["target"], f.Measures["usable"] = short, asked(day), usable(day)
		start := data.Date(0)
		for _, r := range w.ds.Targets {
			if r.Nation == n && r.Capability == c && r.Comparable && r.Quantity.Known() && w.ds.OrganisationOf(r.Process) == o && r.Period.Contains(f.From) && r.Period.From != 0 && (start == 0 || r.Period.From < start) {
				start = r.Period.From
			}
		}
		for _, t := range w.days() {
			if start != 0 && t > f.From && asked(t) > 0 && usable(t) >= asked(t) {
				f.Measures["lateness"] = data.Count(int(t - start))
				break
			}
		}
	case slow > 0:
		f.Verdict, f.From = "slow", slowDay
	default:
		return
	}
	if slow > 0 {
		f.Measures["readiness"] = slow
	}
	who := string(o)
	if o == "" {
		who = "own-plan"
	}
	out[fmt.Sprintf("nation-gap:%s:%s:%s", n, c, who)] = f
}

// supplies gives ΣU on a day over the nations of known supply, and those nations and the others.
func (w slowWorld) supplies(c data.Capability, o data.Organisation, t data.Date) (sum data.Amount, each map[data.Nation]data.Amount, unknown int) {
	each = map[data.Nation]data.Amount{}
	for _, n := range w.nations(c, o) {
		u, known := w.usable(n, c, o, t, anyReadiness)
		if !known {
			unknown++
			continue
		}
		each[n] = u
		sum += u
	}
	return sum, each, unknown
}

func (w slowWorld) collectiveGap(out map[string]told, c data.Capability, o data.Organisation) {
	gap := func(t data.Date) data.Amount { sum, _, _ := w.supplies(c, o, t); return w.requirement(c, o, t) - sum }
	short, day, _ := w.worst(func(t data.Date) (data.Amount, bool) { return gap(t), true })
	usable, each, _ := w.supplies(c, o, day)
	if short <= 0 || len(each) == 0 {
		return
	}
	f := told{Verdict: "short", Measures: map[string]data.Amount{"gap": short, "needed": w.requirement(c, o, day), "usable": usable}}
	f.From, f.Until = w.span(gap)
	rest := w.requirement(c, o, day)
	for _, n := range w.ds.Nations {
		v, _ := w.target(n.Nation, c, o, day, anyReadiness)
		rest -= v
	}
	if rest > 0 {
		f.Measures["unapportioned"] = rest
	}
	out[fmt.Sprintf("collective-gap:%s:%s", c, o)] = f
}

func (w slowWorld) concentration(out map[string]told, c data.Capability, o data.Organisation) {
	sum, each, unknown := w.supplies(c, o, slowFirst)
	var most data.Amount
	givers := 0
	for _, v := range each {
		most = max(most, v)
		if v > 0 {
			givers++
		}
	}
	if sum <= 0 || len(each) < unknown || 2*most < sum {
		return
	}
	f := told{Verdict: "carried by one", From: slowFirst, Measures: map[string]data.Amount{
		"share":  data.Amount((2*int64(most)*int64(data.One) + int64(sum)) / (2 * int64(sum))), // rounded half up
		"usable": sum, "largest giver": most, "remains without it": sum - most,
	}}
	if givers == 1 {
		f.Verdict = "only giver"
	}
	if lacking := w.requirement(c, o, slowFirst) - (sum - most); lacking > 0 {
		f.Measures["lacking without it"] = lacking
	}
	out[fmt.Sprintf("concentration:%s:%s", c, o)] = f
}

func (w slowWorld) overSupply(out map[string]told, c data.Capability) {
	var largest data.Organisation
	var most data.Amount
	for _, o := range slowOrganisations {
		if peak, _, _ := w.worst(func(t data.Date) (data.Amount, bool) { return w.requirement(c, o, t), true }); peak > most {
			largest, most = o, peak
		}
	}
	if most == 0 {
		return
	}
	tightest, day, _ := w.worst(func(t data.Date) (data.Amount, bool) {
		sum, _, _ := w.supplies(c, largest, t)
		need := w.requirement(c, largest, t)
		return need + need/4 - sum, need > 0
	})
	sum, each, _ := w.supplies(c, largest, day)
	givers := 0
	for _, v := range each {
		if v > 0 {
			givers++
		}
	}
	if tightest >= 0 || givers < 2 {
		return
	}
	asked, stated := 0, false
	for _, n := range w.nations(c, largest) {
		if peak, _, _ := w.worst(func(t data.Date) (data.Amount, bool) {
			v, _ := w.target(n, c, largest, t, anyReadiness)
			return v, true
		}); peak > 0 {
			asked++
		}
	}
	for _, r := range w.ds.Requirements {
		stated = stated || r.Capability == c && r.Counts() && w.ds.OrganisationOf(r.Process) == largest
	}
	if !stated && 2*asked < len(w.nations(c, largest)) {
		return
	}
	need := w.requirement(c, largest, day)
	f := told{Verdict: "over-supplied", Measures: map[string]data.Amount{"surplus": sum - need, "needed": need, "usable": sum}}
	f.From, f.Until = w.span(func(t data.Date) data.Amount { return w.requirement(c, largest, t) })
	out[fmt.Sprintf("over-supply:%s", c)] = f
}

func (w slowWorld) transfer(out map[string]told, c data.Capability) {
	var surplus, deficit data.Amount
	var first data.Date
	for _, n := range w.ds.Nations {
		n := n.Nation
		demand := func(t data.Date) data.Amount {
			nato, _ := w.target(n, c, data.NATO, t, anyReadiness)
			eu, _ := w.target(n, c, data.EU, t, anyReadiness)
			own, _ := w.target(n, c, "", t, anyReadiness)
			return max(nato+eu, own)
		}
		_, known := w.held(n, c, slowFirst, anyReadiness)
		if most, _, _ := w.worst(func(t data.Date) (data.Amount, bool) { return demand(t), true }); !known || most == 0 {
			continue
		}
		over := func(t data.Date) data.Amount { a, _ := w.held(n, c, t, anyReadiness); return demand(t) - a }
		worst, _, _ := w.worst(func(t data.Date) (data.Amount, bool) { return over(t), true })
		if worst > 0 {
			deficit += worst
			if from, _ := w.span(over); first == 0 || from < first {
				first = from
			}
		} else {
			surplus -= worst
		}
	}
	if surplus > 0 && deficit > 0 {
		out[fmt.Sprintf("transfer:%s", c)] = told{Verdict: "surplus meets deficit", From: first,
			Measures: map[string]data.Amount{"could move": min(surplus, deficit), "surplus": surplus, "deficit": deficit,
				"between nations together on it": 0, "between nations together in its area": 0}} // nobody is in an initiative
	}
}

// draw makes a random dataset of three nations and two capabilities with every kind of silence in it.
func draw(t *rapid.T) *data.Dataset {
	nations := []data.NationRow{{Nation: "AAA", Name: "Alpha"}, {Nation: "BBB", Name: "Beta"}, {Nation: "CCC", Name: "Gamma"}}
	var memberships []data.Membership
	for _, n := range nations {
		for _, o := range slowOrganisations {
			if rapid.IntRange(0, 3).Draw(t, "member") > 0 {
				memberships = append(memberships, data.Membership{Nation: n.Nation, Organisation: o})
			}
		}
	}
	processes := []data.ProcessRow{{Process: "NDPP", Organisation: data.NATO}, {Process: "CDP", Organisation: data.EU}, {Process: "HLG", Organisation: data.EU}, {Process: data.National}}
	ds := &data.Dataset{
		Vocabulary: data.NewVocabulary(nations, memberships, processes, []data.CapabilityRow{{Capability: "x", Name: "X", Area: "one", Unit: "ship"}, {Capability: "y", Name: "Y", Area: "two", Unit: "team"}}, nil),
		Meta:       data.Meta{AsOf: slowFirst},
	}
	nation := func() data.Nation { return rapid.SampledFrom(nations).Draw(t, "nation").Nation }
	ready := func(r data.Record) data.Record {
		if n := rapid.IntRange(-1, 3).Draw(t, "readiness"); n >= 0 {
			r.Readiness, _ = data.NoticeOf(data.Known(data.Count(n)))
		}
		return r
	}
	record := func(id string) data.Record {
		r := data.Record{Subject: &data.Subject{Capability: rapid.SampledFrom([]data.Capability{"x", "y"}).Draw(t, "capability"), Comparable: rapid.IntRange(0, 9).Draw(t, "comparable") > 0}}.Named(id, "")
		if rapid.IntRange(0, 9).Draw(t, "known") > 0 {
			r.Quantity = data.Known(data.Amount(rapid.IntRange(0, 24).Draw(t, "quarters")) * data.One / 4)
		}
		if from := rapid.IntRange(-4, 18).Draw(t, "from"); from > -4 {
			r.Period.From = slowFirst + data.Date(from)
		}
		if length := rapid.IntRange(0, 12).Draw(t, "length"); length < 10 {
			r.Period.Until = max(r.Period.From, slowFirst-5) + data.Date(length)
		}
		r.Origin, r.Line = &data.Origin{File: "random"}, 1
		return r
	}
	for i := range rapid.IntRange(0, 10).Draw(t, "targets") {
		x := data.Target{Record: ready(record(fmt.Sprint("t", i))), Request: &data.Request{Nation: nation()}}
		x.Process = rapid.SampledFrom([]data.Process{"NDPP", "NDPP", "CDP", "HLG", data.National}).Draw(t, "process")
		if rapid.IntRange(0, 3).Draw(t, "held") == 0 {
			x.Held = data.Known(data.Count(rapid.IntRange(0, 9).Draw(t, "held")))
		}
		ds.Targets = append(ds.Targets, x)
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "pledges") {
		ds.Pledges = append(ds.Pledges, data.Pledge{Record: ready(record(fmt.Sprint("p", i))), Nation: nation(), Organisation: rapid.SampledFrom(slowOrganisations).Draw(t, "organisation")})
	}
	for i := range rapid.IntRange(0, 7).Draw(t, "holdings") {
		ds.Holdings = append(ds.Holdings, data.Holding{Record: ready(record(fmt.Sprint("h", i))), Nation: nation()})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "requirements") {
		ds.Requirements = append(ds.Requirements, data.Requirement{Record: record(fmt.Sprint("r", i)), Process: rapid.SampledFrom([]data.Process{"NDPP", "CDP"}).Draw(t, "process")})
	}
	return ds
}

// quantityKinds are those that the slow implementation answers.
var quantityKinds = []string{"dual-target", "double-pledge", "over-supply", "nation-gap", "collective-gap", "concentration", "transfer"}

// verdictsToMeet are what random datasets must have led to before the comparison means something.
var verdictsToMeet = []string{
	"dual-target covered", "dual-target single-set", "dual-target short", "dual-target unknown", "double-pledge conflict", "over-supply over-supplied",
	"nation-gap unmet", "nation-gap partly met", "nation-gap slow", "collective-gap short", "concentration carried by one", "concentration only giver", "transfer surplus meets deficit",
}

func TestQuantityKindsAgreeWithCalendarWalk(t *testing.T) {
	seen := map[string]int{}
	agree := func(t *rapid.T) {
		ds := draw(t)
		report, err := analysis.Run(context.Background(), graph.New(ds, data.Scope{}), analysis.Options{Kinds: quantityKinds})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]told{}
		for _, f := range report.Findings {
			x := told{Verdict: f.Verdict, From: f.From, Until: f.Until, Measures: map[string]data.Amount{}}
			for _, m := range f.Measures {
				x.Measures[m.Name] = m.Value
			}
			got[f.ID] = x
			seen[f.Kind+" "+f.Verdict]++
		}
		want := slowWorld{ds, map[string][]data.Nation{}}.findings()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the calendar walk says (-), the sweep says (+):\n%s", diff)
		}
	}
	// A thousand datasets, and more where a rare verdict has not been met by then.
	missing := verdictsToMeet
	for round := 0; round < 10 || len(missing) > 0 && round < 500; round++ {
		rapid.Check(t, agree)
		missing = slices.DeleteFunc(slices.Clone(missing), func(verdict string) bool { return seen[verdict] > 0 })
	}
	for _, verdict := range missing {
		t.Errorf("no random dataset had a finding %q: the comparison does not reach it", verdict)
	}
}

// Moves conserve: what leaves one side arrives at the other, and nobody gives more than it has or receives more than it lacks.
func TestTransferConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ds := draw(t)
		report, err := analysis.Run(context.Background(), graph.New(ds, data.Scope{}), analysis.Options{Kinds: []string{"transfer"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Findings {
			rest := map[string]data.Amount{}
			for _, row := range f.Tell().Details[1].Rows {
				rest[row[0]] = signed(t, row[4])
			}
			for _, row := range f.Tell().Details[0].Rows {
				amount := signed(t, row[2])
				if amount <= 0 {
					t.Fatalf("%s: a move of %s", f.ID, row[2])
				}
				rest[row[0]] -= amount
				rest[row[1]] += amount
				if rest[row[0]] < 0 || rest[row[1]] > 0 {
					t.Fatalf("%s: %v overshoots", f.ID, row)
				}
			}
			signs := map[bool]bool{}
			for _, v := range rest {
				if v != 0 {
					signs[v > 0] = true
				}
			}
			if len(signs) > 1 {
				t.Fatalf("%s: surplus and deficit are both left over: %v", f.ID, rest)
			}
		}
	})
}

func signed(t *rapid.T, s string) data.Amount {
	var a data.Amount
	if err := a.UnmarshalJSON([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return a
}

// toldInAnyOrder is all that a finding prints, without an order of its evidence.
func toldInAnyOrder(f analysis.Finding) []string {
	w := f.Tell()
	var lines []string
	for _, e := range w.Evidence {
		lines = append(lines, e.Tell().Record)
	}
	sort.Strings(lines)
	lines = slices.Compact(lines)
	w.Evidence = nil
	f.Says(w)
	b, err := f.MarshalJSON()
	return append(lines, string(b), fmt.Sprint(err))
}

// The order of the records is no part of the answer.
func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ds := draw(t)
		before, err := analysis.Run(context.Background(), graph.New(ds, data.Scope{}), analysis.Options{Kinds: quantityKinds})
		if err != nil {
			t.Fatal(err)
		}
		shuffled := *ds
		shuffled.Targets = rapid.Permutation(ds.Targets).Draw(t, "targets")
		shuffled.Pledges = rapid.Permutation(ds.Pledges).Draw(t, "pledges")
		shuffled.Holdings = rapid.Permutation(ds.Holdings).Draw(t, "holdings")
		after, err := analysis.Run(context.Background(), graph.New(&shuffled, data.Scope{}), analysis.Options{Kinds: quantityKinds})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after, cmp.Transformer("told", toldInAnyOrder), cmp.Transformer("listed", analysis.SourceList.All)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// balance is the lowest of A − demand over the days, demand being both organisations' or the own plan where that is higher.
func (w slowWorld) balance(n data.Nation, c data.Capability) (low data.Amount) {
	_, known := w.held(n, c, slowFirst, anyReadiness)
	demanded := false
	for i, t := range w.days() {
		nato, _ := w.target(n, c, data.NATO, t, anyReadiness)
		eu, _ := w.target(n, c, data.EU, t, anyReadiness)
		own, _ := w.target(n, c, "", t, anyReadiness)
		a, _ := w.held(n, c, t, anyReadiness)
		demand := max(nato+eu, own)
		demanded = demanded || demand > 0
		if v := a - demand; i == 0 || v < low {
			low = v
		}
	}
	if !known || !demanded {
		return 0
	}
	return low
}

// demand is the peak of what both organisations ask.
func (w slowWorld) demand(n data.Nation, c data.Capability) (peak data.Amount) {
	for _, t := range w.days() {
		nato, _ := w.target(n, c, data.NATO, t, anyReadiness)
		eu, _ := w.target(n, c, data.EU, t, anyReadiness)
		peak = max(peak, nato+eu)
	}
	return peak
}

// The partners of a nation, with their likeness in floating point: it is shown to six decimals.
func TestPartnersAgreeWithCalendarWalk(t *testing.T) {
	type partner struct {
		receives, gives, shared string
		overlap                 float64
	}
	close := cmp.Options{cmp.AllowUnexported(partner{}), cmpopts.EquateApprox(0, 1e-6)}
	pairs := 0
	agree := func(t *rapid.T) {
		w := slowWorld{draw(t), nil}
		report, err := analysis.Run(context.Background(), graph.New(w.ds, data.Scope{}), analysis.Options{Kinds: []string{"partners"}})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]partner{}
		for _, n := range w.ds.Nations {
			for _, m := range w.ds.Nations {
				receives, gives, shared, least, most := 0, 0, 0, 0.0, 0.0
				for _, c := range w.ds.Capabilities {
					mine, theirs := w.balance(n.Nation, c.Capability), w.balance(m.Nation, c.Capability)
					if mine < 0 && theirs > 0 {
						receives++
					}
					if mine > 0 && theirs < 0 {
						gives++
					}
					largest := data.Amount(0)
					for _, x := range w.ds.Nations {
						largest = max(largest, w.demand(x.Nation, c.Capability))
					}
					if largest == 0 {
						continue
					}
					q, r := float64(w.demand(n.Nation, c.Capability))/float64(largest), float64(w.demand(m.Nation, c.Capability))/float64(largest)
					least, most = least+min(q, r), most+max(q, r)
					if q > 0 && r > 0 {
						shared++
					}
				}
				if n.Nation == m.Nation || receives+gives+shared == 0 {
					continue
				}
				overlap := 0.0
				if most > 0 {
					overlap = least / most
				}
				want[string(n.Nation)+" "+m.Name] = partner{fmt.Sprint(receives), fmt.Sprint(gives), fmt.Sprint(shared), overlap}
			}
		}
		got := map[string]partner{}
		for _, f := range report.Findings {
			for _, row := range f.Tell().Details[0].Rows {
				pairs++
				got[f.Subject[0]+" "+row[0]] = partner{row[1], row[2], row[3], signed(t, row[4]).Float()}
			}
		}
		if diff := cmp.Diff(want, got, close); diff != "" {
			t.Fatal(diff)
		}
	}
	const enough = 100
	for round := 0; round < 5 || pairs < enough && round < 100; round++ {
		rapid.Check(t, agree)
	}
	if pairs < enough {
		t.Errorf("only %d pairs of partners were compared", pairs)
	}
}
