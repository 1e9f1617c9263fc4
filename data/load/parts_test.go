package load

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
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

// A file that is read in parts on several cores, from the disk or from memory, and with rows that hold nothing new taken as they were before,
// gives what it gives row by row and word by word: the same records, and the same problems at the same places.
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
		for range 4 {
			size, small := 1<<(4+r.IntN(16)), int64(r.IntN(2)*len(text))
			runtime.GOMAXPROCS(1 + r.IntN(4))
			got, told := read(func(l *loader) { l.part, l.small, l.room, l.total = size, small, room, total })
			if diff := cmp.Diff(problems, told); diff != "" {
				t.Fatalf("seed %d in parts of %d: (-row by row +parts)\n%s", seed, size, diff)
			}
			if (got == nil) != (want == nil) {
				t.Fatalf("seed %d in parts of %d: a dataset is %v, wanted %v", seed, size, got != nil, want != nil)
			}
			if want != nil && !reflect.DeepEqual(want.Targets, got.Targets) {
				t.Fatalf("seed %d in parts of %d: (-row by row +parts)\n%s", seed, size, cmp.Diff(want.Targets, got.Targets))
			}
		}
	}
}
