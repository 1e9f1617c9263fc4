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

// What is found in one walk through two quantities is what is found day by day.
func TestWalksMeetEachDayOnce(t *testing.T) {
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
		for _, s := range slices.Concat(a, b) {
			days = append(days, s.From)
		}
		slices.Sort(days)
		days = slices.Compact(days)
		for w := (walk{a: a, b: b}); w.next(); met = append(met, w.day) {
			if w.x != a.At(w.day) || w.y != b.At(w.day) {
				t.Fatalf("%s and %s on %s of %v and %v", w.x, w.y, w.day, a, b)
			}
		}
		for w := (walk3{walk: walk{a: a, b: b}, c: c}); w.next(); met3 = append(met3, w.day) {
			if w.x != a.At(w.day) || w.y != b.At(w.day) || w.z != c.At(w.day) {
				t.Fatalf("%s, %s and %s on %s of %v, %v and %v", w.x, w.y, w.z, w.day, a, b, c)
			}
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
