package data_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"deconflict/data"
)

func TestParseAmount(t *testing.T) {
	for _, c := range []struct {
		text string
		want data.Amount
	}{
		{"0", 0}, {"12", 12_000_000}, {"0.85", 850_000}, {"007", 7_000_000}, {"2.500000", 2_500_000}, {"0.000001", 1},
		{"0.0000010000", 1}, {"2000000000000", data.MaxAmount}, {"1999999999999.999999", data.MaxAmount - 1},
	} {
		if got, err := data.ParseAmount(c.text); err != nil || got != c.want {
			t.Errorf("%s: %d, %v; want %d", c.text, got, err, c.want)
		}
	}
	const negative, largest = "it is negative", "the largest is 2000000000000"
	for _, c := range []struct{ text, hint string }{
		{"", ""}, {".", ""}, {".5", ""}, {"5.", ""}, {"1.2.3", ""}, {"NaN", ""}, {"Inf", ""}, {"-Inf", ""}, {"infinity", ""},
		{"0x10", ""}, {"0x1p4", ""}, {"1_000", ""}, {"+3", ""}, {"１２", ""}, {"-3", negative}, {"-0", negative}, {"--3", ""},
		{"1e5", "did you mean 100000?"}, {"1E2", "did you mean 100?"}, {"1e400", ""}, {"1e-3", ""},
		{"12,5", "did you mean 12.5?"}, {"1,000", ""}, {"1,000.5", ""}, {"1.000,5", ""}, {"1 000", "did you mean 1000?"},
		{"3 facilities", "did you mean 3, with the unit in its own column?"},
		{"0.0000001", "at most six decimals are kept"},
		{"2000000000000.000001", largest}, {"9223372036854", largest}, {"18446744073709551616", largest}, {strings.Repeat("9", 400), largest},
	} {
		got, err := data.ParseAmount(c.text)
		e, ok := err.(*data.ValueError)
		if !ok || got != 0 {
			t.Errorf("%q: %s, %v; want a ValueError", c.text, got, err)
		} else if e.Hint != c.hint {
			t.Errorf("%q: hint %q, want %q", c.text, e.Hint, c.hint)
		}
	}
}

func TestAmountString(t *testing.T) {
	for a, want := range map[data.Amount]string{
		0: "0", data.Count(12): "12", 850_000: "0.85", -3_500_000: "-3.5", 1: "0.000001", -1: "-0.000001", 10: "0.00001",
		data.MaxAmount: "2000000000000", data.Count(10): "10",
	} {
		if got := a.String(); got != want {
			t.Errorf("%d: %s, want %s", int64(a), got, want)
		}
	}
}

// Numbers are written as strconv and big do, in any room, with nothing before them touched.
func TestNumbersAreWrittenAsAtLength(t *testing.T) {
	for _, n := range []uint64{0, 1, 9, 10, 42, 99, 100, 101, 999, 1000, 1001, 9999, 10_000, 99_999, 100_000, 100_001, 999_999, 1_000_000, 1_000_001,
		9_999_999, 12_345_678, 100_000_000, 900_090_009, 999_999_999, 1_000_000_000, 1_000_000_001, math.MaxUint32, math.MaxInt64 / uint64(data.One), math.MaxInt64, math.MaxUint64} {
		for _, room := range []int{2, 5, 11, 12, 13, 40} {
			b := append(make([]byte, 0, room), "a,"...)
			if got, want := string(data.AppendWhole(b, n)), "a,"+strconv.FormatUint(n, 10); got != want {
				t.Errorf("%q, want %q", got, want)
			}
			for _, a := range []data.Amount{data.Amount(n), -data.Amount(n)} {
				want := "a," + new(big.Rat).SetFrac64(int64(a), int64(data.One)).FloatString(6)
				if want = strings.TrimRight(want, "0"); strings.HasSuffix(want, ".") {
					want = want[:len(want)-1]
				}
				if got := string(a.Append(b)); got != want {
					t.Errorf("%q, want %q", got, want)
				}
				digits, long, ok := a.Few()
				if whole := a%data.One == 0 && a >= 0 && a < data.Count(1000); ok != whole {
					t.Errorf("%s has few digits: %t", a, ok)
				} else if few := binary.LittleEndian.AppendUint32([]byte("a,"), digits)[:2+long]; ok && string(few) != want {
					t.Errorf("%q, want %q", few, want)
				}
			}
		}
	}
	var room [16]byte
	for n := range uint64(data.One) { // all that follows a point
		a := data.Amount(n)
		digits := fmt.Sprintf("%06d", n)
		if got, want := a.String(), strings.TrimRight("0."+digits, "0"); n > 0 && got != want {
			t.Fatalf("%q, want %q", got, want)
		}
		if got, want := string(data.AppendWhole(room[:0], n)), strings.TrimLeft(digits, "0"); n > 0 && got != want {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}

func TestQuantityJSON(t *testing.T) {
	for _, c := range []struct {
		quantity data.Quantity
		text     string
	}{
		{data.Quantity(0), "null"}, // unknown, which is not 0
		{data.Known(0), "0"},
		{data.Known(850_000), "0.85"},
		{data.Known(-data.Count(7)), "-7"},
		{data.Known(data.MaxAmount), "2000000000000"},
	} {
		text, err := json.Marshal(c.quantity)
		if err != nil || string(text) != c.text {
			t.Errorf("%v went as %s, %v; want %s", c.quantity, text, err, c.text)
		}
		var back data.Quantity
		if err := json.Unmarshal(text, &back); err != nil || back != c.quantity {
			t.Errorf("%s came back as %v, %v", text, back, err)
		}
	}
	for _, text := range []string{`"7"`, "1e3", "true", "0.0000001"} {
		if err := json.Unmarshal([]byte(text), new(data.Quantity)); err == nil {
			t.Errorf("%s was read as a quantity", text)
		}
	}
}

func TestRatio(t *testing.T) {
	for _, c := range []struct{ a, b, want data.Amount }{
		{data.Count(1), data.Count(2), 500_000},
		{data.Count(1), data.Count(3), 333_333},
		{data.Count(2), data.Count(3), 666_667},                 // rounded half up
		{1, 2_000_000, 1},                                       // 0.0000005 is half a millionth
		{1, 2_000_001, 0},                                       // and this is less
		{0, 1, 0},                                               // nothing of something
		{data.MaxAmount, data.MaxAmount, data.One},              // the product takes more than 64 bits on the way
		{data.MaxAmount, data.One, data.MaxAmount},              // the largest that fits
		{data.MaxAmount, 1, data.MaxAmount},                     // by far more than fits
		{data.MaxAmount / 2, data.One / 2, data.MaxAmount},      // exactly as much
		{data.MaxAmount, data.MaxAmount / 3 * 2, 1_500_000},     // by hand: 3/2, as MaxAmount/3 loses less than a millionth
		{data.Count(1), data.Count(1_000_000), 1},               // a millionth
		{data.Count(5), data.Count(2), data.Amount(2_500_000)},  // above one
		{data.Count(7), data.Count(100_000), data.Amount(70)},   // 0.00007
		{data.Amount(3), data.Amount(7), data.Amount(428_571)},  // 0.428571…
		{data.Amount(6), data.Amount(7), data.Amount(857_143)},  // 0.857142857…
		{data.Amount(1), data.Amount(1), data.Amount(data.One)}, // the smallest by itself
	} {
		if got := data.Ratio(c.a, c.b); got != c.want {
			t.Errorf("%s / %s: %s, want %s", c.a, c.b, got, c.want)
		}
	}
}

// FuzzParseAmount holds ParseAmount against the rationals of math/big.
func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"0", "12", "0.85", "12,5", "-3", "1e5", "0x10", "1_000", "NaN", "2000000000000.000001", "1/3", "٣"} {
		f.Add(s)
	}
	decimal := regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1000 {
			return
		}
		got, err := data.ParseAmount(s)
		want, ok := new(big.Rat), false
		if decimal.MatchString(s) {
			want.SetString(s)
			want.Mul(want, big.NewRat(int64(data.One), 1))
			ok = want.IsInt() && want.Cmp(big.NewRat(int64(data.MaxAmount), 1)) <= 0
		}
		switch {
		case (err == nil) != ok:
			t.Errorf("%q: %v, but as a rational it is %s", s, err, want)
		case ok && want.Cmp(big.NewRat(int64(got), 1)) != 0:
			t.Errorf("%q: %d millionths, want %s", s, int64(got), want)
		case ok:
			if back, err := data.ParseAmount(got.String()); err != nil || back != got {
				t.Errorf("%q printed as %s is read as %s, %v", s, got, back, err)
			}
		}
	})
}

// FuzzRatio holds Ratio against the rationals of math/big.
func FuzzRatio(f *testing.F) {
	f.Add(int64(1), int64(3))
	f.Add(int64(data.MaxAmount), int64(1))
	f.Fuzz(func(t *testing.T, a, b int64) {
		if a < 0 || b <= 0 {
			return
		}
		// floor(a·10⁶/b + 1/2) = floor((2·a·10⁶ + b) / 2b)
		n := new(big.Int).Mul(big.NewInt(a), big.NewInt(2*int64(data.One)))
		n.Add(n, big.NewInt(b)).Div(n, new(big.Int).Mul(big.NewInt(2), big.NewInt(b)))
		if limit := big.NewInt(int64(data.MaxAmount)); n.Cmp(limit) > 0 {
			n = limit
		}
		if got := data.Ratio(data.Amount(a), data.Amount(b)); n.Cmp(big.NewInt(int64(got))) != 0 {
			t.Errorf("%d / %d: %d, want %s", a, b, int64(got), n)
		}
	})
}
