package likeness

import (
	"slices"
	"strings"

	"deconflict/data"
)

// Answer is what a text may mean.
type Answer struct {
	data.Phrase                   // the first that says it
	Rows        int               // how many say it
	Label       string            // what another scheme calls the code that the text is
	Means       []data.Capability // what the text, or the row's capability, is read as without any likeness
	Counts      bool              // and that a quantity may count for it
	Suggestions []Suggestion      // the nearest first
}

// Subject is the term that a mapping to a capability would be of: what the row calls its capability, or else the text.
func (a *Answer) Subject() string {
	if a.Capability != "" && !a.Counts {
		return a.Capability
	}
	return a.Text
}

// Asking says what is asked about texts.
type Asking struct {
	Most int  // suggestions a text
	All  bool // rows whose capability can be read are asked about too, by what they say
}

// shownStatements is how many different statements of the rows that go by one unknown capability are compared with the capabilities.
const shownStatements = 3

// Answers finds the capabilities that texts may mean, in the order of the texts. Rows that go by the same unknown capability are asked
// about once. Rows whose capability can be read are passed over unless all are asked about.
func (x *Index) Answers(texts []data.Phrase, schemes map[string]map[string]string, how Asking) []Answer {
	var out []Answer
	says := map[int][]string{} // what is compared
	of := map[string]int{}
	for _, p := range texts {
		a := Answer{Phrase: p, Rows: 1}
		term := p.Capability
		if term == "" {
			term = p.Text
		}
		a.Means, a.Counts, _ = x.vocabulary.Read(term)
		scheme, _, _ := strings.Cut(term, ":")
		a.Label = schemes[scheme][term]
		byItself := p.Capability != "" && a.Counts // asked about by what it says
		if byItself && (!how.All || p.Text == "") {
			continue
		}
		key := "term " + data.Fold(term)
		if byItself {
			key = "text " + string(a.Means[0]) + " " + p.Text
		}
		if i, ok := of[key]; ok {
			out[i].Rows++
			if p.Capability != "" && len(says[i]) < shownStatements && !slices.Contains(says[i], p.Text) {
				says[i] = append(says[i], p.Text)
			}
			continue
		}
		of[key] = len(out)
		says[len(out)] = []string{p.Text}
		out = append(out, a)
	}
	for i := range out {
		a := &out[i]
		compared := append([]string{a.Label}, says[i]...)
		if a.Capability != "" && !a.Counts {
			compared = append([]string{a.Capability}, compared...)
		}
		a.Suggestions = x.Suggest(strings.TrimSpace(strings.Join(compared, " ")), how.Most)
	}
	return out
}
