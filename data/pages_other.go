//go:build !linux

package data

// onLargePages does nothing: these systems cannot be asked, or decide by themselves.
func onLargePages([]byte) {}
