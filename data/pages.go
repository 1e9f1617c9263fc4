package data

import "unsafe"

// OnLargePages makes a slice, and asks the system to keep it in pages of megabytes where it can. Memory is fetched page by page when it is first
// written to, and to fetch the four kilobytes of a usual page takes longer than to fill them: of a table of millions of rows that is a quarter of
// the time that it takes to read. So a large slice begins where such a page does and has the rest of its last page to itself, as on the parts
// of one before and after there would be hundreds of usual pages. Memory that is not written to costs nothing.
func OnLargePages[T any](n, most int) []T {
	size := unsafe.Sizeof(*new(T))
	if largePage == 0 || uintptr(most)*size < largePage {
		return make([]T, n, most)
	}
	spare := 2 * int((largePage+size-1)/size)
	all := make([]T, most+spare)
	at := uintptr(unsafe.Pointer(unsafe.SliceData(all)))
	before := -at % largePage // bytes up to where such a page begins
	onLargePages(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(all))), uintptr(len(all))*size)[before:])
	first := int((before + size - 1) / size)
	return all[first : first+n : first+most]
}

// OnLargePagesGrown is a slice with room for n more, which is on such pages if it had to move.
func OnLargePagesGrown[T any](s []T, n int) []T {
	if cap(s)-len(s) >= n {
		return s
	}
	return append(OnLargePages[T](0, len(s)+n), s...)
}
