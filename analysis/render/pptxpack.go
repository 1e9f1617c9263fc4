package render

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"time"
)

// This file makes the package of a deck: the parts of the template, the slides with their notes and charts, and what says what it is.

// pack makes the package: the template's parts, the slides with their notes and charts, and what says who made it.
func (d *deck) pack() (*pack, error) {
	p := &pack{parts: map[string]*part{}}
	for name, x := range d.template.parts {
		p.parts[name] = x
	}
	const main = "ppt/presentation.xml"
	kept := slices.Clone(d.template.kept)
	notesMaster, notesID := "", ""
	for _, r := range kept {
		if r.is("notesMaster") {
			notesMaster, notesID = r.target, r.id
		}
	}
	kind := func(name string) string { return officeNS + "relationships/" + name }
	if notesMaster == "" {
		notesMaster = addNotesMaster(p)
		notesID = relate(&kept, kind("notesMaster"), notesMaster)
	}
	var ids []string
	for i, s := range d.slides {
		name, notes := fmt.Sprintf("ppt/slides/slide%d.xml", i+1), fmt.Sprintf("ppt/notesSlides/notesSlide%d.xml", i+1)
		var relations []relation
		relate(&relations, kind("slideLayout"), d.template.layout)
		relate(&relations, kind("notesSlide"), notes)
		for _, c := range s.charts {
			book, err := c.workbook(d.report.Marking, d.report.AsOf)
			if err != nil {
				return nil, err
			}
			chartName := p.free("ppt/charts/chart%d.xml")
			var below []relation
			id := relate(&below, kind("package"), p.put(p.free("ppt/embeddings/Microsoft_Excel_Sheet%d.xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book))
			p.put(chartName, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml", c.xml(id).document(), below...)
			if got := relate(&relations, kind("chart"), chartName); got != c.part {
				return nil, fmt.Errorf("chart %q is %s and not %s", c.title, got, c.part)
			}
		}
		p.put(name, mlType+"slide+xml", d.slideXML(s, i+1, len(d.slides)).document(), relations...)
		var of []relation
		relate(&of, kind("notesMaster"), notesMaster)
		relate(&of, kind("slide"), name)
		p.put(notes, mlType+"notesSlide+xml", notesXML(s.notes).document(), of...)
		ids = append(ids, relate(&kept, kind("slide"), name))
	}
	props := el("p:presentationPr", sheetNames)
	relate(&kept, kind("presProps"), p.put("ppt/presProps.xml", mlType+"presProps+xml", props.document()))
	view := el("p:viewPr", sheetNames)
	relate(&kept, kind("viewProps"), p.put("ppt/viewProps.xml", mlType+"viewProps+xml", view.document()))
	p.put(main, presentationType, d.template.presentationXML(notesID, ids, d.sections()), kept...)
	relate(&p.root, kind("officeDocument"), main)
	relate(&p.root, "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
		p.put("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", d.core().document()))
	relate(&p.root, kind("extended-properties"),
		p.put("docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml", d.app().document()))
	return p, nil
}

// addNotesMaster gives a package the notes master that ships with the program.
func addNotesMaster(p *pack) string {
	own := ownTemplate()
	for _, r := range own.kept {
		if r.is("notesMaster") {
			theme := p.free("ppt/theme/theme%d.xml")
			master := own.parts[r.target]
			p.parts[theme] = own.parts["ppt/theme/theme2.xml"]
			return p.put(p.free("ppt/notesMasters/notesMaster%d.xml"), master.kind, master.body, relation{id: "rId1", kind: officeNS + "relationships/theme", target: theme})
		}
	}
	panic("the template that ships with the program has a notes master")
}

// sections are the parts of the deck as PowerPoint shows them beside the slides.
func (d *deck) sections() (out []*element) {
	var list *element
	for i, s := range d.slides {
		if i == 0 || s.section != d.slides[i-1].section {
			sum := sha256.Sum256([]byte(fmt.Sprintf("%d %s", i, s.section)))
			list = el("p14:sldIdLst", nil)
			out = append(out, el("p14:section", attrs{"name", shorten(s.section, 80), "id", fmt.Sprintf("{%X-%X-%X-%X-%X}", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])}, list))
		}
		list.add(el("p14:sldId", attrs{"id", 256 + i}))
	}
	return out
}

// core says what the deck is. Its times are the day asked about, so that the same report makes the same bytes.
func (d *deck) core() *element {
	r := d.report
	day := r.AsOf.Time().UTC().Format(time.RFC3339)
	date := func(name string) *element {
		e := textOf(name, day)
		e.attrs = attrs{"xsi:type", "dcterms:W3CDTF"}
		return e
	}
	return el("cp:coreProperties", attrs{
		"xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties", "xmlns:dc", "http://purl.org/dc/elements/1.1/",
		"xmlns:dcterms", "http://purl.org/dc/terms/", "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
	},
		textOf("dc:title", "Duplication, gaps and complementarity as of "+r.AsOf.String()), textOf("dc:subject", shorten(titleOf(r.Dataset), 250)), textOf("dc:creator", r.Program),
		textOf("cp:keywords", ""), textOf("cp:lastModifiedBy", r.Program), textOf("cp:revision", "1"), date("dcterms:created"), date("dcterms:modified"),
		textOf("cp:category", shorten(string(r.Marking), 250)), textOf("dc:language", language))
}

func (d *deck) app() *element {
	return el("Properties", attrs{"xmlns", officeNS + "extended-properties"},
		textOf("TotalTime", "0"), textOf("Application", "Microsoft Office PowerPoint"), textOf("PresentationFormat", "Custom"),
		textOf("Slides", fmt.Sprint(len(d.slides))), textOf("Notes", fmt.Sprint(len(d.slides))), textOf("HiddenSlides", "0"))
}
