package render

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"time"

	"gonum.org/v1/gonum/graph/formats/gexf12"
)

// writeGraphML writes a chart as GraphML (http://graphml.graphdrawing.org/specification.html). Marking and day are data of the graph.
func writeGraphML(w io.Writer, c *Chart) error {
	b := bufio.NewWriter(w)
	b.WriteString(xml.Header + `<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">` + "\n")
	key := func(of, name string, number bool) {
		kind := "string"
		if number {
			kind = "int"
		}
		fmt.Fprintf(b, `<key id="%s_%s" for="%s" attr.name="%s" attr.type="%s"/>`+"\n", of, name, of, name, kind)
	}
	for _, a := range c.about() {
		key("graph", a[0], false)
	}
	key("node", "label", false)
	nodeFacts, number := factNames(c.Nodes, ChartNode.facts)
	for _, name := range nodeFacts {
		key("node", name, number[name])
	}
	key("edge", "weight", true)
	tieFacts, number := factNames(c.Ties, ChartTie.facts)
	for _, name := range tieFacts {
		key("edge", name, number[name])
	}
	put := func(of, name, value string) {
		fmt.Fprintf(b, "<data key=\"%s_%s\">%s</data>\n", of, name, escapeXML(value))
	}
	b.WriteString(`<graph id="deconflict" edgedefault="undirected">` + "\n")
	for _, a := range c.about() {
		put("graph", a[0], a[1])
	}
	for _, n := range c.Nodes {
		fmt.Fprintf(b, "<node id=\"%s\">\n", escapeXML(n.ID))
		put("node", "label", n.Label)
		for _, f := range n.facts() {
			put("node", f.Name, f.Value)
		}
		b.WriteString("</node>\n")
	}
	for _, t := range c.Ties {
		fmt.Fprintf(b, "<edge source=\"%s\" target=\"%s\">\n", escapeXML(c.Nodes[t.From].ID), escapeXML(c.Nodes[t.To].ID))
		put("edge", "weight", strconv.Itoa(t.Weight))
		for _, f := range t.facts() {
			put("edge", f.Name, f.Value)
		}
		b.WriteString("</edge>\n")
	}
	b.WriteString("</graph>\n</graphml>\n")
	return b.Flush()
}

// writeGEXF writes a chart as GEXF 1.2 (https://gexf.net/schema.html). What the chart says of itself stands in its description.
func writeGEXF(w io.Writer, c *Chart) error {
	x := gexf12.Content{
		Version: "1.2",
		Meta:    &gexf12.Meta{LastModified: time.Unix(0, 0).UTC(), Creator: Plain(c.Program), Keywords: Plain(string(c.Marking))},
		Graph:   gexf12.Graph{DefaultEdgeType: "undirected", IDType: "string", Mode: "static"},
	}
	x.Meta.LastModified = c.AsOf.Time()
	for i, a := range c.about() {
		if i > 0 {
			x.Meta.Description += "; "
		}
		x.Meta.Description += a[0] + ": " + a[1]
	}
	declare := func(class string, names []string, number map[string]bool) {
		as := gexf12.Attributes{Class: class}
		for _, name := range names {
			kind := "string"
			if number[name] {
				kind = "integer"
			}
			as.Attributes = append(as.Attributes, gexf12.Attribute{ID: class + "_" + name, Title: name, Type: kind})
		}
		x.Graph.Attributes = append(x.Graph.Attributes, as)
	}
	nodeFacts, number := factNames(c.Nodes, ChartNode.facts)
	declare("node", nodeFacts, number)
	tieFacts, number := factNames(c.Ties, ChartTie.facts)
	declare("edge", tieFacts, number)
	values := func(class string, facts []Fact) *gexf12.AttValues {
		var vs gexf12.AttValues
		for _, f := range facts {
			vs.AttValues = append(vs.AttValues, gexf12.AttValue{For: class + "_" + f.Name, Value: f.Value})
		}
		return &vs
	}
	x.Graph.Nodes.Count, x.Graph.Edges.Count = len(c.Nodes), len(c.Ties)
	for _, n := range c.Nodes {
		x.Graph.Nodes.Nodes = append(x.Graph.Nodes.Nodes, gexf12.Node{ID: n.ID, Label: n.Label, AttValues: values("node", n.facts())})
	}
	for i, t := range c.Ties {
		x.Graph.Edges.Edges = append(x.Graph.Edges.Edges, gexf12.Edge{
			ID: strconv.Itoa(i), Source: c.Nodes[t.From].ID, Target: c.Nodes[t.To].ID, Weight: float64(t.Weight), AttValues: values("edge", t.facts()),
		})
	}
	return writeXML(w, x)
}

// writeXML writes a document as XML, indented.
func writeXML(w io.Writer, doc any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
