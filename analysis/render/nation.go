package render

import (
	"fmt"
	"slices"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// nation sets one nation's page.
func (p *page) nation(r *analysis.Report, n analysis.Profile) {
	member := strings.Join(names(n.Organisations), " · ")
	if member == "" {
		member = "in no organisation"
	}
	p.heading(string(n.Nation)+"  "+strings.ToUpper(n.Name), member)
	var about []*analysis.Finding
	for i := range r.Findings {
		if f := &r.Findings[i]; slices.Contains(f.Nations, n.Nation) {
			about = append(about, f)
		}
	}
	if len(r.Profiles) == 1 {
		p.bottomLines(r)
	}
	p.heading("ASKED FOR, OFFERED AND HELD", "peaks; held as of "+r.AsOf.String())
	p.capabilities(r, n)
	var said []string // kinds
	section := func(title, none string, kinds ...string) {
		said = append(said, kinds...)
		var here []*analysis.Finding
		for _, f := range about {
			if slices.Contains(kinds, f.Kind) {
				here = append(here, f)
			}
		}
		if !slices.ContainsFunc(r.Kinds, func(k analysis.Kind) bool { return slices.Contains(kinds, k.Name) }) {
			return
		}
		p.heading(title, "")
		if len(here) == 0 {
			p.prose(0, none, dim)
		}
		p.findings(here, inSection, r.Untold.Of(func(kind string) bool { return slices.Contains(kinds, kind) }))
		for _, f := range here {
			if f.Kind == "join" || f.Kind == "partners" {
				details := f.Tell().Details
				for _, d := range details[:min(1, len(details))] {
					p.blank()
					p.detail(d, rowsShown)
				}
			}
		}
	}
	section("ASKED TWICE", "No capability is known to be asked of it by two organisations at once.", "dual-target", "double-pledge")
	section("GAPS", "No gap is known.", "nation-gap", "collective-gap", "concentration", "absent-nation")
	section("OVERLAP WITH OTHER NATIONS AND PARTNERS", "Too little is known of what it is asked for and has.", "partners")
	p.initiatives(r, n)
	section("INITIATIVES IT COULD JOIN", "None is known that it is eligible for and not in.", "join")
	var rest []*analysis.Finding
	for _, f := range about {
		if !slices.Contains(said, f.Kind) {
			rest = append(rest, f)
		}
	}
	if len(rest) > 0 {
		untold := r.Untold.Of(func(kind string) bool { return !slices.Contains(said, kind) })
		p.heading("OTHER FINDINGS THAT NAME IT", counted(len(rest)+untold, "finding"))
		p.findings(rest, inSection, untold)
	}
}

// How much of a nation's findings and of the tables in them stands on its page; the rest is counted.
const inSection, rowsShown = 8, 8

// askedOf is what an organisation asks for, and what is usable for it.
func askedOf(c *analysis.ProfileLine, o data.Organisation) string {
	if a, ok := c.AskedBy(o); ok {
		return a.Target.String() + " / " + amountOf(a.Usable)
	}
	return "–"
}

// capabilities is a table of what each organisation asks the nation for, and what answers it.
func (p *page) capabilities(r *analysis.Report, n analysis.Profile) {
	if len(n.Capabilities) == 0 {
		p.prose(0, "Nothing is known of what it is asked for, offers or holds. That says nothing about what it has.", dim)
		return
	}
	organisations := n.Demanders()
	leaves := leavesOf(r)
	g := &grid{head: []head{{fixed: true}, {text: "capability (unit)"}}}
	for _, o := range organisations {
		g.head = append(g.head, head{text: string(o) + " / usable", right: true, fixed: true})
	}
	g.head = append(g.head, head{text: "own plan", right: true, fixed: true}, head{text: "held", right: true, fixed: true})
	g.rows = make([][]cell, 0, len(n.Capabilities))
	for i := range n.Capabilities {
		c := &n.Capabilities[i]
		leaf := leaves[c.Capability]
		row := append(make([]cell, 0, len(g.head)), cell{string(c.State), stateStyle(c.State)}, cell{text: leaf.Name + " (" + leaf.Unit + ")"})
		for _, o := range organisations {
			row = append(row, cell{text: askedOf(c, o)})
		}
		g.rows = append(g.rows, append(row, cell{text: amountOf(c.OwnPlan)}, cell{text: amountOf(c.Held)}))
	}
	p.grid(0, g)
	var legend []string
	for _, s := range analysis.States {
		if slices.ContainsFunc(n.Capabilities, func(c analysis.ProfileLine) bool { return c.State == s.State }) {
			legend = append(legend, string(s.State)+" "+s.Meaning)
		}
	}
	p.prose(0, strings.Join(append(legend, "– no number is known, which is not 0"), " · "), dim)
}

// initiatives is a table of those that the nation takes part in.
func (p *page) initiatives(r *analysis.Report, n analysis.Profile) {
	p.heading("INITIATIVES IT IS IN", fmt.Sprint(len(n.Initiatives)))
	if len(n.Initiatives) == 0 {
		p.prose(0, "No active initiative is known to list it.", dim)
		return
	}
	named := nameOf(r.Initiatives)
	g := &grid{head: []head{{text: "initiative"}, {text: "code"}, {text: "of"}, {text: "role"}}}
	for _, i := range n.Initiatives {
		g.add(named[i.Initiative], i.Initiative, string(i.Organisation), string(i.Role))
	}
	p.grid(0, g)
}
