package data

import (
	"syscall"
	"unsafe"
)

// onLargePages advises the system, which may do as it likes. Advice begins where a usual page does.
func onLargePages(memory []byte) {
	page := uintptr(syscall.Getpagesize())
	before := -uintptr(unsafe.Pointer(unsafe.SliceData(memory))) % page
	_ = syscall.Madvise(memory[before:], syscall.MADV_HUGEPAGE)
}
