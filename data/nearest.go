package data

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold is how names are compared: without case, and with runs of spaces, hyphens and underscores alike.
func Fold(s string) string {
	plain := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool {
				return r == '_' || r == '-' || unicode.IsSpace(r)
			}), " "))
		case c == '_' || c == '-' || c <= ' ' || 'A' <= c && c <= 'Z':
			plain = false
		}
	}
	if plain {
		return s
	}
	var short [64]byte // each run of the program folds some thousands of names before it does anything else
	out := short[:0]
	apart := false
	for i := range len(s) {
		c := s[i]
		if c == '_' || c == '-' || c == ' ' || '\t' <= c && c <= '\r' {
			apart = len(out) > 0
			continue
		}
		if apart {
			out, apart = append(out, ' '), false
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		out = append(out, c)
	}
	return string(out)
}

// Nearest returns the candidates that are fewest edits away from s, at most three, best first. More edits than a third of
// the word, or than three, are no near miss.
func Nearest(s string, candidates []string) []string {
	s = Fold(s)
	limit := min(3, (utf8.RuneCountInString(s)+2)/3)
	type near struct {
		text string
		edit int
	}
	var found []near
	from := edits{limit: limit, word: s}
	for _, c := range candidates {
		f := Fold(c)
		d := from.to(f)
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

// edits counts the insertions, deletions, substitutions and swaps of neighbours that turn a word into others (optimal string
// alignment). Of a file with thousands of wrong words each is compared with every name there is: what is farther away than the limit is
// given up as soon as that shows, and nothing is allocated for it.
type edits struct {
	limit int
	word  string
	x, y  []rune // the word and the other
	rows  [3][]int
}

// to is the number of edits to another word; more than the limit may be reported as one more.
func (e *edits) to(other string) int {
	far := e.limit + 1
	// No edit changes the length by more than a rune, and none has more than four bytes.
	if d := len(e.word) - len(other); d > e.limit*utf8.UTFMax || -d > e.limit*utf8.UTFMax {
		return far
	}
	if e.x == nil {
		e.x = []rune(e.word)
	}
	e.y = e.y[:0]
	for _, r := range other {
		e.y = append(e.y, r)
	}
	x, y := e.x, e.y
	if d := len(x) - len(y); d > e.limit || -d > e.limit {
		return far
	}
	for k := range e.rows {
		e.rows[k] = slices.Grow(e.rows[k][:0], len(y)+1)[:len(y)+1]
	}
	before, last, row := e.rows[0], e.rows[1], e.rows[2]
	for j := range row {
		row[j] = j
	}
	least, leastBefore := 0, 0 // of the last two rows: all that follows is made of these, and is no less
	for i := range x {
		before, last, row = last, row, before
		lo, hi := max(0, i-e.limit), min(len(y), i+1+e.limit) // what lies farther from the diagonal is too far
		if row[lo] = far; lo == 0 {
			row[lo] = i + 1
		}
		if hi < len(y) {
			row[hi+1] = far
		}
		leastBefore, least = least, row[lo]
		for j := lo; j < hi; j++ {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			d := min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, before[j-1]+1)
			}
			row[j+1] = d
			least = min(least, d)
		}
		if least > e.limit && leastBefore > e.limit {
			return far
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
