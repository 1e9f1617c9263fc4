package load

import (
	"context"
	"io"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"deconflict/data"
)

// The tables that grow with the plans are read part by part on all cores. Each part is read as if it were the first, by a loader of its own,
// and taken over when its turn comes, by whoever is there then: what is read is in the order of the file, and nobody waits for their turn. That
// only works where the rows before do not matter. Where they do, as an id might be taken, a limit reached or a thing said already, the part is
// read again in its turn, row by row.

// statements are the records of a table of statements, of which there may be millions.
type statements struct {
	size   int // of a record in bytes
	count  func(*data.Dataset) int
	record func(*data.Dataset, int) *data.Record
	// shorten takes away all but the first so many.
	shorten func(*data.Dataset, int)
	// reserve makes room for so many more, for parts to be read into.
	reserve func(*data.Dataset, int) placement
	// sort sorts them by their ids, and reports whether two share one.
	sort func(*data.Dataset) (alike bool)
	// swift makes a reader of rows that hold nothing new.
	swift func(*row, *commons) swiftReader
}

// many makes a table of statements of its columns. who are those of them that asked reads.
func many[R any](name, columns, who string, asked func(*row) R, rows func(*data.Dataset) *[]R, of func(*R) parts) *table {
	t := define(name, columns, func(r *row) {
		one := asked(r)
		p := of(&one)
		notice := r.notice("readiness_days")
		if p.held != nil {
			*p.held = r.quantity("held")
		}
		records := r.statements()
		for _, *p.Record = range records {
			p.Readiness = notice
			if p.held != nil && p.Comparable {
				r.add("held", *p.held)
			}
			put(rows(r.Dataset), one)
		}
		if p.request != nil && len(records) > 0 {
			r.checkArea(records)
			r.checkMember((*p.request).Process, (*p.request).Nation, p.Period)
		}
	})
	t.statements = &statements{
		size:    int(reflect.TypeFor[R]().Size()),
		count:   func(ds *data.Dataset) int { return len(*rows(ds)) },
		record:  func(ds *data.Dataset, i int) *data.Record { return of(&(*rows(ds))[i]).Record },
		shorten: func(ds *data.Dataset, n int) { *rows(ds) = (*rows(ds))[:n] },
		reserve: func(ds *data.Dataset, n int) placement {
			all := rows(ds)
			*all = slices.Grow(*all, n)
			return &placed[R]{rows: rows, all: all, room: (*all)[:0]}
		},
		sort: func(ds *data.Dataset) (alike bool) {
			*rows(ds), alike = sortRecords(*rows(ds), func(r *R) *data.Record { return of(r).Record })
			return alike
		},
		swift: func(r *row, known *commons) swiftReader {
			return newSwift(r, rows(r.Dataset), of, asked, strings.Fields(who), known)
		},
	}
	return t
}

// A placement is where the records of parts go. Copying them once they are read would cost as much as reading them: each part is read into the
// place where its records will be if each line before it makes one, which in most files is so. Where it is not they are moved there.
type placement interface {
	// give has the records of a part written from an index on, if there is room for so many.
	give(part *data.Dataset, at, n int)
	// hold keeps the places from an index on from being written to until release, for the parts that are being read into them.
	hold(end int)
	release()
	// pass has records of a part be those of another, which had none.
	pass(from, to *data.Dataset)
	// take moves the records of a part to the end of those that are there.
	take(part *data.Dataset)
}

// placed are the places of records of a table of R.
type placed[R any] struct {
	rows func(*data.Dataset) *[]R
	all  *[]R
	room []R // all with what was reserved; nil once all had to move elsewhere, for parts may still be read into it
}

func (p *placed[R]) give(part *data.Dataset, at, n int) {
	*p.rows(part) = nil
	if at+n <= cap(p.room) {
		*p.rows(part) = p.room[at : at : at+n] // what is beyond n goes elsewhere
	}
}

func (p *placed[R]) hold(end int) {
	if end < cap(p.room) {
		*p.all = (*p.all)[:len(*p.all):end]
	}
}

func (p *placed[R]) release() {
	n := len(*p.all)
	if cap(p.room) == 0 {
		return
	}
	if cap(*p.all) == 0 || &(*p.all)[:1][0] == &p.room[:1][0] {
		*p.all = p.room[:n]
	} else {
		p.room = nil
	}
}

func (p *placed[R]) pass(from, to *data.Dataset) { *p.rows(to), *p.rows(from) = *p.rows(from), nil }

func (p *placed[R]) take(part *data.Dataset) {
	n, some := len(*p.all), *p.rows(part)
	if len(some) > 0 && n+len(some) <= cap(*p.all) && &(*p.all)[:n+1][n] == &some[0] {
		*p.all = (*p.all)[:n+len(some)]
		return
	}
	*p.all = append(*p.all, some...)
}

// readParts reads a table of statements.
func (l *loader) readParts(ctx context.Context, t *table, f *file, rows *csvRows, columns map[string]int) error {
	least := len(f.header) + len(t.required) // bytes that a row takes
	begin := t.count(l.Dataset)
	records := min(rows.lines(), int(rows.text.end)/least, l.room)
	most, resume := math.MaxInt, func() {}
	if bytes := records * t.size; bytes >= l.patient {
		most = heap() + bytes + int(rows.text.end) + patient
		resume = collectLater()
		defer resume()
	}
	places := t.reserve(l.Dataset, records)
	ids := l.seenIn(t)
	ids.later = rows.text.fsys != nil && !l.care.ids
	stretches := rows.text.stretches()
	known := &commons{of: map[[3]string]subject{}}
	const ahead = 16    // parts, up to which some are read before one whose turn it is
	var turn sync.Mutex // whoever has it may look at l, of which all else that is shared stays as it is meanwhile
	came := sync.NewCond(&turn)
	made := make([]*partRead, len(stretches.counts)) // that wait for their turn
	var free []*partRead
	now, stop := 0, false
	err := onAllCores(len(stretches.counts), func(next func() (int, bool)) error {
		turn.Lock()
		w := l.partReader(t, f, columns, known)
		turn.Unlock()
		text := rows.text.open()
		defer text.close()
		for i, ok := next(); ok; i, ok = next() {
			p, cut := text.cut(stretches, i, func(counts block) (before block, goOn bool) {
				turn.Lock()
				defer turn.Unlock()
				stretches.tell(i, counts)
				came.Broadcast()
				for (len(stretches.before) <= i || now <= i-ahead) && !stop {
					came.Wait()
				}
				return stretches.before[min(i, len(stretches.before)-1)], !stop
			})
			// Each line in which a row starts makes a record: that tells where those of the part will be.
			first := p.line
			if i == 0 {
				first = rows.headerLine
			}
			from := max(begin, begin+first-rows.headerLine)
			end := max(from, begin+p.line+p.lines-rows.headerLine)
			turn.Lock()
			if w.stale || len(w.said) != len(l.said) {
				w.said, w.stale = maps.Clone(l.said), false
			}
			places.give(w.Dataset, from, end-from)
			read := &partRead{Dataset: &data.Dataset{}}
			if n := len(free); n > 0 {
				read, free = free[n-1], free[:n-1]
			}
			turn.Unlock()
			read.part, read.err, read.end, read.cut = p, nil, end, cut
			if cut == nil {
				read.err = w.read(ctx, rows, i, p)
			}
			w.pass(read, places)

			turn.Lock()
			for made[i] = read; now < len(made) && made[now] != nil && !stop; now++ {
				var err error
				read := made[now]
				if read.lines > 0 {
					places.hold(read.end)
				}
				switch {
				case ctx.Err() != nil:
					err, stop = context.Cause(ctx), true
				case read.err == errNotUTF8:
					err, stop = read.err, true
				case read.cut == nil && read.err == nil && l.takeOver(read, t, f, rows, places):
				default:
					if now != i && read.cut == nil { // its text has been read over
						read.part, read.cut = rows.text.again(read.part)
					}
					var goOn bool
					goOn, err = l.readAgain(ctx, t, f, rows, now, read.part, read.cut, columns)
					stop = !goOn
				}
				places.release()
				if most < math.MaxInt && heap() > most {
					resume()
				}
				if stop {
					came.Broadcast()
					turn.Unlock()
					return err
				}
				made[now] = nil
				free = append(free, read)
			}
			stopped := stop
			came.Broadcast()
			turn.Unlock()
			if stopped {
				return nil
			}
		}
		return nil
	})
	rows.text.known = rows.text.known || err == nil && !stop
	ids.settle()
	return err
}

// partRead is what was read of a part. The records of it are in a dataset of its own.
type partRead struct {
	*data.Dataset
	part
	end      int   // of the places of its records
	cut, err error // why it could not be cut out, or not be read to its end
	said     bool  // something that is said once
	ids      ids
	problems data.Problems
	errors   int
	total    data.Amount
	used     int // how many records it has
}

// partReader reads parts, each as if it were the first.
type partReader struct {
	*loader
	row    *row
	swift  swiftReader
	saying int  // how much had been said before the part
	stale  bool // it has said what others may not have
}

func (l *loader) partReader(t *table, f *file, columns map[string]int, known *commons) *partReader {
	own := *l
	own.Dataset = &data.Dataset{Vocabulary: l.Vocabulary, Meta: l.Meta}
	own.memory, own.shared = newMemory(), data.Sharing{}
	own.sources.hints = map[string]string{}
	own.apart, own.said, own.broken = true, maps.Clone(l.said), maps.Clone(l.broken)
	own.holder, own.ids, own.problems = holder{}, ids{}, nil
	w := &partReader{loader: &own}
	in := *f
	w.row = &row{loader: &own, table: t, file: &in, column: columns}
	w.swift = t.swift(w.row, known)
	w.reset()
	return w
}

// reset forgets the part that was read, but not what its words meant.
func (w *partReader) reset() {
	w.row.table.shorten(w.Dataset, 0)
	w.errors, w.total, w.room = 0, 0, math.MaxInt
}

// pass passes on what was read, and takes the room that the other has in exchange.
func (w *partReader) pass(to *partRead, at placement) {
	at.pass(w.Dataset, to.Dataset)
	to.said = len(w.said) != w.saying
	w.stale = w.stale || to.said
	to.errors, to.total, to.used = w.errors, w.total, math.MaxInt-w.room
	w.problems, to.problems = to.problems[:0], w.problems
	w.ids, to.ids = ids{bare: to.ids.bare[:0]}, w.ids
	w.reset()
}

// read reads part i of a file.
func (w *partReader) read(ctx context.Context, of *csvRows, i int, p part) error {
	w.saying = len(w.said)
	rows := of.only(i, p)
	w.row.file.rows = rows
	if ascii := w.swift.begin(rows.scanner); !ascii && !of.text.known && !utf8.Valid(p.text) {
		return errNotUTF8
	}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if w.swift.next(rows.scanner) {
			continue
		}
		if err := rows.scan(); err != nil {
			if err == io.EOF {
				err = nil
			}
			return err
		}
		if w.swift.read(rows.scanner) {
			continue
		}
		if cells, filled := rows.filled(); filled {
			if goOn := w.row.read(cells); !goOn {
				return nil // takeOver will not
			}
		}
	}
}

// takeOver takes over what was read of a part, unless the rows before it matter.
func (l *loader) takeOver(read *partRead, t *table, f *file, rows *csvRows, at placement) bool {
	if read.said || read.used > l.room || l.errors+read.errors >= maxErrors || read.total > data.MaxAmount-l.total {
		return false
	}
	from := t.count(l.Dataset)
	at.take(read.Dataset)
	if !l.seenIn(t).claimAll(&read.ids, from, f) {
		t.shorten(l.Dataset, from)
		return false
	}
	if n := len(l.problems) + len(read.problems); n > cap(l.problems) && len(read.problems) > 0 {
		all := int(float64(n) * float64(rows.text.end) / float64(read.next)) // if the rest of the file is alike
		l.problems = slices.Grow(l.problems, min(all+all/16, 64*n)-len(l.problems))
	}
	l.problems = append(l.problems, read.problems...)
	l.errors += read.errors
	l.total += read.total
	l.room -= read.used
	return true
}

// readAgain reads a part row by row after all before it, unless it could not be cut out. It reports whether the rest of the file can be read.
func (l *loader) readAgain(ctx context.Context, t *table, f *file, of *csvRows, i int, p part, cut error, columns map[string]int) (goOn bool, err error) {
	rows := of.only(i, p)
	if cut != nil {
		l.broken[t.name], of.text.known = true, true
		l.fail(rows.stopped(cut))
		return false, nil
	}
	in := *f
	in.rows = rows
	return (&row{loader: l, table: t, file: &in, column: columns}).readAll(ctx)
}

// only are the rows of one part. The first is without the header.
func (f *csvRows) only(i int, p part) *csvRows {
	rows := &csvRows{name: f.name, text: f.text, separator: f.separator, fixed: f.fixed, judged: f.judged}
	rows.take(p)
	rows.after = f.text.end
	if i == 0 {
		rows.scanner.next, rows.scanner.line = f.headerEnd, f.headerLine
	}
	return rows
}

// seenIn knows the ids of a table.
func (l *loader) seenIn(t *table) *seen {
	s := l.seen[t]
	if s == nil {
		s = &seen{statements: t.statements, ds: l.Dataset}
		l.seen[t] = s
	}
	return s
}
