package load

import (
	"cmp"
	"context"
	"errors"
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

// vocabulary adds what has been read so far to the reference. A row replaces the reference's row of the same nation, process or
// capability, or term of the glossary. Memberships replace all those of the same organisation, so that its history can be corrected,
// and mappings all those of the same subject.
func (l *loader) vocabulary() *data.Vocabulary {
	ref := l.reference.Vocabulary
	crosswalk := merge(ref.Crosswalk, l.own.crosswalk, func(m data.Mapping) string { return data.Fold(m.Subject) })
	sortBy(crosswalk, func(a, b *data.Mapping) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Predicate, b.Predicate), cmp.Compare(a.Object, b.Object))
	})
	v := data.NewVocabulary(
		merge(ref.Nations, l.own.nations, func(n data.NationRow) data.Nation { return n.Nation }),
		merge(ref.Memberships, l.own.memberships, func(m data.Membership) data.Organisation { return m.Organisation }),
		merge(ref.Processes, l.own.processes, func(p data.ProcessRow) string { return data.Fold(string(p.Process)) }),
		merge(ref.Capabilities, l.own.capabilities, func(c data.CapabilityRow) string { return data.Fold(string(c.Capability)) }),
		crosswalk)
	v.Glossary = merge(ref.Glossary, l.own.glossary, func(g data.GlossaryRow) string { return data.Fold(g.Term) })
	v.Lent = ref.Lent
	sortBy(v.Glossary, func(a, b *data.GlossaryRow) int { return strings.Compare(a.Term, b.Term) })
	return v
}

// merge is the reference rows whose key no own row has, and the own rows.
func merge[T any, K comparable](reference, own []T, key func(T) K) []T {
	replaced := map[K]bool{}
	for _, row := range own {
		replaced[key(row)] = true
	}
	var out []T
	for _, row := range reference {
		if !replaced[key(row)] {
			out = append(out, row)
		}
	}
	return append(out, own...)
}
