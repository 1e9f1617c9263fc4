package data

import "math"

// Notice is how many whole days forces need, or are given, to be ready; or silence about it: the zero Notice is unknown, which is not 0 days. It
// is a small number, as there may be millions: one more than the days.
type Notice int32

// MaxNotice is the most days of a notice.
const MaxNotice = math.MaxInt32 - 1

// NoticeOf is the notice of a quantity of days. ok is false where these are not whole, or more than MaxNotice.
func NoticeOf(days Quantity) (n Notice, ok bool) {
	switch a := days.Amount(); {
	case !days.Known():
		return 0, true
	case a < 0 || a > MaxNotice*One || a%One != 0:
		return 0, false
	default:
		return Notice(a/One) + 1, true
	}
}

// Known reports whether the days are known.
func (n Notice) Known() bool { return n != 0 }

// Amount is the number of days; 0 if it is unknown.
func (n Notice) Amount() Amount { return max(Amount(n)-1, 0) * One }

// Quantity is the notice as a quantity of days.
func (n Notice) Quantity() Quantity {
	if n == 0 {
		return 0
	}
	return Known(n.Amount())
}

// String prints the number of days, or nothing if it is unknown.
func (n Notice) String() string { return n.Quantity().String() }
