package load

import (
	"strings"

	"deconflict/data"
)

// What a cell means for certain: the words and numbers that can be read in one way only, written as the program writes them. A copy
// that is mended has these; what could mean two things stays as it is.

// contents are what columns hold that do not hold free text, in whatever table they stand.
var contents = map[string]data.Content{
	"id": data.RowName, "source": data.FreeText,
	"nation": data.NationCode, "process": data.ProcessCode, "organisation": data.OrganisationCode, "capability": data.CapabilityCode, "object_id": data.CapabilityCode, "area": data.AreaCode,
	"unit": data.UnitWord, "role": data.ListedWord, "membership": data.ListedWord, "means": data.ListedWord, "relation": data.ListedWord, "predicate_id": data.ListedWord,
	"initiative": data.InitiativeCode, "other": data.InitiativeCode, "item": data.ItemCode,
	"quantity": data.Number, "held": data.Number, "readiness_days": data.WholeDays,
	"from": data.CalendarDay, "until": data.CalendarDay, "to": data.CalendarDay, "mapping_date": data.CalendarDay,
}

// declares reports whether the first column of a table names what other tables refer to.
func (t *table) declares() bool {
	switch t.name {
	case "sources", "nations", "processes", "capabilities", "initiatives", "action_items":
		return true
	}
	return false
}

// holds is what a column of t holds. A table that declares capabilities declares their areas and units with them.
func (t *table) holds(column string) data.Content {
	switch c, ok := contents[column]; {
	case t.declares() && column == t.columns[0]:
		return data.RowName
	case !ok, t.name == "capabilities":
		return data.FreeText
	default:
		return c
	}
}

// listed are the words of a column of closed words.
func listed(column string) []string {
	switch column {
	case "role":
		return wordsOf(data.AllRoles)
	case "membership":
		return wordsOf(data.AllCompleteness)
	case "means":
		return wordsOf(data.AllMeans)
	case "relation":
		return wordsOf(data.AllRelations)
	case "predicate_id":
		return wordsOf(data.AllPredicates)
	}
	return nil
}

func wordsOf[T ~string](words []T) (out []string) {
	for _, w := range words {
		out = append(out, string(w))
	}
	return out
}

// certainty finds what texts mean for certain, and keeps what it found, as words recur and a wrong one is dear to look up.
type certainty struct {
	*loader
	known map[certainKey]string
}

type certainKey struct {
	content data.Content
	table   string // of a reference or a listed word: the column that makes the difference
	text    string
}

// of is what a cell means for certain, as the program writes it; the cell itself where that is what it says, or where it could mean
// more than one thing or nothing that is known.
func (k *certainty) of(r *row, column string) string {
	s := r.text(column)
	c := r.table.holds(column)
	switch {
	case s == "" || c == data.FreeText || c == data.RowName:
		return s
	case c == data.Number || c == data.WholeDays:
		return k.number(r, column)
	case c == data.UnitWord:
		return k.unit(r, s)
	}
	key := certainKey{c, column, s}
	if to, ok := k.known[key]; ok {
		return to
	}
	key.text = strings.Clone(s)
	to := k.word(c, column, key.text)
	k.known[key] = to
	return to
}

// word is a word of a vocabulary, or a day.
func (k *certainty) word(c data.Content, column, s string) string {
	v := k.Vocabulary
	var to string
	var err error
	switch c {
	case data.NationCode:
		n, _ := v.FindNation(s)
		to = string(n)
	case data.ProcessCode:
		to, err = textOf(v.ParseProcess(s))
	case data.OrganisationCode:
		to, err = textOf(v.ParseOrganisation(s))
	case data.AreaCode:
		to, err = textOf(v.ParseArea(s))
	case data.CapabilityCode:
		c, ok := v.FindCapability(s)
		if !ok {
			c, _ = v.SameAs(s)
		}
		to = string(c)
	case data.ListedWord:
		for _, w := range listed(column) {
			_, bare, _ := strings.Cut(w, ":")
			if data.Fold(w) == data.Fold(s) || data.Fold(bare) == data.Fold(s) {
				return w
			}
		}
	case data.InitiativeCode:
		to = k.initiatives.code[data.Fold(s)]
	case data.ItemCode:
		to = k.items.code[data.Fold(s)]
	case data.CalendarDay:
		return k.day(s)
	}
	if err != nil || to == "" {
		return s
	}
	return to
}

// day is a day as YYYY-MM-DD, where it can be no other: by the order that was said or, where none was, whatever the order is.
func (k *certainty) day(s string) string {
	if _, _, err := data.ParseDate(s); err == nil {
		return s
	}
	if d, ok := k.options.DateOrder.Day(s); ok {
		return d.String()
	}
	_, day := data.DayFirst.Day(s)
	_, month := data.MonthFirst.Day(s)
	if (day || month) && k.options.DateOrder != "" { // it belies the order
		return s
	}
	if d, ok := data.CertainDate(s); ok {
		return d.String()
	}
	return s
}

func textOf[T ~string](v T, err error) (string, error) { return string(v), err }

// number is a number with a decimal point and without groups of thousands.
func (k *certainty) number(r *row, column string) string {
	s := r.text(column)
	if digits(s) {
		return s
	}
	number, assumed, wanted := r.file.notation(r.column[column]).plain(s)
	if assumed == "" || wanted != "" {
		return s
	}
	if _, err := data.ParseAmount(number); err != nil {
		return s
	}
	if _, _, wanted := doubtful.plain(number); wanted != "" { // 1.234 could be taken for a thousand and more, 1.2340 not
		number += "0"
	}
	return number
}

// unit is the unit of the capability in the row, where the cell says the same in other letters.
func (k *certainty) unit(r *row, s string) string {
	c, ok := k.FindCapability(k.of(r, "capability"))
	if !ok {
		return s
	}
	if unit := k.Capability(c).Unit; data.Fold(unit) == data.Fold(s) {
		return unit
	}
	return s
}
