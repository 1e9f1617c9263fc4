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

// Supply is the supply of a capability to an organisation; nil where there is none.
func (p *Pass) Supply(c data.Capability, o data.Organisation) *Supply {
	all := p.sumsOf(c).supplies
	for i := range all {
		if all[i].Organisation == o {
			return &all[i]
		}
	}
	return nil
}

// sumsOf are the sums of a capability; none of one outside the scope.
func (p *Pass) sumsOf(c data.Capability) *sums {
	if p.isAt(c) {
		return p.desk.sums
	}
	if i := p.Place(c); i >= 0 {
		return &p.sums[i]
	}
	return &sums{}
}

// newSupply sums the accounts of a capability up for the organisation at a place.
func (p *Pass) newSupply(c data.CapabilityRow, place int, accounts []*Account) Supply {
	d, o := p.desk, p.organisations[place]
	s := Supply{Capability: c, Organisation: o}
	for _, r := range p.Requirements(c.Capability) {
		if r.Counts() && p.Dataset.OrganisationOf(r.Process) == o {
			s.Stated = append(s.Stated, r)
			d.add(r.Period, r.Quantity.Amount())
		}
	}
	s.Need = d.sum()
	known, unknown := d.holders.open(len(accounts)), d.unknown.open(len(p.members[place]))
	for i, eligible := range p.members[place] { // in the order of the accounts
		for len(accounts) > 0 && accounts[0].number < i {
			accounts = accounts[1:]
		}
		n := p.Dataset.Nations[i].Nation
		if len(accounts) == 0 || accounts[0].number > i {
			if eligible {
				unknown = append(unknown, n)
			}
			continue
		}
		a := accounts[0]
		demand, asks := a.asks(o)
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
		d.addSteps(demand)
		if _, ok := a.Usable(o); ok {
			known = append(known, a)
		} else {
			unknown = append(unknown, n)
		}
	}
	s.Shared = d.sum()
	for _, a := range known {
		u, _ := a.Usable(o)
		d.addSteps(u)
	}
	s.Usable, s.Known, s.Unknown = d.sum(), d.holders.close(known), d.unknown.close(unknown)
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

// shareOfDemand is an amount as a share of what is asked of all nations on a capability, each by the peak of what is asked of it, its
// own plan counting where that is higher. It orders findings of one score, so that the ones that weigh most in the whole come first.
func (p *Pass) shareOfDemand(c data.Capability, a data.Amount) data.Amount {
	all := p.sumsOf(c).demand
	if all <= 0 {
		return 0
	}
	return data.Ratio(a, all)
}
