package render

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"deconflict/data"
)

// SSSOM is the format of mappings: a table under a block of YAML, as https://mapping-commons.github.io/sssom/spec-formats-tsv/ says,
// in its canonical form. Only a crosswalk and suggestions for it have one.
var SSSOM = Format{Name: "sssom", Doc: "mappings as SSSOM/TSV", Ext: []string{".sssom.tsv", ".tsv"}}

// sssomColumns are the columns that are written, in the order of the standard. One without any value is left out.
var sssomColumns = []string{
	"subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "author_label", "subject_type",
	"mapping_date", "confidence", "similarity_score", "comment",
}

// mapping is a row of a mapping set, by column.
type mapping map[string]string

// mappingSet is what is written.
type mappingSet struct {
	ds   *data.Dataset
	meta [][2]string // slots of the set and their values, in the order of the standard
	rows []mapping
}

// newMappingSet starts a set of mappings in the words of a dataset. What it is of is part of its id.
func newMappingSet(ds *data.Dataset, of, description string) *mappingSet {
	s := &mappingSet{ds: ds}
	id := "urn:deconflict:" + of + ":" + url.PathEscape(cmp.Or(ds.Title, ds.Name))
	if ds.Version != "" {
		id += ":" + url.PathEscape(ds.Version)
	}
	s.say("mapping_set_id", id)
	s.say("mapping_set_version", ds.Version)
	s.say("mapping_set_title", cmp.Or(ds.Title, ds.Name))
	s.say("mapping_set_description", description)
	s.say("license", licence(ds.Licence))
	return s
}

// say adds a slot of the set.
func (s *mappingSet) say(slot, value string) {
	if value != "" {
		s.meta = append(s.meta, [2]string{slot, value})
	}
}

// unstated is what SSSOM's own tools write where nothing is known of a licence, as the slot may not be empty.
const unstated = "https://w3id.org/sssom/license/unspecified"

// licence is the address of a licence, of which a dataset has the address or the identifier by SPDX.
func licence(s string) string {
	if u, err := url.Parse(s); err == nil && u.IsAbs() {
		return s
	}
	if s == "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-") != "" {
		return unstated
	}
	return "https://spdx.org/licenses/" + s
}

// compact matches a compact IRI, that of a term with a prefix. What comes after may not begin as the address of a page does.
var compact = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_.-]*):([^/\s|"][^\s|"]*)$`)

// add adds a mapping of a subject to a capability, or to none. A subject that is no term with a prefix is a text, which SSSOM has as a
// label.
func (s *mappingSet) add(subject, object string, m mapping) {
	subject = strings.TrimSpace(Plain(subject))
	if c := compact.FindStringSubmatch(subject); c != nil {
		m["subject_id"], m["subject_label"] = subject, cmp.Or(m["subject_label"], s.ds.Schemes[c[1]][subject])
	} else {
		m["subject_label"], m["subject_type"] = subject, "rdfs literal"
	}
	m["object_id"] = object
	if object != data.NoTermFound {
		m["object_id"], m["object_label"] = data.CapabilityPrefix+":"+url.PathEscape(object), s.ds.Capability(data.Capability(object)).Name
	}
	for _, column := range []string{"subject_label", "object_label", "author_label", "comment"} {
		m[column] = formulaSafe(Plain(m[column]))
	}
	s.rows = append(s.rows, m)
}

// formulaSafe puts an apostrophe before a text that a spreadsheet would take for a formula, and one more where such a text has one, so
// that the reader can take it off again.
func formulaSafe(s string) string {
	if strings.IndexAny(strings.TrimLeft(s, ` "'`), "=+-@＝＋－＠") == 0 {
		return "'" + s
	}
	return s
}

// builtIn are the prefixes that the standard knows, and that are not declared.
var builtIn = []string{"linkml", "owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd"}

// prefixes are what the prefixes in use stand for. One of which nothing is known stands for a name of our own.
func (s *mappingSet) prefixes() map[string]string {
	out := map[string]string{}
	for _, m := range s.rows {
		for _, column := range []string{"subject_id", "object_id"} {
			prefix, _, ok := strings.Cut(m[column], ":")
			switch {
			case !ok || slices.Contains(builtIn, prefix):
			case prefix == data.CapabilityPrefix && column == "object_id":
				out[prefix] = data.CapabilityIRI
			default:
				out[prefix] = cmp.Or(s.ds.Prefixes[prefix], "urn:deconflict:scheme:"+url.PathEscape(prefix)+":")
			}
		}
	}
	return out
}

// write writes the set: sorted, with what all rows say alike told once above them.
func (s *mappingSet) write(w io.Writer, m data.Marking) error {
	for _, column := range []string{"subject_type", "mapping_date"} {
		if v := s.common(column); v != "" {
			s.say(column, v)
			for _, row := range s.rows {
				delete(row, column)
			}
		}
	}
	s.say("comment", data.MarkingComment+Plain(string(m)))
	var out bytes.Buffer
	prefixes := s.prefixes()
	if len(prefixes) > 0 {
		out.WriteString("#curie_map:\n")
	}
	for _, p := range slices.Sorted(maps.Keys(prefixes)) {
		fmt.Fprintf(&out, "#  %s: %s\n", p, yamlText(prefixes[p]))
	}
	slices.SortStableFunc(s.meta, func(a, b [2]string) int {
		return cmp.Compare(slices.Index(sssomSlots, a[0]), slices.Index(sssomSlots, b[0]))
	})
	for _, slot := range s.meta {
		fmt.Fprintf(&out, "#%s: %s\n", slot[0], yamlText(Plain(slot[1])))
	}
	used := slices.DeleteFunc(slices.Clone(sssomColumns), func(c string) bool {
		return !slices.ContainsFunc(s.rows, func(m mapping) bool { return m[c] != "" })
	})
	if len(s.rows) == 0 {
		used = []string{"subject_id", "predicate_id", "object_id", "mapping_justification"}
	}
	slices.SortStableFunc(s.rows, func(a, b mapping) int {
		for _, c := range used {
			if d := strings.Compare(a[c], b[c]); d != 0 {
				return d
			}
		}
		return 0
	})
	t := csv.NewWriter(&out)
	t.Comma = '\t'
	records := [][]string{used}
	for _, m := range s.rows {
		record := make([]string, len(used))
		for i, c := range used {
			record[i] = m[c]
		}
		records = append(records, record)
	}
	if err := t.WriteAll(records); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}

// sssomSlots are the slots of a set that are written, in the order of the standard.
var sssomSlots = []string{
	"mapping_set_id", "mapping_set_version", "mapping_set_title", "mapping_set_description", "license", "subject_type", "mapping_tool",
	"mapping_tool_version", "mapping_date", "similarity_measure", "other", "comment",
}

// common is the value that every row has in a column; none where they differ.
func (s *mappingSet) common(column string) string {
	if len(s.rows) == 0 {
		return ""
	}
	v := s.rows[0][column]
	if slices.ContainsFunc(s.rows, func(m mapping) bool { return m[column] != v }) {
		return ""
	}
	return v
}

// yamlText is a text as a value in YAML: plain where it is read back as the same text, else in double quotes.
func yamlText(s string) string {
	var got map[string]any
	if err := yaml.Unmarshal([]byte("x: "+s), &got); err == nil && got["x"] == s {
		return s
	}
	if _, _, err := data.ParseDate(s); err == nil { // a date is plain in YAML, too
		return s
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // a text is always encoded
	}
	return strings.TrimSpace(b.String())
}

// justification is what SSSOM knows as one, or that none is stated. What it does not know goes into a comment.
func justification(s string) (known, comment string) {
	if slices.Contains(justifications, s) {
		return s, ""
	}
	return "semapv:UnspecifiedMatching", s
}

var justifications = []string{
	"semapv:MappingReview", "semapv:ManualMappingCuration", "semapv:LogicalReasoning", "semapv:LexicalMatching", "semapv:CompositeMatching",
	"semapv:UnspecifiedMatching", "semapv:SemanticSimilarityThresholdMatching", "semapv:LexicalSimilarityThresholdMatching",
	"semapv:MappingChaining", "semapv:MappingInversion", "semapv:StructuralMatching", "semapv:InstanceBasedMatching",
	"semapv:BackgroundKnowledgeBasedMatching",
}

// confidence is a number from 0 to 1, or nothing. What is none goes into a comment.
func confidence(s string) (number, comment string) {
	if f, err := strconv.ParseFloat(s, 64); err != nil || f < 0 || f > 1 || strings.Trim(s, "0123456789.") != "" {
		return "", s
	}
	return s, ""
}

// writeCrosswalk writes the mappings of a dataset that a scope takes in.
func writeCrosswalk(w io.Writer, ds *data.Dataset, rows []data.Mapping) error {
	s := newMappingSet(ds, "crosswalk", "Terms of other schemes and the capabilities that they mean.")
	for _, m := range rows {
		just, unknown := justification(m.Justification)
		sure, unsure := confidence(m.Confidence)
		var notes []string
		if unknown != "" {
			notes = append(notes, "justification: "+unknown)
		}
		if unsure != "" {
			notes = append(notes, "confidence: "+unsure)
		}
		date := ""
		if m.Date != 0 {
			date = m.Date.String()
		}
		s.add(m.Subject, m.Object, mapping{
			"predicate_id": string(m.Predicate), "mapping_justification": just, "author_label": m.Author, "mapping_date": date, "confidence": sure,
			"comment": strings.Join(notes, "; "),
		})
	}
	return s.write(w, data.Banner([]data.Marking{ds.Marking}))
}
