package load

import (
	"encoding/binary"
	"math/bits"
)

// glossaries number the texts that the cells of some columns of a table have, and what several columns have together.
type glossaries struct {
	columns []column
	numbers []uint32 // of the texts of the row, by column
}

// a combination is several columns that mean something together.
type combination struct {
	first int    // of its columns among those of glossaries; they stand side by side
	folds []fold // one less than its columns
	none  bool   // it has no column
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
	g.numbers = make([]uint32, len(g.columns))
	c.none = len(g.columns) == c.first
	c.folds = make([]fold, max(0, len(g.columns)-c.first-1))
	return c
}

// find numbers the texts of a row, and reports whether all have been learnt. Sixteen bytes can be read from where each starts.
func (g *glossaries) find(text []byte, from, to []int32) bool {
	for i := range g.columns {
		c := &g.columns[i]
		start, n := from[c.cell], to[c.cell]-from[c.cell]
		if n > 16 {
			number := c.long[string(text[start:][:n])]
			if number == 0 {
				return false
			}
			g.numbers[i] = number
			continue
		}
		at := text[start : start+16]
		low := binary.LittleEndian.Uint64(at) & firstBytes[min(n, 8)]
		high := binary.LittleEndian.Uint64(at[8:]) & firstBytes[max(n, 8)-8]
		s := &c.slots[hashed(low, high)>>c.shift]
		if s.low != low || s.high != high {
			if s = c.slot(low, high); s.number == 0 && n > 0 {
				return false
			}
		}
		g.numbers[i] = s.number
	}
	return true
}

// learn numbers the texts of a row, new ones too.
func (g *glossaries) learn(cells [][]byte) {
	for i := range g.columns {
		g.numbers[i] = g.columns[i].learn(cells[g.columns[i].cell])
	}
}

// of is the number of what a row has together, and whether it is known. Of one column it is that of the text.
func (c *combination) of(numbers []uint32) (number uint32, ok bool) {
	if c.none {
		return 0, true
	}
	numbers = numbers[c.first:]
	number = numbers[0]
	for i := range c.folds {
		if number = c.folds[i].find(number, numbers[i+1]); number == 0 {
			return 0, false
		}
	}
	return number, true
}

// learn is of, but numbers what is new.
func (c *combination) learn(numbers []uint32) uint32 {
	if c.none {
		return 0
	}
	numbers = numbers[c.first:]
	number := numbers[0]
	for i := range c.folds {
		number = c.folds[i].learn(number, numbers[i+1])
	}
	return number
}

// column numbers texts from 1. No text has the number 0.
type column struct {
	cell  int
	slots []textSlot        // of those of up to sixteen bytes: a power of two, most of them free, so that nearly every text stands where it is first looked for
	shift int               // that leaves so much of a hash
	long  map[string]uint32 // the others
	count uint32
}

// textSlot is a text and its number. There is no NUL in any.
type textSlot struct {
	low, high uint64
	number    uint32
}

// firstBytes keep so many bytes of a word.
var firstBytes = [9]uint64{0, 1<<8 - 1, 1<<16 - 1, 1<<24 - 1, 1<<32 - 1, 1<<40 - 1, 1<<48 - 1, 1<<56 - 1, 1<<64 - 1}

// hashed spreads two words over the upper bits of one.
func hashed(low, high uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2⁶⁴ divided by the golden ratio
	return (low ^ bits.RotateLeft64(high*odd, 32)) * odd
}

// slot is where a text stands, or would.
func (c *column) slot(low, high uint64) *textSlot {
	for i := hashed(low, high) >> c.shift; ; i = (i + 1) & uint64(len(c.slots)-1) {
		if s := &c.slots[i]; s.number == 0 || s.low == low && s.high == high {
			return s
		}
	}
}

func (c *column) learn(text []byte) uint32 {
	if len(text) == 0 {
		return 0
	}
	if len(text) > 16 {
		number, ok := c.long[string(text)]
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
	var padded [16]byte
	copy(padded[:], text)
	low, high := binary.LittleEndian.Uint64(padded[:]), binary.LittleEndian.Uint64(padded[8:])
	s := c.slot(low, high)
	if s.number > 0 {
		return s.number
	}
	c.count++
	*s = textSlot{low, high, c.count}
	number := c.count
	if 4*int(c.count) > len(c.slots) {
		c.grow(2 * len(c.slots))
	}
	return number
}

// grow makes the slots so many.
func (c *column) grow(n int) {
	old := c.slots
	c.slots, c.shift = make([]textSlot, n), 64-bits.TrailingZeros(uint(n))
	for _, s := range old {
		if s.number > 0 {
			*c.slot(s.low, s.high) = s
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
