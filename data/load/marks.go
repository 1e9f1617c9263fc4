package load

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// marks are where in a text the bytes stand that part it: separators, quotes, and those below the blank, which line ends are among. They are
// found for a whole part in one go, 64 bytes at a time and with no branch for any of them: looking for the end of one cell after the other
// takes several times as long.
type marks struct {
	at  []int32 // after -1
	odd []int32 // where 64 bytes start that are not ASCII alone, or have a DEL; the last is beyond the text

	next    int // the first mark that was not used,
	nextOdd int // and of those of odd bytes

	blocks []marked
}

// marked is what 64 bytes of a text have.
type marked struct {
	marks uint64 // a bit for each byte that is one, the first the lowest
	odd   uint64 // anything but 0 if some are not ASCII, or a DEL
}

const blockSize = 64

// find finds the marks of a text.
func (m *marks) find(text []byte, separator byte) {
	whole := len(text) / blockSize
	m.blocks = slices.Grow(m.blocks[:0], whole+1)[:whole+1]
	markBlocks(m.blocks[:whole], text, separator)
	var last [blockSize]byte
	rest := copy(last[:], text[whole*blockSize:])
	markBlocks(m.blocks[whole:], last[:], separator)
	m.blocks[whole].marks &= 1<<rest - 1

	m.next, m.nextOdd, m.odd = 1, 0, m.odd[:0]
	at, n := append(m.at[:0], -1), 1
	at = at[:cap(at)]
	for i, b := range m.blocks {
		const few = 4 // at a time: to write what is not there costs less than to end after the last, which cannot be foreseen
		if n+blockSize+few > len(at) {
			at = slices.Grow(at[:n], len(text)/8+blockSize+few)
			at = at[:cap(at)]
		}
		start, found := i*blockSize, b.marks
		for here := at[n:]; ; here = here[few:] {
			// Where the lowest bit is that is set is how many are below, which takes less time to count than to ask for.
			here[0], found = int32(start+bits.OnesCount64(found&-found-1)), found&(found-1)
			here[1], found = int32(start+bits.OnesCount64(found&-found-1)), found&(found-1)
			here[2], found = int32(start+bits.OnesCount64(found&-found-1)), found&(found-1)
			here[3], found = int32(start+bits.OnesCount64(found&-found-1)), found&(found-1)
			if found == 0 {
				break
			}
		}
		n += bits.OnesCount64(b.marks)
		if b.odd != 0 {
			m.odd = append(m.odd, int32(start))
		}
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

// markWords finds the marks in blocks of a text eight bytes at a time. Whether the lower seven bits of a byte are none, or as many as a blank at
// least, an addition shows in the eighth without a carry into the next byte; the multiplication puts the eighth bits side by side.
func markWords(blocks []marked, text []byte, separator byte) {
	separators := ones * uint64(separator)
	for i := range blocks {
		var b marked
		for of := range blockSize / 8 {
			w := binary.LittleEndian.Uint64(text[i*blockSize+of*8:])
			l := w & lows
			others := (l^separators+lows)&(l^ones*'"'+lows)&(l+ones*(0x80-' ')) | w
			b.marks |= ^others & highs * 0x0002040810204081 >> 56 << (of * 8)
			b.odd |= (w | (l + ones)) & highs
		}
		blocks[i] = b
	}
}

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
