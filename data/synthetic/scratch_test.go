package synthetic

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"deconflict/analysis"
	"deconflict/data"
	"deconflict/data/load"
	"deconflict/graph"
)

func TestScratch(t *testing.T) {
	for seed := range uint64(3) {
		dir := t.TempDir()
		if err := Write(t.Context(), Size{Seed: seed}, vocabulary(t), func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(dir, name)) }); err != nil {
			t.Fatal(err)
		}
		ds, ps := load.Files(context.Background(), dir)
		if len(ps) > 0 {
			t.Fatal(ps)
		}
		g := graph.New(ds, data.Scope{})
		rep, err := analysis.Run(context.Background(), g, analysis.Options{})
		if err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		for _, f := range rep.Findings {
			count[f.Kind+" ="]++
			count[fmt.Sprint(f.Kind, " | ", f.Verdict, " | ", func() string { if f.Kind == "dual-target" { return "" }; return f.Status }())]++
			if f.Kind == "dual-target" {
				count[f.Kind+" : "+f.Status]++
			}
			count["sev "+string(f.Kind)+" "+string(f.Severity)]++
			for _, m := range f.Measures {
				if m.Name == "lateness" || m.Name == "readiness" || m.Name == "unapportioned" {
					count[f.Kind+" # "+m.Name]++
				}
			}
		}
		for _, n := range rep.NotAssessed {
			count[fmt.Sprintf("NA %+v", n)[:min(110, len(fmt.Sprintf("NA %+v", n)))]]++
		}
		var ks []string
		for k := range count {
			ks = append(ks, k)
		}
		slices.Sort(ks)
		fmt.Println("seed", seed, len(rep.Findings))
		for _, k := range ks {
			fmt.Println("  ", count[k], k)
		}
		for i, row := range rep.HeatMap.Rows {
			fmt.Println(rep.HeatMap.Nations[i], row)
		}
		if seed == 0 {
			for _, f := range rep.Findings {
				if f.Kind == "over-supply" || f.Kind == "concentration" || f.Kind == "coverage-gap" || f.Kind == "absent-nation" || f.Kind == "clusters" || f.Kind=="means" || f.Kind=="reach" || f.Kind=="initiative-overlap" && f.Verdict!="fragmentation" {
					fmt.Println(f.Kind, f.Verdict, f.Status, f.Severity, "::", f.Summary)
				}
			}
		}
	}
}
