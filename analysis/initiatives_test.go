package analysis

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"deconflict/data"
	"deconflict/data/load"
	"deconflict/graph"
)

// TestPublicLadder holds the ladder to what it must say on the public dataset. The numbers were found by a separate program that
// reads the CSV files and knows nothing of this one. They agree with the opinion of public experts: few duplications, each of
// them settled, and between NATO and the EU only training left open.
func TestPublicLadder(t *testing.T) {
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPass(graph.New(ds, data.Scope{}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := p.initiativePairs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	active := 0
	for _, i := range p.Initiatives() {
		if i.Active(p.AsOf()) {
			active++
		}
	}
	got := map[string]int{"active": active}
	var between []string
	for _, x := range pairs {
		key := x.level + " " + x.status
		if !x.a.Active(p.AsOf()) || !x.b.Active(p.AsOf()) {
			key += ", ended"
		}
		got[key]++
		organisations := organisationsOf([]*graph.Initiative{x.a, x.b})
		if x.level != fragmentation && x.status == live && slices.Equal(organisations, []data.Organisation{data.EU, data.NATO}) {
			between = append(between, strings.Join(x.codes(), " "))
		}
	}
	want := map[string]int{
		"active":             85,
		"fragmentation live": 178, "fragmentation managed": 14, "fragmentation resolved": 1, "fragmentation resolved, ended": 4,
		"overlap live": 12, "overlap managed": 16, "overlap resolved": 1, "overlap resolved, ended": 3,
		"duplication managed": 8, "duplication resolved": 2,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
	training := []string{"ccdcoe pesco-eu-caih", "cyber-coalition pesco-eu-caih", "milmed-coe pesco-smtc"}
	if diff := cmp.Diff(training, between); diff != "" {
		t.Errorf("live overlaps of NATO and the EU (-want +got):\n%s", diff)
	}
	for codes, status := range map[string]string{
		"mmcc-e pesco-emc":          "overlap resolved", // merged in 2024
		"eda-customs nato-form-302": "overlap managed",  // two forms 302, distinct by mandate
		"nato-rrt pesco-crrt":       "overlap managed",  // two schemes of response teams
	} {
		i := slices.IndexFunc(pairs, func(x *initiativePair) bool { return strings.Join(x.codes(), " ") == codes })
		if i < 0 {
			t.Errorf("%s is no pair", codes)
		} else if got := pairs[i].level + " " + pairs[i].status; got != status {
			t.Errorf("%s: %s, want %s", codes, got, status)
		}
	}
}

// TestPublicPatterns: the corridors meet the two EU permission schemes once for each scheme, not eleven times.
func TestPublicPatterns(t *testing.T) {
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(t.Context(), graph.New(ds, data.Scope{}), Options{Kinds: []string{"initiative-overlap"}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range report.Findings {
		if len(f.Initiatives) > 2 && f.Verdict != fragmentation {
			got = append(got, fmt.Sprintf("%s %s: %s", f.ID, f.Severity, strings.Join(f.Initiatives, " ")))
		}
	}
	want := []string{
		"initiative-overlap:eda-cbmp:moves:mob-border-permission/procedure:live medium: baltic-mma cne-mma corridor-grc-bgr-rou corridor-nor-swe-fin corridor-viii eda-cbmp nordic-mobility-agreement",
		"initiative-overlap:eda-dic-ta:moves:mob-border-permission/procedure:managed low: baltic-mma cne-mma corridor-grc-bgr-rou corridor-nor-swe-fin corridor-viii eda-dic-ta",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("patterns (-want +got):\n%s", diff)
	}
}

// slowLadder is the ladder a second time, over sets of words and straight from its definition: level and status of two
// initiatives, or nothing where they do not stand on it.
func slowLadder(ds *data.Dataset, asOf data.Date, a, b *data.Initiative) string {
	type set = map[string]bool
	active := func(i *data.Initiative) bool {
		return (i.Period.From == 0 || i.Period.From <= asOf) && (i.Period.Until == 0 || asOf <= i.Period.Until)
	}
	ended := func(i *data.Initiative) bool { return i.Period.Until != 0 && i.Period.Until < asOf }
	stated, into := set{}, false
	for _, r := range ds.Relations {
		if r.Initiative == a.Initiative && r.Other == b.Initiative || r.Initiative == b.Initiative && r.Other == a.Initiative {
			stated[string(r.Relation)] = true
			first, second := a, b
			if r.Initiative == b.Initiative {
				first, second = b, a
			}
			into = into || r.Relation == "merged-into" && ended(first) && active(second) || r.Relation == "supersedes" && ended(second) && active(first)
		}
	}
	if !(active(a) && active(b)) && !into {
		return ""
	}
	capabilities, works, nations := func(i *data.Initiative) set {
		s := set{}
		for _, c := range ds.Contributions {
			if c.Initiative == i.Initiative {
				s[string(c.Capability)] = true
			}
		}
		return s
	}, func(i *data.Initiative) set {
		s := set{}
		for _, c := range ds.Contributions {
			if c.Initiative == i.Initiative {
				s[string(c.Capability)+" "+string(c.Means)] = true
			}
		}
		return s
	}, func(i *data.Initiative) set {
		day := asOf
		if ended(i) {
			day = i.Period.Until
		}
		s := set{}
		for _, p := range ds.Participants {
			if p.Initiative == i.Initiative && i.Membership != "addressees" && (p.Role == "lead" || p.Role == "member") &&
				(p.Period.From == 0 || p.Period.From <= day) && (p.Period.Until == 0 || day <= p.Period.Until) {
				s[string(p.Nation)] = true
			}
		}
		return s
	}
	meet := func(x, y set) int {
		n := 0
		for k := range x {
			if y[k] {
				n++
			}
		}
		return n
	}
	if meet(capabilities(a), capabilities(b)) == 0 {
		return ""
	}
	whole := func(i *data.Initiative) bool { return i.Membership == "complete" || i.Membership == "all-members" }
	na, nb := nations(a), nations(b)
	both := meet(na, nb)
	same := a.Beneficiary != "" && a.Beneficiary == b.Beneficiary
	if same && a.Beneficiary == "own-members" {
		union := len(na) + len(nb) - both
		same = whole(a) && whole(b) && union > 0 && float64(both)/float64(union) >= 0.5
	}
	half := func(smaller set, i *data.Initiative) bool { return whole(i) && 2*both >= len(smaller) }
	members := both >= 2 && a.Membership != "addressees" && b.Membership != "addressees" &&
		(len(na) <= len(nb) && half(na, a) || len(nb) <= len(na) && half(nb, b))
	wa, wb := works(a), works(b)
	shared := meet(wa, wb)
	level := "fragmentation"
	if shared > 0 && (same || members) {
		level = "overlap"
	}
	if shared > 0 && same && 2*shared >= len(wa)+len(wb)-shared {
		level = "duplication"
	}
	switch {
	case stated["merged-into"] || stated["supersedes"] || stated["part-of"]:
		return level + " resolved"
	case len(stated) > 0:
		return level + " managed"
	}
	return level + " live"
}

// TestLadderTwice compares the ladder with its second implementation on small random datasets.
func TestLadderTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ds := randomInitiatives(t)
		p, err := newPass(graph.New(ds, data.Scope{AsOf: randomAsOf}), Options{})
		if err != nil {
			t.Fatal(err)
		}
		pairs, err := p.initiativePairs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got, want := map[string]string{}, map[string]string{}
		for _, x := range pairs {
			got[strings.Join(x.codes(), " ")] = x.level + " " + x.status
		}
		for i := range ds.Initiatives {
			for j := range i {
				a, b := &ds.Initiatives[j], &ds.Initiatives[i]
				if s := slowLadder(ds, randomAsOf, a, b); s != "" {
					want[a.Initiative+" "+b.Initiative] = s
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-slow +fast):\n%s", diff)
		}
		for _, x := range pairs {
			if x.level == duplication && !x.sameBeneficiary {
				t.Fatal("a duplication with different beneficiaries")
			}
		}
	})
}

// TestPatternsLoseNoPair: every pair above fragmentation is told once, alone or in one pattern.
func TestPatternsLoseNoPair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ds := randomInitiatives(t)
		fewest := data.Count(rapid.IntRange(0, 3).Draw(t, "fewest"))
		p, err := newPass(graph.New(ds, data.Scope{AsOf: randomAsOf}), Options{Params: map[string]data.Amount{"initiative-overlap.family": fewest}})
		if err != nil {
			t.Fatal(err)
		}
		pairs, err := p.initiativePairs(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		pairs = slices.DeleteFunc(pairs, func(x *initiativePair) bool { return x.level == fragmentation })
		patterns, single := p.patterns(slices.Clone(pairs))
		told := map[*initiativePair]int{}
		for _, x := range single {
			told[x]++
		}
		for _, pattern := range patterns {
			if len(pattern.pairs) < 2 || data.Count(len(pattern.pairs)) < fewest {
				t.Fatalf("a pattern of %d", len(pattern.pairs))
			}
			for _, x := range pattern.pairs {
				told[x]++
				if x.level != overlap || x.status != pattern.status || x.a.Initiative.Initiative != pattern.hub && x.b.Initiative.Initiative != pattern.hub {
					t.Fatalf("%v is not of the pattern %v", x.codes(), pattern.patternKey)
				}
			}
		}
		for _, x := range pairs {
			if told[x] != 1 {
				t.Fatalf("%v is told %d times", x.codes(), told[x])
			}
		}
	})
}

const randomAsOf data.Date = 100

// randomInitiatives is a small dataset of initiatives of which many pairs climb.
func randomInitiatives(t *rapid.T) *data.Dataset {
	pick := func(words ...string) string { return rapid.SampledFrom(words).Draw(t, "word") }
	period := func() data.Period {
		return rapid.SampledFrom([]data.Period{{}, {}, {}, {From: 50}, {From: 100, Until: 100}, {Until: 99}, {From: 101}, {From: 101, Until: 110}, {From: 10, Until: 60}}).Draw(t, "period")
	}
	var nations []data.NationRow
	for _, n := range []string{"AAA", "BBB", "CCC", "DDD", "EEE"} {
		nations = append(nations, data.NationRow{Nation: data.Nation(n), Name: n})
	}
	var capabilities []data.CapabilityRow
	for _, c := range []string{"c1", "c2", "c3"} {
		capabilities = append(capabilities, data.CapabilityRow{Capability: data.Capability(c), Name: c, Area: "area", Unit: "unit"})
	}
	ds := &data.Dataset{Vocabulary: data.NewVocabulary(nations, nil, nil, capabilities, nil)}
	count := rapid.IntRange(2, 6).Draw(t, "initiatives")
	for k := range count {
		code := fmt.Sprintf("i%d", k)
		ds.Initiatives = append(ds.Initiatives, data.Initiative{
			Initiative: code, Name: code, Organisation: data.Organisation(pick("NATO", "EU", "OTHER")), Period: period(),
			Beneficiary: pick("", "allies", "moves-a", "moves-b", "own-members", "own-members"), Membership: data.Completeness(pick("complete", "complete", "partial", "all-members", "addressees")),
		})
		for _, w := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"c1 train", "c1 fund", "c2 train", "c2 provide", "c3 train"}), 0, 3, rapid.ID).Draw(t, "works") {
			c, m, _ := strings.Cut(w, " ")
			ds.Contributions = append(ds.Contributions, data.Contribution{Initiative: code, Capability: data.Capability(c), Means: data.Means(m)})
		}
		for range rapid.IntRange(0, 6).Draw(t, "participants") {
			ds.Participants = append(ds.Participants, data.Participant{
				Initiative: code, Nation: data.Nation(pick("AAA", "BBB", "CCC", "DDD", "EEE")), Role: data.Role(pick("lead", "member", "member", "observer")), Period: period(),
			})
		}
		if k > 0 && rapid.Bool().Draw(t, "related") {
			other := fmt.Sprintf("i%d", rapid.IntRange(0, k-1).Draw(t, "other"))
			if rapid.Bool().Draw(t, "turned") {
				code, other = other, code
			}
			ds.Relations = append(ds.Relations, data.Relation{Initiative: code, Other: other, Relation: data.RelationKind(pick("merged-into", "supersedes", "part-of", "coordinates-with", "distinct-mandate"))})
		}
	}
	return ds
}
