package analysis

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"deconflict/data"
)

// A sum is what it is day by day, with a calendar and without, on days within it and beyond.
func TestSumsAreThoseOfEachDay(t *testing.T) {
	calendar := new(calendar) // that is used again must be empty
	rapid.Check(t, func(t *rapid.T) {
		asOf := data.Day(2026, 6, 30)
		day := rapid.OneOf(rapid.IntRange(-30, 40), rapid.IntRange(nearDays-5, nearDays+5), rapid.IntRange(0, 3*nearDays))
		w := Window{AsOf: asOf}
		if rapid.Bool().Draw(t, "horizon") {
			w.Horizon = asOf + data.Date(max(0, day.Draw(t, "horizon")))
		}
		var periods []data.Period
		var amounts []data.Amount
		for range rapid.IntRange(0, 12).Draw(t, "records") {
			from := day.Draw(t, "from")
			p := data.Period{From: asOf + data.Date(from), Until: asOf + data.Date(from+rapid.IntRange(0, 60).Draw(t, "days"))}
			if rapid.IntRange(0, 4).Draw(t, "start") == 0 {
				p.From = 0
			}
			if rapid.IntRange(0, 4).Draw(t, "end") == 0 {
				p.Until = 0
			}
			periods, amounts = append(periods, p), append(amounts, data.Count(rapid.IntRange(0, 9).Draw(t, "amount")))
		}
		list, near := ledger{Window: w}, ledger{Window: w, near: calendar}
		for i, p := range periods {
			list.add(p, amounts[i])
			near.add(p, amounts[i])
		}
		a, b := list.sum(), near.sum()
		if !slices.Equal(a, b) || list.peak != near.peak {
			t.Fatalf("%v (peak %s) without a calendar, %v (%s) with one", a, list.peak, b, near.peak)
		}
		if peak, _ := a.Peak(); peak != list.peak {
			t.Fatalf("the peak of %v is not %s", a, list.peak)
		}
		days := []data.Date{asOf, asOf + 1}
		for _, p := range periods {
			days = append(days, p.From-1, p.From, p.Until, p.Until+1)
		}
		for _, d := range days {
			if d < asOf || w.Horizon != 0 && d > w.Horizon {
				continue
			}
			var want data.Amount
			for i, p := range periods {
				if p.Contains(d) {
					want += amounts[i]
				}
			}
			if got := a.At(d); got != want {
				t.Fatalf("%s on %s, want %s: %v", got, d, want, a)
			}
		}
	})
}

// What is found on the days on which one of some quantities changes is what is found day by day.
func TestDaysOfSeveralQuantities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		quantity := func(name string) (s Steps) {
			day := data.Day(2026, 6, 30)
			for i := range rapid.IntRange(0, 6).Draw(t, name) {
				if i > 0 {
					day += data.Date(rapid.IntRange(1, 4).Draw(t, "days"))
				}
				s = append(s, Step{day, data.Count(rapid.IntRange(0, 9).Draw(t, "value"))})
			}
			return s
		}
		a, b, c := quantity("a"), quantity("b"), quantity("c")
		var days, met, met3 []data.Date
		l := ledger{}
		for _, s := range slices.Concat(a, b) {
			days = append(days, s.From)
		}
		slices.Sort(days)
		days = slices.Compact(days)
		for _, on := range l.days(a, b) {
			if on.x != a.At(on.day) || on.y != b.At(on.day) || on.z != 0 {
				t.Fatalf("%v of %v and %v", on, a, b)
			}
			met = append(met, on.day)
		}
		three := l.daysOfThree(a, b, c)
		var span spanning
		for _, on := range three {
			if on.x != a.At(on.day) || on.y != b.At(on.day) || on.z != c.At(on.day) {
				t.Fatalf("%v of %v, %v and %v", on, a, b, c)
			}
			span = span.and(on.day, on.x > 0)
			met3 = append(met3, on.day)
		}
		if got, want := span.Period, a.Span(); got != want {
			t.Fatalf("span %v, want %v of %v", got, want, a)
		}
		if !slices.Equal(met, days) {
			t.Fatalf("met %v, want %v", met, days)
		}
		for _, s := range c {
			days = append(days, s.From)
		}
		slices.Sort(days)
		if !slices.Equal(met3, slices.Compact(days)) {
			t.Fatalf("met %v of three, want %v", met3, slices.Compact(days))
		}
	})
}
