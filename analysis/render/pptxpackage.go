package render

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// An Office document is an archive of parts. Each part has a content type, and relations to the parts that it uses. This file holds
// what is common to all of them: elements of XML, parts and their relations, and the archive.

// element is a piece of XML being made. Names carry their prefixes; text and values are escaped when it is written.
type element struct {
	name     string
	attrs    attrs
	children []*element
	text     string
}

// attrs are names and values in turn.
type attrs []any

// el makes an element. Children that are nil are left out.
func el(name string, a attrs, children ...*element) *element {
	return &element{name: name, attrs: a, children: slices.DeleteFunc(children, func(c *element) bool { return c == nil })}
}

// textOf makes an element with text in it.
func textOf(name, text string) *element { return &element{name: name, text: Plain(text)} }

func (e *element) add(children ...*element) {
	for _, c := range children {
		if c != nil {
			e.children = append(e.children, c)
		}
	}
}

func (e *element) writeTo(b *bytes.Buffer) {
	b.WriteString("<" + e.name)
	for i := 0; i+1 < len(e.attrs); i += 2 {
		fmt.Fprintf(b, ` %s="`, e.attrs[i])
		writeEscaped(b, fmt.Sprint(e.attrs[i+1]))
		b.WriteByte('"')
	}
	if len(e.children) == 0 && e.text == "" {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	writeEscaped(b, e.text)
	for _, c := range e.children {
		c.writeTo(b)
	}
	b.WriteString("</" + e.name + ">")
}

func writeEscaped(b *bytes.Buffer, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a buffer takes everything
}

// document is the element as a part of its own.
func (e *element) document() []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n")
	e.writeTo(&b)
	return b.Bytes()
}

// The namespaces and relations of Office documents.
const (
	officeNS    = "http://schemas.openxmlformats.org/officeDocument/2006/"
	relationsNS = "http://schemas.openxmlformats.org/package/2006/relationships"
	typesNS     = "http://schemas.openxmlformats.org/package/2006/content-types"
	mainNS      = "http://schemas.openxmlformats.org/presentationml/2006/main"
	drawingNS   = "http://schemas.openxmlformats.org/drawingml/2006/main"
	chartNS     = "http://schemas.openxmlformats.org/drawingml/2006/chart"
	tableNS     = "http://schemas.openxmlformats.org/drawingml/2006/table"

	presentationType = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
	mlType           = "application/vnd.openxmlformats-officedocument.presentationml."
	workbookType     = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

	contentTypes  = "[Content_Types].xml"
	rootRelations = "_rels/.rels"
)

// sheetNames are the namespaces of a part with shapes.
var sheetNames = attrs{"xmlns:a", drawingNS, "xmlns:r", officeNS + "relationships", "xmlns:p", mainNS}

// part is one file of a package.
type part struct {
	kind      string // its content type
	body      []byte
	relations []relation
	raw       []byte // its relations as they were read, where they are kept as they are
}

// relation is from a part, or from the package, to another part or to an address outside.
type relation struct {
	id, kind, target string // the target is the name of a part, or an address
	external         bool
}

// pack is a package: its parts by their names, without a slash before them.
type pack struct {
	parts map[string]*part
	root  []relation
}

// put adds a part and returns its name.
func (p *pack) put(name, kind string, body []byte, relations ...relation) string {
	p.parts[name] = &part{kind: kind, body: body, relations: relations}
	return name
}

// free is the first of a family of names that no part has: ppt/charts/chart%d.xml.
func (p *pack) free(pattern string) string {
	for i := 1; ; i++ {
		if name := fmt.Sprintf(pattern, i); p.parts[name] == nil {
			return name
		}
	}
}

// relate adds a relation to a list and returns its id.
func relate(list *[]relation, kind, target string) string {
	used := map[string]bool{}
	for _, r := range *list {
		used[r.id] = true
	}
	for i := len(*list) + 1; ; i++ {
		if id := fmt.Sprintf("rId%d", i); !used[id] {
			*list = append(*list, relation{id: id, kind: kind, target: target})
			return id
		}
	}
}

// relationsOf is the name of the file that holds a part's relations.
func relationsOf(name string) string {
	dir, file := path.Split(name)
	return dir + "_rels/" + file + ".rels"
}

// relationsXML writes the relations of a part, or of the package if it has no name.
func relationsXML(of string, list []relation) []byte {
	e := el("Relationships", attrs{"xmlns", relationsNS})
	for _, r := range list {
		a := attrs{"Id", r.id, "Type", r.kind, "Target", r.target}
		if r.external {
			a = append(a, "TargetMode", "External")
		} else {
			a[5] = relative(of, r.target)
		}
		e.add(el("Relationship", a))
	}
	return e.document()
}

// relative is the way from one part to another.
func relative(from, to string) string {
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	for len(a) > 1 && len(b) > 1 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return strings.Repeat("../", len(a)-1) + strings.Join(b, "/")
}

// epoch is the time of every file in an archive, so that the same report makes the same bytes.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// writeTo writes the archive: first what it holds, then the parts by name.
func (p *pack) writeTo(w io.Writer) error {
	files := map[string][]byte{rootRelations: relationsXML("", p.root)}
	types := el("Types", attrs{"xmlns", typesNS},
		el("Default", attrs{"Extension", "rels", "ContentType", "application/vnd.openxmlformats-package.relationships+xml"}),
		el("Default", attrs{"Extension", "xml", "ContentType", "application/xml"}))
	for _, name := range slices.Sorted(maps.Keys(p.parts)) {
		x := p.parts[name]
		files[name] = x.body
		if x.kind != "application/xml" {
			types.add(el("Override", attrs{"PartName", "/" + name, "ContentType", x.kind}))
		}
		switch {
		case x.raw != nil:
			files[relationsOf(name)] = x.raw
		case len(x.relations) > 0:
			files[relationsOf(name)] = relationsXML(name, x.relations)
		}
	}
	out := zip.NewWriter(w)
	write := func(name string, body []byte) error {
		f, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch})
		if err != nil {
			return err
		}
		_, err = f.Write(body)
		return err
	}
	if err := write(contentTypes, types.document()); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := write(name, files[name]); err != nil {
			return err
		}
	}
	return out.Close()
}
