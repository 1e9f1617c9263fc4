package render_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
)

// webPage is a page as a browser reads it.
type webPage struct {
	*html.Node
	byID map[string]*html.Node
}

func parsePage(t testing.TB, page []byte) webPage {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	p := webPage{root, map[string]*html.Node{}}
	for n := range root.Descendants() {
		if id := attr(n, "id"); id != "" {
			if p.byID[id] != nil {
				t.Errorf("two elements are called %s", id)
			}
			p.byID[id] = n
		}
	}
	return p
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// all finds the elements of a tag under n, with a class if one is given: "table.counts".
func all(n *html.Node, selector string) (out []*html.Node) {
	tag, class, _ := strings.Cut(selector, ".")
	if n == nil {
		return nil
	}
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag && (class == "" || slices.Contains(strings.Fields(attr(d, "class")), class)) {
			out = append(out, d)
		}
	}
	return out
}

// textOf is what a reader sees of an element.
func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// cellsOf are the texts of the rows in the body of a table, which may hold other tables in its cells.
func cellsOf(table *html.Node) (rows [][]string) {
	if table == nil {
		return nil
	}
	for body := range table.ChildNodes() {
		if body.Data != "tbody" {
			continue
		}
		for tr := range body.ChildNodes() {
			var row []string
			for td := range tr.ChildNodes() {
				if td.Type == html.ElementNode {
					row = append(row, textOf(td))
				}
			}
			if row != nil {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func table(t testing.TB, n *html.Node, class string) *html.Node {
	t.Helper()
	found := all(n, "table."+class)
	if len(found) != 1 {
		t.Fatalf("%d tables of class %s", len(found), class)
	}
	return found[0]
}

// spaced is a text as a browser shows it.
func spaced(s string) string { return strings.Join(strings.Fields(render.Plain(s)), " ") }

// terms are the parts of an opened finding by their names.
func terms(dl *html.Node) map[string]*html.Node {
	out := map[string]*html.Node{}
	name := ""
	for n := range dl.ChildNodes() {
		switch n.Data {
		case "dt":
			name = textOf(n)
		case "dd":
			out[name] = n
		}
	}
	return out
}

// Every number and every sentence of the JSON report stands on the page, and at its place.
func TestHTMLSaysWhatTheReportSays(t *testing.T) {
	for name, r := range reports(t) {
		if testing.Short() && large(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var saved analysis.Report
			if err := json.Unmarshal(asJSON(t, r), &saved); err != nil {
				t.Fatal(err)
			}
			page := parsePage(t, written(t, "html", r, render.Options{}))
			sameAnswer(t, page, &saved)
			sameFindings(t, page, &saved)
			samePictures(t, page, &saved)
			sameNations(t, page, &saved)
			sameMethod(t, page, &saved)
		})
	}
}

// large reports take their time, and what is in them is in the others.
func large(name string) bool { return name == "public" || name == "unranked" || name == "notional" }

func sameAnswer(t *testing.T, page webPage, r *analysis.Report) {
	if got := textOf(all(page.byID["answer"], "h2")[0]); !strings.HasSuffix(got, fmt.Sprintf(": %d %s", len(r.Findings), map[bool]string{true: "finding", false: "findings"}[len(r.Findings) == 1])) {
		t.Errorf("headed %q for %d findings", got, len(r.Findings))
	}
	answer := textOf(page.byID["answer"])
	for _, b := range r.BottomLines {
		if !strings.Contains(answer, spaced(b.Text)) {
			t.Errorf("no bottom line %q", b.Text)
		}
	}
	var want [][]string
	severities := !slices.ContainsFunc(r.Findings, func(f analysis.Finding) bool { return f.Severity == "" })
	for _, c := range r.Summary {
		if !slices.ContainsFunc(r.Kinds, func(k analysis.Kind) bool { return k.Report == c.Report }) || c.Findings == 0 && c.Area == "" {
			continue
		}
		var row []string
		counts := []int{c.Critical, c.High, c.Medium, c.Low, c.Info, c.Findings}
		if !severities {
			counts = counts[5:]
		}
		for _, n := range counts {
			row = append(row, strconv.Itoa(n))
		}
		want = append(want, row)
	}
	for i, row := range cellsOf(table(t, page.Node, "counts")) {
		if i >= len(want) || !slices.Equal(row[2:], want[i]) {
			t.Errorf("row %d of the counts is %q, wanted %q", i+1, row, want[min(i, len(want)-1)])
		}
	}
}

func sameFindings(t *testing.T, page webPage, r *analysis.Report) {
	rows := map[string]*html.Node{}
	for _, list := range all(page.Node, "table.findings") {
		for _, tr := range all(list, "tr") {
			if strings.HasPrefix(attr(tr, "id"), "f") {
				rows[textOf(all(terms(all(tr, "dl")[0])["Id"], "code")[0])] = tr
			}
		}
	}
	if len(rows) != len(r.Findings) {
		t.Errorf("%d findings, wanted %d", len(rows), len(r.Findings))
	}
	for _, f := range r.Findings {
		tr := rows[spaced(f.ID)]
		if tr == nil {
			t.Errorf("no %s", f.ID)
			continue
		}
		says, parts := f.Tell(), terms(all(tr, "dl")[0])
		same := func(what, got, want string) {
			t.Helper()
			if got != spaced(want) {
				t.Errorf("%s: %s is %q, wanted %q", f.ID, what, got, spaced(want))
			}
		}
		same("its sentence", textOf(all(tr, "summary")[0]), says.Summary)
		same("how it comes about", textOf(parts["How it comes about"]), says.Explanation)
		if f.Verdict != "" {
			same("verdict", textOf(parts["Verdict"]), strings.TrimSuffix(f.Verdict+", "+f.Status, ", "))
		}
		var measures []string
		for _, m := range f.Measures {
			measures = append(measures, spaced(m.Name+" "+data.Units(m.Value, m.Unit)))
		}
		var got []string
		for _, li := range all(parts["Measures"], "li") {
			got = append(got, textOf(li))
		}
		if !slices.Equal(got, measures) {
			t.Errorf("%s: measures are %q, wanted %q", f.ID, got, measures)
		}
		if p := f.SeverityParts; p != nil {
			same("severity", textOf(parts["Severity"]), fmt.Sprintf("%s: size %s × urgency %s × (1 + share %s) / 2 = %s", f.Severity, p.Size, p.Urgency, p.Share, p.Score))
		} else if f.Severity != "" {
			same("severity", textOf(parts["Severity"]), string(f.Severity)+", by its kind and verdict")
		}
		same("nations", attr(tr, "data-nations"), strings.Join(texts(f.Nations), " "))
		if f.From != 0 {
			same("from", textOf(tr.LastChild), f.From.String())
		}
		same("when", textOf(parts["When"]), f.Period.String())
		var caveats []string
		for _, li := range all(parts["Caveats"], "li") {
			caveats = append(caveats, textOf(li))
		}
		if len(caveats) != len(says.Caveats) {
			t.Errorf("%s: caveats are %q", f.ID, caveats)
		}
		for _, id := range says.See {
			if !strings.Contains(textOf(parts["Related"]), spaced(id)) {
				t.Errorf("%s: does not lead to %s", f.ID, id)
			}
		}
		for _, d := range says.Details {
			sameDetail(t, f.ID, parts[spaced(d.Title)], d)
		}
		sameEvidence(t, page, f.ID, parts["Evidence"], says.Evidence, r)
	}
}

func texts[T ~string](list []T) (out []string) {
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

// sameDetail checks the rows that stand on the page, and that the others are counted.
func sameDetail(t *testing.T, id string, got *html.Node, d analysis.Detail) {
	if len(d.Columns) == 1 {
		var list []string
		for _, row := range d.Rows {
			list = append(list, spaced(row[0]))
		}
		if textOf(got) != strings.Join(list, ", ") {
			t.Errorf("%s: %s: %q", id, d.Title, textOf(got))
		}
		return
	}
	rows := cellsOf(all(got, "table")[0])
	if more := len(d.Rows) - len(rows); more > 0 && !strings.Contains(textOf(got), fmt.Sprintf("and %d more", more)) {
		t.Errorf("%s: %s: %d rows of %d", id, d.Title, len(rows), len(d.Rows))
	}
	for i, row := range rows {
		for k, cell := range row {
			if cell != spaced(d.Rows[i][k]) {
				t.Errorf("%s: %s: %q, wanted %q", id, d.Title, cell, d.Rows[i][k])
			}
		}
	}
}

// sameEvidence follows the numbers of the records to what they say.
func sameEvidence(t *testing.T, page webPage, id string, got *html.Node, evidence []analysis.Evidence, r *analysis.Report) {
	if !strings.HasPrefix(textOf(got), fmt.Sprintf("%d record", len(evidence))) {
		t.Errorf("%s: evidence %q, wanted %d records", id, textOf(got), len(evidence))
	}
	titles := map[string]string{}
	for _, s := range r.Sources.All() {
		titles[s.Code] = s.Title
	}
	found := map[string]bool{}
	for _, a := range all(got, "a") {
		from, to, several := strings.Cut(textOf(a), "–")
		first, _ := strconv.Atoi(from)
		last := first
		if several {
			last, _ = strconv.Atoi(to)
		}
		if attr(a, "href") != "#r"+from {
			t.Errorf("%s: %s leads to %s", id, from, attr(a, "href"))
		}
		for n := first; n <= last; n++ {
			row := page.byID["r"+strconv.Itoa(n)]
			if row == nil {
				t.Fatalf("%s: no record %d", id, n)
			}
			var cells []string
			for td := range row.ChildNodes() {
				if td.Data == "td" {
					cells = append(cells, textOf(td))
				}
			}
			group := row.Parent.FirstChild
			for group.Type != html.ElementNode {
				group = group.NextSibling
			}
			found[strings.Join(append(cells[1:], textOf(group)), "\n")] = true
		}
	}
	if more := len(evidence) - len(found); more > 0 && !strings.Contains(textOf(got), fmt.Sprintf("and %d more", more)) {
		t.Errorf("%s: %d records of %d: %s", id, len(found), len(evidence), textOf(got))
	}
	missing := 0
	for _, e := range evidence {
		told := e.Tell()
		told.Position.Column = 0
		var sources []string
		for _, s := range told.Sources {
			if title, ok := titles[s]; ok {
				s = title
			}
			sources = append(sources, spaced(s))
		}
		if len(sources) == 0 {
			sources = []string{"No source stated"}
		}
		says := spaced(told.Says)
		if told.Marking != "" && told.Marking != r.Marking {
			says += " " + string(told.Marking)
		}
		if !found[strings.Join([]string{spaced(told.Record), spaced(told.Position.String()), says, strings.Join(sources, "; ")}, "\n")] {
			missing++
		}
	}
	if missing != len(evidence)-len(found) {
		t.Errorf("%s: %d of %d records are not told as they are", id, missing, len(evidence))
	}
}

func samePictures(t *testing.T, page webPage, r *analysis.Report) {
	named, leaves := map[string]string{}, map[string]string{}
	for _, n := range r.Nations {
		named[n.Name] = n.Code
	}
	for _, l := range r.Capabilities {
		leaves[l.Name] = string(l.Code)
	}
	known := 0
	for _, m := range all(page.Node, "table.heat") {
		var columns []string
		for _, th := range all(all(m, "thead")[0], "th")[1:] {
			columns = append(columns, attr(th, "data-code"))
			if leaves[textOf(th)] != attr(th, "data-code") {
				t.Errorf("%s is called %s", attr(th, "data-code"), textOf(th))
			}
		}
		for _, row := range cellsOf(m) {
			i := slices.Index(texts(r.HeatMap.Nations), named[row[0]])
			for k, letter := range row[1:] {
				j := slices.Index(texts(r.HeatMap.Capabilities), columns[k])
				if want := string(r.HeatMap.At(i, j)); letter != want {
					t.Errorf("%s %s: %s, wanted %s", row[0], columns[k], letter, want)
				}
				if !strings.Contains(".-", letter) {
					known++
				}
			}
		}
	}
	want := 0
	for _, row := range r.HeatMap.Rows {
		want += len(strings.NewReplacer(".", "", "-", "").Replace(row))
	}
	if known != want {
		t.Errorf("%d known states in the heat map, wanted %d", known, want)
	}
	if len(r.Timeline.Lines) > 0 {
		rows := cellsOf(table(t, page.Node, "years"))
		if len(rows) != len(r.Timeline.Lines) {
			t.Errorf("%d lines in the timeline, wanted %d", len(rows), len(r.Timeline.Lines))
		}
		for i, l := range r.Timeline.Lines {
			for k, n := range l.Open {
				if rows[i][2+k] != strconv.Itoa(n) {
					t.Errorf("timeline of %s, %s: %q", l.Area, l.Shortfall, rows[i])
				}
			}
		}
	}
	if len(r.Cooperation.Together) > 0 {
		got := textOf(table(t, page.Node, "partners"))
		together := 0
		for _, row := range cellsOf(table(t, page.Node, "partners")) {
			if row[4] != "" {
				together += len(strings.Split(row[4], ", "))
			}
		}
		if together != 2*len(r.Cooperation.Together) {
			t.Errorf("%d ties told at both ends, wanted %d", together, 2*len(r.Cooperation.Together))
		}
		for _, x := range r.Cooperation.Together {
			if !strings.Contains(got, fmt.Sprintf("%s %d", x.A, x.Initiatives)) || !strings.Contains(got, fmt.Sprintf("%s %d", x.B, x.Initiatives)) {
				t.Errorf("no tie %v", x)
			}
		}
		drawn := 0
		for _, p := range all(all(page.Node, "svg.network")[0], "path") {
			if p.Parent.Data == "g" {
				drawn++
			}
		}
		if drawn != len(r.Cooperation.Together) {
			t.Errorf("%d ties drawn, wanted %d", drawn, len(r.Cooperation.Together))
		}
	}
}

func sameNations(t *testing.T, page webPage, r *analysis.Report) {
	nations := r.HeatMap.Nations
	if len(r.Profiles) > 0 {
		nations = nil
		for _, p := range r.Profiles {
			nations = append(nations, p.Nation)
			n := page.byID["n-"+string(p.Nation)]
			if len(p.Capabilities) > 0 {
				rows := cellsOf(table(t, n, "lines"))
				if len(rows) != len(p.Capabilities) {
					t.Fatalf("%s: %d capabilities, wanted %d", p.Nation, len(rows), len(p.Capabilities))
				}
				for i, c := range p.Capabilities {
					shown := func(q data.Quantity) string {
						if !q.Known() {
							return "–"
						}
						return q.String()
					}
					got := rows[i]
					if !strings.HasPrefix(got[0], string(c.State)) || got[len(got)-1] != shown(c.Held) || got[len(got)-2] != shown(c.OwnPlan) {
						t.Errorf("%s %s: %q", p.Nation, c.Capability, got)
					}
					for _, d := range c.Demand {
						if !strings.Contains(strings.Join(got, "|"), "|"+d.Target.String()+"|"+shown(d.Usable)+"|") {
							t.Errorf("%s %s: %q without what %s asks", p.Nation, c.Capability, got, d.Organisation)
						}
					}
				}
			}
			if len(p.Initiatives) > 0 && len(cellsOf(table(t, n, "initiatives"))) != len(p.Initiatives) {
				t.Errorf("%s: other initiatives", p.Nation)
			}
		}
	}
	for _, n := range nations {
		section := textOf(page.byID["n-"+string(n)])
		for _, q := range analysis.Questions {
			if !slices.ContainsFunc(r.Kinds, func(k analysis.Kind) bool { return k.Report == q }) {
				continue
			}
			count := 0
			for _, f := range r.Findings {
				if f.Report == q && slices.Contains(f.Nations, n) {
					count++
				}
			}
			if want := fmt.Sprintf("%s%s: %d finding", strings.ToUpper(string(q[:1])), q[1:], count); !strings.Contains(section, want) {
				t.Errorf("%s: no %q", n, want)
			}
		}
	}
}

func sameMethod(t *testing.T, page webPage, r *analysis.Report) {
	if len(r.NotAssessed) > 0 {
		rows := cellsOf(table(t, page.Node, "unanswered"))
		for i, n := range r.NotAssessed {
			if rows[i][1] != spaced(n.Reason) || rows[i][2] != strconv.Itoa(len(n.Subjects)) {
				t.Errorf("not assessed: %q, wanted %d: %s", rows[i], len(n.Subjects), n.Reason)
			}
			for _, s := range n.Subjects {
				if !strings.Contains(rows[i][3], spaced(s)) {
					t.Errorf("not assessed: no %s", s)
				}
			}
		}
	}
	rows := cellsOf(table(t, page.Node, "parameters"))
	for i, p := range r.Parameters {
		if rows[i][0] != p.Name || rows[i][1] != p.Value.String() {
			t.Errorf("parameter %q, wanted %s = %s", rows[i], p.Name, p.Value)
		}
	}
	method := textOf(page.byID["method"])
	for _, k := range r.Kinds {
		if !strings.Contains(method, spaced(k.Title)) || !strings.Contains(method, spaced(k.Formula)) {
			t.Errorf("no method of %s", k.Name)
		}
	}
	sources := all(page.byID["sources"], "li")
	for i, s := range r.Sources.All() {
		if got := textOf(sources[i]); !strings.HasPrefix(got, spaced(s.Title)) || !strings.Contains(got, spaced(s.URL)) {
			t.Errorf("source %q, wanted %s %s", got, s.Title, s.URL)
		}
	}
}

// What a reader of the page, with eyes or by ear, with a script or without, can rely on.
func TestHTMLStructure(t *testing.T) {
	for name, r := range reports(t) {
		if testing.Short() && large(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			made := written(t, "html", r, render.Options{})
			page := parsePage(t, made)
			body := all(page.Node, "body")[0]
			markings := all(body, "div.marking")
			if len(markings) != 2 || !strings.HasPrefix(textOf(markings[0]), string(r.Marking)) || textOf(markings[0]) != textOf(markings[1]) {
				t.Errorf("marked %d times, %q", len(markings), textOf(markings[0]))
			}
			if last := lastElement(body); last != markings[1] {
				t.Errorf("%s comes after the marking", last.Data)
			}
			text := textOf(body)
			for _, want := range []string{r.AsOf.String(), spaced(r.Dataset.Title), spaced(r.Incomplete()), r.Program} {
				if !strings.Contains(text, want) {
					t.Errorf("does not say %q", want)
				}
			}
			if notional := strings.Contains(string(r.Marking), "NOTIONAL"); notional != strings.Contains(text, "NOTIONAL DATA") {
				t.Error("notional data is not told from other data")
			}
			level := 0
			for n := range body.Descendants() {
				if k := strings.Index("h1h2h3h4h5h6", n.Data); n.Type == html.ElementNode && len(n.Data) == 2 && n.Data[0] == 'h' && k >= 0 {
					if k/2+1 > level+1 {
						t.Errorf("%s %q comes under a heading of level %d", n.Data, textOf(n), level)
					}
					level = k/2 + 1
				}
			}
			for _, a := range all(body, "a") {
				if to, ok := strings.CutPrefix(attr(a, "href"), "#"); ok && page.byID[to] == nil {
					t.Errorf("%q leads nowhere", to)
				}
			}
			for _, n := range all(body, "table") {
				inFinding := n.Parent.Parent.Data == "dd"
				if len(all(n, "caption")) == 0 && !inFinding {
					t.Errorf("a table has no caption: %.80s", textOf(n))
				}
			}
			for _, landmark := range []string{"header", "nav", "main", "footer"} {
				if len(all(body, landmark)) != 1 {
					t.Errorf("%d of %s", len(all(body, landmark)), landmark)
				}
			}
			if first := all(body, "a")[0]; attr(first, "href") != "#main" {
				t.Error("the first link does not skip to the content")
			}
			if form := all(body, "form")[0]; !hasAttr(form, "hidden") {
				t.Error("the form shows where no script makes it work")
			}
			loadsNothing(t, page, made)
		})
	}
}

func lastElement(n *html.Node) *html.Node {
	last := n.LastChild
	for last.Type != html.ElementNode {
		last = last.PrevSibling
	}
	return last
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// loadsNothing checks that the page's policy names its one style and its one script by their sums, that nothing in it loads or
// runs anything else, and that its addresses are web addresses which tell nobody where a reader comes from.
func loadsNothing(t *testing.T, page webPage, made []byte) {
	t.Helper()
	policy := ""
	for _, m := range all(page.Node, "meta") {
		if attr(m, "http-equiv") == "Content-Security-Policy" {
			policy = attr(m, "content")
		}
	}
	if !strings.HasPrefix(policy, "default-src 'none';") {
		t.Errorf("policy %q", policy)
	}
	for _, tag := range []string{"style", "script"} {
		found := all(page.Node, tag)
		if len(found) != 1 {
			t.Fatalf("%d of %s", len(found), tag)
		}
		sum := sha256.Sum256([]byte(found[0].FirstChild.Data))
		if want := tag + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) {
			t.Errorf("policy %q without %s", policy, want)
		}
	}
	for n := range page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains([]string{"img", "link", "iframe", "object", "embed", "base", "audio", "video", "image", "use"}, n.Data) {
			t.Errorf("%s", n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src", a.Key == "srcdoc", a.Key == "action":
				t.Errorf("%s %s=%q", n.Data, a.Key, a.Val)
			case a.Key == "href" && !strings.HasPrefix(a.Val, "#"):
				u, err := url.Parse(a.Val)
				if err != nil || u.Scheme != "http" && u.Scheme != "https" || !strings.Contains(attr(n, "rel"), "noreferrer") {
					t.Errorf("%s %s=%q, rel=%q", n.Data, a.Key, a.Val, attr(n, "rel"))
				}
			}
		}
	}
	if bad := regexp.MustCompile("[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]").Find(made); bad != nil {
		t.Errorf("%q", bad)
	}
}

// Text from data is only ever text.
func TestBehaviour14_HostileTextInHTML(t *testing.T) {
	plain, _ := hostilePage(t, "harmless")
	harmless := tagsOf(plain)
	for i, hostile := range []string{
		`<img src=x onerror=alert(1)>`, `"><script>alert(1)</script>`, `</style><script>alert(1)</script>`, `</title></textarea></svg><b>`, `' onmouseover='alert(1)`,
		`javascript:alert(1)`, `{{.}}`, "<!-- a", "]]>", "&lt;b&gt;", "a\x00\x1b[2J\u202eb\u200bc\u2028d", "</summary></details></table>", `#" href="https://example.org`,
	} {
		if testing.Short() && i%3 > 0 {
			continue // each makes a report of its own
		}
		page, made := hostilePage(t, hostile)
		loadsNothing(t, page, made)
		for tag, n := range tagsOf(page) {
			if n != harmless[tag] {
				t.Errorf("%q makes %d of %s, wanted %d", hostile, n, tag, harmless[tag])
			}
		}
		summary := ""
		for _, s := range all(page.Node, "summary") {
			if strings.Contains(strings.ReplaceAll(textOf(s), "\ufffd", ""), spaced(hostile)) {
				summary = textOf(s)
			}
		}
		if summary == "" {
			t.Errorf("%q does not stand there", hostile)
		}
	}
}

func hostilePage(t *testing.T, hostile string) (webPage, []byte) {
	t.Helper()
	r := hostileReport(t, hostile)
	r.Sources = analysis.Sources([]analysis.SourceLine{{Code: hostile, Title: hostile, URL: hostile}, {Code: "2", Title: hostile, URL: "https://example.org/" + hostile}})
	made := written(t, "html", r, render.Options{})
	return parsePage(t, made), made
}

func tagsOf(page webPage) map[string]int {
	tags := map[string]int{}
	for n := range page.Descendants() {
		if n.Type == html.ElementNode {
			tags[n.Data]++
		}
	}
	return tags
}

// The same report is the same bytes: on one core or on eight, now or from a saved report.
func TestHTMLIsTheSameBytes(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, name := range []string{"public", "nation", "notional"} {
		if testing.Short() && large(name) {
			continue
		}
		r := reports(t)[name]
		first := written(t, "html", r, render.Options{})
		runtime.GOMAXPROCS(8)
		saved, err := render.Read(bytes.NewReader(asJSON(t, r)))
		if err != nil {
			t.Fatal(err)
		}
		if again := written(t, "html", saved, render.Options{}); !bytes.Equal(first, again) {
			t.Errorf("%s: %s", name, firstDifference(first, again))
		}
	}
}

// The page on the public dataset can be sent by mail.
func TestHTMLSize(t *testing.T) {
	if n := len(written(t, "html", reports(t)["public"], render.Options{})); n > 1_000_000 {
		t.Errorf("%d bytes", n)
	}
}

// What is left out of a large page is counted where it would stand.
func TestHTMLOfManyFindings(t *testing.T) {
	r := *reports(t)["notional"]
	var gap analysis.Finding
	for _, f := range r.Findings {
		if f.Report == analysis.Gap {
			gap = f
		}
	}
	r.Findings = nil
	for i := range 1600 {
		gap.ID = "nation-gap:" + strconv.Itoa(i)
		r.Findings = append(r.Findings, gap)
	}
	page := parsePage(t, written(t, "html", &r, render.Options{}))
	text := textOf(page.byID["findings"])
	if rows := len(cellsOf(all(page.byID["findings"], "table.findings")[0])); rows != 1500 || !strings.Contains(text, "Gap: 1600 findings The 1500 most severe of 1600 stand here") || !strings.Contains(text, "-o report.json") {
		t.Errorf("%d rows: %.300s", rows, text)
	}
}

// The page of a difference says every change with its numbers, and keeps the manners of a report's.
func TestDifferenceAsHTML(t *testing.T) {
	for name, d := range differences(t) {
		t.Run(name, func(t *testing.T) {
			made := writtenDifference(t, "html", d, render.Options{})
			page := parsePage(t, made)
			loadsNothing(t, page, made)
			if !bytes.Equal(made, writtenDifference(t, "html", d, render.Options{})) {
				t.Error("other bytes the second time")
			}
			for i, row := range cellsOf(table(t, page.Node, "counts")) {
				var want []string
				for _, k := range analysis.ChangeKinds {
					want = append(want, strconv.Itoa(d.Summary[i].Of(k)))
				}
				if want = append(want, strconv.Itoa(d.Summary[i].Same)); !slices.Equal(row[1:], want) {
					t.Errorf("counts %q, wanted %q", row, want)
				}
			}
			rows := map[string]string{}
			for _, list := range all(page.Node, "table.findings") {
				for _, tr := range all(list, "tr") {
					if dl := all(tr, "dl"); len(dl) > 0 {
						rows[textOf(all(terms(dl[0])["Id"], "code")[0])] = textOf(tr)
					}
				}
			}
			if len(rows) != len(d.Changes) {
				t.Errorf("%d changes, wanted %d", len(rows), len(d.Changes))
			}
			for _, c := range d.Changes {
				got, says := rows[spaced(c.ID)], c.Finding().Tell()
				for _, want := range []string{spaced(says.Summary), spaced(says.Explanation), string(c.Finding().Severity)} {
					if !strings.Contains(got, want) {
						t.Errorf("%s: no %q in %q", c.ID, want, got)
					}
				}
				for _, m := range c.Measures {
					if c.Before != nil && c.After != nil && m.Before.Known() && m.After.Known() && !strings.Contains(got, m.Name+" "+m.Before.String()+" → "+m.After.String()) {
						t.Errorf("%s: no %s %s → %s in %q", c.ID, m.Name, m.Before, m.After, got)
					}
				}
			}
		})
	}
}
