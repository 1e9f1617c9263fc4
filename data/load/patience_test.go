package load

import (
	"runtime/debug"
	"testing"
)

// The collector waits for all tables that it has been asked to wait for, however often each says that it need not, and then is as before.
func TestCollectLater(t *testing.T) {
	set := func() int {
		percent := debug.SetGCPercent(-1)
		debug.SetGCPercent(percent)
		return percent
	}
	defer debug.SetGCPercent(debug.SetGCPercent(70))
	first, second := collectLater(), collectLater()
	if set() != -1 {
		t.Error("it does not wait")
	}
	first()
	first()
	if set() != -1 {
		t.Error("it does not wait for the second table")
	}
	second()
	if set() != 70 {
		t.Errorf("it is left at %d %%", set())
	}
}
