package analysis

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"deconflict/data"
	"deconflict/graph"
)

// InitiativeOverlap tells which standing cooperations do the same work, how far that goes, and whether somebody has settled it.
var InitiativeOverlap = &Analysis{
	Name:   "initiative-overlap",
	Report: Duplication,
	Title:  "Two initiatives do the same work",
	Doc: `Any two initiatives that are active together, or of which one ended into the other, climb a ladder as far as they can:
  fragmentation  they serve a capability in common. Told once for each capability, with all its active initiatives
  overlap        also by the same means, and for the same beneficiary or with largely the same nations
  duplication    also for the same beneficiary, and at least half of what the two do is the same
A stated relation decides the status of an overlap or a duplication: live without one, managed where the two coordinate or have
distinct mandates, resolved where one is part of the other, was merged into it or takes its place. The finding names the tests that
raised or lowered the pair.
A list of nations that is partial says nothing about a nation that it lacks, so it counts only as the longer of two lists, from
which the number of nations in both is a lower bound. The addressees of a law, a fund or a plan take part in nothing and never
count. Two initiatives that serve only their own members have the same beneficiary where they have largely the same members.
Pairs that repeat one pattern are told as one finding with its members: an initiative that overlaps, by the same means on the same
capabilities and with the same status, with several initiatives whose beneficiaries differ from its own and are of one family: codes
with the same first word, such as moves-nordic and moves-baltic. Own-members is no family.`,
	Formula: `W(i) the tasks of initiative i, which are pairs (capability, means); M(i) the nations in it on the as-of date, or on its last day
fragmentation: a capability in common
overlap: W(i) ∩ W(j) on it not empty, and the same beneficiary or #(M(i) ∩ M(j)) ≥ members × min(#M(i), #M(j)) and ≥ 2, the smaller list being whole
duplication: overlap, the same beneficiary, and #(W(i) ∩ W(j)) ≥ union × #(W(i) ∪ W(j))
own-members is the same beneficiary where both lists are whole and #(M(i) ∩ M(j)) ≥ jaccard × #(M(i) ∪ M(j))
status: merged-into, supersedes, part-of → resolved; coordinates-with, distinct-mandate → managed; none → live
severity: live duplication high, live overlap medium, managed low, resolved and fragmentation info`,
	Params: []Param{
		{"members", "share of the shorter list of nations that must be in both", data.One / 2},
		{"union", "share of all their tasks that two duplicates have in common", data.One / 2},
		{"jaccard", "Jaccard index of their members from which two initiatives for own members serve the same", data.One / 2},
		{"family", "number of pairs of one pattern from which they are told as one", 3 * data.One},
	},
	Measures: []Column{{"initiatives", "initiative"}, {"organisations", "organisation"}, {"pairs", "pair"}, {"shared tasks", "task"}, {"tasks of either", "task"}, {"share of the union", "of 1"}, {"nations in both", "nation"}, {"nations in the smaller list", "nation"}, {"nations in both of some pair", "nation"}},
	Clause:   initiativeClause,
	Run:      initiativeOverlaps,
}

// initiativeClause says how many duplications there are, and that there is none only where initiatives meet at all.
func initiativeClause(fs []*Finding) []string {
	if len(fs) == 0 {
		return nil
	}
	s := "no live duplication between initiatives"
	if n := count(fs, duplication, live); n > 0 {
		s = counted(n, "live duplication") + " between initiatives"
	}
	var settled []string
	for _, status := range []string{managed, resolved} {
		if n := count(fs, duplication, status); n > 0 {
			settled = append(settled, fmt.Sprintf("%d %s", n, status))
		}
	}
	if len(settled) > 0 {
		s += " (" + strings.Join(settled, ", ") + ")"
	}
	if n := count(fs, overlap, live); n > 0 {
		return []string{s, counted(n, "live overlap")}
	}
	return []string{s}
}

// The rungs of the ladder, and where a pair on one of the upper two stands.
const (
	fragmentation = "fragmentation"
	overlap       = "overlap"
	duplication   = "duplication"

	live     = "live"
	managed  = "managed"
	resolved = "resolved"
)

func initiativeOverlaps(ctx context.Context, p *Pass) ([]Finding, error) {
	pairs, err := p.initiativePairs(ctx)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, c := range p.Capabilities() {
		if f, ok := p.fragmentation(c, pairs); ok {
			out = append(out, f)
		}
	}
	for _, x := range pairs {
		p.doubts(x)
	}
	upper := slices.DeleteFunc(pairs, func(x *initiativePair) bool { return x.level == fragmentation })
	patterns, single := p.patterns(upper)
	for _, x := range patterns {
		out = append(out, p.patternFinding(&x))
	}
	for _, x := range single {
		out = append(out, p.pairFinding(x))
	}
	return out, nil
}

// task is something that an initiative does for a capability.
type task struct {
	capability data.Capability
	means      data.Means
}

func (w task) String() string { return string(w.capability) + "/" + string(w.means) }

// initiativePair is two initiatives, how high they climb, and why.
type initiativePair struct {
	a, b     *graph.Initiative // by code
	common   []data.Capability // that both serve
	shared   []task            // that both have
	union    int               // number of different tasks
	members  [2][]data.Nation
	both     []data.Nation
	relation *data.Relation

	sameBeneficiary, sameMembers     bool
	beneficiaryDoubt, membersDoubt   bool // a partial list keeps the test from being made
	beneficiaryReason, membersReason string
	level, status                    string
}

func (x *initiativePair) codes() []string {
	return []string{x.a.Initiative.Initiative, x.b.Initiative.Initiative}
}

// initiativePairs are all pairs that share a capability, by their codes.
func (p *Pass) initiativePairs(ctx context.Context) ([]*initiativePair, error) {
	members, does := map[*graph.Initiative][]data.Nation{}, map[*graph.Initiative][]task{}
	serving := map[data.Capability][]*graph.Initiative{}
	for _, i := range p.Initiatives() {
		members[i] = i.Members(p.lastDay(i))
		for _, c := range i.Contributions {
			if w := (task{c.Capability, c.Means}); !slices.Contains(does[i], w) {
				does[i] = append(does[i], w)
			}
			if s := serving[c.Capability]; len(s) == 0 || s[len(s)-1] != i {
				serving[c.Capability] = append(s, i)
			}
		}
	}
	var out []*initiativePair
	for _, c := range p.Capabilities() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for k, a := range serving[c.Capability] {
			for _, b := range serving[c.Capability][k+1:] {
				if !p.together(a, b) {
					continue
				}
				x := &initiativePair{a: a, b: b, members: [2][]data.Nation{members[a], members[b]}, relation: p.Relation(a.Initiative.Initiative, b.Initiative.Initiative)}
				x.common, x.shared, x.union = compareTasks(does[a], does[b])
				if x.common[0] != c.Capability {
					continue // met before, on their first capability
				}
				p.climb(x)
				out = append(out, x)
			}
		}
	}
	slices.SortFunc(out, func(x, y *initiativePair) int { return slices.Compare(x.codes(), y.codes()) })
	return out, nil
}

// lastDay is the as-of date, or the last day of an initiative that ended before.
func (p *Pass) lastDay(i *graph.Initiative) data.Date {
	if u := i.Period.Until; u != 0 && u < p.AsOf() {
		return u
	}
	return p.AsOf()
}

// together reports whether both initiatives are active, or one has ended into the other, which is.
func (p *Pass) together(a, b *graph.Initiative) bool {
	if a.Active(p.AsOf()) && b.Active(p.AsOf()) {
		return true
	}
	r := p.Relation(a.Initiative.Initiative, b.Initiative.Initiative)
	if r == nil {
		return false
	}
	var ended, lives string
	switch r.Relation {
	case data.MergedInto:
		ended, lives = r.Initiative, r.Other
	case data.Supersedes:
		ended, lives = r.Other, r.Initiative
	default:
		return false
	}
	until := p.Initiative(ended).Period.Until
	return until != 0 && until < p.AsOf() && p.Initiative(lives).Active(p.AsOf())
}

// compareTasks gives the capabilities that both serve, the tasks that both have, and how many different tasks there are.
func compareTasks(a, b []task) (common []data.Capability, shared []task, union int) {
	union = len(b)
	for _, w := range a {
		if slices.Contains(b, w) {
			shared = append(shared, w)
		} else {
			union++
		}
		if !slices.Contains(common, w.capability) && slices.ContainsFunc(b, func(v task) bool { return v.capability == w.capability }) {
			common = append(common, w.capability)
		}
	}
	return common, shared, union
}

// climb tries the rungs one after the other.
func (p *Pass) climb(x *initiativePair) {
	x.both = inBoth(x.members[0], x.members[1])
	p.compareBeneficiaries(x)
	p.compareMembers(x)
	x.level = fragmentation
	if len(x.shared) > 0 && (x.sameBeneficiary || x.sameMembers) {
		x.level = overlap
		if x.sameBeneficiary && p.muchShared(x) {
			x.level = duplication
		}
	}
	switch {
	case x.relation == nil:
		x.status = live
	case x.relation.Relation.Resolves():
		x.status = resolved
	default:
		x.status = managed
	}
}

func (p *Pass) muchShared(x *initiativePair) bool {
	return p.reaches(len(x.shared), "initiative-overlap.union", x.union)
}

// reaches reports whether part is at least the share of whole that a threshold asks for.
func (p *Pass) reaches(part int, threshold string, whole int) bool {
	return data.Count(part) >= p.Param(threshold)*data.Amount(whole)
}

// compareBeneficiaries says whether both serve the same. An initiative whose beneficiary nobody states serves the same as no other.
func (p *Pass) compareBeneficiaries(x *initiativePair) {
	a, b := x.a.Beneficiary, x.b.Beneficiary
	switch {
	case a == "" || b == "":
		x.beneficiaryReason = "no beneficiary stated"
	case a != b:
		x.beneficiaryReason = "different beneficiaries: " + a + ", " + b
	case a != data.OwnMembers:
		x.sameBeneficiary, x.beneficiaryReason = true, "same beneficiary "+a
	case !x.a.Membership.Whole() || !x.b.Membership.Whole():
		x.beneficiaryDoubt = x.a.Membership != data.Addressees && x.b.Membership != data.Addressees
		x.beneficiaryReason = "own-members, and not both lists are whole"
	default:
		union := len(x.members[0]) + len(x.members[1]) - len(x.both)
		x.sameBeneficiary = union > 0 && p.reaches(len(x.both), "initiative-overlap.jaccard", union)
		x.beneficiaryReason = fmt.Sprintf("own-members with Jaccard index %d/%d %s", len(x.both), union, against(x.sameBeneficiary, p.Param("initiative-overlap.jaccard")))
	}
}

// compareMembers says whether the two are largely the same nations. Of two lists of one length either may be the smaller.
func (p *Pass) compareMembers(x *initiativePair) {
	const fewest = 2
	na, nb := len(x.members[0]), len(x.members[1])
	smaller := min(na, nb)
	switch {
	case x.a.Membership == data.Addressees || x.b.Membership == data.Addressees:
		x.membersReason = "addressees do not count as members"
	case !(na == smaller && x.a.Membership.Whole() || nb == smaller && x.b.Membership.Whole()):
		x.membersDoubt = true
		x.membersReason = fmt.Sprintf("%s in both, but the smaller list is partial", counted(len(x.both), "nation"))
	default:
		x.sameMembers = len(x.both) >= fewest && p.reaches(len(x.both), "initiative-overlap.members", smaller)
		x.membersReason = fmt.Sprintf("%d of the %s of the smaller list in both", len(x.both), counted(smaller, "nation"))
	}
}

// against prints how a number stands to a threshold.
func against(reached bool, threshold data.Amount) string {
	if reached {
		return "≥ " + threshold.String()
	}
	return "< " + threshold.String()
}

// doubts records the tests that a partial list kept from being made, where they could have raised the pair.
func (p *Pass) doubts(x *initiativePair) {
	subject := strings.Join(x.codes(), " + ")
	switch {
	case x.level == fragmentation && len(x.shared) > 0 && x.membersDoubt:
		p.NotAssessed("initiative-overlap", "the smaller list of nations is partial: whether half of it is in both is not known", subject)
	case x.level == overlap && x.beneficiaryDoubt && p.muchShared(x):
		p.NotAssessed("initiative-overlap", "both serve their own members and a list is partial: whether they serve the same is not known", subject)
	}
}

// crowd is the active initiatives on one capability, and how far each two of them go.
type crowd struct {
	data.CapabilityRow
	active []*graph.Initiative
	pairs  []*initiativePair
}

// fragmentation tells that several active initiatives serve c.
func (p *Pass) fragmentation(c data.CapabilityRow, pairs []*initiativePair) (Finding, bool) {
	x := &crowd{CapabilityRow: c, active: slices.Collect(p.ActiveOn(c.Capability, p.AsOf()))}
	if len(x.active) < 2 {
		return Finding{}, false
	}
	for _, pair := range pairs {
		if slices.Contains(pair.common, c.Capability) && pair.a.Active(p.AsOf()) && pair.b.Active(p.AsOf()) {
			x.pairs = append(x.pairs, pair)
		}
	}
	organisations := organisationsOf(x.active)
	return Finding{
		Subject: []string{fragmentation, string(c.Capability)}, Capability: c.Capability,
		Organisations: organisations, Initiatives: codesOf(x.active),
		Verdict: fragmentation, Severity: Info, Order: data.Count(len(x.active)),
		Measures: []Measure{
			{"initiatives", data.Count(len(x.active)), ""}, {"organisations", data.Count(len(organisations)), ""},
			{"pairs", data.Count(len(x.pairs)), ""},
		},
		wording: x,
	}, true
}

func (x *crowd) words(p *Pass, f *Finding) (w Words) {
	each := Detail{Title: "What each does", Columns: []Column{{Name: "initiative"}, {Name: "organisation"}, {Name: "means"}, {Name: "beneficiary"}}}
	for _, i := range x.active {
		each.Rows = append(each.Rows, []string{i.Name, string(i.Organisation), listed(meansOn(i, x.Capability)), i.Beneficiary})
	}
	w.Details = []Detail{each}
	further := Detail{Title: "Pairs that go further", Columns: []Column{{Name: "initiative"}, {Name: "initiative"}, {Name: "verdict"}, {Name: "status"}}}
	levels := map[string]int{}
	for _, pair := range x.pairs {
		levels[pair.level]++
		if pair.level != fragmentation {
			further.Rows = append(further.Rows, []string{pair.a.Name, pair.b.Name, pair.level, pair.status})
		}
	}
	if len(further.Rows) > 0 {
		w.Details = append(w.Details, further)
	}
	var counts []string
	for _, o := range f.Organisations {
		counts = append(counts, fmt.Sprintf("%s %d", o, len(p.carried(x.Capability, o))))
	}
	n := len(x.active)
	w.Summary = fmt.Sprintf("%d initiatives work on %s: %s.", n, x.Name, listed(counts))
	w.Explanation = fmt.Sprintf("%d initiatives make %d × %d / 2 = %s: %d with no more than the capability in common, %s, %s.",
		n, n, n-1, counted(n*(n-1)/2, "pair"), levels[fragmentation], counted(levels[overlap], "overlap"), counted(levels[duplication], "duplication"))
	return w
}

func (x *crowd) evidence(_ *Pass, out []Evidence) []Evidence {
	return append(out, workEvidence(x.Capability, x.active...)...)
}

// pairFinding tells of one overlap or duplication.
func (p *Pass) pairFinding(x *initiativePair) Finding {
	f := p.overlapFinding(x)
	f.Subject = x.codes()
	f.Period = meeting(x.a.Period, x.b.Period)
	f.Measures = append(p.pairMeasures(x), Measure{"nations in the smaller list", data.Count(min(len(x.members[0]), len(x.members[1]))), ""})
	f.wording = x
	return f
}

func (x *initiativePair) words(p *Pass, _ *Finding) (w Words) {
	w.Details = []Detail{p.ladder(x), p.sideBySide(x)}
	if len(x.both) > 0 {
		w.Details = append(w.Details, Detail{Title: "Nations in both", Columns: []Column{{Name: "nation"}}, Rows: nationRows(p, x.both)})
	}
	verb := "overlap"
	if x.level == duplication {
		verb = "do much the same for the same beneficiary"
	}
	w.Summary = fmt.Sprintf("%s and %s %s on %s; %s.", x.a.Name, x.b.Name, verb, p.tasksInWords(x.shared), settled(x))
	w.Explanation = fmt.Sprintf("Shared tasks: %s, %d of %d in the union %s; %s; %s; relation: %s. So: %s, %s.",
		listed(x.shared), len(x.shared), x.union, against(p.muchShared(x), p.Param("initiative-overlap.union")), x.beneficiaryReason, p.membersInWords(x), relationName(x), x.level, x.status)
	w.Caveats = x.caveats()
	return w
}

// overlapFinding is what a pair's finding and its part in a pattern have in common.
func (p *Pass) overlapFinding(x *initiativePair) Finding {
	f := Finding{
		Nations: x.both, Organisations: organisationsOf([]*graph.Initiative{x.a, x.b}), Initiatives: x.codes(),
		Verdict: x.level, Status: x.status, Severity: overlapSeverity(x), Order: data.Count(len(x.both)),
	}
	if len(f.Organisations) == 2 && !slices.Contains(f.Organisations, data.Other) {
		f.Order += acrossFirst
	}
	f.Area, f.Capability = p.place(x.shared)
	return f
}

func (x *initiativePair) evidence(p *Pass, out []Evidence) []Evidence {
	both := []*graph.Initiative{x.a, x.b}
	for _, i := range both {
		out = append(out, initiativeEvidence(i)...)
		for _, c := range x.common {
			out = append(out, contributionEvidence(i, contributionsTo(i, c)...)...)
		}
	}
	if x.relation != nil {
		out = append(out, relationEvidence(x.a, x.b, x.relation))
	}
	for _, i := range both {
		for _, n := range x.both {
			out = append(out, participantEvidence(i, inRole(i, n, p.lastDay(i)))...)
		}
	}
	return out
}

// caveats say which list may lack nations where that matters.
func (x *initiativePair) caveats() (out []string) {
	for k, i := range []*graph.Initiative{x.a, x.b} {
		if i.Membership == data.Partial && (x.sameMembers || x.beneficiaryDoubt || x.membersDoubt) {
			out = append(out, fmt.Sprintf("the list of %s is partial (%s known): more nations may be in both", i.Name, counted(len(x.members[k]), "nation")))
		}
	}
	return out
}

// acrossFirst ranks what two organisations do before what one does with itself or with nations outside: it is larger than any
// number of nations.
const acrossFirst = 1000 * data.One

func overlapSeverity(x *initiativePair) Severity {
	switch {
	case x.status == resolved:
		return Info
	case x.status == managed:
		return Low
	case x.level == duplication:
		return High
	}
	return Medium
}

// place is the area of tasks that lie in one area, and the capability of tasks on one capability.
func (p *Pass) place(ws []task) (data.Area, data.Capability) {
	area, capability := p.Dataset.Capability(ws[0].capability).Area, ws[0].capability
	for _, w := range ws {
		if p.Dataset.Capability(w.capability).Area != area {
			area = ""
		}
		if w.capability != capability {
			capability = ""
		}
	}
	return area, capability
}

func (p *Pass) pairMeasures(x *initiativePair) []Measure {
	return []Measure{
		{"shared tasks", data.Count(len(x.shared)), ""}, {"tasks of either", data.Count(x.union), ""},
		{"share of the union", data.Ratio(data.Count(len(x.shared)), data.Count(x.union)), ""},
		{"nations in both", data.Count(len(x.both)), ""},
	}
}

// ladder shows each test, what it found, and where it brought the pair.
func (p *Pass) ladder(x *initiativePair) Detail {
	d := Detail{Title: "The ladder", Columns: []Column{{Name: "test"}, {Name: "found"}, {Name: "effect"}}}
	row := func(test, found, effect string) { d.Rows = append(d.Rows, []string{test, found, effect}) }
	effect := func(raised bool, to, otherwise string) string {
		if raised {
			return to
		}
		return otherwise
	}
	row("capability in common", listed(x.common), fragmentation)
	row("means in common", listed(x.shared), "allows "+overlap)
	row("beneficiary", x.beneficiaryReason, effect(x.sameBeneficiary, "raises to "+overlap, "keeps from "+duplication))
	row("members", x.membersReason, effect(x.sameMembers, "raises to "+overlap, "does not raise"))
	row("share of the union", fmt.Sprintf("%d of %d %s", len(x.shared), x.union, against(p.muchShared(x), p.Param("initiative-overlap.union"))),
		effect(x.level == duplication, "raises to "+duplication, effect(p.muchShared(x), "not enough without the same beneficiary", "keeps from "+duplication)))
	row("relation", relationName(x), x.status)
	return d
}

// sideBySide shows all that the two do on the capabilities in common.
func (p *Pass) sideBySide(x *initiativePair) Detail {
	d := Detail{Title: "On the capabilities in common", Columns: []Column{{Name: "capability"}, {Name: x.a.Initiative.Initiative}, {Name: x.b.Initiative.Initiative}}}
	for _, c := range x.common {
		d.Rows = append(d.Rows, []string{p.Dataset.Capability(c).Name, listed(meansOn(x.a, c)), listed(meansOn(x.b, c))})
	}
	return d
}

// membersInWords is the outcome of the test of members, with the nations in both.
func (p *Pass) membersInWords(x *initiativePair) string {
	if len(x.both) == 0 {
		return x.membersReason
	}
	return x.membersReason + " (" + listed(x.both) + ")"
}

// tasksInWords prints "Medical training (train) and Exercises (fund, train)".
func (p *Pass) tasksInWords(ws []task) string {
	var out []string
	for i, w := range ws {
		if i > 0 && ws[i-1].capability == w.capability {
			out[len(out)-1] = strings.TrimSuffix(out[len(out)-1], ")") + ", " + string(w.means) + ")"
			continue
		}
		out = append(out, p.Dataset.Capability(w.capability).Name+" ("+string(w.means)+")")
	}
	return strings.Join(out, " and ")
}

func relationName(x *initiativePair) string {
	if x.relation == nil {
		return "none stated"
	}
	return x.relation.Initiative + " " + string(x.relation.Relation) + " " + x.relation.Other
}

// settled says in words what the relation of a pair does to it.
func settled(x *initiativePair) string {
	if x.relation == nil {
		return "no relation between them is stated"
	}
	switch x.relation.Relation {
	case data.MergedInto:
		return "one was merged into the other"
	case data.Supersedes:
		return "one takes the place of the other"
	case data.PartOf:
		return "one is part of the other"
	case data.CoordinatesWith:
		return "they coordinate"
	}
	return "their mandates are stated to be distinct"
}

// pattern is several overlaps of one initiative, the hub, that say the same.
type pattern struct {
	patternKey
	pairs []*initiativePair
}

type patternKey struct{ hub, family, shared, status string }

// patterns takes out of the pairs those that repeat one pattern. A pair that fits two patterns goes to the larger, and then to the
// first by name.
func (p *Pass) patterns(pairs []*initiativePair) (patterns []pattern, single []*initiativePair) {
	left := pairs
	for {
		found := map[patternKey][]*initiativePair{}
		for _, x := range left {
			for _, key := range patternsOf(x) {
				found[key] = append(found[key], x)
			}
		}
		var best pattern
		for _, key := range slices.SortedFunc(maps.Keys(found), comparePatterns) {
			if len(found[key]) > len(best.pairs) {
				best = pattern{key, found[key]}
			}
		}
		if len(best.pairs) < 2 || data.Count(len(best.pairs)) < p.Param("initiative-overlap.family") {
			return patterns, left
		}
		patterns = append(patterns, best)
		left = slices.DeleteFunc(slices.Clone(left), func(x *initiativePair) bool { return slices.Contains(best.pairs, x) })
	}
}

func comparePatterns(a, b patternKey) int {
	return cmp.Or(cmp.Compare(a.hub, b.hub), cmp.Compare(a.family, b.family), cmp.Compare(a.shared, b.shared), cmp.Compare(a.status, b.status))
}

// patternsOf are the patterns that a pair could be part of, with either initiative as the hub. As the beneficiaries differ, every
// such pair is an overlap by its members: the reason is the same throughout.
func patternsOf(x *initiativePair) (keys []patternKey) {
	var shared []string
	for _, w := range x.shared {
		shared = append(shared, w.String())
	}
	if x.sameBeneficiary {
		return nil
	}
	a, b := beneficiaryFamily(x.a), beneficiaryFamily(x.b)
	if b != "" {
		keys = append(keys, patternKey{x.a.Initiative.Initiative, b, strings.Join(shared, "+"), x.status})
	}
	if a != "" {
		keys = append(keys, patternKey{x.b.Initiative.Initiative, a, strings.Join(shared, "+"), x.status})
	}
	return keys
}

// beneficiaryFamily is the first word of a beneficiary's code that has several.
func beneficiaryFamily(i *graph.Initiative) string {
	family, _, several := strings.Cut(i.Beneficiary, "-")
	if !several || i.Beneficiary == data.OwnMembers {
		return ""
	}
	return family
}

// patternFinding tells several overlaps as one.
func (p *Pass) patternFinding(x *pattern) Finding {
	f := Finding{Subject: []string{x.hub, x.family, x.shared, x.status}, wording: x}
	all := []*graph.Initiative{p.Initiative(x.hub)}
	for _, y := range x.pairs {
		all = append(all, x.other(y))
		one := p.overlapFinding(y)
		f.Nations = append(f.Nations, one.Nations...)
		f.Area, f.Capability, f.Verdict, f.Status, f.Severity = one.Area, one.Capability, one.Verdict, one.Status, one.Severity
	}
	slices.Sort(f.Nations)
	f.Nations = slices.Compact(f.Nations)
	f.Organisations, f.Initiatives = organisationsOf(all), codesOf(all)
	f.Order += data.Count(len(f.Nations))
	f.Measures = []Measure{{"pairs", data.Count(len(x.pairs)), ""}, {"shared tasks", data.Count(len(x.pairs[0].shared)), ""}, {"nations in both of some pair", data.Count(len(f.Nations)), ""}}
	return f
}

// other is the initiative of a pair that is not the hub.
func (x *pattern) other(y *initiativePair) *graph.Initiative {
	if y.a.Initiative.Initiative == x.hub {
		return y.b
	}
	return y.a
}

func (x *pattern) words(p *Pass, f *Finding) (w Words) {
	hub, first := p.Initiative(x.hub), x.pairs[0]
	members := Detail{Title: "Members of the pattern", Columns: []Column{{Name: "initiative"}, {Name: "beneficiary"}, {"nations in both", "nation"}, {"smaller list", "nation"}, {"share of the union", "share"}, {Name: "nations"}, {Name: "relation"}}}
	var terms []string
	for _, y := range x.pairs {
		other, smaller := x.other(y), min(len(y.members[0]), len(y.members[1]))
		members.Rows = append(members.Rows, []string{other.Name, other.Beneficiary, fmt.Sprint(len(y.both)), fmt.Sprint(smaller),
			data.Ratio(data.Count(len(y.shared)), data.Count(y.union)).String(), listed(y.both), relationName(y)})
		terms = append(terms, fmt.Sprintf("%s %d of %d", other.Initiative.Initiative, len(y.both), smaller))
		w.Caveats = append(w.Caveats, y.caveats()...)
	}
	w.Details = []Detail{members}
	how := settled(first)
	if slices.ContainsFunc(x.pairs, func(y *initiativePair) bool { return settled(y) != how }) {
		how = "their relations are stated"
	}
	w.Summary = fmt.Sprintf("%s overlaps with %d initiatives for %s-* on %s; %s.", hub.Name, len(x.pairs), x.family, p.tasksInWords(first.shared), how)
	w.Explanation = fmt.Sprintf("Shared tasks: %s. Beneficiaries differ: %s against %s-*. Nations of the smaller list that are in both: %s. So: %s, %s.",
		listed(first.shared), cmp.Or(hub.Beneficiary, "none stated"), x.family, strings.Join(terms, "; "), f.Verdict, f.Status)
	return w
}

func (x *pattern) evidence(p *Pass, out []Evidence) []Evidence {
	for _, y := range x.pairs {
		out = y.evidence(p, out)
	}
	return out
}

// inBoth are the nations in two lists, both by code.
func inBoth(a, b []data.Nation) (out []data.Nation) {
	for _, n := range a {
		if _, found := slices.BinarySearch(b, n); found {
			out = append(out, n)
		}
	}
	return out
}

// meeting is the time that two periods have in common; none where they do not meet.
func meeting(a, b data.Period) data.Period {
	if !a.Meets(b) {
		return data.Period{}
	}
	out := data.Period{From: max(a.From, b.From), Until: a.Until}
	if out.Until == 0 || b.Until != 0 && b.Until < out.Until {
		out.Until = b.Until
	}
	return out
}

// inRole is the row that puts n into an initiative on day t; nil if none does.
func inRole(i *graph.Initiative, n data.Nation, t data.Date) *data.Participant {
	for _, part := range i.Participants {
		if part.Nation == n && part.Role.In() && part.Period.Contains(t) {
			return part
		}
	}
	return nil
}

// contributionsTo is what an initiative does for c.
func contributionsTo(i *graph.Initiative, c data.Capability) (out []*data.Contribution) {
	for _, k := range i.Contributions {
		if k.Capability == c {
			out = append(out, k)
		}
	}
	return out
}

// meansOn are the means by which an initiative serves c.
func meansOn(i *graph.Initiative, c data.Capability) (out []data.Means) {
	for _, k := range contributionsTo(i, c) {
		out = append(out, k.Means)
	}
	return slices.Compact(out)
}

// codesOf are the codes of initiatives, in their order.
func codesOf(is []*graph.Initiative) (out []string) {
	for _, i := range is {
		out = append(out, i.Initiative.Initiative)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// organisationsOf are the organisations that carry initiatives, by name.
func organisationsOf(is []*graph.Initiative) (out []data.Organisation) {
	for _, i := range is {
		out = append(out, i.Organisation)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// listed prints words with commas between, and a dash for none.
func listed[T any](words []T) string {
	if len(words) == 0 {
		return "–"
	}
	var out []string
	for _, w := range words {
		out = append(out, fmt.Sprint(w))
	}
	return strings.Join(out, ", ")
}
