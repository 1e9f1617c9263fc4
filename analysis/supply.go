package analysis

import (
	"deconflict/data"
)

// Supply is what one organisation needs of one capability and what its nations can bring.
type Supply struct {
	Capability   data.CapabilityRow
	Organisation data.Organisation
	Need         Steps // R(c,o,t)
	Shared       Steps // Σₙ T(n,c,o,t)
	Usable       Steps // Σₙ U(n,c,o,t) over the nations in Known
	Stated       []*data.Requirement
	// Known are the accounts of nations whose usable supply is known, and Unknown the nations of which it is not: members of
	// the organisation on the as-of day, and others that it asks or that pledge to it within the window.
	Known   []*Account
	Unknown []data.Nation
	// Asked is how many of these nations the organisation asks for a comparable number within the window.
	Asked int
}

// NeedKnown reports whether Need says what the organisation needs: it states a requirement, or it asks at least half of the nations
// for a number. The targets of a few nations alone say little about the whole.
func (s *Supply) NeedKnown() bool {
	return len(s.Stated) > 0 || 2*s.Asked >= len(s.Known)+len(s.Unknown)
}

type supplyKey struct {
	capability   data.Capability
	organisation data.Organisation
}

// Supply is the supply of a capability to an organisation.
func (p *Pass) Supply(c data.Capability, o data.Organisation) *Supply {
	return p.supplies[supplyKey{c, o}]
}

// newSupply sums a capability up for an organisation. members says of each nation whether it is one on the as-of day.
func (p *Pass) newSupply(c data.CapabilityRow, o data.Organisation, members []bool) *Supply {
	s := &Supply{Capability: c, Organisation: o}
	s.Need = p.Window.sum(func(add func(data.Period, data.Amount)) {
		for _, r := range p.Requirements(c.Capability) {
			if r.Counts() && p.Dataset.OrganisationOf(r.Process) == o {
				s.Stated = append(s.Stated, r)
				add(r.Period, r.Quantity.Amount())
			}
		}
	})
	accounts := p.Accounts(c.Capability)
	shared, usable := make([]Steps, 0, len(accounts)), make([]Steps, 0, len(accounts))
	for i := range p.Dataset.Nations { // in the order of the accounts
		n, eligible := p.Dataset.Nations[i].Nation, members[i]
		for len(accounts) > 0 && accounts[0].Nation < n {
			accounts = accounts[1:]
		}
		if len(accounts) == 0 || accounts[0].Nation > n {
			if eligible {
				s.Unknown = append(s.Unknown, n)
			}
			continue
		}
		a := accounts[0]
		demand := a.Demand(o)
		asks, _ := demand.Peak()
		if !eligible {
			offered, _ := a.Offered(o)
			gives, _ := offered.Peak()
			if asks <= 0 && gives <= 0 {
				continue
			}
		}
		if asks > 0 {
			s.Asked++
		}
		shared = append(shared, demand)
		if u, known := a.Usable(o); known {
			s.Known = append(s.Known, a)
			usable = append(usable, u)
		} else {
			s.Unknown = append(s.Unknown, n)
		}
	}
	s.Shared, s.Usable = Combine(sumOf, shared...), Combine(sumOf, usable...)
	if len(s.Stated) == 0 {
		s.Need = s.Shared
	}
	return s
}

// Largest is the nation that gives most on day t, and how much; ties go to the first code. No nation gives where all give 0.
func (s *Supply) Largest(t data.Date) (n data.Nation, most data.Amount) {
	for _, a := range s.Known {
		u, _ := a.Usable(s.Organisation)
		if v := u.At(t); v > most {
			n, most = a.Nation, v
		}
	}
	return n, most
}

// LargestShare is the share of the largest giver on day t, from 0 to 1; 1 where nobody gives.
func (s *Supply) LargestShare(t data.Date) data.Amount {
	total := s.Usable.At(t)
	if total == 0 {
		return data.One
	}
	_, most := s.Largest(t)
	return data.Ratio(most, total)
}

// shareOfDemand is an amount as a share of what is asked of all nations on a capability: it orders findings of one score, so that the
// ones that weigh most in the whole come first.
func (p *Pass) shareOfDemand(c data.Capability, a data.Amount) data.Amount {
	if p.demands[c] <= 0 {
		return 0
	}
	return data.Ratio(a, p.demands[c])
}

// allDemand is the sum over nations of the peak of what is asked of each, its own plan counting where that is higher.
func (p *Pass) allDemand(c data.Capability) (sum data.Amount) {
	for l := range p.Links(c) {
		a := p.accounts[l.Index]
		peak, _ := Combine(highest, a.TotalDemand(), a.Demand(OwnPlan)).Peak()
		sum += peak
	}
	return sum
}
