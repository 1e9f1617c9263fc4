package data

import (
	"strings"
	"unicode"
)

// Units prints an amount with its unit in words: 1 facility, 2 facilities, 0.5 days of supply.
func Units(a Amount, unit string) string {
	var b [64]byte
	return string(AppendUnits(b[:0], a, unit))
}

// AppendUnits appends what Units prints.
func AppendUnits(b []byte, a Amount, unit string) []byte {
	b = a.Append(b)
	if unit == "" {
		return b
	}
	b = append(b, ' ')
	if a == One {
		return append(b, unit...)
	}
	return appendPlural(b, unit)
}

// Plural puts the noun of an English unit into the plural: the word before "of", "per" or a participle, else the last word.
func Plural(unit string) string {
	var b [64]byte
	return string(appendPlural(b[:0], unit))
}

func appendPlural(b []byte, unit string) []byte {
	if strings.IndexByte(unit, ' ') < 0 && strings.IndexFunc(unit, unicode.IsSpace) < 0 {
		return appendNoun(b, unit)
	}
	words := strings.Fields(unit)
	noun := len(words) - 1
	for i, w := range words {
		if i > 0 && (w == "of" || w == "per" || w == "in" || strings.HasSuffix(w, "ed")) {
			noun = i - 1
			break
		}
	}
	for i, w := range words {
		if i > 0 {
			b = append(b, ' ')
		}
		if i == noun {
			b = appendNoun(b, w)
		} else {
			b = append(b, w...)
		}
	}
	return b
}

// appendNoun appends the plural of one word.
func appendNoun(b []byte, w string) []byte {
	capitals := strings.IndexFunc(w, func(r rune) bool { return unicode.ToUpper(r) != r }) < 0
	switch {
	case w == "aircraft" || w == "personnel" || capitals || strings.HasSuffix(w, "s") && w != "pass":
		return append(b, w...)
	case strings.HasSuffix(w, "y") && !strings.ContainsAny(w[max(0, len(w)-2):len(w)-1], "aeiou"):
		return append(append(b, w[:len(w)-1]...), "ies"...)
	case strings.HasSuffix(w, "ch") || strings.HasSuffix(w, "sh") || strings.HasSuffix(w, "x") || strings.HasSuffix(w, "s"):
		return append(append(b, w...), "es"...)
	}
	return append(append(b, w...), 's')
}
