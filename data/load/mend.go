package load

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"deconflict/data"
)

// A copy is mended cell by cell: what stands between the cells, how they are quoted, the encoding, the line ends and everything else
// of a workbook stay to the last byte.

// Mended is a copy of a dataset in which every cell that can be read in one way only is written as the program writes it.
type Mended struct {
	Folder  bool // a folder of files, else one file
	Files   []MendedFile
	Changes []MendedCell
}

// MendedFile is a file of a copy. Path is relative to its folder; none where it is the only file.
type MendedFile struct {
	Path string
	Text []byte
}

// MendedCell is a cell that the copy has otherwise.
type MendedCell struct {
	data.Position        // in the file that was read
	Field         string // the column
	From, To      string
}

// Mend makes a mended copy of a dataset: a folder, or a file of any format that is read. What cannot be read stays as it is. The error
// says why there is no copy; it may be data.Problems.
func (o Options) Mend(ctx context.Context, name string) (*Mended, error) {
	paths := []string{name}
	o = o.again(paths)
	first, _ := o.first(ctx, paths)
	look := o.second(first, paths)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, p := range look.problems.Of(data.Error) {
		if !slices.Contains(first.problems, p) { // a file that is read in parts is too large to be copied
			return nil, data.Problems{p}
		}
	}
	if len(look.files) == 0 { // no table could be told from the others or opened: a copy would be what nobody could read
		return nil, first.problems
	}
	look.tables(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m := &Mended{}
	changes := map[string][]change{}
	for _, c := range look.changes {
		m.Changes = append(m.Changes, MendedCell{c.Position, c.Field, c.From, c.To})
		changes[c.File] = append(changes[c.File], c)
	}
	mended := map[string][]byte{}
	for file, cs := range changes {
		text, err := look.mend(file, cs)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		mended[file] = text
	}
	if name == "-" {
		name = stdinName
	}
	if path.Base(filepath.ToSlash(name)) == packageName {
		name = filepath.Dir(name)
	}
	whole, lone := look.kept[name]
	switch {
	case lone && kindOf(whole) == kindZip:
		text, err := mendArchive(whole, func(entry string) ([]byte, bool) {
			text, ok := mended[path.Join(name, entry)]
			return text, ok
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		m.Files = []MendedFile{{Text: text}}
	case lone:
		if text, ok := mended[name]; ok {
			whole = text
		}
		m.Files = []MendedFile{{Text: whole}}
	default:
		m.Folder = true
		for file, text := range look.kept {
			if new, ok := mended[file]; ok {
				text = new
			}
			m.Files = append(m.Files, MendedFile{relative(name, file), text})
		}
		if text, ok := look.description(path.Join(name, packageName)); ok {
			m.Files = append(m.Files, MendedFile{packageName, text})
		}
		slices.SortFunc(m.Files, func(a, b MendedFile) int { return strings.Compare(a.Path, b.Path) })
	}
	return m, nil
}

// relative is a file's path in its folder.
func relative(folder, file string) string {
	return strings.TrimPrefix(file, path.Clean(filepath.ToSlash(folder))+"/")
}

// edit puts a text in the place of another.
type edit struct {
	start, end int
	text       string
}

// spliced is a text with edits, which must be in its order and apart.
func spliced(text []byte, edits []edit) []byte {
	out := make([]byte, 0, len(text))
	last := 0
	for _, e := range edits {
		out = append(append(out, text[last:e.start]...), e.text...)
		last = e.end
	}
	return append(out, text[last:]...)
}

// mend makes changes in a file.
func (k *look) mend(file string, changes []change) ([]byte, error) {
	text := k.kept[file]
	switch changes[0].file.rows.(type) {
	case *csvRows:
		return k.mendCSV(file, text, changes)
	case *array:
		body := bytes.TrimPrefix(text, []byte(mark))
		var edits []edit
		for _, c := range changes {
			quoted, err := jsontext.AppendQuote(nil, c.To)
			if err != nil {
				return nil, err
			}
			edits = append(edits, edit{c.start, c.end, string(quoted)})
		}
		slices.SortFunc(edits, func(a, b edit) int { return a.start - b.start })
		return append(slices.Clone(text[:len(text)-len(body)]), spliced(body, edits)...), nil
	}
	return mendWorkbook(text, changes)
}

// mendCSV writes the cells as the others of the file are written: in its encoding, and in quotes where they stood in quotes before or
// cannot do without.
func (k *look) mendCSV(file string, text []byte, changes []change) ([]byte, error) {
	body, ok := k.decode(file, text)
	if !ok {
		return nil, errors.New("its encoding is not known any more") // it was read a moment ago
	}
	enc, mark := k.encodingOf(text)
	encode := func(s []byte) ([]byte, error) {
		encoded, err := enc.NewEncoder().Bytes(s)
		return append(slices.Clone(mark), encoded...), err
	}
	if same, err := encode(body); err != nil || !bytes.Equal(same, text) {
		return nil, errors.New("its encoding cannot be written as it was read; save it as UTF-8")
	}
	var edits []edit
	for _, c := range changes {
		e := edit{c.start, c.end, c.To}
		comma := string(c.file.rows.(*csvRows).separator)
		if (extent{c.start, c.end}).quoted(body) || strings.ContainsAny(c.To, "\"\r\n"+comma) {
			e.text = `"` + strings.ReplaceAll(c.To, `"`, `""`) + `"`
		}
		edits = append(edits, e)
	}
	slices.SortFunc(edits, func(a, b edit) int { return a.start - b.start })
	return encode(spliced(body, edits))
}

// encodingOf is the encoding in which a file was read, without a mark, and the mark that it has.
func (k *look) encodingOf(text []byte) (encoding.Encoding, []byte) {
	little, big := []byte("\xff\xfe"), []byte("\xfe\xff")
	named := encodingNamed(k.options.Encoding)
	switch {
	case bytes.HasPrefix(text, []byte(mark)) && (k.options.Encoding == "" || named == unicode.UTF8):
		return encoding.Nop, []byte(mark)
	case named == nil && !isUTF8(text) && bytes.HasPrefix(text, little), named == utf16 && !bytes.HasPrefix(text, big):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), text[:len(text)-len(bytes.TrimPrefix(text, little))]
	case named == nil && !isUTF8(text) && bytes.HasPrefix(text, big), named == utf16:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), big
	case named != nil && named != unicode.UTF8:
		return named, nil
	case named == nil && !isUTF8(text):
		return charmap.Windows1252, nil
	}
	return encoding.Nop, nil
}

func isUTF8(text []byte) bool { return notUTF8(text) < 0 }

// mendArchive replaces files of an archive, and copies the others as they are packed.
func mendArchive(archive []byte, mended func(name string) ([]byte, bool)) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	if err := w.SetComment(z.Comment); err != nil {
		return nil, err
	}
	for _, e := range z.File {
		name := e.Name
		if e.NonUTF8 {
			name, _ = charmap.CodePage437.NewDecoder().String(name)
		}
		text, ok := mended(name)
		if !ok {
			if err := w.Copy(e); err != nil {
				return nil, err
			}
			continue
		}
		header := e.FileHeader
		header.Method, header.Flags = zip.Deflate, e.Flags&0x800
		header.CompressedSize64, header.UncompressedSize64, header.CRC32 = 0, 0, 0
		to, err := w.CreateHeader(&header)
		if err == nil {
			_, err = to.Write(text)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// mendWorkbook writes cells into the sheets of a workbook. Nothing else of it is unpacked.
func mendWorkbook(archive []byte, changes []change) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		return nil, err
	}
	parts := map[string]map[[2]int]change{}
	for _, c := range changes {
		part := strings.ToLower(c.file.rows.(*sheet).entry.part)
		if parts[part] == nil {
			parts[part] = map[[2]int]change{}
		}
		parts[part][[2]int{c.Line, c.Column}] = c
	}
	mended := map[string][]byte{}
	for _, e := range z.File {
		name := strings.ToLower(e.Name)
		if strings.HasPrefix(name, "_xmlsignatures/") {
			return nil, errors.New("the workbook is signed, which any change would break; save it without the signature")
		}
		if parts[name] == nil {
			continue
		}
		var text bytes.Buffer
		if err := expand(e, &text); err != nil {
			return nil, err
		}
		if mended[name], err = mendSheet(text.Bytes(), parts[name]); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	return mendArchive(archive, func(name string) ([]byte, bool) {
		text, ok := mended[strings.ToLower(name)]
		return text, ok
	})
}

var typeAttribute = regexp.MustCompile(`\st\s*=\s*("[^"]*"|'[^']*')`)

// mendSheet writes cells into a sheet. They keep their style; a text stands in its cell, not among those that cells share.
func mendSheet(text []byte, cells map[[2]int]change) ([]byte, error) {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	var edits []edit
	row, column := 0, 0
	for {
		start := int(decoder.InputOffset())
		token, err := decoder.RawToken()
		if err == io.EOF {
			return spliced(text, edits), nil
		}
		if err != nil {
			return nil, err
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "row":
			row, column = row+1, 0
			if r := attribute(e, "r"); r != "" {
				if _, err := fmt.Sscanf(r, "%d", &row); err != nil {
					return nil, err
				}
			}
		case "c":
			column++
			if r := attribute(e, "r"); r != "" {
				if _, column, ok = parseCell(r); !ok {
					return nil, fmt.Errorf("%s is no cell", quote(r))
				}
			}
			c, ok := cells[[2]int{row, column}]
			if !ok {
				continue
			}
			opening := string(text[start:decoder.InputOffset()])
			for depth := 1; depth > 0; {
				token, err := decoder.RawToken()
				if err != nil {
					return nil, err
				}
				switch token.(type) {
				case xml.StartElement:
					depth++
				case xml.EndElement:
					depth--
				}
			}
			edits = append(edits, edit{start, int(decoder.InputOffset()), newCell(opening, e.Name.Space, c)})
		}
	}
}

// newCell is a cell with the attributes of the one that it replaces, but for the type.
func newCell(opening, prefix string, c change) string {
	if prefix != "" {
		prefix += ":"
	}
	opening = strings.TrimRight(strings.TrimSuffix(strings.TrimSuffix(opening, ">"), "/"), " ")
	opening = typeAttribute.ReplaceAllString(opening, "")
	closing := "</" + prefix + "c>"
	if c.content == data.Number || c.content == data.WholeDays {
		return opening + "><" + prefix + "v>" + c.To + "</" + prefix + "v>" + closing
	}
	var text strings.Builder
	plain := escaped.ReplaceAllStringFunc(c.To, func(code string) string { return "_x005F" + code }) // which it is not meant to be
	if err := xml.EscapeText(&text, []byte(plain)); err != nil {
		panic(err) // a strings.Builder takes everything
	}
	return opening + ` t="inlineStr"><` + prefix + "is><" + prefix + `t xml:space="preserve">` + text.String() + "</" + prefix + "t></" + prefix + "is>" + closing
}
