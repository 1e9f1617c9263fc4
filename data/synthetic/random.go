package synthetic

import "math/bits"

// random is the splitmix64 generator (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014). It gives the
// same numbers on every machine and in every version of Go.
type random uint64

// stream names a sequence of random numbers. Each nation and capability, and each row's wording, has its own, so that tables can
// be written one after the other and still speak of the same forces.
type stream uint64

const (
	capabilityStream stream = iota + 1
	linkStream
	requirementStream
	pledgeStream
	holdingStream
	wordingStream
)

func newRandom(seed uint64, s stream, a, b int) random {
	r := random(seed)
	r = random(r.next() ^ uint64(s))
	r = random(r.next() ^ uint64(a))
	r = random(r.next() ^ uint64(b))
	return r
}

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number from 0 to n−1.
func (r *random) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

// between is a number from lo to hi, both inside.
func (r *random) between(lo, hi int) int { return lo + r.below(hi-lo+1) }

// in reports true in p of a hundred cases.
func (r *random) in(p int) bool { return r.below(100) < p }

// deal hands out a fixed number of rows in proportion to weights that come one by one: after each, the rows handed out are
// rows × weight so far / total weight, rounded down. All are handed out when the weights have added up to the total.
type deal struct {
	rows, total uint64
	seen, dealt uint64
}

// next is the number of rows for the next weight. Of a total that is not known yet it hands out none.
func (d *deal) next(weight int) int {
	d.seen += uint64(weight)
	if d.total == 0 {
		return 0
	}
	hi, lo := bits.Mul64(d.rows, d.seen)
	due, _ := bits.Div64(hi, lo, d.total)
	n := due - d.dealt
	d.dealt = due
	return int(n)
}

// part is the i-th of k nearly equal parts of an amount; all parts add up to it.
func part(amount, i, k int) int { return amount*(i+1)/k - amount*i/k }
