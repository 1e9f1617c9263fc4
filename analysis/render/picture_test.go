package render_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"deconflict/analysis"
	"deconflict/analysis/render"
	"deconflict/data"
)

// pictured are reports whose pictures differ in kind: with much, little and nothing in them, of one nation, and with a network of few
// nations in groups apart instead of a matrix.
func pictured(t testing.TB) map[string]*analysis.Report {
	if picturedReports != nil {
		return picturedReports
	}
	out := map[string]*analysis.Report{"apart": apart(t), "hostile": hostileReport(t, hostileText)}
	for _, name := range []string{"public", "narrowed", "nation", "nothing", "notional"} {
		out[name] = reports(t)[name]
	}
	picturedReports = out
	return out
}

var picturedReports map[string]*analysis.Report // made once: read them only

const hostileText = "\x1b[31m\u202egnp\u200b\x00]]><script>alert(1)</script>&\"'--><!-- Ünïcödé Łódź Ελλάς"

// apart is a report on few nations, in three groups that share nothing with each other.
func apart(t testing.TB) *analysis.Report {
	r := report(t, notional(t), data.Scope{}, analysis.Options{})
	group := map[data.Nation]int{}
	var few []analysis.Cooperator
	for i, n := range r.Cooperation.Nations[:21] {
		n.Community = 1 + i%3
		if i == 20 {
			n.Community = 0
		}
		group[n.Nation] = n.Community
		few = append(few, n)
	}
	r.Cooperation.Nations = few
	r.Cooperation.Together = slices.DeleteFunc(slices.Clone(r.Cooperation.Together), func(x analysis.Together) bool {
		return group[x.A] == 0 || group[x.A] != group[x.B]
	})
	return r
}

// Every picture has its marking first and last, its title, day and source, and what a public or a notional dataset has to say of itself.
func TestPicturesSayWhereTheyComeFrom(t *testing.T) {
	for name, r := range pictured(t) {
		for _, picture := range render.PictureNames() {
			t.Run(name+" "+picture, func(t *testing.T) {
				set := render.SetPicture(picture, r)
				var words []string
				for _, x := range set.Texts {
					words = append(words, x.Text)
				}
				all := strings.Join(words, " ")
				mark := strings.Join(strings.Fields(render.Plain(string(r.Marking))), " ")
				if !strings.HasPrefix(all, mark) || !strings.HasSuffix(all, mark) {
					t.Errorf("not marked first and last: %.60q … %q", all, all[max(0, len(all)-60):])
				}
				for _, want := range []string{"as of " + r.AsOf.String(), "Source: ", r.Program, r.Dataset.Title, r.Incomplete()} {
					if want = strings.Join(strings.Fields(render.Plain(want)), " "); !strings.Contains(all, want) {
						t.Errorf("does not say %q", want)
					}
				}
				if strings.Contains(string(r.Marking), "NOTIONAL") && !strings.Contains(all, "NOTIONAL DATA: made up") {
					t.Error("does not say that it is notional")
				}
				if alt := render.AltText(r, picture); len(alt) < 20 || alt != render.Plain(alt) {
					t.Errorf("alternative text %q", alt)
				}
			})
		}
	}
}

// No two texts overlap, and none is cut off at the edge.
func TestPicturesRead(t *testing.T) {
	for name, r := range pictured(t) {
		for _, picture := range render.PictureNames() {
			t.Run(name+" "+picture, func(t *testing.T) {
				set := render.SetPicture(picture, r)
				if len(set.Outside) > 0 {
					t.Errorf("drawn outside: %v", set.Outside[:min(5, len(set.Outside))])
				}
				texts := slices.Clone(set.Texts)
				slices.SortFunc(texts, func(a, b render.SetText) int { return int(1000 * (a.Left - b.Left)) })
				for i, a := range texts {
					if a.Left < 0 || a.Top < 0 || a.Right > set.Wide || a.Bottom > set.High {
						t.Errorf("%q leaves the picture: %+v", a.Text, a)
					}
					for _, b := range texts[i+1:] {
						if b.Left >= a.Right {
							break
						}
						if a.Top < b.Bottom && b.Top < a.Bottom {
							t.Fatalf("%q and %q overlap: %+v %+v", a.Text, b.Text, a, b)
						}
					}
				}
			})
		}
	}
}

func textsOf(r *analysis.Report, picture string) (out []string) {
	for _, x := range render.SetPicture(picture, r).Texts {
		out = append(out, x.Text)
	}
	return out
}

func howOften(list []string, s string) int {
	n := 0
	for _, x := range list {
		if x == s {
			n++
		}
	}
	return n
}

// The heat map draws the state of every nation with every capability of which something is known, and names the others.
func TestHeatMapPicture(t *testing.T) {
	for _, name := range []string{"public", "nation", "notional"} {
		r := reports(t)[name]
		texts := textsOf(r, "heat-map")
		for _, s := range analysis.States {
			if s.State == analysis.NoData || s.State == analysis.NotEligible {
				continue // of those that are not drawn there are more
			}
			if got, want := howOften(texts, string(s.State)), r.HeatMap.Count(s.State)+1; got != want { // and one in the legend
				t.Errorf("%s: %d times %s, wanted %d", name, got, s.State, want)
			}
			if want := fmt.Sprintf("%s (%d)", s.Meaning, r.HeatMap.Count(s.State)); !slices.Contains(texts, want) {
				t.Errorf("%s: the legend does not say %q", name, want)
			}
		}
		all := strings.Join(texts, " ")
		for _, n := range r.HeatMap.Nations {
			if !strings.Contains(all, string(n)) {
				t.Errorf("%s: %s is neither drawn nor named", name, n)
			}
		}
		for _, c := range r.HeatMap.Capabilities {
			if leaf := r.Leaf(c); !slices.Contains(texts, leaf.Name) && !strings.Contains(all, string(c)) {
				t.Errorf("%s: %s is neither drawn nor named", name, c)
			}
		}
	}
}

// Every number of the timeline stands on its bar.
func TestTimelinePicture(t *testing.T) {
	for _, name := range []string{"public", "notional"} {
		r := reports(t)[name]
		texts := textsOf(r, "timeline")
		i := slices.Index(texts, "Cyber defence")
		area := data.Area("")
		for k, l := range r.Timeline.Lines {
			if k == 0 || l.Area != area {
				area = l.Area
				for ; !strings.EqualFold(texts[i], area.Title()); i++ {
				}
				i++
			}
			if texts[i] != string(l.Shortfall) {
				t.Fatalf("%s: %q, wanted %q", name, texts[i], l.Shortfall)
			}
			for y, open := range l.Open {
				if got := texts[i+1+y]; got != strconv.Itoa(open) {
					t.Errorf("%s: %s, %s in %d: %s, wanted %d", name, l.Area, l.Shortfall, r.Timeline.Years[y], got, open)
				}
			}
			i += 1 + len(l.Open)
		}
	}
}

// The matrix holds every number twice, above its diagonal and below.
func TestCooperationMatrixPicture(t *testing.T) {
	r := reports(t)["public"]
	texts := textsOf(r, "cooperation")
	want := map[string]int{}
	for _, x := range r.Cooperation.Together {
		want[strconv.Itoa(x.Initiatives)] += 2
	}
	for s, n := range want {
		extra := 0
		if k, _ := strconv.Atoi(s); k <= r.Cooperation.Communities() {
			extra = 3 // the number of a group: at two sides and in the legend
		}
		if got := howOften(texts, s); got != n+extra {
			t.Errorf("%s stands there %d times, wanted %d", s, got, n+extra)
		}
	}
	for _, n := range r.Cooperation.Nations {
		if !slices.Contains(texts, string(n.Nation)) {
			t.Errorf("%s has no column", n.Nation)
		}
	}
}

// The network has every nation that shares an initiative, and names those that share none.
func TestCooperationNetworkPicture(t *testing.T) {
	r := apart(t)
	texts := textsOf(r, "cooperation")
	for _, n := range r.Cooperation.Nations {
		if n.Community > 0 && !slices.Contains(texts, string(n.Nation)) {
			t.Errorf("%s is not drawn", n.Nation)
		}
	}
	alone := r.Cooperation.Nations[20].Nation
	if all := strings.Join(texts, " "); !strings.Contains(all, "Shares no initiative, not drawn: "+string(alone)) {
		t.Error("the nation that shares no initiative is not named")
	}
	known := map[string]bool{}
	for _, x := range r.Cooperation.Together {
		known[strconv.Itoa(x.Initiatives)] = true
	}
	for k := range 3 {
		known[strconv.Itoa(k+1)] = true
	}
	for _, s := range texts {
		if _, err := strconv.Atoi(s); err == nil && !known[s] {
			t.Errorf("%s is the number of no tie and of no group", s)
		}
	}
}

// Every move is drawn with its amount.
func TestTransfersPicture(t *testing.T) {
	for _, name := range []string{"public", "notional"} {
		r := reports(t)[name]
		texts := textsOf(r, "transfers")
		moves := 0
		want := map[string]int{}
		for _, f := range r.Findings {
			for _, m := range f.Moves {
				want[m.Amount.String()]++
				moves++
			}
		}
		if moves == 0 {
			t.Fatalf("%s: no moves", name)
		}
		for s, n := range want {
			if got := howOften(texts, s); got != n {
				t.Errorf("%s: the amount %s stands there %d times, wanted %d", name, s, got, n)
			}
		}
	}
}

// A picture as SVG is well-formed, holds nothing but shapes and texts, and has a title and a description; text from data acts nowhere.
func TestSVG(t *testing.T) {
	for name, r := range pictured(t) {
		for _, picture := range render.PictureNames() {
			t.Run(name+" "+picture, func(t *testing.T) {
				text := written(t, "svg", r, render.Options{Picture: picture})
				allowed := []string{"svg", "title", "desc", "text", "path", "circle"}
				attributes := []string{
					"xmlns", "width", "height", "viewBox", "role", "aria-labelledby", "font-family", "id", "x", "y", "transform", "font-size", "font-weight", "text-anchor", "textLength", "lengthAdjust",
					"fill", "stroke", "stroke-width", "stroke-dasharray", "d", "cx", "cy", "r",
				}
				d := xml.NewDecoder(bytes.NewReader(text))
				inside := map[string]string{}
				within := ""
				for {
					token, err := d.Token()
					if err == io.EOF {
						break
					}
					if err != nil {
						t.Fatal(err)
					}
					switch x := token.(type) {
					case xml.StartElement:
						within = x.Name.Local
						if !slices.Contains(allowed, within) {
							t.Errorf("element %s", within)
						}
						for _, a := range x.Attr {
							if !slices.Contains(attributes, a.Name.Local) {
								t.Errorf("attribute %s of %s", a.Name.Local, within)
							}
						}
					case xml.CharData:
						inside[within] += string(x)
						if s := string(x); within == "text" && render.Plain(s) != s && strings.TrimSpace(s) != "" {
							t.Errorf("text %q", s)
						}
					case xml.Comment, xml.Directive:
						t.Errorf("%T %q", x, x)
					}
				}
				if got := strings.TrimSpace(inside["desc"]); got != render.AltText(r, picture) {
					t.Errorf("description %q", got)
				}
				if strings.TrimSpace(inside["title"]) == "" {
					t.Error("no title")
				}
			})
		}
	}
}

// A PNG holds the alternative text, and the size that its picture has.
func TestPNG(t *testing.T) {
	if testing.Short() {
		t.Skip("dots take time")
	}
	r := reports(t)["public"]
	for _, picture := range []string{"timeline", "transfers"} {
		b := written(t, "png", r, render.Options{Picture: picture})
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		set := render.SetPicture(picture, r)
		const perPoint = 192.0 / 72
		if got := img.Bounds().Size(); float64(got.X) < set.Wide*perPoint-2 || float64(got.X) > set.Wide*perPoint+2 || float64(got.Y) < set.High*perPoint-2 || float64(got.Y) > set.High*perPoint+2 {
			t.Errorf("%v, wanted %v by %v", got, set.Wide*perPoint, set.High*perPoint)
		}
		if !bytes.Contains(b, []byte("iTXtDescription\x00\x00\x00en\x00\x00"+render.AltText(r, picture))) {
			t.Errorf("%s: no alternative text", picture)
		}
		if r, g, b, _ := img.At(3, 3).RGBA(); r>>8 != 0x1f || g>>8 != 0x2a || b>>8 != 0x44 {
			t.Errorf("%s: no banner at the top", picture)
		}
	}
}

// A PDF has a page for each picture, and its texts are texts in any script that the font has.
func TestPDF(t *testing.T) {
	b := written(t, "pdf", pictured(t)["hostile"], render.Options{})
	if !bytes.HasPrefix(b, []byte("%PDF-")) {
		t.Fatal("no PDF")
	}
	if n := bytes.Count(b, []byte("/Type /Page\n")); n != len(render.Pictures) {
		t.Errorf("%d pages", n)
	}
	if bytes.Contains(b, []byte("/JavaScript")) || bytes.Contains(b, []byte("/URI")) {
		t.Error("it holds something that acts")
	}
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed")
	}
	path := filepath.Join(t.TempDir(), "pictures.pdf")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	text, err := exec.CommandContext(ctx, tool, path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Who could give to whom", "Łódź", "Ελλάς", "<script>"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("%q is not in its text", want)
		}
	}
}

// The same report gives the same bytes, be it fresh or read from where it was saved, in every format.
func TestSavedReportGivesTheSameBytes(t *testing.T) {
	for _, name := range []string{"narrowed", "nation"} {
		if testing.Short() && name == "nation" {
			continue
		}
		r := reports(t)[name]
		saved, err := render.Read(bytes.NewReader(asJSON(t, r)))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range render.Formats {
			if f.Name == "png" && (testing.Short() || name == "nation") {
				continue // dots take time, and are of the same drawing
			}
			options := []render.Options{{}}
			if f.Pictures {
				options = nil
				for _, p := range render.PictureNames() {
					options = append(options, render.Options{Picture: p})
				}
			}
			if f.Pages {
				options = append(options, render.Options{})
			}
			for _, o := range options {
				if a, b := written(t, f.Name, r, o), written(t, f.Name, saved, o); !bytes.Equal(a, b) {
					t.Errorf("%s, %s %s: %s", name, f.Name, o.Picture, firstDifference(a, b))
				}
			}
			if f.Tables == nil {
				continue
			}
			other := f.Tables(saved)
			for i, table := range f.Tables(r) {
				var a, b bytes.Buffer
				if err := table.WriteCSV(&a); err != nil {
					t.Fatal(err)
				}
				if err := other[i].WriteCSV(&b); err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(a.Bytes(), b.Bytes()) {
					t.Errorf("%s, table %s: %s", name, table.Name, firstDifference(a.Bytes(), b.Bytes()))
				}
			}
		}
	}
}

// By hand from the reports' own counts.
func TestAltText(t *testing.T) {
	r := public(t)
	r.HeatMap = analysis.HeatMap{Nations: []data.Nation{"AAA", "BBB"}, Capabilities: []data.Capability{"x", "y", "z"}, Rows: []string{"MU.", "UUH"}}
	r.Timeline = analysis.Timeline{Years: []int{2026, 2027, 2028}, Lines: []analysis.TimelineLine{{Area: "medical", Shortfall: analysis.ShortOfTarget, Open: []int{1, 4, 4}}}}
	r.Cooperation = analysis.Cooperation{
		Nations:  []analysis.Cooperator{{Nation: "BEL", Community: 1}, {Nation: "DEU", Community: 1}, {Nation: "NLD", Community: 1}},
		Together: []analysis.Together{{A: "BEL", B: "DEU", Initiatives: 1}, {A: "BEL", B: "NLD", Initiatives: 3}},
	}
	for picture, want := range map[string]string{
		"heat-map":    "Heat map of 2 nations by 3 capabilities as of 2026-06-30: 1 met, 3 unmet, 1 held without target, 1 no data.",
		"timeline":    "Shortfalls open in each year from 2026 to 2028. Medical, asked of a nation: 1 in 2026, at most 4 in 2027, 4 in 2028.",
		"cooperation": "Who works with whom as of 2026-06-30: 3 nations in 1 group, with 2 pairs that share an active initiative. Belgium and Netherlands share most, 3 initiatives.",
		"transfers":   "Who could give to whom. Cyber force personnel, in persons: POL to FRA 1400, POL to ESP 1000, POL to NLD 120.",
	} {
		if got := render.AltText(r, picture); got != want {
			t.Errorf("%s: %q, wanted %q", picture, got, want)
		}
	}
}
