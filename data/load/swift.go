package load

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"strings"

	"deconflict/data"
)

// swiftReader reads the rows that hold nothing new, which in a large table are nearly all. It knows no meaning of any word: it remembers
// what the words of rows came to about which there was nothing to say, and takes a row only if all of it was met before, but for its id,
// its statement and plain numbers. Any other row it leaves to be read word by word. A test holds that this changes nothing.
type swiftReader interface {
	// read reads the row that was scanned last, or leaves it.
	read(*scanner) bool
	// learn remembers the row that was scanned last. Its only record is the last of the table, and there was
	// nothing to say about its words.
	learn(*scanner)
}

// swift reads the rows of a table of R.
type swift[R any] struct {
	*row
	rows  *[]R
	parts func(*R) parts

	width              int
	required, nameless []int // cells that must not be empty, and that must be
	id, statement      int
	quantity           int
	readiness, held    int
	points             bool // a number with one point is a decimal

	who, what, whence combination
	starts, ends      combination

	// What combinations came to, by their numbers.
	asked      []R // without what is the row's own
	askable    []askable
	subjects   []*data.Subject
	origins    []*data.Origin
	first, end []data.Date
}

// parts are where the parts of a record stand: those that tables have not all are nil.
type parts struct {
	*data.Record
	readiness, held *data.Quantity
	process         data.Process
	nation          data.Nation
}

// askable says when a nation can be asked.
type askable struct {
	always bool
	during []data.Period
}

func newSwift[R any](r *row, rows *[]R, of func(*R) parts, who []string) *swift[R] {
	cell := func(column string) int {
		if i, ok := r.column[column]; ok {
			return i
		}
		return -1
	}
	cells := func(columns ...string) combination {
		var c combination
		for _, column := range columns {
			c.cells = append(c.cells, cell(column))
		}
		c.glossaries = make([]glossary, len(columns))
		return c
	}
	s := &swift[R]{
		row: r, rows: rows, parts: of, width: len(r.file.header),
		id: cell("id"), statement: cell("statement"), quantity: cell("quantity"), readiness: cell("readiness_days"), held: cell("held"),
		who: cells(who...), what: cells("capability", "unit", "area"), whence: cells("marking", "source", "confidence"),
		starts: cells("from"), ends: cells("until"),
	}
	if rows, ok := r.file.rows.(*csvRows); ok { // a column in which one number has a point is none of decimal commas
		s.points = rows.fixed == points || rows.fixed == doubtful && rows.separator == ','
	}
	for _, c := range r.table.required {
		s.required = append(s.required, cell(c))
	}
	for i, word := range r.file.header {
		if word == "" {
			s.nameless = append(s.nameless, i)
		}
	}
	return s
}

func (s *swift[R]) read(row *scanner) bool {
	if len(row.cells) != s.width || !row.plain && !soundCells(row.cells) || row.next-row.start > maxField {
		return false
	}
	cells := row.cells
	for i, c := range cells {
		if n := len(c); n > 0 && (c[0] <= ' ' || c[0] > '~' || c[n-1] <= ' ' || c[n-1] > '~') {
			cells[i] = bytes.TrimSpace(c)
		}
	}
	for _, i := range s.required {
		if len(cells[i]) == 0 {
			return false
		}
	}
	for _, i := range s.nameless {
		if len(cells[i]) > 0 {
			return false
		}
	}
	who, ok1 := s.who.find(cells)
	what, ok2 := s.what.find(cells)
	whence, ok3 := s.whence.find(cells)
	from, ok4 := s.starts.find(cells)
	until, ok5 := s.ends.find(cells)
	quantity, ok6 := s.number(cells, s.quantity)
	readiness, ok7 := s.number(cells, s.readiness)
	held, ok8 := s.number(cells, s.held)
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || !ok6 || !ok7 || !ok8 || readiness.Amount()%data.One != 0 {
		return false
	}
	period := data.Period{From: s.first[from], Until: s.end[until]}
	if period.From != 0 && period.Until != 0 && period.Until < period.From {
		return false
	}
	subject := s.subjects[what]
	if subject.Comparable {
		sum := quantity.Amount() + held.Amount() // each is far from the largest int64
		if sum > data.MaxAmount-s.total {
			return false
		}
		s.total += sum
	}
	s.room--
	*s.rows = append(*s.rows, s.asked[who])
	p := s.parts(&(*s.rows)[len(*s.rows)-1])
	*p.Record = data.Record{
		ID: s.hold(cells[s.id]), Subject: subject, Origin: s.origins[whence], Quantity: quantity, Period: period, Line: int32(row.startsOn),
	}
	if s.statement >= 0 {
		p.Statement = s.hold(cells[s.statement])
	}
	if p.readiness != nil {
		*p.readiness = readiness
	}
	if p.held != nil {
		*p.held = held
	}
	s.ids.add(claim{p.ID, row.startsOn, 1})
	if !s.askable[who].on(askedOn(s.AsOf, period)) {
		s.checkMember(p.process, p.nation, period)
	}
	return true
}

func (s *swift[R]) learn(row *scanner) {
	if len(row.cells) < s.width {
		return
	}
	for i := range row.cells {
		row.cells[i] = bytes.TrimSpace(row.cells[i])
	}
	r := (*s.rows)[len(*s.rows)-1]
	p := s.parts(&r)
	rec := *p.Record
	if s.who.learn(row.cells) {
		*p.Record = data.Record{}
		s.asked = append(s.asked, r)
		s.askable = append(s.askable, s.whenAskable(p.process, p.nation))
	}
	if s.what.learn(row.cells) {
		s.subjects = append(s.subjects, rec.Subject)
	}
	if s.whence.learn(row.cells) {
		s.origins = append(s.origins, rec.Origin)
	}
	if s.starts.learn(row.cells) {
		s.first = append(s.first, rec.Period.From)
	}
	if s.ends.learn(row.cells) {
		s.end = append(s.end, rec.Period.Until)
	}
}

// soundCells reports whether no cell holds what would have to be told.
func soundCells(cells [][]byte) bool {
	for _, c := range cells {
		if _, found := control(c); found {
			return false
		}
	}
	return true
}

// number reads a number of few digits, or none.
func (s *swift[R]) number(cells [][]byte, i int) (data.Quantity, bool) {
	if i < 0 || len(cells[i]) == 0 {
		return 0, true
	}
	const most, decimals = 12, 6 // 10¹² millionths a million times is still below the largest amount
	c := cells[i]
	var n data.Amount
	point := -1
	for i, b := range c {
		switch {
		case '0' <= b && b <= '9':
			n = 10*n + data.Amount(b-'0')
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
	return data.Known(n * powers[scale]), true
}

var powers = [...]data.Amount{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000}

func (a *askable) on(day data.Date) bool {
	if a.always {
		return true
	}
	for _, p := range a.during {
		if p.Contains(day) {
			return true
		}
	}
	return false
}

// combined is how many columns a combination can have.
const combined = 5

// combination numbers the texts that some cells of rows have together.
type combination struct {
	cells      []int // -1 for a column that the file has not
	glossaries []glossary
	slots      []combinationSlot // a power of two
	count      int
	last       combinationSlot // that was found
	alone      []uint32        // of a single column: one more than the number, by that of the text
}

// combinationSlot is the numbers of some texts, and one more than the number of their combination.
type combinationSlot struct {
	texts  [combined]uint32
	number uint32
}

func (c *combination) find(cells [][]byte) (int, bool) {
	var texts [combined]uint32
	for i, cell := range c.cells {
		if cell < 0 {
			continue
		}
		n, ok := c.glossaries[i].find(cells[cell])
		if !ok {
			return 0, false
		}
		texts[i] = n
	}
	if len(c.cells) == 1 { // the text alone tells
		if int(texts[0]) >= len(c.alone) {
			return 0, false
		}
		n := c.alone[texts[0]]
		return int(n) - 1, n > 0
	}
	if !same(&c.last.texts, &texts) || c.last.number == 0 {
		if c.count == 0 {
			return 0, false
		}
		c.last = *c.slot(texts)
	}
	return int(c.last.number) - 1, c.last.number > 0
}

// same is a == b without a call.
func same(a, b *[combined]uint32) bool {
	return (a[0]^b[0])|(a[1]^b[1])|(a[2]^b[2])|(a[3]^b[3])|(a[4]^b[4]) == 0
}

// slot is where a combination stands, or would.
func (c *combination) slot(texts [combined]uint32) *combinationSlot {
	h := uint64(0)
	for _, n := range texts[:len(c.cells)] {
		h = mix(h ^ uint64(n))
	}
	for i := int(h) & (len(c.slots) - 1); ; i = (i + 1) & (len(c.slots) - 1) {
		if same(&c.slots[i].texts, &texts) || c.slots[i].number == 0 {
			return &c.slots[i]
		}
	}
}

// learn reports whether the cells were not met before. Then their number is the next.
func (c *combination) learn(cells [][]byte) bool {
	var texts [combined]uint32
	for i, cell := range c.cells {
		if cell >= 0 {
			texts[i] = c.glossaries[i].learn(cells[cell])
		}
	}
	if len(c.cells) == 1 {
		if n := int(texts[0]) + 1; n > len(c.alone) {
			c.alone = append(c.alone, make([]uint32, n-len(c.alone))...)
		}
		if c.alone[texts[0]] > 0 {
			return false
		}
		c.count++
		c.alone[texts[0]] = uint32(c.count)
		return true
	}
	if 2*c.count >= len(c.slots) {
		old := c.slots
		c.slots = make([]combinationSlot, max(64, 2*len(old)))
		for _, x := range old {
			if x.number > 0 {
				*c.slot(x.texts) = x
			}
		}
	}
	s := c.slot(texts)
	if s.number > 0 {
		return false
	}
	c.count++
	*s = combinationSlot{texts, uint32(c.count)}
	return true
}

// mix spreads a number over all bits (the finaliser of SplitMix64, without its last step).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	return h ^ h>>27
}

// glossary numbers texts from 1. No text has the number 0.
type glossary struct {
	slots []glossarySlot // a power of two
	long  []string       // texts of more than sixteen bytes
	count int
	last  glossarySlot // that was found
}

// glossarySlot is a text and its number. Texts of up to sixteen bytes stand in the slot itself, so that one look at the memory is enough;
// of a longer one it is a hash and where it stands.
type glossarySlot struct {
	low, high uint64
	size      uint32
	number    uint32
}

// slotOf is a slot for a text, but for its number.
func slotOf(text []byte) glossarySlot {
	n := len(text)
	s := glossarySlot{size: uint32(n)}
	switch {
	case n > 16:
		s.low = maphash.Bytes(hashSeed, text)
	case n >= 8:
		s.low, s.high = binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[n-8:])
	case n >= 4:
		s.low, s.high = uint64(binary.LittleEndian.Uint32(text)), uint64(binary.LittleEndian.Uint32(text[n-4:]))
	default: // the first, the middle and the last byte
		s.low = uint64(text[0]) | uint64(text[n/2])<<8 | uint64(text[n-1])<<16
	}
	return s
}

func (g *glossary) find(text []byte) (uint32, bool) {
	if len(text) == 0 {
		return 0, true
	}
	s := slotOf(text)
	if g.is(&g.last, &s, text) && g.last.number > 0 {
		return g.last.number, true
	}
	if g.count == 0 {
		return 0, false
	}
	g.last = *g.slot(&s, text)
	return g.last.number, g.last.number > 0
}

// is reports whether a slot is that of a text.
func (g *glossary) is(slot, s *glossarySlot, text []byte) bool {
	if slot.low != s.low || slot.size != s.size {
		return false
	}
	if s.size > 16 {
		return g.long[slot.high] == string(text)
	}
	return slot.high == s.high
}

// slot is where a text stands, or would.
func (g *glossary) slot(s *glossarySlot, text []byte) *glossarySlot {
	h := s.low
	if s.size <= 16 {
		h ^= mix(s.high)
	}
	for i := int(mix(h)) & (len(g.slots) - 1); ; i = (i + 1) & (len(g.slots) - 1) {
		if found := &g.slots[i]; found.number == 0 || g.is(found, s, text) {
			return found
		}
	}
}

func (g *glossary) learn(text []byte) uint32 {
	if n, ok := g.find(text); ok {
		return n
	}
	if 2*g.count >= len(g.slots) {
		old := g.slots
		g.slots = make([]glossarySlot, max(64, 2*len(old)))
		for i := range old {
			if x := &old[i]; x.number > 0 {
				var text []byte
				if x.size > 16 {
					text = []byte(g.long[x.high])
				}
				*g.slot(x, text) = *x
			}
		}
	}
	s := slotOf(text)
	if s.size > 16 {
		s.high = uint64(len(g.long))
		g.long = append(g.long, string(text))
	}
	g.count++
	s.number = uint32(g.count)
	*g.slot(&s, text) = s
	g.last = s
	return s.number
}

// holder holds texts together, as one by one they would take more room and time.
type holder struct{ strings.Builder }

// hold returns a text that stays.
func (h *holder) hold(text []byte) string {
	const together = 64 << 10
	if h.Cap()-h.Len() < len(text) {
		if len(text) > together/8 {
			return string(text)
		}
		h.Builder = strings.Builder{}
		h.Grow(together)
	}
	from := h.Len()
	h.Write(text)
	return h.String()[from:]
}
