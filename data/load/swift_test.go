package load

import (
	"fmt"
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
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 0))
		var b strings.Builder
		for range r.IntN(60) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		text, separator := b.String(), ",;\t"[r.IntN(3)]
		m.find([]byte(text), separator)
		var want []int32
		for i := range len(text) {
			if c := text[i]; c == separator || c == '"' || c < ' ' {
				want = append(want, int32(i))
			}
		}
		if !slices.Equal(m.at, want) {
			t.Fatalf("%q: %v, wanted %v", text, m.at, want)
		}
		for start := 0; start < len(text); {
			end := start + 1 + r.IntN(len(text)-start)
			odd := strings.ContainsFunc(text[start:end], func(c rune) bool { return c >= 0x7f })
			if odd && !m.oddWithin(start, end) {
				t.Fatalf("%q: nothing odd in %q", text, text[start:end])
			}
			if len(m.after(start)) > 0 && int(m.after(start)[0]) < start {
				t.Fatalf("%q: a mark before %d", text, start)
			}
			start = end
		}
	}
}

// What the cells of a row have together has a number once it was learnt, always the same and no other has it, however many and however long
// the texts are.
func TestGlossaries(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 0))
		var g glossaries
		columns := 1 + r.IntN(4)
		cells := make([]int, columns)
		for i := range cells {
			cells[i] = i
		}
		c := g.combine(cells...)
		many := 1 << r.IntN(12)
		if seed == 0 { // more than may stand side by side
			columns, many = 2, 1<<12
			g = glossaries{}
			c = g.combine(0, 1)
		}
		from, to := make([][batch]int32, columns), make([][batch]int32, columns)
		known := map[string]uint32{}
		numbered := map[uint32]string{}
		for range 3000 {
			var row [][]byte
			var text []byte
			for i := range columns {
				word := strings.Repeat("x", r.IntN(3)*r.IntN(15)) + strconv.Itoa(r.IntN(many))
				if r.IntN(9) == 0 {
					word = ""
				}
				row = append(row, []byte(word))
				at := r.IntN(2) * 5 // of two rows, of which the other may be old
				from[i][at], from[i][5-at] = int32(len(text)), int32(len(text))
				text = append(text, word...)
				to[i][at], to[i][5-at] = int32(len(text)), int32(len(text))
			}
			text = append(text, "what is beyond the cells"...)
			key := fmt.Sprintf("%q", row)
			g.find(text, from, to, 0, 6)
			c.find(g.columns, 0, 6)
			number := c.numbers[5]
			ok := number != unmet
			want, learnt := known[key]
			if columns == 1 && len(row[0]) == 0 { // nothing has the number 0 before it is learnt
				want, learnt = 0, true
			}
			if ok != learnt || ok && number != want {
				t.Fatalf("seed %d: %s has the number %d, %v, wanted %d, %v", seed, key, number, ok, want, learnt)
			}
			if r.IntN(2) > 0 {
				continue
			}
			g.learn(row, 5)
			number = c.learn(g.columns, 5)
			if other, ok := numbered[number]; ok && other != key || learnt && number != want {
				t.Fatalf("seed %d: %s has the number %d of %s", seed, key, number, other)
			}
			known[key], numbered[number] = number, key
		}
	}
}

// What nearly every row has of its own is not learnt for ever, and what has been learnt stays.
func TestGlossariesEnd(t *testing.T) {
	var g glossaries
	c := g.combine(0, 1)
	word := func(i int) string { return strings.Repeat("long ", i%2*6) + strconv.Itoa(i) }
	for i := range mostNumbers + 1000 {
		g.learn([][]byte{[]byte(word(i)), []byte("x")}, 0)
		if n := c.learn(g.columns, 0); (n == unmet) != (i >= mostNumbers) {
			t.Fatalf("the text %d has the number %d", i, n)
		}
	}
	for _, i := range []int{0, 1, mostNumbers - 2, mostNumbers - 1, mostNumbers, mostNumbers + 1} {
		text := word(i) + "x"
		from, to := make([][batch]int32, 2), make([][batch]int32, 2)
		from[1][0], to[0][0], to[1][0] = int32(len(text)-1), int32(len(text)-1), int32(len(text))
		g.find([]byte(text+strings.Repeat(" ", slotBytes)), from, to, 0, 1)
		c.find(g.columns, 0, 1)
		if n := c.numbers[0]; i < mostNumbers && n != uint32(i+1) || i >= mostNumbers && n != unmet {
			t.Errorf("the text %d has the number %d", i, n)
		}
	}
}

// Numbers of few digits are read as all others are.
func TestSwiftNumbers(t *testing.T) {
	read := func(s string) (data.Quantity, bool) {
		text := s + "0123456789abcdef"
		r := &swift[data.Target]{points: true, from: [][batch]int32{{0}}, to: [][batch]int32{{int32(len(s))}}}
		return r.number([]byte(text), 0, 0)
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

// FuzzParts reads any rows in parts of any size and holds that they give what they give row by row.
func FuzzParts(f *testing.F) {
	for _, text := range []string{
		"a,NDPP,FRA,med-lab,3,2027,,x\nb,NDPP,FRA,med-lab,3,2027,,x\nc,NDPP,FRA,med-lab,4,2027,,y\n",
		"a,NDPP,FRA,med-lab,3,2027,,x\r\nb,NDPP,FRA,med-lab,3,2027,,\"x, y\"\r\nb,\"NDPP\",FRA,med-lab,4,2027,,\"y\"\"\"\r\n",
		"a,CDP,NOR,med-lab,3,2027,,x\nb,CDP,NOR,med-lab,3,2027,,é\n\nc,CDP,NOR,med-lab,\"4\n\",2027,,\u0085\nd, CDP,NOR,med-lab,4,2027,,\x7f\n",
		"a,NDPP,FRA,cdp-2018:01,3,2027,,x\na,NDPP,FRA,cdp-2018:01,3,2027,,x\nb,NDPP,FRA,cdp-2018:02,3,2027,2026,x\n",
	} {
		f.Add(text, uint8(0), uint8(0))
		f.Add(text, uint8(40), uint8(1))
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // on several cores the fuzzer would take every other order of events for a discovery
	f.Fuzz(func(t *testing.T, text string, size, separator uint8) {
		text = strings.Repeat(text, 3)
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
