package data

import "testing"

func TestNotice(t *testing.T) {
	for _, c := range []struct {
		days   Quantity
		ok     bool
		string string
	}{
		{0, true, ""}, {Known(0), true, "0"}, {Known(Count(30)), true, "30"}, {Known(Count(MaxNotice)), true, "2147483646"},
		{Known(Count(MaxNotice + 1)), false, ""}, {Known(MaxAmount), false, ""}, {Known(One / 2), false, ""}, {Known(-One), false, ""},
	} {
		n, ok := NoticeOf(c.days)
		if ok != c.ok || n.String() != c.string {
			t.Errorf("the notice of %q days is %q, %v, wanted %q, %v", c.days, n, ok, c.string, c.ok)
		}
		if ok && (n.Quantity() != c.days || n.Amount() != c.days.Amount() || n.Known() != c.days.Known()) {
			t.Errorf("the notice of %q days has become %q, %q, known %v", c.days, n.Quantity(), n.Amount(), n.Known())
		}
	}
}
