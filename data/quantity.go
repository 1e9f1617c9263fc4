package data

import (
	"bytes"
	"math/bits"
	"strconv"
	"strings"
)

// Amount is an exact count in millionths of its unit. Integers add up to the same sum in any order, so that reports are
// the same bytes whatever the order of the input. An Amount can be negative: a balance may be below zero.
type Amount int64

// One is the amount 1.
const One Amount = 1_000_000

// MaxAmount bounds a single quantity and the sum of all comparable quantities of one dataset, so that no sum in any
// analysis can overflow: 2 000 000 000 000 units.
const MaxAmount Amount = 2_000_000_000_000 * One

// String prints a decimal without trailing zeros: 12, 0.85, -3.5.
func (a Amount) String() string {
	var b [24]byte
	return string(a.Append(b[:0]))
}

// Append appends what String prints. What lies behind the slice up to its capacity may be written to.
func (a Amount) Append(b []byte) []byte {
	u := uint64(a)
	if a < 0 {
		b = append(b, '-')
		u = -u
	}
	b = AppendWhole(b, u/uint64(One))
	frac := u % uint64(One)
	if frac == 0 {
		return b
	}
	point := len(b)
	b = append(b, ".000000?"...)
	end := putNext(b, putNext(b, point+1, frac/1e3), frac%1e3)
	for frac%10 == 0 {
		frac /= 10
		end--
	}
	return b[:end]
}

// MarshalJSON prints a as a JSON number.
func (a Amount) MarshalJSON() ([]byte, error) { return a.Append(nil), nil }

// UnmarshalJSON reads a JSON number with at most six decimals.
func (a *Amount) UnmarshalJSON(b []byte) error {
	digits, negative := bytes.CutPrefix(b, []byte("-"))
	q, err := ParseAmount(string(digits))
	if negative {
		q = -q
	}
	*a = q
	return err
}

// Float is a as a float64, for pictures and spreadsheets.
func (a Amount) Float() float64 { return float64(a) / float64(One) }

// Count is the amount of n whole things.
func Count(n int) Amount { return Amount(n) * One }

// Ratio is a/b, rounded half up to six decimals, and MaxAmount where it is more. b must be positive and a not negative.
func Ratio(a, b Amount) Amount {
	hi, lo := bits.Mul64(uint64(a), uint64(One))
	lo, carry := bits.Add64(lo, uint64(b)/2, 0)
	if hi+carry >= uint64(b) { // the quotient takes more than 64 bits
		return MaxAmount
	}
	q, _ := bits.Div64(hi+carry, lo, uint64(b))
	return Amount(min(q, uint64(MaxAmount)))
}

// ParseAmount reads a decimal ≥ 0 such as 12 or 0.85, with a point and at most six decimals. Signs, exponents, hexadecimal,
// thousands separators, NaN and infinities are refused.
func ParseAmount(s string) (Amount, error) {
	fail := func(hint string) (Amount, error) {
		return 0, &ValueError{Got: s, Want: "a decimal number ≥ 0 such as 12 or 0.85", Hint: hint}
	}
	whole, frac, point := strings.Cut(s, ".")
	if whole == "" || point && frac == "" || !digits(whole) || !digits(frac) {
		return fail(amountHint(s))
	}
	const decimals = 6
	if len(frac) > decimals {
		if strings.Trim(frac[decimals:], "0") != "" {
			return fail("at most six decimals are kept")
		}
		frac = frac[:decimals]
	}
	n, err := strconv.ParseUint(whole+frac+"000000"[len(frac):], 10, 64)
	if err != nil || n > uint64(MaxAmount) {
		return fail("the largest is " + MaxAmount.String())
	}
	return Amount(n), nil
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// amountHint names the likely meaning of a number that is written another way, where there is only one.
func amountHint(s string) string {
	meant := func(t, more string) string {
		a, err := ParseAmount(t)
		if err != nil {
			return ""
		}
		return "did you mean " + a.String() + more + "?"
	}
	if rest, ok := strings.CutPrefix(s, "-"); ok && meant(rest, "") != "" {
		return "it is negative"
	}
	if whole, frac, ok := strings.Cut(s, ","); ok && len(frac) != 3 && digits(frac) {
		return meant(whole+"."+frac, "")
	}
	parts := strings.Fields(s)
	grouped := len(parts) > 1
	for _, p := range parts[min(1, len(parts)):] {
		grouped = grouped && len(p) == 3 && digits(p)
	}
	if grouped { // 12 000
		return meant(strings.Join(parts, ""), "")
	}
	if len(parts) > 1 && !strings.ContainsAny(parts[1][:1], "0123456789") { // 12 ships
		return meant(parts[0], ", with the unit in its own column")
	}
	if mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E"); ok && mantissa != "" && digits(strings.ReplaceAll(mantissa, ".", "")) && digits(strings.TrimPrefix(exponent, "+")) {
		if f, err := strconv.ParseFloat(s, 64); err == nil { // 1E+05, as a spreadsheet may write it
			return meant(strconv.FormatFloat(f, 'f', -1, 64), "")
		}
	}
	return ""
}

// Quantity is an amount that a record states, or its silence: the zero Quantity is unknown, which is not 0. It is one number, as there may
// be millions: twice the amount, and one more where it is known.
type Quantity int64

// Known makes a known quantity.
func Known(a Amount) Quantity { return Quantity(a<<1 | 1) }

// Known reports whether the amount is known.
func (q Quantity) Known() bool { return q&1 != 0 }

// Amount is the amount; 0 if it is unknown.
func (q Quantity) Amount() Amount { return Amount(q >> 1) }

// String prints the amount, or nothing if it is unknown.
func (q Quantity) String() string {
	if !q.Known() {
		return ""
	}
	return q.Amount().String()
}

// MarshalJSON prints a number, or null if it is unknown.
func (q Quantity) MarshalJSON() ([]byte, error) {
	if !q.Known() {
		return []byte("null"), nil
	}
	return q.Amount().MarshalJSON()
}

// UnmarshalJSON reads what MarshalJSON printed.
func (q *Quantity) UnmarshalJSON(b []byte) error {
	*q = 0
	if string(b) == "null" {
		return nil
	}
	var a Amount
	if err := a.UnmarshalJSON(b); err != nil {
		return err
	}
	*q = Known(a)
	return nil
}

// Part is a × share, rounded down to a millionth. Both must not be negative, and the product must not exceed MaxAmount.
func Part(a, share Amount) Amount {
	hi, lo := bits.Mul64(uint64(a), uint64(share))
	q, _ := bits.Div64(hi, lo, uint64(One))
	return Amount(q)
}
