package load

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"strings"

	"deconflict/data"
)

// packageName is the file in which a folder describes itself: https://datapackage.org.
const packageName = "datapackage.json"

// description is what a dataset says about itself, and where.
type description struct {
	data.Position
	meta      data.Meta
	resources []resource // the tables that it lists; none where every file speaks for itself
	listed    map[string]bool
}

// resource is a table and its file, relative to the folder.
type resource struct {
	table *table
	path  string
}

// lists reports whether a file is listed, be it a table or not.
func (d *description) lists(p string) bool { return d.listed[p] }

// readPackage reads a folder's datapackage.json.
func (l *loader) readPackage(name string, fsys fs.FS) (d description, ok bool) {
	at := data.Position{File: path.Join(name, packageName)}
	d = description{Position: at, listed: map[string]bool{}}
	info, err := fs.Stat(fsys, packageName)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxFile) {
		l.fail(at, "", "is "+modeOf(info.Mode())+" or too large, wanted a file", "")
		return d, false
	}
	text, err := fs.ReadFile(fsys, packageName)
	if err != nil {
		l.fail(at, "", "cannot be read: "+reason(err), "")
		return d, false
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	var p struct {
		Title, Description, Version string
		AsOf                        string `json:"as_of"`
		Marking                     string
		Licenses                    []struct{ Name string }
		Beneficiaries               map[string]string
		Schemes                     map[string]map[string]string
		Resources                   []struct{ Name, Path string }
	}
	if err := json.Unmarshal(text, &p); err != nil {
		var offset int64
		if e, ok := errors.AsType[*json.SyntaxError](err); ok {
			offset = e.Offset
		}
		got := strings.TrimPrefix(err.Error(), "json: ")
		if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			offset, got = e.Offset, fmt.Sprintf("%s is a JSON %s, wanted %s", e.Field, e.Value, jsonWord(e))
		}
		if offset > 0 {
			at.Line, at.Column = lineColumn(text, min(int(offset), len(text))-1)
		}
		l.fail(at, "", got, "")
		return d, false
	}
	d.meta = data.Meta{
		Title: p.Title, Description: p.Description, Version: p.Version,
		Beneficiaries: p.Beneficiaries, Schemes: p.Schemes,
	}
	if len(p.Licenses) > 0 {
		d.meta.Licence = p.Licenses[0].Name
	}
	before := l.errors
	d.set(l, "as_of", p.AsOf, at)
	ok = l.errors == before
	d.set(l, "marking", strings.TrimSpace(p.Marking), at) // a wrong one does not keep the tables from being looked at
	for i, res := range p.Resources {
		field := fmt.Sprintf("resources[%d]", i)
		if !fs.ValidPath(res.Path) || res.Path == "." || strings.Contains(res.Path, "\\") {
			l.fail(at, field+".path", quote(res.Path)+", wanted the path of a file within the folder", "")
			ok = false
			continue
		}
		d.listed[res.Path] = true
		t := tableNamed(res.Name)
		if t == nil {
			l.warn(at, field+".name", quote(res.Name)+" is no table: it is ignored", data.DidYouMean(data.Nearest(res.Name, strings.Split(tableNames(), ", "))))
			continue
		}
		d.resources = append(d.resources, resource{t, res.Path})
	}
	return d, ok
}

// jsonWord is what a value of datapackage.json should be, in JSON's words.
func jsonWord(e *json.UnmarshalTypeError) string {
	switch e.Type.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "an array"
	}
	return "an object"
}

// properties are what any format can say about a dataset.
var properties = []string{"title", "description", "version", "as_of", "marking", "licence"}

// set puts a property into a description. It reports whether there is a property of that name.
func (d *description) set(l *loader, name, value string, at data.Position) bool {
	switch data.Fold(name) {
	case "title":
		d.meta.Title = value
	case "description":
		d.meta.Description = value
	case "version":
		d.meta.Version = value
	case "licence":
		d.meta.Licence = value
	case "marking":
		if value == "" {
			break
		}
		m, err := l.ParseMarking(value) // by the reference tables: the dataset's own are not read yet
		if e, ok := err.(*data.ValueError); ok {
			l.fail(at, "marking", quote(e.Got)+", wanted "+e.Want, e.Hint)
		}
		d.meta.Marking = m
	case "as of":
		if value == "" {
			break
		}
		first, last, err := data.ParseDate(value)
		if err != nil || first != last {
			l.fail(at, "as_of", quote(value)+", wanted a day as YYYY-MM-DD", "")
		}
		d.meta.AsOf = first
	default:
		return false
	}
	return true
}

// describe settles what the dataset says about itself. Of several descriptions the first that says something is heard, but a
// default marking holds for the whole only where all state the same.
func (l *loader) describe(title string) {
	m, ref := &l.Meta, &l.reference.Meta
	m.Beneficiaries, m.Schemes = maps.Clone(ref.Beneficiaries), maps.Clone(ref.Schemes)
	if m.Beneficiaries == nil {
		m.Beneficiaries, m.Schemes = map[string]string{}, map[string]map[string]string{}
	}
	for i, d := range l.packages {
		m.Title = cmp.Or(m.Title, d.meta.Title)
		m.Description = cmp.Or(m.Description, d.meta.Description)
		m.Version = cmp.Or(m.Version, d.meta.Version)
		m.Licence = cmp.Or(m.Licence, d.meta.Licence)
		if m.AsOf != 0 && d.meta.AsOf != 0 && m.AsOf != d.meta.AsOf {
			l.warn(d.Position, "as_of", fmt.Sprintf("%s, but what was named before it is of %s, which counts", d.meta.AsOf, m.AsOf), "--as-of sets it")
		}
		m.AsOf = cmp.Or(m.AsOf, d.meta.AsOf)
		if i == 0 {
			m.Marking = d.meta.Marking
		} else if m.Marking != d.meta.Marking {
			m.Marking = ""
		}
		maps.Copy(m.Beneficiaries, d.meta.Beneficiaries)
		maps.Copy(m.Schemes, d.meta.Schemes)
	}
	m.Prefixes = maps.Clone(ref.Prefixes)
	if m.Prefixes == nil {
		m.Prefixes = map[string]string{}
	}
	maps.Copy(m.Prefixes, l.prefixes)
	m.Title = cmp.Or(m.Title, title)
	if m.AsOf == 0 && len(l.files) > 0 {
		m.AsOf = ref.AsOf
		l.assume(data.Position{File: m.Name}, "as_of", fmt.Sprintf("the dataset states no date of its own: taken as of %s, the date of the reference tables", m.AsOf), "--as-of sets it")
	}
}
