package data

import "syscall"

// largePage is how many bytes such a page has on most machines. Where it has more, the advice is as good, but for the two ends.
var largePage uintptr = 2 << 20

// onLargePages advises the system, which may do as it likes. The memory begins where such a page does.
func onLargePages(memory []byte) { _ = syscall.Madvise(memory, syscall.MADV_HUGEPAGE) }
