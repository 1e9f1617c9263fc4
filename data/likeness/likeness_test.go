package likeness_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"deconflict/data"
	"deconflict/data/likeness"
	"deconflict/data/load"
)

func public(tb testing.TB) *data.Dataset {
	tb.Helper()
	ds, err := load.Public()
	if err != nil {
		tb.Fatal(err)
	}
	return ds
}

// phrase is a row of testdata/likeness: a phrase, the capability that it means, or none, and where it stands.
type phrase struct {
	text       string
	capability data.Capability
	source     string
}

func phrases(tb testing.TB, set string) (out []phrase) {
	tb.Helper()
	archive, err := txtar.ParseFile("../../testdata/likeness/labelled.txtar")
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range archive.Files {
		if f.Name != set {
			continue
		}
		rows, err := csv.NewReader(bytes.NewReader(f.Data)).ReadAll()
		if err != nil {
			tb.Fatal(err)
		}
		for _, r := range rows[1:] {
			out = append(out, phrase{r[0], data.Capability(r[1]), r[2]})
		}
	}
	if len(out) == 0 {
		tb.Fatalf("no phrases in %s", set)
	}
	return out
}

const development, heldOut = "development.csv", "held-out.csv"

// recall is the share of the phrases whose capability is among the first suggestions.
func recall(x *likeness.Index, set []phrase, first int) float64 {
	right, all := 0, 0
	for _, p := range set {
		if p.capability == "" {
			continue
		}
		all++
		for _, s := range x.Suggest(p.text, first) {
			if s.Capability == p.capability {
				right++
			}
		}
	}
	return float64(right) / float64(all)
}

func TestRecall(t *testing.T) {
	x := likeness.New(public(t).Vocabulary)
	set := phrases(t, heldOut)
	if len(set) < 60 {
		t.Errorf("%d phrases, wanted at least 60", len(set))
	}
	if r := recall(x, set, 3); r < 0.85 {
		t.Errorf("the right capability is among the first three for %.3f of the held-out phrases, wanted 0.85", r)
	}
}

func BenchmarkSuggest(b *testing.B) {
	x := likeness.New(public(b).Vocabulary)
	for _, set := range []string{development, heldOut} {
		b.Run("phrases="+strings.TrimSuffix(set, ".csv"), func(b *testing.B) {
			list := phrases(b, set)
			for i := 0; b.Loop(); i++ {
				x.Suggest(list[i%len(list)].text, 3)
			}
			b.ReportMetric(recall(x, list, 3), "recall@3")
			b.ReportMetric(recall(x, list, 1), "recall@1")
		})
	}
}

// The labelled phrases are the sources' own words, no name of a capability, and no source is in both sets.
func TestPhrasesStandInTheirSources(t *testing.T) {
	ds := public(t)
	texts := map[string]string{}
	record := func(r *data.Record) { texts[r.ID()] = r.Statement() }
	for i := range ds.Requirements {
		record(&ds.Requirements[i].Record)
	}
	for i := range ds.Targets {
		record(&ds.Targets[i].Record)
	}
	for i := range ds.Pledges {
		record(&ds.Pledges[i].Record)
	}
	for i := range ds.Holdings {
		record(&ds.Holdings[i].Record)
	}
	for _, i := range ds.Initiatives {
		texts[i.Initiative] = i.Summary
	}
	for _, i := range ds.ActionItems {
		texts[i.Item] = i.Title
	}
	for _, scheme := range ds.Schemes {
		for code, label := range scheme {
			texts[code] = label
		}
	}
	in := map[string]string{}
	for _, set := range []string{development, heldOut} {
		for _, p := range phrases(t, set) {
			if !strings.Contains(texts[p.source], p.text) {
				t.Errorf("%s: %q does not stand in %q", p.source, p.text, texts[p.source])
			}
			if c, ok := ds.FindCapability(p.text); ok {
				t.Errorf("%s: %q is the name of %s", p.source, p.text, c)
			}
			if p.capability != "" && ds.Capability(p.capability).Name == "" {
				t.Errorf("%s: %s is no capability", p.source, p.capability)
			}
			if other := in[p.source]; other != "" && other != set {
				t.Errorf("%s is in %s and %s", p.source, other, set)
			}
			in[p.source] = set
		}
	}
}

// Every score can be taken apart: its shares add up to it, and all texts get the same answer however often they are asked.
func TestScoresAreTheSumOfTheirReasons(t *testing.T) {
	ds := public(t)
	x, again := likeness.New(ds.Vocabulary), likeness.New(public(t).Vocabulary)
	for _, p := range phrases(t, heldOut) {
		got := x.Suggest(p.text, 5)
		for i, s := range got {
			sum := 0.0
			for _, r := range s.Because {
				sum += r.Share
				if r.Share <= 0 || r.Kind != likeness.Letters && r.Text == "" || r.Match == "" {
					t.Errorf("%s: %s: empty reason %+v", p.text, s.Capability, r)
				}
			}
			if math.Abs(sum-s.Score) > 1e-9 || s.Score < likeness.Threshold || s.Score > 1 {
				t.Errorf("%s: %s: score %v, shares %v", p.text, s.Capability, s.Score, sum)
			}
			if i > 0 && got[i-1].Score < s.Score {
				t.Errorf("%s: %s stands after a lower score", p.text, s.Capability)
			}
		}
		if diff := cmp.Diff(got, again.Suggest(p.text, 5)); diff != "" {
			t.Errorf("%s: asked again (-first +second)\n%s", p.text, diff)
		}
	}
}

func TestSuggest(t *testing.T) {
	ds := public(t)
	ds.Glossary = append(ds.Glossary, data.GlossaryRow{Term: "FLSA", Means: []string{"med-role2b"}}, data.GlossaryRow{Term: "bed count", Means: []string{"ward"}})
	x := likeness.New(ds.Vocabulary)
	for _, c := range []struct {
		text string
		want string // the first suggestion and its strongest reason that is not letters; none where nothing is near
	}{
		{"med-role1", "med-role1: name med-role1 = med-role1"},
		{"role 3 Theatre-Hospital", "med-role3: name role 3 Theatre-Hospital = med-role3"},
		{"MRTT", "mob-tanker-transport: glossary MRTT = tanker-transport aircraft"},
		{"mrtt", "mob-tanker-transport: glossary mrtt = tanker-transport aircraft"},
		{"RSOM site", "mob-hns: glossary RSOM = reception, staging, onward movement; host-nation support and RSOM"},
		{"franchissements", "mob-gap-crossing: glossary franchissements = gap crossing and military bridging"},
		{"Schwerlasttransporter", "mob-heavy-road: glossary Schwerlasttransporter = tank transporters; heavy road transport"},
		{"Blutversorgung der Truppe", "med-blood: glossary Blutversorgung = blood and blood-product supply"},
		{"FLSA", "med-role2b: glossary FLSA = med-role2b"}, // a meaning may be a code
		{"sealifting", "mob-sealift: word sealifting = sealift"},
		{"the pipelines", "mob-fuel: word pipelines = pipelin"},
		{"ADR", "mob-border-permission: glossary ADR = dangerous-goods rules"},
		{"adr", ""}, // three small letters are a word of their own
		{"astronaut selection", ""},
		{"", ""}, {" .,;-/ 17 ", ""}, {"\x00\xff\u202e", ""},
	} {
		got := ""
		if s := x.Suggest(c.text, 3); len(s) > 0 {
			got = string(s[0].Capability) + ": "
			for _, r := range s[0].Because {
				if r.Kind != likeness.Letters {
					got += fmt.Sprintf("%s %s = %s", r.Kind, r.Text, r.Match)
					break
				}
			}
		}
		if got != c.want {
			t.Errorf("Suggest(%q) = %q, want %q", c.text, got, c.want)
		}
	}
	if n := len(x.Suggest("hospital", 2)); n != 2 {
		t.Errorf("%d suggestions, wanted at most 2", n)
	}
}
