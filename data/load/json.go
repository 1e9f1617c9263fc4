package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"deconflict/data"
)

// array is a table of a JSON document: an array of objects, whose keys are the columns.
type array struct {
	name    string
	places  *places
	options Options
	decoder *jsontext.Decoder
	base    int            // where the array starts in the document
	columns map[string]int // by key
	start   int            // where the object last read starts,
	texts   []string       // what its cells hold,
	values  []value        // and what that is; before the first object, where the keys stand first
}

// value is what stands in a cell, and where; the zero value is none.
type value struct {
	kind   jsontext.Kind
	offset int
}

// document takes in the tables of a JSON document: one object, whose arrays are tables and whose other members describe the dataset as
// those of datapackage.json do. It is refused as a whole where it is no strict JSON: a key that stands twice, for one, could mean
// either.
func (l *loader) document(name string, text []byte) bool {
	text = bytes.TrimPrefix(text, []byte(mark))
	where := &places{text: text}
	at := func(offset int) data.Position {
		line, column := where.of(min(offset, len(text)))
		return data.Position{File: name, Line: line, Column: column}
	}
	d := description{Position: data.Position{File: name}}
	before := l.errors
	var found []*file
	decoder := jsontext.NewDecoder(bytes.NewBuffer(text))
	if decoder.PeekKind() != '{' && decoder.PeekKind() != 0 {
		l.fail(at(0), "", "is no JSON object, wanted one with tables as arrays: {\"targets\": [{…}]}", "")
		return false
	}
	_, err := decoder.ReadToken()
	for err == nil && decoder.PeekKind() == '"' {
		var raw jsontext.Value
		if raw, err = decoder.ReadValue(); err != nil {
			break
		}
		key := unquote(raw)
		keyAt := at(int(decoder.InputOffset()) - len(raw))
		if raw, err = decoder.ReadValue(); err != nil {
			break
		}
		start := int(decoder.InputOffset()) - len(raw)
		t := tableNamed(key)
		switch {
		case t != nil && key != t.name:
			l.fail(keyAt, "", quote(key)+" is no table: the case of keys counts", data.DidYouMean([]string{t.name}))
		case t != nil && raw.Kind() == 'n':
		case t != nil:
			a := &array{name: name, places: where, options: l.options, base: start}
			if f := l.openArray(t, a, raw); f != nil {
				l.files[t.name] = append(l.files[t.name], f)
				found = append(found, f)
			}
		default:
			l.member(&d, key, raw, keyAt, at(start))
		}
	}
	if err == nil {
		_, err = decoder.ReadToken() // the end of the object
	}
	if err == nil {
		if _, err = decoder.ReadToken(); err == nil {
			err = errors.New("text follows the end of the document")
		} else if err == io.EOF {
			err = nil
		}
	}
	if err != nil {
		offset, got := syntax(err, int(decoder.InputOffset()))
		l.fail(at(offset), "", got+"; nothing of the document is read", "")
		return false
	}
	l.packages = append(l.packages, d)
	for _, f := range found {
		f.marking = d.meta.Marking
	}
	if len(found) == 0 && l.errors == before {
		l.fail(data.Position{File: name}, "", "holds no table, wanted arrays named after one of "+tableNames(), "")
	}
	return l.errors == before
}

// syntax words an error of jsontext, and says where it stands.
func syntax(err error, offset int) (int, string) {
	got := strings.TrimPrefix(err.Error(), "jsontext: ")
	e, ok := errors.AsType[*jsontext.SyntacticError](err)
	if !ok {
		return offset, got
	}
	switch got = e.Err.Error(); {
	case errors.Is(e.Err, jsontext.ErrDuplicateName):
		got = "the key " + quote(e.JSONPointer.LastToken()) + " stands twice in one object"
	case errors.Is(e.Err, io.ErrUnexpectedEOF):
		got = "the document ends too early"
	}
	return int(e.ByteOffset), got
}

// member reads what a document says about itself.
func (l *loader) member(d *description, key string, raw jsontext.Value, keyAt, at data.Position) {
	var err error
	wanted := "a string"
	switch {
	case key == "beneficiaries":
		wanted, err = "an object of strings", json.Unmarshal(raw, &d.meta.Beneficiaries)
	case key == "schemes":
		wanted, err = "an object of objects of strings", json.Unmarshal(raw, &d.meta.Schemes)
	case key == "licenses":
		var licences []struct {
			Name string `json:"name"`
		}
		wanted, err = "an array of objects with a name", json.Unmarshal(raw, &licences)
		if err == nil && len(licences) > 0 {
			d.meta.Licence = licences[0].Name
		}
	case key == "resources": // a document holds its tables itself
	case slices.Contains(properties, key):
		var text string
		if err = json.Unmarshal(raw, &text); err == nil {
			d.set(l, key, strings.TrimSpace(text), at)
		}
	default:
		known := append(strings.Split(tableNames(), ", "), properties...)
		l.warn(keyAt, "", quote(key)+" is no table and says nothing that is known about a dataset: it is ignored", data.DidYouMean(data.Nearest(key, known)))
	}
	if err != nil {
		l.fail(at, key, "is "+article[raw.Kind()]+", wanted "+wanted, "")
	}
}

// article names a JSON value by its kind.
var article = map[jsontext.Kind]string{
	'n': "null", 't': "the truth value true", 'f': "the truth value false", '"': "a string", '0': "a number", '{': "an object", '[': "an array",
}

// unquote is the text of a JSON string that is known to be one.
func unquote(raw jsontext.Value) string {
	text, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		return string(raw)
	}
	return string(text)
}

// openArray finds the columns of a table: all keys of its objects, in the order in which they first stand. That the array is valid JSON is
// known.
func (l *loader) openArray(t *table, a *array, raw jsontext.Value) *file {
	before := l.errors
	defer func() {
		if l.errors > before {
			l.broken[t.name] = true
		}
	}()
	if raw.Kind() != '[' {
		l.fail(a.place(a.base), t.name, "is "+article[raw.Kind()]+", wanted an array of objects", "")
		return nil
	}
	a.columns = map[string]int{}
	var header []string
	var key []byte
	decoder := jsontext.NewDecoder(bytes.NewBuffer(raw))
	for decoder.ReadToken(); decoder.PeekKind() != ']'; decoder.ReadToken() {
		if kind := decoder.PeekKind(); kind != '{' {
			element, _ := decoder.ReadValue()
			l.fail(a.place(a.base+int(decoder.InputOffset())-len(element)), t.name, "holds "+article[kind]+", wanted objects alone", "")
			return nil
		}
		for decoder.ReadToken(); decoder.PeekKind() == '"'; decoder.SkipValue() {
			quoted, _ := decoder.ReadValue()
			key, _ = jsontext.AppendUnquote(key[:0], quoted)
			if _, ok := a.columns[string(key)]; ok {
				continue
			}
			word, at := string(key), a.base+int(decoder.InputOffset())-len(quoted)
			a.columns[word] = len(header)
			header = append(header, word)
			a.values = append(a.values, value{offset: at})
			if len(header) > maxColumns {
				l.fail(a.place(at), t.name, fmt.Sprintf("more than %d keys, wanted at most so many", maxColumns), "")
				return nil
			}
			if c, ok := t.column(word); ok && !slices.Contains(t.columns, word) && synonyms[word] == nil {
				l.fail(a.place(at), c, quote(word)+" is no column: the case of keys counts", data.DidYouMean([]string{c}))
			}
		}
	}
	if len(header) == 0 { // a table without rows
		header = t.required
	}
	a.start = a.base
	a.texts = make([]string, len(header))
	a.decoder = jsontext.NewDecoder(bytes.NewBuffer(raw))
	a.decoder.ReadToken()
	return &file{Position: data.Position{File: a.name}, header: header, rows: a}
}

func (a *array) next() ([]string, error) {
	for {
		if a.decoder.PeekKind() == ']' {
			return nil, io.EOF
		}
		if _, err := a.decoder.ReadToken(); err != nil {
			return nil, err
		}
		a.start = a.base + int(a.decoder.InputOffset()) - 1
		a.values = append(a.values[:0], make([]value, len(a.texts))...)
		clear(a.texts)
		for a.decoder.PeekKind() == '"' {
			key, err := a.decoder.ReadValue()
			if err != nil {
				return nil, err
			}
			i := a.columns[unquote(key)]
			raw, err := a.decoder.ReadValue()
			if err != nil {
				return nil, err
			}
			a.values[i] = value{raw.Kind(), a.base + int(a.decoder.InputOffset()) - len(raw)}
			switch raw.Kind() {
			case 'n':
			case '"':
				a.texts[i] = unquote(raw)
			case '0':
				a.texts[i] = withoutExponent(string(raw))
			default:
				a.texts[i] = article[raw.Kind()]
			}
		}
		if _, err := a.decoder.ReadToken(); err != nil {
			return nil, err
		}
		if trim(a.texts) {
			return a.texts, nil
		}
	}
}

// withoutExponent writes a JSON number as a plain decimal, digit by digit. One of absurd size stays as it is.
func withoutExponent(s string) string {
	mantissa, exponent, ok := strings.Cut(strings.ToLower(s), "e")
	shift, err := strconv.Atoi(exponent)
	if !ok || err != nil || shift < -30 || shift > 30 {
		return s
	}
	sign := ""
	if rest, negative := strings.CutPrefix(mantissa, "-"); negative {
		sign, mantissa = "-", rest
	}
	whole, frac, _ := strings.Cut(mantissa, ".")
	point := len(whole) + shift
	all := whole + frac
	if point < 1 {
		all, point = strings.Repeat("0", 1-point)+all, 1
	}
	all += strings.Repeat("0", max(0, point-len(all)))
	whole, frac = strings.TrimLeft(all[:point-1], "0")+all[point-1:point], strings.TrimRight(all[point:], "0")
	if frac != "" {
		whole += "." + frac
	}
	return sign + whole
}

func (a *array) place(offset int) data.Position {
	line, column := a.places.of(offset)
	return data.Position{File: a.name, Line: line, Column: column}
}

func (a *array) at(cell int) data.Position {
	if cell < len(a.values) && a.values[cell].offset > 0 {
		return a.place(a.values[cell].offset)
	}
	return a.place(a.start)
}

func (a *array) line() data.Position {
	return data.Position{File: a.name, Line: a.places.line(a.start)}
}

// stopped words an error that cannot come, as the whole document was read before.
func (a *array) stopped(err error) (at data.Position, field, got, hint string) {
	offset, got := syntax(err, 0)
	return a.place(a.base + offset), "", got, ""
}

func (a *array) flaw(cell int) (got, hint string) {
	if cell < len(a.values) {
		switch kind := a.values[cell].kind; kind {
		case 't', 'f', '{', '[':
			return "is " + article[kind] + ", wanted a string or a number", ""
		}
	}
	return "", ""
}

func (a *array) notation(cell int) notation {
	switch {
	case cell < len(a.values) && a.values[cell].kind == '0':
		return exact
	case a.options.Decimal == 0:
		return pointed
	}
	return a.options.notation()
}
