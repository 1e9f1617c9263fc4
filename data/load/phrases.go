package load

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"deconflict/data"
)

// Phrases reads texts whose capabilities are asked for: the statements of a dataset, the texts of any table, or the lines of a file.
// The dataset has no records: only the words by which it is read, its own and borrowed ones. Errors among the problems mean that there is
// no result.
func (o Options) Phrases(ctx context.Context, what Asked, paths ...string) ([]data.Phrase, *data.Dataset, data.Problems) {
	l := borrower(strings.Join(paths, ", "))
	l.options = o
	title := ""
	if len(what.Glossaries) > 0 {
		l.find(what.Glossaries)
		for name, files := range l.files {
			if name != "glossary" {
				l.fail(files[0].Position, "", "is a table of "+name+", wanted a glossary with the columns term, means and note", "")
			}
		}
		l.packages = nil // what it says of itself is not said of the texts
	}
	l.asking = &asking{column: what.Column}
	if len(paths) > 0 {
		title = l.find(paths)
	}
	l.describe(title)
	for _, t := range tables {
		if t.words == nil {
			continue
		}
		for _, f := range l.files[t.name] {
			if err := l.read(ctx, t, f); err != nil {
				l.fail(f.Position, "", "reading stopped: "+err.Error(), "")
				return nil, nil, l.problems
			}
		}
		if len(l.files[t.name]) > 0 {
			l.Vocabulary = t.words(l)
		}
	}
	for _, t := range append(slices.Clone(tables), texts) {
		if t.words != nil {
			continue
		}
		for _, f := range l.files[t.name] {
			if err := l.ask(ctx, t, f); err != nil {
				l.fail(f.Position, "", "reading stopped: "+err.Error(), "")
				return nil, nil, l.problems
			}
		}
	}
	l.problems.Sort()
	if l.errors > 0 {
		return nil, nil, l.problems
	}
	l.Problems = l.problems
	return l.asking.found, l.Dataset, l.problems
}

// Asked says where texts and the words that they are compared by stand.
type Asked struct {
	Column     string   // of a table that holds the texts; where none is named, it is told from the header
	Glossaries []string // files with terms that are added to the glossary
}

// asking is what a loader does that reads texts instead of records.
type asking struct {
	column string
	found  []data.Phrase
}

// texts is any table with a column of texts.
var texts = define("texts", "id", nil)

// textColumns are the names of columns that hold texts, in the order in which they are looked for.
var textColumns = strings.Fields(`text statement phrase term description requirement definition subject_label label summary title name
	capability énoncé texte libellé désignation capacité Beschreibung Bezeichnung Anforderung Fähigkeit`)

// textColumn is where a header has its texts; -1 where it has none.
func (a *asking) textColumn(header []string) int {
	names := textColumns
	if a.column != "" {
		names = []string{a.column}
	}
	for _, name := range names {
		for i, word := range header {
			if data.Fold(word) == data.Fold(name) {
				return i
			}
		}
	}
	return -1
}

// recognise finds the table whose columns a header names. Where texts are asked for, any table with a column of them will do.
func (l *loader) recognise(header []string) (*table, string) {
	t, complaint := recognise(header)
	switch {
	case l.asking == nil, t != nil && (t.words != nil || l.asking.column == ""):
		return t, complaint
	case l.asking.textColumn(header) >= 0:
		return texts, ""
	case l.asking.column != "":
		return nil, "the header has no column " + quote(l.asking.column)
	}
	return nil, complaint
}

// lines takes in a file without a header that could be a table's: a text on each line. It reports whether the file is one.
func (l *loader) lines(name string, text []byte) bool {
	if l.asking == nil || l.asking.column != "" || hasMetadata(text) {
		return false
	}
	problems := len(l.problems)
	body, ok := l.decode(name, text)
	if !ok {
		return true // and told
	}
	if len(bytes.TrimSpace(body)) == 0 {
		l.fail(data.Position{File: name}, "", "is empty, wanted texts", "")
		return true
	}
	first, _, _ := bytes.Cut(bytes.TrimLeft(body, " \t\r\n"), []byte("\n"))
	r := csv.NewReader(bytes.NewReader(first))
	r.Comma, r.LazyQuotes = separator(first), true
	if l.options.Separator != 0 {
		r.Comma = l.options.Separator
	}
	if cells, err := r.Read(); err == nil {
		trim(cells)
		if t, _ := l.recognise(cells); t != nil {
			l.problems = l.problems[:problems] // as they will be told again
			return false
		}
	}
	number := 0
	for line := range bytes.Lines(body) {
		number++
		at := data.Position{File: name, Line: number}
		if s := strings.TrimSpace(string(line)); len(s) > maxField {
			l.fail(at, "", fmt.Sprintf("%d bytes, wanted at most %d", len(s), maxField), "")
		} else if s != "" && l.place() {
			l.asking.found = append(l.asking.found, data.Phrase{Text: s, Position: at})
		}
	}
	return true
}

// place reports whether one more text may come, and tells when it is the first that may not.
func (l *loader) place() bool {
	if l.room--; l.room == -1 {
		l.fail(data.Position{File: l.Meta.Name}, "", fmt.Sprintf("more than %d texts, which is the most that is read", maxRecords), "")
	}
	return l.room >= 0
}

// ask reads the texts of a table: of one with statements what a row says, and by which capability it goes.
func (l *loader) ask(ctx context.Context, t *table, f *file) error {
	cell := map[string]int{"text": -1, "capability": -1, "id": -1}
	if t == texts {
		cell["text"] = l.asking.textColumn(f.header)
	}
	for i, word := range f.header {
		switch c, _ := t.column(word); {
		case t != texts && c == "statement":
			cell["text"] = i
		case (c == "id" || c == "capability") && cell[c] < 0:
			cell[c] = i
		}
	}
	if t != texts && !slices.Contains(t.columns, "statement") { // who takes part where says nothing
		return nil
	}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		cells, err := f.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			l.fail(f.stopped(err))
			return nil
		}
		text := func(column string) string {
			i := cell[column]
			if i < 0 || i >= len(cells) {
				return ""
			}
			if got, _ := f.flaw(i); got != "" {
				return ""
			}
			return strings.Clone(cells[i])
		}
		p := data.Phrase{Text: text("text"), ID: text("id"), Capability: text("capability"), Marking: f.marking, Position: f.line()}
		if m := t.marking(f.header, cells); m != "" {
			p.Marking = data.Marking(m)
		}
		switch {
		case len(p.Text) > maxField || len(p.Capability) > maxField:
			l.fail(p.Position, "", fmt.Sprintf("%d bytes, wanted at most %d", max(len(p.Text), len(p.Capability)), maxField), "")
		case p.Text == "" && p.Capability == "":
		case l.place():
			l.asking.found = append(l.asking.found, p)
		}
	}
}

// marking is the marking of a row, where the table has one.
func (t *table) marking(header, cells []string) string {
	for i, word := range header {
		if c, _ := t.column(word); c == "marking" && i < len(cells) {
			return cells[i]
		}
	}
	return ""
}
