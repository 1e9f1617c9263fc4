package analysis

import "deconflict/data"

// Timeline counts the shortfalls that are open in each year, from the year of the as-of day on. Shortfalls in different units cannot
// be added up; how many there are can. It is what the picture of gaps over time is drawn from.
type Timeline struct {
	Years []int          `json:"years"`
	Lines []TimelineLine `json:"lines"` // by area, then in the order of Shortfalls; none for what was not asked about
}

// TimelineLine is the shortfalls of one kind in one area.
type TimelineLine struct {
	Area      data.Area `json:"area"`
	Shortfall Shortfall `json:"shortfall"`
	// Open has, for each year, how many are open on at least one of its days between the as-of day and the horizon.
	Open []int `json:"open"`
}

// Most is the place of the first year in which most are open.
func (l TimelineLine) Most() int {
	most := 0
	for i, n := range l.Open {
		if n > l.Open[most] {
			most = i
		}
	}
	return most
}

// Shortfall says against whom something is short.
type Shortfall string

// The shortfalls: a nation against an organisation's target, a nation against its own plan, an organisation against its requirement.
const (
	ShortOfTarget  Shortfall = "asked of a nation"
	ShortOfOwnPlan Shortfall = "own plan"
	ShortInTotal   Shortfall = "needed in total"
)

// Shortfalls are all of them.
var Shortfalls = []Shortfall{ShortOfTarget, ShortOfOwnPlan, ShortInTotal}

// timelineYears is the longest timeline: planning looks about twenty years ahead.
const timelineYears = 25

// shortfall is what kind of shortfall a finding is; ok is false for other findings, and for what is there but slower than asked.
func shortfall(f *Finding) (s Shortfall, ok bool) {
	switch {
	case f.Kind == CollectiveGap.Name:
		return ShortInTotal, true
	case f.Kind != NationGap.Name || f.Verdict == slower:
		return "", false
	case len(f.Organisations) == 0:
		return ShortOfOwnPlan, true
	}
	return ShortOfTarget, true
}

// timeline counts among the findings of a report. It ends with the last year in which a shortfall opens or closes.
func timeline(asOf data.Date, areas []data.Area, found []Finding) Timeline {
	t := Timeline{Years: []int{}, Lines: []TimelineLine{}}
	first, last := asOf.Year(), 0
	for i := range found {
		if _, ok := shortfall(&found[i]); ok {
			last = max(last, found[i].From.Year(), first, found[i].Until.Year())
		}
	}
	for year := first; year <= min(last, first+timelineYears-1); year++ {
		t.Years = append(t.Years, year)
	}
	type line struct {
		area data.Area
		Shortfall
	}
	open := map[line][]int{}
	for i := range found {
		f := &found[i]
		s, ok := shortfall(f)
		if !ok {
			continue
		}
		counts := open[line{f.Area, s}]
		if counts == nil {
			counts = make([]int, len(t.Years))
			open[line{f.Area, s}] = counts
		}
		if f.Until != 0 && f.Until < asOf {
			continue
		}
		from, until := max(f.From.Year()-first, 0), len(counts)-1
		if f.Until != 0 {
			until = min(f.Until.Year()-first, until)
		}
		for year := from; year <= until; year++ {
			counts[year]++
		}
	}
	for _, area := range areas {
		for _, s := range Shortfalls {
			if counts, ok := open[line{area, s}]; ok {
				t.Lines = append(t.Lines, TimelineLine{area, s, counts})
			}
		}
	}
	return t
}

// Total is how many shortfalls are open in a year, by its place among the years: each stands in one line.
func (t Timeline) Total(year int) int {
	n := 0
	for _, l := range t.Lines {
		n += l.Open[year]
	}
	return n
}
