package load

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"deconflict/data"
)

// A crosswalk may come as SSSOM/TSV (https://mapping-commons.github.io/sssom/spec-formats-tsv/): a table of mappings under a block of
// YAML, whose lines begin with #. Of the block the prefixes count, what it says of the whole set, and the values that it gives to all
// mappings; of the columns those of the crosswalk, the labels, and what turns a mapping into its opposite. The rest is read over, and
// told.

// sssomSet are the slots of a mapping set that are read over; sssomColumns those of a mapping.
var (
	sssomSet = strings.Fields(`sssom_version mapping_set_id mapping_set_source mapping_set_confidence creator_id creator_label subject_source
		subject_source_version object_type object_source object_source_version predicate_type mapping_provider cardinality_scope mapping_tool
		mapping_tool_id mapping_tool_version publication_date subject_match_field object_match_field subject_preprocessing
		object_preprocessing similarity_measure curation_rule curation_rule_text see_also issue_tracker other comment
		extension_definitions`)
	sssomColumns = append(strings.Fields(`record_id subject_category predicate_label object_category author_id reviewer_id reviewer_label license
		mapping_source mapping_cardinality match_string review_date similarity_score issue_tracker_item`), sssomSet...)
)

// maxMetadata is the most bytes that a block of YAML may have.
const maxMetadata = 1 << 20

// hasMetadata reports whether a text may begin with a block of YAML.
func hasMetadata(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimPrefix(text, []byte(mark)), []byte("#"))
}

// metadata takes the block of YAML off the beginning of a text. Empty lines stay in its place, so that positions in the text hold. A
// text without such a block is returned as it is: a table may well have a column called #.
func (l *loader) metadata(name string, text []byte) ([]byte, *mappingSet) {
	block := 0 // its length
	var lines []byte
	for block < len(text) && text[block] == '#' && block < maxMetadata {
		line, _, _ := bytes.Cut(text[block:], []byte("\n"))
		block = min(len(text), block+len(line)+1)
		lines = append(append(lines, bytes.TrimSuffix(line[1:], []byte("\r"))...), '\n')
	}
	if block == 0 {
		return text, nil
	}
	at := data.Position{File: name, Line: 1}
	var root yaml.Node
	err := yaml.Unmarshal(lines, &root)
	ok := err == nil && len(root.Content) == 1 && root.Content[0].Kind == yaml.MappingNode
	switch {
	case !ok && !bytes.Contains(lines, []byte("curie_map:")): // no metadata: a header, or whatever else
		return text, nil
	case !ok:
		reason := "it is no mapping"
		if err != nil {
			reason = strings.TrimPrefix(err.Error(), "yaml: ")
		}
		l.warn(at, "", "the block of lines that begin with # is not the YAML of a mapping set, and is ignored: "+reason, "")
	}
	rest := bytes.Clone(text)
	for i := range rest[:block] {
		if rest[i] != '\n' {
			rest[i] = ' '
		}
	}
	set := &mappingSet{common: map[string]string{}, at: at}
	if ok {
		set.read(l, root.Content[0])
	}
	return rest, set
}

// mappingSet is what the block says.
type mappingSet struct {
	at       data.Position
	meta     data.Meta
	prefixes map[string]string // prefix → what it stands for
	common   map[string]string // column → the value that all mappings have
}

// read reads the slots of a mapping set, and tells which are read over.
func (m *mappingSet) read(l *loader, root *yaml.Node) {
	var over []string
	seen := map[string]bool{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		at := data.Position{File: m.at.File, Line: key.Line, Column: key.Column + 1}
		slot := key.Value
		if seen[slot] {
			l.warn(at, slot, "stands twice: the first counts", "")
			continue
		}
		seen[slot] = true
		switch slot {
		case "curie_map":
			m.prefixes = l.curieMap(at, value)
		case "mapping_set_title":
			m.meta.Title = scalar(value)
		case "mapping_set_description":
			m.meta.Description = scalar(value)
		case "mapping_set_version":
			m.meta.Version = scalar(value)
		case "license":
			m.meta.Licence = scalar(value)
		case "mapping_date", "subject_type":
			m.common[slot] = scalar(value)
		case "comment":
			text, ok := strings.CutPrefix(scalar(value), data.MarkingComment)
			if !ok {
				over = append(over, slot)
			} else if text != string(data.Unmarked) {
				m.meta.Marking = data.Marking(text)
			}
		default:
			if !slices.Contains(sssomSet, slot) {
				l.warn(at, "", quote(slot)+" is nothing that SSSOM says of a mapping set: it is ignored", data.DidYouMean(data.Nearest(slot, append(sssomSet, "curie_map", "license"))))
				continue
			}
			over = append(over, slot)
		}
	}
	if len(over) > 0 {
		l.assume(m.at, "", "of what is said of the set, this is read over: "+strings.Join(over, ", "), "")
	}
}

// scalar is a single value; of several, which SSSOM allows in some places, the list.
func scalar(n *yaml.Node) string {
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Tag != "!!null" {
			return strings.TrimSpace(n.Value)
		}
	case yaml.SequenceNode:
		var parts []string
		for _, c := range n.Content {
			parts = append(parts, scalar(c))
		}
		return strings.Join(parts, "|")
	}
	return ""
}

// curieMap reads what the prefixes of a set stand for.
func (l *loader) curieMap(at data.Position, n *yaml.Node) map[string]string {
	out := map[string]string{}
	if n.Kind != yaml.MappingNode {
		l.warn(at, "curie_map", "is no mapping of prefixes, and is ignored", "")
		return out
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		prefix, iri := n.Content[i], scalar(n.Content[i+1])
		here := data.Position{File: at.File, Line: prefix.Line, Column: prefix.Column + 1}
		u, err := url.Parse(iri)
		c, bad := control(prefix.Value + iri)
		switch {
		case bad:
			l.warn(here, "curie_map", fmt.Sprintf("%s holds the control character U+%04X: the prefix is ignored", quote(prefix.Value), c), "")
		case err != nil || !u.IsAbs():
			l.warn(here, "curie_map", quote(prefix.Value)+" stands for "+quote(iri)+", wanted a whole IRI: the prefix is ignored", "")
		default:
			out[prefix.Value] = iri
		}
	}
	return out
}

// addPrefixes adds the prefixes of a set to those of the dataset.
func (l *loader) addPrefixes(m *mappingSet) {
	for _, p := range slices.Sorted(maps.Keys(m.prefixes)) {
		if l.prefixes == nil {
			l.prefixes = map[string]string{}
		}
		if other, ok := l.prefixes[p]; ok && other != m.prefixes[p] {
			l.warn(m.at, "curie_map", fmt.Sprintf("%s stands for %s here, but elsewhere in the dataset for %s, which counts", quote(p), quote(m.prefixes[p]), quote(other)), "")
			continue
		}
		l.prefixes[p] = m.prefixes[p]
	}
}

// literal reports whether a mapping's subject is a text instead of a term with a code. SSSOM has the text as the label then.
func (r *row) literal() bool {
	kind, ok := r.common("subject_type")
	return ok && data.Fold(kind) == "rdfs literal"
}

// mappingDate is the day on which a mapping was stated.
func (r *row) mappingDate() data.Date {
	day, _ := r.date("mapping_date")
	if s, ok := r.common("mapping_date"); ok && r.text("mapping_date") == "" {
		first, _, err := data.ParseDate(s)
		if err != nil && r.firstTime("mapping_date of "+r.file.String()) {
			r.warn(r.file.set.at, "mapping_date", quote(s)+" is no day, and is ignored", "write it as YYYY-MM-DD")
		}
		day = first
	}
	return day
}

// common is the value of a column, or the one that all mappings of the set have.
func (r *row) common(column string) (string, bool) {
	if _, has := r.column[column]; has || r.file.set == nil {
		s := r.text(column)
		return s, s != ""
	}
	s, ok := r.file.set.common[column]
	return s, ok
}

// subject reads the subject of a mapping.
func (r *row) subject() string {
	id, label := r.text("subject_id"), r.text("subject_label")
	switch {
	case id == "" && label != "" && r.literal():
		return strings.Clone(r.unguarded("subject_label"))
	case id == "":
		r.fail(r.at("subject_id"), "subject_id", "is empty, wanted a value", "a text without a code stands in subject_label, with subject_type rdfs literal")
	case label != "" && !r.literal():
		r.explain(id, r.unguarded("subject_label"))
	}
	return id
}

// unguarded is a text of a mapping set without the apostrophe that keeps it from being taken for a formula. Of a text that starts with
// apostrophes before a formula, one stands for the guard.
func (r *row) unguarded(column string) string {
	s := r.word(column)
	rest, guarded := strings.CutPrefix(s, "'")
	if r.file.set != nil && guarded && strings.IndexAny(strings.TrimLeft(rest, ` "'`), "=+-@＝＋－＠") == 0 {
		return rest
	}
	return s
}

// explain adds what a mapping calls its subject to what the dataset knows of other schemes.
func (r *row) explain(code, label string) {
	scheme, _, ok := strings.Cut(code, ":")
	if !ok {
		return
	}
	if r.explained == nil {
		r.explained = map[string]bool{}
	}
	if !r.explained[scheme] { // that of the reference is not ours to change
		r.Schemes[scheme] = maps.Clone(r.Schemes[scheme])
		if r.Schemes[scheme] == nil {
			r.Schemes[scheme] = map[string]string{}
		}
		r.explained[scheme] = true
	}
	r.Schemes[scheme][code] = label
}

// object reads the object of a mapping: a capability, or that there is none.
func (r *row) object() string {
	s := r.text("object_id")
	if s == "" || s == data.NoTermFound {
		return s
	}
	c, ok := r.FindCapability(s)
	code := s
	if !ok {
		code = r.ours(s)
		c, ok = r.FindCapability(code)
	}
	if !ok {
		_, err := r.ParseCapability(code)
		var e *data.ValueError
		if _, subject := r.FindCapability(r.text("subject_id")); subject && errors.As(err, &e) {
			err = &data.ValueError{Got: e.Got, Want: e.Want, Hint: "the capability stands as the subject: swap the two, and broadMatch with narrowMatch"}
		}
		r.refuse("object_id", err)
		return s
	}
	if label := r.unguarded("object_label"); label != "" && data.Fold(label) != data.Fold(r.Capability(c).Name) {
		r.doubt("object_label", fmt.Sprintf("%s, but %s is called %s here: the code counts", quote(label), c, quote(r.Capability(c).Name)), "")
	}
	return string(c)
}

// ours is the code of a capability that stands as a compact IRI, whatever prefix the set has for us. Any other text is returned as it is.
func (r *row) ours(s string) string {
	prefix, local, _ := strings.Cut(s, ":")
	iri := data.CapabilityIRI
	if r.file.set != nil {
		if declared, ok := r.file.set.prefixes[prefix]; ok {
			iri, prefix = declared, data.CapabilityPrefix
		}
	}
	if code, err := url.PathUnescape(local); err == nil && prefix == data.CapabilityPrefix && iri == data.CapabilityIRI {
		return code
	}
	return s
}

// passes reports whether a mapping is one that the crosswalk has no use for, and tells why.
func (r *row) passes(m *data.Mapping) bool {
	predicate := r.text("predicate_id")
	prefix, _, prefixed := strings.Cut(predicate, ":")
	switch {
	case r.text("predicate_modifier") != "":
		r.doubt("predicate_modifier", quote(r.text("predicate_modifier"))+" turns the mapping into its opposite: the row is left out", "")
	case m.Subject == data.NoTermFound:
		r.doubt("subject_id", "the capability has no counterpart in the other scheme, which says nothing of any record: the row is left out", "")
	case prefixed && prefix != "skos" && prefix != "":
		r.doubt("predicate_id", quote(predicate)+" is none of the predicates that the crosswalk knows: the row is left out", "skos:exactMatch, closeMatch, broadMatch, narrowMatch and relatedMatch are")
	default:
		return false
	}
	return true
}
