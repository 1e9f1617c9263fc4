//go:build !(linux || darwin || freebsd)

package store

import (
	"errors"
	"os"
)

// tryLock has no lock that ends with the process to lean on, so a second file stands for it. One left by a process that was killed
// must be removed by hand; its text says whose it was.
func tryLock(f *os.File) (busy bool, err error) {
	held, err := os.OpenFile(f.Name()+".held", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, held.Close()
}

func unlock(f *os.File) { os.Remove(f.Name() + ".held") }

func free(string) (bytes uint64, known bool) { return 0, false }

// syncFolder does nothing: these systems cannot sync a folder.
func syncFolder(string) error { return nil }
