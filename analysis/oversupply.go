package analysis

import (
	"fmt"
	"math"

	"deconflict/data"
)

// OverSupply tells where several nations bring clearly more than any organisation needs.
var OverSupply = &Analysis{
	Name:   "over-supply",
	Report: Duplication,
	Title:  "Several nations bring more than anybody needs",
	Doc: `The usable supply of two nations or more exceeds the largest organisation's need by more than the margin, on every day on which
that organisation needs anything: the tightest day is shown. Where it states no requirement and asks fewer than half of its nations
for a number, what it needs is not known, and it is not assessed.`,
	Formula: `o* = the organisation with the largest peak of R(c,o,t)
Σn U(n,c,o*,t) > (1 + margin) × R(c,o*,t) on every t with R > 0, by two nations or more`,
	Params:   []Param{{"margin", "supply beyond the need that is still no over-supply, as a share of the need", data.One / 4}},
	Measures: []Column{{Name: "surplus"}, {Name: "needed"}, {Name: "usable"}},
	Clause:   clause("capability with more supply than is asked for", "capabilities with more supply than is asked for"),
	Each:     overSupplies,
}

func overSupplies(p *Pass, c data.CapabilityRow, out []Finding) []Finding {
	var largest *Supply
	var most data.Amount
	for i := range p.sumsOf(c.Capability).supplies {
		s := &p.sumsOf(c.Capability).supplies[i]
		if peak, _ := s.Need.Peak(); peak > most {
			largest, most = s, peak
		}
	}
	if largest == nil {
		return out
	}
	if !largest.NeedKnown() {
		p.NotAssessed("over-supply", "no requirement is stated, and fewer than half of the nations are asked for a number", string(c.Capability)+" "+string(largest.Organisation))
		return out
	}
	if f, ok := p.overSupply(largest); ok {
		out = append(out, f)
	}
	return out
}

// plenty is a supply beyond the need, on the tightest day.
type plenty struct {
	*Supply
	day          data.Date
	need, usable data.Amount
}

// overSupply makes a finding of what is needed on some day, and what is brought.
func (p *Pass) overSupply(s *Supply) (Finding, bool) {
	margin, tightest := p.Param("over-supply.margin"), data.Amount(math.MaxInt64)
	var day data.Date
	var need, usable data.Amount
	for _, on := range p.desk.days(s.Need, s.Usable) {
		if on.x <= 0 {
			continue
		}
		beyond := on.y - on.x - data.Part(on.x, margin)
		if beyond <= 0 {
			return Finding{}, false
		}
		if beyond < tightest {
			tightest, day, need, usable = beyond, on.day, on.x, on.y
		}
	}
	c, x := s.Capability, &plenty{s, day, need, usable}
	f := Finding{
		Subject: []string{string(c.Capability)}, Capability: c.Capability, Organisations: []data.Organisation{s.Organisation}, Period: s.Need.Span(),
		Verdict: "over-supplied", Severity: Low, Order: data.Ratio(x.usable-x.need, x.need),
		Measures: []Measure{{"surplus", x.usable - x.need, c.Unit}, {"needed", x.need, c.Unit}, {"usable", x.usable, c.Unit}},
		wording:  x,
	}
	for _, g := range s.giversOn(x.day) {
		f.Nations = append(f.Nations, g.Nation)
	}
	return f, len(f.Nations) >= 2
}

// giver is a nation with what it can bring on one day.
type giver struct {
	*Account
	gives data.Amount
}

func (g giver) String() string { return string(g.Nation) + " " + g.gives.String() }

// giversOn are the nations that can bring something on day t.
func (s *Supply) giversOn(t data.Date) (out []giver) {
	for _, a := range s.Known {
		u, _ := a.Usable(s.Organisation)
		if v := u.At(t); v > 0 {
			out = append(out, giver{a, v})
		}
	}
	return out
}

// supplyEvidence appends what the supply of one of its nations rests on.
func (s *Supply) supplyEvidence(out []Evidence, a *Account) []Evidence {
	return a.heldEvidence(a.pledgeEvidence(out, s.Organisation))
}

// targetEvidence appends what the organisation asks of all nations.
func (s *Supply) targetEvidence(out []Evidence, p *Pass) []Evidence {
	for l := range p.Links(s.Capability.Capability) {
		out = p.accountOf(l).targetEvidence(out, s.Organisation)
	}
	return out
}

func (x *plenty) words(p *Pass, f *Finding) (w Words) {
	c, o, margin := x.Capability, x.Organisation, p.Param("over-supply.margin")
	w.Summary = fmt.Sprintf("%s bring %s of %s where %s, which needs most, asks for %s.",
		counted(len(f.Nations), "nation"), data.Units(x.usable, c.Unit), c.Name, o.InWords(), x.need)
	w.Explanation = fmt.Sprintf("On the tightest day, %s: ΣU = %s (%s); R(%s) = %s; with the margin of %s: %s > %s.",
		x.day, x.usable, listed(x.giversOn(x.day)), o, x.need, margin, x.usable, x.need+data.Part(x.need, margin))
	return w
}

func (x *plenty) beside(to []Evidence) []Evidence {
	return append(to, requirementEvidence(x.Stated...)...)
}

func (x *plenty) evidence(p *Pass, out []Evidence) []Evidence {
	out = append(out, requirementEvidence(x.Stated...)...)
	for _, g := range x.giversOn(x.day) {
		out = x.supplyEvidence(out, g.Account)
	}
	if len(x.Stated) == 0 {
		out = x.targetEvidence(out, p)
	}
	return out
}
