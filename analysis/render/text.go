package render

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Plain makes text from data harmless to show: on one line, and without anything that acts instead of being read. Control
// characters, terminal escapes, direction overrides, zero-width and unassigned characters are left out; every kind of white
// space becomes a space; bytes that are no UTF-8 become U+FFFD. Letters of any script, with their accents, stay.
func Plain(s string) string {
	if printable(s) {
		return s
	}
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return (r < ' ' || r > '~') && (unicode.IsSpace(r) || acts(r)) }) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case acts(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, string(utf8.RuneError)))
}

// acts reports whether a character does something other than show itself.
func acts(r rune) bool {
	return unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) || !unicode.IsGraphic(r)
}

// display fixes how wide characters of ambiguous width are, so that a page is the same on every machine.
var display = twwidth.Options{EastAsianWidth: false}

func width(s string) int {
	if printable(s) {
		return len(s)
	}
	return twwidth.WidthWithOptions(s, display)
}

// printable reports whether a text is plain ASCII, which nearly all are.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// wrap breaks a text into lines of at most so many columns, between words where it can. A word that is too long is broken after
// one of the signs that join the parts of an id or an address, or where it must.
func wrap(s string, columns int) []string {
	columns = max(columns, 1)
	if oneLine(s, columns) {
		return []string{s}
	}
	var lines []string
	line, used := "", 0
	for word := range strings.FieldsSeq(s) {
		w := width(word)
		if line != "" && used+1+w <= columns {
			line, used = line+" "+word, used+1+w
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for head := breakWord(word, columns); len(head) < len(word); head = breakWord(word, columns) {
			lines, word = append(lines, head), word[len(head):]
		}
		line, used = word, width(word)
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// oneLine reports whether a text is, as nearly all are, a line of plain ASCII of at most so many columns, as wrap would set it.
func oneLine(s string, columns int) bool {
	return len(s) <= columns && s != "" && printable(s) && s[0] != ' ' && s[len(s)-1] != ' ' && !strings.Contains(s, "  ")
}

// breakWord is the part of a word that fits into so many columns: never nothing, and all of it where it fits.
func breakWord(word string, columns int) string {
	fits, joint := 0, 0
	for i, r := range word {
		end := i + utf8.RuneLen(r)
		if i > 0 && width(word[:end]) > columns {
			if joint > fits/3 {
				return word[:joint]
			}
			return word[:fits]
		}
		fits = end
		if strings.ContainsRune(":/+-_.,;", r) {
			joint = end
		}
	}
	return word
}

// cut shortens a text to so many columns and shows that it did.
func cut(s string, columns int) string {
	if width(s) <= columns {
		return s
	}
	return strings.TrimRight(breakOff(s, columns-1), " ") + "…"
}

func breakOff(s string, columns int) string {
	for i, r := range s {
		if width(s[:i+utf8.RuneLen(r)]) > columns {
			return s[:i]
		}
	}
	return s
}

// pad fills a text up to so many columns.
func pad(s string, columns int) string { return s + strings.Repeat(" ", max(0, columns-width(s))) }

// style is how a piece of a page looks in colour. Whatever has one is told apart by its words or letters as well.
type style string

const (
	plain    style = ""
	strong   style = "1"
	dim      style = "2"
	alarming style = "1;31"
	warning  style = "33"
	calm     style = "36"
	open     style = "35"
	banner   style = "7"
)

func (s style) paint(text string) string {
	if s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + endStyle
}

const endStyle = "\x1b[0m"
