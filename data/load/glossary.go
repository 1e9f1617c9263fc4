package load

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// glossaries number the texts that the cells of some columns of a table have, and what several columns have together. They look at many rows
// at a time, column by column: so what they look for in one row does not wait until what is far away in the memory has come for the row before.
type glossaries struct {
	columns []column
}

// batch is up to how many rows that is.
const batch = 64

// mostNumbers is how much is numbered of a kind. Where nearly every row has something of its own, to know more of it is of no use.
const mostNumbers = 1 << 18

// unmet is the number of what no row has had.
const unmet = math.MaxUint32

// a combination is several columns that mean something together.
type combination struct {
	first   int    // of its columns among those of glossaries; they stand side by side
	folds   []fold // one less than its columns
	numbers [batch]uint32
}

// combine makes a combination of columns. The cell of a column that the file has not is negative.
func (g *glossaries) combine(cells ...int) combination {
	c := combination{first: len(g.columns)}
	for _, cell := range cells {
		if cell >= 0 {
			g.columns = append(g.columns, column{cell: cell})
			g.columns[len(g.columns)-1].grow(64)
		}
	}
	c.folds = make([]fold, max(1, len(g.columns)-c.first)-1)
	if len(g.columns) == c.first {
		c.first = -1 // it has the number 0 in every row
	}
	return c
}

// find numbers the texts of some rows. Of a cell it takes where it starts and ends in each row; as many bytes as a slot has can be read from there.
func (g *glossaries) find(text []byte, from, to [][batch]int32, first, end int) {
	for i := range g.columns {
		c := &g.columns[i]
		starts, ends, numbers := from[c.cell][first:end], to[c.cell][first:end], c.numbers[first:end]
		slots, shift := c.slots, c.shift&63
		if c.longest <= 8 { // one word tells
			for r, start := range starts {
				size := ends[r] - start
				if size > 8 {
					numbers[r] = unmet
					continue
				}
				a := binary.LittleEndian.Uint64(text[start:]) & firstBytes[size]
				s := &slots[a*hashFactor>>shift]
				if s.text.a != a {
					if s = c.slot(shortText{a: a}); s.number == 0 && size > 0 {
						numbers[r] = unmet
						continue
					}
				}
				numbers[r] = s.number
			}
			continue
		}
		for r, start := range starts {
			size := ends[r] - start
			if size > slotBytes {
				numbers[r] = c.findLong(text[start:ends[r]])
				continue
			}
			t := shortTextOf((*[slotBytes]byte)(text[start:]), int(size))
			s := &slots[t.hash()>>shift]
			if s.text != t {
				if s = c.slot(t); s.number == 0 && size > 0 {
					numbers[r] = unmet
					continue
				}
			}
			numbers[r] = s.number
		}
	}
}

// learn numbers the texts of a row, new ones too.
func (g *glossaries) learn(cells [][]byte, r int) {
	for i := range g.columns {
		c := &g.columns[i]
		c.numbers[r] = c.learn(cells[c.cell])
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
func (c *combination) find(columns []column, first, end int) {
	if c.first < 0 {
		return
	}
	numbers := c.numbers[first:end]
	copy(numbers, columns[c.first].numbers[first:end])
	for i := range c.folds {
		f, others := &c.folds[i], columns[c.first+1+i].numbers[first:end]
		for r, n := range numbers {
			if n = f.find(n, others[r]); n == 0 {
				n = unmet
			}
			numbers[r] = n
		}
	}
}

// learn is find for one row, but numbers what is new, unless it is too much.
func (c *combination) learn(columns []column, r int) uint32 {
	if c.first < 0 {
		return 0
	}
	number := columns[c.first].numbers[r]
	for i := range c.folds {
		if number = c.folds[i].learn(number, columns[c.first+1+i].numbers[r]); number == unmet {
			break
		}
	}
	return number
}

// column numbers texts from 1. No text has the number 0.
type column struct {
	cell    int
	slots   []slotOfText      // of short texts: a power of two, most of them free, so that nearly every text stands where it is first looked for
	shift   int               // that leaves so much of a hash
	long    map[string]uint32 // the others
	longest int               // how many bytes that is of all
	count   uint32
	numbers [batch]uint32 // of the texts of rows
}

// slotOfText is a text and its number.
type slotOfText struct {
	text   shortText
	number uint32
}

// shortText is a text of so few bytes that it is compared in no time. It ends at the first NUL, as none that is looked for holds one.
type shortText struct{ a, b, c uint64 }

const slotBytes = 24

// shortTextOf is a text of so many bytes.
func shortTextOf(bytes *[slotBytes]byte, size int) shortText {
	return shortText{
		binary.LittleEndian.Uint64(bytes[:]) & firstBytes[min(size, 8)],
		binary.LittleEndian.Uint64(bytes[8:]) & firstBytes[min(max(size, 8)-8, 8)],
		binary.LittleEndian.Uint64(bytes[16:]) & firstBytes[max(size, 16)-16],
	}
}

// firstBytes keep so many bytes of a word.
var firstBytes = [9]uint64{0, 1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1, 1<<40 - 1, 1<<48 - 1, 1<<56 - 1, 1<<64 - 1}

// hash spreads a text over the upper bits of a word.
func (t shortText) hash() uint64 {
	return (t.a ^ bits.RotateLeft64((t.b^bits.RotateLeft64(t.c, 29))*hashFactor, 32)) * hashFactor
}

// hashFactor is 2⁶⁴ divided by the golden ratio.
const hashFactor = 0x9e3779b97f4a7c15

// slot is where a text stands, or would.
func (c *column) slot(t shortText) *slotOfText {
	for i := t.hash() >> c.shift; ; i = (i + 1) & uint64(len(c.slots)-1) {
		if s := &c.slots[i]; s.number == 0 || s.text == t {
			return s
		}
	}
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
	if c.count < mostNumbers {
		c.longest = max(c.longest, len(text))
	}
	if len(text) > slotBytes {
		number, ok := c.long[string(text)]
		if !ok && c.count == mostNumbers {
			return unmet
		}
		if !ok {
			if c.long == nil {
				c.long = map[string]uint32{}
			}
			c.count++
			number = c.count
			c.long[string(text)] = number
		}
		return number
	}
	var padded [slotBytes]byte
	copy(padded[:], text)
	t := shortTextOf(&padded, len(text))
	s := c.slot(t)
	if s.number > 0 {
		return s.number
	}
	if c.count == mostNumbers {
		return unmet
	}
	c.count++
	*s = slotOfText{t, c.count}
	if 4*int(c.count) > len(c.slots) {
		c.grow(2 * len(c.slots))
	}
	return c.count
}

// grow makes the slots so many.
func (c *column) grow(n int) {
	old := c.slots
	c.slots, c.shift = make([]slotOfText, n), 64-bits.TrailingZeros(uint(n))
	for _, s := range old {
		if s.number > 0 {
			*c.slot(s.text) = s
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
