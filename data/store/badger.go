package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/pb"
	sst "github.com/dgraph-io/badger/v4/table"
	"github.com/dgraph-io/badger/v4/y"
	"github.com/dgraph-io/ristretto/v2/z"
	"google.golang.org/protobuf/proto"
)

// A snapshot is written as what badger leaves behind when all is flushed and compacted: tables on the lowest level, sorted by key,
// and the MANIFEST that lists them. They are built by badger's own table builder and written here. Going through badger.Open and its
// transactions instead would write the records three times (write-ahead log, level 0, lowest level), into memory mapped from
// sparse files: on a full disk that is a SIGBUS, which a Go program cannot survive. Its results would also depend on when its
// compactions ran. Before a snapshot is published, it is opened by badger and read in full.

const (
	tableBytes  = 4 << 20 // of keys and values in a file, before compression; many files are summed in parallel
	lowestLevel = 6
	version     = 1 // badger's, of every key
	cacheBytes  = 16 << 20
)

// options of badger for a snapshot that is read. No lock is taken, since nothing is written.
func readOnly(folder string) badger.Options {
	return badger.DefaultOptions(folder).
		WithReadOnly(true).
		WithBypassLockGuard(true).
		WithLogger(nil).
		WithMetricsEnabled(false).
		WithMemTableSize(8 << 20).
		WithValueThreshold(1 << 20).
		WithBlockCacheSize(cacheBytes)
}

// openBadger opens the database of a snapshot whose files have been summed. A panic of badger in this goroutine becomes an error.
func openBadger(folder string) (db *badger.DB, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("badger cannot open it: %v", p)
		}
	}()
	return badger.Open(readOnly(folder))
}

// badgerWriter writes a badger database. The keys must come in order.
type badgerWriter struct {
	disk    disk
	folder  string
	files   []File
	builder *sst.Builder     // of the file that is being filled
	memory  *z.AllocatorPool // which one builder hands on to the next
	filled  int
}

func (w *badgerWriter) add(key, value []byte) error {
	if w.filled > 0 && w.filled+len(value) > tableBytes {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if w.memory == nil {
		w.memory = z.NewAllocatorPool(1)
	}
	if w.builder == nil {
		w.builder = sst.NewTableBuilder(sst.Options{
			TableSize:          tableBytes,
			BlockSize:          4 << 10,
			BloomFalsePositive: 0.01,
			Compression:        options.Snappy,
			AllocPool:          w.memory,
		})
	}
	w.builder.Add(y.KeyWithTs(key, version), y.ValueStruct{Value: value}, 0)
	w.filled += len(key) + len(value)
	return nil
}

// flush writes the table that is being filled.
func (w *badgerWriter) flush() error {
	if w.builder == nil {
		return nil
	}
	b := w.builder.Finish()
	w.builder.Close()
	w.builder, w.filled = nil, 0
	return w.write(filepath.Base(sst.NewFilename(uint64(len(w.files)+1), w.folder)), b)
}

func (w *badgerWriter) write(name string, b []byte) error {
	if err := w.disk.writeBytes(filepath.Join(w.folder, name), b); err != nil {
		return err
	}
	w.files = append(w.files, File{Name: name, Size: int64(len(b)), SHA256: sum(b)})
	return nil
}

// close writes what is left, and the MANIFEST.
func (w *badgerWriter) close() error {
	if err := w.flush(); err != nil {
		return err
	}
	var set pb.ManifestChangeSet
	for i := range w.files {
		set.Changes = append(set.Changes, &pb.ManifestChange{
			Id:          uint64(i + 1),
			Op:          pb.ManifestChange_CREATE,
			Level:       lowestLevel,
			Compression: uint32(options.Snappy),
		})
	}
	changes, err := proto.MarshalOptions{Deterministic: true}.Marshal(&set)
	if err != nil {
		return err
	}
	// As ReplayManifestFile of badger reads it: magic, the application's own magic, version; then each set with length and CRC.
	manifest := []byte("Bdgr\x00\x00\x00\x08")
	manifest = binary.BigEndian.AppendUint32(manifest, uint32(len(changes)))
	manifest = binary.BigEndian.AppendUint32(manifest, crc32.Checksum(changes, y.CastagnoliCrcTable))
	return w.write(badger.ManifestFilename, append(manifest, changes...))
}

// release ends what still runs or is held, also for a table that will not be finished.
func (w *badgerWriter) release() {
	if w.builder != nil {
		w.builder.Done()
		w.builder.Close()
		w.builder = nil
	}
	w.memory.Release()
}

// digest sums keys and values so that no two different lists of them have the same sum.
type digest struct{ hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

func (d digest) add(key, value []byte) {
	var length [2 * binary.MaxVarintLen64]byte
	b := binary.AppendUvarint(length[:0], uint64(len(key)))
	d.Write(binary.AppendUvarint(b, uint64(len(value))))
	d.Write(key)
	d.Write(value)
}

func (d digest) String() string { return hex.EncodeToString(d.Sum(nil)) }

// digestOf is the sum of all groups.
func digestOf(groups []Group) string {
	d := newDigest()
	for _, g := range groups {
		fmt.Fprintf(d, "%s %d %d %s\n", g.Name, g.Blocks, g.Records, g.SHA256)
	}
	return d.String()
}

// everything reads all keys in their order and compares them with the groups of the seal: nothing missing, nothing more.
func everything(db *badger.DB, groups []Group, each func(g Group, value []byte) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("badger cannot read it: %v", p)
		}
	}()
	return db.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{PrefetchValues: true, PrefetchSize: 4})
		defer it.Close()
		it.Rewind()
		for _, g := range groups {
			d := newDigest()
			for i := range g.Blocks {
				if !it.Valid() {
					return fmt.Errorf("%s: %w", g.Name, io.ErrUnexpectedEOF)
				}
				item := it.Item()
				if !bytes.Equal(item.Key(), key(g.Name, i)) {
					return fmt.Errorf("found %q where block %d of %s should be", item.Key(), i+1, g.Name)
				}
				err := item.Value(func(value []byte) error {
					d.add(item.Key(), value)
					return each(g, value)
				})
				if err != nil {
					return err
				}
				it.Next()
			}
			if d.String() != g.SHA256 {
				return fmt.Errorf("the records of %s are not those that were written", g.Name)
			}
		}
		if it.Valid() {
			return errors.New("it holds more than was written")
		}
		return nil
	})
}
