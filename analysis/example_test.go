package analysis_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/data/load"
	"deconflict/graph"
)

// A single file of targets is a dataset: nations, memberships, processes and capabilities are lent by the reference tables.
func ExampleRun() {
	ds, problems := load.FS(context.Background(), "plans", fstest.MapFS{"targets.csv": {Data: []byte(`
id,process,nation,capability,quantity,from,held
1,NDPP,Poland,Strategic sealift,4,2027,5
2,HLG,POL,mob-sealift,3,2028,5
`)}})
	if ds == nil {
		fmt.Println(problems)
		return
	}
	report, err := analysis.Run(context.Background(), graph.New(ds, data.Scope{}), analysis.Options{Kinds: []string{"dual-target"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range report.Findings {
		fmt.Println(f.ID, f.Verdict, f.Severity)
		words := f.Tell()
		fmt.Println(words.Summary)
		fmt.Println(words.Explanation)
		for _, e := range words.Evidence {
			fmt.Println(e.Tell().Position, e.Tell().Says)
		}
	}
	// Output:
	// dual-target:POL:mob-sealift:EU+NATO single-set medium
	// Poland: the same Strategic sealift answers the EU and NATO; if both call at once, 2 ships are missing.
	// On 2028-01-01: min(T(EU) = 3, T(NATO) = 4) = 3 ships. If both call at once, on 2028-01-01: T(EU) + T(NATO) − A = 3 + 4 − 5 = 2 ships.
	// plans/targets.csv:4 POL HLG 3 ships, from 2028-01-01, held 5
	// plans/targets.csv:3 POL NDPP 4 ships, from 2027-01-01, held 5
}
