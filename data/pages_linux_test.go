package data

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"unsafe"
)

// What is to be on large pages is marked so in what the system tells of the memory of the process.
func TestOnLargePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage"); err != nil {
		t.Skip("the system has no large pages")
	}
	large, small := OnLargePages[Record](3, 1<<20), OnLargePages[Record](3, 1<<10)
	if len(large) != 3 || cap(large) != 1<<20 || len(small) != 3 || cap(small) != 1<<10 {
		t.Errorf("the slices have lengths %d and %d, capacities %d and %d", len(large), len(small), cap(large), cap(small))
	}
	whole := large[:cap(large)]
	for _, i := range []int{0, len(whole) / 2, len(whole) - 1} {
		if !advised(t, unsafe.Pointer(&whole[i])) {
			t.Errorf("place %d of a large slice is not marked", i)
		}
	}
	first := uintptr(unsafe.Pointer(&whole[0]))
	if before := first % largePage; before >= unsafe.Sizeof(whole[0]) {
		t.Errorf("a large slice begins %d bytes after a page", before)
	}
	whole[5].Line = 7
	if grown := OnLargePagesGrown(whole[:10], cap(whole)-10); &grown[0] != &whole[0] {
		t.Error("a slice with room was moved")
	}
	if grown := OnLargePagesGrown(whole[:10], cap(whole)); &grown[0] == &whole[0] || len(grown) != 10 || cap(grown) != cap(whole)+10 || grown[5].Line != 7 {
		t.Errorf("a slice without room was not moved: length %d, capacity %d", len(grown), cap(grown))
	}
	if none := OnLargePages[int](0, 0); len(none) != 0 {
		t.Error("no places are some")
	}
}

// advised reports whether the memory at an address is to be on large pages.
func advised(t *testing.T, at unsafe.Pointer) bool {
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		t.Skipf("the system does not tell of the memory of a process: %v", err)
	}
	defer f.Close()
	within := false
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var from, to uintptr
		if n, _ := fmt.Sscanf(lines.Text(), "%x-%x ", &from, &to); n == 2 {
			within = from <= uintptr(at) && uintptr(at) < to
		}
		if flags, ok := strings.CutPrefix(lines.Text(), "VmFlags:"); ok && within {
			return strings.Contains(flags+" ", " hg ")
		}
	}
	t.Fatal("the address is not in the memory of the process")
	return false
}
