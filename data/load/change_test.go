package load_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"deconflict/data"
	"deconflict/data/load"
)

// written puts tables into a folder and returns it.
func written(t *testing.T, tables map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range tables {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func changed(t *testing.T, base *data.Dataset, tables map[string]string) *data.Dataset {
	t.Helper()
	ds, problems := load.Change(context.Background(), base, written(t, tables))
	if ds == nil {
		t.Fatal(problems)
	}
	return ds
}

func baseOf(t *testing.T) *data.Dataset {
	t.Helper()
	ds, problems := load.Files(context.Background(), written(t, map[string]string{
		"datapackage.json": `{"title": "Base", "as_of": "2026-06-30", "marking": "PUBLIC"}`,
		"targets.csv":      "id,process,nation,capability,quantity\na,NDPP,POL,mob-rail,10\nb,NDPP,DEU,mob-rail,20\n",
		"holdings.csv":     "id,nation,capability,quantity\nh,POL,mob-rail,5\n",
		"initiatives.csv":  "initiative,name,organisation\npool,The pool,NATO\n",
	}))
	if ds == nil {
		t.Fatal(problems)
	}
	return ds
}

// A row with a known key takes the old one's place, a new key is added, quantity 0 takes away, and nothing else changes.
func TestChangeReplacesAddsAndTakesAway(t *testing.T) {
	base := baseOf(t)
	ds := changed(t, base, map[string]string{
		"targets.csv":      "id,process,nation,capability,quantity\na,NDPP,POL,mob-rail,0\nb,HLG,DEU,mob-rail,7\nc,NDPP,LTU,mob-rail,3\n",
		"participants.csv": "initiative,nation,role\npool,POL,member\n",
	})
	if len(ds.Targets) != 2 || ds.Targets[0].ID() != "b" || ds.Targets[0].Process != "HLG" || ds.Targets[0].Quantity != data.Known(data.Count(7)) || ds.Targets[1].ID() != "c" {
		t.Errorf("targets are %+v", ds.Targets)
	}
	if len(ds.Holdings) != 1 || ds.Holdings[0].ID() != "h" || len(ds.Participants) != 1 || len(ds.Initiatives) != 1 {
		t.Errorf("%d holdings, %d participants, %d initiatives", len(ds.Holdings), len(ds.Participants), len(ds.Initiatives))
	}
	if ds.AsOf != base.AsOf || ds.Title != base.Title || len(base.Targets) != 2 || base.Targets[0].ID() != "a" {
		t.Errorf("the base changed, or the copy lost its title or day")
	}
}

// Nobody marked the changes, so nobody may take them for public.
func TestChangeWithoutAMarkingIsUnmarked(t *testing.T) {
	ds := changed(t, baseOf(t), map[string]string{"targets.csv": "id,process,nation,capability,quantity\nc,NDPP,LTU,mob-rail,3\n"})
	if got := data.Banner(ds.Markings()); got != "PUBLIC + "+data.Unmarked {
		t.Errorf("the banner is %q", got)
	}
}

func TestChangeWithAnErrorChangesNothing(t *testing.T) {
	dir := written(t, map[string]string{"targets.csv": "id,process,nation,capability,quantity\nc,NDPP,LTU,mob-rail,-3\n", "participants.csv": "initiative,nation,role\npol,POL,member\n"})
	ds, problems := load.Change(context.Background(), baseOf(t), dir)
	if ds != nil || len(problems.Of(data.Error)) != 2 {
		t.Errorf("%v", problems)
	}
}
