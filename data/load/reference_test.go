package load

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"deconflict/data"
)

// vocabularies compares vocabularies with their indexes.
var vocabularies = cmp.Options{cmp.AllowUnexported(data.Vocabulary{}), cmpopts.IgnoreFields(data.Vocabulary{}, "Lent"), cmpopts.EquateEmpty()}

// What every run borrows is read by itself and says what it says when the whole dataset that ships with the program is read.
func TestTheReferenceIsThatOfThePublicDataset(t *testing.T) {
	whole, err := Public()
	if err != nil {
		t.Fatal(err)
	}
	alone, err := Reference()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(whole.Vocabulary, alone.Vocabulary, vocabularies); diff != "" {
		t.Errorf("(-whole +alone)\n%s", diff)
	}
	if diff := cmp.Diff(whole.Meta, alone.Meta); diff != "" {
		t.Errorf("(-whole +alone)\n%s", diff)
	}
	if n := len(alone.Targets) + len(alone.Initiatives) + len(alone.Sources); n > 0 {
		t.Errorf("%d records were read that nobody asked for", n)
	}
}

// BenchmarkReference reads the tables that every dataset borrows: each run of the program that reads anything waits for it.
func BenchmarkReference(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := shipped(true); err != nil {
			b.Fatal(err)
		}
	}
}
