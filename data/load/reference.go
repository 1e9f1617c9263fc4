package load

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"deconflict/data"
	"deconflict/data/public"
)

// reference is the public dataset without its records: its vocabulary, day and explanations are what others borrow. It is read whenever
// anything else is.
var reference = sync.OnceValues(func() (*data.Dataset, error) {
	ds, err := shipped(true)
	if err == nil {
		ds.Lent = lending(ds.Memberships)
	}
	return ds, err
})

// Reference is the public dataset without its records.
func Reference() (*data.Dataset, error) { return reference() }

// borrower is a loader that borrows from the reference.
func borrower(name string) *loader { return newLoader(name, mustBorrow()) }

func mustBorrow() *data.Dataset {
	ref, err := reference()
	if err != nil { // a test holds that it can be read
		panic(err)
	}
	return ref
}

// Lend lends a dataset the sources of memberships that it had borrowed from the reference when it was read from files. One that comes
// out of a store has lost them.
func Lend(ds *data.Dataset) {
	ds.Lent = func(code string) (data.Source, bool) { return mustBorrow().Lent(code) }
}

// lending finds the sources that memberships name in the public dataset. Its table of them is read when one is first asked for.
func lending(memberships []data.Membership) func(code string) (data.Source, bool) {
	named := map[string]bool{}
	for _, m := range memberships {
		for _, code := range m.Sources {
			named[code] = true
		}
	}
	table := sync.OnceValue(func() *data.Dataset {
		const name = "sources.csv"
		l := newLoader("public", &data.Dataset{Vocabulary: &data.Vocabulary{}})
		text, err := public.FS.ReadFile(name)
		l.lone("public/"+name, text, err == nil)
		ds, problems := l.load(context.Background(), "public")
		if ds == nil { // a test holds that it can be read
			panic(errors.Join(err, problems))
		}
		return ds
	})
	return func(code string) (data.Source, bool) {
		if !named[code] {
			return data.Source{}, false
		}
		return table().Source(code)
	}
}

// own are the tables of vocabulary as a dataset itself states them.
type own struct {
	nations      []data.NationRow
	memberships  []data.Membership
	processes    []data.ProcessRow
	capabilities []data.CapabilityRow
	crosswalk    []data.Mapping
	glossary     []data.GlossaryRow
}

// What a dataset states itself is added to the reference, table by table, and whatever else the reference has is shared with it: this is
// done in every run, for a dataset that mostly states a table or none. A row replaces the reference's row of the same nation, process or
// capability, or term of the glossary. Memberships replace all those of the same organisation, so that its history can be corrected, and
// mappings all those of the same subject.

func (l *loader) withNations() *data.Vocabulary {
	return l.WithNations(merge(l.reference.Nations, l.own.nations, func(n *data.NationRow) data.Nation { return n.Nation }))
}

func (l *loader) withProcesses() *data.Vocabulary {
	return l.WithProcesses(merge(l.reference.Processes, l.own.processes, func(p *data.ProcessRow) string { return data.Fold(string(p.Process)) }))
}

func (l *loader) withCapabilities() *data.Vocabulary {
	return l.WithCapabilities(merge(l.reference.Capabilities, l.own.capabilities, func(c *data.CapabilityRow) string { return data.Fold(string(c.Capability)) }))
}

func (l *loader) withMemberships() *data.Vocabulary {
	return l.WithMemberships(merge(l.reference.Memberships, l.own.memberships, func(m *data.Membership) data.Organisation { return m.Organisation }))
}

func (l *loader) withCrosswalk() *data.Vocabulary {
	crosswalk := merge(l.reference.Crosswalk, l.own.crosswalk, func(m *data.Mapping) string { return data.Fold(m.Subject) })
	sortBy(crosswalk, func(a, b *data.Mapping) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Predicate, b.Predicate), cmp.Compare(a.Object, b.Object))
	})
	return l.WithCrosswalk(crosswalk)
}

func (l *loader) withGlossary() *data.Vocabulary {
	glossary := merge(l.reference.Glossary, l.own.glossary, func(g *data.GlossaryRow) string { return data.Fold(g.Term) })
	sortBy(glossary, func(a, b *data.GlossaryRow) int { return strings.Compare(a.Term, b.Term) })
	return l.WithGlossary(glossary)
}

// merge is the own rows, and after them the reference rows whose key none of them has. Rows are large, and the own ones may be many: they stay where
// they are if there is room.
func merge[T any, K comparable](reference, own []T, key func(*T) K) []T {
	if len(reference) == 0 { // the reference itself is read
		return own
	}
	fewer, more := own, reference
	if len(fewer) > len(more) {
		fewer, more = more, fewer
	}
	both := make(map[K]bool, len(fewer)) // whether the others have a key too
	for i := range fewer {
		both[key(&fewer[i])] = false
	}
	for i := range more {
		k := key(&more[i])
		if other, ok := both[k]; ok && !other {
			both[k] = true
		}
	}
	out := slices.Grow(own, len(reference))
	for i := range reference {
		if !both[key(&reference[i])] {
			out = append(out, reference[i])
		}
	}
	return out
}
