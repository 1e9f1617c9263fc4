//go:build unix

package load_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"deconflict/data/load"
)

// Opening a pipe to which nobody writes would wait for ever, and a device may never end.
func TestBehaviour12_PipesAndDevicesAreRefused(t *testing.T) {
	folder := t.TempDir()
	pipe := filepath.Join(folder, "targets.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	for path, want := range map[string]string{
		pipe:        pipe + ": is a named pipe, wanted a file",
		folder:      pipe + ": is a named pipe, wanted a file",
		"/dev/zero": "/dev/zero: is a device, wanted a file",
	} {
		if ds, problems := load.Files(t.Context(), path); ds != nil || !strings.Contains(problems.Error(), want) {
			t.Errorf("%s: %v, want %s", path, problems, want)
		}
	}
}
