package data_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"deconflict/data"
)

func TestParseDate(t *testing.T) {
	for _, c := range []struct{ text, first, last string }{
		{"2026", "2026-01-01", "2026-12-31"},
		{"2026-02", "2026-02-01", "2026-02-28"},
		{"2024-02", "2024-02-01", "2024-02-29"}, // a leap year
		{"1900-02", "1900-02-01", "1900-02-28"}, // none: 1900 is not divisible by 400
		{"2000-02", "2000-02-01", "2000-02-29"},
		{"2026-12", "2026-12-01", "2026-12-31"},
		{"2026-06-30", "2026-06-30", "2026-06-30"},
		{"2199-12-31", "2199-12-31", "2199-12-31"},
	} {
		first, last, err := data.ParseDate(c.text)
		if err != nil || first.String() != c.first || last.String() != c.last {
			t.Errorf("%s: %s to %s, %v; want %s to %s", c.text, first, last, err, c.first, c.last)
		}
	}
	for _, c := range []struct{ text, hint string }{
		{"", ""},
		{"26", ""},
		{"1899", "years run from 1900 to 2199"},
		{"2200-01-01", "years run from 1900 to 2199"},
		{"2026-00", "months run from 01 to 12"},
		{"2026-13", "months run from 01 to 12"},
		{"2026-02-29", "there is no such day"},
		{"2026-04-31", "there is no such day"},
		{"2026-01-00", "there is no such day"},
		{"2026-1-1", "did you mean 2026-01-01?"},
		{"+2026", ""},
		{"2026-01-01-01", ""},
		{" 2026", ""},
		{"31.12.2026", "did you mean 2026-12-31?"},
		{"1.2.2026", "did you mean 2026-02-01?"},
		{"2026/12/31", "did you mean 2026-12-31?"},
		{"20261231", "did you mean 2026-12-31?"},
		{"31 December 2026", "did you mean 2026-12-31?"},
		{"12/31/2026", "did you mean 2026-12-31?"},
		{"31/12/2026", "did you mean 2026-12-31?"},
		{"5/5/2026", "did you mean 2026-05-05?"},
		{"03/04/2030", "it could be 2030-04-03 or 2030-03-04: write it out"},
		{"2026-12-31T00:00:00Z", ""},
	} {
		first, last, err := data.ParseDate(c.text)
		e, ok := err.(*data.ValueError)
		if !ok || first != 0 || last != 0 {
			t.Errorf("%q: %s to %s, %v; want a ValueError", c.text, first, last, err)
		} else if e.Hint != c.hint || e.Got != c.text {
			t.Errorf("%q: hint %q, want %q", c.text, e.Hint, c.hint)
		}
	}
}

func TestDateOrder(t *testing.T) {
	for _, c := range []struct {
		order       data.DateOrder
		text, first string // none: it is refused
		hint        string
	}{
		{data.DayFirst, "03/04/2030", "2030-04-03", ""},
		{data.MonthFirst, "03/04/2030", "2030-03-04", ""},
		{data.DayFirst, "3.4.2030", "2030-04-03", ""},
		{data.MonthFirst, "3-4-2030", "2030-03-04", ""},
		{data.DayFirst, "31/12/2030", "2030-12-31", ""},
		{data.MonthFirst, "12/31/2030", "2030-12-31", ""},
		{data.DayFirst, "12/31/2030", "", "with the month first it would be 2030-12-31"}, // it belies the order
		{data.MonthFirst, "31.12.2030", "", "with the day first it would be 2030-12-31"},
		{data.DayFirst, "2030-12-31", "2030-12-31", ""}, // the year first is what it is, and so is a year alone
		{data.MonthFirst, "2030", "2030-01-01", ""},
		{data.DayFirst, "29/02/2030", "", ""}, // no such day
		{data.DayFirst, "03/04/30", "", "write the year with four digits"},
		{data.DayFirst, "03/04/1830", "", "years run from 1900 to 2199"},
		{data.DayFirst, "2030/12/31", "", "did you mean 2030-12-31?"},
		{"", "03/04/2030", "", "it could be 2030-04-03 or 2030-03-04: write it out"},
		{"", "3-4-2030", "", "it could be 2030-04-03 or 2030-03-04: write it out"},
		{"", "2030-12-31", "2030-12-31", ""},
	} {
		first, _, err := c.order.Parse(c.text)
		e, _ := err.(*data.ValueError)
		switch {
		case first.String() != c.first || (err == nil) != (c.first != ""):
			t.Errorf("%s %s: %s, %v; want %s", c.order, c.text, first, err, c.first)
		case err != nil && (e == nil || e.Hint != c.hint || e.Got != c.text):
			t.Errorf("%s %s: %v; want the hint %q", c.order, c.text, err, c.hint)
		}
	}
}

func TestDate(t *testing.T) {
	if d := data.Day(1, 1, 1); d != 1 {
		t.Errorf("the first day is %d, want 1", d)
	}
	if d, next := data.Day(2024, 2, 28), data.Day(2024, 3, 1); next-d != 2 {
		t.Errorf("from 28 February to 1 March 2024 are %d days, want 2", next-d)
	}
	if y := data.Day(2026, 12, 31).Year(); y != 2026 {
		t.Errorf("year %d, want 2026", y)
	}
	var zero data.Date
	if zero.String() != "" || !zero.Time().IsZero() {
		t.Errorf("the zero Date is %q, %s", zero, zero.Time())
	}
	for _, p := range []data.Period{{}, {From: data.Day(2026, 1, 1)}, {From: data.Day(2026, 1, 1), Until: data.Day(2027, 1, 1)}} {
		text, err := json.Marshal(p)
		var back data.Period
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back != p {
			t.Errorf("%s went as %s and came back as %s, %v", p, text, back, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"from": "2026"}`), new(data.Period)); err == nil || !strings.Contains(err.Error(), "is not one day") {
		t.Errorf("a year was taken for a day: %v", err)
	}
}

// Every day prints as the standard library prints it.
func TestDateString(t *testing.T) {
	for d := data.Day(1899, 1, 1); d <= data.Day(2200, 12, 31); d++ {
		if got, want := d.String(), d.Time().Format(time.DateOnly); got != want {
			t.Fatalf("%d: %s, want %s", d, got, want)
		}
	}
	for _, d := range []data.Date{1, data.Day(9999, 12, 31), data.Day(10_000, 1, 1)} {
		if got, want := d.String(), d.Time().Format(time.DateOnly); got != want {
			t.Errorf("%d: %s, want %s", d, got, want)
		}
	}
}

func TestPeriod(t *testing.T) {
	p := func(from, until int) data.Period { return data.Period{From: data.Date(from), Until: data.Date(until)} }
	for _, c := range []struct {
		a, b data.Period
		meet bool
	}{
		{p(10, 20), p(20, 30), true}, // both ends are inside
		{p(10, 20), p(21, 30), false},
		{p(10, 0), p(5, 9), false},
		{p(10, 0), p(5, 10), true},
		{p(0, 9), p(10, 0), false},
		{p(0, 0), p(10, 10), true},
		{p(0, 0), p(0, 0), true},
	} {
		if c.a.Meets(c.b) != c.meet || c.b.Meets(c.a) != c.meet {
			t.Errorf("%v and %v meet: %v, %v; want %v", c.a, c.b, c.a.Meets(c.b), c.b.Meets(c.a), c.meet)
		}
		shared := false
		for day := data.Date(1); day < 40; day++ {
			shared = shared || c.a.Contains(day) && c.b.Contains(day)
		}
		if shared != c.meet {
			t.Errorf("%v and %v share a day: %v, want %v", c.a, c.b, shared, c.meet)
		}
	}
}

// FuzzParseDate holds ParseDate against the time package.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026", "2026-02", "2024-02-29", "2026-02-29", "31.12.2026", "03/04/2030", "0x7e", "２０２６", "2026-1-1", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first, last, err := data.ParseDate(s)
		var want1, want2 time.Time
		for layout, next := range map[string]func(time.Time) time.Time{
			"2006":       func(t time.Time) time.Time { return t.AddDate(1, 0, -1) },
			"2006-01":    func(t time.Time) time.Time { return t.AddDate(0, 1, -1) },
			"2006-01-02": func(t time.Time) time.Time { return t },
		} {
			if day, err := time.Parse(layout, s); err == nil && day.Year() >= 1900 && day.Year() <= 2199 {
				want1, want2 = day, next(day)
			}
		}
		switch {
		case (err == nil) == want1.IsZero():
			t.Errorf("%q: %v, but the time package reads %s", s, err, want1)
		case !first.Time().Equal(want1) || !last.Time().Equal(want2):
			t.Errorf("%q: %s to %s, want %s to %s", s, first, last, want1, want2)
		}
	})
}

func ExampleParseDate() {
	first, last, _ := data.ParseDate("2026-02")
	fmt.Println(first, last)
	_, _, err := data.ParseDate("03/04/2030")
	fmt.Println(err)
	// Output:
	// 2026-02-01 2026-02-28
	// "03/04/2030", wanted a date as YYYY, YYYY-MM or YYYY-MM-DD (it could be 2030-04-03 or 2030-03-04: write it out)
}

// By hand: a day beyond the twelfth or equal to the month is one day only, whichever comes first; the year first is one too.
func TestCertainDate(t *testing.T) {
	for text, want := range map[string]string{
		"31.12.2030": "2030-12-31", "1.1.2027": "2027-01-01", "12/31/2030": "2030-12-31", "31/12/2030": "2030-12-31", "05/05/2030": "2030-05-05",
		"2030/01/31": "2030-01-31", "2030.1.2": "2030-01-02", "20300131": "2030-01-31", "2030-1-2": "2030-01-02", "2030-01-02T00:00:00": "2030-01-02",
		"2 January 2030": "2030-01-02", "3-Apr-2030": "2030-04-03", "April 3, 2030": "2030-04-03", "31-12-2030": "2030-12-31",
		"03/04/2030": "", "03.04.2030": "", "1.2.30": "", "2030-01-02T07:00:00": "", "31.12.1830": "", "31.02.2030": "", "13.13.2030": "", "2030": "", "": "", "soon": "",
	} {
		got, ok := data.CertainDate(text)
		if !ok {
			got = 0
		}
		if got.String() != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
