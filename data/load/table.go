package load

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"deconflict/data"
)

// table is a table of a dataset: its columns, and how one of its rows becomes a record.
type table struct {
	name        string
	columns     []string
	required    []string // columns whose cells must not be empty
	record      func(*row)
	words       func(*loader) *data.Vocabulary // with those of the table; none of a table that holds no words of others, which are read first
	passed      []string                       // columns that a standard has beside these, and that are read over
	*statements                                // of a table of them
}

// define makes a table of its columns as one text, in which an asterisk marks those that must not be empty.
func define(name, columns string, record func(*row)) *table {
	t := &table{name: name, record: record}
	for _, c := range strings.Fields(columns) {
		c, required := strings.CutSuffix(c, "*")
		t.columns = append(t.columns, c)
		if required {
			t.required = append(t.required, c)
		}
	}
	return t
}

// over gives a table columns that are read over.
func (t *table) over(columns []string) *table {
	t.passed = columns
	return t
}

// words makes a table one of words of other tables, which are borrowed from the reference where a dataset has none.
func words(t *table, with func(*loader) *data.Vocabulary) *table {
	t.words = with
	return t
}

// synonyms are the words that planners write for columns. Where a table has several of the columns meant, the first counts.
var synonyms = map[string][]string{
	"country":      {"nation"},
	"org":          {"organisation"},
	"organization": {"organisation"},
	"qty":          {"quantity"},
	"amount":       {"quantity"},
	"start":        {"from"},
	"due":          {"until", "to"},
	"end":          {"until", "to"},
	"until":        {"to"},
	"to":           {"until"},
	"title":        {"statement"},
}

// column is the column of t that a header's word means; none if it means none.
func (t *table) column(word string) (string, bool) {
	word = data.Fold(word)
	for _, c := range t.columns {
		if data.Fold(c) == word {
			return c, true
		}
	}
	for _, c := range synonyms[word] {
		if slices.Contains(t.columns, c) {
			return c, true
		}
	}
	return "", false
}

// lacks lists the required columns that a header has not, and counts the columns that it has.
func (t *table) lacks(header []string) (missing []string, known int) {
	has := map[string]bool{}
	for _, word := range header {
		if c, ok := t.column(word); ok {
			has[c] = true
		}
	}
	for _, c := range t.required {
		if !has[c] {
			missing = append(missing, c)
		}
	}
	return missing, len(has)
}

// recognise finds the table whose columns a header names: the one with most of them and then with the fewest missing. Where
// that is no table, complaint says what the likeliest ones lack.
func recognise(header []string) (t *table, complaint string) {
	var near []*table
	var lacking []string
	most, fewest := 0, 0
	for _, t := range tables {
		missing, known := t.lacks(header)
		if known == 0 || known < most || known == most && len(missing) > fewest {
			continue
		}
		if known > most || len(missing) < fewest {
			near, lacking = nil, nil
		}
		most, fewest = known, len(missing)
		near = append(near, t)
		lacking = append(lacking, fmt.Sprintf("%s lacks %s", t.name, strings.Join(missing, ", ")))
	}
	switch {
	case len(near) == 0:
		return nil, "the header names no column of any table"
	case fewest > 0:
		return nil, "the header is no table's: " + strings.Join(lacking[:min(3, len(lacking))], "; ")
	}
	return near[0], ""
}

func tableNamed(name string) *table {
	for _, t := range tables {
		if data.Fold(t.name) == data.Fold(name) {
			return t
		}
	}
	return nil
}

func tableNames() string {
	var names []string
	for _, t := range tables {
		names = append(names, t.name)
	}
	return strings.Join(names, ", ")
}

func tableFiles() string { return strings.ReplaceAll(tableNames(), ",", ".csv,") + ".csv" }

// bind finds the cell of each column in a file's header. It fails where the file cannot be this table.
func (l *loader) bind(t *table, f *file) (cells map[string]int, ok bool) {
	cells, ok = map[string]int{}, true
	var passed []string
	for i, word := range f.header {
		c, known := t.column(word)
		first, twice := cells[c]
		switch {
		case word == "": // told where it has a value
		case !known && slices.Contains(t.passed, word):
			passed = append(passed, word)
		case !known:
			l.warn(f.at(i), "", quote(word)+" is no column of "+t.name+": its values are ignored", data.DidYouMean(data.Nearest(word, t.columns)))
		case twice:
			l.fail(f.at(i), c, fmt.Sprintf("%s stands for the same column as %s, wanted one of them", quote(word), quote(f.header[first])), "")
			ok = false
		default:
			cells[c] = i
		}
	}
	if len(passed) > 0 {
		l.assume(f.line(), "", "columns that are read over: "+strings.Join(passed, ", "), "")
	}
	if missing, _ := t.lacks(f.header); len(missing) > 0 {
		for _, c := range missing {
			l.fail(f.line(), c, "missing column, wanted in the header of "+t.name, "")
		}
		ok = false
	}
	return cells, ok
}

// read makes records of the rows of a file. Only an interrupt is an error; everything else is a problem of the file.
func (l *loader) read(ctx context.Context, t *table, f *file) error {
	cells, ok := l.bind(t, f)
	if !ok {
		l.broken[t.name] = true
		return nil
	}
	if rows, ok := f.rows.(*csvRows); ok && t.statements != nil && !l.slow {
		return l.readParts(ctx, t, f, rows, cells)
	}
	whole, err := (&row{loader: l, table: t, file: f, column: cells}).readAll(ctx)
	if rows, ok := f.rows.(*csvRows); ok && whole {
		rows.text.known = true
	}
	return err
}

// readAll reads the rows of its file one after the other. It reports whether nothing kept it from reading the last.
func (r *row) readAll(ctx context.Context) (whole bool, err error) {
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		cells, err := r.file.next()
		if err == io.EOF {
			return true, nil
		}
		if err == errNotUTF8 {
			return false, err
		}
		if err != nil {
			r.broken[r.table.name] = true
			r.fail(r.file.stopped(err))
			return false, nil
		}
		if !r.read(cells) {
			return false, nil
		}
	}
}

// read makes records of the row with the given cells. It reports whether the file may be read on.
func (r *row) read(cells []string) bool {
	width := len(r.file.header)
	for len(cells) > width && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	switch {
	case r.room == 0:
		r.broken[r.table.name] = true
		r.fail(r.file.line(), "", fmt.Sprintf("more than %d records, which is the most a dataset may have", maxRecords), "")
		return false
	case r.errors >= maxErrors:
		r.broken[r.table.name] = true
		r.fail(r.file.line(), "", fmt.Sprintf("the rest of the file is not looked at: there are already %d errors", maxErrors), "")
		return false
	case len(cells) > width:
		r.fail(r.file.at(width), "", fmt.Sprintf("%d cells, wanted %d as in the header", len(cells), width), "a cell that holds a separator stands in quotes")
	case len(cells) < width:
		r.fail(r.file.line(), "", fmt.Sprintf("%d cells, wanted %d as in the header", len(cells), width), "")
	default:
		r.room--
		r.cells = cells
		r.nameless()
		if r.sound() {
			r.complete()
		}
		r.table.record(r)
	}
	return true
}

// expected is about how many rows the file has; none where that is not known.
func (r *row) expected() int {
	const most = 1 << 16 // a file of line ends alone asks for no more
	if rows, ok := r.file.rows.(*csvRows); ok {
		return min(rows.lines(), most)
	}
	return 0
}

// row is a row of a table. Its methods read a cell of the column they are given as one kind of value; of a cell that is not
// such a value they make a problem and return the zero value, as they do for an empty cell.
type row struct {
	*loader
	table   *table
	file    *file
	column  map[string]int // which cell a column is
	cells   []string
	records []data.Record // of this row; kept for its memory
}

// nameless tells of a value in a column that has no name.
func (r *row) nameless() {
	for i, word := range r.file.header {
		if word == "" && r.cells[i] != "" && r.firstTime(fmt.Sprintf("column %d of %s", i, r.file)) {
			r.warn(r.file.at(i), "", "the column has no name: its values are ignored", "")
		}
	}
}

// sound refuses cells that have no value to be read, are too long or hold a control character, and empties them. It reports whether all
// were sound.
func (r *row) sound() bool {
	ok := true
	for i, cell := range r.cells {
		got, hint := r.file.flaw(i)
		switch c, found := control(cell); {
		case got != "" && r.name(i) == "": // its values are ignored
		case got != "":
			r.fail(r.file.at(i), r.name(i), got, hint)
		case len(cell) > maxField:
			r.fail(r.file.at(i), r.name(i), fmt.Sprintf("%d bytes, wanted at most %d", len(cell), maxField), "")
		case found:
			r.fail(r.file.at(i), r.name(i), fmt.Sprintf("%s holds the control character U+%04X, wanted text", quote(cell), c), "")
		default:
			continue
		}
		r.cells[i], ok = "", false
	}
	return ok
}

// name is the column of a cell.
func (r *row) name(cell int) string {
	for c, i := range r.column {
		if i == cell {
			return c
		}
	}
	return ""
}

// complete refuses empty cells where there must be a value.
func (r *row) complete() {
	for _, c := range r.table.required {
		if r.text(c) == "" {
			r.fail(r.at(c), c, "is empty, wanted a value", "")
		}
	}
}

// at is where the cell of a column stands, or the row where it has no such column.
func (r *row) at(column string) data.Position {
	if i, ok := r.column[column]; ok {
		return r.file.at(i)
	}
	return r.file.line()
}

// refuse makes a problem of an error of a parser.
func (r *row) refuse(column string, err error) {
	if e, ok := err.(*data.ValueError); ok {
		r.wrong(column, e.Got, e.Want, e.Hint)
		return
	}
	r.fail(r.at(column), column, err.Error(), "")
}

func (r *row) wrong(column, got, want, hint string) {
	r.fail(r.at(column), column, quote(got)+", wanted "+want, hint)
}

func (r *row) doubt(column, got, hint string) { r.warn(r.at(column), column, got, hint) }

// quote shows a value; of a long one the beginning.
func quote(s string) string {
	const shown = 60
	if runes := []rune(s); len(runes) > shown {
		return fmt.Sprintf("%q…", string(runes[:shown]))
	}
	return fmt.Sprintf("%q", s)
}

// text is the cell itself.
func (r *row) text(column string) string {
	if i, ok := r.column[column]; ok {
		return r.cells[i]
	}
	return ""
}

// word is a text that recurs from row to row; it is kept once.
func (r *row) word(column string) string {
	s := r.text(column)
	if s == "" {
		return ""
	}
	kept, ok := r.words[s]
	if !ok {
		kept = strings.Clone(s)
		r.words[kept] = kept
	}
	return kept
}

// list is the texts of a cell between semicolons. Rows with the same text share it.
func (r *row) list(column string) []string {
	s := r.text(column)
	if s == "" {
		return nil
	}
	if r.table.words != nil { // few of these recur, and most of the row is kept
		return split(s)
	}
	kept, ok := r.lists[s]
	if !ok {
		kept = split(strings.Clone(s))
		r.lists[strings.Clone(s)] = kept
	}
	return kept
}

// split cuts a text at its semicolons.
func split(s string) (parts []string) {
	for part := range strings.SplitSeq(s, ";") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// memory keeps what texts meant, because codes recur and the near misses of a wrong one are dear to find.
type memory struct {
	words         map[string]string
	lists         map[string][]string
	areas         map[string]data.Area // as tables that declare them spell them
	nations       meanings[data.Nation]
	organisations meanings[data.Organisation]
	processes     meanings[data.Process]
	terms         meanings[term]
	days          meanings[data.Period]
	markings      meanings[data.Marking]
}

func newMemory() memory {
	return memory{
		words: map[string]string{}, lists: map[string][]string{}, areas: map[string]data.Area{},
		nations: meanings[data.Nation]{}, organisations: meanings[data.Organisation]{}, processes: meanings[data.Process]{},
		terms: meanings[term]{}, days: meanings[data.Period]{}, markings: meanings[data.Marking]{},
	}
}

type meanings[T any] map[string]meaning[T]

type meaning[T any] struct {
	value T
	err   error
}

// parsed reads a cell with one of the vocabulary's parsers.
func parsed[T any](r *row, column string, known meanings[T], parse func(*data.Vocabulary, string) (T, error)) T {
	s := r.text(column)
	if s == "" {
		var none T
		return none
	}
	m, ok := known[s]
	if !ok {
		s = strings.Clone(s)
		m.value, m.err = parse(r.Vocabulary, s)
		known[s] = m
	}
	if m.err != nil {
		r.refuse(column, m.err)
	}
	return m.value
}

func (r *row) nation(column string) data.Nation {
	return parsed(r, column, r.nations, func(v *data.Vocabulary, s string) (data.Nation, error) {
		if n, ok := v.FindNation(s); ok {
			return n, nil
		}
		return "", r.unknown.tell("nation", s, func() error {
			_, err := v.ParseNation(s)
			return err
		})
	})
}

func (r *row) organisation(column string) data.Organisation {
	return parsed(r, column, r.organisations, (*data.Vocabulary).ParseOrganisation)
}

func (r *row) process(column string) data.Process {
	return parsed(r, column, r.processes, (*data.Vocabulary).ParseProcess)
}

// organisationDeclared reads an organisation where naming it is enough to make it one.
func (r *row) organisationDeclared(column string) data.Organisation {
	s := r.word(column)
	if s == "" {
		return ""
	}
	if o, ok := r.FindOrganisation(s); ok {
		return o
	}
	o, ok := r.organised[data.Fold(s)]
	if !ok {
		o = data.Organisation(s)
		r.organised[data.Fold(s)] = o
	}
	return o
}

// term is what a capability cell means.
type term struct {
	capabilities []data.Capability
	exact        bool
	foreign      string // the text of the cell, where it is neither the code nor the name of a capability
}

func (r *row) term(column string) term { return parsed(r, column, r.terms, r.parseTerm) }

func (r *row) parseTerm(v *data.Vocabulary, s string) (term, error) {
	capabilities, exact, known := v.Read(s)
	if !known {
		return term{}, r.unknown.tell("capability", s, func() error { return r.noCapability(s) })
	}
	t := term{capabilities: capabilities, exact: exact}
	if _, ok := v.FindCapability(s); !ok {
		t.foreign = s
	}
	return t, nil
}

// quantity reads a decimal; an empty cell is unknown.
func (r *row) quantity(column string) data.Quantity {
	s := r.text(column)
	if s == "" {
		return 0
	}
	if !digits(s) {
		number, assumed, wanted := r.file.notation(r.column[column]).plain(s)
		if wanted != "" {
			r.wrong(column, s, wanted, "--decimal says whether points or commas are decimal marks")
			return 0
		}
		if assumed != "" && r.options.Decimal == 0 && r.firstTime(assumed+" in "+column+" of "+r.file.String()) {
			r.doubt(column, quote(s)+" is read as "+number+": "+assumed+" in this column", "--decimal says which mark is which")
		}
		s = number
	}
	a, err := data.ParseAmount(s)
	if err != nil {
		r.refuse(column, err)
		return 0
	}
	return data.Known(a)
}

// notice reads a number of days.
func (r *row) notice(column string) data.Notice {
	days := r.quantity(column)
	n, ok := data.NoticeOf(days)
	if !ok {
		hint := ""
		if days.Amount() > data.MaxNotice*data.One {
			hint = fmt.Sprintf("the largest is %d", data.MaxNotice)
		}
		r.wrong(column, r.text(column), "a whole number of days", hint)
	}
	return n
}

// date reads the days that a date names: a year names the days from its first to its last.
func (r *row) date(column string) (first, last data.Date) {
	p := parsed(r, column, r.days, r.parseDate)
	return p.From, p.Until
}

func (r *row) parseDate(_ *data.Vocabulary, s string) (data.Period, error) {
	first, last, err := r.options.DateOrder.Parse(s)
	e, wrong := err.(*data.ValueError)
	if !wrong {
		return data.Period{From: first, Until: last}, err
	}
	if _, _, either := data.EitherDay(s); either {
		if strings.Contains(s, ".") {
			e.Hint += " --date-order dmy reads it so"
		} else {
			e.Hint += ", or say which with --date-order dmy or mdy"
		}
	}
	return data.Period{From: first, Until: last}, err
}

// period reads two columns. Where the second comes before the first, the second is wrong.
func (r *row) period(from, until string) data.Period {
	var p data.Period
	p.From, _ = r.date(from)
	_, p.Until = r.date(until)
	if p.From != 0 && p.Until != 0 && p.Until < p.From {
		r.wrong(until, r.text(until), fmt.Sprintf("a day not before %s, which is %s", from, p.From), "")
		return data.Period{}
	}
	return p
}

// oneOf reads a word of a closed list. A prefix such as skos: may be left out.
func oneOf[T ~string](r *row, column string, words []T) (none T) {
	s := r.text(column)
	if s == "" {
		return none
	}
	if i := slices.Index(words, T(s)); i >= 0 { // as it mostly is
		return words[i]
	}
	var names []string
	for _, w := range words {
		_, bare, _ := strings.Cut(string(w), ":")
		if data.Fold(string(w)) == data.Fold(s) || data.Fold(bare) == data.Fold(s) {
			return w
		}
		names = append(names, string(w))
	}
	r.wrong(column, s, "one of "+strings.Join(names, ", "), data.DidYouMean(data.Nearest(s, names)))
	return none
}

// rowKeys are those of the rows of a table so far, with where each stands. Tables are mostly in the order of their keys: while these ascend they are in
// a list, and only the last is looked at.
type rowKeys struct {
	list []placedKey
	of   map[string]place // from the first on that does not
}

type placedKey struct {
	key string
	place
}

// add adds a key that is not there, or says where it is.
func (k *rowKeys) add(key string, at place) (first place, twice bool) {
	if k.of == nil {
		if n := len(k.list); n == 0 || key > k.list[n-1].key {
			put(&k.list, placedKey{key, at})
			return first, false
		}
		k.of = make(map[string]place, 2*len(k.list))
		for _, p := range k.list {
			k.of[p.key] = p.place
		}
		k.list = nil
	}
	if first, twice = k.of[key]; !twice {
		k.of[key] = at
	}
	return first, twice
}

// place is where a record stands; a position takes more memory than a million of them should.
type place struct {
	file *file
	line int
}

func (p place) String() string {
	at := p.file.Position
	at.Line = p.line
	return at.String()
}

// once refuses a second record with the same key; column is where the problem is shown. A key with an empty part is none: that a
// cell is empty or wrong has been said.
func (r *row) once(column string, parts ...string) {
	if slices.Contains(parts, "") {
		return
	}
	known := r.keys[r.table]
	if known == nil {
		known = &rowKeys{}
		r.keys[r.table] = known
	}
	key := parts[0]
	if len(parts) > 1 {
		key = strings.Join(parts, "\x00")
	}
	switch first, twice := known.add(key, place{r.file, r.file.line().Line}); {
	case !twice:
	case len(parts) == 1:
		r.fail(r.at(column), column, fmt.Sprintf("%s stands already at %s, wanted one of its own", quote(r.text(column)), first), "")
	default:
		r.fail(r.at(column), column, fmt.Sprintf("the row repeats %s, wanted another", first), "")
	}
}

// claim is once for the id of a row of statements, of which some records were made.
func (r *row) claim(id string, records int) {
	if id == "" {
		return
	}
	c := claim{id, r.file.line().Line, records}
	if r.apart { // whether it is taken is seen when the part is taken over
		r.ids.add(c)
		return
	}
	if first, twice := r.seenIn(r.table).claim(c, r.file); twice {
		r.fail(r.at("id"), "id", fmt.Sprintf("%s stands already at %s, wanted one of its own", quote(r.text("id")), first), "")
	}
}

// put appends a record. It doubles the room when that is used up, because records are large and append moves them more often.
func put[T any](to *[]T, record T) {
	if len(*to) == cap(*to) {
		*to = slices.Grow(*to, max(len(*to), 64))
	}
	*to = append(*to, record)
}

// declared are the names that a table gives for others to refer to.
type declared struct {
	code  map[string]string // folded → as its table spells it
	codes []string
	hints map[string]string // of names that are not among them
}

func (d *declared) add(code string) {
	if d.code == nil {
		d.code, d.hints = map[string]string{}, map[string]string{}
	}
	d.code[data.Fold(code)] = code
	d.codes = append(d.codes, code)
}

// find returns a name as its table spells it, or else a hint.
func (d *declared) find(name string) (code, hint string) {
	if code, ok := d.code[data.Fold(name)]; ok {
		return code, ""
	}
	hint, ok := d.hints[name]
	if !ok {
		hint = data.DidYouMean(data.Nearest(name, d.codes))
		if d.hints != nil {
			d.hints[strings.Clone(name)] = hint
		}
	}
	return "", hint
}

// reference reads the name of something that another table declares.
func (r *row) reference(column string, to *declared, table string) string {
	s := r.text(column)
	if s == "" {
		return ""
	}
	code, hint := to.find(s)
	switch {
	case code != "":
		return code
	case r.broken[table] || r.broken[anyTable]:
	case len(r.files[table]) == 0:
		if r.firstTime(table) {
			r.wrong(column, s, "a name of the table "+table+", which the dataset has not", "give "+table+".csv with it")
		}
	default:
		r.wrong(column, s, "a name of the table "+table, hint)
	}
	return ""
}
