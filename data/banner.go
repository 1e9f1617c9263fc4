package data

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Banner is what stands at the top and the bottom of an output that rests on records with the given markings. Under one policy the
// highest classification wins, restrictions unite, and it may be released to those alone to whom every record may be. What different
// policies say has no common maximum and is shown side by side: NATO, the EU, nations, and then the others. A record without a marking
// makes the output Unmarked beside what others carry, and so does having no record at all.
//
// Banner does not know who is a member of what, and takes two different names in lists of releases to have nobody in common. A Combiner
// knows.
func Banner(markings []Marking) Marking {
	return (&Combiner{}).Banner(markings)
}

// Combiner makes banners by the memberships of one day. It remembers what it made. The zero Combiner knows no membership.
type Combiner struct {
	vocabulary *Vocabulary
	day        Date

	mu    sync.Mutex
	pairs map[[2]Marking]Marking
}

// NewCombiner makes a combiner by the memberships that v knows of a day.
func NewCombiner(v *Vocabulary, day Date) *Combiner {
	return &Combiner{vocabulary: v, day: day}
}

// Banner combines markings as the function of that name does. It may be called from several goroutines.
func (c *Combiner) Banner(markings []Marking) Marking {
	var room [few]Marking
	distinct := room[:0]
	for _, m := range markings {
		distinct = append(distinct, cmp.Or(m, Unmarked))
	}
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	switch {
	case len(distinct) == 0:
		return Unmarked
	case len(distinct) > few:
		var all []Protection
		for _, m := range distinct {
			all = append(all, m.Protections()...)
		}
		return c.combine(all)
	}
	out := distinct[0]
	for _, m := range distinct[1:] {
		if m != out {
			out = c.pair(out, m)
		}
	}
	return out
}

// few markings are combined two by two, which is remembered; more of them are all different texts, and are combined in one go.
const few = 16

// pair combines two different markings.
func (c *Combiner) pair(a, b Marking) Marking {
	if b < a {
		a, b = b, a
	}
	k := [2]Marking{a, b}
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.pairs[k]; ok {
		return m
	}
	if c.pairs == nil {
		c.pairs = map[[2]Marking]Marking{}
	}
	m := c.combine(append(a.Protections(), b.Protections()...))
	c.pairs[k] = m
	return m
}

// combine joins protections policy by policy and leaves out those that others contain.
func (c *Combiner) combine(ps []Protection) Marking {
	slices.SortStableFunc(ps, compareProtections)
	var out []Protection
	for _, p := range ps {
		if last := len(out) - 1; last >= 0 && out[last].policyName() == p.policyName() && (p.Policy != PolicyUnknown || out[last].Classification == p.Classification) {
			out[last] = c.join(out[last], p)
		} else {
			out = append(out, p)
		}
	}
	for i := range out {
		if p := &out[i]; p.Listed { // in the one way that the same viewers are named
			p.Release = c.viewers(*p).names(c)
		}
	}
	// What is public, or only made up, is so beside any other marking of the same kind.
	out = slices.DeleteFunc(out, func(p Protection) bool {
		open := (p.Policy == PolicyPublic || p.Policy == PolicyNone) && !p.Listed && len(p.Caveats) == 0
		return open && slices.ContainsFunc(out, func(q Protection) bool {
			return q.Pretence == p.Pretence && !slices.Contains([]Policy{PolicyPublic, PolicyNone, PolicyTLP, PolicyUnmarked}, q.Policy)
		})
	})
	return spell(out)
}

// join combines two protections of one policy.
func (c *Combiner) join(p, q Protection) Protection {
	out := p
	if q.Rank > p.Rank || p.Classification == "" {
		out.Rank, out.Classification = q.Rank, q.Classification
	}
	out.Caveats = slices.Concat(p.Caveats, q.Caveats)
	slices.Sort(out.Caveats)
	out.Caveats = slices.Compact(out.Caveats)
	if p.Listed || q.Listed {
		a, b := c.viewers(p), c.viewers(q)
		out.Listed, out.Release = true, a.and(b).names(c)
	}
	return out
}

// order is the place of a policy in a banner.
func (p *Protection) order() int {
	switch p.Policy {
	case PolicyNATO:
		return 0
	case PolicyEU:
		return 1
	case PolicyUnknown:
		return 3
	case PolicyPublic:
		return 4
	case PolicyNone:
		return 5
	case PolicyTLP:
		return 6
	case PolicyUnmarked:
		return 7
	}
	return 2 // of a nation
}

// compareProtections is the order in which protections are shown, and under one policy any fixed order.
func compareProtections(p, q Protection) int {
	return cmp.Or(cmp.Compare(p.order(), q.order()), cmp.Compare(p.Policy, q.Policy), cmp.Compare(p.Pretence, q.Pretence),
		cmp.Compare(p.Rank, q.Rank), cmp.Compare(p.Classification, q.Classification))
}

// Audience is to whom an output goes, or a marking may be released: organisations, and nations by their codes, in the order of the
// alphabet.
type Audience []string

// String is the audience as a list by commas.
func (a Audience) String() string { return strings.Join(a, ", ") }

// fiveNations are those of FVEY, which is a group of nations rather than a body of its own.
var fiveNations = []string{"AUS", "CAN", "GBR", "NZL", "USA"}

// unionBodies are the bodies of the EU that are organisations of their own here. What the EU may see, they may.
var unionBodies = []string{"EDA", "PESCO"}

// audienceName reads the name of an organisation, FVEY or a nation.
func (v *Vocabulary) audienceName(s string) (string, error) {
	if key := foldMarking(s); key == "fvey" || key == "five eyes" {
		return fiveEyes, nil
	}
	o, err := v.ParseOrganisation(s)
	if err == nil && o != Other {
		return string(o), nil
	}
	n, err := v.ParseNation(s)
	if err != nil {
		hint := ""
		if e, ok := err.(*ValueError); ok {
			hint = e.Hint
		}
		var names []string
		for _, o := range v.organisation {
			if o != Other {
				names = append(names, string(o))
			}
		}
		slices.Sort(names)
		if hint == "" {
			if hint = DidYouMean(Nearest(s, append(names, fiveEyes))); hint == "" {
				hint = "organisations are " + strings.Join(append(names, fiveEyes), ", ")
			}
		}
		return "", &ValueError{Got: s, Want: wantNames, Hint: hint}
	}
	return string(n), nil
}

// ParseAudience reads an organisation or a nation by code or name.
func (v *Vocabulary) ParseAudience(s string) (string, error) { return v.audienceName(s) }

// viewers are who may see what a protection covers.
type viewers struct {
	all   bool // everybody
	named map[string]bool
}

func (v viewers) and(w viewers) viewers {
	switch {
	case v.all:
		return w
	case w.all:
		return v
	}
	out := viewers{named: map[string]bool{}}
	for name := range v.named {
		if w.named[name] {
			out.named[name] = true
		}
	}
	return out
}

// members puts the members that an organisation has on the combiner's day beside its name, and the EU's bodies beside the EU.
func (c *Combiner) members(names ...string) viewers {
	out := viewers{named: map[string]bool{}}
	for _, name := range names {
		if name == fiveEyes {
			for _, n := range fiveNations {
				out.named[n] = true
			}
			continue
		}
		out.named[name] = true
		if c.vocabulary == nil {
			continue
		}
		if name == string(EU) {
			for _, body := range unionBodies {
				out.named[body] = true
			}
		}
		for _, n := range c.vocabulary.Members(Organisation(name), c.day) {
			out.named[string(n)] = true
		}
	}
	return out
}

// viewers are those to whom a protection opens what it covers. Restrictions that the program cannot judge open it to nobody but those
// named, and the nation whose marking it is.
func (c *Combiner) viewers(p Protection) viewers {
	owner, nation := p.owner()
	restricted := slices.ContainsFunc(p.Caveats, func(caveat string) bool { return caveat != Limite })
	switch {
	case nation && !p.Listed:
		return c.members(owner)
	case p.Listed:
	case restricted:
		return viewers{}
	case owner != "":
		return c.members(owner)
	case p.Policy == PolicyPublic, p.Policy == PolicyNone, p.Policy == PolicyTLP && p.Rank == 0:
		return viewers{all: true}
	case p.Policy == PolicyTLP && p.Rank == 1:
		return c.members(string(NATO), string(EU))
	default:
		return viewers{}
	}
	out := c.members(p.Release...)
	if nation {
		out.named[owner] = true
	}
	if p.Policy == PolicyEU && slices.Contains(p.Caveats, Limite) {
		return out.and(c.members(string(EU)))
	}
	return out
}

// names are the viewers as a list, in which the members of an organisation that is named itself need not be named. An organisation of
// which a member is missing is not named: its name would bring the member in.
func (v viewers) names(c *Combiner) Audience {
	lacking, covered := map[string]bool{}, map[string]bool{}
	for name := range v.named {
		for other := range c.members(name).named {
			lacking[name] = lacking[name] || !v.named[other]
		}
	}
	var out Audience
	if !slices.ContainsFunc(fiveNations, func(n string) bool { return !v.named[n] }) {
		out = append(out, fiveEyes)
		for _, n := range fiveNations {
			covered[n] = true
		}
	}
	for name := range v.named {
		for other := range c.members(name).named {
			if other != name && !lacking[name] {
				covered[other] = true
			}
		}
	}
	for name := range v.named {
		if !covered[name] && !lacking[name] {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Releasable reports whether everybody in an audience may see what a marking covers. Nobody may see what is unmarked, or marked in words
// that are not known.
func (c *Combiner) Releasable(m Marking, to Audience) bool {
	for _, p := range m.Protections() {
		may := c.viewers(p)
		if may.all {
			continue
		}
		for _, name := range to {
			if name == fiveEyes {
				if slices.ContainsFunc(fiveNations, func(n string) bool { return !may.named[n] }) {
					return false
				}
			} else if !may.named[name] {
				return false
			}
		}
	}
	return true
}
