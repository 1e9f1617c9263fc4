package data_test

import (
	"slices"
	"testing"

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
