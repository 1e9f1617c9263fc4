package analysis

import (
	"math"
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
	room    slab[Step]
	changes []Step // by how much the quantity that is being summed changes, in the order of the days
}

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

// change notes a change on a day. However many records there are, they begin and end on few days.
func (l *ledger) change(day data.Date, by data.Amount) {
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
	if len(l.changes) == 0 {
		return nil
	}
	steps := l.room.open(len(l.changes) + 1)
	if l.changes[0].From != l.AsOf {
		steps = append(steps, Step{l.AsOf, 0})
	}
	var total data.Amount
	for _, c := range l.changes {
		total += c.Value
		if n := len(steps); n == 0 || steps[n-1].Value != total {
			steps = append(steps, Step{c.From, total})
		}
	}
	l.changes = l.changes[:0]
	return l.room.close(steps)
}

// both applies f to the values of two quantities on every day: Combine of two, in memory that many share.
func (l *ledger) both(f func(x, y data.Amount) data.Amount, a, b Steps) Steps {
	out := l.room.open(len(a) + len(b))
	w := walk{a: a, b: b}
	for w.next() {
		if v := f(w.x, w.y); len(out) == 0 || out[len(out)-1].Value != v {
			out = append(out, Step{w.day, v})
		}
	}
	return l.room.close(out)
}

// walk goes through two quantities, on each day on which one of them changes.
type walk struct {
	a, b Steps // what is yet to come
	day  data.Date
	x, y data.Amount // the values on the day
}

func (w *walk) next() bool {
	const never = math.MaxInt32
	a, b := data.Date(never), data.Date(never)
	if len(w.a) > 0 {
		a = w.a[0].From
	}
	if len(w.b) > 0 {
		b = w.b[0].From
	}
	if w.day = min(a, b); w.day == never {
		return false
	}
	if a == w.day {
		w.x, w.a = w.a[0].Value, w.a[1:]
	}
	if b == w.day {
		w.y, w.b = w.b[0].Value, w.b[1:]
	}
	return true
}

// walk3 goes through three quantities.
type walk3 struct {
	a, b, c Steps // what is yet to come
	day     data.Date
	x, y, z data.Amount // the values on the day
}

func (w *walk3) next() bool {
	const never = math.MaxInt32
	a, b, c := data.Date(never), data.Date(never), data.Date(never)
	if len(w.a) > 0 {
		a = w.a[0].From
	}
	if len(w.b) > 0 {
		b = w.b[0].From
	}
	if len(w.c) > 0 {
		c = w.c[0].From
	}
	if w.day = min(a, b, c); w.day == never {
		return false
	}
	if a == w.day {
		w.x, w.a = w.a[0].Value, w.a[1:]
	}
	if b == w.day {
		w.y, w.b = w.b[0].Value, w.b[1:]
	}
	if c == w.day {
		w.z, w.c = w.c[0].Value, w.c[1:]
	}
	return true
}

// spanning finds the span of the days on which something is so, told day by day where it may change.
type spanning struct {
	data.Period
	so bool
}

func (s *spanning) tell(day data.Date, so bool) {
	switch {
	case so:
		if s.From == 0 {
			s.From = day
		}
		s.Until = 0
	case s.so:
		s.Until = day - 1
	}
	s.so = so
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

// During keeps only the days on which active is above 0. What is left has holes: it is for Peak and Low.
func (s Steps) During(active Steps) Steps {
	var out Steps
	w := walk{a: s, b: active}
	for w.next() {
		if w.y > 0 {
			out = append(out, Step{w.day, w.x})
		}
	}
	return out
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
