package store

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"deconflict/data"
)

// table is a table of a dataset. What has a nation of its own in the tables that grow with the plans is stored nation by nation.
type table struct {
	name     string
	byNation bool
	rows     func(*data.Dataset) any // a pointer to its slice
}

var tables = []table{
	{"nations", false, func(d *data.Dataset) any { return &d.Nations }},
	{"memberships", false, func(d *data.Dataset) any { return &d.Memberships }},
	{"processes", false, func(d *data.Dataset) any { return &d.Processes }},
	{"capabilities", false, func(d *data.Dataset) any { return &d.Capabilities }},
	{"crosswalk", false, func(d *data.Dataset) any { return &d.Crosswalk }},
	{"glossary", false, func(d *data.Dataset) any { return &d.Glossary }},
	{"requirements", false, func(d *data.Dataset) any { return &d.Requirements }},
	{"targets", true, func(d *data.Dataset) any { return &d.Targets }},
	{"pledges", true, func(d *data.Dataset) any { return &d.Pledges }},
	{"holdings", true, func(d *data.Dataset) any { return &d.Holdings }},
	{"initiatives", false, func(d *data.Dataset) any { return &d.Initiatives }},
	{"participants", false, func(d *data.Dataset) any { return &d.Participants }},
	{"contributions", false, func(d *data.Dataset) any { return &d.Contributions }},
	{"relations", false, func(d *data.Dataset) any { return &d.Relations }},
	{"action_items", false, func(d *data.Dataset) any { return &d.ActionItems }},
	{"action_links", false, func(d *data.Dataset) any { return &d.ActionLinks }},
	{"sources", false, func(d *data.Dataset) any { return &d.Sources }},
	{problems, false, func(d *data.Dataset) any { return (*[]data.Problem)(&d.Problems) }},
}

const (
	problems = "problems" // the warnings, which are no records
	meta     = "meta"     // the group of what a dataset says about itself
	page     = "page"     // what the caller had stored beside the dataset
)

// in is the table's slice in a dataset.
func (t table) in(d *data.Dataset) reflect.Value { return reflect.ValueOf(t.rows(d)).Elem() }

// kind is the type of the table's slice.
func (t table) kind() reflect.Type {
	return t.in(&data.Dataset{Vocabulary: &data.Vocabulary{}}).Type()
}

// part is a group that is to be written: some rows of a table, or bytes as they are.
type part struct {
	Group
	rows   reflect.Value
	places []int // of the rows
	bytes  []byte
}

// Blocks are as large as they can be while a nation of an ordinary plan is still one block: what is read at once stands together.
const (
	rowsPerBlock  = 4096
	bytesPerBlock = 1 << 20
)

// divide divides a dataset into groups, in the order of their keys.
func divide(d *data.Dataset) ([]part, error) {
	about, err := encoding.Marshal(d.Meta)
	if err != nil {
		return nil, err
	}
	parts := []part{{Group: Group{Name: groupName(meta, "")}, bytes: about}}
	for _, t := range tables {
		rows := t.in(d)
		places := map[string][]int{}
		field, _ := rows.Type().Elem().FieldByName("Nation") // a target's through its request
		for i := range rows.Len() {
			nation := ""
			if t.byNation {
				nation = rows.Index(i).FieldByIndex(field.Index).String()
			}
			places[nation] = append(places[nation], i)
		}
		for nation, at := range places {
			parts = append(parts, part{Group: Group{Name: groupName(t.name, nation), Records: len(at)}, rows: rows, places: at})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return compareGroups(a.Name, b.Name) })
	for i := range parts {
		n, per := parts[i].Records, rowsPerBlock
		if n == 0 {
			n, per = len(parts[i].bytes), bytesPerBlock
		}
		parts[i].Blocks = (n + per - 1) / per
	}
	return parts, nil
}

// block encodes block i of the part.
func (p *part) block(i int) (value []byte, records int, err error) {
	if p.Records == 0 {
		return p.bytes[i*bytesPerBlock : min((i+1)*bytesPerBlock, len(p.bytes))], 0, nil
	}
	places := p.places[i*rowsPerBlock : min((i+1)*rowsPerBlock, len(p.places))]
	value, err = encodeBlock(p.rows, places)
	return value, len(places), err
}

// groupName is a table's name and that of a nation, or page and that of a page. The part after the slash has none itself.
func groupName(table, of string) string { return table + "/" + url.PathEscape(of) }

// pageFile is the name of the file of a page.
func pageFile(name string) string { return page + "-" + url.PathEscape(name) }

// compareGroups orders groups as their keys are ordered.
func compareGroups(a, b string) int { return strings.Compare(a+"/", b+"/") }

// key is where a block is stored. Six digits are enough for four thousand million rows; more would still be told apart.
func key(group string, block int) []byte { return fmt.Appendf(nil, "%s/%06d", group, block+1) }
