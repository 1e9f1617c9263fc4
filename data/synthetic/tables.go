package synthetic

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"deconflict/data"
)

// table is a table of the dataset: its columns, the key first, with an asterisk on those that are never empty, and what writes
// its rows.
type table struct {
	name    string
	key     int // how many columns the key has
	columns string
	rows    func(*cycle, context.Context, *csv.Writer) error
}

func (t table) file() string { return t.name + ".csv" }

// header lists the columns without their asterisks.
func (t table) header() []string { return strings.Fields(strings.ReplaceAll(t.columns, "*", "")) }

// tables are the tables in the order in which they are written. Those of words are there only where the cycle needs some that the
// vocabulary lacks.
func (c *cycle) tables() []table {
	out := []table{{"sources", 1, "source* title* url publisher date", (*cycle).writeSources}}
	if c.nations[len(c.nations)-1].notional {
		out = append(out,
			table{"nations", 1, "nation* name* aliases", (*cycle).writeNations},
			table{"memberships", 3, "nation* organisation* from* to source", (*cycle).writeMemberships})
	}
	if c.size.Capabilities > len(c.known) {
		out = append(out, table{"capabilities", 1, "capability* name* area* unit* definition", (*cycle).writeCapabilities})
	}
	return append(out,
		table{"requirements", 1, "id* process* cycle capability* quantity unit from until statement marking source", (*cycle).writeRequirements},
		table{"targets", 1, "id* process* cycle nation* area capability* quantity unit from until readiness_days priority status held statement marking source", (*cycle).writeTargets},
		table{"pledges", 1, "id* organisation* nation* capability* quantity unit from until readiness_days statement marking source", (*cycle).writePledges},
		table{"holdings", 1, "id* nation* capability* quantity unit from until readiness_days statement marking source", (*cycle).writeHoldings},
		table{"initiatives", 1, "initiative* name* organisation* framework kind from until beneficiary membership summary marking source as_of", (*cycle).writeInitiatives},
		table{"participants", 3, "initiative* nation* role*", (*cycle).writeParticipants},
		table{"contributions", 3, "initiative* capability* means*", (*cycle).writeContributions},
		table{"relations", 3, "initiative* other* relation* note source", (*cycle).writeRelations})
}

// write makes the file of a table.
func (c *cycle) write(ctx context.Context, t table, create func(string) (io.WriteCloser, error)) error {
	f, err := create(t.file())
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	w.Write(t.header())
	err = t.rows(c, ctx, w)
	w.Flush()
	return errors.Join(cmp.Or(err, w.Error()), f.Close())
}

// source is the code of the one source that every record names.
const source = "notional-cycle"

func (c *cycle) writeSources(_ context.Context, w *csv.Writer) error {
	return w.Write([]string{source, fmt.Sprintf("Notional planning cycle, generated from seed %d", c.size.Seed), "", "deconflict generate", c.size.AsOf.String()})
}

func (c *cycle) writeNations(_ context.Context, w *csv.Writer) error {
	for _, n := range c.nations {
		if n.notional {
			w.Write([]string{string(n.code), n.name, ""})
		}
	}
	return w.Error()
}

// writeMemberships repeats those of the vocabulary, because a dataset that has memberships of an organisation has all of them.
func (c *cycle) writeMemberships(_ context.Context, w *csv.Writer) error {
	for _, m := range c.memberships {
		if slices.Contains(organisations[:], m.Organisation) {
			w.Write([]string{string(m.Nation), string(m.Organisation), m.Period.From.String(), m.Period.Until.String(), ""})
		}
	}
	for _, n := range c.nations {
		if n.notional {
			for _, o := range organisations {
				w.Write([]string{string(n.code), string(o), "2004", "", source})
			}
		}
	}
	return w.Error()
}

func (c *cycle) writeCapabilities(ctx context.Context, w *csv.Writer) error {
	for i := len(c.known); i < c.size.Capabilities; i++ {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		k := c.capability(i)
		w.Write([]string{string(k.Capability), k.Name, string(k.Area), k.Unit, "Notional: no capability of any taxonomy."})
	}
	return w.Error()
}

func (c *cycle) writeRequirements(ctx context.Context, w *csv.Writer) error {
	requirements, row := c.requirements, 0
	_, err := c.each(ctx, func(k *capability, links []link) error {
		for o, name := range organisations {
			total := k.required(links, o)
			if total == 0 {
				continue
			}
			n := requirements.next(1)
			for i := range n {
				row++
				r := newRandom(c.size.Seed, requirementStream, row, 0)
				from := monthOf(c.now.year()-1+4*(i%4), 1) // further parts later, so that the need grows
				process, begun := c.process(o, k, from, &r)
				quantity := strconv.Itoa(part(total, i, n))
				statement := string(name) + " needs " + k.amountOf(part(total, i, n))
				if i > 0 && r.in(5) {
					quantity, statement = "", string(name)+" needs more"+openQuantity
				}
				w.Write([]string{identify('r', row, c.size.Requirements), string(process), begun, string(k.Capability), quantity, k.Unit, from.first(), "",
					state(statement, &r), string(Marking), source})
			}
		}
		return w.Error()
	})
	return err
}

func (c *cycle) writeTargets(ctx context.Context, w *csv.Writer) error {
	row := 0
	_, err := c.each(ctx, func(k *capability, links []link) error {
		for i := range links {
			l := &links[i]
			says := l.stance == reported
			for j := range l.targets {
				t := &l.targets[j]
				row++
				r := newRandom(c.size.Seed, wordingStream, row, 0)
				process, begun := c.process(t.asker, k, t.from, &r)
				quantity, unit := k.cells(t.quantity, t.says)
				if t.says == number && r.in(10) {
					unit = "" // the capability's own
				}
				held := ""
				if says && t.says == number {
					held, says = strconv.Itoa(l.held), false
				}
				statement := l.name + " to provide " + k.amountOf(t.quantity)
				if t.says != number {
					statement = l.name + " to provide some" + openQuantity
				}
				status := [...]string{"required", "planning figure", "planned"}[t.asker]
				if t.asker == own && r.in(40) {
					status = "ordered"
				}
				priority := [...]string{"", "1", "2", "3"}[r.below(4)]
				w.Write([]string{identify('t', row, c.size.Targets), string(process), begun, string(l.code), string(k.Area), string(k.Capability), quantity, unit,
					t.from.first(), t.until.last(), days(t.notice), priority, status, held, state(statement, &r), string(Marking), source})
			}
		}
		return w.Error()
	})
	return err
}

func (c *cycle) writePledges(ctx context.Context, w *csv.Writer) error {
	pledges, row := c.pledges, 0
	_, err := c.each(ctx, func(k *capability, links []link) error {
		for i := range links {
			l := &links[i]
			for o, name := range organisations {
				n := pledges.next(l.pledgeWeight(o))
				for i := range n {
					row++
					r := newRandom(c.size.Seed, pledgeStream, row, 0)
					from := month(0)
					if r.in(60) {
						from = monthOf(c.now.year()-r.between(0, 3), 1)
					}
					quantity, statement := part(l.offered[o], i, n), l.name+" offers "
					cell := strconv.Itoa(quantity)
					if i > 0 && r.in(5) {
						cell, statement = "", statement+"more to "+string(name)+openQuantity
					} else {
						statement += k.amountOf(quantity) + " to " + string(name)
					}
					w.Write([]string{identify('p', row, c.size.Pledges), string(name), string(l.code), string(k.Capability), cell, k.Unit,
						from.first(), "", days(l.notice), state(statement, &r), string(Marking), source})
				}
			}
		}
		return w.Error()
	})
	return err
}

func (c *cycle) writeHoldings(ctx context.Context, w *csv.Writer) error {
	holdings, row := c.holdings, 0
	_, err := c.each(ctx, func(k *capability, links []link) error {
		for i := range links {
			l := &links[i]
			n := 0
			if weight := l.holdingWeight(); weight > 0 {
				n = holdings.next(weight)
			}
			for i := range n {
				row++
				r := newRandom(c.size.Seed, holdingStream, row, 0)
				says := number
				if l.stance == unclear {
					says = [...]silence{noNumber, foreignUnit}[r.below(2)]
				}
				quantity, unit := k.cells(part(l.held, i, n), says)
				from, until := c.service(l, i == n-1, &r)
				verb := " holds "
				if from > c.now {
					verb = " is to receive "
				}
				statement := l.name + verb + k.amountOf(part(l.held, i, n))
				if says != number {
					statement = l.name + " holds some" + openQuantity
				}
				w.Write([]string{identify('h', row, c.size.Holdings), string(l.code), string(k.Capability), quantity, unit,
					from.first(), until.last(), days(l.readiness(&r)), state(statement, &r), string(Marking), source})
			}
		}
		return w.Error()
	})
	return err
}

// service draws from when until when a holding is there. The last one of a nation that is late comes one to three years after
// the targets start.
func (c *cycle) service(l *link, last bool, r *random) (from, until month) {
	switch {
	case l.stance == late && last:
		from = max(l.begins, c.now) + month(r.between(12, 36))
	case r.in(70):
		from = monthOf(c.now.year()-r.between(1, 20), 1)
	}
	if l.stance == short && r.in(10) {
		until = monthOf(c.now.year()+r.between(4, 10), 12)
	}
	return from, until
}

// readiness draws the notice of a holding: mostly what is asked, and the longest where the nation is slow.
func (l *link) readiness(r *random) int {
	switch {
	case l.stance == slow:
		return notices[len(notices)-1]
	case r.in(90):
		return l.notice
	}
	return notices[r.below(len(notices))]
}

// process draws the process of an asker, and the year in which its cycle began: mostly the last before now, sometimes the one
// before, and for what an organisation asks late enough the next.
func (c *cycle) process(asker int, k *capability, from month, r *random) (p data.Process, begun string) {
	var of [len(processes)]int
	n := 0
	for i := range processes {
		if processes[i].asker == asker && (processes[i].area == "" || processes[i].area == k.Area) {
			of[n] = i
			n++
		}
	}
	chosen := &processes[of[r.below(n)]]
	year := c.now.year()
	year -= (year - chosen.phase) % chosen.every
	switch {
	case asker != own && from.year() > year+chosen.every && r.in(50):
		year += chosen.every
	case r.in(20):
		year -= chosen.every
	}
	return chosen.process, strconv.Itoa(year)
}

// cells are the quantity and the unit of a row.
func (k *capability) cells(quantity int, says silence) (string, string) {
	switch {
	case says == noNumber:
		return "", k.Unit
	case says == foreignUnit && k.Unit == "person":
		return strconv.Itoa(quantity), "team"
	case says == foreignUnit:
		return strconv.Itoa(quantity), "person"
	}
	return strconv.Itoa(quantity), k.Unit
}

// amountOf prints a quantity with its unit in words.
func (k *capability) amountOf(quantity int) string {
	if quantity == 1 {
		return "1 " + k.Unit
	}
	return strconv.Itoa(quantity) + " " + k.plural
}

// state words a statement. One in twenty holds a comma, and one in two hundred quotes too, as real ones do.
func state(s string, r *random) string {
	switch x := r.below(200); {
	case x == 0:
		return "Notional: " + s + `, the "first" share`
	case x < 10:
		return "Notional: " + s + ", as the cycle stands"
	}
	return "Notional: " + s
}

// identify makes the id of a row, of one width in the whole table.
func identify(kind byte, row, rows int) string {
	var buffer [24]byte
	width := max(6, digits(rows))
	number := strconv.AppendInt(buffer[:0], int64(row), 10)
	var id [28]byte
	out := append(id[:0], kind, '-')
	for range width - len(number) {
		out = append(out, '0')
	}
	return string(append(out, number...))
}

// openQuantity ends the statement of a row whose quantity is empty or counts in another unit.
const openQuantity = " in a quantity still open"

// days prints a number of days, or nothing where none is stated.
func days(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// first prints m as a date that begins with it: a year in January.
func (m month) first() string { return m.print(1) }

// last prints m as a date that ends with it: a year in December.
func (m month) last() string { return m.print(12) }

func (m month) print(short int) string {
	if m == 0 {
		return ""
	}
	year, number := m.year(), int(m)%12+1
	if number == short {
		return strconv.Itoa(year)
	}
	return string([]byte{byte('0' + year/1000), byte('0' + year/100%10), byte('0' + year/10%10), byte('0' + year%10), '-', byte('0' + number/10), byte('0' + number%10)})
}

// packageName is the file that describes the dataset as a Data Package (https://datapackage.org, version 2).
const packageName = "datapackage.json"

// describe writes datapackage.json.
func (c *cycle) describe(create func(string) (io.WriteCloser, error)) error {
	type (
		object = map[string]any // printed in the order of its keys
		list   = []any
	)
	var resources list
	for _, t := range c.tables() {
		var fields list
		required := strings.Fields(t.columns)
		for i, column := range t.header() {
			field := object{"name": column, "type": "string"}
			switch {
			case column == "quantity" || column == "held":
				field["type"], field["constraints"] = "number", object{"minimum": 0}
			case column == "readiness_days":
				field["type"], field["constraints"] = "integer", object{"minimum": 0}
			case strings.HasSuffix(required[i], "*"):
				field["constraints"] = object{"required": true}
			}
			fields = append(fields, field)
		}
		resources = append(resources, object{
			"name": t.name, "path": t.file(), "type": "table", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
			"schema": object{"fields": fields, "primaryKey": slices.Clone(t.header()[:t.key]), "missingValues": list{""}},
		})
	}
	served := object{}
	for _, b := range beneficiaries {
		served[b.code] = b.meaning
	}
	text, err := json.MarshalIndent(object{
		"$schema":       "https://datapackage.org/profiles/2.0/datapackage.json",
		"name":          "deconflict-notional-" + strconv.FormatUint(c.size.Seed, 10),
		"title":         fmt.Sprintf("Notional planning cycle (seed %d): invented data, no nation's plan", c.size.Seed),
		"description":   "Made by chance from a seed. Nothing in it is the plan, the target, the pledge or the holding of any nation or organisation; its initiatives do not exist. It is for demonstrations, tests and benchmarks.",
		"version":       c.size.String(),
		"created":       c.size.AsOf.String() + "T00:00:00Z",
		"as_of":         c.size.AsOf.String(),
		"marking":       Marking,
		"licenses":      list{object{"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/", "title": "Creative Commons Zero 1.0"}},
		"sources":       list{object{"title": fmt.Sprintf("Notional planning cycle, generated from seed %d", c.size.Seed)}},
		"keywords":      list{"notional", "NATO", "EU", "capability planning"},
		"beneficiaries": served,
		"resources":     resources,
	}, "", "  ")
	if err != nil {
		return err
	}
	f, err := create(packageName)
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	return errors.Join(err, f.Close())
}
