package render

import (
	"testing"

	"deconflict/analysis"
)

// Every ink stands out from its fill by 4.5 to 1, as WCAG 2.1 asks of text.
func TestInkStandsOut(t *testing.T) {
	tints := map[string]tint{"banner": {fill: navy, ink: white}, "head": {fill: slate, ink: white}, "note": {fill: white, ink: grey}, "warning": {fill: white, ink: rust}}
	for _, s := range analysis.States {
		tints["state "+string(s.State)] = stateTint(s.State)
	}
	for _, s := range analysis.Severities {
		tints["severity "+string(s)] = severityTint(s)
	}
	for _, q := range analysis.Questions {
		tints["report "+string(q)] = reportTint(q)
	}
	for _, s := range analysis.Shortfalls {
		tints["shortfall "+string(s)] = shortfallTint(s)
	}
	for k, name := range []string{"none", "1", "2", "3", "4", "5", "6", "7", "8"} {
		tints["community "+name] = communityTint(k)
	}
	for i := range 101 {
		tints["scale "+string(rune('a'+i))] = scaleTint(float64(i) / 100)
	}
	for name, x := range tints {
		if c := contrast(x.fill, x.ink); c < 4.5 {
			t.Errorf("%s: %s on %s has a contrast of %.2f", name, x.ink, x.fill, c)
		}
	}
}

// In grey print the worse of two states, or severities, is the darker, and the lines of the timeline differ in shape and dash.
func TestGreyPrint(t *testing.T) {
	darker := func(what string, a, b tint) {
		if x, y := contrast(a.fill, black), contrast(b.fill, black); x*1.25 > y {
			t.Errorf("%s: contrasts to black of %.1f and %.1f", what, x, y)
		}
	}
	darker("partly met and met", stateTint(analysis.PartlyMet), stateTint(analysis.Met))
	darker("unmet and partly met", stateTint(analysis.Unmet), stateTint(analysis.PartlyMet))
	for i, s := range analysis.Severities[1:3] {
		darker(string(s), severityTint(analysis.Severities[i]), severityTint(s))
	}
	darker("more and less", scaleTint(1), scaleTint(0.5))
	darker("more and less", scaleTint(0.5), scaleTint(0))
	seen := map[shape]bool{}
	for _, s := range analysis.Shortfalls {
		if x := shortfallTint(s); seen[x.shape] {
			t.Errorf("%s: shape %s is taken", s, x.shape)
		} else {
			seen[x.shape] = true
		}
	}
	for _, s := range []analysis.State{analysis.HeldOnly, analysis.Targeted} {
		if stateTint(s).hatch == noHatch {
			t.Errorf("%s: told by its colour alone", s)
		}
	}
}

func TestColours(t *testing.T) {
	if got := colour("000000").mix("FFFFFF", 0.5); got != "808080" {
		t.Errorf("half way from black to white is %s", got)
	}
	if got := contrast("FFFFFF", "000000"); got != 21 {
		t.Errorf("white and black have a contrast of %v, and WCAG says 21", got)
	}
	if r, g, b := colour("0072B2").rgb(); r != 0 || g != 0x72 || b != 0xB2 {
		t.Errorf("0072B2 is %d %d %d", r, g, b)
	}
}
