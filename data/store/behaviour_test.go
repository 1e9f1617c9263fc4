package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deconflict/data"
)

// The tests named TestBehaviourNN show one promise of the store each, so that anyone can run it by its number. Some need a second
// process: the test binary starts itself again with childJob in its environment.

var (
	killRounds = flag.Int("kill-rounds", 20, "how often TestBehaviour01_Kill9LeavesOldOrNew kills an import")
	everyByte  = flag.Bool("every-byte", false, "damage every byte of the large files too, not only some")
)

const childJob = "DECONFLICT_STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	if job := os.Getenv(childJob); job != "" {
		if err := child(job, os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// child runs in the second process.
func child(job string, args []string) error {
	s, err := Create(args[0])
	if err != nil {
		return err
	}
	switch job {
	case "import": // folder, name, seed, the step before which the process is killed
		seed, _ := strconv.ParseUint(args[2], 10, 64)
		step, _ := strconv.Atoi(args[3])
		s.disk.watch = func(change) error {
			if step--; step == 0 {
				kill()
			}
			return nil
		}
		if _, err := s.Import(context.Background(), dataset(seed, 100), Import{Name: args[1]}); err != nil {
			return err
		}
		fmt.Println("imported")
		return nil
	case "hold": // folder: an import that stands still
		s.disk.watch = func(change) error {
			fmt.Println("holding")
			_, err := io.ReadAll(os.Stdin)
			return errors.Join(err, errors.New("let go"))
		}
		_, err := s.Import(context.Background(), dataset(1, 10), Import{Name: "held"})
		return err
	}
	return fmt.Errorf("no job %q", job)
}

func kill() {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

func childProcess(job string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), childJob+"="+job)
	return cmd
}

// tree is everything below a folder: names, modes and sums. LOCK is left out: it says who changed the store last.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && path == dir {
			return nil
		}
		if err != nil || d.Name() == lockFile {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		what := info.Mode().String()
		if info.Mode().IsRegular() {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			sum := sha256.Sum256(b)
			what += " " + hex.EncodeToString(sum[:8])
		}
		rel, err := filepath.Rel(dir, path)
		out[rel] = what
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func unchanged(t testing.TB, before map[string]string, dir string) {
	t.Helper()
	if after := tree(t, dir); !reflect.DeepEqual(before, after) {
		t.Fatalf("the folder has changed\nbefore: %v\nafter:  %v", before, after)
	}
}

func create(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// storeWith makes a store with a snapshot for each dataset, named one, two, three.
func storeWith(t testing.TB, all ...*data.Dataset) *Store {
	t.Helper()
	s := create(t, filepath.Join(t.TempDir(), "store"))
	for i, ds := range all {
		name := []string{"one", "two", "three"}[i]
		how := Import{Name: name, Sources: []File{{Name: name + ".csv", Size: 1, SHA256: sum([]byte(name))}}, Pages: map[string][]byte{"nation/DEU": []byte("page of " + name)}}
		if _, err := s.Import(t.Context(), ds, how); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// holds checks that a store has just these snapshots, oldest first, and that the last one loads as this dataset.
func holds(t testing.TB, dir string, want *data.Dataset, names ...string) {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	all, err := s.Snapshots()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, snap := range all {
		got = append(got, snap.Name)
	}
	if !reflect.DeepEqual(got, names) {
		t.Fatalf("the store holds %q, wanted %q", got, names)
	}
	current, err := s.Current()
	if err != nil {
		t.Fatal(err)
	}
	if current.Name != names[len(names)-1] {
		t.Fatalf("%q is current, wanted the last of %q", current.Name, names)
	}
	ds, err := s.Load(t.Context(), current)
	if err != nil {
		t.Fatal(err)
	}
	if !alike(want, ds) {
		t.Fatalf("snapshot %q is not what was imported", current.Name)
	}
}

// stepsOfImport is about how many steps on the disk an import takes.
const stepsOfImport = 14

// Half of the imports are killed before a step on the disk, each step in its turn; the others at any time, so that writing and
// reading back are cut short in their middle too.
func TestBehaviour01_Kill9LeavesOldOrNew(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("this system has no kill -9")
	}
	dir := filepath.Join(t.TempDir(), "store")
	s := create(t, dir)
	held, names := dataset(0, 100), []string{"zero"}
	if _, err := s.Import(t.Context(), held, Import{Name: "zero"}); err != nil {
		t.Fatal(err)
	}
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 0))
	killed, kept := 0, 0
	start := time.Now()
	if out, err := childProcess("import", filepath.Join(t.TempDir(), "other"), "whole", "0", "0").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole := time.Since(start)
	for round := 1; round <= *killRounds; round++ {
		name := fmt.Sprint("round ", round)
		step := 0
		if round%2 == 1 {
			step = 1 + (round/2)%stepsOfImport
		}
		cmd := childProcess("import", dir, name, fmt.Sprint(round), fmt.Sprint(step))
		var out strings.Builder
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if step == 0 {
			time.Sleep(time.Duration(r.Int64N(int64(whole))))
			_ = cmd.Process.Kill()
		}
		if cmd.Wait() != nil {
			killed++
		}
		said := strings.Contains(out.String(), "imported")
		reader, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		current, err := reader.Current()
		if err != nil {
			t.Fatal(err)
		}
		if current.Name == name {
			held, names = dataset(uint64(round), 100), append(names, name)
			kept++
		} else if said {
			t.Fatalf("seed %d, round %d: the import said that it was done, and its snapshot is not there", seed, round)
		}
		holds(t, dir, held, names...)
		if round%5 == 0 { // the next import works, and tidies up
			name := fmt.Sprint("after round ", round)
			held, names = dataset(uint64(round)+1_000_000, 100), append(names, name)
			if _, err := s.Import(t.Context(), held, Import{Name: name}); err != nil {
				t.Fatalf("seed %d, round %d: %v", seed, round, err)
			}
			folders, err := os.ReadDir(filepath.Join(dir, snapFolder))
			if err != nil || len(folders) != len(names) {
				t.Fatalf("seed %d, round %d: %d folders for %d snapshots (%v)", seed, round, len(folders), len(names), err)
			}
			holds(t, dir, held, names...)
			if _, err := s.Keep(t.Context(), 3); err != nil {
				t.Fatal(err)
			}
			names = names[max(0, len(names)-3):]
		}
	}
	t.Logf("seed %d: %d of %d imports were killed, %d were in the store afterwards", seed, killed, *killRounds, kept)
	if killed == 0 {
		t.Error("no import was killed")
	}
}

var errStep = errors.New("this step fails")

// firstAndSecond tries an import into an empty store, and into one that has a snapshot. Both are the snapshots of a store in which it
// went well.
func firstAndSecond(t *testing.T, try func(t *testing.T, s *Store, old, next *data.Dataset, both []string)) {
	old, next := dataset(1, 20), dataset(2, 20)
	t.Run("first import", func(t *testing.T) {
		try(t, create(t, filepath.Join(t.TempDir(), "store")), old, next, []string{"next"})
	})
	t.Run("second import", func(t *testing.T) {
		s := create(t, filepath.Join(t.TempDir(), "store"))
		if _, err := s.Import(t.Context(), old, Import{Name: "old"}); err != nil {
			t.Fatal(err)
		}
		try(t, s, old, next, []string{"old", "next"})
	})
}

// Every step on the disk fails once: the first, the second, and so on to the last.
func TestBehaviour01_AnyStepThatFailsLeavesOldOrNew(t *testing.T) {
	firstAndSecond(t, func(t *testing.T, s *Store, old, next *data.Dataset, both []string) {
		before := tree(t, s.dir)
		for fail := 1; ; fail++ {
			step := 0
			s.disk.watch = func(change) error {
				if step++; step == fail {
					return errStep
				}
				return nil
			}
			_, err := s.Import(t.Context(), next, Import{Name: "next"})
			if !errors.Is(err, errStep) {
				t.Fatalf("step %d: %v", fail, err)
			}
			if strings.Contains(err.Error(), "is in the store") { // the last step: HEAD is replaced, and the disk does not confirm it
				holds(t, s.dir, next, both...)
				t.Logf("%d steps", fail)
				break
			}
			unchanged(t, before, s.dir)
		}
		s.disk.watch = nil
		if _, err := s.Import(t.Context(), old, Import{Name: "last"}); err != nil {
			t.Fatal(err)
		}
	})
}

// Needs a file system of its own that can be filled up.
func TestBehaviour02_FullDisk(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be mounted here: %v: %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", dir).Run() })
	s := create(t, filepath.Join(dir, "store"))
	old, next := dataset(1, 100), dataset(2, 2000)
	s.free = func(string) (uint64, bool) { return 0, false } // the look at the free space is tried at the end
	if _, err := s.Import(t.Context(), old, Import{Name: "old"}); err != nil {
		t.Fatal(err)
	}
	before := tree(t, s.dir)

	refused := 0
	for _, room := range []int{0, 4, 16, 40, 100, 200, 300, 400, 500} { // kB
		filler := filepath.Join(dir, "filler")
		fill(t, filler, room<<10)
		_, err := s.Import(t.Context(), next, Import{Name: fmt.Sprint("next ", room)})
		if err == nil {
			before = tree(t, s.dir)
			if err := os.Remove(filler); err != nil {
				t.Fatal(err)
			}
			continue
		}
		refused++
		if !strings.Contains(err.Error(), "the disk is full, nothing was imported") {
			t.Fatalf("%d kB free: %v", room, err)
		}
		unchanged(t, before, s.dir)
		holds(t, s.dir, old, "old") // with the disk still full
		if room < 16 {
			beside := tree(t, dir)
			if err := s.Backup(t.Context(), filepath.Join(dir, "backup.tar")); !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("a backup to a full disk: %v", err)
			}
			unchanged(t, beside, dir)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	}
	if refused < 5 {
		t.Errorf("%d imports met a full disk, wanted some that meet it at different files", refused)
	}

	s.free = free
	fill(t, filepath.Join(dir, "filler"), 600<<10)
	before = tree(t, s.dir)
	_, err := s.Import(t.Context(), next, Import{Name: "looked first"})
	if err == nil || !strings.Contains(err.Error(), "the disk has ") {
		t.Errorf("a disk with little room was not refused at once: %v", err)
	}
	unchanged(t, before, s.dir)
}

// fill leaves a disk with about so many bytes free.
func fill(t *testing.T, filler string, room int) {
	t.Helper()
	have, known := free(filepath.Dir(filler))
	if !known {
		t.Skip("this system does not tell how much is free")
	}
	if err := os.WriteFile(filler, make([]byte, max(0, int(have)-room)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestBehaviour04_MistypedStoreCreatesNothing(t *testing.T) {
	s := storeWith(t, dataset(1, 3))
	parent := filepath.Dir(s.dir)
	file := filepath.Join(parent, "file")
	other := filepath.Join(parent, "other")
	for _, err := range []error{os.WriteFile(file, nil, 0o600), os.Mkdir(other, 0o700), os.WriteFile(filepath.Join(other, "letter.txt"), nil, 0o600), os.Mkdir(filepath.Join(parent, "empty"), 0o700)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	before := tree(t, parent)
	for _, c := range []struct{ dir, want string }{
		{"stroe", "no store there (did you mean " + s.dir + "?)"},
		{"nowhere/else", "no store there"},
		{"empty", "no store there"},
		{"file", "not a directory"},
		{"other", "is no store"},
	} {
		dir := filepath.Join(parent, c.dir)
		if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v, wanted %s", c.dir, err, c.want)
		}
	}
	if _, err := Create(other); err == nil {
		t.Error("a folder with other files was taken for a place for a store")
	}
	unchanged(t, before, parent)
}

func TestBehaviour05_SecondWriterHearsWhoHoldsTheStore(t *testing.T) {
	want := dataset(1, 20)
	s := storeWith(t, want)
	cmd := childProcess("hold", s.dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("holding"))); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err = s.Import(t.Context(), want, Import{Name: "second"})
	took := time.Since(start)
	_, isInUse := errors.AsType[*InUseError](err)
	if !isInUse || !strings.Contains(err.Error(), fmt.Sprintf("in use by pid %d", cmd.Process.Pid)) {
		t.Errorf("the second writer heard: %v", err)
	}
	if took > time.Second {
		t.Errorf("it waited %s", took)
	}
	holds(t, s.dir, want, "one") // a reader is not kept waiting

	in.Close()
	_ = cmd.Wait()
	if _, err := s.Import(t.Context(), want, Import{Name: "second"}); err != nil {
		t.Error(err)
	}
}

func TestBehaviour06_ARefusedImportLeavesTheStoreAsItWas(t *testing.T) {
	ds := dataset(1, 20)
	s := storeWith(t, ds)
	before := tree(t, s.dir)
	for _, c := range []struct{ name, want string }{
		{"one", `"one"`},
		{"ONE", "choose another name"},
		{"", "1 to 100 bytes"},
		{" two", "without spaces at its ends"},
		{"two\x1b[31m", "control characters"},
		{strings.Repeat("x", 101), "1 to 100 bytes"},
	} {
		if _, err := s.Import(t.Context(), ds, Import{Name: c.name}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", c.name, err)
		}
		unchanged(t, before, s.dir)
	}
}

func TestBehaviour18_CancelledImportLeavesNothing(t *testing.T) {
	firstAndSecond(t, func(t *testing.T, s *Store, old, next *data.Dataset, both []string) {
		before := tree(t, s.dir)
		cancelled := 0
		for at := 1; ; at++ {
			ctx, cancel := context.WithCancel(t.Context())
			step := 0
			s.disk.watch = func(change) error {
				if step++; step == at {
					cancel()
				}
				return nil
			}
			_, err := s.Import(ctx, next, Import{Name: "next"})
			cancel()
			if err == nil { // cancelled once there was no way back
				holds(t, s.dir, next, both...)
				break
			}
			cancelled++
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("step %d: %v", at, err)
			}
			unchanged(t, before, s.dir)
		}
		if cancelled < 5 {
			t.Errorf("only %d steps could be cancelled", cancelled)
		}
	})
}
