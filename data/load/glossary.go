package load

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// glossaries number the texts that the cells of some columns of a table have, and what several columns have together. They look at many rows
// at a time, column by column: so what they look for in one row does not wait until what is far away in the memory has come for the row before.
type glossaries struct {
	columns []column
	sought  [batch]shortText // of rows
}

// batch is up to how many rows that is.
const batch = 64

// mostNumbers is how much is numbered of a kind. Where nearly every row has something of its own, to know more of it is of no use.
const mostNumbers = 1 << 18

// unmet is the number of what no row has had.
const unmet = math.MaxUint32

// cut is a text that is cut into cells, which are next to each other but for one byte.
type cut struct {
	text  []byte
	ends  []int32      // where cells end; the first is before them
	first [batch]int32 // of some rows: which end is that of their first cell
	bare  bool         // there are no quotes around cells
}

// within is where some cells of a row that are next to each other start and end, with the quotes around them.
func (c *cut) within(first, last, row int) (start, end int) {
	i := int(c.first[row])
	return int(c.ends[i+first-1]) + 1, int(c.ends[i+last])
}

// cell is where a cell starts and ends, without quotes.
func (c *cut) cell(cell, row int) (start, end int) {
	start, end = c.within(cell, cell, row)
	if c.text[start] == '"' && !c.bare {
		return start + 1, end - 1
	}
	return start, end
}

// word is what a cell says.
func (c *cut) word(cell, row int) []byte {
	start, end := c.cell(cell, row)
	return trimmed(c.text[start:end])
}

// a combination is several columns that mean something together.
type combination struct {
	cells   []int
	first   int    // of its columns among those of glossaries; they stand side by side
	folds   []fold // one less than its columns
	numbers [batch]uint32
}

// combine makes a combination of cells. Those that are next to each other are one column: to look up a longer text takes less time than to look
// up several and what they are together.
func (g *glossaries) combine(cells ...int) combination {
	slices.Sort(cells)
	c := combination{cells: cells, first: len(g.columns)}
	for i, cell := range cells {
		if i == 0 || cell > cells[i-1]+1 {
			g.columns = append(g.columns, column{first: cell})
		}
		g.columns[len(g.columns)-1].last = cell
	}
	for i := range g.columns[c.first:] {
		g.columns[c.first+i].grow(64)
	}
	c.folds = make([]fold, max(1, len(g.columns)-c.first)-1)
	if len(g.columns) == c.first {
		c.first = -1 // it has the number 0 in every row
	}
	return c
}

// find numbers the texts of some rows. As many bytes as a short text has can be read from the start of each cell.
func (g *glossaries) find(in *cut, from, to int) {
	text, ends, firsts := in.text, in.ends, in.first[from:to]
	for i := range g.columns {
		c := &g.columns[i]
		numbers := c.numbers[from:to]
		slots, texts, shift := c.slots, c.texts, c.shift&63
		if c.longest <= 8 { // one word tells
			for r, first := range firsts {
				start := ends[int(first)+c.first-1] + 1
				size := ends[int(first)+c.last] - start
				if size > 8 {
					numbers[r] = unmet
					continue
				}
				a := binary.LittleEndian.Uint64(text[start:]) & kept[size].a
				n := slots[a*hashFactor>>shift]
				if texts[n].a != a {
					n = c.find(shortText{a: a})
				}
				numbers[r] = n
			}
			continue
		}
		for r, first := range firsts {
			start := ends[int(first)+c.first-1] + 1
			size := ends[int(first)+c.last] - start
			if size > shortBytes {
				g.sought[r] = shortText{}
				numbers[r] = c.findLong(text[start:][:size])
				continue
			}
			t := shortTextOf((*[shortBytes]byte)(text[start:]), int(size))
			g.sought[r] = t
			numbers[r] = slots[t.hash()>>shift]
		}
		for r, n := range numbers { // by themselves, so that many of them are on their way from the memory at a time
			if t := g.sought[r]; n != unmet && texts[n] != t {
				numbers[r] = c.find(t)
			}
		}
	}
}

// of are the columns of a combination.
func (c *combination) of(columns []column) []column {
	if c.first < 0 {
		return nil
	}
	return columns[c.first:][:len(c.folds)+1]
}

// find numbers what some rows have together, after the texts. Of one column that is the number of the text.
func (c *combination) find(columns []column, from, to int) {
	if c.first < 0 {
		return
	}
	numbers := c.numbers[from:to]
	copy(numbers, columns[c.first].numbers[from:to])
	for i := range c.folds {
		f, others := &c.folds[i], columns[c.first+1+i].numbers[from:to]
		for r, n := range numbers {
			if n = f.find(n, others[r]); n == 0 {
				n = unmet
			}
			numbers[r] = n
		}
	}
}

// learn numbers what a row has, also what is new, unless it is too much.
func (c *combination) learn(columns []column, in *cut, row int) uint32 {
	number := uint32(0)
	for i := range c.of(columns) {
		column := &columns[c.first+i]
		start, end := in.within(column.first, column.last, row)
		n := column.learn(in.text[start:end])
		column.numbers[row] = n
		switch {
		case i == 0:
			number = n
		case number != unmet:
			number = c.folds[i-1].learn(number, n)
		}
	}
	c.numbers[row] = number
	return number
}

// column numbers texts from 1. No text has the number 0. Such a text is a cell or several next to each other, with what stands between them.
type column struct {
	first, last int               // cells
	slots       []uint32          // the numbers of short texts: a power of two, most of them free, so that nearly every text stands where it is first looked for
	shift       int               // that leaves so much of a hash
	texts       []shortText       // by number; that of a long one is empty
	long        map[string]uint32 // the others
	longest     int               // how many bytes that is of all
	numbers     [batch]uint32     // of the texts of rows
}

// shortText is a text of so few bytes that it is compared in no time. It ends at the first NUL, as none that is looked for holds one.
type shortText struct{ a, b, c, d uint64 }

const shortBytes = 32

// shortTextOf is a text of so many bytes.
func shortTextOf(bytes *[shortBytes]byte, size int) shortText {
	k := &kept[size]
	return shortText{
		binary.LittleEndian.Uint64(bytes[:]) & k.a, binary.LittleEndian.Uint64(bytes[8:]) & k.b,
		binary.LittleEndian.Uint64(bytes[16:]) & k.c, binary.LittleEndian.Uint64(bytes[24:]) & k.d,
	}
}

// kept are the bits that are kept of a text of so many bytes.
var kept = func() (kept [shortBytes + 1]shortText) {
	for size := range kept {
		k := &kept[size]
		for i, word := range []*uint64{&k.a, &k.b, &k.c, &k.d} {
			*word = 1<<(8*max(0, size-8*i)) - 1
		}
	}
	return kept
}()

// hash spreads a text over the upper bits of a word.
func (t shortText) hash() uint64 {
	return (t.a ^ bits.RotateLeft64((t.b^bits.RotateLeft64(t.c, 29)^bits.RotateLeft64(t.d, 47))*hashFactor, 32)) * hashFactor
}

// hashFactor is 2⁶⁴ divided by the golden ratio.
const hashFactor = 0x9e3779b97f4a7c15

// slot is where a text stands, or would.
func (c *column) slot(t shortText) *uint32 {
	for i := t.hash() >> c.shift; ; i = (i + 1) & uint64(len(c.slots)-1) {
		if s := &c.slots[i]; *s == 0 || c.texts[*s] == t {
			return s
		}
	}
}

// find is the number of a text.
func (c *column) find(t shortText) uint32 {
	if n := *c.slot(t); n > 0 || t == (shortText{}) {
		return n
	}
	return unmet
}

func (c *column) findLong(text []byte) uint32 {
	if number := c.long[string(text)]; number > 0 {
		return number
	}
	return unmet
}

func (c *column) learn(text []byte) uint32 {
	if len(text) == 0 {
		return 0
	}
	full := len(c.texts) > mostNumbers
	if !full {
		c.longest = max(c.longest, len(text))
	}
	number := uint32(len(c.texts))
	if len(text) > shortBytes {
		if number, ok := c.long[string(text)]; ok {
			return number
		}
		if full {
			return unmet
		}
		if c.long == nil {
			c.long = map[string]uint32{}
		}
		c.long[string(text)] = number
		c.texts = append(c.texts, shortText{})
		return number
	}
	var padded [shortBytes]byte
	copy(padded[:], text)
	t := shortTextOf(&padded, len(text))
	s := c.slot(t)
	if *s > 0 {
		return *s
	}
	if full {
		return unmet
	}
	*s = number
	c.texts = append(c.texts, t)
	if 4*int(number) > len(c.slots) {
		c.grow(2 * len(c.slots))
	}
	return number
}

// grow makes the slots so many.
func (c *column) grow(n int) {
	c.slots, c.shift = make([]uint32, n), 64-bits.TrailingZeros(uint(n))
	clear(c.slots) // so that the system need not give each page twice: to be looked at, and then to be written
	if len(c.texts) == 0 {
		c.texts = make([]shortText, 1, n/4)
	}
	for i, t := range c.texts {
		if t != (shortText{}) {
			*c.slot(t) = uint32(i)
		}
	}
}

// fold numbers pairs of numbers from 1.
type fold struct {
	pairs []uint32 // by the first number and, in the last bits, the second
	shift int      // how many bits that is
	rest  map[[2]uint32]uint32
	count uint32
}

// maxPairs is up to where the pairs of a fold stand side by side.
const maxPairs = 1 << 21

func (f *fold) find(a, b uint32) uint32 {
	if i := uint64(a)<<f.shift | uint64(b); i < uint64(len(f.pairs)) && b>>f.shift == 0 {
		return f.pairs[i]
	}
	if f.rest == nil {
		return 0
	}
	return f.rest[[2]uint32{a, b}]
}

func (f *fold) learn(a, b uint32) uint32 {
	if n := f.find(a, b); n > 0 {
		return n
	}
	if a == unmet || b == unmet || f.count == mostNumbers {
		return unmet
	}
	f.count++
	shift := max(f.shift, bits.Len32(b))
	rows := max(uint64(len(f.pairs))>>f.shift, uint64(a)+1)
	if rows<<shift > maxPairs {
		if f.rest == nil {
			f.rest = map[[2]uint32]uint32{}
		}
		f.rest[[2]uint32{a, b}] = f.count
		return f.count
	}
	if shift > f.shift {
		old := *f
		f.pairs, f.shift = make([]uint32, rows<<shift), shift
		for i, n := range old.pairs {
			f.pairs[i>>old.shift<<shift|i&(1<<old.shift-1)] = n
		}
	} else if n := rows << shift; n > uint64(len(f.pairs)) {
		f.pairs = append(f.pairs, make([]uint32, n-uint64(len(f.pairs)))...)
	}
	f.pairs[uint64(a)<<f.shift|uint64(b)] = f.count
	return f.count
}
