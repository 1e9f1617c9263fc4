package load

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"
)

// Part is a file in an archive that a test makes.
type Part struct{ Name, Text string }

// Zipped makes an archive.
func Zipped(tb testing.TB, parts ...Part) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.Name)
		if err == nil {
			_, err = io.WriteString(w, p.Text)
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// Unzipped is what an archive holds.
func Unzipped(tb testing.TB, archive []byte) []Part {
	tb.Helper()
	z, err := zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		tb.Fatal(err)
	}
	var parts []Part
	for _, e := range z.File {
		var text bytes.Buffer
		if err := expand(e, &text); err != nil {
			tb.Fatal(err)
		}
		parts = append(parts, Part{e.Name, text.String()})
	}
	return parts
}
