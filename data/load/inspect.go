package load

import (
	"bytes"
	"context"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"deconflict/data"
)

// An inspection is for whoever mends a file. The files are read twice: once as ever, and where there are problems again, to see what
// stands at each and what its cell means for certain. Reading alone need not remember either.

// Inspection is what there is to say about files.
type Inspection struct {
	Dataset  *data.Dataset // nil where there are errors
	Problems data.Problems
	Spots    map[data.Position]data.Spot // what stands where the problems are that have a line
	Certain  int                         // how many cells could be written plainer without a doubt
}

// Inspect reads files as Files does, and looks at the places of the problems.
func (o Options) Inspect(ctx context.Context, paths ...string) Inspection {
	o = o.again(paths)
	l, ds := o.first(ctx, paths)
	in := Inspection{Dataset: ds, Problems: l.problems}
	placed := func(p data.Problem) bool { return p.Line > 0 }
	if !slices.ContainsFunc(in.Problems, placed) || ctx.Err() != nil {
		return in
	}
	look := o.second(l, paths)
	look.wanted(in.Problems)
	look.tables(ctx)
	in.Certain = len(look.changes)
	in.Spots = look.found(in.Problems)
	return in
}

// again are options with which standard input can be read more than once.
func (o Options) again(paths []string) Options {
	if o.Stdin == nil || !slices.Contains(paths, "-") {
		return o
	}
	text, err := io.ReadAll(io.LimitReader(o.Stdin, maxFile+1))
	o.Stdin = &rereader{text: text, err: err}
	return o
}

// rereader can be read again after its end.
type rereader struct {
	text []byte
	err  error // that came in place of the end
	at   int
}

func (r *rereader) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at += n
	switch {
	case n > 0 || len(p) == 0:
		return n, nil
	case r.err != nil:
		return 0, r.err
	}
	r.at = 0
	return 0, io.EOF
}

// first reads files as ever.
func (o Options) first(ctx context.Context, paths []string) (*loader, *data.Dataset) {
	l, ds := o.read(ctx, paths)
	return l, ds
}

// second opens the files again, in the words that the first reading found.
func (o Options) second(first *loader, paths []string) *look {
	l := borrower(first.Name)
	l.options = o
	l.kept = map[string][]byte{}
	l.Vocabulary, l.initiatives, l.items = first.Vocabulary, first.initiatives, first.items
	l.find(paths)
	return &look{loader: l, certainty: &certainty{l, map[certainKey]string{}}, rows: map[string]map[int][]data.Position{}, spots: map[data.Position]data.Spot{}}
}

// keep remembers a file as it is, where somebody will look at it again.
func (l *loader) keep(name string, text []byte) {
	if l.kept != nil {
		l.kept[name] = text
	}
}

// look is the second reading.
type look struct {
	*loader
	certainty *certainty
	changes   []change
	rows      map[string]map[int][]data.Position // the places of problems in workbooks, by file and sheet and by row
	spots     map[data.Position]data.Spot        // in workbooks, and those with nothing but a fix
}

// change is a cell that can be written plainer without a doubt.
type change struct {
	data.Position
	Field    string
	From, To string
	content  data.Content
	start    int // where its text begins in the file as it is read, and
	end      int // where it ends; of a cell of a workbook neither
	file     *file
	cell     int
}

// wanted notes which rows of workbooks problems stand in: they are seen only as they stream by.
func (k *look) wanted(problems data.Problems) {
	for _, p := range problems {
		if p.Sheet == "" || p.Line == 0 {
			continue
		}
		sheet := p.File + "\x00" + p.Sheet
		if k.rows[sheet] == nil {
			k.rows[sheet] = map[int][]data.Position{}
		}
		k.rows[sheet][p.Line] = append(k.rows[sheet][p.Line], p.Position)
	}
}

// tables looks at every cell of every table, up to where a file cannot be read any further.
func (k *look) tables(ctx context.Context) {
	for _, t := range tables {
		for _, f := range k.files[t.name] {
			k.table(ctx, t, f)
		}
	}
	slices.SortStableFunc(k.changes, func(a, b change) int { return a.Compare(b.Position) })
}

func (k *look) table(ctx context.Context, t *table, f *file) {
	wanted := k.rows[f.File+"\x00"+f.Sheet]
	k.see(wanted[f.line().Line], f.header)
	columns, ok := k.bind(t, f)
	r := &row{loader: k.loader, table: t, file: f, column: columns}
	original := originals(f)
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return
		}
		cells, err := f.next()
		if err != nil {
			return
		}
		k.see(wanted[f.line().Line], cells)
		for len(cells) > len(f.header) && cells[len(cells)-1] == "" {
			cells = cells[:len(cells)-1]
		}
		if !ok || len(cells) != len(f.header) {
			continue
		}
		r.cells = cells
		original.row()
		for _, c := range t.columns {
			i, ok := columns[c]
			if !ok {
				continue
			}
			if flawed, _ := f.flaw(i); flawed != "" {
				continue
			}
			if _, acts := control(cells[i]); acts {
				continue
			}
			from, start, end, ok := original.cell(i)
			if to := k.certainty.of(r, c); ok && to != from {
				k.changes = append(k.changes, change{
					Position: f.at(i), Field: c, From: strings.Clone(from), To: strings.Clone(to), content: t.holds(c), start: start, end: end, file: f, cell: i,
				})
			}
		}
	}
}

// see keeps what stands at places in a row of a workbook.
func (k *look) see(places []data.Position, cells []string) {
	for _, at := range places {
		s := data.Spot{Cell: cellName(at.Line, max(1, at.Column))}
		if at.Column == 0 {
			s.Cell = "row " + strconv.Itoa(at.Line)
		} else if at.Column <= len(cells) {
			s.Value = head(cells[at.Column-1], nearby)
		}
		s.Label = s.Cell
		k.spots[at] = s
	}
}

// found are the spots of problems.
func (k *look) found(problems data.Problems) map[data.Position]data.Spot {
	lines := map[string]*lined{}
	out := map[data.Position]data.Spot{}
	for _, p := range problems {
		if p.Line == 0 {
			continue
		}
		if p.Sheet != "" {
			s, ok := k.spots[p.Position]
			if !ok && p.Column > 0 { // in a row that is no table's
				s = data.Spot{Cell: cellName(p.Line, p.Column)}
			}
			out[p.Position] = s
			continue
		}
		l, ok := lines[p.File]
		if !ok {
			l = k.lined(p.File)
			lines[p.File] = l
		}
		if l != nil {
			out[p.Position] = l.spot(p.Position)
		}
	}
	for file, l := range lines {
		if l != nil && l.json {
			l.paths(file, out)
		}
	}
	for _, c := range k.changes {
		if s, ok := out[c.Position]; ok {
			s.Fix, s.Certain = c.To, true
			out[c.Position] = s
		}
	}
	return out
}

// lined is the text of a file, line by line.
type lined struct {
	text    []byte
	json    bool
	comma   rune
	lines   []int // where they start
	last    data.Position
	at      int // the offset of last
	offsets map[int][]data.Position
}

// lined is a file's text; nil where it is none.
func (k *look) lined(name string) *lined {
	text, ok := k.kept[name]
	if !ok {
		if text, ok = k.description(name); !ok {
			return nil
		}
	}
	l := &lined{offsets: map[int][]data.Position{}, lines: []int{0}}
	switch kindOf(text) {
	case kindJSON:
		l.text, l.json = bytes.TrimPrefix(text, []byte(mark)), true
	case kindText:
		if l.text, ok = k.decode(name, text); !ok {
			return nil
		}
		if l.comma = k.options.Separator; l.comma == 0 {
			l.comma = separator(l.text)
		}
	default:
		return nil
	}
	for i, b := range l.text {
		if b == '\n' {
			l.lines = append(l.lines, i+1)
		}
	}
	return l
}

// description is the datapackage.json of a folder, which is not read like the other files.
func (k *look) description(name string) ([]byte, bool) {
	if !strings.HasSuffix(name, packageName) {
		return nil, false
	}
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, false
	}
	text, err := os.ReadFile(name)
	return text, err == nil
}

// offset is where a position is in the text. Problems come in the order of the text, so that the last one shortens the way.
func (l *lined) offset(at data.Position) int {
	line := min(at.Line, len(l.lines))
	from, column := l.lines[line-1], 1
	if l.last.Line == line && l.last.Column <= at.Column && l.last.Column > 0 {
		from, column = l.at, l.last.Column
	}
	for ; column < at.Column && from < len(l.text) && l.text[from] != '\n'; column++ {
		_, n := utf8.DecodeRune(l.text[from:])
		from += n
	}
	l.last, l.at = data.Position{Line: line, Column: column}, from
	return from
}

// nearby is how many characters of a cell, and on either side of it, are shown at most.
const nearby = 200

// spot is what stands at a position: its line and in it the cell, where the position has a column.
func (l *lined) spot(at data.Position) data.Spot {
	s := data.Spot{Label: strconv.Itoa(at.Line)}
	line := min(at.Line, len(l.lines))
	start, end := l.lines[line-1], len(l.text)
	if line < len(l.lines) {
		end = l.lines[line] - 1
	}
	if end > start && l.text[end-1] == '\r' {
		end--
	}
	if at.Column == 0 {
		s.After = head(string(l.text[start:min(end, start+8*nearby)]), 2*nearby)
		if l.json {
			first := start + len(l.text[start:end]) - len(bytes.TrimLeft(l.text[start:end], " \t"))
			l.offsets[first] = append(l.offsets[first], at)
		}
		return s
	}
	from := min(l.offset(at), end)
	to := from + l.cell(l.text[from:end])
	s.Before = rear(string(l.text[max(start, from-8*nearby):from]), nearby)
	s.Value = head(string(l.text[from:min(to, from+8*nearby)]), nearby)
	s.After = head(string(l.text[to:min(end, to+8*nearby)]), nearby)
	if l.json {
		l.offsets[from] = append(l.offsets[from], at)
	}
	return s
}

// cell is the length of the cell or value that a text begins with.
func (l *lined) cell(text []byte) int {
	if len(text) == 0 {
		return 0
	}
	quoted, comma := text[0] == '"', string(l.comma)
	for i := 1; quoted && i < len(text); i++ {
		switch {
		case l.json && text[i] == '\\':
			i++
		case text[i] == '"' && !l.json && i+1 < len(text) && text[i+1] == '"':
			i++
		case text[i] == '"':
			return i + 1
		}
	}
	end := -1
	switch {
	case quoted: // it ends in another line
	case l.json && bytes.ContainsAny(text[:1], "{[,]} "):
		end = 1
	case l.json:
		end = bytes.IndexAny(text, ",]} \t")
	default:
		end = bytes.Index(text, []byte(comma))
	}
	if end < 0 {
		return len(text)
	}
	return end
}

// paths gives the spots of a document their paths in it.
func (l *lined) paths(file string, spots map[data.Position]data.Spot) {
	var offsets []int
	for o := range l.offsets {
		offsets = append(offsets, o)
	}
	slices.Sort(offsets)
	decoder := jsontext.NewDecoder(bytes.NewReader(l.text))
	for len(offsets) > 0 {
		kind := decoder.PeekKind()
		if _, err := decoder.ReadToken(); err != nil || kind == 0 {
			return
		}
		end := int(decoder.InputOffset())
		if end <= offsets[0] {
			continue
		}
		path := string(decoder.StackPointer())
		for len(offsets) > 0 && offsets[0] < end {
			for _, at := range l.offsets[offsets[0]] {
				s := spots[at]
				s.Cell = path
				spots[at] = s
			}
			offsets = offsets[1:]
		}
	}
}

// head is the first so many characters of a text.
func head(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// rear is the last so many characters of a text.
func rear(s string, most int) string {
	end := len(s)
	for most > 0 && end > 0 {
		_, n := utf8.DecodeLastRuneInString(s[:end])
		end -= n
		most--
	}
	if end > 0 {
		return "…" + s[end:]
	}
	return s
}
