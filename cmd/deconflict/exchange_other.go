//go:build !linux

package main

import "errors"

// exchange has two files change places, where the system can.
func exchange(_, _ string) error { return errors.ErrUnsupported }
