package render

import (
	"fmt"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// The pictures of a report, by the names that a command gives them.
const (
	heatMapPicture     = "heat-map"
	timelinePicture    = "timeline"
	cooperationPicture = "cooperation"
	transfersPicture   = "transfers"
)

// altText says in a few sentences what a picture of a report shows, for a reader who does not see it.
func altText(r *analysis.Report, picture string) string {
	var says []string
	switch picture {
	case heatMapPicture:
		says = heatMapAlt(r)
	case timelinePicture:
		says = timelineAlt(r)
	case cooperationPicture:
		says = cooperationAlt(r)
	case transfersPicture:
		says = transfersAlt(r)
	}
	return Plain(strings.Join(says, " "))
}

func heatMapAlt(r *analysis.Report) []string {
	h := r.HeatMap
	var states []string
	for _, s := range analysis.States {
		if n := h.Count(s.State); n > 0 {
			states = append(states, fmt.Sprintf("%d %s", n, s.Meaning))
		}
	}
	if len(states) == 0 {
		return []string{"Heat map of nation by capability, with nothing in it."}
	}
	return []string{fmt.Sprintf("Heat map of %s by %s as of %s: %s.", counted(len(h.Nations), "nation"), capabilities(len(h.Capabilities)), r.AsOf, strings.Join(states, ", "))}
}

func capabilities(n int) string {
	if n == 1 {
		return "1 capability"
	}
	return fmt.Sprintf("%d capabilities", n)
}

func timelineAlt(r *analysis.Report) []string {
	t := r.Timeline
	if len(t.Lines) == 0 {
		return []string{"Shortfalls open in each year: none."}
	}
	first, last := t.Years[0], t.Years[len(t.Years)-1]
	says := []string{fmt.Sprintf("Shortfalls open in each year from %d to %d.", first, last)}
	for _, l := range t.Lines {
		most := l.Most()
		says = append(says, fmt.Sprintf("%s, %s: %d in %d, at most %d in %d, %d in %d.",
			sentence(l.Area.Title()), l.Shortfall, l.Open[0], first, l.Open[most], t.Years[most], l.Open[len(l.Open)-1], last))
	}
	return says
}

func cooperationAlt(r *analysis.Report) []string {
	c := r.Cooperation
	most, ok := c.Closest()
	if !ok {
		return []string{"Who works with whom: no two nations share an active initiative."}
	}
	return []string{
		fmt.Sprintf("Who works with whom as of %s: %s in %s, with %s that share an active initiative.",
			r.AsOf, counted(len(c.Nations), "nation"), counted(c.Communities(), "group"), counted(len(c.Together), "pair")),
		fmt.Sprintf("%s and %s share most, %s.", r.NationName(most.A), r.NationName(most.B), counted(most.Initiatives, "initiative")),
	}
}

func transfersAlt(r *analysis.Report) []string {
	var says []string
	for _, f := range r.Findings {
		var moves []string
		for _, m := range f.Moves {
			moves = append(moves, fmt.Sprintf("%s to %s %s", m.From, m.To, m.Amount))
		}
		if len(moves) > 0 {
			leaf := r.Leaf(f.Capability)
			says = append(says, fmt.Sprintf("%s, in %s: %s.", leaf.Name, data.Plural(leaf.Unit), strings.Join(moves, ", ")))
		}
	}
	if len(says) == 0 {
		return []string{"Who could give to whom: nobody's surplus meets another's shortfall."}
	}
	return append([]string{"Who could give to whom."}, says...)
}
