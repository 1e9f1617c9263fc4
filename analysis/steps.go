package analysis

import (
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
	together int    // steps; none keeps each quantity apart
	changes  []Step // of the quantity that is being summed
	room     []Step // for finished ones
}

// add counts an amount during a period.
func (l *ledger) add(p data.Period, a data.Amount) {
	from := max(p.From, l.AsOf)
	if p.Until != 0 && p.Until < from || l.Horizon != 0 && from > l.Horizon {
		return
	}
	l.changes = append(l.changes, Step{from, a})
	if p.Until != 0 && (l.Horizon == 0 || p.Until < l.Horizon) {
		l.changes = append(l.changes, Step{p.Until + 1, -a})
	}
}

// sum is the quantity of which amounts were counted, and begins another.
func (l *ledger) sum() Steps {
	if len(l.changes) == 0 {
		return nil
	}
	changes := append(l.changes, Step{l.AsOf, 0})
	l.changes = changes[:0]
	slices.SortFunc(changes, func(a, b Step) int { return int(a.From) - int(b.From) })
	steps := changes[:0]
	var total data.Amount
	for i, c := range changes {
		total += c.Value
		if i+1 < len(changes) && changes[i+1].From == c.From {
			continue
		}
		if n := len(steps); n == 0 || steps[n-1].Value != total {
			steps = append(steps, Step{c.From, total})
		}
	}
	return l.keep(steps)
}

// keep copies steps to where they stay.
func (l *ledger) keep(steps []Step) Steps {
	n := len(steps)
	if len(l.room) < n {
		if n > l.together/8 {
			return slices.Clone(steps)
		}
		l.room = make([]Step, l.together)
	}
	kept := l.room[:n:n]
	l.room = l.room[n:]
	copy(kept, steps)
	return kept
}

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
	var days []data.Date
	for _, x := range slices.Concat(s, active) {
		days = append(days, x.From)
	}
	slices.Sort(days)
	var out Steps
	for _, day := range slices.Compact(days) {
		if active.At(day) > 0 {
			out = append(out, Step{day, s.At(day)})
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

func lowest(values []data.Amount) data.Amount  { return slices.Min(values) }
func highest(values []data.Amount) data.Amount { return slices.Max(values) }

// excess is the first value less all the others.
func excess(values []data.Amount) data.Amount { return values[0] - sumOf(values[1:]) }
