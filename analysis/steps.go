package analysis

import (
	"math/bits"
	"slices"

	"deconflict/data"
)

// Window is the span of days that an analysis looks at: from the as-of day to the horizon, or open-ended where it is zero.
type Window struct{ AsOf, Horizon data.Date }

// Step is a value that holds from a day until the day before the next step.
type Step struct {
	From  data.Date
	Value data.Amount
}

// Steps is a quantity over the days of a window. The first step starts on the as-of day; the last holds to the horizon. No Steps
// at all is 0 on every day.
//
// Quantities change only on the days where a record starts or ends, so that a peak over all days is a peak over steps.
type Steps []Step

// sum adds up the amounts of records, each during its period.
func (w Window) sum(yield func(add func(data.Period, data.Amount))) Steps {
	l := ledger{Window: w}
	yield(l.add)
	return l.sum()
}

// ledger sums one quantity after the other. It keeps the steps of many together, for there are several of every nation and capability.
type ledger struct {
	Window
	room slab[Step]
	met  slab[onDay] // of quantities that are compared
	near *calendar   // of the first days, where many sums are made
	// By how much the quantity that is being summed changes on other days, in their order.
	changes []Step
	noted   int         // changes, at most
	peak    data.Amount // of what was summed last
}

// calendar has a place for each of some days, from the as-of day on: more than forty years, which is nearly all that planning data speaks of.
// To note a change there takes no search, and the days that have one are found by their marks.
type calendar struct {
	changes [nearDays]data.Amount
	marks   [nearDays / 64]uint64      // a bit for each day,
	marked  [nearDays / 64 / 64]uint64 // and for each word of these
}

const nearDays = 1 << 14

// add counts an amount during a period.
func (l *ledger) add(p data.Period, a data.Amount) {
	from := max(p.From, l.AsOf)
	if p.Until != 0 && p.Until < from || l.Horizon != 0 && from > l.Horizon {
		return
	}
	l.change(from, a)
	if p.Until != 0 && (l.Horizon == 0 || p.Until < l.Horizon) {
		l.change(p.Until+1, -a)
	}
}

// addSteps counts another quantity.
func (l *ledger) addSteps(s Steps) {
	var before data.Amount
	for _, x := range s {
		l.change(x.From, x.Value-before)
		before = x.Value
	}
}

// change notes a change on a day.
func (l *ledger) change(day data.Date, by data.Amount) {
	l.noted++
	if i := uint(day - l.AsOf); l.near != nil && i < nearDays {
		l.near.note(i, by)
		return
	}
	l.changeFar(day, by)
}

// note notes a change on a day that it has.
func (c *calendar) note(day uint, by data.Amount) {
	c.changes[day] += by
	c.marks[day/64] |= 1 << (day % 64)
	c.marked[day/64/64] |= 1 << (day / 64 % 64)
}

// changeFar notes a change on a day that no calendar has.
func (l *ledger) changeFar(day data.Date, by data.Amount) {
	i := len(l.changes) // of the first change after the day
	for from := 0; from < i; {
		if middle := (from + i) / 2; l.changes[middle].From > day {
			i = middle
		} else {
			from = middle + 1
		}
	}
	if i > 0 && l.changes[i-1].From == day {
		l.changes[i-1].Value += by
		return
	}
	l.changes = append(l.changes, Step{})
	copy(l.changes[i+1:], l.changes[i:])
	l.changes[i] = Step{day, by}
}

// sum is the quantity of which amounts were counted, and begins another.
func (l *ledger) sum() Steps {
	l.peak = 0
	if l.noted == 0 {
		return nil
	}
	steps := Steps(l.room.open(l.noted + 1))
	var total data.Amount
	if c := l.near; c == nil {
		if l.changes[0].From != l.AsOf {
			steps = append(steps, Step{l.AsOf, 0})
		}
	} else {
		if c.marks[0]&1 == 0 {
			steps = append(steps, Step{l.AsOf, 0})
		}
		for i, words := range c.marked {
			for ; words != 0; words &= words - 1 {
				word := 64*i + bits.TrailingZeros64(words)
				for days := c.marks[word]; days != 0; days &= days - 1 {
					day := 64*word + bits.TrailingZeros64(days)
					total += c.changes[day]
					l.peak = max(l.peak, total)
					steps = steps.then(l.AsOf+data.Date(day), total)
					c.changes[day] = 0
				}
				c.marks[word] = 0
			}
			c.marked[i] = 0
		}
	}
	for _, c := range l.changes {
		total += c.Value
		l.peak = max(l.peak, total)
		steps = steps.then(c.From, total)
	}
	l.changes, l.noted = l.changes[:0], 0
	return l.room.close(steps)
}

// then appends a value that holds from a day, if it is another than before.
func (s Steps) then(day data.Date, v data.Amount) Steps {
	if n := len(s); n > 0 && s[n-1].Value == v {
		return s
	}
	return append(s, Step{day, v})
}

// both applies f to the values of two quantities on every day: Combine of two, in memory that many share.
func (l *ledger) both(f func(x, y data.Amount) data.Amount, a, b Steps) Steps {
	out := Steps(l.room.open(len(a) + len(b)))
	for _, on := range l.days(a, b) {
		out = out.then(on.day, f(on.x, on.y))
	}
	return l.room.close(out)
}

// onDay are the values of some quantities from a day on, until the next on which one of them changes.
type onDay struct {
	day     data.Date
	x, y, z data.Amount
}

// days are the values of two quantities on each day on which one of them changes, to be used before any others are made.
func (l *ledger) days(a, b Steps) []onDay { return merge(l.met.open(len(a)+len(b)), a, b) }

// daysOfThree are the values of three quantities on each day on which one of them changes. They are kept.
func (l *ledger) daysOfThree(a, b, c Steps) []onDay {
	days := l.met.close(l.days(a, b))
	if len(days) > 0 && constant(c, days[0].day) {
		for i := range days {
			days[i].z = c[0].Value
		}
		return days
	}
	return l.met.close(with(l.met.open(len(days)+len(c)), days, c))
}

// constant reports whether a quantity has one value from a day on, as what is held mostly has.
func constant(s Steps, from data.Date) bool { return len(s) == 1 && s[0].From == from }

// merge appends the values of two quantities on each day on which one of them changes.
func merge(to []onDay, a, b Steps) []onDay {
	if len(a) > 0 && constant(b, a[0].From) {
		y := b[0].Value
		for _, s := range a {
			to = append(to, onDay{s.From, s.Value, y, 0})
		}
		return to
	}
	var on onDay
	for len(a) > 0 && len(b) > 0 {
		s, t := &a[0], &b[0]
		on.day = min(s.From, t.From)
		if s.From == on.day {
			on.x = s.Value
			a = a[1:]
		}
		if t.From == on.day {
			on.y = t.Value
			b = b[1:]
		}
		to = append(to, on)
	}
	for _, s := range a {
		to = append(to, onDay{s.From, s.Value, on.y, 0})
	}
	for _, t := range b {
		to = append(to, onDay{t.From, on.x, t.Value, 0})
	}
	return to
}

// with appends the values of a third quantity and of two on each day on which one of them changes.
func with(to, of []onDay, c Steps) []onDay {
	var on onDay
	for len(of) > 0 && len(c) > 0 {
		s, t := &of[0], &c[0]
		day, z := min(s.day, t.From), on.z
		if s.day == day {
			on = *s
			of = of[1:]
		}
		if t.From == day {
			z = t.Value
			c = c[1:]
		}
		on.day, on.z = day, z
		to = append(to, on)
	}
	for _, s := range of {
		to = append(to, onDay{s.day, s.x, s.y, on.z})
	}
	for _, t := range c {
		to = append(to, onDay{t.From, on.x, on.y, t.Value})
	}
	return to
}

// spanning finds the span of the days on which something is so, told of one day after the other on which it may change.
type spanning struct {
	data.Period
	last data.Date // so far, on which it was so; 0 if it was not
}

// and is the span with one more day. It has no branch: what comes next cannot be foreseen. Of days, unlike of places in a list, the compiler makes
// moves on a condition, if each stands by itself.
func (s spanning) and(day data.Date, so bool) spanning {
	first := s.From
	if first == 0 {
		first = day
	}
	if so {
		s.From = first
	}
	if s.last != 0 {
		s.Until = day - 1
	}
	if so {
		s.Until = 0
	}
	s.last = 0
	if so {
		s.last = day
	}
	return s
}

func plus(x, y data.Amount) data.Amount    { return x + y }
func less(x, y data.Amount) data.Amount    { return x - y }
func smaller(x, y data.Amount) data.Amount { return min(x, y) }
func larger(x, y data.Amount) data.Amount  { return max(x, y) }

// slab keeps many short lists together, as one by one they would take more room and time.
type slab[T any] struct {
	block    []T
	together int // how many are kept together
}

// open is an empty list with room for n. No other may be opened before it is closed.
func (s *slab[T]) open(n int) []T {
	const least, most = 64, 16 << 10
	if cap(s.block)-len(s.block) < n {
		if n > most/4 {
			return make([]T, 0, n)
		}
		s.together = min(max(2*s.together, least, 4*n), most)
		s.block = make([]T, 0, s.together)
	}
	return s.block[len(s.block):len(s.block):cap(s.block)]
}

// close is a list that was opened, with what was appended to it.
func (s *slab[T]) close(list []T) []T {
	n := len(list)
	if n > 0 && n <= cap(s.block)-len(s.block) && &list[0] == &s.block[:len(s.block)+1][len(s.block)] {
		s.block = s.block[:len(s.block)+n]
	}
	return list[:n:n]
}

// of is a list of some values.
func (s *slab[T]) of(values ...T) []T { return s.close(append(s.open(len(values)), values...)) }

// one is a place for a value that stands with many others, with nothing in it yet.
func (s *slab[T]) one() *T {
	list := s.open(1)[:1]
	list[0] = *new(T)
	return &s.close(list)[0]
}

// reset gives all lists up: their memory is used again.
func (s *slab[T]) reset() { s.block = s.block[:0] }

// At is the value on day t.
func (s Steps) At(t data.Date) data.Amount {
	var v data.Amount
	for _, x := range s {
		if x.From > t {
			break
		}
		v = x.Value
	}
	return v
}

// Peak is the highest value and its first day.
func (s Steps) Peak() (peak data.Amount, first data.Date) {
	for i, x := range s {
		if i == 0 || x.Value > peak {
			peak, first = x.Value, x.From
		}
	}
	return peak, first
}

// Low is the lowest value and its first day.
func (s Steps) Low() (low data.Amount, first data.Date) {
	for i, x := range s {
		if i == 0 || x.Value < low {
			low, first = x.Value, x.From
		}
	}
	return low, first
}

// Span is the first and the last day on which the value is above 0; a zero last day means that it stays so. Both are zero where it
// never is.
func (s Steps) Span() data.Period {
	var p data.Period
	for i, x := range s {
		if x.Value <= 0 {
			continue
		}
		if p.From == 0 {
			p.From = x.From
		}
		p.Until = 0
		if i+1 < len(s) {
			p.Until = s[i+1].From - 1
		}
	}
	return p
}

// Combine applies f to the values of several quantities on every day.
func Combine(f func(values []data.Amount) data.Amount, of ...Steps) Steps {
	var few [4]int // nearly always enough: this is called for every nation and capability
	next := few[:]
	if len(of) > len(few) {
		next = make([]int, len(of))
	}
	most := 0
	for _, s := range of {
		most += len(s)
	}
	out, values := make(Steps, 0, most), make([]data.Amount, len(of))
	for {
		day, more := data.Date(0), false
		for i, s := range of {
			if next[i] < len(s) && (!more || s[next[i]].From < day) {
				day, more = s[next[i]].From, true
			}
		}
		if !more {
			return out
		}
		for i, s := range of {
			for next[i] < len(s) && s[next[i]].From <= day {
				values[i] = s[next[i]].Value
				next[i]++
			}
		}
		if v := f(values); len(out) == 0 || out[len(out)-1].Value != v {
			out = append(out, Step{day, v})
		}
	}
}

func sumOf(values []data.Amount) data.Amount {
	var total data.Amount
	for _, v := range values {
		total += v
	}
	return total
}

func lowest(values []data.Amount) data.Amount { return slices.Min(values) }

// excess is the first value less all the others.
func excess(values []data.Amount) data.Amount { return values[0] - sumOf(values[1:]) }
