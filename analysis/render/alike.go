package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"deconflict/data"
	"deconflict/data/likeness"
)

// Duplicates are statements of different organisations that are alike, for a person to look at.
type Duplicates struct {
	Pairs    []likeness.Pair // those that are shown
	All      int             // how many there are
	Compared int             // statements
	From     float64         // the score from which they are taken for alike
	Audience data.Audience   // for whom the dataset was narrowed
	Dataset  *data.Dataset
	Program  string
}

// candidates says what the pairs are, and what they are not.
const candidates = "Candidates for a person to look at: no finding rests on them, and nothing enters a sum."

func (d *Duplicates) marking() data.Marking {
	if len(d.Pairs) == 0 { // that none are alike is said of all
		return d.Dataset.Banner()
	}
	var all []data.Marking
	for _, p := range d.Pairs {
		for _, s := range []likeness.Statement{p.A, p.B} {
			m := s.Marking
			if m == "" {
				m = d.Dataset.Marking
			}
			all = append(all, m)
		}
	}
	return data.Banner(all)
}

// summary says what was compared and found.
func (d *Duplicates) summary() string {
	found := counted(d.All, "pair")
	if d.All == 0 {
		found = "none"
	}
	s := fmt.Sprintf("%s of requirements and targets compared; of different organisations and alike from %s: %s", counted(d.Compared, "statement"), score(d.From, 2), found)
	if d.All > len(d.Pairs) {
		s += fmt.Sprintf(", of which the likest %d are shown", len(d.Pairs))
	}
	s += "."
	if len(d.Audience) > 0 {
		s += " Made for " + d.Audience.String() + ": what may not go there is left out, if there is any."
	}
	return s
}

// Write writes the pairs.
func (d *Duplicates) Write(w io.Writer, f Format, o Options) error {
	switch f.Name {
	case "json":
		return d.writeJSON(w)
	case "csv":
		t := d.table()
		return t.WriteCSV(w)
	case SSSOM.Name:
		return fmt.Errorf("statements that are alike are no mappings, as sssom is; table, json and csv have a form for them")
	}
	p := newPage(o)
	m := d.marking()
	p.marking(m)
	p.heading("ALIKE IN WORDS", counted(len(d.Pairs), "pair"))
	p.prose(0, d.summary(), plain)
	for _, x := range d.Pairs {
		p.blank()
		p.item(span{score(x.Score, 2), strong}, 6, sharedWords(x.Shared), "")
		p.statement(x.A, x.MoreA)
		p.statement(x.B, x.MoreB)
	}
	p.blank()
	p.prose(0, candidates, strong)
	p.prose(0, "The score is 0 to 1: the cosine of the TF-IDF vectors of the word stems. Names of nations and organisations and numbers are no words here. Each word's share stands beside it.", dim)
	p.marking(m)
	return p.writeTo(w)
}

// statement sets one side of a pair.
func (p *page) statement(s likeness.Statement, more int) {
	who := []string{string(s.Organisation), string(s.Process), string(s.Nation), string(s.Capability), s.ID}
	if s.Process == data.Process(s.Organisation) {
		who = slices.Delete(who, 1, 2)
	}
	who = slices.DeleteFunc(who, func(w string) bool { return w == "" })
	label := strings.Join(who, " · ")
	if more > 0 {
		label += fmt.Sprintf(" and %d more that say the same", more)
	}
	p.item(span{"", plain}, 6, label, s.Position.String())
	p.prose(8, "“"+cut(Plain(s.Text), 3*p.width)+"”", dim)
}

func sharedWords(shared []likeness.Reason) string {
	var parts []string
	for _, r := range shared {
		parts = append(parts, r.Text+" "+score(r.Share, 2))
	}
	return strings.Join(parts, " · ")
}

func (d *Duplicates) table() Table {
	t := newTable("alike", candidates, `marking score:n shared a_table a_id a_organisation a_process a_nation a_capability a_text a_more:n a_file a_line:n
		b_table b_id b_organisation b_process b_nation b_capability b_text b_more:n b_file b_line:n`)
	for _, x := range d.Pairs {
		one := Duplicates{Pairs: []likeness.Pair{x}, Dataset: d.Dataset}
		row := []any{one.marking(), score(x.Score, 3), sharedWords(x.Shared)}
		for i, s := range []likeness.Statement{x.A, x.B} {
			row = append(row, s.Table, s.ID, s.Organisation, s.Process, s.Nation, s.Capability, s.Text, []int{x.MoreA, x.MoreB}[i], s.File, lineNumber(s.Line))
		}
		t.add(row...)
	}
	return t
}

func (d *Duplicates) writeJSON(w io.Writer) error {
	type statement struct {
		Table        string            `json:"table"`
		ID           string            `json:"id"`
		Organisation data.Organisation `json:"organisation"`
		Process      data.Process      `json:"process"`
		Nation       data.Nation       `json:"nation,omitempty"`
		Capability   data.Capability   `json:"capability"`
		Text         string            `json:"text"`
		More         int               `json:"more"`
		Marking      data.Marking      `json:"marking,omitempty"`
		Position     data.Position     `json:"position"`
	}
	type word struct {
		Word  string  `json:"word"`
		Stem  string  `json:"stem"`
		Share float64 `json:"share"`
	}
	type pair struct {
		Score  float64   `json:"score"`
		Shared []word    `json:"shared"`
		A      statement `json:"a"`
		B      statement `json:"b"`
	}
	out := struct {
		Program  string       `json:"program"`
		Marking  data.Marking `json:"marking"`
		Note     string       `json:"note"`
		Compared int          `json:"compared"`
		From     float64      `json:"from"`
		Audience []string     `json:"audience,omitempty"`
		All      int          `json:"all"`
		Pairs    []pair       `json:"pairs"`
	}{d.Program, d.marking(), candidates, d.Compared, d.From, d.Audience, d.All, []pair{}}
	one := func(s likeness.Statement, more int) statement {
		return statement{s.Table, s.ID, s.Organisation, s.Process, s.Nation, s.Capability, s.Text, more, s.Marking, s.Position}
	}
	for _, x := range d.Pairs {
		p := pair{Score: thousandths(x.Score), Shared: []word{}, A: one(x.A, x.MoreA), B: one(x.B, x.MoreB)}
		for _, r := range x.Shared {
			p.Shared = append(p.Shared, word{r.Text, r.Match, thousandths(r.Share)})
		}
		out.Pairs = append(out.Pairs, p)
	}
	return encode(w, out)
}
