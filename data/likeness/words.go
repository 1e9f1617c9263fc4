package likeness

import (
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"golang.org/x/text/unicode/norm"
)

// word is a word of a text: as it stands there, and folded.
type word struct {
	text   string
	folded string
}

// split finds the words of a text: runs of letters and digits, with a full stop, a comma or an apostrophe inside them left out. What a
// hyphen or a slash joins are words of their own.
func split(text string) []word {
	var words []word
	from := -1
	end := func(to int) {
		if from >= 0 {
			if f := fold(text[from:to]); f != "" {
				words = append(words, word{text[from:to], f})
			}
		}
		from = -1
	}
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if from < 0 {
				from = i
			}
		default:
			end(i)
		}
	}
	end(len(text))
	return words
}

// fold is a word without case and accents.
func fold(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
	}
	if ascii {
		return strings.ToLower(s)
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsMark(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
	return strings.ReplaceAll(s, "ß", "ss")
}

// language is one whose words are stemmed.
type language int

const (
	inEnglish language = iota
	inFrench
	inGerman
	languages
)

var stemmers = [languages]func(*snowballstem.Env) bool{english.Stem, french.Stem, german.Stem}

// stem is the stem of a folded word, as the Snowball algorithm of a language finds it (https://snowballstem.org/algorithms/).
func (l language) stem(folded string) string {
	env := snowballstem.NewEnv(folded)
	stemmers[l](env)
	return env.Current()
}

// isNumber reports whether a folded word is of digits alone.
func isNumber(folded string) bool {
	return strings.Trim(folded, "0123456789") == ""
}

// isStop reports whether a folded word says nothing about what a text is about.
func isStop(folded string) bool { return stop[folded] }

var stop = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`
		a about after all an and any are as at be been before being between both by can could during each for from had has have how in
		into is it its may more most no nor not of off on one only or other others our out over own same shall should so some such than
		that the their them then there these they this those through to two under until up was were what when where which while who whom
		will with within without would you your s
		au aux avec ce ces cet cette d dans de des du elle en est et il ils l la le les leur leurs mais ou par pas plus pour qu que qui sa
		se ses son sont sur un une vers y
		als am an auch auf aus bei bis das dass dem den der des die durch ein eine einem einen einer eines fur im ist kann mit nach nicht
		oder sich sie sind so uber um und unter vom von vor werden wie wird zu zum zur zwischen`) {
		m[w] = true
	}
	return m
}()

// grams are the runs of three characters of a folded word, with its ends marked.
func grams(folded string) []string {
	runes := []rune("_" + folded + "_")
	out := make([]string, 0, len(runes))
	for i := 0; i+3 <= len(runes); i++ {
		out = append(out, string(runes[i:i+3]))
	}
	return out
}
