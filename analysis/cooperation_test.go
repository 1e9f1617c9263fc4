package analysis

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"deconflict/data"
	"deconflict/data/load"
	"deconflict/graph"
)

// ofInitiatives are the kinds that rest on initiatives rather than on quantities.
var ofInitiatives = []string{"initiative-overlap", "coverage-gap", "absent-nation", "means", "reach", "join", "clusters"}

func publicReport(t *testing.T) *Report {
	t.Helper()
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(t.Context(), graph.New(ds, data.Scope{}), Options{Kinds: ofInitiatives})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// TestPublicCooperation: what the other kinds say on the public dataset, against a separate program that reads the CSV files with
// Python's own library, and networkx 3.6.1 for the communities: the best of 200 runs of its Louvain method is the same partition,
// with the same Q.
func TestPublicCooperation(t *testing.T) {
	got := map[string]int{}
	for _, f := range publicReport(t).Findings {
		switch f.Kind {
		case "coverage-gap":
			got["coverage-gap of "+f.Subject[1]]++
		case "absent-nation":
			got[fmt.Sprintf("absent-nation %s: %d", strings.Join(f.Subject, " "), len(f.Nations))]++
		case "means":
			got["means "+f.Verdict]++
		case "reach":
			for _, m := range f.Measures[:4] {
				got["reach "+m.Name] += int(m.Value / data.One)
			}
		case "clusters":
			for _, m := range f.Measures {
				if m.Name == "Q" {
					got["clusters millionths of Q"] = int(m.Value)
				}
			}
			for _, row := range f.Tell().Details[0].Rows {
				got["clusters "+row[2]]++
			}
		}
	}
	want := map[string]int{
		"coverage-gap of NATO": 19, "coverage-gap of EU": 3,
		"absent-nation med-c2 EU: 1": 1, "absent-nation med-training EU: 8": 1, "absent-nation mob-hns EU: 7": 1,
		"absent-nation mob-gap-crossing NATO: 15": 1, "absent-nation mob-infrastructure NATO: 10": 1, "absent-nation mob-prepositioning EU: 6": 1,
		"means one-sided": 19, "means complementary": 9, "means contained": 7, "means the same": 2,
		"reach both": 123, "reach only EU": 92, "reach only NATO": 490, "reach none": 627,
		"clusters millionths of Q": 21603,
		"clusters AUT, BEL, BGR, CHE, CYP, CZE, DEU, ESP, EST, FIN, FRA, GRC, HUN, IRL, ITA, LTU, LUX, LVA, MLT, NLD, POL, ROU, SVK, SVN, SWE": 1,
		"clusters ALB, AUS, CAN, DNK, GBR, HRV, ISL, MKD, MNE, NOR, PRT, TUR, USA":                                                             1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestCooperationSameBytes: the same findings in any order of the rows and with any number of cores.
func TestCooperationSameBytes(t *testing.T) {
	want, err := json.Marshal(publicReport(t))
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for k := range 4 {
		runtime.GOMAXPROCS(1 + 3*(k%2))
		ds, err := load.Public()
		if err != nil {
			t.Fatal(err)
		}
		random := rand.New(rand.NewPCG(uint64(k), 7))
		shuffled := *ds
		shuffled.Initiatives, shuffled.Participants = slices.Clone(ds.Initiatives), slices.Clone(ds.Participants)
		shuffled.Contributions, shuffled.Relations = slices.Clone(ds.Contributions), slices.Clone(ds.Relations)
		shuffle(random, shuffled.Initiatives)
		shuffle(random, shuffled.Participants)
		shuffle(random, shuffled.Contributions)
		shuffle(random, shuffled.Relations)
		report, err := Run(t.Context(), graph.New(&shuffled, data.Scope{}), Options{Kinds: ofInitiatives})
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Fatalf("run %d differs: %s", k, cmp.Diff(string(want), string(got)))
		}
	}
}

func shuffle[T any](random *rand.Rand, rows []T) {
	random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
}
