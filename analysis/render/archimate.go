package render

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/graph"
)

// The ArchiMate Model Exchange File Format 3.1 (https://www.opengroup.org/xsd/archimate/): a nation's forces are a resource, an initiative
// is a course of action, what is asked for is a requirement, and a shortfall is a gap. The order of fields is the schema's.
type (
	archiModel struct {
		XMLName       xml.Name        `xml:"http://www.opengroup.org/xsd/archimate/3.0/ model"`
		XSI           string          `xml:"xmlns:xsi,attr"`
		Schema        string          `xml:"xsi:schemaLocation,attr"`
		ID            string          `xml:"identifier,attr"`
		Name          archiText       `xml:"name"`
		Documentation archiText       `xml:"documentation"`
		Properties    archiProperties `xml:"properties"`
		Elements      []archiConcept  `xml:"elements>element,omitempty"`
		Relationships []archiConcept  `xml:"relationships>relationship,omitempty"`
		Organizations []archiItem     `xml:"organizations>item,omitempty"`
		Definitions   []archiDefined  `xml:"propertyDefinitions>propertyDefinition"`
		Views         []archiView     `xml:"views>diagrams>view,omitempty"`
	}
	archiText struct {
		Language string `xml:"xml:lang,attr"`
		Text     string `xml:",chardata"`
	}
	archiConcept struct {
		ID            string           `xml:"identifier,attr"`
		Source        string           `xml:"source,attr,omitempty"`
		Target        string           `xml:"target,attr,omitempty"`
		Type          string           `xml:"xsi:type,attr"`
		Name          *archiText       `xml:"name"`
		Documentation *archiText       `xml:"documentation"`
		Properties    *archiProperties `xml:"properties"`
	}
	archiProperties struct {
		Property []archiProperty `xml:"property"`
	}
	archiProperty struct {
		Ref   string    `xml:"propertyDefinitionRef,attr"`
		Value archiText `xml:"value"`
	}
	archiDefined struct {
		ID   string    `xml:"identifier,attr"`
		Type string    `xml:"type,attr"`
		Name archiText `xml:"name"`
	}
	archiItem struct {
		Ref   string      `xml:"identifierRef,attr,omitempty"`
		Label *archiText  `xml:"label"`
		Items []archiItem `xml:"item"`
	}
	archiView struct {
		ID            string            `xml:"identifier,attr"`
		Type          string            `xml:"xsi:type,attr"`
		Name          archiText         `xml:"name"`
		Documentation *archiText        `xml:"documentation"`
		Nodes         []archiNode       `xml:"node"`
		Connections   []archiConnection `xml:"connection"`
	}
	archiNode struct {
		ID      string     `xml:"identifier,attr"`
		Element string     `xml:"elementRef,attr,omitempty"`
		Type    string     `xml:"xsi:type,attr"`
		X       int        `xml:"x,attr"`
		Y       int        `xml:"y,attr"`
		W       int        `xml:"w,attr"`
		H       int        `xml:"h,attr"`
		Label   *archiText `xml:"label"`
	}
	archiConnection struct {
		ID           string `xml:"identifier,attr"`
		Relationship string `xml:"relationshipRef,attr"`
		Type         string `xml:"xsi:type,attr"`
		Source       string `xml:"source,attr"`
		Target       string `xml:"target,attr"`
	}
)

// The elements and relationships used. Assignment of a resource to a capability and realization of a requirement by a resource are
// relationships of the ArchiMate 3.1 specification, appendix B; an association is allowed between any two elements.
const (
	archiResource    = "Resource"
	archiCapability  = "Capability"
	archiCourse      = "CourseOfAction"
	archiRequirement = "Requirement"
	archiGap         = "Gap"
	archiAssignment  = "Assignment"
	archiRealization = "Realization"
	archiAssociation = "Association"
)

// archiTypes are the types of the properties; the others are strings.
var archiTypes = map[string]string{
	"quantity": "number", "readiness days": "number", "from": "date", "until": "date", "as of": "date", "targets": "number", "pledges": "number", "holdings": "number", "community": "number",
}

// modeller builds a model.
type modeller struct {
	chart   *Chart
	model   archiModel
	defined map[string]bool
	folders map[string][]archiItem // by type of element
	// What a view places: requirements in total, gaps and courses of action by capability.
	needs, gaps, courses map[data.Capability][]string
	relations            map[[2]string]string // ids by source and target
	elements             map[string]bool
}

func writeArchiMate(w io.Writer, c *Chart) error {
	m := &modeller{
		chart: c, defined: map[string]bool{}, folders: map[string][]archiItem{},
		needs: map[data.Capability][]string{}, gaps: map[data.Capability][]string{}, courses: map[data.Capability][]string{}, relations: map[[2]string]string{}, elements: map[string]bool{},
	}
	m.model = archiModel{
		XSI:    "http://www.w3.org/2001/XMLSchema-instance",
		Schema: "http://www.opengroup.org/xsd/archimate/3.0/ http://www.opengroup.org/xsd/archimate/3.1/archimate3_Diagram.xsd",
		ID:     "id-model", Name: english(c.Title),
		Documentation: english(strings.Join([]string{string(c.Marking), c.Source, c.Note}, "\n")),
		Properties:    *m.properties(slices.Concat(textFact("marking", string(c.Marking)), textFact("as of", c.AsOf.String()), textFact("program", c.Program))),
	}
	m.resources()
	m.capabilities()
	m.requirements()
	m.initiatives()
	m.shortfalls()
	m.organise()
	m.views()
	var names []string
	for name := range m.defined {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		m.model.Definitions = append(m.model.Definitions, archiDefined{archiID("property", name), cmp.Or(archiTypes[name], "string"), english(name)})
	}
	return writeXML(w, m.model)
}

func english(s string) archiText { return archiText{"en", plainLines(s)} }

// plainLines makes each line of a text plain.
func plainLines(s string) string {
	var out []string
	for l := range strings.SplitSeq(s, "\n") {
		if l = Plain(l); l != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

// archiID makes an identifier that XML takes (xs:ID), and no two from different codes.
func archiID(kind, code string) string {
	var b strings.Builder
	b.WriteString("id-" + kind + "-")
	for _, r := range code {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "_%x_", r)
		}
	}
	return b.String()
}

func (m *modeller) properties(facts []Fact) *archiProperties {
	if len(facts) == 0 {
		return nil
	}
	p := &archiProperties{}
	for _, f := range facts {
		m.defined[f.Name] = true
		p.Property = append(p.Property, archiProperty{archiID("property", f.Name), english(f.Value)})
	}
	return p
}

// element adds an element to the model and to the folder of its type.
func (m *modeller) element(kind, id, name, doc string, facts ...[]Fact) string {
	c := archiConcept{ID: id, Type: kind, Properties: m.properties(slices.Concat(facts...))}
	called := english(name)
	c.Name = &called
	if doc = plainLines(doc); doc != "" {
		about := english(doc)
		c.Documentation = &about
	}
	m.model.Elements = append(m.model.Elements, c)
	m.elements[id] = true
	m.folders[kind] = append(m.folders[kind], archiItem{Ref: id})
	return id
}

// relate adds a relationship; one between two elements is enough.
func (m *modeller) relate(kind, source, target, name string, facts ...[]Fact) {
	k := [2]string{source, target}
	if m.relations[k] != "" {
		return
	}
	id := fmt.Sprintf("id-relation-%d", len(m.model.Relationships)+1)
	c := archiConcept{ID: id, Source: source, Target: target, Type: kind, Properties: m.properties(slices.Concat(facts...))}
	if name != "" {
		called := english(name)
		c.Name = &called
	}
	m.relations[k] = id
	m.model.Relationships = append(m.model.Relationships, c)
}

func (m *modeller) ofKind(kind string) func(func(int, ChartNode) bool) {
	return func(yield func(int, ChartNode) bool) {
		for i, n := range m.chart.Nodes {
			if n.Kind == kind && !yield(i, n) {
				return
			}
		}
	}
}

// fact is what a node says under a name.
func (n ChartNode) fact(name string) string {
	for _, f := range n.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// has reports whether an element of the model has an identifier.
func (m *modeller) has(id string) bool { return m.elements[id] }

func (m *modeller) resources() {
	for _, n := range m.ofKind("nation") {
		m.element(archiResource, archiID("nation", n.fact("code")), "Forces of "+n.Label, "", n.Facts)
	}
}

func (m *modeller) capabilities() {
	ds := m.chart.graph.Dataset
	for _, n := range m.ofKind("capability") {
		m.element(archiCapability, archiID("capability", n.fact("code")), n.Label, ds.Capability(data.Capability(n.fact("code"))).Definition, n.Facts)
	}
	for _, t := range m.chart.Ties {
		from, to := m.chart.Nodes[t.From], m.chart.Nodes[t.To]
		if from.Kind == "nation" && to.Kind == "capability" {
			m.relate(archiAssignment, archiID("nation", from.fact("code")), archiID("capability", to.fact("code")), "", t.Facts)
		}
	}
}

// recordFacts are the properties of what one record says.
func (m *modeller) recordFacts(r *data.Record, process data.Process, cycle string) []Fact {
	quantity := ""
	if r.Quantity.Known() {
		quantity = r.Quantity.Amount().String()
	}
	return slices.Concat(textFact("record", r.ID()), textFact("process", string(process)), textFact("cycle", cycle), textFact("quantity", quantity), textFact("unit", r.Unit),
		textFact("from", dayOf(r.Period.From)), textFact("until", dayOf(r.Period.Until)), textFact("term", r.Term), textFact("source", strings.Join(r.Sources, " ")),
		m.chart.markings(map[data.Marking]bool{r.Marking: true}))
}

// amountAsked is how much a record asks for, in words.
func amountAsked(r *data.Record) string {
	if !r.Quantity.Known() {
		return "no number stated"
	}
	return data.Units(r.Quantity.Amount(), r.Unit)
}

// requirements are what organisations need in total, and what they, or a nation's own plan, ask of a nation.
func (m *modeller) requirements() {
	g := m.chart.graph
	for _, c := range g.Capabilities() {
		capability := archiID("capability", string(c.Capability))
		if !m.has(capability) {
			continue
		}
		for i, r := range g.Requirements(c.Capability) {
			id := m.element(archiRequirement, archiID("requirement", fmt.Sprintf("%s.%d", c.Capability, i)), fmt.Sprintf("%s, %s in total: %s", r.Process, c.Name, amountAsked(&r.Record)), r.Statement(),
				m.recordFacts(&r.Record, r.Process, r.Cycle))
			m.relate(archiAssociation, id, capability, "asks for")
			m.needs[c.Capability] = append(m.needs[c.Capability], id)
		}
		for l := range g.Links(c.Capability) {
			nation := archiID("nation", string(l.Nation))
			if !m.chart.wants(l.Nation) {
				continue
			}
			for i, t := range l.Targets {
				id := m.element(archiRequirement, archiID("target", fmt.Sprintf("%s.%s.%d", l.Nation, c.Capability, i)), fmt.Sprintf("%s, %s of %s: %s", t.Process, c.Name, l.Nation, amountAsked(&t.Record)), t.Statement(),
					m.recordFacts(&t.Record, t.Process, t.Cycle))
				m.relate(archiAssociation, id, capability, "asks for")
				m.relate(archiRealization, nation, id, "")
			}
		}
	}
}

func (m *modeller) initiatives() {
	g := m.chart.graph
	byCode := map[string]*graph.Initiative{}
	for _, i := range g.Initiatives() {
		byCode[i.Initiative.Initiative] = i
	}
	for _, n := range m.ofKind("initiative") {
		m.element(archiCourse, archiID("initiative", n.fact("code")), n.Label, byCode[n.fact("code")].Summary, n.Facts)
	}
	for _, t := range m.chart.Ties {
		from, to := m.chart.Nodes[t.From], m.chart.Nodes[t.To]
		switch {
		case to.Kind == "initiative":
			m.relate(archiAssociation, archiID("nation", from.fact("code")), archiID("initiative", to.fact("code")), t.Kind, t.Facts)
		case from.Kind == "initiative":
			id, c := archiID("initiative", from.fact("code")), data.Capability(to.fact("code"))
			m.relate(archiAssociation, id, archiID("capability", string(c)), t.Kind, t.Facts)
			m.courses[c] = append(m.courses[c], id)
		}
	}
	ds := g.Dataset
	for i := range ds.Relations {
		r := &ds.Relations[i]
		if a, b := archiID("initiative", r.Initiative), archiID("initiative", r.Other); m.has(a) && m.has(b) {
			m.relate(archiAssociation, a, b, string(r.Relation), textFact("note", r.Note))
		}
	}
}

// shortfalls are the findings on gaps of one capability.
func (m *modeller) shortfalls() {
	for _, f := range m.chart.report.Findings {
		capability := archiID("capability", string(f.Capability))
		if f.Report != analysis.Gap || f.Capability == "" || !m.has(capability) || len(m.chart.chosen) > 0 && !slices.ContainsFunc(f.Nations, m.chart.wants) {
			continue
		}
		said := f.Tell()
		about := append([]string{m.chart.report.Leaf(f.Capability).Name}, names(f.Nations)...)
		if len(f.Nations) > 1 {
			about = about[:1]
		}
		about = append(about, names(f.Organisations)...)
		var measures []string
		for _, x := range f.Measures {
			measures = append(measures, x.Name+" "+data.Units(x.Value, x.Unit))
		}
		id := m.element(archiGap, archiID("gap", f.ID), strings.ReplaceAll(f.Kind, "-", " ")+": "+strings.Join(about, ", "), said.Summary,
			textFact("finding", f.ID), textFact("severity", string(f.Severity)), textFact("verdict", f.Verdict), textFact("measures", strings.Join(measures, "; ")),
			textFact("from", dayOf(f.From)), textFact("until", dayOf(f.Until)), textFact("marking", string(said.Marking)))
		m.relate(archiAssociation, id, capability, "is short of")
		if len(f.Nations) == 1 {
			if nation := archiID("nation", string(f.Nations[0])); m.has(nation) {
				m.relate(archiAssociation, id, nation, "")
			}
			continue
		}
		m.gaps[f.Capability] = append(m.gaps[f.Capability], id)
	}
}

// organise puts elements, relationships and views into folders.
func (m *modeller) organise() {
	folder := func(label string, items []archiItem) archiItem {
		called := english(label)
		return archiItem{Label: &called, Items: items}
	}
	under := func(label string, kinds ...string) {
		titles := map[string]string{archiResource: "Forces of nations", archiCapability: "Capabilities", archiCourse: "Initiatives", archiRequirement: "Requirements and targets", archiGap: "Gaps"}
		var inside []archiItem
		for _, k := range kinds {
			if len(m.folders[k]) > 0 {
				inside = append(inside, folder(titles[k], m.folders[k]))
			}
		}
		if len(inside) > 0 {
			m.model.Organizations = append(m.model.Organizations, folder(label, inside))
		}
	}
	under("Strategy", archiResource, archiCapability, archiCourse)
	under("Motivation", archiRequirement)
	under("Implementation & Migration", archiGap)
	var relations []archiItem
	for _, r := range m.model.Relationships {
		relations = append(relations, archiItem{Ref: r.ID})
	}
	if len(relations) > 0 {
		m.model.Organizations = append(m.model.Organizations, folder("Relations", relations))
	}
}

// Sizes of a view, in the units of the format: pixels.
const (
	archiWide, archiHigh, archiGapX, archiGapY, archiTop = 240, 56, 90, 14, 90
)

// views draw an area each, with what is needed, who provides and what lacks beside its capabilities, and the nations beside initiatives.
func (m *modeller) views() {
	var areas []data.Area
	for _, c := range m.chart.graph.Capabilities() {
		if !slices.Contains(areas, c.Area) {
			areas = append(areas, c.Area)
		}
	}
	for _, area := range areas {
		m.areaView(area)
	}
	m.nationsView()
	var items []archiItem
	for _, v := range m.model.Views {
		items = append(items, archiItem{Ref: v.ID})
	}
	if len(items) > 0 {
		called := english("Views")
		m.model.Organizations = append(m.model.Organizations, archiItem{Label: &called, Items: items})
	}
}

// drawing is a view being drawn: where each element of it stands.
type drawing struct {
	view  archiView
	at    map[string]string // node ids by element
	count int
}

func (m *modeller) begin(id, name string) *drawing {
	about := english("")
	about.Text = plainLines(string(m.chart.Marking) + "\nas of " + m.chart.AsOf.String() + "\n" + m.chart.Note)
	d := &drawing{view: archiView{ID: id, Type: "Diagram", Name: english(name), Documentation: &about}, at: map[string]string{}}
	label := english(string(m.chart.Marking) + " · " + name + " · as of " + m.chart.AsOf.String())
	d.view.Nodes = append(d.view.Nodes, archiNode{ID: id + "-label", Type: "Label", X: 20, Y: 20, W: 4*archiWide + 3*archiGapX, H: 40, Label: &label})
	return d
}

func (d *drawing) place(element string, column, row int) {
	if d.at[element] != "" {
		return
	}
	d.count++
	id := fmt.Sprintf("%s-node-%d", d.view.ID, d.count)
	d.at[element] = id
	d.view.Nodes = append(d.view.Nodes, archiNode{ID: id, Element: element, Type: "Element", X: 20 + column*(archiWide+archiGapX), Y: archiTop + row*(archiHigh+archiGapY), W: archiWide, H: archiHigh})
}

// finish connects what stands in the view, and adds it to the model.
func (m *modeller) finish(d *drawing) {
	if len(d.at) == 0 {
		return
	}
	for _, r := range m.model.Relationships {
		from, to := d.at[r.Source], d.at[r.Target]
		if from != "" && to != "" {
			d.view.Connections = append(d.view.Connections, archiConnection{fmt.Sprintf("%s-connection-%d", d.view.ID, len(d.view.Connections)+1), r.ID, "Relationship", from, to})
		}
	}
	m.model.Views = append(m.model.Views, d.view)
}

func (m *modeller) areaView(area data.Area) {
	d := m.begin(archiID("view", string(area)), sentence(area.Title()))
	row := 0
	for _, c := range m.chart.graph.Capabilities() {
		id := archiID("capability", string(c.Capability))
		if c.Area != area || !m.has(id) {
			continue
		}
		d.place(id, 1, row)
		high := 1
		for column, ids := range [][]string{m.needs[c.Capability], nil, m.courses[c.Capability], m.gaps[c.Capability]} {
			n := 0
			for _, x := range ids {
				if d.at[x] == "" {
					d.place(x, column, row+n)
					n++
				}
			}
			high = max(high, n)
		}
		row += high
	}
	m.finish(d)
}

func (m *modeller) nationsView() {
	d := m.begin("id-view-nations", "Nations and initiatives")
	nations, courses := m.folders[archiResource], m.folders[archiCourse]
	if len(courses) == 0 {
		return
	}
	for i, n := range nations {
		d.place(n.Ref, 0, max(i, i*((len(courses)+1)/2)/len(nations))) // spread along the initiatives
	}
	for i, c := range courses {
		d.place(c.Ref, 2+i%2, i/2)
	}
	m.finish(d)
}
