package data_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"deconflict/data"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"nation", "nation"}, {"Readiness Days", "readiness days"}, {"readiness_days", "readiness days"}, {"readiness-days", "readiness days"},
		{"  Military \t mobility\n", "military mobility"}, {"ÖSTERREICH", "österreich"}, {"ΕΛΛΆΔΑ", "ελλάδα"}, {"", ""}, {"_-", ""}, {"a--b", "a b"},
	} {
		if got := data.Fold(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
		if got := data.Fold(data.Fold(c.text)); got != c.want {
			t.Errorf("%q folded twice: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestFoldOfAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("aBz09 _-\t\n\v\f\r\x00\x1f\x7f@[`{éÉ\u0085\u00a0\u2003"))).Draw(t, "text")
		words := strings.FieldsFunc(s, func(r rune) bool { return r == '_' || r == '-' || unicode.IsSpace(r) })
		if got, want := data.Fold(s), strings.ToLower(strings.Join(words, " ")); got != want {
			t.Fatalf("%q: %q, want %q", s, got, want)
		}
	})
}

func TestNearest(t *testing.T) {
	words := []string{"nation", "quantity", "unit", "until", "from", "med-role2b", "med-role2e", "Österreich"}
	for _, c := range []struct {
		text string
		want []string
	}{
		{"quantitty", []string{"quantity"}},                 // one letter too many
		{"natoin", []string{"nation"}},                      // two letters swapped are one edit
		{"UNTIL", []string{"until"}},                        // case is none
		{"unti", []string{"unit", "until"}},                 // a swap, and a letter left out
		{"quant", []string{"quantity"}},                     // a beginning of four letters or more
		{"med_role2", []string{"med-role2b", "med-role2e"}}, // hyphens and underscores are alike
		{"Osterreich", []string{"Österreich"}},
		{"fro", []string{"from"}},
		{"xy", nil}, // one edit is the limit for two letters
		{"something else", nil},
		{"", nil},
	} {
		if got := data.Nearest(c.text, words); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	if got := data.Nearest("a1", []string{"a5", "a4", "a3", "a2", "a2"}); !slices.Equal(got, []string{"a2", "a3", "a4"}) {
		t.Errorf("of many as near: %q, want three in the order of the alphabet", got)
	}
}

// Whatever the words, the near misses are those of the whole table of edits.
func TestNearestGivesUpNothingNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("abcABé- ")), 0, 9, -1)
		text, words := word.Draw(t, "text"), rapid.SliceOfN(word, 0, 6).Draw(t, "words")
		s := data.Fold(text)
		limit := min(3, (len([]rune(s))+2)/3)
		best := limit
		var want []string
		for _, w := range words {
			d := distance([]rune(s), []rune(data.Fold(w)))
			if len(s) >= 3 && strings.HasPrefix(data.Fold(w), s) {
				d = min(d, 1)
			}
			if d < best {
				best, want = d, nil
			}
			if d == best {
				want = append(want, w)
			}
		}
		slices.Sort(want)
		want = slices.Compact(want)
		if want = want[:min(3, len(want))]; !slices.Equal(data.Nearest(text, words), want) {
			t.Fatalf("%q among %q: %q, want %q", text, words, data.Nearest(text, words), want)
		}
	})
}

// distance is the length of the shortest way from a to b, by its definition.
func distance(a, b []rune) int {
	if len(a) == 0 || len(b) == 0 {
		return max(len(a), len(b))
	}
	m, n := len(a)-1, len(b)-1
	if a[m] == b[n] {
		return distance(a[:m], b[:n])
	}
	d := 1 + min(distance(a[:m], b), distance(a, b[:n]), distance(a[:m], b[:n]))
	if m > 0 && n > 0 && a[m] == b[n-1] && a[m-1] == b[n] {
		d = min(d, 1+distance(a[:m-1], b[:n-1]))
	}
	return d
}

func TestDidYouMean(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{nil, ""}, {[]string{"a"}, "did you mean a?"}, {[]string{"a", "b"}, "did you mean a or b?"}, {[]string{"a", "b", "c"}, "did you mean a, b or c?"},
	} {
		if got := data.DidYouMean(c.names); got != c.want {
			t.Errorf("%q: %q, want %q", c.names, got, c.want)
		}
	}
}
