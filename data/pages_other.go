//go:build !linux

package data

// largePage is 0: these systems cannot be asked, or decide by themselves.
var largePage uintptr

func onLargePages([]byte) {}
