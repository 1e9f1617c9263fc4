package data

import (
	"slices"
	"strings"
	"unicode"
)

// Fold is how names are compared: without case, and with runs of spaces, hyphens and underscores alike.
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c >= 0x80 || c == '_' || c == '-' || c <= ' ' || 'A' <= c && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return r == '_' || r == '-' || unicode.IsSpace(r)
	}), " "))
}

// Nearest returns the candidates that are fewest edits away from s, at most three, best first. More edits than a third of
// the word, or than three, are no near miss.
func Nearest(s string, candidates []string) []string {
	s = Fold(s)
	limit := min(3, (len([]rune(s))+2)/3)
	type near struct {
		text string
		edit int
	}
	var found []near
	for _, c := range candidates {
		f := Fold(c)
		d := edits(s, f, limit)
		if len(s) >= 3 && strings.HasPrefix(f, s) {
			d = min(d, 1)
		}
		if d <= limit {
			found = append(found, near{c, d})
		}
	}
	slices.SortStableFunc(found, func(a, b near) int {
		if a.edit != b.edit {
			return a.edit - b.edit
		}
		return strings.Compare(a.text, b.text)
	})
	var out []string
	for _, n := range found {
		if n.edit == found[0].edit && len(out) < 3 && !slices.Contains(out, n.text) {
			out = append(out, n.text)
		}
	}
	return out
}

// edits is the number of insertions, deletions, substitutions and swaps of neighbours that turn a into b (optimal string
// alignment); more than limit may be reported as limit+1.
func edits(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > limit || -d > limit {
		return limit + 1
	}
	var before, last []int
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before, last, row = last, row, make([]int, len(y)+1)
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(y)]
}

// DidYouMean words a hint out of near misses: "did you mean A or B?". None give no hint.
func DidYouMean(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return "did you mean " + names[0] + "?"
	}
	last := len(names) - 1
	return "did you mean " + strings.Join(names[:last], ", ") + " or " + names[last] + "?"
}
