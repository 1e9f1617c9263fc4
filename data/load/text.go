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

// text is the text of a CSV file in UTF-8. It is read in parts of whole rows, which can be read apart from each other. That of a large file
// stays on the disk: a part is fetched when its turn comes, so that no more of it is in memory than is being looked at.
type text struct {
	whole []byte // of a small file

	fsys     fs.FS // and where a large one is, with what it was when it was first looked at
	path     string
	modified time.Time

	begin, end int64
	part       int  // about how many bytes a part has
	known      bool // all of it is known to be UTF-8, or what else is to be said of it has been
}

// part is some rows of a text.
type part struct {
	text  []byte // valid until the next part is read by the same reader
	line  int    // the number of its first line
	lines int    // and how many it has
	next  int64  // where the text goes on
}

// partSize is about how large the parts of a large file are: of smaller ones there are more to hand over, and of larger ones what was found leaves
// the caches of a core before it is looked at.
const partSize = 1 << 19

// partOf is about how large the parts of a text of some bytes are, where they are at most of a size. A smaller text has smaller ones, so that
// the cores are done at about the same time.
func partOf(bytes int64, most int) int { return int(min(max(bytes/16, partSize/4), int64(most))) }

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

// newText is a text that is in memory.
func newText(whole []byte, part int) *text {
	return &text{whole: whole, end: int64(len(whole)), part: part, known: true}
}

// textAt is a text that is on the disk.
func textAt(fsys fs.FS, path string, info fs.FileInfo, part int) (*text, error) {
	t := &text{fsys: fsys, path: path, modified: info.ModTime(), end: info.Size(), part: part}
	r := t.open()
	defer r.close()
	start, err := r.read(nil, 0, len(mark))
	if string(start) == mark {
		t.begin = int64(len(mark))
	}
	return t, err
}

// textReader reads a text, one stretch after the other into the same memory.
type textReader struct {
	*text
	file   fs.File // of one on the disk,
	err    error   // unless it could not be opened
	buffer []byte
}

// open opens a text. Where that fails reading will.
func (t *text) open() *textReader {
	r := &textReader{text: t}
	if t.fsys != nil {
		r.file, r.err = t.fsys.Open(t.path)
	}
	return r
}

func (r *textReader) close() {
	if r.file != nil {
		r.file.Close()
	}
}

// read returns what was read from an offset and some more bytes, or what there are. It refuses a file that is another than before, or ends too
// early, for its size is known.
func (r *textReader) read(have []byte, from int64, more int) ([]byte, error) {
	n := int(min(int64(len(have)+more), r.end-from))
	if r.err != nil {
		return nil, r.err
	}
	if r.file == nil {
		return r.whole[from:][:n], nil
	}
	at, ok := r.file.(io.ReaderAt)
	info, err := r.file.Stat()
	if err != nil {
		return nil, err
	}
	if !ok || info.Size() != r.end || !info.ModTime().Equal(r.modified) {
		return nil, errChanged
	}
	if cap(r.buffer) < n {
		r.buffer = append(make([]byte, 0, n+n/8), have...)
	}
	r.buffer = r.buffer[:n]
	got, err := at.ReadAt(r.buffer[len(have):], from+int64(len(have)))
	switch {
	case got == n-len(have):
		return r.buffer, nil
	case err == io.EOF:
		return nil, errChanged
	}
	return nil, err
}

// lineEnd adds to what was read from an offset what follows up to the first end of a line that is not within quotes. The part starts later.
func (r *textReader) lineEnd(have []byte, start int, from int64, quoted bool) ([]byte, error) {
	more := 1 << 10 // nearly always enough
	for at := len(have); ; more *= 2 {
		for ; at < len(have); at++ {
			switch have[at] {
			case '"':
				quoted = !quoted
			case '\n':
				if !quoted {
					return r.fits(have[:at+1], start)
				}
			}
		}
		if from+int64(at) == r.end {
			return r.fits(have, start)
		}
		if _, err := r.fits(have, start); err != nil {
			return nil, err
		}
		var err error
		if have, err = r.read(have, from, more); err != nil {
			return nil, err
		}
	}
}

// fits refuses a part that is too large to be read of a file at once.
func (r *textReader) fits(have []byte, start int) ([]byte, error) {
	if r.file != nil && len(have)-start > maxPart {
		return nil, errEndless
	}
	return have, nil
}

// after is the part that starts at an offset where a row does.
func (r *textReader) after(from int64, line int) (part, error) {
	text, err := r.read(nil, from, r.part)
	if err == nil {
		text, err = r.lineEnd(text, 0, from, bytes.Count(text, quoteMark)%2 > 0)
	}
	if err == nil && !r.known && !utf8.Valid(text) {
		err = errNotUTF8
	}
	return r.partOf(text, line, bytes.Count(text, lineFeed), from+int64(len(text))), err
}

// again is a part that was read before.
func (t *text) again(p part) (part, error) {
	r := t.open()
	defer r.close()
	text, err := r.read(nil, p.next-int64(len(p.text)), len(p.text))
	p.text = text
	return p, err
}

// partOf is a part with so many ends of lines.
func (r *textReader) partOf(text []byte, line, ends int, next int64) part {
	p := part{text, line, ends, next}
	if next == r.end && (len(text) == 0 || text[len(text)-1] != '\n') {
		p.lines++
	}
	return p
}

var lineFeed, quoteMark = []byte("\n"), []byte(`"`)

// stretches are what a text is cut into where its parts are read on several cores: as large as a part should be, and starting anywhere. A part
// is made of the rows that start after the first line end of a stretch. That is one which is not within quotes, so with an even number of
// quotes before it: which holds as far as the text can be read at all, for quotes stand in pairs or end the reading. How many there are, and
// how many lines, is known once all stretches before have been looked at, which is what is done first with each.
type stretches struct {
	*text
	counts []block // in each that was looked at
	before []block // of those before which all were
	looked []bool
}

// block is what is counted in some of a text.
type block struct{ lines, quotes int }

func (t *text) stretches() *stretches {
	n := max(1, int((t.end-t.begin+int64(t.part)-1)/int64(t.part)))
	return &stretches{text: t, counts: make([]block, n), before: make([]block, 1, n+1), looked: make([]bool, n)}
}

// tell takes in what was counted in a stretch.
func (s *stretches) tell(i int, b block) {
	s.counts[i], s.looked[i] = b, true
	for n := len(s.before); n <= len(s.counts) && s.looked[n-1]; n++ {
		last := s.before[n-1]
		s.before = append(s.before, block{last.lines + s.counts[n-1].lines, last.quotes + s.counts[n-1].quotes})
	}
}

// cut reads a stretch and makes a part of it, which may have no rows. tell takes in what was counted in the stretch and knows what is before,
// unless that does not matter any more.
func (r *textReader) cut(s *stretches, i int, tell func(block) (before block, goOn bool)) (part, error) {
	from := s.begin + int64(i)*int64(s.part)
	text, err := r.read(nil, from, s.part)
	if err != nil {
		return part{}, err
	}
	counts := block{bytes.Count(text, lineFeed), bytes.Count(text, quoteMark)}
	before, goOn := tell(counts)
	if !goOn {
		return part{}, nil
	}
	start := 0
	if quoted := before.quotes%2 > 0; i > 0 {
		for ; start == 0 || quoted || text[start-1] != '\n'; start++ {
			if start == len(text) {
				return part{line: 1 + before.lines, next: from}, nil
			}
			if text[start] == '"' {
				quoted = !quoted
			}
		}
	}
	skipped := bytes.Count(text[:start], lineFeed)
	line := 1 + before.lines + skipped
	all, err := r.lineEnd(text, start, from, (before.quotes+counts.quotes)%2 > 0)
	if err != nil {
		return part{line: line}, err
	}
	return r.partOf(all[start:], line, counts.lines-skipped+bytes.Count(all[len(text):], lineFeed), from+int64(len(all))), nil
}

// check refuses a text that is not UTF-8.
func (t *text) check() error {
	s := t.stretches()
	return onAllCores(len(s.counts), func(next func() (int, bool)) error {
		r := t.open()
		defer r.close()
		for i, ok := next(); ok; i, ok = next() {
			from := s.begin + int64(i)*int64(s.part)
			// A character over the end of a stretch belongs to it, one over its start to the stretch before.
			text, err := r.read(nil, from, s.part+utf8.UTFMax-1)
			if err != nil {
				return err
			}
			start, end := 0, min(s.part, len(text))
			for i > 0 && start < min(end, utf8.UTFMax-1) && !utf8.RuneStart(text[start]) {
				start++
			}
			for end < len(text) && !utf8.RuneStart(text[end]) {
				end++
			}
			if !utf8.Valid(text[start:end]) {
				return errNotUTF8
			}
		}
		return nil
	})
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
