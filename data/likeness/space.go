package likeness

import (
	"maps"
	"math"
	"slices"
)

// bag is the features of a text with what each weighs in it. A feature counts once, with the largest of its weights, so that a text
// gains nothing by repeating itself.
type bag map[string]float64

func (b bag) put(feature string, weight float64) { b[feature] = max(b[feature], weight) }

// addWords puts the features of a text into two bags: the stems of its words and pairs of neighbours; and runs of three characters. A
// number is no feature, but after a word it makes one with it: "Role 2" is not "Role 3".
func addWords(text string, weight float64, stems, letters bag) {
	before := ""
	for _, w := range split(text) {
		if isStop(w.folded) {
			continue
		}
		s := inEnglish.stem(w.folded)
		if before != "" {
			stems.put(before+" "+s, weight*pairWeight)
		}
		before = s
		if isNumber(w.folded) {
			continue
		}
		stems.put(s, weight)
		for _, g := range grams(w.folded) {
			letters.put(g, weight)
		}
	}
}

// space compares texts by one kind of features: the cosine of the angle between their vectors, each feature weighted by its rarity: a
// power of the inverse document frequency ln(1 + N/n), where n of the N texts have it (Salton and Buckley, Term-weighting approaches in
// automatic text retrieval, 1988).
type space struct {
	number map[string]int // of a feature
	rarity []float64      // of a feature
	texts  []map[int]float64
	length []float64   // of the vector of a text
	having [][]posting // by feature: the texts that have it
}

// posting says that a text has a feature, and what it weighs there.
type posting struct {
	text   int
	weight float64
}

func newSpace(bags []bag) *space {
	s := &space{number: map[string]int{}}
	var with []int
	for _, b := range bags {
		for _, f := range slices.Sorted(maps.Keys(b)) {
			i, ok := s.number[f]
			if !ok {
				i = len(with)
				s.number[f], with = i, append(with, 0)
			}
			with[i]++
		}
	}
	for _, n := range with {
		s.rarity = append(s.rarity, rare(len(bags), n))
	}
	s.having = make([][]posting, len(with))
	for text, b := range bags {
		vector, sum := map[int]float64{}, 0.0
		for _, f := range slices.Sorted(maps.Keys(b)) {
			i := s.number[f]
			w := b[f] * s.rarity[i]
			vector[i], sum = w, sum+w*w
			s.having[i] = append(s.having[i], posting{text, w})
		}
		s.texts, s.length = append(s.texts, vector), append(s.length, math.Sqrt(sum))
	}
	return s
}

// rare is the weight of a feature that so many of all texts have.
func rare(texts, with int) float64 {
	return math.Pow(math.Log(1+float64(texts)/float64(with)), rarityPower)
}

// query is a text that is compared with those of a space.
type query struct {
	*space
	features []string // that the space knows, in their order
	numbers  []int    // and their numbers
	weights  []float64
	length   float64
}

// query makes a vector of a bag. What the space does not know of it makes the vector longer, so that a text which is mostly about
// something else is near to nothing.
func (s *space) query(b bag) query {
	q := query{space: s}
	unknown := unknownWeight * rare(len(s.texts), 1)
	sum := 0.0
	for _, f := range slices.Sorted(maps.Keys(b)) {
		w := b[f]
		if i, ok := s.number[f]; ok {
			w *= s.rarity[i]
			q.features, q.numbers, q.weights = append(q.features, f), append(q.numbers, i), append(q.weights, w)
		} else {
			w *= unknown
		}
		sum += w * w
	}
	q.length = math.Sqrt(sum)
	return q
}

// cosines adds to scores a share of the likeness of the query with each text.
func (q query) cosines(scores []float64, share float64) {
	if q.length == 0 {
		return
	}
	dots := make([]float64, len(q.texts))
	for k, i := range q.numbers {
		for _, p := range q.having[i] {
			dots[p.text] += q.weights[k] * p.weight
		}
	}
	for text, dot := range dots {
		if dot > 0 {
			scores[text] += share * dot / (q.length * q.space.length[text])
		}
	}
}

// shares are what each feature of the query contributes to its likeness with a text. They add up to the cosine.
func (q query) shares(text int, each func(feature string, share float64)) {
	long := q.length * q.space.length[text]
	if long == 0 {
		return
	}
	for k, i := range q.numbers {
		if w := q.texts[text][i]; w > 0 {
			each(q.features[k], q.weights[k]*w/long)
		}
	}
}
