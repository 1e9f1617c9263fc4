package data_test

import (
	"strings"
	"testing"
	"unsafe"

	"pgregory.net/rapid"

	"deconflict/data"
)

// A record says by which id and in which words it was made, whether these stand alone or with others, and a copy under another name leaves it alone.
func TestRecordIsNamed(t *testing.T) {
	room := make([]byte, 0, 1<<20)
	var held []data.Words
	cases := []struct{ id, statement string }{
		{"", ""}, {"t1", ""}, {"", "two ships"}, {"t1", "two ships"}, {"é", "ü"}, {strings.Repeat("x", 127), strings.Repeat("y", 128)},
		{strings.Repeat("x", 70_000), "y"}, {"", ""},
	}
	for n := range 20 { // of ids around the length that is copied in one piece
		cases = append(cases, struct{ id, statement string }{"T0123456789abcdefghi"[:n], ""})
	}
	for _, c := range cases {
		var w data.Words
		id := []byte(c.id + "and what stands behind it in the text")[:len(c.id)]
		room, w = data.AppendWords(room, id, []byte(c.statement))
		held = append(held, w)
	}
	for i, c := range cases {
		r := data.Record{Line: 3}.Named(c.id, c.statement)
		for _, w := range []data.Words{r.Words, held[i]} {
			if w.ID() != c.id || w.Statement() != c.statement || !w.Equal(r.Words) {
				t.Errorf("%q %q became %q %q", c.id, c.statement, w.ID(), w.Statement())
			}
		}
		if other := r.Named("other", "words"); other.ID() != "other" || other.Statement() != "words" || other.Line != 3 || r.ID() != c.id {
			t.Errorf("%q became %q, and its copy %q %q of line %d", c.id, r.ID(), other.ID(), other.Statement(), other.Line)
		} else if other.Equal(r.Words) || other.Equal(data.WordsOf("other", "")) || other.Equal(data.WordsOf("", "words")) {
			t.Errorf("%q %q is like what it is not", other.ID(), other.Statement())
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("words were appended to what has no room for them")
		}
	}()
	data.AppendWords(make([]byte, 0, 11), []byte("t1"), nil)
}

// An origin is met anew once, unless so many others were met since that it was forgotten.
func TestMet(t *testing.T) {
	origins := make([]*data.Origin, 100)
	for i := range origins {
		origins[i] = &data.Origin{File: "plans.csv"}
	}
	for _, few := range [][]*data.Origin{origins[:1], origins[:2], origins[3:11]} {
		var met data.Met
		for _, o := range few {
			if !met.Anew(o) {
				t.Error("one of a few is not met anew")
			}
		}
		for range 100 {
			for _, o := range few {
				if met.Anew(o) {
					t.Error("one of a few is met anew again")
				}
			}
		}
	}
	var met data.Met
	for _, o := range origins {
		if !met.Anew(o) {
			t.Error("one of many is not met anew")
		}
	}
	for _, o := range origins[92:] {
		if met.Anew(o) {
			t.Error("one of the last is forgotten")
		}
	}
}

// Of targets there may be millions: a field more is felt in every question.
func TestTargetsAreSmall(t *testing.T) {
	if size := unsafe.Sizeof(data.Target{}); size > 64 {
		t.Errorf("a target takes %d bytes, wanted at most 64", size)
	}
}

func TestTextsAreCompared(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.OneOf(rapid.StringMatching(`T0{0,9}[0-9]{1,9}`), rapid.StringMatching(`[a\x00\x7f-\xff]{0,18}`), rapid.String())
		a, b := id.Draw(t, "a"), id.Draw(t, "b")
		for _, pair := range [][2]string{{a, b}, {b, a}, {a, a}, {a + b, a + a}} {
			if got, want := data.Before(pair[0], pair[1]), pair[0] < pair[1]; got != want {
				t.Fatalf("%q before %q: %v, want %v", pair[0], pair[1], got, want)
			}
			if got, want := data.Same(pair[0], strings.Clone(pair[1])), pair[0] == pair[1]; got != want {
				t.Fatalf("%q the same as %q: %v, want %v", pair[0], pair[1], got, want)
			}
		}
	})
}
