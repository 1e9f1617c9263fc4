// Package load reads datasets: bytes become rows, rows become checked records. What it returns can be trusted; what it refuses
// it explains cell by cell, all in one go.
//
// load.go finds the files and says in which order they are read, file.go tells their formats apart. csv.go, xlsx.go with sheet.go,
// json.go and archive.go make rows of bytes; encoding.go and number.go know how texts and numbers may be written. table.go finds the
// columns in a header and the values in a row, records.go has the tables with one function each that reads what a row of it says, check.go
// looks at what only the whole dataset can tell, sorting.go puts rows in order, unknown.go knows what a wrong word may mean, reference.go lends the tables that a dataset
// leaves out, change.go lays rows over a dataset that was read before.
//
// Large CSV files come in parts: text.go cuts them, parts.go has them read on all cores and puts together what they hold. Most of their rows
// hold nothing new: swift.go takes these as they are, with marks.go, which knows where cells end, and glossary.go, which knows the words.
//
// For those who mend files, inspect.go reads them again and sees what stands where the problems are, certain.go knows what a cell means
// where it can mean one thing only, original.go what the file has in its place, and mend.go writes a copy. forms.go hands out the tables to
// be filled.
//
// A new column is a word in tables and a line in its record function; a new table is an entry in tables and its function; a new format
// is a kind and an implementation of rows.
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"deconflict/data"
	"deconflict/data/public"
)

// The limits of what is read. They keep a mistaken or hostile file from filling the memory.
const (
	maxFile    = 256 << 20 // bytes of a file that is read as a whole, and of all that an archive expands to
	maxText    = 2 << 30   // bytes of a CSV file in UTF-8, which is read in parts: ten million targets take 1.4 to 1.7 GB
	maxEntries = 10_000    // of an archive
	maxSheets  = 200       // of a workbook
	maxMerged  = 100_000   // merged ranges of a sheet
	maxTitle   = 100       // rows of a sheet in which its header is looked for
	maxColumns = 200
	maxField   = 64 << 10   // bytes of a cell
	maxRecords = 20_000_000 // of a dataset: ten million targets, and what is pledged and held against them
	maxErrors  = 10_000     // after which the rest of a file is not looked at
)

// Options say how input is to be read where that cannot be told for certain. The zero value guesses, and each guess is a warning.
type Options struct {
	Stdin     io.Reader // what the path - names
	Encoding  string    // of CSV, such as windows-1252
	Separator rune      // of CSV
	Decimal   rune      // the decimal mark of numbers that are text: a point or a comma
	// DateOrder is that of days such as 03/04/2030. They are never guessed, and an error where it is not said.
	DateOrder data.DateOrder
	// NoStatements leaves out what records say in words, once it has been checked. No analysis looks at it, and of a large plan it is a
	// quarter of the memory.
	NoStatements bool
}

// stdinName is how positions show what was read from standard input.
const stdinName = "stdin"

func (o Options) notation() notation {
	switch o.Decimal {
	case '.':
		return points
	case ',':
		return commas
	}
	return doubtful
}

// Files reads folders, workbooks, documents, archives and lone tables, all together as one dataset. Errors among the problems mean
// that there is no dataset; warnings are also in its Problems.
func Files(ctx context.Context, paths ...string) (*data.Dataset, data.Problems) {
	return Options{}.Files(ctx, paths...)
}

// Files reads files as the function of that name does.
func (o Options) Files(ctx context.Context, paths ...string) (*data.Dataset, data.Problems) {
	l, ds := o.read(ctx, paths)
	return ds, l.problems
}

func (o Options) read(ctx context.Context, paths []string) (*loader, *data.Dataset) {
	if len(paths) > 1 {
		o = o.again(paths)
	}
	return read(ctx, func() *loader {
		l := borrower(strings.Join(paths, ", "))
		l.options = o
		return l
	}, func(l *loader) string { return l.find(paths) })
}

// read has a loader find files and loads them. That a large file is not UTF-8, or has an id twice, shows when much of it has been read; then it
// starts again with a loader that takes more care.
func read(ctx context.Context, begin func() *loader, find func(*loader) (title string)) (*loader, *data.Dataset) {
	l := begin()
	ds, _ := l.load(ctx, find(l))
	for l.again {
		care := l.care
		l = begin()
		l.care = care
		ds, _ = l.load(ctx, find(l))
	}
	return l, ds
}

// care is what a loader does at once that it need not do of nearly all files.
type care struct {
	encoding bool // look at large files first whether they are UTF-8, and read one that is not as a whole
	ids      bool // compare each id of a large file with all before it, to say where one stands twice
}

// find looks at what the paths name, and returns a title for it.
func (l *loader) find(paths []string) string {
	if len(paths) == 0 {
		l.fail(data.Position{}, "", "no dataset named, wanted a folder or a file", "")
	}
	var names []string
	for _, p := range paths {
		if p == "-" {
			names = append(names, stdinName)
			text, ok := l.stdin()
			l.lone(stdinName, text, ok)
			continue
		}
		names = append(names, filepath.Base(p))
		info, err := os.Stat(p)
		switch {
		case err != nil:
			l.fail(data.Position{File: p}, "", "cannot be read: "+reason(err), nearFiles(os.DirFS(filepath.Dir(p)), filepath.Base(p), p))
		case info.IsDir():
			l.folder(p, os.DirFS(p))
		case filepath.Base(p) == packageName:
			l.folder(filepath.Dir(p), os.DirFS(filepath.Dir(p)))
		default:
			fsys, base := os.DirFS(filepath.Dir(p)), filepath.Base(p)
			if t, ok := l.large(fsys, base, p); ok {
				l.loneText(p, t)
				continue
			}
			text, ok := l.bytes(fsys, base, p)
			l.lone(p, text, ok)
		}
	}
	return strings.Join(names, ", ")
}

// FS reads a folder of tables. Positions show its files below name.
func FS(ctx context.Context, name string, fsys fs.FS) (*data.Dataset, data.Problems) {
	l, ds := read(ctx, func() *loader { return borrower(name) }, func(l *loader) string {
		l.folder(name, fsys)
		return path.Base(name)
	})
	return ds, l.problems
}

// Public reads the dataset that ships with the program. It is the one that borrows no reference tables.
func Public() (*data.Dataset, error) {
	ds, err := shipped(false)
	if err == nil {
		Lend(ds)
	}
	return ds, err
}

func shipped(vocabularyAlone bool) (*data.Dataset, error) {
	l := newLoader("public", &data.Dataset{Vocabulary: &data.Vocabulary{}})
	l.vocabularyAlone = vocabularyAlone
	l.folder("public", public.FS)
	ds, problems := l.load(context.Background(), "public")
	if ds == nil {
		return nil, fmt.Errorf("reading the public dataset: %w", problems)
	}
	return ds, nil
}

// loader fills a dataset. What it embeds is read table by table, so that each table can be checked against those before it.
type loader struct {
	*data.Dataset
	reference       *data.Dataset // lends what the dataset leaves out
	options         Options
	asking          *asking // where texts are read instead of records
	unknown         *unknown
	vocabularyAlone bool       // no other table of a package is opened
	changes         bool       // what is read changes the reference
	small           int64      // bytes up to which a CSV file is read as a whole
	part            int        // bytes of the largest parts of a CSV file
	slow            bool       // read everything row by row and word by word, for tests
	patient         int        // bytes that a table takes at least for which the collector waits
	care            care       // that it takes
	again           bool       // it has to be more: nothing of what was read counts
	texts           []*csvRows // of the files that stay on the disk
	own             own
	files           map[string][]*file // by table
	packages        []description
	problems        data.Problems
	errors          int
	kept            map[string][]byte // the files as they are, by the name in positions; nil where nobody will look at them again
	room            int               // records that may still come
	broken          map[string]bool   // tables of which a part could not be read: absence from them proves nothing

	keys        map[*table]*rowKeys
	sources     declared
	initiatives declared
	items       declared
	organised   map[string]data.Organisation // folded name → organisation, as this dataset first spells it
	said        map[string]bool              // what is said once for the whole dataset
	seen        map[*table]*seen             // the ids of tables of statements
	prefixes    map[string]string            // of mapping sets, with what they stand for
	explained   map[string]bool              // schemes whose terms the dataset explains itself
	total       data.Amount
	holder

	apart  bool // it reads a part of a file as if nothing came before,
	ids    ids  // whose rows claim these
	shared data.Sharing
	memory
}

func newLoader(name string, reference *data.Dataset) *loader {
	return &loader{
		Dataset:   &data.Dataset{Vocabulary: reference.Vocabulary, Meta: data.Meta{Name: name}},
		reference: reference,
		files:     map[string][]*file{},
		small:     256 << 10, // of what is larger the cores can share the reading, and less of it is in memory
		part:      partSize,
		room:      maxRecords,
		patient:   patient,
		broken:    map[string]bool{},
		keys:      map[*table]*rowKeys{},
		seen:      map[*table]*seen{},
		organised: map[string]data.Organisation{},
		said:      map[string]bool{},
		unknown:   &unknown{told: map[[2]string]error{}},
		memory:    newMemory(),
	}
}

// fail records an error; got says what was found and what was expected.
func (l *loader) fail(at data.Position, field, got, hint string) {
	l.errors++
	l.problems = append(l.problems, data.Problem{Severity: data.Error, Position: at, Field: field, Message: got, Hint: hint})
}

func (l *loader) warn(at data.Position, field, got, hint string) {
	l.problems = append(l.problems, data.Problem{Severity: data.Warning, Position: at, Field: field, Message: got, Hint: hint})
}

// assume records what was assumed where the dataset is silent.
func (l *loader) assume(at data.Position, field, what, hint string) {
	l.problems = append(l.problems, data.Problem{Severity: data.Note, Position: at, Field: field, Message: what, Hint: hint})
}

// firstTime reports whether something is said for the first time.
func (l *loader) firstTime(what string) bool {
	again := l.said[what]
	l.said[what] = true
	return !again
}

// load reads the files that were found, table by table in the order of tables.
func (l *loader) load(ctx context.Context, title string) (*data.Dataset, data.Problems) {
	if l.again {
		return nil, nil
	}
	l.describe(title)
	for _, t := range tables {
		for _, f := range l.files[t.name] {
			err := l.read(ctx, t, f)
			if err == errNotUTF8 {
				l.again, l.care.encoding = true, true
			}
			if s := l.seen[t]; s != nil && s.twice {
				l.again, l.care.ids = true, true
			}
			if l.again {
				return nil, nil
			}
			if err != nil {
				l.fail(f.Position, "", "reading stopped: "+err.Error(), "")
				return nil, l.problems
			}
			f.rows = nil // its text may go
		}
		if t.words != nil && len(l.files[t.name]) > 0 {
			l.Vocabulary = t.words(l)
		}
		if t.words != nil && l.broken[t.name] { // every other table would be blamed for what this one lacks
			break
		}
	}
	if l.checkTexts(); l.again {
		return nil, nil
	}
	if l.changes && l.errors == 0 {
		l.apply()
	}
	l.check()
	l.sort()
	l.problems.Sort()
	if l.errors > 0 {
		return nil, l.problems
	}
	l.Problems = l.problems
	return l.Dataset, l.problems
}

// checkTexts looks at what has not been read of large files.
func (l *loader) checkTexts() {
	for _, f := range l.texts {
		if f.text.known {
			continue
		}
		switch err := f.text.check(); {
		case err == errNotUTF8:
			l.again, l.care.encoding = true, true
			return
		case err != nil:
			l.fail(data.Position{File: f.name}, "", "cannot be read: "+reason(err), "")
		}
	}
}

// lone takes in a file that is not part of a folder: a whole dataset or, as CSV, a table that its header must tell.
func (l *loader) lone(name string, text []byte, ok bool) {
	if ok {
		switch k := kindOf(text); {
		case !l.fits(name, k):
			ok = false
		case k == kindWorkbook:
			ok = l.workbook(name, text)
		case k == kindZip:
			ok = l.archive(name, text)
		case k == kindJSON:
			ok = l.document(name, text)
		case l.lines(name, text):
		default:
			f := l.csv(name, text)
			d := description{Position: data.Position{File: name}}
			if f != nil && f.set != nil {
				d.meta = f.set.meta
			}
			l.packages = append(l.packages, d)
			ok = l.recognised(f)
		}
	}
	if !ok {
		l.broken[anyTable] = true
	}
}

// loneText takes in a large file that is not part of a folder.
func (l *loader) loneText(name string, t *text) {
	l.packages = append(l.packages, description{Position: data.Position{File: name}})
	if t == nil || !l.fits(name, kindText) || !l.recognised(l.csvOf(name, t, nil)) {
		l.broken[anyTable] = true
	}
}

// recognised takes in a table that is known by its header alone, or says what the likeliest tables lack.
func (l *loader) recognised(f *file) bool {
	if f == nil {
		return false
	}
	t, complaint := l.recognise(f.header)
	if t == nil {
		l.fail(f.at(0), "", complaint, "a header names the columns of one of "+tableNames())
		return false
	}
	l.files[t.name] = append(l.files[t.name], f)
	return true
}

// anyTable stands in broken for a file whose table is not known.
const anyTable = ""

// folder finds the tables of a folder: those that its datapackage.json lists or, without one, the files named after a table
// and those whose header is one's.
func (l *loader) folder(name string, fsys fs.FS) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		l.broken[anyTable] = true
		l.fail(data.Position{File: name}, "", "cannot be read: "+reason(err), "")
		return
	}
	d := description{Position: data.Position{File: path.Join(name, packageName)}}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == packageName }) {
		var ok bool
		if d, ok = l.readPackage(name, fsys); !ok {
			l.broken[anyTable] = true
			return
		}
	}
	l.packages = append(l.packages, d)

	before := l.errors
	found := 0
	use := func(t *table, f *file) {
		if f == nil {
			l.broken[t.name] = true
			return
		}
		f.marking = d.meta.Marking
		l.files[t.name] = append(l.files[t.name], f)
		found++
	}
	for _, r := range d.resources {
		if l.vocabularyAlone && r.table.words == nil {
			continue
		}
		use(r.table, l.open(fsys, r.path, path.Join(name, r.path)))
	}
	for _, e := range entries {
		base := e.Name()
		at := data.Position{File: path.Join(name, base)}
		if strings.HasPrefix(base, ".") || d.lists(base) {
			continue
		}
		if isBook(base) && len(d.resources) == 0 {
			l.assume(at, "", "is not read as part of a folder", "name it as a dataset of its own")
		}
		if !isCSV(base) {
			continue
		}
		t := tableNamed(strings.TrimSuffix(base, path.Ext(base)))
		switch {
		case len(d.resources) > 0 && t != nil:
			l.warn(at, "", "is not listed in "+packageName+": it is ignored", "")
		case len(d.resources) > 0:
		case t != nil:
			use(t, l.open(fsys, base, at.File))
		default:
			f := l.open(fsys, base, at.File)
			if f == nil {
				l.broken[anyTable] = true
				continue
			}
			if t, complaint := l.recognise(f.header); t != nil {
				use(t, f)
			} else {
				l.warn(at, "", complaint+": the file is ignored", "")
			}
		}
	}
	if found == 0 && l.errors == before {
		l.fail(data.Position{File: name}, "", "holds no table; looked for "+packageName+" and "+tableFiles(), "")
	}
}

func isCSV(name string) bool {
	ext := strings.ToLower(path.Ext(name))
	return ext == ".csv" || ext == ".tsv"
}

// isBook reports whether a name is that of a file that may hold tables, though not as part of a folder.
func isBook(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".xlsx", ".xlsm", ".xls", ".ods", ".zip":
		return true
	}
	return false
}

// nearFiles words the near misses of a file that is not in its folder; name is how the file was asked for.
func nearFiles(fsys fs.FS, p, name string) string {
	entries, err := fs.ReadDir(fsys, path.Dir(p))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	near := data.Nearest(path.Base(p), names)
	for i := range near {
		near[i] = path.Join(path.Dir(filepath.ToSlash(name)), near[i])
	}
	return data.DidYouMean(near)
}

// reason is what went wrong with a file, without its name, which the position has.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "no such file or folder"
	}
	return err.Error()
}
