package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// text is the text of a CSV file in UTF-8, cut into parts of whole rows that can be read apart from each other. That of a large file stays
// on the disk: a part is read when its turn comes, so that no more of it is in memory than is being looked at.
type text struct {
	whole []byte // of a small file

	fsys     fs.FS // and where a large one is, with what it was when it was first looked at
	path     string
	size     int64
	modified time.Time

	parts []part
	lines int
}

// part is some rows of a text.
type part struct {
	offset int64
	size   int
	line   int // the number of its first line
}

// partSize is about how large the parts are: what is made of one fits into the cache of a core.
const partSize = 1 << 20

// maxPart is the most that is read at once of a file on the disk: more than any row that can be right.
const maxPart = 64 << 20

var (
	// errNotUTF8 says that a text is in another encoding, which takes all of it to tell.
	errNotUTF8 = errors.New("not UTF-8")
	// errChanged says that a file is another than it was when it was first looked at.
	errChanged = errors.New("it changed while it was read")
	// errEndless says that a part is too large to be rows.
	errEndless = fmt.Errorf("no row ends within %d MB from here", maxPart>>20)
)

// newText cuts a text that is in memory.
func newText(whole []byte, size int) *text {
	t := &text{whole: whole, size: int64(len(whole))}
	if len(whole) <= size {
		t.parts, t.lines = []part{{size: len(whole), line: 1}}, bytes.Count(whole, []byte("\n"))+1
		return t
	}
	_ = t.cut(0, size) // reading memory does not fail, and what is no UTF-8 has been refused
	return t
}

// textAt cuts a text that is on the disk, and refuses it where it is not UTF-8.
func textAt(fsys fs.FS, path string, info fs.FileInfo, size int) (*text, error) {
	t := &text{fsys: fsys, path: path, size: info.Size(), modified: info.ModTime()}
	start := make([]byte, len(mark))
	if err := t.reading(func(r io.ReaderAt) error { return readAt(r, start, 0) }); err != nil {
		return nil, err
	}
	from := int64(0)
	if string(start) == mark {
		from = int64(len(mark))
	}
	return t, t.cut(from, size)
}

// reading opens the text, and refuses it where it is another than before.
func (t *text) reading(do func(io.ReaderAt) error) error {
	if t.fsys == nil {
		return do(bytes.NewReader(t.whole))
	}
	f, err := t.fsys.Open(t.path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	r, ok := f.(io.ReaderAt)
	if !ok || info.Size() != t.size || !info.ModTime().Equal(t.modified) {
		return errChanged
	}
	return do(r)
}

// readAt fills a buffer. A text that ends too early has changed, for its size was known.
func readAt(r io.ReaderAt, buffer []byte, offset int64) error {
	n, err := r.ReadAt(buffer, offset)
	if n == len(buffer) {
		return nil
	}
	if err == io.EOF {
		return errChanged
	}
	return err
}

// block is what is counted in a stretch of a text.
type block struct{ lines, quotes int }

// cut finds the parts, on all cores, in stretches of a size that no character exceeds. Two neighbours meet at a line end that is not within quotes, which is one with an even number of
// quotes before it: that holds as far as the text can be read at all, for quotes stand in pairs or end the reading.
func (t *text) cut(from int64, size int) error {
	blocks := make([]block, int((t.size-from+int64(size)-1)/int64(size)))
	err := onAllCores(len(blocks), func(next func() (int, bool)) error {
		buffer := make([]byte, size+utf8.UTFMax)
		return t.reading(func(r io.ReaderAt) error {
			for i, ok := next(); ok; i, ok = next() {
				if err := blocks[i].count(r, buffer, from, from+int64(i)*int64(size), t.size, size); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return t.reading(func(r io.ReaderAt) error {
		start := part{offset: from, line: 1}
		before := block{}
		for i, b := range blocks {
			if at := from + int64(i)*int64(size); i > 0 && at > start.offset {
				cut, lines, err := lineEnd(r, at, t.size, before.quotes%2 > 0)
				if err != nil {
					return err
				}
				start.size = int(cut - start.offset)
				t.parts = append(t.parts, start)
				start = part{offset: cut, line: 1 + before.lines + lines}
			}
			before.lines += b.lines
			before.quotes += b.quotes
		}
		t.lines = before.lines + 1
		if start.size = int(t.size - start.offset); start.size > 0 || len(t.parts) == 0 {
			t.parts = append(t.parts, start)
		}
		return nil
	})
}

// count looks at a stretch of a text. A character over its end belongs to it, one over its start to the stretch before.
func (b *block) count(r io.ReaderAt, buffer []byte, first, at, end int64, size int) error {
	n := int(min(int64(size), end-at))
	beyond := int(min(utf8.UTFMax-1, end-at-int64(n)))
	stretch := buffer[:n+beyond]
	if err := readAt(r, stretch, at); err != nil {
		return err
	}
	b.lines, b.quotes = bytes.Count(stretch[:n], []byte("\n")), bytes.Count(stretch[:n], []byte(`"`))
	from, to := 0, n
	for at > first && from < min(n, utf8.UTFMax-1) && !utf8.RuneStart(stretch[from]) {
		from++
	}
	for to < len(stretch) && !utf8.RuneStart(stretch[to]) {
		to++
	}
	if !utf8.Valid(stretch[from:to]) {
		return errNotUTF8
	}
	return nil
}

// lineEnd finds the first place at or after an offset where a line that is not within quotes has ended, and counts the line ends up to there.
func lineEnd(r io.ReaderAt, offset, end int64, quoted bool) (cut int64, lines int, err error) {
	buffer := make([]byte, 64<<10)
	for offset < end {
		some := buffer[:min(int64(len(buffer)), end-offset)]
		if err := readAt(r, some, offset); err != nil {
			return 0, 0, err
		}
		for i, c := range some {
			if c == '"' {
				quoted = !quoted
			}
			if c != '\n' {
				continue
			}
			if lines++; !quoted {
				return offset + int64(i) + 1, lines, nil
			}
		}
		offset += int64(len(some))
	}
	return end, lines, nil
}

// read returns a part, in the buffer if it must be fetched.
func (t *text) read(p part, buffer []byte) ([]byte, error) {
	if t.fsys == nil {
		return t.whole[p.offset:][:p.size], nil
	}
	if p.size > maxPart {
		return nil, errEndless
	}
	if cap(buffer) < p.size {
		buffer = make([]byte, p.size+p.size/8)
	}
	buffer = buffer[:p.size]
	return buffer, t.reading(func(r io.ReaderAt) error { return readAt(r, buffer, p.offset) })
}

// onAllCores shares numbers below n out among as many calls of do as there are cores; next gives the next number. It returns the first error.
func onAllCores(n int, do func(next func() (int, bool)) error) error {
	var given atomic.Int64
	next := func() (int, bool) {
		i := int(given.Add(1)) - 1
		return i, i < n
	}
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers <= 1 {
		return do(next)
	}
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range errs {
		wg.Go(func() {
			if errs[w] = do(next); errs[w] != nil {
				given.Store(int64(n)) // the others need not go on
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
