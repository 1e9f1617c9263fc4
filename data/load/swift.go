package load

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sync"
	"unicode/utf8"

	"deconflict/data"
)

// swiftReader reads the rows that hold nothing new, which in a large table are nearly all. It remembers what the words of rows came to about
// which there was nothing to say, and takes a row only if that is so of all its words, but for its id, its statement and plain numbers. Any other
// row it leaves to be read word by word. A test holds that this changes nothing.
type swiftReader interface {
	// begin takes up the text of a scanner, and reports whether it is known to be ASCII.
	begin(*scanner) (ascii bool)
	// next reads the row that would be scanned next, or leaves it. It knows only rows that are cut plainly.
	next(*scanner) bool
	// read reads the row that was scanned last, or leaves it.
	read(*scanner) bool
}

// swift reads the rows of a table of R.
type swift[R any] struct {
	*row
	rows  *[]R
	parts func(*R) parts
	begun func(*row) R // reads who is asked, and leaves the rest of a record

	width         int
	capability    int
	unit, area    int
	required      []bool // of each cell, whether it must not be empty
	nameless      []int  // cells that must be
	id, statement int
	nation        int
	quantity      int
	readiness     int
	held          int
	points        bool // a number with one point is a decimal

	marks   marks
	plain   cut            // the rows that were cut last, whose cells end at marks
	starts  [batch + 1]int // of each, and of the row after the last
	count   int            // of them
	taken   int            // how many of them were
	scanned cut            // of which the last row is the one that was scanned last
	alone   row            // one of which only some words are looked at

	glossaries
	who, what, whence combination
	from, until       combination

	// What combinations came to, by their numbers; nothing, or never, where no row has had the number.
	asked      []asked[R]
	subjects   []subject
	known      *commons
	about      [batch]subject // of rows that were looked up: subjects are many, and far away
	origins    []*data.Origin
	first, end []data.Date
	askable    map[asker]*askable
}

// parts are where the parts of a record stand: those that tables have not all are nil.
type parts struct {
	*data.Record
	held    *data.Quantity
	request **data.Request // of what only members of an organisation are asked for
}

// asked is who is asked, as a record without what is its own, and when they can be.
type asked[R any] struct {
	like R
	*askable
}

// subject is what a record is about. It says here whether that counts, because to look at it is to fetch it from afar.
type subject struct {
	*data.Subject
	comparable bool
}

// asker is who asks a nation.
type asker struct {
	process data.Process
	nation  data.Nation
}

// commons is what all readers of a table have in common of what words come to: each meets nearly all of it, and what is there once stays nearer.
type commons struct {
	sync.Mutex
	shared data.Sharing
	plain  []data.Subject // of records in the capability at a place, in its own unit: nearly all are named by their code; none until one is met
	of     map[[3]string]subject
}

// askable says when a nation can be asked.
type askable struct {
	always bool
	during []data.Period
	told   map[data.Date]string // that it cannot be on a day, in words, which take long to find
}

// never is no date.
const never data.Date = -1

func newSwift[R any](r *row, rows *[]R, of func(*R) parts, begun func(*row) R, who []string, known *commons) *swift[R] {
	s := &swift[R]{row: r, rows: rows, parts: of, begun: begun, known: known, width: len(r.file.header), askable: map[asker]*askable{}}
	cell := func(column string) int {
		if i, ok := r.column[column]; ok {
			return i
		}
		return -1
	}
	combine := func(columns ...string) combination {
		var cells []int
		for _, column := range columns {
			if i := cell(column); i >= 0 {
				cells = append(cells, i)
			}
		}
		return s.combine(cells...)
	}
	s.id, s.statement, s.nation = cell("id"), cell("statement"), cell("nation")
	s.capability, s.unit, s.area = cell("capability"), cell("unit"), cell("area")
	if r.options.NoStatements {
		s.statement = -1
	}
	s.quantity, s.readiness, s.held = cell("quantity"), cell("readiness_days"), cell("held")
	s.who, s.what, s.whence = combine(who...), combine("capability", "unit", "area"), combine("marking", "source", "confidence")
	s.from, s.until = combine("from"), combine("until")
	s.alone = row{loader: r.loader, table: r.table, file: &file{Position: r.file.Position, marking: r.file.marking, rows: nowhere{}}, column: r.column, cells: make([]string, s.width)}
	if rows, ok := r.file.rows.(*csvRows); ok { // a column in which one number has a point is none of decimal commas
		s.points = rows.fixed == points || rows.fixed == doubtful && rows.separator == ','
	}
	s.required = make([]bool, s.width)
	for _, c := range r.table.required {
		s.required[cell(c)] = true
	}
	for i, word := range r.file.header {
		if word == "" {
			s.nameless = append(s.nameless, i)
		}
	}
	const last = batch - 1
	s.scanned = cut{bare: true, ends: make([]int32, s.width+1)}
	s.scanned.ends[0], s.scanned.first[last] = -1, 1
	return s
}

func (s *swift[R]) begin(of *scanner) (ascii bool) {
	s.count, s.taken = 0, 0
	if len(of.separator) > 1 { // every row is left to the scanner
		return false
	}
	s.marks.find(of.text, of.separator[0])
	s.plain.text, s.plain.ends = of.text, s.marks.at
	return len(s.marks.odd) == 1
}

func (s *swift[R]) next(of *scanner) bool {
	if s.taken == s.count {
		s.cut(of)
	}
	if s.taken == s.count || s.starts[s.taken] != of.next {
		return false
	}
	s.taken++
	if !s.take(&s.plain, s.taken-1, of.line, of.next) {
		return false
	}
	of.next = s.starts[s.taken]
	of.line++
	return true
}

// cut cuts the next rows that are cut plainly, and looks up their words.
func (s *swift[R]) cut(of *scanner) {
	s.count, s.taken = 0, 0
	if len(of.separator) > 1 {
		return
	}
	start := of.next
	for s.count < batch-1 {
		first := s.marks.after(start)
		end, used := s.unquoted(of, s.marks.at[first:])
		if used == 0 {
			end, used = s.quoted(of, s.marks.at[first:], start)
		}
		if used == 0 || end+1-start > maxField || end+shortBytes > len(of.text) || s.marks.oddWithin(start, end) && !sound(of.text[start:end]) {
			break
		}
		s.plain.first[s.count], s.starts[s.count] = int32(first), start
		s.marks.next += used
		s.count++
		start = end + 1
	}
	s.starts[s.count] = start
	s.look(&s.plain, 0, s.count)
}

// unquoted finds that the next marks are the ends of the cells of a row without quotes, and says where its line ends and how many they are; none if
// it has not as many cells as the header, or is not so plain.
func (s *swift[R]) unquoted(of *scanner, at []int32) (lineEnd, used int) {
	text, separator := of.text, of.separator[0]
	last := s.width - 1
	if len(at) <= last {
		return 0, 0
	}
	for _, e := range at[:last] {
		if text[e] != separator {
			return 0, 0
		}
	}
	e := int(at[last])
	switch {
	case text[e] == '\n':
		return e, last + 1
	case text[e] == '\r' && e+1 < len(text) && text[e+1] == '\n':
		return e + 1, last + 2
	}
	return 0, 0
}

// quoted is unquoted for a row with quoted cells that hold no quotes and are of one line. It puts the ends of cells in the place of the first marks
// of the row.
func (s *swift[R]) quoted(of *scanner, at []int32, start int) (lineEnd, used int) {
	text, separator := of.text, of.separator[0]
	begin, cell := start, 0
	for n := 0; n < len(at); n++ {
		e := int(at[n])
		if text[e] == '"' && e == begin {
			for n++; n < len(at) && text[at[n]] != '"'; n++ {
				if c := text[at[n]]; c < ' ' && c != separator {
					return 0, 0
				}
			}
			if n+1 >= len(at) || at[n+1] != at[n]+1 {
				return 0, 0
			}
			n++
			e = int(at[n])
		}
		at[cell] = int32(e)
		switch c := text[e]; {
		case c == separator && cell+1 < s.width:
			cell++
			begin = e + 1
		case c == '\n' && cell+1 == s.width:
			return e, n + 1
		case c == '\r' && cell+1 == s.width && e+1 < len(text) && text[e+1] == '\n':
			return e + 1, n + 2
		default:
			return 0, 0
		}
	}
	return 0, 0
}

func (s *swift[R]) read(row *scanner) bool {
	if len(row.cells) != s.width || row.next-row.start > maxField {
		return false
	}
	separator := row.separator[0]
	if !row.plain {
		for _, c := range row.cells {
			if plain, _ := classify(c); plain { // as nearly all are
				continue
			}
			if _, found := control(c); found {
				return false
			}
		}
		for _, c := range s.columns {
			for _, cell := range row.cells[c.first : c.last+1] {
				if bytes.IndexByte(cell, '"') >= 0 || bytes.IndexByte(cell, separator) >= 0 { // it looks like other cells in a row that was cut
					return false
				}
			}
		}
	}
	text := s.scanned.text[:0]
	for i, c := range row.cells {
		text = append(append(text, bytes.TrimSpace(c)...), separator)
		s.scanned.ends[i+1] = int32(len(text) - 1)
	}
	s.scanned.text = append(text, blanks[:shortBytes]...) // are read beyond the last cell
	const last = batch - 1
	s.look(&s.scanned, last, last+1)
	return s.take(&s.scanned, last, row.startsOn, -1)
}

// look looks up the words of some rows.
func (s *swift[R]) look(in *cut, from, to int) {
	s.glossaries.find(in, from, to)
	for _, c := range []*combination{&s.who, &s.what, &s.whence, &s.from, &s.until} {
		c.find(s.columns, from, to)
	}
	for r := from; r < to; r++ {
		s.about[r] = subject{}
		if n := s.what.numbers[r]; int(n) < len(s.subjects) {
			s.about[r] = s.subjects[n]
		}
	}
}

// meant is what the words of a row came to, if all were met before.
func (s *swift[R]) meant(row int) (a *asked[R], about subject, origin *data.Origin, period data.Period, ok bool) {
	who, whence := s.who.numbers[row], s.whence.numbers[row]
	from, until := s.from.numbers[row], s.until.numbers[row]
	if int(who) >= len(s.asked) || int(whence) >= len(s.origins) || int(from) >= len(s.first) || int(until) >= len(s.end) {
		return
	}
	a, about, origin = &s.asked[who], s.about[row], s.origins[whence]
	period = data.Period{From: s.first[from], Until: s.end[until]}
	ok = a.askable != nil && about.Subject != nil && origin != nil && period.From != never && period.Until != never
	return
}

// nowhere is where the rows are of which nothing must be said.
type nowhere struct{ rows }

func (nowhere) at(int) data.Position { return data.Position{} }
func (nowhere) line() data.Position  { return data.Position{} }

// acquaint learns the words of a row that are new, unless there is something to say about them. To read the whole row word by word would take four
// times as long, and there may be many words that few rows have in common.
func (s *swift[R]) acquaint(in *cut, row int) bool {
	problems, errors := len(s.problems), s.errors
	// learn has the words of a combination read alone, and numbers them.
	learn := func(c *combination, read func() bool) bool {
		for _, cell := range c.cells {
			word, ok := s.bare(in, cell, row)
			if !ok {
				return false
			}
			s.alone.cells[cell] = string(word)
		}
		if !read() || len(s.problems) > problems {
			s.problems, s.errors = s.problems[:problems], errors // they will be found again
			return false
		}
		return c.learn(s.columns, in, row) != unmet
	}
	if n := s.who.numbers[row]; int(n) >= len(s.asked) || s.asked[n].askable == nil {
		var a asked[R]
		if !learn(&s.who, func() bool { a.like = s.begun(&s.alone); return true }) {
			return false
		}
		var by asker
		if q := s.parts(&a.like).request; q != nil {
			s.known.Lock()
			*q = s.known.shared.Request(**q)
			s.known.Unlock()
			by = asker{(*q).Process, (*q).Nation}
		}
		if s.askable[by] == nil {
			s.askable[by] = s.whenAskable(by.process, by.nation)
		}
		a.askable = s.askable[by]
		*set(&s.asked, s.who.numbers[row]) = a
	}
	if s.about[row].Subject == nil {
		if s.about[row] = s.named(in, row); s.about[row].Subject != nil {
			if s.what.learn(s.columns, in, row) == unmet {
				return false
			}
		} else if !learn(&s.what, func() bool {
			words := [3]string{s.alone.text("capability"), s.alone.text("unit"), s.alone.text("area")}
			s.known.Lock()
			defer s.known.Unlock()
			about, known := s.known.of[words]
			if !known {
				s.alone.checkTerm(s.alone.attach(data.Record{}))
				s.alone.checkArea(s.alone.records)
				if len(s.alone.records) != 1 || len(s.problems) > problems {
					return false
				}
				one := s.alone.records[0].Subject
				about = subject{one, one.Comparable}
				s.known.of[words] = about
			}
			s.about[row] = about
			return true
		}) {
			return false
		}
		*set(&s.subjects, s.what.numbers[row]) = s.about[row]
	}
	if n := s.whence.numbers[row]; int(n) >= len(s.origins) || s.origins[n] == nil {
		var origin *data.Origin
		if !learn(&s.whence, func() bool { origin = s.alone.origin(); return true }) {
			return false
		}
		s.known.Lock()
		origin = s.known.shared.Origin(*origin)
		s.known.Unlock()
		*set(&s.origins, s.whence.numbers[row]) = origin
	}
	if n := s.from.numbers[row]; int(n) >= len(s.first) || s.first[n] == never {
		var first data.Date
		if !learn(&s.from, func() bool { first, _ = s.alone.date("from"); return true }) {
			return false
		}
		setDay(&s.first, s.from.numbers[row], first)
	}
	if n := s.until.numbers[row]; int(n) >= len(s.end) || s.end[n] == never {
		var last data.Date
		if !learn(&s.until, func() bool { _, last = s.alone.date("until"); return true }) {
			return false
		}
		setDay(&s.end, s.until.numbers[row], last)
	}
	return true
}

// bare is what a cell says, unless there is white space around it, or nothing where there must be something.
func (s *swift[R]) bare(in *cut, cell, row int) (word []byte, ok bool) {
	if cell < 0 {
		return nil, true
	}
	start, end := in.cell(cell, row)
	word = in.text[start:end]
	return word, len(trimmed(word)) == len(word) && (len(word) > 0 || !s.required[cell])
}

// named is what a row is about that names a capability by its code, and states its unit and area as the capability has them or not at all. There may be
// many capabilities: each reader finds one by one look at the vocabulary, where to read the cells would take ten times as long.
func (s *swift[R]) named(in *cut, row int) subject {
	code, ok1 := s.bare(in, s.capability, row)
	unit, ok2 := s.bare(in, s.unit, row)
	area, ok3 := s.bare(in, s.area, row)
	place, ok := s.Place(data.Capability(code))
	if !ok || !ok1 || !ok2 || !ok3 {
		return subject{}
	}
	c := &s.Capabilities[place]
	if len(unit) > 0 && string(unit) != c.Unit || len(area) > 0 && string(area) != string(c.Area) {
		return subject{}
	}
	s.known.Lock()
	defer s.known.Unlock()
	if s.known.plain == nil {
		s.known.plain = make([]data.Subject, len(s.Capabilities))
		clear(s.known.plain) // as in column.grow
	}
	about := &s.known.plain[place]
	if about.Capability == "" {
		if found, _ := s.FindCapability(string(c.Capability)); found != c.Capability { // another has nearly the same code
			return subject{}
		}
		*about = data.Subject{Capability: c.Capability, Unit: c.Unit, Comparable: true}
	}
	return subject{about, true}
}

// take makes a record of a row that was cut and whose words have been looked up. Where it starts in the text is negative if that is not the text of
// the file; then the row is the one that was scanned last.
func (s *swift[R]) take(in *cut, row, line, start int) bool {
	asked, subject, origin, period, ok := s.meant(row)
	if !ok { // what it lacks may have been learnt of a row that was cut with it
		s.look(in, row, row+1)
		if asked, subject, origin, period, ok = s.meant(row); !ok && s.acquaint(in, row) {
			asked, subject, origin, period, ok = s.meant(row)
		}
	}
	if !ok || period.From != 0 && period.Until != 0 && period.Until < period.From {
		return false
	}
	id := in.word(s.id, row) // is the only one in no combination that is required
	if len(id) == 0 {
		return false
	}
	for _, i := range s.nameless {
		if len(in.word(i, row)) > 0 {
			return false
		}
	}
	quantity, ok1 := s.number(in, s.quantity, row)
	readiness, ok2 := s.number(in, s.readiness, row)
	held, ok3 := s.number(in, s.held, row)
	notice, ok4 := data.NoticeOf(readiness)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return false
	}
	able := asked.always || asked.on(askedOn(s.AsOf, period))
	if !able && start >= 0 && asked.told[askedOn(s.AsOf, period)] == "" { // it takes the scanner to find where to tell it
		return false
	}
	if subject.comparable {
		sum := quantity.Amount() + held.Amount() // each is far from the largest int64
		if sum > data.MaxAmount-s.total {
			return false
		}
		s.total += sum
	}
	s.room--
	n := len(*s.rows)
	*s.rows = slices.Grow(*s.rows, 1)[:n+1]
	record := &(*s.rows)[n]
	*record = asked.like // before anything looks at the place: the system gives new memory twice if it is read first, which took longer than all of the reading
	p := s.parts(record)
	var statement []byte
	if s.statement >= 0 {
		statement = in.word(s.statement, row)
	}
	r := p.Record // field by field, as a record made elsewhere would wait there until the core has written it, to be copied
	r.Words, r.Subject, r.Origin = s.hold(id, statement), subject.Subject, origin
	r.Quantity, r.Period.From, r.Period.Until, r.Line, r.Readiness = quantity, period.From, period.Until, int32(line), notice
	if p.held != nil {
		*p.held = held
	}
	s.ids.add(claim{p.ID(), line, 1})
	if !able {
		s.refuse(asked.askable, in, start, row, line, p)
	}
	return true
}

// refuse tells of a nation that cannot be asked.
func (s *swift[R]) refuse(a *askable, in *cut, start, row, line int, p parts) {
	day := askedOn(s.AsOf, p.Period)
	told := a.told[day]
	if told == "" {
		before := len(s.problems)
		s.checkMember((*p.request).Process, (*p.request).Nation, p.Period)
		if len(s.problems) == before+1 && s.problems[before].Field == "nation" {
			a.told[day] = s.problems[before].Message
		}
		return
	}
	if start < 0 {
		s.doubt("nation", told, "")
		return
	}
	cell, _ := in.within(s.nation, s.nation, row)
	s.warn(data.Position{File: s.file.File, Line: line, Column: utf8.RuneCount(in.text[start:cell]) + 1}, "nation", told, "")
}

// setDay sets the day of a number.
func setDay(days *[]data.Date, n uint32, day data.Date) {
	for int(n) >= len(*days) {
		*days = append(*days, never)
	}
	(*days)[n] = day
}

// set is the place of a number in a slice, which becomes as long as that takes.
func set[T any](s *[]T, n uint32) *T {
	if more := int(n) + 1 - len(*s); more > 0 {
		*s = append(*s, make([]T, more)...)
	}
	return &(*s)[n]
}

// sound reports whether there is nothing in a text of UTF-8 that would have to be told, beside what is below the blank.
func sound(text []byte) bool {
	for i, c := range text {
		if c == 0x7f || c == 0xc2 && i+1 < len(text) && text[i+1] < 0xa0 { // U+0080 to U+009F
			return false
		}
	}
	return true
}

// trimmed is a text without white space around it. There is seldom any.
func trimmed(text []byte) []byte {
	if n := len(text); n > 0 && (text[0] <= ' ' || text[0] > '~' || text[n-1] <= ' ' || text[n-1] > '~') {
		return bytes.TrimSpace(text)
	}
	return text
}

// number reads a number of few digits, or none.
func (s *swift[R]) number(in *cut, cell, row int) (data.Quantity, bool) {
	if cell < 0 {
		return 0, true
	}
	start, end := in.cell(cell, row)
	n := end - start
	if n == 0 {
		return 0, true
	}
	if n <= 8 {
		if n, ok := wholeNumber(binary.LittleEndian.Uint64(in.text[start:]), n); ok {
			return data.Known(data.Amount(n) * data.One), true
		}
	}
	const most, decimals = 12, 6 // 10¹² millionths a million times is still below the largest amount
	c := in.text[start:end]
	var amount data.Amount
	point := -1
	for i, b := range c {
		switch {
		case '0' <= b && b <= '9':
			amount = 10*amount + data.Amount(b-'0')
		case b == '.' && point < 0 && i > 0 && s.points:
			point = i
		default:
			return 0, false
		}
	}
	scale := decimals
	if point >= 0 {
		frac := len(c) - point - 1
		if frac == 0 || frac > decimals {
			return 0, false
		}
		scale -= frac
	}
	if len(c) > most {
		return 0, false
	}
	return data.Known(amount * powers[scale]), true
}

// wholeNumber reads a number of n digits, of at least one and at most eight, of which the first is the lowest byte of a word. It shifts them up to
// where zeros lead, and adds neighbours, then neighbouring pairs, then fours up.
func wholeNumber(word uint64, n int) (number uint64, ok bool) {
	const zeros, highs = 0x3030303030303030, 0x8080808080808080
	above := 64 - 8*uint(n)
	d := word<<(above&63) - zeros<<(above&63)
	if (d+0x7676767676767676|d)&highs != 0 { // a byte is above 9 or was below '0'
		return 0, false
	}
	d = d*10 + d>>8
	return (d&0x000000ff000000ff*(100+1_000_000<<32) + d>>16&0x000000ff000000ff*(1+10_000<<32)) >> 32, true
}

var powers = [...]data.Amount{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000}

func (a *askable) on(day data.Date) bool {
	for _, p := range a.during {
		if p.Contains(day) {
			return true
		}
	}
	return false
}

// holder holds texts together, as one by one they would take more room and time.
type holder struct{ room []byte }

// hold returns words that stay.
func (h *holder) hold(id, statement []byte) (w data.Words) {
	const least, most = 64 << 10, 16 << 20 // bytes of room
	n := len(id) + len(statement) + data.WordsRoom
	if n > least/8 {
		return data.WordsOf(string(id), string(statement))
	}
	if cap(h.room)-len(h.room) < n {
		h.room = make([]byte, 0, min(max(2*cap(h.room), least), most))
	}
	h.room, w = data.AppendWords(h.room, id, statement) // for good
	return w
}
