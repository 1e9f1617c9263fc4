package likeness

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"deconflict/data"
)

// Statement is what a requirement or a target says in words.
type Statement struct {
	Table        string // of the record, such as targets
	ID           string
	Organisation data.Organisation // that asks
	Process      data.Process
	Nation       data.Nation // that is asked; none of a requirement
	Capability   data.Capability
	Text         string
	Marking      data.Marking
	data.Position
}

// Pair are two statements of different organisations that are alike. Two targets are of one nation: those of two nations are never one
// target.
type Pair struct {
	Score        float64 // 0 to 1: the cosine of the TF-IDF vectors of their stems
	A, B         Statement
	MoreA, MoreB int      // further records of the organisation that say the same as A or B, of the same nation
	Shared       []Reason // words of both, those of the largest share first; the shares add up to the score
}

// AlikeFrom is the score from which two statements are taken for alike, unless another is asked for.
const AlikeFrom = 0.6

// Alike finds the statements of a dataset that are alike, the likest first. The names of nations and organisations and numbers are no
// words here: who asks whom for how many is known from the record. compared is how many statements there are.
//
// It finds every pair from the given score on, and compares few of the others, namely those that share one of their rarest words. These are
// as many as leave the rest of the statement too short for the score by itself: by the inequality of Cauchy and Schwarz two unit vectors
// share no more than the length of the part that they share. Prefix filtering is from Bayardo, Ma and Srikant, Scaling up all pairs
// similarity search, 2007; the bound by length from Anastasiu and Karypis, L2AP, 2014.
func Alike(ctx context.Context, ds *data.Dataset, from float64) (pairs []Pair, compared int, err error) {
	statements := statementsOf(ds)
	vectors, words := vectorsOf(ds, statements)
	// A block has the targets of a nation, and the requirements, which are of none and meet all.
	blocks := map[data.Nation][]int{}
	for i, s := range statements {
		blocks[s.Nation] = append(blocks[s.Nation], i)
	}
	var nations []data.Nation
	for n := range blocks {
		nations = append(nations, n)
	}
	slices.Sort(nations)
	for _, n := range nations {
		block := blocks[n]
		if n != "" {
			block = slices.Concat(block, blocks[""])
		}
		found, err := joinBlock(ctx, statements, vectors, words, block, n, from)
		if err != nil {
			return nil, 0, err
		}
		pairs = append(pairs, found...)
	}
	slices.SortStableFunc(pairs, func(p, q Pair) int {
		return cmp.Or(cmp.Compare(q.Score, p.Score), strings.Compare(p.A.ID, q.A.ID), strings.Compare(p.B.ID, q.B.ID))
	})
	return pairs, len(statements), nil
}

// statementsOf are the requirements and targets that say something, by whom an organisation asks.
func statementsOf(ds *data.Dataset) (out []Statement) {
	add := func(table string, r *data.Record, p data.Process, n data.Nation) {
		if o := ds.OrganisationOf(p); o != "" && r.Statement() != "" {
			out = append(out, Statement{table, r.ID(), o, p, n, r.Capability, r.Statement(), r.Marking, r.Position()})
		}
	}
	for i := range ds.Requirements {
		add("requirements", &ds.Requirements[i].Record, ds.Requirements[i].Process, "")
	}
	for i := range ds.Targets {
		add("targets", &ds.Targets[i].Record, ds.Targets[i].Process, ds.Targets[i].Nation)
	}
	return out
}

// component is a word of a statement, and what it weighs there.
type component struct {
	word   int
	weight float64
}

// vocabulary are the words of all statements: by number the stem, and the word as it stands in the first that has it.
type vocabulary struct{ stems, spelt []string }

// vectorsOf are the unit vectors of the statements, their words from the rarest to the most frequent, and the words. Statements with the
// same words have the same vector.
func vectorsOf(ds *data.Dataset, statements []Statement) (vectors [][]component, words vocabulary) {
	known := namesOf(ds)
	stems := map[string]string{} // of words, as few statements have words of their own
	number := map[string]int{}
	var with []int
	same := map[string]int{} // the words of a statement → the first that has them
	first := make([]int, len(statements))
	sets := make([][]int, len(statements))
	for i, s := range statements {
		var set []int
		for _, w := range split(s.Text) {
			if isStop(w.folded) || isNumber(w.folded) || known[w.folded] {
				continue
			}
			stem, ok := stems[w.folded]
			if !ok {
				stem = inEnglish.stem(w.folded)
				stems[w.folded] = stem
			}
			k, ok := number[stem]
			if !ok {
				k = len(with)
				number[stem], with = k, append(with, 0)
				words.stems, words.spelt = append(words.stems, stem), append(words.spelt, w.text)
			}
			set = append(set, k)
		}
		slices.Sort(set)
		set = slices.Compact(set)
		var key strings.Builder
		for _, k := range set {
			key.WriteString(words.stems[k])
			key.WriteByte(' ')
		}
		j, again := same[key.String()]
		if !again {
			j = i
			same[key.String()] = i
			for _, k := range set {
				with[k]++
			}
		}
		first[i], sets[i] = j, set
	}
	texts := len(same)
	vectors = make([][]component, len(statements))
	for i, set := range sets {
		if first[i] != i {
			vectors[i] = vectors[first[i]]
			continue
		}
		sum := 0.0
		var v []component
		for _, k := range set {
			w := math.Log(1 + float64(texts)/float64(with[k]))
			v, sum = append(v, component{k, w}), sum+w*w
		}
		for j := range v {
			v[j].weight /= math.Sqrt(sum)
		}
		slices.SortFunc(v, func(a, b component) int {
			return cmp.Or(cmp.Compare(with[a.word], with[b.word]), cmp.Compare(words.stems[a.word], words.stems[b.word]))
		})
		vectors[i] = v
	}
	return vectors, words
}

// namesOf are the folded words of the names of nations, organisations and processes.
func namesOf(ds *data.Dataset) map[string]bool {
	out := map[string]bool{}
	add := func(name string) {
		for _, w := range split(name) {
			out[w.folded] = true
		}
	}
	for _, n := range ds.Nations {
		add(n.Name)
		add(string(n.Nation))
		for _, a := range n.Aliases {
			if len([]rune(a)) > 2 { // "be" and "it" are more often words
				add(a)
			}
		}
	}
	for _, p := range ds.Processes {
		add(string(p.Process))
		add(string(p.Organisation))
	}
	return out
}

// alike are the statements of a block that have one vector, by organisation.
type alike struct {
	vector []component
	by     map[data.Organisation][]int
}

// joinBlock finds the pairs of a block. Those of two requirements are found in the block of no nation alone.
func joinBlock(ctx context.Context, statements []Statement, vectors [][]component, words vocabulary, block []int, n data.Nation, from float64) ([]Pair, error) {
	var groups []*alike
	of := map[*component]*alike{}
	for _, i := range block {
		v := vectors[i]
		if len(v) == 0 {
			continue
		}
		g := of[&v[0]]
		if g == nil {
			g = &alike{vector: v, by: map[data.Organisation][]int{}}
			of[&v[0]] = g
			groups = append(groups, g)
		}
		o := statements[i].Organisation
		g.by[o] = append(g.by[o], i)
	}
	var out []Pair
	meet := func(g, h *alike, score float64) {
		for _, o := range organisations(g) {
			for _, p := range organisations(h) {
				a, b := g.by[o], h.by[p]
				switch {
				case o == p, g == h && o > p:
				case n != "" && statements[a[0]].Nation == "" && statements[b[0]].Nation == "":
				default:
					out = append(out, pair(statements, words, g, h, a, b, score))
				}
			}
		}
	}
	having := map[int][]int{} // by word: the groups so far that have it among their rarest
	met := make([]int, len(groups))
	for x, g := range groups {
		if x%256 == 0 && ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		meet(g, g, 1)
		rarest := g.vector[:enough(g.vector, from-margin)]
		for _, c := range rarest {
			for _, y := range having[c.word] {
				if met[y] == x+1 {
					continue
				}
				met[y] = x + 1
				if score := dot(g.vector, groups[y].vector); score >= from-margin {
					meet(groups[y], g, min(1, score))
				}
			}
		}
		for _, c := range rarest {
			having[c.word] = append(having[c.word], x)
		}
	}
	return out, nil
}

// enough is how many of its rarest words a unit vector must give so that the length of the rest is below a score. Of two vectors whose
// likeness is that score, at least one of these words is in both. Their words stand in one order: take the vector whose last such word is
// the rarer one. What the two share beyond that word is part of its rest, and too little; so they share a word before, which the other
// vector gives too.
func enough(v []component, score float64) int {
	rest := 1.0
	for i, c := range v {
		if rest < score*score {
			return i
		}
		rest -= c.weight * c.weight
	}
	return len(v)
}

// margin is more than rounding can take off a score.
const margin = 1e-9

func organisations(g *alike) (out []data.Organisation) {
	for o := range g.by {
		out = append(out, o)
	}
	slices.Sort(out)
	return out
}

func dot(a, b []component) (sum float64) {
	for _, x := range a {
		for k := range b {
			if b[k].word == x.word {
				sum += x.weight * b[k].weight
				break
			}
		}
	}
	return sum
}

// pair tells of two groups of records, each of one organisation: their first ones, and how many more there are. Where one has
// requirements, it is told first.
func pair(statements []Statement, words vocabulary, g, h *alike, a, b []int, score float64) Pair {
	first := func(list []int) (Statement, int) {
		i := slices.MinFunc(list, func(i, j int) int {
			a, b := &statements[i], &statements[j]
			return cmp.Or(-cmp.Compare(a.Nation, b.Nation), strings.Compare(a.ID, b.ID)) // a target before a requirement
		})
		more := 0
		for _, j := range list {
			if j != i && statements[j].Nation == statements[i].Nation {
				more++
			}
		}
		return statements[i], more
	}
	p := Pair{Score: score}
	p.A, p.MoreA = first(a)
	p.B, p.MoreB = first(b)
	if p.B.Organisation < p.A.Organisation {
		p.A, p.B, p.MoreA, p.MoreB = p.B, p.A, p.MoreB, p.MoreA
	}
	for _, x := range g.vector {
		for _, y := range h.vector {
			if x.word == y.word {
				p.Shared = append(p.Shared, Reason{Word, words.spelt[x.word], words.stems[x.word], x.weight * y.weight})
			}
		}
	}
	slices.SortStableFunc(p.Shared, func(a, b Reason) int { return cmp.Or(cmp.Compare(b.Share, a.Share), strings.Compare(a.Text, b.Text)) })
	return p
}
