package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"deconflict/data"
)

// random fills every exported field of v, however deep, so that a field that is not stored is missed.
func random(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		words := []string{"", "mobile field hospital", "rôle 2", "Κύπρος", "\xff not UTF-8", "a", "b", "c"}
		v.SetString(words[r.IntN(len(words))])
		if r.IntN(4) == 0 {
			v.SetString(fmt.Sprint("word ", r.IntN(1000)))
		}
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int64() - r.Int64())
	case reflect.Int32:
		v.SetInt(int64(data.Day(1900, 1, 1)) + r.Int64N(100_000))
	case reflect.Slice:
		switch n := r.IntN(4); n {
		case 0: // none is not the same as empty
			v.SetZero()
		default:
			v.Set(reflect.MakeSlice(v.Type(), n-1, n-1))
		}
		for i := range v.Len() {
			random(r, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.IntN(4) {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			random(r, key)
			random(r, value)
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				random(r, v.Field(i))
			}
		}
	}
}

// dataset makes rows of each table of a random dataset, with all fields filled.
func dataset(seed uint64, rows int) *data.Dataset {
	r := rand.New(rand.NewPCG(seed, 1))
	ds := &data.Dataset{Vocabulary: &data.Vocabulary{}}
	random(r, reflect.ValueOf(&ds.Meta).Elem())
	fill := func(of reflect.Value) {
		for i := range of.NumField() {
			if f := of.Field(i); rows > 0 && f.Kind() == reflect.Slice && of.Type().Field(i).IsExported() {
				f.Set(reflect.MakeSlice(f.Type(), rows, rows))
				for j := range rows {
					random(r, f.Index(j))
				}
			}
		}
	}
	fill(reflect.ValueOf(ds.Vocabulary).Elem())
	fill(reflect.ValueOf(ds).Elem())
	v := ds.Vocabulary
	ds.Vocabulary = data.NewVocabulary(v.Nations, v.Memberships, v.Processes, v.Capabilities, v.Crosswalk)
	for i := range ds.Targets {
		ds.Targets[i].Nation = nations[r.IntN(len(nations))]
	}
	return ds
}

var nations = []data.Nation{"DEU", "FRA", "NLD", "POL"}

func same(t *testing.T, want, got *data.Dataset) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		t.Fatal("what was stored and what was read differ (or only the index of the vocabulary):\n", cmp.Diff(want, got, cmpopts.IgnoreUnexported(data.Vocabulary{})))
	}
}

func TestEverythingThatIsStoredIsReadAgain(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(5) {
		s, err := Create(filepath.Join(t.TempDir(), "store"))
		if err != nil {
			t.Fatal(err)
		}
		want := dataset(seed, 300*int(seed)*int(seed))
		if _, err := s.Import(ctx, want, Import{Name: "one"}); err != nil {
			t.Fatal(err)
		}
		snap, err := s.Current()
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Load(ctx, snap)
		if err != nil {
			t.Fatal(err)
		}
		same(t, want, got)
	}
}
