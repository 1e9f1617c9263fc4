package load

import (
	"hash/maphash"
	"iter"

	"deconflict/data"
)

// seen knows the ids that the rows of a table have claimed so far. While they ascend, as they do in what a system exports, the last is all
// there is to know. From the first on that does not, they are in a hash table. It holds a part of each hash and where the id itself stands,
// which takes a fifth of the memory of a map.
//
// Those of a large file are rather compared when all are there: to sort the records takes a third of the time, and they have to be sorted anyway.
// That only tells whether one stands twice: where it does the file is read again, to say where.
type seen struct {
	*statements
	ds     *data.Dataset
	last   string
	bare   []bareID // ids of rows that left no record
	slots  []slot   // a power of two; none while ids ascend
	filled int
	parted bool // some row left several records

	later     bool // ids may be compared when all are there
	unsettled bool // some have not been compared
	twice     bool // one of those stands twice
}

type bareID struct {
	id    string
	place data.Position
}

// slot is an id: the upper half of its hash and one more than its number. That of a record is its index, that of a bare id has the highest bit.
type slot struct{ hash, number uint32 }

const bare = 1 << 31

var hashSeed = maphash.MakeSeed()

func hashOf(id string) uint32 { return uint32(maphash.String(hashSeed, id) >> 32) }

func (s *seen) id(number uint32) string {
	if number&bare != 0 {
		return s.bare[number&^bare].id
	}
	return s.record(s.ds, int(number)).ID()
}

func (s *seen) place(number uint32) data.Position {
	if number&bare != 0 {
		return s.bare[number&^bare].place
	}
	return s.record(s.ds, int(number)).Position()
}

// sorted reports whether the records are known to be in the order of their ids.
func (s *seen) sorted() bool {
	return s.slots == nil && !s.unsettled && !s.parted && s.filled == s.count(s.ds)
}

// settle compares the ids that have not been compared. The records are sorted then.
func (s *seen) settle() {
	if s.unsettled {
		s.unsettled, s.twice = false, s.sort(s.ds)
		s.last = s.record(s.ds, s.count(s.ds)-1).ID()
	}
}

// claim is a row's claim to its id.
type claim struct {
	id      string
	line    int
	records int // that the row left
}

// claim takes in the id of a row whose records, if it leaves any, are the next of the table. If it is taken, twice is true and first is where.
func (s *seen) claim(c claim, file *file) (first data.Position, twice bool) {
	s.parted = s.parted || c.records > 1
	if s.slots == nil && !s.unsettled && (s.filled == 0 || c.id > s.last) {
		s.last = c.id
		s.filled++
		s.number(c, s.count(s.ds), file)
		return first, false
	}
	s.index(s.count(s.ds), 1)
	if number, twice := s.find(hashOf(c.id), c.id); twice {
		return s.place(number), true
	}
	s.insert(hashOf(c.id), s.number(c, s.count(s.ds), file))
	return first, false
}

// ids are those of the rows of a part. While they ascend the first and the last tell enough of them; the records have them all.
type ids struct {
	first, last string
	rows        int
	mixed       bool    // they do not ascend
	parted      bool    // some row left several records
	bare        []claim // of rows that left none
}

func (p *ids) add(c claim) {
	if p.rows == 0 {
		p.first = c.id
	} else if !data.Before(p.last, c.id) {
		p.mixed = true
	}
	p.last = c.id
	p.rows++
	if c.records != 1 {
		p.parted = p.parted || c.records > 1
		if c.records == 0 {
			p.bare = append(p.bare, c)
		}
	}
}

// claims are the claims of a part whose records the table already has, from an index on. Those of one row stand together.
func (s *seen) claims(part *ids, from int) iter.Seq[claim] {
	return func(yield func(claim) bool) {
		for _, c := range part.bare {
			if !yield(c) {
				return
			}
		}
		for end := s.count(s.ds); from < end; {
			r := s.record(s.ds, from)
			c := claim{id: r.ID(), line: int(r.Line)}
			for ; from < end; from++ {
				if r := s.record(s.ds, from); r.ID() != c.id || int(r.Line) != c.line {
					break
				}
				c.records++
			}
			if !yield(c) {
				return
			}
		}
	}
}

// claimAll takes in the ids of a part whose records the table already has, from an index on. If one of them is taken it takes in none.
func (s *seen) claimAll(part *ids, from int, file *file) bool {
	if part.rows == 0 {
		return true
	}
	if s.slots == nil && !s.unsettled && !part.mixed && (s.filled == 0 || part.first > s.last) {
		s.last = part.last
		s.filled += part.rows
		s.parted = s.parted || part.parted
		for _, c := range part.bare {
			s.number(c, 0, file)
		}
		return true
	}
	if s.slots == nil && s.later && !s.parted && !part.parted && len(s.bare)+len(part.bare) == 0 {
		s.filled += part.rows
		s.unsettled = true
		return true
	}
	s.index(from, part.rows)
	bareBefore := len(s.bare)
	var taken []slot
	for c := range s.claims(part, from) {
		if c.id == "" { // its row has been refused
			from += c.records
			continue
		}
		h := hashOf(c.id)
		if _, twice := s.find(h, c.id); twice {
			for i := len(taken) - 1; i >= 0; i-- { // the last first, so that each leaves the table as it found it
				s.remove(taken[i])
			}
			s.bare = s.bare[:bareBefore]
			return false
		}
		n := s.number(c, from, file)
		s.insert(h, n)
		taken = append(taken, slot{h, n + 1})
		from += c.records
	}
	s.parted = s.parted || part.parted
	return true
}

// number is the number of an id whose first record, if it has one, stands at an index.
func (s *seen) number(c claim, at int, file *file) uint32 {
	if c.records > 0 {
		return uint32(at)
	}
	place := file.Position
	place.Line = c.line
	s.bare = append(s.bare, bareID{c.id, place})
	return bare | uint32(len(s.bare)-1)
}

// index makes room for more ids in the table. If there is none yet it takes in those of the first records.
func (s *seen) index(records, more int) {
	if s.slots == nil {
		s.filled = 0
		s.slots = make([]slot, 1<<10)
		for i := range s.bare {
			s.index(0, 1)
			s.insert(hashOf(s.bare[i].id), bare|uint32(i))
		}
		before := ""
		for i := range records {
			id := s.record(s.ds, i).ID()
			if s.unsettled {
				_, twice := s.find(hashOf(id), id)
				s.twice = s.twice || twice
			}
			if id != before { // the records of one row stand together
				s.index(0, 1)
				s.insert(hashOf(id), uint32(i))
			}
			before = id
		}
		s.unsettled = false
	}
	size := len(s.slots)
	for 4*(s.filled+more) > 3*size {
		size *= 2
	}
	if size == len(s.slots) {
		return
	}
	old := s.slots
	s.slots = make([]slot, size)
	for _, x := range old {
		if x.number > 0 {
			s.slots[s.free(x.hash)] = x
		}
	}
}

// free is the first free slot for a hash.
func (s *seen) free(hash uint32) int {
	i := int(hash) & (len(s.slots) - 1)
	for s.slots[i].number > 0 {
		i = (i + 1) & (len(s.slots) - 1)
	}
	return i
}

func (s *seen) insert(hash, number uint32) {
	s.slots[s.free(hash)] = slot{hash, number + 1}
	s.filled++
}

func (s *seen) find(hash uint32, id string) (number uint32, found bool) {
	for i := int(hash) & (len(s.slots) - 1); s.slots[i].number > 0; i = (i + 1) & (len(s.slots) - 1) {
		if s.slots[i].hash == hash && s.id(s.slots[i].number-1) == id {
			return s.slots[i].number - 1, true
		}
	}
	return 0, false
}

// remove takes the slot that was filled last out again.
func (s *seen) remove(last slot) {
	for i := int(last.hash) & (len(s.slots) - 1); ; i = (i + 1) & (len(s.slots) - 1) {
		if s.slots[i] == last {
			s.slots[i] = slot{}
			s.filled--
			return
		}
	}
}
