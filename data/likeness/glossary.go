package likeness

import (
	"slices"
	"strings"
	"unicode/utf8"

	"deconflict/data"
)

// glossary finds the terms of a glossary in texts, whatever their endings: two words are the same where their stems are, in one of
// the languages.
type glossary struct {
	terms   [languages]map[string][]*term
	longest int // words of a term
}

// term is a term of the glossary.
type term struct {
	row   *data.GlossaryRow
	words []word
	exact bool // stands for itself only as it is spelt: a short abbreviation, of which small letters are another word
}

// shortest is the number of letters up to which an abbreviation in capitals must be spelt in capitals.
const shortest = 3

func newGlossary(rows []data.GlossaryRow) glossary {
	var g glossary
	for l := range g.terms {
		g.terms[l] = map[string][]*term{}
	}
	for i := range rows {
		r := &rows[i]
		t := &term{row: r, words: split(r.Term)}
		t.exact = utf8.RuneCountInString(r.Term) <= shortest && strings.ToUpper(r.Term) == r.Term
		g.longest = max(g.longest, len(t.words))
		for l := range languages {
			k := key(l.stems(t.words))
			g.terms[l][k] = append(g.terms[l][k], t)
		}
	}
	return g
}

// stems are the stems of some words.
func (l language) stems(words []word) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = l.stem(w.folded)
	}
	return out
}

// key is by what a term is found that has such stems.
func key(stems []string) string { return strings.Join(stems, " ") }

// match is a term that stands in a text.
type match struct {
	row   *data.GlossaryRow
	text  string // as it stands there
	words int
}

// find finds the terms in the words of a text. Where several begin at one word, the longest counts: "hospital train" is no hospital.
func (g *glossary) find(words []word) (found []match) {
	var stems [languages][]string
	for l := range languages {
		stems[l] = l.stems(words)
	}
	for i := 0; i < len(words); {
		n := 0
		for k := min(g.longest, len(words)-i); k > 0 && n == 0; k-- {
			for _, t := range g.meant(words[i:i+k], func(l language) string { return key(stems[l][i : i+k]) }) {
				n = k
				found = append(found, match{t.row, spelling(words[i : i+k]), k})
			}
		}
		i += max(n, 1)
	}
	return found
}

// meant are the terms that some words are, whose keys are given: those that are spelt like them or, where none is, those with the same
// stems.
func (g *glossary) meant(words []word, key func(language) string) (found []*term) {
	spelt := false
	for l := range languages {
		for _, t := range g.terms[l][key(l)] {
			if slices.Contains(found, t) || t.exact && t.words[0].text != words[0].text {
				continue
			}
			same := slices.EqualFunc(t.words, words, func(a, b word) bool { return a.folded == b.folded })
			switch {
			case same && !spelt:
				found, spelt = []*term{t}, true
			case same || !spelt:
				found = append(found, t)
			}
		}
	}
	return found
}

func spelling(words []word) string {
	var texts []string
	for _, w := range words {
		texts = append(texts, w.text)
	}
	return strings.Join(texts, " ")
}
