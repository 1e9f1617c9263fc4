package load

import (
	"cmp"
	"slices"
	"strings"

	"deconflict/data"
)

// Forms are the tables as they are handed out to be filled: what this package reads, with a note on each column.

// formTables are the tables that are handed out, what is asked for first, and what a row of each says.
var formTables = []struct{ table, purpose string }{
	{"targets", "What a planning process asks of a nation. The short form is enough for a first look: with held it says what the nation has."},
	{"pledges", "What a nation offers to an organisation."},
	{"holdings", "What a nation has, or will have from a day: the single set of forces, counted once whoever asks. 0 says none; no row says nothing."},
	{"requirements", "What an organisation needs in total, before it is shared out among nations."},
	{"initiatives", "Standing cooperations: projects, centres, agency services, agreements, exercises, funds, laws."},
	{"participants", "Who takes part in an initiative, and how."},
	{"contributions", "By what means an initiative serves a capability."},
	{"relations", "How one initiative is tied to another: what resolves or manages an overlap."},
}

// nationForms are those that a nation is asked to fill.
var nationForms = []string{"targets", "pledges", "holdings", "initiatives", "participants"}

// columnNotes say what to fill into a column. A note on a column of one table stands under table.column.
var columnNotes = map[string]string{
	"id":                       "Any code of your own. No other row of the table may have it.",
	"process":                  "The planning process that asks. NATO or EU where the process is not known.",
	"cycle":                    "The planning cycle, such as 2025.",
	"nation":                   "The nation's code.",
	"organisation":             "The organisation's code.",
	"pledges.organisation":     "The organisation to which it is offered.",
	"initiatives.organisation": "The organisation that runs it; OTHER for what nations carry outside both.",
	"area":                     "May stay empty: the capability says it.",
	"capability":               "The capability's code; the sheet Codes says what each means.",
	"quantity":                 "A number, in the unit of the capability. Empty means not known, which is not 0.",
	"unit":                     "May stay empty: the unit of the capability, which the sheet Codes names. A row in another unit is shown, but enters no sum.",
	"from":                     "The first day. Empty means always.",
	"until":                    "The last day. Empty means open.",
	"to":                       "The last day. Empty means until today and on.",
	"readiness_days":           "Days of notice, as a whole number.",
	"priority":                 "As the process words it.",
	"status":                   "As the process words it.",
	"held":                     "How many the nation has, where holdings are not filled in. All such numbers for a nation and a capability speak of the same forces.",
	"statement":                "The wording of the source.",
	"marking":                  "The protective marking of the row, such as PUBLIC or NATO UNCLASSIFIED. Empty means the default of the sheet datapackage.",
	"source":                   "Where this is written. Several are separated by semicolons.",
	"confidence":               "How sure it is, such as high, medium or low.",
	"initiative":               "The code of the initiative, as the sheet initiatives has it.",
	"initiatives.initiative":   "A short code. No other initiative may have it.",
	"name":                     "The name in full.",
	"framework":                "The framework that it belongs to, such as PESCO.",
	"kind":                     "What it is, such as project, centre or exercise.",
	"beneficiary":              "Whom it serves: own-members for those in it alone.",
	"membership":               "How whole the list of participants is. partial where in doubt: then who is not on it may be in it all the same.",
	"summary":                  "What it does, in a sentence or two.",
	"as_of":                    "The date of the sources.",
	"note":                     "Anything else.",
	"role":                     "lead and member are in it, observer and partner are not.",
	"means":                    "What it contributes to the capability.",
	"other":                    "The code of the other initiative.",
	"relation":                 "The first three make one initiative of the two, the last two keep them apart.",
}

// note is the note on a column of t.
func (t *table) note(column string) string {
	return cmp.Or(columnNotes[t.name+"."+column], columnNotes[column])
}

// Forms are the tables to be filled: those that concern a nation, or all where there is none. known is what is filled in already, for a
// nation its own rows and all initiatives; nil for nothing.
func Forms(vocabulary *data.Vocabulary, known *data.Dataset, nation data.Nation) []data.Form {
	var out []data.Form
	for _, f := range formTables {
		if nation != "" && !slices.Contains(nationForms, f.table) {
			continue
		}
		t := tableNamed(f.table)
		form := data.Form{Name: t.name, Purpose: f.purpose}
		for _, c := range t.columns {
			form.Columns = append(form.Columns, data.FormColumn{
				Name: c, Required: slices.Contains(t.required, c), Content: t.holds(c), Words: listed(c), Note: t.note(c),
			})
		}
		if known != nil {
			w := rowWriter{form: &form, nation: nation}
			w.write(known)
		}
		out = append(out, form)
	}
	return out
}

// rowWriter writes records back into rows of a form.
type rowWriter struct {
	form   *data.Form
	nation data.Nation // whose rows are wanted; all where there is none
	last   string      // id of the record before: a term that touches several capabilities is one row
}

// add appends a row of named cells.
func (w *rowWriter) add(cells map[string]string) {
	row := make([]string, len(w.form.Columns))
	for i, c := range w.form.Columns {
		row[i] = cells[c.Name]
	}
	w.form.Rows = append(w.form.Rows, row)
}

func (w *rowWriter) wants(n data.Nation) bool { return w.nation == "" || w.nation == n }

func (w *rowWriter) write(ds *data.Dataset) {
	switch w.form.Name {
	case "targets":
		for i := range ds.Targets {
			t := &ds.Targets[i]
			if w.wants(t.Nation) {
				w.record(&t.Record, map[string]string{
					"process": string(t.Process), "cycle": t.Cycle, "nation": string(t.Nation), "readiness_days": t.Readiness.String(),
					"priority": t.Priority, "status": t.Status, "held": t.Held.String(),
				})
			}
		}
	case "pledges":
		for i := range ds.Pledges {
			p := &ds.Pledges[i]
			if w.wants(p.Nation) {
				w.record(&p.Record, map[string]string{"organisation": string(p.Organisation), "nation": string(p.Nation), "readiness_days": p.Readiness.String()})
			}
		}
	case "holdings":
		for i := range ds.Holdings {
			h := &ds.Holdings[i]
			if w.wants(h.Nation) {
				w.record(&h.Record, map[string]string{"nation": string(h.Nation), "readiness_days": h.Readiness.String()})
			}
		}
	case "requirements":
		for i := range ds.Requirements {
			q := &ds.Requirements[i]
			w.record(&q.Record, map[string]string{"process": string(q.Process), "cycle": q.Cycle})
		}
	case "initiatives":
		for i := range ds.Initiatives {
			t := &ds.Initiatives[i]
			membership := t.Membership
			if w.nation != "" { // the form has one nation's participations, and no list that is whole
				membership = data.Partial
			}
			w.add(map[string]string{
				"initiative": t.Initiative, "name": t.Name, "organisation": string(t.Organisation), "framework": t.Framework, "kind": t.Kind,
				"from": t.Period.From.String(), "until": t.Period.Until.String(), "beneficiary": t.Beneficiary, "membership": string(membership),
				"summary": t.Summary, "marking": markingText(t.Marking), "source": strings.Join(t.Sources, "; "), "as_of": t.AsOf,
				"confidence": t.Confidence, "note": t.Note,
			})
		}
	case "participants":
		for _, p := range ds.Participants {
			if w.wants(p.Nation) {
				w.add(map[string]string{
					"initiative": p.Initiative, "nation": string(p.Nation), "role": string(p.Role), "from": p.Period.From.String(), "to": p.Period.Until.String(),
				})
			}
		}
	case "contributions":
		for _, c := range ds.Contributions {
			w.add(map[string]string{"initiative": c.Initiative, "capability": string(c.Capability), "means": string(c.Means), "note": c.Note})
		}
	case "relations":
		for _, r := range ds.Relations {
			w.add(map[string]string{
				"initiative": r.Initiative, "other": r.Other, "relation": string(r.Relation), "note": r.Note, "source": strings.Join(r.Sources, "; "),
			})
		}
	}
}

// record adds a row of what all records have, and of more. Of a term that touches several capabilities the records share one row.
func (w *rowWriter) record(r *data.Record, more map[string]string) {
	if r.Term != "" && r.ID() == w.last {
		return
	}
	w.last = r.ID()
	more["id"], more["capability"] = r.ID(), cmp.Or(r.Term, string(r.Capability))
	more["quantity"], more["unit"] = r.Quantity.String(), r.Unit
	more["from"], more["until"] = r.Period.From.String(), r.Period.Until.String()
	more["statement"], more["marking"] = r.Statement(), markingText(r.Marking)
	more["source"], more["confidence"] = strings.Join(r.Sources, "; "), r.Confidence
	w.add(more)
}

// markingText is a marking as a cell has it: of a record that nobody marked it is empty.
func markingText(m data.Marking) string {
	if m == data.Unmarked {
		return ""
	}
	return string(m)
}

// Template is the workbook to send out, in the words of a dataset: for a nation, where one is named, and filled with what is known.
func Template(ds, known *data.Dataset, nation string) (data.Template, error) {
	t := data.Template{AsOf: ds.AsOf, Vocabulary: ds.Vocabulary, Marking: data.Unmarked}
	if nation != "" {
		n, err := ds.ParseNation(nation)
		if err != nil {
			return t, err
		}
		t.Nation, t.Title = n, "Planning data of "+ds.NationName(n)
	}
	t.Forms = Forms(ds.Vocabulary, known, t.Nation)
	if known == nil {
		return t, nil
	}
	if t.Title == "" {
		t.Title = known.Title
	}
	var markings []data.Marking
	for _, f := range t.Forms {
		for i, c := range f.Columns {
			for _, row := range f.Rows {
				if c.Name == "marking" {
					markings = append(markings, data.Marking(row[i]))
				}
			}
		}
	}
	t.Marking = data.Banner(markings)
	return t, nil
}
