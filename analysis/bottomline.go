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
}

// bottomLines answers every question that an analysis of this run belongs to: first over all areas, then area by area.
func bottomLines(ran []*Analysis, areas []data.Area, found []Finding) []BottomLine {
	out := []BottomLine{}
	for _, q := range Questions {
		if !slices.ContainsFunc(ran, func(a *Analysis) bool { return a.Report == q }) {
			continue
		}
		out = append(out, BottomLine{q, "", answer(q, ran, found, func(Finding) bool { return true })})
		for _, area := range areas {
			out = append(out, BottomLine{q, area, answer(q, ran, found, func(f Finding) bool { return f.Area == area })})
		}
	}
	return out
}

// answer says in one sentence what the analyses of a question found, in their order.
func answer(q Question, ran []*Analysis, found []Finding, in func(Finding) bool) string {
	var parts []string
	for _, a := range ran {
		if a.Report != q {
			continue
		}
		var of []Finding
		for _, f := range found {
			if f.Kind == a.Name && in(f) {
				of = append(of, f)
			}
		}
		if say := clauses[a.Name]; say != nil {
			parts = append(parts, say(of)...)
		} else if len(of) > 0 {
			parts = append(parts, counted(len(of), a.Name))
		}
	}
	if len(parts) == 0 {
		return "Nothing found."
	}
	s := strings.Join(parts, "; ") + "."
	return strings.ToUpper(s[:1]) + s[1:]
}

// clauses words what a kind found. A kind without one is counted by its name; one whose findings only describe says nothing.
var clauses = map[string]func([]Finding) []string{
	"dual-target": func(fs []Finding) []string {
		if len(fs) == 0 {
			return nil
		}
		s := fmt.Sprintf("two organisations ask one nation for the same in %s", counted(len(fs), "case"))
		if n := count(fs, "short", "") + count(fs, "single-set", ""); n > 0 {
			s += fmt.Sprintf(", %d of them beyond what it holds", n)
		}
		return []string{s}
	},
	"double-pledge": clause("pledge of the same forces to two organisations", "pledges of the same forces to two organisations"),
	"initiative-overlap": func(fs []Finding) []string {
		s := "no live duplication between initiatives"
		if live := count(fs, "duplication", "live"); live > 0 {
			s = counted(live, "live duplication") + " between initiatives"
		}
		var settled []string
		for _, status := range []string{"managed", "resolved"} {
			if n := count(fs, "duplication", status); n > 0 {
				settled = append(settled, fmt.Sprintf("%d %s", n, status))
			}
		}
		if len(settled) > 0 {
			s += " (" + strings.Join(settled, ", ") + ")"
		}
		if n := count(fs, "overlap", "live"); n > 0 {
			return []string{s, counted(n, "live overlap")}
		}
		return []string{s}
	},
	"over-supply": clause("capability with more supply than is asked for", "capabilities with more supply than is asked for"),
	"nation-gap": func(fs []Finding) (out []string) {
		asked, own := 0, 0
		for _, f := range fs {
			if len(f.Organisations) > 0 {
				asked++
			} else {
				own++
			}
		}
		if asked > 0 {
			out = append(out, counted(asked, "shortfall")+" against what organisations ask of a nation")
		}
		if own > 0 {
			out = append(out, counted(own, "shortfall")+" against a nation's own plan")
		}
		return out
	},
	"collective-gap": clause("capability short in total", "capabilities short in total"),
	"coverage-gap":   clause("capability that one organisation works on and the other does not", "capabilities that one organisation works on and the other does not"),
	"absent-nation":  clause("capability with eligible nations outside", "capabilities with eligible nations outside"),
	"concentration":  clause("capability that hangs on one nation", "capabilities that hang on one nation"),
	"transfer":       clause("capability where one nation's surplus meets another's shortfall", "capabilities where one nation's surplus meets another's shortfall"),
	"means": func(fs []Finding) []string {
		return clause("capability where each brings what the other lacks", "capabilities where each brings what the other lacks")(withVerdict(fs, "complementary"))
	},
	"reach":    func([]Finding) []string { return nil },
	"join":     clause("nation could join initiatives that it is not in", "nations could join initiatives that they are not in"),
	"partners": clause("nation has possible partners", "nations have possible partners"),
	"clusters": func([]Finding) []string { return nil },
}

func withVerdict(fs []Finding, verdict string) (out []Finding) {
	for _, f := range fs {
		if f.Verdict == verdict {
			out = append(out, f)
		}
	}
	return out
}

// clause counts findings in the words for one and for several.
func clause(one, several string) func([]Finding) []string {
	return func(fs []Finding) []string {
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
func count(fs []Finding, verdict, status string) (n int) {
	for _, f := range fs {
		if f.Verdict == verdict && (status == "" || f.Status == status) {
			n++
		}
	}
	return n
}
