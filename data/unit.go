package data

import "strings"

// Units prints an amount with its unit in words: 1 facility, 2 facilities, 0.5 days of supply.
func Units(a Amount, unit string) string {
	if unit == "" {
		return a.String()
	}
	if a == One {
		return "1 " + unit
	}
	return a.String() + " " + Plural(unit)
}

// Plural puts the noun of an English unit into the plural: the word before "of", "per" or a participle, else the last word.
func Plural(unit string) string {
	words := strings.Fields(unit)
	noun := len(words) - 1
	for i, w := range words {
		if i > 0 && (w == "of" || w == "per" || w == "in" || strings.HasSuffix(w, "ed")) {
			noun = i - 1
			break
		}
	}
	w := words[noun]
	switch {
	case w == "aircraft" || w == "personnel" || w == strings.ToUpper(w) || strings.HasSuffix(w, "s") && w != "pass":
	case w == "person":
		w = "persons"
	case strings.HasSuffix(w, "y") && !strings.ContainsAny(w[max(0, len(w)-2):len(w)-1], "aeiou"):
		w = strings.TrimSuffix(w, "y") + "ies"
	case strings.HasSuffix(w, "ch") || strings.HasSuffix(w, "sh") || strings.HasSuffix(w, "x") || strings.HasSuffix(w, "s"):
		w += "es"
	default:
		w += "s"
	}
	words[noun] = w
	return strings.Join(words, " ")
}
