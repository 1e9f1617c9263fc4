package analysis

import (
	"errors"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// A brief that does not say in front which program made it is of another one, however it goes on.
func TestABriefOfAnotherFormIsOfAnotherProgram(t *testing.T) {
	for _, old := range []any{map[string]any{"Program": "this", "Marking": "PUBLIC"}, []int{1}, 7} {
		b, err := cbor.Marshal(old)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadBrief(packer().EncodeAll(b, nil), "this"); !errors.Is(err, ErrOtherProgram) {
			t.Errorf("%v: %v", old, err)
		}
	}
}
