package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// lock is held by the one process that may change a store. Readers take none: what they read never changes.
type lock struct{ file *os.File }

func takeLock(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	// A lock can be held for the moment before its owner has written down who it is.
	for range 10 {
		busy, err := tryLock(f)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%s: cannot be locked: %w", path, err), f.Close())
		}
		if !busy {
			// Only the message to a second writer needs the number: a full disk must not keep anyone from making room.
			if f.Truncate(0) == nil {
				_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
			}
			return &lock{f}, nil
		}
		if owner(f) != "" {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	who := "another process"
	if pid := owner(f); pid != "" {
		who = "pid " + pid
	}
	return nil, errors.Join(&InUseError{path, who}, f.Close())
}

func owner(f *os.File) string {
	b, _ := io.ReadAll(io.NewSectionReader(f, 0, 20))
	if _, err := strconv.Atoi(string(b)); err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func (l *lock) release() {
	_ = l.file.Truncate(0)
	unlock(l.file)
	_ = l.file.Close()
}

// InUseError says that another process is changing the store.
type InUseError struct{ path, who string }

func (e *InUseError) Error() string {
	return fmt.Sprintf("%s: the store is in use by %s (try again when it has finished; reading is possible meanwhile)", e.path, e.who)
}
