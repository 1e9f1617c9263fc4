package render_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"deconflict/analysis/render"
)

// A template as an organisation might have it: dark, 4:3, with a logo, a coloured bar, footers, slides of its own with notes and a
// picture, a layout with a name in another language, a second master, and what PowerPoint keeps beside.
func organisation() map[string][]byte {
	const (
		ns     = `xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"`
		office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
		ml     = "application/vnd.openxmlformats-officedocument.presentationml."
		empty  = `<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>`
	)
	files := map[string][]byte{}
	types := `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>`
	add := func(name, kind, body string, relations ...string) {
		files[name] = []byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\r\n" + body)
		types += fmt.Sprintf(`<Override PartName="/%s" ContentType="%s"/>`, name, kind)
		if len(relations) > 0 {
			list := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
			for i, r := range relations {
				kind, target, _ := strings.Cut(r, " ")
				list += fmt.Sprintf(`<Relationship Id="rId%d" Type="%s" Target="%s"/>`, i+1, office+kind, target)
			}
			dir, file := name[:strings.LastIndex(name, "/")+1], name[strings.LastIndex(name, "/")+1:]
			files[dir+"_rels/"+file+".rels"] = []byte(list + "</Relationships>")
		}
	}
	ph := func(id int, kind string, x, y, w, h int, size string) string {
		return fmt.Sprintf(`<p:sp><p:nvSpPr><p:cNvPr id="%d" name="%s"/><p:cNvSpPr/><p:nvPr><p:ph type="%s"/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="%d" y="%d"/><a:ext cx="%d" cy="%d"/></a:xfrm></p:spPr><p:txBody><a:bodyPr/><a:lstStyle>%s</a:lstStyle><a:p><a:r><a:rPr lang="fr-FR"/><a:t>x</a:t></a:r></a:p></p:txBody></p:sp>`, id, kind, kind, x, y, w, h, size)
	}
	bar := `<p:sp><p:nvSpPr><p:cNvPr id="20" name="Bar"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="6629400"/><a:ext cx="9144000" cy="228600"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="C8102E"/></a:solidFill></p:spPr><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="fr-FR"/></a:p></p:txBody></p:sp>`
	logo := `<p:pic><p:nvPicPr><p:cNvPr id="21" name="Logo" descr="Logo"/><p:cNvPicPr/><p:nvPr userDrawn="1"/></p:nvPicPr><p:blipFill><a:blip r:embed="rId4"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm><a:off x="8229600" y="91440"/><a:ext cx="822960" cy="640080"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>`
	colours := `<p:clrMap bg1="dk1" tx1="lt1" bg2="dk2" tx2="lt2" accent1="accent1" accent2="accent2" accent3="accent3" accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/>`
	master := func(drawings, ids string) string {
		return `<p:sldMaster ` + ns + `><p:cSld><p:bg><p:bgPr><a:solidFill><a:schemeClr val="bg1"/></a:solidFill><a:effectLst/></p:bgPr></p:bg><p:spTree>` + empty + drawings +
			ph(2, "title", 457200, 274638, 7620000, 900000, "") + ph(3, "body", 457200, 1600200, 8229600, 4525963, "") + ph(4, "dt", 457200, 6356350, 2133600, 200000, "") + ph(5, "sldNum", 6553200, 6356350, 2133600, 200000, "") +
			`</p:spTree></p:cSld>` + colours + `<p:sldLayoutIdLst>` + ids + `</p:sldLayoutIdLst><p:txStyles><p:titleStyle><a:lvl1pPr algn="l"><a:defRPr sz="4000" cap="all"><a:solidFill><a:schemeClr val="tx2"/></a:solidFill><a:latin typeface="+mj-lt"/></a:defRPr></a:lvl1pPr></p:titleStyle><p:bodyStyle/><p:otherStyle/></p:txStyles></p:sldMaster>`
	}
	add("ppt/presentation.xml", ml+"template.main+xml", `<p:presentation `+ns+` saveSubsetFonts="1"><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/><p:sldMasterId id="2147483660" r:id="rId2"/></p:sldMasterIdLst>`+
		`<p:sldIdLst><p:sldId id="256" r:id="rId3"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000" type="screen4x3"/><p:notesSz cx="6858000" cy="9144000"/><p:custDataLst><p:tags r:id="rId7"/></p:custDataLst><p:defaultTextStyle/>`+
		`<p:extLst><p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"><p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"><p14:section name="Old" id="{7C1E7D3B-0000-4000-8000-000000000000}"><p14:sldIdLst><p14:sldId id="256"/></p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst></p:presentation>`,
		"slideMaster slideMasters/slideMaster1.xml", "slideMaster slideMasters/slideMaster2.xml", "slide slides/slide1.xml", "theme theme/theme1.xml", "viewProps viewProps.xml", "tableStyles tableStyles.xml", "tags tags/tag1.xml")
	add("ppt/slideMasters/slideMaster1.xml", ml+"slideMaster+xml", master(logo+bar, `<p:sldLayoutId id="2147483649" r:id="rId1"/><p:sldLayoutId id="2147483650" r:id="rId2"/>`),
		"slideLayout ../slideLayouts/slideLayout1.xml", "slideLayout ../slideLayouts/slideLayout2.xml", "theme ../theme/theme1.xml", "image ../media/image1.png")
	add("ppt/slideMasters/slideMaster2.xml", ml+"slideMaster+xml", master("", `<p:sldLayoutId id="2147483661" r:id="rId1"/>`), "slideLayout ../slideLayouts/slideLayout3.xml", "theme ../theme/theme2.xml")
	layout := func(name, kind string, shapes string) string {
		return `<p:sldLayout ` + ns + ` type="` + kind + `"><p:cSld name="` + name + `"><p:spTree>` + empty + shapes + `</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>`
	}
	title := `<p:sp><p:nvSpPr><p:cNvPr id="2" name="Titre"/><p:cNvSpPr/><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="fr-FR"/></a:p></p:txBody></p:sp>`
	add("ppt/slideLayouts/slideLayout1.xml", ml+"slideLayout+xml", layout("Titre et contenu", "obj", title), "slideMaster ../slideMasters/slideMaster1.xml")
	add("ppt/slideLayouts/slideLayout2.xml", ml+"slideLayout+xml", layout("Titre seul", "titleOnly", title), "slideMaster ../slideMasters/slideMaster1.xml")
	add("ppt/slideLayouts/slideLayout3.xml", ml+"slideLayout+xml", layout("Vide", "blank", ""), "slideMaster ../slideMasters/slideMaster2.xml")
	theme := func(name string) string {
		return `<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="` + name + `"><a:themeElements><a:clrScheme name="x"><a:dk1><a:srgbClr val="101820"/></a:dk1><a:lt1><a:srgbClr val="F5F5F0"/></a:lt1><a:dk2><a:srgbClr val="24323F"/></a:dk2><a:lt2><a:srgbClr val="FFC845"/></a:lt2>` +
			`<a:accent1><a:srgbClr val="C8102E"/></a:accent1><a:accent2><a:srgbClr val="FFC845"/></a:accent2><a:accent3><a:srgbClr val="6A8F6B"/></a:accent3><a:accent4><a:srgbClr val="4F758B"/></a:accent4><a:accent5><a:srgbClr val="A2AAAD"/></a:accent5><a:accent6><a:srgbClr val="E87722"/></a:accent6><a:hlink><a:srgbClr val="A2AAAD"/></a:hlink><a:folHlink><a:srgbClr val="A2AAAD"/></a:folHlink></a:clrScheme>` +
			`<a:fontScheme name="x"><a:majorFont><a:latin typeface="Georgia"/><a:ea typeface=""/><a:cs typeface=""/></a:majorFont><a:minorFont><a:latin typeface="Verdana"/><a:ea typeface=""/><a:cs typeface=""/></a:minorFont></a:fontScheme>` +
			`<a:fmtScheme name="x"><a:fillStyleLst><a:solidFill><a:schemeClr val="phClr"/></a:solidFill><a:solidFill><a:schemeClr val="phClr"/></a:solidFill><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:fillStyleLst><a:lnStyleLst><a:ln w="6350"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln><a:ln w="6350"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln><a:ln w="6350"><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln></a:lnStyleLst><a:effectStyleLst><a:effectStyle><a:effectLst/></a:effectStyle><a:effectStyle><a:effectLst/></a:effectStyle><a:effectStyle><a:effectLst/></a:effectStyle></a:effectStyleLst><a:bgFillStyleLst><a:solidFill><a:schemeClr val="phClr"/></a:solidFill><a:solidFill><a:schemeClr val="phClr"/></a:solidFill><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>`
	}
	add("ppt/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml", theme("Maison"))
	add("ppt/theme/theme2.xml", "application/vnd.openxmlformats-officedocument.theme+xml", theme("Autre"))
	add("ppt/slides/slide1.xml", ml+"slide+xml", `<p:sld `+ns+`><p:cSld><p:spTree>`+empty+title+`</p:spTree></p:cSld></p:sld>`, "slideLayout ../slideLayouts/slideLayout1.xml", "image ../media/image2.png", "notesSlide ../notesSlides/notesSlide1.xml")
	add("ppt/notesSlides/notesSlide1.xml", ml+"notesSlide+xml", `<p:notes `+ns+`><p:cSld><p:spTree>`+empty+`</p:spTree></p:cSld></p:notes>`, "slide ../slides/slide1.xml")
	add("ppt/viewProps.xml", ml+"viewProps+xml", `<p:viewPr `+ns+`><p:outlineViewPr><p:cViewPr/><p:sldLst><p:sld r:id="rId1"/></p:sldLst></p:outlineViewPr></p:viewPr>`, "slide slides/slide1.xml")
	add("ppt/tableStyles.xml", ml+"tableStyles+xml", `<a:tblStyleLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" def="{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"/>`)
	add("ppt/tags/tag1.xml", ml+"tags+xml", `<p:tagLst `+ns+`/>`)
	add("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml", `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Slides>1</Slides></Properties>`)
	files["ppt/media/image1.png"], files["ppt/media/image2.png"] = picture, picture
	files["_rels/.rels"] = []byte(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + office + `officeDocument" Target="ppt/presentation.xml"/><Relationship Id="rId2" Type="` + office + `extended-properties" Target="docProps/app.xml"/></Relationships>`)
	files["[Content_Types].xml"] = []byte(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` + types + `</Types>`)
	return files
}

// picture is a red dot.
var picture = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0cIDATx\x9cc8!`\x0b\x00\x02\xa3\x01\x0b\xf4\xb1\xed\xbc\x00\x00\x00\x00IEND\xaeB`\x82")

// zipped packs files, in the order of their names.
func zipped(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(files[name])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func template(t testing.TB, files map[string][]byte) *render.Template {
	t.Helper()
	out, err := render.ReadTemplate(bytes.NewReader(zipped(t, files)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A deck has the template's masters, layouts, theme and media byte for byte, none of its slides, and fits its free room.
func TestTemplateIsKept(t *testing.T) {
	for _, name := range []string{"public", "notional nations", "nothing"} {
		t.Run(name, func(t *testing.T) {
			from := organisation()
			deck := written(t, "pptx", reports(t)[name], render.Options{Template: template(t, from)})
			files := partsOf(t, deck)
			for _, wrong := range repairs(files) {
				t.Error(wrong)
			}
			for part, body := range from {
				kept := strings.Contains(part, "slideMaster") || strings.Contains(part, "slideLayout") || strings.Contains(part, "theme/theme") || strings.Contains(part, "image1") || strings.Contains(part, "tableStyles")
				if kept && !bytes.Equal(body, files[part]) {
					t.Errorf("%s is not what it was: %.200s", part, files[part])
				}
			}
			for _, gone := range []string{"ppt/media/image2.png", "ppt/tags/tag1.xml"} {
				if files[gone] != nil {
					t.Errorf("%s is still there", gone)
				}
			}
			main := string(files["ppt/presentation.xml"])
			for _, gone := range []string{"custDataLst", `name="Old"`} {
				if strings.Contains(main, gone) {
					t.Errorf("%s is still there", gone)
				}
			}
			if types := string(files["[Content_Types].xml"]); strings.Contains(types, "template.main") || !strings.Contains(types, "presentation.main+xml") {
				t.Error("it is still a template")
			}
			slides := slidesOf(t, files)
			title := slidePlace{"title", 36, 274638.0 / 12700, 600, 900000.0 / 12700}
			for i, s := range slides {
				if layout := string(files[fmt.Sprintf("ppt/slides/_rels/slide%d.xml.rels", i+1)]); !strings.Contains(layout, "slideLayout2.xml") {
					t.Errorf("slide %d is made after another layout: %s", i+1, layout)
				}
				for _, wrong := range misfits(t, s, 720, 540, title) {
					t.Errorf("slide %d: %s", i+1, wrong)
				}
			}
			if !bytes.Equal(deck, written(t, "pptx", reports(t)[name], render.Options{Template: template(t, from)})) {
				t.Error("other bytes")
			}
		})
	}
}

// A layout is taken by its name, then by its type, then the first with a title, then the first.
func TestTemplateLayout(t *testing.T) {
	for _, test := range []struct {
		wanted string
		change []string // in every layout: old and new in turn
	}{
		{"slideLayout3", []string{`"Vide"`, `"Title Only"`}},
		{"slideLayout2", nil},
		{"slideLayout1", []string{`"titleOnly"`, `"obj"`}},
		{"slideLayout1", []string{`"titleOnly"`, `"obj"`, `type="title"`, `type="body"`}},
	} {
		files := organisation()
		for name, b := range files {
			if strings.HasPrefix(name, "ppt/slideLayouts/slideLayout") {
				files[name] = []byte(strings.NewReplacer(test.change...).Replace(string(b)))
			}
		}
		deck := partsOf(t, written(t, "pptx", reports(t)["nothing"], render.Options{Template: template(t, files)}))
		for _, wrong := range repairs(deck) {
			t.Errorf("%s: %s", test.change, wrong)
		}
		if relations := string(deck["ppt/slides/_rels/slide1.xml.rels"]); !strings.Contains(relations, test.wanted+".xml") {
			t.Errorf("%s: %s, wanted %s", test.change, relations, test.wanted)
		}
	}
}

// What is no template, or a hostile one, is refused with what is wrong.
func TestTemplatesRefused(t *testing.T) {
	change := func(change func(files map[string][]byte)) []byte {
		files := organisation()
		change(files)
		return zipped(t, files)
	}
	in := func(name, old, new string) []byte {
		return change(func(f map[string][]byte) { replaceIn(f, name, old, new) })
	}
	office := "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	for says, b := range map[string][]byte{
		"no PowerPoint file: not a valid zip file":                 []byte("Dear colleague"),
		"is no PowerPoint file":                                    change(func(f map[string][]byte) { delete(f, "ppt/presentation.xml") }),
		"does not say what it holds":                               change(func(f map[string][]byte) { delete(f, "[Content_Types].xml") }),
		"encrypted, or in the format":                              []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on"),
		`holds a file named "../evil.xml"`:                         change(func(f map[string][]byte) { f["../evil.xml"] = picture }),
		`holds a file named "/evil.xml"`:                           change(func(f map[string][]byte) { f["/evil.xml"] = picture }),
		`holds two files named "ppt/presentation.xml", wanted one`: change(func(f map[string][]byte) { f["PPT/Presentation.xml"] = picture }),
		"may hold macros":                                          in("[Content_Types].xml", "presentationml.template.main+xml", "presentationml.template.macroEnabled.main+xml"),
		"Strict Open XML":                                          in("_rels/.rels", office+"officeDocument", "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"),
		`lacks "ppt/media/image1.png"`:                             change(func(f map[string][]byte) { delete(f, "ppt/media/image1.png") }),
		`uses "http://example.org/logo.png"`:                       in("ppt/slideMasters/_rels/slideMaster1.xml.rels", `Target="../media/image1.png"`, `Target="http://example.org/logo.png" TargetMode="External"`),
		"links to one of its slides":                               in("ppt/slideLayouts/_rels/slideLayout1.xml.rels", "</Relationships>", `<Relationship Id="rId9" Type="`+office+`slide" Target="../slides/slide1.xml"/></Relationships>`),
		"macros or controls":                                       in("[Content_Types].xml", `ContentType="image/png"`, `ContentType="application/vnd.ms-office.vbaProject"`),
		"has slides of 72 by 540 points":                           in("ppt/presentation.xml", `cx="9144000"`, `cx="914400"`),
		"it has no master": change(func(f map[string][]byte) {
			f["ppt/presentation.xml"] = bytes.ReplaceAll(f["ppt/presentation.xml"], []byte("sldMasterIdLst"), []byte("sldMasters"))
		}),
		"has no slide layout": change(func(f map[string][]byte) { clearLayouts(f) }),
		"is damaged":          in("ppt/presentation.xml", "</p:presentation>", ""),
		`"ppt/slideLayouts/slideLayout1.xml" in it is damaged`: in("ppt/slideLayouts/slideLayout1.xml", "</p:sldLayout>", ""),
	} {
		_, err := render.ReadTemplate(bytes.NewReader(b))
		var wrong *render.TemplateError
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, wanted %s", err, says)
		}
	}
	// an archive that expands to more than it may
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("ppt/media/bomb.bin")
	for range 257 {
		if err == nil {
			_, err = w.Write(make([]byte, 1<<20))
		}
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	if _, err := render.ReadTemplate(&b); err == nil || !strings.Contains(err.Error(), "expands to more than 256 MB") {
		t.Errorf("got %v", err)
	}
}

func clearLayouts(files map[string][]byte) {
	for _, master := range []string{"ppt/slideMasters/_rels/slideMaster1.xml.rels", "ppt/slideMasters/_rels/slideMaster2.xml.rels"} {
		files[master] = bytes.ReplaceAll(files[master], []byte("/slideLayout\""), []byte("/custom\""))
	}
}

// Whatever is read as a template is refused, or makes a whole deck.
func FuzzTemplate(f *testing.F) {
	f.Add([]byte(`<p:sldLayout/>`), []byte(`<p:presentation/>`))
	whole := organisation()
	f.Add(whole["ppt/slideLayouts/slideLayout2.xml"], whole["ppt/presentation.xml"])
	f.Fuzz(func(t *testing.T, layout, presentation []byte) {
		files := organisation()
		files["ppt/slideLayouts/slideLayout2.xml"], files["ppt/presentation.xml"] = layout, presentation
		tmpl, err := render.ReadTemplate(bytes.NewReader(zipped(t, files)))
		var wrong *render.TemplateError
		if err != nil && !errors.As(err, &wrong) {
			t.Fatal(err)
		}
		if err == nil {
			written(t, "pptx", reports(t)["nothing"], render.Options{Template: tmpl})
		}
	})
}
