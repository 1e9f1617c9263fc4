package data_test

import (
	"strings"
	"testing"
	"unsafe"

	"deconflict/data"
)

// A record says by which id and in which words it was made, whether these stood side by side or not, and a copy under another name leaves it alone.
func TestRecordIsNamed(t *testing.T) {
	for _, c := range []struct{ id, statement string }{{"", ""}, {"t1", ""}, {"", "two ships"}, {"t1", "two ships"}, {"é", "ü"}, {strings.Repeat("x", 70_000), "y"}} {
		r := data.Record{Line: 3}.Named(c.id, c.statement)
		var s data.Record
		s.SetText(c.id+c.statement, len(c.id))
		for _, r := range []data.Record{r, s} {
			if r.ID() != c.id || r.Statement() != c.statement {
				t.Errorf("%q %q became %q %q", c.id, c.statement, r.ID(), r.Statement())
			}
		}
		if other := r.Named("other", "words"); other.ID() != "other" || other.Statement() != "words" || other.Line != 3 || r.ID() != c.id {
			t.Errorf("%q became %q, and its copy %q %q of line %d", c.id, r.ID(), other.ID(), other.Statement(), other.Line)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an id is longer than its text")
		}
	}()
	new(data.Record).SetText("t1", 3)
}

// Of targets there may be millions: a field more is felt in every question.
func TestTargetsAreSmall(t *testing.T) {
	if size := unsafe.Sizeof(data.Target{}); size > 80 {
		t.Errorf("a target takes %d bytes, wanted at most 80", size)
	}
}
