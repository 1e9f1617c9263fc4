package render_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
	"deconflict/graph"
)

// charts are one of each kind: of the public dataset, a notional one, of one nation, and of data in which every text is hostile. They are
// made once: read them only.
func charts(t testing.TB) map[string]*render.Chart {
	if drawn != nil {
		return drawn
	}
	datasets := map[string]*data.Dataset{"public": publicData(t), "hostile": hostileData(t)}
	if !testing.Short() {
		datasets["notional"] = notional(t)
	}
	out := map[string]*render.Chart{}
	for name, ds := range datasets {
		for _, view := range render.Views {
			out[name+" "+view] = chart(t, ds, view)
		}
	}
	out["one nation"] = chart(t, publicData(t), render.WholeView, "POL")
	out["one nation's partners"] = chart(t, publicData(t), render.CooperationView, "POL")
	drawn = out
	return out
}

var drawn map[string]*render.Chart

func chart(t testing.TB, ds *data.Dataset, view string, nations ...data.Nation) *render.Chart {
	r := report(t, ds, data.Scope{}, analysis.Options{Reports: []analysis.Question{analysis.Gap}})
	return render.NewChart(graph.New(ds, data.Scope{}), r, view, nations)
}

func hostileData(t testing.TB) *data.Dataset {
	ds := notional(t)
	const hostile = hostileText + ` \N \l {}; -- "];`
	ds.Title, ds.Name, ds.Description = hostile, hostile, hostile
	for i := range ds.Initiatives {
		ds.Initiatives[i].Name, ds.Initiatives[i].Summary = hostile, hostile
	}
	for i := range ds.Targets {
		ds.Targets[i].Record = ds.Targets[i].Named(ds.Targets[i].ID(), hostile)
		ds.Targets[i].Mark(hostile)
	}
	return ds
}

func charted(t testing.TB, format string, c *render.Chart) []byte {
	t.Helper()
	i := slices.IndexFunc(render.ChartFormats, func(f render.ChartFormat) bool { return f.Name == format })
	var b bytes.Buffer
	if err := render.ChartFormats[i].Write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A chart has the nodes and ties of the graph that it is made from, and each weighs what the graph says.
func TestChartIsTheGraph(t *testing.T) {
	for name, ds := range map[string]*data.Dataset{"public": publicData(t), "notional": notional(t)} {
		g := graph.New(ds, data.Scope{})
		for view, of := range map[string]interface{ weights() map[[2]string]float64 }{
			render.WholeView: planning{g}, render.CooperationView: cooperating{g.Cooperation()},
		} {
			c := chart(t, ds, view)
			want := of.weights()
			got := map[[2]string]float64{}
			for _, x := range c.Ties {
				a, b := codeOf(c.Nodes[x.From]), codeOf(c.Nodes[x.To])
				got[[2]string{min(a, b), max(a, b)}] += float64(x.Weight)
			}
			if len(got) != len(c.Ties) || len(got) != len(want) {
				t.Errorf("%s %s: %d ties between %d pairs, and the graph has %d", name, view, len(c.Ties), len(got), len(want))
			}
			for pair, w := range want {
				if got[pair] != w {
					t.Errorf("%s %s: %v weighs %v, and in the graph %v", name, view, pair, got[pair], w)
				}
			}
			nodes := g.Nodes().Len()
			if view == render.CooperationView {
				nodes = g.Cooperation().Nodes().Len()
			}
			if len(c.Nodes) != nodes {
				t.Errorf("%s %s: %d nodes, and the graph has %d", name, view, len(c.Nodes), nodes)
			}
		}
	}
}

type planning struct{ *graph.Graph }

func (p planning) weights() map[[2]string]float64 {
	out := map[[2]string]float64{}
	for es := p.Edges(); es.Next(); {
		e := es.Edge().(graph.Edge)
		out[[2]string{min(e.F.Code(), e.T.Code()), max(e.F.Code(), e.T.Code())}] = e.W
	}
	return out
}

type cooperating struct{ *graph.View }

func (c cooperating) weights() map[[2]string]float64 {
	out := map[[2]string]float64{}
	for es := c.Edges(); es.Next(); {
		e := es.Edge().(graph.Edge)
		out[[2]string{min(e.F.Code(), e.T.Code()), max(e.F.Code(), e.T.Code())}] = e.W
	}
	return out
}

func codeOf(n render.ChartNode) string {
	_, code, _ := strings.Cut(n.ID, "/")
	return code
}

// A chart that is narrowed to a nation has that nation, what it is tied to, and nothing else.
func TestChartOfOneNation(t *testing.T) {
	c := chart(t, publicData(t), render.WholeView, "POL")
	tied := map[int]bool{}
	for _, x := range c.Ties {
		tied[x.From], tied[x.To] = true, true
	}
	for i, n := range c.Nodes {
		if n.Kind == "nation" && n.ID != "nation/POL" {
			t.Errorf("%s is in it", n.ID)
		}
		if !tied[i] {
			t.Errorf("%s is tied to nothing", n.ID)
		}
	}
	c = chart(t, publicData(t), render.CooperationView, "POL")
	for _, x := range c.Ties {
		if c.Nodes[x.From].ID != "nation/POL" && c.Nodes[x.To].ID != "nation/POL" {
			t.Errorf("%s works with %s", c.Nodes[x.From].ID, c.Nodes[x.To].ID)
		}
	}
	if len(c.Ties) == 0 || len(c.Nodes) != len(c.Ties)+1 {
		t.Errorf("%d nodes and %d ties", len(c.Nodes), len(c.Ties))
	}
}

// Every file says how it is marked and of which day it is, is the same when made again, and holds no text that acts.
func TestChartFilesAreMarkedAndHarmless(t *testing.T) {
	for name, c := range charts(t) {
		for _, f := range render.ChartFormats {
			if !slices.Contains(f.Views, c.View) {
				continue
			}
			b := charted(t, f.Name, c)
			if !bytes.Equal(b, charted(t, f.Name, c)) {
				t.Errorf("%s, %s: not the same when made again", name, f.Name)
			}
			escaped := new(bytes.Buffer)
			if err := xml.EscapeText(escaped, []byte(render.Plain(string(c.Marking)))); err != nil {
				t.Fatal(err)
			}
			if f.Name != "dot" && !bytes.Contains(b, escaped.Bytes()) || !bytes.Contains(b, []byte("2026-06-30")) {
				t.Errorf("%s, %s: no marking or no day", name, f.Name)
			}
			for _, bad := range []string{"\x1b", "\u202e", "\u200b", "\x00", "<script", "]]>"} {
				if i := bytes.Index(b, []byte(bad)); i >= 0 {
					t.Errorf("%s, %s: %q in %q", name, f.Name, bad, b[max(0, i-40):i+10])
				}
			}
		}
	}
	if dot := charted(t, "dot", chart(t, publicData(t), render.WholeView)); !bytes.Contains(dot, []byte(`marking="PUBLIC"`)) || !bytes.Contains(dot, []byte(`label="PUBLIC\n`)) {
		t.Error("dot: no marking")
	}
}

// xmlTree is any XML.
type xmlTree struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []xmlTree  `xml:",any"`
	Text     string     `xml:",chardata"`
}

func (x xmlTree) attr(name string) string {
	for _, a := range x.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (x xmlTree) all(name string) (out []xmlTree) {
	if x.XMLName.Local == name {
		out = append(out, x)
	}
	for _, c := range x.Children {
		out = append(out, c.all(name)...)
	}
	return out
}

func parsed(t *testing.T, b []byte) xmlTree {
	t.Helper()
	var x xmlTree
	if err := xml.Unmarshal(b, &x); err != nil {
		t.Fatal(err)
	}
	return x
}

// Every value of a GraphML or GEXF file is declared with a type that it has, and every tie ends at nodes that are there.
func TestChartAttributesAreTyped(t *testing.T) {
	for name, c := range charts(t) {
		for _, format := range []struct{ name, declare, id, kind, value, ref string }{
			{"graphml", "key", "id", "attr.type", "data", "key"}, {"gexf", "attribute", "id", "type", "attvalue", "for"},
		} {
			x := parsed(t, charted(t, format.name, c))
			kinds := map[string]string{}
			for _, k := range x.all(format.declare) {
				kinds[k.attr(format.id)] = k.attr(format.kind)
			}
			for _, v := range x.all(format.value) {
				text := v.Text
				if format.name == "gexf" {
					text = v.attr("value")
				}
				switch kinds[v.attr(format.ref)] {
				case "string":
				case "int", "integer":
					if _, err := strconv.Atoi(text); err != nil {
						t.Errorf("%s, %s: %s is %q", name, format.name, v.attr(format.ref), text)
					}
				default:
					t.Errorf("%s, %s: %s is not declared", name, format.name, v.attr(format.ref))
				}
			}
			nodes := map[string]bool{}
			for _, n := range x.all("node") {
				nodes[n.attr("id")] = true
			}
			if len(nodes) != len(c.Nodes) || len(x.all("edge")) != len(c.Ties) {
				t.Errorf("%s, %s: %d nodes and %d edges, want %d and %d", name, format.name, len(nodes), len(x.all("edge")), len(c.Nodes), len(c.Ties))
			}
			for _, e := range x.all("edge") {
				if !nodes[e.attr("source")] || !nodes[e.attr("target")] {
					t.Errorf("%s, %s: an edge from %s to %s", name, format.name, e.attr("source"), e.attr("target"))
				}
			}
		}
	}
}

// networkx reads GraphML and GEXF back, with as many nodes and edges, and numbers that are numbers.
func TestNetworkxReadsCharts(t *testing.T) {
	python := "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import networkx").Run(); err != nil {
		t.Skip("networkx is not installed")
	}
	dir := t.TempDir()
	var want []string
	var files []string
	for name, c := range charts(t) {
		for _, format := range []string{"graphml", "gexf"} {
			path := filepath.Join(dir, strings.NewReplacer(" ", "-", "'", "").Replace(name)+"."+format)
			if err := os.WriteFile(path, charted(t, format, c), 0o644); err != nil {
				t.Fatal(err)
			}
			files = append(files, path)
			weight := 0
			for _, x := range c.Ties {
				weight += x.Weight
			}
			want = append(want, fmt.Sprintf("%d %d %d", len(c.Nodes), len(c.Ties), weight))
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	const script = `
import sys, networkx
for path in sys.argv[1:]:
    g = networkx.read_graphml(path) if path.endswith("graphml") else networkx.read_gexf(path)
    assert not g.is_directed() and not g.is_multigraph()
    assert all(d["kind"] and d["label"] for _, d in g.nodes(data=True))
    print(g.number_of_nodes(), g.number_of_edges(), int(sum(d["weight"] for _, _, d in g.edges(data=True))))
`
	out, err := exec.CommandContext(ctx, python, append([]string{"-c", script}, files...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	for i, f := range files {
		if i >= len(got) || got[i] != want[i] {
			t.Errorf("%s: nodes, edges and weight %v, want %s", filepath.Base(f), got[min(i, len(got)-1)], want[i])
		}
	}
}

// Graphviz accepts DOT, draws every node and tie, and shows hostile text as it is.
func TestGraphvizReadsCharts(t *testing.T) {
	dot, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("Graphviz is not installed")
	}
	for name, c := range charts(t) {
		if testing.Short() && name != "hostile planning" {
			continue
		}
		ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
		cmd := exec.CommandContext(ctx, dot, "-Tsvg")
		cmd.Stdin = bytes.NewReader(charted(t, "dot", c))
		var errs bytes.Buffer
		cmd.Stderr = &errs
		svg, err := cmd.Output()
		stop()
		if err != nil || errs.Len() > 0 {
			t.Fatalf("%s: %v: %s", name, err, &errs)
		}
		nodes, edges := bytes.Count(svg, []byte(`class="node"`)), bytes.Count(svg, []byte(`class="edge"`))
		if nodes != len(c.Nodes) || edges != len(c.Ties) {
			t.Errorf("%s: %d nodes and %d edges, want %d and %d", name, nodes, edges, len(c.Nodes), len(c.Ties))
		}
		if strings.HasPrefix(name, "hostile") && !bytes.Contains(svg, []byte("&lt;script&gt;")) {
			t.Errorf("%s: the text is not as it was", name)
		}
	}
}

// An ArchiMate model has the form that the exchange format's schema demands: elements in their order, identifiers that are unique and of
// type xs:ID, references that lead to what they should, types and relationships that ArchiMate knows, and views whose nodes do not overlap.
func TestArchiMateFollowsTheFormat(t *testing.T) {
	for name, c := range charts(t) {
		if c.View != render.WholeView {
			continue
		}
		gaps := name != "one nation" // of which none is known
		t.Run(name, func(t *testing.T) { checkArchiMate(t, parsed(t, charted(t, "archimate", c)), gaps) })
	}
}

// archiOrder are the children of each element of the format, in the order of its schema.
var archiOrder = map[string][]string{
	"model":               {"name", "documentation", "properties", "elements", "relationships", "organizations", "propertyDefinitions", "views"},
	"elements":            {"element"},
	"relationships":       {"relationship"},
	"element":             {"name", "documentation", "properties"},
	"relationship":        {"name", "documentation", "properties"},
	"properties":          {"property"},
	"property":            {"value"},
	"organizations":       {"item"},
	"item":                {"label", "documentation", "item"},
	"propertyDefinitions": {"propertyDefinition"},
	"propertyDefinition":  {"name"},
	"views":               {"diagrams"},
	"diagrams":            {"view"},
	"view":                {"name", "documentation", "node", "connection"},
	"node":                {"label"},
	"connection":          {},
	"name":                {}, "documentation": {}, "value": {}, "label": {},
}

// archiAllowed are the relationships of the ArchiMate 3.1 specification between the elements used here; an association is always allowed.
var archiAllowed = map[string][][2]string{
	"Assignment":  {{"Resource", "Capability"}},
	"Realization": {{"Resource", "Requirement"}},
}

func checkArchiMate(t *testing.T, model xmlTree, gaps bool) {
	const namespace = "http://www.opengroup.org/xsd/archimate/3.0/"
	ids, references := map[string]xmlTree{}, map[string][]string{}
	id := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)
	var walk func(x xmlTree)
	walk = func(x xmlTree) {
		order, known := archiOrder[x.XMLName.Local]
		if !known || x.XMLName.Space != namespace {
			t.Fatalf("element %s of %q", x.XMLName.Local, x.XMLName.Space)
		}
		last := 0
		for _, child := range x.Children {
			at := slices.Index(order, child.XMLName.Local)
			if at < last {
				t.Fatalf("%s comes where it may not in %s", child.XMLName.Local, x.XMLName.Local)
			}
			last = at
			walk(child)
		}
		if v := x.attr("identifier"); v != "" {
			if _, seen := ids[v]; seen || !id.MatchString(v) {
				t.Errorf("identifier %q", v)
			}
			ids[v] = x
		}
		for _, name := range []string{"source", "target", "identifierRef", "propertyDefinitionRef", "elementRef", "relationshipRef"} {
			if v := x.attr(name); v != "" {
				references[name] = append(references[name], v)
			}
		}
		switch x.XMLName.Local {
		case "model", "element", "relationship", "propertyDefinition", "view", "node", "connection":
			if x.attr("identifier") == "" {
				t.Errorf("%s without identifier", x.XMLName.Local)
			}
		case "elements", "relationships", "properties", "organizations", "propertyDefinitions", "diagrams":
			if len(x.Children) == 0 {
				t.Errorf("%s is empty", x.XMLName.Local)
			}
		}
		if slices.Contains([]string{"model", "element", "propertyDefinition", "view"}, x.XMLName.Local) && (len(x.Children) == 0 || x.Children[0].XMLName.Local != "name" || x.Children[0].Text == "") {
			t.Errorf("%s %s without a name", x.XMLName.Local, x.attr("identifier"))
		}
	}
	walk(model)
	for name, list := range references {
		for _, v := range list {
			of := ids[v].XMLName.Local
			ok := map[string]bool{
				"source": of == "element" || of == "node", "target": of == "element" || of == "node", "identifierRef": of == "element" || of == "relationship" || of == "view",
				"propertyDefinitionRef": of == "propertyDefinition", "elementRef": of == "element", "relationshipRef": of == "relationship",
			}[name]
			if !ok {
				t.Fatalf("%s leads to %q, %s", name, v, of)
			}
		}
	}
	kinds := map[string]int{}
	for _, e := range model.all("element") {
		kinds[e.attr("type")]++
	}
	for _, kind := range []string{"Capability", "Resource", "CourseOfAction", "Requirement", "Gap"} {
		if kinds[kind] == 0 && (kind != "Gap" || gaps) {
			t.Errorf("no %s", kind)
		}
		delete(kinds, kind)
	}
	if len(kinds) > 0 {
		t.Errorf("elements of other types: %v", kinds)
	}
	for _, r := range model.all("relationship") {
		if r.attr("type") == "Association" {
			continue
		}
		pair := [2]string{ids[r.attr("source")].attr("type"), ids[r.attr("target")].attr("type")}
		if !slices.Contains(archiAllowed[r.attr("type")], pair) {
			t.Errorf("%s from %s to %s", r.attr("type"), pair[0], pair[1])
		}
	}
	for _, d := range model.all("propertyDefinition") {
		if !slices.Contains([]string{"string", "boolean", "currency", "date", "time", "number"}, d.attr("type")) {
			t.Errorf("property of type %q", d.attr("type"))
		}
	}
	for _, p := range model.all("property") {
		value := p.Children[0].Text
		switch ids[p.attr("propertyDefinitionRef")].attr("type") {
		case "number":
			if _, err := strconv.ParseFloat(value, 64); err != nil {
				t.Errorf("the number %q", value)
			}
		case "date":
			if _, err := time.Parse(time.DateOnly, value); err != nil {
				t.Errorf("the date %q", value)
			}
		}
	}
	if len(model.all("view")) == 0 {
		t.Error("no view")
	}
	for _, view := range model.all("view") {
		checkArchiView(t, view, ids)
	}
	filed := map[string]int{}
	for _, item := range model.all("item") {
		filed[item.attr("identifierRef")]++
	}
	for v, x := range ids {
		if of := x.XMLName.Local; (of == "element" || of == "relationship" || of == "view") && filed[v] != 1 {
			t.Errorf("%s is in %d folders", v, filed[v])
		}
	}
}

func checkArchiView(t *testing.T, view xmlTree, ids map[string]xmlTree) {
	type box struct{ x, y, w, h int }
	var placed []box
	inside := map[string]string{}
	marked := false
	for _, n := range view.all("node") {
		var b box
		for name, to := range map[string]*int{"x": &b.x, "y": &b.y, "w": &b.w, "h": &b.h} {
			v, err := strconv.Atoi(n.attr(name))
			if err != nil || v < 0 {
				t.Errorf("%s of a node is %q", name, n.attr(name))
			}
			*to = v
		}
		for _, o := range placed {
			if b.x < o.x+o.w && o.x < b.x+b.w && b.y < o.y+o.h && o.y < b.y+b.h {
				t.Errorf("%s: nodes overlap at %v and %v", view.attr("identifier"), b, o)
			}
		}
		placed = append(placed, b)
		inside[n.attr("identifier")] = n.attr("elementRef")
		switch n.attr("type") {
		case "Element":
			if n.attr("elementRef") == "" {
				t.Error("a node of no element")
			}
		case "Label":
			marked = len(n.Children) == 1 && strings.Contains(n.Children[0].Text, "as of 2026-06-30")
		default:
			t.Errorf("a node of type %q", n.attr("type"))
		}
	}
	if !marked {
		t.Errorf("%s: no label with its marking and day", view.attr("identifier"))
	}
	for _, c := range view.all("connection") {
		r := ids[c.attr("relationshipRef")]
		if c.attr("type") != "Relationship" || inside[c.attr("source")] != r.attr("source") || inside[c.attr("target")] != r.attr("target") {
			t.Errorf("connection %s is not its relationship %s", c.attr("identifier"), c.attr("relationshipRef"))
		}
	}
}
