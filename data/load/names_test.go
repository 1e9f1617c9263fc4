package load_test

import (
	"strings"
	"testing"

	"deconflict/data"
	"deconflict/data/load"
)

// A nation is known by its codes, by its names in English, French and German, by its own, and by those that it had before.
func TestNamesOfNations(t *testing.T) {
	public, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	for code, names := range map[data.Nation]string{
		"GRC": "GRC GR EL gre Greece Grèce Griechenland Hellas Ελλάδα",
		"GBR": "GBR GB UK Großbritannien Royaume-Uni Great-Britain",
		"TUR": "TUR TR Turkey Türkiye Turkiye TURQUIE Türkei",
		"MKD": "MKD MK FYROM Macédoine-du-Nord Nordmazedonien",
		"CZE": "CZE CZ Czechia Czech-Republic République-tchèque Tschechien",
		"DEU": "DEU DE GER Germany Allemagne DEUTSCHLAND Bundesrepublik-Deutschland",
		"NLD": "NLD NL NED Holland Pays-Bas Niederlande The-Netherlands",
		"ISL": "ISL IS Iceland Islande Island",
		"IRL": "IRL IE Ireland Irlande Irland",
		"GEO": "GEO GE Georgia Géorgie Georgien", // GE is not Germany
		"ROU": "ROU RO ROM Roumanie Rumänien",
		"USA": "USA US U.S. États-Unis Vereinigte-Staaten",
	} {
		for name := range strings.FieldsSeq(names) { // a hyphen is a blank
			if got, err := public.ParseNation(name); err != nil || got != code {
				t.Errorf("%s: %s, %v; want %s", name, got, err, code)
			}
		}
	}
	for _, n := range public.Nations {
		if len(n.Aliases) < 2 {
			t.Errorf("%s has no name but the English one", n.Nation)
		}
		if len(n.Aliases[0]) != 2 {
			t.Errorf("%s: the first alias is %s, not the code of two letters", n.Nation, n.Aliases[0])
		}
	}
	for text, hint := range map[string]string{
		"Frankreic": "did you mean FRA, France?", "Slowaki": "did you mean SVK, Slovakia?", "Grece": "did you mean GRC, Greece?",
	} {
		if _, err := public.ParseNation(text); err == nil || !strings.Contains(err.Error(), hint) {
			t.Errorf("%s: %v, want %s", text, err, hint)
		}
	}
}
