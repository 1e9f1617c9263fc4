package render

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"deconflict/data"
	"deconflict/data/likeness"
)

// Suggestions are the capabilities that texts may mean, for a person to confirm.
type Suggestions struct {
	Answers []likeness.Answer
	All     bool          // rows were asked about whose capability can be read
	Dataset *data.Dataset // whose words they are in
	Program string
}

// marking is that of the texts. One that carries none makes the whole unmarked.
func (s *Suggestions) marking() data.Marking {
	var all []data.Marking
	for i := range s.Answers {
		all = append(all, s.Answers[i].Marking)
	}
	return data.Banner(all)
}

// near counts the texts that something is near to.
func (s *Suggestions) near() (n int) {
	for i := range s.Answers {
		if len(s.Answers[i].Suggestions) > 0 {
			n++
		}
	}
	return n
}

// note says what the suggestions are, and what they are not.
const note = "Suggestions for a person to confirm: no record is read by them, and nothing enters a sum."

// Write writes the suggestions.
func (s *Suggestions) Write(w io.Writer, f Format, o Options) error {
	switch f.Name {
	case "json":
		return s.writeJSON(w)
	case "csv":
		t := s.table()
		return t.WriteCSV(w)
	case SSSOM.Name:
		return s.writeSSSOM(w)
	}
	p := newPage(o)
	m := s.marking()
	p.marking(m)
	p.heading("SUGGESTIONS", counted(len(s.Answers), "text"))
	switch {
	case len(s.Answers) == 0 && s.All:
		p.prose(0, "No row says anything in words.", plain)
	case len(s.Answers) == 0:
		p.prose(0, "Every capability can be read as it stands. With --all each row is asked about by what it says.", plain)
	}
	for i := range s.Answers {
		if i > 0 {
			p.blank()
		}
		p.answered(s.Dataset, &s.Answers[i])
	}
	p.blank()
	p.prose(0, note, strong)
	p.prose(0, fmt.Sprintf("Scores are 0 to 1, each word's share beside it; deconflict suggest --help says how they are made. Below %v nothing is near; below %v it is weak.", likeness.Threshold, likeness.Weak), dim)
	if s.near() > 0 {
		p.blank()
		p.prose(0, "To confirm: write them with -o mappings.sssom.tsv, put skos:exactMatch or skos:closeMatch in place of skos:relatedMatch where one is right, take the other rows out, and read the file with the data.", plain)
	}
	p.marking(m)
	return p.writeTo(w)
}

// answered sets a text and what it may mean.
func (p *page) answered(ds *data.Dataset, a *likeness.Answer) {
	said := "“" + cut(Plain(a.Subject()), 3*p.width) + "”"
	if a.Label != "" {
		said += " " + a.Label
	}
	at := a.Position.String()
	if a.Position.File == "" {
		at = ""
	}
	if a.Rows > 1 {
		at += fmt.Sprintf(", and %s more", counted(a.Rows-1, "row"))
	}
	p.item(span{"", plain}, 0, said, at)
	if text := a.Text; text != "" && text != a.Subject() {
		p.prose(2, "says: "+cut(Plain(text), 3*p.width), dim)
	}
	switch {
	case a.Capability != "" && a.Counts:
		p.prose(2, "stands for: "+strings.Join(names(a.Means), ", "), dim)
	case a.Counts && !named(a):
		p.prose(2, "the crosswalk takes it for "+strings.Join(names(a.Means), ", "), calm)
	case len(a.Means) > 0 && !a.Counts:
		p.prose(2, "by the crosswalk it is broader or narrower than "+strings.Join(names(a.Means), ", "), dim)
	}
	if len(a.Suggestions) == 0 {
		p.prose(2, "nothing near", warning)
	}
	for _, s := range a.Suggestions {
		strength := ""
		if s.Score < likeness.Weak {
			strength = " (weak)"
		}
		p.item(span{"  " + score(s.Score, 2), strong}, 8, string(s.Capability)+" · "+ds.Capability(s.Capability).Name+strength, "")
		p.prose(8, because(s.Because), dim)
	}
}

// named reports whether a text is a capability's own code or name.
func named(a *likeness.Answer) bool { return len(a.Suggestions) > 0 && a.Suggestions[0].Named() }

// score prints a score with so many digits.
func score(s float64, digits int) string { return strconv.FormatFloat(s, 'f', digits, 64) }

// because words the reasons of a score, each with its share, but for those that are too small to be seen in it.
func because(reasons []likeness.Reason) string {
	var parts []string
	for _, r := range reasons {
		share := score(r.Share, 2)
		if r.Share < 0.005 {
			continue
		}
		switch r.Kind {
		case likeness.Name:
			return "it is its code or its name"
		case likeness.Meaning:
			parts = append(parts, fmt.Sprintf("%s → %s %s", r.Text, r.Match, share))
		case likeness.Letters:
			parts = append(parts, fmt.Sprintf("letters (%s) %s", r.Match, share))
		default:
			parts = append(parts, fmt.Sprintf("%s %s", r.Text, share))
		}
	}
	return strings.Join(parts, " · ")
}

// table has a row for each suggestion, and one for each text that has none.
func (s *Suggestions) table() Table {
	t := newTable("suggestions", note, "marking file sheet line:n id text capability_cell rows:n means rank:n capability name score:n because")
	for i := range s.Answers {
		a := &s.Answers[i]
		m := data.Banner([]data.Marking{a.Marking})
		head := []any{m, a.Position.File, a.Position.Sheet, lineNumber(a.Position.Line), a.ID, a.Text, a.Capability, a.Rows, codes(a.Means)}
		if len(a.Suggestions) == 0 {
			t.add(append(head, "", "", "", "", "nothing near")...)
		}
		for k, g := range a.Suggestions {
			t.add(append(slices.Clone(head), k+1, g.Capability, s.Dataset.Capability(g.Capability).Name, score(g.Score, 3), because(g.Because))...)
		}
	}
	return t
}

// thousandths rounds a score to what is printed of it.
func thousandths(s float64) float64 { return math.Round(s*1000) / 1000 }

func (s *Suggestions) writeJSON(w io.Writer) error {
	type reason struct {
		Kind  likeness.Kind `json:"kind"`
		Text  string        `json:"text,omitempty"`
		Match string        `json:"match"`
		Share float64       `json:"share"`
	}
	type suggestion struct {
		Capability data.Capability `json:"capability"`
		Name       string          `json:"name"`
		Score      float64         `json:"score"`
		Because    []reason        `json:"because"`
	}
	type text struct {
		Text        string            `json:"text"`
		Label       string            `json:"label,omitempty"`
		Marking     data.Marking      `json:"marking,omitempty"`
		Position    *data.Position    `json:"position,omitempty"`
		ID          string            `json:"id,omitempty"`
		Capability  string            `json:"capability_cell,omitempty"`
		Rows        int               `json:"rows"`
		Means       []data.Capability `json:"means,omitempty"`
		Counts      bool              `json:"counts,omitempty"`
		Suggestions []suggestion      `json:"suggestions"`
	}
	out := struct {
		Program   string       `json:"program"`
		Marking   data.Marking `json:"marking"`
		Note      string       `json:"note"`
		Method    string       `json:"method"`
		Threshold float64      `json:"threshold"`
		Texts     []text       `json:"texts"`
	}{s.Program, s.marking(), note, strings.ReplaceAll(likeness.Method, "\n", " "), likeness.Threshold, []text{}}
	for i := range s.Answers {
		a := &s.Answers[i]
		t := text{
			Text: a.Text, Label: a.Label, Marking: a.Marking, ID: a.ID, Capability: a.Capability, Rows: a.Rows, Means: a.Means, Counts: a.Counts,
			Suggestions: []suggestion{},
		}
		if a.Position.File != "" {
			t.Position = &a.Position
		}
		for _, g := range a.Suggestions {
			x := suggestion{g.Capability, s.Dataset.Capability(g.Capability).Name, thousandths(g.Score), []reason{}}
			for _, r := range g.Because {
				x.Because = append(x.Because, reason{r.Kind, r.Text, r.Match, thousandths(r.Share)})
			}
			t.Suggestions = append(t.Suggestions, x)
		}
		out.Texts = append(out.Texts, t)
	}
	return encode(w, out)
}

// writeSSSOM writes the suggestions as mappings that propose and map nothing yet: skos:relatedMatch neither resolves a term nor attaches
// a record.
func (s *Suggestions) writeSSSOM(w io.Writer) error {
	set := newMappingSet(s.Dataset, "suggestions", "Proposals: put skos:exactMatch or skos:closeMatch in place of skos:relatedMatch where one is right, and take the others out.")
	set.say("mapping_tool", "deconflict")
	set.say("mapping_tool_version", strings.TrimPrefix(s.Program, "deconflict "))
	set.say("similarity_measure", "cosine of TF-IDF vectors of stems and of runs of three letters, with a glossary")
	var none []string
	done := map[string]bool{}
	for i := range s.Answers {
		a := &s.Answers[i]
		term := a.Subject()
		if done[data.Fold(term)] {
			continue
		}
		done[data.Fold(term)] = true
		if len(a.Suggestions) == 0 {
			none = append(none, term)
		}
		for _, g := range a.Suggestions {
			m := mapping{
				"predicate_id": string(data.RelatedMatch), "mapping_justification": "semapv:LexicalSimilarityThresholdMatching",
				"confidence": score(g.Score, 3), "similarity_score": score(g.Score, 3), "comment": because(g.Because), "subject_label": a.Label,
			}
			if g.Named() {
				m["mapping_justification"] = "semapv:LexicalMatching"
			}
			set.add(term, string(g.Capability), m)
		}
	}
	if len(none) > 0 {
		set.say("other", fmt.Sprintf("nothing near to %s: %s", counted(len(none), "text"), cut(Plain(strings.Join(none, "; ")), 1000)))
	}
	return set.write(w, s.marking())
}
