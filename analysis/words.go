package analysis

import (
	"unicode"
	"unicode/utf8"

	"deconflict/data"
)

// counted prints "1 record" or "2 records".
func counted(n int, noun string) string { return data.Units(data.Count(n), noun) }

// isOrAre prints an amount with its verb: "1 ship is", "2 ships are".
func isOrAre(a data.Amount, unit string) string {
	if a == data.One {
		return data.Units(a, unit) + " is"
	}
	return data.Units(a, unit) + " are"
}

// capital begins a sentence.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
