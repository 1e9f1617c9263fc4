package data

import "testing"

func TestAmountHintNamesTheOneMeaning(t *testing.T) {
	for _, c := range []struct{ text, hint string }{
		{"12,5", "did you mean 12.5?"},
		{"1,000", ""}, // a thousand, or one
		{"12 000", "did you mean 12000?"},
		{"1 234 567", "did you mean 1234567?"},
		{"12 0000", ""},
		{"12 ships", "did you mean 12, with the unit in its own column?"},
		{"1E+05", "did you mean 100000?"},
		{"2.5e1", "did you mean 25?"},
		{"1e999", ""},
		{"-3", "it is negative"},
		{"0x10", ""}, {"NaN", ""}, {"Inf", ""}, {"1_000", ""}, {"", ""}, {" ", ""}, {"many", ""}, {"E", ""},
	} {
		if got := amountHint(c.text); got != c.hint {
			t.Errorf("amountHint(%q) = %q, want %q", c.text, got, c.hint)
		}
	}
}
