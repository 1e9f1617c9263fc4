package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// disk is the one hand that changes anything on the disk: tests look over its shoulder. Whatever it makes is for its owner alone,
// whatever the umask. It writes with ordinary calls, never into mapped memory, so that a full disk is an error and no signal.
type disk struct {
	watch func(change) error // nil outside of tests; sees a change before it is made, and can refuse it
}

// change is one step on the disk. What a step has made lasts through a power cut only once it is synced: a file's bytes by its own
// sync, its name by that of its folder.
type change struct {
	act      act
	path, to string
}

type act string

const (
	makeFolder act = "make folder"
	writeFile  act = "write"
	syncFile   act = "sync"
	syncNames  act = "sync folder"
	moveTo     act = "rename"
	removeAll  act = "remove"
)

func (d disk) see(act act, path, to string) error {
	if d.watch == nil {
		return nil
	}
	return d.watch(change{act, path, to})
}

func (d disk) folder(path string) error {
	if err := d.see(makeFolder, path, ""); err != nil {
		return err
	}
	return os.Mkdir(path, 0o700)
}

// write makes a file that is not there yet, and does not return before its bytes are on the disk.
func (d disk) write(path string, fill func(io.Writer) error) (err error) {
	if err := d.see(writeFile, path, ""); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b := bufio.NewWriterSize(f, 1<<16)
	if err := fill(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if err := d.see(syncFile, path, ""); err != nil {
		return err
	}
	return f.Sync()
}

func (d disk) writeBytes(path string, b []byte) error {
	return d.write(path, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	})
}

// names makes the names in a folder last.
func (d disk) names(folder string) error {
	if err := d.see(syncNames, folder, ""); err != nil {
		return err
	}
	return syncFolder(folder)
}

func (d disk) rename(from, to string) error {
	if err := d.see(moveTo, from, to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

func (d disk) remove(path string) error {
	if err := d.see(removeAll, path, ""); err != nil {
		return err
	}
	return os.RemoveAll(path)
}

// replace puts a file in the place of another, or of none: whoever looks sees the old bytes or the new ones. replaced tells that
// the new ones are there to be seen, even where err says that they may not last.
func (d disk) replace(path string, b []byte) (replaced bool, err error) {
	beside := path + tmp
	if _, err := os.Lstat(beside); err == nil { // left by a process that was killed
		if err := d.remove(beside); err != nil {
			return false, err
		}
	}
	if err := d.writeBytes(beside, b); err != nil {
		os.Remove(beside)
		return false, err
	}
	if err := d.rename(beside, path); err != nil {
		os.Remove(beside)
		return false, err
	}
	return true, d.names(filepath.Dir(path))
}

// tmp ends the name of what is not finished.
const tmp = ".tmp"

// readSmall reads one of the store's own texts. A FIFO or a device in its place is refused instead of waited for.
func readSmall(path string) ([]byte, error) {
	const limit = 64 << 20
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, errors.New("is not a file that this program wrote")
	}
	return os.ReadFile(path)
}

// reason is what went wrong with a file, without the file's name.
func reason(err error) string {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		err = e.Err
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "is missing"
	case errors.Is(err, syscall.ENOSPC):
		return "the disk is full"
	}
	return err.Error()
}

// size prints a number of bytes.
func size(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f kB", float64(n)/(1<<10))
}
