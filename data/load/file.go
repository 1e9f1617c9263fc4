package load

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"deconflict/data"
)

// file is one table of the input while it is read: a CSV file, a sheet, an array of a JSON document.
type file struct {
	data.Position // of the table itself
	marking       data.Marking
	header        []string
	set           *mappingSet // what a block before the table says of it; mostly none
	rows
}

// rows is what the formats have in common: a header that the file already has, then row after row. A problem stands where its cell or
// row does, so that every format says where that is.
type rows interface {
	// next returns the cells of the next row that has any, trimmed of white space. They are overwritten by the row after.
	next() ([]string, error)
	// at is where a cell of the row last read stands.
	at(cell int) data.Position
	// line is where the row last read stands.
	line() data.Position
	// stopped words an error of next as arguments of fail.
	stopped(err error) (at data.Position, field, got, hint string)
	// flaw says why a cell of the row last read has no value that could be taken for what its author meant; mostly nothing.
	flaw(cell int) (got, hint string)
	// notation is how a cell of the row last read writes a number.
	notation(cell int) notation
}

// kind is what the bytes of a file are, whatever its name says.
type kind string

const (
	kindText     kind = "text"
	kindWorkbook kind = "an XLSX workbook"
	kindZip      kind = "a zip archive"
	kindJSON     kind = "JSON"
)

// readable are the kinds that are read, and the names that files of each usually have.
var readable = map[kind][]string{
	kindText:     {".csv", ".tsv", ".txt"},
	kindWorkbook: {".xlsx", ".xlsm", ".xltx", ".xltm"},
	kindZip:      {".zip"},
	kindJSON:     {".json"},
}

// oldOffice is how old Office files begin.
const oldOffice = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// kindOf looks at the first bytes, of an archive at the names in it, and of an old Office file at the names of its streams.
func kindOf(text []byte) kind {
	start := bytes.TrimLeft(bytes.TrimPrefix(text[:min(len(text), 1024)], []byte(mark)), " \t\r\n")
	switch {
	case bytes.HasPrefix(text, []byte("PK\x03\x04")) || bytes.HasPrefix(text, []byte("PK\x05\x06")):
		return kindOfArchive(text)
	case bytes.HasPrefix(text, []byte(oldOffice)):
		switch {
		case bytes.Contains(text, []byte(wide("EncryptedPackage"))):
			return "a workbook or document that a password protects"
		case bytes.Contains(text, []byte(wide("Workbook"))):
			return "an old Excel workbook (.xls)"
		}
		return "an old Office document"
	case bytes.HasPrefix(start, []byte("%PDF-")):
		return "a PDF document"
	case len(start) > 0 && start[0] == '{' || bytes.HasPrefix(start, []byte("[")) && !bytes.HasPrefix(start, []byte("[Content")):
		return kindJSON
	case len(start) > 5 && (strings.EqualFold(string(start[:5]), "<html") || strings.EqualFold(string(start[:5]), "<!doc")):
		return "a web page"
	case bytes.HasPrefix(start, []byte("<?xml")):
		return "XML"
	}
	return kindText
}

// wide is a text as old Office files hold it.
func wide(s string) string {
	var b strings.Builder
	for _, c := range s {
		b.WriteRune(c)
		b.WriteByte(0)
	}
	return b.String()
}

// mend is what to do about a file of a kind that is not read.
func (k kind) mend() string {
	switch {
	case strings.Contains(string(k), "password"):
		return "save it without a password"
	case strings.Contains(string(k), "workbook") || strings.Contains(string(k), "spreadsheet"):
		return "save it as XLSX"
	}
	return "save its tables as XLSX or CSV"
}

// fits refuses a file that is of no kind that can be read, or of another than its name says.
func (l *loader) fits(name string, k kind) bool {
	at := data.Position{File: name}
	if _, ok := readable[k]; !ok {
		l.fail(at, "", fmt.Sprintf("is %s, wanted CSV, XLSX, JSON or a zip archive of CSV", k), k.mend())
		return false
	}
	ext := strings.ToLower(path.Ext(name))
	for other, exts := range readable {
		if other != k && slices.Contains(exts, ext) {
			l.fail(at, "", fmt.Sprintf("is %s, wanted %s as the name says", k, other), "rename it or save it as what it is called")
			return false
		}
	}
	return true
}

// bytes reads a whole file. Where it cannot, it says why and returns false.
func (l *loader) bytes(fsys fs.FS, p, name string) ([]byte, bool) {
	at := data.Position{File: name}
	info, err := fs.Stat(fsys, p)
	if err != nil {
		l.fail(at, "", "cannot be read: "+reason(err), nearFiles(fsys, p, name))
		return nil, false
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer for ever
		l.fail(at, "", fmt.Sprintf("is %s, wanted a file", modeOf(info.Mode())), "")
		return nil, false
	}
	if info.Size() > maxFile {
		l.fail(at, "", fmt.Sprintf("has %d MB, wanted at most %d", info.Size()>>20, maxFile>>20), fmt.Sprintf("as CSV in UTF-8 up to %d MB are read", maxText>>20))
		return nil, false
	}
	text, err := fs.ReadFile(fsys, p)
	if err != nil {
		l.fail(at, "", "cannot be read: "+reason(err), "")
		return nil, false
	}
	l.keep(name, text)
	return text, true
}

// stdin reads what stands on standard input.
func (l *loader) stdin() ([]byte, bool) {
	at := data.Position{File: stdinName}
	if l.options.Stdin == nil {
		l.fail(at, "", "there is no standard input", "")
		return nil, false
	}
	text, err := io.ReadAll(io.LimitReader(l.options.Stdin, maxFile+1))
	switch {
	case err != nil:
		l.fail(at, "", "cannot be read: "+reason(err), "")
		return nil, false
	case len(text) > maxFile:
		l.fail(at, "", fmt.Sprintf("has more than %d MB, which is the most that is read", maxFile>>20), "")
		return nil, false
	}
	l.keep(stdinName, text)
	return text, true
}

func modeOf(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "no regular file"
}
