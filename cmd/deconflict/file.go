package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Files are written beside their place under a name of their own and then renamed: whoever looks finds the old content or the
// new, and a command that fails leaves nothing.

const fileMode, folderMode = 0o644, 0o755

// writeFile writes a file. What is no regular file, such as a device or a pipe, is written to as it is, once all of it is made.
func writeFile(ctx context.Context, path string, fill func(io.Writer) error) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		var made bytes.Buffer
		if err := fill(&made); err != nil {
			return err
		}
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = made.WriteTo(f)
		return errors.Join(err, f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".deconflict-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	b := &pieces{to: f}
	for _, step := range []func() error{
		func() error { return fill(b) }, ctx.Err, b.Flush, func() error { return f.Chmod(fileMode) }, f.Sync,
	} {
		if err = step(); err != nil {
			break
		}
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

var errNotEmpty = errors.New("the folder is not empty")

// writeFolder fills a folder with files. They are made in a folder beside it and moved when all are there. A folder that is there
// already may be added to, and files of the same names replaced, or else must be empty.
func writeFolder(ctx context.Context, folder string, add bool, fill func(create func(name string) (io.WriteCloser, error)) error) error {
	folder = filepath.Clean(folder)
	there, err := os.ReadDir(folder)
	switch {
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return err
	case len(there) > 0 && !add:
		return errNotEmpty
	}
	made, err := os.MkdirTemp(filepath.Dir(folder), ".deconflict-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(made)
	err = fill(func(name string) (io.WriteCloser, error) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(made, name)), folderMode); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(filepath.Join(made, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
		if err != nil {
			return nil, err
		}
		return &pieceFile{pieces{to: f}, f}, nil
	})
	if err != nil {
		return err
	}
	if err := os.Chmod(made, folderMode); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(there) == 0 {
		if err := os.Remove(folder); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return os.Rename(made, folder)
	}
	files, err := os.ReadDir(made)
	if err != nil {
		return err
	}
	for _, f := range files { // before any of them is moved
		if info, err := os.Lstat(filepath.Join(folder, f.Name())); err == nil && info.IsDir() && !f.IsDir() {
			return fmt.Errorf("%s is a folder there, wanted a place for a file of that name", f.Name())
		}
	}
	for _, f := range files {
		if err := replace(filepath.Join(made, f.Name()), filepath.Join(folder, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// replace puts a file in the place of another, if there is one. The two change places where they can: a file that is renamed over another is
// written to the disk before by some file systems, which takes as long as to make it.
func replace(file, place string) error {
	if regular(file) && regular(place) && exchange(file, place) == nil {
		return nil
	}
	return os.Rename(file, place)
}

func regular(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode().IsRegular()
}

// pieces writes in pieces of one size, each where a multiple of it begins: of what is smaller they are put together. Once one could not be written
// nothing more is, and Flush tells why.
type pieces struct {
	to     io.Writer
	begun  []byte // a piece
	failed error
}

// pieceSize is how many bytes a piece has. The system keeps what is written in pieces of memory no larger, and of up to as many it has some at hand.
// Larger ones, where a host lends the memory, as to virtual machines, are mostly such as it has to lend anew, which can take as long as all the
// rest of an answer; of smaller ones each takes as long to write.
const pieceSize = 32 << 10

func (p *pieces) Write(b []byte) (n int, err error) {
	for rest := b; len(rest) > 0 && p.failed == nil; {
		if len(p.begun) == 0 && len(rest) >= pieceSize { // it stands there already
			if _, p.failed = p.to.Write(rest[:pieceSize]); p.failed == nil {
				rest, n = rest[pieceSize:], n+pieceSize
			}
			continue
		}
		some := min(pieceSize-len(p.begun), len(rest))
		p.begun = append(p.begun, rest[:some]...)
		rest, n = rest[some:], n+some
		if len(p.begun) == pieceSize {
			p.Flush()
		}
	}
	return n, p.failed
}

// Flush writes the piece that was begun, which must be the last unless it is whole.
func (p *pieces) Flush() error {
	if p.failed == nil && len(p.begun) > 0 {
		_, p.failed = p.to.Write(p.begun)
		p.begun = p.begun[:0]
	}
	return p.failed
}

// pieceFile is a file that is written so.
type pieceFile struct {
	pieces
	file *os.File
}

func (f *pieceFile) Close() error { return errors.Join(f.Flush(), f.file.Close()) }
