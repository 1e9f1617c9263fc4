package load

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"deconflict/data"
)

// kindOfArchive looks at the names in an archive: the Office formats are archives too.
func kindOfArchive(text []byte) kind {
	if crowded(text) {
		return kindZip
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return kindZip // what is wrong with it is said when it is opened
	}
	for _, e := range z.File {
		switch name := strings.ToLower(e.Name); {
		case name == "xl/workbook.bin":
			return "a binary workbook (.xlsb)"
		case strings.HasPrefix(name, "xl/"):
			return kindWorkbook
		case strings.HasPrefix(name, "word/"):
			return "a Word document"
		case strings.HasPrefix(name, "ppt/"):
			return "a PowerPoint presentation"
		case name == "mimetype":
			return "an OpenDocument spreadsheet or text"
		}
	}
	return kindZip
}

// crowded reports whether an archive holds too many files, by the signature of each, because archive/zip makes a list of them all.
func crowded(text []byte) bool { return bytes.Count(text, []byte("PK\x01\x02")) > maxEntries }

// unpack looks at an archive before anything else does. It refuses one that is damaged or encrypted, expands to more than a file may
// have, or holds names that lead out of it or could be two files. Nothing of a refused archive is used; what expands to too much is not
// even expanded.
func (l *loader) unpack(name string, text []byte) *zip.Reader {
	at := data.Position{File: name}
	if crowded(text) {
		l.fail(at, "", fmt.Sprintf("holds more than %d files, which is the most that is read", maxEntries), "")
		return nil
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		l.fail(at, "", "is no archive that can be read: "+strings.TrimPrefix(err.Error(), "zip: "), "")
		return nil
	}
	seen := map[string]bool{}
	room := uint64(maxFile)
	for _, e := range z.File {
		if e.NonUTF8 { // as Windows writes names
			e.Name, _ = charmap.CodePage437.NewDecoder().String(e.Name)
		}
		folded := strings.ToLower(strings.TrimSuffix(e.Name, "/"))
		switch {
		case !fs.ValidPath(folded) || folded == "." || strings.ContainsAny(folded, `\:`):
			l.fail(at, "", "holds a file named "+quote(e.Name)+", wanted names within the archive", "")
			return nil
		case seen[folded]:
			l.fail(at, "", "holds two files named "+quote(e.Name)+", wanted one", "")
			return nil
		case e.Flags&1 != 0:
			l.fail(at, "", quote(e.Name)+" in it is encrypted", "pack it without a password")
			return nil
		case e.UncompressedSize64 > room:
			l.fail(at, "", fmt.Sprintf("expands to more than %d MB, which is the most that is read", maxFile>>20), "")
			return nil
		}
		seen[folded] = true
		room -= e.UncompressedSize64
	}
	for _, e := range z.File {
		if err := expand(e, io.Discard); err != nil {
			l.fail(at, "", fmt.Sprintf("%s in it is damaged: %s", quote(e.Name), strings.TrimPrefix(err.Error(), "zip: ")), "pack or save it again")
			return nil
		}
	}
	return z
}

// expand writes an entry out, and checks its length and sum.
func expand(e *zip.File, to io.Writer) error {
	if e.FileInfo().IsDir() {
		return nil
	}
	r, err := e.Open()
	if err != nil {
		return err
	}
	n, err := io.Copy(to, io.LimitReader(r, int64(e.UncompressedSize64)+1))
	if err == nil && n > int64(e.UncompressedSize64) {
		err = errors.New("it is longer than it says")
	}
	return errors.Join(err, r.Close())
}

// archive takes in the folder of tables that an archive holds, be it at its top or in the one folder there.
func (l *loader) archive(name string, text []byte) bool {
	z := l.unpack(name, text)
	if z == nil {
		return false
	}
	var fsys fs.FS = z
	for {
		entries, err := fs.ReadDir(fsys, ".")
		if err != nil {
			l.fail(data.Position{File: name}, "", "cannot be read: "+reason(err), "")
			return false
		}
		var folders []string
		files := false
		for _, e := range entries {
			switch {
			case strings.HasPrefix(e.Name(), ".") || e.Name() == "__MACOSX": // what a file manager adds
			case e.IsDir():
				folders = append(folders, e.Name())
			default:
				files = true
			}
		}
		if files || len(folders) != 1 {
			break
		}
		sub, err := fs.Sub(fsys, folders[0])
		if err != nil {
			l.fail(data.Position{File: name}, "", "cannot be read: "+reason(err), "")
			return false
		}
		fsys, name = sub, path.Join(name, folders[0])
	}
	l.folder(name, fsys)
	return true
}
