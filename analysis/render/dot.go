package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// writeDOT writes a chart in the language of Graphviz (https://graphviz.org/doc/info/lang.html), with shapes by kind and a label that
// says what it is. It asks for a layout that copes with many ties.
func writeDOT(w io.Writer, c *Chart) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "graph %s {\n", quoteDOT(c.Title))
	for _, a := range c.about() {
		fmt.Fprintf(b, "  %s=%s;\n", a[0], quoteDOT(a[1]))
	}
	heading := []string{string(c.Marking), c.Title, "as of " + c.AsOf.String()}
	if c.Note != "" {
		heading = append(heading, c.Note)
	}
	for i, s := range heading {
		heading[i] = escapeDOT(s)
	}
	fmt.Fprintf(b, "  layout=fdp; overlap=false; splines=line; outputorder=edgesfirst; labelloc=t; fontname=\"Liberation Sans\";\n  label=\"%s\";\n", strings.Join(heading, `\n`))
	b.WriteString("  node [fontname=\"Liberation Sans\", fontsize=10, style=filled];\n  edge [color=\"#9AA3B2\"];\n")
	looks := map[string]tint{
		"nation":     {fill: "0072B2", ink: white},
		"capability": {fill: "C4E4F5", ink: black},
		"initiative": {fill: "F2B23C", ink: black},
	}
	shapes := map[string]string{"nation": "circle", "capability": "box", "initiative": "ellipse"}
	for _, n := range c.Nodes {
		look := looks[n.Kind]
		fmt.Fprintf(b, "  %s [label=%s, shape=%s, fillcolor=\"%s\", fontcolor=\"%s\"", quoteDOT(n.ID), quoteDOT(n.Label), shapes[n.Kind], look.fill.css(), look.ink.css())
		for _, f := range n.facts() {
			fmt.Fprintf(b, ", %s=%s", attributeDOT(f.Name), valueDOT(f))
		}
		b.WriteString("];\n")
	}
	for _, t := range c.Ties {
		fmt.Fprintf(b, "  %s -- %s [weight=%d", quoteDOT(c.Nodes[t.From].ID), quoteDOT(c.Nodes[t.To].ID), t.Weight)
		for _, f := range t.facts() {
			fmt.Fprintf(b, ", %s=%s", attributeDOT(f.Name), valueDOT(f))
		}
		b.WriteString("];\n")
	}
	b.WriteString("}\n")
	return b.Flush()
}

func valueDOT(f Fact) string {
	if f.Number {
		return f.Value
	}
	return quoteDOT(f.Value)
}

// attributeDOT is the name of a fact; area means something else to Graphviz.
func attributeDOT(name string) string {
	if name == "area" {
		return "capability_area"
	}
	return name
}

func quoteDOT(s string) string { return `"` + escapeDOT(s) + `"` }

// escapeDOT keeps a text from ending its quotation, and Graphviz from reading \N, \l or &lt; in it.
func escapeDOT(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(Plain(s))
}
