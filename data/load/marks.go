package load

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// marks are where in a text the bytes stand that part it: separators, quotes, and those below the blank, which line ends are among. They are
// found for a whole part in one go, 64 bytes at a time and with no branch for any of them: looking for the end of one cell after the other
// takes three times as long.
type marks struct {
	at  []int32 // after -1
	odd []int32 // where 64 bytes start that are not ASCII alone, or have a DEL; the last is beyond the text

	next    int // the first mark that was not used,
	nextOdd int // and of those of odd bytes
}

// find finds the marks of a text.
func (m *marks) find(text []byte, separator byte) {
	m.next, m.nextOdd = 1, 0
	at, n := append(m.at[:0], -1), 1
	at = at[:cap(at)]
	m.odd = m.odd[:0]
	separators := ones * uint64(separator)
	var last [64]byte
	for start := 0; start < len(text); start += len(last) {
		if n+len(last) > len(at) {
			at = slices.Grow(at[:n], len(text)/8+len(last))
			at = at[:cap(at)]
		}
		block := &last
		if len(text)-start >= len(last) {
			block = (*[64]byte)(text[start:])
		} else {
			copy(last[copy(last[:], text[start:]):], blanks)
		}
		w0, w1, w2, w3 := binary.LittleEndian.Uint64(block[0:]), binary.LittleEndian.Uint64(block[8:]), binary.LittleEndian.Uint64(block[16:]), binary.LittleEndian.Uint64(block[24:])
		w4, w5, w6, w7 := binary.LittleEndian.Uint64(block[32:]), binary.LittleEndian.Uint64(block[40:]), binary.LittleEndian.Uint64(block[48:]), binary.LittleEndian.Uint64(block[56:])
		found := marked(w0, separators) | marked(w1, separators)<<8 | marked(w2, separators)<<16 | marked(w3, separators)<<24 |
			marked(w4, separators)<<32 | marked(w5, separators)<<40 | marked(w6, separators)<<48 | marked(w7, separators)<<56
		if (odd(w0)|odd(w1)|odd(w2)|odd(w3)|odd(w4)|odd(w5)|odd(w6)|odd(w7))&highs != 0 {
			m.odd = append(m.odd, int32(start))
		}
		count := bits.OnesCount64(found)
		here := (*[64]int32)(at[n:])
		// There are seldom more than twelve. To write what is not there costs less than to end after the last, which cannot be foreseen.
		here[0], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[1], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[2], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[3], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[4], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[5], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[6], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[7], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[8], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[9], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[10], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		here[11], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		for i := 12; found != 0; i++ {
			here[i&63], found = int32(start+bits.TrailingZeros64(found)), found&(found-1)
		}
		n += count
	}
	for int(at[n-1]) >= len(text) {
		n--
	}
	m.at = at[:n]
	m.odd = append(m.odd, math.MaxInt32)
}

const (
	ones   = 0x0101010101010101
	highs  = 0x8080808080808080
	lows   = 0x7f7f7f7f7f7f7f7f
	blanks = "                                                                "
)

// marked has a bit for each byte of a word that is a separator, a quote or below the blank. Whether seven bits are none of that, or as many as
// a blank at least, an addition shows in the eighth without a carry into the next byte; the multiplication puts the eighth bits side by side.
func marked(w, separators uint64) uint64 {
	l := w & lows
	others := (l^separators+lows)&(l^ones*'"'+lows)&(l+ones*(0x80-' ')) | w
	return ^others & highs * 0x0002040810204081 >> 56
}

// odd has the highest bit of a byte set if it is not ASCII, or a DEL.
func odd(w uint64) uint64 { return w | (w&lows + ones) }

// after is which the first mark at or after an offset is, which is never less than the one before.
func (m *marks) after(offset int) int {
	for m.next < len(m.at) && int(m.at[m.next]) < offset {
		m.next++
	}
	return m.next
}

// oddWithin reports whether a stretch, which starts at or after the one before, has a byte that is not ASCII, or a DEL. It may take bytes
// close by for some of it.
func (m *marks) oddWithin(start, end int) bool {
	for int(m.odd[m.nextOdd])+64 <= start {
		m.nextOdd++
	}
	return int(m.odd[m.nextOdd]) < end
}
