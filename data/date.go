package data

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a calendar day, counted from 0001-01-01, which is 1. The zero Date is no date: the open end of a period.
type Date int32

// Years outside this range are taken for slips of the pen.
const firstYear, lastYear = 1900, 2199

const secondsPerDay = 24 * 60 * 60

// dayZero is midnight of 0001-01-01 as Unix counts it.
var dayZero = time.Time{}.Unix()

// Day makes the date of a year, month and day; a day beyond its month runs on into the next.
func Day(year, month, day int) Date {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return Date((t.Unix()-dayZero)/secondsPerDay) + 1
}

// Time is midnight UTC of the day. The zero Date gives the zero Time.
func (d Date) Time() time.Time {
	if d == 0 {
		return time.Time{}
	}
	return time.Unix(dayZero+int64(d-1)*secondsPerDay, 0).UTC()
}

// Year is the calendar year of d.
func (d Date) Year() int { return d.Time().Year() }

// String prints YYYY-MM-DD, or nothing for the zero Date.
func (d Date) String() string {
	var b [16]byte
	return string(d.Append(b[:0]))
}

// Append appends what String prints.
func (d Date) Append(b []byte) []byte {
	if d == 0 {
		return b
	}
	year, month, day := d.Time().Date()
	if year >= 10_000 {
		return d.Time().AppendFormat(b, time.DateOnly)
	}
	b = append(b, byte('0'+year/1000), byte('0'+year/100%10), byte('0'+year/10%10), byte('0'+year%10), '-')
	b = append(b, byte('0'+int(month)/10), byte('0'+int(month)%10), '-')
	return append(b, byte('0'+day/10), byte('0'+day%10))
}

// MarshalText prints as String does.
func (d Date) MarshalText() ([]byte, error) { return d.Append(nil), nil }

// UnmarshalText reads what MarshalText printed.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	first, last, err := ParseDate(string(b))
	if err == nil && first != last {
		err = fmt.Errorf("%q is not one day", b)
	}
	*d = first
	return err
}

// ParseDate reads YYYY, YYYY-MM or YYYY-MM-DD and returns the first and the last day that it names. The error says what was
// expected, and for other ways of writing a date what was probably meant.
func ParseDate(s string) (first, last Date, err error) {
	fail := func(hint string) (Date, Date, error) {
		return 0, 0, &ValueError{Got: s, Want: "a date as YYYY, YYYY-MM or YYYY-MM-DD", Hint: hint}
	}
	var part [3]int
	fields := strings.Split(s, "-")
	if len(fields) > len(part) {
		return fail(dateHint(s))
	}
	for i, f := range fields {
		width := 2
		if i == 0 {
			width = 4
		}
		n, err := strconv.ParseUint(f, 10, 16)
		if err != nil || len(f) != width {
			return fail(dateHint(s))
		}
		part[i] = int(n)
	}
	year, month, day := part[0], part[1], part[2]
	if year < firstYear || year > lastYear {
		return fail(fmt.Sprintf("years run from %d to %d", firstYear, lastYear))
	}
	switch len(fields) {
	case 1:
		return Day(year, 1, 1), Day(year, 12, 31), nil
	case 2:
		if month < 1 || month > 12 {
			return fail("months run from 01 to 12")
		}
		return Day(year, month, 1), Day(year, month+1, 0), nil
	}
	d := Day(year, month, day)
	if y, m, dd := d.Time().Date(); y != year || int(m) != month || dd != day {
		return fail("there is no such day")
	}
	return d, d, nil
}

// DateOrder says whether the day or the month comes first in a date of numbers with the year at its end, such as 03/04/2030. The zero
// DateOrder does not say.
type DateOrder string

// The orders.
const (
	DayFirst   DateOrder = "dmy"
	MonthFirst DateOrder = "mdy"
)

// DateOrders are both.
var DateOrders = []DateOrder{DayFirst, MonthFirst}

// marks are what may stand between the numbers of such a date.
var marks = []string{"/", ".", "-"}

// Day reads a date of numbers with the year at its end, which has four digits. ok is false where it is none in this order.
func (o DateOrder) Day(s string) (d Date, ok bool) {
	t, ok := o.parse(s, "2006")
	if !ok {
		return 0, false
	}
	return certain(t)
}

// parse is Day for a year that is written as in a layout of the time package, whichever year it is.
func (o DateOrder) parse(s, year string) (t time.Time, ok bool) {
	first, second := "2", "1"
	switch o {
	case DayFirst:
	case MonthFirst:
		first, second = second, first
	default:
		return t, false
	}
	for _, mark := range marks {
		if t, err := time.Parse(first+mark+second+mark+year, s); err == nil {
			return t, true
		}
	}
	return t, false
}

// Parse reads what ParseDate reads, and a date of numbers in the order.
func (o DateOrder) Parse(s string) (first, last Date, err error) {
	if d, ok := o.Day(s); ok {
		return d, d, nil
	}
	if first, last, err = ParseDate(s); err == nil || o == "" {
		return first, last, err
	}
	e := &ValueError{Got: s, Want: "a date as YYYY, YYYY-MM, YYYY-MM-DD or ", Hint: err.(*ValueError).Hint}
	other, wants := MonthFirst, "with the month first"
	if o == DayFirst {
		e.Want += "DD/MM/YYYY"
	} else {
		other, wants = DayFirst, "with the day first"
		e.Want += "MM/DD/YYYY"
	}
	if d, ok := other.Day(s); ok {
		e.Hint = fmt.Sprintf("%s it would be %s", wants, d)
	} else if _, ok := o.parse(s, "2006"); ok {
		e.Hint = fmt.Sprintf("years run from %d to %d", firstYear, lastYear)
	} else if _, ok := o.parse(s, "06"); ok {
		e.Hint = "write the year with four digits"
	}
	return 0, 0, e
}

// EitherDay is what a date of numbers means in both orders; ok is false where it is none, or one day.
func EitherDay(s string) (dayFirst, monthFirst Date, ok bool) {
	d, okDay := DayFirst.Day(s)
	m, okMonth := MonthFirst.Day(s)
	return d, m, okDay && okMonth && d != m
}

// dateHint names the likely meaning of a date that is written another way. One that could be two days gets no guess.
func dateHint(s string) string {
	if d, ok := CertainDate(s); ok {
		return "did you mean " + d.String() + "?"
	}
	d, m, either := EitherDay(s)
	switch {
	case either && strings.Contains(s, "."): // nobody writes points and the month first
		return "did you mean " + d.String() + "?"
	case either:
		return fmt.Sprintf("it could be %s or %s: write it out", d, m)
	}
	return ""
}

// CertainDate reads a day that is written in another way than ParseDate wants, where it can be no other day: with the year first, with
// the month in words, or with a day beyond the twelfth or equal to the month. The year has four digits.
func CertainDate(s string) (Date, bool) {
	for _, layout := range []string{
		"2006-1-2", "2006/1/2", "2006.1.2", "20060102", "2006-01-02T15:04:05", "2006-01-02 15:04:05",
		"2 January 2006", "2 Jan 2006", "2-Jan-2006", "January 2, 2006", "Jan 2, 2006",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return certain(t)
		}
	}
	d, okDay := DayFirst.Day(s)
	m, okMonth := MonthFirst.Day(s)
	switch {
	case okDay && (!okMonth || d == m):
		return d, true
	case okMonth && !okDay:
		return m, true
	}
	return 0, false
}

// certain is the day of a time, unless it is one within the day or in a year that ParseDate refuses.
func certain(t time.Time) (Date, bool) {
	ok := t.Equal(t.Truncate(24*time.Hour)) && firstYear <= t.Year() && t.Year() <= lastYear
	return Day(t.Year(), int(t.Month()), t.Day()), ok
}

// Period is a span of days. Both ends count as inside; a zero end is open. The zero Period is always.
type Period struct {
	From  Date `json:"from,omitzero"`
	Until Date `json:"until,omitzero"`
}

// Contains reports whether day t lies in p.
func (p Period) Contains(t Date) bool {
	return (p.From == 0 || p.From <= t) && (p.Until == 0 || t <= p.Until)
}

// Meets reports whether p and q share a day.
func (p Period) Meets(q Period) bool {
	return (p.Until == 0 || q.From <= p.Until) && (q.Until == 0 || p.From <= q.Until)
}

// String prints "2026-01-01 to 2028-12-31", "from …", "until …" or "always".
func (p Period) String() string {
	var b [32]byte
	return string(p.Append(b[:0]))
}

// Append appends what String prints.
func (p Period) Append(b []byte) []byte {
	switch {
	case p.From == 0 && p.Until == 0:
		return append(b, "always"...)
	case p.Until == 0:
		return p.From.Append(append(b, "from "...))
	case p.From == 0:
		return p.Until.Append(append(b, "until "...))
	}
	return p.Until.Append(append(p.From.Append(b), " to "...))
}
