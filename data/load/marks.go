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
	odd []int32 // where blocks of the text start that are not ASCII alone, or have a DEL; the last is beyond the text

	next    int // the first mark that was not used,
	nextOdd int // and of those of odd bytes
}

const (
	blockSize = 64            // bytes of a text that are looked at together
	blockRoom = blockSize + 8 // for their marks, of which eight are written at a time: to write what is not there costs less than to end after the last
)

// find finds the marks of a text.
func (m *marks) find(text []byte, separator byte) {
	m.at, m.next = append(m.at[:0], -1), 1
	m.odd, m.nextOdd = m.odd[:0], 0
	whole := len(text) / blockSize * blockSize
	for at := 0; at < whole; {
		at += m.add(text[at:whole], at, separator)
	}
	var last [blockSize]byte
	copy(last[:], text[whole:])
	m.add(last[:], whole, separator)
	for int(m.at[len(m.at)-1]) >= len(text) {
		m.at = m.at[:len(m.at)-1]
	}
	m.odd = append(m.odd, math.MaxInt32)
}

// add adds the marks of some blocks that start at an offset, and returns how many bytes these have.
func (m *marks) add(text []byte, offset int, separator byte) (bytes int) {
	n := len(m.at)
	if cap(m.at)-n < blockRoom {
		m.at = slices.Grow(m.at, len(text)/8+blockRoom)
	}
	blocks, found, odd := markBlocks(m.at[n:cap(m.at)], text, offset, separator)
	m.at = m.at[:n+found]
	if odd {
		m.odd = append(m.odd, int32(offset+(blocks-1)*blockSize))
	}
	return blocks * blockSize
}

// markBlocks finds the marks in blocks of a text that starts at an offset, up to one that is odd or until there is no room for another.
var markBlocks = markWords

const (
	ones   = 0x0101010101010101
	highs  = 0x8080808080808080
	lows   = 0x7f7f7f7f7f7f7f7f
	blanks = "                                                                "
)

// markWords looks at eight bytes at a time. Whether the lower seven bits of a byte are none, or as many as a blank at least, an addition shows in the
// eighth without a carry into the next byte; the multiplication puts the eighth bits side by side.
func markWords(at []int32, text []byte, offset int, separator byte) (blocks, found int, odd bool) {
	separators := ones * uint64(separator)
	for len(text) >= blockSize && len(at) >= blockRoom && !odd {
		var marks, others uint64 // a bit for each byte that is one, the first the lowest
		for of := range blockSize / 8 {
			w := binary.LittleEndian.Uint64(text[of*8:])
			l := w & lows
			none := (l^separators+lows)&(l^ones*'"'+lows)&(l+ones*(0x80-' ')) | w
			marks |= ^none & highs * 0x0002040810204081 >> 56 << (of * 8)
			others |= (w | (l + ones)) & highs
		}
		n := 0
		for ; marks != 0; n++ {
			at[n], marks = int32(offset+bits.TrailingZeros64(marks)), marks&(marks-1)
		}
		blocks, found, odd = blocks+1, found+n, others != 0
		at, text, offset = at[n:], text[blockSize:], offset+blockSize
	}
	return blocks, found, odd
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
