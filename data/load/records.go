package load

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"deconflict/data"
)

// tables are all tables, in the order in which they are read: one that refers to another comes after it.
var tables = []*table{
	define("sources", "source* title* url publisher date", (*row).source),
	words(define("nations", "nation* name* aliases", (*row).nationRow), (*loader).withNations),
	words(define("processes", "process* organisation name", (*row).processRow), (*loader).withProcesses),
	words(define("capabilities", "capability* name* area* unit* definition nato_area cdp_2023 jca", (*row).capabilityRow), (*loader).withCapabilities),
	words(define("memberships", "nation* organisation* from* to source", (*row).membership), (*loader).withMemberships),
	words(define("crosswalk", `subject_id subject_label predicate_id* predicate_modifier object_id* object_label mapping_justification author_label
		subject_type mapping_date confidence`, (*row).mapping).over(sssomColumns), (*loader).withCrosswalk),
	words(define("glossary", "term* means* note", (*row).glossaryRow), (*loader).withGlossary),
	define("initiatives", "initiative* name* organisation* framework kind from until beneficiary membership summary marking source as_of confidence note", (*row).initiative),
	define("action_items", "item* set chapter title areas organisations source", (*row).actionItem),
	many("requirements", "id* process* cycle capability* quantity unit from until statement marking source confidence", "process cycle", (*row).requirement,
		func(ds *data.Dataset) *[]data.Requirement { return &ds.Requirements },
		func(r *data.Requirement) parts { return parts{Record: &r.Record} }),
	many("targets", "id* process* cycle nation* area capability* quantity unit from until readiness_days priority status held statement marking source confidence",
		"process cycle nation priority status", (*row).target,
		func(ds *data.Dataset) *[]data.Target { return &ds.Targets },
		func(t *data.Target) parts { return parts{&t.Record, &t.Held, &t.Request} }),
	many("pledges", "id* organisation* nation* capability* quantity unit from until readiness_days statement marking source", "organisation nation", (*row).pledge,
		func(ds *data.Dataset) *[]data.Pledge { return &ds.Pledges },
		func(p *data.Pledge) parts { return parts{Record: &p.Record} }),
	many("holdings", "id* nation* capability* quantity unit from until readiness_days statement marking source confidence", "nation", (*row).holding,
		func(ds *data.Dataset) *[]data.Holding { return &ds.Holdings },
		func(h *data.Holding) parts { return parts{Record: &h.Record} }),
	define("participants", "initiative* nation* role* from to", (*row).participant),
	define("contributions", "initiative* capability* means* note", (*row).contribution),
	define("relations", "initiative* other* relation* note source", (*row).relation),
	define("action_links", "item* initiative*", (*row).actionLink),
}

func (r *row) source() {
	s := data.Source{
		Source: r.text("source"), Title: r.text("title"), URL: r.text("url"), Publisher: r.word("publisher"), Date: r.word("date"),
		Position: r.file.line(),
	}
	r.once("source", s.Source)
	r.sources.add(s.Source)
	put(&r.Sources, s)
}

func (r *row) nationRow() {
	n := data.NationRow{Nation: data.Nation(r.text("nation")), Name: r.text("name"), Aliases: r.list("aliases"), Position: r.file.line()}
	if code := string(n.Nation); code != "" && !isAlpha3(code) {
		hint := ""
		if isAlpha3(strings.ToUpper(code)) {
			hint = "did you mean " + strings.ToUpper(code) + "?"
		}
		r.wrong("nation", code, "an ISO 3166-1 code of three capital letters", hint)
	}
	r.once("nation", string(n.Nation))
	put(&r.own.nations, n)
}

func isAlpha3(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func (r *row) processRow() {
	p := data.ProcessRow{
		Process: data.Process(r.text("process")), Organisation: r.organisationDeclared("organisation"), Name: r.text("name"),
		Position: r.file.line(),
	}
	r.once("process", string(p.Process))
	put(&r.own.processes, p)
}

func (r *row) capabilityRow() {
	c := data.CapabilityRow{
		Capability: data.Capability(r.text("capability")), Name: r.text("name"), Area: r.areaDeclared("area"), Unit: r.word("unit"),
		Definition: r.text("definition"), NATOArea: r.word("nato_area"), CDP2023: r.word("cdp_2023"), JCA: r.word("jca"),
		Position: r.file.line(),
	}
	r.once("capability", string(c.Capability))
	if r.own.capabilities == nil { // there may be many, and to make room for them bit by bit takes as long as to read some
		r.own.capabilities = make([]data.CapabilityRow, 0, r.expected()+len(r.loader.reference.Capabilities))
	}
	put(&r.own.capabilities, c)
}

// areaDeclared reads an area where naming it is enough to make it one: "Military mobility" is military-mobility.
func (r *row) areaDeclared(column string) data.Area {
	if a, ok := r.areas[r.text(column)]; ok {
		return a
	}
	a := strings.ReplaceAll(data.Fold(r.word(column)), " ", "-")
	if strings.ContainsFunc(a, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' }) {
		r.wrong(column, r.text(column), "an area in letters, digits and hyphens, such as military-mobility", "")
		return ""
	}
	r.areas[r.word(column)] = data.Area(a)
	return data.Area(a)
}

func (r *row) membership() {
	m := data.Membership{
		Nation: r.nation("nation"), Organisation: r.organisationDeclared("organisation"), Period: r.period("from", "to"),
		Sources: r.sourceCodes("source"), Marking: r.file.marking, Position: r.file.line(),
	}
	r.once("nation", string(m.Nation), string(m.Organisation), strconv.Itoa(int(m.Period.From)))
	put(&r.own.memberships, m)
}

func (r *row) mapping() {
	m := data.Mapping{
		Subject: r.subject(), Justification: r.word("mapping_justification"), Confidence: r.word("confidence"), Author: r.unguarded("author_label"),
		Date: r.mappingDate(), Position: r.file.line(),
	}
	if r.passes(&m) {
		return
	}
	m.Object = r.object()
	m.Predicate = oneOf(r, "predicate_id", data.AllPredicates)
	r.once("subject_id", m.Subject, m.Object)
	put(&r.own.crosswalk, m)
}

func (r *row) glossaryRow() {
	g := data.GlossaryRow{Term: r.text("term"), Means: r.list("means"), Note: r.word("note"), Position: r.file.line()}
	r.once("term", data.Fold(g.Term))
	put(&r.own.glossary, g)
}

func (r *row) initiative() {
	i := data.Initiative{
		Initiative: r.text("initiative"), Name: r.text("name"), Organisation: r.organisation("organisation"),
		Framework: r.word("framework"), Kind: r.word("kind"), Period: r.period("from", "until"), Beneficiary: r.word("beneficiary"),
		Membership: oneOf(r, "membership", data.AllCompleteness),
		Summary:    r.text("summary"), Marking: r.marking("marking"), Sources: r.sourceCodes("source"), AsOf: r.word("as_of"),
		Confidence: r.word("confidence"), Note: r.text("note"), Position: r.file.line(),
	}
	if i.Membership == "" { // a list that does not call itself whole is not taken for whole
		i.Membership = data.Partial
	}
	if _, ok := r.Beneficiaries[i.Beneficiary]; !ok && i.Beneficiary != "" {
		if near := data.Nearest(i.Beneficiary, keys(r.Beneficiaries)); len(near) > 0 {
			r.doubt("beneficiary", quote(i.Beneficiary)+" is none of the beneficiaries that "+packageName+" explains", data.DidYouMean(near))
		}
	}
	r.once("initiative", data.Fold(i.Initiative))
	r.initiatives.add(i.Initiative)
	put(&r.Initiatives, i)
}

func (r *row) actionItem() {
	i := data.ActionItem{
		Item: r.text("item"), Set: r.word("set"), Chapter: r.word("chapter"), Title: r.text("title"), Areas: r.list("areas"),
		Organisations: r.list("organisations"), Sources: r.sourceCodes("source"), Position: r.file.line(),
	}
	r.once("item", data.Fold(i.Item))
	r.items.add(i.Item)
	put(&r.ActionItems, i)
}

// requirement, target, pledge and holding read who asks and who is asked. All else is read alike in the tables of statements.

func (r *row) requirement() data.Requirement {
	return data.Requirement{Process: r.process("process"), Cycle: r.word("cycle")}
}

func (r *row) target() data.Target {
	return data.Target{Request: r.shared.Request(data.Request{
		Process: r.process("process"), Cycle: r.word("cycle"), Nation: r.nation("nation"), Priority: r.word("priority"), Status: r.word("status"),
	})}
}

func (r *row) pledge() data.Pledge {
	return data.Pledge{Organisation: r.organisation("organisation"), Nation: r.nation("nation")}
}

func (r *row) holding() data.Holding {
	return data.Holding{Nation: r.nation("nation")}
}

// statements reads what requirements, targets, pledges and holdings have in common: one record for each capability that is
// meant. A term that is broader or narrower than ours gives several, none of which counts.
func (r *row) statements() []data.Record {
	rec := data.Record{
		Quantity: r.quantity("quantity"), Period: r.period("from", "until"), Origin: r.origin(), Line: int32(r.file.line().Line),
	}
	id, statement := r.text("id"), r.text("statement")
	if r.options.NoStatements {
		statement = ""
	}
	rec.Words = r.hold([]byte(id), []byte(statement))
	t := r.attach(rec)
	r.claim(rec.ID(), len(r.records))
	r.checkTerm(t)
	return r.records
}

// attach makes the records of a row, which are alike but for what they are about.
func (r *row) attach(rec data.Record) term {
	r.records = r.records[:0]
	t := r.term("capability")
	for _, c := range t.capabilities {
		row := r.Capability(c)
		unit := r.word("unit")
		same := unit == "" || unit == row.Unit || data.Fold(unit) == data.Fold(row.Unit)
		if same {
			unit = row.Unit
		}
		rec.Subject = r.shared.Subject(data.Subject{Capability: c, Unit: unit, Term: t.foreign, Comparable: same && t.exact})
		if rec.Comparable {
			r.add("quantity", rec.Quantity)
		}
		r.records = append(r.records, rec)
	}
	return t
}

// origin reads what stands behind a row.
func (r *row) origin() *data.Origin {
	return r.shared.Origin(data.Origin{
		File: r.file.File, Sheet: r.file.Sheet, Marking: r.marking("marking"), Sources: r.sourceCodes("source"), Confidence: r.word("confidence"),
	})
}

// marking reads a protective marking, or takes that of the file's data package.
func (r *row) marking(column string) data.Marking {
	if r.text(column) == "" {
		return r.file.marking
	}
	return parsed(r, column, r.markings, (*data.Vocabulary).ParseMarking)
}

// sourceCodes reads the codes of sources. A dataset with a table of sources should have them in it.
func (r *row) sourceCodes(column string) []string {
	codes := r.list(column)
	if len(r.files["sources"]) == 0 || r.broken["sources"] {
		return codes
	}
	for _, s := range codes {
		if code, hint := r.sources.find(s); code == "" {
			r.doubt(column, quote(s)+" is no code of the table sources", hint)
		}
	}
	return codes
}

func (r *row) participant() {
	p := data.Participant{
		Initiative: r.reference("initiative", &r.initiatives, "initiatives"), Nation: r.nation("nation"),
		Role:   oneOf(r, "role", data.AllRoles),
		Period: r.period("from", "to"), Position: r.file.line(),
	}
	r.once("initiative", p.Initiative, string(p.Nation), string(p.Role), strconv.Itoa(int(p.Period.From)))
	put(&r.Participants, p)
}

func (r *row) contribution() {
	c := data.Contribution{
		Initiative: r.reference("initiative", &r.initiatives, "initiatives"), Means: oneOf(r, "means", data.AllMeans),
		Note: r.text("note"), Position: r.file.line(),
	}
	t := r.term("capability")
	if len(t.capabilities) > 0 && !t.exact {
		r.doubt("capability", fmt.Sprintf("%s is broader or narrower than %s: the row is left out", quote(t.foreign), codes(t.capabilities)), "name the capability itself")
		return
	}
	r.checkTerm(t)
	for _, c.Capability = range t.capabilities {
		r.once("initiative", c.Initiative, string(c.Capability), string(c.Means))
		put(&r.Contributions, c)
	}
}

func (r *row) relation() {
	t := data.Relation{
		Initiative: r.reference("initiative", &r.initiatives, "initiatives"), Other: r.reference("other", &r.initiatives, "initiatives"),
		Relation: oneOf(r, "relation", data.AllRelations),
		Note:     r.text("note"), Sources: r.sourceCodes("source"), Position: r.file.line(),
	}
	if t.Initiative != "" && t.Initiative == t.Other {
		r.wrong("other", r.text("other"), "another initiative", "")
	}
	r.once("initiative", t.Initiative, t.Other, string(t.Relation))
	put(&r.Relations, t)
}

func (r *row) actionLink() {
	a := data.ActionLink{
		Item:       r.reference("item", &r.items, "action_items"),
		Initiative: r.reference("initiative", &r.initiatives, "initiatives"), Position: r.file.line(),
	}
	r.once("item", a.Item, a.Initiative)
	put(&r.ActionLinks, a)
}

func codes(capabilities []data.Capability) string {
	var out []string
	for _, c := range capabilities {
		out = append(out, string(c))
	}
	return strings.Join(out, ", ")
}

func keys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
