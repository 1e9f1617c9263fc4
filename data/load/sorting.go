package load

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"runtime"
	"slices"
	"strings"

	"deconflict/data"
)

// sortRecords sorts records by id, and reports whether two share one. Only the records of one row do in the end, and no two of them a capability.
// There may be millions of records, and their ids are scattered over the memory: numbers are sorted instead, of as much of each id as there is room
// for beside where its record stands. Each core sorts some, and then the records are put where they belong.
func sortRecords[R any](s []R, record func(*R) *data.Record) (sorted []R, alike bool) {
	id := func(i int) string { return record(&s[i]).ID() }
	ascend := true
	for i := 1; i < len(s) && ascend; i++ {
		ascend = id(i-1) < id(i)
	}
	if ascend {
		return s, false
	}
	const least = 1 << 12 // records, of which it is not worth while to share them
	cores := max(1, min(runtime.GOMAXPROCS(0), len(s)/least))
	stretches := func(do func(stretch, from, to int)) {
		onAllCores(cores, func(next func() (int, bool)) error {
			for i, ok := next(); ok; i, ok = next() {
				do(i, len(s)*i/cores, len(s)*(i+1)/cores)
			}
			return nil
		})
	}
	begins, differ := make([]string, cores), make([]idBits, cores) // of each stretch
	stretches(func(stretch, from, to int) {
		begin := id(from)
		for i := from; i < to; i++ {
			begin = common(begin, id(i))
		}
		begins[stretch] = begin
	})
	begin := begins[0]
	for _, b := range begins {
		begin = common(begin, b)
	}
	bitsOf := func(i int) idBits { return idBitsOf(id(i)[len(begin):]) }
	first := bitsOf(0)
	stretches(func(stretch, from, to int) {
		for i := from; i < to; i++ {
			differ[stretch].add(bitsOf(i), first)
		}
	})
	for _, d := range differ[1:] {
		differ[0].add(d, idBits{})
	}
	places := bits.Len(uint(len(s) - 1)) // bits that tell where a record stands
	which := differ[0].choose(64 - places)
	keys, runs := make([]uint64, len(s)), make([][]uint64, cores)
	stretches(func(stretch, from, to int) {
		for i := from; i < to; i++ {
			keys[i] = which.of(bitsOf(i))<<places | uint64(i)
		}
		runs[stretch] = sortAbove(places, keys[from:to])
	})
	keys = merged(runs)
	place := func(key uint64) int { return int(key & (1<<places - 1)) }
	for from, to := 0, 0; from < len(keys); from = to { // those that the keys do not tell apart
		for to = from + 1; to < len(keys) && keys[to]>>places == keys[from]>>places; to++ {
		}
		if to == from+1 {
			continue
		}
		slices.SortFunc(keys[from:to], func(a, b uint64) int {
			x, y := record(&s[place(a)]), record(&s[place(b)])
			return cmp.Or(strings.Compare(x.ID(), y.ID()), cmp.Compare(x.Capability, y.Capability))
		})
		for i := from + 1; i < to; i++ {
			alike = alike || id(place(keys[i-1])) == id(place(keys[i]))
		}
	}
	sorted = make([]R, len(s))
	stretches(func(_, from, to int) {
		for i := from; i < to; i++ {
			sorted[i] = s[place(keys[i])]
		}
	})
	return sorted, alike
}

// common is what two texts begin with.
func common(a, b string) string {
	if strings.HasPrefix(b, a) { // as it mostly does
		return a
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return a[:n]
}

// idBits are the first bytes of an id after what all begin with, the first the highest; what a shorter one lacks is 0, which stands in none.
// Or they are the bits in which some differ.
type idBits [2]uint64

func idBitsOf(id string) (b idBits) {
	var bytes [8 * len(b)]byte
	copy(bytes[:], id)
	for i := range b {
		b[i] = binary.BigEndian.Uint64(bytes[8*i:])
	}
	return b
}

// add adds the bits in which two differ.
func (b *idBits) add(x, y idBits) {
	for i := range b {
		b[i] |= x[i] ^ y[i]
	}
}

// choose chooses so many bits of those in which ids differ, from the first byte on. Of each byte it takes all below the highest such bit: above
// it the bytes of all ids are alike.
func (b *idBits) choose(room int) (chosen chosenBits) {
	for i := range 8 * len(b) {
		shift := 56 - i%8*8
		n := bits.Len8(uint8(b[i/8] >> shift))
		if n > room {
			break
		}
		if room -= n; n > 0 {
			chosen = append(chosen, chosenByte{i / 8, shift, n})
		}
	}
	return chosen
}

// chosenBits are bits of ids that tell as much of their order as there is room for.
type chosenBits []chosenByte

type chosenByte struct{ word, shift, bits int }

func (c chosenBits) of(b idBits) (key uint64) {
	for _, x := range c {
		key = key<<x.bits | b[x.word]>>x.shift&(1<<x.bits-1)
	}
	return key
}

// sortAbove sorts keys by what stands above some bits, so many bits at a time, from the lowest: a sort that compares two takes four times as long, as
// it cannot be foreseen which is less.
func sortAbove(shift int, keys []uint64) []uint64 {
	const digit = 11
	var all uint64
	for _, k := range keys {
		all |= k
	}
	other := make([]uint64, len(keys))
	for ; all>>shift > 0; shift += digit {
		var next [1 << digit]int32 // where the next of each digit goes
		for _, k := range keys {
			next[k>>shift%(1<<digit)]++
		}
		from := int32(0)
		for d, n := range next {
			next[d], from = from, from+n
		}
		for _, k := range keys {
			at := &next[k>>shift%(1<<digit)]
			other[*at] = k
			*at++
		}
		keys, other = other, keys
	}
	return keys
}

// merged makes one of sorted runs, two by two.
func merged(runs [][]uint64) []uint64 {
	for len(runs) > 1 {
		half := (len(runs) + 1) / 2
		onAllCores(half, func(next func() (int, bool)) error {
			for i, ok := next(); ok; i, ok = next() {
				if half+i < len(runs) {
					runs[i] = merge2(runs[i], runs[half+i])
				}
			}
			return nil
		})
		runs = runs[:half]
	}
	return runs[0]
}

func merge2(a, b []uint64) []uint64 {
	out := make([]uint64, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] <= b[0] {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// sortBy sorts large structs by their index, because moving them about is what costs.
func sortBy[T any](s []T, compare func(a, b *T) int) {
	if isSorted(s, compare) {
		return
	}
	order := make([]int32, len(s))
	for i := range s {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return compare(&s[a], &s[b]) })
	arrange(s, order)
}

func isSorted[T any](s []T, compare func(a, b *T) int) bool {
	for i := 1; i < len(s); i++ {
		if compare(&s[i-1], &s[i]) > 0 {
			return false
		}
	}
	return true
}

// arrange puts at each index what stands where from says, without a second slice. It moves round after round of what takes each other's
// place, and spoils from.
func arrange[T any](s []T, from []int32) {
	for i := range s {
		if int(from[i]) == i {
			continue
		}
		first, at := s[i], i
		for {
			next := int(from[at])
			from[at] = int32(at)
			if next == i {
				s[at] = first
				break
			}
			s[at] = s[next]
			at = next
		}
	}
}
