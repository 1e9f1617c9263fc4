package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/fxamacker/cbor/v2"

	"deconflict/data"
)

// A block is some rows of one table, turned by ninety degrees: each field of the rows is a column, named after the field. Words that
// repeat are written once, numbers as the difference to the one before, and a column without content not at all.
//
// The fields are found by reflection, so that no field of a record can be forgotten, and one that is added to a record is stored from
// then on. A block that lacks it reads as if it were empty. A block with a column that the record lacks is refused: reading on would
// lose it. Who renames or removes a field raises the schema, and reads the old name where the schema is older.
type block struct {
	Rows    int               `cbor:"rows"`
	Places  []byte            `cbor:"places"` // where in the table each row stands
	Columns map[string]column `cbor:"columns"`
}

// column is the values of a field: Words or Lists with, for each row, the index of its own, or Numbers.
type column struct {
	Words   []string   `cbor:"words,omitempty"`
	Lists   [][]string `cbor:"lists,omitempty"`
	Indexes []byte     `cbor:"indexes,omitempty"` // none: all rows have the only value, or each its own
	Numbers []byte     `cbor:"numbers,omitempty"`
}

// The deterministic encoding of RFC 8949, 4.2.1. Names of files need not be UTF-8, and are kept as they are.
var (
	encoding = must(cbor.CoreDetEncOptions().EncMode())
	decoding = must(cbor.DecOptions{
		UTF8:              cbor.UTF8DecodeInvalid,
		ExtraReturnErrors: cbor.ExtraDecErrorUnknownField,
		DupMapKey:         cbor.DupMapKeyEnforcedAPF,
		IndefLength:       cbor.IndefLengthForbidden,
		TagsMd:            cbor.TagsForbidden,
	}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// field is one value in a struct, however deep.
type field struct {
	name string // the names of the fields on the way, joined by points
	path []int
	kind reflect.Kind
}

func (f field) of(row reflect.Value) reflect.Value {
	for _, i := range f.path {
		row = row.Field(i)
	}
	return row
}

// layout is what is known of a type of rows.
type layout struct {
	flat     *flat // how its rows are stored flat; nil for those that are as they stand
	fields   []field
	encoders sync.Pool // of []columnWriter, so that a large import does not leave one for each of its blocks behind
}

var layouts sync.Map // reflect.Type → *layout

func layoutOf(t reflect.Type) *layout {
	if known, ok := layouts.Load(t); ok {
		return known.(*layout)
	}
	var fields []field
	var walk func(reflect.Type, string, []int)
	walk = func(t reflect.Type, name string, path []int) {
		for i := range t.NumField() {
			sf := t.Field(i)
			f := field{name + sf.Name, append(path[:len(path):len(path)], i), sf.Type.Kind()}
			switch {
			case f.kind == reflect.Struct:
				walk(sf.Type, f.name+".", f.path)
			case f.kind == reflect.String, f.kind == reflect.Bool, sf.Type == reflect.TypeFor[[]string](), reflect.Int <= f.kind && f.kind <= reflect.Int64:
				fields = append(fields, f)
			default:
				panic(fmt.Sprintf("store: %s.%s is of a type that has no column", t, sf.Name))
			}
		}
	}
	l := &layout{}
	if flat, ok := flats[t]; ok {
		l.flat = &flat
		walk(flat.row, "", nil)
	} else {
		walk(t, "", nil)
	}
	l.fields = fields
	known, _ := layouts.LoadOrStore(t, l)
	return known.(*layout)
}

// row is a row as it is stored.
func (l *layout) row(row reflect.Value) reflect.Value {
	if l.flat == nil {
		return row
	}
	flat := reflect.New(l.flat.row)
	l.flat.from(flat.Interface(), row.Addr().Interface())
	return flat.Elem()
}

func (l *layout) encoder() []columnWriter {
	if used, ok := l.encoders.Get().(*[]columnWriter); ok {
		return *used
	}
	writers := make([]columnWriter, len(l.fields))
	for i, f := range l.fields {
		writers[i] = columnWriter{field: f, known: map[string]uint64{}}
	}
	return writers
}

// encodeBlock encodes the rows of a slice that stand at the given places. It goes through them row by row: each is large, and its fields
// stand together in memory.
func encodeBlock(rows reflect.Value, places []int) ([]byte, error) {
	b := block{Rows: len(places), Columns: map[string]column{}}
	l := layoutOf(rows.Type().Elem())
	writers := l.encoder()
	defer l.encoders.Put(&writers)
	var position numbers
	for _, place := range places {
		b.Places = position.append(b.Places, int64(place))
		row := l.row(rows.Index(place))
		for i := range writers {
			writers[i].add(row)
		}
	}
	for i := range writers {
		if c, content := writers[i].column(b.Rows); content {
			b.Columns[writers[i].name] = c
		}
	}
	encoded, err := encoding.Marshal(b)
	for i := range writers {
		writers[i].reset()
	}
	return encoded, err
}

// decodeBlock reads what encodeBlock wrote, up to the columns.
func decodeBlock(value []byte) (*block, error) {
	b := new(block)
	if err := decoding.Unmarshal(value, b); err != nil {
		return nil, err
	}
	if b.Rows < 0 || b.Rows > len(b.Places) { // no number is shorter than a byte
		return nil, errBlock
	}
	return b, nil
}

var errBlock = errors.New("a block does not hold what it says")

// places are where in the table the rows of the block stand.
func (b *block) places() ([]int, error) {
	places := make([]int, b.Rows)
	var position numbers
	rest := b.Places
	for i := range places {
		var n int64
		var ok bool
		if n, rest, ok = position.next(rest); !ok {
			return nil, errBlock
		}
		places[i] = int(n)
	}
	return places, nil
}

// fill writes the rows of the block into a slice, each at its own index. shared keeps what they say alike.
func (b *block) fill(rows reflect.Value, at []int, shared *data.Sharing) error {
	l := layoutOf(rows.Type().Elem())
	var flat reflect.Value
	if l.flat != nil {
		flat = reflect.New(l.flat.row)
	}
	var readers []columnReader
	for _, f := range l.fields {
		if c, ok := b.Columns[f.name]; ok {
			readers = append(readers, newColumnReader(f, c, b.Rows))
		}
	}
	if len(readers) < len(b.Columns) {
		return fmt.Errorf("%w: it has a column that this version does not know", errBlock)
	}
	for _, i := range at {
		if i < 0 || i >= rows.Len() {
			return errBlock
		}
		row := rows.Index(i)
		if l.flat != nil {
			row = flat.Elem()
		}
		for r := range readers {
			if !readers[r].set(row) {
				return fmt.Errorf("column %s: %w", readers[r].name, errBlock)
			}
		}
		if l.flat != nil {
			l.flat.to(flat.Interface(), rows.Index(i).Addr().Interface(), shared)
		}
	}
	return nil
}

// columnWriter makes a column of one field, row by row.
type columnWriter struct {
	field
	c       column
	known   map[string]uint64 // the values that there are already, with their indexes
	before  string            // the value of the last row, and its index: rows that stand together are alike
	list    []string
	index   uint64
	numbers numbers
	any     bool // a number is not 0
}

func (w *columnWriter) add(row reflect.Value) {
	v := w.of(row)
	switch w.kind {
	case reflect.String:
		s := v.String()
		if w.fresh(s) {
			w.c.Words = append(w.c.Words, s)
		}
	case reflect.Slice:
		list := *v.Addr().Interface().(*[]string)
		key := w.before
		if len(w.c.Indexes) == 0 || (list == nil) != (w.list == nil) || !slices.Equal(list, w.list) {
			key = listKey(list)
		}
		if w.fresh(key) {
			w.c.Lists = append(w.c.Lists, list)
		}
		w.list = list
	case reflect.Bool:
		n := int64(0)
		if v.Bool() {
			n = 1
		}
		w.number(n)
	default:
		w.number(v.Int())
	}
}

// fresh reports whether a value comes for the first time, and writes down its index.
func (w *columnWriter) fresh(key string) bool {
	if len(w.c.Indexes) > 0 && key == w.before {
		w.c.Indexes = binary.AppendUvarint(w.c.Indexes, w.index)
		return false
	}
	index, known := w.known[key]
	if !known {
		index = uint64(len(w.known))
		w.known[key] = index
	}
	w.before, w.index = key, index
	w.c.Indexes = binary.AppendUvarint(w.c.Indexes, index)
	return !known
}

func (w *columnWriter) number(n int64) {
	w.any = w.any || n != 0
	w.c.Numbers = w.numbers.append(w.c.Numbers, n)
}

// column is the finished column of some rows; content is false where all of them are empty.
func (w *columnWriter) column(rows int) (c column, content bool) {
	c = w.c
	if different := len(w.known); different == 1 || different == rows {
		c.Indexes = nil
	}
	switch w.kind {
	case reflect.String:
		content = len(c.Words) != 1 || c.Words[0] != ""
	case reflect.Slice:
		content = len(c.Lists) != 1 || c.Lists[0] != nil
	default:
		content = w.any
	}
	return c, content
}

// reset forgets all but the memory that was needed.
func (w *columnWriter) reset() {
	clear(w.known)
	clear(w.c.Words)
	clear(w.c.Lists)
	*w = columnWriter{field: w.field, known: w.known, c: column{Words: w.c.Words[:0], Lists: w.c.Lists[:0], Indexes: w.c.Indexes[:0], Numbers: w.c.Numbers[:0]}}
}

// listKey is different for different lists, and for none and an empty one.
func listKey(list []string) string {
	if list == nil {
		return ""
	}
	key := []byte{0}
	for _, s := range list {
		key = append(binary.AppendUvarint(key, uint64(len(s))), s...)
	}
	return string(key)
}

// columnReader gives the values of a column to one row after the other.
type columnReader struct {
	field
	c       column
	lists   []reflect.Value
	many    int  // different values
	each    bool // each row has its own, in their order
	row     int
	numbers numbers
}

func newColumnReader(f field, c column, rows int) columnReader {
	r := columnReader{field: f, c: c, many: len(c.Words)}
	if f.kind == reflect.Slice {
		r.many = len(c.Lists)
		for i := range c.Lists {
			r.lists = append(r.lists, reflect.ValueOf(c.Lists[i]))
		}
	}
	r.each = len(c.Indexes) == 0 && r.many == rows
	return r
}

// set gives the next row its value. It reports whether the column has one.
func (r *columnReader) set(row reflect.Value) (ok bool) {
	v := r.of(row)
	switch r.kind {
	case reflect.String:
		i, ok := r.index()
		if ok {
			v.SetString(r.c.Words[i])
		}
		return ok
	case reflect.Slice:
		i, ok := r.index()
		if ok {
			v.Set(r.lists[i])
		}
		return ok
	}
	var n int64
	n, r.c.Numbers, ok = r.numbers.next(r.c.Numbers)
	if r.kind == reflect.Bool {
		v.SetBool(n != 0)
	} else {
		v.SetInt(n)
	}
	return ok
}

func (r *columnReader) index() (i int, ok bool) {
	switch {
	case r.each:
		r.row++
		return r.row - 1, r.row <= r.many
	case r.many == 1 && len(r.c.Indexes) == 0:
		return 0, true
	}
	n, width := binary.Uvarint(r.c.Indexes)
	if width <= 0 || n >= uint64(r.many) {
		return 0, false
	}
	r.c.Indexes = r.c.Indexes[width:]
	return int(n), true
}

// numbers writes and reads each number as the difference to the one before.
type numbers struct{ before int64 }

func (n *numbers) append(b []byte, v int64) []byte {
	b = binary.AppendVarint(b, v-n.before)
	n.before = v
	return b
}

func (n *numbers) next(b []byte) (v int64, rest []byte, ok bool) {
	d, width := binary.Varint(b)
	if width <= 0 {
		return 0, b, false
	}
	n.before += d
	return n.before, b[width:], true
}
