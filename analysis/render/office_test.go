package render_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"deconflict/analysis"
	"deconflict/analysis/render"
)

// What workbooks and decks have in common: both are packages of parts, and office suites open both.

// partsOf are the parts of a package by their names.
func partsOf(t testing.TB, file []byte) map[string][]byte {
	t.Helper()
	parts := map[string][]byte{}
	for _, f := range packed(t, file).File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = b
	}
	return parts
}

func packed(t testing.TB, file []byte) *zip.Reader {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// sameBytes writes a report as a package. It is the same bytes, on one core or on eight, and nothing in it is from the clock.
func sameBytes(t *testing.T, format string, r *analysis.Report) []byte {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	first := written(t, format, r, render.Options{})
	runtime.GOMAXPROCS(8)
	if !bytes.Equal(first, written(t, format, r, render.Options{})) {
		t.Error("other bytes")
	}
	for i, f := range packed(t, first).File {
		if i == 0 && f.Name != "[Content_Types].xml" {
			t.Errorf("%s comes first", f.Name)
		}
		if f.Modified.UTC().Year() != 1980 {
			t.Errorf("%s is from %v", f.Name, f.Modified)
		}
	}
	return first
}

// converted are files as LibreOffice converts them, which has no word to say about any.
func converted(t *testing.T, files map[string][]byte, from, to string) map[string][]byte {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed")
	}
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	dir := t.TempDir()
	args := []string{"--headless", "-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--convert-to", to, "--outdir", dir}
	for name, b := range files {
		path := filepath.Join(dir, name+"."+from)
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	out, err := exec.CommandContext(ctx, office, args...).CombinedOutput()
	out = regexp.MustCompile(`(?m)^.*javaldx.*$`).ReplaceAll(out, nil) // of the installation, not of a file
	if low := strings.ToLower(string(out)); err != nil || strings.Contains(low, "error") || strings.Contains(low, "warn") {
		t.Fatalf("%v: %s", err, out)
	}
	made := map[string][]byte{}
	for name := range files {
		if made[name], err = os.ReadFile(filepath.Join(dir, name+"."+to)); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	return made
}
