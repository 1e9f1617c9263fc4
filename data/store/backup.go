package store

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A backup is a tar archive of the store's files in a fixed order: FORMAT, HEAD, then for each snapshot the seal and the files that it
// lists. So whoever reads it knows the sum of each file before it comes. The same store gives the same bytes.

// Backup packs the store into a new file, which is read back before Backup returns. A damaged store is not packed.
func (s *Store) Backup(ctx context.Context, file string) (err error) {
	fail := func(err error) error { return fmt.Errorf("backing up %s to %s: %w", s.dir, file, err) }
	if _, err := os.Lstat(file); err == nil {
		return fail(fmt.Errorf("%w (choose another name)", os.ErrExist))
	}
	beside := file + tmp
	if err := s.disk.write(beside, func(w io.Writer) error { return s.pack(ctx, w) }); err != nil {
		if errors.Is(err, os.ErrExist) {
			return fail(fmt.Errorf("%w (if no other backup is running, it was left by one that was killed: remove it)", err))
		}
		return fail(errors.Join(err, removeIfThere(beside)))
	}
	defer func() {
		if err != nil {
			err = errors.Join(fail(err), removeIfThere(beside))
		}
	}()
	if err := readArchive(ctx, beside, func(string, io.Reader) error { return nil }); err != nil {
		return err
	}
	if err := s.disk.rename(beside, file); err != nil {
		return err
	}
	if err := s.disk.names(filepath.Dir(file)); err != nil {
		return errors.Join(err, os.Remove(file))
	}
	return nil
}

func removeIfThere(file string) error {
	if err := os.Remove(file); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// pack writes the archive.
func (s *Store) pack(ctx context.Context, out io.Writer) error {
	w := tar.NewWriter(out)
	add := func(name string, b []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b)), Format: tar.FormatPAX}); err != nil {
			return err
		}
		_, err := w.Write(b)
		return err
	}
	// HEAD is taken once: what is imported meanwhile is not in the backup.
	text, err := readSmall(s.path(headFile))
	if err != nil {
		return err
	}
	h, err := s.readHead(text)
	if err != nil {
		return err
	}
	if err := errors.Join(add(formatFile, []byte(formatText)), add(headFile, text)); err != nil {
		return err
	}
	for _, e := range h.Snapshots {
		snap, err := s.seal(e)
		if err != nil {
			return err
		}
		for _, f := range append([]File{{Name: sealFile, SHA256: e.Seal}}, snap.Files...) {
			b, err := readSmall(s.path(snapFolder, e.ID, f.Name))
			if err == nil && sum(b) != f.SHA256 {
				return s.damage(&e, s.path(snapFolder, e.ID, f.Name), "its bytes have changed")
			}
			if err != nil {
				return s.damage(&e, s.path(snapFolder, e.ID, f.Name), reason(err))
			}
			if err := add(path.Join(snapFolder, e.ID, f.Name), b); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

// Restore unpacks a backup into a place where there is nothing, or an empty folder. Everything is compared with its sums as it is
// unpacked, and once more from the disk, before the place is taken.
func Restore(ctx context.Context, file, dir string) (*Store, error) {
	return newStore(dir).restore(ctx, file)
}

func (s *Store) restore(ctx context.Context, file string) (_ *Store, err error) {
	fail := func(err error) error { return fmt.Errorf("restoring %s to %s: %w", file, s.dir, err) }
	inside, err := os.ReadDir(s.dir)
	empty := err == nil && len(inside) == 0
	if !empty && !errors.Is(err, os.ErrNotExist) {
		return nil, fail(errors.New("there is something already (choose an empty place)"))
	}
	if err := os.MkdirAll(filepath.Dir(s.dir), 0o700); err != nil {
		return nil, fail(err)
	}
	beside := newStore(s.dir + tmp)
	beside.disk, beside.free = s.disk, s.free
	if err := beside.disk.folder(beside.dir); err != nil {
		if errors.Is(err, os.ErrExist) {
			err = fmt.Errorf("%w (if no other restore is running, it was left by one that was killed: remove it)", err)
		}
		return nil, fail(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fail(err), os.RemoveAll(beside.dir))
		}
	}()
	if err := beside.unpack(ctx, file); err != nil {
		return nil, err
	}
	damaged, err := beside.Verify(ctx, true)
	if err != nil {
		return nil, err
	}
	for _, d := range damaged {
		return nil, fmt.Errorf("reading back: %w", d)
	}
	if empty {
		if err := os.Remove(s.dir); err != nil {
			return nil, err
		}
	}
	if err := s.disk.rename(beside.dir, s.dir); err != nil {
		return nil, err
	}
	return s, s.disk.names(filepath.Dir(s.dir))
}

// unpack writes the files of a backup into the store's folder and makes them last.
func (s *Store) unpack(ctx context.Context, file string) error {
	if err := s.disk.folder(s.path(snapFolder)); err != nil {
		return err
	}
	folders := []string{s.path(snapFolder), s.dir}
	err := readArchive(ctx, file, func(name string, r io.Reader) error {
		to := s.path(filepath.FromSlash(name))
		if path.Base(name) == sealFile { // the first file of its folder
			folders = append([]string{filepath.Dir(to)}, folders...)
			if err := s.disk.folder(filepath.Dir(to)); err != nil {
				return err
			}
		}
		return s.disk.write(to, func(w io.Writer) error {
			_, err := io.Copy(w, r)
			return err
		})
	})
	if err != nil {
		return err
	}
	for _, f := range folders {
		if err := s.disk.names(f); err != nil {
			return err
		}
	}
	return nil
}

// readArchive reads a backup and calls each with every file, in its order. It accepts no file, order, size or byte but those that a
// backup has: the names are those that HEAD and the seals make, whatever the archive says.
func readArchive(ctx context.Context, file string, each func(name string, r io.Reader) error) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("%s: %s", file, reason(err))
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: is not a file", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("%s: %s", file, reason(err))
	}
	defer f.Close()
	a := archive{file: file, tar: tar.NewReader(contextReader{ctx, f}), each: each}
	err = a.read()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

type archive struct {
	file string
	tar  *tar.Reader
	each func(name string, r io.Reader) error
}

func (a *archive) damaged(name, what string) error {
	return &Damage{File: a.file, What: strings.TrimSpace(name + " " + what), Advice: "nothing was changed; use another backup"}
}

func (a *archive) read() error {
	format, err := a.text(formatFile)
	if err != nil {
		return err
	}
	if string(format) != formatText {
		return a.damaged(formatFile, "does not say that this is a backup which this version of the program reads")
	}
	text, err := a.text(headFile)
	if err != nil {
		return err
	}
	h, what := parseHead(text)
	if what != "" {
		return a.damaged(headFile, what)
	}
	for _, e := range h.Snapshots {
		name := path.Join(snapFolder, e.ID, sealFile)
		seal, err := a.text(name)
		if err != nil {
			return err
		}
		snap, what := parseSeal(e, seal)
		if what != "" {
			return a.damaged(name, what)
		}
		for _, f := range snap.Files {
			if err := a.content(path.Join(snapFolder, e.ID, f.Name), f); err != nil {
				return err
			}
		}
	}
	if next, err := a.tar.Next(); err != io.EOF {
		if err == nil {
			return a.damaged(next.Name, "does not belong to it")
		}
		return a.damaged("", err.Error())
	}
	return nil
}

// next goes to the file that must come now.
func (a *archive) next(name string) (*tar.Header, error) {
	header, err := a.tar.Next()
	switch {
	case err == io.EOF:
		return nil, a.damaged(name, "is missing")
	case err != nil:
		return nil, a.damaged(name, err.Error())
	case header.Name != name || header.Typeflag != tar.TypeReg:
		return nil, a.damaged(header.Name, "is where "+name+" should be")
	}
	return header, nil
}

// text reads one of the store's own texts.
func (a *archive) text(name string) ([]byte, error) {
	const limit = 64 << 20
	header, err := a.next(name)
	if err != nil {
		return nil, err
	}
	if header.Size > limit {
		return nil, a.damaged(name, "is too large")
	}
	b, err := io.ReadAll(a.tar)
	if err != nil {
		return nil, a.damaged(name, err.Error())
	}
	return b, a.each(name, bytes.NewReader(b))
}

// content reads a file of a snapshot.
func (a *archive) content(name string, want File) error {
	header, err := a.next(name)
	if err != nil {
		return err
	}
	if header.Size != want.Size {
		return a.damaged(name, fmt.Sprintf("has %d bytes instead of %d", header.Size, want.Size))
	}
	h := sha256.New()
	r := io.TeeReader(a.tar, h)
	if err := a.each(name, r); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return a.damaged(name, err.Error())
	}
	if hex.EncodeToString(h.Sum(nil)) != want.SHA256 {
		return a.damaged(name, "has changed")
	}
	return nil
}
