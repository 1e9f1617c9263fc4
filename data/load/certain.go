package load

import (
	"strings"

	"deconflict/data"
)

// What a cell means for certain: the words and numbers that can be read in one way only, written as the program writes them. A copy
// that is mended has these; what could mean two things stays as it is.

// content is what the cells of a column hold.
type content string

const (
	freeText       content = "text" // as its author likes it
	aName          content = "name" // by which other tables refer to the row
	aNation        content = "nation"
	aProcess       content = "process"
	anOrganisation content = "organisation"
	aCapability    content = "capability"
	anArea         content = "area"
	aUnit          content = "unit"
	aListedWord    content = "word" // of a closed list
	aReference     content = "reference"
	aNumber        content = "number"
	aDay           content = "day"
)

// contents are what columns hold that do not hold free text, in whatever table they stand.
var contents = map[string]content{
	"id": aName, "source": freeText,
	"nation": aNation, "process": aProcess, "organisation": anOrganisation, "capability": aCapability, "object_id": aCapability, "area": anArea,
	"unit": aUnit, "role": aListedWord, "membership": aListedWord, "means": aListedWord, "relation": aListedWord, "predicate_id": aListedWord,
	"initiative": aReference, "other": aReference, "item": aReference,
	"quantity": aNumber, "held": aNumber, "readiness_days": aNumber,
	"from": aDay, "until": aDay, "to": aDay, "mapping_date": aDay,
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
func (t *table) holds(column string) content {
	switch c, ok := contents[column]; {
	case t.declares() && column == t.columns[0]:
		return aName
	case !ok, t.name == "capabilities":
		return freeText
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
	content content
	table   string // of a reference or a listed word: the column that makes the difference
	text    string
}

// of is what a cell means for certain, as the program writes it; the cell itself where that is what it says, or where it could mean
// more than one thing or nothing that is known.
func (k *certainty) of(r *row, column string) string {
	s := r.text(column)
	c := r.table.holds(column)
	switch {
	case s == "" || c == freeText || c == aName:
		return s
	case c == aNumber:
		return k.number(r, column)
	case c == aUnit:
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
func (k *certainty) word(c content, column, s string) string {
	v := k.Vocabulary
	var to string
	var err error
	switch c {
	case aNation:
		to, err = textOf(v.ParseNation(s))
	case aProcess:
		to, err = textOf(v.ParseProcess(s))
	case anOrganisation:
		to, err = textOf(v.ParseOrganisation(s))
	case anArea:
		to, err = textOf(v.ParseArea(s))
	case aCapability:
		if to, err = textOf(v.ParseCapability(s)); err != nil {
			if same, ok := v.SameAs(s); ok {
				return string(same)
			}
		}
	case aListedWord:
		for _, w := range listed(column) {
			_, bare, _ := strings.Cut(w, ":")
			if data.Fold(w) == data.Fold(s) || data.Fold(bare) == data.Fold(s) {
				return w
			}
		}
	case aReference:
		to = k.referred(column).code[data.Fold(s)]
	case aDay:
		if _, _, err := data.ParseDate(s); err == nil {
			return s
		}
		if d, ok := data.CertainDate(s); ok {
			return d.String()
		}
	}
	if err != nil || to == "" {
		return s
	}
	return to
}

// referred are the names that a column of references refers to.
func (k *certainty) referred(column string) *declared {
	if column == "item" {
		return &k.items
	}
	return &k.initiatives
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
	c, err := k.ParseCapability(k.of(r, "capability"))
	if err != nil {
		return s
	}
	if unit := k.Capability(c).Unit; data.Fold(unit) == data.Fold(s) {
		return unit
	}
	return s
}
