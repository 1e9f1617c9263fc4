package render

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"deconflict/analysis"
)

// The slides of one nation: what is asked of it twice, its gaps and what it could do; what it is asked for and has; its initiatives.

// nation is one nation's part: what is asked of it twice, its gaps and what it could do; what it is asked for and has; initiatives.
func (d *deck) nation(n analysis.Profile) {
	r := d.report
	kinds := func(kinds ...string) (out []analysis.Finding) {
		for _, f := range r.Findings {
			if slices.Contains(f.Nations, n.Nation) && slices.Contains(kinds, f.Kind) {
				out = append(out, f)
			}
		}
		return out
	}
	ran := func(kinds ...string) bool {
		return slices.ContainsFunc(r.Kinds, func(k analysis.Kind) bool { return slices.Contains(kinds, k.Name) })
	}
	var columns []deckColumn
	if ran("dual-target", "double-pledge", "initiative-overlap") {
		columns = append(columns, deckColumn{"Asked or done twice", reportTint(analysis.Duplication), kinds("dual-target", "double-pledge", "initiative-overlap"), "No capability is known to be asked of it by two organisations at once."})
	}
	if ran("nation-gap", "collective-gap", "concentration", "absent-nation") {
		columns = append(columns, deckColumn{"Gaps", reportTint(analysis.Gap), kinds("nation-gap", "collective-gap", "concentration", "absent-nation"), "No gap is known."})
	}
	if ran("join", "partners", "transfer") {
		columns = append(columns, deckColumn{"Could join and give", reportTint(analysis.Complementarity), kinds("transfer", "partners", "join"), "None is known that it is eligible for and not in."})
	}
	title := n.Name + ": "
	switch gaps := kinds("nation-gap", "dual-target", "double-pledge"); {
	case len(gaps) > 0:
		slices.SortStableFunc(gaps, func(a, b analysis.Finding) int {
			return slices.Index(analysis.Severities, a.Severity) - slices.Index(analysis.Severities, b.Severity)
		})
		title = strings.TrimSuffix(gaps[0].Tell().Summary, ".")
		if !strings.HasPrefix(title, n.Name) {
			title = n.Name + ": " + title
		}
	case len(n.Capabilities) == 0:
		title += "nothing is known of what it is asked for and has"
	default:
		title += fmt.Sprintf("no gap is known on the %s with data", capabilities(len(n.Capabilities)))
	}
	d.beside(title, columns)
	d.capabilityPages(n)
	for _, f := range kinds("partners") {
		d.detailPage(f)
	}
	for _, f := range kinds("join") {
		d.detailPage(f)
	}
	d.initiativePages(n)
}

// capabilityPages are what a nation is asked for, offers and holds.
func (d *deck) capabilityPages(n analysis.Profile) {
	if len(n.Capabilities) == 0 {
		return
	}
	r := d.report
	organisations := n.Demanders()
	count := map[analysis.State]int{}
	for _, c := range n.Capabilities {
		count[c.State]++
	}
	var parts, legend []string
	for _, s := range analysis.States {
		if count[s.State] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[s.State], s.Meaning))
			legend = append(legend, string(s.State)+" "+s.Meaning)
		}
	}
	l := flowing{title: fmt.Sprintf("%s, %s: %s", n.Name, capabilities(len(n.Capabilities)), strings.Join(parts, ", ")),
		columns: []listColumn{{head: "State", width: 58}, {head: "Capability (unit)"}}}
	for _, o := range organisations {
		l.columns = append(l.columns, listColumn{head: string(o) + " asks / usable", width: 118, right: true})
	}
	l.columns = append(l.columns, listColumn{head: "Own plan", width: 84, right: true}, listColumn{head: "Held", width: 84, right: true})
	for _, c := range n.Capabilities {
		leaf, look := r.Leaf(c.Capability), stateTint(c.State)
		state := say(string(c.State), leastText, true)
		state.align, state.runs[0].colour = "ctr", look.ink
		cells := []tableCell{{paras: []para{state}, fill: look.fill}, {paras: []para{say(leaf.Name+" ("+leaf.Unit+")", leastText, false)}}}
		add := func(text string) {
			p := say(text, leastText, false)
			p.align = "r"
			cells = append(cells, tableCell{paras: []para{p}})
		}
		for _, o := range organisations {
			add(askedOf(&c, o))
		}
		add(amountOf(c.OwnPlan))
		add(amountOf(c.Held))
		l.rows = append(l.rows, listRow{cells: cells, notes: []string{fmt.Sprintf("%s: %s, resting on %s.", leaf.Name, meaning(c.State), counted(c.Records, "record"))}})
	}
	l.notes = []string{"Peaks of what is asked over the days looked at; held as of " + r.AsOf.String() + ". A dash: no number is known, which is not 0."}
	l.foot = strings.Join(legend, " · ") + ". Peaks; held as of " + r.AsOf.String() + ". – no number is known, which is not 0."
	d.flow(l)
}

// detailPage is the first table inside a finding.
func (d *deck) detailPage(f analysis.Finding) {
	w := f.Tell()
	if len(w.Details) == 0 || len(w.Details[0].Rows) == 0 {
		return
	}
	detail := w.Details[0]
	l := flowing{title: strings.TrimSuffix(w.Summary, "."), notes: d.arithmetic(f)}
	for _, c := range detail.Columns {
		x := listColumn{head: sentence(c.Name), right: c.Unit != ""}
		if c.Unit != "" {
			x.width = 100
		}
		l.columns = append(l.columns, x)
	}
	l.pages = 1
	for _, row := range detail.Rows {
		var cells []tableCell
		for k, text := range row {
			p := say(text, leastText, false)
			if detail.Columns[k].Unit != "" {
				p.align = "r"
			}
			cells = append(cells, tableCell{paras: []para{p}})
		}
		l.rows = append(l.rows, listRow{cells: cells})
	}
	d.flow(l)
}

// initiativePages are the initiatives that a nation is in.
func (d *deck) initiativePages(n analysis.Profile) {
	if len(n.Initiatives) == 0 {
		return
	}
	named := nameOf(d.report.Initiatives)
	l := flowing{title: fmt.Sprintf("%s takes part in %s", n.Name, counted(len(n.Initiatives), "active initiative")),
		columns: []listColumn{{head: "Initiative"}, {head: "Of", width: 80}, {head: "Role", width: 110}, {head: "Since", width: 90}}}
	l.pages = partPages
	for _, x := range n.Initiatives {
		since := "–"
		if x.From != 0 {
			since = x.From.String()
		}
		var cells []tableCell
		for _, text := range []string{cmp.Or(named[x.Initiative], x.Initiative), string(x.Organisation), string(x.Role), since} {
			cells = append(cells, tableCell{paras: []para{say(text, leastText, false)}})
		}
		l.rows = append(l.rows, listRow{cells: cells, notes: []string{x.Initiative + ": " + named[x.Initiative]}})
	}
	d.flow(l)
}
