package data

import (
	"encoding/binary"
	"strconv"
)

// threes are the numbers below a thousand with three digits each, the first in the lowest byte, and how many of them are leading zeros in the
// highest. A large dataset has millions of numbers to write, most of them below a thousand.
var threes = func() (of [1000]uint32) {
	for i := range of {
		n := uint32(i)
		of[i] = '0' + n/100 | ('0'+n/10%10)<<8 | ('0'+n%10)<<16
		switch {
		case n < 10:
			of[i] |= 2 << 24
		case n < 100:
			of[i] |= 1 << 24
		}
	}
	return of
}()

// AppendWhole appends what strconv.AppendUint does in base 10. What lies behind the slice up to its capacity may be written to: numbers
// below a thousand million, where there is room, are put there three digits at a time with a byte more.
func AppendWhole(b []byte, n uint64) []byte {
	const most = 10 // bytes: nine digits, and that one more
	at := len(b)
	if cap(b)-at < most || n >= 1e9 {
		return strconv.AppendUint(b, n, 10)
	}
	b = b[:at+most]
	switch {
	case n < 1e3:
		at = putFirst(b, at, n)
	case n < 1e6:
		at = putFirst(b, at, n/1e3)
		at = putNext(b, at, n%1e3)
	default:
		at = putFirst(b, at, n/1e6)
		at = putNext(b, at, n/1e3%1e3)
		at = putNext(b, at, n%1e3)
	}
	return b[:at]
}

// Few are the digits of a whole amount below a thousand, the first in the lowest byte, and how many; ok is false of others.
func (a Amount) Few() (digits uint32, n int, ok bool) {
	whole := uint64(a) / uint64(One)
	if whole >= uint64(len(threes)) || whole*uint64(One) != uint64(a) {
		return 0, 0, false
	}
	digits = threes[whole]
	zeros := digits >> 24
	return digits & (1<<24 - 1) >> (8 * zeros), 3 - int(zeros), true
}

// putFirst puts a number below a thousand and tells where it ends.
func putFirst(b []byte, at int, n uint64) (end int) {
	digits := threes[n]
	zeros := digits >> 24
	binary.LittleEndian.PutUint32(b[at:], digits>>(8*zeros))
	return at + 3 - int(zeros)
}

// putNext puts the three digits of one that goes on.
func putNext(b []byte, at int, n uint64) (end int) {
	binary.LittleEndian.PutUint32(b[at:], threes[n])
	return at + 3
}
