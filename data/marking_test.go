package data

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// marked is a vocabulary in which FRA and DEU are in both organisations, and SWE in NATO from 2024-03-07.
func marked() *Vocabulary {
	in := func(n Nation, from Date, os ...Organisation) (out []Membership) {
		for _, o := range os {
			out = append(out, Membership{Nation: n, Organisation: o, Period: Period{From: from}})
		}
		return out
	}
	return NewVocabulary([]NationRow{
		{Nation: "AUS", Name: "Australia"}, {Nation: "AUT", Name: "Austria"}, {Nation: "CAN", Name: "Canada"}, {Nation: "DEU", Name: "Germany", Aliases: []string{"DE"}},
		{Nation: "FRA", Name: "France"}, {Nation: "GBR", Name: "United Kingdom", Aliases: []string{"UK"}}, {Nation: "SWE", Name: "Sweden"}, {Nation: "USA", Name: "United States"},
	}, slices.Concat(in("FRA", 0, NATO, EU, "EDA"), in("DEU", 0, NATO, EU, "EDA"), in("AUT", 0, EU, "EDA"), in("SWE", 0, EU), in("SWE", Day(2024, 3, 7), NATO),
		in("GBR", 0, NATO), in("USA", 0, NATO), in("CAN", 0, NATO)), nil, nil, nil)
}

// The one spelling of what people write. Who is named is said in full: a list that names only others adds them to those to whom
// the policy opens it anyway, a list with some of these is the whole list.
func TestParseMarking(t *testing.T) {
	v := marked()
	for _, c := range []struct{ text, want string }{
		{"public", "PUBLIC"},
		{"NATO UNCLASSIFIED", "NATO UNCLASSIFIED"},
		{"NU", "NATO UNCLASSIFIED"},
		{"nato-restricted", "NATO RESTRICTED"},
		{"Nato  Diffusion  Restreinte", "NATO RESTRICTED"},
		{"CTS", "COSMIC TOP SECRET"},
		{"COSMIC TRES SECRET // ATOMAL", "COSMIC TOP SECRET // ATOMAL"},
		{"EU RESTRICTED", "RESTREINT UE/EU RESTRICTED"},
		{"R-UE/EU-R", "RESTREINT UE/EU RESTRICTED"},
		{"TRES SECRET UE / EU TOP SECRET", "TRÈS SECRET UE/EU TOP SECRET"},
		{"TRE\u0300S SECRET UE", "TRÈS SECRET UE/EU TOP SECRET"}, // with a combining accent
		{"LIMITE", "LIMITE"},
		{"EU CONFIDENTIAL LIMITE", "CONFIDENTIEL UE/EU CONFIDENTIAL // LIMITE"},
		{"limite // EU-C", "CONFIDENTIEL UE/EU CONFIDENTIAL // LIMITE"},
		{"VS-NfD", "DEU VS-NUR FÜR DEN DIENSTGEBRAUCH"},
		{"VS – Nur für den Dienstgebrauch", "DEU VS-NUR FÜR DEN DIENSTGEBRAUCH"},
		{"DE GEHEIM", "DEU GEHEIM"},
		{"Germany RESTRICTED", "DEU VS-NUR FÜR DEN DIENSTGEBRAUCH"},
		{"UK OFFICIAL SENSITIVE // REL TO FVEY", "GBR OFFICIAL-SENSITIVE // REL TO FVEY, GBR"},
		{"AUS SECRET", "AUS SECRET"},
		{"NATO RESTRICTED // REL TO Austria, EU", "NATO RESTRICTED // REL TO AUT, EU, NATO"},
		{"NATO SECRET//REL TO FRA,DE", "NATO SECRET // REL TO DEU, FRA"},
		{"NS releasable to UK; AUT", "NATO SECRET // REL TO AUT, GBR"},
		{"NS // REL TO FVEY", "NATO SECRET // REL TO FVEY"},
		{"GEHEIM", ""}, // AUT's, BEL's or DEU's
		{"DEU GEHEIM // REL TO NATO", "DEU GEHEIM // REL TO DEU, NATO"},
		{"NR // STAFF // medical // STAFF", "NATO RESTRICTED // MEDICAL // STAFF"},
		{"NR // DEU EYES ONLY", "NATO RESTRICTED // DEU EYES ONLY"},
		{"TLP:RED // REL TO DEU", "TLP:RED // REL TO DEU"},
		{"tlp amber strict", "TLP:AMBER+STRICT"},
		{"NR // TLP:GREEN", "NATO RESTRICTED + TLP:GREEN"},
		{"PUBLIC // TLP:CLEAR", "PUBLIC + TLP:CLEAR"},
		{"notional", "NOTIONAL"},
		{"EXERCISE EXERCISE EXERCISE NATO SECRET // REL TO SWE", "EXERCISE NATO SECRET // REL TO SWE"},
		{"unmarked", string(Unmarked)},
		{string(Unmarked), string(Unmarked)},
		{"NS // no release beyond originators", "NATO SECRET // NO RELEASE BEYOND ORIGINATORS"},
	} {
		got, err := v.ParseMarking(c.text)
		if string(got) != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q is read as %q (%v), want %q", c.text, got, err, c.want)
		}
		if again, err := v.ParseMarking(string(got)); c.want != "" && (again != got || err != nil) {
			t.Errorf("%q is read as %q (%v) the second time", got, again, err)
		}
		if got != "" && spell(got.Protections()) != got {
			t.Errorf("%q is taken apart and put together as %q", got, spell(got.Protections()))
		}
	}
}

// A text that is no marking, contradicts itself or mixes policies is refused, with what was probably meant.
func TestBehaviour15UnknownMarkings(t *testing.T) {
	v := marked()
	for _, c := range []struct{ text, hint string }{
		{"NATO RESTRICED", "did you mean NATO RESTRICTED?"},
		{"TRIAL", "deconflict list markings shows them"},
		{"", "nothing stands between two of its strokes"},
		{"NR //", "nothing stands between two of its strokes"},
		{"UNCLASSIFIED", "whose? NATO UNCLASSIFIED, CAN UNCLASSIFIED, USA UNCLASSIFIED …"},
		{"RESTRICTED", "whose? NATO RESTRICTED, RESTREINT UE/EU RESTRICTED, GBR OFFICIAL-SENSITIVE …"},
		{"SECRET", "whose? NATO SECRET, SECRET UE/EU SECRET, BEL SECRET, CAN SECRET …"},
		{"NATO SECRET // EU SECRET", "a record has one originator, who marks it"},
		{"NATO SECRET + EU SECRET", "a record has one originator, who marks it"},
		{"NATO SECRET // NR", "a record has one originator, who marks it"},
		{"NATO SECRET + NATO SECRET", "it names two"},
		{"NS // SECRET", ""},
		{"NR // LIMITE", ""},
		{"LIMITE // REL TO NATO", "LIMITE goes to nobody outside the EU"},
		{"PUBLIC // REL TO FRA", "what is public has no restriction"},
		{"PUBLIC // STAFF", "what is public has no restriction"},
		{"PUBLIC // TLP:AMBER", "what is public has no restriction"},
		{"NR // TLP:BLUE", ""},
		{"TLP:RED // TLP:AMBER", "it names two"},
		{"NR // RELTO FRA", "did you mean REL TO?"},
		{"NR // FRA", "did you mean REL TO FRA?"},
		{"NR // REL TO", ""},
		{"NR // REL TO Germny", "did you mean DEU, Germany?"},
		{"NR // REL TO FRA // REL TO DEU", "it has two"},
		{"NR // STAFFF", "did you mean STAFF?"},
		{"NOTIONAL EXERCISE NR", ""},
		{"REL TO FRA", "deconflict list markings shows them"},
		{"EDA SECRET", "did you mean EU SECRET?"},
	} {
		m, err := v.ParseMarking(c.text)
		var value *ValueError
		if m != "" || !errors.As(err, &value) || value.Got != c.text || value.Want == "" || value.Hint != c.hint {
			t.Errorf("%q is read as %q with %+v, want the hint %q", c.text, m, value, c.hint)
		}
	}
}

// No spelling of the table means two classifications of one policy, and its markings are spelled as they are printed.
func TestMarkingsTable(t *testing.T) {
	seen := map[string]string{}
	v := marked()
	for _, row := range Markings() {
		for _, word := range append([]string{row.Marking}, row.Also...) {
			k := string(row.Policy) + " " + foldMarking(word)
			if is := row.Marking; seen[k] != "" && seen[k] != is {
				t.Errorf("%q of %s is both %q and %q", word, row.Policy, seen[k], is)
			}
			seen[k] = row.Marking
		}
		if _, nation := (&Protection{Policy: row.Policy}).owner(); !nation {
			if m, err := v.ParseMarking(row.Marking); string(m) != row.Marking {
				t.Errorf("%q is read as %q (%v)", row.Marking, m, err)
			}
		} else if p := (Marking(string(row.Policy) + " " + row.Marking)).Protections(); row.Policy != AnyNation && (len(p) != 1 || p[0].Policy != row.Policy || p[0].Rank != row.Rank) {
			t.Errorf("%s %q is taken apart as %+v", row.Policy, row.Marking, p)
		}
	}
}

func TestBanner(t *testing.T) {
	v := marked()
	c := NewCombiner(v, Day(2026, 6, 30))
	for _, x := range []struct{ markings, want string }{
		{"", string(Unmarked)},
		{"PUBLIC", "PUBLIC"},
		{"NR|NS|NU", "NATO SECRET"},
		{"PUBLIC|NU", "NATO UNCLASSIFIED"},
		{"EU-C|NR|PUBLIC|VS-NfD", "NATO RESTRICTED + CONFIDENTIEL UE/EU CONFIDENTIAL + DEU VS-NUR FÜR DEN DIENSTGEBRAUCH"},
		{"PUBLIC|NOTIONAL", "PUBLIC + NOTIONAL"},
		{"NOTIONAL|NOTIONAL NS|NR", "NATO RESTRICTED + NOTIONAL NATO SECRET"},
		{"NR|unmarked", "NATO RESTRICTED + " + string(Unmarked)},
		{"LIMITE|EU-R", "RESTREINT UE/EU RESTRICTED // LIMITE"},
		{"NR // STAFF|NS // ATOMAL", "NATO SECRET // ATOMAL // STAFF"},
		{"NR // REL TO AUT, EU|NR", "NATO RESTRICTED // REL TO NATO"},
		{"NR // REL TO EU|NR // REL TO AUT", "NATO RESTRICTED // REL TO AUT, NATO"},
		{"NR // REL TO EU|NR // REL TO FRA, AUT, USA", "NATO RESTRICTED // REL TO AUT, FRA, USA"},
		{"NR|NR // REL TO DEU, AUT", "NATO RESTRICTED // REL TO DEU"},
		{"NR // REL TO FRA|NR // REL TO DEU", "NATO RESTRICTED // NO RELEASE BEYOND ORIGINATORS"},
		{"NR // STAFF|NR // REL TO FRA", "NATO RESTRICTED // STAFF // NO RELEASE BEYOND ORIGINATORS"},
		{"DEU GEHEIM // REL TO FRA|VS-NfD // REL TO USA", "DEU GEHEIM // REL TO DEU"},
		{"EU-R // REL TO EU, NATO|LIMITE", "RESTREINT UE/EU RESTRICTED // LIMITE // REL TO EU"},
		{"TLP:GREEN|NR // TLP:RED // REL TO FRA", "NATO RESTRICTED // REL TO FRA + TLP:RED // REL TO FRA"},
	} {
		var ms []Marking
		for text := range strings.SplitSeq(x.markings, "|") {
			m, err := v.ParseMarking(text)
			if err != nil && text != "" {
				t.Fatal(err)
			}
			ms = append(ms, m)
		}
		if got := c.Banner(ms); string(got) != x.want {
			t.Errorf("%s come to %q, want %q", x.markings, got, x.want)
		}
	}
	if got := Banner([]Marking{"NATO RESTRICTED", "NATO RESTRICTED // REL TO DEU"}); got != "NATO RESTRICTED // NO RELEASE BEYOND ORIGINATORS" {
		t.Errorf("without memberships the banner is %q", got)
	}
}

// anyMarking draws a marking that a cell can have.
func anyMarking(v *Vocabulary) *rapid.Generator[Marking] {
	return rapid.Custom(func(t *rapid.T) Marking {
		text := rapid.SampledFrom([]string{
			"", "PUBLIC", "NU", "NR", "NS", "CTS", "EU-R", "EU-S", "LIMITE", "EU-C // LIMITE", "DEU GEHEIM", "VS-NfD", "FRA SECRET", "NOTIONAL", "NOTIONAL NR", "EXERCISE NS",
			"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:RED", "unmarked",
		}).Draw(t, "classification")
		if text == "" {
			return ""
		}
		for _, caveat := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"STAFF", "ATOMAL", "AD HOC", "TLP:AMBER", "TLP:GREEN"}), 0, 2, rapid.ID).Draw(t, "caveats") {
			text += " // " + caveat
		}
		if names := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"NATO", "EU", "EDA", "FVEY", "AUT", "DEU", "FRA", "GBR", "SWE", "USA", "CAN", "AUS"}), 0, 4, rapid.ID).Draw(t, "release"); len(names) > 0 {
			text += " // REL TO " + strings.Join(names, ", ")
		}
		m, err := v.ParseMarking(text)
		if err != nil {
			t.Skip("contradicts itself")
		}
		return m
	})
}

var audiences = []Audience{{"NATO"}, {"EU"}, {"EDA"}, {"FVEY"}, {"AUT"}, {"DEU"}, {"FRA"}, {"GBR"}, {"SWE"}, {"USA"}, {"CAN"}, {"AUS"}, {"FRA", "NATO"}}

// Combining markings does not depend on their order or grouping, combining a marking with itself changes nothing, and what comes of it
// protects at least as much as each: no policy, rank or restriction is lost, and nobody may see it who may not see every part.
func TestBannerIsAHighWaterMark(t *testing.T) {
	v := marked()
	rapid.Check(t, func(t *rapid.T) {
		day := rapid.SampledFrom([]Date{Day(2020, 1, 1), Day(2026, 6, 30)}).Draw(t, "day")
		for _, c := range []*Combiner{{}, NewCombiner(v, day)} {
			any := anyMarking(v)
			x, y, z := any.Draw(t, "x"), any.Draw(t, "y"), any.Draw(t, "z")
			join := func(ms ...Marking) Marking { return c.Banner(ms) }
			xy := join(x, y)
			if yx := join(y, x); xy != yx {
				t.Fatalf("%q and %q make %q, the other way round %q", x, y, xy, yx)
			}
			if a, b := join(xy, z), join(x, join(y, z)); a != b {
				t.Fatalf("%q, %q and %q make %q or %q", x, y, z, a, b)
			}
			if again := join(xy, xy); again != xy || join(xy, x) != xy {
				t.Fatalf("%q becomes %q with itself and %q with %q", xy, again, join(xy, x), x)
			}
			for _, part := range []Marking{x, y} {
				notLower(t, xy, part)
				for _, a := range audiences {
					if c.Releasable(xy, a) && !c.Releasable(part, a) {
						t.Fatalf("%s may see %q, and not %q that is in it", a, xy, part)
					}
				}
			}
		}
	})
}

func notLower(t *rapid.T, whole, part Marking) {
	for _, p := range part.Protections() {
		if (p.Policy == PolicyPublic || p.Policy == PolicyNone) && !p.Listed && len(p.Caveats) == 0 {
			continue
		}
		i := slices.IndexFunc(whole.Protections(), func(q Protection) bool { return q.policyName() == p.policyName() })
		if i < 0 {
			t.Fatalf("%q lost %q", whole, p)
		}
		q := whole.Protections()[i]
		if q.Rank < p.Rank || slices.ContainsFunc(p.Caveats, func(c string) bool { return !slices.Contains(q.Caveats, c) }) {
			t.Fatalf("%q is lower than %q", q, p)
		}
	}
}

// Text that nobody understands, from a report or a store, is shown as it is and given to nobody.
func TestMarkingsOfStrangersAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := Marking(rapid.String().Draw(t, "text"))
		banner := Banner([]Marking{m, "NATO RESTRICTED"})
		for word := range strings.FieldsFuncSeq(string(m), func(r rune) bool { return r == '+' || r == '/' || r == ' ' }) {
			if !strings.Contains(foldMarking(string(banner)), foldMarking(word)) {
				t.Fatalf("%q lost %q", banner, word)
			}
		}
		if again := Banner([]Marking{banner, m}); again != banner {
			t.Fatalf("%q becomes %q", banner, again)
		}
	})
	if c := NewCombiner(marked(), 0); c.Releasable("STRANGE", Audience{"FRA"}) || c.Releasable("", Audience{"FRA"}) || !c.Releasable("PUBLIC", Audience{"AUS"}) {
		t.Error("what is unknown goes to somebody, or what is public does not")
	}
}

// Who may see what.
func TestReleasable(t *testing.T) {
	v := marked()
	for _, x := range []struct {
		marking string
		to, not string
	}{
		{"PUBLIC", "NATO EU FVEY AUT AUS", ""},
		{"NOTIONAL", "NATO EU FVEY AUT AUS", ""},
		{"NOTIONAL NR", "NATO DEU", "EU AUT"},
		{"NATO UNCLASSIFIED", "NATO DEU SWE USA", "EU AUT AUS FVEY EDA"},
		{"NR // REL TO EU", "NATO EU EDA DEU AUT", "AUS FVEY"},
		{"NR // REL TO DEU, AUT", "DEU AUT", "NATO EU FRA"},
		{"NR // REL TO AUS", "NATO USA AUS", "AUT EU"},
		{"NR // STAFF", "", "NATO DEU"},
		{"NR // STAFF // REL TO DEU", "DEU", "NATO FRA"},
		{"EU-R", "EU EDA DEU AUT", "NATO USA"},
		{"LIMITE", "EU EDA AUT", "NATO USA"},
		{"DEU GEHEIM", "DEU", "FRA NATO EU"},
		{"DEU GEHEIM // NOFORN", "DEU", "FRA NATO EU"},
		{"DEU GEHEIM // REL TO NATO", "DEU NATO FRA", "EU AUT"},
		{"USA SECRET // REL TO FVEY", "USA GBR AUS FVEY", "NATO DEU"},
		{"TLP:CLEAR", "NATO EU AUS", ""},
		{"TLP:GREEN", "NATO EU AUT DEU", "AUS"},
		{"TLP:AMBER", "", "NATO EU DEU"},
		{"TLP:AMBER // REL TO NATO", "NATO DEU", "AUT EU"},
		{"TLP:RED // REL TO DEU", "DEU", "NATO FRA"},
		{"NR // TLP:AMBER", "", "NATO DEU"},
		{"NR // TLP:GREEN", "NATO DEU", "EU AUT"},
		{"unmarked", "", "NATO EU DEU AUT"},
	} {
		m, err := v.ParseMarking(x.marking)
		if err != nil {
			t.Fatal(err)
		}
		c := NewCombiner(v, Day(2026, 6, 30))
		for _, a := range strings.Fields(x.to) {
			if !c.Releasable(m, Audience{a}) {
				t.Errorf("%s may not go to %s", m, a)
			}
		}
		for _, a := range strings.Fields(x.not) {
			if c.Releasable(m, Audience{a}) {
				t.Errorf("%s may go to %s", m, a)
			}
		}
	}
	if NewCombiner(v, Day(2020, 1, 1)).Releasable("NATO RESTRICTED", Audience{"SWE"}) {
		t.Error("NATO RESTRICTED goes to Sweden before it was a member")
	}
}

// Many markings are combined in one go: as if it were done in two parts.
func TestBannerOfManyMarkings(t *testing.T) {
	markings := []Marking{"NATO RESTRICTED", "EU CONFIDENTIAL // REL TO UKR", "PUBLIC", ""}
	for i := range 1000 {
		markings = append(markings, Marking(fmt.Sprintf("text %d of a user", i)))
	}
	half := len(markings) / 2
	all, parts := Banner(markings), Banner([]Marking{Banner(markings[half:]), Banner(markings[:half])})
	if all != parts {
		t.Errorf("in one go %.200q, in parts %.200q", all, parts)
	}
	for _, part := range []string{"NATO RESTRICTED", "text 999 of a user", string(Unmarked)} {
		if !strings.Contains(string(all), part) {
			t.Errorf("the banner lacks %q", part)
		}
	}
}
