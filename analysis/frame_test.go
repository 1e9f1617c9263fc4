package analysis

import (
	"context"
	"slices"
	"strings"
	"testing"

	"deconflict/data"
	"deconflict/graph"
)

// asked is POL, asked for 4 ships by NATO and 3 by the EU, holding 2; and DEU, asked for 1 and holding 9.
func asked() *graph.Graph {
	record := func(id string, n int) data.Record {
		return data.Record{Subject: &data.Subject{Capability: "sealift", Unit: "ship", Comparable: true}, Origin: &data.Origin{File: "f.csv"}, Line: 2, Quantity: data.Known(data.Count(n))}.Named(id, "")
	}
	target := func(id string, n int, by data.Process, of data.Nation) data.Target {
		return data.Target{Record: record(id, n), Request: &data.Request{Process: by, Nation: of}}
	}
	return graph.New(&data.Dataset{
		Vocabulary: data.NewVocabulary([]data.NationRow{{Nation: "DEU", Name: "Germany"}, {Nation: "POL", Name: "Poland"}}, nil,
			[]data.ProcessRow{{Process: "NDPP", Organisation: data.NATO}, {Process: "HLG", Organisation: data.EU}},
			[]data.CapabilityRow{{Capability: "sealift", Name: "Sealift", Area: "mobility", Unit: "ship"}}, nil),
		Meta:     data.Meta{AsOf: data.Day(2026, 6, 30)},
		Targets:  []data.Target{target("t1", 4, "NDPP", "POL"), target("t2", 3, "HLG", "POL"), target("t3", 1, "NDPP", "DEU")},
		Holdings: []data.Holding{{Record: record("h1", 2), Nation: "POL"}, {Record: record("h2", 9), Nation: "DEU"}},
	}, data.Scope{})
}

func TestFindingsOnOneSubjectPointAtEachOther(t *testing.T) {
	r, err := Run(context.Background(), asked(), Options{Kinds: []string{"dual-target", "nation-gap", "transfer"}})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][]string{
		"dual-target:POL:sealift:EU+NATO": {"nation-gap:POL:sealift:EU", "nation-gap:POL:sealift:NATO", "transfer:sealift"},
		"nation-gap:POL:sealift:EU":       {"dual-target:POL:sealift:EU+NATO", "nation-gap:POL:sealift:NATO", "transfer:sealift"},
		"transfer:sealift":                nil, // nothing else is said of the capability as a whole
	} {
		f, ok := r.Find(id)
		if see := f.Tell().See; !ok || !slices.Equal(see, want) {
			t.Errorf("%s points at %v (found %v), want %v", id, see, ok, want)
		}
	}
}

func TestMinSeverityAndNationNarrowTheFindings(t *testing.T) {
	g := asked()
	g.Scope.Nations = []data.Nation{"DEU"}
	r, err := Run(context.Background(), g, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if !slices.Contains(f.Nations, "DEU") {
			t.Errorf("%s is not about DEU", f.ID)
		}
	}
	if _, ok := r.Find("transfer:sealift"); !ok {
		t.Error("the transfer from DEU is not among DEU's findings")
	}
	r, err = Run(context.Background(), asked(), Options{MinSeverity: High})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if !f.Severity.AtLeast(High) {
			t.Errorf("%s is %s", f.ID, f.Severity)
		}
	}
}

// A dataset made by hand may have records of a nation that its vocabulary does not have: what it lacks is found, and nothing is lost.
func TestANationThatTheVocabularyDoesNotHave(t *testing.T) {
	for _, n := range []data.Nation{"AAA", "ZZZ"} {
		g := asked()
		before, err := Run(context.Background(), g, Options{Kinds: []string{NationGap.Name}})
		if err != nil {
			t.Fatal(err)
		}
		ds := *g.Dataset
		ds.Targets = append(slices.Clone(ds.Targets), ds.Targets[0])
		added := &ds.Targets[len(ds.Targets)-1]
		request := *added.Request
		request.Nation = n
		added.Record = added.Named("strange", added.Statement())
		added.Request, added.Held = &request, data.Known(0)
		after, err := Run(context.Background(), graph.New(&ds, g.Scope), Options{})
		if err != nil {
			t.Fatal(err)
		}
		id := "nation-gap:" + string(n) + ":" + string(added.Capability) + ":" + string(ds.OrganisationOf(added.Process))
		if f, ok := after.Find(id); !ok || f.Measures[0].Value != added.Quantity.Amount() {
			t.Errorf("%s is not found as it is: %v", id, f.Measures)
		}
		for _, f := range before.Findings {
			if _, ok := after.Find(f.ID); !ok {
				t.Errorf("%s is lost", f.ID)
			}
		}
	}
}

func TestNoSeverityShowsNone(t *testing.T) {
	r, err := Run(context.Background(), asked(), Options{NoSeverity: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Findings {
		if f.Severity != "" || f.SeverityParts != nil {
			t.Errorf("%s is %q", f.ID, f.Severity)
		}
	}
}

func TestUnknownKindAndParameterNameTheNearest(t *testing.T) {
	for _, opts := range []Options{{Kinds: []string{"nation-gab"}}, {Params: map[string]data.Amount{"concentration.shere": 1}}} {
		if _, err := Run(context.Background(), asked(), opts); err == nil || !strings.Contains(err.Error(), "did you mean") {
			t.Errorf("%+v: %v", opts, err)
		}
	}
}

// saying is a wording of fixed words.
type saying struct {
	said Words
	on   []Evidence
}

func (s saying) words(*Pass, *Finding) Words { return s.said }
func (s saying) evidence(_ *Pass, to []Evidence) []Evidence {
	return append(to, s.on...)
}

// finishOne gives one finding what all have.
func finishOne(p *Pass, f *Finding) error {
	fs := []Finding{*f}
	_, err := p.finish(DualTarget, fs, Options{})
	*f = fs[0]
	return err
}

// What Run insists on, each broken on its own.
func TestRunRefusesAFindingThatSaysNothing(t *testing.T) {
	whole := Finding{Subject: []string{"x"}, Severity: Low, wording: saying{}}
	p, err := newPass(asked(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f := whole; finishOne(p, &f) != nil {
		t.Error("a whole finding is refused")
	}
	for name, breaks := range map[string]func(*Finding){
		"no subject":  func(f *Finding) { f.Subject = nil },
		"no severity": func(f *Finding) { f.Severity = "" },
		"no wording":  func(f *Finding) { f.wording = nil },
	} {
		f := whole
		breaks(&f)
		if finishOne(p, &f) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// What Tell insists on. Every finding on the public dataset and on a notional cycle is told in other tests.
func TestAFindingThatDoesNotSayWhyIsAnErrorOfTheProgram(t *testing.T) {
	p, err := newPass(asked(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	told := func(s saying) (w Words, refused bool) {
		f := Finding{Subject: []string{"x"}, Severity: Low, wording: s}
		if err := finishOne(p, &f); err != nil {
			t.Fatal(err)
		}
		defer func() { refused = recover() != nil }()
		return f.Tell(), false
	}
	once := Evidence{&Told{Record: "r"}}
	w, refused := told(saying{Words{Summary: "s", Explanation: "e"}, []Evidence{once, once}})
	if refused || len(w.Evidence) != 1 {
		t.Errorf("refused %v, evidence %v", refused, w.Evidence)
	}
	for name, s := range map[string]saying{
		"no evidence":    {Words{Summary: "s", Explanation: "e"}, nil},
		"no summary":     {Words{Explanation: "e"}, []Evidence{once}},
		"no explanation": {Words{Summary: "s"}, []Evidence{once}},
	} {
		if _, refused := told(s); !refused {
			t.Errorf("%s: accepted", name)
		}
	}
}

// By hand: score = size × urgency × (1 + share) / 2. The as-of date is 2026-06-30.
func TestSeverity(t *testing.T) {
	p, err := newPass(asked(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		short, demand int
		share         data.Amount
		from          data.Date
		score         data.Amount
		want          Severity
	}{
		{3, 4, data.One, data.Day(2026, 6, 30), 750_000, Critical},        // 0.75 × 1 × 1
		{3, 4, data.One, data.Day(2033, 6, 29), 750_000, Critical},        // 6 whole years
		{3, 4, data.One, data.Day(2033, 6, 30), 450_000, Medium},          // 7 years: 0.75 × 0.6
		{3, 4, data.One, data.Day(2046, 6, 29), 450_000, Medium},          // 19 whole years
		{3, 4, data.One, data.Day(2046, 6, 30), 225_000, Low},             // 20 years: 0.75 × 0.3
		{1, 1, 0, data.Day(2020, 1, 1), 500_000, High},                    // 1 × 1 × (1 + 0) / 2; the past is now
		{9, 4, data.One, data.Day(2026, 6, 30), 1_000_000, Critical},      // size is at most 1
		{1, 2, data.One / 2, data.Day(2026, 6, 30), 375_000, Medium},      // 0.5 × 1 × 1.5 / 2
		{1, 3, data.One, data.Day(2026, 6, 30), 333_333, Medium},          // a third, rounded
		{1, 1, data.One, data.Day(2026, 6, 30) + 365*30, 300_000, Medium}, // more than 20 years
		{1, 4, data.One * 99 / 100, data.Day(2026, 6, 30), 248_750, Low},  // just below 0.25
		{1, 2, data.One, data.Day(2026, 6, 30), 500_000, High},            // 0.5 is high
		{1, 4, data.One, data.Day(2026, 6, 30), 250_000, Medium},          // 0.25 is medium
	} {
		got, parts := p.rate(Score{Short: data.Count(c.short), Demand: data.Count(c.demand), Share: c.share, From: c.from})
		if got != c.want || parts.Score != c.score {
			t.Errorf("%d of %d, share %s, from %s: %s (%s), want %s (%s)", c.short, c.demand, c.share, c.from, got, parts.Score, c.want, c.score)
		}
	}
}

func TestEveryAnalysisIsDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range All {
		if a.Name == "" || a.Title == "" || a.Doc == "" || a.Formula == "" || (a.Run == nil) == (a.Each == nil) || !slices.Contains(Questions, a.Report) || seen[a.Name] {
			t.Errorf("%+v", a)
		}
		seen[a.Name] = true
		for _, p := range a.Params {
			if p.Name == "" || p.Doc == "" {
				t.Errorf("%s: parameter %+v", a.Name, p)
			}
		}
	}
}
