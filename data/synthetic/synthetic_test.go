package synthetic

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"deconflict/data"
	"deconflict/data/load"
)

func TestTry(t *testing.T) {
	v := vocabulary(t)
	dir := "/tmp/syn"
	os.RemoveAll(dir)
	os.MkdirAll(dir, 0o755)
	if err := Write(t.Context(), Size{}, v, func(name string) (io.WriteCloser, error) { return os.Create(filepath.Join(dir, name)) }); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	ds, ps := load.Files(context.Background(), dir)
	t.Log(time.Since(start), len(ps), ps)
	if ds == nil {
		t.Fatal()
	}
}

func vocabulary(t testing.TB) *data.Vocabulary {
	t.Helper()
	ds, err := load.Public()
	if err != nil {
		t.Fatal(err)
	}
	return ds.Vocabulary
}
