package data

import (
	"slices"
	"strings"
)

// Marking is a protective marking as text. Markings are not ranked: an output shows every one of its records'.
type Marking string

// Unmarked is what the banner says where no marking is known.
const Unmarked Marking = "UNMARKED: to be marked by its originator"

// Banner is what stands at the top and the bottom of an output that rests on records with the given markings: each different
// marking once, in the order of the alphabet, and Unmarked if a record has none.
func Banner(markings []Marking) Marking {
	var texts []string
	for _, m := range markings {
		if m == "" {
			m = Unmarked
		}
		texts = append(texts, string(m))
	}
	slices.Sort(texts)
	texts = slices.Compact(texts)
	if len(texts) == 0 {
		return Unmarked
	}
	return Marking(strings.Join(texts, " + "))
}
