package render_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"deconflict/analysis"
	"deconflict/analysis/render"
)

// decks are one of every kind of report. They are made once: read them only.
func decks(t testing.TB) map[string][]byte {
	if briefed != nil {
		return briefed
	}
	briefed = map[string][]byte{}
	for name, r := range reports(t) {
		briefed[name] = written(t, "pptx", r, render.Options{})
	}
	return briefed
}

var briefed map[string][]byte

// xmlNode is an element of a part, as a test looks at it.
type xmlNode struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Text    string     `xml:",chardata"`
	Nodes   []xmlNode  `xml:",any"`
}

func (n *xmlNode) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// all are the elements of a name below a node.
func (n *xmlNode) all(name string) (out []*xmlNode) {
	for i := range n.Nodes {
		if n.Nodes[i].XMLName.Local == name {
			out = append(out, &n.Nodes[i])
		}
		out = append(out, n.Nodes[i].all(name)...)
	}
	return out
}

// first is the first element of a name below a node; empty where there is none.
func (n *xmlNode) first(name string) *xmlNode {
	if found := n.all(name); len(found) > 0 {
		return found[0]
	}
	return &xmlNode{}
}

// child is the first element of a name right below a node.
func (n *xmlNode) child(name string) *xmlNode {
	for i := range n.Nodes {
		if n.Nodes[i].XMLName.Local == name {
			return &n.Nodes[i]
		}
	}
	return &xmlNode{}
}

func (n *xmlNode) texts() string {
	var b strings.Builder
	for _, p := range n.all("p") {
		for _, t := range p.all("t") {
			b.WriteString(t.Text)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

func xmlOf(t testing.TB, b []byte) *xmlNode {
	t.Helper()
	var n xmlNode
	if err := xml.Unmarshal(b, &n); err != nil {
		t.Fatal(err)
	}
	return &n
}

// slidesOf are the slides of a deck in their order.
func slidesOf(t testing.TB, files map[string][]byte) (out []*xmlNode) {
	t.Helper()
	for i := 1; ; i++ {
		b, ok := files[fmt.Sprintf("ppt/slides/slide%d.xml", i)]
		if !ok {
			return out
		}
		out = append(out, xmlOf(t, b))
	}
}

// repairs are what is wrong with a package: what makes PowerPoint offer to repair it, be it against the schema or not.
func repairs(files map[string][]byte) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	parse := func(name string) *xmlNode {
		var n xmlNode
		if err := xml.Unmarshal(files[name], &n); err != nil {
			say("%s: not well formed: %v", name, err)
		}
		return &n
	}
	defaults, overrides := map[string]string{}, map[string]string{}
	types := parse("[Content_Types].xml")
	for _, n := range types.all("Default") {
		defaults[n.attr("Extension")] = n.attr("ContentType")
	}
	for _, n := range types.all("Override") {
		name := strings.TrimPrefix(n.attr("PartName"), "/")
		if overrides[name] != "" {
			say("%s has two content types", name)
		}
		overrides[name] = n.attr("ContentType")
		if files[name] == nil {
			say("content type for %s, which is not there", name)
		}
	}
	reached, ids := map[string]bool{}, map[string]map[string]string{}
	for name := range files {
		if name == "[Content_Types].xml" {
			continue
		}
		if overrides[name] == "" && (defaults[strings.TrimPrefix(filepath.Ext(name), ".")] == "" || strings.HasPrefix(name, "ppt/") && strings.HasSuffix(name, ".xml")) {
			say("%s has no content type", name)
		}
		if !strings.HasSuffix(name, ".rels") {
			continue
		}
		dir, file := filepath.Split(name)
		of := filepath.Join(filepath.Dir(filepath.Clean(dir)), strings.TrimSuffix(file, ".rels"))
		ids[of] = map[string]string{}
		for _, n := range parse(name).all("Relationship") {
			if ids[of][n.attr("Id")] != "" {
				say("%s: two relations %s", name, n.attr("Id"))
			}
			target := n.attr("Target")
			ids[of][n.attr("Id")] = target
			if n.attr("TargetMode") == "External" {
				continue
			}
			if strings.HasPrefix(target, "/") {
				target = target[1:]
			} else {
				target = filepath.Join(filepath.Dir(of), target)
			}
			if files[target] == nil {
				say("%s leads to %s, which is not there", name, target)
			}
			reached[target] = true
		}
	}
	for name := range files {
		if name != "[Content_Types].xml" && !strings.HasSuffix(name, ".rels") && !reached[name] {
			say("nothing leads to %s", name)
		}
	}
	sheets := map[string]string{} // ids of masters and layouts
	for name := range files {
		if !strings.HasSuffix(name, ".xml") || name == "[Content_Types].xml" {
			continue
		}
		root := parse(name)
		looked := map[string]bool{}
		var look func(n *xmlNode)
		look = func(n *xmlNode) {
			for _, a := range n.Attrs {
				if a.Value == "NaN" || strings.HasSuffix(a.Value, "Inf") {
					say("%s: %s %s=%q", name, n.XMLName.Local, a.Name.Local, a.Value)
				}
				if a.Name.Space == "http://schemas.openxmlformats.org/officeDocument/2006/relationships" && ids[name][a.Value] == "" {
					say("%s: %s refers to relation %q, which is not there", name, n.XMLName.Local, a.Value)
				}
			}
			has := func(child string) bool {
				return slices.ContainsFunc(n.Nodes, func(c xmlNode) bool { return c.XMLName.Local == child })
			}
			switch n.XMLName.Local {
			case "sp":
				if !has("txBody") && n.first("ph").attr("type") != "sldImg" {
					say("%s: p:sp without p:txBody", name)
				}
			case "ln", "lnL", "lnR", "lnT", "lnB":
				if len(n.Nodes) == 0 {
					say("%s: empty a:%s", name, n.XMLName.Local)
				}
			case "bgPr":
				if has("solidFill") && !has("effectLst") {
					say("%s: solid p:bgPr without a:effectLst", name)
				}
			case "ext":
				for _, side := range []string{"cx", "cy"} {
					if strings.HasPrefix(n.attr(side), "-") {
						say("%s: negative a:ext", name)
					}
				}
			case "bodyPr", "tcPr":
				if a := n.attr("anchor"); a != "" && !slices.Contains([]string{"t", "ctr", "b", "just", "dist"}, a) {
					say("%s: anchor=%q", name, a)
				}
			case "cNvPr":
				if looked[n.attr("id")] {
					say("%s: two shapes with id %s", name, n.attr("id"))
				}
				looked[n.attr("id")] = true
			case "sldId":
				if id, err := strconv.Atoi(n.attr("id")); err != nil || id < 256 || id >= 1<<31 {
					say("%s: slide id %q", name, n.attr("id"))
				}
				if n.XMLName.Space == "http://schemas.openxmlformats.org/presentationml/2006/main" {
					if looked["slide "+n.attr("id")] {
						say("%s: two slides with id %s", name, n.attr("id"))
					}
					looked["slide "+n.attr("id")] = true
				}
			case "sldMasterId", "sldLayoutId":
				id := n.attr("id")
				if v, err := strconv.ParseUint(id, 10, 32); err != nil || v < 1<<31 {
					say("%s: layout id %q", name, id)
				}
				if sheets[id] != "" {
					say("%s and %s both use id %s", name, sheets[id], id)
				}
				sheets[id] = name
			case "tr":
				if cells := len(n.all("tc")); cells == 0 {
					say("%s: a row without cells", name)
				}
			case "tbl":
				columns := len(n.first("tblGrid").all("gridCol"))
				for _, row := range n.all("tr") {
					if len(row.all("tc")) != columns {
						say("%s: a row of %d cells in a table of %d columns", name, len(row.all("tc")), columns)
					}
				}
			case "txBody":
				if len(n.all("p")) == 0 {
					say("%s: text without a paragraph", name)
				}
			}
			if order := orders[n.XMLName.Local]; order != nil {
				last := 0
				for i := range n.Nodes {
					child := n.Nodes[i].XMLName.Local
					if child == "br" || child == "fld" { // stand among the runs
						child = "r"
					}
					if k := slices.Index(order, child); k < last {
						say("%s: %s holds %s where it must not", name, n.XMLName.Local, n.Nodes[i].XMLName.Local)
					} else {
						last = k
					}
				}
			}
			for i := range n.Nodes {
				look(&n.Nodes[i])
			}
		}
		look(root)
	}
	slices.Sort(wrong)
	return wrong
}

// orders are the sequences of the standard's schema (ECMA-376, part 1) that PowerPoint insists on.
var orders = map[string][]string{
	"presentation": {"sldMasterIdLst", "notesMasterIdLst", "handoutMasterIdLst", "sldIdLst", "sldSz", "notesSz", "smartTags", "embeddedFontLst", "custShowLst", "photoAlbum", "custDataLst", "kinsoku", "defaultTextStyle", "modifyVerifier", "extLst"},
	"sld":          {"cSld", "clrMapOvr", "transition", "timing", "extLst"},
	"sp":           {"nvSpPr", "spPr", "style", "txBody", "extLst"},
	"cxnSp":        {"nvCxnSpPr", "spPr", "style", "extLst"},
	"graphicFrame": {"nvGraphicFramePr", "xfrm", "graphic", "extLst"},
	"pPr":          {"lnSpc", "spcBef", "spcAft", "buClrTx", "buClr", "buSzTx", "buSzPct", "buSzPts", "buFontTx", "buFont", "buNone", "buAutoNum", "buChar", "buBlip", "tabLst", "defRPr", "extLst"},
	"rPr":          {"ln", "noFill", "solidFill", "gradFill", "effectLst", "highlight", "latin", "ea", "cs", "sym", "hlinkClick", "extLst"},
	"p":            {"pPr", "r", "endParaRPr"},
	"tcPr":         {"lnL", "lnR", "lnT", "lnB", "lnTlToBr", "lnBlToTr", "cell3D", "noFill", "solidFill", "gradFill", "extLst"},
	"tbl":          {"tblPr", "tblGrid", "tr"},
	"chartSpace":   {"date1904", "lang", "roundedCorners", "AlternateContent", "style", "clrMapOvr", "pivotSource", "protection", "chart", "spPr", "txPr", "externalData", "printSettings", "userShapes", "extLst"},
	"chart":        {"title", "autoTitleDeleted", "pivotFmts", "view3D", "floor", "sideWall", "backWall", "plotArea", "legend", "plotVisOnly", "dispBlanksAs"},
	"barChart":     {"barDir", "grouping", "varyColors", "ser", "dLbls", "gapWidth", "overlap", "serLines", "axId"},
	"ser":          {"idx", "order", "tx", "spPr", "invertIfNegative", "pictureOptions", "dPt", "dLbls", "trendline", "errBars", "cat", "val"},
	"catAx":        {"axId", "scaling", "delete", "axPos", "majorGridlines", "minorGridlines", "title", "numFmt", "majorTickMark", "minorTickMark", "tickLblPos", "spPr", "txPr", "crossAx", "crosses", "auto", "lblAlgn", "lblOffset", "tickLblSkip", "tickMarkSkip", "noMultiLvlLbl"},
	"valAx":        {"axId", "scaling", "delete", "axPos", "majorGridlines", "minorGridlines", "title", "numFmt", "majorTickMark", "minorTickMark", "tickLblPos", "spPr", "txPr", "crossAx", "crosses", "crossBetween", "majorUnit"},
	"scaling":      {"logBase", "orientation", "max", "min"},
}

// Every deck opens without repair.
func TestDecksNeedNoRepair(t *testing.T) {
	for name, deck := range decks(t) {
		t.Run(name, func(t *testing.T) {
			for _, wrong := range repairs(partsOf(t, deck)) {
				t.Error(wrong)
			}
		})
	}
}

// What makes PowerPoint offer a repair is seen: each of these breaks a good deck in one place.
func TestRepairsAreSeen(t *testing.T) {
	whole := partsOf(t, decks(t)["nothing"])
	tabled := "" // a slide with a table
	for name, b := range whole {
		if bytes.Contains(b, []byte("</a:tblGrid>")) {
			tabled = name
		}
	}
	slide := func(old, new string) func(map[string][]byte) {
		return func(files map[string][]byte) { replaceIn(files, "ppt/slides/slide1.xml", old, new) }
	}
	for says, damage := range map[string]func(map[string][]byte){
		"content type for ppt/gone.xml": func(f map[string][]byte) {
			replaceIn(f, "[Content_Types].xml", "</Types>", `<Override PartName="/ppt/gone.xml" ContentType="text/xml"/></Types>`)
		},
		"p:sp without p:txBody": func(f map[string][]byte) {
			f["ppt/slides/slide1.xml"] = regexp.MustCompile(`(?s)<p:txBody>.*?</p:txBody>`).ReplaceAll(f["ppt/slides/slide1.xml"], nil)
		},
		`="NaN"`:     slide(`y="0"`, `y="NaN"`),
		"empty a:ln": slide(`<a:ln w="0"><a:noFill/></a:ln>`, `<a:ln/>`),
		"solid p:bgPr": func(f map[string][]byte) {
			replaceIn(f, "ppt/slideMasters/slideMaster1.xml", "<a:effectLst/></p:bgPr>", "</p:bgPr>")
		},
		"negative a:ext":     slide(`cx="0"`, `cx="-1"`),
		`anchor="mid"`:       slide(`anchor="ctr"`, `anchor="mid"`),
		"two shapes with id": slide(`id="3"`, `id="2"`),
		"slide id":           func(f map[string][]byte) { replaceIn(f, "ppt/presentation.xml", `id="256"`, `id="255"`) },
		"two slides with id": func(f map[string][]byte) { replaceIn(f, "ppt/presentation.xml", `id="257"`, `id="256"`) },
		"both use id": func(f map[string][]byte) {
			replaceIn(f, "ppt/slideMasters/slideMaster1.xml", "2147483649", "2147483648")
		},
		"leads to":            func(f map[string][]byte) { delete(f, "ppt/slideLayouts/slideLayout2.xml") },
		"nothing leads to":    func(f map[string][]byte) { f["ppt/media/left.xml"] = []byte("<x/>") },
		"has no content type": func(f map[string][]byte) { f["ppt/media/left.bin"] = []byte("x") },
		"refers to relation":  func(f map[string][]byte) { replaceIn(f, "ppt/presentation.xml", `r:id="rId1"`, `r:id="rId999"`) },
		"not well formed":     slide("</p:sld>", ""),
		"cells in a table": func(f map[string][]byte) {
			replaceIn(f, tabled, "</a:tblGrid>", `<a:gridCol w="1"/></a:tblGrid>`)
		},
		"holds pPr where": slide("<a:endParaRPr", `<a:r><a:t>x</a:t></a:r><a:pPr/><a:endParaRPr`),
	} {
		files := map[string][]byte{}
		for name, b := range whole {
			files[name] = b
		}
		damage(files)
		if wrong := repairs(files); !slices.ContainsFunc(wrong, func(w string) bool { return strings.Contains(w, says) }) {
			t.Errorf("%s: not seen; %q", says, wrong)
		}
	}
}

// replaceIn changes the first of a text in a file.
func replaceIn(files map[string][]byte, name, old, new string) {
	if !bytes.Contains(files[name], []byte(old)) {
		panic(name + " has no " + old)
	}
	files[name] = bytes.Replace(files[name], []byte(old), []byte(new), 1)
}

// Every slide has a title in its placeholder, the marking first and last, its number, source and date, the note on the data, and notes;
// each table, chart and drawing has an alternative text; all text has its language.
func TestDeckSlides(t *testing.T) {
	for name, deck := range decks(t) {
		t.Run(name, func(t *testing.T) {
			r, files := reports(t)[name], partsOf(t, deck)
			slides := slidesOf(t, files)
			for i, s := range slides {
				where := fmt.Sprintf("slide %d", i+1)
				shapes := s.first("spTree").Nodes[2:]
				text := s.texts()
				title := shapes[0]
				if title.first("ph").attr("type") != "title" || len(title.texts()) < 10 {
					t.Errorf("%s: no title: %q", where, title.texts())
				}
				last := shapes[len(shapes)-1]
				if got := []string{shapes[1].texts(), last.texts()}; got[0] != string(r.Marking) || got[1] != string(r.Marking) {
					t.Errorf("%s: marked %q", where, got)
				}
				for _, wanted := range []string{fmt.Sprintf("%d/%d", i+1, len(slides)), "As of " + r.AsOf.String(), "Source: " + r.Dataset.Title, "compiled as of " + r.Dataset.AsOf.String()} {
					if !strings.Contains(strings.ReplaceAll(text, "\n", " "), wanted) {
						t.Errorf("%s lacks %q", where, wanted)
					}
				}
				if r.Incomplete() != "" && !strings.Contains(text, "Note: Compiled from public sources, dated and incomplete.") {
					t.Errorf("%s does not say that the data is incomplete", where)
				}
				if strings.Contains(string(r.Marking), "NOTIONAL") && !strings.Contains(text, "NOTIONAL DATA") {
					t.Errorf("%s does not say that the data is notional", where)
				}
				for _, kind := range []string{"graphicFrame", "grpSp", "pic"} {
					for _, x := range s.all(kind) {
						if x.first("cNvPr").attr("descr") == "" {
							t.Errorf("%s: %s without an alternative text", where, x.first("cNvPr").attr("name"))
						}
					}
				}
				for _, x := range append(s.all("rPr"), s.all("endParaRPr")...) {
					if x.attr("lang") != "en-GB" {
						t.Errorf("%s: text in %q", where, x.attr("lang"))
					}
				}
				notes := xmlOf(t, files[fmt.Sprintf("ppt/notesSlides/notesSlide%d.xml", i+1)])
				if notes.texts() == "" {
					t.Errorf("%s has no notes", where)
				}
			}
			day := r.AsOf.String() + "T00:00:00Z"
			if core := string(files["docProps/core.xml"]); strings.Count(core, day) != 2 {
				t.Errorf("made at another time: %s", core)
			}
		})
	}
}

// Text is large enough for the back of a room: content 14 points, titles 24 unless a long name takes more room, letters of the heat map 9.
func TestDeckTextIsLarge(t *testing.T) {
	for _, name := range []string{"public", "notional", "notional nations", "nation"} {
		for i, s := range slidesOf(t, partsOf(t, decks(t)[name])) {
			small := map[string]bool{}
			isMap := slices.ContainsFunc(s.all("cNvPr"), func(n *xmlNode) bool { return n.attr("name") == "Heat map" })
			var nodes []*xmlNode // of networks, which are as small as there are many
			for _, g := range s.all("grpSp") {
				nodes = append(nodes, g.all("sp")...)
			}
			for _, sp := range append(s.all("sp"), s.all("graphicFrame")...) {
				shape := sp.first("cNvPr").attr("name")
				least := 14.0
				switch {
				case slices.Contains(nodes, sp):
					least = 8
				case shape == "Source" || strings.HasPrefix(shape, "Date") || strings.HasPrefix(shape, "Marking") || isMap && !strings.HasPrefix(shape, "Meaning"):
					least = 9
				case sp.first("ph").attr("type") == "title":
					least = 20
				}
				for _, run := range sp.all("r") {
					if v, err := strconv.ParseFloat(run.first("rPr").attr("sz"), 64); err == nil && v/100 < least {
						small[fmt.Sprintf("%s at %v", shape, v/100)] = true
					}
				}
			}
			if len(small) > 0 {
				t.Errorf("%s, slide %d: %v", name, i+1, small)
			}
		}
	}
}

// A deck says what the report says: the bottom lines, the heat map, the findings and their arithmetic, and where to read on.
func TestDeckSaysWhatTheReportSays(t *testing.T) {
	for _, name := range []string{"public", "notional"} {
		t.Run(name, func(t *testing.T) {
			var saved analysis.Report
			if err := json.Unmarshal(asJSON(t, reports(t)[name]), &saved); err != nil {
				t.Fatal(err)
			}
			files := partsOf(t, decks(t)[name])
			slides := slidesOf(t, files)
			first := strings.ToLower(slides[0].texts())
			for _, b := range saved.BottomLines {
				if b.Area != "" {
					continue
				}
				for _, c := range b.Clauses {
					if !strings.Contains(first, strings.ToLower(c)) {
						t.Errorf("the first slide lacks %q", c)
					}
				}
			}
			// every letter of the heat map, by nation and area
			column := map[string]int{}
			for j, c := range saved.HeatMap.Capabilities {
				column[saved.Leaf(c).Name] = j
			}
			row := map[string]int{}
			for i, n := range saved.HeatMap.Nations {
				row[string(n)+" "+saved.NationName(n)] = i
			}
			cells, known := 0, 0
			for _, s := range slides {
				var heads []string
				for _, sp := range s.all("sp") {
					if strings.HasPrefix(sp.first("cNvPr").attr("name"), "Name of column") {
						_, name, _ := strings.Cut(sp.texts(), "  ")
						heads = append(heads, name)
					}
				}
				if len(heads) == 0 {
					continue
				}
				for _, tr := range s.first("tbl").all("tr")[1:] {
					letters := tr.all("tc")
					i, ok := row[letters[0].texts()]
					if !ok {
						t.Errorf("no nation %q", letters[0].texts())
						continue
					}
					for k, cell := range letters[1:] {
						j, ok := column[heads[k]]
						if !ok {
							t.Fatalf("no capability %q", heads[k])
						}
						cells++
						if got, want := cell.texts(), string(saved.HeatMap.At(i, j)); got != want {
							t.Errorf("%s on %s: %q, wanted %q", letters[0].texts(), heads[k], got, want)
						} else if want != "." && want != "-" {
							known++
						}
					}
				}
			}
			want := 0
			for _, s := range analysis.States {
				if s.State != analysis.NoData && s.State != analysis.NotEligible {
					want += saved.HeatMap.Count(s.State)
				}
			}
			if cells == 0 || known != want {
				t.Errorf("%d of %d known states in %d cells", known, want, cells)
			}
			// every finding that is listed has its words on the slide and its arithmetic in the notes
			listed := map[string]bool{}
			by := map[string]*analysis.Finding{}
			for i := range saved.Findings {
				by[render.Plain(saved.Findings[i].Tell().Summary)] = &saved.Findings[i]
			}
			for i, s := range slides {
				notes := xmlOf(t, files[fmt.Sprintf("ppt/notesSlides/notesSlide%d.xml", i+1)]).texts()
				for _, tc := range s.all("tc") {
					f, ok := by[tc.texts()]
					if !ok {
						continue
					}
					listed[f.ID] = true
					w := f.Tell()
					wanted := []string{w.Explanation, "deconflict explain " + f.ID, w.Evidence[0].Tell().Says}
					if e := w.Evidence[0].Tell(); e.Line > 0 {
						wanted = append(wanted, fmt.Sprintf("%s:%d", e.File, e.Line))
					}
					for _, x := range wanted {
						if !strings.Contains(notes, render.Plain(x)) {
							t.Errorf("slide %d: the notes on %s lack %q", i+1, f.ID, x)
						}
					}
				}
			}
			if len(listed) < 40 {
				t.Errorf("%d findings are listed", len(listed))
			}
		})
	}
}

// The numbers that a chart shows are those of its workbook and of the report.
func TestDeckCharts(t *testing.T) {
	for _, name := range []string{"public", "notional", "unranked"} {
		r, files := reports(t)[name], partsOf(t, decks(t)[name])
		drawn := 0
		for part, b := range files {
			if !strings.HasPrefix(part, "ppt/charts/chart") {
				continue
			}
			relations := xmlOf(t, files["ppt/charts/_rels/"+filepath.Base(part)+".rels"])
			book := openBook(t, files[filepath.Join("ppt/charts", relations.first("Relationship").attr("Target"))])
			cell := func(ref string) string {
				sheet, at, _ := strings.Cut(ref, "!")
				v, err := book.GetCellValue(sheet, strings.ReplaceAll(at, "$", ""), excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
			column := func(ref string) (out []string) {
				sheet, at, _ := strings.Cut(ref, "!")
				from, to, _ := strings.Cut(strings.ReplaceAll(at, "$", ""), ":")
				k, first, _ := excelize.CellNameToCoordinates(from)
				_, last, _ := excelize.CellNameToCoordinates(to)
				for i := first; i <= last; i++ {
					ref, _ := excelize.CoordinatesToCellName(k, i)
					out = append(out, cell(sheet+"!"+ref))
				}
				return out
			}
			cached := func(n *xmlNode) (out []string) {
				for _, v := range n.all("v") {
					out = append(out, v.Text)
				}
				return out
			}
			chart := xmlOf(t, b)
			for _, s := range chart.all("ser") {
				tx, cat, val := s.child("tx"), s.child("cat"), s.child("val")
				if got := cached(tx)[0]; got != cell(tx.first("f").Text) {
					t.Errorf("%s: series %q is %q in the workbook", part, got, cell(tx.first("f").Text))
				}
				for _, n := range []*xmlNode{cat, val} {
					if got, want := cached(n), column(n.first("f").Text); !slices.Equal(got, want) {
						t.Errorf("%s: %q in the chart and %q in the workbook", part, got, want)
					}
				}
				if !slices.ContainsFunc(r.Timeline.Lines, func(l analysis.TimelineLine) bool {
					return strings.EqualFold(string(l.Shortfall), cached(tx)[0]) && fmt.Sprint(l.Open) == fmt.Sprint(cached(val))
				}) {
					t.Errorf("%s: the report has no line %q", part, cached(val))
				}
				drawn++
			}
		}
		if drawn != len(r.Timeline.Lines) || drawn == 0 {
			t.Errorf("%s: %d of %d lines are drawn", name, drawn, len(r.Timeline.Lines))
		}
	}
}

func TestDecksAreTheSameBytes(t *testing.T) {
	for _, name := range []string{"public", "notional nations", "nothing"} {
		t.Run(name, func(t *testing.T) { sameBytes(t, "pptx", reports(t)[name]) })
	}
}

// A deck made of a saved report is the one made of the report itself.
func TestDeckOfASavedReport(t *testing.T) {
	var saved analysis.Report
	if err := json.Unmarshal(asJSON(t, reports(t)["narrowed"]), &saved); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written(t, "pptx", &saved, render.Options{}), decks(t)["narrowed"]) {
		t.Error("other bytes")
	}
}

// Nothing that a dataset can bring acts in a deck, breaks it, leads out of it or does not fit.
func TestHostileTextInDecks(t *testing.T) {
	for _, hostile := range []string{
		"</a:t></a:r><script>&amp;]]>\x00\x1b[2J\u202e\u200b", `" onload="x`, "=HYPERLINK(\"http://example.org\")", "🛡️ 軍事機動性 ばんごう العربية", strings.Repeat("W", 5000), strings.Repeat("many words ", 3000), " ",
	} {
		if testing.Short() && len(hostile) > 1000 {
			continue // fills every box, which takes its time
		}
		files := partsOf(t, written(t, "pptx", hostileReport(t, hostile), render.Options{}))
		for _, wrong := range repairs(files) {
			t.Errorf("%.40q: %s", hostile, wrong)
		}
		fitsSlides(t, fmt.Sprintf("%.20q", hostile), files)
		for name, b := range files {
			if bad := regexp.MustCompile("<script|TargetMode|hlinkClick|[\x00-\x08\x1b]|\u202e|\u200b").Find(b); bad != nil && strings.HasSuffix(name, "xml") {
				t.Errorf("%.40q: %s has %q", hostile, name, bad)
			}
		}
	}
}

// LibreOffice makes pages of every kind of deck: as many as there are slides.
func TestLibreOfficeReadsDecks(t *testing.T) {
	some := map[string][]byte{}
	for _, name := range []string{"nation", "nothing", "notional nations"} {
		some[name] = decks(t)[name]
	}
	pages := regexp.MustCompile(`/Type\s*/Page\b[^s]`)
	for name, pdf := range converted(t, some, "pptx", "pdf") {
		if got, want := len(pages.FindAll(pdf, -1)), len(slidesOf(t, partsOf(t, some[name]))); got != want {
			t.Errorf("%s: %d pages of %d slides", name, got, want)
		}
	}
}

// slidePlace is where something stands on a slide, in points.
type slidePlace struct {
	name       string
	x, y, w, h float64
}

func placeOf(t testing.TB, n *xmlNode) slidePlace {
	t.Helper()
	number := func(s string) float64 {
		v, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("%s: %v", n.first("cNvPr").attr("name"), err)
		}
		return float64(v) / 12700
	}
	off, ext := n.first("xfrm").first("off"), n.first("xfrm").first("ext")
	return slidePlace{n.first("cNvPr").attr("name"), number(off.attr("x")), number(off.attr("y")), number(ext.attr("cx")), number(ext.attr("cy"))}
}

// textRoom is the room that the paragraphs of a text take.
func textRoom(body *xmlNode, width float64) float64 {
	var texts []string
	var sizes []float64
	var bold []bool
	above := 0.0
	for i, p := range body.all("p") {
		text, size, heavy := "", 0.0, false
		for _, r := range p.Nodes {
			if r.XMLName.Local != "r" && r.XMLName.Local != "fld" {
				continue
			}
			text += r.child("t").Text
			v, _ := strconv.ParseFloat(r.child("rPr").attr("sz"), 64)
			size, heavy = max(size, v/100), r.child("rPr").attr("b") == "1" && (heavy || text == r.child("t").Text)
		}
		if text == "" {
			continue
		}
		texts, sizes, bold = append(texts, text), append(sizes, size), append(bold, heavy)
		if v, err := strconv.ParseFloat(p.first("spcBef").first("spcPts").attr("val"), 64); err == nil && i > 0 {
			above += v / 100
		}
	}
	return render.TextHeight(texts, sizes, bold, width) + above
}

// misfits are what does not fit on a slide: text that is higher than its box or cell, what stands outside of the slide, and what lies
// over something else.
func misfits(t testing.TB, s *xmlNode, width, height float64, title slidePlace) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	const hair = 0.6 // points
	var places []slidePlace
	for i := range s.first("spTree").Nodes[2:] {
		n := &s.first("spTree").Nodes[2+i]
		at := title
		if n.first("ph").attr("type") != "title" || n.child("spPr").first("off").attr("x") != "" {
			at = placeOf(t, n)
		}
		at.name = n.first("cNvPr").attr("name")
		if at.x < -hair || at.y < -hair || at.x+at.w > width+hair || at.y+at.h > height+hair {
			say("%s stands outside: %v", at.name, at)
		}
		for _, o := range places {
			if at.x+hair < o.x+o.w && o.x+hair < at.x+at.w && at.y+hair < o.y+o.h && o.y+hair < at.y+at.h {
				say("%s lies over %s: %v, %v", at.name, o.name, at, o)
			}
		}
		places = append(places, at)
		for _, sp := range append(n.all("sp"), n) {
			if sp.XMLName.Local != "sp" || sp.first("ph").attr("type") != "" {
				continue
			}
			box, body := placeOf(t, sp), sp.first("bodyPr")
			side := func(a, b string) float64 {
				x, _ := strconv.ParseFloat(body.attr(a), 64)
				y, _ := strconv.ParseFloat(body.attr(b), 64)
				return (x + y) / 12700
			}
			w, h := box.w-side("lIns", "rIns"), box.h-side("tIns", "bIns")
			if body.attr("vert") == "vert270" {
				w, h = h, w
			}
			if body.attr("wrap") == "none" {
				w = 1e6
			}
			if got := textRoom(sp.first("txBody"), w); got > h+hair {
				say("%s: %.1f points of text in %.1f: %.80q", box.name, got, h, sp.texts())
			}
		}
		if n.XMLName.Local != "graphicFrame" || n.first("tbl").XMLName.Local == "" {
			continue
		}
		var columns []float64
		wide, high := 0.0, 0.0
		for _, c := range n.all("gridCol") {
			v, _ := strconv.ParseFloat(c.attr("w"), 64)
			columns = append(columns, v/12700)
			wide += v / 12700
		}
		for _, tr := range n.all("tr") {
			v, _ := strconv.ParseFloat(tr.attr("h"), 64)
			high += v / 12700
			for k, tc := range tr.all("tc") {
				edge := func(names ...string) (sum float64) {
					for _, name := range names {
						v, _ := strconv.ParseFloat(tc.first("tcPr").attr(name), 64)
						sum += v / 12700
					}
					return sum
				}
				if got := textRoom(tc.first("txBody"), columns[k]-edge("marL", "marR")) + edge("marT", "marB"); got > v/12700+hair {
					say("%s: %.1f points of text in a row of %.1f: %.80q", at.name, got, v/12700, tc.texts())
				}
			}
		}
		if wide > at.w+hair || high > at.h+hair {
			say("%s: %.1f × %.1f in %.1f × %.1f", at.name, wide, high, at.w, at.h)
		}
	}
	return wrong
}

// fitsSlides tells what does not fit on the slides of a deck, and which are empty.
func fitsSlides(t testing.TB, name string, files map[string][]byte) {
	t.Helper()
	for i, s := range slidesOf(t, files) {
		for _, wrong := range misfits(t, s, 960, 540, slidePlace{"title", 36, 32.4, 888, 61.2}) {
			t.Errorf("%s, slide %d: %s", name, i+1, wrong)
		}
		if len(s.first("spTree").Nodes) < 2+6 {
			t.Errorf("%s, slide %d is empty", name, i+1)
		}
	}
}

// Nothing on a slide overlaps, runs off, or is cut, whatever the report.
func TestDecksFit(t *testing.T) {
	for name, deck := range decks(t) {
		fitsSlides(t, name, partsOf(t, deck))
	}
}

// What does not fit is seen: each of these breaks a good slide in one place.
func TestMisfitsAreSeen(t *testing.T) {
	files := partsOf(t, decks(t)["narrowed"])
	for says, change := range map[string][2]string{
		"stands outside": {`<a:off x="457200"`, `<a:off x="9457200"`},
		"lies over":      {`name="Source"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="457200" y="6`, `name="Source"/><p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm><a:off x="457200" y="1`},
		"points of text": {`<a:t>What is asked`, `<a:t>` + strings.Repeat("What is asked ", 90)},
	} {
		b := files["ppt/slides/slide1.xml"]
		if !bytes.Contains(b, []byte(change[0])) {
			t.Fatalf("no %s in %.4000s", change[0], b)
		}
		wrong := misfits(t, xmlOf(t, bytes.Replace(b, []byte(change[0]), []byte(change[1]), 1)), 960, 540, slidePlace{"title", 36, 32.4, 888, 61.2})
		if !slices.ContainsFunc(wrong, func(w string) bool { return strings.Contains(w, says) }) {
			t.Errorf("%s: not seen; %q", says, wrong)
		}
	}
}
