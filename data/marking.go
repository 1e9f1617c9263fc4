package data

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// Marking is a protective marking in its one spelling, such as "NATO RESTRICTED // REL TO AUT, NATO"; empty where none is known.
// ParseMarking makes one of what people write, and Banner one of several: what the markings of several policies come to stands
// between plus signs. Equal markings are equal texts.
type Marking string

// Public is what anybody may see.
const Public Marking = "PUBLIC"

// Unmarked is what is said where no marking is known.
const Unmarked Marking = "UNMARKED: to be marked by its originator"

// Policy is whose rules a marking follows: those of NATO, of the EU, of a nation, by its code, or of the Traffic Light Protocol, which
// stands beside the others.
type Policy string

// The policies that are no nation's. PolicyNone is that of NOTIONAL and EXERCISE where no other marking is played, and PolicyUnknown
// that of a text that is no known marking: one from a report or a store that another version made.
const (
	PolicyPublic   Policy = "PUBLIC"
	PolicyNATO     Policy = "NATO"
	PolicyEU       Policy = "EU"
	PolicyTLP      Policy = "TLP"
	PolicyNone     Policy = "NONE"
	PolicyUnmarked Policy = "UNMARKED"
	PolicyUnknown  Policy = "UNKNOWN"
)

// Protection is what a marking says under one policy.
type Protection struct {
	// Pretence is NOTIONAL or EXERCISE where the data is made up.
	Pretence       string
	Policy         Policy
	Classification string   // as the policy writes it; the whole text where the policy is not known
	Rank           int      // within the policy; the higher the more it protects
	Caveats        []string // restrictions beside the classification, such as LIMITE, in the order of the alphabet
	// Listed says that Release names all who may see it: organisations and nations, or nobody beyond the originators.
	Listed  bool
	Release Audience
}

// Limite is the EU's distribution marking. It is no classification: it may stand alone, and beside one.
const Limite = "LIMITE"

// NoRelease stands where records that were put together may go to nobody in common.
const NoRelease = "NO RELEASE BEYOND ORIGINATORS"

// The words of a marking that are not in the table.
const (
	relTo     = "REL TO "
	between   = " // "
	beside    = " + "
	fiveEyes  = "FVEY"
	unmarked  = "unmarked" // how Unmarked begins, folded
	wantNames = "a nation or an organisation"
)

var pretences = []string{"EXERCISE", "NOTIONAL"}

// MarkingRow is one classification of a policy.
type MarkingRow struct {
	Policy  Policy // AnyNation for the English words that every nation may use
	Rank    int
	Marking string
	Also    []string // other spellings
}

// GoesTo says in words to whom what carries the marking and no more may go.
func (m MarkingRow) GoesTo() string {
	switch m.Policy {
	case PolicyPublic:
		return "everybody"
	case PolicyNATO:
		return "NATO and its members"
	case PolicyEU:
		return "the EU, its bodies and its members"
	case PolicyTLP:
		return [...]string{"everybody", "NATO, the EU and their members", "those named after REL TO", "those named after REL TO", "those named after REL TO"}[m.Rank]
	}
	return "that nation"
}

// AnyNation is the policy of the words that may follow any nation's name.
const AnyNation Policy = "*"

//go:embed markings.csv
var markingsTable []byte

// lexicon is the table of classifications with its spellings, folded.
type lexicon struct {
	rows   []MarkingRow
	shared map[string]int            // of organisations, PUBLIC and TLP
	nation map[Policy]map[string]int // of one nation
	whose  map[string][]int          // of whatever nation
	words  []string                  // what near misses are looked for in
	common []string                  // the words that are no nation's
}

var markings = sync.OnceValue(func() *lexicon {
	x := &lexicon{shared: map[string]int{}, nation: map[Policy]map[string]int{}, whose: map[string][]int{}, common: slices.Clone(pretences)}
	table, err := csv.NewReader(bytes.NewReader(markingsTable)).ReadAll()
	if err != nil {
		panic(err) // a test reads it
	}
	for i, line := range table[1:] {
		row := MarkingRow{Policy: Policy(line[0]), Marking: line[2]}
		if row.Rank, err = strconv.Atoi(line[1]); err != nil {
			panic(err)
		}
		if line[3] != "" {
			row.Also = strings.Split(line[3], ";")
		}
		x.rows = append(x.rows, row)
		for _, word := range append([]string{row.Marking}, row.Also...) {
			key := foldMarking(word)
			switch row.Policy {
			case PolicyPublic, PolicyNATO, PolicyEU, PolicyTLP:
				x.shared[key] = i
				x.common = append(x.common, word)
				continue
			case AnyNation:
			default:
				x.whose[key] = append(x.whose[key], i)
				x.words = append(x.words, word)
			}
			if x.nation[row.Policy] == nil {
				x.nation[row.Policy] = map[string]int{}
			}
			x.nation[row.Policy][key] = i
		}
	}
	x.words = append(x.words, x.common...)
	slices.Sort(x.words)
	x.words = slices.Compact(x.words)
	return x
})

// Markings are the classifications that are understood, policy by policy, each from the lowest.
func Markings() []MarkingRow { return slices.Clone(markings().rows) }

// ofNation is the row of a nation's classification. English words stand for the nation's own of the same rank.
func (x *lexicon) ofNation(n Nation, key string) (MarkingRow, bool) {
	if i, ok := x.nation[Policy(n)][key]; ok {
		return x.rows[i], true
	}
	i, ok := x.nation[AnyNation][key]
	if !ok {
		return MarkingRow{}, false
	}
	row := x.rows[i]
	for _, own := range x.rows {
		if own.Policy == Policy(n) && own.Rank == row.Rank {
			return own, true
		}
	}
	row.Policy = Policy(n)
	return row, true
}

// national reports whether some nation classifies in these words.
func (x *lexicon) national(key string) bool {
	_, english := x.nation[AnyNation][key]
	return english || len(x.whose[key]) > 0
}

// foldMarking is how words of markings are compared: without case, accents and punctuation.
func foldMarking(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		if r = unicode.ToLower(r); unicode.Is(unicode.Mn, r) {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		if bare, ok := bareLetters[r]; ok {
			b.WriteString(bare)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// bareLetters are letters without their accents, as far as classifications have any.
var bareLetters = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe"}
	for bare, accented := range map[string]string{
		"a": "àáâãäåāăą", "c": "çćĉċč", "d": "ďđ", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭįı", "k": "ķ", "l": "ĺļľŀł",
		"n": "ñńņň", "o": "òóôõöøōŏő", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťț", "u": "ùúûüũūŭůűų", "y": "ýÿ", "z": "źżž",
		"α": "ά", "ε": "έ", "η": "ή", "ι": "ίϊΐ", "ο": "ό", "υ": "ύϋΰ", "ω": "ώ", "σ": "ς",
	} {
		for _, r := range accented {
			m[r] = bare
		}
	}
	return m
}()

// knownCaveats are the restrictions that are often met. Others are taken as they stand, unless they are nearly one of these.
var knownCaveats = []string{
	Limite, "ATOMAL", "BOHEMIA", "COMMERCIAL", "COMPETITION", "CRYPTO", "EXCLUSIVE", "EYES ONLY", "INTELLIGENCE", "LIMDIS", "LOGISTICS",
	"MANAGEMENT", "MEDICAL", "NOFORN", "OPERATIONS", "ORCON", "PERSONAL", "PERSONAL DATA", "SENSITIVE", "STAFF", "TEMPEST",
}

// ParseMarking reads a protective marking as people write it: a classification of NATO, the EU or a nation, PUBLIC, or a colour of the
// Traffic Light Protocol; before it NOTIONAL or EXERCISE where the data is made up; after it, between double strokes, whom it may be
// released to, and restrictions. A text that is none of these, that contradicts itself or mixes two policies is an error.
func (v *Vocabulary) ParseMarking(s string) (Marking, error) {
	if strings.HasPrefix(foldMarking(s), unmarked) {
		return Unmarked, nil
	}
	r := reader{s, v.audienceName, v.ParseNation, true}
	ps, err := r.read()
	if err != nil {
		return "", err
	}
	var policies []string
	for i := range ps {
		p := &ps[i]
		if p.Policy != PolicyTLP {
			policies = append(policies, p.policyName())
		}
		if err := v.settle(s, p); err != nil {
			return "", err
		}
	}
	if slices.ContainsFunc(ps, func(p Protection) bool { return p.Policy == PolicyPublic }) && slices.ContainsFunc(ps, func(p Protection) bool { return p.Policy == PolicyTLP && p.Rank > 0 }) {
		return "", &ValueError{Got: s, Want: "PUBLIC, or a colour of the Traffic Light Protocol", Hint: "what is public has no restriction"}
	}
	if len(policies) > 1 {
		return "", &ValueError{Got: s, Want: "a marking of one policy, not " + strings.Join(policies, " and "), Hint: "a record has one originator, who marks it"}
	}
	return spell(ps), nil
}

// policyName says whose marking it is.
func (p *Protection) policyName() string {
	return strings.TrimSpace(p.Pretence + " " + string(p.Policy))
}

// settle completes whom a marking names and refuses contradictions. A list that names others than those to whom the policy opens it
// anyway adds to these; one that names some of these is the whole list.
func (v *Vocabulary) settle(s string, p *Protection) error {
	wrong := func(want, hint string) error { return &ValueError{Got: s, Want: want, Hint: hint} }
	if p.Policy == PolicyPublic && (p.Listed || len(p.Caveats) > 0) {
		return wrong("PUBLIC alone, or a classification", "what is public has no restriction")
	}
	if !p.Listed {
		return nil
	}
	owner, isNation := p.owner()
	if owner != "" && len(p.Release) > 0 && !slices.Contains(p.Release, owner) {
		if isNation || !slices.ContainsFunc(p.Release, func(name string) bool { return v.inside(name, Organisation(owner)) }) {
			p.Release = append(p.Release, owner)
		}
	}
	slices.Sort(p.Release)
	if p.Policy == PolicyEU && slices.Contains(p.Caveats, Limite) {
		for _, name := range p.Release {
			if name != owner && !v.inside(name, EU) {
				return wrong("LIMITE, or a release to "+name, "LIMITE goes to nobody outside the EU")
			}
		}
	}
	return nil
}

// inside reports whether a name is one of those for whom an organisation speaks, be it only at some time: a member, a body of the EU,
// or a group with a member in it.
func (v *Vocabulary) inside(name string, o Organisation) bool {
	if o == EU && slices.Contains(unionBodies, name) {
		return true
	}
	if name == fiveEyes {
		return slices.ContainsFunc(fiveNations, func(n string) bool { return v.inside(n, o) })
	}
	return len(v.member[membershipKey{Nation(name), o}]) > 0
}

// owner is who may see whatever is marked under the policy; empty where that is nobody by name.
func (p *Protection) owner() (name string, nation bool) {
	switch p.Policy {
	case PolicyNATO, PolicyEU:
		return string(p.Policy), false
	case PolicyPublic, PolicyTLP, PolicyNone, PolicyUnmarked, PolicyUnknown:
		return "", false
	}
	return string(p.Policy), true
}

// Protections are what a marking says, policy by policy, in the order in which they are shown. Text that is no known marking is one
// too: nothing of a marking is ever passed over.
func (m Marking) Protections() []Protection {
	if m == "" {
		m = Unmarked
	}
	var out []Protection
	for part := range strings.SplitSeq(string(m), beside) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if part == string(Unmarked) {
			out = append(out, Protection{Policy: PolicyUnmarked, Classification: part})
			continue
		}
		r := reader{part, codeName, nationCode, false}
		ps, err := r.read()
		if err != nil {
			ps = []Protection{{Policy: PolicyUnknown, Classification: part}}
		}
		out = append(out, ps...)
	}
	slices.SortFunc(out, compareProtections)
	return out
}

// codeName takes the names of a marking that was made by ParseMarking as they are.
func codeName(s string) (string, error) {
	if s == "" {
		return "", &ValueError{Got: s, Want: wantNames}
	}
	return s, nil
}

func nationCode(s string) (Nation, error) {
	if len(s) != 3 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", &ValueError{Got: s, Want: "the code of a nation"}
	}
	return Nation(s), nil
}

// reader reads the text of one cell.
type reader struct {
	text   string
	name   func(string) (string, error) // of a nation or an organisation
	nation func(string) (Nation, error)
	strict bool // people may have mistyped it
}

func (r *reader) fail(want, hint string) error {
	return &ValueError{Got: r.text, Want: want, Hint: hint}
}

const wantMarking = "a protective marking, such as NATO RESTRICTED, RESTREINT UE/EU RESTRICTED or PUBLIC"

// read gives the protections of the text: one of each policy that it names.
func (r *reader) read() ([]Protection, error) {
	var out []Protection
	for part := range strings.SplitSeq(r.text, beside) {
		ps, err := r.part(part)
		if err != nil {
			return nil, err
		}
		for _, p := range ps {
			if slices.ContainsFunc(out, func(q Protection) bool { return q.Pretence == p.Pretence && q.Policy == p.Policy }) {
				return nil, r.fail("one marking of "+p.policyName(), "it names two")
			}
			out = append(out, p)
		}
	}
	slices.SortFunc(out, compareProtections)
	return out, nil
}

// part reads what stands between plus signs.
func (r *reader) part(text string) ([]Protection, error) {
	var of, tlp *Protection
	var pretence string
	var caveats []string
	var release Audience
	listed := false
	for i, segment := range strings.Split(text, "//") {
		segment, names, hasNames := cutRelease(segment)
		if i == 0 {
			var err error
			if pretence, segment, err = r.pretence(segment); err != nil {
				return nil, err
			}
		}
		key := foldMarking(segment)
		none := key == foldMarking(NoRelease)
		if hasNames || none {
			if listed {
				return nil, r.fail("one list of whom it may be released to", "it has two")
			}
			listed = true
		}
		if hasNames {
			var err error
			if release, err = r.names(names); err != nil {
				return nil, err
			}
		}
		if none || key == "" && (hasNames || i == 0 && pretence != "") {
			continue
		}
		if key == "" {
			return nil, r.fail(wantMarking, "nothing stands between two of its strokes")
		}
		var limite bool
		if key, limite = cutLimite(key); limite {
			if caveats = append(caveats, Limite); key == "" {
				if of == nil {
					of = &Protection{Policy: PolicyEU}
				}
				continue
			}
			words := strings.Fields(segment)
			segment = strings.TrimRight(strings.Join(words[:len(words)-1], " "), " ,;-/")
		}
		row, found, err := r.row(key, segment)
		switch {
		case err != nil && of == nil:
			return nil, err
		case err != nil:
			return nil, r.fail("one classification, not "+of.String()+" and "+segment, "")
		case found && row.Policy == PolicyTLP:
			if tlp != nil {
				return nil, r.fail("one colour of the Traffic Light Protocol", "it names two")
			}
			tlp = &Protection{Policy: PolicyTLP, Classification: row.Marking, Rank: row.Rank}
		case found:
			if of != nil && (of.Policy != row.Policy || of.Classification != "" && of.Rank != row.Rank) {
				return nil, r.fail("one classification, not "+of.String()+" and "+row.Marking, "a record has one originator, who marks it")
			}
			of = &Protection{Policy: row.Policy, Classification: row.Marking, Rank: row.Rank}
		case of == nil && tlp == nil && pretence == "":
			return nil, r.fail(wantMarking, r.hint(segment))
		default:
			caveat, err := r.caveat(segment)
			if err != nil {
				return nil, err
			}
			caveats = append(caveats, caveat)
		}
	}
	if of == nil && pretence != "" {
		of = &Protection{Policy: PolicyNone}
	}
	if of == nil && tlp == nil {
		return nil, r.fail(wantMarking, "deconflict list markings shows them")
	}
	slices.Sort(caveats)
	caveats = slices.Compact(caveats)
	var out []Protection
	for _, p := range []*Protection{of, tlp} {
		if p == nil {
			continue
		}
		if p == of || of == nil {
			p.Pretence, p.Caveats = pretence, caveats
		}
		if slices.Contains(p.Caveats, Limite) && p.Policy != PolicyEU {
			return nil, r.fail("LIMITE beside a marking of the EU alone", "")
		}
		p.Listed, p.Release = listed, slices.Clone(release)
		out = append(out, *p)
	}
	return out, nil
}

// limites are the ways to write LIMITE alone, folded.
var limites = []string{"limite", "eu limite", "limite eu"}

// cutLimite takes LIMITE off a folded text.
func cutLimite(key string) (rest string, found bool) {
	if slices.Contains(limites, key) {
		return "", true
	}
	return strings.CutSuffix(key, " limite")
}

// cutRelease takes the list of those to whom it may be released off a part of a marking.
func cutRelease(s string) (before, names string, found bool) {
	upper := strings.ToUpper(s)
	if len(upper) != len(s) { // a letter that is longer in capitals: no list is behind it that would be found in the same place
		upper = asciiUpper(s)
	}
	for _, word := range []string{"RELEASABLE TO", "REL TO", "REL:"} {
		i := strings.Index(upper, word)
		if i < 0 || i > 0 && upper[i-1] != ' ' {
			continue
		}
		rest := s[i+len(word):]
		if rest != "" && !strings.HasPrefix(rest, " ") && !strings.HasPrefix(rest, ":") && word != "REL:" {
			continue
		}
		return strings.TrimSpace(s[:i]), strings.TrimLeft(rest, ": "), true
	}
	return s, "", false
}

func asciiUpper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

// pretence takes NOTIONAL or EXERCISE off the front.
func (r *reader) pretence(s string) (word, rest string, err error) {
	s = strings.TrimSpace(s)
	for {
		first, rest, _ := strings.Cut(s, " ")
		i := slices.Index(pretences, asciiUpper(strings.Trim(first, ":,")))
		if i < 0 {
			return word, s, nil
		}
		if word != "" && word != pretences[i] {
			return "", "", r.fail("EXERCISE or NOTIONAL, not both", "")
		}
		word, s = pretences[i], strings.TrimSpace(rest)
	}
}

// names reads a list of nations and organisations.
func (r *reader) names(list string) (Audience, error) {
	var out Audience
	for part := range strings.FieldsFuncSeq(list, func(c rune) bool { return c == ',' || c == ';' }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, err := r.name(part)
		if e, ok := err.(*ValueError); ok {
			return nil, r.fail(wantNames+" for "+strconv.Quote(part), e.Hint)
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	if len(out) == 0 {
		return nil, r.fail(wantNames+" to release it to", "")
	}
	return out, nil
}

// row finds the classification that a folded text means.
func (r *reader) row(key, segment string) (MarkingRow, bool, error) {
	x := markings()
	if i, ok := x.shared[key]; ok {
		return x.rows[i], true, nil
	}
	named := func(row MarkingRow) MarkingRow {
		row.Marking = string(row.Policy) + " " + row.Marking
		return row
	}
	words := strings.Fields(segment)
	for n := len(words) - 1; n > 0; n-- {
		key := foldMarking(strings.Join(words[n:], " "))
		if !x.national(key) {
			continue
		}
		nation, err := r.nation(strings.Join(words[:n], " "))
		if err != nil {
			continue
		}
		if row, ok := x.ofNation(nation, key); ok {
			return named(row), true, nil
		}
	}
	whose := x.whose[key]
	if _, english := x.nation[AnyNation][key]; len(whose) == 1 && !english {
		return named(x.rows[whose[0]]), true, nil
	}
	if !x.national(key) {
		return MarkingRow{}, false, nil
	}
	var could []string
	for _, organisation := range []string{"nato ", "eu "} {
		if i, ok := x.shared[organisation+key]; ok {
			could = append(could, x.rows[i].Marking)
		}
	}
	for _, i := range whose {
		could = append(could, named(x.rows[i]).Marking)
	}
	return MarkingRow{}, false, r.fail(wantMarking, "whose? "+strings.Join(could[:min(4, len(could))], ", ")+" …")
}

// hint names the near misses of a text that is no marking, for people who may have mistyped it.
func (r *reader) hint(segment string) string {
	if !r.strict {
		return ""
	}
	if near := Nearest(strings.TrimSpace(segment), markings().words); len(near) > 0 {
		return DidYouMean(near)
	}
	return "deconflict list markings shows them"
}

// caveat reads a restriction. A text that is nearly another word of a marking is not taken for one.
func (r *reader) caveat(segment string) (string, error) {
	text := strings.ToUpper(strings.Join(strings.Fields(segment), " "))
	key := foldMarking(text)
	for _, known := range knownCaveats {
		if foldMarking(known) == key {
			return known, nil
		}
	}
	if !r.strict {
		return text, nil
	}
	first, _, _ := strings.Cut(key, " ")
	_, err := r.name(segment)
	near := Nearest(text, append(slices.Clone(knownCaveats), markings().common...))
	switch {
	case strings.HasPrefix(key, "tlp"):
		return "", r.fail("a colour of the Traffic Light Protocol: CLEAR, GREEN, AMBER, AMBER+STRICT or RED", "")
	case slices.Contains([]string{"rel", "relto", "releasable", "releaseable", "release", "released"}, first):
		return "", r.fail("REL TO with nations and organisations, or a restriction", "did you mean REL TO?")
	case err == nil:
		return "", r.fail("REL TO with nations and organisations, or a restriction", "did you mean REL TO "+text+"?")
	case len(near) > 0 && !strings.HasSuffix(key, " eyes only"):
		return "", r.fail("a restriction as it is written", DidYouMean(near))
	case len(text) > 200 || strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }):
		return "", r.fail("a restriction in plain words", "")
	}
	return text, nil
}

// spell writes protections in the one way that equal ones are written.
func spell(ps []Protection) Marking {
	slices.SortFunc(ps, compareProtections)
	var parts []string
	for i := range ps {
		parts = append(parts, ps[i].String())
	}
	return Marking(strings.Join(parts, beside))
}

// String is the marking under this policy alone.
func (p Protection) String() string {
	caveats := p.Caveats
	text := p.Classification
	if text == "" && p.Policy == PolicyEU {
		text = Limite
		caveats = slices.DeleteFunc(slices.Clone(caveats), func(c string) bool { return c == Limite })
	}
	text = strings.TrimSpace(p.Pretence + " " + text)
	for _, c := range caveats {
		text += between + c
	}
	switch {
	case p.Listed && len(p.Release) == 0:
		text += between + NoRelease
	case p.Listed:
		text += between + relTo + p.Release.String()
	}
	return text
}
