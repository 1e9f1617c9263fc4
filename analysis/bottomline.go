package analysis

import (
	"fmt"
	"slices"
	"strings"

	"deconflict/data"
)

// BottomLine answers one question in one sentence, over all areas or in one of them: what a briefer says first.
type BottomLine struct {
	Report Question  `json:"report"`
	Area   data.Area `json:"area,omitempty"` // none for the answer over all areas
	Text   string    `json:"text"`
	// Clauses are the parts of the text, the most important first, for outputs that set each on a line of its own.
	Clauses []string `json:"clauses"`
}

// bottomLines answers every question that an analysis of this run belongs to: first over all areas, then area by area.
func bottomLines(ran []*Analysis, areas []data.Area, found []Finding) []BottomLine {
	all, in := map[string][]*Finding{}, map[data.Area]map[string][]*Finding{} // by kind
	for _, area := range areas {
		in[area] = map[string][]*Finding{}
	}
	for i := range found {
		f := &found[i]
		all[f.Kind] = append(all[f.Kind], f)
		if in[f.Area] != nil {
			in[f.Area][f.Kind] = append(in[f.Area][f.Kind], f)
		}
	}
	out := []BottomLine{}
	for _, q := range Questions {
		if !slices.ContainsFunc(ran, func(a *Analysis) bool { return a.Report == q }) {
			continue
		}
		out = append(out, newBottomLine(q, "", answer(q, ran, all)))
		for _, area := range areas {
			out = append(out, newBottomLine(q, area, answer(q, ran, in[area])))
		}
	}
	return out
}

// newBottomLine makes one sentence of clauses.
func newBottomLine(q Question, area data.Area, clauses []string) BottomLine {
	if len(clauses) == 0 {
		clauses = []string{"nothing found"}
	}
	return BottomLine{q, area, capital(strings.Join(clauses, "; ") + "."), clauses}
}

// answer says in clauses what the analyses of a question found, in their order.
func answer(q Question, ran []*Analysis, found map[string][]*Finding) []string {
	var parts []string
	for _, a := range ran {
		if a.Report != q {
			continue
		}
		of := found[a.Name]
		if a.Clause != nil {
			parts = append(parts, a.Clause(of)...)
		} else if len(of) > 0 {
			parts = append(parts, counted(len(of), a.Name))
		}
	}
	return parts
}

// nothing is the clause of a kind whose findings only describe.
func nothing([]*Finding) []string { return nil }

func withVerdict(fs []*Finding, verdict string) (out []*Finding) {
	for _, f := range fs {
		if f.Verdict == verdict {
			out = append(out, f)
		}
	}
	return out
}

// clause counts findings in the words for one and for several.
func clause(one, several string) func([]*Finding) []string {
	return func(fs []*Finding) []string {
		switch len(fs) {
		case 0:
			return nil
		case 1:
			return []string{"1 " + one}
		}
		return []string{fmt.Sprintf("%d %s", len(fs), several)}
	}
}

// count is the number of findings with a verdict, and with a status if one is given.
func count(fs []*Finding, verdict, status string) (n int) {
	for _, f := range fs {
		if f.Verdict == verdict && (status == "" || f.Status == status) {
			n++
		}
	}
	return n
}
