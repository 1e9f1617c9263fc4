package load

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// notation is how a text writes numbers.
type notation int

const (
	exact    notation = iota // a number of the format itself, such as that of a cell of a sheet: it has one meaning
	pointed                  // decimal points, as in a file whose separator is a comma
	doubtful                 // decimal points or commas, whichever leaves no doubt
	points                   // decimal points; commas may group thousands
	commas                   // decimal commas; points may group thousands
)

// separators are what may stand between the digits of a number, and what they are called.
var separators = map[rune]string{
	'.': "points", ',': "commas", ' ': "blanks", '\u00a0': "blanks", '\u202f': "blanks", '\'': "apostrophes", '’': "apostrophes",
}

// plain rewrites a number with a decimal point and without groups of thousands, and says what it took for granted. Of a number that
// has two meanings, or a decimal point where there should be a comma, it says what is wanted. Any other text comes back as it is.
func (n notation) plain(s string) (number, assumed, wanted string) {
	i := strings.LastIndexFunc(s, isSeparator)
	if n == exact || i < 0 {
		return s, "", ""
	}
	mark, size := utf8.DecodeRuneInString(s[i:])
	frac := s[i+size:]
	whole, group, ok := ungroup(s[:i])
	if !ok || !digits(frac) {
		return s, "", ""
	}
	var decimals, groups bool // whether mark can be the decimal mark, or one that groups thousands
	if group == 0 {
		groups = leads(whole) && len(frac) == 3
	} else {
		groups = group == mark && len(frac) == 3
	}
	decimals = (mark == '.' || mark == ',') && group != mark
	switch n {
	case pointed:
		if mark == ',' && group == 0 {
			return s, "", ""
		}
		groups = groups && mark != '.' || group == mark
	case points:
		decimals, groups = decimals && mark == '.', groups && mark != '.'
	case commas:
		decimals, groups = decimals && mark == ',', groups && mark != ','
		if mark == '.' && !groups {
			return s, "", "a number with a decimal comma"
		}
	}
	switch {
	case decimals && groups:
		return s, "", fmt.Sprintf("a number with one meaning: it could be %s.%s or %s%s", whole, frac, whole, frac)
	case groups:
		return whole + frac, "thousands are grouped by " + separators[mark], ""
	case decimals && mark == ',':
		return whole + "." + frac, "commas are decimal commas", ""
	case decimals && group != 0:
		return whole + "." + frac, "thousands are grouped by " + separators[group], ""
	}
	return s, "", ""
}

// ungroup joins the digits of a whole number whose thousands may be grouped, always by the same separator.
func ungroup(s string) (whole string, group rune, ok bool) {
	i := strings.IndexFunc(s, isSeparator)
	if i < 0 {
		return s, 0, digits(s)
	}
	group, size := utf8.DecodeRuneInString(s[i:])
	parts := strings.Split(s, s[i:i+size])
	for i, p := range parts {
		if !digits(p) || i == 0 && !leads(p) || i > 0 && len(p) != 3 {
			return "", 0, false
		}
	}
	return strings.Join(parts, ""), group, true
}

// leads reports whether digits can stand before a group of three.
func leads(s string) bool { return len(s) <= 3 && s[0] != '0' }

func isSeparator(c rune) bool { return separators[c] != "" }

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
