package load

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"deconflict/data"
)

// The marks of a text are where its separators, quotes and bytes below the blank stand.
func TestMarks(t *testing.T) {
	pieces := []string{",", ",", `"`, "\n", "\r\n", "\t", "\x00", " ", "a", "some longer word", "-", "#", "!", "é", "\x7f", "~", ";", "\u0085"}
	var m marks // one for all, as one for all parts
	ways := map[string]func([]int32, []byte, int, byte) (int, int, bool){"words": markWords, "what this processor has": markBlocks}
	defer func(before func([]int32, []byte, int, byte) (int, int, bool)) { markBlocks = before }(markBlocks)
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 0))
		var b strings.Builder
		for range r.IntN(60) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		text, separator := b.String(), ",;\t a"[r.IntN(5)]
		want := []int32{-1}
		for i := range len(text) {
			if c := text[i]; c == separator || c == '"' || c < ' ' {
				want = append(want, int32(i))
			}
		}
		for name, way := range ways {
			markBlocks = way
			m.find([]byte(text), separator)
			if !slices.Equal(m.at, want) {
				t.Fatalf("%q: %v by %s, wanted %v", text, m.at, name, want)
			}
			var odd []int32
			for from := 0; from < len(text); from += blockSize {
				if strings.ContainsFunc(text[from:min(from+blockSize, len(text))], func(c rune) bool { return c >= 0x7f }) {
					odd = append(odd, int32(from))
				}
			}
			if !slices.Equal(m.odd, append(odd, math.MaxInt32)) {
				t.Fatalf("%q: odd at %v by %s, wanted %v", text, m.odd, name, odd)
			}
		}
		for start := 0; start < len(text); {
			end := start + 1 + r.IntN(len(text)-start)
			odd := strings.ContainsFunc(text[start:end], func(c rune) bool { return c >= 0x7f })
			if odd && !m.oddWithin(start, end) {
				t.Fatalf("%q: nothing odd in %q", text, text[start:end])
			}
			if i := m.after(start); i < len(m.at) && int(m.at[i]) < start || int(m.at[i-1]) >= start {
				t.Fatalf("%q: a mark before %d", text, start)
			}
			start = end
		}
	}
}

// cutOf is a text of rows with their cells.
func cutOf(rows ...[]string) *cut {
	in := &cut{ends: []int32{-1}, bare: true}
	for r, row := range rows {
		in.first[r] = int32(len(in.ends))
		for _, cell := range row {
			in.text = append(append(in.text, cell...), ',')
			in.ends = append(in.ends, int32(len(in.text)-1))
		}
	}
	in.text = append(in.text, blanks...)
	return in
}

// What some cells of a row have together has a number once it was learnt, always the same and no other has it, however many and however long
// the texts are, and whatever the other cells say.
func TestGlossaries(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 0))
		var g glossaries
		cells := []int{r.IntN(2)}
		for range r.IntN(4) {
			cells = append(cells, cells[len(cells)-1]+1+r.IntN(2))
		}
		many := 1 << r.IntN(12)
		if seed == 0 { // more pairs than may stand side by side
			cells, many = []int{0, 2}, 1<<12
		}
		c := g.combine(cells...)
		if want := len(cells) > 1 && cells[len(cells)-1] == cells[0]+len(cells)-1; want && len(g.columns) != 1 {
			t.Fatalf("seed %d: the cells %v are %d columns", seed, cells, len(g.columns))
		}
		word := func() string {
			if r.IntN(9) == 0 {
				return ""
			}
			return strings.Repeat("x", r.IntN(3)*r.IntN(15)) + strconv.Itoa(r.IntN(many))
		}
		known := map[string]uint32{}
		numbered := map[uint32]string{}
		for range 3000 {
			rows := make([][]string, 6)
			var key []string
			for _, i := range []int{0, 5} {
				for range cells[len(cells)-1] + 2 {
					rows[i] = append(rows[i], word())
				}
			}
			for _, i := range cells {
				key = append(key, rows[5][i])
			}
			in := cutOf(rows...)
			g.find(in, 0, 6)
			c.find(g.columns, 0, 6)
			number := c.numbers[5]
			ok := number != unmet
			want, learnt := known[fmt.Sprintf("%q", key)]
			if len(cells) == 1 && key[0] == "" { // nothing has the number 0 before it is learnt
				want, learnt = 0, true
			}
			if ok != learnt || ok && number != want {
				t.Fatalf("seed %d: %q has the number %d, %v, wanted %d, %v", seed, key, number, ok, want, learnt)
			}
			if r.IntN(2) > 0 {
				continue
			}
			number = c.learn(g.columns, in, 5)
			if other, ok := numbered[number]; ok && other != fmt.Sprintf("%q", key) || learnt && number != want {
				t.Fatalf("seed %d: %q has the number %d of %s", seed, key, number, other)
			}
			known[fmt.Sprintf("%q", key)], numbered[number] = number, fmt.Sprintf("%q", key)
		}
	}
}

// What nearly every row has of its own is not learnt for ever, and what has been learnt stays.
func TestGlossariesEnd(t *testing.T) {
	for _, cells := range [][]int{{0, 1}, {0, 2}} {
		var g glossaries
		c := g.combine(cells...)
		row := func(i int) *cut { return cutOf([]string{strings.Repeat("long ", i%2*6) + strconv.Itoa(i), "x", "x"}) }
		for i := range mostNumbers + 1000 {
			if n := c.learn(g.columns, row(i), 0); (n == unmet) != (i >= mostNumbers) {
				t.Fatalf("the text %d has the number %d", i, n)
			}
		}
		for _, i := range []int{0, 1, mostNumbers - 2, mostNumbers - 1, mostNumbers, mostNumbers + 1} {
			g.find(row(i), 0, 1)
			c.find(g.columns, 0, 1)
			if n := c.numbers[0]; i < mostNumbers && n != uint32(i+1) || i >= mostNumbers && n != unmet {
				t.Errorf("the text %d has the number %d", i, n)
			}
		}
	}
}

// Numbers of few digits are read as all others are.
func TestSwiftNumbers(t *testing.T) {
	read := func(s string) (data.Quantity, bool) {
		r := &swift[data.Target]{points: true}
		in := cutOf([]string{s})
		copy(in.text[len(s):], "0123456789abcdef")
		return r.number(in, 0, 0)
	}
	hold := func(s string) {
		t.Helper()
		q, ok := read(s)
		a, err := data.ParseAmount(s)
		if s == "" && ok && !q.Known() {
			return
		}
		if ok && (err != nil || q != data.Known(a)) {
			t.Errorf("%q is read as %v, wanted %v, %v", s, q, a, err)
		}
		if digits(s) && len(s) <= 12 && !ok {
			t.Errorf("%q is left", s)
		}
	}
	for n := range 12_000 {
		hold(strconv.Itoa(n))
	}
	hold("")
	for n := 1; n < 1e15; n *= 10 {
		for _, m := range []int{n - 1, n, n + 1, 12345678987654321 % n} {
			hold(strconv.Itoa(m))
			hold("0" + strconv.Itoa(m))
			hold(strconv.Itoa(m) + ".25")
		}
	}
	for seed := range uint64(50_000) {
		r := rand.New(rand.NewPCG(seed, 0))
		s := make([]byte, 1+r.IntN(9))
		for i := range s {
			s[i] = "0123456789/:.- \x80\xff"[r.IntN(17)]
			if r.IntN(3) > 0 {
				s[i] = byte('0' + r.IntN(10))
			}
		}
		hold(string(s))
	}
}

// A row that names a capability by its code is about what it is word by word, whatever it says of unit and area, and also where codes are alike.
func TestSwiftSubjects(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 0))
		capabilities, targets := "capability,name,area,unit\n", "id,process,nation,area,capability,quantity,unit\n"
		codes := []string{"A-1", "B", "c", "D-D"}
		if seed%2 > 0 {
			codes = append(codes, "a 1")
		}
		for i, code := range codes {
			capabilities += fmt.Sprintf("%s,Number %d,%s,%s\n", code, i, []string{"medical", "military-mobility"}[i%2], []string{"ship", "team"}[i/2%2])
		}
		pick := func(usual string, others ...string) string {
			return append(others, usual, usual)[r.IntN(len(others)+2)]
		}
		for i := range 600 {
			code := codes[r.IntN(len(codes))]
			targets += fmt.Sprintf("T%05d,NDPP,FRA,%s,%s,3,%s\n", i, pick("", "medical", "Medical", " medical", "military-mobility"),
				pick(code, strings.ToLower(code), `"`+code+`"`, " "+code), pick("", "ship", "team", "Team"))
		}
		read := func(slow bool) (*data.Dataset, data.Problems) {
			l := borrower("x")
			l.slow, l.part = slow, 512
			l.files["capabilities"] = append(l.files["capabilities"], l.csv("capabilities.csv", []byte(capabilities)))
			l.files["targets"] = append(l.files["targets"], l.csv("targets.csv", []byte(targets)))
			return l.load(t.Context(), "x")
		}
		runtime.GOMAXPROCS(1 + r.IntN(3))
		want, problems := read(true)
		got, told := read(false)
		if diff := cmp.Diff(problems, told); diff != "" {
			t.Fatalf("seed %d (-row by row +parts)\n%s", seed, diff)
		}
		if want == nil || len(want.Targets) != 600 {
			t.Fatalf("seed %d: %v", seed, problems)
		}
		if diff := cmp.Diff(want.Targets, got.Targets); diff != "" {
			t.Fatalf("seed %d (-row by row +parts)\n%s", seed, diff)
		}
	}
}

// FuzzParts reads any rows in parts of any size and holds that they give what they give row by row.
func FuzzParts(f *testing.F) {
	for _, text := range []string{
		"a,NDPP,FRA,med-lab,3,2027,,x\nb,NDPP,FRA,med-lab,3,2027,,x\nc,NDPP,FRA,med-lab,4,2027,,y\n",
		"a,NDPP,FRA,med-lab,3,2027,,x\r\nb,NDPP,FRA,med-lab,3,2027,,\"x, y\"\r\nb,\"NDPP\",FRA,med-lab,4,2027,,\"y\"\"\"\r\n",
		"a,CDP,NOR,med-lab,3,2027,,x\nb,CDP,NOR,med-lab,3,2027,,é\n\nc,CDP,NOR,med-lab,\"4\n\",2027,,\u0085\nd, CDP,NOR,med-lab,4,2027,,\x7f\n",
		"a,NDPP,FRA,med-lab,3,2027,,x\nb,NDPP,FRA,med-lab,3,2027,,x\n ,NDPP,FRA,med-lab,3,2027,,x\n",
		"a,NDPP,FRA,cdp-2018:01,3,2027,,x\na,NDPP,FRA,cdp-2018:01,3,2027,,x\nb,NDPP,FRA,cdp-2018:02,3,2027,2026,x\n",
	} {
		f.Add(text, uint8(0), uint8(0))
		f.Add(text, uint8(40), uint8(1))
		f.Add(text, uint8(255), uint8(0))
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // on several cores the fuzzer would take every other order of events for a discovery
	f.Fuzz(func(t *testing.T, text string, size, separator uint8) {
		for line := range strings.Lines(text + text) { // an id that stands twice would have a part read row by row
			text += strconv.Itoa(len(text)) + line
		}
		s := string(",;\t"[separator%3])
		text = strings.ReplaceAll("id,process,nation,capability,quantity,from,until,statement\n", ",", s) + strings.ReplaceAll(text, ",", s)
		read := func(set func(*loader)) (*data.Dataset, data.Problems) {
			l := borrower("x")
			set(l)
			l.lone("x", []byte(text), true)
			return l.load(t.Context(), "x")
		}
		want, problems := read(func(l *loader) { l.slow = true })
		got, told := read(func(l *loader) { l.part = 4 + int(size) })
		if diff := cmp.Diff(problems, told); diff != "" {
			t.Fatalf("(-row by row +parts)\n%s", diff)
		}
		if (got == nil) != (want == nil) {
			t.Fatalf("a dataset is %v, wanted %v", got != nil, want != nil)
		}
		if want != nil && len(want.Targets)+len(got.Targets) > 0 {
			if diff := cmp.Diff(want.Targets, got.Targets); diff != "" {
				t.Fatalf("(-row by row +parts)\n%s", diff)
			}
		}
	})
}
