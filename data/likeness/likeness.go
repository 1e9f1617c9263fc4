// Package likeness compares texts by their words: a statement with the capabilities that it may speak of, and the statements of
// different organisations with each other. What it finds are suggestions for a person to confirm, with the words that made them. No
// record is read by them and nothing enters a sum.
//
// likeness.go finds the capabilities, pairs.go the statements that are alike. words.go makes words and stems of a text, glossary.go
// knows what abbreviations and words of other languages mean, space.go measures how near two texts are.
package likeness

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"deconflict/data"
)

// How a likeness is put together. The weights and the threshold were chosen on the development phrases of
// testdata/likeness/labelled.txtar; the held-out phrases there measure what they are worth.
const (
	// Threshold is the score below which a capability is not near, and Weak that below which it may well be wrong.
	Threshold = 0.13
	Weak      = 0.2

	stemsShare = 0.5 // of stems in the score; runs of three letters have the rest

	nameWeight       = 2.0 // of the words of a capability's name,
	definitionWeight = 1.0 // of its definition,
	areaWeight       = 0.5 // of the title of its area,
	unitWeight       = 0.3 // of its unit,
	termWeight       = 0.5 // and of a term of the glossary that means its name

	pairWeight     = 0.4 // of two neighbouring words, beside each of them
	meaningWeight  = 0.8 // of what the glossary says that a word means, beside the word itself
	rarityPower    = 0.8 // of the inverse document frequency
	unknownWeight  = 0.5 // of a word that no capability has, against one that a single one has
	otherAreaShare = 0.5 // of the score of a capability of which the text has no word of its area
	nameShare      = 0.5 // of a name that a meaning must be, so that its term counts as another name
)

// Method says in words how a score is made.
const Method = `The score is 0 to 1: half of it is the cosine of TF-IDF vectors of word stems (Snowball, English) and of neighbouring stems, half that
of runs of three letters, between the text and a capability's name, definition, area and unit. What the glossary says that a word, an
abbreviation or a foreign word means counts beside it, and its terms count as other names of what they mean. The score of a capability
whose area the text speaks less of is lowered, down to half. The code or the name itself is 1. Below 0.13 nothing is near; below 0.2 it
may well be wrong.`

// Index knows the words of the capabilities of a vocabulary. It may be asked by several at once.
type Index struct {
	capabilities []data.CapabilityRow
	vocabulary   *data.Vocabulary
	glossary     glossary
	stems        *space
	letters      *space
}

// New indexes the capabilities and the glossary of a vocabulary.
func New(v *data.Vocabulary) *Index {
	x := &Index{capabilities: v.Capabilities, vocabulary: v, glossary: newGlossary(v.Glossary)}
	var stems, letters, names []bag
	for _, c := range v.Capabilities {
		s, l := bag{}, bag{}
		addWords(c.Name, nameWeight, s, l)
		addWords(c.Definition, definitionWeight, s, l)
		addWords(c.Area.Title(), areaWeight, s, l)
		addWords(c.Unit, unitWeight, s, l)
		stems, letters = append(stems, s), append(letters, l)

		name := bag{}
		addWords(c.Name, 1, name, bag{})
		names = append(names, words(name))
	}
	known := newSpace(stems)
	for _, row := range v.Glossary {
		for _, m := range row.Means {
			meaning := x.meaning(m)
			for i, name := range names {
				if known.covers(meaning, name) {
					addWords(row.Term, termWeight, stems[i], letters[i])
				}
			}
		}
	}
	x.stems, x.letters = newSpace(stems), newSpace(letters)
	return x
}

// words are the features that are single words.
func words(b bag) bag {
	out := bag{}
	for f, w := range b {
		if !strings.Contains(f, " ") {
			out[f] = w
		}
	}
	return out
}

// meaning is the stems of what the glossary says that a term means: words, or the name of the capability whose code it gives.
func (x *Index) meaning(text string) bag {
	stems := bag{}
	addWords(x.spell(text), 1, stems, bag{})
	return words(stems)
}

// spell is a capability's name where a meaning gives its code, else the meaning itself.
func (x *Index) spell(meaning string) string {
	if c, ok := x.vocabulary.FindCapability(meaning); ok {
		return x.vocabulary.Capability(c).Name
	}
	return meaning
}

// covers reports whether a meaning has no other words than a name, and enough of them to be taken for the name.
func (s *space) covers(meaning, name bag) bool {
	for f := range meaning {
		if name[f] == 0 {
			return false
		}
	}
	weigh := func(b bag) (sum float64) {
		for _, f := range slices.Sorted(maps.Keys(b)) {
			sum += s.rarity[s.number[f]]
		}
		return sum
	}
	return len(meaning) > 0 && weigh(meaning) >= nameShare*weigh(name)
}

// Suggestion is a capability that a text may mean.
type Suggestion struct {
	Capability data.Capability
	Score      float64  // 0 to 1, as Method says
	Because    []Reason // words by their shares, the largest first, and then letters; the shares add up to the score
}

// Named reports whether the text is the capability's own code or name.
func (s *Suggestion) Named() bool { return len(s.Because) == 1 && s.Because[0].Kind == Name }

// Reason is a part of a score and what made it.
type Reason struct {
	Kind  Kind
	Text  string // of the text that was asked about: words, or a term of the glossary that stands there
	Match string // of the capability: stems, what the term means, or runs of letters
	Share float64
}

// Kind is what kind of reason it is.
type Kind string

// The kinds of reasons.
const (
	Name    Kind = "name"     // the text is the code or the name
	Word    Kind = "word"     // a stem, or two stems side by side
	Meaning Kind = "glossary" // what a term means by the glossary
	Letters Kind = "letters"  // runs of three letters, all together
)

// shownRuns is how many runs of letters a reason names: those of the largest shares.
const shownRuns = 6

// Suggest finds the capabilities that a text may mean: at most so many, the nearest first. None may be near.
func (x *Index) Suggest(text string, most int) []Suggestion {
	if c, ok := x.vocabulary.FindCapability(text); ok {
		return []Suggestion{{c, 1, []Reason{{Name, text, string(c), 1}}}}
	}
	a := x.ask(text)
	scores := a.scores()
	order := make([]int, 0, len(scores))
	for i, score := range scores {
		if score >= Threshold {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(scores[j], scores[i]) })
	var out []Suggestion
	for _, i := range order[:min(most, len(order))] {
		out = append(out, Suggestion{x.capabilities[i].Capability, scores[i], a.reasons(i)})
	}
	return out
}

// asked is a text while it is compared with the capabilities.
type asked struct {
	*Index
	stems, letters query
	area           map[data.Area]float64 // how much the text speaks of an area, against the area of which it speaks most
	spelt          map[string]string     // stem → the words in the text that have it
	meant          map[string]*match     // feature → the term of the glossary that brings it; none where the text itself has it
}

func (x *Index) ask(text string) *asked {
	a := &asked{Index: x, spelt: map[string]string{}, meant: map[string]*match{}}
	stems, letters := bag{}, bag{}
	addWords(text, 1, stems, letters)
	found := split(text)
	before := word{}
	for _, w := range found {
		if isStop(w.folded) {
			continue
		}
		s := inEnglish.stem(w.folded)
		if _, ok := a.spelt[s]; !ok {
			a.spelt[s] = w.text
		}
		if before.text != "" {
			a.spelt[inEnglish.stem(before.folded)+" "+s] = before.text + " " + w.text
		}
		before = w
	}
	for _, m := range x.glossary.find(found) {
		s, l := bag{}, bag{}
		for _, meaning := range m.row.Means {
			addWords(x.spell(meaning), 1, s, l)
		}
		// However much a term means, it weighs as its own words do.
		weight := meaningWeight * math.Sqrt(float64(m.words)/float64(max(1, len(words(s)))))
		a.mean(&m, weight, s, stems)
		a.mean(&m, weight, l, letters)
	}
	a.stems, a.letters = x.stems.query(stems), x.letters.query(letters)
	a.area = a.areas(stems)
	return a
}

// mean adds what a term means to the features of a text, which come first.
func (a *asked) mean(m *match, weight float64, meaning, to bag) {
	for f, w := range meaning {
		if w *= weight; w > to[f] {
			to[f], a.meant[f] = w, m
		}
	}
}

// areas is how much a text speaks of each area: the sum over its stems of the share of an area in the capabilities that have it.
func (a *asked) areas(stems bag) map[data.Area]float64 {
	out, top := map[data.Area]float64{}, 0.0
	for k, i := range a.stems.numbers {
		having := a.stems.having[i]
		for _, p := range having {
			out[a.capabilities[p.text].Area] += stems[a.stems.features[k]] / float64(len(having))
		}
	}
	for _, v := range out {
		top = max(top, v)
	}
	for area := range out {
		out[area] /= top
	}
	return out
}

// factor lowers the score of a capability of whose area the text speaks less.
func (a *asked) factor(i int) float64 {
	return otherAreaShare + (1-otherAreaShare)*a.area[a.capabilities[i].Area]
}

func (a *asked) scores() []float64 {
	scores := make([]float64, len(a.capabilities))
	a.stems.cosines(scores, stemsShare)
	a.letters.cosines(scores, 1-stemsShare)
	for i := range scores {
		scores[i] = min(1, scores[i]*a.factor(i))
	}
	return scores
}

// reasons takes the score of a capability apart.
func (a *asked) reasons(i int) []Reason {
	type cause struct {
		kind Kind
		text string
	}
	shares := map[cause]float64{}
	matches := map[cause][]string{}
	add := func(c cause, match string, share float64) {
		shares[c] += share * a.factor(i)
		if !slices.Contains(matches[c], match) {
			matches[c] = append(matches[c], match)
		}
	}
	a.stems.shares(i, func(f string, share float64) {
		if m := a.meant[f]; m != nil {
			add(cause{Meaning, m.text}, strings.Join(m.row.Means, "; "), stemsShare*share)
			return
		}
		add(cause{Word, a.spelt[f]}, f, stemsShare*share)
	})
	type run struct {
		letters string
		share   float64
	}
	var runs []run
	all := 0.0
	a.letters.shares(i, func(f string, share float64) {
		runs = append(runs, run{f, share})
		all += (1 - stemsShare) * share * a.factor(i)
	})
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(b.share, a.share) })
	var out []Reason
	for c, share := range shares {
		out = append(out, Reason{c.kind, c.text, strings.Join(matches[c], ", "), share})
	}
	slices.SortFunc(out, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Text, b.Text), cmp.Compare(a.Match, b.Match))
	})
	if len(runs) > 0 {
		var shown []string
		for _, r := range runs[:min(shownRuns, len(runs))] {
			shown = append(shown, r.letters)
		}
		if more := len(runs) - len(shown); more > 0 {
			shown = append(shown, fmt.Sprintf("%d more", more))
		}
		out = append(out, Reason{Letters, "", strings.Join(shown, " "), all})
	}
	return out
}
