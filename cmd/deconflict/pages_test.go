package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A snapshot that was made before there were pages answers from its records.
func TestASnapshotWithoutPagesAnswers(t *testing.T) {
	dir := filepath.Join("..", "..", "testdata", "store", "schema-1")
	if pages, err := filepath.Glob(filepath.Join(dir, "snap", "*", "page-*")); err != nil || len(pages) > 0 {
		t.Fatalf("the snapshot has pages: %v, %v", pages, err)
	}
	var out, errs bytes.Buffer
	if code := run(t.Context(), strings.NewReader(""), &out, &errs, []string{"nation", "NLD", "--store", dir}); code != 0 || !strings.Contains(out.String(), "NLD  ") {
		t.Errorf("exit code %d: %s%s", code, errs.String(), out.String())
	}
}

// A page is trusted by the program that made it and by no other: another may word it otherwise.
func TestThisProgramIsToldFromItsNextBuild(t *testing.T) {
	if version() != unversioned {
		t.Skip("this build has a version")
	}
	path, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Skip(err)
	}
	before := thisProgram()
	if before != thisProgram() {
		t.Error("the same program is told from itself")
	}
	built := info.ModTime().Add(-1)
	if err := os.Chtimes(path, built, built); err != nil {
		t.Skip(err)
	}
	defer os.Chtimes(path, info.ModTime(), info.ModTime())
	if before == thisProgram() {
		t.Error("a program that was built at another time is taken for the same")
	}
}
