package store

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"deconflict/data"
)

// A power cut is simulated on a model of a disk that promises no more than POSIX does: the bytes of a file last once the file is
// synced, the names in a folder once the folder is. Of everything else, any part may be lost or kept. The model is fed with the steps
// that an import takes; before each step it makes the folders that a cut at that moment could leave, and the store is opened in them.
// It shows that nothing is said to be done before it lasts, and that no order of steps mixes old and new. It cannot show that a real
// disk keeps what it says it has synced.
type modelDisk struct {
	root *node
	top  string
}

// node is a file or a folder.
type node struct {
	bytes  []byte           // what is in a file
	synced bool             // and lasts
	now    map[string]*node // the names in a folder, as the running system sees them
	last   map[string]*node // those that last
}

// model takes over a folder as it is; all of it lasts.
func model(t *testing.T, top string) *modelDisk {
	var read func(string) *node
	read = func(path string) *node {
		entries, err := os.ReadDir(path)
		if err != nil {
			t.Fatal(err)
		}
		n := &node{now: map[string]*node{}}
		for _, e := range entries {
			child := filepath.Join(path, e.Name())
			if e.IsDir() {
				n.now[e.Name()] = read(child)
				continue
			}
			b, err := os.ReadFile(child)
			if err != nil {
				t.Fatal(err)
			}
			n.now[e.Name()] = &node{bytes: b, synced: true}
		}
		n.last = maps.Clone(n.now)
		return n
	}
	return &modelDisk{root: read(top), top: top}
}

// find is the node of a path and the folder that it is in.
func (m *modelDisk) find(path string) (folder *node, name string, n *node) {
	rel, err := filepath.Rel(m.top, path)
	if err != nil {
		panic(err)
	}
	n = m.root
	if rel == "." {
		return nil, "", n
	}
	for _, name = range strings.Split(rel, string(filepath.Separator)) {
		folder, n = n, n.now[name]
	}
	return folder, name, n
}

// take does one step.
func (m *modelDisk) take(c change) error {
	folder, name, n := m.find(c.path)
	switch c.act {
	case makeFolder:
		folder.now[name] = &node{now: map[string]*node{}, last: map[string]*node{}}
	case writeFile:
		folder.now[name] = &node{}
	case syncFile: // what was written is in the file by now
		b, err := os.ReadFile(c.path)
		n.bytes, n.synced = b, true
		return err
	case syncNames:
		n.last = maps.Clone(n.now)
	case moveTo:
		delete(folder.now, name)
		folder, name, _ = m.find(c.to)
		folder.now[name] = n
	case removeAll:
		delete(folder.now, name)
	}
	return nil
}

// cut writes what a power cut could leave. How much of what does not last is kept is up to chance; keep is the share of it.
func (m *modelDisk) cut(r *rand.Rand, keep float64, to string) error {
	var write func(*node, string) error
	write = func(n *node, path string) error {
		if n.now == nil {
			b := n.bytes
			if !n.synced && r.Float64() >= keep {
				b = make([]byte, r.IntN(5000))
			}
			return os.WriteFile(path, b, 0o600)
		}
		if err := os.MkdirAll(path, 0o700); err != nil {
			return err
		}
		names := map[string]bool{}
		for name := range n.now {
			names[name] = true
		}
		for name := range n.last {
			names[name] = true
		}
		for _, name := range slices.Sorted(maps.Keys(names)) {
			child := n.last[name]
			if child != n.now[name] && r.Float64() < keep {
				child = n.now[name]
			}
			if child == nil {
				continue
			}
			if err := write(child, filepath.Join(path, name)); err != nil {
				return err
			}
		}
		return nil
	}
	return write(m.root, to)
}

func TestBehaviour01_PowerCutLeavesOldOrNew(t *testing.T) {
	r := rand.New(rand.NewPCG(2026, 6))
	datasets := map[string]*data.Dataset{"one": dataset(1, 10), "two": dataset(2, 10), "next": dataset(3, 10)}
	importing := func(s *Store, name string) error {
		_, err := s.Import(t.Context(), datasets[name], Import{Name: name})
		return err
	}
	for _, c := range []struct {
		name          string
		before, after []string // the snapshots
		do            func(*Store) error
	}{
		{"first import", nil, []string{"next"}, func(s *Store) error { return importing(s, "next") }},
		{"import", []string{"one", "two"}, []string{"one", "two", "next"}, func(s *Store) error { return importing(s, "next") }},
		{"keep", []string{"one", "two"}, []string{"two"}, func(s *Store) error {
			_, err := s.Keep(t.Context(), 1)
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			parent := t.TempDir()
			s := create(t, filepath.Join(parent, "store"))
			for _, name := range c.before {
				if err := importing(s, name); err != nil {
					t.Fatal(err)
				}
			}
			m := model(t, parent)
			cuts, olds, news := 0, 0, 0
			// power is cut several times at the same moment. done says that the change was said to be done.
			power := func(done bool) {
				for _, keep := range []float64{0, 1, 0.5, 0.5, 0.8} {
					cuts++
					left := filepath.Join(t.TempDir(), "left")
					if err := m.cut(r, keep, left); err != nil {
						t.Fatal(err)
					}
					names := readAfterCut(t, filepath.Join(left, "store"), datasets, r.IntN(4) == 0)
					switch {
					case slices.Equal(names, c.after):
						news++
					case slices.Equal(names, c.before) && !done:
						olds++
					default:
						t.Fatalf("after a cut (done: %t) the store holds %q", done, names)
					}
				}
			}
			s.disk.watch = func(step change) error {
				power(false)
				return m.take(step)
			}
			if err := c.do(s); err != nil {
				t.Fatal(err)
			}
			power(true)
			t.Logf("%d cuts: %d left the old store, %d the new one", cuts, olds, news)
			if olds == 0 || news == 0 {
				t.Error("the cuts did not fall on both sides of the moment that counts")
			}
		})
	}
}

// readAfterCut loads all snapshots that a store has. With again, it imports another.
func readAfterCut(t *testing.T, dir string, datasets map[string]*data.Dataset, again bool) (names []string) {
	t.Helper()
	s := create(t, dir)
	if there, _ := s.look(); there {
		all, err := s.Snapshots()
		if err != nil {
			t.Fatal(err)
		}
		for _, snap := range all {
			ds, err := s.Load(t.Context(), snap)
			if err != nil {
				t.Fatal(err)
			}
			if !alike(ds, datasets[snap.Name]) {
				t.Fatalf("snapshot %q is not what was imported", snap.Name)
			}
			names = append(names, snap.Name)
		}
	}
	if again {
		if _, err := s.Import(t.Context(), datasets["one"], Import{Name: "after the cut"}); err != nil {
			t.Fatal(err)
		}
	}
	return names
}
