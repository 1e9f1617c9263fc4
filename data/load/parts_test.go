package load

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"deconflict/data"
)

// anyTargets is a table of targets in which nearly all that can be wrong or doubtful is so here and there, and most is right.
func anyTargets(r *rand.Rand, rows int) string {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	rare := func(usual string, words ...string) string {
		if r.IntN(40) > 0 {
			return usual
		}
		return pick(words...)
	}
	separator := pick(",", ",", ";", "\t")
	cell := func(s string) string {
		if strings.ContainsAny(s, separator+"\"\n") || r.IntN(50) == 0 {
			return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		return s
	}
	var b strings.Builder
	columns := []string{"id", "process", "nation", "capability", "quantity", "unit", "from", "until", "readiness_days", "held", "area", "statement", "marking", "source"}
	if r.IntN(3) == 0 {
		columns[r.IntN(len(columns))] = pick("extra", "", "confidence", "status")
	}
	errors := r.IntN(3) == 0 // else there is a dataset to compare
	sorted := r.IntN(2) == 0
	broad := r.IntN(3) == 0 // terms that make several records of a row, or none
	capability := func() string {
		if broad && r.IntN(9) == 0 {
			return pick("cdp-2018:01", "cdp-2018:01", "cdp-2018:02")
		}
		return rare(pick("med-role2e", "mob-rail", "cyb-range"), "MED-ROLE2E", "Role 2 enhanced medical treatment facility")
	}
	b.WriteString(strings.Join(columns, separator) + pick("\n", "\r\n"))
	for i := range rows {
		id := fmt.Sprintf("T%05d", i)
		if !sorted {
			id = fmt.Sprintf("T%05d", (i*7919+3)%100_003)
		}
		number := func(n int) string {
			s := fmt.Sprint(r.IntN(n))
			return rare(s, "", s+".5", s+".000001", "0", "007", s+","+s, "1 250")
		}
		row := []string{
			id, pick("NDPP", "CDP", "NATO", "NATIONAL", "ndpp"), pick("FRA", "DEU", "Germany", "POL", "IRL", "NOR"),
			capability(), number(90), rare("", "facility", "ship"),
			rare(pick("", "2027", "2028-03", "2026-07-01"), "2029-12-31"), rare(pick("", "2030", "2031-06-30"), "2029-12-31"),
			rare(pick("", "30", "180"), "7"), rare("", "3", "4.5"), rare("", "medical"), rare("ship two", "", "é "+id, "a, b;\tc", "two\nlines", `a "quote"`),
			pick("PUBLIC", "", "NATO UNCLASSIFIED"), rare("", "S1; S2", "S1"),
		}
		if errors && r.IntN(200) == 0 {
			bad := r.IntN(len(row))
			row[bad] = pick("", "nonsense", "-1", "2027-13-01", "a\x01b", strings.Repeat("x", 70_000), "1e5", row[0])
		}
		if errors && r.IntN(300) == 0 {
			row = append(row, pick("", "", "x"))
		}
		if errors && r.IntN(500) == 0 {
			row[0] = fmt.Sprintf("T%05d", r.IntN(rows))
		}
		for i := range row {
			row[i] = cell(rare(row[i], " "+row[i]+" "))
		}
		b.WriteString(strings.Join(row, separator) + pick("\n", "\n", "\n", "\r\n", "\n\n", "\n"+strings.Repeat(separator, len(row)-1)+"\n"))
		if errors && r.IntN(3*rows) == 0 {
			b.WriteString(`a"b` + "\n")
		}
	}
	return b.String()
}

// sameTargets compares targets, with what they point to, faster than cmp does.
func sameTargets(some, others []data.Target) bool {
	return slices.EqualFunc(some, others, func(a, b data.Target) bool {
		same := a.Words.Equal(b.Words)
		a.Words, b.Words = data.Words{}, data.Words{}
		return same && reflect.DeepEqual(a, b)
	})
}

// A file that is read in parts on several cores, from the disk or from memory, and with rows that hold nothing new taken as they were before,
// gives what it gives row by row and word by word: the same records, and the same problems at the same places. So it does without statements,
// but for these.
func TestPartsAndSwiftRowsChangeNothing(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	runs := 60
	if testing.Short() {
		runs = 15
	}
	for seed := range uint64(runs) {
		r := rand.New(rand.NewPCG(seed, 9))
		text := anyTargets(r, 1+r.IntN(2000))
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "targets.csv"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		read := func(set func(*loader)) (*data.Dataset, data.Problems) {
			l := borrower(dir)
			set(l)
			l.folder(dir, os.DirFS(dir))
			return l.load(t.Context(), "x")
		}
		room := maxRecords
		if r.IntN(5) == 0 {
			room = r.IntN(2000)
		}
		total := data.Amount(0)
		if r.IntN(5) == 0 {
			total = data.MaxAmount - data.Count(r.IntN(60_000))
		}
		want, problems := read(func(l *loader) { l.slow, l.room, l.total = true, room, total })
		var bare []data.Target
		if want != nil {
			bare = slices.Clone(want.Targets)
			for i := range bare {
				bare[i].Record = bare[i].Named(bare[i].ID(), "")
			}
		}
		percent := debug.SetGCPercent(100)
		for i := range 5 {
			patient := r.IntN(2) * patient
			size, small := 1<<(4+r.IntN(16)), int64(r.IntN(2)*len(text))
			runtime.GOMAXPROCS(1 + r.IntN(4))
			got, told := read(func(l *loader) {
				l.part, l.small, l.room, l.total, l.patient = size, small, room, total, patient
				l.options.NoStatements, l.slow = i%2 > 0, i == 3
			})
			if diff := cmp.Diff(problems, told); diff != "" {
				t.Fatalf("seed %d in parts of %d: (-row by row +parts)\n%s", seed, size, diff)
			}
			if (got == nil) != (want == nil) {
				t.Fatalf("seed %d in parts of %d: a dataset is %v, wanted %v", seed, size, got != nil, want != nil)
			}
			if want == nil {
				continue
			}
			targets := want.Targets
			if i%2 > 0 {
				targets = bare
			}
			if !sameTargets(targets, got.Targets) {
				t.Fatalf("seed %d in parts of %d: (-row by row +parts)\n%s", seed, size, cmp.Diff(targets, got.Targets))
			}
		}
		if p := debug.SetGCPercent(percent); p != 100 {
			t.Fatalf("seed %d: the garbage collector is left at %d %%", seed, p)
		}
	}
}

// Words that differ only in what belongs to a cell and what stands between two, and whether quotes are its own, are told apart.
func TestCellsThatLookAlike(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		separator := []string{",", "\t", "x"}[r.IntN(3)]
		words := []string{"", "a", "b", separator, `"`, "a" + separator, separator + "b", "a" + separator + "b", `"a"`, `a"`, `"` + separator + `"`, `a"` + separator + `"b`}
		text := "id,process,cycle,nation,capability,priority,status,marking,source,confidence,statement\n"
		text = strings.ReplaceAll(text, ",", "|")
		for i := range 200 {
			row := []string{fmt.Sprintf("T%05d", i), "NDPP", "", "FRA", "mob-rail", "", "", "PUBLIC", "", "", ""}
			for i := range row {
				if row[i] == "" && r.IntN(3) > 0 {
					row[i] = words[r.IntN(len(words))]
				}
				if strings.ContainsAny(row[i], separator+`"`) || r.IntN(3) == 0 {
					row[i] = `"` + strings.ReplaceAll(row[i], `"`, `""`) + `"`
				}
			}
			text += strings.Join(row, "|") + "\n"
		}
		text = strings.ReplaceAll(text, "|", separator)
		read := func(slow bool) (*data.Dataset, data.Problems) {
			l := borrower("targets.csv")
			l.options.Separator, l.slow = rune(separator[0]), slow
			l.lone("targets.csv", []byte(text), true)
			return l.load(t.Context(), "x")
		}
		want, problems := read(true)
		got, told := read(false)
		if diff := cmp.Diff(problems, told); diff != "" {
			t.Fatalf("seed %d: (-row by row +parts)\n%s", seed, diff)
		}
		if want == nil || len(want.Targets) != 200 || !sameTargets(want.Targets, got.Targets) {
			t.Fatalf("seed %d: (-row by row +parts)\n%s", seed, cmp.Diff(want.Targets, got.Targets))
		}
	}
}

// Where ids do not ascend a file that is read in parts gives what it gives row by row, also where one stands twice, or an error is after that.
func TestIDsInAnyOrder(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 11))
		order := r.Perm(3000)
		if seed%2 > 0 {
			order[r.IntN(len(order))] = order[0] // one more often than not
		}
		if seed%4 == 0 {
			slices.Sort(order[:1500])
		}
		var b strings.Builder
		b.WriteString("id,process,nation,capability,quantity\n")
		for i, n := range order {
			quantity := fmt.Sprint(n)
			if seed%5 == 4 && i == 2900 {
				quantity = "none"
			}
			fmt.Fprintf(&b, "T%04d,NDPP,%s,med-role2e,%s\n", n, []string{"FRA", "DEU"}[n%2], quantity)
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "targets.csv"), []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		var last *loader
		read := func(set func(*loader)) (*data.Dataset, data.Problems) {
			l, ds := read(t.Context(), func() *loader {
				l := borrower(dir)
				set(l)
				return l
			}, func(l *loader) string {
				l.folder(dir, os.DirFS(dir))
				return "x"
			})
			last = l
			return ds, l.problems
		}
		want, problems := read(func(l *loader) { l.slow = true })
		got, told := read(func(l *loader) { l.small, l.part = 0, 1<<(6+r.IntN(11)) })
		if diff := cmp.Diff(problems, told); diff != "" {
			t.Fatalf("seed %d: (-row by row +parts)\n%s", seed, diff)
		}
		if (got == nil) != (want == nil) || want != nil && !sameTargets(want.Targets, got.Targets) {
			t.Fatalf("seed %d: another dataset", seed)
		}
		late := last.seen[tableNamed("targets")].slots == nil
		if seed%5 != 4 && (late != (want != nil) || late == last.care.ids) {
			t.Errorf("seed %d: there is a dataset: %v; ids were compared when all were there: %v; the file was read again: %v", seed, want != nil, late, last.care.ids)
		}
	}
}

// That a file which is read in parts is not UTF-8 may show late, or after what keeps it from being read on. What there is to say is what there
// is to say of one that is read as a whole.
func TestEncodingThatShowsLate(t *testing.T) {
	row := func(i int, statement string) string {
		return fmt.Sprintf("T%04d,NDPP,FRA,med-role2e,3,%s\n", i, statement)
	}
	header := "id,process,nation,capability,quantity,statement\n"
	var rows strings.Builder
	for i := range 300 {
		rows.WriteString(row(i, "x"))
	}
	for name, text := range map[string]string{
		"Western":                    header + rows.String() + row(300, "h\xf4pital"),
		"no encoding":                header + rows.String() + row(300, "h\xf4\xf4\xf4\xf4pital"),
		"UTF-8":                      header + rows.String() + row(300, "hôpital"),
		"after a quote":              header + rows.String() + "a\"b\n" + rows.String() + row(300, "h\xf4pital"),
		"after an open quote":        header + row(0, `"`) + rows.String() + row(300, "h\xf4pital"),
		"a column missing":           "id,process,nation,quantity,statement\n" + rows.String() + row(300, "h\xf4pital"),
		"a header of no table":       "a,b,c\n" + rows.String() + row(300, "h\xf4pital"),
		"a header in it":             "id,process,nation,capability,quantity,st\xe4tement\n" + rows.String(),
		"a table read row by row":    "source,title\n" + strings.Repeat("a,b\n", 30) + "c,h\xf4pital\n",
		"in a vocabulary":            "capability,name,area,unit\n" + strings.Repeat("c,c,medical,unit\n", 30) + "d,h\xf4pital,medical,unit\n",
		"UTF-8, cut within a letter": header + strings.Repeat(row(0, "ôôôôôôôôôôô"), 3),
	} {
		dir := t.TempDir()
		for _, file := range []string{"targets.csv", "any.csv"} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			for _, find := range []func(*loader){
				func(l *loader) { l.folder(dir, os.DirFS(dir)) },
				func(l *loader) { l.find([]string{filepath.Join(dir, file)}) },
			} {
				read := func(small int64, part int) (*data.Dataset, data.Problems) {
					l, ds := read(t.Context(), func() *loader {
						l := borrower("x")
						l.small, l.part = small, part
						return l
					}, func(l *loader) string {
						find(l)
						return "x"
					})
					return ds, l.problems
				}
				want, problems := read(1<<20, 1<<20)
				for _, part := range []int{16, 64, 1000, 1 << 20} {
					got, told := read(0, part)
					if diff := cmp.Diff(problems, told); diff != "" {
						t.Errorf("%s in parts of %d: (-as a whole +in parts)\n%s", name, part, diff)
					}
					if (got == nil) != (want == nil) || want != nil && !sameTargets(want.Targets, got.Targets) {
						t.Errorf("%s in parts of %d: another dataset", name, part)
					}
				}
			}
			os.Remove(filepath.Join(dir, file))
		}
	}
}
