package data

import (
	"encoding/binary"
	"unsafe"
)

// Words are the id of a record and what it says, as one pointer to where both stand: a record is looked at far more often than either, and each
// byte that it takes is fetched from the memory for all of them. The zero Words are empty.
type Words struct {
	at unsafe.Pointer // to the lengths of the two, as binary.AppendUvarint writes them, and then the two
}

// WordsOf are words in memory of their own.
func WordsOf(id, statement string) Words {
	if id == "" && statement == "" {
		return Words{}
	}
	_, w := AppendWords(make([]byte, 0, len(id)+len(statement)+WordsRoom), []byte(id), []byte(statement))
	return w
}

// WordsRoom is how many bytes words take at most beside their own.
const WordsRoom = 2 * binary.MaxVarintLen32

// short is how many bytes nearly all ids have at most.
const short = 16

// AppendWords appends words to a slice that has room for them, and whose bytes nobody changes any more once they are there.
func AppendWords(to, id, statement []byte) ([]byte, Words) {
	from, room := len(to), cap(to)
	if room-from < len(id)+len(statement)+WordsRoom {
		panic("no room for words")
	}
	if len(statement) == 0 && len(id) <= short && cap(id) >= short && room-from >= 2+short { // to copy always as much takes no call
		to = to[:from+2+short]
		to[from], to[from+1] = byte(len(id)), 0
		*(*[short]byte)(to[from+2:]) = *(*[short]byte)(id[:short])
		return to[:from+2+len(id)], Words{unsafe.Pointer(&to[from])}
	}
	if len(id)|len(statement) < 0x80 {
		to = append(to, byte(len(id)), byte(len(statement)))
	} else {
		to = binary.AppendUvarint(binary.AppendUvarint(to, uint64(len(id))), uint64(len(statement)))
	}
	to = append(append(to, id...), statement...)
	return to, Words{unsafe.Pointer(&to[from])}
}

// ID is how its table names the record.
func (w Words) ID() string {
	if w.at != nil {
		if head := (*[2]byte)(w.at); head[0]|head[1] < 0x80 {
			return unsafe.String((*byte)(unsafe.Add(w.at, 2)), int(head[0]))
		}
	}
	id, _ := w.both()
	return id
}

// Statement is what the record says; mostly nothing.
func (w Words) Statement() string {
	_, statement := w.both()
	return statement
}

// Equal reports whether both are the same.
func (w Words) Equal(v Words) bool { return w.ID() == v.ID() && w.Statement() == v.Statement() }

// Same reports whether two texts are the same. Where nearly all of the same are in the same memory, as codes of a vocabulary are, it takes no call.
func Same[T ~string](a, b T) bool {
	return len(a) == len(b) && (unsafe.StringData(string(a)) == unsafe.StringData(string(b)) || a == b)
}

// Before reports whether a stands before b, as a < b does. It needs no call for what most ids are: of one length, of eight to sixteen bytes. Of such
// two the first eight tell, or else the last.
func Before(a, b string) bool {
	const word = 8
	n := len(a)
	if n != len(b) || n < word || n > 2*word {
		return a < b
	}
	x, y := bigEndian(a, 0), bigEndian(b, 0)
	if x == y {
		x, y = bigEndian(a, n-word), bigEndian(b, n-word)
	}
	return x < y
}

// bigEndian reads eight bytes of a text so that numbers are in the order of texts.
func bigEndian(s string, at int) uint64 {
	return binary.BigEndian.Uint64(unsafe.Slice(unsafe.StringData(s[at:at+8]), 8))
}

func (w Words) both() (id, statement string) {
	if w.at == nil {
		return "", ""
	}
	at := w.at
	n := length(&at)
	m := length(&at)
	return unsafe.String((*byte)(at), n), unsafe.String((*byte)(unsafe.Add(at, n)), m) // there is room behind them, so that neither begins outside
}

// length reads a length, after which at points to what follows.
func length(at *unsafe.Pointer) (n int) {
	for shift := 0; ; shift += 7 {
		b := *(*byte)(*at)
		*at = unsafe.Add(*at, 1)
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}
