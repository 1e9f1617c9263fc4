// Package synthetic invents planning cycles of both organisations: targets, pledges, holdings and requirements of any number, and
// initiatives, out of a seed. Nothing in them is any nation's or organisation's plan, and every record is marked NOTIONAL. They are
// shaped so that every kind of finding occurs, for demonstrations, tests and benchmarks.
//
// shape.go has the tables that give a cycle its shape. cycle.go makes of them what each nation is asked for, offers and holds of
// each capability; tables.go writes that down table by table, initiatives.go the initiatives, and random.go is where chance
// comes from. A cycle is never in memory: each table is made anew from the seed as it is written.
package synthetic

import (
	"context"
	"fmt"
	"io"

	"deconflict/data"
)

// Marking is the marking of every record.
const Marking data.Marking = "NOTIONAL"

// Size says how much to make. The zero Size is the planning cycle of a staff: what a field leaves out, Filled says.
type Size struct {
	Seed uint64
	AsOf data.Date // the day for which the cycle is compiled

	Nations      int // the largest; beyond the members of both organisations, notional nations join both
	Capabilities int // of the vocabulary; beyond it, notional capabilities

	// The rows of each table. A negative number makes an empty table.
	Targets, Pledges, Holdings, Requirements int
}

// Filled gives the fields that are zero their values: 30 June 2026, 3000 targets, the nations that are member of NATO or the EU
// on that day, the capabilities of the vocabulary or one for every 152 targets if that is more, and pledges, holdings and
// requirements in proportion to the targets, 800, 1800 and 150 of them for 3000.
func (s Size) Filled(v *data.Vocabulary) Size {
	fill := func(n *int, value int) {
		if *n == 0 {
			*n = max(value, 0)
		}
	}
	if s.AsOf == 0 {
		s.AsOf = data.Day(2026, 6, 30)
	}
	fill(&s.Targets, 3000)
	fill(&s.Pledges, s.Targets*4/15)
	fill(&s.Holdings, s.Targets*3/5)
	fill(&s.Requirements, s.Targets/20)
	fill(&s.Nations, len(members(v, s.AsOf)))
	fill(&s.Capabilities, max(len(v.Capabilities), s.Targets/152))
	return s
}

// String prints the size in words.
func (s Size) String() string {
	return fmt.Sprintf("seed %d: %d nations, %d capabilities, %d targets, %d pledges, %d holdings, %d requirements",
		s.Seed, s.Nations, s.Capabilities, max(s.Targets, 0), max(s.Pledges, 0), max(s.Holdings, 0), max(s.Requirements, 0))
}

// Write makes a cycle as a dataset: its tables as CSV, and datapackage.json. It calls create for one file after the other and closes
// each before the next. The same size and vocabulary give the same bytes on every machine, and memory does not grow with the
// number of rows. Words that a cycle of this size needs beyond the vocabulary come as tables of their own.
func Write(ctx context.Context, size Size, v *data.Vocabulary, create func(name string) (io.WriteCloser, error)) error {
	c, err := newCycle(ctx, size, v)
	if err != nil {
		return fmt.Errorf("making a notional cycle: %w", err)
	}
	for _, t := range c.tables() {
		if err := c.write(ctx, t, create); err != nil {
			return fmt.Errorf("writing %s of a notional cycle: %w", t.file(), err)
		}
	}
	if err := c.describe(create); err != nil {
		return fmt.Errorf("writing %s of a notional cycle: %w", packageName, err)
	}
	return nil
}
