package data_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"deconflict/data"
)

// small is a vocabulary with one of everything that its parsers must tell apart.
func small() *data.Vocabulary {
	day := func(y int) data.Date { return data.Day(y, 1, 1) }
	return data.NewVocabulary(
		[]data.NationRow{
			{Nation: "GRC", Name: "Greece", Aliases: []string{"GR", "EL", "Hellas"}},
			{Nation: "GBR", Name: "United Kingdom", Aliases: []string{"GB", "UK"}},
			{Nation: "DEU", Name: "Germany", Aliases: []string{"DE", "Deutschland", "GRC"}}, // its last alias is another's code
			{Nation: "GEO", Name: "Georgia"},
		},
		[]data.Membership{
			{Nation: "GBR", Organisation: data.EU, Period: data.Period{From: data.Day(1973, 1, 1), Until: data.Day(2020, 1, 31)}},
			{Nation: "GRC", Organisation: data.EU, Period: data.Period{From: day(1981)}},
			{Nation: "DEU", Organisation: data.EU, Period: data.Period{From: day(1958)}},
			{Nation: "DEU", Organisation: "Club", Period: data.Period{From: day(2000), Until: data.Day(2009, 12, 31)}},
			{Nation: "DEU", Organisation: "Club", Period: data.Period{From: day(2020)}},
		},
		[]data.ProcessRow{{Process: "NDPP", Organisation: data.NATO}, {Process: "CDP", Organisation: data.EU}, {Process: data.National}},
		[]data.CapabilityRow{
			{Capability: "med-role2e", Name: "Role 2 Enhanced", Area: "medical", Unit: "facility"},
			{Capability: "med-role1", Name: "Role 1", Area: "medical", Unit: "facility"},
			{Capability: "cyb-soc", Name: "Security operations", Area: "cyber-defence", Unit: "centre"},
		},
		[]data.Mapping{
			{Subject: "x:exact", Predicate: data.ExactMatch, Object: "med-role1"},
			{Subject: "x:both", Predicate: data.NarrowMatch, Object: "med-role2e"},
			{Subject: "x:both", Predicate: data.CloseMatch, Object: "cyb-soc"}, // a close match wins over a narrower one
			{Subject: "x:wide", Predicate: data.NarrowMatch, Object: "med-role2e"},
			{Subject: "x:wide", Predicate: data.NarrowMatch, Object: "med-role1"},
			{Subject: "x:none", Predicate: data.RelatedMatch, Object: data.NoTermFound},
			{Subject: "x:kin", Predicate: data.RelatedMatch, Object: "med-role1"},
		})
}

func TestParseNation(t *testing.T) {
	v := small()
	for text, want := range map[string]data.Nation{
		"GRC": "GRC", "grc": "GRC", "EL": "GRC", "gr": "GRC", "hellas": "GRC", "UK": "GBR", "united-kingdom": "GBR", "Deutschland": "DEU",
	} {
		if got, err := v.ParseNation(text); err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", text, got, err, want)
		}
	}
	for text, hint := range map[string]string{
		"Greec":   "did you mean GRC, Greece?",
		"Germani": "did you mean DEU, Germany?",
		"GER":     "did you mean GBR, United Kingdom; or GEO, Georgia; or GRC, Greece?", // codes one letter away
		"Utopia":  "",
		"":        "",
	} {
		got, err := v.ParseNation(text)
		e, ok := err.(*data.ValueError)
		if !ok || got != "" || e.Hint != hint {
			t.Errorf("%q: %q, %v; want the hint %q", text, got, err, hint)
		}
	}
	if v.NationName("GRC") != "Greece" || v.NationName("XKX") != "XKX" {
		t.Error("a nation is named by its name, or its code where it has none")
	}
}

func TestParseProcess(t *testing.T) {
	v := small()
	for _, c := range []struct {
		text string
		want data.Process
		by   data.Organisation
	}{
		{"ndpp", "NDPP", data.NATO}, {"EU", "EU", data.EU}, {"nato", "NATO", data.NATO}, {"club", "Club", "Club"}, {"national", data.National, ""},
	} {
		got, err := v.ParseProcess(c.text)
		if err != nil || got != c.want || v.OrganisationOf(got) != c.by {
			t.Errorf("%s: %s of %s, %v; want %s of %s", c.text, got, v.OrganisationOf(got), err, c.want, c.by)
		}
	}
	for _, text := range []string{"NDDP", "OTHER", "", "UN"} { // OTHER plans nothing
		if got, err := v.ParseProcess(text); err == nil {
			t.Errorf("%q was read as the process %s", text, got)
		}
	}
	if got := v.PlanningOrganisations(); !slices.Equal(got, []data.Organisation{data.EU, data.NATO}) {
		t.Errorf("planning organisations %s", got)
	}
}

func TestRead(t *testing.T) {
	v := small()
	for _, c := range []struct {
		text  string
		want  []data.Capability
		exact bool
	}{
		{"med-role1", []data.Capability{"med-role1"}, true},
		{"role 2 ENHANCED", []data.Capability{"med-role2e"}, true},
		{"x:exact", []data.Capability{"med-role1"}, true},
		{"X:Both", []data.Capability{"cyb-soc"}, true},
		{"x:wide", []data.Capability{"med-role1", "med-role2e"}, false},
		{"x:none", nil, false},
		{"x:kin", nil, false},
	} {
		got, exact, known := v.Read(c.text)
		if !known || exact != c.exact || !slices.Equal(got, c.want) {
			t.Errorf("%s: %s, %v, %v; want %s, %v", c.text, got, exact, known, c.want, c.exact)
		}
	}
	if _, _, known := v.Read("med-role3e"); known {
		t.Error("an unknown term is known")
	}
	_, err := v.ParseCapability("med-role3e")
	if e, ok := err.(*data.ValueError); !ok || e.Hint != "did you mean med-role1, Role 1; or med-role2e, Role 2 Enhanced?" && e.Hint != "did you mean med-role2e, Role 2 Enhanced?" {
		t.Errorf("an unknown term: %v", err)
	}
}

func TestMember(t *testing.T) {
	v := small()
	for _, c := range []struct {
		nation       data.Nation
		organisation data.Organisation
		day          data.Date
		want         bool
	}{
		{"GBR", data.EU, data.Day(2020, 1, 31), true}, // both ends are inside
		{"GBR", data.EU, data.Day(2020, 2, 1), false},
		{"GBR", data.EU, data.Day(1973, 1, 1), true},
		{"GBR", data.EU, data.Day(1972, 12, 31), false},
		{"DEU", "Club", data.Day(2005, 1, 1), true}, // left and came back
		{"DEU", "Club", data.Day(2015, 1, 1), false},
		{"DEU", "Club", data.Day(2025, 1, 1), true},
		{"GEO", data.EU, data.Day(2025, 1, 1), false},
	} {
		if got := v.Member(c.nation, c.organisation, c.day); got != c.want {
			t.Errorf("%s in %s on %s: %v, want %v", c.nation, c.organisation, c.day, got, c.want)
		}
	}
	if got := v.Members(data.EU, data.Day(2026, 1, 1)); !slices.Equal(got, []data.Nation{"DEU", "GRC"}) {
		t.Errorf("in the EU: %s", got)
	}
	if !v.Eligible("GEO", data.Other, data.Day(2026, 1, 1)) || v.Eligible("GEO", data.EU, data.Day(2026, 1, 1)) {
		t.Error("all can join what nations carry outside the organisations, and members alone what an organisation does")
	}
}

func TestAreas(t *testing.T) {
	v := small()
	if got := v.Areas(); !slices.Equal(got, []data.Area{"cyber-defence", "medical"}) {
		t.Errorf("areas %s", got)
	}
	if a, err := v.ParseArea("Cyber Defence"); err != nil || a != "cyber-defence" || a.Title() != "cyber defence" {
		t.Errorf("Cyber Defence: %s, %v", a, err)
	}
	if _, err := v.ParseArea("cyber"); err == nil || err.(*data.ValueError).Hint != "did you mean cyber-defence?" {
		t.Errorf("cyber: %v", err)
	}
	if _, err := v.ParseOrganisation("NATOO"); err == nil || err.(*data.ValueError).Hint != "did you mean NATO?" {
		t.Errorf("NATOO: %v", err)
	}
	if c := v.Capability("cyb-soc"); c.Unit != "centre" || v.Capability("new").Capability != "new" {
		t.Errorf("the row of cyb-soc is %+v", c)
	}
}

// A table of words may come before or after the others, or replace one that was there: what all mean together is the same.
func TestWith(t *testing.T) {
	want := small()
	other := data.NewVocabulary(
		[]data.NationRow{{Nation: "FRA", Name: "France"}}, []data.Membership{{Nation: "FRA", Organisation: "League"}},
		[]data.ProcessRow{{Process: "EDF", Organisation: "Fund"}}, []data.CapabilityRow{{Capability: "x", Name: "X", Area: "one"}},
		[]data.Mapping{{Subject: "y:1", Predicate: data.ExactMatch, Object: "x"}})
	steps := []func(*data.Vocabulary) *data.Vocabulary{
		func(v *data.Vocabulary) *data.Vocabulary { return v.WithNations(slices.Clone(want.Nations)) },
		func(v *data.Vocabulary) *data.Vocabulary { return v.WithMemberships(slices.Clone(want.Memberships)) },
		func(v *data.Vocabulary) *data.Vocabulary { return v.WithProcesses(slices.Clone(want.Processes)) },
		func(v *data.Vocabulary) *data.Vocabulary { return v.WithCapabilities(slices.Clone(want.Capabilities)) },
		func(v *data.Vocabulary) *data.Vocabulary { return v.WithCrosswalk(slices.Clone(want.Crosswalk)) },
	}
	for _, order := range [][]int{{0, 1, 2, 3, 4}, {4, 3, 2, 1, 0}, {2, 0, 4, 1, 3}} {
		for _, start := range []*data.Vocabulary{{}, other} {
			before := *start
			got := start
			for _, i := range order {
				got = steps[i](got)
			}
			if diff := cmp.Diff(want, got, vocabularies); diff != "" {
				t.Errorf("in the order %v (-want +got)\n%s", order, diff)
			}
			if diff := cmp.Diff(&before, start, vocabularies); diff != "" {
				t.Errorf("what was there before has changed (-before +after)\n%s", diff)
			}
		}
	}
	glossary := []data.GlossaryRow{{Term: "medevac", Means: []string{"evacuation"}}}
	if got := want.WithGlossary(glossary); len(got.Glossary) != 1 || len(want.Glossary) != 0 {
		t.Errorf("glossaries of %d and %d rows, want 1 and 0", len(got.Glossary), len(want.Glossary))
	}
}

// Capabilities are in the order of a plain sort however they come, and a text finds the one that it would by its folded letters alone, also where
// codes and names are alike: the last code, or else the last name.
func TestCapabilitiesAreSortedAndFound(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		word := func() string {
			return []string{"a-1", "A-1", "a 1", "B", "b", "c", "D-2", "d_2", "e", "Long name"}[r.IntN(10)]
		}
		compare := func(a, b data.CapabilityRow) int {
			return strings.Compare(string(a.Area)+" "+string(a.Capability), string(b.Area)+" "+string(b.Capability))
		}
		rows := make([]data.CapabilityRow, r.IntN(12))
		for i := range rows {
			rows[i] = data.CapabilityRow{Capability: data.Capability(word()), Name: word(), Area: data.Area("xyz"[r.IntN(3):][:1]), Definition: strconv.Itoa(i)}
			if seed%2 == 0 { // unlike any other
				rows[i].Capability += data.Capability(strconv.Itoa(i))
			}
		}
		if n := r.IntN(len(rows) + 1); seed%3 > 0 { // one table after another
			slices.SortStableFunc(rows[:n], compare)
			slices.SortStableFunc(rows[n:], compare)
		}
		want := slices.Clone(rows)
		slices.SortStableFunc(want, compare)
		v := new(data.Vocabulary).WithCapabilities(rows)
		if diff := cmp.Diff(want, v.Capabilities, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("seed %d (-want +got)\n%s", seed, diff)
		}
		for _, text := range []string{"a-1", "A-1", "a 1", "a_1", "b", "B", "c", "d_2", "long name", "a-10", "A-10", "a 11", "b1", "B2", "none"} {
			found := data.Capability("")
			for _, of := range []func(data.CapabilityRow) string{
				func(c data.CapabilityRow) string { return c.Name }, func(c data.CapabilityRow) string { return string(c.Capability) },
			} {
				for _, c := range want {
					if data.Fold(of(c)) == data.Fold(text) {
						found = c.Capability
					}
				}
			}
			if got, ok := v.FindCapability(text); got != found || ok != (found != "") {
				t.Fatalf("seed %d: %q finds %q (%t), want %q, in %v", seed, text, got, ok, found, want)
			}
		}
		for i, c := range want {
			last := i
			for j := range want {
				if want[j].Capability == c.Capability {
					last = j
				}
			}
			if place, ok := v.Place(c.Capability); !ok || place != last {
				t.Fatalf("seed %d: the place of %q is %d (%t), want %d", seed, c.Capability, place, ok, last)
			}
		}
		if _, ok := v.Place("none"); ok {
			t.Fatal("what is not there has a place")
		}
	}
}

// vocabularies compares vocabularies with their indexes.
var vocabularies = cmp.Options{cmp.AllowUnexported(data.Vocabulary{}), cmpopts.EquateEmpty()}
