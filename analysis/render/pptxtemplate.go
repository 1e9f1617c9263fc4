package render

import (
	"archive/zip"
	"bytes"
	"cmp"
	"embed"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Template is a presentation whose masters, layouts, theme and media a deck takes over as they are. Its own slides, and what only
// they use, are left behind.
type Template struct {
	parts map[string]*part // masters, layouts, themes and what they use
	kept  []relation       // of the presentation
	head  []byte           // of the presentation's XML: its first tag
	lists map[string][]byte

	width, height float64
	layout        string // the part that slides are made after
	titled        bool   // whether that layout places a title
	title         rect
	titleSize     float64
	titleBold     bool
	titleCaps     bool
	titleInsets   [4]float64 // left, top, right, bottom
	obstacles     []rect     // what master and layout draw themselves
	colourMap     []xml.Attr // of a layout that overrides its master's
	text          metrics
	heading       metrics
	plain         bool // the one that ships with the program
}

// rect is a place on a slide, in points from its top left corner.
type rect struct{ x, y, w, h float64 }

func (r rect) right() float64  { return r.x + r.w }
func (r rect) bottom() float64 { return r.y + r.h }

func (r rect) meets(o rect) bool {
	return r.x < o.right() && o.x < r.right() && r.y < o.bottom() && o.y < r.bottom()
}

const emuPerPoint = 12700

//go:embed all:deck
var ownDeck embed.FS

// ownTemplate is the one that ships with the program.
func ownTemplate() *Template {
	files := map[string][]byte{}
	err := fs.WalkDir(ownDeck, "deck", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files[strings.TrimPrefix(name, "deck/")], err = ownDeck.ReadFile(name)
		}
		return err
	})
	if err != nil {
		panic(err) // it is a part of the program
	}
	t, err := newTemplate(files)
	if err != nil {
		panic(err)
	}
	t.plain = true
	return t
}

// The largest template that is read.
const (
	maxTemplate      = 256 << 20 // bytes, expanded
	maxTemplateParts = 5000
)

// TemplateError is what is wrong with a template, said of the file, and what to do about it, if anything.
type TemplateError struct{ What, Hint string }

func (e *TemplateError) Error() string { return e.What }

// ReadTemplate reads a presentation (.pptx) or a template (.potx). It refuses macros, links that would be opened with the deck, and
// archives that are damaged, hostile or not PowerPoint's, with a TemplateError that says what the file does and does not name it.
func ReadTemplate(r io.Reader) (*Template, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxTemplate+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxTemplate {
		return nil, &TemplateError{fmt.Sprintf("is larger than %d MB, which is the most that is read", maxTemplate>>20), ""}
	}
	files, err := unpackTemplate(b)
	if err != nil {
		return nil, err
	}
	return newTemplate(files)
}

func unpackTemplate(b []byte) (map[string][]byte, error) {
	if bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")) {
		return nil, &TemplateError{"is encrypted, or in the format of PowerPoint before 2007", "save it as a PowerPoint template (.potx) without a password"}
	}
	if n := bytes.Count(b, []byte("PK\x01\x02")); n > maxTemplateParts {
		return nil, &TemplateError{fmt.Sprintf("holds more than %d files, which is the most that is read", maxTemplateParts), ""}
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, &TemplateError{"is no PowerPoint file: " + strings.TrimPrefix(err.Error(), "zip: "), "wanted a presentation (.pptx) or a template (.potx)"}
	}
	files, seen := map[string][]byte{}, map[string]bool{}
	room := uint64(maxTemplate)
	for _, f := range z.File {
		name := strings.TrimSuffix(f.Name, "/")
		switch {
		case !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, `\:`):
			return nil, &TemplateError{fmt.Sprintf("holds a file named %q, wanted names within the archive", Plain(f.Name)), ""}
		case seen[strings.ToLower(name)]:
			return nil, &TemplateError{fmt.Sprintf("holds two files named %q, wanted one", Plain(f.Name)), ""}
		case f.Flags&1 != 0:
			return nil, &TemplateError{fmt.Sprintf("%q in it is encrypted", Plain(f.Name)), "save it without a password"}
		case f.UncompressedSize64 > room:
			return nil, &TemplateError{fmt.Sprintf("expands to more than %d MB, which is the most that is read", maxTemplate>>20), ""}
		}
		seen[strings.ToLower(name)] = true
		room -= f.UncompressedSize64
		if f.FileInfo().IsDir() {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, &TemplateError{fmt.Sprintf("%q in it is damaged: %v", Plain(name), err), "save it again"}
		}
		body, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
		if err = errors.Join(err, r.Close()); err == nil && uint64(len(body)) != f.UncompressedSize64 {
			err = errors.New("it is longer than it says")
		}
		if err != nil {
			return nil, &TemplateError{fmt.Sprintf("%q in it is damaged: %v", Plain(name), err), "save it again"}
		}
		files[name] = body
	}
	return files, nil
}

// typesXML and relationsList are how a package says what its parts are.
type typesXML struct {
	Defaults []struct {
		Extension   string `xml:"Extension,attr"`
		ContentType string `xml:"ContentType,attr"`
	} `xml:"Default"`
	Overrides []struct {
		PartName    string `xml:"PartName,attr"`
		ContentType string `xml:"ContentType,attr"`
	} `xml:"Override"`
}

type relationsList struct {
	Relations []struct {
		ID     string `xml:"Id,attr"`
		Kind   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
		Mode   string `xml:"TargetMode,attr"`
	} `xml:"Relationship"`
}

// source is a template's package as it was read.
type source struct {
	files map[string][]byte
	types map[string]string // by name, and by extension with a point before it
}

func readSource(files map[string][]byte) (*source, error) {
	var types typesXML
	if err := xml.Unmarshal(files[contentTypes], &types); err != nil {
		return nil, &TemplateError{"is no PowerPoint file: it does not say what it holds", "wanted a presentation (.pptx) or a template (.potx)"}
	}
	s := &source{files, map[string]string{}}
	for _, d := range types.Defaults {
		s.types["."+strings.ToLower(d.Extension)] = d.ContentType
	}
	for _, o := range types.Overrides {
		s.types[strings.ToLower(o.PartName)] = o.ContentType
	}
	return s, nil
}

func (s *source) kind(name string) string {
	return cmp.Or(s.types["/"+strings.ToLower(name)], s.types[strings.ToLower(path.Ext(name))])
}

// relations are those of a part, or of the package if it has no name, with the names of parts as targets.
func (s *source) relations(of string) ([]relation, error) {
	name := rootRelations
	if of != "" {
		name = relationsOf(of)
	}
	body, ok := s.files[name]
	if !ok {
		return nil, nil
	}
	var list relationsList
	if err := xml.Unmarshal(body, &list); err != nil {
		return nil, &TemplateError{fmt.Sprintf("%q in it is damaged: %v", Plain(name), err), "save it again"}
	}
	var out []relation
	for _, r := range list.Relations {
		x := relation{id: r.ID, kind: r.Kind, target: r.Target, external: strings.EqualFold(r.Mode, "external")}
		if !x.external {
			target, _, _ := strings.Cut(r.Target, "#")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(path.Dir(of), target)
			}
			x.target = strings.TrimPrefix(path.Clean(target), "/")
		}
		out = append(out, x)
	}
	return out, nil
}

// is reports whether a relation is of a kind, in the namespace of the standard that PowerPoint writes.
func (r relation) is(kind string) bool { return r.kind == officeNS+"relationships/"+kind }

// newTemplate finds in a package what a deck needs.
func newTemplate(files map[string][]byte) (*Template, error) {
	s, err := readSource(files)
	if err != nil {
		return nil, err
	}
	main := ""
	root, err := s.relations("")
	if err != nil {
		return nil, err
	}
	for _, r := range root {
		switch {
		case r.is("officeDocument"):
			main = r.target
		case strings.HasPrefix(r.kind, "http://purl.oclc.org/ooxml/"):
			return nil, &TemplateError{"is saved as Strict Open XML, which few programs read", "save it as an ordinary PowerPoint presentation or template"}
		}
	}
	switch kind := s.kind(main); {
	case strings.Contains(kind, "macroEnabled"):
		return nil, &TemplateError{"may hold macros, which a deck must not", "save it as a presentation (.pptx) or template (.potx) without macros"}
	case !strings.HasPrefix(kind, mlType) || files[main] == nil:
		return nil, &TemplateError{"is no PowerPoint file", "wanted a presentation (.pptx) or a template (.potx)"}
	}
	t := &Template{parts: map[string]*part{}}
	relations, err := s.relations(main)
	if err != nil {
		return nil, err
	}
	for _, r := range relations {
		if !slices.ContainsFunc([]string{"slideMaster", "notesMaster", "handoutMaster", "theme", "tableStyles", "font"}, r.is) {
			continue // slides and what belongs to them
		}
		t.kept = append(t.kept, r)
		if err := t.keep(s, r); err != nil {
			return nil, err
		}
	}
	if err := t.presentation(files[main]); err != nil {
		return nil, err
	}
	if err := t.choose(s); err != nil {
		return nil, err
	}
	return t, nil
}

// keep takes over a part and all that it uses.
func (t *Template) keep(s *source, r relation) error {
	if r.external {
		if r.is("hyperlink") {
			return nil
		}
		return &TemplateError{fmt.Sprintf("uses %q, which is not in it and would be fetched whenever the deck is opened", Plain(r.target)), "embed it in the template"}
	}
	if t.parts[r.target] != nil {
		return nil
	}
	body, ok := s.files[r.target]
	switch {
	case !ok:
		return &TemplateError{fmt.Sprintf("lacks %q, which it uses", Plain(r.target)), "open and save it in PowerPoint"}
	case r.is("slide"):
		return &TemplateError{"has a master or layout that links to one of its slides, which are left out of the deck", "take the link away"}
	case s.kind(r.target) == "":
		return &TemplateError{fmt.Sprintf("does not say what %q is", Plain(r.target)), "open and save it in PowerPoint"}
	case r.is("vbaProject") || strings.Contains(s.kind(r.target), "macroEnabled") || strings.Contains(s.kind(r.target), "vbaProject") || strings.Contains(s.kind(r.target), "activeX"):
		return &TemplateError{"holds macros or controls, which a deck must not", "save it without them"}
	}
	t.parts[r.target] = &part{kind: s.kind(r.target), body: body, raw: s.files[relationsOf(r.target)]}
	below, err := s.relations(r.target)
	if err != nil {
		return err
	}
	for _, b := range below {
		if err := t.keep(s, b); err != nil {
			return err
		}
	}
	return nil
}

// presentation takes apart the main part: its first tag and the lists that a deck keeps are taken over byte for byte.
func (t *Template) presentation(body []byte) error {
	damaged := func(err error) error {
		return &TemplateError{fmt.Sprintf("is damaged: %v", err), "open and save it in PowerPoint"}
	}
	t.lists = map[string][]byte{}
	d := xml.NewDecoder(bytes.NewReader(body))
	depth, start, name := 0, int64(0), ""
	for {
		before := d.InputOffset()
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return damaged(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			switch depth {
			case 0:
				if x.Name.Space != mainNS || x.Name.Local != "presentation" {
					return damaged(fmt.Errorf("%q, wanted presentation", Plain(x.Name.Local)))
				}
				t.head = bytes.TrimSpace(body[before:d.InputOffset()])
				if bytes.HasSuffix(t.head, []byte("/>")) {
					return damaged(errors.New("it has no master"))
				}
			case 1:
				start, name = before, x.Name.Local
				if name == "sldSz" {
					for _, a := range x.Attr {
						if v, err := strconv.ParseFloat(a.Value, 64); err == nil && a.Name.Local == "cx" {
							t.width = v / emuPerPoint
						} else if err == nil && a.Name.Local == "cy" {
							t.height = v / emuPerPoint
						}
					}
				}
			}
			depth++
		case xml.EndElement:
			depth--
			if depth == 1 {
				t.lists[name] = bytes.TrimSpace(body[start:d.InputOffset()])
			}
		}
	}
	const least, most = 300, 4000 // points: about 10 cm, and the 56 inches of PowerPoint
	if t.width < least || t.height < least*2/3 || t.width > most+100 || t.height > most+100 {
		return &TemplateError{fmt.Sprintf("has slides of %.0f by %.0f points", t.width, t.height), "wanted slides for a screen, such as 960 by 540"}
	}
	if t.lists["sldMasterIdLst"] == nil {
		return damaged(errors.New("it has no master"))
	}
	return nil
}

// sheetXML is what is read of a master or a layout.
type sheetXML struct {
	Type        string `xml:"type,attr"`
	ShowMaster  string `xml:"showMasterSp,attr"`
	CommonSlide struct {
		Name string   `xml:"name,attr"`
		Tree groupXML `xml:"spTree"`
	} `xml:"cSld"`
	ColourMap struct {
		Override *struct {
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"overrideClrMapping"`
	} `xml:"clrMapOvr"`
	TitleStyle struct {
		Level levelXML `xml:"lvl1pPr"`
	} `xml:"txStyles>titleStyle"`
}

type levelXML struct {
	Run struct {
		Size string `xml:"sz,attr"`
		Bold string `xml:"b,attr"`
		Caps string `xml:"cap,attr"`
	} `xml:"defRPr"`
}

type groupXML struct {
	Shapes     []shapeXML `xml:"sp"`
	Pictures   []shapeXML `xml:"pic"`
	Connectors []shapeXML `xml:"cxnSp"`
	Groups     []struct {
		Place placeXML `xml:"grpSpPr>xfrm"`
	} `xml:"grpSp"`
	Frames []struct {
		Place placeXML `xml:"xfrm"`
	} `xml:"graphicFrame"`
}

type shapeXML struct {
	Placeholder *struct {
		Type string `xml:"type,attr"`
	} `xml:"nvSpPr>nvPr>ph"`
	PicturePlaceholder *struct{} `xml:"nvPicPr>nvPr>ph"`
	Place              placeXML  `xml:"spPr>xfrm"`
	Body               struct {
		Left   string `xml:"lIns,attr"`
		Top    string `xml:"tIns,attr"`
		Right  string `xml:"rIns,attr"`
		Bottom string `xml:"bIns,attr"`
	} `xml:"txBody>bodyPr"`
	Level levelXML `xml:"txBody>lstStyle>lvl1pPr"`
}

type placeXML struct {
	Off struct {
		X int64 `xml:"x,attr"`
		Y int64 `xml:"y,attr"`
	} `xml:"off"`
	Ext struct {
		X int64 `xml:"cx,attr"`
		Y int64 `xml:"cy,attr"`
	} `xml:"ext"`
}

func (p placeXML) rect() rect {
	return rect{float64(p.Off.X) / emuPerPoint, float64(p.Off.Y) / emuPerPoint, float64(p.Ext.X) / emuPerPoint, float64(p.Ext.Y) / emuPerPoint}
}

// placeholder is the first of a kind.
func (x *sheetXML) placeholder(kinds ...string) *shapeXML {
	for i, s := range x.CommonSlide.Tree.Shapes {
		if s.Placeholder != nil && slices.Contains(kinds, s.Placeholder.Type) {
			return &x.CommonSlide.Tree.Shapes[i]
		}
	}
	return nil
}

// drawn are the places of all that a sheet shows of itself.
func (x *sheetXML) drawn() (out []rect) {
	tree := x.CommonSlide.Tree
	for _, s := range slices.Concat(tree.Shapes, tree.Pictures, tree.Connectors) {
		if s.Placeholder == nil && s.PicturePlaceholder == nil {
			out = append(out, s.Place.rect())
		}
	}
	for _, g := range tree.Groups {
		out = append(out, g.Place.rect())
	}
	for _, f := range tree.Frames {
		out = append(out, f.Place.rect())
	}
	return out
}

// choose takes the layout that fits slides with a title and free room: by its name, then by its type, then the first with a title,
// then the first. It measures what the layout leaves free.
func (t *Template) choose(s *source) error {
	var masters []string
	for _, r := range t.kept {
		if r.is("slideMaster") {
			masters = append(masters, r.target)
		}
	}
	type found struct {
		name           string
		layout, master *sheetXML
		masterName     string
	}
	var all []found
	for _, name := range masters {
		master := &sheetXML{}
		if err := xml.Unmarshal(s.files[name], master); err != nil {
			return &TemplateError{fmt.Sprintf("%q in it is damaged: %v", Plain(name), err), "open and save it in PowerPoint"}
		}
		relations, err := s.relations(name)
		if err != nil {
			return err
		}
		for _, r := range relations {
			if r.is("slideLayout") {
				layout := &sheetXML{}
				if err := xml.Unmarshal(s.files[r.target], layout); err != nil {
					return &TemplateError{fmt.Sprintf("%q in it is damaged: %v", Plain(r.target), err), "open and save it in PowerPoint"}
				}
				all = append(all, found{r.target, layout, master, name})
			}
		}
	}
	if len(all) == 0 {
		return &TemplateError{"has no slide layout", "open and save it in PowerPoint"}
	}
	pick := 0
	for _, fits := range []func(f found) bool{
		func(f found) bool {
			return strings.EqualFold(strings.TrimSpace(f.layout.CommonSlide.Name), "Title Only")
		},
		func(f found) bool { return f.layout.Type == "titleOnly" },
		func(f found) bool { return f.layout.placeholder("title") != nil },
	} {
		if i := slices.IndexFunc(all, fits); i >= 0 {
			pick = i
			break
		}
	}
	f := all[pick]
	t.layout = f.name
	if f.layout.ColourMap.Override != nil {
		t.colourMap = f.layout.ColourMap.Override.Attrs
	}
	t.fonts(s, f.masterName)
	t.measure(f.layout, f.master)
	return nil
}

// fonts finds how wide the theme's fonts are.
func (t *Template) fonts(s *source, master string) {
	var theme struct {
		Fonts struct {
			Major struct {
				Face string `xml:"typeface,attr"`
			} `xml:"majorFont>latin"`
			Minor struct {
				Face string `xml:"typeface,attr"`
			} `xml:"minorFont>latin"`
		} `xml:"themeElements>fontScheme"`
	}
	relations, err := s.relations(master)
	if err == nil {
		for _, r := range relations {
			if r.is("theme") {
				_ = xml.Unmarshal(s.files[r.target], &theme) // a theme that cannot be read has no known font
			}
		}
	}
	t.heading, t.text = metricsFor(theme.Fonts.Major.Face), metricsFor(theme.Fonts.Minor.Face)
}

// measure finds the place of the title, and what stands in the way of text. Footers of the layout are not taken over: they do not.
func (t *Template) measure(layout, master *sheetXML) {
	titleKinds := []string{"title", "ctrTitle"}
	own, inherited := layout.placeholder(titleKinds...), master.placeholder(titleKinds...)
	t.titled = own != nil
	for _, x := range []*shapeXML{own, inherited} {
		if x != nil && t.title.w == 0 {
			t.title = x.Place.rect()
		}
	}
	number := func(otherwise float64, texts ...string) float64 {
		for _, s := range texts {
			if v, err := strconv.ParseFloat(s, 64); err == nil {
				return v
			}
		}
		return otherwise
	}
	var a, b shapeXML
	if own != nil {
		a = *own
	}
	if inherited != nil {
		b = *inherited
	}
	const inset, thin = 91440, 45720 // as PowerPoint has them where none is stated
	t.titleInsets = [4]float64{
		number(inset, a.Body.Left, b.Body.Left) / emuPerPoint, number(thin, a.Body.Top, b.Body.Top) / emuPerPoint,
		number(inset, a.Body.Right, b.Body.Right) / emuPerPoint, number(thin, a.Body.Bottom, b.Body.Bottom) / emuPerPoint,
	}
	style := master.TitleStyle.Level.Run
	t.titleSize = number(4400, a.Level.Run.Size, b.Level.Run.Size, style.Size) / 100
	t.titleBold = slices.Contains([]string{"1", "true"}, cmp.Or(a.Level.Run.Bold, b.Level.Run.Bold, style.Bold))
	t.titleCaps = cmp.Or(a.Level.Run.Caps, b.Level.Run.Caps, style.Caps) == "all"
	drawn := layout.drawn()
	if layout.ShowMaster != "0" && layout.ShowMaster != "false" {
		drawn = append(drawn, master.drawn()...)
	}
	for _, r := range drawn {
		const background = 0.5 // what covers more of the slide than this lies behind the text
		if r.w*r.h < background*t.width*t.height && r.w+r.h > 0 {
			t.obstacles = append(t.obstacles, r)
		}
	}
}

// without is the largest part of an area, cut along one side for each obstacle, that no obstacle is in.
func without(area rect, obstacles []rect) rect {
	for _, o := range obstacles {
		if !area.meets(o) {
			continue
		}
		best := rect{}
		for _, r := range []rect{
			{area.x, area.y, area.w, o.y - area.y},
			{area.x, o.bottom(), area.w, area.bottom() - o.bottom()},
			{area.x, area.y, o.x - area.x, area.h},
			{o.right(), area.y, area.right() - o.right(), area.h},
		} {
			if r.w > 0 && r.h > 0 && r.w*r.h > best.w*best.h {
				best = r
			}
		}
		area = best
	}
	return area
}

// presentationXML is the main part: what the template has, with the slides of the deck, in the order of the standard.
func (t *Template) presentationXML(notesMaster string, slides []string, sections []*element) []byte {
	list := func(name string, item func(i int, id string) *element, ids []string) *element {
		e := el(name, attrs{"xmlns", mainNS, "xmlns:r", officeNS + "relationships"})
		for i, id := range ids {
			e.add(item(i, id))
		}
		return e
	}
	lists := maps.Clone(t.lists)
	encoded := func(e *element) []byte {
		var b bytes.Buffer
		e.writeTo(&b)
		return b.Bytes()
	}
	if lists["notesMasterIdLst"] == nil {
		lists["notesMasterIdLst"] = encoded(list("notesMasterIdLst", func(_ int, id string) *element { return el("notesMasterId", attrs{"r:id", id}) }, []string{notesMaster}))
	}
	const firstSlide = 256 // the least id that the standard allows
	lists["sldIdLst"] = encoded(list("sldIdLst", func(i int, id string) *element { return el("sldId", attrs{"id", firstSlide + i, "r:id", id}) }, slides))
	lists["extLst"] = nil
	if len(sections) > 0 {
		lists["extLst"] = encoded(el("extLst", attrs{"xmlns", mainNS},
			el("ext", attrs{"uri", "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"},
				el("p14:sectionLst", attrs{"xmlns:p14", "http://schemas.microsoft.com/office/powerpoint/2010/main"}, sections...))))
	}
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
	b.Write(t.head)
	for _, name := range []string{"sldMasterIdLst", "notesMasterIdLst", "handoutMasterIdLst", "sldIdLst", "sldSz", "notesSz", "embeddedFontLst", "kinsoku", "defaultTextStyle", "extLst"} {
		b.Write(lists[name])
	}
	b.WriteString("</" + string(bytes.TrimRight(bytes.Fields(t.head)[0], ">")[1:]) + ">")
	return b.Bytes()
}
