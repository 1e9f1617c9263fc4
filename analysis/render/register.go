package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"deconflict/analysis"
	"deconflict/data"
)

// register is the records that findings rest on, each told once and numbered: many findings rest on the same ones.
type register struct {
	Groups []registerGroup // by their sources
	at     map[string]int  // the place of a record in list
	list   []*registerLine
}

// registerGroup is the records that name the same sources.
type registerGroup struct {
	Sources []registerSource // none where the records name none
	Lines   []*registerLine
}

// registerSource is a source with its number in the list of sources; 0 where it is not in it.
type registerSource struct {
	analysis.SourceLine
	No int
}

// Link is the address of the source where a browser may open it.
func (s registerSource) Link() string {
	if lower := strings.ToLower(s.URL); strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") {
		return s.URL
	}
	return ""
}

// registerLine is a record: where it stands and what it says.
type registerLine struct {
	analysis.Told
	No int
}

// Where is the file and line of the record.
func (l *registerLine) Where() string {
	p := l.Position
	p.Column = 0 // a record is a line
	return p.String()
}

// add keeps a record and returns its place; the number follows when all are there.
func (r *register) add(e analysis.Evidence) *registerLine {
	told := e.Tell()
	key := strings.Join([]string{told.Record, told.File, told.Sheet, strconv.Itoa(told.Line), told.Says, string(told.Marking), strings.Join(told.Sources, "\x00")}, "\x01")
	i, ok := r.at[key]
	if !ok {
		if r.at == nil {
			r.at = map[string]int{}
		}
		i = len(r.list)
		r.at[key] = i
		r.list = append(r.list, &registerLine{Told: told})
	}
	return r.list[i]
}

// number puts the records of each source together, by the sources' titles and then as they stand in their files, and numbers them.
func (r *register) number(sources []analysis.SourceLine) {
	by := map[string]registerSource{}
	for i, s := range sources {
		by[s.Code] = registerSource{s, i + 1}
	}
	groups := map[string]*registerGroup{}
	var keys []string
	for _, l := range r.list {
		key := strings.Join(l.Sources, "\x00")
		g := groups[key]
		if g == nil {
			g = &registerGroup{}
			for _, code := range l.Sources {
				s, ok := by[code]
				if !ok {
					s = registerSource{SourceLine: analysis.SourceLine{Code: code, Title: code}}
				}
				g.Sources = append(g.Sources, s)
			}
			groups[key] = g
			keys = append(keys, key)
		}
		g.Lines = append(g.Lines, l)
	}
	slices.Sort(keys)
	n := 0
	for _, key := range keys {
		g := groups[key]
		slices.SortStableFunc(g.Lines, func(a, b *registerLine) int {
			return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Sheet, b.Sheet), a.Line-b.Line,
				strings.Compare(a.Record, b.Record), strings.Compare(a.Says, b.Says))
		})
		for _, l := range g.Lines {
			n++
			l.No = n
		}
		r.Groups = append(r.Groups, *g)
	}
}

// Len is how many records there are.
func (r *register) Len() int { return len(r.list) }

// portion is the marking of a part, where it is not that of the whole.
func portion(part, whole data.Marking) data.Marking {
	if part == whole {
		return ""
	}
	return part
}

// run is numbers that follow each other.
type run struct{ From, To int }

func (r run) String() string {
	if r.From == r.To {
		return strconv.Itoa(r.From)
	}
	return strconv.Itoa(r.From) + "–" + strconv.Itoa(r.To)
}

// runs puts numbers in order, with those that follow each other together.
func runs(numbers []int) (out []run) {
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		if k := len(out); k > 0 && out[k-1].To == n-1 {
			out[k-1].To = n
		} else {
			out = append(out, run{n, n})
		}
	}
	return out
}
